"""How services are asked: again where that may help, at their pace, within bounds, and without telling secrets."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import logging
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fake_services import FakeClock

from citegraph.graph.errors import StoreError
from citegraph.loaders.enrich.clock import SystemClock
from citegraph.loaders.enrich.errors import (
    BudgetSpentError,
    EnrichError,
    NoAnswerError,
    NotCachedError,
    RefusedError,
    ServiceDownError,
)
from citegraph.loaders.enrich.http import Client, fault_of, pace, seconds_of
from citegraph.loaders.enrich.limits import Turns
from citegraph.loaders.enrich.policy import Policy
from citegraph.loaders.enrich.transport import FaultError, HttpTransport, Raw, WrongPlaceError

SECRET = "s3cr3t-k3y"
GOOD = Raw(200, {"Content-Type": "application/json"}, b'{"id": "W1"}')


class Scripted:
    """A transport that answers what it was told to, the last for ever."""

    def __init__(self, *answers: Raw | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[Any] = []

    def send(self, request: Any, policy: Policy) -> Raw:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Asking:
    """A client with a clock of its own."""

    def __init__(self, folder: Path, *answers: Raw | Exception, **how: Any) -> None:
        policy = {key: how.pop(key) for key in list(how) if key not in ("offline", "refresh")}
        self.policy = Policy("fake", "https://api.fake.org", **{"interval": 0.0, **policy})
        self.transport = Scripted(*answers or (GOOD,))
        self.clock = FakeClock()
        self.client = Client(
            folder, transport=self.transport, clock=self.clock, chance=random.Random(7), **how
        )

    def ask(self, path: str = "works/W1", **more: Any) -> Any:
        return self.client.ask(self.policy, path, **more)

    @property
    def sent(self) -> int:
        return len(self.transport.requests)


# --- again -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(tmp_path: Path, status: int) -> None:
    asking = Asking(tmp_path, Raw(status), Raw(status), GOOD)
    assert asking.ask().body == GOOD.body
    assert asking.sent == 3
    assert asking.client.count("fake").repeated == 2


@pytest.mark.parametrize(
    "answer",
    [
        FaultError("no answer in time"),
        Raw(200, {"content-type": "text/html"}, b"<!DOCTYPE html><title>Busy</title>"),
        Raw(200, {"content-type": "application/xml"}, b'<?xml version="1.0"?><!DOCTYPE html><html></html>'),
        Raw(200, {}, b'{"results": [{"id": "W1"'),
        Raw(200, {}, b""),
        Raw(200, {}, b"[" * 5000),
        Raw(200, {}, b"\xff\xfe\x00"),
    ],
)
def test_an_answer_that_is_none_is_asked_for_again_and_never_kept(
    tmp_path: Path, answer: Raw | Exception
) -> None:
    asking = Asking(tmp_path, answer, GOOD)
    assert asking.ask().body == GOOD.body
    assert asking.ask().cached
    failing = Asking(tmp_path / "other", GOOD)
    failing.ask("works/0")
    failing.transport.answers = [answer]
    with pytest.raises(NoAnswerError):
        failing.ask()
    failing.transport.answers = [GOOD]
    assert not failing.ask().cached


def test_a_service_may_doubt_an_answer_that_looks_like_one(tmp_path: Path) -> None:
    asking = Asking(
        tmp_path, Raw(200, {}, b"{}"), GOOD, doubt=lambda address, body: None if b"W1" in body else "empty"
    )
    assert asking.ask().body == GOOD.body
    assert asking.sent == 2


def test_pauses_are_drawn_from_zero_to_a_bound_that_doubles(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(500))
    drawn: list[list[float]] = []
    for number in range(100):
        policy = Policy(f"fake-{number}", "https://api.fake.org", interval=0.0, attempts=5, deadline=1000.0)
        before = len(asking.clock.slept)
        with pytest.raises(NoAnswerError):
            asking.client.ask(policy, "works/W1")
        drawn.append(asking.clock.slept[before:])
    for number, bound in enumerate((1.0, 2.0, 4.0, 8.0)):
        pauses = [slept[number] for slept in drawn]
        assert 0 <= min(pauses) < 0.15 * bound
        assert 0.85 * bound < max(pauses) <= bound


def test_a_request_is_sent_no_more_often_than_allowed(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(500), attempts=4)
    with pytest.raises(NoAnswerError, match="answers 500"):
        asking.ask()
    assert asking.sent == 4


def test_a_request_ends_when_its_time_is_up(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(503, {"Retry-After": "40"}), attempts=100, deadline=100.0)
    begun = asking.clock.now()
    with pytest.raises(NoAnswerError):
        asking.ask()
    assert asking.clock.now() - begun <= 100.0
    assert asking.sent == 3


@pytest.mark.parametrize("status", [400, 405, 413, 414, 422])
def test_a_request_that_is_refused_is_not_sent_again(tmp_path: Path, status: int) -> None:
    asking = Asking(tmp_path, Raw(status, {}, b'{"message": "Too\\u202e many\\n ids"}'))
    with pytest.raises(RefusedError) as caught:
        asking.ask()
    assert asking.sent == 1
    assert str(status) in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_that_is_no_json_is_an_error_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"refuses the request \(400\)"):
        Asking(tmp_path, Raw(400, {"content-type": "text/plain"}, b"Malformed filter")).ask()


# --- Retry-After -------------------------------------------------------------------------------------------


def test_retry_after_in_seconds_is_waited_for(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(429, {"Retry-After": "17"}), GOOD)
    asking.ask()
    assert 17 <= asking.clock.slept[0] <= 18


def test_retry_after_as_a_date_is_waited_for(tmp_path: Path) -> None:
    asking = Asking(tmp_path, GOOD)
    until = datetime.fromtimestamp(asking.clock.now() + 30, UTC)
    asking.transport.answers = [Raw(503, {"retry-after": format_datetime(until, usegmt=True)}), GOOD]
    asking.ask()
    assert 29 <= asking.clock.slept[0] <= 31


def test_a_date_that_has_passed_is_no_time_to_wait(tmp_path: Path) -> None:
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT", FakeClock()) == 0.0


@pytest.mark.parametrize("header", ["soon", "-5", "1e9", "99999999999999", "", None, "Wed, 99 Foo 2015"])
def test_a_retry_after_that_says_nothing_is_none(header: str | None) -> None:
    assert seconds_of(header, FakeClock()) is None


def test_a_service_that_asks_for_more_patience_than_there_is_is_left_out(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(503, {"Retry-After": "900"}), longest_wait=120.0)
    with pytest.raises(ServiceDownError, match="900 seconds"):
        asking.ask()
    with pytest.raises(ServiceDownError):
        asking.ask("works/W2")
    assert asking.sent == 1
    assert not asking.clock.slept


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "28800"}, {"X-RateLimit-Remaining-USD": "0.00", "X-RateLimit-Reset": "28800"}],
)
def test_a_spent_budget_is_not_waited_for(tmp_path: Path, headers: dict[str, str]) -> None:
    asking = Asking(tmp_path, Raw(429, headers))
    with pytest.raises(BudgetSpentError, match="8.0 hours") as caught:
        asking.ask()
    assert caught.value.seconds == 28800
    assert asking.sent == 1
    assert not asking.clock.slept
    assert asking.client.down("fake") is caught.value


# --- leaving out -------------------------------------------------------------------------------------------


def test_a_service_without_answers_is_left_out_and_others_are_asked(tmp_path: Path) -> None:
    asking = Asking(tmp_path, GOOD, attempts=2)
    asking.ask("works/there")
    asking.transport.answers = [FaultError("the connection failed")]
    for number in range(3):
        with pytest.raises(NoAnswerError):
            asking.ask(f"works/{number}")
    with pytest.raises(ServiceDownError, match="in a row"):
        asking.ask("works/9")
    assert asking.sent == 7
    asking.transport.answers = [GOOD]
    other = Policy("other", "https://api.other.org", interval=0.0)
    assert asking.client.ask(other, "works/1").found


def test_a_service_that_was_never_reached_is_tried_for_one_request_only(tmp_path: Path) -> None:
    asking = Asking(tmp_path, FaultError("the connection failed"), attempts=2)
    with pytest.raises(NoAnswerError, match="the connection failed in 2 tries"):
        asking.ask("works/0")
    with pytest.raises(ServiceDownError, match="the connection failed"):
        asking.ask("works/1")
    assert asking.sent == 2


def test_failures_that_are_not_in_a_row_leave_it_in(tmp_path: Path) -> None:
    asking = Asking(tmp_path, attempts=1)
    for number in range(12):
        asking.transport.answers = [GOOD if number % 3 == 2 else Raw(500)]
        with contextlib.suppress(NoAnswerError):
            asking.ask(f"works/{number}")
    assert asking.client.down("fake") is None


def test_refusals_of_requests_do_not_leave_a_service_out(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(400))
    for number in range(5):
        with pytest.raises(RefusedError):
            asking.ask(f"works/{number}")
    assert asking.client.down("fake") is None


def test_a_key_that_is_refused_ends_it_and_is_named_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    body = f'{{"message": "invalid key {SECRET}"}}'.encode()
    asking = Asking(tmp_path, Raw(401, {}, body), key_variables=("FAKE_KEY",), key_header="x-api-key")
    with pytest.raises(ServiceDownError, match="check FAKE_KEY") as caught:
        asking.ask()
    assert SECRET not in str(caught.value)


def test_a_status_by_which_a_service_says_that_it_is_busy_is_asked_again(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(403), GOOD, busy=(403,))
    assert asking.ask().found


# --- the cache ---------------------------------------------------------------------------------------------


def test_an_answer_is_asked_for_once(tmp_path: Path) -> None:
    first = Asking(tmp_path)
    first.ask(parameters={"a": "1", "b": "ü"})
    again = Asking(tmp_path)
    reply = again.ask(parameters={"b": "ü", "a": "1"})
    assert (reply.status, reply.body, reply.cached) == (200, GOOD.body, True)
    assert again.sent == 0
    assert again.client.count("fake").cached == 1


def test_that_there_is_nothing_is_kept_and_expires_sooner(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(404, {}, b"Resource not found."), fresh=100.0, absent=10.0)
    assert not asking.ask().found
    assert asking.ask().cached
    asking.clock.time += 11
    assert not asking.ask().cached


def test_an_answer_expires(tmp_path: Path) -> None:
    asking = Asking(tmp_path, fresh=100.0)
    asking.ask()
    asking.clock.time += 99
    assert asking.ask().cached
    asking.clock.time += 2
    assert not asking.ask().cached


def test_posts_are_told_apart_by_their_bodies(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    asking.ask(json={"ids": ["a"]})
    assert asking.ask(json={"ids": ["a"]}).cached
    assert not asking.ask(json={"ids": ["b"]}).cached
    assert asking.transport.requests[0].method == "POST"


def test_failures_are_not_kept(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(500), attempts=1)
    with pytest.raises(NoAnswerError):
        asking.ask()
    asking.transport.answers = [GOOD]
    assert asking.ask().body == GOOD.body


def test_offline_only_what_is_cached_is_used(tmp_path: Path) -> None:
    Asking(tmp_path).ask()
    asking = Asking(tmp_path, offline=True)
    assert asking.ask().cached
    with pytest.raises(NotCachedError):
        asking.ask("works/W2")
    assert asking.sent == 0


def test_refresh_asks_again_and_keeps_the_new_answer(tmp_path: Path) -> None:
    Asking(tmp_path).ask()
    newer = Raw(200, {}, b'{"id": "W2"}')
    assert Asking(tmp_path, newer, refresh=True).ask().body == newer.body
    assert Asking(tmp_path).ask().body == newer.body


def test_bodies_are_kept_byte_by_byte(tmp_path: Path) -> None:
    body = '<?xml version="1.0" encoding="UTF-8"?><feed>“é” \U0001f600 &#9; \r\n\t</feed>'.encode()
    asking = Asking(tmp_path, Raw(200, {"content-type": "application/atom+xml"}, body))
    asking.ask()
    assert asking.ask().body == body


def test_a_cache_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        Asking(file / "cache").ask()


def test_a_cache_that_is_no_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_text("no database" * 100)
    with pytest.raises(StoreError, match="delete the folder"):
        Asking(tmp_path).ask()


# --- secrets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [{"key_header": "x-api-key"}, {"key_parameter": "api_key"}])
def test_a_key_is_sent_and_nowhere_else_to_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: dict[str, str]
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    asking = Asking(tmp_path, key_variables=("OTHER_KEY", "FAKE_KEY"), **place)
    reply = asking.ask()
    request = asking.transport.requests[0]
    assert SECRET in request.url or request.headers.get("x-api-key") == SECRET
    asking.transport.answers = [FaultError("the connection failed")]
    with pytest.raises(EnrichError) as caught:
        asking.ask("works/W2")
    asking.client.close()
    assert (
        SECRET not in f"{caught.value!r} {caught.value} {reply!r} {asking.policy!r} {vars(asking.client)!r}"
    )
    for path in tmp_path.rglob("*"):
        assert SECRET.encode() not in path.read_bytes()


def test_an_answer_is_found_in_the_cache_with_another_key_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    Asking(tmp_path, key_variables=("FAKE_KEY",), key_parameter="api_key").ask()
    monkeypatch.delenv("FAKE_KEY")
    assert Asking(tmp_path, key_variables=("FAKE_KEY",), key_parameter="api_key").ask().cached


def test_a_key_that_no_header_can_hold_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", f"{SECRET}\nX-Evil: 1")
    asking = Asking(tmp_path, key_variables=("FAKE_KEY",), key_header="x-api-key")
    with pytest.raises(EnrichError) as caught:
        asking.ask()
    assert SECRET not in str(caught.value)


# --- pace --------------------------------------------------------------------------------------------------


def test_requests_keep_the_interval_of_a_service(tmp_path: Path) -> None:
    asking = Asking(tmp_path, interval=2.0)
    begun = asking.clock.now()
    for number in range(5):
        asking.ask(f"works/{number}")
    assert asking.clock.now() - begun == pytest.approx(8.0)


def test_with_a_key_the_interval_may_be_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    asking = Asking(tmp_path, interval=2.0, interval_with_key=0.5, key_variables=("FAKE_KEY",))
    begun = asking.clock.now()
    for number in range(5):
        asking.ask(f"works/{number}")
    assert asking.clock.now() - begun == pytest.approx(2.0)


def test_a_slower_pace_that_headers_ask_for_is_kept_until_they_ask_for_it_no_more(tmp_path: Path) -> None:
    slow = Raw(200, {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "5s"}, b"{}")
    asking = Asking(tmp_path, slow, slow, GOOD, interval=1.0)
    times = []
    for number in range(5):
        asking.ask(f"works/{number}")
        times.append(asking.clock.now())
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps[:2] == pytest.approx([5.0, 5.0])
    assert gaps[-1] == pytest.approx(1.0)


def test_a_window_that_is_used_up_is_waited_for(tmp_path: Path) -> None:
    used_up = Raw(
        200, {"RateLimit": '"api";r=0;t=42', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, b"{}"
    )
    asking = Asking(tmp_path, used_up, GOOD, interval=0.5)
    asking.ask("1")
    begun = asking.clock.now()
    asking.ask("2")
    assert asking.clock.now() - begun == pytest.approx(42.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}, 0.02),
        ({"x-rate-limit-limit": "0", "x-rate-limit-interval": "1s"}, None),
        ({"x-rate-limit-limit": "many", "x-rate-limit-interval": "1s"}, None),
        ({"ratelimit": '"api";r=489;t=42'}, None),
        ({"ratelimit": '"api";r=10;t=300'}, 30.0),
        ({}, None),
    ],
)
def test_the_pace_is_read_from_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert pace(headers) == seconds


def test_a_moment_too_far_away_was_written_by_a_wrong_clock(tmp_path: Path) -> None:
    asking = Asking(tmp_path, interval=1.0)
    (tmp_path / "fake.next").write_text(repr(asking.clock.now() + 1e9))
    asking.ask()
    assert not asking.clock.slept


@pytest.mark.parametrize("content", ["", "soon", "nan", "inf", "-inf", "\0" * 8])
def test_a_file_of_turns_that_is_damaged_is_no_obstacle(tmp_path: Path, content: str) -> None:
    asking = Asking(tmp_path, interval=1.0)
    (tmp_path / "fake.next").write_text(content)
    asking.ask()
    assert not asking.clock.slept


def test_what_is_left_of_a_budget_is_told(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Raw(200, {"X-RateLimit-Remaining-USD": "0.83"}, b"{}"))
    asking.ask()
    assert asking.client.count("fake").remaining == "0.83"


_TAKER = """
import sys, time
from pathlib import Path
from citegraph.loaders.enrich.clock import SystemClock
from citegraph.loaders.enrich.limits import Turns
from citegraph.loaders.enrich.policy import Policy

