"""Services that answer without a network: a made-up corpus, spoken of as each service does, and faults on demand."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import orjson

from citegraph.graph.identity import title_key
from citegraph.loaders.enrich.transport import FaultError, Raw, WrongPlaceError

_WORDS = [
    "sparse",
    "gated",
    "robust",
    "latent",
    "causal",
    "neural",
    "convex",
    "spectral",
    "modular",
    "adaptive",
    "discrete",
    "implicit",
    "quantum",
    "recursive",
    "planning",
    "parsing",
    "pruning",
    "routing",
    "ranking",
    "tracking",
    "alignment",
    "retrieval",
    "attention",
    "segmentation",
    "translation",
    "diffusion",
    "distillation",
    "compression",
    "exploration",
    "summarization",
    "tokens",
    "graphs",
    "videos",
    "proteins",
    "dialogues",
    "images",
]
_GIVEN = ["Ada", "Blaise", "Carla", "Dmitri", "Edith", "Farid", "Greta", "Hiro", "Ines", "Jun"]
_FAMILY = [
    "Abara",
    "Brandt",
    "Castillo",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Gupta",
    "Hashimoto",
    "Ivanov",
    "Jensen",
    "Kowalski",
    "Lindqvist",
]


class FakeClock:
    """A clock that only tests and sleepers move."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self.slept.append(seconds)
            self.time += seconds


@dataclass(frozen=True)
class Work:
    """A made-up work; ``cites`` are numbers of works."""

    number: int
    title: str
    authors: tuple[str, ...]
    year: int
    abstract: str
    cites: tuple[int, ...] = ()

    @property
    def arxiv_id(self) -> str:
        return f"{self.year % 100:02}{self.number % 12 + 1:02}.{self.number + 1:05}"

    @property
    def doi(self) -> str:
        return f"10.5555/work.{self.number}"

    @property
    def openalex_id(self) -> str:
        return f"W{4_000_000_000 + self.number}"

    @property
    def s2_id(self) -> str:
        return f"{self.number + 1:040x}"

    @property
    def corpus_id(self) -> int:
        return 90_000 + self.number

    @property
    def dblp(self) -> str:
        return f"conf/fake/{self.authors[0].split()[-1]}{self.number}"

    @property
    def date(self) -> str:
        return f"{self.year}-{self.number % 12 + 1:02}-15"


def corpus(size: int, seed: int = 0) -> list[Work]:
    """Make up works that cite each other, in circles and themselves, too."""
    rng = random.Random(seed)
    works = []
    for number in range(size):
        words = rng.sample(_WORDS, 6)
        start = " ".join(words[:3]).capitalize()
        title = f"{start} for {words[3]} {words[4]}: the case of {words[5]} {number}x"
        authors = tuple(f"{rng.choice(_GIVEN)} {family}" for family in rng.sample(_FAMILY, 3))
        cites = tuple(rng.sample(range(size), min(size, 5)))
        abstract = f"We study {words[3]} of {words[5]} by {words[0]} {words[1]} methods. Work {number} of the corpus."
        works.append(Work(number, title, authors, 2016 + number % 8, abstract, cites))
    return works


@dataclass
class Fault:
    """Something that goes wrong: with a name, and what it makes of a right answer."""

    name: str
    make: Callable[[Raw], Raw]

    def __repr__(self) -> str:
        return self.name


def _raises(error: Exception) -> Callable[[Raw], Raw]:
    def make(raw: Raw) -> Raw:
        raise error

    return make


