"""Types by name: ``value IS :: LIST<INTEGER NOT NULL>`` and what ``valueType()`` says of a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .errors import CypherRuntimeError
from .kinds import TEMPORAL, Kind, kind_of, type_name

Test = Callable[[Any], bool]

DEEPEST = 100
"""How deep LIST<…> may nest in a type's name, and a value for its type to be told."""

_ALL = frozenset(Kind)
_PROPERTY = frozenset({Kind.STRING, Kind.BOOLEAN, Kind.INTEGER, Kind.FLOAT, *TEMPORAL})
_TYPES: dict[str, frozenset[Kind]] = {
    "NOTHING": frozenset(),
    "NULL": frozenset(),
    "BOOLEAN": frozenset({Kind.BOOLEAN}),
    "BOOL": frozenset({Kind.BOOLEAN}),
    "STRING": frozenset({Kind.STRING}),
    "VARCHAR": frozenset({Kind.STRING}),
    "INTEGER": frozenset({Kind.INTEGER}),
    "INT": frozenset({Kind.INTEGER}),
    "SIGNED INTEGER": frozenset({Kind.INTEGER}),
    "FLOAT": frozenset({Kind.FLOAT}),
    "NUMBER": frozenset({Kind.INTEGER, Kind.FLOAT}),
    "DATE": frozenset({Kind.DATE}),
    "LOCAL TIME": frozenset({Kind.LOCAL_TIME}),
    "TIME WITHOUT TIMEZONE": frozenset({Kind.LOCAL_TIME}),
    "TIME WITHOUT TIME ZONE": frozenset({Kind.LOCAL_TIME}),
    "ZONED TIME": frozenset({Kind.TIME}),
    "TIME WITH TIMEZONE": frozenset({Kind.TIME}),
    "TIME WITH TIME ZONE": frozenset({Kind.TIME}),
    "LOCAL DATETIME": frozenset({Kind.LOCAL_DATETIME}),
    "TIMESTAMP WITHOUT TIMEZONE": frozenset({Kind.LOCAL_DATETIME}),
    "TIMESTAMP WITHOUT TIME ZONE": frozenset({Kind.LOCAL_DATETIME}),
    "ZONED DATETIME": frozenset({Kind.DATETIME}),
    "TIMESTAMP WITH TIMEZONE": frozenset({Kind.DATETIME}),
    "TIMESTAMP WITH TIME ZONE": frozenset({Kind.DATETIME}),
    "DURATION": frozenset({Kind.DURATION}),
    "NODE": frozenset({Kind.NODE}),
    "ANY NODE": frozenset({Kind.NODE}),
    "VERTEX": frozenset({Kind.NODE}),
    "ANY VERTEX": frozenset({Kind.NODE}),
    "RELATIONSHIP": frozenset({Kind.RELATIONSHIP}),
    "ANY RELATIONSHIP": frozenset({Kind.RELATIONSHIP}),
    "EDGE": frozenset({Kind.RELATIONSHIP}),
    "ANY EDGE": frozenset({Kind.RELATIONSHIP}),
    "MAP": frozenset({Kind.MAP}),
    "ANY MAP": frozenset({Kind.MAP}),
    "PATH": frozenset({Kind.PATH}),
    "ANY": _ALL,
    "ANY VALUE": _ALL,
    "PROPERTY VALUE": _PROPERTY,
    "ANY PROPERTY VALUE": _PROPERTY,
}
_TOKEN = re.compile(r"[A-Z]+|[<>|!]")


def is_type(value: Any, name: str) -> bool:
    """Tell whether a value is of a type, given by name: ``value IS :: name``; null is of every nullable type."""
    return _test(name)(value)


@lru_cache(maxsize=256)
def _test(name: str) -> Test:
    tokens = _TOKEN.findall(name.upper())
    test, rest = _union(tokens, 0, 0, name)
    if rest != len(tokens) or not tokens:
        raise _no_such_type(name)
    return test


