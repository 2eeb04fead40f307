"""What may stand beside an aggregation: what the rows are grouped by, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from .. import syntax as s
from ..free import children, has_aggregation, is_aggregation, variables_of
from .scopes import Place, Scope, error, undefined


def check_grouping(items: tuple[s.ProjectionItem, ...], star: bool, scope: Scope) -> None:
    """Refuse an item that mixes an aggregation with what the rows are not grouped by.

    ``RETURN n.a, n.a + count(*)`` groups by ``n.a``; in ``RETURN n.a + count(*)`` it is unclear which ``n.a`` is
    meant.
    """
    grouped = [item for item in items if has_aggregation(item.expression)]
    if not grouped:
        return
    keys = {item.expression for item in items if is_simple(item.expression)}
    if star:
        keys.update(s.Variable(name) for name in scope)

    def covered(piece: s.Expression) -> bool:
        return is_aggregation(piece) or piece in keys

    for item in grouped:
        for variable in uncovered(item.expression, covered, scope):
            raise ambiguous(variable.name, item.expression)


def check_after(
    expression: s.Expression, items: tuple[s.ProjectionItem, ...], before: Scope, after: Place, what: str
) -> None:
    """Check an ORDER BY or WHERE that follows a grouping or a DISTINCT: it sees what was projected, and only that."""
    projected = {item.expression for item in items}
    mixed = has_aggregation(expression)

    def covered(piece: s.Expression) -> bool:
        if isinstance(piece, s.Variable) or piece not in projected:
            return False
        # Equal to a column as a whole, or a part that stays what it is when an aggregation stands beside it.
        if piece is expression or not mixed or is_simple(piece) or has_aggregation(piece):
            return True
        raise ambiguous(", ".join(sorted(variables_of(piece))) or "this", piece)

    for variable in uncovered(expression, covered, {**before, **after.scope}):
        if variable.name in after.scope:
            continue
        if variable.name in before:
            reason = (
                f"The variable {variable.name} is not defined in {what}: DISTINCT or an aggregation before it leaves"
                f" only the columns {', '.join(after.scope)}; project what {what} needs"
            )
            raise error(reason, "UndefinedVariable", variable)
        raise undefined(variable.name, after, variable)


def ambiguous(name: str, piece: s.Expression) -> Exception:
    """Make the error for an expression that mixes an aggregation with something that is no grouping key."""
    return error(
        f"Beside an aggregation, {name} must be a column of its own: put it into a WITH before, under a name,"
        " and use the name",
        "AmbiguousAggregationExpression",
        piece,
    )


def is_simple(expression: s.Expression) -> bool:
    """Whether an expression is a variable or a property of one: what may be used again beside an aggregation."""
    while isinstance(expression, s.Property):
        expression = expression.subject
    return isinstance(expression, s.Variable)


def uncovered(
    expression: s.Expression,
    covered: Callable[[s.Expression], bool],
    scope: Collection[str],
    local: frozenset[str] = frozenset(),
) -> Iterator[s.Variable]:
    """The variables in ``expression`` outside of every piece that is ``covered`` and not bound inside of it."""
    if covered(expression):
        return
    match expression:
        case s.Variable(name):
            if name not in local:
                yield expression
        case s.ListComprehension() | s.Quantifier():
            yield from uncovered(expression.source, covered, scope, local)
            own = local | {expression.variable}
            for piece in children(expression)[1:]:
                yield from uncovered(piece, covered, scope, own)
        case s.Reduce():
            yield from uncovered(expression.initial, covered, scope, local)
            yield from uncovered(expression.source, covered, scope, local)
            own = local | {expression.variable, expression.accumulator}
            yield from uncovered(expression.step, covered, scope, own)
        case s.PatternComprehension() | s.PatternExpression() | s.Subquery():
            for name in sorted(variables_of(expression) - local):
                # A name nobody knows outside is bound by the pattern itself.
                if name in scope and not covered(s.Variable(name)):
                    yield s.Variable(name, span=expression.span)
        case _:
            for piece in children(expression):
                yield from uncovered(piece, covered, scope, local)
