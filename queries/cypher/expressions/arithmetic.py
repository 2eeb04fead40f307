"""Arithmetic: exact in 64 bits over arrays of whole numbers, else value by value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import semantics
from .. import syntax as s
from ..batch import Batch, Column, IntColumn, Ints
from ..errors import CypherRuntimeError
from .columns import ConstantColumn, integers, rowwise
from .compiler import Compiled, Context, compile_expression

_LEAST = np.iinfo(np.int64).min
_ARRAYS_PAY = 16
"""Below so many rows the check whether arrays could be used costs more than it saves."""

Numbers = Ints | np.int64
Kernel = Callable[[Numbers, Numbers], Ints | None]


def _add(left: Numbers, right: Numbers) -> Ints | None:
    total = left + right
    # Overflow happened where both operands have the sign that the sum has not.
    return None if (((left ^ total) & (right ^ total)) < 0).any() else np.asarray(total)


def _subtract(left: Numbers, right: Numbers) -> Ints | None:
    rest = left - right
    return None if (((left ^ right) & (left ^ rest)) < 0).any() else np.asarray(rest)


def _multiply(left: Numbers, right: Numbers) -> Ints | None:
    # As floats the product is off by a few parts in 2**53 at most: half the range is safely inside.
    rough = np.multiply(left, right, dtype=np.float64, casting="unsafe")
    return None if (np.abs(rough) >= 2.0**62).any() else np.asarray(left * right)


def _divide(left: Numbers, right: Numbers) -> Ints | None:
    if np.any(right == 0) or np.any(left == _LEAST):
        return None
    quotient = left // right
    # The language cuts towards zero, numpy floors.
    return np.asarray(quotient + ((quotient < 0) & (quotient * right != left)))


def _modulo(left: Numbers, right: Numbers) -> Ints | None:
    if np.any(right == 0) or np.any(left == _LEAST):
        return None
    return np.asarray(np.fmod(left, right))


_KERNELS: dict[str, Kernel] = {"+": _add, "-": _subtract, "*": _multiply, "/": _divide, "%": _modulo}
_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "+": semantics.add,
    "-": semantics.subtract,
    "*": semantics.multiply,
    "/": semantics.divide,
    "%": semantics.modulo,
    "^": semantics.power,
    "||": semantics.concatenate,
}


def compile_arithmetic(expression: s.Binary) -> Compiled:
    """Compile ``a + b - c …``; a chain, however long, runs as a loop."""
    first, rest = chain(expression)
    start = compile_expression(first)
    steps = [(piece.operator, piece.span, compile_expression(piece.right)) for piece in rest]

    def run(batch: Batch, context: Context) -> Column:
        value = start(batch, context)
        for operator, span, operand in steps:
            other = operand(batch, context)
            try:
                value = calculate(operator, value, other, batch.size)
            except CypherRuntimeError as error:
                error.span = error.span or (span if span != (0, 0) else None)
                raise
        return value

    return run


def chain(expression: s.Binary) -> tuple[s.Expression, list[s.Binary]]:
    """Return the first operand of ``a + b - c …`` and the operations that follow, from left to right."""
    steps: list[s.Binary] = []
    first: s.Expression = expression
    while isinstance(first, s.Binary) and first.operator in _EXACT:
        steps.append(first)
        first = first.left
    return first, steps[::-1]


def calculate(operator: str, left: Column, right: Column, size: int) -> Column:
    """Return ``left operator right`` for every row.

    Raises
    ------
    CypherRuntimeError
        On overflow, division by zero, and operands that do not go together.
    """
    exact, kernel = _EXACT[operator], _KERNELS.get(operator)
    both_constant = type(left) is ConstantColumn and type(right) is ConstantColumn
    if kernel is not None and size >= _ARRAYS_PAY and not both_constant:
        numbers = integers(left)
        others = integers(right) if numbers is not None else None
        if numbers is not None and others is not None:
            with np.errstate(over="ignore"):
                found = kernel(numbers, others)
            if found is not None:
                return IntColumn(found)
            # Something overflows or divides by zero, or nearly so: the exact way decides, and has the words.
    return rowwise(exact, (left, right), size)
