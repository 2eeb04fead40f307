"""The whole of a paper: what its body and the statements about it say beside title and abstract.

Title and abstract are read as ever, and alone say what the paper proposes and which numbers it claims. The body adds
what it names, piece by piece, and how the paper stands to it where its sections report what was done; sections that
introduce, survey or conclude name things in passing. What sources state in so many words is taken as they state it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ....graph.body import starts_of
from ....graph.records import Coinage, Extraction, Fact, Mention, Section, Span, Text
from ....graph.schema import RELATIONS
from ..engine import Extractor, Reading, count_of
from ..hits import Hit
from ..known.coined import RULE, compiled
from ..known.matcher import Matcher
from ..known.models import sizes_around
from ..naming.names import is_humped
from ..relating.relations import votes
from ..text import Document
from ..things import Entity, Place, key_of
from .sections import Part, parts, pieces
from .stance import stance
from .stated import Stated, add_statements

MOST_SPANS = 20
"""Quotations of one entity from the body; a name that stands there hundreds of times needs no more."""

_MOST_NAMES = 200
"""Names of one paper looked for again in its body."""

_SURE = {"experiments": 0.85, "other": 0.8, "background": 0.75}
"""How far the clause of one place is believed, by the part it stands in."""

_INTRODUCED = "introduced@"
"""How the rule begins that finds what a paper calls its own: "our TinyLoom", "we present TinyLoom"."""

_AGAIN = "recurrence@1"
"""On the evidence of a name that title, abstract or an earlier place of the body has made known."""


def read(extractor: Extractor, text: Text) -> Extraction:
    """Read title, abstract, body and statements of one paper.

    Where there is neither body nor statement the result is that of :meth:`Extractor.extract`.
    """
    return extend(extractor, text, extractor.extract(text.title, text.abstract, text.names))


def extend(extractor: Extractor, text: Text, extraction: Extraction) -> Extraction:
    """Add what body and statements say to what title and abstract said, by whatever these were read."""
    if text.sections:
        extraction = _Body(extractor, text, extraction).added()
    if text.statements:
        extraction = add_statements(Stated(extractor.lexicon_hits), text.statements, extraction)
    return extraction


# --- reading the pieces ------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A stretch of the body as the rules read it; ``start`` is where it begins in the body."""

    part: Part
    start: int
    document: Document
    reading: Reading


class _Vote(NamedTuple):
    """What one place says, whether in so many words, and its quotation."""

    relation: str
    firm: bool
    part: Part
    span: Span


@dataclass(slots=True)
class _Thing:
    """One thing that the body names."""

    label: str
    id: str
    name: str
    properties: dict[str, Any]
    facts: tuple[Fact, ...]
    known: bool
    confidence: float
    cited: bool = False
    own: bool = False
    votes: list[_Vote] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    count: int | None = None

    @property
    def generic(self) -> bool:
        return self.label == "Method" and bool(self.properties.get("generic"))


_CITED = re.compile(r"s? ?(?:\[\s*\d|\((?:[^()]{2,120}[ ,])?(?:19|20)\d\d[a-z]?\b|\([A-Z][\w-]+ et al)")
_AUTHOR = re.compile(
    r"(?:'s)? (?:et al|and [A-Z]|& [A-Z])|, (?:et al|[A-Z]\.|(?:19|20)\d\d)| \((?:19|20)\d\d"
)
_OFTEN = 4
"""Places at which a class of techniques is used without any saying so outright."""

_NAME = re.compile(r"[A-Za-z][\w.-]*\+*(?: [\w.-]+)*")
_OF_OTHERS = ("COMPARED_WITH", "BUILDS_ON")
_BROKEN = re.compile(r"[a-z]-[a-z]")
"""A hyphen at which a line was broken in print: ``Effi-cientNet``."""

