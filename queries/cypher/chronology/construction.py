"""Dates and times from maps and from one another: ``date({year: 2015, week: 30})``, ``time({time: t})``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import CypherRuntimeError
from .calendar import week_day, week_of
from .components import component
from .parsing import by_ordinal, by_quarter, by_week, civil, parse_offset, time_of
from .values import (
    SECOND,
    Date,
    DateTime,
    LocalDateTime,
    LocalTime,
    Time,
    at_offset,
    at_zone,
    invalid,
    zoned,
)

Fields = Mapping[str, Any]
Place = tuple[int | None, str | None]
"""An offset in seconds, or the name of a zone."""

_DATE_KEYS = ("year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay")
_FRACTIONS = (("millisecond", 1_000_000), ("microsecond", 1000), ("nanosecond", 1))


def _whole(fields: Fields, key: str) -> int | None:
    value = fields.get(key)
    if value is None:
        return None
    if type(value) is not int:
        raise CypherRuntimeError(
            f"{key} must be a whole number, not {value!r:.40}.", detail="InvalidArgumentType"
        )
    return value


def _base(fields: Fields, *keys: str) -> Any:
    return next((fields[key] for key in keys if fields.get(key) is not None), None)


def day_of(fields: Fields) -> int:
    """Return the day a map tells, on top of the date it selects, if any."""
    base = _base(fields, "date", "datetime")
    days: int | None = getattr(base, "days", None)
    if base is not None and days is None:
        raise invalid(f"There is no date in {base}.")
    given = {key: number for key in _DATE_KEYS if (number := _whole(fields, key)) is not None}
    if days is None and "year" not in given:
        raise invalid("A date needs a year.")

    def of(key: str, default: int) -> int:
        return given.get(key, component(Date(days), key) if days is not None else default)

    if "week" in given or ("dayOfWeek" in given and days is not None):
        held_year, held_week = week_of(days) if days is not None else (0, 1)
        held_day = week_day(days) if days is not None else 1
        return by_week(
            given.get("year", held_year), given.get("week", held_week), given.get("dayOfWeek", held_day)
        )
    if "dayOfWeek" in given:
        raise invalid("dayOfWeek needs a week.")
    year = of("year", 0)
    if "quarter" in given or "dayOfQuarter" in given:
        return by_quarter(year, of("quarter", 1), of("dayOfQuarter", 1))
    if "ordinalDay" in given:
        return by_ordinal(year, given["ordinalDay"])
    if "day" in given and "month" not in given and days is None:
        raise invalid("A day needs a month.")
    return civil(year, of("month", 1), of("day", 1))


def time_of_day(fields: Fields, *, add: bool = False) -> int:
    """Return the time a map tells, on top of the time it selects; with ``add`` a fraction adds to that one."""
    base = _base(fields, "time", "datetime")
    nanos = getattr(base, "nanos", None)
    if base is not None and nanos is None:
        raise invalid(f"There is no time in {base}.")
    held = nanos or 0
    clock = [held // (3600 * SECOND), held // (60 * SECOND) % 60, held // SECOND % 60]
    missing = False
    for place, key in enumerate(("hour", "minute", "second")):
        value = _whole(fields, key)
        if value is not None:
            if missing and nanos is None:
                raise invalid(f"{key} needs what is greater than it.")
            clock[place] = value
        else:
            missing = True
    given = [(scale, number) for key, scale in _FRACTIONS if (number := _whole(fields, key)) is not None]
    fraction = held % SECOND
    if given:
        told = sum(scale * number for scale, number in given)
        fraction = fraction + told if add else told
    return time_of(clock[0], clock[1], clock[2], fraction)


def place_of(fields: Fields) -> Place | None:
    """Return the time zone a map names."""
    name = fields.get("timezone")
    if name is None:
        return None
    if not isinstance(name, str):
        raise CypherRuntimeError(f"A timezone is a text, not {name!r:.40}.", detail="InvalidArgumentType")
    return place(name)


def place(name: str) -> Place:
    """Return the offset or the zone of a text."""
    if name[:1] in "+-Zz" and not name[1:2].isalpha():
        offset, zone = parse_offset(name)
        return offset, zone
    return None, name


def own_place(value: Any) -> Place | None:
    """Return where a value is told, None for local ones."""
    if isinstance(value, DateTime):
        return (None, value.zone) if value.zone else (value.offset, None)
    return (value.offset, None) if isinstance(value, Time) else None


def locate(days: int, nanos: int, where: Place) -> DateTime:
    """Return the moment at which clocks there show this."""
    offset, zone = where
    return zoned(days, nanos, zone) if zone else DateTime(days, nanos, offset or 0)


def seen_from(moment: DateTime, where: Place) -> DateTime:
    """Return the same moment as clocks elsewhere show it."""
    offset, zone = where
    return at_zone(moment.instant, zone) if zone else at_offset(moment.instant, offset or 0)


def make_date(fields: Fields) -> Date:
    """Make a date of a map."""
    return Date(day_of(fields))


def make_local_time(fields: Fields, *, add: bool = False) -> LocalTime:
    """Make a local time of a map."""
    return LocalTime(time_of_day(fields, add=add))


def make_time(fields: Fields, *, add: bool = False) -> Time:
    """Make a time of a map; in another zone than the selected time's, it is the same moment there."""
    base = _base(fields, "time", "datetime")
    asked, own = place_of(fields), own_place(base)
    if asked is not None and own is not None and base is not None:
        today = getattr(base, "days", 0)
        there = seen_from(locate(today, base.nanos, own), asked)
        shown = {**fields, "time": LocalTime(there.nanos)}
        return Time(time_of_day(shown, add=add), there.offset)
    where = asked or own or (0, None)
    nanos = time_of_day(fields, add=add)
    return Time(nanos, locate(getattr(base, "days", 0), nanos, where).offset)


def make_local_date_time(fields: Fields, *, add: bool = False) -> LocalDateTime:
    """Make a local date and time of a map."""
    return LocalDateTime(day_of(fields), time_of_day(fields, add=add))


def make_date_time(fields: Fields, *, add: bool = False) -> DateTime:
    """Make a moment of a map, or of seconds or milliseconds since 1970."""
    for key, scale in (("epochSeconds", SECOND), ("epochMillis", 1_000_000)):
        if (number := _whole(fields, key)) is not None:
            where = place_of(fields) or (0, None)
            return seen_from(at_offset(number * scale + (_whole(fields, "nanosecond") or 0), 0), where)
    asked, own = place_of(fields), own_place(_base(fields, "time", "datetime"))
    if asked is not None and own is not None:
        return seen_from(locate(day_of(fields), time_of_day(fields, add=add), own), asked)
    return locate(day_of(fields), time_of_day(fields, add=add), asked or own or (0, None))
