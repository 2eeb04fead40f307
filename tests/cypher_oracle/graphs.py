"""Random property graphs, small enough that every pattern in a random query has a fair chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
from hypothesis import strategies as st

LABELS = ("A", "B", "C")
TYPES = ("R", "S", "T")
WORDS = ("", "a", "b", "ab", "ba", "B")


@dataclass(frozen=True)
class Graph:
    """Nodes as labels and properties; relationships as start, type, end and properties.

    Every node and every relationship has a property ``i`` of its own, so that results can name it; ``x`` and ``w``
    are small whole numbers, ``s`` is a text, and any of them may be missing.
    """

    nodes: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...]
    relationships: tuple[tuple[int, str, int, Mapping[str, Any]], ...]

    def to_networkx(self) -> nx.MultiDiGraph[int]:
        """Return the graph as the engine takes it."""
        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        for index, (labels, properties) in enumerate(self.nodes):
            graph.add_node(index, labels=labels, **properties)
        for start, kind, end, properties in self.relationships:
            graph.add_edge(start, end, type=kind, **properties)
        return graph

    def to_cypher(self) -> str:
        """Return the query that creates the graph, empty for an empty one."""
        parts = [
            f"(n{index}{''.join(f':{label}' for label in labels)} {_map(properties)})"
            for index, (labels, properties) in enumerate(self.nodes)
        ]
        parts += [
            f"(n{start})-[:{kind} {_map(properties)}]->(n{end})"
            for start, kind, end, properties in self.relationships
        ]
        return f"CREATE {', '.join(parts)}" if parts else ""


def _map(properties: Mapping[str, Any]) -> str:
    items = (f"{key}: {value!r}" for key, value in properties.items())
    return "{" + ", ".join(items) + "}"


@st.composite
def graphs(draw: st.DrawFn, most_nodes: int = 6, most_relationships: int = 8) -> Graph:
    """Draw a graph: parallel relationships and self-loops included, and nodes without labels or relationships."""
    small = st.none() | st.integers(-1, 3)
    nodes = []
    for index in range(draw(st.integers(0, most_nodes) | st.integers(3, most_nodes))):
        labels = tuple(label for label in LABELS if draw(st.booleans()))
        drawn = {"x": draw(small), "s": draw(st.none() | st.sampled_from(WORDS))}
        nodes.append((labels, {"i": index, **_given(drawn)}))
    relationships = []
    if nodes:
        end = st.integers(0, len(nodes) - 1)
        for index in range(draw(st.integers(0, most_relationships) | st.integers(3, most_relationships))):
            kind = draw(st.sampled_from(TYPES))
            relationships.append((draw(end), kind, draw(end), {"i": index, **_given({"w": draw(small)})}))
    return Graph(tuple(nodes), tuple(relationships))


def _given(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}
