"""Read the scenarios of the kit: one :class:`Scenario` a row of an outline, with the steps of the background."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

Table = tuple[tuple[str, ...], ...]

_NUMBER = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a scenario, with the text block or the table under it."""

    text: str
    block: str = ""
    table: Table = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is to be tried, in order.

    Attributes
    ----------
    id
        Feature, number of the scenario and, in an outline, number of the row: ``Call1[5]``, ``List6[2]:3``.
    family
        Folder of the feature: ``clauses/call``.
    place
        File and line, for those who want to read it.
    """

    id: str
    name: str
    family: str
    place: str
    steps: tuple[Step, ...]
    tags: frozenset[str] = frozenset()


def feature_files(kit: Path) -> list[Path]:
    """Return the feature files below a kit, or below its folder ``features``."""
    return sorted(kit.rglob("*.feature"))


def read_kit(kit: Path) -> Iterator[Scenario]:
    """Yield every scenario of a kit."""
    for path in feature_files(kit):
        yield from read_feature(path, kit)


def read_feature(path: Path, kit: Path) -> Iterator[Scenario]:
    """Yield the scenarios of one file; ``kit`` is what the family is told from."""
    folders = path.parent.relative_to(kit).parts
    if folders[:1] == ("features",):
        folders = folders[1:]
    yield from read_text(path.read_text(encoding="utf-8"), "/".join(folders), path.name)


def read_text(text: str, family: str = "", file: str = "") -> Iterator[Scenario]:
    """Yield the scenarios of a feature given as text."""
    document: Any = {**Parser().parse(text), "uri": file}
    feature = document["feature"]["name"].partition(" ")[0]
    rows: Counter[str] = Counter()
    for pickle in Compiler().compile(document):
        name, nodes = pickle["name"], pickle["astNodeIds"]
        number = _NUMBER.match(name)
        identity = f"{feature}[{number[1] if number else name}]"
        if len(nodes) > 1:  # the second one is the row of the outline
            rows[nodes[0]] += 1
            identity += f":{rows[nodes[0]]}"
        yield Scenario(
            id=identity,
            name=name,
            family=family,
            place=f"{family}/{file}:{pickle['location']['line']}",
            steps=tuple(map(_step, pickle["steps"])),
            tags=frozenset(tag["name"] for tag in pickle["tags"]),
        )


def _step(step: Any) -> Step:
    argument = step.get("argument", {})
    rows = argument.get("dataTable", {}).get("rows", ())
    return Step(
        text=step["text"].strip(),
        block=argument.get("docString", {}).get("content", ""),
        table=tuple(tuple(cell["value"] for cell in row["cells"]) for row in rows),
    )
