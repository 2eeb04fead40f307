"""The way of the data, end to end: inputs in, records read, texts extracted, the graph brought up to date."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson

from ..graph.correcting import between
from ..graph.corrections import Correction
from ..graph.errors import InputError, NotFoundError, RefusedRecordError
from ..graph.known import Known
from ..graph.local import LocalStore
from ..graph.merge import SERVICE
from ..graph.records import Extraction, Paper, Section, Text
from ..graph.store import Counts
from ..graph.update import Changes, SourceInfo, Update
from . import Document, Refusal, open_inputs
from .extract import VERSION, Extractor, Lexicon
from .extract.body.full import extend, read
from .extract.known.lexicon import read_lexicon
from .llm.pool import AT_ONCE, in_order
from .llm.reader import Reader, chosen, remembered

Progress = Callable[[str, int, int], None]

_CHUNK = 64
_IN_FLIGHT = 40
"""Chunks handed out and not yet taken back: more than two batches of the graph."""

_WORTH_A_POOL = 1500
"""Below this many papers, or bodies as long as so many abstracts, one process is done before others have started."""

_ABSTRACT = 1_300
"""Characters of an abstract, as they are on average."""


@dataclass(slots=True)
class BuildReport:
    """What a build did: to papers, to the graph, and what was refused.

    ``nodes`` and ``edges`` count the whole graph afterwards, ``nodes_before`` and ``edges_before`` before.
    ``read_again`` tells that papers already there were read anew, ``read_again_because`` why: the lexicon files given
    with the build are others than those the graph kept, or citegraph itself reads otherwise than when it last did.
    ``passed_over`` counts records that were not taken, for their papers were not ``known``.
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
    read_again: bool = False
    read_again_because: str = ""
    passed_over: int = 0

    @property
    def changed(self) -> bool:
        """Whether any paper came, changed, went or was read again."""
        return bool(self.new or self.updated or self.removed or self.read_again)

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
    known: bool = False,
    jobs: int | None = None,
    lexicon: Iterable[str | os.PathLike[str]] | None = None,
    extractor: Reader | Literal["rules"] | None = None,
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
    known
        Take only records of papers that the graph holds or cites, and pass over the others: so a dump of millions of
        works completes a graph in memory that the graph bounds and not the dump. What is taken from one input is
        known to the next; what it cites is known to the next build. An input of which records were passed over is
        read again when it is named again.
    jobs
        Processes to extract with; None takes one a core where there is enough to do. With an ``extractor``, texts
        it is asked to read at a time; four by default.
    lexicon
        TOML files of names to know beside the lexicon of citegraph. The graph keeps them for later builds, which
        pass None; another list takes their place, an empty one drops them. With a lexicon ``inputs`` may be empty.
    extractor
        What reads the texts instead of the rules, such as :class:`citegraph.loaders.llm.LLMExtractor`. A graph read
        by something else before is read anew; one that was not read by the rules asks to be told, ``"rules"`` too.

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
    weight = 0  # of the bodies
    wanted: Known | None = None

    def papers(document: Document) -> Iterator[Paper]:
        for item in document.papers():
            if isinstance(item, Refusal):
                refuse(item)
                continue
            if (report.records + report.passed_over) % 1000 == 999:
                progress("read", report.records + report.passed_over + 1, 0)
            if wanted is not None:
                if not wanted.holds(item):
                    report.passed_over += 1
                    continue
                wanted.add(item)
            report.records += 1
            nonlocal weight
            weight += _weight(item.sections)
            yield item

    def refuse(refusal: Refusal) -> None:
        if strict:
            raise RefusedRecordError(f"{refusal} Nothing was changed.")
        report.refused.append(refusal)

    added = None if lexicon is None else _read_lexicons(lexicon)
    with store.writing():
        report.nodes_before, report.edges_before = _counts(store.counts())
        update = Update(store, progress)
        reader = chosen(store, extractor)
        report.read_again_because = _learn(store, update, added, reader)
        report.read_again = bool(report.read_again_because)
        held = dict(store.file.rows("SELECT uri, sha256 FROM source"))
        partly = _read_in_part(store)
        contents = {sha256 for uri, sha256 in held.items() if uri not in partly}
        if known:
            wanted = Known(store.file)
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
            refused, passed_over = len(report.refused), report.passed_over
            if update.add(source, papers(document), lambda seen=refused: len(report.refused) == seen):  # type: ignore[misc]
                report.sources.append(document.uri)
                held[document.uri] = document.sha256
                if report.passed_over > passed_over:
                    partly.add(document.uri)
                else:
                    partly.discard(document.uri)
                    contents.add(document.sha256)
        _keep_read_in_part(store, partly & held.keys())
        progress("read", report.records, report.records)
        nothing = not report.sources and not report.unchanged_sources and not report.passed_over
        if nothing and (report.refused or added is None):
            first = report.refused[0] if report.refused else "No input was named."
            raise InputError(f"Nothing could be loaded. {first}")
        papers_to_read = report.records + (report.nodes_before.get("Paper", 0) if report.read_again else 0)
        with _extracting(store, papers_to_read, jobs, reader, progress, weight) as extract:
            changes = update.apply(extract)
        if reader is not None and not reader.complete:
            store.file.keep("extractor", None)  # so that the next build reads again
        report.new, report.updated = changes.new, changes.updated
        report.unchanged, report.removed = changes.unchanged, changes.removed
        report.merged = changes.merged
        report.nodes, report.edges = _counts(store.counts())
    return report


