"""The console: ask a graph in Cypher, one query after the other."""

from __future__ import annotations

import sys

import click

from .. import options


@click.command(short_help="Ask the graph in Cypher, interactively.")
@options.graph
@options.parameters
@options.output_format()
@options.write
@options.timeout
@options.max_rows(10_000)
def console(
    graph_path: str,
    parameters: dict[str, object],
    output: str,
    write: bool,
    timeout: float | None,
    max_rows: int | None,
) -> None:
    """Ask the graph in Cypher, interactively; or run a script from a pipe, its statements separated by ;.

    \b
    citegraph console
    citegraph console --format csv < questions.cypher
    """
    from ...api import open_graph
    from .session import Session

    with open_graph(graph_path) as graph:
        session = Session(graph, write, timeout, max_rows, output, parameters=dict(parameters))
        if not sys.stdin.isatty():
            from .commands import Leave

            script = options.standard_input("script")
            try:
                session.run_script(script)
            except Leave:
                return
            return
        from .prompt import converse

        session.interactive, session.shown = True, 100
        converse(session)