policy = Policy("fake", "https://api.fake.org", interval=0.05, alone=sys.argv[2] == "alone")
turns = Turns(Path(sys.argv[1]), SystemClock())
for _ in range(6):
    with turns.turn(policy):
        begun = time.time()
        time.sleep(0.01)
        print(begun, time.time(), flush=True)
"""


@pytest.mark.parametrize("manner", ["alone", "together"])
def test_processes_share_a_pace(tmp_path: Path, manner: str) -> None:
    command = [sys.executable, "-c", _TAKER, str(tmp_path), manner]
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    spans = []
    for taker in takers:
        told, _ = taker.communicate(timeout=60)
        assert taker.returncode == 0
        spans += [tuple(map(float, line.split())) for line in told.splitlines()]
    spans.sort()
    assert len(spans) == 12
    assert spans[-1][0] - spans[0][0] >= 11 * 0.05 - 0.03  # the last and the first may be told a little late
    if manner == "alone":  # one connection: the pause counts from the end of an answer
        for (_, ended), (following, _) in itertools.pairwise(spans):
            assert following - ended >= 0.045


def test_threads_have_no_more_connections_than_allowed(tmp_path: Path) -> None:
    asking = Asking(tmp_path, connections=2)
    under_way, most, lock = 0, 0, threading.Lock()

    class Counting:
        def send(self, request: Any, policy: Policy) -> Raw:
            nonlocal under_way, most
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.02)
            with lock:
                under_way -= 1
            return GOOD

    asking.client._transport = Counting()
    threads = [threading.Thread(target=asking.ask, args=(f"works/{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2


# --- the network -------------------------------------------------------------------------------------------


class Server:
    """A real server on this machine; ``answer`` writes what it likes to whoever asks."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: self.say(handler, b"{}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                outer.answer(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing of those who hang up, which is what many of these tests are about."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    @staticmethod
    def say(
        handler: BaseHTTPRequestHandler,
        body: bytes,
        status: int = 200,
        length: int | None = None,
        **headers: str,
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    one = Server()
    yield one
    one.close()


def fetch(server: Server, folder: Path, path: str = "works/1", json: Any = None, **how: Any) -> Any:
    policy = Policy("fake", server.base, **{"interval": 0.0, "attempts": 1, "timeout": 2.0, **how})
    return Client(folder).ask(policy, path, json=json)


def test_a_request_says_who_asks(server: Server, tmp_path: Path) -> None:
    fetch(server, tmp_path, json={"ids": ["a"]})
    method, path, headers, body = server.requests[0]
    assert (method, path, body) == ("POST", "/works/1", b'{"ids":["a"]}')
    assert headers["User-Agent"].startswith("citegraph/")
    assert headers["Content-Type"] == "application/json"


def test_no_password_file_is_consulted(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    fetch(server, tmp_path)
    assert "Authorization" not in server.requests[0][2]


def test_gzip_is_unpacked(server: Server, tmp_path: Path) -> None:
    body = gzip.compress(b'{"id": "W1"}')
    server.answer = lambda handler: server.say(handler, body, Content_Encoding="gzip")
    assert fetch(server, tmp_path).body == b'{"id": "W1"}'


def test_gzip_that_is_cut_off_is_no_answer(server: Server, tmp_path: Path) -> None:
    body = gzip.compress(b'{"id": "%s"}' % os.urandom(3000).hex().encode())[:-900]
    server.answer = lambda handler: server.say(handler, body, Content_Encoding="gzip")
    with pytest.raises(NoAnswerError):
        fetch(server, tmp_path)


def test_what_is_no_gzip_is_no_answer(server: Server, tmp_path: Path) -> None:
    server.answer = lambda handler: server.say(handler, b'{"id": "W1"}', Content_Encoding="gzip")
    with pytest.raises(NoAnswerError, match="damaged"):
        fetch(server, tmp_path)


def test_a_connection_that_breaks_off_is_no_answer(server: Server, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        server.say(handler, b'{"id": "W1"}', length=1000)
        handler.close_connection = True

    server.answer = answer
    with pytest.raises(NoAnswerError, match="broke off"):
        fetch(server, tmp_path)


def test_a_connection_that_is_closed_at_once_is_no_answer(server: Server, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.connection.close()

    server.answer = answer
    with pytest.raises(NoAnswerError):
        fetch(server, tmp_path)


def test_nobody_there_is_no_answer(server: Server, tmp_path: Path) -> None:
    server.close()
    with pytest.raises(NoAnswerError, match="connection failed"):
        fetch(server, tmp_path)


def test_an_answer_that_does_not_come_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    server.answer = lambda handler: time.sleep(60)
    begun = time.monotonic()
    with pytest.raises(NoAnswerError, match="in time"):
        fetch(server, tmp_path, timeout=0.2)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_drips_is_given_up(server: Server, tmp_path: Path, chunked: bool) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", "5000")))
        handler.end_headers()
        try:
            for _ in range(1200):
                handler.wfile.write(b"1\r\n \r\n" if chunked else b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    server.answer = answer
    begun = time.monotonic()
    with pytest.raises(NoAnswerError, match="too slowly"):
        fetch(server, tmp_path, timeout=1.0, deadline=0.4)
    assert time.monotonic() - begun < 20


def test_an_answer_that_is_too_large_is_not_read_to_its_end(server: Server, tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * (40 << 20))
    server.answer = lambda handler: server.say(handler, bomb, Content_Encoding="gzip")
    with pytest.raises(NoAnswerError, match="larger than 1 MB"):
        fetch(server, tmp_path, largest=1 << 20)


def test_a_redirect_within_the_service_is_followed_with_the_key(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/works/old"):
            server.say(handler, b"", 301, Location="/works/new")
        else:
            server.say(handler, b'{"id": "new"}')

    server.answer = answer
    reply = fetch(server, tmp_path, "works/old", key_variables=("FAKE_KEY",), key_parameter="api_key")
    assert reply.body == b'{"id": "new"}'
    assert server.requests[1][1] == f"/works/new?api_key={SECRET}"


def test_a_redirect_elsewhere_is_not_followed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    other = Server()
    for target in (
        f"{other.base}/steal",
        f"//{other.base[7:]}/steal",
        "file:///etc/passwd",
        "https://127.0.0.1/x",
    ):
        server.answer = lambda handler, target=target: server.say(handler, b"", 302, Location=target)  # type: ignore[misc]
        with pytest.raises(NoAnswerError, match="another place") as caught:
            fetch(server, tmp_path, key_variables=("FAKE_KEY",), key_header="x-api-key")
        assert SECRET not in str(caught.value)
    assert not other.requests
    other.close()


def test_redirects_in_a_circle_end(server: Server, tmp_path: Path) -> None:
    server.answer = lambda handler: server.say(handler, b"", 302, Location="/again")
    with pytest.raises(NoAnswerError, match="more than"):
        fetch(server, tmp_path)
    assert len(server.requests) <= 6


def test_keys_are_not_in_the_log_of_the_library_below(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FAKE_KEY", SECRET)
    with caplog.at_level(logging.DEBUG):
        fetch(server, tmp_path, key_variables=("FAKE_KEY",), key_parameter="api_key")
    assert SECRET in server.requests[0][1]
    assert "/works/1" in caplog.text
    assert SECRET not in caplog.text


def test_certificates_are_verified() -> None:
    verified: list[Any] = []

    class Session:
        def merge_environment_settings(self, url: Any, *settings: Any) -> dict[str, Any]:
            from requests import Session as Real

            return Real().merge_environment_settings(url, *settings)  # type: ignore[no-any-return]

        def send(self, request: Any, **settings: Any) -> Any:
            verified.append(settings["verify"])
            from requests.exceptions import SSLError

            raise SSLError(f"certificate verify failed: https://x/?api_key={SECRET}")

    from requests import Request

    transport = HttpTransport(SystemClock())
    transport._session = Session()  # type: ignore[assignment]
    with pytest.raises(FaultError, match="certificate does not hold") as caught:
        transport.send(
            Request("GET", "https://api.fake.org/x").prepare(), Policy("fake", "https://api.fake.org")
        )
    assert verified[0] is not False
    assert verified[0]
    assert SECRET not in str(caught.value)


# --- oddities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b" null", b"[1]", b"\xef\xbb\xbf{}", b"<feed/>", b"<?xml version='1.0'?><a/>", b"12"],
)
def test_json_and_xml_are_answers(body: bytes) -> None:
    assert fault_of(body) is None


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"<!DOCTYPE HTML PUBLIC>", b"Rate exceeded.", b"{", b"NaN", b'{"a": NaN}', b"\n<HTML>"],
)
def test_other_bodies_are_none(body: bytes) -> None:
    assert fault_of(body)


def test_an_address_below_the_base_is_taken_as_it_is(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    asking.ask("https://api.fake.org/page/2?cursor=x", parameters={"a": "b"})
    assert asking.transport.requests[0].url == "https://api.fake.org/page/2?cursor=x&a=b"


def test_an_address_elsewhere_is_only_a_path(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    asking.ask("https://api.fake.org.evil.com/x")
    assert asking.transport.requests[0].url.startswith("https://api.fake.org/")


def test_a_place_that_a_redirect_may_not_lead_to_is_told_without_its_address(tmp_path: Path) -> None:
    asking = Asking(tmp_path, WrongPlaceError("it redirects to another place, https://evil.com"))
    with pytest.raises(NoAnswerError, match="another place"):
        asking.ask()
    assert asking.sent == 1


def test_turns_in_a_folder_that_cannot_be_made_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StoreError, match="take turns"),
        Turns(tmp_path / "file" / "x", FakeClock()).turn(Policy("fake", "https://api.fake.org")),
    ):
        pass
