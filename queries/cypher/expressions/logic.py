"""Truth: NOT, AND, OR, XOR in three values, null tests, label and type predicates, CASE and coalesce.

AND, OR, CASE and coalesce evaluate what comes later only on the rows that still need it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import semantics
from .. import syntax as s
from ..batch import (
    Batch,
    BoolColumn,
    Bools,
    Column,
    Ints,
    NodeColumn,
    RelationshipColumn,
    ValueColumn,
    column_of,
)
from ..errors import CypherRuntimeError
from ..values import Node, Relationship
from .arithmetic import compile_arithmetic
from .columns import ConstantColumn, merge, rowwise, ternary, truths, where_true
from .comparison import equality, membership, text_predicate
from .compiler import (
    Compiled,
    Context,
    Mask,
    compile_condition,
    compile_expression,
    compiles,
    every_row,
    masks,
    names_in,
    predicate_mask,
    some_rows,
)

_TEXT = {"STARTS WITH", "ENDS WITH", "CONTAINS", "=~"}


@compiles(s.Unary)
def _unary(expression: s.Unary) -> Compiled:
    operator = expression.operator
    if operator == "NOT":
        return _not(compile_condition(expression.operand))
    operand = compile_expression(expression.operand)
    if operator == "IS NULL":
        return lambda batch, context: BoolColumn(operand(batch, context).is_null())
    if operator == "IS NOT NULL":
        return lambda batch, context: BoolColumn(~operand(batch, context).is_null())
    sign = semantics.negate if operator == "-" else _positive
    return lambda batch, context: rowwise(sign, (operand(batch, context),), batch.size)


def _positive(value: object) -> object:
    if value is None or type(value) in (int, float):
        return value
    raise CypherRuntimeError(
        f"+ needs a number, not a {semantics.type_name(value)}.", detail="InvalidArgumentType"
    )


def _not(operand: Compiled) -> Compiled:
    def run(batch: Batch, context: Context) -> Column:
        true, null = truths(operand(batch, context))
        return ternary(~(true | null), null)

    return run


@compiles(s.Binary)
def _binary(expression: s.Binary) -> Compiled:
    operator = expression.operator
    if operator in ("AND", "OR"):
        return _connective(expression)
    if operator == "XOR":
        return _xor(compile_condition(expression.left), compile_condition(expression.right))
    if operator == "IN":
        return membership(expression)
    if operator in _TEXT:
        return text_predicate(expression)
    return compile_arithmetic(expression)


def chain(expression: s.Binary) -> list[s.Expression]:
    """Return the operands of ``a AND b AND c`` from left to right; however many, they nest no deeper than one."""
    found: list[s.Expression] = []
    stack: list[s.Expression] = [expression]
    while stack:
        piece = stack.pop()
        if isinstance(piece, s.Binary) and piece.operator == expression.operator:
            stack += [piece.right, piece.left]
        else:
            found.append(piece)
    return found


def _connective(expression: s.Binary) -> Compiled:
    """AND is decided by the first false, OR by the first true; null means no operand decided and one is null."""
    operands = chain(expression)
    parts = [(compile_condition(operand), names_in(operand)) for operand in operands]
    decided_by = expression.operator == "OR"

    def run(batch: Batch, context: Context) -> Column:
        result = np.full(batch.size, not decided_by)
        unknown = np.zeros(batch.size, dtype=np.bool_)
        rows = every_row(batch)
        for part, names in parts:
            if not len(rows):
                break
            true, null = truths(part(some_rows(batch, rows, names), context))
            decided = true if decided_by else ~(true | null)
            result[rows[decided]] = decided_by
            unknown[rows[null]] = True
            rows = rows[~decided]
        unknown &= result != decided_by
        if not decided_by:
            result &= ~unknown
        return ternary(result, unknown)

    return run


@masks(s.Binary)
def _binary_mask(expression: s.Binary) -> Mask:
    """As a filter AND and OR need not know which rows are null."""
    if expression.operator not in ("AND", "OR"):
        compiled = _binary(expression)
        return lambda batch, context: where_true(compiled(batch, context))
    operands = chain(expression)
    parts = [(predicate_mask(operand), names_in(operand)) for operand in operands]
    return _mask_all(parts) if expression.operator == "AND" else _mask_any(parts)


def _mask_all(parts: Sequence[tuple[Mask, tuple[str, ...]]]) -> Mask:
    def run(batch: Batch, context: Context) -> Bools:
        rows = every_row(batch)
        for part, names in parts:
            if not len(rows):
                break
            rows = rows[part(some_rows(batch, rows, names), context)]
        return _at(rows, batch.size)

    return run


def _mask_any(parts: Sequence[tuple[Mask, tuple[str, ...]]]) -> Mask:
    def run(batch: Batch, context: Context) -> Bools:
        rows = every_row(batch)
        result = np.zeros(batch.size, dtype=np.bool_)
        for part, names in parts:
            if not len(rows):
                break
            true = part(some_rows(batch, rows, names), context)
            result[rows[true]] = True
            rows = rows[~true]
        return result

    return run


def _at(rows: Ints, size: int) -> Bools:
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    return mask


def _xor(left: Compiled, right: Compiled) -> Compiled:
    def run(batch: Batch, context: Context) -> Column:
        left_true, left_null = truths(left(batch, context))
        right_true, right_null = truths(right(batch, context))
        null = left_null | right_null
        return ternary((left_true ^ right_true) & ~null, null)

    return run


@compiles(s.HasLabels)
def _has_labels(expression: s.HasLabels) -> Compiled:
    subject, labels = compile_expression(expression.subject), expression.labels

    def run(batch: Batch, context: Context) -> Column:
        column = subject(batch, context)
        if not isinstance(column, NodeColumn):
            column = column_of(context.layout, column.to_list())
        if isinstance(column, NodeColumn):
            return label_predicate(column, labels)
        return _has_labels_each(column, labels)

    return run


def label_predicate(column: NodeColumn, labels: s.LabelExpression) -> Column:
    """Tell for every entity whether a label expression holds; null for null."""
    null = column.index < 0
    layout, index = column.layout, column.index
    test = layout.relationship_types_match if isinstance(column, RelationshipColumn) else layout.has_labels
    if not null.any():
        return BoolColumn(test(index, labels))
    true = np.zeros(len(index), dtype=np.bool_)
    true[~null] = test(index[~null], labels)
    return ternary(true, null)


def _has_labels_each(column: Column, labels: s.LabelExpression) -> Column:
    """Nodes and relationships in one column, or nothing but null; anything else is an error."""
    found: list[bool | None] = []
    for value in column.to_list():
        if value is None:
            found.append(None)
        elif isinstance(value, (Node, Relationship)):
            truth = label_predicate(column_of(value.layout, [value]), labels)  # type: ignore[arg-type]
            found.append(bool(truth.to_list()[0]))
        else:
            raise CypherRuntimeError(
                f"Only nodes and relationships have labels, not a {semantics.type_name(value)}.",
                detail="InvalidArgumentType",
            )
    return ValueColumn(found)


@compiles(s.TypeTest)
def _type_test(expression: s.TypeTest) -> Compiled:
    operand, name, negated = compile_expression(expression.operand), expression.type_name, expression.negated

    def test(value: object) -> bool:
        return semantics.is_type(value, name) is not negated

    return lambda batch, context: rowwise(test, (operand(batch, context),), batch.size)


# --- CASE, coalesce ------------------------------------------------------------------------------------------


@compiles(s.Case)
def _case(expression: s.Case) -> Compiled:
    subject = compile_expression(expression.subject) if expression.subject is not None else None
    branches = []
    for condition, value in expression.branches:
        test = predicate_mask(condition) if subject is None else None
        wanted = compile_expression(condition) if subject is not None else None
        branches.append((test, wanted, names_in(condition), compile_expression(value), names_in(value)))
    otherwise = compile_expression(expression.otherwise or s.Literal_(None, "null"))
    otherwise_names = names_in(expression.otherwise)

    def run(batch: Batch, context: Context) -> Column:
        rows, parts = every_row(batch), []
        against = subject(batch, context) if subject is not None else None
        for test, wanted, test_names, value, value_names in branches:
            if not len(rows):
                break
            left = some_rows(batch, rows, test_names)
            if test is not None:
                true = test(left, context)
            else:
                assert wanted is not None and against is not None
                compared = against if len(rows) == batch.size else against.take(rows)
                true = where_true(equality(compared, wanted(left, context)))
            if true.any():
                chosen = rows[true]
                parts.append((chosen, value(some_rows(batch, chosen, value_names), context)))
                rows = rows[~true]
        if len(rows):
            parts.append((rows, otherwise(some_rows(batch, rows, otherwise_names), context)))
        return merge(batch.size, parts)

    return run


def compile_coalesce(arguments: Sequence[s.Expression]) -> Compiled:
    """Return the first argument that is not null; later ones are looked at only where it is needed."""
    parts = [(compile_expression(argument), names_in(argument)) for argument in arguments]

    def run(batch: Batch, context: Context) -> Column:
        rows, found = every_row(batch), []
        for part, names in parts:
            if not len(rows):
                break
            column = part(some_rows(batch, rows, names), context)
            there = ~column.is_null()
            if there.all():
                found.append((rows, column))
                rows = rows[:0]
                break
            if there.any():
                found.append((rows[there], column.take(np.flatnonzero(there))))
            rows = rows[~there]
        if len(rows) == batch.size:
            return ConstantColumn(None, batch.size)
        return merge(batch.size, found)

    return run
