"""Nothing is believed that the text does not say: from the answer of a model to an extraction.

An answer is hostile until it is verified. A mention counts where its very letters stand in the title or the
abstract, as a word of its own; a size where the text states it; a result where its value stands in its quotation and
the quotation in the text. Types and relations are those of the schema. All that reaches the graph is cut out of the
stored text or known to the lexicon. What fails is dropped, and counted by reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...graph.records import Extraction, Mention, ResultClaim, Span
from ...graph.schema import RELATIONS
from ..extract.candidates import Entity, Place
from ..extract.coined import coinages
from ..extract.models import size as size_of
from .identity import Context, Names, Thing, is_name, new, settle, split_size
from .prompt import BETTER, LISTS, RELATIONS_OF

CONFIDENCE = 0.9

MALFORMED = "not of the asked-for form"
ABSENT = "not in the text"
NO_NAME = "not a name"
INSIDE = "part of another name"
RELATION = "a type or relation that cannot be"
SIZE = "a size not in the text"
RESULT = "a result not in the text"
DETAIL = "a detail of a result not in the text"

_MOST = 60
"""Entries of one list, mentions of one thing: beyond what a title and an abstract can name."""
_MOST_CHARACTERS = 120
_MOST_QUOTED = 300

_SIZED = re.compile(r"(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?) ?-?(B|M|T|billion|million|trillion)", re.IGNORECASE)
_UNITS = {"B": "(?:[Bb]|[Bb]illion)", "M": "(?:[Mm]|[Mm]illion)", "T": "(?:T|[Tt]rillion)"}
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?<![.,])(?: ?(?:-|–|to) ?\d[\d.,]*(?<![.,]))?")
_BEFORE_UNIT = " -\\$"
_TIMES = re.compile(r"x|×|times")
_AFFIX = (
    r"\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[BbMm]\b|[A-Z][a-z]*(?:ed|ing|ent|ic|ive)\b|"
    r"(?:Based|Style|Like|Aware|Free|Level|Wise|Only|Type|Scale|Specific|Friendly)\b"
)
"""What may be joined to a name by a hyphen without making it another name."""


@dataclass(slots=True)
class _Place:
    start: int
    end: int
    thing: Thing
    entry: int


@dataclass(slots=True)
class _Entry:
    """One entry of the answer, as far as it has the right form."""

    label: str
    mentions: list[str]
    relation: str
    generic: bool
    sizes: list[str]
    found: bool = False


@dataclass(slots=True)
class Verified:
    """What is left of an answer, and how much was dropped for which reason."""

    extraction: Extraction
    dropped: Counter[str] = field(default_factory=Counter)


def verify(
    answer: Mapping[str, Any], context: Context, ruled: Extraction, names: Names, extractor: str
) -> Verified:
    """Keep of an answer what the text says.

    Parameters
    ----------
    answer
        What the model sent: anything at all.
    context
        The text, and what is known of its places.
    ruled
        What the rules find in it, for the addresses, which need no model.
    names
        The lexicon.
    extractor
        What the spans say they were found by.
    """
    return _Verifier(context, names, extractor).run(answer, ruled)


class _Verifier:
    def __init__(self, context: Context, names: Names, extractor: str) -> None:
        self.context, self.names, self.extractor = context, names, extractor
        self.text = context.text
        self.split = context.split  # where the abstract begins
        self.dropped: Counter[str] = Counter()

    def run(self, answer: Mapping[str, Any], ruled: Extraction) -> Verified:
        entries = list(self._entries(answer))
        places = self._longest(
            [place for index, entry in enumerate(entries) for place in self._places(index, entry)]
        )
        mentions = self._mentions(entries, places)
        self._count_lost(entries, places)
        links = self._links(entries, places)
        labels = {mention.id: mention.label for mention in mentions}
        results = tuple(self._results(answer, links, labels))
        coined = tuple(coinages(self.text, self._introduced(mentions, places)))
        return Verified(Extraction(mentions, results, ruled.repositories, coined), self.dropped)

    # --- the form ------------------------------------------------------------------------------------------

    def _entries(self, answer: Mapping[str, Any]) -> Iterator[_Entry]:
        for key, label in LISTS.items():
            for row in self._rows(answer, key):
                relation = row.get("relation")
                mentions = self._texts(row.get("mentions"))
                if not mentions:
                    self.dropped[MALFORMED] += 1
                elif relation not in RELATIONS_OF[label]:
                    self.dropped[RELATION] += 1
                else:
                    sizes = self._texts(row.get("sizes", [])) if label == "Model" else []
                    yield _Entry(label, mentions, str(relation), row.get("generic") is True, sizes)

    def _rows(self, answer: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
        rows = answer.get(key, [])
        if not isinstance(rows, list):
            self.dropped[MALFORMED] += 1
            return
        self.dropped[MALFORMED] += max(0, len(rows) - _MOST)
        for row in rows[:_MOST]:
            if isinstance(row, dict):
                yield row
            else:
                self.dropped[MALFORMED] += 1

    def _texts(self, value: object) -> list[str]:
        if not isinstance(value, list):
            return []
        kept = [item.strip() for item in value[:_MOST] if isinstance(item, str)]
        return list(dict.fromkeys(item for item in kept if item and len(item) <= _MOST_CHARACTERS))

    # --- the places ----------------------------------------------------------------------------------------

    def _places(self, index: int, entry: _Entry) -> Iterator[_Place]:
        """Find every place of every mention, and the thing it means there; the unknown are one thing, the entry's."""
        spots: list[tuple[int, int, Thing | None]] = []
        unknown: list[str] = []
        reasons: Counter[str] = Counter()
        for mention in entry.mentions:
            starts = [
                match.start()
                for match in _literally(mention).finditer(self.text)
                if self._in_one(*match.span())
            ]
            if not starts:
                reasons[ABSENT] += 1
                continue
            alone = self.names.alone(mention, entry.label)
            fallback = alone or new([mention], entry.label)
            for start in starts:
                spot = self._spot(start, start + len(mention), alone, fallback, entry)
                if isinstance(spot, str):
                    reasons[spot] += 1
                    continue
                if spot[2] is None and not is_name(mention):
                    reasons[NO_NAME] += 1
                    continue
                if spot[2] is None and mention not in unknown:
                    unknown.append(mention)
                spots.append(spot)
        # That an unknown name means something the lexicon knows is more than a model is believed.
        main = next((thing for _, _, thing in spots if thing is not None and not thing.curated), None)
        if main is None and unknown:
            main = new(unknown, entry.label, generic=entry.generic)
        spots = [spot for spot in spots if spot[2] is not None or main is not None]
        if not spots:
            self.dropped[next(iter(reasons), NO_NAME)] += 1
            return
        self.dropped[ABSENT] += reasons[ABSENT]
        entry.found = True
        for start, end, thing in spots:
            meant = thing or main
            assert meant is not None
            yield _Place(start, end, self._typed(meant, entry), index)

    def _spot(
        self, start: int, end: int, alone: Thing | None, fallback: Thing | None, entry: _Entry
    ) -> tuple[int, int, Thing | None] | str:
        """Say what a place means: start, end and the known thing or None, else the reason why it does not count."""
        reading = self.context.around(start, end)
        known = alone
        if reading is not None and (reading.start, reading.end) == (start, end):
            known = reading.thing
        elif reading is not None:
            # The place is part of a longer name. That may be a fuller way to write the same (LLaMA-2-7B, NVIDIA
            # A100), but LLaMA is not meant where the text says LLaMA-2.
            if fallback is not None and _same(reading.thing, fallback):
                start, end, known = reading.start, reading.end, reading.thing
            elif reading.thing.curated or " " not in self.text[reading.start : reading.end]:
                return INSIDE
        if known is None:
            return start, end, None
        settled = settle(known, entry.label, entry.relation)
        return RELATION if settled is None else (start, end, settled)

    @staticmethod
    def _typed(thing: Thing, entry: _Entry) -> Thing:
        """Say of a method that the lexicon does not know whether it is a class of techniques, as the model has it."""
        if thing.label != "Method" or thing.curated:
            return thing
        return replace(thing, properties={**thing.properties, "generic": entry.generic})

    def _longest(self, places: list[_Place]) -> list[_Place]:
        """Let the longest of overlapping places win, and among equals the one that came first."""
        places.sort(key=lambda p: (p.start - p.end, p.start, p.entry))
        taken = bytearray(len(self.text))
        owner: dict[tuple[int, int], str] = {}
        kept = []
        for place in places:
            spot = (place.start, place.end)
            if 1 in taken[place.start : place.end] and owner.get(spot) != place.thing.id:
                continue
            taken[place.start : place.end] = b"\x01" * (place.end - place.start)
            owner[spot] = place.thing.id
            kept.append(place)
        kept.sort(key=lambda p: (p.start, p.entry))
        return kept

    # --- the mentions --------------------------------------------------------------------------------------

    def _mentions(self, entries: list[_Entry], places: list[_Place]) -> tuple[Mention, ...]:
        groups: dict[str, list[_Place]] = {}
        for place in places:
            groups.setdefault(place.thing.id, []).append(place)
        return tuple(self._mention(entries, group) for group in groups.values())

    def _mention(self, entries: list[_Entry], group: list[_Place]) -> Mention:
        thing = min((place.thing for place in group), key=lambda t: not t.curated)
        mine = [entries[index] for index in dict.fromkeys(place.entry for place in group)]
        relation = min((entry.relation for entry in mine), key=RELATIONS.index)
        spots = sorted({(place.start, place.end) for place in group})
        sizes: dict[str, None] = {}
        if thing.label == "Model":
            for start, end in spots:
                sizes.update(dict.fromkeys(self.context.sizes.get((start, end), ())))
                sizes.update(dict.fromkeys(split_size(self.text[start:end], "Model")[1]))
            sizes.update(dict.fromkeys(size for entry in mine for size in self._sizes(entry)))
        count = self.context.counts.get(thing.id) if thing.label == "Hardware" else None
        return Mention(
            thing.id, thing.label, thing.name, relation, tuple(self._span(*spot) for spot in spots),
            CONFIDENCE, tuple(sizes), count, thing.properties, thing.facts,
        )  # fmt: skip

    def _sizes(self, entry: _Entry) -> Iterator[str]:
        for stated in entry.sizes:
            match = _SIZED.fullmatch(stated)
            unit = match[2][0].upper() if match else ""
            if match and re.search(
                rf"(?<![\d.])(?<!\d,){re.escape(match[1])} ?-?{_UNITS[unit]}(?!\w)", self.text
            ):
                yield size_of(match[1], unit)
            else:
                self.dropped[SIZE] += 1

    def _span(self, start: int, end: int) -> Span:
        name, shift = ("title", 0) if start < self.split else ("abstract", self.split)
        return Span(name, start - shift, end - shift, self.text[start:end], self.extractor)

    @staticmethod
    def _introduced(mentions: tuple[Mention, ...], places: list[_Place]) -> Iterator[Entity]:
        """The things the paper introduces, as the rules hand them on for other papers to be read with."""
        own = {mention.id: mention for mention in mentions if mention.relation == "PROPOSES"}
        for place in places:
            if (mention := own.get(place.thing.id)) is not None and not place.thing.curated:
                where = Place(place.start, place.end, "")
                properties = dict(mention.properties)
                yield Entity(mention.label, mention.id, mention.name, [where], properties, own=True)

    def _count_lost(self, entries: list[_Entry], places: list[_Place]) -> None:
        left = {place.entry for place in places}
        self.dropped[INSIDE] += sum(entry.found and index not in left for index, entry in enumerate(entries))

    # --- the results ---------------------------------------------------------------------------------------

    @staticmethod
    def _links(entries: list[_Entry], places: list[_Place]) -> dict[str, str]:
        """Map every mention of an entry that is left to the node that its first place means."""
        first: dict[int, str] = {}
        for place in places:
            first.setdefault(place.entry, place.thing.id)
        return {
            mention: first[index]
            for index, entry in reversed(list(enumerate(entries)))
            if index in first
            for mention in entry.mentions
        }

    def _results(
        self, answer: Mapping[str, Any], links: Mapping[str, str], labels: Mapping[str, str]
    ) -> Iterator[ResultClaim]:
        seen: set[tuple[int, str]] = set()
        for row in self._rows(answer, "results"):
            quote, value = row.get("quote"), row.get("value")
            if not isinstance(quote, str) or not isinstance(value, str):
                self.dropped[MALFORMED] += 1
                continue
            quote, value = quote.strip(), value.strip()
            at = self._quoted(quote)
            number = _NUMBER.search(value)
            printed = _printed(number[0], quote) if number is not None else None
            if at is None or number is None or printed is None:
                self.dropped[RESULT] += 1
                continue
            if (at, number[0]) in seen:
                continue
            seen.add((at, number[0]))
            link = {
                role: self._linked(row.get(role), links, labels, allowed)
                for role, allowed in (
                    ("of", ("Method", "Model")),
                    ("on", ("Benchmark",)),
                    ("against", ("Method", "Model")),
                    ("hardware", ("Hardware",)),
                )
            }
            better = row.get("better")
            yield ResultClaim(
                self._words(row.get("metric")) or "score",
                number[0],
                self._span(at, at + len(quote)),
                self._unit(row.get("unit") or value[number.end() :], quote[printed:]),
                BETTER.get(better) if isinstance(better, str) else None,
                **link,
                baseline=self._words(row.get("baseline")),
            )

    def _quoted(self, quote: str) -> int | None:
        """Find a quotation, within one field."""
        if not quote or len(quote) > _MOST_QUOTED:
            return None
        at = self.text.find(quote, self.split)
        if at < 0:
            at = self.text.find(quote, 0, self.split - 1)
        return None if at < 0 else at

    def _in_one(self, start: int, end: int) -> bool:
        """Whether a place lies within the title or within the abstract."""
        return end < self.split or start >= self.split

    def _unit(self, unit: object, after: str) -> str | None:
        """Return the unit as it stands after the number: ``%`` also after a backslash, any sign of multiplication."""
        if not isinstance(unit, str) or not unit.strip():
            return None
        unit = unit.strip()
        after = after.lstrip(_BEFORE_UNIT)
        if after.startswith(unit):
            return unit
        times = _TIMES.match(after) if _TIMES.fullmatch(unit) else None
        if times is None:
            self.dropped[DETAIL] += 1
            return None
        return times[0]

    def _words(self, words: object) -> str | None:
        """Return words as the text has them, in whatever case they were given."""
        if not isinstance(words, str) or not words.strip():
            return None
        words = words.strip()
        if len(words) <= _MOST_CHARACTERS:
            match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", self.text, re.IGNORECASE)
            if match and self._in_one(*match.span()):
                return match[0]
        self.dropped[DETAIL] += 1
        return None

    def _linked(
        self, name: object, links: Mapping[str, str], labels: Mapping[str, str], allowed: tuple[str, ...]
    ) -> str | None:
        if not isinstance(name, str) or not name.strip():
            return None
        node = links.get(name.strip())
        if node is not None and labels.get(node) in allowed:
            return node
        self.dropped[DETAIL] += 1
        return None


def _literally(mention: str) -> re.Pattern[str]:
    """Match the very letters of a mention, as a word of its own: not Qwen2 in Qwen2.5, nor LoRA in BA-LoRA-Pro."""
    return re.compile(
        rf"(?<!\w)(?<!\d\.)(?<![A-Z0-9]-){re.escape(mention)}(?!\w|[+#]|\.[a-z0-9]|-(?!{_AFFIX})[A-Z0-9])"
    )


def _printed(number: str, quote: str) -> int | None:
    """Return where in the quotation the number ends, standing there by itself."""
    match = re.search(rf"(?<![\w.])(?<!\d,){re.escape(number)}(?!\d|[.,]\d)", quote)
    return match.end() if match else None


def _same(one: Thing, other: Thing) -> bool:
    """Whether two readings of a name mean one thing, be its type what it may."""
    return one.id.partition(":")[2] == other.id.partition(":")[2]
