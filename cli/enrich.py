"""Commands that ask public services: enrich, fetch. Nothing else of citegraph uses the network by itself."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, render

if TYPE_CHECKING:
    from ..loaders.enrich.report import EnrichReport

_SERVICES = (
    "openalex", "semantic-scholar", "crossref", "arxiv", "huggingface", "datacite", "opencitations", "dblp",
)  # fmt: skip
_SHOWN = 8


def _services(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    for name in names:
        if name not in _SERVICES:
            raise click.BadParameter(f"there is no service {name!r}; choose among {', '.join(_SERVICES)}.")
    if not names:
        raise click.BadParameter(f"name at least one of {', '.join(_SERVICES)}.")
    return names


_cache = click.option(
    "--cache",
    metavar="FOLDER",
    help="Where answers are kept.  [default: citegraph/services in the user's cache folder]",
)
_refresh = click.option("--refresh", is_flag=True, help="Ask again for what is known and cached.")


@click.command(short_help="Complete papers by what public services know of them.")
@options.graph
@click.option(
    "--from",
    "services",
    metavar="SERVICES",
    required=True,
    callback=_services,
    help="Services to ask, comma-separated: openalex,semantic-scholar,crossref,arxiv,huggingface,…",
)
@click.option("--papers", metavar="QUERY", help="Ask only about the papers that this Cypher query returns.")
@click.option(
    "--max", "limit", type=click.IntRange(1), metavar="N", help="Ask each service about N papers at most."
)
@click.option("--citing", is_flag=True, help="Ask for the works that cite the papers, too.")
@click.option("--dry-run", is_flag=True, help="Only tell how many requests it would take.")
@click.option("--offline", is_flag=True, help="Use what is cached; send nothing.")
@_refresh
@click.option(
    "--prefer",
    metavar="SERVICES",
    callback=_services,
    help="Services whose values count before those of others, from now on; those of files come first.",
)
@_cache
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress and no report.")
def enrich(
    graph_path: str,
    services: tuple[str, ...],
    papers: str | None,
    limit: int | None,
    citing: bool,
    dry_run: bool,
    offline: bool,
    refresh: bool,
    prefer: tuple[str, ...] | None,
    cache: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Complete the papers of a graph: identifiers, dates, authors, venues, abstracts, references, code.

    What a service says counts where no file says otherwise; it is a source of its own, which remove-source takes
    away. Keys are taken from the environment: OPENALEX_API_KEY, S2_API_KEY, HF_TOKEN, OPENCITATIONS_ACCESS_TOKEN;
    CROSSREF_MAILTO is an e-mail address of yours, for which Crossref asks.

    \b
    citegraph enrich --from openalex,arxiv --max 100
    citegraph enrich --from semantic-scholar --papers "MATCH (p:Paper)-[:USES]->(:Model {name: 'LLaMA 2'}) RETURN p"
    """
    from ..api import open_graph

    with open_graph(graph_path) as graph, render.progress(quiet, paced=True) as progress:
        report = graph.enrich(
            services,
            papers=papers,
            limit=limit,
            citing=citing,
            dry_run=dry_run,
            offline=offline,
            refresh=refresh,
            prefer=prefer,
            cache=cache,
            progress=progress,
        )
    if as_json:
        print(render.json_text(asdict(report)))
    elif not quiet:
        _summarise(report, graph_path)
    if _unheard(report):
        render.console(stderr=True).print(
            "No service answered, so nothing was learned; "
            + ("run it without --offline." if offline else "check the network and try again.")
        )
        sys.exit(1)


def _unheard(report: EnrichReport) -> bool:
    """Tell whether services were asked, and none gave an answer."""
    asked = [one for one in report.services.values() if one.asked]
    return bool(asked) and not report.dry_run and all(one.unanswered == one.asked for one in asked)


