"""Cutting off what is finer than a unit: ``date.truncate('month', value, {day: 2})``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import calendar
from . import fields as f
from .construction import Sources, in_zone
from .refusals import refused
from .values import DAY, SECOND, Date, DateTime, LocalDateTime, LocalTime, Temporal, Time
from .zones import UTC_ZONE

_Ymd = tuple[int, int, int]

_DATE_UNITS: Mapping[str, Callable[[int, _Ymd], int]] = {
    "millennium": lambda _, ymd: calendar.epoch_day(ymd[0] // 1000 * 1000, 1, 1),
    "century": lambda _, ymd: calendar.epoch_day(ymd[0] // 100 * 100, 1, 1),
    "decade": lambda _, ymd: calendar.epoch_day(ymd[0] // 10 * 10, 1, 1),
    "year": lambda _, ymd: calendar.epoch_day(ymd[0], 1, 1),
    "weekYear": lambda day, _: calendar.from_week(calendar.week_date(day)[0], 1, 1),
    "quarter": lambda _, ymd: calendar.epoch_day(ymd[0], (ymd[1] - 1) // 3 * 3 + 1, 1),
    "month": lambda _, ymd: calendar.epoch_day(ymd[0], ymd[1], 1),
    "week": lambda day, _: day - calendar.weekday(day) + 1,
    "day": lambda day, _: day,
}
_TIME_UNITS: Mapping[str, int] = {
    "day": DAY,
    "hour": 3600 * SECOND,
    "minute": 60 * SECOND,
    "second": SECOND,
    "millisecond": 1_000_000,
    "microsecond": 1_000,
}
_UNITS = {name.lower(): name for name in (*_DATE_UNITS, *_TIME_UNITS)}
_FINER_THAN = {
    "millisecond": (("millisecond",), ("microsecond", "nanosecond")),
    "microsecond": (("millisecond", "microsecond"), ("nanosecond",)),
}
"""For a unit below the second: what it keeps of the fraction, and what can be set below it without touching that."""


def truncate(result: type[Temporal], unit: Any, value: Any, changes: Any) -> Temporal:
    """Return a value of a type, cut off below a unit, with some components then set anew.

    Parameters
    ----------
    result
        The type to return.
    unit
        ``millennium`` to ``microsecond``, without regard to case.
    value
        A value that has what the unit is a unit of.
    changes
        A map of components, such as ``{day: 2}``; or null.
    """
    function = f"{result.__name__.lower()}.truncate"
    name = _UNITS.get(unit.lower()) if isinstance(unit, str) else None
    of_date = result in {Date, LocalDateTime, DateTime}
    allowed = (
        {**_DATE_UNITS}
        if result is Date
        else {**_TIME_UNITS}
        if not of_date
        else {**_DATE_UNITS, **_TIME_UNITS}
    )
    if name is None or name not in allowed:
        raise refused(f"{function}() takes one of {', '.join(allowed)} as its unit, not {unit!r:.60}.")
    if not isinstance(value, Date | LocalTime | Time | LocalDateTime | DateTime):
        raise Sources(function).unfit("input", "a date or a time", value)
    sources = Sources(function)
    if isinstance(changes, Mapping) and any(entry is not None for entry in changes.values()):
        sources = Sources.read(function, changes, _changeable(result))
    elif changes is not None and not isinstance(changes, Mapping):
        raise sources.unfit("its third argument", "a map", changes)
    if of_date:
        sources.take("date", value)
        if sources.date is not None:
            day = sources.date.epoch_day
            if name in _DATE_UNITS:
                sources.date = Date(_DATE_UNITS[name](day, calendar.civil(day)))
    if result is Date:
        return Date(sources.epoch_day())
    sources.time = LocalTime(_truncated_time(name, value, sources))
    _keep_fraction(name, sources)
    return _finished(result, value, sources)


def _truncated_time(name: str, value: Any, sources: Sources) -> int:
    if name in _DATE_UNITS and not isinstance(value, Date):
        return 0
    if isinstance(value, Date):
        if name in _DATE_UNITS:
            return 0
        raise sources.unfit("input", f"a value with a time to cut at the {name}", value)
    nanoseconds: int = value.nanoseconds
    return nanoseconds - nanoseconds % _TIME_UNITS[name]


def _keep_fraction(name: str, sources: Sources) -> None:
    kept, finer = _FINER_THAN.get(name, ((), ()))
    if sources.time is None or not any(field in sources.fields for field in finer):
        return
    fraction = sources.time.nanoseconds % SECOND
    parts = {"millisecond": fraction // 1_000_000, "microsecond": fraction // 1_000 % 1_000}
    for field in kept:
        sources.fields.setdefault(field, parts[field])


def _finished(result: type[Temporal], value: Any, sources: Sources) -> Temporal:
    """Put the parts together; a zone that is asked for replaces the one of the value, the hands of the clock stay."""
    zoned = isinstance(value, Time | DateTime)
    if result is LocalTime:
        return LocalTime(sources.nanoseconds())
    if result is Time:
        found = Time.of(sources.nanoseconds(), value.offset if zoned else 0)
        return found if sources.zone is None else in_zone(found, sources.zone, same_instant=False)
    if result is LocalDateTime:
        return LocalDateTime.of(sources.total())
    zone = sources.zone or (value.zone if zoned else UTC_ZONE)
    return DateTime.of(sources.total(), zone, value.offset if zoned else None)


def _changeable(result: type[Temporal]) -> frozenset[str]:
    names = {
        Date: f.DATE,
        LocalTime: f.TIME,
        Time: (*f.TIME, "timezone"),
        LocalDateTime: (*f.DATE, *f.TIME),
        DateTime: (*f.DATE, *f.TIME, "timezone"),
    }
    return frozenset(names[result])
