"""``hf-page``: a Hugging Face Daily Papers page saved as text.

Below the page's heading, titles and abstracts take turns, a paragraph each, among the numbers, dates and words of
the page's controls. A paragraph is told to be one or the other by its form, and by its place where the form leaves
it open; so an abstract may have several paragraphs, and a title may have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...graph.identity import title_key
from ...graph.records import Paper
from ..reading.fields import fold
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

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
_WRAPPED_AT_MOST = 130
_ABSTRACT_AT_MOST = 1 << 20
_BLOCK_AT_MOST = 200


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


# --- title or prose ----------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?<!\bvs)(?<!\bal)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])\.\s+[A-Z]")
_OF_PROSE = re.compile(
    r"\b(?:we|our|these|this|which|their|they|is|are|has|have|been|can|however|although)\b"
)
_OF_ABSTRACTS = re.compile(
    r"""[-*•–]\s | \(?\d{1,2}[.)]\s | .*https?://
      | (?: We | Our | Code | Project | Data | Demo | The\ code | Website | Available )\b .* \.$""",
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z][\w'-]*")


def prose_score(text: str) -> int:
    """Return how much a paragraph reads like prose: from 2 on it is, below it is a title.

    Counted are full stops, the small words of sentences, length, and how few of the longer words are written
    with capitals. Of 2,788 titles of daily papers three reach 2, and none more; of as many first
    sentences of abstracts, nine stay below it.
    """
    if len(text) > _TITLE_AT_MOST:
        return 10
    words = _WORD.findall(text)
    longer = [word for word in words if len(word) > 3]
    capitals = sum(word != word.lower() for word in longer) / max(1, len(longer))
    signs = (
        2 * text.endswith((".", "…")),
        2 * bool(_SENTENCE.search(text)),
        3 * bool(_OF_ABSTRACTS.match(text)),
        min(3, len(_OF_PROSE.findall(text))),
        (len(words) > 18) + (len(words) > 24),
        (capitals < 0.4) - 2 * (capitals > 0.6),
        -("?" in text),
    )
    return sum(signs)


class _Paragraph(NamedTuple):
    line: int
    text: str


# --- paragraphs to papers ----------------------------------------------------------------------------------


class _Page:
    """Puts paragraphs together to papers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._title: _Paragraph | None = None
        self._abstract: list[str] = []
        self._size = 0

    def papers(self) -> Iterator[Paper | Refusal]:
        """Iterate over the papers of the page."""
        paragraphs = _paragraphs(
            _below_heading(self._document.text_lines()),
            _is_wrapped(self._document.head.decode(errors="replace")),
        )
        current = next(paragraphs, None)
        while current is not None:
            following = next(paragraphs, None)
            if isinstance(current, Refusal):
                yield from self._spoil(current)
            elif self._title and not self._abstract and current.text == self._title.text:
                pass  # some saves name each paper twice, by the alt text of its picture
            elif self._begins_paper(current, following):
                yield from self._close()
                self._title = current
            elif self._title is None:
                reason = f"a text without a title before it: {quoted(current.text)}"
                yield self._document.refuse(current.line, reason, "check whether its title is missing")
            elif self._size < _ABSTRACT_AT_MOST:
                self._abstract.append(current.text)
                self._size += len(current.text)
            current = following
        yield from self._close()

    def _begins_paper(self, here: _Paragraph, following: _Paragraph | Refusal | None) -> bool:
        score = prose_score(here.text)
        stopped = here.text.endswith((".", "…"))
        if self._title is None:
            return score < 4  # there is no text that this could go on
        if not self._abstract:
            return score < (1 if stopped else 2)
        if score < 2:
            return True
        # A title may read like a sentence: then an abstract has gone before it, and another follows.
        followed = isinstance(following, _Paragraph) and prose_score(following.text) >= 2
        return followed and score < (3 if stopped else 4)

    def _close(self) -> Iterator[Paper | Refusal]:
        title, abstract = self._title, " ".join(self._abstract)
        self._title, self._abstract, self._size = None, [], 0
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
            where = f"in the abstract of {quoted(self._title.text)}"
            refusal = replace(refusal, reason=f"{refusal.reason}, {where}")
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


# --- lines to paragraphs -----------------------------------------------------------------------------------


def _paragraphs(lines: Iterable[tuple[int, str] | Refusal], wrapped: bool) -> Iterator[_Paragraph | Refusal]:
    """Gather lines to paragraphs, without the page's controls: one line each, or a block of lines if wrapped."""
    block: list[_Paragraph] = []
    after_submitter = False
    for item in lines:
        if isinstance(item, Refusal):
            yield from _joined(block)
            block = []
            yield item
            continue
        text = fold(item[1])
        noise = not text or (after_submitter and _USER.fullmatch(text))
        if not block and len(text) <= _WRAPPED_AT_MOST:  # within a wrapped text, "Models" ends a sentence
            noise = noise or _NOISE.fullmatch(text)
        if text:
            after_submitter = bool(_SUBMITTER.fullmatch(text))
        if not noise:
            block.append(_Paragraph(item[0], text))
        if noise or not wrapped or len(block) >= _BLOCK_AT_MOST:
            yield from _joined(block)
            block = []
    yield from _joined(block)


def _joined(block: list[_Paragraph]) -> Iterator[_Paragraph]:
    if block:
        yield _Paragraph(block[0].line, " ".join(paragraph.text for paragraph in block))


def _is_wrapped(head: str) -> bool:
    """Tell whether the text was broken into lines of even length: none is long, and many go on a sentence."""
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    going_on = sum(line[0].islower() for line in lines)
    return max(map(len, lines), default=0) <= _WRAPPED_AT_MOST and going_on > len(lines) // 4
