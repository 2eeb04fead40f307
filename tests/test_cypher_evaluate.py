"""Expressions over batches: what each kind means, and what must not be evaluated."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.queries.cypher import syntax as s
from citegraph.queries.cypher.batch import (
    Batch,
    BoolColumn,
    Column,
    IntColumn,
    NodeColumn,
    RelationshipColumn,
    ValueColumn,
)
from citegraph.queries.cypher.errors import CypherError, CypherRuntimeError
from citegraph.queries.cypher.evaluate import Context, compile_expression, constant_value, predicate_mask
from citegraph.queries.cypher.layout import Layout
from citegraph.queries.cypher.values import Node

# --- writing expressions -------------------------------------------------------------------------------------

KINDS = {type(None): "null", bool: "boolean", int: "integer", float: "float", str: "string"}


def e(value: Any) -> s.Expression:
    """Write a plain value as a literal; expressions stay what they are."""
    if isinstance(value, s.Expression):
        return value
    if isinstance(value, list):
        return s.ListLiteral(tuple(map(e, value)))
    if isinstance(value, dict):
        return s.MapLiteral(tuple((key, e(item)) for key, item in value.items()))
    return s.Literal_(value, KINDS[type(value)])  # type: ignore[arg-type]


def v(name: str) -> s.Variable:
    return s.Variable(name)


def op(left: Any, operator: Any, right: Any) -> s.Expression:
    if operator in ("=", "<>", "<", "<=", ">", ">="):
        return s.Comparison((e(left), e(right)), (operator,))
    return s.Binary(operator, e(left), e(right))


def no(operand: Any) -> s.Expression:
    return s.Unary("NOT", e(operand))


def call(name: str, *arguments: Any) -> s.Call:
    return s.Call(name, tuple(map(e, arguments)))


def case(*branches: tuple[Any, Any], otherwise: Any = None, subject: Any = None) -> s.Case:
    return s.Case(
        None if subject is None else e(subject),
        tuple((e(condition), e(value)) for condition, value in branches),
        None if otherwise is None else e(otherwise),
    )


def comprehension(variable: str, source: Any, predicate: Any = None, projection: Any = None) -> s.Expression:
    return s.ListComprehension(
        variable,
        e(source),
        None if predicate is None else e(predicate),
        None if projection is None else e(projection),
    )


# --- evaluating them -----------------------------------------------------------------------------------------


def graph() -> nx.MultiDiGraph[Any]:
    made: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    made.add_node("a", labels="Paper", title="LoRA", year=2021)
    made.add_node("b", labels=["Paper", "Stub"], title="QLoRA", year=2023)
    made.add_node("m", labels="Method", name="LoRA")
    made.add_edge("b", "a", type="CITES", weight=2)
    made.add_edge("a", "m", type="PROPOSES")
    return made


@pytest.fixture(name="layout")
def _layout() -> Layout:
    return Layout(graph())


def nodes(layout: Layout, *names: str | None) -> NodeColumn:
    numbers = [-1 if name is None else layout.node_index(name) for name in names]
    return NodeColumn(layout, np.array(numbers, dtype=np.int64))


def relationships(layout: Layout, *types: str | None) -> RelationshipColumn:
    known = {layout.relationship_type(number): number for number in range(2)}
    return RelationshipColumn(
        layout, np.array([-1 if t is None else known[t] for t in types], dtype=np.int64)
    )


def batch(**columns: list[Any] | Column) -> Batch:
    made = {name: ValueColumn(c) if isinstance(c, list) else c for name, c in columns.items()}
    return Batch(len(next(iter(made.values()))) if made else 1, made)


def run(
    expression: Any, rows: Batch | None = None, layout: Layout | None = None, **parameters: Any
) -> list[Any]:
    context = Context(layout or Layout(graph()), parameters)
    return list(compile_expression(e(expression))(rows or batch(), context).to_list())


def kept(expression: Any, rows: Batch) -> list[bool]:
    found: list[bool] = predicate_mask(e(expression))(rows, Context(Layout(graph()))).tolist()
    return found


def fails(expression: Any, rows: Batch | None = None, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(CypherError) as caught:
        run(expression, rows, **parameters)
    return caught.value.kind, caught.value.detail


DIVISION = op(1, "/", v("x"))
"""Fails where x is 0."""

# --- values --------------------------------------------------------------------------------------------------


def test_a_literal_has_its_value_in_every_row() -> None:
    assert run(1.5, batch(x=[1, 2])) == [1.5, 1.5]


def test_a_parameter_has_the_value_given() -> None:
    assert run(s.Parameter("p"), p=[1, 2]) == [[1, 2]]


def test_a_parameter_not_given_is_named() -> None:
    assert fails(s.Parameter("p")) == ("ParameterMissing", "MissingParameter")


def test_a_variable_is_the_column_itself() -> None:
    column = ValueColumn([1, 2])
    assert compile_expression(v("x"))(batch(x=column), Context(Layout(graph()))) is column


def test_lists_and_maps_are_made_row_by_row() -> None:
    assert run([v("x"), {"k": v("x")}], batch(x=[1, 2])) == [[1, {"k": 1}], [2, {"k": 2}]]


def test_the_empty_list_and_the_empty_map_are_there_in_every_row() -> None:
    assert run([[], {}], batch(x=[1, 2])) == [[[], {}], [[], {}]]


def test_a_property_of_nodes_is_read_from_the_graph_and_absent_ones_are_null(layout: Layout) -> None:
    rows = batch(n=nodes(layout, "b", None, "m", "a"))
    assert run(s.Property(v("n"), "year"), rows, layout) == [2023, None, None, 2021]


def test_a_property_of_relationships_is_read_from_the_graph(layout: Layout) -> None:
    rows = batch(r=relationships(layout, "CITES", "PROPOSES", None))
    assert run(s.Property(v("r"), "weight"), rows, layout) == [2, None, None]


def test_a_property_is_found_on_maps_on_nodes_in_plain_columns_and_on_null(layout: Layout) -> None:
    node = Node(layout, 0)
    assert run(s.Property(v("x"), "title"), batch(x=[{"title": 1}, node, None, {}]), layout) == [
        1, "LoRA", None, None,
    ]  # fmt: skip


def test_a_property_of_a_number_is_a_type_error() -> None:
    assert fails(s.Property(v("x"), "k"), batch(x=[1]))[0] == "TypeError"


def test_a_property_of_a_deleted_node_is_an_error(layout: Layout) -> None:
    for number in layout.attached(2).tolist():
        layout.delete_relationship(number)
    layout.delete_node(2)
    with pytest.raises(CypherRuntimeError) as caught:
        run(s.Property(v("n"), "name"), batch(n=NodeColumn(layout, np.array([2]))), layout)
    assert (caught.value.kind, caught.value.detail) == ("EntityNotFound", "DeletedEntityAccess")


def test_lists_are_indexed_from_either_end() -> None:
    assert run(s.Subscript(v("x"), v("i")), batch(x=[[1, 2], [1, 2], [1], None], i=[0, -1, 5, 0])) == [
        1, 2, None, None,
    ]  # fmt: skip


def test_nodes_and_maps_are_indexed_by_name(layout: Layout) -> None:
    assert run(s.Subscript(v("n"), e("title")), batch(n=nodes(layout, "a", None)), layout) == ["LoRA", None]
    assert run(s.Subscript(e({"k": 1}), e("k"))) == [1]


def test_a_map_indexed_by_a_number_is_a_type_error() -> None:
    assert fails(s.Subscript(v("x"), e(1)), batch(x=[{"a": 1}])) == (
        "TypeError",
        "MapElementAccessByNonString",
    )


def test_a_slice_may_lack_either_end_but_a_null_end_gives_null() -> None:
    whole = e([1, 2, 3])
    assert run(s.Slice(whole, e(1), None)) == [[2, 3]]
    assert run(s.Slice(whole, None, e(-1))) == [[1, 2]]
    assert run(s.Slice(whole, None, None)) == [[1, 2, 3]]
    assert run(s.Slice(whole, e(None), None)) == [None]
    assert run(s.Slice(whole, e(0), e(None))) == [None]


def test_a_map_projection_takes_properties_and_adds_to_them(layout: Layout) -> None:
    projection = s.MapProjection(v("n"), (("title", s.Property(v("n"), "title")), ("x", v("x"))), False)
    rows = batch(n=nodes(layout, "a", None), x=[1, 2])
    assert run(projection, rows, layout) == [{"title": "LoRA", "x": 1}, None]


def test_a_map_projection_of_all_properties_may_override_some(layout: Layout) -> None:
    projection = s.MapProjection(v("n"), (("year", e(1)),), True)
    assert run(projection, batch(n=nodes(layout, "a")), layout) == [{"title": "LoRA", "year": 1}]


# --- truth ---------------------------------------------------------------------------------------------------

TRUTHS = [True, False, None]
PAIRS = {"a": [a for a in TRUTHS for _ in TRUTHS], "b": TRUTHS * 3}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("AND", [True, False, None, False, False, False, None, False, None]),
        ("OR", [True, True, True, True, False, None, True, None, None]),
        ("XOR", [False, True, None, True, False, None, None, None, None]),
    ],
)
def test_connectives_are_ternary(operator: str, expected: list[bool | None]) -> None:
    assert run(op(v("a"), operator, v("b")), batch(**PAIRS)) == expected


@pytest.mark.parametrize("operator", ["AND", "OR", "XOR"])
def test_a_filter_keeps_the_rows_where_the_connective_is_true(operator: str) -> None:
    expression = op(v("a"), operator, v("b"))
    assert kept(expression, batch(**PAIRS)) == [truth is True for truth in run(expression, batch(**PAIRS))]


def test_not_null_is_null() -> None:
    assert run(no(v("a")), batch(a=TRUTHS)) == [False, True, None]


def test_a_number_is_no_truth() -> None:
    assert fails(no(v("x")), batch(x=[1])) == ("TypeError", "InvalidArgumentType")
    with pytest.raises(CypherRuntimeError):
        kept(v("x"), batch(x=[True, "true"]))


def test_and_does_not_evaluate_what_a_false_has_decided() -> None:
    guarded = op(op(v("x"), "<>", 0), "AND", op(DIVISION, ">=", 1))
    assert run(guarded, batch(x=[0, 1, 2])) == [False, True, False]
    assert kept(guarded, batch(x=[0, 1, 2])) == [False, True, False]


def test_or_does_not_evaluate_what_a_true_has_decided() -> None:
    guarded = op(op(v("x"), "=", 0), "OR", op(DIVISION, ">=", 1))
    assert run(guarded, batch(x=[0, 1, 2])) == [True, True, False]
    assert kept(guarded, batch(x=[0, 1, 2])) == [True, True, False]


def test_a_chain_of_thousands_of_operands_is_no_depth() -> None:
    chain, total = op(v("x"), "=", 1), e(v("x"))
    for _ in range(5000):
        chain, total = s.Binary("AND", chain, e(True)), s.Binary("+", total, e(1))
    from citegraph.queries.cypher.expressions import arithmetic, logic

    assert len(logic.chain(chain)) == 5001  # type: ignore[arg-type]
    assert len(arithmetic.chain(total)[1]) == 5000  # type: ignore[arg-type]


def test_an_expression_nested_too_deeply_is_refused_in_words() -> None:
    expression: s.Expression = e(True)
    for _ in range(5000):
        expression = no(expression)
    with pytest.raises(CypherError, match="nested too deeply"):
        compile_expression(expression)


def test_null_tests_are_never_null(layout: Layout) -> None:
    rows = batch(n=nodes(layout, "a", "m", None))
    year = s.Property(v("n"), "year")
    assert run(s.Unary("IS NULL", year), rows, layout) == [False, True, True]
    assert run(s.Unary("IS NOT NULL", v("n")), rows, layout) == [True, True, False]


def test_label_predicates_hold_for_nodes_and_relationships_and_are_null_for_null(layout: Layout) -> None:
    labels = s.LabelOr((s.Label("Stub"), s.Label("Method")))
    rows = batch(
        n=nodes(layout, "a", "b", "m", None), r=relationships(layout, "CITES", "PROPOSES", None, None)
    )
    assert run(s.HasLabels(v("n"), labels), rows, layout) == [False, True, True, None]
    assert run(s.HasLabels(v("r"), s.Label("CITES")), rows, layout) == [True, False, None, None]
    assert run(no(s.HasLabels(v("n"), labels)), rows, layout) == [True, False, False, None]


def test_label_predicates_look_into_plain_columns_and_refuse_numbers(layout: Layout) -> None:
    mixed = [Node(layout, 0), None, relationships(layout, "CITES").to_list()[0]]
    assert run(s.HasLabels(v("x"), s.Label("Paper")), batch(x=mixed), layout) == [True, None, False]
    assert fails(s.HasLabels(v("x"), s.Label("Paper")), batch(x=[1])) == ("TypeError", "InvalidArgumentType")


def test_type_tests_can_be_negated() -> None:
    assert run(s.TypeTest(v("x"), "INTEGER", False), batch(x=[1, "1"])) == [True, False]
    assert run(s.TypeTest(v("x"), "INTEGER", True), batch(x=[1, "1"])) == [False, True]


# --- comparison ----------------------------------------------------------------------------------------------

MIXED = [1, 1.0, True, "1", None, 0, False, 2.5, math.nan, [1]]


@pytest.mark.parametrize("value", [1, 1.0, True, "1", None, 0, math.nan])
@pytest.mark.parametrize("operator", ["=", "<>", "<", "<=", ">", ">="])
def test_a_comparison_with_a_constant_says_what_row_by_row_says(operator: str, value: Any) -> None:
    rows = batch(x=MIXED, y=[value] * len(MIXED))
    expected = run(op(v("x"), operator, v("y")), rows)
    assert run(op(v("x"), operator, value), rows) == expected
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
    assert run(op(value, mirrored, v("x")), rows) == expected
    assert kept(op(v("x"), operator, value), rows) == [truth is True for truth in expected]


def test_booleans_are_not_numbers() -> None:
    assert run(op(v("x"), "=", 1), batch(x=[True, 1, 1.0])) == [False, True, True]
    assert run(op(v("x"), "<", 1), batch(x=[False, 0])) == [None, True]


def test_nan_is_known_to_be_neither_less_nor_more_nor_equal() -> None:
    nan = op(0.0, "/", 0.0)
    assert [run(op(nan, operator, 1))[0] for operator in ("=", "<>", "<", ">=")] == [
        False,
        True,
        False,
        False,
    ]


def test_a_chain_holds_where_every_pair_does() -> None:
    chain = s.Comparison((e(1), v("x"), e(3)), ("<", "<="))
    assert run(chain, batch(x=[1, 2, 3, 4, None])) == [False, True, True, False, None]


def test_null_in_a_chain_does_not_hide_a_false() -> None:
    assert run(s.Comparison((e(1), v("x"), e(0), e(5)), ("<", "<", ">")), batch(x=[None])) == [False]


def test_entities_are_compared_by_number(layout: Layout) -> None:
    rows = batch(
        n=nodes(layout, "a", "b", None),
        m=nodes(layout, "a", "a", "a"),
        r=relationships(layout, *["CITES"] * 3),
    )
    assert run(op(v("n"), "=", v("m")), rows, layout) == [True, False, None]
    assert run(op(v("n"), "<>", v("m")), rows, layout) == [False, True, None]
    assert run(op(v("n"), "=", v("r")), rows, layout) == [False, False, None]


def test_a_property_is_compared_with_a_constant_over_the_whole_graph_or_a_few_rows(layout: Layout) -> None:
    big: nx.DiGraph[Any] = nx.DiGraph()
    for number in range(1000):
        big.add_node(number, labels="N", x=number % 3 if number % 2 else None)
    wide = Layout(big)
    condition = op(s.Property(v("n"), "x"), "=", 1)
    for count in (5, 1000):
        rows = batch(n=NodeColumn(wide, np.arange(-1, count - 1)))
        expected = [None, *[(n % 3 == 1) if n % 2 else None for n in range(count - 1)]]
        assert run(condition, rows, wide) == expected
    assert run(op(s.Property(v("n"), "title"), "=", "LoRA"), batch(n=nodes(layout, "a", "m")), layout) == [
        True, None,
    ]  # fmt: skip


def test_a_changed_property_is_seen_by_the_next_comparison(layout: Layout) -> None:
    condition, rows = op(s.Property(v("n"), "year"), ">", 2022), batch(n=nodes(layout, "a", "b", "m"))
    assert run(condition, rows, layout) == [False, True, None]
    index = layout.node_index("a")
    assert index is not None
    layout.set_node_property(index, "year", 2024)
    assert run(condition, rows, layout) == [True, True, None]


def test_whole_numbers_in_arrays_are_compared_exactly() -> None:
    big = 2**62 + 1
    rows = batch(x=IntColumn(np.array([big - 1, big, big + 1])))
    assert run(op(v("x"), "=", big), rows) == [False, True, False]
    assert run(op(v("x"), "<", float(big)), rows) == [x < float(big) for x in [big - 1, big, big + 1]]
    assert run(op(v("x"), "=", 2**70), rows, p=1) == [False, False, False]


def test_in_is_null_where_the_answer_hangs_on_null() -> None:
    rows = batch(x=["a", "b", None, 1])
    assert run(op(v("x"), "IN", ["a", "c"]), rows) == [True, False, None, False]
    assert run(op(v("x"), "IN", ["a", None]), rows) == [True, None, None, None]
    assert run(op(v("x"), "IN", []), rows) == [False, False, False, False]
    assert run(op(v("x"), "IN", None), rows) == [None] * 4


def test_in_a_list_of_numbers_takes_equal_floats_but_no_truths() -> None:
    assert run(op(v("x"), "IN", [1, 2]), batch(x=[1, 2.0, True, 3])) == [True, True, False, False]


def test_in_looks_into_the_list_of_each_row() -> None:
    assert run(op(v("x"), "IN", v("l")), batch(x=[1, 1], l=[[1], [2]])) == [True, False]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("STARTS WITH", [True, False, None, None]),
        ("ENDS WITH", [False, True, None, None]),
        ("CONTAINS", [True, True, None, None]),
    ],
)
def test_searching_what_is_no_text_is_null(operator: str, expected: list[bool | None]) -> None:
    rows = batch(x=["ab", "ba", None, 1], y=["a"] * 4)
    assert run(op(v("x"), operator, "a"), rows) == expected
    assert run(op(v("x"), operator, v("y")), rows) == expected
    assert kept(op(v("x"), operator, "a"), rows) == [truth is True for truth in expected]


def test_regular_expressions_match_the_whole_text() -> None:
    assert run(op(v("x"), "=~", "a+"), batch(x=["aa", "ab", None])) == [True, False, None]


# --- arithmetic ----------------------------------------------------------------------------------------------


def test_plus_joins_texts_and_adds_numbers() -> None:
    assert run(op(v("x"), "+", v("y")), batch(x=[1, "a", None], y=[2.5, "b", 1])) == [3.5, "ab", None]


def test_integer_division_cuts_towards_zero() -> None:
    assert run(op(v("x"), "/", 2), batch(x=[7, -7])) == [3, -3]
    many = IntColumn(np.array([7, -7] * 20))
    assert run(op(v("x"), "/", 2), batch(x=many)) == [3, -3] * 20
    assert run(op(v("x"), "%", 4), batch(x=many)) == [3, -3] * 20


numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4), st.sampled_from("+-*/%"))
def test_arrays_calculate_exactly_as_values_do_or_fail_alike(
    pairs: list[tuple[int, int]], operator: str
) -> None:
    def outcome(expression: s.Expression, rows: Batch) -> Any:
        try:
            return run(expression, rows)
        except CypherRuntimeError as error:
            return error.detail

    one_by_one = [outcome(op(left, operator, right), batch()) for left, right in pairs]
    many = pairs * 20
    arrays = batch(x=IntColumn(np.array([p[0] for p in many])), y=IntColumn(np.array([p[1] for p in many])))
    found = outcome(op(v("x"), operator, v("y")), arrays)
    failed = [details for details in one_by_one if isinstance(details, str)]
    if failed:
        assert found == failed[0]
    else:
        assert found == [values[0] for values in one_by_one] * 20


def test_overflow_is_an_error_and_never_wraps() -> None:
    big = IntColumn(np.full(100, 2**63 - 1))
    assert fails(op(v("x"), "+", 1), batch(x=big)) == ("ArithmeticError", "IntegerOverflow")


def test_an_error_points_at_the_innermost_piece() -> None:
    inner = s.Binary("/", e(1), e(0), span=(4, 9))
    with pytest.raises(CypherRuntimeError) as caught:
        run(s.Binary("+", e(1), inner, span=(0, 9)))
    assert caught.value.span == (4, 9)


def test_signs() -> None:
    assert run(s.Unary("-", v("x")), batch(x=[1, -2.5, None])) == [-1, 2.5, None]
    assert run(s.Unary("+", v("x")), batch(x=[1, None])) == [1, None]
    assert fails(s.Unary("+", e("a")))[0] == "TypeError"


def test_concatenation() -> None:
    assert run(op(v("x"), "||", v("x")), batch(x=["a", [1], None])) == ["aa", [1, 1], None]


# --- CASE, coalesce, calls -----------------------------------------------------------------------------------


def test_case_takes_the_first_branch_that_holds_and_evaluates_no_other() -> None:
    expression = case((op(v("x"), "=", 0), "zero"), (op(v("x"), ">", 1), DIVISION), otherwise=v("x"))
    assert run(expression, batch(x=[0, 2, 1, -1])) == ["zero", 0, 1, -1]
    assert run(case((op(v("x"), "=", 0), 0), otherwise=DIVISION), batch(x=[0, 1])) == [0, 1]


def test_case_with_a_subject_compares_by_equality_so_null_never_matches() -> None:
    expression = case((None, "null"), (1, "one"), ("a", "text"), subject=v("x"))
    assert run(expression, batch(x=[1, 1.0, "a", None, True])) == ["one", "one", "text", None, None]


def test_case_of_nodes_stays_a_column_of_nodes(layout: Layout) -> None:
    rows = batch(n=nodes(layout, "a", "b"), m=nodes(layout, "m", "m"))
    expression = case((op(s.Property(v("n"), "year"), "=", 2021), v("n")), otherwise=v("m"))
    column = compile_expression(expression)(rows, Context(layout))
    assert isinstance(column, NodeColumn)
    assert [node.id for node in column.to_list()] == ["a", "m"]


def test_coalesce_takes_the_first_that_is_not_null_and_evaluates_no_more() -> None:
    rows = batch(x=[0, 1, None], y=["a", None, None])
    assert run(call("coalesce", v("y"), v("x"), "z"), rows) == ["a", 1, "z"]
    assert run(call("coalesce", v("y"), DIVISION), batch(x=[0, 2], y=["a", None])) == ["a", 0]
    assert run(call("coalesce", None, None), rows) == [None] * 3


def test_a_function_is_called_for_every_row_and_its_name_has_no_case() -> None:
    assert run(call("SIZE", v("x")), batch(x=[[1], "ab", None])) == [1, 2, None]


def test_rand_differs_from_row_to_row() -> None:
    assert len(set(run(call("rand"), batch(x=[1] * 50)))) == 50


def test_an_unknown_function_is_named_with_the_nearest_one() -> None:
    with pytest.raises(CypherError, match="did you mean size") as caught:
        compile_expression(call("sizes", 1))
    assert caught.value.detail == "UnknownFunction"


def test_a_wrong_number_of_arguments_and_a_lost_aggregation_are_refused() -> None:
    assert fails(call("size")) == ("SyntaxError", "InvalidNumberOfArguments")
    assert fails(call("count", v("x"))) == ("SyntaxError", "InvalidAggregation")


def test_the_ends_of_relationships_are_columns_of_nodes(layout: Layout) -> None:
    rows = batch(r=relationships(layout, "CITES", None))
    start, end = (s.Property(call(name, v("r")), "title") for name in ("startNode", "endNode"))
    assert run([start, end], rows, layout) == [["QLoRA", "LoRA"], [None, None]]


def test_labels_of_a_deleted_node_are_an_error(layout: Layout) -> None:
    for number in layout.attached(2).tolist():
        layout.delete_relationship(number)
    layout.delete_node(2)
    with pytest.raises(CypherRuntimeError) as caught:
        run(call("labels", v("n")), batch(n=NodeColumn(layout, np.array([2]))), layout)
    assert caught.value.detail == "DeletedEntityAccess"


# --- lists unfolded ------------------------------------------------------------------------------------------


def test_a_list_comprehension_filters_and_projects() -> None:
    rows = batch(l=[[1, 2, 3], [], None, [5]], y=[10, 20, 30, 40])
    expression = comprehension("x", v("l"), op(v("x"), "<>", 2), op(v("x"), "+", v("y")))
    assert run(expression, rows) == [[11, 13], [], None, [45]]
    assert run(comprehension("x", v("l")), rows) == [[1, 2, 3], [], None, [5]]


def test_an_inner_variable_hides_the_outer_one_and_only_inside() -> None:
    inner = comprehension("x", v("l"), None, op(v("x"), "*", 2))
    assert run([v("x"), inner], batch(x=[7, 8], l=[[1], [2]])) == [[7, [2]], [8, [4]]]
    nested = comprehension("x", [[1, 2], [3]], None, comprehension("x", v("x"), None, op(v("x"), "+", 1)))
    assert run(nested, batch(x=[0])) == [[[2, 3], [4]]]


def test_properties_of_nodes_in_lists_are_found(layout: Layout) -> None:
    rows = batch(l=[[Node(layout, 0), Node(layout, 1)], [None]])
    assert run(comprehension("n", v("l"), None, s.Property(v("n"), "title")), rows, layout) == [
        ["LoRA", "QLoRA"], [None],
    ]  # fmt: skip


def test_unfolding_what_is_no_list_is_a_type_error() -> None:
    assert fails(comprehension("x", v("l")), batch(l=[[1], 1])) == ("TypeError", "InvalidArgumentType")


def test_long_lists_are_unfolded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citegraph.queries.cypher.expressions.comprehensions.INNER_ROWS", 3)
    lists: list[Any] = [[1, 2], None, [3, 4, 5, 6, 7], [], [8], [9, 10]]
    rows = batch(l=lists)
    expected = [None if found is None else [x for x in found if x % 2] for found in lists]
    assert run(comprehension("x", v("l"), op(op(v("x"), "%", 2), "=", 1)), rows) == expected
    assert run(s.Quantifier("any", "x", v("l"), op(v("x"), "=", 7)), rows) == [
        False, None, True, False, False, False,
    ]  # fmt: skip


@given(st.lists(st.sampled_from(TRUTHS), max_size=4))
def test_quantifiers_are_what_any_value_in_place_of_null_would_make_them(items: list[bool | None]) -> None:
    trues, nulls, falses = items.count(True), items.count(None), items.count(False)
    expected = {
        "any": True if trues else None if nulls else False,
        "all": False if falses else None if nulls else True,
        "none": False if trues else None if nulls else True,
        "single": False if trues > 1 else None if nulls else trues == 1,
    }
    for kind, truth in expected.items():
        quantifier = s.Quantifier(kind, "x", v("l"), v("x"))  # type: ignore[arg-type]
        assert run(quantifier, batch(l=[items, None])) == [truth, None], kind


def test_reduce_steps_through_each_list() -> None:
    step = op(v("a"), "+", op(v("x"), "*", v("y")))
    rows = batch(l=[[1, 2, 3], [], None, [4]], y=[1, 1, 1, 10])
    assert run(s.Reduce("a", e(0), "x", v("l"), step), rows) == [6, 0, None, 40]


def test_reduce_hides_outer_variables_of_its_own_names() -> None:
    expression = s.Reduce("x", v("x"), "y", e([1, 2]), op(v("x"), "+", v("y")))
    assert run(expression, batch(x=[10, 20], y=[0, 0])) == [13, 23]


def test_what_is_the_same_in_all_rows_is_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    from citegraph.queries.cypher.expressions import comprehensions

    original = comprehensions.unfold

    def counted(rows: Batch, *rest: Any) -> Any:
        seen.append(rows.size)
        return original(rows, *rest)

    monkeypatch.setattr(comprehensions, "unfold", counted)
    assert run(comprehension("i", [1, 2]), batch(x=[1] * 100)) == [[1, 2]] * 100
    assert seen == [1]


def test_chance_inside_a_comprehension_is_thrown_for_every_row() -> None:
    found = run(comprehension("i", [1], None, call("rand")), batch(x=[1] * 20))
    assert len({numbers[0] for numbers in found}) == 20


# --- patterns and subqueries ---------------------------------------------------------------------------------

PATH = s.PathPattern((s.NodePattern("n"), s.RelationshipPattern(), s.NodePattern("o")))


class Executor:
    """Answers for the executor: every row n has the neighbours listed, in no order."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.asked: list[Any] = []
        self.seen: list[set[str]] = []
        self.sizes: list[int] = []

    def __call__(self, piece: Any, rows: Batch) -> tuple[Any, Batch]:
        self.asked.append(piece)
        self.seen.append(set(rows.columns))
        self.sizes.append(rows.size)
        neighbours = {"a": ["m", "b"], "b": ["a"], "m": []}
        found = [
            (row, other)
            for row, node in enumerate(rows.columns["n"].to_list())
            for other in neighbours[node.id]
        ]
        found.reverse()
        others = nodes(self.layout, *(other for _, other in found))
        columns: dict[str, Column] = {"o": others, "  path": ValueColumn([other for _, other in found])}
        return np.array([row for row, _ in found], dtype=np.int64), Batch(len(found), columns)


