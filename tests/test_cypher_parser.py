"""What the parser makes of a query text: the tree, and the errors with their places."""

from __future__ import annotations

import math

import pytest
from effort import within
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.queries.cypher import syntax as s
from citegraph.queries.cypher.errors import CypherError
from citegraph.queries.cypher.parser import parse

X, Y, Z = s.Variable("x"), s.Variable("y"), s.Variable("z")


def clauses(query: str) -> tuple[s.Clause, ...]:
    return parse(query).query.parts[0].clauses


def item(text: str) -> s.ProjectionItem:
    (projection,) = clauses(f"RETURN {text}")
    assert isinstance(projection, s.Projection)
    return projection.items[0]


def expression(text: str) -> s.Expression:
    return item(text).expression


def path(text: str) -> s.PathPattern:
    match = clauses(f"MATCH {text} RETURN 1")[0]
    assert isinstance(match, s.Match)
    assert len(match.patterns) == 1
    return match.patterns[0]


def elements(text: str) -> tuple[object, ...]:
    return path(text).elements


def relationship(text: str) -> s.RelationshipPattern:
    found = elements(f"(){text}()")[1]
    assert isinstance(found, s.RelationshipPattern)
    return found


def labels(text: str) -> s.LabelExpression | None:
    (node,) = elements(f"(n{text})")
    assert isinstance(node, s.NodePattern)
    return node.labels


def refusal(query: str) -> CypherError:
    with pytest.raises(CypherError) as caught:
        parse(query)
    error = caught.value
    assert (error.kind, error.phase) == ("SyntaxError", "compile time")
    assert error.place is not None, "every error points at a piece"
    return error


def integer(value: int) -> s.Literal_:
    return s.Literal_(value, "integer")


def string(value: str) -> s.Literal_:
    return s.Literal_(value, "string")


# --- literals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("0", 0, "integer"),
        ("1_000", 1000, "integer"),
        ("0x1F", 31, "integer"),
        ("0XfF", 255, "integer"),
        ("0o17", 15, "integer"),
        ("-7", -7, "integer"),
        ("9223372036854775807", 2**63 - 1, "integer"),
        ("-9223372036854775808", -(2**63), "integer"),
        ("-0x8000000000000000", -(2**63), "integer"),
        ("1.5", 1.5, "float"),
        (".5", 0.5, "float"),
        ("1e3", 1000.0, "float"),
        ("1.5E-3", 0.0015, "float"),
        ("Infinity", math.inf, "float"),
        ("true", True, "boolean"),
        ("FALSE", False, "boolean"),
        ("null", None, "null"),
    ],
)
def test_a_literal_is_read_with_its_kind(text: str, value: object, kind: str) -> None:
    assert expression(text) == s.Literal_(value, kind)  # type: ignore[arg-type]


def test_nan_is_a_float() -> None:
    found = expression("NaN")
    assert isinstance(found, s.Literal_)
    assert isinstance(found.value, float)
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'a\'b'", "a'b"),
        (r'"a\"b"', 'a"b'),
        (r"'\\ \b\f\n\r\t'", "\\ \b\f\n\r\t"),
        (r"'\u00e9'", "é"),
        (r"'\U0001F600'", "😀"),
        (r"'\uD83D\uDE00'", "😀"),
        ("'// no /* comment'", "// no /* comment"),
        ("'two\nlines'", "two\nlines"),
        ("''", ""),
    ],
)
def test_the_escapes_of_a_text_are_resolved(text: str, value: str) -> None:
    assert expression(text) == string(value)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("9223372036854775808", "IntegerOverflow"),
        ("-9223372036854775809", "IntegerOverflow"),
        ("0x8000000000000000", "IntegerOverflow"),
        ("0o1000000000000000000000", "IntegerOverflow"),
        ("1" * 5000, "IntegerOverflow"),
        ("1.34E999", "FloatingPointOverflow"),
        ("9223372h54775808", "InvalidNumberLiteral"),
        ("0x", "InvalidNumberLiteral"),
        ("0x1G", "InvalidNumberLiteral"),
        ("0o8", "InvalidNumberLiteral"),
        ("017", "InvalidNumberLiteral"),
        ("1e", "InvalidNumberLiteral"),
        ("1.5x", "InvalidNumberLiteral"),
        (r"'\uH'", "InvalidUnicodeLiteral"),
        (r"'\uD83D'", "InvalidUnicodeLiteral"),
        (r"'\UFFFFFFFF'", "InvalidUnicodeLiteral"),
        (r"'\d'", "UnexpectedSyntax"),
        ("9223372#54775808", "UnexpectedSyntax"),
        ("{1B2c3e67: 1}", "UnexpectedSyntax"),
        ("{k1.k: 1}", "UnexpectedSyntax"),
        ("{, }", "UnexpectedSyntax"),
        ("{a: 1,}", "UnexpectedSyntax"),
        ("[, ]", "UnexpectedSyntax"),
        ("[1", "UnexpectedSyntax"),
    ],
)
def test_a_literal_that_is_none_is_an_error_named_as_in_the_kit(text: str, detail: str) -> None:
    assert refusal(f"RETURN {text}").detail == detail


