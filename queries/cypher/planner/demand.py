"""What the clauses after a MATCH want of its rows: which variables, and whether each row counts by itself.

A variable that nobody looks at need not be carried along; rows that are only counted need not be made, and rows of
which one is as good as many need be found only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .. import syntax as s
from ..expressions.compiler import VOLATILE
from ..free import aggregations_in, variables_of
from ..rewrite import pieces, rewrite


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted of the rows of a MATCH.

    Attributes
    ----------
    names
        The variables somebody looks at; None for all.
    rows
        ``each`` row by itself; rows ``counted``, so that one row may stand for many (see
        :class:`~..operators.expand.Weigh`); or rows of the same values ``once``.
    counted
        Variables of which is only asked whether they are null.
    fixed
        Nothing is written while the rows are made, so that what holds of the graph goes on to hold.
    """

    names: frozenset[str] | None = None
    rows: Literal["each", "counted", "once"] = "each"
    counted: frozenset[str] = frozenset()
    fixed: bool = False


EVERYTHING = Demand()


def demands(clauses: Sequence[s.Clause], lasting: frozenset[str]) -> list[Demand]:
    """Return what is wanted of the rows of every clause of a query that writes nothing.

    ``lasting`` are names from around the query that stay in sight.
    """
    found: list[Demand] = []
    after = EVERYTHING
    for clause in reversed(clauses):
        found.append(after)
        if isinstance(clause, s.Projection):
            after = _of_projection(clause, lasting)
        elif isinstance(clause, (s.Match, s.Unwind)) and after.names is not None:
            after = Demand(_names(after.names | after.counted | names_in(clause)), fixed=True)
        else:
            after = Demand(fixed=True)
    return [_fixed(demand) for demand in reversed(found)]


def _fixed(demand: Demand) -> Demand:
    return Demand(demand.names, demand.rows, demand.counted, fixed=True)


def _of_projection(clause: s.Projection, lasting: frozenset[str]) -> Demand:
    if clause.star:
        return EVERYTHING
    if any(isinstance(piece, s.Subquery) or is_volatile(piece) for piece in pieces(clause)):
        return Demand(_names(names_in(clause) | lasting))
    calls = [call for item in clause.items for call in aggregations_in(item.expression)]
    calls += [call for item in clause.order for call in aggregations_in(item.expression)]
    if not calls:
        return Demand(_names(names_in(clause) | lasting), "once" if clause.distinct else "each")
    if all(_is_plain_count(call) for call in calls):
        rest = rewrite(
            clause, lambda p: s.Literal_(None, "null") if isinstance(p, s.Call) and p in calls else None
        )
        counted = frozenset(a.name for call in calls for a in call.arguments if isinstance(a, s.Variable))
        names = names_in(rest) | lasting
        return Demand(_names(names), "counted", counted - names)
    once = all(call.distinct or call.name.lower() in ("min", "max") for call in calls)
    return Demand(_names(names_in(clause) | lasting), "once" if once else "each")


def is_volatile(piece: s.Piece) -> bool:
    """Tell whether a piece is a call that answers anew for every row."""
    return isinstance(piece, s.Call) and piece.name.lower() in VOLATILE


def _is_plain_count(call: s.Call) -> bool:
    return (
        call.name.lower() == "count"
        and not call.distinct
        and (call.star or isinstance(call.arguments[0], s.Variable))
    )


def _names(names: frozenset[str]) -> frozenset[str] | None:
    return None if "*" in names else names


def names_in(piece: s.Piece) -> frozenset[str]:
    """Return every name that stands anywhere in a piece, free or not: enough to know what to hand inside."""
    found: set[str] = set()
    for part in pieces(piece):
        if isinstance(part, s.Variable):
            found.add(part.name)
        elif isinstance(part, (s.NodePattern, s.RelationshipPattern)) and part.variable:
            found.add(part.variable)
        elif isinstance(part, s.Expression):
            found |= variables_of(part)
        elif isinstance(part, s.Projection) and part.star:
            found.add("*")
    return frozenset(found)
