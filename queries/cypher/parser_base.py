"""Reading tokens one after the other: what all parts of the parser share."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from .errors import CypherError
from .lexer import Token, name_value, tokenize
from .syntax import Span

DEPTH = 180
"""How deep expressions and subqueries may nest; deeper ones are an error, not a crash."""

CLAUSES = (
    "MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH", "FOREACH",
    "CALL", "UNION", "WHERE", "ORDER", "SKIP", "LIMIT",
)  # fmt: skip


class Reader:
    """The tokens of a query and the place reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.place = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.place]

    def ahead(self, count: int = 1) -> Token:
        """Return a later token; past the end, the end."""
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def step(self) -> Token:
        """Read one token."""
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def is_word(self, *words: str) -> bool:
        """Tell whether the next tokens are these keywords."""
        return all(self.ahead(i).kind == "name" and self.ahead(i).word == word for i, word in enumerate(words))

    def is_any(self, words: Collection[str]) -> bool:
        """Tell whether the next token is one of these keywords."""
        return self.now.kind == "name" and self.now.word in words

    def word(self, *words: str) -> bool:
        """Read these keywords if they come next."""
        if self.is_word(*words):
            self.place += len(words)
            return True
        return False

    def is_symbol(self, *symbols: str) -> bool:
        """Tell whether the next tokens are these symbols."""
        return all(self.ahead(i).kind == "symbol" and self.ahead(i).text == mark for i, mark in enumerate(symbols))

    def symbol(self, *symbols: str) -> bool:
        """Read these symbols if they come next."""
        if self.is_symbol(*symbols):
            self.place += len(symbols)
            return True
        return False

    def need_word(self, word: str) -> None:
        """Read a keyword, or fail."""
        if not self.word(word):
            raise self.unexpected(word)

    def need_symbol(self, mark: str) -> None:
        """Read a symbol, or fail."""
        if not self.symbol(mark):
            raise self.unexpected(repr(mark))

    def name(self, what: str) -> str:
        """Read a name, or fail."""
        if self.now.kind in ("name", "quoted"):
            return name_value(self.step())
        raise self.unexpected(what)

    def since(self, start: int) -> Span:
        """Return the span from an offset to the last token read."""
        return start, self.tokens[self.place - 1].end if self.place else start

    def fail(self, reason: str, span: Span | None = None, detail: str = "UnexpectedSyntax") -> CypherError:
        """Return an error at a place, by default at the next token."""
        return CypherError(reason, detail=detail, span=span or self.now.span, text=self.text)

    def unexpected(self, wanted: str) -> CypherError:
        """Return the error that something else was expected here."""
        token = self.now
        if token.kind == "end":
            return self.fail(f"The query ends where {wanted} was expected.", (max(0, token.start - 1), token.start))
        near = get_close_matches(token.word, CLAUSES, n=1, cutoff=0.7) if token.kind == "name" else []
        hint = f" Did you mean {near[0]}?" if near and near[0] != token.word else ""
        shown = token.text if len(token.text) < 40 else token.text[:37] + "…"
        return self.fail(f"{wanted} was expected here, not {shown!r}.{hint}")

    def enter(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fail(f"The query nests deeper than {DEPTH} levels.")

    def leave(self) -> None:
        """Come one level up."""
        self.depth -= 1
