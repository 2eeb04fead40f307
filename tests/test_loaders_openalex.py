"""Works of OpenAlex: pages, single works, snapshot lines."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Reference
from citegraph.loaders import Document, open_inputs
from citegraph.loaders.formats.openalex import rebuilt

WORK = {
    "id": "https://openalex.org/W2626778328",
    "doi": "https://doi.org/10.1234/Example.1",
    "title": "Attention Is <i>All</i> You Need &amp; More",
    "display_name": "Another spelling",
    "publication_year": 2017,
    "publication_date": "2017-06-12",
    "ids": {
        "openalex": "https://openalex.org/W2626778328",
        "mag": "2963403868",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/29456894",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/5815332",
    },
    "primary_location": {
        "landing_page_url": "http://arxiv.org/abs/1706.03762v5",
        "source": {"display_name": "arXiv (Cornell University)", "type": "repository"},
    },
    "locations": [
        {"landing_page_url": "https://doi.org/10.1371/journal", "source": None},
        {"landing_page_url": None, "source": {"display_name": "A Journal", "type": "journal"}},
    ],
    "type": "article",
    "authorships": [
        {
            "author": {"display_name": "Ada Lovelace", "orcid": "https://orcid.org/0000-0002-1825-0097"},
            "institutions": [{"display_name": "Example University"}, {"display_name": "A Lab"}],
        },
        {"author": {"display_name": None}, "raw_author_name": "Alan Turing", "institutions": []},
    ],
    "is_retracted": False,
    "keywords": [{"display_name": "Attention"}],
    "topics": [{"display_name": "Machine Translation"}, {"display_name": "Attention"}],
    "concepts": [{"display_name": "Computer science"}],
    "referenced_works": ["https://openalex.org/W1", "https://openalex.org/W1522301498", "W1522301498"],
    "related_works": ["https://openalex.org/W9999999"],
    "abstract_inverted_index": {
        "We": [0],
        "dispense": [1],
        "with": [2, 5],
        "recurrence": [3],
        "and": [4],
        "it.": [6],
    },
}


def one(folder, work):
    (paper,), refusals = read_text(folder, json.dumps(work), "work.json")
    assert not refusals
    return paper


def test_all_fields_of_a_work_are_taken(tmp_path):
    paper = one(tmp_path, WORK)
    assert paper.title == "Attention Is All You Need & More"
    assert paper.abstract == "We dispense with recurrence and with it."
    assert (paper.arxiv_id, paper.doi, paper.openalex_id) == (
        "1706.03762",
        "10.1234/example.1",
        "W2626778328",
    )
    assert paper.also == ("pmid:29456894", "pmcid:PMC5815332", "openalex:W2963403868")
    assert (paper.year, paper.date, paper.venue) == (2017, "2017-06-12", "A Journal")
    assert paper.authors == (Author("Ada Lovelace", "0000-0002-1825-0097"), Author("Alan Turing"))
    assert paper.organizations == ("Example University", "A Lab")
    assert paper.keywords == ("Attention", "Machine Translation")
    assert paper.retracted is None


def test_references_are_works_and_likenesses_are_not(tmp_path):
    assert one(tmp_path, WORK).references == (Reference(openalex_id="W1522301498"),)


def test_a_retracted_work_is_marked(tmp_path):
    assert one(tmp_path, WORK | {"is_retracted": True}).retracted is True


def test_the_doi_of_arxiv_is_the_arxiv_identifier(tmp_path):
    paper = one(
        tmp_path,
        {
            "id": "https://openalex.org/W12345",
            "title": "A",
            "doi": "https://doi.org/10.48550/arXiv.2304.05376",
        },
    )
    assert (paper.arxiv_id, paper.doi) == ("2304.05376", None)


def test_a_work_without_title_is_known_by_its_identifier(tmp_path):
    paper = one(tmp_path, {"id": "https://openalex.org/W12345", "title": None})
    assert (paper.title, paper.openalex_id) == ("", "W12345")


def test_what_is_no_identifier_is_left_out_and_the_work_kept(tmp_path):
    work = WORK | {"doi": "https://doi.org/none", "ids": {"pmid": "x", "mag": "y"}, "locations": []}
    paper = one(tmp_path, work)
    assert (paper.doi, paper.also, len(paper.references)) == (None, (), 1)


def test_concepts_stand_in_where_there_are_no_topics(tmp_path):
    assert one(tmp_path, WORK | {"keywords": [], "topics": []}).keywords == ("Computer science",)


def test_older_forms_of_venue_and_keywords_are_read(tmp_path):
    work = {"id": "https://openalex.org/W12345", "title": "A", "keywords": [{"keyword": "old", "score": 1}]}
    paper = one(tmp_path, work | {"host_venue": {"display_name": "Old Journal"}})
    assert (paper.venue, paper.keywords) == ("Old Journal", ("old",))


# --- the abstract ------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), max_size=40))
def test_a_text_is_put_together_exactly_as_it_was_taken_apart(words):
    index: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position)
    assert rebuilt(index) == " ".join(words)
    assert rebuilt(dict(reversed(index.items()))) == " ".join(words)


def test_missing_and_shared_positions_lose_no_word():
    assert rebuilt({"b": [7], "a": [2], "c": [7]}) == "a b c"


@pytest.mark.parametrize("position", [-1, 10**9, 2**70, 1.5, "1", None, True, [1]])
def test_a_position_that_is_none_is_refused_at_once(tmp_path, position):
    work = WORK | {"abstract_inverted_index": {"word": [position]}}
    papers, refusals = read_text(tmp_path, json.dumps(work) + "\n" + json.dumps(WORK), "works.jsonl")
    assert len(papers) == 1
    assert [refusal.line for refusal in refusals] == [1]
    assert refusals[0].reason.startswith("abstract_inverted_index: a position of “word” is “")


def test_the_index_as_the_first_snapshots_had_it_is_read(tmp_path):
    index = json.dumps({"IndexLength": 2, "InvertedIndex": {"two": [1], "One": [0]}})
    assert one(tmp_path, WORK | {"abstract_inverted_index": index}).abstract == "One two"


# --- pages -------------------------------------------------------------------------------------------------

META = {"count": 2, "x_query": {"oqo": {"filter_rows": [{"column_id": "x", "results": ["no"]}]}}}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps({"meta": META, "results": [WORK, WORK], "group_by": []}), "page.json"),
        (json.dumps({"meta": META, "results": [WORK, WORK]}, indent=2), "page.json"),
        (json.dumps([WORK, WORK]), "list.json"),
        (f"{json.dumps(WORK)}\n{json.dumps(WORK)}\n", "part_000"),
        (f"{json.dumps(WORK)}\n{json.dumps(WORK)}\n", "works.json"),
        (f"{json.dumps({'meta': META, 'results': [WORK]})}\n" * 2, "pages.json"),
        (f"{json.dumps({'meta': META, 'results': [WORK]})}\n" * 2, "pages.jsonl"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_all_forms_hold_the_same_works(tmp_path, text, name, packed):
    data = gzip.compress(text.encode()) if packed else text.encode()
    papers, refusals = read_text(tmp_path, data, name + (".gz" if packed else ""))
    assert [paper.openalex_id for paper in papers] == ["W2626778328"] * 2
    assert not refusals


def test_a_page_that_is_cut_off_keeps_its_whole_works(tmp_path):
    text = json.dumps({"meta": META, "results": [WORK] * 5})
    papers, refusals = read_text(tmp_path, text[: len(text) - 500], "page.json")
    assert len(papers) == 4
    assert [str(refusal).rpartition("page.json")[2] for refusal in refusals] == [
        ":5: the list is cut off after 4 entries; get the file again."
    ]


def test_a_page_too_large_to_be_parsed_is_cut_into_works(tmp_path):
    large = WORK | {"filler": "x" * 1_000_000}
    text = json.dumps({"meta": META, "results": [large] * 10, "group_by": [{"key": "]}"}]})
    papers, refusals = read_text(tmp_path, text, "page.json")
    assert (len(papers), refusals) == (10, [])
    papers, refusals = read_text(tmp_path, text + "\n" + text, "page.json")
    assert len(papers) == 10
    assert [refusal.reason for refusal in refusals] == ["something follows the page, which was left"]
    papers, refusals = read_text(tmp_path, text, "page.jsonl")
    assert [refusal.reason for refusal in refusals] == [
        "the line is longer than 8 MB",
        "there is no paper in it",
    ][:1]


def test_the_format_is_told_by_fields_and_not_by_words_in_a_text(tmp_path):
    line = {
        "title": "On https://openalex.org/W123",
        "abstract": '"id": "https://openalex.org/W1"',
        "notes": WORK,
    }
    path = tmp_path / "papers.jsonl"
    path.write_text(json.dumps(line))
    (document,) = open_inputs([path])
    assert isinstance(document, Document)
    assert document.format == "papers-jsonl"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (7, "the entry is not an object"),
        (None, "the entry is null, for OpenAlex did not find what was asked for"),
        ({}, "the record has neither a title nor an identifier"),
        (
            {"id": "https://openalex.org/A5023888391"},
            "this is an author (“A5023888391”) of OpenAlex, not a work",
        ),
        ({"id": "https://openalex.org/countries/US"}, "this is a country (“US”) of OpenAlex, not a work"),
        (
            {"error": "Invalid query", "message": "No."},
            "OpenAlex answered with an error, “Invalid query” “No.”",
        ),
        (WORK | {"title": ["A"]}, "title is a list, not text"),
        (WORK | {"title": "x" * 6000}, "the title has 6,000 characters, more than 5,000"),
        (WORK | {"authorships": {}}, "authorships is an object, not a list"),
        (WORK | {"authorships": [7]}, "authorships[1] is a number, not an object"),
        (WORK | {"referenced_works": [7]}, "referenced_works[1] is a number, not text"),
        (WORK | {"locations": "x"}, "locations is text, not a list"),
        (
            WORK | {"abstract_inverted_index": {"a": 1}},
            "abstract_inverted_index: the positions of “a” are not a list",
        ),
        (WORK | {"abstract_inverted_index": "x"}, "abstract_inverted_index is text that is not JSON"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_kept(tmp_path, entry, reason):
    papers, refusals = read_text(tmp_path, json.dumps({"results": [WORK, entry, WORK]}), "page.json")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(WORK)), ANY, max_size=3), st.data())
def test_no_change_to_a_work_raises(tmp_path_factory, changes, data):
    text = json.dumps(WORK | changes)
    text = text[: data.draw(st.integers(1, len(text)))] if data.draw(st.booleans()) else text
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), text, "work.json", format="openalex")
    assert papers or refusals


# --- real files --------------------------------------------------------------------------------------------

REAL = {  # papers, references, with abstract, refused
    "W2741809807.json": (1, 45, 1, 0),
    "hfl112/openalex_works.json": (3, 572, 0, 0),
    "paperqa/test_does_openalex_work_not-oa-in-openalex___0_200.json": (1, 0, 0, 0),
    "paperqa/test_does_openalex_work_oa-in-openalex2___0_200.json": (1, 0, 0, 0),
    "paperqa/test_doi_search_paper_attributes0___2_200.json": (1, 59, 0, 0),
    "paperqa/test_doi_search_paper_attributes2___2_200.json": (1, 1, 0, 0),
    "paperqa/test_title_search_paper_attributes0___3_200.json": (1, 58, 1, 0),
    "paperqa/test_title_search_paper_attributes2___3_200.json": (2, 57, 2, 0),
    "pyopenalex/work.json": (1, 54, 1, 0),
    "pyopenalex/works_list.json": (2, 187, 2, 0),
    "pyopenalex/autocomplete.json": (0, 0, 0, 10),
}
OTHER_THINGS = [
    "author", "award", "continent", "country", "domain", "field", "funder", "institution",
    "institution_type", "keyword", "language", "license", "publisher", "sdg", "source",
    "source_type", "subfield", "topic", "work_type",
]  # fmt: skip
REAL |= {f"pyopenalex/{name}.json": (0, 0, 0, 1) for name in OTHER_THINGS}


@pytest.mark.parametrize(("name", "counts"), REAL.items())
def test_every_real_file_gives_its_works(shared, name, counts):
    papers, refusals = read(shared(f"fixtures/openalex/{name}"))
    references = sum(len(paper.references) for paper in papers)
    assert (len(papers), references, sum(bool(p.abstract) for p in papers), len(refusals)) == counts
    assert all(refusal.reason.endswith("of OpenAlex, not a work") for refusal in refusals)


def test_all_real_files_are_known_here(shared):
    folder = shared("fixtures/openalex")
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")} == set(REAL)


def test_a_real_work_is_read_in_full(shared):
    (paper,), _ = read(shared("fixtures/openalex/pyopenalex/work.json"))
    work = json.loads(shared("fixtures/openalex/pyopenalex/work.json").read_text())
    words = {p: word for word, positions in work["abstract_inverted_index"].items() for p in positions}
    assert paper.abstract == " ".join(words[position] for position in range(len(words)))
    assert (paper.doi, paper.openalex_id, paper.also) == (
        "10.7717/peerj.4375",
        "W2741809807",
        ("pmid:29456894",),
    )
    assert (paper.date, paper.venue, len(paper.authors)) == ("2018-02-13", "PeerJ", 9)
    assert paper.authors[0] == Author("Heather Piwowar", "0000-0003-1613-5981")
