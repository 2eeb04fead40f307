"""The page as text: self-contained, whole, and deaf to what papers try to smuggle in."""

from __future__ import annotations

import base64
import hashlib
import inspect
import json
import os
import re
from html.parser import HTMLParser

import pytest
from memory_store import MemoryStore
from viz_graph import make_graph

from citegraph import StoreError
from citegraph.viz import render_html, write_html
from citegraph.viz.page import facts
from citegraph.viz.select import DEFAULT_LIMIT, select

GRAPH = make_graph(60)
PAGE = render_html(GRAPH, title="Sixty papers")

HOSTILE = [
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 2</script>",
    "<!-- <script> --!> <img src=x onerror=window.broken=3>",
    "\"'`>; window.broken = 4 //",
    "{{ 7 * 7 }} {% raw %} ${window.broken = 5}",
    "line\u2028separator\u2029and \u202eright-to-left\u2066 override",
    "NUL \x00 and a lone surrogate \ud800 end",
    "javascript:window.broken=6",
]


def hostile_graph():
    store, previous = MemoryStore(), ""
    for number, text in enumerate(HOSTILE):
        bad = text if number % 2 else f"{text} {number}"
        paper = store.add(
            f"title:{bad}", "Paper", bad, abstract=f"We use LoRA {bad}", url=f"javascript:{bad}"
        ).id
        method = store.add(f"method:{bad}", "Method", bad, aliases=[bad]).id
        # Evidence is kept as JSON, which holds no lone surrogate.
        store.quote(paper, "USES", method, *(["LoRA"] if "\ud800" in bad else ["LoRA", bad]))
        if number:
            store.link(paper, "CITES", previous, sources=["s"], contexts=[bad], raw=[bad], intents=[bad])
        previous = paper
    return store


class Elements(HTMLParser):
    """Collects tags with their attributes, and the text of scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.scripts, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


def data_of(page, name):
    return json.loads(
        re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)[1]
    )


def test_the_page_names_no_resource_to_fetch():
    for tag, attributes in Elements(PAGE).tags:
        assert "src" not in attributes, tag
        assert "srcset" not in attributes, tag
        assert "href" not in attributes, tag
        assert tag not in {"link", "iframe", "object", "embed", "base", "img"}
    style = "".join(re.findall(r"<style>(.*?)</style>", PAGE, re.S))
    assert "@import" not in style
    assert "url(" not in style


def test_the_page_carries_vis_network_once_and_neither_bootstrap_nor_tom_select():
    assert PAGE.count("vis-network") < 20
    assert len([1 for _, attributes in scripts_of(Elements(PAGE)) if "type" not in attributes]) == 2
    assert "bootstrap" not in PAGE.lower()
    assert "tomselect" not in PAGE.lower()
    assert len(PAGE) < 650_000


def test_the_policy_allows_the_scripts_of_the_page_by_hash_and_no_other():
    elements = Elements(PAGE)
    policy = next(a["content"] for _, a in elements.tags if a.get("http-equiv") == "Content-Security-Policy")
    runs = [
        text for (_, a), text in zip(scripts_of(elements), elements.scripts, strict=True) if "type" not in a
    ]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in runs}
    assert set(re.search(r"script-src ([^;]*)", policy)[1].split()) == hashes
    assert policy.startswith("default-src 'none'")


def scripts_of(elements):
    return [(tag, attributes) for tag, attributes in elements.tags if tag == "script"]


def test_no_element_carries_an_event_handler():
    for tag, attributes in Elements(PAGE).tags:
        assert not [name for name in attributes if name.startswith("on")], tag


def test_positions_are_fixed_and_physics_is_off():
    assert data_of(PAGE, "options")["physics"] == {"enabled": False}
    assert all({"x", "y", "size"} <= set(mark) for mark in data_of(PAGE, "nodes"))


def test_hostile_text_stays_inside_the_data_it_belongs_to():
    page = render_html(hostile_graph(), title=HOSTILE[1])
    tags = [tag for tag, _ in Elements(page).tags]
    assert tags.count("script") == len(scripts_of(Elements(PAGE))) == 6
    assert "img" not in tags
    assert not re.search("[\x00\u2028\u2029\u202e\u2066\ud800]", page)
    assert len(data_of(page, "facts")["nodes"]) == 2 * len(HOSTILE)


def test_only_web_addresses_become_links():
    assert all("link" not in node for node in data_of(render_html(hostile_graph()), "facts")["nodes"])
    paper = next(node for node in data_of(PAGE, "facts")["nodes"] if node["id"].startswith("arxiv:"))
    assert paper["link"].startswith("https://arxiv.org/abs/")


def test_offsets_mark_the_quoted_words_even_after_characters_of_two_units():
    store = MemoryStore()
    store.add("title:x", "Paper", "X", abstract="𝔸𝔹 first. We prune 𝔸 with LoRA today. Last.")
    store.add("method:lora", "Method", "LoRA")
    store.quote("title:x", "USES", "method:lora", "LoRA")
    found = facts(select(store))
    (field, begin, start, end, stop) = found["edges"][0]["evidence"][0]
    text = next(n for n in found["nodes"] if n["name"] == "X")["texts"][field].encode("utf-16-le")
    assert text[2 * start : 2 * end].decode("utf-16-le") == "LoRA"
    assert text[2 * begin : 2 * stop].decode("utf-16-le") == "We prune 𝔸 with LoRA today."


def test_a_quotation_from_a_text_the_graph_has_not_got_is_shown_as_it_is():
    store = MemoryStore()
    store.add("title:x", "Paper", "X", abstract="Nothing here.")
    store.add("method:lora", "Method", "LoRA")
    quote = {"source": "s", "field": "section 3", "start": 9, "end": 13, "text": "LoRA", "extractor": "t@1"}
    store.link("title:x", "USES", "method:lora", evidence=[json.dumps(quote)])
    assert facts(select(store))["edges"][0]["evidence"] == [["section 3", "LoRA"]]


def test_folders_of_the_maker_do_not_travel_with_the_page():
    assert "papers.jsonl" in PAGE
    assert "secret" not in PAGE


def test_a_page_is_the_same_on_every_run():
    assert render_html(make_graph(60), title="Sixty papers") == PAGE


def test_writing_says_what_was_drawn(tmp_path):
    view = write_html(GRAPH, tmp_path / "graph.html", limit=10)
    assert len(view.nodes) == 10
    assert "beyond the limit of 10" in view.left_out
    assert "beyond the limit of 10" in (tmp_path / "graph.html").read_text("utf-8")


def test_writing_replaces_the_file_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "graph.html"
    path.write_text("old")
    write_html(GRAPH, path)
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert path.read_text("utf-8").rstrip().endswith("</html>")
    assert [p.name for p in tmp_path.iterdir()] == ["graph.html"]


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_a_page_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "other").touch()
    write_html(GRAPH, tmp_path / "graph.html")
    assert (tmp_path / "graph.html").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("where", ["missing/graph.html", "."])
def test_a_path_that_cannot_be_written_gives_one_sentence(tmp_path, where):
    with pytest.raises(StoreError, match="name a"):
        write_html(GRAPH, tmp_path / where)
    assert not list(tmp_path.iterdir())


def test_the_limit_is_the_same_however_a_page_is_asked_for():
    for function in (write_html, render_html):
        assert inspect.signature(function).parameters["limit"].default == DEFAULT_LIMIT
