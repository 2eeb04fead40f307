"""The exchange form: one object a line, nodes first, which can be read back."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from ..errors import InputError
from ..records import Edge, Evidence, Node
from ..store import Store
from .values import edges, nodes, to_json, with_objects

_RESERVED = re.compile(r"(?:kind|id|type|source|target)_*")


def write(store: Store) -> Iterator[bytes]:
    """Yield the lines."""
    for node in nodes(store):
        head = {"kind": "node", "id": node.id, "type": node.label}
        yield to_json(head | {_escaped(key): value for key, value in node.properties.items()}) + b"\n"
    for edge in edges(store):
        head = {"kind": "edge", "type": edge.type, "source": edge.source, "target": edge.target}
        yield to_json(head | {_escaped(key): value for key, value in with_objects(edge).items()}) + b"\n"


def _escaped(key: str) -> str:
    """Name a property beside the keys of the exchange form: a Hardware's ``kind`` is written as ``kind_``."""
    return f"{key}_" if _RESERVED.fullmatch(key) else key


def _unescaped(key: str) -> str:
    return key[:-1] if key.endswith("_") and _RESERVED.fullmatch(key) else key


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
