"""What goes wrong between us and a server: each fault is one sentence, nothing is lost, and the next run goes on.

Behind all of it stands one comparison: after the faults and one more run, the graph on the server is the graph of a
local file that never met a fault.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j_server import emptied, own_server
from tcp_proxy import Proxy
from test_neo4j_store import content

from citegraph.graph.copying import copy
from citegraph.graph.errors import LockedError, StoreError
from citegraph.graph.local import LocalStore
from citegraph.graph.server import Neo4jStore, connection, hold, loading, remote
from citegraph.loaders.pipeline import build as build_graph
from citegraph.loaders.pipeline import remove_source

pytestmark = [
    pytest.mark.filterwarnings("error::ResourceWarning"),
    pytest.mark.filterwarnings("error::DeprecationWarning:neo4j"),
    pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"

FIRST_MARK = rb'"writing":"[0-9a-f]'
NODES = rb"(MERGE|CREATE) \(n:`Method`"
EDGES = rb"(MERGE|CREATE) \(a\)-\[r:`AUTHORED_BY`\]"
RECORDS = rb"(MERGE|CREATE) \(a\)-\[r:`FROM`\]"
LOST_EDGES = rb"DELETE r"
LOST_NODES = rb"DELETE (n|gone)"
LAST_MARK = rb'"writing":null'
CHANGING = (FIRST_MARK, NODES, EDGES, RECORDS, LOST_EDGES, LOST_NODES, LAST_MARK)
"""What a client says in the course of a change, in this order."""

COPYING = (rb"CREATE \(:`Method`", rb"\[:`AUTHORED_BY`", rb"\[:`FROM`", rb"SET n\._state = \$state")
"""The same of a copy."""

Content = tuple[set[str], set[str]]


def build(store: LocalStore, *paths: Path) -> None:
    build_graph(store, paths, jobs=1)


class Inputs:
    """Two inputs, the first of which changes: papers go, come, and are identified better."""

    def __init__(self, folder: Path) -> None:
        papers = [json.loads(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
        self.first, self.other = folder / "first.jsonl", folder / "other.jsonl"
        unnamed = {k: v for k, v in papers[5].items() if k not in ("id", "arxiv_id", "doi", "url")}
        self.before, self.after = papers[:5], [*papers[2:6], papers[9]]
        write(self.other, [papers[3], unnamed, papers[6]])
        write(self.first, self.before)


def write(path: Path, papers: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")


class Life:
    """A graph that never meets a fault, before and after its first input changes."""

    def __init__(self, folder: Path) -> None:
        self.inputs = Inputs(folder)
        self.paths = (self.inputs.other, self.inputs.first)
        self.file = folder / "before.db"
        with LocalStore(self.file, create=True) as store:
            build(store, *self.paths)
            self.before = content(store)
            copy(store, folder / "after.db")
        write(self.inputs.first, self.inputs.after)
        with LocalStore(folder / "after.db") as store:
            build(store, *self.paths)
            self.after = content(store)

    def copy_to(self, address: str) -> bool:
        """Copy the graph as it was before the change; tell whether a copy was gone on with."""
        with LocalStore(self.file) as store:
            return copy(store, address).resumed


@pytest.fixture(scope="module")
def module_life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return Life(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def life(module_life: Life) -> Life:
    write(module_life.inputs.first, module_life.inputs.after)
    return module_life


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A server that may be broken, and grants a transaction little memory."""
    with own_server(settings={"db.memory.transaction.max": "4m"}) as server:
        yield server


@pytest.fixture
def address(server: Any) -> str:
    return emptied(server.uri)