def test_parameters_are_named_by_word_number_or_backticks() -> None:
    assert expression("[$name, $1, $`x y`]") == s.ListLiteral(
        (s.Parameter("name"), s.Parameter("1"), s.Parameter("x y"))
    )


def test_comments_and_space_of_any_kind_separate() -> None:
    assert expression("/* a * / b */ 1 // end\n + \u00a0\ufeff 2") == s.Binary("+", integer(1), integer(2))


# --- names -------------------------------------------------------------------------------------------------


def test_backticks_make_a_name_of_anything() -> None:
    assert expression("`a ``b```.`k k`") == s.Property(s.Variable("a `b`"), "k k")


@pytest.mark.parametrize(
    "name", ["end", "order", "match", "set", "call", "count", "all", "any", "exists", "type", "limit"]
)
def test_a_keyword_may_name_a_variable_where_it_can_only_be_one(name: str) -> None:
    found = clauses(f"MATCH ({name}:A)-[:R]->() RETURN {name}.x, {name}")[-1]
    assert isinstance(found, s.Projection)
    assert [i.expression for i in found.items] == [s.Property(s.Variable(name), "x"), s.Variable(name)]


def test_keywords_may_name_keys_labels_and_types() -> None:
    parse("MATCH (n:Match {return: 1})-[:IN|WITH]->() RETURN n.order, n.null, {end: 1, null: 2}.end")


def test_keywords_are_of_either_case() -> None:
    assert parse("match (n) where n.x is not null return n") == parse(
        "MATCH (n) WHERE n.x IS NOT NULL RETURN n"
    )


def test_a_variable_cannot_begin_with_a_space_for_the_engine_keeps_such_names() -> None:
    for query in ("MATCH (` n`) RETURN 1", "RETURN 1 AS ` n`", "UNWIND [1] AS ` n` RETURN 1"):
        assert "begin with a space" in refusal(query).reason


# --- precedence --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x OR y XOR z", "x OR (y XOR z)"),
        ("x XOR y AND z", "x XOR (y AND z)"),
        ("NOT x AND y", "(NOT x) AND y"),
        ("NOT x = y", "NOT (x = y)"),
        ("x = y IN z", "x = (y IN z)"),
        ("x = y IS NULL", "x = (y IS NULL)"),
        ("NOT x IS NULL", "NOT (x IS NULL)"),
        ("x + y IN z", "(x + y) IN z"),
        ("x STARTS WITH y + z", "x STARTS WITH (y + z)"),
        ("x + y * z", "x + (y * z)"),
        ("x - y - z", "(x - y) - z"),
        ("x * y ^ z", "x * (y ^ z)"),
        ("x ^ y ^ z", "(x ^ y) ^ z"),
        ("-x ^ y", "(-x) ^ y"),
        ("x ^ -y", "x ^ (-y)"),
        ("-x.a", "-(x.a)"),
        ("-x[0]", "-(x[0])"),
        ("x.a IS NULL", "(x.a) IS NULL"),
        ("x || y || z", "(x || y) || z"),
        ("x<-1", "x < (-1)"),
        ("x AND y OR z AND x", "(x AND y) OR (z AND x)"),
        ("x + y < z AND NOT y:A", "((x + y) < z) AND (NOT (y:A))"),
    ],
)
def test_operators_bind_as_in_opencypher(text: str, same: str) -> None:
    assert expression(text) == expression(same)


def test_comparisons_make_chains() -> None:
    assert expression("1 < x <= y <> 3") == s.Comparison((integer(1), X, Y, integer(3)), ("<", "<=", "<>"))
    assert expression("(x < y) < z") == s.Comparison((s.Comparison((X, Y), ("<",)), Z), ("<",))


def test_signs_stand_alone_before_all_but_whole_numbers() -> None:
    assert expression("- -1") == s.Unary("-", integer(-1))
    assert expression("+x") == s.Unary("+", X)


def test_not_may_be_repeated() -> None:
    assert expression("NOT NOT x") == s.Unary("NOT", s.Unary("NOT", X))


def test_not_below_a_comparison_needs_parentheses() -> None:
    assert "(NOT …)" in refusal("RETURN 1 = NOT true").reason


