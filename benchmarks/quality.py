"""Verdicts as tables: every measure, identity, what goes wrong by cause, rules."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diagnosis import CAUSES, Mixed, RuleCount, causes, merges, rules, splits, surface_forms
from scoring import COUNTED, GENERIC, SHARES, TYPES, Count, Report, Thing, Verdict, norm, report
from table import Table
from withheld import Names

KINDS = ("Method", GENERIC, "Model", "Benchmark", "Hardware")

# --- how good it is ----------------------------------------------------------------------------------------


def measures(verdicts: Sequence[Verdict], parts: Sequence[Sequence[Verdict]], title: str) -> Table:
    """Tabulate every measure, with mean and standard deviation over the parts."""
    columns = [("measure", ""), ("P", ".3f"), ("R", ".3f"), ("F1", ".3f"), ("right", ","), ("found", ",")]
    columns += [("annotated", ","), ("mean of folds", ".3f"), ("spread", ".3f")]
    about = f"{len(verdicts)} papers; mean and standard deviation of F1 over {len(parts)} folds of papers."
    table = Table(title, columns, about=about)
    whole = report(verdicts)
    folds = [report(part) for part in parts]
    for name in (*COUNTED, *SHARES):
        table.add(*_cells(name, whole), *_spread([part[name] for part in folds]))
    return table


def _cells(name: str, whole: Report) -> tuple[str | int | float | None, ...]:
    value = whole[name]
    if isinstance(value, Count):
        return name, value.p, value.r, value.f1, value.matched, value.predicted, value.gold
    return name, None, None, value.f1, value.right, value.of, None


def _spread(values: Sequence[Any]) -> tuple[float | None, float | None]:
    known = [value.f1 for value in values if not value.empty]
    return (
        statistics.mean(known) if known else None,
        statistics.stdev(known) if len(known) > 1 else None,
    )


def year(paper: Mapping[str, Any]) -> int | None:
    """Return the year of a paper by its date, year or arXiv identifier."""
    from citegraph.graph.identity import arxiv_id

    for stated in (paper.get("date"), paper.get("year")):
        if stated and str(stated)[:4].isdigit():
            return int(str(stated)[:4])
    found = arxiv_id(str(paper.get("arxiv_id") or paper.get("id") or ""))
    return 2000 + int(found[:2]) if found and found[:4].isdigit() else None


def by_year(verdicts: Sequence[Verdict]) -> Table | None:
    """Tabulate F1 by year of publication; None where no year is known."""
    years: defaultdict[int, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if (when := year(verdict.paper)) is not None:
            years[when].append(verdict)
    if not years:
        return None
    found = sorted(years.items())
    table = Table("F1 by year", [("measure", ""), *((f"{when}", ".3f") for when, _ in found)])
    table.add("papers", *(str(len(part)) for _, part in found))
    reports = [report(part) for _, part in found]
    for name in (*COUNTED, *SHARES):
        table.add(name, *(None if part[name].empty else part[name].f1 for part in reports))
    return table


# --- identity ----------------------------------------------------------------------------------------------


def identity(verdicts: Sequence[Verdict]) -> list[Table]:
    """Tabulate how many surface forms nodes have, and which nodes have the most."""
    forms = surface_forms(verdicts)
    labels = {thing.node: thing.type for verdict in verdicts for thing in verdict.found}
    table = Table(
        "Surface forms per node",
        [("type", ""), *((head, ",") for head in ("nodes", "1", "2", "3", "4", "5 or more", "most"))],
        about="Nodes by the number of distinct written forms that lead to them in these papers.",
    )  # fmt: skip
    for label in TYPES:
        sizes = Counter(min(5, len(forms[node])) for node, kind in labels.items() if kind == label)
        most = max((len(forms[node]) for node, kind in labels.items() if kind == label), default=0)
        table.add(label, sizes.total(), *(sizes[size] for size in range(1, 6)), most)
    top = Table("Nodes with the most surface forms", [("node", ""), ("forms", ","), ("mentions", ",")])
    for node in sorted(forms, key=lambda node: (-len(forms[node]), node))[:12]:
        top.add(node, len(forms[node]), forms[node].total())
    mixed = Table(
        "Wrong merges and splits",
        [("what", ""), ("number", ","), ("pairs of mentions", ",")],
        about="Merges: nodes to which annotators see different things lead. Splits: one thing with several nodes.",
    )
    for name, found in (("merges", merges(verdicts)), ("splits", splits(verdicts))):
        mixed.add(name, len(found), sum(item.pairs for item in found))
    return [table, top, mixed]


# --- what goes wrong ---------------------------------------------------------------------------------------


def wrong(verdicts: Sequence[Verdict]) -> list[Table]:
    """Tabulate what is missed and spurious by cause, and which relations are taken for which."""
    counts = Counter((what, thing.kind, cause) for v in verdicts for what, thing, cause in causes(v))
    table = Table(
        "Missed and spurious entities by cause",
        [("", ""), ("type", ""), *((cause, ",") for cause in CAUSES), ("all", ",")],
        about="Whether the other side has the name as another type, a longer or shorter name there, the thing "
        "itself joined with or split from another, or nothing there.",
    )
    for what in ("missed", "spurious"):
        for kind in KINDS:
            cells = [counts[what, kind, cause] for cause in CAUSES]
            table.add(what, kind, *cells, sum(cells))
    taken = Counter(
        (theirs.relation, mine.relation)
        for verdict in verdicts
        for mine, theirs in verdict.matched()
        if mine.relation != theirs.relation
    )
    relations = Table(
        "Relations taken for others", [("annotated", ""), ("in the graph", ""), ("entities", ",")]
    )
    for (theirs, mine), times in sorted(taken.items(), key=lambda item: (-item[1], item[0])):
        relations.add(theirs, mine, times)
    return [table, relations]


def errors(verdicts: Sequence[Verdict], limit: int) -> list[Table]:
    """List single errors of every sort, at most ``limit`` of each."""
    columns = [("paper", ""), ("type", ""), ("name", ""), ("cause", ""), ("relation", ""), ("rules", "")]
    tables = {what: Table(f"{what.capitalize()} entities", columns) for what in ("missed", "spurious")}
    relations = Table(
        "Wrong relations",
        [("paper", ""), ("type", ""), ("name", ""), ("annotated", ""), ("in the graph", "")],
    )
    sets = [("paper", ""), ("what", ""), ("missed", ""), ("spurious", "")]
    values = Table("Wrong sizes and results", sets)
    for verdict in verdicts:
        for what, thing, cause in causes(verdict):
            rest = (thing.canonical, cause, thing.relation, " ".join(sorted(thing.rules)))
            tables[what].add(verdict.id, thing.kind, *rest)
        for mine, theirs in verdict.matched():
            if mine.relation != theirs.relation:
                relations.add(verdict.id, mine.kind, theirs.canonical, theirs.relation, mine.relation)
            if theirs.type == "Model" and set(map(norm, mine.sizes)) != set(map(norm, theirs.sizes)):
                here, there = Counter(map(norm, mine.sizes)), Counter(map(norm, theirs.sizes))
                values.add(verdict.id, theirs.canonical, *_apart(here, there))
        if verdict.found_values != verdict.gold_values:
            values.add(verdict.id, "results", *_apart(verdict.found_values, verdict.gold_values))
    mixed = [("what", ""), ("leads to", ""), ("pairs of mentions", ",")]
    both = []
    for title, found in (("Wrong merges", merges(verdicts)), ("Wrong splits", splits(verdicts))):
        table = Table(title, mixed)
        for item in found:
            table.add(item.whole, _parts(item), item.pairs)
        both.append(table)
    every = [*tables.values(), relations, values, *both]
    for table in every:
        table.about = f"{min(limit, len(table.rows))} of {len(table.rows)}."
        table.rows = table.rows[:limit]
    return every


def _apart(found: Counter[str], gold: Counter[str]) -> tuple[str, str]:
    return ", ".join((gold - found).elements()), ", ".join((found - gold).elements())


def _parts(item: Mixed) -> str:
    return "; ".join(f"{part} ({times})" for part, times in item.parts)


def confidence(verdicts: Sequence[Verdict]) -> Table | None:
    """Tabulate how often edges of some confidence are right; None where edges have none."""
    bands: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for verdict in verdicts:
        for i, thing in enumerate(verdict.found):
            if thing.confidence is not None:
                right = i in verdict.pairs and verdict.gold[verdict.pairs[i]].relation == thing.relation
                bands[min(9, int(thing.confidence * 10))].append((thing.confidence, right))
    if not bands:
        return None
    table = Table(
        "What confidence is worth",
        [("confidence", ""), ("edges", ","), ("mean confidence", ".3f"), ("right", ".3f")],
        about="An edge is right if its entity is annotated and its relation is the annotated one.",
    )
    for band, edges in sorted(bands.items()):
        mean = statistics.mean(sure for sure, _ in edges)
        share = statistics.mean(float(right) for _, right in edges)
        table.add(f"{band / 10:.1f} to {(band + 1) / 10:.1f}", len(edges), mean, share)
    return table


# --- names and rules ---------------------------------------------------------------------------------------


def listed_or_not(verdicts: Sequence[Verdict], blind: Sequence[Verdict], names: Names) -> Table:
    """Tabulate recall of named entities, with and without the lexicon's help, by whether it lists them."""
    listed = Table(
        "Recall of named entities by whether the lexicon lists them",
        [("type", ""), ("listed", ","), ("R", ".3f"), ("R withheld", ".3f"),
         ("not listed", ","), ("R ", ".3f"), ("R withheld ", ".3f")],
    )  # fmt: skip
    for label in TYPES:
        cells: list[int | float | None] = []
        for known in (True, False):

            def chosen(thing: Thing, known: bool = known, label: str = label) -> bool:
                return thing.type == label and not thing.generic and names.know(thing) is known

            there, found = _recall(verdicts, chosen)
            _, blindly = _recall(blind, chosen)
            cells += [there, found / there if there else None, blindly / there if there else None]
        listed.add(label, *cells)
    return listed


