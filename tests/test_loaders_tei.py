"""GROBID TEI: header, sections, references, and the sentences that cite them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import shared
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.identity import title_key
from citegraph.graph.records import Author, Paper, Reference, Section
from citegraph.loaders.reading.citing import Flow, Mark, contexts
from citegraph.loaders.reading.fields import fold

HEADER = """<fileDesc>
  <titleStmt><title level="a" type="main">Small Nets\n for Phones</title></titleStmt>
  <publicationStmt><publisher/><date type="published" when="2019-04-06">6 Apr 2019</date></publicationStmt>
  <sourceDesc><biblStruct>
    <analytic>
      <author><persName><forename type="first">Ada</forename><forename type="middle">M</forename>
        <surname>Lovelace</surname></persName><idno type="ORCID">0000-0002-1825-0097</idno>
        <affiliation><orgName type="department">D</orgName><orgName type="institution">Uni A</orgName></affiliation>
      </author>
      <author><persName><surname>Plato</surname></persName></author>
      <author><affiliation><orgName type="institution">Uni A</orgName></affiliation></author>
    </analytic>
    <monogr><title level="j">J. Nets</title><imprint><date/></imprint></monogr>
    <idno type="arXiv">arXiv:1904.00001v2[cs.CV]</idno><idno type="DOI">10.1000/XYZ.1</idno>
  </biblStruct></sourceDesc></fileDesc>
  <profileDesc><textClass><keywords><term>phones</term></keywords></textClass>
  <abstract><div><p><s>One sentence.</s><s>Another.</s></p><p>A paragraph.</p></div></abstract></profileDesc>"""


def tei(body: str = "", references: str = "", header: str = HEADER) -> str:
    """Return a whole document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n'
        f"<teiHeader>{header}</teiHeader>\n<text><body>{body}</body>\n"
        f'<back><div type="references"><listBibl>{references}</listBibl></div></back></text></TEI>'
    )


def paper(folder: Path, *parts: str, name: str = "x.tei.xml") -> Paper:
    """Read a document that holds one paper."""
    papers, refused = read_text(folder, tei(*parts), name)
    assert not refused
    [found] = papers
    return found


def reference(folder: Path, inside: str) -> Reference:
    """Read a document that holds one reference."""
    [found] = paper(folder, "", f'<biblStruct xml:id="b0">{inside}</biblStruct>').references
    return found


# --- header ------------------------------------------------------------------------------------------------


def test_the_header_gives_title_abstract_authors_identifiers_and_date(tmp_path: Path) -> None:
    found = paper(tmp_path)
    assert found == Paper(
        "Small Nets for Phones",
        "One sentence. Another. A paragraph.",
        arxiv_id="1904.00001",
        doi="10.1000/xyz.1",
        authors=(Author("Ada M Lovelace", "0000-0002-1825-0097"), Author("Plato")),
        year=2019,
        date="2019-04-06",
        venue="J. Nets",
        organizations=("Uni A",),
        keywords=("phones",),
    )
    assert found.line == 2


def test_a_file_that_arxiv_and_grobid_named_tells_the_identifier(tmp_path: Path) -> None:
    header = "<fileDesc><titleStmt><title>T t</title></titleStmt></fileDesc>"
    for name in ("1706.03762v5.tei.xml", "1706.03762.grobid.tei.xml"):
        [found], _ = read_text(tmp_path, tei(header=header), name)
        assert found.arxiv_id == "1706.03762"
    for name in ("1706.99999999.tei.xml", "1713.00001.tei.xml", "paper-1706.03762.tei.xml", "1706.03762.xml"):
        [found], _ = read_text(tmp_path, tei(header=header), name)
        assert found.arxiv_id is None


def test_what_the_header_says_goes_before_the_name_of_the_file(tmp_path: Path) -> None:
    assert paper(tmp_path, name="1706.03762v5.tei.xml").arxiv_id == "1904.00001"


def test_dates_that_are_none_are_left_out(tmp_path: Path) -> None:
    for wrong in ('when="0612"', 'when="2019-13-40"', 'when="soon"', ""):
        [found], _ = read_text(
            tmp_path, tei(header=HEADER.replace('when="2019-04-06"', wrong).replace("6 Apr 2019", ""))
        )
        assert (found.date, found.year) == (None, None)