_CAPITALS_INSIDE = re.compile(r"[A-Za-z][A-Z]")
_DEVICE = re.compile(
    r"[- ](?:\w+ )?(?:[GCTN]PU|FPGA|SoC|[Cc]hip|[Pp]rocessor|[Bb]oard|[Dd]evice|[Aa]ccelerator|[Pp]hone)s?(?!\w)"
)
_LABELLED = re.compile(r"(?:Fig|Tab|Eq|Sec|Alg|App|Figs|Tabs|Eqs|Secs|Thm|Lem|Prop|Def|Ref)s?$")


class _Body:
    """The body of one paper."""

    def __init__(self, extractor: Extractor, text: Text, extraction: Extraction) -> None:
        self.extractor, self.extraction = extractor, extraction
        self.mentions = {mention.id: mention for mention in extraction.mentions}
        self.own = [m for m in extraction.mentions if m.relation == "PROPOSES"]
        self.titled = _initials_of(text.title.partition(":")[0])
        self.by_key: dict[str, str] = {}
        names: dict[str, Coinage] = {name.surface: name for name in text.names}
        for mention in extraction.mentions:
            for surface in dict.fromkeys(_plain(span.text) for span in mention.spans):
                self.by_key.setdefault(key_of(surface), mention.id)
                if len(surface) > 1 and len(names) < _MOST_NAMES and not mention.properties.get("generic"):
                    names[surface] = Coinage(surface, mention.label, mention.id, mention.name)
            self.by_key.setdefault(key_of(mention.name), mention.id)
        self.things: dict[str, _Thing] = {}
        self.pieces = list(self._read(text, compiled(tuple(names.values())) if names else None))

    def _read(self, text: Text, names: Matcher | None) -> Iterator[_Piece]:
        extractor = self.extractor
        unsaid = extractor.read(Document(text.title, text.abstract)).unsaid | self._initials()
        for said in (text.abstract, *(section.text for section in text.sections)):
            unsaid |= set(_FUNCTION.findall(said))
        self.unsaid = unsaid
        starts = starts_of([section.text for section in text.sections])
        for part, begin, section in zip(self._parts(text.sections), starts, text.sections, strict=True):
            for at, piece in pieces(section.text):
                document = Document("", piece)
                reading = extractor.read(document, names, unsaid)
                unsaid |= reading.unsaid
                yield _Piece(part, begin + at, document, reading)

    def _initials(self) -> frozenset[str]:
        """Return the initials of the paper's own long names, which mean these: FL is Focal Loss in its paper."""
        surfaces = {_plain(span.text) for mention in self.own for span in mention.spans}
        return frozenset(initials for surface in surfaces if len(initials := _initials_of(surface)) > 1)

    def _parts(self, sections: Sequence[Section]) -> list[Part]:
        return parts(
            sections,
            lambda heading: any(h.label == "Benchmark" for h in self.extractor.lexicon_hits(heading)),
        )

    def added(self) -> Extraction:
        """Return the extraction with what the body says."""
        for piece in self.pieces:
            self._take(piece)
        self._look_again()
        for piece in self.pieces:
            self._hear(piece)
        self._forget_abbreviations()
        mentions = [self._joined(m) for m in self.extraction.mentions if not self._means_another(m)]
        mentions += [made for thing in self.things.values() if (made := self._mention(thing)) is not None]
        return replace(self.extraction, mentions=tuple(mentions))

    # --- what is named ---

    def _take(self, piece: _Piece) -> None:
        """Make the entities of a piece things of the body."""
        view = piece.document.view
        for entity in piece.reading.entities:
            if entity.known:
                entity.places = [p for p in entity.places if not _by_chance(view[p.start : p.end], entity)]
                if not entity.places:
                    continue
            else:
                entity.places = [p for p in entity.places if not _AUTHOR.match(view, p.end)]
                if not entity.places or not self._may_be(view, entity):
                    entity.places = []
                    continue
                self._mend(entity)
            entity.id = self._id(entity)
            thing = self.things.get(entity.id)
            if thing is None:
                mention = self.mentions.get(entity.id)
                of = mention if mention is not None else entity
                thing = self.things[entity.id] = _Thing(
                    of.label, of.id, of.name, dict(of.properties), of.facts,
                    entity.known or mention is not None, entity.confidence,
                )  # fmt: skip
            thing.known = thing.known or entity.known
            thing.own = thing.own or self._is_own(view, entity)
            thing.cited = thing.cited or any(_CITED.match(view, p.end) for p in entity.places)

    def _is_own(self, view: str, entity: Entity) -> bool:
        """Whether the paper calls a thing its own, "our TinyLoom"; what a list knows only if it is in the title."""
        titled = entity.name.upper() == self.titled
        return any(
            place.rule.startswith(_INTRODUCED)
            or (titled and view[max(0, place.start - 4) : place.start].lower() == "our ")
            for place in entity.places
        )

    def _mend(self, entity: Entity) -> None:
        """Take what a broken line made of a known name for the name."""
        if _BROKEN.search(entity.name):
            whole = entity.name.replace("-", "")
            hits = [h for h in self.extractor.lexicon_hits(whole) if h.end - h.start >= len(whole)]
            if hits:
                entity.label, entity.id, entity.name = hits[0].label, hits[0].id, hits[0].name
                entity.properties, entity.facts, entity.known = dict(hits[0].properties), hits[0].facts, True

    def _id(self, entity: Entity) -> str:
        """Return the node an entity is: of two spellings of one name that of the title, abstract or lexicon."""
        if entity.id in self.mentions:
            return entity.id
        key = key_of(entity.name)
        known = self.by_key.get(key)
        if known is not None and (known.partition(":")[0] == entity.label.lower() or not entity.known):
            return known
        if entity.known or known is None:
            self.by_key[key] = entity.id
        return entity.id

    def _may_be(self, view: str, entity: Entity) -> bool:
        """Whether a name no list knows may be another's: what is the paper's own say title and abstract."""
        name = entity.name
        if entity.own or not _NAME.fullmatch(name) or _LABELLED.match(name):
            return key_of(name) in self.by_key
        if entity.label == "Hardware" and not any(_DEVICE.match(view, place.end) for place in entity.places):
            return False
        return sum(c.isalpha() for c in name) >= 3 and not any(
            name.startswith((m.name + "-", m.name + " ")) for m in self.own
        )

    def _look_again(self) -> None:
        """Find in every piece what only one of them defines, explains or cites."""
        names: dict[str, Coinage] = {}
        for piece in self.pieces:
            view = piece.document.view
            by_id = {entity.id: entity for entity in piece.reading.entities}
            pairs = [pair for pair in piece.reading.aliases if pair[1] in by_id]
            for entity in piece.reading.entities:
                if not entity.known and entity.places and self.things[entity.id].cited:
                    pairs += [(view[p.start : p.end], entity.id) for p in entity.places]
            for surface, node in pairs:
                thing = self.things.get(node)
                if thing is not None and len(names) < _MOST_NAMES and len(surface) > 2:
                    names.setdefault(surface, Coinage(surface, thing.label, thing.id, thing.name))
        if not names:
            return
        matcher = compiled(tuple(names.values()))
        for piece in self.pieces:
            hits, _ = matcher.scan(piece.document)
            if hits:
                self._give(piece, [hit for hit in hits if hit.id in self.things])

    @staticmethod
    def _give(piece: _Piece, hits: Iterable[Hit]) -> None:
        """Add the places of hits that no entity of the piece has."""
        entities = piece.reading.entities
        taken = bytearray(len(piece.document.view))
        for entity in entities:
            for place in entity.places:
                taken[place.start : place.end] = b"\x01" * (place.end - place.start)
        by_id = {entity.id: entity for entity in entities}
        for hit in hits:
            if 1 in taken[hit.start : hit.end] or _AUTHOR.match(piece.document.view, hit.end):
                continue
            if hit.id not in by_id:
                entities.append(by_id.setdefault(hit.id, Entity(hit.label, hit.id, hit.name)))
            by_id[hit.id].places.append(Place(hit.start, hit.end, _AGAIN))
            piece.reading.first.setdefault(hit.start, hit.start)

    def _forget_abbreviations(self) -> None:
        """Take no abbreviation for what a list knows by it, where it is that of what the paper names in full."""
        surfaces = {node: {vote.span.text for vote in thing.votes} for node, thing in self.things.items()}
        meant: dict[str, set[str]] = {}
        for node, said in surfaces.items():
            for surface in said:
                meant.setdefault(_initials_of(surface), set()).add(node)
        for node, said in surfaces.items():
            thing = self.things[node]
            if thing.known and node not in self.mentions and all(map(_SHORT.fullmatch, said)):
                thing.votes = [vote for vote in thing.votes if not meant.get(vote.span.text, set()) - {node}]

    def _means_another(self, mention: Mention) -> bool:
        """Whether the abstract names a thing by an abbreviation alone that the body shows to mean another."""
        said = {span.text for span in mention.spans}
        return mention.relation != "PROPOSES" and said <= self.unsaid and all(map(_SHORT.fullmatch, said))

    # --- how the paper stands to it ---

    def _hear(self, piece: _Piece) -> None:
        """Let every place of a piece say how the paper stands to what it names."""
        document, reading = piece.document, piece.reading
        reading.clauses.own_start = document.split
        for entity in reading.entities:
            thing = self.things.get(entity.id)
            if thing is None or not entity.places:
                continue
            entity.label, entity.properties = thing.label, thing.properties
            places = [(place.start, place.end) for place in entity.places]
            corpus = thing.properties.get("kind") == "corpus"
            said = votes(thing.label, thing.generic, places, reading.clauses, reading.first, corpus=corpus)
            for place, vote in zip(entity.places, said, strict=True):
                relation, firm = stance(piece.part, vote, place.start, place.end, reading)
                rule = _AGAIN if place.rule == RULE and entity.id in self.mentions else place.rule
                found = document.span(place.start, place.end, rule)
                span = replace(
                    found, field="body", start=found.start + piece.start, end=found.end + piece.start
                )
                thing.votes.append(_Vote(relation, firm, piece.part, span))
            if piece.part != "background":
                self._measure(thing, entity, document, places)

    @staticmethod
    def _measure(thing: _Thing, entity: Entity, document: Document, places: list[tuple[int, int]]) -> None:
        """Take sizes of models and numbers of devices from where the paper speaks of what it did."""
        if thing.label == "Model":
            stated = [*entity.sizes, *(s for p in places for s in sizes_around(document.view, *p))]
            thing.sizes += [size for size in dict.fromkeys(stated) if size not in thing.sizes]
        elif thing.label == "Hardware" and thing.count is None:
            thing.count = count_of(document.view, places)

    def _joined(self, mention: Mention) -> Mention:
        """Return what title and abstract say of a thing with what the body adds."""
        thing = self.things.pop(mention.id, None)
        if thing is None or not thing.votes:
            return mention
        relation, done = _settled(thing)
        stronger = RELATIONS.index(relation) < RELATIONS.index(mention.relation)
        if not (stronger and done and _most(thing, relation)):
            relation = mention.relation
        spans = _chosen(thing, relation)
        deciding = relation != mention.relation
        return replace(
            mention,
            relation=relation,
            spans=(*spans, *mention.spans) if deciding else (*mention.spans, *spans),
            confidence=mention.confidence * (_SURE["experiments"] if deciding else 1.0),
            sizes=tuple(dict.fromkeys((*mention.sizes, *thing.sizes))),
            count=mention.count if mention.count is not None else thing.count,
        )

    def _mention(self, thing: _Thing) -> Mention | None:
        """Return a thing that the body alone names, where it is sure enough that it is one."""
        if not thing.votes or not self._counts(thing):
            return None
        relation, _ = _settled(thing)
        if thing.own and thing.label in ("Method", "Model") and thing.name.upper() == self.titled:
            relation = "PROPOSES"
            thing.votes = [vote._replace(relation=relation) for vote in thing.votes]
        if (
            thing.label == "Hardware"
            and relation == "MENTIONS"
            and thing.properties.get("kind") == thing.name
        ):
            return None
        spans = _chosen(thing, relation)
        part = next(vote.part for vote in thing.votes if vote.relation == relation)
        return Mention(
            thing.id, thing.label, thing.name, relation, spans, thing.confidence * _SURE[part],
            tuple(thing.sizes), thing.count, thing.properties, thing.facts,
        )  # fmt: skip

    def _counts(self, thing: _Thing) -> bool:
        if thing.generic:
            return thing.id not in self.extractor.everyday and _worked_on(thing)
        return thing.known or _is_sure(thing)


