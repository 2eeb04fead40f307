"""The proleptic Gregorian calendar in whole numbers, for any year: days are counted from 1970-01-01.

Python's own dates end with the year 9999, the language's go to 999,999,999 both ways. The conversion between dates
and days is Howard Hinnant's (*chrono-Compatible Low-Level Date Algorithms*): years begin in March, so that the leap
day comes last, and 400 years are always 146,097 days.
"""

from __future__ import annotations

_CYCLE = 146_097
_EPOCH = 719_468
"""Days from 0000-03-01 to 1970-01-01."""

LEAST_YEAR, GREATEST_YEAR = -999_999_999, 999_999_999


def epoch_day(year: int, month: int, day: int) -> int:
    """Return the number of a day."""
    year -= month <= 2
    cycle, year_of_cycle = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (
        cycle * _CYCLE
        + year_of_cycle * 365
        + year_of_cycle // 4
        - year_of_cycle // 100
        + day_of_year
        - _EPOCH
    )


def civil(number: int) -> tuple[int, int, int]:
    """Return year, month and day of the day with a number."""
    cycle, day = divmod(number + _EPOCH, _CYCLE)
    year_of_cycle = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day_of_year = day - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return cycle * 400 + year_of_cycle + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


LEAST_DAY, GREATEST_DAY = epoch_day(LEAST_YEAR, 1, 1), epoch_day(GREATEST_YEAR, 12, 31)


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def is_leap(year: int) -> bool:
    """Tell whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def weekday(number: int) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (number + 3) % 7 + 1


def week_date(number: int) -> tuple[int, int, int]:
    """Return week year, week and weekday (ISO 8601: a week belongs to the year that has its Thursday)."""
    of_week = weekday(number)
    thursday = number - of_week + 4
    year = civil(thursday)[0]
    return year, (thursday - epoch_day(year, 1, 1)) // 7 + 1, of_week


def from_week(year: int, week: int, of_week: int) -> int:
    """Return the number of the day in a week of a week year."""
    fourth = epoch_day(year, 1, 4)  # always in week 1
    return fourth - weekday(fourth) + 7 * (week - 1) + of_week


def weeks_in_year(year: int) -> int:
    """Return 52 or 53."""
    return (from_week(year + 1, 1, 1) - from_week(year, 1, 1)) // 7


def add_months(number: int, months: int) -> int:
    """Return the same day some months later or earlier, the last of the month where it has no such day."""
    year, month, day = civil(number)
    years, month_index = divmod(month - 1 + months, 12)
    year, month = year + years, month_index + 1
    return epoch_day(year, month, min(day, days_in_month(year, month)))
