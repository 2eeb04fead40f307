"""How an expression becomes a function over batches: a registry of one compiler for each kind of piece.

A compiled expression is a closure ``(batch, context) -> column``. Whatever can be known from the text alone is
decided while compiling; what depends on the kind of a column (entities, constants, whole numbers) while running.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from .. import syntax as s
from ..batch import Batch, Bools, Column, Ints
from ..errors import CypherError, CypherRuntimeError
from ..free import variables_of, walk
from .columns import where_true

if TYPE_CHECKING:
    from ..layout import Layout

Compiled = Callable[[Batch, "Context"], Column]
Mask = Callable[[Batch, "Context"], Bools]
RunnablePiece = s.Subquery | s.PatternExpression | s.PatternComprehension

VOLATILE = frozenset({"rand", "randomuuid"})
"""Functions that answer anew for every row: never folded into a constant."""

_E = TypeVar("_E", bound=s.Expression)


def _no_run(piece: RunnablePiece, batch: Batch) -> tuple[Ints, Batch]:
    raise CypherError(
        "A pattern or a subquery cannot be used where a constant is asked for.",
        detail="NonConstantExpression",
        span=piece.span,
    )


def _no_check() -> None:
    return


@dataclass(slots=True)
class Context:
    """What an expression may ask for while it runs.

    Attributes
    ----------
    layout
        The graph.
    parameters
        Values of ``$name``.
    run
        Runs a pattern or a subquery with every row of a batch as its input, and returns for each result row the
        input row it belongs to, and the result rows.
    check
        Raises LimitError when the query is to stop.
    """

    layout: Layout
    parameters: Mapping[str, Any] = field(default_factory=dict)
    run: Callable[[RunnablePiece, Batch], tuple[Ints, Batch]] = _no_run
    check: Callable[[], None] = _no_check


_compilers: dict[type[s.Expression], Callable[[Any], Compiled]] = {}
_mask_compilers: dict[type[s.Expression], Callable[[Any], Mask]] = {}


def compiles(kind: type[_E]) -> Callable[[Callable[[_E], Compiled]], Callable[[_E], Compiled]]:
    """Register the compiler of a kind of expression."""

    def register(compiler: Callable[[_E], Compiled]) -> Callable[[_E], Compiled]:
        _compilers[kind] = compiler
        return compiler

    return register


def masks(kind: type[_E]) -> Callable[[Callable[[_E], Mask]], Callable[[_E], Mask]]:
    """Register a compiler to masks, for kinds that can say where they are true without saying where null."""

    def register(compiler: Callable[[_E], Mask]) -> Callable[[_E], Mask]:
        _mask_compilers[kind] = compiler
        return compiler

    return register


def compile_expression(expression: s.Expression) -> Compiled:
    """Return the function that evaluates an expression for all rows of a batch.

    Raises
    ------
    CypherError
        If a function is unknown, an aggregation stands where none can, or the nesting is too deep.
    """
    try:
        compiled = _compilers[type(expression)](expression)
    except RecursionError:
        raise CypherError("The expression is nested too deeply.", span=expression.span) from None
    return _located(compiled, expression.span) if expression.span != (0, 0) else compiled


def predicate_mask(expression: s.Expression) -> Mask:
    """Return the function that tells for every row of a batch whether the expression is true (not null)."""
    expression = as_condition(expression)
    compiler = _mask_compilers.get(type(expression))
    if compiler is not None:
        try:
            return compiler(expression)
        except RecursionError:
            raise CypherError("The expression is nested too deeply.", span=expression.span) from None
    compiled = compile_expression(expression)
    return lambda batch, context: where_true(compiled(batch, context))


def compile_condition(expression: s.Expression) -> Compiled:
    """Compile an expression that stands where a truth value is asked for."""
    return compile_expression(as_condition(expression))


def as_condition(expression: s.Expression) -> s.Expression:
    """Return an expression as a truth value: a bare pattern asks whether it is there."""
    if isinstance(expression, s.PatternExpression):
        return pattern_subquery("exists", expression.path, expression.span)
    return expression


def pattern_subquery(kind: Literal["exists", "count"], path: s.PathPattern, span: s.Span) -> s.Subquery:
    """Return ``EXISTS { path }`` or ``COUNT { path }``: no path need be made to answer it.

    The same path gives the same piece, so that the executor, which plans a piece once, knows it again.
    """
    found = _subqueries.get((kind, id(path)))
    if found is None:
        if len(_subqueries) >= _SUBQUERIES_KEPT:
            del _subqueries[next(iter(_subqueries))]
        query = s.Query((s.SingleQuery((s.Match((path,), span=span),), span=span),), span=span)
        found = _subqueries[kind, id(path)] = s.Subquery(kind, query, span=span)
    return found


_SUBQUERIES_KEPT = 4096
# A subquery holds its path, so no other path can have its id while it is here.
_subqueries: dict[tuple[str, int], s.Subquery] = {}


def _located(compiled: Compiled, span: s.Span) -> Compiled:
    """Let runtime errors know the innermost piece they come from."""

    def run(batch: Batch, context: Context) -> Column:
        try:
            return compiled(batch, context)
        except CypherRuntimeError as error:
            if error.span is None:
                error.span = span
            raise

    return run


# --- what an expression speaks of ------------------------------------------------------------------------------


def names_in(*expressions: s.Expression | None) -> tuple[str, ...]:
    """Return the variables that expressions need of their rows (names new in a pattern may be among them)."""
    needed = (variables_of(expression) for expression in expressions if expression is not None)
    return tuple(sorted(frozenset().union(*needed)))


def is_volatile(*expressions: s.Expression | None) -> bool:
    """Tell whether an expression may differ between two rows of the same values."""
    return any(
        (isinstance(piece, s.Call) and piece.name.lower() in VOLATILE)
        or isinstance(piece, (s.Subquery, s.PatternExpression, s.PatternComprehension))
        for expression in expressions
        if expression is not None
        for piece in walk(expression)
    )


def rows_of(batch: Batch, rows: Ints, names: Iterable[str]) -> Batch:
    """Return some rows of a batch with the named columns only; names without a column are left out."""
    columns = batch.columns
    return Batch(len(rows), {name: columns[name].take(rows) for name in names if name in columns})


def some_rows(batch: Batch, rows: Ints, names: Iterable[str]) -> Batch:
    """Return some rows of a batch, in ascending order, without copying where it is all of them."""
    return batch if len(rows) == batch.size else rows_of(batch, rows, names)


def every_row(batch: Batch) -> Ints:
    """Return the numbers of all rows."""
    return np.arange(batch.size, dtype=np.int64)