_FUNCTION = re.compile(r"(?<![\w-])([A-Z]{2,3})\((?!s\))(?:[a-z](?: ?[a-z0-9])?|[A-Z])(?: ?[,)]| \))")
"""An abbreviation with its argument, as in a formula: ``FL(pt)``."""

_SHORT = re.compile(r"[A-Z]{2,3}")
_LOOSE_LETTER = re.compile(r"[a-z] [A-Z]")
"""An index of a formula before a name: ``L i Transformer``."""


def _initials_of(name: str) -> str:
    """Return the initials of a name of several words in capitals; of one word, nothing."""
    words = re.findall(r"[A-Za-z]+", name)
    return "".join(word[0].upper() for word in words) if len(words) > 1 else ""


def _by_chance(text: str, entity: Entity) -> bool:
    """Whether ordinary words only spell a name: "Multiple" is no MultiPL-E, "the x" no THE-X."""
    name = entity.name
    if _LOOSE_LETTER.match(text) and not _LOOSE_LETTER.match(name):
        return True
    return (
        "-" in name
        and text[1:].islower()
        and text.replace(" ", "").isalpha()
        and _CAPITALS_INSIDE.search(name) is not None
        and not entity.generic
    )


def _plain(surface: str) -> str:
    return Document(surface, "").view[:-1]


