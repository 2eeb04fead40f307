"""Options that mean the same on every command, and the graph they open."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ..api import DEFAULT_GRAPH

if TYPE_CHECKING:
    from ..api import Graph

graph = click.option(
    "-g",
    "--graph",
    "graph_path",
    metavar="GRAPH",
    default=lambda: os.environ.get("CITEGRAPH_GRAPH", DEFAULT_GRAPH),
    show_default="$CITEGRAPH_GRAPH or citegraph.db",
    help="The graph: a file, or a Neo4j server such as neo4j://localhost:7687.",
)


def given_graph(path: str) -> tuple[str, ...]:
    """Return the option that names this graph in a command to be typed; none where it is the one taken anyway."""
    return () if path == os.environ.get("CITEGRAPH_GRAPH", DEFAULT_GRAPH) else ("-g", path)


def server(graph: Graph) -> dict[str, str]:
    """Return the address of the server that a graph is on, and what it is; nothing for a file."""
    from ..graph.server import Neo4jStore

    if not isinstance(graph.store, Neo4jStore):
        return {}
    query = (
        "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' "
        "RETURN versions[0], edition"
    )
    known = graph.cypher(query).rows
    named = f"Neo4j {known[0][0]} {known[0][1]}" if known else "Neo4j"
    return {"graph": graph.store.uri, "server": named}


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


# --- queries -----------------------------------------------------------------------------------------------


def _parameters(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, object]:
    from ..graph.errors import QueryError
    from .console.commands import value

    found: dict[str, object] = {}
    for item in given:
        name, sign, text = item.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"write NAME=VALUE, such as name=LoRA, not {item!r}.")
        try:
            found[name.strip().removeprefix("$")] = value(text)
        except QueryError as error:
            raise click.BadParameter(str(error)) from error
    return found


parameters = click.option(
    "-p",
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_parameters,
    help="A value for $NAME in the query: JSON, or else text. Repeatable.",
)

write = click.option("--write", is_flag=True, help="Let queries change the graph.")


def _none_for_zero(_: click.Context, __: click.Parameter, value: float) -> float | None:
    return value or None


timeout = click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0),
    default=60,
    show_default=True,
    callback=_none_for_zero,
    help="How long a query may take; 0 for no limit.",
)


def max_rows(default: int) -> Callable[[Any], Any]:
    """Return the option ``--max-rows``."""
    return click.option(
        "--max-rows",
        metavar="N",
        type=click.IntRange(0),
        default=default,
        show_default=True,
        callback=_none_for_zero,
        help="How many rows a query may return; 0 for all.",
    )


def standard_input(what: str) -> str:
    """Return what is piped in, as text."""
    from ..graph.errors import InputError

    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"The {what} on standard input is not a text in UTF-8.") from error
