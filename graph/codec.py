"""Paper records as the bytes a store keeps of them, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson

from .records import Author, Paper, Reference, Section, Statement


def dump_paper(paper: Paper) -> bytes:
    """Return a record as the JSON the store keeps: what is known, nothing else."""
    known = {f.name: getattr(paper, f.name) for f in fields(paper) if f.name != "line"}
    return orjson.dumps({key: value for key, value in known.items() if value not in (None, "", ())})


def load_paper(body: bytes) -> Paper:
    """Read a record back from :func:`dump_paper`."""
    known: dict[str, Any] = orjson.loads(body)
    listed: dict[str, Any] = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
    listed["authors"] = tuple(Author(**author) for author in known.get("authors", ()))
    listed["sections"] = tuple(Section(**section) for section in known.get("sections", ()))
    listed["statements"] = tuple(Statement(**statement) for statement in known.get("statements", ()))
    listed["references"] = tuple(_load_reference(reference) for reference in known.get("references", ()))
    return Paper(**({"title": ""} | known | listed))


def _load_reference(known: dict[str, Any]) -> Reference:
    for name in _LISTED:
        if name in known:
            known[name] = tuple(known[name])
    return Reference(**known)


_LISTED = ("authors", "contexts", "intents", "also")
