"""Tables for the terminal, for Markdown pages and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass(slots=True)
class Table:
    """Rows under named columns; a column's format is that of :func:`format`, for numbers.

    ``about`` says below the title what the numbers are.
    """

    title: str
    columns: Sequence[tuple[str, str]]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    about: str = ""

    def add(self, *row: Cell) -> None:
        """Add a row."""
        if len(row) != len(self.columns):
            raise ValueError(f"{self.title!r} has {len(self.columns)} columns, not {len(row)}")
        self.rows.append(row)

    def _written(self) -> Iterable[list[str]]:
        for row in self.rows:
            yield [_write(cell, style) for cell, (_, style) in zip(row, self.columns, strict=True)]

    def text(self) -> str:
        """Return the table in aligned columns, numbers to the right."""
        lines = [[name for name, _ in self.columns], *self._written()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        right = [self._numeric(at) for at in range(len(widths))]
        body = [
            "  ".join(
                cell.rjust(width) if end else cell.ljust(width)
                for cell, width, end in zip(line, widths, right, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *([self.about] if self.about else []), "", *body])

    def markdown(self) -> str:
        """Return the table for a Markdown page, under a heading."""
        rule = ["--:" if self._numeric(at) else ":--" for at in range(len(self.columns))]
        lines = [[name for name, _ in self.columns], rule, *self._written()]
        body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
        return "\n".join([f"### {self.title}", "", *([self.about, ""] if self.about else []), *body])

    def data(self) -> dict[str, Any]:
        """Return the table as JSON can hold it, numbers with four digits behind the point."""
        names = [name for name, _ in self.columns]
        rows = [
            {
                name: round(cell, 4) if isinstance(cell, float) else cell
                for name, cell in zip(names, row, strict=True)
            }
            for row in self.rows
        ]
        return {"title": self.title, "rows": rows}

    def _numeric(self, at: int) -> bool:
        return any(isinstance(row[at], (int, float)) for row in self.rows)


def _write(cell: Cell, style: str) -> str:
    if cell is None:
        return "–"
    return format(cell, style) if isinstance(cell, (int, float)) else cell