def test_a_paper_without_title_is_refused_with_its_line(tmp_path: Path) -> None:
    papers, refused = read_text(tmp_path, tei(header="<fileDesc><titleStmt><title/></titleStmt></fileDesc>"))
    assert papers == [] and refused[0].line == 2
    assert str(refused[0]).endswith(
        "the title is missing; mend its teiHeader, or make it again from the PDF."
    )


def test_an_identifier_alone_names_a_paper_too(tmp_path: Path) -> None:
    [found], _ = read_text(tmp_path, tei(header="<fileDesc/>"), "1706.03762v5.tei.xml")
    assert (found.title, found.arxiv_id) == ("", "1706.03762")


def test_a_corpus_gives_each_paper_and_what_is_wrong_with_others(tmp_path: Path) -> None:
    one = tei().partition("?>")[2]
    papers, refused = read_text(tmp_path, f"<teiCorpus>{one}<TEI><text/></TEI>{one}</teiCorpus>")
    assert len(papers) == 2 and [refusal.reason for refusal in refused] == ["there is no teiHeader"]


# --- sections ----------------------------------------------------------------------------------------------


def test_sections_are_named_by_the_path_of_headings_that_their_numbers_tell(tmp_path: Path) -> None:
    body = """<div><head n="1">Intro</head><p>We begin.</p></div><div><head n="3.">Model</head></div>
      <div><head n="3.2.">Attention</head><p>A.</p></div><div><head n="3.2.1">Heads</head><p>B.</p></div>
      <div><head>Loose</head><p>C.</p></div><div><p>D.</p></div>
      <div><head>Outer</head><div><head>Inner</head><p>E.</p></div></div>"""
    assert paper(tmp_path, body).sections == (
        Section("Intro", "We begin."),
        Section("Model > Attention", "A."),
        Section("Model > Attention > Heads", "B."),
        Section("Loose", "C."),
        Section("", "D."),
        Section("Outer > Inner", "E."),
    )


def test_paragraphs_stay_apart_and_a_sentence_goes_on_through_a_formula(tmp_path: Path) -> None:
    body = """<div><head>S</head><p>First <hi>bold</hi>ly.</p><p>We set</p><formula>x = 1<label>(3)</label></formula>
      <p>where x is one.</p><p>Last.</p></div>"""
    assert (
        paper(tmp_path, body).sections[0].text == "First boldly.\n\nWe set x = 1 (3) where x is one.\n\nLast."
    )


def test_captions_and_footnotes_are_sections_of_their_own(tmp_path: Path) -> None:
    body = """<div><head>S</head><p>Text<note place="foot">See https://github.com/a/b .</note> more.</p></div>
      <figure><head>Figure 2 .</head><figDesc>A net.</figDesc></figure>
      <figure type="table"><head/><figDesc>Scores.</figDesc><table><row><cell>1</cell></row></table></figure>"""
    assert paper(tmp_path, body).sections == (
        Section("S", "Text more."),
        Section("Figure 2", "A net."),
        Section("Table", "Scores."),
        Section("Footnotes", "See https://github.com/a/b ."),
    )


def test_back_matter_is_read_and_an_appendix_counts_anew(tmp_path: Path) -> None:
    text = tei('<div><head n="1">Intro</head><p>A.</p></div>').replace(
        "<back>",
        '<back><div type="annex"><div><head n="1.1">Settings</head><p>B.</p></div></div>'
        '<div type="acknowledgement"><div><p>Thanks.</p></div></div>',
    )
    [found], _ = read_text(tmp_path, text)
    assert found.sections == (
        Section("Intro", "A."), Section("Settings", "B."), Section("Acknowledgement", "Thanks.")
    )  # fmt: skip


# --- references --------------------------------------------------------------------------------------------


