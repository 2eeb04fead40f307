"""What the addresses and texts of a bibliography identify: arXiv, DOI, ACL Anthology, OpenReview, DBLP, PubMed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ...graph import identity

_PLACES = (
    ("openreview", re.compile(r"openreview\.net/(?:forum|pdf|attachment|revisions)/?\?(?:[^#]*&)?id=([\w-]{6,20})")),
    ("openreview", re.compile(r"openreview\.net/(?:forum|pdf)/([\w-]{6,20})(?:\.pdf)?$")),
    ("acl", re.compile(
        r"(?:aclanthology\.(?:org|info)|acl(?:web\.org|-web\.org)/anthology)/(?:papers/(?:\w/\w\d\d/)?)?"
        r"([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)", re.I)),
    ("acl", re.compile(r"(?:^|doi\.org/)10\.(?:18653/v1|3115/v1)/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)$", re.I)),
    ("dblp", re.compile(r"dblp\.(?:org|uni-trier\.de|dagstuhl\.de)/rec/(?:bibtex\d?/|bib\d?/|html/)?"
                        r"((?:conf|journals|books|phd|series|reference|tr)/[\w-]+/[\w./+:-]+?)"
                        r"(?:\.(?:bib|html|xml|rdf|json|ris))?$")),
    ("pmid", re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{1,9})(?:/|$|\?)")),
    ("pmid", re.compile(r"europepmc\.org/(?:article|abstract)/med/(\d{1,9})(?:/|$|\?)", re.I)),
    ("pmcid", re.compile(r"(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)/articles?/"
                         r"(?:pmc/)?(PMC\d{1,9})", re.I)),
)  # fmt: skip
_CATALOGUES = ("arxiv", "ar5iv", "co/papers", "openreview", "aclanthology", "aclweb", "acl-web", "10.18653",
               "10.3115", "dblp", "nlm.nih", "europepmc", "semanticscholar", "openalex")  # fmt: skip
"""Addresses without any of these words need not be looked at again."""

_REPOSITORY = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/"
    r"(?!(?:orgs|topics|features|sponsors|search|about|marketplace|collections|settings)/)"
    r"[\w.-]+/[\w.-]*[\w-]",
    re.I,
)
_PREPRINT_VERSION = re.compile(r"(10\.1101/\d[\d.]+\d)v\d.*")
_PREPRINT_SERVER = re.compile(r"(?:arxiv|corr\b|computing research repository|abs/)", re.IGNORECASE)
_ARXIV_WORD = re.compile(r"arxiv|abs/|corr\b", re.I)
_ARXIV_IN = re.compile(
    r"(?<![\w./])(?:\d{4}\.\d{4,5}(?:v\d+)?(?![\w/]|\.\d)|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?(?!\w))"
)
_ADDRESS_TAIL = re.compile(
    r"(?:[?&](?!id=|doi=)[\w.]+=.*|[#].*|[./](?:full|abstract|pdf|epdf|meta|html?|xml|download)(?:[./].*)?)$",
    re.I | re.S,
)
"""What follows a DOI in the address of a publisher's page."""

_OXFORD = re.compile(r"(10\.1093/[\w-]+/[\w.-]+)/.*", re.S)
_DOI_IN = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}|\\^\[\]]+")


def key(kind: str, value: str) -> str:
    """Return the full key of a further identifier in its normal form.

    Examples
    --------
    >>> key("acl", "n19-1423"), key("pmcid", "7228907"), key("openreview", "Oxh5CstDJU")
    ('acl:N19-1423', 'pmcid:PMC7228907', 'openreview:Oxh5CstDJU')
    """
    if kind == "acl":
        value = value.upper() if value[:1].isalpha() else value.lower()
    elif kind == "pmcid":
        value = "PMC" + value.upper().removeprefix("PMC")
    return f"{kind}:{value}"


