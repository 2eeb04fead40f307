"""GraphML, for Gephi, yEd, igraph and NetworkX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..store import Store
from .markup import HEAD, TYPES, attribute, content
from .values import COLUMNS, edges, nodes, texts


def write(store: Store) -> Iterator[bytes]:
    """Yield the document, piece by piece."""
    yield (HEAD + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n').encode()
    for item in ("node", "edge"):
        # Gephi shows what is called "label": a node's name, an edge's type.
        for key, kind in {"label": str, "type": str, **COLUMNS[item]}.items():
            yield (
                f'<key id="{item[0]}_{key}" for="{item}" attr.name="{key}" attr.type="{TYPES[kind]}"/>\n'
            ).encode()
    yield b'<graph edgedefault="directed">\n'
    for node in nodes(store):
        data = _data("n", {"label": node.name, "type": node.label, **node.properties})
        yield f"<node id={attribute(node.id)}>{data}</node>\n".encode()
    for number, edge in enumerate(edges(store)):
        data = _data("e", {"label": edge.type, "type": edge.type, **texts(edge)})
        ends = f"source={attribute(edge.source)} target={attribute(edge.target)}"
        yield f'<edge id="e{number}" {ends}>{data}</edge>\n'.encode()
    yield b"</graph>\n</graphml>\n"


def _data(item: str, values: Mapping[str, Any]) -> str:
    return "".join(f'<data key="{item}_{key}">{content(value)}</data>' for key, value in values.items())
