"""Rows in flight: a batch holds many rows as columns, entities as arrays of their numbers.

Operators that only move entities (expand, filter by label, distinct, count) work on the arrays; everything else
asks a column for its values. A missing entity (null) is -1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .values import Node, Relationship

if TYPE_CHECKING:
    from .layout import Layout

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Column:
    """One variable's values for every row of a batch."""

    __slots__ = ()

    def __len__(self) -> int:
        raise NotImplementedError

    def take(self, rows: Ints) -> Column:
        """Return the column of the given rows, in that order."""
        raise NotImplementedError

    def to_list(self) -> list[Any]:
        """Return the values."""
        raise NotImplementedError

    def is_null(self) -> Bools:
        """Tell for every row whether the value is null."""
        raise NotImplementedError

    def followed_by(self, others: Sequence[Any]) -> Column | None:
        """Return this column with others of its own kind under it, None where they do not go together as arrays."""
        return None


class NodeColumn(Column):
    """Nodes by number."""

    __slots__ = ("index", "layout")
    entity: type[Node] | type[Relationship] = Node

    def __init__(self, layout: Layout, index: Ints) -> None:
        self.layout, self.index = layout, index

    def __len__(self) -> int:
        return len(self.index)

    def take(self, rows: Ints) -> Column:
        return type(self)(self.layout, self.index[rows])

    def to_list(self) -> list[Any]:
        make, layout = self.entity, self.layout
        return [make(layout, index) if index >= 0 else None for index in self.index.tolist()]

    def is_null(self) -> Bools:
        return self.index < 0

    def followed_by(self, others: Sequence[Any]) -> Column | None:
        return type(self)(self.layout, np.concatenate([self.index, *(other.index for other in others)]))


class RelationshipColumn(NodeColumn):
    """Relationships by number."""

    __slots__ = ()
    entity = Relationship


class ValueColumn(Column):
    """Any values, as a list; ``items`` is not to be changed."""

    __slots__ = ("items",)

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def take(self, rows: Ints) -> Column:
        items = self.items
        return ValueColumn([items[row] for row in rows.tolist()])

    def to_list(self) -> list[Any]:
        return self.items

    def is_null(self) -> Bools:
        return np.fromiter((item is None for item in self.items), dtype=np.bool_, count=len(self.items))


class IntColumn(Column):
    """Whole numbers without null, such as counts, as an array."""

    __slots__ = ("array",)

    def __init__(self, array: Ints) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def take(self, rows: Ints) -> Column:
        return IntColumn(self.array[rows])

    def to_list(self) -> list[Any]:
        found: list[Any] = self.array.tolist()
        return found

    def is_null(self) -> Bools:
        return np.zeros(len(self.array), dtype=np.bool_)

    def followed_by(self, others: Sequence[Any]) -> Column | None:
        return type(self)(np.concatenate([self.array, *(other.array for other in others)]))


class BoolColumn(Column):
    """Truth values without null, such as the outcome of a filter, as an array."""

    __slots__ = ("array",)

    def __init__(self, array: Bools) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def take(self, rows: Ints) -> Column:
        return BoolColumn(self.array[rows])

    def to_list(self) -> list[Any]:
        found: list[Any] = self.array.tolist()
        return found

    def is_null(self) -> Bools:
        return np.zeros(len(self.array), dtype=np.bool_)

    def followed_by(self, others: Sequence[Any]) -> Column | None:
        return type(self)(np.concatenate([self.array, *(other.array for other in others)]))


class Batch:
    """Rows as columns; ``size`` counts the rows, also where there is no column."""

    __slots__ = ("columns", "size")

    def __init__(self, size: int, columns: Mapping[str, Column]) -> None:
        self.size = size
        self.columns = dict(columns)

    def take(self, rows: Ints) -> Batch:
        """Return the given rows, in that order; a row may be given more than once."""
        return Batch(len(rows), {name: column.take(rows) for name, column in self.columns.items()})

    def where(self, mask: Bools) -> Batch:
        """Return the rows for which the mask holds."""
        return self if mask.all() else self.take(np.flatnonzero(mask))

    def having(self, columns: Mapping[str, Column]) -> Batch:
        """Return the batch with columns added or replaced."""
        return Batch(self.size, self.columns | dict(columns))

    def keep(self, names: Iterable[str]) -> Batch:
        """Return the batch with these columns only, in this order."""
        return Batch(self.size, {name: self.columns[name] for name in names})


def concat(batches: Sequence[Batch]) -> Batch:
    """Put batches of the same columns under each other; there must be at least one."""
    if len(batches) == 1:
        return batches[0]
    names = batches[0].columns
    joined = {name: concat_columns([batch.columns[name] for batch in batches]) for name in names}
    return Batch(sum(batch.size for batch in batches), joined)


def concat_columns(columns: Sequence[Column]) -> Column:
    """Put columns under each other; of the same kind they stay arrays."""
    first = columns[0]
    if len(columns) == 1:
        return first
    if all(type(column) is type(first) for column in columns):
        joined = first.followed_by(columns[1:])
        if joined is not None:
            return joined
    return ValueColumn([item for column in columns for item in column.to_list()])


def column_of(layout: Layout, items: list[Any]) -> Column:
    """Return values as the narrowest column that holds them: entities become arrays of their numbers."""
    kinds = {type(item) for item in items if item is not None}
    if kinds == {Node}:
        return NodeColumn(layout, _numbers(items))
    if kinds == {Relationship}:
        return RelationshipColumn(layout, _numbers(items))
    return ValueColumn(items)


def _numbers(items: list[Any]) -> Ints:
    return np.fromiter(
        (-1 if item is None else item.index for item in items), dtype=np.int64, count=len(items)
    )
