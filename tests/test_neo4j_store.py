"""The store on a Neo4j server: the same graph as the local one, whatever happens on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from contract import sameness
from contract.operations import outcome
from neo4j_server import emptied

from citegraph import Graph, open_graph
from citegraph.graph.copying import copy
from citegraph.graph.errors import LockedError, StoreError
from citegraph.graph.identity import title_key
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Node
from citegraph.graph.server import Neo4jStore
from citegraph.loaders.pipeline import build, link, remove_source, unlink
from citegraph.queries.corrections import corrections

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"


def content(store: LocalStore) -> tuple[set[str], set[str]]:
    """Return all nodes and edges, but for the time they were loaded, in a form that can be compared."""
    nodes = {
        json.dumps(
            [n.id, n.label, {k: v for k, v in n.properties.items() if k != "loaded_at"}], sort_keys=True
        )
        for n in store.nodes()
    }
    edges = {
        json.dumps([e.source, e.type, e.target, dict(e.properties)], sort_keys=True) for e in store.edges()
    }
    return nodes, edges


@pytest.fixture
def address(neo4j_address: str) -> str:
    return emptied(neo4j_address)


@pytest.fixture
def halves(tmp_path: Path) -> tuple[Path, Path]:
    """Two inputs that cite each other's papers."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "LoRA" in line]
    paths = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    for path, part in zip(paths, (lines[:6], lines[4:]), strict=True):
        path.write_text("\n".join(part) + "\n", encoding="utf-8")
    return paths


def both(address: str, *steps: Callable[[LocalStore], object]) -> tuple[Neo4jStore, LocalStore]:
    """Take the same steps on both stores, each in a session of its own on the server."""
    local = LocalStore()
    for step in steps:
        step(local)
        with Neo4jStore(address, create=True) as store:
            step(store)
    return Neo4jStore(address), local


def test_it_holds_the_same_graph_as_a_local_file(address, halves):
    server, local = both(address, lambda s: build(s, [halves[0]]), lambda s: build(s, [halves[1]]))
    assert content(server) == content(local)
    assert server.counts() == local.counts()


def test_the_same_input_twice_changes_nothing(address, halves):
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
        before = store._known()
    with Neo4jStore(address) as store:
        report = build(store, [halves[0]])
        assert report.unchanged_sources == [str(halves[0])]
        assert store._known() == before


def test_removing_a_source_leaves_the_graph_of_the_others(address, halves):
    server, local = both(address, lambda s: build(s, halves), lambda s: remove_source(s, str(halves[0])))
    assert content(server) == content(local)


def test_links_made_by_hand_are_kept_and_honoured_by_later_builds(address, halves):
    server, local = both(
        address,
        lambda s: build(s, [halves[0]]),
        lambda s: link(s, "method:lora", "method:quantization"),
        lambda s: build(s, [halves[1]]),
    )
    assert server.node("method:lora") is None
    assert content(server) == content(local)
    both(address, lambda s: build(s, [halves[0]]) and unlink(s, "method:lora", "method:quantization"))
    assert Neo4jStore(address).node("method:lora") is not None


def test_a_lexicon_of_ones_own_is_kept_on_the_server(address, halves, tmp_path):
    lexicon = tmp_path / "mine.toml"
    lexicon.write_text('[[method]]\nname = "Attention Is All"\naliases = ["attention"]\n', encoding="utf-8")
    server, local = both(
        address, lambda s: build(s, [halves[0]], lexicon=[lexicon]), lambda s: build(s, [halves[1]])
    )
    assert content(server) == content(local)


@pytest.mark.parametrize("step", range(1, 12, 3))
def test_a_load_that_was_broken_off_is_made_good_by_the_next(address, halves, step, monkeypatch):
    local = LocalStore()
    build(local, [halves[0]])
    build(local, [halves[1]])
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
        calls = 0
        write = store.remote._write

        def failing(*arguments: object) -> None:
            nonlocal calls
            calls += 1
            if calls > step:
                raise KeyboardInterrupt
            write(*arguments)

        monkeypatch.setattr(store.remote, "_write", failing)
        with pytest.raises(KeyboardInterrupt, match="may hold a part of the change; run `citegraph build`"):
            build(store, [halves[1]])
    with Neo4jStore(address) as store:
        build(store, [halves[1]])
    assert content(Neo4jStore(address)) == content(local)


