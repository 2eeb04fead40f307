"""Results, warnings and errors on the terminal: they fit its width, and nothing in them can command it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import click
from rich.cells import cell_len, set_cell_size

from ...queries.cypher.errors import CypherError, LimitError
from ...queries.cypher.result import Result, Summary
from ..render import plain
from .scan import Statement
from .values import all_numbers, short

_GAP = "  "
_NARROW = 16
"""A column of text is folded down to this width, not further: a table that needs less becomes records."""

_OPTIONS = {"time": "--timeout SECONDS (0: none)", "rows": "--max-rows N (0: all)"}


def result(found: Result, most: int | None = None) -> None:
    """Print rows as a table, or one record after the other where a table would not fit."""
    rows = found.rows if most is None else found.rows[:most]
    if found.summary.plan is not None:
        print(plain(found.summary.plan))
        if not rows:
            return
    if not found.columns or not rows:
        return
    heads = [_line(column) for column in found.columns]
    cells = [[_cell(value) for value in row] for row in rows]
    right = [all_numbers([row[place] for row in rows]) for place in range(len(heads))]
    widths = _widths(heads, cells, right, _room())
    lines = _records(heads, cells, _room()) if widths is None else _table(heads, cells, right, widths)
    for line in lines:
        print(line)


def _room() -> int:
    return max(20, shutil.get_terminal_size((100, 24)).columns)


def _cell(value: Any) -> str:
    return plain(short(value)).expandtabs(4)


def _line(text: str) -> str:
    return " ".join(plain(text).split()) or "``"


def _widths(
    heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], room: int
) -> list[int] | None:
    """Share out the width of the terminal; None where the columns would become too narrow to read."""
    wanted, least = [], []
    for place, head in enumerate(heads):
        longest = max(max(map(cell_len, row[place].split("\n"))) for row in cells)
        wanted.append(max(longest, cell_len(head)))
        least.append(wanted[-1] if right[place] else min(wanted[-1], _NARROW))
    room -= len(_GAP) * (len(heads) - 1)
    if sum(least) > room:
        return None
    widths, spare = list(least), room - sum(least)
    # What is left goes round in equal shares to those who still want some.
    while spare > 0 and (hungry := [i for i, width in enumerate(widths) if width < wanted[i]]):
        share = max(1, spare // len(hungry))
        for place in hungry[:spare]:
            more = min(share, wanted[place] - widths[place], spare)
            widths[place] += more
            spare -= more
    return widths


def _table(
    heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], widths: Sequence[int]
) -> Iterator[str]:
    for line in _row(heads, right, widths):
        yield _styled(line, bold=True)
    yield _styled("─" * (sum(widths) + len(_GAP) * (len(widths) - 1)), dim=True)
    for row in cells:
        yield from _row(row, right, widths)


def _row(cells: Sequence[str], right: Sequence[bool], widths: Sequence[int]) -> Iterator[str]:
    folded = [fold(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, folded))):
        parts = []
        for lines, to_right, width in zip(folded, right, widths, strict=True):
            text = lines[number] if number < len(lines) else ""
            blank = " " * (width - cell_len(text))
            parts.append(blank + text if to_right else text + blank)
        yield _GAP.join(parts).rstrip()


def _records(heads: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    widest = min(max(map(cell_len, heads)), room // 3)
    for number, row in enumerate(cells, start=1):
        yield _styled(f"── {number} ".ljust(room, "─"), dim=True)
        for head, cell in zip(heads, row, strict=True):
            names, values = fold(head, widest), fold(cell, room - widest - len(_GAP))
            for place in range(max(len(names), len(values))):
                name = set_cell_size(names[place] if place < len(names) else "", widest)
                value = values[place] if place < len(values) else ""
                yield f"{_styled(name, bold=True)}{_GAP}{value}".rstrip()


def fold(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` cells, between words where there are any.

    Examples
    --------
    >>> fold("a long line", 6)
    ['a long', 'line']
    >>> fold("abcdefgh", 3)
    ['abc', 'def', 'gh']
    """
    lines = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while cell_len(rest) > width:
            cut = _cut(rest, width)
            blank = rest.rfind(" ", 0, cut + 1)
            if blank > 0 and rest[:blank].strip():
                lines.append(rest[:blank].rstrip())
                rest = rest[blank + 1 :]
            else:
                lines.append(rest[:cut])
                rest = rest[cut:]
        lines.append(rest)
    return lines


