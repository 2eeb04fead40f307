"""What a query can return: nodes, relationships and paths, beside Python's own scalars, lists and maps.

Entities are light handles into a :class:`~.layout.Layout`; two are equal when they are the same entity of the same
graph, whatever their properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .layout import Layout


class Node:
    """A node of a graph: ``id``, ``labels`` (sorted), ``properties``."""

    __slots__ = ("index", "layout")

    def __init__(self, layout: Layout, index: int) -> None:
        self.layout, self.index = layout, index

    @property
    def id(self) -> Any:
        """The key the graph knows the node by."""
        return self.layout.node_id(self.index)

    @property
    def labels(self) -> tuple[str, ...]:
        """Its labels, in alphabetical order."""
        return self.layout.node_labels(self.index)

    @property
    def properties(self) -> Mapping[str, Any]:
        """Its properties; absent ones are null."""
        return self.layout.node_properties(self.index)

    def __eq__(self, other: object) -> bool:
        return type(other) is Node and other.index == self.index and other.layout is self.layout

    def __hash__(self) -> int:
        return hash(("node", self.index))

    def __repr__(self) -> str:
        return f"<Node {self.id!r} {':'.join(self.labels)}>"


class Relationship:
    """A relationship: ``type``, ``properties``, and the nodes it leads from (``start``) and to (``end``)."""

    __slots__ = ("index", "layout")

    def __init__(self, layout: Layout, index: int) -> None:
        self.layout, self.index = layout, index

    @property
    def id(self) -> int:
        """A number that tells the relationship from all others of this graph, for as long as it is open."""
        return self.index

    @property
    def type(self) -> str:
        """Its type."""
        return self.layout.relationship_type(self.index)

    @property
    def properties(self) -> Mapping[str, Any]:
        """Its properties; absent ones are null."""
        return self.layout.relationship_properties(self.index)

    @property
    def start(self) -> Node:
        """The node it leads from."""
        return Node(self.layout, self.layout.relationship_ends(self.index)[0])

    @property
    def end(self) -> Node:
        """The node it leads to."""
        return Node(self.layout, self.layout.relationship_ends(self.index)[1])

    def __eq__(self, other: object) -> bool:
        return type(other) is Relationship and other.index == self.index and other.layout is self.layout

    def __hash__(self) -> int:
        return hash(("relationship", self.index))

    def __repr__(self) -> str:
        return f"<Relationship {self.start.id!r} {self.type} {self.end.id!r}>"


class Path:
    """Nodes joined by relationships: one more ``nodes`` than ``relationships``."""

    __slots__ = ("nodes", "relationships")

    def __init__(self, nodes: tuple[Node, ...], relationships: tuple[Relationship, ...]) -> None:
        self.nodes, self.relationships = nodes, relationships

    def __len__(self) -> int:
        """Return the number of relationships."""
        return len(self.relationships)

    def __eq__(self, other: object) -> bool:
        return type(other) is Path and other.nodes == self.nodes and other.relationships == self.relationships

    def __hash__(self) -> int:
        return hash((self.nodes, self.relationships))

    def __repr__(self) -> str:
        return f"<Path of {len(self)} from {self.nodes[0].id!r} to {self.nodes[-1].id!r}>"
