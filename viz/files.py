"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from os import PathLike
from pathlib import Path

from ..graph.errors import StoreError


def write_whole(path: str | PathLike[str], text: str) -> None:
    """Write a text file by way of a neighbour that is renamed when complete.

    Raises
    ------
    StoreError
        The file cannot be written; the message says why.
    """
    target = Path(path)
    if target.is_dir():
        raise StoreError(f"{target} is a directory; name a file to write.")
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp makes files private; a picture gets the permissions any new file would.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        reason = error.strerror or str(error)
        raise StoreError(f"{target} cannot be written: {reason}; name another file.") from error
