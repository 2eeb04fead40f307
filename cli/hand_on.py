"""Commands that hand the graph on: view, export."""

from __future__ import annotations

import click

from . import options, render


@click.command(short_help="Write an interactive page.")
@options.graph
@click.option("-o", "--output", default="graph.html", show_default=True, help="The page to write.")
@click.option("--around", metavar="NODE", help="Show what surrounds this node.")
@click.option("--hops", type=click.IntRange(1), default=1, show_default=True, help="How far around.")
@options.types
@click.option(
    "--min-degree", type=click.IntRange(0), default=0, help="Leave out nodes with fewer neighbours."
)
@click.option("--limit", type=click.IntRange(1), help="Show at most this many nodes, the best connected.")
@click.option("--title", help="Heading of the page.")
def view(
    graph_path: str,
    output: str,
    around: str | None,
    hops: int,
    types: list[str] | None,
    min_degree: int,
    limit: int | None,
    title: str | None,
) -> None:
    """Write the graph as one self-contained interactive HTML page."""
    from ..api import open_graph
    from ..queries.lookup import resolve

    with open_graph(graph_path) as graph:
        centre = resolve(graph.store, around).id if around else None
        chosen = {"limit": limit} if limit is not None else {}
        made = graph.view(
            output, around=centre, hops=hops, types=types, min_degree=min_degree, title=title, **chosen
        )
    print(
        f"{render.plain(output)}: {len(made.nodes)} nodes, {len(made.edges)} edges. {made.left_out}".rstrip()
    )


@click.command(short_help="Write the graph for other programs.")
@options.graph
@click.option(
    "-f",
    "--format",
    "output_format",
    type=click.Choice(["jsonl", "json", "graphml", "gexf", "csv", "neo4j-admin"]),
    default="jsonl",
    show_default=True,
    help="The form to write; csv and neo4j-admin are folders.",
)
@click.option(
    "-o", "--output", default="-", show_default=True, help="The file to write, - for standard output."
)
@click.option("--prefix", default="", metavar="PREFIX", help="neo4j-admin: what is put before the labels.")
def export(graph_path: str, output_format: str, output: str, prefix: str) -> None:
    """Write the whole graph in a form other programs read.

    The folder of neo4j-admin holds tables, and scripts that make a Neo4j database of them: import.sh says how.
    """
    from ..api import open_graph
    from ..graph.export import export as write

    if output_format in ("csv", "neo4j-admin") and output == "-":
        raise click.UsageError(f"{output_format} is a folder of files; name it with -o FOLDER.")
    if prefix and output_format != "neo4j-admin":
        raise click.UsageError("--prefix goes with --format neo4j-admin.")
    with open_graph(graph_path) as graph:
        write(graph.store, output, output_format, prefix=prefix)
