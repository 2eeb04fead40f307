"""The citations of a graph as arrays, which the algorithms over them read, and the papers about a thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..graph.errors import QueryError
from ..graph.local import LocalStore
from ..graph.store import Store
from .lookup import resolve
from .rows import label_of

if TYPE_CHECKING:
    import igraph  # type: ignore[import-untyped]
    import numpy as np
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Papers that cite or are cited, in the order of their ids, and who cites whom.

    Attributes
    ----------
    ids
        Ids of the papers; all else speaks of them by their places in this list.
    citing, cited
        The two ends of every citation.
    stubs
        Places of the works known only as cited works.
    """

    ids: tuple[str, ...]
    citing: Indices
    cited: Indices
    stubs: frozenset[int]

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, papers: Iterable[str]) -> set[int]:
        """Return the places of papers, as far as they cite or are cited."""
        place = {paper: number for number, paper in enumerate(self.ids)}
        return {place[paper] for paper in papers if paper in place}

    def within(self, papers: Collection[str]) -> CitationGraph:
        """Return the part whose citations both begin and end at some of these papers."""
        import numpy as np

        inside = np.zeros(len(self), dtype=bool)
        inside[sorted(self.places(papers))] = True
        return self._kept(inside[self.citing] & inside[self.cited])

    def around(self, papers: Collection[str]) -> CitationGraph:
        """Return the part made of these papers, what they cite and what cites them."""
        import numpy as np

        inside = np.zeros(len(self), dtype=bool)
        inside[sorted(self.places(papers))] = True
        near = inside.copy()
        near[self.cited[inside[self.citing]]] = True
        near[self.citing[inside[self.cited]]] = True
        return self._kept(near[self.citing] & near[self.cited])

    def without_stubs(self) -> CitationGraph:
        """Return the part among papers with a record of their own."""
        import numpy as np

        inside = np.ones(len(self), dtype=bool)
        inside[sorted(self.stubs)] = False
        return self._kept(inside[self.citing] & inside[self.cited])

    def _kept(self, edges: Any) -> CitationGraph:
        import numpy as np

        citing, cited = self.citing[edges], self.cited[edges]
        used = np.unique(np.concatenate([citing, cited]))
        place = np.full(len(self), -1, dtype=np.int64)
        place[used] = np.arange(len(used))
        ids = tuple(self.ids[number] for number in used)
        stubs = frozenset(int(place[number]) for number in self.stubs if place[number] >= 0)
        return CitationGraph(ids, place[citing], place[cited], stubs)

    def igraph(self, *, directed: bool = True) -> igraph.Graph:
        """Return the graph as igraph knows it; without direction, two papers that cite each other have one edge."""
        import igraph

        graph = igraph.Graph(
            n=len(self),
            edges=list(zip(self.citing.tolist(), self.cited.tolist(), strict=True)),
            directed=directed,
        )
        return graph if directed else graph.simplify()


def citation_graph(store: Store) -> CitationGraph:
    """Read the citations of a graph.

    Notes
    -----
    Takes O(n log n + m) time for n papers and m citations.
    """
    import numpy as np

    ends = _ends(store)
    ids = sorted({paper for end in ends for paper in end})
    place = {paper: number for number, paper in enumerate(ids)}
    pairs = sorted((place[one], place[other]) for one, other in ends)
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    stubs = {node.id for node in store.nodes("Paper") if node.properties.get("stub")}
    return CitationGraph(
        tuple(ids), both[:, 0].copy(), both[:, 1].copy(), frozenset(place[s] for s in stubs if s in place)
    )


def _ends(store: Store) -> list[tuple[str, str]]:
    if isinstance(store, LocalStore):  # as an Edge each would cost five times as much
        return [(one, other) for one, other, kind in store.graph.edges(keys=True) if kind == "CITES"]
    return [(edge.source, edge.target) for edge in store.edges("CITES")]


def papers_about(store: Store, name: str) -> frozenset[str]:
    """Return the papers about something: those with an edge to it, whatever it is; for a paper, itself.

    Parameters
    ----------
    store
        The graph.
    name
        As :func:`~citegraph.queries.resolve` takes it.

    Raises
    ------
    NotFoundError
        Nothing answers to that name.
    QueryError
        No paper speaks of it.
    """
    node = resolve(store, name)
    if node.label == "Paper":
        return frozenset([node.id])
    papers = frozenset(
        edge.source for edge in store.edges_of(node.id, "in") if label_of(edge.source) == "Paper"
    )
    if not papers:
        raise QueryError(f"No paper of the graph speaks of {node.name!r} ({node.id}).")
    return papers
