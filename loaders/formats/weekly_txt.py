"""``weekly-txt``: text dumps of blocks ``Title: … / PDF: … / Summary: …`` between lines of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...graph import identity
from ...graph.records import Author, Paper
from ..reading.fields import fold
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_FIELD = re.compile(r"\s{0,3}(title|pdf|url|link|arxiv|summary|abstract|authors?)\s*:\s*(.*)", re.IGNORECASE)
_RULE = re.compile(r"\s*-{3,}\s*")
_NAMES = {"url": "pdf", "link": "pdf", "arxiv": "pdf", "abstract": "summary", "author": "authors"}
_SIGN = re.compile(
    rb"^\s{0,3}Title\s*:.*\r?[\n\r]+(?:.*[\n\r]+){0,3}?\s{0,3}(?:PDF|Summary)\s*:", re.I | re.M
)
_LONGEST = 1 << 20
"""Characters of a block that are kept; no summary is that long, a file without dashes may be."""


class WeeklyText:
    """Reads Title / PDF / Summary blocks."""

    name = "weekly-txt"
    description = "text in blocks: Title, PDF, Summary, a line of dashes"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether a block begins near the start of the head."""
        return _SIGN.search(head[:4096]) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a block; a summary may run over several lines."""
        block = _Block(document)
        for item in document.text_lines():
            if isinstance(item, Refusal):
                block.spoil(item)
                continue
            number, line = item
            field = _FIELD.fullmatch(line)
            name = _NAMES.get(field[1].lower(), field[1].lower()) if field else ""
            if _RULE.fullmatch(line) or (name == "title" and block.fields):
                yield from block.close()
                block = _Block(document)
            if field and name not in block.fields:
                block.begin(name, number, field[2])
            elif not _RULE.fullmatch(line):
                block.go_on(number, line)
        yield from block.close()


class _Block:
    """The lines of one paper."""

    def __init__(self, document: Document) -> None:
        self.fields: dict[str, list[str]] = {}
        self._document = document
        self._line = 0
        self._last = ""
        self._size = 0
        self._spoilt: Refusal | None = None

    def begin(self, name: str, number: int, text: str) -> None:
        """Begin a field."""
        self.fields[name] = []
        self._last = name
        self.go_on(number, text)

    def go_on(self, number: int, text: str) -> None:
        """Add a line to the field that was begun last."""
        self._size += len(text)
        if text.strip() and self._size <= _LONGEST:
            self._line = self._line or number
            self.fields.setdefault(self._last, []).append(text)

    def spoil(self, refusal: Refusal) -> None:
        """Note that a line of the block could not be read."""
        self._spoilt = self._spoilt or refusal

    def close(self) -> Iterator[Paper | Refusal]:
        """Make the paper, or say why there is none; nothing of an empty block."""
        if self._spoilt:
            yield self._spoilt
            return
        text = {name: fold(" ".join(lines)) for name, lines in self.fields.items()}
        if text.get("title"):
            yield Paper(
                title=text["title"],
                abstract=text.get("summary", ""),
                arxiv_id=identity.arxiv_id(text.get("pdf", "")),
                url=_url(text.get("pdf", "")),
                authors=tuple(Author(name) for name in re.split(r",\s*", text.get("authors", "")) if name),
                line=self._line,
            )
        elif any(text.values()):
            reason = "the block has no line that begins with Title:"
            yield self._document.refuse(self._line, reason, "mend or remove the block")


def _url(text: str) -> str | None:
    """Keep an address that says more than the arXiv identifier."""
    return text if re.fullmatch(r"https?://\S+", text) and not identity.arxiv_id(text) else None
