"""Shared nodes as the sum of what papers say of them, so that any of them can be taken away again.

Every paper that touches an entity, an author or a cited work claims some properties of it. A tally counts the
claims: ``{"": 3, "name:LoRA": 3, "generic=false": 3, "aliases:Low-Rank Adaptation": 1, ">KIND_OF>method:peft": 3}``,
with text after a colon, any other value as JSON after an equals sign, and curated edges between angle brackets. The
node's properties are the most frequent values, the smaller where two are equally frequent, so they do not depend on
the order of arrival.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

Tally = dict[str, int]

_KEY = re.compile(r"\w+")

LEADS = ">"
"""Begins the claim that a curated edge leaves the node: no property begins so."""


def claims(properties: Mapping[str, Any]) -> list[str]:
    """Return the claims that one paper's word about a node consists of; ``""`` counts the paper itself."""
    found = [""]
    for key, value in properties.items():
        if type(value) is str:
            found.append(f"{key}:{value}")
        elif isinstance(value, (list, tuple)):
            found.extend(f"{key}:{item}" for item in value)
        else:
            found.append(f"{key}={orjson.dumps(value).decode()}")
    return found


def lead(edge_type: str, target: str) -> str:
    """Return the claim that an edge leads to another node."""
    return f"{LEADS}{edge_type}{LEADS}{target}"


def led_to(claim: str) -> tuple[str, str]:
    """Return the type and the target of the edge that a claim speaks of."""
    _, edge_type, target = claim.split(LEADS, 2)
    return edge_type, target


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
        match = _KEY.match(claim)
        if match is None:
            continue
        key, value = match[0], claim[match.end() :]
        if key in lists:
            many.setdefault(key, set()).add(value[1:])
        elif key not in best or (-count, value) < best[key]:
            best[key] = (-count, value)
        if key == "name" and "aliases" in lists:
            many.setdefault("aliases", set()).add(value[1:])
    properties: dict[str, Any] = {
        key: value[1:] if value[0] == ":" else orjson.loads(value[1:])
        for key, (_, value) in sorted(best.items())
    }
    for key, values in many.items():
        if found := sorted(values - {properties.get("name", "")}):
            properties[key] = found
    return properties
