"""Waiting for several answers at once, and handing them on in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

AT_ONCE = 4
"""Requests under way at a time, unless said otherwise."""


def in_order(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    at_once: int = AT_ONCE,
    cancel: Callable[[], None] = lambda: None,
) -> Iterator[_Result]:
    """Yield ``function(item)`` for each item, in order, with at most ``at_once`` calls under way.

    Items are taken only as results are asked for, a few ahead. An exception is raised in its turn. When nobody asks
    any more, ``cancel`` is called until the calls under way have ended, and no thread is left behind.
    """
    tasks: SimpleQueue[tuple[_Item, Future[_Result]] | None] = SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while (task := tasks.get()) is not None:
            item, future = task
            if stopped.is_set():
                continue
            try:
                future.set_result(function(item))
            except BaseException as error:
                future.set_exception(error)

    threads = [threading.Thread(target=work, name="citegraph-llm", daemon=True) for _ in range(at_once)]
    waiting: deque[Future[_Result]] = deque()
    try:
        for thread in threads:
            thread.start()
        for item in items:
            future: Future[_Result] = Future()
            waiting.append(future)
            tasks.put((item, future))
            if len(waiting) >= 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        stopped.set()
        for _ in threads:
            tasks.put(None)
        for thread in threads:
            while thread.is_alive():
                cancel()
                thread.join(0.05)
