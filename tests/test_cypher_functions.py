"""The functions and aggregations of the query language."""

from __future__ import annotations

import math
from typing import Any

import pytest
from cypher_entities import A, B, Graph, T
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.queries.cypher.errors import CypherRuntimeError, LimitError
from citegraph.queries.cypher.functions import AGGREGATIONS, FUNCTIONS
from citegraph.queries.cypher.values import Node, Path, Relationship

NAN, INFINITY = math.nan, math.inf
BIG = 2**63 - 1
PATH = Path((A, B), (T,))


def call(name: str, *arguments: Any) -> Any:
    function = FUNCTIONS[name.lower()]
    assert len(arguments) >= function.least
    assert function.most is None or len(arguments) <= function.most
    return function.call(*arguments)


def same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and (left == right or repr(left) == repr(right) == "nan")


def raises(kind: str, detail: str) -> Any:
    return pytest.raises(CypherRuntimeError, check=lambda error: (error.kind, error.detail) == (kind, detail))


def aggregate(name: str, values: list[Any], *more: Any) -> Any:
    aggregator = AGGREGATIONS[name.lower()]()
    for value in values:
        aggregator.add(value, *more)
    return aggregator.result()


# --- all of them -------------------------------------------------------------------------------------------


def test_every_function_tells_its_name_signature_and_summary() -> None:
    for key, function in FUNCTIONS.items():
        assert key in {function.name.lower(), "toint"}
        assert function.signature.startswith(function.name + "(") or "." in function.name
        assert function.summary.endswith(".")
        assert function.most is None or 0 <= function.least <= function.most


KNOWS_NULL = {"coalesce", "nullif", "exists", "valuetype", "trim"}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_null_in_null_out(name: str) -> None:
    function = FUNCTIONS[name]
    if (
        name in KNOWS_NULL
        or not function.least
        or type(function).__module__ != "citegraph.queries.cypher.functions.base"
    ):
        pytest.skip("says itself what null means to it")
    assert function.call(*[None] * function.least) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=5)
    | st.sampled_from([A, T, PATH]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(deadline=None)  # a range may be long
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(anything, min_size=3, max_size=3))
def test_no_argument_makes_a_function_fail_but_by_the_errors_of_the_language(
    name: str, arguments: list[Any]
) -> None:
    function = FUNCTIONS[name]
    try:
        function.call(*arguments[: function.most if function.most is not None else 3])
    except CypherRuntimeError as error:
        assert str(error).endswith(".")


@given(st.sampled_from(sorted(AGGREGATIONS)), st.lists(anything, max_size=4))
def test_no_value_makes_an_aggregation_fail_but_by_the_errors_of_the_language(
    name: str, values: list[Any]
) -> None:
    try:
        aggregate(name, values, *([0.5] if "percentile" in name else []))
    except CypherRuntimeError as error:
        assert str(error).endswith(".")


# --- values and lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("coalesce", (None, 2, 3), 2),
        ("coalesce", (None,), None),
        ("nullIf", (1, 1.0), None),
        ("nullIf", (1, None), 1),
        ("exists", (0,), True),
        ("exists", (None,), False),
        ("valueType", (None,), "NULL"),
        ("valueType", ([1],), "LIST<INTEGER NOT NULL> NOT NULL"),
        ("isEmpty", ("",), True),
        ("isEmpty", ({"a": 1},), False),
        ("size", ([1, 2, 3],), 3),
        ("size", ("añ𝄞",), 3),
        ("reverse", ("abc",), "cba"),
        ("reverse", ([1, None],), [None, 1]),
        ("head", ([1, 2],), 1),
        ("head", ([],), None),
        ("last", ([1, 2],), 2),
        ("last", ([],), None),
        ("tail", ([1, 2, 3],), [2, 3]),
        ("tail", ([],), []),
        ("range", (0, 3), [0, 1, 2, 3]),
        ("range", (0, -1), []),
        ("range", (0, 0, -1), [0]),
        ("range", (1381, -3412, -1298), [1381, 83, -1215, -2513]),
        ("range", (0, 1, 2), [0]),
        ("range", (BIG - 1, BIG), [BIG - 1, BIG]),
        ("range", (-BIG, BIG, BIG), [-BIG, 0, BIG]),
    ],
)
def test_functions_of_values_and_lists(name: str, arguments: Any, expected: Any) -> None:
    assert same(call(name, *arguments), expected)


