"""Checks of WITH and RETURN and all that follows them."""

from __future__ import annotations

from dataclasses import replace

from .. import syntax as s
from ..free import has_aggregation, variables_of
from .expressions import Expressions
from .grouping import check_after, check_grouping
from .kinds import INTEGER, Kind, may_be
from .scopes import Place, Scope, bound_twice, error


def check_projection(clause: s.Projection, place: Place, expressions: Expressions) -> dict[str, Kind]:
    """Check a projection and return the names it passes on, in the order of the columns."""
    own = [name for name in sorted(place.scope) if name not in place.outer]
    if clause.star and clause.final and not own:
        raise error(
            "RETURN * returns all variables, but there are none: give names in MATCH",
            "NoVariablesInScope",
            clause,
        )
    columns: dict[str, Kind] = {name: place.scope[name] for name in own} if clause.star else {}
    inside = replace(place, no_aggregation="")
    for item in clause.items:
        kind = expressions.kind(item.expression, inside)
        if item.name in columns:
            raise error(
                f"Two columns are called {item.name}; give one another name with AS",
                "ColumnNameConflict",
                item,
            )
        if item.name in place.outer and item.expression != s.Variable(item.name):
            raise bound_twice(item.name, item, " outside of the subquery")
        columns[item.name] = kind
    check_grouping(clause.items, clause.star, place.scope)
    _check_order_and_where(clause, columns, place, expressions)
    for amount, name in ((clause.skip, "SKIP"), (clause.limit, "LIMIT")):
        if amount is not None:
            _check_amount(amount, name, place, expressions)
    if not clause.final:
        for item in clause.items:
            if not item.aliased and not isinstance(item.expression, s.Variable):
                raise error(
                    f"In WITH every expression needs a name: write {item.name} AS …",
                    "NoExpressionAlias",
                    item,
                )
    return columns


def _check_order_and_where(
    clause: s.Projection, columns: Scope, place: Place, expressions: Expressions
) -> None:
    if not clause.order and clause.predicate is None:
        return
    grouped = any(has_aggregation(item.expression) for item in clause.items)
    both = Place({**place.scope, **columns}, "", lost=place.lost)
    after = Place({**place.outer, **columns}, "", lost=place.lost)

    def check(expression: s.Expression, what: str) -> None:
        if grouped or clause.distinct:
            items = (*clause.items, *_star_items(clause, place.scope))
            check_after(expression, items, place.scope, after, what)

    for item in clause.order:
        refusal = "" if grouped else "in ORDER BY, where the columns before are not aggregated"
        if grouped:
            check(item.expression, "ORDER BY")
        expressions.kind(item.expression, replace(both, no_aggregation=refusal))
        if not grouped:
            check(item.expression, "ORDER BY")
    if clause.predicate is not None:
        expressions.predicate(clause.predicate, replace(both, no_aggregation="in WHERE"), "WHERE")
        check(clause.predicate, "WHERE")


def _star_items(clause: s.Projection, scope: Scope) -> tuple[s.ProjectionItem, ...]:
    if not clause.star:
        return ()
    return tuple(s.ProjectionItem(s.Variable(name), name, False) for name in scope)


def _check_amount(amount: s.Expression, name: str, place: Place, expressions: Expressions) -> None:
    """Check what stands after SKIP or LIMIT: it is computed once, so no row can be asked."""
    if variables_of(amount):
        raise error(
            f"{name} is the same for all rows, so it cannot use variables; give a number or a parameter",
            "NonConstantExpression",
            amount,
        )
    kind = expressions.kind(amount, Place({}, f"in {name}", lost=place.lost))
    if not may_be(kind, "integer"):
        raise error(f"{name} takes a whole number; this is {kind}", "InvalidArgumentType", amount)
    value = _integer(amount)
    if value is not None and value < 0:
        raise error(f"{name} takes a number from 0 up, not {value}", "NegativeIntegerArgument", amount)


def _integer(expression: s.Expression) -> int | None:
    if isinstance(expression, s.Unary) and expression.operator == "-":
        value = _integer(expression.operand)
        return None if value is None else -value
    if isinstance(expression, s.Literal_) and Kind(expression.kind) == INTEGER:
        assert isinstance(expression.value, int)
        return expression.value
    return None
