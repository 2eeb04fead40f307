"""Dates, times and durations: construction, components, truncation, arithmetic, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import isfinite
from typing import Any

from ..errors import CypherRuntimeError
from ..functions.base import Function
from .calendar import add_months, civil_from_days, days_from_civil, first_week, months_between, week_of
from .components import component
from .construction import (
    Place,
    locate,
    make_date,
    make_date_time,
    make_local_date_time,
    make_local_time,
    make_time,
    own_place,
    place,
    place_of,
    seen_from,
)
from .parsing import (
    approximate,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_local_date_time,
    parse_local_time,
    parse_time,
)
from .values import (
    DAY,
    SECOND,
    Date,
    DateTime,
    Duration,
    LocalDateTime,
    LocalTime,
    Time,
    at_offset,
    invalid,
    moved,
    plus,
)

__all__ = [
    "FUNCTIONS",
    "Date",
    "DateTime",
    "Duration",
    "LocalDateTime",
    "LocalTime",
    "Time",
    "add",
    "component",
    "divide",
    "from_python",
    "multiply",
    "order_key",
    "subtract",
    "to_python",
]

# --- arithmetic ----------------------------------------------------------------------------------------------


def add(left: Any, right: Any) -> Any:
    """Return ``left + right``."""
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration.of(
            left.months + right.months,
            left.days + right.days,
            left.seconds + right.seconds,
            left.nanos + right.nanos,
        )
    if isinstance(right, Duration):
        return plus(left, right)
    return plus(right, left) if isinstance(left, Duration) else NotImplemented


def subtract(left: Any, right: Any) -> Any:
    """Return ``left - right``."""
    if not isinstance(right, Duration):
        return NotImplemented
    return add(left, Duration.of(-right.months, -right.days, -right.seconds, -right.nanos))


def multiply(left: Any, right: Any) -> Any:
    """Return a duration times a number."""
    if isinstance(right, Duration):
        left, right = right, left
    return _scaled(left, right, lambda number: number)


def divide(left: Any, right: Any) -> Any:
    """Return a duration divided by a number."""

    def inverse(number: Fraction) -> Fraction:
        if not number:
            raise CypherRuntimeError(
                "A duration cannot be divided by zero.", kind="ArithmeticError", detail="DivisionByZero"
            )
        return 1 / number

    return _scaled(left, right, inverse)


def _scaled(duration: Any, number: Any, factor: Callable[[Fraction], Fraction]) -> Any:
    if not isinstance(duration, Duration) or type(number) not in (int, float):
        return NotImplemented
    if not isfinite(number):
        raise invalid(f"A duration cannot be scaled by {number}.")
    by = factor(Fraction(number) if type(number) is int else Fraction(repr(number)))
    return approximate(duration.months * by, duration.days * by, duration.seconds * by, duration.nanos * by)


def order_key(value: Any) -> Any:
    """Return what sorts values of one kind."""
    match value:
        case Date():
            return value.days
        case LocalTime():
            return value.nanos
        case LocalDateTime():
            return value.days, value.nanos
        case Duration():
            return value.average, value.months, value.days
        case _:
            return value.key


# --- construction --------------------------------------------------------------------------------------------

_PARTS = {Date: ("days",), LocalTime: ("nanos",), Time: ("nanos",), LocalDateTime: ("days", "nanos")}
_READ: Mapping[type, tuple[Callable[[str], Any], Callable[..., Any]]] = {
    Date: (parse_date, make_date),
    LocalTime: (parse_local_time, make_local_time),
    Time: (parse_time, make_time),
    LocalDateTime: (parse_local_date_time, make_local_date_time),
    DateTime: (parse_date_time, make_date_time),
}


def _now(where: Place | None = None) -> DateTime:
    now = datetime.now(UTC)
    moment = DateTime(
        days_from_civil(now.year, now.month, now.day),
        ((now.hour * 60 + now.minute) * 60 + now.second) * SECOND + now.microsecond * 1000,
        0,
    )
    return seen_from(moment, where) if where else moment


def _convert(kind: type, value: Any) -> Any:
    """Return a temporal value as another kind: what the kind has no place for is left out."""
    fields: dict[str, Any] = {}
    if hasattr(value, "days"):
        fields["date"] = value
    if hasattr(value, "nanos"):
        fields["time"] = value
    if kind in (Date, LocalDateTime, DateTime) and "date" not in fields:
        raise invalid(f"There is no date in {value}.")
    if kind in (LocalTime, Time) and "time" not in fields:
        raise invalid(f"There is no time in {value}.")
    return _READ[kind][1](fields)


def _construct(kind: type) -> Callable[..., Any]:
    read, make = _READ[kind]

    def construct(*arguments: Any) -> Any:
        if not arguments:
            return _convert(kind, _now())
        (value,) = arguments
        match value:
            case None:
                return None
            case str():
                return read(value)
            case dict():
                if set(value) == {"timezone"}:
                    return _convert(kind, _now(place_of(value)))
                return make(value)
            case Date() | LocalTime() | Time() | LocalDateTime() | DateTime():
                return _convert(kind, value)
        raise CypherRuntimeError(f"{value!r:.60} is no date or time.", detail="InvalidArgumentType")

    return construct


def _clock(kind: type) -> Callable[..., Any]:
    def tell(*arguments: Any) -> Any:
        if arguments and arguments[0] is None:
            return None
        return _convert(kind, _now(place(arguments[0]) if arguments else None))

    return tell


# --- truncation ----------------------------------------------------------------------------------------------


def _truncated_day(unit: str, days: int) -> int | None:
    year, month, _ = civil_from_days(days)
    match unit:
        case "millennium" | "century" | "decade" | "year":
            by = {"millennium": 1000, "century": 100, "decade": 10, "year": 1}[unit]
            return days_from_civil(year // by * by, 1, 1)
        case "weekyear":
            return first_week(week_of(days)[0])
        case "quarter":
            return days_from_civil(year, (month - 1) // 3 * 3 + 1, 1)
        case "month":
            return days_from_civil(year, month, 1)
        case "week":
            return days - (days + 3) % 7
        case "day":
            return days
    return None


_UNITS = {
    "hour": 3600 * SECOND,
    "minute": 60 * SECOND,
    "second": SECOND,
    "millisecond": 1_000_000,
    "microsecond": 1000,
}


def _truncate(kind: type) -> Callable[..., Any]:
    make = _READ[kind][1]

    def truncate(unit: Any, value: Any = None, fields: Any = None) -> Any:
        if unit is None:
            return None
        if not isinstance(unit, str):
            raise CypherRuntimeError(f"A unit is a text, not {unit!r:.40}.", detail="InvalidArgumentType")
        if value is None:
            return None
        name = unit.lower()
        days, nanos = getattr(value, "days", None), getattr(value, "nanos", 0)
        if name in _UNITS:
            if not hasattr(value, "nanos"):
                raise invalid(f"{value} cannot be truncated to the {unit}.")
            nanos = nanos // _UNITS[name] * _UNITS[name]
        else:
            cut = _truncated_day(name, days if days is not None else 0)
            if cut is None:
                raise invalid(f"There is no unit {unit!r:.40}.")
            if days is None and name != "day":
                raise invalid(f"{value} cannot be truncated to the {unit}.")
            days, nanos = (cut if days is not None else None), 0
        given = {key: item for key, item in (fields or {}).items() if item is not None}
        base: dict[str, Any] = {}
        if days is not None:
            base["date"] = Date(days)
        own = own_place(value)
        asked = place_of(given)
        if kind in (Time, DateTime):
            where = asked or own or (0, None)
            if kind is Time:
                base["time"] = Time(nanos, locate(days or 0, nanos, where).offset)
            else:
                base["time"] = locate(days or 0, nanos, where)
            given.pop("timezone", None)
        else:
            base["time"] = LocalTime(nanos)
        return make(base | given) if kind is Date else make(base | given, add=True)

    return truncate


# --- between -------------------------------------------------------------------------------------------------


def _aligned(first: Any, last: Any) -> tuple[Any, Any]:
    """Give two values the same parts: a date if either has one, midnight for no time, the zone of the other."""
    days = [getattr(value, "days", None) for value in (first, last)]
    nanos = [getattr(value, "nanos", 0) for value in (first, last)]
    places = [own_place(value) for value in (first, last)]
    day = [own if own is not None else (days[1 - i] or 0) for i, own in enumerate(days)]
    if places[0] is None and places[1] is None:
        return LocalDateTime(day[0], nanos[0]), LocalDateTime(day[1], nanos[1])
    wheres = [places[i] or places[1 - i] or (0, None) for i in range(2)]
    start = first if isinstance(first, DateTime) else locate(day[0], nanos[0], wheres[0])
    end = last if isinstance(last, DateTime) else locate(day[1], nanos[1], wheres[1])
    return start, end


def _both_dated(first: Any, last: Any) -> bool:
    return hasattr(first, "days") and hasattr(last, "days")


def _local_end(start: Any, end: Any) -> tuple[int, int]:
    """Return day and time of the end as clocks at the start's place show it."""
    if isinstance(start, DateTime):
        there = seen_from(end, own_place(start) or (0, None))
        return there.days, there.nanos
    return end.days, end.nanos


