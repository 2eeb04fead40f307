"""The short ways of the engine find what the long ways find."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.queries.cypher import LimitError, execute
from citegraph.queries.cypher.arrays import distinct
from citegraph.queries.cypher.expressions.haystack import Haystack
from citegraph.queries.cypher.operators.keys import dense


def plan(graph: Any, query: str, **parameters: Any) -> str:
    text = execute(graph, f"EXPLAIN {query}", parameters).summary.plan
    assert text is not None
    return text


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph[int]:
    """Small graphs of two labels and two types, with loops, parallel edges and missing names."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    size = draw(st.integers(1, 7))
    for number in range(size):
        name = draw(st.sampled_from(["a", "b", "c", "d", None]))
        graph.add_node(number, labels=draw(st.sampled_from(["A", "B"])), number=number, name=name)
    ends = st.integers(0, size - 1)
    for source, target, kind in draw(
        st.lists(st.tuples(ends, ends, st.sampled_from(["R", "S"])), max_size=14)
    ):
        graph.add_edge(source, target, type=kind)
    return graph


def rows(graph: Any, query: str) -> list[str]:
    return sorted(map(repr, execute(graph, query).rows))


SAME: list[tuple[str, str]] = [
    # A query that can take a short way, and one that says the same but cannot.
    (
        "MATCH (a)-[:R]->(b) RETURN b.number, count(*)",
        "MATCH (a)-[r:R]->(b) WITH b, collect([a, r]) AS l RETURN b.number, size(l)",
    ),
    (
        "MATCH (a)-[:R]->(b) RETURN a.name, count(b)",
        "MATCH (a)-[r:R]->(b) WITH a.name AS n, collect([b, r]) AS l RETURN n, size(l)",
    ),
    (
        "MATCH (a)-[r:R]-(b) RETURN count(r)",
        "MATCH (a)-[r:R]-(b) WITH collect([a, b, r]) AS l RETURN size(l)",
    ),
    (
        "MATCH (a:A)-->(b)-->(c) RETURN count(*)",
        "MATCH (a:A)-[r]->(b)-[s]->(c) WITH collect([a, r, s, c]) AS l RETURN size(l)",
    ),
    (
        "MATCH (a)-[:R]->(b)-[:S]->(c) RETURN b.number, count(a), count(c)",
        "MATCH (a)-[r:R]->(b)-[s:S]->(c) WITH b, collect([a, r, s, c]) AS l RETURN b.number, size(l), "
        "size(l) AS m",
    ),
    (
        "MATCH (a)-[:R]->(b:B) RETURN a.number, count(*)",
        "MATCH (a)-[r:R]->(b) WHERE b:B WITH a, collect([b, r]) AS l RETURN a.number, size(l)",
    ),
    (
        "MATCH (a) OPTIONAL MATCH (a)-[:R]->(b) RETURN a.number, count(b), count(*)",
        "MATCH (a) OPTIONAL MATCH (a)-[r:R]->(b) WITH a, collect(r) AS l RETURN a.number, size(l), CASE "
        "size(l) WHEN 0 THEN 1 ELSE size(l) END",
    ),
    (
        "MATCH (a) OPTIONAL MATCH (a)-[:R]->(b:B) RETURN a.number, count(b)",
        "MATCH (a) OPTIONAL MATCH (a)-[r:R]->(b:B) WITH a, collect(r) AS l RETURN a.number, size(l)",
    ),
    (
        "MATCH (a)-[:R*1..3]->(b) RETURN DISTINCT a.number, b.number",
        "MATCH (a)-[r:R*1..3]->(b) WITH collect([a.number, b.number]) AS l UNWIND l AS x RETURN DISTINCT "
        "x[0], x[1]",
    ),
    (
        "MATCH (a:A)-[*0..2]->(b:B) RETURN DISTINCT b.number",
        "MATCH (a:A)-[r*0..2]->(b:B) WITH collect(b.number) AS l UNWIND l AS x RETURN DISTINCT x",
    ),
    (
        "MATCH (a)-[*..4]->(b) RETURN a.number, count(DISTINCT b)",
        "MATCH (a)-[r*..4]->(b) WITH a, collect(DISTINCT b) AS l, collect(r) AS m RETURN a.number, size(l)",
    ),
    (
        "MATCH (a)<-[:R*..4]-(b) RETURN DISTINCT b.number",
        "MATCH (a)<-[r:R*..4]-(b) WITH collect(b.number) AS l UNWIND l AS x RETURN DISTINCT x",
    ),
    (
        "MATCH (a)-[:R]->(b)-[:S]->(c) RETURN c.number",
        "MATCH p = (a)-[:R]->(b)-[:S]->(c) WITH p, c RETURN c.number",
    ),
    (
        "MATCH (a)-->(b)-->(c) WHERE a.name < c.name RETURN b.number",
        "MATCH (a)-->(b)-->(c) WITH a.name + '' AS x, c.name + '' AS y, b WHERE x < y RETURN b.number",
    ),
    (
        "MATCH (a), (b) WHERE a.name <= b.name RETURN a.number, b.number",
        "MATCH (a), (b) WHERE a.name + '' <= b.name + '' RETURN a.number, b.number",
    ),
    (
        "MATCH (a), (b) WHERE a.name <> b.name RETURN a.number, b.number",
        "MATCH (a), (b) WHERE a.name + '' <> b.name + '' RETURN a.number, b.number",
    ),
    (
        "MATCH (a), (b) WHERE NOT a.name = b.name RETURN a.number, b.number",
        "MATCH (a), (b) WHERE NOT a.name + '' = b.name + '' RETURN a.number, b.number",
    ),
    (
        "MATCH (a)-->(b) RETURN a.name, b.name, count(*)",
        "MATCH (a)-->(b) RETURN a.name + '', b.name + '', sum(1)",
    ),
    (
        "MATCH (a {name: 'a'})-->(b {name: 'b'}) RETURN a.number, b.number",
        "MATCH (a)-->(b) WHERE a.name + '' = 'a' AND b.name + '' = 'b' RETURN a.number, b.number",
    ),
    (
        "MATCH (a {number: 0}), (b {number: 1}), p = shortestPath((a)-[*..4]-(b)) RETURN length(p)",
        "MATCH p = (a {number: 0})-[*..4]-(b {number: 1}) WITH length(p) AS l ORDER BY l LIMIT 1 RETURN l",
    ),
    (
        "MATCH (a {number: 0}), (b {number: 1}), p = shortestPath((a)-[:R*..2]->(b)) RETURN length(p)",
        "MATCH p = (a {number: 0})-[:R*..2]->(b {number: 1}) WITH length(p) AS l ORDER BY l LIMIT 1 RETURN l",
    ),
    (
        "MATCH (a)-->(b) RETURN b.name AS n, count(*) AS c ORDER BY c DESC, n LIMIT 2",
        "MATCH (a)-->(b) WITH b.name AS n, count(*) AS c ORDER BY c DESC, n RETURN n, c LIMIT 2",
    ),
]


