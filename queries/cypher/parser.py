"""Clauses and whole queries: the way into the parser."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from . import syntax as s
from .lexer import name_value
from .parser_base import CLAUSES
from .parser_expressions import ExpressionReader


def parse(text: str) -> s.Statement:
    """Read a query.

    Raises
    ------
    CypherError
        What is wrong, with its place.
    """
    parser = _Parser(text)
    try:
        return parser.statement()
    except RecursionError:
        raise parser.fail("The query is nested too deeply.") from None


_WRITING = ("CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH", "FOREACH")
_UNKNOWN_CLAUSES = {
    "LOAD": "LOAD CSV is not known here, for queries read no files; load it in Python and pass it as a parameter.",
    "USE": "USE is not known here: there is one graph, and the query runs on it.",
    "SHOW": "SHOW is not known here; CALL db.labels() and its like tell what the graph holds.",
    "DROP": "DROP is not known here: indexes are made and dropped as queries need them.",
}


class _Parser(ExpressionReader):
    def statement(self) -> s.Statement:
        mode: Literal["run", "explain", "profile"] = "run"
        if self.is_word("CYPHER"):
            self._options()
        if self.word("EXPLAIN"):
            mode = "explain"
        elif self.word("PROFILE"):
            mode = "profile"
        query = self.query()
        ended = False
        while self.symbol(";"):
            ended = True
        if self.now.kind != "end":
            if ended:
                raise self.fail("Only one query is run at a time, but another one follows the semicolon.")
            raise self.unexpected("A clause such as MATCH or RETURN")
        return s.Statement(query, mode, span=(0, len(self.text)))

    def _options(self) -> None:
        """Read ``CYPHER 5 runtime=…``: which version and which planner is nothing to us."""
        self.step()
        if self.now.kind == "integer":
            self.step()
        while self.now.kind == "name" and self.ahead().text == "=":
            self.step()
            self.step()
            self.step()

    def query(self) -> s.Query:
        start = self.now.start
        self.enter()
        parts, every = [self._single()], []
        while self.word("UNION"):
            every.append(self.word("ALL"))
            if not every[-1]:
                self.word("DISTINCT")
            parts.append(self._single())
        self.leave()
        return s.Query(tuple(parts), tuple(every), span=self.since(start))

    def _single(self) -> s.SingleQuery:
        start = self.now.start
        clauses: list[s.Clause] = []
        while self.is_any(CLAUSES) and not self.is_word("UNION"):
            clauses.append(self._clause())
        if not clauses:
            raise self._no_clause()
        return s.SingleQuery(tuple(clauses), span=self.since(start))

    def _no_clause(self) -> Exception:
        unknown = _UNKNOWN_CLAUSES.get(self.now.word)
        return self.fail(unknown) if unknown else self.unexpected("A clause such as MATCH or RETURN")

    def _clause(self) -> s.Clause:
        start = self.now.start
        word = self.now.word
        readers = {
            "MATCH": self._match, "OPTIONAL": self._optional, "UNWIND": self._unwind, "WITH": self._with,
            "RETURN": self._return, "CREATE": self._create, "MERGE": self._merge, "SET": self._set,
            "REMOVE": self._remove, "DELETE": self._delete, "DETACH": self._delete, "FOREACH": self._foreach,
            "CALL": self._call_clause, "FINISH": self._finish,
        }  # fmt: skip
        reader = readers.get(word)
        if reader is None:
            raise self.fail(f"{word} cannot begin a clause; it follows MATCH, WITH or RETURN.")
        return replace(reader(), span=self.since(start))

    # --- reading -----------------------------------------------------------------------------------------------

    def _optional(self) -> s.Clause:
        self.step()
        if self.is_word("CALL"):
            called = self._call_clause()
            if not isinstance(called, s.CallSubquery):
                raise self.fail("OPTIONAL CALL takes a subquery in { }; procedures are called by CALL.")
            return replace(called, optional=True)
        return replace(self._match(), optional=True)

    def _match(self) -> s.Match:
        if not self.word("MATCH"):
            raise self.unexpected("MATCH", ("MATCH",))
        patterns = self.patterns()
        while self.word("USING"):
            self._hint()
        return s.Match(patterns, self._where())

    def _hint(self) -> None:
        """Read an index, scan or join hint; the planner knows better, so nothing comes of it."""
        if self.word("JOIN"):
            self.need_word("ON")
            self.name("A variable")
            while self.symbol(","):
                self.name("A variable")
            return
        if self.is_any(("RANGE", "TEXT", "POINT", "BTREE")):
            self.step()
        if not self.word("SCAN"):
            self.need_word("INDEX")
            self.word("SEEK")
        self.name("A variable")
        self.need_symbol(":")
        self.name("A label")
        if self.symbol("("):
            self.name("A property")
            while self.symbol(","):
                self.name("A property")
            self.need_symbol(")")

    def _where(self) -> s.Expression | None:
        return self.expression() if self.word("WHERE") else None

    def _unwind(self) -> s.Clause:
        self.step()
        source = self.expression()
        self.need_word("AS")
        return s.Unwind(source, self.variable("A variable"))

    def _with(self) -> s.Clause:
        self.step()
        return replace(self._projection(final=False), predicate=self._where())

    def _return(self) -> s.Clause:
        self.step()
        return self._projection(final=True)

    def _projection(self, *, final: bool) -> s.Projection:
        distinct = self.word("DISTINCT")
        star = self.symbol("*")
        items: list[s.ProjectionItem] = []
        if not star or self.symbol(","):
            items.append(self._item())
            while self.symbol(","):
                items.append(self._item())
        order: list[s.SortItem] = []
        if self.word("ORDER"):
            self.need_word("BY")
            order.append(self._sort_item())
            while self.symbol(","):
                order.append(self._sort_item())
        skip = self.expression() if self.word("SKIP") or self.word("OFFSET") else None
        limit = self.expression() if self.word("LIMIT") else None
        return s.Projection(tuple(items), final, star, distinct, tuple(order), skip, limit)

    def _item(self) -> s.ProjectionItem:
        start = self.now.start
        expression = self.expression()
        end = self.tokens[self.place - 1].end
        if self.word("AS"):
            name = self.variable("A name")
            return s.ProjectionItem(expression, name, True, span=self.since(start))
        if isinstance(expression, s.Variable):
            return s.ProjectionItem(expression, expression.name, False, span=self.since(start))
        return s.ProjectionItem(expression, self.text[start:end], False, span=self.since(start))

    def _sort_item(self) -> s.SortItem:
        start = self.now.start
        expression = self.expression()
        descending = self.is_any(("DESC", "DESCENDING"))
        if descending or self.is_any(("ASC", "ASCENDING")):
            self.step()
        return s.SortItem(expression, descending, span=self.since(start))

    def _finish(self) -> s.Clause:
        self.step()
        return s.Finish()

    # --- calling -----------------------------------------------------------------------------------------------

    def _call_clause(self) -> s.Clause:
        self.step()
        if self.is_symbol("{") or self.is_symbol("("):
            imports = self._imports() if self.symbol("(") else None
            self.need_symbol("{")
            query = self.query()
            self.need_symbol("}")
            if self.is_word("IN"):
                raise self.fail("IN TRANSACTIONS is not known here: a query is one transaction.")
            return s.CallSubquery(query, imports)
        names = [self.name("A procedure")]
        while self.symbol("."):
            names.append(self.name("A procedure"))
        arguments: tuple[s.Expression, ...] | None = None
        if self.symbol("("):
            listed: list[s.Expression] = []
            while not self.is_symbol(")"):
                listed.append(self.expression())
                if not self.symbol(","):
                    break
            self.need_symbol(")")
            arguments = tuple(listed)
        if not self.word("YIELD"):
            return s.CallProcedure(".".join(names), arguments, None)
        if self.symbol("*"):
            return s.CallProcedure(".".join(names), arguments, (), self._where(), star=True)
        if self.symbol("-"):
            return s.CallProcedure(".".join(names), arguments, ())
        yields = [self._yield_item()]
        while self.symbol(","):
            yields.append(self._yield_item())
        return s.CallProcedure(".".join(names), arguments, tuple(yields), self._where())

    def _imports(self) -> tuple[str, ...]:
        found: list[str] = []
        while not self.is_symbol(")"):
            found.append("*" if self.symbol("*") else self.name("A variable"))
            if not self.symbol(","):
                break
        self.need_symbol(")")
        return tuple(found)

    def _yield_item(self) -> tuple[str, str]:
        field = self.name("A field")
        return field, self.variable("A name") if self.word("AS") else field

    # --- writing -----------------------------------------------------------------------------------------------

    def _create(self) -> s.Clause:
        self.step()
        if self.is_any(("INDEX", "CONSTRAINT", "RANGE", "TEXT", "FULLTEXT", "VECTOR", "LOOKUP", "POINT")):
            raise self.fail(
                f"CREATE {self.now.word} is not known here: indexes are made as queries need them."
            )
        return s.Create(self.patterns())

    def _merge(self) -> s.Clause:
        self.step()
        path = self.path_pattern()
        on_create: list[s.SetItem] = []
        on_match: list[s.SetItem] = []
        while self.word("ON"):
            target = on_create if self.is_word("CREATE") else on_match
            if not (self.word("CREATE") or self.word("MATCH")):
                raise self.unexpected("CREATE or MATCH", ("CREATE", "MATCH"))
            self.need_word("SET")
            target.extend(self._set_items())
        return s.Merge(path, tuple(on_create), tuple(on_match))

    def _set(self) -> s.Clause:
        self.step()
        return s.Set(tuple(self._set_items()))

    def _set_items(self) -> list[s.SetItem]:
        found = [self._set_item()]
        while self.symbol(","):
            found.append(self._set_item())
        return found

    def _set_item(self) -> s.SetItem:
        start = self.now.start
        if self.now.kind in ("name", "quoted") and self.ahead().text in (":", "=", "+="):
            token = self.step()
            variable = s.Variable(name_value(token), span=token.span)
            if self.is_symbol(":"):
                return s.SetLabels(variable, self._plain_labels(), span=self.since(start))
            add = self.symbol("+=")
            if not add:
                self.need_symbol("=")
            return s.SetProperties(variable, self.expression(), add, span=self.since(start))
        target = self._property_target()
        self.need_symbol("=")
        return s.SetProperty(target, self.expression(), span=self.since(start))

    def _property_target(self) -> s.Property:
        start = self.now.start
        target = self.target()
        if not isinstance(target, s.Property):
            raise self.fail("Only a property such as n.name can be set or removed here.", self.since(start))
        return target

    def _plain_labels(self) -> tuple[str, ...]:
        found: list[str] = []
        while self.symbol(":"):
            found.append(self.name("A label"))
        return tuple(found)

    def _remove(self) -> s.Clause:
        self.step()
        items: list[s.SetItem] = []
        while True:
            start = self.now.start
            if self.now.kind in ("name", "quoted") and self.ahead().text == ":":
                token = self.step()
                variable = s.Variable(name_value(token), span=token.span)
                items.append(s.SetLabels(variable, self._plain_labels(), span=self.since(start)))
            else:
                items.append(s.RemoveProperty(self._property_target(), span=self.since(start)))
            if not self.symbol(","):
                return s.Remove(tuple(items))

    def _delete(self) -> s.Clause:
        detach = self.word("DETACH")
        self.need_word("DELETE")
        targets = [self.expression()]
        while self.symbol(","):
            targets.append(self.expression())
        return s.Delete(tuple(targets), detach)

    def _foreach(self) -> s.Clause:
        self.step()
        self.need_symbol("(")
        variable = self.variable("A variable")
        self.need_word("IN")
        source = self.expression()
        self.need_symbol("|")
        clauses: list[s.Clause] = []
        self.enter()
        while self.is_any(_WRITING):
            clauses.append(self._clause())
        if not clauses:
            raise self.unexpected("A clause that writes, such as SET or CREATE,", _WRITING)
        self.leave()
        self.need_symbol(")")
        return s.Foreach(variable, source, tuple(clauses))
