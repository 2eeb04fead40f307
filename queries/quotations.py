"""Evidence as a reader wants it: the quoted words inside the sentence they were taken from.

Evidence holds offsets into the text stored on the Paper, so the sentence is computed when asked for and
never stored. Where the stored text does not have the quoted words at that place (another source's text took
over, or a full text that is not kept), the quotation stands without a sentence; it is never moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..graph.records import Edge, Evidence, Node
from ..graph.store import Store
from .rows import Row, label_of

# A full stop, question or exclamation mark, perhaps a closing quote or bracket, white space, and then
# something that can open a sentence. Decimal points ("2.7x") and dots in names ("llama.cpp") have no space after
# them.
_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[$\\]*[A-Z0-9À-ÞΑ-Ω一-鿿])|\n\s*\n|[。！？]")
_NOT_AN_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|resp|etc|al|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|No|Dr|Prof|approx|w\.r\.t|St)|\b[A-Z])\.$"
)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Quotation(Row):
    """One evidence of one paper, with the sentence around it.

    Attributes
    ----------
    paper
        Id of the paper whose text is quoted.
    source, field, start, end, text, extractor
        As in :class:`citegraph.graph.records.Evidence`.
    sentence
        The sentence that holds the quoted words; the words alone where the stored text lacks them there.
    at
        Where in ``sentence`` the quoted words begin.
    """

    paper: str
    source: str
    field: str
    start: int
    end: int
    text: str
    extractor: str
    sentence: str
    at: int

    def marked(self, left: str = "«", right: str = "»") -> str:
        """Return the sentence on one line with the quoted words between two marks.

        Examples
        --------
        >>> Quotation("arxiv:1", "s", "abstract", 3, 7, "LoRA", "x@1", "We use LoRA here.", 7).marked()
        'We use «LoRA» here.'
        """
        end = self.at + len(self.text)
        marked = f"{self.sentence[: self.at]}{left}{self.sentence[self.at : end]}{right}{self.sentence[end:]}"
        return " ".join(marked.split())

    def __str__(self) -> str:
        return self.marked()


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the sentence around characters ``[start, end)`` of a text.

    A rule of punctuation, abbreviations and capitals, not a model: wrong bounds show a reader a little more
    or a little less. A sentence longer than 1,000 characters is cut around the quoted words.

    Examples
    --------
    >>> text = "It is fast, e.g. on A100. We use LoRA 2.0 here. Done."
    >>> first, last = sentence_bounds(text, 33, 37)
    >>> text[first:last]
    'We use LoRA 2.0 here.'
    """
    floor, ceiling = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    first, last = floor, ceiling
    for match in _BREAK.finditer(text, floor, ceiling):
        stop = match.start() + len(match.group().rstrip())
        if _NOT_AN_END.search(text, max(0, stop - 8), stop) and not match.group().isspace():
            continue
        if match.end() <= start:
            first = match.end()
        elif stop >= end:
            last = stop
            break
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def quotation(paper: Node, evidence: Evidence) -> Quotation:
    """Set one evidence into its sentence."""
    start, end = evidence.start, evidence.end
    text = paper.properties.get(evidence.field)
    sentence, at = evidence.text, 0
    if isinstance(text, str) and text[start:end] == evidence.text:
        first, last = sentence_bounds(text, start, end)
        sentence, at = text[first:last], start - first
    return Quotation(
        paper.id,
        evidence.source,
        evidence.field,
        start,
        end,
        evidence.text,
        evidence.extractor,
        sentence,
        at,
    )


def quotations(store: Store, edge: Edge, paper: Node | None = None) -> tuple[Quotation, ...]:
    """Return the evidence of an edge as quotations; empty for edges that no text asserts.

    ``paper`` saves a look-up where the caller already holds the node the edge leaves.
    """
    if not edge.properties.get("evidence"):
        return ()
    if paper is None and label_of(edge.source) == "Paper":
        paper = store.node(edge.source)
    if paper is None:
        paper = Node(edge.source, label_of(edge.source), {})
    return tuple(quotation(paper, evidence) for evidence in edge.evidence)


def first_words(quoted: Iterable[Quotation], limit: int = 3) -> str:
    """Say the first few quotations in one cell of a table."""
    return " … ".join(item.marked() for item in list(quoted)[:limit])
