"""CALL: which procedures there are, which calls fit them, and what they answer."""

from __future__ import annotations

import networkx as nx
import pytest

from citegraph.queries.cypher import CypherError, execute
from citegraph.queries.cypher import syntax as s
from citegraph.queries.cypher.procedures import BUILT_IN, Procedure, bind

CITY = Procedure(
    "my.city",
    [("name", "STRING?"), ("id", "INTEGER?")],
    [("city", "STRING?"), ("code", "INTEGER?")],
    [["Stefan", 1, "Berlin", 49], ["Stefan", 2, "München", 49], ["Petra", 1, "London", 44]],
)
PROCEDURES = {"my.city": CITY}


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    found = nx.MultiDiGraph()
    found.add_node("p", labels=["Paper", "Stub"], title="LoRA")
    found.add_node("q", labels="Paper", title="QLoRA", year=2023)
    found.add_node("m", labels="Method", name="LoRA")
    found.add_edge("q", "p", type="CITES", contexts=2)
    found.add_edge("q", "m", type="USES")
    return found


def rows(graph, query, parameters=None, procedures=None):
    return execute(graph, query, parameters, procedures=procedures).rows


# --- built-in ones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("CALL db.labels()", [["Method"], ["Paper"], ["Stub"]]),
        ("CALL db.relationshipTypes()", [["CITES"], ["USES"]]),
        ("CALL db.propertyKeys()", [["contexts"], ["name"], ["title"], ["year"]]),
        ("CALL db.labels() YIELD label WHERE label STARTS WITH 'P' RETURN label AS l", [["Paper"]]),
        ("UNWIND [1, 2] AS n CALL db.relationshipTypes() YIELD relationshipType AS t RETURN n, t",
         [[1, "CITES"], [1, "USES"], [2, "CITES"], [2, "USES"]]),
    ],
)  # fmt: skip
def test_procedures_tell_what_the_graph_holds(graph, query, answer):
    assert rows(graph, query) == answer


def test_the_schema_tells_the_labels_and_the_types_between_them(graph):
    ((nodes, relationships),) = rows(graph, "CALL db.schema.visualization()")
    assert nodes == [
        {"name": "Method", "count": 1},
        {"name": "Paper", "count": 2},
        {"name": "Stub", "count": 1},
    ]
    assert [tuple(found.values()) for found in relationships] == [
        ("CITES", "Paper", "Paper", 1),
        ("CITES", "Paper", "Stub", 1),
        ("USES", "Paper", "Method", 1),
    ]


def test_the_schema_of_an_empty_graph_is_empty():
    assert rows(nx.MultiDiGraph(), "CALL db.schema.visualization()") == [[[], []]]


def test_components_tell_what_answers(graph):
    ((name, versions, edition),) = rows(graph, "CALL dbms.components()")
    assert (name, edition) == ("citegraph", "local")
    assert len(versions) == 1


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_built_in_procedure_has_a_signature_and_a_summary(name):
    assert BUILT_IN[name].signature.startswith(f"{name}(")
    assert BUILT_IN[name].summary.endswith(".")


# --- given ones ---------------------------------------------------------------------------------------------


def test_a_table_answers_with_the_rows_of_its_arguments(graph):
    assert rows(graph, "CALL my.city('Stefan', 1)", None, PROCEDURES) == [["Berlin", 49]]
    assert rows(graph, "CALL my.city('Nobody', 1)", None, PROCEDURES) == []


def test_arguments_of_a_call_that_stands_alone_may_come_from_parameters(graph):
    assert rows(graph, "CALL my.city", {"name": "Petra", "id": 1}, PROCEDURES) == [["London", 44]]


def test_null_is_an_argument_like_any_other(graph):
    table = Procedure("p", [("in", "INTEGER?")], [("out", "STRING?")], [[None, "nix"], [1, "one"]])
    assert rows(graph, "CALL p(null)", None, {"p": table}) == [["nix"]]


@pytest.mark.parametrize("argument", ["42", "42.0"])
def test_whole_numbers_pass_for_floats(graph, argument):
    table = Procedure("p", [("in", "FLOAT?")], [("out", "STRING?")], [[42.0, "close"]])
    assert rows(graph, f"CALL p({argument})", None, {"p": table}) == [["close"]]


def test_lists_are_checked_item_by_item(graph):
    table = Procedure("p", [("in", "LIST<INTEGER?>")], [("out", "STRING?")], [[[1, None], "fits"]])
    assert rows(graph, "CALL p($l)", {"l": [1, None]}, {"p": table}) == [["fits"]]
    with pytest.raises(CypherError) as caught:
        rows(graph, "CALL p($l)", {"l": ["x"]}, {"p": table})
    assert (caught.value.kind, caught.value.detail) == ("TypeError", "InvalidArgumentType")


# --- calls that do not fit ----------------------------------------------------------------------------------


def call(arguments=(), yields=None, star=False, name="my.city") -> s.CallProcedure:
    return s.CallProcedure(name, arguments, yields, star=star)


ONE, NAME = s.Literal_(1, "integer"), s.Literal_("Petra", "string")


@pytest.mark.parametrize(
    ("clause", "standalone", "kind", "detail"),
    [
        (call(name="my.cyti"), True, "ProcedureError", "ProcedureNotFound"),
        (call((NAME,)), True, "SyntaxError", "InvalidNumberOfArguments"),
        (call((NAME, ONE, ONE)), False, "SyntaxError", "InvalidNumberOfArguments"),
        (call((NAME, NAME)), True, "SyntaxError", "InvalidArgumentType"),
        (call((NAME, s.Literal_(True, "boolean"))), True, "SyntaxError", "InvalidArgumentType"),
        (call((s.ListLiteral(()), ONE)), True, "SyntaxError", "InvalidArgumentType"),
        (call((NAME, s.Unary("-", s.Literal_(1.5, "float")))), True, "SyntaxError", "InvalidArgumentType"),
        (call(None), True, "ParameterMissing", "MissingParameter"),
        (call(None, (("city", "city"),)), False, "SyntaxError", "InvalidArgumentPassingMode"),
        (call((NAME, ONE), star=True), False, "SyntaxError", "UnexpectedSyntax"),
        (call((NAME, ONE), (("town", "town"),)), False, "SyntaxError", "UndefinedVariable"),
        (call((NAME, ONE), (("city", "c"), ("code", "c"))), False, "SyntaxError", "VariableAlreadyBound"),
    ],
)
def test_a_call_that_does_not_fit_is_refused_before_it_runs(clause, standalone, kind, detail):
    with pytest.raises(CypherError) as caught:
        bind(clause, standalone=standalone, procedures=PROCEDURES, parameters={"name"})
    assert (caught.value.kind, caught.value.detail) == (kind, detail)
    assert caught.value.phase == "compile time"


def test_the_likely_procedure_is_named():
    with pytest.raises(CypherError, match=r"did you mean db\.labels\?"):
        bind(call(name="db.lables"), standalone=True)


@pytest.mark.parametrize(
    ("clause", "standalone", "yields"),
    [
        (call((NAME, ONE)), True, (("city", "city"), ("code", "code"))),
        (call((NAME, ONE), star=True), True, (("city", "city"), ("code", "code"))),
        (call((NAME, ONE), (("code", "c"),)), True, (("code", "c"),)),
        (call((NAME, ONE)), False, ()),
    ],
)
def test_a_call_yields_what_it_names_and_all_if_it_stands_alone(clause, standalone, yields):
    assert bind(clause, standalone=standalone, procedures=PROCEDURES).yields == yields
