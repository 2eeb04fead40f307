"""RIS: the dialects of reference managers and databases, what is missing or broken in them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Paper
from citegraph.loaders import open_inputs

RECORD = "TY  - JOUR\nTI  - A Title\nAU  - Lovelace, Ada\nPY  - 1843\nER  - \n"


def ris(folder: Path, text: str | bytes):
    return read_text(folder, text, "export.ris")


def paper_of(folder: Path, *lines: str) -> Paper:
    (paper,), refusals = ris(folder, "\n".join(["TY  - JOUR", *lines, "ER  - ", ""]))
    assert not refusals
    return paper


# --- real files --------------------------------------------------------------------------------------------

REAL_FILES = {
    "ris/asreview/_baseline.ris": (100, 0),
    "ris/asreview/baseline_reference_types.ris": (0, 61),  # types and notes without a title
    "ris/asreview/baseline_tag-notes.ris": (1, 11),
    "ris/asreview/baseline_tag_and_field_definitions.ris": (1, 1),  # a tag behind the end of the record
    "ris/asreview/embase.ris": (6, 0),
    "ris/asreview/faulty_year.ris": (1, 0),
    "ris/asreview/proquest.ris": (6, 0),
    "ris/rispy/example_basic.ris": (1, 0),
    "ris/rispy/example_empty_tag.ris": (1, 0),
    "ris/rispy/example_full_without_whitespace.ris": (2, 0),
    "ris/rispy/example_full_write.ris": (2, 0),
    "ris/rispy/example_multi_unknown_tags.ris": (1, 0),
    "ris/rispy/example_urls.ris": (4, 0),
    "ris/rispy/example_utf_chars.ris": (1, 0),
    "csl/manubot/bibliography.ris": (2, 0),
}


@pytest.mark.parametrize(("name", "counts"), REAL_FILES.items())
def test_every_record_of_a_real_file_is_a_paper_or_is_named(shared, name, counts):
    path = shared(f"fixtures/{name}")
    (document,) = open_inputs([path])
    papers, refusals = read(path)
    assert (document.format, len(papers), len(refusals)) == ("ris", *counts)
    begins = [
        n for n, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1) if line.startswith("TY  -")
    ]
    untitled = [refusal.line for refusal in refusals if refusal.reason == "the title is missing"]
    assert sorted([paper.line for paper in papers] + untitled) == begins


def test_a_record_of_the_lens_keeps_all_it_says(shared):
    paper = read(shared("fixtures/ris/asreview/_baseline.ris"))[0][1]
    assert paper.title.startswith("Electrochemotherapy in Mucosal Cancer of the Head and Neck")
    assert (paper.year, paper.date, paper.venue) == (2021, "2021-03-12", "Cancers")
    assert (paper.doi, paper.also) == ("10.3390/cancers13061254", ("pmcid:PMC7999968", "pmid:33809141"))
    assert [author.name for author in paper.authors][6] == "Remco de Bree"
    assert paper.keywords[1] == "head and neck cancer"
    assert paper.abstract.endswith("in selected patients with HNC not amenable to standard local treatment.")


def test_a_year_that_is_none_leaves_the_paper_without_one(shared):
    (paper,), _ = read(shared("fixtures/ris/asreview/faulty_year.ris"))
    assert paper.year is None


def test_a_title_in_another_script_is_found_where_this_exporter_puts_it(shared):
    (paper,), _ = read(shared("fixtures/ris/rispy/example_utf_chars.ris"))
    assert paper.title.startswith("Состояние рецепторного аппарата")
    assert paper.abstract.endswith("in the late reproductive period")  # a value that goes on in the next line


# --- dialects ----------------------------------------------------------------------------------------------


def test_zotero(tmp_path):
    paper = paper_of(
        tmp_path,
        "TI  - Attention Is All You Need",
        "AU  - Vaswani, Ashish",
        "AU  - King, Martin, Jr.",
        "AB  - We propose.",
        "DA  - 2017/06/12/",
        "PY  - 2017",
        "DO  - 10.48550/arXiv.1706.03762",
        "DP  - arXiv.org",
        "PB  - arXiv",
        "UR  - http://arxiv.org/abs/1706.03762",
        "Y2  - 2019/03/12/T20:12:22Z",
        "N1  - arXiv:1706.03762 [cs]",
        "L1  - https://arxiv.org/pdf/1706.03762.pdf",
        "KW  - Computer Science - Machine Learning",
    )
    assert (paper.title, paper.abstract) == ("Attention Is All You Need", "We propose.")
    assert [author.name for author in paper.authors] == ["Ashish Vaswani", "Martin King Jr."]
    assert (paper.arxiv_id, paper.doi, paper.date, paper.year) == ("1706.03762", None, "2017-06-12", 2017)
    assert (paper.url, paper.keywords) == (None, ("Computer Science - Machine Learning",))


def test_scopus_with_its_reference_list(tmp_path):
    paper = paper_of(
        tmp_path,
        "TI  - A Survey of <inf>2</inf> &amp; More",
        "T2  - Journal of Surveys",
        "J2  - J. Surv.",
        "PY  - 2021",
        "DO  - 10.1000/survey",
        "UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85",
        "AU  - Smith, J.",
        "DB  - Scopus",
        "C2  - 29456894",
        "N1  - Export Date: 7 May 2022",
        "N1  - Cited By :12",
        "N1  - References: LeCun, Y., Bengio, Y., Deep learning (2015) Nature, 521, pp. 436-444; "
        "Kingma, D.P., (2014) Adam, arXiv:1412.6980",
        "Wu, Y., Group normalization (2018) ECCV, ; ",
        "N1  - Correspondence Address: Smith, J.; email: x@y.org",
    )
    assert (paper.venue, paper.also) == ("Journal of Surveys", ("pmid:29456894",))
    assert [(ref.title, ref.year, ref.arxiv_id) for ref in paper.references] == [
        ("Deep learning", 2015, None),
        (None, 2014, "1412.6980"),
        ("Group normalization", 2018, None),
    ]
    assert "Correspondence" not in str(paper.references)


def test_ovid(tmp_path):
    paper = paper_of(
        tmp_path,
        "ID  - 2006713348",
        "T1  - Outcome Measures",
        "A1  - Fanning E.",
        "Y1  - 2020//",
        "N2  - Background: they require.",
        "Second line.",
        "KW  - *athlete",
        "JF  - Orthopaedic Journal",
        "JA  - Orthop. J.",
        "SP  -",
        "DO  - http://dx.doi.org/10.1177/2325967120950040",
    )
    assert (paper.title, paper.abstract) == ("Outcome Measures", "Background: they require. Second line.")
    assert ([author.name for author in paper.authors], paper.year) == (["Fanning E."], 2020)
    assert (paper.keywords, paper.venue, paper.doi) == (
        ("athlete",),
        "Orthopaedic Journal",
        "10.1177/2325967120950040",
    )


def test_endnote_with_its_keywords_on_lines_of_their_own(tmp_path):
    paper = paper_of(
        tmp_path,
        "TI  - T",
        "KW  - Humans",
        "Deep Learning",
        "C2  - PMC5815332",
        "AN  - 29456894",
        "DB  - PubMed",
    )
    assert paper.keywords == ("Humans", "Deep Learning")
    assert paper.also == ("pmcid:PMC5815332", "pmid:29456894")


def test_a_thesis_credits_the_school(tmp_path):
    (paper,), _ = ris(tmp_path, "TY  - THES\nTI  - T\nPB  - University of X\nER  - \n")
    assert paper.organizations == ("University of X",)


def test_a_book_is_known_by_its_own_title(tmp_path):
    (paper,), _ = ris(tmp_path, "TY  - BOOK\nBT  - The Book\nA1  - Knuth, D.\nER  - \n")
    assert (paper.title, paper.venue) == ("The Book", None)


@pytest.mark.parametrize(
    ("lines", "year", "day"),
    [
        (["PY  - 2018", "DA  - 2018/03/01/"], 2018, "2018-03-01"),
        (["Y1  - 2018/03/01"], 2018, "2018-03-01"),
        (["PY  - 2018", "DA  - 2018 Mar 5"], 2018, "2018-03-05"),
        (["PY  - 2018", "DA  - 5 March 2018"], 2018, "2018-03-05"),
        (["PY  - 1948/07//"], 1948, None),
        (["PY  - 2018", "DA  - 2018/02/31"], 2018, None),
        (["PY  - 10 15", "DA  - "], None, None),
        (["PY  - "], None, None),
    ],
)
def test_dates_are_taken_as_far_as_they_are_dates(tmp_path, lines, year, day):
    paper = paper_of(tmp_path, "TI  - T", *lines)
    assert (paper.year, paper.date) == (year, day)


@pytest.mark.parametrize(
    "line",
    [
        "UR  - http://example.com/a; http://arxiv.org/abs/1706.03762",
        "UR  - http://example.com/a;http://arxiv.org/abs/1706.03762",
        "UR  - http://example.com/a\nUR  - http://arxiv.org/abs/1706.03762",
    ],
)
def test_several_addresses_in_one_or_more_lines(tmp_path, line):
    paper = paper_of(tmp_path, "TI  - T", line)
    assert (paper.url, paper.arxiv_id) == ("http://example.com/a", "1706.03762")


def test_links_to_resolvers_name_no_second_doi(tmp_path):
    paper = paper_of(
        tmp_path, "TI  - T", "DO  - 10.1000/a", "L2  - http://sfx.x.org/u?id=doi:10.1000%2Fb&title=c", "UR  - https://academic.oup.com/bib/article-lookup/doi/10.1093/bib/bbw110/2562646/a-review"
    )  # fmt: skip
    assert (paper.doi, paper.also) == ("10.1000/a", ())


@pytest.mark.parametrize(
    "text",
    [
        RECORD,
        "\ufeff" + RECORD,
        "\n\n1.\n" + RECORD,
        RECORD.replace("\n", "\r\n"),
        RECORD.replace("\n", "\r"),
        RECORD.replace("  - ", "  -"),
        RECORD.replace("  - ", "\t- "),
        RECORD.replace("  - ", " - "),
        RECORD.replace("ER  - \n", ""),
        RECORD.replace("ER  - ", "ER  -"),
        RECORD.replace("PY", "XX  - unknown\nZ9  - also\nPY"),
        RECORD.replace("TY  - JOUR\n", "TY  - JOUR\n\n"),
        RECORD.replace("TY  - JOUR", "TY  - Journal Article"),
    ],
)
def test_forms_of_one_record(tmp_path, text):
    papers, refusals = ris(tmp_path, text)
    assert [(p.title, [a.name for a in p.authors], p.year) for p in papers] == [
        ("A Title", ["Ada Lovelace"], 1843)
    ]
    assert not refusals


def test_a_record_without_end_ends_where_the_next_begins(tmp_path):
    papers, refusals = ris(tmp_path, RECORD.replace("ER  - \n", "") + RECORD)
    assert [(paper.title, paper.line) for paper in papers] == [("A Title", 1), ("A Title", 5)]
    assert not refusals


def test_an_identifier_is_enough_where_there_is_no_title(tmp_path):
    paper = paper_of(tmp_path, "DO  - 10.1000/a")
    assert (paper.title, paper.doi) == ("", "10.1000/a")


def test_a_record_without_title_and_one_without_beginning_are_named_and_the_rest_kept(tmp_path):
    text = f"{RECORD}TY  - JOUR\nPY  - 2000\nER  - \n\nTI  - Headless\nPY  - 2000\nER  - \n{RECORD}"
    papers, refusals = ris(tmp_path, text)
    assert len(papers) == 2
    assert [(r.line, r.reason, r.remedy) for r in refusals] == [
        (6, "the title is missing", "mend or remove the record"),
        (10, "the record does not begin with TY", "mend the record"),
    ]


def test_a_record_that_is_not_utf_8_is_refused_and_the_rest_kept(tmp_path):
    text = RECORD.encode() + RECORD.replace("A Title", "Größe").encode("latin-1") + RECORD.encode()
    papers, refusals = ris(tmp_path, text)
    assert len(papers) == 2
    assert [(r.line, r.reason) for r in refusals] == [(7, "the text is not UTF-8 (byte 0xF6 in column 9)")]


def test_pieces_of_a_large_file_give_the_records_of_the_whole(tmp_path):
    text = "".join(f"TY  - JOUR\nTI  - Title {n}\nAB  - {'word ' * (n % 700)}\nER  - \n" for n in range(1200))
    papers, refusals = ris(tmp_path, text)
    assert not refusals
    assert [(p.title, p.line) for p in papers] == [(f"Title {n}", 4 * n + 1) for n in range(1200)]


def test_a_record_of_many_megabytes_is_refused_and_memory_bounded(tmp_path):
    path = tmp_path / "long.ris"
    with path.open("wb") as stream:
        stream.write(b"TY  - JOUR\nTI  - ")
        for _ in range(25):
            stream.write(b"word " * (1 << 18))
        stream.write(b"\nER  - \n" + RECORD.encode())
    tracemalloc.start()
    papers, refusals = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [paper.title for paper in papers] == ["A Title"]
    assert [refusal.reason for refusal in refusals] == ["the text of one entry is longer than 8 MB"]
    assert peak < 45 << 20


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["TY  - ", "ER  - ", "TI  - ", "AU  - ", "KW  -", "UR  - http://", "N1  - References: ", "\n", "\r",
             "x; y", ",", "DA  - 2018/13/45", "é", "\0", "T2\t- ", "AB -", "\ufeff", "L2  - 10.1000/x", "C2  - 1"]
        ),
        max_size=50,
    ),
    st.integers(0, 100),
)  # fmt: skip
def test_whatever_a_file_holds_it_gives_papers_or_sentences(tmp_path_factory, parts, cut):
    text = (RECORD + "".join(parts) + RECORD).encode()[cut:]
    papers, refusals = read_text(tmp_path_factory.getbasetemp(), text, "any.ris", format="ris")
    assert papers or refusals
    assert all(str(refusal).isprintable() for refusal in refusals)
