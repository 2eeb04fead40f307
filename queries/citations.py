"""Which works are cited most, by all papers or by those of one line of work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..graph.records import Edge
from ..graph.store import Store
from .rows import PaperRef, Row, fetch, newest_first, paper_ref, texts


@dataclass(frozen=True, slots=True)
class CitedWork(Row):
    """A work, how often it is cited, by whom and in what words.

    Attributes
    ----------
    stub
        Whether the work is known only as a cited work.
    cited_by
        The citing papers, newest first.
    contexts
        The sentences that cite it, where a source gives them.
    """

    paper: PaperRef
    citations: int
    stub: bool
    cited_by: tuple[PaperRef, ...]
    contexts: tuple[str, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "citations": self.citations,
            "paper": self.paper.title,
            "year": self.paper.year,
            "id": self.paper.id,
            "stub": self.stub,
            "cited_by": "; ".join(map(str, self.cited_by[:3])) + (" …" if self.citations > 3 else ""),
        }


def most_cited(
    store: Store, limit: int = 20, by: Collection[str] | None = None, stubs: bool = True
) -> list[CitedWork]:
    """List the most cited works of the graph.

    Parameters
    ----------
    store
        The graph.
    limit
        How many works at most.
    by
        Ids of the only papers whose citations count; all papers by default.
    stubs
        Whether works known only by being cited are listed too.

    Notes
    -----
    Citations are those within the graph: a work cited by a million papers that nobody loaded has none.

    Examples
    --------
    >>> most_cited(store, limit=1)[0].paper.title  # doctest: +SKIP
    'Attention Is All You Need'
    """
    citing: dict[str, list[Edge]] = {}
    if by is None:
        for edge in store.edges("CITES"):
            citing.setdefault(edge.target, []).append(edge)
    else:
        for paper_id in sorted(set(by)):
            for edge in store.edges_of(paper_id, "out", "CITES"):
                citing.setdefault(edge.target, []).append(edge)
    works: list[CitedWork] = []
    for target in sorted(citing, key=lambda one: (-len(citing[one]), one)):
        if len(works) >= limit:
            break
        work = fetch(store, target)
        stub = bool(work.properties.get("stub"))
        if stub and not stubs:
            continue
        edges = citing[target]
        citers = sorted((paper_ref(fetch(store, edge.source)) for edge in edges), key=newest_first)
        contexts = [
            text for edge in sorted(edges, key=lambda e: e.source) for text in texts(edge, "contexts")
        ]
        works.append(CitedWork(paper_ref(work), len(edges), stub, tuple(citers), tuple(contexts)))
    return works
