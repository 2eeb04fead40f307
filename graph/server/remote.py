"""The statements by which a graph is read from a Neo4j server and written to it, in batches by label and type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from ..errors import StoreError
from ..lengths import too_long
from ..schema import EDGES, NODES
from .connection import Connection, TooMuchError, UncertainError

if TYPE_CHECKING:
    from neo4j import Transaction

T = TypeVar("T")

_ROWS = 5000
"""Rows of one transaction: large enough that the round trip is cheap, small enough for a server's memory."""

_NODES_AT_ONCE = 500
"""Nodes whose edges are fetched at once; a paper may have hundreds."""

KEPT = "CitegraphKept"
"""Label of what was a node of ours and stays because a relationship of others holds it."""

LANE = "CitegraphLane"
"""Label of the nodes that say how far a copy to the database has come."""

Row = dict[str, Any]


AWAIT = "CALL db.awaitIndexes(120)"
"""Waits until indexes that were made are filled."""


def indexes(prefix: str) -> Iterator[tuple[str, str]]:
    """Yield name and statement of the constraint and the index of each label, which stand under such a prefix."""
    for label in NODES:
        name, ours = f"citegraph_{prefix}{label}", f"`{prefix}{label}`"
        yield (
            f"{name}_id",
            f"CREATE CONSTRAINT `{name}_id` IF NOT EXISTS FOR (n:{ours}) REQUIRE n.id IS UNIQUE",
        )
        yield f"{name}_name", f"CREATE INDEX `{name}_name` IF NOT EXISTS FOR (n:{ours}) ON (n.name)"


