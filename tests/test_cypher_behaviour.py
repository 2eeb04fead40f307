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
