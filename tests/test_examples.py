"""The example corpus: well-formed, consistent in itself, and in agreement with real files that know its papers."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from conftest import shared

from citegraph.graph.identity import arxiv_id, title_key
from citegraph.loaders import Refusal, open_inputs

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"
FIELDS = ["title", "abstract", "arxiv_id", "authors", "year", "venue", "url", "references", "repositories"]
OPTIONAL = {"venue", "repositories"}
SENTENCE_END = re.compile(r"[.!?][\"')]*(?=\s+[A-Z(]|$)")
LISTED = re.compile(
    r"^\s*-\s+(?P<title>[^\[]+?)\s*<br>.*?\]\(https?://arxiv\.org/(?:abs|pdf)/(?P<id>[\d.]+\d)"
)
ARXIV_IN_BIB = re.compile(r"arxiv(?:\.org/\w+/|[:.\s]+)?(\d{4}\.\d{4,5})", re.IGNORECASE)
TITLE_IN_BIB = re.compile(r"(?<![a-z])title\s*=\s*[{\"](.*?)[}\"]\s*,\s*\w+\s*=", re.IGNORECASE | re.DOTALL)
MISSTATED = {title_key("Judging LLM-as-a-judge with MT-Bench and Chatbot Arena")}
"""Titles for which the only identifier in the real files is that of another paper."""

PAPERS = [orjson.loads(line) for line in CORPUS.read_bytes().splitlines()]
BY_ID = {paper["arxiv_id"]: paper for paper in PAPERS}
every_paper = pytest.mark.parametrize("paper", PAPERS, ids=BY_ID)


def month(identifier: str) -> tuple[int, int]:
    """Year and month in which arXiv gave out an identifier of the new style."""
    return 2000 + int(identifier[:2]), int(identifier[2:4])


def sentences(text: str) -> int:
    return len(SENTENCE_END.findall(text))


def test_the_loader_refuses_no_line() -> None:
    read = list(open_inputs([CORPUS]))
    assert not [item for item in read if isinstance(item, Refusal)]
    records = [record for document in read for record in document.papers()]
    assert [record for record in records if isinstance(record, Refusal)] == []
    assert len(records) == len(PAPERS)


def test_there_are_at_least_120_papers_of_2017_to_2025() -> None:
    assert sum(2017 <= paper["year"] <= 2025 for paper in PAPERS) >= 120


def test_no_paper_stands_twice() -> None:
    for key in (lambda paper: paper["arxiv_id"], lambda paper: title_key(paper["title"])):
        assert [what for what, count in Counter(map(key, PAPERS)).items() if count > 1] == []


def test_papers_are_sorted_by_arxiv_id_of_equal_form() -> None:
    assert list(BY_ID) == sorted(BY_ID, key=lambda known: (month(known), known))


def test_the_file_is_utf8_without_escapes_and_one_object_a_line() -> None:
    text = CORPUS.read_bytes().decode("utf-8")
    assert "\\u" not in text
    assert text.endswith("}\n")
    assert "\r" not in text


@every_paper
def test_fields_stand_in_one_order_and_none_is_empty(paper: dict[str, Any]) -> None:
    assert list(paper) == [field for field in FIELDS if field in paper]
    assert set(FIELDS) - set(paper) <= OPTIONAL
    assert all(value for field, value in paper.items() if field != "references")
    assert paper["url"] == f"https://arxiv.org/abs/{paper['arxiv_id']}"
    assert all(
        re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", url) for url in paper.get("repositories", ())
    )


@every_paper
def test_identifiers_are_arxiv_ids_in_normal_form(paper: dict[str, Any]) -> None:
    for identifier in (paper["arxiv_id"], *paper["references"]):
        assert arxiv_id(identifier) == identifier


@every_paper
def test_a_paper_cites_each_work_once_and_never_itself(paper: dict[str, Any]) -> None:
    assert len(set(paper["references"])) == len(paper["references"])
    assert paper["arxiv_id"] not in paper["references"]


@every_paper
def test_nothing_cites_a_later_month(paper: dict[str, Any]) -> None:
    assert [later for later in paper["references"] if month(later) > month(paper["arxiv_id"])] == []


@every_paper
def test_the_year_is_that_of_the_first_version(paper: dict[str, Any]) -> None:
    year, number = month(paper["arxiv_id"])
    # A paper handed in on the last days of December gets an identifier of January.
    assert paper["year"] in ({year - 1, year} if number == 1 else {year})


@every_paper
def test_a_summary_has_two_to_four_sentences(paper: dict[str, Any]) -> None:
    assert 2 <= sentences(paper["abstract"]) <= 4
    assert len(paper["abstract"].split()) <= 120


@every_paper
def test_names_are_trimmed_and_no_author_stands_twice(paper: dict[str, Any]) -> None:
    names = [paper["title"], paper["abstract"], *paper["authors"]]
    assert [name for name in names if name != " ".join(name.split())] == []
    assert len(set(paper["authors"])) == len(paper["authors"])


def test_the_network_is_dense() -> None:
    inside = [cited for paper in PAPERS for cited in paper["references"] if cited in BY_ID]
    assert len(inside) >= 5 * len(PAPERS)
    cited_or_citing = set(inside) | {
        known for known, paper in BY_ID.items() if set(paper["references"]) & set(BY_ID)
    }
    assert set(BY_ID) - cited_or_citing == set()


# --- against files that others wrote ---------------------------------------------------------------------


@cache
def listed() -> list[tuple[str, str]]:
    """Identifier and title as daily papers, a curated list of papers and bibliographies state them."""
    pairs = []
    for line in shared("fixtures/hf_daily/abstracts_2024-05_to_2025-02.jsonl").read_bytes().splitlines():
        record = orjson.loads(line)
        pairs.append((record["id"], record["title"]))
    readme = shared("fixtures/awesome_lists/HuangOwen+Awesome-LLM-Compression__README.md")
    pairs += [
        (found["id"], found["title"]) for found in map(LISTED.match, readme.read_text().splitlines()) if found
    ]
    for file in sorted(shared("fixtures/bib/iclr_blogposts").glob("*.bib")):
        for entry in re.split(r"\n@", file.read_text(errors="replace")):
            title, identifier = TITLE_IN_BIB.search(entry), ARXIV_IN_BIB.search(entry)
            if title and identifier:
                pairs.append((identifier[1], title[1]))
    return pairs


def test_titles_agree_with_real_files_that_know_the_identifier() -> None:
    titles: dict[str, set[str]] = {}
    for identifier, title in listed():
        if identifier in BY_ID:
            titles.setdefault(identifier, set()).add(title_key(title))
    # Real files err here and there and contradict one another: one of them has to agree.
    differ = {
        identifier: stated
        for identifier, stated in titles.items()
        if not any(_same(title, title_key(BY_ID[identifier]["title"])) for title in stated)
    }
    assert differ == {}
    assert len(titles) >= 60


def test_identifiers_agree_with_real_files_that_know_the_title() -> None:
    ours = {title_key(paper["title"]): paper["arxiv_id"] for paper in PAPERS}
    identifiers: dict[str, set[str]] = {}
    for identifier, title in listed():
        if title_key(title) in ours:
            identifiers.setdefault(title_key(title), set()).add(identifier)
    differ = {title: stated for title, stated in identifiers.items() if ours[title] not in stated}
    assert differ.keys() <= MISSTATED
    assert len(identifiers) >= 60


def _same(one: str, other: str) -> bool:
    """Equal, but for the name of the method that lists and later versions put in front."""
    return one.endswith(other) or other.endswith(one)
