"""What every operator is: batches in, batches out, and a line that says what it does.

Correlated parts of a plan (a subquery, an OPTIONAL MATCH, a pattern used as a value) run once for all rows of the
query around them: their argument carries the hidden column :data:`ROW`, the number of the outer row, and operators
that look at more than one row at a time (aggregate, distinct, sort, skip, limit) keep the outer rows apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..batch import Batch, IntColumn, Ints, concat
from ..errors import LimitError
from ..evaluate import Compiled, Mask, compile_expression, predicate_mask

if TYPE_CHECKING:
    from ..evaluate import Context
    from ..layout import Layout
    from ..syntax import Expression

T = TypeVar("T")

ROW = "  row"
"""Hidden column: which row of the argument a row belongs to. Names of queries cannot begin with a space."""

WEIGHT = "  weight"
"""Hidden column: for how many rows a row stands, where rows are only counted; without it each for itself."""

BATCH = 1 << 16
"""How many rows an operator aims to hand on at a time: enough to pay for numpy, little enough for the cache."""


@dataclass(slots=True)
class Runtime:
    """One run of a plan: the graph, the parameters, the limits, and what PROFILE counts.

    Attributes
    ----------
    deadline
        ``time.monotonic()`` at which the query is stopped.
    most_cells
        How many values may be held at a time by operators that must hold all rows.
    writes
        Whether the plan changes the graph: then it is run to its end, whatever LIMIT says.
    plans
        Plans of the pieces that expressions run, by piece and by the variables known there. They and the compiled
        expressions belong to the plan and are handed from one run of it to the next.
    programs, masks
        Compiled expressions, each kept beside the expression, whose number must not be given to another.
    """

    layout: Layout
    parameters: Mapping[str, Any]
    context: Context
    deadline: float | None = None
    most_cells: int | None = None
    stopped: Callable[[], bool] | None = None
    profile: dict[int, tuple[int, float]] | None = None
    writes: bool = False
    held: int = 0
    plans: dict[tuple[int, frozenset[str]], Any] = field(default_factory=dict)
    programs: dict[int, tuple[Expression, Compiled]] = field(default_factory=dict)
    masks: dict[int, tuple[Expression, Mask]] = field(default_factory=dict)

    def compiled(self, expression: Expression) -> Compiled:
        """Return an expression of the plan, compiled once."""
        found = self.programs.get(id(expression))
        if found is None:
            found = self.programs[id(expression)] = expression, compile_expression(expression)
        return found[1]

    def mask(self, predicate: Expression) -> Mask:
        """Return a predicate of the plan, compiled once."""
        found = self.masks.get(id(predicate))
        if found is None:
            found = self.masks[id(predicate)] = predicate, predicate_mask(predicate)
        return found[1]

    def check(self) -> None:
        """Raise LimitError when time is up or somebody asked to stop."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            reason = "The query took longer than its time limit; ask for less, or raise the limit."
            raise LimitError(reason, "time")
        if self.stopped is not None and self.stopped():
            raise LimitError("The query was stopped.", "stopped")

    def hold(self, batch: Batch) -> None:
        """Count a batch that stays in memory until the operator is done."""
        self.held += batch.size * max(1, len(batch.columns))
        if self.most_cells is not None and self.held > self.most_cells:
            raise LimitError(
                f"The query holds more than {self.most_cells:,} values in memory; ask for less, or raise the limit.",
                "memory",
            )


class Operator:
    """A step of a plan. ``rows`` is how many rows the planner expects."""

    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        """Return the steps this one takes its rows from, and those it runs inside."""
        return ()

    def describe(self) -> str:
        """Say in a line what the step does."""
        return ""

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        """Yield the rows; ``argument`` is the row (or rows) the whole plan starts from."""
        raise NotImplementedError

    def batches(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        """Run the step with limits checked, and counted where PROFILE asks."""
        if runtime.profile is None:
            for batch in self.run(runtime, argument):
                runtime.check()
                if batch.size:
                    yield batch
            return
        yield from self._profiled(runtime, argument)

    def _profiled(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        assert runtime.profile is not None
        stream = self.run(runtime, argument)
        while True:
            start = time.perf_counter()
            batch = next(stream, None)
            rows, seconds = runtime.profile.get(id(self), (0, 0.0))
            spent = time.perf_counter() - start
            runtime.profile[id(self)] = (rows + (batch.size if batch is not None else 0), seconds + spent)
            if batch is None:
                return
            runtime.check()
            if batch.size:
                yield batch

    def whole(self, runtime: Runtime, argument: Batch) -> Batch | None:
        """Run the step to its end and return all rows as one batch, None where there are none."""
        found = []
        for batch in self.batches(runtime, argument):
            runtime.hold(batch)
            found.append(batch)
        return concat(found) if found else None


class Argument(Operator):
    """Hands on the row or rows the plan starts from."""

    def __init__(self, rows: float = 1.0) -> None:
        self.rows = rows

    def describe(self) -> str:
        return "rows from around"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        yield argument


def one_row() -> Batch:
    """Return the single empty row that a query starts from."""
    return Batch(1, {})


def with_row_numbers(batch: Batch, names: Iterable[str]) -> Batch:
    """Return the argument for a correlated part: the columns it needs and the rows' numbers."""
    kept = {name: batch.columns[name] for name in names if name in batch.columns}
    return Batch(batch.size, {**kept, ROW: IntColumn(np.arange(batch.size, dtype=np.int64))})


def row_numbers(batch: Batch) -> Ints:
    """Return which row of the argument each row belongs to."""
    column = batch.columns[ROW]
    assert isinstance(column, IntColumn)
    return column.array


def watched(runtime: Runtime, items: Iterable[T]) -> Iterator[T]:
    """Hand on items of a long Python loop, and stop between them when the query is to stop."""
    for number, item in enumerate(items):
        if not number & 4095:
            runtime.check()
        yield item


def chunks(counts: Ints, most: int = BATCH * 4) -> Iterator[slice]:
    """Cut rows into runs whose counts add up to about ``most``, so that one step never blows up memory."""
    if not len(counts):
        return
    total = np.cumsum(counts)
    if total[-1] <= most:
        yield slice(0, len(counts))
        return
    start, offset = 0, 0
    while start < len(counts):
        stop = max(int(np.searchsorted(total, offset + most, side="right")), start + 1)
        yield slice(start, stop)
        offset, start = int(total[stop - 1]), stop


def tree(operator: Operator, depth: int = 0) -> Iterator[tuple[int, Operator]]:
    """Walk a plan from its last step down, each with its depth."""
    yield depth, operator
    for child in operator.children():
        yield from tree(child, depth + 1)
