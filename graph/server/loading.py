"""Filling an empty database as fast as it takes it, so that a load that was broken off goes on where it stopped.

Rows go out in numbered batches on a few connections at a time, the lanes: batch n on lane n modulo their number.
Each lane has a node on the server that says which of its batches are in, written by the very transaction that brings
the batch. So a batch is never in twice, whether the driver repeats a commit whose answer was lost or another process
takes the load up again, and plain CREATE will do where MERGE would look every edge up first. While there are lane
nodes, the database holds no graph; they go in the transaction that makes the graph known.

Batches are of one label, or of one edge type between two labels. Edges are sent by the node they leave, which is
looked up once for all of them, and properties as columns, which spares their names.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from ..content import EdgeRow, NodeRow
from ..schema import EDGES, NODES
from . import payload
from .asked import label_of
from .connection import Connection, TooMuchError, UncertainError
from .remote import LANE, Remote

if TYPE_CHECKING:
    from neo4j import Transaction

T = TypeVar("T")

LANES = 2
_ROWS = 5000
_BYTES = 4_000_000
_WAITING_BYTES = 64_000_000
_AT_ONCE = 10_000
_SPAN = 1 << 20
"""How far a batch moves its lane on, so that the halves of a batch too large have numbers too."""

Key = tuple[str, ...]
"""A label, or source label, type and target label."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind: id and properties of nodes, or source, target and properties of edges."""

    key: Key
    rows: list[tuple[Any, ...]]


