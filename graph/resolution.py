"""Which paper of the graph a reference means: by an identifier, by its title, by likeness, in that order.

The answer depends on the reference and on the records of the graph alone, so that it is the same in whatever order
they came. What would change it is watched: see :attr:`Resolver.watched` and :func:`.update.Update.apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson

from .identity import person_key, title_key
from .likeness import Likeness, Titles, is_piece
from .partition import YEARS_APART
from .records import Reference
from .sqlite import GraphFile

TELLING = 24
"""Letters from which a title tells by itself what work is meant; a shorter one must not have another first author."""

LIKENESS = "likeness"
"""How the rule begins that says how alike two titles are."""

_CLEAR = 2.0  # by so much the best of several has to be more alike than the next
_TITLE = "title:"
_REMEMBERED = 400_000


@dataclass(frozen=True, slots=True)
class Found:
    """A paper, and the rule by which it was found: the kind of identifier, ``title``, ``likeness 0.96``, ``link``."""

    paper: str
    rule: str

    @property
    def by_likeness(self) -> bool:
        """Whether the titles are like each other, not the same."""
        return self.rule.startswith(LIKENESS)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is known of a paper beside the keys that lead to it."""

    year: int | None
    surnames: frozenset[str]
    identifiers: frozenset[str]


class Resolver:
    """Finds the papers that references mean, among those whose keys the file holds when it is first asked.

    Parameters
    ----------
    file
        The graph file, in which all papers' own keys are registered.
    target
        Where the links that a person made lead from a key; None where there are no links.

    Attributes
    ----------
    watched
        Keys that references give beside the one they were found by, each with the paper found: whatever becomes known
        under such a key later may be what the reference means.
    """

    def __init__(self, file: GraphFile, target: Callable[[str], str] | None = None) -> None:
        self._file, self._link = file, target
        self._found: dict[str, dict[str, int | None]] = {}
        self._works: dict[str, _Work] = {}
        self._alike: dict[str, tuple[tuple[str, Likeness], ...]] = {}
        self.watched: set[tuple[str, str]] = set()

    def prepare(self, references: Iterable[Sequence[str]]) -> None:
        """Look up the keys of a batch of references at once; only these can be asked for then."""
        wanted = {key for keys in references for key in keys}
        if self._link is not None:
            wanted = set(map(self._link, wanted))
        self._found = {}
        sql = "SELECT key, paper, year FROM identity WHERE stub = 0 AND key IN ({})"
        for key, paper, year in self._file.rows_in(sql, wanted):
            self._found.setdefault(key, {})[paper] = year

    def __call__(self, reference: Reference, keys: Sequence[str]) -> Found | None:
        """Return the paper that a reference with these identity keys means, None where the graph has none."""
        led = keys if self._link is None else [self._link(key) for key in keys]
        for place, key in enumerate(led):
            known = self._found.get(key)
            if known and (paper := self._exact(reference, key, known)) is not None:
                if place:
                    self.watched.update((missed, paper) for missed in led[:place])
                return Found(paper, "link" if key != keys[place] else key.partition(":")[0])
        if not keys[-1].startswith(_TITLE) or not reference.title:
            return None
        best = self._best(reference, keys)
        if best is None:
            return None
        paper, score = best
        self.watched.update((missed, paper) for missed in led)
        return Found(paper, f"{LIKENESS} {score / 100:.2f}")

    # --- by key --------------------------------------------------------------------------------------------

    def _exact(self, reference: Reference, key: str, known: dict[str, int | None]) -> str | None:
        if key in known:
            return key
        if not key.startswith(_TITLE):
            return min(known)
        fitting = [paper for paper, year in sorted(known.items()) if self._fits(reference, key, paper, year)]
        if len(fitting) > 1 and reference.authors:
            fitting = [paper for paper in fitting if _is_by(reference, self._work(paper))]
        return fitting[0] if len(fitting) == 1 else None

    def _fits(self, reference: Reference, key: str, paper: str, year: int | None) -> bool:
        """Tell whether a reference that shares a paper's title may mean it."""
        kind, _, value = paper.partition(":")
        if kind == "arxiv" and reference.arxiv_id and reference.arxiv_id != value:
            return False
        if reference.year is not None and year is not None and abs(reference.year - year) > YEARS_APART:
            return False
        telling = len(key) - len(_TITLE) >= TELLING or not reference.authors
        return telling or _is_by(reference, self._work(paper)) is not False

    # --- by likeness ---------------------------------------------------------------------------------------

    @cached_property
    def _titles(self) -> tuple[Titles, dict[str, list[str]]]:
        papers: dict[str, list[str]] = {}
        for key, paper in title_rows(self._file, (0,)):
            papers.setdefault(key, []).append(paper)
        return Titles(papers), papers

    def _best(self, reference: Reference, keys: Sequence[str]) -> tuple[str, float] | None:
        """Return the one paper whose title is like a reference's, with year and first author to bear it out."""
        index, papers = self._titles
        key = keys[-1].removeprefix(_TITLE)
        alike = self._alike.get(key)
        if alike is None:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            alike = self._alike[key] = tuple(index.like(key))
        if not alike:
            return None
        scores: dict[str, float] = {}
        for title, likeness in alike:
            for paper in papers[title]:
                if likeness.score > scores.get(paper, 0.0) and self._bears_out(
                    reference, keys, key, title, paper, likeness
                ):
                    scores[paper] = likeness.score
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR):
            return None
        return ranked[0]

    def _bears_out(
        self, reference: Reference, keys: Sequence[str], key: str, title: str, paper: str, likeness: Likeness
    ) -> bool:
        """Tell whether what is known beside the title speaks for a paper, and nothing against it.

        Of first author and year one must agree and none may differ. Where one title is but a piece of the other, both
        must agree, and the piece must be one as titles are written: before or behind a colon.
        """
        work = self._work(paper)
        apart = None if reference.year is None or work.year is None else abs(reference.year - work.year)
        by = _is_by(reference, work)
        if by is False or (apart is not None and apart > YEARS_APART):
            return False
        kinds = ("arxiv:", "doi:") if likeness.partial else ("arxiv:",)
        for kind in kinds:
            given = {k for k in keys if k.startswith(kind)}
            known = {k for k in work.identifiers if k.startswith(kind)}
            if given and known and not given & known:
                return False
        if not likeness.partial:
            return by is True or (apart is not None and len(key) >= TELLING)
        if by is not True or apart is None or apart > 1:
            return False
        if (
            likeness.score >= self._titles[0].threshold
            and not title.endswith(key)
            and not key.endswith(title)
        ):
            return True
        if len(key) < len(title):
            return any(
                is_piece(written, key) for written in self._titles_of(paper) if title_key(written) == title
            )
        return is_piece(reference.title or "", title)

    def _work(self, paper: str) -> _Work:
        work = self._works.get(paper)
        if work is None:
            sql = "SELECT keys, year, surnames FROM record WHERE paper = ?"
            rows = list(self._file.rows(sql, (paper,)))
            work = self._works[paper] = _Work(
                min((year for _, year, _ in rows if year is not None), default=None),
                frozenset(name for _, _, surnames in rows for name in surnames.split()),
                frozenset(key for keys, _, _ in rows for key in orjson.loads(keys)),
            )
        return work

    def _titles_of(self, paper: str) -> set[str]:
        """Return a paper's titles as they are written."""
        bodies = self._file.rows("SELECT body FROM record WHERE paper = ?", (paper,))
        return {orjson.loads(body).get("title", "") for (body,) in bodies}


def _is_by(reference: Reference, work: _Work) -> bool | None:
    """Tell whether a reference's first author is one of a paper's; None where either is not known.

    Every word of the name counts, since sources differ in which is the surname and in the order of authors.
    """
    if not reference.authors or not work.surnames:
        return None
    name = person_key(reference.authors[0]).split()
    words = [word for word in name if len(word) > 1] or name
    return any(word in work.surnames for word in (*words, name[-1])) if words else None


# --- what a change of papers may mean to references --------------------------------------------------------------


def cited_by_likeness(file: GraphFile, changed: Collection[str]) -> Iterator[str]:
    """Yield the cited nodes to which references lead whose titles are like one of ``changed`` title keys."""
    index = Titles(key.removeprefix(_TITLE) for key in changed)
    if len(index):
        for key, cited in title_rows(file, (1, 2)):
            if any(True for _ in index.like(key)):
                yield cited


def title_rows(file: GraphFile, stubs: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Iterate over title keys and the papers they lead to, of the given kinds of rows."""
    kinds = ",".join(map(str, stubs))
    sql = f"SELECT substr(key, 7), paper FROM identity WHERE key >= 'title:' AND key < 'title;' AND stub IN ({kinds})"
    return file.rows(sql)
