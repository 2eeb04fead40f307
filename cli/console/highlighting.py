"""Colours for the text that is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from .scan import Piece, pieces
from .words import CONSTANTS, KEYWORDS, functions

STYLE = Style.from_dict(
    {
        "keyword": "bold ansiblue",
        "function": "ansicyan",
        "string": "ansigreen",
        "number": "ansimagenta",
        "constant": "ansimagenta",
        "parameter": "ansiyellow",
        "comment": "italic ansibrightblack",
        "type": "ansiyellow",
        "command": "bold ansicyan",
        "prompt": "bold",
        "continuation": "ansibrightblack",
    }
)

_PLAIN = {"comment", "string", "number", "parameter"}


class CypherHighlighter(Lexer):
    """Styles keywords, functions, labels, texts, numbers, parameters and comments."""

    def __init__(self) -> None:
        self._functions = frozenset(name.lower() for name in functions())

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return the styled fragments of each line."""
        lines: list[StyleAndTextTuples] = [[]]
        for style, text in self.fragments(document.text):
            for number, part in enumerate(text.split("\n")):
                if number:
                    lines.append([])
                lines[-1].append((style, part))
        return lambda line: lines[line] if line < len(lines) else []

    def fragments(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield style and text of every piece."""
        if text.lstrip().startswith(":"):
            command, blank, rest = text.partition(" ")
            yield "class:command", command + blank
            yield "", rest
            return
        found = list(pieces(text))
        before = ""
        for place, piece in enumerate(found):
            after = next((p.text for p in found[place + 1 : place + 3] if p.kind != "space"), "")
            yield self._style(piece, before, after), piece.text
            if piece.kind not in ("space", "comment"):
                before = piece.text

    def _style(self, piece: Piece, before: str, after: str) -> str:
        if piece.kind in _PLAIN:
            return f"class:{piece.kind}"
        if piece.kind not in ("name", "quoted"):
            return ""
        if before in (":", "|", "&", "!"):
            return "class:type"
        if piece.kind == "quoted" or before == "." or after == ":":
            return ""
        word = piece.text.upper()
        if word in CONSTANTS:
            return "class:constant"
        if after == "(" and piece.text.lower() in self._functions:
            return "class:function"
        return "class:keyword" if word in KEYWORDS or (word in ("COUNT", "COLLECT") and after == "{") else ""
