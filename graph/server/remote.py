"""The statements by which a graph is read from a Neo4j server and written to it, in batches by label and type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from ..schema import EDGES, NODES
from .connection import Connection

T = TypeVar("T")

_ROWS = 5000
"""Rows of one transaction: large enough that the round trip is cheap, small enough for a server's memory."""

Row = dict[str, Any]


class Remote:
    """The nodes and edges of our labels in one database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prefix = connection.address.prefix

    def label(self, label: str) -> str:
        """Return the label as the database knows it, quoted."""
        return f"`{self._prefix}{label}`"

    # --- schema --------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Create the constraint and the indexes that the graph needs, where they are not there.

        Raises
        ------
        StoreError
            Nodes of others carry our labels and break the constraint.
        """
        with self._connection.session(write=True) as session:
            for label in NODES:
                name = f"citegraph_{self._prefix}{label}_id"
                session.run(
                    f"CREATE CONSTRAINT `{name}` IF NOT EXISTS FOR (n:{self.label(label)}) REQUIRE n.id IS UNIQUE"
                ).consume()
                name = f"citegraph_{self._prefix}{label}_name"
                session.run(
                    f"CREATE INDEX `{name}` IF NOT EXISTS FOR (n:{self.label(label)}) ON (n.name)"
                ).consume()
            session.run("CALL db.awaitIndexes(120)").consume()

    # --- reading -------------------------------------------------------------------------------------------

    def nodes(self, label: str, where: str = "", **parameters: Any) -> Iterator[tuple[str, Row]]:
        """Stream id and properties of the nodes of one label."""
        query = f"MATCH (n:{self.label(label)}) {where} RETURN n.id, properties(n)"
        for node_id, properties in self._connection.rows(query, parameters):
            if isinstance(node_id, str):
                yield node_id, properties

    def edges(self, source: str, edge_type: str, target: str) -> Iterator[tuple[str, str, Row]]:
        """Stream the ends and properties of the edges of one type between two labels."""
        query = (
            f"MATCH (a:{self.label(source)})-[r:`{edge_type}`]->(b:{self.label(target)}) "
            "RETURN a.id, b.id, properties(r)"
        )
        for row in self._connection.rows(query):
            yield row[0], row[1], row[2]

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """Count nodes by label and edges by type, with the counts the server keeps."""
        nodes, edges = {}, {}
        for label in NODES:
            ((count,),) = self._connection.rows(f"MATCH (n:{self.label(label)}) RETURN count(n)")
            if count:
                nodes[label] = count
        for edge_type, known in EDGES.items():
            total = 0
            for source in sorted({source for source, _ in known.pairs}):
                query = f"MATCH (:{self.label(source)})-[r:`{edge_type}`]->() RETURN count(r)"
                ((count,),) = self._connection.rows(query)
                total += count
            if total:
                edges[edge_type] = total
        return nodes, edges

    # --- writing -------------------------------------------------------------------------------------------

    def put_nodes(
        self, label: str, rows: Iterable[Row], done: Callable[[int], None], *, fresh: bool = False
    ) -> None:
        """Create or replace nodes, each row with its ``id``; ``fresh`` says that none of them is there."""
        verb = "CREATE (n:{0}) SET n = row" if fresh else "MERGE (n:{0} {{id: row.id}}) SET n = row"
        self._write(f"UNWIND $rows AS row {verb.format(self.label(label))}", rows, done)

    def put_edges(
        self, source: str, edge_type: str, target: str, rows: Iterable[Row], done: Callable[[int], None],
        *, fresh: bool = False,
    ) -> None:  # fmt: skip
        """Create or replace edges, each row with ``s``, ``t`` and the properties ``p``."""
        verb = "CREATE" if fresh else "MERGE"
        query = (
            f"UNWIND $rows AS row MATCH (a:{self.label(source)} {{id: row.s}}) "
            f"MATCH (b:{self.label(target)} {{id: row.t}}) {verb} (a)-[r:`{edge_type}`]->(b) SET r = row.p"
        )
        self._write(query, rows, done)

    def drop_edges(
        self, source: str, edge_type: str, target: str, rows: Iterable[Row], done: Callable[[int], None]
    ) -> None:
        """Delete edges, each row with ``s`` and ``t``."""
        query = (
            f"UNWIND $rows AS row MATCH (:{self.label(source)} {{id: row.s}})-[r:`{edge_type}`]->"
            f"(:{self.label(target)} {{id: row.t}}) DELETE r"
        )
        self._write(query, rows, done)

    def drop_nodes(self, label: str, rows: Iterable[Row], done: Callable[[int], None]) -> None:
        """Delete nodes that no edge holds any more: an edge of others keeps its node."""
        query = f"UNWIND $rows AS row MATCH (n:{self.label(label)} {{id: row.id}}) WHERE NOT (n)--() DELETE n"
        self._write(query, rows, done)

    def _write(self, query: str, rows: Iterable[Row], done: Callable[[int], None]) -> None:
        for batch in batches(rows, _ROWS):
            self._connection.write(lambda tx, batch=batch: tx.run(query, rows=batch).consume())  # type: ignore[misc]
            done(len(batch))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split a stream into lists of at most ``size``."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
