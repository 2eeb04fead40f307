"""What the extractor finds when its lexicon does not know the names: the honest estimate for names no list can know.

For each fold of papers everything that the fold's annotation names is taken out of the lexicon: an entry if any of
its names is annotated, by canonical name or mention; a family of models wholly, if a model of it is annotated.
Classes stay, of techniques as of devices: they are words of the language, not names somebody made up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scoring import Thing, norm

if TYPE_CHECKING:
    from citegraph.loaders.extract import Lexicon
    from citegraph.loaders.extract.known.lexicon import Entry

_WORDS = re.compile(r"[a-z]+|\d+")


class Names:
    """Which parts of a lexicon know a name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._entries: defaultdict[str, set[str]] = defaultdict(set)
        for entry in lexicon.entries:
            if not is_class(entry):
                for surface in entry.surfaces:
                    self._entries[norm(surface)].add(entry.id)
        self._members: defaultdict[str, set[str]] = defaultdict(set)
        self._lines: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for family in lexicon.families:
            others = [name for pair in family.others for name in pair]
            for name in (family.name, *family.aliases, *family.models, *others):
                self._members[norm(name)].add(family.name)
            for name in (family.name, *family.aliases):
                self._lines[_words(name)].add(family.name)
        self._longest = max(map(len, self._lines), default=0)

    def entries(self, thing: Thing) -> set[str]:
        """Return the ids of the named entries that have a name of the thing."""
        return {entry for key in thing.keys for entry in self._entries.get(key, ())}

    def families(self, thing: Thing) -> set[str]:
        """Return the names of the families that have a name of the thing, or that a model's name begins with."""
        found = {family for key in thing.keys for family in self._members.get(key, ())}
        if thing.type == "Model":
            for name in (thing.canonical, *thing.mentions):
                words = _words(name)
                for length in range(1, min(len(words), self._longest) + 1):
                    found |= self._lines.get(words[:length], set())
        return found

    def know(self, thing: Thing) -> bool:
        """Tell whether the lexicon knows the thing as a named one."""
        return not thing.generic and bool(self.entries(thing) or self.families(thing))

    def without(self, things: Iterable[Thing]) -> Lexicon:
        """Return the lexicon without whatever knows one of the things."""
        from citegraph.loaders.extract import Lexicon

        entries: set[str] = set()
        families: set[str] = set()
        for thing in things:
            entries |= self.entries(thing)
            families |= self.families(thing)
        return Lexicon(
            tuple(entry for entry in self.lexicon.entries if is_class(entry) or entry.id not in entries),
            tuple(family for family in self.lexicon.families if family.name not in families),
        )


def is_class(entry: Entry) -> bool:
    """Tell whether an entry is a class: of techniques (pruning), or of devices (GPU)."""
    return entry.generic or (entry.label == "Hardware" and entry.properties.get("kind") == entry.name)


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(name.lower()))
