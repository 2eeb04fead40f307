"""Two things side by side: what connects them, who names both, what they share and what only one has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..graph.records import Edge, Node
from ..graph.schema import EDGES
from ..graph.store import Store
from .explain import Reason, reason
from .lookup import Labels, resolve
from .quotations import Quotation, quotations
from .results import ResultRow, results_of
from .rows import EntityRef, PaperRef, Row, entity_ref, fetch, label_of, newest_first, paper_ref


@dataclass(frozen=True, slots=True)
class NamedTogether(Row):
    """A paper with an edge to both, its relation to each, and its words."""

    paper: PaperRef
    relation_a: str
    relation_b: str
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Shared(Row):
    """Over one edge type in one direction: the neighbours of both, of ``a`` alone and of ``b`` alone."""

    type: str
    direction: Literal["out", "in"]
    both: tuple[EntityRef, ...]
    only_a: tuple[EntityRef, ...]
    only_b: tuple[EntityRef, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Row):
    """Two nodes side by side.

    Attributes
    ----------
    direct
        The edges between them.
    papers_a, papers_b
        How many papers have an edge to each.
    together
        The papers that have an edge to both, newest first.
    shared
        Neighbours they share and do not share: benchmarks, hardware, organizations; references for papers.
    results
        The numbers that measure one of them against the other.
    """

    a: EntityRef
    b: EntityRef
    direct: tuple[Reason, ...]
    papers_a: int
    papers_b: int
    together: tuple[NamedTogether, ...]
    shared: tuple[Shared, ...]
    results: tuple[ResultRow, ...]


def compare(store: Store, a: str, b: str, label: Labels = None) -> Comparison:
    """Put two nodes side by side.

    Parameters
    ----------
    store
        The graph.
    a, b
        Names or ids.
    label
        A label, or several, to look among.

    Raises
    ------
    NotFoundError
        The graph lacks one of them.

    Examples
    --------
    >>> both = compare(store, "GPTQ", "AWQ")  # doctest: +SKIP
    >>> both.papers_a, both.papers_b, len(both.together)  # doctest: +SKIP
    (31, 22, 17)
    """
    left, right = resolve(store, a, label), resolve(store, b, label)
    edges_a, edges_b = list(store.edges_of(left.id)), list(store.edges_of(right.id))
    direct = [edge for edge in edges_a if right.id in (edge.source, edge.target)]
    direct.sort(key=lambda edge: (edge.source != left.id, edge.type))
    naming_a, naming_b = _naming(left, edges_a), _naming(right, edges_b)
    together = []
    for paper_id in naming_a.keys() & naming_b.keys():
        paper = fetch(store, paper_id)
        one, two = naming_a[paper_id], naming_b[paper_id]
        quoted = quotations(store, one, paper) + quotations(store, two, paper)
        together.append(NamedTogether(paper_ref(paper), one.type, two.type, quoted))
    together.sort(key=lambda row: newest_first(row.paper))
    return Comparison(
        entity_ref(left),
        entity_ref(right),
        tuple(reason(store, edge) for edge in direct),
        len(naming_a),
        len(naming_b),
        tuple(together),
        tuple(_shared(store, left, edges_a, right, edges_b)),
        tuple(_against(store, left, right, together)),
    )


def _naming(node: Node, edges: list[Edge]) -> dict[str, Edge]:
    """Map the papers with an edge to a node to that edge."""
    return {
        edge.source: edge for edge in edges if edge.target == node.id and label_of(edge.source) == "Paper"
    }


def _shared(store: Store, left: Node, edges_a: list[Edge], right: Node, edges_b: list[Edge]) -> list[Shared]:
    a, b = _ends(left, edges_a), _ends(right, edges_b)
    order = {edge_type: place for place, edge_type in enumerate(EDGES)}
    rows = []
    for key in sorted(a.keys() | b.keys(), key=lambda key: (key[1] == "in", order[key[0]])):
        one, two = a.get(key, set()) - {right.id}, b.get(key, set()) - {left.id}
        if one or two:
            both, only_a, only_b = (_refs(store, ids) for ids in (one & two, one - two, two - one))
            rows.append(Shared(*key, both, only_a, only_b))
    return rows


def _ends(node: Node, edges: list[Edge]) -> dict[tuple[str, Literal["out", "in"]], set[str]]:
    """Group the neighbours of a node; the papers that name it are told elsewhere."""
    ends: dict[tuple[str, Literal["out", "in"]], set[str]] = {}
    for edge in edges:
        if edge.type == "FROM":
            continue
        if edge.source == node.id:
            ends.setdefault((edge.type, "out"), set()).add(edge.target)
        elif label_of(edge.source) != "Paper":
            ends.setdefault((edge.type, "in"), set()).add(edge.source)
    return ends


def _refs(store: Store, ids: set[str]) -> tuple[EntityRef, ...]:
    refs = (entity_ref(fetch(store, node_id)) for node_id in ids)
    return tuple(sorted(refs, key=lambda ref: (ref.name.casefold(), ref.id)))


def _against(store: Store, left: Node, right: Node, together: list[NamedTogether]) -> list[ResultRow]:
    """Return the numbers of the papers that name both which measure one against the other."""
    found = []
    for row in together:
        for result in results_of(store, fetch(store, row.paper.id)):
            of, against = ({ref.id for ref in refs} for refs in (result.of, result.against))
            if (left.id in of and right.id in against) or (right.id in of and left.id in against):
                found.append(result)
    return found
