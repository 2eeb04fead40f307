"""Asking a server for nodes and edges: what is asked of a graph now and then need not bring all of it here.

Nodes are found by the constraint on ``id`` and the index on ``name``. All of them, and all edges, come page by page
in the order of their ids, so that no query is left open for as long as their reader takes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ..identity import title_key
from ..records import Edge, Node
from ..schema import EDGES, NODES
from ..store import Direction
from . import payload
from .connection import Connection
from .remote import Remote, batches

_PAGE, _EDGES_PAGE, _AT_ONCE = 2000, 500, 2000

_LABELS = {prefix: label for label, node_type in NODES.items() for prefix in node_type.prefix}
_BY_KIND = {"arxiv": "arxiv_id", "doi": "doi", "openalex": "openalex_id", "s2": "s2_id"}
_SPOKEN = ("name", "aliases", "url", "stub", *_BY_KIND.values())
"""Properties by which a node is found."""

_UNUSUAL = r"(?s).*(?:[^\x00-\x7f]|[\\${}#]).*"
"""Names in which more than letters and digits may count: their normal form is left to us."""

_LONGEST_PATTERN = 100


def label_of(node_id: str) -> str | None:
    """Return the label that an id's prefix belongs to."""
    return _LABELS.get(node_id.partition(":")[0])


