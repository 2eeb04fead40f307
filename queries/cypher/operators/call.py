"""CALL of a procedure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..batch import Batch, column_of
from ..procedures import Procedure
from ..syntax import Expression
from .base import Operator, Runtime
from .describe import expression_text


@dataclass(slots=True, eq=False)
class CallProcedure(Operator):
    """For every row, the rows of a procedure beside it; one that yields nothing leaves rows as they are."""

    child: Operator
    procedure: Procedure
    arguments: tuple[Expression, ...]
    yields: tuple[tuple[str, str], ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def describe(self) -> str:
        return f"{self.procedure.name}({', '.join(map(expression_text, self.arguments))})"

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        compiled = [runtime.compiled(a) for a in self.arguments]
        names = [name for name, _ in self.procedure.outputs]
        for batch in self.child.batches(runtime, argument):
            values = [compute(batch, runtime.context).to_list() for compute in compiled]
            if not names:
                for row in range(batch.size):
                    self.procedure.call([column[row] for column in values], runtime.context)
                yield batch
                continue
            rows: list[int] = []
            found: list[tuple[Any, ...]] = []
            for row in range(batch.size):
                produced = self.procedure.call([column[row] for column in values], runtime.context)
                for result in produced:
                    rows.append(row)
                    found.append(tuple(result))
            if not rows:
                continue
            columns = {
                variable: column_of(runtime.layout, [result[names.index(field)] for result in found])
                for field, variable in self.yields
            }
            yield batch.take(np.array(rows, dtype=np.int64)).having(columns)
