"""Following relationships: one step, one step between two known nodes, and steps of variable length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..batch import Batch, Bools, Column, IntColumn, Ints, NodeColumn, RelationshipColumn
from ..errors import CypherRuntimeError
from ..syntax import Expression, LabelExpression
from ..values import Path, Relationship
from .base import BATCH, WEIGHT, Operator, Runtime, chunks
from .describe import arrow, labels_text

Direction = Literal["out", "in", "both"]


def nodes_of(batch: Batch, name: str) -> Ints:
    """Return a column of nodes as their numbers, -1 for null."""
    return entities_of(batch.columns[name], name, "node")


def entities_of(column: Column, name: str, what: str) -> Ints:
    """Return a column of entities as their numbers, -1 for null."""
    if isinstance(column, NodeColumn):
        return column.index
    found = []
    for value in column.to_list():
        index = getattr(value, "index", None)
        if value is not None and not isinstance(index, int):
            raise CypherRuntimeError(
                f"{name} is used as a {what} but holds {value!r:.60}.", detail="InvalidArgumentType"
            )
        found.append(-1 if value is None else index)
    return np.array(found, dtype=np.int64)


@dataclass(slots=True, eq=False)
class Expand(Operator):
    """For every row, every relationship of a node, and the node at its other end.

    ``labels`` of the far node are checked here, where they are cheapest. ``apart`` are relationships (single or
    lists) of the same MATCH that the new one must differ from. ``dropped`` are columns that nobody needs from here
    on; the relationship may be one of them.
    """

    child: Operator
    source: str
    relationship: str
    types: LabelExpression | None
    direction: Direction
    target: str
    labels: LabelExpression | None = None
    apart: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        step = arrow(type_names(self.types), self.direction)
        return f"({self.source}){step}({self.target}{labels_text(self.labels)})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        for batch in self.child.batches(runtime, argument):
            types = layout.type_set(
                self.types
            )  # only now: the steps before may have made the first of a type
            if types == ():
                continue
            sources = nodes_of(batch, self.source)
            if (sources < 0).any():
                batch = batch.where(sources >= 0)  # noqa: PLW2901 -- null has no relationships
                sources = nodes_of(batch, self.source)
            columns = {name: column for name, column in batch.columns.items() if name not in self.dropped}
            used = [batch.columns[name] for name in self.apart]
            for part in chunks(layout.degree(sources, types, self.direction)):
                rows, neighbours, relationships = layout.expand(sources[part], types, self.direction)
                rows = rows + part.start if part.start else rows
                keep = None if self.labels is None else layout.has_labels(neighbours, self.labels)
                for column in used:
                    other = ~uses(column.take(rows), relationships)
                    keep = other if keep is None else keep & other
                if keep is not None and not keep.all():
                    rows, neighbours, relationships = rows[keep], neighbours[keep], relationships[keep]
                if not len(rows):
                    continue
                new: dict[str, Column] = {self.target: NodeColumn(layout, neighbours)}
                if self.relationship not in self.dropped:
                    new[self.relationship] = RelationshipColumn(layout, relationships)
                yield Batch(len(rows), columns).take(rows).having(new)


def uses(column: Column, relationships: Ints) -> Bools:
    """Tell for every row whether its relationship, or list of relationships, holds the given one."""
    hit: Bools
    if isinstance(column, RelationshipColumn):
        hit = column.index == relationships
        return hit
    if isinstance(column, Trails):
        hit = (column.steps == relationships[:, None]).any(axis=1)
        return hit
    held = column.to_list()
    return np.fromiter(
        (
            any(isinstance(item, Relationship) and item.index == number for item in _as_list(value))
            for value, number in zip(held, relationships.tolist(), strict=True)
        ),
        dtype=np.bool_,
        count=len(held),
    )


def _as_list(value: Any) -> Sequence[Any]:
    if isinstance(value, Path):  # what a repeated pattern has walked
        return value.relationships
    return value if isinstance(value, list) else [value]


def type_names(types: LabelExpression | None) -> tuple[str, ...] | None:
    """Return the type expression as EXPLAIN shows it."""
    return None if types is None else (labels_text(types)[1:],)


@dataclass(slots=True, eq=False)
class Weigh(Operator):
    """For every row, how many relationships a node has: one row stands for as many as :class:`Expand` would make.

    Only counted is what follows. ``counted`` are the relationship and the far node as far as is asked whether they
    are null. With ``optional`` a row without relationships stands for itself, and they are null.
    """

    child: Operator
    source: str
    types: LabelExpression | None
    direction: Direction
    counted: tuple[str, ...] = ()
    optional: bool = False
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        step = arrow(type_names(self.types), self.direction)
        return f"({self.source}){step}(), {'if any, ' if self.optional else ''}counted"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        for batch in self.child.batches(runtime, argument):
            types = layout.type_set(self.types)
            counts = layout.degree(nodes_of(batch, self.source), types, self.direction)
            there = counts > 0
            if not self.optional:
                batch, counts = batch.where(there), counts[there]  # noqa: PLW2901
            weights = np.maximum(counts, 1)
            if WEIGHT in batch.columns:
                weights = weights * weights_of(batch)
            # Which node it is nobody asks: any number stands for one that is there.
            some = NodeColumn(layout, np.where(counts > 0, 0, -1))
            yield batch.having({WEIGHT: IntColumn(weights), **dict.fromkeys(self.counted, some)})


def weights_of(batch: Batch) -> Ints:
    """Return for how many rows each row stands."""
    column = batch.columns[WEIGHT]
    assert isinstance(column, IntColumn)
    return column.array


@dataclass(slots=True, eq=False)
class ExpandInto(Operator):
    """For every row, every relationship between two nodes both known."""

    child: Operator
    source: str
    relationship: str
    types: LabelExpression | None
    direction: Direction
    target: str
    apart: tuple[str, ...] = ()
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"({self.source}){arrow(type_names(self.types), self.direction)}({self.target}), both known"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        for batch in self.child.batches(runtime, argument):
            types = layout.type_set(
                self.types
            )  # only now: the steps before may have made the first of a type
            if types == ():
                continue
            sources, targets = nodes_of(batch, self.source), nodes_of(batch, self.target)
            known = (sources >= 0) & (targets >= 0)
            if not known.all():
                batch, sources, targets = batch.where(known), sources[known], targets[known]  # noqa: PLW2901
            rows, relationships = layout.expand_into(sources, targets, types, self.direction)
            for name in self.apart:
                other = ~uses(batch.columns[name].take(rows), relationships)
                rows, relationships = rows[other], relationships[other]
            if len(rows):
                yield batch.take(rows).having({self.relationship: RelationshipColumn(layout, relationships)})


@dataclass(slots=True, eq=False)
class Recheck(Operator):
    """Keeps the rows in which a relationship that is already bound fits the pattern, and binds its ends.

    ``source`` or ``target`` may be bound before or not.
    """

    child: Operator
    source: str
    relationship: str
    types: LabelExpression | None
    direction: Direction
    target: str
    bound: frozenset[str]
    apart: tuple[str, ...] = ()
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"({self.source}){arrow(type_names(self.types), self.direction)}({self.target}), relationship known"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        for batch in self.child.batches(runtime, argument):
            column = batch.columns[self.relationship]
            numbers = entities_of(column, self.relationship, "relationship")
            batch = batch.where(numbers >= 0)  # noqa: PLW2901
            numbers = numbers[numbers >= 0]
            if self.types is not None:
                fits = layout.relationship_types_match(numbers, self.types)
                batch, numbers = batch.where(fits), numbers[fits]  # noqa: PLW2901
            starts, ends = layout.starts(numbers), layout.ends(numbers)
            ways = {"out": [(starts, ends)], "in": [(ends, starts)]}.get(self.direction)
            for turn, (source, target) in enumerate(ways or [(starts, ends), (ends, starts)]):
                keep = np.ones(batch.size, dtype=np.bool_) if turn == 0 else starts != ends
                if self.source in self.bound:
                    keep &= nodes_of(batch, self.source) == source
                if self.target in self.bound:
                    keep &= nodes_of(batch, self.target) == target
                if self.source == self.target:
                    keep &= source == target
                for name in self.apart:
                    keep &= ~uses(batch.columns[name], numbers)
                if keep.any():
                    yield batch.where(keep).having(
                        {
                            self.source: NodeColumn(layout, source[keep]),
                            self.target: NodeColumn(layout, target[keep]),
                        }
                    )


class Trails(Column):
    """Lists of relationships, as a matrix of their numbers padded with -1."""

    __slots__ = ("layout", "lengths", "steps")

    def __init__(self, layout: Any, steps: Ints, lengths: Ints) -> None:
        self.layout, self.steps, self.lengths = layout, steps, lengths

    def __len__(self) -> int:
        return len(self.lengths)

    def take(self, rows: Ints) -> Column:
        return Trails(self.layout, self.steps[rows], self.lengths[rows])

    def to_list(self) -> list[Any]:
        layout = self.layout
        return [
            [Relationship(layout, number) for number in steps[:length]]
            for steps, length in zip(self.steps.tolist(), self.lengths.tolist(), strict=True)
        ]

    def is_null(self) -> Bools:
        return np.zeros(len(self.lengths), dtype=np.bool_)


@dataclass(slots=True, eq=False)
class VarExpand(Operator):
    """For every row, every trail of ``least`` to ``most`` relationships from a node; no relationship twice.

    ``into`` says that the far node is already known. ``predicate`` must hold of every relationship, under the
    name ``step``. ``reverse`` turns the list round, for a pattern that was walked from its end.
    """

    child: Operator
    source: str
    relationship: str
    types: LabelExpression | None
    direction: Direction
    target: str
    least: int
    most: int | None
    into: bool = False
    labels: LabelExpression | None = None
    predicate: Expression | None = None
    step: str = "  step"
    apart: tuple[str, ...] = ()
    reverse: bool = False
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        most = "" if self.most is None else str(self.most)
        step = arrow(type_names(self.types), self.direction, f"*{self.least}..{most}")
        return f"({self.source}){step}({self.target}{labels_text(self.labels)})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            sources = nodes_of(batch, self.source)
            keep = sources >= 0
            if self.into:
                keep &= nodes_of(batch, self.target) >= 0
            batch = batch.where(keep)  # noqa: PLW2901
            for start in range(0, batch.size, BATCH):
                rows = np.arange(start, min(start + BATCH, batch.size), dtype=np.int64)
                yield from self._walk(runtime, batch.take(rows))

    def _walk(self, runtime: Runtime, batch: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        types = layout.type_set(self.types)
        mask = runtime.mask(self.predicate) if self.predicate is not None else None
        row = np.arange(batch.size, dtype=np.int64)
        node = nodes_of(batch, self.source)
        steps = np.empty((batch.size, 0), dtype=np.int64)
        depth = 0
        while len(row):
            runtime.check()
            if depth >= self.least:
                yield from self._emit(runtime, batch, row, node, steps, depth)
            if (self.most is not None and depth >= self.most) or types == ():
                return
            grown: list[tuple[Ints, Ints, Ints]] = []
            cells = 0
            for part in chunks(layout.degree(node, types, self.direction)):
                runtime.check()
                origin, neighbour, relationship = layout.expand(node[part], types, self.direction)
                origin = origin + part.start
                keep = ~(steps[origin] == relationship[:, None]).any(axis=1)
                for name in self.apart:
                    keep &= ~uses(batch.columns[name].take(row[origin]), relationship)
                if mask is not None and keep.any():
                    held = batch.take(row[origin]).having(
                        {self.step: RelationshipColumn(layout, relationship)}
                    )
                    keep &= mask(held, runtime.context)
                grown.append((origin[keep], neighbour[keep], relationship[keep]))
                cells += int(keep.sum()) * (depth + 1)
                if runtime.most_cells is not None and cells > runtime.most_cells:
                    runtime.hold(Batch(cells, {}))
            if not grown:
                return
            origin = np.concatenate([g[0] for g in grown])
            steps = np.concatenate([steps[origin], np.concatenate([g[2] for g in grown])[:, None]], axis=1)
            row, node = row[origin], np.concatenate([g[1] for g in grown])
            depth += 1

    def _emit(
        self, runtime: Runtime, batch: Batch, row: Ints, node: Ints, steps: Ints, depth: int
    ) -> Iterator[Batch]:
        layout = runtime.layout
        keep: Bools | None = None
        if self.into:
            keep = nodes_of(batch, self.target)[row] == node
        elif self.labels is not None:
            keep = layout.has_labels(node, self.labels)
        if keep is not None:
            row, node, steps = row[keep], node[keep], steps[keep]
        for start in range(0, len(row), BATCH):
            part = slice(start, start + BATCH)
            walked = steps[part][:, ::-1] if self.reverse else steps[part]
            columns: dict[str, Column] = {
                self.relationship: Trails(layout, walked, np.full(len(walked), depth, dtype=np.int64))
            }
            if not self.into:
                columns[self.target] = NodeColumn(layout, node[part])
            yield batch.take(row[part]).having(columns)


@dataclass(slots=True, eq=False)
class Reachable(Operator):
    """For every row, every node that trails of ``least`` to ``most`` relationships lead to, each once.

    Stands in for :class:`VarExpand` where only the far nodes count and each counts once: for directed steps and
    ``least`` at most 1 the ends of trails are what a breadth-first search reaches, since a shortest walk, and a
    shortest way back to the start, repeats no relationship.
    """

    child: Operator
    source: str
    types: LabelExpression | None
    direction: Direction
    target: str
    least: int
    most: int | None
    labels: LabelExpression | None = None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        most = "" if self.most is None else str(self.most)
        step = arrow(type_names(self.types), self.direction, f"*{self.least}..{most}")
        return f"({self.source}){step}({self.target}{labels_text(self.labels)}), each end once"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        layout = runtime.layout
        for batch in self.child.batches(runtime, argument):
            types = layout.type_set(self.types)
            for row, source in enumerate(nodes_of(batch, self.source).tolist()):
                runtime.check()
                nodes = self._ends(runtime, source, types) if source >= 0 else _NOWHERE
                if self.labels is not None:
                    nodes = nodes[layout.has_labels(nodes, self.labels)]
                if len(nodes):
                    origin = np.full(len(nodes), row, dtype=np.int64)
                    yield batch.take(origin).having({self.target: NodeColumn(layout, nodes)})

    def _ends(self, runtime: Runtime, source: int, types: tuple[str, ...] | None) -> Ints:
        layout = runtime.layout
        seen = np.zeros(layout.node_count, dtype=np.bool_)
        frontier = np.array([source], dtype=np.int64)
        if self.least == 0:
            seen[source] = True
        depth = 0
        while len(frontier) and types != () and (self.most is None or depth < self.most):
            runtime.check()
            _, neighbours, _ = layout.expand(frontier, types, self.direction)
            fresh = np.zeros(layout.node_count, dtype=np.bool_)
            fresh[neighbours] = True
            fresh &= ~seen
            seen |= fresh
            frontier = np.flatnonzero(fresh)
            depth += 1
        return np.flatnonzero(seen)


_NOWHERE: Ints = np.empty(0, dtype=np.int64)


@dataclass(slots=True, eq=False)
class UniqueTrails(Operator):
    """Keeps the rows in which two lists of relationships of one MATCH share none."""

    child: Operator
    one: str
    others: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"{self.one} shares no relationship with {', '.join(self.others)}"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            mine = [_numbers(value) for value in batch.columns[self.one].to_list()]
            keep = np.ones(batch.size, dtype=np.bool_)
            for name in self.others:
                theirs = batch.columns[name].to_list()
                keep &= np.fromiter(
                    (a.isdisjoint(_numbers(b)) for a, b in zip(mine, theirs, strict=True)),
                    dtype=np.bool_,
                    count=batch.size,
                )
            yield batch.where(keep)


def _numbers(value: Any) -> set[int]:
    return {item.index for item in _as_list(value) if isinstance(item, Relationship)}
