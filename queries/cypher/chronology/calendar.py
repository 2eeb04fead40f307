"""The proleptic Gregorian calendar as arithmetic: days since 1970-01-01, for any year.

Algorithms: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
"""

from __future__ import annotations

MONTHS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
LEAST_YEAR, GREATEST_YEAR = -999_999_999, 999_999_999


def is_leap(year: int) -> bool:
    """Tell whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the number of a day."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a numbered day."""
    era, of_era = divmod(days + 719468, 146097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def ordinal_day(year: int, month: int, day: int) -> int:
    """Return the place of a day in its year, from 1."""
    return MONTHS_BEFORE[month - 1] + day + (month > 2 and is_leap(year))


def week_day(days: int) -> int:
    """Return the day of the week, Monday 1 to Sunday 7."""
    return (days + 3) % 7 + 1


def first_week(week_year: int) -> int:
    """Return the Monday of the first week of a year: the one that holds 4 January (ISO 8601)."""
    fourth = days_from_civil(week_year, 1, 4)
    return fourth - week_day(fourth) + 1


def week_of(days: int) -> tuple[int, int]:
    """Return week year and week of a day."""
    year = civil_from_days(days - week_day(days) + 4)[0]
    return year, (days - first_week(year)) // 7 + 1


def weeks_in(week_year: int) -> int:
    """Count the weeks of a year."""
    return (first_week(week_year + 1) - first_week(week_year)) // 7


def add_months(days: int, months: int) -> int:
    """Return the same day of another month, or its last day where it has none such."""
    year, month, day = civil_from_days(days)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return days_from_civil(year, month + 1, min(day, days_in_month(year, month + 1)))


def months_between(first: int, last: int) -> int:
    """Count the whole months from one day to another, towards zero."""
    (y1, m1, d1), (y2, m2, d2) = civil_from_days(first), civil_from_days(last)
    packed = ((y2 * 12 + m2) * 32 + d2) - ((y1 * 12 + m1) * 32 + d1)
    return int(packed / 32) if abs(packed) < 1 << 50 else (packed // 32 if packed >= 0 else -(-packed // 32))
