"""Functions of numbers. Out of their domain they give NaN, beyond the largest float infinity, as IEEE 754 has it."""

from __future__ import annotations

import decimal
import math
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..arithmetic import checked
from ..errors import CypherRuntimeError
from ..kinds import NUMBERS, kind_of
from .base import Registry, integer, invalid_argument, number, out_of_range, string

FUNCTIONS = Registry()

_MODES = {
    "UP": decimal.ROUND_UP,
    "DOWN": decimal.ROUND_DOWN,
    "CEILING": decimal.ROUND_CEILING,
    "FLOOR": decimal.ROUND_FLOOR,
    "HALF_UP": decimal.ROUND_HALF_UP,
    "HALF_DOWN": decimal.ROUND_HALF_DOWN,
    "HALF_EVEN": decimal.ROUND_HALF_EVEN,
}
_EXACT = decimal.Context(prec=800)
"""Room for every digit a float can have."""


@FUNCTIONS.add("abs(input :: INTEGER | FLOAT) :: INTEGER | FLOAT", "A number without its sign.")
def abs_(value: Any) -> int | float:
    value = abs(number("abs", value))
    return checked(value) if type(value) is int else value


@FUNCTIONS.add("sign(input :: INTEGER | FLOAT) :: INTEGER", "-1, 0 or 1.")
def sign(value: Any) -> int:
    value = number("sign", value)
    return int(value > 0) - int(value < 0)


@FUNCTIONS.add("ceil(input :: INTEGER | FLOAT) :: FLOAT", "The next whole number up.", aliases=("ceiling",))
def ceil(value: Any) -> float:
    value = float(number("ceil", value))
    return math.copysign(float(math.ceil(value)), value) if math.isfinite(value) else value


@FUNCTIONS.add("floor(input :: INTEGER | FLOAT) :: FLOAT", "The next whole number down.")
def floor(value: Any) -> float:
    value = float(number("floor", value))
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


@FUNCTIONS.add(
    "round(value :: INTEGER | FLOAT, precision :: INTEGER, mode :: STRING) :: FLOAT",
    "A number rounded to so many decimals; modes are UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN and HALF_EVEN.",
    least=1,
)
def round_(value: Any, precision: Any = 0, mode: Any = None) -> float:
    value, precision = float(number("round", value)), integer("round", precision)
    if precision < 0:
        raise out_of_range("round", "a precision from 0", precision)
    chosen = None if mode is None else _MODES.get(string("round", mode).upper())
    if mode is not None and chosen is None:
        raise CypherRuntimeError(
            f"round() knows the modes {', '.join(_MODES)}, not {mode!r:.40}.", kind="ArgumentError"
        )
    if not math.isfinite(value) or precision > 330:  # no float has more decimals
        return float(value)
    exact = Decimal(repr(value))
    if chosen is None and precision == 0:  # without a mode, what lies in the middle goes up, -1.5 to -1.0
        rounded = (exact + Decimal("0.5")).to_integral_value(decimal.ROUND_FLOOR, _EXACT)
    else:
        rounded = exact.quantize(Decimal(1).scaleb(-precision), chosen or decimal.ROUND_HALF_UP, _EXACT)
    return float(rounded)


@FUNCTIONS.add("isNaN(input :: INTEGER | FLOAT) :: BOOLEAN", "Whether a number is NaN.")
def is_nan(value: Any) -> bool:
    return math.isnan(number("isNaN", value))


@FUNCTIONS.add("rand() :: FLOAT", "A random number from 0 up to but without 1.")
def rand() -> float:
    return random.random()


@FUNCTIONS.add("e() :: FLOAT", "The base of the natural logarithm.")
def e() -> float:
    return math.e


@FUNCTIONS.add("pi() :: FLOAT", "The ratio of a circle's circumference to its diameter.")
def pi() -> float:
    return math.pi


@FUNCTIONS.add("atan2(y :: FLOAT, x :: FLOAT) :: FLOAT", "The angle of the point (x, y), in radians.")
def atan2(y: Any, x: Any) -> float:
    return math.atan2(number("atan2", y), number("atan2", x))


def _logarithm(of: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: -math.inf if value == 0 else of(value)


def _cotangent(value: float) -> float:
    return math.inf if value == 0 else 1 / math.tan(value)


def _hyperbolic_cotangent(value: float) -> float:
    return math.nan if value == 0 else 1 / math.tanh(value)


_REAL: dict[str, tuple[Callable[[float], float], str]] = {
    "sqrt": (math.sqrt, "The square root."),
    "exp": (math.exp, "e to the power of a number."),
    "log": (_logarithm(math.log), "The natural logarithm."),
    "log10": (_logarithm(math.log10), "The logarithm to base 10."),
    "sin": (math.sin, "The sine of an angle in radians."),
    "cos": (math.cos, "The cosine of an angle in radians."),
    "tan": (math.tan, "The tangent of an angle in radians."),
    "cot": (_cotangent, "The cotangent of an angle in radians."),
    "asin": (math.asin, "The angle, in radians, of a sine."),
    "acos": (math.acos, "The angle, in radians, of a cosine."),
    "atan": (math.atan, "The angle, in radians, of a tangent."),
    "sinh": (math.sinh, "The hyperbolic sine."),
    "cosh": (math.cosh, "The hyperbolic cosine."),
    "tanh": (math.tanh, "The hyperbolic tangent."),
    "coth": (_hyperbolic_cotangent, "The hyperbolic cotangent."),
    "degrees": (math.degrees, "Radians as degrees."),
    "radians": (math.radians, "Degrees as radians."),
    "haversin": (lambda angle: (1 - math.cos(angle)) / 2, "Half the versine of an angle in radians."),
}


def _real(name: str, of: Callable[[float], float]) -> Callable[[Any], float]:
    def run(value: Any) -> float:
        if kind_of(value) not in NUMBERS:
            raise invalid_argument(name, "a number", value)
        try:
            return of(float(value))
        except ValueError:
            return math.nan
        except OverflowError:
            return -math.inf if name == "sinh" and value < 0 else math.inf

    return run


for _name, (_of, _summary) in _REAL.items():
    FUNCTIONS.add(f"{_name}(input :: INTEGER | FLOAT) :: FLOAT", _summary)(_real(_name, _of))
