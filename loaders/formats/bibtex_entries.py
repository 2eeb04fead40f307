"""The entries of a BibTeX file, one by one: macros put in, cross-references followed, the broken ones named.

bibtexparser parses; it wants a whole file as one string, and so is given one piece of it after the other. A piece
ends before a line that begins with ``@word{``, where bibtexparser itself takes up again after whatever was broken,
so that pieces give exactly the entries the whole would give.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..document import MAX_LINE
from ..reading.dates import MONTHS
from ..reading.fields import MAX_ABSTRACT, MAX_TITLE, FieldError
from ..reading.pieces import decoded, pieces
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

_CUT = re.compile(rb"\n(?=[ \t]*+@\w*+[ \t]*+(?:\n[ \t]*+)?[{(])")
_COMMENTED_OUT = re.compile(r"^([ \t]*%.*?)@(?=[^\n]*$)", re.MULTILINE)
_BRACE_ON_NEXT_LINE = re.compile(r"^([ \t]*+@\w++)[ \t]*+(\n[ \t]*+)([{(])", re.MULTILINE)
_NO_KEY = re.compile(r"^([ \t]*+@(?!string\b)\w++[ \t]*+[{(])(?=\s*+\w++\s*+=)", re.MULTILINE | re.IGNORECASE)
"""EndNote gives its entries none."""

_ENTRY_WITHOUT_BRACE = re.compile(
    r"^[ \t]*@(?!comment|jabref)([a-z][\w.+-]*)(.*)$", re.MULTILINE | re.IGNORECASE
)
_ENCODING = re.compile(
    rb"^%+\s*(?:This file was created with JabRef[^\n]*\n%\s*)?Encoding:\s*([\w-]+)", re.I | re.M
)
_REFERENCES = re.compile(rb'\b(?:crossref|xdata)\s*=\s*[{"]([^}"]{0,2000})', re.IGNORECASE)
_KEY = re.compile(rb"@\w+\s*[{(]\s*([^\s,]+)")
_STRING = re.compile(rb"@string\b", re.IGNORECASE)
_DEPTH = 20
"""Cross-references that are followed one after another; nothing real has three."""

_NOT_AN_ENTRY = ("xdata", "set", "control", "ieeetranbstctl", "nameonly")
"""Types that hold something for other entries or for the style, and no work."""

_INHERITED = (
    "year",
    "date",
    "month",
    "journal",
    "journaltitle",
    "booktitle",
    "series",
    "publisher",
    "eventtitle",
)
"""What a work takes from the volume it is in; the volume's identifiers, authors and abstract are not its own."""


@dataclass(slots=True)
class Entry:
    """One entry: ``fields`` by lower-case name, macros and concatenations resolved, LaTeX and case as written."""

    line: int
    type: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)


def entries(document: Document, wanted: frozenset[str]) -> Iterator[Entry | Refusal]:
    """Iterate over the entries of a document in their order, and over what is broken in it.

    Fields that are not ``wanted`` may be left out.
    """
    yield from _Reader(document, wanted | {"crossref", "xdata"}).entries()


