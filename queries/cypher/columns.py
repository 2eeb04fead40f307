"""Properties by column, and indexes on their values: made when first asked for, then kept true."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from math import isnan
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import Growing
from .batch import Ints
from .equality import equal
from .ordering import group_key
from .plain import is_plain, plain

Objects = npt.NDArray[np.object_]

ID = "id"
"""The property under which a citegraph node shows its id, as on a Neo4j server."""

_PLAIN = frozenset({str, int, float, bool})
_OWN_KEY = frozenset({str, int})
"""Types whose values are their own grouping keys."""


def key_of(value: Any) -> Any:
    """Return the key under which a value is indexed."""
    return value if type(value) in _OWN_KEY else group_key(value)


class Columns:
    """The properties of all nodes, or of all relationships.

    Parameters
    ----------
    attributes
        For each entity the dictionary that holds its properties. The list may grow, and a dictionary in it may be
        replaced; a changed property is told by :meth:`changed`.
    reserved
        The attribute that is no property: ``labels`` or ``type``.
    ids
        Where the entities' ids are to be seen as their property ``id``: the ids by number, None for an entity that
        gets its id at the commit.
    foreseen
        Tells the id that such an entity will get, None where nothing can be told yet.
    """

    def __init__(
        self,
        attributes: list[Mapping[str, Any]],
        reserved: str,
        ids: list[Any] | None = None,
        foreseen: Callable[[int], Any] = lambda number: None,
    ) -> None:
        self.attributes, self.reserved = attributes, reserved
        self._ids, self._foreseen = ids, foreseen
        self.key = None if ids is None else ID
        """The property that is the entity's id, if there is one."""
        self._columns: dict[str, _Column] = {}
        self._indexes: dict[str, _Index] = {}
        self._keys: set[str] | None = None
        self._keys_upto = 0
        # Several threads may read at once; what is made at first use is made by one of them.
        self._making = RLock()

    def properties(self, number: int) -> dict[str, Any]:
        """Return the properties of an entity, those that are null left out."""
        reserved = self.reserved
        held = {
            key: plain(value)
            for key, value in self.attributes[number].items()
            if value is not None and key != reserved and type(key) is str
        }
        if self.key is None or (own := self.id_of(number)) is None:
            return held
        return {self.key: own} | held

    def id_of(self, number: int) -> Any:
        """Return the id of an entity, or the one foreseen for it; None where ids are no properties."""
        if self._ids is None:
            return None
        own = self._ids[number]
        return self._foreseen(number) if own is None else own

    def keys(self) -> frozenset[str]:
        """Return the keys that some entity has or had."""
        with self._making:
            if self._keys is None:
                self._keys = {self.key} if self.key is not None and self.attributes else set()
            if self._keys_upto < len(self.attributes):
                self._keys.update(*self.attributes[self._keys_upto :])
                self._keys_upto = len(self.attributes)
            return frozenset(key for key in self._keys if type(key) is str and key != self.reserved)

    def column(self, key: str) -> Objects:
        """Return the values of a property, None where there is none; not to be changed.

        The same array is returned until a value of the property changes or an entity is added.
        """
        held = self._columns.get(key)
        if held is None or held.size < len(self.attributes):
            with self._making:
                held = self._columns.get(key)
                if held is None:
                    held = self._columns[key] = _Column(self._read(key, 0))
                elif held.size < len(self.attributes):
                    held.extend(self._read(key, held.size))
        return held.view

    def _read(self, key: str, start: int) -> Objects:
        rows = self.attributes[start:] if start else self.attributes
        if key == self.reserved:
            return np.full(len(rows), None, dtype=np.object_)
        if key == self.key:
            assert self._ids is not None
            own = self._ids[start:]
            if None in own[-1:]:  # those that wait for the commit are the last
                own = list(map(self.id_of, range(start, len(self._ids))))
            return np.fromiter(own, dtype=np.object_, count=len(own))
        values = [row.get(key) for row in rows]
        if not is_plain(set(map(type, values))):
            values = list(map(plain, values))
        return np.fromiter(values, dtype=np.object_, count=len(rows))

    def lookup(self, key: str, value: Any) -> Ints:
        """Return the entities whose property equals a value, in ascending order; not to be changed."""
        column = self.column(key)
        index = self._indexes.get(key)
        if index is None or index.upto < len(column):
            with self._making:
                index = self._indexes.setdefault(key, _Index())
                index.extend(column)
        if value is None or (type(value) is float and isnan(value)):  # nothing equals null or NaN
            return _NONE
        found = index.groups.get(key_of(value), _NONE)
        if type(value) not in _PLAIN:  # in a group null is null, to a comparison it is unknown
            found = [number for number in _listed(found) if equal(column[number], value)]
        return found if isinstance(found, np.ndarray) else np.array(found, dtype=np.int64, ndmin=1)

    def changed(self, number: int, key: str, old: Any, new: Any) -> None:
        """Note that the property of an entity has changed."""
        old, new = plain(old), plain(new)
        column = self._columns.get(key)
        if column is not None and number < column.size:
            column.write(number, new)
        index = self._indexes.get(key)
        if index is not None and number < index.upto:
            index.move(number, old, new)
        if self._keys is not None:
            self._keys.add(key)

    def forget(self) -> None:
        """Drop columns and indexes, so that they are made anew."""
        self._columns.clear()
        self._indexes.clear()
        self._keys, self._keys_upto = None, 0


