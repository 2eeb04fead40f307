"""Everything a store keeps, as one stream: for copies, for bulk exports, and for the hash that says two stores agree.

What builders need beside the graph travels with it as hidden properties of the FROM edges (see
:mod:`.server.payload`), the way a server keeps it, so whatever takes the stream can be built upon. Nothing is held
in memory but a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import blake2b
from itertools import chain
from typing import Any, Protocol

import orjson

from .errors import StoreError
from .local import LocalStore
from .schema import EDGES, NODES
from .server import payload
from .server.remote import Remote, batches
from .sqlite import GraphFile
from .store import Counts, Store, by_frequency
from .stored import Stored

NodeRow = tuple[str, str, dict[str, Any]]
"""Label, id and properties."""

EdgeRow = tuple[str, str, str, dict[str, Any]]
"""Source, type, target and properties, with what builders need on FROM."""

_BATCH = 2000
_REALS = frozenset(
    name for known in EDGES.values() for name, property in known.properties.items() if property.kind is float
)


class Content(Protocol):
    """All that a store keeps; the same order each time it is read where ``steady``."""

    name: str
    steady: bool

    def unchanging(self) -> AbstractContextManager[None]:
        """Read one state in a block, whatever others write meanwhile."""

    def nodes(self) -> Iterator[NodeRow]:
        """Stream the nodes."""

    def edges(self) -> Iterator[EdgeRow]:
        """Stream the edges, whose nodes all are among :meth:`nodes`."""

    def known(self) -> Mapping[str, Any]:
        """Return the settings and corrections."""

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""


def content_of(store: Store) -> Content:
    """Return what a store keeps."""
    from .server import Neo4jStore

    if isinstance(store, Neo4jStore):
        return ServerContent(store.uri, store.remote)
    return FileContent(store.uri, store.file) if isinstance(store, LocalStore) else _BareContent(store)


class FileContent:
    """What a graph file keeps."""

    steady = True

    def __init__(self, name: str, file: GraphFile) -> None:
        self.name, self._file = name, file

    def unchanging(self) -> AbstractContextManager[None]:
        return self._file.snapshot()

    def nodes(self) -> Iterator[NodeRow]:
        for node_id, label, properties in self._file.rows(
            "SELECT id, label, properties FROM node ORDER BY id"
        ):
            yield label, node_id, self._loads(properties)

    def edges(self) -> Iterator[EdgeRow]:
        loads = self._loads
        sql = "SELECT source, type, target, properties FROM edge ORDER BY source, type, target"
        for batch in batches(self._file.rows(sql), _BATCH):
            read = [(source, uri_of(target)) for source, kind, target, _ in batch if kind == "FROM"]
            carried = payload.of_edges(self._file, read) if read else {}
            for source, kind, target, properties in batch:
                known = loads(properties)
                if kind == "FROM":
                    known |= carried[source, uri_of(target)]
                yield source, kind, target, known

    def known(self) -> Mapping[str, Any]:
        return payload.of_graph(self._file)

    def counts(self) -> Counts:
        return Stored(lambda: self._file).counts()

    def _loads(self, body: bytes) -> dict[str, Any]:
        try:
            read: dict[str, Any] = orjson.loads(body)
        except ValueError as error:
            raise self._file.damaged(error) from error
        return read


class ServerContent:
    """What a graph on a server keeps; nodes and relationships of others are left out."""

    steady = False

    def __init__(self, name: str, remote: Remote) -> None:
        self.name, self._remote = name, remote

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        before = self._remote.state()
        if before is not None and before["writing"]:
            raise StoreError(
                f"A change of {self.name} is under way or was broken off; wait for it, or run `citegraph build` with "
                "its input again."
            )
        yield
        if self._remote.state() != before:
            raise StoreError(f"{self.name} was changed while it was read; run the command again.")

    def nodes(self) -> Iterator[NodeRow]:
        from .server.asked import label_of

        for label in NODES:
            for node_id, properties in self._remote.nodes(label):
                if label_of(node_id) == label:
                    yield label, node_id, payload.visible(properties)

    def edges(self) -> Iterator[EdgeRow]:
        from .server.asked import label_of

        for kind, known in EDGES.items():
            for ends in sorted(known.pairs):
                for source, target, properties in self._remote.edges(ends[0], kind, ends[1]):
                    if (label_of(source), label_of(target)) == ends:
                        yield source, kind, target, properties

    def known(self) -> Mapping[str, Any]:
        state = self._remote.state() or {"settings": {}, "corrections": []}
        return {key: state[key] for key in ("settings", "corrections")}

    def counts(self) -> Counts:
        nodes, edges = self._remote.counts()
        return Counts(by_frequency(nodes), by_frequency(edges))


class _BareContent:
    """The nodes and edges of any other store."""

    steady = False

    def __init__(self, store: Store) -> None:
        self.name, self._store = store.uri, store

    def unchanging(self) -> AbstractContextManager[None]:
        return nullcontext()

    def nodes(self) -> Iterator[NodeRow]:
        return ((node.label, node.id, dict(node.properties)) for node in self._store.nodes())

    def edges(self) -> Iterator[EdgeRow]:
        return ((e.source, e.type, e.target, dict(e.properties)) for e in self._store.edges())

    def known(self) -> Mapping[str, Any]:
        return {"settings": {}, "corrections": []}

    def counts(self) -> Counts:
        return self._store.counts()


def uri_of(source_id: str) -> str:
    """Return the uri of a Source by its node's id."""
    return source_id.partition(":")[2]


