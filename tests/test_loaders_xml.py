"""The records of an XML document: what is given, what is refused, and what no document can make it do."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from conftest import shared
from effort import within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citegraph.graph.records import Paper
from citegraph.loaders import Document, Refusal
from citegraph.loaders.reading.fields import fold
from citegraph.loaders.reading.xml_records import MAX_DEPTH, MAX_RECORD, records, root_of, text_of


class _Titles:
    """A loader of ``<record>`` elements, of which the text is the title."""

    name = "titles"
    description = "for tests"

    def sniff(self, head: bytes, path: Path) -> bool:
        return root_of(head) is not None

    def read(self, document: Document):
        for item in records(document, {"record"}):
            yield item if isinstance(item, Refusal) else Paper(text_of(item[1]) or "-", line=item[0])


def read(folder: Path, content: str | bytes) -> tuple[list[str], list[str]]:
    """Return the texts of the records and what was refused."""
    path = folder / "x.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    items = list(Document(path, "x.xml", _Titles()).papers())
    return (
        [item.title for item in items if isinstance(item, Paper)],
        [str(item) for item in items if isinstance(item, Refusal)],
    )


def test_each_record_comes_with_the_line_it_begins_in(tmp_path: Path) -> None:
    (path := tmp_path / "x.xml").write_text(
        "<all>\n<record>One <i>tree</i></record>\n\n<record>Two</record>\n</all>"
    )
    found = list(Document(path, "x.xml", _Titles()).papers())
    assert [(paper.title, paper.line) for paper in found] == [("One tree", 2), ("Two", 4)]


def test_a_record_within_another_is_part_of_it(tmp_path: Path) -> None:
    assert read(tmp_path, "<record>a<record>b</record></record>") == (["ab"], [])


def test_names_come_without_namespaces_and_plain_attributes_go_before_others(tmp_path: Path) -> None:
    text = '<r xmlns:x="u"><x:record><x:a x:type="other" type="mine" x:href="h"/></x:record></r>'
    (path := tmp_path / "x.xml").write_text(text)
    [(_, element)] = records(Document(path, "x.xml", _Titles()), {"record"})
    assert element.tag == "record" and element[0].attrib == {"type": "mine", "href": "h"}


# --- broken documents --------------------------------------------------------------------------------------


def test_a_document_that_is_cut_off_gives_the_whole_records_before(tmp_path: Path) -> None:
    assert read(tmp_path, "<all>\n<record>One</record>\n<record>Tw") == (
        ["One"],
        ["x.xml:3: the XML is cut off in column 11 after 1 whole record; get the file again."],
    )


def test_a_fault_is_told_with_line_and_column_and_the_records_before_it_are_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "<all><record>One</record>\n  <record>2 < 3</record></all>") == (
        ["One"],
        [
            "x.xml:2: the XML is not well-formed (invalid token in column 14), "
            "so the rest was left; mend the file there, or get it again."
        ],
    )


def test_a_second_document_in_a_file_is_told_apart(tmp_path: Path) -> None:
    one = '<?xml version="1.0"?><all><record>One</record></all>\n'
    found, refused = read(tmp_path, one + one)
    assert found == ["One"] and refused == [
        "x.xml:2: something follows the end of the XML in column 1; give what follows as a file of its own."
    ]


def test_what_is_not_xml_at_all_is_told_as_such(tmp_path: Path) -> None:
    for text in ("{}", "@article{a,\n}", "<", "plain words"):
        assert read(tmp_path, text) == (
            [],
            ["x.xml: this is not XML; name its format with --format, or none to have it told."],
        )


def test_blank_lines_above_the_declaration_do_no_harm_and_lines_count_them(tmp_path: Path) -> None:
    found, refused = read(tmp_path, '\n \n<?xml version="1.0"?>\n<all><record>One</record>\n<')
    assert found == ["One"] and refused[0].startswith("x.xml:5: the XML is cut off")


# --- encodings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["ISO-8859-1", "windows-1252", "utf-8", "UTF-16", "utf-16-le", "koi8-r", "gb2312"]
)
def test_the_encoding_that_is_declared_is_honoured(tmp_path: Path, encoding: str) -> None:
    word = {"koi8-r": "Москва", "gb2312": "北京"}.get(encoding, "Gödel")
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<record>{word}</record>'
    assert read(tmp_path, text.encode(encoding)) == ([word], [])


def test_a_byte_order_mark_goes_before_what_is_declared(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="latin-1"?><record>Gödel</record>'
    assert read(tmp_path, text.encode("utf-8-sig")) == (["Gödel"], [])


def test_utf_16_that_is_declared_in_plain_letters_is_not_believed(tmp_path: Path) -> None:
    assert read(tmp_path, '<?xml version="1.0" encoding="utf-16"?><record>Gödel</record>') == (["Gödel"], [])


@pytest.mark.parametrize("encoding", ["klingon", "utf-7", "rot13", "unicode_escape", "idna", "zlib"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    found, refused = read(tmp_path, f'<?xml version="1.0" encoding="{encoding}"?><record>a</record>')
    assert found == [] and refused == [
        f"x.xml:1: the encoding it declares, “{encoding}”, is not known; "
        "convert the file to UTF-8 and declare that in its first line."
    ]


def test_text_that_is_not_in_the_encoding_it_should_be_in_is_told_as_such(tmp_path: Path) -> None:
    found, refused = read(tmp_path, "<all>\n<record>Gödel</record></all>".encode("latin-1"))
    assert found == []
    assert refused[0].startswith(
        "x.xml:2: the text is not UTF-8 (byte 0xF6 in column 10); declare its encoding"
    )


# --- entities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doctype", ["", '<!DOCTYPE dblp SYSTEM "dblp.dtd">', "<!DOCTYPE a [<!ELEMENT a ANY>]>"]
)
def test_entities_of_html_are_known_without_a_dtd_and_others_stay_as_they_are(
    tmp_path: Path, doctype: str
) -> None:
    text = f"<?xml version='1.0'?>{doctype}<record>G&ouml;del &amp; &alpha; &nosuch; &#233;</record>"
    assert read(tmp_path, text) == (["Gödel & α &nosuch; é"], [])


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY a "boom">',
        '<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY a PUBLIC "p" "http://localhost/">',
        '<!ENTITY % a SYSTEM "http://localhost/x.dtd"> %a;',
        "<!NOTATION n SYSTEM 'x'><!ENTITY a SYSTEM 'x.gif' NDATA n>",
    ],
)
def test_entities_of_the_document_itself_are_refused_in_one_sentence(tmp_path: Path, entity: str) -> None:
    found, refused = read(tmp_path, f"<!DOCTYPE all [{entity}]>\n<all><record>&a;</record></all>")
    assert found == [] and len(refused) == 1
    assert refused[0].startswith(
        "x.xml:1: the document defines an entity of its own, “a”, as only XML bombs do; "
    )


@pytest.mark.parametrize("name", ["xmlbomb", "xmlbomb2", "quadratic", "cyclic", "external", "external_file"])
def test_bombs_found_in_the_wild_are_refused(name: str) -> None:
    path = shared(f"fixtures/hostile/defusedxml/{name}.xml")
    [refusal] = Document(path, "bomb.xml", _Titles()).papers()
    assert isinstance(refusal, Refusal) and "defines an entity of its own" in refusal.reason


@pytest.mark.parametrize("name", ["dtd", "dtd_element", "simple", "simple-ns"])
def test_harmless_documents_are_read_to_the_end(name: str) -> None:
    path = shared(f"fixtures/hostile/defusedxml/{name}.xml")
    assert not [
        item for item in records(Document(path, "x", _Titles()), {"record"}) if isinstance(item, Refusal)
    ]


# --- bounds ------------------------------------------------------------------------------------------------


def test_a_document_too_deep_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    found, refused = read(tmp_path, "<all><record>One</record>" + "<a>" * 1_000_000)
    assert found == ["One"]
    assert refused == [
        f"x.xml:1: there are more than {MAX_DEPTH} elements within one another; check how the file was made."
    ]


def test_a_record_too_large_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    big = "<p>" + "x" * 1000 + "</p>"
    count = MAX_RECORD // 1000 + 1
    text = f"<all>\n<record>{big * count}</record>\n<record>Two</record></all>"
    found, refused = read(tmp_path, text)
    assert found == ["Two"] and refused == ["x.xml:2: the record is larger than 16 MB; check the file."]


def test_a_tag_without_end_takes_neither_memory_nor_time(tmp_path: Path) -> None:
    with within(20):
        found, refused = read(tmp_path, "<all><record>One</record>\n<a b='" + "x" * (40 << 20))
        assert found == ["One"] and refused == [
            "x.xml:2: a single tag or comment is longer than 8 MB; check the file."
        ]


def test_names_without_end_are_refused(tmp_path: Path) -> None:
    found, refused = read(tmp_path, "<all>" + "".join(f"<a{n}/>" for n in range(10_001)) + "</all>")
    assert found == [] and refused[0].startswith("x.xml:1: there are more than 10,000 names of elements")


def test_memory_holds_one_record_not_the_file(tmp_path: Path) -> None:
    (path := tmp_path / "x.xml").write_text("<all>" + "<record>abc</record>\n" * 200_000 + "</all>")
    document = Document(path, "x.xml", _Titles())
    tracemalloc.start()
    try:
        assert sum(1 for _ in document.papers()) == 200_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


# --- the root ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<TEI>", "TEI"),
        (b"\n<?xml version='1.0'?>\n<!-- <a> --><tei:TEI xmlns:tei='u' n=", "TEI"),
        (b"<!DOCTYPE a PUBLIC '-//>' \"x>y\" [ <!ELEMENT a (b)> ] ><a/>", "a"),
        (b"<!DOCTYPE a SYSTEM 'a.dtd'><a>", "a"),
        (b"<?xml version='1.0'?> text <a>", None),
        (b"<!-- no end <a>", None),
        (b"{}", None),
        (b"", None),
        (b"<!DOCTYPE" + b"[" * 60_000, None),
        (b"<!---->" * 9_000, None),
    ],
)
def test_the_root_is_found_behind_all_that_may_stand_before_it(head: bytes, name: str | None) -> None:
    with within(5):
        root = root_of(head)
        assert (root.name if root else None) == name


# --- whatever comes ----------------------------------------------------------------------------------------

_REAL = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE all SYSTEM "all.dtd">\n<all xmlns:x="u">\n'
    '<record x:key="k/1"><title>G&ouml;del &#38; <i>al.</i></title><![CDATA[a<b]]></record><!-- c -->\n'
    "<x:record><?pi x?>Two</x:record></all>\n"
).encode("latin-1")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_document_gives_papers_and_refusals_and_nothing_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = bytearray(_REAL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 40))
        text[place : place + gone] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b"<", b"]]>", b"&a;", b"\0"])
        )
    found, refused = read(tmp_path, bytes(text))
    assert all(title == fold(title) for title in found)
    assert all("\n" not in refusal and refusal.endswith(".") for refusal in refused)


# --- which loader takes which file -------------------------------------------------------------------------


def test_the_loaders_of_xml_take_their_own_files_and_no_others() -> None:
    from citegraph.loaders import open_inputs

    root = shared("fixtures")
    taken: dict[str, set[str]] = {name: set() for name in ("tei", "jats", "arxiv-atom", "dblp")}
    for found in open_inputs([root]):
        if isinstance(found, Document) and found.format in taken:
            taken[found.format].add(str(found.path.relative_to(root)))
    wanted = {
        "tei": ["tei/*/*.tei.xml"],
        "jats": ["jats/*.xml", "csl/manubot/*-jats-*.xml"],
        "arxiv-atom": ["arxiv/*.xml"],
        "dblp": [],
    }
    expected = {
        name: {str(path.relative_to(root)) for pattern in patterns for path in root.glob(pattern)}
        for name, patterns in wanted.items()
    }
    counts = {name: len(files) for name, files in taken.items()}
    assert counts == {"tei": 58, "jats": 8, "arxiv-atom": 20, "dblp": 0}
    assert taken == expected
