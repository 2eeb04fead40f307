"""Breadth-first search over a layout, a whole frontier at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .adjacency import REVERSE, Direction, Small
from .arrays import distinct
from .batch import Ints

if TYPE_CHECKING:
    from .layout import Layout

Types = Iterable[str] | None


@dataclass(slots=True)
class Search:
    """What a breadth-first search has found, by node: -1 where it did not come.

    Attributes
    ----------
    distances
        Steps from the source.
    parents, relationships
        The node before on a shortest path, and the relationship that leads from it; -1 for the source.
    """

    distances: Small
    parents: Small
    relationships: Small

    def path_to(self, node: int) -> list[int] | None:
        """Return the relationships of a shortest path from the source, None where there is none."""
        if self.distances[node] < 0:
            return None
        path: list[int] = []
        while self.parents[node] >= 0:
            path.append(int(self.relationships[node]))
            node = int(self.parents[node])
        return path[::-1]


class _Front:
    """One side of a search, which goes forward a level at a time."""

    def __init__(self, layout: Layout, source: int, types: Types, direction: Direction) -> None:
        size = layout.node_count
        self._layout, self._types, self._direction = layout, types, direction
        self.found = Search(
            np.full(size, -1, dtype=np.int32),
            np.full(size, -1, dtype=np.int32),
            np.full(size, -1, dtype=np.int32),
        )
        self.found.distances[source] = 0
        self.frontier: Ints = np.array([source], dtype=np.int64)
        self.depth = 0

    def cost(self) -> int:
        """Return how many relationships the next level looks at."""
        return int(self._layout.degree(self.frontier, self._types, self._direction).sum())

    def advance(self) -> None:
        """Go one step further from every node of the frontier."""
        found = self.found
        row, neighbour, relationship = self._layout.expand(self.frontier, self._types, self._direction)
        fresh = found.distances[neighbour] < 0
        row, neighbour, relationship = row[fresh], neighbour[fresh], relationship[fresh]
        self.depth += 1
        # Of several ways to a node the first counts, so that results do not depend on how numpy assigns.
        found.parents[neighbour[::-1]] = self.frontier[row[::-1]]
        found.relationships[neighbour[::-1]] = relationship[::-1]
        found.distances[neighbour] = self.depth
        self.frontier = distinct(neighbour)


def bfs(
    layout: Layout,
    source: int,
    types: Types = None,
    direction: Direction = "out",
    most: int | None = None,
    target: int | None = None,
) -> Search:
    """Search in breadth from a node, ``most`` steps at most, until ``target`` is found where one is given."""
    front = _Front(layout, source, types, direction)
    while len(front.frontier) and (most is None or front.depth < most):
        if target is not None and front.found.distances[target] >= 0:
            break
        front.advance()
    return front.found


def shortest_path(
    layout: Layout,
    source: int,
    target: int,
    types: Types = None,
    direction: Direction = "out",
    most: int | None = None,
    check: Callable[[], None] | None = None,
) -> list[int] | None:
    """Return the relationships of one shortest path, in order; None where there is none.

    ``check`` is called before each level, and may raise to stop the search.

    The search goes from both ends, each time from the one that has fewer relationships to look at, and ends where
    the two meet: of all nodes where they meet, at one that makes the path shortest.
    """
    types = None if types is None else tuple(types)
    if source == target:
        return []
    forth = _Front(layout, source, types, direction)
    back = _Front(layout, target, types, REVERSE[direction])
    while len(forth.frontier) and len(back.frontier) and (most is None or forth.depth + back.depth < most):
        if check is not None:
            check()
        near = forth if forth.cost() <= back.cost() else back
        far = back if near is forth else forth
        near.advance()
        met = near.frontier[far.found.distances[near.frontier] >= 0]
        if len(met):
            meeting = int(met[np.argmin(far.found.distances[met])])
            first, last = forth.found.path_to(meeting), back.found.path_to(meeting)
            assert first is not None and last is not None
            return first + last[::-1]
    return None


def reachable(
    layout: Layout,
    source: int,
    types: Types = None,
    direction: Direction = "out",
    least: int = 1,
    most: int | None = None,
) -> Ints:
    """Return the nodes where ``(source)-[*least..most]-()`` ends, each once, in ascending order.

    Cypher counts trails: paths that repeat no relationship. With ``least`` 0 or 1 the ends of the trails are
    exactly the nodes within reach: a shortest path repeats nothing, and so is a trail. The source itself is an end
    of a trail of one step or more if it lies on a closed trail, which is looked for. With a greater ``least`` a
    longer trail may end at a nearer node, so that reach tells nothing.

    Raises
    ------
    ValueError
        ``least`` is greater than 1.
    """
    if least > 1:
        raise ValueError("reachability answers for trails of least length 0 or 1 only")
    types = None if types is None else tuple(types)
    found = bfs(layout, source, types, direction, most)
    ends = found.distances > 0
    ends[source] = least == 0 or _closes(layout, source, types, direction, most, found)
    return np.flatnonzero(ends)


def _closes(
    layout: Layout, source: int, types: Types, direction: Direction, most: int | None, found: Search
) -> bool:
    """Tell whether a trail of ``most`` steps at most leads from a node back to it."""
    if direction != "both":
        # A shortest way back repeats no node and so no relationship.
        _, before, _ = layout.expand(np.array([source], dtype=np.int64), types, REVERSE[direction])
        back = found.distances[before]
        return bool(((back >= 0) & (most is None or back < most)).any())
    # Undirected: the way back must not be the way there. Every node is marked with the first relationship of its
    # shortest path; a relationship between two marks closes a trail.
    reached = np.flatnonzero(found.distances >= 0)
    reached = reached[np.argsort(found.distances[reached], kind="stable")]
    first = np.full(len(found.distances), -1, dtype=np.int64)
    for depth in range(1, int(found.distances.max()) + 1):
        level = reached[found.distances[reached] == depth]
        parents = found.parents[level]
        first[level] = found.relationships[level] if depth == 1 else first[parents]
    row, neighbour, relationship = layout.expand(reached, types, "both")
    origin = reached[row]
    mine = np.where(origin == source, relationship, first[origin])
    theirs = np.where(neighbour == source, relationship, first[neighbour])
    length = found.distances[origin] + found.distances[neighbour] + 1
    closed = (found.distances[neighbour] >= 0) & (
        (mine != theirs) | (origin == neighbour) & (origin == source)
    )
    if most is not None:
        closed &= length <= most
    return bool(closed.any())