@pytest.mark.parametrize(("short", "long"), SAME, ids=[short for short, _ in SAME])
@settings(max_examples=40, deadline=None)
@given(graph=graphs())
def test_a_query_that_can_take_a_short_way_finds_what_the_long_way_finds(
    short: str, long: str, graph: nx.MultiDiGraph[int]
) -> None:
    assert [row.replace("'", "") for row in rows(graph, short)] == [
        row.replace("'", "") for row in rows(graph, long)
    ]


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), descending=st.sampled_from(["", "DESC"]), limit=st.sampled_from(["", "LIMIT 3"]))
def test_rows_are_in_the_same_order_by_a_property_as_by_its_values(
    graph: nx.MultiDiGraph[int], descending: str, limit: str
) -> None:
    query = f"MATCH (a) RETURN a.name, a.number ORDER BY {{}} {descending}, a.number {limit}"
    assert execute(graph, query.format("a.name")).rows == execute(graph, query.format("a.name + ''")).rows


@pytest.fixture
def chain() -> nx.MultiDiGraph[int]:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    for number in range(10):
        graph.add_node(number, labels="Paper", title=f"title {number}")
        if number:
            graph.add_edge(number, number - 1, type="CITES")
    return graph


def test_relationships_that_are_only_counted_are_not_followed(chain: Any) -> None:
    assert "counted" in plan(chain, "MATCH (:Paper)-[:CITES]->(p:Paper) RETURN p.title, count(*)")
    assert "if any, counted" in plan(
        chain, "MATCH (p:Paper) OPTIONAL MATCH (q)-[:CITES]->(p) RETURN p.title, count(q)"
    )


