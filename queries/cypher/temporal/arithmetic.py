"""``+``, ``-``, ``*`` and ``/`` of temporal values; NotImplemented where the types do not go together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..kinds import NUMBERS, kind_of
from .durations import duration_of, exact, shifted
from .values import Date, DateTime, Duration, LocalDateTime, LocalTime, Time

_POINTS = (Date, LocalTime, Time, LocalDateTime, DateTime)


def add(left: Any, right: Any) -> Any:
    """Two durations, or a point in time and a duration, in any order."""
    if isinstance(left, Duration):
        if isinstance(right, Duration):
            return Duration.of(left.months + right.months, left.days + right.days, left.total + right.total)
        left, right = right, left
    if isinstance(left, _POINTS) and isinstance(right, Duration):
        return shifted(left, right.months, right.days, right.total)
    return NotImplemented


def subtract(left: Any, right: Any) -> Any:
    """A duration less a duration, or a point in time less a duration."""
    if not isinstance(right, Duration):
        return NotImplemented
    if isinstance(left, Duration):
        return Duration.of(left.months - right.months, left.days - right.days, left.total - right.total)
    if isinstance(left, _POINTS):
        return shifted(left, -right.months, -right.days, -right.total)
    return NotImplemented


def multiply(left: Any, right: Any) -> Any:
    """A duration and a number, in any order; what is left of a month is turned into days, of a day into seconds."""
    if isinstance(right, Duration):
        left, right = right, left
    if not isinstance(left, Duration) or kind_of(right) not in NUMBERS:
        return NotImplemented
    factor = exact(right)
    return duration_of(left.months * factor, left.days * factor, 0, left.total * factor)


def divide(left: Any, right: Any) -> Any:
    """A duration by a number other than zero."""
    if not isinstance(left, Duration) or kind_of(right) not in NUMBERS:
        return NotImplemented
    divisor = exact(right)
    months, days, total = (_part(part, divisor) for part in (left.months, left.days, left.total))
    return duration_of(months, days, 0, total)


def _part(number: int, divisor: Any) -> Any:
    quotient = Fraction(number) / divisor
    return int(quotient) if quotient.denominator == 1 else quotient


def order_key(value: Any) -> Any:
    """Return what sorts values of the same type; durations by their average length, then by their parts."""
    if not isinstance(value, Duration):
        return value
    average = value.total + (value.days * 86_400 + value.months * 2_629_746) * 1_000_000_000
    return average, value.months, value.days, value.total
