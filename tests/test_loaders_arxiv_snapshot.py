"""arXiv's metadata snapshot."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read_text

from citegraph.graph.records import Author
from citegraph.loaders import open_inputs
from citegraph.loaders.formats.arxiv_snapshot import journal_of

RECORD = {
    "id": "0704.0001",
    "submitter": "Ada Lovelace",
    "authors": "A. Lovelace, A. M. Turing",
    "title": "Calculation of cross\n  sections",
    "comments": "37 pages; code at https://github.com/example/code.",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "report-no": "ANL-1",
    "categories": "hep-ph cs.LG",
    "license": None,
    "abstract": "  A fully differential\ncalculation.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2008 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [
        ["Lovelace", "A.", ""],
        ["Turing", "A. M.", "Jr"],
        ["", "", ""],
        ["Group", "", "", "Lab"],
    ],
}


def one(folder, record):
    (paper,), refusals = read_text(folder, json.dumps(record) + "\n", "snapshot.json")
    assert not refusals
    return paper


def test_all_fields_of_a_record_are_taken(tmp_path):
    paper = one(tmp_path, RECORD)
    assert (paper.title, paper.abstract) == (
        "Calculation of cross sections",
        "A fully differential calculation.",
    )
    assert (paper.arxiv_id, paper.doi, paper.also) == ("0704.0001", "10.1103/physrevd.76.013009", ())
    assert (paper.date, paper.year, paper.venue) == ("2007-04-02", 2007, "Phys.Rev.D")
    assert paper.authors == (Author("A. Lovelace"), Author("A. M. Turing Jr"), Author("Group"))
    assert paper.keywords == ("hep-ph", "cs.LG")
    assert paper.repositories == ("https://github.com/example/code",)
    assert paper.retracted is None


def test_old_identifiers_are_read(tmp_path):
    assert one(tmp_path, RECORD | {"id": "math.GT/0309136"}).arxiv_id == "math/0309136"


def test_a_second_doi_is_a_further_identifier(tmp_path):
    paper = one(tmp_path, RECORD | {"doi": "10.1103/One 10.1103/Two"})
    assert (paper.doi, paper.also) == ("10.1103/one", ("doi:10.1103/two",))


def test_authors_come_from_the_line_where_they_are_not_parsed(tmp_path):
    record = {key: value for key, value in RECORD.items() if key != "authors_parsed"}
    assert one(tmp_path, record | {"authors": "A. One, B. Two and C. Three"}).authors == (
        Author("A. One"),
        Author("B. Two"),
        Author("C. Three"),
    )


@pytest.mark.parametrize(
    ("comments", "retracted"),
    [
        ("This paper has been withdrawn by the author due to an error", True),
        ("Withdrawn: see v1", True),
        ("The paper is withdrawn", True),
        ("Withdrawn from ICML 2020; now in JMLR", None),
        ("Supersedes a paper that was withdrawn", None),
        (None, None),
    ],
)
def test_a_withdrawn_paper_is_marked(tmp_path, comments, retracted):
    assert one(tmp_path, RECORD | {"comments": comments}).retracted is retracted


@pytest.mark.parametrize(
    "created", ["", None, "yesterday", "Mon, 31 Feb 2007 19:18:42 GMT", "Mon, 1 Foo 2007 1:1:1 GMT"]
)
def test_a_day_that_is_none_is_left_out(tmp_path, created):
    paper = one(tmp_path, RECORD | {"versions": [{"version": "v1", "created": created}]})
    assert (paper.date, paper.year) == (None, None)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("J.Appl.Phys.104:073536,2008", "J.Appl.Phys"),
        (
            "Discrete Mathematics & Theoretical Computer Science, vol. 11 no. 1",
            "Discrete Mathematics & Theoretical Computer Science",
        ),
        ("NeurIPS 2017", "NeurIPS"),
        ("In: Nature (2015) 521", "Nature"),
        ("2007 IEEE Symposium", None),
        ("Proceedings of the 34th ICML", None),
        ("", None),
    ],
)
def test_the_venue_is_the_name_a_journal_reference_begins_with(reference, name):
    assert journal_of(reference) == name


def test_the_snapshot_is_known_compressed_or_not_and_without_its_later_fields(tmp_path):
    short = {key: RECORD[key] for key in ("id", "title", "abstract", "categories", "versions")}
    for name, data in (
        ("a.json", json.dumps(RECORD)),
        ("b.jsonl", json.dumps(RECORD)),
        ("c", json.dumps(short)),
        ("d.json", json.dumps([RECORD])),
    ):
        for packed in (False, True):
            path = tmp_path / (name + (".gz" if packed else ""))
            path.write_bytes(gzip.compress(data.encode()) if packed else data.encode())
            assert [found.format for found in open_inputs([path])] == ["arxiv-snapshot"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "x"}, "id is “x”, not an arXiv identifier such as 1706.03762"),
        ({"id": None}, "id is “”, not an arXiv identifier such as 1706.03762"),
        ({"title": 7}, "title is a number, not text"),
        ({"authors_parsed": "x"}, "authors_parsed is text, not a list"),
        ({"authors_parsed": [["A", 7]]}, "authors_parsed[1] is a number, not text"),
        ({"versions": ["v1"]}, "versions[1] is text, not an object"),
        ({"categories": []}, "categories is a list, not text"),
    ],
)
def test_a_wrong_record_is_named_and_the_others_kept(tmp_path, change, reason):
    lines = "\n".join(map(json.dumps, [RECORD, RECORD | change, RECORD]))
    papers, refusals = read_text(tmp_path, lines, "snapshot.json")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RECORD)), ANY, max_size=3))
def test_no_change_to_a_record_raises(tmp_path_factory, changes):
    text = json.dumps(RECORD | changes)
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), text, "x.json", format="arxiv-snapshot")
    assert len(papers) + len(refusals) >= 1


OF_THESE = ("openalex", "semantic-scholar", "crossref", "arxiv-snapshot", "hf-paper")
FOLDERS = {"openalex": "openalex", "s2": "semantic-scholar", "crossref": "crossref"}


def test_no_format_of_the_services_takes_a_file_of_another(shared):
    root = shared("fixtures")
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix.lower() in (
            ".json",
            ".jsonl",
            ".txt",
            ".xml",
            ".bib",
            ".ris",
            ".md",
        ):
            formats = [getattr(found, "format", None) for found in open_inputs([path])]
            own = FOLDERS.get(path.relative_to(root).parts[0])
            assert all(format == own or format not in OF_THESE for format in formats), (path, formats)
