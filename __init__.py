"""citegraph: a pile of machine-learning papers as a citation knowledge graph that quotes its evidence.

from citegraph import open_graph
graph = open_graph("papers.db")
graph.show("LLaMA 2")
"""

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .api import Graph, build, open_graph
    from .graph.errors import (
        CitegraphError,
        InputError,
        LockedError,
        NotFoundError,
        QueryError,
        RefusedRecordError,
        SchemaError,
        StoreError,
        VersionError,
    )
    from .graph.records import Author, Edge, Evidence, Node, Paper, Reference

_HOMES = {
    "api": ("Graph", "build", "open_graph"),
    "graph.errors": (
        "CitegraphError",
        "InputError",
        "LockedError",
        "NotFoundError",
        "QueryError",
        "RefusedRecordError",
        "SchemaError",
        "StoreError",
        "VersionError",
    ),
    "graph.records": ("Author", "Edge", "Evidence", "Node", "Paper", "Reference"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Author",
    "CitegraphError",
    "Edge",
    "Evidence",
    "Graph",
    "InputError",
    "LockedError",
    "Node",
    "NotFoundError",
    "Paper",
    "QueryError",
    "Reference",
    "RefusedRecordError",
    "SchemaError",
    "StoreError",
    "VersionError",
    "__version__",
    "build",
    "open_graph",
]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that ``citegraph --help`` needs none of them."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
