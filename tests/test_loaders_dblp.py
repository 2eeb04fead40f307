"""DBLP: the dump, pages of people and venues, and answers of its search."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading import read_text

from citegraph.graph.records import Author, Paper, Reference

DUMP = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<inproceedings key="conf/nets/LovelaceP19" mdate="2020-01-01">
<author orcid="0000-0002-1825-0097">Ada M&uuml;ller</author><author>Plato 0001</author>
<title>Small <i>Nets</i> for Phones &amp; More.</title><pages>1-9</pages><year>2019</year>
<booktitle>NETS</booktitle><ee type="oa">https://doi.org/10.1000/ABC</ee><ee>http://nets.example/1.html</ee>
<crossref>conf/nets/2019</crossref><url>db/conf/nets/nets2019.html#LovelaceP19</url>
<cite>journals/cacm/Codd70</cite><cite>...</cite></inproceedings>
<proceedings key="conf/nets/2019"><editor>Ed</editor><title>Proceedings.</title><year>2019</year></proceedings>
<article publtype="informal" key="journals/corr/abs-1904-00001"><author>Plato</author><title>Is it so?</title>
<year>2019</year><volume>abs/1904.00001</volume><journal>CoRR</journal></article>
<article publtype="withdrawn" key="journals/corr/abs-1904-00002"><author>Plato</author><title>It is ...</title>
<year>2019</year><journal>CoRR</journal><ee>https://arxiv.org/abs/1904.00002</ee></article>
<www key="homepages/p/Plato"><author>Plato</author><title>Home Page</title></www>
</dblp>
"""

PAPERS = [
    Paper(
        "Small Nets for Phones & More",
        doi="10.1000/abc",
        also=("dblp:conf/nets/LovelaceP19",),
        authors=(Author("Ada Müller", "0000-0002-1825-0097"), Author("Plato")),
        year=2019,
        venue="NETS",
        kind="conference paper",
        url="http://nets.example/1.html",
        references=(Reference(also=("dblp:journals/cacm/Codd70",)),),
    ),
    Paper(
        "Is it so?",
        arxiv_id="1904.00001",
        also=("dblp:journals/corr/abs-1904-00001",),
        authors=(Author("Plato"),),
        year=2019,
        venue="CoRR",
        kind="preprint",
    ),
    Paper(
        "It is ...",
        arxiv_id="1904.00002",
        also=("dblp:journals/corr/abs-1904-00002",),
        authors=(Author("Plato"),),
        year=2019,
        venue="CoRR",
        kind="preprint",
        retracted=True,
    ),
]


def test_the_dump_gives_each_work_with_its_key_and_its_letters(tmp_path: Path) -> None:
    papers, refused = read_text(tmp_path, DUMP.encode("latin-1"), "dblp.xml")
    assert papers == PAPERS and not refused
    assert [paper.line for paper in papers] == [4, 11, 13]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<dblpperson pid="1/2"><person key="homepages/1/2"><author>P</author></person><r>', "</r></dblpperson>"),
        ('<bht key="db/conf/nets/nets2019.bht"><h1>NETS</h1><dblpcites><r style="ee">', "</r></dblpcites></bht>"),
        ("<dblp>", "</dblp>"),
    ],
)  # fmt: skip
def test_pages_of_people_and_venues_and_single_records_are_read_alike(
    tmp_path: Path, before: str, after: str
) -> None:
    work = DUMP[DUMP.index("<inproceedings") : DUMP.index("<proceedings")].replace("&uuml;", "ü")
    assert read_text(tmp_path, before + work + after, "x.xml") == (PAPERS[:1], [])


def test_a_page_of_home_pages_alone_holds_no_paper(tmp_path: Path) -> None:
    papers, [refusal] = read_text(tmp_path, '<dblp><www key="homepages/p/Plato"/></dblp>', "x.xml")
    assert not papers and refusal.reason == "there is no paper in it (read as dblp)"


def test_a_broken_record_is_refused_with_its_line_and_the_others_kept(tmp_path: Path) -> None:
    text = DUMP.replace("Is it so?", "").replace(
        "<year>2019</year>\n<booktitle>", "<year>19</year>\n<booktitle>"
    )
    papers, refused = read_text(tmp_path, text.encode("latin-1"), "dblp.xml")
    assert papers == PAPERS[2:]
    assert [(refusal.line, refusal.reason) for refusal in refused] == [
        (4, "year is 19, not between 1500 and 2200"),
        (11, "the title is missing"),
    ]


