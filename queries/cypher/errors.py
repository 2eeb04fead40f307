"""Errors of the query language, named as the openCypher conformance kit names them.

Each has a ``kind`` (``SyntaxError``, ``TypeError``, …), a ``detail`` (``UndefinedVariable``, …) and a ``phase``
(``compile time`` or ``runtime``); with a span, the message shows the line and underlines the piece.
"""

from __future__ import annotations

from typing import Literal

from ...graph.errors import QueryError

Phase = Literal["compile time", "runtime"]


class CypherError(QueryError):
    """A query that cannot be run, or failed while it ran.

    Attributes
    ----------
    kind, detail, phase
        As the conformance kit names them.
    reason
        One sentence, without the place.
    span
        Offsets of the piece in the query, where one is to blame.
    """

    def __init__(
        self,
        reason: str,
        *,
        kind: str = "SyntaxError",
        detail: str = "UnexpectedSyntax",
        phase: Phase = "compile time",
        span: tuple[int, int] | None = None,
        text: str | None = None,
    ) -> None:
        self.reason, self.kind, self.detail, self.phase = reason, kind, detail, phase
        self.span, self.text = span, text
        super().__init__(reason)

    def at(self, text: str, span: tuple[int, int] | None = None) -> CypherError:
        """Add the query text, and a span where none is known yet, so that the message can point."""
        self.text = text
        if self.span is None:
            self.span = span
        return self

    @property
    def place(self) -> tuple[int, int] | None:
        """Line and column of the piece, both from 1."""
        if self.text is None or self.span is None:
            return None
        start = min(self.span[0], len(self.text))
        before = self.text[:start]
        return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1

    def __str__(self) -> str:
        place = self.place
        if place is None or self.text is None or self.span is None:
            return self.reason
        line, column = place
        lines = self.text.split("\n")
        shown = lines[line - 1].expandtabs(1)
        # A very long line is shown around the piece only.
        first = max(0, column - 1 - 60)
        window = shown[first : first + 120]
        width = max(1, min(self.span[1] - self.span[0], len(window) - (column - 1 - first)))
        mark = " " * (column - 1 - first) + "^" * width
        return f"{self.reason} (line {line}, column {column})\n  {window}\n  {mark}"


class CypherRuntimeError(CypherError):
    """A query that failed while it ran."""

    def __init__(
        self, reason: str, *, kind: str = "TypeError", detail: str = "InvalidArgumentValue",
        span: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(reason, kind=kind, detail=detail, phase="runtime", span=span)


class LimitError(CypherRuntimeError):
    """A query went over its limit of time, rows or memory, or was stopped.

    ``limit`` says which one, where the caller of the query sets it: ``time``, ``rows``, ``memory`` or ``stopped``.
    """

    def __init__(self, reason: str, limit: str = "") -> None:
        self.limit = limit
        super().__init__(reason, kind="LimitError", detail="LimitExceeded")


class WriteRefusedError(CypherError):
    """A query that would change the graph was not allowed to."""

    def __init__(self, reason: str, span: tuple[int, int] | None = None) -> None:
        super().__init__(reason, kind="SemanticError", detail="WriteRefused", span=span)
