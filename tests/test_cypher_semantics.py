"""The meaning of the operators: equality, comparison, order, arithmetic, access, patterns, and values as text."""

from __future__ import annotations

import contextlib
import math
import time
from typing import Any

import pytest
from cypher_entities import GRAPH, A, B, Graph, T
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.queries.cypher import semantics as s
from citegraph.queries.cypher.errors import CypherRuntimeError, LimitError
from citegraph.queries.cypher.render import float_text, to_cypher
from citegraph.queries.cypher.values import Node, Path, Relationship

NAN = math.nan
BIG = 2**63 - 1
THERE, BACK = Path((A, B), (T,)), Path((B, A), (T,))


def deep(levels: int, inside: Any = 1) -> Any:
    for _ in range(levels):
        inside = [inside]
    return inside


def same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and (left == right or repr(left) == repr(right) == "nan")


def raises(detail: str, kind: str = "TypeError") -> Any:
    return pytest.raises(CypherRuntimeError, check=lambda error: (error.kind, error.detail) == (kind, detail))


def shuffled(values: list[Any]) -> list[Any]:
    return values[1::2] + values[::2]


# --- equality ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1.0, True),
        (1, True, False),
        ("1", 1, False),
        (None, None, None),
        (1, None, None),
        (NAN, NAN, False),
        (NAN, "a", False),
        (2**53 + 1, float(2**53), False),  # a float would round the integer to itself
        (4611686018427387905, 4611686018427387900, False),
        ([1, 2], [1], False),
        ([None], [1], None),
        (["a"], [1], False),
        ([1], [1, None], False),
        ([[1]], [[1], [None]], False),
        ([[1], [2]], [[1], [None]], None),
        ([[1], [2, 3]], [[1], [None]], False),
        ([[1, 2], [1, 3]], [[1, 2], [None, "foo"]], False),
        ({}, {}, True),
        ({"k": 1}, {"k": 1.0}, True),
        ({"k": None}, {}, False),
        ({"k": None}, {"k": None}, None),
        ({"k": 1, "l": None}, {"k": 2, "l": 1}, False),
        ([], {}, False),
        (A, Node(GRAPH, 0), True),
        (A, B, False),
        (A, T, False),
        (THERE, Path((A, B), (T,)), True),
        (THERE, BACK, False),
    ],
)
def test_equality_knows_three_truth_values(left: Any, right: Any, expected: bool | None) -> None:
    assert s.equal(left, right) is expected
    assert s.equal(right, left) is expected


@pytest.mark.parametrize(
    ("value", "container", "expected"),
    [
        (3, [1, None, 3], True),
        (4, [1, None, 3], None),
        (4, [1, 3], False),
        (None, [], False),
        (None, [1], None),
        (None, None, None),
        ([1, 2], [1, 2], False),
        ([1, 2], [[None, "foo"]], False),
        ([1, 2], [[None, 2]], None),
        ([1, 2], [[None, 2], [1, 2]], True),
        ([], [1, 2, None], None),
        ([[]], [1, [[]]], True),
    ],
)
def test_in_looks_for_an_equal_element(value: Any, container: Any, expected: bool | None) -> None:
    assert s.in_list(value, container) is expected


def test_in_needs_a_list() -> None:
    with raises("InvalidArgumentType"):
        s.in_list(1, "123")


# --- comparison --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 3.14, -1),
        (1, 1.0, 0),
        (2**53 + 1, float(2**53), 1),
        ("a", "b", -1),
        (False, True, -1),
        ("1", 1, None),
        (True, 1, None),
        (None, 1, None),
        (A, A, None),
        ({}, {}, None),
        (NAN, "a", None),
        ([1, 0], [1], 1),
        ([1, None], [1], 1),
        ([1, 2], [1, None], None),
        ([1, "a"], [1, None], None),
        ([1, 2], [3, None], -1),
        ([[1], 2], [[1, 0], 1], -1),
        ([], [], 0),
    ],
)
def test_comparison_orders_values_of_one_type(left: Any, right: Any, expected: int | None) -> None:
    assert s.compare(left, right) == expected
    assert s.compare(right, left) == (expected if expected is None else -expected)


