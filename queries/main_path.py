"""The main path through a citation network: the line of papers along which most of its knowledge came down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..graph.store import Store
from .citation_graph import CitationGraph, citation_graph
from .rows import PaperRef, Row, fetch, paper_ref


@dataclass(frozen=True, slots=True)
class PathStep(Row):
    """A step of the main path.

    Attributes
    ----------
    papers
        The paper; several where they cite one another in a circle.
    weight
        The share of all search paths that go on from here to the next step; 0.0 at the end.
    """

    step: int
    papers: tuple[PaperRef, ...]
    weight: float

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "step": self.step,
            "weight": self.weight,
            "paper": "; ".join(paper.title for paper in self.papers),
            "year": max((paper.year for paper in self.papers if paper.year), default=None),
            "id": "; ".join(paper.id for paper in self.papers),
        }


def main_path(store: Store, papers: Collection[str] | None = None, stubs: bool = False) -> list[PathStep]:
    """Return the main path, from the oldest work to the newest.

    A search path leads from a work that cites nobody of the network along citations to one that nobody cites. The
    weight of a citation is how many search paths use it (search path count, SPC); the main path is the one whose
    weights have the largest sum.

    Parameters
    ----------
    store
        The graph.
    papers
        Ids of the papers that make the network; all by default.
    stubs
        Whether works known only by being cited belong to it.

    Returns
    -------
    list of PathStep
        Empty where nobody cites anybody. Of several paths of the same weight, the one through the smaller ids.

    Notes
    -----
    Papers that cite one another in a circle are one step. Takes O(n + m) operations on whole numbers, which grow
    with the number of paths: in a deep network they have hundreds of digits.

    References
    ----------
    Hummon and Doreian 1989, Connectivity in a citation network: the development of DNA theory. Batagelj 2003,
    Efficient algorithms for citation network analysis (SPC; circles condensed). Liu and Lu 2012, An integrated
    approach for main path analysis (the path of the largest sum).

    Examples
    --------
    >>> [str(step.papers[0]) for step in main_path(store)][:1]  # doctest: +SKIP
    ['Attention Is All You Need (2017)']
    """
    graph = citation_graph(store)
    if not stubs:
        graph = graph.without_stubs()
    if papers is not None:
        graph = graph.within(papers)
    if not len(graph):
        return []
    groups, later, total, paths = _network(graph)
    chain = _heaviest(later, paths)
    steps = []
    for number, group in enumerate(chain, 1):
        weight = 0.0
        if number < len(chain):
            weight = round(paths[0][group] * paths[1][chain[number]] / total, 6)
        refs = tuple(paper_ref(fetch(store, graph.ids[place])) for place in groups[group])
        steps.append(PathStep(number, refs, weight))
    return steps


def search_path_counts(graph: CitationGraph) -> dict[tuple[int, int], int]:
    """Return how many search paths use each citation, as pairs of cited and citing groups; see :func:`main_path`.

    Groups are numbered from the oldest on, so that every citation leads to a smaller number.
    """
    _, later, _, (before, after) = _network(graph)
    return {(one, other): before[one] * after[other] for one, others in enumerate(later) for other in others}


def _network(
    graph: CitationGraph,
) -> tuple[list[list[int]], list[list[int]], int, tuple[list[int], list[int]]]:
    """Return groups of papers, which groups cite each, the number of search paths, and those before and after."""
    whole = graph.igraph()
    member = whole.connected_components(mode="strong").membership
    whole.contract_vertices(member)
    order: list[int] = whole.simplify().topological_sorting(mode="in")
    place = {group: number for number, group in enumerate(order)}
    groups: list[list[int]] = [[] for _ in order]
    for paper, group in enumerate(member):
        groups[place[group]].append(paper)
    links = {
        (place[member[cited]], place[member[citing]])
        for citing, cited in zip(graph.citing.tolist(), graph.cited.tolist(), strict=True)
        if member[citing] != member[cited]
    }
    later: list[list[int]] = [[] for _ in order]
    earlier: list[list[int]] = [[] for _ in order]
    for cited, citing in sorted(links, key=lambda link: (groups[link[0]], groups[link[1]])):
        later[cited].append(citing)
        earlier[citing].append(cited)
    before, after = [0] * len(order), [0] * len(order)
    for group in range(len(order)):
        before[group] = sum(before[other] for other in earlier[group]) or 1
    for group in reversed(range(len(order))):
        after[group] = sum(after[other] for other in later[group]) or 1
    total = sum(before[group] for group in range(len(order)) if not later[group] and earlier[group])
    return groups, later, total or 1, (before, after)


def _heaviest(later: list[list[int]], paths: tuple[list[int], list[int]]) -> list[int]:
    """Return the path of the largest sum of weights; the first of its kind where several are."""
    before, after = paths
    best: list[tuple[int, int | None]] = [(0, None)] * len(later)
    for group in reversed(range(len(later))):
        for other in later[group]:
            weight = before[group] * after[other] + best[other][0]
            if weight > best[group][0]:
                best[group] = weight, other
    at: int | None = max(range(len(later)), key=lambda group: best[group][0])
    chain = []
    while at is not None:
        chain.append(at)
        at = best[at][1]
    return chain
