"""How fast Cypher runs over a local graph, beside other engines and beside numpy: ``python benchmarks/cypher.py``.

A citation graph is made up, always the same for a seed: per 100,000 papers 20,000 methods, 500 models, 2,000
benchmarks, 200 devices and about a million edges, whose degrees follow power laws. Ten everyday queries run

- in citegraph: the first time (the part of the layout, the columns and the indexes it needs are made, the query is
  parsed and planned), and warm, each time with other parameters;
- in ladybug, an embedded Cypher database, if it is installed, which is told the same schema beforehand;
- in grand-cypher, if it is installed, on graphs of up to 10,000 papers;
- as numpy operations planned by hand over the arrays of the same layout, which no engine over them can beat by much.

The rows are compared. Where ladybug counts walks and citegraph trails (``CITES*1..3``), DISTINCT makes them the same:
every node at the end of a walk is at the end of a trail.

    python benchmarks/cypher.py --sizes 10000 100000 300000
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from citegraph.queries.cypher import execute
from citegraph.queries.cypher.layout import Layout, layout_of

REPEATS = 15
GRAND_CYPHER_PAPERS = 10_000
GRAND_CYPHER_SECONDS = 60

Rows = list[list[Any]]

# --- the graph ----------------------------------------------------------------------------------------------

_RELATIONSHIPS = (
    # type, from, to, how many for each paper
    ("CITES", "Paper", "Paper", 5.0),
    ("USES", "Paper", "Method", 1.2),
    ("USES", "Paper", "Model", 0.8),
    ("EVALUATED_ON", "Paper", "Benchmark", 1.5),
    ("EVALUATED_ON", "Method", "Benchmark", 0.6),
    ("PROPOSES", "Paper", "Method", 0.2),
    ("RUNS_ON", "Paper", "Hardware", 0.7),
)
_KNOWN = {
    "Model": ("LLaMA", "GPT-4", "BERT"),
    "Benchmark": ("GSM8K", "MMLU", "ImageNet"),
    "Hardware": ("A100",),
}


@dataclass
class Corpus:
    """The graph as tables: for each label its properties, for each kind of relationship its pairs."""

    nodes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    edges: list[tuple[str, str, str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def corpus(papers: int, seed: int = 7) -> Corpus:
    """Make up the tables."""
    rng = np.random.default_rng(seed)
    made = Corpus()
    syllables = [
        "ra",
        "to",
        "mi",
        "ven",
        "qua",
        "lor",
        "nep",
        "sil",
        "dar",
        "ex",
        "un",
        "pho",
        "tic",
        "gra",
        "ble",
    ]
    made.words = list(dict.fromkeys("".join(rng.choice(syllables, rng.integers(2, 5))) for _ in range(4000)))
    picks = (len(made.words) * rng.random((papers, 7)) ** 2.5).astype(int)
    seen: Counter[str] = Counter()
    titles = []
    for row in picks.tolist():
        title = " ".join(made.words[word] for word in row).capitalize()
        seen[title] += 1
        titles.append(title if seen[title] == 1 else f"{title} {seen[title]}")
    years = 2026 - (26 * rng.random(papers) ** 2).astype(int) - 1
    made.nodes["Paper"] = {"title": titles, "year": years.tolist()}
    for label, share in (("Method", 0.2), ("Model", 0.005), ("Benchmark", 0.02), ("Hardware", 0.002)):
        count = max(20, int(papers * share))
        names = [f"{label}-{number}" for number in range(count)]
        known = _KNOWN.get(label, ())
        names[: len(known)] = known
        made.nodes[label] = {"name": names}
    for name, source, target, share in _RELATIONSHIPS:
        many, near, far = int(papers * share), _size(made, source), _size(made, target)
        sources = (near * rng.random(int(many * 1.15)) ** 1.5).astype(np.int64)
        targets = (far * rng.random(len(sources)) ** 3).astype(np.int64)
        if name == "CITES":
            sources = near - 1 - sources  # the latest cite most, the first are cited most
        pairs = np.unique(np.stack([sources, targets], axis=1)[sources != targets], axis=0)
        made.edges.append((name, source, target, pairs[np.sort(rng.permutation(len(pairs))[:many])]))
    return made


def _size(made: Corpus, label: str) -> int:
    return len(next(iter(made.nodes[label].values())))


def as_networkx(made: Corpus) -> Any:
    """Return the graph in the shape of the local store's: labels a text, edges keyed by their type."""
    graph: Any = nx.MultiDiGraph()
    for label, columns in made.nodes.items():
        rows = zip(*columns.values(), strict=True)
        graph.add_nodes_from(
            (f"{label}:{number}", {"labels": label, **dict(zip(columns, row, strict=True))})
            for number, row in enumerate(rows)
        )
    for name, source, target, pairs in made.edges:
        graph.add_edges_from(
            (f"{source}:{a}", f"{target}:{b}", name, {"type": name}) for a, b in pairs.tolist()
        )
    return graph