def test_a_test_is_no_operand_of_a_sum() -> None:
    assert refusal("RETURN x IS NULL + 1").place == (1, 18)


@pytest.mark.parametrize("operator", ["IN", "STARTS WITH", "ENDS WITH", "CONTAINS", "=~"])
def test_a_test_joins_two_operands(operator: str) -> None:
    assert expression(f"x {operator} y") == s.Binary(operator, X, Y)  # type: ignore[arg-type]


def test_null_tests() -> None:
    assert expression("x IS NULL") == s.Unary("IS NULL", X)
    assert expression("x IS NOT NULL") == s.Unary("IS NOT NULL", X)


def test_long_chains_of_or_make_a_flat_tree_in_the_order_written() -> None:
    found = expression(" OR ".join(f"x = {i}" for i in range(1000)))

    def leaves(piece: s.Expression, depth: int) -> list[s.Expression]:
        assert depth <= 12
        if isinstance(piece, s.Binary):
            return leaves(piece.left, depth + 1) + leaves(piece.right, depth + 1)
        return [piece]

    assert leaves(found, 0) == [s.Comparison((X, integer(i)), ("=",)) for i in range(1000)]


# --- types -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("INTEGER", "INTEGER"),
        ("list<integer not null> NOT NULL", "LIST<INTEGER NOT NULL> NOT NULL"),
        ("LIST<LIST<STRING!>>", "LIST<LIST<STRING NOT NULL>>"),
        ("INTEGER | FLOAT", "INTEGER | FLOAT"),
        ("ZONED DATETIME", "ZONED DATETIME"),
        ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
        ("ANY PROPERTY VALUE", "ANY PROPERTY VALUE"),
    ],
)
def test_a_type_is_read_in_upper_case(text: str, name: str) -> None:
    assert expression(f"x IS :: {text}") == s.TypeTest(X, name, False)
    assert expression(f"x IS NOT :: {text} AND y") == s.Binary("AND", s.TypeTest(X, name, True), Y)
    assert expression(f"x IS TYPED {text}") == expression(f"x :: {text}")


def test_the_clause_after_a_type_is_no_part_of_it() -> None:
    first, second = clauses("WITH 1 AS x WITH x IS :: TIME AS t WITH t RETURN t")[1:3]
    assert isinstance(first, s.Projection)
    assert isinstance(second, s.Projection)
    assert first.items[0].expression == s.TypeTest(X, "TIME", False)


def test_an_unknown_type_names_the_likely_one() -> None:
    assert "INTEGER?" in refusal("RETURN x IS :: INTEGR").reason


# --- what follows a value ----------------------------------------------------------------------------------


def test_properties_indexes_and_slices_follow_a_value() -> None:
    assert expression("x.a.b") == s.Property(s.Property(X, "a"), "b")
    assert expression("x[0].a") == s.Property(s.Subscript(X, integer(0)), "a")
    assert expression("x[1..3]") == s.Slice(X, integer(1), integer(3))
    assert expression("x[..-1]") == s.Slice(X, None, integer(-1))
    assert expression("x[1..]") == s.Slice(X, integer(1), None)
    assert expression("x[..]") == s.Slice(X, None, None)


def test_a_label_predicate_follows_a_value() -> None:
    either = s.LabelOr((s.Label("A"), s.Label("B")))
    assert expression("x:A|B") == s.HasLabels(X, either)
    assert expression("x:A:B") == s.HasLabels(X, s.LabelAnd((s.Label("A"), s.Label("B"))))


# --- calls, CASE, lists, maps ------------------------------------------------------------------------------


def test_functions_may_stand_in_namespaces() -> None:
    assert expression("a.b.c(x, 1)") == s.Call("a.b.c", (X, integer(1)))
    assert expression("toUpper()") == s.Call("toUpper", ())
    assert expression("count(DISTINCT x)") == s.Call("count", (X,), distinct=True)
    assert expression("COUNT(*)") == s.Call("COUNT", (), star=True)


def test_case_has_two_forms() -> None:
    assert expression("CASE WHEN x THEN 1 ELSE 2 END") == s.Case(None, ((X, integer(1)),), integer(2))
    assert expression("CASE x WHEN 1 THEN y WHEN 2 THEN z END") == s.Case(
        X, ((integer(1), Y), (integer(2), Z)), None
    )


def test_one_branch_of_case_may_have_many_values() -> None:
    assert expression("CASE x WHEN 1, 2 THEN y END") == s.Case(X, ((integer(1), Y), (integer(2), Y)), None)


