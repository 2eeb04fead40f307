"""Where rows of nodes come from: all nodes, those of a label, or those an index finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..batch import Batch, Ints, NodeColumn
from ..syntax import Expression, LabelExpression
from .base import BATCH, Operator, Runtime
from .describe import labels_text


@dataclass(slots=True, eq=False)
class NodeScan(Operator):
    """For every row, every node of a label expression."""

    child: Operator
    variable: str
    labels: LabelExpression | None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"({self.variable}{labels_text(self.labels)})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        for batch in self.child.batches(runtime, argument):
            yield from cross(runtime, batch, self.variable, runtime.layout.nodes_with(self.labels))


@dataclass(slots=True, eq=False)
class NodeLookup(Operator):
    """For every row, the nodes of a label whose property equals a value, by index; ``predicate`` says as much."""

    child: Operator
    variable: str
    label: str | None
    key: str
    value: Expression
    predicate: Expression | None = None
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"({self.variable}{f':{self.label}' if self.label else ''}) by index on {self.key}"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        compiled = runtime.compiled(self.value)
        for batch in self.child.batches(runtime, argument):
            values = compiled(batch, runtime.context).to_list()
            for row, value in enumerate(values):
                if value is None:
                    continue
                nodes = runtime.layout.lookup(self.label, self.key, value)
                one = batch if batch.size == 1 else batch.take(np.array([row], dtype=np.int64))
                yield from cross(runtime, one, self.variable, nodes)


def cross(runtime: Runtime, batch: Batch, variable: str, nodes: Ints) -> Iterator[Batch]:
    """Pair every row with every node."""
    if not len(nodes):
        return
    layout = runtime.layout
    if batch.size == 1 and not batch.columns:
        for start in range(0, len(nodes), BATCH):
            part = nodes[start : start + BATCH]
            yield Batch(len(part), {variable: NodeColumn(layout, part)})
        return
    step = max(1, BATCH // len(nodes))
    for start in range(0, batch.size, step):
        rows = np.arange(start, min(start + step, batch.size), dtype=np.int64)
        for first in range(0, len(nodes), BATCH):
            part = nodes[first : first + BATCH]
            column = NodeColumn(layout, np.tile(part, len(rows)))
            yield batch.take(np.repeat(rows, len(part))).having({variable: column})
