"""A Daily Papers page saved as text gives the papers that are on it: none lost, none invented."""

from __future__ import annotations

import json
import re
import textwrap

import pytest
from loading import read, read_text

from citegraph.loaders.formats.hf_page import prose_score

TOP = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n"
HEADING = f"{TOP}Daily Papers\n\nby AK and the research community\n\n"
GLUED = f"{TOP}byAK and the research community\n\nMar 19\n\n"
SEEDS = [("001", "seeds/001_faab3e9655066111.txt", 85), ("004", "seeds/004_776473667a2cb07a.txt", 84)]

LONG = (
    "Large models are slow to serve. We present a cache that keeps what was computed before, and show that it "
    "halves the latency on two tasks. Experiments with three models of different sizes confirm that quality "
    "does not suffer. In addition, we give a bound on the memory that is needed and discuss when it is tight."
)
OTHER = (
    "Reasoning over long documents remains hard for language models. This work studies how retrieval helps, and "
    "when it hurts, on four benchmarks. Our analysis shows that the order of passages matters more than their "
    "number. We release code and data so that others can repeat every experiment that is reported here."
)


def page(*papers: tuple[str, str], heading: str = HEADING, between: str = "") -> str:
    return heading + "\n\n".join(f"{between}{title}\n\n{abstract}" for title, abstract in papers)


def found(folder, text, **options):
    papers, refusals = read_text(folder, text, **options)
    return [(paper.title, paper.abstract) for paper in papers], [refusal.reason for refusal in refusals]


@pytest.fixture(scope="module")
def gold():
    from conftest import shared

    with shared("eval/gold_dev.jsonl").open() as lines:
        records = [json.loads(line) for line in lines]
    return {
        key: [(r["title"], r["abstract"]) for r in records if r["id"].startswith(key)] for key, *_ in SEEDS
    }


@pytest.fixture(params=SEEDS, ids=lambda seed: seed[0])
def seed(request, shared, gold):
    """A real page: its heading, its text, its papers."""
    key, path, count = request.param
    text = shared(path).read_text()
    papers = gold[key]
    assert len(papers) == count
    return text[: text.index(papers[0][0])], text, papers


# --- real pages --------------------------------------------------------------------------------------------


