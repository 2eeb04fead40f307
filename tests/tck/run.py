"""Run the whole kit and print what passes: ``python -m tck.run PATH`` with ``tests`` on the path, or ``make tck``."""

from __future__ import annotations

import argparse
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from multiprocessing import Pool, cpu_count
from pathlib import Path

from .features import Scenario, read_kit
from .scenario import Outcome, run_scenario

MISSES = Path(__file__).with_name("misses.toml")


def read_misses(path: Path = MISSES) -> dict[str, str]:
    """Return the scenarios that are known to fail, each with its reason."""
    with path.open("rb") as file:
        return tomllib.load(file)


def graphs_of(kit: Path) -> Path:
    """Return the folder of the named graphs, which lies beside ``features``."""
    return next((folder for folder in (kit / "graphs", kit.parent / "graphs") if folder.is_dir()), kit)


def try_scenario(scenario: Scenario, graphs: Path) -> Outcome:
    """Run one scenario against the engine of this project."""
    from citegraph.queries.cypher import execute
    from citegraph.queries.cypher.procedures import Procedure

    return run_scenario(scenario, execute, Procedure, graphs)


def run_all(scenarios: Sequence[Scenario], graphs: Path, jobs: int) -> list[Outcome]:
    """Run scenarios in some processes, in order."""
    work = partial(try_scenario, graphs=graphs)
    if jobs <= 1 or len(scenarios) < 50:
        return [work(scenario) for scenario in scenarios]
    with Pool(jobs) as pool:
        return pool.map(work, scenarios, chunksize=25)


def surprises(outcomes: Iterable[Outcome], misses: Mapping[str, str]) -> tuple[list[Outcome], list[Outcome]]:
    """Return the failures that are not listed, and the passes that are listed as failures."""
    failures, passes = [], []
    for outcome in outcomes:
        if outcome.passed and outcome.id in misses:
            passes.append(outcome)
        elif not outcome.passed and outcome.id not in misses:
            failures.append(outcome)
    return failures, passes


def report(outcomes: Sequence[Outcome]) -> str:
    """Return a table: passed and total by family, and overall."""
    families: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        families[outcome.family].append(outcome)
    width = max(map(len, families), default=6)
    lines = [_line(family, found, width) for family, found in sorted(families.items())]
    return "\n".join([*lines, _line("all", outcomes, width)])


def _line(name: str, outcomes: Sequence[Outcome], width: int) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    share = 100 * passed / len(outcomes) if outcomes else 100
    # Rounded down: what is not whole never reads 100 %.
    return f"{name:{width}}  {passed:5}/{len(outcomes):<5} {int(share * 10) / 10:5.1f} %"


def causes(outcomes: Iterable[Outcome]) -> str:
    """Return the causes of failures, the commonest first, each with a few scenarios."""
    found: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.passed:
            found[outcome.cause].append(outcome.id)
    return "\n".join(
        f"{len(ids):5}  {cause}  ({', '.join(ids[:4])}{', …' if len(ids) > 4 else ''})"
        for cause, ids in sorted(found.items(), key=lambda item: -len(item[1]))
    )


def details(outcome: Outcome) -> str:
    """Return a failure as text."""
    parts = [f"--- {outcome.id}  {outcome.place}: {outcome.cause}", outcome.query]
    parts += [
        f"{title}:\n{text}" for title, text in (("expected", outcome.expected), ("got", outcome.got)) if text
    ]
    return "\n".join(parts)


def chosen(scenarios: Iterable[Scenario], family: str | None, scenario: str | None) -> list[Scenario]:
    """Return the scenarios asked for; by a part of the folder, and by an id, its start, or a glob."""
    return [
        candidate
        for candidate in scenarios
        if (not family or family.lower() in candidate.family.lower())
        and (not scenario or _fits(candidate.id, scenario))
    ]


def _fits(identity: str, pattern: str) -> bool:
    if "*" in pattern or "?" in pattern:
        return fnmatchcase(identity, re.sub(r"\[(?=\d)", "[[]", pattern))
    return (
        identity == pattern
        or re.split(r"[\[:]", identity)[0] == pattern
        or identity.startswith(pattern + ":")
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and return 0 if nothing surprising happened."""
    parser = argparse.ArgumentParser(prog="tck", description="Run the openCypher conformance kit.")
    parser.add_argument("kit", nargs="?", type=Path, default=Path("../shared/tck"), help="folder of the kit")
    parser.add_argument("--family", help="only families with this in their folder, such as 'match'")
    parser.add_argument("--scenario", help="only this scenario ('List1[2]', 'List1', 'List*')")
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="show the first N failures in full"
    )
    parser.add_argument("--causes", action="store_true", help="show the failures by cause")
    parser.add_argument(
        "--unlisted", action="store_true", help="of failures, show those only that are not listed"
    )
    parser.add_argument("--jobs", type=int, default=cpu_count(), help="processes")
    options = parser.parse_args(arguments)
    scenarios = chosen(read_kit(options.kit), options.family, options.scenario)
    if not scenarios:
        print(f"There is no such scenario under {options.kit}; give the folder of the kit.", file=sys.stderr)
        return 2
    start = time.perf_counter()
    outcomes = run_all(scenarios, graphs_of(options.kit), options.jobs)
    seconds = time.perf_counter() - start
    failures, passes = surprises(outcomes, misses := read_misses())
    shown = failures if options.unlisted else [outcome for outcome in outcomes if not outcome.passed]
    for outcome in shown[: options.errors]:
        print(details(outcome), end="\n\n")
    if options.causes:
        print(causes(shown), end="\n\n")
    print(report(outcomes))
    print(f"{len(scenarios)} scenarios in {seconds:.1f} s; {len(misses)} misses are listed in {MISSES.name}")
    for outcome in passes:
        print(f"{outcome.id} passes but is listed as a miss; take it off {MISSES.name}.")
    if failures:
        kinds = Counter(outcome.family for outcome in failures)
        print(
            f"{len(failures)} failures are not listed: "
            + ", ".join(f"{k} {n}" for k, n in kinds.most_common())
        )
    return 1 if failures or passes else 0


if __name__ == "__main__":
    raise SystemExit(main())
