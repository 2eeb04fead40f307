"""Patterns: nodes, relationships, label expressions, repeated paths."""

from __future__ import annotations

from typing import Literal

from . import syntax as s
from .lexer import name_value
from .parser_base import Reader

Element = s.NodePattern | s.RelationshipPattern | s.QuantifiedPath
Range = tuple[int, int | None]


class PatternReader(Reader):
    """Reads patterns; expressions inside them are read by the class that extends this one."""

    def expression(self, least: int = 0, bar: int | None = None) -> s.Expression:
        """Read an expression."""
        raise NotImplementedError

    def test_of(self, subject: s.Expression) -> s.Expression | None:
        """Read a test of a subject that has been read before, if there is one."""
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
            variable = self.variable("A variable")
            self.step()
        shortest: Literal["one", "all"] | None
        selected = False
        if self.is_any(("SHORTESTPATH", "ALLSHORTESTPATHS")) and self.ahead().text == "(":
            shortest = "one" if self.step().word == "SHORTESTPATH" else "all"
            self.need_symbol("(")
            elements = self._elements()
            self.need_symbol(")")
        else:
            shortest = self._selector() if named else None
            selected = shortest is not None
            elements = self._elements()
        return s.PathPattern(elements, variable, shortest, selected, span=self.since(start))

    def _selector(self) -> Literal["one", "all"] | None:
        """Read which paths are wanted: ``ANY SHORTEST``, ``ALL SHORTEST``, ``SHORTEST 1``, ``SHORTEST GROUP``."""
        start = self.now.start
        every, anyone = self.word("ALL"), self.word("ANY")
        shortest = self.word("SHORTEST")
        count = self._count() if (shortest or anyone) and self.now.kind == "integer" else None
        if every or anyone or shortest:
            _ = self.word("PATHS") or self.word("PATH")
        group = shortest and (self.word("GROUPS") or self.word("GROUP"))
        if (count or 1) != 1 or count == 0:
            raise self.fail(
                "Only the first of the shortest is found: SHORTEST 1, ANY SHORTEST, or ALL SHORTEST.",
                self.since(start),
            )
        if shortest and not (every or anyone or group or count):
            raise self.unexpected("A number of paths, as in SHORTEST 1,")
        if (every and shortest) or group:
            return "all"
        return "one" if anyone or shortest else None

    # --- what a path is made of --------------------------------------------------------------------------------

    def _elements(self, *, repeated: bool = False) -> tuple[Element, ...]:
        """Read nodes and what joins them; repeated paths get empty nodes where none stand beside them.

        ``repeated``: this is the inside of a repeated path.
        """
        found: list[Element] = []
        while True:
            last = found[-1] if found else None
            if self.is_symbol("("):
                inside = self.ahead()
                if inside.text == "(" or (inside.kind in ("name", "quoted") and self.ahead(2).text == "="):
                    self._add_parenthesised(found, repeated=repeated)
                elif isinstance(last, s.NodePattern):
                    raise self.unexpected("A relationship such as -[r]->")
                else:
                    found.append(self._node())
            elif self.now.text in ("-", "<") and isinstance(last, s.NodePattern):
                found.append(self._relationship(repeated=repeated))
            elif last is None or isinstance(last, s.RelationshipPattern) or self.is_symbol("-"):
                raise self.unexpected("A node such as (n)")
            else:
                break
        if not isinstance(found[-1], s.NodePattern):
            found.append(self._empty_node())
        return tuple(found)

    def _empty_node(self) -> s.NodePattern:
        end = self.tokens[self.place - 1].end if self.place else 0
        return s.NodePattern(span=(end, end))

    def _add_parenthesised(self, found: list[Element], *, repeated: bool) -> None:
        """Read ``((a)-->(b) WHERE …){1,3}``, or a path that is in parentheses for nothing."""
        start = self.now.start
        last = found[-1] if found else None
        self.enter()
        self.need_symbol("(")
        if self.ahead().text == "=":
            raise self.fail("A path inside of parentheses cannot have a name; name the whole path.")
        elements = self._elements(repeated=True)
        predicate = self._inline_where()
        self.need_symbol(")")
        self.leave()
        times = self._times()
        if times is not None:
            if repeated:
                raise self.fail("A repeated pattern cannot stand inside of another.", self.since(start))
            if len(elements) == 1:
                reason = "What is repeated needs a relationship, as in ((a)-[r]->(b)){1,3}."
                raise self.fail(reason, self.since(start))
            if isinstance(last, s.RelationshipPattern):
                reason = "Between a relationship and a repeated pattern stands a node."
                raise self.fail(reason, self.since(start))
            if not isinstance(last, s.NodePattern):
                found.append(s.NodePattern(span=(start, start)))
            path = s.PathPattern(elements, span=(elements[0].span[0], elements[-1].span[1]))
            found.append(s.QuantifiedPath(path, predicate, *times, span=self.since(start)))
            return
        if predicate is not None:
            reason = "WHERE in parentheses is for repeated patterns, as in ((a)-->(b) WHERE …){1,3}."
            raise self.fail(reason, predicate.span)
        if isinstance(last, s.NodePattern):
            raise self.fail("A relationship such as -[r]-> was expected before this.", self.since(start))
        found.extend(elements)

    def _times(self) -> Range | None:
        """Read how often a pattern is repeated: ``+``, ``*``, ``{2}``, ``{1,3}``, ``{,3}``."""
        start = self.now.start
        if self.symbol("+"):
            return 1, None
        if self.symbol("*"):
            return 0, None
        if not self.symbol("{"):
            return None
        least = self._count() if self.now.kind == "integer" else None
        most: int | None
        if self.symbol(","):
            most = self._count() if self.now.kind == "integer" else None
        elif least is not None:
            most = least
        else:
            raise self.unexpected("A number of repetitions")
        self.need_symbol("}")
        if most is not None and (most == 0 or most < (least or 0)):
            raise self.fail(
                "A pattern is repeated at least once, and from few to many: {1,3}.", self.since(start)
            )
        return least or 0, most

    def _count(self) -> int:
        token = self.now
        if not (token.kind == "integer" and token.text.isdecimal()):
            raise self.unexpected("A whole number")
        if len(token.text) > 18:
            raise self.fail(f"{token.text:.40} is too large.", token.span, "IntegerOverflow")
        return int(self.step().text)

    def _node(self) -> s.NodePattern:
        start = self.now.start
        self.need_symbol("(")
        variable = self._pattern_variable(")")
        labels = self._labels()
        properties = self._properties()
        predicate = self._inline_where()
        self.need_symbol(")")
        return s.NodePattern(variable, labels, properties, predicate, span=self.since(start))

    def _pattern_variable(self, closing: str) -> str | None:
        token = self.now
        if token.kind not in ("name", "quoted"):
            return None
        if token.word == "WHERE" and self.ahead().text not in (closing, ":", "{"):
            return None
        return self.variable("A variable")

    def _labels(self) -> s.LabelExpression | None:
        if self.symbol(":") or (self.ahead().kind in ("name", "quoted") and self.word("IS")):
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

    def _relationship(self, *, repeated: bool) -> s.RelationshipPattern | s.QuantifiedPath:
        start = self.now.start
        left = self.symbol("<")
        self.need_symbol("-")
        variable, types, properties, length, predicate = None, None, None, None, None
        if self.symbol("["):
            variable = self._pattern_variable("]")
            types = self._labels()
            length = self._length()
            properties = self._properties()
            predicate = self._inline_where()
            if self.is_symbol("..") or self.now.kind in ("integer", "float"):
                raise self._bad_length("A range of lengths begins with *, as in [:R*1..3].")
            self.need_symbol("]")
        self.need_symbol("-")
        right = self.symbol(">")
        direction: Literal["out", "in", "both"] = "both" if left == right else "in" if left else "out"
        found = s.RelationshipPattern(
            variable, types, properties, direction, length, predicate, span=self.since(start)
        )
        times = self._times()
        if times is None:
            return found
        if length is not None or repeated:
            raise self.fail("A repeated pattern cannot stand inside of another.", self.since(start))
        ends = s.NodePattern(span=(start, start)), s.NodePattern(span=(found.span[1], found.span[1]))
        path = s.PathPattern((ends[0], found, ends[1]), span=found.span)
        return s.QuantifiedPath(path, None, *times, span=self.since(start))

    def _length(self) -> s.Length | None:
        if not self.symbol("*"):
            return None
        first = self._length_end()
        if not self.symbol(".."):
            return s.Length(1, None) if first is None else s.Length(first, first)
        return s.Length(1 if first is None else first, self._length_end())

    def _length_end(self) -> int | None:
        if self.is_symbol("-"):
            raise self._bad_length("A length cannot be negative.")
        if self.now.kind == "float":
            raise self._bad_length("A length is a whole number; a range is written 1..3.")
        if self.now.kind == "parameter":
            raise self._bad_length("A length cannot be a parameter; write the number.")
        return self._count() if self.now.kind == "integer" else None

    def _bad_length(self, reason: str) -> Exception:
        return self.fail(reason, detail="InvalidRelationshipPattern")

    # --- labels ------------------------------------------------------------------------------------------------

    def label_expression(self, *, in_expression: bool = False) -> s.LabelExpression:
        """Read what follows the colon: ``A|B``, ``!A``, ``A&(B|C)``, and the older ``A:B`` and ``A|:B``.

        ``in_expression``: it may be the predicate of a comprehension, where not every ``|`` joins labels.
        """
        self.enter()
        start = self.now.start
        found = [self._label_and()]
        while self.is_symbol("|") and (not in_expression or self._label_after_bar()):
            self.step()
            self.symbol(":")
            found.append(self._label_and())
        self.leave()
        return found[0] if len(found) == 1 else s.LabelOr(tuple(found), span=self.since(start))

    def bar_joins(self) -> bool:
        """Tell whether the ``|`` that comes next can join labels or types, not being that of a comprehension."""
        return self.bar is None or self.place < self.bar

    def _label_after_bar(self) -> bool:
        # In [x IN l WHERE x:A | x.name + CASE … |…] it is an expression that follows the first bar.
        after = self.ahead(2).text
        return self.bar_joins() and not (self.bar is not None and after in (".", "(", "[", "{", ":"))

    def _label_and(self) -> s.LabelExpression:
        start = self.now.start
        found = [self._label_not()]
        while self.symbol("&") or self.symbol(":"):
            found.append(self._label_not())
        return found[0] if len(found) == 1 else s.LabelAnd(tuple(found), span=self.since(start))

    def _label_not(self) -> s.LabelExpression:
        marks = []
        while self.is_symbol("!"):
            marks.append(self.step().start)
        start = self.now.start
        found: s.LabelExpression
        if self.symbol("("):
            found = self.label_expression()
            self.need_symbol(")")
        elif self.symbol("%"):
            found = s.AnyLabel(span=self.since(start))
        else:
            found = s.Label(self.name("A label"), span=self.since(start))
        # Twice not is nothing, and long rows of ! would only nest.
        for mark in marks[: len(marks) % 2]:
            found = s.LabelNot(found, span=self.since(mark))
        return found
