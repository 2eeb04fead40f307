"""A connection to a Neo4j server: sessions, retries by the driver, and every failure as one sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import LockedError, StoreError
from .address import Address

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

T = TypeVar("T")

_FETCH = 5000
_CONNECT_SECONDS = 10.0
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
                max_transaction_retry_time=self.patience,
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

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """Stream the rows of a reading query."""
        with self.session() as session:
            for record in session.run(query, dict(parameters or {})):
                yield record.values()

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Do work in one transaction, tried again by the driver while the server says that may help.

        Raises
        ------
        UncertainError
            The answer to the commit was lost: work that may be done twice is to be done again.
        TooMuchError
            The work is too much for one transaction.
        """
        from neo4j import exceptions

        def sized(transaction: ManagedTransaction) -> T:
            try:
                return work(transaction)
            except exceptions.TransientError as error:
                if str(error.code).endswith(_MEMORY):  # to try the same again helps nobody
                    raise self._explain(error) from error
                raise

        with self.session(write=True) as session:
            return session.execute_write(sized)

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
        if code.endswith(_MEMORY):
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
        if "disk" in str(error.message).lower() or "space" in str(error.message).lower():
            return StoreError(f"{where} cannot write, its disk is full; make room and run the command again.")
        return StoreError(f"{where}: {_line(error)}.")


def _line(error: Any) -> str:
    message = str(getattr(error, "message", None) or error).strip().split("\n")[0]
    return message.rstrip(".")
