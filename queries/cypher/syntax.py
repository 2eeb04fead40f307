"""The syntax tree of a Cypher query: plain immutable values, as the parser makes them.

Every piece knows its ``span``, the characters of the query it was written with, for messages; spans do not count
in comparisons, so two pieces are equal when they say the same (``GROUP BY`` rules compare expressions that way).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
"""Start and end offset in the query text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Base of all pieces of the tree."""

    span: Span = field(default=(0, 0), compare=False, repr=False)


# --- expressions -------------------------------------------------------------------------------------------


class Expression(Piece):
    """Anything that has a value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal_(Expression):  # noqa: N801 -- typing.Literal is taken
    """null, a truth value, a number or a text. ``1`` and ``1.0`` and ``true`` are different literals."""

    value: bool | int | float | str | None
    kind: Literal["null", "boolean", "integer", "float", "string"]


@dataclass(frozen=True, slots=True)
class Parameter(Expression):
    """``$name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """A name bound by a pattern, a projection or a comprehension."""

    name: str


@dataclass(frozen=True, slots=True)
class Property(Expression):
    """``subject.key``."""

    subject: Expression
    key: str


@dataclass(frozen=True, slots=True)
class Subscript(Expression):
    """``subject[index]``."""

    subject: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice(Expression):
    """``subject[first..last]``, either end may be missing."""

    subject: Expression
    first: Expression | None
    last: Expression | None


@dataclass(frozen=True, slots=True)
class ListLiteral(Expression):
    """``[a, b, c]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral(Expression):
    """``{key: value}``."""

    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class MapProjection(Expression):
    """``subject {.key, key: value, variable, .*}``

    ``items`` hold ``(key, expression)``; ``.key`` is ``(key, Property(subject, key))``, ``variable`` is
    ``(variable, Variable(variable))``. ``all_properties`` stands for ``.*``.
    """

    subject: Variable
    items: tuple[tuple[str, Expression], ...]
    all_properties: bool


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """``NOT a``, ``-a``, ``+a``, ``a IS NULL``, ``a IS NOT NULL``."""

    operator: Literal["NOT", "-", "+", "IS NULL", "IS NOT NULL"]
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """Two operands around an operator; ``<>`` is ``NOT =``, ``||`` concatenates."""

    operator: Literal[
        "OR",
        "XOR",
        "AND",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "||",
        "IN",
        "STARTS WITH",
        "ENDS WITH",
        "CONTAINS",
        "=~",
    ]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    """``a < b <= c``: a chain, true where each pair is. A single comparison is a chain of two."""

    operands: tuple[Expression, ...]
    operators: tuple[Literal["=", "<>", "<", "<=", ">", ">="], ...]


@dataclass(frozen=True, slots=True)
class HasLabels(Expression):
    """``n:A|B``, ``r:T``: a label predicate."""

    subject: Expression
    labels: LabelExpression


