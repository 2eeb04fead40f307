"""Which papers matter most, by the citations of the graph: PageRank, HITS, counts and cores."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..graph.errors import QueryError
from ..graph.store import Store
from .citation_graph import CitationGraph, citation_graph
from .rows import PaperRef, Row, fetch, paper_ref

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

_DIGITS = 10
"""Significant digits of a score: what is equal but for rounding is equal, and goes by id."""
_PRECISION = 1e-12
_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Ranked(Row):
    """A paper, its place among all that were ranked, and its score.

    Attributes
    ----------
    stub
        Whether the work is known only as a cited work.
    """

    rank: int
    paper: PaperRef
    score: float
    stub: bool

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "rank": self.rank,
            "score": self.score,
            "paper": self.paper.title,
            "year": self.paper.year,
            "id": self.paper.id,
            "stub": self.stub,
        }


def rank(
    store: Store,
    by: str = "pagerank",
    papers: Collection[str] | None = None,
    limit: int | None = 20,
    stubs: bool = True,
) -> list[Ranked]:
    """Rank papers by their citations within the graph.

    Parameters
    ----------
    store
        The graph.
    by
        ``pagerank`` [1]_; ``authorities`` or ``hubs`` [2]_; ``citations``, how often a paper is cited; ``core``, the
        largest k so that it belongs to a group in which everyone is joined by citations to k others [3]_.
    papers
        Ids of papers to which the ranking is to speak. PageRank then starts again at these only [4]_; authorities and
        hubs are sought among them, what they cite and what cites them [2]_; citations count if they come from them;
        cores are those among them. All papers by default.
    limit
        How many papers at most; None for all.
    stubs
        Whether works known only by being cited are listed, too; they count in either case.

    Returns
    -------
    list of Ranked
        The best first; equal scores in the order of ids.

    Raises
    ------
    QueryError
        There is no such ranking.

    Notes
    -----
    A round of PageRank or HITS takes O(n + m) time for n papers and m citations, and some dozens of rounds are
    enough; cores take O(n + m). Citations are those of the graph: what nobody loaded cites nobody. PageRank and
    authorities favour what is old, since a paper can cite only what was there: compare within years.

    References
    ----------
    .. [1] Brin and Page 1998, The anatomy of a large-scale hypertextual Web search engine.
    .. [2] Kleinberg 1999, Authoritative sources in a hyperlinked environment.
    .. [3] Seidman 1983, Network structure and minimum degree; Batagelj and Zaveršnik 2003, An O(m) algorithm for
           cores decomposition of networks.
    .. [4] Haveliwala 2002, Topic-sensitive PageRank.

    Examples
    --------
    >>> rank(store, "pagerank", limit=1)[0].paper.title  # doctest: +SKIP
    'Attention Is All You Need'
    """
    measure = RANKINGS.get(by)
    if measure is None:
        raise QueryError(f"There is no ranking {by!r}; choose among {', '.join(RANKINGS)}.")
    graph, scores = measure(citation_graph(store), papers)
    rounded = [float(f"{score:.{_DIGITS}g}") for score in scores.tolist()]
    order = sorted(range(len(graph)), key=lambda place: (-rounded[place], place))
    listed = [place for place in order if stubs or place not in graph.stubs]
    return [
        Ranked(number, paper_ref(fetch(store, graph.ids[place])), rounded[place], place in graph.stubs)
        for number, place in enumerate(listed[:limit], 1)
    ]


def _pagerank(graph: CitationGraph, papers: Collection[str] | None) -> tuple[CitationGraph, Scores]:
    return graph, pagerank(graph, graph.places(papers) if papers is not None else None)


def pagerank(graph: CitationGraph, start: Collection[int] | None = None, damping: float = 0.85) -> Scores:
    """Return the share of its time that a reader spends at each paper who follows references at random.

    Parameters
    ----------
    graph
        The citations.
    start
        Places at which the reader starts, and starts again with probability ``1 - damping`` and where a paper has no
        references; all papers by default, and where none of the given ones cites or is cited.
    damping
        The probability of following a reference.

    Notes
    -----
    The power method, from the start to a change of less than 1e-12; with damping 0.85 that is at most 170 rounds of
    O(n + m).

    References
    ----------
    Brin and Page 1998, The anatomy of a large-scale hypertextual Web search engine.
    """
    import numpy as np

    size = len(graph)
    if not size:
        return np.zeros(0)
    jump = np.zeros(size)
    jump[sorted(start) if start else slice(None)] = 1.0
    jump /= jump.sum()
    references = np.bincount(graph.citing, minlength=size)
    ends = references == 0
    share = 1.0 / np.maximum(references, 1)
    scores = jump.copy()
    for _ in range(_ROUNDS):
        before = scores
        flow = np.bincount(graph.cited, (before * share)[graph.citing], minlength=size)
        scores = damping * (flow + before[ends].sum() * jump) + (1 - damping) * jump
        if np.abs(scores - before).sum() < _PRECISION:
            break
    return scores


def hits(graph: CitationGraph) -> tuple[Scores, Scores]:
    """Return hub and authority scores, each with the sum 1.

    A good hub cites good authorities, and a good authority is cited by good hubs.

    Notes
    -----
    The power method from equal scores, which tells what it tells also where several communities are equally strong.
    A round is O(n + m); the number of rounds depends on how much stronger the strongest community is than the next,
    and ends at 1,000.

    References
    ----------
    Kleinberg 1999, Authoritative sources in a hyperlinked environment.
    """
    import numpy as np

    size = len(graph)
    hubs = np.full(size, 1.0 / size) if size else np.zeros(0)
    authorities = hubs
    for _ in range(_ROUNDS if len(graph.citing) else 0):
        before = hubs
        authorities = np.bincount(graph.cited, before[graph.citing], minlength=size)
        authorities = authorities / authorities.sum()
        hubs = np.bincount(graph.citing, authorities[graph.cited], minlength=size)
        hubs = hubs / hubs.sum()
        if np.abs(hubs - before).sum() < _PRECISION:
            break
    return hubs, authorities


def _hubs(graph: CitationGraph, papers: Collection[str] | None) -> tuple[CitationGraph, Scores]:
    part = graph if papers is None else graph.around(papers)
    return part, hits(part)[0]


def _authorities(graph: CitationGraph, papers: Collection[str] | None) -> tuple[CitationGraph, Scores]:
    part = graph if papers is None else graph.around(papers)
    return part, hits(part)[1]


def _citations(graph: CitationGraph, papers: Collection[str] | None) -> tuple[CitationGraph, Scores]:
    import numpy as np

    cited = graph.cited
    if papers is not None:
        counts = np.zeros(len(graph), dtype=bool)
        counts[sorted(graph.places(papers))] = True
        cited = cited[counts[graph.citing]]
    return graph, np.bincount(cited, minlength=len(graph)).astype(float)


def _cores(graph: CitationGraph, papers: Collection[str] | None) -> tuple[CitationGraph, Scores]:
    import numpy as np

    part = graph if papers is None else graph.within(papers)
    return part, np.array(part.igraph(directed=False).coreness(), dtype=float)


RANKINGS = {
    "pagerank": _pagerank,
    "authorities": _authorities,
    "hubs": _hubs,
    "citations": _citations,
    "core": _cores,
}
"""What papers can be ranked by."""
