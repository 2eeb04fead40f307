"""Writing the graph out, and reading the exchange form back."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_store import MemoryStore
from query_graph import QLORA, query_graph

from citegraph.graph.errors import InputError, QueryError, StoreError
from citegraph.graph.export import FOLDERS, FORMATS, export, read_jsonl
from citegraph.graph.records import Edge, Evidence, Node

HOSTILE = "</data>]]>&amp; \"'\x00\x0b\r\n\t\u2028\u202e😀 \ufffe ='"


@pytest.fixture(scope="module")
def graph() -> MemoryStore:
    return query_graph()


def hostile_graph(text: str = HOSTILE) -> MemoryStore:
    graph = MemoryStore()
    graph.add("title:a", "Paper", text, abstract=text, keywords=[text, "a;b,c"], upvotes=-3, stub=False)
    graph.add("method:b", "Method", text or "b")
    evidence = Evidence(text, "abstract", 0, len(text), text, "x@1").dumps()
    graph.link("title:a", "USES", "method:b", evidence=[evidence], confidence=0.5)
    return graph


def written(store: MemoryStore, format: str) -> bytes:
    stream = io.BytesIO()
    export(store, stream, format)
    return stream.getvalue()


# --- the exchange form -------------------------------------------------------------------------------------


def test_the_exchange_form_has_nodes_first_then_edges_with_evidence_as_objects(graph):
    rows = [json.loads(line) for line in written(graph, "jsonl").splitlines()]
    kinds = [row["kind"] for row in rows]
    assert kinds == sorted(kinds, reverse=True)
    (edge,) = [row for row in rows if row["kind"] == "edge" and row["target"] == "hardware:a100"]
    assert edge["evidence"][0]["text"] == "A100" and edge["count"] == 1


def test_a_property_that_is_called_like_a_key_of_the_form_gets_an_underscore(graph):
    rows = [json.loads(line) for line in written(graph, "jsonl").splitlines()]
    (gpu,) = [row for row in rows if row.get("id") == "hardware:a100"]
    assert (gpu["kind"], gpu["kind_"], gpu["type"]) == ("node", "GPU", "Hardware")


def test_what_is_written_is_read_back(graph):
    read = list(read_jsonl(io.BytesIO(written(graph, "jsonl"))))
    assert read == [*graph.nodes(), *graph.edges()]


@given(st.text())
def test_hostile_text_survives_the_way_out_and_back(text):
    graph = hostile_graph(text)
    read = list(read_jsonl(written(graph, "jsonl").splitlines(keepends=True)))
    assert read == [*graph.nodes(), *graph.edges()]


KEYS = st.sampled_from(["kind", "kind_", "kind__", "id", "type", "source", "target_", "name", "x"])
VALUES = (
    st.text()
    | st.integers(-(2**53), 2**53)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
)


class Fixed(MemoryStore):
    """A store of given items, unchecked."""

    def __init__(self, *items: Node | Edge) -> None:
        super().__init__()
        for item in items:
            if isinstance(item, Node):
                self._nodes[item.id] = item
            else:
                self._edges[item.source, item.type, item.target] = item


@given(st.dictionaries(KEYS, VALUES | st.lists(st.text())), st.dictionaries(KEYS, VALUES))
def test_no_property_name_collides_with_the_form(node_properties, edge_properties):
    items = (
        Node("method:a", "Method", node_properties),
        Edge("method:a", "USES", "method:b", edge_properties),
    )
    assert tuple(read_jsonl(written(Fixed(*items), "jsonl").splitlines())) == items


def test_a_lone_surrogate_becomes_a_replacement_character():
    broken = Fixed(Node("method:a", "Method", {"name": "a\ud800b"}))
    (node,) = read_jsonl(written(broken, "jsonl").splitlines())
    assert node.name == "a\ufffdb"


def test_the_scorer_of_the_shared_data_reads_it(shared, tmp_path, graph):
    spec = importlib.util.spec_from_file_location("score", shared("eval/score.py"))
    assert spec and spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    export(graph, tmp_path / "g.jsonl")
    nodes, edges = score.read_graph(tmp_path / "g.jsonl")
    predicted, results = score.predictions(QLORA, nodes, edges)
    assert {(p["type"], p["canonical"], p["relation"]) for p in predicted} == {
        ("Method", "QLoRA", "PROPOSES"),
        ("Method", "LoRA", "BUILDS_ON"),
        ("Model", "LLaMA 2", "USES"),
        ("Hardware", "A100", "EVALUATED_ON"),
    }
    assert [result["value"] for result in results] == ["2.5x"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"{", "line 2: is not JSON"),
        (b"\xff", "line 2: is not JSON"),
        (b"[1]", "line 2: is not of the exchange form"),
        (b'{"kind": "thing"}', "line 2: is not of the exchange form"),
        (b'{"kind": "node", "id": 3, "type": "Paper"}', "line 2: the node has no id"),
        (b'{"kind": "edge", "type": "USES", "source": "a"}', "line 2: the edge has no target"),
        (
            b'{"kind":"edge","type":"U","source":"a","target":"b","evidence":[{"x":1}]}',
            "evidence must hold source",
        ),
        (b'{"kind":"edge","type":"U","source":"a","target":"b","evidence":"x"}', "must be a list of objects"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, complaint):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\n" + line + b"\n")
    with pytest.raises(InputError, match=complaint) as error:
        list(read_jsonl(path))
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none.jsonl: cannot be read: No such file"):
        list(read_jsonl(tmp_path / "none.jsonl"))


# --- what other programs read ------------------------------------------------------------------------------


def test_networkx_reads_the_node_link_form(graph):
    read = nx.node_link_graph(json.loads(written(graph, "json")), edges="edges")
    assert read.number_of_nodes() == sum(1 for _ in graph.nodes())
    assert read.number_of_edges() == sum(1 for _ in graph.edges())
    assert read.nodes["hardware:a100"]["kind"] == "GPU"
    assert read.edges[QLORA, "hardware:a100", "RUNS_ON"]["evidence"][0]["text"] == "A100"


def test_networkx_reads_graphml(graph):
    read = nx.read_graphml(io.BytesIO(written(graph, "graphml")), force_multigraph=True)
    assert read.number_of_edges() == sum(1 for _ in graph.edges())
    assert (
        read.nodes["model:llama-2"]["label"] == "LLaMA 2" and read.nodes["model:llama-2"]["type"] == "Model"
    )
    assert json.loads(read.nodes["model:llama-2"]["aliases"]) == ["Llama2"]
    (edge,) = read.get_edge_data(QLORA, "hardware:a100").values()
    assert (edge["type"], edge["count"], edge["confidence"]) == ("RUNS_ON", 1, 0.9)
    assert json.loads(edge["evidence"])[0]["text"] == "A100"


def test_networkx_reads_gexf(graph):
    read = nx.read_gexf(io.BytesIO(written(graph, "gexf")))
    assert read.number_of_edges() == sum(1 for _ in graph.edges())
    assert (
        read.nodes["model:llama-2"]["label"] == "LLaMA 2" and read.nodes["model:llama-2"]["type"] == "Model"
    )
    assert read.nodes["title:aforgottenpaper"]["stub"] is True


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_xml_loses_only_what_xml_cannot_hold(format):
    data = io.BytesIO(written(hostile_graph(), format))
    read = nx.read_graphml(data) if format == "graphml" else nx.read_gexf(data)
    kept = HOSTILE.replace("\x00", "").replace("\x0b", "").replace("\ufffe", "")
    assert read.nodes["title:a"]["abstract"] == kept
    assert read.nodes["title:a"]["stub"] is False and read.nodes["title:a"]["upvotes"] == -3


def test_csv_is_a_folder_of_two_tables(graph, tmp_path):
    export(graph, tmp_path / "tables", "csv")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["edges.csv", "nodes.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    with (tmp_path / "tables/nodes.csv").open(encoding="utf-8", newline="") as stream:
        nodes = {row["id"]: row for row in csv.DictReader(stream)}
    assert (nodes["hardware:a100"]["type"], nodes["hardware:a100"]["kind"]) == ("Hardware", "GPU")
    with (tmp_path / "tables/edges.csv").open(encoding="utf-8", newline="") as stream:
        edges = list(csv.DictReader(stream))
    assert len(edges) == sum(1 for _ in graph.edges())
    assert json.loads(next(row for row in edges if row["evidence"])["evidence"])[0]["source"] == "test"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "＝1", "plain", "'plain"])
def test_a_cell_that_would_run_as_a_formula_is_made_text_and_can_be_undone(tmp_path, text):
    export(hostile_graph(text), tmp_path / "t", "csv")
    with (tmp_path / "t/nodes.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    plain = text.endswith("plain")
    assert row["abstract"] == (text if plain else f"'{text}")
    assert row["upvotes"] == "-3"


def test_csv_replaces_the_tables_of_an_existing_folder_and_nothing_else(graph, tmp_path):
    (tmp_path / "nodes.csv").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    export(graph, tmp_path, "csv")
    assert (tmp_path / "nodes.csv").read_text(encoding="utf-8").startswith("id,type,name,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edges.csv", "nodes.csv", "notes.txt"]


# --- where it goes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in FOLDERS])
def test_a_file_a_stream_and_standard_output_get_the_same_bytes(graph, tmp_path, format, capfdbinary):
    export(graph, tmp_path / f"g.{format}")
    export(graph, "-", format)
    text = io.StringIO()
    export(graph, text, format)
    expected = written(graph, format)
    assert (tmp_path / f"g.{format}").read_bytes() == capfdbinary.readouterr().out == expected
    assert text.getvalue().encode() == expected


class Breaking(MemoryStore):
    def edges(self, edge_type=None):
        raise RuntimeError("halfway")


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "neo4j-admin"])
def test_a_failure_halfway_leaves_what_was_there(tmp_path, format):
    path = tmp_path / "out"
    if format != "csv":
        path.write_text("before")
    with pytest.raises(RuntimeError, match="halfway"):
        export(Breaking(), path, format)
    assert [entry.name for entry in tmp_path.iterdir()] == ([] if format == "csv" else ["out"])
    assert format == "csv" or path.read_text() == "before"


def test_a_link_still_leads_to_the_file_after_writing(graph, tmp_path):
    (tmp_path / "real.jsonl").write_text("")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    export(graph, tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").stat().st_size > 0


def test_a_device_is_written_directly(graph):
    export(graph, os.devnull, "jsonl")
    assert not os.path.isfile(os.devnull)  # noqa: PTH113


@pytest.mark.parametrize(
    ("target", "format", "error", "message"),
    [
        ("g.xyz", None, QueryError, "'g.xyz' does not tell the format; choose from jsonl"),
        ("g.jsonl", "xls", QueryError, "no export format 'xls'; choose from jsonl, json, graphml, gexf, csv"),
        ("-", "csv", QueryError, "two files, nodes.csv and edges.csv: name a folder"),
        ("none/g.jsonl", None, StoreError, "cannot be written: No such file or directory"),
        (".", "jsonl", StoreError, "is a folder; name a file in it"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_sentence(
    graph, tmp_path, monkeypatch, target, format, error, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        export(graph, target, format)
    assert list(tmp_path.iterdir()) == []


def test_csv_does_not_overwrite_a_file_with_a_folder(graph, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file; the csv format needs a folder"):
        export(graph, tmp_path / "file", "csv")
