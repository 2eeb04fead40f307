"""``hf-paper``: papers as Hugging Face's API describes them one by one (``/api/papers/…``).

Models and datasets that link to the paper are repositories of it, besides the code and the project page. The summary
that a model wrote (``ai_summary``) is not of the paper, and is left out; its keywords (``ai_keywords``) are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph import identity
from ...graph.records import Paper
from ..reading import fields
from ..reading.catalogue import objects
from ..reading.fields import FieldError
from ..reading.json_pages import Wrapper, made, peek
from ..reading.markup import printed
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_WRAPPER = Wrapper("Hugging Face", ("papers",))
_SITE = "https://huggingface.co/"
_LINKED = (("linkedModels", _SITE), ("linkedDatasets", f"{_SITE}datasets/"))
_OWN = {
    "upvotes",
    "discussionId",
    "ai_keywords",
    "submittedOnDailyAt",
    "linkedModels",
    "linkedDatasets",
    "githubRepo",
}


class HfPaper:
    """Reads single papers of the API."""

    name = "hf-paper"
    description = "Hugging Face paper pages as JSON: /api/papers/…"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record is a paper of the API, with nothing around it."""
        record = peek(head).record
        return {"id", "title", "summary", "publishedAt"} <= record.keys() and bool(_OWN & record.keys())

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a record."""
        return made(document, _WRAPPER, lambda given, record: (paper_of(given, given, record.number),))


def paper_of(paper: Mapping[str, Any], entry: Mapping[str, Any], number: int) -> Paper:
    """Make a Paper of what the API says of it, and of the day's entry around that.

    Raises
    ------
    FieldError
        A field holds the wrong kind of thing.
    """
    title, abstract = fields.title_and_abstract(
        paper.get("title") or entry.get("title"), ("summary", paper.get("summary") or entry.get("summary"))
    )
    date, year = fields.day(paper.get("publishedAt") or entry.get("publishedAt"), "publishedAt")
    given_id = fields.text(paper.get("id"), "id")
    return Paper(
        title=printed(title) or title,
        abstract=abstract,
        arxiv_id=identity.arxiv_id(given_id) if given_id else None,
        authors=fields.authors(paper.get("authors")),
        year=year,
        date=date,
        upvotes=fields.integer(paper.get("upvotes"), "upvotes", 0, 10**9),
        repositories=_repositories(paper),
        organizations=_organizations(paper.get("organization") or entry.get("organization")),
        keywords=fields.texts(paper.get("ai_keywords"), "ai_keywords"),
        line=number,
    )


def _repositories(paper: Mapping[str, Any]) -> tuple[str, ...]:
    """Take code, project page, models and datasets; some give the paper itself as its project page."""
    found = [fields.url(paper.get(field), field) for field in ("githubRepo", "projectPage")]
    for field, place in _LINKED:
        for number, linked in enumerate(objects(paper.get(field), field), 1):
            name = fields.text(linked.get("id"), f"{field}[{number}].id")
            if name:
                found.append(fields.url(place + name, f"{field}[{number}].id"))
    return tuple(dict.fromkeys(url for url in found if url and not identity.arxiv_id(url)))


def _organizations(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise FieldError("organization is not an object")
    name = fields.text(value.get("fullname"), "organization.fullname") or fields.text(
        value.get("name"), "organization.name"
    )
    return (name,) if name else ()