def test_a_reference_has_title_authors_year_identifiers_and_the_string_as_printed(tmp_path: Path) -> None:
    assert reference(
        tmp_path,
        """<analytic><title level="a" type="main">Deep  Nets</title>
             <author><persName><forename type="first">A</forename><surname>Lovelace</surname></persName></author>
             <idno type="DOI">10.1000/ABC</idno><idno type="PMID">123</idno><idno type="PMCID">PMC77</idno></analytic>
           <monogr><title level="j">CoRR</title><idno>abs/1904.00002</idno>
             <imprint><date type="published" when="2016-05"/></imprint></monogr>
           <note type="raw_reference">A. Lovelace.\nDeep Nets. 2016.</note>""",
    ) == Reference(
        title="Deep Nets",
        arxiv_id="1904.00002",
        doi="10.1000/abc",
        also=("pmid:123", "pmcid:PMC77"),
        year=2016,
        authors=("A Lovelace",),
        raw="A. Lovelace. Deep Nets. 2016.",
    )


@pytest.mark.parametrize(
    ("printed", "arxiv_id"),
    [
        ("arXiv:1607.06450", "1607.06450"),
        ("arXiv:1607.06450v2", "1607.06450"),
        ("arXiv:1603.05027,2016.3", "1603.05027"),
        ("arXivpreprintarXiv:1512.00567.9", "1512.00567"),
        ("arXiv:cs/0112017", "cs/0112017"),
        ("arXiv:16", None),
    ],
)
def test_arxiv_identifiers_are_found_in_what_print_made_of_them(
    tmp_path: Path, printed: str, arxiv_id: str
) -> None:
    inside = f'<monogr><title>Some Work</title><idno type="arXiv">{printed}</idno></monogr>'
    assert reference(tmp_path, inside).arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("analytic", "monogr", "note", "title"),
    [
        ("<title level='a'>Work</title>", "<title level='m'>Proceedings</title>", "", "Work"),
        ("<title/>", "<title level='j'>J</title><title level='m'>Work</title>", "", "Work"),
        ("", "<title/>", "Layer normalization. arXiv preprint", "Layer normalization"),
        ("", "<title/><imprint><date when='2001'/></imprint>", "PhD thesis", None),
        ("", "<title/><imprint><date when='2001'/></imprint>", "arXiv preprint", None),
    ],
)
def test_the_title_is_that_of_the_work_wherever_it_was_put(
    tmp_path: Path, analytic: str, monogr: str, note: str, title: str | None
) -> None:
    inside = f"<analytic>{analytic}</analytic><monogr>{monogr}</monogr><note type='report_type'>{note}</note>"
    found = paper(tmp_path, "", f"<biblStruct><idno type='PMID'>1</idno>{inside}</biblStruct>").references
    assert [reference.title for reference in found] == [title]


@pytest.mark.parametrize(
    ("monogr", "note", "title"),
    [
        ("<title/>", "A large challenge of vision", "A large challenge of vision"),
        ("<title/>", "Rethinking imagenet pre-training. ICCV", "Rethinking imagenet pre-training"),
        ("<title/>", 'Common objects in their context," in ECCV', "Common objects in their context"),
        ("<title level='j'>Int. J.</title>", "A large challenge of vision", "A large challenge of vision"),
        ("<title level='m'>A Work</title>", "In Proc. of the Conference of Works", "A Work"),
        ("<title level='m'>A Work</title>", "Neural computation", "A Work"),
        ("<title/>", "Software available from tensorflow.org. 5, 6", None),
        ("<title/>", "300 proposals Figure 14: Example detections from 5 different models", None),
        ("<title/>", "ours) 63.9 42.0(+1.6) 64.4 45.6 39.0(+2.6) 61.6", None),
        ("<title/>", "IJCV", None),
    ],
)  # fmt: skip
def test_a_note_without_type_is_the_title_where_it_reads_like_one_and_there_is_none(
    tmp_path: Path, monogr: str, note: str, title: str | None
) -> None:
    inside = f"<monogr>{monogr}<idno type='PMID'>1</idno></monogr><note>{note}</note>"
    assert reference(tmp_path, inside).title == title


def dated(title: str, when: str, arxiv_id: str = "", printed: str = "", note: str = "") -> str:
    """Return a reference of a year."""
    return (
        f"<biblStruct><monogr><title>{title}</title><idno type='arXiv'>{arxiv_id}</idno><imprint>"
        f"<date type='published' when='{when}'>{printed}</date></imprint></monogr><note>{note}</note></biblStruct>"
    )