_NONE: Ints = np.empty(0, dtype=np.int64)
_NONE.setflags(write=False)


Group = Ints | list[int] | int
"""Entities of one value: an array as made, a list once it has changed, or a single one."""


def _listed(found: Group) -> list[int]:
    if isinstance(found, int):
        return [found]
    return found if isinstance(found, list) else found.tolist()


class _Column:
    """An object array that may grow and change, while arrays handed out before stay as they were."""

    __slots__ = ("_held", "_view")

    def __init__(self, values: Objects) -> None:
        self._held = Growing(values)
        self._view: Objects | None = None

    @property
    def size(self) -> int:
        return self._held.size

    @property
    def view(self) -> Objects:
        if self._view is None:
            self._view = self._held.view
        return self._view

    def extend(self, values: Objects) -> None:
        self._view = None
        for value in values:
            self._held.append(value)

    def write(self, number: int, value: Any) -> None:
        self._view = None
        if self._held.is_shared():
            self._held = Growing(self._held.view.copy())
        self._held.view[number] = value


class _Index:
    """For every value the entities that have it."""

    __slots__ = ("groups", "upto")

    def __init__(self) -> None:
        self.groups: dict[Any, Group] = {}
        self.upto = 0

    def extend(self, column: Objects) -> None:
        """Take in the values that are newer than the index."""
        start = self.upto
        if start == len(column):
            return
        groups = self.groups
        for number, value in enumerate(column[start:].tolist() if start else column.tolist(), start):
            if value is not None:
                key = value if type(value) in _OWN_KEY else group_key(value)
                held = groups.get(key)
                if held is None:
                    groups[key] = number
                elif isinstance(held, list):
                    held.append(number)
                else:
                    groups[key] = [*_listed(held), number]
        if not start:
            for key, held in groups.items():
                if isinstance(held, list) and len(held) > _LONG:
                    groups[key] = np.array(held, dtype=np.int64)
        self.upto = len(column)  # last of all: whoever finds it so may use the index

    def move(self, number: int, old: Any, new: Any) -> None:
        """Take an entity from one value to another."""
        if old is not None:
            key = key_of(old)
            held = self.groups[key] = _listed(self.groups[key])
            del held[bisect_left(held, number)]
            if not held:
                del self.groups[key]
        if new is not None:
            key = key_of(new)
            held = self.groups[key] = _listed(self.groups.get(key, []))
            insort(held, number)


_LONG = 32
"""Groups longer than this are kept as arrays, which are smaller and sooner handed out."""
