"""What is told of a query before it runs: what it returns, whether it writes, and what is wrong with it."""

from __future__ import annotations

import networkx as nx
import pytest

from citegraph.queries.cypher.analysis import (
    aggregations_in,
    analyse,
    has_aggregation,
    variables_of,
    warnings,
)
from citegraph.queries.cypher.errors import CypherError
from citegraph.queries.cypher.layout import Layout
from citegraph.queries.cypher.parser import parse
from citegraph.queries.cypher.procedures import Procedure
from citegraph.queries.cypher.syntax import Expression, Projection


def columns(query: str) -> tuple[str, ...]:
    return analyse(parse(query), query).columns


def refusal(query: str, **given: object) -> CypherError:
    with pytest.raises(CypherError) as caught:
        analyse(parse(query), query, **given)  # type: ignore[arg-type]
    assert caught.value.phase == "compile time"
    assert caught.value.place is not None, "every error points at a piece"
    return caught.value


def check(query: str) -> None:
    analyse(parse(query), query)


# --- what a query returns, and whether it writes -----------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("MATCH (p:Paper) RETURN p.title, p AS paper", ("p.title", "paper")),
        ("MATCH (b)-[r]->(a) RETURN *", ("a", "b", "r")),
        ("MATCH (b)-[r]->(a) RETURN *, 1 AS one", ("a", "b", "r", "one")),
        ("MATCH (a) CALL { WITH a MATCH (a)-->(b) RETURN b } RETURN *", ("a", "b")),
        ("CREATE (a)", ()),
        ("CALL db.labels()", ("label",)),
    ],
)
def test_the_columns_are_those_of_return(query: str, expected: tuple[str, ...]) -> None:
    assert columns(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("MATCH (a) RETURN a", False),
        ("MATCH (a) SET a.x = 1", True),
        ("MATCH (a) DETACH DELETE a", True),
        ("UNWIND [1] AS i CALL { WITH i CREATE ({i: i}) } RETURN i", True),
        ("FOREACH (x IN [1] | CREATE ({i: x}))", True),
        ("RETURN 1 AS a UNION RETURN 2 AS a", False),
    ],
)
def test_a_query_writes_where_any_clause_does(query: str, expected: bool) -> None:
    assert analyse(parse(query), query).writes is expected


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (a) RETURN b",
        "MATCH (a) WHERE b.x = 1 RETURN a",
        "MATCH (a), (b) WITH a RETURN b",
        "MATCH (a), (b) WITH a ORDER BY c RETURN a",
        "MATCH (a) RETURN DISTINCT a.name ORDER BY a.age",
        "MATCH (a) RETURN count(*) AS n ORDER BY a.age",
        "MATCH (a) WITH count(*) AS n WHERE a.age > 1 RETURN n",
        "RETURN [x IN [1] | x] AS l, x",
        "RETURN all(x IN [1] WHERE y = 1)",
        "RETURN reduce(s = 0, x IN [s] | s + x)",
        "MATCH (a) WHERE (a)-->(b) RETURN a",
        "MATCH (a) WHERE (a)-[r]->() RETURN a",
        "MATCH (a) RETURN [(a)-->(b) | c]",
        "MATCH (a) CALL { RETURN a.x AS x } RETURN x",
        "MATCH (a), (b) CALL (a) { RETURN b.x AS x } RETURN x",
        "MATCH (a) CALL (b) { RETURN 1 AS x } RETURN x",
        "MATCH (a) WHERE EXISTS { (a)-->(b) WHERE c.x = 1 } RETURN a",
        "MATCH (a) WHERE EXISTS { (a)-->(b) } RETURN b",
        "CREATE (a {x: b.x})",
        "MERGE (a) ON CREATE SET b.x = 1",
        "MATCH (a) DELETE b",
        "MATCH (a) SET a.x = b",
        "FOREACH (x IN [1] | CREATE ({i: y}))",
        "RETURN 1 AS a UNION WITH 2 AS b RETURN a",
    ],
)
def test_a_name_that_nothing_binds_is_an_error(query: str) -> None:
    assert refusal(query).detail == "UndefinedVariable"


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (a) WITH a.name AS name ORDER BY a.age RETURN name",
        "MATCH (a) WITH a.name AS name WHERE a.age > 1 RETURN name",
        "MATCH (a) WITH DISTINCT a.name AS name ORDER BY a.name RETURN name",
        "MATCH (a) RETURN a.x % 2 AS k, count(*) AS n ORDER BY a.x % 2, n, count(*) DESC",
        "MATCH (a) WHERE EXISTS { MATCH (a)-->(b) WHERE b.x = a.x } RETURN a",
        "MATCH (a) WHERE EXISTS { (a)-->(b) WHERE EXISTS { (b)-->(a) } } RETURN a",
        "MATCH (a) RETURN COUNT { (a)-->() } AS n, COLLECT { MATCH (a)-->(b) RETURN b.x } AS l",
        "MATCH (a) CALL { WITH a WITH a.x AS y RETURN y } RETURN y",
        "MATCH (a) CALL (a) { RETURN a.x AS y UNION RETURN a.z AS y } RETURN y",
        "MATCH (a) CALL (*) { RETURN a.x AS y } RETURN y",
        "MATCH (a) CALL (a) { MATCH (b) WITH count(b) AS n RETURN n + a.x AS y } RETURN y",
        "MATCH (a) WHERE EXISTS { MATCH (b) WITH b.x AS x WHERE x = a.x RETURN x } RETURN a",
        "WITH 1 AS x RETURN [x IN [1, 2] WHERE x > 1 | x] AS l, x",
        "MATCH p = (a)-[r*]->(b) RETURN [e IN r | e.x], nodes(p), length(p)",
        "MATCH (a)((x)-[r]->(y) WHERE x.v < y.v){1,3}(b) RETURN [n IN x | n.v], size(r)",
        "MATCH (a {x: 1})-[r]->(b {y: a.x}) RETURN r",
        "MATCH (a) FOREACH (x IN [1] | CREATE (b {i: x}) SET b.y = a.y)",
        "MATCH (a), (b) RETURN shortestPath((a)-[*]->(b)) AS p",
    ],
)
def test_a_name_is_seen_where_it_is_bound(query: str) -> None:
    check(query)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("MATCH (a) CREATE (a)", "VariableAlreadyBound"),
        ("MATCH (a) CREATE (a:X)-[:R]->()", "VariableAlreadyBound"),
        ("MATCH (a) MERGE (a)", "VariableAlreadyBound"),
        ("MATCH ()-[r:R]->() CREATE ()-[r:R]->()", "VariableAlreadyBound"),
        ("MATCH (a) UNWIND [1] AS a RETURN a", "VariableAlreadyBound"),
        ("WITH 1 AS p MATCH p = ()-->() RETURN p", "VariableAlreadyBound"),
        ("MATCH p = (p)-->() RETURN p", "VariableAlreadyBound"),
        ("MATCH (a) CALL { RETURN 1 AS a } RETURN a", "VariableAlreadyBound"),
        ("MATCH (a) WHERE EXISTS { MATCH (b) WITH b.x AS a RETURN a } RETURN a", "VariableAlreadyBound"),
        ("MATCH (a)-[a]->() RETURN a", "VariableTypeConflict"),
        ("MATCH p = ()-->() MATCH (p) RETURN p", "VariableTypeConflict"),
        ("WITH 'x' AS n MATCH (n) RETURN n", "VariableTypeConflict"),
        ("MATCH (n) WITH [n] AS l MATCH (l)-->(m) RETURN m", "VariableTypeConflict"),
        ("MATCH ()-[r*]->() MATCH ()-[r]->() RETURN r", "VariableTypeConflict"),
        ("MATCH (a)-[r]->()-[r]->(b) RETURN r", "RelationshipUniquenessViolation"),
        ("RETURN 1 AS a, 2 AS a", "ColumnNameConflict"),
        ("RETURN *", "NoVariablesInScope"),
        ("MATCH (a) WITH a.x RETURN 1 AS one", "NoExpressionAlias"),
        ("RETURN 1 AS a UNION RETURN 1 AS b", "DifferentColumnsInUnion"),
    ],
)
def test_a_name_has_one_meaning(query: str, detail: str) -> None:
    assert refusal(query).detail == detail


