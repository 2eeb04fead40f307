"""Daily Papers API days, in every form they were kept in."""

from __future__ import annotations

import ast
import json

import pytest
from loading import read, read_text

from citegraph.graph.records import Author

ENTRY = {
    "paper": {
        "id": "2405.15738",
        "title": "A Title\n  wrapped",
        "summary": "An abstract\nof two lines.",
        "publishedAt": "2024-05-24T17:34:15.000Z",
        "upvotes": 43,
        "authors": [{"name": "Ada Lovelace", "hidden": False}, {"name": "Alan Turing", "hidden": True}],
        "githubRepo": "https://github.com/example/code",
        "projectPage": "https://example.github.io/",
        "organization": {"name": "example", "fullname": "Example Lab"},
        "ai_keywords": ["pruning", "sparsity"],
        "ai_summary": "Not by the authors.",
    },
    "title": "A Title wrapped",
    "publishedAt": "2024-05-25T02:00:00.000Z",
    "submittedBy": {"name": "someone"},
}

REAL_DAYS = {
    "2024-06-12": 16,
    "2024-08-01": 11,
    "2024-08-19": 7,
    "2024-10-24": 10,
    "2024-11-11": 8,
    "2024-12-11": 26,  # texts in Python's notation
    "2024-12-12": 18,
    "2024-12-13": 23,
    "2025-01-09": 13,
    "2025-01-10": 9,  # an object around such texts
    "2025-04-14": 11,
    "2025-06-19": 8,
    "2025-07-23": 13,
    "2025-10-31": 19,
    "2026-01-08": 11,
    "2026-03-17": 27,
    "2026-04-20": 19,
    "2026-07-31": 34,
}


@pytest.mark.parametrize(("day", "count"), REAL_DAYS.items())
def test_every_paper_of_a_real_day_is_read(shared, day, count):
    path = shared(f"fixtures/hf_daily/api_days/{day}.json")
    papers, refusals = read(path)
    assert (len(papers), refusals) == (count, [])
    kept = json.loads(path.read_text())
    entries = kept["data"] if isinstance(kept, dict) else kept
    entries = [ast.literal_eval(entry) if isinstance(entry, str) else entry for entry in entries]
    for paper, entry in zip(papers, entries, strict=True):
        known = entry["paper"]
        assert (paper.arxiv_id, paper.title) == (known["id"], " ".join(known["title"].split()))
        assert paper.abstract == " ".join(known["summary"].split())
        assert [author.name for author in paper.authors] == [author["name"] for author in known["authors"]]
        assert (paper.date, paper.upvotes) == (known["publishedAt"][:10], known["upvotes"])
        assert ("githubRepo" not in known) or known["githubRepo"] in paper.repositories
        assert paper.organizations == (
            (known["organization"]["fullname"],) if "organization" in known else ()
        )
        assert paper.keywords == tuple(dict.fromkeys(known.get("ai_keywords", ())))


def test_an_entry_gives_all_it_offers(tmp_path):
    (paper,), refusals = read_text(tmp_path, json.dumps([ENTRY]), "day.json")
    assert not refusals
    assert (paper.title, paper.abstract) == ("A Title wrapped", "An abstract of two lines.")
    assert (paper.arxiv_id, paper.date, paper.year, paper.upvotes) == ("2405.15738", "2024-05-24", 2024, 43)
    assert paper.repositories == ("https://github.com/example/code", "https://example.github.io/")
    assert (paper.organizations, paper.keywords) == (("Example Lab",), ("pruning", "sparsity"))


def test_authors_hidden_from_the_page_wrote_the_paper_all_the_same(tmp_path):
    (paper,), _ = read_text(tmp_path, json.dumps([ENTRY]), "day.json")
    assert paper.authors == (Author("Ada Lovelace"), Author("Alan Turing"))


def test_the_paper_itself_is_no_project_page(tmp_path):
    entry = {"paper": {"title": "A Title", "projectPage": "https://arxiv.org/abs/2405.15738"}}
    (paper,), _ = read_text(tmp_path, json.dumps([entry]), "day.json")
    assert paper.repositories == ()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ENTRY]),
        json.dumps([ENTRY], indent=2),
        json.dumps([repr(ENTRY)]),
        json.dumps({"status": "success", "count": "1", "data": [repr(ENTRY)]}),
        json.dumps({"status": "success", "count": 1, "data": [ENTRY]}, indent=1),
        json.dumps(ENTRY),
        json.dumps(ENTRY, indent=2),
        json.dumps(ENTRY["paper"] | {"submittedOnDailyAt": None}),
    ],
    ids=["list", "indented", "python", "around python", "around", "one", "one indented", "paper"],
)
def test_all_forms_of_a_day_hold_the_same_paper(tmp_path, text):
    papers, refusals = read_text(tmp_path, text, "day.json")
    assert [(paper.title, paper.arxiv_id) for paper in papers] == [("A Title wrapped", "2405.15738")]
    assert not refusals


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch evil')",
        "{'paper': {'title': 'x'}}.clear()",
        "{'paper': {'title': open('/etc/passwd').read()}}",
        "[" * 100_000,
        "-" * 200_000 + "1",
        "{'paper': {'title': " + "(" * 150 + ")" * 150 + "}}",
        "{'paper'",
        "'" * 99_999,
        "",
    ],
    ids=lambda text: text[:20],
)
def test_texts_that_are_not_plain_python_values_are_refused_unread(tmp_path, text):
    papers, refusals = read_text(tmp_path, json.dumps([text, ENTRY]), "day.json", format="hf-daily")
    assert [paper.title for paper in papers] == ["A Title wrapped"]
    assert [refusal.line for refusal in refusals] == [1]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (7, "the entry is not an object"),
        ({"paper": [1]}, "paper is not an object"),
        ({"paper": {"summary": "x"}}, "the title is missing"),
        ({"paper": {"title": "x", "authors": {"name": "y"}}}, "authors is an object, not a list of names"),
        ({"paper": {"title": "x", "upvotes": "many"}}, "upvotes is text, not a whole number"),
        ({"paper": {"title": "x", "organization": "y"}}, "organization is not an object"),
        (
            {"paper": {"title": "x", "publishedAt": "May"}},
            "publishedAt is “May”, not a date such as 2017-06-12",
        ),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_kept(tmp_path, entry, reason):
    papers, refusals = read_text(tmp_path, json.dumps([ENTRY, entry, ENTRY]), "day.json")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]
