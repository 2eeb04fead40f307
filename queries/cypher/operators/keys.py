"""Telling rows apart by some of their columns: numbers for equal keys, without comparing Python objects twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..batch import BoolColumn, Column, IntColumn, Ints, NodeColumn
from ..expressions.columns import PropertyColumn
from ..semantics import group_key


def number_values(items: list[Any]) -> tuple[Ints, list[Any]]:
    """Number the distinct values of a list in order of appearance."""
    numbers: dict[Any, int] = {}
    values: list[Any] = []
    codes = np.empty(len(items), dtype=np.int64)
    for place, item in enumerate(items):
        key = item if type(item) is str else group_key(item)
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = len(values)
            values.append(item)
        codes[place] = number
    return codes, values


def codes_of(column: Column) -> tuple[Ints, int]:
    """Return non-negative numbers that are equal where the values are, and a bound above them."""
    if isinstance(column, NodeColumn):
        return column.index + 1, int(column.index.max(initial=-1)) + 2
    if isinstance(column, BoolColumn):
        return column.array.astype(np.int64), 2
    if isinstance(column, PropertyColumn) and (coding := column.coding()) is not None:
        return coding.codes[column.index].astype(np.int64), len(coding.values)
    if isinstance(column, IntColumn) and len(column):
        low, high = int(column.array.min()), int(column.array.max())
        if high - low < 1 << 40:
            return column.array - low, high - low + 1
    codes, values = number_values(column.to_list())
    return codes, len(values) or 1


def group(columns: Sequence[Column], size: int) -> tuple[Ints, Ints]:
    """Group rows by columns.

    Returns
    -------
    groups, firsts
        For every row the number of its group, groups in order of appearance; for every group its first row.
    """
    if not columns:
        return np.zeros(size, dtype=np.int64), np.zeros(min(size, 1), dtype=np.int64)
    codes, bound = codes_of(columns[0])
    for column in columns[1:]:
        more, most = codes_of(column)
        if bound * most >= 1 << 62:
            _, codes = np.unique(codes, return_inverse=True)
            bound = int(codes.max(initial=0)) + 1
        codes, bound = codes * most + more, bound * most
    return dense(codes, bound)


def dense(codes: Ints, bound: int) -> tuple[Ints, Ints]:
    """Number codes in order of appearance; see :func:`group`."""
    size = len(codes)
    if bound > 4 * size + (1 << 20):
        _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
        order = np.argsort(firsts, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        return place[inverse.reshape(-1)], firsts[order].astype(np.int64)
    first = np.full(bound, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int64)
    firsts = np.sort(first[first >= 0])
    place = np.empty(bound, dtype=np.int64)
    place[codes[firsts]] = np.arange(len(firsts))
    return place[codes], firsts
