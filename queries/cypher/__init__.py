"""Cypher over a local graph, or over any NetworkX graph.

>>> import networkx as nx
>>> from citegraph.queries.cypher import execute
>>> graph = nx.MultiDiGraph()
>>> graph.add_node("lora", labels="Method", name="LoRA")
>>> graph.add_node("p", labels="Paper", title="QLoRA")
>>> _ = graph.add_edge("p", "lora", type="BUILDS_ON")
>>> execute(graph, "MATCH (p)-[:BUILDS_ON]->(m {name: $name}) RETURN p.title AS title", {"name": "LoRA"}).rows
[['QLoRA']]

The way of a query: ``lexer`` and ``parser`` make a tree (``syntax``), ``analysis`` refuses what cannot mean
anything, ``planner`` lays out the steps, ``operators`` carry them out on batches of rows, with expressions from
``evaluate`` over a ``layout`` of the graph as arrays.
"""

from .engine import execute
from .errors import CypherError, CypherRuntimeError, LimitError, WriteRefusedError
from .result import Result, Summary
from .values import Node, Path, Relationship

__all__ = [
    "CypherError",
    "CypherRuntimeError",
    "LimitError",
    "Node",
    "Path",
    "Relationship",
    "Result",
    "Summary",
    "WriteRefusedError",
    "execute",
]