def test_a_value_that_may_be_a_node_can_be_matched() -> None:
    check("MATCH (a) WITH [a] AS l UNWIND l AS n MATCH (n)-->(m) RETURN m")
    check("UNWIND $nodes AS n MATCH (n) RETURN n")
    check("OPTIONAL MATCH ()-[r]->() WITH collect(r) AS rs MATCH ()-[rs*]->() RETURN rs")


# --- aggregation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("MATCH (a) WHERE count(a) > 1 RETURN a", "InvalidAggregation"),
        ("MATCH (a) RETURN a.x ORDER BY max(a.y)", "InvalidAggregation"),
        ("RETURN [x IN [1] | count(*)]", "InvalidAggregation"),
        ("UNWIND count(*) AS x RETURN x", "InvalidAggregation"),
        ("MATCH (a) SET a.x = count(*)", "InvalidAggregation"),
        ("RETURN count(count(*))", "NestedAggregation"),
        ("RETURN count(rand())", "NonConstantExpression"),
        ("MATCH (a) RETURN a.x + count(*)", "AmbiguousAggregationExpression"),
        ("MATCH (a) RETURN a.x + a.y, a.x + a.y + count(*)", "AmbiguousAggregationExpression"),
        (
            "MATCH (a) RETURN a.x + a.y, count(*) AS n ORDER BY a.x + a.y + count(*)",
            "AmbiguousAggregationExpression",
        ),
    ],
)
def test_an_aggregation_stands_only_where_it_is_clear_what_is_grouped(query: str, detail: str) -> None:
    assert refusal(query).detail == detail


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (a)-->(b) RETURN a.x, a.x + count(b)",
        "MATCH (a)-->(b) RETURN a, a.x + count(b)",
        "MATCH (a) RETURN $p + avg(a.x) - 1000",
        "MATCH (a) RETURN a.name, {name: a.name = 'x', all: collect(a.y)}",
        "MATCH (a) RETURN [x IN collect(a) | x.y] AS l",
        "MATCH (a) RETURN a.x AS x, count(*) AS n ORDER BY x + n, x + count(*)",
        "MATCH (a) WITH *, 1 AS one RETURN a, one, count(*)",
    ],
)
def test_an_aggregation_may_be_mixed_with_what_the_rows_are_grouped_by(query: str) -> None:
    check(query)


