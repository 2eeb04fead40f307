"""Paper records as the bytes a store keeps of them, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson

from .records import Author, Paper, Reference


def dump_paper(paper: Paper) -> bytes:
    """Return a record as the JSON the store keeps: what is known, nothing else."""
    known = {f.name: getattr(paper, f.name) for f in fields(paper) if f.name != "line"}
    return orjson.dumps({key: value for key, value in known.items() if value not in (None, "", ())})


def load_paper(body: bytes) -> Paper:
    """Read a record back from :func:`dump_paper`."""
    known: dict[str, Any] = orjson.loads(body)
    return Paper(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in known.items()}
        | {"title": known.get("title", "")}
        | {"authors": tuple(Author(**author) for author in known.get("authors", ()))}
        | {"references": tuple(_load_reference(reference) for reference in known.get("references", ()))}
    )


def _load_reference(known: dict[str, Any]) -> Reference:
    return Reference(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in known.items()}
    )
