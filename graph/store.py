"""What every store offers, whatever keeps the graph: the interface that queries and pictures are written against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .records import Edge, Node

if TYPE_CHECKING:
    import networkx as nx

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes there are of each label and edges of each type, most frequent first."""

    nodes: dict[str, int]
    edges: dict[str, int]


class Store(Protocol):
    """A graph that can be read; nodes and edges are values, a change needs the store."""

    uri: str

    def node(self, node_id: str) -> Node | None:
        """Return the node of that id or former id, None where there is none."""

    def nodes(self, label: str | None = None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label, in a fixed order."""

    def edges(self, edge_type: str | None = None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type, in a fixed order."""

    def edges_of(
        self, node_id: str, direction: Direction = "both", edge_type: str | None = None
    ) -> Iterator[Edge]:
        """Iterate over the edges that leave, enter or touch a node."""

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the graph as NetworkX knows it: node attribute ``labels``, edge attribute ``type``."""


def by_frequency(counter: Mapping[Any, int]) -> dict[Any, int]:
    """Sort counts, the most frequent first."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
