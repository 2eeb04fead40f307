"""Which paper a reference means: by identifier, by title, by likeness, else a stub that later input completes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_update import content, extract, load, remove

from citegraph.graph.identity import title_key
from citegraph.graph.likeness import Titles, is_piece, likeness
from citegraph.graph.local import LocalStore
from citegraph.graph.raw_references import with_raw_read
from citegraph.graph.records import Author, Paper, Reference
from citegraph.graph.update import SourceInfo, Update
from citegraph.queries.stats import stats

RESNET = Paper(
    "Deep Residual Learning for Image Recognition",
    arxiv_id="1512.03385",
    authors=(Author("Kaiming He"), Author("Xiangyu Zhang")),
    year=2015,
)
CAFFE = Paper(
    "Caffe: Convolutional Architecture for Fast Feature Embedding",
    arxiv_id="1408.5093",
    authors=(Author("Yangqing Jia"), Author("Evan Shelhamer")),
    year=2014,
)


def cites(*references: Reference, **known) -> Paper:
    return Paper("A Paper That Cites Others by Name", arxiv_id="2401.00001", references=references, **known)


def graph_of(*papers: Paper) -> LocalStore:
    store = LocalStore()
    load(store, "papers", papers)
    return store


def citations(store: LocalStore) -> dict[str, list[str]]:
    """Return the cited nodes, each with how it was found."""
    return {edge.target: list(edge.properties.get("found_by", ())) for edge in store.edges("CITES")}


def found(reference: Reference, *papers: Paper) -> dict[str, list[str]]:
    return citations(graph_of(cites(reference), *papers))


# --- the rules, the surest first ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "rule"),
    [({"arxiv_id": "1512.03385"}, "arxiv"), ({"doi": "10.1109/cvpr.2016.90"}, "doi"),
     ({"openalex_id": "W2194775991"}, "openalex"), ({"s2_id": "CorpusId:206594692"}, "s2"),
     ({"also": ("dblp:conf/cvpr/HeZRS16",)}, "dblp")],
)  # fmt: skip
def test_an_identifier_finds_the_paper_whatever_the_title_says(known, rule):
    paper = Paper("Deep Residual Learning for Image Recognition", **known)
    (target,) = graph_of(paper).nodes("Paper")
    assert found(Reference(title="Something Else Entirely", year=1980, **known), paper) == {target.id: [rule]}


def test_the_same_title_in_another_spelling_finds_the_paper():
    reference = Reference(title="deep residual learning for image-recognition", year=2016)
    assert found(reference, RESNET) == {"arxiv:1512.03385": ["title"]}


def test_the_same_title_more_than_two_years_apart_is_another_work():
    reference = Reference(title="Deep Residual Learning for Image Recognition", year=2018)
    assert found(reference, RESNET) == {"title:deepresiduallearningforimagerecognition": []}


def test_a_short_title_of_another_first_author_is_another_work():
    paper = Paper("Deep Learning", doi="10.1038/nature14539", authors=(Author("Yann LeCun"),), year=2015)
    assert found(Reference(title="Deep learning", authors=("I. Goodfellow",), year=2016), paper) == {
        "title:deeplearning": []
    }
    assert found(Reference(title="Deep learning", authors=("LeCun, Y.",), year=2016), paper) == {
        "doi:10.1038/nature14539": ["title"]
    }


def test_of_several_papers_of_one_title_the_first_author_tells_which():
    papers = [
        Paper(
            "Representation Learning of Things",
            doi=f"10.1000/{name.lower()}",
            authors=(Author(name),),
            year=2020,
        )
        for name in ("Byron", "Turing")
    ]
    reference = Reference(title="Representation learning of things", authors=("A. Turing",), year=2020)
    assert found(reference, *papers) == {"doi:10.1000/turing": ["title"]}
    assert found(Reference(title=reference.title, year=2020), *papers) == {
        "title:representationlearningofthings": []
    }


def test_a_misspelt_title_with_the_same_first_author_finds_the_paper_and_says_how_alike_it_is():
    reference = Reference(title="Deep residual learning for image recogniton", authors=("K. He",), year=2016)
    assert found(reference, RESNET) == {"arxiv:1512.03385": ["likeness 0.99"]}


@pytest.mark.parametrize(
    "reference",
    [
        Reference(title="Deep residual learning for image recogniton", authors=("A. Other",), year=2016),
        Reference(title="Deep residual learning for image recogniton", authors=("K. He",), year=2019),
        Reference(title="Deep residual learning for image recogniton"),
        Reference(
            title="Deep residual learning for image recogniton", authors=("K. He",), arxiv_id="1603.05027"
        ),
        Reference(title="Deep residual learning for video recognition", authors=("K. He",), year=2016),
        Reference(title="Deep residual learning for image recognition 2", authors=("K. He",), year=2016),
        Reference(
            title="Deep residual learning for image recognition part II", authors=("K. He",), year=2016
        ),
        Reference(title="Deep non-residual learning for image recognition", authors=("K. He",), year=2016),
    ],
    ids=["author", "year", "nothing known", "arXiv id", "a word", "a number", "a part", "its opposite"],
)
def test_likeness_is_not_enough_against_or_without_other_knowledge(reference):
    assert "arxiv:1512.03385" not in found(reference, RESNET)


@pytest.mark.parametrize(
    "title",
    [
        "Convolutional architecture for fast feature embedding",
        "Caffe: Convolutional architecture for fast feature embedding. In: ACM Multimedia",
        "Evan Shelhamer, and Trevor Darrell. Caffe: Convolutional architecture for fast feature embedding",
    ],
)
def test_a_title_without_its_name_or_with_a_venue_or_authors_before_it_finds_the_paper(title):
    assert list(found(Reference(title=title, authors=("Yangqing Jia",), year=2014), CAFFE)) == [
        "arxiv:1408.5093"
    ]
    for unknown in ({"authors": ("Yangqing Jia",)}, {"year": 2014}):
        assert "arxiv:1408.5093" not in found(Reference(title=title, **unknown), CAFFE)


def test_a_title_that_goes_on_without_a_break_is_another_work():
    paper = Paper("Visual Instruction Tuning", arxiv_id="2304.08485", authors=(Author("H. Liu"),), year=2023)
    reference = Reference(
        title="Improved baselines with visual instruction tuning", authors=("H. Liu",), year=2023
    )
    assert "arxiv:2304.08485" not in found(reference, paper)


def test_where_two_papers_are_equally_alike_neither_is_meant():
    papers = [
        Paper(
            f"Learning Representations of Graph{letter} by Walking", arxiv_id=f"2001.0000{number}", year=2020
        )
        for number, letter in enumerate("sz", 1)
    ]
    reference = Reference(title="Learning representations of graph by walking", year=2020)
    assert list(found(reference, *papers)) == ["title:learningrepresentationsofgraphbywalking"]
    assert list(found(reference, papers[0])) == ["arxiv:2001.00001"]


def test_a_reference_to_the_paper_itself_is_no_citation():
    assert found(Reference(arxiv_id="2401.00001")) == {}


def test_a_paper_that_cites_a_work_of_nearly_its_own_title_cites_another_work():
    earlier = Reference(title="A Paper That Cites Others by Names", authors=("Ada Byron",), year=2023)
    paper = cites(earlier, authors=(Author("Ada Byron"),), year=2024)
    assert citations(graph_of(paper)) == {"title:apaperthatcitesothersbynames": []}


def test_two_sources_that_say_the_same_are_one_edge_with_both():
    store = LocalStore()
    load(store, "one", [RESNET, cites(Reference(arxiv_id="1512.03385", contexts=("We use [1].",)))])
    load(store, "two", [cites(Reference(title=RESNET.title, raw="[7] K. He: Deep …"))])
    (edge,) = store.edges("CITES")
    assert edge.properties["sources"] == ["one", "two"]
    assert edge.properties["found_by"] == ["arxiv", "title"]
    assert (edge.properties["contexts"], edge.properties["raw"]) == (["We use [1]."], ["[7] K. He: Deep …"])


def test_a_link_made_by_hand_is_named_as_the_rule():
    store = graph_of(cites(Reference(doi="10.1000/old-name")), RESNET)
    with store.writing():
        update = Update(store)
        update.link("doi:10.1000/old-name", "arxiv:1512.03385")
        update.apply(extract)
    assert citations(store) == {"arxiv:1512.03385": ["link"]}


def test_a_paper_can_cite_one_that_is_read_long_after_it():
    papers = [
        Paper(f"Paper Number {number} of Many", arxiv_id=f"2001.{number:05}") for number in range(1, 1200)
    ]
    first = Paper("The First of All", references=(Reference(arxiv_id="2001.01199"),))
    (edge,) = graph_of(first, *papers).edges("CITES")
    assert (edge.source, edge.target) == ("title:thefirstofall", "arxiv:2001.01199")


# --- what comes later --------------------------------------------------------------------------------------------


MISSPELT = Reference(title="Deep residual learning for image recogniton", authors=("K. He",), year=2016)


def test_a_stub_is_completed_when_a_paper_of_a_like_title_comes_and_is_one_again_when_it_goes():
    store = LocalStore()
    load(store, "citing", [cites(MISSPELT)])
    before = content(store)
    load(store, "cited", [RESNET])
    assert citations(store) == {"arxiv:1512.03385": ["likeness 0.99"]}
    remove(store, "cited")
    assert content(store) == before


def test_what_was_like_gives_way_to_what_is_the_same():
    store = LocalStore()
    load(store, "citing", [cites(MISSPELT)])
    load(store, "like", [RESNET])
    load(store, "same", [Paper(MISSPELT.title or "", doi="10.1000/same", year=2016)])
    assert citations(store) == {"doi:10.1000/same": ["title"]}


def test_what_another_source_says_of_the_authors_is_taken_into_account():
    store = LocalStore()
    load(store, "citing", [cites(MISSPELT)])
    load(store, "no authors", [Paper(RESNET.title, arxiv_id="1512.03385")])
    assert "arxiv:1512.03385" not in citations(store)
    load(store, "authors", [Paper(RESNET.title, arxiv_id="1512.03385", authors=RESNET.authors)])
    assert "arxiv:1512.03385" in citations(store)
    remove(store, "authors")
    assert "arxiv:1512.03385" not in citations(store)


TITLES = [
    "Learning Graphs of Many Things",
    "Learning Graphs of Many Thing",
    "Learnin Graphs of Many Things",
    "GraphNet: Learning Graphs of Many Things",
    "Learning Graphs of Many Things. In: KDD",
    "Learning Graphs of Many Things 2",
    "Short Things",
]
NAMES = ["Ada Byron", "A. Turing"]
IDS = ["2001.00001", "2001.00002"]
references = st.builds(
    Reference,
    title=st.sampled_from([None, *TITLES]),
    arxiv_id=st.sampled_from([None, None, *IDS]),
    year=st.sampled_from([None, 2020, 2021, 2010]),
    authors=st.sampled_from([(), *((name,) for name in NAMES)]),
)
papers = st.builds(
    Paper,
    title=st.sampled_from(TITLES),
    arxiv_id=st.sampled_from([None, *IDS]),
    doi=st.sampled_from([None, None, "10.1000/one", "10.1000/two"]),
    authors=st.sampled_from([(), *((Author(name),) for name in NAMES)]),
    year=st.sampled_from([None, 2020, 2022]),
    references=st.lists(references, max_size=3).map(tuple),
)
corpora = st.lists(st.lists(papers, min_size=1, max_size=4), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_any_order_and_any_split_of_the_input_gives_the_same_graph(corpus, random):
    named = [(f"source-{number}", batch) for number, batch in enumerate(corpus)]
    stores = LocalStore(), LocalStore()
    for store in stores:
        for uri, batch in named:
            load(store, uri, random.sample(batch, len(batch)))
        random.shuffle(named)
    at_once = LocalStore()
    with at_once.writing():
        update = Update(at_once)
        for uri, batch in named:
            update.add(_source(uri), batch)
        update.apply(extract)
    assert content(stores[0]) == content(stores[1]) == content(at_once)


@settings(max_examples=100, deadline=None)
@given(corpora, st.lists(papers, min_size=1, max_size=3))
def test_a_source_that_comes_and_goes_leaves_every_citation_as_it_was(corpus, guests):
    store = LocalStore()
    for number, batch in enumerate(corpus):
        load(store, f"source-{number}", batch)
    before = content(store)
    load(store, "guest", guests)
    remove(store, "guest")
    assert content(store) == before


def _source(uri: str) -> SourceInfo:
    return SourceInfo(uri, uri, "test", "2025-01-01T00:00:00+00:00")


# --- likeness by itself ------------------------------------------------------------------------------------------

ALIKE = [
    ("Residual networks behave like ensembles of network", "Residual networks behave like ensembles of networks"),
    ("Object detection via multi-region and aware CNN model", "Object detection via multi-region & aware CNN model"),
    ("Acknowledgement of many contributions", "Acknowledgment of many contributions"),
    ("Deep feature pyramid reconfiguration", "Deep feature pyramid reconguration"),
]  # fmt: skip
APART = [
    ("GPT-2 Technical Report of Results", "GPT-3 Technical Report of Results"),
    ("Qwen2 technical report", "Qwen technical report"),
    ("Qwen2.5-VL technical report", "Qwen2.5 technical report"),
    ("Lower bounds for stationary points I", "Lower bounds for stationary points II"),
    ("Some tricks and many tips (IV)", "Some tricks and many tips (V)"),
    ("Supervised learning of image features", "Unsupervised learning of image features"),
    ("Semi-supervised learning of image features", "Self-supervised learning of image features"),
    ("Language models are few-shot learners", "Language models are zero-shot learners"),
    ("Learning with labels in the wild", "Learning without labels in the wild"),
    ("Erratum: Effects of scattering on spectra", "Effects of scattering on spectra"),
    ("First principles of typography", "First principles of typography: corrigenda"),
    ("Mask R-CNN", "Mask RCNN2"),
    ("Impact of noise on hearing in ships", "Impact of non-noise on hearing in ships"),
    ("Tasks using uncertainty of many kinds", "Tasks unusing uncertainty of many kinds"),
    ("Marrying models for dense understanding", "Marrying models for scene understanding"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_title_are_alike(one, other):
    told = likeness(title_key(one), title_key(other))
    assert told is not None
    assert told.score >= 86
    assert not told.partial


@pytest.mark.parametrize(("one", "other"), APART)
def test_titles_of_two_works_are_not_alike_however_near(one, other):
    assert likeness(title_key(one), title_key(other)) is None
    assert likeness(title_key(other), title_key(one)) is None


keys = st.text("abiv2 ", min_size=16, max_size=24).map(title_key)


@given(keys, keys)
def test_likeness_is_mutual(one, other):
    assert (likeness(one, other) is None) == (likeness(other, one) is None)


titles = st.text("abcdefgh", min_size=28, max_size=60)


@given(st.lists(titles, max_size=5), titles, st.data())
def test_a_search_finds_a_title_wherever_the_slip_is(others, title, data):
    place = data.draw(st.integers(0, len(title) - 1))
    misspelt = data.draw(st.sampled_from([title[:place] + title[place + 1 :], f"{title[:place]}z{title[place:]}",
                                          f"{title[:place]}z{title[place + 1 :]}"]))  # fmt: skip
    assert title in {found for found, _ in Titles([title, *others]).like(misspelt)}


@given(st.lists(keys, max_size=12), keys)
def test_a_search_finds_what_has_a_title_as_its_beginning_or_end_and_nothing_unlike(known, key):
    found = dict(Titles(known).like(key))
    assert all(likeness(key, title) == told for title, told in found.items())
    if len(key) >= 16:
        ends = {t for t in known if len(t) >= 16 and any(
            (a.startswith(b) or a.endswith(b)) and likeness(a, b) for a, b in ((key, t), (t, key)))}  # fmt: skip
        assert ends <= set(found)


def test_a_piece_of_a_title_stands_before_or_behind_a_break():
    assert is_piece("SSD: Single Shot MultiBox Detector", title_key("Single shot multibox detector"))
    assert is_piece("Focal Loss — a study", title_key("Focal loss"))
    assert not is_piece("Improved Visual Instruction Tuning", title_key("Visual instruction tuning"))


# --- references given only as they are printed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ("He et al. arXiv preprint arXiv:1512.03385, 2015.", {"arxiv_id": "1512.03385", "year": 2015}),
        ("He et al. arXiv:1512.03385v1 [cs.CV] (2015)", {"arxiv_id": "1512.03385", "year": 2015}),
        ("https://arxiv.org/abs/hep-th/9901001", {"arxiv_id": "hep-th/9901001", "year": None}),
        ("He. CVPR 2016. doi:10.1109/CVPR.2016.90.", {"doi": "10.1109/cvpr.2016.90", "year": 2016}),
        ("https://doi.org/10.48550/arXiv.1512.03385", {"arxiv_id": "1512.03385", "doi": None}),
        ("https://aclanthology.org/P18-1001/", {"also": ("acl:P18-1001",)}),
        ('He, K. "Deep residual learning," CVPR, 2016, pp. 7-8', {"title": "Deep residual learning", "year": 2016}),
        ("He, K. “Deep residual learning.” 2016", {"title": "Deep residual learning"}),
        ("arXiv:1512.03385 and arXiv:1603.05027", {"arxiv_id": None}),
        ('"The first title here" and "the second one"', {"title": None}),
        ("He, Deep residual learning, CVPR 2016", {"title": None, "arxiv_id": None, "doi": None}),
        ("pp. 1512.03385", {"arxiv_id": None}),
    ],
)  # fmt: skip
def test_a_printed_reference_tells_what_is_marked_in_it_and_nothing_is_guessed(raw, known):
    read = with_raw_read(Reference(raw=raw))
    assert {name: getattr(read, name) for name in known} == known


@given(st.text(max_size=200), st.booleans())
def test_reading_a_printed_reference_never_raises_and_never_changes_one_that_has_a_title(raw, titled):
    reference = Reference(raw=raw, title="A Title" if titled else None)
    read = with_raw_read(reference)
    assert read.raw == raw
    assert not titled or read == reference


def test_a_printed_reference_that_tells_an_identifier_is_resolved():
    raw = "K. He et al. arXiv:1512.03385, 2015."
    store = graph_of(cites(Reference(raw=raw)), RESNET)
    (edge,) = store.edges("CITES")
    assert (edge.target, edge.properties["found_by"], edge.properties["raw"]) == (
        "arxiv:1512.03385", ["arxiv"], [raw],
    )  # fmt: skip


# --- how complete it is ------------------------------------------------------------------------------------------


def test_stats_tell_by_which_rule_references_were_resolved_what_is_unknown_and_who_says_so():
    store = LocalStore()
    load(store, "one", [RESNET, CAFFE])
    load(
        store,
        "two",
        [cites(
            MISSPELT, Reference(arxiv_id="1408.5093"), Reference(title="A Work That Nobody Has Read"),
            Reference(raw="a private note"), Reference(raw="another"),
        )],
    )  # fmt: skip
    told = stats(store)
    assert (told.citations.edges, told.citations.resolved, told.citations.unidentified) == (3, 2, 2)
    assert told.citations.found_by == {"arxiv": 1, "likeness": 1}
    assert told.citations.papers_with_references == 1
    assert {source.name: (source.citations, source.resolved) for source in told.sources} == {
        "one": (0, 0),
        "two": (3, 2),
    }
