"""A network between client and server that fails on purpose: at a place in the talk, for a time or for good.

The proxy stands before a server and hands bytes on. A fault waits for words in what the client says, so that a test
names the place (``MERGE (n:`Paper```) instead of counting bytes that change with every release:

    with Proxy(server.port) as proxy:
        proxy.cut(rb"MERGE \\(n:`Paper`", after=200)
        build(Neo4jStore(proxy.uri), ["papers.jsonl"])
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Literal

COMMIT = bytes.fromhex("0002b0120000")
"""How a client asks a Bolt server to commit."""

_CHUNK = 65536
_CARRIED = 200


@dataclass
class Fault:
    """What happens when the client says a thing."""

    pattern: re.Pattern[bytes]
    kind: Literal["cut", "lose answer", "stall"]
    after: int = 0
    whole: bool = False
    times: int = 1
    happened: threading.Event = field(default_factory=threading.Event)


class _Link:
    """One connection: the two sockets, and what the client has said last."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.said = b""
        self.left: int | None = None
        self.losing: Fault | None = None
        self.cutting: Fault | None = None
        self.lost = False
        self.going = threading.Event()
        self.going.set()

    def close(self) -> None:
        """Cut the connection as a cable is cut: at once, for both sides."""
        self.going.set()
        for end in (self.client, self.server):
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


class Proxy:
    """A proxy on a port of its own before a server's port.

    Parameters
    ----------
    delay
        Seconds that every piece of an answer is held back.
    """

    def __init__(self, port: int, *, delay: float = 0.0) -> None:
        self.delay, self.down, self.connections, self.bytes = delay, False, 0, 0
        self._target = ("127.0.0.1", port)
        self._faults: list[Fault] = []
        self._limit: int | None = None
        self._links: set[_Link] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut_all()

    # --- faults --------------------------------------------------------------------------------------------

    def cut(self, pattern: bytes, *, after: int = 0, whole: bool = False, times: int = 1) -> Fault:
        """Cut the connection ``after`` bytes beyond the words; ``whole`` takes the network down, for good."""
        return self._add(Fault(re.compile(pattern), "cut", after, whole, times))

    def lose_answer(self, pattern: bytes, *, whole: bool = False) -> Fault:
        """Let the server commit the transaction in which the words are, and cut before the client hears of it."""
        return self._add(Fault(re.compile(pattern), "lose answer", 0, whole))

    def stall(self, pattern: bytes) -> Fault:
        """Hand nothing on from the words to :meth:`heal`; the connection stays open."""
        return self._add(Fault(re.compile(pattern), "stall"))

    def cut_after(self, count: int) -> None:
        """Take the network down when the client has sent so many bytes from now."""
        self._limit = self.bytes + count

    def cut_all(self) -> None:
        """Cut all connections there are; new ones are served."""
        with self._lock:
            links, self._links = self._links, set()
        for link in links:
            link.close()

    def heal(self) -> None:
        """Be a network without faults."""
        self._faults.clear()
        self._limit, self.down = None, False
        for link in list(self._links):
            link.going.set()

    # --- handing on ----------------------------------------------------------------------------------------

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                if self.down:
                    raise ConnectionRefusedError
                server = socket.create_connection(self._target, 5)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = _Link(client, server)
            with self._lock:
                self._links.add(link)
            for pump in (self._requests, self._answers):
                threading.Thread(target=pump, args=(link,), daemon=True).start()

    def _requests(self, link: _Link) -> None:
        try:
            while piece := link.client.recv(_CHUNK):
                self._request(link, piece)
        except OSError:
            pass
        self._end(link)

    def _request(self, link: _Link, piece: bytes) -> None:
        self.bytes += len(piece)
        if self._limit is not None and self.bytes > self._limit:
            link.server.sendall(piece[: max(0, len(piece) - (self.bytes - self._limit))])
            self._cut(link, whole=True)
        carried = len(link.said)
        heard = link.said + piece
        link.said = heard[-_CARRIED:]
        for fault in list(self._faults):
            found = fault.pattern.search(heard)
            if link.cutting is not None or found is None or found.end() <= carried or fault.times < 1:
                continue
            fault.times -= 1
            if fault.kind == "cut":
                link.cutting, link.left = fault, found.end() - carried + fault.after
            elif fault.kind == "lose answer":
                link.losing = fault
            else:
                link.going.clear()
                fault.happened.set()
        if link.cutting is not None and link.left is not None:
            if link.left <= len(piece):
                link.server.sendall(piece[: link.left])
                link.cutting.happened.set()
                self._cut(link, whole=link.cutting.whole)
            link.left -= len(piece)
        link.going.wait()
        if (
            link.losing is not None and COMMIT in heard[max(0, carried - len(COMMIT) + 1) :]
        ):  # not an earlier one
            link.lost = True
        link.server.sendall(piece)

    def _answers(self, link: _Link) -> None:
        try:
            while piece := link.server.recv(_CHUNK):
                if self.delay:
                    time.sleep(self.delay)
                if link.lost and link.losing is not None:
                    link.losing.happened.set()
                    self._cut(link, whole=link.losing.whole)
                link.going.wait()
                link.client.sendall(piece)
        except OSError:
            pass
        self._end(link)

    def _cut(self, link: _Link, *, whole: bool) -> None:
        """Cut one connection or all, and leave the thread that is at it."""
        if whole:
            self.down = True
            self.cut_all()
        link.close()
        raise ConnectionAbortedError

    def _end(self, link: _Link) -> None:
        with self._lock:
            self._links.discard(link)
        link.close()