class Asked:
    """The nodes and edges of our labels in one database, in the order in which a store tells them."""

    def __init__(self, connection: Connection, remote: Remote) -> None:
        self._rows, self._remote = connection.rows, remote
        self._all = "|".join(map(remote.label, NODES))

    # --- nodes ---------------------------------------------------------------------------------------------

    def node(self, node_id: str) -> Node | None:
        """Return the node of that id or former id, None where there is none."""
        label = label_of(node_id)
        if label is None:
            return None
        for found in self._matching(label, "n.id = $id", id=node_id):
            return found
        if label != "Paper":
            return None
        kind, _, value = node_id.partition(":")
        if kind == "title":
            titled = self._matching("Paper", "toLower(n.title) =~ $like OR n.title =~ $unusual",
                                    like=_pattern(value), unusual=_UNUSUAL)  # fmt: skip
            return next((node for node in titled if title_key(node.name) == value), None)
        where = "$id IN n.former_ids OR $id IN n.identifiers"
        if kind in _BY_KIND:
            where += f" OR n.{_BY_KIND[kind]} = $value"
        return next(self._matching("Paper", where, id=node_id, value=value), None)

    def several(self, node_ids: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of ids, those that are there."""
        by_label: dict[str, list[str]] = {}
        for node_id in dict.fromkeys(node_ids):
            if label := label_of(node_id):
                by_label.setdefault(label, []).append(node_id)
        return {
            node.id: node
            for label, ids in by_label.items()
            for batch in batches(ids, _AT_ONCE)
            for node in self._matching(label, "n.id IN $ids", ids=batch)
        }

    def nodes(self, label: str | None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label."""
        for prefix, known in _prefixes(label):
            query = (
                f"MATCH (n:{self._remote.label(known)}) WHERE n.id > $last AND n.id < $end "
                "RETURN n.id, properties(n) ORDER BY n.id LIMIT $page"
            )
            for rows in self._pages(query, prefix, _PAGE):
                for node_id, properties in rows:
                    yield Node(node_id, known, payload.visible(properties))

    def _matching(self, label: str, where: str, **parameters: Any) -> Iterator[Node]:
        for found, properties in self._remote.nodes(label, f"WHERE {where}", **parameters):
            if label_of(found) == label:
                yield Node(found, label, payload.visible(properties))

    # --- names ---------------------------------------------------------------------------------------------

    def called(self, name: str, labels: Collection[str]) -> list[Node]:
        """Return the nodes of exactly that name."""
        query = " UNION ALL ".join(
            f"MATCH (n:{self._remote.label(label)} {{name: $name}}) RETURN n.id AS id, properties(n) AS known"
            for label in sorted(labels)
        )
        found = ((node_id, label_of(node_id), known) for node_id, known in self._rows(query, {"name": name}))
        return [Node(node_id, label, payload.visible(known)) for node_id, label, known in found if label]

    def likely(
        self, labels: Collection[str], key: str, text: str, properties: Mapping[str, str], address: str
    ) -> Iterator[Node]:
        """Iterate over the nodes that may answer to a name, and others, each with what it is found by alone.

        Parameters
        ----------
        key
            The normal form of the name, whose letters and digits a fitting name or alias begins with.
        text
            What a name begins with where there is no normal form.
        properties
            Identifiers, one of which is enough.
        address
            A web address without its scheme, which is enough, too.
        """
        alias = "any(alias IN n.aliases WHERE toLower(alias) =~ $like OR alias =~ $unusual)"
        like = f"toLower(n.name) =~ $like OR {alias}"
        where = [like if key else "toLower(n.name) STARTS WITH $text", "n.name =~ $unusual"]
        where += [f"n.{name} = $properties.{name}" for name in properties]
        host, _, path = address.partition("/")
        if address:
            where += [
                f"n.{name} CONTAINS $path" if path else f"toLower(n.{name}) CONTAINS $host"
                for name in ("url", "name")
            ]
        yield from self._slim(labels, " OR ".join(where), like=_pattern(key), text=text.lower(),
                              unusual=_UNUSUAL, properties=dict(properties), host=host, path=path)  # fmt: skip

    def names(self, labels: Collection[str]) -> Iterator[Node]:
        """Iterate over all nodes of some labels, each with what it is found by alone."""
        return self._slim(labels, "true")

    def _slim(self, labels: Collection[str], where: str, **parameters: Any) -> Iterator[Node]:
        told = ", ".join(f"n.{name}" for name in _SPOKEN)
        for label in sorted(labels):
            query = f"MATCH (n:{self._remote.label(label)}) WHERE {where} RETURN n.id, {told}"
            for node_id, *values in self._rows(query, parameters):
                if isinstance(node_id, str) and label_of(node_id) == label:
                    known = zip(_SPOKEN, values, strict=True)
                    yield Node(node_id, label, {name: value for name, value in known if value is not None})

    # --- edges ---------------------------------------------------------------------------------------------

    def edges(self, edge_type: str | None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type."""
        for prefix, label in _prefixes(None):
            types = [
                name for name in _types(edge_type) if any(start == label for start, _ in EDGES[name].pairs)
            ]
            if not types:
                continue
            query = (
                f"MATCH (n:{self._remote.label(label)}) WHERE n.id > $last AND n.id < $end "
                "WITH n ORDER BY n.id LIMIT $page "
                f"RETURN n.id, [(n)-[r:{_joined(types)}]->(m:{self._all}) | [type(r), m.id, properties(r)]]"
            )
            for rows in self._pages(query, prefix, _EDGES_PAGE):
                for source, ends in sorted(rows, key=lambda row: row[0]):
                    found = (_edge(source, name, target, known) for name, target, known in ends)
                    yield from sorted(filter(None, found), key=_place)

    def edges_of(self, node_id: str, direction: Direction, edge_type: str | None) -> Iterator[Edge]:
        """Iterate over the edges that leave, enter or touch a node."""
        label, types = label_of(node_id), _types(edge_type)
        if label is None or not types:
            return
        found: dict[tuple[str, str, str], Edge] = {}
        for way, pattern in (("out", f"-[r:{_joined(types)}]->"), ("in", f"<-[r:{_joined(types)}]-")):
            if direction not in (way, "both"):
                continue
            query = (
                f"MATCH (n:{self._remote.label(label)} {{id: $id}}){pattern}(m:{self._all}) "
                "RETURN type(r), m.id, properties(r)"
            )
            for name, other, known in self._rows(query, {"id": node_id}):
                start, end = (node_id, other) if way == "out" else (other, node_id)
                if edge := _edge(start, name, end, known):
                    found[_place(edge)] = edge
        yield from (found[place] for place in sorted(found))

    def degrees(self, node_ids: Iterable[str]) -> dict[str, int]:
        """Count the edges of nodes."""
        by_label: dict[str, list[str]] = {}
        for node_id in node_ids:
            by_label.setdefault(label_of(node_id) or "", []).append(node_id)
        degrees: dict[str, int] = {}
        for label, ids in by_label.items():
            query = (
                f"MATCH (n:{self._remote.label(label)}) WHERE n.id IN $ids "
                f"RETURN n.id, COUNT {{ (n)-[:{_joined(EDGES)}]-(:{self._all}) }}"
            )
            for batch in batches(ids, _AT_ONCE):
                degrees.update((row[0], row[1]) for row in self._rows(query, {"ids": batch}))
        return degrees

    def _pages(self, query: str, prefix: str, page: int) -> Iterator[list[list[Any]]]:
        """Yield the rows of a query about the ids of one prefix, page by page."""
        last, end = f"{prefix}:", f"{prefix};"  # the sign after the colon
        while rows := list(self._rows(query, {"last": last, "end": end, "page": page}, fetch=page)):
            yield rows
            last = max(row[0] for row in rows)


def _prefixes(label: str | None) -> Iterator[tuple[str, str]]:
    """Yield the beginnings of ids, with their labels, in the order of ids."""
    for prefix in sorted(_LABELS, key=lambda prefix: f"{prefix}:"):
        if label in (None, _LABELS[prefix]):
            yield prefix, _LABELS[prefix]


def _types(edge_type: str | None) -> list[str]:
    return list(EDGES) if edge_type is None else [edge_type] if edge_type in EDGES else []


def _joined(types: Iterable[str]) -> str:
    return "|".join(f"`{name}`" for name in types)


def _edge(source: str, edge_type: str, target: Any, known: Mapping[str, Any]) -> Edge | None:
    """Return an edge of ours, None for one of others."""
    if not isinstance(target, str) or not isinstance(source, str):
        return None
    ends = label_of(source), label_of(target)
    return Edge(source, edge_type, target, payload.visible(known)) if ends in EDGES[edge_type].pairs else None


def _place(edge: Edge) -> tuple[str, str, str]:
    return edge.source, edge.type, edge.target


def _pattern(key: str) -> str:
    """Return the regular expression that names without accents and LaTeX match whose normal form begins so."""
    letters = [char for char in key if char.isalnum()][:_LONGEST_PATTERN]
    return "(?s)" + "".join(f"[^a-z0-9]*{re.escape(char)}" for char in letters) + ".*"
