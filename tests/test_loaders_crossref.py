"""Works of Crossref: single works, lists, lines, and what its API says instead."""

from __future__ import annotations

import json

import pytest
from effort import within
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Reference
from citegraph.loaders import Document, open_inputs
from citegraph.loaders.reading.markup import plain

WORK = {
    "indexed": {"date-parts": [[2025, 1, 1]]},
    "reference-count": 3,
    "publisher": "Example Press",
    "DOI": "10.1234/Example.1",
    "type": "journal-article",
    "title": ["Layers &amp; <i>Norms</i>"],
    "author": [
        {
            "given": "Ada",
            "family": "Lovelace",
            "ORCID": "https://orcid.org/0000-0002-1825-0097",
            "sequence": "first",
        },
        {"name": "The Example Group"},
        {
            "given": "Alan",
            "family": "Turing",
            "suffix": "Jr",
            "affiliation": [
                {"name": "Example University", "id": [{"id": "https://ror.org/1"}]},
                {"name": "Dept. of Examples, 1 Road, Town"},
            ],
        },
    ],
    "published": {"date-parts": [[2016, 7, 21]]},
    "issued": {"date-parts": [[2017]]},
    "container-title": ["Journal of Examples &amp; Tests"],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We find x<jats:sup>2</jats:sup> &lt; 1.</jats:p>",
    "subject": ["Artificial Intelligence"],
    "reference": [
        {"key": "1", "doi-asserted-by": "crossref", "DOI": "10.5555/One", "year": "2014"},
        {"key": "2", "article-title": "A Second", "author": "Ba", "year": "2012a", "journal-title": "J. Two"},
        {"key": "3", "unstructured": "Kay A. (1993) The early history. Arxiv preprint arXiv:1607.06450."},
        {
            "key": "4",
            "article-title": "Layer",
            "journal-title": "arXiv preprint arXiv:1706.03762v2",
            "year": "0",
        },
        {"key": "5", "author": "kohler", "journal-title": "TCP Friendly Rate Control", "year": "2002"},
        {"key": "6"},
    ],
}


def one(folder, work):
    (paper,), refusals = read_text(
        folder, json.dumps({"status": "ok", "message-type": "work", "message": work}), "x.json"
    )
    assert not refusals
    return paper


def test_all_fields_of_a_work_are_taken(tmp_path):
    paper = one(tmp_path, WORK)
    assert (paper.title, paper.abstract) == ("Layers & Norms", "We find x2 < 1.")
    assert (paper.doi, paper.also) == ("10.1234/example.1", ())
    assert (paper.year, paper.date, paper.venue) == (2016, "2016-07-21", "Journal of Examples & Tests")
    assert paper.authors == (
        Author("Ada Lovelace", "0000-0002-1825-0097"),
        Author("The Example Group"),
        Author("Alan Turing Jr"),
    )
    assert paper.organizations == ("Example University",)
    assert paper.keywords == ("Artificial Intelligence",)
    assert paper.retracted is None


def test_references_are_kept_with_and_without_doi(tmp_path):
    assert one(tmp_path, WORK).references == (
        Reference(doi="10.5555/one", year=2014),
        Reference(title="A Second", authors=("Ba",), year=2012),
        Reference(
            arxiv_id="1607.06450", raw="Kay A. (1993) The early history. Arxiv preprint arXiv:1607.06450."
        ),
        Reference(title="Layer", arxiv_id="1706.03762"),
        Reference(raw="kohler, TCP Friendly Rate Control, 2002", authors=("kohler",), year=2002),
    )


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"published": {"date-parts": [[2016, 7]]}}, (None, 2016)),
        ({"published-online": {"date-parts": [[2016, 2, 30]]}}, (None, 2016)),
        (
            {"published": {"date-parts": [[None]]}, "issued": {"date-parts": [["2015", "3", "4"]]}},
            ("2015-03-04", 2015),
        ),
        ({"issued": {"date-parts": [[20188]]}}, (None, None)),
        ({"issued": {"date-parts": []}}, (None, None)),
        ({"issued": {"date-parts": [[10**30, 1, 1]]}}, (None, None)),
    ],
)
def test_a_date_in_parts_is_as_exact_as_its_parts(tmp_path, dates, expected):
    paper = one(tmp_path, {"DOI": "10.1234/x", "title": ["A"]} | dates)
    assert (paper.date, paper.year) == expected


