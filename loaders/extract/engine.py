"""The way through the rules: text, lexicon, names, kinds, relations, results."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...graph.records import Coinage, Extraction, Mention
from .hits import Hit
from .known.coined import coinages, coined_hits, matcher_of
from .known.lexicon import Lexicon
from .known.matcher import Matcher, longest
from .known.models import may_state_sizes, own_sizes, shared_sizes, sizes_around
from .naming.definitions import Definition, definitions
from .naming.entities import Gatherer
from .naming.generic import worked_on
from .naming.introduced import Introductions
from .naming.names import tokens
from .relating.relations import Clauses, leaders
from .relating.stance import Surroundings
from .repositories import addresses
from .results.binding import results
from .text import Document, covered
from .things import Entity

_COUNT = re.compile(
    r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,5}|one|two|three|four|five|six|eight|ten|twelve|sixteen|"
    r"a single|single)(?:(?: ?[x×]|-)(?: |(?=\w))?| )(?:of (?:the |our )?|the )?"
    r"(?:(?:NVIDIA|AMD|Intel|Google|Huawei|Apple|AWS|Tesla|GeForce|consumer(?:-grade)?|commodity|desktop|server|"
    r"high-end|low-end|modern|standard|\d+ ?GB|\d+G)[ -]){0,3}$",
    re.IGNORECASE,
)
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12,
    "sixteen": 16, "a single": 1, "single": 1,
}  # fmt: skip


VERSION = 6
"""Counted up whenever the rules change what they find: graphs read by older rules are read again."""


class Reading(NamedTuple):
    """What one text names, before it is said how the paper stands to it.

    ``unsaid`` are surfaces that its definitions take from what the lexicon means by them, ``aliases`` surfaces that
    they give to known things, by id.
    """

    entities: list[Entity]
    clauses: Clauses
    first: dict[int, int]
    links: list[tuple[int, int]]
    unsaid: frozenset[str]
    aliases: list[tuple[str, str]]


class Extractor:
    """Finds what a paper proposes, uses, compares with and runs on, and quotes where it says so.

    Parameters
    ----------
    lexicon
        What is known beforehand; by default the lexicon that comes with citegraph.

    Notes
    -----
    An extractor is immutable once built, so that threads may share it. Its answer depends on nothing but the
    lexicon, the two texts and the names.
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        lexicon = lexicon if lexicon is not None else Lexicon.load()
        self._matcher = Matcher(lexicon)
        self.everyday = frozenset(entry.id for entry in lexicon.entries if entry.everyday)

    def extract(self, title: str, abstract: str, names: tuple[Coinage, ...] = ()) -> Extraction:
        """Read one paper.

        Parameters
        ----------
        title, abstract
            The texts exactly as they are stored: every span quotes them character by character.
        names
            Names in it that other papers coined.

        Returns
        -------
        Extraction
            Entities in order of appearance, results, and addresses of code and data.
        """
        document = Document(title, abstract)
        entities, clauses, first, links, *_ = self.read(document, matcher_of(names) if names else None)
        _adopt_variants(entities)
        around = Surroundings(clauses, entities, first)
        kinds = {fact.target for e in entities if e.generic for fact in e.facts}
        _state_sizes(document, entities, clauses.own_start)
        mentions = []
        for entity in entities:
            mention = _mention(document, entity, clauses, first, links, around, self.everyday, kinds)
            if mention is not None:
                mentions.append(mention)
        kept = {mention.id for mention in mentions}
        return Extraction(
            tuple(mentions),
            tuple(results(document, [e for e in entities if e.id in kept], mentions, clauses, first)),
            tuple(document.span(start, end, "address@1") for start, end in links),
            tuple(coinages(document.view, [e for e in entities if e.id in kept])),
        )

    def lexicon_hits(self, text: str) -> list[Hit]:
        """Find what the lexicon knows in a text that is no more than a name or a heading."""
        return self._matcher.scan(Document("", text))[0]

    def read(
        self, document: Document, names: Matcher | None = None, unsaid: frozenset[str] = frozenset()
    ) -> Reading:
        """Find what a text names.

        Parameters
        ----------
        names
            Names to find beside those of the lexicon.
        unsaid
            Surfaces that do not mean here what the lexicon means by them.
        """
        hits, cues = self._matcher.scan(document)
        if names is not None:
            hits = longest(document.view, hits + coined_hits(document, names))
        if unsaid:
            hits = [hit for hit in hits if document.view[hit.start : hit.end] not in unsaid]
        links = addresses(document)
        found = tokens(document)
        if links:
            hits = [hit for hit in hits if not covered(links, hit.start, hit.end)]
            found = [token for token in found if not covered(links, token.start, token.end)]
        clauses = Clauses(document, cues)
        defined = definitions(document)
        rules = Introductions(document, cues, found, defined, clauses.own_start, hits)
        introductions = rules.find()
        known = {(d.start, d.end) for d in defined}
        defined += [Definition(*pair) for pair in rules.pairs if pair[:2] not in known]
        gatherer = Gatherer(document, hits, found, introductions, defined, clauses)
        entities = gatherer.gather()
        entities = [e for e in entities if (not e.weak or e.own) and _located(document, e, hits)]
        spots = [(place.start, place.end) for entity in entities for place in entity.places]
        first = leaders(document.view, spots)
        return Reading(entities, clauses, first, links, frozenset(gatherer.unsaid), gatherer.aliases)


