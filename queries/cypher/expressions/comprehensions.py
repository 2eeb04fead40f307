"""Lists unfolded: comprehensions, quantifiers and reduce.

The lists of all rows become one inner batch with a row for every element: the columns the inner expression needs,
taken at the row each element comes from, and the variable. The inner expression is evaluated on it as on any batch,
and the outcome is folded back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from .. import semantics
from .. import syntax as s
from ..batch import Batch, Bools, Column, Ints, ValueColumn, column_of
from ..errors import CypherRuntimeError
from .columns import ConstantColumn, truths
from .compiler import (
    Compiled,
    Context,
    compile_condition,
    compile_expression,
    compiles,
    is_volatile,
    names_in,
    predicate_mask,
    rows_of,
)

INNER_ROWS = 1 << 18
"""How many elements are unfolded at a time, so that long lists on many rows stay in bounds."""


def lists_of(column: Column, what: str) -> list[Sequence[Any] | None]:
    """Return the lists of a column; raise the language's TypeError if it holds anything else but null."""
    items = column.to_list()
    if not {list, type(None)}.issuperset(map(type, items)):
        for item in items:
            if item is not None and semantics.kind_of(item) is not semantics.Kind.LIST:
                raise CypherRuntimeError(
                    f"{what} needs a list, not a {semantics.type_name(item)}.", detail="InvalidArgumentType"
                )
    return items


def unfold(
    batch: Batch, lists: Sequence[Sequence[Any] | None], variable: str, names: Sequence[str], context: Context
) -> Iterator[tuple[int, int, Ints, Batch]]:
    """Yield inner batches: the outer rows ``first`` to ``last`` they cover, the outer row of each, the batch."""
    counts = np.fromiter((len(found) if found else 0 for found in lists), dtype=np.int64, count=len(lists))
    ends = np.cumsum(counts)
    first = 0
    while first < len(lists):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + INNER_ROWS, side="right")))
        rows = np.repeat(np.arange(first, last, dtype=np.int64), counts[first:last])
        elements = list(chain.from_iterable(found for found in lists[first:last] if found))
        inner = rows_of(batch, rows, (name for name in names if name != variable))
        context.check()
        yield first, last, rows, inner.having({variable: column_of(context.layout, elements)})
        first = last


def fold(items: Sequence[Any], rows: Ints, first: int, last: int) -> list[list[Any]]:
    """Return the items as one list for each row from ``first`` to ``last``; ``rows`` ascend."""
    cuts = np.searchsorted(rows, np.arange(first, last + 1, dtype=np.int64)).tolist()
    return [list(items[start:stop]) for start, stop in pairwise(cuts)]


def once(compiled: Compiled, expression: s.Expression) -> Compiled:
    """Evaluate on a single row what is the same on all of them."""
    names = names_in(expression)
    if is_volatile(expression):
        return compiled

    def run(batch: Batch, context: Context) -> Column:
        if batch.size < 2 or any(
            name in batch.columns and type(batch.columns[name]) is not ConstantColumn for name in names
        ):
            return compiled(batch, context)
        one = rows_of(batch, np.zeros(1, dtype=np.int64), names)
        return ConstantColumn(compiled(one, context).to_list()[0], batch.size)

    return run


@compiles(s.ListComprehension)
def _list_comprehension(expression: s.ListComprehension) -> Compiled:
    source, variable = compile_expression(expression.source), expression.variable
    keeps = predicate_mask(expression.predicate) if expression.predicate is not None else None
    projection = compile_expression(expression.projection) if expression.projection is not None else None
    names = names_in(expression.predicate, expression.projection)

    def run(batch: Batch, context: Context) -> Column:
        lists = lists_of(source(batch, context), "A list comprehension")
        found: list[list[Any] | None] = []
        for first, last, rows, elements in unfold(batch, lists, variable, names, context):
            inner = elements
            if keeps is not None:
                mask = keeps(inner, context)
                inner, rows = inner.where(mask), rows[mask]  # noqa: PLW2901 -- the rows that are left
            column = projection(inner, context) if projection is not None else inner.columns[variable]
            found += fold(column.to_list(), rows, first, last)
        for row, value in enumerate(lists):
            if value is None:
                found[row] = None
        return ValueColumn(found)

    return once(run, expression)


@compiles(s.Quantifier)
def _quantifier(expression: s.Quantifier) -> Compiled:
    source, variable, kind = compile_expression(expression.source), expression.variable, expression.kind
    predicate = expression.predicate or s.Variable(variable)
    holds, names = compile_condition(predicate), names_in(predicate)

    def run(batch: Batch, context: Context) -> Column:
        lists = lists_of(source(batch, context), f"{kind}()")
        trues, nulls, totals = (np.zeros(batch.size, dtype=np.int64) for _ in range(3))
        for _first, _last, rows, inner in unfold(batch, lists, variable, names, context):
            true, null = truths(holds(inner, context))
            trues += np.bincount(rows[true], minlength=batch.size)
            nulls += np.bincount(rows[null], minlength=batch.size)
            totals += np.bincount(rows, minlength=batch.size)
        true, false = _decided(kind, trues, nulls, totals - trues - nulls)
        result: list[bool | None] = true.tolist()
        for row in np.flatnonzero(~(true | false)).tolist():
            result[row] = None
        for row, value in enumerate(lists):
            if value is None:
                result[row] = None
        return ValueColumn(result)

    return once(run, expression)


def _decided(kind: str, trues: Ints, nulls: Ints, falses: Ints) -> tuple[Bools, Bools]:
    """Return where a quantifier is true and where it is false for sure, whatever the nulls may be."""
    if kind == "all":
        return (falses == 0) & (nulls == 0), falses > 0
    if kind == "single":
        return (trues == 1) & (nulls == 0), (trues > 1) | ((trues == 0) & (nulls == 0))
    some, no = trues > 0, (trues == 0) & (nulls == 0)
    return (some, no) if kind == "any" else (no, some)


@compiles(s.Reduce)
def _reduce(expression: s.Reduce) -> Compiled:
    source, initial = compile_expression(expression.source), compile_expression(expression.initial)
    variable, accumulator = expression.variable, expression.accumulator
    step = compile_expression(expression.step)
    names = tuple(name for name in names_in(expression.step) if name not in (variable, accumulator))

    def run(batch: Batch, context: Context) -> Column:
        """Take one step for all rows whose list is long enough, then the next."""
        lists = lists_of(source(batch, context), "reduce()")
        start = initial(batch, context).to_list()
        results = [None if found is None else value for found, value in zip(lists, start, strict=True)]
        active = [(row, found) for row, found in enumerate(lists) if found]
        rows, outer = np.array([], dtype=np.int64), batch
        position = 0
        while active:
            if position % 256 == 0:
                context.check()
            if len(rows) != len(active):
                rows = np.fromiter((row for row, _ in active), dtype=np.int64, count=len(active))
                outer = rows_of(batch, rows, names)
            inner = outer.having(
                {
                    accumulator: column_of(context.layout, [results[row] for row, _ in active]),
                    variable: column_of(context.layout, [found[position] for _, found in active]),
                }
            )
            for (row, _), value in zip(active, step(inner, context).to_list(), strict=True):
                results[row] = value
            position += 1
            active = [(row, found) for row, found in active if len(found) > position]
        return ValueColumn(results)

    return once(run, expression)
