"""Rows and numbers on the terminal; text from papers is stripped of control characters before it gets there."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)))
del _CONTROL[0x0A], _CONTROL[0x09]
# What json.dumps leaves as it is stands inside texts, where an escape means the same.
_ESCAPED = {
    code: f"\\u{code:04x}"
    for code in (*range(127, 160), *range(8234, 8239), *range(8294, 8298), *range(0xD800, 0xE000))
}
_COMMANDING = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def console(*, stderr: bool = False) -> Console:
    """Return a console that neither highlights nor interprets markup in what it prints."""
    from rich.console import Console

    return Console(
        stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty()
    )


def plain(value: Any) -> str:
    """Return a value as text that is safe on a terminal."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(item) for item in value)
    return str(value).translate(_CONTROL)


def many(count: int, one: str) -> str:
    """Return a count with what is counted: 1 paper, 2,649 papers."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def command(text: str, style: str = "") -> None:
    """Print a command to be copied: on one line, which a terminal may fold but nobody breaks."""
    console().print(plain(text), style=style or None, soft_wrap=True)


def rows(found: Iterable[Mapping[str, Any]], columns: Sequence[str], output: str) -> None:
    """Print rows as a table, as JSON or as CSV."""
    if output == "json":
        print(json_text([dict(row) for row in found]))
    elif output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([guarded(plain(row.get(column))) for column in columns] for row in found)
    else:
        table(found, columns)


def json_text(value: Any) -> str:
    """Return a value as JSON, with what could command a terminal written as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.translate(_ESCAPED) if _COMMANDING.search(text) else text


def guarded(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def table(
    found: Iterable[Mapping[str, Any]], columns: Sequence[str], headings: Sequence[str] | None = None
) -> None:
    """Print rows as a table that fits the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    listed = list(found)
    for column, heading in zip(columns, headings or columns, strict=True):
        numeric = any(isinstance(row.get(column), (int, float)) for row in listed)
        shown.add_column(heading.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in listed:
        shown.add_row(*(Text(plain(row.get(column))) for column in columns))
    out = console()
    out.soft_wrap = False
    out.print(shown)


Count = Mapping[str, int]


def counts(now: tuple[Count, Count], before: tuple[Count, Count] | None = None) -> None:
    """Print counts of nodes and edges side by side, with what a change added."""
    columns: list[str] = []
    halves: list[list[dict[str, Any]]] = []
    for side, head in enumerate(("nodes", "edges")):
        names = [head, f"{head} count", *([f"{head} change"] if before else [])]
        columns += names
        half = []
        for name in dict.fromkeys((*now[side], *(before[side] if before else ()))):
            count = now[side].get(name, 0)
            change = count - before[side].get(name, 0) if before else 0
            half.append(dict(zip(names, (name, count, f"{change:+d}" if change else ""), strict=False)))
        halves.append(half)
    joined = [left | right for left, right in zip_longest(*halves, fillvalue={})]
    table(joined, columns, [column.partition(" ")[2] or column for column in columns])


@contextmanager
def progress(quiet: bool, *, paced: bool = False) -> Iterator[Callable[..., None]]:
    """Show a bar for each stage of a long command on a terminal, nothing elsewhere.

    What it gives takes a stage, how much of it is done and how much there is, and a note to show beside it; with
    ``paced`` the bars tell how many a second, and how long it will take.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total, note="": None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn()]
    if paced:
        columns += [
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        ]
    else:
        columns += [TimeElapsedColumn()]
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int, note: str = "") -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None, rate="", note="")
            speed = bars.tasks[tasks[stage]].speed
            rate = f"{speed:.1f}/s" if speed else ""
            bars.update(tasks[stage], completed=done, total=total or None, rate=rate, note=plain(note))

        yield show
