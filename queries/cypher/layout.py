"""A property graph as arrays: numbered nodes and relationships, compressed adjacency, columns, indexes.

Made once from a NetworkX graph, lazily: labels at once, relationships when first followed, adjacency per type and
direction, columns and indexes per property when first asked for. A writing query changes the layout first, so that it
sees what it wrote; ``commit`` carries the changes over to the graph, ``rollback`` forgets them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from . import syntax as s
from .adjacency import Adjacency
from .batch import Bools, Ints
from .changes import Changes, deleted_access, storable
from .semantics import group_key

if TYPE_CHECKING:
    import networkx as nx

Direction = Literal["out", "in", "both"]
Types = tuple[str, ...] | None
_EMPTY: Ints = np.empty(0, dtype=np.int64)


class Layout:
    """A graph laid out for queries; see the module.

    Parameters
    ----------
    graph
        Any NetworkX graph. The attribute ``labels`` of a node (a string or a collection) and ``type`` of an edge
        carry labels and relationship type; all other attributes are properties.
    target
        What ``commit`` writes to; None where the graph cannot be written.
    """

    def __init__(self, graph: nx.Graph[Any], target: Any = None) -> None:
        self.graph, self.target = graph, target
        self._ids: list[Any] = list(graph.nodes)
        self._numbers: dict[Any, int] = {node: number for number, node in enumerate(self._ids)}
        self._nodes: list[dict[str, Any]] = [attributes for _, attributes in graph.nodes(data=True)]
        self._labels: list[tuple[str, ...]] = []
        self._by_label: dict[str, list[int]] = defaultdict(list)
        seen: dict[Any, tuple[str, ...]] = {}
        for number, attributes in enumerate(self._nodes):
            said = attributes.get("labels", ())
            labels = seen.get(said) if isinstance(said, (str, tuple, frozenset)) else None
            if labels is None:
                labels = (said,) if isinstance(said, str) else tuple(sorted(set(map(str, said))))
                labels = tuple(label for label in labels if label)
                if isinstance(said, (str, tuple, frozenset)):
                    seen[said] = labels
            self._labels.append(labels)
            for label in labels:
                self._by_label[label].append(number)
        self._read = False
        self._starts: list[int] | Ints = []
        self._ends: list[int] | Ints = []
        self._edges: list[dict[str, Any]] = []
        self._keys: list[Any] = []
        self._types: list[str] = []
        self._cache: dict[Any, Any] = {}
        self._dead_nodes: set[int] = set()
        self._dead_relationships: set[int] = set()
        self.changes = Changes()

    # --- reading relationships in ----------------------------------------------------------------------------

    def _load(self) -> None:
        if self._read:
            return
        self._read = True
        graph, numbers = self.graph, self._numbers
        if graph.is_multigraph():
            rows = graph.edges(keys=True, data=True)  # type: ignore[call-overload]
        else:
            rows = ((u, v, None, d) for u, v, d in graph.edges(data=True))
        starts: list[int] = []
        ends: list[int] = []
        for u, v, key, attributes in rows:
            starts.append(numbers[u])
            ends.append(numbers[v])
            self._keys.append(key)
            self._edges.append(attributes)
            self._types.append(attributes.get("type") or "")
        self._starts, self._ends = starts, ends

    def _remember(self, key: Any, make: Any) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def _forget(self, *kinds: str) -> None:
        for key in [key for key in self._cache if key[0] in kinds]:
            del self._cache[key]

    # --- nodes -----------------------------------------------------------------------------------------------

    @property
    def node_count(self) -> int:
        """How many numbers nodes have, those of deleted ones included."""
        return len(self._ids)

    @property
    def relationship_count(self) -> int:
        """How many numbers relationships have, those of deleted ones included."""
        self._load()
        return len(self._types)

    def node_id(self, number: int) -> Any:
        """Return the key the graph knows a node by."""
        return self._ids[number]

    def node_index(self, node_id: Any) -> int | None:
        """Return the number of a node."""
        return self._numbers.get(node_id)

    def node_labels(self, number: int) -> tuple[str, ...]:
        """Return the labels of a node, in alphabetical order."""
        if number in self._dead_nodes:
            raise deleted_access("node")
        return self._labels[number]

    def node_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a node."""
        if number in self._dead_nodes:
            raise deleted_access("node")
        return _properties(self._nodes[number], "labels")

    def all_nodes(self) -> Ints:
        """Return all nodes."""
        return self.nodes_with(None)

    def all_relationships(self) -> Ints:
        """Return all relationships."""
        numbers = np.arange(self.relationship_count, dtype=np.int64)
        if self._dead_relationships:
            numbers = numbers[~np.isin(numbers, list(self._dead_relationships))]
        return numbers

    def nodes_with(self, labels: s.LabelExpression | None) -> Ints:
        """Return the nodes that a label expression holds of, in ascending order."""
        if isinstance(labels, s.Label):
            numbers: Ints = self._remember(
                ("nodes", labels.name), lambda: np.array(self._by_label.get(labels.name, ()), dtype=np.int64)
            )
            return numbers
        every = np.arange(self.node_count, dtype=np.int64)
        if self._dead_nodes:
            every = every[~np.isin(every, list(self._dead_nodes))]
        return every if labels is None else every[self.has_labels(every, labels)]

    def has_labels(self, nodes: Ints, labels: s.LabelExpression) -> Bools:
        """Tell for every node whether a label expression holds."""
        return self._label_mask(labels)[nodes]

    def _label_mask(self, labels: s.LabelExpression) -> Bools:
        def make() -> Bools:
            match labels:
                case s.Label(name):
                    mask = np.zeros(self.node_count, dtype=np.bool_)
                    mask[self.nodes_with(s.Label(name))] = True
                    return mask
                case s.AnyLabel():
                    return np.fromiter(map(bool, self._labels), dtype=np.bool_, count=self.node_count)
                case s.LabelNot(operand):
                    return ~self._label_mask(operand)
                case s.LabelAnd(operands):
                    return np.logical_and.reduce([self._label_mask(operand) for operand in operands])
                case s.LabelOr(operands):
                    return np.logical_or.reduce([self._label_mask(operand) for operand in operands])
            raise AssertionError(labels)

        found: Bools = self._remember(("mask", labels), make)
        return found

    def labels(self) -> list[str]:
        """Return the labels of the graph, in alphabetical order."""
        return sorted(label for label, nodes in self._by_label.items() if nodes)

    def label_count(self, label: str) -> int:
        """Count the nodes of a label."""
        return len(self._by_label.get(label, ()))

    # --- relationships ---------------------------------------------------------------------------------------

    def relationship_type(self, number: int) -> str:
        """Return the type of a relationship; also of a deleted one."""
        self._load()
        return self._types[number]

    def relationship_ends(self, number: int) -> tuple[int, int]:
        """Return the nodes a relationship leads from and to."""
        self._load()
        return int(self._starts[number]), int(self._ends[number])

    def relationship_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a relationship."""
        self._load()
        if number in self._dead_relationships:
            raise deleted_access("relationship")
        return _properties(self._edges[number], "type")

    def starts(self, relationships: Ints) -> Ints:
        """Return the nodes relationships lead from."""
        return self._ends_array("starts")[relationships]

    def ends(self, relationships: Ints) -> Ints:
        """Return the nodes relationships lead to."""
        return self._ends_array("ends")[relationships]

    def _ends_array(self, which: str) -> Ints:
        self._load()
        held = self._starts if which == "starts" else self._ends
        found: Ints = self._remember(("ends", which), lambda: np.array(held, dtype=np.int64))
        return found

    def types(self) -> list[str]:
        """Return the relationship types of the graph, in alphabetical order."""
        return sorted(name for name, numbers in self._type_numbers().items() if len(numbers))

    def type_count(self, name: str) -> int:
        """Count the relationships of a type."""
        return len(self._type_numbers().get(name, ()))

    def _type_numbers(self) -> dict[str, Ints]:
        def make() -> dict[str, Ints]:
            self._load()
            found: dict[str, list[int]] = defaultdict(list)
            for number, name in enumerate(self._types):
                found[name].append(number)
            dead = np.array(sorted(self._dead_relationships), dtype=np.int64)
            arrays = {name: np.array(numbers, dtype=np.int64) for name, numbers in found.items()}
            return {name: a[~np.isin(a, dead)] if len(dead) else a for name, a in arrays.items()}

        found: dict[str, Ints] = self._remember(("types", None), make)
        return found

    def type_set(self, types: s.LabelExpression | None) -> Types:
        """Return the types present that a type expression holds of; None stands for any."""
        if types is None:
            return None
        if isinstance(types, s.Label):
            return (types.name,) if types.name in self._type_numbers() else ()
        return tuple(name for name in sorted(self._type_numbers()) if _holds(types, name))

    def relationship_types_match(self, relationships: Ints, types: s.LabelExpression) -> Bools:
        """Tell for every relationship whether a type expression holds of its type."""
        self._load()
        return np.fromiter(
            (_holds(types, self._types[number]) for number in relationships.tolist()),
            dtype=np.bool_,
            count=len(relationships),
        )

    def _adjacency(self, name: str | None, direction: Direction) -> Adjacency:
        def make() -> Adjacency:
            numbers = self.all_relationships() if name is None else self._type_numbers().get(name, _EMPTY)
            starts, ends = self.starts(numbers), self.ends(numbers)
            if direction == "in":
                starts, ends = ends, starts
            elif direction == "both":
                once = starts != ends  # a loop is one relationship, seen once
                starts, ends = np.concatenate([starts, ends[once]]), np.concatenate([ends, starts[once]])
                numbers = np.concatenate([numbers, numbers[once]])
            return Adjacency.build(self.node_count, starts, ends, numbers)

        found: Adjacency = self._remember(("adjacency", name, direction), make)
        return found

    def _adjacencies(self, types: Types, direction: Direction) -> list[Adjacency]:
        return [self._adjacency(name, direction) for name in ((None,) if types is None else types)]

    def degree(self, nodes: Ints, types: Types, direction: Direction) -> Ints:
        """Count the relationships of nodes."""
        total = np.zeros(len(nodes), dtype=np.int64)
        for adjacency in self._adjacencies(types, direction):
            total += adjacency.degree(nodes)
        return total

    def expand(self, sources: Ints, types: Types, direction: Direction) -> tuple[Ints, Ints, Ints]:
        """Follow the relationships of nodes.

        Returns
        -------
        row, neighbour, relationship
            For each relationship found: the place of the node in ``sources``, the node at the other end, and it.
        """
        found = [adjacency.expand(sources) for adjacency in self._adjacencies(types, direction)]
        if len(found) == 1:
            return found[0]
        if not found:
            return _EMPTY, _EMPTY, _EMPTY
        row, neighbour, relationship = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(row, kind="stable")
        return row[order], neighbour[order], relationship[order]

    def expand_into(
        self, sources: Ints, targets: Ints, types: Types, direction: Direction
    ) -> tuple[Ints, Ints]:
        """Return the relationships between pairs of nodes: the place of the pair, and the relationship."""
        fewer = (
            self.degree(targets, types, _turned(direction)).sum()
            < self.degree(sources, types, direction).sum()
        )
        if fewer:
            row, neighbour, relationship = self.expand(targets, types, _turned(direction))
            keep = neighbour == sources[row]
        else:
            row, neighbour, relationship = self.expand(sources, types, direction)
            keep = neighbour == targets[row]
        return row[keep], relationship[keep]

    # --- properties ------------------------------------------------------------------------------------------

    def property_keys(self) -> list[str]:
        """Return the property keys of the graph, in alphabetical order."""

        def make() -> list[str]:
            self._load()
            keys = {key for attributes in self._nodes for key in attributes} - {"labels"}
            return sorted(keys | ({key for attributes in self._edges for key in attributes} - {"type"}))

        found: list[str] = self._remember(("keys", None), make)
        return found

    def node_column(self, key: str) -> npt.NDArray[np.object_]:
        """Return a property of all nodes, None where a node lacks it."""
        return self._column("node column", key, self._nodes, "labels")

    def relationship_column(self, key: str) -> npt.NDArray[np.object_]:
        """Return a property of all relationships, None where one lacks it."""
        self._load()
        return self._column("relationship column", key, self._edges, "type")

    def _column(
        self, kind: str, key: str, held: list[dict[str, Any]], hidden: str
    ) -> npt.NDArray[np.object_]:
        def make() -> npt.NDArray[np.object_]:
            column = np.empty(len(held), dtype=np.object_)
            if key != hidden:
                column[:] = [_value(attributes.get(key)) for attributes in held]
            return column

        found: npt.NDArray[np.object_] = self._remember((kind, key), make)
        return found

    def lookup(self, label: str | None, key: str, value: Any) -> Ints:
        """Return the nodes of a label whose property equals a value, in ascending order; by index."""

        def make() -> dict[Any, list[int]]:
            nodes = self.nodes_with(s.Label(label) if label is not None else None)
            index: dict[Any, list[int]] = defaultdict(list)
            column = self.node_column(key)
            for number in nodes.tolist():
                held = column[number]
                if held is not None:
                    index[held if type(held) is str else group_key(held)].append(number)
            return index

        index = self._remember(("index", label, key), make)
        if isinstance(value, float) and value != value:
            return _EMPTY
        return np.array(index.get(value if type(value) is str else group_key(value), ()), dtype=np.int64)

    # --- writing ---------------------------------------------------------------------------------------------

    def create_node(self, labels: Iterable[str], properties: Mapping[str, Any]) -> int:
        """Make a node; return its number."""
        number = len(self._ids)
        kept = {key: storable(key, value) for key, value in properties.items() if value is not None}
        named = tuple(sorted(set(labels)))
        self._ids.append(self.changes.new_id(number))
        self._nodes.append({"labels": named, **kept})
        self._labels.append(named)
        for label in named:
            self._by_label[label].append(number)
        self.changes.node_created(number, named, kept)
        self._patch_node(number)
        return number

    def _patch_node(self, number: int) -> None:
        """Add a new node to what is remembered; adjacency only grows at its end."""
        labels, attributes = self._labels[number], self._nodes[number]
        for key in list(self._cache):
            match key:
                case ("index", label, name):
                    value = attributes.get(name)
                    if value is not None and (label is None or label in labels):
                        self._cache[key][value if type(value) is str else group_key(value)].append(number)
                case ("adjacency", _, _):
                    held = self._cache[key]
                    offsets = np.append(held.offsets, held.offsets[-1])
                    self._cache[key] = Adjacency(offsets, held.neighbours, held.relationships)
                case ("ends", _) | ("types", _) | ("relationship column", _):
                    pass
                case _:
                    del self._cache[key]

    def create_relationship(self, name: str, start: int, end: int, properties: Mapping[str, Any]) -> int:
        """Make a relationship; return its number."""
        self._load()
        for node in (start, end):
            if node in self._dead_nodes:
                raise deleted_access("node")
        number = len(self._types)
        kept = {key: storable(key, value) for key, value in properties.items() if value is not None}
        self._starts.append(start)  # type: ignore[union-attr]
        self._ends.append(end)  # type: ignore[union-attr]
        self._keys.append(None)
        self._edges.append({"type": name, **kept})
        self._types.append(name)
        self.changes.relationship_created(number, kept)
        self._forget("adjacency", "ends", "types", "relationship column", "keys")
        return number

    def delete_node(self, number: int) -> None:
        """Delete a node that has no relationships."""
        if number in self._dead_nodes:
            return
        self._dead_nodes.add(number)
        for label in self._labels[number]:
            self._by_label[label].remove(number)
        self.changes.node_deleted(number)
        self._forget("nodes", "mask", "index", "node column", "keys")

    def delete_relationship(self, number: int) -> None:
        """Delete a relationship."""
        if number in self._dead_relationships:
            return
        self._dead_relationships.add(number)
        self.changes.relationship_deleted(number)
        self._forget("adjacency", "types", "keys")

    def node_deleted(self, number: int) -> bool:
        """Tell whether a node has been deleted."""
        return number in self._dead_nodes

    def relationship_deleted(self, number: int) -> bool:
        """Tell whether a relationship has been deleted."""
        return number in self._dead_relationships

    def attached(self, number: int) -> Ints:
        """Return the relationships of a node."""
        return self.expand(np.array([number], dtype=np.int64), None, "both")[2]

    def set_node_property(self, number: int, key: str, value: Any) -> None:
        """Set a property of a node; null removes it."""
        if number in self._dead_nodes:
            raise deleted_access("node")
        self._nodes[number] = self.changes.assign("node", number, self._nodes[number], key, value)
        self._forget("node column", "index", "keys")

    def set_relationship_property(self, number: int, key: str, value: Any) -> None:
        """Set a property of a relationship; null removes it."""
        self._load()
        if number in self._dead_relationships:
            raise deleted_access("relationship")
        self._edges[number] = self.changes.assign("relationship", number, self._edges[number], key, value)
        self._forget("relationship column", "keys")

    def add_labels(self, number: int, labels: Iterable[str]) -> None:
        """Give a node labels."""
        self._relabel(number, set(self.node_labels(number)) | set(labels))

    def remove_labels(self, number: int, labels: Iterable[str]) -> None:
        """Take labels from a node."""
        self._relabel(number, set(self.node_labels(number)) - set(labels))

    def _relabel(self, number: int, labels: set[str]) -> None:
        before = set(self._labels[number])
        if labels == before:
            return
        self._labels[number] = tuple(sorted(labels))
        for label in labels - before:
            self._by_label[label] = sorted([*self._by_label[label], number])
        for label in before - labels:
            self._by_label[label].remove(number)
        self.changes.relabelled(number, len(labels - before), len(before - labels))
        self._nodes[number] = {**self._nodes[number], "labels": self._labels[number]}
        self._forget("nodes", "mask", "index")

    def commit(self) -> None:
        """Carry the changes over to the graph; all or nothing."""
        if self.target is not None and self.changes:
            self.target.apply(self)
        self.changes = Changes()
        forget(self.graph)

    def rollback(self) -> None:
        """Forget the changes: this layout is not used again."""
        forget(self.graph)

    # --- what a target needs to know ---------------------------------------------------------------------------

    def raw_node(self, number: int) -> dict[str, Any]:
        """Return the attributes of a node as the graph keeps them."""
        return self._nodes[number]

    def raw_relationship(self, number: int) -> tuple[Any, dict[str, Any]]:
        """Return the key and the attributes of a relationship as the graph keeps them."""
        return self._keys[number], self._edges[number]


def _properties(attributes: dict[str, Any], hidden: str) -> dict[str, Any]:
    return {key: _value(value) for key, value in attributes.items() if key != hidden and value is not None}


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _turned(direction: Direction) -> Direction:
    return "in" if direction == "out" else "out" if direction == "in" else "both"


def _holds(types: s.LabelExpression, name: str) -> bool:
    match types:
        case s.Label(wanted):
            return wanted == name
        case s.LabelNot(operand):
            return not _holds(operand, name)
        case s.LabelAnd(operands):
            return all(_holds(operand, name) for operand in operands)
        case s.LabelOr(operands):
            return any(_holds(operand, name) for operand in operands)
    return True


_layouts: WeakKeyDictionary[Any, tuple[Any, Layout]] = WeakKeyDictionary()


def layout_of(graph: Any) -> Layout:
    """Return the layout of a NetworkX graph or of a local store, made anew when the graph has changed.

    A local store counts its changes. Of another graph only the numbers of nodes and edges are compared: after changing
    attributes in place, call :func:`forget`.
    """
    from .changes import target_of

    held = graph.graph if hasattr(graph, "put_node") else graph
    mark = (held.number_of_nodes(), held.number_of_edges(), getattr(graph, "revision", 0))
    known = _layouts.get(held)
    if known is None or known[0] != mark:
        known = mark, Layout(held, target_of(graph))
        _layouts[held] = known
    return known[1]


def forget(graph: Any) -> None:
    """Forget the layout of a graph whose attributes were changed in place."""
    _layouts.pop(graph, None)
