"""Values as Cypher writes them: ``(:Paper {title: 'A'})``, ``[:CITES]``, ``<(:A)-[:T]->(:B)>``, ``[1, 2.0]``.

The text is built with a stack of our own, so that no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from . import temporal_hooks
from .kinds import TEMPORAL, Kind, kind_of
from .values import Node, Path, Relationship

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
# Control characters could move the cursor of a terminal; those of direction could show the text in another order.
_ESCAPED = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_Piece = tuple[bool, Any]
"""Whether it is text already, and the text or value."""


def to_cypher(value: Any, *, quote_temporal: bool = False) -> str:
    """Return a value as Cypher text.

    Parameters
    ----------
    value
        Anything a query can return.
    quote_temporal
        Put dates, times and durations in quotes, as the tables of the conformance kit do.
    """
    written: list[str] = []
    waiting: list[_Piece] = [(False, value)]
    while waiting:
        is_text, item = waiting.pop()
        if is_text:
            written.append(item)
            continue
        kind = kind_of(item)
        if kind in _COMPOUND:
            waiting.extend(reversed(list(_COMPOUND[kind](item))))
        elif kind is Kind.STRING:
            written.append(quoted(item))
        elif kind in TEMPORAL:
            written.append(quoted(str(item)) if quote_temporal else str(item))
        else:
            written.append(_simple(item, kind))
    return "".join(written)


def quoted(text: str) -> str:
    """Return a text in single quotes, with everything escaped that would end it or not show."""
    return f"'{_ESCAPED.sub(_escape, text)}'"


def name(text: str) -> str:
    """Return a label, type or key, in backticks where it is no plain name."""
    return (
        text
        if _PLAIN_NAME.fullmatch(text)
        else "`" + _ESCAPED.sub(_escape_name, text).replace("`", "``") + "`"
    )


def float_text(value: float) -> str:
    """Return a float as Java prints it, and so Neo4j: ``1.0``, ``1.0E10``, ``NaN``, ``-Infinity``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e7:
        return repr(float(value))
    number = Decimal(repr(float(value))).normalize()
    digits = "".join(map(str, number.as_tuple().digits))
    return f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{number.adjusted()}"


def scalar_text(value: Any, kind: Kind) -> str | None:
    """Return a number, truth value, temporal value or text as toString() and ``+`` have it; None for all others."""
    if kind is Kind.STRING:
        return str(value)
    if kind is Kind.BOOLEAN:
        return "true" if value else "false"
    if kind is Kind.FLOAT:
        return float_text(value)
    if kind in TEMPORAL:
        return temporal_hooks.text(value)
    if kind is Kind.INTEGER:
        return str(value)
    return None


def _simple(value: Any, kind: Kind) -> str:
    if kind is Kind.NULL:
        return "null"
    if kind is Kind.BOOLEAN:
        return "true" if value else "false"
    if kind is Kind.FLOAT:
        return float_text(value)
    return str(int(value)) if kind is Kind.INTEGER else quoted(str(value))


def _list(value: Iterable[Any]) -> Iterator[_Piece]:
    yield True, "["
    for place, item in enumerate(value):
        if place:
            yield True, ", "
        yield False, item
    yield True, "]"


def _map(value: Mapping[str, Any]) -> Iterator[_Piece]:
    yield True, "{"
    for place, (key, item) in enumerate(value.items()):
        yield True, f"{', ' if place else ''}{name(str(key))}: "
        yield False, item
    yield True, "}"


def _node(value: Node) -> Iterator[_Piece]:
    labels = "".join(f":{name(label)}" for label in value.labels)
    properties = _present(value.properties)
    yield True, "(" + labels
    if properties:
        yield True, " " if labels else ""
        yield from _map(properties)
    yield True, ")"


def _relationship(value: Relationship) -> Iterator[_Piece]:
    properties = _present(value.properties)
    yield True, f"[:{name(value.type)}"
    if properties:
        yield True, " "
        yield from _map(properties)
    yield True, "]"


def _path(value: Path) -> Iterator[_Piece]:
    yield True, "<"
    yield False, value.nodes[0]
    for before, relationship, after in zip(value.nodes, value.relationships, value.nodes[1:], strict=False):
        forward = relationship.start == before and relationship.end == after
        yield True, "-" if forward else "<-"
        yield False, relationship
        yield True, "->" if forward else "-"
        yield False, after
    yield True, ">"


_COMPOUND: dict[Kind, Any] = {
    Kind.LIST: _list,
    Kind.MAP: _map,
    Kind.NODE: _node,
    Kind.RELATIONSHIP: _relationship,
    Kind.PATH: _path,
}


def _present(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _escape_name(match: re.Match[str]) -> str:
    character = match.group()
    return character if character in "\\'" else f"\\u{ord(character):04X}"
