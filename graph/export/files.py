"""Files and folders that appear whole or not at all, and streams."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from ..errors import StoreError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its place only when it is whole; devices and pipes are written directly."""
    path = path.resolve()
    with telling(path):
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise StoreError(f"{path} is a folder; name a file in it.")
            with path.open("wb") as stream:
                yield stream
            return
        part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with part.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder that takes its place, or that of the one which is there, only when it is whole."""
    path = path.resolve()
    part, old = (path.with_name(f".{path.name}.{os.getpid()}.{ending}") for ending in ("tmp", "old"))
    with telling(path):
        try:
            part.mkdir()
            yield part
            if path.exists():
                path.rename(old)
            try:
                part.rename(path)
            except OSError:
                if old.exists():
                    old.rename(path)
                raise
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say in one sentence what keeps a file or folder from being written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from None


def pour(chunks: Iterable[bytes], stream: IO[bytes] | IO[str]) -> None:
    """Write chunks to a stream of bytes, or of text where it has no bytes beneath."""
    beneath = getattr(stream, "buffer", None)
    if beneath is not None:
        stream.flush()
        stream = cast("IO[bytes]", beneath)
    if isinstance(stream, io.TextIOBase):
        for chunk in chunks:
            stream.write(chunk.decode())
    else:
        cast("IO[bytes]", stream).writelines(chunks)
    stream.flush()
