"""Copying a graph from any store to any other, with all that later builds go by, and checking that both are the same.

A file takes a copy in one transaction: it holds all of it, or what it held before. A server takes it in many (see
:mod:`.server.loading`) and holds no graph until all of it is in and has been compared with the source. A copy to a
server that was broken off goes on when the same is asked for again; where the source is a server too, whose order may
change, it starts over.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from .content import Content, Digest, ServerContent, content_of, uri_of
from .errors import StoreError
from .local import LocalStore
from .parts import Parts
from .server import payload
from .server.remote import Remote

if TYPE_CHECKING:
    from .server.connection import Connection
    from .server.loading import Lanes

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Is told the stage (``clear``, ``send``, ``check``), how much of it is done, and how much there is."""

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied, and what both sides hold now.

    ``content`` is the :func:`~.content.content_hash` of both, ``records`` the same of what later builds go by;
    ``resumed`` tells that a copy broken off before was gone on with.
    """

    source: str
    target: str
    nodes: dict[str, int]
    edges: dict[str, int]
    content: str
    records: str
    resumed: bool = False


def copy(
    source: LocalStore,
    target: str | os.PathLike[str],
    progress: Progress = lambda stage, done, total: None,
    *,
    replace: bool = False,
) -> CopyReport:
    """Copy a graph to another file or server.

    Parameters
    ----------
    source
        The store to copy.
    target
        A file, or the address of a server; it must hold no graph.
    progress
        Is told how far the copy has come.
    replace
        Take the place of the graph that ``target`` holds.

    Raises
    ------
    StoreError
        The target holds a graph, or nodes of others; either side fails; the two differ in the end.
    LockedError
        Another process is writing to the target.

    Notes
    -----
    Runs in constant memory. What is read of the source is one state of it, whatever others write meanwhile.
    """
    name = os.fspath(target)
    if name == ":memory:":
        raise StoreError("A copy in memory would be lost; name a file or the address of a server.")
    content = content_of(source)
    with content.unchanging():
        if "://" in name:
            return _to_server(content, name, progress, replace=replace)
        return _to_file(source, content, Path(name), progress, replace=replace)


# --- to a file ---------------------------------------------------------------------------------------------


def _to_file(
    source: LocalStore, content: Content, path: Path, progress: Progress, *, replace: bool
) -> CopyReport:
    if source.path is not None and path.exists() and path.samefile(source.path):
        raise _itself(path)
    with LocalStore(path, create=True) as target:
        held = content_of(target)
        if (nodes := sum(held.counts().nodes.values())) and not replace:
            raise _taken(path, nodes)
        if type(source) is LocalStore:
            source.file.copy_into(target.file, lambda done, total: progress("send", done, total))
            digest = _compared(content, held, progress)
        else:
            with target.file.transaction():
                _pour(content, target, progress)
                digest = _compared(content, held, progress)
    return _report(content.name, str(path), digest)


def _compared(content: Content, copied: Content, progress: Progress) -> Digest:
    """Return the digest of both sides."""
    meter = _Meter(progress, "check", 2 * _size(content))
    ours, theirs = (
        Digest.of(meter.through(side.nodes()), meter.through(side.edges()), side.known())
        for side in (content, copied)
    )
    if ours != theirs:
        raise _different(content.name, copied.name, ours, theirs)
    return ours


def _pour(content: Content, target: LocalStore, progress: Progress) -> None:
    """Put everything into the tables of a file, inside a transaction."""
    file, dumps = target.file, orjson.dumps
    meter = _Meter(progress, "send", _size(content))
    sources: list[dict[str, Any]] = []
    file.clear()

    def nodes() -> Iterator[tuple[str, str, bytes]]:
        for label, node_id, properties in meter.through(content.nodes()):
            if label == "Source":
                sources.append(properties)
            yield node_id, label, dumps(properties)

    def edges() -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Write all edges, and hand on those that carry records."""
        stream = meter.through(content.edges())
        while batch := list(islice(stream, _BATCH)):
            rows = ((s, kind, t, dumps(payload.visible(known))) for s, kind, t, known in batch)
            file.write("INSERT INTO edge VALUES (?, ?, ?, ?)", rows)
            yield from ((s, uri_of(t), known) for s, kind, t, known in batch if kind == "FROM")

    file.write("INSERT INTO node VALUES (?, ?, ?)", nodes())
    payload.fill(file, sources, edges(), content.known(), whole=True)
    Parts(target, lambda stage, done, total: None).cite_again()


# --- to a server -------------------------------------------------------------------------------------------


def _to_server(content: Content, name: str, progress: Progress, *, replace: bool) -> CopyReport:
    from .server.address import Address
    from .server.connection import Connection
    from .server.hold import Hold
    from .server.loading import Lanes

    address = Address.parse(name)
    if content.name == str(address):
        raise _itself(address)
    if "Source" not in content.counts().nodes:
        raise StoreError(
            f"{content.name} holds no source, and a server keeps settings and corrections with one; build it first."
        )
    connection = Connection(address)
    try:
        lanes = Lanes(connection)
        with Hold(connection, lanes.ours) as hold:
            return _Load(content, connection, lanes, hold.check, progress).run(replace=replace)
    finally:
        connection.close()


