"""Tables in the dialect of ``neo4j-admin database import``, and statements for what no table of it can hold.

Every text is quoted, with quotes doubled, so that an empty one is not taken for none; line breaks stay as they are.
The items of a list stand between separators. There is no way to write a separator within an item, an empty list, or a
list of nothing but an empty text: those are set by statements when the tables are in. So is whatever the schema does
not know.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from ..errors import StoreError
from .values import sound

SEPARATOR = "\x1f"
"""Between the items of a list: a control character made for it, which texts do not hold but for mischief."""

TYPES = {str: "string", int: "long", float: "double", bool: "boolean", list: "string[]"}

_ROWS = 500


class Table:
    """A file of nodes of one label, or of edges of one type.

    Parameters
    ----------
    ends
        The columns that are no properties.
    columns
        Properties and the kinds of their values.
    """

    def __init__(self, path: Path, ends: Iterable[str], columns: Mapping[str, type]) -> None:
        self.name = path.name
        self.multiline = False
        """Whether a value has a line break."""
        self.longest = 0
        """Bytes of the longest row."""
        self._columns = [(name, _CELLS[kind]) for name, kind in columns.items()]
        self._hash = blake2b(path.name.encode(), digest_size=16)
        self._stream: IO[bytes] = path.open("wb")
        self._write(",".join((*ends, *(f"{name}:{TYPES[kind]}" for name, kind in columns.items()))))

    def add(self, ends: Iterable[str], properties: Mapping[str, Any]) -> dict[str, Any]:
        """Write a row, and return the properties that it cannot hold."""
        row = [_text(end) or "" for end in ends]
        left: dict[str, Any] = {}
        held = 0
        for name, cell in self._columns:
            value = properties.get(name)
            if value is None:
                row.append("")
                continue
            written = cell(value)
            if written is None:
                left[name] = value
            else:
                held += 1
            row.append(written or "")
        if held != len(properties):
            known = {name for name, _ in self._columns}
            left |= {
                name: value for name, value in properties.items() if name not in known and value is not None
            }
        self._write(",".join(row))
        return left

    def close(self) -> str:
        """Have the file on the disk, and return a hash of it."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        return self._hash.hexdigest()

    def abandon(self) -> None:
        """Close the file as it is."""
        self._stream.close()

    def _write(self, row: str) -> None:
        if "\n" in row or "\r" in row:
            self.multiline = True
        try:
            line = f"{row}\n".encode()
        except UnicodeEncodeError:  # a lone surrogate
            line = f"{sound(row)}\n".encode()
        self.longest = max(self.longest, len(line))
        self._hash.update(line)
        self._stream.write(line)


def _text(value: object) -> str | None:
    return '"' + value.replace('"', '""') + '"' if type(value) is str else None


def _list(value: object) -> str | None:
    if not isinstance(value, (list, tuple)) or not all(type(item) is str for item in value):
        return None
    joined = SEPARATOR.join(value)
    return _text(joined) if joined and joined.count(SEPARATOR) == len(value) - 1 else None


def _whole(value: object) -> str | None:
    return str(_in_range(value)) if type(value) is int else None


def _real(value: object) -> str | None:
    return repr(value) if type(value) is float and math.isfinite(value) else _whole(value)


def _flag(value: object) -> str | None:
    return ("true" if value else "false") if type(value) is bool else None


_CELLS: Mapping[type, Callable[[object], str | None]] = {
    str: _text,
    int: _whole,
    float: _real,
    bool: _flag,
    list: _list,
}
"""How a value of a kind is written; None where it cannot be."""


def _in_range(number: int) -> int:
    if -(1 << 63) <= number < 1 << 63:
        return number
    raise StoreError(
        f"The graph holds the number {number}, and Neo4j holds 64 bits; correct what it was read from."
    )


# --- what no table can hold --------------------------------------------------------------------------------


class Afterwards:
    """Statements that set properties when the tables are in, each for many rows."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._waiting: dict[tuple[str, str], list[str]] = {}

    def node(self, label: str, node_id: str, properties: Mapping[str, Any]) -> None:
        """Set properties of a node; the label is as the database knows it."""
        where = f"MATCH (x:{quoted(label)} {{id: row.id}})"
        self._add(where, f"id: {literal(node_id)}", properties)

    def edge(
        self, labels: tuple[str, str], ends: tuple[str, str], kind: str, properties: Mapping[str, Any]
    ) -> None:
        """Set properties of an edge."""
        where = (
            f"MATCH (:{quoted(labels[0])} {{id: row.start}})-[x:{quoted(kind)}]->"
            f"(:{quoted(labels[1])} {{id: row.end}})"
        )
        self._add(where, f"start: {literal(ends[0])}, end: {literal(ends[1])}", properties)

    def close(self) -> None:
        """Write what is waiting."""
        for key in sorted(self._waiting):
            self._flush(key)

    def _add(self, where: str, ends: str, properties: Mapping[str, Any]) -> None:
        for name, value in properties.items():
            rows = self._waiting.setdefault((where, name), [])
            rows.append(f"{{{ends}, value: {literal(value)}}}")
            if len(rows) == _ROWS:
                self._flush((where, name))

    def _flush(self, key: tuple[str, str]) -> None:
        where, name = key
        rows = ",\n".join(self._waiting.pop(key))
        self._write(f"UNWIND [\n{rows}\n] AS row {where} SET x.{quoted(name)} = row.value")


_UNSAFE = re.compile(r"[^ -\[\]-~]|'")


def literal(value: object) -> str:
    """Return a value as Cypher writes it.

    A ``u`` after a backslash stands in a literal of its own: some parsers take both for an escape wherever they are.
    """
    if type(value) is str:
        text = sound(value).replace("\\", "\\\\")
        parts = re.split(r"(?<=\\)(?=u)", text)
        return " + ".join(f"'{_UNSAFE.sub(_escape, part)}'" for part in parts)
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(_in_range(value))
    if type(value) is float and math.isfinite(value):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    raise StoreError(
        f"The graph holds {value!r:.60}, which is no text, number, true or false, or list of them; take it out first."
    )


def _escape(found: re.Match[str]) -> str:
    if found[0] in "'\\":
        return found[0] if found[0] == "\\" else "\\'"
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))


def quoted(name: str) -> str:
    """Return a name of a label, type or property as Cypher writes it."""
    return f"`{name.replace('`', '``')}`"
