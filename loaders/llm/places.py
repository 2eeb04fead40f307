"""Where the text writes a name that a model gave, letter by letter, and what it means there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .identity import Context, Names, Thing, is_name, new, settle, split_size

ABSENT = "not in the text"
NO_NAME = "not a name"
INSIDE = "part of another name"
RELATION = "a type or relation that cannot be"

_AFFIX = (
    r"\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[BbMm]\b|[A-Z][a-z]*(?:ed|ing|ent|ic|ive)\b|"
    r"(?:Based|Style|Like|Aware|Free|Level|Wise|Only|Type|Scale|Specific|Friendly)\b"
)
"""What may be joined to a name by a hyphen without making it another name."""
_BEFORE = re.compile(r"(?<!\w)(?<!\d\.)(?<![A-Z0-9]-)")
_AFTER = re.compile(rf"(?!\w|[+#]|\.[a-z0-9]|-(?!{_AFFIX})[A-Z0-9])")


@dataclass(slots=True)
class Entry:
    """One entry of an answer that has the right form."""

    label: str
    mentions: list[str]
    relation: str
    generic: bool = False
    sizes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Spot:
    """A place ``[start, end)`` of the text at which an entry, by its number, names a thing."""

    start: int
    end: int
    thing: Thing
    entry: int


@dataclass(slots=True)
class _Found:
    """A place before it is known what the unknown names of the entry are to be called."""

    start: int
    end: int
    mention: str
    thing: Thing | None


class Finder:
    """Finds the places of entries in one text; ``dropped`` counts, by reason, what has none."""

    def __init__(self, context: Context, names: Names) -> None:
        self._context, self._names = context, names
        self.dropped: Counter[str] = Counter()

    def spots(self, number: int, entry: Entry) -> list[Spot]:
        """Return every place of every mention of an entry."""
        reasons: Counter[str] = Counter()
        found = [place for mention in entry.mentions for place in self._mentioned(mention, entry, reasons)]
        spots = []
        for place, thing in self._named(found, entry):
            if thing.label == "Method" and not thing.curated:
                # Whether a technique that the lexicon does not know is a class of them, the model has to say.
                thing = replace(thing, properties={**thing.properties, "generic": entry.generic})  # noqa: PLW2901
            spots.append(Spot(place.start, place.end, thing, number))
        if spots:
            self.dropped[ABSENT] += reasons[ABSENT]
        else:
            self.dropped[next(iter(reasons), NO_NAME)] += 1
        return spots

    def _mentioned(self, mention: str, entry: Entry, reasons: Counter[str]) -> list[_Found]:
        context = self._context
        found: list[_Found] = []
        places = [place for place in literally(mention, context.text) if context.in_one_field(*place)]
        if not places:
            reasons[ABSENT] += 1
            return found
        alone = self._names.alone(mention, entry.label)
        anyway = alone or new([mention], entry.label)
        for start, end in places:
            place = self._place(start, end, mention, alone, anyway, entry)
            if isinstance(place, str):
                reasons[place] += 1
            elif place.thing is None and not is_name(mention):
                reasons[NO_NAME] += 1
            else:
                found.append(place)
        return found

    def _place(
        self, start: int, end: int, mention: str, alone: Thing | None, anyway: Thing | None, entry: Entry
    ) -> _Found | str:
        """Say what one place means, as far as it is known, else why it does not count."""
        reading = self._context.around(start, end)
        known = alone
        if reading is not None and (reading.start, reading.end) == (start, end):
            known = reading.thing
        elif reading is not None:
            # The place is part of a longer name. That may be a fuller way to write the same (LLaMA-2-7B, NVIDIA
            # A100), but LLaMA is not meant where the text says LLaMA-2.
            if anyway is not None and _same(reading.thing, anyway):
                start, end, known = reading.start, reading.end, reading.thing
            elif reading.thing.curated or " " not in self._context.text[reading.start : reading.end]:
                return INSIDE
        if known is None:
            return _Found(start, end, mention, None)
        thing = settle(known, entry.label, entry.relation)
        return RELATION if thing is None else _Found(start, end, mention, thing)

    @staticmethod
    def _named(found: list[_Found], entry: Entry) -> list[tuple[_Found, Thing]]:
        """Make one thing of the names that only this text knows, as the model has it; of models, of each version.

        That a name means something which is known from elsewhere is more than a model is believed.
        """
        groups: dict[str, list[_Found]] = {}
        for place in found:
            if place.thing is None or not place.thing.firm:
                version = "".join(re.findall(r"\d", split_size(place.mention, "Model")[0]))
                groups.setdefault(version if entry.label == "Model" else "", []).append(place)
        called: dict[str, Thing | None] = {}
        for version, places in groups.items():
            mentions = list(dict.fromkeys(place.mention for place in places))
            read = next((place.thing for place in places if place.thing is not None), None)
            called[version] = read or new(mentions, entry.label)
        local = {id(place): called[version] for version, places in groups.items() for place in places}
        named = [(place, local.get(id(place), place.thing)) for place in found]
        return [(place, thing) for place, thing in named if thing is not None]


def literally(mention: str, text: str) -> Iterator[tuple[int, int]]:
    """Find the very letters of a mention, as a word of its own: not Qwen2 in Qwen2.5, nor LoRA in BA-LoRA-Pro."""
    start = text.find(mention)
    while start >= 0:
        end = start + len(mention)
        if _BEFORE.match(text, start) and _AFTER.match(text, end):
            yield start, end
        start = text.find(mention, end)


def longest(spots: list[Spot], size: int) -> list[Spot]:
    """Let the longest of overlapping places win, and among equals the one that came first; in order of the text."""
    taken = bytearray(size)
    owner: dict[tuple[int, int], str] = {}
    kept = []
    for spot in sorted(spots, key=lambda s: (s.start - s.end, s.start, s.entry)):
        place = (spot.start, spot.end)
        if 1 in taken[spot.start : spot.end] and owner.get(place) != spot.thing.id:
            continue
        taken[spot.start : spot.end] = b"\x01" * (spot.end - spot.start)
        owner[place] = spot.thing.id
        kept.append(spot)
    return sorted(kept, key=lambda s: (s.start, s.entry))


def _same(one: Thing, other: Thing) -> bool:
    """Whether two readings of a name mean one thing, be its type what it may."""
    return one.id.partition(":")[2] == other.id.partition(":")[2]
