"""Cypher over a graph on a real Neo4j server: values, limits, errors, warnings and writes as over a local file."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from neo4j_server import emptied

from citegraph import Graph, open_graph
from citegraph.graph.errors import SchemaError, StoreError
from citegraph.queries.cypher import (
    CypherError,
    CypherRuntimeError,
    Node,
    WriteRefusedError,
)
from citegraph.queries.cypher import Path as CypherPath
from citegraph.queries.cypher.temporal import Date, Duration
from citegraph.queries.cypher.values import Relationship

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"
ENDLESS = (
    "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c RETURN sum(a * b * c)"
)


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Path:
    """LoRA, QLoRA and what is around them."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if "LoRA" in line][:12]
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    path.write_text("\n".join(chosen) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def local(papers) -> Iterator[Graph]:
    with open_graph(":memory:", create=True) as graph:
        graph.build(papers, jobs=1)
        yield graph


@pytest.fixture(scope="module")
def server(papers, neo4j_address) -> Iterator[Graph]:
    with open_graph(emptied(neo4j_address), create=True) as graph:
        graph.build(papers, jobs=1)
    with open_graph(neo4j_address) as graph:
        yield graph


def told(value: Any) -> Any:
    """Return a value with all it shows, in a form that can be compared across graphs."""
    if isinstance(value, Node):
        held = {key: item for key, item in value.properties.items() if key != "loaded_at"}
        return "node", value.id, value.labels, held
    if isinstance(value, Relationship):
        return "relationship", value.type, dict(value.properties), told(value.start), told(value.end)
    if isinstance(value, CypherPath):
        return "path", [told(n) for n in value.nodes], [told(r) for r in value.relationships]
    if isinstance(value, list):
        return [told(item) for item in value]
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items() if key != "loaded_at"}
    return type(value), value


def failure(graph: Graph, query: str, **options: Any) -> CypherError:
    with pytest.raises(CypherError) as caught:
        graph.cypher(query, **options)
    return caught.value


# --- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (m:Method {name: 'LoRA'}) RETURN m",
        "MATCH (m:Method {id: 'method:lora'}) RETURN m.id AS id, properties(m) AS held, labels(m) AS labels",
        "MATCH (:Paper)-[r:PROPOSES]->(m) RETURN r, m.name ORDER BY m.name, r.confidence",
        "MATCH p = (:Paper {arxiv_id: '2305.14314'})-[:CITES]->(:Paper)-[:PROPOSES]->(:Method) RETURN p",
        "MATCH (m:Method {name: 'LoRA'})<-[r:PROPOSES]-(p) RETURN {node: m, rest: [r, p, [m]]} AS map",
        "MATCH (s:Source) RETURN s, properties(s), s {.*} AS projected",
        "MATCH (p:Paper)-[r:FROM]->() RETURN properties(r), r ORDER BY p.id",
        "MATCH (p:Paper) OPTIONAL MATCH (p)-[:HAS_CODE]->(c) RETURN p.title, c.url ORDER BY p.id, c.url",
        "RETURN 1, 1.0, true, null, 'ä😀', [1, null], {a: {b: []}}, 0.0 / 0.0 = 0.0",
        "RETURN date('2024-02-29'), localtime('10:00:00.123456789'), time('10:00-03:30')",
        "RETURN localdatetime('2024-01-01T00:00:00.5'), datetime('2024-10-27T02:30+01:00[Europe/Stockholm]')",
        "RETURN duration('P1Y2M-3DT-4.5S'), duration.between(date('2020-01-01'), date('2024-03-01'))",
    ],
)
def test_values_are_those_of_the_local_engine(local, server, query):
    here, there = local.cypher(query), server.cypher(query)
    assert there.columns == here.columns
    assert [told(row) for row in there.rows] == [told(row) for row in here.rows]
    assert there.rows, "the query is to show something"


def test_a_node_shows_its_id_first_and_nothing_that_only_builders_need(server):
    ((source,),) = server.cypher("MATCH (s:Source) RETURN s").rows
    assert next(iter(source.properties)) == "id"
    assert not any(key.startswith("_") for key in source.properties)


def test_the_ends_of_a_relationship_are_known_though_the_query_did_not_return_them(server):
    ((found,),) = server.cypher("MATCH (:Paper)-[r:PROPOSES]->({name: 'LoRA'}) RETURN r").rows
    assert (found.start.labels, found.end.id) == (("Paper",), "method:lora")
    assert found.start.properties["title"].startswith("LoRA: ")


