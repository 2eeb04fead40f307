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
from dataclasses import dataclass, field
from typing import Any

from ...graph.records import Extraction, Mention, ResultClaim, Span
from ...graph.schema import RELATIONS
from ..extract.known.coined import coinages
from ..extract.known.models import size as size_of
from ..extract.things import Entity, Place
from .identity import Context, Names, split_size
from .places import INSIDE, RELATION, Entry, Finder, Spot, longest
from .prompt import BETTER, LISTS, RELATIONS_OF

CONFIDENCE = 0.9

MALFORMED = "not of the asked-for form"
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
        finder = Finder(self.context, self.names)
        everywhere = [spot for number, entry in enumerate(entries) for spot in finder.spots(number, entry)]
        spots = longest(everywhere, len(self.text))
        self.dropped += finder.dropped
        self.dropped[INSIDE] += len({spot.entry for spot in everywhere} - {spot.entry for spot in spots})
        mentions = self._mentions(entries, spots)
        links = self._links(entries, spots)
        labels = {mention.id: mention.label for mention in mentions}
        results = tuple(self._results(answer, links, labels))
        coined = tuple(coinages(self.text, self._introduced(mentions, spots)))
        return Verified(Extraction(mentions, results, ruled.repositories, coined), self.dropped)

    # --- the form ------------------------------------------------------------------------------------------

    def _entries(self, answer: Mapping[str, Any]) -> Iterator[Entry]:
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
                    yield Entry(label, mentions, str(relation), row.get("generic") is True, sizes)

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

    # --- the mentions --------------------------------------------------------------------------------------

    def _mentions(self, entries: list[Entry], spots: list[Spot]) -> tuple[Mention, ...]:
        groups: dict[str, list[Spot]] = {}
        for spot in spots:
            groups.setdefault(spot.thing.id, []).append(spot)
        return tuple(self._mention(entries, group) for group in groups.values())

    def _mention(self, entries: list[Entry], group: list[Spot]) -> Mention:
        thing = min((spot.thing for spot in group), key=lambda t: not t.curated)
        mine = [entries[index] for index in dict.fromkeys(spot.entry for spot in group)]
        relation = min((entry.relation for entry in mine), key=RELATIONS.index)
        places = sorted({(spot.start, spot.end) for spot in group})
        sizes: dict[str, None] = {}
        if thing.label == "Model":
            for start, end in places:
                sizes.update(dict.fromkeys(self.context.sizes.get((start, end), ())))
                sizes.update(dict.fromkeys(split_size(self.text[start:end], "Model")[1]))
            sizes.update(dict.fromkeys(size for entry in mine for size in self._sizes(entry)))
        count = self.context.counts.get(thing.id) if thing.label == "Hardware" else None
        return Mention(
            thing.id, thing.label, thing.name, relation, tuple(self._span(*place) for place in places),
            CONFIDENCE, tuple(sizes), count, thing.properties, thing.facts,
        )  # fmt: skip

    def _sizes(self, entry: Entry) -> Iterator[str]:
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
    def _introduced(mentions: tuple[Mention, ...], spots: list[Spot]) -> Iterator[Entity]:
        """The things the paper introduces, as the rules hand them on for other papers to be read with."""
        own = {mention.id: mention for mention in mentions if mention.relation == "PROPOSES"}
        for spot in spots:
            if (mention := own.get(spot.thing.id)) is not None and not spot.thing.firm:
                where = Place(spot.start, spot.end, "")
                properties = dict(mention.properties)
                yield Entity(mention.label, mention.id, mention.name, [where], properties, own=True)

    # --- the results ---------------------------------------------------------------------------------------

    @staticmethod
    def _links(entries: list[Entry], spots: list[Spot]) -> dict[str, str]:
        """Map every mention of an entry that is left to the node that its first place means."""
        first: dict[int, str] = {}
        for spot in spots:
            first.setdefault(spot.entry, spot.thing.id)
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
            if match and self.context.in_one_field(*match.span()):
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


def _printed(number: str, quote: str) -> int | None:
    """Return where in the quotation the number ends, standing there by itself."""
    match = re.search(rf"(?<![\w.])(?<!\d,){re.escape(number)}(?!\d|[.,]\d)", quote)
    return match.end() if match else None