@dataclass(slots=True)
class Found:
    """The identifiers gathered of one work; the first of a kind is kept, a second DOI as a further key."""

    arxiv_id: str | None = None
    doi: str | None = None
    openalex_id: str | None = None
    s2_id: str | None = None
    also: list[str] = field(default_factory=list)
    repositories: list[str] = field(default_factory=list)
    url: str | None = None

    def __bool__(self) -> bool:
        return bool(self.arxiv_id or self.doi or self.openalex_id or self.s2_id or self.also)

    def identifiers(self) -> dict[str, Any]:
        """Return the identifiers as the fields of a Paper or a Reference."""
        known = {name: getattr(self, name) for name in ("arxiv_id", "doi", "openalex_id", "s2_id")}
        return known | {"also": tuple(dict.fromkeys(self.also))}

    def add_doi(self, text: str) -> bool:
        """Take a DOI, or the first one within a text; arXiv's are arXiv identifiers."""
        found = identity.doi(text) or next(map(identity.doi, _DOI_IN.findall(unquote(text))), None)
        if not found:
            return False
        found = _PREPRINT_VERSION.sub(r"\1", found)
        if arxiv_id := identity.arxiv_id(found):
            self.arxiv_id = self.arxiv_id or arxiv_id
        elif found != (self.doi or found):
            self.also.append(f"doi:{found}")
        else:
            self.doi = found
            if found.startswith(("10.18653/", "10.3115/")):
                self._add_key(found)
        return True

    def add_arxiv(self, text: str) -> bool:
        """Take an arXiv identifier, or the first one within a text that speaks of arXiv."""
        found = identity.arxiv_id(text) or (arxiv_in(text) if _ARXIV_WORD.search(text) else None)
        self.arxiv_id = self.arxiv_id or found
        return found is not None

    def add_address(self, text: str, *, own: bool = True) -> None:
        """Take what an address identifies; the first that identifies nothing by itself is the paper's own.

        Of those that are not the paper's ``own``, such as links to other services, only what is certain is taken.
        """
        text = text.strip()
        if not text or len(text) > 2000:
            return
        lower = text.lower()
        catalogue = any(word in lower for word in _CATALOGUES)
        if catalogue and self.add_arxiv(text):
            return
        if "doi.org/" in text and self.add_doi(text):
            return
        known = self._add_key(text) if catalogue else ""
        if not own:
            return
        if s2_id := identity.s2_id(text) if "semanticscholar.org" in text else None:
            self.s2_id = self.s2_id or s2_id
        elif openalex_id := identity.openalex_id(text) if "openalex.org" in text else None:
            self.openalex_id = self.openalex_id or openalex_id
        elif repository := _REPOSITORY.match(text):
            self.repositories.append(repository[0].removesuffix(".git"))
        elif known or not self._add_doi_of_address(text):
            self.url = self.url or (address(text) if known != "dblp" else None)

    def add_text(self, text: str) -> None:
        """Take the arXiv identifier and the DOI that free text names."""
        if len(text) <= 5000:
            if not self.arxiv_id and _ARXIV_WORD.search(text):
                self.arxiv_id = identity.arxiv_id(text) or arxiv_in(text)
            if "10." in text:
                self.add_doi(text)

    def _add_doi_of_address(self, text: str) -> bool:
        found = _DOI_IN.search(unquote(text))
        if found is None:
            return False
        doi = _OXFORD.sub(r"\1", _ADDRESS_TAIL.sub("", found[0]))
        return self.doi is not None or self.add_doi(
            doi
        )  # the one known is surer than what a publisher makes of it

    def _add_key(self, text: str) -> str:
        """Take the first further identifier and return its kind; empty where there is none."""
        for kind, place in _PLACES:
            if found := place.search(text):
                self.also.append(key(kind, found[1]))
                return kind
        return ""


def venue_of(name: str | None, arxiv_id: str | None) -> str | None:
    """Return a venue's name, but not arXiv's for a paper known by its identifier: it is read there, not published."""
    return None if name and arxiv_id and _PREPRINT_SERVER.match(name) else name or None


def arxiv_in(text: str) -> str | None:
    """Return the first arXiv identifier that stands in a text.

    Examples
    --------
    >>> arxiv_in("arXiv preprint arXiv:1706.03762v5 [cs.CL], 2017"), arxiv_in("CoRR abs/cs/0112017")
    ('1706.03762', 'cs/0112017')
    """
    text = re.sub(r"(?i)arxiv\s*:|abs/|pdf/|arxiv\.", " ", text)
    return next((found for found in map(identity.arxiv_id, _ARXIV_IN.findall(text)) if found), None)


def addresses_in(text: str) -> Iterable[str]:
    r"""Return the web addresses in a text, which may stand in ``\url{…}``, angle or round brackets."""
    return (found.rstrip(".,;:'\"") for found in re.findall(r"https?://[^\s{}<>\"|\\^`]+", text))


_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE).match


def address(text: str) -> str | None:
    """Return a web address if a text is one, and can be a link."""
    return text if _ADDRESS(text) and " " not in text else None
