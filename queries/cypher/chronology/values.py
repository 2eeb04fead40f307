"""Dates, times and durations as values: equal, ordered, printed as Cypher prints them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, total_ordering
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import CypherRuntimeError
from .calendar import add_months, civil_from_days, days_from_civil

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1)


def invalid(reason: str) -> CypherRuntimeError:
    """Return the error of a value that is no date or time."""
    return CypherRuntimeError(reason, kind="ArgumentError", detail="InvalidArgumentValue")


def date_text(days: int) -> str:
    """Print a day."""
    year, month, day = civil_from_days(days)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}"


def time_text(nanos: int) -> str:
    """Print a time of day, no finer than it is."""
    seconds, fraction = divmod(nanos, SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    if seconds % 60 or fraction:
        text += f":{seconds % 60:02}"
    return text + (f".{fraction:09}".rstrip("0") if fraction else "")


def offset_text(seconds: int) -> str:
    """Print an offset from UTC."""
    if not seconds:
        return "Z"
    sign, rest = ("-" if seconds < 0 else "+"), abs(seconds)
    text = f"{sign}{rest // 3600:02}:{rest // 60 % 60:02}"
    return text + (f":{rest % 60:02}" if rest % 60 else "")


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Date:
    """A day, by its number since 1970-01-01."""

    days: int

    def __lt__(self, other: Date) -> bool:
        return self.days < other.days

    def __str__(self) -> str:
        return date_text(self.days)


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class LocalTime:
    """A time of day without offset, in nanoseconds since midnight."""

    nanos: int

    def __lt__(self, other: LocalTime) -> bool:
        return self.nanos < other.nanos

    def __str__(self) -> str:
        return time_text(self.nanos)


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Time:
    """A time of day with its offset from UTC in seconds."""

    nanos: int
    offset: int

    @property
    def key(self) -> tuple[int, int]:
        """What orders times: the moment, then the offset."""
        return self.nanos - self.offset * SECOND, self.offset

    def __lt__(self, other: Time) -> bool:
        return self.key < other.key

    def __str__(self) -> str:
        return time_text(self.nanos) + offset_text(self.offset)


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class LocalDateTime:
    """A day and a time of day, without offset."""

    days: int
    nanos: int

    def __lt__(self, other: LocalDateTime) -> bool:
        return (self.days, self.nanos) < (other.days, other.nanos)

    def __str__(self) -> str:
        return f"{date_text(self.days)}T{time_text(self.nanos)}"


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class DateTime:
    """A moment, as the clocks of an offset or of a named zone show it."""

    days: int
    nanos: int
    offset: int
    zone: str | None = None

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z."""
        return self.days * DAY + self.nanos - self.offset * SECOND

    @property
    def key(self) -> tuple[Any, ...]:
        """What orders moments: the instant, then where it is told."""
        return self.instant, self.offset, self.zone or ""

    def __lt__(self, other: DateTime) -> bool:
        return self.key < other.key

    def __str__(self) -> str:
        zone = f"[{self.zone}]" if self.zone else ""
        return f"{date_text(self.days)}T{time_text(self.nanos)}{offset_text(self.offset)}{zone}"


@dataclass(frozen=True, slots=True)
class Duration:
    """Months, days, seconds and nanoseconds (0 to 999,999,999): what no calendar can turn into one another."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    nanos: int = 0

    @classmethod
    def of(cls, months: int, days: int, seconds: int, nanos: int) -> Duration:
        """Make a duration, with the nanoseconds carried into seconds."""
        more, nanos = divmod(nanos, SECOND)
        return cls(months, days, seconds + more, nanos)

    @property
    def average(self) -> int:
        """Nanoseconds, with months and days of average length: what orders durations."""
        return (self.months * 2_629_746 + self.days * 86_400 + self.seconds) * SECOND + self.nanos

    def __str__(self) -> str:
        years, months = _towards_zero(self.months, 12)
        text = "P" + "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        seconds, nanos = self.seconds, self.nanos
        if seconds < 0 and nanos:
            seconds, nanos = seconds + 1, nanos - SECOND
        if seconds or nanos:
            minutes, rest = _towards_zero(seconds, 60)
            hours, minutes = _towards_zero(minutes, 60)
            text += "T" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
            if nanos:
                sign = "-" if nanos < 0 or rest < 0 else ""
                text += f"{sign}{abs(rest)}.{abs(nanos):09}".rstrip("0") + "S"
            elif rest:
                text += f"{rest}S"
        return text if text != "P" else "PT0S"


Temporal = Date | LocalTime | Time | LocalDateTime | DateTime


def _towards_zero(number: int, by: int) -> tuple[int, int]:
    whole = abs(number) // by * (1 if number >= 0 else -1)
    return whole, number - whole * by


@lru_cache(maxsize=512)
def zone_info(name: str) -> ZoneInfo:
    """Return a named time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(f"There is no time zone {name!r}.") from None


def _modern(days: int) -> int:
    """Return a day of the years that the zone rules know, in the same place of the calendar's cycle of 400 years."""
    year = civil_from_days(days)[0]
    if 1 < year < 9999:
        return days
    shift = (2000 - year) // 400 * 400
    _, month, day = civil_from_days(days)
    return days_from_civil(year + shift, month, day)


def zoned(days: int, nanos: int, zone: str) -> DateTime:
    """Return the moment the clocks of a zone show this; a time they leap over is moved on by the leap."""
    wall = _EPOCH + timedelta(days=_modern(days), seconds=nanos // SECOND)
    offset = _seconds(wall.replace(tzinfo=zone_info(zone)).utcoffset())
    return at_zone(days * DAY + nanos - offset * SECOND, zone)


def at_zone(instant: int, zone: str) -> DateTime:
    """Return a moment as the clocks of a zone show it."""
    days, nanos = divmod(instant, DAY)
    utc = _EPOCH + timedelta(days=_modern(days), seconds=nanos // SECOND)
    from datetime import UTC

    offset = _seconds(utc.replace(tzinfo=UTC).astimezone(zone_info(zone)).utcoffset())
    days, nanos = divmod(instant + offset * SECOND, DAY)
    return DateTime(days, nanos, offset, zone)


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset is not None else 0


def at_offset(instant: int, offset: int) -> DateTime:
    """Return a moment as clocks of a fixed offset show it."""
    days, nanos = divmod(instant + offset * SECOND, DAY)
    return DateTime(days, nanos, offset)


def moved(value: DateTime, days: int, nanos: int) -> DateTime:
    """Return another wall clock time in the same zone."""
    return zoned(days, nanos, value.zone) if value.zone else DateTime(days, nanos, value.offset)


def plus(value: Any, duration: Duration) -> Any:
    """Add a duration: months first, then days on the calendar, then time."""
    time = duration.seconds * SECOND + duration.nanos
    match value:
        case Date():
            whole = abs(duration.seconds) // 86_400 * (1 if duration.seconds >= 0 else -1)
            return Date(add_months(value.days, duration.months) + duration.days + whole)
        case LocalTime():
            return LocalTime((value.nanos + time) % DAY)
        case Time():
            return Time((value.nanos + time) % DAY, value.offset)
        case LocalDateTime():
            days = add_months(value.days, duration.months) + duration.days
            more, nanos = divmod(value.nanos + time, DAY)
            return LocalDateTime(days + more, nanos)
        case DateTime():
            days = add_months(value.days, duration.months) + duration.days
            instant = moved(value, days, value.nanos).instant + time
            return at_zone(instant, value.zone) if value.zone else at_offset(instant, value.offset)
    return NotImplemented
