"""The names a piece of a query sees, what may stand there, and how to say that something may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from .. import syntax as s
from ..errors import CypherError
from .kinds import Kind

Scope = Mapping[str, Kind]
"""The names that can be used, and what is known of their values."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands.

    ``no_aggregation`` says why an aggregation may not stand here, and is empty where one may. ``lost`` are the names
    that a WITH or RETURN has dropped, for the message. ``outer`` are the names that a subquery has from outside: they
    stay visible in all of it, whatever its WITHs pass on, and cannot be given another meaning.
    """

    scope: Scope
    no_aggregation: str = "here"
    aggregated: bool = False
    lost: frozenset[str] = field(default=frozenset())
    outer: Scope = field(default_factory=dict)

    def having(self, names: Mapping[str, Kind], no_aggregation: str | None = None) -> Place:
        """The same place with more names, as inside a comprehension."""
        refusal = self.no_aggregation if no_aggregation is None else no_aggregation
        return replace(self, scope={**self.scope, **names}, no_aggregation=refusal)


def error(
    reason: str, detail: str, piece: s.Piece | tuple[int, int] | None, kind: str = "SyntaxError"
) -> CypherError:
    """Make a compile-time error that points at ``piece``."""
    span = piece.span if isinstance(piece, s.Piece) else piece
    if not reason.endswith((".", "?")):
        reason += "."
    # A piece made by hand has no place in the text to point at.
    return CypherError(reason, kind=kind, detail=detail, span=span if span != (0, 0) else None)


def near(name: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that ``name`` most likely means."""
    by_folded = {other.lower(): other for other in names}
    if name.lower() in by_folded:
        return by_folded[name.lower()]
    found = get_close_matches(name.lower(), by_folded, n=1, cutoff=0.65)
    return by_folded[found[0]] if found else None


def undefined(name: str, place: Place, piece: s.Piece) -> CypherError:
    """Make the error for a name that nothing has bound."""
    if name in place.lost:
        remedy = f"an earlier WITH or RETURN does not pass it on; add {name} there"
    else:
        likely = near(name, place.scope)
        if likely is not None:
            remedy = f"did you mean {likely}?"
        elif place.scope:
            remedy = f"known here: {', '.join(sorted(place.scope)[:8])}"
        else:
            remedy = "nothing is bound here; a text needs quotes, and a parameter a $"
    return error(f"The variable {name} is not defined: {remedy}", "UndefinedVariable", piece)


def bound_twice(name: str, piece: s.Piece, what: str = "") -> CypherError:
    """Make the error for a name that is taken already."""
    return error(
        f"The variable {name} is bound already{what}; take another name", "VariableAlreadyBound", piece
    )
