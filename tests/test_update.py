"""The graph is a function of the set of records: order, repetition and removal leave no trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.graph.local import LocalStore
from citegraph.graph.records import Author, Extraction, Fact, Mention, Paper, Reference, ResultClaim, Span
from citegraph.graph.update import SourceInfo, Update


def extract(texts: Iterable[tuple[str, str]]) -> Iterator[Extraction]:
    """Find every capitalised word of the abstract, the first one proposed: enough to exercise the graph."""
    for _, abstract in texts:
        mentions = []
        for position, word in enumerate(sorted({w for w in abstract.split() if w[0].isupper()})):
            start = abstract.index(word)
            mentions.append(
                Mention(
                    id=f"method:{word.lower()}",
                    label="Method",
                    name=word,
                    relation="PROPOSES" if position == 0 else "BUILDS_ON",
                    spans=(Span("abstract", start, start + len(word), word, "test@1"),),
                    facts=(Fact("KIND_OF", "method:thing", "Method", "thing"),),
                )
            )
        results = ()
        if mentions:
            quote = mentions[0].spans[0]
            results = (ResultClaim("speedup", "2x", quote, of=mentions[0].id),)
        yield Extraction(tuple(mentions), results)


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
    abstract=st.sampled_from(["", "Alpha extends Beta", "Beta extends Gamma and Alpha", "gamma only"]),
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