def test_range_needs_a_step() -> None:
    with raises("ArgumentError", "NumberOutOfRange"):
        call("range", 2, 8, 0)


@pytest.mark.parametrize("arguments", [(True, 1, 1), (0, 1.1, 1), (0, -0.0, 1), (0, 1, "xyz"), ([0], 1, 1)])
def test_range_is_of_whole_numbers(arguments: Any) -> None:
    with raises("ArgumentError", "InvalidArgumentType"):
        call("range", *arguments)


def test_a_range_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(LimitError):
        call("range", 0, BIG)
    assert call("range", 0, -BIG) == []


# --- entities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "argument", "expected"),
    [
        ("id", B, 1),
        ("elementId", B, "b"),
        ("elementId", T, "0"),
        ("labels", A, ["A", "B"]),
        ("labels", B, []),
        ("type", T, "T"),
        ("keys", A, ["k"]),
        ("keys", {"k": None}, ["k"]),
        ("properties", A, {"k": 1}),
        ("properties", T, {"w": 2.5}),
        ("properties", {"a": 1}, {"a": 1}),
        ("startNode", T, A),
        ("endNode", T, B),
        ("nodes", PATH, [A, B]),
        ("relationships", PATH, [T]),
        ("length", PATH, 1),
    ],
)
def test_functions_of_entities(name: str, argument: Any, expected: Any) -> None:
    assert same(call(name, argument), expected)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("labels", 1),
        ("labels", PATH),
        ("type", A),
        ("type", ""),
        ("keys", 1),
        ("nodes", A),
        ("length", "a"),
        ("id", PATH),
    ],
)
def test_functions_of_entities_refuse_other_values(name: str, argument: Any) -> None:
    with raises("TypeError", "InvalidArgumentValue"):
        call(name, argument)


def test_of_what_was_deleted_only_the_type_can_be_read() -> None:
    graph: Any = Graph()
    graph.deleted = frozenset({0})
    node, relationship = Node(graph, 0), Relationship(graph, 0)
    for name, entity in (
        ("labels", node),
        ("keys", node),
        ("properties", node),
        ("properties", relationship),
    ):
        with raises("EntityNotFound", "DeletedEntityAccess"):
            call(name, entity)
    assert call("type", relationship) == "T"


# --- texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("toUpper", ("aß",), "ASS"),
        ("lower", ("AB",), "ab"),
        ("char_length", ("abc",), 3),
        ("left", ("hello", 2), "he"),
        ("left", ("hello", 9), "hello"),
        ("right", ("hello", 2), "lo"),
        ("right", ("hello", 0), ""),
        ("right", ("hello", 9), "hello"),
        ("substring", ("0123456789", 1), "123456789"),
        ("substring", ("hello", 1, 3), "ell"),
        ("substring", ("hello", 9), ""),
        ("replace", ("hello", "l", "w"), "hewwo"),
        ("replace", ("ab", "", "-"), "-a-b-"),
        ("split", ("one,two", ","), ["one", "two"]),
        ("split", ("", ","), [""]),
        ("split", ("abc", ""), ["a", "b", "c"]),
        ("split", ("a,b;c", [",", ";"]), ["a", "b", "c"]),
        ("normalize", ("e\u0301",), "é"),
        ("normalize", ("ﬁ", "NFKC"), "fi"),
        ("trim", ("  a ",), "a"),
        ("trim", ("BOTH", "x", "xxaxx"), "a"),
        ("trim", ("LEADING", "x", "xxaxx"), "axx"),
        ("trim", ("TRAILING", None, " a "), " a"),
        ("ltrim", (" a ",), "a "),
        ("rtrim", ("aab", "ab"), ""),
        ("btrim", ("xay", "xy"), "a"),
        ("trim", (None,), None),
    ],
)
def test_functions_of_texts(name: str, arguments: Any, expected: Any) -> None:
    assert same(call(name, *arguments), expected)


