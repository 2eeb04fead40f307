"""Comparisons, IN, and predicates on text: arrays where both sides allow, else one pass over the values."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np

from .. import semantics
from .. import syntax as s
from ..batch import Batch, BoolColumn, Bools, Column, IntColumn, NodeColumn, ValueColumn
from .columns import (
    ConstantColumn,
    PropertyColumn,
    TernaryColumn,
    fits,
    flags,
    outcomes,
    rowwise,
    ternary,
    truths,
)
from .compiler import Compiled, Context, compile_expression, compiles

_PLAIN: dict[str, Callable[[Any, Any], Any]] = {
    "=": op.eq, "<>": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
}  # fmt: skip
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERED = frozenset({int, float, str})
"""Types whose values Python compares among themselves as the language does."""
_NUMBERS = frozenset({int, float})
_TEXTS = frozenset({str})

Kernel = Callable[[Column, Column], Column]


def _order_test(operator: str) -> Callable[[Any, Any], bool | None]:
    plain = _PLAIN[operator]

    def test(left: Any, right: Any) -> bool | None:
        order = semantics.compare(left, right)
        return None if order is None else bool(plain(order, 0))

    return test


def _unequal(left: Any, right: Any) -> bool | None:
    found = semantics.equal(left, right)
    return None if found is None else not found


_EXACT: dict[str, Callable[[Any, Any], bool | None]] = {
    "=": semantics.equal,
    "<>": _unequal,
    **{operator: _order_test(operator) for operator in ("<", "<=", ">", ">=")},
}


@compiles(s.Comparison)
def _comparison(expression: s.Comparison) -> Compiled:
    operands = [compile_expression(operand) for operand in expression.operands]
    kernels = [comparison_kernel(operator) for operator in expression.operators]
    if len(kernels) == 1:
        (left, right), kernel = operands, kernels[0]
        return lambda batch, context: kernel(left(batch, context), right(batch, context))

    def run(batch: Batch, context: Context) -> Column:
        columns = [operand(batch, context) for operand in operands]
        true, false = np.ones(batch.size, dtype=np.bool_), np.zeros(batch.size, dtype=np.bool_)
        for kernel, left, right in zip(kernels, columns, columns[1:], strict=False):
            holds, null = truths(kernel(left, right))
            true &= holds
            false |= ~(holds | null)
        return ternary(true, ~(true | false))

    return run


def comparison_kernel(operator: str) -> Kernel:
    """Return the function that compares two columns by an operator."""
    exact, plain, is_equality = _EXACT[operator], _PLAIN[operator], operator in ("=", "<>")
    constant = _equals_constant(operator) if is_equality else _orders_constant(operator)
    mirrored = constant if is_equality else _orders_constant(_MIRRORED[operator])

    def compare(left: Column, right: Column) -> Column:
        if type(right) is ConstantColumn:
            if type(left) is not ConstantColumn:
                found = constant(left, right.value)
                if found is not None:
                    return found
        elif type(left) is ConstantColumn:
            found = mirrored(right, left.value)
            if found is not None:
                return found
        elif isinstance(left, NodeColumn) and isinstance(right, NodeColumn) and is_equality:
            return _entities(left, right, operator)
        elif isinstance(left, IntColumn) and isinstance(right, IntColumn):
            return BoolColumn(plain(left.array, right.array))
        elif (found := _same_property(left, right, plain)) is not None:
            return found
        else:
            items = zip(left.to_list(), right.to_list(), strict=True)
            return ValueColumn(
                [plain(a, b) if type(a) is type(b) and type(a) in _ORDERED else exact(a, b) for a, b in items]
            )
        return rowwise(exact, (left, right), len(left))

    return compare


def _same_property(left: Column, right: Column, plain: Callable[[Any, Any], Any]) -> Column | None:
    """Compare one property of two entities by the places of the values in order; None where that cannot be."""
    if not isinstance(left, PropertyColumn) or not isinstance(right, PropertyColumn):
        return None
    coding = left.coding() if left.source is right.source else None
    ranks = coding.ranks if coding is not None else None
    if coding is None or ranks is None:
        return None
    ones, others = coding.codes[left.index], coding.codes[right.index]
    null = (ones == coding.null) | (others == coding.null)
    return ternary(plain(ranks[ones], ranks[others]) & ~null, null)


def _entities(left: NodeColumn, right: NodeColumn, operator: str) -> Column:
    null = (left.index < 0) | (right.index < 0)
    # A node is never a relationship, whatever their numbers.
    same = (left.index == right.index) & (type(left) is type(right))
    return ternary((same if operator == "=" else ~same) & ~null, null)


def _equals_constant(operator: str) -> Callable[[Column, Any], Column | None]:
    """Return ``column = value`` and ``<>``: for a plain value one pass of Python's ``==`` in C.

    Python agrees with the language about plain values, save that its truth values equal 0 and 1.
    """
    negated = operator == "<>"

    def compare(column: Column, value: Any) -> Column | None:
        kind = type(value)
        if value is None:
            return ConstantColumn(None, len(column))
        if kind is not str and kind not in _NUMBERS:
            return None
        if isinstance(column, IntColumn) and kind is int and fits(value):
            same = column.array == value
            return BoolColumn(~same if negated else same)
        if not isinstance(column, (PropertyColumn, ValueColumn)):
            return None
        same = outcomes(column, ("=", kind, value), lambda items: _same(items, value))
        if negated:
            null = column.is_null()
            return ternary(~(same | null), null)
        return TernaryColumn(same, column.is_null)

    return compare


def _orders_constant(operator: str) -> Callable[[Column, Any], Column | None]:
    """Return ``column < value`` and so on; what cannot be ordered against the value is null."""
    plain, exact = _PLAIN[operator], _EXACT[operator]

    def compare(column: Column, value: Any) -> Column | None:
        kind = type(value)
        if value is None:
            return ConstantColumn(None, len(column))
        if kind not in _ORDERED:
            return None
        if isinstance(column, IntColumn) and kind is int and fits(value):
            return BoolColumn(plain(column.array, value))
        if not isinstance(column, (PropertyColumn, ValueColumn, IntColumn)):
            return None
        comparable = _NUMBERS if kind in _NUMBERS else _TEXTS

        def test(items: list[Any]) -> Bools:
            if comparable.issuperset(map(type, items)):
                return flags(map(plain, items, repeat(value)), len(items))
            found = (
                plain(item, value)
                if type(item) in comparable
                else item is not None and exact(item, value) is True
                for item in items
            )
            return flags(found, len(items))

        def unknown(items: list[Any]) -> Bools:
            return flags(
                (
                    item is None or (type(item) not in comparable and exact(item, value) is None)
                    for item in items
                ),
                len(items),
            )

        def incomparable() -> Bools:
            return outcomes(column, ("incomparable", comparable), unknown, of_null=True)

        return TernaryColumn(outcomes(column, (operator, kind, value), test), incomparable)

    return compare


def _same(items: list[Any], value: Any) -> Bools:
    found = flags(map(op.eq, items, repeat(value)), len(items))
    if type(value) is not str and value in (0, 1):
        for row in np.flatnonzero(found).tolist():
            found[row] = semantics.equal(items[row], value) is True
    return found


equality: Kernel = comparison_kernel("=")
"""Compare two columns by ``=``."""


# --- IN ------------------------------------------------------------------------------------------------------


def membership(expression: s.Binary) -> Compiled:
    """``item IN list``: a set where the list is a constant of texts or of whole numbers."""
    left, right = compile_expression(expression.left), compile_expression(expression.right)

    def run(batch: Batch, context: Context) -> Column:
        items, container = left(batch, context), right(batch, context)
        if type(container) is ConstantColumn and type(items) is not ConstantColumn:
            found = _in_constant(items, container.value)
            if found is not None:
                return found
        return rowwise(semantics.in_list, (items, container), batch.size)

    return run


def _in_constant(column: Column, wanted: Any) -> Column | None:
    if type(wanted) is not list or len(wanted) == 0:
        return None
    kinds = set(map(type, wanted))
    if len(kinds) != 1 or (kind := kinds.pop()) not in (str, int):
        return None
    if not isinstance(column, (PropertyColumn, ValueColumn)):
        return None
    members, in_list = frozenset(wanted), semantics.in_list

    def test(items: list[Any]) -> Bools:
        found = (item in members if type(item) is kind else in_list(item, wanted) is True for item in items)
        return flags(found, len(items))

    # No member is null or holds null: of null alone it is not known whether it is among them.
    return TernaryColumn(outcomes(column, ("IN", kind, members), test), column.is_null)


# --- text ----------------------------------------------------------------------------------------------------

_TEXT_TESTS: dict[str, Callable[[Any, Any], bool | None]] = {
    "STARTS WITH": semantics.starts_with,
    "ENDS WITH": semantics.ends_with,
    "CONTAINS": semantics.contains,
    "=~": semantics.matches,
}
_PLAIN_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "STARTS WITH": str.startswith,
    "ENDS WITH": str.endswith,
    "CONTAINS": str.__contains__,
}


def text_predicate(expression: s.Binary) -> Compiled:
    """STARTS WITH, ENDS WITH, CONTAINS and ``=~``."""
    left, right = compile_expression(expression.left), compile_expression(expression.right)
    exact, plain = _TEXT_TESTS[expression.operator], _PLAIN_TEXT_TESTS.get(expression.operator)

    def run(batch: Batch, context: Context) -> Column:
        texts, wanted = left(batch, context), right(batch, context)
        is_search = type(wanted) is ConstantColumn and type(wanted.value) is str
        if plain is None or not is_search or type(texts) is ConstantColumn:
            return rowwise(exact, (texts, wanted), batch.size)
        needle = wanted.value  # type: ignore[attr-defined]

        def test(items: list[Any]) -> Bools:
            if _TEXTS.issuperset(map(type, items)):
                return flags(map(plain, items, repeat(needle)), len(items))
            return flags((type(item) is str and plain(item, needle) for item in items), len(items))

        def no_text() -> Bools:
            def other(items: list[Any]) -> Bools:
                return flags((type(item) is not str for item in items), len(items))

            return outcomes(texts, "no text", other, of_null=True)

        if expression.operator == "CONTAINS" and isinstance(texts, PropertyColumn):
            held = texts.containing(needle)
            if held is not None:
                return TernaryColumn(held, no_text)
        return TernaryColumn(outcomes(texts, (expression.operator, needle), test), no_text)

    return run