def test_a_preprint_is_where_it_was_posted(tmp_path):
    work = {
        "DOI": "10.1101/1",
        "title": ["A"],
        "type": "posted-content",
        "institution": [{"name": "bioRxiv"}],
    }
    assert one(tmp_path, work).venue == "bioRxiv"
    assert one(tmp_path, work | {"institution": {"name": "bioRxiv"}}).venue == "bioRxiv"


# --- the same work, and the retracted ----------------------------------------------------------------------


def related(**relation):
    given = {
        name.replace("_", "-"): [{"id-type": kind, "id": i} for kind, i in to]
        for name, to in relation.items()
    }
    return WORK | {"relation": given}


@pytest.mark.parametrize(
    ("work", "also"),
    [
        (related(is_preprint_of=[("doi", "10.5555/Published")]), ("doi:10.5555/published",)),
        (
            related(has_preprint=[("doi", "10.5555/v1"), ("doi", "10.5555/v2")]),
            ("doi:10.5555/v1", "doi:10.5555/v2"),
        ),
        (related(is_preprint_of=[("doi", "10.5555/a"), ("doi", "10.5555/b")]), ()),
        (related(is_preprint_of=[("doi", "10.1234/example.1")]), ()),
        (related(has_review=[("doi", "10.5555/review")]), ()),
        (related(is_supplemented_by=[("doi", "10.5555/data")]), ()),
        (related(has_preprint=[("uri", "https://example.org/10.5555/x")]), ()),
    ],
)
def test_versions_of_the_work_are_further_identifiers_and_other_relations_are_not(tmp_path, work, also):
    assert one(tmp_path, work).also == also


def test_a_preprint_on_arxiv_gives_the_arxiv_identifier(tmp_path):
    paper = one(tmp_path, related(has_preprint=[("doi", "10.48550/arXiv.1706.03762")]))
    assert (paper.doi, paper.arxiv_id) == ("10.1234/example.1", "1706.03762")
    paper = one(tmp_path, related(has_preprint=[("arxiv", "arXiv:1706.03762v2")]))
    assert paper.arxiv_id == "1706.03762"


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_a_work_that_was_retracted_is_marked(tmp_path, kind):
    update = {"updated-by": [{"DOI": "10.1234/notice", "type": kind}]}
    assert one(tmp_path, WORK | update).retracted is True


@pytest.mark.parametrize("kind", ["correction", "partial_retraction", "erratum", None])
def test_a_work_that_was_corrected_is_not(tmp_path, kind):
    update = {"updated-by": [{"DOI": "10.1234/notice", "type": kind}]}
    assert one(tmp_path, WORK | update).retracted is None


@pytest.mark.parametrize(
    ("title", "retracted"),
    [
        ("RETRACTED: Layers", True),
        ("RETRACTED ARTICLE: Layers", True),
        ("[WITHDRAWN] Layers", True),
        ("Retracted papers in the wild", None),
        ("Duane retraction syndrome", None),
    ],
)
def test_a_title_may_say_that_it_was_retracted(tmp_path, title, retracted):
    assert one(tmp_path, WORK | {"title": [title]}).retracted is retracted


def test_a_notice_is_not_retracted_but_the_work_it_is_about(tmp_path):
    notice = WORK | {"update-to": [{"DOI": "10.5555/Wrong", "type": "retraction"}], "reference": []}
    papers, refusals = read_text(tmp_path, json.dumps({"message-type": "work", "message": notice}), "x.json")
    assert [(paper.title, paper.doi, paper.retracted) for paper in papers] == [
        ("Layers & Norms", "10.1234/example.1", None),
        ("", "10.5555/wrong", True),
    ]
    assert not refusals


def test_a_notice_under_the_doi_of_the_work_retracts_it(tmp_path):
    notice = WORK | {"update-to": [{"DOI": "10.1234/Example.1", "type": "retraction"}]}
    assert one(tmp_path, notice).retracted is True


