"""How well a graph says what annotators say of the same papers: the measures.

:func:`judge` compares one annotated paper with what the graph says of it; :func:`report` adds up any number of such
verdicts, so that folds and years are sums over a part of them. The measures are those of the annotation's own
guidelines: entities by type, named and generic methods apart; what a paper proposes; the relation of every entity
that was found; parameter sizes; the values of results; whether two papers' mentions of one thing share one node;
whether evidence quotes its text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TYPES = ("Method", "Model", "Benchmark", "Hardware")
GENERIC = "Method (generic)"
RELATIONS = ("PROPOSES", "EVALUATED_ON", "RUNS_ON", "COMPARED_WITH", "BUILDS_ON", "USES", "MENTIONS")
"""The first that fits is the paper's relation to a thing."""

COUNTED = ("Method", GENERIC, "Model", "Benchmark", "Hardware", "PROPOSES", "sizes", "results", "linking")
"""What has precision and recall."""

SHARES = ("relation accuracy", "evidence exact")
"""What is right or wrong for each thing found."""

# --- names as they are compared ----------------------------------------------------------------------------

_COMMAND = re.compile(r"\\(?:textsc|textbf|textit|emph|text|mathrm)\b")
_MARKUP = str.maketrans("", "", "\\${}^")
_KEPT = re.compile(r"[a-z0-9.+]+")
_ARTICLE = re.compile(r"\b(?:the|an?)\b")
_LOOSE_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LONG_ENOUGH = 4  # a shorter word keeps its last s: DPOs is DPO, but SGDs is not told from BERTS


def norm(text: str | None) -> str:
    """Return a name without case, markup, articles, punctuation, blanks and the plural's s.

    Dots stay between digits only, so that ``Qwen2.5`` is not ``Qwen 25``; ``+`` stays.
    """
    plain = _COMMAND.sub("", text or "").translate(_MARKUP).lower().replace("&", "and")
    words = _ARTICLE.sub(" ", " ".join(_KEPT.findall(plain)))
    joined = "".join(_LOOSE_DOT.sub(" ", words).split())
    plural = len(joined) > _LONG_ENOUGH and joined.endswith("s") and not joined.endswith("ss")
    return joined[:-1] if plural else joined


def number(text: str | None) -> str:
    """Return the last number of a text, which a claim's value is compared by; the normal form if it has none."""
    found = _NUMBER.findall((text or "").replace(",", ""))
    return found[-1] if found else norm(text)


# --- the two sides -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Thing:
    """One entity of one paper, as it was annotated or as the graph has it (then with ``node`` and ``spans``)."""

    type: str
    canonical: str
    mentions: list[str]
    relation: str
    generic: bool = False
    sizes: list[str] = field(default_factory=list)
    node: str = ""
    confidence: float | None = None
    spans: list[Mapping[str, Any]] = field(default_factory=list)
    head: str = ""
    keys: frozenset[str] = frozenset()

    def close(self) -> Thing:
        """Work out the normal forms once all mentions are there."""
        self.head = norm(self.canonical)
        self.keys = frozenset({self.head, *map(norm, self.mentions)} - {""})
        return self

    @property
    def kind(self) -> str:
        """The measure it counts for."""
        return GENERIC if self.generic else self.type

    @property
    def rules(self) -> frozenset[str]:
        """The extractors that its evidence names."""
        return frozenset(span["extractor"] for span in self.spans)