def with_patterns(expression: Any, layout: Layout, **more: list[Any]) -> tuple[list[Any], Executor]:
    executor = Executor(layout)
    rows = batch(n=nodes(layout, "a", "m", "b"), **more)
    found = compile_expression(e(expression))(rows, Context(layout, {}, executor))
    return list(found.to_list()), executor


def subquery(kind: Any, name: str = "o") -> s.Subquery:
    match = s.Match((PATH,))
    last = s.Projection((s.ProjectionItem(v(name), name, False),), True)
    return s.Subquery(kind, s.Query((s.SingleQuery((match, last)),)))


def test_exists_tells_which_rows_have_a_result(layout: Layout) -> None:
    assert with_patterns(subquery("exists"), layout)[0] == [True, False, True]


def test_count_counts_the_results_of_each_row(layout: Layout) -> None:
    assert with_patterns(subquery("count"), layout)[0] == [2, 0, 1]


def test_collect_gathers_the_one_column_of_each_row(layout: Layout) -> None:
    found = with_patterns(subquery("collect"), layout)[0]
    assert [[node.id for node in row] for row in found] == [["b", "m"], [], ["a"]]


def test_a_pattern_as_a_value_is_a_list_of_paths(layout: Layout) -> None:
    assert with_patterns(s.PatternExpression(PATH), layout)[0] == [["b", "m"], [], ["a"]]


