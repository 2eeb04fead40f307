"""``hf-daily``: days of Hugging Face's Daily Papers as its API gives them, in every form they were kept in.

A day is a list of entries with a ``paper`` inside; tools in the wild also saved entries as text in Python's notation,
and put an object around the list. Single papers and JSON Lines of entries are read as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Paper
from ..reading.fields import FieldError
from ..reading.json_records import records
from ..refusal import Refusal
from .hf_paper import paper_of

if TYPE_CHECKING:
    from ..document import Document

_SIGN = re.compile(rb""""paper"\s*:\s*\{|\{'paper'\s*:\s*\{|"submittedOnDailyAt"\s*:""")
_LITERAL = re.compile(
    r"""(?: \s | [\[\]{}(),:] | None | True | False | -?\d+ (?:\.\d+)? (?:e[+-]?\d+)?
        | '(?: [^'\\\n] | \\. )*+' | "(?: [^"\\\n] | \\. )*+" )*+""",
    re.VERBOSE | re.DOTALL,
)
"""The tokens of a Python literal; anything else is not given to Python's parser at all."""


class HfDaily:
    """Reads Daily Papers API day files."""

    name = "hf-daily"
    description = "Hugging Face Daily Papers API: a day's list of entries as JSON"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the head is JSON with an entry of the API."""
        return head.lstrip()[:1] in (b"[", b"{") and _SIGN.search(head) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper an entry."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, entry = item
            try:
                yield _paper_of(_literal(entry) if isinstance(entry, str) else entry, number)
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the entry")


def _literal(text: str) -> Any:
    """Read an entry that was saved in Python's notation."""
    if _LITERAL.fullmatch(text):
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    raise FieldError("the entry is text, and not an object in Python's notation")


def _paper_of(entry: Any, number: int) -> Paper:
    if not isinstance(entry, dict):
        raise FieldError("the entry is not an object")
    paper = entry.get("paper", entry)
    if not isinstance(paper, dict):
        raise FieldError("paper is not an object")
    return paper_of(paper, entry, number)
