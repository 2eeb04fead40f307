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

import csv
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast
from xml.sax.saxutils import escape, quoteattr

import orjson

from .errors import InputError, QueryError, StoreError
from .records import Edge, Evidence, Node
from .schema import EDGES, NODES
from .store import Store

Target = str | os.PathLike[str] | IO[bytes] | IO[str]

_RESERVED = re.compile(r"(?:kind|id|type|source|target)_*")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


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
        _write_csv(store, Path(target))
        return
    writer = _WRITERS.get(name)
    if writer is None:
        raise QueryError(f"There is no export format {name!r}; choose from {', '.join(FORMATS)}.")
    if not isinstance(target, (str, os.PathLike)):
        _pour(writer(store), target)
    elif os.fspath(target) == "-":
        _pour(writer(store), sys.stdout)
    else:
        with _whole_file(Path(target)) as stream:
            _pour(writer(store), stream)


def _format_of(target: Target) -> str:
    named = os.fspath(target) if isinstance(target, (str, os.PathLike)) else ""
    ending = Path(named).suffix.lower().lstrip(".")
    if ending in FORMATS:
        return ending
    raise QueryError(
        f"The name {named or 'of a stream'!r} does not tell the format; choose from {', '.join(FORMATS)}."
    )


# --- the graph, property by property -----------------------------------------------------------------------

_COLUMNS = {
    "node": {key: known.kind for node_type in NODES.values() for key, known in node_type.properties.items()},
    "edge": {key: known.kind for edge_type in EDGES.values() for key, known in edge_type.properties.items()},
}
"""All properties a node or an edge may hold, in the order of the schema, with the kind of their values."""


def _nodes(store: Store) -> Iterator[Node]:
    in_order = _in_order("node")
    return (Node(node.id, node.label, in_order(node.properties)) for node in store.nodes())


def _edges(store: Store) -> Iterator[Edge]:
    in_order = _in_order("edge")
    return (Edge(e.source, e.type, e.target, in_order(e.properties)) for e in store.edges())


