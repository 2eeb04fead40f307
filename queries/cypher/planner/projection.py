"""WITH and RETURN: what is computed, grouped, ordered and let through."""

from __future__ import annotations

from dataclasses import dataclass

from .. import syntax as s
from ..free import aggregations_in, has_aggregation
from ..operators.base import Operator
from ..operators.group import Aggregate, Distinct
from ..operators.join import Carry
from ..operators.order import Page, Sort
from ..operators.rows import Extend, Filter, Keep
from ..rewrite import rewrite
from .pattern import Names


def plan_projection(
    clause: s.Projection,
    child: Operator,
    bound: frozenset[str],
    names: Names,
    lasting: frozenset[str] = frozenset(),
) -> tuple[Operator, tuple[str, ...]]:
    """Plan a projection; return the plan and the names it leaves, in order.

    ``lasting`` are names from around the query, which stay in sight whatever is projected.
    """
    items = [(item.name, item.expression) for item in clause.items]
    if clause.star:
        listed = {name for name, _ in items}
        stars = [(n, s.Variable(n)) for n in sorted(bound) if not n.startswith(" ") and n not in listed]
        items = [*stars, *items]
    columns = tuple(name for name, _ in items)
    grouped = any(has_aggregation(e) for _, e in items) or any(
        has_aggregation(o.expression) for o in clause.order
    )
    if grouped:
        plan, said = _aggregate(child, items, clause, names)
    else:
        own = [(name, expression) for name, expression in items if expression != s.Variable(name)]
        plan = Extend(child, tuple(own), rows=child.rows) if own else child
        said = _Said({expression: s.Variable(name) for name, expression in items}, frozenset(columns))
    if clause.distinct:
        plan = Keep(plan, columns, rows=plan.rows)
        plan = Distinct(plan, columns, rows=max(1.0, plan.rows / 2))
    carried = () if clause.final else tuple(sorted(lasting - set(columns)))
    if carried:
        plan = Carry(plan, carried, rows=plan.rows)
    plan = _order(plan, clause, said)
    if clause.predicate is not None:
        plan = Filter(plan, said.of(clause.predicate), rows=plan.rows * 0.3)
    kept = (*columns, *carried)
    return Keep(plan, kept, rows=plan.rows), kept


@dataclass(frozen=True, slots=True)
class _Said:
    """What has been computed under which name, so that ORDER BY and WHERE need not compute it again."""

    known: dict[s.Expression, s.Variable]
    columns: frozenset[str]

    def of(self, expression: s.Expression) -> s.Expression:
        """Return the expression with all that is computed replaced by its name."""

        def change(piece: s.Piece) -> s.Piece | None:
            if isinstance(piece, s.Variable) and piece.name in self.columns:
                return piece  # the new name hides whatever had it before
            return self.known.get(piece) if isinstance(piece, s.Expression) else None

        return rewrite(expression, change)


def _order(plan: Operator, clause: s.Projection, said: _Said) -> Operator:
    if clause.order:
        order = tuple(s.SortItem(said.of(item.expression), item.descending) for item in clause.order)
        plan = Sort(plan, order, clause.skip, clause.limit, rows=plan.rows)
    if clause.skip is not None or clause.limit is not None:
        rows = plan.rows
        if isinstance(clause.limit, s.Literal_) and isinstance(clause.limit.value, int):
            rows = min(rows, float(clause.limit.value))
        plan = Page(plan, clause.skip, clause.limit, rows=rows)
    return plan


def _aggregate(
    child: Operator, items: list[tuple[str, s.Expression]], clause: s.Projection, names: Names
) -> tuple[Operator, _Said]:
    """Group by the items without aggregation, aggregate, then compute the others from both."""
    keys = [(name, expression) for name, expression in items if not has_aggregation(expression)]
    calls: dict[s.Call, str] = {}
    for expression in [e for _, e in items] + [o.expression for o in clause.order]:
        for call in aggregations_in(expression):
            if call not in calls:
                calls[call] = next(
                    (name for name, e in items if e == call and name not in calls.values()),
                    names.fresh("sum"),
                )
    plan: Operator = Aggregate(
        child,
        tuple(keys),
        tuple((name, call) for call, name in calls.items()),
        rows=max(1.0, child.rows**0.7),
    )
    known: dict[s.Expression, s.Variable] = {expression: s.Variable(name) for name, expression in keys}
    known |= {call: s.Variable(name) for call, name in calls.items()}
    inside = _Said(known, frozenset())
    rest = tuple(
        (name, inside.of(expression))
        for name, expression in items
        if has_aggregation(expression) and calls.get(expression) != name  # type: ignore[call-overload]
    )
    if rest:
        plan = Extend(plan, rest, rows=plan.rows)
    known |= {expression: s.Variable(name) for name, expression in items}
    return plan, _Said(known, frozenset(name for name, _ in items))
