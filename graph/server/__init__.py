"""A graph kept in a Neo4j database instead of a file."""

from __future__ import annotations

from .address import Address
from .asked import Asked
from .store import Neo4jStore

__all__ = ["Address", "Asked", "Neo4jStore"]
