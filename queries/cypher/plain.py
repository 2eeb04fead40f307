"""Values of Python and numpy that stand for one of the language: read from a graph or given as parameters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

import numpy as np

from . import temporal_hooks

_PLAIN = frozenset({type(None), bool, int, float, str})
_MOMENTS = (date, time, timedelta)


def is_plain(kinds: Iterable[type]) -> bool:
    """Tell whether values of these types are what they are, with nothing inside them."""
    return _PLAIN.issuperset(kinds)


def plain(value: Any) -> Any:
    """Return a value as the language knows it: numpy's numbers as Python's, tuples, sets and arrays as lists.

    What is plain already is returned itself, lists and maps too; what the language has nothing like is left.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return value if is_plain(map(type, value)) else list(map(plain, value))
    if kind is dict:
        return value if is_plain(map(type, value.values())) else {k: plain(v) for k, v in value.items()}
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return temporal_hooks.from_python(value)
    if isinstance(value, np.generic):
        return plain(value.item()) if value.dtype != object and type(value.item()) is not kind else value
    if isinstance(value, np.ndarray):
        return plain(list(value) if value.dtype.kind in "mM" else value.tolist())  # keeps nanoseconds
    if isinstance(value, tuple):
        return list(map(plain, value))
    if isinstance(value, (set, frozenset)):
        # In an order that does not change from run to run.
        return sorted(map(plain, value), key=lambda item: (type(item).__name__, repr(item)))
    return temporal_hooks.from_python(value) if isinstance(value, _MOMENTS) else value
