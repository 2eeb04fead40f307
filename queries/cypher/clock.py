"""What time it is: one and the same all through a query, or read anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_statement: ContextVar[int | None] = ContextVar("statement", default=None)


def realtime() -> int:
    """Return the nanoseconds since the start of 1970, UTC, read now."""
    return time.time_ns()


def now() -> int:
    """Return the nanoseconds since the start of 1970, UTC, at which the query began."""
    held = _statement.get()
    return realtime() if held is None else held


@contextmanager
def statement(started: int | None = None) -> Iterator[None]:
    """Hold the clock for as long as a query runs, so that two ``datetime()`` in it are equal."""
    token = _statement.set(realtime() if started is None else started)
    try:
        yield
    finally:
        _statement.reset(token)
