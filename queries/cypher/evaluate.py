"""Expressions evaluated for whole batches of rows: the way in.

:func:`compile_expression` turns an expression into a function from a batch to a column, :func:`predicate_mask` into
one to a mask for filters. The kinds of expressions live in :mod:`.expressions`, a module for each family; importing
them here makes them known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from .batch import Batch
from .errors import CypherError
from .expressions import access, arithmetic, calls, comparison, comprehensions, logic, subqueries
from .expressions.compiler import Compiled, Context, Mask, compile_expression, predicate_mask
from .syntax import Expression

if TYPE_CHECKING:
    from .layout import Layout

__all__ = ["Compiled", "Context", "Mask", "compile_expression", "constant_value", "predicate_mask"]

FAMILIES = (access, arithmetic, calls, comparison, comprehensions, logic, subqueries)


def constant_value(expression: Expression, parameters: Mapping[str, Any]) -> Any:
    """Return the value of an expression that needs no row and no graph, as after SKIP and LIMIT.

    Raises
    ------
    CypherError
        ``NonConstantExpression`` if it speaks of a variable or of the graph.
    """
    context = Context(cast("Layout", None), parameters)
    try:
        return compile_expression(expression)(Batch(1, {}), context).to_list()[0]
    except access.UnknownColumnError as error:
        raise CypherError(
            f"A constant is asked for here, but {error.args[0]} differs from row to row.",
            detail="NonConstantExpression",
            span=expression.span,
        ) from None
