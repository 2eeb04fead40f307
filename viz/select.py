"""Which part of a graph goes into a picture, and what to say about the rest.

The choice depends on the graph and the wishes alone: the same graph gives the same picture. A part is grown,
never thinned: beginning at the node with most neighbours (or at ``around``), the best-connected neighbour of
what is already chosen comes next, so that a cut at ``limit`` leaves something connected that holds the hubs.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..graph.errors import NotFoundError, QueryError
from ..graph.records import Edge, Node
from ..graph.schema import NODES
from ..graph.store import Store
from .style import counted
from .text import short_name

DEFAULT_LIMIT = 600
"""As many nodes as a screen shows with room for the names of the important ones."""

OVERVIEW = ("Paper", "Method", "Model", "ModelFamily", "Benchmark", "Hardware", "Task", "Organization")
"""What a picture of a whole graph shows unless told otherwise; people, venues and numbers would bury it."""

NEIGHBOURHOOD = tuple(label for label in NODES if label != "Source")
"""What a picture around one node shows; a source touches every paper it brought and explains none."""

NAMES_KEPT = 12
"""How many names of undrawn neighbours a node keeps for each edge type and direction."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Neighbours of a drawn node that are in the graph but not in the picture."""

    edge_type: str
    outgoing: bool
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class View:
    """What a picture shows.

    Attributes
    ----------
    nodes, edges
        What is drawn, best connected first; every edge lies between two of the nodes.
    degrees
        For each drawn node, how many neighbours of the admitted types it has in the whole graph.
    left_out
        A sentence that says what is not drawn and why; empty if everything is.
    sources
        Names of the inputs the graph was read from.
    undrawn
        For each drawn node, its neighbours outside the picture.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    degrees: Mapping[str, int]
    left_out: str
    around: Node | None = None
    hops: int = 1
    sources: tuple[str, ...] = ()
    undrawn: Mapping[str, tuple[Undrawn, ...]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """A sentence that says what is drawn."""
        if not self.nodes:
            return "Nothing to draw."
        kinds = Counter(node.label for node in self.nodes)
        parts = [counted(kinds[label], label) for label in NODES if kinds[label]]
        parts += [counted(kinds[label], label) for label in sorted(kinds) if label not in NODES]
        listed = " and ".join(", ".join(parts).rsplit(", ", 1))
        relations = f"{len(self.edges):,} relation{'' if len(self.edges) == 1 else 's'}"
        where = ""
        if self.around is not None:
            steps = "one step" if self.hops == 1 else f"{self.hops} steps"
            where = f" within {steps} of {short_name(self.around.name, self.around.label, longest=60)}"
        return f"{listed}{where}, joined by {relations}."


def select(
    store: Store,
    *,
    around: str | None = None,
    hops: int = 1,
    types: Collection[str] | None = None,
    min_degree: int = 0,
    limit: int = DEFAULT_LIMIT,
) -> View:
    """Choose what to draw.

    Parameters
    ----------
    store
        The graph.
    around
        Id of the node to begin at; without it the whole graph is meant.
    hops
        How many edges away from ``around`` a node may be.
    types
        Labels to draw; by default :data:`OVERVIEW`, or :data:`NEIGHBOURHOOD` with ``around``. The node
        ``around`` is drawn whatever its label.
    min_degree
        Fewest neighbours, of the admitted labels and anywhere in the graph, that a node must have.
    limit
        Most nodes to draw.

    Raises
    ------
    NotFoundError
        No node has the id ``around``.
    QueryError
        A type the schema does not know, or a number that makes no sense.

    Notes
    -----
    Without ``around`` every node and edge is looked at once: O(n log n + m). With it, only the neighbourhood.
    """
    admitted = _admitted(types, around)
    if limit < 1:
        raise QueryError(f"The limit is {limit}; a picture needs at least 1 node.")
    if hops < 0:
        raise QueryError(f"{hops} hops is not a distance; give 0 or more.")
    centre = None
    if around is not None:
        centre = store.node(around)
        if centre is None:
            raise NotFoundError(f"There is no node {around!r} in {store.uri}; look its id up by name first.")
        graph = _neighbourhood(store, centre, hops, admitted)
    else:
        graph = _whole(store, admitted)
    fit = {i for i in graph.nodes if graph.degree(i) >= min_degree or (centre and i == centre.id)}
    chosen = list(_grow(graph, fit, limit))
    nodes = tuple(graph.nodes[i] for i in chosen)
    edges, undrawn = _edges_between(store, nodes)
    return View(
        nodes=nodes,
        edges=edges,
        degrees={i: graph.degree(i) for i in chosen},
        left_out=_left_out(store, graph, fit, chosen, admitted, min_degree, limit, centre, hops),
        around=centre,
        hops=hops,
        sources=tuple(sorted(_source_name(node) for node in store.nodes("Source"))),
        undrawn=undrawn,
    )


@dataclass(slots=True)
class _Candidates:
    """Admitted nodes with the ids of their admitted neighbours and their distance from the centre."""

    nodes: dict[str, Node] = field(default_factory=dict)
    neighbours: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    distance: dict[str, int] = field(default_factory=dict)

    def degree(self, node_id: str) -> int:
        return len(self.neighbours.get(node_id, ()))

    def rank(self, node_id: str) -> tuple[int, int, str]:
        """Order of choice: near the centre, then many neighbours, then by id so that ties are settled."""
        return (self.distance.get(node_id, 0), -self.degree(node_id), node_id)


def _admitted(types: Collection[str] | None, around: str | None) -> frozenset[str]:
    if types is None:
        return frozenset(NEIGHBOURHOOD if around is not None else OVERVIEW)
    if isinstance(types, str):
        types = (types,)
    by_lower = {label.lower(): label for label in NODES}
    unknown = sorted(t for t in types if t.lower() not in by_lower)
    if unknown:
        raise QueryError(f"There is no type {unknown[0]!r}; choose among {', '.join(NODES)}.")
    return frozenset(by_lower[t.lower()] for t in types)


def _whole(store: Store, admitted: frozenset[str]) -> _Candidates:
    found = _Candidates()
    found.nodes = {node.id: node for node in store.nodes() if node.label in admitted}
    for edge in store.edges():
        if edge.source in found.nodes and edge.target in found.nodes and edge.source != edge.target:
            found.neighbours[edge.source].add(edge.target)
            found.neighbours[edge.target].add(edge.source)
    return found


def _neighbourhood(store: Store, centre: Node, hops: int, admitted: frozenset[str]) -> _Candidates:
    found = _Candidates(nodes={centre.id: centre}, distance={centre.id: 0})
    ring = [centre.id]
    # One round more than hops: the outermost nodes need their degree too, but bring no node.
    for distance in range(1, hops + 2):
        beyond: list[str] = []
        for node_id in ring:
            for edge in store.edges_of(node_id):
                other = edge.target if edge.source == node_id else edge.source
                if other == node_id or (other != centre.id and _label_of(other) not in admitted):
                    continue
                found.neighbours[node_id].add(other)
                if distance <= hops and other not in found.nodes:
                    node = store.node(other)
                    if node is not None:
                        found.nodes[other] = node
                        found.distance[other] = distance
                        beyond.append(other)
        ring = beyond
    return found


def _label_of(node_id: str) -> str | None:
    """The label an id stands for; reading it off the prefix spares a look-up for every neighbour."""
    return _LABEL_BY_PREFIX.get(node_id.partition(":")[0])


_LABEL_BY_PREFIX = {prefix: label for label, kind in NODES.items() for prefix in kind.prefix}


def _grow(graph: _Candidates, fit: set[str], limit: int) -> Iterator[str]:
    """Yield up to ``limit`` ids: each next one is the best that touches those before, as long as one does."""
    seeds = iter(sorted(fit, key=graph.rank))
    seen: set[str] = set()
    frontier: list[tuple[tuple[int, int, str], str]] = []
    for _ in range(min(limit, len(fit))):
        if frontier:
            node_id = heapq.heappop(frontier)[1]
        else:
            node_id = next(seed for seed in seeds if seed not in seen)
            seen.add(node_id)
        for other in graph.neighbours.get(node_id, ()):
            if other in fit and other not in seen:
                seen.add(other)
                heapq.heappush(frontier, (graph.rank(other), other))
        yield node_id


def _edges_between(
    store: Store, nodes: Iterable[Node]
) -> tuple[tuple[Edge, ...], dict[str, tuple[Undrawn, ...]]]:
    drawn = {node.id for node in nodes}
    edges: list[Edge] = []
    undrawn: dict[str, tuple[Undrawn, ...]] = {}
    for node_id in sorted(drawn):
        others: dict[tuple[str, bool], list[str]] = {}
        ordered = sorted(store.edges_of(node_id), key=_place)
        for edge in ordered:
            outgoing = edge.source == node_id
            other = edge.target if outgoing else edge.source
            if other not in drawn:
                others.setdefault((edge.type, outgoing), []).append(other)
            elif outgoing:
                edges.append(edge)
        if others:
            undrawn[node_id] = tuple(
                Undrawn(edge_type, outgoing, tuple(_names(store, ids[:NAMES_KEPT])), len(ids))
                for (edge_type, outgoing), ids in sorted(others.items())
            )
    edges.sort(key=lambda edge: (edge.source, edge.target, edge.type))
    return tuple(edges), undrawn


def _place(edge: Edge) -> tuple[str, int, str, str]:
    """Authors in their order on the paper, everything else by id."""
    position = edge.properties.get("position", 0)
    return (edge.type, position if isinstance(position, int) else 0, edge.source, edge.target)


def _names(store: Store, ids: Iterable[str]) -> Iterator[str]:
    for node_id in ids:
        node = store.node(node_id)
        yield node.name if node is not None else node_id


def _source_name(node: Node) -> str:
    """The last part of the address: a picture is passed on, and where its maker keeps files is their affair."""
    uri = str(node.properties.get("uri") or node.name)
    return uri.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or uri


def _left_out(
    store: Store,
    graph: _Candidates,
    fit: set[str],
    chosen: list[str],
    admitted: frozenset[str],
    min_degree: int,
    limit: int,
    centre: Node | None,
    hops: int,
) -> str:
    totals = store.counts().nodes
    total = sum(totals.values())
    missing = total - len(chosen)
    if missing <= 0:
        return ""
    reasons = []
    if centre is not None:
        far = total - len(graph.nodes)
        if far:
            reasons.append(f"{far:,} farther than {hops} step{'' if hops == 1 else 's'} or of other types")
    else:
        other = [counted(n, label) for label, n in totals.items() if label not in admitted and n]
        if other:
            reasons.append(f"{', '.join(other)} of types not asked for")
    if few := len(graph.nodes) - len(fit):
        reasons.append(f"{few:,} with fewer than {min_degree} neighbour{'' if min_degree == 1 else 's'}")
    if cut := len(fit) - len(chosen):
        reasons.append(f"{cut:,} with the fewest neighbours, beyond the limit of {limit:,}")
    if len(reasons) == 1:
        reasons = [reasons[0].removeprefix(f"{missing:,} ")]
    return f"Left out: {missing:,} of {total:,} nodes ({'; '.join(reasons)})."