@pytest.fixture
def proxy(server: Any, address: str) -> Iterator[Proxy]:
    with Proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def begun(address: str, life: Life) -> str:
    """The address of a server that holds the graph before the change in which faults happen."""
    life.copy_to(address)
    return address


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no patience with a server that does not answer."""
    monkeypatch.setattr(connection, "PATIENCE", 0.2)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_ROWS", 10)


def held(address: str) -> Content:
    """Return what a server holds, having looked that nothing is there twice."""
    with Neo4jStore(address) as store:
        found = content(store)
        assert [[n] for n in map(len, found)] == [
            next(store.connection.rows(f"MATCH {pattern} RETURN count(x)"))
            for pattern in ("(x)", "()-[x]->()")
        ]
        return found


def one_sentence(error: BaseException) -> str:
    said = str(error)
    assert "\n" not in said and "Traceback" not in said
    assert said.endswith(".") and said.count(". ") == 0
    return said


def foreign(address: str, *queries: str) -> None:
    with Neo4jStore(address, create=True) as store, store.connection.session(write=True) as session:
        for query in queries:
            session.run(query).consume()


def forgotten(address: str) -> None:
    """Wait until the server has noticed that clients are gone; else it says that they are writing."""
    with Neo4jStore(address, create=True) as store:
        query = "SHOW TRANSACTIONS YIELD metaData AS told WHERE told.citegraph IS NOT NULL RETURN told"
        until = time.monotonic() + 20
        while list(store.connection.rows(query)):
            assert time.monotonic() < until
            time.sleep(0.02)


# --- the network ------------------------------------------------------------------------------------------------


def test_connections_that_drop_are_made_again_and_the_change_goes_on(begun, proxy, life):
    faults = [proxy.cut(place, after=30) for place in CHANGING]
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    assert all(fault.happened.is_set() for fault in faults)
    assert held(begun) == life.after


def test_commits_of_which_nobody_heard_are_neither_doubled_nor_lost(begun, proxy, life):
    faults = [proxy.lose_answer(place) for place in CHANGING]
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    assert all(fault.happened.is_set() for fault in faults)
    assert held(begun) == life.after


def test_a_network_that_stays_away_is_one_sentence_and_the_next_run_goes_on(begun, proxy, life, hasty):
    for place in CHANGING:
        fault = proxy.cut(place, after=30, whole=True)
        with (
            Neo4jStore(proxy.uri) as store,
            pytest.raises(StoreError, match="goes on where it stop") as caught,
        ):
            build(store, *life.paths)
        assert fault.happened.is_set(), place
        one_sentence(caught.value)
        proxy.heal()
        forgotten(begun)
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    assert held(begun) == life.after


def test_the_same_store_goes_on_when_the_network_is_back(begun, proxy, life, hasty):
    proxy.lose_answer(RECORDS, whole=True)
    with Neo4jStore(proxy.uri) as store:
        with pytest.raises(StoreError):
            build(store, *life.paths)
        proxy.heal()
        forgotten(begun)
        build(store, *life.paths)
        assert content(store) == life.after
    assert held(begun) == life.after


def test_a_network_that_drops_all_at_once_and_comes_back_is_not_noticed(begun, proxy, life):
    fault = proxy.cut(EDGES, whole=True)
    healing = threading.Thread(target=lambda: (fault.happened.wait(20), time.sleep(0.2), proxy.heal()))
    healing.start()
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    healing.join()
    assert fault.happened.is_set()
    assert held(begun) == life.after


def test_a_first_load_survives_cuts_anywhere(address, proxy, life, hasty):
    for count in (3000, 12_000, 30_000):
        proxy.cut_after(count)
        with pytest.raises(StoreError) as caught, Neo4jStore(proxy.uri, create=True) as store:
            build(store, *life.paths)
        one_sentence(caught.value)
        proxy.heal()
        forgotten(address)
    write(life.inputs.first, life.inputs.before)
    for papers in (life.inputs.before, life.inputs.after):
        write(life.inputs.first, papers)
        with Neo4jStore(proxy.uri, create=True) as store:
            build(store, *life.paths)
    assert held(address) == life.after


def test_a_slow_network_is_only_slow(begun, server, life):
    with Proxy(server.port, delay=0.001) as proxy, Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    assert held(begun) == life.after


def test_a_cut_while_reading_is_one_sentence(begun, proxy, hasty):
    with Neo4jStore(proxy.uri) as store:
        proxy.cut(rb"properties\(r\)", whole=True)
        with pytest.raises(StoreError, match="connection broke") as caught:
            store.to_networkx()
    one_sentence(caught.value)


def test_the_removal_of_the_only_source_can_be_broken_off_too(address, proxy, life, hasty):
    local, first = LocalStore(), life.inputs.first
    build(local, first)
    with Neo4jStore(proxy.uri, create=True) as store:
        build(store, first)
        proxy.cut(rb"DELETE gone", whole=True)
        with pytest.raises(StoreError):
            remove_source(store, str(first))
    proxy.heal()
    forgotten(address)
    with Neo4jStore(proxy.uri) as store:
        with pytest.raises(StoreError, match="broken off"):
            remove_source(store, str(first))
        build(store, first)
        assert content(store) == content(local)
        remove_source(store, str(first))
    with Neo4jStore(address, create=True) as store:
        assert content(store) == (set(), set())


def test_a_server_that_refuses_connections_is_one_sentence(proxy, hasty):
    proxy.down = True
    with pytest.raises(StoreError, match="No Neo4j server answers") as caught:
        Neo4jStore(proxy.uri)
    one_sentence(caught.value)


@pytest.mark.usefixtures("small_batches")
def test_a_copy_gets_over_connections_that_drop_and_commits_of_which_nobody_heard(address, proxy, life):
    faults = [proxy.cut(place, after=5) for place in COPYING]
    faults += [proxy.lose_answer(place) for place in COPYING]
    assert not life.copy_to(proxy.uri)
    assert all(fault.happened.is_set() for fault in faults)
    assert held(address) == life.before


@pytest.mark.usefixtures("small_batches")
def test_a_copy_from_which_the_network_stays_away_is_no_graph_and_goes_on(address, proxy, life, hasty):
    for place in COPYING:
        fault = proxy.cut(place, after=5, whole=True)
        with pytest.raises(StoreError) as caught:
            life.copy_to(proxy.uri)
        assert fault.happened.is_set(), place
        one_sentence(caught.value)
        proxy.heal()
        with pytest.raises(StoreError, match="run `citegraph copy"):
            Neo4jStore(address)
        forgotten(f"{address}?prefix=No")
    assert life.copy_to(proxy.uri)
    assert held(address) == life.before


# --- who may write ----------------------------------------------------------------------------------------------


def test_of_two_writers_at_once_one_wins_and_the_other_is_told(address, life):
    local = LocalStore()
    build(local, *life.paths)
    gate, failed = threading.Barrier(2), []

    def work(path: Path) -> None:
        with Neo4jStore(address, create=True) as store:
            gate.wait()
            try:
                build(store, path)
            except LockedError as error:
                failed.append((path, one_sentence(error)))

    threads = [threading.Thread(target=work, args=(path,)) for path in life.paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) < 2
    with Neo4jStore(address) as store:
        for path, _ in failed:
            build(store, path)
    assert held(address) == content(local)


@pytest.fixture
def first_by_the_clock(address, monkeypatch):
    """Two who want to write, the second of whom is the elder by the server's clock: it was slow to be seen."""
    with Neo4jStore(address) as one, Neo4jStore(address) as other:
        holds = [hold.Hold(store.connection, lambda: True) for store in (one, other)]
        elder = f"CASE told.by WHEN '{holds[1]._by}' THEN '0000' ELSE since END"
        monkeypatch.setattr(hold, "_SHOW", hold._SHOW.replace("RETURN since", f"RETURN {elder}"))
        yield holds


