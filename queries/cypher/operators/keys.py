"""Telling rows apart by some of their columns: numbers for equal keys, without comparing Python objects twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import sorted_by
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
    if len(columns) > 1:
        codes, bound = _compressed(codes, bound)
    for column in columns[1:]:
        more, most = _compressed(*codes_of(column))
        if bound * most >= 1 << 62:
            _, codes = np.unique(codes, return_inverse=True)
            bound = int(codes.max(initial=0)) + 1
        codes, bound = codes * most + more, bound * most
    return dense(codes, bound)


def _compressed(codes: Ints, bound: int) -> tuple[Ints, int]:
    """Leave out the codes that do not occur, where a look is cheap: what is combined with others stays small."""
    if bound > 4 * len(codes) + 1024:
        return codes, bound
    there = np.zeros(bound, dtype=np.bool_)
    there[codes] = True
    place = np.cumsum(there) - 1
    return place[codes], int(place[-1]) + 1


def dense(codes: Ints, bound: int) -> tuple[Ints, Ints]:
    """Number codes in order of appearance; see :func:`group`."""
    size = len(codes)
    if bound > 32 * size + (1 << 20):
        rows = sorted_by(codes)
        held = codes[rows]
        starts = np.empty(size, dtype=np.bool_)
        starts[:1] = True
        np.not_equal(held[1:], held[:-1], out=starts[1:])
        firsts = rows[starts]
        order = np.argsort(firsts)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        groups = np.empty(size, dtype=np.int64)
        groups[rows] = place[np.cumsum(starts) - 1]
        return groups, firsts[order]
    every = np.arange(size, dtype=np.int32)
    first = np.full(bound, size, dtype=np.int32)
    np.minimum.at(first, codes, every)
    mine = first[codes]  # for every row the first one of its group
    is_first = mine == every
    firsts = np.flatnonzero(is_first)
    if bound > size:
        return (np.cumsum(is_first) - 1)[mine], firsts
    place = np.empty(bound, dtype=np.int64)
    place[codes[firsts]] = every[: len(firsts)]
    return place[codes], firsts
