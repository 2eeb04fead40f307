"""Many rows become few: aggregation and DISTINCT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..batch import Batch, Column, IntColumn, Ints, ValueColumn, column_of, concat_columns
from ..functions import AGGREGATIONS
from ..semantics import group_key
from ..syntax import Call, Expression
from .base import ROW, WEIGHT, Operator, Runtime
from .describe import expression_text
from .expand import weights_of
from .keys import codes_of, group


@dataclass(slots=True, eq=False)
class Aggregate(Operator):
    """One row for each distinct combination of keys, with aggregations over its rows.

    Without keys there is one row (for each row of the argument, where there are several), even over nothing.
    """

    child: Operator
    keys: tuple[tuple[str, Expression], ...]
    aggregations: tuple[tuple[str, Call], ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        keys = ", ".join(expression_text(e) for _, e in self.keys)
        sums = ", ".join(expression_text(call) for _, call in self.aggregations)
        return f"{keys + ': ' if keys else ''}{sums}"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        keys = [runtime.compiled(expression) for _, expression in self.keys]
        inputs = [[runtime.compiled(a) for a in call.arguments] for _, call in self.aggregations]
        held: list[list[Column]] = []
        weights: list[Ints] = []
        size = 0
        for batch in self.child.batches(runtime, argument):
            columns = [batch.columns[ROW]] if ROW in argument.columns else []
            columns += [compute(batch, runtime.context) for compute in keys]
            columns += [compute(batch, runtime.context) for computes in inputs for compute in computes]
            runtime.hold(Batch(batch.size, {str(i): c for i, c in enumerate(columns)}))
            held.append(columns)
            if WEIGHT in batch.columns:
                weights.append(weights_of(batch))
            size += batch.size
        if not held:
            yield from self._over_nothing(runtime, argument)
            return
        joined = [concat_columns(parts) for parts in zip(*held, strict=True)]
        outer = 1 if ROW in argument.columns else 0
        count = outer + len(keys)
        groups, firsts = group(joined[:count], size)
        columns = [column.take(firsts) for column in joined[:count]]
        result: dict[str, Column] = {}
        if outer:
            result[ROW] = columns[0]
        result |= {name: column for (name, _), column in zip(self.keys, columns[outer:], strict=True)}
        place = count
        for (name, call), computes in zip(self.aggregations, inputs, strict=True):
            taken = joined[place : place + len(computes)]
            if weights:
                result[name] = count_weighted(taken, groups, len(firsts), np.concatenate(weights))
            else:
                result[name] = aggregate(runtime, call, taken, groups, len(firsts))
            place += len(computes)
        yield Batch(len(firsts), result)
        if outer and not self.keys:
            column = result[ROW]
            assert isinstance(column, IntColumn)
            yield from self._over_nothing(runtime, argument, column.array)

    def _over_nothing(self, runtime: Runtime, argument: Batch, but: Ints | None = None) -> Iterator[Batch]:
        """Aggregate the empty set, for the rows of the argument that had no rows."""
        if self.keys:
            return
        if ROW not in argument.columns:
            rows: Ints | None = None
            size = 1
        else:
            rows = np.setdiff1d(
                np.arange(argument.size), but if but is not None else np.empty(0, dtype=np.int64)
            )
            size = len(rows)
        nothing = np.empty(0, dtype=np.int64)
        columns: dict[str, Column] = {} if rows is None else {ROW: IntColumn(rows)}
        one = Batch(
            1, {name: column.take(np.zeros(1, dtype=np.int64)) for name, column in argument.columns.items()}
        )
        for name, call in self.aggregations:
            empty: list[Column] = [ValueColumn([]) for _ in call.arguments[:1]]
            # What is the same for the whole group, such as the fraction of a percentile, is computed all the same.
            more = [runtime.compiled(a)(one, runtime.context).take(nothing) for a in call.arguments[1:]]
            columns[name] = aggregate(runtime, call, [*empty, *more], nothing, size)
        if size:
            yield Batch(size, columns)


def aggregate(runtime: Runtime, call: Call, inputs: list[Column], groups: Ints, count: int) -> Column:
    """Aggregate the rows of every group; ``groups`` numbers the group of each row."""
    name = call.name.lower()
    if name == "count":
        if call.star:
            return IntColumn(np.bincount(groups, minlength=count).astype(np.int64))
        known = np.flatnonzero(~inputs[0].is_null())
        if call.distinct:
            codes, bound = codes_of(inputs[0].take(known))
            pairs = np.unique(groups[known] * bound + codes)
            return IntColumn(np.bincount(pairs // bound, minlength=count).astype(np.int64))
        return IntColumn(np.bincount(groups[known], minlength=count).astype(np.int64))
    makers = [AGGREGATIONS[name]() for _ in range(count)]
    lists = [column.to_list() for column in inputs]
    if call.distinct:
        seen: list[set[Any]] = [set() for _ in range(count)]
        for number, *values in zip(groups.tolist(), *lists, strict=True):
            key = group_key(values[0])
            if key not in seen[number]:
                seen[number].add(key)
                makers[number].add(*values)
    else:
        for number, *values in zip(groups.tolist(), *lists, strict=True):
            makers[number].add(*values)
    return column_of(runtime.layout, [maker.result() for maker in makers])


def count_weighted(inputs: list[Column], groups: Ints, count: int, weights: Ints) -> Column:
    """Count the rows of every group, or those whose input is not null, where each stands for ``weights`` many."""
    if inputs:
        known = ~inputs[0].is_null()
        groups, weights = groups[known], weights[known]
    sums = np.bincount(groups, weights, minlength=count)  # exact up to 2**53, more than can be counted
    return IntColumn(sums.astype(np.int64))


@dataclass(slots=True, eq=False)
class Distinct(Operator):
    """Each combination of values once, the first time it comes."""

    child: Operator
    names: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return ", ".join(self.names)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        names = [*self.names, *([ROW] if ROW in whole.columns else [])]
        _, firsts = group([whole.columns[name] for name in names], whole.size)
        yield whole.take(firsts)
