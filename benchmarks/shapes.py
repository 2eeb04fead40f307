"""Made-up inputs in the shapes of real files: what a field's records hold, how long and how many of each.

The numbers of fields, references and characters are those of the files that services and tools give out; the words say
nothing. Every function yields the pieces of a file of so many records, none of them in memory after the next.
"""

# ruff: noqa: E501 -- records stand here as services write them, some fields to a line

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

_WORDS = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "we",
    "for",
    "a",
    "is",
    "on",
    "that",
    "with",
    "as",
    "by",
    "are",
    "this",
    "our",
    "from",
    "model",
    "models",
    "learning",
    "data",
    "method",
    "training",
    "language",
    "network",
    "neural",
    "results",
    "performance",
    "attention",
    "large",
    "tasks",
    "image",
    "based",
    "show",
    "approach",
    "representation",
    "across",
    "benchmark",
    "state",
    "art",
    "propose",
    "framework",
    "features",
    "deep",
    "transformer",
    "inference",
    "efficient",
    "generalization",
    "robust",
    "evaluation",
    "reasoning",
    "retrieval",
    "knowledge",
    "graph",
    "segmentation",
    "diffusion",
    "sampling",
    "optimization",
    "gradient",
    "accuracy",
    "baseline",
    "parameters",
    "pre-training",
    "fine-tuning",
    "zero-shot",
    "self-supervised",
    "convolutional",
    "recurrent",
]
_GIVEN = [
    "Ada",
    "Grace",
    "Alan",
    "Yann",
    "Fei-Fei",
    "José",
    "Zoë",
    "Łukasz",
    "Ming",
    "Noam",
    "Priya",
    "Søren",
    "Anna-Maria",
    "Chen",
    "Dmitry",
    "Emily",
]
_FAMILY = [
    "Müller",
    "Smith",
    "Zhang",
    "Nguyen",
    "García",
    "Kowalski",
    "Wang",
    "O’Brien",
    "Tanaka",
    "van-der-Berg",
    "Singh",
    "Jones",
    "Li",
    "Rossi",
]
_VENUES = (
    "Journal of Made-up Results",
    "Advances in Imagined Systems",
    "Proceedings of Nowhere",
    "Transactions on Shapes",
)
_TOPICS = ("Topic Modelling", "Advanced Neural Networks", "Natural Language Techniques", "Image Retrieval")


@dataclass(frozen=True, slots=True)
class Work:
    """One made-up paper."""

    number: int
    title: str
    abstract: str
    authors: tuple[tuple[str, str], ...]
    year: int
    cites: tuple[int, ...]

    @property
    def doi(self) -> str:
        """Its DOI."""
        return doi(self.number)

    @property
    def names(self) -> list[str]:
        """Its authors, given names first."""
        return [f"{given} {family}" for given, family in self.authors]


def doi(number: int) -> str:
    """Return the DOI of a work."""
    return f"10.{4000 + number % 900}/s{number % 97:03}-{number:08}"


def arxiv_id(number: int) -> str:
    """Return the arXiv identifier of a work."""
    return f"{15 + number // 99_999 // 12 % 10:02}{1 + number // 99_999 % 12:02}.{1 + number % 99_998:05}"


