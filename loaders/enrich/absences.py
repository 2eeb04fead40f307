"""What services did not have, kept beside their answers, so that nobody asks for it again too soon.

The cache keeps answers by request; of a request about many papers those that it was in vain for would be asked for
again with the next, which is about others.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import orjson

from ...graph.errors import StoreError
from .clock import Clock
from .matching import identifiers_of
from .wanted import Service, Wanted

_TABLE = """CREATE TABLE IF NOT EXISTS absence (
    service TEXT, mark TEXT, reason TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (service, mark)) WITHOUT ROWID"""
_PATIENCE = 30.0


def mark(service: Service, paper: Wanted) -> str | None:
    """Return what a paper is asked for by, as a hash; None where the service cannot be asked about it.

    It is another once more is known of the paper, so that it is worth asking again.
    """
    asks = [(ask.path, ask.parameters, ask.json) for ask in service.asks([paper])]
    if not asks:
        return None
    told_by = [] if identifiers_of(paper) else [paper.year, *sorted(paper.surnames)]
    body = orjson.dumps([asks, told_by], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(body, digest_size=16).hexdigest()


class Absences:
    """Papers that services have been asked for in vain.

    Parameters
    ----------
    folder
        That of the answers.
    clock
        Tells which have expired.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock

    def of(self, service: str) -> dict[str, str]:
        """Return what a service does not have, with why its answers were not believed, where it had any."""
        if not self._file.exists():
            return {}
        sql = "SELECT mark, reason FROM absence WHERE service = ? AND until > ?"
        with self._open() as connection:
            return dict(connection.execute(sql, (service, self._clock.now())))

    def add(self, service: str, reasons: Mapping[str, str], seconds: float) -> None:
        """Keep for so many seconds what a service does not have."""
        until = self._clock.now() + seconds
        rows = [(service, known, reason, until) for known, reason in reasons.items()]
        if rows:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._open() as connection:
                connection.executemany("INSERT OR REPLACE INTO absence VALUES (?, ?, ?, ?)", rows)
                connection.execute("DELETE FROM absence WHERE until <= ?", (self._clock.now(),))

    @property
    def _file(self) -> Path:
        return self._folder / "absent.sqlite"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=_PATIENCE)) as connection, connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.Error as error:
            raise StoreError(
                f"The answers kept in {self._folder} cannot be used: {error}; "
                "delete the folder, or name another with --cache."
            ) from None
