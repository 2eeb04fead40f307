"""Every public operation of a graph that reads, by name: each returns what the two stores must agree on."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from citegraph import CitegraphError, Graph, open_graph, queries
from citegraph.graph.export import FORMATS
from citegraph.graph.schema import EDGES, ENTITIES, NODES
from citegraph.queries.corrections import corrections, speak_of
from citegraph.queries.forms import forms, records
from citegraph.queries.identity import identity
from citegraph.viz import write_picture

READ: dict[str, Callable[[Graph], Any]] = {}
"""The operations."""

_KNOWN_FORMS = (
    "LoRA",
    "llama 2",
    "Llama-2-70B",
    "GSM8K",
    "A100",
    "arXiv:2305.14314",
    "https://arxiv.org/abs/1706.03762v5",
)


def _operation(does: Callable[[Graph], Any]) -> Callable[[Graph], Any]:
    READ[does.__name__.strip("_").replace("_", " ")] = does
    return does


@dataclass
class Refusal:
    """The sentence an operation fails with."""

    error: str
    sentence: str


def outcome(does: Callable[[], Any]) -> Any:
    """Return what an operation returns, or the sentence it fails with."""
    try:
        return does()
    except (CitegraphError, KeyError) as error:
        return Refusal(type(error).__name__, str(error))


_RANKED: WeakKeyDictionary[Graph, dict[str, list[str]]] = WeakKeyDictionary()


def leading(graph: Graph, label: str, count: int = 2) -> list[str]:
    """Return the ids of the nodes of a label that have most edges, by the graph's own count."""
    if graph not in _RANKED:
        degrees = Counter(end for edge in graph.edges() for end in (edge.source, edge.target))
        ranked = _RANKED[graph] = {}
        for node in sorted(graph.nodes(), key=lambda node: (-degrees[node.id], node.id)):
            ranked.setdefault(node.label, []).append(node.id)
    return _RANKED[graph].get(label, [])[:count]


def _samples(graph: Graph, count: int = 2) -> Iterator[str]:
    for label in NODES:
        yield from leading(graph, label, count)


# --- the graph itself --------------------------------------------------------------------------------------


@_operation
def the_number_of_nodes(graph: Graph) -> Any:
    return len(graph)


@_operation
def the_counts_in_their_order(graph: Graph) -> Any:
    counts = graph.counts()
    return list(counts.nodes.items()), list(counts.edges.items())


@_operation
def all_nodes(graph: Graph) -> Any:
    return list(graph.nodes())


@_operation
def the_nodes_of_each_label(graph: Graph) -> Any:
    return {label: [node.id for node in graph.nodes(label)] for label in NODES}


@_operation
def all_edges(graph: Graph) -> Any:
    return list(graph.edges())


@_operation
def the_edges_of_each_type(graph: Graph) -> Any:
    return {name: [(edge.source, edge.target) for edge in graph.edges(name)] for name in EDGES}


@_operation
def what_it_contains(graph: Graph) -> Any:
    asked = [*_samples(graph), "method:no-such-thing", "arxiv:0000.00000", "nothing", "", 3, None]
    return [node_id in graph for node_id in asked]


@_operation
def single_nodes(graph: Graph) -> Any:
    return [graph[node_id] for node_id in _samples(graph, 3)]


@_operation
def a_node_that_is_not_there(graph: Graph) -> Any:
    return [outcome(lambda asked=asked: graph[asked]) for asked in ("method:no-such-thing", "x", "")]


@_operation
def the_edges_of_single_nodes(graph: Graph) -> Any:
    return [
        list(graph.store.edges_of(node_id, direction, name))
        for node_id in (*_samples(graph, 1), "method:no-such-thing")
        for direction in ("in", "out", "both")
        for name in (None, "USES", "CITES", "KIND_OF")
    ]


@_operation
def a_copy_for_networkx(graph: Graph) -> Any:
    copy = graph.to_networkx()
    nodes = {node: dict(data) for node, data in copy.nodes(data=True)}
    return nodes, sorted(
        (s, t, key, sorted(data.items())) for s, t, key, data in copy.edges(keys=True, data=True)
    )


@_operation
def a_part_for_networkx(graph: Graph) -> Any:
    part = graph.to_networkx(
        "MATCH (a:Method)-[r:BUILDS_ON|KIND_OF]->(b) WHERE a.id < $least RETURN r", least="method:l"
    )
    return dict(part.nodes(data=True)), sorted(
        (source, target, sorted(data.items())) for source, target, data in part.edges(data=True)
    )


@_operation
def how_it_shows_itself(graph: Graph) -> Any:
    uri = graph.store.uri
    return repr(graph).replace(uri, "…"), graph._repr_html_().replace(uri, "…")


# --- looking things up -------------------------------------------------------------------------------------


@_operation
def finding_by_id_and_name(graph: Graph) -> Any:
    asked = [name for node_id in _samples(graph) for name in (node_id, graph[node_id].name)]
    return {name: graph.find(name) for name in (*asked, *_KNOWN_FORMS, "lora", "nothing of the kind", "")}


@_operation
def finding_among_one_label(graph: Graph) -> Any:
    return {label: graph.find("LLaMA", label) for label in NODES}


@_operation
def showing_nodes(graph: Graph) -> Any:
    return [graph.show(node_id) for node_id in _samples(graph)]


@_operation
def showing_what_is_not_there(graph: Graph) -> Any:
    return [outcome(lambda name=name: graph.show(name)) for name in ("LoRRA", "nothing of the kind", "Qwen")]


