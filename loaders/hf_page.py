"""``hf-page``: a Hugging Face Daily Papers page saved as text.

Below the page's heading, titles and abstracts take turns, a paragraph each, among the numbers, dates and words of
the page's controls. A paragraph is told to be one or the other by its form, and by its place where the form leaves
it open; so an abstract may have several paragraphs, and a title may have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..graph.identity import title_key
from ..graph.records import Paper
from .fields import fold
from .refusal import Refusal, quoted

if TYPE_CHECKING:
    from .document import Document

_HEADING = re.compile(
    r"^[ \t]*(?:(?:Daily|Trending) Papers\s*)?(?:by\s*)?(?:AK\s+)?and the research community\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The page's heading, as a line of its own: other pages may speak of it."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_NOISE = re.compile(
    rf"""
    (?: [·•|▲△↑+-] \s* )?
    (?: [\d.,]+ \s* [kKM]?                                                     # votes, comments, stars
      | (?: (?: Published \s+ )? on \s+ | Published \s+ )?
        (?: {_MONTH} \s+ \d{{1,2}} (?: ,? \s+ \d{{4}} )? | \d{{1,2}} \s+ {_MONTH} (?: \s+ \d{{4}} )?
          | \d{{4}}-\d\d-\d\d )
      | (?: an? | \d+ ) \s+ (?: minute | hour | day | week | month | year )s? \s+ ago
      | [\d.,]+ [kKM]? \s+ (?: author | comment | upvote | vote | like | star | paper | model | dataset )s?
      | Submitted \s* by .{{0,60}}
      | Upvote s? (?: \s* [\d.,]+ [kKM]? )? | [-–—·•|]+
      | (?: Daily | Trending ) \s Papers | Daily | Weekly | Monthly | Trending | new | Subscribe
      | Get \s trending \s papers \s in \s your \s email \s inbox !?
      | (?: (?: View | Read ) \s+ )? (?: arXiv | Project | GitHub | Paper | HF )
        (?: \s+ (?: page | repo ) )? (?: \s+ [\d.,]+ [kKM]? )?
      | (?: View | Download ) \s+ PDF | PDF | Video | Add \s to \s collection | (?: Show | Load | Read ) \s more
      | Previous | Next | Search | Hugging \s Face | Models | Datasets | Spaces | Buckets | Posts | Docs | Community
      | Enterprise | Pricing | Solutions | Papers | Log \s In | Sign \s Up | Company | TOS | Terms | Privacy | About
      | Careers | Jobs | Website | Tasks | Collections | Languages | Organizations | System \s theme | ©.{{0,60}}
    ) (?: \s* [·•|] )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Lines that belong to the page's controls."""

_SUBMITTER = re.compile(r"Submitted\s*by\s*", re.IGNORECASE)
_USER = re.compile(r"@?[\w.-]{1,42}")

_TITLE_AT_MOST = 300
_BLOCK_AT_MOST = 200
_ABSTRACT_AT_MOST = 1 << 20
_SENTENCE = re.compile(r"(?<!\bvs)(?<!\bal)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])\.\s+[A-Z]")
_CONTINUED = re.compile(
    r"""[-*•–]\s | \(?\d{1,2}[.)]\s | .*https?://
      | (?: We | Our | Code | Project | Data | Demo | The\ code | Website | Available )\b .* \.$""",
    re.VERBOSE,
)


