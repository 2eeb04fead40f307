"""Names in a query that the graph does not have, and those that are likely meant.

Such a query is right and finds nothing, which is how a misspelt label shows itself; so it is run, with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from .. import syntax as s
from ..rewrite import pieces
from .scopes import near

if TYPE_CHECKING:
    from ..layout import Layout

_LISTED = 8
"""Up to so many known names are listed where none is near."""


def warnings(statement: s.Statement, layout: Layout) -> list[str]:
    """Return a sentence for every label, relationship type and property key that the graph does not have.

    A name that the query itself writes is not warned of. The query is not judged: it can be run in any case.
    """
    asked, written = _names(statement)
    found: list[str] = []
    for what, places in (
        # Relationships are read in only for a name that the nodes do not know: that is what takes time.
        ("label", (layout.labels, layout.types)),
        ("relationship type", (layout.types,)),
        ("property key", (layout.nodes.keys, layout.property_keys)),
    ):
        names = [name for kind, name in asked if kind == what and (kind, name) not in written]
        for place in places:
            there = frozenset(place()) if names else frozenset()
            names = [name for name in names if name not in there]
        if names:
            # What stands after a colon in an expression may be a type, but a label is what was meant.
            known = frozenset(layout.labels()) if what == "label" else there
            found += [unknown(what, name, known) for name in names]
    return found


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Return the sentence for a name that a graph does not have, with the likely one of those it has."""
    start = f"The graph has no {what} {name}"
    likely = near(name, known)
    if likely is not None:
        return f"{start}; did you mean {likely}?"
    if known and len(known) <= _LISTED:
        return f"{start}; it has {', '.join(sorted(known))}."
    return f"{start}."


_Name = tuple[str, str]


def _names(statement: s.Statement) -> tuple[dict[_Name, None], frozenset[_Name]]:
    """The names a query holds, each once in the order written, and those among them that it writes."""
    everything = list(pieces(statement))
    entities = _entities(everything)
    asked: dict[_Name, None] = {}
    written: set[_Name] = set()
    for piece in everything:
        match piece:
            case s.Create() | s.Merge():
                paths = piece.patterns if isinstance(piece, s.Create) else (piece.path,)
                for path in paths:
                    for element in path.elements:
                        written.update(_of_element(element))
            case s.NodePattern() | s.RelationshipPattern():
                asked |= dict.fromkeys(_of_element(piece))
            case s.HasLabels():
                asked |= dict.fromkeys(_of_labels("label", piece.labels))
            case s.SetProperty():
                written.add(("property key", piece.target.key))
            case s.SetProperties():
                value = piece.value
                written.update(_of_properties(value if isinstance(value, s.MapLiteral) else None))
            case s.SetLabels():
                written.update(("label", name) for name in piece.labels)
            case s.Property():
                if isinstance(piece.subject, s.Variable) and piece.subject.name in entities:
                    asked["property key", piece.key] = None
    return asked, frozenset(written)


def _entities(everything: list[s.Piece]) -> frozenset[str]:
    """The variables that are nodes or relationships wherever they stand; the keys of other maps are free."""
    bound, other = set(), set()
    for piece in everything:
        match piece:
            case s.NodePattern() | s.RelationshipPattern():
                if piece.variable is not None:
                    bound.add(piece.variable)
            case s.ProjectionItem():
                if piece.expression != s.Variable(piece.name):
                    other.add(piece.name)
            case s.Unwind() | s.ListComprehension() | s.Quantifier() | s.Reduce() | s.Foreach():
                other.add(piece.variable)
    return frozenset(bound - other)


def _of_element(element: s.NodePattern | s.RelationshipPattern | s.QuantifiedPath) -> Iterator[_Name]:
    if isinstance(element, s.NodePattern):
        yield from _of_labels("label", element.labels)
        yield from _of_properties(element.properties)
    elif isinstance(element, s.RelationshipPattern):
        yield from _of_labels("relationship type", element.types)
        yield from _of_properties(element.properties)


def _of_labels(what: str, labels: s.LabelExpression | None) -> Iterator[_Name]:
    if labels is not None:
        for piece in pieces(labels):
            if isinstance(piece, s.Label):
                yield what, piece.name


def _of_properties(properties: s.Properties) -> Iterator[_Name]:
    if isinstance(properties, s.MapLiteral):
        for key, _ in properties.items:
            yield "property key", key