def test_a_relationship_that_is_returned_is_followed(chain: Any) -> None:
    assert "counted" not in plan(chain, "MATCH (:Paper)-[r:CITES]->(p) RETURN p.title, collect(r)")
    assert "counted" not in plan(chain, "MATCH (q)-[r:CITES]->(p) RETURN p, q, count(*)")


def test_ends_wanted_once_are_searched_in_breadth(chain: Any) -> None:
    assert "each end once" in plan(chain, "MATCH (p {title: 'title 9'})-[:CITES*1..3]->(q) RETURN DISTINCT q")
    assert "each end once" not in plan(chain, "MATCH (p)-[:CITES*1..3]->(q) RETURN q")
    assert "each end once" not in plan(chain, "MATCH (p)-[:CITES*2..3]->(q) RETURN DISTINCT q")
    assert "each end once" not in plan(chain, "MATCH (p)-[r:CITES*1..3]->(q) RETURN DISTINCT q, size(r)")


def test_what_an_index_has_found_is_not_tested_again(chain: Any) -> None:
    assert "Filter" not in plan(chain, "MATCH (p:Paper {title: $title}) RETURN p", title="title 1")


def test_labels_are_not_tested_where_every_relationship_leads_to_them(chain: Any) -> None:
    query = "MATCH (p:Paper)-[r:CITES]->(q:Paper) RETURN p, r, q"
    assert "(q:Paper)" not in plan(chain, query) or "(p:Paper)" not in plan(chain, query)
    assert len(execute(chain, query).rows) == 9


def test_labels_are_tested_again_once_a_relationship_leads_elsewhere(chain: Any) -> None:
    query = "MATCH (p:Paper)-[r:CITES]->(q:Paper) RETURN count(r), collect(r)[0..0]"
    assert execute(chain, query).rows == [[9, []]]
    execute(chain, "MATCH (p {title: 'title 1'}) CREATE (p)-[:CITES]->(:Book)", write=True)
    assert execute(chain, query).rows == [[9, []]]


def test_labels_are_tested_in_a_query_that_writes_what_it_then_reads(chain: Any) -> None:
    query = "CREATE (:Paper)-[:CITES]->(:Book) WITH 1 AS x MATCH (:Paper)-[:CITES]->(q:Paper) RETURN count(q)"
    assert execute(chain, query, write=True).rows == [[9]]


@given(
    st.lists(st.one_of(st.text("ab\0é", max_size=6), st.none(), st.integers(0, 3)), max_size=30),
    st.text("abé\0", max_size=3),
)
def test_a_haystack_holds_a_needle_where_its_texts_do(items: list[Any], needle: str) -> None:
    found = Haystack(items).containing(needle)
    if found is not None:
        assert found.tolist() == [isinstance(item, str) and needle in item for item in items]


def test_contains_finds_the_same_in_many_rows_as_in_few() -> None:
    graph: nx.DiGraph[int] = nx.DiGraph()
    for number in range(200):
        graph.add_node(
            number, labels="P", title=[f"paper on {number}", None, number][number % 3], number=number
        )
    query = "MATCH (p:P) WHERE {} p.title CONTAINS $word RETURN p.number"
    for word in ("12", "paper", "", "zebra", "on 9"):
        many = execute(graph, query.format(""), {"word": word}).rows
        expected = [[n] for n in range(0, 200, 3) if word in f"paper on {n}"]
        assert many == expected
        assert execute(graph, query.format("p.number < 9 AND"), {"word": word}).rows == [
            r for r in expected if r[0] < 9
        ]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.sampled_from([51, 1 << 22]))
