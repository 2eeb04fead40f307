"""The command copy: a graph from any file or server to any other."""

from __future__ import annotations

import json
import sys

import click

from . import render


@click.command(short_help="Copy a graph between files and servers.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Take the place of the graph that TO holds.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress and no report.")
def copy(source: str, target: str, replace: bool, as_json: bool, quiet: bool) -> None:
    """Copy a graph, with all that later builds go by, and check that both sides are the same.

    FROM and TO are graph files or addresses of Neo4j servers. A copy to a server that was broken off goes on when it
    is run again.
    """
    from ..api import open_graph

    try:
        with open_graph(source) as graph, render.progress(quiet) as progress:
            report = graph.copy_to(target, replace=replace, progress=progress)
    except KeyboardInterrupt:
        print(
            "citegraph: The copy was broken off; run it again to go on. What it was to replace may be gone."
            if replace
            else "citegraph: The copy was broken off; run it again to go on.",
            file=sys.stderr,
        )
        sys.exit(130)
    if as_json:
        made = {name: getattr(report, name) for name in report.__dataclass_fields__}
        print(json.dumps(made, ensure_ascii=False, indent=2))
    elif not quiet:
        render.counts((report.nodes, report.edges))
        both = f"{render.plain(report.source)} and {render.plain(report.target)}"
        gone_on = ", gone on with where it was broken off" if report.resumed else ""
        print(
            f"{both} hold the same {render.many(sum(report.nodes.values()), 'node')} and "
            f"{render.many(sum(report.edges.values()), 'edge')}{gone_on}."
        )
        print(f"content {report.content}\nrecords {report.records}")
