"""The way of the data, end to end: inputs in, records read, texts extracted, the graph brought up to date."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ..graph.errors import InputError, NotFoundError, RefusedRecordError
from ..graph.local import LocalStore
from ..graph.records import Extraction, Paper
from ..graph.store import Counts
from ..graph.update import SourceInfo, Update
from . import Document, Refusal, open_inputs
from .extract import Extractor

Progress = Callable[[str, int, int], None]

_CHUNK = 64
_IN_FLIGHT = 40
"""Chunks handed out and not yet taken back: more than two batches of the graph."""

_WORTH_A_POOL = 1500
"""Below this many papers one process is done before others have started."""


@dataclass(slots=True)
class BuildReport:
    """What a build did: to papers, to the graph, and what was refused.

    ``nodes`` and ``edges`` count the whole graph afterwards, ``nodes_before`` and ``edges_before`` before.
    """

    sources: list[str] = field(default_factory=list)
    unchanged_sources: list[str] = field(default_factory=list)
    records: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    merged: list[tuple[str, list[str]]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    nodes: dict[str, int] = field(default_factory=dict)
    edges: dict[str, int] = field(default_factory=dict)
    nodes_before: dict[str, int] = field(default_factory=dict)
    edges_before: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether any paper came, changed or went."""
        return bool(self.new or self.updated or self.removed)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        known = asdict(self)
        known["refused"] = [
            {"source": r.source, "line": r.line, "reason": r.reason, "remedy": r.remedy} for r in self.refused
        ]
        return known


def build(
    store: LocalStore,
    inputs: Iterable[str | os.PathLike[str]],
    *,
    format: str | None = None,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Read inputs into a graph, all or nothing.

    Parameters
    ----------
    inputs
        Files, folders, globs, or ``-`` for standard input.
    format
        Name of a loader; detected where it is None.
    strict
        Fail on the first refused record instead of going on without it.
    jobs
        Processes to extract with; None takes one a core where there is enough to do.

    Raises
    ------
    InputError
        Nothing could be loaded.
    RefusedRecordError
        A record was refused under ``strict``.
    StoreError
        The graph cannot be written.
    """
    report = BuildReport()

    def papers(document: Document) -> Iterator[Paper]:
        for item in document.papers():
            if isinstance(item, Refusal):
                refuse(item)
            else:
                report.records += 1
                if report.records % 1000 == 0:
                    progress("read", report.records, 0)
                yield item

    def refuse(refusal: Refusal) -> None:
        if strict:
            raise RefusedRecordError(f"{refusal} Nothing was changed.")
        report.refused.append(refusal)

    with store.writing():
        report.nodes_before, report.edges_before = _counts(store.counts())
        update = Update(store, progress)
        held = dict(store.file.rows("SELECT uri, sha256 FROM source"))
        contents = set(held.values())
        for document in open_inputs(inputs, format=format):
            if isinstance(document, Refusal):
                refuse(document)
                continue
            # A known name whose content has changed is read even if another name holds that content already:
            # what it said before must go.
            if document.sha256 in contents and held.get(document.uri, document.sha256) == document.sha256:
                report.unchanged_sources.append(document.uri)
                continue
            now = datetime.now(UTC).isoformat(timespec="seconds")
            source = SourceInfo(document.uri, document.sha256, document.format, now)
            refused = len(report.refused)
            if update.add(source, papers(document), lambda seen=refused: len(report.refused) == seen):  # type: ignore[misc]
                report.sources.append(document.uri)
                held[document.uri] = document.sha256
                contents.add(document.sha256)
        progress("read", report.records, report.records)
        if not report.sources and not report.unchanged_sources:
            first = report.refused[0] if report.refused else "No input was named."
            raise InputError(f"Nothing could be loaded. {first}")
        with _extracting(report.records, jobs) as extract:
            changes = update.apply(extract)
        report.new, report.updated = changes.new, changes.updated
        report.unchanged, report.removed = changes.unchanged, changes.removed
        report.merged = changes.merged
        report.nodes, report.edges = _counts(store.counts())
    return report


def remove_source(store: LocalStore, uri: str) -> BuildReport:
    """Take away exactly what one source alone asserted.

    Raises
    ------
    NotFoundError
        The graph knows no source of that uri.
    """
    report = BuildReport()
    with store.writing():
        uris = [found for (found,) in store.file.rows("SELECT uri FROM source ORDER BY uri")]
        if uri not in uris:
            known = ", ".join(uris) or "none"
            raise NotFoundError(f"The graph has no source {uri!r}; it has: {known}.")
        report.nodes_before, report.edges_before = _counts(store.counts())
        update = Update(store)
        update.remove(uri)
        with _extracting(0, 1) as extract:
            changes = update.apply(extract)
        report.sources = [uri]
        report.updated, report.removed = changes.updated, changes.removed
        report.nodes, report.edges = _counts(store.counts())
    return report


def _counts(counts: Counts) -> tuple[dict[str, int], dict[str, int]]:
    return counts.nodes, counts.edges


class _extracting:  # noqa: N801 -- used as a context manager, reads as a verb
    """Gives a function that extracts from a stream of texts, in order, by as many processes as are worth it."""

    def __init__(self, records: int, jobs: int | None) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = cores if jobs is None else jobs
        self._jobs = wanted if jobs is not None or records >= _WORTH_A_POOL else 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Callable[[Iterable[tuple[str, str]]], Iterator[Extraction]]:
        if self._jobs > 1:
            self._pool = ProcessPoolExecutor(self._jobs, initializer=_prepare_worker)
            return self._spread
        return _extract_here

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _spread(self, texts: Iterable[tuple[str, str]]) -> Iterator[Extraction]:
        """Keep enough chunks in flight that no process waits while a batch is put into the graph."""
        assert self._pool is not None
        waiting: deque[Future[list[Extraction]]] = deque()
        stream = iter(texts)
        while True:
            while len(waiting) < _IN_FLIGHT and (chunk := list(islice(stream, _CHUNK))):
                waiting.append(self._pool.submit(_extract_chunk, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()


_extractor: Extractor | None = None
"""One a process: compiling the lexicon takes longer than a hundred papers."""


def _prepare() -> Extractor:
    global _extractor  # noqa: PLW0603
    if _extractor is None:
        _extractor = Extractor()
    return _extractor


def _prepare_worker() -> None:
    """Get a process of the pool ready; Ctrl-C reaches it too, and is the first process's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepare()


def _extract_chunk(chunk: list[tuple[str, str]]) -> list[Extraction]:
    extractor = _prepare()
    return [extractor.extract(title, abstract) for title, abstract in chunk]


def _extract_here(texts: Iterable[tuple[str, str]]) -> Iterator[Extraction]:
    for title, abstract in texts:
        yield _prepare().extract(title, abstract)