def test_groups_are_numbered_in_order_of_appearance(codes: list[int], bound: int) -> None:
    groups, firsts = dense(np.array(codes, dtype=np.int64), bound)
    order = list(dict.fromkeys(codes))
    assert groups.tolist() == [order.index(code) for code in codes]
    assert firsts.tolist() == [codes.index(code) for code in order]


@given(st.lists(st.integers(0, 9)))
def test_distinct_numbers_come_in_ascending_order(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, dtype=np.int64)).tolist() == sorted(set(numbers))


# --- limits -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dense_graph() -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from((number, {"labels": "N", "number": number}) for number in range(300))
    graph.add_edges_from((a, b, {"type": "T"}) for a in range(60) for b in range(60) if a != b)
    return graph


ENDLESS = [
    "MATCH (a)-[*]->(b) RETURN count(*)",
    "MATCH (a)-[r*]->(b) RETURN b, r",
    "MATCH (a)-[r*]-(b) RETURN DISTINCT b, size(r)",
    "MATCH (a)-[*2..]->(b) RETURN DISTINCT b",
    "MATCH (a) ((x)-[:T]->(y))+ (b) RETURN count(*)",
    "MATCH (a), (b), (c), (d) RETURN count(*)",
    "MATCH (a), (b), (c), (d) WHERE a.number + b.number + c.number + d.number < 0 RETURN a",
    "MATCH (a), (b), (c), (d) RETURN a.number, b.number ORDER BY c.number",
    "MATCH (a)-->(b)-->(c)-->(d)-->(e)-->(f) RETURN count(DISTINCT f.number + a.number)",
    "MATCH p = allShortestPaths((a)-[*3..]-(b)) RETURN count(p)",
    "UNWIND range(1, 1000000000000) AS x RETURN count(x)",
    "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y UNWIND range(1, 100000) AS z RETURN count(*)",
    "MATCH (a), (b), (c), (d) RETURN size(collect(a.number))",
    "MATCH (a), (b), (c), (d) RETURN DISTINCT a, b, c, d",
    "MATCH (a), (b), (c) CALL { WITH a, b, c MATCH (d), (e) RETURN count(*) AS n } RETURN sum(n)",
    "MATCH (a) WHERE COUNT { MATCH (b), (c), (d) } > 1 RETURN a",
    "RETURN reduce(s = 0, x IN range(1, 1000000000) | s + x) AS s",
    "RETURN size([x IN range(1, 1000000000) WHERE x > 5]) AS s",
    "MATCH (a), (b), (c) OPTIONAL MATCH (c)-->(d)-->(e) RETURN count(e)",
]


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_without_end_stops_at_its_time_limit(query: str, dense_graph: Any) -> None:
    with pytest.raises(LimitError):
        execute(dense_graph, query, timeout=0.2, max_cells=3_000_000)


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (a), (b), (c), (d) RETURN a, b, c, d",
        "MATCH (a), (b), (c), (d) RETURN a.number ORDER BY b.number",
        "MATCH (a), (b), (c), (d) RETURN collect(a) AS l",
        "MATCH (a)-[r*]->(b) RETURN r",
        "UNWIND range(1, 1000000000) AS x RETURN x",
    ],
)
def test_a_query_that_holds_too_much_stops_at_its_memory_limit(query: str, dense_graph: Any) -> None:
    with pytest.raises(LimitError):
        execute(dense_graph, query, max_cells=500_000, timeout=20)


def test_a_query_that_returns_too_many_rows_stops(dense_graph: Any) -> None:
    with pytest.raises(LimitError, match="rows"):
        execute(dense_graph, "MATCH (a), (b), (c), (d) RETURN a.number", max_rows=1000)


@pytest.mark.parametrize("query", ENDLESS[:3] + ENDLESS[5:9])
def test_a_query_stops_when_asked_to(query: str, dense_graph: Any) -> None:
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(LimitError, match="stopped"):
        execute(dense_graph, query, stopped=stopped, timeout=20)
