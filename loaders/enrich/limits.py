"""Taking turns at a service: one pace over all threads and processes of the machine.

A small file for each service holds when the next request may go. Whoever is to send one locks the file, takes the
next free moment, and writes down the one after it; a service that allows one connection is asked with the lock held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...graph.errors import StoreError
from .clock import Clock
from .policy import Policy

_LONGEST_PAUSE = 3600.0
"""Seconds; a moment further away was written by a clock that went wrong."""


class Turns:
    """Gives turns by the files of a folder.

    Parameters
    ----------
    folder
        Shared by all processes that are to take turns.
    clock
        Tells the time and waits.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._intervals: dict[str, float] = {}

    def keep(self, policy: Policy, interval: float | None) -> None:
        """Keep the interval that a service's last answer asks for, if it is longer than the usual one.

        The next request, whoever sends it, has to wait so long already.
        """
        if interval is None or interval <= policy.pause:
            self._intervals.pop(policy.service, None)
            return
        self._intervals[policy.service] = interval
        with self._lock(policy):
            self._write(policy, max(self._next(policy), self._clock.now() + interval))

    @contextmanager
    def turn(self, policy: Policy) -> Iterator[None]:
        """Wait for a turn at a service, and hold it while the service can be asked by one alone."""
        with self._lock(policy):
            self._wait(policy)
            if policy.alone:
                try:
                    yield
                finally:  # the pause counts from the end of an answer, as the service counts connections
                    self._write(policy, self._clock.now() + self._interval(policy))
                return
        yield

    @contextmanager
    def _lock(self, policy: Policy) -> Iterator[None]:
        from filelock import FileLock

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / f"{policy.service}.lock")
            lock.acquire()
        except OSError as error:
            raise StoreError(
                f"The folder {self._folder}, by which processes take turns, cannot be used: "
                f"{error.strerror or error}; name another with --cache."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def _interval(self, policy: Policy) -> float:
        return self._intervals.get(policy.service, policy.pause)

    def _next(self, policy: Policy) -> float:
        """Return when the next request may go; now, where nothing believable is written down."""
        now, free = self._clock.now(), 0.0
        with suppress(OSError, ValueError):
            free = float(self._file(policy).read_text(encoding="ascii"))
        return free if now < free <= now + _LONGEST_PAUSE else now

    def _wait(self, policy: Policy) -> None:
        now, free = self._clock.now(), self._next(policy)
        self._write(policy, free + self._interval(policy))
        if free > now:
            self._clock.sleep(free - now)

    def _write(self, policy: Policy, free: float) -> None:
        self._file(policy).write_text(repr(free), encoding="ascii")

    def _file(self, policy: Policy) -> Path:
        return self._folder / f"{policy.service}.next"