def test_a_list_comprehension_has_a_predicate_and_a_projection_or_neither() -> None:
    assert expression("[x IN y WHERE x | z]") == s.ListComprehension("x", Y, X, Z)
    assert expression("[x IN y | z]") == s.ListComprehension("x", Y, None, Z)
    assert expression("[x IN y WHERE x]") == s.ListComprehension("x", Y, X, None)
    assert expression("[x IN y]") == s.ListComprehension("x", Y, None, None)


def test_a_list_may_begin_with_a_membership_test() -> None:
    assert expression("[x IN y, z]") == s.ListLiteral((s.Binary("IN", X, Y), Z))
    assert expression("[1 IN y]") == s.ListLiteral((s.Binary("IN", integer(1), Y),))


@pytest.mark.parametrize(
    ("text", "predicate", "projection"),
    [
        ("x:A | x.k", ":A", "x.k"),
        ("x:A|x", ":A", "x"),
        ("x:A|B | x.k", ":A|B", "x.k"),
        ("x:A|B|C | x", ":A|B|C", "x"),
        ("x:A | x:B|C", ":A", "x:B|C"),
        ("x:A | size(x)", ":A", "size(x)"),
        ("x:A|(B&C) | [z IN x WHERE z:D | z]", ":A|(B&C)", "[z IN x WHERE z:D | z]"),
    ],
)
def test_the_bar_of_a_comprehension_is_told_from_that_of_labels(
    text: str, predicate: str, projection: str
) -> None:
    assert expression(f"[x IN y WHERE {text}]") == s.ListComprehension(
        "x", Y, expression(f"x{predicate}"), expression(projection)
    )


def test_the_bar_after_labels_in_a_pattern_comprehension_begins_its_projection() -> None:
    found = expression("[(x)-->(y:A|B) WHERE y:A|C | y.k]")
    assert isinstance(found, s.PatternComprehension)
    assert found.predicate == expression("y:A|C")
    assert found.projection == s.Property(Y, "k")


def test_the_bar_after_a_type_in_a_comprehension_begins_its_projection() -> None:
    assert expression("[x IN y WHERE x IS :: INTEGER | date]") == s.ListComprehension(
        "x", Y, s.TypeTest(X, "INTEGER", False), s.Variable("date")
    )


@pytest.mark.parametrize("kind", ["all", "any", "none", "single"])
def test_a_quantifier_asks_each_item(kind: str) -> None:
    assert expression(f"{kind}(x IN y WHERE z)") == s.Quantifier(kind, "x", Y, Z)  # type: ignore[arg-type]


def test_reduce_carries_a_value_through_a_list() -> None:
    assert expression("reduce(x = 0, y IN z | x + y)") == s.Reduce(
        "x", integer(0), "y", Z, s.Binary("+", X, Y)
    )


def test_maps_and_map_projections() -> None:
    assert expression("{a: 1, `b c`: x}") == s.MapLiteral((("a", integer(1)), ("b c", X)))
    assert expression("{}") == s.MapLiteral(())
    assert expression("x {.a, b: 1, y, .*}") == s.MapProjection(
        X, (("a", s.Property(X, "a")), ("b", integer(1)), ("y", Y)), True
    )


# --- patterns in expressions -------------------------------------------------------------------------------


def test_a_pattern_is_told_from_arithmetic() -> None:
    assert isinstance(expression("(x)-->(y)"), s.PatternExpression)
    assert isinstance(expression("(x)-[:R]-(y)"), s.PatternExpression)
    assert isinstance(expression("(x:A {k: 1})<--()"), s.PatternExpression)
    assert expression("(x)-(y)") == s.Binary("-", X, Y)
    assert expression("(x)-[1][0]") == s.Binary("-", X, s.Subscript(s.ListLiteral((integer(1),)), integer(0)))
    assert expression("(1)--(2)") == s.Binary("-", integer(1), s.Unary("-", integer(2)))
    assert expression("(x) < (y)") == s.Comparison((X, Y), ("<",))


def test_exists_takes_a_property_or_a_pattern() -> None:
    assert expression("exists(x.a)") == s.Call("exists", (s.Property(X, "a"),))
    found = expression("exists((x)-->())")
    assert isinstance(found, s.Call)
    assert isinstance(found.arguments[0], s.PatternExpression)


def test_a_pattern_comprehension_may_name_its_path() -> None:
    found = expression("[p = (x)-->(y) WHERE y.a | p]")
    assert isinstance(found, s.PatternComprehension)
    assert (found.path.variable, found.projection) == ("p", s.Variable("p"))


