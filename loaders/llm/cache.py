"""Answers by the hash of what was asked, in one SQLite file: what has been asked once costs nothing again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from ...graph.errors import StoreError
from .client import require

APPLICATION_ID = 0x43474C4D
"""In the header of the file: it is citegraph's, and holds answers of language models."""

_TABLE = "CREATE TABLE answer (question BLOB PRIMARY KEY, model TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID"


def default_path() -> Path:
    """Return where answers are kept unless said otherwise: ``llm.sqlite`` in the user's cache folder."""
    require("platformdirs")
    from platformdirs import user_cache_path

    return user_cache_path("citegraph", appauthor=False) / "llm.sqlite"


def question_hash(
    model: str, version: int, system: str, schema: Mapping[str, Any], title: str, abstract: str
) -> bytes:
    """Hash all that an answer depends on; neither the key nor the address is part of it."""
    asked = orjson.dumps([model, version, system, schema, title, abstract], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(asked).digest()


class Cache:
    """Answers kept in a file; every one is safe on disk as soon as :meth:`put` returns.

    Parameters
    ----------
    path
        The file, made where there is none; None keeps the answers in memory only.

    Raises
    ------
    StoreError
        The file cannot be opened, or is something else.
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self.path = None if path is None else Path(path)
        self._lock = threading.Lock()
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(
                self.path or ":memory:", timeout=30.0, isolation_level=None, check_same_thread=False
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The answer cache {self.path} cannot be opened: {error}; name another with --llm-cache."
            ) from None

    def _prepare(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        (owner,) = self._file.execute("PRAGMA application_id").fetchone()
        (tables,) = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if owner == 0 and tables == 0:
            self._file.execute(_TABLE)
            self._file.execute(f"PRAGMA application_id={APPLICATION_ID}")
        self._file.execute("COMMIT")
        if owner not in (0, APPLICATION_ID) or (owner == 0 and tables):
            self._file.close()
            raise StoreError(f"{self.path} is no answer cache; name another file with --llm-cache.")

    def get(self, question: bytes) -> str | None:
        """Return the answer to a question, None where it has not been asked.

        Raises
        ------
        StoreError
            The file is damaged.
        """
        row = self._run("SELECT content FROM answer WHERE question = ?", (question,))
        return row[0] if row is not None and isinstance(row[0], str) else None

    def put(self, question: bytes, model: str, content: str) -> None:
        """Keep an answer.

        Raises
        ------
        StoreError
            The file is damaged, or the disk is full.
        """
        self._run("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (question, model, content))

    def _run(self, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        try:
            with self._lock:
                row: tuple[Any, ...] | None = self._file.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise StoreError(
                f"The answer cache {self.path} cannot be used: {error}; delete it, or name another with --llm-cache."
            ) from None
        return row

    def __len__(self) -> int:
        """Return how many answers are kept."""
        row = self._run("SELECT count(*) FROM answer", ())
        return 0 if row is None else int(row[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()
