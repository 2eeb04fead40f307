"""The graph's file: one SQLite database, written in whole transactions by one process at a time.

While a process writes, SQLite's write-ahead log lets others read the last whole state; a process killed at any
moment leaves that state. The log is folded back when the writer closes, so a file at rest is one file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from .errors import LockedError, StoreError, VersionError
from .schema import VERSION

APPLICATION_ID = 0x63697467
"""``citg``: marks the file as ours in SQLite's header."""

_TABLES = """
CREATE TABLE source (uri TEXT PRIMARY KEY, sha256 TEXT NOT NULL, format TEXT NOT NULL, loaded_at TEXT NOT NULL);
CREATE TABLE record (
    number INTEGER PRIMARY KEY, source TEXT NOT NULL, digest BLOB NOT NULL, paper TEXT NOT NULL,
    keys TEXT NOT NULL, year INTEGER, surnames TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX record_source ON record (source);
CREATE INDEX record_paper ON record (paper);
CREATE TABLE identity (
    key TEXT, paper TEXT, stub INTEGER NOT NULL, year INTEGER, PRIMARY KEY (key, paper)) WITHOUT ROWID;
CREATE INDEX identity_paper ON identity (paper);
CREATE TABLE node (id TEXT PRIMARY KEY, label TEXT NOT NULL, properties BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE edge (source TEXT, type TEXT, target TEXT, properties BLOB NOT NULL,
    PRIMARY KEY (source, type, target)) WITHOUT ROWID;
CREATE TABLE tally (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE part (paper TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""

_TABLES_2 = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE coinage (surface TEXT, paper TEXT, label TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (surface, paper)) WITHOUT ROWID;
CREATE INDEX coinage_paper ON coinage (paper);
CREATE TABLE correction (verb TEXT, subject TEXT, object TEXT, body TEXT NOT NULL,
    PRIMARY KEY (verb, subject, object)) WITHOUT ROWID;
"""

_MIGRATIONS: dict[int, str] = {1: _TABLES_2}
"""SQL that lifts a file from the version it is keyed by to the next."""

_VARIABLES = 500
_PAGES = 4096
_CACHE = 512 << 10
"""KiB of pages that a writer keeps in memory: where they do not fit, each is written many times in one change."""


