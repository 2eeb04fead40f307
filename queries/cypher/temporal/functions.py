"""The temporal functions by name: ``date()``, ``date.truncate()``, ``date.realtime()`` … ``duration.between()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import clock
from ..errors import CypherRuntimeError
from ..functions.base import Registry
from ..kinds import type_name
from . import construction, durations
from .truncation import truncate
from .values import Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, Time
from .zones import UTC_ZONE

FUNCTIONS = Registry()

_CLOCKS: dict[str, tuple[str, Callable[[], int]]] = {
    "transaction": ("when the query began", clock.now),
    "statement": ("when the query began", clock.now),
    "realtime": ("now", clock.realtime),
}


def _declare(name: str, type_: str, result: type[Temporal], make: Callable[[Any], Temporal]) -> None:
    """Declare a type's function, its clocks and its truncation."""

    def create(*given: Any) -> Temporal | None:
        if not given:
            return construction.current(make, clock.now(), UTC_ZONE)
        return None if given[0] is None else make(given[0])

    FUNCTIONS.add(
        f"{name}(input :: MAP | STRING | TEMPORAL) :: {type_}",
        "A value from its components, a text or another value; without an argument the current one.",
        least=0, null_in_null_out=False,
    )(create)  # fmt: skip

    for which, (when, read) in _CLOCKS.items():
        FUNCTIONS.add(
            f"{name}.{which}(timezone :: STRING) :: {type_}",
            f"The value {when}, in UTC or the time zone given.",
            least=0, null_in_null_out=False,
        )(_reader(f"{name}.{which}", make, read))  # fmt: skip

    def cut(unit: Any, *given: Any) -> Temporal | None:
        value = given[0] if given else construction.current(make, clock.now(), UTC_ZONE)
        changes = given[1] if len(given) > 1 else None
        return None if unit is None or value is None else truncate(result, unit, value, changes)

    FUNCTIONS.add(
        f"{name}.truncate(unit :: STRING, input :: TEMPORAL, fields :: MAP) :: {type_}",
        "A value cut off below a unit, with some components then set anew.",
        least=1, null_in_null_out=False,
    )(cut)  # fmt: skip


def _reader(function: str, make: Callable[[Any], Temporal], read: Callable[[], int]) -> Callable[..., Any]:
    def run(*given: Any) -> Temporal | None:
        if not given:
            return construction.current(make, read(), UTC_ZONE)
        if given[0] is None:
            return None
        return construction.current(make, read(), construction.zone_of(function, given[0]))

    return run


_declare("date", "DATE", Date, construction.date)
_declare("localtime", "LOCAL TIME", LocalTime, construction.local_time)
_declare("time", "ZONED TIME", Time, construction.time)
_declare("localdatetime", "LOCAL DATETIME", LocalDateTime, construction.local_date_time)
_declare("datetime", "ZONED DATETIME", DateTime, construction.date_time)

FUNCTIONS.add(
    "datetime.fromEpoch(seconds :: INTEGER, nanoseconds :: INTEGER) :: ZONED DATETIME",
    "The instant some seconds and nanoseconds after the start of 1970, in UTC.",
)(construction.from_epoch)
FUNCTIONS.add(
    "datetime.fromEpochMillis(milliseconds :: INTEGER) :: ZONED DATETIME",
    "The instant some milliseconds after the start of 1970, in UTC.",
)(construction.from_epoch_millis)
FUNCTIONS.add(
    "duration(input :: MAP | STRING) :: DURATION", "A duration from amounts of units, or from a text."
)(construction.duration)


def _declare_between(name: str, summary: str, measure: Callable[[Temporal, Temporal], Duration]) -> None:
    def run(start: Any, end: Any) -> Duration:
        for value in (start, end):
            if not isinstance(value, Date | LocalTime | Time | LocalDateTime | DateTime):
                raise CypherRuntimeError(
                    f"duration.{name}() takes two dates or times, not a {type_name(value)}.",
                    detail="InvalidArgumentValue",
                )
        return measure(start, end)

    FUNCTIONS.add(f"duration.{name}(from :: TEMPORAL, to :: TEMPORAL) :: DURATION", summary)(run)


_declare_between("between", "What lies between two values, in months, days and seconds.", durations.between)
_declare_between("inMonths", "The whole months between two values.", durations.in_months)
_declare_between("inDays", "The whole days between two values.", durations.in_days)
_declare_between("inSeconds", "The seconds between two values.", durations.in_seconds)