class HfPage:
    """Reads Daily Papers pages."""

    name = "hf-page"
    description = "a Hugging Face Daily Papers page saved as text"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the head has the page's heading."""
        return _HEADING.search(head.decode(errors="replace").replace("\r", "\n")) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read the papers below the heading; a page without it is of another site."""
        if not self.sniff(document.head, document.path):
            reason = (
                "this is no Daily Papers page, for the line “by AK and the research community” is missing"
            )
            yield document.refuse(None, reason, "save the whole page as text")
            return
        yield from _Page(document).papers()


class _Form(Enum):
    """What a paragraph looks like."""

    TITLE = "a title"
    SHORT = "a short abstract, or part of one, unless its place speaks for a title"
    LONG = "an abstract, or part of one"


class _Paragraph(NamedTuple):
    line: int
    text: str

    @property
    def form(self) -> _Form:
        if len(self.text) > _TITLE_AT_MOST:
            return _Form.LONG
        if self.text.endswith(".") or _SENTENCE.search(self.text) or _CONTINUED.match(self.text):
            return _Form.SHORT
        return _Form.TITLE


class _Page:
    """Puts paragraphs together to papers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._title: _Paragraph | None = None
        self._abstract: list[str] = []

    def papers(self) -> Iterator[Paper | Refusal]:
        """Iterate over the papers of the page."""
        paragraphs = _paragraphs(_below_heading(self._document.text_lines()))
        current = next(paragraphs, None)
        while current is not None:
            following = next(paragraphs, None)
            if isinstance(current, Refusal):
                yield from self._spoil(current)
            elif self._begins_paper(current, following):
                yield from self._close()
                self._title = current
            elif self._title is None:
                reason = f"a text without a title before it: {quoted(current.text)}"
                yield self._document.refuse(
                    current.line, reason, "check whether a title is missing in the page"
                )
            elif sum(map(len, self._abstract)) < _ABSTRACT_AT_MOST:
                self._abstract.append(current.text)
            current = following
        yield from self._close()

    def _begins_paper(self, here: _Paragraph, following: _Paragraph | Refusal | None) -> bool:
        if here.form is _Form.LONG:
            return False
        if here.form is _Form.TITLE or self._title is None:
            return True
        # What ends in a full stop may still be a title: then an abstract follows it, and one has gone before.
        return (
            bool(self._abstract)
            and not _CONTINUED.match(here.text)
            and isinstance(following, _Paragraph)
            and following.form is _Form.LONG
        )

    def _close(self) -> Iterator[Paper | Refusal]:
        title, abstract = self._title, " ".join(self._abstract)
        self._title, self._abstract = None, []
        if title is None:
            return
        if not abstract and (" " not in title.text or not title_key(title.text)):
            reason = f"{quoted(title.text)} is a single word without an abstract, hardly a title"
            yield self._document.refuse(title.line, reason, "remove the line if it is no paper")
        else:
            yield Paper(title=title.text, abstract=abstract, line=title.line)

    def _spoil(self, refusal: Refusal) -> Iterator[Paper | Refusal]:
        """Pass on that a line could not be read: it was the abstract of a title that has none yet."""
        if self._title and not self._abstract:
            refusal = replace(
                refusal, reason=f"{refusal.reason}, in the abstract of {quoted(self._title.text)}"
            )
            self._title = None
        yield from self._close()
        yield refusal


def _below_heading(lines: Iterable[tuple[int, str] | Refusal]) -> Iterator[tuple[int, str] | Refusal]:
    """Skip all lines down to the heading, and headings further down where pages were joined."""
    below = False
    for item in lines:
        if not isinstance(item, Refusal) and len(item[1]) < _TITLE_AT_MOST and _HEADING.search(item[1]):
            below = True
        elif below:
            yield item


def _paragraphs(lines: Iterable[tuple[int, str] | Refusal]) -> Iterator[_Paragraph | Refusal]:
    """Gather lines to paragraphs: one line each, unless the text was wrapped; without the page's controls."""
    block: list[_Paragraph] = []
    after_submitter = False
    for item in lines:
        if isinstance(item, Refusal):
            yield from _unwrapped(block)
            block = []
            yield item
            continue
        text = fold(item[1])
        if not text and not block:
            continue
        noise = _NOISE.fullmatch(text) or (after_submitter and _USER.fullmatch(text))
        after_submitter = bool(_SUBMITTER.fullmatch(text))
        if text and not noise:
            block.append(_Paragraph(item[0], text))
        if not text or noise or len(text) > _TITLE_AT_MOST or len(block) >= _BLOCK_AT_MOST:
            yield from _unwrapped(block)
            block = []
    yield from _unwrapped(block)


def _unwrapped(block: list[_Paragraph]) -> Iterator[_Paragraph]:
    """Join the lines of one wrapped text; leave lines as they are that stand for themselves."""
    wrapped = len(block) > 1 and all(50 <= len(paragraph.text) <= 130 for paragraph in block[:-1])
    if wrapped:
        whole = " ".join(paragraph.text for paragraph in block)
        goes_on = any(paragraph.text[0].islower() for paragraph in block[1:])
        if goes_on or _SENTENCE.search(whole):
            yield _Paragraph(block[0].line, whole)
            return
    yield from block
