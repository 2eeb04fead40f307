"""``markdown-list``: curated lists of papers in Markdown, the "awesome" lists of code hosts.

A list item or a table row is a paper where it links to one: to arXiv, OpenReview, the ACL Anthology, a DOI, a
publisher or a PDF file, by a label that says so ("paper"), or from a table's column of papers. All else that such
lists hold, tools and courses and other lists, is passed over. Headings become keywords, links to code repositories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Paper
from ..reading.addresses import Found, address, addresses_in
from ..reading.dates import day_of, year_in
from ..reading.fields import MAX_TITLE, fold
from ..reading.pieces import decoded, pieces
from ..refusal import Refusal
from .markdown_parts import Part, parts_of, text_of

if TYPE_CHECKING:
    from ..document import Document

_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
_LINKED = re.compile(
    rb"^[ \t]*(?:[-*+]|\d{1,4}[.)]|\|)[ \t].*(?:\]\(\s?<?https?://|href=.?https?://|\]\[)", re.MULTILINE
)
_LINKED_PAPER = re.compile(
    rb"^[ \t]*(?:[-*+]|\d{1,4}[.)]|\|)[ \t].*\]\(\s?<?https?://(?:www\.)?(?:arxiv\.org|openreview\.net|aclanthology\.org"
    rb"|(?:dx\.)?doi\.org|huggingface\.co/papers|proceedings\.mlr\.press|papers\.nips\.cc)",
    re.MULTILINE | re.IGNORECASE,
)
_CUT = re.compile(rb"\n(?=#{1,6} )")
_DEFINITION = re.compile(
    rb"^ {0,3}\[([^\]\n]{1,300})\]:[ \t]*<?(\S{1,2000}?)>?[ \t]*(?:[\"'(].*)?$", re.MULTILINE
)
_PUBLISHED = re.compile(
    r"https?://(?:[\w-]+\.)*(?:proceedings\.mlr\.press/v|(?:papers|proceedings)\.(?:nips|neurips)\.cc/|openaccess\.thecvf\.com/"
    r"|jmlr\.org/papers|ieeexplore\.ieee\.org/(?:abstract/)?document|dl\.acm\.org/(?:doi|citation)|link\.springer\.com/(?:article|chapter)"
    r"|nature\.com/articles|science\.org/doi|sciencedirect\.com/science/article|ojs\.aaai\.org|aaai\.org/(?:papers|ojs)"
    r"|isca-(?:speech|archive)\.org|usenix\.org/(?:conference|system)|semanticscholar\.org/paper|ecva\.net/papers"
    r"|(?:bio|med)rxiv\.org/content|ijcai\.org/proceedings|direct\.mit\.edu/|papers\.ssrn\.com|osf\.io/preprints|hal\.science"
    r"|cdn\.openai\.com/papers)|https?://[^?#]+\.pdf(?:[?#]|$)",
    re.IGNORECASE,
)
_LABELS = frozenset((
    "a", "aaai", "abs", "acl", "also", "and", "arxiv", "at", "available", "bib", "bibtex", "bilibili",
    "blog", "checkpoint", "checkpoints", "citation", "code", "colab", "cvpr", "data", "dataset", "datasets",
    "demo", "doc", "docs", "documentation", "doi", "download", "eccv", "emnlp", "findings", "full",
    "github", "gitlab", "hf", "home", "homepage", "html", "hugging", "huggingface", "iccv", "iclr", "icml",
    "ijcai", "implementation", "jax", "journal", "kaggle", "link", "model", "models", "naacl", "neurips",
    "nips", "official", "openreview", "page", "paper", "papers", "pdf", "poster", "preprint", "press",
    "project", "pytorch", "read", "release", "repo", "repository", "site", "slide", "slides", "source",
    "star", "stars", "talk", "tensorflow", "the", "tutorial", "tweet", "twitter", "unofficial", "url", "v",
    "version", "video", "web", "webpage", "website", "weights", "workshop", "x", "youtube", "zhihu", "主页",
    "代码", "论文", "链接", "项目",
))  # fmt: skip
_PAPER_LABEL = re.compile(
    r"\W*(?:full[ -])?(?:paper|pdf|arxiv|preprint|论文|openreview|technical report)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w[\w'’.+/-]*")
_WIDE = re.compile("[぀-ヿ㐀-鿿가-힯]{5,}")
_ADDRESS = re.compile(r"https?://\S+")
_BEFORE_TITLE = re.compile(
    r"^(?:[^\w\[(【“\"]{0,9}(?:\[[^\]]{2,30}\]|\([^)]{2,30}\)|【[^】]{2,30}】|\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?)[\s:,.·|-]*)+"
)
_QUOTED = re.compile(r"^\W{0,3}[“\"]([^”\"]{8,400})[”\"]")
_SENTENCE = re.compile(
    r"(?<=[a-z\d)?!])[.](?= [A-Z*])| \| | [-–—] (?=(?:arxiv|[A-Z]{3,}\b.{0,300}\d{4}))", re.IGNORECASE
)
_BLANKS = re.compile(r"\s+")
_PASSED_OVER = re.compile(
    r"\W*(?:table of )?contents?\W*$|\W*papers?\W*$|\W*(?:paper )?list\W*$|\W*resources\W*$", re.IGNORECASE
)
_COLUMNS = (
    ("paper", re.compile(r"\W*(?:papers?|论文)\b", re.I)),
    ("title", re.compile(r"\W*(?:title|name|work|publication|标题)\b", re.I)),
    ("date", re.compile(r"\W*(?:date|year|published|时间|年份)\b", re.I)),
    ("venue", re.compile(r"\W*(?:venue|conference|conf|journal|pub|会议)\b", re.I)),
    ("keywords", re.compile(r"\W*(?:keywords?|topics?|tags?|task|category|type|关键词)\b", re.I)),
    ("organizations", re.compile(r"\W*(?:institut\w*|affiliations?|organi[sz]ations?|机构)\b", re.I)),
)  # fmt: skip


class MarkdownList:
    """Reads lists of papers in Markdown."""

    name = "markdown-list"
    description = "Markdown lists and tables of papers (“awesome” lists)"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether a list or table links to papers, or, by its name Markdown, anywhere."""
        if path.suffix.lower() in _SUFFIXES:
            return _LINKED.search(head) is not None
        return not path.suffix and _LINKED_PAPER.search(head) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper an item or row that links to one."""
        definitions = _definitions(document)
        sections: dict[int, str] = {}
        for piece in pieces(document, _CUT):
            for item in [piece] if isinstance(piece, Refusal) else decoded(document, *piece, _CUT):
                if isinstance(item, Refusal):
                    yield item
                    continue
                line, text = item
                for number, length in _overlong(text):
                    reason = f"the line has {length:,} characters, more than {_LONGEST_LINE:,}"
                    yield document.refuse(line + number, reason, "break or remove it")
                text = _without_overlong(text)
                for entry in parts_of(_parser().parse(text, {"references": dict(definitions)}), sections):
                    found = _of_row(entry.cells, entry.header) if entry.header else _of_item(entry.cells[0])
                    for candidate in found:
                        paper = candidate.paper(line + entry.line, entry.sections)
                        if isinstance(paper, str):
                            yield document.refuse(line + entry.line, paper, "shorten it")
                        elif paper:
                            yield paper


_LONGEST_LINE = 1 << 15
"""Characters of a line that is still an item or a row; of longer ones a parser makes much work and no sense."""


def _overlong(text: str) -> Iterator[tuple[int, int]]:
    """Yield which lines of a text are too long, and how long."""
    if len(text) > _LONGEST_LINE:
        for number, line in enumerate(text.split("\n")):
            if len(line) > _LONGEST_LINE:
                yield number, len(line)


def _without_overlong(text: str) -> str:
    """Return a text with empty lines in the place of those that are too long."""
    if len(text) <= _LONGEST_LINE:
        return text
    return "\n".join("" if len(line) > _LONGEST_LINE else line for line in text.split("\n"))


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _definitions(document: Document) -> dict[str, dict[str, str]]:
    """Gather ``[label]: address`` of a file that is read in pieces, since they may stand at its end."""
    from markdown_it.common.utils import normalizeReference

    found: dict[str, dict[str, str]] = {}
    if document.packed or document.path.stat().st_size > len(document.head):
        for piece in pieces(document, _CUT):
            if not isinstance(piece, Refusal):
                for label, target in _DEFINITION.findall(piece[1]):
                    reference = {"href": target.decode(errors="replace"), "title": ""}
                    found.setdefault(normalizeReference(label.decode(errors="replace")), reference)
    return found


# --- what names a paper ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A paper that an item may name."""

    title: str
    surely: bool = False
    venue: str | None = None
    year: int | None = None
    date: str | None = None
    organizations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    found: Found = field(default_factory=Found)

    def paper(self, line: int, sections: Iterable[str]) -> Paper | str | None:
        """Return the paper; None where it has neither title nor identifier, a text where it cannot be one."""
        title = self.title if self.surely or _is_title(self.title) else ""
        if not title and not self.found:
            return None
        if len(title) > MAX_TITLE:
            return f"the title has {len(title):,} characters, more than {MAX_TITLE:,}"
        keywords = [*self.keywords, *(name for name in sections if not _PASSED_OVER.match(name))]
        return Paper(
            title=title,
            **self.found.identifiers(),
            year=self.year,
            date=self.date,
            venue=self.venue,
            url=self.found.url,
            repositories=tuple(dict.fromkeys(self.found.repositories)),
            organizations=self.organizations,
            keywords=tuple(dict.fromkeys(keywords)),
            line=line,
        )