def test_only_a_build_goes_on_after_a_change_was_broken_off(address, halves, monkeypatch):
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
        monkeypatch.setattr(store.remote, "put_edges", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(store, [halves[1]])
    with Neo4jStore(address) as store, pytest.raises(StoreError, match="broken off"):
        remove_source(store, str(halves[0]))


def test_two_cannot_write_at_once(address, halves):
    with Neo4jStore(address, create=True) as one, Neo4jStore(address, create=True) as other:
        build(one, [halves[0]])
        with one.writing(), pytest.raises(LockedError, match="Another process is writing"):
            build(other, [halves[1]])
        build(other, [halves[1]])


def test_ctrl_c_before_anything_is_sent_leaves_nothing_to_tell_of(address, halves, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with Neo4jStore(address, create=True) as store, pytest.raises(KeyboardInterrupt) as caught:
        monkeypatch.setattr(store, "flush", stop)
        build(store, [halves[0]])
    assert str(caught.value) == ""


def test_what_a_session_wrote_is_known_to_those_after_it(address):
    with Neo4jStore(address, create=True) as store:
        with store.connection.session(write=True) as session:
            session.run("CREATE (:Person {name: 'Ada'})").consume()
            written = session.last_bookmarks().raw_values
        waited_for = store.connection.driver.execute_query_bookmark_manager.get_bookmarks()
        assert written
        assert written <= set(waited_for)


def test_a_node_is_found_without_reading_the_whole_graph(address, halves):
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
    with Neo4jStore(address) as store:
        paper = next(iter(store.remote.nodes("Paper", "WHERE n.doi IS NOT NULL")), None)
        assert store.node("method:lora").name == "LoRA"
        assert any(edge.type == "PROPOSES" for edge in store.edges_of("method:lora", "in"))
        assert store.node("method:nothing-of-the-kind") is None
        if paper is not None:
            assert store.node(f"doi:{paper[1]['doi']}").id == paper[0]
        assert store._loaded is None


def test_an_overlong_name_is_refused_before_anything_is_sent(address, halves, tmp_path):
    """Neo4j's indexes bear 8 KB; loaders refuse such records, so only older graphs and queries have them."""
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
        before = store._known()
        too_long = pytest.raises(
            StoreError, match="the name of method:long… takes 3,000,000 bytes, more than 8,000"
        )
        with too_long, store.writing():
            store.put_node(Node("method:long", "Method", {"name": "x" * 3_000_000}))
        assert store._known() == before
        assert store.node("method:long") is None
    old = tmp_path / "old.db"
    with LocalStore(old, create=True) as local:
        build(local, [halves[0]])
        with local.writing():
            local.put_node(Node(f"method:{'x' * 9_000}", "Method", {"name": "X"}))
        with pytest.raises(StoreError, match="the id of method:xxxxx.* takes 9,007 bytes, more than 8,000"):
            copy(local, address, replace=True)
    assert Neo4jStore(address).node("method:lora") is not None


def test_names_up_to_the_longest_are_kept(address):
    names = ["x" * 7_900, "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 2_600]
    with Neo4jStore(address, create=True) as store, store.writing():
        store.put_node(
            Node(
                "source:a", "Source", {"name": "a", "uri": "a", "format": "f", "sha256": "", "loaded_at": ""}
            )
        )
        for name in names:
            store.put_node(Node(f"method:{name}", "Method", {"name": name}))
    assert sorted(node.name for node in Neo4jStore(address).nodes("Method")) == sorted(names)


def test_a_build_goes_on_without_a_record_whose_name_is_too_long(address, tmp_path):
    path = tmp_path / "papers.jsonl"
    records = [{"title": "One", "authors": ["x" * 3_000_000]}, {"title": "Two", "authors": ["Ada"]}]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with Neo4jStore(address, create=True) as store:
        report = build(store, [path])
        assert [(r.line, r.reason) for r in report.refused] == [
            (1, "the name of author 1 takes 3,000,000 bytes, more than 7,900")
        ]
        assert [node.name for node in store.nodes("Author")] == ["Ada"]


QUESTIONS: dict[str, Callable[[Graph], object]] = {
    "show by name": lambda graph: graph.show("LoRA"),
    "show by a spelling": lambda graph: graph.show("lo-ra"),
    "show by an alias": lambda graph: graph.show("low-rank adaptation"),
    "show by an identifier": lambda graph: graph.show("arXiv:2106.09685v2"),
    "show by an address": lambda graph: graph.show("https://www.arxiv.org/abs/2106.09685"),
    "show by the beginning of a title": lambda graph: graph.show("QLoRA: Efficient"),
    "show by a key of its title": lambda graph: [
        graph[f"title:{title_key(node.name)}"] for node in graph.find("QLoRA", "Paper")
    ],
    "find": lambda graph: [graph.find(name) for name in ("LoRA", "l", "QLoRA", "é", "+", "Edward", "M$^3$")],
    "find among labels": lambda graph: [graph.find("LoRA", label) for label in ("Paper", "Method", "Source")],
    "suggest": lambda graph: [outcome(lambda name=name: graph.show(name)) for name in ("LoRRA", "Quantisation", "l")],
    "explain": lambda graph: graph.explain("QLoRA", "LoRA"),
    "explain what is not connected": lambda graph: outcome(lambda: graph.explain("QLoRA", "Adam")),
    "the sources of a paper": lambda graph: graph.sources_of("QLoRA"),
    "stats": lambda graph: graph.stats(),
    "corrections": lambda graph: (corrections(graph.store), graph.lexicons()),
    "all edges": lambda graph: [*graph.edges(), *graph.edges("FROM"), *graph.edges("KIND_OF")],
}  # fmt: skip


@pytest.fixture(scope="module")
def same(neo4j_address: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """One graph with a correction, in a file and on a server, in small pages."""
    path = tmp_path_factory.mktemp("same") / "graph.db"
    with LocalStore(path, create=True) as local:
        build(local, [EXAMPLE])
        link(local, "method:qlora", "method:lora")
        copy(local, emptied(neo4j_address))
    return path, neo4j_address


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_alike_without_reading_the_whole_graph(same, question, monkeypatch):
    monkeypatch.setattr("citegraph.graph.server.asked._PAGE", 7)
    monkeypatch.setattr("citegraph.graph.server.asked._EDGES_PAGE", 5)
    with open_graph(same[0]) as local, open_graph(same[1]) as server:
        ours, theirs = (sameness.value(QUESTIONS[question](graph)) for graph in (local, server))
        assert theirs == ours
        assert server.store._loaded is None
        assert not server.store._filled


def test_who_asks_again_and_again_gets_the_whole_graph(same, monkeypatch):
    monkeypatch.setattr("citegraph.graph.server.store._LOOK_UPS", 10)
    monkeypatch.setattr("citegraph.graph.server.store._ROWS_A_LOOK_UP", 100_000)
    with open_graph(same[1]) as graph:
        found = [list(graph.store.edges_of("method:lora")) for _ in range(400)]
        assert graph.store._loaded is not None
    assert found[0] == found[-1]


def test_others_in_the_same_database_are_never_touched(address, halves):
    with Neo4jStore(address, create=True) as store, store.connection.session(write=True) as session:
        session.run("CREATE (:Person {id: 'method:lora', name: 'Ada'})-[:KNOWS]->(:Person)").consume()
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[0]])
        remove_source(store, str(halves[0]))
        assert [row[0] for row in store.connection.rows("MATCH (n) RETURN count(n)")] == [2]


def test_nodes_of_others_with_our_labels_are_refused_and_a_prefix_helps(address, halves):
    with Neo4jStore(address, create=True) as store, store.connection.session(write=True) as session:
        session.run("CREATE (:Paper {title: 'not ours'})").consume()
    with Neo4jStore(address, create=True) as store, pytest.raises(StoreError, match=r"\?prefix=Cg"):
        build(store, [halves[0]])
    with Neo4jStore(address + "?prefix=Cg", create=True) as store:
        build(store, [halves[0]])
        local = LocalStore()
        build(local, [halves[0]])
        assert content(store) == content(local)
        assert [r[0] for r in store.connection.rows("MATCH (n:Paper) RETURN count(n)")] == [1]


def test_an_address_with_a_password_is_refused_without_repeating_it():
    with pytest.raises(StoreError, match="NEO4J_PASSWORD") as caught:
        Neo4jStore("neo4j://neo4j:hunter2@localhost:7687")
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_not_there_is_one_sentence():
    with pytest.raises(StoreError, match="No Neo4j server answers at bolt://127.0.0.1:9"):
        Neo4jStore("bolt://127.0.0.1:9")


def test_a_wrong_password_is_one_sentence_without_it(neo4j_address, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-one")
    with pytest.raises(StoreError, match="refuses the password of user 'neo4j'") as caught:
        Neo4jStore(neo4j_address)
    assert "not-the-one" not in str(caught.value)


def test_a_database_that_is_not_there_is_one_sentence(neo4j_address):
    with pytest.raises(StoreError, match="has no database 'nowhere'"):
        Neo4jStore(neo4j_address + "/nowhere")


def test_a_server_without_a_graph_says_how_to_make_one(address):
    with pytest.raises(StoreError, match="citegraph build INPUT -g"):
        Neo4jStore(address)
