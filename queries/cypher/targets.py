"""Where a writing query's changes go when it is done: a NetworkX graph, or the local store with its schema.

Each carries out all of it or nothing. Each also tells whether its graph is still the one that was laid out.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4
from weakref import ref

from ...graph.errors import SchemaError, StoreError
from ...graph.identity import person_key, slug, title_key
from ...graph.local import LocalStore
from ...graph.records import Edge, Node
from ...graph.schema import NODES, check_edge, check_node
from .errors import CypherRuntimeError

Attributes = Mapping[str, Any]


@dataclass(slots=True)
class NodeChange:
    """A node to be made or changed: ``held`` is the graph's own dictionary, None for a new node."""

    number: int
    labels: tuple[str, ...]
    properties: Attributes
    held: Attributes | None = None
    relabelled: bool = False


@dataclass(slots=True)
class RelationshipChange:
    """A relationship to be made, changed or dropped, between two nodes by number."""

    number: int
    start: int
    end: int
    type: str
    properties: Attributes
    held: Attributes | None = None


@dataclass(slots=True)
class Delta:
    """The net effect of a query; ``ids`` are those of all nodes by number, and take the ids of new ones."""

    ids: list[Any]
    new_nodes: list[NodeChange] = field(default_factory=list)
    changed_nodes: list[NodeChange] = field(default_factory=list)
    dropped_nodes: list[int] = field(default_factory=list)
    new_relationships: list[RelationshipChange] = field(default_factory=list)
    changed_relationships: list[RelationshipChange] = field(default_factory=list)
    dropped_relationships: list[RelationshipChange] = field(default_factory=list)


@dataclass(slots=True)
class Applied:
    """The graph's own dictionaries of new entities, by number."""

    nodes: dict[int, Attributes] = field(default_factory=dict)
    relationships: dict[int, Attributes] = field(default_factory=dict)


class Target(Protocol):
    """Takes changes, and tells whether the graph has changed behind our back."""

    def fresh_id(self) -> Any:
        """Return the id of a new node, None where it is known at the commit only."""

    def foreseen_id(self, labels: tuple[str, ...], properties: Attributes) -> Any:
        """Return the id that a node gets at the commit if it stays as it is, None where that cannot be told."""

    def apply(self, delta: Delta) -> Applied | None:
        """Carry out the changes, all or nothing; None where the graph has to be laid out anew afterwards."""

    def remember(self) -> None:
        """Take the graph as it is now for the one that is laid out."""

    def is_unchanged(self) -> bool:
        """Tell whether the graph is still the one that was laid out."""


# --- NetworkX ----------------------------------------------------------------------------------------------


