"""Shortest paths under conditions: a path for which they do not hold gives way to the next longer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .. import syntax as s
from ..batch import Batch, ValueColumn
from ..free import variables_of
from ..rewrite import rewrite
from ..values import Node, Relationship
from .base import Runtime
from .paths import ShortestPath, build_path

STEP = "  step"
"""The name under which the search asks about a relationship."""


@dataclass(slots=True, eq=False)
class ShortestFittingPath(ShortestPath):
    """For every row, the shortest trails between two known nodes for which conditions hold.

    The plain shortest ones are tried first. Only where none fits, trails are searched by length, which takes long
    where conditions look at the path as a whole; those on each of its nodes or relationships cut the search down.
    """

    path: str | None = None
    conditions: tuple[s.Expression, ...] = ()

    def describe(self) -> str:
        return f"{ShortestPath.describe(self)} under {len(self.conditions)} conditions"

    def _trails(
        self, runtime: Runtime, batch: Batch, row: int, source: int, target: int
    ) -> Iterator[list[int]]:
        plain = list(ShortestPath._trails(self, runtime, batch, row, source, target))
        if not plain:
            return
        found = self._fitting(runtime, batch, row, source, plain, self.conditions)
        yield from found or self._longer(runtime, batch, row, source, target)

    def _first_way_counts(self) -> bool:
        return self.least <= 1 and all(of_each(c, self.path, self.relationship) for c in self.conditions)

    def _continue(
        self, runtime: Runtime, batch: Batch, row: int, source: int, trails: list[list[int]]
    ) -> list[list[int]]:
        """Keep the trails that may become a fitting path."""
        each = tuple(c for c in self.conditions if of_each(c, self.path, self.relationship))
        return self._fitting(runtime, batch, row, source, trails, each)

    def _accept(
        self, runtime: Runtime, batch: Batch, row: int, source: int, trails: list[list[int]]
    ) -> list[list[int]]:
        return self._fitting(runtime, batch, row, source, trails, self.conditions)

    def _fitting(
        self, runtime: Runtime, batch: Batch, row: int, source: int, trails: list[list[int]],
        conditions: tuple[s.Expression, ...],
    ) -> list[list[int]]:  # fmt: skip
        if not trails or not conditions:
            return trails
        layout = runtime.layout
        walked = [[Relationship(layout, number) for number in trail] for trail in trails]
        held = batch.take(np.full(len(trails), row, dtype=np.int64)).having(
            {self.relationship: ValueColumn([trail[0] for trail in walked] if self.single else list(walked))}
        )
        if self.path is not None:
            start = Node(layout, source)
            # The far node stands for nothing here: a path is built from its first node and its relationships.
            paths = [build_path((start, trail, start)) for trail in walked]
            held = held.having({self.path: ValueColumn(paths)})
        numbers = np.arange(len(trails), dtype=np.int64)
        for condition in conditions:
            keep = runtime.mask(condition)(held, runtime.context)
            held, numbers = held.where(keep), numbers[keep]
        return [trails[number] for number in numbers.tolist()]


def of_each(condition: s.Expression, path: str | None, relationships: str) -> bool:
    """Tell whether a condition asks something of each node or relationship: then it holds of every beginning too."""
    match condition:
        case s.Quantifier("all" | "none", _, s.Call(name, (s.Variable(of),)), predicate):
            about_path = of == path and name.lower() in ("nodes", "relationships")
        case s.Quantifier("all" | "none", _, s.Variable(of), predicate):
            about_path = of == relationships
        case _:
            return False
    return about_path and predicate is not None and not {path, relationships} & variables_of(predicate)


def on_each_step(condition: s.Expression, path: str | None, relationships: str) -> s.Expression | None:
    """Return what a condition asks of each relationship, under the name the search knows it by; None for others."""
    if not of_each(condition, path, relationships):
        return None
    match condition:
        case s.Quantifier(_, _, s.Call(name)) if name.lower() == "nodes":
            return None
        case s.Quantifier(kind, variable, _, predicate) if predicate is not None:
            each = rewrite(
                predicate, lambda piece: s.Variable(STEP) if piece == s.Variable(variable) else None
            )
            return each if kind == "all" else s.Unary("NOT", each, span=predicate.span)
    return None