class Remote:
    """The nodes and edges of our labels in one database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prefix = connection.address.prefix
        self._rows = _ROWS
        self.guard: Callable[[], None] = lambda: None
        """Called before every transaction that writes; raises where it must not."""

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
        there = {row[0] for row in self._connection.rows("SHOW INDEXES YIELD name")}
        missing = [statement for name, statement in indexes(self._prefix) if name not in there]

        def create(transaction: Transaction) -> None:
            for statement in missing:
                transaction.run(statement).consume()

        if missing:
            self._connection.write(create)
            self._connection.write(lambda tx: tx.run(AWAIT).consume())

    def check_length(self, node_id: str, name: object) -> None:
        """Refuse a node whose id or name no index of the server bears.

        Raises
        ------
        StoreError
            With what is too long.
        """
        if fault := too_long(node_id, name):
            raise StoreError(
                f"{self._connection.address} cannot take the graph: {fault}; mend the record that has it and build "
                "anew."
            )

    # --- reading -------------------------------------------------------------------------------------------

    def nodes(self, label: str, where: str = "", **parameters: Any) -> Iterator[tuple[str, Row]]:
        """Stream id and properties of the nodes of one label."""
        query = f"MATCH (n:{self.label(label)}) {where} RETURN n.id, properties(n)"
        for node_id, properties in self._connection.rows(query, parameters):
            if isinstance(node_id, str):
                yield node_id, properties

    def edges(
        self, source: str, edge_type: str, target: str, of: Sequence[str] | None = None
    ) -> Iterator[tuple[str, str, Row]]:
        """Stream the ends and properties of the edges of one type between two labels, node by node, or ``of`` some.

        The edges that leave a node come as one row: a row costs the driver more than what is in it.
        """
        start, pattern = self.label(source), f"-[r:`{edge_type}`]->(b:{self.label(target)})"
        ((count,),) = self._connection.rows(f"MATCH (:{start})-[r:`{edge_type}`]->() RETURN count(r)")
        if not count:  # known without a look at any node
            return
        wanted = "WHERE a.id IN $of " if of is not None else ""
        query = (
            f"MATCH (a:{start}) {wanted}WITH a.id AS id, [(a){pattern} | [b.id, properties(r)]] AS edges "
            "WHERE size(edges) > 0 RETURN id, edges"
        )
        for node_id, edges in self._connection.rows(query, {"of": of}, fetch=_NODES_AT_ONCE):
            if isinstance(node_id, str):
                for other, properties in edges:
                    if isinstance(other, str):
                        yield node_id, other, properties

    def state(self) -> dict[str, Any] | None:
        """Return what is kept of settings, corrections and the change under way; None where there is no graph."""
        where = "WHERE n._state IS NOT NULL"
        states: list[dict[str, Any]] = [orjson.loads(p["_state"]) for _, p in self.nodes("Source", where)]
        return max(states, key=lambda state: (bool(state["writing"]), state["revision"]), default=None)

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
        name = self.label(label)
        merge = f"UNWIND $rows AS row MERGE (n:{name} {{id: row.id}}) SET n = row"
        self._write(
            f"UNWIND $rows AS row CREATE (n:{name}) SET n = row" if fresh else merge, rows, done, merge
        )

    def put_edges(
        self, source: str, edge_type: str, target: str, rows: Iterable[Row], done: Callable[[int], None],
        *, fresh: bool = False,
    ) -> None:  # fmt: skip
        """Create or replace edges, each row with ``s``, ``t`` and the properties ``p``."""
        create, merge = (
            f"UNWIND $rows AS row MATCH (a:{self.label(source)} {{id: row.s}}) "
            f"MATCH (b:{self.label(target)} {{id: row.t}}) {verb} (a)-[r:`{edge_type}`]->(b) SET r = row.p"
            for verb in ("CREATE", "MERGE")
        )
        self._write(create if fresh else merge, rows, done, merge)

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
        """Delete nodes; one that a relationship of others holds loses our label and stays for it."""
        query = (
            f"UNWIND $rows AS row MATCH (n:{self.label(label)} {{id: row.id}}) WITH n, EXISTS {{ (n)--() }} AS held "
            f"FOREACH (kept IN CASE WHEN held THEN [n] ELSE [] END | "
            f"SET kept:{self.label(KEPT)} REMOVE kept:{self.label(label)}) "
            "FOREACH (gone IN CASE WHEN held THEN [] ELSE [n] END | DELETE gone)"
        )
        self._write(query, rows, done)

    def set_state(self, text: str) -> None:
        """Write the state of the graph on the Source node that has it."""
        query = (
            f"UNWIND $rows AS row MATCH (n:{self.label('Source')}) WHERE n._state IS NOT NULL "
            "SET n._state = row.state"
        )
        self._write(query, [{"state": text}], lambda count: None)

    def kept(self) -> set[str]:
        """Return the ids of nodes that stayed for others."""
        return {node_id for node_id, _ in self.nodes(KEPT)}

    def take_back(self, label: str, rows: Iterable[Row]) -> None:
        """Have nodes that stayed for others, each row with its ``id``, be nodes of a label again."""
        query = (
            f"UNWIND $rows AS row MATCH (n:{self.label(KEPT)} {{id: row.id}}) "
            f"SET n:{self.label(label)} REMOVE n:{self.label(KEPT)}"
        )
        self._write(query, rows, lambda count: None)

    def _write(
        self, query: str, rows: Iterable[Row], done: Callable[[int], None], again: str | None = None
    ) -> None:
        """Send rows in batches; ``again`` is the query to repeat one with where that of ``query`` would double it."""
        stream = iter(rows)
        while batch := list(islice(stream, self._rows)):
            self._send(query, batch, again or query)
            done(len(batch))

    def _send(self, query: str, batch: list[Row], again: str) -> None:
        self.guard()
        try:
            self._connection.write(lambda tx: tx.run(query, rows=batch).consume())
        except UncertainError:
            self._connection.write(lambda tx: tx.run(again, rows=batch).consume())
        except TooMuchError:
            if len(batch) == 1:
                raise
            half = len(batch) // 2
            self._rows = min(self._rows, half)
            self._send(query, batch[:half], again)
            self._send(query, batch[half:], again)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split a stream into lists of at most ``size``."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