def _is_sure(thing: _Thing) -> bool:
    """Whether a name no list knows is one: cited as a work, or often there and of no shape by chance."""
    return thing.cited or (len(thing.votes) >= 3 and is_humped(thing.name))


def _worked_on(thing: _Thing) -> bool:
    """Whether the body works with a class of techniques, not only names it."""
    used = [vote for vote in thing.votes if vote.relation != "MENTIONS"]
    return len(used) >= _OFTEN or any(vote.firm for vote in used)


def _settled(thing: _Thing) -> tuple[str, bool]:
    """Return the first of the schema's relations that enough places vote for, and whether an experiment does.

    What a paper calls its own is what others are compared with, not the other way round.
    """
    said = (vote.relation for vote in thing.votes)
    found = Counter("MENTIONS" if thing.own and one in _OF_OTHERS else one for one in said)
    weight = sum(found.values()) - found["MENTIONS"]
    for relation in RELATIONS:
        if relation == "MENTIONS" or (found[relation] * 4 >= weight > 0 and found[relation]):
            done = any(v.part == "experiments" for v in thing.votes if v.relation == relation)
            return relation, done
    return "MENTIONS", False


def _most(thing: _Thing, relation: str) -> bool:
    """Whether what the places of a thing say, beside naming it, is for the most part this."""
    said = [vote.relation for vote in thing.votes if vote.relation != "MENTIONS"]
    return said.count(relation) * 2 >= len(said)


def _chosen(thing: _Thing, relation: str) -> tuple[Span, ...]:
    """Quote a limited number of places, those first that say what was settled."""
    said = sorted(thing.votes, key=lambda vote: vote.span.start)
    ordered = sorted(said, key=lambda vote: vote.relation != relation)
    return tuple(vote.span for vote in ordered[:MOST_SPANS])
