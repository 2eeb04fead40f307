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
    "MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH",
    "FOREACH", "CALL", "FINISH", "UNION", "WHERE", "ORDER", "SKIP", "LIMIT",
)  # fmt: skip

KEYWORDS = (
    *CLAUSES, "AND", "OR", "XOR", "NOT", "IN", "IS", "NULL", "STARTS", "ENDS", "CONTAINS", "DISTINCT", "AS", "BY",
    "ON", "ASC", "DESC", "ASCENDING", "DESCENDING", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "COUNT",
    "COLLECT", "YIELD", "ALL", "SHORTEST", "EXPLAIN", "PROFILE", "OFFSET",
)  # fmt: skip
"""The words that are looked at for a likely one where something else was expected."""


class Reader:
    """The tokens of a query and the place reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.place = 0
        self.depth = 0
        self.bar: int | None = None

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

    def is_word(self, word: str) -> bool:
        """Tell whether the next token is this keyword."""
        return self.tokens[self.place].word == word

    def is_any(self, words: Collection[str]) -> bool:
        """Tell whether the next token is one of these keywords."""
        return self.tokens[self.place].word in words

    def word(self, *words: str) -> bool:
        """Read these keywords if they come next."""
        for further, word in enumerate(words):
            if self.tokens[min(self.place + further, len(self.tokens) - 1)].word != word:
                return False
        self.place += len(words)
        return True

    def is_symbol(self, mark: str) -> bool:
        """Tell whether the next token is this symbol."""
        return self.tokens[self.place].text == mark

    def symbol(self, *marks: str) -> bool:
        """Read these symbols if they come next."""
        return self.word(*marks)

    def need_word(self, word: str) -> None:
        """Read a keyword, or fail."""
        if not self.word(word):
            raise self.unexpected(word, (word,))

    def need_symbol(self, mark: str) -> None:
        """Read a symbol, or fail."""
        if not self.symbol(mark):
            raise self.unexpected(repr(mark))

    def name(self, what: str) -> str:
        """Read a name, or fail."""
        if self.now.kind in ("name", "quoted"):
            return name_value(self.step())
        raise self.unexpected(what)

    def variable(self, what: str) -> str:
        """Read the name of a new variable or column, or fail."""
        token = self.now
        name = self.name(what)
        if name.startswith(" "):
            raise self.fail("The name of a variable or column cannot begin with a space.", token.span)
        return name

    def since(self, start: int) -> Span:
        """Return the span from an offset to the last token read."""
        return start, self.tokens[self.place - 1].end if self.place else start

    def fail(self, reason: str, span: Span | None = None, detail: str = "UnexpectedSyntax") -> CypherError:
        """Return an error at a place, by default at the next token."""
        return CypherError(reason, detail=detail, span=span or self.now.span, text=self.text)

    def unexpected(self, wanted: str, words: Collection[str] = KEYWORDS) -> CypherError:
        """Return the error that something else was expected here; ``words`` are those that may be misspelt."""
        token = self.now
        if token.kind == "end":
            wanted = wanted[0].lower() + wanted[1:] if wanted.startswith(("A ", "An ")) else wanted
            end = self.tokens[self.place - 1].end if self.place else token.end
            return self.fail(f"The query ends where {wanted} was expected.", (max(0, end - 1), end))
        shown = token.text if len(token.text) < 40 else token.text[:37] + "…"
        reason = f"{wanted} was expected here, not {shown!r}."
        if near := self._meant(token, words):
            return self.fail(f"{reason} Did you mean {near}?")
        before = self.tokens[self.place - 1]
        if self.place and (near := self._meant(before, words)):
            return self.fail(f"{reason} Did you mean {near} by {before.text}?")
        return self.fail(reason)

    def _meant(self, token: Token, words: Collection[str]) -> str:
        """Return what a token may have been meant to be."""
        if token.text == "!" and token is self.now and self.ahead().text == "=":
            return "<>"
        if token.kind != "name" or token.word in words or len(token.word) > 20:
            return ""
        return next(iter(get_close_matches(token.word, words, n=1, cutoff=0.7)), "")

    def enter(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fail(f"The query nests deeper than {DEPTH} levels.")

    def leave(self) -> None:
        """Come one level up."""
        self.depth -= 1