def _whole_days(start: Any, end: Any) -> tuple[int, int]:
    """Return the first and last day between which whole days and months are counted."""
    days, nanos = _local_end(start, end)
    if days > start.days and nanos < start.nanos:
        days -= 1
    elif days < start.days and nanos > start.nanos:
        days += 1
    return start.days, days


def _nanos_between(start: Any, end: Any) -> int:
    if isinstance(start, DateTime):
        return int(end.instant - start.instant)
    return int((end.days - start.days) * DAY + end.nanos - start.nanos)


def _from_nanos(nanos: int, months: int = 0, days: int = 0) -> Duration:
    return Duration.of(months, days, 0, nanos)


def _between(first: Any, last: Any) -> Duration:
    start, end = _aligned(first, last)
    if not _both_dated(first, last):
        return _from_nanos(_nanos_between(start, end))
    months = months_between(*_whole_days(start, end))
    start = _shifted(start, add_months(start.days, months))
    from_day, to_day = _whole_days(start, end)
    start = _shifted(start, to_day)
    return _from_nanos(_nanos_between(start, end), months, to_day - from_day)


def _shifted(value: Any, days: int) -> Any:
    return (
        moved(value, days, value.nanos) if isinstance(value, DateTime) else LocalDateTime(days, value.nanos)
    )


