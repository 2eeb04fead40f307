"""A connection to a Neo4j server: sessions, transactions tried again, and every failure as one sentence."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import LockedError, StoreError
from .address import Address

if TYPE_CHECKING:
    from neo4j import Driver, Session, Transaction

T = TypeVar("T")

_FETCH = 5000
_CONNECT_SECONDS = 10.0
_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_MEMORY = ("MemoryPoolOutOfMemoryError", "OutOfMemoryError", "TransactionOutOfMemoryError")

PATIENCE = 20.0
"""Seconds in which a server may come back before a command gives up."""


class UncertainError(StoreError):
    """The connection broke while the server committed: nobody knows whether it did."""


class TooMuchError(StoreError):
    """A transaction is larger than the memory the server grants it."""


class Connection:
    """One driver, opened at first use."""

    def __init__(self, address: Address) -> None:
        self.address, self.patience = address, PATIENCE
        self._driver: Driver | None = None

    @property
    def driver(self) -> Driver:
        """The driver; made at first use, which talks to nobody yet."""
        if self._driver is None:
            from neo4j import GraphDatabase, NotificationMinimumSeverity

            # What is tried again is not worth a line; what fails in the end is told in words of our own.
            logging.getLogger("neo4j").addHandler(logging.NullHandler())
            self._driver = GraphDatabase.driver(
                self.address.uri,
                auth=self.address.auth,
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=self.patience,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                user_agent="citegraph",
            )
        return self._driver

    def close(self) -> None:
        """Close the driver."""
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    @contextmanager
    def session(self, *, write: bool = False, **options: Any) -> Iterator[Session]:
        """Open a session; what fails in it becomes a :class:`StoreError`.

        Whichever member of a cluster it talks to knows what earlier sessions wrote.
        """
        from neo4j import READ_ACCESS, WRITE_ACCESS

        with (
            self.explained(),
            self.driver.session(
                database=self.address.database,
                default_access_mode=WRITE_ACCESS if write else READ_ACCESS,
                bookmark_manager=self.driver.execute_query_bookmark_manager,
                **{"fetch_size": _FETCH, **options},
            ) as session,
        ):
            yield session

    def rows(
        self, query: str, parameters: Mapping[str, Any] | None = None, *, fetch: int = _FETCH
    ) -> Iterator[list[Any]]:
        """Stream the rows of a reading query, so many at once."""
        with self.session(fetch_size=fetch) as session:
            for record in session.run(query, dict(parameters or {})):
                yield record.values()

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do work in one transaction, tried again while the driver says that may help and patience lasts.

        The driver's own ``execute_write`` tries again even what is too much for the server's memory, and begins with
        a pause of a second; a load makes thousands of transactions over a network that may drop any of them.

        Raises
        ------
        UncertainError
            The answer to the commit was lost: work that may be done twice is to be done again.
        TooMuchError
            The work is too much for one transaction.
        """
        from neo4j import exceptions

        until, pause = time.monotonic() + self.patience, _PAUSE
        while True:
            with self.session(write=True) as session:
                try:
                    with session.begin_transaction() as transaction:
                        return work(transaction)
                except (exceptions.Neo4jError, exceptions.DriverError) as error:
                    late = time.monotonic() > until
                    if late or not error.is_retryable() or _of_memory(error):
                        raise
            time.sleep(pause * random.uniform(0.8, 1.2))  # so that two who met at a lock do not meet again
            pause = min(2 * pause, _LONGEST_PAUSE)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into sentences."""
        from neo4j import exceptions

        where = self.address
        try:
            yield
        except exceptions.AuthError as error:
            raise StoreError(
                f"{where} refuses the password of user {where.user!r}; set NEO4J_USERNAME and NEO4J_PASSWORD."
            ) from error
        except exceptions.ConfigurationError as error:
            raise StoreError(f"{where} cannot be used as an address: {_line(error)}.") from error
        except exceptions.IncompleteCommit as error:
            raise UncertainError(
                f"The connection to {where} broke during a commit; "
                "run the command again: it goes on where it stopped."
            ) from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            raise StoreError(
                f"No Neo4j server answers at {where}, or the connection broke; start the server or mend the address "
                "and run the command again: it goes on where it stopped."
            ) from error
        except exceptions.Neo4jError as error:
            raise self._explain(error) from error
        except exceptions.DriverError as error:
            raise StoreError(f"{where}: {_line(error)}.") from error

    def _explain(self, error: Any) -> StoreError:
        code, where = str(error.code or ""), self.address
        if code.endswith("DatabaseNotFound"):
            return StoreError(
                f"{where} has no database {where.database!r}; leave it out to take the server's own,"
                " or make it with CREATE DATABASE."
            )
        if _of_memory(error):
            return TooMuchError(
                f"{where} grants a transaction too little memory; raise db.memory.transaction.max there."
            )
        if code.endswith(("LockAcquisitionTimeout", "LockClientStopped")):
            return LockedError(f"Another process is writing to {where}; try again when it is done.")
        if code.endswith(("Schema.ConstraintValidationFailed", "ConstraintCreationFailed")):
            return StoreError(
                f"{where} holds data of others that breaks a constraint ({_line(error)}); "
                "use another database, or a prefix for our labels: ?prefix=Cg."
            )
        if code.endswith("Transaction.TransactionLogError") or "needs to be restarted" in str(error.message):
            return StoreError(
                f"{where} can write no longer, most likely because its disk or quota is full; make room, restart the "
                "server and run the command again: it goes on where it stopped."
            )
        return StoreError(f"{where}: {_line(error)}.")


def _of_memory(error: Any) -> bool:
    return str(getattr(error, "code", None)).endswith(_MEMORY)


def _line(error: Any) -> str:
    message = str(getattr(error, "message", None) or error).strip().split("\n")[0]
    return message.rstrip(".")
