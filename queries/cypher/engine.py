"""From a query text to its rows: parse, check, plan, run, and commit what was written or nothing of it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from . import clock
from . import syntax as s
from .analysis import Analysis, analyse, warnings
from .batch import Batch, Ints
from .errors import CypherError, CypherRuntimeError, LimitError, WriteRefusedError
from .evaluate import Compiled, Context, Mask
from .layout import Layout, layout_of
from .operators.base import Argument, Operator, Runtime, one_row, row_numbers, tree, with_row_numbers
from .parser import parse
from .plain import plain
from .planner import ClausePlanner, Names, plan_match
from .planner.demand import names_in
from .procedures import Procedure
from .result import Result, Summary
from .values import Node, Path, Relationship

PATH = "  path"
_TEXTS = 512
"""How many texts are remembered with their trees, and how many plans for each graph."""


class _Memory(OrderedDict[Any, Any]):
    """Remembers the last few."""

    def recall(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what is remembered under a key, or make it and remember it."""
        try:
            self.move_to_end(key)
            return self[key]
        except KeyError:
            made = self[key] = make()
            if len(self) > _TEXTS:
                self.popitem(last=False)
            return made


@dataclass(slots=True)
class _Prepared:
    """A plan, and what is worked out when it first runs."""

    plan: Operator
    columns: tuple[str, ...] | None
    names: Names
    warnings: tuple[str, ...]
    plans: dict[tuple[int, frozenset[str]], Any] = field(default_factory=dict)
    programs: dict[int, tuple[s.Expression, Compiled]] = field(default_factory=dict)
    masks: dict[int, tuple[s.Expression, Mask]] = field(default_factory=dict)


_texts = _Memory()
_plans: WeakKeyDictionary[Layout, _Memory] = WeakKeyDictionary()


def execute(
    graph: Any,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    write: bool = False,
    timeout: float | None = None,
    max_rows: int | None = None,
    max_cells: int | None = 200_000_000,
    procedures: Mapping[str, Procedure] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Result:
    """Run a Cypher query.

    Parameters
    ----------
    graph
        A local citegraph store, or any NetworkX graph: node attribute ``labels`` (a string or a collection) and
        edge attribute ``type`` carry labels and relationship type, every other attribute is a property.
    query
        openCypher 9, and what people use of Neo4j's Cypher beyond it.
    parameters
        Values of ``$name``.
    write
        Let the query change the graph; all of it happens or nothing.
    timeout
        Seconds after which the query is stopped.
    max_rows
        How many rows it may return.
    max_cells
        How many values it may hold in memory at a time.
    procedures
        Procedures beside the built-in ones, by name.
    stopped
        Asked now and then; the query stops when it says so.

    Raises
    ------
    CypherError
        The query is wrong, with line, column and the piece; or it failed while it ran.
    WriteRefusedError
        The query writes and ``write`` was not given.
    LimitError
        It went over a limit or was stopped.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_node(1, labels="Paper", title="LoRA")
    >>> execute(graph, "MATCH (p:Paper) RETURN p.title AS title").rows
    [['LoRA']]
    """
    start = time.perf_counter()
    given = {name: plain(value) for name, value in (parameters or {}).items()}
    read = _texts.recall((query, frozenset(given)), lambda: _read(query, given)) if not procedures else None
    statement, analysis = read or _read(query, given, procedures)
    if analysis.writes and not write:
        raise WriteRefusedError("The query would change the graph; allow it with write=True (--write).").at(
            query
        )
    layout = layout_of(graph)
    for name, value in given.items():
        _refuse_strangers(name, value, layout)
    try:
        return _run(
            layout,
            query,
            statement,
            analysis,
            given,
            start,
            timeout,
            max_rows,
            max_cells,
            procedures,
            stopped,
        )
    except CypherError as error:
        raise error.at(query) if error.text is None else error from None
    except RecursionError:
        raise CypherError("The query is nested too deeply.").at(query) from None
    except MemoryError:
        raise LimitError("The query needs more memory than there is.") from None


def _refuse_strangers(name: str, value: Any, layout: Layout) -> None:
    """Refuse nodes and relationships that are numbered in another graph, or in this one before it changed."""
    if isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) is not str:
                _refuse_strangers(name, item, layout)
    ends = value.nodes if isinstance(value, Path) else (value,)
    for entity in ends:
        if isinstance(entity, (Node, Relationship)) and entity.layout is not layout:
            raise CypherRuntimeError(
                f"The parameter ${name} holds an entity of another graph, or of this one before it was changed; "
                "give a property to find it by.",
                detail="InvalidArgumentValue",
            )


def _read(
    query: str, parameters: Mapping[str, Any], procedures: Mapping[str, Procedure] | None = None
) -> tuple[s.Statement, Analysis]:
    statement = parse(query)
    return statement, analyse(statement, query, frozenset(parameters), procedures)