# --- the queries --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """A query, the parameters it is run with in turn, and the same by hand in numpy."""

    letter: str
    meaning: str
    text: str
    parameters: list[dict[str, Any]]
    by_hand: Callable[[Arrays, dict[str, Any]], Rows]
    ladybug: str | None = None


def queries(made: Corpus, seed: int = 11) -> list[Query]:
    """Return the queries with parameters that the graph has."""
    rng = np.random.default_rng(seed)
    titles = made.nodes["Paper"]["title"]
    latest = [titles[number] for number in range(len(titles) - 1, len(titles) - 1 - REPEATS, -1)]
    some = [titles[number] for number in rng.integers(0, len(titles), 3 * REPEATS).tolist()]
    none: list[dict[str, Any]] = [{}]
    return [
        Query(
            "a", "paper by title", "MATCH (p:Paper {title: $title}) RETURN p.title AS title, p.year AS year",
            [{"title": title} for title in some[:REPEATS]], by_hand_a,
        ),
        Query(
            "b", "methods evaluated on a benchmark",
            "MATCH (m:Method)-[:EVALUATED_ON]->(:Benchmark {name: $name}) RETURN m.name AS method",
            [{"name": name} for name in made.nodes["Benchmark"]["name"][:REPEATS]], by_hand_b,
        ),
        Query(
            "c", "top methods beside LLaMA on GSM8K",
            "MATCH (p:Paper)-[:USES]->(:Model {name: 'LLaMA'}), (p)-[:EVALUATED_ON]->(:Benchmark {name: 'GSM8K'}),"
            " (p)-[:USES]->(m:Method) RETURN m.name AS method, count(*) AS papers"
            " ORDER BY papers DESC, method LIMIT 20",
            none, by_hand_c,
        ),
        Query(
            "d", "CITES*1..3, each end once",
            "MATCH (:Paper {title: $title})-[:CITES*1..3]->(q:Paper) RETURN DISTINCT q.title AS title",
            [{"title": title} for title in latest], by_hand_d,
        ),
        Query(
            "e", "shortest path between two papers",
            "MATCH p = shortestPath((:Paper {title: $one})-[:CITES*1..12]-(:Paper {title: $other}))"
            " RETURN length(p) AS steps",
            [{"one": a, "other": b} for a, b in zip(some[REPEATS : 2 * REPEATS], some[2 * REPEATS :], strict=True)],
            by_hand_e,
            "MATCH p = (a:Paper {title: $one})-[:CITES* SHORTEST 1..12]-(b:Paper {title: $other})"
            " RETURN length(p) AS steps",
        ),
        Query(
            "f", "papers by year", "MATCH (p:Paper) RETURN p.year AS year, count(*) AS papers ORDER BY year",
            none, by_hand_f,
        ),
        Query(
            "g", "benchmarks evaluated together",
            "MATCH (a:Benchmark)<-[:EVALUATED_ON]-(p:Paper)-[:EVALUATED_ON]->(b:Benchmark) WHERE a.name < b.name"
            " RETURN a.name AS one, b.name AS other, count(*) AS papers ORDER BY papers DESC, one, other LIMIT 20",
            none, by_hand_g,
        ),
        Query(
            "h", "papers with a word in the title",
            "MATCH (p:Paper) WHERE p.title CONTAINS $word RETURN p.title AS title",
            [{"word": word} for word in made.words[300 : 300 + REPEATS]], by_hand_h,
        ),
        Query(
            "i", "most cited papers",
            "MATCH (:Paper)-[:CITES]->(p:Paper) RETURN p.title AS title, count(*) AS citations"
            " ORDER BY citations DESC, title LIMIT 20",
            none, by_hand_i,
        ),
        Query(
            "j", "methods and how many use them",
            "MATCH (m:Method) OPTIONAL MATCH (p:Paper)-[:USES]->(m) RETURN m.name AS method, count(p) AS papers",
            none, by_hand_j,
        ),
    ]  # fmt: skip


