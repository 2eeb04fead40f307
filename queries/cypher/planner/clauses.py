"""From clauses to a plan, one after the other: each takes the rows of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import syntax as s
from ..errors import CypherError
from ..operators.base import Argument, Operator, tree
from ..operators.call import CallProcedure
from ..operators.expand import Weigh
from ..operators.group import Distinct
from ..operators.join import Apply, Optional, Stages, Union
from ..operators.order import Eager
from ..operators.rows import Filter, Keep, Unwind
from ..operators.write import Assign, Create, Delete, Foreach, Merge, New, NewNode, NewRelationship
from ..procedures import Procedure, lookup
from ..rewrite import pieces
from .demand import EVERYTHING, Demand, demands, names_in
from .match import plan_match
from .pattern import Names
from .projection import plan_projection

if TYPE_CHECKING:
    from ..layout import Layout

_LONG = 60
"""A longer chain of steps is run in stages, for a generator inside a generator is a frame on the stack."""

_WRITING = (s.Create, s.Merge, s.Set, s.Remove, s.Delete, s.Foreach)


class ClausePlanner:
    """Plans queries over one graph."""

    def __init__(
        self,
        layout: Layout,
        parameters: Mapping[str, Any],
        procedures: Mapping[str, Procedure],
        names: Names,
        *,
        writes: bool = True,
    ) -> None:
        self.layout, self.parameters, self.procedures, self.names = layout, parameters, procedures, names
        self.writes = writes

    def query(
        self, query: s.Query, bound: Iterable[str] = (), *, lasting: bool = False
    ) -> tuple[Operator, tuple[str, ...] | None]:
        """Plan a query; return the plan and its columns, None where it returns nothing.

        ``lasting`` says that the names known before stay in sight past every WITH, as in EXISTS and ``CALL (x)``.
        """
        planned = [self.single(part, frozenset(bound), lasting=lasting) for part in query.parts]
        if len(planned) == 1:
            return planned[0]
        columns = planned[0][1] or ()
        plan: Operator = Union(
            tuple(plan for plan, _ in planned), columns, rows=sum(p.rows for p, _ in planned)
        )
        if not all(query.all):
            plan = Distinct(plan, columns, rows=plan.rows)
        return plan, columns

    def single(
        self, query: s.SingleQuery, bound: frozenset[str], *, lasting: bool = False
    ) -> tuple[Operator, tuple[str, ...] | None]:
        """Plan one query without UNION."""
        plan: Operator = Argument()
        columns: tuple[str, ...] | None = None
        alone, outer = not bound, bound
        done: list[Operator] = []
        kept = outer if lasting else frozenset[str]()
        wanted = [EVERYTHING] * len(query.clauses) if self.writes else demands(query.clauses, kept)
        for clause, demand in zip(query.clauses, wanted, strict=True):
            plan, bound, columns = self.clause(clause, plan, bound, kept, demand)
            if alone and columns is None and sum(1 for _ in tree(plan)) > _LONG:
                done.append(plan)
                plan = Argument(rows=plan.rows)
        return (Stages((*done, plan), rows=plan.rows) if done else plan), columns

    def clause(
        self,
        clause: s.Clause,
        plan: Operator,
        bound: frozenset[str],
        lasting: frozenset[str] = frozenset(),
        demand: Demand = EVERYTHING,
    ) -> tuple[Operator, frozenset[str], tuple[str, ...] | None]:
        """Plan one clause; return the plan, the variables known after it, and the columns if it is a RETURN."""
        match clause:
            case s.Match():
                plan, bound = self._match(clause, plan, bound, demand)
            case s.Unwind(source, variable):
                plan = Unwind(plan, source, variable, rows=plan.rows * 10)
                bound |= {variable}
            case s.Projection():
                plan, names = plan_projection(clause, plan, bound, self.names, lasting)
                return plan, frozenset(names), names if clause.final else None
            case s.CallSubquery():
                plan, bound = self._subquery(clause, plan, bound)
            case s.Finish():
                return plan, bound, None
            case s.CallProcedure():
                return self._procedure(clause, plan, bound)
            case s.Create(patterns):
                plan, bound = self._create(patterns, plan, bound)
            case s.Merge():
                plan, bound = self._merge(clause, plan, bound)
            case s.Set(items):
                plan = Assign(plan, items, rows=plan.rows)
            case s.Remove(items):
                plan = Assign(plan, items, remove=True, rows=plan.rows)
            case s.Delete(targets, detach):
                plan = Delete(plan, targets, detach, rows=plan.rows)
            case s.Foreach():
                plan = self._foreach(clause, plan, bound)
            case _:
                raise CypherError(f"{type(clause).__name__} cannot be planned.", span=clause.span)
        return plan, bound, None

    # --- reading -------------------------------------------------------------------------------------------

    def _match(
        self, clause: s.Match, plan: Operator, bound: frozenset[str], demand: Demand
    ) -> tuple[Operator, frozenset[str]]:
        if not clause.optional:
            plan, new = self._patterns(clause, plan, bound, demand)
            return plan, bound | new
        asked = names_in(clause) & bound
        inner, new = self._patterns(clause, Argument(), asked, demand)
        visible = frozenset(name for name in new if not name.startswith(" "))
        weigh = _weighs_alone(inner)
        if weigh is not None:
            return replace(weigh, child=plan, optional=True, rows=plan.rows), bound | visible
        if demand.rows != "each":
            demand = Demand(_with(demand.names, demand.counted), fixed=demand.fixed)
            inner, _ = self._patterns(clause, Argument(), asked, demand)
        kept = visible if demand.names is None else visible & demand.names
        plan = Optional(
            plan, inner, tuple(sorted(asked)), tuple(sorted(kept)), rows=plan.rows * max(1.0, inner.rows)
        )
        return plan, bound | visible

    def _patterns(
        self, clause: s.Match, plan: Operator, bound: frozenset[str], demand: Demand
    ) -> tuple[Operator, frozenset[str]]:
        return plan_match(
            self.layout, self.parameters, self.names, clause.patterns, clause.predicate, plan, bound, demand
        )

    def _subquery(
        self, clause: s.CallSubquery, plan: Operator, bound: frozenset[str]
    ) -> tuple[Operator, frozenset[str]]:
        if clause.imports is not None:
            outer = bound if clause.imports == ("*",) else frozenset(clause.imports)
        else:
            outer = _importable(clause.query, bound)
        inner, columns = self.query(clause.query, outer, lasting=clause.imports is not None)
        writes = any(isinstance(piece, _WRITING) for piece in pieces(clause.query))
        if clause.optional and columns and not writes:
            rows = plan.rows * max(1.0, inner.rows)
            return Optional(plan, inner, tuple(sorted(outer)), columns, rows=rows), bound | set(columns)
        if writes:  # what comes before must not see what is written, what comes after must see all of it
            plan = Eager(plan, rows=plan.rows)
        plan = Apply(
            plan, inner, tuple(sorted(outer)), columns, writes, rows=plan.rows * max(1.0, inner.rows)
        )
        if writes:
            plan = Eager(plan, rows=plan.rows)
        return plan, bound | set(columns or ())

    def _procedure(
        self, clause: s.CallProcedure, plan: Operator, bound: frozenset[str]
    ) -> tuple[Operator, frozenset[str], tuple[str, ...] | None]:
        procedure = lookup(clause.name, self.procedures, span=clause.span)
        arguments = clause.arguments
        if arguments is None:
            arguments = tuple(s.Parameter(name) for name, _ in procedure.inputs)
        outputs = tuple((name, name) for name, _ in procedure.outputs)
        standing_alone = clause.yields is None or clause.star
        yields = outputs if standing_alone or clause.star else clause.yields or ()
        plan = CallProcedure(plan, procedure, arguments, yields, rows=plan.rows * 10)
        new = tuple(variable for _, variable in yields)
        if clause.predicate is not None:
            plan = Filter(plan, clause.predicate, rows=plan.rows * 0.3)
        if standing_alone and not bound and new:
            return Keep(plan, new, rows=plan.rows), frozenset(new), new
        return plan, bound | set(new), None

    # --- writing -------------------------------------------------------------------------------------------

    def _new_parts(
        self, patterns: Iterable[s.PathPattern], bound: frozenset[str]
    ) -> tuple[tuple[New, ...], frozenset[str]]:
        """Say what CREATE must make, nodes before the relationships that need them."""
        parts: list[New] = []
        known = set(bound)
        for path in patterns:
            ends: list[str] = []
            for node in path.elements[::2]:
                assert isinstance(node, s.NodePattern)
                name = node.variable or self.names.fresh("node")
                ends.append(name)
                if name not in known:
                    known.add(name)
                    parts.append(NewNode(name, label_names(node.labels), node.properties))
            for place, relationship in enumerate(path.elements[1::2]):
                assert isinstance(relationship, s.RelationshipPattern)
                name = relationship.variable or self.names.fresh("step")
                start, end = ends[place], ends[place + 1]
                if relationship.direction == "in":
                    start, end = end, start
                (type_name,) = label_names(relationship.types)
                parts.append(NewRelationship(name, type_name, start, end, relationship.properties))
                known.add(name)
        return tuple(parts), frozenset(known - bound)

    def _create(
        self, patterns: tuple[s.PathPattern, ...], plan: Operator, bound: frozenset[str]
    ) -> tuple[Operator, frozenset[str]]:
        named = [self._named(path) for path in patterns]
        parts, new = self._new_parts(named, bound)
        plan = Create(plan, parts, rows=plan.rows)
        bound |= new
        for path, written in zip(named, patterns, strict=True):
            if written.variable is not None:
                plan = self._path_value(plan, path, written.variable)
                bound |= {written.variable}
        return plan, bound

    def _merge(
        self, clause: s.Merge, plan: Operator, bound: frozenset[str]
    ) -> tuple[Operator, frozenset[str]]:
        path = self._named(clause.path)
        asked = names_in(path) & bound
        inner, _ = plan_match(self.layout, self.parameters, self.names, [path], None, Argument(), asked)
        parts, made = self._new_parts([path], bound)
        tested = tuple(
            (element.variable or "", element.properties)
            for element in path.elements
            if not isinstance(element, s.QuantifiedPath) and element.properties is not None
        )
        variables = tuple(sorted(made))
        plan = Merge(
            plan, inner, tuple(sorted(asked)), variables, parts, tested, clause.on_create, clause.on_match,
            rows=plan.rows,
        )  # fmt: skip
        if clause.path.variable is not None:
            plan = self._path_value(plan, path, clause.path.variable)
            return plan, bound | made | {clause.path.variable}
        return plan, bound | made

    def _named(self, path: s.PathPattern) -> s.PathPattern:
        """Give every piece of a path a name, so that what is matched and what is made are called the same."""
        elements = tuple(
            element
            if isinstance(element, s.QuantifiedPath)
            else replace(element, variable=element.variable or self.names.fresh("new"))
            for element in path.elements
        )
        return replace(path, elements=elements, variable=None)

    def _path_value(self, plan: Operator, path: s.PathPattern, variable: str) -> Operator:
        from ..operators.paths import BuildPath

        parts = tuple(getattr(element, "variable", "") or "" for element in path.elements)
        return BuildPath(plan, variable, parts, rows=plan.rows)

    def _foreach(self, clause: s.Foreach, plan: Operator, bound: frozenset[str]) -> Operator:
        inner: Operator = Argument()
        known = bound | {clause.variable}
        for step in clause.clauses:
            inner, known, _ = self.clause(step, inner, known)
        return Foreach(plan, inner, clause.source, clause.variable, tuple(sorted(bound)), rows=plan.rows)


def label_names(labels: s.LabelExpression | None) -> tuple[str, ...]:
    """Return the labels a CREATE gives; only names joined by ``:`` or ``&`` can be given."""
    match labels:
        case None:
            return ()
        case s.Label(name):
            return (name,)
        case s.LabelAnd(operands):
            return tuple(name for operand in operands for name in label_names(operand))
    raise CypherError("Only plain labels can be given to what is created.", span=labels.span)


def _weighs_alone(inner: Operator) -> Weigh | None:
    """Return the step of an OPTIONAL MATCH that does nothing but count the relationships of a node it is given."""
    if not isinstance(inner, Weigh):
        return None
    below: Operator = inner.child
    while isinstance(below, Filter) and below.predicate == s.Unary("IS NOT NULL", s.Variable(inner.source)):
        below = below.child
    return inner if isinstance(below, Argument) else None


def _with(names: frozenset[str] | None, more: frozenset[str]) -> frozenset[str] | None:
    return None if names is None else names | more


def _importable(query: s.Query, bound: frozenset[str]) -> frozenset[str]:
    """Return what a subquery without a list of imports sees: what its leading WITHs ask for."""
    found: set[str] = set()
    for part in query.parts:
        first = part.clauses[0] if part.clauses else None
        if isinstance(first, s.Projection) and not first.final:
            found |= bound if first.star else names_in(first) & bound
    return frozenset(found)
