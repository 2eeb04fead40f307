"""Run one scenario: build its graph, run its queries, and say what was not as expected."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import networkx as nx

from .canonical import Canonical, canonical, shown
from .effects import Snapshot
from .expected import parse
from .features import Scenario, Step, Table

SECONDS = 5.0
"""How long a scenario may take."""

_ERROR = re.compile(r"an? (\w+) should be raised at (.+?): (\S+)")
_PROCEDURE = re.compile(
    r"there exists a procedure (?P<name>[\w.]+)\((?P<inputs>.*?)\) *:: *\((?P<outputs>.*?)\) *:"
)
_FIELD = re.compile(r"(\w+)\s*::\s*([^,]+)")
_GRAPH = re.compile(r"the (\S+) graph")


class Answer(Protocol):
    """What an engine returns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Engine(Protocol):
    """What can be put to the test; ``citegraph.queries.cypher.execute`` is one."""

    def __call__(
        self,
        graph: nx.MultiDiGraph[Any],
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        procedures: Mapping[str, Any] | None = None,
    ) -> Answer: ...


class MakeProcedure(Protocol):
    """How a procedure is declared to the engine."""

    def __call__(
        self,
        name: str,
        inputs: Sequence[tuple[str, str]],
        outputs: Sequence[tuple[str, str]],
        rows: Sequence[Sequence[Any]],
    ) -> Any: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scenario; ``cause`` is empty where all was as expected.

    ``cause`` groups failures of one kind; ``query``, ``expected`` and ``got`` show the step that failed.
    """

    id: str
    family: str
    place: str
    cause: str = ""
    query: str = ""
    expected: str = ""
    got: str = ""

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.cause


class _Failed(Exception):  # noqa: N818 -- not an error of the runner
    def __init__(self, cause: str, expected: str = "", got: str = "") -> None:
        self.cause, self.expected, self.got = cause, expected, got
        super().__init__(cause)


class _TooSlow(BaseException):
    """Time is up; not an Exception, so that no engine swallows it."""


@dataclass
class Run:
    """A scenario under way."""

    engine: Engine
    make_procedure: MakeProcedure | None
    graphs: Path | None
    graph: nx.MultiDiGraph[Any] = field(default_factory=nx.MultiDiGraph)
    parameters: dict[str, Any] = field(default_factory=dict)
    procedures: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    answer: Answer | None = None
    error: Exception | None = None
    before: Snapshot | None = None

    def step(self, step: Step) -> None:
        """Take one step."""
        text = step.text
        if text in ("any graph", "an empty graph"):
            self.graph = nx.MultiDiGraph()
        elif found := _GRAPH.fullmatch(text):
            self.named_graph(found[1])
        elif text == "having executed:":
            self.prepare(step.block)
        elif text == "parameters are:":
            self.parameters = {name: parse(value) for name, value in step.table}
        elif found := _PROCEDURE.fullmatch(text):
            self.procedure(found, step.table)
        elif text in ("executing query:", "executing control query:"):
            self.execute(step.block)
        elif found := _ERROR.fullmatch(text):
            self.expect_error(*found.groups())
        elif text == "no side effects":
            self.expect_effects({})
        elif text == "the side effects should be:":
            self.expect_effects({name: int(count) for name, count in step.table if int(count)})
        elif text == "the result should be empty":
            self.expect_rows((), ordered=False)
        elif text.startswith("the result should be"):
            unordered_lists = "ignoring element order" in text
            self.expect_rows(step.table, ordered="in order" in text, ignore_list_order=unordered_lists)
        else:
            raise _Failed("unknown step", expected=text)

    def named_graph(self, name: str) -> None:
        self.graph = nx.MultiDiGraph()
        if self.graphs is None:
            raise _Failed("no folder of named graphs", expected=name)
        for statement in graph_script(self.graphs, name):
            self.prepare(statement)

    def procedure(self, found: re.Match[str], table: Table) -> None:
        if self.make_procedure is None:
            raise _Failed("no procedures")
        inputs, outputs = (_FIELD.findall(found[part]) for part in ("inputs", "outputs"))
        rows = [[parse(cell) for cell in row] for row in table[1:]]
        fields = (
            [(name, kind.strip()) for name, kind in inputs],
            [(name, kind.strip()) for name, kind in outputs],
        )
        self.procedures[found["name"]] = self.make_procedure(found["name"], *fields, rows)

    def prepare(self, query: str) -> None:
        """Run a query that sets the scene."""
        self.query = query
        try:
            self.engine(self.graph, query, dict(self.parameters), write=True)
        except Exception as error:
            raise _Failed(f"setup: {_cause(error)}", got=_told(error)) from error

    def execute(self, query: str) -> None:
        self.query, self.answer, self.error = query, None, None
        self.before = Snapshot.of(self.graph)
        try:
            self.answer = self.engine(
                self.graph, query, dict(self.parameters), write=True, procedures=self.procedures
            )
        except Exception as error:
            self.error = error

    def expect_error(self, kind: str, phase: str, detail: str) -> None:
        wanted = f"{kind} at {phase}: {detail}"
        if self.error is None:
            assert self.answer is not None
            raise _Failed(
                f"no {kind} {detail}", wanted, _table(self.answer.columns, _forms(self.answer.rows))
            )
        error = self.error
        got = (getattr(error, "kind", None), getattr(error, "phase", None), getattr(error, "detail", None))
        fits = (
            got[0] == kind
            and (phase == "any time" or got[1] == phase)
            and (detail == "*" or got[2] == detail)
        )
        if not fits:
            raise _Failed(f"{_cause(error)} instead of {wanted}", wanted, _told(error))
        self.expect_effects({})  # what fails changes nothing

    def expect_rows(self, table: Table, ordered: bool, ignore_list_order: bool = False) -> None:
        columns = list(table[0]) if table else []
        wanted = [tuple(canonical(parse(cell), ignore_list_order) for cell in row) for row in table[1:]]
        shown_wanted = _table(columns, wanted)
        if self.error is not None:
            raise _Failed(_cause(self.error), shown_wanted, _told(self.error)) from self.error
        assert self.answer is not None
        got = _forms(self.answer.rows, ignore_list_order)
        shown_got = _table(self.answer.columns, got)
        if list(self.answer.columns) != columns:
            raise _Failed("other columns", shown_wanted, shown_got)
        if Counter(got) != Counter(wanted):
            raise _Failed("other rows", shown_wanted, shown_got)
        if ordered and got != wanted:
            raise _Failed("other order", shown_wanted, shown_got)

    def expect_effects(self, wanted: dict[str, int]) -> None:
        assert self.before is not None
        got = self.before.effects(Snapshot.of(self.graph))
        if got != wanted:
            raise _Failed("other side effects", _effects(wanted), _effects(got))


def run_scenario(
    scenario: Scenario,
    engine: Engine,
    make_procedure: MakeProcedure | None = None,
    graphs: Path | None = None,
    seconds: float = SECONDS,
) -> Outcome:
    """Run a scenario against an engine and say what became of it; ``graphs`` holds the kit's named graphs."""
    run = Run(engine, make_procedure, graphs)
    place = (scenario.id, scenario.family, scenario.place)
    try:
        with _limit(seconds):
            for step in scenario.steps:
                run.step(step)
    except _Failed as failed:
        return Outcome(*place, failed.cause, run.query, failed.expected, failed.got)
    except _TooSlow:
        return Outcome(*place, "too slow", run.query, f"an answer within {seconds:g} s")
    return Outcome(*place)