# --- the same by hand ---------------------------------------------------------------------------------------


class Arrays:
    """What the hand-planned operations read: the arrays of the layout, and what can be made once for a graph."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._rows: dict[tuple[str, str], tuple[Any, Any]] = {}
        self.columns = {key: layout.node_column(key) for key in ("title", "name", "year")}
        self.years = np.array([year or 0 for year in self.columns["year"].tolist()])
        self.nodes = {
            name: layout.nodes_with(_label(name)) for name in ("Paper", "Method", "Benchmark", "Model")
        }
        self.is_label = {name: layout.has_labels(layout.all_nodes(), _label(name)) for name in self.nodes}
        order = sorted(self.nodes["Benchmark"].tolist(), key=self.columns["name"].__getitem__)
        self.rank = np.zeros(layout.node_count, dtype=np.int64)
        self.rank[order] = np.arange(len(order))

    def rows(self, name: str, direction: Any) -> tuple[Any, Any]:
        """Return compressed rows: where those of each node begin, and the neighbours."""
        if (name, direction) not in self._rows:
            count = self.layout.node_count
            row, neighbours, _ = self.layout.expand(np.arange(count), (name,), direction)
            offsets = np.zeros(count + 1, dtype=np.int64)
            np.cumsum(np.bincount(row, minlength=count), out=offsets[1:])
            self._rows[name, direction] = offsets, neighbours.astype(np.int32)
        return self._rows[name, direction]

    def of(self, node: int, name: str, direction: Any) -> Any:
        """Return the neighbours of a node."""
        offsets, neighbours = self.rows(name, direction)
        return neighbours[offsets[node] : offsets[node + 1]]

    def gather(self, nodes: Any, name: str, direction: Any) -> tuple[Any, Any]:
        """Return the place of the node, and the neighbour, for all relationships of nodes."""
        offsets, neighbours = self.rows(name, direction)
        counts = offsets[nodes + 1] - offsets[nodes]
        ends = np.cumsum(counts)
        places = np.repeat(np.arange(len(nodes)), counts)
        return places, neighbours[np.arange(len(places)) + np.repeat(offsets[nodes] - ends + counts, counts)]

    def find(self, label: str, key: str, value: Any) -> int:
        """Return the node of a name, by index."""
        return int(self.layout.lookup(label, key, value)[0])


def _label(name: str) -> Any:
    from citegraph.queries.cypher.syntax import Label

    return Label(name)


def _top(values: Any, texts: Any, count: int = 20) -> Rows:
    """Return the greatest values with their texts, those of equal value by text."""
    least = np.partition(values, -count)[-count] if len(values) > count else 0
    best = np.flatnonzero(values >= max(least, 1))
    found = sorted(
        ((-value, texts[number]) for number, value in zip(best, values[best].tolist(), strict=True))
    )
    return [[text, -value] for value, text in found[:count]]


def by_hand_a(arrays: Arrays, given: dict[str, Any]) -> Rows:
    found = arrays.layout.lookup("Paper", "title", given["title"])
    return [[arrays.columns["title"][node], arrays.columns["year"][node]] for node in found.tolist()]


def by_hand_b(arrays: Arrays, given: dict[str, Any]) -> Rows:
    found = arrays.of(arrays.find("Benchmark", "name", given["name"]), "EVALUATED_ON", "in")
    methods = found[arrays.is_label["Method"][found]]
    return [[name] for name in arrays.columns["name"][methods].tolist()]


def by_hand_c(arrays: Arrays, given: dict[str, Any]) -> Rows:
    users = arrays.of(arrays.find("Model", "name", "LLaMA"), "USES", "in")
    tested = arrays.of(arrays.find("Benchmark", "name", "GSM8K"), "EVALUATED_ON", "in")
    papers = np.intersect1d(users, tested, assume_unique=True)
    methods = arrays.gather(papers, "USES", "out")[1]
    methods = methods[arrays.is_label["Method"][methods]]
    distinct, counts = np.unique(methods, return_counts=True)
    return _top(counts, arrays.columns["name"][distinct])


def by_hand_d(arrays: Arrays, given: dict[str, Any]) -> Rows:
    frontier = np.array([arrays.find("Paper", "title", given["title"])])
    seen = np.zeros(arrays.layout.node_count, dtype=np.bool_)
    for _ in range(3):
        neighbours = np.unique(arrays.gather(frontier, "CITES", "out")[1])
        frontier = neighbours[~seen[neighbours]]
        seen[frontier] = True
    return [[title] for title in arrays.columns["title"][np.flatnonzero(seen)].tolist()]


def by_hand_e(arrays: Arrays, given: dict[str, Any]) -> Rows:
    sides = []
    for name in ("one", "other"):
        start = arrays.find("Paper", "title", given[name])
        depths = np.full(arrays.layout.node_count, -1, dtype=np.int8)
        depths[start] = 0
        sides.append((depths, np.array([start])))
    depth = [0, 0]
    while sum(depth) < 12 and len(sides[0][1]) and len(sides[1][1]):
        near = 0 if len(sides[0][1]) <= len(sides[1][1]) else 1
        depths, frontier = sides[near]
        found = np.concatenate([arrays.gather(frontier, "CITES", way)[1] for way in ("out", "in")])
        frontier = np.unique(found[depths[found] < 0])
        depth[near] += 1
        depths[frontier] = depth[near]
        sides[near] = depths, frontier
        met = sides[1 - near][0][frontier]
        if (met >= 0).any():
            return [[depth[near] + int(met[met >= 0].min())]]
    return []


def by_hand_f(arrays: Arrays, given: dict[str, Any]) -> Rows:
    counts = np.bincount(arrays.years[arrays.nodes["Paper"]])
    years = np.flatnonzero(counts)
    return [list(row) for row in zip(years.tolist(), counts[years].tolist(), strict=True)]


def by_hand_g(arrays: Arrays, given: dict[str, Any]) -> Rows:
    """For each paper all pairs of its benchmarks in the order of their names, counted."""
    papers, benchmarks = arrays.gather(arrays.nodes["Paper"], "EVALUATED_ON", "out")
    ranks = arrays.rank[benchmarks]
    counts = np.bincount(papers, minlength=len(arrays.nodes["Paper"]))
    ends = np.cumsum(counts)
    width = counts[papers]
    first = np.repeat(ranks, width)
    starts = np.repeat((ends - counts)[papers], width)
    inside = np.arange(len(first)) - np.repeat(np.cumsum(width) - width, width)
    second = ranks[starts + inside]
    size = len(arrays.nodes["Benchmark"])
    keep = first < second
    pairs = np.bincount(first[keep] * size + second[keep], minlength=size * size)
    there = np.flatnonzero(pairs)
    least = np.partition(pairs[there], -20)[-20]
    best = there[pairs[there] >= least]
    names = np.empty(size, dtype=object)
    names[arrays.rank[arrays.nodes["Benchmark"]]] = arrays.columns["name"][arrays.nodes["Benchmark"]]
    found = sorted((-pairs[pair], pair) for pair in best.tolist())[:20]
    return [[names[pair // size], names[pair % size], -int(count)] for count, pair in found]


def by_hand_h(arrays: Arrays, given: dict[str, Any]) -> Rows:
    word = given["word"]
    return [[title] for title in arrays.columns["title"][arrays.nodes["Paper"]].tolist() if word in title]


def by_hand_i(arrays: Arrays, given: dict[str, Any]) -> Rows:
    papers = arrays.nodes["Paper"]
    offsets, _ = arrays.rows("CITES", "in")
    return _top(offsets[papers + 1] - offsets[papers], arrays.columns["title"][papers])


def by_hand_j(arrays: Arrays, given: dict[str, Any]) -> Rows:
    methods = arrays.nodes["Method"]
    offsets, _ = arrays.rows("USES", "in")
    counts = offsets[methods + 1] - offsets[methods]
    names = arrays.columns["name"][methods]
    return [list(row) for row in zip(names.tolist(), counts.tolist(), strict=True)]


# --- measuring ----------------------------------------------------------------------------------------------


def timed(run: Callable[[dict[str, Any]], Any], parameters: list[dict[str, Any]], repeats: int) -> float:
    """Return the median of milliseconds, over the parameters in turn."""
    found = []
    for turn in range(repeats):
        given = parameters[turn % len(parameters)]
        start = time.perf_counter()
        run(given)
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def comparable(rows: Rows) -> list[str]:
    """Return rows as something that is the same whatever their order."""
    return sorted(json.dumps(row) for row in rows)


class Ladybug:
    """The graph in a ladybug database in memory."""

    def __init__(self, made: Corpus) -> None:
        import ladybug

        self.database = ladybug.Database(":memory:")
        self.connection = ladybug.Connection(self.database)
        run = self.connection.execute
        kinds = {"year": "INT64"}
        for label, columns in made.nodes.items():
            listed = ", ".join(f"{key} {kinds.get(key, 'STRING')}" for key in columns)
            run(f"CREATE NODE TABLE {label}(id INT64, {listed}, PRIMARY KEY ({next(iter(columns))}))")
        for name in dict.fromkeys(edge[0] for edge in made.edges):
            pairs = ", ".join(f"FROM {a} TO {b}" for kind, a, b, _ in made.edges if kind == name)
            run(f"CREATE REL TABLE {name}({pairs})")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "table.csv")
            for label, columns in made.nodes.items():
                _write(path, zip(range(_size(made, label)), *columns.values(), strict=True))
                run(f"COPY {label} FROM '{path}'")
            for name, source, target, pairs in made.edges:
                ends = [next(iter(made.nodes[label].values())) for label in (source, target)]
                _write(path, ((ends[0][a], ends[1][b]) for a, b in pairs.tolist()))
                run(f"COPY {name} FROM '{path}' (from='{source}', to='{target}')")

    def rows(self, text: str, given: dict[str, Any]) -> Rows:
        found: Rows = self.connection.execute(text, given).get_all()
        return found


def _write(path: Path, rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)


def grand_cypher(graph: Any, query: Query) -> tuple[float, Rows] | str:
    """Run a query in grand-cypher, in a process of its own that is stopped when it takes too long."""
    import_error = _missing("grandcypher")
    if import_error:
        return import_error
    text = query.text
    for name, value in query.parameters[0].items():
        text = text.replace(f"${name}", json.dumps(value))
    for value in ("LLaMA", "GSM8K"):
        text = text.replace(f"'{value}'", f'"{value}"')
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def work() -> None:
        from grandcypher import GrandCypher

        try:
            start = time.perf_counter()
            found = GrandCypher(graph).run(text)
            spent = (time.perf_counter() - start) * 1000
            sender.send((spent, [list(row) for row in zip(*found.values(), strict=True)]))
        except Exception as error:
            sender.send(f"fails: {type(error).__name__}")

    process = context.Process(target=work)
    process.start()
    answer: Any = receiver.recv() if receiver.poll(GRAND_CYPHER_SECONDS) else f"> {GRAND_CYPHER_SECONDS} s"
    process.kill()
    process.join()
    return answer  # type: ignore[no-any-return]


def _missing(module: str) -> str | None:
    import importlib.util

    return None if importlib.util.find_spec(module) else "not installed"


def _memory(what: str) -> float:
    """Return memory of this process in MB: VmRSS now, VmHWM at most so far."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def _parse_and_plan(layout: Layout, text: str) -> float:
    """Return the median of milliseconds for reading and planning a query of which nothing is remembered."""
    from citegraph.queries.cypher.analysis import analyse
    from citegraph.queries.cypher.parser import parse
    from citegraph.queries.cypher.planner import ClausePlanner, Names

    def run(_: dict[str, Any]) -> None:
        statement = parse(text)
        analyse(statement, text, frozenset())
        ClausePlanner(layout, {}, {}, Names()).query(statement.query)

    return timed(run, [{}], 50)