# --- kinds of values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "RETURN NOT 1",
        "RETURN 1 AND true",
        "RETURN [] OR false",
        "MATCH (n) WHERE (n) RETURN n",
        "MATCH (n) WHERE n.x = 1 AND 'x' RETURN n",
        "MATCH (n) RETURN type(n)",
        "MATCH p = ()-->() RETURN size(p)",
        "MATCH p = ()-->() RETURN labels(p)",
        "MATCH p = ()-->() WHERE p.name = 'x' RETURN p",
        "MATCH (n) RETURN length(n)",
        "RETURN properties(1)",
        "RETURN 1 IN 'foo'",
        "RETURN 'a' % 2",
        "RETURN none(x IN ['Clara'] WHERE x % 2 = 0)",
        "RETURN [x IN 1 | x]",
        "MATCH (n) RETURN n LIMIT 1.5",
        "MATCH (n) DELETE 1 + 1",
    ],
)
def test_a_value_of_a_kind_that_is_certainly_wrong_is_an_error(query: str) -> None:
    error = refusal(query)
    assert (error.kind, error.detail) == ("SyntaxError", "InvalidArgumentType")


def test_a_property_of_what_has_none_is_a_type_error() -> None:
    for value in ("1", "1.5", "true", "'x'", "[1]"):
        error = refusal(f"WITH {value} AS v RETURN v.x")
        assert (error.kind, error.detail) == ("TypeError", "InvalidArgumentType")


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (a) WITH [a, 1] AS l RETURN labels(l[1])",
        "RETURN [x IN [1, 'a'] | x % 2]",
        "RETURN NOT null, null AND true, (null).x, size(null)",
        "MATCH (n) RETURN NOT n.x, n.x + {a: 1}.a, n.l[0], -n.x",
        "RETURN [1] + 2, 'a' + 1, 1 + [2]",
        "RETURN $p.x, $p[0], NOT $p, $p IN $q",
    ],
)
def test_a_value_that_may_fit_is_left_to_the_run(query: str) -> None:
    check(query)


def test_a_long_chain_of_conditions_is_not_nesting() -> None:
    check("MATCH (n) WHERE " + " OR ".join(f"n.x = {i}" for i in range(900)) + " RETURN n")


# --- functions and parameters ------------------------------------------------------------------------------


def test_an_unknown_function_names_the_likely_one() -> None:
    error = refusal("RETURN toUper('x')")
    assert error.detail == "UnknownFunction"
    assert "toUpper()" in error.reason


def test_a_function_is_given_as_many_arguments_as_it_takes() -> None:
    for query in ("RETURN toUpper()", "RETURN size([1], 2)", "MATCH (a) RETURN count(a, a)"):
        assert refusal(query).detail == "InvalidNumberOfArguments"


