"""What kind of value a Python object is to the query language, in the order in which ORDER BY sorts the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from numbers import Integral, Real
from typing import Any

from . import temporal_hooks
from .values import Node, Path, Relationship


class Kind(IntEnum):
    """The types of the language; their numbers are their order among each other."""

    MAP = 0
    NODE = 1
    RELATIONSHIP = 2
    LIST = 3
    PATH = 4
    DATETIME = 5
    LOCAL_DATETIME = 6
    DATE = 7
    TIME = 8
    LOCAL_TIME = 9
    DURATION = 10
    OTHER = 11
    STRING = 12
    BOOLEAN = 13
    INTEGER = 14
    FLOAT = 15
    NULL = 16


NUMBERS = frozenset({Kind.INTEGER, Kind.FLOAT})
TEMPORAL = frozenset(
    {Kind.DATETIME, Kind.LOCAL_DATETIME, Kind.DATE, Kind.TIME, Kind.LOCAL_TIME, Kind.DURATION}
)

_NAMES = {
    Kind.LOCAL_DATETIME: "LOCAL DATETIME",
    Kind.DATETIME: "ZONED DATETIME",
    Kind.LOCAL_TIME: "LOCAL TIME",
    Kind.TIME: "ZONED TIME",
    Kind.OTHER: "ANY",
}

_known: dict[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    str: Kind.STRING,
    list: Kind.LIST,
    tuple: Kind.LIST,
    dict: Kind.MAP,
    Node: Kind.NODE,
    Relationship: Kind.RELATIONSHIP,
    Path: Kind.PATH,
}


def kind_of(value: Any) -> Kind:
    """Return the kind of a value; what no query can make (a graph may hold anything) is ``Kind.OTHER``."""
    kind = _known.get(type(value))
    if kind is None:
        kind = _known[type(value)] = _learn(type(value))
    return kind


def type_name(value: Any) -> str:
    """Return the name of a value's type as the language writes it, such as ``ZONED DATETIME``."""
    kind = kind_of(value)
    return _NAMES.get(kind, kind.name)


def _learn(cls: type) -> Kind:
    temporal = temporal_hooks.classes()
    kinds = {
        temporal["DateTime"]: Kind.DATETIME,
        temporal["LocalDateTime"]: Kind.LOCAL_DATETIME,
        temporal["Date"]: Kind.DATE,
        temporal["Time"]: Kind.TIME,
        temporal["LocalTime"]: Kind.LOCAL_TIME,
        temporal["Duration"]: Kind.DURATION,
        # Values of foreign libraries, such as numpy's, that stand for one of ours.
        bool: Kind.BOOLEAN,
        str: Kind.STRING,
        Integral: Kind.INTEGER,
        Real: Kind.FLOAT,
        list: Kind.LIST,
        tuple: Kind.LIST,
        Mapping: Kind.MAP,
    }
    return next((kind for base, kind in kinds.items() if issubclass(cls, base)), Kind.OTHER)
