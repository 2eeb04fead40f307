"""What a query returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Summary:
    """How a query went.

    Attributes
    ----------
    seconds
        Time it took, from text to rows.
    counters
        What it changed, by name: ``nodes_created``, ``properties_set``, …; empty for a query that only read.
    plan
        The plan as text, for EXPLAIN and PROFILE.
    warnings
        Labels, types and property keys that the graph does not have, with the likely one.
    """

    seconds: float = 0.0
    counters: Mapping[str, int] = field(default_factory=dict)
    plan: str | None = None
    warnings: tuple[str, ...] = ()


class Result:
    """Columns and rows; iterating gives one mapping a row."""

    __slots__ = ("columns", "rows", "summary")

    def __init__(self, columns: list[str], rows: list[list[Any]], summary: Summary) -> None:
        self.columns, self.rows, self.summary = columns, rows, summary

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=self.columns)

    def __repr__(self) -> str:
        return f"<Result {len(self.rows)} rows of {', '.join(self.columns) or 'nothing'}>"
