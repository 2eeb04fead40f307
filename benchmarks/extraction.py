"""How well and how fast titles and abstracts are read: ``python benchmarks/extraction.py GOLD.jsonl…``.

The papers of the gold files (one annotated paper a line: title, abstract, entities, results) are built into one
graph, the way ``citegraph build`` does it, and the graph is compared with the annotation:

* every measure over all papers, with its mean and spread over folds of papers, and by year where a year is known;
* how names came together in nodes, and what is missed, spurious or mixed up, by cause;
* ``--withhold``: the same for names that the lexicon does not know, fold by fold;
* ``--retrain``: the same with learned parts of the extractor trained on the other folds (needs scikit-learn);
* ``--rules``: how right each rule is, what each stage and rule costs, and abstracts a second beside the peers.

    python benchmarks/extraction.py gold.jsonl --withhold --rules --speed papers.jsonl
    python benchmarks/extraction.py gold.jsonl --errors 30
    python benchmarks/extraction.py gold.jsonl --withhold --rules --into docs/quality.md --at unseen
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costs import cost_tables, speed_table
from learned import trainable, trained_on
from quality import by_year, confidence, errors, identity, listed_or_not, measures, rule_table, wrong
from scoring import TYPES, Graph, Thing, Verdict, judge, norm
from table import Table
from withheld import Names

if TYPE_CHECKING:
    from citegraph.graph.local import LocalStore
    from citegraph.graph.records import Paper
    from citegraph.loaders.extract import Lexicon

Annotated = Mapping[str, Any]
BEGIN, END = "<!-- numbers {}: begin -->", "<!-- numbers {}: end -->"
"""Where a page has its numbers, by a name of the place."""

# --- reading and building ----------------------------------------------------------------------------------


def read_gold(paths: Iterable[Path]) -> list[Annotated]:
    """Read annotated papers; what cannot be used ends the script with one sentence."""
    papers: list[Annotated] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except OSError as error:
            sys.exit(f"{path}: cannot be read: {error.strerror}.")
        for line, text in enumerate(lines, 1):
            if not text.strip():
                continue
            try:
                paper = json.loads(text)
                for entity in paper["entities"]:
                    if entity["type"] not in TYPES:
                        raise ValueError(f"{entity['type']!r} is none of {', '.join(TYPES)}")
                    _ = entity["canonical"], entity["mentions"], entity["relation"]
                _ = paper["title"], paper["abstract"]
            except KeyError as error:
                sys.exit(f"{path}, line {line}: {error} is missing; give the file in the annotators' form.")
            except (TypeError, ValueError) as error:
                sys.exit(f"{path}, line {line}: this is no annotated paper: {error}.")
            papers.append(paper)
    if not papers:
        sys.exit("The gold files hold no papers.")
    return papers


def read_papers(paths: Iterable[Path]) -> list[Paper]:
    """Read papers through citegraph's own loaders."""
    from citegraph.graph.records import Paper
    from citegraph.loaders import Document, open_inputs

    found = [
        paper
        for document in open_inputs(list(map(str, paths)))
        if isinstance(document, Document)
        for paper in document.papers()
        if isinstance(paper, Paper)
    ]
    if not found:
        sys.exit(
            f"{', '.join(map(str, paths))}: no papers could be read; give files that `citegraph build` takes."
        )
    return found


def dated(papers: Sequence[Annotated], sources: Iterable[Path]) -> list[Annotated]:
    """Give papers without a date the one that a source has for their title."""
    dates = {norm(paper.title): paper.date or paper.year for paper in read_papers(sources)}
    return [{"date": dates.get(norm(paper["title"])), **paper} for paper in papers]


