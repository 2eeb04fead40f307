"""What web services answer, and what tools make of it: a record, a list, a page around a list, one of these a line.

:func:`pages` gives every record with what the page around it says; a :class:`Wrapper` tells where a service keeps its
records. :func:`peek` shows the beginning of the first record, for loaders to tell formats apart by their fields and
not by words that happen to stand in a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import orjson

from ..document import MAX_LINE
from ..refusal import Refusal, quoted
from .fields import FieldError
from .json_records import JSON_LINES, entries, lines, parsed

if TYPE_CHECKING:
    from ..document import Document

T = TypeVar("T")

_SHOWN = 200
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s\[\]{},:"]++|"', re.DOTALL)
_BEGINS = re.compile(rb"^[ \t]*+([\[{])", re.MULTILINE)
_LISTS = (b"results", b"data", b"items", b"papers", b"recommendedPapers", b"records")
_TRIES = 5
_FEW = 6
"""Fields an error message has at most."""

_NEAR = 1 << 20
"""Bytes within which the list of a page begins."""


class Record(NamedTuple):
    """A record, its line or its number in the list, and the other fields of the page around the list."""

    number: int
    value: Any
    around: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wrapper:
    """Where a service keeps the records of a page.

    Attributes
    ----------
    service
        Its name, for messages.
    lists
        The names a list of records may have.
    inside
        The name of an object that holds the list, or is the record if there is none.
    """

    service: str
    lists: tuple[str, ...]
    inside: str | None = None


class NoPaperError(FieldError):
    """A record is none of a paper; it tells what to do about that."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


def made(
    document: Document, wrapper: Wrapper, make: Callable[[dict[str, Any], Record], Iterable[T]]
) -> Iterator[T | Refusal]:
    """Iterate over what is made of each record, and over why of some nothing is."""
    for item in pages(document, wrapper):
        if isinstance(item, Refusal):
            yield item
            continue
        value = item.value
        try:
            if not isinstance(value, dict) or "error" in value or "message" in value:
                value = _object(value, wrapper.service)
            yield from make(value, item)
        except NoPaperError as error:
            yield document.refuse(item.number, str(error), error.remedy)
        except FieldError as error:
            yield document.refuse(item.number, str(error), "mend or remove the record")


def _object(value: Any, service: str) -> dict[str, Any]:
    if value is None:
        raise NoPaperError(
            f"the entry is null, for {service} did not find what was asked for", "check its identifier"
        )
    if not isinstance(value, dict):
        raise FieldError("the entry is not an object")
    if said := complaint(value):
        raise NoPaperError(f"{service} answered with an error, {said}", "ask again for what is there")
    return value


def pages(document: Document, wrapper: Wrapper) -> Iterator[Record | Refusal]:
    """Iterate over the records of a document in whichever of these forms it is.

    A page that is too large to be parsed as a whole is cut into its records; one that is cut off, or damaged in one
    record, still gives those that are whole.
    """
    if document.name.suffix not in JSON_LINES:
        with document.open() as stream:
            text = stream.read(MAX_LINE + 1)
        whole = len(text) <= MAX_LINE
        try:
            page = orjson.loads(text if whole else b"")
        except orjson.JSONDecodeError:
            pass  # several values, or a broken one
        else:
            yield from _unwrapped(page, wrapper, None)
            return
        first, newline, rest = text.lstrip().partition(b"\n")
        several = bool(newline) and rest.lstrip()[:1] in (b"{", b"[") and _is_json(first)
        place = None if several else _place(text, wrapper)
        if place:
            for item in entries(document, place.offset, place.depth):
                yield item if isinstance(item, Refusal) else Record(*item, place.around)
            return
        if whole and first.startswith(b"{") and not several and not rest.lstrip().startswith(b"{"):
            item = parsed(document, 1, text, "file")
            if isinstance(item, Refusal):
                yield item
            return
    around = frozenset((*wrapper.lists, wrapper.inside))
    for item in lines(document):
        if isinstance(item, Refusal):
            yield item
            continue
        number, value = item
        if isinstance(value, dict) and around.isdisjoint(value):  # a record, as nearly every line is
            yield Record(number, value, value)
        else:
            yield from _unwrapped(value, wrapper, number)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _unwrapped(page: Any, wrapper: Wrapper, line: int | None) -> Iterator[Record]:
    """Iterate over the records of a page; a line number counts for all of them."""
    around: Mapping[str, Any] = {}
    if isinstance(page, dict):
        around = page
        inner = page.get(wrapper.inside) if wrapper.inside else None
        if isinstance(inner, dict):
            around, page = page | inner, inner
        page = next((page[name] for name in wrapper.lists if isinstance(page.get(name), list)), page)
    if isinstance(page, list):
        for number, value in enumerate(page, 1):
            yield Record(line or number, value, around)
    else:
        yield Record(line or 1, page, around)


# --- the beginning of a page -------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where a list begins, in how many objects, and what these say before it."""

    offset: int
    depth: int
    around: dict[str, Any]


