"""Rows in order, and the first of them: ORDER BY, SKIP, LIMIT."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..batch import Batch, Column, IntColumn, Ints
from ..errors import CypherRuntimeError
from ..expressions.columns import PropertyColumn
from ..semantics import order_key
from ..syntax import Expression, SortItem
from .base import ROW, Operator, Runtime, one_row, row_numbers
from .describe import expression_text


def bound_of(expression: Expression | None, what: str, runtime: Runtime) -> int | None:
    """Return the value of SKIP or LIMIT."""
    if expression is None:
        return None
    value = runtime.compiled(expression)(one_row(), runtime.context).to_list()[0]
    if type(value) is not int:
        raise CypherRuntimeError(
            f"{what} takes a whole number, not {value!r:.40}.",
            kind="SyntaxError",
            detail="InvalidArgumentType",
        )
    if value < 0:
        raise CypherRuntimeError(
            f"{what} takes no negative number.", kind="SyntaxError", detail="NegativeIntegerArgument"
        )
    return value


@dataclass(slots=True, eq=False)
class Sort(Operator):
    """Rows in order; with ``limit`` only as many of the first as SKIP and LIMIT will let through."""

    child: Operator
    items: tuple[SortItem, ...]
    skip: Expression | None = None
    limit: Expression | None = None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        by = ", ".join(expression_text(i.expression) + (" DESC" if i.descending else "") for i in self.items)
        return f"{by}, the first {expression_text(self.limit)}" if self.limit is not None else by

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        keys = [runtime.compiled(item.expression)(whole, runtime.context) for item in self.items]
        most = None
        if self.limit is not None and ROW not in whole.columns:
            most = (bound_of(self.limit, "LIMIT", runtime) or 0) + (bound_of(self.skip, "SKIP", runtime) or 0)
        rows = self._order(keys, whole.size, most)
        if ROW in whole.columns:
            rows = rows[np.argsort(row_numbers(whole)[rows], kind="stable")]
        yield whole.take(rows if most is None else rows[:most])

    def _order(self, keys: list[Column], size: int, most: int | None) -> Ints:
        rows = np.arange(size, dtype=np.int64)
        if most is not None and most * 8 < size:
            rows = _candidates(keys[0], self.items[0].descending, most)
        for key, item in zip(reversed(keys), reversed(self.items), strict=True):
            rows = rows[_arrange(key.take(rows), item.descending)]
        return rows


def _candidates(key: Column, descending: bool, most: int) -> Ints:
    """Return the rows that can be among the first ``most`` by this key alone, in their order."""
    if most == 0:
        return np.empty(0, dtype=np.int64)
    numbers = _numbers(key)
    if numbers is not None:
        values = ~numbers if descending else numbers
        limit = np.partition(values, most - 1)[most - 1]
        return np.flatnonzero(values <= limit)
    items = _sortable(key)
    best = heapq.nlargest(most, items) if descending else heapq.nsmallest(most, items)
    last = best[-1]
    if descending:
        return np.array([row for row, item in enumerate(items) if not item < last], dtype=np.int64)
    return np.array([row for row, item in enumerate(items) if not last < item], dtype=np.int64)


def _numbers(key: Column) -> Ints | None:
    """Return whole numbers in the order of the values, where there are such: for a property their ranks."""
    if isinstance(key, IntColumn):
        return key.array
    coding = key.coding() if isinstance(key, PropertyColumn) else None
    if coding is None or coding.ranks is None:
        return None
    ranks: Ints = coding.ranks[coding.codes[key.index]]  # type: ignore[attr-defined]
    return ranks


def _sortable(key: Column) -> list[Any]:
    values = key.to_list()
    kinds = set(map(type, values))
    # Texts, and whole numbers, are in order as they are; everything else needs the order across types.
    return values if kinds in ({str}, {int}) else [order_key(value) for value in values]


def _arrange(key: Column, descending: bool) -> Ints:
    numbers = _numbers(key)
    if numbers is not None:
        return np.argsort(~numbers if descending else numbers, kind="stable")
    values = _sortable(key)
    return np.array(sorted(range(len(values)), key=values.__getitem__, reverse=descending), dtype=np.int64)


@dataclass(slots=True, eq=False)
class Page(Operator):
    """Leaves out the first rows, and stops after so many."""

    child: Operator
    skip: Expression | None
    limit: Expression | None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        skip = f"skip {expression_text(self.skip)} " if self.skip is not None else ""
        limit = f"at most {expression_text(self.limit)}" if self.limit is not None else ""
        return f"{skip}{limit}".strip()

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        skip = bound_of(self.skip, "SKIP", runtime) or 0
        limit = bound_of(self.limit, "LIMIT", runtime)
        if ROW in argument.columns:
            yield from self._each(runtime, argument, skip, limit)
            return
        if limit == 0 and not runtime.writes:
            return
        seen = 0
        for batch in self.child.batches(runtime, argument):
            start = max(0, skip - seen)
            stop = batch.size if limit is None else min(batch.size, skip + limit - seen)
            seen += batch.size
            if start < stop:
                yield batch.take(np.arange(start, stop, dtype=np.int64))
            if limit is not None and seen >= skip + limit and not runtime.writes:
                return

    def _each(self, runtime: Runtime, argument: Batch, skip: int, limit: int | None) -> Iterator[Batch]:
        """Page the rows of every row of the argument by themselves."""
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        numbers = row_numbers(whole)
        order = np.argsort(numbers, kind="stable")
        sorted_numbers = numbers[order]
        starts = np.flatnonzero(np.r_[True, sorted_numbers[1:] != sorted_numbers[:-1]])
        rank = np.arange(whole.size) - np.repeat(starts, np.diff(np.r_[starts, whole.size]))
        keep = rank >= skip
        if limit is not None:
            keep &= rank < skip + limit
        yield whole.take(order[keep])


@dataclass(slots=True, eq=False)
class Eager(Operator):
    """Reads all rows before it hands on the first, so that a later write changes nothing already matched."""

    child: Operator
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is not None:
            yield whole
