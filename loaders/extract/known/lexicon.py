"""The curated lexicon: what is known about models, benchmarks, hardware and methods before any paper is read.

It is kept as TOML under ``data/`` and may be extended by files of the same form. A file holds any of the tables
``[[family]]``, ``[[benchmark]]``, ``[[hardware]]``, ``[[class]]`` and ``[[method]]``; :func:`Lexicon.load` reads
them, and says with file, table and key what is wrong with one that it cannot use.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ....graph.errors import InputError
from ....graph.identity import slug
from ....graph.records import Fact
from ..text import normal

DATA = Path(__file__).parents[1] / "data"

KINDS = ("benchmark", "dataset", "corpus", "leaderboard", "suite")
STYLES = {"space": " ", "hyphen": "-", "join": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing the lexicon knows: its node, and the surfaces that name it.

    ``exact`` entries count only in exactly the written case; ``ambiguous`` ones are common words and need a
    context that speaks for the name; ``everyday`` ones are technique classes so usual that naming one says little.
    """

    id: str
    label: str
    name: str
    surfaces: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    exact: bool = False
    ambiguous: bool = False
    everyday: bool = False

    @property
    def generic(self) -> bool:
        """Whether this is a class (of techniques, of devices) rather than one named thing."""
        return bool(self.properties.get("generic"))