def test_the_same_node_twice_in_a_result_is_equal_to_itself(server):
    (row,) = server.cypher("MATCH p = (a {name: 'LoRA'})<-[:PROPOSES]-(b) RETURN p, a, b").rows
    assert row[0].nodes == (row[1], row[2])


def test_years_that_python_has_not_are_one_sentence(server):
    error = failure(server, "RETURN date('-2024-01-01')")
    assert isinstance(error, CypherRuntimeError)
    assert "toString()" in error.reason


def test_points_are_maps(server):
    assert server.cypher("RETURN point({x: 1, y: 2}) AS p").rows == [[{"x": 1.0, "y": 2.0, "srid": 7203}]]


def test_what_only_a_server_can_tell_is_asked_of_it(server):
    found = server.cypher("SHOW TRANSACTIONS YIELD database RETURN DISTINCT database")
    assert found.rows == [["neo4j"]]


# --- parameters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2024, 2, 29), dt.time(1, 2, 3, 4), dt.timedelta(days=-1, seconds=3.5), dt.datetime(2024, 1, 1),
        dt.datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"), fold=1),
        dt.datetime(2024, 7, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
        np.datetime64("2024-01-01T00:00:00.123456789"), np.int64(3), np.array([1.5, 2.5]), (1, (2, None)), {"a"},
        {"a": [dt.date(1, 1, 1), {"b": None}]}, 2**63 - 1, "😀", Duration.of(months=14, nanoseconds=-1),
    ],
    ids=repr,
)  # fmt: skip
def test_parameters_are_what_they_are_to_the_local_engine(local, server, value):
    here, there = (graph.cypher("RETURN $v AS v, [$v] AS list", v=value) for graph in (local, server))
    assert told(there.rows) == told(here.rows)


@pytest.mark.parametrize(
    ("value", "said"),
    [(2**63, "64 bits"), (object(), "Python object"), ({1: 2}, "keys"), (Date(-(10**7)), "9999")],
)
def test_a_parameter_that_cannot_be_sent_is_named(server, value, said):
    error = failure(server, "RETURN $v", v=value)
    assert "$v" in error.reason
    assert said in error.reason


def test_nodes_and_relationships_of_an_earlier_result_can_be_asked_about(local, server):
    def ask(graph: Graph) -> Any:
        node, edge = graph.cypher(
            "MATCH (:Paper)-[r]->(m:Method {name: 'LoRA'}) RETURN m, r ORDER BY r.confidence"
        ).rows[0]
        query = (
            "MATCH (p:Paper)-[r]->(m) WHERE m = $node OR m IN $nodes OR r = $edge "
            "RETURN DISTINCT p.id AS id, $node.name, size($nodes), type($edge) ORDER BY id"
        )
        return graph.cypher(query, node=node, nodes=[node], edge=edge).rows

    assert ask(server) == ask(local) != []


def test_an_error_after_such_a_parameter_is_underlined_where_it_stands(server):
    ((node,),) = server.cypher("MATCH (m:Method {name: 'LoRA'}) RETURN m").rows
    query = "MATCH (m) WHERE m = $node RETURN point.distance(m)"
    error = failure(server, query, node=node)
    assert query[slice(*error.span)] == "point"


def test_an_entity_of_another_graph_is_refused(local, server):
    ((node,),) = local.cypher("MATCH (m:Method {name: 'LoRA'}) RETURN m").rows
    assert "another graph" in failure(server, "MATCH (m) WHERE m = $node RETURN m", node=node).reason


# --- errors and warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Papr) RETRUN p", "RETURN foo", "RETURN $x", "", "RETURN 1; RETURN 2", "RETURN '1' - 2",
        "/* 😀 */ MATCH (n) RETURN n.name +", "MATCH (n) RETURN count(count(n))", "MATCH (n RETURN n",
    ],
)  # fmt: skip
def test_mistakes_are_told_as_the_local_engine_tells_them(local, server, query):
    here, there = failure(local, query), failure(server, query)
    assert (str(there), there.kind, there.place) == (str(here), here.kind, here.place)


def test_an_error_only_the_server_knows_is_underlined_in_its_words(server):
    assert str(failure(server, "MATCH (n)\nRETURN /* 😀 */ point.distance(n)")) == (
        "Insufficient parameters for function 'point.distance'. (line 2, column 16)\n"
        "  RETURN /* 😀 */ point.distance(n)\n"
        "                 ^^^^^"
    )


def test_an_error_that_shows_itself_in_running_is_one_too(server):
    error = failure(server, "UNWIND [1, 0] AS x RETURN 1 / x")
    assert (error.kind, error.phase) == ("ArithmeticError", "runtime")
    assert error.reason == "/ by zero; divide by 0.0 where infinity will do."


