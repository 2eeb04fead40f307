"""Options that mean the same on every command, and the graph they open."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from ..api import DEFAULT_GRAPH

graph = click.option(
    "-g",
    "--graph",
    "graph_path",
    metavar="GRAPH",
    default=lambda: os.environ.get("CITEGRAPH_GRAPH", DEFAULT_GRAPH),
    show_default="$CITEGRAPH_GRAPH or citegraph.db",
    help="The graph file.",
)

label = click.option(
    "-t",
    "--type",
    "label",
    metavar="LABEL",
    help="Look among nodes of this type only: Paper, Method, Model, …",
)


def output_format(*formats: str) -> Callable[[Any], Any]:
    """Return the option ``--format`` for a command that prints rows."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(formats or ("table", "json", "csv")),
        default="table",
        show_default=True,
        help="How to print the result.",
    )
