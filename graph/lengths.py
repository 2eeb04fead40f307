"""How long the id and the name of a node may be: both are indexed, and an index of a server bears 8 KB an entry."""

from __future__ import annotations

MAX_BYTES = 8_000
"""Bytes of UTF-8; Neo4j refuses a transaction with an indexed text of more than 8,150."""

_SURELY = MAX_BYTES // 4


def bytes_of(text: str) -> int:
    """Return how many bytes a text takes, as far as that can matter here.

    Examples
    --------
    >>> bytes_of("LoRA"), bytes_of("é" * 3_000), bytes_of("a" * 3_000_000) > MAX_BYTES
    (4, 6000, True)
    """
    return len(text) if len(text) <= _SURELY else len(text.encode("utf-8", "surrogatepass"))


def too_long(node_id: str, name: object) -> str | None:
    """Say what of a node is too long to be indexed, and how long it is; None where all is well."""
    for what, text in (("name", name), ("id", node_id)):
        if isinstance(text, str) and len(text) > _SURELY and (size := bytes_of(text)) > MAX_BYTES:
            return f"the {what} of {node_id[:60]}… takes {size:,} bytes, more than {MAX_BYTES:,}"
    return None