@pytest.mark.parametrize("other", [1, 1.0, NAN])
def test_nan_is_neither_less_nor_more_nor_equal(other: float) -> None:
    for order in (s.compare(NAN, other), s.compare([1, other], [1, NAN])):
        assert order is not None
        assert not (order < 0 or order > 0 or order == 0)


# --- order and grouping ------------------------------------------------------------------------------------


def test_types_sort_in_the_order_of_the_language() -> None:
    expected = [{"a": "map"}, A, T, ["list"], THERE, "text", False, True, 1, 1.5, math.inf, NAN, None]
    assert sorted(shuffled(expected), key=s.order_key) == expected


def test_lists_sort_by_their_first_difference_and_the_shorter_first() -> None:
    expected = [[], [[1]], ["a"], [1], [1, -20], [1, 2], [1, None], [2, -2], [2, -2, 100], [None]]
    assert sorted(shuffled(expected), key=s.order_key) == expected


def test_maps_sort_by_size_then_keys_then_values() -> None:
    expected: list[Any] = [{}, {"a": 1}, {"a": 2}, {"b": 0}, {"a": 0, "b": 0}]
    assert sorted(shuffled(expected), key=s.order_key) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [(None, None), (NAN, -NAN), (1, 1.0), ([1, NAN], [1.0, NAN]), ({"a": 1, "b": 2}, {"b": 2, "a": 1})],
)
def test_grouping_takes_equivalent_values_for_one(left: Any, right: Any) -> None:
    assert s.group_key(left) == s.group_key(right)
    assert hash(s.group_key(left)) == hash(s.group_key(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (0, False),
        ("1", 1),
        ([1], 1),
        ([[1], 2], [[1, 2]]),
        ({}, []),
        ({"a": 1}, ["a", 1]),
        (A, B),
        (A, T),
    ],
)
def test_grouping_tells_others_apart(left: Any, right: Any) -> None:
    assert s.group_key(left) != s.group_key(right)


scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(width=16) | st.text("ab", max_size=2)
values = st.recursive(
    scalars | st.sampled_from([A, B, T, THERE, BACK]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=2),
    max_leaves=6,
)


@given(values, values, values)
def test_order_is_total(a: Any, b: Any, c: Any) -> None:
    x, y, z = map(s.order_key, (a, b, c))
    assert (x < y) + (x == y) + (x > y) == 1
    assert not x <= y <= z or x <= z


@given(values, values)
def test_equal_values_group_and_sort_together(a: Any, b: Any) -> None:
    assert s.equal(a, b) is s.equal(b, a)
    if s.equal(a, b):
        assert s.group_key(a) == s.group_key(b)
        assert s.order_key(a) == s.order_key(b)
    assert (s.group_key(a) == s.group_key(b)) is (s.order_key(a) == s.order_key(b))


@given(values, values)
def test_comparison_agrees_with_order_where_it_has_one(a: Any, b: Any) -> None:
    order = s.compare(a, b)
    if order in (-1, 1):
        assert (s.order_key(a) < s.order_key(b)) is (order == -1)


# --- truth -------------------------------------------------------------------------------------------------


def test_only_truth_values_are_conditions() -> None:
    assert s.truth(True) is True
    assert s.truth(None) is None
    with raises("InvalidArgumentType"):
        s.truth(1)