def test_every_paper_of_a_real_page_is_read_exactly(tmp_path, seed):
    _, text, papers = seed
    assert found(tmp_path, text) == (papers, [])


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(tmp_path, seed, end):
    _, text, papers = seed
    assert found(tmp_path, text.replace("\n", end).encode()) == (papers, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_a_mark_is_decoded(tmp_path, seed, encoding):
    _, text, papers = seed
    assert found(tmp_path, text.encode(encoding)) == (papers, [])


def test_the_controls_of_the_page_are_no_papers(tmp_path, seed):
    heading, _, papers = seed
    before = "Submitted by\n\nakhaliq\n\n45\n\n"
    after = "\n\n· 12 authors\n\n3\n\nUpvote\n\n-\n\nMar 19\n\n+7\n\narXiv Page\n\nGitHub 1.2k\n\n"
    foot = "\n\nPrevious\n\n1\n\n2\n\nNext\n\nSystem theme\n\nCompany\n\nTOS\n\nPrivacy\n\nModels\n\nDocs\n"
    text = heading + "".join(f"{before}{title}{after}{abstract}{after}" for title, abstract in papers) + foot
    assert found(tmp_path, text) == (papers, [])


def test_abstracts_of_several_paragraphs_stay_whole(tmp_path, seed):
    heading, _, papers = seed

    def in_paragraphs(abstract: str) -> str:
        sentences = re.split(r"(?<=[.!?])\s", abstract)
        third = max(1, len(sentences) // 3)
        parts = sentences[:third], sentences[third : 2 * third], sentences[2 * third :]
        return "\n\n".join(" ".join(part) for part in parts if part)

    text = heading + "\n\n".join(f"{title}\n\n{in_paragraphs(abstract)}" for title, abstract in papers)
    assert found(tmp_path, text) == (papers, [])


def test_titles_without_abstracts_are_papers(tmp_path, seed):
    heading, _, papers = seed
    some = [(title, "" if number % 3 == 0 else abstract) for number, (title, abstract) in enumerate(papers)]
    text = heading + "\n\n".join(f"{title}\n\n{abstract}" for title, abstract in some)
    assert found(tmp_path, text) == (some, [])


def test_a_page_without_blank_lines_is_read_line_by_line(tmp_path, seed):
    _, text, papers = seed
    assert found(tmp_path, re.sub(r"\n+", "\n", text)) == (papers, [])


def test_a_page_wrapped_at_eighty_columns_is_put_together_again(tmp_path, seed):
    heading, _, papers = seed

    def wrapped(text: str) -> str:
        return "\n".join(textwrap.wrap(text, 80, break_on_hyphens=False, break_long_words=False))

    text = heading + "\n\n".join(f"{wrapped(title)}\n\n{wrapped(abstract)}" for title, abstract in papers)
    assert found(tmp_path, text) == (papers, [])


def test_short_and_cut_abstracts_are_still_abstracts(tmp_path, seed):
    heading, _, papers = seed
    for cut in (lambda abstract: abstract[:200].strip(), lambda abstract: abstract[:200].strip() + "…"):
        short = [(title, cut(abstract)) for title, abstract in papers]
        text = heading + "\n\n".join(f"{title}\n\n{abstract}" for title, abstract in short)
        assert found(tmp_path, text) == (short, [])


def test_titles_and_sentences_of_daily_papers_are_told_apart(shared):
    with shared("fixtures/hf_daily/abstracts_2024-05_to_2025-02.jsonl").open() as lines:
        records = [json.loads(line) for line in lines]
    titles = [" ".join(record["title"].split()) for record in records]
    sentences = [
        re.split(r"(?<=\.)\s(?=[A-Z])", " ".join(record["summary"].split()))[0] for record in records
    ]
    assert sum(prose_score(title) >= 2 for title in titles) <= 3
    assert sum(prose_score(sentence) < 2 for sentence in sentences) <= 10


# --- small pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", [HEADING, GLUED, "Daily Papers by AK and the research community\n\n"])
def test_both_forms_of_the_heading_are_known(tmp_path, heading):
    assert found(tmp_path, page(("A Cache for Models", LONG), heading=heading)) == (
        [("A Cache for Models", LONG)],
        [],
    )


def test_lines_are_numbered_as_in_the_file(tmp_path):
    papers, _ = read_text(tmp_path, page(("A Cache for Models", LONG), ("Retrieval at Length", OTHER)))
    assert [paper.line for paper in papers] == [11, 15]


def test_a_paper_named_twice_on_the_page_comes_twice(tmp_path):
    twice = [("A Cache for Models", LONG), ("Retrieval at Length", OTHER), ("A Cache for Models", LONG)]
    assert found(tmp_path, page(*twice)) == (twice, [])


def test_a_title_said_twice_before_its_abstract_is_one_paper(tmp_path):
    text = page(("A Cache for Models\n\nA Cache for Models", LONG))
    assert found(tmp_path, text) == ([("A Cache for Models", LONG)], [])


def test_latex_in_a_title_stays_as_it_is(tmp_path):
    assert (
        found(tmp_path, page(("M$^3$ViT: Mixture of Experts", LONG)))[0][0][0]
        == "M$^3$ViT: Mixture of Experts"
    )


def test_a_title_that_reads_like_a_sentence_is_known_by_its_place(tmp_path):
    papers = [("A Cache for Models", LONG), ("Vision language models are blind", OTHER)]
    assert found(tmp_path, page(*papers)) == (papers, [])


def test_links_and_lists_go_on_an_abstract(tmp_path):
    abstract = f"{LONG}\n\n- a list of results\n\n(2) more of it\n\nCode: https://github.com/example/cache"
    papers, refusals = found(tmp_path, page(("A Cache for Models", abstract), ("Retrieval at Length", OTHER)))
    assert [title for title, _ in papers] == ["A Cache for Models", "Retrieval at Length"]
    assert papers[0][1].endswith("Code: https://github.com/example/cache")
    assert not refusals


def test_white_space_and_control_characters_are_folded(tmp_path):
    text = page(("A\u00a0Cache \t for\x0bModels", LONG.replace(" we ", "\x00 we  ")))
    assert found(tmp_path, text) == ([("A Cache for Models", LONG)], [])


def test_pages_joined_in_one_file_are_read_on(tmp_path):
    text = page(("A Cache for Models", LONG)) + "\n\n" + page(("Retrieval at Length", OTHER), heading=GLUED)
    assert found(tmp_path, text) == ([("A Cache for Models", LONG), ("Retrieval at Length", OTHER)], [])


def test_an_abstract_without_a_title_is_refused_with_its_line(tmp_path):
    papers, refusals = read_text(tmp_path, page((LONG, OTHER), ("A Cache for Models", LONG)))
    assert [paper.title for paper in papers] == ["A Cache for Models"]
    assert [refusal.line for refusal in refusals] == [11, 13]
    assert "without a title" in refusals[0].reason


def test_a_single_word_without_an_abstract_is_refused(tmp_path):
    papers, refusals = found(tmp_path, page(("A Cache for Models", LONG), ("Feedback", "")))
    assert len(papers) == 1
    assert refusals == ["“Feedback” is a single word without an abstract, hardly a title"]


def test_a_single_word_with_an_abstract_is_a_title(tmp_path):
    assert found(tmp_path, page(("Mamba", LONG))) == ([("Mamba", LONG)], [])


def test_a_page_cut_off_within_a_character_keeps_all_before_it(tmp_path):
    start = "We study how long prompts are used by models which were not trained on any"
    text = page(("A Cache for Models", LONG), ("Retrieval at Length", start + " é")).encode()[:-1]
    assert found(tmp_path, text) == ([("A Cache for Models", LONG), ("Retrieval at Length", start)], [])


def test_an_abstract_that_is_not_utf8_is_refused_with_its_title(tmp_path):
    text = page(("A Cache for Models", LONG + " naïve"), ("Retrieval at Length", OTHER)).encode("latin-1")
    papers, refusals = read_text(tmp_path, text)
    assert [paper.title for paper in papers] == ["Retrieval at Length"]
    assert len(refusals) == 1
    assert refusals[0].line == 13
    assert "not UTF-8 (byte 0xEF" in refusals[0].reason
    assert "“A Cache for Models”" in refusals[0].reason
    assert "iconv" in refusals[0].remedy


@pytest.mark.parametrize(
    "text",
    [
        f"arXiv Today\n\nNew submissions\n\nA Cache for Models\n\n{LONG}\n\nRetrieval at Length\n\n{OTHER}\n",
        f"My blog\n\nI read the Daily Papers by AK and the research community.\n\nA Cache for Models\n\n{LONG}\n",
    ],
)
def test_a_page_of_another_site_is_refused_even_if_named(tmp_path, text):
    for format in (None, "hf-page"):
        papers, refusals = read_text(tmp_path, text, format=format)
        assert not papers
        assert len(refusals) == 1
    assert "no Daily Papers page" in refusals[0].reason


def test_a_heading_without_papers_is_said_to_have_none(tmp_path):
    assert found(tmp_path, HEADING) == ([], ["there is no paper in it (read as hf-page)"])


def test_a_document_can_be_read_again(tmp_path):
    from citegraph.loaders import open_inputs

    path = tmp_path / "page.txt"
    path.write_text(page(("A Cache for Models", LONG)))
    (document,) = open_inputs([path])
    assert list(document.papers()) == list(document.papers())


def test_both_seeds_are_detected(shared):
    papers, refusals = read(shared("seeds"))
    assert (len(papers), refusals) == (169, [])