_PARTLY = "partly read"


def _read_in_part(store: LocalStore) -> set[str]:
    """Return the sources of which records were passed over when they were last read."""
    kept = store.file.setting(_PARTLY)
    return set(orjson.loads(kept)) if kept else set()


def _keep_read_in_part(store: LocalStore, sources: set[str]) -> None:
    if sources != _read_in_part(store):
        store.file.keep(_PARTLY, orjson.dumps(sorted(sources)).decode() if sources else None)


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
        with _extracting(store, 0, 1, remembered(store)) as extract:
            changes = update.apply(extract)
        report.sources = [uri]
        report.updated, report.removed = changes.updated, changes.removed
        report.nodes, report.edges = _counts(store.counts())
    return report


def add_answers(
    store: LocalStore, source: SourceInfo, records: Sequence[Paper], replaced: Collection[bytes] = ()
) -> Changes:
    """Take what a service answered into the graph, all or nothing.

    Parameters
    ----------
    replaced
        Digests of the source's records that these take the place of.
    """
    with store.writing():
        update = Update(store)
        update.add(source, records, replaced=replaced)
        with _extracting(store, len(records), 1, remembered(store)) as extract:
            return update.apply(extract)


def prefer(store: LocalStore, services: Sequence[str]) -> bool:
    """Have answers of some services count before those of others from now on; tell whether that was another order."""
    with store.writing():
        order = orjson.dumps(list(services)).decode() if services else None
        if order == store.file.setting("preferred"):
            return False
        store.file.keep("preferred", order)
        update = Update(store)
        update.read_again(
            paper
            for (paper,) in store.file.rows(
                "SELECT DISTINCT paper FROM record WHERE source LIKE ?", (f"{SERVICE}%",)
            )
        )
        with _extracting(store, 0, 1, remembered(store)) as extract:
            update.apply(extract)
    return True


def link(store: LocalStore, subject: str, target: str) -> Correction:
    """Make two nodes one for good; what was unlinked between them is taken back first, and may be all it takes.

    Returns
    -------
    Correction
        The link made, or else the unlinking taken back.

    See Also
    --------
    citegraph.graph.correcting.link : what can be linked, and what is refused.
    """
    with store.writing():
        apart = between(store, "apart", subject, target)
        while apart is not None:
            back = _corrected(store, lambda update, found=apart: update.take_back(found))  # type: ignore[misc]
            if (apart := between(store, "apart", subject, target)) is None and not _are_two(
                store, subject, target
            ):
                return back
        return _corrected(store, lambda update: update.link(subject, target))


def unlink(store: LocalStore, subject: str, other: str) -> Correction:
    """Keep a name or a paper apart from a node for good; see :func:`citegraph.graph.correcting.unlink`."""
    with store.writing():
        return _corrected(store, lambda update: update.unlink(subject, other))


def _are_two(store: LocalStore, one: str, other: str) -> bool:
    first, second = store.node(one), store.node(other)
    return first is not None and second is not None and first.id != second.id


def _corrected(store: LocalStore, change: Callable[[Update], Correction]) -> Correction:
    """Apply one correction, inside ``store.writing()``."""
    update = Update(store)
    made = change(update)
    with _extracting(store, 0, 1, remembered(store)) as extract:
        update.apply(extract)
    return made


# --- what the extractor knows ------------------------------------------------------------------------------

Texts = tuple[tuple[str, str], ...]
"""Lexicon files as name and content."""


def _read_lexicons(paths: Iterable[str | os.PathLike[str]]) -> Texts:
    """Read lexicon files and check them; what is wrong is said with the path as it was given."""
    texts = [(os.fspath(path), read_lexicon(Path(path))) for path in paths]
    Lexicon.load(texts=texts, default=False)
    return tuple((Path(path).name, text) for path, text in texts)