def _in_order(item: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Return what puts properties into the order of the schema: stores give them in an order of their own."""
    places = {key: place for place, key in enumerate(_COLUMNS[item])}
    orders: dict[tuple[str, ...], list[str]] = {}

    def in_order(properties: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = tuple(properties)
        order = orders.get(keys)
        if order is None:
            order = orders[keys] = sorted(keys, key=lambda key: (places.get(key, len(places)), key))
        return {key: properties[key] for key in order}

    return in_order


# --- the exchange form -------------------------------------------------------------------------------------


def _jsonl(store: Store) -> Iterator[bytes]:
    for node in _nodes(store):
        head = {"kind": "node", "id": node.id, "type": node.label}
        yield _json(head | {_escaped(key): value for key, value in node.properties.items()}) + b"\n"
    for edge in _edges(store):
        head = {"kind": "edge", "type": edge.type, "source": edge.source, "target": edge.target}
        yield _json(head | {_escaped(key): value for key, value in _with_objects(edge).items()}) + b"\n"


def _escaped(key: str) -> str:
    """Name a property beside the keys of the exchange form: a Hardware's ``kind`` is written as ``kind_``."""
    return f"{key}_" if _RESERVED.fullmatch(key) else key


def _unescaped(key: str) -> str:
    return key[:-1] if key.endswith("_") and _RESERVED.fullmatch(key) else key


def _with_objects(edge: Edge) -> Mapping[str, Any]:
    """Return the properties of an edge with its evidence as objects instead of JSON strings."""
    evidence = edge.properties.get("evidence")
    if not evidence:
        return edge.properties
    return {**edge.properties, "evidence": [orjson.loads(_sound(item)) for item in evidence]}


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return orjson.dumps(_all_sound(value))


def _sound(text: str) -> str:
    return _LONE_SURROGATES.sub("\ufffd", text)


def _all_sound(value: Any) -> Any:
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, Mapping):
        return {_all_sound(key): _all_sound(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_all_sound(item) for item in value]
    return value


def read_jsonl(source: str | os.PathLike[str] | Iterable[bytes]) -> Iterator[Node | Edge]:
    """Read the exchange form back, one node or edge at a time.

    The schema is checked by the store that takes them, not here.

    Parameters
    ----------
    source
        A path; ``-`` for standard input; or lines of bytes, such as an open binary file.

    Raises
    ------
    InputError
        The file cannot be read, or a line is not of the exchange form; the message names file and line.

    Examples
    --------
    >>> for item in read_jsonl([b'{"kind":"node","id":"hardware:a100","type":"Hardware","name":"A100"}']):
    ...     print(item.id, item.name)
    hardware:a100 A100
    """
    if not isinstance(source, (str, os.PathLike)):
        yield from _read_lines(source, "<stream>")
    elif os.fspath(source) == "-":
        yield from _read_lines(sys.stdin.buffer, "<stdin>")
    else:
        try:
            with Path(source).open("rb") as stream:
                yield from _read_lines(stream, os.fspath(source))
        except OSError as error:
            raise InputError(f"{os.fspath(source)}: cannot be read: {error.strerror or error}.") from None


def _read_lines(lines: Iterable[bytes], name: str) -> Iterator[Node | Edge]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(
                f"{name}, line {number}: is not JSON ({error}); export the graph again."
            ) from None
        try:
            yield _read_row(row)
        except (TypeError, ValueError) as error:
            raise InputError(f"{name}, line {number}: {error}.") from None


def _read_row(row: Any) -> Node | Edge:
    kind = row.get("kind") if isinstance(row, dict) else None
    if kind not in ("node", "edge"):
        raise ValueError('is not of the exchange form, whose lines are objects with "kind": "node" or "edge"')
    required = ("id", "type") if kind == "node" else ("source", "type", "target")
    for key in required:
        if not isinstance(row.get(key), str):
            raise ValueError(f"the {kind} has no {key}, which must be text")
    properties = {_unescaped(key): value for key, value in row.items() if key not in ("kind", *required)}
    if kind == "node":
        return Node(row["id"], row["type"], properties)
    if "evidence" in properties:
        properties["evidence"] = _read_evidence(properties["evidence"])
    return Edge(row["source"], row["type"], row["target"], properties)


def _read_evidence(items: object) -> list[str]:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("evidence must be a list of objects")
    read = []
    for item in items:
        try:
            evidence = Evidence(**item)
        except TypeError:
            wanted = ", ".join(Evidence.__dataclass_fields__)
            raise ValueError(f"an evidence must hold {wanted} and nothing else") from None
        read.append(evidence.dumps())
    return read


# --- node-link JSON ----------------------------------------------------------------------------------------


def _node_link(store: Store) -> Iterator[bytes]:
    yield b'{"directed":true,"multigraph":true,"graph":{"uri":' + _json(store.uri) + b'},"nodes":['
    for place, node in enumerate(_nodes(store)):
        row = {"id": node.id, "type": node.label, **node.properties}
        yield (b",\n" if place else b"\n") + _json(row)
    yield b'\n],"edges":['
    for place, edge in enumerate(_edges(store)):
        ends = {"source": edge.source, "target": edge.target, "key": edge.type, "type": edge.type}
        yield (b",\n" if place else b"\n") + _json(ends | dict(_with_objects(edge)))
    yield b"\n]}\n"


# --- XML ---------------------------------------------------------------------------------------------------

_GRAPHML_TYPES = {str: "string", int: "long", float: "double", bool: "boolean", list: "string"}
_GEXF_TYPES = {**_GRAPHML_TYPES, list: "string"}
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _graphml(store: Store) -> Iterator[bytes]:
    yield (_XML_HEAD + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n').encode()
    for item in ("node", "edge"):
        # Gephi shows what is called "label": a node's name, an edge's type.
        for key, kind in {"label": str, "type": str, **_COLUMNS[item]}.items():
            yield (
                f'<key id="{item[0]}_{key}" for="{item}" attr.name="{key}" '
                f'attr.type="{_GRAPHML_TYPES[kind]}"/>\n'
            ).encode()
    yield b'<graph edgedefault="directed">\n'
    for node in _nodes(store):
        data = _graphml_data("n", {"label": node.name, "type": node.label, **node.properties})
        yield f"<node id={_attribute(node.id)}>{data}</node>\n".encode()
    for number, edge in enumerate(_edges(store)):
        data = _graphml_data("e", {"label": edge.type, "type": edge.type, **_texts(edge)})
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f'<edge id="e{number}" {ends}>{data}</edge>\n'.encode()
    yield b"</graph>\n</graphml>\n"


def _graphml_data(item: str, values: Mapping[str, Any]) -> str:
    return "".join(f'<data key="{item}_{key}">{_content(value)}</data>' for key, value in values.items())


def _gexf(store: Store) -> Iterator[bytes]:
    yield (_XML_HEAD + '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n').encode()
    yield b'<graph defaultedgetype="directed" mode="static">\n'
    for item in ("node", "edge"):
        yield f'<attributes class="{item}">\n'.encode()
        for key, kind in {"type": str, **_COLUMNS[item]}.items():
            yield f'<attribute id="{key}" title="{key}" type="{_GEXF_TYPES[kind]}"/>\n'.encode()
        yield b"</attributes>\n"
    yield b"<nodes>\n"
    for node in _nodes(store):
        values = _gexf_values({"type": node.label, **node.properties})
        yield f"<node id={_attribute(node.id)} label={_attribute(node.name)}>{values}</node>\n".encode()
    yield b"</nodes>\n<edges>\n"
    for number, edge in enumerate(_edges(store)):
        values = _gexf_values({"type": edge.type, **_texts(edge)})
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f'<edge id="{number}" {ends} label="{edge.type}">{values}</edge>\n'.encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _gexf_values(values: Mapping[str, Any]) -> str:
    cells = (f'<attvalue for="{key}" value={_attribute(_scalar(value))}/>' for key, value in values.items())
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _texts(edge: Edge) -> Mapping[str, Any]:
    """Return the properties of an edge with its evidence as one JSON array."""
    evidence = edge.properties.get("evidence")
    return {**edge.properties, "evidence": f"[{','.join(evidence)}]"} if evidence else edge.properties


def _scalar(value: object) -> str:
    """Say a value in one text: true and false as XML and JSON say them, lists as JSON arrays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return _json(value).decode()
    return str(value)


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))


def _content(value: object) -> str:
    return escape(_NOT_XML.sub("", _scalar(value)), {"\r": "&#13;"})


# --- CSV ---------------------------------------------------------------------------------------------------


def _write_csv(store: Store, folder: Path) -> None:
    """Write both files: a new folder appears with both in it, an old one has them replaced one after the other."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file; the csv format needs a folder for nodes.csv and edges.csv.")
    new = not folder.exists()
    place = folder.with_name(f".{folder.name}.{os.getpid()}.tmp") if new else folder
    try:
        if new:
            place.mkdir()
        with _whole_file(place / "edges.csv") as edges, _whole_file(place / "nodes.csv") as nodes:
            _pour(_csv_lines(("id", "type"), "node", _node_rows(store)), nodes)
            _pour(_csv_lines(("source", "type", "target"), "edge", _edge_rows(store)), edges)
        if new:
            place.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}.") from None
    finally:
        if new:
            shutil.rmtree(place, ignore_errors=True)