def test_who_comes_at_the_same_moment_does_not_write_beside_one_who_has_begun(
    begun, first_by_the_clock, monkeypatch
):
    monkeypatch.setattr(hold, "_GIVING_WAY", 0.1)
    with first_by_the_clock[0], pytest.raises(LockedError, match="Another process is writing"):
        first_by_the_clock[1].__enter__()


def test_who_comes_at_the_same_moment_writes_once_the_other_gives_way(begun, first_by_the_clock):
    first, second = first_by_the_clock
    first.__enter__()
    leaving = threading.Timer(0.2, first.__exit__, (None, None, None))
    leaving.start()
    with second:
        leaving.join()
        assert first._transaction is None


def test_who_lost_the_network_and_with_it_the_right_to_write_stops(begun, proxy, life):
    fault = proxy.stall(EDGES)
    caught: list[BaseException] = []

    def first() -> None:
        with Neo4jStore(proxy.uri) as store:
            try:
                build(store, *life.paths)
            except StoreError as error:
                caught.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    assert fault.happened.wait(20)
    proxy.down = True
    proxy.cut_all()
    with Neo4jStore(begun) as store:
        build(store, *life.paths)
    proxy.heal()
    thread.join()
    assert isinstance(caught[0], LockedError)
    assert "Another process has written" in one_sentence(caught[0])
    assert held(begun) == life.after


def test_a_wrong_password_is_one_sentence_without_it_and_changes_nothing(begun, life, monkeypatch):
    with monkeypatch.context() as wrong:
        wrong.setenv("NEO4J_PASSWORD", "not-the-one")
        for use in (Neo4jStore, life.copy_to):
            with pytest.raises(StoreError, match="refuses the password of user 'neo4j'") as caught:
                use(begun)
            assert "not-the-one" not in one_sentence(caught.value)
    assert held(begun) == life.before


