"""Expressions, by precedence climbing.

From the weakest binding to the strongest: OR, XOR, AND, NOT, comparisons, string and list and null tests, ``+ - ||``,
``* / %``, ``^``, signs, then what follows a value (property, index, label).
"""

from __future__ import annotations

from typing import Any, Literal, cast

from . import syntax as s
from .lexer import Token, name_value, string_value
from .parser_patterns import PatternReader

_COMPARISONS = ("=", "<>", "<=", ">=", "<", ">")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_QUANTIFIERS = {"ALL": "all", "ANY": "any", "NONE": "none", "SINGLE": "single"}


class ExpressionReader(PatternReader):
    """Reads expressions."""

    def expression(self) -> s.Expression:
        """Read an expression."""
        self.enter()
        found = self._chain(("OR",), lambda: self._chain(("XOR",), lambda: self._chain(("AND",), self._not)))
        self.leave()
        return found

    def _chain(self, words: tuple[str, ...], operand: Any) -> s.Expression:
        start = self.now.start
        left: s.Expression = operand()
        while self.is_any(words):
            word = self.step().word
            left = s.Binary(cast(Any, word), left, operand(), span=self.since(start))
        return left

    def _not(self) -> s.Expression:
        starts = []
        while self.is_word("NOT"):
            starts.append(self.step().start)
        found = self._comparison()
        for start in reversed(starts):
            found = s.Unary("NOT", found, span=self.since(start))
        return found

    def _comparison(self) -> s.Expression:
        start = self.now.start
        operands, operators = [self._test()], []
        while self.now.kind == "symbol" and self.now.text in _COMPARISONS:
            operators.append(self.step().text)
            operands.append(self._test())
        if not operators:
            return operands[0]
        return s.Comparison(tuple(operands), cast(Any, tuple(operators)), span=self.since(start))

    def _test(self) -> s.Expression:
        start = self.now.start
        left = self._sum()
        while True:
            if self.is_word("IS", "NULL") or self.is_word("IS", "NOT", "NULL"):
                negated = self.ahead().word == "NOT"
                self.place += 3 if negated else 2
                left = s.Unary("IS NOT NULL" if negated else "IS NULL", left, span=self.since(start))
            elif self.is_word("IS") and self._typed():
                negated = self.word("NOT")
                if not self.symbol("::"):
                    self.need_word("TYPED")
                left = s.TypeTest(left, self._type_name(), negated, span=self.since(start))
            elif (operator := self._string_operator()) is not None:
                left = s.Binary(operator, left, self._sum(), span=self.since(start))
            else:
                return left

    def _typed(self) -> bool:
        further = 2 if self.ahead().word == "NOT" else 1
        if self.ahead(further).text == "::" or self.ahead(further).word == "TYPED":
            self.step()
            return True
        return False

    def _type_name(self) -> str:
        words = [self.name("a type").upper()]
        if self.symbol("<"):
            words.append(f"<{self._type_name()}>")
            self.need_symbol(">")
        while self.is_any(
            ("NOT", "NULL", "TIME", "DATETIME", "ZONED", "LOCAL", "WITH", "WITHOUT", "TIMEZONE")
        ):
            words.append(" " + self.step().word)
        if self.symbol("|"):
            words.append(f" | {self._type_name()}")
        return "".join(words)

    def _string_operator(self) -> Literal["STARTS WITH", "ENDS WITH", "CONTAINS", "IN", "=~"] | None:
        if self.word("STARTS", "WITH"):
            return "STARTS WITH"
        if self.word("ENDS", "WITH"):
            return "ENDS WITH"
        if self.word("CONTAINS"):
            return "CONTAINS"
        if self.word("IN"):
            return "IN"
        return "=~" if self.symbol("=~") else None

    def _sum(self) -> s.Expression:
        return self._operators(("+", "-", "||"), lambda: self._operators(("*", "/", "%"), self._power))

    def _operators(self, marks: tuple[str, ...], operand: Any) -> s.Expression:
        start = self.now.start
        left: s.Expression = operand()
        while self.now.kind == "symbol" and self.now.text in marks:
            mark = self.step().text
            left = s.Binary(cast(Any, mark), left, operand(), span=self.since(start))
        return left

    def _power(self) -> s.Expression:
        return self._operators(("^",), self._sign)

    def _sign(self) -> s.Expression:
        start = self.now.start
        signs = []
        while self.is_symbol("-") or self.is_symbol("+"):
            signs.append(self.step().text)
        if signs and signs[-1] == "-" and self.now.kind == "integer":
            signs.pop()
            token = self.step()
            found = self._postfix(self._integer(token, negative=True), start)
        else:
            found = self._postfix(self._atom(), self.now.start if not signs else start)
        for sign in reversed(signs):
            found = s.Unary(cast(Any, sign), found, span=self.since(start))
        return found

    # --- what follows a value --------------------------------------------------------------------------------

    def _postfix(self, found: s.Expression, start: int) -> s.Expression:
        while True:
            if self.is_symbol(".") and self.ahead().kind in ("name", "quoted"):
                self.step()
                found = s.Property(found, self.name("a property"), span=self.since(start))
            elif self.is_symbol("["):
                found = self._index(found, start)
            elif self.is_symbol(":") and self._labels_follow():
                self.step()
                labels = self.label_expression()
                found = s.HasLabels(found, labels, span=self.since(start))
            else:
                return found

    def _labels_follow(self) -> bool:
        token = self.ahead()
        return token.kind in ("name", "quoted") or token.text in ("!", "%", "(")

    def _index(self, found: s.Expression, start: int) -> s.Expression:
        self.need_symbol("[")
        first = None if self.is_symbol("..") else self.expression()
        if self.symbol(".."):
            last = None if self.is_symbol("]") else self.expression()
            self.need_symbol("]")
            return s.Slice(found, first, last, span=self.since(start))
        self.need_symbol("]")
        assert first is not None
        return s.Subscript(found, first, span=self.since(start))

    # --- values ----------------------------------------------------------------------------------------------

    def _atom(self) -> s.Expression:
        token = self.now
        match token.kind:
            case "integer":
                return self._integer(self.step())
            case "float":
                return self._float(self.step())
            case "string":
                return s.Literal_(string_value(self.step(), self.text), "string", span=token.span)
            case "parameter":
                return s.Parameter(name_value(self.step()), span=token.span)
            case "name":
                return self._word()
            case "quoted":
                return (
                    self._call() if self.ahead().text in ("(", ".") and self._is_call() else self._variable()
                )
        if token.text == "(":
            return self._parenthesis()
        if token.text == "[":
            return self._bracket()
        if token.text == "{":
            return self.map_literal()
        raise self.unexpected("An expression")

    def _integer(self, token: Token, *, negative: bool = False) -> s.Expression:
        text = token.text
        base = {"0x": 16, "0X": 16, "0o": 8}.get(text[:2], 10)
        digits = text[2:] if base != 10 else text
        try:
            if "_" in digits:
                raise ValueError(digits)
            value = int(digits, base) * (-1 if negative else 1)
        except ValueError:
            raise self.fail(f"{text!r} is no number.", token.span, "InvalidNumberLiteral") from None
        if not _LOWEST <= value <= _HIGHEST:
            raise self.fail(f"{text} does not fit into 64 bits.", token.span, "IntegerOverflow")
        return s.Literal_(value, "integer", span=token.span)

    def _float(self, token: Token) -> s.Expression:
        value = float(token.text)
        if value == float("inf"):
            raise self.fail(
                f"{token.text:.40} is too large for a float.", token.span, "FloatingPointOverflow"
            )
        if self.now.kind == "name" and self.now.start == token.end:
            raise self.fail(f"{token.text}{self.now.text} is no number.", token.span, "InvalidNumberLiteral")
        return s.Literal_(value, "float", span=token.span)

    def _variable(self) -> s.Variable:
        token = self.now
        return s.Variable(self.name("A variable"), span=token.span)

    def _word(self) -> s.Expression:
        token, following = self.now, self.ahead().text
        word = token.word
        if word in ("TRUE", "FALSE") and following != "(":
            self.step()
            return s.Literal_(word == "TRUE", "boolean", span=token.span)
        if word == "NULL":
            self.step()
            return s.Literal_(None, "null", span=token.span)
        if word in ("INF", "INFINITY", "NAN") and following not in ("(", "."):
            self.step()
            return s.Literal_(float("nan") if word == "NAN" else float("inf"), "float", span=token.span)
        if word == "CASE" and not self._ends_value(self.ahead()):
            return self._case()
        if following == "{" and word in ("EXISTS", "COUNT", "COLLECT"):
            return self._subquery(cast(Any, word.lower()))
        if following == "{" and not self._in_pattern:
            return self._map_projection()
        if following == "(":
            if word in _QUANTIFIERS and self._binds_in():
                return self._quantifier(cast(Any, _QUANTIFIERS[word]))
            if word == "REDUCE":
                return self._reduce()
            if word in ("SHORTESTPATH", "ALLSHORTESTPATHS"):
                path = self.path_pattern(named=False)
                return s.PatternExpression(path, span=self.since(token.start))
            if word == "EXISTS" and self._pattern_at(self.place + 2):
                self.place += 2
                path = self.path_pattern(named=False)
                self.need_symbol(")")
                return s.Call(
                    "exists", (s.PatternExpression(path, span=path.span),), span=self.since(token.start)
                )
            return self._call()
        if following == "." and self._is_call():
            return self._call()
        return self._variable()

    def _ends_value(self, token: Token) -> bool:
        return token.kind == "end" or token.text in (",", ")", "]", "}", ".", "=", "<>", "<", ">", "*")

    def _is_call(self) -> bool:
        """Tell whether names joined by dots lead to a parenthesis: a function in a namespace."""
        place = self.place
        while self.tokens[place].kind in ("name", "quoted"):
            after = self.tokens[place + 1]
            if after.text == "(" and after.kind == "symbol":
                return True
            if after.text != "." or after.kind != "symbol":
                return False
            place += 2
        return False

    def _binds_in(self) -> bool:
        return self.ahead(2).kind in ("name", "quoted") and self.ahead(3).word == "IN"

    def _call(self) -> s.Expression:
        start = self.now.start
        names = [self.name("A function")]
        while self.symbol("."):
            names.append(self.name("a function"))
        self.need_symbol("(")
        name = ".".join(names)
        if name.lower() == "count" and self.is_symbol("*", ")"):
            self.place += 2
            return s.Call(name, (), star=True, span=self.since(start))
        distinct = self.word("DISTINCT")
        arguments: list[s.Expression] = []
        if not self.is_symbol(")"):
            arguments.append(self.expression())
            while self.symbol(","):
                arguments.append(self.expression())
        self.need_symbol(")")
        return s.Call(name, tuple(arguments), distinct, span=self.since(start))

    def _case(self) -> s.Expression:
        start = self.step().start
        subject = None if self.is_word("WHEN") else self.expression()
        branches = []
        while self.word("WHEN"):
            condition = self.expression()
            self.need_word("THEN")
            branches.append((condition, self.expression()))
        if not branches:
            raise self.unexpected("WHEN")
        otherwise = self.expression() if self.word("ELSE") else None
        self.need_word("END")
        return s.Case(subject, tuple(branches), otherwise, span=self.since(start))

    def _quantifier(self, kind: Literal["all", "any", "none", "single"]) -> s.Expression:
        start = self.step().start
        self.need_symbol("(")
        variable = self.name("a variable")
        self.need_word("IN")
        source = self.expression()
        predicate = self.expression() if self.word("WHERE") else None
        self.need_symbol(")")
        return s.Quantifier(kind, variable, source, predicate, span=self.since(start))

    def _reduce(self) -> s.Expression:
        start = self.step().start
        self.need_symbol("(")
        accumulator = self.name("a variable")
        self.need_symbol("=")
        initial = self.expression()
        self.need_symbol(",")
        variable = self.name("a variable")
        self.need_word("IN")
        source = self.expression()
        self.need_symbol("|")
        step = self.expression()
        self.need_symbol(")")
        return s.Reduce(accumulator, initial, variable, source, step, span=self.since(start))

    def _parenthesis(self) -> s.Expression:
        if self._pattern_at(self.place):
            start = self.now.start
            path = self.path_pattern(named=False)
            return s.PatternExpression(path, span=self.since(start))
        self.need_symbol("(")
        found = self.expression()
        self.need_symbol(")")
        return found

    def _pattern_at(self, place: int) -> bool:
        """Tell whether a pattern with at least one relationship begins here, by its brackets and what follows."""
        tokens = self.tokens
        if tokens[place].text != "(" or not self._node_at(place):
            return False
        depth = 0
        for index in range(place, len(tokens)):
            text = tokens[index].text if tokens[index].kind == "symbol" else ""
            depth += (text in ("(", "{", "[")) - (text in (")", "}", "]"))
            if depth == 0:
                return self._relationship_at(index + 1)
        return False

    def _node_at(self, place: int) -> bool:
        token, after = self.tokens[place + 1], self.tokens[min(place + 2, len(self.tokens) - 1)]
        if token.kind in ("name", "quoted"):
            return after.kind == "symbol" and after.text in (")", ":", "{") or after.word in ("WHERE", "IS")
        return token.kind == "symbol" and token.text in (")", ":", "{")

    def _relationship_at(self, place: int) -> bool:
        texts = [self.tokens[min(place + i, len(self.tokens) - 1)].text for i in range(3)]
        if texts[0] == "-":
            return (
                texts[1] == "["
                or (texts[1] == "-" and texts[2] in ("(", ">"))
                or (texts[1] == ">" and texts[2] == "(")
            )
        return texts[0] == "<" and texts[1] == "-" and texts[2] in ("[", "-", "(")

    def _bracket(self) -> s.Expression:
        start = self.now.start
        self.need_symbol("[")
        if self.now.kind in ("name", "quoted") and self.ahead().word == "IN":
            found = self._list_comprehension(start)
            if found is not None:
                return found
        if self._comprehends_pattern():
            return self._pattern_comprehension(start)
        items: list[s.Expression] = []
        if not self.is_symbol("]"):
            items.append(self.expression())
            while self.symbol(","):
                items.append(self.expression())
        self.need_symbol("]")
        return s.ListLiteral(tuple(items), span=self.since(start))

    def _list_comprehension(self, start: int) -> s.Expression | None:
        place = self.place
        variable = self.name("a variable")
        self.need_word("IN")
        source = self.expression()
        if self.is_symbol(","):
            self.place = place
            return None
        predicate = self.expression() if self.word("WHERE") else None
        projection = self.expression() if self.symbol("|") else None
        self.need_symbol("]")
        return s.ListComprehension(variable, source, predicate, projection, span=self.since(start))

    def _comprehends_pattern(self) -> bool:
        if self.now.kind in ("name", "quoted") and self.ahead().text == "=" and self.ahead(2).text == "(":
            return self._pattern_at(self.place + 2)
        if not self._pattern_at(self.place):
            return False
        place = self.place
        try:
            self.path_pattern(named=False)
            return self.is_symbol("|") or self.is_word("WHERE")
        finally:
            self.place = place

    def _pattern_comprehension(self, start: int) -> s.Expression:
        path = self.path_pattern()
        predicate = self.expression() if self.word("WHERE") else None
        self.need_symbol("|")
        projection = self.expression()
        self.need_symbol("]")
        return s.PatternComprehension(path, predicate, projection, span=self.since(start))

    def map_literal(self) -> s.MapLiteral:
        """Read ``{key: value, …}``."""
        start = self.now.start
        self.need_symbol("{")
        items: list[tuple[str, s.Expression]] = []
        while not self.is_symbol("}"):
            key = self.name("A key")
            self.need_symbol(":")
            items.append((key, self.expression()))
            if not self.symbol(","):
                break
        self.need_symbol("}")
        return s.MapLiteral(tuple(items), span=self.since(start))

    def _map_projection(self) -> s.Expression:
        start = self.now.start
        subject = self._variable()
        self.need_symbol("{")
        items: list[tuple[str, s.Expression]] = []
        every = False
        while not self.is_symbol("}"):
            if self.symbol(".", "*"):
                every = True
            elif self.symbol("."):
                key_start = self.now.start
                key = self.name("a property")
                items.append((key, s.Property(subject, key, span=self.since(key_start))))
            else:
                token = self.now
                key = self.name("A key")
                if self.symbol(":"):
                    items.append((key, self.expression()))
                else:
                    items.append((key, s.Variable(key, span=token.span)))
            if not self.symbol(","):
                break
        self.need_symbol("}")
        return s.MapProjection(subject, tuple(items), every, span=self.since(start))

    def _subquery(self, kind: Literal["exists", "count", "collect"]) -> s.Expression:
        start = self.step().start
        self.need_symbol("{")
        self.enter()
        if self.is_symbol("(") or (self.now.kind in ("name", "quoted") and self.ahead().text == "="):
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
