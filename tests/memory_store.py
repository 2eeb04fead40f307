"""A store of nothing but dictionaries, for tests of queries, export and pictures; schema-checked as the real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import networkx as nx

from citegraph.graph.records import Edge, Evidence, Node
from citegraph.graph.schema import check_edge, check_node
from citegraph.graph.store import Counts, Direction


class MemoryStore:
    """Holds nodes and edges in the order they were added; ``quote`` adds an edge with its evidence."""

    uri = "memory:"

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._former: dict[str, str] = {}
        self._edges: dict[tuple[str, str, str], Edge] = {}
        self._out: dict[str, list[Edge]] = {}
        self._in: dict[str, list[Edge]] = {}

    # --- writing -----------------------------------------------------------------------------------------

    def add(self, node_id: str, label: str, name: str, **properties: Any) -> Node:
        """Add a node; Papers get their ``title`` from ``name``."""
        title = {"title": name} if label == "Paper" else {}
        node = Node(node_id, label, {"name": name, **title, **properties})
        check_node(node_id, label, node.properties)
        self._nodes[node_id] = node
        for former in properties.get("former_ids", ()):
            self._former[former] = node_id
        return node

    def link(self, source: str, edge_type: str, target: str, **properties: Any) -> Edge:
        """Add an edge between two nodes that are there."""
        check_edge(self._nodes[source].label, edge_type, self._nodes[target].label, properties)
        edge = Edge(source, edge_type, target, properties)
        assert (source, edge_type, target) not in self._edges
        self._edges[source, edge_type, target] = edge
        self._out.setdefault(source, []).append(edge)
        self._in.setdefault(target, []).append(edge)
        return edge

    def quote(
        self, paper: str, edge_type: str, target: str, *texts: str, field: str = "abstract", **properties: Any
    ) -> Edge:
        """Add an edge whose evidence is the first place of each text in the paper's field."""
        stored = str(self._nodes[paper].properties[field])
        evidence = []
        for text in texts:
            start = stored.index(text)
            quotation = Evidence("test", field, start, start + len(text), text, "test@1")
            evidence.append(quotation.dumps())
        properties = {"confidence": 0.9} | properties
        return self.link(paper, edge_type, target, evidence=evidence, **properties)

    # --- the protocol ------------------------------------------------------------------------------------

    def node(self, node_id: str) -> Node | None:
        return self._nodes.get(self._former.get(node_id, node_id))

    def nodes(self, label: str | None = None) -> Iterator[Node]:
        return (node for node in self._nodes.values() if label is None or node.label == label)

    def edges(self, edge_type: str | None = None) -> Iterator[Edge]:
        return (edge for edge in self._edges.values() if edge_type is None or edge.type == edge_type)

    def edges_of(
        self, node_id: str, direction: Direction = "both", edge_type: str | None = None
    ) -> Iterator[Edge]:
        leaving = self._out.get(node_id, []) if direction != "in" else []
        entering = self._in.get(node_id, []) if direction != "out" else []
        for edge in [*leaving, *(e for e in entering if direction == "in" or e.source != node_id)]:
            if edge_type is None or edge.type == edge_type:
                yield edge

    def counts(self) -> Counts:
        nodes = Counter(node.label for node in self._nodes.values())
        edges = Counter(edge.type for edge in self._edges.values())
        return Counts(dict(nodes.most_common()), dict(edges.most_common()))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node in self._nodes.values():
            graph.add_node(node.id, labels=[node.label], **node.properties)
        for edge in self._edges.values():
            graph.add_edge(edge.source, edge.target, key=edge.type, type=edge.type, **edge.properties)
        return graph
