"""Commands that change a graph: build, remove-source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from . import llm, options, render

if TYPE_CHECKING:
    from ..loaders.pipeline import BuildReport

_SHOWN = 8


@click.command(short_help="Read papers into a graph.")
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@options.graph
@options.input_format
@click.option(
    "--lexicon",
    "lexicons",
    metavar="FILE",
    multiple=True,
    help="Names of your own to know, as TOML; kept in the graph in place of those given before. Repeatable.",
)
@click.option("--no-lexicon", is_flag=True, help="Forget the names given before with --lexicon.")
@click.option("--strict", is_flag=True, help="Fail on the first refused record.")
@click.option("--known", is_flag=True, help="Take only records of papers that the graph holds or cites.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1),
    help="Processes to extract with, or requests at a time.  [default: one a core, 4 requests]",
)
@llm.options
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary.")
def build(
    inputs: tuple[str, ...],
    graph_path: str,
    input_format: str | None,
    lexicons: tuple[str, ...],
    no_lexicon: bool,
    strict: bool,
    known: bool,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """Read papers, extract what they speak of, and store the graph.

    INPUT is a file, a folder, a glob or - for standard input. The same input twice changes nothing. With --lexicon or
    --no-lexicon, INPUT may be left out: the papers that are there are read again. With --known, a dump of millions of
    works (OpenAlex, Semantic Scholar, Crossref) completes the papers of the graph and those they cite.
    """
    from ..api import open_graph

    if lexicons and no_lexicon:
        raise click.UsageError("--lexicon and --no-lexicon exclude each other.")
    if not (inputs or lexicons or no_lexicon):
        raise click.UsageError("Missing argument 'INPUT...'.")
    extractor = llm.extractor(**asked)
    with (
        open_graph(graph_path, create=bool(inputs) and not known) as graph,
        render.progress(quiet) as progress,
    ):
        report = graph.build(
            list(inputs),
            format=input_format,
            lexicon=lexicons if lexicons or no_lexicon else None,
            strict=strict,
            known=known,
            jobs=jobs,
            extractor=extractor,
            progress=progress,
        )
    reading = getattr(extractor, "reading", None)
    if as_json:
        more = {"graph": graph_path} | ({"llm": reading.to_dict()} if reading else {})
        print(json.dumps(report.to_dict() | more, ensure_ascii=False, indent=2))
    elif not quiet:
        _summarise(report, graph_path)
        if reading:
            llm.summarise(reading)


@click.command("remove-source", short_help="Take away what one source alone asserted.")
@click.argument("uri")
@options.graph
def remove_source(uri: str, graph_path: str) -> None:
    """Take away exactly what one source alone asserted; `citegraph stats` lists the sources."""
    from ..api import open_graph

    with open_graph(graph_path) as graph:
        report = graph.remove_source(uri)
    print(
        f"Removed {render.plain(uri)}: {report.removed} papers gone, {report.updated} kept by other sources."
    )


def _summarise(report: BuildReport, graph_path: str) -> None:
    talk = render.console(stderr=True)
    for uri in report.unchanged_sources:
        talk.print(f"{render.plain(uri)}: read before, unchanged.")
    merged = sum(len(titles) - 1 for _, titles in report.merged)
    print(
        f"{render.plain(graph_path)}: {report.new} papers new, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.removed} removed, {merged} duplicates merged, "
        f"{len(report.refused)} records refused."
    )
    if report.passed_over:
        print(
            f"{report.passed_over:,} records of papers that the graph neither holds nor cites were passed over."
        )
    if report.read_again:
        print(f"The papers of the graph were read again: {render.plain(report.read_again_because)}.")
    for paper, titles in report.merged[:_SHOWN]:
        spellings = " | ".join(dict.fromkeys(render.plain(title) for title in titles))
        print(f"  {len(titles)} records are one paper: {spellings}  [{render.plain(paper)}]")
    if len(report.merged) > _SHOWN:
        print(f"  … and {len(report.merged) - _SHOWN} more; --json lists all")
    if report.changed:
        render.counts((report.nodes, report.edges), (report.nodes_before, report.edges_before))
    elif not report.refused:
        print("Nothing changed.")
    for refusal in report.refused[:_SHOWN]:
        talk.print(f"refused {render.plain(refusal)}")
    if len(report.refused) > _SHOWN:
        talk.print(f"… and {len(report.refused) - _SHOWN} more refused; --json lists all")
