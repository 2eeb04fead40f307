"""A MATCH as a set of nodes, steps between them, and predicates: what there is to plan, not yet in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from .. import syntax as s
from ..free import variables_of
from ..rewrite import conjuncts


class Names:
    """Makes names that no query can use."""

    def __init__(self) -> None:
        self._numbers = count()

    def fresh(self, kind: str) -> str:
        """Return a hidden name; it begins with a space."""
        return f" {kind}{next(self._numbers)}"


@dataclass(slots=True)
class Step:
    """One way from a node to another: a relationship, a trail of them, a repeated pattern, a shortest path."""

    kind: Literal["single", "trail", "repeat", "shortest"]
    left: str
    right: str
    variable: str
    types: s.LabelExpression | None = None
    direction: Literal["out", "in", "both"] = "both"
    least: int = 1
    most: int | None = 1
    predicate: s.Expression | None = None
    shortest: Literal["one", "all"] | None = None
    single: bool = False
    repeated: s.QuantifiedPath | None = None
    named: bool = False
    equal_to: str | None = None
    selected: bool = False


@dataclass(slots=True)
class Pattern:
    """All that one MATCH asks for."""

    labels: dict[str, list[s.LabelExpression]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    predicates: list[s.Expression] = field(default_factory=list)
    paths: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def label_of(self, node: str) -> s.LabelExpression | None:
        """Return all that is asked of a node's labels, as one expression."""
        asked = self.labels[node]
        if not asked:
            return None
        return asked[0] if len(asked) == 1 else s.LabelAnd(tuple(asked))


STEP = "  step"
"""Name under which the predicate of a trail sees each of its relationships."""


def gather(
    paths: Iterable[s.PathPattern], predicate: s.Expression | None, bound: frozenset[str], names: Names
) -> Pattern:
    """Take patterns apart; ``bound`` are the variables known before."""
    pattern = Pattern()
    for path in paths:
        _gather_path(pattern, path, bound, names)
    pattern.predicates.extend(conjuncts(predicate))
    return pattern


def _gather_path(pattern: Pattern, path: s.PathPattern, bound: frozenset[str], names: Names) -> None:
    ends = [
        _gather_node(pattern, node, names) for node in path.elements[::2] if isinstance(node, s.NodePattern)
    ]
    parts = [ends[0]]
    for place, element in enumerate(map(_as_trail, path.elements[1::2])):
        left, right = ends[place], ends[place + 1]
        if isinstance(element, s.QuantifiedPath):
            step = Step(
                "repeat",
                left,
                right,
                names.fresh("walk"),
                least=element.least,
                most=element.most,
                shortest=path.shortest,
                repeated=element,
            )
        else:
            assert isinstance(element, s.RelationshipPattern)
            step = _gather_relationship(pattern, element, left, right, path, bound, names)
        pattern.steps.append(step)
        parts += [step.variable, right]
    if path.variable is not None:
        pattern.paths.append((path.variable, tuple(parts)))
        for step in pattern.steps:
            if step.variable in parts:
                step.named = True


def _as_trail(element: s.Piece) -> s.Piece:
    """Return ``-[r:T]->{1,3}`` as ``-[r:T*1..3]->``, which means the same and has faster ways."""
    if not isinstance(element, s.QuantifiedPath) or element.predicate is not None:
        return element
    step, *more = element.path.elements[1::2]
    if more or not isinstance(step, s.RelationshipPattern) or step.length is not None:
        return element
    for node in element.path.elements[::2]:
        if node != s.NodePattern(span=node.span):
            return element
    return replace(step, length=s.Length(element.least, element.most))


def _gather_node(pattern: Pattern, node: s.NodePattern, names: Names) -> str:
    name = node.variable or names.fresh("node")
    pattern.labels.setdefault(name, [])
    if node.labels is not None:
        pattern.labels[name].append(node.labels)
    variable = s.Variable(name)
    if isinstance(node.properties, s.MapLiteral):
        for key, value in node.properties.items:
            pattern.predicates.append(equals(s.Property(variable, key), value))
    elif node.properties is not None:
        pattern.predicates.append(same_properties(variable, node.properties))
    pattern.predicates.extend(conjuncts(node.predicate))
    return name


def _gather_relationship(
    pattern: Pattern, relationship: s.RelationshipPattern, left: str, right: str, path: s.PathPattern,
    bound: frozenset[str], names: Names,
) -> Step:  # fmt: skip
    name = relationship.variable or names.fresh("step")
    length = relationship.length
    step = Step(
        "single",
        left,
        right,
        name,
        relationship.types,
        relationship.direction,
        named=relationship.variable is not None,
    )
    if length is None and path.shortest is None:
        variable = s.Variable(name)
        pattern.predicates.extend(_tests(variable, relationship.properties))
        pattern.predicates.extend(conjuncts(relationship.predicate))
        return step
    step.kind = "trail" if path.shortest is None else "shortest"
    step.shortest, step.single, step.selected = path.shortest, length is None, path.selected
    if length is not None:
        step.least, step.most = length.least, length.most
    tests = _tests(s.Variable(STEP), relationship.properties)
    step.predicate = conjunction(tests)
    if relationship.predicate is not None and relationship.variable is not None:
        from ..rewrite import rewrite

        each = rewrite(
            relationship.predicate,
            lambda p: s.Variable(STEP) if p == s.Variable(relationship.variable or "") else None,
        )
        step.predicate = conjunction([*tests, each])
    if name in bound:
        step.variable, step.equal_to = names.fresh("trail"), name
        pattern.predicates.append(equals(s.Variable(step.variable), s.Variable(name)))
        step.named = True
    return step


def _tests(variable: s.Variable, properties: s.Properties) -> list[s.Expression]:
    if properties is None:
        return []
    if isinstance(properties, s.MapLiteral):
        return [equals(s.Property(variable, key), value) for key, value in properties.items]
    return [same_properties(variable, properties)]


def equals(left: s.Expression, right: s.Expression) -> s.Expression:
    """Return ``left = right``."""
    return s.Comparison((left, right), ("=",), span=right.span)


def same_properties(variable: s.Variable, properties: s.Expression) -> s.Expression:
    """Return that an entity has every property of a map."""
    key = s.Variable("  key")
    test = equals(s.Subscript(variable, key), s.Subscript(properties, key))
    return s.Quantifier("all", key.name, s.Call("keys", (properties,)), test)


def conjunction(predicates: list[s.Expression]) -> s.Expression | None:
    """Join predicates by AND; None where there are none."""
    joined: s.Expression | None = None
    for predicate in predicates:
        joined = predicate if joined is None else s.Binary("AND", joined, predicate)
    return joined


def needs(predicate: s.Expression) -> frozenset[str]:
    """Return the variables a predicate cannot do without."""
    return variables_of(predicate)
