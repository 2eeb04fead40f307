"""``papers-with-code``: the dumps of Papers with Code, and what others keep in their form.

Each of the files is known by its fields: papers with abstracts, links between papers and code, methods, datasets,
and evaluation tables, in which tasks hold datasets, and these hold rows that each name a paper, a model and its
numbers. What they state of a paper (a row, a dataset it introduces) is kept as a statement in one line, to be quoted.

A repository is taken for the paper's own where the dump says that it is official, or that the paper names it; others'
implementations are not what the paper links to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Paper, Statement
from ..reading import fields
from ..reading.addresses import Found, address
from ..reading.catalogue import day_of, mapping, objects, year_in
from ..reading.fields import FieldError
from ..reading.json_pages import peek
from ..reading.json_records import records
from ..reading.markup import plain, printed
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

Record = dict[str, Any]
Made = Iterator[Paper | str]
"""Papers, and why of some rows there is none."""

_SITE = "paperswithcode.com"
_DEEPEST = 40
"""Subtasks within subtasks; no table of any use has more than a few."""


class PapersWithCode:
    """Reads the dumps of Papers with Code, all of them."""

    name = "papers-with-code"
    description = "Papers with Code dumps: papers, code links, methods, datasets, evaluation tables"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record has the fields of one of the dumps."""
        return _reader_of(peek(head).record) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read a paper a record, and of tables a paper a row."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, record = item
            try:
                reader = _reader_of(record) if isinstance(record, dict) else None
                if reader is None:
                    raise FieldError("the entry is none of a dump of Papers with Code")
                for made in reader(record, number):
                    if isinstance(made, Paper):
                        yield made
                    else:
                        yield document.refuse(number, made, "give each a title or an address of its paper")
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the entry")


def _reader_of(record: Mapping[str, object]) -> Callable[[Record, int], Made] | None:
    """Return what reads a record, by its fields."""
    has = record.keys()
    if {"paper_url", "repo_url"} <= has:
        return _linked
    if {"paper_url", "title", "url_abs"} <= has or {"paper_url", "title", "arxiv_id", "tasks"} <= has:
        return _paper
    if "datasets" in has and has & {"task", "categories"}:
        return _table
    if {"task", "subtasks"} <= has or {"task", "description", "source_link"} <= has:
        return _table
    if {"id", "contents", "variants"} <= has:
        return _description
    if {"name", "full_name", "url"} <= has:
        place = record["url"] if isinstance(record["url"], (str, bytes)) else b""
        if "collections" in has or (b"/method/" if isinstance(place, bytes) else "/method/") in place:  # type: ignore[operator]
            return _method
        return _dataset if {"paper", "description"} <= has else None
    return None


# --- papers and their code ---------------------------------------------------------------------------------


def _paper(record: Record, number: int) -> Made:
    title, abstract = fields.title_and_abstract(record.get("title"), ("abstract", record.get("abstract")))
    known = _known(record.get("url_abs"), record.get("url_pdf"), arxiv=record.get("arxiv_id"))
    if place := fields.text(record.get("openreview_id"), "openreview_id"):
        known.add_address(f"https://openreview.net/forum?id={place}")
    date = day_of(record.get("date"))
    yield Paper(
        title=printed(title) or title,
        abstract=plain(abstract),
        **known.identifiers(),
        authors=tuple(
            replace(author, name=printed(author.name)) for author in fields.authors(record.get("authors"))
        ),
        year=year_in(record.get("date")),
        date=date,
        venue=fields.text(record.get("proceeding"), "proceeding")
        or fields.text(record.get("conference"), "conference"),
        url=known.url or _page(record.get("paper_url")),
        repositories=tuple(known.repositories),
        tasks=_tasks(record.get("tasks")),
        statements=tuple(_used(record.get("methods"), title)),
        line=number,
    )


def _tasks(value: Any) -> tuple[str, ...]:
    """Return tasks, given by name or as objects."""
    if isinstance(value, list):
        value = [item.get("task", item.get("name")) if isinstance(item, dict) else item for item in value]
    return fields.texts(value, "tasks")


def _used(value: Any, title: str) -> Iterator[Statement]:
    """Yield the methods with which a paper is tagged; one whose source it is it introduces."""
    for method in objects(value, "methods"):
        short, full = (
            fields.text(method.get("name"), "methods.name"),
            fields.text(method.get("full_name"), "full_name"),
        )
        name = full or short
        if name:
            own = fields.text(method.get("source_title"), "methods.source_title") == title
            said = f"{name} ({short})" if short and short != name else name
            yield Statement(
                f"{'Introduces' if own else 'Uses'} {said}.", "Method", name, "PROPOSES" if own else "USES"
            )


