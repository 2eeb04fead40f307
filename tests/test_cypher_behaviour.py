"""What a user of Neo4j takes for granted, clause by clause: each test was once an answer that differed."""

from __future__ import annotations

from typing import Any

import networkx as nx

from citegraph.queries.cypher import execute


def graph_of(text: str) -> nx.MultiDiGraph:
    """Return the graph that a CREATE makes."""
    graph = nx.MultiDiGraph()
    execute(graph, text, write=True)
    return graph


def rows(graph: Any, query: str, write: bool = False, **parameters: Any) -> list[list[Any]]:
    return execute(graph, query, parameters, write=write).rows


# --- patterns ------------------------------------------------------------------------------------------------


def test_a_step_after_a_repeated_pattern_takes_none_of_its_relationships_again():
    chain = graph_of("CREATE (:A {n: 1})-[:R]->({n: 2})-[:R]->({n: 3})")
    query = "MATCH (x:A)((a)-[r]->(b)){1,2}(y)-[s]-(z) RETURN x.n, y.n, z.n"
    assert rows(chain, query) == [[1, 2, 3]]


def test_a_trail_after_a_repeated_pattern_takes_none_of_its_relationships_again():
    chain = graph_of("CREATE (:A {n: 1})-[:R]->({n: 2})-[:R]->({n: 3})")
    query = "MATCH (x:A)((a)-[r]->(b)){1,2}(y)-[s*1..2]-(z) RETURN x.n, y.n, z.n"
    assert rows(chain, query) == [[1, 2, 3]]


# --- writing -------------------------------------------------------------------------------------------------


def test_set_sees_what_it_wrote_for_the_rows_before():
    graph = graph_of("CREATE (:X)")
    query = "MATCH (n:X) UNWIND [1, 2, 3] AS i SET n.sum = coalesce(n.sum, 0) + i RETURN DISTINCT n.sum"
    assert rows(graph, query, write=True) == [[6]]


def test_set_goes_row_by_row_and_not_item_by_item():
    graph = graph_of("CREATE (:X)")
    data = [{"x": 1, "more": {"x": 5}}, {"x": 7, "more": {}}]
    query = "UNWIND $rows AS row MATCH (n:X) SET n.x = row.x, n += row.more"
    execute(graph, query, {"rows": data}, write=True)
    assert rows(graph, "MATCH (n:X) RETURN n.x") == [[7]]


def test_set_with_a_subquery_counts_what_it_wrote_for_the_rows_before():
    graph = graph_of("CREATE (:X {i: 1}), (:X {i: 2}), (:X {i: 3})")
    query = "MATCH (n:X) WITH n ORDER BY n.i SET n.before = COUNT { (m:X) WHERE m.before IS NOT NULL }"
    execute(graph, query, write=True)
    assert rows(graph, "MATCH (n:X) RETURN n.before ORDER BY n.i") == [[0], [1], [2]]
