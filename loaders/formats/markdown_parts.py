"""The items and table rows of a Markdown text, flattened: words, links and breaks, and the sections they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..reading.fields import fold

_ANCHOR = re.compile(r"<a\s[^>]*?href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]*>(.{0,300}?)</summary>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,500}>")
_SIGNS = re.compile("[\U0001f000-\U0001faff☀-➿⬀-⯿️‍#*_`]+")
_NUMBER = re.compile(r"^(?:\d{1,2}\.)+\d{0,2}\s+")
_SUMMARIES = 7
"""Level of what can be folded away: below every heading."""


class Part(NamedTuple):
    """A piece of a line: ``kind`` is text, strong, link or break; a link has an address."""

    kind: str
    text: str
    href: str


class Entry(NamedTuple):
    """A list item, with one cell, or a row of a table; ``line`` counts from 0."""

    line: int
    cells: list[list[Part]]
    header: list[str]
    sections: tuple[str, ...]


def parts_of(tokens: Sequence[Any], sections: dict[int, str]) -> Iterator[Entry]:
    """Iterate over items and rows of parsed Markdown; ``sections`` are the headings so far, by their level."""
    items: list[_Item] = []
    header: list[str] = []
    cells: list[list[Part]] = []
    in_header = in_row = False
    level = row_line = 0
    for token in tokens:
        kind = token.type
        if kind == "heading_open":
            level = int(token.tag[1:])
        elif kind == "heading_close":
            level = 0
        elif kind == "list_item_open":
            if items and items[-1].parts:  # what stands above a nested list, and is a heading to it
                yield items[-1].entry(sections, items[:-1])
                items[-1].heading, items[-1].parts = _heading(items[-1].parts), []
            items.append(_Item(token.map[0] if token.map else 0))
        elif kind == "list_item_close":
            item = items.pop()
            if item.parts:
                yield item.entry(sections, items)
        elif kind in ("thead_open", "thead_close"):
            in_header = kind == "thead_open"
            header = [] if in_header else header
        elif kind == "tr_open":
            cells, in_row, row_line = [], True, token.map[0] if token.map else 0
        elif kind == "tr_close":
            in_row = False
            if not in_header and cells:
                yield Entry(row_line, cells, header or [""], _named(sections, items))
        elif kind == "html_block":
            _fold_away(token.content, sections)
        elif kind == "inline":
            parts = list(_flat(token.children or ()))
            if level:
                for deeper in [key for key in sections if key >= level]:
                    del sections[deeper]
                sections[level] = _heading(parts)
            elif in_header:
                header.append(text_of(parts))
            elif in_row:
                cells.append(parts)
            elif items:
                items[-1].parts += [*parts, Part("break", "", "")]


@dataclass(slots=True)
class _Item:
    """A list item that is open."""

    line: int
    parts: list[Part] = field(default_factory=list)
    heading: str = ""

    def entry(self, sections: dict[int, str], outer: Iterable[_Item]) -> Entry:
        return Entry(self.line, [self.parts], [], _named(sections, outer))


def text_of(parts: Iterable[Part]) -> str:
    """Return the words of parts, folded."""
    return fold(" ".join(part.text for part in parts))


def _named(sections: dict[int, str], outer: Iterable[_Item]) -> tuple[str, ...]:
    """Return the sections that say something: all but the title of the whole list."""
    names = [name for level, name in sorted(sections.items()) if level > 1]
    return tuple(dict.fromkeys(name for name in [*names, *(item.heading for item in outer)] if name))


def _heading(parts: Sequence[Part]) -> str:
    """Return the words of a heading; none where it is longer than a heading is, or is a link."""
    if parts and any(part.href.startswith("http") for part in parts):
        parts = [part for part in parts if not part.href]
    words = fold(_SIGNS.sub(" ", _TAG.sub(" ", text_of(parts)))).strip(" :-–—")
    words = _NUMBER.sub("", words)
    return words if 1 < len(words) <= 80 else ""


def _fold_away(html: str, sections: dict[int, str]) -> None:
    if "</details" in html.lower():
        sections.pop(_SUMMARIES, None)
    if summary := _SUMMARY.search(html):
        words = fold(_SIGNS.sub(" ", _TAG.sub(" ", summary[1])))
        known = {name.lower() for name in sections.values()}
        sections.pop(_SUMMARIES, None)
        if words and words.lower() not in known:
            sections[_SUMMARIES] = words


def _flat(children: Sequence[Any]) -> Iterator[Part]:
    """Iterate over the parts of a line."""
    href, label = "", ""
    strong = 0
    for token in children:
        kind = token.type
        if kind == "link_open" or (kind == "html_inline" and (anchor := _ANCHOR.match(token.content))):
            href = str(token.attrs.get("href", "")) if kind == "link_open" else anchor[1]  # type: ignore[index]
            label = ""
        elif kind == "link_close" or (kind == "html_inline" and token.content.lower().startswith("</a")):
            if href:
                yield Part("link", fold(label), href)
            href = ""
        elif kind == "hardbreak" or (kind == "html_inline" and _BREAK.match(token.content)):
            if not href:
                yield Part("break", "", "")
        elif kind in ("strong_open", "strong_close"):
            strong += 1 if kind == "strong_open" else -1
        elif kind in ("text", "code_inline", "softbreak"):
            words = " " if kind == "softbreak" else token.content
            if href:
                label += words
            else:
                yield Part("strong" if strong > 0 else "text", words, "")
