"""Random read queries that are well formed and well typed, so that what is compared is rows and not complaints.

The grammar knows the kind of every variable in scope and draws expressions of a wanted kind. Results name nodes and
relationships by their property ``i``. LIMIT stands only behind an ORDER BY of all columns; where the order inside
a list is open (``collect``, pattern comprehensions), the query says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from .graphs import LABELS, TYPES, WORDS

NODE, RELATIONSHIP, PATH, RELATIONSHIPS = "node", "relationship", "path", "relationships"
NULLABLE, NULLABLE_RELATIONSHIP = "nullable node", "nullable relationship"
"""What OPTIONAL MATCH binds: the other engine takes null for unbound but at the start of a path in MATCH."""

_OPTIONAL = {NODE: NULLABLE, RELATIONSHIP: NULLABLE_RELATIONSHIP}

INTEGER, STRING, BOOLEAN, INTEGERS = "integer", "string", "boolean", "list"
BAG = "bag"
"""A list whose order is open: it can be measured, searched, unwound and returned, but not compared."""

PLAIN = (INTEGER, STRING, BOOLEAN, INTEGERS)

Scope = dict[str, str]

_TYPES = st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)


@dataclass(frozen=True)
class Query:
    """A query; ``ordered`` where the order of its rows counts, ``open_lists`` where that inside lists does not."""

    text: str
    ordered: bool = False
    open_lists: bool = False


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Draw a query."""
    return _Writer(draw).query()


