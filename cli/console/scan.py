"""Query text as pieces, finished or not: what highlighting, completion and the splitting of scripts go by.

The engine's own lexer refuses a text that does not end; here it is a text that is still being typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of query text; ``open`` where it is a text, name or comment that has not ended yet."""

    kind: str
    text: str
    start: int
    open: bool = False


_PIECE = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>//[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
  | (?P<string>'(?s:[^'\\]|\\.)*+(?:'|\\?\Z)|"(?s:[^"\\]|\\.)*+(?:"|\\?\Z))
  | (?P<quoted>`[^`]*(?:`|\Z))
  | (?P<parameter>\$(?:`[^`]*`?|\w*))
  | (?P<number>\d+\.\d\w*|\.?\d\w*)
  | (?P<name>[^\W\d]\w*)
  | (?P<symbol>\.\.|<=|>=|<>|=~|\+=|\|\||::|.)
    """,
    re.VERBOSE,
)


def pieces(text: str) -> Iterator[Piece]:
    """Split a text into pieces that, joined, are the text."""
    for match in _PIECE.finditer(text):
        kind, found = match.lastgroup or "", match.group()
        yield Piece(kind, found, match.start(), _is_open(kind, found))


def _is_open(kind: str, text: str) -> bool:
    if kind == "comment":
        return text.startswith("/*") and (len(text) < 4 or not text.endswith("*/"))
    if kind == "string":
        body = text[1:]
        escapes = len(body[:-1]) - len(body[:-1].rstrip("\\"))
        return not body.endswith(text[0]) or escapes % 2 == 1
    return kind == "quoted" and (len(text) < 2 or not text.endswith("`"))


class Statement(NamedTuple):
    """One statement or command of a script, and where it begins, line and column from 1."""

    text: str
    line: int
    column: int

    @property
    def is_command(self) -> bool:
        """Whether it is a command of the console, such as ``:schema``."""
        return self.text.startswith(":")


def statements(script: str) -> Iterator[Statement]:
    """Split a script at the semicolons that stand in no text, name or comment.

    A line that begins with a colon where a statement could begin is a command, up to the end of the line.

    Examples
    --------
    >>> [found.text for found in statements("RETURN ';'; // one; two\\n:schema\\nRETURN 2")]
    ["RETURN ';'", ':schema', 'RETURN 2']
    """
    start: int | None = None
    line, line_start = 1, 0
    counted = 0
    command_end = 0

    def at(place: int, text: str) -> Statement:
        nonlocal line, line_start, counted
        breaks = script.count("\n", counted, place)
        if breaks:
            line, line_start = line + breaks, script.rfind("\n", counted, place) + 1
        counted = place
        return Statement(text, line, place - line_start + 1)

    for piece in pieces(script):
        if piece.start < command_end:
            continue
        if start is None:
            if piece.kind in ("space", "comment") or piece.text == ";":
                continue
            if piece.text[0] == ":":
                end = script.find("\n", piece.start)
                command_end = len(script) if end < 0 else end
                yield at(piece.start, script[piece.start : command_end].rstrip())
                continue
            start = piece.start
        elif piece.text == ";" and piece.kind == "symbol":
            yield at(start, script[start : piece.start].rstrip())
            start = None
    if start is not None:
        yield at(start, script[start:].rstrip())


def is_finished(text: str) -> bool:
    """Tell whether what was typed can be run: a command, or a query that ends with ``;`` or an empty line."""
    if not text.strip() or text.lstrip().startswith(":"):
        return True
    if not text.rpartition("\n")[2].strip() and "\n" in text:
        return True
    last = None
    for piece in pieces(text):
        if piece.kind not in ("space", "comment"):
            last = piece
        elif piece.open:
            return False
    return last is not None and last.text == ";" and last.kind == "symbol"