def _linked(record: Record, number: int) -> Made:
    known = _known(
        record.get("paper_url_abs"), record.get("paper_url_pdf"), arxiv=record.get("paper_arxiv_id")
    )
    title = _title(record.get("paper_title"))
    if not title and not known:
        yield "the link names no paper"
        return
    theirs = record.get("is_official") or record.get("mentioned_in_paper")
    repository = fields.url(record.get("repo_url"), "repo_url")
    yield Paper(
        title=title,
        **known.identifiers(),
        url=known.url or _page(record.get("paper_url")),
        repositories=(repository,) if theirs and repository else (),
        line=number,
    )


# --- methods and datasets ----------------------------------------------------------------------------------


def _method(record: Record, number: int) -> Made:
    full, short = fields.text(record.get("full_name"), "full_name"), fields.text(record.get("name"), "name")
    yield from _introduced("Method", full or short, short, record, number)


def _dataset(record: Record, number: int) -> Made:
    short, full = fields.text(record.get("name"), "name"), fields.text(record.get("full_name"), "full_name")
    yield from _introduced("Benchmark", short or full, full, record, number)


def _introduced(label: str, name: str | None, other: str | None, record: Record, number: int) -> Made:
    """Yield the paper that introduces a thing."""
    if not name:
        raise FieldError("the name is missing")
    paper = mapping(record.get("paper"), "paper")
    title = _title(paper.get("title")) or _title(record.get("source_title"))
    known = _known(record.get("source_url"), paper.get("url"))
    if not title and not known:
        yield f"no paper is named that introduces {quoted(name)}"
        return
    said = f"{name} ({other})" if other and other != name else name
    yield Paper(
        title=title,
        **known.identifiers(),
        url=known.url or _page(paper.get("url")),
        tasks=_tasks(record.get("tasks")) if label == "Benchmark" else (),
        statements=(_introduction(label, name, said, record.get("description")),),
        line=number,
    )


_SOURCE = re.compile(
    r"(?<![Ii]mage )Source:\s*\[([^\]]{1,500})\]\(([^()\s]{1,2000}(?:\([^()\s]*\))?[^()\s]*)\)"
)


def _description(record: Record, number: int) -> Made:
    """Yield the paper that introduces a dataset, from a description that names where it was taken from.

    The paper is the one of ``title``; the address is its own where the description was taken from it.
    """
    name, title = fields.text(record.get("id"), "id"), _title(record.get("title"))
    contents = fields.text(record.get("contents"), "contents") or ""
    if not name:
        raise FieldError("the name is missing")
    if not title:
        yield f"no paper is named that introduces {quoted(name)}"
        return
    known = Found()
    for source, place in _SOURCE.findall(contents):
        if fields.fold(source).casefold() == title.casefold():
            known.add_address(_absolute(place))
    yield Paper(
        title=title,
        **known.identifiers(),
        url=known.url,
        statements=(_introduction("Benchmark", name, name, _SOURCE.split(contents)[0]),),
        line=number,
    )


_MARKUP = re.compile(r"\*{1,3}|!?\[([^\]]*)\]\([^()]*\)|`")
_FIRST = re.compile(r".{20,300}?[.!?](?=\s|$)")


def _introduction(label: str, name: str, said: str, description: Any) -> Statement:
    """State that a paper introduces a thing, with the first sentence of what is told of it."""
    told = ""
    if isinstance(description, str):
        first = _FIRST.match(printed(_MARKUP.sub(r"\1", description[:2000])))
        told = f" {first[0]}" if first else ""
    return Statement(f"Introduces {said}.{told}", label, name, "PROPOSES")


# --- evaluation tables -------------------------------------------------------------------------------------


def _table(record: Record, number: int, depth: int = 0) -> Made:
    """Yield the papers of a task's tables and of those of its subtasks."""
    if depth > _DEEPEST:
        raise FieldError(f"subtasks lie more than {_DEEPEST} deep in each other")
    task = fields.text(record.get("task"), "task")
    for dataset in objects(record.get("datasets"), "datasets"):
        name = (fields.text(dataset.get("dataset"), "dataset") or "").rstrip(": ")
        yield from _rows(dataset, (name,), task, number)
    for subtask in objects(record.get("subtasks"), "subtasks"):
        yield from _table(subtask, number, depth + 1)