def test_names_the_database_has_not_are_warned_of_with_the_likely_one(local, server):
    query = "MATCH (p:Papr {titel: 'x'})-[:USESS]->(m) RETURN m.nmae"
    assert server.cypher(query).summary.warnings == local.cypher(query).summary.warnings
    assert len(server.cypher(query).summary.warnings) == 4


def test_nothing_is_logged_on_the_way(server, capfd):
    server.cypher("MATCH (p:Papr) RETURN id(p)")
    assert capfd.readouterr() == ("", "")


def test_explain_tells_the_plan_of_the_server_and_profile_what_it_took(server):
    query = "MATCH (m:Method {name: 'LoRA'}) RETURN m.name AS name"
    explained, profiled = server.cypher(f"EXPLAIN {query}"), server.cypher(f"PROFILE {query}")
    assert (explained.columns, explained.rows) == (["name"], [])
    operator, expected, what = explained.summary.plan.splitlines()[0].split()
    assert (operator, expected[0], what) == ("ProduceResults", "~", "name")
    assert "1 rows, " in profiled.summary.plan
    assert "NodeIndexSeek" in profiled.summary.plan
    assert profiled.rows == [["LoRA"]]


# --- limits ------------------------------------------------------------------------------------------------


def running(graph: Graph) -> int:
    """Count the queries on the server beside the one that counts."""
    return graph.cypher("SHOW TRANSACTIONS YIELD transactionId RETURN count(*)").rows[0][0] - 1


def test_more_rows_than_allowed_are_not_fetched(local, server):
    query, start = "UNWIND range(1, 10000000) AS n RETURN n", time.monotonic()
    there = failure(server, query, max_rows=10)
    assert time.monotonic() - start < 30
    assert (there.limit, str(there)) == ("rows", str(failure(local, query, max_rows=10)))
    assert len(server.cypher("UNWIND range(1, 10) AS n RETURN n", max_rows=10)) == 10


def test_a_query_ends_when_its_time_is_up_on_the_server_too(server):
    start = time.monotonic()
    assert failure(server, ENDLESS, timeout=0.5).limit == "time"
    assert time.monotonic() - start < 30
    assert running(server) == 0


def test_a_query_ends_when_somebody_asks_for_it(server):
    start = time.monotonic()
    assert failure(server, ENDLESS, stopped=lambda: time.monotonic() > start + 0.3).limit == "stopped"
    assert time.monotonic() - start < 30
    assert running(server) == 0


def test_ctrl_c_in_a_program_ends_the_query_on_the_server(server):
    def interrupted() -> bool:
        if time.monotonic() > start + 0.3:
            raise KeyboardInterrupt
        return False

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        server.cypher(ENDLESS, stopped=interrupted)
    assert running(server) == 0


# --- writing -----------------------------------------------------------------------------------------------


@pytest.fixture
def written(papers, neo4j_address, server) -> Iterator[Graph]:
    """The graph with a prefix of its own, to be changed; and a node of others beside it."""
    address = f"{neo4j_address}?prefix=Cg"
    with open_graph(address, create=True) as graph, graph.store.connection.session(write=True) as session:
        session.run("MATCH (n:CgSource|CgPaper|Person) DETACH DELETE n").consume()
        session.run("MATCH (n) WHERE any(l IN labels(n) WHERE l STARTS WITH 'Cg') DETACH DELETE n").consume()
        session.run("CREATE (:Person {name: 'Ada', _of: 'others'})").consume()
        graph.build(papers, jobs=1)
        yield graph
        session.run(
            "MATCH (n) WHERE n:Person OR any(l IN labels(n) WHERE l STARTS WITH 'Cg') DETACH DELETE n"
        ).consume()


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (m:Method {name: 'New'})", "MATCH (m:Method) SET m.name = 'x'", "INSERT (:Method {name: 'x'})",
        "CREATE INDEX foo FOR (m:Method) ON (m.foo)", "MATCH (n) CALL (n) { DETACH DELETE n }",
    ],
)  # fmt: skip
def test_nothing_is_written_unless_it_is_allowed(server, query):
    before = server.counts()
    with pytest.raises(WriteRefusedError, match="--write"):
        server.cypher(query)
    assert server.counts() == before


def test_what_only_the_server_can_read_is_not_written_even_if_allowed(server):
    before = server.counts()
    failure(server, "INSERT (:Method {name: 'x'})", write=True)
    failure(server, "CREATE INDEX foo FOR (m:Method) ON (m.foo)", write=True)
    assert server.counts() == before


