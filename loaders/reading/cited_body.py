"""The sections of a body and who is cited where, of bodies that come section by section or as paragraphs."""

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


class CitedSections:
    """The sections of one paper, with the places of their text that cite."""

    only_listed = False
    """Whether places that cite what the list of references does not hold are passed over."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._marked: list[tuple[str, list[Mark]]] = []
        self._numbered: dict[str, str] = {}

    def keep(self, name: str, flow: Flow) -> None:
        """Add a section, unless it is without text."""
        if text := flow.text:
            self.sections.append(Section(name, text))
            self._marked.append((text, flow.marks))

    def above(self, number: str) -> tuple[str, ...]:
        """Return the headings of the sections that a numbered one lies in: 3 and 3.2 for 3.2.1."""
        steps = number.split(".")
        outer = (".".join(steps[:depth]) for depth in range(1, len(steps)))
        return tuple(self._numbered[step] for step in outer if step in self._numbered)

    def contexts(self, order: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        """Return the sentences that cite each reference; ``order`` is the place of each in the list."""
        found: dict[str, dict[str, None]] = {}
        for text, marks in self._marked:
            counted = [mark for mark in marks if mark.key in order] if self.only_listed else marks
            for key, sentences in contexts(text, counted, order).items():
                found.setdefault(key, {}).update(dict.fromkeys(sentences))
        return {key: tuple(sentences) for key, sentences in found.items()}


class CitedBody(CitedSections):
    """The sections of one paper, put together paragraph by paragraph."""

    only_listed = True

    def __init__(self) -> None:
        super().__init__()
        self._heading: tuple[str, str] = ("", "")
        self._flow = Flow()

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
        path = (*self.above(number), heading) if heading else ()
        if heading and number:
            self._numbered[number] = heading
        self.keep(" > ".join(path), self._flow)
        self._heading, self._flow = ("", ""), Flow()

    def contexts(self, order: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        """Return the sentences that cite each reference; ``order`` is the place of each in the list."""
        self.close()
        return super().contexts(order)