def _learn(store: LocalStore, update: Update, added: Texts | None, reader: Reader | None) -> str:
    """Keep what papers are to be read with; have all read again if that is not what they were read with.

    Returns
    -------
    str
        Why papers are read again; empty where none are.
    """
    before = store.file.lexicons()
    if added is not None:
        store.file.keep_lexicons(added)
    kept = store.file.lexicons()
    by = () if reader is None else (reader.name,)
    now = orjson.dumps([VERSION, Lexicon.fingerprint(), *kept, *by])
    mark = hashlib.blake2b(now, digest_size=16).hexdigest()
    if store.file.setting("extractor") == mark:
        return ""
    store.file.keep("extractor", mark)
    if not update.read_all_again():
        return ""
    if kept != before:
        return _change_of_lexicon(before, kept)
    if reader is not None:
        return f"{reader.name} reads them now"
    return "the rules of this citegraph are not what read them before"


def _change_of_lexicon(before: Texts, now: Texts) -> str:
    """Say what became of the lexicon files a graph keeps."""
    held, taken = dict(before), dict(now)
    said = [
        *(f"{name} was added to the lexicon" for name in taken if name not in held),
        *(
            f"{name} of the lexicon has changed"
            for name in taken
            if name in held and taken[name] != held[name]
        ),
        *(f"{name} was dropped from the lexicon" for name in held if name not in taken),
    ]
    return ", ".join(said) or "the files of the lexicon come in another order"


# --- extracting --------------------------------------------------------------------------------------------


def _counts(counts: Counts) -> tuple[dict[str, int], dict[str, int]]:
    return counts.nodes, counts.edges


class _extracting:  # noqa: N801 -- used as a context manager, reads as a verb
    """Gives a function that extracts from a stream of texts, in order, by as many processes as are worth it."""

    def __init__(
        self,
        store: LocalStore,
        records: int,
        jobs: int | None,
        reader: Reader | None = None,
        progress: Progress = lambda stage, done, total: None,
        weight: int = 0,
    ) -> None:
        self._lexicons = store.file.lexicons()
        self._reader, self._records, self._progress = reader, records, progress
        self._at_once = jobs or AT_ONCE
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = cores if jobs is None else jobs
        self._jobs = wanted if jobs is not None or records + weight >= _WORTH_A_POOL else 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Callable[[Iterable[Text]], Iterator[Extraction]]:
        if self._reader is not None:
            self._reader.learn(Lexicon.load(texts=self._lexicons))
            return self._ask
        if self._jobs > 1:
            self._pool = ProcessPoolExecutor(
                self._jobs, initializer=_prepare_worker, initargs=(self._lexicons,)
            )
            return self._spread
        _prepare(self._lexicons)
        return _extract_here

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _ask(self, texts: Iterable[Text]) -> Iterator[Extraction]:
        """Have another reader read titles and abstracts, several at a time; bodies and statements go by the rules."""
        reader = self._reader
        assert reader is not None

        def whole(text: Text) -> Extraction:
            said = reader.extract(text.title, text.abstract, text.names)
            if not text.sections and not text.statements:
                return said
            return extend(_compiled(self._lexicons), text, said)

        found = in_order(whole, texts, self._at_once, reader.cancel)
        for done, extraction in enumerate(found, 1):
            self._progress("extract", done, max(done, self._records))
            if done % _CHUNK == 0:
                gc.collect(0)  # conversations leave garbage, for which nobody looks while a graph grows
            yield extraction

    def _spread(self, texts: Iterable[Text]) -> Iterator[Extraction]:
        """Keep enough chunks in flight that no process waits while a batch is put into the graph."""
        assert self._pool is not None
        waiting: deque[Future[list[Extraction]]] = deque()
        stream = iter(texts)
        while True:
            while len(waiting) < _IN_FLIGHT and (chunk := _chunk(stream)):
                waiting.append(self._pool.submit(_extract_chunk, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _chunk(stream: Iterator[Text]) -> list[Text]:
    """Take as many texts as are worth a message to another process; few where they have bodies."""
    chunk: list[Text] = []
    weight = 0
    while len(chunk) < _CHUNK and weight < _CHUNK and (text := next(stream, None)) is not None:
        chunk.append(text)
        weight += _weight(text.sections)
    return chunk


def _weight(sections: Iterable[Section]) -> int:
    """Return how many abstracts take as long to read as a body."""
    return sum(len(section.text) for section in sections) // _ABSTRACT


@lru_cache(maxsize=1)
def _compiled(lexicons: Texts) -> Extractor:
    return Extractor(Lexicon.load(texts=lexicons))


_extractor: Extractor | None = None
"""One a process: compiling the lexicon takes longer than a hundred papers."""


def _prepare(lexicons: Texts) -> None:
    global _extractor  # noqa: PLW0603
    _extractor = _compiled(lexicons)


def _prepare_worker(lexicons: Texts) -> None:
    """Get a process of the pool ready; Ctrl-C reaches it too, and is the first process's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepare(lexicons)


def _extract_chunk(chunk: list[Text]) -> list[Extraction]:
    return list(_extract_here(chunk))


def _extract_here(texts: Iterable[Text]) -> Iterator[Extraction]:
    assert _extractor is not None
    for text in texts:
        yield read(_extractor, text)
