"""A body that comes as paragraphs with their heading and the places that cite: sections, and who is cited where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...graph.records import Section
from .citing import PARAGRAPH, Flow, Mark, contexts
from .fields import fold

Piece = tuple[str, str | None]
"""Some text, and the key of the reference it cites."""


def pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    """Cut a paragraph at the places that cite; a span outside of the text or within another is left out.

    Examples
    --------
    >>> list(pieces("As in [3] and [4].", [(6, 9, "b2"), (14, 17, "b3"), (90, 99, "b4")]))
    [('As in ', None), ('[3]', 'b2'), (' and ', None), ('[4]', 'b3'), ('.', None)]
    """
    at = 0
    for start, end, key in sorted(spans):
        if at <= start < end <= len(text):
            yield text[at:start], None
            yield text[start:end], key
            at = end
    yield text[at:], None


class CitedBody:
    """The sections of one paper, put together paragraph by paragraph."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._marked: list[tuple[str, list[Mark]]] = []
        self._heading: tuple[str, str] = ("", "")
        self._flow = Flow()
        self._numbered: dict[str, str] = {}

    def add(self, heading: str, number: str, text: Iterable[Piece]) -> None:
        """Add a paragraph under a heading, whose number tells in which others it lies: 3.2 in 3."""
        heading, number = fold(heading), fold(number).rstrip(".")
        if (heading, number) != self._heading:
            self.close()
            self._heading = (heading, number)
        self._flow.gap(PARAGRAPH)
        for piece, key in text:
            self._flow.add(piece, () if key is None else (key,))

    def close(self) -> None:
        """End the section; what is added next begins another, whatever its heading."""
        heading, number = self._heading
        path = (*self._above(number), heading) if heading else ()
        if heading and number:
            self._numbered[number] = heading
        if text := self._flow.text:
            self.sections.append(Section(" > ".join(path), text))
            self._marked.append((text, self._flow.marks))
        self._heading, self._flow = ("", ""), Flow()

    def _above(self, number: str) -> tuple[str, ...]:
        steps = number.split(".")
        outer = (".".join(steps[:depth]) for depth in range(1, len(steps)))
        return tuple(self._numbered[step] for step in outer if step in self._numbered)

    def contexts(self, order: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        """Return the sentences that cite each reference; ``order`` is the place of each in the list."""
        self.close()
        found: dict[str, dict[str, None]] = {}
        for text, marks in self._marked:
            for key, sentences in contexts(
                text, [mark for mark in marks if mark.key in order], order
            ).items():
                found.setdefault(key, {}).update(dict.fromkeys(sentences))
        return {key: tuple(sentences) for key, sentences in found.items()}
