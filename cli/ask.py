"""Commands that ask a graph: stats, show, explain, tried, lineage."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from . import options, render

_WIDEST = 40

if TYPE_CHECKING:
    from ..graph.provenance import Told
    from ..graph.records import Node
    from ..queries.explain import Explanation
    from ..queries.identity import Identity
    from ..queries.lookup import Group, Neighbourhood
    from ..queries.quotations import Quotation
    from ..queries.stats import Stats


@click.command()
@options.graph
@click.option(
    "--identity", "by_identity", is_flag=True, help="What was taken for one thing, and by which rule."
)
@click.option(
    "--hash", "hashed", is_flag=True, help="Digits that graphs share if they hold the same nodes and edges."
)
@options.output_format("table", "json")
def stats(graph_path: str, by_identity: bool, hashed: bool, output: str) -> None:
    """What the graph holds and how complete it is."""
    from ..api import open_graph

    if by_identity and hashed:
        raise click.UsageError("--identity and --hash exclude each other.")
    with open_graph(graph_path) as graph, graph.store.reading():
        if hashed:
            from ..graph.content import content_hash

            digits = content_hash(graph.store)
            _json({"graph": graph.store.uri, "hash": digits}) if output == "json" else print(digits)
            return
        server = options.server(graph)
        if by_identity:
            from ..queries.identity import identity

            made = identity(graph.store)
            _json(made.to_dict()) if output == "json" else _print_identity(made)
            return
        found = graph.stats()
    if output == "json":
        _json(found.to_dict() | server)
    else:
        if server:
            print(f"{render.plain(server['graph'])}, {render.plain(server['server'])}")
        _print_stats(found)


def _print_stats(found: Stats) -> None:
    render.counts((found.nodes, found.edges))
    years = sorted(found.years)
    span = f", {years[0]} to {years[-1]}" if years else ""
    print(
        f"{found.papers} papers{span}, {found.with_abstract} with an abstract; {found.stubs} more are only cited."
    )
    cited = found.citations
    print(
        f"{cited.papers_with_references} papers with references; {cited.resolved} of {cited.edges} citations lead to "
        "a paper of the graph."
    )
    if cited.found_by:
        rules = ", ".join(f"{count} by {_rule(rule)}" for rule, count in cited.found_by.items())
        print(f"Those were found {rules}.")
    if cited.unidentified:
        print(f"Of {render.many(cited.unidentified, 'reference')} no source tells what work is meant.")
    rows: list[dict[str, Any]] = [
        {
            "type": label,
            "most connected": ", ".join(f"{render.plain(c.node.name)} ({c.papers})" for c in connected),
        }
        for label, connected in found.most_connected.items()
        if connected
    ]
    render.table(rows, ["type", "most connected"])
    render.table(
        [
            {"source": s.uri, "format": s.format, "papers": s.papers}
            | {"citations": s.citations, "to papers of the graph": s.resolved}
            for s in found.sources
        ],
        ["source", "format", "papers", *(["citations", "to papers of the graph"] if cited.edges else [])],
    )
    if found.lexicons:
        print(f"Names beside citegraph's own lexicon come from {render.plain(found.lexicons)}.")
    if found.corrections:
        print(f"{render.many(found.corrections, 'correction')} by hand; `citegraph corrections` lists them.")


def _rule(rule: str) -> str:
    """Say how references were found."""
    said = {
        "arxiv": "arXiv id",
        "doi": "DOI",
        "likeness": "likeness of titles",
        "link": "a link made by hand",
    }
    return said.get(rule, rule if rule == "title" else f"{rule} id")


_RANGES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, sys.maxsize))


def _print_identity(found: Identity) -> None:
    """Print how many forms entities have, by which rules, and of how many records papers are made."""
    from ..queries.forms import JOINS, RULES

    names = ["1", "2", "3–5", "6–10", "more"]
    rows: list[dict[str, Any]] = []
    for label, counts in found.histogram.items():
        row: dict[str, Any] = {
            "type": label,
            "entities": sum(counts.values()),
            "forms": sum(forms * entities for forms, entities in counts.items()),
        }
        for name, (least, most) in zip(names, _RANGES, strict=True):
            row[name] = sum(entities for forms, entities in counts.items() if least <= forms <= most)
        rows.append(row)
    print("How many entities are written in 1, 2, … forms:")
    render.table(rows, ["type", "entities", "forms", *names])
    ranked = [
        {"entity": c.node.name, "type": c.node.label, "forms": c.forms, "papers": c.papers}
        for c in found.most
    ]
    render.table(ranked, ["entity", "type", "forms", "papers"])
    print("By which rule the forms came to their entities:")
    render.table(
        [{"forms": count, "rule": RULES.get(rule, rule)} for rule, count in found.rules.items()],
        ["forms", "rule"],
    )
    print(
        f"{render.many(found.papers, 'paper')} of {render.many(found.records, 'record')}; "
        f"{found.merged:,} of several records."
    )
    if found.joins:
        render.table(
            [{"records": count, "joined by": JOINS[rule]} for rule, count in found.joins.items()],
            ["records", "joined by"],
        )


@click.command(short_help="A node, its neighbours, and the sentences that say so.")
@click.argument("name")
@options.graph
@options.label
@click.option(
    "--limit", type=click.IntRange(1), default=10, show_default=True, help="Neighbours to show a group."
)
@click.option("--sources", is_flag=True, help="Which source says what of a paper, field by field.")
@options.output_format("table", "json")
def show(name: str, graph_path: str, label: str | None, limit: int, sources: bool, output: str) -> None:
    """A node with its neighbours by edge type, and the sentences that say so.

    NAME is a name, an alias, an id, an arXiv id, a DOI, an address or the beginning of a title.
    """
    from ..api import open_graph
    from ..queries.lookup import neighbourhood, resolve

    if sources and label not in (None, "Paper"):
        raise click.UsageError("--sources tells of papers; leave --type out.")
    with open_graph(graph_path) as graph, graph.store.reading():
        if sources:
            paper, rows = resolve(graph.store, name, "Paper"), graph.sources_of(name)
            _json([asdict(row) for row in rows]) if output == "json" else _print_sources(paper, rows)
            return
        node = resolve(graph.store, name, label)
        found = neighbourhood(graph.store, node.id, None if output == "json" else limit)
    if output == "json":
        _json(found.to_dict())
    else:
        _print_neighbourhood(found, limit)


def _print_sources(paper: Node, rows: Sequence[Told]) -> None:
    """Print what sources say of a paper, each field once and what others say of it below."""
    print(_heading(paper.label, paper.name, paper.id))
    if not rows:
        print("  No source tells of it; it is only cited.")
        return
    shown, field = [], ""
    for row in rows:
        value = render.plain(row.value)
        if len(value) > _WIDEST:
            value = f"{value[:_WIDEST]}… ({len(value):,} characters)"
        verdict = "" if row.counts else "the same" if row.agrees else "otherwise"
        shown.append({"field": "" if row.field == field else row.field, "value": value,
                      "source": row.source, "says": verdict})  # fmt: skip
        field = row.field
    render.table(shown, ("field", "value", "source", "says"), ("field", "value", "source", ""))


def _print_neighbourhood(found: Neighbourhood, limit: int) -> None:
    out = render.console()
    out.print(_heading(found.node.label, found.node.name, found.node.id))
    for key, value in found.node.properties.items():
        # Aliases are told with the papers that write so; former ids with the records.
        if key == "body":
            sections = len(found.node.properties.get("sections", ()))
            out.print(f"  body: {len(str(value)):,} characters in {render.many(sections, 'section')}")
        elif key == "statements":
            for line in str(value).splitlines()[:limit]:
                out.print(f"  stated: {render.plain(line)}")
        elif key not in ("name", "title", "sections") and not (key == "aliases" and found.forms):
            out.print(f"  {key}: {render.plain(value)}")
    _print_making(found, limit)
    for group in found.groups:
        out.print()
        out.print(_group_heading(group))
        for neighbour in group.neighbours:
            out.print(f"  {render.plain(neighbour.ref())}{_details(neighbour.edge.properties)}")
            for quotation in neighbour.quotations[:1]:
                out.print(f"      {_quoted(quotation)}{_section(quotation)}", style="dim")
        if group.total > len(group.neighbours):
            out.print(f"  … and {group.total - len(group.neighbours)} more; --limit {group.total} shows all")


def _print_making(found: Neighbourhood, limit: int) -> None:
    """Print what made the node one thing: its written forms or its records, and what a person put right."""
    out = render.console()
    if found.forms:
        out.print()
        out.print(f"written in {render.many(len(found.forms), 'form')}")
        shown = found.forms[:limit]
        width = max(len(render.plain(form.text)) for form in shown)
        for form in shown:
            text = render.plain(form.text).ljust(min(width, _WIDEST))
            out.print(f"  {text}  {render.many(form.papers, 'paper'):>10}  {render.plain(form.how())}")
        if len(found.forms) > limit:
            out.print(f"  … and {len(found.forms) - limit} more; --limit {len(found.forms)} shows all")
    if len(found.records) > 1:
        out.print()
        out.print(f"one paper of {len(found.records)} records")
        for record in found.records[:limit]:
            value = f" {record.value}" if record.value and record.rule != "title" else ""
            why = f"; {record.meaning}{value}" if record.meaning else ""
            known = ", ".join(record.identifiers) or f"“{record.title}”"
            out.print(f"  {render.plain(record.source)}: {render.plain(known + why)}")
        if len(found.records) > limit:
            out.print(f"  … and {len(found.records) - limit} more; --limit {len(found.records)} shows all")
    if found.corrections:
        out.print()
        out.print("put right by hand")
        for row in found.corrections:
            out.print(f"  {render.plain(row)}")


def _heading(label: str, name: str, node_id: str) -> str:
    return f"{label}: {render.plain(name)}  [{render.plain(node_id)}]"


def _group_heading(group: Group) -> str:
    arrow = f"─ {group.type} →" if group.direction == "out" else f"← {group.type} ─"
    return f"{arrow}  {group.total}"


def _details(properties: Mapping[str, Any]) -> str:
    known = [render.plain(properties[key]) for key in ("sizes", "count", "inferred") if properties.get(key)]
    if properties.get("inferred"):
        known[-1] = f"inferred from {render.many(len(properties.get('papers', ())), 'paper')}"
    return f"  ({'; '.join(known)})" if known else ""


def _quoted(quotation: Quotation) -> str:
    return f"“{render.plain(quotation.marked())}”"


def _section(quotation: Quotation) -> str:
    return f"  ({render.plain(quotation.place)})" if quotation.section else ""


@click.command(short_help="Why there is an edge between two nodes.")
@click.argument("paper")
@click.argument("entity")
@options.graph
@options.output_format("table", "json")
def explain(paper: str, entity: str, graph_path: str, output: str) -> None:
    """Why there is an edge between PAPER and ENTITY (or any two nodes): the words, their place, their source."""
    from ..api import open_graph

    with open_graph(graph_path) as graph, graph.store.reading():
        found = graph.explain(paper, entity)
    if output == "json":
        _json(found.to_dict())
    else:
        _print_explanation(found)


def _print_explanation(found: Explanation) -> None:
    out = render.console()
    names = {found.paper.id: found.paper.name, found.entity.id: found.entity.name}
    for reason in found.reasons:
        ends = (render.plain(names.get(end, end)) for end in (reason.source, reason.target))
        out.print(f" ─ {reason.type} → ".join(ends))
        facts: list[str] = [reason.basis]
        if reason.confidence is not None:
            facts.append(f"confidence {reason.confidence:.2f}")
        facts += [render.plain(reason.sizes)] if reason.sizes else []
        facts += [f"{reason.count} devices"] if reason.count else []
        out.print(f"  {', '.join(facts)}")
        for quotation in reason.quotations:
            out.print(f"  {_quoted(quotation)}")
            place = f"{render.plain(quotation.place)} {quotation.start}–{quotation.end}"
            out.print(f"      {place}, {quotation.extractor}, {render.plain(quotation.source)}", style="dim")
        for head, values in (
            ("source", reason.sources),
            ("reference", reason.raw),
            ("found by", reason.found_by),
            ("context", reason.contexts),
            (f"cited for, by {reason.intents_by}" if reason.intents_by else "cited for", reason.intents),
        ):
            for value in values:
                out.print(f"  {head}: {render.plain(value)}")
        for witness in reason.witnesses:
            out.print(f"  {render.plain(witness.paper)}")
            for quotation in witness.quotations:
                out.print(f"      {_quoted(quotation)}{_section(quotation)}", style="dim")
    for result in found.results:
        out.print(f"  result: {render.plain(result)}")


@click.command(short_help="Which methods were tried on a model.")
@click.argument("model")
@options.graph
@click.option("--size", metavar="SIZE", help="Only papers that state this size of the model, such as 70B.")
@click.option("--kind", metavar="METHOD", help="Only methods of this kind, such as quantization.")
@options.output_format()
def tried(model: str, graph_path: str, size: str | None, kind: str | None, output: str) -> None:
    """Which methods were tried on MODEL, on which hardware, with what result."""
    from ..api import open_graph
    from ..queries.questions import methods_tried_on

    with open_graph(graph_path) as graph, graph.store.reading():
        rows = [trial.flat() for trial in methods_tried_on(graph.store, model, size, kind)]
    columns = ["method", "sizes", "hardware", "results", "paper", "year"]
    _answer(
        rows,
        columns,
        output,
        "No paper of the graph tried such a method on it.",
        ["role", "model", "id", "quote"],
    )


@click.command(short_help="What builds on a method or model.")
@click.argument("entity")
@options.graph
@click.option(
    "--cited", type=click.IntRange(0), default=10, show_default=True, help="Most cited works to list."
)
@options.output_format("table", "json")
def lineage(entity: str, graph_path: str, cited: int, output: str) -> None:
    """What builds on ENTITY, directly and over other works, and what that line of work cites most."""
    from ..api import open_graph
    from ..queries.lineage import builds_on

    with open_graph(graph_path) as graph, graph.store.reading():
        found = builds_on(graph.store, entity, cited=cited)
    if output == "json":
        _json(found.to_dict())
        return
    if not found.descendants:
        render.console(stderr=True).print(
            f"Nothing in the graph builds on {render.plain(found.entity.name)}."
        )
        return
    render.table(
        [row.flat() for row in found.descendants], ["depth", "entity", "builds_on", "via", "paper", "year"]
    )
    if found.most_cited:
        render.table([work.flat() for work in found.most_cited], ["citations", "paper", "year"])


def _answer(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], output: str, none: str, more: Sequence[str]
) -> None:
    """Print rows; in JSON and CSV with the columns ``more`` that would not fit a terminal."""
    if not rows and output == "table":
        render.console(stderr=True).print(none)
        return
    render.rows(rows, columns if output == "table" else [*columns, *more], output)


def _json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