def test_years_made_of_the_pages_that_cite_a_work_are_not_believed(tmp_path: Path) -> None:
    of_2016 = dated("A", "2006", "1606.00001")
    others = (
        dated("B", "2008") + dated("C", "2009", note="CVPR 2009") + dated("D", "2015") + dated("E", "1998")
    )
    assert [r.year for r in paper(tmp_path, "", of_2016 + others).references] == [
        None,
        None,
        2009,
        2015,
        1998,
    ]
    # without a sign that the list was so misread, years are what they are
    assert [r.year for r in paper(tmp_path, "", others).references] == [2008, 2009, 2015, 1998]
    posted_later = dated("A", "1998", "1606.00001")
    assert [r.year for r in paper(tmp_path, "", posted_later + dated("B", "2008")).references] == [1998, 2008]


def held(title: str, when: str, venue: str, *scopes: str) -> str:
    """Return a work that appeared at a conference, with what was read of its place."""
    return (
        f"<biblStruct><analytic><title level='a'>{title}</title></analytic><monogr><title level='m'>{venue}</title>"
        f"<imprint><date type='published' when='{when}'/>{''.join(scopes)}</imprint></monogr></biblStruct>"
    )


def years(folder: Path, *works: str) -> list[int | None]:
    return [reference.year for reference in paper(folder, "", "".join(works)).references]


@pytest.mark.parametrize(("venue", "when"), [("ICCV", "2008"), ("ECCV", "2005"), ("ICLR", "2006")])
def test_a_conference_that_was_not_held_gives_the_years_of_its_list_away(tmp_path, venue, when) -> None:
    other = held("Another Work", "2007", "CVPR")
    assert years(tmp_path, held("A Work", when, venue), other, held("New", "2016", "NIPS")) == [
        None,
        None,
        2016,
    ]


def test_conferences_in_years_in_which_they_were_held_give_nothing_away(tmp_path: Path) -> None:
    works = [held("A", "2005", "ICCV"), held("B", "2008", "ECCV"), held("C", "2005", "NIPS")]
    assert years(tmp_path, *works) == [2005, 2008, 2005]


def test_where_citing_pages_stand_for_pages_low_years_are_believed_of_works_with_pages_of_their_own(
    tmp_path: Path,
) -> None:
    page = "<biblScope unit='page'>7</biblScope>"
    of_its_own = "<biblScope unit='page' from='91' to='99'/>"
    works = [held(name, "2016", "CVPR", page) for name in "ABC"]
    low = [held("D", "2004", "NIPS"), held("E", "2004", "NIPS", of_its_own), held("F", "2004-06-01", "NIPS")]
    assert years(tmp_path, *works, *low) == [2016, 2016, 2016, None, 2004, 2004]
    assert years(tmp_path, *works[:2], *low) == [2016, 2016, 2004, 2004, 2004]


def titles(folder: Path, *works: str) -> list[str | None]:
    return [reference.title for reference in paper(folder, "", "".join(works)).references]


def alone(title: str) -> str:
    """Return a work of which title and venue were not told apart."""
    author = "<author><persName><surname>Nobody</surname></persName></author>"
    return f"<biblStruct><monogr><title level='m'>{title}</title>{author}</monogr></biblStruct>"


@pytest.mark.parametrize(
    "written",
    [
        "Nets for Shapes. In: ICCV",
        "Nets for Shapes. IJCV",
        "Nets for Shapes. CoRR, abs/1409.0001",
        "Nets for Shapes. arXiv e-prints",
        "Nets for Shapes. Proc. Eur. Conf. Comp. Vision",
        "Nets for Shapes. IEEE Transactions on Shapes",
        "Nets for Shapes. International Conference on Shapes (ICS)",
    ],
)
def test_a_venue_behind_the_title_is_not_part_of_it(tmp_path: Path, written: str) -> None:
    assert titles(tmp_path, alone(written)) == ["Nets for Shapes"]


@pytest.mark.parametrize(
    "written",
    ["Available", "IEEE Conference on", "Proc. IEEE", "ICCV 2017", "Proceedings of the Shape Society"],
)
def test_a_venue_alone_is_no_title(tmp_path: Path, written: str) -> None:
    assert titles(tmp_path, alone(written)) == [None]


