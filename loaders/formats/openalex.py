"""``openalex``: works of OpenAlex, as its API gives them one by one or in pages, and as its snapshot keeps them.

The abstract is put together from its inverted index, ``referenced_works`` are the references; ``related_works`` are
likenesses that an algorithm found, and are left out. An arXiv identifier is taken from the places a work is kept at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading import fields
from ..reading.catalogue import (
    Names,
    address,
    check_abstract,
    check_title,
    day_of,
    mapping,
    names_of,
    objects,
    orcid_of,
    sequence,
    year_in,
)
from ..reading.fields import FieldError, text
from ..reading.json_pages import NoPaperError, Wrapper, made, peek
from ..reading.kinds_of_works import kind_of
from ..reading.markup import plain, printed
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

_WRAPPER = Wrapper("OpenAlex", ("results",))
_ENTITY = b'"https://openalex.org/'
_MAX_POSITION = 500_000
_KIND_BY_LETTER = {
    "A": "author",
    "C": "concept",
    "F": "funder",
    "G": "award",
    "I": "institution",
    "P": "publisher",
    "S": "source",
    "T": "topic",
}
_is_plain = re.compile(r"https://openalex\.org/W[1-9]\d{3,12}").fullmatch
_PREFIX = len("https://openalex.org/")
_VENUES = ("journal", "conference", "book series", "ebook platform")


class OpenAlex:
    """Reads works of OpenAlex."""

    name = "openalex"
    description = "OpenAlex works: API pages, single works, snapshot lines"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record has an OpenAlex identifier, or fields that only its works have."""
        record = peek(head).record
        return (
            record.get("id", b"").startswith(_ENTITY)
            or "abstract_inverted_index" in record
            or ("open_access" in record and b'"oa_status"' in record["open_access"] and "doi" in record)
        )

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a work."""
        return made(document, _WRAPPER, lambda work, record: (paper_of(work, record.number),))


def paper_of(work: dict[str, Any], number: int) -> Paper:
    """Make a Paper of a work.

    Raises
    ------
    FieldError
        It is no work, or a field holds the wrong kind of thing.
    """
    ids = mapping(work.get("ids"), "ids")
    given = work.get("id") or ids.get("openalex")
    names = Names(openalex=given, doi=work.get("doi") or ids.get("doi"))
    if isinstance(given, str) and "openalex.org/" in given and "openalex_id" not in names.own:
        raise NoPaperError(f"this is {_entity(given)} of OpenAlex, not a work", "ask OpenAlex for works")
    primary = mapping(work.get("primary_location") or work.get("host_venue"), "primary_location")
    places = [primary, *objects(work.get("locations"), "locations")]
    names.add("arxiv", _arxiv_id(places))
    for kind in ("pmid", "pmcid", "mag"):
        names.add(kind, ids.get(kind), further=True)
    title = printed(text(work.get("title"), "title") or text(work.get("display_name"), "display_name") or "")
    check_title(title, names)
    authorships = objects(work.get("authorships"), "authorships")
    day = day_of(work.get("publication_date"))
    return Paper(
        title=title,
        abstract=_abstract(work),
        **names.own,
        authors=_authors(authorships),
        year=year_in(work.get("publication_year")) or year_in(day),
        date=day,
        venue=_venue(places),
        url=None if "arxiv_id" in names.own else address(primary.get("landing_page_url")),
        organizations=_organizations(authorships),
        keywords=_keywords(work),
        references=references_of(work.get("referenced_works")),
        also=names.also,
        kind=kind_of(work.get("type"), work.get("type_crossref")),
        retracted=True if work.get("is_retracted") is True else None,
        line=number,
    )


def _entity(given: str) -> str:
    """Say what an identifier or address of OpenAlex names."""
    *_, kind, last = ["", *given.rstrip("/").split("/")]
    what = _KIND_BY_LETTER.get(last[:1], "") if last[1:].isdigit() else ""
    if not what and kind not in ("openalex.org", ""):
        what = kind[:-3] + "y" if kind.endswith("ies") else kind.removesuffix("s")
    return f"{'an' if what[:1] in tuple('aeio') else 'a'} {what} ({quoted(last)})" if what else quoted(given)


def _arxiv_id(places: list[dict[str, Any]]) -> str | None:
    """Return the arXiv identifier among the addresses a work is kept at.

    DOIs among them are not taken: some are cut off, or of other works.
    """
    for place in places:
        for field in ("landing_page_url", "pdf_url", "id"):
            given = place.get(field)
            if isinstance(given, str) and "arxiv" in given.lower():
                found = identity.arxiv_id(given.removeprefix("pmh:oai:arXiv.org:"))
                if found:
                    return found
    return None


def _abstract(work: Mapping[str, Any]) -> str:
    index = work.get("abstract_inverted_index")
    if index is None:
        abstract = text(work.get("abstract"), "abstract") or ""
    else:
        if isinstance(index, str):  # as the first snapshots had it
            try:
                index = orjson.loads(index)
            except orjson.JSONDecodeError:
                raise FieldError("abstract_inverted_index is text that is not JSON") from None
        if isinstance(index, dict) and isinstance(index.get("InvertedIndex"), dict):
            index = index["InvertedIndex"]
        abstract = rebuilt(index)
    return check_abstract(plain(abstract))


def rebuilt(index: Any) -> str:
    """Put a text together from the positions of its words.

    Raises
    ------
    FieldError
        It is no such index, or a position is none.

    Examples
    --------
    >>> rebuilt({"the": [0, 2], "more": [1], "merrier": [3]})
    'the more the merrier'
    """
    field = "abstract_inverted_index"
    placed: list[tuple[int, int, str]] = []
    for order, (word, positions) in enumerate(mapping(index, field).items()):
        if not isinstance(positions, list):
            raise FieldError(f"{field}: the positions of {quoted(word)} are not a list")
        for position in positions:
            if type(position) is not int or not 0 <= position <= _MAX_POSITION:
                wanted = f"not a number up to {_MAX_POSITION:,}"
                raise FieldError(
                    f"{field}: a position of {quoted(word)} is {quoted(str(position))}, {wanted}"
                )
            placed.append((position, order, word))
    placed.sort()
    return " ".join([word for _, _, word in placed])


def references_of(value: Any) -> tuple[Reference, ...]:
    """Make references of the identifiers of works; what is no identifier of a work is left out."""
    given = sequence(value, "referenced_works")
    try:
        found = [item[_PREFIX:] if _is_plain(item) else identity.openalex_id(item) for item in given]
    except (AttributeError, TypeError):
        number, item = next((n, i) for n, i in enumerate(given, 1) if not isinstance(i, str))
        raise fields.wrong(f"referenced_works[{number}]", item, "text") from None
    return tuple([Reference(None, None, None, known) for known in dict.fromkeys(found) if known])


def _authors(authorships: list[dict[str, Any]]) -> tuple[Author, ...]:
    found = []
    for number, authorship in enumerate(authorships, 1):
        place = f"authorships[{number}]"
        author = mapping(authorship.get("author"), f"{place}.author")
        name = text(author.get("display_name"), f"{place}.author.display_name") or text(
            authorship.get("raw_author_name"), f"{place}.raw_author_name"
        )
        orcid = text(author.get("orcid"), f"{place}.author.orcid")
        if name:
            found.append(Author(printed(name), orcid_of(orcid) if orcid else None))
    return tuple(found)


def _organizations(authorships: list[dict[str, Any]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for number, authorship in enumerate(authorships, 1):
        place = f"authorships[{number}].institutions"
        found.update(dict.fromkeys(names_of(authorship.get("institutions"), place, "display_name")))
    return tuple(found)


def _venue(places: list[dict[str, Any]]) -> str | None:
    """Return where it appeared: a journal or conference rather than the archive that keeps a copy."""
    sources = []
    for place in places:
        source = place.get("source", place)  # host_venue, as it was once, is the source itself
        source = mapping(source, "locations.source")
        if name := text(source.get("display_name"), "locations.source.display_name"):
            sources.append((source.get("type") in _VENUES, printed(name)))
    if not sources:
        return next(
            (found for p in places if (found := text(p.get("raw_source_name"), "raw_source_name"))), None
        )
    return next((name for appeared, name in sources if appeared), sources[0][1])


def _keywords(work: Mapping[str, Any]) -> tuple[str, ...]:
    """Return keywords and topics; the older concepts where there are none."""
    given = work.get("keywords")
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        found = fields.texts(given, "keywords")
    else:
        found = names_of(given, "keywords", "display_name", "keyword")
    found += names_of(work.get("topics"), "topics", "display_name")
    return tuple(dict.fromkeys(found)) or names_of(work.get("concepts"), "concepts", "display_name")
