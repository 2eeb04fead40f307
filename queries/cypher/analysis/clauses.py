"""Checks of a query clause by clause: each sees the names that those before it leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from .. import syntax as s
from .composition import check_clauses, check_unions, refuse_writes
from .expressions import Expressions
from .kinds import ANY, BOOLEAN, INTEGER, LIST, Kind, item_of, list_of, may_be
from .patterns import Patterns
from .projections import check_projection
from .scopes import Place, Scope, bound_twice, error, undefined

if TYPE_CHECKING:
    from ..procedures import Procedure


class Clauses:
    """Checks queries; ``parameters`` and ``procedures`` are those the query is run with, as far as known."""

    def __init__(
        self, parameters: Collection[str] | None, procedures: Mapping[str, Procedure] | None
    ) -> None:
        self.parameters, self.procedures = parameters, procedures
        self.expressions = Expressions(parameters, self._subquery)
        self.patterns = Patterns(self.expressions)

    def query(
        self, query: s.Query, scope: Scope, *, open_end: bool = False, imports: bool = False
    ) -> dict[str, Kind] | None:
        """Check a query inside of ``scope``; return its columns, None where it returns none.

        ``imports``: the query sees of ``scope`` only what its leading WITH asks for.
        """
        check_unions(query)
        first: dict[str, Kind] | None = None
        for number, part in enumerate(query.parts):
            check_clauses(part, may_end_open=open_end)
            columns = self._single(part, scope, imports=imports)
            if number == 0:
                first = columns
            elif (columns is None) != (first is None) or set(columns or ()) != set(first or ()):
                raise error(
                    "All parts of a UNION must return the same columns: the first returns"
                    f" {', '.join(first or ()) or 'nothing'}, this one {', '.join(columns or ()) or 'nothing'};"
                    " name them alike with AS",
                    "DifferentColumnsInUnion",
                    part.clauses[-1] if part.clauses else part,
                )
        return first

    def _single(self, query: s.SingleQuery, scope: Scope, *, imports: bool) -> dict[str, Kind] | None:
        place = Place(scope, outer=scope)
        clauses = query.clauses
        if imports:
            clauses, place = self._import(clauses, scope)
        alone = len(query.clauses) == 1
        columns: dict[str, Kind] | None = None
        for clause in clauses:
            if isinstance(clause, s.Projection):
                passed = check_projection(clause, place, self.expressions)
                lost = place.lost | (place.scope.keys() - passed.keys())
                place = Place({**place.outer, **passed}, lost=lost, outer=place.outer)
                columns = passed if clause.final else None
            elif isinstance(clause, s.CallProcedure):
                new = self._procedure(clause, place, alone)
                place = place.having(new)
                columns = new if alone and new else None
            else:
                place = place.having(self.clause(clause, place))
        return columns

    def _import(self, clauses: tuple[s.Clause, ...], scope: Scope) -> tuple[tuple[s.Clause, ...], Place]:
        """Take the names that the leading WITH of a subquery asks for; without it nothing is seen."""
        lost = frozenset(scope)
        first = clauses[0] if clauses else None
        if not isinstance(first, s.Projection) or first.final:
            return clauses, Place({}, lost=lost)
        plain = all(isinstance(i.expression, s.Variable) and i.expression.name == i.name for i in first.items)
        if not plain or first.order or first.distinct or first.predicate or first.skip or first.limit:
            if (
                all(isinstance(i.expression, s.Literal_ | s.Parameter) for i in first.items)
                and not first.star
            ):
                return clauses, Place({}, lost=lost)  # imports nothing
            raise error(
                "The WITH that begins a CALL { … } only imports variables as they are; compute in a second WITH"
                " after it",
                "UnexpectedSyntax",
                first,
            )
        if first.star:
            return clauses[1:], Place(scope)
        for item in first.items:
            self.expressions.kind(item.expression, Place(scope))
        names = {item.name: scope[item.name] for item in first.items}
        return clauses[1:], Place(names, lost=lost - names.keys())

    def clause(self, clause: s.Clause, place: Place) -> Mapping[str, Kind]:
        """Check a clause that adds to the rows, and return the names it adds."""
        match clause:
            case s.Match():
                new = self.patterns.bind(clause.patterns, place)
                self.expressions.predicate(clause.predicate, place.having(new, "in WHERE"), "WHERE")
                return new
            case s.Unwind():
                kind = self.expressions.kind(clause.source, place.having({}, "in UNWIND"))
                if clause.variable in place.scope:
                    raise bound_twice(clause.variable, clause)
                return {clause.variable: item_of(kind) if kind.item is not None else ANY}
            case s.Create():
                return self.patterns.make(clause.patterns, place, "CREATE")
            case s.Merge():
                new = self.patterns.make((clause.path,), place, "MERGE")
                for item in (*clause.on_create, *clause.on_match):
                    self._set(item, place.having(new))
                return new
            case s.Set() | s.Remove():
                for item in clause.items:
                    self._set(item, place)
            case s.Delete():
                for target in clause.targets:
                    self._delete(target, place)
            case s.Foreach():
                self._foreach(clause, place)
            case s.CallSubquery():
                return self._call(clause, place)
        return {}

    # --- writing -------------------------------------------------------------------------------------------

    def _set(self, item: s.SetItem, place: Place) -> None:
        place = place.having({}, "in SET")
        match item:
            case s.SetProperty() | s.RemoveProperty():
                self._entity(item.target.subject, place, "has properties to change")
                if isinstance(item, s.SetProperty):
                    self.expressions.kind(item.value, place)
            case s.SetProperties():
                self._entity(item.variable, place, "has properties to change")
                kind = self.expressions.kind(item.value, place)
                if not may_be(kind, "map", "node", "relationship"):
                    sign = "+=" if item.add else "="
                    raise error(
                        f"{item.variable.name} {sign} … takes a map of properties; this is {kind}",
                        "InvalidArgumentType",
                        item.value,
                    )
            case s.SetLabels():
                self._entity(item.variable, place, "has labels to change", "node")

    def _entity(self, subject: s.Expression, place: Place, rule: str, *kinds: str) -> None:
        kind = self.expressions.kind(subject, place)
        names = kinds or ("node", "relationship")
        if not may_be(kind, *names):
            raise error(f"Only a {' or '.join(names)} {rule}; this is {kind}", "InvalidArgumentType", subject)

    def _delete(self, target: s.Expression, place: Place) -> None:
        if isinstance(target, s.HasLabels):
            raise error(
                "DELETE takes away whole nodes and relationships; a label goes with REMOVE",
                "InvalidDelete",
                target,
            )
        kind = self.expressions.kind(target, place.having({}, "in DELETE"))
        if not may_be(kind, "node", "relationship", "path"):
            raise error(
                f"DELETE takes nodes, relationships and paths; this is {kind}", "InvalidArgumentType", target
            )

    def _foreach(self, clause: s.Foreach, place: Place) -> None:
        kind = self.expressions.kind(clause.source, place.having({}, "in FOREACH"))
        if not may_be(kind, "list"):
            raise error(f"FOREACH goes through a list; this is {kind}", "InvalidArgumentType", clause.source)
        if clause.variable in place.scope:
            raise bound_twice(clause.variable, clause)
        inside = place.having({clause.variable: item_of(kind)})
        for step in clause.clauses:
            if not isinstance(step, s.Create | s.Merge | s.Set | s.Remove | s.Delete | s.Foreach):
                raise error(
                    "FOREACH holds only clauses that write; use UNWIND to read for each item",
                    "InvalidClauseComposition",
                    step,
                )
            inside = inside.having(self.clause(step, inside))

    # --- queries in queries --------------------------------------------------------------------------------

    def _subquery(self, e: s.Subquery, place: Place) -> Kind:
        name = e.kind.upper()
        refuse_writes(e.query, f"{name} {{ … }}")
        columns = self.query(e.query, place.scope, open_end=e.kind != "collect")
        if e.kind == "exists":
            return BOOLEAN
        if e.kind == "count":
            return INTEGER
        if columns is None or len(columns) != 1:
            raise error(
                "COLLECT { … } makes a list of one column, so it must RETURN exactly one",
                "InvalidClauseComposition",
                e,
            )
        return list_of(next(iter(columns.values())))

    def _call(self, clause: s.CallSubquery, place: Place) -> Mapping[str, Kind]:
        if clause.imports is None:
            columns = self.query(clause.query, place.scope, imports=True)
        elif clause.imports == ("*",):
            columns = self.query(clause.query, place.scope)
        else:
            for name in clause.imports:
                if name not in place.scope:
                    raise undefined(name, place, clause)
            columns = self.query(clause.query, {name: place.scope[name] for name in clause.imports})
        for name in columns or ():
            if name in place.scope:
                raise bound_twice(name, clause, " outside of CALL { … }")
        return columns or {}

    def _procedure(self, clause: s.CallProcedure, place: Place, alone: bool) -> dict[str, Kind]:
        from ..procedures import bind

        for argument in clause.arguments or ():
            self.expressions.kind(argument, place.having({}, "in the arguments of CALL"))
        call = bind(clause, standalone=alone, procedures=self.procedures, parameters=self.parameters)
        types = dict(call.procedure.outputs)
        new: dict[str, Kind] = {}
        for field, variable in call.yields:
            if variable in place.scope:
                raise bound_twice(variable, clause)
            new[variable] = _kind_named(types[field])
        self.expressions.predicate(clause.predicate, place.having(new, "in WHERE"), "WHERE")
        return new


def _kind_named(type_name: str) -> Kind:
    """Return the kind for a type in the signature of a procedure."""
    bare = type_name.strip().upper().removesuffix("?")
    if bare.startswith("LIST"):
        return LIST
    known = ("BOOLEAN", "INTEGER", "FLOAT", "STRING", "MAP", "NODE", "RELATIONSHIP", "PATH")
    return Kind(bare.lower()) if bare in known else ANY
