"""Why does the graph say that these two belong together? Every edge between them, with what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ..graph.errors import NotFoundError, QueryError
from ..graph.records import Edge, Node
from ..graph.schema import ENTITIES, RELATIONS
from ..graph.store import Store
from .lookup import candidates, resolve
from .quotations import Quotation, quotations
from .results import ResultRow, results_of
from .rows import PaperRef, Row, fetch, label_of, newest_first, paper_ref, texts

Basis = Literal["evidence", "citation", "inference", "curated"]


@dataclass(frozen=True, slots=True)
class Witness(Row):
    """A paper an inferred edge is derived from, with its own words about both ends."""

    paper: PaperRef
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Reason(Row):
    """One edge and what it rests on.

    Attributes
    ----------
    source, type, target
        The edge, by the ids of its ends.
    basis
        ``evidence`` quoted from the paper, a ``citation`` some source lists, an ``inference`` from papers, or
        a ``curated`` fact.
    confidence
        How sure the extractor is; None for edges no extractor made.
    sizes, count
        Parameter sizes of the model and number of devices, as the paper states them.
    quotations
        The evidence, each in its sentence.
    sources, raw, contexts, intents
        Of a citation: who lists it, the reference as printed, the sentences that cite it, and what for.
    witnesses
        Of an inference: the papers it is derived from.
    found_by, intents_by
        Of a citation: by which rules the paper was found, and which rules tell what for, if no source does.
    """

    source: str
    type: str
    target: str
    basis: Basis
    confidence: float | None = None
    sizes: tuple[str, ...] = ()
    count: int | None = None
    quotations: tuple[Quotation, ...] = ()
    sources: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    found_by: tuple[str, ...] = ()
    intents_by: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation(Row):
    """All that connects two nodes directly; ``results`` are the paper's numbers that concern the entity."""

    paper: Node
    entity: Node
    reasons: tuple[Reason, ...]
    results: tuple[ResultRow, ...] = ()


def explain(store: Store, paper: str, entity: str) -> Explanation:
    """Show every edge between two nodes and what each rests on.

    Parameters
    ----------
    store
        The graph.
    paper
        Name or id of a paper; also of an entity, where the question is about an inferred or curated edge. A
        name that fits a paper and an entity means the paper if that is connected with ``entity``.
    entity
        Name or id of the other node, which may be a paper too (citations).

    Raises
    ------
    NotFoundError
        One of them is not in the graph, or no edge connects them; the message says what is known of each.
    QueryError
        Several equally good readings of the names are connected; the message names them.

    Examples
    --------
    >>> why = explain(store, "2305.14314", "LoRA")  # doctest: +SKIP
    >>> [(reason.type, reason.quotations[0].marked()) for reason in why.reasons]  # doctest: +SKIP
    [('BUILDS_ON', 'QLoRA backpropagates gradients … into Low Rank Adapters («LoRA»).')]
    """
    rights = [candidates(store, entity, ENTITIES), candidates(store, entity)]
    for label in ("Paper", None):
        lefts = candidates(store, paper, label)
        for right_nodes in rights:
            pairs = _connected(store, lefts, right_nodes)
            if len(pairs) > 1:
                raise QueryError(_several(paper, entity, pairs))
            if pairs:
                return _explanation(store, *pairs[0])
    try:
        left = resolve(store, paper, "Paper")
    except NotFoundError:
        left = resolve(store, paper)
    raise NotFoundError(_unconnected(store, left, resolve(store, entity)))


def _connected(store: Store, lefts: list[Node], rights: list[Node]) -> list[tuple[Node, Node]]:
    """Return the pairs that have an edge between them."""
    pairs: list[tuple[Node, Node]] = []
    for left in lefts if rights else ():
        ends = {edge.target if edge.source == left.id else edge.source for edge in store.edges_of(left.id)}
        pairs += [(left, right) for right in rights if right.id in ends]
    return pairs


def _explanation(store: Store, left: Node, right: Node) -> Explanation:
    between = [edge for edge in store.edges_of(left.id) if {edge.source, edge.target} == {left.id, right.id}]
    between.sort(key=lambda edge: (edge.source != left.id, edge.type))
    reasons = tuple(reason(store, edge) for edge in between)
    results = tuple(row for row in results_of(store, left) if right.id in row.concerns())
    return Explanation(left, right, reasons, results)


def reason(store: Store, edge: Edge) -> Reason:
    """Say what one edge rests on."""
    properties = edge.properties
    confidence, count = properties.get("confidence"), properties.get("count")
    basis: Basis = "curated"
    if properties.get("inferred"):
        basis = "inference"
    elif edge.type == "CITES":
        basis = "citation"
    elif properties.get("evidence"):
        basis = "evidence"
    return Reason(
        edge.source,
        edge.type,
        edge.target,
        basis,
        float(confidence) if isinstance(confidence, (int, float)) else None,
        texts(edge, "sizes"),
        count if isinstance(count, int) else None,
        quotations(store, edge),
        texts(edge, "sources"),
        texts(edge, "raw"),
        texts(edge, "contexts"),
        texts(edge, "intents"),
        tuple(_witnesses(store, edge)),
        texts(edge, "found_by"),
        next(iter(texts(edge, "intents_by")), None),
    )


def _witnesses(store: Store, edge: Edge) -> list[Witness]:
    found = []
    for paper_id in texts(edge, "papers"):
        paper = fetch(store, paper_id)
        quoted: list[Quotation] = []
        for own in store.edges_of(paper.id, "out"):
            if own.target in (edge.source, edge.target):
                quoted += quotations(store, own, paper)
        found.append(
            Witness(paper_ref(paper), tuple(sorted(quoted, key=lambda q: (q.field, q.start, q.end))))
        )
    return sorted(found, key=lambda witness: newest_first(witness.paper))


# --- words for messages ------------------------------------------------------------------------------------


def _several(paper: str, entity: str, pairs: list[tuple[Node, Node]]) -> str:
    offered = "; ".join(f"{left.id} and {right.id}" for left, right in pairs[:5])
    return f"{paper!r} and {entity!r} have several connected readings: {offered}; give ids instead."


def _unconnected(store: Store, left: Node, right: Node) -> str:
    return (
        f"No edge connects {left.label} {left.name!r} ({left.id}) "
        f"with {right.label} {right.name!r} ({right.id}). {_known(store, left)} {_known(store, right)}"
    )


def _known(store: Store, node: Node) -> str:
    """Say in one sentence what the graph knows of a node."""
    out = Counter(edge.type for edge in store.edges_of(node.id, "out"))
    into = Counter(edge.type for edge in store.edges_of(node.id, "in") if label_of(edge.source) == "Paper")
    if node.label == "Paper":
        related = sum(out[relation] for relation in RELATIONS)
        stub = " is known only as a cited work: it" if node.properties.get("stub") else ""
        return (
            f"{node.id}{stub} is connected with {_many(related, 'entity', 'entities')}, "
            f"cites {_many(out['CITES'], 'paper')} and is cited by {_many(into['CITES'], 'paper')}."
        )
    named = sum(into[relation] for relation in RELATIONS)
    return f"{node.id} is named by {_many(named, 'paper')}."


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count or 'no'} {one if count == 1 else more or one + 's'}"
