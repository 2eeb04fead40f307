"""Who is joined to whom: compressed sparse rows for each set of types and direction, made when first asked for.

What a query creates or deletes is added to or taken from the rows on the way out, until so much has gathered that
making the rows anew is cheaper; so a clause that reads and writes row after row is not quadratic.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .arrays import Growing, ragged, sorted_by
from .batch import Bools, Ints

Direction = Literal["out", "in", "both"]
Codes = tuple[int, ...] | None
"""Numbers of relationship types; None for any."""

Small = npt.NDArray[np.int32]

REVERSE: dict[Direction, Direction] = {"out": "in", "in": "out", "both": "both"}

_FEW = 16
"""For so few nodes, new relationships are looked up in dictionaries; for more, in arrays."""
_LAG = 4096
"""Rows are made anew when so many relationships, and an eighth of their own, have come or gone since."""


class Rows:
    """Compressed sparse rows: node ``i`` has the entries ``indptr[i]`` to ``indptr[i + 1]``."""

    __slots__ = ("_pairs", "deletions", "indptr", "neighbours", "relationships", "upto")

    def __init__(
        self, nodes: int, here: Small, there: Small, relationships: Small, upto: int, deletions: int
    ) -> None:
        if len(here) and (here[1:] < here[:-1]).any():
            order = sorted_by(here)
            here, there, relationships = here[order], there[order], relationships[order]
        self.indptr = np.zeros(nodes + 1, dtype=np.int32)
        np.cumsum(np.bincount(here, minlength=nodes), out=self.indptr[1:])
        self.neighbours, self.relationships = there, relationships
        self.upto, self.deletions = upto, deletions
        self._pairs: tuple[Ints, Ints] | None = None

    def runs(self, nodes: Ints) -> tuple[Ints, Ints]:
        """Return where the entries of each node begin and how many there are; none for null and newer nodes."""
        last = len(self.indptr) - 2
        if last < 0:
            return np.zeros(len(nodes), dtype=np.int64), np.zeros(len(nodes), dtype=np.int64)
        inside, outside = nodes, None
        if len(nodes) and (nodes.min() < 0 or nodes.max() > last):
            inside = np.minimum(np.maximum(nodes, 0), last)
            outside = inside != nodes
        starts = self.indptr[inside].astype(np.int64)
        counts = self.indptr[inside + 1] - starts
        if outside is not None:
            counts[outside] = 0
        return starts, counts

    def between(self, sources: Ints, targets: Ints) -> tuple[Ints, Ints]:
        """Return row and relationship of every entry from a source to the target of the same row."""
        nodes = len(self.indptr) - 1
        if self._pairs is None:
            here = np.repeat(np.arange(nodes, dtype=np.int64), np.diff(self.indptr))
            keys = here * nodes + self.neighbours
            order = np.argsort(keys, kind="stable")
            self._pairs = keys[order], self.relationships[order].astype(np.int64)
        keys, relationships = self._pairs
        known = (sources >= 0) & (targets >= 0) & (sources < nodes) & (targets < nodes)
        wanted = np.where(known, sources * nodes + targets, -1)
        first = np.searchsorted(keys, wanted, side="left")
        rows, positions = ragged(first, np.searchsorted(keys, wanted, side="right") - first)
        return rows, relationships[positions]


class Adjacency:
    """The relationships of a graph and the rows made of them.

    Parameters
    ----------
    nodes
        How many nodes there are; more may come.
    sources, targets, types
        For every relationship the nodes it leads from and to, and the number of its type.
    """

    def __init__(self, nodes: int, sources: Small, targets: Small, types: Small) -> None:
        self.nodes = nodes
        self.sources, self.targets, self.types = Growing(sources), Growing(targets), Growing(types)
        self.alive = Growing(np.ones(len(sources), dtype=np.bool_))
        self.deletions: list[int] = []
        self._rows: dict[tuple[Codes, Direction], Rows] = {}
        self._recent = _Recent(self, self.count)

    @property
    def count(self) -> int:
        """How many relationships there are, deleted ones included."""
        return self.sources.size

    # --- writing -------------------------------------------------------------------------------------------

    def append(self, source: int, target: int, code: int) -> int:
        """Add a relationship and return its number."""
        self.sources.append(source)
        self.targets.append(target)
        self.types.append(code)
        self.alive.append(True)
        return self.count - 1

    def delete(self, relationship: int) -> None:
        """Mark a relationship as deleted."""
        self.alive.view[relationship] = False
        self.deletions.append(relationship)

    def restore(self, nodes: int, count: int, deletions: int) -> None:
        """Take back all but the first relationships and the first deletions."""
        self.nodes = nodes
        for relationship in self.deletions[deletions:]:
            self.alive.view[relationship] = True
        del self.deletions[deletions:]
        for array in (self.sources, self.targets, self.types, self.alive):
            array.truncate(count)
        self._rows = {
            key: rows
            for key, rows in self._rows.items()
            if rows.upto <= count and rows.deletions <= deletions and len(rows.indptr) <= nodes + 1
        }
        self._recent = _Recent(self, min((rows.upto for rows in self._rows.values()), default=count))

    # --- rows ----------------------------------------------------------------------------------------------

    def _current(self, codes: Codes, direction: Direction) -> Rows:
        """Return rows that lag behind the relationships by little at most."""
        key = (codes, direction)
        rows = self._rows.get(key)
        if rows is not None:
            lag = self.count - rows.upto + len(self.deletions) - rows.deletions
            if lag <= _LAG + rows.upto // 8:
                return rows
        rows = self._rows[key] = self._make(codes, direction)
        return rows

    def _make(self, codes: Codes, direction: Direction) -> Rows:
        here, there = self.sources.view, self.targets.view
        numbers = np.arange(self.count, dtype=np.int32)
        if codes is not None or self.deletions:
            numbers = numbers[self._of_types(numbers, codes)]
            here, there = here[numbers], there[numbers]
        if direction == "in":
            here, there = there, here
        elif direction == "both":
            apart = here != there
            here, there, numbers = (
                np.concatenate([here, there[apart]]),
                np.concatenate([there, here[apart]]),
                np.concatenate([numbers, numbers[apart]]),
            )
        return Rows(self.nodes, here, there, numbers, self.count, len(self.deletions))

    def _of_types(self, numbers: npt.NDArray[Any], codes: Codes) -> Bools:
        keep: Bools = self.alive.view[numbers]
        if codes is not None:
            wanted = np.zeros(max((int(self.types.view.max(initial=0)), *codes)) + 1, dtype=np.bool_)
            wanted[list(codes)] = True
            keep &= wanted[self.types.view[numbers]]
        return keep

    def _since(self, numbers: Ints, codes: Codes, direction: Direction) -> tuple[Ints, Ints, Ints]:
        """Return the ends of single relationships as entries: node, neighbour, relationship."""
        out = self.sources.view[numbers].astype(np.int64), self.targets.view[numbers].astype(np.int64)
        if direction == "out":
            return *out, numbers
        if direction == "in":
            return out[1], out[0], numbers
        apart = out[0] != out[1]
        return (
            np.concatenate([out[0], out[1][apart]]),
            np.concatenate([out[1], out[0][apart]]),
            np.concatenate([numbers, numbers[apart]]),
        )

    def _new(self, rows: Rows, nodes: Ints, codes: Codes, direction: Direction) -> tuple[Ints, Ints, Ints]:
        """Return the entries that are newer than the rows: row, neighbour, relationship."""
        if len(nodes) <= _FEW:
            return self._recent.entries(nodes, codes, direction, rows.upto)
        numbers = np.arange(rows.upto, self.count, dtype=np.int64)
        numbers = numbers[self._of_types(numbers, codes)]
        here, there, relationships = self._since(numbers, codes, direction)
        order = np.argsort(here, kind="stable")
        here = here[order]
        first = np.searchsorted(here, nodes, side="left")
        row, positions = ragged(first, np.searchsorted(here, nodes, side="right") - first)
        return row, there[order][positions], relationships[order][positions]

    # --- reading -------------------------------------------------------------------------------------------

    def expand(self, nodes: Ints, codes: Codes, direction: Direction) -> tuple[Ints, Ints, Ints]:
        """Return row, neighbour and relationship for every relationship of every node."""
        rows = self._current(codes, direction)
        row, positions = ragged(*rows.runs(nodes))
        neighbour = rows.neighbours[positions].astype(np.int64)
        relationship = rows.relationships[positions].astype(np.int64)
        if len(self.deletions) > rows.deletions:
            keep = self.alive.view[relationship]
            row, neighbour, relationship = row[keep], neighbour[keep], relationship[keep]
        if self.count > rows.upto:
            new = self._new(rows, nodes, codes, direction)
            if len(new[0]):
                row = np.concatenate([row, new[0]])
                order = np.argsort(row, kind="stable")
                return (
                    row[order],
                    np.concatenate([neighbour, new[1]])[order],
                    np.concatenate([relationship, new[2]])[order],
                )
        return row, neighbour, relationship

    def degree(self, nodes: Ints, codes: Codes, direction: Direction) -> Ints:
        """Return how many relationships every node has."""
        rows = self._current(codes, direction)
        counts = rows.runs(nodes)[1]
        if len(self.deletions) > rows.deletions:
            gone = np.array(self.deletions[rows.deletions :], dtype=np.int64)
            gone = gone[gone < rows.upto]
            if codes is not None:
                gone = gone[np.isin(self.types.view[gone], codes)]
            here = np.sort(self._since(gone, codes, direction)[0])
            counts -= np.searchsorted(here, nodes, side="right") - np.searchsorted(here, nodes, side="left")
        if self.count > rows.upto:
            counts += np.bincount(self._new(rows, nodes, codes, direction)[0], minlength=len(nodes))
        return counts

    def expand_into(
        self, sources: Ints, targets: Ints, codes: Codes, direction: Direction
    ) -> tuple[Ints, Ints]:
        """Return row and relationship for every relationship from a source to the target of the same row.

        Each row is answered from the end that has fewer relationships; where that would still be long, by binary
        search among all pairs.
        """
        forth = self.degree(sources, codes, direction)
        back = self.degree(targets, codes, REVERSE[direction])
        rows = self._current(codes, direction)
        whole = rows.upto == self.count and rows.deletions == len(self.deletions)
        if whole and int(np.minimum(forth, back).sum()) > 64 * len(sources) + len(rows.neighbours):
            return rows.between(sources, targets)
        found = []
        for part, near, far, way in (
            (np.flatnonzero(forth <= back), sources, targets, direction),
            (np.flatnonzero(forth > back), targets, sources, REVERSE[direction]),
        ):
            if len(part):
                row, neighbour, relationship = self.expand(near[part], codes, way)
                hit = neighbour == far[part][row]
                found.append((part[row[hit]], relationship[hit]))
        if not found:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        if len(found) == 1:
            return found[0]
        row = np.concatenate([part[0] for part in found])
        order = np.argsort(row, kind="stable")
        return row[order], np.concatenate([part[1] for part in found])[order]


class _Recent:
    """Relationships from ``start`` on, which is not after the end of any rows, by type and node."""

    def __init__(self, adjacency: Adjacency, start: int) -> None:
        self._adjacency, self._upto = adjacency, start
        self._out: dict[int, dict[int, list[int]]] = {}
        self._in: dict[int, dict[int, list[int]]] = {}

    def _catch_up(self) -> None:
        of = self._adjacency
        span = slice(self._upto, of.count)
        for number, source, target, code in zip(
            range(self._upto, of.count), of.sources.view[span].tolist(), of.targets.view[span].tolist(),
            of.types.view[span].tolist(), strict=True,
        ):  # fmt: skip
            self._out.setdefault(code, defaultdict(list))[source].append(number)
            self._in.setdefault(code, defaultdict(list))[target].append(number)
        self._upto = of.count

    def entries(self, nodes: Ints, codes: Codes, direction: Direction, since: int) -> tuple[Ints, Ints, Ints]:
        """Return row, neighbour and relationship of those that are not older than ``since``, for a few nodes."""
        if self._upto < self._adjacency.count:
            self._catch_up()
        of = self._adjacency
        sources, targets, alive = of.sources.view, of.targets.view, of.alive.view
        found: list[tuple[int, int, int]] = []
        for row, node in enumerate(nodes.tolist()):
            for way, held, far in (("out", self._out, targets), ("in", self._in, sources)):
                if direction not in (way, "both"):
                    continue
                for code in held if codes is None else codes:
                    numbers = held.get(code, {}).get(node, ())
                    for number in numbers[bisect_left(numbers, since) :]:
                        neighbour = int(far[number])
                        if alive[number] and not (way == "in" and direction == "both" and neighbour == node):
                            found.append((row, neighbour, number))
        if not found:
            empty = np.empty(0, dtype=np.int64)
            return empty, empty, empty
        array = np.array(found, dtype=np.int64)
        return array[:, 0], array[:, 1], array[:, 2]
