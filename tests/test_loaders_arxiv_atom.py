"""arXiv's Atom: entries, what the API answers when it has none, and what it says of errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import shared
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Paper

ENTRY = """<entry>
  <id>http://arxiv.org/abs/1904.00001v3</id>
  <title>Small Nets\n  for Phones</title>
  <updated>2020-01-01T00:00:00Z</updated>
  <summary>  We make nets.\nThey are small. </summary>
  <category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/>
  <category term="stat.ML" scheme="http://arxiv.org/schemas/atom"/>
  <category term="68T05, 68T45" scheme="http://arxiv.org/schemas/atom"/>
  <published>2019-04-01T17:59:46Z</published>
  <arxiv:comment>20 pages. Code at https://github.com/a/nets.</arxiv:comment>
  <arxiv:primary_category term="stat.ML"/>
  <arxiv:journal_ref>J. Small Nets 3 (2020) 1-20</arxiv:journal_ref>
  <arxiv:doi>10.1000/ABC 10.1000/DEF</arxiv:doi>
  <author><name>Ada Lovelace</name><arxiv:affiliation>Uni A</arxiv:affiliation></author>
  <author><name>Plato</name></author>
</entry>"""


def feed(*entries: str, total: int | None = None) -> str:
    """Return an answer of the API."""
    counted = len(entries) if total is None else total
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:os="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<title>ArXiv Query</title><os:totalResults>{counted}</os:totalResults>\n{chr(10).join(entries)}</feed>"
    )


def test_an_entry_gives_all_that_arxiv_knows_of_a_paper(tmp_path: Path) -> None:
    papers, refused = read_text(tmp_path, feed(ENTRY), "x.xml")
    assert not refused
    assert papers == [
        Paper(
            "Small Nets for Phones",
            "We make nets. They are small.",
            arxiv_id="1904.00001",
            doi="10.1000/abc",
            also=("doi:10.1000/def",),
            authors=(Author("Ada Lovelace"), Author("Plato")),
            year=2019,
            date="2019-04-01",
            venue="J. Small Nets",
            organizations=("Uni A",),
            repositories=("https://github.com/a/nets",),
            keywords=("stat.ML", "cs.CV"),
        )
    ]
    assert papers[0].line == 4


@pytest.mark.parametrize(
    ("address", "arxiv_id"),
    [
        ("http://arxiv.org/abs/astro-ph/0601001v1", "astro-ph/0601001"),
        ("http://arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082"),
        ("http://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/2104.12255v1", "2104.12255"),
        ("oai:arXiv.org:2401.00001v1", "2401.00001"),
    ],
)
def test_old_identifiers_versions_and_prefixes_are_understood(
    tmp_path: Path, address: str, arxiv_id: str
) -> None:
    papers, _ = read_text(tmp_path, feed(ENTRY.replace("http://arxiv.org/abs/1904.00001v3", address)))
    assert papers[0].arxiv_id == arxiv_id


def test_entries_of_the_daily_feed_are_read_without_their_announcement(tmp_path: Path) -> None:
    entry = """<entry><id>oai:arXiv.org:2401.00001v1</id><title>T t</title>
      <summary>arXiv:2401.00001v1 Announce Type: new\nAbstract: We do.</summary>"""
    entry += """<dc:creator xmlns:dc="u">Ada Lovelace, Plato</dc:creator></entry>"""
    [found], _ = read_text(tmp_path, feed(entry))
    assert (found.abstract, [author.name for author in found.authors]) == (
        "We do.",
        ["Ada Lovelace", "Plato"],
    )


def test_a_paper_that_was_withdrawn_is_marked(tmp_path: Path) -> None:
    for said in ("This paper has been withdrawn by the author due to an error.", "We make nets."):
        [found], _ = read_text(tmp_path, feed(ENTRY.replace("We make nets.", said)))
        assert found.retracted is (True if "withdrawn" in said else None)


def test_an_answer_without_papers_says_so(tmp_path: Path) -> None:
    papers, [refusal] = read_text(tmp_path, feed(), "x.xml")
    assert not papers
    assert str(refusal).endswith("arXiv found no paper for the query; check its words and identifiers.")


def test_an_empty_page_of_an_answer_that_counts_papers_says_to_ask_again(tmp_path: Path) -> None:
    papers, [refusal] = read_text(tmp_path, feed(total=214_881), "x.xml")
    assert not papers and "holds no paper, though arXiv counts “214881”" in str(refusal)


def test_an_error_is_refused_in_the_words_of_arxiv(tmp_path: Path) -> None:
    entry = """<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title>
      <summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry>"""
    papers, [refusal] = read_text(tmp_path, feed(entry))
    assert not papers and refusal.line == 4
    assert refusal.reason == "arXiv answered with an error, “incorrect id format for abc”"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (
            ("http://arxiv.org/abs/1904.00001v3", "http://example.org/7"),
            "id is “http://example.org/7”, not an arXiv",
        ),
        (("2019-04-01T17:59:46Z", "yesterday"), "published is “yesterday”, not a date such as 2017-06-12"),
    ],
)
def test_an_entry_with_a_wrong_field_is_refused_with_its_line_and_the_others_kept(
    tmp_path: Path, wrong: tuple[str, str], reason: str
) -> None:
    papers, [refusal] = read_text(tmp_path, feed(ENTRY, ENTRY.replace(*wrong)))
    assert len(papers) == 1 and refusal.line == 4 + ENTRY.count("\n") + 1
    assert refusal.reason.startswith(reason)


def test_a_feed_of_another_site_is_not_taken(tmp_path: Path) -> None:
    text = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><title>News</title></entry></feed>'
    papers, [refusal] = read_text(tmp_path, text, "x.xml")
    assert not papers and "the format is not known" in refusal.reason


def test_every_recorded_answer_is_read() -> None:
    papers, refused = read(shared("fixtures/arxiv"))
    assert len(papers) == 221 and len({paper.arxiv_id for paper in papers}) == 105
    assert all(paper.title and paper.abstract and paper.date and paper.authors for paper in papers)
    assert {"astro-ph/0601001", "quant-ph/0201082", "2104.12255"} <= {paper.arxiv_id for paper in papers}
    assert [refusal.reason for refusal in refused] == [
        "arXiv found no paper for the query",
        "arXiv found no paper for the query",
        "arXiv answered with an error, “incorrect id format for abc”",
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_feed_gives_papers_and_refusals_and_nothing_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = bytearray(feed(ENTRY, ENTRY).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 60))
        text[place : place + gone] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<a/>", b'"', b"&eacute;"])
        )
    papers, refused = read_text(tmp_path, bytes(text), "x.xml", "arxiv-atom")
    assert len(papers) + len(refused) >= 1
    assert all(paper.arxiv_id for paper in papers)
