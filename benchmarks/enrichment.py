"""What enrichment costs the services: requests for 1,000 papers, time beside the politest schedule, cache hits.

The services are played over a made-up corpus and time is made up, too: nothing is sent, and a pause takes no time.
The politest schedule is the one with the same requests, each as soon as the published rate allows; answers come at
once, so that what is more than it is lost by the client.

    python benchmarks/enrichment.py [--papers 1000]
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import orjson
from table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import fake_services
from fake_services import FakeClock, FakeServices, Work

from citegraph.graph.local import LocalStore
from citegraph.loaders.enrich.http import Client
from citegraph.loaders.enrich.report import ServiceReport
from citegraph.loaders.enrich.run import enrich
from citegraph.loaders.enrich.services import NAMES, service
from citegraph.loaders.pipeline import build

fake_services.title_key = lru_cache(maxsize=None)(fake_services.title_key)


def papers(works: list[Work]) -> Iterator[bytes]:
    """Yield papers as people have them: of ten, seven with an arXiv id, two with a DOI, one with neither."""
    for work in works:
        kind = work.number % 10
        known: dict[str, object] = {"title": work.title, "year": work.year, "authors": work.authors}
        if kind < 7:
            known["arxiv_id"] = work.arxiv_id
        elif kind < 9:
            known["doi"] = work.doi
        yield orjson.dumps(known)


def measured(name: str, played: FakeServices, graph: Path, cache: Path) -> tuple[ServiceReport, float]:
    """Ask one service; return its report and the made-up seconds that passed."""
    clock = FakeClock()
    client = Client(cache, transport=played, clock=clock, chance=random.Random(0))
    begun = clock.now()
    store = LocalStore(graph)
    try:
        report = enrich(store, [service(name)], client)
    finally:
        client.close()
        store.close()
    return report.services[name], clock.now() - begun


def main() -> None:
    """Measure every service and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=1000)
    count = parser.parse_args().papers
    works = fake_services.corpus(count)
    columns = [
        ("service", ""),
        ("papers", ",d"),
        ("found", ",d"),
        ("requests", ",d"),
        ("seconds", ",.0f"),
        ("politest", ",.0f"),
        ("second run: requests", ",d"),
        ("from cache", ".0%"),
    ]
    table = Table(f"{count:,} papers: 70% with an arXiv id, 20% with a DOI, 10% with a title only", columns)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "papers.jsonl").write_bytes(b"\n".join(papers(works)))
        store = LocalStore(folder / "graph.db", create=True)
        build(store, [folder / "papers.jsonl"])
        store.close()
        for name in NAMES:
            played = FakeServices(works)
            for run in ("first", "second"):
                shutil.copy(folder / "graph.db", folder / f"{run}.db")
            one, seconds = measured(name, played, folder / "first.db", folder / name)
            politest = (one.requests - 1) * service(name).policy.pause
            again, _ = measured(
                name, played, folder / "second.db", folder / name
            )  # a graph without the answers
            hits = again.cached / (again.cached + again.requests)
            table.add(name, one.asked, one.found, one.requests, seconds, politest, again.requests, hits)
            print(name, file=sys.stderr)
    print(table.text())


if __name__ == "__main__":
    main()