def test_a_parameter_that_is_not_given_is_an_error_that_names_the_likely_one() -> None:
    error = refusal("RETURN $nme", parameters={"name"})
    assert (error.kind, error.detail) == ("ParameterMissing", "MissingParameter")
    assert "$name" in error.reason


@pytest.mark.parametrize("query", ["MATCH (n $p) RETURN n", "MERGE (n $p)", "MATCH ()-[r $p]->() RETURN r"])
def test_a_parameter_cannot_stand_for_properties_to_look_for(query: str) -> None:
    assert refusal(query).detail == "InvalidParameterUse"


def test_a_parameter_can_stand_for_properties_to_create() -> None:
    check("CREATE (n $p)")


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("MATCH (n) RETURN n SKIP n.x", "NonConstantExpression"),
        ("MATCH (n) RETURN n SKIP -1", "NegativeIntegerArgument"),
        ("MATCH (n) RETURN n LIMIT -1", "NegativeIntegerArgument"),
    ],
)
def test_skip_and_limit_take_one_number_from_zero_up(query: str, detail: str) -> None:
    assert refusal(query).detail == detail


def test_skip_and_limit_may_be_computed() -> None:
    check("MATCH (n) RETURN n SKIP $s LIMIT toInteger(ceil(1.7))")


# --- patterns and clauses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("CREATE ()-->()", "NoSingleRelationshipType"),
        ("CREATE ()-[:A|B]->()", "NoSingleRelationshipType"),
        ("CREATE ()-[:A]-()", "RequiresDirectedRelationship"),
        ("CREATE ()-[:A*2]->()", "CreatingVarLength"),
        ("MERGE (a)-[:A|B]->(b)", "NoSingleRelationshipType"),
        ("MERGE (a)-[:A*2]->(b)", "CreatingVarLength"),
        ("MATCH (n) DELETE n:Person", "InvalidDelete"),
        ("MATCH (n) RETURN (n)-->()", "UnexpectedSyntax"),
        ("MATCH (n) SET n.x = head(nodes(head((n)-[:R]->())))", "UnexpectedSyntax"),
        ("MATCH (n) RETURN size((n)-->())", "UnexpectedSyntax"),
        ("RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a", "InvalidClauseComposition"),
        ("MATCH (n)", "InvalidClauseComposition"),
        ("MATCH (n) WITH n", "InvalidClauseComposition"),
        ("CREATE (a) MATCH (b) RETURN b", "InvalidClauseComposition"),
        ("RETURN 1 AS a MATCH (n) RETURN n", "InvalidClauseComposition"),
        ("MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n", "InvalidClauseComposition"),
        ("MATCH (n) RETURN COLLECT { MATCH (n)-->(m) RETURN n.x, m.x }", "InvalidClauseComposition"),
        ("MATCH (n) CALL { WITH n.x AS y RETURN y } RETURN y", "UnexpectedSyntax"),
    ],
)
def test_a_clause_or_pattern_out_of_place_is_an_error(query: str, detail: str) -> None:
    assert refusal(query).detail == detail


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (n) WHERE (n)-->() AND NOT (n)<--() RETURN exists((n)--()), CASE WHEN (n)--() THEN 1 END",
        "MERGE (a)-[:R]-(b)",
        "CREATE (a)-[:R]->(b)-[:R]->(a)",
        "CREATE (a:A {x: 1}), (a)-[:R]->(:B)",
        "CREATE (a) WITH a MATCH (b) RETURN b",
        "MATCH (n) CALL { WITH n CREATE (m {x: n.x}) }",
        "CREATE (a) SET a.x = 1 RETURN a UNION MATCH (a) RETURN a",
    ],
)
def test_a_clause_or_pattern_in_its_place_is_right(query: str) -> None:
    check(query)


# --- procedures --------------------------------------------------------------------------------------------