@pytest.mark.parametrize("kind", ["exists", "count", "collect"])
def test_a_subquery_holds_a_whole_query(kind: str) -> None:
    found = expression(f"{kind} {{ MATCH (x)-->(y) RETURN y UNION MATCH (y) RETURN y }}")
    assert isinstance(found, s.Subquery)
    assert (found.kind, len(found.query.parts)) == (kind, 2)


def test_a_bare_pattern_in_a_subquery_is_a_query_of_one_match() -> None:
    found = expression("EXISTS { (x)-->(y), p = (y)--() WHERE z }")
    assert isinstance(found, s.Subquery)
    ((match,),) = (part.clauses for part in found.query.parts)
    assert isinstance(match, s.Match)
    assert (len(match.patterns), match.predicate) == (2, Z)


# --- patterns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":A", s.Label("A")),
        (" IS A", s.Label("A")),
        (":%", s.AnyLabel()),
        (":!A", s.LabelNot(s.Label("A"))),
        (":A|B|C", s.LabelOr((s.Label("A"), s.Label("B"), s.Label("C")))),
        (":A:B", s.LabelAnd((s.Label("A"), s.Label("B")))),
        (":A&B|C", s.LabelOr((s.LabelAnd((s.Label("A"), s.Label("B"))), s.Label("C")))),
        (":A&(B|!C)", s.LabelAnd((s.Label("A"), s.LabelOr((s.Label("B"), s.LabelNot(s.Label("C"))))))),
    ],
)
def test_label_expressions(text: str, expected: s.LabelExpression) -> None:
    assert labels(text) == expected


def test_a_node_has_a_variable_labels_properties_and_a_predicate() -> None:
    assert elements("(x:A {k: 1} WHERE y)") == (
        s.NodePattern("x", s.Label("A"), s.MapLiteral((("k", integer(1)),)), Y),
    )
    assert elements("()") == (s.NodePattern(),)
    assert elements("(x $p)") == (s.NodePattern("x", None, s.Parameter("p")),)
    assert elements("(WHERE y)") == (s.NodePattern(predicate=Y),)


@pytest.mark.parametrize(
    ("text", "direction"),
    [("-->", "out"), ("<--", "in"), ("--", "both"), ("<-->", "both"), ("-[]->", "out"), ("<-[]-", "in")],
)
def test_arrows_give_the_direction(text: str, direction: str) -> None:
    assert relationship(text).direction == direction


def test_a_relationship_has_a_variable_types_properties_and_a_predicate() -> None:
    types = s.LabelOr((s.Label("A"), s.Label("B")))
    assert relationship("-[x:A|:B {k: 1} WHERE y]->") == s.RelationshipPattern(
        "x", types, s.MapLiteral((("k", integer(1)),)), "out", None, Y
    )
    assert relationship("-[:A|B]-").types == types


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("*", 1, None), ("*2", 2, 2), ("*1..3", 1, 3), ("*..3", 1, 3), ("*2..", 2, None), ("*..", 1, None),
        ("*0..1", 0, 1), (":A*", 1, None), ("r:A*1..2 {k: 1}", 1, 2),
    ],
)  # fmt: skip
def test_variable_lengths(text: str, least: int, most: int | None) -> None:
    assert relationship(f"-[{text}]->").length == s.Length(least, most)


@pytest.mark.parametrize("text", ["*-2", "*1..-2", "*1.5", ":LIKES..", ":LIKES 2", "*$n"])
def test_a_length_that_is_none_is_an_invalid_relationship_pattern(text: str) -> None:
    assert refusal(f"MATCH ()-[{text}]->() RETURN 1").detail == "InvalidRelationshipPattern"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("+", 1, None), ("*", 0, None), ("{2}", 2, 2), ("{1,3}", 1, 3), ("{,3}", 0, 3), ("{2,}", 2, None)],
)
def test_repeated_paths_and_relationships(text: str, least: int, most: int | None) -> None:
    whole = elements(f"(a)((x)-[r]->(y) WHERE z){text}(b)")[1]
    assert isinstance(whole, s.QuantifiedPath)
    assert (whole.least, whole.most, whole.predicate, len(whole.path.elements)) == (least, most, Z, 3)
    one = elements(f"(a)-[r:A]->{text}(b)")[1]
    assert isinstance(one, s.QuantifiedPath)
    assert (one.least, one.most, one.path.elements[1]) == (least, most, relationship("-[r:A]->"))


def test_empty_nodes_stand_where_repeated_paths_meet_nothing() -> None:
    found = elements("((a)-->(b))+((c)-->(d)){2}")
    kinds = [type(part) for part in found]
    node, repeated = s.NodePattern, s.QuantifiedPath
    assert kinds == [node, repeated, node, repeated, node]
    assert found[::2] == (s.NodePattern(),) * 3


