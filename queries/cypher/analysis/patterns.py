"""Checks of patterns: what names they bind to what, and which patterns can be created."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .. import syntax as s
from .expressions import Expressions
from .kinds import ANY, NODE, NULL, PATH, RELATIONSHIP, Kind, list_of, may_be
from .scopes import Place, bound_twice, error, undefined

_RELATIONSHIPS = list_of(RELATIONSHIP)


class Patterns:
    """Checks patterns with the help of ``expressions`` for what is written inside them."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        expressions.patterns = self

    # --- patterns that are looked for ----------------------------------------------------------------------

    def bind(self, paths: Iterable[s.PathPattern], place: Place, what: str = "in MATCH") -> dict[str, Kind]:
        """Check patterns to look for, and return the names they bind, with those bound before that they use."""
        paths = tuple(paths)
        names: dict[str, Kind] = {}
        seen: set[str] = set()
        for path in paths:
            _check_shortest(path)
            self._bind_elements(path, place, names, seen)
            if path.variable is not None:
                if path.variable in names or path.variable in place.scope:
                    raise bound_twice(path.variable, path, ", and a path needs a name of its own")
                names[path.variable] = PATH
        inside = place.having(names, what)
        for path in paths:
            self._check_inside(path, inside, what)
        return names

    def _bind_elements(
        self, path: s.PathPattern, place: Place, names: dict[str, Kind], relationships: set[str]
    ) -> None:
        for element in path.elements:
            if isinstance(element, s.QuantifiedPath):
                inner: dict[str, Kind] = {}
                self._bind_elements(element.path, Place({}), inner, set())
                for name, kind in inner.items():
                    if name in names or name in place.scope:
                        raise bound_twice(name, element, " outside of the repeated pattern")
                    names[name] = list_of(kind)
            elif element.variable is not None:
                name = element.variable
                wanted = _kind_of(element)
                known = names.get(name, place.scope.get(name))
                if known is not None and not _fits(known, wanted):
                    raise conflict(name, known, wanted, element)
                if isinstance(element, s.RelationshipPattern):
                    if name in relationships:
                        raise error(
                            f"The relationship {name} stands twice in one MATCH, which never walks one"
                            " twice; use two names, or two MATCH",
                            "RelationshipUniquenessViolation",
                            element,
                        )
                    relationships.add(name)
                names[name] = wanted

    def _check_inside(self, path: s.PathPattern, place: Place, what: str) -> None:
        for element in path.elements:
            if isinstance(element, s.QuantifiedPath):
                inner: dict[str, Kind] = {}
                self._bind_elements(element.path, Place({}), inner, set())
                self._check_inside(element.path, place.having(inner), what)
                self.expressions.predicate(element.predicate, place.having(inner), "WHERE")
                continue
            if isinstance(element.properties, s.Parameter):
                raise error(
                    f"${element.properties.name} cannot stand for all properties {what}, for what is looked for must"
                    f" be known before: write {{key: ${element.properties.name}.key}}",
                    "InvalidParameterUse",
                    element.properties,
                )
            if element.properties is not None:
                self.expressions.kind(element.properties, place)
            self.expressions.predicate(element.predicate, place, "WHERE")

    def check_expression(self, expression: s.PatternExpression, place: Place) -> None:
        """Check a pattern used as a predicate or inside of shortestPath(): it may bind no new names."""
        path = expression.path
        _check_shortest(path)
        for name, element in _named(path):
            known = place.scope.get(name)
            # A name for the steps of a shortest path is of no use to anyone, but Neo4j lets it stand.
            if known is None and not (path.shortest and isinstance(element, s.RelationshipPattern)):
                raise undefined(name, place, element)
        self._bind_elements(path, place, {}, set())
        self._check_inside(path, place.having({}, "in a pattern"), "in a pattern")

    # --- patterns that are made ----------------------------------------------------------------------------

    def make(self, paths: Iterable[s.PathPattern], place: Place, clause: str) -> dict[str, Kind]:
        """Check the patterns of a CREATE or MERGE, and return the new names."""
        new: dict[str, Kind] = {}
        for path in paths:
            if path.shortest is not None:
                raise error(f"{clause} cannot make a shortest path", "UnexpectedSyntax", path)
            for node in path.elements[::2]:
                self._make_node(node, place, new, clause, alone=len(path.elements) == 1)
            for relationship in path.elements[1::2]:
                self._make_relationship(relationship, place, new, clause)
            if path.variable is not None:
                if path.variable in place.scope or path.variable in new:
                    raise bound_twice(path.variable, path)
                new[path.variable] = PATH
        return new

    def _make_node(
        self, node: s.Piece, place: Place, new: dict[str, Kind], clause: str, *, alone: bool
    ) -> None:
        assert isinstance(node, s.NodePattern)
        if node.predicate is not None:
            raise error(f"WHERE cannot stand inside of {clause}", "UnexpectedSyntax", node.predicate)
        known = new.get(node.variable or "", place.scope.get(node.variable or ""))
        if known is not None and node.variable is not None:
            if not may_be(known, "node"):
                raise conflict(node.variable, known, NODE, node)
            if alone or node.labels is not None or node.properties is not None:
                remedy = (
                    ": SET adds labels and properties to a node that is there"
                    if not alone
                    else f", so there is nothing to {clause.lower()}"
                )
                raise bound_twice(node.variable, node, remedy)
            return
        _check_given_labels(node.labels, clause)
        self._properties(node.properties, place, new, clause)
        if node.variable is not None:
            new[node.variable] = NODE

    def _make_relationship(
        self, relationship: s.Piece, place: Place, new: dict[str, Kind], clause: str
    ) -> None:
        if isinstance(relationship, s.QuantifiedPath):
            raise error(f"{clause} cannot make a repeated pattern", "CreatingVarLength", relationship)
        assert isinstance(relationship, s.RelationshipPattern)
        name = relationship.variable
        if name is not None and (name in new or name in place.scope):
            raise bound_twice(name, relationship, f", and {clause} makes a new relationship")
        if relationship.length is not None:
            raise error(
                f"{clause} makes one relationship at a time, without *; write every step",
                "CreatingVarLength",
                relationship,
            )
        if relationship.predicate is not None:
            raise error(f"WHERE cannot stand inside of {clause}", "UnexpectedSyntax", relationship.predicate)
        if not isinstance(relationship.types, s.Label):
            raise error(
                f"{clause} needs exactly one type for a relationship: -[:TYPE]->",
                "NoSingleRelationshipType",
                relationship,
            )
        if clause == "CREATE" and relationship.direction == "both":
            raise error(
                "CREATE needs the direction of a relationship: -[:TYPE]-> or <-[:TYPE]-",
                "RequiresDirectedRelationship",
                relationship,
            )
        self._properties(relationship.properties, place, new, clause)
        if name is not None:
            new[name] = RELATIONSHIP

    def _properties(
        self, properties: s.Properties, place: Place, new: Mapping[str, Kind], clause: str
    ) -> None:
        if properties is None:
            return
        if isinstance(properties, s.Parameter) and clause == "MERGE":
            raise error(
                f"${properties.name} cannot stand for all properties in MERGE, which must know what to look for:"
                f" write {{key: ${properties.name}.key}}",
                "InvalidParameterUse",
                properties,
            )
        self.expressions.kind(properties, place.having(new, f"in {clause}"))


