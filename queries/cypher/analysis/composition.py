"""Which clauses may follow which, and with what a query may end."""

from __future__ import annotations

from .. import syntax as s
from .scopes import error

WRITES = (s.Create, s.Merge, s.Set, s.Remove, s.Delete, s.Foreach)
"""The clauses that change the graph."""

_NAMES = {
    s.Match: "MATCH", s.Unwind: "UNWIND", s.CallSubquery: "CALL { … }", s.CallProcedure: "CALL",
    s.Create: "CREATE", s.Merge: "MERGE", s.Set: "SET", s.Remove: "REMOVE", s.Delete: "DELETE",
    s.Foreach: "FOREACH",
}  # fmt: skip


def clause_name(clause: s.Clause) -> str:
    """Return the word a clause begins with."""
    if isinstance(clause, s.Projection):
        return "RETURN" if clause.final else "WITH"
    return _NAMES.get(type(clause), type(clause).__name__.upper())


def check_clauses(query: s.SingleQuery, *, may_end_open: bool) -> None:
    """Check the order of the clauses of one query.

    ``may_end_open``: in EXISTS and COUNT the query may end with any clause.
    """
    wrote: s.Clause | None = None
    for place, clause in enumerate(query.clauses):
        last = place == len(query.clauses) - 1
        if isinstance(clause, s.Projection):
            if clause.final and not last:
                raise _misplaced(f"RETURN ends a query, so {clause_name(query.clauses[place + 1])} cannot follow it;"
                                 " pass rows on with WITH", query.clauses[place + 1])  # fmt: skip
            wrote = None
        elif isinstance(clause, s.Finish):
            if not last:
                raise _misplaced("FINISH ends a query, so nothing can follow it", query.clauses[place + 1])
        elif isinstance(clause, WRITES):
            wrote = clause
        elif wrote is not None and isinstance(clause, s.Match | s.Unwind | s.CallSubquery | s.CallProcedure):
            name = clause_name(clause)
            raise _misplaced(
                f"{name} cannot follow {clause_name(wrote)} at once: put WITH * between them", clause
            )
    if query.clauses and not may_end_open:
        _check_end(query.clauses)


def _check_end(clauses: tuple[s.Clause, ...]) -> None:
    last = clauses[-1]
    if isinstance(last, s.Match | s.Unwind) or (isinstance(last, s.Projection) and not last.final):
        raise _misplaced(
            f"A query cannot end with {clause_name(last)}: RETURN what is wanted, or write something", last
        )
    if isinstance(last, s.CallSubquery) and returns(last.query):
        raise _misplaced("A query cannot end with a CALL { … } that returns: add RETURN after it", last)
    if isinstance(last, s.CallProcedure) and len(clauses) > 1 and (last.yields or last.predicate is not None):
        raise _misplaced("A query cannot end with CALL … YIELD: add RETURN after it", last)


def returns(query: s.Query) -> bool:
    """Whether a query ends with RETURN."""
    last = query.parts[0].clauses[-1] if query.parts[0].clauses else None
    return isinstance(last, s.Projection) and last.final


def check_unions(query: s.Query) -> None:
    """Refuse UNION beside UNION ALL."""
    if len(set(query.all)) > 1:
        raise _misplaced(
            "UNION and UNION ALL cannot be mixed in one query; put one of them into CALL { … }",
            query.parts[query.all.index(not query.all[0]) + 1],
        )


def refuse_writes(query: s.Query, what: str) -> None:
    """Refuse clauses that change the graph, as inside EXISTS."""
    for part in query.parts:
        for clause in part.clauses:
            if isinstance(clause, WRITES):
                raise _misplaced(f"{what} only reads, so {clause_name(clause)} cannot stand in it", clause)
            if isinstance(clause, s.CallSubquery):
                refuse_writes(clause.query, what)


def writes(query: s.Query) -> bool:
    """Whether a query changes the graph."""
    return any(
        isinstance(clause, WRITES) or (isinstance(clause, s.CallSubquery) and writes(clause.query))
        for part in query.parts
        for clause in part.clauses
    )


def _misplaced(reason: str, piece: s.Piece) -> Exception:
    return error(reason, "InvalidClauseComposition", piece)
