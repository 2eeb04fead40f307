"""Building a corpus from nothing: the Daily Papers of Hugging Face, a file for each day."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import orjson

from ...graph.errors import StoreError
from .errors import NoAnswerError
from .http import Client
from .policy import Policy

PAGE = 100
"""Papers of a page of ``/api/daily_papers``, the most it gives."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's file; ``papers`` it holds, ``kept`` where it was there before, ``missing`` why there is none.

    ``failed`` tells that there may be papers, but none could be had.
    """

    day: date
    path: Path | None
    papers: int = 0
    kept: bool = False
    missing: str = ""
    failed: bool = False


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days of a span, both ends included.

    Examples
    --------
    >>> len(list(days(date(2025, 2, 27), date(2025, 3, 2))))
    4
    """
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def fetch_daily(
    client: Client,
    policy: Policy,
    first: date,
    last: date,
    folder: Path,
    *,
    refresh: bool = False,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Iterator[Day]:
    """Fetch the Daily Papers of a span of days, as files that ``citegraph build`` reads.

    Parameters
    ----------
    policy
        How Hugging Face is asked.
    folder
        Made where there is none; a day whose file is there is not asked for again, unless ``refresh``.

    Raises
    ------
    ServiceDownError
        Hugging Face gives no answers now; the days before are there.
    StoreError
        A file cannot be written.

    Notes
    -----
    The list of a day is paged: https://huggingface.co/docs/hub/api. A day without papers gets no file.
    """
    span = list(days(first, last))
    for number, day in enumerate(span):
        progress("fetch", number, len(span))
        path = folder / f"hf-daily-{day.isoformat()}.json"
        if path.exists() and not refresh:
            yield Day(day, path, kept=True)
            continue
        try:
            entries = list(_entries(client, policy, day))
        except NoAnswerError as error:
            yield Day(day, None, missing=error.reason, failed=True)
            continue
        if not entries:
            yield Day(day, None, missing="there are no papers of that day")
            continue
        _write(path, orjson.dumps(entries, option=orjson.OPT_INDENT_2))
        yield Day(day, path, len(entries))
    progress("fetch", len(span), len(span))


def _entries(client: Client, policy: Policy, day: date) -> Iterator[object]:
    """Yield the entries of a day, page by page, each once."""
    seen: set[bytes] = set()
    for page in range(100):
        asked = {"date": day.isoformat(), "limit": str(PAGE), "p": str(page)}
        reply = client.ask(policy, "api/daily_papers", asked)
        try:
            entries = orjson.loads(reply.body) if reply.found else []
        except orjson.JSONDecodeError:
            entries = None
        if not isinstance(entries, list):
            client.forget(reply)
            raise NoAnswerError(policy.service, "its answer is no list of papers; try again later.")
        fresh = {orjson.dumps(entry): entry for entry in entries}
        fresh = {mark: entry for mark, entry in fresh.items() if mark not in seen}
        seen.update(fresh)
        yield from fresh.values()
        if len(entries) < PAGE or not fresh:
            return


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".hf-daily-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}; name another folder with -o."
        ) from None
