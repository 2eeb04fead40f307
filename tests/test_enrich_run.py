"""Enriching a graph: in whole chunks, never asked for twice, and never at the cost of what is known."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from fake_services import FAULTS, FakeClock, FakeServices, Work, corpus, never, schedules, sequence
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j_server import emptied

from citegraph.api import Graph, open_graph
from citegraph.graph.content import FileContent
from citegraph.graph.local import LocalStore
from citegraph.graph.provenance import told
from citegraph.graph.schema import check_edge, check_node
from citegraph.loaders.enrich import run as running
from citegraph.loaders.enrich.http import Client
from citegraph.loaders.enrich.report import EnrichReport
from citegraph.loaders.enrich.run import enrich
from citegraph.loaders.enrich.services import NAMES, service
from citegraph.loaders.pipeline import build, remove_source

WORKS = corpus(24)
ALL = tuple(NAMES)


def by_arxiv(work: Work) -> dict[str, Any]:
    return {"title": work.title, "arxiv_id": work.arxiv_id}


def by_doi(work: Work) -> dict[str, Any]:
    return {"title": work.title, "doi": work.doi}


def by_title(work: Work) -> dict[str, Any]:
    return {"title": work.title, "year": work.year, "authors": list(work.authors)}


def some_of_each(works: Sequence[Work]) -> list[dict[str, Any]]:
    kinds = (by_arxiv, by_doi, by_title)
    return [kinds[work.number % 3](work) for work in works]


class Bench:
    """A graph of a file with some papers, services that are played, and a clock that stands still."""

    def __init__(self, folder: Path, papers: Iterable[dict[str, Any]], works: Sequence[Work] = WORKS) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.services = FakeServices(works)
        self.store = LocalStore()
        self.load("papers.jsonl", papers)

    def load(self, name: str, papers: Iterable[dict[str, Any]]) -> None:
        path = self.folder / name
        path.write_bytes(b"".join(orjson.dumps(paper) + b"\n" for paper in papers))
        build(self.store, [path], jobs=1)

    def client(self, **options: Any) -> Client:
        return Client(
            self.folder / "cache",
            transport=self.services,
            clock=self.clock,
            chance=random.Random(0),
            **options,
        )

    def run(self, *names: str, offline: bool = False, refresh: bool = False, **options: Any) -> EnrichReport:
        client = self.client(offline=offline, refresh=refresh)
        try:
            return enrich(self.store, [service(name) for name in names], client, refresh=refresh, **options)
        finally:
            client.close()

    def paper(self, identifier: str) -> dict[str, Any]:
        node = self.store.node(identifier)
        assert node is not None
        return dict(node.properties) | {"id": node.id}

    @property
    def content(self) -> tuple[list[Any], list[Any]]:
        return content_of(self.store)


def content_of(store: LocalStore) -> tuple[list[Any], list[Any]]:
    """All nodes and edges but for the time at which sources were loaded."""
    kept = FileContent("", store.file)
    nodes = [
        (label, node, {k: v for k, v in properties.items() if k != "loaded_at"})
        for label, node, properties in kept.nodes()
    ]
    edges = [(e.source, e.type, e.target, dict(e.properties)) for e in store.edges()]
    return sorted(nodes, key=lambda row: row[:2]), sorted(edges, key=lambda row: row[:3])


@pytest.fixture
def bench(tmp_path) -> Callable[..., Bench]:
    return lambda papers, works=WORKS: Bench(tmp_path, papers, works)


# --- what comes into the graph -----------------------------------------------------------------------------


def test_what_files_leave_out_comes_from_services(bench):
    made = bench([by_arxiv(WORKS[0])])
    made.run("openalex", "semantic-scholar")
    paper = made.paper(f"arxiv:{WORKS[0].arxiv_id}")
    assert paper["abstract"] == WORKS[0].abstract
    assert (paper["year"], paper["doi"], paper["openalex_id"], paper["s2_id"]) == (
        WORKS[0].year,
        WORKS[0].doi,
        WORKS[0].openalex_id,
        WORKS[0].s2_id,
    )
    authors = [made.store.node(e.target) for e in made.store.edges_of(paper["id"], "out", "AUTHORED_BY")]
    assert {author.name for author in authors if author} == set(WORKS[0].authors)


def test_references_come_with_the_service_as_their_source(bench):
    made = bench([by_arxiv(WORKS[0]), *(by_doi(WORKS[n]) for n in WORKS[0].cites if n)])
    made.run("crossref", "openalex")
    cites = list(made.store.edges_of(f"arxiv:{WORKS[0].arxiv_id}", "out", "CITES"))
    assert {made.store.node(edge.target).properties.get("doi") for edge in cites} >= {
        WORKS[n].doi for n in WORKS[0].cites if n
    }
    assert {source for edge in cites for source in edge.properties["sources"]} <= {
        "api:openalex",
        "api:crossref",
    }


def test_what_a_file_says_counts_before_what_services_say_field_by_field(bench):
    own = {
        "title": WORKS[1].title,
        "doi": WORKS[1].doi,
        "abstract": "Mine.",
        "year": 1999,
        "venue": "My shelf",
        "authors": ["Nobody Else", *WORKS[1].authors[:1]],
    }
    made = bench([own])
    made.run(*ALL)
    paper = made.paper(f"doi:{WORKS[1].doi}")
    assert (paper["title"], paper["abstract"], paper["year"]) == (own["title"], "Mine.", 1999)
    venues = [edge.target for edge in made.store.edges_of(paper["id"], "out", "PUBLISHED_IN")]
    assert [made.store.node(venue).name for venue in venues] == ["My shelf"]
    authors = [made.store.node(e.target).name for e in made.store.edges_of(paper["id"], "out", "AUTHORED_BY")]
    assert sorted(authors) == sorted(own["authors"])
    assert paper["arxiv_id"] == WORKS[1].arxiv_id  # of which the file says nothing


def test_the_order_in_which_services_are_asked_leaves_no_trace(bench, tmp_path):
    papers = some_of_each(WORKS[:9])
    made = bench(papers)
    made.run(*ALL)
    (tmp_path / "other").mkdir()
    other = Bench(tmp_path / "other", papers)
    (tmp_path / "other" / "papers.jsonl").rename(tmp_path / "papers.jsonl")
    for name in (*reversed(ALL), *ALL):
        other.run(name)
    assert _without_paths(other) == _without_paths(made)


def _without_paths(bench: Bench) -> str:
    return repr(bench.content).replace(str(bench.folder), "")


def test_a_paper_known_by_title_takes_the_identifier_that_is_found_and_keeps_its_former_id(bench):
    made = bench([by_title(WORKS[2])])
    (before,) = made.store.nodes("Paper")
    assert before.id.startswith("title:")
    made.run("arxiv")
    assert made.paper(before.id)["id"] == f"arxiv:{WORKS[2].arxiv_id}"


def test_services_that_need_an_identifier_are_asked_by_the_one_another_has_found(bench):
    made = bench([by_title(WORKS[2])])
    report = made.run("huggingface", "arxiv")
    assert report.services["huggingface"].found == 1
    assert [e.target for e in made.store.edges_of(f"arxiv:{WORKS[2].arxiv_id}", "out", "HAS_CODE")]


def test_another_paper_of_a_search_is_refused_and_leaves_no_trace(bench):
    made = bench([{"title": WORKS[3].title.rsplit(" ", 2)[0], "year": 1980, "authors": ["Someone Else"]}])
    before = made.content
    report = made.run("openalex", "dblp", "semantic-scholar")
    assert made.content == before
    for one in report.services.values():
        assert (one.found, one.refused, len(one.refusals)) == (0, 1, 1)
        assert "another work" in one.refusals[0][1] or "by others" in one.refusals[0][1]


def test_a_removed_service_leaves_the_graph_as_it_was(bench):
    made = bench(some_of_each(WORKS[:9]))
    before = made.content
    made.run(*ALL)
    enriched = made.content
    for name in ALL:
        remove_source(made.store, f"api:{name}")
    assert made.content == before != enriched


def test_enriching_an_empty_selection_asks_nothing(bench):
    made = bench([by_arxiv(WORKS[0])])
    report = made.run(*ALL, papers=[])
    assert (report.papers, made.services.sent) == (0, [])


# --- works that cite ---------------------------------------------------------------------------------------


def citers(number: int) -> set[str]:
    return {work.arxiv_id for work in WORKS if number in work.cites and work.number != number}


@pytest.mark.parametrize("name", ["openalex", "semantic-scholar", "opencitations"])
def test_works_that_cite_a_paper_come_on_request(bench, name):
    made = bench([by_doi(WORKS[4])])
    made.run(name)
    node = made.paper(f"doi:{WORKS[4].doi}")["id"]
    assert not list(made.store.edges_of(node, "in", "CITES"))
    made.run(name, citing=True, refresh=True)
    node = made.paper(f"doi:{WORKS[4].doi}")["id"]
    citing = {edge.source for edge in made.store.edges_of(node, "in", "CITES")} - {node}
    assert len(citing) == len(citers(4)) > 1


def test_asking_again_for_works_that_cite_doubles_nothing(bench):
    made = bench([by_doi(WORKS[4]), by_arxiv(WORKS[5])])
    made.run("openalex", "semantic-scholar", citing=True)
    before, records = made.content, list(made.store.file.rows("SELECT count(*) FROM record"))
    report = made.run("openalex", "semantic-scholar", citing=True, refresh=True)
    assert made.content == before
    assert list(made.store.file.rows("SELECT count(*) FROM record")) == records
    assert report.changed == 0


def test_works_that_only_a_service_brought_are_not_asked_about(bench):
    made = bench([by_doi(WORKS[4])])
    made.run("openalex", citing=True)
    assert made.run("crossref").papers == 1


def test_the_record_of_a_work_that_cites_does_not_keep_it_from_being_asked_about(bench):
    citer = next(work for work in WORKS if 4 in work.cites and work.number != 4)
    made = bench([by_doi(WORKS[4]), by_doi(citer)])
    made.run("semantic-scholar", citing=True, papers=[f"doi:{WORKS[4].doi}"])
    assert made.run("semantic-scholar").services["semantic-scholar"].found == 1


# --- what is asked, and what is not ------------------------------------------------------------------------


def test_papers_are_counted_by_what_became_of_them(bench):
    made = bench([by_arxiv(work) for work in WORKS[:10]])
    made.services.unknown["arxiv"] = {0, 1}
    one = made.run("arxiv").services["arxiv"]
    assert (one.asked, one.found, one.absent, one.refused, one.unanswered) == (10, 8, 2, 0, 0)
    assert (one.changed, one.requests, one.cached) == (8, 1, 0)


def test_a_paper_with_a_record_of_the_service_is_not_asked_about_again(bench):
    made = bench([by_arxiv(WORKS[0])])
    made.run("crossref", "huggingface")
    made.load("more.jsonl", [by_arxiv(WORKS[3])])
    sent = len(made.services.sent)
    report = made.run("huggingface")
    assert (report.known["huggingface"], report.services["huggingface"].asked) == (1, 1)
    assert len(made.services.sent) == sent + 1


@pytest.mark.parametrize("missing", [(), (0, 4, 7, 8)], ids=["all there", "some absent"])
def test_a_second_run_sends_no_request(bench, missing):
    made = bench(some_of_each(WORKS))
    made.services.unknown = {name: set(missing) for name in ALL}
    made.run(*ALL)
    sent, before = len(made.services.sent), made.content
    report = made.run(*ALL)
    assert len(made.services.sent) == sent
    assert made.content == before
    assert sum(one.unanswered for one in report.services.values()) == 0


def test_a_lost_graph_is_enriched_anew_from_the_cache_alone(bench):
    made = bench(some_of_each(WORKS))
    made.run(*ALL)
    sent, before = len(made.services.sent), made.content
    made.store = LocalStore()
    made.load("papers.jsonl", some_of_each(WORKS))
    report = made.run(*ALL, offline=True)
    assert (len(made.services.sent), made.content) == (sent, before)
    assert {one.requests for one in report.services.values()} == {0}
    assert sum(one.cached for one in report.services.values()) == sent


def test_refresh_asks_again_and_a_changed_answer_takes_the_place_of_the_old(bench):
    made = bench([by_arxiv(WORKS[0]), by_arxiv(WORKS[1])])
    made.run("arxiv")
    made.services.works = [replace(WORKS[0], abstract="Revised."), *WORKS[1:]]
    assert made.run("arxiv").changed == 0
    assert made.run("arxiv", refresh=True).changed == 1
    assert made.paper(f"arxiv:{WORKS[0].arxiv_id}")["abstract"] == "Revised."
    assert [
        row.source for row in told(made.store, f"arxiv:{WORKS[0].arxiv_id}") if row.field == "abstract"
    ] == ["api:arxiv"]


def test_what_a_service_no_longer_has_stays_known(bench):
    made = bench([by_arxiv(WORKS[0]), by_arxiv(WORKS[1])])
    made.run("arxiv")
    before = made.content
    made.services.unknown["arxiv"] = {0}
    made.run("arxiv", refresh=True)
    assert made.content == before


def test_what_a_service_did_not_have_is_asked_for_again_after_a_week(bench):
    made = bench([by_arxiv(WORKS[0]), by_arxiv(WORKS[1])])
    made.services.unknown["arxiv"] = {0}
    made.run("arxiv")
    made.services.unknown.clear()
    assert made.run("arxiv").services["arxiv"].absent == 1
    made.clock.sleep(8 * 86_400)
    assert made.run("arxiv").services["arxiv"].found == 1


def test_offline_uses_what_is_cached_and_sends_nothing(bench):
    made = bench([by_arxiv(WORKS[0])])
    report = made.run("arxiv", "huggingface", offline=True)
    assert made.services.sent == []
    assert [one.unanswered for one in report.services.values()] == [1, 1]


def test_a_dry_run_asks_nothing_and_tells_how_many_requests_it_would_take(bench):
    made = bench([by_arxiv(work) for work in WORKS])
    before = made.content
    report = made.run("arxiv", "huggingface", dry_run=True, preferred=["huggingface"])
    assert (made.services.sent, made.content) == ([], before)
    assert [one.planned for one in report.services.values()] == [1, 24]
    assert made.store.file.setting("preferred") is None


def test_a_limit_counts_papers_of_each_service_that_it_is_not_known_to_lack(bench):
    made = bench([by_arxiv(work) for work in WORKS[:8]])
    made.services.unknown["huggingface"] = set(range(8))
    asked = [made.run("huggingface", limit=3).services["huggingface"].requests for _ in range(4)]
    assert asked == [3, 3, 2, 0]


def test_a_query_chooses_the_papers(bench, monkeypatch, tmp_path):
    made = bench([by_arxiv(work) for work in WORKS[:8]])
    monkeypatch.setattr("citegraph.loaders.enrich.http.client_for", lambda cache, **o: made.client(**o))
    ids = [f"arxiv:{work.arxiv_id}" for work in WORKS[:2]]
    graph = Graph(made.store)
    for query in (
        f"MATCH (p:Paper) WHERE p.id IN {ids} RETURN p",
        f"MATCH (p) WHERE p.id IN {ids} RETURN p.id",
    ):
        assert graph.enrich(["huggingface"], papers=query, dry_run=True).papers == 2
    assert graph.enrich(["huggingface"], papers=ids).services["huggingface"].found == 2


# --- who counts --------------------------------------------------------------------------------------------


def test_services_count_in_their_order_and_preference_changes_it_for_good(bench):
    made = bench([by_doi(WORKS[0])])
    made.services.works = list(WORKS)
    made.run("openalex")
    made.services.works = [replace(WORKS[0], abstract="As Crossref has it."), *WORKS[1:]]
    made.run("crossref")
    paper = f"arxiv:{WORKS[0].arxiv_id}"
    assert made.paper(paper)["abstract"] == WORKS[0].abstract
    made.run("crossref", preferred=["crossref"])
    assert made.paper(paper)["abstract"] == "As Crossref has it."
    made.run("openalex", refresh=True)
    assert made.paper(paper)["abstract"] == "As Crossref has it."
    made.run("crossref", preferred=["openalex"])
    assert made.paper(paper)["abstract"] == made.services.works[0].abstract  # OpenAlex now says so, too


def test_each_field_tells_who_said_it_and_who_says_otherwise(bench):
    made = bench([{**by_doi(WORKS[0]), "year": 1999}])
    made.run("crossref", "openalex")
    rows = Graph(made.store).sources_of(WORKS[0].doi)
    years = [
        (row.value, row.source.rpartition("/")[2], row.counts, row.agrees)
        for row in rows
        if row.field == "year"
    ]
    assert years == [
        (1999, "papers.jsonl", True, True),
        (WORKS[0].year, "api:openalex", False, False),
        (WORKS[0].year, "api:crossref", False, False),
    ]
    titles = [(row.source.rpartition("/")[2], row.counts, row.agrees) for row in rows if row.field == "title"]
    assert titles == [
        ("papers.jsonl", True, True),
        ("api:openalex", False, True),
        ("api:crossref", False, True),
    ]


def test_what_is_said_to_count_is_what_the_graph_holds(bench):
    made = bench([{**by_doi(WORKS[0]), "year": 1999}, *some_of_each(WORKS[1:9])])
    made.run(*ALL)
    compared = 0
    for node in list(made.store.nodes("Paper")):
        for row in told(made.store, node.id):
            if row.counts and row.field in node.properties and row.field not in ("keywords", "repositories"):
                assert node.properties[row.field] == row.value
                compared += 1
    assert compared > 50


def test_contradictions_are_told_and_overwrite_nothing(bench):
    own = {
        "title": "Something altogether different",
        "doi": WORKS[0].doi,
        "year": 1999,
        "authors": list(WORKS[0].authors),
    }
    made = bench([own, by_doi(WORKS[1])])
    report = made.run("crossref")
    assert [(row.field, row.value, row.other_value, row.other_source) for row in report.contradictions] == [
        ("title", own["title"], WORKS[0].title, "api:crossref"),
        ("year", "1999", str(WORKS[0].year), "api:crossref"),
    ]
    assert made.paper(f"doi:{WORKS[0].doi}")["title"] == own["title"]


def test_a_record_about_another_work_under_the_same_identifier_is_refused(bench):
    made = bench([{"title": "Something altogether different", "doi": WORKS[0].doi, "authors": ["Una Other"]}])
    before = made.content
    one = made.run("crossref").services["crossref"]
    assert (one.refused, made.content) == (1, before)
    assert WORKS[0].title[:20] in one.refusals[0][1]


# --- keys --------------------------------------------------------------------------------------------------

SECRETS = {
    "OPENALEX_API_KEY": "key-of-openalex-314",
    "S2_API_KEY": "key-of-s2-271",
    "HF_TOKEN": "hf_tokentokentoken",
    "CROSSREF_MAILTO": "someone@private.example",
    "OPENCITATIONS_ACCESS_TOKEN": "token-of-opencitations-161",
}


def test_keys_are_sent_and_stand_in_no_file_no_report_and_no_message(
    bench, monkeypatch, caplog, capsys, tmp_path
):
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    caplog.set_level("DEBUG")
    made = bench(some_of_each(WORKS))
    made.store = LocalStore(tmp_path / "g.db", create=True)
    made.load("papers.jsonl", some_of_each(WORKS))
    plans = schedules(ALL, [*FAULTS], seed=5)
    made.services.schedule = next(plans)
    reports = [repr(made.run(*ALL)) for _ in range(2)]
    made.services.schedule = never
    reports.append(repr(made.run(*ALL, refresh=True)))
    made.store.close()
    sent = repr(made.services.sent)
    printed = "".join((*reports, caplog.text, *capsys.readouterr()))
    for secret in SECRETS.values():
        assert secret in sent or secret.replace("@", "%40") in sent
        assert secret not in printed
        for path in filter(Path.is_file, tmp_path.rglob("*")):
            assert secret.encode() not in path.read_bytes(), path
            assert secret.replace("@", "%40").encode() not in path.read_bytes(), path


# --- broken off --------------------------------------------------------------------------------------------

_SCRIPT = """
    import sys, threading, time
    sys.path.insert(0, {tests!r})
    from fake_services import FakeServices, corpus
    from citegraph.cli import main
    from citegraph.loaders.enrich import http, run
    from pathlib import Path

    class Slow(FakeServices):
        def send(self, request, policy):
            if self.count(policy.service) >= {most}:
                print("waiting", flush=True)
                time.sleep(600)
            return super().send(request, policy)

    class Clock(http.SystemClock):
        def sleep(self, seconds):
            pass

    run.CHUNK = 4
    slow = Slow(corpus(24))
    http.client_for = lambda cache, **options: http.Client(Path(cache), transport=slow, clock=Clock(), **options)
    main(["enrich", "-g", {graph!r}, "--from", "huggingface,crossref", "--cache", {cache!r}, "-q"])
