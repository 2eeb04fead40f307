"""Reading nodes and edges where they are kept: what is asked of a graph now and then need not load all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from .records import Edge, Node
from .sqlite import GraphFile
from .store import Counts, Direction, by_frequency

_PAGE = 5000

SCAN = 1000
"""Look-ups that take as long as looking through all edges for those that enter a node."""


class Stored:
    """The nodes and edges of a graph file, in the order in which a store tells them.

    Parameters
    ----------
    file
        Returns the file, which is opened anew where a store begins to write.
    """

    def __init__(self, file: Callable[[], GraphFile]) -> None:
        self._file = file

    def node(self, node_id: str) -> Node | None:
        """Return the node of that id, None where there is none."""
        row = self._file().one("SELECT id, label, properties FROM node WHERE id = ?", (node_id,))
        return None if row is None else self._node(row)

    def nodes(self, label: str | None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label; no query is left open for as long as that takes."""
        sql = "SELECT id, label, properties FROM node WHERE id > ? AND (? IS NULL OR label = ?) ORDER BY id LIMIT ?"
        last = ""
        while page := list(self._file().rows(sql, (last, label, label, _PAGE))):
            yield from map(self._node, page)
            last = page[-1][0]

    def edges(self, edge_type: str | None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type; no query is left open for as long as that takes."""
        sql = (
            "SELECT source, type, target, properties FROM edge WHERE (source, type, target) > (?, ?, ?)"
            " AND (? IS NULL OR type = ?) ORDER BY source, type, target LIMIT ?"
        )
        last = ("", "", "")
        while page := list(self._file().rows(sql, (*last, edge_type, edge_type, _PAGE))):
            yield from map(self._edge, page)
            last = page[-1][:3]

    def edges_of(self, node_id: str, direction: Direction, edge_type: str | None) -> Iterator[Edge]:
        """Iterate over the edges that leave, enter or touch a node; those that leave are the quick ones."""
        where = {"out": "source = ?1", "in": "target = ?1", "both": "(source = ?1 OR target = ?1)"}[direction]
        sql = (
            f"SELECT source, type, target, properties FROM edge WHERE {where} AND (?2 IS NULL OR type = ?2)"
            " ORDER BY source, type, target"
        )
        yield from map(self._edge, list(self._file().rows(sql, (node_id, edge_type))))

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""
        nodes = dict(self._file().rows("SELECT label, count(*) FROM node GROUP BY label"))
        edges = dict(self._file().rows("SELECT type, count(*) FROM edge GROUP BY type"))
        return Counts(by_frequency(nodes), by_frequency(edges))

    def _node(self, row: tuple[str, str, bytes]) -> Node:
        return Node(row[0], row[1], self._loads(row[2]))

    def _edge(self, row: tuple[str, str, str, bytes]) -> Edge:
        return Edge(*row[:3], self._loads(row[3]))

    def _loads(self, body: bytes) -> dict[str, Any]:
        try:
            read: dict[str, Any] = {} | orjson.loads(body)
        except (ValueError, TypeError) as error:
            raise self._file().damaged(error) from error
        return read