def _of_item(parts: Sequence[Part]) -> list[_Candidate]:
    """Return the papers that a list item names: as a rule one, of which further links say more."""
    lead, tail, broken = _lead(parts)
    papers: list[_Candidate] = []
    code: list[str] = []
    for part in parts:
        for target in [part.href] if part.href else addresses_in(part.text) if part.kind == "text" else ():
            label = part.text if part.href else ""
            if _is_code(target):
                code.append(target)
            elif _is_paper(target) or (_PAPER_LABEL.match(label) and address(target)):
                if _is_title(label) and not (papers and not papers[-1].found):
                    papers.append(_Candidate(label))
                elif not papers:
                    # before a line break, or before "Paper", even short words are the title
                    surely = _PAPER_LABEL.match(label) is not None and (broken or _words(lead) > 1)
                    papers.append(_Candidate(lead, surely=surely and not _is_label(lead)))
                elif papers[-1].found and _names_another(papers[-1].found, target):
                    continue
                papers[-1].found.add_address(target)
    if papers:
        for target in code:
            papers[0].found.add_address(target)
        papers[0].year = year_in(tail)
        papers[0].venue = _venue(tail) if broken else None
    return papers


def _of_row(cells: Sequence[Sequence[Part]], header: Sequence[str]) -> list[_Candidate]:
    """Return the paper that a row of a table names."""
    columns: dict[str, Sequence[Part]] = {}
    for name, cell in zip(header, cells, strict=False):
        for column, pattern in _COLUMNS:
            if pattern.match(name):
                columns.setdefault(column, cell)
                break
    named = columns.get("paper") or columns.get("title")
    if not named:
        return _of_item([part for cell in cells for part in [*cell, Part("break", "", "")]])
    links = [part for cell in [named, *cells] for part in cell if part.href and address(part.href)]
    papers = [part.href for part in links if _is_paper(part.href) or _PAPER_LABEL.match(part.text)]
    own = [part for part in named if part.href and address(part.href)]
    if not papers and not ("paper" in columns and own):
        return []
    titled = next((part.text for part in own if not _is_label(part.text)), "")
    candidate = _Candidate(titled or _lead(named)[0], surely="paper" in columns or bool(own))
    for part in own if "paper" in columns else []:
        candidate.found.add_address(part.href)
    for target in papers:
        if not _names_another(candidate.found, target):
            candidate.found.add_address(target)
    for part in links:
        if _is_code(part.href):
            candidate.found.add_address(part.href)
    written = text_of(columns.get("date", ()))
    candidate.year = year_in(written)
    if candidate.year and (day := re.search(r"\d{4}[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", written)):
        candidate.date = day_of(candidate.year, int(day[1]), int(day[2]))
    candidate.venue = _venue(text_of(columns.get("venue", ())))
    candidate.keywords = _listed(columns.get("keywords", ()))
    candidate.organizations = _listed(columns.get("organizations", ()))
    return [candidate] if candidate.title else []


