"""The public face: a graph one can hold, ask, change and look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .graph.errors import QueryError
from .graph.local import LocalStore
from .graph.records import Edge, Node
from .graph.store import Counts

if TYPE_CHECKING:
    import networkx as nx

    from .graph.copying import CopyReport
    from .graph.corrections import Correction
    from .graph.provenance import Told
    from .loaders.enrich.report import EnrichReport
    from .loaders.enrich.run import Progress as Asked
    from .loaders.llm.reader import Reader
    from .loaders.pipeline import BuildReport, Progress
    from .queries.communities import Community
    from .queries.coupling import Pair
    from .queries.cypher import Result
    from .queries.explain import Explanation
    from .queries.lookup import Neighbourhood
    from .queries.main_path import PathStep
    from .queries.ranking import Ranked
    from .queries.stats import Stats
    from .viz.select import View

DEFAULT_GRAPH = "citegraph.db"


def open_graph(path: str | os.PathLike[str] | None = None, *, create: bool = False) -> Graph:
    """Open a graph.

    Parameters
    ----------
    path
        The graph file, or the address of a Neo4j server (``neo4j://HOST:7687``; user, password and database as
        ``NEO4J_USERNAME``, ``NEO4J_PASSWORD`` and ``NEO4J_DATABASE`` say); None takes ``$CITEGRAPH_GRAPH``, else
        ``citegraph.db``; ``":memory:"`` is a graph that no file keeps.
    create
        Make the file where there is none.

    Raises
    ------
    StoreError
        There is no such graph, or the file is damaged, locked, newer than this version, or something else.

    Examples
    --------
    >>> with open_graph(":memory:") as graph:
    ...     len(graph)
    0
    """
    name = os.fspath(path) if path is not None else os.environ.get("CITEGRAPH_GRAPH", DEFAULT_GRAPH)
    if "://" in name:
        from .graph.server import Neo4jStore

        return Graph(Neo4jStore(name, create=create))
    return Graph(LocalStore(None if name == ":memory:" else name, create=create))


def build(
    inputs: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    graph: str | os.PathLike[str] | None = ":memory:",
    **options: Any,
) -> Graph:
    """Build a graph of inputs and return it; keywords as in :meth:`Graph.build`."""
    built = open_graph(graph, create=True)
    built.build(inputs, **options)
    return built


class Graph:
    """A citation knowledge graph.

    Iterate over :meth:`nodes` and :meth:`edges`, ask :meth:`find`, :meth:`show`, :meth:`explain`,
    :meth:`cypher`, :meth:`stats`; change it by :meth:`build` and :meth:`remove_source`; look at it by :meth:`view`.
    """

    def __init__(self, store: LocalStore) -> None:
        self.store = store

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the graph; it cannot be used afterwards."""
        self.store.close()

    # --- reading -------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of nodes."""
        return sum(self.store.counts().nodes.values())

    def __contains__(self, node_id: object) -> bool:
        """Tell whether there is a node of that id or former id."""
        return isinstance(node_id, str) and self.store.node(node_id) is not None

    def __getitem__(self, node_id: str) -> Node:
        """Return the node of that id or former id; KeyError where there is none."""
        node = self.store.node(node_id)
        if node is None:
            raise KeyError(node_id)
        return node

    def nodes(self, label: str | None = None) -> Iterator[Node]:
        """Iterate over all nodes, or those of one label, in the order of their ids."""
        return self.store.nodes(label)

    def edges(self, edge_type: str | None = None) -> Iterator[Edge]:
        """Iterate over all edges, or those of one type, in the order of source, type and target."""
        return self.store.edges(edge_type)

    def counts(self) -> Counts:
        """Count nodes by label and edges by type."""
        return self.store.counts()

    def to_networkx(
        self,
        query: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        **more_parameters: Any,
    ) -> nx.MultiDiGraph[str]:
        """Return a copy as a NetworkX MultiDiGraph: node attribute ``labels``, edge attribute ``type``.

        Parameters
        ----------
        query
            Cypher; the nodes, relationships (with both their ends) and paths it returns are the graph. None takes
            all of it.
        parameters, **more_parameters
            As of :meth:`cypher`, its limits included.

        Examples
        --------
        >>> with open_graph(":memory:") as graph:
        ...     print(graph.to_networkx("MATCH (p:Paper)-[r:CITES]->() RETURN r"))
        MultiDiGraph with 0 nodes and 0 edges
        """
        if query is None:
            return self.store.to_networkx()
        from .queries.cypher.subgraph import subgraph

        return subgraph(self.cypher(query, parameters, **more_parameters))

    def find(self, name: str, label: str | None = None) -> list[Node]:
        """Return the nodes a name may mean, the best first."""
        from .queries.lookup import find

        with self.store.reading():
            return find(self.store, name, label)

    def show(self, name: str, label: str | None = None) -> Neighbourhood:
        """Return a node with its neighbours by edge type and the quoted evidence.

        Raises
        ------
        NotFoundError
            Nothing answers to that name; the message suggests what may have been meant.
        """
        from .queries.lookup import neighbourhood, resolve

        with self.store.reading():
            return neighbourhood(self.store, resolve(self.store, name, label).id)

    def sources_of(self, name: str) -> list[Told]:
        """Return field by field which source says what of a paper; see :class:`citegraph.graph.provenance.Told`.

        Raises
        ------
        NotFoundError
            No paper answers to that name; the message suggests what may have been meant.
        """
        from .graph.provenance import told
        from .queries.lookup import resolve

        with self.store.reading():
            return told(self.store, resolve(self.store, name, "Paper").id)

    def explain(self, paper: str, entity: str) -> Explanation:
        """Return why there is an edge between two nodes: the quotations, their sentences, their sources."""
        from .queries.explain import explain

        with self.store.reading():
            return explain(self.store, paper, entity)

    def cypher(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        max_rows: int | None = None,
        stopped: Callable[[], bool] | None = None,
        **more_parameters: Any,
    ) -> Result:
        """Run a Cypher query.

        Parameters
        ----------
        query
            openCypher 9, and what people use of Neo4j's Cypher beyond it.
        parameters, **more_parameters
            Values of ``$name``; in a mapping, those whose names are taken by the arguments of this method, too.
        write
            Let the query change the graph; all of it happens or nothing.
        timeout, max_rows
            Seconds it may take and rows it may return; no limits by default.
        stopped
            Asked now and then; the query stops when it says so.

        Raises
        ------
        CypherError
            The query is wrong or failed: the message has line and column, and underlines the piece.

        Examples
        --------
        >>> with open_graph(":memory:") as graph:
        ...     graph.cypher("UNWIND $years AS year RETURN max(year) AS last", years=[2023, 2024]).rows
        [[2024]]
        """
        from .graph.server import Neo4jStore

        given = {**(parameters or {}), **more_parameters}
        limits: dict[str, Any] = {"timeout": timeout, "max_rows": max_rows, "stopped": stopped}
        if isinstance(self.store, Neo4jStore):
            from .queries.cypher.remote import execute as execute_there

            return execute_there(self.store, query, given, write=write, **limits)
        from .queries.cypher import execute

        return execute(self.store, query, given, write=write, **limits)

    def stats(self) -> Stats:
        """Return what the graph holds and how complete it is."""
        from .queries.stats import stats

        with self.store.reading():
            return stats(self.store)

    # --- ranking by citations ------------------------------------------------------------------------------

    def rank(
        self, by: str = "pagerank", *, about: str | None = None, limit: int | None = 20, stubs: bool = True
    ) -> list[Ranked]:
        """Rank papers by the citations among them; see :func:`citegraph.queries.ranking.rank`.

        Parameters
        ----------
        by
            ``pagerank``, ``authorities``, ``hubs``, ``citations`` or ``core``.
        about
            Let the ranking speak to the papers with an edge to this node, as :meth:`show` takes it.
        limit
            How many papers at most; None for all.
        stubs
            Whether works known only by being cited are listed, too.

        Raises
        ------
        NotFoundError
            Nothing answers to the name ``about``.
        QueryError
            There is no such ranking, or no paper speaks of what ``about`` names.

        Examples
        --------
        >>> for row in graph.rank("pagerank", about="LoRA", limit=3):  # doctest: +SKIP
        ...     print(row.rank, row.paper)
        """
        from .queries.ranking import rank

        return rank(self.store, by, self._about(about), limit, stubs)

    def main_path(self, *, about: str | None = None, stubs: bool = False) -> list[PathStep]:
        """Return the line of papers along which most citations came down, the oldest first.

        See :func:`citegraph.queries.main_path.main_path`; ``about`` and ``stubs`` as of :meth:`rank`.
        """
        from .queries.main_path import main_path

        return main_path(self.store, self._about(about), stubs)

    def pairs(
        self,
        by: Literal["co-citation", "coupling"] = "co-citation",
        *,
        about: str | None = None,
        limit: int = 20,
    ) -> list[Pair]:
        """Return the pairs of papers that the same papers cite, or that cite the same works, the strongest first.

        See :func:`citegraph.queries.coupling.strongest_pairs`; ``about`` as of :meth:`rank`.
        """
        from .queries.coupling import strongest_pairs

        return strongest_pairs(self.store, by, self._about(about), limit)

    def related(
        self, paper: str, by: Literal["co-citation", "coupling"] = "co-citation", *, limit: int = 20
    ) -> list[Pair]:
        """Return the papers that share most citations, or references, with one.

        See :func:`citegraph.queries.coupling.related`; ``paper`` as :meth:`show` takes it.
        """
        from .queries.coupling import related

        return related(self.store, paper, by, limit)

    def communities(
        self, *, about: str | None = None, limit: int | None = 20, stubs: bool = True, seed: int = 0
    ) -> list[Community]:
        """Return groups of papers that cite one another, the largest first.

        See :func:`citegraph.queries.communities.communities`; ``about`` and ``stubs`` as of :meth:`rank`.
        """
        from .queries.communities import communities

        return communities(self.store, self._about(about), limit, stubs, seed)

    def _about(self, name: str | None) -> frozenset[str] | None:
        from .queries.citation_graph import papers_about

        return None if name is None else papers_about(self.store, name)

    # --- changing ------------------------------------------------------------------------------------------

    def build(
        self,
        inputs: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
        *,
        format: str | None = None,
        strict: bool = False,
        known: bool = False,
        jobs: int | None = None,
        lexicon: Iterable[str | os.PathLike[str]] | None = None,
        extractor: Reader | Literal["rules"] | None = None,
        progress: Progress = lambda stage, done, total: None,
    ) -> BuildReport:
        """Read inputs into the graph, all or nothing; see :func:`citegraph.loaders.pipeline.build`."""
        from .graph.server import Neo4jStore
        from .loaders.pipeline import build as run

        if isinstance(self.store, Neo4jStore):
            self.store.progress = progress
        several = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
        options: dict[str, Any] = {"format": format, "strict": strict, "jobs": jobs, "lexicon": lexicon}
        return run(self.store, several, known=known, extractor=extractor, progress=progress, **options)

    def enrich(
        self,
        services: Iterable[str],
        *,
        papers: str | Iterable[str] | None = None,
        limit: int | None = None,
        citing: bool = False,
        dry_run: bool = False,
        offline: bool = False,
        refresh: bool = False,
        prefer: Iterable[str] | None = None,
        cache: str | os.PathLike[str] | None = None,
        progress: Asked = lambda service, done, total, left: None,
    ) -> EnrichReport:
        """Complete the papers by what public services know of them; see :func:`citegraph.loaders.enrich.run.enrich`.

        Parameters
        ----------
        services
            Names of those to ask: ``openalex``, ``semantic-scholar``, ``crossref``, ``arxiv``, ``huggingface``,
            ``datacite``, ``opencitations``, ``dblp``.
        papers
            A Cypher query whose nodes, or ids, are the only papers to ask about; or their ids.
        limit, citing, dry_run, refresh, prefer
            As there.
        offline
            Use what is cached; send nothing.
        cache
            Folder of the answers; by default one of the user's.

        Raises
        ------
        InputError
            There is no service of that name.
        """
        from .loaders.enrich.http import client_for
        from .loaders.enrich.run import enrich
        from .loaders.enrich.services import service

        asked = [service(name) for name in services]
        chosen = self._papers_of(papers) if isinstance(papers, str) else papers
        client = client_for(cache, offline=offline, refresh=refresh)
        try:
            return enrich(
                self.store,
                asked,
                client,
                papers=chosen,
                limit=limit,
                citing=citing,
                refresh=refresh,
                preferred=None if prefer is None else list(prefer),
                dry_run=dry_run,
                progress=progress,
            )
        finally:
            client.close()

    def _papers_of(self, query: str) -> list[str]:
        """Return the ids of the nodes, or the ids, that a query returns."""
        from .queries.cypher.values import Node as Found

        cells = [cell for row in self.cypher(query).rows for cell in row]
        ids = [cell.id if isinstance(cell, Found) else str(cell) for cell in cells]
        papers = [one for one in ids if (node := self.store.node(one)) is not None and node.label == "Paper"]
        if cells and not papers:
            raise QueryError(
                "The query returns no papers; return them or their ids: MATCH (p:Paper) RETURN p."
            )
        return papers

    def link(self, name: str, target: str, label: str | None = None) -> Correction:
        """Make two nodes of one type one for good: what leads to the first leads to the second from now on.

        Where the two were unlinked, that is taken back, and returned if it is all it takes.

        Parameters
        ----------
        name, target
            Names or ids, as :meth:`show` takes them; the second is looked up among the type of the first.
        label
            The type, where the first name may mean nodes of several.

        Raises
        ------
        NotFoundError
            Nothing answers to one of the names.
        QueryError
            Several nodes answer to one of them.
        StoreError
            They are of different types, or one node already.
        """
        from .loaders.pipeline import link
        from .queries.meant import to_link

        return link(self.store, *to_link(self.store, name, target, label))

    def unlink(self, name: str, other: str, label: str | None = None) -> Correction:
        """Keep a written form, or another node, apart from a node for good; or take a link back.

        Parameters
        ----------
        name
            The node that holds too much, as :meth:`show` takes it.
        other
            A written form that does not mean it, or another node that it is not; for a paper, an identifier or the
            title of another.
        label
            The type, where the name may mean nodes of several.

        Raises
        ------
        NotFoundError
            Nothing answers to the name, or it has no such written form, identifier or link.
        QueryError
            Several nodes answer to the name.
        StoreError
            There is nothing to keep apart.
        """
        from .loaders.pipeline import unlink
        from .queries.meant import to_unlink

        return unlink(self.store, *to_unlink(self.store, name, other, label))

    def corrections(self) -> list[Correction]:
        """Return what was linked and unlinked by hand; ``str()`` says each in words."""
        from .graph.corrections import Corrections

        return list(Corrections.load(self.store.kept()).all)

    def lexicons(self) -> list[str]:
        """Return the names of the lexicon files the graph keeps."""
        return [name for name, _ in self.store.kept().lexicons()]

    def remove_source(self, uri: str) -> BuildReport:
        """Take away exactly what one source alone asserted."""
        from .loaders.pipeline import remove_source

        return remove_source(self.store, uri)

    # --- handing on ----------------------------------------------------------------------------------------

    def copy_to(
        self,
        target: str | os.PathLike[str],
        *,
        replace: bool = False,
        progress: Progress = lambda stage, done, total: None,
    ) -> CopyReport:
        """Copy the graph to another file or server, with all that later builds go by.

        Parameters
        ----------
        target
            A file, or the address of a server; it must hold no graph.
        replace
            Take the place of the graph that ``target`` holds.
        progress
            Is told the stage, how much of it is done, and how much there is.

        Raises
        ------
        StoreError
            The target holds a graph already, or either side fails.

        Examples
        --------
        >>> graph.copy_to("neo4j://localhost:7687")  # doctest: +SKIP
        """
        from .graph.copying import copy

        return copy(self.store, target, progress, replace=replace)

    def export(self, path: str | os.PathLike[str], format: str = "jsonl", *, prefix: str = "") -> None:
        """Write the graph for other programs.

        Parameters
        ----------
        path
            A file; a folder with ``csv`` and ``neo4j-admin``.
        format
            ``jsonl``, ``json``, ``graphml``, ``gexf``, ``csv`` or ``neo4j-admin``.
        prefix
            With ``neo4j-admin``: what is put before the labels.
        """
        from .graph.export import export

        export(self.store, Path(path), format, prefix=prefix)

    def view(self, path: str | os.PathLike[str] = "graph.html", **options: Any) -> View:
        """Write the graph, or the part of it asked for, as one interactive HTML page; see ``citegraph.viz``."""
        from .viz import write_html

        return write_html(self.store, Path(path), **options)

    def __repr__(self) -> str:
        counts = self.store.counts()
        return f"<Graph {self.store.uri}: {sum(counts.nodes.values())} nodes, {sum(counts.edges.values())} edges>"

    def _repr_html_(self) -> str:
        """Show the counts as two small tables in a notebook."""
        counts = self.store.counts()

        def table(head: str, rows: dict[str, int]) -> str:
            body = "".join(
                f"<tr><td>{escape(k)}</td><td style='text-align:right'>{v}</td></tr>" for k, v in rows.items()
            )
            return (
                f"<table><thead><tr><th>{head}</th><th>count</th></tr></thead><tbody>{body}</tbody></table>"
            )

        both = table("node", counts.nodes) + table("edge", counts.edges)
        return f"<div><b>{escape(self.store.uri)}</b><div style='display:flex;gap:2em'>{both}</div></div>"
