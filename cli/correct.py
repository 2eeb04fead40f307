"""Commands that put right what is one thing and what is not: link, unlink, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from . import options, render

if TYPE_CHECKING:
    from ..api import Graph
    from ..graph.corrections import Correction


@click.command(short_help="Make two nodes one, for good.")
@click.argument("name")
@click.argument("into")
@options.graph
@options.label
def link(name: str, into: str, graph_path: str, label: str | None) -> None:
    """Make NAME and INTO one node: what leads to NAME leads to INTO from now on, in later builds too.

    Both are names, aliases or ids, as `citegraph show` takes them, and of one type. A link of what was unlinked
    takes that back. `citegraph duplicates` suggests what to link, `citegraph unlink` takes a link back.
    """
    from ..api import open_graph

    with open_graph(graph_path) as graph:
        made = graph.link(name, into, label)
        _tell(graph, made, graph_path, taken_back=made.verb == "apart")


@click.command(short_help="Keep a name or a paper apart from a node, for good.")
@click.argument("name")
@click.argument("other", metavar="FORM_OR_NODE")
@options.graph
@options.label
def unlink(name: str, other: str, graph_path: str, label: str | None) -> None:
    """Say that FORM_OR_NODE is not NAME, in later builds too; or take a link of the two back.

    NAME is a node, as `citegraph show` takes it. A written form it has (`citegraph show` lists them) gets a node of
    its own; another node of its type is kept apart from it and no longer suggested as a duplicate. For a paper, name
    the other one by an arXiv id, a DOI, another identifier or its title.
    """
    from ..api import open_graph

    with open_graph(graph_path) as graph:
        made = graph.unlink(name, other, label)
        _tell(graph, made, graph_path, taken_back=made.verb == "same")


def _tell(graph: Graph, made: Correction, graph_path: str, *, taken_back: bool) -> None:
    """Say what was done, what became of the nodes, and how to take it back."""
    from ..queries.corrections import describe, outcome

    row = describe(graph.store, made)
    out = render.console()
    if taken_back:
        out.print(f"Taken back: {render.plain(row)}.")
    else:
        out.print(f"{render.plain(row)}, from now on.")
    for node, what, count in outcome(graph.store, made):
        out.print(f"  {render.plain(node.name)} [{render.plain(node.id)}]: {render.many(count, what)}")
    if not taken_back:
        out.print("  to take it back:")
        render.command(f"  {row.command(*options.given_graph(graph_path))}")


@click.command(short_help="What was linked and unlinked by hand.")
@options.graph
@options.output_format()
def corrections(graph_path: str, output: str) -> None:
    """What was linked and unlinked by hand, and the command that takes each back."""
    from ..api import open_graph
    from ..queries.corrections import corrections as listed

    with open_graph(graph_path) as graph:
        found = listed(graph.store)
    if not found and output == "table":
        render.console(stderr=True).print("Nothing was corrected by hand.")
        return
    more = options.given_graph(graph_path)
    if output == "table":
        out = render.console()
        for row in found:
            out.print(f"{row.type}: {render.plain(row)}")
            render.command(f"    {row.command(*more)}", style="dim")
        render.console(stderr=True).print("The command below each takes it back.")
        return
    columns = ["correction", "type", "this", "that", "this_id", "that_id", "take_back"]
    rows = [row.to_dict() | {"take_back": row.command(*more)} for row in found]
    render.rows([{column: row[column] for column in columns} for row in rows], columns, output)
