"""Patterns: nodes, relationships, label expressions, repeated paths."""

from __future__ import annotations

from typing import Any, Literal

from . import syntax as s
from .lexer import name_value
from .parser_base import Reader


class PatternReader(Reader):
    """Reads patterns; expressions inside them are read by the class that extends this one."""

    _in_pattern = False

    def expression(self) -> s.Expression:
        """Read an expression."""
        raise NotImplementedError

    def map_literal(self) -> s.MapLiteral:
        """Read a map."""
        raise NotImplementedError

    def query(self) -> s.Query:
        """Read a query inside braces."""
        raise NotImplementedError

    def patterns(self) -> tuple[s.PathPattern, ...]:
        """Read path patterns joined by commas."""
        found = [self.path_pattern()]
        while self.symbol(","):
            found.append(self.path_pattern())
        return tuple(found)

    def path_pattern(self, *, named: bool = True) -> s.PathPattern:
        """Read one path pattern, with the variable it may be given to."""
        start = self.now.start
        variable = None
        if named and self.now.kind in ("name", "quoted") and self.ahead().text == "=":
            variable = self.name("a variable")
            self.step()
        shortest: Literal["one", "all"] | None = None
        if self.is_any(("SHORTESTPATH", "ALLSHORTESTPATHS")) and self.ahead().text == "(":
            shortest = "one" if self.step().word == "SHORTESTPATH" else "all"
            self.need_symbol("(")
            elements = self._elements()
            self.need_symbol(")")
        else:
            shortest = self._selector()
            elements = self._elements()
        return s.PathPattern(elements, variable, shortest, span=self.since(start))

    def _selector(self) -> Literal["one", "all"] | None:
        found: Literal["one", "all"] | None = None
        if self.word("ALL", "SHORTEST"):
            found = "all"
        elif self.word("ANY", "SHORTEST") or self.word("ANY"):
            found = "one"
        elif self.is_word("SHORTEST") and self.ahead().text == "1":
            self.place += 2
            found = "one"
        if found and not (self.word("PATHS") or self.word("PATH")):
            pass
        return found

    def _elements(self) -> tuple[Any, ...]:
        """Read nodes and what joins them; repeated paths get empty nodes where none stand beside them."""
        found: list[Any] = []
        while True:
            if self.is_symbol("(") and self._repeats():
                if not found or not isinstance(found[-1], s.NodePattern):
                    found.append(s.NodePattern(span=self.now.span))
                found.append(self._quantified())
            elif self.is_symbol("("):
                found.append(self._node())
            elif (
                found
                and isinstance(found[-1], s.NodePattern)
                and (self.is_symbol("-") or self.is_symbol("<"))
            ):
                found.append(self._relationship())
                continue
            elif not found or isinstance(found[-1], s.RelationshipPattern):
                raise self.unexpected("A node such as (n)")
            else:
                break
            if not (self.is_symbol("-") or self.is_symbol("<") or self.is_symbol("(")):
                break
            if self.is_symbol("(") and isinstance(found[-1], s.NodePattern) and not self._repeats():
                break
        if not isinstance(found[-1], s.NodePattern):
            found.append(s.NodePattern(span=self.now.span))
        return tuple(found)

    def _repeats(self) -> bool:
        """Tell whether the parenthesis here holds a whole pattern: ``((a)-->(b))+`` or ``(p = (a)-->(b))``."""
        after = self.ahead()
        return after.kind == "symbol" and after.text == "("

    def _quantified(self) -> s.QuantifiedPath:
        start = self.now.start
        self.need_symbol("(")
        path = self.path_pattern()
        predicate = self.expression() if self.word("WHERE") else None
        self.need_symbol(")")
        least, most = self._quantifier_range() or (1, 1)
        return s.QuantifiedPath(path, predicate, least, most, span=self.since(start))

    def _quantifier_range(self) -> tuple[int, int | None] | None:
        if self.symbol("+"):
            return 1, None
        if self.symbol("*"):
            return 0, None
        if (
            not self.is_symbol("{")
            or self.ahead().kind not in ("integer", "float")
            and self.ahead().text != ","
        ):
            return None
        self.step()
        least = self._count() if self.now.kind == "integer" else None
        if self.symbol("}"):
            return least or 0, least
        self.need_symbol(",")
        most = self._count() if self.now.kind == "integer" else None
        self.need_symbol("}")
        return least or 0, most

    def _count(self) -> int:
        token = self.now
        if token.kind != "integer" or not token.text.isdigit() or len(token.text) > 18:
            raise self.unexpected("A whole number")
        return int(self.step().text)

    def _node(self) -> s.NodePattern:
        start = self.now.start
        self.need_symbol("(")
        variable = self._pattern_variable()
        labels = self._labels()
        properties = self._properties()
        predicate = self._inline_where()
        self.need_symbol(")")
        return s.NodePattern(variable, labels, properties, predicate, span=self.since(start))

    def _pattern_variable(self) -> str | None:
        token = self.now
        if token.kind == "quoted" or (
            token.kind == "name" and not (token.word == "WHERE" and self.ahead().text != ")")
        ):
            self.step()
            return name_value(token)
        return None

    def _labels(self) -> s.LabelExpression | None:
        if self.symbol(":") or (
            self.is_word("IS") and self.ahead().kind in ("name", "quoted") and self.word("IS")
        ):
            return self.label_expression()
        return None

    def _properties(self) -> s.Properties:
        if self.is_symbol("{"):
            return self.map_literal()
        if self.now.kind == "parameter":
            token = self.step()
            return s.Parameter(name_value(token), span=token.span)
        return None

    def _inline_where(self) -> s.Expression | None:
        return self.expression() if self.word("WHERE") else None

    # --- relationships -----------------------------------------------------------------------------------------

    def _relationship(self) -> Any:
        start = self.now.start
        left = self.symbol("<")
        self.need_symbol("-")
        variable, types, properties, length, predicate = None, None, None, None, None
        if self.symbol("["):
            variable = self._pattern_variable()
            types = self._labels()
            length = self._length()
            properties = self._properties()
            predicate = self._inline_where()
            self.need_symbol("]")
        self.need_symbol("-")
        right = self.symbol(">")
        direction: Literal["out", "in", "both"] = "both" if left == right else "in" if left else "out"
        found = s.RelationshipPattern(
            variable, types, properties, direction, length, predicate, span=self.since(start)
        )
        repeated = self._quantifier_range()
        if repeated is None:
            return found
        ends = s.NodePattern(span=found.span), s.NodePattern(span=found.span)
        path = s.PathPattern((ends[0], found, ends[1]), span=found.span)
        return s.QuantifiedPath(path, None, *repeated, span=self.since(start))

    def _length(self) -> s.Length | None:
        if not self.symbol("*"):
            return None
        first: int | None = None
        if self.now.kind == "integer":
            first = self._count()
        elif self.now.kind == "float" and self.now.text.startswith("."):
            raise self.unexpected("A range such as 1..3")
        elif self.is_symbol("-") and self.ahead().kind == "integer":
            raise self.fail("A length cannot be negative.", detail="InvalidRelationshipPattern")
        if not self.symbol(".."):
            return s.Length(1, None) if first is None else s.Length(first, first)
        if self.is_symbol("-"):
            raise self.fail("A length cannot be negative.", detail="InvalidRelationshipPattern")
        most = self._count() if self.now.kind == "integer" else None
        return s.Length(1 if first is None else first, most)

    # --- labels ------------------------------------------------------------------------------------------------

    def label_expression(self) -> s.LabelExpression:
        """Read what follows the colon: ``A|B``, ``!A``, ``A&(B|C)``, and the older ``A:B`` and ``A|:B``."""
        self.enter()
        start = self.now.start
        found = [self._label_and()]
        while self.symbol("|"):
            self.symbol(":")
            found.append(self._label_and())
        self.leave()
        return found[0] if len(found) == 1 else s.LabelOr(tuple(found), span=self.since(start))

    def _label_and(self) -> s.LabelExpression:
        start = self.now.start
        found = [self._label_not()]
        while self.is_symbol("&") or (
            self.is_symbol(":")
            and (self.ahead().kind in ("name", "quoted") or self.ahead().text in ("!", "%", "("))
        ):
            self.step()
            found.append(self._label_not())
        return found[0] if len(found) == 1 else s.LabelAnd(tuple(found), span=self.since(start))

    def _label_not(self) -> s.LabelExpression:
        start = self.now.start
        negations = 0
        while self.symbol("!"):
            negations += 1
        if self.symbol("("):
            found = self.label_expression()
            self.need_symbol(")")
        elif self.symbol("%"):
            found = s.AnyLabel(span=self.since(start))
        else:
            found = s.Label(self.name("A label"), span=self.since(start))
        for _ in range(negations % 2 or (2 if negations else 0)):
            found = s.LabelNot(found, span=self.since(start))
        return found
