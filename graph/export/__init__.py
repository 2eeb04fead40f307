"""Writing the whole graph to a file that others read, and reading the exchange form back.

    jsonl     one object a line, nodes first: the exchange form, which :func:`read_jsonl` reads back
    json      one object in node-link form: ``networkx.node_link_graph(data, edges="edges")``
    graphml   for Gephi, yEd, igraph, NetworkX
    gexf      for Gephi, NetworkX
    csv       a folder with ``nodes.csv`` and ``edges.csv``, for spreadsheets, pandas, DuckDB
    neo4j-admin    a folder from which ``neo4j-admin database import`` makes a database: see :mod:`.neo4j_admin`

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
from ..server.address import PREFIX
from ..store import Store
from . import gexf, graphml, jsonl, node_link, tables
from .files import pour, whole_file
from .jsonl import read_jsonl

__all__ = ["FOLDERS", "FORMATS", "Target", "export", "read_jsonl"]

Target = str | os.PathLike[str] | IO[bytes] | IO[str]

_WRITERS: Mapping[str, Callable[[Store], Iterator[bytes]]] = {
    "jsonl": jsonl.write,
    "json": node_link.write,
    "graphml": graphml.write,
    "gexf": gexf.write,
}

_FILES = {
    "csv": "two files, nodes.csv and edges.csv",
    "neo4j-admin": "a file for each label and type, and scripts",
}

FOLDERS = tuple(_FILES)
"""The formats that are folders."""

FORMATS = (*_WRITERS, *FOLDERS)
"""The formats :func:`export` writes."""


def export(store: Store, target: Target, format: str | None = None, *, prefix: str = "") -> None:
    """Write the graph to a file, a folder, a stream or standard output.

    Parameters
    ----------
    store
        The graph.
    target
        A path; ``-`` for standard output; or an open stream, of bytes or of text. For ``csv`` and ``neo4j-admin`` the
        path of a folder, which is made where it is missing.
    format
        ``jsonl``, ``json``, ``graphml``, ``gexf``, ``csv`` or ``neo4j-admin``; by default what the ending of the path
        says.
    prefix
        With ``neo4j-admin``: what is put before the labels, as in ``neo4j://HOST?prefix=…``.

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
    if prefix and (name != "neo4j-admin" or not PREFIX.fullmatch(prefix)):
        raise QueryError(
            f"A prefix is letters, digits and _, not {prefix!r}."
            if name == "neo4j-admin"
            else f"The {name} format has no prefix; neo4j-admin does."
        )
    if name in FOLDERS:
        if not isinstance(target, (str, os.PathLike)) or os.fspath(target) == "-":
            raise QueryError(f"The {name} format is {_FILES[name]}: name a folder to write them to.")
        if name == "csv":
            tables.write(store, Path(target))
        else:
            from . import neo4j_admin

            neo4j_admin.write(store, Path(target), prefix)
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
