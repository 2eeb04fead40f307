"""The other store: the same graph in a Neo4j database.

Reading nodes, edges and counts asks the server (:mod:`.asked`). What needs the whole graph (pictures, exports), or
asks again and again, streams it into memory once. Writing works on a copy in memory, by the very code that writes a
local file, and then sends what has changed: so both stores hold the same graph, made by the same rules.

A change is marked on the server before it begins and unmarked when it is whole. Whoever finds the mark works out the
graph anew from the records, so a change that was broken off is made good by the next one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from ..assemble import source_id
from ..errors import StoreError
from ..local import LocalStore
from ..parts import Parts
from ..records import Edge, Node
from ..schema import EDGES, NODES
from ..sqlite import GraphFile
from ..store import Counts, Direction, by_frequency
from . import payload
from .address import Address
from .asked import Asked, label_of
from .connection import Connection
from .hold import Hold
from .remote import KEPT, LANE, Remote, batches

if TYPE_CHECKING:
    import networkx as nx

_log = logging.getLogger("citegraph")

Progress = Callable[[str, int, int], None]
EdgeKey = tuple[str, str, str]

_LOOK_UPS = 300
_ROWS_A_LOOK_UP = 100
"""Nodes and edges that are loaded in the time of a look-up."""


class SendingInterrupt(KeyboardInterrupt):
    """Ctrl-C came while a change was on its way to the server; the message says what that means."""


class Neo4jStore(LocalStore):
    """A graph on a Neo4j server.

    Parameters
    ----------
    address
        ``neo4j://HOST:PORT/DATABASE?prefix=…``; user, password and database as the environment says.
    create
        Make constraints and indexes where there are none; otherwise a database without a graph is an error.

    Raises
    ------
    StoreError
        The server does not answer, refuses the password, has no such database or holds data of others.
    """

    def __init__(self, address: str, *, create: bool = False) -> None:
        self._filled = True  # an empty one, until the address is known
        self.address = Address.parse(address)
        super().__init__(None, create=True)
        self.uri = str(self.address)
        self.connection = Connection(self.address)
        self.remote = Remote(self.connection)
        self._state: dict[str, Any] | None = None
        self._pending_nodes: dict[str, None] = {}
        self._pending_edges: dict[EdgeKey, None] = {}
        self._patience = _LOOK_UPS
        self._filled = self._broken = self._keeping_sources = self._sending = False
        self.progress: Progress = lambda stage, done, total: None
        try:
            with self.connection.session() as session:
                session.run("RETURN 1").consume()
            known = self._known()
            if known is None and (lane := next(self.remote.nodes(LANE), None)):
                raise StoreError(
                    f"A copy to {self} is under way or was broken off; wait for it, or run `citegraph copy "
                    f"{lane[1]['source']} {self}` again."
                )
            if known is None and not create:
                raise StoreError(
                    f"There is no graph at {self}; make one with `citegraph build INPUT -g {self}`."
                )
        except BaseException:
            self.close()
            raise

    def __str__(self) -> str:
        return self.uri

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self.connection.close()

    # --- reading -------------------------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[None]:
        """Do nothing: each statement of a server sees a state of its own."""
        return nullcontext()

    @property
    def file(self) -> GraphFile:
        """What a local graph file holds beside the graph, filled from the server when first asked for."""
        if not self._filled:
            self.refresh()
        return self._file

    @file.setter
    def file(self, file: GraphFile) -> None:
        self._file = file

    def _load(self) -> nx.MultiDiGraph[str]:
        import networkx as nx

        graph: Any = nx.MultiDiGraph()
        for label in NODES:
            graph.add_nodes_from(
                (node_id, {"labels": label} | payload.visible(properties))
                for node_id, properties in self.remote.nodes(label)
                if label_of(node_id) == label
            )
        for edge_type, known in EDGES.items():
            for source, target in sorted(known.pairs):
                graph.add_edges_from(
                    (start, end, edge_type, {"type": edge_type} | payload.visible(properties))
                    for start, end, properties in self.remote.edges(source, edge_type, target)
                    if start in graph and end in graph
                )
        self._version = self._file.changes()
        self.revision += 1
        loaded: nx.MultiDiGraph[str] = graph
        return loaded

    def asked(self, look_ups: int = 0) -> Asked | None:
        """Return what answers from the server; None where a graph in memory does, or is better loaded by now."""
        if self._loaded is not None or self._changing:
            return None
        self._looked_up += look_ups
        if self._looked_up > self._patience:  # what takes as long as loading, but never less than this
            nodes, edges = self.remote.counts()
            self._patience = max(_LOOK_UPS, (sum(nodes.values()) + sum(edges.values())) // _ROWS_A_LOOK_UP)
            if self._looked_up > self._patience:
                return None
        return Asked(self.connection, self.remote)

    def node(self, node_id: str) -> Node | None:
        """Return the node of that id or former id, None where there is none."""
        if self._loaded is not None and not (node_id in self._loaded or self._filled):
            return Asked(self.connection, self.remote).node(node_id)
        asked = self.asked(look_ups=1)
        return asked.node(node_id) if asked else super().node(node_id)

    def several(self, node_ids: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of ids, those that are there."""
        if asked := self.asked(look_ups=1):
            return asked.several(node_ids)
        return super().several(node_ids)

    def nodes(self, label: str | None = None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label, in the order of their ids."""
        if asked := self.asked():
            return asked.nodes(label)
        return super().nodes(label)

    def edges(self, edge_type: str | None = None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type, in the order of source, type and target."""
        if asked := self.asked():
            return asked.edges(edge_type)
        return super().edges(edge_type)

    def edges_of(
        self, node_id: str, direction: Direction = "both", edge_type: str | None = None
    ) -> Iterator[Edge]:
        """Iterate over the edges that leave, enter or touch a node, in a fixed order."""
        if asked := self.asked(look_ups=1):
            return asked.edges_of(node_id, direction, edge_type)
        return super().edges_of(node_id, direction, edge_type)

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""
        if self._loaded is not None:
            return super().counts()
        nodes, edges = self.remote.counts()
        return Counts(by_frequency(nodes), by_frequency(edges))

    def kept(self, papers: Iterable[str] = ()) -> GraphFile:
        """Return a file with the settings, the corrections and the records of some papers at least.

        Raises
        ------
        StoreError
            A change was broken off.
        """
        if self._filled:
            return self._file
        known = self._known()
        file = GraphFile(None)
        if known is None:
            return file
        if known["writing"]:
            raise self._broken_off()
        wanted = sorted(set(papers))
        edges = self.remote.edges("Paper", "FROM", "Source", wanted) if wanted else ()
        rows = ((paper, source.partition(":")[2], properties) for paper, source, properties in edges)
        with file.transaction():
            payload.fill(file, (), rows, known, whole=True)
        return file

    # --- writing -------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change the graph; what reaches the server is all of it, or is made whole by the next change.

        Raises
        ------
        LockedError
            Another process is writing.
        StoreError
            The server failed, or nodes of others carry our labels.
        """
        self.remote.prepare()
        with self._alone():
            self._fill()
            try:
                with super().writing():
                    yield
                    if self._broken and self._file.setting("extractor") is None:
                        raise self._broken_off()
                self._push()
            except KeyboardInterrupt as error:
                in_part = self._sending or self._broken
                self._forget()
                if in_part:
                    raise SendingInterrupt(
                        f"{self} may hold a part of the change; run `citegraph build` with its input again, which "
                        "makes it whole."
                    ) from error
                raise
            except BaseException:
                self._forget()
                raise

    def refresh(self) -> None:
        """Have the copy in memory be what the server holds, ready for a change.

        Raises
        ------
        StoreError
            A change was broken off, and only a build makes it good.
        """
        self._fill()
        if self._broken:
            self._forget()
            raise self._broken_off()

    @contextmanager
    def keeping_sources(self) -> Iterator[None]:
        """Refuse changes that take sources away from papers that stay: records live on the edges between them."""
        self._keeping_sources = True
        try:
            yield
        finally:
            self._keeping_sources = False

    def flush(self) -> None:
        """Remember what has changed, to be sent when the change is whole."""
        self._pending_nodes.update(dict.fromkeys(self._dirty_nodes))
        self._pending_edges.update(dict.fromkeys(self._dirty_edges))
        self._dirty_nodes.clear()
        self._dirty_edges.clear()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the right to write."""
        with Hold(self.connection, lambda: self._known() == self._state) as hold:
            self.remote.guard = hold.check
            try:
                yield
            finally:
                self.remote.guard = lambda: None

    def _known(self) -> dict[str, Any] | None:
        """Return what the server keeps of settings, corrections and the change under way; None without a graph."""
        return self.remote.state()

    def _fill(self) -> None:
        """Get graph and tables ready for a change, if they are not what the server holds."""
        known = self._known()
        if self._filled and known == self._state:
            return
        if known is None and (others := self.remote.counts()[0]):
            what = ", ".join(f"{count} {label}" for label, count in others.items())
            raise StoreError(
                f"{self} holds nodes of others with our labels ({what}); use another database, or a prefix "
                "for our labels: ?prefix=Cg."
            )
        if known != self._state:
            self._loaded = None
        self._state = known
        self._broken = known is not None and bool(known["writing"])
        self._file.close()
        self._file = GraphFile(None)
        if known is None or self._broken:
            import networkx as nx

            self._loaded = nx.MultiDiGraph()
            self.revision += 1
        if known is not None:
            graph = self.graph
            sources = [
                properties | ({"sha256": ""} if self._broken and node_id in known["sources"] else {})
                for node_id, properties in self.remote.nodes("Source")
            ]
            edges = (
                (paper, source.partition(":")[2], properties)
                for paper, source, properties in self.remote.edges("Paper", "FROM", "Source")
            )
            if self._broken:
                graph.add_nodes_from(
                    (source_id(p["uri"]), {"labels": "Source"} | payload.visible(p)) for p in sources
                )
            with self._file.transaction():
                payload.fill(self._file, sources, edges, known, whole=not self._broken)
        self._version = self._file.changes()
        self._filled = True
        if known is not None and not self._broken:
            try:
                with self._file.transaction():
                    Parts(self, lambda stage, done, total: None).cite_again()
            except BaseException:
                self._forget()
                raise

    def _broken_off(self) -> StoreError:
        return StoreError(
            f"A change of {self} was broken off; run `citegraph build` with its input again first."
        )

    def _forget(self) -> None:
        """Give up what is in memory: the server knows better."""
        self._loaded, self._state, self._filled, self._sending = None, None, False, False
        self._pending_nodes.clear()
        self._pending_edges.clear()
        self._dirty_nodes.clear()
        self._dirty_edges.clear()

    def _push(self) -> None:
        """Send what has changed, between a mark that a change is under way and one that it is whole."""
        graph, remote = self.graph, self.remote
        if self._broken:
            self._compare()
        if self._keeping_sources and len(graph) and (lost := self._lost_source()):
            raise StoreError(
                f"A query cannot take {lost} away: a graph on a server keeps its records with them; "
                "use `citegraph remove-source`."
            )
        settings_changed = self._state is None or payload.of_graph(self._file) != {
            key: self._state[key] for key in ("settings", "corrections")
        }
        if not (self._pending_nodes or self._pending_edges or settings_changed):
            return
        for node_id in self._pending_nodes:
            if (held := graph.nodes.get(node_id)) is not None:
                remote.check_length(node_id, held.get("name"))
        revision = (self._state["revision"] if self._state else 0) + 1
        begun = payload.of_graph(self._file) | {
            "revision": revision,
            "writing": uuid4().hex,
            "sources": sorted(n for n in self._pending_nodes if label_of(n) == "Source"),
        }
        self._sending = True
        self._mark(begun)
        self._state = begun
        marked = sum(node_id in graph for node_id in begun["sources"])  # sent with the mark
        total = len(self._pending_nodes) + len(self._pending_edges) - marked
        sent = 0

        def done(count: int) -> None:
            nonlocal sent
            sent += count
            self.progress("send", sent, total)

        put, gone = defaultdict(list), defaultdict(list)
        for node_id in self._pending_nodes:
            attributes = graph.nodes.get(node_id)
            if attributes is None:
                gone[label_of(node_id)].append({"id": node_id})
            elif attributes["labels"] != "Source":
                row = {key: value for key, value in attributes.items() if key != "labels"}
                put[attributes["labels"]].append({"id": node_id, **row})
        kept = remote.kept()
        for label, rows in sorted(put.items()):
            if kept and (back := [{"id": row["id"]} for row in rows if row["id"] in kept]):
                remote.take_back(label, back)
            remote.put_nodes(label, rows, done)
        new, old = self._edge_rows()
        for key, ends in sorted(new.items()):
            remote.put_edges(*key, self._loaded_rows(key, ends), done)
        for key, rows in sorted(old.items()):
            remote.drop_edges(*key, rows, done)
        for label in sorted(gone, key=lambda label: (label == "Source", label or "")):  # the mark goes last
            if label is not None:
                remote.drop_nodes(label, gone[label], done)
        if staying := len(remote.kept() - kept) if gone else 0:
            _log.warning(
                "citegraph: %d nodes that were to go stay at %s, labelled %s, because relationships of others hold "
                "them.", staying, self, self.address.prefix + KEPT,
            )  # fmt: skip
        whole = begun | {"writing": None, "sources": []}
        self._mark(whole)
        self._state = whole
        self._broken = self._sending = False
        self._pending_nodes.clear()
        self._pending_edges.clear()

    def _lost_source(self) -> str | None:
        """Return what goes of sources in the change that is to be sent, other than with its paper."""
        graph = self.graph
        for node_id in self._pending_nodes:
            if label_of(node_id) == "Source" and node_id not in graph:
                return node_id
        for source, edge_type, target in self._pending_edges:
            if edge_type == "FROM" and source in graph and not graph.has_edge(source, target, edge_type):
                return f"FROM of {source}"
        return None

    def _edge_rows(self) -> tuple[dict[EdgeKey, list[tuple[str, str]]], dict[EdgeKey, list[dict[str, str]]]]:
        """Sort the edges to be put and those to be dropped by source label, type and target label."""
        graph = self.graph
        new: dict[EdgeKey, list[tuple[str, str]]] = defaultdict(list)
        old: dict[EdgeKey, list[dict[str, str]]] = defaultdict(list)
        for source, edge_type, target in self._pending_edges:
            if graph.has_edge(source, target, edge_type):
                ends = graph.nodes[source]["labels"], graph.nodes[target]["labels"]
                new[ends[0], edge_type, ends[1]].append((source, target))
            else:
                labels = label_of(source), label_of(target)
                if labels[0] and labels[1]:
                    old[labels[0], edge_type, labels[1]].append({"s": source, "t": target})
        return new, old

    def _loaded_rows(self, key: EdgeKey, ends: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """Yield the rows of edges to be put, those of FROM with the records they stand for."""
        edge_type, graph = key[1], self.graph
        for batch in batches(ends, 1000):
            carried: dict[tuple[str, str], dict[str, Any]] = {}
            if edge_type == "FROM":
                carried = payload.of_edges(self._file, ((s, t.partition(":")[2]) for s, t in batch))
            for source, target in batch:
                attributes = graph.get_edge_data(source, target, edge_type)
                properties = {name: value for name, value in attributes.items() if name != "type"}
                properties |= carried.get((source, target.partition(":")[2]), {})
                yield {"s": source, "t": target, "p": properties}

    def _mark(self, state: dict[str, Any]) -> None:
        """Write all Source nodes, the first of them with the state of the graph."""
        graph = self.graph
        sources = sorted(node for node, attributes in graph.nodes.items() if attributes["labels"] == "Source")
        rows, text = [], orjson.dumps(state).decode()
        for number, node_id in enumerate(sources):
            row = {key: value for key, value in graph.nodes[node_id].items() if key != "labels"}
            rows.append({"id": node_id, **row} | ({} if number else {"_state": text}))
        if sources:
            self.remote.put_nodes("Source", rows, lambda count: None)
        else:  # the last of them are to go, but not before all else has
            self.remote.set_state(text)

    def _compare(self) -> None:
        """Have sent whatever differs between the server, where a change was broken off, and the graph made anew."""
        self._pending_nodes.update(dict.fromkeys(self.graph))
        self._pending_edges.update(((s, key, t), None) for s, t, key in self.graph.edges(keys=True))
        for label in NODES:
            self._pending_nodes.update((node_id, None) for node_id, _ in self.remote.nodes(label))
        for edge_type, known in EDGES.items():
            for source, target in known.pairs:
                self._pending_edges.update(
                    ((start, edge_type, end), None)
                    for start, end, _ in self.remote.edges(source, edge_type, target)
                )
