"""The right to write to a graph on a server: one holds it, and others are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from ..errors import LockedError

if TYPE_CHECKING:
    from neo4j import Session, Transaction

    from .connection import Connection

_SHOW = (
    "SHOW TRANSACTIONS YIELD startTime AS since, metaData AS told "
    "WHERE told.citegraph = $what RETURN since, told.by"
)
_GIVING_WAY = 2.0
"""Seconds that the one who came first waits for those who came at the same moment to go."""


class Hold:
    """A transaction kept open that tells others somebody is writing.

    Each makes itself known before it looks, and goes on only if it sees nobody else: so of two that come at once one
    at least sees the other, however the server's clock orders them. The order, to the millisecond, only decides who
    gives way at once and who waits for that.

    The server ends it when its client is gone, so nobody has to tidy up after a crash. Where the network broke it is
    taken again, and nothing goes on before it is certain that nobody else has written in between.

    Parameters
    ----------
    unchanged
        Says whether the server still holds what this process left there.
    """

    def __init__(self, connection: Connection, unchanged: Callable[[], bool]) -> None:
        self._connection, self._unchanged = connection, unchanged
        self._by = uuid4().hex
        self._session: Session | None = None
        self._transaction: Transaction | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Hold:
        try:
            with self._connection.explained():
                self._take()
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def check(self) -> None:
        """Be sure that this process alone is writing.

        Raises
        ------
        LockedError
            Another process has taken over.
        StoreError
            The server is gone.
        """
        from neo4j import exceptions

        with self._lock, self._connection.explained():
            try:
                assert self._transaction is not None
                self._transaction.run("RETURN 1").consume()
                return
            except (exceptions.Neo4jError, exceptions.DriverError, OSError):
                self._drop()
            until = time.monotonic() + self._connection.patience
            while True:
                try:
                    self._take()
                    break
                except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError):
                    self._drop()
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.5)
            if not self._unchanged():
                raise LockedError(
                    f"Another process has written to {self._connection.address} while the connection was broken; "
                    "run the command again."
                )

    def _take(self) -> None:
        what = f"writing {self._connection.address.database or ''} {self._connection.address.prefix}"
        # At once the cell of the pool that the driver tests least: a connection that broke long ago may lie there.
        self._session = self._connection.driver.session(database=self._connection.address.database)
        self._transaction = self._session.begin_transaction(
            metadata={"citegraph": what, "by": self._by}, timeout=0
        )
        until = time.monotonic() + _GIVING_WAY
        while True:
            shown = [record.values() for record in self._transaction.run(_SHOW, what=what)]
            others = [(since, by) for since, by in shown if by != self._by]
            if not others:
                return
            first = min(others)
            own = min(((since, by) for since, by in shown if by == self._by), default=None)
            if own is None or first < own or time.monotonic() > until:
                raise LockedError(
                    f"Another process is writing to {self._connection.address} since "
                    f"{first[0][:19].replace('T', ' ')}; try again when it is done."
                )
            time.sleep(0.02)

    def _drop(self) -> None:
        """End the transaction; it has changed nothing, so it may end as it likes."""
        from neo4j import exceptions

        for open_ in (self._transaction, self._session):
            if open_ is not None:
                with suppress(exceptions.Neo4jError, exceptions.DriverError, OSError):
                    open_.close()
        self._session = self._transaction = None
