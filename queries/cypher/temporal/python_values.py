"""Between the language's temporal values and those of Python, NumPy and pandas, which foreign graphs may hold."""

from __future__ import annotations

import datetime as python
from typing import Any

import numpy as np

from ..errors import CypherRuntimeError
from . import calendar
from .values import DAY, SECOND, Date, DateTime, Duration, LocalDateTime, LocalTime, Time
from .zones import Zone, named

FOREIGN = (python.date, python.time, python.timedelta, np.datetime64, np.timedelta64)
"""The types that :func:`from_python` converts; ``datetime`` is a ``date``."""

_NUMPY_DAYS = frozenset("YMWD")


def from_python(value: Any) -> Any:
    """Return a date, time or duration of Python, NumPy or pandas as one of the language; anything else as it is.

    What is not a time (``NaT``) is null. Lists are converted element by element.

    Examples
    --------
    >>> import datetime
    >>> str(from_python(datetime.datetime(1984, 10, 11, 12, 31)))
    '1984-10-11T12:31'
    """
    if isinstance(value, python.date):
        return _from_datetime(value) if isinstance(value, python.datetime) else Date(_day(value))
    if isinstance(value, python.time):
        return _from_time(value)
    if isinstance(value, python.timedelta):
        return _from_timedelta(value)
    if isinstance(value, np.datetime64 | np.timedelta64):
        return _from_numpy(value)
    if isinstance(value, list | tuple) and any(isinstance(item, FOREIGN) for item in value):
        return [from_python(item) for item in value]
    return value


def to_python(value: Any) -> Any:
    """Return a temporal value as Python's own, where that can hold all of it; anything else as it is.

    Python ends with the year 9999 and the microsecond, and its durations know no months: what goes beyond stays a
    value of the language. Lists and maps are converted element by element.

    Examples
    --------
    >>> to_python(Date(0))
    datetime.date(1970, 1, 1)
    """
    if isinstance(value, list | tuple):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {key: to_python(item) for key, item in value.items()}
    if isinstance(value, Duration):
        return value if value.months or value.nanoseconds % 1000 else _timedelta(value)
    if isinstance(value, LocalTime | Time | LocalDateTime | DateTime) and value.nanoseconds % 1000:
        return value
    if isinstance(value, LocalTime):
        return _time(value.nanoseconds)
    if isinstance(value, Time):
        return _time(value.nanoseconds).replace(tzinfo=_fixed(value.offset))
    if not isinstance(value, Date | LocalDateTime | DateTime):
        return value
    year, month, day = calendar.civil(value.epoch_day)
    if not python.MINYEAR <= year <= python.MAXYEAR:
        return value
    day_ = python.date(year, month, day)
    if isinstance(value, Date):
        return day_
    local = python.datetime.combine(day_, _time(value.nanoseconds))
    return _zoned(local, value) if isinstance(value, DateTime) else local


def _day(value: python.date) -> int:
    return calendar.epoch_day(value.year, value.month, value.day)


def _clock(value: Any) -> int:
    # pandas has nanoseconds beside the microseconds.
    finer: int = getattr(value, "nanosecond", 0)
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return int(seconds * SECOND + value.microsecond * 1000 + finer)


def _from_datetime(value: python.datetime) -> Any:
    if value != value:  # noqa: PLR0124 - pandas' NaT
        return None
    local = LocalDateTime(_day(value), _clock(value))
    offset = _offset(value)
    if offset is None:
        return local
    # The instant is Python's, also for an hour that clocks leave out, which Python can tell in two ways.
    return DateTime.at(local.total - offset * SECOND, _zone(value.tzinfo, offset))


def _from_time(value: python.time) -> LocalTime | Time:
    offset = _offset(value)
    return LocalTime(_clock(value)) if offset is None else Time.of(_clock(value), offset)


def _offset(value: python.datetime | python.time) -> int | None:
    offset = value.utcoffset()
    return None if offset is None else round(offset.total_seconds())


def _zone(zone: Any, offset: int) -> Zone:
    """Return the zone of the same name, where it has one that is known: zoneinfo's ``key``, pytz's ``zone``."""
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if isinstance(name, str) and name:
        try:
            return named(name)
        except CypherRuntimeError:  # a zone of the user's own making: its offset has to do
            return Zone(offset=offset)
    return Zone(offset=offset)


def _from_timedelta(value: python.timedelta) -> Any:
    if value != value:  # noqa: PLR0124 - pandas' NaT
        return None
    finer: int = getattr(value, "nanoseconds", 0)
    return Duration.of(
        days=value.days, nanoseconds=value.seconds * SECOND + value.microseconds * 1000 + finer
    )


def _from_numpy(value: np.datetime64 | np.timedelta64) -> Any:
    if np.isnat(value):
        return None
    unit = np.datetime_data(value.dtype)[0]
    if isinstance(value, np.timedelta64):
        if unit in {"Y", "M"}:
            return Duration.of(months=int(value.astype("timedelta64[M]").astype(np.int64)))
        return Duration.of(nanoseconds=int(value.astype("timedelta64[ns]").astype(np.int64)))
    day = int(value.astype("datetime64[D]").astype(np.int64))
    if unit in _NUMPY_DAYS:
        return Date(day)
    of_day = (value - value.astype("datetime64[D]")).astype("timedelta64[ns]").astype(np.int64)
    return LocalDateTime.of(day * DAY + int(of_day))


def _time(nanoseconds: int) -> python.time:
    seconds, fraction = divmod(nanoseconds, SECOND)
    return python.time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction // 1000)


def _fixed(offset: int) -> python.timezone:
    return python.timezone(python.timedelta(seconds=offset))


def _zoned(local: python.datetime, value: DateTime) -> python.datetime:
    if not value.zone_name:
        return local.replace(tzinfo=_fixed(value.offset))
    from zoneinfo import ZoneInfo

    first = local.replace(tzinfo=ZoneInfo(value.zone_name))
    offset = first.utcoffset()
    told_second_time = offset is not None and round(offset.total_seconds()) != value.offset
    return first.replace(fold=1) if told_second_time else first


def _timedelta(value: Duration) -> Any:
    try:
        return python.timedelta(
            days=value.days, seconds=value.seconds, microseconds=value.nanoseconds // 1000
        )
    except OverflowError:
        return value
