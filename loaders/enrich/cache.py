"""What services have answered, on disk: asked once, an answer is not asked for again until it has expired.

requests-cache keeps the answers, as JSON. What goes in is made here of an address without its secrets, a status and a
body, so that nothing else of a request or of an answer can ever come to lie there.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from ...graph.errors import StoreError
from .clock import Clock

if TYPE_CHECKING:
    from requests_cache.backends.sqlite import SQLiteCache


def default_folder() -> Path:
    """Return where answers are kept unless said otherwise: ``services`` in the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("citegraph", appauthor=False) / "services"


def key_of(method: str, address: str, body: bytes | None) -> str:
    """Return the name of an answer: a hash of what was asked, of which secrets are no part."""
    return hashlib.sha256(orjson.dumps([method, address, (body or b"").decode()])).hexdigest()


class Cache:
    """Answers kept in a folder.

    Parameters
    ----------
    folder
        Made where there is none.
    clock
        Tells which answers have expired.

    Raises
    ------
    StoreError
        The folder cannot be used.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self._clock = folder, clock
        self._answers: SQLiteCache | None = None
        self._lock = threading.Lock()  # threads that wait for each other's file locks wait far longer

    def get(self, key: str) -> tuple[int, str, bytes] | None:
        """Return status, content type and body of an answer that is still good, None where there is none."""
        try:
            with self._lock:
                found = self._open().get_response(key)
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from None
        if found is None or found.expires is None:
            return None
        if found.expires.replace(tzinfo=UTC).timestamp() <= self._clock.now():
            return None
        return found.status_code, found.headers.get("Content-Type", ""), found.content

    def put(self, key: str, address: str, answer: tuple[int, str, bytes], seconds: float) -> None:
        """Keep an answer for so many seconds."""
        from requests import PreparedRequest, Response
        from urllib3 import HTTPResponse

        status, content_type, body = answer
        asked = PreparedRequest()
        asked.prepare(method="GET", url=address)
        response = Response()
        response.status_code, response.url, response.request = status, address, asked
        response.headers["Content-Type"] = content_type
        response.raw = HTTPResponse(
            io.BytesIO(body), headers={"Content-Type": content_type}, status=status, preload_content=False
        )
        response._content = body
        until = datetime.fromtimestamp(self._clock.now() + seconds, UTC).replace(tzinfo=None)
        try:
            with self._lock:
                self._open().save_response(response, cache_key=key, expires=until)
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from None

    def drop(self, key: str) -> None:
        """Forget an answer."""
        try:
            with self._lock:
                self._open().delete(key)
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from None

    def close(self) -> None:
        """Close the file."""
        if self._answers is not None:
            self._answers.close()  # type: ignore[no-untyped-call]

    def _open(self) -> SQLiteCache:
        if self._answers is None:
            from requests_cache.backends.sqlite import SQLiteCache

            self.folder.mkdir(parents=True, exist_ok=True)
            self._answers = SQLiteCache(
                self.folder / "answers.sqlite", serializer="json", wal=True, timeout=60.0
            )
        return self._answers

    def _broken(self, error: Exception) -> StoreError:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        return StoreError(
            f"The answers kept in {self.folder} cannot be used: {why}; "
            "delete the folder, or name another with --cache."
        )
