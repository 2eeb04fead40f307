"""Which names and which aggregations stand in a piece of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import syntax as s

AGGREGATIONS: frozenset[str] = frozenset(
    ["count", "sum", "avg", "min", "max", "collect", "stdev", "stdevp", "percentilecont", "percentiledisc"]
)
"""The functions that see many rows at once, in lower case."""

_NONE: frozenset[str] = frozenset()


def _some(*pieces: s.Expression | None) -> tuple[s.Expression, ...]:
    return tuple(piece for piece in pieces if piece is not None)


def _case_children(case: s.Case) -> tuple[s.Expression, ...]:
    branches = [piece for branch in case.branches for piece in branch]
    return _some(case.subject, *branches, case.otherwise)


# What an expression is made of, as far as it is evaluated in the same scope and on the same rows.
_CHILDREN: dict[type, Callable[[Any], tuple[s.Expression, ...]]] = {
    s.Literal_: lambda e: (),
    s.Parameter: lambda e: (),
    s.Variable: lambda e: (),
    s.Property: lambda e: (e.subject,),
    s.Subscript: lambda e: (e.subject, e.index),
    s.Slice: lambda e: _some(e.subject, e.first, e.last),
    s.ListLiteral: lambda e: e.items,
    s.MapLiteral: lambda e: tuple(value for _, value in e.items),
    s.MapProjection: lambda e: (e.subject, *(value for _, value in e.items)),
    s.Unary: lambda e: (e.operand,),
    s.Binary: lambda e: (e.left, e.right),
    s.Comparison: lambda e: e.operands,
    s.HasLabels: lambda e: (e.subject,),
    s.TypeTest: lambda e: (e.operand,),
    s.Case: _case_children,
    s.Call: lambda e: e.arguments,
    s.ListComprehension: lambda e: _some(e.source, e.predicate, e.projection),
    s.Quantifier: lambda e: _some(e.source, e.predicate),
    s.Reduce: lambda e: (e.initial, e.source, e.step),
    s.PatternComprehension: lambda e: _some(*pattern_expressions(e.path), e.predicate, e.projection),
    s.PatternExpression: lambda e: tuple(pattern_expressions(e.path)),
    s.Subquery: lambda e: (),
}


def children(expression: s.Expression) -> tuple[s.Expression, ...]:
    """The expressions directly inside ``expression``; what stands inside a subquery is not among them."""
    return _CHILDREN[type(expression)](expression)


def walk(expression: s.Expression) -> Iterator[s.Expression]:
    """``expression`` and all expressions inside it, outer ones first; subqueries are not entered."""
    waiting = [expression]
    while waiting:
        piece = waiting.pop()
        yield piece
        waiting.extend(reversed(children(piece)))


# --- aggregations ------------------------------------------------------------------------------------------


def is_aggregation(expression: s.Expression) -> bool:
    """Whether ``expression`` itself is the call of an aggregation."""
    return type(expression) is s.Call and expression.name.lower() in AGGREGATIONS


def aggregations_in(expression: s.Expression) -> tuple[s.Call, ...]:
    """The outermost calls of aggregations in ``expression``, in the order written.

    Subqueries aggregate for themselves and are not entered.
    """
    found: list[s.Call] = []
    waiting = [expression]
    while waiting:
        piece = waiting.pop()
        if type(piece) is s.Call and piece.name.lower() in AGGREGATIONS:
            found.append(piece)
        else:
            waiting.extend(reversed(children(piece)))
    return tuple(found)


def has_aggregation(expression: s.Expression) -> bool:
    """Whether an aggregation stands anywhere in ``expression``, outside of subqueries."""
    return any(is_aggregation(piece) for piece in walk(expression))


# --- patterns ----------------------------------------------------------------------------------------------


def pattern_variables(path: s.PathPattern) -> frozenset[str]:
    """The names a pattern gives to nodes, relationships and the path, those in quantified parts included."""
    return frozenset(_pattern_names(path))


def _pattern_names(path: s.PathPattern) -> Iterator[str]:
    if path.variable is not None:
        yield path.variable
    for element in path.elements:
        if isinstance(element, s.QuantifiedPath):
            yield from _pattern_names(element.path)
        elif element.variable is not None:
            yield element.variable


def pattern_expressions(path: s.PathPattern) -> Iterator[s.Expression]:
    """The property maps and predicates written inside a pattern."""
    for element in path.elements:
        if isinstance(element, s.QuantifiedPath):
            yield from pattern_expressions(element.path)
        elif element.properties is not None:
            yield element.properties
        if element.predicate is not None:
            yield element.predicate


# --- free variables ----------------------------------------------------------------------------------------


def variables_of(expression: s.Expression) -> frozenset[str]:
    """The names ``expression`` needs from the rows it is evaluated on.

    A name in the pattern of a comprehension or of a subquery is taken from the row where the row has it, and is new
    otherwise; it is among the names here, so whoever knows the scope intersects with it.
    """
    names: set[str] = set()
    waiting = [expression]
    while waiting:
        piece = waiting.pop()
        special = _BINDERS.get(type(piece))
        if special is not None:
            names |= special(piece)
        elif isinstance(piece, s.Variable):
            names.add(piece.name)
        else:
            waiting.extend(children(piece))
    return frozenset(names)


def _of_all(expressions: Iterable[s.Expression | None]) -> frozenset[str]:
    names = _NONE
    for expression in expressions:
        if expression is not None:
            names |= variables_of(expression)
    return names


def _of_comprehension(e: s.ListComprehension) -> frozenset[str]:
    return variables_of(e.source) | (_of_all((e.predicate, e.projection)) - {e.variable})


def _of_quantifier(e: s.Quantifier) -> frozenset[str]:
    return variables_of(e.source) | (_of_all((e.predicate,)) - {e.variable})


def _of_reduce(e: s.Reduce) -> frozenset[str]:
    return _of_all((e.initial, e.source)) | (variables_of(e.step) - {e.variable, e.accumulator})


def _of_pattern(path: s.PathPattern) -> frozenset[str]:
    names = frozenset(_pattern_names(path)) | _of_all(pattern_expressions(path))
    return names - {path.variable} if path.variable is not None else names


def _of_pattern_comprehension(e: s.PatternComprehension) -> frozenset[str]:
    inside = _of_pattern(e.path) | _of_all((e.predicate, e.projection))
    return inside - {e.path.variable} if e.path.variable is not None else inside


_BINDERS: dict[type, Callable[[Any], frozenset[str]]] = {
    s.ListComprehension: _of_comprehension,
    s.Quantifier: _of_quantifier,
    s.Reduce: _of_reduce,
    s.PatternComprehension: _of_pattern_comprehension,
    s.PatternExpression: lambda e: _of_pattern(e.path),
    s.Subquery: lambda e: variables_of_query(e.query),
}


def variables_of_query(query: s.Query) -> frozenset[str]:
    """The names a query inside another one may take from outside; the remark at `variables_of` holds."""
    names = _NONE
    for part in query.parts:
        names |= variables_of_clauses(part.clauses)
    return names


def variables_of_clauses(clauses: Iterable[s.Clause]) -> frozenset[str]:
    """The names that clauses in order may take from the row they start with; the remark at `variables_of` holds."""
    names: set[str] = set()
    made: set[str] = set()
    for clause in clauses:
        needed, bound = _needs_and_makes(clause)
        names |= needed - made
        made |= bound
    return frozenset(names)


def _needs_and_makes(clause: s.Clause) -> tuple[frozenset[str], frozenset[str]]:
    """The names a clause reads, and those that certainly are its own from then on."""
    match clause:
        case s.Match() | s.Create():
            paths = frozenset(path.variable for path in clause.patterns if path.variable is not None)
            needed = _NONE.union(*(_of_pattern(path) for path in clause.patterns))
            if isinstance(clause, s.Match) and clause.predicate is not None:
                needed |= variables_of(clause.predicate)
            return needed - paths, paths
        case s.Merge():
            own = frozenset((clause.path.variable,)) if clause.path.variable is not None else _NONE
            return (_of_pattern(clause.path) | _of_sets(clause.on_create + clause.on_match)) - own, own
        case s.Unwind():
            return variables_of(clause.source), frozenset((clause.variable,))
        case s.Projection():
            inner = _of_all(item.expression for item in clause.items)
            made = frozenset(
                item.name
                for item in clause.items
                if not (isinstance(item.expression, s.Variable) and item.expression.name == item.name)
            )
            after = _of_all((*(item.expression for item in clause.order), clause.predicate))
            return inner | (after - made), made
        case s.CallSubquery():
            inside = variables_of_query(clause.query)
            if clause.imports is not None:
                return frozenset(clause.imports), _NONE
            return inside, _NONE
        case s.CallProcedure():
            made = frozenset(variable for _, variable in clause.yields or ())
            return _of_all(clause.arguments or ()) | (_of_all((clause.predicate,)) - made), made
        case s.Set() | s.Remove():
            return _of_sets(clause.items), _NONE
        case s.Delete():
            return _of_all(clause.targets), _NONE
        case s.Finish():
            return _NONE, _NONE
        case s.Foreach():
            inside = variables_of_clauses(clause.clauses) - {clause.variable}
            return variables_of(clause.source) | inside, _NONE
    raise TypeError(f"no clause: {clause!r}")


def _of_sets(items: Iterable[s.SetItem]) -> frozenset[str]:
    names = _NONE
    for item in items:
        match item:
            case s.SetProperty():
                names |= variables_of(item.target) | variables_of(item.value)
            case s.SetProperties():
                names |= variables_of(item.variable) | variables_of(item.value)
            case s.SetLabels():
                names |= variables_of(item.variable)
            case s.RemoveProperty():
                names |= variables_of(item.target)
    return names