class Lanes:
    """How far a load has come, as the nodes on the server say."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._label = Remote(connection).label(LANE)
        self._by = uuid4().hex
        self.done: list[int] = []
        self.source = ""
        """What is, or was, being loaded; empty where there is no load."""
        self.sound = False
        """Whether what is in the database is the beginning of that load."""
        self.read()

    def read(self) -> None:
        """Read how far the load has come."""
        query = f"MATCH (n:{self._label}) RETURN n.lane, n.done, n.source, n.sound ORDER BY n.lane"
        rows = list(self._connection.rows(query))
        self.done = [row[1] for row in rows]
        self.source = rows[0][2] if rows else ""
        self.sound = bool(rows) and all(row[3] for row in rows)

    def begin(self, source: str, *, sound: bool) -> None:
        """Say that a load begins; where it is not ``sound``, that something else must go before."""
        query = (
            f"OPTIONAL MATCH (old:{self._label}) DELETE old WITH count(*) AS gone UNWIND range(0, $last) AS lane "
            f"CREATE (:{self._label} "
            "{id: 'lane:' + lane, lane: lane, done: 0, source: $source, sound: $sound, by: $by})"
        )
        if not sound:
            known = f"OPTIONAL MATCH (held:{Remote(self._connection).label('Source')}) REMOVE held._state "
            query = f"{known} WITH DISTINCT 0 AS hidden {query}"
        self._write(query, last=LANES - 1, source=source, sound=sound)

    def go_on(self) -> None:
        """Say that this process goes on with the load."""
        self._write(f"MATCH (n:{self._label}) SET n.by = $by")

    def spoil(self) -> None:
        """Say that what is in the database is of no use."""
        self._write(f"MATCH (n:{self._label}) SET n.sound = false")

    def ours(self) -> bool:
        """Tell whether no other process has taken the load over."""
        query = f"MATCH (n:{self._label}) RETURN DISTINCT n.by"
        return [row[0] for row in self._connection.rows(query)] == [self._by]

    def move(self, transaction: Transaction, lane: int, high: int, query: str, rows: list[Any]) -> None:
        """Run a query of ``$rows`` and move a lane on, unless it has come there."""
        transaction.run(
            f"MATCH (mark:{self._label} {{lane: $lane, by: $by}}) WHERE mark.done < $high "
            f"SET mark.done = $high WITH mark {query}",
            {"lane": lane, "by": self._by, "high": high, "rows": rows},
        ).consume()

    def end(self, transaction: Transaction) -> None:
        """Take the lanes away."""
        transaction.run(f"MATCH (n:{self._label}) DELETE n").consume()

    def _write(self, query: str, **parameters: Any) -> None:
        def work(transaction: Transaction) -> None:
            transaction.run(query, by=self._by, **parameters).consume()

        _sure(self._connection, work)
        self.read()


class Loader:
    """A load of all nodes, then all edges, into a database that holds none of our labels.

    Parameters
    ----------
    guard
        Called before every transaction; raises where the load must stop.
    done
        Is told of rows that are in.
    """

    def __init__(
        self, connection: Connection, lanes: Lanes, guard: Callable[[], None], done: Callable[[int], None]
    ) -> None:
        self._connection, self._lanes, self._guard, self._done = connection, lanes, guard, done
        self._remote = Remote(connection)
        self._remote.guard = guard
        self._number = 0

    def nodes(self, rows: Iterable[NodeRow]) -> None:
        """Load nodes; those that stayed for relationships of others become nodes of ours again."""
        kept = self._remote.kept()

        def statement(batch: Batch) -> tuple[str, list[Any]]:
            (label,) = batch.key
            mine = [{"id": node_id} for node_id, _ in batch.rows if node_id in kept]
            columns = _columns(properties for _, properties in batch.rows)
            name, known = self._remote.label(label), _map(columns, "row", id="row[0]")
            query = f"UNWIND $rows AS row CREATE (:{name} {known})"
            if mine:
                self._remote.take_back(label, mine)
                query = f"UNWIND $rows AS row MERGE (n:{name} {{id: row[0]}}) SET n = {known}"
            return query, [[node_id, *map(row.get, columns)] for node_id, row in batch.rows]

        self._run(_batched((((label,), (node_id, known)) for label, node_id, known in rows)), statement)

    def edges(self, rows: Iterable[EdgeRow]) -> None:
        """Load edges between nodes that are in."""

        def statement(batch: Batch) -> tuple[str, list[Any]]:
            start, kind, end = batch.key
            columns = _columns(properties for *_, properties in batch.rows)
            query = (
                f"UNWIND $rows AS row MATCH (a:{self._remote.label(start)} {{id: row[0]}}) UNWIND row[1] AS edge "
                f"MATCH (b:{self._remote.label(end)} {{id: edge[0]}}) "
                f"CREATE (a)-[:{_quoted(kind)} {_map(columns, 'edge')}]->(b)"
            )
            grouped: dict[str, list[list[Any]]] = {}
            for source, target, known in batch.rows:
                grouped.setdefault(source, []).append([target, *map(known.get, columns)])
            return query, [[source, out] for source, out in grouped.items()]

        keyed = (
            ((str(label_of(source)), kind, str(label_of(target))), (source, target, known))
            for source, kind, target, known in rows
        )
        self._run(_batched(keyed), statement)

    def _run(self, batches: Iterable[Batch], statement: Callable[[Batch], tuple[str, list[Any]]]) -> None:
        """Send batches on all lanes and wait until all are in."""
        assert self._connection.driver is not None  # made before there are threads
        lanes = len(self._lanes.done)
        queues: list[Queue[tuple[int, Batch] | None]] = [Queue(1) for _ in range(lanes)]
        failures: list[BaseException] = []

        def work(lane: int) -> None:
            while (job := queues[lane].get()) is not None:
                if failures:
                    continue
                try:
                    number, batch = job
                    self._send(lane, statement, batch, number * _SPAN, (number + 1) * _SPAN)
                    self._done(len(batch.rows))
                except BaseException as error:
                    failures.append(error)

        threads = [threading.Thread(target=work, args=(lane,), daemon=True) for lane in range(lanes)]
        for thread in threads:
            thread.start()
        try:
            for batch in batches:
                if failures:
                    break
                queues[self._number % lanes].put((self._number, batch))
                self._number += 1
        except BaseException as error:
            failures.insert(0, error)
        for queue in queues:
            queue.put(None)
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _send(
        self,
        lane: int,
        statement: Callable[[Batch], tuple[str, list[Any]]],
        batch: Batch,
        low: int,
        high: int,
    ) -> None:
        """Bring a batch in, unless it is in; in halves where it is too much, or where one of them is in."""
        done = self._lanes.done[lane]
        if done >= high:
            return
        if done <= low:
            query, rows = statement(batch)

            def work(transaction: Transaction) -> None:
                self._lanes.move(transaction, lane, high, query, rows)

            try:
                self._guard()
                _sure(self._connection, work)  # if the batch is in, the lane says so, and nothing happens
                self._lanes.done[lane] = high
                return
            except TooMuchError:
                if len(batch.rows) == 1:
                    raise
        half, middle = len(batch.rows) // 2, (low + high) // 2
        self._send(lane, statement, Batch(batch.key, batch.rows[:half]), low, middle)
        self._send(lane, statement, Batch(batch.key, batch.rows[half:]), middle, high)


def clear(connection: Connection, guard: Callable[[], None], done: Callable[[int], None]) -> None:
    """Take our nodes and relationships out of a database; a node that a relationship of others holds stays for it."""
    remote, at_once = Remote(connection), _AT_ONCE
    remote.guard = guard

    def some(query: str, size: int) -> int:
        return _sure(connection, lambda tx: int(tx.run(query, size=size).single(strict=True)[0]))

    def repeat(query: str) -> None:
        nonlocal at_once
        while True:
            guard()
            try:
                count = some(query, at_once)
            except TooMuchError:
                if at_once == 1:
                    raise
                at_once //= 2
                continue
            if not count:
                return
            done(count)

    _, held = remote.counts()
    for kind, known in EDGES.items():
        for start, end in sorted(known.pairs) if kind in held else ():
            repeat(
                f"MATCH (:{remote.label(start)})-[r:{_quoted(kind)}]->(:{remote.label(end)}) "
                "WITH r LIMIT $size DELETE r RETURN count(r)"
            )
    for label in NODES:
        while ids := [
            row[0]
            for row in connection.rows(
                f"MATCH (n:{remote.label(label)}) RETURN n.id LIMIT $size", {"size": _AT_ONCE}
            )
        ]:
            remote.drop_nodes(label, [{"id": node_id} for node_id in ids], done)


def publish(connection: Connection, lanes: Lanes, known: Mapping[str, Any]) -> None:
    """Make a graph known whose nodes and edges are all in, and end the load."""
    remote = Remote(connection)
    state = payload.first_state(known, uuid4().hex)
    query = f"MATCH (n:{remote.label('Source')}) WITH n ORDER BY n.id LIMIT 1 SET n._state = $state"

    def work(transaction: Transaction) -> None:
        transaction.run(query, state=state).consume()
        lanes.end(transaction)

    _sure(connection, work)


def _sure(connection: Connection, work: Callable[[Transaction], T]) -> T:
    """Do work that does no harm when it is done twice."""
    try:
        return connection.write(work)
    except UncertainError:
        return connection.write(work)


# --- batches -----------------------------------------------------------------------------------------------


def _batched(rows: Iterable[tuple[Key, tuple[Any, ...]]]) -> Iterator[Batch]:
    """Sort rows by kind into batches, in an order that depends on the rows alone.

    A batch is bounded by rows and by bytes; so are all that wait to be filled.
    """
    waiting: dict[Key, list[tuple[Any, ...]]] = defaultdict(list)
    weights: dict[Key, int] = defaultdict(int)
    total = 0
    for key, row in rows:
        waiting[key].append(row)
        weight = _weight(row[-1])
        weights[key] += weight
        total += weight
        if len(waiting[key]) >= _ROWS or weights[key] >= _BYTES:
            total -= weights.pop(key)
            yield Batch(key, waiting.pop(key))
        elif total >= _WAITING_BYTES:
            largest = max(weights, key=lambda key: (weights[key], key))
            total -= weights.pop(largest)
            yield Batch(largest, waiting.pop(largest))
    for key in sorted(waiting):
        yield Batch(key, waiting[key])


def _weight(properties: dict[str, Any]) -> int:
    weight = 100
    for value in properties.values():
        if type(value) is str:
            weight += len(value)
        elif type(value) is list:
            weight += sum(map(len, value)) if value and type(value[0]) is str else 8 * len(value)
    return weight


def _columns(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({name for known in rows for name in known})


def _map(columns: Iterable[str], row: str, **more: str) -> str:
    entries = [f"{name}: {value}" for name, value in more.items()]
    entries += [f"{_quoted(name)}: {row}[{place}]" for place, name in enumerate(columns, 1)]
    return f"{{{', '.join(entries)}}}"


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