def test_parentheses_around_a_path_that_is_not_repeated_mean_nothing() -> None:
    assert elements("((a)-->(b))") == elements("(a)-->(b)")


@pytest.mark.parametrize(
    "text",
    [
        "((a)){2}",
        "((a)-->(b)){3,1}",
        "((a)-->(b)){0}",
        "(((a)-->(b)){2}){2}",
        "(a)-[:A*1..2]->{1,2}(b)",
        "((a)-->(b) WHERE a.x)",
        "(p = (a)-->(b)){2}",
        "(a)(b)",
        "(a)-->",
        "-->(b)",
        "(a)-[r]-[q]-(b)",
        "(a)-->((b)-->(c)){2}",
        "p = SHORTEST 2 (a)-->+(b)",
    ],
)
def test_a_pattern_that_means_nothing_is_an_error(text: str) -> None:
    assert refusal(f"MATCH {text} RETURN 1").detail == "UnexpectedSyntax"


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("shortestPath((a)-[*]-(b))", "one"),
        ("allShortestPaths((a)-[*]-(b))", "all"),
        ("ANY SHORTEST (a)-->+(b)", "one"),
        ("SHORTEST 1 PATHS (a)-->+(b)", "one"),
        ("ANY (a)-->+(b)", "one"),
        ("ALL SHORTEST PATHS (a)-->+(b)", "all"),
        ("SHORTEST GROUP (a)-->+(b)", "all"),
        ("(a)-->(b)", None),
    ],
)
def test_which_of_many_paths_are_wanted(text: str, shortest: str | None) -> None:
    found = path(f"p = {text}")
    assert (found.variable, found.shortest) == ("p", shortest)


# --- clauses -----------------------------------------------------------------------------------------------


def test_match_has_patterns_and_a_predicate() -> None:
    (found,) = clauses("OPTIONAL MATCH (x), (y)-->() WHERE z")
    assert isinstance(found, s.Match)
    assert (len(found.patterns), found.predicate, found.optional) == (2, Z, True)


def test_index_hints_are_read_and_forgotten() -> None:
    query = "MATCH (n:Order){} WHERE n.x = 1 RETURN n"
    hint = " USING INDEX n:Order(x, y) USING SCAN n:Match USING JOIN ON n"
    assert parse(query.format(hint)) == parse(query.format(""))


def test_a_projection_has_all_that_may_follow_it() -> None:
    (found,) = clauses("WITH DISTINCT *, x AS a ORDER BY y DESC, z ASCENDING SKIP 1 LIMIT 2 WHERE a")
    assert found == s.Projection(
        (s.ProjectionItem(X, "a", True),), False, True, True, (s.SortItem(Y, True), s.SortItem(Z)),
        integer(1), integer(2), s.Variable("a"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x . a+1", "x . a+1"),
        ("count( * )", "count( * )"),
        ("(x.a)", "(x.a)"),
        ("`a b`", "a b"),
        ("[1,2 ]", "[1,2 ]"),
        ("cOuNt( /* c */ x )", "cOuNt( /* c */ x )"),
    ],
)
def test_without_as_a_column_is_called_what_is_written(text: str, name: str) -> None:
    found = item(f"  {text} ")
    assert (found.name, found.aliased) == (name, False)


def test_calls_of_procedures() -> None:
    assert clauses("CALL db.labels") == (s.CallProcedure("db.labels", None, None),)
    assert clauses("CALL p(x, 1) YIELD a AS b, c WHERE c RETURN b")[0] == s.CallProcedure(
        "p", (X, integer(1)), (("a", "b"), ("c", "c")), s.Variable("c")
    )
    assert clauses("CALL p() YIELD *") == (s.CallProcedure("p", (), (), star=True),)


@pytest.mark.parametrize(
    ("text", "imports"),
    [("CALL", None), ("CALL ()", ()), ("CALL (x, y)", ("x", "y")), ("CALL (*)", ("*",))],
)
def test_a_called_subquery_may_name_what_it_imports(text: str, imports: tuple[str, ...] | None) -> None:
    found = clauses(f"{text} {{ RETURN 1 AS a }} RETURN a")[0]
    assert isinstance(found, s.CallSubquery)
    assert found.imports == imports


def test_writing_clauses() -> None:
    target = s.Property(X, "k")
    assert clauses("SET x.k = 1, x = y, x += y, x:A:B") == (
        s.Set((
            s.SetProperty(target, integer(1)), s.SetProperties(X, Y, False), s.SetProperties(X, Y, True),
            s.SetLabels(X, ("A", "B")),
        )),
    )  # fmt: skip
    assert clauses("REMOVE x.k, x:A") == (s.Remove((s.RemoveProperty(target), s.SetLabels(X, ("A",)))),)
    assert clauses("DETACH DELETE x, y") == (s.Delete((X, Y), True),)
    assert clauses("SET (x).k = 1") == clauses("SET x.k = 1")


