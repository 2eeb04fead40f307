"""How fast references are resolved, and whether time grows as the input does: ``python benchmarks/resolution.py``.

For each size a corpus of made-up papers is built into a graph file, 30 references to a paper: half of them mean
papers of the corpus (by arXiv id, DOI, the title in another spelling, or a misspelt, truncated or lengthened
title), half works that nobody has read, which are cited again and again as works are. Nothing is extracted from
text: what is measured is storing the records, telling which are the same paper, resolving their references and
writing the graph. Each size runs in a process of its own. ``CPU s`` is what one core works, whatever else the
machine does; ``growth`` is CPU time a reference, as a multiple of that of the size before.

    python benchmarks/resolution.py --sizes 25000 50000 100000

"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

REFERENCES = 30
_SAMPLE = 20
"""Of so many references the time of one is taken: a look at the clock takes as long as a look-up by identifier."""

_PHRASES = [
    "deep reinforcement learning", "large language models", "convolutional neural networks", "object detection",
    "generative adversarial networks", "graph neural networks", "vision transformers", "speech recognition",
    "machine translation", "image classification", "semantic segmentation", "question answering", "few-shot learning",
]  # fmt: skip
_STARTS = [
    "Towards",
    "Learning",
    "A Survey of",
    "On the",
    "Improving",
    "Rethinking",
    "Efficient",
    "Deep",
    "Robust",
]
_SURNAMES = [
    "Byron",
    "Turing",
    "Hopper",
    "Noether",
    "Gauss",
    "Euler",
    "Curie",
    "Bohr",
    "Fermi",
    "Dirac",
    "Gödel",
]


class Corpus:
    """Made-up papers with references, the same in every run of a size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._random = random.Random(size)
        letters = random.Random(0)
        self._words = [
            "".join(
                letters.choice("bcdfglmnprstv") + letters.choice("aeiou")
                for _ in range(letters.randint(2, 4))
            )
            for _ in range(6000)
        ]
        weights = [1 / (rank + 20) for rank in range(len(self._words))]
        self._picked = iter(())
        self._weights = weights
        self.papers = [self._work(number) for number in range(size)]
        self.others = [self._work(size + number) for number in range(size * 4)]

    def _work(self, number: int) -> tuple[int, str, str, int]:
        """Return number, title, first author and year."""
        rng = random.Random(number)
        words = rng.choices(self._words, self._weights, k=rng.randint(3, 6))
        parts = [" ".join(words).capitalize()]
        if rng.random() < 0.3:
            parts.insert(0, rng.choice(_STARTS))
        if rng.random() < 0.5:
            parts += ["for", rng.choice(_PHRASES)]
        title = " ".join(parts)
        if rng.random() < 0.3:
            title = f"{rng.choice(self._words).capitalize()}Net: {title}"
        surname = f"{rng.choice(_SURNAMES)}{rng.choice(self._words)}"
        return number, title, surname, 2010 + number % 15

    def __iter__(self) -> Iterator[object]:
        from citegraph.graph.records import Author, Paper

        for number, title, surname, year in self.papers:
            yield Paper(
                title,
                arxiv_id=arxiv_id(number),
                doi=f"10.1000/{number}" if number % 3 == 0 else None,
                authors=(Author(f"Ada {surname}"), Author("Alan Kay")),
                year=year,
                references=tuple(self._references()),
            )

    def _references(self) -> Iterator[object]:
        from citegraph.graph.records import Reference

        rng = self._random
        for _ in range(REFERENCES):
            within = rng.random() < 0.5
            works = self.papers if within else self.others
            number, title, surname, year = works[int(len(works) * rng.random() ** 3)]
            authors = (f"A. {surname}",)
            way = rng.random() if within else 0.5
            if way < 0.3:
                yield Reference(title=title, arxiv_id=arxiv_id(number), year=year)
            elif way < 0.4 and number % 3 == 0:
                yield Reference(doi=f"10.1000/{number}", raw=f"{surname}. {title}. {year}.")
            elif way < 0.8:
                yield Reference(
                    title=title.lower(), authors=authors, year=year, raw=f"{surname}. {title}. {year}."
                )
            else:
                yield Reference(title=misspelt(title, rng), authors=authors, year=year)


