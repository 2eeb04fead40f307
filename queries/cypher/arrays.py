"""Arrays that grow at their end, and runs of array elements gathered at once."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from .batch import Ints


class Growing:
    """An array that grows at its end in amortised constant time.

    A view handed out never sees what is appended later, so it stays as it was.
    """

    __slots__ = ("_buffer", "size")

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self._buffer, self.size = array, len(array)

    def append(self, value: Any) -> None:
        """Add an element."""
        if self.size == len(self._buffer):
            grown = np.empty(max(16, 2 * self.size), dtype=self._buffer.dtype)
            grown[: self.size] = self._buffer[: self.size]
            self._buffer = grown
        self._buffer[self.size] = value
        self.size += 1

    def truncate(self, size: int) -> None:
        """Forget the elements from ``size`` on; the buffer is left to views that were handed out."""
        self._buffer = self._buffer[:size].copy()
        self.size = size

    def is_shared(self) -> bool:
        """Tell whether a view that was handed out may still be in use."""
        # Every view, and every view of a view, refers to the buffer; besides us and the call nobody does.
        return not hasattr(sys, "getrefcount") or sys.getrefcount(self._buffer) > 2

    @property
    def view(self) -> npt.NDArray[Any]:
        """The elements."""
        return self._buffer[: self.size]


def ragged(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Spread runs of consecutive positions.

    Parameters
    ----------
    starts, counts
        Where each run begins and how long it is.

    Returns
    -------
    rows, positions
        For every element of every run, in order: the number of its run, and its position.

    Examples
    --------
    >>> rows, positions = ragged(np.array([5, 0]), np.array([2, 1]))
    >>> rows.tolist(), positions.tolist()
    ([0, 0, 1], [5, 6, 0])
    """
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    rows = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    positions = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)
    return rows, positions


def distinct(numbers: Ints) -> Ints:
    """Return the distinct numbers in ascending order; sooner than numpy's ``unique`` for the sizes of a frontier."""
    if len(numbers) < 2:
        return numbers
    found = np.sort(numbers)
    keep = np.empty(len(found), dtype=np.bool_)
    keep[0] = True
    np.not_equal(found[1:], found[:-1], out=keep[1:])
    return found[keep]


def sorted_by(keys: npt.NDArray[Any]) -> Ints:
    """Return the order that sorts small non-negative numbers, equal ones staying in order."""
    size = len(keys)
    bits = max(1, size - 1).bit_length()
    if size and int(keys.max()).bit_length() + bits < 63:
        # One sort of plain numbers is several times faster than a stable argsort.
        packed = np.left_shift(keys, bits, dtype=np.int64)
        packed |= np.arange(size, dtype=np.int64)
        packed.sort()
        packed &= (1 << bits) - 1
        order: Ints = packed
    else:
        order = np.argsort(keys, kind="stable")
    return order
