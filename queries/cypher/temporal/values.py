"""The six temporal types.

Each is a few whole numbers, in the order in which its values are compared; equality is that of all of them. Times
with a zone are compared by their instant first, so that ``10:00+01:00`` is less than ``09:35Z``, and are equal only
where the clock on the wall and the zone agree as well. Durations have no order: a month has no length.

The text of a value (:class:`str`) is the shortest ISO 8601 form that ``date()``, ``time()`` … read back.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import calendar
from .refusals import overflow
from .zones import Zone, offset_text

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_LONG = 2**63


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day: its number, counted from 1970-01-01."""

    epoch_day: int

    def __post_init__(self) -> None:
        _check(self.epoch_day)

    def __str__(self) -> str:
        return date_text(self.epoch_day)


@dataclass(frozen=True, slots=True, order=True)
class LocalTime:
    """A time of day, wherever: nanoseconds since midnight."""

    nanoseconds: int

    def __str__(self) -> str:
        return time_text(self.nanoseconds)


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A time of day with an offset.

    Attributes
    ----------
    utc
        Nanoseconds since midnight in UTC; negative where that is the day before.
    offset
        Seconds east of UTC.
    """

    utc: int
    offset: int

    @classmethod
    def of(cls, nanoseconds: int, offset: int) -> Time:
        """Return the time the clock on the wall shows at an offset."""
        return cls(nanoseconds - offset * SECOND, offset)

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since midnight by the clock on the wall."""
        return self.utc + self.offset * SECOND

    @property
    def zone(self) -> Zone:
        """The offset as a zone."""
        return Zone(offset=self.offset)

    def __str__(self) -> str:
        return time_text(self.nanoseconds) + offset_text(self.offset)


@dataclass(frozen=True, slots=True, order=True)
class LocalDateTime:
    """A day and a time of it, wherever."""

    epoch_day: int
    nanoseconds: int

    def __post_init__(self) -> None:
        _check(self.epoch_day)

    @classmethod
    def of(cls, total: int) -> LocalDateTime:
        """Return what lies some nanoseconds after the start of 1970."""
        return cls(*divmod(total, DAY))

    @property
    def total(self) -> int:
        """Nanoseconds since the start of 1970, by the clock on the wall."""
        return self.epoch_day * DAY + self.nanoseconds

    def __str__(self) -> str:
        return f"{date_text(self.epoch_day)}T{time_text(self.nanoseconds)}"


@dataclass(frozen=True, slots=True, order=True)
class DateTime:
    """An instant, with the time zone in which it is told.

    Attributes
    ----------
    instant
        Nanoseconds since the start of 1970, UTC.
    offset
        Seconds east of UTC that hold at the instant.
    zone_name
        Name of the zone; empty where it is but an offset.
    """

    instant: int
    offset: int
    zone_name: str = ""

    def __post_init__(self) -> None:
        _check(self.epoch_day)

    @classmethod
    def at(cls, instant: int, zone: Zone) -> DateTime:
        """Return an instant, told in a zone."""
        return cls(instant, zone.offset_at(instant // SECOND), zone.name)

    @classmethod
    def of(cls, total: int, zone: Zone, preferred: int | None = None) -> DateTime:
        """Return what the clock on the wall in a zone shows, given in nanoseconds since 1970 by that clock.

        See :meth:`.zones.Zone.offset_of_local` for times that occur twice or never.
        """
        return cls.at(total - zone.offset_of_local(total // SECOND, preferred) * SECOND, zone)

    @property
    def total(self) -> int:
        """Nanoseconds since the start of 1970, by the clock on the wall."""
        return self.instant + self.offset * SECOND

    @property
    def epoch_day(self) -> int:
        """The day, by the calendar on the wall."""
        return self.total // DAY

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since midnight by the clock on the wall."""
        return self.total % DAY

    @property
    def zone(self) -> Zone:
        """The time zone."""
        return Zone(self.zone_name) if self.zone_name else Zone(offset=self.offset)

    def __str__(self) -> str:
        zone = f"[{self.zone_name}]" if self.zone_name else ""
        return f"{date_text(self.epoch_day)}T{time_text(self.nanoseconds)}{offset_text(self.offset)}{zone}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time: months, days and seconds, which cannot be turned into each other, and nanoseconds.

    ``nanoseconds`` go from 0 to 999,999,999 and are added to ``seconds``, also where these are negative.
    """

    months: int
    days: int
    seconds: int
    nanoseconds: int = 0

    def __post_init__(self) -> None:
        if not all(-_LONG <= part < _LONG for part in (self.months, self.days, self.seconds)):
            raise overflow("The duration")

    @classmethod
    def of(cls, months: int = 0, days: int = 0, nanoseconds: int = 0) -> Duration:
        """Return a duration of months, days and any number of nanoseconds."""
        return cls(months, days, *divmod(nanoseconds, SECOND))

    @property
    def total(self) -> int:
        """Seconds and nanoseconds in nanoseconds."""
        return self.seconds * SECOND + self.nanoseconds

    def __str__(self) -> str:
        return duration_text(self)


Temporal = Date | LocalTime | Time | LocalDateTime | DateTime


def _check(epoch_day: int) -> None:
    if not calendar.LEAST_DAY <= epoch_day <= calendar.GREATEST_DAY:
        raise overflow("The year (it goes from -999,999,999 to 999,999,999)")


# --- texts ------------------------------------------------------------------------------------------------------


def date_text(epoch_day: int) -> str:
    """Return ``1984-10-11``; years beyond 9999 have a sign."""
    year, month, day = calendar.civil(epoch_day)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}"


def time_text(nanoseconds: int) -> str:
    """Return ``12:31``, with seconds and a fraction of 3, 6 or 9 digits where they are not zero."""
    seconds, fraction = divmod(nanoseconds, SECOND)
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    if not second and not fraction:
        return text
    if not fraction:
        return f"{text}:{second:02}"
    digits = f"{fraction:09}"
    shown = 3 if digits.endswith("000000") else 6 if digits.endswith("000") else 9
    return f"{text}:{second:02}.{digits[:shown]}"


def said(value: Temporal | Duration) -> str:
    """Return a value as ``toString()`` says it, always with seconds, and with as many decimals as there are.

    Shown by themselves, values are shorter, as the conformance kit has them: ``12:31`` for ``12:31:00``.
    """
    text = str(value)
    if isinstance(value, (Date, Duration)):
        return text
    shown = time_text(value.nanoseconds)
    seconds, fraction = divmod(value.nanoseconds, SECOND)
    whole = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text.replace(shown, f"{whole}.{fraction:09}".rstrip("0").rstrip("."), 1)


def duration_text(duration: Duration) -> str:
    """Return ``P1Y2M3DT4H5M6.7S``: each part with its own sign, without those that are zero."""
    years, months = _towards_zero(duration.months, 12)
    text = "P" + _part(years, "Y") + _part(months, "M") + _part(duration.days, "D")
    size, sign = abs(duration.total), "-" if duration.total < 0 else ""
    if size:
        seconds, fraction = divmod(size, SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text += "T" + "".join(f"{sign}{part}{unit}" for part, unit in ((hours, "H"), (minutes, "M")) if part)
        if seconds or fraction:
            text += sign + f"{seconds}.{fraction:09}".rstrip("0").rstrip(".") + "S"
    return "PT0S" if text == "P" else text


def _part(number: int, unit: str) -> str:
    return f"{number}{unit}" if number else ""


def _towards_zero(number: int, by: int) -> tuple[int, int]:
    quotient, rest = divmod(abs(number), by)
    return (-quotient, -rest) if number < 0 else (quotient, rest)
