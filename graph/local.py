"""The local store: a NetworkX MultiDiGraph in memory, kept in one SQLite file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from .collecting import not_collecting
from .records import Edge, Node
from .schema import EDGES, check_edge, check_node
from .sqlite import GraphFile
from .store import Counts, Direction, by_frequency
from .stored import SCAN, Stored

if TYPE_CHECKING:
    import networkx as nx

_MANY = 50 * SCAN
"""Look-ups in the file that take as long as loading it."""


class LocalStore:
    """A graph in one file, or in memory only where there is no path.

    What is asked now and then is read from the file; :attr:`graph`, asking often and changing load the whole graph.
    Writing happens inside :meth:`writing`, all or nothing.

    Parameters
    ----------
    path
        The graph file; None keeps the graph in memory.
    create
        Make the file where there is none; otherwise a missing file is an error.

    Raises
    ------
    StoreError
        The file is missing, damaged, locked, newer than this version, or no graph.
    """

    def __init__(self, path: str | Path | None = None, *, create: bool = False) -> None:
        self.path = Path(path) if path is not None else None
        self.uri = str(path) if path is not None else ":memory:"
        self._writable = create
        self.file = GraphFile(self.path, write=create)
        self._loaded: nx.MultiDiGraph[str] | None = None
        self._version = self.file.changes()
        # What is not in the file yet: what a node or edge holds now, None where it is gone.
        self._dirty_nodes: dict[str, tuple[str, Mapping[str, Any]] | None] = {}
        self._dirty_edges: dict[tuple[str, str, str], Mapping[str, Any] | None] = {}
        self._changing = False
        self._looked_up = 0
        self.revision = 0
        """Counts the changes of :attr:`graph`: whoever derives something from it sees when that is out of date."""

    def __enter__(self) -> LocalStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self.file.close()

    # --- reading -------------------------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[None]:
        """Answer from one state of the graph throughout a block, whatever others write meanwhile."""
        return self.file.snapshot()

    @property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The live graph; treat it as read-only and take :meth:`to_networkx` to change it."""
        if self._loaded is None:
            with self.reading():
                self._loaded = self._load()
        return self._loaded

    @not_collecting()
    def _load(self) -> nx.MultiDiGraph[str]:
        import networkx as nx

        graph: Any = nx.MultiDiGraph()
        loads = orjson.loads
        try:
            self._version = self.file.changes()
            graph.add_nodes_from(
                (node_id, {"labels": label} | loads(properties))
                for node_id, label, properties in self.file.rows("SELECT id, label, properties FROM node")
            )
            leaving, entering = graph._succ, graph._pred  # as in `put_edge`
            ids = {node_id: node_id for node_id in graph}  # one text for each node, not two for each edge
            types = {edge_type: edge_type for edge_type in EDGES}
            for start, kind, end, properties in self.file.rows(
                "SELECT source, type, target, properties FROM edge"
            ):
                source, edge_type, target = ids[start], types[kind], ids[end]
                attributes = {"type": edge_type} | loads(properties)
                between = leaving[source].get(target)
                if between is None:
                    leaving[source][target] = entering[target][source] = {edge_type: attributes}
                else:
                    between[edge_type] = attributes
        except KeyError as error:  # the schema lets no edge lead nowhere
            raise self.file.damaged(f"an edge leads to a node that is not there: {error}") from error
        except (ValueError, TypeError) as error:  # what was written is JSON objects
            raise self.file.damaged(error) from error
        self.revision += 1
        loaded: nx.MultiDiGraph[str] = graph
        return loaded

    def _stored(self, look_ups: int = 0) -> Stored | None:
        """Return what answers from the file; None where a graph in memory does, or is better loaded by now."""
        if self._loaded is not None or self._changing or self.path is None:
            return None
        self._looked_up += look_ups
        return Stored(lambda: self.file) if self._looked_up < _MANY else None

    def node(self, node_id: str) -> Node | None:
        """Return the node of that id or former id, None where there is none."""
        if stored := self._stored(look_ups=1):
            found = stored.node(node_id)
        else:
            attributes = self.held(node_id)
            found = None if attributes is None else _node(node_id, attributes)
        if found is None:
            sql = "SELECT paper FROM identity WHERE key = ? AND stub < 2 ORDER BY stub, paper"
            row = self.file.one(sql, (node_id,))
            if row is None or row[0] == node_id:
                return None
            return self.node(row[0])
        return found

    def several(self, node_ids: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of ids, those that are there."""
        return {
            node_id: node for node_id in dict.fromkeys(node_ids) if (node := self.node(node_id)) is not None
        }

    def nodes(self, label: str | None = None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label, in the order of their ids."""
        if stored := self._stored():
            yield from stored.nodes(label)
            return
        for node_id, attributes in sorted(self.graph.nodes.items()):
            if label is None or attributes["labels"] == label:
                yield _node(node_id, attributes)

    def edges(self, edge_type: str | None = None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type, in the order of source, type and target."""
        if stored := self._stored():
            yield from stored.edges(edge_type)
            return
        for node_id in sorted(self.graph):
            yield from self.edges_of(node_id, "out", edge_type)

    def edges_of(
        self, node_id: str, direction: Direction = "both", edge_type: str | None = None
    ) -> Iterator[Edge]:
        """Iterate over the edges that leave, enter or touch a node, in a fixed order."""
        if stored := self._stored(look_ups=1 if direction == "out" else SCAN):
            yield from stored.edges_of(node_id, direction, edge_type)
            return
        found: list[tuple[str, str, str, dict[str, Any]]] = []
        if node_id not in self.graph:
            return
        if direction != "in":
            found.extend(
                (node_id, key, target, attributes)
                for target, keys in self.graph.succ[node_id].items()
                for key, attributes in keys.items()
                if edge_type in (None, key)
            )
        if direction != "out":
            found.extend(
                (source, key, node_id, attributes)
                for source, keys in self.graph.pred[node_id].items()
                for key, attributes in keys.items()
                if edge_type in (None, key) and not (direction == "both" and source == node_id)
            )
        for source, key, target, attributes in sorted(found, key=lambda row: row[:3]):
            yield _edge(source, key, target, attributes)

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""
        if stored := self._stored():
            return stored.counts()
        nodes = Counter(label for _, label in self.graph.nodes(data="labels"))
        edges = Counter(key for _, _, key in self.graph.edges(keys=True))
        return Counts(by_frequency(nodes), by_frequency(edges))

    def kept(self, papers: Iterable[str] = ()) -> GraphFile:
        """Return a file with the settings, the corrections and the records of some papers at least."""
        return self.file

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return a copy of the graph: node attribute ``labels``, edge attribute ``type``, else properties."""
        return self.graph.copy()

    # --- writing -------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change the graph, all or nothing; an error inside leaves file and memory as they were.

        Raises
        ------
        LockedError
            Another process is writing.
        """
        if not self._writable:
            self.file.close()
            self.file = GraphFile(self.path, write=True)
            self._loaded, self._writable = None, True
        try:
            with self.file.transaction():
                if self.file.changes() != self._version:
                    self._loaded = None
                self._changing = True
                yield
                self.flush()
        except BaseException:
            self._loaded = None
            self._dirty_nodes.clear()
            self._dirty_edges.clear()
            raise
        finally:
            self._changing = False

    def held(self, node_id: str) -> dict[str, Any] | None:
        """Return what :attr:`graph` holds of a node, without the detour that NetworkX takes through a view."""
        nodes: dict[str, dict[str, Any]] = self.graph._node  # type: ignore[attr-defined]
        return nodes.get(node_id)

    def put_node(self, node: Node) -> None:
        """Insert or replace a node, checked against the schema."""
        check_node(node.id, node.label, node.properties)
        attributes = {"labels": node.label, **node.properties}
        held = self.held(node.id)
        if held is None:
            self.graph.add_node(node.id, **attributes)
        elif held == attributes:
            return
        else:
            held.clear()
            held.update(attributes)
        self._dirty_nodes[node.id] = node.label, node.properties
        self.revision += 1

    def put_edge(self, edge: Edge) -> None:
        """Insert or replace an edge, checked against the schema; both its nodes must be there."""
        source, target = self.held(edge.source), self.held(edge.target)
        if source is None or target is None:
            missing = edge.source if source is None else edge.target
            raise KeyError(f"{edge.type} from {edge.source} to {edge.target}: no node {missing}")
        check_edge(source["labels"], edge.type, target["labels"], edge.properties)
        attributes = {"type": edge.type, **edge.properties}
        graph: Any = (
            self.graph
        )  # edges come by the million: `add_edge` would take longer than all the rest of this
        between = graph._succ[edge.source].get(edge.target)
        if between is None:
            between = graph._succ[edge.source][edge.target] = graph._pred[edge.target][edge.source] = {}
        held = between.get(edge.type)
        if held is None:
            between[edge.type] = attributes
        elif held == attributes:
            return
        else:
            held.clear()
            held.update(attributes)
        self._dirty_edges[edge.source, edge.type, edge.target] = edge.properties
        self.revision += 1

    def drop_edge(self, source: str, edge_type: str, target: str) -> None:
        """Remove an edge if it is there."""
        if self.graph.has_edge(source, target, edge_type):
            self.graph.remove_edge(source, target, edge_type)
            self._dirty_edges[source, edge_type, target] = None
            self.revision += 1

    def drop_node(self, node_id: str) -> None:
        """Remove a node and every edge that touches it, if it is there."""
        graph = self.graph
        if node_id not in graph:
            return
        for source, target, key in [
            *graph.out_edges(node_id, keys=True),
            *graph.in_edges(node_id, keys=True),
        ]:
            self._dirty_edges[source, key, target] = None
        graph.remove_node(node_id)
        self._dirty_nodes[node_id] = None
        self.revision += 1

    def flush(self) -> None:
        """Write what has changed into the open transaction, so that memory need not remember it."""
        if self._dirty_edges and (conversions := getattr(self._loaded, "__networkx_cache__", None)):
            conversions.clear()  # as `add_edge` does: what other libraries made of the graph is out of date
        nodes, edges, dumps = self._dirty_nodes, self._dirty_edges, orjson.dumps
        gone = [(node_id,) for node_id, held in nodes.items() if held is None]
        self.file.write("DELETE FROM node WHERE id = ?", gone)
        self.file.write(
            "INSERT OR REPLACE INTO node VALUES (?, ?, ?)",
            ((node_id, held[0], dumps(held[1])) for node_id, held in nodes.items() if held is not None),
        )
        dropped = [edge for edge, held in edges.items() if held is None]
        self.file.write("DELETE FROM edge WHERE source = ? AND type = ? AND target = ?", dropped)
        self.file.write(
            "INSERT OR REPLACE INTO edge VALUES (?, ?, ?, ?)",
            ((*edge, dumps(held)) for edge, held in edges.items() if held is not None),
        )
        self._dirty_nodes.clear()
        self._dirty_edges.clear()


def _node(node_id: str, attributes: dict[str, Any]) -> Node:
    return Node(node_id, attributes["labels"], {k: v for k, v in attributes.items() if k != "labels"})


def _edge(source: str, key: str, target: str, attributes: dict[str, Any]) -> Edge:
    return Edge(source, key, target, {k: v for k, v in attributes.items() if k != "type"})