def _union(tokens: list[str], place: int, depth: int, name: str) -> tuple[Test, int]:
    if depth > DEEPEST:
        raise CypherRuntimeError(
            f"The type nests deeper than {DEEPEST}.", kind="SyntaxError", detail="InvalidType"
        )
    tests = []
    while True:
        test, place = _one(tokens, place, depth, name)
        tests.append(test)
        if place >= len(tokens) or tokens[place] != "|":
            break
        place += 1
    if len(tests) == 1:
        return tests[0], place
    return (lambda value: any(test(value) for test in tests)), place


def _one(tokens: list[str], place: int, depth: int, name: str) -> tuple[Test, int]:
    end = place
    while end < len(tokens) and tokens[end].isalpha() and tokens[end : end + 2] != ["NOT", "NULL"]:
        end += 1
    words = tokens[place:end]
    opened = end < len(tokens) and tokens[end] == "<"
    lists = 0
    while len(words) > 1 and words[-1] in {"LIST", "ARRAY"}:  # INTEGER LIST is LIST<INTEGER>
        words, lists = words[:-1], lists + 1
    written = " ".join(words)
    test: Test
    if opened and not lists and written in {"LIST", "ARRAY", "ANY", "ANY VALUE"}:
        inner, end = _union(tokens, end + 1, depth + 1, name)
        if end >= len(tokens) or tokens[end] != ">":
            raise _no_such_type(name)
        test, end = inner if written.startswith("ANY") else _list_of(inner), end + 1
    elif written in {"LIST", "ARRAY"} and not opened:
        test = _list_of(_kind_test(_ALL))
    elif written in _TYPES and not opened:
        test = _kind_test(_TYPES[written])
    else:
        raise _no_such_type(name)
    if tokens[end : end + 1] == ["!"] or tokens[end : end + 2] == ["NOT", "NULL"]:
        test, end = _known(test), end + (1 if tokens[end] == "!" else 2)
    for _ in range(min(lists, DEEPEST)):
        test = _list_of(test)
    while tokens[end : end + 1] in (["LIST"], ["ARRAY"]):  # INTEGER NOT NULL LIST
        test, end = _list_of(test), end + 1
    if written == "NOTHING":
        test = _known(test)
    return test, end


def _kind_test(kinds: frozenset[Kind]) -> Test:
    return lambda value: value is None or kind_of(value) in kinds


def _known(test: Test) -> Test:
    return lambda value: value is not None and test(value)


def _list_of(test: Test) -> Test:
    return lambda value: value is None or (kind_of(value) is Kind.LIST and all(map(test, value)))


def _no_such_type(name: str) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"There is no type {name:.80}; types are written like INTEGER, STRING NOT NULL or LIST<FLOAT>.",
        kind="SyntaxError",
        detail="InvalidType",
    )


_ORDER = [
    *("BOOLEAN", "STRING", "INTEGER", "FLOAT", "DATE", "LOCAL TIME", "ZONED TIME", "LOCAL DATETIME"),
    *("ZONED DATETIME", "DURATION", "NODE", "RELATIONSHIP", "MAP", "LIST", "PATH", "ANY"),
]


def value_type(value: Any) -> str:
    """Return the most exact name of a value's type, such as ``LIST<INTEGER NOT NULL> NOT NULL``."""
    return "NULL" if value is None else _inner_type(value, 0) + " NOT NULL"


def _inner_type(value: Any, depth: int) -> str:
    if kind_of(value) is not Kind.LIST:
        return type_name(value)
    if not value:
        return "LIST<NOTHING>"
    if depth >= DEEPEST:
        return "LIST<ANY>"
    names = {_inner_type(item, depth + 1) for item in value if item is not None}
    if not names:
        return "LIST<NULL>"
    known = "" if any(item is None for item in value) else " NOT NULL"
    inner = sorted(names, key=lambda name: (_ORDER.index(name.partition("<")[0]), name))
    return f"LIST<{' | '.join(name + known for name in inner)}>"
