"""How fast a graph is built, stage by stage, and what bounds it: ``python benchmarks/build.py [--sizes 169 2649]``.

For each corpus size the script measures reading, extraction and the whole build (abstracts a second, peak memory)
each in a process of its own, and in the same run the peers: a bare Aho-Corasick scan of the same texts with the
same lexicon, which no extractor can beat, and spaCy's PhraseMatcher, if it is installed. Then the start of the
command line, and opening a graph. Sizes beyond the input are reached by repeating papers with changed titles.
Seconds are those of the processor, so that what else the machine does hardly counts; only what several processes do
together is timed by the clock on the wall.

    python benchmarks/build.py papers.jsonl --sizes 169 2649 100000
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "papers.jsonl"


def papers(source: Path) -> list[dict[str, str]]:
    """Read titles and abstracts through citegraph's own loaders."""
    from citegraph.loaders import open_inputs
    from citegraph.loaders.registry import Refusal

    return [
        {"title": paper.title, "abstract": paper.abstract}
        for document in open_inputs([str(source)])
        if not isinstance(document, Refusal)
        for paper in document.papers()
        if not isinstance(paper, Refusal)
    ]


def corpus(source: Path, size: int) -> Iterator[dict[str, str]]:
    """Repeat the papers of the source up to a size, with titles that tell them apart."""
    held = papers(source)
    for number in range(size):
        paper = held[number % len(held)]
        turn = number // len(held)
        yield paper if not turn else {**paper, "title": f"{paper['title']} ({turn} of many)"}


def texts(path: Path) -> list[tuple[str, str]]:
    return [(p["title"], p["abstract"]) for p in map(json.loads, path.open(encoding="utf-8"))]


# --- stages, each run in a process of its own ---------------------------------------------------------------


def stage_read(path: Path) -> Callable[[], int]:
    from citegraph.loaders import open_inputs

    return lambda: sum(1 for document in open_inputs([str(path)]) for _ in document.papers())


def stage_extract(path: Path) -> Callable[[], int]:
    from citegraph.loaders.extract import Extractor

    extractor, held = Extractor(), texts(path)
    extractor.extract("Warm-up: a title", "We propose a warm-up of LLaMA-2-7B on GSM8K.")
    return lambda: sum(1 for title, abstract in held if extractor.extract(title, abstract) is not None)


def stage_scan(path: Path) -> Callable[[], int]:
    import ahocorasick_rs

    from citegraph.loaders.extract import Lexicon

    automaton = ahocorasick_rs.AhoCorasick(
        sorted({surface for entry in Lexicon.load().entries for surface in entry.surfaces if surface}),
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
    )
    held = texts(path)
    return lambda: sum(1 for t, a in held if automaton.find_matches_as_indexes(f"{t}\n{a}") is not None)


def stage_spacy(path: Path) -> Callable[[], int]:
    import spacy
    from spacy.matcher import PhraseMatcher

    from citegraph.loaders.extract import Lexicon

    language = spacy.blank("en")
    matcher = PhraseMatcher(language.vocab)
    surfaces = sorted({surface for entry in Lexicon.load().entries for surface in entry.surfaces if surface})
    matcher.add("lexicon", list(language.pipe(surfaces)))
    held = texts(path)[:20000]
    return lambda: sum(
        1 for document in language.pipe(f"{t}\n{a}" for t, a in held) if matcher(document) is not None
    )


def stage_build(path: Path, jobs: int | None) -> Callable[[], int]:
    from citegraph import open_graph

    target = path.with_suffix(f".{jobs or 'all'}.db")
    target.unlink(missing_ok=True)

    def run() -> int:
        with open_graph(target, create=True) as graph:
            return graph.build([path], jobs=jobs).records

    return run


def stage_open(path: Path) -> Callable[[], int]:
    from citegraph import open_graph

    return lambda: len(open_graph(path.with_suffix(".all.db")))


STAGES: dict[str, Callable[[Path], Callable[[], int]]] = {
    "bare Aho-Corasick scan": stage_scan,
    "spaCy PhraseMatcher": stage_spacy,
    "read": stage_read,
    "extract, one core": stage_extract,
    "build, --jobs 1": lambda path: stage_build(path, 1),
    "build, all cores": lambda path: stage_build(path, None),
    "open the graph": stage_open,
}


BY_MANY = ("build, all cores",)
"""Stages of several processes, timed by the clock on the wall."""


def measure(stage: str, path: Path) -> None:
    """Run one stage and print its count, seconds and peak memory in MiB, as the child of this script."""
    run = STAGES[stage](path)
    gc.collect()
    now = time.perf_counter if stage in BY_MANY else time.process_time
    start = now()
    count = run()
    seconds = now() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([count, seconds, peak / (1 if sys.platform == "linux" else 1024) / 1024]))


def child(stage: str, path: Path) -> tuple[int, float, float] | None:
    done = subprocess.run(
        [sys.executable, __file__, "--stage", stage, str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{stage}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    count, seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return count, seconds, peak


def start_up() -> float:
    """Return the median seconds of ``citegraph --help`` over seven runs."""
    taken = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "citegraph", "--help"], stdout=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - start)
    return sorted(taken)[3]


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("source", type=Path, nargs="?", default=EXAMPLE)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[169, 2649, 20000])
    arguments.add_argument("--stage", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.stage:
        measure(asked.stage, asked.source)
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{asked.source.name}, {cores} cores; `citegraph --help` in {start_up():.3f} s (limit 0.3 s)")
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            path = Path(folder) / f"{size}.jsonl"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(
                    json.dumps(paper, ensure_ascii=False) + "\n" for paper in corpus(asked.source, size)
                )
            print(f"\n{size} papers")
            print(
                f"{'stage':24} {'papers':>8} {'seconds':>9} {'papers/s':>10} {'of the scan':>12} {'peak MiB':>9}"
            )
            bare = None
            for stage in STAGES:
                if (found := child(stage, path)) is None:
                    continue
                count, seconds, peak = found
                rate = (size if stage == "open the graph" else count) / seconds
                bare = bare or rate
                print(f"{stage:24} {count:8} {seconds:9.3f} {rate:10.0f} {bare / rate:11.1f}x {peak:9.0f}")


if __name__ == "__main__":
    main()
