"""Evidence as a reader wants it: the quoted words inside the sentence they were taken from.

Evidence holds offsets into the text stored on the Paper, so the sentence is computed when asked for and
never stored. Where the stored text does not have the quoted words at that place (another source's text took
over, or a full text that is not kept), the quotation stands without a sentence; it is never moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..graph.body import section_at
from ..graph.records import Edge, Evidence, Node
from ..graph.sentences import sentence_bounds
from ..graph.store import Store
from .rows import Row, label_of


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
    section
        Heading of the section of the body that holds them; empty for other fields.
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
    section: str = ""

    @property
    def place(self) -> str:
        """Where the quotation stands, as one says it: ``abstract``, ``body, Experiments``.

        Examples
        --------
        >>> Quotation("arxiv:1", "s", "body", 3, 7, "LoRA", "x@1", "LoRA", 0, "Experiments").place
        'body, Experiments'
        """
        return f"{self.field}, {self.section}" if self.section else self.field

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


def quotation(paper: Node, evidence: Evidence) -> Quotation:
    """Set one evidence into its sentence."""
    start, end = evidence.start, evidence.end
    text = paper.properties.get(evidence.field)
    sentence, at, section = evidence.text, 0, ""
    if isinstance(text, str) and text[start:end] == evidence.text:
        first, last = (
            _line(text, start, end) if evidence.field == "statements" else sentence_bounds(text, start, end)
        )
        sentence, at = text[first:last], start - first
        outline = paper.properties.get("sections")
        if evidence.field == "body" and isinstance(outline, (list, tuple)):
            section = section_at(outline, start)
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
        section,
    )


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the statement around some of its characters: each is a line."""
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, last if last >= 0 else len(text)


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