def measure(papers: int, repeats: int, others: bool) -> dict[str, Any]:
    """Measure all queries on a graph of a size; with ``others`` the other engines too."""
    made = corpus(papers)
    graph = as_networkx(made)
    asked = queries(made)
    gc.collect()
    gc.freeze()
    with_graph = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    start = time.perf_counter()
    layout = layout_of(graph)
    _ = layout.adjacency
    seconds = time.perf_counter() - start
    result: dict[str, Any] = {
        "papers": papers, "nodes": len(graph), "edges": graph.number_of_edges(), "layout": seconds, "queries": {},
    }  # fmt: skip
    rows: dict[str, Rows] = {}
    for query in asked:
        start = time.perf_counter()
        rows[query.letter] = execute(graph, query.text, query.parameters[0]).rows
        first = (time.perf_counter() - start) * 1000
        result["queries"][query.letter] = {"first": first}
    result["memory after"] = _memory("VmRSS") - with_graph
    for query in asked:
        warm = timed(lambda given, q=query: execute(graph, q.text, given).rows, query.parameters, repeats)
        result["queries"][query.letter]["warm"] = warm
    result["memory peak"] = _memory("VmHWM") - with_graph
    result["parse and plan"] = _parse_and_plan(layout, asked[2].text)
    arrays = Arrays(layout)
    ladybug = Ladybug(made) if others and not _missing("ladybug") else None
    grand = papers <= GRAND_CYPHER_PAPERS and others and not _missing("grandcypher")
    labelled = _for_grand_cypher(graph) if grand else None
    for query in asked:
        one = result["queries"][query.letter]
        given = query.parameters[0]
        wrong = []
        by_hand = query.by_hand(arrays, given)
        one["rows"] = len(by_hand)
        if comparable(by_hand) != comparable(rows[query.letter]):
            wrong.append("numpy")
        one["numpy"] = timed(lambda given, q=query: q.by_hand(arrays, given), query.parameters, repeats)
        if ladybug is not None:
            text = query.ladybug or query.text
            if comparable(ladybug.rows(text, given)) != comparable(rows[query.letter]):
                wrong.append("ladybug")
            one["ladybug"] = timed(lambda given, t=text: ladybug.rows(t, given), query.parameters, repeats)
        if labelled is not None:
            answer = grand_cypher(labelled, query)
            if not isinstance(answer, str):
                if comparable(answer[1]) != comparable(rows[query.letter]):
                    wrong.append("grand-cypher")
                answer = answer[0]
            one["grand-cypher"] = answer
        one["differs"] = wrong
    return result


