"""S2ORC, doc2json and CORD-19: full texts with references and the sentences that cite them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Reference, Section

TEXT = "As shown before (Hu, 2021), rank is low. We follow [2]. Nobody else did."


def span(text, key):
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "text": text, "ref_id": key}


def paragraph(text, section="", number=None, spans=()):
    return {"text": text, "section": section, "sec_num": number, "cite_spans": list(spans), "ref_spans": []}


BODY = [
    paragraph(TEXT, "Introduction", "1", [span("(Hu, 2021)", "BIBREF0"), span("[2]", "BIBREF1")]),
    paragraph("More of it.", "Introduction", "1"),
    paragraph("All else.", "Method", "2"),
    paragraph("Woven   tightly.", "Weaving", "2.1"),
]
BIB = {
    "BIBREF0": {
        "ref_id": "b0", "title": "LoRA",
        "authors": [{"first": "Edward", "middle": ["J"], "last": "Hu", "suffix": ""}], "year": 2021,
        "venue": "ICLR", "link": "235458009", "other_ids": {"DOI": ["10.1000/LoRA"]},
    },
    "BIBREF1": {
        "title": "Second", "authors": [], "year": "", "links": None, "other_ids": {},
        "raw_text": "A. Second. Second. arXiv:2106.09685.",
    },
    "BIBREF2": {"title": "", "authors": [], "other_ids": {}},
}  # fmt: skip
PARSE = {"paper_id": "13756489", "_pdf_hash": "x", "abstract": [paragraph("We weave.", "Abstract")],
         "body_text": BODY, "bib_entries": BIB, "back_matter": [paragraph("Thanks.", "Acknowledgments")],
         "ref_entries": {"FIGREF0": {"text": "Figure 1: A loom.", "type": "figure"}, "TABREF0": None}}  # fmt: skip
DOC2JSON = {
    "paper_id": "N18-3011", "header": {"generated_with": "S2ORC 1.0.0"}, "title": "Weaving", "year": "2018",
    "authors": [{"first": "Ada", "middle": [], "last": "Lovelace", "suffix": ""}], "abstract": "We weave.",
    "pdf_parse": {key: PARSE[key] for key in ("body_text", "bib_entries", "back_matter", "ref_entries")},
}  # fmt: skip
METADATA = {
    "paper_id": "13756489", "title": "Weaving", "authors": [{"first": "Ada", "last": "Lovelace"}],
    "abstract": "We weave.", "year": 2017, "arxiv_id": "1706.03762", "acl_id": None,
    "pmc_id": "PMC123", "pubmed_id": "28424663", "doi": "10.1000/Weave", "venue": "NIPS",
    "journal": None, "mag_id": "2963403868",
    "outbound_citations": ["3239892", "x"], "has_outbound_citations": True, "has_pdf_parse": True,
}  # fmt: skip


def one(folder, record):
    (paper,), refusals = read_text(folder, json.dumps(record), "paper.json")
    assert not refusals
    return paper


def test_paragraphs_become_sections_by_heading_and_number(tmp_path):
    assert one(tmp_path, PARSE).sections == (
        Section("Introduction", f"{TEXT}\n\nMore of it."),
        Section("Method", "All else."),
        Section("Method > Weaving", "Woven tightly."),
        Section("Acknowledgments", "Thanks."),
        Section("Figure", "Figure 1: A loom."),
    )


def test_references_come_with_the_sentences_around_their_marks(tmp_path):
    first, second = one(tmp_path, PARSE).references
    assert first == Reference(
        "LoRA", doi="10.1000/lora", s2_id="CorpusId:235458009", year=2021, authors=("Edward J Hu",),
        contexts=("As shown before (Hu, 2021), rank is low.",),
    )  # fmt: skip
    assert (second.arxiv_id, second.raw, second.contexts) == (
        "2106.09685", "A. Second. Second. arXiv:2106.09685.", ("We follow [2].",),
    )  # fmt: skip


def test_a_parse_without_title_is_known_by_its_corpus_id(tmp_path):
    paper = one(tmp_path, PARSE)
    assert (paper.title, paper.abstract, paper.s2_id) == ("", "We weave.", "CorpusId:13756489")


def test_metadata_lines_give_identifiers_and_what_is_cited(tmp_path):
    paper = one(tmp_path, METADATA)
    assert (paper.title, paper.arxiv_id, paper.doi, paper.s2_id, paper.openalex_id) == (
        "Weaving", "1706.03762", "10.1000/weave", "CorpusId:13756489", "W2963403868",
    )  # fmt: skip
    assert (paper.also, paper.year, paper.venue) == (("pmid:28424663", "pmcid:PMC123"), 2017, "NIPS")
    assert paper.references == (Reference(s2_id="CorpusId:3239892"),)


def test_doc2json_keeps_the_parse_apart(tmp_path):
    paper = one(tmp_path, DOC2JSON)
    assert (paper.title, paper.year, paper.also, paper.authors) == (
        "Weaving", 2018, ("acl:N18-3011",), (Author("Ada Lovelace"),),
    )  # fmt: skip
    assert (len(paper.sections), len(paper.references)) == (5, 2)


def test_the_name_of_a_parsed_file_is_no_corpus_id(tmp_path):
    assert one(tmp_path, DOC2JSON | {"paper_id": "12345"}).s2_id is None


def test_the_oldest_release_has_metadata_and_parses_in_one(tmp_path):
    parse = {key: PARSE[key] for key in ("abstract", "body_text", "bib_entries")}
    paper = one(tmp_path, {"paper_id": "77", "metadata": METADATA | {"paper_id": None}, "s2_pdf_hash": "x",
                           "grobid_parse": parse, "latex_parse": None})  # fmt: skip
    assert (paper.s2_id, paper.title, len(paper.sections), len(paper.references)) == (
        "CorpusId:77",
        "Weaving",
        3,
        2,
    )


def test_a_hash_of_the_pdf_is_no_identifier_but_pmc_ids_are(tmp_path):
    cord = {"paper_id": "a" * 40, "metadata": {"title": "Weaving", "authors": []}, "body_text": BODY}
    assert one(tmp_path, cord).s2_id is None
    assert one(tmp_path, cord | {"paper_id": "PMC123"}).also == ("pmcid:PMC123",)


ANNOTATED = (
    "Weaving Ada Lovelace\nWe weave.\nIntroduction\nAs shown (Hu, 2021), rank is low. We agree.\n"
    "Hu. LoRA. arXiv:2106.09685\n"
)


def note(text, **attributes):
    start = ANNOTATED.index(text)
    return {"start": start, "end": start + len(text), "attributes": attributes}


BULK = {
    "corpusid": 13756489,
    "externalids": {"arxiv": "1706.03762", "doi": None, "pubmedcentral": "123"},
    "content": {
        "source": {},
        "text": ANNOTATED,
        "annotations": {
            "title": json.dumps([note("Weaving")]),
            "author": json.dumps([note("Ada Lovelace")]),
            "abstract": json.dumps([note("We weave.")]),
            "sectionheader": json.dumps([note("Introduction", n="1")]),
            "paragraph": [note("We weave."), note("As shown (Hu, 2021), rank is low. We agree.")],
            "bibref": [note("(Hu, 2021)", ref_id="b0")],
            "bibentry": json.dumps([note("Hu. LoRA. arXiv:2106.09685", id="b0", matched_paper_id=235458009)]),
            "bibtitle": [note("LoRA")],
            "bibauthor": None,
        },
    },
}


def test_the_bulk_data_set_annotates_one_text(tmp_path):
    (paper,), refusals = read_text(tmp_path, json.dumps(BULK), "s2orc_1")
    assert not refusals
    assert (paper.title, paper.abstract, paper.s2_id, paper.arxiv_id, paper.also) == (
        "Weaving", "We weave.", "CorpusId:13756489", "1706.03762", ("pmcid:PMC123",),
    )  # fmt: skip
    assert paper.authors == (Author("Ada Lovelace"),)
    assert paper.sections == (Section("Introduction", "As shown (Hu, 2021), rank is low. We agree."),)
    assert paper.references == (
        Reference(
            "LoRA", arxiv_id="2106.09685", s2_id="CorpusId:235458009", raw="Hu. LoRA. arXiv:2106.09685",
            contexts=("As shown (Hu, 2021), rank is low.",),
        ),
    )  # fmt: skip


def test_marks_outside_of_their_text_are_left_out(tmp_path):
    spans = [
        {"start": 5, "end": 999, "ref_id": "BIBREF0"},
        {"start": -1, "end": 3, "ref_id": "BIBREF0"},
        {"ref_id": 3},
    ]
    paper = one(tmp_path, PARSE | {"body_text": [paragraph("Short text.", spans=spans)]})
    assert paper.sections[0].text == "Short text."
    assert all(reference.contexts == () for reference in paper.references)


def test_a_broken_line_is_refused_and_the_rest_kept(tmp_path):
    lines = [
        json.dumps(PARSE),
        '{"paper_id": "1", "body_text": 3}',
        json.dumps(PARSE)[:200],
        json.dumps(METADATA),
    ]
    papers, refusals = read_text(tmp_path, "\n".join(lines), "shard.jsonl")
    assert [paper.line for paper in papers] == [1, 4]
    assert [refusal.line for refusal in refusals] == [2, 3]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_a_field_holds_there_is_a_paper_or_a_reason(tmp_path_factory, data):
    record = data.draw(st.sampled_from([PARSE, DOC2JSON, METADATA, BULK, BULK["content"]]))
    wrong = st.sampled_from(
        [None, 1, "", "x", [], [1], {}, {"x": []}, {"x": {}}, [{}], [[]], True, -5, 1e300]
    )
    changed = {
        key: data.draw(wrong) if data.draw(st.integers(0, 2)) == 0 else value for key, value in record.items()
    }
    if record is BULK["content"]:
        changed["annotations"] = {key: data.draw(wrong) for key in BULK["content"]["annotations"]}
        changed = BULK | {"content": changed}
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), json.dumps(changed), "x.json", format="s2orc")
    assert papers or refusals


# --- real files --------------------------------------------------------------------------------------------

REAL = {  # sections, references, references with contexts, contexts, references with a corpus id
    "20190928__10002293.json": (9, 61, 56, 68, 50),
    "20200705__18980463.json": (27, 60, 51, 87, 51),
    "20210101__f2235cd28c171f9f3b6a8bcebe246159c464980c.json": (14, 39, 16, 20, 0),
    "N18-3011.json": (13, 27, 17, 20, 0),
}


@pytest.mark.parametrize(("name", "counts"), REAL.items())
def test_real_files_are_read(shared, name, counts):
    (paper,), refusals = read(shared(f"fixtures/s2orc/{name}"))
    cited = [reference for reference in paper.references if reference.contexts]
    assert not refusals
    assert (
        len(paper.sections),
        len(paper.references),
        len(cited),
        sum(len(reference.contexts) for reference in cited),
        sum(bool(reference.s2_id) for reference in paper.references),
    ) == counts
    body = " ".join(" ".join(section.text.split()) for section in paper.sections)
    assert all(context in body for reference in cited for context in reference.contexts)


def test_every_entry_and_paragraph_of_a_real_file_is_kept(shared):
    path = shared("fixtures/s2orc/20200705__18980463.json")
    (paper,), _ = read(path)
    record = json.loads(path.read_text())
    assert len(paper.references) == len(record["bib_entries"])
    assert [r.title for r in paper.references] == [entry["title"] for entry in record["bib_entries"].values()]
    body = "\n\n".join(section.text for section in paper.sections)
    assert all(" ".join(p["text"].split()) in body for p in record["body_text"])