class Graph:
    """Nodes and edges as the exchange form has them: nodes by id, edges by source, in the order they came."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.nodes: dict[str, Mapping[str, Any]] = {}
        self.edges: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            if row["kind"] == "node":
                self.nodes[row["id"]] = row
            else:
                self.edges[row["source"]].append(row)
        self._papers = {norm(n["name"]): i for i, n in self.nodes.items() if n["type"] == "Paper"}

    def paper(self, title: str) -> str | None:
        """Return the id of the paper of that title."""
        return self._papers.get(norm(title))

    def things(self, paper: str) -> list[Thing]:
        """Return the entities of a paper, each once with the first relation that fits and all its quotations."""
        found: dict[str, Thing] = {}
        for edge in self.edges.get(paper, ()):
            node = self.nodes.get(edge["target"])
            if node is None or node["type"] not in TYPES or edge["type"] not in RELATIONS:
                continue
            thing = found.get(edge["target"])
            if thing is None:
                generic = bool(node.get("generic")) and node["type"] == "Method"
                thing = Thing(node["type"], node["name"], [], edge["type"], generic, node=edge["target"])
                found[edge["target"]] = thing
            thing.relation = min(thing.relation, edge["type"], key=RELATIONS.index)
            thing.sizes += edge.get("sizes") or []
            if edge.get("confidence") is not None:
                thing.confidence = max(thing.confidence or 0.0, edge["confidence"])
            thing.spans += edge.get("evidence") or []
        for thing in found.values():
            thing.mentions = [span["text"] for span in thing.spans]
            if thing.relation == "RUNS_ON":  # the annotation has one relation for benchmarks and hardware
                thing.relation = "EVALUATED_ON"
            thing.close()
        return list(found.values())

    def values(self, paper: str) -> list[str]:
        """Return the values of the results a paper reports."""
        targets = (self.nodes.get(edge["target"]) for edge in self.edges.get(paper, ()))
        return [str(node.get("value")) for node in targets if node is not None and node["type"] == "Result"]


def annotated(entity: Mapping[str, Any]) -> Thing:
    """Read one annotated entity."""
    return Thing(
        entity["type"], entity["canonical"], list(entity["mentions"]), entity["relation"],
        bool(entity.get("generic")), list(entity.get("sizes") or []),
    ).close()  # fmt: skip


def match(found: Sequence[Thing], gold: Sequence[Thing]) -> dict[int, int]:
    """Pair things of one type that share a name, each at most once.

    The pairs with the same canonical name go first, then those with the most names in common.
    """
    ranked = sorted(
        (-shared, i, j)
        for i, mine in enumerate(found)
        for j, theirs in enumerate(gold)
        if mine.type == theirs.type
        and (shared := len(mine.keys & theirs.keys) + 10 * (mine.head == theirs.head))
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


# --- one paper ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Verdict:
    """One paper: what annotators say, what the graph says, and which of it is the same.

    ``pairs`` leads from indices of ``found`` to those of ``gold``; ``proposed`` is how many of the proposed things
    are the same; ``evidence`` counts quotations, ``exact`` those that stand in the text where they say.
    """

    paper: Mapping[str, Any]
    known: bool
    gold: list[Thing]
    found: list[Thing]
    pairs: dict[int, int]
    proposed: int
    gold_values: Counter[str]
    found_values: Counter[str]
    evidence: int
    exact: int

    @property
    def id(self) -> str:
        """What the annotation calls the paper."""
        return str(self.paper.get("id", self.paper["title"]))

    def matched(self) -> Iterator[tuple[Thing, Thing]]:
        """Iterate over things of the graph and the annotated things they are."""
        return ((self.found[i], self.gold[j]) for i, j in self.pairs.items())

    def missed(self) -> list[Thing]:
        """Return the annotated things the graph has not."""
        hit = set(self.pairs.values())
        return [thing for j, thing in enumerate(self.gold) if j not in hit]

    def spurious(self) -> list[Thing]:
        """Return the things of the graph that nobody annotated."""
        return [thing for i, thing in enumerate(self.found) if i not in self.pairs]


def judge(paper: Mapping[str, Any], graph: Graph) -> Verdict:
    """Compare one annotated paper with what the graph says of it."""
    node = graph.paper(paper["title"])
    gold = [annotated(entity) for entity in paper["entities"]]
    found = graph.things(node) if node else []
    mine = [thing for thing in found if thing.relation == "PROPOSES"]
    theirs = [thing for thing in gold if thing.relation == "PROPOSES"]
    spans = [span for thing in found for span in thing.spans] if "abstract" in paper else []
    return Verdict(
        paper,
        node is not None,
        gold,
        found,
        match(found, gold),
        len(match(mine, theirs)),
        Counter(number(result["value"]) for result in paper.get("results", ())),
        Counter(map(number, graph.values(node) if node else ())),
        len(spans),
        sum(_quotes(paper, span) for span in spans),
    )


def _quotes(paper: Mapping[str, Any], span: Mapping[str, Any]) -> bool:
    text = str(paper.get(span["field"], "")) if span["field"] in ("title", "abstract") else ""
    return bool(text[span["start"] : span["end"]] == span["text"])


# --- many papers -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Count:
    """How many were found, how many there are, and how many of them are the same."""

    matched: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def p(self) -> float:
        """Precision: the share of the found that is right."""
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def r(self) -> float:
        """Recall: the share of what there is that was found."""
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.p * self.r / (self.p + self.r) if self.p + self.r else 0.0

    @property
    def empty(self) -> bool:
        """Whether there was nothing to find and nothing was found, so that no measure has a meaning."""
        return not (self.predicted or self.gold)


@dataclass(slots=True)
class Share:
    """How many of a number are right."""

    right: int = 0
    of: int = 0

    @property
    def f1(self) -> float:
        """The share itself: what stands beside the F1 of other measures."""
        return self.right / self.of if self.of else 0.0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to have a share in."""
        return not self.of