@dataclass(frozen=True, slots=True)
class TypeTest(Expression):
    """``a IS :: INTEGER``; ``negated`` for ``IS NOT ::``. ``type_name`` is in upper case: ``LIST<INTEGER>``."""

    operand: Expression
    type_name: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """``CASE subject WHEN a THEN b ELSE c END``; without subject the conditions are predicates."""

    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``name(arguments)``: a function or an aggregation; ``name`` as written, with its namespace.

    ``count(*)`` is ``Call("count", (), star=True)``.
    """

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False
    star: bool = False


@dataclass(frozen=True, slots=True)
class ListComprehension(Expression):
    """``[variable IN source WHERE predicate | projection]``."""

    variable: str
    source: Expression
    predicate: Expression | None
    projection: Expression | None


@dataclass(frozen=True, slots=True)
class Quantifier(Expression):
    """``all(variable IN source WHERE predicate)`` and any, none, single."""

    kind: Literal["all", "any", "none", "single"]
    variable: str
    source: Expression
    predicate: Expression | None


@dataclass(frozen=True, slots=True)
class Reduce(Expression):
    """``reduce(accumulator = initial, variable IN source | step)``."""

    accumulator: str
    initial: Expression
    variable: str
    source: Expression
    step: Expression


@dataclass(frozen=True, slots=True)
class PatternComprehension(Expression):
    """``[path = (a)-->(b) WHERE predicate | projection]``."""

    path: PathPattern
    predicate: Expression | None
    projection: Expression


@dataclass(frozen=True, slots=True)
class PatternExpression(Expression):
    """``(a)-->(b)`` used as a predicate or a value (a list of paths)."""

    path: PathPattern


@dataclass(frozen=True, slots=True)
class Subquery(Expression):
    """``EXISTS { … }``, ``COUNT { … }``, ``COLLECT { … }``.

    A bare pattern inside (``EXISTS { (a)-->(b) WHERE … }``) is a query of one Match without Return.
    """

    kind: Literal["exists", "count", "collect"]
    query: Query


# --- patterns ----------------------------------------------------------------------------------------------


class LabelExpression(Piece):
    """Labels or relationship types and how they combine."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Label(LabelExpression):
    """One name."""

    name: str


@dataclass(frozen=True, slots=True)
class AnyLabel(LabelExpression):
    """``%``: at least one."""


@dataclass(frozen=True, slots=True)
class LabelNot(LabelExpression):
    """``!a``."""

    operand: LabelExpression


@dataclass(frozen=True, slots=True)
class LabelAnd(LabelExpression):
    """``a&b``, and the older ``:a:b``."""

    operands: tuple[LabelExpression, ...]


@dataclass(frozen=True, slots=True)
class LabelOr(LabelExpression):
    """``a|b``."""

    operands: tuple[LabelExpression, ...]


Properties = MapLiteral | Parameter | None


@dataclass(frozen=True, slots=True)
class NodePattern(Piece):
    """``(variable:labels {properties} WHERE predicate)``."""

    variable: str | None = None
    labels: LabelExpression | None = None
    properties: Properties = None
    predicate: Expression | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """``*least..most`` of a variable-length relationship; ``most`` None means without bound."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class RelationshipPattern(Piece):
    """``-[variable:types*1..3 {properties} WHERE predicate]->``

    ``direction`` is ``out`` (``-->``), ``in`` (``<--``) or ``both`` (``--``, ``<-->``). ``length`` None means
    exactly one relationship; otherwise the variable holds a list of relationships.
    """

    variable: str | None = None
    types: LabelExpression | None = None
    properties: Properties = None
    direction: Literal["out", "in", "both"] = "both"
    length: Length | None = None
    predicate: Expression | None = None


@dataclass(frozen=True, slots=True)
class QuantifiedPath(Piece):
    """``((a)-[r]->(b) WHERE predicate){least,most}``: a pattern repeated; its variables hold lists outside."""

    path: PathPattern
    predicate: Expression | None
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class PathPattern(Piece):
    """Nodes and what joins them: ``elements`` alternate NodePattern and RelationshipPattern or QuantifiedPath,
    begin and end with a NodePattern (the parser puts an empty one where quantified paths meet nothing).

    ``shortest``: ``one`` for ``shortestPath((a)-[*]-(b))`` (and ``ANY SHORTEST``), ``all`` for
    ``allShortestPaths(…)`` (and ``ALL SHORTEST``). ``selected``: by such a selector, after which WHERE filters, while
    it takes part in the search of the functions.
    """

    elements: tuple[NodePattern | RelationshipPattern | QuantifiedPath, ...]
    variable: str | None = None
    shortest: Literal["one", "all"] | None = None
    selected: bool = False


# --- clauses -----------------------------------------------------------------------------------------------


class Clause(Piece):
    """One step of a query."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Match(Clause):
    """``[OPTIONAL] MATCH patterns [WHERE predicate]``."""

    patterns: tuple[PathPattern, ...]
    predicate: Expression | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Unwind(Clause):
    """``UNWIND source AS variable``."""

    source: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class ProjectionItem(Piece):
    """``expression AS name``; without AS ``name`` is the expression as written, and ``aliased`` is false."""

    expression: Expression
    name: str
    aliased: bool


