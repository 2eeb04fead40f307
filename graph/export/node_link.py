"""Node-link JSON, which NetworkX and D3 read."""

from __future__ import annotations

from collections.abc import Iterator

from ..store import Store
from .values import edges, nodes, to_json, with_objects


def write(store: Store) -> Iterator[bytes]:
    """Yield the one object, piece by piece."""
    yield b'{"directed":true,"multigraph":true,"graph":{"uri":' + to_json(store.uri) + b'},"nodes":['
    for place, node in enumerate(nodes(store)):
        row = {"id": node.id, "type": node.label, **node.properties}
        yield (b",\n" if place else b"\n") + to_json(row)
    yield b'\n],"edges":['
    for place, edge in enumerate(edges(store)):
        ends = {"source": edge.source, "target": edge.target, "key": edge.type, "type": edge.type}
        yield (b",\n" if place else b"\n") + to_json(ends | dict(with_objects(edge)))
    yield b"\n]}\n"
