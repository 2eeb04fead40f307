"""Groups of papers that cite one another more than others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..graph.store import Store
from .citation_graph import citation_graph
from .rows import PaperRef, Row, fetch, paper_ref

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Community(Row):
    """A group of papers.

    Attributes
    ----------
    papers
        Its papers, those with the most citations to and from others of the group first.
    citations
        Citations within it.
    """

    number: int
    papers: tuple[PaperRef, ...]
    citations: int

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        more = len(self.papers) - _SHOWN
        return {
            "community": self.number,
            "size": len(self.papers),
            "citations": self.citations,
            "papers": "; ".join(map(str, self.papers[:_SHOWN])) + (f" … {more} more" if more > 0 else ""),
            "ids": "; ".join(paper.id for paper in self.papers),
        }


def communities(
    store: Store,
    papers: Collection[str] | None = None,
    limit: int | None = 20,
    stubs: bool = True,
    seed: int = 0,
) -> list[Community]:
    """Split the papers into communities, by the Louvain method.

    Parameters
    ----------
    store
        The graph.
    papers
        Ids of the only papers to split; all by default.
    limit
        How many communities at most; None for all.
    stubs
        Whether works known only by being cited belong to them.
    seed
        The method visits papers in random order; the same seed gives the same communities.

    Returns
    -------
    list of Community
        The largest first.

    Notes
    -----
    Citations count in either direction. Near O(m) for m citations. Modularity cannot see groups that are small
    against the whole graph (resolution limit): give ``papers`` to look closer.

    References
    ----------
    Blondel, Guillaume, Lambiotte and Lefebvre 2008, Fast unfolding of communities in large networks.
    """
    import igraph  # type: ignore[import-untyped]

    graph = citation_graph(store)
    if not stubs:
        graph = graph.without_stubs()
    if papers is not None:
        graph = graph.within(papers)
    if not len(graph):
        return []
    whole = graph.igraph(directed=False)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        member = whole.community_multilevel().membership
    finally:
        igraph.set_random_number_generator(random)
    degree: Counter[int] = Counter()
    within: Counter[int] = Counter()
    for citing, cited in zip(graph.citing.tolist(), graph.cited.tolist(), strict=True):
        if member[citing] == member[cited]:
            degree[citing] += 1
            degree[cited] += 1
            within[member[citing]] += 1
    groups: dict[int, list[int]] = {}
    for place, group in enumerate(member):
        groups.setdefault(group, []).append(place)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[1]))[:limit]
    return [
        Community(
            number,
            tuple(
                paper_ref(fetch(store, graph.ids[place]))
                for place in sorted(places, key=lambda place: (-degree[place], place))
            ),
            within[group],
        )
        for number, (group, places) in enumerate(ranked, 1)
    ]
