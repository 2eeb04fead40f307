"""From one type to another: toInteger, toFloat, toString, toBoolean, each also ``…OrNull`` and ``…List``.

The plain ones give null for a text that cannot be read as the type, and raise for a value that never could be;
``…OrNull`` gives null for these as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..arithmetic import GREATEST, LEAST
from ..errors import CypherRuntimeError
from ..kinds import Kind, kind_of
from ..render import scalar_text
from .base import Registry, invalid_argument, sequence

FUNCTIONS = Registry()

# Not int() and float(): they also read underscores and the digits of all scripts.
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_JAVA_NUMBER = re.compile(
    rf"{_NUMBER.pattern}[fFdD]|[+-]?0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[fFdD]?"
)
"""What Java reads beside that, and so Neo4j: ``1f``, ``0x1p3``."""
_MOST_DIGITS = 400
"""Longer texts of digits are out of range as integers, and reading them takes time that grows as their square."""


def to_integer(value: Any) -> int | None:
    """Return a number without its fraction, what a text says, 1 or 0 for a truth value."""
    kind = kind_of(value)
    if kind is Kind.INTEGER or kind is Kind.BOOLEAN:
        return int(value)
    if kind is Kind.FLOAT:
        if math.isnan(value):
            return 0
        return (
            min(max(int(value), LEAST), GREATEST)
            if math.isfinite(value)
            else (GREATEST if value > 0 else LEAST)
        )
    if kind is Kind.STRING:
        return _read_integer(value)
    raise invalid_argument("toInteger", "a number, a text or a truth value", value)


def _read_integer(text: str) -> int | None:
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    if _WHOLE.fullmatch(text):
        found = int(text)
    else:
        number = Decimal(text)
        found = (GREATEST + 1) if number.adjusted() > 20 else int(number) if number.adjusted() >= 0 else 0
    if not LEAST <= found <= GREATEST:
        raise CypherRuntimeError(f"toInteger() cannot read {text!r:.60}: it does not fit into 64 bits.")
    return found


def to_float(value: Any) -> float | None:
    """Return a number as a float, or what a text says."""
    kind = kind_of(value)
    if kind is Kind.FLOAT or kind is Kind.INTEGER:
        return float(value)
    if kind is Kind.STRING:
        text = value.strip()
        if _NUMBER.fullmatch(text):
            return float(text)
        if _JAVA_NUMBER.fullmatch(text):
            return float.fromhex(text.rstrip("fFdD")) if "x" in text.lower() else float(text[:-1])
        sign = -1 if text.startswith("-") else 1
        return {"NaN": math.nan, "Infinity": sign * math.inf}.get(text.removeprefix("-").removeprefix("+"))
    raise invalid_argument("toFloat", "a number or a text", value)


def to_string(value: Any) -> str:
    """Return a number, truth value or temporal value as text."""
    text = scalar_text(value, kind_of(value))
    if text is not None:
        return text
    raise invalid_argument("toString", "a number, a text, a truth value, a date or a time", value)


def to_boolean(value: Any) -> bool | None:
    """Return what a text says, or whether a whole number is other than 0."""
    kind = kind_of(value)
    if kind is Kind.BOOLEAN or kind is Kind.INTEGER:
        return bool(value)
    if kind is Kind.STRING:
        return {"true": True, "false": False}.get(value.strip().lower())
    raise invalid_argument("toBoolean", "a truth value, a text or a whole number", value)


def _or_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        try:
            return convert(value)
        except CypherRuntimeError:
            return None

    return run


def _each(function: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(values: Any) -> list[Any]:
        return [None if value is None else convert(value) for value in sequence(function, values)]

    return run


for _name, _type, _convert in (
    ("toInteger", "INTEGER", to_integer),
    ("toFloat", "FLOAT", to_float),
    ("toString", "STRING", to_string),
    ("toBoolean", "BOOLEAN", to_boolean),
):
    FUNCTIONS.add(f"{_name}(input :: ANY) :: {_type}", f"The input as {_type}.")(_convert)
    FUNCTIONS.add(f"{_name}OrNull(input :: ANY) :: {_type}", f"The input as {_type}, null if it cannot be.")(
        _or_null(_convert)
    )
    FUNCTIONS.add(
        f"{_name}List(input :: LIST) :: LIST<{_type}>", f"Each element as {_type}, null where it cannot be."
    )(_each(f"{_name}List", _or_null(_convert)))
FUNCTIONS["toint"] = FUNCTIONS["tointeger"]
