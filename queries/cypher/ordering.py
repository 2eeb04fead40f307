"""Sorting keys and grouping keys: every value has a place among all others, and is the same as itself, null too.

Both kinds of key are flat, whatever the nesting of the value, since Python compares and hashes nested tuples by
recursion.
"""

from __future__ import annotations

from typing import Any

from . import temporal_hooks
from .kinds import NUMBERS, TEMPORAL, Kind, kind_of

_END = -1
"""Ends a list in a key; less than every kind, so that the shorter list comes first."""


class _Mark:
    """Stands in a grouping key for something that Python would take for something else."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


_TRUE, _FALSE, _NAN, _LIST, _MAP, _CLOSE = (
    _Mark(name) for name in ("true", "false", "NaN", "list", "map", "close")
)


def order_key(value: Any) -> tuple[Any, ...]:
    """Return a key that sorts values of all types as ORDER BY does.

    Map, node, relationship, list, path, temporal values, string, boolean, number, NaN, null; lists by their first
    difference, maps by size, then keys, then values, entities by their number.
    """
    kind = kind_of(value)
    if kind is Kind.STRING:
        return (int(kind), value)
    key: list[Any] = []
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if value is _CLOSE:
            key.append(_END)
            continue
        kind = kind_of(value)
        if kind in NUMBERS:
            # NaN comes after all numbers, and has no order by itself.
            key += (int(Kind.INTEGER), value) if value == value else (int(Kind.FLOAT),)  # noqa: PLR0124
        elif kind is Kind.STRING or kind is Kind.BOOLEAN:
            key += (int(kind), value)
        elif kind is Kind.LIST:
            key.append(int(kind))
            waiting.append(_CLOSE)
            waiting.extend(reversed(value))
        elif kind is Kind.MAP:
            names = sorted(value)
            key += (int(kind), len(names), *names)
            waiting.extend(value[name] for name in reversed(names))
        elif kind is Kind.NODE or kind is Kind.RELATIONSHIP:
            key += (int(kind), value.index)
        elif kind is Kind.PATH:
            key += (int(kind), value.nodes[0].index)
            for relationship, node in zip(value.relationships, value.nodes[1:], strict=True):
                key += (relationship.index, node.index)
            key.append(_END)
        elif kind in TEMPORAL:
            key += (int(kind), temporal_hooks.order_key(value))
        elif kind is Kind.NULL:
            key.append(int(kind))
        else:
            key += (int(kind), type(value).__qualname__, repr(value))
    return tuple(key)


def group_key(value: Any) -> Any:
    """Return a hashable key that is equal for values that DISTINCT and grouping take for the same.

    That is null and null, NaN and NaN, 1 and 1.0; but not 1 and true.
    """
    kind = kind_of(value)
    if kind is not Kind.LIST and kind is not Kind.MAP:
        return _group_flat(value, kind)
    key: list[Any] = []
    waiting = [value]
    while waiting:
        value = waiting.pop()
        kind = kind_of(value)
        if kind is Kind.LIST:
            key.append(_LIST)
            waiting.append(_CLOSE)
            waiting.extend(reversed(value))
        elif kind is Kind.MAP:
            names = sorted(value)
            key += (_MAP, len(names), *names)
            waiting.extend(value[name] for name in reversed(names))
        else:
            key.append(_group_flat(value, kind))
    return tuple(key)


def _group_flat(value: Any, kind: Kind) -> Any:
    if kind is Kind.BOOLEAN:
        return _TRUE if value else _FALSE
    if kind is Kind.FLOAT and value != value:  # noqa: PLR0124
        return _NAN
    if kind is Kind.OTHER and not isinstance(value, _Mark):
        return (type(value).__qualname__, repr(value))
    return value