# --- forms -------------------------------------------------------------------------------------------------

LIST = {"status": "ok", "message-type": "work-list", "message": {"facets": {"items": {"values": {"a": 1}}}}}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps(LIST | {"message": LIST["message"] | {"items": [WORK, WORK], "query": {}}}), "list.json"),
        (json.dumps(LIST | {"message": LIST["message"] | {"items": [WORK, WORK]}}, indent=1), "list.json"),
        (json.dumps({"items": [WORK, WORK]}), "0.json"),
        (json.dumps([WORK, WORK]), "list.json"),
        (f"{json.dumps(WORK)}\n" * 2, "works.jsonl"),
        (f"{json.dumps({'status': 'ok', 'message-type': 'work', 'message': WORK})}\n" * 2, "answers.json"),
    ],
)
def test_all_forms_hold_the_same_works(tmp_path, text, name):
    papers, refusals = read_text(tmp_path, text, name)
    assert [(paper.doi, len(paper.references)) for paper in papers] == [("10.1234/example.1", 5)] * 2
    assert not refusals


def test_a_list_that_is_cut_off_keeps_its_whole_works(tmp_path):
    text = json.dumps(LIST | {"message": LIST["message"] | {"items": [WORK] * 4}})
    papers, refusals = read_text(tmp_path, text[:-300], "list.json")
    assert len(papers) == 3
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (4, "the list is cut off after 3 entries")
    ]


def test_a_bare_work_whose_title_is_far_down_is_known(tmp_path):
    late = {"DOI": "10.1234/x", "reference-count": 1, "filler": "x" * 100_000, "title": ["A"]}
    papers, refusals = read_text(tmp_path, json.dumps(late), "x.json")
    assert ([paper.title for paper in papers], refusals) == (["A"], [])


def test_csl_json_whose_title_is_a_text_is_left_to_its_own_loader(tmp_path):
    path = tmp_path / "csl.json"
    path.write_text(json.dumps([WORK | {"title": "Layers"}]))
    (found,) = open_inputs([path])
    assert not isinstance(found, Document) or found.format != "crossref"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            {
                "status": "failed",
                "message-type": "validation-failure",
                "message": [{"message": "No such filter"}],
            },
            "Crossref answered with an error, “No such filter”",
        ),
        ({"status": "error", "message": "Not found"}, "Crossref answered with an error, “Not found”"),
        (
            {"status": "ok", "message-type": "funder", "message": {"id": "1", "name": "x"}},
            "this is a “funder” of Crossref, not a work",
        ),
        (
            WORK | {"type": "journal-issue", "title": []},
            "this is a journal-issue (10.1234/example.1), not a paper",
        ),
        (WORK | {"DOI": None, "title": []}, "the record has neither a title nor an identifier"),
        (WORK | {"title": {}}, "title is an object, not a list of texts"),
        (WORK | {"reference": [7]}, "reference[1] is a number, not an object"),
        (WORK | {"author": "x"}, "author is text, not a list"),
        (WORK | {"published": [1]}, "published is a list, not an object"),
        (WORK | {"relation": []}, "relation is a list, not an object"),
    ],
)
def test_what_is_no_work_is_named_and_the_others_kept(tmp_path, body, reason):
    lines = "\n".join(map(json.dumps, [WORK, body, WORK]))
    papers, refusals = read_text(tmp_path, lines, "lines.jsonl", format="crossref")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


def test_an_answer_that_is_not_json_is_one_sentence(tmp_path):
    papers, refusals = read_text(tmp_path, "Resource not found.", "x.json", format="crossref")
    assert not papers
    assert len(refusals) == 1


