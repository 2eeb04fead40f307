"""Asking services about the papers of a graph, and taking what they answer into it.

What a service answers about a paper is a record of the source ``api:`` and its name, like the records of a file: it
is merged by the same identity, its FROM edge tells where it comes from, and ``remove-source`` takes it away. Answers
go into the graph in whole chunks, so that a run that is broken off leaves what it has found; the next one asks for
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import orjson

from ...graph.codec import load_paper
from ...graph.identity import person_key
from ...graph.local import LocalStore
from ...graph.merge import SERVICE
from ...graph.partition import best_key, keys_of
from ...graph.provenance import contradictions
from ...graph.records import Node, Paper
from ...graph.update import SourceInfo
from ..pipeline import add_answers, prefer
from .absences import Absences, mark
from .asking import Answered, Asking
from .http import Client
from .report import EnrichReport, ServiceReport
from .wanted import Answer, Service, Wanted

Progress = Callable[[str, int, int, str], None]
"""Is told the service, about how many papers it has been asked, about how many it is to be, and what it has left."""

CHUNK = 200
"""Papers whose answers go into the graph at a time."""

_ROUNDS = 4
"""How often papers are asked about at most as more becomes known of them."""

_STOPPED = "what has been answered is in the graph, and the same command goes on with the rest."

CITING = "/citing"
"""How the sources end that hold works a service told of because they cite a paper that it was asked for."""


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
    progress: Progress = lambda service, done, total, note: None,
) -> EnrichReport:
    """Complete the papers of a graph by what services know of them.

    Parameters
    ----------
    services
        Asked side by side, each at its own pace.
    client
        Sends the requests.
    papers
        Ids of the only papers to ask about; by default all that files tell of.
    limit
        How many papers to ask a service about at most, beside those that it is known not to have.
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
    Where an answer makes more known of a paper, services that had nothing are asked again by that, so that the graph
    does not depend on the order in which answers come. On Ctrl-C what has been answered goes into the graph first.
    """
    report = EnrichReport(dry_run=dry_run)
    if preferred is not None and not dry_run:
        prefer(store, preferred)
    run = _Run(store, client, services, report, progress, refresh=refresh, limit=limit)
    chosen = None if papers is None else list(papers)
    asked_about = run.plan(chosen)
    if dry_run:
        for service in services:
            one, work = report.services[service.name], run.work[service.name]
            one.planned = sum(1 for _ in service.asks(work, citing=citing))
            one.asked = len(work)
        return report
    try:
        for _ in range(_ROUNDS):
            if not any(run.work.values()):
                break
            run.round(citing=citing)
            run.plan(chosen)
    except KeyboardInterrupt as stop:
        raise (stop if stop.args else KeyboardInterrupt(_STOPPED)) from None
    finally:
        run.finish()
    report.contradictions = contradictions(store, _present(store, asked_about))
    return report


def wanted_of(store: LocalStore, papers: Iterable[str] | None = None) -> Iterator[Wanted]:
    """Yield papers as services are asked for them, in the order of their ids; by default those that files tell of."""
    told_by_files: dict[str, set[str]] = {}
    sql = "SELECT paper, keys FROM record WHERE source NOT LIKE ?"
    for paper, keys in store.file.rows(sql, (f"{SERVICE}%",)):
        told_by_files.setdefault(paper, set()).update(orjson.loads(keys))
    for paper in sorted(told_by_files if papers is None else _present(store, papers)):
        node = store.node(paper)
        if node is not None and node.label == "Paper" and not node.properties.get("stub"):
            yield _wanted(store, node, told_by_files.get(paper, set()))


def _wanted(store: LocalStore, node: Node, keys: Collection[str]) -> Wanted:
    known = node.properties
    authors = [store.node(edge.target) for edge in store.edges_of(node.id, "out", "AUTHORED_BY")]
    names = (person_key(author.name) for author in authors if author is not None)
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
        surnames=frozenset(name.split()[-1] for name in names if name),
        anchor=best_key(keys) if keys else node.id,
        lacks=frozenset(lacks),
    )


def _present(store: LocalStore, papers: Iterable[str]) -> set[str]:
    """Return the papers as they are called now: what came to be known of one may have given it another id."""
    return {node.id for paper in papers if (node := store.node(paper)) is not None}


# --- a run -------------------------------------------------------------------------------------------------


class _Run:
    """What has been asked and answered so far; this thread alone changes the graph."""

    def __init__(
        self,
        store: LocalStore,
        client: Client,
        services: Sequence[Service],
        report: EnrichReport,
        progress: Progress,
        *,
        refresh: bool,
        limit: int | None,
    ) -> None:
        self._store, self._client, self._report, self._progress = store, client, report, progress
        self._services = {service.name: service for service in services}
        self._refresh, self._limit = refresh, limit
        self._absences = Absences(client.folder, client.clock)
        self.work: dict[str, list[Wanted]] = {name: [] for name in self._services}
        self._asked: dict[str, dict[str, str]] = {name: {} for name in self._services}
        self._answers: dict[str, dict[str, Answer]] = {name: {} for name in self._services}
        self._before: dict[str, dict[str, list[bytes]]] = {}
        self._waiting: dict[str, dict[str, list[Answer]]] = {name: {} for name in self._services}
        self._totals: dict[str, int] = {}
        for name in self._services:
            report.services[name] = ServiceReport()

    def plan(self, papers: Sequence[str] | None) -> list[str]:
        """Find out whom to ask about which papers, and return the papers there are."""
        wanted = list(wanted_of(self._store, papers))
        first = not self._before
        if first:
            self._report.papers = len(wanted)
        for name, service in self._services.items():
            records = self._records(name)
            self._answers[name] = {
                now.id: answer
                for paper, answer in self._answers[name].items()
                if (now := self._store.node(paper)) is not None
            }
            if first:
                self._before[name] = records if self._refresh else {}
            held = set() if first and self._refresh else set(records)
            if first:
                self._report.known[name] = sum(paper.id in held for paper in wanted)
            self.work[name] = self._todo(service, [paper for paper in wanted if paper.id not in held])
        return [paper.id for paper in wanted]

    def _records(self, service: str) -> dict[str, list[bytes]]:
        """Return the papers that a service has told of, with the digests of its records."""
        found: dict[str, list[bytes]] = {}
        sql = "SELECT paper, digest FROM record WHERE source = ?"
        for paper, digest in self._store.file.rows(sql, (f"{SERVICE}{service}",)):
            found.setdefault(paper, []).append(digest)
        return found

    def _todo(self, service: Service, papers: Iterable[Wanted]) -> list[Wanted]:
        """Return the papers that the service can tell of, is not known not to have, and was not asked for so yet."""
        asked, answers = self._asked[service.name], self._answers[service.name]
        absent = {} if self._refresh else self._absences.of(service.name)
        todo = []
        for paper in papers:
            known_by = mark(service, paper)
            if known_by is None or known_by in asked:
                continue
            if known_by in absent:
                asked[known_by] = paper.id
                answers[paper.id] = Answer(paper.id, None, absent[known_by])
                self._client.count(service.name).cached += 1
            elif self._limit is None or self._totals.get(service.name, 0) < self._limit:
                asked[known_by] = paper.id
                self._totals[service.name] = self._totals.get(service.name, 0) + 1
                todo.append(paper)
        return todo

    def round(self, *, citing: bool) -> None:
        """Ask all services about what is planned, and take what they answer into the graph."""
        work = [(s, iter(s.asks(self.work[s.name], citing=citing))) for s in self._services.values()]
        asking = Asking(self._client, work)
        try:
            for item in asking.answers():
                self._take(item)
        except BaseException:
            for item in asking.break_off():
                self._note(item)
            raise
        finally:
            for name in self._services:
                self._store_chunk(name)

    def finish(self) -> None:
        """Count what has been asked and answered, and remember what there was not."""
        for name, service in self._services.items():
            absent = {
                known_by: answer.reason
                for known_by, paper in self._asked[name].items()
                if (answer := self._answers[name].get(paper))
                and answer.record is None
                and not answer.unanswered
            }
            self._absences.add(name, absent, service.policy.absent)
            one, count = self._report.services[name], self._client.count(name)
            one.count(self._answers[name])
            one.requests, one.cached, one.repeated = count.requests, count.cached, count.repeated
            one.waited, one.remaining = count.waited, count.remaining
            down = self._client.down(name)
            one.stopped = down.reason if down is not None else ""

    def _take(self, item: Answered) -> None:
        service, _ = item
        self._note(item)
        left = self._client.count(service.name).remaining
        note = f"{left} left" if left else ""
        done, total = len(self._answers[service.name]), self._totals[service.name]
        self._progress(service.name, done, total, note)
        if len(self._waiting[service.name]) >= CHUNK:
            self._store_chunk(service.name)

    def _note(self, item: Answered) -> None:
        service, answers = item
        for answer in answers:
            if answer.record is not None:
                self._waiting[service.name].setdefault(answer.paper, []).append(answer)
            if not answer.more:  # else a further record about a paper that has been counted
                self._answers[service.name][answer.paper] = answer

    def _store_chunk(self, service: str) -> None:
        """Take what has been answered into the graph, all or nothing."""
        waiting, self._waiting[service] = self._waiting[service], {}
        answers = [answer for paper in sorted(waiting) for answer in waiting[paper]]
        replaced = {digest for paper in waiting for digest in self._before[service].pop(paper, ())}
        self._add(service, "", [a.record for a in answers if a.record and not a.more], replaced)
        citing = [answer for answer in answers if answer.record and answer.more]
        replaced = {d for paper in {a.paper for a in citing} for d in self._told_to_cite(service, paper)}
        self._add(service, CITING, [answer.record for answer in citing if answer.record], replaced)

    def _told_to_cite(self, service: str, paper: str) -> Iterator[bytes]:
        """Yield the digests of a service's records of works that it told of because they cite a paper."""
        node = self._store.node(paper)
        if node is None:
            return
        edges = self._store.edges_of(node.id, "in", "CITES")
        keys = {node.id, *node.properties.get("identifiers", ())}
        sql = "SELECT key FROM identity WHERE stub = 0 AND paper = ?"
        keys |= {key for (key,) in self._store.file.rows(sql, (node.id,))}
        sql = "SELECT digest, source, body FROM record WHERE paper IN ({})"
        for digest, source, body in self._store.file.rows_in(sql, {edge.source for edge in edges}):
            # The reference to the paper asked about comes first; others are those of the work itself.
            if source == f"{SERVICE}{service}{CITING}" and keys & set(
                keys_of(load_paper(body).references[0])
            ):
                yield digest

    def _add(self, service: str, ending: str, records: Sequence[Paper], replaced: set[bytes]) -> None:
        if not records:
            return
        now = datetime.fromtimestamp(self._client.clock.now(), UTC).isoformat(timespec="seconds")
        uri = f"{SERVICE}{service}{ending}"
        source = SourceInfo(uri, "", self._services[service].format, now)
        distinct = list(dict.fromkeys(records))
        changes = add_answers(self._store, source, distinct, replaced)
        self._report.services[service].changed += len(distinct) - changes.unchanged
