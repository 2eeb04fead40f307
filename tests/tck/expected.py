"""The values in the kit's tables: ``(:A {name: 'x'})``, ``[:T]``, ``<(a)-[:T]->(b)>``, ``[1, 2.0, null]`` …

A small grammar of its own, so that the engine's parser is not judged by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """A node as a table shows it."""

    labels: frozenset[str] = frozenset()
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Relationship:
    """A relationship as a table shows it."""

    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Path:
    """A path as a table shows it: a node, then relationship, whether it points forward, node, and so on."""

    start: Node
    hops: Sequence[tuple[Relationship, bool, Node]] = ()


class BadValueError(ValueError):
    """A cell that is no value."""


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<float>-?(?:\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|Inf(?:inity)?\b|NaN\b))
      | (?P<integer>-?\d+(?![\w.]))
      | (?P<string>'(?:[^'\\]|\\.)*')
      | (?P<name>[^\W\d]\w*|`[^`]+`)
      | (?P<mark><-|->|[()\[\]{}<>:,-])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"null": None, "true": True, "false": False}
_FLOATS = {"Inf": math.inf, "-Inf": -math.inf}


def parse(text: str) -> Any:
    """Return the value a cell stands for.

    Examples
    --------
    >>> parse("[1, 2.0, 'three', null, {four: true}]")
    [1, 2.0, 'three', None, {'four': True}]
    >>> parse("(:A:B {x: 1})").properties
    {'x': 1}
    """
    reader = _Reader(text)
    value = reader.value()
    if reader.kind:
        raise BadValueError(f"{reader.text!r} stands after the value in {text!r}")
    return value


class _Reader:
    """Recursive descent with one token of lookahead."""

    def __init__(self, source: str) -> None:
        self.source, self.offset = source, 0
        self.kind, self.text = "", ""
        self.advance()

    def advance(self) -> str:
        """Return the token at hand and go on to the next."""
        current = self.text
        if not self.source[self.offset :].strip():
            self.kind = self.text = ""
            return current
        match = _TOKEN.match(self.source, self.offset)
        if match is None:
            raise BadValueError(f"no value: {self.source!r} (from character {self.offset})")
        self.offset = match.end()
        self.kind = match.lastgroup or ""
        self.text = match[self.kind]
        return current

    def take(self, mark: str) -> bool:
        """Go past the mark if it is next."""
        if self.kind == "mark" and self.text == mark:
            self.advance()
            return True
        return False

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            raise BadValueError(f"{mark!r} is missing before {self.text!r} in {self.source!r}")

    def name(self) -> str:
        if self.kind not in ("name", "integer"):  # the kit has maps with numbers as keys
            raise BadValueError(f"a name is missing before {self.text!r} in {self.source!r}")
        return self.advance().strip("`")

    def value(self) -> Any:
        match self.kind, self.text:
            case "integer", text:
                self.advance()
                return int(text)
            case "float", text:
                self.advance()
                return _FLOATS.get(text) or float(text)
            case "string", text:
                self.advance()
                # What is left of a table's own escapes: \\ and \'.
                return re.sub(r"\\([\\'])", r"\1", text[1:-1])
            case "name", text if text in _WORDS:
                self.advance()
                return _WORDS[text]
            case "mark", "(":
                return self.node()
            case "mark", "<":
                return self.path()
            case "mark", "{":
                return self.map()
            case "mark", "[":
                return self.list_or_relationship()
        raise BadValueError(f"no value: {self.source!r} (at {self.text!r})")

    def list_or_relationship(self) -> Any:
        self.expect("[")
        if self.take(":"):
            return self.relationship_rest()
        items = []
        if not self.take("]"):
            items.append(self.value())
            while self.take(","):
                items.append(self.value())
            self.expect("]")
        return items

    def relationship_rest(self) -> Relationship:
        type_ = self.name()
        properties = self.map() if self.text == "{" else {}
        self.expect("]")
        return Relationship(type_, properties)

    def node(self) -> Node:
        self.expect("(")
        labels = set()
        while self.take(":"):
            labels.add(self.name())
        properties = self.map() if self.text == "{" else {}
        self.expect(")")
        return Node(frozenset(labels), properties)

    def map(self) -> dict[str, Any]:
        self.expect("{")
        items = {}
        if not self.take("}"):
            while True:
                key = self.name()
                self.expect(":")
                items[key] = self.value()
                if not self.take(","):
                    break
            self.expect("}")
        return items

    def path(self) -> Path:
        self.expect("<")
        start, hops = self.node(), []
        while not self.take(">"):
            backward = self.take("<-")
            if not backward:
                self.expect("-")
            self.expect("[")
            self.expect(":")
            relationship = self.relationship_rest()
            self.expect("-" if backward else "->")
            hops.append((relationship, not backward, self.node()))
        return Path(start, tuple(hops))
