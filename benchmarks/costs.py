"""What extraction costs: every stage and rule in microseconds an abstract, and abstracts a second beside the peers.

All is processor time, so that what else the machine does hardly counts.

The stages are not listed anywhere: every function and method of ``citegraph.loaders.extract`` that runs at most a few
times an abstract is wrapped with a clock while the texts are read, so that a rule written tomorrow is in the table.
"""

from __future__ import annotations

import functools
import inspect
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from table import Table

PACKAGE = "citegraph.loaders.extract"
BUILD = Path(__file__).resolve().with_name("build.py")
STAGES = ("bare Aho-Corasick scan", "spaCy PhraseMatcher", "extract, one core", "build, --jobs 1")
RARE = 8
"""A function that runs more often than this an abstract is left alone: the clock would cost more than it."""

Texts = Sequence[tuple[str, str]]


# --- stage by stage ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Cost:
    """Seconds inside a function, with (``whole``) and without (``own``) the timed functions it calls.

    ``stage`` tells that the extractor itself calls it.
    """

    calls: int = 0
    whole: float = 0.0
    own: float = 0.0
    stage: bool = False


@dataclass(slots=True)
class Clock:
    """Times nested calls, and takes off what the clock itself costs: ``within`` a call, and ``around`` it."""

    within: float = 0.0
    around: float = 0.0
    costs: dict[str, Cost] = field(default_factory=dict)
    _below: list[float] = field(default_factory=list)
    _clocks: list[float] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock around it; a generator is timed while it works."""
        cost = self.costs.setdefault(name, Cost())
        below, clocks, names, now = self._below, self._clocks, self._names, time.process_time
        within, around = self.within, self.around

        def enter() -> float:
            cost.calls += 1
            cost.stage = cost.stage or bool(names and ".Extractor." in names[-1])
            below.append(0.0)
            clocks.append(0.0)
            names.append(name)
            return now()

        def leave(start: float) -> None:
            taken = now() - start - within
            inside, clock = below.pop(), clocks.pop()
            names.pop()
            cost.own += taken - inside
            if name not in names:  # of a recursive function only the outermost call
                cost.whole += taken - clock
            if below:
                below[-1] += taken + within + around
                clocks[-1] += clock + within + around

        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def stepped(*values: Any, **named: Any) -> Iterator[Any]:
                items = function(*values, **named)
                while True:
                    start = enter()
                    try:
                        item = next(items)
                    except StopIteration:
                        return
                    finally:
                        leave(start)
                    yield item

            return stepped

        @functools.wraps(function)
        def timed(*values: Any, **named: Any) -> Any:
            start = enter()
            try:
                return function(*values, **named)
            finally:
                leave(start)

        return timed


def calibrated(calls: int = 20_000) -> Clock:
    """Return a clock that knows what it costs."""
    clock = Clock()
    nothing = clock.wrap("nothing", lambda: None)
    start = time.process_time()
    for _ in range(calls):
        nothing()
    taken = time.process_time() - start
    within = clock.costs["nothing"].whole
    return Clock(within / calls, (taken - within) / calls)


def _modules() -> list[ModuleType]:
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name == PACKAGE or name.startswith(f"{PACKAGE}.")
    ]


def _functions() -> dict[str, tuple[FunctionType, list[tuple[Any, str, Any]]]]:
    """Return all functions of the package by name, each with the places that hold it and what stands there."""
    found: dict[str, tuple[FunctionType, list[tuple[Any, str, Any]]]] = {}
    for module in _modules():
        for key, value in list(vars(module).items()):
            if isinstance(value, FunctionType) and value.__module__.startswith(PACKAGE):
                found.setdefault(_name(value), (value, []))[1].append((module, key, value))
            elif inspect.isclass(value) and value.__module__ == module.__name__:
                for name, member in list(vars(value).items()):
                    bare = member.__func__ if isinstance(member, staticmethod) else member
                    if not isinstance(bare, FunctionType) or bare.__module__ != module.__name__:
                        continue
                    if not name.startswith("__") or name == "__init__":
                        found.setdefault(_name(bare), (bare, []))[1].append((value, name, member))
    return found


def _name(function: FunctionType) -> str:
    return f"{function.__module__.removeprefix(PACKAGE).lstrip('.')}.{function.__qualname__}"


@contextmanager
def _replaced(names: set[str], wrap: Callable[[str, FunctionType], Callable[..., Any]]) -> Iterator[None]:
    """Replace functions wherever the package holds them, and put them back."""
    places = []
    try:
        for name, (function, held) in _functions().items():
            if name in names:
                wrapped = wrap(name, function)
                for owner, key, before in held:
                    setattr(
                        owner, key, staticmethod(wrapped) if isinstance(before, staticmethod) else wrapped
                    )
                    places.append((owner, key, before))
        yield
    finally:
        for owner, key, before in places:
            setattr(owner, key, before)


def stage_costs(texts: Texts, turns: int = 3) -> tuple[dict[str, Cost], float]:
    """Time every stage and rule on texts.

    Returns
    -------
    costs
        By function; seconds an abstract, the best of some turns.
    plain
        Seconds an abstract without any clock, to tell what the clocks themselves take.
    """
    from citegraph.loaders.extract import Extractor

    extractor = Extractor()

    def read(some: Texts) -> float:
        start = time.process_time()
        for title, abstract in some:
            extractor.extract(title, abstract)
        return time.process_time() - start

    read(texts[:50])
    calls = Counter[str]()

    def counted(name: str, function: FunctionType) -> Callable[..., Any]:
        def counting(*values: Any, **named: Any) -> Any:
            calls[name] += 1
            return function(*values, **named)

        return counting

    sample = texts[:100]
    with _replaced(set(_functions()), counted):
        read(sample)
    rare = {name for name, times in calls.items() if times <= RARE * len(sample)}
    best: dict[str, Cost] = {}
    plain = float("inf")
    for _ in range(turns):
        plain = min(plain, read(texts))
        clock = calibrated()
        with _replaced(rare, clock.wrap):
            read(texts)
        for name, cost in clock.costs.items():
            if cost.calls and (name not in best or cost.whole < best[name].whole):
                best[name] = cost
    for cost in best.values():
        cost.whole /= len(texts)
        cost.own /= len(texts)
    return best, plain / len(texts)


# --- beside the peers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speed:
    """The median of some runs of one stage on one corpus."""

    stage: str
    papers: int
    rate: float
    peak: float


def speeds(texts: Texts, sizes: Sequence[int], turns: int = 3) -> list[Speed]:
    """Measure extraction and its peers, in turns and each in a process of its own, on corpora of several sizes.

    Sizes beyond the texts are reached by repeating papers with changed titles. Peers that are not installed are
    left out.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.jsonl"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(
                    json.dumps(paper, ensure_ascii=False) + "\n" for paper in _repeated(texts, size)
                )
            runs: dict[str, list[tuple[float, float]]] = {}
            for _ in range(turns):
                for stage in STAGES:
                    run = _run(stage, path)
                    if run is not None:
                        runs.setdefault(stage, []).append(run)
            for stage, measured in runs.items():
                rate = statistics.median(rate for rate, _ in measured)
                found.append(Speed(stage, size, rate, max(peak for _, peak in measured)))
    return found


