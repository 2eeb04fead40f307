"""Random queries on random graphs: the engine answers each of them, and says the same however the graph was built."""

from __future__ import annotations

import networkx as nx
import pytest
from cypher_oracle.compare import Answer, differ
from cypher_oracle.graphs import Graph, graphs
from cypher_oracle.queries import Query, queries
from cypher_oracle.run import read_explanations
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from citegraph.queries.cypher import LimitError, execute

many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def answer(graph: nx.MultiDiGraph, query: str) -> Answer | None:
    try:
        return Answer(execute(graph, query, timeout=5, max_cells=200_000).rows)
    except LimitError:
        return None


@many
@given(graphs(), queries(), st.randoms(use_true_random=False))
def test_rows_do_not_depend_on_the_order_in_which_a_graph_was_built(graph, query, random):
    shuffled = nx.MultiDiGraph()
    original = graph.to_networkx()
    for part, add in (
        (list(original.nodes(data=True)), lambda node, data: shuffled.add_node(node, **data)),
        (list(original.edges(data=True)), lambda start, end, data: shuffled.add_edge(start, end, **data)),
    ):
        random.shuffle(part)
        for item in part:
            add(*item)
    ours, others = answer(original, query.text), answer(shuffled, query.text)
    if ours is not None and others is not None:
        assert not differ(query, ours, others), f"{ours.text(True)}\n---\n{others.text(True)}"


@many
@given(graphs(), queries())
def test_a_subquery_around_a_query_changes_nothing(graph, query):
    assume(not query.ordered)  # a subquery hands on rows in no order
    built = graph.to_networkx()
    inside = answer(
        built, f"CALL {{\n{query.text}\n}} RETURN {', '.join(execute(built, query.text).columns)}"
    )
    whole = answer(built, query.text)
    if whole is not None and inside is not None:
        assert not differ(query, whole, inside)


# --- the comparison itself ----------------------------------------------------------------------------------

GRAPH = Graph(
    ((("A", "B"), {"i": 0, "s": "it's"}), ((), {"i": 1})), ((0, "R", 1, {"i": 0}), (1, "R", 1, {"i": 1}))
)


def test_a_graph_reads_the_same_in_both_forms():
    built = nx.MultiDiGraph()
    execute(built, GRAPH.to_cypher(), write=True)
    look = "MATCH (a)-[r]->(b) RETURN a, r, b"
    expected = Answer(execute(GRAPH.to_networkx(), look).rows)
    assert not differ(Query(look), Answer(execute(built, look).rows), expected)


@pytest.mark.parametrize(
    ("query", "one", "other", "differs"),
    [
        (Query(""), [[1], [2]], [[2], [1]], False),
        (Query("", ordered=True), [[1], [2]], [[2], [1]], True),
        (Query(""), [[1], [1]], [[1]], True),
        (Query(""), [[1]], [[1.0]], True),
        (Query(""), [[[1, 2]]], [[[2, 1]]], True),
        (Query("", open_lists=True), [[[1, 2]]], [[[2, 1]]], False),
    ],
)
def test_answers_differ_by_rows_and_by_order_where_it_counts(query, one, other, differs):
    assert differ(query, Answer(one), Answer(other)) is differs


def test_two_refusals_agree_and_one_does_not():
    refused, empty = Answer(refusal="no"), Answer([])
    assert not differ(Query(""), refused, Answer(refusal="never"))
    assert differ(Query(""), refused, empty)
    assert differ(Query(""), empty, refused)


def test_listed_differences_are_well_formed():
    assert read_explanations() is not None