# --- arithmetic --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "left", "right", "expected"),
    [
        (s.add, 1, 2, 3),
        (s.add, 1, 2.0, 3.0),
        (s.add, "a", "b", "ab"),
        (s.add, "a", 1, "a1"),
        (s.add, 1.0, "a", "1.0a"),
        (s.add, "is ", True, "is true"),
        (s.add, [1], [2], [1, 2]),
        (s.add, [1], 2, [1, 2]),
        (s.add, 1, [2], [1, 2]),
        (s.add, [1], None, None),
        (s.subtract, 1, 2.5, -1.5),
        (s.multiply, 3, 4, 12),
        (s.divide, 7, 2, 3),
        (s.divide, -7, 2, -3),
        (s.divide, 7, -2, -3),
        (s.divide, 7, 2.0, 3.5),
        (s.divide, 1, 0.0, math.inf),
        (s.divide, -1.0, 0, -math.inf),
        (s.divide, 1, -0.0, -math.inf),
        (s.divide, 0.0, 0.0, NAN),
        (s.modulo, 7, -3, 1),
        (s.modulo, -7, 3, -1),
        (s.modulo, -7.5, 2, -1.5),
        (s.modulo, 1, 0.0, NAN),
        (s.power, 2, 3, 8.0),
        (s.power, 0, -1, math.inf),
        (s.power, -8, 1 / 3, NAN),
        (s.power, 10, 400, math.inf),
        (s.power, -10, 401, -math.inf),
        (s.power, 1, NAN, NAN),
        (s.multiply, 1e308, 10, math.inf),
        (s.multiply, None, "a", None),
        (s.concatenate, "a", "b", "ab"),
        (s.concatenate, [1], ["b"], [1, "b"]),
    ],
)
def test_arithmetic(operation: Any, left: Any, right: Any, expected: Any) -> None:
    assert same(operation(left, right), expected)


@pytest.mark.parametrize(
    "run",
    [
        lambda: s.add(BIG, 1),
        lambda: s.subtract(-BIG, 2),
        lambda: s.multiply(2**32, 2**31),
        lambda: s.negate(-BIG - 1),
        lambda: s.divide(-BIG - 1, -1),
    ],
)
def test_integers_do_not_overflow_silently(run: Any) -> None:
    with raises("IntegerOverflow", "ArithmeticError"):
        run()


@pytest.mark.parametrize("operation", [s.divide, s.modulo])
def test_an_integer_cannot_be_divided_by_zero(operation: Any) -> None:
    with raises("DivisionByZero", "ArithmeticError"):
        operation(1, 0)


@pytest.mark.parametrize(
    ("operation", "left", "right"),
    [
        (s.add, True, 1),
        (s.add, {}, 1),
        (s.subtract, "a", "b"),
        (s.multiply, [1], 2),
        (s.power, "a", 1),
        (s.concatenate, 1, "a"),
    ],
)
def test_types_that_do_not_go_together_are_refused(operation: Any, left: Any, right: Any) -> None:
    with raises("InvalidArgumentType"):
        operation(left, right)


def test_doubling_a_text_ends_in_an_error_before_memory_ends() -> None:
    text = "x" * (1 << 26)
    with pytest.raises(LimitError):
        s.add(text + text, "x")


integers = st.integers(-(2**63), 2**63 - 1)


@given(integers, integers)
def test_division_and_remainder_belong_together(a: int, b: int) -> None:
    if b not in (0, -1):
        assert s.divide(a, b) * b + s.modulo(a, b) == a
        assert abs(s.modulo(a, b)) < abs(b)


@given(st.floats(), st.floats())
def test_power_never_fails(a: float, b: float) -> None:
    assert type(s.power(a, b)) is float


# --- access ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("container", "index", "expected"),
    [
        ([1, 2, 3], 0, 1),
        ([1, 2, 3], -1, 3),
        ([1, 2, 3], 3, None),
        ([1, 2, 3], -4, None),
        ([1], None, None),
        (None, 0, None),
        ({"a": 1}, "a", 1),
        ({"a": 1}, "A", None),
        (A, "k", 1),
        (T, "w", 2.5),
    ],
)
def test_subscript(container: Any, index: Any, expected: Any) -> None:
    assert s.subscript(container, index) == expected


@pytest.mark.parametrize(
    ("container", "index", "detail"),
    [
        (123, 0, "InvalidArgumentType"),
        ("1", 0, "InvalidArgumentType"),
        (True, 0, "InvalidArgumentType"),
        ([1], True, "InvalidArgumentType"),
        ([1], 0.0, "InvalidArgumentType"),
        ([1], "0", "InvalidArgumentType"),
        ({"a": 1}, 0, "MapElementAccessByNonString"),
        ({"a": 1}, 12.3, "MapElementAccessByNonString"),
        (A, 0, "MapElementAccessByNonString"),
    ],
)
def test_subscript_refuses(container: Any, index: Any, detail: str) -> None:
    with raises(detail):
        s.subscript(container, index)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 3, [2, 3]),
        (1, None, [2, 3, 4]),
        (None, 2, [1, 2]),
        (0, 0, []),
        (3, 1, []),
        (-9, 9, [1, 2, 3, 4]),
        (-2, -1, [3]),
    ],
)
def test_slice(first: int | None, last: int | None, expected: list[int]) -> None:
    assert s.slice_([1, 2, 3, 4], first, last) == expected


