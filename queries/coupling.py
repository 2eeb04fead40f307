"""Papers that belong together because the same papers cite them, or because they cite the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from ..graph.errors import QueryError
from ..graph.store import Store
from .citation_graph import CitationGraph, citation_graph
from .lookup import resolve
from .rows import PaperRef, Row, fetch, paper_ref

By = Literal["co-citation", "coupling"]


@dataclass(frozen=True, slots=True)
class Pair(Row):
    """Two papers and what joins them.

    Attributes
    ----------
    shared
        How many papers cite both (co-citation), or how many works both cite (coupling).
    cosine
        The same as a share of what there could be: ``shared / sqrt(a * b)`` (Salton's cosine).
    """

    one: PaperRef
    other: PaperRef
    shared: int
    cosine: float

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "shared": self.shared,
            "cosine": self.cosine,
            "paper": str(self.one),
            "with": str(self.other),
            "id": self.one.id,
            "with_id": self.other.id,
        }


def strongest_pairs(
    store: Store, by: By = "co-citation", papers: Collection[str] | None = None, limit: int = 20
) -> list[Pair]:
    """List the pairs of papers that share most.

    Parameters
    ----------
    store
        The graph.
    by
        ``co-citation``: cited by the same papers [1]_; ``coupling``: citing the same works (bibliographic coupling
        [2]_).
    papers
        Ids of the only papers whose reference lists count; all by default.
    limit
        How many pairs at most.

    Returns
    -------
    list of Pair
        Those that share most first; equal ones in the order of ids.

    Raises
    ------
    QueryError
        There is no such relation.

    Notes
    -----
    All pairs of all papers would be too many. A pair that shares ``t`` shares one of the rarest ``n - t + 1`` of each
    side (prefix filtering [3]_), so pairs that share less are not made; ``t`` comes down from the largest possible
    until enough pairs are found.

    References
    ----------
    .. [1] Small 1973, Co-citation in the scientific literature.
    .. [2] Kessler 1963, Bibliographic coupling between scientific papers.
    .. [3] Chaudhuri, Ganti and Kaushik 2006, A primitive operator for similarity joins in data cleaning.
    """
    graph = citation_graph(store)
    found = joined(_sets(graph, by, papers), limit)
    return [
        Pair(
            paper_ref(fetch(store, graph.ids[one])), paper_ref(fetch(store, graph.ids[other])), shared, cosine
        )
        for (one, other), shared, cosine in found
    ]


def related(store: Store, paper: str, by: By = "co-citation", limit: int = 20) -> list[Pair]:
    """List the papers that share most with one paper.

    Parameters
    ----------
    store
        The graph.
    paper
        As :func:`~citegraph.queries.resolve` takes it.
    by, limit
        As of :func:`strongest_pairs`.

    Notes
    -----
    Takes time for the references of all that cite it (co-citation), or the citations of all that it cites (coupling).
    """
    node = resolve(store, paper, "Paper")
    graph = citation_graph(store)
    sets = _sets(graph, by, None)
    holders: dict[int, list[int]] = defaultdict(list)
    for place, members in sets.items():
        for member in members:
            holders[member].append(place)
    (mine,) = graph.places([node.id]) or {-1}
    own = sets.get(mine, frozenset())
    counts = Counter(place for member in own for place in holders[member] if place != mine)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [
        Pair(
            paper_ref(node),
            paper_ref(fetch(store, graph.ids[place])),
            shared,
            _cosine(shared, len(own), len(sets[place])),
        )
        for place, shared in best
    ]


def _sets(graph: CitationGraph, by: str, papers: Collection[str] | None) -> dict[int, frozenset[int]]:
    """Return for every paper what it may share with others: the papers that cite it, or the works it cites."""
    if by not in ("co-citation", "coupling"):
        raise QueryError(f"There is no relation {by!r}; choose co-citation or coupling.")
    counted = None if papers is None else graph.places(papers)
    found: dict[int, set[int]] = defaultdict(set)
    for citing, cited in zip(graph.citing.tolist(), graph.cited.tolist(), strict=True):
        if (counted is None or citing in counted) and citing != cited:
            if by == "coupling":
                found[citing].add(cited)
            else:
                found[cited].add(citing)
    return {place: frozenset(members) for place, members in found.items()}


def joined(sets: Mapping[int, frozenset[int]], limit: int) -> list[tuple[tuple[int, int], int, float]]:
    """Return the pairs of sets that share most: their keys, how many members they share, and the cosine."""
    if limit < 1 or len(sets) < 2:
        return []
    frequency = Counter(member for members in sets.values() for member in members)
    rarest = {
        key: sorted(members, key=lambda member: (frequency[member], member)) for key, members in sets.items()
    }
    least = sorted(map(len, sets.values()))[-2]
    while True:
        found = _sharing(sets, rarest, least)
        if len(found) >= limit or least == 1:
            break
        least = max(1, least * 2 // 3)
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [((a, b), shared, _cosine(shared, len(sets[a]), len(sets[b]))) for (a, b), shared in best]


def _sharing(
    sets: Mapping[int, frozenset[int]], rarest: Mapping[int, list[int]], least: int
) -> dict[tuple[int, int], int]:
    """Return all pairs of sets that share at least so many members."""
    found: dict[tuple[int, int], int] = {}
    index: dict[int, list[int]] = defaultdict(list)
    for key in sorted(sets):
        members = sets[key]
        if len(members) < least:
            continue
        near: set[int] = set()
        for member in rarest[key][: len(members) - least + 1]:
            near.update(index[member])
            index[member].append(key)
        for other in near:
            shared = len(members & sets[other])
            if shared >= least:
                found[other, key] = shared
    return found


def _cosine(shared: int, one: int, other: int) -> float:
    return round(shared / sqrt(one * other), 4)