def arxiv_id(number: int) -> str:
    """Return a made-up arXiv id."""
    return f"{15 + number // 99_999 // 12 % 10}{number // 99_999 % 12 + 1:02}.{number % 99_999 + 1:05}"


def misspelt(title: str, rng: random.Random) -> str:
    """Return a title with a slip of the pen, without its name before the colon, or with a venue behind it."""
    _, colon, rest = title.partition(": ")
    way = rng.random()
    if way < 0.25 and colon:
        return rest
    if way < 0.4:
        return f"{title}. In: Proceedings"
    place = rng.randrange(3, len(title) - 3)
    return (
        title[:place] + title[place + 1 :]
        if way < 0.7
        else f"{title[:place]}{rng.choice('aeinst')}{title[place:]}"
    )


def measure(size: int, path: Path) -> dict[str, float]:
    """Build a corpus into a graph file; return seconds, peak memory and what became of the references."""
    from citegraph import open_graph
    from citegraph.graph.records import Extraction, Reference
    from citegraph.graph.resolution import Found, Resolver
    from citegraph.graph.update import SourceInfo, Update

    corpus = Corpus(size)
    records = list(corpus)
    resolving, asked = 0.0, 0
    prepare, resolve = Resolver.prepare, Resolver.__call__

    def prepared(resolver: Resolver, references: Iterable[Sequence[str]]) -> None:
        nonlocal resolving
        start = time.process_time()
        prepare(resolver, references)
        _ = resolver._titles  # made at first use, which is no reference's own cost
        resolving += time.process_time() - start

    def resolved(resolver: Resolver, reference: Reference, keys: Sequence[str]) -> Found | None:
        nonlocal resolving, asked
        asked += 1
        if asked % _SAMPLE:
            return resolve(resolver, reference, keys)
        start = time.process_time()
        found = resolve(resolver, reference, keys)
        resolving += (time.process_time() - start) * _SAMPLE
        return found

    Resolver.prepare, Resolver.__call__ = prepared, resolved  # type: ignore[method-assign]

    def nothing(texts: Iterable[object]) -> Iterator[Extraction]:
        return (Extraction() for _ in texts)

    with open_graph(path, create=True) as graph:
        start, wall = time.process_time(), time.perf_counter()
        with graph.store.writing():
            update = Update(graph.store)
            update.add(SourceInfo("made-up", "0", "made-up", "2025-01-01T00:00:00+00:00"), records)
            added = time.process_time() - start
            update.apply(nothing)
        seconds, wall = time.process_time() - start, time.perf_counter() - wall
        rules: Counter[str] = Counter()
        for _, _, known in graph.store.graph.edges(data=True):
            if known["type"] == "CITES":
                rules[known.get("found_by", ["stub"])[0].partition(" ")[0]] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": wall, "seconds": seconds, "storing": added, "resolving": resolving, "peak": peak, **rules}


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--sizes", type=int, nargs="+", default=[25_000, 50_000, 100_000])
    arguments.add_argument("--measure", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.sizes[0], Path(asked.measure))))
        return
    print(
        f"{'papers':>8} {'references':>11} {'wall s':>8} {'CPU s':>8} {'storing':>8} {'resolving':>10} {'µs/ref':>8} "
        f"{'growth':>7} {'MiB':>7}"
    )
    last = None
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--sizes", str(size), "--measure", f"{folder}/graph.db"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        told = json.loads(done.stdout)
        each = told["seconds"] / size / REFERENCES
        growth = f"{each / last:.2f}x" if last else ""
        last = each
        print(
            f"{size:8} {size * REFERENCES:11} {told['wall']:8.1f} {told['seconds']:8.1f} {told['storing']:8.1f} "
            f"{told['resolving']:10.1f} "
            f"{each * 1e6:8.1f} {growth:>7} {told['peak']:7.0f}"
        )
        measured = ("wall", "seconds", "storing", "resolving", "peak")
        rules = {key: value for key, value in told.items() if key not in measured}
        print(
            f"         {', '.join(f'{count} {rule}' for rule, count in sorted(rules.items(), key=lambda r: -r[1]))}"
        )


if __name__ == "__main__":
    main()