_AS_UNIT = re.compile(
    r"(?: GPUs?| TPUs?)?[- ](?:memory|hours?|days?|usage|utili[sz]ation|cost|costs|time|resources?|months|years|"
    r"weeks|minutes|seconds|budget|cycles|kernels?|requirements?|footprint|consumption|VRAM)(?!\w)"
)
_SPECIFIED = re.compile(
    r"(?: \(?\d+ ?GB?\)?| Tensor Core| SXM\d?| PCIe| NVL| Ada| Laptop| edge| AI| graphics| mobile)*[ -]"
)
_DEPLOYED = re.compile(r"(?<!\w)(?:on|to|for|onto|into|in) (?:[\w-]+ ){0,2}$")
_TARGETS = frozenset(["Edge device", "Smartphone", "Microcontroller"])


def _located(document: Document, entity: Entity, hits: list[Hit]) -> bool:
    """Leave out places where a class of devices is only a unit ("GPU hours") or part of a device's name."""
    if entity.label == "Hardware" and entity.properties.get("kind") == entity.name:
        view = document.view
        named = [hit.end for hit in hits if hit.label == "Hardware" and hit.id != entity.id]
        entity.places = [
            place
            for place in entity.places
            if not _AS_UNIT.match(view, place.end)
            and not any(
                0 < place.start - end < 24 and _SPECIFIED.fullmatch(view, end, place.start) for end in named
            )
        ]
    return bool(entity.places)


def _targeted(view: str, entity: Entity, places: list[tuple[int, int]]) -> bool:
    """Whether a paper that only motivates itself by a class of devices still aims at it: "LLMs to mobile devices"."""
    return entity.name in _TARGETS and any(
        _DEPLOYED.search(view, max(0, start - 32), start) for start, _ in places
    )


def _adopt_variants(entities: list[Entity]) -> None:
    """``Base-DPO`` beside a ``Base`` that the paper presents is the paper's own as well."""
    own = [(e.label, e.id.partition(":")[2] + "-") for e in entities if e.own and " " not in e.name]
    for entity in entities:
        if not entity.own and (entity.label == "Model" or not entity.known):
            key = entity.id.partition(":")[2]
            entity.own = any(
                key.startswith(base) and (not entity.known or label == entity.label) for label, base in own
            )


_SIZE_UNTOLD = re.compile(r"GPT-(?:3\.5|[4-9])|ChatGPT|Claude|Gemini|Grok|o\d(?!\w)")
"""Models whose size nobody was told: a size beside them is another's."""


def _state_sizes(document: Document, entities: list[Entity], own_start: int) -> None:
    """Give models the sizes that the text states apart from their names."""
    models = [
        entity for entity in entities if entity.label == "Model" and not _SIZE_UNTOLD.match(entity.name)
    ]
    if not models or not may_state_sizes(document):
        return
    own = {number for number, model in enumerate(models) if model.own}
    for number in own:
        places = [(place.start, place.end) for place in models[number].places]
        models[number].sizes += own_sizes(document, places, own_start, main=number == min(own))
    spots = [(place.start, number) for number, model in enumerate(models) for place in model.places]
    for number, sizes in shared_sizes(document, spots, own).items():
        models[number].sizes += sizes


def _mention(
    document: Document,
    entity: Entity,
    clauses: Clauses,
    first: dict[int, int],
    links: list[tuple[int, int]],
    around: Surroundings,
    everyday: frozenset[str],
    kinds: set[str],
) -> Mention | None:
    stated = entity.places
    if links:
        stated = [place for place in stated if not covered(links, place.start, place.end)]
    if not stated:
        return None
    places = [(place.start, place.end) for place in stated]
    sizes = list(dict.fromkeys(entity.sizes))
    if entity.label == "Model":
        for start, end in places:
            sizes += [s for s in sizes_around(document.view, start, end) if s not in sizes]
    if entity.generic:
        usual, narrowed = entity.id in everyday, entity.id in kinds
        if not worked_on(entity.name, places, clauses, first, everyday=usual, narrowed=narrowed):
            return None
    kind, sure = ("PROPOSES", 1.0) if entity.own else around.stance(entity, places)
    if entity.generic and kind == "MENTIONS":
        kind = "USES"
    if entity.label == "Hardware" and kind == "MENTIONS" and entity.properties.get("kind") == entity.name:
        if not _targeted(document.view, entity, places):
            return None
        kind = "RUNS_ON"
    count = count_of(document.view, places) if entity.label == "Hardware" else None
    spans = tuple([document.span(place.start, place.end, place.rule) for place in stated])
    return Mention(
        entity.id, entity.label, entity.name, kind, spans, entity.confidence * sure, tuple(sizes), count,
        entity.properties, entity.facts,
    )  # fmt: skip


def count_of(view: str, places: list[tuple[int, int]]) -> int | None:
    """Read how many of a device there are; "24 GB GPU" and "600 GPU hours" count none."""
    for start, end in places:
        match = _COUNT.search(view, max(0, start - 48), start)
        if match and not _AS_UNIT.match(view, end):
            text = match[1].lower()
            return _NUMBERS.get(text) or int(text.replace(",", ""))
    return None