@pytest.mark.parametrize(
    ("name", "arguments"), [("left", ("a", -1)), ("right", ("a", -1)), ("substring", ("a", -1))]
)
def test_positions_and_lengths_are_not_negative(name: str, arguments: Any) -> None:
    with raises("ArgumentError", "NumberOutOfRange"):
        call(name, *arguments)


def test_a_replacement_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(LimitError):
        call("replace", "a" * 100_000, "a", "b" * 100_000)


# --- conversion --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "argument", "expected"),
    [
        ("toInteger", 2.9, 2),
        ("toInteger", -2.9, -2),
        ("toInteger", "1.7", 1),
        ("toInteger", "-0.9", 0),
        ("toInteger", "1e3", 1000),
        ("toInteger", "foo", None),
        ("toInteger", "", None),
        ("toInteger", "1_000", None),
        ("toInteger", "٣", None),
        ("toInteger", True, 1),
        ("toInteger", NAN, 0),
        ("toInteger", INFINITY, BIG),
        ("toInteger", 1e30, BIG),
        ("toInteger", "1e-999999999", 0),
        ("toFloat", "5", 5.0),
        ("toFloat", 3, 3.0),
        ("toFloat", "foo", None),
        ("toFloat", "-Infinity", -INFINITY),
        ("toString", 42, "42"),
        ("toString", 2.3, "2.3"),
        ("toString", 1e10, "1.0E10"),
        ("toString", True, "true"),
        ("toBoolean", "TRUE", True),
        ("toBoolean", "yes", None),
        ("toBoolean", 0, False),
        ("toIntegerOrNull", [], None),
        ("toFloatOrNull", True, None),
        ("toStringOrNull", {}, None),
        ("toBooleanOrNull", 1.5, None),
        ("toIntegerList", ["1", None, [], 2.5], [1, None, None, 2]),
        ("toFloatList", ["1", "a"], [1.0, None]),
        ("toStringList", [1, None], ["1", None]),
        ("toBooleanList", ["true", 1.0], [True, None]),
    ],
)
def test_conversion(name: str, argument: Any, expected: Any) -> None:
    assert same(call(name, argument), expected)


@pytest.mark.parametrize("name", ["toInteger", "toFloat", "toString", "toBoolean"])
@pytest.mark.parametrize("argument", [[], {}, A, T, PATH])
def test_what_can_never_be_converted_is_an_error(name: str, argument: Any) -> None:
    with raises("TypeError", "InvalidArgumentValue"):
        call(name, argument)


@pytest.mark.parametrize(
    ("name", "argument"), [("toBoolean", 1.0), ("toFloat", True), ("toInteger", "9" * 20)]
)
def test_conversion_has_its_limits(name: str, argument: Any) -> None:
    with raises("TypeError", "InvalidArgumentValue"):
        call(name, argument)


@given(st.integers(-(2**63), BIG))
def test_a_whole_number_survives_being_text(value: int) -> None:
    assert call("toInteger", call("toString", value)) == value


@given(st.floats())
def test_a_float_survives_being_text(value: float) -> None:
    assert same(call("toFloat", call("toString", value)), value)


# --- numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("abs", (-1,), 1),
        ("abs", (-1.5,), 1.5),
        ("sign", (-0.5,), -1),
        ("ceil", (1.2,), 2.0),
        ("ceil", (INFINITY,), INFINITY),
        ("floor", (-1.2,), -2.0),
        ("round", (2.5,), 3.0),
        ("round", (-2.5,), -2.0),
        ("round", (0.49999999999999994,), 0.0),
        ("round", (3.14159, 3), 3.142),
        ("round", (1.255, 2), 1.26),
        ("round", (-1.55, 1), -1.6),
        ("round", (1.249, 1, "UP"), 1.3),
        ("round", (1.299, 1, "down"), 1.2),
        ("round", (-1.25, 1, "CEILING"), -1.2),
        ("round", (-1.21, 1, "FLOOR"), -1.3),
        ("round", (1.25, 1, "HALF_DOWN"), 1.2),
        ("round", (1.35, 1, "HALF_EVEN"), 1.4),
        ("round", (NAN,), NAN),
        ("round", (3,), 3.0),
        ("sqrt", (12.96,), 3.6),
        ("sqrt", (-1,), NAN),
        ("exp", (0,), 1.0),
        ("exp", (1000,), INFINITY),
        ("log", (0,), -INFINITY),
        ("log", (-1,), NAN),
        ("log10", (100,), 2.0),
        ("acos", (2,), NAN),
        ("sin", (INFINITY,), NAN),
        ("cot", (0,), INFINITY),
        ("sinh", (-1000,), -INFINITY),
        ("atan2", (0, -1), math.pi),
        ("degrees", (math.pi,), 180.0),
        ("haversin", (0,), 0.0),
        ("isNaN", (NAN,), True),
        ("isNaN", (1,), False),
    ],
)
def test_functions_of_numbers(name: str, arguments: Any, expected: Any) -> None:
    assert same(call(name, *arguments), expected)


