"""The records of a JSON document, one by one: JSON Lines, a list, or a list within an object.

Lists are cut into their entries without being parsed as a whole, so that memory holds one entry and a list that
is cut off still gives those that are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from ..document import ICONV, MAX_LINE, Document, not_utf8
from ..refusal import Refusal

JSON_LINES = (".jsonl", ".ndjson", ".jl")
_CHUNK = 1 << 16
_LARGE_CHUNK = 1 << 18
_WHOLE = MAX_LINE
_FIRST_FIELD = re.compile(rb'\s*(\{\s*"[^"\\]{1,60}"\s*:)')
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},"]', re.DOTALL)
_LIST = re.compile(
    rb"""\s* (?: \{ (?: \s* "[^"]{0,60}" \s* : \s* (?: "[^"]{0,200}" | [\w.+-]+ | \{ [^{}]* \} ) \s* , )*+
         \s* "(?: data | papers | results | items | records )" \s* : )? \s* \[""",
    re.VERBOSE,
)
"""How a list of records begins, also one that an object with little else is wrapped around."""


def records(document: Document) -> Iterator[tuple[int, Any] | Refusal]:
    """Iterate over the numbered JSON values of a document that are records, or should be.

    The number is that of the line, or of the entry in a list.
    """
    head = document.head
    listed = _LIST.match(head)
    if listed and document.name.suffix not in JSON_LINES:
        yield from entries(document, listed.end(), int(listed[0].lstrip().startswith(b"{")))
    elif _is_one_object(head):
        with document.open() as stream:
            text = stream.read(MAX_LINE + 1)
        if len(text) > MAX_LINE:
            reason = f"this is one JSON object of more than {MAX_LINE >> 20} MB"
            yield document.refuse(None, reason, "make it JSON Lines, one record a line")
        else:
            yield parsed(document, 1, text, "file")
    else:
        yield from lines(document)


def _is_one_object(head: bytes) -> bool:
    """Tell one object spread over lines from JSON Lines, of which the first may be broken."""
    first, newline, rest = head.strip().partition(b"\n")
    begun = first.startswith(b"{") and not first.rstrip().endswith(b"}")
    return begun and bool(newline) and not rest.lstrip().startswith(b"{")


def lines(document: Document) -> Iterator[tuple[int, Any] | Refusal]:
    """Iterate over the values of JSON Lines."""
    for item in document.lines():
        if isinstance(item, Refusal):
            yield item
        elif item[1].strip():
            yield parsed(document, *item, "line")


def parsed(document: Document, number: int, text: bytes, what: str) -> tuple[int, Any] | Refusal:
    """Return a numbered value, or why it is none; ``what`` is a line, an entry or a file."""
    try:
        return number, orjson.loads(text)
    except orjson.JSONDecodeError as error:
        remedy = f"mend or remove the {what}"
        if b"\0" in text:
            return document.refuse(number, f"the {what} holds NUL bytes", remedy)
        try:
            text.decode()
        except UnicodeDecodeError as undecodable:
            return document.refuse(number, not_utf8(undecodable), ICONV)
        return document.refuse(number, _fault(error, what), remedy)


def _fault(error: orjson.JSONDecodeError, what: str) -> str:
    if error.msg.startswith("unexpected end"):
        return f"the {what} is cut off within a record"
    return f"the {what} is not JSON ({error.msg} in column {error.pos + 1})"


def entries(
    document: Document, offset: int, within: int | None = None
) -> Iterator[tuple[int, Any] | Refusal]:
    """Iterate over the entries of a list that begins at an offset, within so many objects.

    What follows the list in these objects is not looked at; what follows them is refused, if their number is given.
    """
    if offset == 1 and (document.packed or document.path.stat().st_size <= _WHOLE):
        with document.open() as stream:
            text = stream.read(_WHOLE + 1)
        try:
            whole = orjson.loads(text if len(text) <= _WHOLE else b"")
        except orjson.JSONDecodeError:
            pass  # what is whole in it is still to be had
        else:
            yield from enumerate(whole, 1)
            return
    number = 0
    with document.open() as stream:
        stream.read(offset)
        pending = stream.read(_CHUNK)
        start = position = depth = 0
        between: bytes | None = None
        while True:
            between = between or _between(pending)
            together, following = _together(pending, between) if between else ([], 0)
            for value in together:
                number += 1
                yield number, value
            if following:
                start = position = following
                depth = 0
            for token in _TOKEN.finditer(pending, position):
                sign = token[0]
                position = token.end()
                if sign == b'"':  # a string that goes on in the next chunk
                    position = token.start()
                    break
                if sign in b"[{":
                    depth += 1
                elif sign in b"]}" and depth:
                    depth -= 1
                elif sign in b",]}" and not depth:
                    entry = pending[start : token.start()].strip()
                    start = position
                    if entry or sign == b",":
                        number += 1
                        yield parsed(document, number, entry, "entry")
                    if sign != b",":
                        if within is not None and _goes_on(stream, pending[position:], within):
                            page = "page" if within else "list"
                            reason = f"something follows the {page}, which was left"
                            remedy = "give what follows as a file of its own"
                            if within:
                                remedy = "put one page a line into a file whose name ends in .jsonl"
                            yield document.refuse(number + 1, reason, remedy)
                        return
            else:
                position = len(pending)
            pending, start, position = pending[start:], 0, position - start
            if len(pending) > MAX_LINE:
                reason = f"the entry is longer than {MAX_LINE >> 20} MB, so the rest was left"
                yield document.refuse(number + 1, reason, "check the file")
                return
            chunk = stream.read(max(_CHUNK if between is None else _LARGE_CHUNK, len(pending)))
            if not chunk:
                last = parsed(document, number + 1, pending, "entry")
                if not isinstance(last, Refusal):
                    number += 1
                    yield last
                reason = "the list is cut off" + (f" after {number} entries" if number else "")
                yield document.refuse(number + 1, reason, "get the file again")
                return
            pending += chunk


def _between(pending: bytes) -> bytes | None:
    """Return what seems to stand between two entries: all up to the name of the next one's first field.

    That is rare within an entry, and where it does stand there, the pieces cut at it are no JSON.
    """
    first = _FIRST_FIELD.match(pending)
    if not first:
        return None
    following = re.compile(rb"\}\s*,\s*" + re.escape(first[1])).search(pending, first.end())
    return following[0] if following else None


def _together(pending: bytes, between: bytes) -> tuple[list[Any], int]:
    """Parse the entries at the beginning of some bytes all at once, which takes a tenth of the time of one by one.

    Returns
    -------
    tuple
        The entries, and where the next one begins. None where the bytes cannot be cut at what stands ``between``
        the last two, or one of the entries is broken: they are then to be parsed one by one.
    """
    last = pending.rfind(between)
    if last >= 0:
        try:
            return orjson.loads(b"[" + pending[: last + 1] + b"]"), pending.index(b",", last) + 1
        except orjson.JSONDecodeError:
            pass
    return [], 0


def _goes_on(stream: BinaryIO, pending: bytes, depth: int) -> bool:
    """Tell whether anything but blanks comes after so many objects are closed."""
    while len(pending) <= MAX_LINE:
        position = 0
        while depth and (token := _TOKEN.search(pending, position)) and token[0] != b'"':
            position = token.end()
            depth += (token[0] in b"[{") - (token[0] in b"]}")
        rest = pending[position:].lstrip() if not depth else pending[position:]
        if rest and not depth:
            return True
        chunk = stream.read(max(_CHUNK, len(rest)))
        if not chunk:
            break
        pending = rest + chunk
    return False