class NetworkXTarget:
    """Any NetworkX graph, held weakly.

    New nodes get whole numbers above all others as ids, or random ids where all ids are text. New relationships of
    a multigraph get the key NetworkX gives. Changes are noticed by the cache that NetworkX empties whenever a
    method changes the graph (by the number of nodes and neighbours before NetworkX 3.3); a dictionary of attributes
    that is changed directly goes unnoticed, and so does a view whose filter changes: say so with ``invalidate``.
    """

    def __init__(self, graph: Any) -> None:
        self._graph = ref(graph)
        self._next: int | None = None
        self._texts = False
        self._state: tuple[Any, ...] = ()
        self.remember()

    @property
    def graph(self) -> Any:
        graph = self._graph()
        if graph is None:
            raise StoreError("The graph of this result is gone; keep it for as long as you ask it.")
        return graph

    def fresh_id(self) -> Any:
        if self._next is None:
            numbers = [node for node in self.graph if isinstance(node, (int, float)) and node == node]  # noqa: PLR0124
            self._next = 1 + int(max((n for n in numbers if abs(n) != float("inf")), default=-1))
            self._texts = len(self.graph) > 0 and all(isinstance(node, str) for node in self.graph)
        if self._texts:
            return str(uuid4())
        self._next += 1
        return self._next - 1

    def foreseen_id(self, labels: tuple[str, ...], properties: Attributes) -> None:
        return None

    # --- noticing changes

    def _token(self) -> tuple[Any, ...]:
        graph = self.graph
        root = graph
        while hasattr(root, "_graph"):  # a view
            root = root._graph
        cache = getattr(root, "__networkx_cache__", None)
        if cache is None:
            neighbours = sum(len(near) for _, near in graph.adjacency())
            return len(graph), neighbours
        return len(graph), cache.setdefault("citegraph", object())

    def remember(self) -> None:
        self._state = self._token()

    def is_unchanged(self) -> bool:
        return self._graph() is not None and self._token() == self._state

    # --- writing

    def apply(self, delta: Delta) -> Applied:
        graph, ids = self.graph, delta.ids
        self._check(graph, delta)
        done = Applied()
        for node in delta.new_nodes:
            # Given as dictionaries, since a property may have the name of one of add_node's parameters.
            graph.add_nodes_from([(ids[node.number], {**_labelled({}, node.labels), **node.properties})])
            done.nodes[node.number] = graph.nodes[ids[node.number]]
        multigraph = graph.is_multigraph()
        if not multigraph:
            self._drop_relationships(graph, delta)
        for edge in delta.new_relationships:
            start, end = ids[edge.start], ids[edge.end]
            key = (graph.new_edge_key(start, end),) if multigraph else ()
            attributes = {"type": edge.type, **edge.properties}
            graph.add_edges_from([(start, end, *key, attributes)])
            edges = graph[start][end]
            done.relationships[edge.number] = edges[key[0]] if key else edges
        if multigraph:
            self._drop_relationships(graph, delta)
        graph.remove_nodes_from([ids[number] for number in delta.dropped_nodes])
        changed: list[NodeChange | RelationshipChange] = [
            *delta.changed_nodes,
            *delta.changed_relationships,
        ]
        for change in changed:
            held = change.held
            assert isinstance(held, MutableMapping)
            after = dict(change.properties)
            if isinstance(change, NodeChange) and change.relabelled:
                after = _labelled(after, change.labels)
            held.clear()
            held.update(after)
        getattr(graph, "__networkx_cache__", {}).clear()
        return done

    def _check(self, graph: Any, delta: Delta) -> None:
        import networkx as nx

        if nx.is_frozen(graph):
            raise StoreError(
                "The graph is frozen or a view of another, so it cannot be changed; copy it first."
            )
        if graph.is_multigraph():
            return
        ids, directed = delta.ids, graph.is_directed()

        def pair(edge: RelationshipChange) -> Hashable:
            both = (edge.start, edge.end)
            return both if directed else frozenset(both)

        dropped = {pair(edge) for edge in delta.dropped_relationships}
        taken: set[Hashable] = set()
        for edge in delta.new_relationships:
            ends = pair(edge)
            if ends in taken or (ends not in dropped and graph.has_edge(ids[edge.start], ids[edge.end])):
                raise CypherRuntimeError(
                    f"{type(graph).__name__} holds one relationship between two nodes, and there is one between "
                    f"{ids[edge.start]!r} and {ids[edge.end]!r}; use a MultiDiGraph.",
                    kind="ConstraintVerificationFailed",
                    detail="ParallelRelationship",
                )
            taken.add(ends)

    def _drop_relationships(self, graph: Any, delta: Delta) -> None:
        ids = delta.ids
        keys: dict[tuple[int, int], dict[int, Any]] = {}
        for edge in delta.dropped_relationships:
            start, end = ids[edge.start], ids[edge.end]
            if not graph.is_multigraph():
                graph.remove_edge(start, end)
                continue
            between = keys.get((edge.start, edge.end))
            if between is None:
                between = {id(held): key for key, held in graph[start][end].items()}
                keys[edge.start, edge.end] = between
            graph.remove_edge(start, end, between[id(edge.held)])


def _labelled(attributes: dict[str, Any], labels: tuple[str, ...]) -> dict[str, Any]:
    attributes.pop("labels", None)
    if labels:
        attributes["labels"] = labels[0] if len(labels) == 1 else list(labels)
    return attributes


# --- the local store ---------------------------------------------------------------------------------------


