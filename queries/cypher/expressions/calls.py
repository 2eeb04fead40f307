"""Function calls: one for each row, or a single one where the arguments are constant."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import functions
from .. import syntax as s
from ..batch import Batch, Column, NodeColumn, RelationshipColumn, ValueColumn
from ..errors import CypherError
from .columns import ConstantColumn, rowwise
from .compiler import VOLATILE, Compiled, Context, compile_expression, compiles, pattern_subquery
from .logic import compile_coalesce


@compiles(s.Call)
def _call(expression: s.Call) -> Compiled:
    name = expression.name.lower()
    if name == "coalesce" and expression.arguments:
        return compile_coalesce(expression.arguments)
    if len(expression.arguments) == 1:
        special = _special(name, expression.arguments[0], expression.span)
        if special is not None:
            return special
    function = functions.FUNCTIONS.get(name)
    if function is None:
        raise _no_such_function(expression)
    given = len(expression.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        raise CypherError(
            f"{expression.name}() does not take {given} arguments: {function.signature}.",
            detail="InvalidNumberOfArguments",
            span=expression.span,
        )
    call, arguments = function.call, [compile_expression(argument) for argument in expression.arguments]
    if name in VOLATILE:
        return _volatile(call, arguments)

    def run(batch: Batch, context: Context) -> Column:
        if not batch.size:
            return ValueColumn([])
        columns = [argument(batch, context) for argument in arguments]
        if not columns:
            return ConstantColumn(call(), batch.size)
        return rowwise(call, columns, batch.size)

    return run


def _volatile(call: Callable[..., Any], arguments: Sequence[Compiled]) -> Compiled:
    """Call anew for every row, whatever the arguments."""

    def run(batch: Batch, context: Context) -> Column:
        given = [argument(batch, context).to_list() for argument in arguments]
        return ValueColumn([call(*(items[row] for items in given)) for row in range(batch.size)])

    return run


def _no_such_function(expression: s.Call) -> CypherError:
    name = expression.name.lower()
    if name in functions.AGGREGATIONS:
        return CypherError(
            f"{expression.name}() gathers many rows and cannot stand here; put it into a WITH or RETURN before.",
            detail="InvalidAggregation",
            span=expression.span,
        )
    near = difflib.get_close_matches(name, functions.FUNCTIONS, n=1)
    hint = f"; did you mean {functions.FUNCTIONS[near[0]].name}()?" if near else "."
    return CypherError(
        f"There is no function {expression.name}(){hint}", detail="UnknownFunction", span=expression.span
    )


# --- functions that need not see their argument as a plain value ---------------------------------------------


def _special(name: str, argument: s.Expression, span: s.Span) -> Compiled | None:
    match name, argument:
        case "exists", s.PatternExpression(path):
            return compile_expression(pattern_subquery("exists", path, span))
        case "exists", s.Property() | s.Subscript():
            return compile_expression(s.Unary("IS NOT NULL", argument))
        case "size", s.PatternExpression(path):
            return compile_expression(pattern_subquery("count", path, span))
        case "startnode" | "endnode", _:
            return _end(name, compile_expression(argument))
    return None


def _end(name: str, argument: Compiled) -> Compiled:
    """The node a relationship leads from or to, by number."""
    call = functions.FUNCTIONS[name].call

    def run(batch: Batch, context: Context) -> Column:
        column = argument(batch, context)
        if not isinstance(column, RelationshipColumn):
            return rowwise(call, (column,), batch.size)
        layout, index = column.layout, column.index
        found = np.full(len(index), -1, dtype=np.int64)
        there = index >= 0
        found[there] = layout.starts(index[there]) if name == "startnode" else layout.ends(index[there])
        return NodeColumn(layout, found)

    return run
