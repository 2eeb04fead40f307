"""What a contract run against a real server taught the engine: each line is how Neo4j 5.26 answers."""

from __future__ import annotations

import networkx as nx
import pytest

from citegraph.queries.cypher import CypherError, execute

EMPTY = nx.MultiDiGraph()


@pytest.fixture(scope="module")
def graph():
    """A diamond with a detour: a leads to d by one, two and three steps."""
    graph = nx.MultiDiGraph()
    for start, end in ("ab", "bc", "ac", "cd", "ad"):
        graph.add_edge(start, end, type="T", weight=ord(end))
    for node in graph:
        graph.nodes[node].update(labels="N", name=node)
    return graph


def value(expression):
    return execute(EMPTY, f"RETURN {expression} AS x").rows[0][0]


def walks(graph, pattern):
    query = f"MATCH p = {pattern} RETURN reduce(t = '', n IN nodes(p) | t + n.name) AS walk"
    return sorted(walk for (walk,) in execute(graph, query).rows)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("trim(BOTH 'x' FROM 'xxaxx')", "a"),
        ("trim(LEADING 'x' FROM 'xxaxx')", "axx"),
        ("trim(TRAILING 'x' FROM 'xxaxx')", "xxa"),
        ("trim('x' FROM 'xax')", "a"),
        ("trim(TRAILING FROM ' a ')", " a"),
        ("trim(BOTH FROM ' a ')", "a"),
        ("trim(BOTH 'x' FROM null)", None),
        ("normalize('é', NFD) = 'é'", False),
        ("'é' IS NORMALIZED", True),
        ("'é' IS NOT NFD NORMALIZED", True),
        ("null IS NORMALIZED", None),
        ("null.x", None),
        ("toFloat('1f')", 1.0),
        ("toFloat('0x1p3')", 8.0),
        ("toFloat('7B')", None),
        ("toString(datetime('2024-01-01T00:00Z'))", "2024-01-01T00:00:00Z"),
        ("toString(localtime('10:00:00.120'))", "10:00:00.12"),
        ("toString(datetime('2024-06-01T10:00[Europe/Berlin]'))", "2024-06-01T10:00:00+02:00[Europe/Berlin]"),
        ("'at ' + time('10:00Z')", "at 10:00:00Z"),
        ("stDev(null)", None),
        ("stDevP(null)", None),
        ("percentileCont(7, 0.5)", 7),
        ("'Ä' =~ '(?U)\\\\w'", True),
        ("'Ä' =~ '\\\\w'", False),
        ("'ä' =~ '(?i)Ä'", False),
        ("'ä' =~ '(?iu)Ä'", True),
    ],
)
def test_a_value_is_as_on_a_server(expression, expected):
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("CASE 5 WHEN < 3 THEN 'a' WHEN >= 5 THEN 'b' END", "b"),
        ("CASE 'abc' WHEN STARTS WITH 'a' THEN 1 ELSE 0 END", 1),
        ("CASE 'abc' WHEN =~ 'b.*' THEN 1 ELSE 0 END", 0),
        ("CASE null WHEN IS NULL THEN 1 ELSE 0 END", 1),
        ("CASE 1 WHEN IS NOT NULL THEN 1 ELSE 0 END", 1),
        ("CASE 1 WHEN IS TYPED STRING THEN 1 ELSE 0 END", 0),
        ("CASE 1 WHEN :: INTEGER THEN 1 ELSE 0 END", 1),
        ("CASE 3 WHEN 1, 2 THEN 'a' WHEN 3, > 10 THEN 'b' END", "b"),
        ("CASE null WHEN null THEN 'a' WHEN > 1 THEN 'b' ELSE 'c' END", "c"),
    ],
)
def test_after_when_may_stand_a_test_of_the_subject(case, expected):
    assert value(case) == expected


def test_optional_call_keeps_rows_without_an_answer(graph):
    query = """
        MATCH (n:N) OPTIONAL CALL (n) { MATCH (n)-[r:T]->(m) WHERE m.name = 'd' RETURN m.name AS next }
        RETURN n.name AS name, next ORDER BY name
    """
    assert execute(graph, query).rows == [["a", "d"], ["b", None], ["c", "d"], ["d", None]]


@pytest.mark.parametrize(
    ("test", "count"), [("IS N", 4), ("IS M", 0), ("IS M|N", 4), ("IS !N", 0), ("IS (M|N)&%", 4)]
)
def test_is_before_a_label_asks_for_it(graph, test, count):
    assert execute(graph, f"MATCH (n) WHERE n {test} RETURN count(n) AS n").rows == [[count]]


def test_a_slip_in_is_null_is_not_taken_for_a_label(graph):
    with pytest.raises(CypherError, match="Did you mean NULL"):
        execute(graph, "MATCH (n) WHERE n.name IS NUL RETURN n")


def test_finish_ends_a_query_that_returns_nothing(graph):
    result = execute(graph, "MATCH (n) FINISH")
    assert (result.columns, result.rows) == ([], [])
    with pytest.raises(CypherError, match="FINISH ends a query"):
        execute(graph, "MATCH (n) FINISH RETURN n")


def test_which_version_and_planner_is_asked_for_makes_no_difference(graph):
    assert execute(graph, "CYPHER 5 runtime=slotted planner=cost MATCH (n) RETURN count(n) AS n").rows == [
        [4]
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("SHORTEST 1 (:N {name: 'a'})-[:T]->+(:N {name: 'd'})", ["ad"]),
        ("ANY SHORTEST (:N {name: 'a'})-[:T]->{2,}(:N {name: 'd'})", ["acd"]),
        ("ALL SHORTEST (:N {name: 'a'})-[:T]->*(:N)", ["a", "ab", "ac", "ad"]),
        ("SHORTEST 1 (:N {name: 'a'})((x)-[:T]->(y) WHERE y.name <> 'z'){1,}(:N)", ["ab", "ac", "ad"]),
        ("ALL SHORTEST (:N {name: 'a'})((x)-[:T]->(y))+(:N {name: 'd'})", ["ad"]),
        (
            "SHORTEST 1 (:N {name: 'a'})((x)-[r:T]->(y) WHERE r.weight < 100 OR x.name = 'c')+({name: 'd'})",
            ["acd"],
        ),
        ("(:N {name: 'a'})-[r:T WHERE r.weight < 100]->+(:N)", ["ab", "abc", "ac"]),
    ],
)
def test_the_shortest_of_a_repeated_pattern_is_found(graph, pattern, expected):
    assert walks(graph, pattern) == expected


def test_a_repeated_relationship_is_searched_as_fast_as_a_trail():
    graph = nx.MultiDiGraph()
    for layer in range(30):  # 3^30 trails lead from the first layer to the last
        for start in range(3):
            for end in range(3):
                graph.add_edge((layer, start), (layer + 1, end), type="T")
    for node in graph:
        graph.nodes[node].update(labels="N", layer=node[0], place=node[1])
    ends = "({layer: 0, place: 0})-[:T]->+({layer: 30, place: 0})"
    query = f"MATCH p = SHORTEST 1 {ends} RETURN length(p) AS steps"
    assert execute(graph, query, timeout=20).rows == [[30]]
    repeated = ends.replace("-[:T]->+", "((x)-[:T]->(y))+")
    assert execute(graph, query.replace(ends, repeated), timeout=20).rows == [[30]]
