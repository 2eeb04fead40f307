"""From what the user names (files, folders, patterns, standard input) to documents whose format is known."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, BinaryIO, cast

import orjson

from . import registry
from .document import HEAD, Document, open_plain, uri_of
from .formats.latex.source import Claims, main_of
from .reading.json_pages import complaint
from .refusal import Refusal
from .registry import Loader
from .unpack import plain_name

_KNOWN_KINDS = (
    (b"%PDF-", "a PDF file", "convert it to text first"),
    (b"\x1f\x8b", "gzip-compressed more than once", "unpack it first by gunzip"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"BZh", "bzip2-compressed", "unpack it first by bunzip2"),
    (b"\xfd7zXZ\x00", "xz-compressed", "unpack it first by unxz"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "unpack it first by unzstd"),
    (b"\x89PNG", "a picture", "only text can be read"),
    (b"\xff\xd8\xff", "a picture", "only text can be read"),
    (b"SQLite format 3\x00", "a SQLite database", "a graph is opened with -g, not read as an input"),
)


_NAME_IT = "name it with --format if it is one that citegraph reads"
_NAME_FILES = "name files in a format that citegraph reads"


def open_inputs(
    inputs: Iterable[str | os.PathLike[str]], *, format: str | None = None
) -> Iterator[Document | Refusal]:
    """Find the documents that inputs name, in the order given.

    Parameters
    ----------
    inputs
        Files; folders, of which every file is taken in sorted order but hidden ones and the parts of a paper's LaTeX
        source, which is one document; patterns with ``*``, ``?``,
        ``[…]`` and ``**``; ``-`` for standard input, which is held in a temporary file meanwhile.
    format
        Name of a loader for all of them; detected for each where it is None.

    Yields
    ------
    Document or Refusal
        A Refusal for each input, or file of a folder, that no loader can read; the others follow.

    Raises
    ------
    InputError
        There is no such format.

    Examples
    --------
    >>> for found in open_inputs(["nowhere.jsonl"]):
    ...     print(found)
    nowhere.jsonl: there is no such file; check the path.
    """
    if isinstance(inputs, (str, os.PathLike)):
        inputs = [inputs]
    return _open(inputs, registry.named(format) if format is not None else None)


def _open(inputs: Iterable[str | os.PathLike[str]], loader: Loader | None) -> Iterator[Document | Refusal]:
    """Open inputs, no document twice, no complaint about a plug-in twice, and the formats there are listed once."""
    seen: set[str] = set()
    listed = False
    for item in inputs:
        for found in _open_one(os.fspath(item), loader):
            name = found.uri if isinstance(found, Document) else str(found)
            if name in seen:
                continue
            seen.add(name)
            if isinstance(found, Refusal) and found.remedy in (_NAME_IT, _NAME_FILES) and not listed:
                listed = True
                names = ", ".join(known.name for known in registry.formats())
                found = replace(found, remedy=f"{found.remedy}: {names}")  # noqa: PLW2901
            yield found


def _open_one(name: str, loader: Loader | None) -> Iterator[Document | Refusal]:
    if name == "-":
        yield from _spool(cast("IO[bytes]", getattr(sys.stdin, "buffer", sys.stdin)), None, loader)
        return
    if not name:
        yield Refusal("''", None, "the name of the input is empty", "name a file, a folder or -")
        return
    try:
        mode = Path(name).stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        found = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) and "\0" not in name else []  # noqa: PTH207
        if found:
            yield from _open_matches(found, loader)
        else:
            yield _absent(name, error)
        return
    if stat.S_ISDIR(mode):
        yield from _open_folder(name, loader)
    elif stat.S_ISFIFO(mode):  # a pipe can be read once only: <(command), /dev/stdin
        with Path(name).open("rb") as stream:
            yield from _spool(stream, uri_of(name), loader)
    elif stat.S_ISREG(mode):
        yield from _open_file(name, loader)
    else:
        yield Refusal(uri_of(name), None, "this is a device, not a file", "name a file, a folder or -")


def _absent(name: str, error: Exception) -> Refusal:
    if "://" in name:
        return Refusal(name, None, "this is an address, not a file", "save what is there and name the file")
    if glob.has_magic(name):
        return Refusal(name, None, "no file has this name or matches it as a pattern", "check the path")
    if isinstance(error, FileNotFoundError):
        return Refusal(uri_of(name), None, "there is no such file", "check the path")
    return _unreadable(name, error)


def _unreadable(name: str, error: Exception) -> Refusal:
    cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Refusal(uri_of(name), None, f"it cannot be read: {cause}", "check its path and permissions")


def _open_matches(names: list[str], loader: Loader | None) -> Iterator[Document | Refusal]:
    """Open what a pattern matched; folders are walked only where nothing inside them was matched itself."""
    matched = set(names)
    for name, following in zip(names, [*names[1:], ""], strict=True):
        if (main := main_of(Path(name))) and str(main) in matched and Path(name) in Claims(Path(name).parent):
            continue
        if not (Path(name).is_dir() and following.startswith(name.rstrip(os.sep) + os.sep)):
            yield from _open_one(name, loader)


def _open_folder(name: str, loader: Loader | None) -> Iterator[Document | Refusal]:
    """Open the files of a folder; if none can be read, say so in one sentence about the folder first."""
    refused: list[Refusal] = []
    found_any = False
    parts = Claims(Path(name))
    for path in _walk(name):
        for found in [path] if isinstance(path, Refusal) else _open_file(path, loader):
            if not isinstance(path, Refusal) and _is_part(path, found, parts):
                continue
            if isinstance(found, Document) and not found_any:
                found_any = True
                yield from refused
            if found_any:
                yield found
            elif isinstance(found, Refusal):
                refused.append(found)
    if not found_any:
        if [refusal.source for refusal in refused] != [uri_of(name)]:  # else the folder itself cannot be read
            count = f"none of its {len(refused)} files is in a known format"
            files = count if refused else "there is no file in it"
            yield Refusal(uri_of(name), None, files, _NAME_FILES)
        yield from refused


def _is_part(path: str, found: Document | Refusal, parts: Claims) -> bool:
    """Tell whether a file that has no loader of its own belongs to a paper's LaTeX source."""
    own = isinstance(found, Document) and found.format != "latex"
    return not own and Path(path) in parts


