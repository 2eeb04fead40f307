"""``semantic-scholar``: what the Graph API of Semantic Scholar answers, and the files of its datasets.

===================================  ===============================================================================
input                                is read as
===================================  ===============================================================================
a paper, a search, a batch           papers, with ``references``; each of ``citations`` is a paper that cites it
a page of references or citations    the papers it lists; which paper was asked for the page does not say, unless
                                     ``paperId`` was added beside ``data``: then the citations are read too
dataset ``papers``, ``abstracts``    papers by corpus id
dataset ``citations``                references of the citing papers; lines of one paper that follow each other are
                                     one record
dataset ``paper-ids``                which corpus id is which paper id
===================================  ===============================================================================

Summaries that a model wrote (``tldr``) are not of the paper, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading.catalogue import (
    INTENTS,
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
from ..reading.fields import FieldError, text, texts
from ..reading.json_pages import NoPaperError, Record, Wrapper, made, peek
from ..reading.kinds_of_works import kind_of
from ..reading.markup import plain, printed
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_WRAPPER = Wrapper("Semantic Scholar", ("data", "recommendedPapers"))
_MOST_TOGETHER = 2000
"""References of one record, where a dataset goes on with the same paper; what comes after is a record too."""

_KINDS = {
    "arxiv": "arxiv",
    "doi": "doi",
    "pubmed": "pmid",
    "pubmedcentral": "pmcid",
    "acl": "acl",
    "dblp": "dblp",
    "mag": "mag",
}


class SemanticScholar:
    """Reads answers of the Graph API and files of the datasets."""

    name = "semantic-scholar"
    description = "Semantic Scholar: Graph API answers; datasets papers, abstracts, citations, paper-ids"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record has the identifiers of Semantic Scholar under the names it gives them."""
        record = {name.lower(): value for name, value in peek(head).record.items()}
        if "content" in record or "paper_id" in record:  # full texts, which another loader reads
            return False
        if {"citedpaper", "citingpaper"} & record.keys() or {
            "citingcorpusid",
            "citedcorpusid",
        } <= record.keys():
            return True
        if "corpusid" in record or ("authorid" in record and "name" in record):
            return True
        if "paperid" in record:
            return True
        return {"release_id", "datasets"} <= record.keys() or _lists_files(record)

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read the papers and what they cite."""
        together: _Together | None = None
        alone = uncited = 0
        for item in made(document, _WRAPPER, _items_of):
            if isinstance(item, _Cites):
                if item.reference is None:
                    uncited += 1
                    continue
                if together is None or not together.takes(item):
                    if together:
                        yield together.paper()
                    together = _Together(item)
                together.add(item.reference)
                continue
            if together:
                yield together.paper()
                together = None
            if isinstance(item, _Alone):
                alone += 1
                yield item.paper
            else:
                yield item
        if together:
            yield together.paper()
        if uncited:
            reason = f"{uncited:,} citations do not say what they cite, and were left out"
            yield document.refuse(
                None, reason, "nothing is wrong with the file: Semantic Scholar did not know it"
            )
        if alone:
            reason = f"which paper these {alone:,} cite, or are cited by, is not in the file"
            reason += ", so they were read as papers only"
            remedy = "ask for the paper with its references, or add its paperId beside data"
            yield document.refuse(None, reason, remedy)


class _Cites(NamedTuple):
    """One citation: the identifier of the citing paper, and what it cites, if that is known."""

    citing: str
    line: int
    reference: Reference | None


class _Alone(NamedTuple):
    """A paper that cites, or is cited by, one that the page does not name."""

    paper: Paper


class _Together:
    """The references of one paper, as long as its citations follow each other."""

    def __init__(self, first: _Cites) -> None:
        self._citing = first.citing
        self._line = first.line
        self._references: dict[Any, Reference] = {}

    def takes(self, item: _Cites) -> bool:
        """Tell whether a citation is of the same paper."""
        return item.citing == self._citing and len(self._references) < _MOST_TOGETHER

    def add(self, reference: Reference) -> None:
        """Add a reference; the datasets hold most of them twice."""
        key = reference.s2_id or (reference.title, reference.doi, reference.arxiv_id, reference.also)
        known = self._references.get(key)
        if known is None:
            self._references[key] = reference
        elif known != reference:
            self._references[key] = replace(
                known,
                contexts=tuple(dict.fromkeys(known.contexts + reference.contexts)),
                intents=tuple(dict.fromkeys(known.intents + reference.intents)),
                influential=known.influential or reference.influential,
            )

    def paper(self) -> Paper:
        """Return the citing paper."""
        return Paper(
            title="", s2_id=self._citing, references=tuple(self._references.values()), line=self._line
        )


# --- records -----------------------------------------------------------------------------------------------


def _items_of(value: dict[str, Any], record: Record) -> Iterator[Paper | _Cites | _Alone]:
    """Tell what a record is, and read it."""
    if "citingcorpusid" in value:  # billions of lines
        yield _citation(value, record.number)
        return
    given = {name.lower(): item for name, item in value.items()}
    if "citedpaper" in given or "citingpaper" in given:
        yield from _entry(given, record)
    elif "sha" in given and "corpusid" in given:
        names = Names(s2=given["sha"])
        names.add("s2", given["corpusid"], further=True)
        yield Paper(title="", **names.own, also=names.also, line=record.number)
    elif "paperid" in given or "corpusid" in given:
        if "vector" in given or ("text" in given and "model" in given):
            what = "an embedding" if "vector" in given else "a summary that a model wrote (tldr)"
            raise NoPaperError(
                f"this is {what}, not a paper", "read the datasets papers, abstracts and citations"
            )
        yield from _paper_and_citations(given, record)
    elif isinstance(given.get("papers"), list):
        for paper in objects(given["papers"], "papers"):
            yield from _items_of(paper, record)
    elif "authorid" in given:
        raise NoPaperError(
            "this is an author of Semantic Scholar, not a paper", "ask for the author's papers"
        )
    elif _lists_files(given) or "release_id" in given:
        reason = "this names the files of a dataset of Semantic Scholar, and is none of them"
        raise NoPaperError(reason, "download the files it names")
    else:
        raise FieldError("the record has no paperId or corpusid")


def _lists_files(given: Mapping[str, Any]) -> bool:
    return {"name", "description", "readme", "files"} <= given.keys() or {"dataset", "diffs"} <= given.keys()


def _paper_and_citations(given: Mapping[str, Any], record: Record) -> Iterator[Paper | _Cites]:
    paper = _paper(given, record.number)
    found = list(_references(given))
    references = tuple(reference for reference in found if reference)
    for _ in range(len(found) - len(references)):
        yield _Cites("", record.number, None)
    yield replace(paper, references=references) if references else paper
    asked = {
        "title": paper.title or None,
        "year": paper.year,
        "authors": [{"name": a.name} for a in paper.authors],
    }
    for entry in objects(given.get("citations"), "citations"):
        citing = {name.lower(): item for name, item in _inner(entry, "citingPaper").items()}
        cited = _reference(asked, entry, "citations", _names(given))
        yield replace(_paper(citing, record.number), references=(cited,) if cited else ())


def _references(given: Mapping[str, Any]) -> Iterator[Reference | None]:
    """Yield what a paper cites, None for each work that is not known."""
    for number, entry in enumerate(objects(given.get("references"), "references"), 1):
        yield _reference(_inner(entry, "citedPaper"), entry, f"references[{number}]")


def paper_of(value: Mapping[str, Any], number: int = 1) -> Paper:
    """Make a Paper of one that the Graph API answers, with those of its references that are known.

    Raises
    ------
    FieldError
        It is no paper, or a field holds the wrong kind of thing.
    """
    given = {name.lower(): item for name, item in value.items()}
    return replace(_paper(given, number), references=tuple(filter(None, _references(given))))


def citing_paper(entry: Mapping[str, Any], cited: Reference, number: int = 1) -> Paper | None:
    """Make a Paper of an entry of a page of citations, which cites ``cited``; None where it is not known.

    Raises
    ------
    FieldError
        A field holds the wrong kind of thing.
    """
    given = {name.lower(): item for name, item in entry.items()}
    citing = {name.lower(): item for name, item in mapping(given.get("citingpaper"), "citingPaper").items()}
    if not citing.get("title") and not _names(citing):
        return None
    influential = given.get("isinfluential")
    contexts, intents = _contexts(given, "citations")
    reference = replace(
        cited,
        contexts=contexts,
        intents=intents,
        influential=influential if isinstance(influential, bool) else None,
    )
    return replace(_paper(citing, number), references=(reference,))


def _inner(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the paper of an entry that may have one inside, with what is said of the citation beside it."""
    return mapping(entry[name], name) if name in entry else entry