LIKES = Procedure("my.likes", [("name", "STRING?")], [("thing", "STRING?"), ("count", "INTEGER?")], [])


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("CALL my.likse('x')", "ProcedureNotFound"),
        ("CALL my.likes('x', 2)", "InvalidNumberOfArguments"),
        ("CALL my.likes(true)", "InvalidArgumentType"),
        ("CALL my.likes YIELD thing RETURN thing", "InvalidArgumentPassingMode"),
        ("CALL my.likes('x') YIELD thing AS a, count AS a RETURN a", "VariableAlreadyBound"),
        ("WITH 1 AS thing CALL my.likes('x') YIELD thing RETURN thing", "VariableAlreadyBound"),
        ("MATCH (n) CALL my.likes(count(n)) YIELD thing RETURN thing", "InvalidAggregation"),
        ("CALL my.likes('x') RETURN thing", "UndefinedVariable"),
    ],
)
def test_a_call_fits_its_procedure(query: str, detail: str) -> None:
    assert refusal(query, procedures={"my.likes": LIKES}).detail == detail


def test_a_standing_call_returns_what_the_procedure_yields() -> None:
    query = "CALL my.likes('x')"
    assert analyse(parse(query), query, procedures={"my.likes": LIKES}).columns == ("thing", "count")


# --- messages ----------------------------------------------------------------------------------------------


def test_an_error_shows_the_line_and_underlines_the_piece() -> None:
    error = refusal("MATCH (paper)\nRETURN papr.title")
    assert error.place == (2, 8)
    assert str(error).splitlines()[1:] == ["  RETURN papr.title", "         ^^^^"]


def test_an_error_names_the_likely_variable() -> None:
    assert "did you mean paper?" in refusal("MATCH (paper) RETURN papr.title").reason


def test_an_error_says_where_a_variable_was_lost() -> None:
    assert "WITH" in refusal("MATCH (a)-->(b) WITH a RETURN b").reason


# --- names that the graph does not have --------------------------------------------------------------------


def noticed(query: str) -> list[str]:
    graph = nx.MultiDiGraph()
    graph.add_node("p", labels="Paper", title="A", year=2024)
    graph.add_node("m", labels="Model")
    graph.add_edge("p", "m", type="USES")
    graph.add_edge("p", "p", type="CITES")
    return warnings(parse(query), Layout(graph))


def test_an_unknown_label_type_or_key_is_warned_of_with_the_likely_one() -> None:
    assert noticed("MATCH (p:Papr)-[:USE]->(m:Model {titel: 'x'}) RETURN p.yaer") == [
        "The graph has no label Papr; did you mean Paper?",
        "The graph has no relationship type USE; did you mean USES?",
        "The graph has no property key titel; did you mean title?",
        "The graph has no property key yaer; did you mean year?",
    ]


def test_known_names_are_not_warned_of() -> None:
    assert noticed("MATCH (p:Paper)-[:USES|CITES]->(q) WHERE q:Model RETURN p.title, q.year, {a: 1}.a") == []


def test_names_that_the_query_writes_are_not_warned_of() -> None:
    assert noticed("CREATE (a:New {fresh: 1})-[:LIKES]->(b) SET b.other = a.fresh") == []


def test_keys_of_maps_are_not_those_of_the_graph() -> None:
    assert noticed("MATCH (p:Paper) WITH {a: p.title} AS p RETURN p.a") == []


# --- what stands in an expression --------------------------------------------------------------------------


def expression(text: str) -> Expression:
    query = f"RETURN {text} AS x"
    clause = parse(query).query.parts[0].clauses[0]
    assert isinstance(clause, Projection)
    return clause.items[0].expression


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.x + b[c]", "a b c"),
        ("[x IN l WHERE x > a | x + b]", "l a b"),
        ("[x IN x | x]", "x"),
        ("reduce(s = i, x IN l | s + x + a)", "i l a"),
        ("all(x IN l WHERE x = a)", "l a"),
        ("[p = (a)-[r]->(b {k: c}) WHERE p = d | p]", "a r b c d"),
        ("EXISTS { MATCH (a)-->(b) WHERE a.x = c }", "a b c"),
        ("COLLECT { UNWIND l AS x RETURN x + a }", "l a"),
        ("COUNT { MATCH (a) WITH a.x AS y WHERE y = b RETURN y }", "a b"),
    ],
)
def test_the_names_an_expression_needs_are_those_it_does_not_bind(text: str, names: str) -> None:
    assert variables_of(expression(text)) == frozenset(names.split())


def test_the_aggregations_of_an_expression_are_the_outermost_in_order() -> None:
    found = aggregations_in(expression("sum(a.x) + {k: [COUNT(*), size(collect(b))]}.k[0]"))
    assert [call.name.lower() for call in found] == ["sum", "count", "collect"]


def test_a_subquery_aggregates_for_itself() -> None:
    assert not has_aggregation(expression("COLLECT { MATCH (a) RETURN count(a) }"))