class LocalStoreTarget:
    """The local store, held weakly; the schema refuses what breaks it, before anything is written.

    A new node has one label. Its id is the property ``id`` where that is given (and stays), else
    made as the loaders make it: a Paper's from ``arxiv_id``, ``doi``, ``openalex_id``, ``s2_id`` or ``title``, an
    Author's from ``orcid`` or ``name``, that of every other label from its prefix and ``name``.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = ref(store)
        self._revision = -1
        self._laid_out: Any = store.graph
        self.remember()

    @property
    def store(self) -> LocalStore:
        store = self._store()
        if store is None:
            raise StoreError("The store of this result is closed; keep it for as long as you ask it.")
        return store

    def fresh_id(self) -> None:
        return None

    def foreseen_id(self, labels: tuple[str, ...], properties: Attributes) -> str | None:
        try:
            return _id_of(labels[0], dict(properties)) if len(labels) == 1 else None
        except SchemaError:
            return None

    def remember(self) -> None:
        self._laid_out = self.store.graph
        self._revision = self.store.revision

    def is_unchanged(self) -> bool:
        store = self._store()
        return store is not None and store.graph is self._laid_out and store.revision == self._revision

    def apply(self, delta: Delta) -> Applied | None:
        store, graph = self.store, self._laid_out
        nodes = self._nodes(graph, delta)
        edges = self._edges(graph, delta, nodes)
        ids = delta.ids
        with store.writing():
            # A file that was opened for reading, or that others wrote to, has been read again.
            again = store.graph
            if again is not graph and (again.nodes != graph.nodes or again.adj != graph.adj):
                raise StoreError(
                    f"Another process has changed {store.uri} since the query began; run it again."
                )
            for edge in delta.dropped_relationships:
                store.drop_edge(ids[edge.start], edge.type, ids[edge.end])
            for number in delta.dropped_nodes:
                store.drop_node(ids[number])
            for node in nodes.values():
                store.put_node(node)
            for edge_ in edges.values():
                store.put_edge(edge_)
        for number, node in nodes.items():
            ids[number] = node.id
        if again is not graph:
            return None
        return Applied(
            {change.number: graph.nodes[ids[change.number]] for change in delta.new_nodes},
            {
                edge.number: graph.get_edge_data(ids[edge.start], ids[edge.end], edge.type)
                for edge in delta.new_relationships
            },
        )

    def _nodes(self, graph: Any, delta: Delta) -> dict[int, Node]:
        """Return the nodes to be put, by number, checked against the schema."""
        dropped = {delta.ids[number] for number in delta.dropped_nodes}
        nodes: dict[int, Node] = {}
        taken: set[str] = set()
        for change in (*delta.new_nodes, *delta.changed_nodes):
            if len(change.labels) != 1:
                shown = "".join(f":{label}" for label in change.labels) or "none"
                raise SchemaError(f"A node of a citegraph graph has exactly one label; this one has {shown}.")
            label = change.labels[0]
            properties = {key: value for key, value in change.properties.items() if key != "labels"}
            if change.held is not None:
                node_id = delta.ids[change.number]
            else:
                node_id = _id_of(label, properties)
                if (node_id in graph and node_id not in dropped) or node_id in taken:
                    raise SchemaError(f"There is a node {node_id} already; MATCH or MERGE it instead.")
                taken.add(node_id)
            check_node(node_id, label, properties)
            nodes[change.number] = Node(node_id, label, properties)
        return nodes

    def _edges(self, graph: Any, delta: Delta, nodes: Mapping[int, Node]) -> dict[int, Edge]:
        """Return the edges to be put, by number, checked against the schema; and check those of relabelled nodes."""
        ids = delta.ids
        labels: dict[Any, str] = {node.id: node.label for node in nodes.values()}

        def label_of(node_id: Any) -> str:
            return labels.get(node_id) or str(graph.nodes[node_id]["labels"])

        def end(number: int) -> str:
            return nodes[number].id if number in nodes else str(ids[number])

        gone = {(ids[e.start], e.type, ids[e.end]) for e in delta.dropped_relationships}
        for change in delta.changed_nodes:
            if change.relabelled:
                node_id = ids[change.number]
                for source, target, key, held in (
                    *graph.out_edges(node_id, keys=True, data=True),
                    *graph.in_edges(node_id, keys=True, data=True),
                ):
                    if (source, key, target) not in gone:
                        check_edge(label_of(source), key, label_of(target), _without_type(held))
        edges: dict[int, Edge] = {}
        taken: set[tuple[str, str, str]] = set()
        for edge in (*delta.new_relationships, *delta.changed_relationships):
            source, target = end(edge.start), end(edge.end)
            triple = (source, edge.type, target)
            if edge.held is None:
                if triple in taken or (graph.has_edge(source, target, edge.type) and triple not in gone):
                    raise SchemaError(
                        f"There is an edge {edge.type} from {source} to {target} already, and there is at most one "
                        "of a type between two nodes; MERGE it instead."
                    )
                taken.add(triple)
            properties = _without_type(edge.properties)
            check_edge(label_of(source), edge.type, label_of(target), properties)
            edges[edge.number] = Edge(source, edge.type, target, properties)
        return edges


def _without_type(attributes: Attributes) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key != "type"}


def _id_of(label: str, properties: dict[str, Any]) -> str:
    """Return the id of a new node; a property ``id`` is taken out of its properties."""
    given = properties.pop("id", None)
    if given is not None:
        if not isinstance(given, str):
            raise SchemaError(f"The id of a {label} is text such as {_prefix(label)}:…, not {given!r:.60}.")
        return given
    prefix = _prefix(label)
    if label == "Paper":
        for key in ("arxiv_id", "doi", "openalex_id", "s2_id"):
            if isinstance(properties.get(key), str):
                return f"{key.removesuffix('_id')}:{properties[key]}"
        name = properties.get("title", properties.get("name"))
        if isinstance(name, str) and title_key(name):
            return f"title:{title_key(name)}"
        raise SchemaError("A new Paper needs an id, an arxiv_id, a doi or a title.")
    if label == "Author" and isinstance(properties.get("orcid"), str):
        return f"{prefix}:{properties['orcid']}"
    name = properties.get("name")
    key = (person_key if label == "Author" else slug)(name) if isinstance(name, str) else ""
    if not key:
        raise SchemaError(f"A new {label} needs a name, or an id such as {prefix}:….")
    return f"{prefix}:{key}"


def _prefix(label: str) -> str:
    node_type = NODES.get(label)
    if node_type is None:
        raise SchemaError(f"The schema has no label {label}; it has {', '.join(NODES)}.")
    return node_type.prefix[0]
