"""An endpoint for tests: a real server on a real socket that speaks chat completions, well or badly as asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EMPTY: dict[str, Any] = {"methods": [], "models": [], "benchmarks": [], "hardware": [], "results": []}


@dataclass
class Sent:
    """What the server sends: a status, headers and a body, and whether it takes its time."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    never: bool = False
    cut: int = 0


def completion(content: Any, *, finish: str = "stop", refusal: str | None = None) -> Sent:
    """A well-formed answer with a message of that content, JSON unless it is text already."""
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": refusal},
        "finish_reason": finish,
    }
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return Sent(json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode())


def failure(status: int, message: str, **headers: str) -> Sent:
    """An error as OpenAI's own endpoint words it."""
    body = json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()
    return Sent(body, status, {"Content-Type": "application/json", **headers})


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that hung up."""


class Server:
    """Answers each request with what ``script`` makes of it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.script: Callable[[dict[str, Any]], Sent] = lambda asked: completion(EMPTY)
        self.closing = threading.Event()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with server._lock:
                    server.requests.append(body | {"path": self.path})
                    server.headers.append({name.lower(): value for name, value in self.headers.items()})
                    server._at_once += 1
                    server.most_at_once = max(server.most_at_once, server._at_once)
                try:
                    self._send(server.script(body))
                except OSError:
                    self.close_connection = True
                finally:
                    with server._lock:
                        server._at_once -= 1

            def _send(self, sent: Sent) -> None:
                if sent.never:
                    server.closing.wait(30)
                    self.close_connection = True
                    return
                self.send_response(sent.status)
                for name, value in sent.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(sent.body)))
                self.end_headers()
                self.wfile.write(sent.body[: len(sent.body) - sent.cut])
                if sent.cut:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def play(self, *answers: Sent) -> None:
        """Send these answers in turn, the last one for ever after."""
        left = list(answers)
        self.script = lambda asked: left.pop(0) if len(left) > 1 else left[0]

    def asked(self, number: int = -1) -> dict[str, Any]:
        """The paper that a request asked about."""
        found: dict[str, Any] = json.loads(self.requests[number]["messages"][1]["content"])
        return found


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    server = Server()
    thread = threading.Thread(target=server._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server._http.shutdown()
        server._http.server_close()
