"""A connection to a Neo4j server: sessions, retries by the driver, and every failure as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import LockedError, StoreError
from .address import Address

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

T = TypeVar("T")

_FETCH = 5000
_RETRY_SECONDS = 20.0
_CONNECT_SECONDS = 10.0


class Connection:
    """One driver, opened at first use."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._driver: Driver | None = None

    @property
    def driver(self) -> Driver:
        """The driver; made at first use, which talks to nobody yet."""
        if self._driver is None:
            from neo4j import GraphDatabase, NotificationMinimumSeverity

            self._driver = GraphDatabase.driver(
                self.address.uri,
                auth=self.address.auth,
                connection_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=_RETRY_SECONDS,
                connection_acquisition_timeout=_RETRY_SECONDS,
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
    def session(self, *, write: bool = False) -> Iterator[Session]:
        """Open a session; what fails in it becomes a :class:`StoreError`."""
        from neo4j import READ_ACCESS, WRITE_ACCESS

        with (
            self.explained(),
            self.driver.session(
                database=self.address.database,
                default_access_mode=WRITE_ACCESS if write else READ_ACCESS,
                fetch_size=_FETCH,
            ) as session,
        ):
            yield session

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """Stream the rows of a reading query."""
        with self.session() as session:
            for record in session.run(query, dict(parameters or {})):
                yield record.values()

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Do work in one transaction, tried again by the driver while the server says that may help."""
        with self.session(write=True) as session:
            return session.execute_write(work)

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
        if code.endswith(("LockAcquisitionTimeout", "LockClientStopped", "TransactionTimedOut")):
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