def _entry(given: Mapping[str, Any], record: Record) -> Iterator[Paper | _Cites | _Alone]:
    """Read an entry of a page of references or citations; the page knows the paper asked for where it was told."""
    asked = Names(s2=record.around.get("paperId"))
    field = "citedPaper" if "citedpaper" in given else "citingPaper"
    other = {name.lower(): item for name, item in mapping(given[field.lower()], field).items()}
    if not other.get("title") and not _names(other):
        yield _Cites("", record.number, None)
    elif not asked:
        yield _Alone(_paper(other, record.number))
    elif field == "citedPaper":
        yield _Cites(asked.own["s2_id"], record.number, _reference(other, given, field))
    else:
        cited = _reference({}, given, field, asked)
        yield replace(_paper(other, record.number), references=(cited,) if cited else ())


def _citation(given: Mapping[str, Any], number: int) -> _Cites:
    """Read a line of the dataset ``citations``."""
    citing = _corpus_id(given["citingcorpusid"])
    if not citing:
        raise FieldError("citingcorpusid is no corpus id")
    cited = _corpus_id(given.get("citedcorpusid"))
    if not cited:
        return _Cites(citing, number, None)
    contexts, intents = (
        _contexts(given, "citation") if given.get("contexts") or given.get("intents") else ((), ())
    )
    influential = given.get("isinfluential")
    return _Cites(
        citing,
        number,
        Reference(
            s2_id=cited,
            contexts=contexts,
            intents=intents,
            influential=influential if isinstance(influential, bool) else None,
        ),
    )


