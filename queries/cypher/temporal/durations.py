"""Durations: from amounts of units, and as what lies between two points in time."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..errors import CypherRuntimeError
from ..kinds import NUMBERS, Kind, kind_of, type_name
from . import calendar
from .refusals import overflow, refused
from .values import DAY, SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, Time
from .zones import Zone

Amount = int | Fraction
_Point = LocalDateTime | DateTime

AVERAGE_MONTH = Fraction(146_097, 4_800)
"""Days in a month, on average over the 400 years after which the calendar repeats."""

_MONTHS = {"years": 12, "quarters": 3, "months": 1}
_DAYS = {"weeks": 7, "days": 1}
_NANOSECONDS = {
    "hours": 3600 * SECOND,
    "minutes": 60 * SECOND,
    "seconds": SECOND,
    "milliseconds": 1_000_000,
    "microseconds": 1_000,
    "nanoseconds": 1,
}
UNITS = (*_MONTHS, *_DAYS, *_NANOSECONDS)
_BY_LOWER = {name.lower(): name for name in UNITS}


def duration_of(months: Amount, days: Amount, seconds: Amount, nanoseconds: Amount = 0) -> Duration:
    """Return a duration of any amounts: what is left of a month is turned into days, of a day into seconds."""
    if type(months) is not int:
        whole = int(months)
        months, days = whole, days + (months - whole) * AVERAGE_MONTH
    if type(days) is not int:
        whole = int(days)
        days, seconds = whole, seconds + (days - whole) * 86_400
    return Duration.of(months, int(days), int(seconds * SECOND + nanoseconds))


def exact(value: Any) -> Amount:
    """Return a number as it is written: 0.1 is a tenth."""
    if kind_of(value) is Kind.INTEGER:
        return int(value)
    number = float(value)
    if not math.isfinite(number):
        raise overflow("The duration")
    return int(number) if number.is_integer() else Fraction(Decimal(repr(number)))


def duration_from_map(given: dict[str, Any]) -> Duration:
    """Return the duration that a map says, such as ``{days: 1, hours: 12.5}``."""
    amounts: dict[str, Amount] = {}
    for key, value in given.items():
        name = _BY_LOWER.get(key.lower())
        if name is None:
            raise refused(f"duration() knows no {key!r:.60}; it takes {', '.join(UNITS)}.")
        if value is None:
            continue
        if kind_of(value) not in NUMBERS:
            raise CypherRuntimeError(
                f"duration() takes {name} as a number, not as a {type_name(value)}.",
                detail="InvalidArgumentValue",
            )
        amounts[name] = exact(value)
    if not amounts:
        raise refused(f"duration() needs one of {', '.join(UNITS)} at least.")

    def total(units: dict[str, int]) -> Amount:
        return sum((amounts[name] * size for name, size in units.items() if name in amounts), 0)

    return duration_of(total(_MONTHS), total(_DAYS), 0, total(_NANOSECONDS))


# --- moving along the calendar ----------------------------------------------------------------------------------


def shifted(value: Temporal, months: int, days: int, nanoseconds: int) -> Temporal:
    """Return a value moved by months, then days, then nanoseconds.

    A month later is the same day, or the last of the month where it has no such day. Days of a zoned value are
    those of the calendar on the wall, which need not have 24 hours. Times go round the clock, and know no days;
    dates know no part of a day.
    """
    if isinstance(value, Date):
        return Date(_moved_day(value.epoch_day, months, days) + _whole_days(nanoseconds))
    if isinstance(value, LocalTime):
        return LocalTime((value.nanoseconds + nanoseconds) % DAY)
    if isinstance(value, Time):
        return Time.of((value.nanoseconds + nanoseconds) % DAY, value.offset)
    return _moved(value, months, days, nanoseconds)


def _moved(value: _Point, months: int, days: int, nanoseconds: int = 0) -> _Point:
    day = _moved_day(value.epoch_day, months, days)
    if isinstance(value, LocalDateTime):
        return LocalDateTime.of(day * DAY + value.nanoseconds + nanoseconds)
    if day != value.epoch_day:
        value = DateTime.of(day * DAY + value.nanoseconds, value.zone, value.offset)
    return DateTime.at(value.instant + nanoseconds, value.zone) if nanoseconds else value


def _moved_day(epoch_day: int, months: int, days: int) -> int:
    return (calendar.add_months(epoch_day, months) if months else epoch_day) + days


def _whole_days(nanoseconds: int) -> int:
    return -(-nanoseconds // DAY) if nanoseconds < 0 else nanoseconds // DAY


# --- between two points in time ---------------------------------------------------------------------------------


def between(start: Temporal, end: Temporal) -> Duration:
    """Return months, days and seconds from one value to another: the most months, then the most days."""
    if not (_has_date(start) and _has_date(end)):
        return in_seconds(start, end)
    first, last = _aligned(start, end)
    months = _months(first, last)
    first = _moved(first, months, 0)
    days = _days(first, last)
    first = _moved(first, 0, days)
    return Duration.of(months, days, _difference(first, last))


def in_months(start: Temporal, end: Temporal) -> Duration:
    """Return the whole months from one value to another; none where one of them has no date."""
    if not (_has_date(start) and _has_date(end)):
        return Duration.of()
    return Duration.of(months=_months(*_aligned(start, end)))


def in_days(start: Temporal, end: Temporal) -> Duration:
    """Return the whole days from one value to another; none where one of them has no date."""
    if not (_has_date(start) and _has_date(end)):
        return Duration.of()
    return Duration.of(days=_days(*_aligned(start, end)))


def in_seconds(start: Temporal, end: Temporal) -> Duration:
    """Return the seconds from one value to another."""
    return Duration.of(nanoseconds=_difference(*_aligned(start, end)))


def _has_date(value: Temporal) -> bool:
    return isinstance(value, Date | LocalDateTime | DateTime)


def _aligned(start: Temporal, end: Temporal) -> tuple[_Point, _Point]:
    """Return both values as points of the same kind: what one of them lacks it takes from the other.

    That is the date and the time zone; a time that both or one lack is midnight. The second is told in the zone of
    the first.
    """
    start_zone, end_zone = _zone(start), _zone(end)
    first = _point(start, end, start_zone or end_zone)
    last = _point(end, start, end_zone or start_zone)
    if isinstance(first, DateTime) and isinstance(last, DateTime) and first.zone != last.zone:
        last = DateTime.at(last.instant, first.zone)
    return first, last


def _point(value: Temporal, other: Temporal, zone: Zone | None) -> _Point:
    if isinstance(value, DateTime):
        return value
    day = other if isinstance(value, LocalTime | Time) else value
    epoch_day = 0 if isinstance(day, LocalTime | Time) else day.epoch_day
    nanoseconds = 0 if isinstance(value, Date) else value.nanoseconds
    local = LocalDateTime(epoch_day, nanoseconds)
    return local if zone is None else DateTime.of(local.total, zone)


def _zone(value: Temporal) -> Zone | None:
    return value.zone if isinstance(value, Time | DateTime) else None


def _end_day(first: _Point, last: _Point) -> int:
    """Return the last day that is reached at the time of day of the first point."""
    day = last.epoch_day
    if day > first.epoch_day and last.nanoseconds < first.nanoseconds:
        return day - 1
    if day < first.epoch_day and last.nanoseconds > first.nanoseconds:
        return day + 1
    return day


def _days(first: _Point, last: _Point) -> int:
    return _end_day(first, last) - first.epoch_day


def _months(first: _Point, last: _Point) -> int:
    (year, month, day), (end_year, end_month, end_day) = (
        calendar.civil(first.epoch_day),
        calendar.civil(_end_day(first, last)),
    )
    months = 12 * (end_year - year) + end_month - month
    if months > 0 and end_day < day:
        return months - 1
    if months < 0 and end_day > day:
        return months + 1
    return months


def _difference(first: _Point, last: _Point) -> int:
    if isinstance(first, DateTime) and isinstance(last, DateTime):
        return last.instant - first.instant
    return last.total - first.total
