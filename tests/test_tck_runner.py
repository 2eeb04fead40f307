"""The runner of the conformance kit judges rightly: what it reads, what it takes for equal, what it refuses."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tck import expected
from tck.canonical import canonical, shown
from tck.effects import Snapshot
from tck.expected import BadValueError, parse
from tck.features import read_text
from tck.run import chosen, report, surprises
from tck.scenario import Outcome, run_scenario

# --- reading ------------------------------------------------------------------------------------------------

FEATURE = """
Feature: Sums1 - Adding

  Background:
    Given an empty graph

  Scenario: [1] One and one
    When executing query:
      \"\"\"
      RETURN 1 + 1 AS two
      \"\"\"
    Then the result should be, in any order:
      | two |
      | 2   |
    And no side effects

  @slow
  Scenario Outline: [2] More
    When executing query:
      \"\"\"
      RETURN <a> AS a
      \"\"\"
    Then the result should be, in any order:
      | a   |
      | <b> |

    Examples:
      | a | b |
      | 1 | 1 |

    Examples:
      | a      | b    |
      | 'x\\|y' | null |
"""


def test_scenarios_are_named_by_feature_number_and_row():
    found = list(read_text(FEATURE, "expressions/sums", "Sums1.feature"))
    assert [scenario.id for scenario in found] == ["Sums1[1]", "Sums1[2]:1", "Sums1[2]:2"]
    assert {scenario.family for scenario in found} == {"expressions/sums"}
    assert found[0].place == "expressions/sums/Sums1.feature:7"
    assert found[1].tags == {"@slow"}


def test_steps_of_the_background_come_first():
    assert all(scenario.steps[0].text == "an empty graph" for scenario in read_text(FEATURE))


def test_rows_of_an_outline_are_put_into_queries_and_tables():
    last = list(read_text(FEATURE))[2]
    assert last.steps[1].block == "RETURN 'x|y' AS a"
    assert last.steps[2].table == (("a",), ("null",))


# --- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("-12", -12),
        ("-1.5", -1.5),
        (".5", 0.5),
        ("1e-7", 1e-7),
        ("Inf", math.inf),
        ("-Inf", -math.inf),
        ("''", ""),
        (r"'it\'s'", "it's"),
        (r"'a\\b'", r"a\b"),
        ("'München\n[,]'", "München\n[,]"),
        ("[]", []),
        ("[1, [2.0, 'x'], null]", [1, [2.0, "x"], None]),
        ("{}", {}),
        ("{a: 1, `b c`: {d: [true]}}", {"a": 1, "b c": {"d": [True]}}),
        ("()", expected.Node()),
        ("(:A:B {x: -1})", expected.Node(frozenset("AB"), {"x": -1})),
        ("[:T {x: 'y'}]", expected.Relationship("T", {"x": "y"})),
        ("[[:T], [:U]]", [expected.Relationship("T"), expected.Relationship("U")]),
        (
            "<(:A)-[:T]->()<-[:U {n: 1}]-(:B)>",
            expected.Path(
                expected.Node(frozenset("A")),
                (
                    (expected.Relationship("T"), True, expected.Node()),
                    (expected.Relationship("U", {"n": 1}), False, expected.Node(frozenset("B"))),
                ),
            ),
        ),
    ],
)
def test_cells_are_read_as_values(text, value):
    assert parse(text) == value
    assert type(parse(text)) is type(value)


def test_not_a_number_is_a_float():
    assert math.isnan(parse("NaN"))


@pytest.mark.parametrize("text", ["", "nul", "1 2", "(", "[1,]", "{a}", "'open", "<(a)-[:T]-(b)>", "(:A"])
def test_cells_that_are_no_values_are_refused(text):
    with pytest.raises(BadValueError):
        parse(text)


names = st.sampled_from(["a", "b1", "_c", "Ünï"])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(alphabet="ab'\\\n |]")
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=6)


@given(values)
def test_what_is_shown_reads_as_the_same_value(value):
    assert canonical(parse(shown(canonical(value)))) == canonical(value)


# --- comparison ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    id: int
    labels: tuple[str, ...] = ()
    properties: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Relationship:
    start: Node
    end: Node
    type: str = "T"
    properties: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Path:
    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


class Date:
    def __str__(self) -> str:
        return "1984-10-11"


@pytest.mark.parametrize(
    ("actual", "text"),
    [
        (Node(1, ("B", "A"), {"x": [1]}), "(:A:B {x: [1]})"),
        (Relationship(Node(1), Node(2)), "[:T]"),
        (Path((Node(1),), ()), "<()>"),
        (
            Path((Node(1), Node(2, ("A",))), (Relationship(Node(1), Node(2, ("A",))),)),
            "<()-[:T]->(:A)>",
        ),
        (Path((Node(1), Node(2)), (Relationship(Node(2), Node(1)),)), "<()<-[:T]-()>"),
        (Date(), "'1984-10-11'"),
        (float("nan"), "NaN"),
        ({"b": 1, "a": None}, "{a: null, b: 1}"),
    ],
)
def test_values_equal_what_the_table_shows(actual, text):
    assert canonical(actual) == canonical(parse(text))


@pytest.mark.parametrize(
    ("actual", "text"),
    [
        (1, "1.0"),
        (1.0, "1"),
        (True, "1"),
        (1, "true"),
        (None, "'null'"),
        ([1, 2], "[2, 1]"),
        ({"a": None}, "{}"),
        (Node(1, ("A",)), "()"),
        (Node(1, (), {"x": 1}), "({x: 1.0})"),
        (Path((Node(1), Node(2)), (Relationship(Node(1), Node(2)),)), "<()<-[:T]-()>"),
        (np.int64(1), "1"),
        (np.float64(1.0), "1.0"),
        (np.str_("x"), "'x'"),
    ],
)
def test_values_of_another_kind_or_order_are_not_equal(actual, text):
    assert canonical(actual) != canonical(parse(text))


def test_order_inside_lists_can_be_ignored_at_any_depth():
    assert canonical([[2, 1], 3], True) == canonical([3, [1, 2]], True)


# --- side effects -------------------------------------------------------------------------------------------


def effects(change) -> dict[str, int]:
    graph = nx.MultiDiGraph()
    graph.add_node(1, labels=("A", "B"), x=1, nothing=None)
    graph.add_node(2, labels="A")
    graph.add_edge(1, 2, type="T", w=1.0)
    before = Snapshot.of(graph)
    change(graph)
    return before.effects(Snapshot.of(graph))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda g: None, {}),
        (lambda g: g.add_node(3), {"+nodes": 1}),
        (lambda g: g.add_node(3, labels=["A", "C", "D"], y=2), {"+nodes": 1, "+labels": 2, "+properties": 1}),
        (lambda g: g.nodes[2].update(labels="B"), {}),
        (lambda g: g.nodes[1].update(labels=()), {"-labels": 1}),
        (lambda g: g.nodes[1].update(x=2), {"+properties": 1, "-properties": 1}),
        (lambda g: g.nodes[1].update(x=1.0), {"+properties": 1, "-properties": 1}),
        (lambda g: g.edges[1, 2, 0].pop("w"), {"-properties": 1}),
        (lambda g: g.add_edge(1, 2, type="T"), {"+relationships": 1}),
        (lambda g: g.edges[1, 2, 0].update(type="U", w=None), {
            "+relationships": 1, "-relationships": 1, "-properties": 1
        }),
        (lambda g: g.remove_node(2), {"-nodes": 1, "-relationships": 1, "-properties": 1}),
    ],
)  # fmt: skip
def test_side_effects_are_counted_as_the_kit_counts_them(change, told):
    assert effects(change) == told


# --- scenarios ----------------------------------------------------------------------------------------------


@dataclass
class Answer:
    columns: list[str]
    rows: list[list]


class Refused(Exception):  # noqa: N818 -- named as the engine might
    kind, phase, detail = "SyntaxError", "compile time", "UndefinedVariable"


class FakeEngine:
    """Answers each query with what it was told; a callable is called with the graph."""

    def __init__(self, answers: dict) -> None:
        self.answers, self.calls = answers, []

    def __call__(self, graph, query, parameters=None, *, write=False, procedures=None):
        self.calls.append((query, parameters, write, procedures))
        answer = self.answers[query]
        if isinstance(answer, BaseException):
            raise answer
        return answer(graph) if callable(answer) else answer


def outcome(steps: str, answers: dict, engine: FakeEngine | None = None, **options) -> Outcome:
    text = f"Feature: F1 - f\n\n  Scenario: [1] s\n{steps}"
    (scenario,) = read_text(text)
    return run_scenario(scenario, engine or FakeEngine(answers), lambda *parts: parts, **options)


def query(text: str) -> str:
    return f'    When executing query:\n      """\n      {text}\n      """\n'


TWO_ROWS = "      | a |\n      | 1 |\n      | 2 |\n"
GOT_12, GOT_21 = Answer(["a"], [[1], [2]]), Answer(["a"], [[2], [1]])


def asked(then: str) -> str:
    return f"    Given an empty graph\n{query('Q')}    Then the result should be{then}"


@pytest.mark.parametrize(
    ("then", "answer", "cause"),
    [
        (f", in any order:\n{TWO_ROWS}", GOT_21, ""),
        (f", in order:\n{TWO_ROWS}", GOT_12, ""),
        (f", in order:\n{TWO_ROWS}", GOT_21, "other order"),
        (f", in any order:\n{TWO_ROWS}", Answer(["a"], [[1]]), "other rows"),
        (f", in any order:\n{TWO_ROWS}", Answer(["a"], [[1], [2], [2]]), "other rows"),
        (f", in any order:\n{TWO_ROWS}", Answer(["b"], [[1], [2]]), "other columns"),
        (" (ignoring element order for lists):\n | a |\n | [1, 2] |\n", Answer(["a"], [[[2, 1]]]), ""),
        (", in order (ignoring element order for lists):\n | a |\n | [1, 2] |\n", Answer(["a"], [[[2, 1]]]), ""),
        (", in any order:\n | a |\n | [1, 2] |\n", Answer(["a"], [[[2, 1]]]), "other rows"),
        (" empty\n", Answer([], []), ""),
        (" empty\n", GOT_12, "other columns"),
        (" empty\n", Refused("no"), "SyntaxError at compile time: UndefinedVariable"),
        (" empty\n", KeyError("x"), "crash: KeyError: 'x'"),
    ],
)  # fmt: skip
def test_results_are_judged(then, answer, cause):
    assert outcome(asked(then), {"Q": answer}).cause == cause


@pytest.mark.parametrize(
    ("error", "answer", "passes"),
    [
        ("SyntaxError should be raised at compile time: UndefinedVariable", Refused(), True),
        ("SyntaxError should be raised at any time: *", Refused(), True),
        ("SyntaxError should be raised at runtime: UndefinedVariable", Refused(), False),
        ("SyntaxError should be raised at compile time: UnexpectedSyntax", Refused(), False),
        ("TypeError should be raised at any time: *", Refused(), False),
        ("TypeError should be raised at any time: *", TypeError("of Python"), False),
        ("TypeError should be raised at any time: *", GOT_12, False),
    ],
)
def test_errors_are_judged_by_kind_phase_and_detail(error, answer, passes):
    assert outcome(f"    Given any graph\n{query('Q')}    Then a {error}\n", {"Q": answer}).passed is passes


def test_a_query_that_fails_must_leave_the_graph_alone():
    def half(graph):
        graph.add_node(1)
        raise Refused

    then = "    Then a SyntaxError should be raised at compile time: UndefinedVariable\n"
    assert outcome(f"    Given any graph\n{query('Q')}{then}", {"Q": half}).cause == "other side effects"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("the side effects should be:\n | +nodes | 1 |\n | -nodes | 0 |\n", ""),
        ("the side effects should be:\n | +nodes | 2 |\n", "other side effects"),
        ("no side effects\n", "other side effects"),
    ],
)
def test_side_effects_are_judged(said, cause):
    def create(graph):
        graph.add_node(len(graph))
        return Answer([], [])

    setup = '    Given an empty graph\n    And having executed:\n      """\n      Q\n      """\n'
    steps = f"{setup}{query('Q')}    Then the result should be empty\n    And {said}"
    assert outcome(steps, {"Q": create}).cause == cause


def test_a_control_query_sees_what_the_query_did_and_is_judged_by_itself():
    def create(graph):
        graph.add_node(1, labels="A")
        return Answer([], [])

    def look(graph):
        return Answer(["n"], [[Node(1, (data["labels"],))] for _, data in graph.nodes(data=True)])

    control = (
        query("C").replace("executing", "executing control")
        + "    Then the result should be, in any order:\n"
    )
    steps = f"{asked(' empty')}\n    And the side effects should be:\n  | +nodes | 1 |\n  | +labels | 1 |\n{control}"
    assert outcome(f"{steps} | n |\n | (:A) |\n", {"Q": create, "C": look}).passed
    assert outcome(f"{steps} | n |\n | (:B) |\n", {"Q": create, "C": look}).query == "C"


def test_parameters_and_procedures_reach_the_engine():
    engine = FakeEngine({"Q": Answer([], [])})
    given_ = (
        "    Given an empty graph\n    And parameters are:\n | a | [1, 'x'] |\n"
        "    And there exists a procedure my.proc(in :: INTEGER?, b :: STRING?) :: (out :: FLOAT?) :\n"
        " | in | b | out |\n | 1 | null | 2.5 |\n"
    )
    assert outcome(f"{given_}{query('Q')}    Then the result should be empty\n", {}, engine).passed
    ((_, parameters, write, procedures),) = engine.calls
    assert parameters == {"a": [1, "x"]}
    assert write
    fields = ("my.proc", [("in", "INTEGER?"), ("b", "STRING?")], [("out", "FLOAT?")], [[1, None, 2.5]])
    assert procedures == {"my.proc": fields}


def test_a_named_graph_is_built_statement_by_statement(tmp_path):
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "g.cypher").write_text("// licence; text\nFIRST;\nSECOND\n;\n")
    engine = FakeEngine({"\nFIRST": None, "FIRST": None, "\nSECOND\n": None, "Q": Answer([], [])})
    steps = f"    Given the g graph\n{query('Q')}    Then the result should be empty\n"
    assert outcome(steps, {}, engine, graphs=tmp_path).passed
    assert [call[0].strip() for call in engine.calls] == ["FIRST", "SECOND", "Q"]


def test_a_failing_setup_is_told_apart():
    setup = '    Given an empty graph\n    And having executed:\n      """\n      S\n      """\n'
    failed = outcome(
        f"{setup}{query('Q')}    Then the result should be empty\n", {"S": Refused("no such thing")}
    )
    assert failed.cause == "setup: SyntaxError at compile time: UndefinedVariable"
    assert "no such thing" in failed.got


def test_a_scenario_that_takes_too_long_fails_even_if_the_engine_catches_everything():
    def stubborn(_graph):
        try:
            time.sleep(60)
        except Exception:
            return Answer([], [])

    start = time.monotonic()
    assert outcome(asked(" empty\n"), {"Q": stubborn}, seconds=0.05).cause == "too slow"
    assert time.monotonic() - start < 30


def test_a_step_nobody_knows_fails():
    assert outcome(asked(" empty\n    And a miracle"), {"Q": Answer([], [])}).cause == "unknown step"


# --- the whole ----------------------------------------------------------------------------------------------


def test_surprises_are_unlisted_failures_and_listed_passes():
    causes = {"A[1]": "", "A[2]": "x", "A[3]": "", "A[4]": "x"}
    outcomes = [Outcome(identity, "f", "", cause) for identity, cause in causes.items()]
    failures, passes = surprises(outcomes, {"A[3]": "why", "A[4]": "why"})
    assert [found.id for found in failures] == ["A[2]"]
    assert [found.id for found in passes] == ["A[3]"]


def test_the_report_never_rounds_up_to_all():
    outcomes = [Outcome(f"A[{n}]", "f", "", "x" if n == 0 else "") for n in range(3000)]
    assert report(outcomes).splitlines()[-1].split() == ["all", "2999/3000", "99.9", "%"]


@pytest.mark.parametrize(
    ("family", "scenario", "count"),
    [
        (None, None, 3),
        ("SUMS", None, 3),
        ("match", None, 0),
        (None, "Sums1", 3),
        (None, "Sums1[2]", 2),
        (None, "Sums1[2]:2", 1),
        (None, "Sums*", 3),
        (None, "Sums1[1*", 1),
        (None, "Sum", 0),
    ],
)
def test_scenarios_can_be_chosen(family, scenario, count):
    assert len(chosen(read_text(FEATURE, "expressions/sums"), family, scenario)) == count