def _in_months(first: Any, last: Any) -> Duration:
    if not _both_dated(first, last):
        return Duration()
    return Duration(months=months_between(*_whole_days(*_aligned(first, last))))


def _in_days(first: Any, last: Any) -> Duration:
    if not _both_dated(first, last):
        return Duration()
    from_day, to_day = _whole_days(*_aligned(first, last))
    return Duration(days=to_day - from_day)


def _in_seconds(first: Any, last: Any) -> Duration:
    return _from_nanos(_nanos_between(*_aligned(first, last)))


def _span(measure: Callable[[Any, Any], Duration]) -> Callable[[Any, Any], Any]:
    def call(first: Any, last: Any) -> Any:
        if first is None or last is None:
            return None
        for value in (first, last):
            if not isinstance(value, (Date, LocalTime, Time, LocalDateTime, DateTime)):
                raise CypherRuntimeError(f"{value!r:.60} is no date or time.", detail="InvalidArgumentType")
        return measure(first, last)

    return call


_DURATION_KEYS = {
    "years": ("months", 12), "quarters": ("months", 3), "months": ("months", 1), "weeks": ("days", 7),
    "days": ("days", 1), "hours": ("seconds", 3600), "minutes": ("seconds", 60), "seconds": ("seconds", 1),
    "milliseconds": ("nanos", 1_000_000), "microseconds": ("nanos", 1000), "nanoseconds": ("nanos", 1),
}  # fmt: skip


def _duration(value: Any) -> Any:
    match value:
        case None | Duration():
            return value
        case str():
            return parse_duration(value)
        case dict():
            parts = dict.fromkeys(("months", "days", "seconds", "nanos"), Fraction(0))
            for key, number in value.items():
                if key not in _DURATION_KEYS:
                    raise invalid(f"A duration has no {key!r:.40}; it has {', '.join(_DURATION_KEYS)}.")
                if number is None:
                    continue
                if type(number) not in (int, float):
                    raise CypherRuntimeError(
                        f"{key} must be a number, not {number!r:.40}.", detail="InvalidArgumentType"
                    )
                part, scale = _DURATION_KEYS[key]
                parts[part] += Fraction(repr(number)) * scale
            return approximate(**parts)
    raise CypherRuntimeError(f"{value!r:.60} is no duration.", detail="InvalidArgumentType")