def build(papers: Sequence[Annotated], lexicon: Lexicon | None = None) -> Graph:
    """Build the graph of the papers as ``citegraph build`` does, by default with the lexicon of citegraph."""
    from citegraph.graph.local import LocalStore
    from citegraph.graph.records import Extraction, Paper, Text
    from citegraph.graph.update import SourceInfo, Update
    from citegraph.loaders import Document, open_inputs
    from citegraph.loaders.extract import Extractor

    extractor = Extractor(lexicon)

    def extract(texts: Iterable[Text]) -> Iterator[Extraction]:
        for text in texts:
            yield extractor.extract(text.title, text.abstract, text.names)

    store = LocalStore()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        rows = ({"title": paper["title"], "abstract": paper["abstract"]} for paper in papers)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        with store.writing():
            update = Update(store)
            for document in open_inputs([str(path)]):
                if isinstance(document, Document):
                    source = SourceInfo(document.uri, document.sha256, document.format, "")
                    update.add(source, (item for item in document.papers() if isinstance(item, Paper)))
            update.apply(extract)
    try:
        return Graph(exchange_rows(store))
    finally:
        store.close()


def exchange_rows(store: LocalStore) -> Iterator[dict[str, Any]]:
    """Iterate over a store's nodes and edges as the exchange form has them."""
    for node in store.nodes():
        yield {**node.properties, "kind": "node", "id": node.id, "type": node.label}
    for edge in store.edges():
        evidence = [json.loads(item) for item in edge.properties.get("evidence", ())]
        ends = {"type": edge.type, "source": edge.source, "target": edge.target}
        yield {**edge.properties, "kind": "edge", **ends, "evidence": evidence}


def fold(paper: Annotated, folds: int) -> int:
    """Return the fold of a paper, which depends on its title alone."""
    digest = hashlib.blake2b(norm(paper["title"]).encode(), digest_size=8).digest()
    return int.from_bytes(digest) % folds


# --- fold by fold ------------------------------------------------------------------------------------------


def judge_by_fold(
    verdicts: Sequence[Verdict], folds: int, *, names: Names | None = None, parts: Sequence[str] = ()
) -> list[list[Verdict]]:
    """Judge every fold anew, by an extractor that has not seen its annotation.

    Parameters
    ----------
    names
        Take all names that are annotated in a fold out of this lexicon before the fold is read.
    parts
        Learned parts to train anew on the other folds.
    """
    split = partition(verdicts, folds)
    made = []
    for part in split:
        papers = [verdict.paper for verdict in part]
        others = [verdict.paper for other in split if other is not part for verdict in other]
        with trained_on(others, parts):
            graph = build(papers, names.without(_annotated(part)) if names else None)
        made.append([judge(paper, graph) for paper in papers])
    return made


def taken_out(verdicts: Sequence[Verdict], folds: int, names: Names) -> str:
    """Say how much of the lexicon the names of a fold are."""
    entries, families = [], []
    for part in partition(verdicts, folds):
        less = names.without(_annotated(part))
        entries.append(len(names.lexicon.entries) - len(less.entries))
        families.append(len(names.lexicon.families) - len(less.families))
    return (
        f"Taken out for a fold: {_range(entries)} of {len(names.lexicon.entries):,} entries and "
        f"{_range(families)} of {len(names.lexicon.families):,} families of models."
    )


def _annotated(verdicts: Iterable[Verdict]) -> Iterator[Thing]:
    return (thing for verdict in verdicts for thing in verdict.gold)


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low} to {high}"


def partition(verdicts: Iterable[Verdict], folds: int) -> list[list[Verdict]]:
    """Put papers into their folds; an empty fold is left out."""
    parts: list[list[Verdict]] = [[] for _ in range(folds)]
    for verdict in verdicts:
        parts[fold(verdict.paper, folds)].append(verdict)
    return [part for part in parts if part]


# --- rules and costs ---------------------------------------------------------------------------------------


# --- saying it ---------------------------------------------------------------------------------------------