class _Load:
    """A copy to a server on which nobody else is writing."""

    def __init__(
        self,
        content: Content,
        connection: Connection,
        lanes: Lanes,
        guard: Callable[[], None],
        progress: Progress,
    ) -> None:
        self._content, self._connection, self._lanes = content, connection, lanes
        self._guard, self._progress = guard, progress
        self._remote = Remote(connection)
        self._target = ServerContent(str(connection.address), self._remote)

    def run(self, *, replace: bool) -> CopyReport:
        from .server.loading import publish

        if not isinstance(self._content, ServerContent):  # told before anything is replaced
            for _, node_id, properties in self._content.nodes():
                self._remote.check_length(node_id, properties.get("name"))
        self._lanes.read()
        resumed = self._make_room(replace=replace)
        ours, theirs = self._send()
        if ours != theirs and resumed:  # the source has changed since the beginning of it was copied
            resumed = False
            self._clear()
            ours, theirs = self._send()
        if ours != theirs:
            self._lanes.spoil()
            raise _different(self._content.name, self._target.name, ours, theirs)
        publish(self._connection, self._lanes, self._content.known())
        return _report(self._content.name, self._target.name, ours, resumed=resumed)

    def _make_room(self, *, replace: bool) -> bool:
        """Have the database ready; tell whether it holds the beginning of this copy."""
        lanes, source, target = self._lanes, self._content.name, self._target.name
        state = self._remote.state()
        if lanes.source and state is None:
            if lanes.source != source and not replace:
                raise StoreError(
                    f"A copy of {lanes.source} to {target} was broken off; run it again, or take --replace to have "
                    f"{source} in its place."
                )
            if lanes.source == source and lanes.sound and self._content.steady:
                lanes.go_on()
                return any(lanes.done)
            self._clear()
            return False
        nodes, _ = self._remote.counts()
        if nodes and state is None:
            what = ", ".join(f"{count} {label}" for label, count in nodes.items())
            raise StoreError(
                f"{target} holds nodes of others with our labels ({what}); use another database, or a prefix for our "
                "labels: ?prefix=Cg."
            )
        if state is not None:
            if not replace:
                raise _taken(target, sum(nodes.values()))
            self._clear()
        else:
            lanes.begin(source, sound=True)
        return False

    def _clear(self) -> None:
        from .server.loading import clear

        self._lanes.begin(self._content.name, sound=False)
        clear(self._connection, self._guard, _Meter(self._progress, "clear", _size(self._target)).add)
        self._lanes.begin(self._content.name, sound=True)

    def _send(self) -> tuple[Digest, Digest]:
        """Send everything and return the digests of both sides."""
        from .server.loading import Loader

        content, size = self._content, _size(self._content)
        self._remote.prepare()
        loader = Loader(self._connection, self._lanes, self._guard, _Meter(self._progress, "send", size).add)
        known, sent = content.known(), Digest()
        loader.nodes(sent.nodes(content.nodes()))
        loader.edges(sent.edges(content.edges()))
        sent.known(known)
        meter = _Meter(self._progress, "check", size)
        # Settings and corrections are written when all the rest is right.
        return sent, Digest.of(
            meter.through(self._target.nodes()), meter.through(self._target.edges()), known
        )


# --- telling -----------------------------------------------------------------------------------------------


class _Meter:
    """Tells how far a stage has come, from whichever thread."""

    def __init__(self, progress: Progress, stage: str, total: int) -> None:
        self._progress, self._stage, self._total = progress, stage, total
        self._done, self._lock = 0, threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            self._progress(self._stage, self._done, self._total)

    def through(self, items: Iterable[T]) -> Iterator[T]:
        """Hand items on, and tell now and then of how many."""
        stream = iter(items)
        while batch := list(islice(stream, _BATCH)):
            yield from batch
            self.add(len(batch))


def _size(content: Content) -> int:
    counts = content.counts()
    return sum(counts.nodes.values()) + sum(counts.edges.values())


def _report(source: str, target: str, digest: Digest, *, resumed: bool = False) -> CopyReport:
    counts = digest.counts
    return CopyReport(source, target, counts.nodes, counts.edges, digest.content, digest.records, resumed)


def _itself(name: object) -> StoreError:
    return StoreError(f"{name} is the graph that is to be copied; name another file, database or prefix.")


def _taken(name: object, nodes: int) -> StoreError:
    return StoreError(f"{name} holds a graph of {nodes} nodes; name another target, or take --replace.")


def _different(source: str, target: str, ours: Digest, theirs: Digest) -> StoreError:
    mine, other = ours.counts, theirs.counts
    kinds = [*mine.nodes, *other.nodes, *mine.edges, *other.edges]
    counted = [
        f"{left.get(kind, 0)} and {right.get(kind, 0)} {kind}"
        for kind in dict.fromkeys(kinds)
        for left, right in ((mine.nodes | mine.edges, other.nodes | other.edges),)
        if left.get(kind, 0) != right.get(kind, 0)
    ]
    what = f" ({', '.join(counted)})" if counted else ""
    return StoreError(f"{source} and its copy at {target} differ{what}; run the copy again.")
