"""Rankings, pairs, paths and groups by citations, held against NetworkX and examples worked out by hand."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.algorithms.link_analysis.hits_alg import _hits_python
from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python

from citegraph.api import Graph, open_graph
from citegraph.cli import cli
from citegraph.graph.errors import NotFoundError, QueryError
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Edge, Evidence, Node
from citegraph.queries.citation_graph import CitationGraph, citation_graph
from citegraph.queries.communities import communities
from citegraph.queries.coupling import joined, related, strongest_pairs
from citegraph.queries.main_path import main_path, search_path_counts
from citegraph.queries.ranking import RANKINGS, hits, pagerank, rank


def put(store: LocalStore, citations: list[tuple[str, str]], stubs: str = "") -> None:
    """Write papers of one letter that cite one another; LoRA is used by a, b and c."""
    with store.writing():
        for name in sorted({name for pair in citations for name in pair}):
            known = {"stub": True} if name in stubs else {"year": 2000 + ord(name[0]) - ord("a")}
            store.put_node(
                Node(f"title:{name}", "Paper", {"name": name.upper(), "title": name.upper(), **known})
            )
        for one, other in citations:
            store.put_edge(Edge(f"title:{one}", "CITES", f"title:{other}", {"sources": ["s"]}))


def graph_of(citations: list[tuple[str, str]], stubs: str = "") -> LocalStore:
    store = LocalStore()
    put(store, citations, stubs)
    return store


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Read ``ba ca``: b cites a, c cites a."""
    return [(pair[0], pair[1]) for pair in text.split()]


def names(rows) -> list[str]:
    return [row.paper.title for row in rows]


letters = st.sampled_from("abcdefgh")
citations = st.lists(
    st.tuples(letters, letters).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=25, unique=True
)


def as_networkx(graph: CitationGraph) -> nx.DiGraph:
    whole = nx.DiGraph()
    whole.add_nodes_from(range(len(graph)))
    whole.add_edges_from(zip(graph.citing.tolist(), graph.cited.tolist(), strict=True))
    return whole


# --- PageRank and HITS --------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(citations)
def test_pagerank_is_that_of_networkx(pairs):
    graph = citation_graph(graph_of(pairs))
    wanted = _pagerank_python(as_networkx(graph), tol=1e-13, max_iter=1000)
    assert pagerank(graph).tolist() == pytest.approx([wanted[n] for n in range(len(graph))], abs=1e-9)


@settings(deadline=None)
@given(citations, st.data())
def test_pagerank_that_starts_at_some_papers_is_the_personalised_one_of_networkx(pairs, data):
    graph = citation_graph(graph_of(pairs))
    start = data.draw(st.sets(st.integers(0, len(graph) - 1), min_size=1))
    wanted = _pagerank_python(
        as_networkx(graph), personalization={n: float(n in start) for n in range(len(graph))},
        tol=1e-13, max_iter=1000,
    )  # fmt: skip
    assert pagerank(graph, start).tolist() == pytest.approx([wanted[n] for n in range(len(graph))], abs=1e-9)


def test_pagerank_by_hand():
    # b and c cite a: with q = (1 - d)/3 + d·r(a)/3, r(b) = r(c) = q and r(a) = q + 2·d·q, whose sum is 1.
    scores = pagerank(citation_graph(graph_of(pairs_of("ba ca"))))
    q = 1 / (3 + 2 * 0.85)
    assert scores.tolist() == pytest.approx([q * (1 + 2 * 0.85), q, q])


@pytest.mark.parametrize("text", ["da db ea eb ec fa", "ba ca da cb db dc", "ea eb fb fc gc gd ha hb hc"])
def test_hubs_and_authorities_are_those_of_networkx(text):
    graph = citation_graph(graph_of(pairs_of(text)))
    hubs, authorities = hits(graph)
    wanted = _hits_python(as_networkx(graph), max_iter=10_000, tol=1e-13)
    assert hubs.tolist() == pytest.approx([wanted[0][n] for n in range(len(graph))], abs=1e-8)
    assert authorities.tolist() == pytest.approx([wanted[1][n] for n in range(len(graph))], abs=1e-8)


def test_hubs_and_authorities_by_hand():
    store = graph_of(pairs_of("da db ea"))  # a: 2, b: 1 + … golden ratio between the two authorities
    (best, second, *_) = rank(store, "authorities")
    assert (best.paper.title, second.paper.title) == ("A", "B")
    assert best.score / second.score == pytest.approx((1 + 5**0.5) / 2)
    assert names(rank(store, "hubs"))[:2] == ["D", "E"]


# --- counts and cores ---------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(citations)
def test_cores_are_those_of_networkx(pairs):
    store = graph_of(pairs)
    wanted = nx.core_number(nx.Graph([(one, other) for one, other in pairs]))
    assert {row.paper.title.lower(): row.score for row in rank(store, "core", limit=None)} == wanted


