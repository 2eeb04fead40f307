"""The command that ranks papers, or joins them into pairs, paths and groups, by the citations of a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import options, render

if TYPE_CHECKING:
    from ..api import Graph
    from ..queries.rows import Row

_PAPERS = ("rank", "score", "paper", "year")
_PAIRS = ("shared", "cosine", "paper", "with")

_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pagerank": (_PAPERS, ("id", "stub")),
    "authorities": (_PAPERS, ("id", "stub")),
    "hubs": (_PAPERS, ("id", "stub")),
    "citations": (_PAPERS, ("id", "stub")),
    "core": (_PAPERS, ("id", "stub")),
    "main-path": (("step", "weight", "paper", "year"), ("id",)),
    "co-citation": (_PAIRS, ("id", "with_id")),
    "coupling": (_PAIRS, ("id", "with_id")),
    "communities": (("community", "size", "citations", "papers"), ("ids",)),
}
"""What there is to rank by, the columns of its table, and those that only JSON and CSV have room for."""


@click.command(short_help="Rank papers by the citations among them.")
@options.graph
@click.option(
    "--by",
    type=click.Choice(tuple(_KINDS)),
    default="pagerank",
    show_default=True,
    help="What counts.",
)
@click.option(
    "--about",
    metavar="NAME",
    help="Let the ranking speak to the papers with an edge to this node, such as LoRA.",
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows to show.")
@click.option("--no-stubs", is_flag=True, help="Leave out works known only by being cited.")
@options.output_format()
def rank(graph_path: str, by: str, about: str | None, limit: int, no_stubs: bool, output: str) -> None:
    """Rank papers by the citations among them.

    \b
    pagerank      time a reader spends who follows references at random
    authorities   cited by those who cite the right works (HITS)
    hubs          citing the right works (HITS): surveys
    citations     how often cited
    core          the largest k of a k-core they belong to
    main-path     the line along which most citations came down
    co-citation   pairs that the same papers cite
    coupling      pairs that cite the same works
    communities   groups that cite one another (Louvain)
    """
    from ..api import open_graph

    with open_graph(graph_path) as graph:
        found = _ask(graph, by, about, limit, not no_stubs)
    shown, more = _KINDS[by]
    if not found and output == "table":
        render.console(stderr=True).print("No paper of the graph cites another one of those asked for.")
        return
    render.rows(
        [{key: _short(value) for key, value in row.flat().items()} for row in found]
        if output == "table"
        else [row.flat() for row in found],
        shown if output == "table" else (*shown, *more),
        output,
    )


def _ask(graph: Graph, by: str, about: str | None, limit: int, stubs: bool) -> Sequence[Row]:
    asked: dict[str, Callable[[], Sequence[Row]]] = {
        "main-path": lambda: graph.main_path(about=about, stubs=stubs)[:limit],
        "co-citation": lambda: graph.pairs("co-citation", about=about, limit=limit),
        "coupling": lambda: graph.pairs("coupling", about=about, limit=limit),
        "communities": lambda: graph.communities(about=about, limit=limit, stubs=stubs),
    }
    if by in asked:
        return asked[by]()
    return graph.rank(by, about=about, limit=limit, stubs=stubs)


def _short(value: Any) -> Any:
    """Return a score with the digits a reader compares."""
    return f"{value:.4g}" if isinstance(value, float) else value
