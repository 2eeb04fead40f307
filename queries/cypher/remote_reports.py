"""What a Neo4j server says of a query, in our words: its errors, its warnings, its plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from .analysis.near_misses import unknown
from .errors import CypherError, CypherRuntimeError, LimitError, WriteRefusedError
from .lexer import tokenize

TOO_LONG = "The query took longer than its time limit; ask for less, or raise the limit."
READ_ONLY = "The query would change the graph; allow it with write=True (--write)."

_PLACE = re.compile(r"\s*\(line (\d+), column (\d+) \(offset: (\d+)\)\).*", re.DOTALL)
_EXPECTED = re.compile(r": expected (.*)", re.DOTALL)
_LISTED = 4
"""Longer lists of what a parser would have liked are left out."""


class Place(NamedTuple):
    """The text that was sent, and the way from a place in it to the place in the query."""

    text: str
    moved: Callable[[int], int]


# --- errors ------------------------------------------------------------------------------------------------


def explained(error: Any, query: str, ours: CypherError | None, place: Place) -> CypherError | None:
    """Return an error of the server as one of the language; None where it is not about the query.

    Parameters
    ----------
    error
        A ``Neo4jError``.
    query
        The text as it was asked.
    ours
        What our own parser and analysis have to say against the query, if anything: taken where it is about the
        same place, for it has the better words.
    """
    code = str(error.code or "")
    family, _, detail = code.partition(".Statement.") if ".Statement." in code else (code, "", "")
    if detail == "AccessMode":
        return WriteRefusedError(READ_ONLY).at(query)
    if "TransactionTimedOut" in code:
        return LimitError(TOO_LONG, "time")
    if code.endswith((".Terminated", "TransactionTerminated", "TransactionMarkedAsFailed")):
        return LimitError("The query was stopped on the server.", "stopped")
    if "OutOfMemory" in code or code.endswith(("MemoryLimit", "StackOverFlowError")):
        return LimitError("The query needs more memory than the server gives it.")
    message = str(error.message or "")
    if "IN TRANSACTIONS" in message:
        return CypherError("A query is one transaction; CALL { … } IN TRANSACTIONS cannot be run here.").at(
            query
        )
    if not detail and not family.startswith(
        ("Neo.ClientError.Procedure", "Neo.ClientError.Security.Forbidden")
    ):
        return None
    reason, span = _placed(message, query, place)
    if detail == "ParameterMissing" and ours is not None and ours.kind == "ParameterMissing":
        return ours
    if ours is not None and _alike(ours, detail, message, span, len(query.rstrip())):
        return ours
    if detail in ("SyntaxError", "SemanticError"):
        return CypherError(reason, kind=detail, detail=detail, span=span, text=query)
    found = CypherRuntimeError(reason, kind=detail or "ProcedureError", detail=detail, span=span)
    return found.at(query)


def _alike(ours: CypherError, detail: str, message: str, span: tuple[int, int] | None, end: int) -> bool:
    """Tell whether our own complaint is that of the server: about the same place, and nothing it knows better."""
    if ours.detail in ("UnknownFunction", "ProcedureNotFound") and not (
        message.startswith("Unknown function") or detail == "ProcedureNotFound"
    ):
        return False
    if span is None or ours.span is None:
        return ours.kind == detail == "SyntaxError"
    return ours.span[0] == span[0] or (ours.span[1] >= end and span[1] >= end)


def _placed(message: str, query: str, place: Place) -> tuple[str, tuple[int, int] | None]:
    """Split a message into the reason, as a sentence, and the piece of the query it is about."""
    offset = -1
    if match := _PLACE.search(message):
        message = message[: match.start()]
        # Line 0 is the server's way to say that it knows no place.
        offset = int(match[3]) if int(match[1]) else -1
    reason = _sentence(message)
    if offset < 0:
        return reason, None
    # The server counts in UTF-16.
    before = place.text.encode("utf-16-le", "replace")[: 2 * offset].decode("utf-16-le", "ignore")
    return reason, _token(query, min(place.moved(len(before)), len(query)))


def _sentence(message: str) -> str:
    text = " ".join(message.strip().split("\n")[0].split()).rstrip(".")
    if expected := _EXPECTED.search(text):
        # 'MATCH', 'RETURN' or <EOF>: the likely one is worth a word, all of them are not.
        known = [word for word in re.findall(r"'([A-Z][A-Z ]+)'", expected[1]) if word]
        given = re.search(r"'(\w+)'", text)
        near = get_close_matches(given[1].upper(), known, n=1) if given else []
        if near:
            return f"{text[: expected.start()]}. Did you mean {near[0]}?"
        if len(re.findall(r", | or ", expected[1])) >= _LISTED:
            text = text[: expected.start()]
    if text == "/ by zero":
        return "/ by zero; divide by 0.0 where infinity will do."
    return f"{text[:1].upper()}{text[1:]}." if text else "The server refuses the query."


def _token(query: str, start: int) -> tuple[int, int]:
    try:
        found = next((token.end for token in tokenize(query) if token.start == start), start + 1)
    except CypherError:
        found = start + 1
    return start, max(found, start + 1)


# --- warnings ----------------------------------------------------------------------------------------------

_UNKNOWN = {
    "UnknownLabelWarning": ("label", "labels"),
    "UnknownRelationshipTypeWarning": ("relationship type", "relationshipTypes"),
    "UnknownPropertyKeyWarning": ("property key", "propertyKeys"),
}
_NAME = re.compile(r"name is: (.+)\)$|type is: (.+)\)$|`(.+)`", re.DOTALL)


def warnings(summary: Any, known: Callable[[str], Collection[str]]) -> Iterator[str]:
    """Yield a sentence for every label, type and property key that the database does not have.

    Parameters
    ----------
    summary
        The driver's summary of the result.
    known
        Returns what ``CALL db.NAME()`` yields, for ``labels``, ``relationshipTypes`` or ``propertyKeys``.
    """
    found: dict[tuple[str, str], str] = {}
    for notice in summary.metadata.get("statuses") or summary.metadata.get("notifications") or ():
        code = str(notice.get("neo4j_code") or notice.get("code") or "").rpartition(".")[2]
        said = notice.get("description") or notice.get("status_description") or ""
        name = _NAME.search(said)
        if code in _UNKNOWN and name is not None:
            what, procedure = _UNKNOWN[code]
            found.setdefault((what, next(filter(None, name.groups()))), procedure)
    kinds = [what for what, _ in _UNKNOWN.values()]
    for (what, name_), procedure in sorted(found.items(), key=lambda item: kinds.index(item[0][0])):
        yield unknown(what, name_, [key for key in known(procedure) if not key.startswith("_")])


# --- plans -------------------------------------------------------------------------------------------------


def plan_text(plan: Mapping[str, Any], profiled: bool, depth: int = 0) -> str:
    """Return a plan as lines, as our own engine shows it: the last step first, with the rows expected and counted."""
    arguments = plan.get("args", {})
    name = f"{'  ' * depth}{str(plan.get('operatorType', '?')).partition('@')[0]}"
    counted = ""
    if profiled:
        rows, hits = plan.get("rows", 0), plan.get("dbHits", 0)
        counted = f"  {rows} rows, {hits} db hits"
    expected = float(arguments.get("EstimatedRows", 0.0))
    details = " ".join(str(arguments.get("Details", "")).split())
    line = f"{name:32} ~{expected:<10.4g}{counted}  {details}".rstrip()
    return "\n".join([line, *(plan_text(child, profiled, depth + 1) for child in plan.get("children", ()))])