def test_a_pattern_as_a_condition_only_asks_whether_it_is_there(layout: Layout) -> None:
    for condition in (
        no(s.PatternExpression(PATH)),
        op(s.PatternExpression(PATH), "XOR", True),
        no(call("exists", s.PatternExpression(PATH))),
        case((s.PatternExpression(PATH), False), otherwise=True),
    ):
        found, executor = with_patterns(condition, layout)
        assert found == [False, True, False]
        assert [piece.kind for piece in executor.asked] == ["exists"]


def test_the_size_of_a_pattern_is_counted(layout: Layout) -> None:
    found, executor = with_patterns(call("size", s.PatternExpression(PATH)), layout)
    assert found == [2, 0, 1]
    assert executor.asked[0].kind == "count"


def test_a_pattern_is_the_same_piece_each_time_it_is_compiled(layout: Layout) -> None:
    expression = no(s.PatternExpression(PATH))
    first, second = (with_patterns(expression, layout)[1].asked[0] for _ in range(2))
    assert first is second


def test_a_pattern_comprehension_filters_and_projects_with_outer_and_found_variables(layout: Layout) -> None:
    title = s.Property(v("o"), "title")
    expression = s.PatternComprehension(
        PATH, s.Unary("IS NOT NULL", title), op(op(title, "+", v("suffix")), "+", s.Property(v("n"), "title"))
    )
    found, executor = with_patterns(expression, layout, suffix=["-", "+", "/"], other=[1, 2, 3])
    assert found == [["QLoRA-LoRA"], [], ["LoRA/QLoRA"]]
    assert "other" not in executor.seen[0]


