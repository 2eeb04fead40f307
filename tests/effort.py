"""How much work the processor has: guards against what would take minutes, deaf to what else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if a block takes this process more processor time than that.

    Choose seconds many times what the block takes: a guard, not a measurement.
    """
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def growth(work: Callable[[int], object], small: int, large: int) -> float:
    """Return how many times more processor time ``work(large)`` takes than ``work(small)``, each at its best."""

    def best(size: int) -> float:
        taken = []
        for _ in range(3):
            begun = time.process_time()
            work(size)
            taken.append(time.process_time() - begun)
        return max(min(taken), 0.002)

    return best(large) / best(small)