# --- telling whether two stores hold the same ---------------------------------------------------------------


class Digest:
    """Counts by label and type, and two hashes in which the order of what is added leaves no trace.

    Each item's canonical JSON is hashed, and the hashes are added up modulo 2**256: ``content`` of nodes and edges,
    ``records`` of the records, parts, names, settings and corrections that later builds go by.
    """

    def __init__(self) -> None:
        self._nodes: Counter[str] = Counter()
        self._edges: Counter[str] = Counter()
        self._content_sum = self._records_sum = 0

    @classmethod
    def of(cls, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow], known: Mapping[str, Any]) -> Digest:
        """Return the digest of all that a store keeps."""
        made = cls()
        for _ in chain(made.nodes(nodes), made.edges(edges)):
            pass
        made.known(known)
        return made

    def nodes(self, rows: Iterable[NodeRow]) -> Iterator[NodeRow]:
        """Take nodes in and hand them on."""
        for row in rows:
            self._nodes[row[0]] += 1
            self._content_sum += _hashed("node", *row)
            yield row

    def edges(self, rows: Iterable[EdgeRow]) -> Iterator[EdgeRow]:
        """Take edges in, with what they carry for builders, and hand them on."""
        for row in rows:
            source, kind, target, properties = row
            self._edges[kind] += 1
            if kind == "FROM":
                for key in payload.CARRIED:
                    carried = properties.get(key, ())
                    for item in (carried,) if isinstance(carried, str) else carried:
                        self._records_sum += _hashed(key, source, target, item)
                properties = payload.visible(properties)
            for name in _REALS & properties.keys():  # not every store keeps 1 and 1.0 apart
                properties = {**properties, name: float(properties[name])}
            self._content_sum += _hashed("edge", source, kind, target, properties)
            yield row

    def known(self, known: Mapping[str, Any]) -> None:
        """Take settings and corrections in."""
        self._records_sum += sum(_hashed("setting", *item) for item in known["settings"].items())
        self._records_sum += sum(_hashed("correction", *row) for row in known["corrections"])

    @property
    def counts(self) -> Counts:
        """Nodes by label and edges by type."""
        return Counts(by_frequency(self._nodes), by_frequency(self._edges))

    @property
    def content(self) -> str:
        """The hash of nodes and edges."""
        return f"{self._content_sum % (1 << 256):064x}"

    @property
    def records(self) -> str:
        """The hash of what later builds go by."""
        return f"{self._records_sum % (1 << 256):064x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and (self.counts, self.content, self.records) == (
            other.counts,
            other.content,
            other.records,
        )

    __hash__ = None  # type: ignore[assignment]


def _hashed(*item: object) -> int:
    body = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(blake2b(body, digest_size=32).digest(), "little")


def content_hash(store: Store) -> str:
    """Return 64 hexadecimal digits that two stores share if they hold the same nodes and edges, in whatever order.

    Notes
    -----
    Every property counts, the time a source was loaded among them. Runs in one pass and constant memory.
    """
    content = content_of(store)
    with content.unchanging():
        return Digest.of(content.nodes(), content.edges(), content.known()).content
