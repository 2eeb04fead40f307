"""Threads that ask: side by side for every service, as many at a time as each allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue

from .errors import NoAnswerError, NotCachedError, RefusedError, ServiceDownError
from .http import Client
from .wanted import Answer, Ask, Service

Answered = tuple[Service, list[Answer]]

_PATIENCE = 0.2
_GRACE = 1.0
"""Seconds for what is about to arrive when asking is broken off; a thread may be waiting for minutes."""


@dataclass(frozen=True, slots=True)
class _Done:
    """A thread has nothing more to ask."""

    error: BaseException | None = None


class Asking:
    """Asks services, and hands over what they answer to the thread that takes it.

    Parameters
    ----------
    client
        Sends the requests.
    work
        Services with what to ask them.
    """

    def __init__(self, client: Client, work: Sequence[tuple[Service, Iterator[Ask]]]) -> None:
        self._client = client
        self._answers: Queue[Answered | _Done] = Queue(maxsize=64)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        for service, asks in work:
            taking = threading.Lock()
            self._threads += [
                # A thread that waits when the program ends must not keep it from ending.
                threading.Thread(target=self._ask_each, args=(service, asks, taking), daemon=True)
                for _ in range(service.policy.connections)
            ]

    def answers(self) -> Iterator[Answered]:
        """Start, and yield answers as they come, of one request at a time."""
        for thread in self._threads:
            thread.start()
        running, failed = len(self._threads), None
        while running:
            item = self._answers.get()
            if isinstance(item, _Done):
                running -= 1
                failed = failed or item.error
            else:
                yield item
        if failed is not None:
            raise failed

    def break_off(self) -> Iterator[Answered]:
        """Ask nothing more, and yield what still arrives."""
        self._stop.set()
        until = time.monotonic() + _GRACE
        while time.monotonic() < until and any(thread.is_alive() for thread in self._threads):
            yield from self._arrived(_PATIENCE)
        yield from self._arrived(0.0)

    def _arrived(self, patience: float) -> Iterator[Answered]:
        try:
            while True:
                item = self._answers.get(timeout=patience) if patience else self._answers.get_nowait()
                if not isinstance(item, _Done):
                    yield item
        except Empty:
            return

    # --- in the threads ------------------------------------------------------------------------------------

    def _ask_each(self, service: Service, asks: Iterator[Ask], taking: threading.Lock) -> None:
        error: BaseException | None = None
        try:
            while not self._stop.is_set():
                with taking:
                    ask = next(asks, None)
                if ask is None:
                    break
                self._hand_over((service, self._ask(service, ask)))
        except BaseException as fault:
            error = fault
        self._hand_over(_Done(error))

    def _hand_over(self, item: Answered | _Done) -> None:
        while True:
            try:
                self._answers.put(item, timeout=_PATIENCE)
            except Full:
                if self._stop.is_set():
                    return
            else:
                return

    def _ask(self, service: Service, ask: Ask) -> list[Answer]:
        """Ask, and ask on where an answer says that there is more."""
        answers: list[Answer] = []
        waiting = [ask]
        while waiting and not self._stop.is_set():
            asked = waiting.pop()
            try:
                for found in self._read(service, asked):
                    if isinstance(found, Ask):
                        waiting.append(found)
                    else:
                        answers.append(found)
            except (NoAnswerError, ServiceDownError) as error:
                if isinstance(error, RefusedError) and (smaller := list(service.smaller(asked))):
                    waiting += smaller
                    continue
                reason = "" if isinstance(error, NotCachedError) else error.reason
                answers += _unanswered(asked, reason)
        return answers

    def _read(self, service: Service, ask: Ask) -> list[Answer | Ask]:
        reply = self._client.ask(service.policy, ask.path, ask.parameters, ask.json)
        try:
            return list(service.read(ask, reply))
        except NoAnswerError:
            self._client.forget(reply)  # the next run is to ask, not to stumble over this again
            raise


def _unanswered(ask: Ask, reason: str) -> list[Answer]:
    return [] if ask.more else [Answer(paper.id, None, reason, unanswered=True) for paper in ask.papers]
