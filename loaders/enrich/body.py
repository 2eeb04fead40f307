"""An answer as a document, so that the loaders of files read what services send."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..document import Document

if TYPE_CHECKING:
    from ..registry import Loader


class Body(Document):
    """The body of an answer in memory.

    Parameters
    ----------
    content
        As UTF-8, as which all services send.
    loader
        Reads it.
    ending
        Of a file of that kind: ``.json``, ``.xml``.
    """

    def __init__(self, content: bytes, loader: Loader, ending: str) -> None:
        super().__init__(Path(f"answer{ending}"), loader.name, loader)
        self._content = content

    def raw(self) -> BinaryIO:
        """Open it as it is."""
        return io.BytesIO(self._content)

    def open(self) -> BinaryIO:
        """Open it without a byte-order mark."""
        return io.BytesIO(self._content.removeprefix(b"\xef\xbb\xbf"))