def _walk(folder: str) -> Iterator[str | Refusal]:
    """Iterate over the files below a folder in sorted order: no hidden ones, no links to folders.

    A Refusal stands for each folder that may not be entered.
    """
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder and (Path(path).is_symlink() or not Path(path).is_dir()):
            yield path
            continue
        try:
            names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 -- Path objects would cost twice
        except OSError as error:
            yield _unreadable(path, error)
            continue
        waiting += [os.path.join(path, name) for name in names if not name.startswith(".")]  # noqa: PTH118


def _open_file(name: str, loader: Loader | None) -> Iterator[Document | Refusal]:
    return _open_regular(Path(name), uri_of(name), loader, None)


def _open_regular(path: Path, uri: str, loader: Loader | None, keep: object) -> Iterator[Document | Refusal]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return  # within a folder: a pipe, a device, a link to a folder
        with path.open("rb") as raw:
            start = raw.read(HEAD)
        stream, unpacked = open_plain(path)
        with stream:
            head = stream.read(HEAD)
    except OSError as error:
        yield _unreadable(uri, error)
        return
    if not head.strip():
        fault = unpacked.fault if unpacked else None
        yield Refusal(uri, None, *(fault or ("the file is empty", "check how it was made")))
        return
    if unpacked:
        start = head
    if not _is_of_known_kind(start) and (unmarked := _unmarked(uri, head)):
        yield unmarked
        return
    faults: tuple[Refusal, ...] = ()
    if loader is None:
        loader, faults = registry.detect(head, plain_name(path))
    yield from faults
    yield Document(path, uri, loader, keep=keep) if loader else _unknown(uri, start, head)


def _spool(
    stream: IO[bytes] | BinaryIO, uri: str | None, loader: Loader | None
) -> Iterator[Document | Refusal]:
    """Copy a stream that can be read once to a temporary file, which goes when its document goes."""
    spool = tempfile.NamedTemporaryFile(prefix="citegraph-")  # noqa: SIM115
    shutil.copyfileobj(stream, spool, 1 << 20)
    spool.flush()
    spool.seek(0)
    uri = uri or f"stdin:{hashlib.file_digest(spool, 'sha256').hexdigest()[:12]}"
    yield from _open_regular(Path(spool.name), uri, loader, spool)


def _is_of_known_kind(start: bytes) -> bool:
    return start.startswith(tuple(magic for magic, _, _ in _KNOWN_KINDS)) or _is_tar(start)


def _is_tar(start: bytes) -> bool:
    return start[257:262] == b"ustar"


def _unmarked(uri: str, head: bytes) -> Refusal | None:
    """Refuse text in UTF-16 that no mark tells, whatever its name says: no loader could read it."""
    for first, order in ((0, "BE"), (1, "LE")):
        # of Latin letters, every other byte is zero, and not those between
        if head[first::2].count(0) > len(head) // 3 and head[1 - first :: 2].count(0) * 99 <= len(head):
            reason = "this looks like UTF-16 without a byte-order mark"
            return Refusal(uri, None, reason, f"convert it, for instance by: iconv -f UTF-16{order} -t UTF-8")
    return None


def _unknown(uri: str, start: bytes, head: bytes) -> Refusal:
    """Say what an input is that no loader knows."""
    for magic, kind, remedy in _KNOWN_KINDS:
        if start.startswith(magic):
            return Refusal(uri, None, f"this is {kind}", remedy)
    if _is_tar(start):
        return Refusal(uri, None, "this is a tar archive", "unpack it first by tar -x and name the folder")
    if head.count(0) or sum(byte < 9 for byte in head) > len(head) // 50:
        return Refusal(uri, None, "this is binary data, not text", "only text can be read")
    text = head.lstrip()
    if text.startswith((b"[", b"{")):
        if said := _answer(text):
            return Refusal(uri, None, *said)
        reason = "this looks like JSON, but no record in it has a title"
        return Refusal(uri, None, reason, "give every record a title, or name the format with --format")
    if text[:14].lower().startswith((b"<!doctype html", b"<html")):
        return Refusal(uri, None, "this is an HTML page", "open it in a browser and save it as text")
    return Refusal(uri, None, "the format is not known", _NAME_IT)


def _answer(text: bytes) -> tuple[str, str] | None:
    """Return what JSON says that is an answer of a service without any record, and what to do."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if said := complaint(value):
        return f"this is an error that a service answered with, {said}", "ask again for what is there"
    if not value or (
        isinstance(value, dict) and any(value.get(name) == [] for name in ("data", "results", "items"))
    ):
        return "this is an answer without any record", "ask again for what is there"
    return None
