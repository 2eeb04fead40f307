"""How fast a graph comes into a Neo4j server and answers there: ``python benchmarks/neo4j.py``.

The citation graph that benchmarks/cypher.py makes up, about a million edges per 100,000 papers, gets what graphs of
ours carry: abstracts, a source, the records later builds go by, and on every edge to an entity its confidence and a
quotation. It is brought to a real server of this machine, each time an empty one (that of ``copy`` has taken a small
graph before, under a prefix: for as long as Java has not compiled a server, it is ten times as slow),

- by ``copy``, as users bring it, to the check at the end that both sides are the same;
- by a MERGE for each row, as first attempts do, of which a part is measured;
- by ``neo4j-admin database import full``, which is no server's doing: it writes the files of a stopped one.

Then the ten queries of benchmarks/cypher.py are asked of the local file and of the server in turn, and their rows
compared. A machine that does other things at the same time shows in the seconds; the seconds of processor time that
client and server took hardly change, and tell what bounds a load.

    python benchmarks/neo4j.py --sizes 10000 100000
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != HERE]
# From here on `import neo4j` is the driver, not this script.


def _beside(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made_up = _beside(HERE / "cypher.py", "made_up")
servers = _beside(HERE.parent / "scripts" / "neo4j_server.py", "neo4j_server_script")
Table = _beside(HERE / "table.py", "table").Table

NAIVE_ROWS = 5_000
WARM_PAPERS = 5_000
REPEATS = 15
_PREFIXES = {"Method": "method", "Model": "model", "Benchmark": "benchmark", "Hardware": "hardware"}
_URI = "papers.jsonl"
_WORDS_OF_AN_ABSTRACT = 110

# --- the graph ----------------------------------------------------------------------------------------------


def node_id(label: str, number: int) -> str:
    """Return the id of a made-up node."""
    if label == "Paper":
        return f"arxiv:{1000 + number // 100_000}.{number % 100_000:05d}"
    return f"{_PREFIXES[label]}:{label.lower()}-{number}"


def write_graph(papers: int, path: Path) -> None:
    """Write the made-up graph as a graph file, the way a build leaves it."""
    from hashlib import blake2b

    import numpy as np
    import orjson

    from citegraph.graph.codec import dump_paper
    from citegraph.graph.local import LocalStore
    from citegraph.graph.records import Paper
    from citegraph.graph.schema import check_edge, check_node

    made, dumps = made_up.corpus(papers), orjson.dumps
    rng = np.random.default_rng(3)
    source = {
        "name": _URI,
        "uri": _URI,
        "sha256": "0" * 64,
        "format": "jsonl",
        "loaded_at": "2026-01-01T00:00:00Z",
    }

    def nodes() -> Iterator[tuple[str, str, dict[str, Any]]]:
        yield f"source:{_URI}", "Source", source
        for label, columns in made.nodes.items():
            for number, row in enumerate(zip(*columns.values(), strict=True)):
                properties = dict(zip(columns, row, strict=True))
                if label == "Paper":
                    words = (len(made.words) * rng.random(_WORDS_OF_AN_ABSTRACT)).astype(int).tolist()
                    properties["name"] = properties["title"]
                    properties["abstract"] = " ".join(map(made.words.__getitem__, words))
                    properties["arxiv_id"] = node_id(label, number).partition(":")[2]
                yield node_id(label, number), label, properties

    def edges() -> Iterator[tuple[str, str, str, str, str, dict[str, Any]]]:
        quoted: dict[str, Any] = {"source": _URI, "field": "abstract", "extractor": "lexicon@1"}
        for name, start, end, pairs in made.edges:
            for a, b in pairs.tolist():
                properties: dict[str, Any] = {}
                if name == "CITES":
                    properties = {"sources": [_URI]}
                elif start == "Paper":
                    at, text = (7 * a + b) % 900, made.nodes[end]["name"][b]
                    quote = quoted | {"start": at, "end": at + len(text), "text": text}
                    properties = {"evidence": [dumps(quote).decode()], "confidence": 0.5 + (a + b) % 50 / 100}
                else:
                    properties = {"inferred": True, "papers": [node_id("Paper", b)]}
                yield start, node_id(start, a), name, end, node_id(end, b), properties
        for number in range(papers):
            yield "Paper", node_id("Paper", number), "FROM", "Source", f"source:{_URI}", {}

    with LocalStore(path, create=True) as store, store.writing():
        file = store.file
        for number, (key, label, properties) in enumerate(nodes()):
            if number % 1000 < 2:
                check_node(key, label, properties)
            file.run("INSERT INTO node VALUES (?, ?, ?)", (key, label, dumps(properties)))
            if label == "Paper":
                paper = Paper(
                    properties["title"],
                    properties["abstract"],
                    key.partition(":")[2],
                    year=properties["year"],
                )
                body = dump_paper(paper)
                digest = blake2b(body, digest_size=16).digest()
                file.run(
                    "INSERT INTO record (source, digest, paper, keys, year, surnames, body)"
                    " VALUES (?, ?, ?, ?, ?, '', ?)",
                    (_URI, digest, key, dumps([key]), paper.year, body),
                )
                file.run("INSERT INTO identity VALUES (?, ?, 0, ?)", (key, key, paper.year))
        file.run("INSERT INTO source VALUES (?, ?, ?, ?)", (_URI, "0" * 64, "jsonl", source["loaded_at"]))
        for number, (start, key, name, end, other, properties) in enumerate(edges()):
            if number % 10_000 == 0:
                check_edge(start, name, end, properties)
            file.run("INSERT INTO edge VALUES (?, ?, ?, ?)", (key, name, other, dumps(properties)))


# --- measuring ----------------------------------------------------------------------------------------------


def processor_seconds(process: int) -> float:
    """Return the processor time a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(version: str, settings: dict[str, str]) -> Iterator[Any]:
    """Run an empty server and have the environment reach it."""
    with servers.running(version, settings=settings) as running:
        os.environ |= {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": running.password}
        os.environ.pop("NEO4J_DATABASE", None)
        yield running


def child(stage: str, *arguments: str, process: int) -> dict[str, Any]:
    """Run a stage in a process of its own; return what it says and the server's processor time."""
    before = processor_seconds(process)
    done = subprocess.run(
        [sys.executable, __file__, "--stage", stage, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"server cpu": processor_seconds(process) - before}


def _said(**found: Any) -> None:
    """Print what a stage has found, with its own processor time and peak memory in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024  # getrusage begins with the parent's
    print(json.dumps(found | {"cpu": time.process_time(), "peak": peak}))


def stage_copy(path: str, address: str) -> None:
    """Copy a graph file to a server."""
    from citegraph import open_graph
    from citegraph.graph.content import content_of

    reached: dict[str, list[float]] = {"nodes": [], "edges": [], "check": []}
    with open_graph(path) as graph:
        nodes = sum(content_of(graph.store).counts().nodes.values())  # without reading the graph

        def progress(stage: str, done: int, total: int) -> None:
            kind = stage if stage != "send" else "nodes" if done <= nodes else "edges"
            reached.setdefault(kind, []).append(time.perf_counter())

        start = time.perf_counter()
        report = graph.copy_to(address, progress=progress)
        end = time.perf_counter()
    ends = [start, *(reached[kind][-1] for kind in ("nodes", "edges", "check"))]
    stages = dict(zip(("nodes", "edges", "check"), (b - a for a, b in pairwise(ends)), strict=True))
    _said(seconds=end - start, stages=stages, nodes=nodes, edges=sum(report.edges.values()))


def stage_naive(path: str, address: str, rows: str) -> None:
    """MERGE nodes and edges one by one, each in a transaction, as many of each as asked for."""
    from neo4j import GraphDatabase

    from citegraph.graph.content import content_of
    from citegraph.graph.local import LocalStore
    from citegraph.graph.server import Neo4jStore

    with Neo4jStore(address, create=True) as target:
        target.remote.prepare()
    found: dict[str, float] = {}
    auth = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    with (
        LocalStore(path) as store,
        GraphDatabase.driver(address, auth=auth) as driver,
        driver.session() as session,
    ):
        content = content_of(store)
        kinds: dict[str, list[tuple[str, dict[str, Any]]]] = {"nodes": [], "edges": []}
        labels: dict[str, str] = {}
        for label, key, properties in content.nodes():
            labels[key] = label
            query = f"MERGE (n:{label} {{id: $id}}) SET n += $known"
            kinds["nodes"].append((query, {"id": key, "known": properties}))
        every = max(1, sum(1 for _ in content.edges()) // int(rows))
        for number, (key, name, other, properties) in enumerate(content.edges()):
            if number % every == 0:
                query = (
                    f"MATCH (a:{labels[key]} {{id: $a}}), (b:{labels[other]} {{id: $b}}) "
                    f"MERGE (a)-[r:{name}]->(b) SET r += $known"
                )
                kinds["edges"].append((query, {"a": key, "b": other, "known": properties}))
        step = max(1, len(kinds["nodes"]) // int(rows))
        kinds["nodes"] = kinds["nodes"][::step]
        for kind, queries in kinds.items():
            start = time.perf_counter()
            for query, parameters in queries:
                session.run(query, parameters).consume()
            found[kind] = len(queries) / (time.perf_counter() - start)
    _said(**found)


def stage_queries(path: str, address: str, papers: str) -> None:
    """Ask the same of the file and of the server, in turn."""
    from citegraph import open_graph

    asked = made_up.queries(made_up.corpus(int(papers)))
    found = {}
    with open_graph(path) as local, open_graph(address) as remote:
        gc.collect()
        gc.freeze()
        for query in asked:
            one: dict[str, Any] = {"meaning": query.meaning}
            rows = {}
            for name, graph in (("local", local), ("server", remote)):
                ask: Callable[[dict[str, Any]], Any] = partial(graph.cypher, query.text)
                start = time.perf_counter()
                rows[name] = made_up.comparable(ask(query.parameters[0]).rows)
                one[f"{name} first"] = (time.perf_counter() - start) * 1000
                slow = one[f"{name} first"] > 2000
                one[name] = made_up.timed(ask, query.parameters, 3 if slow else REPEATS)
            one["rows"], one["same"] = len(rows["local"]), rows["local"] == rows["server"]
            found[query.letter] = one
    _said(queries=found)


def stage_export(path: str, folder: str) -> None:
    """Write the tables for neo4j-admin."""
    from citegraph import open_graph

    start = time.perf_counter()
    with open_graph(path) as graph:
        graph.export(folder, "neo4j-admin")
    _said(seconds=time.perf_counter() - start)


def measure_admin(path: Path, version: str, folder: Path) -> dict[str, Any]:
    """Write the tables for neo4j-admin and import them, as the script that is written with them does."""
    (folder / "home" / "conf").mkdir(parents=True)
    exported = child("export", str(path), str(folder / "csv"), process=os.getpid())
    arguments = import_arguments(folder / "csv" / "import.sh")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = servers.admin(version, folder / "home", *arguments)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"neo4j-admin failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "export": exported["seconds"], "cpu": exported["cpu"], "peak": exported["peak"],
        "seconds": seconds, "server cpu": cpu,
    }  # fmt: skip


def import_arguments(script: Path) -> list[str]:
    """Return what the import script calls neo4j-admin with, as the script itself says."""
    done = subprocess.run(
        ["sh", str(script)],
        capture_output=True,
        text=True,
        check=True,
        cwd=script.parent,
        env=os.environ | {"NEO4J_ADMIN": "printf %s\\n"},
    )
    return done.stdout.splitlines()


# --- telling ------------------------------------------------------------------------------------------------


def measure(papers: int, asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure one size."""
    path = folder / f"{papers}.db"
    write_graph(papers, path)
    if not (warm := folder / "warm.db").exists():
        write_graph(WARM_PAPERS, warm)
    settings = {"server.memory.pagecache.size": asked.pagecache}
    found: dict[str, Any] = {"papers": papers}
    if "naive" in asked.stages:
        with server(asked.version, settings) as running:
            found["naive"] = child(
                "naive", str(path), running.uri, str(asked.naive_rows), process=running.process.pid
            )
    if "admin" in asked.stages:
        found["admin"] = measure_admin(path, asked.version, folder / f"admin-{papers}")
    with server(asked.version, settings) as running:
        child("copy", str(warm), f"{running.uri}?prefix=Warm", process=running.process.pid)
        found["copy"] = child("copy", str(path), running.uri, process=running.process.pid)
        if "queries" in asked.stages:
            found["queries"] = child(
                "queries", str(path), running.uri, str(papers), process=running.process.pid
            )
    return found


def tables(results: list[dict[str, Any]]) -> Iterator[Any]:
    """Return the measurements as tables."""
    load = Table(
        "Loading",
        [("papers", ",d"), ("way", ""), ("seconds", ",.1f"), ("nodes/s", ",.0f"), ("edges/s", ",.0f"),
         ("times", ",.1f"), ("client µs/row", ",.1f"), ("server µs/row", ",.1f"), ("peak MiB", ",.0f")],
        about="times: how many times as fast as a MERGE per row, which was measured on a part and is reckoned up. "
        "µs/row: processor time. The seconds of copy hold the check at its end.",
    )  # fmt: skip
    for result in results:
        copied = result["copy"]
        nodes, edges = copied["nodes"], copied["edges"]
        rows, naive, stages = nodes + edges, result.get("naive"), copied["stages"]
        slow = nodes / naive["nodes"] + edges / naive["edges"] if naive else None
        load.add(
            result["papers"], "copy", copied["seconds"], nodes / stages["nodes"], edges / stages["edges"],
            slow / copied["seconds"] if slow else None, 1e6 * copied["cpu"] / rows,
            1e6 * copied["server cpu"] / rows, copied["peak"],
        )  # fmt: skip
        if naive and slow:
            load.add(
                result["papers"],
                "MERGE per row",
                slow,
                naive["nodes"],
                naive["edges"],
                1.0,
                None,
                None,
                naive["peak"],
            )
        if admin := result.get("admin"):
            seconds = admin["export"] + admin["seconds"]
            load.add(
                result["papers"], "export + neo4j-admin import", seconds, None, edges / seconds,
                slow / seconds if slow else None, 1e6 * admin["cpu"] / rows,
                1e6 * admin["server cpu"] / rows, admin["peak"],
            )  # fmt: skip
    yield load
    if any("queries" in result for result in results):
        asked = Table(
            "Queries, local and on the server",
            [("papers", ",d"), ("query", ""), ("rows", ",d"), ("local ms", ",.2f"), ("server ms", ",.2f"),
             ("server/local", ",.1f"), ("", "")],
            about="Median of milliseconds, warm, through the same Python call.",
        )  # fmt: skip
        for result in results:
            for letter, one in result.get("queries", {}).get("queries", {}).items():
                asked.add(
                    result["papers"], f"{letter} {one['meaning']}", one["rows"], one["local"], one["server"],
                    one["server"] / one["local"], "the same" if one["same"] else "DIFFERENT",
                )  # fmt: skip
        yield asked
    if len(results) > 1:
        first, last = results[0], results[-1]
        times = last["papers"] / first["papers"]
        grows = Table(
            f"How it grows, from {first['papers']:,} to {last['papers']:,} papers ({times:.0f} times)",
            [("what", ""), ("times", ",.1f")],
        )
        for way in ("copy", "admin"):
            if way in first and way in last:
                grows.add(f"{way}: seconds", last[way]["seconds"] / first[way]["seconds"])
        grows.add("copy: peak memory of our process", last["copy"]["peak"] / first["copy"]["peak"])
        for letter, one in last.get("queries", {}).get("queries", {}).items():
            before = first["queries"]["queries"][letter]
            grows.add(f"{letter} local", one["local"] / before["local"])
            grows.add(f"{letter} server", one["server"] / before["server"])
        yield grows


def main() -> int:
    """Measure all sizes and print the tables."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], metavar="PAPERS")
    options.add_argument("--version", default="lts", help="lts, newest or a number")
    options.add_argument("--stages", nargs="*", default=["naive", "admin", "queries"])
    options.add_argument(
        "--naive-rows", type=int, default=NAIVE_ROWS, help="rows of each kind to MERGE one by one"
    )
    options.add_argument("--pagecache", default="512m")
    options.add_argument("--json", type=Path, help="write the measurements there, too")
    options.add_argument("--stage", nargs="+", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.stage:
        stages = {"copy": stage_copy, "naive": stage_naive, "export": stage_export, "queries": stage_queries}
        stages[given.stage[0]](*given.stage[1:])  # type: ignore[operator]
        return 0
    rust = importlib.util.find_spec("neo4j._rust") is not None
    print(f"The driver packs values in {'Rust' if rust else 'Python'}.", file=sys.stderr, flush=True)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            load = os.getloadavg()[0]
            results.append(measure(size, given, Path(folder)) | {"load": load})
            said = (
                f"{size:,} papers; {os.cpu_count()} cores, of which others kept {load:.1f} busy when it began"
            )
            print(said, file=sys.stderr, flush=True)
    print("\n\n".join(table.text() for table in tables(results)))
    if given.json:
        given.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