def test_a_pattern_is_not_run_where_it_is_not_asked(layout: Layout) -> None:
    condition = op(op(s.Property(v("n"), "year"), "=", 1), "AND", s.PatternExpression(PATH))
    found, executor = with_patterns(condition, layout)
    # Only the node without a year is left: null has decided nothing, that it has no neighbour decides.
    assert found == [False, False, False]
    assert executor.sizes == [1]


# --- constants -----------------------------------------------------------------------------------------------


def test_a_constant_is_calculated_without_rows() -> None:
    assert constant_value(op(s.Parameter("n"), "+", 1), {"n": 2}) == 3
    assert constant_value(call("size", comprehension("x", [1, 2])), {}) == 2


def test_what_differs_from_row_to_row_is_no_constant() -> None:
    for expression in (op(v("n"), "+", 1), s.PatternExpression(PATH)):
        with pytest.raises(CypherError) as caught:
            constant_value(expression, {})
        assert caught.value.detail == "NonConstantExpression"


def test_no_row_is_no_failure() -> None:
    empty = batch(x=[], l=[])
    for expression in (
        op(1, "/", 0), DIVISION, call("size", 1), case((op(1, "/", 0), 1)), comprehension("i", v("l")),
        s.Reduce("a", e(0), "i", v("l"), v("a")), no(1), op(1, "IN", 2), s.Property(e(1), "k"),
    ):  # fmt: skip
        assert run(expression, empty) == []


def test_truth_columns_pass_through_filters_as_arrays() -> None:
    rows = batch(t=BoolColumn(np.array([True, False])))
    assert kept(op(v("t"), "OR", False), rows) == [True, False]
