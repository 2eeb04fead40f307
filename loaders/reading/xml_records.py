"""The records of an XML document, one by one: small trees in a stream, whatever the document tries.

Nothing outside the document is ever opened. Entities that a document defines itself are refused, since nothing but
a bomb needs them; those that HTML names (``&uuml;``, ``&alpha;``) are known without the DTD that would define them.
Names come without namespace: ``{http://www.tei-c.org/ns/1.0}title`` and ``tei:title`` are both ``title``.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from html.entities import html5
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers.expat import errors

from defusedxml import EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import XMLParser

from ..document import ICONV, MAX_LINE, not_utf8
from ..refusal import Refusal, quoted
from .fields import fold

if TYPE_CHECKING:
    from ..document import Document

MAX_DEPTH = 200
"""Elements within one another; mathematics in an article goes to about 40."""

MAX_RECORD = 16 << 20
"""Bytes of one record; larger ones are refused."""

_MOST_NAMES = 10_000
_CHUNK = 1 << 16
_ENTITIES = {name[:-1]: text for name, text in html5.items() if name.endswith(";")}


# --- what kind of document it is ---------------------------------------------------------------------------


class Root(NamedTuple):
    """The first element of a document: its name without prefix, and its start tag from there on."""

    name: str
    attributes: bytes


_PROLOG = re.compile(
    rb"""(?: \s++ | <\?.*?\?> | <!--.*?--> | <!DOCTYPE [^\[>"']*+ (?: "[^"]*+" | '[^']*+' | [^\[>"'] )*+
         (?: \[ .*? \] \s* )? > )*+
         < (?: [\w.-]+ : )? ([A-Za-z_][\w.-]*) ([^>]*)""",
    re.VERBOSE | re.DOTALL,
)


def root_of(head: bytes) -> Root | None:
    """Return the root element of what looks like XML by its first bytes, None for anything else.

    Examples
    --------
    >>> root_of(b'<?xml version="1.0"?><!-- by hand --><tei:TEI xmlns:tei="http://www.tei-c.org/ns/1.0">')
    Root(name='TEI', attributes=b' xmlns:tei="http://www.tei-c.org/ns/1.0"')
    >>> root_of(b"# A list of <b>papers</b>") is None
    True
    """
    found = _PROLOG.match(head)
    return Root(found[1].decode(), found[2]) if found else None


# --- records -----------------------------------------------------------------------------------------------


def records(document: Document, names: Collection[str]) -> Iterator[tuple[int, Element] | Refusal]:
    """Iterate over the elements of some names, each with the line it begins in; one within another is part of it.

    Where the document breaks off or is not well-formed, the records before that place are given, and then a Refusal
    that names it.
    """
    source = _Source(document)
    if source.fault:
        yield source.fault
        return
    collector = _Collector(document, names, source)
    parser = XMLParser(target=collector, encoding="utf-8")
    parser.entity = _Named(_ENTITIES)
    collector.listen(parser.parser)
    fault: Refusal | None = None
    for chunk in source.chunks(lambda: collector.pending):
        fault = _feed(parser, chunk, collector)
        yield from collector.take()
        if fault is None and collector.pending > MAX_LINE:
            reason = f"a single tag or comment is longer than {MAX_LINE >> 20} MB"
            fault = document.refuse(collector.line, reason, "check the file")
        if fault:
            yield fault
            return
    fault = _feed(parser, None, collector)
    yield from collector.take()
    if fault:
        yield fault


def _feed(parser: Any, chunk: bytes | None, collector: _Collector) -> Refusal | None:
    """Give the parser the next bytes, or None at the end; return what is wrong with them."""
    source = collector.source
    document = source.document
    try:
        if chunk is None:
            parser.close()
        else:
            collector.fed += len(chunk)
            parser.feed(chunk)
    except ParseError as error:
        line, column = error.position[0] + source.lines_before, error.position[1] + 1
        if not collector.any_element:
            return document.refuse(
                None, "this is not XML", "name its format with --format, or none to have it told"
            )
        return source.explain(error.code, line, column, chunk is None, collector.number)
    except (EntitiesForbidden, ExternalReferenceForbidden) as error:
        name = getattr(error, "name", None) or getattr(error, "sysid", None) or ""
        reason = f"the document defines an entity of its own, {quoted(str(name))}, as only XML bombs do"
        remedy = "write out what it stands for and remove the <!ENTITY …> line, if you trust the file"
        return document.refuse(collector.line, reason, remedy)
    except _TooDeepError as error:
        return document.refuse(collector.line, str(error), "check how the file was made")
    return None


class _TooDeepError(Exception):
    """The document has a shape that costs memory without end."""


class _Named(dict[str, str]):
    """Entities by name; an unknown one is kept as it is written."""

    def __missing__(self, name: str) -> str:
        return f"&{name};"


class _Collector:
    """Receives what the parser finds, and builds a tree of each record.

    It takes the place of the library's own handlers of elements, which cost as much as the parsing itself; those that
    guard against entities stay.
    """

    def __init__(self, document: Document, names: Collection[str], source: _Source) -> None:
        self.source = source
        self.number = 0
        self.fed = 0
        """Bytes given to the parser."""
        self._document = document
        self._wanted = frozenset(names)
        self._expat: Any = None
        self._names: dict[str, str] = {}
        self._depth = 0
        self._builder: TreeBuilder | None = None
        self._begun: tuple[int, int, int] | None = None
        self._done: list[tuple[int, Element] | Refusal] = []

    def listen(self, expat: Any) -> None:
        """Have the parser tell of elements."""
        self._expat = expat
        # A parser that is told of a DTD it does not have leaves names it does not know to us instead of giving up.
        expat.UseForeignDTD(True)
        expat.ordered_attributes = False
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.CharacterDataHandler = None

    @property
    def any_element(self) -> bool:
        """Whether any element has begun."""
        return bool(self._names)

    @property
    def line(self) -> int:
        """The line the parser is in."""
        return int(self._expat.CurrentLineNumber) + self.source.lines_before

    @property
    def pending(self) -> int:
        """Bytes that the parser holds because what they begin has not ended."""
        return self.fed - max(0, int(self._expat.CurrentByteIndex))

    def take(self) -> list[tuple[int, Element] | Refusal]:
        """Hand over the records that were finished since, and let go of one that is too large."""
        if self._builder is not None and self._begun is not None and self.fed - self._begun[2] > MAX_RECORD:
            self._builder = self._expat.CharacterDataHandler = None
        done, self._done = self._done, []
        return done

    def data(self, text: str) -> None:
        """Add what an entity stands for to the element that is open."""
        if self._builder is not None:
            self._builder.data(text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeepError(f"there are more than {MAX_DEPTH} elements within one another")
        name = self._names.get(tag) or self._named(tag)
        if self._builder is None:
            if self._begun is not None or name not in self._wanted:
                return
            self._begun = (self._depth, self.line, int(self._expat.CurrentByteIndex))
            self._builder = TreeBuilder()
            self._expat.CharacterDataHandler = self._builder.data
        for key in attributes:
            if "}" in key:
                attributes = _without_namespaces(attributes)
                break
        self._builder.start(name, attributes)

    def _end(self, tag: str) -> None:
        if self._builder is not None:
            self._builder.end(tag)
        if self._begun is not None and self._begun[0] == self._depth:
            self.number += 1
            line = self._begun[1]
            if self._builder is None:
                reason = f"the record is larger than {MAX_RECORD >> 20} MB"
                self._done.append(self._document.refuse(line, reason, "check the file"))
            else:
                self._done.append((line, self._builder.close()))
            self._begun = self._builder = self._expat.CharacterDataHandler = None
        self._depth -= 1

    def _named(self, tag: str) -> str:
        """Return a name without namespace."""
        if len(self._names) >= _MOST_NAMES:
            raise _TooDeepError(f"there are more than {_MOST_NAMES:,} names of elements")
        self._names[tag] = name = tag.rpartition("}")[2]
        return name


def _without_namespaces(attributes: dict[str, str]) -> dict[str, str]:
    local = {name: value for name, value in attributes.items() if "}" not in name}
    for name, value in attributes.items():
        local.setdefault(name.rpartition("}")[2], value)
    return local


# --- bytes -------------------------------------------------------------------------------------------------

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_PLAIN = bytes(range(0x20, 0x7F)).replace(b"\\", b"") + rb"\n\x41+AEE-~{xn--"
"""Letters that are themselves in every encoding XML can be in; to encodings that are no text they are signs."""


class _Source:
    """The bytes of a document as UTF-8, by its byte-order mark or by the encoding it declares."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines_before = 0
        self.fault: Refusal | None = None
        self._encoding = self._told()

    def _told(self) -> str | None:
        """Return the encoding to decode from; None where the bytes are UTF-8 or were made so."""
        with self.document.open() as stream:
            head = stream.read(1024)
        head = head.lstrip()
        for start, order in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):  # no byte-order mark
            if head.startswith(start):
                return order
        with self.document.raw() as stream:
            if stream.read(3) == codecs.BOM_UTF8:
                return None
        found = _DECLARED.match(head)
        if not found:
            return None
        declared = found[1].decode()
        try:
            codec = codecs.lookup(declared)
            # What is declared in plain letters is not UTF-16, whatever it says.
            if codec.name in ("utf-8", "ascii") or codec.name.startswith(("utf-16", "utf-32")):
                return None
            if _PLAIN.decode(codec.name, "replace") == _PLAIN.decode():
                return codec.name
        except (LookupError, UnicodeError):
            pass
        reason = f"the encoding it declares, {quoted(declared)}, is not known"
        remedy = "convert the file to UTF-8 and declare that in its first line"
        self.fault = self.document.refuse(1, reason, remedy)
        return None

    def chunks(self, pending: Any) -> Iterator[bytes]:
        """Iterate over the bytes; larger pieces where the parser waits for the end of something long.

        For the parser begins anew at the start of what it has not finished, which in pieces of one size would take
        time with the square of its length.
        """
        decoder = codecs.getincrementaldecoder(self._encoding)("replace") if self._encoding else None
        begun = False
        with self.document.open() as stream:
            while chunk := stream.read(max(_CHUNK, pending())):
                text = decoder.decode(chunk).encode() if decoder else chunk
                if not begun:  # blank lines above the declaration are a fault to the parser, and common
                    stripped = text.lstrip(b" \t\r\n")
                    self.lines_before += text.count(b"\n", 0, len(text) - len(stripped))
                    text = stripped
                begun = begun or bool(text)
                if text:
                    yield text

    def explain(self, code: int, line: int, column: int, ended: bool, whole: int) -> Refusal:
        """Say what the parser found wrong."""
        refuse = self.document.refuse
        if ended:
            after = f" after {whole} whole record{'s' * (whole != 1)}" if whole else ""
            reason = f"the XML is cut off in column {column}{after}"
            return refuse(line, reason, "get the file again")
        fault = errors.messages.get(code, "not well-formed")
        if fault == errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
            reason = f"something follows the end of the XML in column {column}"
            return refuse(line, reason, "give what follows as a file of its own")
        unknown = fault == errors.XML_ERROR_INVALID_TOKEN and self._encoding is None
        if unknown and (undecodable := self._not_utf8(line)):
            return refuse(line, undecodable, f"declare its encoding in the first line, or {ICONV}")
        fault = fault.removeprefix("not well-formed (").removesuffix(")")
        reason = f"the XML is not well-formed ({fault} in column {column}), so the rest was left"
        return refuse(line, reason, "mend the file there, or get it again")

    def _not_utf8(self, number: int) -> str | None:
        """Say whether a line is not UTF-8."""
        with self.document.open() as stream:
            for _ in range(number - 1):
                stream.readline(MAX_LINE)
            try:
                stream.readline(MAX_LINE).decode()
            except UnicodeDecodeError as error:
                return not_utf8(error)
        return None


# --- reading trees -----------------------------------------------------------------------------------------


def text_of(element: Element | None) -> str:
    """Return the folded text of an element with all that is in it; empty for None.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> text_of(fromstring("<title>A <i>tube-crested</i>\\n dinosaur</title>"))
    'A tube-crested dinosaur'
    """
    if element is None:
        return ""
    return fold("".join(element.itertext()) if len(element) else element.text or "")


def first_text(element: Element, *paths: str) -> str:
    """Return the text of the first path that leads to any; paths as :meth:`Element.findall` takes them."""
    for path in paths:
        for found in element.findall(path):
            if text := text_of(found):
                return text
    return ""
