"""The command that suggests what may be one thing: duplicates."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from . import options, render

if TYPE_CHECKING:
    from ..queries.duplicates import Suggestion

_COLUMNS = [
    "score", "type", "one", "other", "for", "against", "conflicts",
    "one_papers", "other_papers", "one_id", "other_id", "link",
]  # fmt: skip


@click.command(short_help="Nodes that may be the same thing.")
@options.graph
@options.label
@click.option(
    "--threshold", type=click.IntRange(0, 100), default=85, show_default=True, help="Least score, 0–100."
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Pairs to show; JSON and CSV have all.",
)
@options.output_format()
def duplicates(graph_path: str, label: str | None, threshold: int, limit: int, output: str) -> None:
    """Nodes that may be the same thing, with what speaks for it and against it.

    These are suggestions only: nothing is merged. `citegraph link` joins a pair, `citegraph unlink` says that the two
    differ, and they are not suggested again.
    """
    from ..api import open_graph
    from ..queries.duplicates import duplicates as suggest

    with open_graph(graph_path) as graph:
        found = suggest(graph.store, label, threshold)
    more = options.given_graph(graph_path)
    if output != "table":
        render.rows([_row(suggestion, more) for suggestion in found], _COLUMNS, output)
    elif not found:
        render.console(stderr=True).print("No likely duplicates.")
    else:
        _print(found, limit, more)


def _row(suggestion: Suggestion, more: tuple[str, ...]) -> dict[str, object]:
    s = suggestion
    values = (
        s.score, s.label, s.a.name, s.b.name, "; ".join(s.speaks_for), "; ".join(s.speaks_against),
        "; ".join(s.conflicts), s.papers_a, s.papers_b, s.a.id, s.b.id, _command(s, more),
    )  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def _command(suggestion: Suggestion, more: tuple[str, ...]) -> str:
    return shlex.join(("citegraph", *suggestion.link, *more)) if suggestion.link else ""


def _print(found: list[Suggestion], limit: int, more: tuple[str, ...]) -> None:
    from ..queries.duplicates import COUNTED, SCORE

    out = render.console()
    for suggestion in found[:limit]:
        counted = COUNTED.get(suggestion.label, "paper")
        pair = " = ".join(
            f"{render.plain(end.name)} ({render.many(papers, counted)})"
            for end, papers in ((suggestion.a, suggestion.papers_a), (suggestion.b, suggestion.papers_b))
        )
        out.print(f"{suggestion.score:3}  {suggestion.label}: {pair} ?")
        for reason in suggestion.speaks_for:
            out.print(f"       for      {render.plain(reason)}")
        for reason in (*suggestion.speaks_against, *suggestion.conflicts):
            out.print(f"       against  {render.plain(reason)}")
        if suggestion.link:
            render.command(f"       {_command(suggestion, more)}", style="dim")
    if len(found) > limit:
        out.print(
            f"… and {len(found) - limit} more; --limit {len(found)} shows all, --type those of one type"
        )
    talk = render.console(stderr=True)
    talk.print(SCORE)
    talk.print(
        "Nothing was merged. The command below a pair joins it; `citegraph unlink` with its ids keeps it apart."
    )
