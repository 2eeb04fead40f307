"""A result in the form asked for: table, JSON or CSV."""

from __future__ import annotations

import csv
import sys

from ...queries.cypher.result import Result
from .. import render
from . import display
from .values import as_cell, as_data

FORMATS = ("table", "json", "csv")


def print_result(found: Result, form: str, most: int | None = None) -> None:
    """Print a result; ``most`` rows of a table, all of JSON and CSV.

    JSON is a list of objects, CSV has a line of column names first; a plan goes to stderr then.
    """
    if form != "table" and found.summary.plan is not None:
        print(render.plain(found.summary.plan), file=sys.stderr)
    if form == "json":
        rows = [
            {name: as_data(value) for name, value in zip(found.columns, row, strict=True)}
            for row in found.rows
        ]
        print(render.json_text(rows))
    elif form == "csv":
        if found.columns:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow([render.guarded(render.plain(column)) for column in found.columns])
            writer.writerows(
                [render.guarded(render.plain(as_cell(value))) for value in row] for row in found.rows
            )
    else:
        display.result(found, most)