def _for_grand_cypher(graph: Any) -> Any:
    """Return a copy of the graph in the shape grand-cypher reads: labels in sets."""
    copy: Any = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        copy.add_node(node, __labels__={data["labels"]}, **{k: v for k, v in data.items() if k != "labels"})
    for source, target, data in graph.edges(data=True):
        copy.add_edge(source, target, __labels__={data["type"]})
    return copy


# --- telling ------------------------------------------------------------------------------------------------


def table(result: dict[str, Any], meanings: dict[str, str]) -> str:
    """Return the measurements of one size as text."""
    lines = [
        f"{result['papers']:,} papers: {result['nodes']:,} nodes, {result['edges']:,} edges",
        f"  layout {result['layout'] * 1000:.0f} ms; parse and plan query c {result['parse and plan']:.2f} ms",
        f"  memory beyond the NetworkX graph: {result['memory after']:.0f} MB held after all queries,"
        f" {result['memory peak']:.0f} MB at the peak (layout, columns, indexes, rows in flight)",
        f"  {'ms, median':38} {'rows':>7} {'first':>8} {'warm':>8} {'ladybug':>9} {'times':>6}"
        f" {'numpy':>8} {'times':>6}"
        f" {'grand-cypher':>14}  rows",
    ]
    for letter, one in result["queries"].items():
        beside = (
            f"{one['ladybug']:9.2f} {one['ladybug'] / one['warm']:5.1f}x" if "ladybug" in one else " " * 16
        )
        grand = one.get("grand-cypher", "")
        grand = f"{grand:14.1f}" if isinstance(grand, float) else f"{grand:>14}"
        said = "the same" if not one["differs"] else f"DIFFERENT: {', '.join(one['differs'])}"
        lines.append(
            f"  {letter} {meanings[letter]:36} {one['rows']:7,} {one['first']:8.2f} {one['warm']:8.2f} {beside}"
            f" {one['numpy']:8.2f} {one['warm'] / one['numpy']:5.1f}x {grand}  {said}"
        )
    return "\n".join(lines)


