"""Cypher over a graph on a Neo4j server: the server answers what only reads; what writes is held to the schema.

A query that reads runs on the server, in a session that may only read. A query that writes runs on the copy in memory
that every other change of the graph works on, too, and what it changed is sent: so the schema refuses what breaks it,
ids are made as everywhere, and nothing of others in the same database can be changed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ...graph.errors import CitegraphError, StoreError
from . import syntax as s
from .analysis import Analysis, analyse
from .engine import execute as execute_locally
from .errors import CypherError, CypherRuntimeError, LimitError, WriteRefusedError
from .parser import parse
from .plain import plain
from .remote_labels import without_prefix
from .remote_reports import READ_ONLY, TOO_LONG, Place, explained, plan_text, warnings
from .remote_values import Fetched, entities, parameter
from .result import Result, Summary
from .rewrite import pieces
from .values import Node, Relationship

if TYPE_CHECKING:
    from ...graph.server import Neo4jStore

_BATCH = 1000
_POLL_SECONDS = 0.05
_ENDING_SECONDS = 15.0
"""So long a stopped query may take to end on the server before nobody waits for it any more."""

_RUNNING = "SHOW TRANSACTIONS YIELD transactionId, metaData RETURN transactionId, metaData"

# The driver also logs what the server notices; we show it ourselves.
logging.getLogger("neo4j.notifications").addHandler(logging.NullHandler())


def execute(
    store: Neo4jStore,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    write: bool = False,
    timeout: float | None = None,
    max_rows: int | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Result:
    """Run a Cypher query over a graph on a server; arguments and errors as of :func:`.engine.execute`.

    Labels are written as they are in the database, with the prefix of the store's address. Nodes come back with
    their citegraph id and their label without the prefix, and without what only builders keep in the database.

    Raises
    ------
    CypherError
        The query is wrong, with line, column and the piece; or it failed while it ran.
    WriteRefusedError
        The query writes and ``write`` was not given.
    LimitError
        It went over a limit or was stopped.
    StoreError
        The server does not answer.
    """
    start = time.perf_counter()
    given = {name: plain(value) for name, value in (parameters or {}).items()}
    asked = _read(query, given)
    if asked.error is not None and not query.strip():
        raise asked.error
    if asked.analysis is not None and asked.analysis.writes:
        if not write:
            raise WriteRefusedError(READ_ONLY).at(query)
        return _write(store, asked, given, {"timeout": timeout, "max_rows": max_rows, "stopped": stopped})
    run = _Run(store, asked, _sent(store, asked, given), max_rows)
    run.wait(timeout, stopped)
    try:
        columns, rows, summary = run.outcome()
    except WriteRefusedError as error:
        if not write or asked.error is None:
            raise
        # What our own engine cannot read it cannot write either; its reason is the one to tell.
        raise asked.error from error
    plan = summary.profile or summary.plan
    return Result(
        columns,
        rows,
        Summary(
            time.perf_counter() - start,
            {},
            plan_text(plan, summary.profile is not None) if plan else None,
            tuple(warnings(summary, lambda kind: _names(store, kind))),
        ),
    )


@dataclass(slots=True)
class _Asked:
    """A query as our own parser reads it: what the server alone can read has the error instead."""

    text: str
    statement: s.Statement | None = None
    analysis: Analysis | None = None
    error: CypherError | None = None


def _read(query: str, given: Mapping[str, Any]) -> _Asked:
    asked = _Asked(query)
    try:
        asked.statement = parse(query)
        asked.analysis = analyse(asked.statement, query, frozenset(given))
    except CypherError as error:
        asked.error = error.at(query) if error.text is None else error
    return asked


def _names(store: Neo4jStore, kind: str) -> Collection[str]:
    return [name for (name,) in store.connection.rows(f"CALL db.{kind}()")]


# --- writing -----------------------------------------------------------------------------------------------


def _write(store: Neo4jStore, asked: _Asked, given: Mapping[str, Any], limits: dict[str, Any]) -> Result:
    store.refresh()
    assert asked.statement is not None
    text = without_prefix(asked.statement, asked.text, store.address.prefix)
    try:
        with store.keeping_sources():
            return execute_locally(store, text, given, write=True, **limits)
    except CypherError as error:
        if error.text == text:
            error.text = asked.text  # of the same length
        raise


# --- what is sent ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sent:
    """The text and parameters that go to the server, and where its pieces stand in the query."""

    text: str
    parameters: dict[str, Any]
    replaced: list[tuple[int, int, int]] = field(default_factory=list)
    """Start and end in the text, and end in the query, of what was put in the place of something else."""

    def place(self, offset: int) -> int:
        """Return the place in the query that belongs to one in the text."""
        moved = offset
        for start, end, known in self.replaced:
            if offset < start:
                break
            moved = known - 1 if offset < end else offset - end + known
        return moved


def _sent(store: Neo4jStore, asked: _Asked, given: Mapping[str, Any]) -> _Sent:
    """Make text and parameters ready: a node or relationship of an earlier result is looked up by its key."""
    sent = _Sent(asked.text, {})
    patterns: dict[str, str] = {}
    for name, value in given.items():
        found = list(entities(value))
        if not found or asked.statement is None:
            sent.parameters[name] = parameter(name, value)
            continue
        keys = []
        for entity in found:
            layout: Any = entity.layout
            if not isinstance(layout, Fetched) or layout.owner != store.uri:
                raise CypherRuntimeError(
                    f"The parameter ${name} holds an entity of another graph, or of this one before it was changed; "
                    "give a property to find it by.",
                    detail="InvalidArgumentValue",
                )
            keys.append((type(entity), layout.key_of(entity)))
        sent.parameters[name] = [key for _, key in keys] if isinstance(value, list) else keys[0][1]
        kinds = {kind for kind, _ in keys}
        if len(kinds) > 1:
            parameter(name, value)  # refuses it
        patterns[name] = _lookup(name, kinds.pop(), many=isinstance(value, list))
    if patterns and asked.statement is not None:
        _replace(sent, asked.statement, patterns)
    return sent


def _lookup(name: str, kind: type[Node | Relationship], *, many: bool) -> str:
    """Return an expression for the entities whose keys a parameter holds."""
    quoted = f"`{name.replace('`', '``')}`"
    pattern = "(`  e`)" if kind is Node else "()-[`  e`]->()"
    if not many:
        return f"COLLECT {{ MATCH {pattern} WHERE elementId(`  e`) = ${quoted} RETURN `  e` }}[0]"
    return (
        f"COLLECT {{ UNWIND ${quoted} AS `  k` MATCH {pattern} WHERE elementId(`  e`) = `  k` RETURN `  e` }}"
    )


def _replace(sent: _Sent, statement: s.Statement, patterns: Mapping[str, str]) -> None:
    query, written, upto = sent.text, "", 0
    spans = {p.span: p.name for p in pieces(statement) if isinstance(p, s.Parameter) and p.name in patterns}
    for (start, end), name in sorted(spans.items()):
        written += query[upto:start]
        begun = len(written)
        written += patterns[name]
        sent.replaced.append((begun, len(written), end))
        upto = end
    sent.text = written + query[upto:]


# --- one query on the server -------------------------------------------------------------------------------


class _Run:
    """A query that runs on the server, in a thread of its own so that whoever waits for it can stop it."""

    def __init__(self, store: Neo4jStore, asked: _Asked, sent: _Sent, max_rows: int | None) -> None:
        self._store, self._asked, self._sent, self._max_rows = store, asked, sent, max_rows
        self._mark = uuid4().hex
        self._done, self._stop = threading.Event(), threading.Event()
        self._reason: LimitError | None = None
        self._found: tuple[list[str], list[list[Any]], Any] | None = None
        self._error: BaseException | None = None
        self._timeout: float | None = None

    def wait(self, timeout: float | None, stopped: Callable[[], bool] | None) -> None:
        """Start, and wait until it is done, time is up or somebody asks to stop."""
        self._timeout = timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        if stopped is not None and stopped():
            raise LimitError("The query was stopped.", "stopped")
        threading.Thread(target=self._work, name="citegraph query", daemon=True).start()
        try:
            while not self._done.wait(_POLL_SECONDS):
                if stopped is not None and stopped():
                    self._reason = LimitError("The query was stopped.", "stopped")
                elif deadline is not None and time.monotonic() > deadline:
                    self._reason = LimitError(TOO_LONG, "time")
                if self._reason is not None:
                    break
        finally:
            if not self._done.is_set():
                self._end()

    def outcome(self) -> tuple[list[str], list[list[Any]], Any]:
        """Return columns, rows and summary, or raise what went wrong."""
        if self._found is not None:
            return self._found
        if self._reason is not None:
            raise self._reason
        assert self._error is not None
        raise self._error

    def _end(self) -> None:
        """Have the server end the query, and wait for that."""
        self._stop.set()
        until = time.monotonic() + _ENDING_SECONDS
        # It may take no notice at once, or not have begun.
        while not self._done.wait(2 * _POLL_SECONDS) and time.monotonic() < until:
            with suppress(CitegraphError):
                self._terminate()

    def _terminate(self) -> None:
        connection = self._store.connection
        names = [name for name, held in connection.rows(_RUNNING) if held.get("citegraph") == self._mark]
        if names:
            list(connection.rows("TERMINATE TRANSACTIONS $names", {"names": names}))

    # --- in the thread

    def _work(self) -> None:
        try:
            self._found = self._ask()
        except BaseException as error:
            self._error = error
        finally:
            self._done.set()

    def _ask(self) -> tuple[list[str], list[list[Any]], Any]:
        from neo4j import NotificationMinimumSeverity
        from neo4j.exceptions import Neo4jError

        store, most = self._store, self._max_rows
        with store.connection.session(
            fetch_size=_BATCH if most is None else min(_BATCH, most + 1),
            notifications_min_severity=NotificationMinimumSeverity.WARNING,
        ) as session:
            try:
                marked = {"citegraph": self._mark}
                with session.begin_transaction(metadata=marked, timeout=self._timeout) as transaction:
                    return self._fetch(transaction)
            except Neo4jError as error:
                place = Place(self._sent.text, self._sent.place)
                known = explained(error, self._asked.text, self._asked.error, place)
                if known is None:
                    raise
                raise known from None

    def _fetch(self, transaction: Any) -> tuple[list[str], list[list[Any]], Any]:
        from neo4j.exceptions import BrokenRecordError

        fetched, most = Fetched(self._store.address.prefix, self._store.uri), self._max_rows
        rows: list[list[Any]] = []
        if self._stop.is_set():
            raise StoreError("The query was stopped.")
        result = transaction.run(self._sent.text, self._sent.parameters)
        columns = list(result.keys())
        for record in result:
            if self._stop.is_set():
                raise StoreError("The query was stopped.")
            if most is not None and len(rows) == most:
                raise LimitError(
                    f"The query returns more than {most:,} rows; add LIMIT, or raise the limit.", "rows"
                )
            try:
                rows.append([fetched.value(value) for value in record.values()])
            except BrokenRecordError:
                raise CypherRuntimeError(
                    "The result holds a value that Python's driver cannot hold: a year before 1 or after 9999, or a "
                    "time zone that is not known here; return it as text, with toString()."
                ) from None
        summary = result.consume()
        fetched.complete(transaction)
        return columns, rows, summary
