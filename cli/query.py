"""The command that asks one question in Cypher: query."""

from __future__ import annotations

import sys

import click

from . import options, render


@click.command(short_help="Ask the graph one question in Cypher.")
@click.argument("query", required=False)
@options.graph
@options.parameters
@options.output_format()
@options.write
@options.timeout
@options.max_rows(100_000)
def query(
    query: str | None,
    graph_path: str,
    parameters: dict[str, object],
    output: str,
    write: bool,
    timeout: float | None,
    max_rows: int | None,
) -> None:
    """Ask the graph in Cypher; without QUERY, or with -, the query is read from standard input.

    \b
    citegraph query "MATCH (p:Paper)-[:USES]->(m:Model) RETURN m.name, count(*) AS papers ORDER BY papers DESC"
    citegraph query "MATCH (m:Model {name: $name}) RETURN m" --param name="LLaMA 2" --format json
    """
    if query is None and sys.stdin.isatty():
        raise click.UsageError('Give a query, such as "MATCH (m:Model) RETURN m.name", or pipe one in.')
    text = options.standard_input("query") if query in (None, "-") else str(query)
    if not text.strip():
        raise click.UsageError("The query is empty.")

    from ..api import open_graph
    from ..graph.errors import QueryError
    from ..queries.cypher import CypherError
    from .console import display
    from .console.output import print_result

    with open_graph(graph_path) as graph:
        try:
            found = graph.cypher(text, parameters, write=write, timeout=timeout, max_rows=max_rows)
        except CypherError as error:
            raise QueryError(display.complaint(error)) from error
    display.warnings(found)
    print_result(found, output)
    if found.summary.counters or (not found.rows and output == "table" and found.summary.plan is None):
        print(render.plain(display.outcome(found)), file=sys.stderr)
    elif output == "table" and sys.stdout.isatty():
        display.talk(display.summary(found))
