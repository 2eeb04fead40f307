"""Shared nodes as the sum of what papers say of them, so that any of them can be taken away again.

Every paper that touches an entity, an author or a cited work claims some properties of it. A tally counts the
claims: ``{"": 3, "name=\\"LoRA\\"": 3, "aliases=\\"Low-Rank Adaptation\\"": 1}``. The node's properties are the most
frequent values, the smaller where two are equally frequent, so they do not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

Tally = dict[str, int]


def claims(properties: Mapping[str, Any]) -> list[str]:
    """Return the claims that one paper's word about a node consists of; ``""`` counts the paper itself."""
    found = [""]
    for key, value in properties.items():
        values = value if isinstance(value, (list, tuple)) else (value,)
        found.extend(f"{key}={orjson.dumps(item).decode()}" for item in values)
    return found


def add(tally: Tally, claimed: list[str]) -> None:
    """Count one paper's claims."""
    for claim in claimed:
        tally[claim] = tally.get(claim, 0) + 1


def subtract(tally: Tally, claimed: list[str]) -> None:
    """Take one paper's claims away; what nobody claims any more disappears."""
    for claim in claimed:
        left = tally.get(claim, 0) - 1
        if left > 0:
            tally[claim] = left
        else:
            tally.pop(claim, None)


def fold(tally: Tally, lists: frozenset[str]) -> dict[str, Any]:
    """Return the properties a tally amounts to; keys in ``lists`` keep all values, others the most frequent."""
    best: dict[str, tuple[int, str]] = {}
    many: dict[str, set[str]] = {}
    for claim, count in tally.items():
        key, _, value = claim.partition("=")
        if not key:
            continue
        if key in lists:
            many.setdefault(key, set()).add(value)
        elif key not in best or (-count, value) < best[key]:
            best[key] = (-count, value)
        if key == "name" and "aliases" in lists:
            many.setdefault("aliases", set()).add(value)
    properties: dict[str, Any] = {key: orjson.loads(value) for key, (_, value) in sorted(best.items())}
    for key, values in many.items():
        found = sorted({orjson.loads(value) for value in values} - {properties.get("name")})
        if found:
            properties[key] = found
    return properties
