"""What a date, a time or a duration consists of: ``value.year``, ``value.week``, ``value.minutesOfHour``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .calendar import civil_from_days, days_from_civil, ordinal_day, week_day, week_of
from .values import SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Time, offset_text


def _quarter_day(days: int) -> int:
    year, month, _ = civil_from_days(days)
    return days - days_from_civil(year, (month - 1) // 3 * 3 + 1, 1) + 1


_OF_DAY: Mapping[str, Callable[[int], int]] = {
    "year": lambda d: civil_from_days(d)[0],
    "quarter": lambda d: (civil_from_days(d)[1] + 2) // 3,
    "month": lambda d: civil_from_days(d)[1],
    "week": lambda d: week_of(d)[1],
    "weekYear": lambda d: week_of(d)[0],
    "day": lambda d: civil_from_days(d)[2],
    "ordinalDay": lambda d: ordinal_day(*civil_from_days(d)),
    "weekDay": week_day,
    "dayOfWeek": week_day,
    "dayOfQuarter": _quarter_day,
    "quarterDay": _quarter_day,
}
_OF_TIME: Mapping[str, Callable[[int], int]] = {
    "hour": lambda n: n // (3600 * SECOND),
    "minute": lambda n: n // (60 * SECOND) % 60,
    "second": lambda n: n // SECOND % 60,
    "millisecond": lambda n: n % SECOND // 1_000_000,
    "microsecond": lambda n: n % SECOND // 1000,
    "nanosecond": lambda n: n % SECOND,
}
_OF_ZONE: Mapping[str, Callable[[Any], Any]] = {
    "timezone": lambda v: getattr(v, "zone", None) or offset_text(v.offset),
    "offset": lambda v: offset_text(v.offset),
    "offsetMinutes": lambda v: v.offset // 60,
    "offsetSeconds": lambda v: v.offset,
}
_OF_MOMENT: Mapping[str, Callable[[DateTime], int]] = {
    "epochSeconds": lambda v: v.instant // SECOND,
    "epochMillis": lambda v: v.instant // 1_000_000,
}


def _towards_zero(number: int, by: int) -> int:
    return abs(number) // by * (1 if number >= 0 else -1)


_OF_DURATION: Mapping[str, Callable[[Duration], int]] = {
    "years": lambda d: _towards_zero(d.months, 12),
    "quarters": lambda d: _towards_zero(d.months, 3),
    "months": lambda d: d.months,
    "weeks": lambda d: _towards_zero(d.days, 7),
    "days": lambda d: d.days,
    "hours": lambda d: d.seconds // 3600,
    "minutes": lambda d: d.seconds // 60,
    "seconds": lambda d: d.seconds,
    "milliseconds": lambda d: (d.seconds * SECOND + d.nanos) // 1_000_000,
    "microseconds": lambda d: (d.seconds * SECOND + d.nanos) // 1000,
    "nanoseconds": lambda d: d.seconds * SECOND + d.nanos,
    "quartersOfYear": lambda d: _towards_zero(d.months, 3) % 4,
    "monthsOfQuarter": lambda d: d.months % 3,
    "monthsOfYear": lambda d: d.months % 12,
    "daysOfWeek": lambda d: d.days % 7,
    "minutesOfHour": lambda d: d.seconds // 60 % 60,
    "secondsOfMinute": lambda d: d.seconds % 60,
    "millisecondsOfSecond": lambda d: d.nanos // 1_000_000,
    "microsecondsOfSecond": lambda d: d.nanos // 1000,
    "nanosecondsOfSecond": lambda d: d.nanos,
}


def component(value: Any, key: str) -> Any:
    """Return a component; None where the value has none of that name."""
    if isinstance(value, Duration):
        return _OF_DURATION[key](value) if key in _OF_DURATION else None
    if key in _OF_DAY and isinstance(value, (Date, LocalDateTime, DateTime)):
        return _OF_DAY[key](value.days)
    if key in _OF_TIME and isinstance(value, (LocalTime, Time, LocalDateTime, DateTime)):
        return _OF_TIME[key](value.nanos)
    if key in _OF_ZONE and isinstance(value, (Time, DateTime)):
        return _OF_ZONE[key](value)
    if key in _OF_MOMENT and isinstance(value, DateTime):
        return _OF_MOMENT[key](value)
    return None


def known_components() -> frozenset[str]:
    """Return all names of components."""
    return frozenset([*_OF_DAY, *_OF_TIME, *_OF_ZONE, *_OF_MOMENT, *_OF_DURATION])