def _venue(text: str) -> str | None:
    """Return a venue's name without the year; long texts are no names."""
    name = re.sub(r"['’]?(?:(?:19|20)\d\d|(?<=['’])\d\d)\b.*", "", text).strip(" ,.:;(|-–'’[")
    if re.match(r"arxiv|openreview|preprint|under review", name, re.IGNORECASE):
        return None
    return name if any(map(str.isalpha, name)) and len(name) <= 100 else None


def _listed(cell: Sequence[Part]) -> tuple[str, ...]:
    words = (re.sub(r"\s*\bet al\.?$", "", word.strip()) for word in re.split(r"[,;&/、]", text_of(cell)))
    return tuple(dict.fromkeys(word for word in words if word and len(word) < 80))


def _names_another(found: Found, target: str) -> bool:
    """Tell whether an address is of another paper than the one found: it has another identifier of a kind."""
    other = Found()
    other.add_address(target)
    if not other:
        return True  # one more address says nothing
    kinds = {key.partition(":")[0] for key in found.also}
    return bool(
        (other.arxiv_id and found.arxiv_id)
        or (other.doi and found.doi)
        or (other.s2_id and found.s2_id)
        or any(key.partition(":")[0] in kinds for key in other.also)
    )


def _is_paper(target: str) -> bool:
    if _PUBLISHED.match(target):
        return True
    found = Found()
    found.add_address(target)
    return bool(found)


