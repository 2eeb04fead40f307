"""Functions of any value: the first that is known, whether it is empty, what type it has, and the clock."""

from __future__ import annotations

import time
import uuid
from typing import Any

from ..equality import equal
from ..kinds import Kind, kind_of
from ..type_tests import value_type
from .base import Registry, invalid_argument

FUNCTIONS = Registry()


@FUNCTIONS.add(
    "coalesce(value :: ANY, …) :: ANY", "The first value that is not null.", most=None, null_in_null_out=False
)
def coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


@FUNCTIONS.add(
    "nullIf(first :: ANY, second :: ANY) :: ANY",
    "Null if the two values are equal, else the first.",
    null_in_null_out=False,
)
def null_if(first: Any, second: Any) -> Any:
    return None if equal(first, second) else first


@FUNCTIONS.add("exists(value :: ANY) :: BOOLEAN", "Whether the value is not null.", null_in_null_out=False)
def exists(value: Any) -> bool:
    return value is not None


@FUNCTIONS.add("valueType(value :: ANY) :: STRING", "The name of the value's type.", null_in_null_out=False)
def value_type_(value: Any) -> str:
    return value_type(value)


@FUNCTIONS.add(
    "isEmpty(value :: STRING | LIST | MAP) :: BOOLEAN", "Whether nothing is in a text, list or map."
)
def is_empty(value: Any) -> bool:
    if kind_of(value) in {Kind.STRING, Kind.LIST, Kind.MAP}:
        return len(value) == 0
    raise invalid_argument("isEmpty", "a text, a list or a map", value)


@FUNCTIONS.add(
    "size(value :: STRING | LIST) :: INTEGER", "The number of characters of a text or of elements of a list."
)
def size(value: Any) -> int:
    if kind_of(value) in {Kind.STRING, Kind.LIST}:
        return len(value)
    raise invalid_argument("size", "a text or a list", value)


@FUNCTIONS.add(
    "reverse(value :: STRING | LIST) :: STRING | LIST", "A text or list from its end to its start."
)
def reverse(value: Any) -> Any:
    if kind_of(value) in {Kind.STRING, Kind.LIST}:
        return value[::-1]
    raise invalid_argument("reverse", "a text or a list", value)


@FUNCTIONS.add("randomUUID() :: STRING", "A new random identifier.")
def random_uuid() -> str:
    return str(uuid.uuid4())


@FUNCTIONS.add("timestamp() :: INTEGER", "Milliseconds since the start of 1970, UTC.")
def timestamp() -> int:
    return time.time_ns() // 1_000_000