@cache
def graph_script(graphs: Path, name: str) -> tuple[str, ...]:
    """Return the statements that build a named graph."""
    script = graphs / name / f"{name}.cypher"
    lines = [
        line for line in script.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("//")
    ]
    return tuple(statement for statement in "\n".join(lines).split(";") if statement.strip())


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Stop what runs inside after some time, where the system has timers."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    previous: Callable[[int, FrameType | None], Any] | int | None = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _forms(rows: Sequence[Sequence[Any]], ignore_list_order: bool = False) -> list[tuple[Canonical, ...]]:
    return [tuple(canonical(value, ignore_list_order) for value in row) for row in rows]


def _cause(error: Exception) -> str:
    """Say in a few words what kind of error it was."""
    if hasattr(error, "detail"):
        return f"{error.kind} at {error.phase}: {error.detail}"  # type: ignore[attr-defined]
    return f"crash: {type(error).__name__}: {error}"


def _told(error: Exception) -> str:
    """Return the message, and of a crash where it happened."""
    if hasattr(error, "detail"):
        return f"{_cause(error)}\n{error}"
    where, trace = "", error.__traceback__
    while trace is not None:
        where = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return _cause(error) + where


def _table(columns: Sequence[str], rows: Sequence[tuple[Canonical, ...]], most: int = 30) -> str:
    lines = [f"| {' | '.join(columns)} |"] if columns else ["(no columns)"]
    lines += [f"| {' | '.join(map(shown, row))} |" for row in rows[:most]]
    if len(rows) > most:
        lines.append(f"… {len(rows) - most} more rows")
    return "\n".join(lines)


def _effects(effects: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(effects.items())) or "no side effects"
