"""Time zones: fixed offsets from UTC, and those with a name, whose offset changes with the seasons and the laws."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from . import calendar
from .refusals import refused

DAY = 86_400
GREATEST_OFFSET = 18 * 3600
_OFFSET = re.compile(r"([+-])([0-9]{1,2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?")
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone: with a name, or else with a fixed offset in seconds east of UTC."""

    name: str = ""
    offset: int = 0

    def offset_at(self, instant: int) -> int:
        """Return the offset that is in force at an instant, in seconds since 1970."""
        return _offset(self.name, *divmod(instant, DAY)) if self.name else self.offset

    def offset_of_local(self, local: int, preferred: int | None = None) -> int:
        """Return the offset by which a local time, in seconds since 1970 by the clock on the wall, is to be read.

        Where clocks are set back an hour occurs twice: it is read by the preferred offset if that is one of
        the two, else as the first. Where they are set forward an hour is missing: it is read by the offset that
        was in force before, so it lands as much later.
        """
        if not self.name:
            return self.offset
        first, second = _local_offsets(self.name, *divmod(local, DAY))
        return second if preferred == second else first


UTC_ZONE = Zone()


def _within_python(day: int) -> datetime:
    """Return a day at which the same offset rules hold as at a given one, and that Python's dates reach.

    Far in the past there is but the local mean time; far in the future the rules repeat, with the calendar, every
    400 years.
    """
    year, month, of_month = calendar.civil(day)
    if year < 2:
        year = 400 + year % 400
    elif year > 9000:
        year = 8000 + year % 400
    return datetime(year, month, of_month)


@lru_cache(maxsize=4096)
def _offset_on(name: str, day: int) -> int | None:
    """Return the offset at all times of a day in UTC; None if it changes."""
    start = _within_python(day).replace(tzinfo=UTC)
    zone = _zone(name)
    found = {(start + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (0, 24)}
    offset = found.pop()
    return None if found or offset is None else int(offset.total_seconds())


def _offset(name: str, day: int, second: int) -> int:
    all_day = _offset_on(name, day)
    if all_day is not None:
        return all_day
    at = _within_python(day).replace(tzinfo=UTC) + timedelta(seconds=second)
    offset = at.astimezone(_zone(name)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _local_offsets(name: str, day: int, second: int) -> tuple[int, int]:
    local = (_within_python(day) + timedelta(seconds=second)).replace(tzinfo=_zone(name))
    first, second_ = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first is None or second_ is None:
        return 0, 0
    before, after = int(first.total_seconds()), int(second_.total_seconds())
    # In a gap the offset after is the greater one; only the one before is right there.
    return (before, after) if after < before else (before, before)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def named(text: str) -> Zone:
    """Return the zone with a name, such as ``Europe/Stockholm``; upper and lower case are not told apart."""
    name = _names().get(text.lower())
    if name is None:
        raise refused(
            f"There is no time zone {text!r:.60}; write a name such as Europe/Stockholm, or +02:00."
        )
    return Zone(name)


def parse_offset(text: str) -> int | None:
    """Return the seconds of ``Z``, ``+02``, ``+0200``, ``+02:00`` or ``+02:00:30``; None if it is none of them."""
    if text in {"Z", "z"}:
        return 0
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes, seconds = found.groups()
    parts = int(minutes or 0), int(seconds or 0)
    size = int(hours) * 3600 + parts[0] * 60 + parts[1]
    if size > GREATEST_OFFSET or max(parts) > 59:
        raise refused(
            f"The offset {text} is out of range; it goes from -18:00 to +18:00.", "NumberOutOfRange"
        )
    return -size if sign == "-" else size


def parse_zone(text: str) -> Zone:
    """Return the zone that an offset or a name stands for."""
    offset = parse_offset(text.strip())
    return named(text.strip()) if offset is None else Zone(offset=offset)


def offset_text(offset: int) -> str:
    """Return ``Z`` or ``+02:00``, with seconds where there are any."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
    return f"{text}:{seconds:02}" if seconds else text
