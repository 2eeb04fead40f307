"""In which order a MATCH is walked: where to start, which step next, which predicate when.

Greedy, by estimates the graph gives for nothing: how many nodes an index or a label has, how many relationships of a
type there are for each node. The order of steps never changes what is found, only how fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .. import syntax as s
from ..operators.base import Argument, Operator
from ..operators.expand import Expand, ExpandInto, Reachable, Recheck, VarExpand, Weigh
from ..operators.paths import BuildPath, Repeat, ShortestPath
from ..operators.rows import Filter
from ..operators.scan import NodeLookup, NodeScan
from .demand import EVERYTHING, Demand, names_in
from .pattern import STEP, Names, Pattern, Step, conjunction, gather, needs

if TYPE_CHECKING:
    from ..batch import Ints
    from ..layout import Layout

_GUESS = 0.1
"""Share of rows a predicate is taken to keep."""


class MatchPlanner:
    """Plans the patterns of one MATCH onto a plan that binds ``bound``."""

    def __init__(
        self,
        layout: Layout,
        parameters: Mapping[str, Any],
        names: Names,
        pattern: Pattern,
        bound: Iterable[str],
        demand: Demand = EVERYTHING,
    ) -> None:
        self.demand = demand
        self.layout, self.parameters, self.names, self.pattern = layout, parameters, names, pattern
        self.bound = set(bound)
        self.outer = frozenset(bound)
        self.waiting = list(pattern.predicates)
        self.used: list[Step] = []
        self.steps = list(pattern.steps)
        self.known: dict[str, Ints] = {}

    def plan(self, child: Operator) -> Operator:
        """Return the plan that finds all matches."""
        plan = self._check_bound(child)
        plan = self._filter(plan)
        steps = self.steps
        nodes = [name for name in self.pattern.labels if name not in self.bound]
        while steps or any(name not in self.bound for name in nodes):
            step = self._next(steps)
            if step is None:
                plan = self._start(plan, steps, [name for name in nodes if name not in self.bound])
            else:
                steps.remove(step)
                plan = self._walk(plan, step)
            plan = self._filter(plan)
        for variable, parts in self.pattern.paths:
            plan = BuildPath(plan, variable, parts, rows=plan.rows)
            self.bound.add(variable)
        return self._filter(plan, everything=True)

    def _check_bound(self, plan: Operator) -> Operator:
        """Check what the pattern asks of nodes that are already known."""
        for name in self.pattern.labels:
            labels = self.pattern.label_of(name)
            if name in self.bound:
                variable = s.Variable(name)
                plan = Filter(plan, s.Unary("IS NOT NULL", variable), rows=plan.rows)
                if labels is not None:
                    plan = Filter(plan, s.HasLabels(variable, labels), rows=plan.rows * _GUESS)
        return plan

    def _filter(self, plan: Operator, *, everything: bool = False) -> Operator:
        """Apply every predicate whose variables are known by now."""
        ready = [p for p in self.waiting if everything or needs(p) <= self.bound]
        if everything:
            self.waiting = []
        else:
            self.waiting = [p for p in self.waiting if p not in ready]
        for predicate in sorted(ready, key=_expensive):
            plan = Filter(plan, predicate, rows=max(plan.rows * _GUESS, 1.0))
        return plan

    # --- where to begin ------------------------------------------------------------------------------------

    def _start(self, plan: Operator, steps: list[Step], nodes: list[str]) -> Operator:
        candidates = [self._entry(plan, name) for name in nodes]
        best = min(candidates, key=lambda entry: self._start_cost(entry, steps))
        assert isinstance(best, (NodeScan, NodeLookup))
        self.bound.add(best.variable)
        if isinstance(best, NodeLookup):
            self.waiting = [p for p in self.waiting if p is not best.predicate]
        if isinstance(best, NodeLookup):
            labels = self.pattern.label_of(best.variable)
            if labels is not None and labels != s.Label(best.label or ""):
                return Filter(best, s.HasLabels(s.Variable(best.variable), labels), rows=best.rows)
        return best

    def _start_cost(self, entry: Operator, steps: list[Step]) -> tuple[float, bool]:
        """Order starts by their rows; of equally many those come first that lead on.

        Where rows are only counted, a node nobody looks at later is better come to last, when it need only be
        counted: to start there makes all its relationships.
        """
        name = getattr(entry, "variable", "")
        fans = [
            self._fan(step, name, step.direction if name == step.left else _turn(step.direction))
            for step in steps
            if name in (step.left, step.right) and step.kind == "single"
        ]
        looked_at = self.demand.names is None or name in self.demand.names
        few = isinstance(entry, NodeLookup)
        made = 1.0 if self.demand.rows != "counted" or looked_at or few else 1.0 + min(fans, default=0.0)
        return entry.rows * made, not any(name in (step.left, step.right) for step in steps)

    def _entry(self, plan: Operator, name: str) -> Operator:
        """Return the cheapest way to the nodes of a variable from nothing."""
        labels = self.pattern.label_of(name)
        scan = NodeScan(plan, name, labels, rows=plan.rows * max(1.0, self._count(labels)))
        best: Operator = scan
        label = _one_label(labels)
        for key, value, predicate in self._equalities(name):
            if not needs(value) <= self.bound:
                continue
            nodes = self._find(label, key, value)
            found = float(len(nodes)) if nodes is not None else max(1.0, scan.rows / plan.rows * 0.01)
            if plan.rows * found < best.rows or best is scan:
                best = NodeLookup(plan, name, label, key, value, predicate, rows=plan.rows * found)
                if nodes is not None:
                    self.known[name] = nodes
        return best

    def _equalities(self, name: str) -> list[tuple[str, s.Expression, s.Expression]]:
        """Return what properties of a node must equal, each with the predicate that says so."""
        found = []
        for predicate in self.waiting:
            match predicate:
                case s.Comparison((s.Property(s.Variable(n), key), value), ("=",)) if n == name:
                    found.append((key, value, predicate))
                case s.Comparison((value, s.Property(s.Variable(n), key)), ("=",)) if n == name:
                    found.append((key, value, predicate))
        return [entry for entry in found if name not in needs(entry[1])]

    def _find(self, label: str | None, key: str, value: s.Expression) -> Ints | None:
        """Look a constant up in the index; None for what is not constant."""
        match value:
            case s.Literal_(constant):
                pass
            case s.Parameter(name) if name in self.parameters:
                constant = self.parameters[name]
            case _:
                return None
        return self.layout.lookup(label, key, constant) if constant is not None else None

    def _count(self, labels: s.LabelExpression | None) -> float:
        if labels is None:
            return float(self.layout.node_count)
        label = _one_label(labels)
        return float(self.layout.label_count(label)) if label else float(self.layout.node_count) / 2

    # --- which step next -----------------------------------------------------------------------------------

    def _next(self, steps: list[Step]) -> Step | None:
        best: tuple[float, int] | None = None
        for place, step in enumerate(steps):
            cost = self._cost(step)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, place)
        return steps[best[1]] if best else None

    def _cost(self, step: Step) -> float | None:
        """Return by how much a step multiplies rows, None where it cannot be taken yet."""
        left, right = step.left in self.bound, step.right in self.bound
        if step.variable in self.outer and step.kind == "single":
            return 0.0
        if step.kind == "shortest":
            return 1.0 if left and right else None
        if step.kind == "repeat":
            return (10.0 if right else 100.0) if left else None
        if left and right:
            return 0.5 if step.kind == "single" else 5.0
        if not left and not right:
            return None
        here, there = (step.left, step.right) if left else (step.right, step.left)
        fan = self._fan(step, here, step.direction if left else _turn(step.direction))
        if step.kind == "trail":
            fan = max(fan, 1.0) ** min(step.most or 4, 4) * 2
        labels = self.pattern.label_of(there)
        share = (
            min(1.0, self._count(labels) / max(1.0, self.layout.node_count)) if labels is not None else 1.0
        )
        if self._equalities(there):
            share *= 0.05
        return fan * max(share, 0.001)

    def _fan(self, step: Step, here: str, direction: str) -> float:
        """Return how many relationships of the step a node has, on average or exactly where the node is known."""
        types = self.layout.type_set(step.types)
        if types == ():
            return 0.0
        if here in self.known and len(self.known[here]):
            degrees = self.layout.degree(self.known[here], types, direction)  # type: ignore[arg-type]
            return float(degrees.mean())
        total = sum(map(self.layout.type_count, types)) if types else self.layout.relationship_count
        nodes = (
            self._count(self.pattern.label_of(here))
            if here in self.pattern.labels
            else self.layout.node_count
        )
        return total * (2 if direction == "both" else 1) / max(1.0, nodes)

    # --- taking a step -------------------------------------------------------------------------------------

    def _walk(self, plan: Operator, step: Step) -> Operator:
        left, right = step.left in self.bound, step.right in self.bound
        apart = tuple(other.variable for other in self.used if self._may_meet(step, other))
        self.used.append(step)
        rows = plan.rows * (self._cost(step) or 1.0)
        match step.kind:
            case "shortest":
                done: Operator = self._shortest(plan, step, rows)
            case "repeat":
                done = self._repeat(plan, step, apart, into=right, rows=rows)
            case "trail":
                done = self._trail(plan, step, apart, rows)
            case _:
                done = self._single(plan, step, apart, rows)
        self.bound |= {step.left, step.right, step.variable}
        labels = None
        if step.kind == "repeat" or (step.kind == "single" and step.variable in self.outer):
            for name, known in ((step.left, left), (step.right, right)):
                labels = self.pattern.label_of(name)
                if not known and labels is not None:
                    done = Filter(done, s.HasLabels(s.Variable(name), labels), rows=rows)
        return done

    def _single(self, plan: Operator, step: Step, apart: tuple[str, ...], rows: float) -> Operator:
        if step.variable in self.outer:
            known = frozenset(name for name in (step.left, step.right) if name in self.bound)
            return Recheck(
                plan,
                step.left,
                step.variable,
                step.types,
                step.direction,
                step.right,
                known,
                apart,
                rows=rows,
            )
        if step.left in self.bound and step.right in self.bound:
            return ExpandInto(
                plan, step.left, step.variable, step.types, step.direction, step.right, apart, rows=rows
            )
        if step.left in self.bound:
            here, there, direction = step.left, step.right, step.direction
        else:
            here, there, direction = step.right, step.left, _turn(step.direction)
        labels = self._labels_to_check(step, there, direction)
        if labels is None and self._is_only_counted(step, there) and not apart:
            counted = tuple(name for name in (step.variable, there) if name in self.demand.counted)
            return Weigh(plan, here, step.types, direction, counted, rows=plan.rows)
        carried = {*self.bound, *self.outer, step.variable} - self.demand.counted
        dropped = frozenset(name for name in carried if not self._is_needed(name))
        return Expand(
            plan, here, step.variable, step.types, direction, there, labels, apart, dropped, rows=rows
        )

    # --- what is wanted later ------------------------------------------------------------------------------

    def _is_needed(self, name: str) -> bool:
        """Tell whether somebody looks at a variable from here on: the clauses after, a predicate, a step, a path."""
        if self.demand.names is None or name in self.demand.names:
            return True
        if name in self.demand.counted and self.demand.rows != "counted":
            return True
        if any(name in needs(predicate) for predicate in self.waiting):
            return True
        if any(name in parts for _, parts in self.pattern.paths):
            return True
        used = next((step for step in self.used if step.variable == name), None)
        for step in self.steps:
            if name in (step.left, step.right, step.variable) or (
                used is not None and self._may_meet(step, used)
            ):
                return True
            if step.predicate is not None and name in needs(step.predicate):
                return True
            if step.repeated is not None and name in names_in(step.repeated):
                return True
        return False

    def _is_only_counted(self, step: Step, there: str) -> bool:
        """Tell whether of a step nobody asks more than how often it can be taken."""
        return (
            self.demand.rows == "counted"
            and step.left != step.right
            and not self._is_needed(there)
            and not self._is_needed(step.variable)
        )

    def _labels_to_check(self, step: Step, there: str, direction: Any) -> s.LabelExpression | None:
        """Return the labels asked of the far node, None where all relationships of the type lead to such nodes."""
        labels = self.pattern.label_of(there)
        if labels is None or not self.demand.fixed:
            return labels
        types = self.layout.type_set(step.types)
        return None if self.layout.leads_only_to(types, direction, labels) else labels

    def _shortest(self, plan: Operator, step: Step, rows: float) -> Operator:
        """Plan a shortest path; for shortestPath() WHERE says which paths count, not which of them are kept."""
        from ..operators.shortest import ShortestFittingPath, on_each_step

        path = next((name for name, parts in self.pattern.paths if step.variable in parts), None)
        mine = {step.variable, path} if path is not None else {step.variable}
        known = self.bound | mine
        conditions = tuple(
            p for p in self.waiting if not step.selected and needs(p) & mine and needs(p) <= known
        )
        self.waiting = [p for p in self.waiting if p not in conditions]
        steps = [each for c in conditions if (each := on_each_step(c, path, step.variable)) is not None]
        conditions = tuple(c for c in conditions if on_each_step(c, path, step.variable) is None)
        every = conjunction([*([step.predicate] if step.predicate is not None else []), *steps])
        arguments = (
            plan, step.left, step.variable, step.types, step.direction, step.right, step.least, step.most,
            step.shortest or "one", every, STEP, step.single,
        )  # fmt: skip
        if conditions:
            return ShortestFittingPath(*arguments, rows, path, conditions)
        return ShortestPath(*arguments, rows=rows)

    def _trail(self, plan: Operator, step: Step, apart: tuple[str, ...], rows: float) -> Operator:
        forward = step.left in self.bound
        here, there = (step.left, step.right) if forward else (step.right, step.left)
        into = there in self.bound
        if self._is_reach(step, apart) and not into:
            direction = step.direction if forward else _turn(step.direction)
            labels = self.pattern.label_of(there)
            return Reachable(
                plan, here, step.types, direction, there, step.least, step.most, labels, rows=rows
            )
        return VarExpand(
            plan, here, step.variable, step.types, step.direction if forward else _turn(step.direction), there,
            step.least, step.most, into, None if into else self.pattern.label_of(there), step.predicate, STEP, apart,
            reverse=not forward, rows=rows,
        )  # fmt: skip

    def _is_reach(self, step: Step, apart: tuple[str, ...]) -> bool:
        """Tell whether of the trails of a step only the ends matter, and each end only once."""
        return (
            self.demand.rows == "once"
            and step.direction != "both"
            and step.least <= 1
            and step.predicate is None
            and not apart
            and not self._is_needed(step.variable)
        )

    def _repeat(
        self, plan: Operator, step: Step, apart: tuple[str, ...], *, into: bool, rows: float
    ) -> Operator:
        repeated = step.repeated
        assert repeated is not None
        inner = gather([repeated.path], repeated.predicate, frozenset(self.bound), self.names)
        nodes = list(inner.labels)
        first = _end_name(inner, 0)
        last = _end_name(inner, -1)
        outer = tuple(sorted((self.bound | self.outer) - set(nodes)))
        body = MatchPlanner(self.layout, self.parameters, self.names, inner, {*outer, first}).plan(Argument())
        relationships = tuple(s_.variable for s_ in inner.steps)
        parts = [first]
        for inner_step in inner.steps:
            parts += [inner_step.variable, inner_step.right]
        visible = tuple(name for name in (*nodes, *relationships) if not name.startswith(" "))
        return Repeat(
            plan, body, step.left, step.right, first, last, visible, relationships, tuple(parts), outer,
            step.least, step.most, into, step.variable, apart, step.shortest, rows=rows,
        )  # fmt: skip

    def _may_meet(self, step: Step, other: Step) -> bool:
        """Tell whether two steps of one MATCH could use the same relationship."""
        # By what is written, not by the types there are: an earlier clause of the query may make others.
        mine, theirs = _listed(step.types), _listed(other.types)
        return mine is None or theirs is None or bool(mine & theirs)


def plan_match(
    layout: Layout,
    parameters: Mapping[str, Any],
    names: Names,
    patterns: Iterable[s.PathPattern],
    predicate: s.Expression | None,
    child: Operator,
    bound: Iterable[str],
    demand: Demand = EVERYTHING,
) -> tuple[Operator, frozenset[str]]:
    """Plan the patterns of a MATCH; return the plan and the variables it binds beside those known before."""
    known = frozenset(bound)
    planner = MatchPlanner(
        layout, parameters, names, gather(patterns, predicate, known, names), known, demand
    )
    plan = planner.plan(child)
    inner = {
        name for step in planner.used if step.repeated is not None for name in _names_in(step.repeated)
    }  # they hold lists outside
    return plan, frozenset(planner.bound | inner) - known


def _names_in(repeated: s.QuantifiedPath) -> list[str]:
    found = []
    for element in repeated.path.elements:
        variable = getattr(element, "variable", None)
        if variable:
            found.append(variable)
    return found


def _end_name(pattern: Pattern, which: int) -> str:
    step = pattern.steps[which]
    return step.left if which == 0 else step.right


def _listed(types: s.LabelExpression | None) -> frozenset[str] | None:
    """Return the names of which a relationship's type must be one; None where they are not listed."""
    match types:
        case s.Label(name):
            return frozenset((name,))
        case s.LabelOr(operands):
            found = [_listed(operand) for operand in operands]
            return (
                None if None in found else frozenset().union(*(names for names in found if names is not None))
            )
    return None


def _one_label(labels: s.LabelExpression | None) -> str | None:
    match labels:
        case s.Label(name):
            return name
        case s.LabelAnd(operands):
            return next((found for operand in operands if (found := _one_label(operand))), None)
    return None


def _turn(direction: Any) -> Any:
    return {"out": "in", "in": "out", "both": "both"}[direction]


def _expensive(predicate: s.Expression) -> int:
    """Order predicates: label and property tests first, subqueries last."""
    from ..rewrite import pieces

    kinds = {type(piece) for piece in pieces(predicate)}
    if kinds & {s.Subquery, s.PatternExpression, s.PatternComprehension}:
        return 3
    return 2 if kinds & {s.Call, s.Quantifier, s.ListComprehension, s.Reduce} else 1
