"""What the values of a graph look like in the forms of other programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from ..records import Edge, Node
from ..schema import EDGES, NODES
from ..store import Store

_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")

COLUMNS = {
    "node": {key: known.kind for node_type in NODES.values() for key, known in node_type.properties.items()},
    "edge": {key: known.kind for edge_type in EDGES.values() for key, known in edge_type.properties.items()},
}
"""All properties a node or an edge may hold, in the order of the schema, with the kind of their values."""


def nodes(store: Store) -> Iterator[Node]:
    """Iterate over the nodes, their properties in the order of the schema."""
    in_order = _in_order("node")
    return (Node(node.id, node.label, in_order(node.properties)) for node in store.nodes())


def edges(store: Store) -> Iterator[Edge]:
    """Iterate over the edges, their properties in the order of the schema."""
    in_order = _in_order("edge")
    return (Edge(e.source, e.type, e.target, in_order(e.properties)) for e in store.edges())


def _in_order(item: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Return what puts properties into the order of the schema: stores give them in an order of their own."""
    places = {key: place for place, key in enumerate(COLUMNS[item])}
    orders: dict[tuple[str, ...], list[str]] = {}

    def in_order(properties: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = tuple(properties)
        order = orders.get(keys)
        if order is None:
            order = orders[keys] = sorted(keys, key=lambda key: (places.get(key, len(places)), key))
        return {key: properties[key] for key in order}

    return in_order


def with_objects(edge: Edge) -> Mapping[str, Any]:
    """Return the properties of an edge with its evidence as objects instead of JSON strings."""
    evidence = edge.properties.get("evidence")
    if not evidence:
        return edge.properties
    return {**edge.properties, "evidence": [orjson.loads(sound(item)) for item in evidence]}


def texts(edge: Edge) -> Mapping[str, Any]:
    """Return the properties of an edge with its evidence as one JSON array."""
    evidence = edge.properties.get("evidence")
    return {**edge.properties, "evidence": f"[{','.join(evidence)}]"} if evidence else edge.properties


def scalar(value: object) -> str:
    """Say a value in one text: true and false as XML and JSON say them, lists as JSON arrays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return to_json(value).decode()
    return str(value)


def to_json(value: object) -> bytes:
    """Return a value as JSON; a lone surrogate becomes a replacement character."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return orjson.dumps(_all_sound(value))


def sound(text: str) -> str:
    """Return a text that UTF-8 can hold."""
    return _LONE_SURROGATES.sub("\ufffd", text)


def _all_sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, Mapping):
        return {_all_sound(key): _all_sound(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_all_sound(item) for item in value]
    return value