def _with(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Callable[[Raw], Raw]:
    return lambda raw: Raw(status, dict(headers or {}), body)


_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
FAULTS = {
    fault.name: fault
    for fault in (
        Fault("429", _with(429, body=b'{"message": "Too Many Requests"}')),
        Fault("429 after 3 s", _with(429, {"Retry-After": "3"})),
        Fault("429 after a date", _with(429, {"retry-after": "Fri, 15 Jan 2027 08:00:05 GMT"})),
        Fault("spent budget", _with(429, {"retry-after": "28800"}, b'{"error": "Daily budget exceeded"}')),
        Fault("500", _with(500, body=b'{"error": "Internal Server Error"}')),
        Fault("502 with a page", _with(502, {"content-type": "text/html"}, _PAGE)),
        Fault("503 after 2 s", _with(503, {"retry-after": "2"}, b"Rate exceeded.")),
        Fault("a page with 200", _with(200, {"content-type": "text/html"}, _PAGE)),
        Fault("400", _with(400, body=b'{"error": "Response would exceed maximum size"}')),
        Fault("404", _with(404, body=b"Resource not found.")),
        Fault("timeout", _raises(FaultError("no answer in time"))),
        Fault("reset", _raises(FaultError("the connection failed"))),
        Fault("damaged gzip", _raises(FaultError("the answer is damaged"))),
        Fault("too slow", _raises(FaultError("the answer came too slowly"))),
        Fault("redirect loop", _raises(WrongPlaceError("it redirects more than 5 times"))),
        Fault("cut off", lambda raw: Raw(raw.status, raw.headers, raw.body[: len(raw.body) // 2])),
        Fault("empty", lambda raw: Raw(raw.status, raw.headers, b"")),
        Fault("null", lambda raw: Raw(raw.status, raw.headers, b"null")),
        Fault("deep", lambda raw: Raw(raw.status, raw.headers, b"[" * 100_000)),
        Fault("huge numbers", lambda raw: Raw(200, raw.headers, _drifted(raw.body, 10**30))),
        Fault("numbers for everything", lambda raw: Raw(200, raw.headers, _drifted(raw.body, 7))),
        Fault("lists for everything", lambda raw: Raw(200, raw.headers, _drifted(raw.body, [["x"]]))),
    )
}
"""What services have been seen to do, and what they may yet do."""

PASSING = tuple(name for name in FAULTS if name not in ("404", "400", "spent budget"))
"""Faults after which the same request has its answer."""


def _drifted(body: bytes, value: Any) -> bytes:
    """Replace every leaf of a JSON body."""

    def changed(item: Any) -> Any:
        if isinstance(item, dict):
            return {name: changed(inner) for name, inner in item.items()}
        return [changed(inner) for inner in item] if isinstance(item, list) else value

    try:
        text = changed(orjson.loads(body))
    except orjson.JSONDecodeError:
        return body.replace(b"<title>", b"<drift>").replace(b"</title>", b"</drift>")
    import json

    return json.dumps(text).encode()


Schedule = Callable[[str, int], str | None]
"""Tells which fault the n-th request to a service meets, if any."""


def never(service: str, number: int) -> None:
    """Let everything go well."""


def sequence(*names: str | None) -> Schedule:
    """Let the first requests to each service meet these faults, and all later ones none."""
    return lambda service, number: names[number] if number < len(names) else None


@dataclass
class FakeServices:
    """A transport that answers as the services do.

    Attributes
    ----------
    works
        What there is.
    schedule
        Which requests go wrong.
    merged
        Identifiers of OpenAlex that were merged into others.
    unknown
        Names of services by numbers of works that they do not have.
    sent
        Service, method and address of all requests, with what headers and body.
    """

    works: Sequence[Work]
    schedule: Schedule = never
    merged: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, set[int]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str, str, dict[str, str], bytes]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}

    def send(self, request: Any, policy: Any) -> Raw:
        """Answer a request, or fail as the schedule says."""
        body = request.body or b""
        with self._lock:
            number = self._numbers.get(policy.service, 0)
            self._numbers[policy.service] = number + 1
            self.sent.append((policy.service, request.method, request.url, dict(request.headers), body))
            name = self.schedule(policy.service, number)
            if name is not None:
                self.faults.append((policy.service, name))
        answer = self._answer(policy, request.url, body)
        answer = Raw(answer.status, {"content-type": "application/json", **self.headers}, answer.body)
        return FAULTS[name].make(answer) if name is not None else answer

    def count(self, service: str) -> int:
        """Return how many requests a service got."""
        return sum(1 for one in self.sent if one[0] == service)

    def _answer(self, policy: Any, url: str, body: bytes) -> Raw:
        parts = urlsplit(url)
        path = unquote(parts.path.removeprefix(urlsplit(policy.base).path).lstrip("/"))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        known = [work for work in self.works if work.number not in self.unknown.get(policy.service, ())]
        answer = _DIALECTS[policy.service](self, known, path, query, body)
        if answer is None:
            return Raw(404, {}, b'{"error": "Not found"}')
        return Raw(200, {}, answer if isinstance(answer, bytes) else orjson.dumps(answer))


def _titled(works: Sequence[Work], sought: str) -> list[Work]:
    """Return works with the words sought in their title, the nearest first."""
    words = {title_key(word) for word in sought.split()}
    found = [(len(words & {title_key(w) for w in work.title.split()}), -work.number, work) for work in works]
    return [work for score, _, work in sorted(found, reverse=True) if score >= 3]


def _find(works: Sequence[Work], identifier: str) -> Work | None:
    sought = identifier.lower().removeprefix("doi:").removeprefix("arxiv:").removeprefix("10.48550/arxiv.")
    sought = sought.removeprefix("corpusid:")
    for work in works:
        own = (work.arxiv_id, work.doi, work.openalex_id, work.s2_id, str(work.corpus_id), work.dblp)
        if sought in map(str.lower, own):
            return work
    return None


# --- dialects ----------------------------------------------------------------------------------------------


def _openalex_work(services: FakeServices, work: Work) -> dict[str, Any]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(work.abstract.split()):
        index.setdefault(word, []).append(place)
    return {
        "id": f"https://openalex.org/{work.openalex_id}",
        "doi": f"https://doi.org/{work.doi}",
        "title": work.title,
        "publication_year": work.year,
        "publication_date": work.date,
        "ids": {"openalex": f"https://openalex.org/{work.openalex_id}"},
        "primary_location": {"source": {"display_name": "Fake Conference", "type": "conference"}},
        "locations": [{"landing_page_url": f"https://arxiv.org/abs/{work.arxiv_id}"}],
        "authorships": [{"author": {"display_name": name}, "institutions": []} for name in work.authors],
        "abstract_inverted_index": index,
        "referenced_works": [f"https://openalex.org/{services.works[n].openalex_id}" for n in work.cites],
        "is_retracted": False,
    }


def _openalex(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if path != "works":
        identifier = services.merged.get(path.removeprefix("works/"), path.removeprefix("works/"))
        work = _find(works, identifier)
        return _openalex_work(services, work) if work else None
    kind, _, sought = query["filter"].partition(":")
    if kind == "title.search":
        found = _titled(works, sought)[: int(query["per_page"])]
        return {"meta": {"count": len(found)}, "results": [_openalex_work(services, w) for w in found]}
    cited = _find(works, sought)
    found = [work for work in works if cited and cited.number in work.cites]
    start, size = 0 if query["cursor"] == "*" else int(query["cursor"]), int(query["per_page"])
    cursor = str(start + size) if start + size < len(found) else None
    page = [_openalex_work(services, work) for work in found[start : start + size]]
    return {"meta": {"count": len(found), "next_cursor": cursor}, "results": page}


def _s2_paper(services: FakeServices, work: Work, references: bool = True) -> dict[str, Any]:
    paper: dict[str, Any] = {
        "paperId": work.s2_id,
        "corpusId": work.corpus_id,
        "externalIds": {
            "ArXiv": work.arxiv_id,
            "DOI": work.doi,
            "CorpusId": work.corpus_id,
            "DBLP": work.dblp,
        },
        "title": work.title,
        "abstract": work.abstract,
        "venue": "Fake Conference",
        "year": work.year,
        "publicationDate": work.date,
        "authors": [{"authorId": "1", "name": name} for name in work.authors],
    }
    if references:
        unknown = {"paperId": None, "title": None, "externalIds": None}
        paper["references"] = [
            {k: v for k, v in _s2_paper(services, services.works[n], False).items() if k != "abstract"}
            for n in work.cites
        ] + [unknown]
    return paper


def _semantic_scholar(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if path == "paper/batch":
        found = [_find(works, identifier) for identifier in orjson.loads(body)["ids"]]
        return [_s2_paper(services, work) if work else None for work in found]
    if path == "paper/search/match":
        found = _titled(works, query["query"])
        return {"data": [{**_s2_paper(services, found[0]), "matchScore": 99.5}]} if found else None
    cited = _find(works, path.split("/")[1])
    if cited is None:
        return None
    citing = [work for work in works if cited.number in work.cites]
    offset, limit = int(query["offset"]), int(query["limit"])
    data = [
        {
            "contexts": [f"This goes beyond {cited.title}."],
            "intents": ["background"],
            "isInfluential": False,
            "citingPaper": _s2_paper(services, work, False),
        }
        for work in citing[offset : offset + limit]
    ]
    page: dict[str, Any] = {"offset": offset, "data": data}
    return page if offset + limit >= len(citing) else {**page, "next": offset + limit}


def _crossref_work(services: FakeServices, work: Work) -> dict[str, Any]:
    return {
        "DOI": work.doi,
        "type": "proceedings-article",
        "title": [work.title],
        "abstract": f"<jats:p>{work.abstract}</jats:p>",
        "author": [
            {"given": n.split()[0], "family": n.split()[-1], "sequence": "first"} for n in work.authors
        ],
        "container-title": ["Proceedings of the Fake Conference"],
        "issued": {"date-parts": [[work.year, work.number % 12 + 1, 15]]},
        "reference": [{"key": f"ref{n}", "DOI": services.works[n].doi} for n in work.cites]
        + [{"key": "r9", "unstructured": "A. Nobody. A report that is nowhere. 1999."}],
        "is-referenced-by-count": 3,
    }


def _crossref(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if path != "works":
        work = _find(works, path.removeprefix("works/"))
        return (
            {"status": "ok", "message-type": "work", "message": _crossref_work(services, work)}
            if work
            else None
        )
    if "filter" in query:
        found = [_find(works, one) for one in query["filter"].split(",")]
    else:
        found = list(_titled(works, query["query.bibliographic"]))
    items = [_crossref_work(services, work) for work in found if work][: int(query["rows"])]
    items.reverse()  # in no order that could be relied upon
    return {
        "status": "ok",
        "message-type": "work-list",
        "message": {"total-results": len(items), "items": items},
    }


def _arxiv_entry(work: Work) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in work.authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{work.arxiv_id}v2</id><title>{escape(work.title)}</title>"
        f"<published>{work.date}T00:00:00Z</published><summary>{escape(work.abstract)}</summary>{authors}"
        f'<category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/></entry>'
    )


def _arxiv(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if "id_list" in query:
        found = [_find(works, identifier) for identifier in query["id_list"].split(",")]
        entries = sorted((work for work in found if work), key=lambda work: work.date)
    else:
        entries = _titled(works, query["search_query"].removeprefix("ti:").strip('"'))
    feed = "".join(map(_arxiv_entry, entries[: int(query["max_results"])]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        "<id>http://arxiv.org/api/fake</id><opensearch:totalResults "
        f'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{len(entries)}</opensearch:totalResults>{feed}</feed>\n'
    ).encode()


def _huggingface(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if path == "daily_papers":
        return [
            {"paper": _hf_paper(work), "title": work.title}
            for work in works
            if work.date == query.get("date")
        ]
    work = _find(works, path.removeprefix("papers/"))
    return _hf_paper(work) if work else None


def _hf_paper(work: Work) -> dict[str, Any]:
    return {
        "id": work.arxiv_id,
        "title": work.title,
        "summary": work.abstract,
        "authors": [{"name": name} for name in work.authors],
        "publishedAt": f"{work.date}T00:00:00.000Z",
        "upvotes": work.number,
        "githubRepo": f"https://github.com/fake/work-{work.number}",
        "linkedModels": [{"id": f"fake/model-{work.number}"}],
    }


def _datacite(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    sought = query["query"]
    if sought.startswith("doi:("):
        found = [_find(works, one.strip().strip('"')) for one in sought[5:-1].split(" OR ")]
    else:
        found = list(_titled(works, sought.removeprefix("titles.title:").strip('"')))
    data = []
    for work in found:
        if work:
            references = [
                {
                    "relationType": "References",
                    "relatedIdentifierType": "DOI",
                    "relatedIdentifier": services.works[n].doi,
                }
                for n in work.cites
            ]
            same = {
                "relationType": "IsVersionOf",
                "relatedIdentifierType": "DOI",
                "relatedIdentifier": work.doi,
            }
            creators = [
                {
                    "name": f"{n.split()[-1]}, {n.split()[0]}",
                    "givenName": n.split()[0],
                    "familyName": n.split()[-1],
                }
                for n in work.authors
            ]
            attributes = {
                "doi": f"10.48550/arxiv.{work.arxiv_id}",
                "titles": [{"title": work.title}],
                "creators": creators,
                "publicationYear": work.year,
                "dates": [{"date": work.date, "dateType": "Submitted"}],
                "descriptions": [{"description": work.abstract, "descriptionType": "Abstract"}],
                "relatedIdentifiers": [*references, same],
            }
            data.append({"id": attributes["doi"], "type": "dois", "attributes": attributes})
    return {"data": data, "meta": {"total": len(data)}}


def _opencitations(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    kind, _, identifier = path.partition("/")
    work = _find(works, identifier)
    if work is None:
        return []
    pairs = (
        [(work, services.works[n]) for n in work.cites]
        if kind == "references"
        else [(other, work) for other in works if work.number in other.cites]
    )
    return [
        {
            "oci": f"06{one.number}-06{two.number}",
            "citing": f"omid:br/06{one.number} doi:{one.doi}",
            "cited": f"omid:br/06{two.number} doi:{two.doi} openalex:{two.openalex_id}",
            "creation": str(one.year),
            "timespan": "P1Y",
        }
        for one, two in pairs
    ]


def _dblp(services: FakeServices, works: Any, path: str, query: Any, body: bytes) -> Any:
    if path.startswith("rec/"):
        work = _find(works, path.removeprefix("rec/").removesuffix(".xml"))
        if work is None:
            return None
        authors = "".join(f"<author>{name} 0001</author>" for name in work.authors)
        return (
            f'<?xml version="1.0"?><dblp><inproceedings key="{work.dblp}">{authors}'
            f"<title>{escape(work.title)}.</title>"
            f"<year>{work.year}</year><booktitle>FAKE</booktitle><ee>https://doi.org/{work.doi}</ee>"
            "</inproceedings></dblp>"
        ).encode()
    hits = [
        {
            "info": {
                "key": work.dblp,
                "title": f"{work.title}.",
                "authors": {"author": [{"text": name} for name in work.authors]},
                "venue": "FAKE",
                "year": str(work.year),
                "type": "Conference and Workshop Papers",
                "doi": work.doi,
            }
        }
        for work in _titled(works, query["q"])[: int(query["h"])]
    ]
    found: dict[str, Any] = {"@total": str(len(hits)), "@sent": str(len(hits))}
    if hits:
        found["hit"] = hits
    return {"result": {"status": {"@code": "200", "text": "OK"}, "hits": found}}


_DIALECTS: dict[str, Callable[[FakeServices, Any, str, Any, bytes], Any]] = {
    "openalex": _openalex,
    "semantic-scholar": _semantic_scholar,
    "crossref": _crossref,
    "arxiv": _arxiv,
    "huggingface": _huggingface,
    "datacite": _datacite,
    "opencitations": _opencitations,
    "dblp": _dblp,
}


def schedules(
    services: Sequence[str], names: Sequence[str], seed: int, share: float = 0.4
) -> Iterator[Schedule]:
    """Yield schedules by chance, the same for the same seed."""
    rng = random.Random(seed)
    while True:
        plan = {
            service: [rng.choice(names) if rng.random() < share else None for _ in range(200)]
            for service in services
        }
        yield lambda service, number, plan=plan: plan[service][number] if number < 200 else None  # type: ignore[misc]