def _from_epoch(seconds: Any, nanos: Any) -> Any:
    return None if seconds is None or nanos is None else at_offset(seconds * SECOND + nanos, 0)


def _from_epoch_millis(millis: Any) -> Any:
    return None if millis is None else at_offset(millis * 1_000_000, 0)


# --- Python's own dates and times ----------------------------------------------------------------------------


def from_python(value: Any) -> Any:
    """Return Python's date, time, datetime or timedelta as a value of the language; anything else as it is."""
    match value:
        case datetime():
            days, nanos = days_from_civil(value.year, value.month, value.day), _python_nanos(value)
            offset = value.utcoffset()
            if offset is None:
                return LocalDateTime(days, nanos)
            return DateTime(days, nanos, int(offset.total_seconds()), getattr(value.tzinfo, "key", None))
        case date():
            return Date(days_from_civil(value.year, value.month, value.day))
        case time():
            offset = value.utcoffset()
            nanos = _python_nanos(value)
            return LocalTime(nanos) if offset is None else Time(nanos, int(offset.total_seconds()))
        case timedelta():
            return Duration.of(0, value.days, value.seconds, value.microseconds * 1000)
    return value


def _python_nanos(value: Any) -> int:
    return int(((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond * 1000)


def to_python(value: Any) -> Any:
    """Return a date or time as Python's own, where Python has one so exact; else as its text."""
    if not isinstance(value, (Date, LocalTime, Time, LocalDateTime, DateTime, Duration)):
        return value
    text = str(value).partition("[")[0]
    try:
        for kind, read in ((Date, date.fromisoformat), (LocalDateTime, datetime.fromisoformat)):
            if isinstance(value, kind):
                return read(text)
        if isinstance(value, DateTime):
            return datetime.fromisoformat(text)
        return str(value) if isinstance(value, Duration) else time.fromisoformat(text)
    except ValueError:
        return str(value)


# --- what queries call ---------------------------------------------------------------------------------------


def _functions() -> dict[str, Function]:
    found: dict[str, Function] = {}

    def enter(
        name: str, least: int, most: int, call: Callable[..., Any], signature: str, summary: str
    ) -> None:
        found[name.lower()] = Function(name, least, most, call, signature, summary)

    names = {
        "date": Date,
        "localtime": LocalTime,
        "time": Time,
        "localdatetime": LocalDateTime,
        "datetime": DateTime,
    }
    for name, kind in names.items():
        what = name.upper()
        enter(
            name,
            0,
            1,
            _construct(kind),
            f"{name}(input :: ANY) :: {what}",
            f"A {name} from a text, a map or another.",
        )
        for clock in ("transaction", "statement", "realtime"):
            told = f"{name}.{clock}"
            enter(told, 0, 1, _clock(kind), f"{told}(timezone :: STRING) :: {what}", f"The {name} now.")
        cut = f"{name}.truncate"
        signature = f"{cut}(unit :: STRING, input :: ANY, fields :: MAP) :: {what}"
        enter(cut, 1, 3, _truncate(kind), signature, "The beginning of the unit that holds a value.")
    enter(
        "datetime.fromepoch",
        2,
        2,
        _from_epoch,
        "datetime.fromepoch(seconds, nanoseconds) :: DATETIME",
        "A moment since 1970.",
    )
    enter(
        "datetime.fromepochmillis",
        1,
        1,
        _from_epoch_millis,
        "datetime.fromepochmillis(milliseconds) :: DATETIME",
        "A moment since 1970.",
    )
    enter(
        "duration", 1, 1, _duration, "duration(input :: ANY) :: DURATION", "A duration from a text or a map."
    )
    for name, measure in (
        ("between", _between),
        ("inMonths", _in_months),
        ("inDays", _in_days),
        ("inSeconds", _in_seconds),
    ):
        signature = f"duration.{name}(from :: ANY, to :: ANY) :: DURATION"
        enter(f"duration.{name}", 2, 2, _span(measure), signature, "What lies between two dates or times.")
    return found


FUNCTIONS: Mapping[str, Function] = _functions()
"""The temporal functions by name in lower case."""
