"""JATS XML: front matter, sections, references, and the sentences that cite them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import shared
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Paper, Reference, Section
from citegraph.loaders.reading.fields import fold

META = """<article-id pub-id-type="publisher-id">77</article-id><article-id pub-id-type="doi">10.1000/X.1</article-id>
  <article-id pub-id-type="pmid">123</article-id><article-id pub-id-type="pmc">PMC9</article-id>
  <title-group><article-title>On <italic>small</italic> nets<xref ref-type="fn" rid="f">*</xref></article-title>
  </title-group>
  <contrib-group>
    <contrib contrib-type="author"><contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id>
      <name><surname>Lovelace</surname><given-names>Ada M.</given-names></name></contrib>
    <contrib contrib-type="author"><name-alternatives><name><surname>Plato</surname></name></name-alternatives>
    </contrib>
    <contrib contrib-type="author"><collab>The Group<contrib-group/></collab></contrib>
    <contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib>
    <aff><institution>Uni A</institution>, <country>X</country></aff></contrib-group>
  <pub-date pub-type="ppub"><month>7</month><year>2019</year></pub-date>
  <pub-date date-type="pub" iso-8601-date="2019-04-06"><day>6</day><month>4</month><year>2019</year></pub-date>
  <pub-date pub-type="test"><day>Friday</day><month>1</month><year>2013</year></pub-date>
  <self-uri href="https://example.org/77"/>
  <abstract abstract-type="teaser"><p>Buy now.</p></abstract>
  <abstract><title>Abstract</title><p>One.</p><p>Two.</p></abstract>
  <kwd-group><kwd>nets</kwd><kwd>phones</kwd></kwd-group>"""


def article(body: str = "", references: str = "", meta: str = META) -> str:
    """Return a whole document."""
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.1//EN" "JATS.dtd">\n'
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group>'
        f"<journal-title>J. Nets</journal-title></journal-title-group></journal-meta><article-meta>{meta}"
        f"</article-meta></front><body>{body}</body><back><ref-list>{references}</ref-list></back></article>"
    )


def paper(folder: Path, *parts: str) -> Paper:
    """Read a document that holds one article."""
    papers, refused = read_text(folder, article(*parts), "x.xml")
    assert not refused
    [found] = papers
    return found


def references(folder: Path, inside: str) -> tuple[Reference, ...]:
    """Read a reference."""
    return paper(folder, "", f'<ref id="r1">{inside}</ref>').references


def test_the_front_matter_gives_title_abstract_authors_identifiers_and_the_first_day(tmp_path: Path) -> None:
    assert paper(tmp_path) == Paper(
        "On small nets",
        "One. Two.",
        doi="10.1000/x.1",
        also=("pmid:123", "pmcid:PMC9"),
        authors=(Author("Ada M. Lovelace", "0000-0002-1825-0097"), Author("Plato"), Author("The Group")),
        year=2019,
        date="2019-04-06",
        venue="J. Nets",
        url="https://example.org/77",
        organizations=("Uni A",),
        keywords=("nets", "phones"),
    )


def test_the_headings_of_a_structured_abstract_stay(tmp_path: Path) -> None:
    meta = """<title-group><article-title>T t</article-title></title-group>
      <abstract><sec><title>Aims</title><p>One.</p></sec><sec><title>Methods</title><p>Two.</p></sec></abstract>"""
    assert paper(tmp_path, "", "", meta).abstract == "Aims One. Methods Two."


def test_articles_without_title_or_front_matter_are_refused_and_those_around_them_kept(
    tmp_path: Path,
) -> None:
    one = article().partition('JATS.dtd">\n')[2]
    bad = "<article><front><article-meta><title-group/></article-meta></front></article>"
    papers, refused = read_text(tmp_path, f"<pmc-articleset>{one}\n{bad}\n<article/>{one}</pmc-articleset>")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refused] == [
        (one.count("\n") + 2, "the title is missing"),
        (one.count("\n") + 3, "there is no article-meta"),
    ]


# --- sections ----------------------------------------------------------------------------------------------


def test_sections_are_named_by_their_path_and_captions_and_footnotes_stand_apart(tmp_path: Path) -> None:
    body = """<p>Before.</p><sec><label>1</label><title>Methods</title><p>A<fn><label>1</label><p>Note.</p></fn>.</p>
      <sec><title>Data</title><p>B.</p><fig><label>Fig. 1.</label><caption><title>Net.</title><p>Deep.</p></caption>
      </fig></sec><table-wrap><caption><p>Scores.</p></caption><table><tr><td>1</td></tr></table></table-wrap></sec>"""
    assert paper(tmp_path, body).sections == (
        Section("", "Before."),
        Section("Methods", "A."),
        Section("Methods > Data", "B."),
        Section("Fig. 1", "Net.\n\nDeep."),
        Section("Table", "Scores."),
        Section("Footnotes", "Note."),
    )


def test_of_mathematics_in_two_notations_one_is_read(tmp_path: Path) -> None:
    body = r"""<p>Let <inline-formula><alternatives><tex-math>\documentclass{x}$x=1$</tex-math><math><mi>x</mi>
      <mo>=</mo><mn>1</mn></math></alternatives></inline-formula> be so:</p><p>We set
      <disp-formula><label>(3)</label><tex-math>y^2</tex-math></disp-formula> here.</p>"""
    assert paper(tmp_path, body).sections[0].text == "Let x =1 be so:\n\nWe set (3) y^2 here."


# --- references --------------------------------------------------------------------------------------------


def test_an_element_citation_gives_what_its_elements_say(tmp_path: Path) -> None:
    inside = """<label>1</label><element-citation publication-type="journal"><person-group person-group-type="author">
        <name><surname>Lovelace</surname><given-names>A</given-names></name><collab>The Group</collab><etal/>
      </person-group>
      <person-group person-group-type="editor"><name><surname>Ed</surname></name></person-group>
      <article-title>Deep <italic>nets</italic>.</article-title><source>J. Nets</source><year>2016a</year>
      <pub-id pub-id-type="doi">10.1000/ABC</pub-id><pub-id pub-id-type="pmid">45</pub-id>
      <pub-id pub-id-type="arxiv">1904.00002</pub-id></element-citation>"""
    assert references(tmp_path, inside) == (
        Reference(
            title="Deep nets",
            doi="10.1000/abc",
            arxiv_id="1904.00002",
            also=("pmid:45",),
            year=2016,
            authors=("A Lovelace", "The Group"),
        ),
    )


def test_identifiers_that_touch_are_two(tmp_path: Path) -> None:
    inside = """<mixed-citation>Nets. doi:<pub-id pub-id-type="doi">10.1000/abc</pub-id><pub-id
      pub-id-type="pmid">45</pub-id></mixed-citation>"""
    [found] = references(tmp_path, inside)
    assert (found.doi, found.also, found.raw) == ("10.1000/abc", ("pmid:45",), "Nets. doi: 10.1000/abc 45")


def test_a_mixed_citation_keeps_the_string_as_printed_and_what_it_names(tmp_path: Path) -> None:
    inside = """<mixed-citation><string-name><given-names>A.</given-names> <surname>Lovelace</surname></string-name>,
      Deep nets, arXiv:1904.00002 (<year>2016</year>).</mixed-citation>"""
    [found] = references(tmp_path, inside)
    assert found == Reference(
        arxiv_id="1904.00002",
        year=2016,
        authors=("A. Lovelace",),
        raw="A. Lovelace, Deep nets, arXiv:1904.00002 (2016).",
    )


@pytest.mark.parametrize(
    ("kind", "title"), [("book", "Big Book"), ("software", "Big Book"), ("journal", None)]
)
def test_the_source_is_the_title_of_what_is_a_work_itself(
    tmp_path: Path, kind: str, title: str | None
) -> None:
    inside = "<source>Big Book</source><year>1999</year></element-citation>"
    assert references(tmp_path, f'<element-citation publication-type="{kind}">{inside}') == (
        Reference(title=title, year=1999),
    )


def test_of_alternatives_one_is_taken_and_of_several_works_each(tmp_path: Path) -> None:
    one, other = (f"<{tag}><article-title>{title}</article-title></{tag}>" for tag, title in
                  (("mixed-citation", "Printed"), ("element-citation", "Told")))  # fmt: skip
    both = references(tmp_path, f"<citation-alternatives>{one}{other}</citation-alternatives>")
    assert [found.title for found in both] == ["Told"]
    assert [found.title for found in references(tmp_path, one + other)] == ["Printed", "Told"]


# --- contexts ----------------------------------------------------------------------------------------------

LIST = "".join(
    f'<ref id="r{n}"><element-citation><article-title>Work {n}</article-title></element-citation></ref>'
    for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("body", "cited", "sentence"),
    [
        ('Nets <xref ref-type="bibr" rid="r1 r3">1,3</xref> work. Others too.', (1, 3), "Nets 1,3 work."),
        (
            'Nets <xref ref-type="bibr" rid="r2">2</xref>–<xref ref-type="bibr" rid="r5">5</xref> work.',
            (2, 3, 4, 5),
            "Nets 2–5 work.",
        ),
        ('Nets <xref ref-type="bibr" rid="r2">2–4</xref> work.', (2, 3, 4), "Nets 2–4 work."),
        ('Nets work.<sup><xref ref-type="bibr" rid="r7">7</xref></sup> We go on.', (7,), "Nets work.7"),
        ('We. <xref ref-type="bibr" rid="r8">Lee (2001)</xref> has nets.', (8,), "Lee (2001) has nets."),
        ('See <xref ref-type="fig" rid="r1">1</xref> and <xref ref-type="bibr" rid="zz">9</xref>.', (), ""),
    ],
)
def test_each_reference_has_the_sentences_that_cite_it(
    tmp_path: Path, body: str, cited: tuple[int, ...], sentence: str
) -> None:
    found = paper(tmp_path, f"<sec><title>S</title><p>{body}</p></sec>", LIST).references
    assert [r.title for r in found if r.contexts] == [f"Work {n}" for n in cited]
    assert {said for r in found for said in r.contexts} <= {sentence}


# --- the real ones -----------------------------------------------------------------------------------------


def test_the_examples_of_a_publisher_are_read_whole() -> None:
    papers, refused = read(shared("fixtures/jats"))
    assert not refused
    assert [(p.doi, p.date, len(p.references), len(p.authors)) for p in papers] == [
        ("10.7717/peerj-cs.52", "2016-03-30", 19, 1),
        ("10.7717/peerj.182", "2013-10-22", 111, 7),
    ]
    # the second has a list of further references that nothing cites
    assert [sum(bool(r.contexts) for r in p.references) for p in papers] == [19, 104]
    assert [sum(not r.title for r in p.references) for p in papers] == [0, 2]


def test_lists_of_references_without_an_article_are_refused_as_that() -> None:
    papers, refused = read(*sorted(shared("fixtures/csl/manubot").glob("*-jats-*.xml")))
    assert not papers
    reasons = [(refusal.line, refusal.reason.partition(" (")[0]) for refusal in refused]
    assert reasons.count((4, "the title is missing")) == 5
    assert reasons.count((32, "the XML is not well-formed")) == 1


# --- whatever comes ----------------------------------------------------------------------------------------

_REAL = article(
    """<sec><title>A</title><p>Nets <xref ref-type="bibr" rid="r2">2</xref>-<xref ref-type="bibr" rid="r5">5</xref>.
    <fn><p>n</p></fn></p><fig><label>1</label><caption><p>c</p></caption></fig></sec>""",
    LIST,
).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_article_gives_a_paper_or_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    text = bytearray(_REAL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 60))
        pieces = [
            b"<p>",
            b"</p>",
            b"<name/>",
            b"<collab><collab/></collab>",
            b"<xref ref-type='bibr'/>",
            b"&eacute;",
        ]
        text[place : place + gone] = data.draw(st.binary(max_size=8) | st.sampled_from(pieces))
    papers, refused = read_text(tmp_path, bytes(text), "x.xml", "jats")
    assert len(papers) + len(refused) >= 1
    for found in papers:
        assert found.title == fold(found.title) and found.abstract == fold(found.abstract)
