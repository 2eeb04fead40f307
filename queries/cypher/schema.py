"""The graph's own schema as a graph: a node a label, a relationship for each type between two labels.

The nodes and relationships are those of a graph of their own, so they are told apart from the entities of the graph
they speak of: they can be returned and looked into, but no pattern starts from them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np

from .layout import Layout
from .syntax import Label
from .values import Node, Relationship


class SchemaNode(Node):
    """A label, as a node with that label; ``name`` and ``count`` are its properties."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is SchemaNode and other.index == self.index and other.layout is self.layout

    __hash__ = Node.__hash__


class SchemaRelationship(Relationship):
    """A type between two labels, as a relationship of that type; ``name`` and ``count`` are its properties."""

    __slots__ = ()

    @property
    def start(self) -> Node:
        """The label it leads from."""
        return SchemaNode(self.layout, self.layout.relationship_ends(self.index)[0])

    @property
    def end(self) -> Node:
        """The label it leads to."""
        return SchemaNode(self.layout, self.layout.relationship_ends(self.index)[1])

    def __eq__(self, other: object) -> bool:
        return type(other) is SchemaRelationship and other.index == self.index and other.layout is self.layout

    __hash__ = Relationship.__hash__


def schema_graph(layout: Layout) -> tuple[list[SchemaNode], list[SchemaRelationship]]:
    """Return the labels and the types between them, as nodes and relationships of a graph of their own."""
    schema: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for label in sorted(layout.labels()):
        schema.add_node(label, labels=label, name=label, count=layout.label_count(label))
    for (start, kind, end), count in sorted(connections(layout).items()):
        schema.add_edge(start, end, type=kind, name=kind, count=count)
    own = Layout(schema)
    nodes = [SchemaNode(own, index) for index in own.all_nodes().tolist()]
    return nodes, [SchemaRelationship(own, index) for index in own.all_relationships().tolist()]


def connections(layout: Layout) -> Counter[tuple[str, str, str]]:
    """Count the relationships of each type between each two labels; a node of two labels counts for both."""
    combinations: dict[tuple[str, ...], int] = {}
    combination = np.zeros(layout.node_count, dtype=np.int64)
    for node in layout.all_nodes().tolist():
        combination[node] = combinations.setdefault(tuple(layout.node_labels(node)), len(combinations))
    known, found = list(combinations), Counter[tuple[str, str, str]]()
    relationships = layout.all_relationships()
    for kind in layout.types():
        of_kind = relationships[layout.relationship_types_match(relationships, Label(kind))]
        pairs = combination[layout.starts(of_kind)] * len(known) + combination[layout.ends(of_kind)]
        numbers, counts = np.unique(pairs, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            for start in known[number // len(known)]:
                for end in known[number % len(known)]:
                    found[start, kind, end] += count
    return found
