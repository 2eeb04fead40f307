"""Checks of expressions: are the names bound, do the kinds fit, may an aggregation stand here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import syntax as s
from ..free import AGGREGATIONS, walk
from .kinds import (
    ANY,
    BOOLEAN,
    INTEGER,
    LIST,
    MAP,
    NULL,
    NUMBER,
    PATH,
    STRING,
    Kind,
    item_of,
    joined,
    list_of,
    may_be,
)  # fmt: skip
from .scopes import Place, error, near, undefined
from .signatures import AGGREGATION_ARGUMENTS, RANDOM, TAKES, result_kind

if TYPE_CHECKING:
    from .patterns import Patterns

_LITERALS = {name: Kind(name) for name in ("boolean", "integer", "float", "string")} | {"null": NULL}
_LOGIC = frozenset(("AND", "OR", "XOR"))
_TEXT = frozenset(("STARTS WITH", "ENDS WITH", "CONTAINS", "=~"))
_NO_PATTERN = (
    "A pattern in parentheses tells only whether it is there, so it can stand in WHERE, CASE WHEN, exists()"
    " and beside AND, OR and NOT; for its matches write a pattern comprehension,"
    " [(a)-->(b) | b], or COUNT { (a)-->(b) }"
)


class Expressions:
    """Checks expressions and says of which kind their values are.

    ``subquery`` is called for a subquery in an expression with the place it stands in.
    """

    def __init__(
        self, parameters: Collection[str] | None, subquery: Callable[[s.Subquery, Place], Kind]
    ) -> None:
        self.parameters = parameters
        self.subquery = subquery
        self.patterns: Patterns  # set by Patterns, which needs expressions in turn
        self._checks: dict[type, Callable[[Any, Place], Kind]] = {
            s.Literal_: lambda e, place: _LITERALS[e.kind],
            s.Parameter: self._parameter,
            s.Variable: self._variable,
            s.Property: self._property,
            s.Subscript: self._subscript,
            s.Slice: self._slice,
            s.ListLiteral: lambda e, place: list_of(joined([self.kind(item, place) for item in e.items])),
            s.MapLiteral: self._map,
            s.MapProjection: self._map_projection,
            s.Unary: self._unary,
            s.Binary: self._binary,
            s.Comparison: self._comparison,
            s.HasLabels: self._has_labels,
            s.TypeTest: self._type_test,
            s.Case: self._case,
            s.Call: self._call,
            s.ListComprehension: self._comprehension,
            s.Quantifier: self._quantifier,
            s.Reduce: self._reduce,
            s.PatternComprehension: self._pattern_comprehension,
            s.PatternExpression: self._pattern,
            s.Subquery: subquery,
        }

    def kind(self, expression: s.Expression, place: Place) -> Kind:
        """Check an expression and return the kind of its value."""
        return self._checks[type(expression)](expression, place)

    def predicate(self, expression: s.Expression | None, place: Place, what: str) -> Kind:
        """Check an expression that is asked for true or false, where a pattern may stand as well."""
        if expression is None:
            return BOOLEAN
        if isinstance(expression, s.PatternExpression) and expression.path.shortest is None:
            self.patterns.check_expression(expression, place)
            return BOOLEAN
        _must_be_boolean(self.kind(expression, place), expression, what)
        return BOOLEAN

    # --- names and what hangs on them ----------------------------------------------------------------------

    def _parameter(self, e: s.Parameter, place: Place) -> Kind:
        if self.parameters is not None and e.name not in self.parameters:
            given = near(e.name, self.parameters)
            raise error(
                f"The parameter ${e.name} is not given" + (f"; did you mean ${given}?" if given else ""),
                "MissingParameter",
                e,
                kind="ParameterMissing",
            )
        return ANY

    def _variable(self, e: s.Variable, place: Place) -> Kind:
        kind = place.scope.get(e.name)
        if kind is None:
            raise undefined(e.name, place, e)
        return kind

    def _property(self, e: s.Property, place: Place) -> Kind:
        kind = self.kind(e.subject, place)
        if kind.name == "path":
            raise error(
                f"A path has no properties, so .{e.key} means nothing; take them from nodes() or relationships()",
                "InvalidArgumentType",
                e.subject,
            )
        if not may_be(kind, "node", "relationship", "map"):
            raise error(
                f"Only nodes, relationships, maps, dates and times have properties such as {e.key}; this is {kind}",
                "InvalidArgumentType",
                e.subject,
                kind="TypeError",
            )
        return ANY

    def _subscript(self, e: s.Subscript, place: Place) -> Kind:
        subject, index = self.kind(e.subject, place), self.kind(e.index, place)
        if not may_be(subject, "list", "map", "node", "relationship"):
            raise error(
                f"[…] takes an item of a list, or a property; this is {subject}",
                "InvalidArgumentType",
                e.subject,
                kind="TypeError",
            )
        if subject.item is not None:
            if not may_be(index, "integer"):
                raise error(
                    f"A list is indexed by an integer from 0; this is {index}",
                    "InvalidArgumentType",
                    e.index,
                    kind="TypeError",
                )
            return item_of(subject)
        return ANY

    def _slice(self, e: s.Slice, place: Place) -> Kind:
        subject = self._of(e.subject, place, ("list",), "[a..b] takes a part of a list")
        for end in (e.first, e.last):
            if end is not None:
                self._of(end, place, ("integer",), "The ends of [a..b] are integers")
        return subject if subject.item is not None else LIST

    def _of(self, e: s.Expression, place: Place, names: tuple[str, ...], rule: str) -> Kind:
        kind = self.kind(e, place)
        if not may_be(kind, *names):
            raise error(f"{rule}; this is {kind}", "InvalidArgumentType", e)
        return kind

    def _map(self, e: s.MapLiteral, place: Place) -> Kind:
        for _, value in e.items:
            self.kind(value, place)
        return MAP

    def _map_projection(self, e: s.MapProjection, place: Place) -> Kind:
        rule = f"{e.subject.name} {{…}} takes properties from a node, a relationship or a map"
        self._of(e.subject, place, ("node", "relationship", "map"), rule)
        for _, value in e.items:
            self.kind(value, place)
        return MAP

    # --- operators -----------------------------------------------------------------------------------------

    def _unary(self, e: s.Unary, place: Place) -> Kind:
        if e.operator == "NOT":
            return self.predicate(e.operand, place, "NOT")
        kind = self.kind(e.operand, place)
        if e.operator in ("IS NULL", "IS NOT NULL"):
            return BOOLEAN
        self._arithmetic(e.operator, e.operand, kind)
        return kind

    def _binary(self, e: s.Binary, place: Place) -> Kind:
        # a OR b OR c … leans to the left as far as it is long, which must not count as nesting.
        chain = [e]
        while isinstance(e.left, s.Binary):
            e = e.left
            chain.append(e)
        kind: Kind | None = None
        for piece in reversed(chain):
            kind = self._operation(piece, kind, place)
        assert kind is not None
        return kind

    def _operation(self, e: s.Binary, left: Kind | None, place: Place) -> Kind:
        """Check one operator whose left operand is of a kind known already, or None."""
        operator = e.operator
        if operator in _LOGIC:
            if left is None:
                self.predicate(e.left, place, operator)
            else:
                _must_be_boolean(left, e.left, operator)
            return self.predicate(e.right, place, operator)
        left, right = left or self.kind(e.left, place), self.kind(e.right, place)
        if operator in _TEXT:
            return BOOLEAN
        if operator == "IN":
            if not may_be(right, "list"):
                raise error(f"IN looks in a list; this is {right}", "InvalidArgumentType", e.right)
            return BOOLEAN
        if operator in ("+", "||"):
            return self._sum(e, left, right)
        for piece, kind in ((e.left, left), (e.right, right)):
            self._arithmetic(operator, piece, kind)
        if left == right == INTEGER and operator != "^":
            return INTEGER
        return (
            NUMBER if may_be(left, "number") and may_be(right, "number") and ANY not in (left, right) else ANY
        )

    def _arithmetic(self, operator: str, piece: s.Expression, kind: Kind) -> None:
        if not may_be(kind, "number"):
            raise error(
                f"{operator} works on numbers and durations; this is {kind}", "InvalidArgumentType", piece
            )

    def _sum(self, e: s.Binary, left: Kind, right: Kind) -> Kind:
        if left.item is not None or right.item is not None:
            if left.item is not None and right.item is not None:
                return list_of(joined((left.item, right.item)))
            return LIST
        for piece, kind in ((e.left, left), (e.right, right)):
            if kind.name in ("map", "node", "relationship", "path") and ANY not in (left, right):
                raise error(
                    f"{e.operator} joins numbers, texts, lists and durations; this is {kind}",
                    "InvalidArgumentType",
                    piece,
                )
        if left == right and left.name in ("integer", "float", "string"):
            return left
        if may_be(left, "number") and may_be(right, "number") and not {ANY, NULL} & {left, right}:
            return NUMBER
        return STRING if STRING in (left, right) and ANY not in (left, right) else ANY

    def _comparison(self, e: s.Comparison, place: Place) -> Kind:
        for operand in e.operands:
            self.kind(operand, place)
        return BOOLEAN

    def _has_labels(self, e: s.HasLabels, place: Place) -> Kind:
        self._of(
            e.subject, place, ("node", "relationship"), "Only nodes have labels, and relationships types"
        )
        return BOOLEAN

    def _type_test(self, e: s.TypeTest, place: Place) -> Kind:
        self.kind(e.operand, place)
        return BOOLEAN

    def _case(self, e: s.Case, place: Place) -> Kind:
        results = []
        if e.subject is not None:
            self.kind(e.subject, place)
        for condition, result in e.branches:
            if e.subject is not None:
                self.kind(condition, place)
            else:
                self.predicate(condition, place, "CASE WHEN")
            results.append(self.kind(result, place))
        if e.otherwise is not None:
            results.append(self.kind(e.otherwise, place))
        return joined(results)

    # --- functions -----------------------------------------------------------------------------------------

    def _call(self, e: s.Call, place: Place) -> Kind:
        name = e.name.lower()
        if name in AGGREGATIONS:
            return self._aggregation(e, name, place)
        if name == "exists" and len(e.arguments) == 1:
            if isinstance(e.arguments[0], s.PatternExpression):
                return self.predicate(e.arguments[0], place, "exists()")
            self.kind(e.arguments[0], place)
            return BOOLEAN
        self._arity(e, name)
        if e.distinct or e.star:
            raise error(
                f"{'DISTINCT' if e.distinct else '*'} belongs into an aggregation such as count();"
                f" {e.name}() is none",
                "UnexpectedSyntax",
                e,
            )
        kinds = [self.kind(argument, place) for argument in e.arguments]
        takes = TAKES.get(name)
        if takes is not None and not may_be(kinds[0], *takes):
            raise error(
                f"{e.name}() takes {' or '.join(str(Kind(kind)) for kind in takes)}; this is {kinds[0]}",
                "InvalidArgumentType",
                e.arguments[0],
            )
        return result_kind(name, kinds)

    def _arity(self, e: s.Call, name: str) -> None:
        from ..functions import FUNCTIONS

        function = FUNCTIONS.get(name)
        if function is None:
            likely = near(e.name, [*(f.name for f in FUNCTIONS.values()), *AGGREGATIONS])
            hint = f"; did you mean {likely}()?" if likely else ""
            raise error(f"There is no function {e.name}(){hint}", "UnknownFunction", e)
        given = len(e.arguments)
        if given < function.least or (function.most is not None and given > function.most):
            raise error(
                f"{e.name}() takes {_count(function.least, function.most)}, but was given {given};"
                f" its signature is {function.signature}",
                "InvalidNumberOfArguments",
                e,
            )

    def _aggregation(self, e: s.Call, name: str, place: Place) -> Kind:
        if place.aggregated:
            raise error(
                f"{e.name}() stands inside an aggregation; compute the inner one in a WITH before",
                "NestedAggregation",
                e,
            )
        if place.no_aggregation:
            raise error(
                f"{e.name}() cannot be used {place.no_aggregation}; aggregate in a WITH before, and use its name",
                "InvalidAggregation",
                e,
            )
        if e.star:
            if name != "count":
                raise error(f"Only count(*) can be asked, not {e.name}(*)", "UnexpectedSyntax", e)
            return INTEGER
        takes = AGGREGATION_ARGUMENTS.get(name, 1)
        if len(e.arguments) != takes:
            raise error(
                f"{e.name}() takes {_count(takes, takes)}, but was given {len(e.arguments)}",
                "InvalidNumberOfArguments",
                e,
            )
        inner = replace(place, aggregated=True)
        kinds = [self.kind(argument, inner) for argument in e.arguments]
        for argument in e.arguments:
            for piece in walk(argument):
                if isinstance(piece, s.Call) and piece.name.lower() in RANDOM:
                    raise error(
                        f"{piece.name}() gives another value each time, so it cannot be aggregated;"
                        " compute it in a WITH before",
                        "NonConstantExpression",
                        piece,
                    )
        return result_kind(name, kinds)

    # --- what binds names of its own -----------------------------------------------------------------------

    def _items(self, source: s.Expression, place: Place) -> Kind:
        return item_of(self._of(source, place, ("list",), "… IN … goes through a list"))

    def _comprehension(self, e: s.ListComprehension, place: Place) -> Kind:
        item = self._items(e.source, place)
        inside = place.having({e.variable: item}, "in a list comprehension")
        self.predicate(e.predicate, inside, "WHERE")
        return list_of(item if e.projection is None else self.kind(e.projection, inside))

    def _quantifier(self, e: s.Quantifier, place: Place) -> Kind:
        item = self._items(e.source, place)
        return self.predicate(e.predicate, place.having({e.variable: item}, f"in {e.kind}()"), "WHERE")

    def _reduce(self, e: s.Reduce, place: Place) -> Kind:
        self.kind(e.initial, place)
        item = self._items(e.source, place)
        # The accumulator may change its kind from step to step.
        return self.kind(e.step, place.having({e.accumulator: ANY, e.variable: item}, "in reduce()")) and ANY

    def _pattern_comprehension(self, e: s.PatternComprehension, place: Place) -> Kind:
        names = self.patterns.bind((e.path,), place, "in a pattern comprehension")
        inside = place.having(names, "in a pattern comprehension")
        self.predicate(e.predicate, inside, "WHERE")
        return list_of(self.kind(e.projection, inside))

    def _pattern(self, e: s.PatternExpression, place: Place) -> Kind:
        if e.path.shortest is None:
            raise error(_NO_PATTERN, "UnexpectedSyntax", e)
        self.patterns.check_expression(e, place)
        return PATH if e.path.shortest == "one" else list_of(PATH)


def _count(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least} argument{'' if least == 1 else 's'}"
    if least == most:
        return "no arguments" if least == 0 else f"{least} argument{'' if least == 1 else 's'}"
    return f"{least} to {most} arguments"


def _must_be_boolean(kind: Kind, piece: s.Expression, what: str) -> None:
    if not may_be(kind, "boolean"):
        raise error(
            f"{what} needs true or false, but this is {kind}; compare it with something",
            "InvalidArgumentType",
            piece,
        )
