"""Which records are the same paper: identity as a pure function of the set of records.

Two layers join records, and only they. First an exact identifier: arXiv id, DOI, OpenAlex id, Semantic Scholar
id, and those of other catalogues. Then the normal form of the title, unless something known speaks against it:
another arXiv id or DOI, years more than two apart, or authors of whom none is shared. Where one title belongs to
several papers that are known to differ, records that carry nothing but the title stay by themselves.

The result does not depend on the order in which records arrived, and taking records away undoes what they
joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .identity import person_key, title_key
from .records import Paper, Reference

KINDS = ("arxiv", "doi", "openalex", "s2", "acl", "openreview", "dblp", "pmid", "pmcid", "title")
"""Identifier kinds, the best to name a paper by first."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}

_CONFLICTING = ("arxiv", "doi")
YEARS_APART = 2


@dataclass(frozen=True, slots=True)
class Member:
    """What identity needs to know of one record; ``record`` is its number in the store."""

    record: int
    keys: tuple[str, ...]
    year: int | None = None
    surnames: frozenset[str] = frozenset()


def keys_of(work: Paper | Reference) -> tuple[str, ...]:
    """Return the identity keys of a record, best first; empty if it has neither identifier nor title."""
    keys: list[str] = []  # written out: references come by the million
    if work.arxiv_id:
        keys.append(f"arxiv:{work.arxiv_id}")
    if work.doi:
        keys.append(f"doi:{work.doi}")
    if work.openalex_id:
        keys.append(f"openalex:{work.openalex_id}")
    if work.s2_id:
        keys.append(f"s2:{work.s2_id}")
    if work.also:
        keys += [key for key in work.also if key not in keys]
    if work.title:
        # A title of signs alone has no normal form, but it is a title: the signs are its form.
        keys.append(f"title:{title_key(work.title) or work.title}")
    return tuple(keys)


def surnames_of(paper: Paper) -> frozenset[str]:
    """Return the last words of the authors' normalised names, which survive abbreviated first names."""
    return frozenset(key.split()[-1] for author in paper.authors if (key := person_key(author.name)))


def best_key(keys: Iterable[str]) -> str:
    """Return the key that names a paper: of the best kind, the smallest."""
    return min(keys, key=_rank)


def _rank(key: str) -> tuple[int, str]:
    return _RANKS[key.partition(":")[0]], key


def partition(
    members: Sequence[Member],
    same: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
) -> list[list[Member]]:
    """Split records into papers.

    Parameters
    ----------
    same, apart
        Pairs of keys that a person said to mean one paper, or two: they come before every rule.

    Returns
    -------
    list of list of Member
        Each inner list is one paper, ordered by record number; papers are ordered by their first record.

    Notes
    -----
    Runs in O(n α(n)) for n keys, but for titles that several identified papers share, where it compares pairs.
    """
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, member in enumerate(members):
        for key in member.keys:
            by_key[key].append(index)
    forest = _Forest(len(members), _sides(members, apart))
    if forest.guarded:  # what is refused first decides what can be joined later, so arrival may not
        by_key = {
            key: sorted(by_key[key], key=lambda index: members[index].keys)
            for key in sorted(by_key, key=_rank)
        }
    for one, other in sorted(same):
        for index in by_key.get(other, ()):
            for linked in by_key.get(one, ()):
                forest.join(index, linked)
    for key, indices in by_key.items():
        if not key.startswith("title:"):
            for index in indices[1:]:
                forest.join(indices[0], index)
    for key in sorted(
        key for key, indices in by_key.items() if key.startswith("title:") and len(indices) > 1
    ):
        _join_by_title(forest, members, by_key[key])
    papers = [
        sorted((members[index] for index in forest.group(root)), key=lambda m: m.record)
        for root in range(len(members))
        if forest.root(root) == root
    ]
    return sorted(papers, key=lambda group: group[0].record)