def _is_code(target: str) -> bool:
    found = Found()
    found.add_address(target)
    return bool(found.repositories)


# --- titles ------------------------------------------------------------------------------------------------


def _lead(parts: Sequence[Part]) -> tuple[str, str, bool]:
    """Return what may be a title before the first link or break, what is between the two, and if a break is there."""
    lead, strong, tail = "", "", ""
    broken = False
    for part in parts:
        words = _ADDRESS.sub(" ", part.text) if part.kind == "text" else part.text
        if part.kind == "break":
            broken = broken or (not tail.strip() and bool(lead.strip() or strong))
        elif part.href:
            if not lead.strip() and not strong and _is_title(words):
                strong = words  # a title that links elsewhere
            elif lead.strip() or strong:
                break
        elif broken or strong:
            tail += words
        elif part.kind == "strong" and _is_title(words):
            strong = words
        else:
            lead += words
    if strong:
        return _trimmed(strong), fold(tail), broken
    lead = _BEFORE_TITLE.sub("", lead)
    if quoted := _QUOTED.match(lead):
        return _trimmed(quoted[1]), fold(tail), broken
    lead = _BLANKS.sub(" ", lead)
    cut = _SENTENCE.search(lead)
    if cut and _is_title(lead[: cut.start()]):
        tail = tail or lead[cut.end() :]
        lead = lead[: cut.start()]
    return _trimmed(lead), fold(tail), broken


def _trimmed(text: str) -> str:
    return fold(text).strip(" -–—:,;.([|*_`")


def _is_label(text: str) -> bool:
    """Tell whether a link's text says what is behind it instead of naming it."""
    words = _WORD.findall(text.lower())
    return all(
        word.strip(".'’") in _LABELS or not word[0].isalpha() or word.startswith("http") for word in words
    )


def _is_title(text: str) -> bool:
    """Tell whether a text is long enough for a title; names of models and the like are shorter."""
    if _is_label(text) or text.lstrip().lower().startswith(("http", "www.")):
        return False
    return _words(text) > 2 or _WIDE.search(text) is not None


def _words(text: str) -> int:
    return sum(word[0].isalpha() for word in _WORD.findall(text))