class GraphFile:
    """A connection to a graph file.

    Parameters
    ----------
    path
        The file; None for a graph that lives in memory only.
    write
        Open for writing: creates the file where there is none, and lifts an older version.
    """

    def __init__(self, path: Path | None, *, write: bool = False) -> None:
        self.path = path
        self.name = str(path) if path else "the graph in memory"
        self._new = self._made_in_vain = False
        absent = path is not None and not path.exists()
        try:
            self._connection = self._connect(path, write=write)
            self._identity = _identity_of(path) if path is not None else None
            self._check(write=write)
            self._new = absent
        except (sqlite3.DatabaseError, StoreError) as error:
            if absent and path is not None:
                with suppress(OSError):
                    if path.stat().st_size == 0:
                        path.unlink()
            raise self._explain(error) if isinstance(error, sqlite3.Error) else error from error

    def _connect(self, path: Path | None, *, write: bool) -> sqlite3.Connection:
        if path is None:
            return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        if path.is_dir():
            raise StoreError(f"{path} is a folder; name a file to hold the graph.")
        if not path.exists() and not write:
            raise StoreError(f"There is no graph at {path}; make one with `citegraph build INPUT -g {path}`.")
        if not path.absolute().parent.is_dir():
            raise StoreError(f"The folder of {path} does not exist; make it first.")
        if write:
            connection = sqlite3.connect(path, isolation_level=None, timeout=0.2, check_same_thread=False)
            connection.execute(f"PRAGMA cache_size=-{_CACHE}")
            return connection
        uri = path.absolute().as_uri() + "?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5, check_same_thread=False)

    def _check(self, *, write: bool) -> None:
        application, version = self.one("PRAGMA application_id")[0], self.one("PRAGMA user_version")[0]
        empty = not self.one("SELECT count(*) FROM sqlite_master")[0]
        if empty and (write or self.path is None):
            self._create()
            return
        if application != APPLICATION_ID:
            self.close()
            raise StoreError(f"{self.name} is not a citegraph graph; choose another file with -g.")
        if version > VERSION:
            self.close()
            raise VersionError(
                f"{self.name} holds schema version {version}, this citegraph knows {VERSION}; "
                f"install a citegraph that knows schema version {version} to open it."
            )
        if version < VERSION:
            self._migrate(version, write=write)

    def _create(self) -> None:
        if self.path is not None:
            self._connection.execute("PRAGMA journal_mode=WAL")
        with self.transaction():
            if self.one("SELECT count(*) FROM sqlite_master")[0]:
                return
            for statement in (_TABLES + _TABLES_2).strip().split(";\n"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version={VERSION}")

    def _migrate(self, version: int, *, write: bool) -> None:
        if not write:
            # A reader may not change the file: the same statements lift a copy in memory.
            lifted = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._connection.backup(lifted)
            self._connection.close()
            self._connection = lifted
        with self.transaction():
            for step in range(version, VERSION):
                for statement in _MIGRATIONS[step].strip().split(";\n"):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version={VERSION}")

    def _explain(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", None)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LockedError(f"Another process is writing to {self.name}; try again when it is done.")
        if code == sqlite3.SQLITE_NOTADB:
            return StoreError(f"{self.name} is not a citegraph graph; choose another file with -g.")
        if code == sqlite3.SQLITE_CORRUPT:
            return self.damaged(error)
        if code == sqlite3.SQLITE_FULL:
            return StoreError(f"The disk is full; {self.name} keeps its last whole state.")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return StoreError(
                f"{self.name} cannot be written or opened; check the rights of file and folder."
            )
        if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
            return StoreError(f"{self.name} is closed; open it again.")
        return StoreError(f"{self.name}: {str(error).rstrip('.')}.")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing.

        Raises
        ------
        LockedError
            Another process is writing.
        StoreError
            The disk is full, the file is damaged or may not be written.
        """
        try:
            if self.path is not None:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._explain(error) from error
        try:
            self._check_in_place()
            yield
            self._connection.execute("COMMIT")
            self._new = self._made_in_vain = False
        except BaseException as error:
            self._made_in_vain = self._new
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._explain(error) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the same state throughout a block, whatever others write meanwhile."""
        try:
            within = self._connection.in_transaction
            if not within:
                self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            raise self._explain(error) from error
        try:
            yield
        finally:
            if not within:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")

    def _check_in_place(self) -> None:
        """Refuse to write into a file that was removed or replaced since it was opened: all of it would be lost."""
        if self.path is None or self._identity is None:
            return
        if _identity_of(self.path) != self._identity:
            raise StoreError(f"{self.name} was removed or replaced by another program; open it again.")

    def damaged(self, error: object) -> StoreError:
        """Return the error that says the file's content is not what was written."""
        return StoreError(f"{self.name} is damaged ({error}); restore it from a copy or build it anew.")

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first row of a query."""
        return next(self.rows(sql, values), None)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Iterate over the rows of a query."""
        try:
            cursor = self._connection.execute(sql, values)
            # No `yield from`: it would close the cursor of an abandoned loop, perhaps after the file.
            for row in cursor:  # noqa: UP028
                yield row
        except sqlite3.DatabaseError as error:
            raise self._explain(error) from error

    def rows_in(self, sql: str, values: Iterable[Any]) -> Iterator[Any]:
        """Iterate over the rows of a query whose ``IN ({})`` takes all ``values``, however many."""
        wanted = list(values)
        for start in range(0, len(wanted), _VARIABLES):
            chunk = wanted[start : start + _VARIABLES]
            yield from self.rows(sql.format(",".join("?" * len(chunk))), chunk)

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        self._connection.executemany(sql, rows)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement and return the row number it inserted."""
        return self._connection.execute(sql, values).lastrowid or 0

    def setting(self, name: str) -> str | None:
        """Return what was kept under a name, None where nothing was."""
        row = self.one("SELECT value FROM setting WHERE name = ?", (name,))
        return row[0] if row else None

    def keep(self, name: str, value: str | None) -> None:
        """Keep a text under a name, for good; None forgets it."""
        if value is None:
            self.run("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def lexicons(self) -> tuple[tuple[str, str], ...]:
        """Return the lexicon files the graph keeps, each as its name and content."""
        kept = self.setting("lexicon")
        return tuple((name, text) for name, text in orjson.loads(kept)) if kept else ()

    def keep_lexicons(self, files: Sequence[tuple[str, str]]) -> None:
        """Keep lexicon files for later builds, in place of those kept so far."""
        self.keep("lexicon", orjson.dumps(files).decode() if files else None)

    def copy_into(self, target: GraphFile, told: Callable[[int, int], None]) -> None:
        """Make another file hold what this one holds, all or nothing; ``told`` hears how many pages of how many."""
        waited = 0

        def step(status: int, left: int, total: int) -> None:
            nonlocal waited
            waited = waited + 1 if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else 0
            if waited > 4:  # a quarter of a second each
                raise LockedError(f"Another process is writing to {target.name}; try again when it is done.")
            told(total - left, total)

        try:
            self._connection.backup(target._connection, pages=_PAGES, progress=step)
        except sqlite3.Error as error:
            raise target._explain(error) from error

    def clear(self) -> None:
        """Take everything out, inside a transaction."""
        for (table,) in list(self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")):
            self.run(f"DELETE FROM {table}")

    def changes(self) -> int:
        """Return a number that changes when another process has written."""
        return int(self.one("PRAGMA data_version")[0])

    def close(self) -> None:
        """Close the connection; the last writer folds the log back into the file.

        A file made by this connection for a first change that failed goes again.
        """
        if self._made_in_vain:
            self._remove_unused()
        with suppress(sqlite3.Error):
            if self.path is not None and not self._connection.in_transaction:
                self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.close()

    def _remove_unused(self) -> None:
        """Remove the file if nobody has written to it; whoever waits to do so finds it gone and says so."""
        with suppress(sqlite3.Error, StoreError, OSError), self.transaction():
            if self.one("SELECT count(*) FROM source")[0] == 0 == self.one("SELECT count(*) FROM node")[0]:
                for suffix in ("-wal", "-shm", ""):
                    Path(f"{self.path}{suffix}").unlink(missing_ok=True)


def _identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that takes its name; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
