r"""Titles and names are kept as they are printed, whatever a source wrote them in; evidence counts what is kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import read_text

from citegraph.loaders.reading.markup import plain, printed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"A View of 180{\deg} Scenes", "A View of 180° Scenes"),
        (r"A View of 180$^\circ$ Scenes", "A View of 180° Scenes"),
        ("Services by {REST} and {Message Queues}", "Services by REST and Message Queues"),
        (r"Learning with \{Weakly-Labelled\} Data", "Learning with Weakly-Labelled Data"),
        (r"An $\mathcal{O}(n)$ Method", "An 𝒪(n) Method"),
        (r"An \$\mathcal{O}(n)\$ Method", "An O(n) Method"),
        ("Nearest Top-$K$ Search", "Nearest Top-K Search"),
        (r"R\'enyi Divergence", "Rényi Divergence"),
        ("Ren{'e} Thi{'elemans", "René Thiélemans"),
        ("Growth of ZnO<sub>2</sub> on Glass", "Growth of ZnO2 on Glass"),
        ("Kenya&Apos;S Banks &amp; Why They Don&apos;t", "Kenya'S Banks & Why They Don't"),
        ("Layers of 5&nbsp;&mgr;m at 3 k&OHgr;", "Layers of 5 μm at 3 kΩ"),
        ("Escaped &amp;lt;i&amp;gt;twice&amp;lt;/i&amp;gt;", "Escaped <i>twice</i>"),
    ],
)
def test_marks_of_latex_and_html_become_what_they_print(written, read):
    assert printed(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "From $5 to $10: about ~70% cheaper",
        "Worth $157 Billion After $6.6 Billion",
        "Facets {001} and {110} of Copper",
        "Labels {yes, no} Are Not Enough",
        "AT&T, R&D and the <mask> Token",
        "An &unknown; Entity",
        "C# or C++ -- Which?",
    ],
)
def test_what_only_looks_like_a_mark_stays(text):
    assert printed(text) == text


@given(st.text("ab1 {}$\\<>&;^_'~-", max_size=40))
def test_whatever_the_signs_the_text_is_folded_and_reading_it_ends(text):
    found = printed(text)
    assert found == " ".join(found.split())


def test_prose_keeps_its_latex_which_readers_of_abstracts_see_through():
    assert (
        plain(r"We gain 4.2\% on CO<sub>2</sub>&nbsp;and $\ell_1$.") == r"We gain 4.2\% on CO2 and $\ell_1$."
    )


def test_bibtex_texts_lose_the_html_that_publishers_put_into_them(tmp_path):
    entry = """@article{a,
      title = {Opals of Cu<sub>2</sub>O in \\{Thin-Film\\} Cells},
      author = {Fr{'e}my, Anna and O&apos;Hara, Tom},
      abstract = {Abstract&nbsp;&nbsp;Below &lt;1\\% of CO<sub>2</sub>.},
      keywords = {Cu<sub>2</sub>O}
    }"""
    [paper], _ = read_text(tmp_path, entry, "a.bib")
    assert paper.title == "Opals of Cu2O in Thin-Film Cells"
    assert [author.name for author in paper.authors] == ["Anna Frémy", "Tom O'Hara"]
    assert paper.abstract == "Abstract Below <1% of CO2."
    assert paper.keywords == ("Cu2O",)


def test_papers_with_code_rows_quote_what_they_print(tmp_path):
    row = {
        "model_name": "GRU<sub>big</sub>",
        "paper_title": r"Seeing in 360{\deg}",
        "paper_url": "https://arxiv.org/abs/1706.03762",
        "metrics": {"F<sub>1</sub>": "71.5"},
    }
    table = [{"task": "Seeing", "datasets": [{"dataset": "Rooms", "sota": {"rows": [row]}}]}]
    [paper], _ = read_text(tmp_path, json.dumps(table), "a.json")
    [statement] = paper.statements
    assert paper.title == "Seeing in 360°"
    assert statement.text == "Rooms, F1: 71.5 (GRUbig)"
    assert statement.value in statement.text


def test_semantic_scholar_titles_and_s2orc_names_are_unescaped(tmp_path):
    cited = {
        "paperId": "a" * 40,
        "title": "Why {CSI} Doesn&Apos;t Scale",
        "authors": [{"name": "A O&apos;Brien"}],
    }
    page = {"data": [{"citedPaper": cited}]}
    papers, _ = read_text(tmp_path, json.dumps(page), "a.json", "semantic-scholar")
    assert papers[0].title == "Why CSI Doesn't Scale"
    assert papers[0].authors[0].name == "A O'Brien"

    keefe = {"first": "L", "middle": [], "last": "O&apos;keefe"}
    parse = {
        "paper_id": "18980463",
        "title": "A Title",
        "body_text": [],
        "bib_entries": {"B0": {"title": "T&amp;E", "authors": [keefe]}},
    }
    [paper], _ = read_text(tmp_path, json.dumps(parse), "b.json", "s2orc")
    assert (paper.references[0].title, paper.references[0].authors) == ("T&E", ("L O'keefe",))


def test_no_title_of_the_real_files_holds_an_entity_or_a_command_of_latex(shared):
    from loading import read

    papers, _ = read(
        *(shared(f"fixtures/{name}") for name in ("bib/large", "pwc", "s2", "s2orc", "csl", "crossref"))
    )
    assert len(papers) > 5000
    marks = [p.title for p in papers if "\\" in p.title or "&nbsp;" in p.title or "</" in p.title]
    assert marks == []