def test_citations_count_those_who_cite():
    assert [(row.paper.title, row.score) for row in rank(graph_of(pairs_of("ba ca cb")), "citations")] == [
        ("A", 2.0),
        ("B", 1.0),
        ("C", 0.0),
    ]


@pytest.mark.parametrize("by", RANKINGS)
def test_equal_scores_go_by_id_and_ranks_count_on(by):
    rows = rank(graph_of(pairs_of("ab bc cd da")), by)  # a ring: all are equal
    assert names(rows) == ["A", "B", "C", "D"]
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert len({row.score for row in rows}) == 1


def test_stubs_count_but_need_not_be_listed():
    store = graph_of(pairs_of("ba ca cb"), stubs="a")
    assert names(rank(store, "citations", stubs=False)) == ["B", "C"]
    assert rank(store, "citations", limit=1)[0].stub


@pytest.mark.parametrize("by", RANKINGS)
def test_a_graph_without_citations_ranks_nobody(by):
    assert rank(LocalStore(), by) == []
    assert rank(graph_of(pairs_of("ba")), by, papers=["title:nobody"], limit=0) == []


def test_an_unknown_ranking_is_refused_with_those_there_are():
    with pytest.raises(QueryError, match="choose among pagerank, authorities, hubs, citations, core"):
        rank(LocalStore(), "beauty")


# --- main path ------------------------------------------------------------------------------------------------------


def titles(steps) -> list[list[str]]:
    return [[paper.title for paper in step.papers] for step in steps]


def test_search_path_counts_by_hand():
    # b and c cite a, d cites b and c, e cites b and d. From a to e: a-b-e, a-b-d-e, a-c-d-e.
    graph = citation_graph(graph_of(pairs_of("ba ca db dc eb ed")))
    counts = search_path_counts(graph)
    assert sorted(counts.values()) == [1, 1, 1, 1, 2, 2]
    assert titles(main_path(graph_of(pairs_of("ba ca db dc eb ed")))) == [["A"], ["B"], ["D"], ["E"]]


def test_the_weight_of_a_step_is_its_share_of_all_search_paths():
    steps = main_path(graph_of(pairs_of("ba ca db dc eb ed")))
    assert [step.weight for step in steps] == pytest.approx([2 / 3, 1 / 3, 2 / 3, 0.0], abs=1e-5)


@settings(deadline=None)
@given(citations)
def test_search_path_counts_are_those_of_counting_every_path(pairs):
    graph = citation_graph(graph_of(pairs))
    whole = nx.condensation(as_networkx(graph)).reverse()
    used: Counter[tuple[int, int]] = Counter()
    ends = [n for n in whole if not whole.out_degree(n) and whole.in_degree(n)]
    for start in (n for n in whole if not whole.in_degree(n) and whole.out_degree(n)):
        for path in nx.all_simple_edge_paths(whole, start, ends):
            used.update(path)
    assert sorted(search_path_counts(graph).values()) == sorted(used.values())


def test_papers_that_cite_one_another_in_a_circle_are_one_step():
    steps = main_path(graph_of(pairs_of("ba cb bc dc")))
    assert titles(steps) == [["A"], ["B", "C"], ["D"]]


def test_of_equal_paths_the_one_of_the_smaller_ids_is_taken_and_stubs_are_left_out():
    assert titles(main_path(graph_of(pairs_of("ba ca db dc")))) == [["A"], ["B"], ["D"]]
    assert titles(main_path(graph_of(pairs_of("ba cb"), stubs="a"))) == [["B"], ["C"]]
    assert titles(main_path(graph_of(pairs_of("ba cb"), stubs="a"), stubs=True)) == [["A"], ["B"], ["C"]]
    assert main_path(LocalStore()) == []


# --- pairs ----------------------------------------------------------------------------------------------------------


def test_co_citation_and_coupling_by_hand():
    store = graph_of(pairs_of("ca cb da db eb"))
    (pair, *_) = strongest_pairs(store, "co-citation")
    assert (pair.one.title, pair.other.title, pair.shared, pair.cosine) == ("A", "B", 2, round(2 / 6**0.5, 4))
    coupled = [(pair.one.title, pair.other.title, pair.shared) for pair in strongest_pairs(store, "coupling")]
    assert coupled == [("C", "D", 2), ("C", "E", 1), ("D", "E", 1)]


sets = st.dictionaries(st.integers(0, 12), st.frozensets(st.integers(0, 9), min_size=1), max_size=10)


@given(sets, st.integers(1, 8))
def test_the_strongest_pairs_are_those_of_comparing_all_with_all(known, limit):
    every = [((a, b), len(known[a] & known[b])) for a, b in combinations(sorted(known), 2)]
    wanted = sorted(((pair, n) for pair, n in every if n), key=lambda row: (-row[1], row[0]))[:limit]
    assert [(pair, shared) for pair, shared, _ in joined(known, limit)] == wanted


