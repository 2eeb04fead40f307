"""Patterns and subqueries as values: the executor runs them for all rows at once, the results are folded back."""

from __future__ import annotations

import numpy as np

from .. import syntax as s
from ..batch import Batch, BoolColumn, Column, IntColumn, Ints, ValueColumn
from ..errors import CypherError
from .compiler import Compiled, Context, compile_expression, compiles, names_in, predicate_mask, rows_of
from .comprehensions import fold

PATH = "  path"
"""The column in which the executor hands back the paths of a pattern expression."""


@compiles(s.Subquery)
def _subquery(expression: s.Subquery) -> Compiled:
    names = names_in(expression)

    def exists(batch: Batch, context: Context) -> Column:
        found = np.zeros(batch.size, dtype=np.bool_)
        if batch.size:
            found[context.run(expression, _needed(batch, names))[0]] = True
        return BoolColumn(found)

    def count(batch: Batch, context: Context) -> Column:
        if not batch.size:
            return IntColumn(np.zeros(0, dtype=np.int64))
        rows, _ = context.run(expression, _needed(batch, names))
        return IntColumn(np.bincount(rows, minlength=batch.size).astype(np.int64, copy=False))

    def collect(batch: Batch, context: Context) -> Column:
        if not batch.size:
            return ValueColumn([])
        rows, result = context.run(expression, _needed(batch, names))
        column = _only_column(expression, result) if len(rows) else ValueColumn([])
        return _lists(rows, column, batch.size)

    return {"exists": exists, "count": count, "collect": collect}[expression.kind]


def _needed(batch: Batch, names: tuple[str, ...]) -> Batch:
    """Return the batch with the columns a piece may speak of: others need not be carried through it."""
    return batch.keep(name for name in names if name in batch.columns)


def _only_column(expression: s.Subquery, result: Batch) -> Column:
    last = expression.query.parts[0].clauses[-1]
    if isinstance(last, s.Projection) and len(last.items) == 1 and last.items[0].name in result.columns:
        return result.columns[last.items[0].name]
    shown = [column for name, column in result.columns.items() if not name.startswith(" ")]
    if len(shown) != 1:
        raise CypherError("COLLECT { … } must return exactly one column.", span=expression.span)
    return shown[0]


def _lists(rows: Ints, column: Column, size: int) -> Column:
    if len(rows) and (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        rows, column = rows[order], column.take(order)
    return ValueColumn(fold(column.to_list(), rows, 0, size))


@compiles(s.PatternExpression)
def _pattern_expression(expression: s.PatternExpression) -> Compiled:
    names = names_in(expression)

    def run(batch: Batch, context: Context) -> Column:
        if not batch.size:
            return ValueColumn([])
        rows, result = context.run(expression, _needed(batch, names))
        found = _lists(rows, result.columns[PATH] if len(rows) else ValueColumn([]), batch.size)
        if expression.path.shortest != "one":
            return found
        return ValueColumn([paths[0] if paths else None for paths in found.to_list()])

    return run


@compiles(s.PatternComprehension)
def _pattern_comprehension(expression: s.PatternComprehension) -> Compiled:
    """The executor finds the pattern; predicate and projection are evaluated on what it found and the outer row."""
    names = names_in(expression)
    inner_names = names_in(expression.predicate, expression.projection)
    keeps = predicate_mask(expression.predicate) if expression.predicate is not None else None
    projection = compile_expression(expression.projection)

    def run(batch: Batch, context: Context) -> Column:
        if not batch.size:
            return ValueColumn([])
        rows, result = context.run(expression, _needed(batch, names))
        if not len(rows):
            return ValueColumn([[] for _ in range(batch.size)])
        new = {name: column for name, column in result.columns.items() if name in inner_names}
        outer = rows_of(batch, rows, (name for name in inner_names if name not in new))
        inner = outer.having(new)
        if keeps is not None:
            mask = keeps(inner, context)
            inner, rows = inner.where(mask), rows[mask]
        return _lists(rows, projection(inner, context), batch.size)

    return run
