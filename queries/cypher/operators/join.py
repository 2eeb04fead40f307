"""Plans inside plans: OPTIONAL MATCH, CALL { }, UNION, and procedures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..batch import Batch, Column, NodeColumn, ValueColumn, concat_columns
from .base import ROW, Operator, Runtime, row_numbers, with_row_numbers


@dataclass(slots=True, eq=False)
class Optional(Operator):
    """For every row, the rows of the inner plan, or one in which its variables are null."""

    child: Operator
    inner: Operator
    outer: tuple[str, ...]
    variables: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child, self.inner)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            found = self.inner.whole(runtime, with_row_numbers(batch, self.outer))
            numbers = row_numbers(found) if found is not None else np.empty(0, dtype=np.int64)
            missing = np.setdiff1d(np.arange(batch.size), numbers, assume_unique=False)
            rows = np.concatenate([numbers, missing]).astype(np.int64)
            columns: dict[str, Column] = {}
            for name in self.variables:
                known = found.columns[name] if found is not None else ValueColumn([])
                columns[name] = _with_nulls(known, len(missing))
            order = np.argsort(rows, kind="stable")
            joined = batch.take(rows).having(columns)
            yield joined.take(order)


def _with_nulls(column: Column, count: int) -> Column:
    if not count:
        return column
    if isinstance(column, NodeColumn):
        return type(column)(column.layout, np.concatenate([column.index, np.full(count, -1, dtype=np.int64)]))
    return concat_columns([ValueColumn(column.to_list()), ValueColumn([None] * count)])


@dataclass(slots=True, eq=False)
class Apply(Operator):
    """For every row, the rows of the inner plan beside it; one that returns nothing leaves rows as they are."""

    child: Operator
    inner: Operator
    outer: tuple[str, ...]
    columns: tuple[str, ...] | None
    one_at_a_time: bool = False
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child, self.inner)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            if self.one_at_a_time:
                # An inner plan that writes must see what it wrote for the rows before.
                for row in range(batch.size):
                    yield from self._beside(runtime, batch.take(np.array([row], dtype=np.int64)))
            else:
                yield from self._beside(runtime, batch)

    def _beside(self, runtime: Runtime, batch: Batch) -> Iterator[Batch]:
        inner = self.inner.batches(runtime, with_row_numbers(batch, self.outer))
        if self.columns is None:
            for _ in inner:
                pass
            yield batch
            return
        for found in inner:
            yield batch.take(row_numbers(found)).having({name: found.columns[name] for name in self.columns})


@dataclass(slots=True, eq=False)
class Union(Operator):
    """The rows of one plan after another."""

    parts: tuple[Operator, ...]
    columns: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return self.parts

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for part in self.parts:
            for batch in part.batches(runtime, argument):
                yield batch.keep([*self.columns, *([ROW] if ROW in batch.columns else [])])


@dataclass(slots=True, eq=False)
class Stages(Operator):
    """Plans one after the other, each on all rows of the one before."""

    parts: tuple[Operator, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return self.parts

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for part in self.parts[:-1]:
            argument = part.whole(runtime, argument) or Batch(0, {})
        yield from self.parts[-1].batches(runtime, argument)


@dataclass(slots=True, eq=False)
class Carry(Operator):
    """Gives rows the columns of the argument again that a projection has dropped."""

    child: Operator
    names: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            rows = row_numbers(batch)
            yield batch.having({name: argument.columns[name].take(rows) for name in self.names})