def test_the_least_integer_has_no_absolute_value() -> None:
    with raises("ArithmeticError", "IntegerOverflow"):
        call("abs", -BIG - 1)


def test_random_values_differ() -> None:
    assert 0 <= call("rand") < 1
    assert call("randomUUID") != call("randomUUID")
    assert call("timestamp") > 1_600_000_000_000


# --- aggregation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("count", [1, None, "a"], 2),
        ("collect", [None, 1, None], [1]),
        ("sum", [33, None, 42], 75),
        ("sum", [], 0),
        ("sum", [1, 2.5], 3.5),
        ("sum", [BIG, 1, -1], BIG),
        ("avg", [1, 2, None], 1.5),
        ("avg", [], None),
        ("min", [1, 2, 0, None, -1], -1),
        ("max", [1, 2.0, 5, None, 3.2], 5),
        ("max", ["a", "b", "B", None, "abc"], "b"),
        ("max", [[1], [2], [2, 1]], [2, 1]),
        ("max", [1, "a", None, [1, 2], 0.2, "b"], 1),
        ("min", [1, "a", None, [1, 2], 0.2, "b"], [1, 2]),
        ("min", [None], None),
        ("stDev", [2, 4, 4, 4, 5, 5, 7, 9], math.sqrt(32 / 7)),
        ("stDevP", [2, 4, 4, 4, 5, 5, 7, 9], 2.0),
        ("stDev", [None], None),
        ("stDev", [3], 0.0),
    ],
)
def test_aggregation(name: str, values: list[Any], expected: Any) -> None:
    found = aggregate(name, values)
    assert same(found, expected) or found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "fraction", "expected"),
    [
        ("percentileDisc", 0.0, 10.0),
        ("percentileDisc", 0.5, 20.0),
        ("percentileDisc", 1.0, 30.0),
        ("percentileDisc", 0.34, 20.0),
        ("percentileCont", 0.0, 10.0),
        ("percentileCont", 0.5, 20.0),
        ("percentileCont", 1, 30.0),
        ("percentileCont", 0.25, 15.0),
    ],
)
def test_percentiles(name: str, fraction: float, expected: float) -> None:
    assert aggregate(name, [30.0, None, 10.0, 20.0], fraction) == expected
    assert aggregate(name, [None], fraction) is None


@pytest.mark.parametrize("name", ["percentileDisc", "percentileCont"])
@pytest.mark.parametrize("fraction", [1000, -1, 1.1, NAN])
def test_a_percentile_lies_between_0_and_1(name: str, fraction: float) -> None:
    with raises("ArgumentError", "NumberOutOfRange"):
        aggregate(name, [10.0], fraction)


def test_a_sum_does_not_overflow_silently() -> None:
    with raises("ArithmeticError", "IntegerOverflow"):
        aggregate("sum", [BIG, 1])


@pytest.mark.parametrize("name", ["sum", "avg", "stDev"])
def test_only_numbers_have_a_sum(name: str) -> None:
    with raises("TypeError", "InvalidArgumentValue"):
        aggregate(name, [1, "a"])


@given(st.lists(st.integers(-1000, 1000), min_size=1))
def test_least_mean_and_greatest_are_in_order(values: list[int]) -> None:
    least, mean, greatest = (aggregate(name, values) for name in ("min", "avg", "max"))
    assert least <= mean <= greatest
    assert aggregate("percentileDisc", values, 0.0) == least
    assert aggregate("percentileCont", values, 1.0) == greatest
