"""One input, open to a loader: its bytes as UTF-8, its lines, its papers; never more of it in memory than a line."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ..graph.records import Paper
from .lengths import fitting, overlong
from .refusal import Refusal, printable
from .unpack import MAGIC, Unpacked, plain_name

if TYPE_CHECKING:
    from .registry import Loader

HEAD = 1 << 16
"""Bytes a loader is shown to tell whether the input is of its format."""

MAX_LINE = 8 << 20
"""Bytes of a line, or of an entry of a JSON list; longer ones are refused, and the next is read."""

_MOST_REFUSALS = 1000
_BUFFER = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ICONV = "convert the file, for instance by: iconv -f LATIN1 -t UTF-8"


class Document:
    """One input whose format is known.

    Parameters
    ----------
    path
        The file on disk; for standard input, the temporary file that holds it.
    uri
        What the graph calls it: the path as given in normal form, ``stdin:`` and a hash for standard input.
    loader
        Reads it.
    keep
        An object that must live as long as the document: the temporary file.
    """

    def __init__(self, path: Path, uri: str, loader: Loader, *, keep: object = None) -> None:
        self.path = path
        self.uri = uri
        self._loader = loader
        self._keep = keep
        self._unpacked: list[Unpacked] = []

    def __repr__(self) -> str:
        return f"Document({self.uri!r}, format={self.format!r})"

    @property
    def format(self) -> str:
        """Name of the loader."""
        return self._loader.name

    @property
    def name(self) -> Path:
        """The path without the ending of a compression: what its format may be told by."""
        return plain_name(self.path)

    @property
    def packed(self) -> bool:
        """Whether it is compressed, so that its size on disk tells nothing."""
        with self.path.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC

    @property
    def spooled(self) -> bool:
        """Whether it came through a pipe, so that what lies beside its path is not its own."""
        return self._keep is not None

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes on disk, hexadecimal; over all its files where a paper is kept in several."""
        hashes = [_hash(self.path)]
        if (parts := getattr(self._loader, "parts", None)) and not self.spooled:
            hashes += [_hash(part) for part in parts(self.path)]
        return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB, as UTF-8."""
        with self.open() as stream:
            return stream.read(HEAD)

    def papers(self) -> Iterator[Paper | Refusal]:
        """Read the papers, and what is refused among them; each call reads anew.

        The first thousand refusals are given, the others counted.
        """
        papers = refusals = 0
        for item in self._items():
            if isinstance(item, Paper):
                papers += 1
                yield item
            else:
                refusals += 1
                if refusals <= _MOST_REFUSALS:
                    yield item
        if refusals > _MOST_REFUSALS:
            more = refusals - _MOST_REFUSALS
            yield self.refuse(None, f"{more} more records were refused", "mend those named first")
        if not papers and not refusals:
            yield self.refuse(None, f"there is no paper in it (read as {self.format})", "check the file")

    def _items(self) -> Iterator[Paper | Refusal]:
        """Iterate over what the loader yields; a disk or a plug-in that fails ends it with a Refusal."""
        self._unpacked.clear()
        try:
            for item in self._loader.read(self):
                if not isinstance(item, (Paper, Refusal)):
                    raise TypeError(f"{type(item).__name__} came instead of a Paper")
                if isinstance(item, Refusal):
                    yield item
                elif fault := overlong(item):
                    yield self.refuse(item.line, fault, "mend or remove the record")
                else:
                    yield fitting(item)
            if faults := [unpacked.fault for unpacked in self._unpacked if unpacked.fault]:
                yield self.refuse(None, *faults[-1])
        except OSError as error:
            yield self.refuse(
                None, f"reading broke off: {error.strerror or error}", "check the disk and try again"
            )
        except Exception as error:
            if type(self._loader).__module__.startswith(f"{__package__}."):
                raise  # a bug of ours shall be seen
            fault = f"the loader {self.format} failed with {type(error).__name__}: {str(error)[:200]}"
            yield self.refuse(None, fault, "tell those who wrote that plug-in")

    def refuse(self, line: int | None, reason: str, remedy: str) -> Refusal:
        """Return a Refusal about this document."""
        return Refusal(self.uri, line, reason, remedy)

    def open(self) -> BinaryIO:
        """Open the document as UTF-8 bytes without byte-order mark, whichever Unicode encoding it is in.

        UTF-16 and UTF-32 are known by their mark; bytes that are not UTF-8 come as they are. gzip is unpacked; where
        that breaks off the stream ends, and the document says so after its papers.
        """
        stream, unpacked = open_plain(self.path)
        if unpacked:
            self._unpacked.append(unpacked)
        return stream

    def raw(self) -> BinaryIO:
        """Open the document as the bytes that are there."""
        return self.path.open("rb")

    def lines(self) -> Iterator[tuple[int, bytes] | Refusal]:
        """Iterate over numbered lines without their ends; a line longer than `MAX_LINE` comes as a Refusal."""
        with self.open() as stream:
            number = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if len(line) <= MAX_LINE:
                    yield number, line.rstrip(b"\r\n")
                    continue
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_BUFFER)
                limit = f"the line is longer than {MAX_LINE >> 20} MB"
                yield self.refuse(number, limit, "one record a line is expected, check the file")

    def text_lines(self) -> Iterator[tuple[int, str] | Refusal]:
        """Iterate over numbered lines as text; also those that end in a carriage return alone."""
        number = 0
        for item in self.lines():
            if isinstance(item, Refusal):
                number += 1
                yield item
                continue
            for line in item[1].split(b"\r"):
                number += 1
                yield self._decoded(number, line)

    def _decoded(self, number: int, line: bytes) -> tuple[int, str] | Refusal:
        try:
            return number, line.decode()
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data":  # a file cut off within a character
                return number, line[: error.start].decode()
            return self.refuse(number, not_utf8(error), ICONV)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def not_utf8(error: UnicodeDecodeError) -> str:
    """Say where a line is not UTF-8."""
    return f"the text is not UTF-8 (byte 0x{error.object[error.start]:02X} in column {error.start + 1})"


def open_plain(path: Path) -> tuple[BinaryIO, Unpacked | None]:
    """Open a file as UTF-8 bytes, and return what unpacks it too; see :meth:`Document.open`."""
    stream = cast("io.BufferedReader[Any]", path.open("rb", buffering=_BUFFER))
    unpacked = None
    try:
        if stream.read(len(MAGIC)) == MAGIC:
            stream.seek(0)
            unpacked = Unpacked(stream)
            stream = io.BufferedReader(unpacked, _BUFFER)
        else:
            stream.seek(0)
        return _as_utf8(stream), unpacked
    except BaseException:
        stream.close()
        raise


def _as_utf8(stream: io.BufferedReader[Any]) -> BinaryIO:
    start = stream.peek(4)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            if encoding != "utf-8-sig":
                return io.BufferedReader(_Recoded(stream, encoding), _BUFFER)
            stream.read(len(mark))
            break
    return stream


class _Recoded(io.RawIOBase):
    """A byte stream of another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            chunk = self._stream.read(_BUFFER)
            self._ready = self._decoder.decode(chunk, not chunk).encode()
            if not chunk and not self._ready:
                return 0
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._stream.close()
        super().close()


def uri_of(path: str) -> str:
    """Return a path as the graph names it: normal, with slashes, printable.

    Examples
    --------
    >>> uri_of("./feeds//2024/../today.json")
    'feeds/today.json'
    """
    return printable(Path(os.path.normpath(path)).as_posix())