def _repeated(texts: Texts, size: int) -> Iterator[dict[str, str]]:
    turns = -(-size // len(texts))
    repeated = (
        {"title": f"{title} ({turn} of many)" if turn else title, "abstract": abstract}
        for turn in range(turns)
        for title, abstract in texts
    )
    return islice(repeated, size)


def _run(stage: str, path: Path) -> tuple[float, float] | None:
    """Run a stage of ``build.py`` and return papers a second and peak memory in MiB."""
    command = [sys.executable, str(BUILD), "--stage", stage, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{stage}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}", file=sys.stderr)
        return None
    count, seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return count / seconds, peak


# --- as tables ---------------------------------------------------------------------------------------------

_AT_MOST = 1000
"""Texts that stages are timed on."""


def cost_tables(texts: Texts) -> list[Table]:
    """Tabulate what stages and rules cost, the slowest first."""
    costs, plain = stage_costs(texts[:_AT_MOST])
    clocked = max(cost.whole for cost in costs.values())
    numbers = [("calls", ".1f"), ("µs", ",.1f"), ("of it itself", ",.1f"), ("share", ".1%")]
    stages = Table(
        "Stages, the slowest first",
        [("stage", ""), *numbers],
        about=f"Per abstract, over {min(_AT_MOST, len(texts))} abstracts: {plain * 1e6:.0f} µs of processor time "
        f"without and {clocked * 1e6:.0f} µs with clocks around the functions, what those cost in a loop taken off.",
    )
    inner = Table("Rules, the slowest first", [("function", ""), *numbers], about="By the time in itself.")
    calls = min(_AT_MOST, len(texts))
    ordered = sorted(costs.items(), key=lambda item: -item[1].whole)
    for name, cost in ordered:
        if cost.stage:
            stages.add(name, cost.calls / calls, cost.whole * 1e6, cost.own * 1e6, cost.whole / clocked)
    for name, cost in sorted(costs.items(), key=lambda item: -item[1].own)[:25]:
        inner.add(name, cost.calls / calls, cost.whole * 1e6, cost.own * 1e6, cost.own / clocked)
    return [stages, inner]


def speed_table(texts: Texts, sizes: Sequence[int]) -> Table:
    """Tabulate abstracts a second for growing corpora, beside the peers."""
    table = Table(
        "Abstracts a second",
        [("stage", ""), ("abstracts", ","), ("a second", ",.0f"), ("times the scan", ".1f"), ("peak MiB", ",.0f")],
        about="A second of processor time of one core, the median of three runs, each in a process of its own, "
        "measured in turns with the peers: a bare Aho-Corasick scan with the same names, which no extractor can "
        "beat, and spaCy's PhraseMatcher.",
    )  # fmt: skip
    measured = speeds(texts, sizes)
    for size in sizes:
        here = [speed for speed in measured if speed.papers == size]
        for speed in here:
            table.add(speed.stage, size, speed.rate, here[0].rate / speed.rate, speed.peak)
    return table
