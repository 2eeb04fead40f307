"""Expressions, by precedence climbing.

From the weakest binding to the strongest: OR, XOR, AND, NOT, comparisons, string and list and null tests, ``+ - ||``,
``* / %``, ``^``, signs, then what follows a value (property, index, label). Values: see `parser_values`.
"""

from __future__ import annotations

from typing import Any, cast

from . import syntax as s
from .lexer import Token
from .parser_base import DEPTH
from .parser_values import NORMAL_FORMS, ValueReader

_NOT, _COMPARISON, _TEST = 4, 5, 6
_LEVELS: dict[str, int] = {
    "OR": 1, "XOR": 2, "AND": 3,
    "=": 5, "<>": 5, "<": 5, "<=": 5, ">": 5, ">=": 5,
    "IN": 6, "IS": 6, "STARTS": 6, "ENDS": 6, "CONTAINS": 6, "=~": 6, "::": 6,
    "+": 7, "-": 7, "||": 7,
    "*": 8, "/": 8, "%": 8,
    "^": 9,
}  # fmt: skip
"""How strongly each operator binds; those of one level are read from left to right."""

_LONG_CHAIN = 32
"""From how many operands on AND, OR and XOR make a balanced tree: programs write chains of thousands."""

_TYPE_WORDS = frozenset({
    "ANY", "ARRAY", "BOOL", "BOOLEAN", "DATE", "DATETIME", "DURATION", "EDGE", "FLOAT", "INT", "INTEGER", "LIST",
    "LOCAL", "MAP", "NODE", "NOTHING", "NULL", "NUMBER", "PATH", "PROPERTY", "RELATIONSHIP", "SIGNED", "STRING",
    "TIME", "TIMESTAMP", "TIMEZONE", "VALUE", "VARCHAR", "VERTEX", "ZONE", "ZONED",
})  # fmt: skip