def _cut(text: str, width: int) -> int:
    """How many characters fill a width: at least one, so that folding comes to an end."""
    if text[:width].isascii():
        return max(1, width)
    used = 0
    for place, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(1, place)
    return len(text)


def _styled(text: str, err: bool = False, **styles: Any) -> str:
    return click.style(text, **styles) if colours(sys.stderr if err else sys.stdout) else text


def colours(stream: IO[str]) -> bool:
    """Tell whether a stream shows colours and its user has not forbidden them."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def summary(found: Result, most: int | None = None) -> str:
    """Return in one line what a query did, and how long it took."""
    parts = [_changes(found.summary)] if found.summary.counters else []
    if (found.columns and found.summary.plan is None) or found.rows:
        count = len(found.rows)
        parts.append(f"{count:,} row{'' if count == 1 else 's'}")
        if most is not None and count > most:
            parts[-1] += f", the first {most:,} shown"
    elif not parts and found.summary.plan is None:
        parts.append("no changes")
    return ", ".join([*parts, duration(found.summary.seconds)])


def outcome(found: Result) -> str:
    """Return what a query without rows to show came to, for those who do not ask for timing."""
    return f"{_changes(found.summary)}.".capitalize() if found.summary.counters else "No rows."


def _changes(done: Summary) -> str:
    parts = []
    for name, count in done.counters.items():
        what, _, how = name.partition("_")
        one = "property" if what == "properties" else what.removesuffix("s")
        parts += [f"{count:,} {one if count == 1 else what} {how.replace('_', ' ')}"] if count else []
    return ", ".join(parts) or "no changes"


def duration(seconds: float) -> str:
    """Return a time as one reads it."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def talk(text: str, *, error: bool = False) -> None:
    """Print a line beside the results, such as timing; on stderr."""
    styles: Mapping[str, Any] = {"fg": "red"} if error else {"dim": True}
    print(_styled(plain(text), err=True, **styles), file=sys.stderr)


def warnings(found: Result) -> None:
    """Print what the engine noticed about a query; on stderr."""
    for warning in found.summary.warnings:
        print(_styled(plain(warning), err=True, fg="yellow"), file=sys.stderr)


def complaint(error: Exception, statement: Statement | None = None) -> str:
    """Return an error as text: the reason, the place, and the piece underlined.

    Parameters
    ----------
    error
        What was raised; anything but a CypherError has only its message.
    statement
        The statement of a script that is to blame: the place is then that in the script.
    """
    reason = plain(error.reason if isinstance(error, CypherError) else error)
    if isinstance(error, LimitError) and error.limit in _OPTIONS:
        reason = f"{reason.rstrip('.')}: {_OPTIONS[error.limit]}."
    line, column = (statement.line, statement.column) if statement is not None else (1, 1)
    if not isinstance(error, CypherError) or error.place is None or error.span is None or error.text is None:
        return f"{reason} (line {line})" if statement is not None else reason
    row, place = error.place
    text = error.text.split("\n")[row - 1]
    where = f"line {line + row - 1}, column {place + (column - 1 if row == 1 else 0)}"
    return f"{reason} ({where})\n{_underlined(text, place - 1, error.span)}"


def _underlined(line: str, start: int, span: tuple[int, int]) -> str:
    """Return a line and, below, a mark under a piece of it; of a very long line what is around the piece."""
    end = max(start + 1, start + span[1] - span[0])
    room = _room() - 4
    first = max(0, start - room // 2)
    before, piece, after = (
        plain(part).expandtabs(1) for part in (line[first:start], line[start:end], line[end:])
    )
    shown = set_cell_size(before + piece + after, room).rstrip()
    mark = "^" * max(1, min(cell_len(piece), room - cell_len(before)))
    return f"  {shown}\n  {' ' * cell_len(before)}{mark}"


def complain(text: str) -> None:
    """Print an error on stderr, its first line in red, folded to the terminal."""
    first, _, rest = text.partition("\n")
    red = [_styled(line, err=True, fg="red") for line in fold(first, _room())]
    print(*red, *([rest] if rest else []), sep="\n", file=sys.stderr)
