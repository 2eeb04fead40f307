"""The values that flow through citegraph: what loaders read, what extractors find, what the graph holds.

Reading order is the way of the data: a :class:`Paper` record comes from a loader, an :class:`Extraction` is
what its text says, :class:`Node` and :class:`Edge` are what the graph keeps of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen, slots):
        """Make a class of records: frozen as far as type checkers see, at run time a quarter of the cost.

        A source has records by the million, a text a dozen findings, and a frozen dataclass sets every field
        through a call.
        """
        return dataclass(slots=slots, unsafe_hash=frozen)


# --- what loaders read -------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class Author:
    """One author as a source names them."""

    name: str
    orcid: str | None = None


@record(frozen=True, slots=True)
class Reference:
    """One entry of a paper's reference list, identified as far as the source identifies it.

    ``contexts`` are the sentences that cite it, ``intents`` what they cite it for (CiTO terms), ``raw`` the
    reference string as printed, ``also`` further identity keys as in :class:`Paper`, ``influential`` whether the
    source counts it among those the paper rests on.
    """

    title: str | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    openalex_id: str | None = None
    s2_id: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()
    raw: str | None = None
    contexts: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    influential: bool | None = None


@record(frozen=True, slots=True)
class Section:
    """A part of a paper's body: its heading, as a path where it lies in others, and its text as it will be quoted."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source states of a paper in so many words of its own: a row of a results table, a dataset it introduces.

    Attributes
    ----------
    text
        The statement on one line, as it will be quoted; ``name`` (and ``value``) occur in it.
    label, name
        The Method, Model, Benchmark or Hardware it is about.
    relation
        The paper's relation to it, an edge type of the schema.
    metric, value, model
        A number the paper reports on the Benchmark ``name``, and what reached it.
    """

    text: str
    label: str
    name: str
    relation: str
    metric: str | None = None
    value: str | None = None
    model: str | None = None


@record(frozen=True, slots=True)
class Paper:
    """One record as one source gives it; identifiers are already in normal form (see ``graph.identity``).

    Attributes
    ----------
    title, abstract
        Stored exactly as they will be quoted: evidence offsets count characters of these strings. The title is
        empty where the source knows the paper by an identifier alone.
    also
        Further identity keys, in normal form: ``doi:10.…`` of another version, ``s2:CorpusId:…``, ``acl:…``,
        ``dblp:…``, ``openreview:…``, ``pmid:…``, ``pmcid:…``.
    date
        ISO 8601 day of publication, ``YYYY-MM-DD``; ``year`` alone where no day is known.
    keywords
        Topics the source itself offers; they are not extracted.
    organizations
        Names of the institutions the source credits.
    tasks
        Names of the tasks the source says it works on.
    kind
        What kind of work the source says it is: article, preprint, book, dataset, ….
    retracted
        True where the source says so.
    sections
        The body, part by part, in its order.
    statements
        What the source states of it beside its texts.
    line
        1-based line (or element number) in the source, for messages; not part of the paper.
    """

    title: str
    abstract: str = ""
    arxiv_id: str | None = None
    doi: str | None = None
    openalex_id: str | None = None
    s2_id: str | None = None
    authors: tuple[Author, ...] = ()
    year: int | None = None
    date: str | None = None
    venue: str | None = None
    url: str | None = None
    upvotes: int | None = None
    repositories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    also: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    kind: str | None = None
    retracted: bool | None = None
    sections: tuple[Section, ...] = ()
    statements: tuple[Statement, ...] = ()
    line: int | None = field(default=None, compare=False)


# --- what extractors find ----------------------------------------------------------------------------------


class _Sent:
    """Goes from process to process as class and fields: a tenth of what dataclasses do by themselves."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, name) for name in self.__match_args__)  # type: ignore[attr-defined]


@record(frozen=True, slots=True)
class Span(_Sent):
    """A quotation: characters ``[start, end)`` of the paper's ``field`` read ``text``, found by ``extractor``."""

    field: str
    start: int
    end: int
    text: str
    extractor: str


@record(frozen=True, slots=True)
class Fact(_Sent):
    """A curated statement about an entity that holds whatever a paper says: A100 MADE_BY NVIDIA.

    ``facts`` are the statements about the target in turn: QLoRA KIND_OF LoRA, LoRA KIND_OF PEFT.
    """

    type: str
    target: str
    target_label: str
    target_name: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()


@record(frozen=True, slots=True)
class Mention(_Sent):
    """One entity of one paper, with the paper's relation to it and every place that names it.

    ``id`` is the node id (``model:llama-2``), ``relation`` an edge type of the schema, ``sizes`` the parameter
    sizes stated for a Model, ``count`` the number of devices stated for Hardware. ``properties`` are those of
    the entity itself: ``generic``, ``family``, ``version``, ``variant``, ``kind``.
    """

    id: str
    label: str
    name: str
    relation: str
    spans: tuple[Span, ...]
    confidence: float = 1.0
    sizes: tuple[str, ...] = ()
    count: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()


@record(frozen=True, slots=True)
class ResultClaim(_Sent):
    """A number the paper claims for itself; ``of``, ``on``, ``against``, ``hardware`` and ``model`` are node ids.

    ``model`` is the Model on which a number of a Method was measured.
    """

    metric: str
    value: str
    quote: Span
    unit: str | None = None
    higher_is_better: bool | None = None
    of: str | None = None
    on: str | None = None
    against: str | None = None
    hardware: str | None = None
    baseline: str | None = None
    model: str | None = None


@record(frozen=True, slots=True)
class Coinage(_Sent):
    """A name that a paper introduces, as it is written (``surface``), and the node it means."""

    surface: str
    label: str
    id: str
    name: str


@record(frozen=True, slots=True)
class Text(_Sent):
    """What an extractor reads of a paper; ``names`` are those in it that other papers coined."""

    title: str
    abstract: str
    names: tuple[Coinage, ...] = ()
    sections: tuple[Section, ...] = ()
    statements: tuple[Statement, ...] = ()


@record(frozen=True, slots=True)
class Extraction(_Sent):
    """All that one paper's text says: entities, results and the addresses of its code and data.

    ``coined`` are the names it introduces that are distinctive enough to be looked for in other papers.
    """

    mentions: tuple[Mention, ...] = ()
    results: tuple[ResultClaim, ...] = ()
    repositories: tuple[Span, ...] = ()
    coined: tuple[Coinage, ...] = ()


# --- what the graph keeps ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an asserted edge exists: a :class:`Span` and the ``source`` whose text it quotes."""

    source: str
    field: str
    start: int
    end: int
    text: str
    extractor: str

    def dumps(self) -> str:
        """Return the evidence as the JSON string that stores keep."""
        return orjson.dumps(self).decode()

    @classmethod
    def loads(cls, text: str) -> Evidence:
        """Read an evidence back from the JSON string that stores keep."""
        return cls(**orjson.loads(text))


@dataclass(frozen=True, slots=True)
class Node:
    """A typed node; ``properties`` hold scalars and lists of scalars."""

    id: str
    label: str
    properties: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name a person would call it."""
        return str(self.properties.get("name", self.id))


@dataclass(frozen=True, slots=True)
class Edge:
    """A typed edge; there is at most one of a type between two nodes."""

    source: str
    type: str
    target: str
    properties: Mapping[str, Any]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The quotations that assert this edge; empty for curated, inferred and structural edges."""
        return tuple(Evidence.loads(item) for item in self.properties.get("evidence", ()))