def test_properties_are_those_of_maps_and_entities() -> None:
    assert s.property_of({"a": 1}, "a") == 1
    assert s.property_of(A, "k") == 1
    assert s.property_of(A, "missing") is None
    assert s.property_of(None, "a") is None
    with raises("InvalidArgumentType"):
        s.property_of([1], "a")


def test_what_was_deleted_cannot_be_read() -> None:
    graph: Any = Graph()
    graph.deleted = frozenset({0})
    for entity in (Node(graph, 0), Relationship(graph, 0)):
        with raises("DeletedEntityAccess", "EntityNotFound"):
            s.property_of(entity, "k")


# --- texts and patterns ------------------------------------------------------------------------------------


def test_string_tests_are_unknown_where_one_side_is_no_text() -> None:
    assert s.contains("abc", "b") is True
    assert s.starts_with("abc", "") is True
    assert s.ends_with("abc", "d") is False
    for test in (s.contains, s.starts_with, s.ends_with):
        for other in (1, 3.14, True, list[int](), dict[str, int](), None):
            assert test("a", other) is None
            assert test(other, "a") is None


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("abc", "abc", True),
        ("abc", "b", False),  # the whole text
        ("abc\n", "abc$", False),
        ("aBc", "(?i)abc", True),
        ("aB", "a(?i)b", True),  # from here on only
        ("AB", "a(?i)b", False),
        ("a\nb", "a.b", False),
        ("a\nb", "(?s)a.b", True),
        ("a\nb", "(?m)a$.^b", False),
        ("a\nb", "(?ms)a$.^b", True),
        ("a.b", r"\Qa.b\E", True),
        ("axb", r"\Qa.b\E", False),
        ("aa", r"(?<n>a)\k<n>", True),
        ("b", "[a-z&&[^b]]", False),
        ("c", "[a-z&&[^b]]", True),
        ("|", "[a||b]", True),
        ("]", "[]a]", True),
        ("a-1", r"[\w-]+", True),
        ("é", r"\w", False),  # Java's classes are ASCII's
        ("é", r"\p{L}", True),
        ("a", r"\p{javaLowerCase}", True),
        ("STRASSE", "(?i)straße", False),
        ("A", r"\x{41}", True),
        ("a", r"a\z", True),
        ("aab", "a++b", True),
        ("2024-05", r"\d{4}-\d{2}", True),
        (1, "1", None),
        (None, "a", None),
        ("a", None, None),
    ],
)
def test_regular_expressions_are_javas(text: Any, pattern: Any, expected: bool | None) -> None:
    assert s.matches(text, pattern) is expected


@pytest.mark.parametrize(
    "pattern", ["(", "a{", "[a", "*", r"\k<", "\\", "(?z)", "(" * 500, r"\p{javaNothing}", "(?P<", "a{2,1}"]
)
def test_what_is_no_regular_expression_is_said_to_be_none(pattern: str) -> None:
    with raises("InvalidArgumentValue", "ArgumentError"):
        s.matches("a", pattern)


@pytest.mark.parametrize(
    "pattern", ["(a{1000}){1000}", "a{10000000}", "((a{100}){100}){100}", "a{1,999999999}", "ab" * 20_000]
)
def test_a_regular_expression_that_would_fill_the_memory_is_refused(pattern: str) -> None:
    with raises("InvalidArgumentValue", "ArgumentError"):
        s.matches("a", pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "((a{1,30}){1,20}){1,30}b"])
def test_a_catastrophic_regular_expression_ends_within_about_a_second(pattern: str) -> None:
    start = time.monotonic()
    try:
        assert s.matches("a" * 5000 + "!", pattern) is False
    except LimitError as error:
        assert "second" in str(error)
    assert time.monotonic() - start < 30


