"""What goes between the graph and a service: papers asked for, requests about them, and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ...graph.records import Paper
from .http import Reply
from .policy import Policy


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper of the graph as services are asked for it.

    Attributes
    ----------
    id
        Its node id.
    title
        Empty where the graph knows it by an identifier alone.
    also
        Further identity keys, as in :class:`citegraph.graph.records.Paper`.
    surnames
        Last words of the authors' normalised names.
    anchor
        The best identity key that files know it by; what services say is joined to that, so that it stays with the
        paper whatever else becomes known of it, or is taken away again.
    lacks
        What the graph does not know of it: ``abstract``, ``references``, ``doi``, …
    """

    id: str
    title: str
    arxiv_id: str | None = None
    doi: str | None = None
    openalex_id: str | None = None
    s2_id: str | None = None
    also: tuple[str, ...] = ()
    year: int | None = None
    surnames: frozenset[str] = frozenset()
    anchor: str = ""
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ask:
    """A request about some papers; ``more`` where it asks on, for the next page of what has been answered."""

    path: str
    papers: tuple[Wanted, ...]
    parameters: Mapping[str, str] | None = None
    json: Any = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service says of one paper.

    Attributes
    ----------
    paper
        The node id that was asked for.
    record
        What it says; None where it has nothing, or nothing that is believed.
    reason
        Why what it says is not believed, or why there is no answer.
    unanswered
        Whether there was no answer at all, so that it is worth asking again.
    more
        Whether this is a further record about a paper that is counted already, such as a work that cites it.
    """

    paper: str
    record: Paper | None
    reason: str = ""
    unanswered: bool = False
    more: bool = False


class Service(Protocol):
    """One service: how it is asked and how it answers.

    Attributes
    ----------
    name
        As ``--from`` takes it.
    format
        Name of the loader whose records it sends.
    """

    name: str
    format: str
    policy: Policy

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield the requests by which to ask about papers, as few as it allows; for works citing them, too."""
        ...

    def smaller(self, ask: Ask) -> Iterator[Ask]:
        """Yield requests for less in place of one that was refused; none where it asks for one paper."""
        ...

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read an answer: one :class:`Answer` for each paper asked about, further ones, and requests that ask on."""
        ...
