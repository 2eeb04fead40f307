"""What a user of Neo4j takes for granted, clause by clause: each test was once an answer that differed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import networkx as nx
import numpy as np
import pytest

from citegraph.queries.cypher import CypherError, execute


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


def test_a_type_that_a_query_makes_first_can_be_matched_later_in_the_query():
    graph = nx.MultiDiGraph()
    query = "CREATE (a)-[:NEW]->(b) WITH a MATCH (x)-[r:NEW]->(y) RETURN count(*)"
    assert rows(graph, query, write=True) == [[1]]
    assert graph.number_of_edges() == 1


def test_what_is_written_is_written_though_a_later_match_can_find_nothing():
    graph = nx.MultiDiGraph()
    execute(graph, "CREATE (a) WITH a MATCH (a)-[:NONE]->(b) RETURN b", write=True)
    assert len(graph) == 1


def test_two_steps_of_a_type_made_by_the_same_query_are_two_relationships():
    query = "CREATE (a)-[:NEW]->(b) WITH a MATCH (x)-[r:NEW]->(y), (z)-[s:NEW]->(w) RETURN count(*)"
    assert rows(nx.MultiDiGraph(), query, write=True) == [[0]]


def test_what_follows_a_writing_subquery_sees_what_it_wrote_for_all_rows():
    query = "UNWIND [1, 2] AS i CALL (i) { CREATE (:N {i: i}) } MATCH (n:N) RETURN i, count(n) ORDER BY i"
    assert rows(nx.MultiDiGraph(), query, write=True) == [[1, 2], [2, 2]]


# --- shortest paths ------------------------------------------------------------------------------------------

DETOUR = "CREATE (a:A {n: 1})-[:R {w: 1}]->(b {n: 2})-[:R {w: 1}]->(c:C {n: 3}), (a)-[:R {w: 5}]->(c)"


def lengths(create: str, pattern: str) -> list[int]:
    return [length for (length,) in rows(graph_of(create), f"MATCH {pattern} RETURN length(p)")]


def test_where_takes_part_in_the_search_for_a_shortest_path():
    path = "p = shortestPath((a:A)-[:R*]->(c:C))"
    assert lengths(DETOUR, path) == [1]
    assert lengths(DETOUR, f"{path} WHERE all(r IN relationships(p) WHERE r.w < 5)") == [2]
    assert lengths(DETOUR, f"{path} WHERE none(r IN relationships(p) WHERE r.w = 5)") == [2]
    assert lengths(DETOUR, f"{path} WHERE any(n IN nodes(p) WHERE n.n = 2)") == [2]
    assert lengths(DETOUR, f"{path} WHERE length(p) > 1") == [2]
    assert lengths(DETOUR, f"{path} WHERE length(p) > 2") == []
    assert lengths(DETOUR, f"{path} WHERE none(n IN nodes(p) WHERE n.n > 2)") == []


def test_where_after_a_path_selector_only_filters():
    assert lengths(DETOUR, "p = ANY SHORTEST (a:A)-[:R*]->(c:C) WHERE length(p) > 1") == []


def test_all_shortest_paths_are_all_of_the_shortest_that_fit():
    graph = DETOUR + ", (a)-[:R {w: 2}]->(:D {n: 4})-[:R {w: 2}]->(c)"
    path = "p = allShortestPaths((a:A)-[:R*]->(c:C)) WHERE none(n IN nodes(p) WHERE n.n = 9)"
    assert lengths(graph, f"{path} AND length(p) > 1") == [2, 2]
    assert lengths(graph, f"{path} AND all(r IN relationships(p) WHERE r.w = 2)") == [2]


def test_a_shortest_path_with_a_least_length_keeps_to_what_is_asked_of_each_step():
    graph = "CREATE (a:A)-[:R {w: 1}]->()-[:R {w: 2}]->(c:C), (a)-[:R {w: 1}]->()-[:R {w: 1}]->()-[:R {w: 1}]->(c)"
    assert lengths(graph, "p = shortestPath((a:A)-[:R*2.. {w: 1}]->(c:C))") == [3]


def test_the_shortest_way_back_to_a_node_is_a_circle_also_where_direction_does_not_count():
    triangle = "CREATE (a:A)-[:R]->(b)-[:R]->(c)<-[:R]-(a), (b)-[:R]->(:D)"
    assert lengths(triangle, "p = allShortestPaths((a:A)-[*]-(b:A))") == [3, 3]
    pair = "CREATE (a:A)-[:R]->(b)<-[:R]-(a)"
    assert lengths(pair, "p = allShortestPaths((a:A)-[*]-(b:A))") == [2, 2]
    assert lengths(pair, "p = shortestPath((a:A)-[*..1]-(b:A))") == []
    assert lengths("CREATE (a:A)-[:R]->(b)", "p = shortestPath((a:A)-[*]-(b:A))") == []


def test_a_shortest_path_as_a_value_is_a_path_or_null():
    graph = graph_of(DETOUR)
    query = "MATCH (a:A), (c:C) RETURN length(shortestPath((a)-[:R*]->(c))), shortestPath((c)-[:R*]->(a))"
    assert rows(graph, query) == [[1, None]]
    assert rows(graph, "MATCH (a:A), (c:C) RETURN size(allShortestPaths((a)-[:R*]->(c)))") == [[1]]


# --- values of other libraries -------------------------------------------------------------------------------


def odd_graph() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node(
        1, labels={"B", "A"}, whole=np.int64(3), real=np.float32(0.5), true=np.bool_(True), text=np.str_("hi"),
        pair=(1, (2, 3)), array=np.array([[1, 2], [3, 4]]), some={2, 1}, inside={"list": (np.int8(1),)},
    )  # fmt: skip
    graph.add_node(2, labels="", whole=3)
    graph.add_node(3, labels=["A", None])
    graph.add_node(4, labels=None, whole=3.0)
    return graph


def test_numpy_values_tuples_and_sets_of_a_graph_are_values_of_the_language():
    query = "MATCH (n {text: 'hi'}) WHERE n.true RETURN properties(n) AS all, NOT n.true, n.array[1][0], n.pair[1]"
    ((held, no, number, pair),) = rows(odd_graph(), query)
    assert (no, number, pair) == (False, 3, [2, 3])
    assert held["array"] == [[1, 2], [3, 4]] and held["some"] == [1, 2] and held["inside"] == {"list": [1]}
    assert [type(held[key]) for key in ("whole", "real", "true", "text", "pair")] == [
        int,
        float,
        bool,
        str,
        list,
    ]


def test_arrays_can_be_grouped_and_ordered():
    query = "MATCH (n) RETURN DISTINCT n.array AS array ORDER BY array"
    assert rows(odd_graph(), query) == [[[[1, 2], [3, 4]]], [None]]


def test_a_numpy_value_can_be_replaced_and_found_again():
    graph = odd_graph()
    assert rows(graph, "MATCH (n {whole: 3}) RETURN count(n)") == [[3]]
    execute(graph, "MATCH (n {text: 'hi'}) SET n.whole = 4, n.array = [1]", write=True)
    assert rows(graph, "MATCH (n {whole: 3}) RETURN count(n)") == [[2]]
    assert rows(graph, "MATCH (n {whole: 4}) RETURN n.array") == [[[1]]]


def test_empty_labels_and_null_among_labels_are_none():
    query = "MATCH (n) RETURN labels(n) AS labels"
    assert rows(odd_graph(), query) == [[["A", "B"]], [[]], [["A"]], [[]]]


def test_parameters_may_be_numpy_values_tuples_and_sets():
    query = "RETURN NOT $flag, $pair[1], size($some), $array, $inside.list"
    parameters = {
        "flag": np.bool_(False), "pair": (1, np.int64(2)), "some": {1, 2}, "array": np.array([1.5]),
        "inside": {"list": (1,)},
    }  # fmt: skip
    assert execute(nx.Graph(), query, parameters).rows == [[True, 2, 2, [1.5], [1]]]


# --- several threads -----------------------------------------------------------------------------------------


def test_threads_that_read_a_graph_for_the_first_time_at_once_read_the_same():
    queries = [
        "MATCH (a:A {n: 3})-[:R]->(b) RETURN count(*), sum(b.n)",
        "MATCH (a {n: 4}) RETURN count(a)",
        "CALL db.propertyKeys() YIELD propertyKey RETURN count(propertyKey)",
    ] * 3
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((i, {"labels": "A", "n": i % 20}) for i in range(2000))
    graph.add_edges_from((i, i * 7 % 2000, {"type": "R"}) for i in range(2000))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(len(queries)) as pool:
            found = list(pool.map(lambda query: rows(graph, query), queries))
    finally:
        sys.setswitchinterval(interval)
    assert found == [rows(graph.copy(), query) for query in queries]


# --- entities as parameters ----------------------------------------------------------------------------------


def test_a_node_of_this_graph_can_be_a_parameter():
    graph = graph_of("CREATE (:A)-[:R]->(:B)")
    ((node,),) = rows(graph, "MATCH (n:A) RETURN n")
    assert rows(graph, "WITH $node AS n MATCH (n)-->(m) RETURN labels(m)", node=node) == [[["B"]]]


@pytest.mark.parametrize("wrap", [lambda node: node, lambda node: [node], lambda node: {"it": [node]}])
def test_a_node_of_another_graph_as_a_parameter_is_refused(wrap):
    ((node,),) = rows(nx.path_graph(5), "MATCH (n) RETURN n SKIP 4")
    with pytest.raises(CypherError, match=r"\$given holds an entity of another graph"):
        rows(nx.path_graph(2), "WITH $given AS n RETURN n", given=wrap(node))


def test_a_node_from_before_the_graph_changed_is_refused_rather_than_mistaken():
    graph = nx.path_graph(3)
    ((node,),) = rows(graph, "MATCH (n) RETURN n SKIP 2")
    graph.remove_node(0)
    with pytest.raises(CypherError, match="before it was changed"):
        rows(graph, "WITH $node AS n MATCH (n)--(m) RETURN m", node=node)