class _Reader:
    def __init__(self, document: Document, wanted: frozenset[str]) -> None:
        self._document = document
        self._wanted = wanted
        self._macros: dict[str, str] = {}
        self._size = 0
        self._parents: dict[str, Entry] = {}
        self._complete: set[str] = set()

    def entries(self) -> Iterator[Entry | Refusal]:
        wanted = self._survey()
        if wanted:
            self._gather(wanted)
        for item in self._read(None):
            if isinstance(item, Refusal):
                yield item
            elif item.type not in _NOT_AN_ENTRY:
                self._inherit(item)
                yield item

    def _survey(self) -> set[str]:
        """Note macros, which may be defined after their use; return the keys that are referred to."""
        wanted: set[str] = set()
        for piece in pieces(self._document, _CUT):
            if not isinstance(piece, Refusal):
                for keys in _REFERENCES.findall(piece[1]):
                    wanted.update(key.strip().lower() for key in keys.decode(errors="replace").split(","))
                if _STRING.search(piece[1]):
                    for _ in self._parsed(*piece):  # what is broken is named when the entries are read
                        pass
        return wanted

    def _gather(self, wanted: set[str]) -> None:
        """Keep the entries that are referred to."""
        for item in self._read(wanted):
            if isinstance(item, Entry) and item.key.lower() in wanted:
                self._parents.setdefault(item.key.lower(), item)

    def _read(self, wanted: set[str] | None) -> Iterator[Entry | Refusal]:
        for piece in pieces(self._document, _CUT):
            if isinstance(piece, Refusal):
                yield piece
                continue
            if wanted is not None:
                keys = (key.decode(errors="replace").lower() for key in _KEY.findall(piece[1]))
                if wanted.isdisjoint(keys):
                    continue
            yield from self._parsed(*piece)

    @cached_property
    def _declared(self) -> str | None:
        """The encoding that JabRef writes into the file, if it is one that can be used."""
        import codecs

        if named := _ENCODING.search(self._document.head[:4096]):
            try:
                found = codecs.lookup(named[1].decode()).name
                return found if found not in ("utf-8", "ascii") else None
            except (LookupError, UnicodeDecodeError):
                pass
        return None

    # --- what bibtexparser makes of them -------------------------------------------------------------------

    def _parsed(self, line: int, piece: bytes) -> Iterator[Entry | Refusal]:
        for item in decoded(self._document, line, piece, _CUT, self._declared):
            if isinstance(item, Refusal):
                yield item
            else:
                yield from self._blocks(*item)

    def _blocks(self, line: int, text: str) -> Iterator[Entry | Refusal]:
        from bibtexparser import model
        from bibtexparser.splitter import Splitter

        logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # it talks of what we refuse
        if "%" in text:
            text = _COMMENTED_OUT.sub(r"\1 ", text)
        text = _NO_KEY.sub(r"\1,", _BRACE_ON_NEXT_LINE.sub(r"\1\3\2", text))
        for block in Splitter(text).split().blocks:
            at = line + (block.start_line or 0)
            if isinstance(block, (model.DuplicateBlockKeyBlock, model.DuplicateFieldKeyBlock)):
                block = block.ignore_error_block or block  # noqa: PLW2901
            if isinstance(block, model.Entry):
                try:
                    yield self._entry(at, block)
                except FieldError as error:
                    yield self._refuse(at, block.raw, str(error))
            elif isinstance(block, model.String):
                try:
                    self._define(block.key.lower(), _value(block.value, self._macros, block.key))
                except FieldError as error:
                    yield self._refuse(at, block.raw, str(error))
            elif isinstance(block, model.ParsingFailedBlock):
                yield self._refuse(at, block.raw, _why(getattr(block.error, "abort_reason", "")))
            elif isinstance(block, model.ImplicitComment):
                for found in _ENTRY_WITHOUT_BRACE.finditer(block.comment):
                    place = at + block.comment.count("\n", 0, found.start())
                    braced = found[2].lstrip()[:1] in ("{", "(")
                    reason = f"@{found[1]} is no type of entry" if braced else f"no {{ follows @{found[1]}"
                    yield self._refuse(place, found[0], reason)

    def _define(self, name: str, value: str) -> None:
        self._size += len(value) - len(self._macros.get(name, ""))
        if len(value) > MAX_TITLE or self._size > MAX_LINE:
            raise FieldError("a macro for a name or a journal is not that long")
        self._macros[name] = value

    def _entry(self, line: int, block: Any) -> Entry:
        found: dict[str, str] = {}
        size = 0
        for item in block.fields:
            name, raw = item.key.lower(), item.value
            if name not in self._wanted and raw[:1] == "{" and raw.find("}") == len(raw) - 1:
                continue
            value = _value(raw, self._macros, name)
            size += len(value)
            if size > 2 * MAX_ABSTRACT:
                raise FieldError(f"it has more than {2 * MAX_ABSTRACT:,} characters")
            if value and name not in found:  # as in BibTeX, the first one counts
                found[name] = value
        return Entry(line, block.entry_type.lower(), block.key, found)

    def _refuse(self, line: int, raw: str | None, reason: str) -> Refusal:
        begin = quoted((raw or "").strip().partition("\n")[0], 50)
        return self._document.refuse(line, f"the entry {begin} is broken: {reason}", "mend the entry")

    # --- inheritance ---------------------------------------------------------------------------------------

    def _inherit(self, entry: Entry, depth: int = 0) -> None:
        """Fill in what an entry takes from those it refers to."""
        own = entry.fields
        for key in own.get("xdata", "").split(","):
            if parent := self._parent(key, depth):
                for name, value in parent.fields.items():
                    own.setdefault(name, value)
        if parent := self._parent(own.get("crossref", ""), depth):
            for name in _INHERITED:
                if name in parent.fields and not _has(own, name):
                    own[name] = parent.fields[name]
            title = "journaltitle" if entry.type in ("article", "suppperiodical") else "booktitle"
            if "title" in parent.fields and not _has(own, title):
                own[title] = parent.fields["title"]
            if entry.type in ("inbook", "bookinbook", "suppbook") and "author" in parent.fields:
                own.setdefault("author", parent.fields["author"])

    def _parent(self, key: str, depth: int) -> Entry | None:
        """Return an entry that is referred to, with what it takes from others in turn; circles end here."""
        key = key.strip().lower()
        parent = self._parents.get(key)
        if parent and key not in self._complete and depth < _DEPTH:
            self._complete.add(key)
            self._inherit(parent, depth + 1)
        return parent


