"""Columns that only come out of expressions: constants, property values, truth values that may be null.

Others see them as any :class:`~..batch.Column`; kernels look at their kind to take a shorter way.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import repeat
from operator import is_
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import semantics
from ..batch import BoolColumn, Bools, Column, IntColumn, Ints, NodeColumn, ValueColumn
from .haystack import Haystack

if TYPE_CHECKING:
    from ..layout import Layout

Objects = npt.NDArray[np.object_]
Test = Callable[[list[Any]], Bools]

_TRUTH_TYPES = {bool, type(None)}


class ConstantColumn(Column):
    """One value in every row."""

    __slots__ = ("size", "value")

    def __init__(self, value: Any, size: int) -> None:
        self.value, self.size = value, size

    def __len__(self) -> int:
        return self.size

    def take(self, rows: Ints) -> Column:
        return ConstantColumn(self.value, len(rows))

    def to_list(self) -> list[Any]:
        return [self.value] * self.size

    def is_null(self) -> Bools:
        return np.full(self.size, self.value is None)


class PropertyColumn(Column):
    """A property of entities: the graph's array of that property, and which of its elements each row has.

    Tests against constants are made once for the whole array where many rows ask, and remembered with the array:
    the graph hands out another array as soon as a value changes.
    """

    __slots__ = ("index", "source")

    def __init__(self, source: Objects, index: Ints) -> None:
        self.source, self.index = source, index

    def __len__(self) -> int:
        return len(self.index)

    def take(self, rows: Ints) -> Column:
        return PropertyColumn(self.source, self.index[rows])

    def to_list(self) -> list[Any]:
        absent = self.index < 0
        if not absent.any():
            found: list[Any] = self.source[self.index].tolist()
            return found
        array = np.full(len(absent), None, dtype=np.object_)
        array[~absent] = self.source[self.index[~absent]]
        return array.tolist()

    def is_null(self) -> Bools:
        return self.test(
            "IS NULL", lambda items: flags(map(is_, items, repeat(None)), len(items)), of_null=True
        )

    def followed_by(self, others: Sequence[Any]) -> Column | None:
        if any(other.source is not self.source for other in others):
            return None
        return PropertyColumn(self.source, np.concatenate([self.index, *(other.index for other in others)]))

    def coding(self) -> Coding | None:
        """Return numbers for the values of the whole array, None where that would cost more than the rows do."""
        known = _derived(self.source)
        if known.coding is None:
            if len(self.index) * _WHOLE_PAYS < len(self.source):
                return None
            known.coding = Coding(self.source.tolist())
        return known.coding

    def containing(self, needle: str) -> Bools | None:
        """Tell for every row whether its text holds a needle, None where that is asked row by row."""
        known = _derived(self.source)
        name = ("CONTAINS", str, needle)
        if name not in known.tests:  # the next batch of the same query asks again
            if len(self.index) * _WHOLE_PAYS < len(self.source):
                return None
            if known.haystack is None:
                known.haystack = Haystack(self.source.tolist())
            found = known.haystack.containing(needle)
            if found is None:
                return None
            known.remember(name, np.append(found, False))
        return known.tests[name][self.index]

    def test(self, name: Hashable, test: Test, *, of_null: bool = False) -> Bools:
        """Return the outcome of a test for every row; ``name`` tells it from all other tests.

        The test must not fail on any value, since it may see more values than the rows have.
        """
        known = _derived(self.source)
        if name not in known.tests:
            if len(self.index) * _WHOLE_PAYS < len(self.source):
                return test(self.to_list())
            # One more element at the end: there -1, no entity, finds its answer.
            known.remember(name, np.append(test(self.source.tolist()), of_null))
        return known.tests[name][self.index]


_WHOLE_PAYS = 32
"""A test looks at the whole array unless it has more than so many elements for each row that asks."""
_TESTS_KEPT = 16


class Coding:
    """The distinct values of a property, numbered: rows are told apart, and put in order, by whole numbers.

    Attributes
    ----------
    codes
        For every entity the number of its value; one more element at the end, where -1, no entity, finds null.
    values
        The distinct values, null among them.
    """

    def __init__(self, items: list[Any]) -> None:
        numbers: dict[Any, int] = {}
        self.values: list[Any] = []
        self.is_plain = set(map(type, items)) <= {str, type(None)} or set(map(type, items)) <= {
            int,
            type(None),
        }
        if self.is_plain:  # then the values are their own keys
            self.values = list(dict.fromkeys(items))
            numbers = {value: number for number, value in enumerate(self.values)}
            coded = map(numbers.__getitem__, items)
        else:
            keys = list(map(semantics.group_key, items))
            for key, item in zip(keys, items, strict=True):
                if numbers.setdefault(key, len(self.values)) == len(self.values):
                    self.values.append(item)
            coded = map(numbers.__getitem__, keys)
        if None not in self.values:
            self.values.append(None)
        self.null = self.values.index(None)
        self.codes = np.empty(len(items) + 1, dtype=np.int32)
        self.codes[:-1] = np.fromiter(coded, dtype=np.int32, count=len(items))
        self.codes[-1] = self.null
        self._ranks: Ints | None = None

    @property
    def ranks(self) -> Ints | None:
        """For every code the place of its value in ascending order, that of null last; None for mixed values."""
        if self._ranks is None and self.is_plain:
            values, null = self.values, self.null
            order = sorted((code for code in range(len(values)) if code != null), key=values.__getitem__)
            self._ranks = np.empty(len(values), dtype=np.int64)
            self._ranks[[*order, null]] = np.arange(len(values))
        return self._ranks


class _Derived:
    """What has been worked out for an array of property values."""

    __slots__ = ("coding", "haystack", "reference", "tests")

    def __init__(self, source: Objects) -> None:
        number = id(source)
        self.reference = weakref.ref(source, lambda _: _known.pop(number, None))
        self.tests: dict[Hashable, Bools] = {}
        self.coding: Coding | None = None
        self.haystack: Haystack | None = None

    def remember(self, name: Hashable, outcomes: Bools) -> None:
        """Keep the outcomes of a test, and forget the oldest where there are many."""
        while len(self.tests) >= _TESTS_KEPT:
            del self.tests[next(iter(self.tests))]
        self.tests[name] = outcomes


_known: dict[int, _Derived] = {}


def _derived(source: Objects) -> _Derived:
    """Return what has been worked out for an array; it is forgotten when the array is gone."""
    found = _known.get(id(source))
    if found is None or found.reference() is not source:
        found = _known[id(source)] = _Derived(source)
    return found


def outcomes(column: Column, name: Hashable, test: Test, *, of_null: bool = False) -> Bools:
    """Return the outcome of a test that cannot fail for every row of a column; ``of_null`` is that of null."""
    if isinstance(column, PropertyColumn):
        return column.test(name, test, of_null=of_null)
    return test(column.to_list())


def flags(values: Iterable[Any], size: int) -> Bools:
    """Return truth values as an array."""
    return np.fromiter(values, dtype=np.bool_, count=size)


class TernaryColumn(Column):
    """Truth values that may be null. Which are null is found out only when somebody asks: a filter never does."""

    __slots__ = ("_null", "true")

    def __init__(self, true: Bools, null: Bools | Callable[[], Bools]) -> None:
        self.true, self._null = true, null

    @property
    def null(self) -> Bools:
        """Where the truth is not known."""
        if callable(self._null):
            self._null = self._null()
        return self._null

    def __len__(self) -> int:
        return len(self.true)

    def take(self, rows: Ints) -> Column:
        return TernaryColumn(self.true[rows], self.null[rows])

    def to_list(self) -> list[Any]:
        found: list[Any] = self.true.tolist()
        for row in np.flatnonzero(self.null).tolist():
            found[row] = None
        return found

    def is_null(self) -> Bools:
        return self.null


def ternary(true: Bools, null: Bools) -> Column:
    """Return truth values as the narrowest column."""
    return TernaryColumn(true, null) if null.any() else BoolColumn(true)


def truths(column: Column) -> tuple[Bools, Bools]:
    """Return where a column is true and where it is null; raise the language's TypeError if it holds no truths."""
    if isinstance(column, BoolColumn):
        return column.array, np.zeros(len(column), dtype=np.bool_)
    if isinstance(column, TernaryColumn):
        return column.true, column.null
    return where_true(column), column.is_null()


