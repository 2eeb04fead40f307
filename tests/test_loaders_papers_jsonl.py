"""papers.jsonl: what each field takes, and what is said of a record that is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Reference


def paper_of(folder, **fields):
    papers, refusals = read_text(folder, json.dumps({"title": "A Title"} | fields), "papers.jsonl")
    assert not refusals
    return papers[0]


def reason_of(folder, **fields):
    papers, refusals = read_text(folder, json.dumps({"title": "A Title"} | fields), "papers.jsonl")
    assert not papers
    return refusals[0].reason


# --- fields ------------------------------------------------------------------------------------------------


def test_a_title_is_enough(tmp_path):
    paper = paper_of(tmp_path)
    assert (paper.title, paper.abstract, paper.line) == ("A Title", "", 1)


def test_white_space_is_folded_in_title_and_abstract(tmp_path):
    paper = paper_of(tmp_path, title="A\n  wrapped\u2028title", abstract=" Two\nlines\u0000 ")
    assert (paper.title, paper.abstract) == ("A wrapped title", "Two lines")


def test_a_summary_stands_in_for_the_abstract(tmp_path):
    assert paper_of(tmp_path, summary="Said briefly.").abstract == "Said briefly."
    assert paper_of(tmp_path, summary="Said briefly.", abstract="Said fully.").abstract == "Said fully."
    assert paper_of(tmp_path, summary="Said briefly.", abstract="").abstract == "Said briefly."


def test_identifiers_are_brought_to_their_normal_form(tmp_path):
    paper = paper_of(
        tmp_path,
        arxiv_id="https://arxiv.org/abs/1706.03762v7",
        doi="https://doi.org/10.1145/ABC.1",
        openalex_id="https://openalex.org/w2741809807",
        s2_id=13756489,
    )
    assert (paper.arxiv_id, paper.doi) == ("1706.03762", "10.1145/abc.1")
    assert (paper.openalex_id, paper.s2_id) == ("W2741809807", "CorpusId:13756489")


@pytest.mark.parametrize(
    ("id", "field", "value"),
    [
        ("1706.03762v1", "arxiv_id", "1706.03762"),
        ("10.1145/ABC.1", "doi", "10.1145/abc.1"),
        ("W2741809807", "openalex_id", "W2741809807"),
        ("204e3073870fae3d05bcbc2f6a8e263d9b72e776", "s2_id", "204e3073870fae3d05bcbc2f6a8e263d9b72e776"),
    ],
)
def test_an_id_is_taken_for_the_identifier_it_is(tmp_path, id, field, value):
    assert getattr(paper_of(tmp_path, id=id), field) == value


@pytest.mark.parametrize("id", ["12345", "row-7", 7, None, ""])
def test_an_id_that_is_no_identifier_is_ignored(tmp_path, id):
    paper = paper_of(tmp_path, id=id)
    assert (paper.arxiv_id, paper.doi, paper.openalex_id, paper.s2_id) == (None, None, None, None)


def test_the_own_field_of_an_identifier_goes_before_id_and_url(tmp_path):
    paper = paper_of(tmp_path, arxiv_id="1706.03762", id="2405.15738", url="https://arxiv.org/abs/2405.15739")
    assert paper.arxiv_id == "1706.03762"


def test_an_address_identifies_a_paper_that_nothing_else_does(tmp_path):
    assert paper_of(tmp_path, url="https://arxiv.org/pdf/1706.03762").arxiv_id == "1706.03762"


def test_the_doi_that_arxiv_gives_is_the_arxiv_identifier(tmp_path):
    paper = paper_of(tmp_path, doi="10.48550/arXiv.1706.03762")
    assert (paper.arxiv_id, paper.doi) == ("1706.03762", None)


def test_authors_are_names_or_objects(tmp_path):
    authors = ["Ada  Lovelace", {"name": "Alan Turing", "orcid": "https://orcid.org/0000-0002-1825-0097"}, ""]
    assert paper_of(tmp_path, authors=authors).authors == (
        Author("Ada Lovelace"),
        Author("Alan Turing", "0000-0002-1825-0097"),
    )


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2017-06-12", ("2017-06-12", 2017)),
        ("2017-06-12T17:57:34.000Z", ("2017-06-12", 2017)),
        ("2017-6-2", ("2017-06-02", 2017)),
        ("2017-06", (None, 2017)),
        ("2017", (None, 2017)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_date_gives_day_and_year(tmp_path, date, expected):
    paper = paper_of(tmp_path, date=date)
    assert (paper.date, paper.year) == expected


def test_a_year_may_be_written_as_text(tmp_path):
    assert paper_of(tmp_path, year="2017").year == paper_of(tmp_path, year=2017.0).year == 2017


def test_references_are_identifiers_titles_or_objects(tmp_path):
    references = [
        "arXiv:1706.03762v7",
        "https://doi.org/10.1145/ABC.1",
        "Attention Is\n All You Need",
        {
            "title": "BERT",
            "id": "1810.04805",
            "year": 2018,
            "authors": ["J. Devlin"],
            "contexts": ["As in [1]."],
        },
        {"raw": "[7] Someone. Something. 1999."},
        {},
        None,
        "",
    ]
    assert paper_of(tmp_path, references=references).references == (
        Reference(arxiv_id="1706.03762"),
        Reference(doi="10.1145/abc.1"),
        Reference(title="Attention Is All You Need"),
        Reference(
            title="BERT", arxiv_id="1810.04805", year=2018, authors=("J. Devlin",), contexts=("As in [1].",)
        ),
        Reference(raw="[7] Someone. Something. 1999."),
    )


def test_a_title_of_digits_is_not_taken_for_an_identifier(tmp_path):
    assert paper_of(tmp_path, references=["1984"]).references == (Reference(title="1984"),)


def test_lists_of_texts_lose_repetitions_and_may_be_one_text(tmp_path):
    paper = paper_of(tmp_path, keywords=["pruning", "pruning", " ", "sparsity"], organizations="Example Lab")
    assert (paper.keywords, paper.organizations) == (("pruning", "sparsity"), ("Example Lab",))


def test_addresses_are_web_addresses(tmp_path):
    paper = paper_of(
        tmp_path, url="https://example.org/p", repositories=["github.com/a/b", "http://example.org"]
    )
    assert paper.url == "https://example.org/p"
    assert paper.repositories == ("https://github.com/a/b", "http://example.org")


def test_unknown_fields_are_ignored(tmp_path):
    assert paper_of(tmp_path, colour="red", embedding=[1.0, 2.0]) == paper_of(tmp_path)


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", None, "the title is missing"),
        ("title", "  ", "the title is missing"),
        ("title", ["A Title"], "title is a list, not text"),
        ("title", "x" * 5001, "the title has 5,001 characters, more than 5,000"),
        ("abstract", {"text": "x"}, "abstract is an object, not text"),
        ("year", [2017], "year is a list, not a whole number"),
        ("year", True, "year is true or false, not a whole number"),
        ("year", 20170, "year is 20170, not between 1500 and 2200"),
        ("date", "12/06/2017", "date is “12/06/2017”, not a date such as 2017-06-12"),
        ("date", "2017-02-30", "date is “2017-02-30”, not a date such as 2017-06-12"),
        ("arxiv_id", "1713.00001", "arxiv_id is “1713.00001”, not an arXiv identifier such as 1706.03762"),
        ("doi", "n/a", "doi is “n/a”, not a DOI such as 10.1145/3292500.3330701"),
        ("authors", "A. Lovelace", "authors is text, not a list of names"),
        ("authors", ["A. Lovelace", 7], "authors[2] is a number, not a name or an object"),
        ("references", "1706.03762", "references is text, not a list"),
        ("references", [{"title": 7}], "references[1].title is a number, not text"),
        (
            "references",
            [{"doi": "n/a"}],
            "references[1].doi is “n/a”, not a DOI such as 10.1145/3292500.3330701",
        ),
        ("keywords", {"a": 1}, "keywords is an object, not a list of texts"),
        ("keywords", ["a", 1], "keywords[2] is a number, not text"),
        ("upvotes", -1, "upvotes is -1, not between 0 and 1000000000"),
        (
            "url",
            "javascript:alert(1)",
            "url is “javascript:alert(1)”, not an address that begins with https://",
        ),
    ],
)
def test_a_wrong_field_is_named(tmp_path, field, value, reason):
    assert reason_of(tmp_path, **{field: value}) == reason


def test_good_records_around_a_bad_one_are_kept(tmp_path):
    lines = ['{"title": "One"}', '{"title": 2}', "", '{"title": "Thr', "[]", '{"title": "Six"}']
    papers, refusals = read_text(tmp_path, "\n".join(lines), "papers.jsonl")
    assert [(paper.title, paper.line) for paper in papers] == [("One", 1), ("Six", 6)]
    assert [str(refusal).partition("papers.jsonl:")[2] for refusal in refusals] == [
        "2: title is a number, not text; mend or remove the record.",
        "4: the line is cut off within a record; mend or remove the line.",
        "5: the record is not an object with a title; mend or remove the record.",
    ]


def test_a_first_line_that_is_broken_does_not_hide_the_others(tmp_path):
    papers, refusals = read_text(tmp_path, '{"title": "On\n{"title": "Two"}\n', "papers.jsonl")
    assert [paper.title for paper in papers] == ["Two"]
    assert [refusal.line for refusal in refusals] == [1]


def test_control_characters_of_a_record_never_reach_the_terminal(tmp_path):
    _, (refusal,) = read_text(tmp_path, '{"title": "A", "doi": "\\u001b[31mred\\u202e"}', "papers.jsonl")
    assert "\x1b" not in str(refusal)
    assert r"“[31mred\u202e”" in str(refusal)


# --- forms of the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", '[{"title": "One"}, {"title": "Two"}]'),
        ("list.json", '[\n  {\n    "title": "One"\n  },\n  {\n    "title": "Two"\n  }\n]\n'),
        ("around.json", '{"count": 2, "meta": {"page": 1}, "papers": [{"title": "One"}, {"title": "Two"}]}'),
        ("lines.ndjson", '{"title": "One"}\r\n{"title": "Two"}\r\n'),
        ("plain", '\n\n{"title": "One"}\n{"title": "Two"}'),
    ],
)
def test_lists_and_lines_hold_the_same_papers(tmp_path, name, text):
    papers, refusals = read_text(tmp_path, text, name)
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert not refusals


def test_one_record_spread_over_lines_is_read(tmp_path):
    papers, refusals = read_text(tmp_path, '{\n  "title": "One",\n  "year": 2017\n}\n', "one.json")
    assert [(paper.title, paper.year) for paper in papers] == [("One", 2017)]
    assert not refusals


def test_a_list_that_is_cut_off_keeps_what_is_whole(tmp_path):
    papers, refusals = read_text(tmp_path, '[{"title": "One"}, {"title": "Two"}, {"title": "Thr', "list.json")
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert [refusal.reason for refusal in refusals] == ["the list is cut off after 2 entries"]


def test_a_bad_entry_of_a_list_is_refused_alone(tmp_path):
    papers, refusals = read_text(
        tmp_path, b'[{"title": "One"}, {"title": "\xe9"}, {"title": "Three"}]', "list.json"
    )
    assert [paper.title for paper in papers] == ["One", "Three"]
    assert [(refusal.line, refusal.reason[:20]) for refusal in refusals] == [(2, "the text is not UTF-")]


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=5),
            st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3)),
            max_size=3,
        ),
        max_size=6,
    ),
    st.integers(1, 40),
)
def test_cutting_a_list_into_entries_gives_the_entries(tmp_path_factory, entries, chunk):
    """Whatever brackets and quotes the texts hold, and wherever the chunks they are read in happen to end."""
    from citegraph.loaders import Document
    from citegraph.loaders.formats.papers_jsonl import PapersJsonl
    from citegraph.loaders.reading import json_records

    path = tmp_path_factory.mktemp("cut") / "list.json"
    path.write_text(json.dumps(entries))
    document = Document(path, "list.json", PapersJsonl())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "_CHUNK", chunk)
        patch.setattr(json_records, "_WHOLE", 0)
        assert list(json_records.records(document)) == list(enumerate(entries, 1))


def test_two_thousand_real_abstracts_load_completely(shared):
    papers, refusals = read(shared("fixtures/hf_daily/abstracts_2024-05_to_2025-02.jsonl"))
    assert (len(papers), refusals) == (2649, [])
    assert all(paper.arxiv_id and paper.date and paper.abstract for paper in papers)
    assert not any("\n" in paper.title or "  " in paper.title or "\n" in paper.abstract for paper in papers)