def tables(asked: argparse.Namespace) -> Iterator[Table]:
    """Make the tables that were asked for."""
    from citegraph.loaders.extract import Lexicon

    papers = read_gold(asked.gold)
    if asked.dates:
        papers = dated(papers, asked.dates)
    graph = build(papers)
    verdicts = [judge(paper, graph) for paper in papers]
    if strangers := sum(not verdict.known for verdict in verdicts):
        print(f"{strangers} of {len(papers)} papers are not in the graph.", file=sys.stderr)
    yield measures(verdicts, partition(verdicts, asked.folds), "Every measure")
    honest = verdicts
    parts = trainable() if asked.retrain else []
    if parts:
        retrained = judge_by_fold(verdicts, asked.folds, parts=parts)
        table = measures(_joined(retrained), retrained, "With learned parts trained on the other folds")
        table.about += f" Trained anew: {', '.join(parts)}."
        honest = _joined(retrained)
        yield table
    blind: list[Verdict] = []
    if asked.withhold:
        names = Names(Lexicon.load())
        withheld = judge_by_fold(verdicts, asked.folds, names=names, parts=parts)
        blind = _joined(withheld)
        table = measures(blind, withheld, "With all annotated names taken out of the lexicon")
        table.about += f" {taken_out(verdicts, asked.folds, names)}"
        yield table
        yield listed_or_not(verdicts, blind, names)
    if (years := by_year(honest)) is not None:
        yield years
    yield from wrong(honest)
    if (sure := confidence(honest)) is not None:
        yield sure
    yield from identity(verdicts)
    if asked.rules:
        yield rule_table(honest, "Entities by rule")
        if blind:
            yield rule_table(blind, "Entities by rule, annotated names taken out of the lexicon")
    if asked.rules or asked.speed:
        texts = [(paper["title"], paper["abstract"]) for paper in papers]
        if asked.speed:
            texts = [(paper.title, paper.abstract) for paper in read_papers([asked.speed])]
        yield from cost_tables(texts)
        yield speed_table(texts, asked.sizes)
    if asked.errors:
        yield from errors(honest, asked.errors)


def _joined(parts: Iterable[Iterable[Verdict]]) -> list[Verdict]:
    return [verdict for part in parts for verdict in part]


def write_into(page: Path, place: str, text: str) -> None:
    """Put text between the marks of a place on a page."""
    begin, end = BEGIN.format(place), END.format(place)
    try:
        held = page.read_text(encoding="utf-8")
    except OSError as error:
        sys.exit(f"{page}: cannot be read: {error.strerror}.")
    before, _, rest = held.partition(begin)
    _, _, after = rest.partition(end)
    if held.count(begin) != 1 or held.count(end) != 1 or rest.count(end) != 1:
        sys.exit(f"{page}: there must be one line {begin} and after it one line {end}.")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+", metavar="GOLD", help="annotated papers, one a line")
    parser.add_argument("--folds", type=int, default=5, help="parts the papers are put into (default 5)")
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="list up to N errors of every sort"
    )
    parser.add_argument("--withhold", action="store_true", help="judge names that the lexicon does not know")
    parser.add_argument("--retrain", action="store_true", help="train learned parts on the other folds")
    parser.add_argument("--rules", action="store_true", help="how right rules are and what they cost")
    parser.add_argument("--speed", type=Path, metavar="FILE", help="papers to measure speed on")
    parser.add_argument("--dates", type=Path, nargs="+", metavar="FILE", help="papers that date the gold's")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[500, 1000, 2000], help="sizes of the corpora"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print tables for a Markdown page")
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument(
        "--into", type=Path, metavar="PAGE", help="write the tables between the marks of a page"
    )
    parser.add_argument("--at", default="development", metavar="PLACE", help="the place on that page")
    asked = parser.parse_args(arguments)
    if asked.folds < 2:
        parser.error("--folds must be at least 2.")
    made = list(tables(asked))
    if asked.json:
        print(json.dumps([table.data() for table in made], ensure_ascii=False, indent=1))
    elif asked.into:
        write_into(asked.into, asked.at, "\n\n".join(table.markdown() for table in made))
    else:
        for table in made:
            print(table.markdown() if asked.markdown else table.text(), end="\n\n")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stderr.close()
