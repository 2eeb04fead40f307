"""Names that papers coin, found in the others: the corpus as its own lexicon.

Each paper is read by itself first, and the names it introduces are kept beside it. A name that papers agree on is
then looked for in all other papers, which are read again with it. What a name means depends on the set of
introductions alone, so the order in which papers came leaves no trace, and a name goes with the last paper that
coined it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import ahocorasick_rs

from .records import Coinage
from .sqlite import GraphFile


class Coinages:
    """The coined names of a graph file, to be changed inside a transaction."""

    def __init__(self, file: GraphFile) -> None:
        self.file = file
        self._before: dict[str, Coinage | None] = {}

    def forget(self, papers: Iterable[str]) -> None:
        """Take away what papers coined."""
        gone = list(papers)
        sql = "SELECT DISTINCT surface FROM coinage WHERE paper IN ({})"
        self._remember({surface for (surface,) in self.file.rows_in(sql, gone)})
        self.file.write("DELETE FROM coinage WHERE paper = ?", ((paper,) for paper in gone))

    def record(self, coined: Iterable[tuple[str, Sequence[Coinage]]]) -> None:
        """Write down what papers coin."""
        rows = [(c.surface, paper, c.label, c.id, c.name) for paper, found in coined for c in found]
        self._remember({row[0] for row in rows})
        self.file.write("INSERT OR REPLACE INTO coinage VALUES (?, ?, ?, ?, ?)", rows)

    def changed(self) -> set[str]:
        """Return the names that mean something else than before the first change."""
        now = self.meanings(self._before)
        return {surface for surface, before in self._before.items() if now.get(surface) != before}

    def meanings(self, surfaces: Collection[str] | None = None) -> dict[str, Coinage]:
        """Return what names mean: what most papers that coin them say; nothing where none has the most."""
        sql = "SELECT surface, label, id, name FROM coinage"
        rows = (
            self.file.rows(sql)
            if surfaces is None
            else self.file.rows_in(sql + " WHERE surface IN ({})", sorted(surfaces))
        )
        votes: dict[str, Counter[Coinage]] = {}
        for row in rows:
            coinage = Coinage(*row)
            votes.setdefault(coinage.surface, Counter())[coinage] += 1
        found = {}
        for surface, counter in votes.items():
            first, *others = sorted(counter.items(), key=lambda item: (-item[1], item[0].id, item[0].name))
            same_node = all(other.id == first[0].id for other, _ in others)
            if same_node or first[1] > others[0][1]:
                found[surface] = first[0]
        return found

    def of(self, papers: Iterable[str]) -> dict[str, set[str]]:
        """Return the surfaces each of the papers coins itself."""
        found: dict[str, set[str]] = {}
        for paper, surface in self.file.rows_in(
            "SELECT paper, surface FROM coinage WHERE paper IN ({})", papers
        ):
            found.setdefault(paper, set()).add(surface)
        return found

    def _remember(self, surfaces: Collection[str]) -> None:
        fresh = [surface for surface in surfaces if surface not in self._before]
        held = self.meanings(fresh)
        self._before.update((surface, held.get(surface)) for surface in fresh)


class Finder:
    """Finds names in texts, as whole words and in exactly their case."""

    def __init__(self, meanings: Mapping[str, Coinage]) -> None:
        self._meanings = meanings
        self._surfaces = sorted(meanings)
        self._automaton = ahocorasick_rs.AhoCorasick(self._surfaces) if meanings else None

    def find(self, *texts: str) -> tuple[Coinage, ...]:
        """Return the names that occur in any of the texts, in the order of their surfaces."""
        if self._automaton is None:
            return ()
        found = set()
        for text in texts:
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                if index not in found and _whole_word(text, start, end):
                    found.add(index)
        return tuple(self._meanings[self._surfaces[index]] for index in sorted(found))


def _whole_word(text: str, start: int, end: int) -> bool:
    if start and text[start - 1].isalnum():
        return False
    after = text[end : end + 1]
    return not after.isalnum() or (after == "s" and not text[end + 1 : end + 2].isalnum())
