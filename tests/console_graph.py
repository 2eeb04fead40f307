"""A graph file small enough to know by heart, with a name that would like to command the terminal."""

from __future__ import annotations

from pathlib import Path

from citegraph import open_graph
from citegraph.graph.records import Edge, Evidence, Node

EVIL = "Evil \x1b]0;owned\x07\x9b31m Model"


def write_graph(path: Path) -> Path:
    """Write three papers that use two models, and a third model of a hostile name."""
    with open_graph(path, create=True) as graph, graph.store.writing():
        for number, title in enumerate(
            ("QLoRA: Tuning of Quantized LLMs", "Tiny Bits", "A Study of Rounding")
        ):
            abstract = f"{title} is tried on LLaMA 2. " * 12
            properties = {"name": title, "title": title, "year": 2022 + number, "abstract": abstract}
            graph.store.put_node(Node(f"arxiv:2401.0000{number}", "Paper", properties))
        for node_id, name in (("llama-2", "LLaMA 2"), ("llama-3", "LLaMA 3"), ("evil", EVIL)):
            graph.store.put_node(Node(f"model:{node_id}", "Model", {"name": name, "aliases": [name.lower()]}))
        for number, model in ((0, "llama-2"), (1, "llama-2"), (2, "llama-3")):
            quote = Evidence("papers.jsonl", "abstract", 3, 10, "LLaMA 2", "lexicon@1").dumps()
            properties = {"evidence": [quote], "confidence": 0.98}
            graph.store.put_edge(Edge(f"arxiv:2401.0000{number}", "USES", f"model:{model}", properties))
    return path
