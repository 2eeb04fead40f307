"""unarXive: full texts of arXiv with marks for what is cited and shown."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read_text

from citegraph.graph.records import Author, Reference, Section

PAPER = {
    "paper_id": "2105.05862",
    "_pdf_hash": None,
    "_source_hash": "x",
    "_source_name": "2105.05862.gz",
    "metadata": {
        "id": "2105.05862", "title": "Weaving\n  Small Models", "authors": "Ada Lovelace",
        "abstract": "  We weave.\n",
        "authors_parsed": [["Lovelace", "Ada", ""]], "doi": "10.1000/Weave", "categories": "cs.LG",
        "journal-ref": None, "comments": None,
        "versions": [{"version": "v1", "created": "Wed, 12 May 2021 18:00:00 GMT"}],
        "update_date": "2021-05-14",
    },
    "discipline": "Computer Science",
    "abstract": {"section": "Abstract", "text": "We weave.", "cite_spans": [], "ref_spans": []},
    "body_text": [
        {"section": "Introduction", "sec_number": "1", "sec_type": "section", "content_type": "paragraph",
         "text": "Rank is low {{cite:a1}}, where {{formula:f1}} holds. We follow {{cite:b2}}. See {{figure:g1}}.",
         "cite_spans": [], "ref_spans": []},
        {"section": "Setup", "sec_number": "1.1", "content_type": "paragraph", "text": "On eight GPUs {{cite:zz}}."},
        {"section": "Setup", "sec_number": "1.1", "content_type": "equation", "text": "E = mc"},
    ],
    "bib_entries": {
        "a1": {"bib_entry_raw": "E. Hu. LoRA. 2021.", "contained_arXiv_ids": [], "contained_links": [],
               "ids": {"open_alex_id": "https://openalex.org/W3168867926", "doi": "10.1000/LoRA", "arxiv_id": ""}},
        "b2": {"bib_entry_raw": "A. Second, arXiv:2106.09685", "contained_arXiv_ids": [{"id": "2106.09685v2"}]},
        "c3": {"bib_entry_raw": ""},
    },
    "ref_entries": {"f1": {"type": "formula", "latex": "r \\ll d", "content": "x"}, "g1": {"type": "figure"}},
}  # fmt: skip


def test_metadata_are_those_of_arxivs_snapshot(tmp_path):
    (paper,), refusals = read_text(tmp_path, json.dumps(PAPER), "arXiv_2105.jsonl")
    assert not refusals
    assert (paper.title, paper.abstract, paper.arxiv_id, paper.doi, paper.date) == (
        "Weaving Small Models", "We weave.", "2105.05862", "10.1000/weave", "2021-05-12",
    )  # fmt: skip
    assert paper.authors == (Author("Ada Lovelace"),)


def test_marks_become_what_they_stand_for(tmp_path):
    (paper,), _ = read_text(tmp_path, json.dumps(PAPER), "arXiv_2105.jsonl")
    assert paper.sections == (
        Section("Introduction", "Rank is low [1], where $r \\ll d$ holds. We follow [2]. See Figure."),
        Section("Introduction > Setup", "On eight GPUs [?]."),
    )


def test_references_come_with_the_sentences_that_cite_them(tmp_path):
    (paper,), _ = read_text(tmp_path, json.dumps(PAPER), "arXiv_2105.jsonl")
    assert paper.references == (
        Reference(
            doi="10.1000/lora", openalex_id="W3168867926", raw="E. Hu. LoRA. 2021.",
            contexts=("Rank is low [1], where $r \\ll d$ holds.",),
        ),
        Reference(arxiv_id="2106.09685", raw="A. Second, arXiv:2106.09685", contexts=("We follow [2].",)),
    )  # fmt: skip


def test_a_paper_without_identifier_is_refused(tmp_path):
    nameless = PAPER | {"paper_id": "x", "metadata": PAPER["metadata"] | {"id": None}}
    papers, refusals = read_text(tmp_path, json.dumps(nameless) + "\n" + json.dumps(PAPER), "x.jsonl")
    assert [refusal.line for refusal in refusals] == [1]
    assert len(papers) == 1


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_a_field_holds_there_is_a_paper_or_a_reason(tmp_path_factory, data):
    wrong = st.sampled_from(
        [None, 1, "", "{{cite:a1}}", [], [1], {}, {"x": []}, {"a1": {}}, [{}], [[]], True]
    )
    changed = {
        key: data.draw(wrong) if data.draw(st.integers(0, 2)) == 0 else value for key, value in PAPER.items()
    }
    papers, refusals = read_text(
        tmp_path_factory.mktemp("x"), json.dumps(changed), "x.json", format="unarxive"
    )
    assert papers or refusals