# --- markup ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("<jats:sec><jats:title>Background</jats:title><jats:p>A.</jats:p></jats:sec>", "Background A."),
        ("H<sub>2</sub>O in <jats:italic>E. coli</jats:italic>", "H2O in E. coli"),
        ("&lt;i&gt;Escherichia&lt;/i&gt; &amp;amp; more", "Escherichia & more"),
        ("a<jats:list><jats:list-item><jats:p>b</jats:p></jats:list-item></jats:list>c", "a b c"),
        ("p <mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo></mml:math> q", "p x= q"),
        ("q <jats:tex-math>\\documentclass{minimal}$x$</jats:tex-math> r", "q r"),
        ("q <jats:tex-math>x^2</jats:tex-math> r", "q x^2 r"),
        ("the <mask> token, x < y, y > z, <unk>", "the <mask> token, x < y, y > z, <unk>"),
        ("<p>Broken <sub>end", "Broken end"),
        ("AT&T and R&D", "AT&T and R&D"),
    ],
)
def test_markup_goes_and_what_only_looks_like_it_stays(marked, text):
    assert plain(marked) == text


@pytest.mark.parametrize(
    "part", ["<", "<p ", "<jats:title>", "<tex-math>", "<p" + " " * 50, "&lt;", "&amp;", "<!--", "&#"]
)
def test_hostile_markup_takes_no_time(part):
    with within(10):
        plain(part * (500_000 // len(part)))


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
@given(
    st.dictionaries(
        st.sampled_from([*WORK, "relation", "update-to", "updated-by", "message"]), ANY, max_size=3
    ),
    st.data(),
)
def test_no_change_to_a_work_raises(tmp_path_factory, changes, data):
    text = json.dumps({"status": "ok", "message-type": "work", "message": WORK | changes})
    text = text[: data.draw(st.integers(1, len(text)))] if data.draw(st.booleans()) else text
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), text, "work.json", format="crossref")
    assert papers or refusals


# --- real files --------------------------------------------------------------------------------------------

