"""Copying a graph between files and servers: the copy is the graph, and builds on it go on as on the original."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j_server import emptied

from citegraph import open_graph
from citegraph.graph import copying
from citegraph.graph.content import content_hash
from citegraph.graph.errors import LockedError, StoreError
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Edge, Node
from citegraph.graph.server import Neo4jStore, loading
from citegraph.graph.server.remote import Remote
from citegraph.loaders.pipeline import build, link, remove_source

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"

Rows = dict[str, Any]


@pytest.fixture
def address(neo4j_address: str) -> str:
    return emptied(neo4j_address)


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two inputs that share and cite each other's papers; the first cites one that is not read by its title."""
    folder = tmp_path_factory.mktemp("inputs")
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    paths = folder / "first.jsonl", folder / "second.jsonl"
    for path, part in zip(paths, (lines[28:48], lines[40:60]), strict=True):
        path.write_text("\n".join(part) + "\n", encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def original(halves: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph with everything a graph may keep: two sources, a correction, a lexicon, names that papers coin."""
    path = tmp_path_factory.mktemp("graphs") / "original.db"
    lexicon = path.with_name("mine.toml")
    lexicon.write_text('[[method]]\nname = "Attention Is All"\naliases = ["attention"]\n', encoding="utf-8")
    with LocalStore(path, create=True) as store:
        build(store, halves, lexicon=[lexicon])
        link(store, "method:lora", "method:quantization")
    return path


def tables(path: Path) -> dict[str, Any]:
    """Return all that a file keeps, in a form that does not depend on the order of writing."""
    with closing(sqlite3.connect(path)) as file:

        def rows(sql: str) -> list[Any]:
            return sorted(file.execute(sql).fetchall(), key=repr)

        found = {
            name: rows(f"SELECT * FROM {name}")
            for name in ("source", "identity", "setting", "coinage", "correction")
        }
        found["record"] = rows("SELECT source, digest, paper, keys, year, surnames, body FROM record")
        for name in ("tally", "part", "node", "edge"):
            found[name] = [
                [orjson.loads(cell) if type(cell) is bytes else cell for cell in row]
                for row in rows(f"SELECT * FROM {name}")
            ]
    return found


def copied(source: str | Path, target: str | Path, **options: Any) -> copying.CopyReport:
    with open_graph(source) as graph:
        return graph.copy_to(target, **options)


# --- what a copy holds --------------------------------------------------------------------------------------


def test_a_file_copied_to_a_file_is_the_same_file(original, tmp_path):
    report = copied(original, tmp_path / "copy.db")
    assert tables(tmp_path / "copy.db") == tables(original)
    assert (report.source, report.target) == (str(original), str(tmp_path / "copy.db"))
    assert sum(report.nodes.values()) == len(tables(original)["node"])


def test_a_graph_that_went_through_two_servers_keeps_all_a_builder_needs(original, address, tmp_path):
    there = copied(original, address)
    further = copied(address, address + "?prefix=Other")
    back = copied(address + "?prefix=Other", tmp_path / "back.db")
    assert tables(tmp_path / "back.db") == tables(original)
    assert {(r.content, r.records) for r in (there, further, back)} == {(back.content, back.records)}


def test_a_graph_in_memory_can_be_copied(halves, tmp_path):
    with LocalStore() as store:
        build(store, [halves[0]])
        copying.copy(store, tmp_path / "kept.db")
        assert content_hash(LocalStore(tmp_path / "kept.db")) == content_hash(store)


def test_later_builds_on_a_copy_give_what_they_give_on_the_original(halves, address, tmp_path):
    with LocalStore(tmp_path / "a.db", create=True) as store:
        build(store, [halves[0]])
    copied(tmp_path / "a.db", address)
    copied(address, tmp_path / "b.db")

    def change(store: LocalStore) -> list[bytes]:
        build(store, [halves[1]])
        remove_source(store, str(halves[0]))
        rows = [
            *([n.id, n.label, {**n.properties, "loaded_at": None}] for n in store.nodes()),
            *([e.source, e.type, e.target, dict(e.properties)] for e in store.edges()),
        ]
        return sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows)

    with (
        LocalStore(tmp_path / "a.db") as one,
        LocalStore(tmp_path / "b.db") as two,
        Neo4jStore(address) as there,
    ):
        assert change(one) == change(two) == change(there)


def test_a_build_of_the_same_input_changes_nothing_on_a_copy(original, halves, address):
    copied(original, address)
    with Neo4jStore(address) as store:
        assert build(store, halves).unchanged_sources == [str(path) for path in halves]


# --- what a copy takes the place of -------------------------------------------------------------------------


@pytest.fixture(params=["file", "server"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return (
        str(tmp_path / "target.db")
        if request.param == "file"
        else emptied(request.getfixturevalue("neo4j_address"))
    )


def test_a_target_that_holds_a_graph_is_left_alone_unless_replaced(original, halves, target):
    with open_graph(target, create=True) as held:
        held.build([halves[1]])
        before = content_hash(held.store)
    with pytest.raises(StoreError, match="holds a graph of .* nodes; name another target, or take --replace"):
        copied(original, target)
    with open_graph(target) as held:
        assert content_hash(held.store) == before
    report = copied(original, target, replace=True)
    with open_graph(target) as held, open_graph(original) as graph:
        assert content_hash(held.store) == report.content == content_hash(graph.store)
        assert [c.verb for c in held.corrections()] == ["same"]


def test_a_graph_is_not_copied_onto_itself(original, target):
    with pytest.raises(StoreError, match="is the graph that is to be copied"):
        copied(original, original, replace=True)
    copied(original, target)
    with pytest.raises(StoreError, match="is the graph that is to be copied"):
        copied(target, target, replace=True)


def test_a_file_of_something_else_is_never_replaced(original, tmp_path):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE mine (a)")
    with pytest.raises(StoreError, match="is not a citegraph graph"):
        copied(original, other, replace=True)


def test_nodes_of_others_with_our_labels_are_never_replaced(original, address):
    with Neo4jStore(address, create=True) as store, store.connection.session(write=True) as session:
        session.run("CREATE (:Paper {title: 'not ours'})").consume()
    with pytest.raises(StoreError, match=r"nodes of others with our labels \(1 Paper\).*\?prefix=Cg"):
        copied(original, address, replace=True)
    copied(original, address + "?prefix=Cg")


def test_replacing_spares_what_others_keep_beside_and_on_the_graph(original, halves, address):
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[1]])
        with store.connection.session(write=True) as session:
            session.run(
                "CREATE (p:Person {name: 'Ada'}) WITH p MATCH (n:Method {id: 'method:quantization'}) "
                "CREATE (p)-[:LIKES]->(n)"
            ).consume()
    copied(original, address, replace=True)
    with Neo4jStore(address) as store:
        query = "MATCH (p:Person)-[:LIKES]->(n:Method) RETURN p.name, n.id"
        assert list(store.connection.rows(query)) == [["Ada", "method:quantization"]]


def test_a_graph_without_a_source_cannot_go_to_a_server(address, tmp_path):
    LocalStore(tmp_path / "empty.db", create=True).close()
    with pytest.raises(StoreError, match="holds no source"):
        copied(tmp_path / "empty.db", address)


def test_a_target_that_somebody_writes_to_is_refused(original, halves, target):
    with open_graph(target, create=True) as held:
        held.build([halves[1]])
        with held.store.writing(), pytest.raises(LockedError, match="Another process is writing"):
            copied(original, target, replace=True)


# --- copies that are broken off -----------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_ROWS", 50)


def breaking(monkeypatch: pytest.MonkeyPatch, after: int, error: Callable[[], BaseException]) -> None:
    """Have the batches after some fail; those before are in."""
    calls = iter(range(10**6))
    move = loading.Lanes.move

    def failing(self: Any, *arguments: Any) -> None:
        if next(calls) >= after:
            raise error()
        move(self, *arguments)

    monkeypatch.setattr(loading.Lanes, "move", failing)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("after", [0, 1, 30, 60])
def test_a_copy_broken_off_is_no_graph_and_goes_on_when_asked_for_again(
    original, address, after, monkeypatch
):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        breaking(patch, after, KeyboardInterrupt)
        copied(original, address)
    with pytest.raises(StoreError, match="was broken off; .* `citegraph copy .*original.db bolt://.*` again"):
        Neo4jStore(address, create=True)
    sent: list[int] = []
    report = copied(
        original, address, progress=lambda stage, done, _: sent.append(done) if stage == "send" else None
    )
    assert report.resumed == (after > 0)
    with open_graph(original) as graph, Neo4jStore(address) as store:
        assert content_hash(store) == report.content == content_hash(graph.store)


@pytest.mark.usefixtures("small_batches")
def test_going_on_sends_nothing_twice(original, address, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        breaking(patch, 40, KeyboardInterrupt)
        copied(original, address)
    with closing(_connected(address)) as connection:
        before = loading.Lanes(connection).done
        moved: list[int] = []
        move = loading.Lanes.move

        def counting(self: Any, transaction: Any, lane: int, high: int, *rest: Any) -> None:
            assert high > before[lane]
            moved.append(high)
            move(self, transaction, lane, high, *rest)

        monkeypatch.setattr(loading.Lanes, "move", counting)
        assert copied(original, address).resumed
    assert moved


def _connected(address: str) -> Any:
    from citegraph.graph.server.address import Address
    from citegraph.graph.server.connection import Connection

    return Connection(Address.parse(address))


@pytest.mark.usefixtures("small_batches")
def test_a_commit_whose_answer_was_lost_is_not_done_twice(original, address, monkeypatch):
    from citegraph.graph.server.connection import Connection, UncertainError

    write, calls = Connection.write, iter(range(10**6))
    Neo4jStore(address, create=True).remote.prepare()

    def forgetful(self: Any, work: Callable[[Any], Any]) -> Any:
        made = write(self, work)
        if next(calls) % 7 == 3:
            raise UncertainError("lost")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "write", forgetful)
        patch.setattr(Remote, "prepare", lambda self: None)
        report = copied(original, address)
    with open_graph(original) as graph:
        assert report.content == content_hash(graph.store)


@pytest.mark.usefixtures("small_batches")
def test_a_batch_too_large_for_the_servers_memory_is_sent_in_halves(original, address, monkeypatch):
    from citegraph.graph.server.connection import TooMuchError

    move = loading.Lanes.move

    def narrow(self: Any, transaction: Any, lane: int, high: int, query: str, rows: list[Any]) -> None:
        if len(rows) > 13:
            raise TooMuchError("too much")
        move(self, transaction, lane, high, query, rows)

    monkeypatch.setattr(loading.Lanes, "move", narrow)
    report = copied(original, address)
    with open_graph(original) as graph:
        assert report.content == content_hash(graph.store)


@pytest.mark.usefixtures("small_batches")
def test_a_source_that_changed_meanwhile_is_copied_from_the_start(halves, address, tmp_path, monkeypatch):
    path = tmp_path / "growing.db"
    with LocalStore(path, create=True) as store:
        build(store, [halves[0]])
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        breaking(patch, 40, KeyboardInterrupt)
        copied(path, address)
    with LocalStore(path) as store:
        build(store, [halves[1]])
    report = copied(path, address)
    assert not report.resumed
    with LocalStore(path) as store, Neo4jStore(address) as there:
        assert content_hash(there) == content_hash(store) == report.content


@pytest.mark.usefixtures("small_batches")
def test_what_another_copy_left_is_only_replaced_when_asked(original, halves, address, tmp_path, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        breaking(patch, 20, KeyboardInterrupt)
        copied(original, address)
    with LocalStore(tmp_path / "other.db", create=True) as store:
        build(store, [halves[1]])
    with pytest.raises(
        StoreError, match="A copy of .*original.db to .* was broken off; run it again, or take --rep"
    ):
        copied(tmp_path / "other.db", address)
    report = copied(tmp_path / "other.db", address, replace=True)
    with Neo4jStore(address) as store:
        assert content_hash(store) == report.content


@pytest.mark.usefixtures("small_batches")
def test_replacing_that_was_broken_off_starts_over(original, halves, address, monkeypatch):
    with Neo4jStore(address, create=True) as store:
        build(store, [halves[1]])
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(loading, "clear", lambda *_: 1 / 0)
        copied(original, address, replace=True)
    with pytest.raises(StoreError, match="broken off"):
        Neo4jStore(address)
    report = copied(original, address)
    with Neo4jStore(address) as store:
        assert content_hash(store) == report.content


def test_a_failed_copy_to_a_file_leaves_what_was_there(original, halves, address, tmp_path, monkeypatch):
    copied(original, address)
    with LocalStore(tmp_path / "held.db", create=True) as store:
        build(store, [halves[1]])
    before = tables(tmp_path / "held.db")
    monkeypatch.setattr(copying, "_compared", lambda *_: 1 / 0)
    for target in ("held.db", "new.db"):
        with pytest.raises(ZeroDivisionError):
            copied(address, tmp_path / target, replace=True)
    assert tables(tmp_path / "held.db") == before
    assert not (tmp_path / "new.db").exists()


def test_a_copy_that_does_not_hold_the_same_is_told_and_not_published(original, address, monkeypatch):
    move = loading.Lanes.move
    monkeypatch.setattr(
        loading.Lanes,
        "move",
        lambda self, tx, lane, high, query, rows: move(self, tx, lane, high, query, rows[1:]),
    )
    with pytest.raises(StoreError, match="and its copy at .* differ .*Paper"):
        copied(original, address)
    with pytest.raises(StoreError, match="broken off"):
        Neo4jStore(address)
    monkeypatch.undo()
    assert not copied(original, address).resumed


def test_a_server_that_is_being_built_on_is_not_copied(original, halves, address, tmp_path, monkeypatch):
    copied(original, address)
    with Neo4jStore(address) as store:
        monkeypatch.setattr(store.remote, "put_edges", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            remove_source(store, str(halves[0]))
    with pytest.raises(StoreError, match="is under way or was broken off"):
        copied(address, tmp_path / "copy.db")


# --- the command --------------------------------------------------------------------------------------------


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "citegraph", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_command_prints_counts_and_the_hash_of_both_sides(original, tmp_path):
    done = command("copy", original, tmp_path / "copy.db")
    assert done.returncode == 0 and done.stderr == ""
    hashed = command("stats", "--hash", "-g", tmp_path / "copy.db").stdout.strip()
    assert hashed == content_hash(LocalStore(original)) and hashed in done.stdout
    again = command("copy", original, tmp_path / "copy.db")
    assert again.returncode == 1 and "--replace" in again.stderr


def test_a_command_killed_in_the_middle_is_made_good_by_the_next(address, tmp_path, halves):
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    many = tmp_path / "many.jsonl"
    with many.open("w", encoding="utf-8") as stream:
        for turn in range(6):
            for line in lines:
                paper = orjson.loads(line)
                kept = {key: paper[key] for key in ("title", "abstract") if key in paper}
                stream.write(orjson.dumps(kept | {"title": f"{kept['title']} ({turn})"}).decode() + "\n")
    with LocalStore(tmp_path / "many.db", create=True) as store:
        build(store, [many])
        expected = content_hash(store)
    arguments = [sys.executable, "-m", "citegraph", "copy", str(tmp_path / "many.db"), address]
    process = subprocess.Popen(arguments)
    with closing(_connected(address)) as connection:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None and not any(loading.Lanes(connection).done):
            time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = command("copy", tmp_path / "many.db", address)
    if done.returncode == 0:
        assert expected in done.stdout
    else:  # it was done before it could be killed
        assert "holds a graph" in done.stderr
    with Neo4jStore(address) as store:
        assert content_hash(store) == expected


# --- the hash -----------------------------------------------------------------------------------------------

PROPERTIES = st.dictionaries(
    st.text(max_size=3), st.text() | st.integers(-9, 9) | st.lists(st.text()), max_size=3
)


class Bare:
    """A store that checks nothing."""

    uri = "bare:"

    def __init__(self, nodes: list[Rows], edges: list[tuple[int, int]], turned: bool = False) -> None:
        way = -1 if turned else 1
        self._nodes = [
            Node(f"method:{number}", "Method", dict(list(properties.items())[::way]))
            for number, properties in enumerate(nodes)
        ][::way]
        self._edges = [Edge(f"method:{a}", "KIND_OF", f"method:{b}", {}) for a, b in edges][::way]

    def nodes(self) -> Iterator[Node]:
        return iter(self._nodes)

    def edges(self) -> Iterator[Edge]:
        return iter(self._edges)


@given(
    st.lists(PROPERTIES, min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)))
)
def test_order_leaves_no_trace_in_the_hash(nodes, edges):
    assert content_hash(Bare(nodes, edges)) == content_hash(Bare(nodes, edges, turned=True))


def test_every_property_and_every_edge_counts_in_the_hash():
    def hashes() -> Iterator[str]:
        for edges in ([], [(0, 1)], [(1, 0)]):
            for properties in ({}, {"a": "1"}, {"a": 1}, {"a": ["1"]}, {"b": "1"}):
                yield content_hash(Bare([properties, {}], edges))

    assert len(set(hashes())) == 15