def _summarise(report: EnrichReport, graph_path: str) -> None:
    talk = render.console(stderr=True)
    if report.dry_run:
        print(f"{render.plain(graph_path)}: {render.many(report.papers, 'paper')}; nothing was asked.")
        shown = [
            {"service": name, "papers": one.asked, "requests": one.planned, "known": report.known[name]}
            for name, one in report.services.items()
        ]
        render.table(shown, ("service", "papers", "requests", "known"))
        return
    print(
        f"{render.plain(graph_path)}: {render.many(report.papers, 'paper')}, "
        f"{render.many(report.changed, 'record')} new or changed."
    )
    columns = (
        "service",
        "asked",
        "found",
        "changed",
        "absent",
        "refused",
        "unanswered",
        "requests",
        "cached",
    )
    headings = ("service", "asked", "found", "new", "none", "refused", "failed", "sent", "kept")
    render.table(
        [asdict(one) | {"service": name} for name, one in report.services.items()], columns, headings
    )
    for name, known in report.known.items():
        if known:
            talk.print(
                f"{name}: has told of {render.many(known, 'paper')} before, which --refresh asks about again."
            )

    for name, one in report.services.items():
        if one.remaining is not None:
            talk.print(f"{name}: {render.plain(one.remaining)} left of what it allows.")
        if one.stopped:
            talk.print(f"{name}: {render.plain(one.stopped)}")
        for fault in [fault for fault in one.faults if fault != one.stopped][:_SHOWN]:
            talk.print(f"{name}: {render.plain(fault)}")
        for paper, reason in one.refusals[:_SHOWN]:
            talk.print(f"{name}: not believed of {render.plain(paper)}: {render.plain(reason)}")
        if len(one.refusals) > _SHOWN:
            talk.print(f"{name}: … and {len(one.refusals) - _SHOWN} more not believed; --json lists all")
    for row in report.contradictions[:_SHOWN]:
        talk.print(f"contradicted: {render.plain(row)}")
    if len(report.contradictions) > _SHOWN:
        talk.print(f"… and {len(report.contradictions) - _SHOWN} more contradictions; --json lists all")


# --- fetching ----------------------------------------------------------------------------------------------


@click.group(short_help="Fetch papers as files that build reads.")
def fetch() -> None:
    """Fetch papers from a public service, as files that `citegraph build` reads."""


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value is not None else None


_DATE = click.DateTime(["%Y-%m-%d"])


@fetch.command("hf-daily")
@click.option(
    "--date", "first", type=_DATE, required=True, callback=_day, help="The day, or the first of several."
)
@click.option("--to", "last", type=_DATE, callback=_day, help="The last day.  [default: the first]")
@click.option("-o", "--output", "folder", default="hf-daily", show_default=True, help="Folder for the files.")
@click.option("--offline", is_flag=True, help="Use what is cached; send nothing.")
@_refresh
@_cache
def hf_daily(
    first: date, last: date | None, folder: str, offline: bool, refresh: bool, cache: str | None
) -> None:
    """Fetch Hugging Face's Daily Papers, a file for each day.

    \b
    citegraph fetch hf-daily --date 2025-03-10 --to 2025-03-14
    citegraph build hf-daily
    """
    from ..loaders.enrich.fetch import fetch_daily
    from ..loaders.enrich.http import client_for
    from ..loaders.enrich.services import service

    until = last or first
    if until < first:
        raise click.BadParameter("the last day is before the first.", param_hint="--to")
    counts, failed = {"new": 0, "kept": 0, "papers": 0}, False
    talk = render.console(stderr=True)
    with render.progress(False) as progress:
        client = client_for(cache, offline=offline, refresh=refresh)
        for day in fetch_daily(
            client,
            service("huggingface").policy,
            first,
            until,
            Path(folder),
            refresh=refresh,
            progress=progress,
        ):
            counts["new"] += day.path is not None and not day.kept
            counts["kept"] += day.kept
            counts["papers"] += day.papers
            if day.missing:
                talk.print(f"{day.day}: {render.plain(day.missing)}")
            failed = failed or day.failed
    new = f"{render.many(counts['new'], 'file')} new with {render.many(counts['papers'], 'paper')}"
    print(f"{render.plain(folder)}: {new}, {counts['kept']} kept.")
    if failed:
        sys.exit(1)
