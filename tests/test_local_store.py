"""The graph file: whole transactions, one writer, readers that go on, clear errors for what is no graph."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from citegraph import LockedError, SchemaError, StoreError, VersionError
from citegraph.graph import sqlite
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Edge, Node
from citegraph.graph.schema import VERSION

WRITER = textwrap.dedent(
    """
    import sys
    from citegraph.graph.local import LocalStore
    from citegraph.graph.records import Edge, Node

    number = 0
    with LocalStore(sys.argv[1], create=True) as store:
        while True:
            with store.writing():
                for _ in range(50):
                    node = Node(f"author:{number}", "Author", {"name": f"Author {number}"})
                    store.put_node(node)
                    number += 1
                    if number % 10 == 0:
                        store.flush()
            print(number, flush=True)
    """
)


def paper(number: int) -> Node:
    return Node(f"title:paper {number}", "Paper", {"name": f"Paper {number}", "title": f"Paper {number}"})


def test_a_killed_writer_leaves_the_last_whole_state(tmp_path):
    path = tmp_path / "graph.db"
    for moment in range(12):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.003 * moment)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        with LocalStore(path) as store:
            held = len(list(store.nodes("Author")))
        assert held >= 50
        assert held % 50 == 0


def test_a_file_at_rest_is_one_file(tmp_path):
    with LocalStore(tmp_path / "graph.db", create=True) as store, store.writing():
        store.put_node(paper(1))
    assert [entry.name for entry in tmp_path.iterdir()] == ["graph.db"]


def test_a_second_writer_gets_a_clear_error_and_readers_go_on(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as first:
        with first.writing():
            first.put_node(paper(1))
        with first.writing():
            first.put_node(paper(2))
            first.flush()
            second = LocalStore(path, create=True)
            with pytest.raises(LockedError, match="Another process is writing"), second, second.writing():
                second.put_node(paper(3))
            with LocalStore(path) as reader:
                assert [node.name for node in reader.nodes()] == ["Paper 1"]


def test_a_question_is_answered_from_one_state_whatever_others_write_meanwhile(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as writer:
        with writer.writing():
            writer.put_node(paper(1))
        with LocalStore(path) as reader:
            with reader.reading():
                assert reader.counts().nodes == {"Paper": 1}
                with writer.writing():
                    writer.put_node(paper(2))
                assert len(list(reader.nodes())) == 1
            assert len(list(reader.nodes())) == 2


def test_a_writer_sees_what_another_wrote_meanwhile(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as first, LocalStore(path, create=True) as second:
        assert not list(first.nodes())
        with second.writing():
            second.put_node(paper(2))
        with first.writing():
            first.put_node(paper(1))
        assert [node.name for node in first.nodes()] == ["Paper 1", "Paper 2"]


def test_an_error_inside_a_change_undoes_it_in_memory_and_on_disk(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store:
        with store.writing():
            store.put_node(paper(1))
        with pytest.raises(ZeroDivisionError), store.writing():
            store.put_node(paper(2))
            store.flush()
            raise ZeroDivisionError
        assert [node.name for node in store.nodes()] == ["Paper 1"]
    with LocalStore(path) as store:
        assert [node.name for node in store.nodes()] == ["Paper 1"]


def test_a_newer_file_is_refused_with_the_version_it_needs(tmp_path):
    path = tmp_path / "graph.db"
    LocalStore(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(VersionError, match="schema version 99"):
        LocalStore(path)


@pytest.mark.parametrize("create", [True, False])
def test_an_older_file_is_migrated_and_a_reader_leaves_it_alone(tmp_path, monkeypatch, create):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        store.put_node(Node("author:a", "Author", {"name": "old"}))
    before = path.read_bytes()
    monkeypatch.setattr(sqlite, "VERSION", VERSION + 1)
    monkeypatch.setitem(
        sqlite._MIGRATIONS, VERSION, """UPDATE node SET properties = CAST('{"name":"new"}' AS BLOB);\n"""
    )
    with LocalStore(path, create=create) as store:
        assert [node.name for node in store.nodes()] == ["new"]
    assert (path.read_bytes() == before) is not create


def test_a_file_of_the_first_version_can_be_built_upon(tmp_path):
    path = tmp_path / "graph.db"
    with sqlite3.connect(path) as old:
        old.executescript(sqlite._TABLES)
        old.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        old.execute("PRAGMA user_version=1")
    with LocalStore(path, create=True) as store, store.writing():
        store.file.keep("colour", "green")
        assert store.file.setting("colour") == "green"


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 200, os.urandom(5000)]
)
def test_a_file_that_is_no_graph_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="notes.db"):
        LocalStore(path)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_kept(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a citegraph graph"):
        LocalStore(path, create=True)
    assert path.read_bytes() == before


def test_a_missing_graph_is_named_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(StoreError, match="citegraph build"):
        LocalStore(tmp_path / "none.db")


def test_what_the_schema_does_not_allow_is_refused_with_the_reason():
    store = LocalStore()
    with store.writing():
        store.put_node(paper(1))
        store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
        with pytest.raises(SchemaError, match="no evidence, no edge"):
            store.put_edge(Edge("title:paper 1", "USES", "method:lora", {}))
        with pytest.raises(SchemaError, match="cannot lead from Method to Paper"):
            store.put_edge(Edge("method:lora", "USES", "title:paper 1", {}))
        with pytest.raises(SchemaError, match="not in the schema"):
            store.put_edge(Edge("title:paper 1", "LIKES", "method:lora", {}))
        with pytest.raises(SchemaError, match="must read method:"):
            store.put_node(Node("lora", "Method", {"name": "LoRA"}))
        with pytest.raises(SchemaError, match="colour"):
            store.put_node(Node("method:x", "Method", {"name": "X", "colour": "red"}))


def test_a_file_made_for_a_change_that_failed_goes_again(tmp_path):
    with (
        pytest.raises(RuntimeError),
        LocalStore(tmp_path / "graph.db", create=True) as store,
        store.writing(),
    ):
        store.put_node(paper(1))
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_there_stays_when_a_change_fails(tmp_path):
    path = tmp_path / "graph.db"
    path.touch()
    with pytest.raises(RuntimeError), LocalStore(path, create=True) as store, store.writing():
        raise RuntimeError
    with LocalStore(path) as store:
        assert not list(store.nodes())


def test_a_failed_change_removes_no_file_that_another_process_has_filled(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as first:
        with pytest.raises(RuntimeError), first.writing():
            raise RuntimeError
        with LocalStore(path, create=True) as second, second.writing():
            second.put_node(paper(1))
    with LocalStore(path) as store:
        assert [node.name for node in store.nodes()] == ["Paper 1"]


def test_nothing_is_written_into_a_file_that_was_removed_meanwhile(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store:
        path.unlink()
        with pytest.raises(StoreError, match="removed or replaced"), store.writing():
            store.put_node(paper(1))


def test_damage_met_while_reading_is_reported_as_damage(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        for number in range(2000):
            store.put_node(paper(number))
    whole = path.read_bytes()
    path.write_bytes(whole[:16384] + bytes(byte ^ 0xFF for byte in whole[16384:]))
    with LocalStore(path) as store, pytest.raises(StoreError, match="damaged"):
        list(store.nodes())


@pytest.mark.parametrize("body", [b"{", b"7"])
def test_properties_that_are_no_json_object_are_reported_as_damage(tmp_path, body):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        store.put_node(paper(1))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE node SET properties = ?", (body,))
    connection.close()
    with LocalStore(path) as store, pytest.raises(StoreError, match="damaged"):
        list(store.nodes())


def test_an_edge_to_a_missing_node_is_reported_as_damage_of_a_graph_that_is_loaded(tmp_path):
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        store.put_node(paper(1))
        store.put_node(paper(2))
        store.put_edge(Edge(paper(1).id, "CITES", paper(2).id, {}))
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM node WHERE id = ?", (paper(2).id,))
    connection.close()
    with LocalStore(path) as store, pytest.raises(StoreError, match="damaged"):
        len(store.graph)


def test_a_closed_graph_says_that_it_is_closed():
    store = LocalStore(None)
    store.close()
    with pytest.raises(StoreError, match="is closed; open it again"):
        list(store.nodes())


def test_a_loop_over_rows_that_is_abandoned_after_closing_says_nothing(tmp_path):
    store = LocalStore(tmp_path / "graph.db", create=True)
    with store.writing():
        store.put_node(paper(1))
        store.put_node(paper(2))
    rows = store.file.rows("SELECT id FROM node")
    next(rows)
    store.close()
    rows.close()


def cited_in_a_ring(path, papers=7):
    with LocalStore(path, create=True) as store, store.writing():
        for number in range(papers):
            store.put_node(paper(number))
        store.put_node(Node("author:a", "Author", {"name": "A"}))
        for number in range(papers):
            target = paper((number + 1) % papers).id
            store.put_edge(Edge(paper(number).id, "CITES", target, {"sources": [str(number)]}))
            store.put_edge(Edge(paper(number).id, "AUTHORED_BY", "author:a", {"position": 1}))
        store.put_edge(Edge(paper(0).id, "CITES", paper(0).id, {"sources": ["itself"]}))


def answers(store):
    ids = [node.id for node in store.nodes()]
    return [
        [*store.nodes(), *store.nodes("Author"), *store.edges(), *store.edges("CITES")],
        [store.node(node_id) for node_id in (*ids, "author:b")],
        [
            list(store.edges_of(node_id, direction, edge_type))
            for node_id in (*ids, "author:b")
            for direction in ("out", "in", "both")
            for edge_type in (None, "CITES", "USES")
        ],
        store.counts(),
    ]


def test_a_file_answers_as_the_graph_loaded_from_it(tmp_path, monkeypatch):
    monkeypatch.setattr("citegraph.graph.stored._PAGE", 3)
    cited_in_a_ring(tmp_path / "graph.db")
    with LocalStore(tmp_path / "graph.db") as one, LocalStore(tmp_path / "graph.db") as other:
        assert len(other.graph) == 8
        assert answers(one) == answers(other)


def test_looking_a_node_up_does_not_load_the_graph(tmp_path, monkeypatch):
    cited_in_a_ring(tmp_path / "graph.db")
    with LocalStore(tmp_path / "graph.db") as store:
        monkeypatch.setattr(store, "_load", lambda: pytest.fail("the graph was loaded"))
        assert store.node("author:a").name == "A"
        assert len(list(store.edges_of("author:a"))) == 7


def test_looking_up_again_and_again_loads_the_graph(tmp_path):
    cited_in_a_ring(tmp_path / "graph.db")
    with LocalStore(tmp_path / "graph.db") as store:
        found = [len(list(store.edges_of("author:a", "in"))) for _ in range(100)]
        assert store._loaded is not None
    assert set(found) == {7}


def test_a_node_can_be_changed_while_nodes_are_gone_through(tmp_path):
    cited_in_a_ring(tmp_path / "graph.db")
    with LocalStore(tmp_path / "graph.db") as store:
        for node in store.nodes("Author"):
            with store.writing():
                store.put_node(Node(node.id, "Author", {"name": "B"}))
        assert store.node("author:a").name == "B"
