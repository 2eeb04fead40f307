"""What sources state beside the texts of a paper, as mentions and results like those of the texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ....graph.body import statement_starts
from ....graph.records import Extraction, Mention, ResultClaim, Span, Statement
from ....graph.schema import RELATIONS
from ..hits import Hit
from ..results.measures import direction_of
from ..text import identifier
from ..things import key_of, without_size

RULE = "stated@1"

_MOST_OWN = 40
"""More things than any paper proposes."""

_BY_LIST = ("lexicon@1", "model-morphology@1")


class Stated:
    """Finds the node that a stated name means: the one the lexicon means by it, else that of its normal form."""

    def __init__(self, hits: Callable[[str], list[Hit]]) -> None:
        self._hits = hits

    def mention(self, label: str, name: str) -> Mention | None:
        """Return the thing a name means, without relation and places; None where nothing is left of the name."""
        hits = [hit for hit in self._hits(name) if hit.label == label and hit.end - hit.start >= len(name)]
        if hits:
            hit = hits[0]
            return Mention(
                hit.id, label, hit.name, "MENTIONS", (), 1.0, hit.sizes, None, dict(hit.properties), hit.facts
            )
        bare, sizes = without_size(name) if label == "Model" else (name, ())
        key = identifier(bare)
        if not key:
            return None
        properties = {"generic": False} if label == "Method" else {}
        return Mention(f"{label.lower()}:{key}", label, bare, "MENTIONS", (), 1.0, sizes, None, properties)


def add_statements(stated: Stated, statements: Sequence[Statement], extraction: Extraction) -> Extraction:
    """Add what is stated to what the texts say; of two relations to one thing the schema's first stands."""
    things = _Things(extraction.mentions)
    results = list(extraction.results)
    for start, statement in zip(statement_starts(statements), statements, strict=True):
        found = stated.mention(statement.label, statement.name)
        if found is None:
            continue
        at = statement.text.find(statement.name)
        begin, end = (at, at + len(statement.name)) if at >= 0 else (0, len(statement.text))
        span = Span("statements", start + begin, start + end, statement.text[begin:end], RULE)
        node = things.add(replace(found, relation=statement.relation, spans=(span,)))
        if statement.metric and statement.value:
            of = things.subject(stated, statement.model) if statement.model else None
            results.append(_result(statement, start, of, node))
    moved = things.moved
    return replace(
        extraction,
        mentions=tuple(things.mentions.values()),
        results=tuple(_moved(result, moved) for result in results) if moved else tuple(results),
        coined=tuple(
            replace(c, id=moved[c.id], label=things.mentions[moved[c.id]].label) if c.id in moved else c
            for c in extraction.coined
        ),
    )


class _Things:
    """The mentions of a paper, found again by their names."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = {mention.id: mention for mention in mentions}
        self.moved: dict[str, str] = {}
        self._by_key: dict[str, str] = {}
        self._subjects: dict[str, str | None] = {}
        for mention in mentions:
            self._name(mention)

    def _name(self, mention: Mention) -> None:
        for name in {mention.name, *(span.text for span in mention.spans)}:
            self._by_key.setdefault(key_of(name), mention.id)

    def add(self, stated: Mention) -> str:
        """Add one place of a thing with the relation stated there, and return its node.

        What no list knows is the same thing under the same name, whatever the texts seemed to say that it is.
        """
        held = self.mentions.get(stated.id)
        if held is None:
            other = self.mentions.get(self._by_key.get(key_of(stated.name), ""))
            if other is not None and not any(span.extractor in _BY_LIST for span in other.spans):
                held = other if other.label == stated.label else self._relabelled(other, stated)
        if held is None:
            self.mentions[stated.id] = stated
            self._name(stated)
            return stated.id
        relation = min(held.relation, stated.relation, key=RELATIONS.index)
        first = relation != held.relation
        self.mentions[held.id] = replace(
            held,
            relation=relation,
            spans=(*stated.spans, *held.spans) if first else (*held.spans, *stated.spans),
            confidence=1.0 if first else held.confidence,
            sizes=tuple(dict.fromkeys((*held.sizes, *stated.sizes))),
        )
        return held.id

    def _relabelled(self, held: Mention, stated: Mention) -> Mention:
        """Take a thing of the texts as what a statement says that it is."""
        kept = held.relation if held.relation in ("PROPOSES", "COMPARED_WITH", "BUILDS_ON") else "MENTIONS"
        made = replace(stated, relation=kept, spans=held.spans)
        self.mentions = {
            made.id if node == held.id else node: made if node == held.id else mention
            for node, mention in self.mentions.items()
        }
        self.moved[held.id] = made.id
        self._by_key = {key: self.moved.get(node, node) for key, node in self._by_key.items()}
        return made

    def subject(self, stated: Stated, model: str) -> str | None:
        """Return the thing a result is of: the one so called, or the one of the paper's own whose name holds."""
        if model not in self._subjects:
            self._subjects[model] = self._subject(stated, model)
        return self._subjects[model]

    def _subject(self, stated: Stated, model: str) -> str | None:
        made = [stated.mention(label, model) for label in ("Model", "Method")]
        named = [mention.id for mention in made if mention is not None]
        for node in (*named, self._by_key.get(key_of(model), "")):
            held = self.mentions.get(node)
            if held is not None and held.label in ("Method", "Model"):
                return node
        own = {
            mention.id
            for mention in self._own()
            for name in (mention.name, *(span.text for span in mention.spans))
            if len(name) > 2 and name.lower() in model.lower()
        }
        return own.pop() if len(own) == 1 else None

    def _own(self) -> list[Mention]:
        made = [
            m for m in self.mentions.values() if m.relation == "PROPOSES" and m.label in ("Method", "Model")
        ]
        return made[:_MOST_OWN]


def _result(statement: Statement, start: int, of: str | None, on: str) -> ResultClaim:
    metric, value = statement.metric or "", statement.value or ""
    return ResultClaim(
        metric,
        value.removesuffix("%").strip() or value,
        Span("statements", start, start + len(statement.text), statement.text, RULE),
        "%" if value.endswith("%") else None,
        direction_of([word.lower() for word in metric.split()]),
        of=of,
        on=on if on.startswith("benchmark:") else None,
    )


def _moved(result: ResultClaim, moved: dict[str, str]) -> ResultClaim:
    ends = {end: getattr(result, end) for end in ("of", "on", "against", "hardware", "model")}
    return replace(result, **{end: moved.get(node, node) for end, node in ends.items() if node is not None})
