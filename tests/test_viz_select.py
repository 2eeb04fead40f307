"""Which part of a graph is drawn, and what is said about the rest."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_store import MemoryStore
from viz_graph import make_graph

from citegraph import NotFoundError, QueryError
from citegraph.viz.select import select

GRAPH = make_graph(300)


def as_graph(view):
    graph = nx.Graph()
    graph.add_nodes_from(node.id for node in view.nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in view.edges)
    return graph


def chain(length):
    """Papers in a row, each citing the next."""
    store = MemoryStore()
    ids = [store.add(f"title:p{i:02}", "Paper", f"P{i}").id for i in range(length)]
    for a, b in itertools.pairwise(ids):
        store.link(a, "CITES", b, sources=["s"])
    return store


def test_the_same_graph_gives_the_same_view():
    assert select(GRAPH, limit=50) == select(make_graph(300), limit=50)


def test_people_venues_and_sources_are_left_out_of_an_overview_and_the_sentence_says_so():
    view = select(GRAPH)
    assert {node.label for node in view.nodes}.isdisjoint({"Author", "Source", "Venue", "Result"})
    assert "authors" in view.left_out
    assert "1 source of types not asked for" in view.left_out


def test_nothing_is_said_where_nothing_is_left_out():
    assert select(chain(4)).left_out == ""


def test_the_limit_keeps_the_best_connected_nodes_and_keeps_them_connected():
    view = select(GRAPH, limit=40)
    everything = select(GRAPH, limit=10_000)
    top = sorted(everything.degrees.values(), reverse=True)[:5]
    assert len(view.nodes) == 40
    assert sorted(view.degrees.values(), reverse=True)[:5] == top
    assert nx.is_connected(as_graph(view))


@given(st.integers(1, 60), st.integers(0, 6))
def test_limit_and_degree_hold_whatever_is_asked(limit, min_degree):
    view = select(GRAPH, limit=limit, min_degree=min_degree)
    ids = {node.id for node in view.nodes}
    assert len(ids) == len(view.nodes) <= limit
    assert all(view.degrees[i] >= min_degree for i in ids)
    assert all(edge.source in ids and edge.target in ids for edge in view.edges)


def test_the_sentence_counts_what_the_limit_cut():
    assert select(chain(9), limit=4).left_out == (
        "Left out: 5 of 9 nodes (with the fewest neighbours, beyond the limit of 4)."
    )


def test_the_sentence_counts_what_has_too_few_neighbours():
    assert select(chain(9), min_degree=2).left_out == "Left out: 2 of 9 nodes (with fewer than 2 neighbours)."


@pytest.mark.parametrize(
    ("hops", "names"), [(0, {"P4"}), (1, {"P3", "P4", "P5"}), (3, {f"P{i}" for i in range(1, 8)})]
)
def test_around_a_node_reaches_as_far_as_asked(hops, names):
    view = select(chain(9), around="title:p04", hops=hops)
    assert {node.name for node in view.nodes} == names
    assert view.nodes[0].name == "P4"
    assert "P4" in view.shown


def test_a_neighbourhood_shows_the_authors_too():
    paper = next(edge.source for edge in GRAPH.edges("AUTHORED_BY"))
    assert "Author" in {node.label for node in select(GRAPH, around=paper).nodes}


def test_a_neighbourhood_over_the_limit_prefers_the_near():
    view = select(GRAPH, around="model:qwen2.5", hops=2, limit=25)
    near = {n for edge in GRAPH.edges_of("model:qwen2.5") for n in (edge.source, edge.target)}
    assert view.nodes[0].id == "model:qwen2.5"
    assert sum(node.id in near for node in view.nodes) == min(25, len(near))
    assert nx.is_connected(as_graph(view))


def test_the_node_in_the_middle_is_drawn_whatever_its_type():
    author = next(GRAPH.nodes("Author")).id
    view = select(GRAPH, around=author, types=["Paper"])
    assert {node.label for node in view.nodes} == {"Author", "Paper"}


def test_types_are_named_in_any_case():
    view = select(GRAPH, types=["model", "HARDWARE"])
    assert {node.label for node in view.nodes} == {"Model", "Hardware"}


def test_degrees_count_neighbours_not_edges():
    store = chain(2)
    store.link("title:p01", "CITES", "title:p00", sources=["s"])
    assert select(store).degrees == {"title:p00": 1, "title:p01": 1}


def test_neighbours_that_are_not_drawn_are_remembered_by_name_and_number():
    view = select(chain(9), limit=1)
    drawn = view.nodes[0].id
    told = {(u.edge_type, u.outgoing): (u.names, u.count) for u in view.undrawn[drawn]}
    assert told == {("CITES", True): (("P2",), 1), ("CITES", False): (("P0",), 1)}


def test_sources_are_named_without_the_folders_they_lie_in():
    assert select(GRAPH).sources == ("papers.jsonl",)


def test_an_empty_graph_gives_an_empty_view():
    view = select(MemoryStore())
    assert view.nodes == ()
    assert view.shown == "Nothing to draw."


@pytest.mark.parametrize(
    ("wish", "error", "says"),
    [
        ({"around": "model:nowhere"}, NotFoundError, "no node 'model:nowhere'"),
        ({"types": ["Moddel"]}, QueryError, "no type 'Moddel'; choose among Paper"),
        ({"limit": 0}, QueryError, "limit is 0"),
        ({"hops": -1}, QueryError, "-1 hops"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_with_the_reason(wish, error, says):
    with pytest.raises(error, match=says):
        select(GRAPH, **wish)
