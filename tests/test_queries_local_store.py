"""The same questions have the same answers whichever store holds the graph."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from memory_store import MemoryStore
from query_graph import QLORA, query_graph

from citegraph import queries
from citegraph.graph.export import FOLDERS, FORMATS, export, read_jsonl
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Node


@pytest.fixture(scope="module")
def memory() -> MemoryStore:
    return query_graph()


@pytest.fixture(scope="module")
def local(memory: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    stream = io.BytesIO()
    export(memory, stream, "jsonl")
    path = tmp_path_factory.mktemp("graph") / "graph.db"
    with LocalStore(path, create=True) as store, store.writing():
        for item in read_jsonl(stream.getvalue().splitlines()):
            if isinstance(item, Node):
                store.put_node(item)
            else:
                store.put_edge(item)
    return LocalStore(path)


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "find": lambda store: queries.find(store, "llama"),
    "neighbourhood": lambda store: queries.neighbourhood(store, "method:lora"),
    "explain": lambda store: queries.explain(store, "QLoRA", "LoRA"),
    "stats": queries.stats,
    "duplicates": lambda store: queries.duplicates(store, threshold=70),
    "methods tried on": lambda store: queries.methods_tried_on(store, "LLaMA 2 70B"),
    "evaluated on": lambda store: queries.evaluated_on(store, "GSM8K"),
    "builds on": lambda store: queries.builds_on(store, "LoRA"),
    "timeline": lambda store: queries.timeline(store, "LLaMA 2"),
    "compare": lambda store: queries.compare(store, "method:qlora", "method:lora"),
    "most cited": queries.most_cited,
    "co-occurrence": lambda store: queries.co_occurrence(store, "Method", "Model", min_papers=1),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_local_store_answers_as_any_other(question, memory, local):
    expected, answer = QUESTIONS[question](memory), QUESTIONS[question](local)
    if question == "stats":  # labels of equal number stand in the order of the store
        expected, answer = (row.to_dict() for row in (expected, answer))
    assert answer == expected


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in FOLDERS])
def test_an_export_is_the_same_bytes_every_time(format, local):
    first, second = io.BytesIO(), io.BytesIO()
    export(local, first, format)
    export(local, second, format)
    assert first.getvalue() == second.getvalue()


def test_a_paper_is_found_by_an_identifier_it_was_not_stored_under(local):
    assert queries.resolve(local, "https://huggingface.co/papers/2305.14314").id == QLORA
