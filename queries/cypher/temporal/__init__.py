"""Dates, times and durations, to the nanosecond, from the year -999,999,999 to 999,999,999, with time zones.

``values`` are the types, ``calendar`` and ``zones`` what they count by; ``parsing`` and ``fields`` read texts and
components, ``construction``, ``truncation`` and ``durations`` are behind the functions of the language,
``arithmetic`` behind its operators; ``python_values`` is the way to and from Python's own types.
"""

from __future__ import annotations

from .arithmetic import add, divide, multiply, order_key, subtract
from .components import component
from .functions import FUNCTIONS
from .python_values import FOREIGN, from_python, to_python
from .values import Date, DateTime, Duration, LocalDateTime, LocalTime, Time, said

__all__ = [
    "FOREIGN",
    "FUNCTIONS",
    "Date",
    "DateTime",
    "Duration",
    "LocalDateTime",
    "LocalTime",
    "Time",
    "add",
    "component",
    "divide",
    "from_python",
    "multiply",
    "order_key",
    "said",
    "subtract",
    "to_python",
]
