"""Weekly text dumps: blocks of Title, PDF and Summary between lines of dashes."""

from __future__ import annotations

import pytest
from loading import read, read_text

BLOCK = "Title: A Cache\nPDF: https://arxiv.org/pdf/2605.29486\nSummary: We cache. It helps.\n"
OTHER = "Title: A Router\nPDF: https://arxiv.org/pdf/2605.29548\nSummary: We route.\n"


@pytest.mark.parametrize("week", ["2026-05-29", "2026-07-17"])
def test_every_block_of_a_real_dump_is_read(shared, week):
    path = shared(f"fixtures/hf_daily/inmatrix_txt/paper_metadata_{week}.txt")
    papers, refusals = read(path)
    assert (len(papers), refusals) == (50, [])
    lines = [" ".join(line.split()) for line in path.read_text().splitlines()]
    assert [paper.title for paper in papers] == [line[7:] for line in lines if line.startswith("Title: ")]
    assert [paper.abstract for paper in papers] == [
        line[9:] for line in lines if line.startswith("Summary: ")
    ]
    assert all(paper.arxiv_id for paper in papers)


@pytest.mark.parametrize("between", ["---\n", "", "\n\n", "\n----------\n\n"])
def test_blocks_end_with_dashes_or_with_the_next_title(tmp_path, between):
    papers, refusals = read_text(tmp_path, BLOCK + between + OTHER)
    assert [(paper.title, paper.arxiv_id, paper.abstract) for paper in papers] == [
        ("A Cache", "2605.29486", "We cache. It helps."),
        ("A Router", "2605.29548", "We route."),
    ]
    assert not refusals


def test_a_summary_runs_over_lines_and_may_hold_colons(tmp_path):
    text = "Title: A Cache\nSummary: We cache.\nAs follows: it helps.\nsummary: much.\n\nThe end.\n---\n"
    papers, _ = read_text(tmp_path, text)
    assert papers[0].abstract == "We cache. As follows: it helps. summary: much. The end."


def test_an_address_that_is_no_arxiv_address_is_kept(tmp_path):
    papers, _ = read_text(tmp_path, "Title: A Cache\nPDF: https://example.org/a.pdf\nSummary: We cache.\n")
    assert (papers[0].arxiv_id, papers[0].url) == (None, "https://example.org/a.pdf")


def test_a_block_without_a_title_is_refused_with_its_line(tmp_path):
    papers, refusals = read_text(
        tmp_path, BLOCK + "---\nPDF: https://example.org/a.pdf\nSummary: Lost.\n---\n" + OTHER
    )
    assert [paper.title for paper in papers] == ["A Cache", "A Router"]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (5, "the block has no line that begins with Title:")
    ]


def test_a_block_that_is_not_utf8_is_refused_and_the_others_kept(tmp_path):
    text = BLOCK.encode() + b"---\nTitle: Na\xefve\nSummary: Lost.\n---\n" + OTHER.encode()
    papers, refusals = read_text(tmp_path, text)
    assert [paper.title for paper in papers] == ["A Cache", "A Router"]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (5, "the text is not UTF-8 (byte 0xEF in column 10)")
    ]


def test_a_dump_cut_off_keeps_its_last_block(tmp_path):
    papers, refusals = read_text(tmp_path, BLOCK + "---\n" + OTHER[:-10])
    assert [paper.title for paper in papers] == ["A Cache", "A Router"]
    assert not refusals
