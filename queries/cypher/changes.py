"""What a writing query has done so far, and how it is carried over to the graph it came from."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .errors import CypherRuntimeError
from .values import Node, Path, Relationship

if TYPE_CHECKING:
    from .layout import Layout


def deleted_access(what: str) -> CypherRuntimeError:
    """Return the error of touching what the same query has deleted."""
    return CypherRuntimeError(
        f"This {what} has been deleted.", kind="EntityNotFound", detail="DeletedEntityAccess"
    )


def storable(key: str, value: Any) -> Any:
    """Return a value as a property keeps it; maps and entities are refused."""
    items = value if isinstance(value, (list, tuple)) else (value,)
    if any(isinstance(item, (dict, list, tuple, Node, Relationship, Path)) for item in items):
        raise CypherRuntimeError(
            f"The property {key} cannot hold {value!r:.60}.", detail="InvalidPropertyType"
        )
    return list(value) if isinstance(value, (list, tuple)) else value


class Changes:
    """Which entities a query has made, changed and deleted, and the counts it reports."""

    def __init__(self) -> None:
        self.nodes_created: dict[int, None] = {}
        self.nodes_deleted: dict[int, None] = {}
        self.nodes_changed: dict[int, None] = {}
        self.relationships_created: dict[int, None] = {}
        self.relationships_deleted: dict[int, None] = {}
        self.relationships_changed: dict[int, None] = {}
        self.labels_added = self.labels_removed = self.properties_set = 0

    def __bool__(self) -> bool:
        return any(
            (
                self.nodes_created, self.nodes_deleted, self.nodes_changed, self.relationships_created,
                self.relationships_deleted, self.relationships_changed,
            )
        )  # fmt: skip

    def counters(self) -> dict[str, int]:
        """Return what has been done as counts, those of nothing left out."""
        counts = {
            "nodes_created": len(self.nodes_created),
            "nodes_deleted": len(self.nodes_deleted),
            "relationships_created": len(self.relationships_created),
            "relationships_deleted": len(self.relationships_deleted),
            "labels_added": self.labels_added,
            "labels_removed": self.labels_removed,
            "properties_set": self.properties_set,
        }
        return {name: count for name, count in counts.items() if count}

    def new_id(self, number: int) -> str:
        """Return an id that no graph has yet."""
        return f"new:{uuid.uuid4().hex}"

    def node_created(self, number: int, labels: tuple[str, ...], properties: Mapping[str, Any]) -> None:
        """Note a new node."""
        self.nodes_created[number] = None
        self.labels_added += len(labels)
        self.properties_set += len(properties)

    def relationship_created(self, number: int, properties: Mapping[str, Any]) -> None:
        """Note a new relationship."""
        self.relationships_created[number] = None
        self.properties_set += len(properties)

    def node_deleted(self, number: int) -> None:
        """Note that a node is gone."""
        self.nodes_deleted[number] = None

    def relationship_deleted(self, number: int) -> None:
        """Note that a relationship is gone."""
        self.relationships_deleted[number] = None

    def relabelled(self, number: int, added: int, removed: int) -> None:
        """Note that a node has other labels."""
        self.nodes_changed[number] = None
        self.labels_added += added
        self.labels_removed += removed

    def assign(
        self, what: str, number: int, attributes: dict[str, Any], key: str, value: Any
    ) -> dict[str, Any]:
        """Return attributes with a property set, or removed where the value is null; the old ones stay as they are."""
        if value is None and key not in attributes:
            return attributes
        (self.nodes_changed if what == "node" else self.relationships_changed)[number] = None
        self.properties_set += 1
        left = {name: held for name, held in attributes.items() if name != key}
        return left if value is None else {**left, key: storable(key, value)}


def target_of(graph: Any) -> Any:
    """Return what carries changes over to a graph: a local store, or NetworkX itself."""
    return StoreTarget(graph) if hasattr(graph, "put_node") else NetworkXTarget(graph)


class NetworkXTarget:
    """Writes to a NetworkX graph."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph

    def apply(self, layout: Layout) -> None:
        """Carry all changes over; nothing in it can fail half-way."""
        graph, changes = self.graph, layout.changes
        for number in [*changes.nodes_created, *changes.nodes_changed]:
            if number not in changes.nodes_deleted:
                node = layout.node_id(number)
                graph.add_node(node)
                graph.nodes[node].clear()
                graph.nodes[node].update(layout.raw_node(number))
        for number in changes.relationships_created:
            if number not in changes.relationships_deleted:
                start, end = map(layout.node_id, layout.relationship_ends(number))
                graph.add_edge(start, end, **layout.raw_relationship(number)[1])
        for number in changes.relationships_changed:
            if number not in changes.relationships_deleted and number not in changes.relationships_created:
                start, end = map(layout.node_id, layout.relationship_ends(number))
                key, attributes = layout.raw_relationship(number)
                held = graph.edges[start, end, key] if graph.is_multigraph() else graph.edges[start, end]
                held.clear()
                held.update(attributes)
        # What goes goes last, so that nothing new takes its key.
        for number in changes.relationships_deleted:
            if number not in changes.relationships_created:
                self._remove(layout, number)
        for number in changes.nodes_deleted:
            if number not in changes.nodes_created:
                graph.remove_node(layout.node_id(number))

    def _remove(self, layout: Layout, number: int) -> None:
        start, end = map(layout.node_id, layout.relationship_ends(number))
        key, _ = layout.raw_relationship(number)
        if self.graph.is_multigraph():
            self.graph.remove_edge(start, end, key)
        else:
            self.graph.remove_edge(start, end)


class StoreTarget:
    """Writes to a local store, which refuses what its schema does not allow.

    A new node is known by its property ``id`` where it has one, else by the prefix of its label and its name.
    """

    def __init__(self, store: Any) -> None:
        self.store = store

    def apply(self, layout: Layout) -> None:
        """Carry all changes over in one transaction."""
        from ...graph.identity import slug
        from ...graph.records import Edge
        from ...graph.records import Node as StoredNode
        from ...graph.schema import NODES

        store, changes = self.store, layout.changes
        names: dict[int, str] = {}

        def name(number: int) -> str:
            return names.get(number) or str(layout.node_id(number))

        with store.writing():
            for number in changes.relationships_deleted:
                if number not in changes.relationships_created:
                    start, end = layout.relationship_ends(number)
                    store.drop_edge(name(start), layout.relationship_type(number), name(end))
            for number in changes.nodes_deleted:
                if number not in changes.nodes_created:
                    store.drop_node(name(number))
            for number in [*changes.nodes_created, *changes.nodes_changed]:
                if number in changes.nodes_deleted:
                    continue
                attributes = dict(layout.raw_node(number))
                labels = attributes.pop("labels", ())
                label = labels if isinstance(labels, str) else "&".join(labels)
                if number in changes.nodes_created:
                    prefix = NODES[label].prefix[-1] if label in NODES else label
                    names[number] = str(
                        attributes.pop("id", f"{prefix}:{slug(str(attributes.get('name', '')))}")
                    )
                store.put_node(StoredNode(name(number), label, attributes))
            for number in [*changes.relationships_created, *changes.relationships_changed]:
                if number in changes.relationships_deleted:
                    continue
                start, end = layout.relationship_ends(number)
                attributes = dict(layout.raw_relationship(number)[1])
                edge_type = str(attributes.pop("type", ""))
                store.put_edge(Edge(name(start), edge_type, name(end), attributes))
