"""Row by row: keep those for which a predicate holds, compute columns, choose columns, unwind lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..batch import Batch, column_of
from ..syntax import Expression
from .base import BATCH, ROW, Operator, Runtime, chunks
from .describe import expression_text


@dataclass(slots=True, eq=False)
class Filter(Operator):
    """Keeps the rows for which a predicate is true; null is not true."""

    child: Operator
    predicate: Expression
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return expression_text(self.predicate)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        mask = runtime.mask(self.predicate)
        for batch in self.child.batches(runtime, argument):
            yield batch.where(mask(batch, runtime.context))


@dataclass(slots=True, eq=False)
class Extend(Operator):
    """Computes columns from the present ones, all at once: a new name may hide an old one."""

    child: Operator
    items: tuple[tuple[str, Expression], ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return ", ".join(f"{expression_text(e)} AS {n}" for n, e in self.items if not n.startswith(" "))

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        compiled = [(name, runtime.compiled(expression)) for name, expression in self.items]
        for batch in self.child.batches(runtime, argument):
            yield batch.having({name: compute(batch, runtime.context) for name, compute in compiled})


@dataclass(slots=True, eq=False)
class Keep(Operator):
    """Goes on with the named columns only, in this order."""

    child: Operator
    names: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return ", ".join(self.names)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            yield batch.keep([*self.names, *([ROW] if ROW in batch.columns else [])])


@dataclass(slots=True, eq=False)
class Unwind(Operator):
    """For every row, one row for each item of a list; null has none, what is no list is one item."""

    child: Operator
    source: Expression
    variable: str
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"{expression_text(self.source)} AS {self.variable}"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        compiled = runtime.compiled(self.source)
        for batch in self.child.batches(runtime, argument):
            values = compiled(batch, runtime.context).to_list()
            lists = [[] if v is None else v if isinstance(v, list) else [v] for v in values]
            counts = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
            for some in chunks(counts):
                rows = np.repeat(np.arange(some.start, some.stop, dtype=np.int64), counts[some])
                items = [item for listed in lists[some] for item in listed]
                for start in range(0, len(items), BATCH):
                    part = slice(start, start + BATCH)
                    column = column_of(runtime.layout, items[part])
                    yield batch.take(rows[part]).having({self.variable: column})