"""


def _begin(folder: Path, most: int) -> subprocess.Popen[str]:
    """Start to enrich in another process, whose services answer so many requests and then let it wait."""
    script = _SCRIPT.format(
        tests=str(Path(__file__).parent), most=most, graph=str(folder / "g.db"), cache=str(folder / "cache")
    )
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill"])
def test_a_run_that_is_broken_off_leaves_whole_chunks_and_the_next_goes_on(bench, how):
    made = bench(map(by_arxiv, WORKS))
    made.store = LocalStore(made.folder / "g.db", create=True)
    made.load("papers.jsonl", map(by_arxiv, WORKS))
    made.store.close()
    process = _begin(made.folder, 10)
    assert process.stdout is not None
    for _ in range(3):  # one service has two connections
        assert process.stdout.readline() == "waiting\n"
    _wait_for(lambda: [count >= 8 for count in _records(made.folder / "g.db").values()] == [True, True])
    process.send_signal(how)
    _, said = process.communicate(timeout=20)
    known = _records(made.folder / "g.db")
    if how == signal.SIGINT:
        assert (process.returncode, said.lstrip()) == (130, f"citegraph: stopped; {running._STOPPED}\n")
        assert min(known.values()) >= 10  # what had been answered, though no chunk was full
    else:
        assert known == {"api:crossref": 8, "api:huggingface": 8}
    made.store = LocalStore(made.folder / "g.db")
    assert_valid(made.store)
    report = made.run("huggingface", "crossref")
    assert {f"api:{name}": count for name, count in report.known.items()} == known
    assert [report.services[name].requests for name in ("huggingface", "crossref")] == pytest.approx(
        [14, 14], abs=2
    )
    assert set(_records(made.folder / "g.db").values()) == {24}


def _records(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path, timeout=10)) as file:
        return dict(
            file.execute("SELECT source, count(*) FROM record WHERE source LIKE 'api:%' GROUP BY source")
        )


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    assert condition()


def assert_valid(store: LocalStore) -> None:
    """Every node and edge is as the schema has it, and every edge has both its ends."""
    labels = {}
    for node in store.nodes():
        labels[node.id] = node.label
        check_node(node.id, node.label, node.properties)
    for edge in store.edges():
        check_edge(labels[edge.source], edge.type, labels[edge.target], edge.properties)


def assert_nothing_lost(before: tuple[list[Any], list[Any]], store: LocalStore) -> None:
    """What the files say is there as it was, under whatever ids papers have by now."""
    for label, node_id, properties in before[0]:
        node = store.node(node_id)
        assert node is not None, node_id
        assert node.label == label
        if label == "Paper" and not properties.get("stub"):
            for name in ("title", "abstract", "year", "arxiv_id", "doi"):
                assert node.properties.get(name) == properties.get(name) or not properties.get(name)
    for source, kind, target, _ in before[1]:
        one, other = store.node(source), store.node(target)
        assert one is not None and other is not None
        assert kind in {edge.type for edge in store.edges_of(one.id, "out") if edge.target == other.id}


# --- faults ------------------------------------------------------------------------------------------------

FEW = corpus(6, seed=3)
LIES = ("404", "null", "huge numbers", "numbers for everything", "lists for everything")
"""Answers that look like one: they are believed until they expire, or are asked for anew."""

fault_sequences = st.dictionaries(
    st.sampled_from(ALL), st.lists(st.sampled_from([None, *FAULTS]), max_size=8), max_size=8
)


def _meeting(faults: dict[str, list[str | None]]) -> Callable[[str, int], str | None]:
    return lambda name, number: faults[name][number] if number < len(faults.get(name, ())) else None


@pytest.fixture(scope="module")
def without_faults(tmp_path_factory) -> str:
    made = Bench(tmp_path_factory.mktemp("clean"), some_of_each(FEW), FEW)
    made.run(*ALL)
    return _without_paths(made)


@given(faults=fault_sequences, order=st.permutations(ALL))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_goes_wrong_the_graph_stays_valid_loses_nothing_and_heals(without_faults, faults, order):
    with TemporaryDirectory() as folder:
        made = Bench(Path(folder), some_of_each(FEW), FEW)
        before = made.content
        made.services.schedule = _meeting(faults)
        made.run(*order)
        assert_valid(made.store)
        assert_nothing_lost(before, made.store)
        made.services.schedule = never
        lied_to = any(name in LIES for _, name in made.services.faults)
        made.run(*ALL, refresh=lied_to)
        assert_valid(made.store)
        assert _without_paths(made) == without_faults


@pytest.mark.parametrize("name", FAULTS)
def test_after_each_fault_on_its_own_the_same_command_completes_the_graph(name, without_faults, tmp_path):
    made = Bench(tmp_path, some_of_each(FEW), FEW)
    made.services.schedule = sequence(*[name] * 6)
    report = made.run(*ALL)
    assert made.services.faults
    assert all(
        one.asked == one.found + one.absent + one.refused + one.unanswered for one in report.services.values()
    )
    assert_valid(made.store)
    made.services.schedule = never
    made.run(*ALL, refresh=name in LIES)
    assert _without_paths(made) == without_faults


def test_one_service_that_fails_does_not_keep_the_others_from_answering(bench):
    made = bench([by_arxiv(work) for work in WORKS])
    made.services.schedule = lambda name, number: "500" if name == "huggingface" else None
    report = made.run("huggingface", "arxiv")
    assert report.services["arxiv"].found == 24
    failed = report.services["huggingface"]
    assert failed.unanswered == 24
    assert failed.requests < 24
    assert "asked no more" in failed.stopped


# --- on a server -------------------------------------------------------------------------------------------


def test_a_graph_on_a_server_is_enriched_alike(bench, neo4j_address, tmp_path):
    papers = some_of_each(FEW)
    made = bench(papers, FEW)
    made.run("arxiv", "crossref")
    there = bench(papers, FEW)
    there.store = open_graph(emptied(neo4j_address), create=True).store
    there.load("papers.jsonl", papers)
    report = there.run("arxiv", "crossref")
    assert report.services["arxiv"].found == 6
    assert (report.services["arxiv"].requests, report.services["crossref"].requests) == (0, 0)
    assert there.run("arxiv", "crossref").known == {"arxiv": 6, "crossref": 6}
    there.store.close()
    again = open_graph(neo4j_address)
    assert Counter(n.label for n in again.nodes()) == Counter(n.label for n in made.store.nodes())
    assert {(e.source, e.type, e.target) for e in again.edges()} == {
        (e.source, e.type, e.target) for e in made.store.edges()
    }
    assert {row.source for row in again.sources_of(FEW[0].arxiv_id)} >= {"api:arxiv", "api:crossref"}
    again.close()
