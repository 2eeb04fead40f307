"""Functions of lists."""

from __future__ import annotations

from typing import Any

from ..errors import CypherRuntimeError, LimitError
from ..kinds import Kind, kind_of, type_name
from .base import Registry, out_of_range, sequence

FUNCTIONS = Registry()

LONGEST_RANGE = 20_000_000


@FUNCTIONS.add("head(list :: LIST) :: ANY", "The first element of a list; null if there is none.")
def head(items: Any) -> Any:
    return next(iter(sequence("head", items)), None)


@FUNCTIONS.add("last(list :: LIST) :: ANY", "The last element of a list; null if there is none.")
def last(items: Any) -> Any:
    items = sequence("last", items)
    return items[-1] if items else None


@FUNCTIONS.add("tail(list :: LIST) :: LIST", "A list without its first element.")
def tail(items: Any) -> list[Any]:
    return list(sequence("tail", items)[1:])


@FUNCTIONS.add(
    "range(start :: INTEGER, end :: INTEGER, step :: INTEGER) :: LIST<INTEGER>",
    "Whole numbers from start to end, both included.",
    least=2,
)
def range_(start: Any, end: Any, step: Any = 1) -> list[int]:
    for value in (start, end, step):
        if kind_of(value) is not Kind.INTEGER:
            raise CypherRuntimeError(
                f"range() takes whole numbers, not a {type_name(value)}.",
                kind="ArgumentError",
                detail="InvalidArgumentType",
            )
    if step == 0:
        raise out_of_range("range", "a step other than 0", step)
    numbers = range(start, end + (1 if step > 0 else -1), step)
    # Not len(): it cannot count what goes over the whole of 64 bits.
    if abs(end - start) // abs(step) >= LONGEST_RANGE and numbers:
        raise LimitError(
            f"range() would give more than {LONGEST_RANGE:,} numbers; take a part or a larger step."
        )
    return list(numbers)