def where_true(column: Column) -> Bools:
    """Return where a column is true; raise the language's TypeError if it holds no truths."""
    if isinstance(column, BoolColumn):
        return column.array
    if isinstance(column, TernaryColumn):
        return column.true
    size = len(column)
    if isinstance(column, ConstantColumn):
        return np.full(size, size > 0 and semantics.truth(column.value) is True)
    items = column.to_list()
    if not _TRUTH_TYPES.issuperset(map(type, items)):
        for item in items:
            semantics.truth(item)
    return flags(map(is_, items, repeat(True)), size)


def rowwise(function: Callable[..., Any], columns: Sequence[Column], size: int) -> Column:
    """Apply a function of plain values to every row; to constants only once.

    No row, no call: what nobody needs cannot fail.
    """
    if not size:
        return ValueColumn([])
    if all(type(column) is ConstantColumn for column in columns):
        return ConstantColumn(function(*(column.value for column in columns)), size)  # type: ignore[attr-defined]
    if len(columns) == 1:
        return ValueColumn(list(map(function, columns[0].to_list())))
    return ValueColumn(list(map(function, *(values_of(column) for column in columns))))


def values_of(column: Column) -> Any:
    """Return an iterable of the values; a constant is repeated without end, so pair it with a real column."""
    return repeat(column.value) if isinstance(column, ConstantColumn) else column.to_list()


def merge(size: int, parts: Sequence[tuple[Ints, Column]]) -> Column:
    """Put columns that hold the values of some rows each together; rows nobody holds are null."""
    if len(parts) == 1 and len(parts[0][0]) == size:
        return parts[0][1]
    kinds = {type(column) for _, column in parts}
    if len(kinds) == 1 and issubclass(kind := kinds.pop(), NodeColumn):
        index = np.full(size, -1, dtype=np.int64)
        for rows, column in parts:
            index[rows] = column.index  # type: ignore[attr-defined]
        layout: Layout = parts[0][1].layout  # type: ignore[attr-defined]
        return kind(layout, index)
    items: list[Any] = [None] * size
    for rows, column in parts:
        for row, item in zip(rows.tolist(), column.to_list(), strict=True):
            items[row] = item
    return ValueColumn(items)


def integers(column: Column) -> Ints | np.int64 | None:
    """Return the values as 64-bit integers if all are, else None; a constant as a single number."""
    if isinstance(column, IntColumn):
        return column.array
    if isinstance(column, ConstantColumn):
        return np.int64(column.value) if type(column.value) is int and fits(column.value) else None
    if isinstance(column, (PropertyColumn, ValueColumn)):
        items = column.to_list()
        if set(map(type, items)) == {int}:
            try:
                return np.array(items, dtype=np.int64)
            except OverflowError:
                return None
    return None


def fits(value: int) -> bool:
    """Tell whether a whole number is one of the language: 64 bits, signed."""
    return -(1 << 63) <= value < 1 << 63
