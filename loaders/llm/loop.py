"""Waiting on the network in a way that can be called off.

A thread that waits for an answer cannot be stopped, and one that is still about when the interpreter ends may bring
it down. So requests run on an event loop, where they can be cancelled: Ctrl-C ends a build at once although an answer
can take minutes, and the endpoint learns that nobody is waiting any more.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

_Result = TypeVar("_Result")

_PATIENCE = 5.0
"""Seconds that requests called off get to close their connections."""


class CalledOffError(Exception):
    """What was waited for has been cancelled."""


class Loop:
    """An event loop on a thread of its own, which ends with this object or with the interpreter."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, name="citegraph-llm-loop", daemon=True)
        thread.start()
        self._under_way: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._end = weakref.finalize(self, _end, self._loop, thread)

    def run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a coroutine and wait for it.

        Raises
        ------
        CalledOffError
            :meth:`cancel` was called meanwhile.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        with self._lock:
            self._under_way.add(future)
        try:
            return future.result()
        except (CancelledError, asyncio.CancelledError):
            raise CalledOffError from None
        finally:
            with self._lock:
                self._under_way.discard(future)

    def cancel(self) -> None:
        """Call off all that is under way."""
        with self._lock:
            under_way = list(self._under_way)
        for future in under_way:
            future.cancel()

    def close(self) -> None:
        """End the loop and its thread."""
        self._end()


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    async def call_off() -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=_PATIENCE) if others else None
        loop.stop()

    asyncio.run_coroutine_threadsafe(call_off(), loop)
    if thread is threading.current_thread():  # the garbage collector came by there
        return
    thread.join(2 * _PATIENCE)
    if not thread.is_alive():
        loop.close()