def conflict(name: str, known: Kind, wanted: Kind, piece: s.Piece) -> Exception:
    """Make the error for a name that is bound to another kind of thing."""
    return error(
        f"{name} is {known} already, so it cannot be {wanted} here; take another name",
        "VariableTypeConflict",
        piece,
    )


def _kind_of(element: s.NodePattern | s.RelationshipPattern) -> Kind:
    if isinstance(element, s.NodePattern):
        return NODE
    return RELATIONSHIP if element.length is None else _RELATIONSHIPS


def _fits(known: Kind, wanted: Kind) -> bool:
    if known in (ANY, NULL) or known == wanted:
        return True
    if wanted.item is not None:
        return known.item is not None and known.item in (ANY, NULL, RELATIONSHIP)
    return False


def _named(path: s.PathPattern) -> Iterator[tuple[str, s.Piece]]:
    if path.variable is not None:
        yield path.variable, path
    for element in path.elements:
        if isinstance(element, s.QuantifiedPath):
            yield from _named(element.path)
        elif element.variable is not None:
            yield element.variable, element


def _check_shortest(path: s.PathPattern) -> None:
    if path.shortest is not None and not (
        len(path.elements) == 3 and isinstance(path.elements[1], s.RelationshipPattern | s.QuantifiedPath)
    ):
        raise error(
            "A shortest path goes from one node to another by one relationship pattern: shortestPath((a)-[*]-(b))",
            "UnexpectedSyntax",
            path,
        )


def _check_given_labels(labels: s.LabelExpression | None, clause: str) -> None:
    if labels is None or isinstance(labels, s.Label):
        return
    if isinstance(labels, s.LabelAnd) and all(isinstance(operand, s.Label) for operand in labels.operands):
        return
    raise error(f"{clause} gives plain labels, as in (:A:B), without | ! and %", "UnexpectedSyntax", labels)