def test_a_database_that_is_not_there_is_one_sentence_and_is_not_made(begun, life):
    for use in (Neo4jStore, life.copy_to):
        with pytest.raises(StoreError, match="has no database 'elsewhere'") as caught:
            use(f"{begun}/elsewhere")
        one_sentence(caught.value)
    assert held(f"{begun}/neo4j") == life.before


# --- the client -------------------------------------------------------------------------------------------------


def citegraph(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "always", "-m", "citegraph", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONDEVMODE": ""},
    )  # fmt: skip


def test_builds_that_are_interrupted_and_killed_are_made_good_by_the_next(begun, proxy, life):
    command = ["build", *map(str, life.paths), "-j", "1", "-g", proxy.uri]
    for number in (signal.SIGINT, signal.SIGKILL):
        fault = proxy.stall(EDGES)
        process = citegraph(*command)
        assert fault.happened.wait(30)
        process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait()
        proxy.heal()
        _, said = process.communicate(timeout=30)
        if number == signal.SIGINT:
            assert process.returncode == 130
            assert "Traceback" not in said and "Warning" not in said
        forgotten(begun)
    again = citegraph(*command)
    _, said = again.communicate(timeout=30)
    assert again.returncode == 0, said
    assert held(begun) == life.after


# --- others in the database -------------------------------------------------------------------------------------


def test_nodes_of_others_that_break_our_constraint_are_one_sentence(address, life):
    for label in ("Paper", "Method"):
        foreign(address, f"DROP CONSTRAINT citegraph_{label}_id IF EXISTS")
    foreign(address, "CREATE (:Method {id: 1}), (:Method {id: 1})")
    with (
        Neo4jStore(address, create=True) as store,
        pytest.raises(StoreError, match=r"data of others.*\?prefix=Cg") as caught,
    ):
        build(store, *life.paths)
    one_sentence(caught.value)


def test_a_constraint_of_others_that_we_break_is_one_sentence_and_the_next_run_goes_on(begun, life):
    title = life.inputs.after[-1]["title"]
    foreign(
        begun,
        "CREATE CONSTRAINT theirs FOR (n:Paper) REQUIRE n.title IS UNIQUE",
        f"CREATE (:Paper {{title: '{title}'}})",
    )
    with (
        Neo4jStore(begun) as store,
        pytest.raises(StoreError, match="data of others.*breaks a constr") as caught,
    ):
        build(store, *life.paths)
    one_sentence(caught.value)
    foreign(begun, "DROP CONSTRAINT theirs", "MATCH (n:Paper) WHERE n.id IS NULL DELETE n")
    with Neo4jStore(begun) as store:
        build(store, *life.paths)
    assert held(begun) == life.after


def test_what_others_hang_on_our_nodes_is_kept_and_told(begun, life, caplog):
    local = LocalStore()
    build(local, life.inputs.other)
    foreign(begun, "MATCH (a:Author) CREATE (a)<-[:KNOWS {since: 2001}]-(:Person {name: 'Ada'})")
    with Neo4jStore(begun) as store:
        (known,) = next(store.connection.rows("MATCH (a:Author) RETURN count(a)"))
        remove_source(store, str(life.inputs.first))
        assert "because relationships of others hold them" in caplog.text
        assert list(store.connection.rows("MATCH (p:Person)-[k:KNOWS]->() RETURN count(k)")) == [[known]]
        assert content(store) == content(local)
        assert store.counts() == local.counts()
    build(local, life.inputs.first)
    with Neo4jStore(begun) as store:
        build(store, life.inputs.first)
        query = "MATCH (:Person)-[k:KNOWS]->(:Author) RETURN count(k)"
        (now,) = next(store.connection.rows(query))
        assert 0 < now <= known
        assert content(store) == content(local)


def test_nodes_and_edges_of_others_are_no_part_of_the_graph(begun, life):
    foreign(
        begun,
        "CREATE (:Paper {title: 'no id'})-[:CITES]->(:Paper {id: 7})",
        "CREATE (:Paper {id: 'ours only by label'})",
        "MATCH (p:Paper) WHERE p.abstract IS NOT NULL WITH p LIMIT 1 "
        "CREATE (p)-[:USES]->(:Tool {id: 'x'}), (p)-[:CITES]->(:Paper {id: 'theirs'}), (p)-[:LIKES]->(p)",
    )
    with Neo4jStore(begun) as store:
        build(store, *life.paths)
    with Neo4jStore(begun) as store:
        assert content(store) == life.after
        query = "MATCH (n) WHERE n:Tool OR n:Paper AND n.id IN [7, 'theirs', 'ours only by label'] RETURN count(n)"
        assert list(store.connection.rows(query)) == [[4]]
        assert list(store.connection.rows("MATCH ()-[l:LIKES]->() RETURN count(l)")) == [[1]]


