"""Arithmetic as the language has it: 64-bit integers that may not overflow, floats by IEEE 754, null through all.

``+`` also joins texts and lists, and all of them also move dates and stretch durations.
"""

from __future__ import annotations

import math
from typing import Any

from . import temporal_hooks
from .errors import CypherRuntimeError, LimitError
from .kinds import NUMBERS, TEMPORAL, Kind, kind_of, type_name
from .render import scalar_text

GREATEST, LEAST = 2**63 - 1, -(2**63)
MOST_CHARACTERS = MOST_ITEMS = 1 << 27
"""Where joining stops, so that doubling a text in a loop ends in an error and not in an empty machine."""


def checked(value: int, what: str = "The result") -> int:
    """Return an integer that fits into 64 bits, or raise."""
    if LEAST <= value <= GREATEST:
        return value
    raise CypherRuntimeError(
        f"{what} does not fit into 64 bits; make one of the operands a float, for instance by toFloat().",
        kind="ArithmeticError",
        detail="IntegerOverflow",
    )


def add(left: Any, right: Any) -> Any:
    """``left + right``: numbers, texts (with anything simple), lists (with anything), dates and durations."""
    if type(left) is int and type(right) is int:
        return checked(left + right, "The sum")
    if left is None or right is None:
        return None
    kind, other = kind_of(left), kind_of(right)
    if kind in NUMBERS and other in NUMBERS:
        return _plain(left, kind) + _plain(right, other)
    if kind is Kind.LIST or other is Kind.LIST:
        ours = left if kind is Kind.LIST else [left]
        theirs = right if other is Kind.LIST else [right]
        return _joined([*ours], [*theirs])
    if kind is Kind.STRING or other is Kind.STRING:
        ours, theirs = scalar_text(left, kind), scalar_text(right, other)
        if ours is not None and theirs is not None:
            return _joined(ours, theirs)
    elif kind in TEMPORAL or other in TEMPORAL:
        return _temporal("+", left, right)
    raise _mismatch("+", left, right)


def concatenate(left: Any, right: Any) -> Any:
    """``left || right``: two texts or two lists."""
    if left is None or right is None:
        return None
    kinds = (kind_of(left), kind_of(right))
    if kinds == (Kind.STRING, Kind.STRING):
        return _joined(left, right)
    if kinds == (Kind.LIST, Kind.LIST):
        return _joined([*left], [*right])
    raise _mismatch("||", left, right)


def subtract(left: Any, right: Any) -> Any:
    """``left - right``: numbers, a date less a duration, durations."""
    if type(left) is int and type(right) is int:
        return checked(left - right, "The difference")
    if left is None or right is None:
        return None
    kind, other = kind_of(left), kind_of(right)
    if kind in NUMBERS and other in NUMBERS:
        return _plain(left, kind) - _plain(right, other)
    if kind in TEMPORAL:
        return _temporal("-", left, right)
    raise _mismatch("-", left, right)


def multiply(left: Any, right: Any) -> Any:
    """``left * right``: numbers, a duration and a number."""
    if type(left) is int and type(right) is int:
        return checked(left * right, "The product")
    if left is None or right is None:
        return None
    kind, other = kind_of(left), kind_of(right)
    if kind in NUMBERS and other in NUMBERS:
        return _plain(left, kind) * _plain(right, other)
    if Kind.DURATION in {kind, other}:
        return _temporal("*", left, right)
    raise _mismatch("*", left, right)


def divide(left: Any, right: Any) -> Any:
    """``left / right``: whole for integers (towards zero), a duration by a number."""
    if left is None or right is None:
        return None
    kind, other = kind_of(left), kind_of(right)
    if kind is Kind.INTEGER and other is Kind.INTEGER:
        if right == 0:
            raise _division_by_zero("/")
        quotient = abs(left) // abs(right)
        return checked(int(quotient if (left < 0) == (right < 0) else -quotient), "The quotient")
    if kind in NUMBERS and other in NUMBERS:
        return _float_quotient(float(left), float(right))
    if kind is Kind.DURATION and other in NUMBERS:
        if right == 0:
            raise _division_by_zero("/")
        return _temporal("/", left, right)
    raise _mismatch("/", left, right)


def modulo(left: Any, right: Any) -> Any:
    """``left % right``: the remainder, with the sign of the left operand."""
    if left is None or right is None:
        return None
    kind, other = kind_of(left), kind_of(right)
    if kind is Kind.INTEGER and other is Kind.INTEGER:
        if right == 0:
            raise _division_by_zero("%")
        rest = abs(left) % abs(right)
        return int(-rest if left < 0 else rest)
    if kind in NUMBERS and other in NUMBERS:
        left, right = float(left), float(right)
        undefined = right == 0 or math.isinf(left) or math.isnan(left)
        return math.nan if undefined else math.fmod(left, right)
    raise _mismatch("%", left, right)


def power(left: Any, right: Any) -> Any:
    """``left ^ right``, always a float."""
    if left is None or right is None:
        return None
    if kind_of(left) not in NUMBERS or kind_of(right) not in NUMBERS:
        raise _mismatch("^", left, right)
    base, exponent = float(left), float(right)
    odd = (
        exponent == math.floor(exponent) and math.fmod(exponent, 2) != 0 if math.isfinite(exponent) else False
    )
    try:
        if abs(base) == 1 and math.isinf(exponent):  # Python says 1 here, IEEE's pow too, Neo4j's does not
            return math.nan
        if math.isnan(exponent):
            return math.nan
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:  # zero to a negative power, or a negative base to a broken one
        if base != 0:
            return math.nan
        return -math.inf if odd and math.copysign(1, base) < 0 else math.inf


def negate(value: Any) -> Any:
    """``-value``."""
    if value is None:
        return None
    kind = kind_of(value)
    if kind is Kind.INTEGER:
        return checked(-int(value), "The negative")
    if kind is Kind.FLOAT:
        return -float(value)
    if kind is Kind.DURATION:
        return _temporal("*", value, -1)
    raise CypherRuntimeError(f"- needs a number, not a {type_name(value)}.", detail="InvalidArgumentType")


def _plain(value: Any, kind: Kind) -> Any:
    """Return a number as Python's own, since numpy's would wrap around and warn."""
    if kind is Kind.FLOAT:
        return float(value)
    return checked(int(value), "An operand")


def _float_quotient(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _joined(left: Any, right: Any) -> Any:
    if len(left) + len(right) > MOST_ITEMS:
        what = "text" if isinstance(left, str) else "list"
        raise LimitError(f"The joined {what} would hold more than {MOST_ITEMS:,} items; join less.")
    return left + right


def _temporal(operator: str, left: Any, right: Any) -> Any:
    found = temporal_hooks.calculate(operator, left, right)
    if found is NotImplemented:
        raise _mismatch(operator, left, right)
    return found


def _mismatch(operator: str, left: Any, right: Any) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"{operator} does not work on a {type_name(left)} and a {type_name(right)}.",
        detail="InvalidArgumentType",
    )


def _division_by_zero(operator: str) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"{operator} by zero; divide by 0.0 where infinity will do.",
        kind="ArithmeticError",
        detail="DivisionByZero",
    )
