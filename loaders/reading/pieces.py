"""A text cut where a record begins, for parsers that want a whole text as one string.

Memory holds a piece, not the file; every piece holds whole records. A record that is longer than any is refused, and
one that is not text; the others of its piece are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..document import ICONV, MAX_LINE, not_utf8
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_PIECE = 1 << 18
_LONGEST_CUT = 256
"""Bytes that a pattern for cuts may need to see at once."""


def pieces(document: Document, cut: re.Pattern[bytes]) -> Iterator[tuple[int, bytes] | Refusal]:
    """Cut a document at the ends of matches of ``cut``; each piece comes with the number of its first line.

    Lines end in a line feed whatever they ended in. Where nothing can be cut for `MAX_LINE` bytes, a Refusal comes,
    and what follows the next cut.
    """
    line, pending, searched = 1, b"", 0
    skipping = False
    with document.open() as stream:
        while True:
            chunk = stream.read(_PIECE)
            while chunk.endswith(b"\r") and (more := stream.read(1)):
                chunk += more
            if b"\r" in chunk:
                chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            pending += chunk
            cuts = [found.end() for found in cut.finditer(pending, max(0, searched - _LONGEST_CUT))]
            if skipping and cuts:
                line += pending.count(b"\n", 0, cuts[0])
                pending, skipping = pending[cuts[0] :], False
                cuts = [end - cuts[0] for end in cuts[1:]]
            if not chunk:
                if pending.strip() and not skipping:
                    yield line, pending
                return
            if cuts:
                yield line, pending[: cuts[-1]]
                line += pending.count(b"\n", 0, cuts[-1])
                pending = pending[cuts[-1] :]
            elif skipping or len(pending) > MAX_LINE:
                if not skipping:
                    reason = f"the text of one entry is longer than {MAX_LINE >> 20} MB"
                    yield document.refuse(line, reason, "begin every entry on a line of its own")
                skipping = True
                line += pending.count(b"\n", 0, len(pending) - _LONGEST_CUT)
                pending = pending[-_LONGEST_CUT:]
            searched = len(pending)


def decoded(
    document: Document, line: int, piece: bytes, cut: re.Pattern[bytes], encoding: str | None = None
) -> Iterator[tuple[int, str] | Refusal]:
    """Return a piece as text; where it is not UTF-8, in the ``encoding`` if there is one, else record by record."""
    try:
        yield line, piece.decode()
    except UnicodeDecodeError as error:
        if encoding:
            yield line, piece.decode(encoding, "replace")
            return
        cuts = [found.end() for found in cut.finditer(piece)]
        if cuts:
            for start, end in zip([0, *cuts], [*cuts, len(piece)], strict=True):
                yield from decoded(document, line + piece.count(b"\n", 0, start), piece[start:end], cut)
            return
        before = piece.count(b"\n", 0, error.start)
        yield document.refuse(line + before, _where(piece.split(b"\n")[before]), ICONV)


def _where(line: bytes) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return not_utf8(error)
    return "the text is not UTF-8"
