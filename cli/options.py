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


def _known_type(name: str) -> str:
    from ..graph.schema import NODES

    known = {label.lower(): label for label in NODES}
    if name.lower() not in known:
        raise click.BadParameter(f"there is no type {name!r}; choose among {', '.join(NODES)}.")
    return known[name.lower()]


def _one_type(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value is None else _known_type(value)


def _types(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    if value is None:
        return None
    names = [name.strip() for name in value.split(",") if name.strip()]
    if not names:
        raise click.BadParameter("name at least one type, such as Paper.")
    return [_known_type(name) for name in names]


def _known_format(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from ..graph.errors import InputError
    from ..loaders.registry import named

    if value is not None:
        try:
            named(value)
        except InputError as error:
            raise click.BadParameter(str(error)) from error
    return value


input_format = click.option(
    "--format",
    "input_format",
    metavar="NAME",
    callback=_known_format,
    help="Read inputs as this format instead of detecting it.",
)

types = click.option(
    "--types",
    metavar="LABELS",
    callback=_types,
    help="Show these types only, comma-separated: Paper,Method,Model,…",
)

label = click.option(
    "-t",
    "--type",
    "label",
    metavar="LABEL",
    callback=_one_type,
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