@settings(deadline=None)
@given(citations, st.sampled_from(["co-citation", "coupling"]))
def test_what_is_related_to_a_paper_is_what_pairs_with_it(pairs, by):
    store = graph_of(pairs)
    every = strongest_pairs(store, by, limit=1000)
    mine = pairs[0][0].upper()
    wanted = {
        (pair.one.title if pair.other.title == mine else pair.other.title, pair.shared)
        for pair in every
        if mine in (pair.one.title, pair.other.title)
    }
    assert {(pair.other.title, pair.shared) for pair in related(store, f"title:{mine.lower()}", by)} == wanted


def test_an_unknown_relation_is_refused():
    with pytest.raises(QueryError, match="choose co-citation or coupling"):
        strongest_pairs(graph_of(pairs_of("ba")), "friendship")  # type: ignore[arg-type]


# --- communities ----------------------------------------------------------------------------------------------------


def test_two_cliques_joined_by_one_citation_are_two_communities():
    found = communities(graph_of(pairs_of("ba ca cb da db dc fe ge gf he hf hg ed")))
    assert [sorted(paper.title for paper in group.papers) for group in found] == [list("ABCD"), list("EFGH")]
    assert [group.citations for group in found] == [6, 6]
    assert found[0].papers[0].title in "ABCD"


@settings(deadline=None)
@given(citations)
def test_the_same_seed_gives_the_same_communities_that_hold_every_paper_once(pairs):
    store = graph_of(pairs)
    found = communities(store, limit=None)
    assert found == communities(store, limit=None)
    members = [paper.id for group in found for paper in group.papers]
    assert sorted(members) == list(citation_graph(store).ids)


# --- papers about a thing -------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "graph.db"
    with open_graph(target, create=True) as graph:
        put(graph.store, pairs_of("ba ca cb dc ed fd fa"), stubs="a")
        with graph.store.writing():
            graph.store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
            graph.store.put_node(Node("method:gptq", "Method", {"name": "GPTQ"}))
            for name in "def":
                quote = Evidence("s", "title", 0, 1, name.upper(), "lexicon@1").dumps()
                graph.store.put_edge(Edge(f"title:{name}", "USES", "method:lora", {"evidence": [quote]}))
    return target


def test_a_ranking_about_a_thing_speaks_to_the_papers_that_name_it(path):
    with open_graph(path) as graph:
        assert [row.paper.title for row in graph.rank("citations", about="LoRA", limit=2)] == ["D", "A"]
        assert {row.paper.title for row in graph.rank("core", about="LoRA")} == {"D", "E", "F"}
        assert {row.paper.title for row in graph.rank("hubs", about="LoRA")} == set("ACDEF")
        assert titles(graph.main_path(about="LoRA")) == [["D"], ["E"]]
        assert sum(row.score for row in graph.rank("pagerank", about="LoRA")) == pytest.approx(1)
        (pair,) = graph.pairs(about="LoRA")
        assert (pair.one.title, pair.other.title) == ("A", "D")
        with pytest.raises(QueryError, match="No paper of the graph speaks of 'GPTQ'"):
            graph.rank(about="GPTQ")
        with pytest.raises(NotFoundError):
            graph.rank(about="Nothing of the Kind")


def test_every_ranking_is_a_method_of_a_graph(path):
    with Graph(LocalStore(path)) as graph:
        assert graph.related("title:b", "coupling")[0].other.title == "C"
        assert graph.communities()[0].papers
        assert graph.pairs("coupling", limit=1)[0].shared == 1


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "by",
    [
        "pagerank",
        "authorities",
        "hubs",
        "citations",
        "core",
        "main-path",
        "co-citation",
        "coupling",
        "communities",
    ],
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command_prints_every_ranking_in_every_form(path, by, form):
    ran = CliRunner().invoke(cli, ["rank", "--by", by, "--format", form, "--limit", "2", "-g", str(path)])
    assert ran.exit_code == 0, ran.output
    if form == "json":
        assert 1 <= len(json.loads(ran.stdout)) <= 2
    else:
        assert len(ran.stdout.splitlines()) >= 2


def test_the_command_ranks_by_pagerank_unless_told_otherwise(path):
    ran = CliRunner().invoke(cli, ["rank", "--format", "csv", "--limit", "1", "-g", str(path)])
    assert ran.stdout.splitlines()[0] == "rank,score,paper,year,id,stub"
    assert ran.stdout.splitlines()[1].endswith(",A,,title:a,True")


def test_the_command_says_that_there_is_nothing_to_rank(tmp_path):
    with open_graph(tmp_path / "empty.db", create=True) as graph, graph.store.writing():
        graph.store.put_node(Node("title:a", "Paper", {"name": "A"}))
    ran = CliRunner().invoke(cli, ["rank", "-g", str(tmp_path / "empty.db")])
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "No paper of the graph cites another" in ran.stderr