@_operation
def explaining_edges(graph: Graph) -> Any:
    pairs = [(edge.source, edge.target) for edge in graph.edges() if graph[edge.target].label in ENTITIES]
    return [graph.explain(*pair) for pair in pairs[:: max(1, len(pairs) // 40)]]


@_operation
def explaining_what_is_not_there(graph: Graph) -> Any:
    paper, *_ = leading(graph, "Paper", 1)
    return [outcome(lambda name=name: graph.explain(paper, name)) for name in ("LoRA", "nothing of the kind")]


@_operation
def the_names_a_node_may_mean(graph: Graph) -> Any:
    return [outcome(lambda name=name: queries.resolve(graph.store, name)) for name in _KNOWN_FORMS]


@_operation
def written_forms_and_records(graph: Graph) -> Any:
    nodes = [graph[node_id] for node_id in _samples(graph)]
    return [
        (forms(graph.store, node), records(graph.store, node), speak_of(graph.store, node)) for node in nodes
    ]


# --- questions ---------------------------------------------------------------------------------------------


@_operation
def statistics(graph: Graph) -> Any:
    return graph.stats()


@_operation
def how_names_became_nodes(graph: Graph) -> Any:
    return identity(graph.store)


@_operation
def likely_duplicates(graph: Graph) -> Any:
    return queries.duplicates(graph.store), queries.duplicates(graph.store, "Model", 70)


@_operation
def methods_tried_on_models(graph: Graph) -> Any:
    models = leading(graph, "Model", 4)
    return [
        queries.methods_tried_on(graph.store, model, **more)
        for model in models
        for more in ({}, {"size": "7B"}, {"kind_of": "quantization"}, {"relations": ("BUILDS_ON",)})
    ]


@_operation
def experiments_on_benchmarks(graph: Graph) -> Any:
    return [queries.evaluated_on(graph.store, benchmark) for benchmark in leading(graph, "Benchmark", 5)]


@_operation
def lineages(graph: Graph) -> Any:
    return [
        queries.builds_on(graph.store, entity, transitive)
        for entity in (*leading(graph, "Method", 3), *leading(graph, "Model", 3))
        for transitive in (True, False)
    ]


@_operation
def the_most_cited(graph: Graph) -> Any:
    papers = set(leading(graph, "Paper", 50))
    return [
        queries.most_cited(graph.store, **more) for more in ({}, {"limit": 5, "stubs": False}, {"by": papers})
    ]


@_operation
def comparisons(graph: Graph) -> Any:
    found = []
    for label in ENTITIES:
        one, other = leading(graph, label, 2)
        found.append(queries.compare(graph.store, one, other))
    return found


@_operation
def timelines(graph: Graph) -> Any:
    labels = [*ENTITIES, "Paper"]
    return [queries.timeline(graph.store, node_id) for label in labels for node_id in leading(graph, label)]


@_operation
def what_occurs_together(graph: Graph) -> Any:
    return [
        queries.co_occurrence(graph.store, label, other, min_papers=1, limit=20)
        for label in ENTITIES
        for other in (None, "Benchmark")
    ]


@_operation
def corrections_by_hand(graph: Graph) -> Any:
    return graph.corrections(), corrections(graph.store)


@_operation
def lexicons_of_ones_own(graph: Graph) -> Any:
    return graph.lexicons()


# --- handing on --------------------------------------------------------------------------------------------


def _export(name: str) -> Callable[[Graph], Any]:
    def export(graph: Graph) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "graph"
            graph.export(path, name)
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            uri = graph.store.uri
            texts = [(file.name, file.read_text(encoding="utf-8").replace(uri, "…")) for file in files]
            return [(file, _rows(text)) for file, text in texts] if name == "neo4j-admin" else texts

    return export


def _rows(text: str) -> list[str]:
    """Return the lines of a table whose rows come in the order of the store, without the hash of that order."""
    return sorted(re.sub(r'""copy"":""\w+""', "", line) for line in text.split("\n"))


for _name in FORMATS:
    READ[f"exporting as {_name}"] = _export(_name)


for _by in ("pagerank", "authorities", "hubs", "citations", "core"):
    READ[f"ranking by {_by}"] = lambda graph, by=_by: graph.rank(by)


@_operation
def ranking_by_citations_about_something(graph: Graph) -> Any:
    return outcome(lambda: graph.rank("pagerank", about=leading(graph, "Method", 1)[0], stubs=False))


@_operation
def the_main_path(graph: Graph) -> Any:
    return graph.main_path()


@_operation
def pairs_and_works_related_by_citations(graph: Graph) -> Any:
    paper = leading(graph, "Paper", 1)[0]
    return [
        (graph.pairs(by), outcome(lambda by=by: graph.related(paper, by)))
        for by in ("co-citation", "coupling")
    ]


@_operation
def communities_of_papers(graph: Graph) -> Any:
    return graph.communities()


@_operation
def who_says_what_of_a_paper(graph: Graph) -> Any:
    return [
        graph.sources_of(paper.id)
        for paper in list(graph.nodes("Paper"))[:40:8]
        if "stub" not in paper.properties
    ]


@_operation
def what_services_would_be_asked(graph: Graph) -> Any:
    return graph.enrich(["openalex", "semantic-scholar", "arxiv"], dry_run=True)


@_operation
def a_copy_in_a_file(graph: Graph) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        graph.copy_to(path)
        with open_graph(path) as copy:
            return list(copy.nodes()), list(copy.edges()), copy.lexicons()


@_operation
def a_page_to_look_at(graph: Graph) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.html"
        graph.view(path, around=leading(graph, "Method", 1)[0], title="The same")
        return path.read_text(encoding="utf-8")


@_operation
def a_picture(graph: Graph) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.svg"
        write_picture(graph.store, path, around=leading(graph, "Model", 1)[0])
        return path.read_text(encoding="utf-8")
