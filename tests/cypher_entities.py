"""Two nodes and the relationship between them, without an engine: (:A:B {k: 1})-[:T {w: 2.5}]->()."""

from __future__ import annotations

from typing import Any

from citegraph.queries.cypher.values import Node, Relationship


class Graph:
    """What entities ask of a layout."""

    deleted: frozenset[int] = frozenset()

    def node_id(self, index: int) -> str:
        return "ab"[index]

    def node_labels(self, index: int) -> tuple[str, ...]:
        return (("A", "B"), ())[index]

    def node_properties(self, index: int) -> dict[str, Any]:
        return ({"k": 1, "gone": None}, {})[index]

    def relationship_type(self, index: int) -> str:
        return "T"

    def relationship_ends(self, index: int) -> tuple[int, int]:
        return (0, 1)

    def relationship_properties(self, index: int) -> dict[str, Any]:
        return {"w": 2.5}

    def node_deleted(self, index: int) -> bool:
        return index in self.deleted

    def relationship_deleted(self, index: int) -> bool:
        return index in self.deleted


GRAPH: Any = Graph()
A, B, T = Node(GRAPH, 0), Node(GRAPH, 1), Relationship(GRAPH, 0)
