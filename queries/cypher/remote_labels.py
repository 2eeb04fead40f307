"""Labels with a prefix, as a database that others use too has them, in a query for a graph without."""

from __future__ import annotations

from ...graph.errors import SchemaError
from ...graph.schema import NODES
from . import syntax as s
from .rewrite import pieces


def without_prefix(statement: s.Statement, query: str, prefix: str) -> str:
    """Return a query whose labels have lost the prefix; blanks keep every other piece in its place.

    Raises
    ------
    SchemaError
        It names a label of the schema without the prefix: in the database that is a label of others.
    """
    if not prefix:
        return query
    written = query
    for piece in pieces(statement):
        if isinstance(piece, s.Label):
            start, end = piece.span
            if piece.name in NODES:
                raise SchemaError(
                    f"Labels of this graph begin with {prefix} in the database: write {prefix}{piece.name}."
                )
            if piece.name.removeprefix(prefix) in NODES:
                bare = piece.name.removeprefix(prefix)
                written = written[:start] + bare.rjust(end - start) + written[end:]
    return written