@settings(deadline=None)  # the first pattern loads the library
@given(st.text(r"ab\QE[](){}^$|*+?.,-&<>:!=ikspPLdwxzZ019", max_size=12), st.text("ab", max_size=4))
def test_no_pattern_fails_but_by_the_errors_of_the_language(pattern: str, text: str) -> None:
    with contextlib.suppress(CypherRuntimeError):
        assert s.matches(text, pattern) in (True, False)


# --- types -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "NULL"),
        (True, "BOOLEAN NOT NULL"),
        (1, "INTEGER NOT NULL"),
        ([], "LIST<NOTHING> NOT NULL"),
        ([1, 2], "LIST<INTEGER NOT NULL> NOT NULL"),
        ([1, None, "a"], "LIST<STRING | INTEGER> NOT NULL"),
        ([None], "LIST<NULL> NOT NULL"),
        (A, "NODE NOT NULL"),
    ],
)
def test_the_type_of_a_value_is_told_in_full(value: Any, expected: str) -> None:
    assert s.value_type(value) == expected


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (1, "INTEGER", True),
        (1, "int", True),
        (1, "FLOAT", False),
        (True, "INTEGER", False),
        (None, "INTEGER", True),
        (None, "INTEGER NOT NULL", False),
        (None, "INTEGER!", False),
        ([1, None], "LIST<INTEGER>", True),
        ([1, None], "LIST<INTEGER NOT NULL>", False),
        ([1, "a"], "LIST<INTEGER | STRING> NOT NULL", True),
        ([[1]], "LIST<LIST<INTEGER>>", True),
        ([1], "INTEGER NOT NULL LIST", True),
        (1, "STRING | INTEGER", True),
        (1, "ANY", True),
        (A, "ANY NODE", True),
        (1, "PROPERTY VALUE", True),
        (None, "NULL", True),
        (None, "NOTHING", False),
    ],
)
def test_a_value_is_of_a_type(value: Any, name: str, expected: bool) -> None:
    assert s.is_type(value, name) is expected


@pytest.mark.parametrize(
    "name", ["", "NUMERAL", "LIST<INTEGER", "LIST<>", "INTEGER>", "INTEGER |", "LIST<" * 300]
)
def test_an_unknown_type_is_said_to_be_unknown(name: str) -> None:
    with raises("InvalidType", "SyntaxError"):
        s.is_type(1, name)


# --- as text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (-1, "-1"),
        ("it's\n\\", r"'it\'s\n\\'"),
        ("\x1b[2J", r"'\u001B[2J'"),
        ([1, [2.0, None]], "[1, [2.0, null]]"),
        ({"a": {"b c": 1}}, "{a: {`b c`: 1}}"),
        (A, "(:A:B {k: 1})"),
        (B, "()"),
        (T, "[:T {w: 2.5}]"),
        (THERE, "<(:A:B {k: 1})-[:T {w: 2.5}]->()>"),
        (BACK, "<()<-[:T {w: 2.5}]-(:A:B {k: 1})>"),
    ],
)
def test_values_are_written_as_cypher_has_them(value: Any, expected: str) -> None:
    assert to_cypher(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (0.001, "0.001"),
        (0.00012, "1.2E-4"),
        (9999999.5, "9999999.5"),
        (1e7, "1.0E7"),
        (1.5e300, "1.5E300"),
        (NAN, "NaN"),
        (-math.inf, "-Infinity"),
    ],
)
def test_floats_are_written_as_java_has_them(value: float, expected: str) -> None:
    assert float_text(value) == expected


@given(st.floats(allow_nan=False))
def test_a_written_float_is_read_as_the_same(value: float) -> None:
    assert float(float_text(value)) == value


# --- depth -------------------------------------------------------------------------------------------------


def test_no_depth_of_nesting_exhausts_the_stack() -> None:
    a, b = deep(20_000), deep(20_000, 2)
    assert s.equal(a, deep(20_000)) is True
    assert s.equal(a, b) is False
    assert s.compare(a, b) == -1
    assert s.order_key(a) < s.order_key(b)
    assert len({s.group_key(a), s.group_key(b), s.group_key(deep(20_000))}) == 2
    assert to_cypher(a) == "[" * 20_000 + "1" + "]" * 20_000
    assert s.value_type(a).startswith("LIST<LIST<")
    assert s.in_list(a, [b, a]) is True
