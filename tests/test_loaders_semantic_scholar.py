"""Answers of Semantic Scholar's Graph API, and files of its datasets."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Reference
from citegraph.loaders import open_inputs

SHA = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"
OTHER = "e945ca4fdcf45b1a118f1462db7afa12629a131f"
PAPER = {
    "paperId": SHA,
    "corpusId": 13756489,
    "externalIds": {
        "ArXiv": "1706.03762",
        "DBLP": "conf/nips/VaswaniSPUJGKP17",
        "MAG": "2963403868",
        "ACL": "P18-1001",
        "DOI": "10.48550/arXiv.1706.03762",
        "PubMed": "29456894",
        "PubMedCentral": "5815332",
        "CorpusId": 13756489,
    },
    "url": f"https://www.semanticscholar.org/paper/{SHA}",
    "title": "Attention is All you Need",
    "abstract": "We propose\nthe Transformer.",
    "tldr": {"model": "tldr@v2.0.0", "text": "A new simple network architecture."},
    "venue": "NIPS",
    "publicationVenue": {"name": "Neural Information Processing Systems"},
    "year": 2017,
    "publicationDate": "2017-06-12",
    "fieldsOfStudy": ["Computer Science"],
    "s2FieldsOfStudy": [{"category": "Computer Science", "source": "external"}, {"category": "Mathematics"}],
    "authors": [
        {"authorId": "1", "name": "Ada Lovelace", "externalIds": {"ORCID": "0000-0002-1825-0097"}},
        {"authorId": None, "name": "Alan Turing", "affiliations": ["Example Lab"]},
    ],
    "references": [
        {
            "paperId": OTHER,
            "title": "Layer Normalization",
            "year": 2016,
            "externalIds": {"ArXiv": "1607.06450"},
        },
        {"paperId": None, "title": "A book that is not indexed", "authors": [{"name": "Kay"}]},
    ],
}


def one(folder, record, name="paper.json"):
    (paper,), refusals = read_text(folder, json.dumps(record), name)
    assert not refusals
    return paper


def test_all_fields_of_a_paper_are_taken(tmp_path):
    paper = one(tmp_path, PAPER)
    assert (paper.title, paper.abstract) == ("Attention is All you Need", "We propose the Transformer.")
    assert (paper.arxiv_id, paper.doi, paper.s2_id) == ("1706.03762", None, SHA)
    assert set(paper.also) == {
        "s2:CorpusId:13756489",
        "dblp:conf/nips/VaswaniSPUJGKP17",
        "openalex:W2963403868",
        "acl:P18-1001",
        "pmid:29456894",
        "pmcid:PMC5815332",
    }
    assert (paper.year, paper.date, paper.venue) == (
        2017,
        "2017-06-12",
        "Neural Information Processing Systems",
    )
    assert paper.authors == (Author("Ada Lovelace", "0000-0002-1825-0097"), Author("Alan Turing"))
    assert (paper.organizations, paper.keywords) == (("Example Lab",), ("Computer Science", "Mathematics"))


def test_a_reference_without_paper_id_is_kept_by_its_title(tmp_path):
    assert one(tmp_path, PAPER).references == (
        Reference(title="Layer Normalization", s2_id=OTHER, arxiv_id="1607.06450", year=2016),
        Reference(title="A book that is not indexed", authors=("Kay",)),
    )


def test_a_paper_known_by_its_identifier_alone_has_no_title(tmp_path):
    paper = one(tmp_path, {"paperId": SHA, "citationCount": 7})
    assert (paper.title, paper.s2_id) == ("", SHA)


def test_papers_listed_as_citations_cite_the_paper(tmp_path):
    record = PAPER | {"references": None, "citations": [{"paperId": OTHER, "title": "BERT"}]}
    (paper, citing), refusals = read_text(tmp_path, json.dumps(record), "paper.json")
    assert not refusals
    assert (citing.title, citing.s2_id) == ("BERT", OTHER)
    assert [(r.s2_id, r.title, r.arxiv_id) for r in citing.references] == [(SHA, paper.title, "1706.03762")]


# --- pages of references and citations ---------------------------------------------------------------------

CITED = {
    "isInfluential": True,
    "contexts": ["We follow [1].", "As in [1], we train."],
    "intents": ["methodology", "result", "background", "something else"],
    "citedPaper": {"paperId": OTHER, "title": "Layer Normalization"},
}


def test_a_page_of_references_alone_gives_the_papers_and_says_what_it_lacks(tmp_path):
    unknown = {"citedPaper": {"paperId": None, "title": "A book"}}
    papers, refusals = read_text(tmp_path, json.dumps({"offset": 0, "data": [CITED, unknown]}), "page.json")
    assert [(paper.title, paper.references) for paper in papers] == [
        ("Layer Normalization", ()),
        ("A book", ()),
    ]
    assert [str(refusal).rpartition("page.json: ")[2] for refusal in refusals] == [
        "which paper these 2 cite, or are cited by, is not in the file, so they were read as papers only; "
        "ask for the paper with its references, or add its paperId beside data."
    ]


def test_a_page_that_was_told_the_paper_gives_its_references_with_contexts_and_intents(tmp_path):
    page = {
        "paperId": SHA,
        "offset": 0,
        "data": [CITED, {"citedPaper": {"paperId": None, "title": "A book"}}],
    }
    (paper,), refusals = read_text(tmp_path, json.dumps(page), "page.json")
    assert not refusals
    assert (paper.title, paper.s2_id) == ("", SHA)
    assert paper.references == (
        Reference(
            title="Layer Normalization",
            s2_id=OTHER,
            contexts=("We follow [1].", "As in [1], we train."),
            intents=("usesMethodIn", "discusses", "obtainsBackgroundFrom"),
            influential=True,
        ),
        Reference(title="A book"),
    )


def test_a_page_of_citations_that_was_told_the_paper_gives_papers_that_cite_it(tmp_path):
    entry = {"contexts": ["We use [3]."], "intents": ["methodology"], "isInfluential": False}
    entry["citingPaper"] = {"paperId": OTHER, "title": "BERT", "year": 2019}
    (paper,), refusals = read_text(tmp_path, json.dumps({"paperId": SHA, "data": [entry]}), "page.json")
    assert not refusals
    assert (paper.title, paper.year) == ("BERT", 2019)
    assert paper.references == (
        Reference(s2_id=SHA, contexts=("We use [3].",), intents=("usesMethodIn",), influential=False),
    )


def test_pages_may_stand_one_a_line(tmp_path):
    lines = [{"paperId": sha, "data": [CITED]} for sha in (SHA, "a" * 40)]
    papers, refusals = read_text(tmp_path, "\n".join(map(json.dumps, lines)), "pages.jsonl")
    assert [(paper.s2_id, len(paper.references)) for paper in papers] == [(SHA, 1), ("a" * 40, 1)]
    assert not refusals


def test_contexts_with_their_intents_are_read_too(tmp_path):
    entry = {
        "contextsWithIntent": [{"context": "We use [1].", "intents": ["methodology"]}],
        "citedPaper": {"title": "A"},
    }
    (paper,), _ = read_text(tmp_path, json.dumps({"paperId": SHA, "data": [entry]}), "page.json")
    assert (paper.references[0].contexts, paper.references[0].intents) == (
        ("We use [1].",),
        ("usesMethodIn",),
    )


# --- lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        [PAPER, None, PAPER],
        {"total": 3, "offset": 0, "data": [PAPER, None, PAPER]},
        {"total": 3, "token": "x" * 150, "data": [PAPER, None, PAPER]},
        {"recommendedPapers": [PAPER, None, PAPER]},
    ],
    ids=["batch", "search", "bulk", "recommendations"],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_null_among_papers_is_named_and_the_others_kept(tmp_path, body, indent):
    papers, refusals = read_text(tmp_path, json.dumps(body, indent=indent), "body.json")
    assert [paper.s2_id for paper in papers] == [SHA, SHA]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (2, "the entry is null, for Semantic Scholar did not find what was asked for")
    ]


def test_a_batch_that_begins_with_null_is_known(tmp_path):
    papers, refusals = read_text(tmp_path, json.dumps([None, PAPER]), "batch.json")
    assert (len(papers), len(refusals)) == (1, 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "Paper not found"}, "Semantic Scholar answered with an error, “Paper not found”"),
        ({"message": "Forbidden"}, "Semantic Scholar answered with an error, “Forbidden”"),
        ({"authorId": "1", "name": "A. Turing"}, "this is an author of Semantic Scholar, not a paper"),
        (
            {"release_id": "x", "datasets": []},
            "this names the files of a dataset of Semantic Scholar, and is none of them",
        ),
        (
            {"corpusid": 1, "model": "m", "text": "t"},
            "this is a summary that a model wrote (tldr), not a paper",
        ),
        ({"corpusid": 1, "model": "m", "vector": "[]"}, "this is an embedding, not a paper"),
        ({"x": 1}, "the record has no paperId or corpusid"),
        (7, "the entry is not an object"),
        (PAPER | {"title": 7}, "title is a number, not text"),
        (PAPER | {"references": {}}, "references is an object, not a list"),
        (PAPER | {"externalIds": "x"}, "externalIds is text, not an object"),
        (PAPER | {"authors": [7]}, "authors[1] is a number, not an object"),
        ({"paperId": None, "title": None}, "the record has neither a title nor an identifier"),
        ({"citingcorpusid": None, "citedcorpusid": 1}, "citingcorpusid is no corpus id"),
    ],
)
def test_what_is_no_paper_is_named_and_the_others_kept(tmp_path, body, reason):
    lines = "\n".join(map(json.dumps, [PAPER, body, PAPER]))
    papers, refusals = read_text(tmp_path, lines, "lines.jsonl", format="semantic-scholar")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


def test_the_papers_of_an_author_are_read(tmp_path):
    papers, refusals = read_text(
        tmp_path, json.dumps({"authorId": "1", "name": "A", "papers": [PAPER]}), "a.json"
    )
    assert ([paper.s2_id for paper in papers], refusals) == ([SHA], [])


# --- datasets ----------------------------------------------------------------------------------------------

DATASETS = {
    "papers": {
        "corpusid": 13756489,
        "externalids": {"ArXiv": "1706.03762", "MAG": None, "CorpusId": "13756489", "DOI": None},
        "url": f"https://www.semanticscholar.org/paper/{SHA}",
        "title": "Attention is All you Need",
        "authors": [{"authorId": "1", "name": "Ada Lovelace"}],
        "venue": "",
        "year": 2017,
        "s2fieldsofstudy": [{"category": "Computer Science", "source": "external"}],
        "publicationdate": "2017-06-12",
        "journal": {"name": "ArXiv"},
    },
    "abstracts": {
        "corpusid": 13756489,
        "openaccessinfo": {"externalids": {"DOI": "10.5555/x", "ArXiv": None}, "url": None},
        "abstract": "We propose\nthe Transformer.",
    },
    "paper-ids": {"sha": SHA, "corpusid": 13756489, "primary": True},
}


def test_a_line_of_papers_has_both_identifiers(tmp_path):
    paper = one(tmp_path, DATASETS["papers"], "papers")
    assert (paper.title, paper.s2_id, paper.arxiv_id) == ("Attention is All you Need", SHA, "1706.03762")
    assert paper.also == ("s2:CorpusId:13756489",)
    assert (paper.venue, paper.keywords, paper.date) == ("ArXiv", ("Computer Science",), "2017-06-12")


def test_a_line_of_abstracts_is_a_paper_without_title(tmp_path):
    paper = one(tmp_path, DATASETS["abstracts"], "abstracts")
    assert (paper.title, paper.s2_id, paper.doi) == ("", "CorpusId:13756489", "10.5555/x")
    assert paper.abstract == "We propose the Transformer."


def test_a_line_of_paper_ids_says_that_two_identifiers_are_of_one_paper(tmp_path):
    paper = one(tmp_path, DATASETS["paper-ids"], "ids")
    assert (paper.title, paper.s2_id, paper.also) == ("", SHA, ("s2:CorpusId:13756489",))


def citation(citing, cited, **said):
    return {"citationid": 1, "citingcorpusid": citing, "citedcorpusid": cited, "isinfluential": False} | said


def test_citations_of_one_paper_that_follow_each_other_are_one_record(tmp_path):
    lines = [
        citation(10, 20, contexts=["One [1]."], intents=[["background"]]),
        citation(10, 30, contexts=None, intents=None, isinfluential=True),
        citation(10, 20, contexts=["Two [1]."], intents=[["methodology"], None]),
        citation("11", "20"),
        citation(10, 40),
    ]
    data = gzip.compress("\n".join(map(json.dumps, lines)).encode())
    papers, refusals = read_text(tmp_path, data, "citations.gz")
    assert not refusals
    assert [(p.title, p.s2_id, len(p.references), p.line) for p in papers] == [
        ("", "CorpusId:10", 2, 1),
        ("", "CorpusId:11", 1, 4),
        ("", "CorpusId:10", 1, 5),
    ]
    first, second = papers[0].references
    assert (first.s2_id, first.contexts, first.intents, first.influential) == (
        "CorpusId:20",
        ("One [1].", "Two [1]."),
        ("obtainsBackgroundFrom", "usesMethodIn"),
        False,
    )
    assert (second.s2_id, second.influential) == ("CorpusId:30", True)


def test_citations_that_do_not_say_what_they_cite_are_counted(tmp_path):
    lines = [citation(10, None, contexts=["A [1]."]), citation(10, 20), citation(12, None)]
    papers, refusals = read_text(tmp_path, "\n".join(map(json.dumps, lines)), "citations.jsonl")
    assert [(paper.s2_id, len(paper.references)) for paper in papers] == [("CorpusId:10", 1)]
    assert [refusal.reason for refusal in refusals] == [
        "2 citations do not say what they cite, and were left out"
    ]


@pytest.mark.parametrize("together", [True, False])
def test_memory_does_not_grow_with_the_citations(tmp_path, together):
    path = tmp_path / "citations.jsonl"
    program = (
        "import resource, sys; from citegraph.loaders import open_inputs\n"
        "found, = open_inputs([sys.argv[1]])\n"
        "print(sum(len(p.references) for p in found.papers()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for count in (1_000, 60_000):
        with path.open("w") as stream:
            for number in range(count):
                stream.write(json.dumps(citation(1 if together else number + 1, number + 1)) + "\n")
        done = subprocess.run(
            [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
        )
        references, peak = map(int, done.stdout.split())
        assert references == count
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.2


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
REAL_LIKE = [PAPER, {"paperId": SHA, "data": [CITED]}, citation(1, 2), *DATASETS.values()]
KEYS = sorted({key for record in REAL_LIKE for key in record})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(REAL_LIKE), st.dictionaries(st.sampled_from(KEYS), ANY, max_size=3), st.data())
def test_no_change_to_a_record_raises(tmp_path_factory, record, changes, data):
    text = json.dumps(record | changes)
    text = text[: data.draw(st.integers(1, len(text)))] if data.draw(st.booleans()) else text
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), text, "x.json", format="semantic-scholar")
    assert papers or refusals


def test_full_texts_of_s2orc_are_left_to_their_own_loader(tmp_path):
    path = tmp_path / "s2orc"
    path.write_text(
        json.dumps({"corpusid": 1, "externalids": {}, "content": {"text": "x", "annotations": {}}})
    )
    assert [getattr(found, "format", None) for found in open_inputs([path])] != ["semantic-scholar"]


# --- real files --------------------------------------------------------------------------------------------

REAL = {  # papers, refused
    "test_get_author__0_200": (0, 1),
    "test_get_authors__0_200": (0, 3),
    "test_get_dataset_diffs__0_200": (0, 1),
    "test_get_dataset_download_links__0_200": (0, 1),
    "test_get_paper_authors__0_200": (0, 4),
    "test_get_paper_references__0_200": (50, 1),
    "test_get_release__0_200": (0, 1),
    "test_not_found__1_404": (0, 1),
    "test_search_author__0_200": (0, 59),
    "test_get_author_papers__8_200": (75, 0),
    "test_search_paper_bulk_retrieval_next_page__1_200": (1000, 0),
    "test_search_paper_bulk_retrieval_sorted_results_desc__0_200": (1000, 0),
    "test_search_paper_match_title__0_200": (1, 0),
    "test_search_paper_publication_date_or_year__0_200": (77, 0),
    "test_search_paper_traversing_results__0_200": (89, 0),
    "test_search_paper_year__0_200": (21, 0),
    "paperqa/test_bad_dois__0_404": (0, 1),
    "paperqa/test_bulk_doi_search__3_404": (0, 1),
    "paperqa/test_s2_title_search_empty_data__0_200": (0, 1),
}
REAL |= {f"test_get_author_papers__{n}_200": (100, 0) for n in (0, 1, 2, 3, 4, 6)}
REAL |= {f"test_get_paper_citations__{n}_200": (100, 1) for n in (2, 4, 5, 7, 10, 11, 12, 14)}
REAL |= {f"test_search_paper_publication_date_or_year__{n}_200": (100, 0) for n in (3, 5, 6, 7, 8)}
REAL |= {f"test_search_paper_{name}_200": (100, 0) for name in (
    "_0", "next_page__0", "next_page__1", "publication_types__0", "venue__0"
)}  # fmt: skip
OF_ONE_PAPER = [
    "arxiv_doi_is_used_when_available__1", "author_matching__1", "bulk_doi_search__1", "bulk_doi_search__4",
    "bulk_doi_search__5", "bulk_title_search__1", "bulk_title_search__2", "bulk_title_search__8",
    "bulk_title_search__9", "docs_lifecycle__0", "docs_lifecycle__3", "doi_search_paper_attributes3___0",
    "get_reasoning_deepseek-reasoner___0", "image_enrichment_normal_use__0", "minimal_fields_filtering__0",
    "odd_client_requests__9", "title_search_paper_attributes0___2", "title_search_paper_attributes2___2",
]  # fmt: skip
REAL |= {f"paperqa/test_{name}_200": (1, 0) for name in OF_ONE_PAPER}


@pytest.mark.parametrize(("name", "counts"), REAL.items())
def test_every_real_answer_gives_its_papers(shared, name, counts):
    papers, refusals = read(shared(f"fixtures/s2/{name}.json"))
    assert (len(papers), len(refusals)) == counts
    assert all(paper.s2_id or paper.title for paper in papers)


def test_all_real_files_are_known_here(shared):
    folder = shared("fixtures/s2")
    names = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")}
    assert names == set(REAL)


def test_references_without_paper_id_of_a_real_page_are_kept_by_title(shared):
    papers, _ = read(shared("fixtures/s2/test_get_paper_references__0_200.json"))
    assert sum(paper.s2_id is None and bool(paper.title) for paper in papers) == 10


def test_a_real_page_with_the_paper_added_has_all_its_references(shared, tmp_path):
    page = json.loads(shared("fixtures/s2/test_get_paper_references__0_200.json").read_text())
    (paper,), refusals = read_text(tmp_path, json.dumps({"paperId": SHA} | page), "page.json")
    assert (len(paper.references), refusals) == (50, [])
    assert sum(reference.s2_id is None for reference in paper.references) == 10


def test_the_number_of_microsoft_academic_graph_is_the_openalex_identifier_of_a_real_paper(shared):
    (one,), _ = read(shared("fixtures/s2/paperqa/test_title_search_paper_attributes0___2_200.json"))
    (other,), _ = read(shared("fixtures/openalex/paperqa/test_title_search_paper_attributes0___3_200.json"))
    assert one.doi == other.doi
    assert f"openalex:{other.openalex_id}" in one.also
