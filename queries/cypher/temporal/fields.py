"""Dates and times from their components by name, as maps give them: ``{year: 1984, week: 10, dayOfWeek: 3}``.

The components come alone, or to change some of a date or time that is there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from . import calendar
from .refusals import out_of_range, refused
from .values import SECOND

Fields = Mapping[str, int]

DATE = ("year", "month", "day", "week", "dayOfWeek", "ordinalDay", "quarter", "dayOfQuarter")
TIME = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
_KINDS = (("month", "day"), ("week", "dayOfWeek"), ("ordinalDay",), ("quarter", "dayOfQuarter"))
"""Which components name a day of a year together."""


def date_of(fields: Fields, base: int | None) -> int:
    """Return the number of the day that components of a date name.

    Parameters
    ----------
    fields
        Some of :data:`DATE`; others are passed over.
    base
        The day that gives what they leave open. Without it the year is needed, and what comes after is the first.
    """
    given = [[name for name in kind if name in fields] for kind in _KINDS]
    kinds = [names for names in given if names]
    if len(kinds) > 1:
        raise refused(
            f"{kinds[0][0]} and {kinds[1][0]} cannot be given together: they name the day in two ways."
        )
    if base is None:
        _need("year", fields, "A date")
        if kinds:
            _in_order(_KINDS[given.index(kinds[0])], fields)
    if kinds and "week" in _KINDS[given.index(kinds[0])]:
        return _by_week(fields, base)
    year = fields.get("year", 0 if base is None else calendar.civil(base)[0])
    _within("year", year, calendar.LEAST_YEAR, calendar.GREATEST_YEAR)
    if kinds and kinds[0][0] == "ordinalDay":
        _within("ordinalDay", fields["ordinalDay"], 1, 366 if calendar.is_leap(year) else 365, f" in {year}")
        return calendar.epoch_day(year, 1, 1) + fields["ordinalDay"] - 1
    if kinds and "quarter" in _KINDS[given.index(kinds[0])]:
        return _by_quarter(year, fields, base)
    return _by_month(year, fields, base)


def _by_month(year: int, fields: Fields, base: int | None) -> int:
    _, month, day = (0, 1, 1) if base is None else calendar.civil(base)
    month = fields.get("month", month)
    _within("month", month, 1, 12)
    longest = calendar.days_in_month(year, month)
    if "day" in fields:
        day = fields["day"]
        _within("day", day, 1, longest, f" in month {month} of {year}")
    return calendar.epoch_day(year, month, min(day, longest))


def _by_week(fields: Fields, base: int | None) -> int:
    year, week, of_week = (0, 1, 1) if base is None else calendar.week_date(base)
    year = fields.get("year", year)
    _within("year", year, calendar.LEAST_YEAR, calendar.GREATEST_YEAR)
    week, of_week = fields.get("week", week), fields.get("dayOfWeek", of_week)
    weeks = calendar.weeks_in_year(year)
    if "week" in fields:
        _within("week", week, 1, weeks, f" in {year}")
    _within("dayOfWeek", of_week, 1, 7)
    return calendar.from_week(year, min(week, weeks), of_week)


def _by_quarter(year: int, fields: Fields, base: int | None) -> int:
    _, month, day = (0, 1, 1) if base is None else calendar.civil(base)
    quarter = fields.get("quarter", (month + 2) // 3)
    _within("quarter", quarter, 1, 4)
    first = calendar.epoch_day(year, 3 * quarter - 2, 1)
    if "dayOfQuarter" in fields:
        length = calendar.add_months(first, 3) - first
        _within("dayOfQuarter", fields["dayOfQuarter"], 1, length, f" in quarter {quarter} of {year}")
        return first + fields["dayOfQuarter"] - 1
    month = 3 * quarter - 2 + (month - 1) % 3
    return calendar.epoch_day(year, month, min(day, calendar.days_in_month(year, month)))


def time_of(fields: Fields, base: int | None) -> int:
    """Return the nanoseconds since midnight that components of a time name.

    Milliseconds, microseconds and nanoseconds add up where more than one of them is given, and each then counts
    from 0 to 999; alone it says the whole fraction of the second.
    """
    if base is None:
        _need("hour", fields, "A time")
        if any(name in fields for name in TIME[3:]):
            _need("second", fields, "A fraction of a second")
        _in_order(TIME[:3], fields)
    seconds, fraction = divmod(base or 0, SECOND)
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    hour, minute, second = (
        fields.get("hour", hour),
        fields.get("minute", minute),
        fields.get("second", second),
    )
    _within("hour", hour, 0, 23)
    _within("minute", minute, 0, 59)
    _within("second", second, 0, 59)
    return ((hour * 60 + minute) * 60 + second) * SECOND + _fraction(fields, fraction)


def _fraction(fields: Fields, fraction: int) -> int:
    found, size, finer = 0, SECOND, False
    for name, unit in (("millisecond", 1_000_000), ("microsecond", 1_000), ("nanosecond", 1)):
        if name in fields:
            _within(name, fields[name], 0, size // unit - 1)
            found, size, finer = found + fields[name] * unit, unit, True
    return found if finer else fraction


def _in_order(names: Sequence[str], fields: Fields) -> None:
    """Refuse a component whose greater one is missing: a day without a month."""
    for greater, lesser in pairwise(names):
        if lesser in fields and greater not in fields:
            raise refused(f"{lesser} needs {greater} as well.")


def _need(name: str, fields: Fields, what: str) -> None:
    if name not in fields:
        raise refused(f"{what} needs {name}.")


def _within(name: str, value: int, least: int, greatest: int, where: str = "") -> None:
    if not least <= value <= greatest:
        raise out_of_range(name + where, value, least, greatest)
