"""The texts that stand for dates, times and durations: ISO 8601, with and without its separators."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from .durations import duration_of
from .fields import date_of, time_of
from .refusals import refused
from .values import Duration
from .zones import Zone, named, parse_offset

_DATE = re.compile(
    r"""(?P<year>[+-][0-9]{1,9}(?=-|$)|[0-9]{4})
    (?: -(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2}) | (?P<month2>[0-9]{2})(?P<day2>[0-9]{2})
      | -(?P<month3>[0-9]{1,2}) | (?P<month4>[0-9]{2})
      | -W(?P<week>[0-9]{1,2})(?:-(?P<weekday>[0-9]))? | W(?P<week2>[0-9]{2})(?P<weekday2>[0-9])?
      | -Q(?P<quarter>[0-9])(?:-(?P<of_quarter>[0-9]{1,2}))? | Q(?P<quarter2>[0-9])(?P<of_quarter2>[0-9]{2})?
      | -?(?P<ordinal>[0-9]{3})
    )?""",
    re.VERBOSE,
)
_NAMES = {
    "year": "year", "month": "month", "day": "day", "week": "week", "weekday": "dayOfWeek",
    "quarter": "quarter", "of_quarter": "dayOfQuarter", "ordinal": "ordinalDay",
}  # fmt: skip
_TIME = re.compile(
    r"""(?: (?P<hour>[0-9]{1,2})
        (?: :(?P<minute>[0-9]{1,2}) (?: :(?P<second>[0-9]{1,2})(?:[.,](?P<part>[0-9]{1,9}))? )? )?
      | (?P<hour2>[0-9]{2})(?P<minute2>[0-9]{2})(?: (?P<second2>[0-9]{2})(?:[.,](?P<part2>[0-9]{1,9}))? )?
    )""",
    re.VERBOSE,
)
_ZONED = re.compile(r"(?P<time>[^Zz+\-\[]*)(?P<offset>[Zz]|[+-][0-9:]+)?(?:\[(?P<name>[^\]]*)\])?")
_AMOUNT = r"([+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))"
_UNITS = re.compile(
    rf"""(?P<sign>[+-])?P (?=.) (?:{_AMOUNT}Y)? (?:{_AMOUNT}M)? (?:{_AMOUNT}W)? (?:{_AMOUNT}D)?
    (?:T (?=.) (?:{_AMOUNT}H)? (?:{_AMOUNT}M)? (?:{_AMOUNT}S)? )?""",
    re.VERBOSE,
)
_POINT = re.compile(r"(?P<sign>[+-])?P(?P<date>[0-9]{4}-?[0-9]{2}-?[0-9]{2})T(?P<time>[0-9:.,]+)")
LONGEST = 200
"""More characters than this no text of a date, a time or a duration needs."""


class Parts(NamedTuple):
    """What a text says: what it does not is None."""

    epoch_day: int | None
    nanoseconds: int | None
    zone: Zone | None
    offset: int | None
    """The offset beside the name of a zone, which tells twice-told hours apart."""


def parse_date(text: str) -> int:
    """Return the number of the day a text names, such as ``2015-07-21``, ``2015-W30-2`` or ``2015``."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise _unreadable(text, "a date", "2015-07-21, 2015-W30-2, 2015-202 or 2015-Q3-21")
    said = {key.rstrip("234"): int(digits) for key, digits in found.groupdict().items() if digits}
    return date_of({_NAMES[key]: number for key, number in said.items()}, None)


def parse_clock(text: str) -> int:
    """Return the nanoseconds since midnight of a time without a zone, such as ``21:40:32.142``."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise _unreadable(text, "a time", "21:40:32.142 or 2140")
    said = {key.rstrip("2"): digits for key, digits in found.groupdict().items() if digits}
    fraction = said.pop("part", "")
    fields = {key: int(digits) for key, digits in said.items()}
    if fraction:
        fields["nanosecond"] = int(fraction.ljust(9, "0"))
    return time_of(fields, None)


def parse_parts(text: str, *, date: bool, time: bool, zone: bool) -> Parts:
    """Read a text that has a date, a time, or both, and a zone where one may be.

    Raises
    ------
    CypherRuntimeError
        It cannot be read, or has more than it may have, or less.
    """
    if len(text) > LONGEST:
        raise refused(f"A text of {len(text):,} characters is no date or time.")
    text = text.strip()
    day_text, mark, rest = text.partition("T") if date else ("", "T", text.removeprefix("T"))
    if date and not mark and "[" in day_text:  # a zone, but no time
        day_text, _, name = day_text.partition("[")
        rest = f"[{name}"
    day = parse_date(day_text) if date else None
    if not rest and not (mark and time):
        return Parts(day, None, None, None)
    found = _ZONED.fullmatch(rest)
    if found is None or not time or (mark and not found["time"]):
        raise _unreadable(
            text, "a date" if not time else "a time", "2015-07-21" if not time else "21:40:32.142"
        )
    if not zone and (found["offset"] or found["name"] is not None):
        raise refused(f"{text!r:.60} has a time zone, which is not kept here; leave it out.")
    nanoseconds = parse_clock(found["time"]) if found["time"] else None
    offset = parse_offset(found["offset"]) if found["offset"] else None
    if found["offset"] and offset is None:
        raise _unreadable(found["offset"], "an offset", "Z or +02:00")
    if found["name"] is not None:
        return Parts(day, nanoseconds, named(found["name"]), offset)
    return Parts(day, nanoseconds, None if offset is None else Zone(offset=offset), offset)


def parse_duration(text: str) -> Duration:
    """Read a duration: ``P1Y2M3DT4H5M6.7S``, ``P2W``, or ``P2012-02-02T14:37:21.545``."""
    if len(text) > LONGEST:
        raise refused(f"A text of {len(text):,} characters is no duration.")
    found = _UNITS.fullmatch(text)
    if found is not None:
        sign = -1 if found["sign"] == "-" else 1
        years, months, weeks, days, hours, minutes, seconds = (
            _amount(part) * sign for part in found.groups()[1:]
        )
        return duration_of(12 * years + months, 7 * weeks + days, 3600 * hours + 60 * minutes + seconds)
    found = _POINT.fullmatch(text)
    if found is None:
        raise _unreadable(text, "a duration", "P1Y2M3DT4H5M6.7S or P2W")
    sign = -1 if found["sign"] == "-" else 1
    digits = found["date"].replace("-", "")
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if month > 12 or day > 31:
        raise _unreadable(text, "a duration", "P2012-02-02T14:37:21.545")
    return Duration.of(sign * (12 * year + month), sign * day, sign * parse_clock(found["time"]))


def _amount(digits: str | None) -> int | Fraction:
    if digits is None:
        return 0
    plain = digits.replace(",", ".")
    return Fraction(plain) if "." in plain else int(plain)


def _unreadable(text: str, what: str, example: str) -> Exception:
    return refused(f"{text!r:.60} cannot be read as {what}; write it as {example}.")
