"""What is one thing depends on the papers alone: properties of identity, through the real rules and lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_update import content

from citegraph.graph.correcting import LINKABLE
from citegraph.graph.corrections import Correction, Corrections
from citegraph.graph.errors import StoreError
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Extraction, Mention, Paper, Span, Text
from citegraph.graph.schema import ENTITIES, NODES
from citegraph.graph.update import SourceInfo, Update
from citegraph.loaders.extract import Extractor
from citegraph.queries.forms import forms, records

EXTRACTOR = Extractor()


def extract(texts: Iterable[Text]) -> Iterator[Extraction]:
    for text in texts:
        yield EXTRACTOR.extract(text.title, text.abstract, text.names)


def load(store: LocalStore, uri: str, papers: Iterable[Paper]) -> None:
    with store.writing():
        update = Update(store)
        update.add(SourceInfo(uri, uri, "test", "2025-01-01T00:00:00+00:00"), papers)
        update.apply(extract)


def remove(store: LocalStore, uri: str) -> None:
    with store.writing():
        update = Update(store)
        update.remove(uri)
        update.apply(extract)


def change(store: LocalStore, verb: str, subject: str, other: str) -> None:
    with store.writing():
        update = Update(store)
        getattr(update, verb)(subject, other)
        update.apply(extract)


# Names the lexicon knows, in several forms, and names that papers coin, which others then speak of.
COINED = ["FlashZorp", "ZorpBench", "QuantoZorp"]
KNOWN = [
    "LoRA",
    "low-rank adaptation",
    "QLoRA",
    "GPTQ",
    "LLaMA-2-7B",
    "Llama 2",
    "GSM8K",
    "GSM-8K",
    "A100 GPUs",
]
SENTENCES = [
    "We propose {0}, a new method for fine-tuning that builds on {1}.",
    "We introduce {0}, a benchmark, and evaluate {1} on it.",
    "We compare {0} with {1} and use {2}.",
    "Experiments on {1} show that {0} outperforms {2}.",
    "Low-rank adaptation (LoRA) of {0} is evaluated on {1}.",
]
names = st.sampled_from(COINED + KNOWN)
abstracts = st.lists(
    st.builds(str.format, st.sampled_from(SENTENCES), names, names, names), min_size=0, max_size=3
).map(" ".join)
papers = st.builds(
    Paper,
    title=st.sampled_from(
        ["A Study of Zorps", "A study of zorps", "FlashZorp: Fast Zorps", "On LoRA", "Notes"]
    ),
    abstract=abstracts,
    arxiv_id=st.sampled_from([None, "2401.00001", "2401.00002", "2401.00003"]),
    doi=st.sampled_from([None, None, "10.1000/one", "10.1000/two"]),
    year=st.sampled_from([None, 2020, 2021]),
)
corpora = st.lists(st.lists(papers, min_size=1, max_size=3), min_size=1, max_size=3)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def built(corpus: Iterable[Iterable[Paper]]) -> LocalStore:
    store = LocalStore()
    for number, batch in enumerate(corpus):
        load(store, f"source-{number}", batch)
    return store


@few
@given(corpora, st.randoms(use_true_random=False))
def test_papers_read_in_any_order_and_in_any_portions_give_the_same_graph(corpus, random):
    named = [(f"source-{number}", batch) for number, batch in enumerate(corpus)]
    stores = LocalStore(), LocalStore()
    for store in stores:
        for uri, batch in named:
            load(store, uri, random.sample(batch, len(batch)))
        random.shuffle(named)
    assert content(stores[0]) == content(stores[1])


@few
@given(corpora)
def test_what_was_read_before_read_again_merges_nothing_more(corpus):
    store = built(corpus)
    before = content(store)
    for number, batch in enumerate(corpus):
        load(store, f"source-{number}", batch)
    with store.writing():
        update = Update(store)
        update.read_all_again()
        update.apply(extract)
    assert content(store) == before


@few
@given(corpora, papers)
def test_a_paper_that_comes_and_goes_leaves_what_it_merged_as_it_was(corpus, guest):
    store = built(corpus)
    before = content(store)
    load(store, "guest", [guest])
    remove(store, "guest")
    assert content(store) == before


@few
@given(corpora)
def test_every_node_has_one_type_and_every_form_of_it_is_of_that_type(corpus):
    store = built(corpus)
    for node in store.nodes():
        assert node.id.partition(":")[0] in NODES[node.label].prefix
        if node.label in ENTITIES:
            assert {form.text for form in forms(store, node)} >= {
                evidence.text for edge in store.edges_of(node.id, "in") for evidence in edge.evidence
            }


@few
@given(corpora, st.randoms(use_true_random=False))
def test_nodes_of_two_types_are_never_linked(corpus, random):
    store = built(corpus)
    nodes = [node for node in store.nodes() if node.label in LINKABLE]
    one, other = random.choice(nodes), random.choice(nodes)
    if one.label == other.label:
        return
    before = content(store)
    with pytest.raises(StoreError, match="only nodes of one type"):
        change(store, "link", one.id, other.id)
    assert content(store) == before


@few
@given(corpora, st.randoms(use_true_random=False))
def test_any_link_taken_back_leaves_the_graph_as_it_was(corpus, random):
    store = built(corpus)
    nodes = [node for node in store.nodes() if node.label in ENTITIES]
    pairs = [(a, b) for a in nodes for b in nodes if a.label == b.label and a.id != b.id]
    if not pairs:
        return
    before = content(store)
    one, other = random.choice(pairs)
    change(store, "link", one.id, other.id)
    assert store.node(one.id) is None
    change(store, "unlink", other.id, one.id)
    assert content(store) == before


@few
@given(corpora)
def test_every_record_of_a_paper_but_the_first_has_a_rule_that_joined_it(corpus):
    store = built(corpus)
    for node in store.nodes("Paper"):
        found = records(store, node)
        assert [record.rule is None for record in found] == [True, *[False] * (len(found) - 1)][: len(found)]
        for record in found[1:]:
            key = f"{record.rule}:{record.value}"
            assert record.rule == "title" or key in record.identifiers


# --- corrections by themselves -----------------------------------------------------------------------------

IDS = [f"method:{name}" for name in ("alpha", "beta", "gamma", "delta")]
corrections = st.lists(
    st.one_of(
        st.builds(
            lambda one, other: Correction("same", one, other, {"name": other, "properties": {}, "facts": []}),
            st.sampled_from(IDS),
            st.sampled_from(IDS),
        ),
        st.builds(
            lambda one, other: Correction("apart", one, other.partition(":")[2]),
            st.sampled_from(IDS),
            st.sampled_from(IDS),
        ),
    ),
    max_size=5,
).map(Corrections)


def mention(node_id: str, forms: list[str]) -> Mention:
    spans = tuple(
        Span("abstract", 10 * n, 10 * n + len(form), form, "test@1") for n, form in enumerate(forms)
    )
    return Mention(node_id, "Method", node_id.partition(":")[2], "USES", spans)


extractions = st.lists(
    st.builds(
        mention,
        st.sampled_from(IDS),
        st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=3),
    ),
    max_size=3,
    unique_by=lambda found: found.id,
).map(lambda found: Extraction(tuple(found)))


@given(corrections, extractions)
def test_no_correction_loses_a_quotation_or_names_a_node_twice(known, found):
    corrected = known.correct(found)
    assert len({m.id for m in corrected.mentions}) == len(corrected.mentions)
    quoted = {(s.start, s.text) for m in found.mentions for s in m.spans}
    assert {(s.start, s.text) for m in corrected.mentions for s in m.spans} == quoted


@given(corrections, extractions)
def test_no_form_stays_where_a_person_said_it_does_not_belong(known, found):
    linked = {c.subject for c in known.all if c.verb == "same"}
    for placed in known.correct(found).mentions:
        for c in known.all:
            if c.verb == "apart" and c.subject == placed.id and not linked & set(c.nodes):
                assert c.object not in {span.text for span in placed.spans}
