"""The static picture: well-formed SVG without script, small, and with the names of the important nodes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from memory_store import MemoryStore
from test_viz_page import HOSTILE, hostile_graph
from viz_graph import make_graph

from citegraph.viz import render_svg, write_picture

SVG = "{http://www.w3.org/2000/svg}"
GRAPH = make_graph(300)
PICTURE = render_svg(GRAPH, title="Three hundred")


def texts(svg, group):
    root = ET.fromstring(svg)
    return [
        "".join(t.itertext())
        for g in root.iter(f"{SVG}g")
        if g.get("class") == group
        for t in g.iter(f"{SVG}text")
    ]


def test_the_best_connected_nodes_are_named():
    assert {"LLaMA", "MMLU", "LoRA", "A100"} <= set(texts(PICTURE, "names"))


def test_every_node_has_a_mark_that_tells_its_whole_name():
    marks = next(g for g in ET.fromstring(PICTURE).iter(f"{SVG}g") if g.get("class") == "marks")
    assert len(marks) == 150
    assert all(mark.find(f"{SVG}title").text for mark in marks)


def test_names_do_not_run_over_each_other():
    root = ET.fromstring(PICTURE)
    group = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "names")
    rows = [(float(t.get("x")), float(t.get("y")), len(t.text) * 5.5 / 2) for t in group]
    for i, (x, y, half) in enumerate(rows):
        for other_x, other_y, other_half in rows[:i]:
            assert abs(y - other_y) > 9 or abs(x - other_x) > half + other_half - 2


def test_lines_derived_from_papers_are_left_out_beside_the_papers_and_dashed_without():
    assert "stroke-dasharray" not in PICTURE
    assert "stroke-dasharray" in render_svg(GRAPH, types=["Method", "Benchmark"])


def test_the_picture_is_small_and_fetches_nothing():
    assert len(PICTURE) < 60_000
    assert "href" not in PICTURE
    assert "<script" not in PICTURE
    assert re.findall(r"https?://[^\"' ]+", PICTURE) == ["http://www.w3.org/2000/svg"]


def test_hostile_text_is_text():
    root = ET.fromstring(render_svg(hostile_graph(), title=HOSTILE[1]))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "style", "rect", "text", "tspan", "g", "path", "circle", "polygon", "title",
    }  # fmt: skip
    assert root.find(f"{SVG}text").text == HOSTILE[1]


def test_an_empty_graph_gives_an_empty_picture():
    ET.fromstring(render_svg(MemoryStore()))


def test_writing_says_what_was_drawn(tmp_path):
    view = write_picture(GRAPH, tmp_path / "graph.svg", limit=20)
    assert len(view.nodes) == 20
    assert (tmp_path / "graph.svg").read_text("utf-8").startswith("<svg")
