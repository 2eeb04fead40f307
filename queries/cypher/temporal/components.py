"""What can be read from a value by name: ``date.year``, ``time.hour``, ``duration.minutesOfHour``."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import CypherRuntimeError
from . import calendar
from .values import SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Time
from .zones import offset_text

Reader = Callable[[Any], Any]


def _quarter(month: int) -> int:
    return (month + 2) // 3


def _day_of_quarter(value: Any) -> int:
    year, month, _ = calendar.civil(value.epoch_day)
    first: int = calendar.epoch_day(year, 3 * _quarter(month) - 2, 1)
    return int(value.epoch_day) - first + 1


def _day_of_year(value: Any) -> int:
    first: int = calendar.epoch_day(calendar.civil(value.epoch_day)[0], 1, 1)
    return int(value.epoch_day) - first + 1


def _truncated(number: int, by: int) -> int:
    """Return a quotient, towards zero."""
    return -(-number // by) if number < 0 else number // by


def _rest(number: int, by: int) -> int:
    return number - by * _truncated(number, by)


_DATE: dict[str, Reader] = {
    "year": lambda value: calendar.civil(value.epoch_day)[0],
    "quarter": lambda value: _quarter(calendar.civil(value.epoch_day)[1]),
    "month": lambda value: calendar.civil(value.epoch_day)[1],
    "week": lambda value: calendar.week_date(value.epoch_day)[1],
    "weekYear": lambda value: calendar.week_date(value.epoch_day)[0],
    "day": lambda value: calendar.civil(value.epoch_day)[2],
    "ordinalDay": _day_of_year,
    "weekDay": lambda value: calendar.weekday(value.epoch_day),
    "dayOfWeek": lambda value: calendar.weekday(value.epoch_day),
    "dayOfQuarter": _day_of_quarter,
    "quarterDay": _day_of_quarter,
}
_TIME: dict[str, Reader] = {
    "hour": lambda value: value.nanoseconds // (3600 * SECOND),
    "minute": lambda value: value.nanoseconds // (60 * SECOND) % 60,
    "second": lambda value: value.nanoseconds // SECOND % 60,
    "millisecond": lambda value: value.nanoseconds % SECOND // 1_000_000,
    "microsecond": lambda value: value.nanoseconds % SECOND // 1_000,
    "nanosecond": lambda value: value.nanoseconds % SECOND,
}
_OFFSET: dict[str, Reader] = {
    "timezone": lambda value: value.zone.name or offset_text(value.offset),
    "offset": lambda value: offset_text(value.offset),
    "offsetMinutes": lambda value: _truncated(value.offset, 60),
    "offsetSeconds": lambda value: value.offset,
}
_EPOCH: dict[str, Reader] = {
    "epochSeconds": lambda value: value.instant // SECOND,
    "epochMillis": lambda value: value.instant // 1_000_000,
}
_DURATION: dict[str, Reader] = {
    "years": lambda value: _truncated(value.months, 12),
    "quarters": lambda value: _truncated(value.months, 3),
    "months": lambda value: value.months,
    "weeks": lambda value: _truncated(value.days, 7),
    "days": lambda value: value.days,
    "hours": lambda value: _truncated(value.seconds, 3600),
    "minutes": lambda value: _truncated(value.seconds, 60),
    "seconds": lambda value: value.seconds,
    "milliseconds": lambda value: value.total // 1_000_000,
    "microseconds": lambda value: value.total // 1_000,
    "nanoseconds": lambda value: value.total,
    "quartersOfYear": lambda value: _rest(_truncated(value.months, 3), 4),
    "monthsOfYear": lambda value: _rest(value.months, 12),
    "monthsOfQuarter": lambda value: _rest(value.months, 3),
    "daysOfWeek": lambda value: _rest(value.days, 7),
    "minutesOfHour": lambda value: _rest(_truncated(value.seconds, 60), 60),
    "secondsOfMinute": lambda value: _rest(value.seconds, 60),
    "millisecondsOfSecond": lambda value: value.nanoseconds // 1_000_000,
    "microsecondsOfSecond": lambda value: value.nanoseconds // 1_000,
    "nanosecondsOfSecond": lambda value: value.nanoseconds,
}

COMPONENTS: Mapping[type, Mapping[str, Reader]] = {
    Date: _DATE,
    LocalTime: _TIME,
    Time: _TIME | _OFFSET,
    LocalDateTime: _DATE | _TIME,
    DateTime: _DATE | _TIME | _OFFSET | _EPOCH,
    Duration: _DURATION,
}
"""How each component of each type is read."""


def component(value: Any, key: str) -> Any:
    """Return a component of a temporal value, such as its ``year``."""
    readers = COMPONENTS[type(value)]
    reader = readers.get(key)
    if reader is not None:
        return reader(value)
    near = difflib.get_close_matches(key, readers, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(readers)}."
    raise CypherRuntimeError(
        f"A {type(value).__name__} has no {key!r:.60}{hint}",
        kind="ArgumentError",
        detail="InvalidArgumentValue",
    )
