"""What answers are made of: small immutable rows that turn into JSON, a table line or a pandas row.

Every answer of :mod:`citegraph.queries` is a :class:`Row`. ``row.to_dict()`` nests as the row does and holds
only what JSON knows; ``row.flat()`` is one level deep and holds only scalars, so that
``pandas.DataFrame(row.flat() for row in rows)`` and a table of a terminal both do the right thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..graph.local import LocalStore
from ..graph.records import Edge, Node
from ..graph.schema import NODES
from ..graph.store import Store

_LABELS = {prefix: label for label, node_type in NODES.items() for prefix in node_type.prefix}


def label_of(node_id: str) -> str:
    """Tell the label of a node from its id alone, without asking a store.

    Examples
    --------
    >>> label_of("arxiv:1706.03762"), label_of("model:llama-2")
    ('Paper', 'Model')
    """
    return _LABELS.get(node_id.partition(":")[0], "")


def plain(value: Any) -> Any:
    """Turn dataclasses, mappings and tuples into dictionaries and lists, all the way down.

    An edge leaves its evidence out: answers carry it beside the edge, as quotations. A paper leaves its body out,
    which can be as long as all the rest together many times over.
    """
    if isinstance(value, Edge):
        kept = {key: plain(item) for key, item in value.properties.items() if key != "evidence"}
        return {"source": value.source, "type": value.type, "target": value.target, "properties": kept}
    if isinstance(value, Node):
        told = {key: plain(item) for key, item in value.properties.items() if key not in ("body", "sections")}
        return {"id": value.id, "label": value.label, "properties": told}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


class Row:
    """Base of all answers: a frozen dataclass that can be written down."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as nested dictionaries and lists, ready for JSON."""
        result = plain(self)
        assert isinstance(result, dict)
        return result

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars, ready for a table, CSV or pandas."""
        assert is_dataclass(self)
        return {field.name: brief(getattr(self, field.name)) for field in fields(self)}


def brief(value: Any) -> Any:
    """Say a value in one cell: scalars stay as they are, lists are joined by ``;``, rows give their name."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {brief(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(str(brief(item)) for item in value)
    if isinstance(value, (Node, Row)):
        return str(value) if isinstance(value, Row) else value.name
    return value


@dataclass(frozen=True, slots=True)
class PaperRef(Row):
    """A paper as answers name it."""

    id: str
    title: str
    year: int | None = None

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


@dataclass(frozen=True, slots=True)
class EntityRef(Row):
    """Any other node as answers name it."""

    id: str
    label: str
    name: str

    def __str__(self) -> str:
        return self.name


def paper_ref(node: Node) -> PaperRef:
    """Name a Paper node."""
    year = node.properties.get("year")
    return PaperRef(node.id, node.name, year if isinstance(year, int) else None)


def entity_ref(node: Node) -> EntityRef:
    """Name a node of any label."""
    return EntityRef(node.id, node.label, node.name)


def fetch(store: Store, node_id: str) -> Node:
    """Return the node of an edge's end; a dangling edge gives a node that knows no more than its id."""
    return store.node(node_id) or Node(node_id, label_of(node_id), {})


def fetch_all(store: Store, node_ids: Iterable[str]) -> dict[str, Node]:
    """Return the nodes of the ends of several edges by their ids, as :func:`fetch` does; a server is asked once."""
    ids = list(dict.fromkeys(node_ids))
    if isinstance(store, LocalStore):
        found = store.several(ids)
        return {node_id: found.get(node_id) or fetch(store, node_id) for node_id in ids}
    return {node_id: fetch(store, node_id) for node_id in ids}


def newest_first(paper: PaperRef) -> tuple[int, str, str]:
    """Sort key: newest first, papers without a year last, then by title."""
    return (-(paper.year or 0), paper.title.casefold(), paper.id)


def oldest_first(paper: PaperRef) -> tuple[int, str, str]:
    """Sort key: oldest first, papers without a year last, then by title."""
    return (paper.year or 10_000, paper.title.casefold(), paper.id)


def texts(edge: Edge, key: str) -> tuple[str, ...]:
    """Return a list property of an edge as a tuple; empty where the edge has none."""
    value = edge.properties.get(key) or ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def flat_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows as a list of one-level dictionaries with the same keys in the same order."""
    return [row.flat() for row in rows]
