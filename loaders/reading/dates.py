"""Dates as bibliographies write them: in parts, with names of months, about, or not at all."""

from __future__ import annotations

import re
from datetime import date

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
"""Numbers of the months by the first three letters of their English names."""

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)")


def year_in(text: str) -> int | None:
    """Return the first year that a text names; "in press" names none.

    Examples
    --------
    >>> year_in("c. 1997a"), year_in("2019/2020"), year_in("forthcoming")
    (1997, 2019, None)
    """
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def day_of(year: int, month: int, day: int) -> str | None:
    """Return a day in ISO form, or None if there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