REAL = {  # papers, references, references with DOI, with abstract, refused
    "paperqa/test_arxiv_doi_is_used_when_available__0_200": (1, 0, 0, 0, 0),
    "paperqa/test_bad_dois__1_200": (0, 0, 0, 0, 1),
    "paperqa/test_bad_titles__3_200": (1, 57, 55, 1, 0),
    "paperqa/test_bulk_doi_search__6_200": (1, 50, 50, 1, 0),
    "paperqa/test_bulk_doi_search__7_200": (1, 57, 55, 1, 0),
    "paperqa/test_bulk_doi_search__9_200": (1, 38, 37, 0, 0),
    "paperqa/test_bulk_title_search__3_200": (1, 1, 1, 0, 0),
    "paperqa/test_bulk_title_search__5_200": (1, 50, 50, 1, 0),
    "paperqa/test_bulk_title_search__7_200": (1, 57, 55, 1, 0),
    "paperqa/test_crossref_journalquality_fields_filtering__1_200": (1, 0, 0, 0, 0),
    "paperqa/test_doi_search_paper_attributes3___3_200": (1, 43, 36, 0, 0),
    "paperqa/test_doi_search_paper_attributes4___3_200": (1, 69, 65, 1, 0),
    "paperqa/test_ensure_sequential_run__3_200": (1, 57, 55, 1, 0),
    "paperqa/test_image_enrichment_normal_use__1_200": (1, 148, 107, 0, 0),
    "paperqa/test_minimal_fields_filtering__2_200": (1, 0, 0, 0, 0),
    "paperqa/test_title_search_paper_attributes2___0_200": (1, 103, 58, 1, 0),
    "paperqa/test_tricky_journal_quality_results_10.1016-j.bbcan.2023.188947-1___0_200": (1, 44, 43, 0, 0),
    "paperqa/test_tricky_journal_quality_results_10.1038-s41598-018-27044-6-1___0_200": (1, 64, 64, 1, 0),
    "paperqa/test_tricky_journal_quality_results_10.1186-1471-2148-11-4-2___0_200": (1, 47, 43, 0, 0),
    "test_content_negotiation_style__3_200": (0, 0, 0, 0, 1),
    "test_cursor__0_200": (20, 64, 22, 1, 0),
    "test_cursor_fails_cursor_value__0_404": (0, 0, 0, 0, 1),
    "test_cursor_max__0_200": (20, 64, 22, 1, 0),
    "test_funders_filter_fails_noids__0_400": (0, 0, 0, 0, 1),
    "test_funders_filter_works__0_200": (20, 708, 558, 8, 0),
    "test_funders_mixed_ids_works_warn__2_200": (20, 518, 434, 5, 0),
    "test_funders_sample_err__0_400": (0, 0, 0, 0, 1),
    "test_journals_filter_fails_noids__0_400": (0, 0, 0, 0, 1),
    "test_limit_of_zero_with_id__0_200": (0, 0, 0, 0, 1),
    "test_no_ua_string__0_200": (1, 70, 65, 0, 0),
    "test_offset_of_zero_with_id__0_200": (1, 26, 7, 0, 0),
    "test_prefixes_mixed_ids_works_warn__2_200": (0, 0, 0, 0, 1),
    "test_prefixes_works__0_200": (2, 88, 46, 0, 0),
    "test_random_dois__0_200": (10, 185, 93, 3, 0),
    "test_random_dois_sample_param__1_200": (5, 49, 40, 1, 0),
    "test_types_mixed_ids_works_warn__2_200": (20, 0, 0, 1, 0),
    "test_types_works__0_200": (0, 0, 0, 0, 2),
    "test_works_field_queries__0_200": (20, 1007, 805, 15, 0),
    "test_works_field_query_publisher_name__0_200": (20, 193, 76, 19, 0),
    "test_works_sample__0_200": (1, 0, 0, 0, 1),
    "test_works_with_many_ids__0_200": (1, 57, 55, 0, 0),
    "test_works_with_many_ids__3_200": (1, 13, 3, 0, 0),
    "test_works_with_many_ids__4_200": (1, 0, 0, 0, 0),
    "test_works_with_select_param__0_200": (20, 0, 0, 0, 0),
    "test_workscontainer_with_cursor__0_200": (4, 33, 19, 2, 1),
    "test_workscontainer_with_cursor__1_200": (5, 120, 68, 0, 0),
    "test_workscontainer_with_cursor__3_200": (5, 63, 40, 2, 0),
    "test_workscontainer_with_many__0_200": (4, 33, 19, 2, 1),
    "test_workscontainer_with_two_ids__1_200": (1, 28, 1, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize(("name", "counts"), REAL.items())
def test_every_real_answer_gives_its_works(shared, name, counts):
    papers, refusals = read(shared(f"fixtures/crossref/{name}.json"))
    references = [reference for paper in papers for reference in paper.references]
    with_doi = sum(reference.doi is not None for reference in references)
    abstracts = sum(bool(paper.abstract) for paper in papers)
    assert (len(papers), len(references), with_doi, abstracts, len(refusals)) == counts


def test_all_real_files_are_known_here(shared):
    folder = shared("fixtures/crossref")
    assert {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")} == set(
        REAL
    )


def test_no_reference_of_a_real_work_is_lost(shared):
    for path in sorted(shared("fixtures/crossref").rglob("*_200.json")):
        try:
            message = json.loads(path.read_text())["message"]
        except json.JSONDecodeError:
            continue
        works = [work for work in message.get("items", [message]) if work.get("reference")]
        papers, _ = read(path)
        with_references = [paper for paper in papers if paper.references]
        for work, paper in zip(works, with_references, strict=True):
            told = [
                r
                for r in work["reference"]
                if set(r) - {"key", "doi-asserted-by", "first-page", "year", "volume"}
            ]
            assert len(paper.references) >= len(told)
            identified = sum(bool(r.doi or r.arxiv_id) for r in paper.references)
            assert identified >= sum("DOI" in r for r in work["reference"])


def test_a_real_preprint_and_its_article_name_each_other(shared):
    (paper,), _ = read(shared("fixtures/crossref/paperqa/test_bulk_doi_search__6_200.json"))
    assert (paper.doi, paper.also) == ("10.1101/2024.04.01.587366", ("doi:10.1016/j.xgen.2025.100814",))


def test_no_abstract_of_a_real_work_has_markup_left(shared):
    for path in sorted(shared("fixtures/crossref").rglob("*.json")):
        for paper in read(path)[0]:
            assert "jats:" not in paper.abstract + paper.title
            assert "</" not in paper.abstract + paper.title
