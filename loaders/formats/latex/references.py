r"""Reference lists as BibTeX and biber write them: ``thebibliography`` in the styles' dialects, data of biblatex.

The styles print; what is title and what is author is told by ``\newblock``, quotation marks, ``\bibinfo`` or the
order of a list with initials. Where it cannot be told, the printed string is kept and the identifiers in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ....graph.records import Reference
from ...reading.addresses import Found, addresses_in
from ...reading.dates import year_in
from ...reading.fields import MAX_TITLE
from ...reading.latex_text import plain
from .macros import argument

_ITEM = re.compile(r"\\bibitem\b")
_LABEL = re.compile(r"\s*\[")
_NATBIB = re.compile(r"^\s*(.*?)\s*\(\s*((?:\d{4}|n\.\s?d\.|in press|)[a-z]?)\s*\)", re.DOTALL)
_LETTER = re.compile(r"\{?\\natexlab\s*\{(\w+)\}\}?")
_BLOCK = re.compile(r"\\newblock\b\s*")
_HREF = re.compile(r"\\href\s*(?=\{)")
_QUOTED = re.compile(r"``(.{8,400}?),?''|“([^”]{8,400}?),?”|\\enquote\s*\{(.{8,400}?)\}", re.DOTALL)
_INFO = re.compile(
    r"\\(?:bibinfo|bibfield)\s*\{(title|year|author|person|booktitle|journal|eprint|doi|url)\}\s*(?=\{)"
)
_SHOWN = re.compile(r"\\show(?:article)?title\s*(?=\{)")
_INITIALS = re.compile(
    r"^(?P<authors>(?>[^,:.]{2,40}, (?:[A-Z]\.[ -]?){1,5}+(?:, et al\.?)?+(?:, | and |;? )?+)++):\s+"
    r"(?P<title>.{8,400}?)(?:\.\s|$)"
)
"""Springer: ``Ba, J.L., Kiros, J.R.: Layer normalization. In: …``."""

_AUTHORS_FIRST = re.compile(
    r"^(?P<authors>.{3,2000}?)[.,]\s+\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?[.:,]\s+(?P<title>.{8,400}?)[.?!](?:\s|$)"
)
_ET_AL = re.compile(r",?\s*(?:et\s+al\.?|and\s+others)\s*", re.IGNORECASE)
_YEAR_OF = re.compile(r"(?<![\d./:-])(?:19|20)\d\d(?=[a-z]?(?:[\s.,;)\]]|$))")
_INITIAL = re.compile(r"(?:[A-Z]\.[ -]?)+$")


@dataclass(frozen=True, slots=True)
class Cited:
    """A work of a reference list, with what its citations print: authors and year, or nothing for a number."""

    reference: Reference
    authors: str = ""
    year: str = ""


def reference_list(text: str) -> dict[str, Cited]:
    """Return the works of a reference list by their keys, in its order; a key that comes again is passed over."""
    found: dict[str, Cited] = {}
    for key, cited in _of_biblatex(text) if "\\entry{" in text else _of_items(text):
        if key and cited:
            found.setdefault(key, cited)
    return found


# --- thebibliography ---------------------------------------------------------------------------------------


def _of_items(text: str) -> Iterator[tuple[str, Cited | None]]:
    begins = [item.end() for item in _ITEM.finditer(text)]
    for begin, following in zip(begins, [*begins[1:], len(text)], strict=True):
        end = following - len("\\bibitem") if following < len(text) else following
        stop = text.find("\\end{thebibliography}", begin, end)
        yield _item(text[begin : stop if stop >= 0 else end])


def _item(text: str) -> tuple[str, Cited | None]:
    """Read ``[label]{key} body``; labels hold braces and brackets themselves."""
    label, at = "", 0
    if opened := _LABEL.match(text):
        depth = 0
        for sign in re.finditer(r"\\.|[{}\]]", text[opened.end() : opened.end() + 5000]):
            depth += (sign[0] == "{") - (sign[0] == "}")
            if sign[0] == "]" and depth <= 0:
                label = text[opened.end() : opened.end() + sign.start()]
                at = opened.end() + sign.end()
                break
    key = argument(text, at)
    if key is None:
        return "", None
    body = text[key[1] :][:20_000]
    reference = _printed(body)
    authors, year = "", ""
    label = _LETTER.sub(r"\1", label.replace("\\protect", "").replace("\\citename", ""))
    if natbib := _NATBIB.match(label.strip().removeprefix("{")):
        authors, year = plain(natbib[1]).strip(' ,"'), natbib[2]
    return key[0].strip(), Cited(reference, authors, year) if reference else None


def _printed(body: str) -> Reference | None:
    r"""Return what a printed entry says; ``\newblock`` parts authors, title and the rest in most styles."""
    raw = plain(_HREF_TARGET.sub("", body))
    if sum(map(str.isalnum, raw[:200])) < 3:
        return None
    found = Found()
    for address in addresses_in(
        body.replace("\\_", "_").replace("\\%", "%").replace("\\#", "#").replace("\\&", "&")
    ):
        found.add_address(address.rstrip(")]"))
    found.add_text(raw)
    info = dict(_informed(body))
    if "doi" in info:
        found.add_doi(info["doi"])
    blocks = [block for block in _BLOCK.split(body) if block.strip()]
    title, authors = info.get("title", ""), info.get("author", "")
    if not title and len(blocks) > 1:
        title, authors = plain(_HREF_TARGET.sub("", blocks[1])), authors or plain(blocks[0])
        if _YEAR_OF.fullmatch(title.strip("(). ")) and len(blocks) > 2:  # apacite and others
            title = plain(_HREF_TARGET.sub("", blocks[2]))
    elif not title and (quoted := _QUOTED.search(body)):
        title = plain(next(group for group in quoted.groups() if group))
        authors = authors or plain(body[: quoted.start()])
    elif not title and (sprung := _INITIALS.match(raw) or _AUTHORS_FIRST.match(raw)):
        title, authors = sprung["title"], sprung["authors"]
    title = title.strip(' ,.;“”"')
    year = _year(info.get("year", ""), raw)
    return Reference(
        title=title if 1 < len(title) <= MAX_TITLE else None,
        **found.identifiers(),
        year=year,
        authors=_authors(authors),
        raw=raw[:5000],
    )


_HREF_TARGET = re.compile(r"\\href\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*")


def _informed(body: str) -> Iterator[tuple[str, str]]:
    r"""Iterate over what REVTeX and ACM mark as such: ``\bibinfo{title}{…}``."""
    persons: list[str] = []
    for found in _INFO.finditer(body):
        if given := argument(body, found.end()):
            if found[1] in ("author", "person"):
                if "\\bibinfo" not in given[0]:
                    persons.append(plain(given[0]))
            elif found[1] == "title" or "\\" not in given[0]:
                yield found[1], plain(given[0])
    for found in _SHOWN.finditer(body):
        if given := argument(body, found.end()):
            yield "title", plain(given[0])
    if persons:
        yield "author", " and ".join(persons)


def _year(given: str, raw: str) -> int | None:
    years = _YEAR_OF.findall(raw)
    return year_in(given) or (int(years[-1]) if years else None)


def _authors(text: str) -> tuple[str, ...]:
    """Return the names of a printed list: ``A. Vaswani, N. Shazeer, and others. 2017``."""
    text = _ET_AL.sub(" ", re.sub(r"\(?(?:19|20)\d\d[a-z]?\)?\W*$|\(eds?\.?\)", "", text.strip()))
    text = text.strip(" ,.;:") + ("." if _INITIAL.search(text.strip(" ,;:")) else "")
    if not text or len(text) > 10_000:
        return ()
    if re.search(r"[^,]{2,30}, (?:[A-Z]\.[ -]?)+(?:,|$| and)", text):  # Last, F., Last, F.
        parts = re.split(r",\s+(?:and\s+|&\s+)?|\s+(?:and|&)\s+", text)
        pairs: list[str] = []
        for part in parts:
            if _INITIAL.fullmatch(part) and pairs:
                pairs[-1] = f"{part} {pairs[-1]}"
            else:
                pairs.append(part)
        found = pairs
    else:
        found = re.split(r",\s+(?:and\s+|&\s+)?|\s+(?:and|&)\s+|;\s*", text)
    kept = (re.sub(r"^(?:and|&)\s+", "", name.strip(" ;")) for name in found)
    return tuple(
        dict.fromkeys(name for name in kept if 2 < len(name) < 80 and not any(map(str.isdigit, name)))
    )


# --- biblatex ----------------------------------------------------------------------------------------------

_ENTRY = re.compile(r"\\entry\{([^{}]+)\}\{([^{}]*)\}")
_FIELD = re.compile(r"\\(?:field|strng|list)\{([a-z]+)\}(?:\{\d+\})?\s*(?=\{)")
_VERB = re.compile(r"\\verb\{([a-z]+)\}\s*\\verb\s+([^\n]*)\s*\\endverb")
_NAMES = re.compile(r"\\name\{author\}\{\d+\}\{[^{}]*\}\s*(?=\{)")
_PERSON = re.compile(r"(family|given|prefix|suffix)=(?=\{)")
_OLD_PERSON = re.compile(r"\{\{(?:hash=\w+|uniquename=[^{}]*)[^{}]*\}\s*(?=\{)")


def _of_biblatex(text: str) -> Iterator[tuple[str, Cited | None]]:
    begins = list(_ENTRY.finditer(text))
    for begin, following in zip(begins, [*begins[1:], None], strict=True):
        end = following.start() if following else len(text)
        yield begin[1].strip(), _entry(text[begin.end() : end][:50_000])


def _entry(text: str) -> Cited | None:
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(text):
        if given := argument(text, found.end()):
            fields.setdefault(found[1], given[0])
    fields |= {found[1]: found[2].strip() for found in _VERB.finditer(text)}
    persons: list[str] = []
    if (listed := _NAMES.search(text)) and (given := argument(text, listed.end())):
        persons = list(_persons(given[0]))
    known = Found()
    known.add_doi(fields.get("doi", ""))
    if fields.get("eprinttype", fields.get("archiveprefix", "")).lower() in ("arxiv", ""):
        known.add_arxiv(fields.get("eprint", ""))
    known.add_address(fields.get("url", ""))
    for name in ("journaltitle", "note", "howpublished", "volume"):
        known.add_text(plain(fields.get(name, "")))
    title = plain(fields.get("title", ""))
    if subtitle := plain(fields.get("subtitle", "")):
        title = f"{title}: {subtitle}"
    if not title and not known:
        return None
    written = fields.get("year") or fields.get("labelyear") or fields.get("date") or ""
    venue = plain(fields.get("journaltitle") or fields.get("booktitle") or "")
    raw = ". ".join(part for part in (", ".join(persons), title, venue, written) if part)
    reference = Reference(
        title=title[:MAX_TITLE] or None,
        **known.identifiers(),
        year=year_in(written),
        authors=tuple(persons),
        raw=raw[:5000],
    )
    surnames = [person.split()[-1] for person in persons]
    label = f"{surnames[0]} et al." if len(surnames) > 2 else " and ".join(surnames)
    return Cited(reference, label, written[:4]) if label and written else Cited(reference)


def _persons(text: str) -> Iterator[str]:
    """Iterate over the names in biblatex's data, of today's form and of the one before."""
    parts: dict[str, str] = {}
    at = 0
    while found := _PERSON.search(text, at):
        given = argument(text, found.end())
        at = given[1] if given else found.end()
        if found[1] in parts and found[1] == "family":
            yield _full(parts)
            parts = {}
        if given:
            parts[found[1]] = plain(given[0])
    if parts:
        yield _full(parts)
        return
    for found in _OLD_PERSON.finditer(text):
        if (family := argument(text, found.end())) and (initials := argument(text, family[1])):
            given = argument(text, initials[1])
            yield " ".join(filter(None, (plain(given[0]) if given else "", plain(family[0]))))


def _full(parts: dict[str, str]) -> str:
    return " ".join(parts[name] for name in ("given", "prefix", "family", "suffix") if parts.get(name))
