"""Taking turns at a service: one pace over all threads and processes of the machine.

A small file for each service holds when the next request may go. Whoever is to send one locks the file, takes the
next free moment, and writes down the one after it; a service that allows one connection is asked with the lock held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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

    def slow_down(self, policy: Policy, interval: float) -> None:
        """Keep a longer interval from now on, as a service's answers may ask for."""
        self._intervals[policy.service] = max(interval, self._intervals.get(policy.service, policy.interval))

    @contextmanager
    def turn(self, policy: Policy) -> Iterator[None]:
        """Wait for a turn at a service, and hold it while the service can be asked by one alone."""
        from filelock import FileLock

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{policy.service}.lock")
        with lock:
            self._wait(policy)
            if policy.alone:
                try:
                    yield
                finally:  # the pause counts from the end of an answer, as the service counts connections
                    self._write(policy, self._clock.now() + self._interval(policy))
                return
        yield

    def _interval(self, policy: Policy) -> float:
        return self._intervals.get(policy.service, policy.interval)

    def _wait(self, policy: Policy) -> None:
        now, free = self._clock.now(), 0.0
        with suppress(OSError, ValueError):
            free = float(self._file(policy).read_text(encoding="ascii"))
        if not now < free <= now + _LONGEST_PAUSE:
            free = now
        self._write(policy, free + self._interval(policy))
        if free > now:
            self._clock.sleep(free - now)

    def _write(self, policy: Policy, free: float) -> None:
        self._file(policy).write_text(repr(free), encoding="ascii")

    def _file(self, policy: Policy) -> Path:
        return self._folder / f"{policy.service}.next"