def _has(fields: Mapping[str, str], name: str) -> bool:
    """Tell whether a field is there, be it by the name that BibTeX or the one that BibLaTeX gives it."""
    same = {"year": ("year", "date"), "date": ("year", "date"), "month": ("month", "date")}
    same |= {"journal": ("journal", "journaltitle"), "journaltitle": ("journal", "journaltitle")}
    return any(other in fields for other in same.get(name, (name,)))


# --- values ------------------------------------------------------------------------------------------------

_BRACE = re.compile(r"(?<!\\)[{}]")
_QUOTE_OR_BRACE = re.compile(r"(?<!\\)[{}]|\"")
_JOIN = re.compile(r"\s*(#\s*)?")
_BARE = re.compile(r"[^\s#{}\",]+")


def _value(raw: str, macros: Mapping[str, str], name: str) -> str:
    """Return the text a field's value stands for: ``"a " # macro # {b}``."""
    if raw.startswith("{") and raw.endswith("}") and "}" not in raw[1:-1]:
        return raw[1:-1].strip()
    if raw.startswith('"') and raw.endswith('"') and len(raw) > 1 and '"' not in raw[1:-1]:
        return raw[1:-1].strip()
    parts: list[str] = []
    at, size = 0, 0
    while True:
        if raw.startswith("{", at):
            end = _end(raw, at, _BRACE, "}")
        elif raw.startswith('"', at):
            end = _end(raw, at, _QUOTE_OR_BRACE, '"')
        elif bare := _BARE.match(raw, at):
            end = bare.end()
        else:
            raise FieldError(f"the value of {name} is no text in braces or quotes")
        part = raw[at + 1 : end - 1] if raw[at] in '{"' else _macro(raw[at:end], macros)
        size += len(part)
        if size > MAX_ABSTRACT:
            raise FieldError(f"the value of {name} is longer than {MAX_ABSTRACT:,} characters")
        parts.append(part)
        join = _JOIN.match(raw, end)
        at = join.end() if join else end
        if join is None or (at == len(raw) and not join[1]):
            return "".join(parts).strip()
        if not join[1]:
            if len(parts) == 1 and raw[0] not in '{"':
                return raw.strip()  # words without braces around them
            raise FieldError(f"a comma is missing after {name}")


def _end(raw: str, start: int, marks: re.Pattern[str], closing: str) -> int:
    """Return where the braced or quoted text ends that begins at a place."""
    depth = 0
    for mark in marks.finditer(raw, start + 1):
        if mark[0] == closing and not depth:
            return mark.end()
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
    return len(raw) + 1


def _macro(word: str, macros: Mapping[str, str]) -> str:
    """Return what a macro stands for; an unknown one stands for its name."""
    name = word.lower()
    return macros.get(name) or (name if name in MONTHS else word)


def _why(reason: str) -> str:
    """Say in plain words why bibtexparser gave up an entry."""
    if "end of file" in reason or "block start" in reason:
        return "it is not closed, a brace or a quote is missing"
    if "comma after entry key" in reason:
        return "no comma follows its key"
    if "`=` after entry key" in reason:
        return "a field has no = and value, or a comma is missing before it"
    return "its braces, quotes and commas do not fit together"