def _rows(dataset: Record, names: tuple[str, ...], task: str | None, number: int) -> Made:
    """Yield a paper a row, of a dataset and the datasets within."""
    rows = objects(mapping(dataset.get("sota"), "sota").get("rows"), "rows")
    unnamed = 0
    for row in rows:
        paper = _row(row, names, task, number)
        if paper is None:
            unnamed += 1
        else:
            yield paper
    if unnamed:
        yield f"{unnamed} of {len(rows)} rows of {quoted(', '.join(names))} name no paper"
    for part in objects(dataset.get("subdatasets"), "subdatasets"):
        if len(names) > _DEEPEST:
            raise FieldError(f"datasets lie more than {_DEEPEST} deep in each other")
        name = (
            fields.text(part.get("subdataset"), "subdataset")
            or fields.text(part.get("dataset"), "dataset")
            or ""
        )
        yield from _rows(part, (*names, name.rstrip(": ")), task, number)


def _row(row: Record, names: tuple[str, ...], task: str | None, number: int) -> Paper | None:
    known = _known(row.get("paper_url"), row.get("paper_title"))
    title = _title(row.get("paper_title"))
    if not title and not known:
        return None
    linked = (link.get("url") for link in objects(row.get("code_links"), "code_links"))
    code = [url for link in linked if isinstance(link, str) and (url := address(link.strip()))]
    return Paper(
        title=title,
        **known.identifiers(),
        date=day_of(row.get("paper_date")),
        url=known.url,
        repositories=tuple(dict.fromkeys((*known.repositories, *code))),
        tasks=(task,) if task else (),
        statements=tuple(_numbers(row, names)),
        line=number,
    )


_BRACKETED = re.compile(r"(.{2,}?) \([^()]*\)")
_LONGEST = 200
"""Characters of a metric, a value or a model; longer ones are no cell of a table."""


def _numbers(row: Record, names: tuple[str, ...]) -> Iterator[Statement]:
    """Yield what a row states: that the paper reports on the dataset, and each number."""
    if not names[0]:
        return
    bracketed = _BRACKETED.fullmatch(names[0])
    name = bracketed[1] if bracketed else names[0]
    where = ", ".join(part for part in names if part)
    model = printed(fields.text(row.get("model_name"), "model_name") or "")[:_LONGEST]
    by = f" ({model})" if model else ""
    found = False
    for key, value in mapping(row.get("metrics"), "metrics").items():
        metric, number = printed(key), _cell(value)
        if metric and number and len(metric) <= _LONGEST:
            found = True
            said = f"{where}, {metric}: {number}{by}"
            yield Statement(said, "Benchmark", name, "EVALUATED_ON", metric, number, model or None)
    if not found:
        yield Statement(f"{where}{by}", "Benchmark", name, "EVALUATED_ON")


def _cell(value: Any) -> str:
    """Return a value as printed; empty where there is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    shown = printed(str(value))
    return shown if any(char.isdigit() for char in shown) and len(shown) <= _LONGEST else ""


# --- which paper is meant ----------------------------------------------------------------------------------


def _known(*places: Any, arxiv: Any = None) -> Found:
    """Return what the addresses of a paper identify."""
    known = Found()
    if isinstance(arxiv, str):
        known.add_arxiv(arxiv)
    for place in places:
        if isinstance(place, str) and (found := address(place.strip())) and _SITE not in found:
            known.add_address(found)
    return known


_CITED = re.compile(r"[^\d:]{2,60}\bet al\.?,? .{0,60}|(?:\[[^][]{1,10}\]\s*)+")
_DEBRIS = re.compile(r"\]\(https?://.*", re.DOTALL)


def _title(value: Any) -> str:
    """Return a title; an address, marks ("[2] [code]"), a name and a year ("Cui et al., 2019") are none."""
    title = printed(_DEBRIS.sub("", fields.text(value, "title") or ""))
    if len(title) > fields.MAX_TITLE:
        raise FieldError(f"the title has {len(title):,} characters, more than {fields.MAX_TITLE:,}")
    none = address(title) or _CITED.fullmatch(title) or not any(char.isalnum() for char in title)
    return "" if none else title


def _absolute(place: str) -> str:
    return f"https://{_SITE}{place}" if place.startswith("/") else place


def _page(value: Any) -> str | None:
    """Return the paper's page at Papers with Code."""
    return address(value.strip()) if isinstance(value, str) else None
