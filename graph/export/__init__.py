"""Writing the whole graph to a file that others read, and reading the exchange form back.

    jsonl     one object a line, nodes first: the exchange form, which :func:`read_jsonl` reads back
    json      one object in node-link form: ``networkx.node_link_graph(data, edges="edges")``
    graphml   for Gephi, yEd, igraph, NetworkX
    gexf      for Gephi, NetworkX
    csv       a folder with ``nodes.csv`` and ``edges.csv``, for spreadsheets, pandas, DuckDB

All are streamed, nodes and edges in the order of the store. A file appears whole or not at all.

GraphML, GEXF and CSV cells hold scalars, so lists become JSON arrays in text: names may contain any separator.
Characters that XML 1.0 cannot hold (most control characters) are left out of GraphML and GEXF. A text that a
spreadsheet would run as a formula (it begins with = + - @, a tab or a line break, or their full-width forms) gets
an apostrophe in front of it in CSV, and so does a text that already begins with apostrophes before such a
character: take one apostrophe off those to have the text back.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from ..errors import QueryError
from ..store import Store
from . import gexf, graphml, jsonl, node_link, tables
from .files import pour, whole_file
from .jsonl import read_jsonl

__all__ = ["FORMATS", "Target", "export", "read_jsonl"]

Target = str | os.PathLike[str] | IO[bytes] | IO[str]

_WRITERS: Mapping[str, Callable[[Store], Iterator[bytes]]] = {
    "jsonl": jsonl.write,
    "json": node_link.write,
    "graphml": graphml.write,
    "gexf": gexf.write,
}

FORMATS = (*_WRITERS, "csv")
"""The formats :func:`export` writes."""


def export(store: Store, target: Target, format: str | None = None) -> None:
    """Write the graph to a file, a folder, a stream or standard output.

    Parameters
    ----------
    store
        The graph.
    target
        A path; ``-`` for standard output; or an open stream, of bytes or of text. For ``csv`` the path of a
        folder, which is made where it is missing.
    format
        ``jsonl``, ``json``, ``graphml``, ``gexf`` or ``csv``; by default what the ending of the path says.

    Raises
    ------
    QueryError
        No such format, or a format that the target cannot take.
    StoreError
        The file cannot be written; what was there before is still there.

    Examples
    --------
    >>> export(store, "graph.jsonl")  # doctest: +SKIP
    >>> export(store, "-", "graphml")  # doctest: +SKIP
    """
    name = format or _format_of(target)
    if name == "csv":
        if not isinstance(target, (str, os.PathLike)) or os.fspath(target) == "-":
            raise QueryError(
                "The csv format is two files, nodes.csv and edges.csv: name a folder to write them to."
            )
        tables.write(store, Path(target))
        return
    writer = _WRITERS.get(name)
    if writer is None:
        raise QueryError(f"There is no export format {name!r}; choose from {', '.join(FORMATS)}.")
    if not isinstance(target, (str, os.PathLike)):
        pour(writer(store), target)
    elif os.fspath(target) == "-":
        pour(writer(store), sys.stdout)
    else:
        with whole_file(Path(target)) as stream:
            pour(writer(store), stream)


def _format_of(target: Target) -> str:
    named = os.fspath(target) if isinstance(target, (str, os.PathLike)) else ""
    ending = Path(named).suffix.lower().lstrip(".")
    if ending in FORMATS:
        return ending
    raise QueryError(
        f"The name {named or 'of a stream'!r} does not tell the format; choose from {', '.join(FORMATS)}."
    )
