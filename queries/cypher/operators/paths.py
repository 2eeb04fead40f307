"""Whole paths: shortest ones, repeated patterns, and the value a path variable holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import distinct
from ..batch import Batch, Bools, Column, Ints, NodeColumn, RelationshipColumn, ValueColumn
from ..syntax import Expression, LabelExpression
from ..traversal import shortest_path
from ..values import Node, Path, Relationship
from .base import Operator, Runtime, row_numbers, watched, with_row_numbers
from .describe import arrow
from .expand import Direction, nodes_of, type_names


@dataclass(slots=True, eq=False)
class BuildPath(Operator):
    """Puts the nodes and relationships of a pattern together to a path.

    ``parts`` alternate node variables and relationship variables; a relationship variable may hold one, or a list.
    For a repeated pattern it holds the whole path walked.
    """

    child: Operator
    variable: str
    parts: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"{self.variable} = path"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            lists = [batch.columns[name].to_list() for name in self.parts]
            paths = [build_path(values) for values in zip(*lists, strict=True)]
            yield batch.having({self.variable: ValueColumn(paths)})


def build_path(values: tuple[Any, ...]) -> Path | None:
    """Walk from the first node along relationships and lists of them."""
    if any(value is None for value in values):
        return None
    nodes: list[Node] = [values[0]]
    relationships: list[Relationship] = []
    for value in values[1::2]:
        if isinstance(value, Path):
            nodes.extend(value.nodes[1:])
            relationships.extend(value.relationships)
            continue
        for relationship in value if isinstance(value, list) else [value]:
            start, end = relationship.layout.relationship_ends(relationship.index)
            at = nodes[-1].index
            nodes.append(Node(relationship.layout, end if start == at else start))
            relationships.append(relationship)
    return Path(tuple(nodes), tuple(relationships))


@dataclass(slots=True, eq=False)
class ShortestPath(Operator):
    """For every row, one shortest trail between two known nodes, or all of them."""

    child: Operator
    source: str
    relationship: str
    types: LabelExpression | None
    direction: Direction
    target: str
    least: int
    most: int | None
    which: Literal["one", "all"]
    predicate: Expression | None = None
    step: str = "  step"
    single: bool = False
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        step = arrow(type_names(self.types), self.direction, "*")
        return f"{'a' if self.which == 'one' else 'every'} shortest ({self.source}){step}({self.target})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            sources, targets = nodes_of(batch, self.source).tolist(), nodes_of(batch, self.target).tolist()
            rows: list[int] = []
            trails: list[Any] = []
            for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
                if source < 0 or target < 0:
                    continue
                for trail in self._trails(runtime, batch, row, source, target):
                    rows.append(row)
                    trails.append([Relationship(runtime.layout, number) for number in trail])
            if rows:
                values = [trail[0] for trail in trails] if self.single else trails
                yield batch.take(np.array(rows, dtype=np.int64)).having(
                    {self.relationship: ValueColumn(values)}
                )

    def _trails(
        self, runtime: Runtime, batch: Batch, row: int, source: int, target: int
    ) -> Iterator[list[int]]:
        if self.least > 1:
            yield from self._longer(runtime, batch, row, source, target)
            return
        if self.least == 0 and source == target:
            yield []
            return
        if self.which == "one" and self.predicate is None and source != target:
            types = runtime.layout.type_set(self.types)
            found = shortest_path(
                runtime.layout, source, target, types, self.direction, self.most, runtime.check
            )
            if found is not None:
                yield found
            return
        if source == target and self.direction == "both":
            yield from self._circles(runtime, batch, row, source)
            return
        layers = self._search(runtime, batch, row, source, target, self.most)
        if layers is not None:
            yield from self._unwind(layers, source, target)

    def _circles(self, runtime: Runtime, batch: Batch, row: int, node: int) -> Iterator[list[int]]:
        """Search the shortest ways back to a node: by one of its relationships, then home without it."""
        layout = runtime.layout
        types = layout.type_set(self.types)
        if types == () or self.most == 0:
            return
        _, ends, first = layout.expand(np.array([node], dtype=np.int64), types, self.direction)
        keep = self._steps_fit(runtime, batch, row, first)
        found: list[list[int]] = []
        for end, number in zip(ends[keep].tolist(), first[keep].tolist(), strict=True):
            most = min((len(trail) for trail in found), default=self.most)
            if end == node:
                ways: list[list[int]] = [[]]
            else:
                layers = self._search(
                    runtime, batch, row, end, node, None if most is None else most - 1, number
                )
                ways = list(self._unwind(layers, end, node)) if layers is not None else []
            found += [[number, *way] for way in ways]
        least = min((len(trail) for trail in found), default=0)
        shortest = [trail for trail in found if len(trail) == least]
        yield from shortest[:1] if self.which == "one" else shortest

    def _steps_fit(self, runtime: Runtime, batch: Batch, row: int, relationships: Ints) -> Bools:
        """Tell for relationships whether they fit what the pattern asks of each."""
        if self.predicate is None or not len(relationships):
            return np.ones(len(relationships), dtype=np.bool_)
        one = batch.take(np.full(len(relationships), row, dtype=np.int64))
        held = one.having({self.step: RelationshipColumn(runtime.layout, relationships)})
        return runtime.mask(self.predicate)(held, runtime.context)

    def _search(
        self, runtime: Runtime, batch: Batch, row: int, source: int, target: int, most: int | None,
        without: int = -1,
    ) -> list[tuple[Ints, Ints, Ints]] | None:  # fmt: skip
        """Search in breadth from the source; return per depth the steps (from, relationship, to) onto new nodes.

        ``without`` is a relationship not to be taken.
        """
        layout = runtime.layout
        types = layout.type_set(self.types)
        if types == ():
            return None
        seen = np.zeros(layout.node_count, dtype=np.bool_)
        seen[source] = source != target
        frontier = np.array([source], dtype=np.int64)
        layers: list[tuple[Ints, Ints, Ints]] = []
        while len(frontier) and (most is None or len(layers) < most):
            runtime.check()
            origin, neighbours, relationships = layout.expand(frontier, types, self.direction)
            keep = ~seen[neighbours] & (relationships != without)
            if keep.any():
                keep &= self._steps_fit(runtime, batch, row, relationships)
            origin, neighbours, relationships = origin[keep], neighbours[keep], relationships[keep]
            layers.append((frontier[origin], relationships, neighbours))
            if (neighbours == target).any():
                return layers
            frontier = distinct(neighbours)
            seen[frontier] = True
        return None

    def _unwind(self, layers: list[tuple[Ints, Ints, Ints]], source: int, target: int) -> Iterator[list[int]]:
        """Follow the steps back from the target; every choice on the way is another shortest trail."""
        stack: deque[tuple[int, int, list[int]]] = deque([(len(layers) - 1, target, [])])
        while stack:
            depth, node, tail = stack.pop()
            if depth < 0:
                if node == source and len(set(tail)) == len(tail):
                    yield tail
                    if self.which == "one":
                        return
                continue
            origins, relationships, neighbours = layers[depth]
            for index in np.flatnonzero(neighbours == node).tolist():
                stack.append((depth - 1, int(origins[index]), [int(relationships[index]), *tail]))

    def _longer(
        self, runtime: Runtime, batch: Batch, row: int, source: int, target: int
    ) -> Iterator[list[int]]:
        """Search trails by length, where the first way to a node need not be the one that counts."""
        layout = runtime.layout
        types = layout.type_set(self.types)
        waiting: list[tuple[int, list[int]]] = [(source, [])]
        seen = {source} if source != target and self._first_way_counts() else None
        depth = 0
        while waiting and (self.most is None or depth < self.most) and types != ():
            runtime.check()
            frontier = np.array([node for node, _ in waiting], dtype=np.int64)
            origin, neighbours, relationships = layout.expand(frontier, types, self.direction)
            fit = self._steps_fit(runtime, batch, row, relationships)
            grown = [
                (neighbour, [*waiting[o][1], number])
                for o, neighbour, number in watched(
                    runtime,
                    zip(
                        origin[fit].tolist(),
                        neighbours[fit].tolist(),
                        relationships[fit].tolist(),
                        strict=True,
                    ),
                )
                if number not in waiting[o][1]
            ]
            depth += 1
            cells = len(grown) * depth
            if runtime.most_cells is not None and cells > runtime.most_cells:
                runtime.hold(Batch(cells, {}))
            ends = {id(trail): node for node, trail in grown}
            kept = self._continue(runtime, batch, row, source, [trail for _, trail in grown])
            waiting = self._first_ways([(ends[id(trail)], trail) for trail in kept], seen)
            if depth < self.least:
                continue
            found = [trail for node, trail in waiting if node == target]
            found = self._accept(runtime, batch, row, source, found)
            if found:
                yield from found[:1] if self.which == "one" else found
                return

    def _first_ways(
        self, trails: list[tuple[int, list[int]]], seen: set[int] | None
    ) -> list[tuple[int, list[int]]]:
        """Leave out trails to nodes that were come to before; all there are where ``seen`` is None."""
        if seen is None:
            return trails
        new = [(node, trail) for node, trail in trails if node not in seen]
        if self.which == "one":
            new = list({node: (node, trail) for node, trail in new}.values())
        seen |= {node for node, _ in new}
        return new

    def _first_way_counts(self) -> bool:
        """Tell whether no longer way to a node can be part of a path that is looked for."""
        return False

    def _continue(
        self, runtime: Runtime, batch: Batch, row: int, source: int, trails: list[list[int]]
    ) -> list[list[int]]:
        """Keep the trails that may become a path that is looked for."""
        return trails

    def _accept(
        self, runtime: Runtime, batch: Batch, row: int, source: int, trails: list[list[int]]
    ) -> list[list[int]]:
        """Keep the trails that are what is looked for."""
        return trails


@dataclass(slots=True, eq=False)
class Repeat(Operator):
    """A pattern repeated ``least`` to ``most`` times, each time from where the last one ended; no relationship twice.

    ``body`` is planned with ``first`` bound; it ends at ``last``. Outside, the variables of the body hold lists.
    """

    child: Operator
    body: Operator
    source: str
    target: str
    first: str
    last: str
    variables: tuple[str, ...]
    relationships: tuple[str, ...]
    body_parts: tuple[str, ...]
    outer: tuple[str, ...]
    least: int
    most: int | None
    into: bool
    path: str | None = None
    apart: tuple[str, ...] = ()
    shortest: Literal["one", "all"] | None = None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child, self.body)

    def describe(self) -> str:
        most = "" if self.most is None else str(self.most)
        return f"({self.source}) repeat {{{self.least},{most}}} ({self.target})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            yield from self._repeat(runtime, batch)

    def _repeat(self, runtime: Runtime, batch: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        sources = nodes_of(batch, self.source)
        origin = np.flatnonzero(sources >= 0)
        node = sources[origin]
        lists: dict[str, list[list[Any]]] = {name: [[] for _ in origin] for name in self.variables}
        used: list[frozenset[int]] = [self._used(batch, row) for row in origin.tolist()]
        walked: list[Path] = [Path((Node(layout, n),), ()) for n in node.tolist()]
        depth = 0
        reached: set[tuple[int, int]] = set()
        while len(origin):
            runtime.check()
            if depth >= self.least:
                if self.shortest is not None:
                    first = self._first_here(origin, node, reached)
                    origin, node, lists = origin[first], node[first], _taken(lists, first)
                    used, walked = [used[i] for i in first], [walked[i] for i in first]
                yield from self._emit(runtime, batch, origin, node, lists, walked)
            if self.most is not None and depth >= self.most:
                return
            outer = batch.take(origin).keep([n for n in self.outer if n in batch.columns])
            inner = with_row_numbers(
                outer.having({self.first: NodeColumn(layout, node)}), [*self.outer, self.first]
            )
            found = self.body.whole(runtime, inner)
            if found is None:
                return
            rows = row_numbers(found)
            values = {name: found.columns[name].to_list() for name in {*self.variables, *self.body_parts}}
            numbers = [
                _relationship_numbers([values[n][i] for n in self.relationships])
                for i in watched(runtime, range(found.size))
            ]
            keep = [
                i
                for i, row in enumerate(rows.tolist())
                if numbers[i] and len(set(numbers[i])) == len(numbers[i]) and used[row].isdisjoint(numbers[i])
            ]
            back = rows[keep] if keep else np.empty(0, dtype=np.int64)
            steps = [
                build_path(tuple(values[name][i] for name in self.body_parts)) for i in watched(runtime, keep)
            ]
            lists = {
                name: [
                    [*lists[name][row], values[name][i]] for row, i in zip(back.tolist(), keep, strict=True)
                ]
                for name in self.variables
            }
            pairs = watched(runtime, zip(back.tolist(), steps, strict=True))
            walked = [_longer_path(walked[row], step) for row, step in pairs]
            runtime.check()
            used = [used[row] | frozenset(numbers[i]) for row, i in zip(back.tolist(), keep, strict=True)]
            origin, node = origin[back], nodes_of(found, self.last)[keep] if keep else back
            depth += 1

    def _first_here(self, origin: Ints, node: Ints, reached: set[tuple[int, int]]) -> list[int]:
        """Return the walks that are the first to end where they do; there is no shorter way through it then."""
        before = frozenset(reached) if self.shortest == "all" else reached
        found = []
        for place, pair in enumerate(zip(origin.tolist(), node.tolist(), strict=True)):
            if pair not in before:
                found.append(place)
            reached.add(pair)
        return found

    def _used(self, batch: Batch, row: int) -> frozenset[int]:
        held = [batch.columns[name].take(np.array([row], dtype=np.int64)).to_list()[0] for name in self.apart]
        return frozenset(_relationship_numbers(held))

    def _emit(
        self, runtime: Runtime, batch: Batch, origin: Ints, node: Ints, lists: dict[str, list[list[Any]]],
        walked: list[Path],
    ) -> Iterator[Batch]:  # fmt: skip
        rows = np.arange(len(origin), dtype=np.int64)
        if self.into:
            rows = np.flatnonzero(nodes_of(batch, self.target)[origin] == node)
        columns: dict[str, Column] = {
            name: ValueColumn([values[i] for i in rows.tolist()]) for name, values in lists.items()
        }
        if not self.into:
            columns[self.target] = NodeColumn(runtime.layout, node[rows])
        if self.path is not None:
            columns[self.path] = ValueColumn([walked[i] for i in rows.tolist()])
        if len(rows):
            yield batch.take(origin[rows]).having(columns)


def _taken(lists: dict[str, list[list[Any]]], places: list[int]) -> dict[str, list[list[Any]]]:
    return {name: [values[place] for place in places] for name, values in lists.items()}


def _relationship_numbers(values: list[Any]) -> list[int]:
    found: list[int] = []
    for value in values:
        if isinstance(value, Path):
            found.extend(r.index for r in value.relationships)
        elif isinstance(value, list):
            found.extend(_relationship_numbers(value))
        elif isinstance(value, Relationship):
            found.append(value.index)
    return found


def _longer_path(path: Path, step: Path | None) -> Path:
    assert step is not None
    return Path((*path.nodes, *step.nodes[1:]), (*path.relationships, *step.relationships))
