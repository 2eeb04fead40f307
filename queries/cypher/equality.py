"""When two values are equal, less or more, in three-valued logic: null is "unknown".

Lists and maps are walked with a stack of our own, so that no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .errors import CypherRuntimeError
from .kinds import NUMBERS, TEMPORAL, Kind, kind_of, type_name

Order = float | None
"""-1, 0 or 1; NaN where a NaN takes part, so that every comparison of it with 0 is false; None if unknown."""

_CONTAINERS = frozenset({Kind.LIST, Kind.MAP})


def equal(left: Any, right: Any) -> bool | None:
    """Tell whether two values are equal: ``left = right``.

    Numbers are compared by their exact value, whatever their type. Lists and maps are unequal as soon as one pair
    in them is, else unknown if one pair is.
    """
    unknown = False
    pairs = [(left, right)]
    while pairs:
        left, right = pairs.pop()
        if left is None or right is None:
            unknown = True
            continue
        kind, other = kind_of(left), kind_of(right)
        if kind is not other:
            if kind in NUMBERS and other in NUMBERS and left == right:
                continue
            return False
        if kind not in _CONTAINERS:
            if left != right:
                return False
        elif len(left) != len(right):
            return False
        elif kind is Kind.LIST:
            pairs.extend(zip(left, right, strict=True))
        elif left.keys() != right.keys():
            return False
        else:
            pairs.extend((value, right[key]) for key, value in left.items())
    return None if unknown else True


def compare(left: Any, right: Any) -> Order:
    """Tell which of two values is less, for ``<``, ``<=``, ``>`` and ``>=``.

    Returns
    -------
    float or None
        Compare it with 0 as the values are to be compared. Values of different types, and of types without an
        order (nodes, maps …), are incomparable: None. Lists are compared by their first difference.
    """
    walks: list[tuple[Sequence[Any], Sequence[Any], int]] = []
    while True:
        order = _compare_flat(left, right)
        if order == 0 and kind_of(left) is Kind.LIST:
            walks.append((left, right, 0))
        elif order != 0:
            return order
        # Go on with the next pair; a list that has come to its end is the less.
        while walks:
            ours, theirs, place = walks.pop()
            if place < len(ours) and place < len(theirs):
                walks.append((ours, theirs, place + 1))
                left, right = ours[place], theirs[place]
                break
            if len(ours) != len(theirs):
                return -1 if len(ours) < len(theirs) else 1
        else:
            return 0


def _compare_flat(left: Any, right: Any) -> Order:
    """Compare all but the elements of lists."""
    kind, other = kind_of(left), kind_of(right)
    if kind is Kind.NULL or other is Kind.NULL:
        return None
    if kind is not other and not (kind in NUMBERS and other in NUMBERS):
        return None
    if kind is Kind.LIST:
        return 0
    if kind is Kind.DURATION:  # a month has no length, so durations have no order
        return 0 if left == right else None
    if kind in NUMBERS or kind in TEMPORAL or kind in {Kind.STRING, Kind.BOOLEAN}:
        if left < right:
            return -1
        if left > right:
            return 1
        return 0 if left == right else math.nan
    return None


def in_list(value: Any, container: Any) -> bool | None:
    """Tell whether a list holds a value: ``value IN container``; unknown if only nulls could be it."""
    if container is None:
        return None
    if kind_of(container) is not Kind.LIST:
        raise CypherRuntimeError(
            f"IN looks into a list, not into a {type_name(container)}.", detail="InvalidArgumentType"
        )
    unknown = False
    for item in container:
        found = equal(value, item)
        if found:
            return True
        unknown = unknown or found is None
    return None if unknown else False


def truth(value: Any) -> bool | None:
    """Return a value as the truth value it is; raise a TypeError of the language if it is none."""
    if value is None or value is True or value is False:
        return value
    if kind_of(value) is Kind.BOOLEAN:
        return bool(value)
    raise CypherRuntimeError(
        f"A condition is true, false or null, not a {type_name(value)}.", detail="InvalidArgumentType"
    )