@clock.statement()
def _run(
    layout: Layout, query: str, statement: s.Statement, analysis: Analysis, parameters: Mapping[str, Any],
    start: float, timeout: float | None, max_rows: int | None, max_cells: int | None,
    procedures: Mapping[str, Procedure] | None, stopped: Callable[[], bool] | None,
) -> Result:  # fmt: skip
    def make() -> _Prepared:
        names = Names()
        planner = ClausePlanner(layout, parameters, procedures or {}, names, writes=analysis.writes)
        plan, columns = planner.query(statement.query)
        return _Prepared(plan, columns, names, tuple(warnings(statement, layout)))

    kept = None if procedures or analysis.writes else _plans.setdefault(layout, _Memory())
    prepared = make() if kept is None else kept.recall(query, make)
    plan, columns, noticed = prepared.plan, prepared.columns, prepared.warnings
    if statement.mode == "explain":
        summary = Summary(time.perf_counter() - start, plan=plan_text(plan), warnings=noticed)
        return Result(list(columns or ()), [], summary)
    runtime = _runtime(layout, parameters, prepared, procedures or {})
    runtime.deadline = time.monotonic() + timeout if timeout is not None else None
    runtime.most_cells, runtime.stopped, runtime.writes = max_cells, stopped, analysis.writes
    runtime.profile = {} if statement.mode == "profile" else None
    if not analysis.writes:
        rows = _rows(plan, columns, runtime, max_rows)
        counters: Mapping[str, int] = {}
    else:
        try:
            rows = _rows(plan, columns, runtime, max_rows)
            counters = layout.changes.counters()
            layout.commit()
        except BaseException:
            layout.rollback()
            raise
        _plans.pop(layout, None)
    text = plan_text(plan, runtime.profile) if runtime.profile is not None else None
    return Result(list(columns or ()), rows, Summary(time.perf_counter() - start, counters, text, noticed))


def _rows(
    plan: Operator, columns: tuple[str, ...] | None, runtime: Runtime, max_rows: int | None
) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for batch in plan.batches(runtime, one_row()):
        if columns is None:
            continue
        runtime.hold(batch)
        rows.extend(map(list, zip(*(batch.columns[name].to_list() for name in columns), strict=True)))
        if max_rows is not None and len(rows) > max_rows:
            reason = f"The query returns more than {max_rows:,} rows; add LIMIT, or raise the limit."
            raise LimitError(reason, "rows")
    return rows


def _runtime(
    layout: Layout, parameters: Mapping[str, Any], prepared: _Prepared, procedures: Mapping[str, Procedure]
) -> Runtime:
    """Return a runtime whose expressions can run patterns and subqueries."""

    def run(piece: Any, batch: Batch) -> tuple[Ints, Batch]:
        asked = names_in(piece) & batch.columns.keys()
        key = (id(piece), frozenset(asked))
        if key not in runtime.plans:
            # The piece is kept beside its plan: its number must not be given to another.
            runtime.plans[key] = (
                piece,
                _plan_piece(layout, parameters, procedures, prepared.names, piece, asked),
            )
        found = runtime.plans[key][1].whole(runtime, with_row_numbers(batch, sorted(asked)))
        if found is None:
            return np.empty(0, dtype=np.int64), Batch(0, {})
        return row_numbers(found), found

    def check() -> None:
        runtime.check()

    context = Context(layout, parameters, run, check)
    runtime = Runtime(
        layout, parameters, context, plans=prepared.plans, programs=prepared.programs, masks=prepared.masks
    )
    return runtime


def _plan_piece(
    layout: Layout, parameters: Mapping[str, Any], procedures: Mapping[str, Procedure], names: Names,
    piece: s.Subquery | s.PatternExpression | s.PatternComprehension, bound: Iterable[str],
) -> Operator:  # fmt: skip
    if isinstance(piece, s.Subquery):
        return ClausePlanner(layout, parameters, procedures, names).query(piece.query, bound, lasting=True)[0]
    path = piece.path
    if isinstance(piece, s.PatternExpression):
        path = s.PathPattern(path.elements, PATH, path.shortest, span=path.span)
    plan, _ = plan_match(layout, parameters, names, [path], None, Argument(), frozenset(bound))
    return plan


def plan_text(plan: Operator, profile: Mapping[int, tuple[int, float]] | None = None) -> str:
    """Return a plan as lines, the last step first, with the rows expected and, after PROFILE, those counted."""
    lines = []
    for depth, operator in tree(plan):
        name = f"{'  ' * depth}{type(operator).__name__}"
        counted = ""
        if profile is not None:
            rows, seconds = profile.get(id(operator), (0, 0.0))
            counted = f"  {rows} rows, {seconds * 1000:.2f} ms"
        lines.append(f"{name:32} ~{operator.rows:<10.4g}{counted}  {operator.describe()}".rstrip())
    return "\n".join(lines)


__all__ = ["execute", "plan_text"]