def _place(text: bytes, wrapper: Wrapper) -> _Place | None:
    """Find the list of records in the beginning of a page."""
    text = text[:_NEAR]
    found = re.match(rb"\s*([\[{])", text)
    if not found:
        return None
    if found[1] == b"[":
        return _Place(found.end(), 0, {})
    names = {name.encode() for name in wrapper.lists}
    inside = (wrapper.inside or "").encode()
    around: dict[str, Any] = {}
    at, depth = found.start(1), 1
    while True:
        for name, start, end in _members(text, at):
            opens = text[start : start + 1]
            if name in names and opens == b"[":
                return _Place(start + 1, depth, around)
            if name == inside and opens == b"{":
                at, depth, inside = start, depth + 1, b""
                break
            if end - start <= _SHOWN and _is_json(text[start:end]):
                around[name.decode(errors="replace")] = orjson.loads(text[start:end])
        else:
            return None


def _members(text: bytes, at: int) -> Iterator[tuple[bytes, int, int]]:
    """Iterate over the members of an object that begins at an offset: name, start and end of the value.

    Where the text ends first, so does the last value.
    """
    name = b""
    start = -1
    depth = 0
    for token in _TOKEN.finditer(text, at):
        sign = token[0]
        if sign == b'"':  # a string that is cut off
            break
        if depth == 1 and sign in b",}":
            if start >= 0:
                yield name, start, token.start()
            if sign == b"}":
                return
            name, start = b"", -1
        elif depth == 1 and sign == b":" and name and start < 0:
            start = token.end()
        elif sign in b"[{":
            if depth == 1 and start >= 0 and text[start : token.start()].isspace():
                start = token.start()
            depth += 1
        elif sign in b"]}":
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and start < 0 and sign.startswith(b'"'):
            name = sign[1:-1]
        elif depth == 1 and start >= 0 and text[start : token.start()].isspace():
            start = token.start()
    if start >= 0:
        yield name, start, len(text)


class Peek(NamedTuple):
    """The fields of the first record and of what is around it, with the beginnings of their values as JSON."""

    around: Mapping[str, bytes]
    record: Mapping[str, bytes]


_NOTHING = Peek({}, {})


@lru_cache(maxsize=4)
def peek(head: bytes) -> Peek:
    """Return how the first record begins that can be told; nothing of what is not JSON.

    Examples
    --------
    >>> peek(b'{"meta": {"count": 2}, "results": [{"id": "W1", "title": "One", "autho').record
    {'id': b'"W1"', 'title': b'"One"'}
    """
    text = head.lstrip()
    if text[:1] not in (b"[", b"{"):
        return _NOTHING
    for number, found in enumerate(_BEGINS.finditer(text)):
        seen = _peek_at(text, found.start(1))
        if seen.record or seen.around or number >= _TRIES:
            return seen
    return _NOTHING


def _peek_at(text: bytes, at: int) -> Peek:
    if text[at : at + 1] == b"[":
        return Peek({}, _shown(text, _first_object(text, at)))
    spans = {name: (start, end) for name, start, end in _members(text, at)}
    around = _shown(text, at)
    if b"message" in spans and text[spans[b"message"][0]] == ord("{"):
        inner = _peek_at(text, spans[b"message"][0])
        return Peek({**around, **inner.around}, inner.record)
    for name in _LISTS:
        if name in spans and text[spans[name][0] : spans[name][0] + 1] == b"[":
            return Peek(around, _shown(text, _first_object(text, spans[name][0], spans[name][1])))
    return Peek({}, around)


def _first_object(text: bytes, at: int, end: int | None = None) -> int | None:
    """Return where the first object of a list begins."""
    depth = 0
    for token in _TOKEN.finditer(text, at, len(text) if end is None else end):
        sign = token[0]
        if sign == b"{" and depth == 1:
            return token.start()
        depth += (sign in b"[{") - (sign in b"]}")
        if depth <= 0:
            return None
    return None


def _shown(text: bytes, at: int | None) -> dict[str, bytes]:
    if at is None:
        return {}
    return {
        name.decode(errors="replace"): text[start : min(end, start + _SHOWN)].strip()
        for name, start, end in _members(text, at)
    }


# --- what services say when they have no record ------------------------------------------------------------


def complaint(value: Any) -> str | None:
    """Return what a service says in place of a record, if that is what it is.

    Examples
    --------
    >>> complaint({"error": "Paper not found"}), complaint({"title": "One", "error": None})
    ('“Paper not found”', None)
    >>> complaint({"status": "failed", "message-type": "route-not-found", "message": [{"message": "No such route"}]})
    '“No such route”'
    """
    if not isinstance(value, dict) or len(value) > _FEW or not _ERROR_KEYS.issuperset(value):
        return None
    said = [value.get(name) for name in ("error", "message")]
    said += [
        entry.get("message")
        for entry in (said[1] if isinstance(said[1], list) else [])
        if isinstance(entry, dict)
    ]
    words = [text for text in said if isinstance(text, str) and text.strip()]
    return " ".join(quoted(text, 160) for text in dict.fromkeys(words)) or None


_ERROR_KEYS = frozenset(
    (
        "error",
        "message",
        "code",
        "status",
        "statusCode",
        "message-type",
        "message-version",
        "detail",
        "retryAfter",
    )
)