@dataclass(frozen=True, slots=True)
class SortItem(Piece):
    """``expression [DESC]``."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Projection(Clause):
    """``WITH`` (``final`` false) or ``RETURN`` (``final`` true) with all that may follow it.

    ``star`` stands for ``*``, which ``items`` may add to. ``predicate`` (WITH … WHERE) counts after ordering,
    skip and limit.
    """

    items: tuple[ProjectionItem, ...]
    final: bool
    star: bool = False
    distinct: bool = False
    order: tuple[SortItem, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None
    predicate: Expression | None = None


@dataclass(frozen=True, slots=True)
class CallSubquery(Clause):
    """``CALL (imports) { query }``; ``imports`` None where no list is given (then a leading WITH imports)."""

    query: Query
    imports: tuple[str, ...] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Finish(Clause):
    """``FINISH``: the end of a query that returns nothing."""


@dataclass(frozen=True, slots=True)
class CallProcedure(Clause):
    """``CALL name(arguments) YIELD field AS variable, … WHERE predicate``

    ``arguments`` None where no parentheses stand (then parameters are taken by name); ``yields`` None where
    there is no YIELD, ``star`` for ``YIELD *``.
    """

    name: str
    arguments: tuple[Expression, ...] | None
    yields: tuple[tuple[str, str], ...] | None
    predicate: Expression | None = None
    star: bool = False


@dataclass(frozen=True, slots=True)
class Create(Clause):
    """``CREATE patterns``."""

    patterns: tuple[PathPattern, ...]


@dataclass(frozen=True, slots=True)
class Merge(Clause):
    """``MERGE path ON CREATE SET … ON MATCH SET …``."""

    path: PathPattern
    on_create: tuple[SetItem, ...] = ()
    on_match: tuple[SetItem, ...] = ()


class SetItem(Piece):
    """One assignment of SET, or one removal of REMOVE."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SetProperty(SetItem):
    """``subject.key = value``."""

    target: Property
    value: Expression


@dataclass(frozen=True, slots=True)
class SetProperties(SetItem):
    """``variable = map``, or ``variable += map`` (``add``)."""

    variable: Variable
    value: Expression
    add: bool


@dataclass(frozen=True, slots=True)
class SetLabels(SetItem):
    """``variable:A:B``; in REMOVE the labels go."""

    variable: Variable
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveProperty(SetItem):
    """``REMOVE subject.key``."""

    target: Property


@dataclass(frozen=True, slots=True)
class Set(Clause):
    """``SET items``."""

    items: tuple[SetItem, ...]


@dataclass(frozen=True, slots=True)
class Remove(Clause):
    """``REMOVE items``: RemoveProperty and SetLabels."""

    items: tuple[SetItem, ...]


@dataclass(frozen=True, slots=True)
class Delete(Clause):
    """``[DETACH] DELETE expressions``."""

    targets: tuple[Expression, ...]
    detach: bool = False


@dataclass(frozen=True, slots=True)
class Foreach(Clause):
    """``FOREACH (variable IN source | clauses)``."""

    variable: str
    source: Expression
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class SingleQuery(Piece):
    """Clauses in order."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Query(Piece):
    """Single queries joined by UNION; ``all`` has one entry less than ``parts``: whether it was UNION ALL."""

    parts: tuple[SingleQuery, ...]
    all: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement(Piece):
    """A whole text: ``[EXPLAIN | PROFILE] query [;]``"""

    query: Query
    mode: Literal["run", "explain", "profile"] = "run"
