"""`citegraph build --known`: of a dump of everything, what completes the graph."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from citegraph.api import Graph, open_graph

MINE = [
    {
        "title": "A Paper of Mine With a Long Title",
        "arxiv_id": "2401.00001",
        "year": 2024,
        "authors": ["Ada Jones"],
        "references": ["10.1234/cited", "On the Shape of Things Nobody Has Read", "Notes"],
    }
]


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    with open_graph(tmp_path / "g.db", create=True) as made:
        made.build(_written(tmp_path / "mine.jsonl", MINE))
        yield made


def _written(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def _work(number: int, **more: Any) -> dict[str, Any]:
    return {"title": f"Work Number {number} of a Large Dump", "doi": f"10.9999/{number}", "year": 2020} | more


def _titles(graph: Graph) -> set[str]:
    return {node.properties["title"] for node in graph.nodes("Paper") if not node.properties.get("stub")}


def test_a_record_of_a_paper_that_is_there_is_taken_by_its_identifier(graph: Graph, tmp_path: Path) -> None:
    dump = [_work(1), {"title": "Another Title", "arxiv_id": "2401.00001", "doi": "10.5555/mine"}, _work(2)]
    report = graph.build(_written(tmp_path / "dump.jsonl", dump), known=True)
    assert (report.records, report.passed_over, report.updated) == (1, 2, 1)
    assert graph["arxiv:2401.00001"].properties["doi"] == "10.5555/mine"


def test_a_record_of_a_cited_work_takes_the_place_of_its_stub(graph: Graph, tmp_path: Path) -> None:
    dump = [{"title": "The Cited Work", "doi": "10.1234/cited"}, _work(1)]
    report = graph.build(_written(tmp_path / "dump.jsonl", dump), known=True)
    assert (report.records, report.passed_over, report.new) == (1, 1, 1)
    assert "The Cited Work" in _titles(graph)
    assert [
        e.target for e in graph.edges("CITES") if graph[e.target].properties.get("title") == "The Cited Work"
    ]


def test_a_work_cited_by_title_alone_is_taken_where_the_title_is_one(graph: Graph, tmp_path: Path) -> None:
    dump = [
        {"title": "On the shape of things nobody has read", "doi": "10.5555/1", "year": 1999},
        {"title": "Notes", "doi": "10.5555/2"},
    ]
    report = graph.build(_written(tmp_path / "dump.jsonl", dump), known=True)
    assert (report.records, report.passed_over) == (1, 1)


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ({}, 1),
        ({"year": 2023, "authors": ["A. Jones"], "doi": "10.5555/mine"}, 1),
        ({"year": 2001}, 0),
        ({"authors": ["Bob Smith"]}, 0),
        ({"arxiv_id": "2302.00002"}, 0),
    ],
    ids=["nothing speaks against it", "a published version", "another year", "another author", "another id"],
)
def test_a_title_alone_is_taken_where_it_makes_one_paper(
    graph: Graph, tmp_path: Path, more: dict[str, Any], taken: int
) -> None:
    dump = [{"title": MINE[0]["title"]} | more]
    report = graph.build(_written(tmp_path / "dump.jsonl", dump), known=True)
    assert (report.records, report.passed_over) == (taken, 1 - taken)


def test_what_a_taken_record_cites_is_not_taken_by_the_same_build(graph: Graph, tmp_path: Path) -> None:
    dump = [{"title": "The Cited Work", "doi": "10.1234/cited", "references": ["10.9999/1"]}, _work(1)]
    path = _written(tmp_path / "dump.jsonl", dump)
    assert graph.build(path, known=True).records == 1
    again = graph.build(path, known=True)
    assert (again.records, again.new, again.unchanged, again.passed_over) == (2, 1, 1, 0)
    assert graph.build(path, known=True).unchanged_sources == [path.as_posix()]


def test_identifiers_of_one_input_are_known_to_the_next(graph: Graph, tmp_path: Path) -> None:
    papers = [
        {"corpusid": 77, "externalids": {"ArXiv": "2401.00001"}, "title": MINE[0]["title"]},
        {"corpusid": 78, "externalids": {"DOI": "10.9999/1"}, "title": "Not Mine in Any Way"},
    ]
    citations = [
        {"citationid": 1, "citingcorpusid": 77, "citedcorpusid": 5},
        {"citationid": 2, "citingcorpusid": 78, "citedcorpusid": 5},
    ]
    inputs = [_written(tmp_path / "papers.jsonl", papers), _written(tmp_path / "citations.jsonl", citations)]
    report = graph.build(inputs, known=True)
    assert (report.records, report.passed_over) == (2, 2)
    assert {e.source for e in graph.edges("CITES") if e.target.endswith("CorpusId:5")} == {"arxiv:2401.00001"}


def test_a_dump_read_in_part_is_read_again_wholly_when_all_of_it_is_asked_for(
    graph: Graph, tmp_path: Path
) -> None:
    path = _written(tmp_path / "dump.jsonl", [{"title": "The Cited Work", "doi": "10.1234/cited"}, _work(1)])
    graph.build(path, known=True)
    report = graph.build(path)
    assert (report.new, report.unchanged, report.passed_over) == (1, 1, 0)
    assert graph.build(path).unchanged_sources == [path.as_posix()]


def test_a_dump_without_anything_known_changes_nothing_and_is_no_error(graph: Graph, tmp_path: Path) -> None:
    before = graph.counts()
    report = graph.build(_written(tmp_path / "dump.jsonl", [_work(1), _work(2)]), known=True)
    assert (report.sources, report.passed_over, report.changed) == ([], 2, False)
    assert graph.counts() == before


def test_the_order_of_the_dump_leaves_no_trace(tmp_path: Path) -> None:
    dump = [
        _work(1),
        {"title": "The Cited Work", "doi": "10.1234/cited"},
        {"title": "X", "arxiv_id": "2401.00001"},
    ]
    found = []
    for number, records in enumerate((dump, dump[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with open_graph(":memory:") as graph:
            graph.build(_written(folder / "mine.jsonl", MINE))
            graph.build(_written(folder / "dump.jsonl", records), known=True)
            found.append({(node.id, node.label) for node in graph.nodes() if node.label == "Paper"})
    assert found[0] == found[1]


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "citegraph", "build", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_command_tells_what_was_passed_over(tmp_path: Path) -> None:
    _written(tmp_path / "mine.jsonl", MINE)
    _written(tmp_path / "dump.jsonl", [_work(number) for number in range(3)])
    assert _run(tmp_path, "mine.jsonl", "-g", "g.db").returncode == 0
    said = _run(tmp_path, "--known", "dump.jsonl", "-g", "g.db")
    assert said.returncode == 0, said.stderr
    assert "3 records of papers that the graph neither holds nor cites were passed over." in said.stdout
    told = _run(tmp_path, "--known", "dump.jsonl", "-g", "g.db", "--json")
    assert json.loads(told.stdout)["passed_over"] == 3


def test_the_command_wants_a_graph_to_complete(tmp_path: Path) -> None:
    _written(tmp_path / "dump.jsonl", [_work(1)])
    said = _run(tmp_path, "--known", "dump.jsonl", "-g", "absent.db")
    assert said.returncode == 1
    assert "absent.db" in said.stderr
    assert not (tmp_path / "absent.db").exists()


_MEASURED = """
import resource, sys
from citegraph.api import open_graph
with open_graph(sys.argv[1]) as graph:
    report = graph.build(sys.argv[2], known=True)
print(report.passed_over, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in other units")
def test_memory_does_not_grow_with_the_dump(graph: Graph, tmp_path: Path) -> None:
    graph.close()
    peaks = []
    for size in (2_000, 20_000):
        path = tmp_path / f"{size}.jsonl.gz"
        with gzip.open(path, "wt", compresslevel=1) as out:
            out.writelines(
                json.dumps(_work(number, abstract="some words " * 100)) + "\n" for number in range(size)
            )
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, str(tmp_path / "g.db"), str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        passed_over, peak = map(int, done.stdout.split())
        assert passed_over == size
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 6_000, "KB more for ten times the records"