def works(count: int, references: int = 40) -> Iterator[Work]:
    """Yield made-up papers that cite one another."""
    dice = random.Random(1706)
    for number in range(1, count + 1):
        yield Work(
            number,
            _title(dice),
            " ".join(dice.choices(_WORDS, k=180)).capitalize() + ".",
            tuple((dice.choice(_GIVEN), dice.choice(_FAMILY)) for _ in range(dice.randint(1, 7))),
            dice.randint(1990, 2025),
            tuple(
                dice.randrange(1, 3_000_000)
                for _ in range(dice.randint(references // 2, references * 3 // 2))
            ),
        )


def _title(dice: random.Random) -> str:
    return " ".join(dice.choices(_WORDS, k=9)).capitalize()


@cache
def _title_of(number: int) -> str:
    return _title(random.Random(number % 5000))


def _lines(records: Iterator[Any]) -> Iterator[bytes]:
    return (orjson.dumps(record) + b"\n" for record in records)


# --- catalogues --------------------------------------------------------------------------------------------


def openalex(count: int) -> Iterator[bytes]:
    """Lines of the snapshot."""
    return _lines(map(_openalex, works(count)))


def _openalex(work: Work) -> dict[str, Any]:
    own = f"https://openalex.org/W{2_000_000_000 + work.number}"
    index: dict[str, list[int]] = {}
    for position, word in enumerate(work.abstract.split()):
        index.setdefault(word, []).append(position)
    venue = {
        "id": f"https://openalex.org/S{work.number % 4 + 1000}", "display_name": _VENUES[work.number % 4], "issn_l": "1234-5678",
        "issn": ["1234-5678"], "is_oa": False, "is_in_doaj": False, "host_organization": "https://openalex.org/P4310320990",
        "host_organization_name": "Nobody", "type": "journal",
    }  # fmt: skip
    place = {
        "is_oa": False, "landing_page_url": f"https://doi.org/{work.doi}", "pdf_url": None, "source": venue, "license": None,
        "license_id": None, "version": "publishedVersion", "is_accepted": True, "is_published": True,
    }  # fmt: skip
    archive = place | {
        "landing_page_url": f"http://arxiv.org/abs/{arxiv_id(work.number)}",
        "source": venue | {"display_name": "arXiv (Cornell University)", "type": "repository"},
    }
    topic = {
        "id": "https://openalex.org/T10028", "display_name": _TOPICS[work.number % 4], "score": 0.99,
        "subfield": {"id": "https://openalex.org/subfields/1702", "display_name": "Artificial Intelligence"},
        "field": {"id": "https://openalex.org/fields/17", "display_name": "Computer Science"},
        "domain": {"id": "https://openalex.org/domains/3", "display_name": "Physical Sciences"},
    }  # fmt: skip
    concept = {
        "id": "https://openalex.org/C41008148",
        "wikidata": "https://www.wikidata.org/wiki/Q21198",
        "display_name": "Computer science",
        "level": 0,
        "score": 0.8,
    }
    return {
        "id": own, "doi": f"https://doi.org/{work.doi}", "title": work.title, "display_name": work.title,
        "publication_year": work.year, "publication_date": f"{work.year}-06-12",
        "ids": {"openalex": own, "doi": f"https://doi.org/{work.doi}", "mag": str(2_000_000_000 + work.number)},
        "language": "en", "primary_location": place, "type": "article", "type_crossref": "journal-article",
        "open_access": {"is_oa": False, "oa_status": "closed", "oa_url": None, "any_repository_has_fulltext": False},
        "authorships": [
            {
                "author_position": "middle",
                "author": {
                    "id": f"https://openalex.org/A{5_000_000_000 + work.number * 10 + place}", "display_name": name,
                    "orcid": "https://orcid.org/0000-0002-1825-0097" if place % 2 else None,
                },
                "institutions": [
                    {
                        "id": f"https://openalex.org/I{work.number % 500}", "display_name": f"University {work.number % 500}",
                        "ror": "https://ror.org/0161xgx34", "country_code": "CA", "type": "education",
                        "lineage": [f"https://openalex.org/I{work.number % 500}"],
                    }
                ],
                "countries": ["CA"], "is_corresponding": False, "raw_author_name": name,
                "raw_affiliation_strings": [f"Department of Shapes, University {work.number % 500}, Nowhere"],
                "affiliations": [
                    {
                        "raw_affiliation_string": f"Department of Shapes, University {work.number % 500}, Nowhere",
                        "institution_ids": [f"https://openalex.org/I{work.number % 500}"],
                    }
                ],
            }
            for place, name in enumerate(work.names)
        ],
        "cited_by_count": 12, "biblio": {"volume": "6", "issue": "1", "first_page": "1", "last_page": "9"},
        "is_retracted": False, "is_paratext": False, "primary_topic": topic, "topics": [topic] * 3,
        "keywords": [{"id": "https://openalex.org/keywords/shape", "display_name": word, "score": 0.6} for word in _WORDS[30:35]],
        "concepts": [concept] * 12, "mesh": [], "locations_count": 2, "locations": [place, archive], "best_oa_location": None,
        "referenced_works_count": len(work.cites),
        "referenced_works": [f"https://openalex.org/W{2_000_000_000 + cited}" for cited in work.cites],
        "related_works": [f"https://openalex.org/W{4_000_000_000 + number}" for number in range(10)],
        "abstract_inverted_index": index, "cited_by_api_url": f"https://api.openalex.org/works?filter=cites:W{work.number}",
        "counts_by_year": [{"year": year, "cited_by_count": 3} for year in range(2015, 2025)],
        "updated_date": "2024-11-02T03:04:05.678901", "created_date": "2016-06-24",
    }  # fmt: skip


def s2_papers(count: int) -> Iterator[bytes]:
    """Lines of the dataset ``papers``."""
    return _lines(
        {
            "corpusid": 10_000_000 + work.number, "url": f"https://www.semanticscholar.org/paper/{work.number:040x}",
            "externalids": {
                "ACL": None, "DBLP": None, "ArXiv": arxiv_id(work.number), "MAG": str(2_000_000_000 + work.number),
                "CorpusId": str(10_000_000 + work.number), "PubMed": None, "DOI": work.doi, "PubMedCentral": None,
            },
            "title": work.title, "authors": [{"authorId": str(1000 + n), "name": name} for n, name in enumerate(work.names)],
            "venue": _VENUES[work.number % 4], "publicationvenueid": None, "year": work.year, "referencecount": 40,
            "citationcount": 12, "influentialcitationcount": 2, "isopenaccess": False,
            "s2fieldsofstudy": [{"category": "Computer Science", "source": "external"}, {"category": "Mathematics", "source": "s2-fos-model"}],
            "publicationtypes": ["JournalArticle"], "publicationdate": f"{work.year}-06-12",
            "journal": {"name": _VENUES[work.number % 4], "pages": "1-9", "volume": "6"},
        }
        for work in works(count, 0)
    )  # fmt: skip


def s2_citations(count: int) -> Iterator[bytes]:
    """Lines of the dataset ``citations``, a citation each; a third have contexts."""
    dice = random.Random(1706)
    sentence = (
        "This follows earlier work [12], in which the shape of such files was made up out of whole cloth."
    )

    def records() -> Iterator[dict[str, Any]]:
        citing = 10_000_000
        for number in range(count):
            if number % 30 == 0:
                citing += dice.randint(1, 9)
            told = number % 3 == 0
            yield {
                "citationid": 500_000_000 + number, "citingcorpusid": citing, "citedcorpusid": dice.randrange(1, 250_000_000),
                "isinfluential": number % 20 == 0, "contexts": [sentence] if told else None,
                "intents": [["methodology"]] if told else None,
            }  # fmt: skip

    return _lines(records())


def crossref(count: int) -> Iterator[bytes]:
    """Lines of a public data file."""

    def record(work: Work) -> dict[str, Any]:
        date = {"date-parts": [[work.year, 6, 12]]}
        stamp = date | {"date-time": f"{work.year}-06-12T01:02:03Z", "timestamp": 1_560_000_000_000}
        return {
            "indexed": stamp, "reference-count": len(work.cites), "publisher": "Nobody", "issue": "1",
            "content-domain": {"domain": [], "crossmark-restriction": False}, "published-print": date, "DOI": work.doi,
            "abstract": f"<jats:title>Abstract</jats:title><jats:p>{work.abstract}</jats:p>", "type": "journal-article",
            "created": stamp, "source": "Crossref", "is-referenced-by-count": 12, "title": [work.title], "prefix": "10.4000",
            "volume": "6",
            "author": [
                {
                    "given": given, "family": family, "sequence": "additional", "affiliation": [{"name": "University of Shapes"}],
                    "ORCID": "http://orcid.org/0000-0002-1825-0097", "authenticated-orcid": False,
                }
                for given, family in work.authors
            ],
            "member": "297",
            "reference": [
                {"key": f"ref{n}", "doi-asserted-by": "publisher", "DOI": doi(cited), "unstructured": f"Zhang, L., et al.: {_title_of(cited)}. {_VENUES[n % 4]} {n}(2), 1–9 (2019)"}
                if n % 2 else
                {"key": f"ref{n}", "author": "L Zhang", "volume": "6", "first-page": "1", "year": "2019", "article-title": _title_of(cited), "journal-title": _VENUES[n % 4]}
                for n, cited in enumerate(work.cites)
            ],
            "container-title": [_VENUES[work.number % 4]], "short-container-title": ["J Made-up"], "language": "en",
            "link": [{"URL": "https://example.org/a.pdf", "content-type": "application/pdf", "content-version": "vor", "intended-application": "text-mining"}],
            "deposited": stamp, "score": 1, "resource": {"primary": {"URL": "https://example.org/a"}}, "issued": date,
            "references-count": len(work.cites), "URL": f"http://dx.doi.org/{work.doi}", "ISSN": ["1234-5678"],
            "issn-type": [{"value": "1234-5678", "type": "print"}], "subject": ["Artificial Intelligence"], "published": date,
        }  # fmt: skip

    return _lines(map(record, works(count)))


def _snapshot(work: Work) -> dict[str, Any]:
    return {
        "id": arxiv_id(work.number), "submitter": work.names[0], "authors": ", ".join(work.names), "title": work.title,
        "comments": "9 pages, 3 figures", "journal-ref": None, "doi": work.doi, "report-no": None, "categories": "cs.CL cs.LG",
        "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "abstract": f"  {work.abstract}\n",
        "versions": [{"version": "v1", "created": f"Mon, 12 Jun {work.year} 17:57:34 GMT"}], "update_date": "2023-08-03",
        "authors_parsed": [[family, given, ""] for given, family in work.authors],
    }  # fmt: skip


def arxiv_snapshot(count: int) -> Iterator[bytes]:
    """Lines of arXiv's metadata snapshot."""
    return _lines(map(_snapshot, works(count, 0)))


def _hugging_face(work: Work) -> dict[str, Any]:
    return {
        "id": arxiv_id(work.number),
        "authors": [{"_id": f"{n:024x}", "name": name, "hidden": False} for n, name in enumerate(work.names)],
        "publishedAt": f"{work.year}-06-12T17:57:34.000Z", "submittedOnDailyAt": f"{work.year}-06-13T00:00:00.000Z",
        "title": work.title, "summary": work.abstract, "upvotes": 12, "discussionId": f"{work.number:024x}",
        "githubRepo": f"https://github.com/nobody/shape-{work.number}", "ai_keywords": _WORDS[30:36], "ai_summary": work.title,
        "linkedModels": [{"id": f"nobody/shape-{work.number}-{n}", "downloads": 12} for n in range(2)],
    }  # fmt: skip


def hf_paper(count: int) -> Iterator[bytes]:
    """Lines of papers as the API gives them one by one."""
    return _lines(map(_hugging_face, works(count, 0)))


def hf_daily(count: int) -> Iterator[bytes]:
    """A list of a day's entries."""
    yield b"["
    for work in works(count, 0):
        paper = _hugging_face(work)
        entry = {"paper": paper, "publishedAt": paper["publishedAt"], "title": work.title, "numComments": 1}
        yield (b"," if work.number > 1 else b"") + orjson.dumps(entry)
    yield b"]"


def hf_page(count: int) -> Iterator[bytes]:
    """A page of Daily Papers, saved as text."""
    yield b"Daily Papers\nby AK and the research community\n\n"
    for work in works(count, 0):
        yield f"{work.title.title()}\n\n{work.abstract}\n\n12\n\n".encode()


def weekly_txt(count: int) -> Iterator[bytes]:
    """Blocks of title, address and summary."""
    for work in works(count, 0):
        yield f"Title: {work.title}\nPDF: http://arxiv.org/pdf/{arxiv_id(work.number)}v1\nSummary: {work.abstract}\n{'-' * 80}\n".encode()


def papers_jsonl(count: int) -> Iterator[bytes]:
    """Lines of citegraph's own format."""
    return _lines(
        {
            "title": work.title, "abstract": work.abstract, "arxiv_id": arxiv_id(work.number), "doi": work.doi,
            "authors": work.names, "date": f"{work.year}-06-12", "venue": _VENUES[work.number % 4],
            "references": [arxiv_id(cited) if cited % 2 else _title_of(cited) for cited in work.cites],
        }
        for work in works(count)
    )  # fmt: skip


def papers_with_code(count: int) -> Iterator[bytes]:
    """The list ``papers-with-abstracts``."""
    yield b"["
    for work in works(count, 0):
        record = {
            "paper_url": f"https://paperswithcode.com/paper/shape-{work.number}", "arxiv_id": arxiv_id(work.number),
            "nips_id": None, "openreview_id": None, "title": work.title, "abstract": work.abstract,
            "short_abstract": work.abstract[:200], "url_abs": f"https://arxiv.org/abs/{arxiv_id(work.number)}v1",
            "url_pdf": f"https://arxiv.org/pdf/{arxiv_id(work.number)}v1.pdf", "proceeding": None, "authors": work.names,
            "tasks": ["Shape Making", "Reading"], "date": f"{work.year}-06-12", "conference_url_abs": None,
            "conference_url_pdf": None, "conference": None, "reproduces_paper": None,
            "methods": [{"name": "Shaper", "full_name": "Shaper", "description": work.abstract, "introduced_year": 2000, "source_url": None, "source_title": None, "code_snippet_url": "", "main_collection": {"name": "Shapes", "description": "", "parent": None, "area": "General"}}],
        }  # fmt: skip
        yield (b",\n" if work.number > 1 else b"") + orjson.dumps(record)
    yield b"]"


# --- full texts --------------------------------------------------------------------------------------------


def _sentences(work: Work, mark: Callable[[int], str]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield paragraphs, each with the places of its citation marks; about 30,000 characters a paper."""
    dice = random.Random(work.number)
    for place in range(40):
        said: list[str] = []
        at: list[tuple[str, int]] = []
        for _ in range(6):
            said.append(" ".join(dice.choices(_WORDS, k=16)).capitalize())
            number = (place + len(said)) % len(work.cites)
            at.append((mark(number), number))
            said.append(f"{mark(number)}.")
        yield " ".join(said), at


def _spans(text: str, at: list[tuple[str, int]]) -> list[dict[str, Any]]:
    spans, start = [], 0
    for mark, number in at:
        start = text.index(mark, start)
        spans.append({"start": start, "end": start + len(mark), "text": mark, "ref_id": f"BIBREF{number}"})
        start += len(mark)
    return spans


def s2orc(count: int) -> Iterator[bytes]:
    """Lines of S2ORC as doc2json makes them."""

    def record(work: Work) -> dict[str, Any]:
        body = [
            {"text": text, "cite_spans": _spans(text, at), "ref_spans": [], "eq_spans": [], "section": f"Part {n // 8}", "sec_num": str(n // 8 + 1)}
            for n, (text, at) in enumerate(_sentences(work, lambda n: f"[{n}]"))
        ]  # fmt: skip
        entries = {
            f"BIBREF{n}": {
                "ref_id": f"b{n}", "title": _title_of(cited), "authors": [{"first": "L", "middle": [], "last": "Zhang", "suffix": ""}] * 3,
                "year": 2019, "venue": _VENUES[n % 4], "volume": "6", "issn": "", "pages": "1--9", "other_ids": {"DOI": [doi(cited)]} if n % 2 else {},
                "num": None, "urls": [], "raw_text": f"L. Zhang et al. {_title_of(cited)}. In {_VENUES[n % 4]}, pages 1–9, 2019.", "links": None,
            }
            for n, cited in enumerate(work.cites)
        }  # fmt: skip
        people = [
            {"first": given, "middle": [], "last": family, "suffix": ""} for given, family in work.authors
        ]
        return {
            "paper_id": str(10_000_000 + work.number), "title": work.title, "authors": people, "abstract": work.abstract,
            "year": str(work.year), "venue": _VENUES[work.number % 4], "identifiers": {}, "_pdf_hash": f"{work.number:040x}",
            "pdf_parse": {"paper_id": str(work.number), "abstract": [], "body_text": body, "back_matter": [], "bib_entries": entries, "ref_entries": {}},
        }  # fmt: skip

    return _lines(map(record, works(count)))


def unarxive(count: int) -> Iterator[bytes]:
    """Lines of unarXive."""

    def key(work: Work, number: int) -> str:
        return f"{work.number:020x}{number:020x}"

    def record(work: Work) -> dict[str, Any]:
        texts = [text for text, _ in _sentences(work, lambda n: f"{{{{cite:{key(work, n)}}}}}")]
        return {
            "paper_id": arxiv_id(work.number), "_source_hash": f"{work.number:040x}", "_source_name": f"{arxiv_id(work.number)}.gz",
            "metadata": _snapshot(work), "discipline": "Computer Science",
            "abstract": {"section": "Abstract", "text": work.abstract, "cite_spans": [], "ref_spans": []},
            "body_text": [
                {"section": f"Part {n // 8}", "sec_number": str(n // 8 + 1), "sec_type": "section", "content_type": "paragraph", "text": text, "cite_spans": [], "ref_spans": []}
                for n, text in enumerate(texts)
            ],
            "bib_entries": {
                key(work, n): {
                    "bib_entry_raw": f"L. Zhang et al. {_title_of(cited)}. In {_VENUES[n % 4]}, pages 1–9, 2019.",
                    "contained_arXiv_ids": [], "contained_links": [], "discipline": "Computer Science",
                    "ids": {"open_alex_id": f"https://openalex.org/W{2_000_000_000 + cited}", "sem_open_alex_id": "", "pubmed_id": "", "pmc_id": "", "doi": doi(cited), "arxiv_id": ""},
                }
                for n, cited in enumerate(work.cites)
            },
            "ref_entries": {},
        }  # fmt: skip

    return _lines(map(record, works(count)))


def tei(count: int) -> Iterator[bytes]:
    """A corpus of papers as GROBID writes them."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n'
    for work in works(count):
        yield _tei(work).encode()
    yield b"</teiCorpus>\n"


def _person(given: str, family: str) -> str:
    return f'<persName><forename type="first">{given}</forename><surname>{family}</surname></persName>'


def _tei(work: Work) -> str:
    def mark(number: int) -> str:
        return f'<ref type="bibr" target="#b{number}">[{number}]</ref>'

    authors = "".join(
        f"<author>{_person(*name)}<affiliation><orgName type='institution'>University</orgName></affiliation></author>\n"
        for name in work.authors
    )
    paragraphs = [text for text, _ in _sentences(work, mark)]
    divisions = "".join(
        f'<div xmlns="http://www.tei-c.org/ns/1.0"><head n="{n // 8 + 1}">Part {n // 8}</head>'
        + "".join(f"<p>{text}</p>\n" for text in paragraphs[n : n + 8])
        + "</div>\n"
        for n in range(0, len(paragraphs), 8)
    )
    listed = "".join(
        f'<biblStruct xml:id="b{n}"><analytic><title level="a" type="main">{_title_of(cited)}</title>'
        f"{''.join(f'<author>{_person(*name)}</author>' for name in work.authors[:3])}"
        + (f'<idno type="DOI">{doi(cited)}</idno>' if n % 2 else f"<idno>arXiv:{arxiv_id(cited)}</idno>")
        + f'</analytic><monogr><title level="j">{_VENUES[n % 4]}</title><imprint><biblScope unit="volume">6</biblScope>'
        f'<biblScope unit="page" from="1" to="9" /><date type="published" when="2019">2019</date></imprint></monogr>'
        f'<note type="raw_reference">L. Zhang et al. {_title_of(cited)}. In {_VENUES[n % 4]}, pages 1–9, 2019.</note></biblStruct>\n'
        for n, cited in enumerate(work.cites)
    )
    return (
        '<TEI xml:space="preserve" xmlns="http://www.tei-c.org/ns/1.0"><teiHeader xml:lang="en"><fileDesc><titleStmt>'
        f'<title level="a" type="main">{work.title}</title></titleStmt><publicationStmt><publisher/><date type="published" '
        f'when="{work.year}-06-12">12 Jun {work.year}</date></publicationStmt><sourceDesc><biblStruct><analytic>{authors}'
        f'<title level="a" type="main">{work.title}</title></analytic><monogr><imprint><date/></imprint></monogr>'
        f'<idno type="arXiv">arXiv:{arxiv_id(work.number)}v1[cs.CL]</idno></biblStruct></sourceDesc></fileDesc><profileDesc>'
        f"<abstract><div><p>{work.abstract}</p></div></abstract></profileDesc></teiHeader><text xml:lang='en'><body>\n"
        f'{divisions}</body><back><div type="references"><listBibl>\n{listed}</listBibl></div></back></text></TEI>\n'
    )


def jats(count: int) -> Iterator[bytes]:
    """A set of articles of PubMed Central."""
    yield b'<?xml version="1.0"?>\n<pmc-articleset>\n'
    for work in works(count):
        yield _jats(work).encode()
    yield b"</pmc-articleset>\n"


def _jats(work: Work) -> str:
    def mark(number: int) -> str:
        return f'[<xref ref-type="bibr" rid="R{number}">{number}</xref>]'

    authors = "".join(
        f'<contrib contrib-type="author"><name><surname>{family}</surname><given-names>{given}</given-names></name></contrib>'
        for given, family in work.authors
    )
    paragraphs = [text for text, _ in _sentences(work, mark)]
    sections = "".join(
        f"<sec><title>Part {n // 8}</title>"
        + "".join(f"<p>{text}</p>\n" for text in paragraphs[n : n + 8])
        + "</sec>\n"
        for n in range(0, len(paragraphs), 8)
    )
    listed = "".join(
        f'<ref id="R{n}"><label>{n}</label><element-citation publication-type="journal"><person-group person-group-type="author">'
        f"{''.join(f'<name><surname>{family}</surname><given-names>{given}</given-names></name>' for given, family in work.authors[:3])}"
        f"</person-group><article-title>{_title_of(cited)}</article-title><source>{_VENUES[n % 4]}</source><year>2019</year>"
        f'<volume>6</volume><fpage>1</fpage><lpage>9</lpage><pub-id pub-id-type="doi">{doi(cited)}</pub-id></element-citation></ref>\n'
        for n, cited in enumerate(work.cites)
    )
    return (
        '<article article-type="research-article"><front><journal-meta><journal-title-group><journal-title>'
        f"{_VENUES[work.number % 4]}</journal-title></journal-title-group></journal-meta><article-meta>"
        f'<article-id pub-id-type="pmid">{work.number}</article-id><article-id pub-id-type="doi">{work.doi}</article-id>'
        f"<title-group><article-title>{work.title}</article-title></title-group><contrib-group>{authors}</contrib-group>"
        f'<pub-date pub-type="epub"><day>12</day><month>6</month><year>{work.year}</year></pub-date><abstract><p>{work.abstract}'
        f"</p></abstract></article-meta></front><body>{sections}</body><back><ref-list>{listed}</ref-list></back></article>\n"
    )


def arxiv_atom(count: int) -> Iterator[bytes]:
    """An answer of arXiv's API."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'
    yield b'<link href="http://arxiv.org/api/query?id_list=" rel="self"/><title>ArXiv Query</title><id>http://arxiv.org/api/x</id>\n'
    for work in works(count, 0):
        address = f"http://arxiv.org/abs/{arxiv_id(work.number)}v1"
        authors = "".join(f"<author>\n<name>{name}</name>\n</author>\n" for name in work.names)
        yield (
            f"<entry>\n<id>{address}</id>\n<updated>{work.year}-06-12T17:57:34Z</updated>\n<published>{work.year}-06-12T17:57:34Z"
            f"</published>\n<title>{work.title}</title>\n<summary>  {work.abstract}\n</summary>\n{authors}<arxiv:doi>{work.doi}"
            f'</arxiv:doi>\n<link href="{address}" rel="alternate" type="text/html"/>\n<arxiv:primary_category term="cs.CL" '
            'scheme="http://arxiv.org/schemas/atom"/>\n<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>\n'
            '<category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>\n</entry>\n'
        ).encode()
    yield b"</feed>\n"


def dblp(count: int) -> Iterator[bytes]:
    """Records of ``dblp.xml``."""
    yield b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<dblp>\n'
    for work in works(count, 0):
        authors = "".join(f"<author>{name}</author>\n" for name in work.names)
        yield (
            f'<article mdate="2024-01-02" key="journals/shapes/S{work.number}">\n{authors}<title>{work.title}.</title>\n'
            f"<pages>1-9</pages>\n<year>{work.year}</year>\n<volume>6</volume>\n<journal>{_VENUES[work.number % 4]}</journal>\n"
            f"<number>1</number>\n<ee>https://doi.org/{work.doi}</ee>\n<url>db/journals/shapes/shapes6.html#S{work.number}</url>\n"
            "</article>\n"
        ).encode("iso-8859-1", "xmlcharrefreplace")
    yield b"</dblp>\n"


# --- bibliographies ----------------------------------------------------------------------------------------


def bibtex(count: int) -> Iterator[bytes]:
    """Entries as reference managers export them, half of them with LaTeX in the title."""
    for work in works(count, 0):
        title = work.title if work.number % 2 else f"{{{work.title}}} for \\'{{e}}tudes"
        authors = " and ".join(f"{family}, {given}" for given, family in work.authors)
        yield (
            f"@article{{shape{work.number},\n  title = {{{title}}},\n  author = {{{authors}}},\n  journal = {{{_VENUES[work.number % 4]}}},\n"
            f"  year = {{{work.year}}},\n  volume = {{6}},\n  number = {{1}},\n  pages = {{1--9}},\n  doi = {{{work.doi}}},\n"
            f"  url = {{https://doi.org/{work.doi}}},\n  abstract = {{{work.abstract}}},\n  keywords = {{shapes, files}}\n}}\n\n"
        ).encode()


def ris(count: int) -> Iterator[bytes]:
    """Records as databases export them."""
    for work in works(count, 0):
        authors = "".join(f"AU  - {family}, {given}\n" for given, family in work.authors)
        yield (
            f"TY  - JOUR\nTI  - {work.title}\n{authors}PY  - {work.year}\nDA  - {work.year}/06/12/\nJO  - {_VENUES[work.number % 4]}\nVL  - 6\n"
            f"IS  - 1\nSP  - 1\nEP  - 9\nDO  - {work.doi}\nUR  - https://doi.org/{work.doi}\nAB  - {work.abstract}\nKW  - shapes\nKW  - files\nER  - \n\n"
        ).encode()


def csl_json(count: int) -> Iterator[bytes]:
    """A list of items as reference managers export them."""
    yield b"[\n"
    for work in works(count, 0):
        item = {
            "id": f"shape{work.number}", "type": "article-journal", "title": work.title, "abstract": work.abstract,
            "author": [{"family": family, "given": given} for given, family in work.authors], "container-title": _VENUES[work.number % 4],
            "issued": {"date-parts": [[work.year, 6, 12]]}, "volume": "6", "issue": "1", "page": "1-9", "DOI": work.doi,
            "URL": f"https://doi.org/{work.doi}", "ISSN": "1234-5678", "language": "en", "note": "made up",
        }  # fmt: skip
        yield (b",\n" if work.number > 1 else b"") + orjson.dumps(item)
    yield b"\n]\n"


def markdown_list(count: int) -> Iterator[bytes]:
    """An "awesome" list, thirty papers under a heading."""
    yield b"# Awesome shapes\n\nA curated list of papers on shapes.\n\n"
    for work in works(count, 0):
        if work.number % 30 == 1:
            yield f"## {_WORDS[work.number // 30 % len(_WORDS)].title()} shapes\n\n".encode()
        yield (
            f"- **{work.title}**, *{', '.join(work.names)}*, {work.year}. [[paper](https://arxiv.org/abs/{arxiv_id(work.number)})] "
            f"[[code](https://github.com/nobody/shape-{work.number})]\n"
        ).encode()


def latex(count: int) -> Iterator[bytes]:
    """Sources of papers, each a file: sections with citations, formulas and macros, references as BibTeX prints them."""
    for work in works(count):
        body, authors = "", " \\and ".join(work.names)
        for place, (text, _) in enumerate(_sentences(work, lambda number: f"\\citep{{shape{number}}}")):
            if place % 5 == 0:
                body += f"\n\\section{{Part {place // 5} of \\ours}}\n"
            body += f"{text} With $\\alpha_{{{place}}} = 0.{place}$ and 50\\% of \\emph{{it}}, \\ours wins. % not for print\n\n"
        listed = "".join(
            f"\\bibitem[{{Author et~al.({work.year})}}]{{shape{number}}}\nA.~Author and B.~Writer.\n\\newblock {_title_of(cited)}.\n"
            f"\\newblock \\emph{{arXiv preprint arXiv:{arxiv_id(cited)}}}, {work.year}.\n\n"
            for number, cited in enumerate(work.cites)
        )
        yield (
            "\\documentclass{article}\n\\usepackage{natbib}\n\\newcommand{\\ours}{Shaper}\n"
            f"\\title{{{work.title}}}\n\\author{{{authors}}}\n\\begin{{document}}\n\\maketitle\n"
            f"\\begin{{abstract}}\n{work.abstract}\n\\end{{abstract}}\n{body}\n"
            f"\\begin{{thebibliography}}{{99}}\n{listed}\\end{{thebibliography}}\n\\end{{document}}\n"
        ).encode()


FOLDERS = frozenset({"latex"})
"""Formats of which every record is a file in a folder of its own."""

SHAPES: dict[str, tuple[Callable[[int], Iterator[bytes]], str, int]] = {
    "hf-page": (hf_page, "page.txt", 1000),
    "weekly-txt": (weekly_txt, "week.txt", 4000),
    "papers-with-code": (papers_with_code, "papers-with-abstracts.json", 2000),
    "unarxive": (unarxive, "unarxive.jsonl", 150),
    "s2orc": (s2orc, "s2orc.jsonl", 150),
    "hf-paper": (hf_paper, "papers.jsonl", 3000),
    "hf-daily": (hf_daily, "day.json", 3000),
    "openalex": (openalex, "part_000.jsonl", 600),
    "semantic-scholar": (s2_papers, "papers.jsonl", 4000),
    "semantic-scholar, citations": (s2_citations, "citations.jsonl", 20_000),
    "crossref": (crossref, "works.jsonl", 600),
    "arxiv-snapshot": (arxiv_snapshot, "arxiv.jsonl", 4000),
    "tei": (tei, "corpus.tei.xml", 60),
    "arxiv-atom": (arxiv_atom, "answer.xml", 2000),
    "dblp": (dblp, "dblp.xml", 4000),
    "jats": (jats, "articles.xml", 60),
    "csl-json": (csl_json, "items.json", 3000),
    "ris": (ris, "records.ris", 1500),
    "bibtex": (bibtex, "entries.bib", 600),
    "markdown-list": (markdown_list, "README.md", 600),
    "papers-jsonl": (papers_jsonl, "papers.jsonl", 2000),
    "latex": (latex, "main.tex", 20),
}
"""By format: how to make a file, its name, and of how many records the smaller one is."""
