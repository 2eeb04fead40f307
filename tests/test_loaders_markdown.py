"""Markdown lists of papers: which items and rows name a paper, and what they say of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from effort import within
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Paper
from citegraph.loaders import Document, open_inputs

ARXIV = "https://arxiv.org/abs/1706.03762"
ITEM = f"- [Attention Is All You Need]({ARXIV})\n"


def listed(folder: Path, text: str):
    return read_text(folder, text, "README.md", format="markdown-list")


def paper_of(folder: Path, item: str) -> Paper:
    (paper,), refusals = listed(folder, f"# Papers\n\n{item}\n")
    assert not refusals
    return paper


# --- real files --------------------------------------------------------------------------------------------


def test_every_paper_of_a_list_with_labelled_links_is_read(shared):
    path = shared("fixtures/awesome_lists/HuangOwen+Awesome-LLM-Compression__README.md")
    papers, refusals = read(path)
    assert (len(papers), refusals) == (796, [])
    assert all(paper.title and paper.keywords for paper in papers)
    lines = path.read_text().split("\n")
    begin, end = lines.index("## Papers"), lines.index("## Tools")
    items = [number for number, line in enumerate(lines, 1) if line.startswith("- ") and begin < number < end]
    tools = [paper for paper in papers if paper.line > end]
    assert [paper.line for paper in papers if paper not in tools] == items
    assert [(paper.arxiv_id, paper.repositories) for paper in tools] == [
        ("2606.07098", ("https://github.com/ernlavr/SigmaScale",))
    ]
    for paper in papers:  # independent of all Markdown: the first identifier of the line
        entry = lines[paper.line - 1]
        entry = entry if "http" in entry else "".join(lines[paper.line - 1 : paper.line + 2])
        first = re.search(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", entry)
        assert paper.arxiv_id == (first[1] if first else None) or "openreview" in entry


def test_an_item_of_that_list_keeps_all_it_says(shared):
    papers, _ = read(shared("fixtures/awesome_lists/HuangOwen+Awesome-LLM-Compression__README.md"))
    paper = next(paper for paper in papers if paper.arxiv_id == "2208.07339")
    assert paper.title == "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale"
    assert (paper.venue, paper.year, paper.keywords) == ("NeurIPS", 2022, ("Quantization",))
    assert paper.repositories == ("https://github.com/TimDettmers/bitsandbytes",)


def test_every_paper_of_a_list_with_a_table_is_read_and_its_tools_are_not(shared):
    papers, refusals = read(shared("fixtures/awesome_lists/Hannibal046+Awesome-LLM__README.md"))
    assert (len(papers), refusals) == (66, [])
    assert [paper.line for paper in papers if "Milestone Papers" in paper.keywords] == list(range(43, 105))
    first = papers[0]
    assert (first.title, first.arxiv_id, first.year) == ("Attention Is All You Need", "1706.03762", 2017)
    assert (first.keywords, first.organizations) == (("Transformers", "Milestone Papers"), ("Google",))
    others = [(paper.line, paper.title, paper.arxiv_id) for paper in papers[62:]]
    assert others == [  # three models whose names are no titles, and a survey
        (197, "", "2405.04434"),
        (231, "", "2205.01068"),
        (250, "", "1910.10683"),
        (580, "A Survey of Large Language Models", "2303.18223"),
    ]


# --- what names a paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        f"- [Attention Is All You Need]({ARXIV}) - the transformer",
        f"- Attention Is All You Need <br> NeurIPS 2017 [[Paper]]({ARXIV})",
        f"* **Attention Is All You Need.** *Ashish Vaswani, Noam Shazeer.* 2017. [[pdf]({ARXIV})]",
        f"1. (NeurIPS 2017) Attention Is All You Need [Paper]({ARXIV})",
        f"- [2017/06] Attention Is All You Need. [![arXiv](https://img.shields.io/badge/x.svg)]({ARXIV})",
        f"- 2017.06 - Attention Is All You Need. {ARXIV}",
        f"- “Attention Is All You Need”, A. Vaswani et al., [link]({ARXIV})",
        f'- <a href="{ARXIV}">Attention Is All You Need</a>',
        f"- [Attention Is All You Need][t]\n\n[t]: {ARXIV}",
        f"- [Attention Is All You Need](https://x.github.io/t) [[arXiv]({ARXIV})]",
        f"| Year | Paper |\n|---|---|\n| 2017 | [Attention Is All You Need]({ARXIV}) |",
        f"| Title | Links |\n|---|---|\n| **Attention Is All You Need** <br> A. Vaswani | [Paper]({ARXIV}) |",
        f"| A | B |\n|---|---|\n| Attention Is All You Need | [arXiv]({ARXIV}) |",
        "- [Attention Is All You Need](https://doi.org/10.48550/arXiv.1706.03762)",
        "- [Attention Is All You Need](https://huggingface.co/papers/1706.03762)",
    ],
)
def test_forms_of_one_paper(tmp_path, item):
    paper = paper_of(tmp_path, item)
    assert (paper.title, paper.arxiv_id) == ("Attention Is All You Need", "1706.03762")


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://openreview.net/forum?id=abcdefgh1", ("openreview:abcdefgh1",)),
        ("https://aclanthology.org/2021.acl-long.1.pdf", ("acl:2021.acl-long.1",)),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", ("pmid:123",)),
        ("https://proceedings.mlr.press/v202/liu23am.html", ()),
        ("https://openaccess.thecvf.com/content/CVPR2023/papers/x.pdf", ()),
        ("https://example.org/~me/paper.pdf", ()),
    ],
)
def test_a_link_to_where_papers_are_makes_a_paper(tmp_path, address, known):
    paper = paper_of(tmp_path, f"- [A Title of Words]({address})")
    assert (paper.title, paper.also, paper.url) == ("A Title of Words", known, address)


@pytest.mark.parametrize(
    "item",
    [
        "- [A Tool of Words](https://github.com/a/b) - great",
        "- [A Course of Words](https://youtube.com/x)",
        "- [Section](#section)",
        "- Just words and no link",
        f"A paragraph that cites [Attention Is All You Need]({ARXIV}).",
        f"```\n{ITEM}```",
        "- [Local](javascript:alert(1)) [paper](javascript:alert(1))",
        "| Tool | Stars |\n|---|---|\n| [A Tool of Words](https://github.com/a/b) | 5 |",
    ],
)
def test_what_links_to_no_paper_is_passed_over(tmp_path, item):
    papers, refusals = listed(tmp_path, item)
    assert not papers
    assert [refusal.reason for refusal in refusals] == ["there is no paper in it (read as markdown-list)"]


def test_a_name_that_is_no_title_is_not_taken_for_one_and_the_identifier_is(tmp_path):
    paper = paper_of(tmp_path, f"- [Llama-7B|13B]({ARXIV})")
    assert (paper.title, paper.arxiv_id) == ("", "1706.03762")
    assert paper_of(tmp_path, f"- Eigenpruning <br> NAACL [[Paper]]({ARXIV})").title == "Eigenpruning"


def test_two_titles_in_an_item_are_two_papers_and_further_links_say_more_of_the_first(tmp_path):
    text = (
        f"- [One Title of Words]({ARXIV}), see [Another Title of Words](https://arxiv.org/abs/1810.04805)\n"
    )
    papers, _ = listed(tmp_path, text)
    assert [paper.arxiv_id for paper in papers] == ["1706.03762", "1810.04805"]
    paper = paper_of(
        tmp_path,
        f"- [A Title of Words]({ARXIV}) [ACL](https://aclanthology.org/P18-1001) [x](https://arxiv.org/abs/1810.04805)",
    )
    assert (paper.arxiv_id, paper.also) == ("1706.03762", ("acl:P18-1001",))


def test_code_is_a_repository_even_behind_a_picture(tmp_path):
    paper = paper_of(
        tmp_path,
        f"- [A Title of Words]({ARXIV}) [![Star](https://img.shields.io/github/stars/a/b)](https://github.com/a/b)",
    )
    assert paper.repositories == ("https://github.com/a/b",)


def test_sections_and_the_items_above_nested_lists_become_keywords(tmp_path):
    text = f"# Awesome\n## 2. Efficiency 🔥\n### Papers\n- Quantization\n  {ITEM}## Other\n{ITEM}"
    papers, _ = listed(tmp_path, text)
    assert [paper.keywords for paper in papers] == [("Efficiency", "Quantization"), ("Other",)]


def test_what_can_be_folded_away_is_a_section_too(tmp_path):
    text = f"## Models\n<details>\n<summary>Meta</summary>\n\n{ITEM}\n</details>\n\n{ITEM}"
    papers, _ = listed(tmp_path, text)
    assert [paper.keywords for paper in papers] == [("Models", "Meta"), ("Models",)]


def test_columns_of_a_table_say_what_they_hold(tmp_path):
    paper = paper_of(
        tmp_path,
        "| Date | Keywords | Institute | Venue | Title | Code |\n|-|-|-|-|-|-|\n"
        f"| 2017-06-12 | NMT, attention | Google & Toronto | NeurIPS'17 | [Attention Is All You Need]({ARXIV}) "
        "| [code](https://github.com/a/b) |",
    )
    assert (paper.date, paper.year, paper.venue) == ("2017-06-12", 2017, "NeurIPS")
    assert (paper.keywords, paper.organizations) == (("NMT", "attention"), ("Google", "Toronto"))
    assert paper.repositories == ("https://github.com/a/b",)


def test_a_list_is_known_by_its_links(tmp_path):
    for name, text, known in (
        ("README.md", ITEM, True),
        ("README.md", "# Title\n\nOnly words.\n", False),
        ("stdin-1", ITEM, True),
        ("stdin-1", "- [a](https://example.org)\n", False),
        ("notes.txt", ITEM, False),
    ):
        (tmp_path / name).write_text(text)
        (found,) = open_inputs([tmp_path / name])
        assert (isinstance(found, Document) and found.format == "markdown-list") == known


def test_a_long_list_is_read_in_pieces_with_the_addresses_from_its_end(tmp_path):
    words = "- words\n" * 2000
    sections = "".join(f"## Section {n}\n{words}- [A Title of Words][t]\n" for n in range(30))
    papers, _ = listed(tmp_path, sections + f"\n[t]: {ARXIV}\n")
    assert [paper.keywords for paper in papers] == [(f"Section {n}",) for n in range(30)]
    assert [paper.line for paper in papers] == [2002 * n + 2002 for n in range(30)]


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "- [a](http://",
        "*a _b ",
        ">",
        "`",
        "<a href=",
        "- ",
        "(a) ",
        "2020-",
        "&",
        "|a",
        "http://a ",
        " - ABC ",
        "a. b ",
    ],
)
def test_any_amount_of_signs_is_read_in_passing(tmp_path, unit):
    with within(2):
        listed(tmp_path, f"- {unit * (32_000 // len(unit))}[p]({ARXIV})\n")


@pytest.mark.parametrize("unit", ["![", "[", "http://a ", "<br>", " - ABC "])
def test_a_line_that_is_no_item_for_its_length_is_refused_and_the_others_read(tmp_path, unit):
    with within(1):
        papers, refusals = listed(tmp_path, f"{ITEM}- {unit * (400_000 // len(unit))}[p]({ARXIV})\n{ITEM}")
    assert len(papers) == 2
    assert [(refusal.line, refusal.remedy) for refusal in refusals] == [(2, "break or remove it")]
    assert "characters, more than 32,768" in refusals[0].reason


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["- ", "\n", "  ", "# ", "|", "|---|\n", "[", "](", ")", ARXIV, "https://github.com/a/b", "<br>", "**",
             "A Title of Words", "[Paper]", "<details>", "<summary>x</summary>", "</a>", "<a href=", "1. ", "\0"]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_whatever_a_file_holds_it_gives_papers_or_sentences(tmp_path_factory, parts):
    papers, refusals = read_text(
        tmp_path_factory.getbasetemp(), ITEM + "".join(parts), "a.md", format="markdown-list"
    )
    assert papers
    assert all(str(refusal).isprintable() for refusal in refusals)