def _recall(verdicts: Sequence[Verdict], chosen: Callable[[Thing], bool]) -> tuple[int, int]:
    """Return how many chosen things were annotated and how many of them were found."""
    there = sum(chosen(thing) for verdict in verdicts for thing in verdict.gold)
    return there, sum(chosen(theirs) for verdict in verdicts for _, theirs in verdict.matched())


def rule_table(verdicts: Sequence[Verdict], title: str) -> Table:
    """Tabulate how right each rule is, by type, and the entities that rest on it alone."""
    table = Table(
        title,
        [("rule", ""), ("type", ""), ("right", ","), ("wrong", ","), ("P", ".3f"),
         ("alone right", ","), ("alone wrong", ","), ("P alone", ".3f"), ("relation right", ".3f")],
        about="Entities with evidence by a rule, and those with evidence by no other. The last column is the share "
        "of the right ones whose relation is right.",
    )  # fmt: skip
    found = rules(verdicts)
    whole: defaultdict[str, RuleCount] = defaultdict(RuleCount)
    for (rule, _), count in found.items():
        whole[rule] += count
    for rule in sorted(whole, key=lambda rule: (-whole[rule].right - whole[rule].wrong, rule)):
        kinds = [(kind, found[rule, kind]) for kind in KINDS if (rule, kind) in found]
        for kind, count in [("all", whole[rule]), *kinds] if len(kinds) > 1 else kinds:
            every, alone = count.right + count.wrong, count.alone_right + count.alone_wrong
            table.add(
                rule, kind, count.right, count.wrong, count.right / every,
                count.alone_right, count.alone_wrong, count.alone_right / alone if alone else None,
                count.relation_right / count.right if count.right else None,
            )  # fmt: skip
    return table
