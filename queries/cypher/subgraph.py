"""The part of a graph that a query returns, as a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .result import Result
from .values import Node, Path, Relationship

if TYPE_CHECKING:
    import networkx as nx


def subgraph(result: Result) -> nx.MultiDiGraph[Any]:
    """Return the nodes, relationships and paths of a result, in lists and maps too, as a NetworkX graph.

    Nodes have the ids of the graph they are from, and the ends of every relationship are there: as in the whole
    graph, the node attribute ``labels`` and the edge attribute ``type`` carry labels and type, every other attribute
    is a property, and the key of an edge is its type.
    """
    import networkx as nx

    graph: Any = nx.MultiDiGraph()
    known: set[Relationship] = set()
    for entity in _entities(result.rows):
        if isinstance(entity, Node):
            _put(graph, entity)
        elif entity not in known:
            known.add(entity)
            for end in (entity.start, entity.end):
                _put(graph, end)
            start, end, key = entity.start.id, entity.end.id, entity.type
            if graph.has_edge(start, end, key):  # parallel ones, which only foreign graphs have
                key = graph.new_edge_key(start, end)
            graph.add_edges_from([(start, end, key, {"type": entity.type, **_present(entity.properties)})])
    made: nx.MultiDiGraph[Any] = graph
    return made


def _entities(value: Any) -> Iterator[Node | Relationship]:
    if isinstance(value, (Node, Relationship)):
        yield value
    elif isinstance(value, Path):
        yield from value.nodes
        yield from value.relationships
    elif isinstance(value, (list, tuple, Mapping)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _entities(item)


def _put(graph: Any, node: Node) -> None:
    if node.id in graph:
        return
    labels = node.labels
    held = {
        key: value
        for key, value in _present(node.properties).items()
        if not (key == "id" and value == node.id)
    }
    graph.add_nodes_from([(node.id, {"labels": labels[0] if len(labels) == 1 else list(labels), **held})])


def _present(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}
