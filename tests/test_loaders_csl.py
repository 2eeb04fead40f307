"""CSL-JSON: items of Zotero, Manubot and DOI resolvers, and what may be wrong in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Paper
from citegraph.loaders import open_inputs

ITEM: dict[str, Any] = {
    "id": "doi:10.1000/a",
    "type": "article-journal",
    "title": "A <i>Title</i> &amp; more",
    "abstract": "<jats:p>An abstract.</jats:p>",
    "author": [
        {"given": "Ludwig", "non-dropping-particle": "van", "family": "Beethoven", "suffix": "Jr."},
        {"literal": "The Team, Inc."},
        {"family": "Plato", "ORCID": "https://orcid.org/0000-0002-1825-0097"},
    ],
    "issued": {"date-parts": [["2014", 5, "2"]]},
    "container-title": "The Journal",
    "DOI": "10.1000/A",
    "URL": "https://example.org/a",
    "keyword": "one, two",
    "note": "license: free\nPMID: 123\nPMCID: PMC456\narXiv:1706.03762 [cs]",
}


def csl(folder: Path, *items: Any):
    return read_text(folder, json.dumps(items), "items.json", format="csl-json")


def paper_of(folder: Path, **fields: Any) -> Paper:
    (paper,), refusals = csl(folder, {"id": "x", "type": "report", "title": "T", **fields})
    assert not refusals
    return paper


REAL_FILES = {
    "deep-review/manual-references-2020-01-29.json": (602, 0),
    "deep-review/manual-references.json": (36, 0),
    "manubot/bibliography.json": (2, 0),
    "manubot/cite-command-rendered__input-bibliography.json": (3, 0),
    "manubot/manual-references.json": (
        192,
        64,
    ),  # every combination of fields: those of neither title nor DOI
    "manubot/manual-references~1.json": (3, 0),
    "manubot/csl-json__arxiv-joss-csl__raw.json": (1, 0),
    "manubot/csl-json__crossref-deep-review-csl__raw.json": (1, 0),
    "manubot/csl-json__datacite-thesis-csl__raw.json": (1, 0),
    "manubot/csl-json__empty-date-parts-csl__raw.json": (1, 0),
    "manubot/csl-json__excess-date-parts-csl__raw.json": (0, 1),
    "manubot/csl-json__null-date-parts-csl__raw.json": (1, 0),
    "manubot/csl-json__pubmed-scihub-study-csl__pruned.json": (1, 0),
}


@pytest.mark.parametrize(("name", "counts"), REAL_FILES.items())
def test_every_item_of_a_real_file_is_a_paper_or_is_named(shared, name, counts):
    path = shared(f"fixtures/csl/{name}")
    (document,) = open_inputs([path])
    papers, refusals = read(path)
    assert (document.format, len(papers), len(refusals)) == ("csl-json", *counts)
    assert {refusal.reason for refusal in refusals} <= {"the title is missing"}
    items = json.loads(path.read_text())
    for paper in papers:
        item = items[paper.line - 1]
        assert len(paper.authors) == len(item.get("author", ()))
        given = item.get("DOI", "").lower()
        assert not given or given in (paper.doi, f"10.48550/arxiv.{paper.arxiv_id}")


def test_every_file_of_items_is_known_and_nothing_else_is(shared):
    formats = {}
    for path in sorted(shared("fixtures/csl").rglob("*")):
        if path.is_file():
            (found,) = open_inputs([path])
            formats.setdefault(getattr(found, "format", None), []).append(path.name)
    assert len(formats["csl-json"]) == 27
    assert sorted(formats[None]) == [
        "bibliography.nbib",
        "cite-command-rendered__output-bibliography.yaml",
        "csl-json__empty-csl__pruned.json",
        "csl-json__empty-csl__raw.json",
    ]


def test_no_other_json_is_taken_for_items(shared):
    for folder in ("openalex", "s2", "s2orc", "pwc", "hf_daily", "crossref", "hostile/JSONTestSuite"):
        for path in sorted(shared(f"fixtures/{folder}").rglob("*.json")):
            (found,) = open_inputs([path])
            assert getattr(found, "format", None) != "csl-json", path.name


def test_references_that_a_resolver_passes_on_from_crossref_are_kept(shared):
    (paper,), _ = read(shared("fixtures/csl/manubot/csl-json__crossref-deep-review-csl__raw.json"))
    assert len(paper.references) == 554
    assert sum(reference.doi is not None for reference in paper.references) > 300


def test_an_item_gives_all_it_offers(tmp_path):
    (paper,), refusals = csl(tmp_path, ITEM)
    assert not refusals
    assert (paper.title, paper.abstract) == ("A Title & more", "An abstract.")
    assert paper.authors == (
        Author("Ludwig van Beethoven Jr."),
        Author("The Team, Inc."),
        Author("Plato", "0000-0002-1825-0097"),
    )
    assert (paper.year, paper.date, paper.venue) == (2014, "2014-05-02", "The Journal")
    assert (paper.doi, paper.arxiv_id, paper.also) == (
        "10.1000/a",
        "1706.03762",
        ("pmid:123", "pmcid:PMC456"),
    )
    assert (paper.url, paper.keywords, paper.line) == ("https://example.org/a", ("one", "two"), 1)


@pytest.mark.parametrize(
    ("issued", "year", "day"),
    [
        ({"date-parts": [[2014, 5, 2]]}, 2014, "2014-05-02"),
        ({"date-parts": [["2014"]]}, 2014, None),
        ({"date-parts": [[2018, 10, 21, 13]]}, 2018, "2018-10-21"),
        ({"date-parts": [[]]}, None, None),
        ({"date-parts": [[None]]}, None, None),
        ({"date-parts": [[99999, 1, 1]]}, None, None),
        ({"date-parts": [[2014, 13, 41]]}, 2014, None),
        ({"raw": "2014-05-02"}, 2014, "2014-05-02"),
        ({"literal": "Spring 2014"}, 2014, None),
        ("2014-05-02", 2014, "2014-05-02"),
        (2014, 2014, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_a_date_may_be_parts_text_or_nothing(tmp_path, issued, year, day):
    paper = paper_of(tmp_path, issued=issued)
    assert (paper.year, paper.date) == (year, day)


@pytest.mark.parametrize(
    "fields",
    [
        {"URL": "https://arxiv.org/abs/1706.03762v1"},
        {"number": "1706.03762v1", "container-title": "arXiv"},
        {"number": "arXiv:1706.03762"},
        {"id": "arxiv:1706.03762v5"},
        {"standard_citation": "arxiv:1706.03762"},
        {"DOI": "10.48550/arXiv.1706.03762"},
        {"note": "arXiv: 1706.03762"},
        {"archive": "arXiv", "archive_location": "1706.03762"},
    ],
)
def test_an_arxiv_identifier_is_found_where_tools_write_it(tmp_path, fields):
    paper = paper_of(tmp_path, **fields)
    assert (paper.arxiv_id, paper.venue) == ("1706.03762", None)


def test_a_thesis_credits_the_school(tmp_path):
    paper = paper_of(tmp_path, type="thesis", publisher="University of X")
    assert paper.organizations == ("University of X",)


@pytest.mark.parametrize(
    "text",
    [json.dumps([ITEM]), json.dumps([ITEM], indent=1), json.dumps(ITEM), json.dumps(ITEM, indent=2),
     json.dumps(ITEM) + "\n", json.dumps({"items": [ITEM]})],
    ids=["list", "indented", "one", "one indented", "lines", "around"],
)  # fmt: skip
def test_all_forms_of_a_file_are_known_and_hold_the_same_paper(tmp_path, text):
    papers, refusals = read_text(tmp_path, text, "x.json")
    assert [(paper.title, paper.doi) for paper in papers] == [("A Title & more", "10.1000/a")]
    assert not refusals


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "the item is not an object"),
        ({"type": "report"}, "the title is missing"),
        ({"type": "report", "title": {"a": 1}}, "title is an object, not a list of texts"),
        ({"type": "report", "title": "T", "author": "Ada"}, "author is text, not a list"),
        (
            {"type": "report", "title": "T", "author": [{"family": 7}]},
            "author[1].family is a number, not text",
        ),
        ({"type": "report", "title": "T", "issued": [1]}, "issued is a list, not an object"),
        ({"type": "report", "title": "T", "note": [1]}, "note is a list, not text"),
    ],
)
def test_a_wrong_item_is_named_and_the_others_kept(tmp_path, item, reason):
    papers, refusals = csl(tmp_path, ITEM, item, ITEM)
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*ITEM, "reference", "number", "subject", "PMID"]), _VALUES, max_size=6)
)
def test_whatever_the_fields_hold_it_is_a_paper_or_a_sentence(tmp_path_factory, changed):
    papers, refusals = csl(tmp_path_factory.getbasetemp(), ITEM | changed)
    assert len(papers) + len(refusals) == 1
