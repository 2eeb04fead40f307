"""Values: literals, names, calls, CASE, lists and maps, comprehensions, subqueries."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Literal, cast

from . import syntax as s
from .lexer import Token, name_value, partners, string_value
from .parser_base import CLAUSES
from .parser_patterns import PatternReader

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_INTEGER = re.compile(
    r"(?P<decimal>0|[1-9][0-9]*(?:_[0-9]+)*)|0[xX](?P<hex>[0-9a-fA-F]+)|0o(?P<octal>[0-7]+)"
)
_BASES = {"decimal": 10, "hex": 16, "octal": 8}
_QUANTIFIERS = {"ALL": "all", "ANY": "any", "NONE": "none", "SINGLE": "single"}
_CONSTANTS: dict[str, tuple[Any, Any]] = {
    "TRUE": (True, "boolean"), "FALSE": (False, "boolean"), "NULL": (None, "null"),
    "INF": (float("inf"), "float"), "INFINITY": (float("inf"), "float"), "NAN": (float("nan"), "float"),
}  # fmt: skip

_KEYWORDS = frozenset(CLAUSES) | {
    "AND",
    "OR",
    "XOR",
    "NOT",
    "IN",
    "AS",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "BY",
    "DISTINCT",
}
_NEVER_NAMES = frozenset({"AND", "OR", "XOR", "NOT", "IN", "AS", "WHEN", "THEN", "WHERE"})
"""Keywords that end what is before them, so that they are never a variable, unless in backticks."""

_AFTER_A_NAME = frozenset({
    *"=<>+-*/%^.,:;|[])}", "<=", ">=", "<>", "=~", "||", "..", "::", "+=", "",
    *(_KEYWORDS - {"BY", "DISTINCT", "NOT"}),
    "IS", "STARTS", "ENDS", "CONTAINS", "ASC", "ASCENDING", "DESC", "DESCENDING", "OFFSET",
})  # fmt: skip
"""What may follow a variable: a keyword before anything else was meant as a keyword."""


class ValueReader(PatternReader):
    """Reads values; operators around them are read by the class that extends this one."""

    @cached_property
    def partners(self) -> list[int]:
        """For every opening bracket where its closing one stands."""
        return partners(self.tokens)

    def value(self) -> s.Expression:
        """Read one value, without what may follow it."""
        token = self.now
        match token.kind:
            case "name":
                return self._word()
            case "integer":
                return self.integer(self.step())
            case "float":
                return self._float(self.step())
            case "string":
                return s.Literal_(string_value(self.step(), self.text), "string", span=token.span)
            case "parameter":
                return s.Parameter(name_value(self.step()), span=token.span)
            case "quoted":
                return self._call() if self._is_call() else self._variable()
        match token.text:
            case "(":
                return self._parenthesis()
            case "[":
                return self._bracket()
            case "{":
                return self.map_literal()
        raise self.unexpected("An expression")

    # --- numbers ---------------------------------------------------------------------------------------------

    def integer(self, token: Token, *, negative: bool = False, start: int | None = None) -> s.Literal_:
        """Return the number a token stands for."""
        span = (token.start if start is None else start, token.end)
        found = _INTEGER.fullmatch(token.text)
        if found is None:
            remedy = "; write an octal number as 0o17" if token.text.isdigit() else ""
            raise self.fail(f"{token.text[:40]!r} is no number{remedy}.", span, "InvalidNumberLiteral")
        kind = found.lastgroup or ""
        digits = found[kind].replace("_", "").lstrip("0") or "0"
        # No number of 64 bits has more than 22 digits; Python refuses to read very long ones.
        value = int(digits, _BASES[kind]) if len(digits) <= 22 else _HIGHEST + 2
        if negative:
            value = -value
        if not _LOWEST <= value <= _HIGHEST:
            raise self.fail(
                f"{self.text[span[0] : span[1]][:40]} does not fit into 64 bits.", span, "IntegerOverflow"
            )
        return s.Literal_(value, "integer", span=span)

    def _float(self, token: Token) -> s.Expression:
        if self.now.kind in ("name", "integer") and self.now.start == token.end:
            reason = f"{(token.text + self.now.text)[:40]!r} is no number."
            raise self.fail(reason, (token.start, self.now.end), "InvalidNumberLiteral")
        value = float(token.text)
        if value == float("inf"):
            reason = f"{token.text:.40} is too large for a float."
            raise self.fail(reason, token.span, "FloatingPointOverflow")
        return s.Literal_(value, "float", span=token.span)

    # --- names -----------------------------------------------------------------------------------------------

    def _variable(self) -> s.Variable:
        token = self.now
        return s.Variable(self.name("A variable"), span=token.span)

    def _word(self) -> s.Expression:
        token, following = self.now, self.ahead().text
        word = token.word
        if word in _CONSTANTS and (
            following not in ("(", ".") or (following == "." and word == "NULL" and not self._is_call())
        ):
            self.step()
            value, kind = _CONSTANTS[word]
            return s.Literal_(value, kind, span=token.span)
        if word == "CASE" and self.ahead().word not in _AFTER_A_NAME - {"WHEN", "[", "+", "-"}:
            return self._case()
        if following == "{":
            if word in ("EXISTS", "COUNT", "COLLECT") and self.ahead(2).text != ".":
                return self._subquery(cast("Any", word.lower()))
            return self._map_projection()
        if word in _KEYWORDS and (word in _NEVER_NAMES or self.ahead().word not in _AFTER_A_NAME):
            raise self.unexpected("An expression")
        if following == "(":
            if word in _QUANTIFIERS and self._binds_in():
                return self._quantifier(cast("Any", _QUANTIFIERS[word]))
            if word == "REDUCE":
                return self._reduce()
            if word in ("SHORTESTPATH", "ALLSHORTESTPATHS"):
                path = self.path_pattern(named=False)
                return s.PatternExpression(path, span=path.span)
            return self._call()
        return self._call() if following == "." and self._is_call() else self._variable()

    def _is_call(self) -> bool:
        """Tell whether names joined by dots lead to a parenthesis: a function in a namespace."""
        place = self.place
        while self.tokens[place].kind in ("name", "quoted"):
            after = self.tokens[place + 1].text
            if after != ".":
                return after == "("
            place += 2
        return False

    def _binds_in(self) -> bool:
        return self.ahead(2).kind in ("name", "quoted") and self.ahead(3).word == "IN"

    def _call(self) -> s.Expression:
        start = self.now.start
        names = [self.name("A function")]
        while self.symbol("."):
            names.append(self.name("A function"))
        self.need_symbol("(")
        name = ".".join(names)
        if name.lower() == "count" and self.symbol("*", ")"):
            return s.Call(name, (), star=True, span=self.since(start))
        if name.lower() == "trim":
            return self._trim(name, start)
        distinct = self.word("DISTINCT")
        arguments: list[s.Expression] = []
        if not self.is_symbol(")"):
            arguments.append(self.expression())
            while self.symbol(","):
                arguments.append(self.expression())
        self.need_symbol(")")
        if name.lower() == "normalize" and len(arguments) == 2:
            arguments[1] = _normal_form(arguments[1])
        return s.Call(name, tuple(arguments), distinct, span=self.since(start))

    def _trim(self, name: str, start: int) -> s.Expression:
        """Read ``trim(text)``, ``trim('x' FROM text)``, ``trim(LEADING 'x' FROM text)``, ``trim(BOTH FROM text)``."""
        ends = None
        if self.is_any(("LEADING", "TRAILING", "BOTH")) and (
            self.ahead().kind in ("name", "quoted", "string", "parameter") or self.ahead().text == "("
        ):
            ends = self.step()
        arguments: list[s.Expression] = []
        if not (ends and self.is_word("FROM")):
            arguments.append(self.expression())
        if ends or self.is_word("FROM"):
            self.need_word("FROM")
            arguments.append(self.expression())
        while not self.is_symbol(")") and self.symbol(","):
            arguments.append(self.expression())
        self.need_symbol(")")
        if ends and len(arguments) == 1:
            name = {"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "btrim"}[ends.word]
        elif ends:
            arguments.insert(0, s.Literal_(ends.word, "string", span=ends.span))
        return s.Call(name, tuple(arguments), span=self.since(start))

    # --- what begins with a keyword --------------------------------------------------------------------------

    def _case(self) -> s.Expression:
        start = self.step().start
        subject = None if self.is_word("WHEN") else self.expression()
        branches: list[tuple[s.Expression, s.Expression]] = []
        tests: set[s.Expression] = set()
        while self.word("WHEN"):
            conditions: list[s.Expression] = []
            while not conditions or (subject is not None and self.symbol(",")):
                test = self.test_of(subject) if subject is not None else None
                conditions.append(test or self.expression())
                tests.update({test} if test is not None else ())
            self.need_word("THEN")
            outcome = self.expression()
            branches.extend((condition, outcome) for condition in conditions)
        if not branches:
            raise self.unexpected("WHEN", ("WHEN",))
        otherwise = self.expression() if self.word("ELSE") else None
        self.need_word("END")
        if subject is not None and tests:  # WHEN > 3 stands beside WHEN 3: all become conditions
            value = subject
            branches = [(c if c in tests else _equal(value, c), outcome) for c, outcome in branches]
            subject = None
        return s.Case(subject, tuple(branches), otherwise, span=self.since(start))

    def _quantifier(self, kind: Literal["all", "any", "none", "single"]) -> s.Expression:
        start = self.step().start
        self.need_symbol("(")
        variable, source = self._each()
        predicate = self.expression() if self.word("WHERE") else None
        self.need_symbol(")")
        return s.Quantifier(kind, variable, source, predicate, span=self.since(start))

    def _each(self, bar: int | None = None) -> tuple[str, s.Expression]:
        variable = self.variable("A variable")
        self.need_word("IN")
        return variable, self.expression(bar=bar)

    def _reduce(self) -> s.Expression:
        start = self.step().start
        bar = self._last_bar(self.place)
        self.need_symbol("(")
        accumulator = self.variable("A variable")
        self.need_symbol("=")
        initial = self.expression()
        self.need_symbol(",")
        variable, source = self._each(bar)
        self.need_symbol("|")
        step = self.expression()
        self.need_symbol(")")
        return s.Reduce(accumulator, initial, variable, source, step, span=self.since(start))

    def _subquery(self, kind: Literal["exists", "count", "collect"]) -> s.Expression:
        start = self.step().start
        self.need_symbol("{")
        self.enter()
        if self.is_symbol("(") or self._path_begins():
            inside = self.now.start
            patterns = self.patterns()
            predicate = self.expression() if self.word("WHERE") else None
            match = s.Match(patterns, predicate, span=self.since(inside))
            query = s.Query((s.SingleQuery((match,), span=match.span),), span=match.span)
        else:
            query = self.query()
        self.leave()
        self.need_symbol("}")
        return s.Subquery(kind, query, span=self.since(start))

    def _path_begins(self) -> bool:
        if self.now.kind in ("name", "quoted") and self.ahead().text == "=":
            return True
        return self.is_any(("SHORTESTPATH", "ALLSHORTESTPATHS", "SHORTEST", "ANY", "ALL"))

    # --- brackets --------------------------------------------------------------------------------------------

    def _parenthesis(self) -> s.Expression:
        if self._pattern_at(self.place):
            path = self.path_pattern(named=False)
            return s.PatternExpression(path, span=path.span)
        self.need_symbol("(")
        found = self.expression()
        self.need_symbol(")")
        return found

    def _pattern_at(self, place: int) -> bool:
        """Tell whether a pattern with at least one relationship begins here, by its brackets and what follows.

        Looking at the brackets is enough, so that nothing is ever read twice.
        """
        if not self._node_at(place) or not (close := self.partners[place]):
            return False
        texts = [self.tokens[min(close + i, len(self.tokens) - 1)].text for i in (1, 2, 3)]
        if texts[0] == "<":
            return texts[1] == "-" and texts[2] in ("[", "-")
        if texts[0] != "-":
            return False
        if texts[1] == "[":  # (a)-[0] takes an item away from a; (a)-[r]- is a relationship
            return bool(end := self.partners[close + 2]) and self.tokens[end + 1].text == "-"
        return texts[1] == "-" and texts[2] in ("(", ">")

    def _node_at(self, place: int) -> bool:
        if self.tokens[place].text != "(":
            return False
        inside = self.tokens[place + 1]
        if inside.kind in ("name", "quoted"):
            after = self.tokens[place + 2]
            return after.text in (")", ":", "{") or after.word in ("WHERE", "IS") or after.kind == "parameter"
        return inside.text in (")", ":", "{")

    def _bracket(self) -> s.Expression:
        opening = self.place
        start = self.step().start
        if self.now.kind in ("name", "quoted") and self.ahead().word == "IN" and self._comprehends(opening):
            return self._list_comprehension(opening, start)
        named = self.now.kind in ("name", "quoted") and self.ahead().text == "="
        if self._pattern_at(self.place + 2 if named else self.place) and self._last_bar(opening) > 0:
            return self._pattern_comprehension(opening, start)
        items: list[s.Expression] = []
        if not self.is_symbol("]"):
            items.append(self.expression())
            while self.symbol(","):
                items.append(self.expression())
        self.need_symbol("]")
        return s.ListLiteral(tuple(items), span=self.since(start))

    def _comprehends(self, opening: int) -> bool:
        """Tell ``[x IN list …]`` from the list ``[x IN list, …]``."""
        place = opening + 1
        while (token := self.tokens[place]).kind != "end" and token.text not in (",", "]"):
            place = (self.partners[place] or place) + 1
        return token.text != ","

    def _last_bar(self, opening: int) -> int:
        """Return where the last ``|`` between a bracket and its partner stands, outside of inner brackets; or 0."""
        found, place, end = 0, opening + 1, self.partners[opening] or len(self.tokens) - 1
        while place < end:
            if self.tokens[place].text == "|":
                found = place
            place = (self.partners[place] or place) + 1
        return found

    def _list_comprehension(self, opening: int, start: int) -> s.Expression:
        bar = self._last_bar(opening)
        variable, source = self._each(bar)
        predicate = self.expression(bar=bar) if self.word("WHERE") else None
        projection = self.expression() if self.symbol("|") else None
        self.need_symbol("]")
        return s.ListComprehension(variable, source, predicate, projection, span=self.since(start))

    def _pattern_comprehension(self, opening: int, start: int) -> s.Expression:
        bar = self._last_bar(opening)
        path = self.path_pattern()
        predicate = self.expression(bar=bar) if self.word("WHERE") else None
        self.need_symbol("|")
        projection = self.expression()
        self.need_symbol("]")
        return s.PatternComprehension(path, predicate, projection, span=self.since(start))

    def map_literal(self) -> s.MapLiteral:
        """Read ``{key: value, …}``."""
        start = self.now.start
        self.need_symbol("{")
        items: list[tuple[str, s.Expression]] = []
        if not self.is_symbol("}"):
            items.append(self._entry())
            while self.symbol(","):
                items.append(self._entry())
        self.need_symbol("}")
        return s.MapLiteral(tuple(items), span=self.since(start))

    def _entry(self) -> tuple[str, s.Expression]:
        key = self.name("A key")
        self.need_symbol(":")
        return key, self.expression()

    def _map_projection(self) -> s.Expression:
        subject = self._variable()
        self.need_symbol("{")
        items: list[tuple[str, s.Expression]] = []
        every = False
        while not self.is_symbol("}"):
            start = self.now.start
            if self.symbol(".", "*"):
                every = True
            elif self.symbol("."):
                key = self.name("A property")
                items.append((key, s.Property(subject, key, span=self.since(start))))
            elif self.ahead().text == ":":
                items.append(self._entry())
            else:
                variable = self._variable()
                items.append((variable.name, variable))
            if not self.symbol(","):
                break
        self.need_symbol("}")
        return s.MapProjection(subject, tuple(items), every, span=self.since(subject.span[0]))


NORMAL_FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def _normal_form(argument: s.Expression) -> s.Expression:
    """Return the name of a normal form, which is a keyword of the language, as text."""
    if isinstance(argument, s.Variable) and argument.name.upper() in NORMAL_FORMS:
        return s.Literal_(argument.name.upper(), "string", span=argument.span)
    return argument


def _equal(left: s.Expression, right: s.Expression) -> s.Expression:
    return s.Comparison((left, right), ("=",), span=right.span)