Report = dict[str, Count | Share]


def report(verdicts: Sequence[Verdict]) -> Report:
    """Add up verdicts into every measure of :data:`COUNTED` and :data:`SHARES`."""
    count = {name: Count() for name in COUNTED}
    share = {name: Share() for name in SHARES}
    for verdict in verdicts:
        for thing in verdict.gold:
            count[thing.kind].gold += 1
        for i, thing in enumerate(verdict.found):
            j = verdict.pairs.get(i)
            generic = thing.generic if j is None else verdict.gold[j].generic
            kind = GENERIC if generic and thing.type == "Method" else thing.type
            count[kind].predicted += 1
            count[kind].matched += j is not None
        proposed = count["PROPOSES"]
        proposed.predicted += sum(thing.relation == "PROPOSES" for thing in verdict.found)
        proposed.gold += sum(thing.relation == "PROPOSES" for thing in verdict.gold)
        proposed.matched += verdict.proposed
        for mine, theirs in verdict.matched():
            share["relation accuracy"].of += 1
            share["relation accuracy"].right += mine.relation == theirs.relation
            if theirs.type == "Model":
                _add(
                    count["sizes"], Counter(set(map(norm, mine.sizes))), Counter(set(map(norm, theirs.sizes)))
                )
        _add(count["results"], verdict.found_values, verdict.gold_values)
        share["evidence exact"].of += verdict.evidence
        share["evidence exact"].right += verdict.exact
    count["linking"] = linking(verdicts)
    return {**count, **share}


def _add(count: Count, found: Counter[str], gold: Counter[str]) -> None:
    count.predicted += found.total()
    count.gold += gold.total()
    count.matched += (found & gold).total()


# --- identity ----------------------------------------------------------------------------------------------

Meaning = tuple[str, str]
"""What annotators mean, across papers: type and normal form of the canonical name."""


def links(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, Meaning, str, str]]:
    """Iterate over node, meaning, canonical name and paper of everything that was found and is right."""
    for verdict in verdicts:
        for mine, theirs in verdict.matched():
            yield mine.node, (theirs.type, theirs.head), theirs.canonical, verdict.id


def linking(verdicts: Sequence[Verdict]) -> Count:
    """Count pairs of mentions that share a node, a meaning, and both."""
    both = Counter((node, meaning) for node, meaning, _, _ in links(verdicts))
    nodes, meanings = Counter[str](), Counter[Meaning]()
    for (node, meaning), times in both.items():
        nodes[node] += times
        meanings[meaning] += times
    return Count(pairs_of(both.values()), pairs_of(nodes.values()), pairs_of(meanings.values()))


def pairs_of(sizes: Iterable[int]) -> int:
    """Return how many pairs can be drawn within groups of these sizes."""
    return sum(size * (size - 1) // 2 for size in sizes)
