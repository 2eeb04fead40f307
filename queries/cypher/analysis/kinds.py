"""What is known about a value before the query runs: its kind, as far as the text tells.

`ANY` is what nothing is known about (a property, a parameter); a check fails only where a kind is certain to be
wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; lists know the kind of their items."""

    name: str
    item: Kind | None = None

    def __str__(self) -> str:
        article = "an" if self.name[0] in "aeiou" else "a"
        if self.item is not None and self.item.name not in ("any", "null"):
            return f"a list of {_PLURALS.get(self.item.name, self.item.name + ' values')}"
        return self.name if self.name == "null" else f"{article} {self.name}"


_PLURALS = {"node": "nodes", "relationship": "relationships", "path": "paths", "list": "lists", "map": "maps"}

ANY = Kind("any")
NULL = Kind("null")
BOOLEAN = Kind("boolean")
INTEGER = Kind("integer")
FLOAT = Kind("float")
NUMBER = Kind("number")
STRING = Kind("string")
MAP = Kind("map")
NODE = Kind("node")
RELATIONSHIP = Kind("relationship")
PATH = Kind("path")
LIST = Kind("list", ANY)

_NUMBERS = frozenset(("integer", "float", "number"))
_UNKNOWN = frozenset(("any", "null"))


def list_of(item: Kind) -> Kind:
    """Return the kind of lists with such items."""
    return Kind("list", item)


def joined(kinds: Iterable[Kind]) -> Kind:
    """Return the kind of a value that is of one of ``kinds``; null is of every kind."""
    found = NULL
    for kind in kinds:
        if kind == found or kind is NULL:
            continue
        if found is NULL:
            found = kind
        elif kind.name in _NUMBERS and found.name in _NUMBERS:
            found = NUMBER
        elif kind.item is not None and found.item is not None:
            found = list_of(joined((kind.item, found.item)))
        else:
            return ANY
    return found


def may_be(kind: Kind, *names: str) -> bool:
    """Whether a value of ``kind`` may be of one of the kinds named; ``number`` names all numbers."""
    if kind.name in _UNKNOWN or kind.name in names:
        return True
    return kind.name in _NUMBERS and (
        "number" in names or (kind is NUMBER and not _NUMBERS.isdisjoint(names))
    )


def item_of(kind: Kind) -> Kind:
    """Return the kind of the items of a list, and of what UNWIND and comprehensions step through."""
    if kind.item is None or kind.item is NULL:
        return ANY
    return kind.item