def test_another_graph_in_the_database_is_untouched_by_a_change_broken_off_and_made_good(
    begun, proxy, life, hasty
):
    other = f"{begun}?prefix=Cg"
    life.copy_to(other)
    foreign(begun, "CREATE (:Theirs {id: 'method:adam'})-[:CITES {since: 2001}]->(:Theirs {_state: '{}'})")

    def others() -> list[str]:
        queries = (
            "MATCH (n) WHERE any(l IN labels(n) WHERE l STARTS WITH 'Cg' OR l = 'Theirs') "
            "RETURN elementId(n), labels(n), properties(n)",
            "MATCH (n)-[r]->(m) WHERE any(l IN labels(n) + labels(m) WHERE l STARTS WITH 'Cg' OR l = 'Theirs') "
            "RETURN elementId(r), type(r), properties(r), n.id, m.id",
        )
        with Neo4jStore(begun) as store:
            return sorted(repr(row) for query in queries for row in store.connection.rows(query))

    before = others()
    proxy.cut(LOST_NODES, whole=True)
    with Neo4jStore(proxy.uri) as store, pytest.raises(StoreError):
        build(store, *life.paths)
    proxy.heal()
    forgotten(begun)
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
        assert content(store) == life.after
    assert others() == before
    with Neo4jStore(other) as store:
        assert content(store) == life.before


# --- the server -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_batches")
def test_a_full_disk_is_one_sentence_and_the_copy_goes_on_when_there_is_room(server, address, life):
    (log,) = (server.folder / "data" / "transactions" / "neo4j").glob("neostore.transaction.db.*")
    limit = log.stat().st_size + 30_000
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for _ in range(2):
        with pytest.raises(
            StoreError, match="disk or quota is full; make room, restart the server"
        ) as caught:
            life.copy_to(address)
        one_sentence(caught.value)
    server.stop(kill=True)
    server.start_again()
    assert life.copy_to(address)
    assert held(address) == life.before


def test_a_server_that_is_killed_and_started_again_in_a_change_loses_nothing(server, begun, proxy, life):
    fault = proxy.stall(RECORDS)

    def restart() -> None:
        assert fault.happened.wait(30)
        server.stop(kill=True)
        server.start_again()
        proxy.heal()
        proxy.cut_all()

    thread = threading.Thread(target=restart)
    thread.start()
    with Neo4jStore(proxy.uri) as store:
        build(store, *life.paths)
    thread.join()
    assert held(begun) == life.after


def test_what_is_too_much_for_the_memory_of_a_transaction_goes_in_smaller_ones(address, tmp_path, hasty):
    long = tmp_path / "long.jsonl"
    text = "lorem " * 3000
    write(
        long,
        [{"title": f"Paper {n}", "abstract": f"{n} {text}", "url": f"https://a.b/{n}"} for n in range(300)],
    )
    with LocalStore(tmp_path / "long.db", create=True) as local:
        build(local, long)
        with Neo4jStore(address, create=True) as store:
            build(store, long)
            assert store.remote._rows < remote._ROWS
        assert held(address) == content(local)
        copy(local, address, replace=True)
        assert held(address) == content(local)
    with Neo4jStore(address) as store:
        remove_source(store, str(long))
        assert content(store) == (set(), set())


def test_a_paper_too_large_for_the_memory_of_a_transaction_is_one_sentence_and_the_next_run_goes_on(
    begun, life, hasty
):
    huge = life.inputs.after[0] | {"abstract": "漢字" * 499_000}
    write(life.inputs.first, [huge, *life.inputs.after[1:]])
    with (
        Neo4jStore(begun) as store,
        pytest.raises(StoreError, match=r"raise db\.memory\.transaction\.max") as caught,
    ):
        build(store, *life.paths)
    one_sentence(caught.value)
    write(life.inputs.first, life.inputs.after)
    with Neo4jStore(begun) as store:
        build(store, *life.paths)
    assert held(begun) == life.after
