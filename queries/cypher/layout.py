"""The graph as arrays: what the operators read, and where the changes of a writing query show.

Nodes and relationships are numbers. Nodes and their labels are laid out at once, relationships, adjacency, columns
and indexes when first asked for. A layout does not keep the graph alive, only its dictionaries of attributes.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable, Iterable, Mapping
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ...graph.errors import StoreError
from ...graph.local import LocalStore
from .adjacency import Adjacency, Codes, Direction
from .arrays import Growing
from .batch import Bools, Ints
from .changes import Changes, Writing, deleted_access
from .columns import Columns, Objects
from .edges import read_edges
from .labels import Labels, fits
from .syntax import Label, LabelExpression
from .targets import Delta, LocalStoreTarget, NetworkXTarget, NodeChange, RelationshipChange, Target


class TypeCounts:
    """Relationship types by number, and how many relationships have each."""

    def __init__(self, names: list[str], counts: list[int]) -> None:
        self.names, self.counts = names, counts
        self.codes = {name: code for code, name in enumerate(names)}

    def number(self, name: str) -> int:
        """Return the number of a type, a new one if need be."""
        code = self.codes.setdefault(name, len(self.names))
        if code == len(self.names):
            self.names.append(name)
            self.counts.append(0)
        return code

    def of(self, name: str) -> int:
        """Count the relationships of a type."""
        code = self.codes.get(name)
        return 0 if code is None else self.counts[code]

    def present(self) -> list[str]:
        """Return the types that some relationship has."""
        return [name for name, count in zip(self.names, self.counts, strict=True) if count]


class Layout:
    """A graph laid out for queries.

    Parameters
    ----------
    graph
        A :class:`~citegraph.graph.local.LocalStore`, or any NetworkX graph: the node attribute ``labels`` (a string
        or a collection) and the edge attribute ``type`` carry labels and relationship type, every other attribute
        is a property; a node of a LocalStore has its id as property ``id``, too. Undirected edges lead from the
        node that NetworkX names first.

    Notes
    -----
    All arrays returned are to be left as they are. ``-1`` is null: it has no labels and no relationships.
    """

    def __init__(self, graph: Any) -> None:
        self._target: Target
        shows_ids = isinstance(graph, LocalStore)
        if shows_ids:
            self._target = LocalStoreTarget(graph)
            graph = graph.graph
        else:
            self._target = NetworkXTarget(graph)
        held = dict(graph.nodes.data())
        self._ids: list[Any] = list(held)
        self._index: dict[Any, int] | None = None
        attributes: list[Mapping[str, Any]] = list(held.values())
        self.nodes = Columns(attributes, "labels", self._ids if shows_ids else None, self._foreseen_id)
        self.labels_of_nodes = Labels([row.get("labels") for row in attributes])
        # The dictionaries alone: the graph itself would keep itself alive through the layout kept for it.
        self._unread: Mapping[Hashable, Any] | None = graph._adj
        self._directed, self._multigraph = graph.is_directed(), graph.is_multigraph()
        self._adjacency: Adjacency | None = None
        self._reading = RLock()
        self._relationships = Columns([], "type")
        self._types = TypeCounts([], [])
        self._writing = Writing(self, self._target.fresh_id)
        self._far_labels: dict[tuple[Codes, Direction], frozenset[int]] = {}

    # --- relationships are read at first use ---------------------------------------------------------------

    @property
    def adjacency(self) -> Adjacency:
        """The relationships as arrays."""
        if self._adjacency is None:
            with self._reading:  # several threads may ask at once
                if self._adjacency is None:
                    self._adjacency = self._read()
        return self._adjacency

    @property
    def relationships(self) -> Columns:
        """The properties of the relationships."""
        _ = self.adjacency
        return self._relationships

    @property
    def type_counts(self) -> TypeCounts:
        """The types of the relationships."""
        _ = self.adjacency
        return self._types

    def _read(self) -> Adjacency:
        assert self._unread is not None
        collecting = gc.isenabled()
        gc.disable()  # nothing made here is garbage
        try:
            edges = read_edges(
                self._unread, self._numbers(), directed=self._directed, multigraph=self._multigraph
            )
        finally:
            if collecting:
                gc.enable()
        self._unread = None
        self._relationships = Columns(edges.attributes, "type")
        self._types = TypeCounts(edges.names, np.bincount(edges.types, minlength=len(edges.names)).tolist())
        return Adjacency(self.node_count, edges.sources, edges.targets, edges.types)

    def _numbers(self) -> dict[Any, int]:
        if self._index is None:
            self._index = {node_id: number for number, node_id in enumerate(self._ids) if node_id is not None}
        return self._index

    def _foreseen_id(self, number: int) -> Any:
        return self._target.foreseen_id(self.node_labels(number), self.nodes.attributes[number])

    # --- entities ------------------------------------------------------------------------------------------

    @property
    def node_count(self) -> int:
        """How many nodes there are, deleted ones included."""
        return len(self._ids)

    @property
    def relationship_count(self) -> int:
        """How many relationships there are, deleted ones included."""
        return self.adjacency.count

    def node_id(self, number: int) -> Any:
        """Return the key the graph knows a node by; None for one that the store will name at the commit."""
        return self._ids[number]

    def node_index(self, node_id: Any) -> int | None:
        """Return the number of a node, None where the graph has no such node."""
        try:
            number = self._numbers().get(node_id)
        except TypeError:  # not hashable
            return None
        return None if number is None or self.node_deleted(number) else number

    def node_labels(self, number: int) -> tuple[str, ...]:
        """Return the labels of a node in alphabetical order; those of a deleted node stay known."""
        return self.labels_of_nodes.of(number)

    def node_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a node.

        Raises
        ------
        CypherRuntimeError
            The running query has deleted it. After the commit a deleted node shows what it held last.
        """
        pending = self._writing.pending()
        if pending is not None and number in pending.nodes_deleted:
            raise deleted_access("node")
        return self.nodes.properties(number)

    def relationship_type(self, number: int) -> str:
        """Return the type of a relationship, a deleted one too."""
        return self.type_counts.names[int(self.adjacency.types.view[number])]

    def relationship_ends(self, number: int) -> tuple[int, int]:
        """Return the nodes a relationship leads from and to."""
        adjacency = self.adjacency
        return int(adjacency.sources.view[number]), int(adjacency.targets.view[number])

    def relationship_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a relationship; see :meth:`node_properties`."""
        pending = self._writing.pending()
        if pending is not None and number in pending.relationships_deleted:
            raise deleted_access("relationship")
        return self.relationships.properties(number)

    def node_deleted(self, number: int) -> bool:
        """Tell whether a node has been deleted."""
        return not self.labels_of_nodes.alive.view[number]

    def relationship_deleted(self, number: int) -> bool:
        """Tell whether a relationship has been deleted."""
        return not self.adjacency.alive.view[number]

    # --- all of them, or those of a label or type ----------------------------------------------------------

    def all_nodes(self) -> Ints:
        """Return all nodes."""
        return self.labels_of_nodes.nodes(None)

    def all_relationships(self) -> Ints:
        """Return all relationships."""
        return np.flatnonzero(self.adjacency.alive.view)

    def nodes_with(self, labels: LabelExpression | None) -> Ints:
        """Return the nodes that satisfy a label expression, in ascending order."""
        return self.labels_of_nodes.nodes(labels)

    def has_labels(self, nodes: Ints, labels: LabelExpression | None) -> Bools:
        """Tell for every node whether it satisfies a label expression."""
        return self.labels_of_nodes.match(nodes, labels)

    def relationship_types_match(self, relationships: Ints, types: LabelExpression) -> Bools:
        """Tell for every relationship whether its type satisfies an expression; null (-1) does not."""
        adjacency = self.adjacency
        if not len(relationships) or not adjacency.count:
            return np.zeros(len(relationships), dtype=np.bool_)
        table = np.array([fits(types, (name,)) for name in self._types.names], dtype=np.bool_)
        found: Bools = table[adjacency.types.view[relationships]] & (relationships >= 0)
        return found

    def type_set(self, types: LabelExpression | None) -> tuple[str, ...] | None:
        """Return the types the graph has that satisfy an expression; None where any does, for there is none."""
        if types is None:
            return None
        return tuple(sorted(name for name in self.type_counts.present() if fits(types, (name,))))

    def label_count(self, label: str) -> int:
        """Count the nodes of a label."""
        return self.labels_of_nodes.count(label)

    def type_count(self, name: str) -> int:
        """Count the relationships of a type."""
        return self.type_counts.of(name)

    def labels(self) -> frozenset[str]:
        """Return the labels that some node has."""
        return self.labels_of_nodes.present()

    def types(self) -> frozenset[str]:
        """Return the types that some relationship has; none stands for relationships without a type."""
        return frozenset(name for name in self.type_counts.present() if name)

    def property_keys(self) -> frozenset[str]:
        """Return the keys of all properties, of nodes and relationships, that there are or were."""
        return self.nodes.keys() | self.relationships.keys()

    # --- following relationships ---------------------------------------------------------------------------

    def _codes(self, types: Iterable[str] | None) -> Codes:
        if types is None:
            return None
        codes = self.type_counts.codes
        return tuple(sorted(codes[name] for name in {*types} & codes.keys()))

    def expand(
        self, sources: Ints, types: Iterable[str] | None, direction: Direction
    ) -> tuple[Ints, Ints, Ints]:
        """Follow every relationship of every source.

        Returns
        -------
        row, neighbour, relationship
            For each step the place of its source in ``sources`` (ascending), the node at the other end, and the
            relationship; a self-loop once, also for ``both``.
        """
        return self.adjacency.expand(sources, self._codes(types), direction)

    def expand_into(
        self, sources: Ints, targets: Ints, types: Iterable[str] | None, direction: Direction
    ) -> tuple[Ints, Ints]:
        """Return row and relationship for every relationship from a source to the target of the same row."""
        return self.adjacency.expand_into(sources, targets, self._codes(types), direction)

    def degree(self, sources: Ints, types: Iterable[str] | None, direction: Direction) -> Ints:
        """Return how many relationships every source has."""
        return self.adjacency.degree(sources, self._codes(types), direction)

    def leads_only_to(
        self, types: Iterable[str] | None, direction: Direction, labels: LabelExpression
    ) -> bool:
        """Tell whether every relationship of the types leads, that way, to a node that satisfies an expression."""
        codes = self._codes(types)
        known = self._far_labels.get((codes, direction))
        if known is None:
            adjacency = self.adjacency
            ends = {"out": (adjacency.targets,), "in": (adjacency.sources,)}.get(
                direction, (adjacency.sources, adjacency.targets)
            )
            there = slice(None) if codes is None else np.flatnonzero(np.isin(adjacency.types.view, codes))
            known = frozenset(
                code
                for end in ends
                for code in np.flatnonzero(
                    np.bincount(self.labels_of_nodes.codes.view[end.view[there]])
                ).tolist()
            )
            self._far_labels[codes, direction] = known
        return all(fits(labels, self.labels_of_nodes.sets[code]) for code in known)

    def attached(self, node: int) -> Ints:
        """Return the relationships of a node, of all types and both directions."""
        return self.adjacency.expand(np.array([node], dtype=np.int64), None, "both")[2]

    def starts(self, relationships: Ints) -> Ints:
        """Return the nodes that relationships lead from; null for null."""
        return _ends(self.adjacency.sources, relationships)

    def ends(self, relationships: Ints) -> Ints:
        """Return the nodes that relationships lead to; null for null."""
        return _ends(self.adjacency.targets, relationships)

    # --- properties ----------------------------------------------------------------------------------------

    def node_column(self, key: str) -> Objects:
        """Return a property of all nodes by number, None where there is none."""
        return self.nodes.column(key)

    def relationship_column(self, key: str) -> Objects:
        """Return a property of all relationships by number, None where there is none."""
        return self.relationships.column(key)

    def lookup(self, label: str | None, key: str, value: Any) -> Ints:
        """Return the nodes of a label whose property equals a value, in ascending order.

        The index is made at the first question for a key: one for all labels.
        """
        found = self.nodes.lookup(key, value)
        if label is not None:
            return found[self.labels_of_nodes.match(found, Label(label))]
        return found[self.labels_of_nodes.match(found, None)] if self.labels_of_nodes.deleted else found

    # --- writing: see changes.Writing ----------------------------------------------------------------------

    @property
    def changes(self) -> Changes:
        """Counts of what the running query has changed."""
        return self._writing.changes

    def create_node(self, labels: Iterable[str], properties: Mapping[str, Any]) -> int:
        """Make a node and return its number."""
        return self._writing.create_node(labels, properties)

    def create_relationship(self, name: str, start: int, end: int, properties: Mapping[str, Any]) -> int:
        """Make a relationship and return its number."""
        return self._writing.create_relationship(name, start, end, properties)

    def delete_node(self, number: int) -> None:
        """Delete a node, whose relationships must have been deleted before."""
        self._writing.delete_node(number)

    def delete_relationship(self, number: int) -> None:
        """Delete a relationship."""
        self._writing.delete_relationship(number)

    def set_node_property(self, number: int, key: str, value: Any) -> None:
        """Give a property of a node a value; None removes it."""
        self._writing.set_node_property(number, key, value)

    def set_relationship_property(self, number: int, key: str, value: Any) -> None:
        """Give a property of a relationship a value; None removes it."""
        self._writing.set_relationship_property(number, key, value)

    def add_labels(self, number: int, labels: Iterable[str]) -> None:
        """Give a node labels."""
        self._far_labels.clear()
        self._writing.add_labels(number, labels)

    def remove_labels(self, number: int, labels: Iterable[str]) -> None:
        """Take labels from a node."""
        self._far_labels.clear()
        self._writing.remove_labels(number, labels)

    def append_node(self, node_id: Any, labels: tuple[str, ...], properties: Mapping[str, Any]) -> int:
        """Add a node to the arrays."""
        self.adjacency.nodes += (
            1  # the relationships must have been read before there is a node they know not
        )
        number = len(self._ids)
        self._ids.append(node_id)
        if self._index is not None and node_id is not None:
            self._index[node_id] = number
        self.nodes.attributes.append(properties)
        self.labels_of_nodes.append(labels)
        return number

    def append_relationship(self, name: str, start: int, end: int, properties: Mapping[str, Any]) -> int:
        """Add a relationship to the arrays."""
        adjacency = self.adjacency
        code = self._types.number(name)
        self._types.counts[code] += 1
        self._far_labels.clear()
        self._relationships.attributes.append(properties)
        return adjacency.append(start, end, code)

    def drop_relationship(self, number: int) -> None:
        """Mark a relationship as deleted in the arrays."""
        self._types.counts[self.adjacency.types.view[number]] -= 1
        self.adjacency.delete(number)

    # --- the end of a writing query ------------------------------------------------------------------------

    def commit(self) -> None:
        """Carry out the changes in the graph, all or nothing; where that fails, they can still be rolled back.

        Raises
        ------
        SchemaError
            The local store's schema does not allow them.
        StoreError
            The graph cannot be written, or somebody else has changed it meanwhile.
        CypherRuntimeError
            The graph cannot hold them, as a simple graph cannot hold parallel relationships.
        """
        journal = self._writing.pending()
        if journal is None:
            return
        if not self._target.is_unchanged():
            raise StoreError("The graph was changed by others while the query ran; run it again.")
        delta = self._delta()
        applied = self._target.apply(delta)
        self._writing.finish()
        if applied is None:
            return
        for number, before in journal.node_before.items():
            self.nodes.attributes[number] = before
        for number, before in journal.relationship_before.items():
            self._relationships.attributes[number] = before
        for number, held in applied.nodes.items():
            for key, value in self.nodes.attributes[number].items():
                if key not in held and key != self.nodes.key:
                    self.nodes.changed(number, key, value, None)
            self.nodes.attributes[number] = held
            self._numbers()[self._ids[number]] = number
        for number, held in applied.relationships.items():
            self._relationships.attributes[number] = held
        self._target.remember()

    def _delta(self) -> Delta:
        """Return the net effect of the query: nothing of what it made and deleted again."""
        journal = self._writing.journal()
        delta = Delta(self._ids)
        alive, adjacency = self.labels_of_nodes.alive.view, self.adjacency
        attributes, held = self.nodes.attributes, self._relationships.attributes
        for number in range(journal.nodes, self.node_count):
            if alive[number]:
                delta.new_nodes.append(NodeChange(number, self.node_labels(number), attributes[number]))
        for number in {**journal.node_before, **journal.labels_before}:
            if alive[number]:
                before = journal.node_before.get(number, attributes[number])
                labels = self.node_labels(number)
                relabelled = journal.labels_before.get(number, labels) != labels
                delta.changed_nodes.append(NodeChange(number, labels, attributes[number], before, relabelled))
        delta.dropped_nodes = [number for number in journal.nodes_deleted if number < journal.nodes]

        def change(number: int, before: Mapping[str, Any] | None) -> RelationshipChange:
            start, end = self.relationship_ends(number)
            name = self.relationship_type(number)
            return RelationshipChange(number, start, end, name, held[number], before)

        for number in range(journal.relationships, adjacency.count):
            if adjacency.alive.view[number]:
                delta.new_relationships.append(change(number, None))
        for number, before in journal.relationship_before.items():
            if adjacency.alive.view[number]:
                delta.changed_relationships.append(change(number, before))
        for number in journal.relationships_deleted:
            if number < journal.relationships:
                own = journal.relationship_before.get(number, held[number])
                delta.dropped_relationships.append(change(number, own))
        return delta

    def rollback(self) -> None:
        """Take back all that was changed since the last commit."""
        journal = self._writing.finish()
        if journal is None:
            return
        self._far_labels.clear()
        adjacency = self.adjacency
        for number in range(journal.relationships, adjacency.count):
            if adjacency.alive.view[number]:
                self._types.counts[adjacency.types.view[number]] -= 1
        for number in journal.relationships_deleted:
            if number < journal.relationships:
                self._types.counts[adjacency.types.view[number]] += 1
        adjacency.restore(journal.nodes, journal.relationships, journal.deletions)
        self.labels_of_nodes.restore(journal.nodes, journal.labels_before, journal.nodes_deleted)
        if self._index is not None:
            for node_id in self._ids[journal.nodes :]:
                self._index.pop(node_id, None)
        del self._ids[journal.nodes :]
        for columns, before, size in (
            (self.nodes, journal.node_before, journal.nodes),
            (self._relationships, journal.relationship_before, journal.relationships),
        ):
            changed = bool(before) or len(columns.attributes) > size
            del columns.attributes[size:]
            for number, attributes in before.items():
                columns.attributes[number] = attributes
            if changed:
                columns.forget()

    def is_current(self) -> bool:
        """Tell whether the graph is still the one laid out here; see :func:`layout_of`."""
        return self._target.is_unchanged()


def _ends(array: Growing, relationships: Ints) -> Ints:
    if not array.size:
        return np.full(len(relationships), -1, dtype=np.int64)
    found: Ints = array.view[relationships].astype(np.int64)
    found[relationships < 0] = -1
    return found


# --- one layout for each graph -----------------------------------------------------------------------------

_layouts: WeakKeyDictionary[Any, Layout] = WeakKeyDictionary()


def layout_of(graph: Any) -> Layout:
    """Return the layout of a graph, the same one for as long as the graph does not change.

    A local store counts its changes. Changes of a NetworkX graph are noticed where a method of the graph makes
    them (``add_node``, ``remove_edge`` …, and ``nx.set_node_attributes``); one who writes into a dictionary of
    attributes directly, as in ``graph.nodes[1]["name"] = "x"``, must call :func:`invalidate`.
    """
    layout = _layouts.get(graph)
    if layout is None or not layout.is_current():
        layout = _layouts[graph] = Layout(graph)
    return layout


def invalidate(graph: Any) -> None:
    """Have a graph laid out anew at the next query."""
    _layouts.pop(graph, None)
