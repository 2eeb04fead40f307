"""Reads the queries of ``queries.cypher``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("queries.cypher")
_PARAMETER = re.compile(r"\$(\w+) = (.*)")
_LISTS = ("lists in any order", "one of several")
_DIRECTIVES = (*_LISTS, "ties in any order", "may be empty")
_ORDERED = re.compile(r"\bORDER BY\b(?!.*\b(?:RETURN|WITH|MATCH|CALL|UNWIND)\b)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Query:
    """A query with its parameters and how its rows are to be compared."""

    name: str
    text: str
    parameters: dict[str, Any] = field(default_factory=dict)
    directives: frozenset[str] = frozenset()

    @property
    def lists(self) -> str:
        """Tell how lists in its rows are to be compared, if otherwise than item by item."""
        return next((one for one in _LISTS if one in self.directives), "")

    @property
    def ordered(self) -> bool:
        """Tell whether the order of the rows counts."""
        return "ties in any order" not in self.directives and _ORDERED.search(self.text) is not None


def read(text: str | None = None) -> list[Query]:
    """Return the queries of the file, in its order."""
    found = []
    for block in re.split(r"\n{2,}", text if text is not None else FILE.read_text(encoding="utf-8")):
        lines = block.strip().split("\n")
        comments = [line.removeprefix("//").strip() for line in lines if line.startswith("//")]
        query = "\n".join(line for line in lines if not line.startswith("//"))
        if not query:
            continue
        name, *rest = comments
        parameters, directives = {}, set()
        for comment in rest:
            if match := _PARAMETER.fullmatch(comment):
                parameters[match[1]] = json.loads(match[2])
            elif comment in _DIRECTIVES:
                directives.add(comment)
            else:
                raise ValueError(f"queries.cypher: under {name!r} it says {comment!r}, which means nothing.")
        found.append(Query(name, query, parameters, frozenset(directives)))
    return found
