"""Dates and times from maps, texts and other values: what ``date()``, ``localtime()`` … ``datetime()`` do.

All five read their argument into the same :class:`Sources`, and then take the parts they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import clock
from ..errors import CypherRuntimeError
from ..kinds import Kind, kind_of, type_name
from . import fields as f
from .durations import duration_from_map
from .parsing import Parts, parse_duration, parse_parts
from .refusals import out_of_range, refused
from .values import DAY, SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, Time
from .zones import UTC_ZONE, Zone, parse_zone

_SOURCES = ("date", "time", "datetime")
_EPOCH = {"epochSeconds": SECOND, "epochMillis": 1_000_000}
_NAMES = {name.lower(): name for name in (*f.DATE, *f.TIME, *_SOURCES, *_EPOCH, "timezone")}
_LONG = 2**63


@dataclass(slots=True)
class Sources:
    """What a map says: whole numbers by name, and the values that give what these leave open."""

    function: str
    fields: dict[str, int] = field(default_factory=dict)
    date: Date | LocalDateTime | DateTime | None = None
    time: LocalTime | Time | LocalDateTime | DateTime | None = None
    zone: Zone | None = None

    @classmethod
    def read(cls, function: str, given: Mapping[str, Any], takes: frozenset[str]) -> Sources:
        """Sort the entries of a map; those that are null count as not given."""
        sources = cls(function)
        values: dict[str, Any] = {}
        for key, value in given.items():
            name = _NAMES.get(key.lower())
            if name not in takes:
                raise refused(f"{function}() takes no {key!r:.60}; it takes {', '.join(sorted(takes))}.")
            if value is not None:
                values[name] = value
        if not values:
            raise refused(f"{function}() needs one of {', '.join(sorted(takes))} at least.")
        if "datetime" in values and values.keys() & {"date", "time"}:
            raise refused(f"{function}() takes either datetime or date and time, not both.")
        for name, value in values.items():
            if name == "timezone":
                sources.zone = zone_of(function, value)
            elif name in _SOURCES:
                sources.take(name, value)
            else:
                sources.fields[name] = _whole(function, name, value)
        return sources

    def take(self, name: str, value: Any) -> None:
        """Use the date of a value, its time, or both."""
        if name in {"date", "datetime"}:
            if not isinstance(value, Date | LocalDateTime | DateTime):
                raise self.unfit(name, "a date", value)
            self.date = value
        if name in {"time", "datetime"} and not (name == "datetime" and isinstance(value, Date)):
            if not isinstance(value, LocalTime | Time | LocalDateTime | DateTime):
                raise self.unfit(name, "a time", value)
            self.time = value

    def unfit(self, name: str, needs: str, value: Any) -> CypherRuntimeError:
        """Return the error for a value that lacks the part it is to give."""
        return CypherRuntimeError(
            f"{self.function}() needs {needs} as {name}, not a {type_name(value)}.",
            detail="InvalidArgumentValue",
        )

    def epoch_day(self) -> int:
        """Return the day: that of the date, changed by the components."""
        return f.date_of(self.fields, None if self.date is None else self.date.epoch_day)

    def nanoseconds(self, midnight: bool = False) -> int:
        """Return the time of day: that of the time, changed by the components; midnight where none is given."""
        base = None if self.time is None else self.time.nanoseconds
        if base is None and midnight and not any(name in self.fields for name in f.TIME):
            return 0
        return f.time_of(self.fields, base)

    def total(self) -> int:
        """Return day and time, in nanoseconds since 1970 by the clock on the wall."""
        return LocalDateTime(self.epoch_day(), self.nanoseconds(midnight=True)).total

    def instant(self) -> int | None:
        """Return the nanoseconds since 1970 in UTC where the map counts them."""
        given = [name for name in _EPOCH if name in self.fields]
        if not given:
            return None
        name, unit = given[0], _EPOCH[given[0]]
        others = self.fields.keys() - {name}
        if others - {"nanosecond"} or self.date or self.time:
            others = {*others, *(["date"] if self.date else []), *(["time"] if self.time else [])} - {
                "nanosecond"
            }
            raise refused(f"{self.function}() cannot take {min(others)} beside {name}.")
        finer = self.fields.get("nanosecond", 0)
        if not 0 <= finer < unit:
            raise out_of_range("nanosecond", finer, 0, unit - 1)
        return self.fields[name] * unit + finer


_DATE_KEYS = frozenset((*f.DATE, "date"))
_TIME_KEYS = frozenset((*f.TIME, "time"))
_BOTH_KEYS = _DATE_KEYS | _TIME_KEYS | {"datetime", *_EPOCH}


def date(given: Any) -> Date:
    """Return the date of a map, a text, or a value that has one."""
    if isinstance(given, Mapping):
        return Date(Sources.read("date", given, _DATE_KEYS).epoch_day())
    if isinstance(given, str):
        return Date(parse_parts(given, date=True, time=False, zone=False).epoch_day or 0)
    if isinstance(given, Date | LocalDateTime | DateTime):
        return Date(given.epoch_day)
    raise _wrong("date", "a map, a text, or a value with a date", given)


def local_time(given: Any) -> LocalTime:
    """Return the time of day of a map, a text, or a value that has one."""
    if isinstance(given, Mapping):
        return LocalTime(Sources.read("localtime", given, _TIME_KEYS).nanoseconds())
    if isinstance(given, str):
        return LocalTime(parse_parts(given, date=False, time=True, zone=False).nanoseconds or 0)
    if isinstance(given, LocalTime | Time | LocalDateTime | DateTime):
        return LocalTime(given.nanoseconds)
    raise _wrong("localtime", "a map, a text, or a value with a time", given)


def time(given: Any) -> Time:
    """Return the time of day with an offset, of a map, a text, or a value that has a time; UTC if it has no zone."""
    if isinstance(given, Mapping):
        sources = Sources.read("time", given, _TIME_KEYS | {"timezone"})
        base = sources.time
        own = base.offset if isinstance(base, Time | DateTime) else None
        found = Time.of(sources.nanoseconds(), own or 0)
        return found if sources.zone is None else in_zone(found, sources.zone, same_instant=own is not None)
    if isinstance(given, str):
        parts = parse_parts(given, date=False, time=True, zone=True)
        if parts.zone is not None and parts.zone.name:
            raise refused(
                f"A time has an offset, and no named zone as in {given!r:.60}; write +02:00, or use datetime()."
            )
        return Time.of(parts.nanoseconds or 0, parts.offset or 0)
    if isinstance(given, LocalTime | Time | LocalDateTime | DateTime):
        return Time.of(given.nanoseconds, given.offset if isinstance(given, Time | DateTime) else 0)
    raise _wrong("time", "a map, a text, or a value with a time", given)


def local_date_time(given: Any) -> LocalDateTime:
    """Return date and time of a map, a text, or a value that has a date."""
    if isinstance(given, Mapping):
        sources = Sources.read("localdatetime", given, _BOTH_KEYS)
        instant = sources.instant()
        return LocalDateTime.of(sources.total() if instant is None else instant)
    if isinstance(given, str):
        parts = parse_parts(given, date=True, time=True, zone=False)
        return LocalDateTime(parts.epoch_day or 0, parts.nanoseconds or 0)
    if isinstance(given, Date | LocalDateTime | DateTime):
        return LocalDateTime(given.epoch_day, 0 if isinstance(given, Date) else given.nanoseconds)
    raise _wrong("localdatetime", "a map, a text, or a value with a date", given)


def date_time(given: Any) -> DateTime:
    """Return date and time in a zone: of a map, a text, or a value that has a date; in UTC where it has no zone."""
    if isinstance(given, Mapping):
        return _date_time(Sources.read("datetime", given, _BOTH_KEYS | {"timezone"}))
    if isinstance(given, str):
        return _read(parse_parts(given, date=True, time=True, zone=True), given)
    if isinstance(given, DateTime):
        return given
    if isinstance(given, Date | LocalDateTime):
        return DateTime.of(local_date_time(given).total, UTC_ZONE)
    raise _wrong("datetime", "a map, a text, or a value with a date", given)


def _date_time(sources: Sources) -> DateTime:
    instant = sources.instant()
    if instant is not None:
        return DateTime.at(instant, sources.zone or UTC_ZONE)
    base = sources.time
    if not isinstance(base, Time | DateTime):
        return DateTime.of(sources.total(), sources.zone or UTC_ZONE)
    # A time that knows its zone is first completed there, then told in the zone asked for.
    found = DateTime.of(sources.total(), base.zone, base.offset)
    return found if sources.zone is None else DateTime.at(found.instant, sources.zone)


def _read(parts: Parts, text: str) -> DateTime:
    total = LocalDateTime(parts.epoch_day or 0, parts.nanoseconds or 0).total
    found = DateTime.of(total, parts.zone or UTC_ZONE, parts.offset)
    if parts.offset not in {None, found.offset}:
        raise refused(f"In {text!r:.80} zone and offset do not match; leave the offset out.")
    return found


def duration(given: Any) -> Duration:
    """Return the duration of a map or a text."""
    if isinstance(given, Duration):
        return given
    if isinstance(given, Mapping):
        return duration_from_map(dict(given))
    if isinstance(given, str):
        return parse_duration(given)
    raise _wrong("duration", "a map or a text", given)


def from_epoch(seconds: Any, nanoseconds: Any) -> DateTime:
    """Return the instant some seconds and nanoseconds after the start of 1970, in UTC."""
    function = "datetime.fromepoch"
    return DateTime.at(
        _whole(function, "seconds", seconds) * SECOND + _whole(function, "nanoseconds", nanoseconds), UTC_ZONE
    )


def from_epoch_millis(milliseconds: Any) -> DateTime:
    """Return the instant some milliseconds after the start of 1970, in UTC."""
    return DateTime.at(_whole("datetime.fromepochmillis", "milliseconds", milliseconds) * 1_000_000, UTC_ZONE)


def in_zone(value: Time, zone: Zone, *, same_instant: bool) -> Time:
    """Return a time told in another zone, or with the same hands of the clock in it."""
    offset = zone.offset_at(clock.now() // SECOND)
    if not same_instant:
        return Time.of(value.nanoseconds, offset)
    return Time.of((value.nanoseconds + (offset - value.offset) * SECOND) % DAY, offset)


def current(make: Any, instant: int, zone: Zone) -> Temporal:
    """Return what ``date()``, ``time()`` … give at an instant, told in a zone."""
    here = DateTime.at(instant, zone)
    found: Temporal = make(here)
    return found


def zone_of(function: str, value: Any) -> Zone:
    """Return the zone an argument names."""
    if kind_of(value) is not Kind.STRING:
        raise _wrong(function, "a time zone as a text", value)
    return parse_zone(str(value))


def _whole(function: str, name: str, value: Any) -> int:
    if kind_of(value) is not Kind.INTEGER:
        raise CypherRuntimeError(
            f"{function}() takes {name} as a whole number, not as a {type_name(value)}.",
            detail="InvalidArgumentValue",
        )
    found = int(value)
    if not -_LONG <= found < _LONG:
        raise out_of_range(name, found, -_LONG, _LONG - 1)
    return found


def _wrong(function: str, needs: str, value: Any) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"{function}() takes {needs}, not a {type_name(value)}.", detail="InvalidArgumentValue"
    )
