"""The only way from the operators and functions to dates and times, which are built on them.

:mod:`.temporal` is imported at the first value that may be one, so that neither module needs the other to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

CLASSES = ("DateTime", "LocalDateTime", "Date", "Time", "LocalTime", "Duration")


@cache
def _module() -> Any:
    return import_module(".temporal", __package__)


def classes() -> Mapping[str, type]:
    """Return the temporal types by name."""
    return {name: getattr(_module(), name) for name in CLASSES}


def functions() -> Mapping[str, Any]:
    """Return the temporal functions by name in lower case."""
    found: Mapping[str, Any] = _module().FUNCTIONS
    return found


def component(value: Any, key: str) -> Any:
    """Return a component, such as ``year``, of a temporal value."""
    return _module().component(value, key)


def order_key(value: Any) -> Any:
    """Return what sorts values of the same temporal type among each other."""
    return _module().order_key(value)


def from_python(value: Any) -> Any:
    """Return a date, time or duration of Python or numpy as one of the language; anything else as it is."""
    return _module().from_python(value)


def calculate(operator: str, left: Any, right: Any) -> Any:
    """Return ``left operator right``; NotImplemented where these types do not go together."""
    name = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}[operator]
    return getattr(_module(), name)(left, right)


def text(value: Any) -> str:
    """Return a value as toString() says it."""
    said: str = _module().said(value)
    return said