def test_what_is_the_venue_of_others_in_the_list_is_no_title_if_it_is_shortened(tmp_path: Path) -> None:
    others = (
        held("A Work", "2016", "Proc. Comp. Vis. Patt. Recogn."),
        held("B", "2016", "FOCS"),
        held("C", "2016", "Nature"),
    )
    found = titles(tmp_path, *others, alone("Patt. Recogn."), alone("FOCS"), alone("Nature"), alone("BERT"))
    assert found == ["A Work", "B", "C", None, None, "Nature", "BERT"]


@pytest.mark.parametrize(
    "title",
    [
        "Scheduling a Conference by Graph Colouring",
        "Which is better? A study of words",
        "Learning from proceedings of parliaments",
        "On the use of arXiv as a dataset",
        "R-CNN minus R",
    ],
)
def test_words_of_venues_may_stand_in_titles(tmp_path: Path, title: str) -> None:
    assert titles(tmp_path, alone(title)) == [title]


def test_the_printed_year_goes_before_what_was_made_of_it(tmp_path: Path) -> None:
    assert [r.year for r in paper(tmp_path, "", dated("A", "2006", printed="2016. 6")).references] == [2016]


def test_a_reference_of_which_nothing_is_known_is_none(tmp_path: Path) -> None:
    empty = "<biblStruct><monogr><title/><imprint><date/></imprint></monogr></biblStruct>"
    assert paper(tmp_path, "", empty).references == ()


# --- contexts ----------------------------------------------------------------------------------------------

LIST = "".join(
    f'<biblStruct xml:id="b{n}"><monogr><title>Work {n}</title></monogr></biblStruct>' for n in range(8)
)


def cited(folder: Path, body: str) -> dict[str, tuple[str, ...]]:
    """Return the contexts of each reference that is cited."""
    found = paper(folder, f"<div><p>{body}</p></div>", LIST).references
    return {r.title: r.contexts for r in found if r.title and r.contexts}


def test_each_reference_has_the_sentences_that_cite_it(tmp_path: Path) -> None:
    body = """We like nets. They work <ref type="bibr" target="#b0">[1,</ref><ref type="bibr"
      target="#b2">3]</ref>, e.g. on A100. Others <ref type="bibr" target="#b2">[3]</ref> too.
      See <ref type="figure" target="#b4">Fig. 1</ref>."""
    assert cited(tmp_path, body) == {
        "Work 0": ("They work [1,3], e.g. on A100.",),
        "Work 2": ("They work [1,3], e.g. on A100.", "Others [3] too."),
    }


def test_a_range_cites_what_lies_between(tmp_path: Path) -> None:
    body = 'Much was done <ref type="bibr" target="#b1">[2]</ref>- <ref type="bibr" target="#b4">[5]</ref>.'
    assert list(cited(tmp_path, body)) == ["Work 1", "Work 2", "Work 3", "Work 4"]


def test_what_reads_like_a_range_but_counts_otherwise_is_none(tmp_path: Path) -> None:
    body = 'From <ref type="bibr" target="#b1">2001</ref>-<ref type="bibr" target="#b4">2007</ref> on.'
    assert list(cited(tmp_path, body)) == ["Work 1", "Work 4"]


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        (("It was shown before. ", "[1]", " We go on."), "It was shown before. [1]"),
        (("It was shown before.", "1", " We go on."), "It was shown before.1"),
        (("It was shown before. ", "[1]", " proposes more. We go on."), "[1] proposes more."),
        (
            ("It was shown by Smith et al. ", "[1]", " We go on."),
            "It was shown by Smith et al. [1] We go on.",
        ),
        (("It was shown.", "[1]", ""), "It was shown.[1]"),
    ],
)
def test_a_mark_between_two_sentences_belongs_to_the_one_it_is_part_of(
    pieces: tuple[str, ...], sentence: str
) -> None:
    flow = Flow()
    for piece, keys in zip(pieces, ((), ("a",), ()), strict=True):
        flow.add(piece, keys)
    assert contexts(flow.text, flow.marks, {"a": 0}) == {"a": [sentence]}


