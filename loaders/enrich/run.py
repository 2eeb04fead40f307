"""Asking services about the papers of a graph, and taking what they answer into it.

What a service answers about a paper is a record of the source ``api:`` and its name, like the records of a file: it
is merged by the same identity, its FROM edge tells where it comes from, and ``remove-source`` takes it away. Answers
go into the graph in whole chunks, so that a run that is broken off leaves what it has found; the next one asks for
the rest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from queue import Empty, Queue
from typing import Any

from ...graph.identity import person_key
from ...graph.local import LocalStore
from ...graph.merge import SERVICE
from ...graph.provenance import Contradiction, contradictions
from ...graph.records import Node, Paper
from ...graph.update import SourceInfo
from ..pipeline import add_answers, prefer
from .errors import NoAnswerError, NotCachedError, RefusedError, ServiceDownError
from .http import Client
from .wanted import Answer, Ask, Service, Wanted

Progress = Callable[[str, int, int], None]
"""Is told the service, for how many papers it has been asked, and for how many it is to be."""

CHUNK = 200
"""Papers whose answers go into the graph at a time."""

_PATIENCE = 0.2


@dataclass(slots=True)
class ServiceReport:
    """What one service was asked and what it said.

    Attributes
    ----------
    asked, found, absent, refused, unanswered
        Papers: asked about; of which it has a record that was believed; has none; has another's; gave no answer.
    changed
        Records that are new or other than those the graph had of the service.
    requests, cached, repeated
        Requests sent, answers taken from the cache, requests sent again.
    waited
        Seconds of pauses before repetitions.
    remaining
        What the service says is left of a budget.
    stopped
        Why it was asked no more, where it was.
    faults
        What went wrong, once each; ``refusals`` why answers were not believed, by paper.
    """

    asked: int = 0
    found: int = 0
    absent: int = 0
    refused: int = 0
    unanswered: int = 0
    changed: int = 0
    planned: int = 0
    requests: int = 0
    cached: int = 0
    repeated: int = 0
    waited: float = 0.0
    remaining: str | None = None
    stopped: str = ""
    faults: list[str] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class EnrichReport:
    """What enrichment did, by service, and where sources contradict one another.

    ``known`` counts papers that were not asked about because the graph has the service's record.
    """

    services: dict[str, ServiceReport] = field(default_factory=dict)
    papers: int = 0
    known: dict[str, int] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    dry_run: bool = False

    @property
    def changed(self) -> int:
        """How many records came or changed."""
        return sum(report.changed for report in self.services.values())


def enrich(
    store: LocalStore,
    services: Sequence[Service],
    client: Client,
    *,
    papers: Iterable[str] | None = None,
    limit: int | None = None,
    citing: bool = False,
    refresh: bool = False,
    preferred: Sequence[str] | None = None,
    dry_run: bool = False,
    progress: Progress = lambda service, done, total: None,
) -> EnrichReport:
    """Complete the papers of a graph by what services know of them.

    Parameters
    ----------
    services
        Asked side by side, each at its own pace.
    client
        Sends the requests.
    papers
        Ids of the only papers to ask about; by default all that are not stubs.
    limit
        How many papers to ask a service about at most.
    citing
        Ask for the works that cite each paper, too.
    refresh
        Ask anew about papers that a service has told of before.
    preferred
        Services whose answers count before those of others from now on; None leaves the order as it is.
    dry_run
        Ask nothing; tell what would be asked.

    Raises
    ------
    StoreError
        The graph or the cache cannot be used.

    Notes
    -----
    The graph that comes of a set of answers does not depend on the order they came in. On Ctrl-C what has been
    answered goes into the graph first.
    """
    report = EnrichReport(dry_run=dry_run)
    if preferred is not None and not dry_run:
        prefer(store, preferred)
    wanted = list(wanted_of(store, papers))
    report.papers = len(wanted)
    work: dict[str, list[Wanted]] = {}
    for service in services:
        held = set() if refresh else _told_by(store, service)
        todo = [paper for paper in wanted if paper.id not in held]
        report.known[service.name] = len(wanted) - len(todo)
        work[service.name] = todo[:limit]
        report.services[service.name] = ServiceReport()
    if dry_run:
        for service in services:
            asks = service.asks(work[service.name], citing=citing)
            report.services[service.name].planned = sum(1 for _ in asks)
            report.services[service.name].asked = len(work[service.name])
        return report
    _Run(store, client, report, progress).run(services, work, citing=citing)
    _count_requests(report, client)
    asked_about = [paper.id for todo in work.values() for paper in todo]
    report.contradictions = contradictions(store, _present(store, asked_about))
    return report


def wanted_of(store: LocalStore, papers: Iterable[str] | None = None) -> Iterator[Wanted]:
    """Yield the papers of a graph as services are asked for them, in the order of their ids."""
    if papers is None:
        nodes: Iterable[Node | None] = store.nodes("Paper")
    else:
        nodes = (store.node(paper) for paper in sorted(set(papers)))
    for node in nodes:
        if node is not None and node.label == "Paper" and not node.properties.get("stub"):
            yield _wanted(store, node)


def _wanted(store: LocalStore, node: Node) -> Wanted:
    known = node.properties
    authors = [store.node(edge.target) for edge in store.edges_of(node.id, "out", "AUTHORED_BY")]
    keys = (person_key(author.name) for author in authors if author is not None)
    lacks = {name for name in ("abstract", "year", "date", "doi") if not known.get(name)}
    for name, edge_type in (("references", "CITES"), ("venue", "PUBLISHED_IN"), ("authors", "AUTHORED_BY")):
        if next(store.edges_of(node.id, "out", edge_type), None) is None:
            lacks.add(name)
    return Wanted(
        id=node.id,
        title="" if known.get("title") == node.id else str(known.get("title", "")),
        arxiv_id=known.get("arxiv_id"),
        doi=known.get("doi"),
        openalex_id=known.get("openalex_id"),
        s2_id=known.get("s2_id"),
        also=tuple(known.get("identifiers", ())),
        year=known.get("year"),
        surnames=frozenset(key.split()[-1] for key in keys if key),
        lacks=frozenset(lacks),
    )


def _told_by(store: LocalStore, service: Service) -> set[str]:
    sql = "SELECT DISTINCT paper FROM record WHERE source = ?"
    return {paper for (paper,) in store.file.rows(sql, (f"{SERVICE}{service.name}",))}


def _present(store: LocalStore, papers: Iterable[str]) -> set[str]:
    """Return the papers as they are called now: what came to be known of one may have given it another id."""
    return {node.id for paper in papers if (node := store.node(paper)) is not None}


def _count_requests(report: EnrichReport, client: Client) -> None:
    for name, one in report.services.items():
        count = client.count(name)
        one.requests, one.cached, one.repeated = count.requests, count.cached, count.repeated
        one.waited, one.remaining = count.waited, count.remaining
        down = client.down(name)
        one.stopped = down.reason if down is not None else one.stopped


# --- a run -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Done:
    """A service has nothing more to say."""

    service: Service
    error: BaseException | None = None


class _Run:
    """Threads ask, one for each service and connection; this one alone changes the graph."""

    def __init__(self, store: LocalStore, client: Client, report: EnrichReport, progress: Progress) -> None:
        self._store, self._client, self._report, self._progress = store, client, report, progress
        self._answers: Queue[tuple[Service, list[Answer]] | _Done] = Queue(maxsize=64)
        self._stop = threading.Event()
        self._waiting: dict[str, dict[str, list[Paper]]] = {}

    def run(self, services: Sequence[Service], work: dict[str, list[Wanted]], *, citing: bool) -> None:
        threads = [
            threading.Thread(target=self._ask_all, args=(service, work[service.name], citing), daemon=True)
            for service in services
        ]
        for thread in threads:
            thread.start()
        by_name = {service.name: service for service in services}
        totals = {name: len(todo) for name, todo in work.items()}
        try:
            self._take(len(threads), totals, by_name)
        finally:
            self._stop.set()
            while any(thread.is_alive() for thread in threads):
                self._drain()
            self._drain()
            for name in list(self._waiting):
                self._store_chunk(by_name[name])

    def _take(self, running: int, totals: dict[str, int], services: dict[str, Service]) -> None:
        failed: BaseException | None = None
        while running:
            item = self._answers.get()
            if isinstance(item, _Done):
                running -= 1
                failed = failed or item.error
                continue
            service, answers = item
            self._note(service, answers)
            one = self._report.services[service.name]
            self._progress(service.name, one.asked, totals[service.name])
            if len(self._waiting.get(service.name, ())) >= CHUNK:
                self._store_chunk(services[service.name])
        if failed is not None:
            raise failed

    def _drain(self) -> None:
        """Take what threads still hand over while they end."""
        try:
            while True:
                item = self._answers.get(timeout=_PATIENCE)
                if not isinstance(item, _Done):
                    self._note(*item)
        except Empty:
            return

    def _note(self, service: Service, answers: Sequence[Answer]) -> None:
        one = self._report.services[service.name]
        waiting = self._waiting.setdefault(service.name, {})
        for answer in answers:
            if answer.record is not None:
                waiting.setdefault(answer.paper, []).append(answer.record)
            if answer.more:  # a further record about a paper that has been counted
                continue
            one.asked += 1
            if answer.record is not None:
                one.found += 1
            elif answer.unanswered:
                one.unanswered += 1
            elif answer.reason:
                one.refused += 1
                one.refusals.append((answer.paper, answer.reason))
            else:
                one.absent += 1
            if answer.unanswered and answer.reason and answer.reason not in one.faults:
                one.faults.append(answer.reason)

    def _store_chunk(self, service: Service) -> None:
        waiting = self._waiting.pop(service.name, {})
        if not waiting:
            return
        now = datetime.fromtimestamp(self._client.clock.now(), UTC).isoformat(timespec="seconds")
        source = SourceInfo(f"{SERVICE}{service.name}", "", service.format, now)
        records = [record for paper in sorted(waiting) for record in waiting[paper]]
        changes = add_answers(self._store, source, records, _present(self._store, waiting))
        self._report.services[service.name].changed += len(records) - changes.unchanged

    # --- in the threads --------------------------------------------------------------------------------------

    def _ask_all(self, service: Service, papers: Sequence[Wanted], citing: bool) -> None:
        error: BaseException | None = None
        try:
            self._ask_each(service, iter(service.asks(papers, citing=citing)))
        except BaseException as fault:
            error = fault
        self._answers.put(_Done(service, error))

    def _ask_each(self, service: Service, asks: Iterator[Ask]) -> None:
        """Keep as many requests under way as the service allows."""
        connections = service.policy.connections
        with ThreadPoolExecutor(connections) as pool:
            under_way: set[Future[Any]] = set()
            while not self._stop.is_set():
                room = 2 * connections - len(under_way)
                under_way |= {pool.submit(self._ask, service, ask) for ask in islice(asks, room)}
                if not under_way:
                    return
                done, under_way = wait(under_way, _PATIENCE, FIRST_COMPLETED)
                for one in done:
                    self._answers.put((service, one.result()))
            for one in under_way:
                one.cancel()

    def _ask(self, service: Service, ask: Ask) -> list[Answer]:
        """Ask, and ask on where an answer says that there is more."""
        answers: list[Answer] = []
        waiting = [ask]
        while waiting and not self._stop.is_set():
            asked = waiting.pop()
            try:
                reply = self._client.ask(service.policy, asked.path, asked.parameters, asked.json)
                for found in service.read(asked, reply):
                    if isinstance(found, Ask):
                        waiting.append(found)
                    else:
                        answers.append(found)
            except NotCachedError:
                answers += [
                    Answer(paper.id, None, unanswered=True) for paper in asked.papers if not asked.more
                ]
            except (NoAnswerError, ServiceDownError) as error:
                if isinstance(error, RefusedError) and (smaller := list(service.smaller(asked))):
                    waiting += smaller
                    continue
                answers += [
                    Answer(paper.id, None, error.reason, unanswered=True)
                    for paper in asked.papers
                    if not asked.more
                ]
        return answers