class ExpressionReader(ValueReader):
    """Reads expressions."""

    def expression(self, least: int = 0, bar: int | None = None) -> s.Expression:
        """Read an expression of operators that bind at least so strongly.

        ``bar`` is where the ``|`` of a comprehension stands when its predicate is read: what comes before it may
        be ``n:A|B``, but that ``|`` is no part of it.
        """
        outer = self.bar
        if not least:
            self.enter()
            self.bar = bar
        start = self.now.start
        most = 9
        if self.now.word == "NOT":
            left, most = self._not(least), _NOT
        else:
            left = self._operand()
        while least <= (level := _LEVELS.get(self.now.word, -1)) <= most:
            if level < _NOT:
                left = self._chain(left, level, start)
            elif level == _COMPARISON:
                left = self._comparison(left, start)
            elif level == _TEST:
                left = self._test(left, start)
            else:
                operator = cast("Any", self.step().word)
                right = self.expression(level + 1)
                left = s.Binary(operator, left, right, span=self.since(start))
            most = level  # what binds more strongly has been read with the operand
        if not least:
            self.leave()
            self.bar = outer
        return left

    def _not(self, least: int) -> s.Expression:
        if least > _NOT:
            raise self.fail("NOT binds weaker than the operator before it; write (NOT …).")
        starts = []
        while self.now.word == "NOT":
            starts.append(self.step().start)
        self._limit(len(starts))
        found = self.expression(_COMPARISON)
        for start in reversed(starts):
            found = s.Unary("NOT", found, span=self.since(start))
        return found

    def _chain(self, first: s.Expression, level: int, start: int) -> s.Expression:
        word = self.now.word
        operands = [first]
        while self.word(word):
            operands.append(self.expression(level + 1))
        if len(operands) >= _LONG_CHAIN:
            return _balanced(word, operands, (start, self.since(start)[1]))
        left = first
        for operand in operands[1:]:
            left = s.Binary(cast("Any", word), left, operand, span=(start, operand.span[1]))
        return left

    def _comparison(self, first: s.Expression, start: int) -> s.Expression:
        operands, operators = [first], []
        while _LEVELS.get(self.now.word) == _COMPARISON:
            operators.append(self.step().word)
            if self.is_symbol("="):
                raise self.fail("Equality is written with one =.")
            operands.append(self.expression(_TEST))
        return s.Comparison(tuple(operands), cast("Any", tuple(operators)), span=self.since(start))

    # --- tests -----------------------------------------------------------------------------------------------

    def _test(self, left: s.Expression, start: int) -> s.Expression:
        word = self.step().word
        if word == "::":
            return s.TypeTest(left, self._type_name(), False, span=self.since(start))
        if word == "IS":
            return self._is(left, start)
        if word in ("STARTS", "ENDS"):
            self.need_word("WITH")
            word += " WITH"
        return s.Binary(cast("Any", word), left, self.expression(_TEST + 1), span=self.since(start))

    def test_of(self, subject: s.Expression) -> s.Expression | None:
        """Read a test of the subject of CASE after WHEN, such as ``> 3`` or ``IS NULL``; None for others."""
        start = self.now.start
        if _LEVELS.get(self.now.word) == _COMPARISON:
            operator = self.step().word
            right = self.expression(_TEST)
            return s.Comparison((subject, right), (cast("Any", operator),), span=self.since(start))
        word, after = self.now.word, self.ahead().word
        if (
            word in ("::", "=~")
            or (word == "IS" and after in ("NULL", "NOT", "::", "TYPED", "NORMALIZED", *NORMAL_FORMS))
            or (word in ("STARTS", "ENDS") and after == "WITH")
        ):
            return self._test(subject, start)
        return None

    def _is(self, left: s.Expression, start: int) -> s.Expression:
        negated = self.word("NOT")
        if self.word("NULL"):
            return s.Unary("IS NOT NULL" if negated else "IS NULL", left, span=self.since(start))
        if self.symbol("::") or self.word("TYPED"):
            return s.TypeTest(left, self._type_name(), negated, span=self.since(start))
        form = self.step().word if self.is_any(NORMAL_FORMS) else "NFC"
        if self.word("NORMALIZED"):
            normal = s.Call("normalize", (left, s.Literal_(form, "string")), span=self.since(start))
            return s.Comparison((left, normal), ("<>" if negated else "=",), span=self.since(start))
        labelled = self.now.kind in ("name", "quoted") or self.now.text in ("!", "(", "%")
        # A property is no node, so that x.y IS NUL is a slip of the pen.
        if labelled and not negated and not isinstance(left, s.Property):
            return s.HasLabels(left, self.label_expression(in_expression=True), span=self.since(start))
        raise self.unexpected("NULL, or :: and a type,", ("NULL", "TYPED", "NOT"))

    def _type_name(self) -> str:
        """Read a type; whether there is one of that name is asked where values are tested."""
        self.enter()
        parts = [self._one_type()]
        while self.is_symbol("|") and self.bar_joins() and self.ahead().word in _TYPE_WORDS:
            self.step()
            parts.append(self._one_type())
        self.leave()
        return " | ".join(parts)

    def _one_type(self) -> str:
        if not self.is_any(_TYPE_WORDS):
            raise self.unexpected("A type such as INTEGER or LIST<STRING>", _TYPE_WORDS)
        found = ""
        while True:
            if self.symbol("<"):
                found += f"<{self._type_name()}>"
                self.need_symbol(">")
            elif self.symbol("!"):
                found += " NOT NULL"
            elif self.is_any(_TYPE_WORDS) or self._type_goes_on():
                found += " " + self.step().word
            else:
                return found.strip()

    def _type_goes_on(self) -> bool:
        after = self.ahead().word
        return (self.is_word("NOT") and after == "NULL") or (
            self.is_any(("WITH", "WITHOUT")) and after in ("TIME", "TIMEZONE")
        )

    # --- signs, and what follows a value ---------------------------------------------------------------------

    def _operand(self, *, labels: bool = True) -> s.Expression:
        start = self.now.start
        signs: list[Token] = []
        while self.now.text in ("-", "+"):
            signs.append(self.step())
        if not signs:
            return self._followed(self.value(), start, labels=labels)
        self._limit(len(signs))
        inner = self.now.start
        # The smallest whole number has no positive counterpart, so the sign belongs to the number.
        negative = (
            signs[-1].text == "-" and self.now.kind == "integer" and self.ahead().text not in (".", "[", ":")
        )
        if negative:
            inner = signs.pop().start
            found: s.Expression = self.integer(self.step(), negative=True, start=inner)
        else:
            found = self._followed(self.value(), inner, labels=labels)
        for sign in reversed(signs):
            found = s.Unary(cast("Any", sign.text), found, span=self.since(sign.start))
        return found

    def _followed(self, found: s.Expression, start: int, *, labels: bool) -> s.Expression:
        """Read properties, indexes and labels that follow a value."""
        while True:
            text = self.now.text
            if text == ".":
                self.step()
                found = s.Property(found, self.name("A property"), span=self.since(start))
            elif text == "[":
                found = self._index(found, start)
            elif text == ":" and labels:
                self.step()
                found = s.HasLabels(found, self.label_expression(in_expression=True), span=self.since(start))
            else:
                return found

    def _index(self, found: s.Expression, start: int) -> s.Expression:
        self.step()
        first = None if self.is_symbol("..") else self.expression()
        if self.symbol(".."):
            last = None if self.is_symbol("]") else self.expression()
            self.need_symbol("]")
            return s.Slice(found, first, last, span=self.since(start))
        self.need_symbol("]")
        assert first is not None
        return s.Subscript(found, first, span=self.since(start))

    def target(self) -> s.Expression:
        """Read what SET or REMOVE is to change: a value and its properties, without labels."""
        return self._operand(labels=False)

    def _limit(self, count: int) -> None:
        if count > DEPTH:
            raise self.fail(f"The query nests deeper than {DEPTH} levels.")


def _balanced(word: str, operands: list[s.Expression], span: s.Span) -> s.Expression:
    """Join operands in order by a tree that is as flat as can be: AND, OR and XOR mean the same in any grouping."""
    while len(operands) > 1:
        pairs = zip(operands[::2], operands[1::2], strict=False)
        joined: list[s.Expression] = [
            s.Binary(cast("Any", word), left, right, span=(left.span[0], right.span[1]))
            for left, right in pairs
        ]
        operands = joined + operands[len(joined) * 2 :]
    return operands[0]
