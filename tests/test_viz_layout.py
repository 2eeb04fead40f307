"""Places: deterministic, apart from each other, close together as a whole."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from effort import within
from memory_store import MemoryStore
from viz_graph import make_graph

from citegraph.viz.layout import place
from citegraph.viz.select import select


def islands(sizes):
    """Separate groups of papers, each a star of citations."""
    store = MemoryStore()
    for island, size in enumerate(sizes):
        ids = [store.add(f"title:i{island}n{k}", "Paper", f"Paper {island} {k}").id for k in range(size)]
        for other in ids[1:]:
            store.link(other, "CITES", ids[0], sources=["s"])
    return store


def overlaps(places):
    spots = list(places.values())
    return sum(
        math.hypot(a.x - b.x, a.y - b.y) < a.radius + b.radius - 1
        for a, b in itertools.combinations(spots, 2)
    )


def test_places_are_the_same_on_every_run_whatever_chance_did_before():
    view = select(make_graph(120))
    first = place(view)
    random.seed(99)
    assert place(view) == first


def test_a_layout_leaves_the_random_numbers_of_others_alone():
    random.seed(5)
    expected = random.random()
    random.seed(5)
    place(select(make_graph(60)))
    assert random.random() == expected


@pytest.mark.parametrize("size", [60, 300])
def test_marks_do_not_overlap(size):
    places = place(select(make_graph(size)))
    assert overlaps(places) <= len(places) // 100


def test_nodes_on_one_spot_are_parted():
    assert overlaps(place(select(islands([40])))) == 0


def test_separate_components_stay_apart_and_close():
    places = place(select(islands([30, 12, 5, 2, 1, 1, 1])))
    assert overlaps(places) == 0
    width = max(p.x for p in places.values()) - min(p.x for p in places.values())
    height = max(p.y for p in places.values()) - min(p.y for p in places.values())
    alone = place(select(islands([30])))
    assert width < 3 * (max(p.x for p in alone.values()) - min(p.x for p in alone.values()))
    assert height < width * 1.2


def test_the_picture_lies_wide_around_its_middle():
    places = place(select(make_graph(300)))
    xs, ys = [p.x for p in places.values()], [p.y for p in places.values()]
    assert max(xs) - min(xs) > 1.3 * (max(ys) - min(ys))
    assert abs(max(xs) + min(xs)) < 1
    assert abs(max(ys) + min(ys)) < 1


@pytest.mark.parametrize("sizes", [[], [1], [2], [3], [1, 1]])
def test_the_smallest_graphs_have_places_too(sizes):
    places = place(select(islands(sizes)))
    assert len(places) == sum(sizes)
    assert overlaps(places) == 0


def test_a_mark_grows_with_the_number_of_neighbours():
    places = place(select(islands([20])))
    assert places["title:i0n0"].radius > 1.5 * places["title:i0n1"].radius


def test_a_thousand_nodes_are_placed_while_one_waits():
    view = select(make_graph(1000), limit=1000)
    with within(15):  # under a second on a quiet machine
        place(view)