def test_memory_holds_a_record_of_the_dump_at_a_time(tmp_path: Path) -> None:
    work = DUMP[DUMP.index("<inproceedings") : DUMP.index("<proceedings")]
    path = tmp_path / "dblp.xml"
    path.write_text("<dblp>" + work * 8_000 + "</dblp>")
    assert path.stat().st_size > 3 << 20
    from citegraph.loaders import open_inputs

    [document] = open_inputs([path])
    tracemalloc.start()
    try:
        assert sum(1 for _ in document.papers()) == 8_000  # type: ignore[union-attr]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 << 20


# --- answers of the search ---------------------------------------------------------------------------------

INFO: dict[str, Any] = {
    "authors": {
        "author": [{"@pid": "1/1", "text": "Ada M&uuml;ller"}, {"@pid": "1/2", "text": "Plato 0001"}]
    },
    "title": "Small Nets for Phones &amp; More.",
    "venue": ["NETS", "Workshops"],
    "year": "2019",
    "type": "Conference and Workshop Papers",
    "key": "conf/nets/LovelaceP19",
    "doi": "10.1000/ABC",
    "ee": "https://doi.org/10.1000/ABC",
    "url": "https://dblp.org/rec/conf/nets/LovelaceP19",
}


def answer(*infos: Any, code: str = "200", said: str = "OK") -> bytes:
    """Return an answer as DBLP writes it."""
    hits: dict[str, Any] = {"@total": str(len(infos)), "@computed": "1", "@sent": "1", "@first": "0"}
    if infos:
        hits["hit"] = [{"@score": "1", "@id": str(number), "info": info} for number, info in enumerate(infos)]
    result = {"query": "nets", "status": {"@code": code, "text": said}, "completions": {}, "hits": hits}
    return orjson.dumps({"result": result}, option=orjson.OPT_INDENT_2)


def test_an_answer_gives_its_hits(tmp_path: Path) -> None:
    single = INFO | {"title": "Is it so?", "key": "journals/corr/abs-1904-00001", "doi": None, "ee": None}
    single |= {"authors": {"author": {"text": "Plato"}}, "venue": "CoRR", "volume": "abs/1904.00001"}
    papers, refused = read_text(
        tmp_path, answer(INFO, {"type": "Editorship", "title": "Proc."}, single), "x.json"
    )
    assert not refused
    assert papers == [
        Paper(
            "Small Nets for Phones & More",
            doi="10.1000/abc",
            also=("dblp:conf/nets/LovelaceP19",),
            authors=(Author("Ada Müller"), Author("Plato")),
            year=2019,
            venue="NETS",
            kind="conference paper",
        ),
        PAPERS[1],
    ]
    assert [paper.line for paper in papers] == [1, 3]


def test_an_answer_as_xml_gives_the_same(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?><result><query id="1">nets*</query><status code="200">OK</status>
      <hits total="1"><hit score="1" id="2"><info><authors><author pid="1/1">Plato 0001</author></authors>
      <title>Is it so?</title><venue>CoRR</venue><volume>abs/1904.00001</volume><year>2019</year>
      <type>Informal</type><key>journals/corr/abs-1904-00001</key><url>https://dblp.org/rec/x</url></info></hit>
      </hits></result>"""
    assert read_text(tmp_path, text, "x.xml") == (PAPERS[1:2], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (answer(), "DBLP found nothing for the query"),
        (answer(code="500", said="Internal Error"), "DBLP answered with an error, “Internal Error”"),
        (b'{"result": {"hits": {"@total": "1", "hit": {}}}}', "result.hits.hit is an object, not a list"),
        (b'{"result": {"hits": {"@total": "1", "hit": [{"info":', "the line is cut off within a record"),
    ],
)
def test_an_answer_that_holds_nothing_says_why(tmp_path: Path, text: bytes, reason: str) -> None:
    papers, [refusal] = read_text(tmp_path, text, "x.json")
    assert not papers and refusal.reason == reason


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "author", "info", "@pid"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(INFO)), _VALUES), st.booleans(), _VALUES)
def test_wrong_types_in_any_field_give_a_paper_or_one_sentence(
    tmp_path: Path, changed: dict[str, Any], whole: bool, value: Any
) -> None:
    papers, refused = read_text(tmp_path, answer(INFO | changed if whole else value, INFO), "x.json", "dblp")
    assert PAPERS[0].title in [paper.title for paper in papers]
    assert all(str(refusal).endswith(".") for refusal in refused)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_dump_gives_papers_and_refusals_and_nothing_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = bytearray(DUMP.encode("latin-1"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 60))
        text[place : place + gone] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<a/>", b"&x;", b"</r>"])
        )
    papers, refused = read_text(tmp_path, bytes(text), "x.xml", "dblp")
    assert len(papers) + len(refused) >= 1
    assert all(paper.title for paper in papers)
