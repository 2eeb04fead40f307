"""The graph is a function of the set of records: order, repetition and removal leave no trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.graph.errors import NotFoundError, StoreError
from citegraph.graph.joins import records_of
from citegraph.graph.local import LocalStore
from citegraph.graph.parts import Extract
from citegraph.graph.records import (
    Author,
    Coinage,
    Extraction,
    Fact,
    Mention,
    Paper,
    Reference,
    ResultClaim,
    Span,
    Text,
)
from citegraph.graph.update import SourceInfo, Update


def extract(texts: Iterable[Text]) -> Iterator[Extraction]:
    """Find capitalised words of the abstract: its first, which it coins, Alpha, and those that others coined."""
    for text in texts:
        known = {"Alpha"} | {name.surface for name in text.names}
        words = [word for word in text.abstract.split() if word[0].isupper()]
        coined = words[:1]
        mentions = []
        for word in sorted(set(words)):
            if word not in known and word not in coined:
                continue
            start = text.abstract.index(word)
            mentions.append(
                Mention(
                    id=f"method:{word.lower()}",
                    label="Method",
                    name=word,
                    relation="PROPOSES" if word in coined else "BUILDS_ON",
                    spans=(Span("abstract", start, start + len(word), word, "test@1"),),
                    facts=(Fact("KIND_OF", "method:thing", "Method", "thing"),),
                )
            )
        results = ()
        if mentions:
            quote = mentions[0].spans[0]
            results = (ResultClaim("speedup", "2x", quote, of=mentions[0].id),)
        names = tuple(Coinage(word, "Method", f"method:{word.lower()}", word) for word in coined)
        yield Extraction(tuple(mentions), results, coined=names)


def load(store: LocalStore, uri: str, papers: Iterable[Paper]) -> Update:
    with store.writing():
        update = Update(store)
        update.add(SourceInfo(uri, uri, "test", "2025-01-01T00:00:00+00:00"), papers)
        update.apply(extract)
    return update


def remove(store: LocalStore, uri: str) -> None:
    with store.writing():
        update = Update(store)
        update.remove(uri)
        update.apply(extract)


def content(store: LocalStore) -> tuple[list[object], list[object]]:
    return (
        [(n.id, n.label, dict(n.properties)) for n in store.nodes()],
        [(e.source, e.type, e.target, dict(e.properties)) for e in store.edges()],
    )


IDS = ["2001.00001", "2001.00002", "2001.00003"]
TITLES = ["On Graphs of Things", "on graphs of things", "Another Title Here", "Third Words Written"]
references = st.builds(
    Reference,
    title=st.sampled_from([None, *TITLES]),
    arxiv_id=st.sampled_from([None, *IDS]),
    year=st.sampled_from([None, 2020, 2010]),
)
papers = st.builds(
    Paper,
    title=st.sampled_from(TITLES),
    abstract=st.sampled_from(
        ["", "Alpha extends Beta", "Beta extends Gamma and Alpha", "Gamma and Beta", "gamma only"]
    ),
    arxiv_id=st.sampled_from([None, *IDS]),
    doi=st.sampled_from([None, "10.1000/one", "10.1000/two"]),
    authors=st.sampled_from([(), (Author("Ada Byron"),), (Author("Alan Turing"), Author("Ada Byron"))]),
    year=st.sampled_from([None, 2010, 2020, 2021]),
    references=st.lists(references, max_size=3).map(tuple),
)
corpora = st.lists(st.lists(papers, min_size=1, max_size=4), min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_sources_added_in_any_order_give_the_same_graph(corpus, random):
    named = [(f"source-{number}", batch) for number, batch in enumerate(corpus)]
    first, second = LocalStore(), LocalStore()
    for uri, batch in named:
        load(first, uri, batch)
    random.shuffle(named)
    for uri, batch in named:
        load(second, uri, reversed(batch))
    assert content(first) == content(second)


@settings(max_examples=100, deadline=None)
@given(corpora)
def test_removing_a_source_leaves_the_graph_of_the_others(corpus):
    whole, without = LocalStore(), LocalStore()
    for number, batch in enumerate(corpus):
        load(whole, f"source-{number}", batch)
        if number:
            load(without, f"source-{number}", batch)
    remove(whole, "source-0")
    assert content(whole) == content(without)


@settings(max_examples=60, deadline=None)
@given(corpora)
def test_the_same_source_twice_changes_nothing(corpus):
    store = LocalStore()
    for number, batch in enumerate(corpus):
        load(store, f"source-{number}", batch)
    before = content(store)
    update = load(store, "source-0", corpus[0])
    assert content(store) == before
    assert (update.changes.new, update.changes.updated, update.changes.removed) == (0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(corpora)
def test_what_is_on_disk_is_what_is_in_memory(corpus):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.db"
        with LocalStore(path, create=True) as store:
            for number, batch in enumerate(corpus):
                load(store, f"source-{number}", batch)
            remove(store, "source-0")
            in_memory = content(store)
        with LocalStore(path) as store:
            assert content(store) == in_memory


def test_a_reference_goes_over_to_the_paper_whose_identifier_it_gives_when_that_comes():
    citing = Paper("One", references=(Reference("Another Title", arxiv_id="2001.00003"),))
    store = LocalStore()
    load(store, "first", [citing, Paper("Another Title")])
    assert [e.target for e in store.edges("CITES")] == ["title:anothertitle"]
    load(store, "second", [Paper("A Title of Its Own", arxiv_id="2001.00003")])
    assert [e.target for e in store.edges("CITES")] == ["arxiv:2001.00003"]
    remove(store, "second")
    assert [e.target for e in store.edges("CITES")] == ["title:anothertitle"]


# --- names that papers coin --------------------------------------------------------------------------------


def edges_from(store: LocalStore, paper: str) -> set[tuple[str, str]]:
    return {(e.type, e.target) for e in store.edges_of(paper, "out") if e.target.startswith("method:")}


COINS = Paper("A Paper that Coins", "Beta is new", arxiv_id="2001.00001")
SPEAKS = Paper("A Paper that Speaks of It", "Gamma extends Beta", arxiv_id="2001.00002")


@pytest.mark.parametrize("order", [(COINS, SPEAKS), (SPEAKS, COINS)])
def test_a_name_that_one_paper_coins_is_found_in_the_others(order):
    store = LocalStore()
    for number, paper in enumerate(order):
        load(store, f"source-{number}", [paper])
    assert ("BUILDS_ON", "method:beta") in edges_from(store, "arxiv:2001.00002")


def test_a_name_goes_from_the_others_with_the_paper_that_coined_it():
    store = LocalStore()
    load(store, "coins", [COINS])
    load(store, "speaks", [SPEAKS])
    remove(store, "coins")
    assert edges_from(store, "arxiv:2001.00002") == {("PROPOSES", "method:gamma")}


# --- corrections by hand -----------------------------------------------------------------------------------


def correct(store: LocalStore, verb: str, subject: str, other: str) -> None:
    with store.writing():
        update = Update(store)
        getattr(update, verb)(subject, other)
        update.apply(extract)


def corpus_of_names(*papers: Paper) -> LocalStore:
    store = LocalStore()
    for number, paper in enumerate(papers):
        load(store, f"source-{number}", [paper])
    return store


def test_a_link_makes_two_nodes_one_and_keeps_both_names():
    store = corpus_of_names(COINS, SPEAKS)
    correct(store, "link", "method:gamma", "method:beta")
    assert store.node("method:gamma") is None
    beta = store.node("method:beta")
    assert beta is not None and "Gamma" in beta.properties["aliases"]
    assert edges_from(store, "arxiv:2001.00002") == {("PROPOSES", "method:beta")}


def test_a_link_holds_for_papers_that_come_later():
    store = corpus_of_names(COINS, SPEAKS)
    correct(store, "link", "method:gamma", "method:beta")
    load(store, "later", [Paper("Third", "Gamma again", arxiv_id="2001.00003")])
    assert edges_from(store, "arxiv:2001.00003") == {("PROPOSES", "method:beta")}


@settings(max_examples=60, deadline=None)
@given(corpora, st.sampled_from([("alpha", "beta"), ("gamma", "alpha"), ("beta", "gamma")]))
def test_taking_a_link_back_restores_the_graph(corpus, pair):
    store = LocalStore()
    for number, batch in enumerate(corpus):
        load(store, f"source-{number}", batch)
    before = content(store)
    subject, target = (f"method:{name}" for name in pair)
    if store.node(subject) is None or store.node(target) is None:
        return
    correct(store, "link", subject, target)
    correct(store, "unlink", subject, target)
    assert content(store) == before


@settings(max_examples=60, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_a_correction_gives_the_same_graph_whenever_it_is_made(corpus, random):
    named = [(f"source-{number}", batch) for number, batch in enumerate(corpus)]
    early, late = LocalStore(), LocalStore()
    known = [Paper("The Names", "Alpha extends Beta", arxiv_id="1001.00001")]
    more = [Paper("The Other Name", "Beta is it", arxiv_id="1001.00002")]
    for store in (early, late):
        load(store, "known", known)
        load(store, "more", more)
    correct(early, "link", "method:beta", "method:alpha")
    for uri, batch in named:
        load(early, uri, batch)
    random.shuffle(named)
    for uri, batch in named:
        load(late, uri, batch)
    correct(late, "link", "method:beta", "method:alpha")
    assert content(early) == content(late)


def knowing(kind: str) -> Extract:
    """Return an extractor that knows Alpha as a kind of something."""

    def read(texts: Iterable[Text]) -> Iterator[Extraction]:
        for found in extract(texts):
            facts = (Fact("KIND_OF", f"method:{kind}", "Method", kind),)
            mentions = tuple(replace(mention, facts=facts) for mention in found.mentions)
            yield replace(found, mentions=mentions)

    return read


def test_a_curated_fact_goes_when_nobody_states_it_any_more():
    store = corpus_of_names(Paper("One", "Alpha and gamma"), Paper("Two", "Gamma and Thing"))
    with store.writing():
        update = Update(store)
        update.read_all_again()
        update.apply(knowing("other"))
    assert [edge.target for edge in store.edges("KIND_OF")] == ["method:other", "method:other"]


def test_the_facts_about_a_linked_node_go_with_it_and_come_back():
    store = corpus_of_names(Paper("One", "Alpha and gamma"), Paper("Two", "Thing extends Alpha"))
    before = content(store)
    assert ("method:alpha", "KIND_OF", "method:thing") in {edge[:3] for edge in before[1]}
    correct(store, "link", "method:thing", "method:alpha")
    assert store.node("method:thing") is None
    assert list(store.edges("KIND_OF")) == []
    correct(store, "unlink", "method:alpha", "method:thing")
    assert content(store) == before


def test_a_link_across_types_is_refused_with_the_remedy():
    store = corpus_of_names(COINS)
    with pytest.raises(StoreError, match="--lexicon"):
        correct(store, "link", "method:beta", "arxiv:2001.00001")


def test_a_circle_of_links_is_refused():
    store = corpus_of_names(COINS, SPEAKS)
    correct(store, "link", "method:gamma", "method:beta")
    with pytest.raises(NotFoundError, match="method:gamma"):
        correct(store, "link", "method:beta", "method:gamma")


def test_a_written_form_taken_from_a_node_gets_one_of_its_own():
    store = corpus_of_names(COINS, SPEAKS)
    correct(store, "link", "method:gamma", "method:beta")
    correct(store, "unlink", "method:beta", "Gamma")
    assert store.node("method:gamma") is not None


def test_a_written_form_the_node_does_not_have_is_refused_with_those_it_has():
    store = corpus_of_names(COINS)
    with pytest.raises(NotFoundError, match="Beta"):
        correct(store, "unlink", "method:beta", "Delta")


def test_two_records_linked_by_hand_are_one_paper():
    store = corpus_of_names(
        Paper("Preprint", "Alpha one", arxiv_id="2001.00001"), Paper("Printed", "Beta two", doi="10.1000/one")
    )
    correct(store, "link", "doi:10.1000/one", "arxiv:2001.00001")
    assert [node.id for node in store.nodes("Paper")] == ["arxiv:2001.00001"]
    load(store, "again", [Paper("Printed", "Beta three", doi="10.1000/one")])
    assert [node.id for node in store.nodes("Paper")] == ["arxiv:2001.00001"]


@settings(max_examples=60, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_records_kept_apart_by_hand_stay_apart_in_any_order(corpus, random):
    named = [(f"source-{number}", batch) for number, batch in enumerate(corpus)]
    both = [
        Paper("One Title", "", arxiv_id="1001.00001", doi="10.9/x"),
        Paper("One Title", "", openalex_id="W1", doi="10.9/x"),
    ]
    stores = LocalStore(), LocalStore()
    for store in stores:
        load(store, "a", both[:1])
        load(store, "b", both[1:])
        assert len(list(store.nodes("Paper"))) == 1
        correct(store, "unlink", "arxiv:1001.00001", "openalex:W1")
        for uri, batch in named:
            load(store, uri, batch)
        assert {"arxiv:1001.00001", "doi:10.9/x"} <= {node.id for node in store.nodes("Paper")}
        random.shuffle(named)
    assert content(stores[0]) == content(stores[1])


def test_records_without_a_title_are_merged_by_their_identifier(tmp_path: Path) -> None:
    with LocalStore(tmp_path / "g.db", create=True) as store:
        load(store, "a.json", [Paper("", arxiv_id="2401.00001")])
        update = load(store, "b.json", [Paper("Alpha Net", arxiv_id="2401.00001")])
        assert update.changes.merged == [("arxiv:2401.00001", ["without a title", "Alpha Net"])]


def test_a_record_without_a_title_is_listed_by_its_identifier(tmp_path: Path) -> None:
    with LocalStore(tmp_path / "g.db", create=True) as store:
        load(store, "a.json", [Paper("", also=("acl:N18-3011",)), Paper("Alpha Net", also=("acl:N18-3011",))])
        assert [record.title for record in records_of(store, "acl:N18-3011")] == ["", "Alpha Net"]
