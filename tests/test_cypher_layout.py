"""The layout of a graph: arrays that say what the graph says, and changes that reach it whole or not at all."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph import SchemaError, StoreError
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Edge, Node
from citegraph.queries.cypher import CypherRuntimeError, execute
from citegraph.queries.cypher import adjacency as adjacency_module
from citegraph.queries.cypher.layout import Layout, invalidate, layout_of
from citegraph.queries.cypher.syntax import AnyLabel, Label, LabelAnd, LabelNot, LabelOr
from citegraph.queries.cypher.traversal import bfs, reachable, shortest_path

KINDS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]
DIRECTIONS = ["out", "in", "both"]


def ints(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


@pytest.fixture
def graph() -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_node("p", labels="Paper", title="QLoRA", year=2023)
    graph.add_node("q", labels=["Stub", "Paper"], title="LoRA")
    graph.add_node(("m", 1), labels={"Method"}, name="LoRA", year=2021.0)
    graph.add_node(7)
    graph.add_edge("p", "q", type="CITES", weight=2)
    graph.add_edge("p", "q", type="CITES")
    graph.add_edge("p", ("m", 1), type="USES")
    graph.add_edge(7, 7, type="USES")
    graph.add_edge("q", 7)
    return graph


def shape(graph: Any) -> Any:
    """Everything a graph holds, without the keys of parallel edges and the ids of nodes named by NetworkX."""
    edges = graph.edges(data=True)
    if not graph.is_directed():
        edges = [(*sorted((a, b), key=repr), data) for a, b, data in edges]
    return dict(graph.nodes(data=True)), Counter(repr((a, b, sorted(d.items()))) for a, b, d in edges)


# --- reading -----------------------------------------------------------------------------------------------


def test_nodes_keep_their_order_ids_labels_and_properties(graph: Any) -> None:
    layout = Layout(graph)
    assert [layout.node_id(n) for n in layout.all_nodes().tolist()] == ["p", "q", ("m", 1), 7]
    assert [layout.node_labels(n) for n in range(4)] == [("Paper",), ("Paper", "Stub"), ("Method",), ()]
    assert layout.node_properties(0) == {"title": "QLoRA", "year": 2023}
    assert layout.node_index(("m", 1)) == 2
    assert layout.node_index("x") is None
    assert layout.node_index([]) is None


def test_relationships_keep_their_order_types_ends_and_properties(graph: Any) -> None:
    layout = Layout(graph)
    found = [(layout.relationship_ends(r), layout.relationship_type(r)) for r in range(5)]
    assert found == [((0, 1), "CITES"), ((0, 1), "CITES"), ((0, 2), "USES"), ((1, 3), ""), ((3, 3), "USES")]
    assert layout.relationship_properties(0) == {"weight": 2}
    assert layout.starts(ints(0, -1, 3)).tolist() == [0, -1, 1]
    assert layout.ends(ints(0, -1, 3)).tolist() == [1, -1, 3]


def test_null_properties_are_absent() -> None:
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_node(1, name=None)
    assert Layout(graph).node_properties(0) == {}


def test_labels_and_types_are_counted(graph: Any) -> None:
    layout = Layout(graph)
    assert layout.labels() == {"Paper", "Stub", "Method"}
    assert (layout.label_count("Paper"), layout.label_count("Nothing")) == (2, 0)
    assert layout.types() == {"CITES", "USES"}
    assert (layout.type_count("CITES"), layout.type_count("NOTHING")) == (2, 0)
    assert layout.property_keys() == {"title", "year", "name", "weight"}


def test_label_expressions_select_nodes(graph: Any) -> None:
    layout = Layout(graph)
    paper, stub = Label("Paper"), Label("Stub")
    assert layout.nodes_with(None).tolist() == [0, 1, 2, 3]
    assert layout.nodes_with(paper).tolist() == [0, 1]
    assert layout.nodes_with(LabelAnd((paper, LabelNot(stub)))).tolist() == [0]
    assert layout.nodes_with(LabelOr((stub, Label("Method")))).tolist() == [1, 2]
    assert layout.nodes_with(LabelNot(AnyLabel())).tolist() == [3]
    assert layout.has_labels(ints(1, -1, 0), stub).tolist() == [True, False, False]


def test_type_expressions_select_relationships(graph: Any) -> None:
    layout = Layout(graph)
    assert layout.type_set(None) is None
    assert layout.type_set(Label("NOTHING")) == ()
    assert layout.type_set(LabelOr((Label("USES"), Label("CITES")))) == ("CITES", "USES")
    assert layout.type_set(LabelNot(Label("USES"))) == ("", "CITES")
    assert layout.relationship_types_match(ints(0, 2, -1), Label("USES")).tolist() == [False, True, False]


def test_columns_hold_none_where_there_is_no_value(graph: Any) -> None:
    layout = Layout(graph)
    assert layout.node_column("year").tolist() == [2023, None, 2021.0, None]
    assert layout.relationship_column("weight").tolist() == [2, None, None, None, None]
    assert layout.node_column("labels").tolist() == [None] * 4
    assert layout.node_column("year") is layout.node_column("year")


def test_lookup_finds_what_equals_a_value(graph: Any) -> None:
    graph.add_node(
        "t", labels="Paper", flag=True, year=2021, tags=["a", None], few=["a", 1], nan=float("nan")
    )
    layout = Layout(graph)
    assert layout.lookup("Paper", "title", "LoRA").tolist() == [1]
    assert layout.lookup("Method", "title", "LoRA").tolist() == []
    assert layout.lookup(None, "year", 2021).tolist() == [2, 4]
    assert layout.lookup(None, "flag", 1).tolist() == []
    assert layout.lookup(None, "few", ["a", 1.0]).tolist() == [4]
    assert layout.lookup(None, "tags", ["a", None]).tolist() == []
    assert layout.lookup(None, "nan", float("nan")).tolist() == []
    assert layout.lookup(None, "title", None).tolist() == []


def test_a_self_loop_is_met_once_in_each_direction(graph: Any) -> None:
    layout = Layout(graph)
    for direction in ("out", "in", "both"):
        assert layout.expand(ints(3), ("USES",), direction)[2].tolist() == [4]
        assert layout.degree(ints(3), ("USES",), direction).tolist() == [1]


def test_null_and_unknown_types_lead_nowhere(graph: Any) -> None:
    layout = Layout(graph)
    assert [a.tolist() for a in layout.expand(ints(-1, 0), ("NOTHING",), "out")] == [[], [], []]
    assert layout.expand(ints(-1, 0), None, "out")[0].tolist() == [1, 1, 1]
    assert layout.degree(ints(-1), None, "both").tolist() == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_graph_answers_every_question(kind: Any) -> None:
    layout = Layout(kind())
    none = ints()
    assert layout.node_count == layout.relationship_count == 0
    assert layout.expand(none, None, "both")[0].tolist() == []
    assert layout.expand_into(none, none, None, "out")[0].tolist() == []
    assert layout.nodes_with(Label("A")).tolist() == layout.lookup("A", "x", 1).tolist() == []
    assert layout.labels() == layout.types() == layout.property_keys() == frozenset()


def test_reading_never_changes_the_graph(graph: Any) -> None:
    before = repr((list(graph.nodes(data=True)), list(graph.edges(data=True, keys=True))))
    layout = Layout(graph)
    layout.node_column("year")
    layout.lookup(None, "year", 2023)
    layout.expand(layout.all_nodes(), None, "both")
    assert repr((list(graph.nodes(data=True)), list(graph.edges(data=True, keys=True)))) == before


# --- against a plain model ---------------------------------------------------------------------------------


class Model:
    """The same graph in lists, asked the slow and sure way."""

    def __init__(self, layout: Layout) -> None:
        self.nodes: dict[int, tuple[set[str], dict[str, Any]]] = {
            n: (set(layout.node_labels(n)), dict(layout.node_properties(n)))
            for n in layout.all_nodes().tolist()
        }
        self.edges: dict[int, tuple[int, str, int, dict[str, Any]]] = {}
        for r in layout.all_relationships().tolist():
            start, end = layout.relationship_ends(r)
            properties = dict(layout.relationship_properties(r))
            self.edges[r] = (start, layout.relationship_type(r), end, properties)

    def expand(self, node: int, types: Any, direction: str) -> Counter[tuple[int, int]]:
        found: Counter[tuple[int, int]] = Counter()
        for number, (start, kind, end, _) in self.edges.items():
            if types is None or kind in types:
                if start == node and direction != "in":
                    found[end, number] += 1
                if end == node and direction != "out" and not (start == end and direction == "both"):
                    found[start, number] += 1
        return found

    def check(self, layout: Layout) -> None:
        everyone = np.arange(layout.node_count, dtype=np.int64)
        for direction in DIRECTIONS:
            for types in (None, ("A",), ("A", "B")):
                expected = {n: self.expand(n, types, direction) for n in everyone.tolist()}
                # A few nodes and many take different ways.
                for sources in (everyone, np.tile(everyone, 20), everyone[:1]):
                    row, neighbour, relationship = layout.expand(sources, types, direction)
                    assert (np.diff(row) >= 0).all()
                    found: dict[int, Counter[tuple[int, int]]] = {n: Counter() for n in range(len(sources))}
                    for r, *pair in zip(row.tolist(), neighbour.tolist(), relationship.tolist(), strict=True):
                        found[r][tuple(pair)] += 1
                    assert [found[i] for i in range(len(sources))] == [expected[n] for n in sources.tolist()]
                    degrees = layout.degree(sources, types, direction).tolist()
                    assert degrees == [expected[n].total() for n in sources.tolist()]
                pairs = [(a, b) for a in everyone.tolist() for b in everyone.tolist()]
                if pairs:
                    starts, ends = np.array(pairs, dtype=np.int64).T
                    rows, numbers = layout.expand_into(starts, ends, types, direction)
                    got = Counter(zip(rows.tolist(), numbers.tolist(), strict=True))
                    want = Counter(
                        (i, number)
                        for i, (a, b) in enumerate(pairs)
                        for (far, number), _ in expected[a].items()
                        if far == b
                    )
                    assert got == want
        assert set(layout.all_nodes().tolist()) == set(self.nodes)
        for label in ("X", "Y"):
            having = sorted(n for n, (labels, _) in self.nodes.items() if label in labels)
            assert layout.nodes_with(Label(label)).tolist() == having
            assert layout.label_count(label) == len(having)
            for value in range(3):
                wanted = [n for n in having if self.nodes[n][1].get("v") == value]
                assert layout.lookup(label, "v", value).tolist() == wanted
        column = layout.node_column("v")
        assert all(column[n] == properties.get("v") for n, (_, properties) in self.nodes.items())
        held = layout.relationship_column("v")
        assert all(held[r] == edge[3].get("v") for r, edge in self.edges.items())
        for kind in ("A", "B"):
            assert layout.type_count(kind) == sum(edge[1] == kind for edge in self.edges.values())


@st.composite
def graphs(draw: Any) -> Any:
    graph = draw(st.sampled_from(KINDS))()
    size = draw(st.integers(0, 6))
    for node in range(size):
        labels = draw(st.sampled_from([None, "X", ["X", "Y"], ["Y"]]))
        attributes = {} if labels is None else {"labels": labels}
        if draw(st.booleans()):
            attributes["v"] = draw(st.integers(0, 2))
        graph.add_node(node, **attributes)
    if size:
        ends = st.integers(0, size - 1)
        for start, end, kind in draw(st.lists(st.tuples(ends, ends, st.sampled_from("AB")), max_size=10)):
            graph.add_edge(start, end, type=kind, v=draw(st.integers(0, 2)))
    return graph


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["node", "edge", "delete edge", "delete node", "set", "set edge", "label", "unlabel", "read"]
        ),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(0, 2) | st.none(),
    ),
    max_size=15,
)


def play(layout: Layout, model: Model, steps: Any) -> None:
    """Carry out random changes in the layout and in the model."""

    def pick(numbers: Any, choice: int) -> Any:
        there = sorted(numbers)
        return there[choice % len(there)] if there else None

    for what, first, second, value in steps:
        node, other, edge = pick(model.nodes, first), pick(model.nodes, second), pick(model.edges, first)
        label, kind = "XY"[second % 2], "AB"[second % 2]
        if what == "read":
            model.check(layout)
        elif what == "node":
            properties = {} if value is None else {"v": value}
            model.nodes[layout.create_node((label,), {"v": value})] = ({label}, properties)
        elif what == "edge" and node is not None:
            properties = {} if value is None else {"v": value}
            number = layout.create_relationship(kind, node, other, {"v": value})
            model.edges[number] = (node, kind, other, properties)
        elif what == "delete edge" and edge is not None:
            layout.delete_relationship(edge)
            del model.edges[edge]
        elif what == "delete node" and node is not None:
            for number in layout.attached(node).tolist():
                layout.delete_relationship(number)
                del model.edges[number]
            layout.delete_node(node)
            del model.nodes[node]
        elif what in ("set", "set edge"):
            target, setter = (node, layout.set_node_property), model.nodes
            owner = model.nodes[node][1] if what == "set" and node is not None else None
            if what == "set edge":
                target, setter = (edge, layout.set_relationship_property), model.edges
                owner = model.edges[edge][3] if edge is not None else None
            if owner is not None:
                target[1](target[0], "v", value)
                owner.pop("v", None)
                if value is not None:
                    owner["v"] = value
            assert setter is not None
        elif what == "label" and node is not None:
            layout.add_labels(node, (label,))
            model.nodes[node][0].add(label)
        elif what == "unlabel" and node is not None:
            layout.remove_labels(node, (label,))
            model.nodes[node][0].discard(label)


@settings(max_examples=60, deadline=None)
@given(graphs(), STEPS, STEPS)
def test_changes_show_at_once_and_reach_the_graph_whole_at_the_commit(
    graph: Any, first: Any, second: Any
) -> None:
    layout = layout_of(graph)
    model = Model(layout)
    before = shape(graph)
    for steps in (first, second):
        play(layout, model, steps)
        model.check(layout)
        assert shape(graph) == before
        try:
            layout.commit()
        except CypherRuntimeError as error:
            assert error.detail == "ParallelRelationship"
            assert not graph.is_multigraph()
            assert shape(graph) == before
            return
        before = shape(graph)
        model.check(layout)
        assert layout_of(graph) is layout
        fresh, known = Layout(graph), {layout.node_id(n): n for n in model.nodes}
        assert {fresh.node_id(n) for n in fresh.all_nodes().tolist()} == known.keys()
        anew = Model(fresh)
        assert {known[fresh.node_id(n)]: held for n, held in anew.nodes.items()} == model.nodes
        assert len(anew.edges) == len(model.edges)


@settings(max_examples=60, deadline=None)
@given(graphs(), STEPS, STEPS)
def test_a_rollback_leaves_nothing_of_a_query(graph: Any, committed: Any, steps: Any) -> None:
    layout = layout_of(graph)
    model = Model(layout)
    play(layout, model, committed)
    try:
        layout.commit()
    except CypherRuntimeError:
        layout.rollback()
        Model(Layout(graph)).check(layout)
        return
    before, held = shape(graph), Model(layout)
    play(layout, model, steps)
    layout.rollback()
    held.check(layout)
    assert shape(graph) == before
    assert layout.changes.counters() == {}
    assert layout.property_keys() <= {"v"}
    assert layout_of(graph) is layout


@pytest.mark.parametrize("lag", [0, 2])
@settings(max_examples=25, deadline=None)
@given(graph=graphs(), steps=STEPS)
def test_rows_that_are_made_anew_say_the_same_as_rows_that_lag_behind(
    lag: int, graph: Any, steps: Any
) -> None:
    held = adjacency_module._LAG, adjacency_module._FEW
    adjacency_module._LAG, adjacency_module._FEW = lag, lag
    try:
        layout = Layout(graph)
        model = Model(layout)
        for step in steps:
            play(layout, model, [step, ("read", 0, 0, 0)])
    finally:
        adjacency_module._LAG, adjacency_module._FEW = held


def test_pairs_of_hubs_are_found_by_search_among_all_pairs() -> None:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_edges_from((a, b, {"type": "A"}) for a in range(2) for b in range(10, 400))
    graph.add_edges_from((b, a, {"type": "A"}) for a in range(2, 4) for b in range(10, 400))
    graph.add_edges_from([(0, 2, {"type": "A"}), (0, 2, {"type": "A"})])
    layout = Layout(graph)
    hubs = [layout.node_index(n) for n in range(4)]
    starts, ends = ints(*hubs[:2] * 2, -1), ints(hubs[2], hubs[2], hubs[3], hubs[3], hubs[2])
    numbers = layout.adjacency._current(None, "out").between(starts, ends)
    assert [part.tolist() for part in numbers] == [
        part.tolist() for part in layout.expand_into(starts, ends, None, "out")
    ]
    assert numbers[0].tolist() == [0, 0]


# --- searching ---------------------------------------------------------------------------------------------


def _trail_ends(model: Model, source: int, types: Any, direction: str, least: int, most: int) -> set[int]:
    ends: set[int] = {source} if least == 0 else set()
    waiting: list[tuple[int, frozenset[int]]] = [(source, frozenset())]
    while waiting:
        node, used = waiting.pop()
        if len(used) < most:
            for neighbour, number in model.expand(node, types, direction):
                if number not in used:
                    ends.add(neighbour)
                    waiting.append((neighbour, used | {number}))
    return ends


@settings(max_examples=150, deadline=None)
@given(
    graphs().filter(lambda graph: 0 < graph.number_of_edges() <= 8), st.sampled_from(DIRECTIONS), st.data()
)
def test_reach_is_where_trails_end(graph: Any, direction: Any, data: Any) -> None:
    layout = Layout(graph)
    model = Model(layout)
    source = data.draw(st.integers(0, len(graph) - 1))
    least, most = data.draw(st.integers(0, 1)), data.draw(st.integers(1, 8))
    types = data.draw(st.sampled_from([None, ("A",)]))
    expected = sorted(_trail_ends(model, source, types, direction, least, most))
    assert reachable(layout, source, types, direction, least, most).tolist() == expected


def test_reach_of_longer_trails_is_refused() -> None:
    with pytest.raises(ValueError, match="least length 0 or 1"):
        reachable(Layout(nx.path_graph(3)), 0, least=2)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.none() | st.integers(0, 4))
def test_paths_are_as_short_as_networkx_finds_them(seed: int, directed: bool, most: int | None) -> None:
    graph: Any = nx.gnm_random_graph(20, 28, seed=seed, directed=directed)
    layout, direction = Layout(graph), "out" if directed else "both"
    lengths = nx.single_source_shortest_path_length(graph, 0, cutoff=most)
    search = bfs(layout, 0, None, direction, most)  # type: ignore[arg-type]
    assert {n: d for n, d in enumerate(search.distances.tolist()) if d >= 0} == lengths
    for target in range(20):
        path = shortest_path(layout, 0, target, None, direction, most)  # type: ignore[arg-type]
        assert (None if path is None else len(path)) == lengths.get(target)
        for found in (path, search.path_to(target)):
            at = 0
            for number in found or ():
                start, end = layout.relationship_ends(number)
                assert at == start or (at == end and not directed)
                at = end if at == start else start
            assert found is None or at == target


# --- writing -----------------------------------------------------------------------------------------------


def test_side_effects_are_counted(graph: Any) -> None:
    layout = layout_of(graph)
    node = layout.create_node(("A", "B"), {"x": 1, "y": None})
    number = layout.create_relationship("R", node, 0, {"z": 1})
    layout.set_node_property(0, "title", None)
    layout.set_node_property(0, "nothing", None)
    layout.add_labels(0, ("Paper", "New"))
    layout.remove_labels(1, ("Stub", "Nothing"))
    layout.delete_relationship(number)
    layout.delete_relationship(number)
    layout.delete_node(node)
    assert layout.changes.counters() == {
        "nodes_created": 1, "nodes_deleted": 1, "relationships_created": 1, "relationships_deleted": 1,
        "properties_set": 3, "labels_added": 3, "labels_removed": 1,
    }  # fmt: skip
    layout.commit()
    assert layout.changes.counters() == {}


def test_columns_handed_out_before_a_change_stay_as_they_were(graph: Any) -> None:
    layout = layout_of(graph)
    before = layout.node_column("year")
    part = layout.node_column("year")[:1]
    layout.set_node_property(0, "year", 1)
    layout.create_node((), {"year": 2})
    assert before.tolist() == [2023, None, 2021.0, None]
    assert part.tolist() == [2023]
    assert layout.node_column("year").tolist() == [1, None, 2021.0, None, 2]


def test_a_column_nobody_holds_is_changed_in_place(graph: Any) -> None:
    layout = layout_of(graph)
    layout.node_column("year")
    buffer = weakref.ref(layout.node_column("year").base)
    layout.set_node_property(0, "year", 1)
    assert buffer() is layout.node_column("year").base


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], [[1]], [None], ["a", 1]])
def test_a_property_cannot_hold_maps_or_mixed_or_nested_lists(graph: Any, value: Any) -> None:
    layout = layout_of(graph)
    for attempt in (
        lambda: layout.set_node_property(0, "x", value),
        lambda: layout.set_relationship_property(0, "x", value),
        lambda: layout.create_node((), {"x": value}),
    ):
        with pytest.raises(CypherRuntimeError) as error:
            attempt()
        assert (error.value.kind, error.value.detail) == ("TypeError", "InvalidPropertyType")
    assert layout.changes.counters() == {}


def test_a_property_cannot_take_the_name_that_keeps_labels_or_type(graph: Any) -> None:
    layout = layout_of(graph)
    with pytest.raises(CypherRuntimeError, match="labels"):
        layout.set_node_property(0, "labels", "x")
    with pytest.raises(CypherRuntimeError, match="type"):
        layout.create_relationship("R", 0, 1, {"type": "x"})
    layout.set_node_property(0, "type", "x")
    layout.commit()
    assert graph.nodes["p"]["type"] == "x"


def test_what_the_query_has_deleted_cannot_be_looked_into(graph: Any) -> None:
    layout = layout_of(graph)
    for number in layout.attached(0).tolist():
        layout.delete_relationship(number)
    layout.delete_node(0)
    for attempt in (
        lambda: layout.node_properties(0),
        lambda: layout.relationship_properties(0),
        lambda: layout.set_node_property(0, "x", 1),
        lambda: layout.set_relationship_property(0, "x", 1),
        lambda: layout.add_labels(0, ("A",)),
        lambda: layout.create_relationship("R", 0, 1, {}),
    ):
        with pytest.raises(CypherRuntimeError) as error:
            attempt()
        assert (error.value.kind, error.value.detail) == ("EntityNotFound", "DeletedEntityAccess")
    assert layout.relationship_type(0) == "CITES"
    assert layout.node_id(0) == "p"
    assert layout.node_index("p") is None
    assert layout.lookup(None, "title", "QLoRA").tolist() == []


def test_a_node_with_relationships_cannot_be_deleted(graph: Any) -> None:
    with pytest.raises(CypherRuntimeError) as error:
        layout_of(graph).delete_node(0)
    assert error.value.detail == "DeleteConnectedNode"


def test_properties_may_have_the_names_of_parameters_of_networkx(graph: Any) -> None:
    layout = layout_of(graph)
    names = {"node_for_adding": 1, "self": 2, "key": 3, "u_for_edge": 4, "data": 5}
    node = layout.create_node((), names)
    layout.create_relationship("R", node, node, names)
    layout.commit()
    assert graph.nodes[layout.node_id(node)] == names
    assert [d for *_, d in graph.edges(layout.node_id(node), data=True)] == [{"type": "R"} | names]


@pytest.mark.parametrize(("ids", "kind"), [([], int), ([3, 10.5], int), (["a", "b"], str), (["a", 4], int)])
def test_new_nodes_get_ids_that_no_node_has_or_had(ids: Any, kind: type) -> None:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_nodes_from(ids)
    layout = layout_of(graph)
    if ids:
        layout.delete_node(layout.node_count - 1)
    new = [layout.node_id(layout.create_node((), {})) for _ in range(3)]
    layout.commit()
    assert len({*ids, *new}) == len(ids) + 3
    assert {type(node) for node in new} == {kind}
    assert all(layout.node_index(node) is not None for node in new)


def test_labels_are_written_as_a_string_or_a_list(graph: Any) -> None:
    layout = layout_of(graph)
    one, two = layout.create_node(("A",), {}), layout.create_node(("B", "A"), {})
    layout.add_labels(0, ("Z",))
    layout.set_node_property(1, "x", 1)
    layout.commit()
    assert graph.nodes[layout.node_id(one)] == {"labels": "A"}
    assert graph.nodes[layout.node_id(two)] == {"labels": ["A", "B"]}
    assert graph.nodes["p"]["labels"] == ["Paper", "Z"]
    assert graph.nodes["q"]["labels"] == ["Stub", "Paper"]


def test_a_frozen_graph_refuses_changes(graph: Any) -> None:
    layout = layout_of(nx.freeze(graph))
    layout.create_node((), {})
    with pytest.raises(StoreError, match="frozen"):
        layout.commit()
    layout.rollback()
    assert layout.node_count == 4


# --- one layout for each graph -----------------------------------------------------------------------------


def test_a_layout_is_kept_until_the_graph_changes(graph: Any) -> None:
    layout = layout_of(graph)
    assert layout_of(graph) is layout
    for change in (
        lambda: graph.add_node("new"),
        lambda: graph.add_edge("new", "p"),
        lambda: graph.remove_edge("new", "p"),
        lambda: graph.remove_node("new"),
        lambda: nx.set_node_attributes(graph, {"p": 1}, "year"),
    ):
        change()
        assert layout_of(graph) is not layout
        layout = layout_of(graph)
    assert layout.node_properties(0)["year"] == 1


def test_a_view_is_laid_out_anew_when_its_graph_changes(graph: Any) -> None:
    view = graph.subgraph(["p", "q"])
    layout = layout_of(view)
    assert (layout.node_count, layout.relationship_count) == (2, 2)
    graph.add_edge("q", "p")
    assert layout_of(view).relationship_count == 3


def test_attributes_changed_directly_are_seen_after_invalidate(graph: Any) -> None:
    layout_of(graph).node_column("year")
    graph.nodes["p"]["year"] = 1
    invalidate(graph)
    assert layout_of(graph).node_column("year")[0] == 1


def test_a_layout_does_not_keep_its_graph_alive() -> None:
    graph: nx.DiGraph[Any] = nx.DiGraph([(1, 2)])
    gone, layout = weakref.ref(graph), layout_of(graph)
    del graph
    gc.collect()
    assert gone() is None
    assert layout.expand(ints(0), None, "out")[1].tolist() == [1]


def test_a_graph_changed_while_a_query_ran_is_not_written_to(graph: Any) -> None:
    layout = layout_of(graph)
    layout.create_node((), {})
    graph.add_node("other")
    with pytest.raises(StoreError, match="run it again"):
        layout.commit()


# --- the local store ---------------------------------------------------------------------------------------


@pytest.fixture
def store() -> LocalStore:
    store = LocalStore()
    with store.writing():
        store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
        store.put_node(Node("method:peft", "Method", {"name": "PEFT"}))
        store.put_edge(Edge("method:lora", "KIND_OF", "method:peft", {}))
    return store


def test_the_store_counts_its_changes(store: LocalStore) -> None:
    layout, seen = layout_of(store), store.revision
    assert layout_of(store) is layout
    with store.writing():
        store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))  # nothing new
    assert (store.revision, layout_of(store)) == (seen, layout)
    for change in (
        lambda: store.put_node(Node("method:lora", "Method", {"name": "Lora"})),
        lambda: store.drop_edge("method:lora", "KIND_OF", "method:peft"),
        lambda: store.drop_node("method:lora"),
    ):
        with store.writing():
            change()
        assert layout_of(store) is not layout
        layout = layout_of(store)


def test_a_store_that_takes_back_a_change_is_laid_out_anew(store: LocalStore, tmp_path: Any) -> None:
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as kept:
        with kept.writing():
            kept.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
        with pytest.raises(RuntimeError), kept.writing():
            kept.put_node(Node("method:qlora", "Method", {"name": "QLoRA"}))
            assert layout_of(kept).node_count == 2
            raise RuntimeError
        assert layout_of(kept).node_count == 1


def test_a_commit_reaches_the_file(tmp_path: Any) -> None:
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
        store.put_node(Node("method:old", "Method", {"name": "Old"}))
        store.put_edge(Edge("method:old", "KIND_OF", "method:lora", {}))
    with LocalStore(path) as reader:  # opened for reading; the commit opens it for writing
        layout = layout_of(reader)
        new = layout.create_node(("Method",), {"name": "Q-LoRA", "generic": False})
        layout.create_relationship("KIND_OF", new, layout.node_index("method:lora") or 0, {})
        layout.set_node_property(layout.node_index("method:lora") or 0, "aliases", ["lora"])
        layout.delete_relationship(0)
        layout.delete_node(layout.node_index("method:old") or 0)
        layout.commit()
        assert layout.node_id(new) == "method:q-lora"
    with LocalStore(path) as again:
        assert [(n.id, dict(n.properties)) for n in again.nodes()] == [
            ("method:lora", {"name": "LoRA", "aliases": ["lora"]}),
            ("method:q-lora", {"name": "Q-LoRA", "generic": False}),
        ]
        assert [(e.source, e.type, e.target) for e in again.edges()] == [
            ("method:q-lora", "KIND_OF", "method:lora")
        ]


def test_what_others_wrote_meanwhile_is_not_overwritten(tmp_path: Any) -> None:
    path = tmp_path / "graph.db"
    with LocalStore(path, create=True) as store, LocalStore(path, create=True) as other:
        with store.writing():
            store.put_node(Node("method:lora", "Method", {"name": "LoRA"}))
        layout = layout_of(store)
        layout.set_node_property(0, "name", "Mine")
        with other.writing():
            other.put_node(Node("method:lora", "Method", {"name": "Theirs"}))
        with pytest.raises(StoreError, match="run it again"):
            layout.commit()
        layout.rollback()
        assert layout_of(store).node_column("name").tolist() == ["Theirs"]


@pytest.mark.parametrize(
    ("label", "properties", "node_id"),
    [
        ("Method", {"name": "Flash Attention"}, "method:flash-attention"),
        ("Task", {"id": "task:x", "name": "X"}, "task:x"),
        ("Paper", {"arxiv_id": "2106.09685", "name": "LoRA"}, "arxiv:2106.09685"),
        ("Paper", {"title": "A Title", "name": "A Title"}, "title:atitle"),
        ("Author", {"name": "Ada Lovelace", "orcid": "0000-0002-1825-0097"}, "author:0000-0002-1825-0097"),
    ],
)
def test_new_nodes_of_the_store_are_named_as_loaders_name_them(
    store: LocalStore, label: str, properties: Any, node_id: str
) -> None:
    layout = layout_of(store)
    new = layout.create_node((label,), properties)
    layout.commit()
    assert layout.node_id(new) == node_id
    node = store.node(node_id)
    assert node is not None
    assert "id" not in node.properties
    assert layout.lookup(label, "id", node_id).tolist() == [new]
    assert layout_of(store) is layout


def _unlabelled(layout: Layout) -> None:
    layout.create_node((), {"name": "x"})


def _unknown_label(layout: Layout) -> None:
    layout.create_node(("Nothing",), {"name": "x"})


def _unknown_property(layout: Layout) -> None:
    layout.set_node_property(0, "colour", "red")


def _unknown_type(layout: Layout) -> None:
    layout.create_relationship("LIKES", 0, 1, {})


def _parallel(layout: Layout) -> None:
    layout.create_relationship("KIND_OF", 0, 1, {})


def _there_already(layout: Layout) -> None:
    layout.create_node(("Method",), {"name": "LoRA"})


def _nameless(layout: Layout) -> None:
    layout.create_node(("Method",), {})


def _two_labels(layout: Layout) -> None:
    layout.add_labels(0, ("Model",))


@pytest.mark.parametrize(
    "change",
    [
        _unlabelled, _unknown_label, _unknown_property, _unknown_type, _parallel, _there_already, _nameless,
        _two_labels,
    ],
)  # fmt: skip
def test_the_schema_refuses_what_breaks_it_and_nothing_is_written(store: LocalStore, change: Any) -> None:
    layout, before = layout_of(store), shape(store.graph)
    layout.set_node_property(1, "name", "changed")
    change(layout)
    with pytest.raises(SchemaError):
        layout.commit()
    layout.rollback()
    assert shape(store.graph) == before
    assert layout_of(store) is layout
    assert layout.node_column("name").tolist() == ["LoRA", "PEFT"]


def test_an_edge_of_the_store_can_be_replaced_in_one_query(store: LocalStore) -> None:
    layout = layout_of(store)
    layout.delete_relationship(0)
    layout.create_relationship("KIND_OF", 0, 1, {})
    layout.commit()
    assert [(e.source, e.type, e.target) for e in store.edges()] == [
        ("method:lora", "KIND_OF", "method:peft")
    ]


def test_a_query_writes_through_the_layout(graph: Any) -> None:
    result = execute(
        graph, "UNWIND [1, 2, 1] AS x MERGE (t:Tag {name: x}) RETURN count(DISTINCT t) AS n", write=True
    )
    assert result.rows == [[2]]
    assert sum(data.get("labels") == "Tag" for _, data in graph.nodes(data=True)) == 2