@dataclass
class _Writer:
    draw: st.DrawFn
    names: int = 0
    open_lists: bool = False
    hops: int = field(default=0)
    """Variable-length patterns drawn so far: a few are enough to blow a query up."""
    walked: set[str] = field(default_factory=set)
    """Known relationships in the MATCH at hand: none can stand twice in one."""

    # --- choices -------------------------------------------------------------------------------------------

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def chance(self, one_in: int) -> bool:
        return self.number(1, one_in) == one_in

    def one_of(self, *writers: Callable[[], str]) -> str:
        chosen: str = self.pick(writers)()
        return chosen

    def fresh(self, kind: str) -> str:
        self.names += 1
        return f"{kind[0]}{self.names}"

    # --- clauses -------------------------------------------------------------------------------------------

    def query(self) -> Query:
        if self.chance(8):
            return self.union()
        scope: Scope = {}
        clauses = self.clauses(scope)
        if self.chance(5):
            items = [f"{self.structure(scope)} AS c{n}" for n in range(self.number(1, 2))]
            return Query("\n".join([*clauses, f"RETURN {', '.join(items)}"]), False, self.open_lists)
        last, ordered = self.projection("RETURN", scope)
        return Query("\n".join([*clauses, last]), ordered, self.open_lists)

    def union(self) -> Query:
        kinds = [self.pick(PLAIN[:3]) for _ in range(self.number(1, 2))]
        parts = []
        for _ in range(2):
            scope: Scope = {}
            clauses = self.clauses(scope, most=2)
            items = [f"{self.expression(kind, scope)} AS c{n}" for n, kind in enumerate(kinds)]
            parts.append("\n".join([*clauses, f"RETURN {', '.join(items)}"]))
        return Query(f"\nUNION{self.pick(['', ' ALL'])}\n".join(parts), False, self.open_lists)

    def clauses(self, scope: Scope, most: int = 4) -> list[str]:
        found = [self.match(scope)] if not self.chance(6) else [self.unwind(scope)]
        for _ in range(self.number(0, most - 1)):
            kind = self.pick(["match", "match", "optional", "with", "with", "unwind", "call", "paths"])
            if kind == "match":
                found.append(self.match(scope))
            elif kind == "optional":
                found.append(self.match(scope, optional=True))
            elif kind == "unwind":
                found.append(self.unwind(scope))
            elif kind == "paths":
                found.append(self.shortest(scope) if self.chance(2) else self.quantified(scope))
            elif kind == "call":
                found.append(self.call(scope))
            else:
                found.append(self.projection("WITH", scope)[0])
        return found

    def match(self, scope: Scope, optional: bool = False) -> str:
        new: Scope = {}
        self.walked = set()
        count = self.pick([1, 1, 1, 2, 3])
        patterns = [self.path(scope, new, most=4 - count, nullable=True) for _ in range(count)]
        inside = {**scope, **new}
        where = f"\nWHERE {self.condition(inside, 3)}" if self.chance(2) else ""
        scope.update({name: _OPTIONAL.get(kind, kind) if optional else kind for name, kind in new.items()})
        return f"{'OPTIONAL ' if optional else ''}MATCH {', '.join(patterns)}{where}"

    def shortest(self, scope: Scope) -> str:
        """Write a MATCH of the length of the shortest paths between two nodes that are not the same."""
        start, end, path = self.fresh(NODE), self.fresh(NODE), self.fresh(PATH)
        function = self.pick(["shortestPath", "allShortestPaths"])
        types = f":{self.pick(TYPES)}" if self.chance(4) else ""
        left, right = self.pick([("-", "->"), ("<-", "-"), ("-", "-")])
        length = self.pick(["*", "*..3", "*1..2"])
        ends = f"({start}{self.labels()}), ({end}{self.labels() if self.chance(2) else ''})"
        scope.update({start: NODE, end: NODE})
        name = self.fresh(INTEGER)
        text = (
            f"MATCH {ends}\nWHERE {start} <> {end}\n"
            f"MATCH {path} = {function}(({start}){left}[{types}{length}]{right}({end}))\n"
            f"WITH {', '.join(scope)}, length({path}) AS {name}"
        )
        scope[name] = INTEGER
        return text

    def quantified(self, scope: Scope) -> str:
        """Write a MATCH of a quantified relationship or path."""
        start, end = self.fresh(NODE), self.fresh(NODE)
        types = f"[:{'|'.join(self.draw(_TYPES))}]" if self.chance(2) else ""
        left, right = self.pick([("-", "->"), ("<-", "-"), ("-", "-")])
        times = self.pick(["{1,2}", "{2}", "{0,1}", "{,2}", "{1,3}"])
        scope.update({start: NODE, end: NODE})
        if self.chance(2):
            return f"MATCH ({start}){left}{types}{right}{times}({end})"
        one, other = self.fresh("group"), self.fresh("group")
        where = f" WHERE {one}.x {self.pick(['<', '>='])} {other}.x" if self.chance(2) else ""
        inner = f"(({one}{self.labels() if self.chance(3) else ''}){left}{types}{right}({other}){where})"
        return f"MATCH ({start}) {inner}{times} ({end})"

    def unwind(self, scope: Scope) -> str:
        source = self.bag(scope, 2)
        name = self.fresh(INTEGER)
        scope[name] = INTEGER
        return f"UNWIND {source} AS {name}"

    def call(self, scope: Scope) -> str:
        """A subquery that yields one whole number for every row, or some."""
        imported = [name for name, kind in scope.items() if kind in (NODE, NULLABLE, INTEGER)]
        inner: Scope = {}
        head = ""
        if imported and not self.chance(3):
            name = self.pick(imported)
            inner[name] = scope[name]
            if self.chance(2):
                body, value, result = self._inside_call(inner)
                scope[result] = INTEGER
                return f"CALL ({name}) {{ {body} RETURN {value} AS {result} }}"
            head = f"WITH {name} "
        body, value, result = self._inside_call(inner)
        scope[result] = INTEGER
        return f"CALL {{ {head}{body} RETURN {value} AS {result} }}"

    def _inside_call(self, inner: Scope) -> tuple[str, str, str]:
        body = self.match(inner, optional=self.chance(3))
        value = self.pick(["count(*)", self.integer(inner, 2)])
        return body, value, self.fresh(INTEGER)

    def projection(self, word: str, scope: Scope) -> tuple[str, bool]:
        """Write WITH or RETURN; afterwards the scope holds what it leaves."""
        items, after = self.grouped(scope) if self.chance(3) else self.plain(word, scope)
        if word == "WITH" and scope and self.chance(10):
            name = self.fresh(INTEGER)
            text = f"WITH *, {self.integer(scope, 2)} AS {name}"
            scope[name] = INTEGER
            return text, False
        distinct = "DISTINCT " if self.chance(4) and BAG not in after.values() else ""
        text = f"{word} {distinct}{', '.join(items)}"
        ordered = False
        sortable = [name for name, kind in after.items() if kind in (INTEGER, STRING, BOOLEAN)]
        if len(sortable) == len(after) and self.chance(3):
            keys = [
                f"{name}{self.pick(['', ' ASC', ' DESC'])}" for name in self.draw(st.permutations(sortable))
            ]
            text += f"\nORDER BY {', '.join(keys)}"
            ordered = True
            if self.chance(2):
                text += f" SKIP {self.number(0, 2)}"
            if self.chance(2):
                text += f" LIMIT {self.number(0, 4)}"
        scope.clear()
        scope.update(after)
        if word == "WITH" and self.chance(3):
            text += f"\nWHERE {self.condition(scope, 2)}"
        return text, ordered

    def plain(self, word: str, scope: Scope) -> tuple[list[str], Scope]:
        items, after = [], {}
        for _ in range(self.number(1, 3)):
            carried = [name for name in scope if name not in after]
            if word == "WITH" and carried and not self.chance(3):
                name = self.pick(carried)
                items.append(name)
                after[name] = scope[name]
                continue
            kind = self.pick([*PLAIN, BAG])
            name = self.fresh(kind)
            items.append(f"{self.expression(kind, scope)} AS {name}")
            after[name] = kind
        return items, after

    def grouped(self, scope: Scope) -> tuple[list[str], Scope]:
        items, after = [], {}
        for _ in range(self.number(0, 2)):
            kind = self.pick([INTEGER, STRING, BOOLEAN])
            name = self.fresh(kind)
            items.append(f"{self.expression(kind, scope)} AS {name}")
            after[name] = kind
        for _ in range(self.number(1, 2)):
            kind = self.pick([INTEGER, INTEGER, BAG])
            name = self.fresh(kind)
            items.append(f"{self.aggregate(kind, scope)} AS {name}")
            after[name] = kind
        return items, after

    def aggregate(self, kind: str, scope: Scope) -> str:
        distinct = self.pick(["", "", "DISTINCT "])
        if kind == BAG:
            self.open_lists = True
            return f"collect({distinct}{self.integer(scope, 2)})"
        return self.one_of(
            lambda: "count(*)",
            lambda: f"count({distinct}{self.expression(self.pick(PLAIN[:3]), scope)})",
            lambda: f"count({distinct}{self.pick([*scope] or ['1'])})",
            lambda: f"sum({distinct}{self.integer(scope, 2)})",
            lambda: f"min({self.integer(scope, 2)})",
            lambda: f"max({self.integer(scope, 2)})",
            lambda: f"size(collect({distinct}{self.integer(scope, 2)}))",
            lambda: f"count(*) + {self.number(0, 3)}",
            lambda: f"percentileDisc({self.integer(scope, 1)}, {self.pick(['0.0', '0.5', '1.0'])})",
        )

    def structure(self, scope: Scope) -> str:
        """Write a map, a list of texts, or what an entity holds: things that are only returned."""
        nodes, relationships = self.nodes(scope), self.relationships(scope)
        writers: list[Callable[[], str]] = [
            lambda: f"{{a: {self.integer(scope, 1)}, b: {self.string(scope, 1)}}}",
            lambda: f"[{self.string(scope, 1)}, {self.boolean(scope, 1)}]",
            lambda: f"split({self.string(scope, 1)}, 'a')",
            lambda: f"[{self.integers(scope, 1)}, {self.integers(scope, 1)}]",
            lambda: f"tail({self.integers(scope, 1)})",
            lambda: f"{self.pick(['head', 'last', 'reverse'])}({self.integers(scope, 1)})",
            lambda: f"({self.integers(scope, 1)})[{self.number(-2, 2)}]",
            lambda: f"({self.integers(scope, 1)})[{self.number(-2, 2)}..{self.number(-2, 3)}]",
            lambda: f"avg({self.integer(scope, 1)})",
            lambda: f"percentileCont({self.integer(scope, 1)}, 0.5)",
            lambda: f"({self.integer(scope, 1)} {self.pick('+-*/')} 2.0)",
            lambda: f"{self.pick(['toFloat', 'sign', 'toString', 'exp', 'ceil'])}({self.integer(scope, 1)})",
            lambda: f"toInteger({self.string(scope, 1)})",
            lambda: self.collected(scope),
        ]
        if nodes or relationships:
            writers += [lambda: f"properties({self.pick(nodes + relationships)})"] * 2
        if nodes:
            writers += [lambda: f"labels({self.pick(nodes)})", lambda: f"{self.pick(nodes)} {{.i, .x, y: 1}}"]
        if relationships:
            writers += [
                lambda: f"startNode({self.pick(relationships)}).i",
                lambda: f"endNode({self.pick(relationships)}).i",
            ]
        text = self.one_of(*writers)
        self.open_lists |= text.startswith("labels")
        return text

    def collected(self, scope: Scope) -> str:
        new: Scope = {}
        self.open_lists = True
        pattern = self.path(scope, new)
        return f"COLLECT {{ MATCH {pattern} RETURN {self.integer({**scope, **new}, 1)} AS {self.fresh(INTEGER)} }}"

    # --- patterns ------------------------------------------------------------------------------------------

    def path(
        self, scope: Scope, new: Scope, binds: bool = True, most: int = 3, nullable: bool = False
    ) -> str:
        """Write a path pattern; variables it binds go to ``new``."""
        hops = min(most, self.pick([0, 1, 1, 1, 2, 3]))
        first = scope
        if nullable and hops:
            first = {name: NODE if kind == NULLABLE else kind for name, kind in scope.items()}
        text = self.node(first, new, binds)
        for _ in range(hops):
            text += self.relationship(new, binds, scope if nullable else {}) + self.node(scope, new, binds)
        if binds and self.chance(6):
            name = self.fresh(PATH)
            new[name] = PATH
            return f"{name} = {text}"
        return text

    def node(self, scope: Scope, new: Scope, binds: bool) -> str:
        known = [name for name, kind in {**scope, **new}.items() if kind == NODE]
        if known and self.chance(3):
            return f"({self.pick(known)})"
        name = ""
        if binds and not self.chance(3):
            name = self.fresh(NODE)
            new[name] = NODE
        labels = self.labels() if self.chance(3) else ""
        properties = f" {{x: {self.number(-1, 3)}}}" if self.chance(12) else ""
        if name and self.chance(15):
            properties += (
                f" WHERE {name}.{self.pick('ix')} {self.pick(['<', '>=', '<>'])} {self.number(-1, 3)}"
            )
        return f"({name}{labels}{properties})"

    def labels(self) -> str:
        first, second = self.pick(LABELS), self.pick(LABELS)
        return str(
            self.pick([f":{first}", f":{first}", f":{first}:{second}", f":{first}|{second}", f":!{first}"])
        )

    def relationship(self, new: Scope, binds: bool, scope: Scope | None = None) -> str:
        left, right = self.pick([("-", "->"), ("-", "->"), ("<-", "-"), ("-", "-")])
        known = [name for name in self.variables(scope or {}, RELATIONSHIP) if name not in self.walked]
        if known and self.chance(8):
            self.walked.add(name := self.pick(known))
            return f"{left}[{name}]{right}"
        inside = ""
        length = ""
        if self.hops < 2 and self.chance(5):
            self.hops += 1
            length = self.pick(["*1..2", "*2", "*0..1", "*..2", "*1..3", "*0..2"])
        if binds and self.chance(2):
            kind = RELATIONSHIPS if length else RELATIONSHIP
            inside = self.fresh(kind) + ("s" if length else "")
            new[inside] = kind
        if self.chance(3):
            inside += ":" + "|".join(self.draw(_TYPES))
        inside += length
        if self.chance(12):
            inside += f" {{w: {self.number(-1, 3)}}}"
        return f"{left}[{inside}]{right}" if inside or self.chance(2) else f"{left}{right}"

    def pattern_in_expression(self, scope: Scope, least_hops: int = 1) -> str:
        """Write a pattern that starts from a node in scope where there is one, and binds nothing."""
        known = [name for name, kind in scope.items() if kind == NODE]
        text = f"({self.pick(known)})" if known else "()"
        for _ in range(self.number(least_hops, 2)):
            text += self.relationship({}, False) + self.node(scope, {}, False)
        return text

    # --- expressions ---------------------------------------------------------------------------------------

    def expression(self, kind: str, scope: Scope) -> str:
        depth = 2
        if kind == INTEGER:
            return self.integer(scope, depth)
        if kind == STRING:
            return self.string(scope, depth)
        if kind == BOOLEAN:
            return self.boolean(scope, depth)
        if kind == BAG:
            return self.bag(scope, depth)
        return self.integers(scope, depth)

    def variables(self, scope: Scope, kind: str) -> list[str]:
        return [name for name, found in scope.items() if found == kind]

    def nodes(self, scope: Scope) -> list[str]:
        return [name for name, kind in scope.items() if kind in (NODE, NULLABLE)]

    def relationships(self, scope: Scope) -> list[str]:
        return [name for name, kind in scope.items() if kind in (RELATIONSHIP, NULLABLE_RELATIONSHIP)]

    def integer(self, scope: Scope, depth: int) -> str:
        leaves = [str(self.number(-2, 4)), *self.variables(scope, INTEGER)]
        leaves += [f"{name}.{self.pick('ixx')}" for name in self.nodes(scope)]
        leaves += [f"{name}.{self.pick('iww')}" for name in self.relationships(scope)]
        leaves += [f"{name}['x']" for name in self.variables(scope, NODE)]
        leaves += [f"length({name})" for name in self.variables(scope, PATH)]
        leaves += [f"size({name})" for name in self.variables(scope, RELATIONSHIPS)]
        if len(leaves) > 1 and not self.chance(4):
            leaves = leaves[1:]
        if depth <= 0 or not self.chance(3):
            return str(self.pick(leaves))
        inner = depth - 1
        return self.one_of(
            lambda: f"({self.integer(scope, inner)} {self.pick('+-*')} {self.integer(scope, inner)})",
            lambda: f"({self.integer(scope, inner)} {self.pick('/%')} {self.number(1, 3)})",
            lambda: (
                f"CASE WHEN {self.boolean(scope, inner)} THEN {self.integer(scope, inner)}"
                f" ELSE {self.integer(scope, inner)} END"
            ),
            lambda: (
                f"CASE {self.integer(scope, inner)} WHEN {self.number(-1, 3)}"
                f" THEN {self.integer(scope, inner)} END"
            ),
            lambda: f"coalesce({self.integer(scope, inner)}, {self.integer(scope, inner)})",
            lambda: f"size({self.bag(scope, inner)})",
            lambda: f"size({self.string(scope, inner)})",
            lambda: f"abs({self.integer(scope, inner)})",
            lambda: f"-({self.integer(scope, inner)})",
            lambda: f"COUNT {{ {self.subquery(scope)} }}",
            lambda: self.reduce(scope, inner),
        )

    def reduce(self, scope: Scope, depth: int) -> str:
        total, item = self.fresh("total"), self.fresh("element")
        source = self.integers(scope, depth)
        step = self.integer({**scope, total: INTEGER, item: INTEGER}, depth)
        return f"reduce({total} = {self.number(0, 2)}, {item} IN {source} | {step})"

    def string(self, scope: Scope, depth: int) -> str:
        leaves = [f"'{self.pick(WORDS)}'", *self.variables(scope, STRING)]
        leaves += [f"{name}.s" for name in self.nodes(scope)]
        leaves += [f"type({name})" for name in self.relationships(scope)]
        if len(leaves) > 1 and not self.chance(4):
            leaves = leaves[1:]
        if depth <= 0 or not self.chance(3):
            return str(self.pick(leaves))
        inner = depth - 1
        return self.one_of(
            lambda: f"({self.string(scope, inner)} + {self.string(scope, inner)})",
            lambda: f"{self.pick(['toUpper', 'toLower', 'reverse', 'trim'])}({self.string(scope, inner)})",
            lambda: f"substring({self.string(scope, inner)}, {self.number(0, 2)}, {self.number(0, 2)})",
            lambda: f"{self.pick(['left', 'right'])}({self.string(scope, inner)}, {self.number(0, 2)})",
            lambda: f"replace({self.string(scope, inner)}, 'a', '{self.pick(WORDS)}')",
            lambda: f"toString({self.integer(scope, inner)})",
            lambda: f"coalesce({self.string(scope, inner)}, {self.string(scope, inner)})",
            lambda: f"CASE WHEN {self.boolean(scope, inner)} THEN {self.string(scope, inner)} END",
        )

    def boolean(self, scope: Scope, depth: int) -> str:
        if depth > 0 and self.chance(2):
            inner = depth - 1
            return self.one_of(
                lambda: (
                    f"({self.boolean(scope, inner)} {self.pick(['AND', 'OR', 'XOR'])} {self.boolean(scope, inner)})"
                ),
                lambda: f"(NOT {self.boolean(scope, inner)})",
                lambda: f"(({self.boolean(scope, inner)}) IS {self.pick(['', 'NOT '])}NULL)",
                lambda: self.quantifier(scope, inner),
                lambda: f"EXISTS {{ {self.subquery(scope)} }}",
                lambda: f"({self.integer(scope, inner)} IN {self.bag(scope, inner)})",
                lambda: (
                    f"{self.integer(scope, inner)} < {self.integer(scope, inner)} <= {self.integer(scope, inner)}"
                ),
            )
        leaves: list[Callable[[], str]] = [
            lambda: (
                f"{self.integer(scope, 1)} {self.pick(['=', '<>', '<', '<=', '>', '>='])} {self.integer(scope, 1)}"
            ),
            lambda: f"{self.string(scope, 1)} {self.pick(['=', '<>', '<', '>='])} {self.string(scope, 1)}",
            lambda: (
                f"{self.string(scope, 1)} {self.pick(['STARTS WITH', 'ENDS WITH', 'CONTAINS'])} "
                f"{self.string(scope, 1)}"
            ),
            lambda: f"{self.integer(scope, 1)} IS {self.pick(['', 'NOT '])}NULL",
            lambda: (
                f"{self.integers(scope, 1)} {self.pick(['=', '<>', '<', '>='])} {self.integers(scope, 1)}"
            ),
            lambda: f"{self.string(scope, 1)} =~ '{self.pick(['a.*', '[ab]+', '.?b', '', '(?i)B.*'])}'",
            lambda: self.pick(["true", "false", "null"]),
        ]
        if nodes := self.nodes(scope):
            leaves += [
                lambda: f"({self.pick(nodes)}{self.labels()})",
                lambda: f"{self.pick(nodes)} {self.pick(['=', '<>'])} {self.pick(nodes)}",
                lambda: f"{self.pick(nodes)} IS {self.pick(['', 'NOT '])}NULL",
            ]
        if booleans := self.variables(scope, BOOLEAN):
            leaves.append(lambda: str(self.pick(booleans)))
        return self.one_of(*leaves)

    def condition(self, scope: Scope, depth: int) -> str:
        """Write what may stand behind WHERE: a truth value, or a pattern, and what AND, OR, NOT make of them."""
        inner = depth - 1
        writers = [lambda: self.boolean(scope, depth)] * 2
        if self.variables(scope, NODE):
            writers.append(lambda: self.pattern_in_expression(scope))
        if depth > 0:
            writers += [
                lambda: f"NOT ({self.condition(scope, inner)})",
                lambda: self.joined(f"({self.condition(scope, inner)})", f"({self.condition(scope, inner)})"),
            ]
        return self.one_of(*writers)

    def joined(self, left: str, right: str) -> str:
        return f"({left} {self.pick(['AND', 'OR', 'XOR'])} {right})"

    def quantifier(self, scope: Scope, depth: int) -> str:
        item = self.fresh("element")
        source = self.bag(scope, depth)
        predicate = self.boolean({**scope, item: INTEGER}, depth)
        return f"{self.pick(['all', 'any', 'none', 'single'])}({item} IN {source} WHERE {predicate})"

    def subquery(self, scope: Scope) -> str:
        new: Scope = {}
        pattern = self.path(scope, new)
        where = f" WHERE {self.condition({**scope, **new}, 1)}" if self.chance(2) else ""
        return f"MATCH {pattern}{where}"

    def pattern_comprehension(self, scope: Scope) -> str:
        """Write a list of whole numbers in no order."""
        self.open_lists = True
        new: Scope = {}
        known = self.variables(scope, NODE)
        pattern = f"({self.pick(known)})" if known else self.node({}, new, True)
        for _ in range(self.number(1, 2)):
            # No variable stands twice: the other engine takes (n)-->(n) for (n)-->(m) here.
            pattern += self.relationship(new, True)
            node: Scope = {}
            pattern += self.node({}, node, True)
            new.update(node)
        where = f" WHERE {self.boolean({**scope, **new}, 1)}" if self.chance(3) else ""
        return f"[{pattern}{where} | {self.integer({**scope, **new}, 1)}]"

    def integers(self, scope: Scope, depth: int) -> str:
        leaves = ["[]", "[0]", "[1, null, 2]", "[3, 1, 1]"]
        paths = self.variables(scope, PATH)
        if paths:
            leaves += [f"[e IN {self.pick(['nodes', 'relationships'])}({name}) | e.i]" for name in paths] * 2
        leaves += [
            f"[e IN {name} | e.{self.pick('iw')}]" for name in self.variables(scope, RELATIONSHIPS)
        ] * 2
        leaves += self.variables(scope, INTEGERS) * 2
        if depth <= 0 or not self.chance(2):
            return str(self.pick(leaves))
        inner = depth - 1
        return self.one_of(
            lambda: f"[{self.integer(scope, inner)}, {self.integer(scope, inner)}]",
            lambda: f"range({self.number(-1, 1)}, {self.number(-1, 4)})",
            lambda: f"({self.integers(scope, inner)} + {self.integers(scope, inner)})",
            lambda: self.list_comprehension(scope, self.integers(scope, inner), inner),
        )

    def bag(self, scope: Scope, depth: int) -> str:
        """Write a list of whole numbers whose order may be open."""
        bags = self.variables(scope, BAG)
        if depth <= 0:
            return str(self.pick([*bags, "[2, null]"]))
        return self.one_of(
            lambda: self.integers(scope, depth),
            lambda: self.integers(scope, depth),
            lambda: str(self.pick([*bags, "[]"])),
            lambda: self.list_comprehension(scope, self.bag(scope, depth - 1), depth - 1),
            lambda: self.pattern_comprehension(scope),
        )

    def list_comprehension(self, scope: Scope, source: str, depth: int) -> str:
        item = self.fresh("element")
        inner = {**scope, item: INTEGER}
        where = f" WHERE {self.boolean(inner, depth)}" if self.chance(2) else ""
        projection = f" | {self.integer(inner, depth)}" if self.chance(2) or not where else ""
        return f"[{item} IN {source}{where}{projection}]"
