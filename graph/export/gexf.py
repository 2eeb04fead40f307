"""GEXF, for Gephi and NetworkX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..store import Store
from .markup import HEAD, TYPES, attribute
from .values import COLUMNS, edges, nodes, scalar, texts


def write(store: Store) -> Iterator[bytes]:
    """Yield the document, piece by piece."""
    yield (HEAD + '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n').encode()
    yield b'<graph defaultedgetype="directed" mode="static">\n'
    for item in ("node", "edge"):
        yield f'<attributes class="{item}">\n'.encode()
        for key, kind in {"type": str, **COLUMNS[item]}.items():
            yield f'<attribute id="{key}" title="{key}" type="{TYPES[kind]}"/>\n'.encode()
        yield b"</attributes>\n"
    yield b"<nodes>\n"
    for node in nodes(store):
        values = _values({"type": node.label, **node.properties})
        yield f"<node id={attribute(node.id)} label={attribute(node.name)}>{values}</node>\n".encode()
    yield b"</nodes>\n<edges>\n"
    for number, edge in enumerate(edges(store)):
        values = _values({"type": edge.type, **texts(edge)})
        ends = f"source={attribute(edge.source)} target={attribute(edge.target)}"
        yield f'<edge id="{number}" {ends} label="{edge.type}">{values}</edge>\n'.encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _values(values: Mapping[str, Any]) -> str:
    cells = (f'<attvalue for="{key}" value={attribute(scalar(value))}/>' for key, value in values.items())
    return f"<attvalues>{''.join(cells)}</attvalues>"