def _node_rows(store: Store) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    return (((node.id, node.label), node.properties) for node in store.nodes())


def _edge_rows(store: Store) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    return (((edge.source, edge.type, edge.target), _texts(edge)) for edge in store.edges())


def _csv_lines(
    head: tuple[str, ...], item: str, rows: Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]
) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")  # RFC 4180; and makes a lone \r be quoted
    columns = tuple(_COLUMNS[item])
    for cells, properties in chain([(head, dict(zip(columns, columns, strict=True)))], rows):
        writer.writerow([*map(_cell, cells), *(_cell(properties.get(key)) for key in columns)])
        yield _sound(buffer.getvalue()).encode()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if _FORMULA.match(text) else text
    return "" if value is None else value if type(value) in (int, float) else _scalar(value)


# --- where it goes -----------------------------------------------------------------------------------------


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its place only when it is whole; devices and pipes are written directly."""
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise StoreError(f"{path} is a folder; name a file in it.")
            with path.open("wb") as stream:
                yield stream
            return
        part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with part.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from None


def _pour(chunks: Iterable[bytes], stream: IO[bytes] | IO[str]) -> None:
    """Write chunks to a stream of bytes, or of text where it has no bytes beneath."""
    beneath = getattr(stream, "buffer", None)
    if beneath is not None:
        stream.flush()
        stream = cast("IO[bytes]", beneath)
    if isinstance(stream, io.TextIOBase):
        for chunk in chunks:
            stream.write(chunk.decode())
    else:
        cast("IO[bytes]", stream).writelines(chunks)
    stream.flush()


_WRITERS: Mapping[str, Callable[[Store], Iterator[bytes]]] = {
    "jsonl": _jsonl,
    "json": _node_link,
    "graphml": _graphml,
    "gexf": _gexf,
}

FORMATS = (*_WRITERS, "csv")
"""The formats :func:`export` writes."""