def _corpus_id(value: Any) -> str | None:
    if type(value) is int:
        return f"CorpusId:{value}" if 0 < value < 10**12 else None
    return identity.s2_id(value) if isinstance(value, str) else None


def _reference(
    paper: Mapping[str, Any], edge: Mapping[str, Any], place: str, names: Names | None = None
) -> Reference | None:
    """Make a reference of a paper and what is said of its citation; None where the paper is not known at all."""
    given = {name.lower(): item for name, item in paper.items()}
    said = edge if "contexts" in edge else {name.lower(): item for name, item in edge.items()}
    names = _names(given) if names is None else names
    title = text(given.get("title"), f"{place}.title")
    if not names and not title:
        return None
    influential = said.get("isinfluential", said.get("isInfluential"))
    contexts, intents = _contexts(said, place)
    return Reference(
        title=printed(title) if title else None,
        **names.own,
        year=year_in(given.get("year")),
        authors=names_of(given.get("authors"), f"{place}.authors", "name"),
        contexts=contexts,
        intents=intents,
        also=names.also,
        influential=influential if isinstance(influential, bool) else None,
    )


def _contexts(said: Mapping[str, Any], place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sentences that cite and, as terms of CiTO, what for; of each context or of all together."""
    contexts = texts(said.get("contexts"), f"{place}.contexts")
    intents: list[Any] = []
    for item in sequence(said.get("intents"), f"{place}.intents"):
        intents += item if isinstance(item, list) else [item]
    pairs = said.get("contextswithintent", said.get("contextsWithIntent"))
    if pairs:
        found = objects(pairs, f"{place}.contextsWithIntent")
        contexts = contexts or texts([pair.get("context") for pair in found], f"{place}.contextsWithIntent")
        for pair in found:
            intents += sequence(pair.get("intents"), f"{place}.contextsWithIntent.intents")
    terms = (INTENTS.get(intent) for intent in intents if isinstance(intent, str))
    return contexts, tuple(dict.fromkeys(term for term in terms if term))


# --- papers ------------------------------------------------------------------------------------------------


def _names(given: Mapping[str, Any]) -> Names:
    names = Names(s2=given.get("paperid"))
    if "s2_id" not in names.own:
        names.add("s2", given.get("url"))
    names.add("s2", _corpus_id(given.get("corpusid")))
    external = mapping(given.get("externalids"), "externalIds")
    if open_access := given.get("openaccessinfo"):
        external = external | mapping(
            mapping(open_access, "openaccessinfo").get("externalids"), "externalids"
        )
    for name, value in external.items():
        if value is None:
            continue
        kind = name.lower()
        if kind in _KINDS:
            names.add(_KINDS[kind], value, further=kind == "mag")
        elif kind == "corpusid":
            names.add("s2", _corpus_id(value))
    return names


def _paper(given: Mapping[str, Any], number: int) -> Paper:
    names = _names(given)
    title = printed(text(given.get("title"), "title") or "")
    check_title(title, names)
    day = day_of(given.get("publicationdate"))
    authors = objects(given.get("authors"), "authors")
    return Paper(
        title=title,
        abstract=check_abstract(plain(text(given.get("abstract"), "abstract") or "")),
        **names.own,
        authors=_authors(authors),
        year=year_in(given.get("year")) or year_in(day),
        date=day,
        venue=_venue(given),
        url=None if "arxiv_id" in names.own or "doi" in names.own else address(given.get("url")),
        organizations=tuple(
            dict.fromkeys(
                a for author in authors for a in texts(author.get("affiliations"), "authors.affiliations")
            )
        ),
        kind=_kind(given),
        keywords=_fields_of_study(given),
        also=names.also,
        line=number,
    )


def _authors(authors: list[dict[str, Any]]) -> tuple[Author, ...]:
    found = []
    for number, author in enumerate(authors, 1):
        place = f"authors[{number}]"
        name = text(author.get("name"), f"{place}.name")
        orcid = mapping(author.get("externalIds"), f"{place}.externalIds").get("ORCID")
        if name:
            found.append(Author(printed(name), orcid_of(orcid) if isinstance(orcid, str) else None))
    return tuple(found)


def _venue(given: Mapping[str, Any]) -> str | None:
    places = (
        mapping(given.get("publicationvenue"), "publicationVenue").get("name"),
        given.get("venue"),
        mapping(given.get("journal"), "journal").get("name"),
    )
    return next((printed(found) for place in places if (found := text(place, "venue"))), None)


def _kind(given: Mapping[str, Any]) -> str | None:
    """Return the kind of a work; of several that which says more than that it was published."""
    told = [
        kind for kind in map(kind_of, sequence(given.get("publicationtypes"), "publicationTypes")) if kind
    ]
    return next(
        (kind for kind in told if kind not in ("article", "conference paper")), told[0] if told else None
    )


def _fields_of_study(given: Mapping[str, Any]) -> tuple[str, ...]:
    found = texts(given.get("fieldsofstudy"), "fieldsOfStudy")
    found += names_of(given.get("s2fieldsofstudy"), "s2FieldsOfStudy", "category")
    return tuple(dict.fromkeys(found))
