"""Ask both engines random questions: ``python -m cypher_oracle.run 20000`` with ``tests`` on the path."""

from __future__ import annotations

import argparse
import re
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from .compare import Answer, differ
from .graphs import Graph, graphs
from .queries import Query, queries

DIFFERENCES = Path(__file__).with_name("differences.toml")
ROUND = 500
"""Examples drawn in a row: hypothesis varies what it has drawn, and a new round starts afresh."""


@dataclass(frozen=True)
class Explanation:
    """A kind of difference that is understood."""

    name: str
    query: re.Pattern[str]
    theirs: re.Pattern[str]

    def fits(self, query: str, theirs: str) -> bool:
        """Tell whether it explains a difference."""
        return bool(self.query.search(query) and self.theirs.search(theirs))


def read_explanations(path: Path = DIFFERENCES) -> list[Explanation]:
    """Return the listed explanations; each must say why."""
    with path.open("rb") as file:
        listed = tomllib.load(file)
    for name, entry in listed.items():
        if not entry.get("why", "").strip() or not set(entry) <= {"query", "theirs", "why"}:
            raise ValueError(f"{path}: {name} needs query and why, and may have theirs")
    return [
        Explanation(
            name, re.compile(entry["query"], re.DOTALL), re.compile(entry.get("theirs", ""), re.DOTALL)
        )
        for name, entry in listed.items()
    ]


@dataclass
class Tally:
    """What became of the questions."""

    asked: int = 0
    refused: int = 0
    skipped: int = 0
    rows: int = 0
    texts: set[int] = field(default_factory=set)
    explained: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        lines = [
            f"{self.asked} questions ({len(self.texts)} different queries), {self.rows} rows; "
            f"{self.refused} refused by both; {self.skipped} skipped as too large"
        ]
        lines += [f"{count:6}  explained: {name}" for name, count in self.explained.most_common()]
        return "\n".join(lines)


def ask_ours(graph: Graph, query: str) -> Answer | None:
    """Return what the engine of this project answers, None where it would be too much to compare."""
    from citegraph.queries.cypher import CypherError, LimitError, execute

    try:
        return Answer(execute(graph.to_networkx(), query, timeout=2, max_cells=300_000).rows)
    except LimitError:
        return None
    except CypherError as error:
        return Answer(refusal=f"{error.detail}: {error.reason}")
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Answer(
            refusal=f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})",
            crashed=True,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and return 0 if every difference is explained."""
    parser = argparse.ArgumentParser(prog="oracle", description="Compare random queries with another engine.")
    parser.add_argument("count", nargs="?", type=int, default=20000, help="questions")
    parser.add_argument("--seed", type=int, default=0, help="where to start")
    parser.add_argument("--most", type=int, default=1, help="differences to show before stopping")
    options = parser.parse_args(arguments)
    from .arcade import Arcade

    explanations, tally = read_explanations(), Tally()
    start, found = time.perf_counter(), 0
    with Arcade() as other:

        def question(graph: Graph, query: Query) -> None:
            tally.asked += 1
            tally.texts.add(hash(query.text))
            ours = ask_ours(graph, query.text)
            if ours is None:
                tally.skipped += 1
                return
            theirs = other.ask(graph, query.text)
            if not differ(query, ours, theirs):
                tally.refused += ours.refusal is not None
                tally.rows += len(ours.rows)
                return
            if not ours.crashed and not differ(query, ours, other.ask(graph, query.text)):
                tally.explained["the other engine answered otherwise when asked again"] += 1
                return
            told = theirs.text(query.open_lists)
            for explanation in explanations if not ours.crashed else ():
                if explanation.fits(query.text, told):
                    tally.explained[explanation.name] += 1
                    return
            raise AssertionError(
                f"\n{graph.to_cypher() or '(an empty graph)'}\n\n{query.text}\n\n"
                f"ours:\n{ours.text(query.open_lists)}\n\nthe other engine's:\n{told}"
            )

        for number in range(options.seed, options.seed + 10**9):
            if tally.asked >= options.count or found >= options.most:
                break
            before = deepcopy(tally)
            try:
                _round(question, number, min(ROUND, options.count - tally.asked))
            except AssertionError as difference:
                found, tally = found + 1, before  # the search for the smallest example counts for nothing
                tally.asked += 1
                print(f"=== difference {found} (round {number})", difference, sep="\n", end="\n\n")
    print(tally)
    print(f"{found} differences without explanation, {time.perf_counter() - start:.0f} s")
    return 1 if found else 0


def _round(question, number: int, count: int) -> None:  # type: ignore[no-untyped-def]
    options = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    seed(number)(options(given(graphs(), queries())(question)))()


if __name__ == "__main__":
    raise SystemExit(main())
