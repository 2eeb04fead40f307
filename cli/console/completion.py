"""Completion: what can stand at the cursor, by the text before it and the names of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from ...queries.cypher.render import name as written_name
from ...queries.cypher.render import quoted
from ..render import plain
from .commands import COMMANDS
from .output import FORMATS
from .scan import Piece, pieces
from .server_vocabulary import ServerVocabulary
from .vocabulary import Vocabulary
from .words import PHRASES, functions

_BEFORE_VALUE = re.compile(
    r"(?:(?P<variable>\w+)\s*\.\s*)?(?P<key>\w+)\s*(?::|=|<>|(?i:starts\s+with|ends\s+with|contains|in)\b)\s*(?:\[[^\[\]]*)?$"
)
_DECLARED = re.compile(r"(?P<open>[(\[])\s*(?P<name>\w+)\s*:\s*(?P<of>\w+)")
_ALTERNATIVES = frozenset({"|", "&", "!", "(", ")", "%"})


class CypherCompleter(Completer):
    """Completes keywords, functions, labels, types, properties, names of nodes, parameters and commands.

    Parameters
    ----------
    vocabulary
        The names of the graph; give :attr:`vocabulary` another when the graph has changed.
    parameters
        The parameters of the session, as they are when completion is asked for.
    """

    def __init__(self, vocabulary: Vocabulary | ServerVocabulary, parameters: Mapping[str, Any]) -> None:
        self.vocabulary = vocabulary
        self._parameters = parameters
        self._functions = functions()
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what can stand at the cursor."""
        before = document.text_before_cursor
        if before.lstrip().startswith(":"):
            command, blank, rest = before.lstrip().partition(" ")
            if command not in (":explain", ":profile") or not blank:
                yield from self._of_command(command, blank, rest, complete_event)
                return
            before = rest
        found = list(pieces(before))
        last = found[-1] if found else None
        if last is not None and last.kind == "comment" and (last.open or last.text.startswith("//")):
            return
        if last is not None and last.kind == "string" and last.open:
            after = document.text_after_cursor[:1]
            yield from self._values(before, found, last, after)
            return
        typed = ""
        if last is not None and (last.kind == "name" or (last.kind == "quoted" and last.open)):
            typed = last.text
            found.pop()
        elif last is not None and last.kind == "parameter":
            yield from _fitting(last.text, [f"${written_name(key)}" for key in self._parameters], "parameter")
            return
        asked = complete_event.completion_requested
        yield from self._words(
            before, [piece for piece in found if piece.kind not in ("space", "comment")], typed, asked
        )

    def _of_command(self, command: str, blank: str, rest: str, event: CompleteEvent) -> Iterable[Completion]:
        if not blank:
            return [
                Completion(f":{name}", -len(command), display_meta=known.summary)
                for name, known in COMMANDS.items()
                if f":{name}".startswith(command.lower())
            ]
        if command == ":format":
            return _fitting(rest, FORMATS, "")
        if command == ":help":
            return _fitting(rest, [*COMMANDS, *self._functions, *_procedures()], "")
        if command == ":param":
            return _fitting(rest, list(self._parameters), "parameter")
        if command == ":source" and rest != "~":
            return self._paths.get_completions(Document(rest), event)
        return ()

    # --- words ---------------------------------------------------------------------------------------------

    def _words(self, before: str, found: list[Piece], typed: str, asked: bool) -> Iterator[Completion]:
        previous = found[-1].text if found else ""
        inside = _around(found)
        if previous == "." and len(found) > 1:
            yield from self._after_dot(before, found, typed)
        elif _is_label_place(found) and (inside is None or inside.text != "{"):
            of_relationship = inside is not None and inside.text == "["
            names = self.vocabulary.types if of_relationship else self.vocabulary.labels
            meta = "relationship type" if of_relationship else "label"
            yield from _fitting(typed, names, meta, write=written_name)
        elif (
            inside is not None
            and inside.text == "{"
            and previous in ("{", ",")
            and _in_pattern(found, inside)
        ):
            yield from _fitting(
                typed, self._keys_of(_labels_before(found, inside)), "property", write=written_name
            )
        elif typed or asked or previous.upper() == "CALL":
            yield from self._anything(before, found, typed)

    def _after_dot(self, before: str, found: list[Piece], typed: str) -> Iterator[Completion]:
        namespace = ""
        for piece in reversed(found):
            # Names and dots take turns: ``CALL db.`` is the namespace ``db.`` after a keyword.
            if (piece.text == ".") == namespace.startswith(".") or (
                piece.text != "." and piece.kind != "name"
            ):
                break
            namespace = piece.text + namespace
        dotted = [*_procedures(), *(name for name in self._functions if "." in name)]
        members = [name[len(namespace) :] for name in dotted if name.lower().startswith(namespace.lower())]
        if members:
            yield from _fitting(typed, members, "")
            return
        declared = [
            (match["open"], match["of"])
            for match in _DECLARED.finditer(before)
            if match["name"] == found[-2].text
        ]
        yield from _fitting(typed, self._keys_of(declared), "property", write=written_name)

    def _keys_of(self, declared: Iterable[tuple[str, str]]) -> list[str]:
        """The properties of a label (after a round bracket) or type (after a square one), else all there are."""
        keys: set[str] = set()
        for bracket, name in declared:
            if bracket == "(" and name in self.vocabulary.labels:
                keys.update(self.vocabulary.properties_of(name))
            elif bracket == "[" and name in self.vocabulary.types:
                keys.update(self.vocabulary.properties_of_type(name))
        return sorted(keys) or self.vocabulary.property_keys

    def _anything(self, before: str, found: list[Piece], typed: str) -> Iterator[Completion]:
        if found and found[-1].text.upper() == "CALL":
            yield from _fitting(typed, _procedures(), "procedure")
            return
        variables = dict.fromkeys(
            match
            for match in re.findall(r"[(\[]\s*(\w+)\s*[:)\]{]|\bAS\s+(\w+)", before, re.IGNORECASE)
            for match in match
            if match
        )
        yield from _fitting(typed, [name for name in variables if name != typed], "variable")
        yield from _fitting(typed, PHRASES, "keyword")
        if typed:
            for name, signature in self._functions.items():
                if name.lower().startswith(typed.lower()):
                    yield Completion(f"{name}(", -len(typed), display=name, display_meta=signature)

    # --- values --------------------------------------------------------------------------------------------

    def _values(self, before: str, found: list[Piece], last: Piece, after: str) -> Iterator[Completion]:
        """Texts that a property of the graph has, where a text is being typed."""
        match = _BEFORE_VALUE.search(before[: last.start])
        key = match["key"] if match else "name"
        label = None
        if match and match["variable"]:
            declared = (m["of"] for m in _DECLARED.finditer(before) if m["name"] == match["variable"])
            label = next(declared, None)
        else:
            outside = [piece for piece in found[:-1] if piece.kind not in ("space", "comment")]
            brace = _around(outside)
            if brace is not None and brace.text == "{":
                label = next((name for _, name in _labels_before(outside, brace)), None)
        if label not in self.vocabulary.labels:
            label = None
        quote, typed = last.text[0], last.text[1:]
        for value in self.vocabulary.values(label, key, typed):
            inner = quoted(value)[1:-1]
            if quote == '"':
                inner = inner.replace("\\'", "'").replace('"', '\\"')
            closing = "" if after == quote else quote
            yield Completion(
                inner + closing,
                -len(typed),
                display=plain(value).replace("\n", " "),
                display_meta=label or "",
            )


