"""ISO 8601 texts to dates, times and durations, in the forms Cypher takes."""

from __future__ import annotations

import re
from fractions import Fraction

from .calendar import GREATEST_YEAR, LEAST_YEAR, days_from_civil, days_in_month, first_week, is_leap, weeks_in
from .values import SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Time, invalid, zoned

_YEAR = r"(?P<year>[+-]\d{1,9}|\d{4})"
_DATE = re.compile(
    rf"{_YEAR}(?:-?(?:W(?P<week>\d\d)(?:-?(?P<week_day>\d))?|Q(?P<quarter>\d)(?:-?(?P<quarter_day>\d\d?))?"
    r"|(?P<ordinal>\d{3})|(?P<month>\d\d)(?:-?(?P<day>\d\d))?))?"
)
_TIME = re.compile(
    r"(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
)
_OFFSET = re.compile(
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<h>\d\d)(?::?(?P<m>\d\d)(?::?(?P<s>\d\d))?)?)?(?:\[(?P<zone>[^\]]+)\])?"
)
_NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
_DURATION = re.compile(
    rf"([+-])?P(?=.)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.IGNORECASE,
)
_DATE_DURATION = re.compile(
    r"P(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d)(?::?(\d\d)(?::?(\d\d(?:[.,]\d+)?))?)?)?", re.IGNORECASE
)


def check(value: int, least: int, most: int, what: str) -> int:
    """Return a number that lies in its range, or fail."""
    if not least <= value <= most:
        raise invalid(f"{what} must lie between {least} and {most}, and {value} does not.")
    return value


def civil(year: int, month: int, day: int) -> int:
    """Return a day by year, month and day."""
    check(year, LEAST_YEAR, GREATEST_YEAR, "A year")
    check(month, 1, 12, "A month")
    return days_from_civil(year, month, check(day, 1, days_in_month(year, month), "A day of this month"))


def by_week(year: int, week: int, day: int) -> int:
    """Return a day by week year, week and day of the week."""
    check(week, 1, weeks_in(year), "A week of this year")
    return first_week(year) + (week - 1) * 7 + check(day, 1, 7, "A day of the week") - 1


def by_quarter(year: int, quarter: int, day: int) -> int:
    """Return a day by quarter and its place in it."""
    month = check(quarter, 1, 4, "A quarter") * 3 - 2
    length = sum(days_in_month(year, month + i) for i in range(3))
    return days_from_civil(year, month, 1) + check(day, 1, length, "A day of this quarter") - 1


def by_ordinal(year: int, day: int) -> int:
    """Return a day by its place in the year."""
    return days_from_civil(year, 1, 1) + check(day, 1, 365 + is_leap(year), "A day of this year") - 1


def time_of(hour: int, minute: int, second: int, nanos: int) -> int:
    """Return nanoseconds since midnight."""
    check(hour, 0, 23, "An hour")
    check(minute, 0, 59, "A minute")
    check(second, 0, 59, "A second")
    return ((hour * 60 + minute) * 60 + second) * SECOND + check(
        nanos, 0, SECOND - 1, "A fraction of a second"
    )


def _days(text: str) -> int:
    match = _DATE.fullmatch(text)
    if match is None:
        raise invalid(f"{text!r:.60} is no date; write it as 2015-07-21.")
    year = int(match["year"])
    check(year, LEAST_YEAR, GREATEST_YEAR, "A year")
    if match["week"]:
        return by_week(year, int(match["week"]), int(match["week_day"] or 1))
    if match["quarter"]:
        return by_quarter(year, int(match["quarter"]), int(match["quarter_day"] or 1))
    if match["ordinal"]:
        return by_ordinal(year, int(match["ordinal"]))
    return civil(year, int(match["month"] or 1), int(match["day"] or 1))


def _clock(text: str) -> tuple[int, str]:
    """Return the time of day at the beginning of a text, and what follows it."""
    match = _TIME.match(text)
    if match is None:
        raise invalid(f"{text!r:.60} is no time; write it as 21:40:32.142.")
    fraction = int((match["fraction"] or "0").ljust(9, "0"))
    nanos = time_of(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0), fraction)
    return nanos, text[match.end() :]


def parse_offset(text: str) -> tuple[int | None, str | None]:
    """Return the offset in seconds and the zone a text names; None for what it does not name."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise invalid(f"{text!r:.60} is no offset; write it as +01:00 or [Europe/Stockholm].")
    if match["sign"]:
        seconds = int(match["h"]) * 3600 + int(match["m"] or 0) * 60 + int(match["s"] or 0)
        check(seconds, 0, 18 * 3600, "An offset in seconds")
        return (-seconds if match["sign"] == "-" else seconds), match["zone"]
    return (0 if match["utc"] else None), match["zone"]


def parse_date(text: str) -> Date:
    """Read a date."""
    return Date(_days(text))


def parse_local_time(text: str) -> LocalTime:
    """Read a time of day without offset."""
    nanos, rest = _clock(text)
    if rest:
        raise invalid(f"{text!r:.60} is no local time; it goes on with {rest!r:.20}.")
    return LocalTime(nanos)


def parse_time(text: str) -> Time:
    """Read a time of day with offset; UTC where it has none."""
    nanos, rest = _clock(text)
    return Time(nanos, parse_offset(rest)[0] or 0)


def parse_local_date_time(text: str) -> LocalDateTime:
    """Read a day and a time of day."""
    date, mark, time = text.partition("T")
    return LocalDateTime(_days(date), parse_local_time(time).nanos if mark else 0)


def parse_date_time(text: str) -> DateTime:
    """Read a moment; UTC where it names neither offset nor zone."""
    date, mark, time = text.partition("T")
    if mark:
        nanos, rest = _clock(time)
    else:
        date, bracket, rest = text.partition("[")
        nanos, rest = 0, bracket + rest
    offset, zone = parse_offset(rest)
    if zone is None:
        return DateTime(_days(date), nanos, offset or 0)
    found = zoned(_days(date), nanos, zone)
    if offset is not None and offset != found.offset:
        from .values import at_zone

        return at_zone(DateTime(_days(date), nanos, offset).instant, zone)
    return found


def parse_duration(text: str) -> Duration:
    """Read a duration, in the form of designators or of a date."""
    if match := _DATE_DURATION.fullmatch(text):
        y, mo, d, h, mi = (int(group or 0) for group in match.groups()[:5])
        return approximate(y * 12 + mo, d, h * 3600 + mi * 60 + _fraction(match[6]), 0)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise invalid(f"{text!r:.60} is no duration; write it as P1Y2M3DT4H5M6S.")
    years, months, weeks, days, hours, minutes, seconds = map(_fraction, match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    return approximate(
        sign * (years * 12 + months),
        sign * (weeks * 7 + days),
        sign * (hours * 3600 + minutes * 60 + seconds),
        0,
    )


def _fraction(text: str | None) -> Fraction:
    return Fraction(text.replace(",", ".")) if text else Fraction(0)


def approximate(
    months: Fraction | int, days: Fraction | int, seconds: Fraction | int, nanos: Fraction | int
) -> Duration:
    """Make a duration of fractions, each fraction carried on in the next smaller unit of average length."""
    whole_months = int(months)
    days = days + (months - whole_months) * Fraction(2_629_746, 86_400)
    whole_days = int(days)
    seconds = seconds + (days - whole_days) * 86_400
    whole_seconds = int(seconds)
    return Duration.of(
        whole_months, whole_days, whole_seconds, int(nanos + (seconds - whole_seconds) * SECOND)
    )
