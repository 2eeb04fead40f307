"""A citegraph node shows its id as the property ``id``, as it does on a Neo4j server."""

from __future__ import annotations

import networkx as nx
import pytest

from citegraph.graph.local import LocalStore
from citegraph.graph.records import Node
from citegraph.queries.cypher import CypherError, execute

LORA, QLORA = "method:lora", "method:qlora"


@pytest.fixture
def store():
    store = LocalStore()
    with store.writing():
        for node_id, name in ((LORA, "LoRA"), (QLORA, "QLoRA")):
            store.put_node(Node(node_id, "Method", {"name": name}))
    return store


def rows(store, query, **parameters):
    return execute(store, query, parameters, write=True).rows


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (m) WHERE m.id = $id RETURN m.id",
        "MATCH (m:Method {id: $id}) RETURN m['id']",
        "MATCH (m) WHERE m.id STARTS WITH 'method:l' RETURN properties(m).id",
        "MATCH (m {name: 'LoRA'}) RETURN m {.*}.id",
        "MATCH (m {name: 'LoRA'}) WITH m {.id} AS m RETURN m.id",
        "MATCH (m {name: 'LoRA'}) WHERE 'id' IN keys(m) RETURN collect(m)[0].id",
    ],
)
def test_the_id_is_read_like_any_property(store, query):
    assert rows(store, query, id=LORA) == [[LORA]]


def test_an_id_is_looked_up_by_an_index(store):
    plan = execute(store, "EXPLAIN MATCH (m:Method {id: $id}) RETURN m", {"id": LORA}).summary.plan
    assert "by index on id" in plan


def test_an_id_is_among_the_property_keys_and_no_warning(store):
    assert ["id"] in rows(store, "CALL db.propertyKeys()")
    assert execute(store, "MATCH (m:Method) RETURN m.id").summary.warnings == ()


def test_a_graph_of_others_has_no_such_property():
    graph = nx.DiGraph()
    graph.add_node("a", labels="Method", name="LoRA")
    assert execute(graph, "MATCH (m) RETURN m.id, properties(m)").rows == [[None, {"name": "LoRA"}]]


def test_a_node_that_is_being_made_shows_the_id_it_will_get(store):
    assert rows(store, "CREATE (m:Method {name: 'Flash Attention'}) RETURN m.id") == [
        ["method:flash-attention"]
    ]
    assert rows(store, "MATCH (m {id: 'method:flash-attention'}) RETURN m.name") == [["Flash Attention"]]


def test_the_id_of_a_node_that_is_being_made_follows_its_name_and_label(store):
    query = "MATCH (n {id: $id}) WITH n CREATE (m) SET m:Task SET m.name = 'Doing Sums' RETURN m.id"
    assert rows(store, query, id=LORA) == [["task:doing-sums"]]
    assert rows(store, "MATCH (m:Task {id: 'task:doing-sums'}) RETURN count(*)") == [[1]]


def test_merging_on_an_id_finds_the_node_or_makes_it_once(store):
    merge = "UNWIND $ids AS id MERGE (m:Method {id: id}) ON CREATE SET m.name = 'new' RETURN m.name"
    asked = [LORA, "method:x", "method:x"]
    assert rows(store, merge, ids=asked) == [["LoRA"], ["new"], ["new"]]
    assert rows(store, "MATCH (m:Method) RETURN count(m), count(DISTINCT m.id)") == [[3, 3]]


@pytest.mark.parametrize(
    "change", ["SET m.id = 'method:x'", "REMOVE m.id", "SET m += {id: 'method:x'}", "SET m = n"]
)
def test_an_id_cannot_be_changed(store, change):
    with pytest.raises(CypherError, match="The id of method:lora cannot be set or removed"):
        rows(store, f"MATCH (m {{id: $id}}), (n {{name: 'QLoRA'}}) {change}", id=LORA)
    assert sorted(node.id for node in store.nodes()) == [LORA, QLORA]


@pytest.mark.parametrize("change", ["SET m = {name: 'x'}", "SET m += {id: m.id, name: 'x'}"])
def test_properties_are_replaced_under_the_same_id(store, change):
    assert rows(store, f"MATCH (m {{id: $id}}) {change} RETURN properties(m)", id=LORA) == [
        [{"id": LORA, "name": "x"}]
    ]
    assert store.node(LORA).properties == {"name": "x"}


def test_what_is_taken_back_is_not_found_by_its_id(store):
    assert rows(store, "MATCH (m {id: $id}) RETURN count(*)", id="method:x") == [[0]]
    with pytest.raises(CypherError):
        rows(store, "CREATE (m:Method {name: 'x'}) WITH m MATCH (n {id: 'method:x'}) RETURN 1 / size('')")
    assert rows(store, "MATCH (m {id: $id}) RETURN count(*)", id="method:x") == [[0]]