def growth(results: list[dict[str, Any]], meanings: dict[str, str]) -> str:
    """Return how the warm times grow with the graph."""
    lines = [f"  {'warm ms at':38} " + " ".join(f"{result['papers']:>10,}" for result in results)]
    lines += [
        f"  {letter} {meaning:36} " + " ".join(f"{r['queries'][letter]['warm']:10.2f}" for r in results)
        for letter, meaning in meanings.items()
    ]
    lines.append(f"  {'layout':38} " + " ".join(f"{r['layout'] * 1000:10.0f}" for r in results))
    lines.append(f"  {'peak MB':38} " + " ".join(f"{r['memory peak']:10.0f}" for r in results))
    return "\n".join(lines)


def main() -> int:
    """Measure each size in a process of its own and print the tables."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 300_000], metavar="PAPERS")
    options.add_argument("--repeats", type=int, default=REPEATS)
    options.add_argument("--alone", action="store_true", help="measure citegraph and numpy only")
    options.add_argument("--json", type=Path, help="write the measurements there, too")
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(measure(given.sizes[0], given.repeats, not given.alone)))
        return 0
    meanings = {query.letter: query.meaning for query in queries(corpus(1000))}
    results = []
    for size in given.sizes:
        command = [sys.executable, __file__, "--child", "--sizes", str(size), "--repeats", str(given.repeats)]
        done = subprocess.run(
            [*command, *(["--alone"] if given.alone else [])], stdout=subprocess.PIPE, text=True, check=True
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
        print(table(results[-1], meanings), flush=True)
    if len(results) > 1:
        print(growth(results, meanings))
    if given.json:
        given.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 1 if any(one["differs"] for result in results for one in result["queries"].values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