def test_merge_says_what_to_set_when() -> None:
    (found,) = clauses("MERGE (x) ON CREATE SET x.k = 1 ON MATCH SET x:A ON CREATE SET x:B")
    assert isinstance(found, s.Merge)
    assert found.on_create == (s.SetProperty(s.Property(X, "k"), integer(1)), s.SetLabels(X, ("B",)))
    assert found.on_match == (s.SetLabels(X, ("A",)),)


def test_foreach_holds_clauses_that_write() -> None:
    (found,) = clauses("FOREACH (x IN y | CREATE (a) SET a.k = x)")
    assert isinstance(found, s.Foreach)
    assert [type(clause) for clause in found.clauses] == [s.Create, s.Set]
    refusal("FOREACH (x IN y | RETURN x)")


def test_unions_and_modes() -> None:
    found = parse("PROFILE RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a;")
    assert (found.mode, len(found.query.parts), found.query.all) == ("profile", 3, (False, True))
    assert parse("explain RETURN 1").mode == "explain"


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("LOAD CSV FROM 'x' AS row RETURN row", "parameter"),
        ("CREATE INDEX FOR (n:A) ON (n.x)", "indexes are made"),
        ("CALL { RETURN 1 AS x } IN TRANSACTIONS RETURN x", "one transaction"),
        ("RETURN 1; RETURN 2", "Only one query"),
        ("MATCH (n) WHERE n.x != 1 RETURN n", "<>"),
        ("MATCH (n) WHERE n.x == 1 RETURN n", "one ="),
        ("MATCH (n) WHERE n.x = “a” RETURN n", 'write "'),
    ],
)
def test_what_other_dialects_have_is_refused_with_a_remedy(query: str, remedy: str) -> None:
    assert remedy in refusal(query).reason


# --- errors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("MACTH (n) RETURN n", "MATCH"),
        ("MATCH (n) RETRUN n", "RETURN"),
        ("OPTIONAL MACTH (n) RETURN n", "MATCH"),
        ("MATCH (n) WHRE n.x = 1 RETURN n", "WHERE"),
        ("MATCH (n) RETURN n ORDRE BY n.x", "ORDER"),
        ("MATCH (n) RETURN n LIMTI 5", "LIMIT"),
        ("MATCH (n) WHERE n.x STRATS WITH 'a' RETURN n", "STARTS"),
        ("MATCH (n) WHERE n.x IS NUL RETURN n", "NULL"),
        ("MERGE (n) ON CRAETE SET n.x = 1", "CREATE"),
        ("RETURN DISTICNT n", "DISTINCT"),
    ],
)
def test_a_misspelt_keyword_names_the_likely_one(query: str, word: str) -> None:
    assert f"Did you mean {word}" in refusal(query).reason


def test_an_error_shows_the_line_and_underlines_the_piece() -> None:
    error = refusal("MATCH (n)\nRETRUN n.name")
    assert error.place == (2, 1)
    assert str(error).splitlines()[1:] == ["  RETRUN n.name", "  ^^^^^^"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("RETURN 'abc", (1, 8)),
        ("RETURN `abc", (1, 8)),
        ("RETURN 1 /* abc", (1, 10)),
        ("MATCH (n) WHERE RETURN n", (1, 17)),
        ("RETURN ORDER BY x", (1, 8)),
        ("RETURN (1", (1, 9)),
        ("", (1, 1)),
        ("RETURN 'ok \\uH'", (1, 12)),
        ("MATCH (n) DELETE", (1, 16)),
    ],
)
def test_an_error_points_at_what_is_wrong(query: str, place: tuple[int, int]) -> None:
    assert refusal(query).place == place


def test_half_a_character_is_an_error_that_can_be_printed() -> None:
    str(refusal("RETURN '\ud800'")).encode("utf-8")


def test_spans_are_the_characters_a_piece_was_written_with() -> None:
    query = "MATCH (n:A)-[r:R*2]->(m {k: 1}) WHERE NOT n.x + 1 > 2 RETURN count(n) AS c"
    match, projection = clauses(query)
    assert isinstance(match, s.Match)
    assert isinstance(projection, s.Projection)

    def written(piece: s.Piece | None) -> str:
        assert piece is not None
        return query[slice(*piece.span)]

    assert written(match) == "MATCH (n:A)-[r:R*2]->(m {k: 1}) WHERE NOT n.x + 1 > 2"
    parts = ["(n:A)", "-[r:R*2]->", "(m {k: 1})"]
    assert [written(part) for part in match.patterns[0].elements] == parts
    assert written(match.predicate) == "NOT n.x + 1 > 2"
    assert written(projection.items[0]) == "count(n) AS c"
    assert written(projection.items[0].expression) == "count(n)"


