"""``citegraph enrich`` and ``citegraph fetch``: what they say and ask, and that nothing is left half-written."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from fake_services import FakeClock, FakeServices, corpus, sequence

from citegraph import open_graph
from citegraph.cli import main
from citegraph.loaders.enrich.http import Client
from citegraph.loaders.enrich.services.huggingface import HuggingFace
from citegraph.loaders.enrich.transport import FaultError, Raw

WORKS = corpus(6)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def services(monkeypatch, tmp_path) -> FakeServices:
    """Services that are played, behind the command line."""
    played = FakeServices(WORKS)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.chdir(tmp_path)
    _answered_by(monkeypatch, played)
    return played


def _answered_by(monkeypatch: pytest.MonkeyPatch, transport: Any) -> None:
    def client_for(cache: str | None = None, **options: Any) -> Client:
        return Client(
            Path(cache or "cache"), transport=transport, clock=FakeClock(), chance=random.Random(0), **options
        )

    monkeypatch.setattr("citegraph.loaders.enrich.http.client_for", client_for)


@pytest.fixture
def run(capsys) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        return (stopped.value.code, *capsys.readouterr())  # type: ignore[return-value]

    return run


@pytest.fixture
def graph(services, run) -> Path:
    papers = [{"title": work.title, "arxiv_id": work.arxiv_id, "year": 1999} for work in WORKS]
    Path("papers.jsonl").write_bytes(b"\n".join(map(orjson.dumps, papers)))
    assert run("build", "papers.jsonl", "-q", "-j", "1")[0] == 0
    return Path("citegraph.db")


# --- enrich ------------------------------------------------------------------------------------------------


def test_help_names_every_service_and_every_option(run):
    code, out, _ = run("enrich", "--help")
    assert code == 0
    for word in (
        "openalex",
        "semantic-scholar",
        "crossref",
        "arxiv",
        "huggingface",
        "OPENALEX_API_KEY",
        "S2_API_KEY",
    ):
        assert word in out
    for option in (
        "--from",
        "--papers",
        "--max",
        "--citing",
        "--dry-run",
        "--offline",
        "--refresh",
        "--prefer",
        "--cache",
    ):
        assert option in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--from'"),
        (("--from", "scholar"), "there is no service 'scholar'; choose among openalex, semantic-scholar"),
        (("--from", " , "), "name at least one of openalex"),
        (("--from", "arxiv", "--prefer", "acm"), "there is no service 'acm'"),
        (("--from", "arxiv", "--max", "0"), "0 is not in the range x>=1"),
    ],
)
def test_wrong_usage_is_told_and_asks_nothing(graph, services, run, arguments, said):
    code, out, err = run("enrich", *arguments)
    assert (code, out, services.sent) == (2, "", [])
    assert said in " ".join(err.split())


def test_a_query_that_is_none_is_told_and_asks_nothing(graph, services, run):
    code, _, err = run("enrich", "--from", "arxiv", "--papers", "MATCH (p RETURN p")
    assert (code, services.sent) == (1, [])
    assert "Traceback" not in err


def test_a_query_that_finds_no_paper_asks_nothing(graph, services, run):
    code, out, _ = run("enrich", "--from", "arxiv", "--papers", "MATCH (p:Paper {year: 1066}) RETURN p")
    assert (code, services.sent) == (0, [])
    assert out.startswith("citegraph.db: 0 papers, 0 records new or changed.")


def test_a_query_that_returns_something_else_than_papers_is_told(graph, services, run):
    code, _, err = run("enrich", "--from", "arxiv", "--papers", "MATCH (p:Paper) RETURN p.title")
    assert (code, services.sent) == (1, [])
    assert "The query returns no papers; return them or their ids" in " ".join(err.split())


def test_a_graph_that_is_not_there_is_told(services, run):
    code, _, err = run("enrich", "-g", "nowhere.db", "--from", "arxiv")
    assert code == 1
    assert "nowhere.db" in err


def test_the_report_counts_by_service_and_lists_contradictions(graph, services, run):
    services.unknown["huggingface"] = {0}
    code, out, err = run("enrich", "--from", "arxiv,huggingface")
    assert code == 0
    assert out.startswith("citegraph.db: 6 papers, 11 records new or changed.")
    rows = [line.split() for line in out.splitlines()]
    assert ["arxiv", "6", "6", "6", "0", "0", "0", "1", "0"] in rows
    assert ["huggingface", "6", "5", "5", "1", "0", "0", "6", "0"] in rows
    assert f"contradicted: arxiv:{WORKS[0].arxiv_id}: year is 1999" in " ".join(err.split())
    with open_graph(graph) as found:
        assert {row.uri: row.papers for row in found.stats().sources if row.uri.startswith("api:")} == {
            "api:arxiv": 6,
            "api:huggingface": 5,
        }


def test_the_report_in_json_holds_all_of_it(graph, services, run):
    code, out, _ = run("enrich", "--from", "arxiv", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["services"]["arxiv"]["found"] == 6
    assert report["known"] == {"arxiv": 0}
    assert {row["field"] for row in report["contradictions"]} == {"year"}


def test_the_command_fails_where_no_service_answered(graph, run, monkeypatch):
    def send(*_):
        raise FaultError("the connection failed")

    _answered_by(monkeypatch, SimpleNamespace(send=send))
    code, _, err = run("enrich", "--from", "arxiv", "-q")
    assert (code, err.strip()) == (
        1,
        "No service answered, so nothing was learned; check the network and try again.",
    )
    code, _, err = run("enrich", "--from", "arxiv", "--offline", "-q")
    assert (code, "without --offline" in err) == (1, True)


def test_quiet_prints_nothing(graph, services, run):
    assert run("enrich", "--from", "arxiv", "-q") == (0, "", "")


def test_a_dry_run_tells_the_requests_and_sends_none(graph, services, run):
    code, out, _ = run("enrich", "--from", "arxiv,huggingface", "--dry-run")
    assert (code, services.sent) == (0, [])
    assert "6 papers; nothing was asked." in out
    assert ["huggingface", "6", "6", "0"] in [line.split() for line in out.splitlines()]


def test_max_offline_refresh_and_papers_do_what_they_say(graph, services, run):
    run("enrich", "--from", "huggingface", "--max", "2", "-q")
    assert services.count("huggingface") == 2
    run("enrich", "--from", "huggingface", "--offline", "-q")
    assert services.count("huggingface") == 2
    query = f"MATCH (p:Paper) WHERE p.arxiv_id IN ['{WORKS[0].arxiv_id}', '{WORKS[5].arxiv_id}'] RETURN p.id"
    run("enrich", "--from", "arxiv", "--papers", query, "-q")
    assert services.count("arxiv") == 1
    run("enrich", "--from", "huggingface", "-q")
    assert services.count("huggingface") == 6
    run("enrich", "--from", "huggingface", "--refresh", "-q")
    assert services.count("huggingface") == 12


def test_answers_are_kept_where_it_is_said(graph, services, run, tmp_path):
    run("enrich", "--from", "arxiv", "--cache", "kept/here", "-q")
    assert (tmp_path / "kept" / "here" / "answers.sqlite").exists()


def test_a_cache_that_cannot_be_used_is_told(graph, services, run):
    Path("taken").write_text("a file")
    code, _, err = run("enrich", "--from", "arxiv", "--cache", "taken", "-q")
    assert code == 1
    assert "taken" in err
    assert "--cache" in err
    assert "Traceback" not in err


def test_a_spent_budget_is_told_with_what_was_done_and_what_is_left(graph, services, run):
    services.schedule = sequence(None, None, *["spent budget"] * 9)
    code, out, err = run("enrich", "--from", "huggingface")
    assert code == 0
    row = next(line.split() for line in out.splitlines() if "huggingface" in line)
    asked, found, _, _, _, unanswered = map(int, row[1:7])
    assert (asked, found + unanswered, found) == (6, 6, 2)
    assert "what it allows a day has been used up; it says to come again in 8.0 hours." in " ".join(
        err.split()
    )


def test_preference_is_kept_and_shown_by_sources(graph, services, run):
    services.works = [replace(work, abstract=f"By arXiv {work.number}.") for work in WORKS]
    run("enrich", "--from", "arxiv", "-q")
    services.works = [replace(work, abstract=f"By OpenAlex {work.number}.") for work in WORKS]
    run("enrich", "--from", "openalex", "--prefer", "openalex", "-q")
    code, out, _ = run("show", WORKS[0].arxiv_id, "--sources", "--format", "json")
    rows = [row for row in json.loads(out) if row["field"] == "abstract"]
    assert code == 0
    assert rows == [
        {
            "field": "abstract",
            "value": "By OpenAlex 0.",
            "source": "api:openalex",
            "counts": True,
            "agrees": True,
        },
        {
            "field": "abstract",
            "value": "By arXiv 0.",
            "source": "api:arxiv",
            "counts": False,
            "agrees": False,
        },
    ]


def test_sources_are_shown_with_what_they_say_otherwise(graph, services, run):
    run("enrich", "--from", "arxiv", "-q")
    code, out, _ = run("show", WORKS[0].arxiv_id, "--sources")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert next(line for line in lines if line[:1] == ["year"])[:2] == ["year", "1999"]
    assert [str(WORKS[0].year), "api:arxiv", "otherwise"] in lines


def test_sources_are_shown_of_papers_only(graph, services, run):
    assert run("show", WORKS[0].arxiv_id, "--sources", "-t", "Method")[0] == 2


def test_a_work_that_is_only_cited_has_no_sources(graph, services, run):
    Path("more.jsonl").write_text(
        '{"title": "One", "arxiv_id": "2401.00001", "references": [{"doi": "10.5555/else"}]}'
    )
    run("build", "more.jsonl", "-q", "-j", "1")
    code, out, _ = run("show", "10.5555/else", "--sources")
    assert (code, out.splitlines()[1]) == (0, "  No source tells of it; it is only cited.")


def test_a_removed_service_is_gone(graph, services, run):
    run("enrich", "--from", "arxiv", "-q")
    assert run("remove-source", "api:arxiv")[0] == 0
    with open_graph(graph) as found:
        assert [source.uri.startswith("api:") for source in found.stats().sources] == [False]


# --- fetch hf-daily ----------------------------------------------------------------------------------------


class Days:
    """Daily Papers: so many each day, a hundred a page at most."""

    def __init__(self, **counts: int) -> None:
        self.counts = {day.removeprefix("d").replace("_", "-"): count for day, count in counts.items()}
        self.asked: list[tuple[str, int]] = []
        self.broken: dict[str, Raw] = {}

    def send(self, request: Any, policy: Any) -> Raw:
        return self.answer(request.url)

    def answer(self, url: str) -> Raw:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        day, page, size = query["date"], int(query["p"]), int(query["limit"])
        self.asked.append((day, page))
        if day in self.broken:
            return self.broken[day]
        numbers = range(self.counts.get(day, 0))[page * size : (page + 1) * size]
        entries = [
            {
                "title": f"Paper {n} of {day}",
                "paper": {"id": f"2503.{n:05}", "title": f"Paper {n} of {day}", "summary": "We study it."},
                "publishedAt": f"{day}T00:00:00.000Z",
            }
            for n in numbers
        ]
        return Raw(200, {"content-type": "application/json"}, orjson.dumps(entries))


@pytest.fixture
def days(monkeypatch, tmp_path) -> Days:
    played = Days(d2025_03_13=2, d2025_03_14=250, d2025_03_17=100)
    monkeypatch.chdir(tmp_path)
    _answered_by(monkeypatch, played)
    return played


def test_a_day_is_fetched_page_by_page_as_a_file_that_build_reads(days, run):
    code, out, _ = run("fetch", "hf-daily", "--date", "2025-03-14")
    assert (code, out) == (0, "hf-daily: 1 file new with 250 papers, 0 kept.\n")
    assert days.asked == [("2025-03-14", page) for page in range(3)]
    code, out, _ = run("build", "hf-daily", "-j", "1")
    assert code == 0
    assert "250 papers new" in out


def test_a_full_last_page_is_followed_by_an_empty_one(days, run):
    assert run("fetch", "hf-daily", "--date", "2025-03-17")[1].startswith(
        "hf-daily: 1 file new with 100 papers"
    )
    assert days.asked == [("2025-03-17", 0), ("2025-03-17", 1)]


def test_days_without_papers_are_told_and_get_no_file(days, run):
    code, out, err = run(
        "fetch", "hf-daily", "--date", "2025-03-13", "--to", "2025-03-16", "-o", "papers/of march"
    )
    assert (code, out) == (0, "papers/of march: 2 files new with 252 papers, 0 kept.\n")
    assert err.splitlines() == [
        "2025-03-15: there are no papers of that day",
        "2025-03-16: there are no papers of that day",
    ]
    assert sorted(path.name for path in Path("papers/of march").iterdir()) == [
        "hf-daily-2025-03-13.json",
        "hf-daily-2025-03-14.json",
    ]


def test_a_file_that_is_there_is_kept_unless_refreshed(days, run):
    run("fetch", "hf-daily", "--date", "2025-03-13")
    days.counts["2025-03-13"] = 5
    assert (
        run("fetch", "hf-daily", "--date", "2025-03-13")[1]
        == "hf-daily: 0 files new with 0 papers, 1 kept.\n"
    )
    assert len(days.asked) == 1
    again = run("fetch", "hf-daily", "--date", "2025-03-13", "--refresh")[1]
    assert again == "hf-daily: 1 file new with 5 papers, 0 kept.\n"


def test_offline_fetches_what_is_cached_and_fails_for_the_rest(days, run):
    run("fetch", "hf-daily", "--date", "2025-03-13")
    Path("hf-daily/hf-daily-2025-03-13.json").unlink()
    code, out, err = run("fetch", "hf-daily", "--date", "2025-03-13", "--to", "2025-03-14", "--offline")
    assert (code, len(days.asked)) == (1, 1)
    assert out == "hf-daily: 1 file new with 2 papers, 0 kept.\n"
    assert err == "2025-03-14: the answer is not cached, and nothing is sent when offline.\n"


@pytest.mark.parametrize(
    "body",
    [
        b'[{"title": "Half',
        b'{"error": "Invalid date"}',
        b"null",
        b"<html>Busy</html>",
        b"<list/>",
        b"[" * 100_000,
    ],
    ids=["cut off", "an object", "null", "a page", "xml", "deep"],
)
def test_a_broken_answer_gives_no_file_and_is_asked_for_again(days, run, body):
    days.broken["2025-03-13"] = Raw(200, {"content-type": "application/json"}, body)
    code, out, err = run("fetch", "hf-daily", "--date", "2025-03-13")
    assert (code, out) == (1, "hf-daily: 0 files new with 0 papers, 0 kept.\n")
    assert err.startswith("2025-03-13: its answer is ") or "neither JSON nor XML" in err
    assert not Path("hf-daily").exists()
    days.broken.clear()
    assert run("fetch", "hf-daily", "--date", "2025-03-13")[0] == 0


def test_a_service_that_is_down_ends_it_and_leaves_the_days_before(days, run):
    days.broken["2025-03-14"] = Raw(429, {"retry-after": "28800"}, b"")
    code, _, err = run("fetch", "hf-daily", "--date", "2025-03-13", "--to", "2025-03-17")
    assert code == 1
    assert "come again in 8.0 hours" in err
    assert [path.name for path in Path("hf-daily").iterdir()] == ["hf-daily-2025-03-13.json"]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(days, run):
    Path("hf-daily").write_text("a file")
    code, out, err = run("fetch", "hf-daily", "--date", "2025-03-13")
    assert (code, out) == (1, "")
    assert "hf-daily-2025-03-13.json cannot be written" in err
    assert "-o" in err
    assert "Traceback" not in err


def test_a_disk_that_fills_up_leaves_no_half_file(days, run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    code, _, err = run("fetch", "hf-daily", "--date", "2025-03-13")
    assert code == 1
    assert "No space left on device" in err
    assert list(Path("hf-daily").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--date'"),
        (("--date", "14.03.2025"), "does not match the format"),
        (("--date", "2025-03-14", "--to", "2025-03-13"), "the last day is before the first"),
    ],
)
def test_wrong_dates_are_told_and_ask_nothing(days, run, arguments, said):
    code, out, err = run("fetch", "hf-daily", *arguments)
    assert (code, out, days.asked) == (2, "", [])
    assert said in err


@pytest.fixture
def server(monkeypatch, tmp_path) -> Iterator[Days]:
    """The same over a real connection."""
    played = Days(d2025_03_14=3)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            raw = played.answer(self.path)
            self.send_response(raw.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(raw.body)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{listening.server_address[1]}/api"
    monkeypatch.setattr(HuggingFace, "policy", replace(HuggingFace.policy, base=base))
    monkeypatch.chdir(tmp_path)
    yield played
    listening.shutdown()
    listening.server_close()


def test_fetching_works_over_a_real_connection(server, run):
    code, out, _ = run("fetch", "hf-daily", "--date", "2025-03-14", "--cache", "cache")
    assert (code, out) == (0, "hf-daily: 1 file new with 3 papers, 0 kept.\n")
    assert server.asked == [("2025-03-14", 0)]