def test_a_mark_alone_or_among_numbers_is_no_context() -> None:
    for text in ("[1]", "28.4 [1] 51.8"):
        at = text.index("[1]")
        assert contexts(text, [Mark(at, at + 3, "a")], {"a": 0}) == {"a": []}


def test_a_sentence_without_end_is_cut_around_the_mark_in_whole_words() -> None:
    text = "word " * 10_000
    [sentence] = contexts(text, [Mark(25_000, 25_004, "a")], {"a": 0})["a"]
    assert 900 < len(sentence) < 1010 and set(sentence.split()) == {"word"}


@given(st.lists(st.tuples(st.text(alphabet="ab. \n\t\x00[1]é", max_size=8), st.booleans()), max_size=20))
def test_a_flow_is_the_folded_text_and_its_marks_are_the_pieces(pieces: list[tuple[str, bool]]) -> None:
    flow = Flow()
    for piece, mark in pieces:
        flow.add(piece, ["k"] if mark else [])
    assert flow.text == fold("".join(piece for piece, _ in pieces))
    assert [flow.text[m.start : m.end] for m in flow.marks] == [fold(piece) for piece, mark in pieces if mark]
    assert set(contexts(flow.text, flow.marks, {"k": 0})) <= {"k"}


# --- the real ones -----------------------------------------------------------------------------------------


def test_every_paper_of_the_collection_is_read_with_title_references_and_contexts() -> None:
    papers, refused = read(shared("fixtures/tei"), format="tei")
    assert [refusal.source.rpartition("/")[2] for refusal in refused] == ["pwc_ml_papers_internal_edges.tsv"]
    assert len(papers) == 58
    assert all(paper.title and paper.sections and paper.references for paper in papers)
    assert sum(len(paper.references) for paper in papers) == 2_654  # one is but the name of a conference
    assert sum(reference.title is None for paper in papers for reference in paper.references) == 51
    assert sum(bool(r.contexts) for paper in papers for r in paper.references) > 2_400
    assert sum(paper.arxiv_id is not None for paper in papers) == 54


def test_the_papers_of_the_collection_cite_each_other_as_the_list_beside_it_says() -> None:
    papers, _ = read(shared("fixtures/tei/pwc_ml_papers"))
    by_title = {title_key(paper.title): paper.arxiv_id for paper in papers}
    known = set(by_title.values()) - {None}
    found = {
        (paper.arxiv_id, r.arxiv_id if r.arxiv_id in known else by_title.get(title_key(r.title or "")))
        for paper in papers
        for r in paper.references
    }
    lines = shared("fixtures/tei/pwc_ml_papers_internal_edges.tsv").read_text().splitlines()
    wanted = {tuple(line.split("\t")[:2]) for line in lines if line}
    assert len(wanted) == 286 and wanted <= found


# --- whatever comes ----------------------------------------------------------------------------------------

_REAL = tei(
    """<div><head n="1">A</head><p>Nets <ref type="bibr" target="#b0">[1]</ref>-<ref type="bibr"
    target="#b3">[4]</ref> work. <formula>x</formula><note place="foot">n</note></p>
    <figure><head>Fig</head><figDesc>d</figDesc></figure></div>""",
    LIST,
).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_paper_gives_a_paper_or_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    text = bytearray(_REAL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 60))
        text[place : place + gone] = data.draw(
            st.binary(max_size=8)
            | st.sampled_from([b"<p>", b"</p>", b'"', b"<ref/>", b"<div><head>x</head>", b"#b9"])
        )
    papers, refused = read_text(tmp_path, bytes(text), "x.tei.xml", "tei")
    assert len(papers) + len(refused) >= 1
    for found in papers:
        assert found.title == fold(found.title) and found.abstract == fold(found.abstract)
        assert all(section.text for section in found.sections)


def test_elements_without_end_within_one_another_are_no_fault_of_ours(tmp_path: Path) -> None:
    for depth in (150, 5_000):
        papers, refused = read_text(
            tmp_path, tei("<div><p>" + "<hi>" * depth + "x" + "</hi>" * depth + "</p></div>")
        )
        assert len(papers) + len(refused) == 1