def _fitting(typed: str, names: Iterable[str], meta: str, write: Any = str) -> Iterator[Completion]:
    """Yield the names that begin as typed, in any case."""
    sought = typed.lstrip("`").lower()
    for name in names:
        if name.lower().startswith(sought):
            yield Completion(write(name), -len(typed), display=plain(name), display_meta=meta)


def _procedures() -> list[str]:
    from ...queries.cypher.procedures import BUILT_IN

    return list(BUILT_IN)


def _around(found: list[Piece]) -> Piece | None:
    """Return the innermost bracket that is open at the end; a square one only where it holds a relationship."""
    waiting: list[Piece] = []
    before = ""
    for piece in found:
        if piece.text in ("(", "[", "{"):
            kind = piece.text
            if kind == "[" and before != "-":
                kind = "list"
            waiting.append(piece._replace(text=kind))
        elif piece.text in (")", "]", "}") and waiting:
            waiting.pop()
        before = piece.text
    return waiting[-1] if waiting else None


def _is_label_place(found: list[Piece]) -> bool:
    """Tell whether a label or type comes next: after a colon, or after ``|`` or ``&`` in a chain of them."""
    if not found or found[-1].text not in (":", "|", "&", "!"):
        return False
    for piece in reversed(found):
        if piece.text == ":":
            return True
        if piece.kind not in ("name", "quoted") and piece.text not in _ALTERNATIVES:
            return False
    return False


def _labels_before(found: list[Piece], brace: Piece) -> list[tuple[str, str]]:
    """Return the labels or types that stand before the properties of a pattern, each with its bracket."""
    element: list[Piece] = []
    for piece in reversed([piece for piece in found if piece.start < brace.start]):
        if piece.text in ("(", "["):
            names = [p for before, p in pairwise(element) if before.text in (":", "|", "&")]
            return [(piece.text, p.text.strip("`")) for p in names if p.kind in ("name", "quoted")]
        element.insert(0, piece)
    return []


def _in_pattern(found: list[Piece], brace: Piece) -> bool:
    """Tell whether a brace opens the properties of a pattern, and not a map or a subquery."""
    before = [piece for piece in found if piece.start < brace.start]
    outer = _around(before)
    if outer is None or outer.text not in ("(", "["):
        return False
    opening = next(i for i, piece in enumerate(before) if piece.start == outer.start)
    # A bracket that follows a name is the call of a function.
    return (
        outer.text == "["
        or opening == 0
        or before[opening - 1].kind != "name"
        or (before[opening - 1].text.upper() in ("MATCH", "CREATE", "MERGE", "WHERE", "AND", "OR", "NOT"))
    )