def test_labels_are_written_with_the_prefix_and_come_back_without(written):
    ((node,),) = written.cypher("MATCH (m:CgMethod {name: 'LoRA'}) RETURN m").rows
    assert (node.id, node.labels) == ("method:lora", ("Method",))
    ((other,),) = written.cypher("MATCH (p:Person) RETURN p").rows
    assert (other.labels, dict(other.properties)) == (("Person",), {"name": "Ada", "_of": "others"})
    assert other.id != "Ada"


def test_a_write_is_that_of_the_local_engine_and_is_on_the_server_for_all(written, papers):
    with open_graph(":memory:", create=True) as local:
        local.build(papers, jobs=1)
        query = (
            "MERGE (m:{0}Method {{name: 'Sparse Q'}}) WITH m MATCH (k:{0}Method {{name: 'LoRA'}}) "
            "MERGE (m)-[r:KIND_OF]->(k) SET m.generic = true RETURN m.id AS id, type(r) AS type"
        )
        here = local.cypher(query.format(""), write=True)
        there = written.cypher(query.format("Cg"), write=True)
    assert (there.rows, there.summary.counters) == (here.rows, here.summary.counters)
    assert there.rows == [["method:sparse-q", "KIND_OF"]]
    with open_graph(written.store.uri) as again:
        found = again.cypher(
            "MATCH (m:CgMethod)-[:KIND_OF]->(:CgMethod {name: 'LoRA'}) RETURN m.id AS id"
        ).rows
        assert ["method:sparse-q"] in found
        assert again["method:sparse-q"].properties["generic"] is True


def test_the_schema_refuses_what_breaks_it_and_all_of_the_query_with_it(written):
    before = written.counts()
    for query, said in (
        ("CREATE (:CgMethod {name: 'A'}), (:CgMethod {name: 'B', bogus: 1})", "bogus"),
        ("CREATE (:Nope {name: 'A'})", "no label Nope"),
        ("CREATE (:Method {name: 'A'})", "write CgMethod"),
        ("MATCH (p:CgPaper), (m:CgMethod {name: 'LoRA'}) CREATE (m)-[:USES]->(p)", "cannot lead"),
    ):
        with pytest.raises(SchemaError, match=said):
            written.cypher(query, write=True)
    assert written.counts() == before


def test_mistakes_in_a_write_are_shown_as_it_was_written(written):
    query = "MATCH (m:CgMethod) SET m.generic = 1 / 0"
    assert query in str(failure(written, query, write=True))


def test_nothing_of_others_can_be_changed(written):
    written.cypher("MATCH (n) DETACH DELETE n", write=True)
    assert written.cypher("MATCH (p:Person) RETURN p.name").rows == [["Ada"]]
    assert written.cypher("MATCH (m:Method) RETURN count(m) > 0").rows == [[True]]


def test_sources_are_not_taken_away_by_queries(written):
    for query in ("MATCH (s:CgSource) DETACH DELETE s", "MATCH ()-[r:FROM]->() DELETE r"):
        with pytest.raises(StoreError, match="remove-source"):
            written.cypher(query, write=True)
    assert sum(written.counts().nodes.values()) > 12


# --- a part of the graph in Python -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Paper)-[r:CITES]->() RETURN r",
        "MATCH path = (:Paper)-[:PROPOSES]->(:Method)-[:KIND_OF*0..2]->(:Method) RETURN path",
        "MATCH (m:Method) WHERE m.name STARTS WITH $start RETURN {found: collect(m)}",
        "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN n, r",
        "RETURN 1",
    ],
)
def test_what_a_query_returns_is_a_networkx_graph_alike_on_both(local, server, query):
    here, there = (graph.to_networkx(query, start="L") for graph in (local, server))
    whole = local.to_networkx()
    for graph in (here, there, whole):
        for _, attributes in graph.nodes(data=True):
            attributes.pop("loaded_at", None)
    assert (there.nodes, there.adj) == (here.nodes, here.adj)
    assert there.is_multigraph()
    assert all(attributes == whole.nodes[node] for node, attributes in there.nodes(data=True))
    assert all(whole.edges[edge] == there.edges[edge] for edge in there.edges(keys=True))


def test_the_ends_of_a_relationship_are_part_of_it(server):
    graph = server.to_networkx("MATCH (:Paper)-[r:PROPOSES]->(:Method {name: $name}) RETURN r", name="LoRA")
    ((start, end, kind),) = graph.edges(keys=True)
    assert (graph.nodes[start]["labels"], end, kind) == ("Paper", "method:lora", "PROPOSES")
    assert graph.nodes[end]["name"] == "LoRA"


def test_without_a_query_it_is_the_whole_graph(local, server):
    assert sorted(server.to_networkx()) == sorted(local.to_networkx())
