"""Two tables, of nodes and of edges, for spreadsheets, pandas and DuckDB."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from ..errors import StoreError
from ..store import Store
from .files import pour, whole_file, whole_folder
from .values import COLUMNS, scalar, sound, texts

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write(store: Store, folder: Path) -> None:
    """Write both files: a new folder appears with both in it, an old one has them replaced one after the other."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file; the csv format needs a folder for nodes.csv and edges.csv.")
    with (
        nullcontext(folder) if folder.exists() else whole_folder(folder) as place,
        whole_file(place / "edges.csv") as edges,
        whole_file(place / "nodes.csv") as nodes,
    ):
        pour(_csv_lines(("id", "type"), "node", _node_rows(store)), nodes)
        pour(_csv_lines(("source", "type", "target"), "edge", _edge_rows(store)), edges)


def _node_rows(store: Store) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    return (((node.id, node.label), node.properties) for node in store.nodes())


def _edge_rows(store: Store) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    return (((edge.source, edge.type, edge.target), texts(edge)) for edge in store.edges())


def _csv_lines(
    head: tuple[str, ...], item: str, rows: Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]
) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")  # RFC 4180; and makes a lone \r be quoted
    columns = tuple(COLUMNS[item])
    for cells, properties in chain([(head, dict(zip(columns, columns, strict=True)))], rows):
        writer.writerow([*map(_cell, cells), *(_cell(properties.get(key)) for key in columns)])
        yield sound(buffer.getvalue()).encode()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if _FORMULA.match(text) else text
    return "" if value is None else value if type(value) in (int, float) else scalar(value)