@dataclass(frozen=True, slots=True)
class Family:
    """A line of models; what follows its name in a text is version, variant and size.

    ``models`` are the canonical names of its known members, ``aliases`` further names of the family itself,
    ``others`` further names of single members (``text-davinci-003`` of ``GPT-3.5``). In a paper that holds one of
    the phrases ``unless``, the bare name stands for that phrase (``GLM`` for "generalized linear model").
    ``versioned`` are those of ``others`` that count only with a version behind them (``Opus 4.8``).
    """

    name: str
    organization: str | None = None
    aliases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    joint: str = " "
    exact: bool = False
    ambiguous: bool = False
    unless: tuple[str, ...] = ()
    versioned: tuple[str, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        """Return the curated edges of every model of the family."""
        found = [Fact("IN_FAMILY", f"family:{slug(self.name)}", "ModelFamily", self.name)]
        if self.organization:
            node = f"organization:{slug(self.organization)}"
            found.append(Fact("DEVELOPED_BY", node, "Organization", self.organization))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything curated, as plain values; :class:`~.matcher.Matcher` compiles it."""

    entries: tuple[Entry, ...] = ()
    families: tuple[Family, ...] = ()

    @classmethod
    def load(cls, *paths: str | Path, texts: Iterable[tuple[str, str]] = (), default: bool = True) -> Lexicon:
        """Read the lexicon that comes with citegraph and any further ``paths`` and ``texts``.

        Parameters
        ----------
        *paths
            TOML files of the same form. What they say of a name is what it means: the surfaces they list lead to
            nothing else any more. An entry that is known already keeps what they do not say, and gets their aliases.
        texts
            Further files already read, each as its name and content.
        default
            False leaves out the lexicon that comes with citegraph.

        Raises
        ------
        InputError
            If a file cannot be read or holds something that is no lexicon, with file, table and key.
        """
        shipped = sorted(DATA.glob("*.toml")) if default else []
        files = [*shipped, *map(Path, paths)]
        named = [*((str(path), read_lexicon(path)) for path in files), *texts]
        entries: dict[str, Entry] = {}
        families: dict[str, Family] = {}
        known: dict[str, dict[str, Any]] = {}
        for number, (name, text) in enumerate(named):
            items = list(_read(name, text, known))
            if number >= len(shipped):
                give_way(entries, families, items)
            for item in items:
                if isinstance(item, Family):
                    families[slug(item.name)] = _joined(families.get(slug(item.name)), item)
                else:
                    entries[item.id] = item
        return cls(tuple(entries.values()), tuple(families.values()))

    @staticmethod
    def fingerprint() -> str:
        """Return a digest of the lexicon that comes with citegraph."""
        digest = hashlib.blake2b(digest_size=16)
        for path in sorted(DATA.iterdir()):
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()


def _joined(old: Family | None, new: Family) -> Family:
    """Let a later file add members and names to a family that an earlier one defined."""
    if old is None:
        return new
    return Family(
        new.name,
        new.organization or old.organization,
        (*old.aliases, *new.aliases),
        (*old.models, *new.models),
        (*old.others, *new.others),
        new.joint,
        new.exact,
        new.ambiguous,
        (*old.unless, *new.unless),
        (*old.versioned, *new.versioned),
    )


def give_way(entries: dict[str, Entry], families: dict[str, Family], items: Iterable[Entry | Family]) -> None:
    """Take from what is known the surfaces that ``items`` claim for something else."""
    claims: dict[str, set[str]] = {}
    for item in items:
        if isinstance(item, Family):
            owner, exact = f"family:{slug(item.name)}", item.exact
            surfaces = (item.name, *item.aliases, *item.models, *(name for name, _ in item.others))
        else:
            owner, exact, surfaces = item.id, item.exact, item.surfaces
        for surface in surfaces:
            claims.setdefault(surface if exact else _spelling(surface), set()).add(owner)

    def left(owner: str, surfaces: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            surface
            for surface in surfaces
            if owner in (claimed := claims.get(_spelling(surface), set()) | claims.get(surface, set()))
            or not claimed
        )

    for entry in list(entries.values()):
        kept = left(entry.id, entry.surfaces)
        if not kept:
            del entries[entry.id]
        elif kept != entry.surfaces:
            entries[entry.id] = replace(entry, surfaces=kept)
    for key, family in families.items():
        owner = f"family:{key}"
        names = set(left(owner, (*family.aliases, *family.models, *(name for name, _ in family.others))))
        families[key] = replace(
            family,
            aliases=tuple(alias for alias in family.aliases if alias in names),
            models=tuple(model for model in family.models if model in names),
            others=tuple(other for other in family.others if other[0] in names),
        )


def _spelling(surface: str) -> str:
    """Fold a surface as far as the matcher may: without case, blanks and hyphens."""
    return normal(surface).replace(" ", "")


# --- reading TOML ------------------------------------------------------------------------------------------


def read_lexicon(path: Path) -> str:
    """Return the text of a lexicon file.

    Raises
    ------
    InputError
        The file cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: the lexicon cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: the lexicon is not UTF-8 text; save it as UTF-8.") from error


def _read(path: str, text: str, known: dict[str, dict[str, Any]]) -> Iterable[Entry | Family]:
    """Read one file; ``known`` are the entries of earlier ones, which an entry of the same name adds to."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: the lexicon is not valid TOML: {error}.") from error
    for name, rows in tables.items():
        reader = _READERS.get(name)
        if reader is None:
            tables_known = ", ".join(f"[[{kind}]]" for kind in _READERS)
            raise InputError(f"{path}: [[{name}]] is no table of a lexicon; it may hold {tables_known}.")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InputError(f"{path}: write [[{name}]] in double brackets, once for each entry.")
        for number, row in enumerate(rows, 1):
            whole = row
            if name != "family" and isinstance(row.get("name"), str):
                key = f"{name}:{slug(row['name'])}"
                whole = known[key] = _added(known.get(key), row)
            yield reader(_Row(path, name, number, whole))


def _added(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    if old is None:
        return new
    aliases = new.get("aliases", [])
    more = [*aliases, *old.get("aliases", ())] if isinstance(aliases, list) else aliases
    return {**old, **new, "aliases": more}


class _Row:
    """One table of a lexicon file, with messages that say where it stands."""

    def __init__(self, path: str, table: str, number: int, row: dict[str, Any]) -> None:
        self.row = dict(row)
        self._asked: list[str] = []
        name = row.get("name")
        self.where = f"{path}: [[{table}]] number {number}" + (
            f" ({name!r})" if isinstance(name, str) else ""
        )
        self.name = self.text("name")
        if not self.name:
            raise InputError(f'{self.where} has no name; write name = "…".')

    def text(self, key: str) -> str | None:
        value = self._take(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise InputError(f"{self.where}: {key} must be text, not {value!r}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise InputError(f"{self.where}: {key} must be a list of text, not {value!r}.")
        return tuple(value)

    def flag(self, key: str) -> bool:
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise InputError(f"{self.where}: {key} must be true or false, not {value!r}.")
        return value

    def exact(self) -> bool:
        return self.choice("case", ("exact", "any")) == "exact"

    def choice(self, key: str, allowed: Iterable[str]) -> str | None:
        value = self.text(key)
        if value is not None and value not in allowed:
            raise InputError(f"{self.where}: {key} must be one of {', '.join(allowed)}, not {value!r}.")
        return value

    def tables(self, key: str) -> list[Any]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InputError(
                f"{self.where}: {key} names one member; write [[family.{key}]] with name and of below the family, or "
                f"{key}es for other names of the family itself."
            )
        return value

    def _take(self, key: str, default: Any = None) -> Any:
        self._asked.append(key)
        return self.row.pop(key, default)

    def done(self) -> None:
        for key in self.row:
            known = ", ".join(dict.fromkeys(self._asked))
            raise InputError(f"{self.where}: the key {key!r} is unknown; it may have {known}.")


def _family(row: _Row) -> Family:
    name = str(row.name)
    others = [(other, other) for other in row.texts("other")]
    versioned: list[str] = []
    for written in row.tables("alias"):
        alias = dict(written)
        if alias.pop("version", False) is True:
            versioned.append(alias.get("name", ""))
        if set(alias) != {"name", "of"} or not all(isinstance(v, str) and v.strip() for v in alias.values()):
            raise InputError(f'{row.where}: an alias needs exactly name = "…" and of = "…", not {alias!r}.')
        others.append((alias["name"], alias["of"]))
    family = Family(
        name,
        row.text("organization"),
        row.texts("aliases"),
        row.texts("models"),
        tuple(others),
        STYLES[row.choice("style", STYLES) or ("space" if not re.search(r"\d$", name) else "hyphen")],
        row.exact(),
        row.flag("ambiguous"),
        tuple(phrase.lower() for phrase in row.texts("unless")),
        tuple(versioned),
    )
    row.done()
    return family


def _benchmark(row: _Row) -> Entry:
    name = str(row.name)
    kind = row.choice("kind", KINDS)
    facts = tuple(Fact("MEASURES", f"task:{slug(task)}", "Task", task) for task in row.texts("tasks"))
    properties = {"kind": kind} if kind else {}
    return _entry(row, "Benchmark", name, properties, facts)


def _hardware(row: _Row) -> Entry:
    name = str(row.name)
    vendor, kind = row.text("vendor"), row.text("kind")
    facts = []
    if kind and slug(kind) != slug(name):
        facts.append(Fact("KIND_OF", f"hardware:{slug(kind)}", "Hardware", kind))
    if vendor:
        facts.append(Fact("MADE_BY", f"organization:{slug(vendor)}", "Organization", vendor))
    return _entry(row, "Hardware", name, {"kind": kind} if kind else {}, tuple(facts))


def _class(row: _Row) -> Entry:
    return _entry(row, "Hardware", str(row.name), {"kind": str(row.name)}, ())


def _method(row: _Row) -> Entry:
    name = str(row.name)
    kinds = row.texts("kind_of")
    facts = tuple(Fact("KIND_OF", f"method:{slug(kind)}", "Method", kind) for kind in kinds)
    properties = {"generic": row.flag("generic")}
    return _entry(row, "Method", name, properties, facts, everyday=row.flag("everyday"))


def _entry(
    row: _Row,
    label: str,
    name: str,
    properties: dict[str, Any],
    facts: tuple[Fact, ...],
    *,
    everyday: bool = False,
) -> Entry:
    entry = Entry(
        f"{label.lower()}:{slug(name)}",
        label,
        name,
        tuple(dict.fromkeys((name, *row.texts("aliases")))),
        properties,
        facts,
        row.exact(),
        row.flag("ambiguous"),
        everyday,
    )
    row.done()
    return entry


_READERS: dict[str, Callable[[_Row], Entry | Family]] = {
    "family": _family,
    "benchmark": _benchmark,
    "hardware": _hardware,
    "class": _class,
    "method": _method,
}