# --- bounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"), ("[", "]"), ("{a: ", "}"), ("f(", ")"), ("1 + (", ")"), ("CASE WHEN ", " THEN 1 END"),
        ("[x IN ", "]"), ("EXISTS { MATCH (n) WHERE ", " }"), ("NOT ", ""), ("- ", ""),
        ("[(a {k: ", "})-->() | 1]"), ("all(x IN y WHERE ", ")"),
    ],
)  # fmt: skip
def test_nesting_is_read_to_some_depth_and_then_an_error(opening: str, closing: str) -> None:
    parse(f"RETURN {opening * 40}1{closing * 40}")
    assert "nest" in refusal(f"RETURN {opening * 10_000}1{closing * 10_000}").reason


@pytest.mark.parametrize(
    "query",
    [
        "RETURN " + "[x IN " * 60 + "[1]" + ", 1]" * 60,
        "MATCH (a) RETURN " + "[(a {x: " * 60 + "1" + "})-->() | 1]" * 60,
        "RETURN " + "(a:A " * 100_000,
        "RETURN [" + "(a {x: " * 150,
        "RETURN '" + "\\a" * 200_000,
        "`" * 200_001,
        "RETURN " + "1" * 1_000_000,
        "/*" * 200_000,
    ],
    ids=lambda query: query[:24],
)
def test_nothing_is_read_twice(query: str) -> None:
    with within(5):
        try:
            parse(query)
        except CypherError as error:
            assert len(str(error)) < 1000


def test_a_text_of_a_megabyte_is_read() -> None:
    assert len(expression("[" + "1," * 150_000 + "1]").items) == 150_001  # type: ignore[attr-defined]
    assert expression("'" + "x" * 1_000_000 + "'") == string("x" * 1_000_000)


QUERIES = (
    "MATCH (p:Paper&!Stub)-[r:USES|:CITES*1..3 {k: $p}]->(m {name: 'x\\n'}) WHERE NOT p.x IN [1, .5, 0x1F] RETURN p",
    "MATCH q = ((a)-[:R]->(b) WHERE a.x < b.x){1,3}(c WHERE c:A|B) RETURN [x IN nodes(q) WHERE x:A | x.name] AS l",
    "OPTIONAL MATCH p = shortestPath((a)-[*..5]-(b)) WITH *, count(DISTINCT p) AS n ORDER BY n DESC SKIP 1 LIMIT 2",
    "UNWIND [1, 2][0..-1] AS i MERGE (n:A {i: i}) ON CREATE SET n.x = -i, n:B ON MATCH SET n += {y: null} RETURN *",
    "CALL db.labels() YIELD label AS l WHERE l =~ 'a.*' CALL (l) { RETURN l || 'x' AS y UNION RETURN l AS y }",
    "MATCH (n) WHERE EXISTS { (n)-->(m) WHERE m.x IS :: LIST<INTEGER> } FOREACH (x IN [1] | DETACH DELETE n)",
    "RETURN CASE x WHEN 1 THEN reduce(a = 0, b IN l | a + b) ELSE all(c IN l WHERE c) END, n {.a, .*, b: 1}, $`q r`",
)
SIGNS = st.sampled_from(
    [*"()[]{}.,:;|&!%*+-<>=/\\'\"`$ \n", "..", "<>", "WHERE", "NOT", "(a)", "-->", "é", "\x00", "0x"]
)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    _parse_or_refuse(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(" ".join(QUERIES).split()) | SIGNS, max_size=25))
def test_any_words_are_a_query_or_an_error(words: list[str]) -> None:
    _parse_or_refuse("RETURN " + " ".join(words))
    _parse_or_refuse("MATCH " + "".join(words))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(QUERIES), st.data())
def test_a_query_with_mistakes_is_a_query_or_an_error(query: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(query)))
        end = min(len(query), start + data.draw(st.integers(0, 6)))
        query = query[:start] + data.draw(SIGNS | st.just("")) + query[end:]
    _parse_or_refuse(query)


def test_the_queries_that_mistakes_are_put_into_are_right() -> None:
    for query in QUERIES:
        parse(query)


def _parse_or_refuse(query: str) -> None:
    try:
        parse(query)
    except CypherError as error:
        assert error.place is not None
        assert str(error)
