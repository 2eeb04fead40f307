"""gzip, read as what it holds: in a stream, within bounds, and as far as it is whole."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"\x1f\x8b"
"""How gzip data begins."""

MAX_RATIO = 200
"""Times its size that a file may unpack to; JSON of papers reaches 20, a bomb 1,000."""

FREE = 64 << 20
"""Bytes that may be unpacked whatever the ratio, for small files of one record over and over."""

_CHUNK = 1 << 16
_ENDINGS = (".gz", ".gzip")


def plain_name(path: Path) -> Path:
    """Return a path without the ending that tells of gzip.

    Examples
    --------
    >>> plain_name(Path("works/part_000.gz")).name, plain_name(Path("papers.jsonl.gz")).name
    ('part_000', 'papers.jsonl')
    """
    return path.with_suffix("") if path.suffix.lower() in _ENDINGS else path


class Unpacked(io.RawIOBase):
    """What a gzip stream holds, member after member.

    Where the data is cut off, damaged or out of bounds, the stream ends with what came whole before it, and
    ``fault`` tells why and what to do.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.fault: tuple[str, str] | None = None
        self._stream = stream
        self._member: Any = None
        self._packed = b""
        self._read = self._given = 0
        self._begun = self._ended = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Unpack what the buffer has room for."""
        while not self._ended:
            if not self._packed and not self._refill():
                return 0
            if self._member is None and not self._begin():
                return 0
            before = self._member.copy()
            try:
                piece = self._member.decompress(self._packed, len(buffer))
            except zlib.error as error:
                piece = _up_to_damage(before, self._packed, len(buffer))
                self._end(f"the gzip data is damaged ({_cause(error)})", "get the file again")
            else:
                ended = self._member.eof
                self._packed = self._member.unused_data if ended else self._member.unconsumed_tail
                self._member = None if ended else self._member
            if piece:
                self._given += len(piece)
                if self._given > max(FREE, MAX_RATIO * self._read):
                    reason = f"it unpacks to more than {MAX_RATIO} times its size, as no file of papers does"
                    return self._end(reason, "unpack it by gunzip and name what comes out, if you trust it")
                buffer[: len(piece)] = piece
                return len(piece)
        return 0

    def close(self) -> None:
        """Close the packed stream too."""
        self._stream.close()
        super().close()

    def _refill(self) -> bool:
        self._packed = self._stream.read(_CHUNK)
        self._read += len(self._packed)
        if not self._packed:
            cut = self._member is not None
            self._end(*(("the gzip data is cut off", "get the file again") if cut else ("", "")))
        return bool(self._packed)

    def _begin(self) -> bool:
        """Begin a member; zeros that fill up a block after the last are passed over, other things are named."""
        while self._begun and not (rest := self._packed.lstrip(b"\0")):
            if not self._refill():
                return False
        if self._begun:
            self._packed = rest
        if len(self._packed) < len(MAGIC):
            self._packed += self._stream.read(_CHUNK)
        if not self._packed.startswith(MAGIC):
            self._end("what follows the gzip data is something else, which was left", "check the file")
            return False
        self._member = zlib.decompressobj(wbits=31)
        self._begun = True
        return True

    def _end(self, reason: str, remedy: str) -> int:
        self._ended = True
        self.fault = (reason, remedy) if reason else None
        return 0


def _up_to_damage(member: Any, packed: bytes, room: int) -> bytes:
    """Unpack byte by byte what a call that failed has swallowed."""
    pieces, size = [], 0
    try:
        for number in range(len(packed)):
            piece = member.decompress(member.unconsumed_tail + packed[number : number + 1], room - size or 1)
            pieces.append(piece)
            size += len(piece)
            if size >= room:
                break
    except zlib.error:
        pass
    return b"".join(pieces)[:room]


def _cause(error: zlib.error) -> str:
    return str(error).rpartition(": ")[2]