def _sides(members: Sequence[Member], apart: Iterable[tuple[str, str]]) -> dict[int, set[tuple[int, int]]]:
    """Return for each record on which side of which pair it stands; one that has both keys stands on none."""
    sides: dict[int, set[tuple[int, int]]] = {}
    for number, pair in enumerate(sorted(apart)):
        for index, member in enumerate(members):
            on = [side for side, key in enumerate(pair) if key in member.keys]
            if len(on) == 1:
                sides.setdefault(index, set()).add((number, on[0]))
    return sides


def _join_by_title(forest: _Forest, members: Sequence[Member], indices: Sequence[int]) -> None:
    """Join the papers that share a title where nothing known speaks against it."""
    roots = {forest.root(index) for index in indices}
    works = sorted((_Work.of([members[i] for i in forest.group(root)]), root) for root in roots)
    identified = [entry for entry in works if entry[0].identified]
    bare = [entry for entry in works if not entry[0].identified]
    blocks: list[list[tuple[_Work, int]]] = []
    for entry in identified:
        _settle(entry, blocks, blocks)
    unclear: list[list[tuple[_Work, int]]] = []
    for entry in bare:
        homes = [block for block in blocks if _fits(entry, block)]
        _settle(entry, homes if len(homes) == 1 else unclear, unclear)
    blocks += unclear
    for block in blocks:
        for _, index in block[1:]:
            forest.join(block[0][1], index)


def _settle(
    entry: tuple[_Work, int], homes: list[list[tuple[_Work, int]]], otherwise: list[list[tuple[_Work, int]]]
) -> None:
    """Put a work into the first of the blocks it fits, else into one of its own."""
    for block in homes:
        if _fits(entry, block):
            block.append(entry)
            return
    otherwise.append([entry])


def _fits(entry: tuple[_Work, int], block: list[tuple[_Work, int]]) -> bool:
    return all(entry[0].may_be(other) for other, _ in block)


@dataclass(frozen=True, slots=True, order=True)
class _Work:
    """What is known of records already joined."""

    ids: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    surnames: tuple[str, ...]
    first: int

    @classmethod
    def of(cls, group: Sequence[Member]) -> _Work:
        ids = tuple(
            tuple(sorted({key for m in group for key in m.keys if key.startswith(kind + ":")}))
            for kind in _CONFLICTING
        )
        years = tuple(sorted({m.year for m in group if m.year is not None}))
        surnames = tuple(sorted({name for m in group for name in m.surnames}))
        return cls(ids, years, surnames, min(m.record for m in group))

    @property
    def identified(self) -> bool:
        return any(self.ids)

    def may_be(self, other: _Work) -> bool:
        """Tell whether nothing known speaks against the two being one paper."""
        for mine, theirs in zip(self.ids, other.ids, strict=True):
            if mine and theirs and not set(mine) & set(theirs):
                return False
        if self.years and other.years:
            apart = max(self.years[0], other.years[0]) - min(self.years[-1], other.years[-1])
            if apart > YEARS_APART:
                return False
        return not (self.surnames and other.surnames) or bool(set(self.surnames) & set(other.surnames))


class _Forest:
    """Disjoint sets with path halving (Tarjan 1975) that know their members and what may not join them."""

    def __init__(self, size: int, sides: dict[int, set[tuple[int, int]]]) -> None:
        self._parent = list(range(size))
        self._group: dict[int, list[int]] = {}
        self._sides = sides

    @property
    def guarded(self) -> bool:
        return bool(self._sides)

    def root(self, index: int) -> int:
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def group(self, root: int) -> list[int]:
        return self._group.get(root) or [root]

    def join(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if self._sides:
            mine, theirs = self._sides.get(a, set()), self._sides.get(b, set())
            if any((number, 1 - side) in theirs for number, side in mine):
                return
            self._sides[a] = self._sides[b] = mine | theirs
        if len(self.group(a)) < len(self.group(b)):
            a, b = b, a
        self._parent[b] = a
        self._group.setdefault(a, [a]).extend(self._group.pop(b, [b]))
