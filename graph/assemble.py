"""One paper's part of the graph: its record and what its text says, as typed nodes and edges.

A paper's part falls into what is its own (the Paper, its Results, every edge that leaves them) and what it
shares with others (entities, authors, venues, curated facts, inferred edges). The store keeps the first as it
is and folds the second from all papers, so that taking a paper away takes exactly its part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from .body import body_of, outline, statement_starts, statements_text
from .identity import arxiv_year, person_key, slug
from .intents import RULES as INTENTS_BY
from .intents import intents
from .merge import Merged
from .partition import best_key
from .records import Author, Edge, Evidence, Extraction, Fact, Mention, Node, Reference, ResultClaim, Span
from .resolution import Found
from .schema import EDGES

Resolve = Callable[[Reference, Sequence[str]], Found | None]
"""Finds the paper a reference with these identity keys means, None where the graph holds no such paper."""

SourceOf = Callable[[Span], str]

_INFERRED = {
    "EVALUATED_ON": "EVALUATED_ON",
    "RUNS_ON": "RUNS_ON",
    "COMPARED_WITH": "COMPARED_WITH",
    "BUILDS_ON": "BUILDS_ON",
}


@dataclass(slots=True)
class Part:
    """One paper's part of the graph.

    ``own_nodes`` and ``own_edges`` belong to this paper alone; ``shared_nodes`` are its claims about nodes that
    others may claim too; ``facts`` are the curated edges its entities bring along; ``inferred`` are edges
    between entities that will name this paper among their ``papers``; ``stub_keys`` are the identity keys of
    the cited works it makes known.
    """

    paper: str
    own_nodes: list[Node] = field(default_factory=list)
    own_edges: list[Edge] = field(default_factory=list)
    shared_nodes: list[Node] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    inferred: list[tuple[str, str, str]] = field(default_factory=list)
    stub_keys: list[tuple[str, str]] = field(default_factory=list)


def assemble(
    paper_id: str,
    former_ids: Sequence[str],
    own_keys: Set[str],
    merged: Merged,
    extraction: Extraction,
    resolve: Resolve,
) -> Part:
    """Turn a merged paper and the extraction of its text into its part of the graph.

    ``own_keys`` are the identity keys of all its records: a reference that has one means the paper itself.
    """
    part = Part(paper_id)
    paper = merged.paper
    part.own_nodes.append(
        Node(
            paper_id,
            "Paper",
            _known(
                name=paper.title or paper_id,
                title=paper.title or paper_id,
                abstract=paper.abstract,
                year=paper.year,
                date=paper.date,
                arxiv_id=paper.arxiv_id,
                doi=paper.doi,
                openalex_id=paper.openalex_id,
                s2_id=paper.s2_id,
                url=paper.url or (f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else None),
                identifiers=list(paper.also),
                kind=paper.kind,
                retracted=paper.retracted,
                body=body_of(paper.sections),
                sections=outline(paper.sections),
                statements=statements_text(paper.statements),
                upvotes=paper.upvotes,
                keywords=list(paper.keywords),
                organizations=list(paper.organizations),
                unidentified=sum(not keys for keys in merged.reference_keys) or None,
                former_ids=list(former_ids),
            ),
        )
    )
    for source in merged.sources:
        part.own_edges.append(Edge(paper_id, "FROM", source_id(source), {}))
    _add_authors(part, paper.authors)
    if paper.venue and slug(paper.venue):
        venue = f"venue:{slug(paper.venue)}"
        part.shared_nodes.append(Node(venue, "Venue", {"name": paper.venue}))
        part.own_edges.append(Edge(paper_id, "PUBLISHED_IN", venue, {}))
    for task in paper.tasks:
        if key := slug(task):
            part.shared_nodes.append(Node(f"task:{key}", "Task", {"name": task}))
            part.own_edges.append(Edge(paper_id, "ADDRESSES", f"task:{key}", {}))
    text_source = _sources(merged)
    _add_repositories(part, paper.repositories, extraction.repositories, text_source)
    for mention in extraction.mentions:
        _add_mention(part, mention, text_source)
    known = {mention.id for mention in extraction.mentions}
    for number, result in enumerate(extraction.results, 1):
        _add_result(part, result, number, text_source, known)
    part.inferred.extend(_infer(extraction.mentions))
    _add_references(part, own_keys, merged, resolve)
    return part


def _sources(merged: Merged) -> SourceOf:
    """Return a function that tells which source the text was taken from that a span quotes."""
    by_field = {
        "title": merged.title_source, "abstract": merged.abstract_source, "body": merged.body_source
    }  # fmt: skip
    starts = statement_starts(merged.paper.statements)

    def source_of(span: Span) -> str:
        if span.field == "statements":
            return merged.statement_sources[bisect_right(starts, span.start) - 1]
        return by_field.get(span.field, "")

    return source_of


def source_id(uri: str) -> str:
    """Return the node id of a source."""
    return f"source:{uri}"


def _known(**properties: Any) -> dict[str, Any]:
    """Keep what is known: neither None nor empty lists nor empty text."""
    return {key: value for key, value in properties.items() if value is not None and value not in ([], "")}


def _add_authors(part: Part, authors: Sequence[Author]) -> None:
    seen: set[str] = set()
    for position, author in enumerate(authors, 1):
        key = author.orcid or slug(person_key(author.name)) or author.name.strip().casefold()
        if not key or key in seen:
            continue
        seen.add(key)
        node_id = f"author:{key}"
        part.shared_nodes.append(Node(node_id, "Author", _known(name=author.name, orcid=author.orcid)))
        part.own_edges.append(Edge(part.paper, "AUTHORED_BY", node_id, {"position": position}))


def _add_repositories(
    part: Part, stated: Sequence[str], found: Sequence[Span], text_source: SourceOf
) -> None:
    evidence: dict[str, list[str]] = {}
    urls: dict[str, str] = {}
    for url in stated:
        urls.setdefault(_repository_id(url), url)
    for span in found:
        node_id = _repository_id(span.text)
        urls.setdefault(node_id, span.text)
        evidence.setdefault(node_id, []).append(_evidence(span, text_source))
    for node_id, url in urls.items():
        name = node_id.partition(":")[2]
        part.shared_nodes.append(Node(node_id, "Repository", {"name": name, "url": url}))
        part.own_edges.append(
            Edge(part.paper, "HAS_CODE", node_id, _known(evidence=evidence.get(node_id, [])))
        )


def _repository_id(url: str) -> str:
    address = url.strip().partition("://")[2] or url.strip()
    host, slash, path = address.partition("/")
    path = path.rstrip("/").removesuffix(".git")
    host = host.lower().removeprefix("www.")
    if host in ("github.com", "huggingface.co", "gitlab.com"):
        path = path.lower()
    return f"repository:{host}{slash if path else ''}{path}"


def _evidence(span: Span, text_source: SourceOf) -> str:
    return Evidence(text_source(span), span.field, span.start, span.end, span.text, span.extractor).dumps()


def _add_mention(part: Part, mention: Mention, text_source: SourceOf) -> None:
    forms = sorted({span.text for span in mention.spans} - {mention.name})
    properties = {"name": mention.name} | dict(mention.properties)
    if forms:
        properties["aliases"] = [*properties.get("aliases", ()), *forms]
    part.shared_nodes.append(Node(mention.id, mention.label, properties))
    known = _known(
        evidence=[_evidence(span, text_source) for span in mention.spans],
        confidence=round(mention.confidence, 4),
        sizes=list(mention.sizes),
        count=mention.count,
    )
    held = EDGES[mention.relation].properties  # how many devices are told of those it runs on, not of others
    known = {key: value for key, value in known.items() if key in held}
    part.own_edges.append(Edge(part.paper, mention.relation, mention.id, known))
    _add_facts(part, mention.id, mention.facts)


def _add_facts(part: Part, source: str, facts: Sequence[Fact]) -> None:
    for fact in facts:
        properties = {"name": fact.target_name, **fact.properties}
        part.shared_nodes.append(Node(fact.target, fact.target_label, properties))
        part.facts.append((source, fact.type, fact.target))
        _add_facts(part, fact.target, fact.facts)


def _add_result(
    part: Part, result: ResultClaim, number: int, text_source: SourceOf, known: Collection[str]
) -> None:
    result_id = f"result:{part.paper}#{number}"
    part.own_nodes.append(
        Node(
            result_id,
            "Result",
            _known(
                name=f"{result.metric}: {_with_unit(result)}",
                metric=result.metric,
                value=result.value,
                unit=result.unit,
                quote=result.quote.text,
                baseline=result.baseline,
                higher_is_better=result.higher_is_better,
            ),
        )
    )
    part.own_edges.append(
        Edge(part.paper, "REPORTS", result_id, {"evidence": [_evidence(result.quote, text_source)]})
    )
    ends = (
        ("OF", result.of),
        ("ON", result.on),
        ("ON", result.model),
        ("AGAINST", result.against),
        ("RUNS_ON", result.hardware),
    )
    for edge_type, target in ends:
        if target is not None and target in known:
            part.own_edges.append(Edge(result_id, edge_type, target, {}))


def _with_unit(result: ResultClaim) -> str:
    unit = result.unit or ""
    if not unit or result.value.endswith(unit):
        return result.value
    return f"{result.value}{'' if unit in ('%', 'x', '×') else ' '}{unit}"


def _infer(mentions: Sequence[Mention]) -> Iterator[tuple[str, str, str]]:
    """Derive what holds between the proposed methods and models and the other entities of the paper."""
    proposed = [m for m in mentions if m.relation == "PROPOSES" and m.label in ("Method", "Model")]
    for mine in proposed:
        for other in mentions:
            if other.id == mine.id or other.relation == "PROPOSES":
                continue
            edge_type = _INFERRED.get(other.relation)
            if other.relation == "USES" and other.label == "Model":
                edge_type = "APPLIED_TO"
            if edge_type:
                yield mine.id, edge_type, other.id


def _add_references(part: Part, own_keys: Set[str], merged: Merged, resolve: Resolve) -> None:
    cites: dict[str, dict[str, Any]] = {}
    influential: set[str] = set()
    keyed = zip(merged.paper.references, merged.reference_keys, strict=True)
    for index, (reference, keys) in enumerate(keyed):
        if not keys or not own_keys.isdisjoint(keys):
            continue
        found = resolve(reference, keys)
        if found is not None and found.paper == part.paper and found.by_likeness:
            found = None  # what cites a work of nearly its own title cites another work
        if found is None:
            target = best_key(keys)
            part.shared_nodes.append(_stub(target, reference))
            part.stub_keys.extend((key, target) for key in keys)
        else:
            target = found.paper
        if target == part.paper:
            continue
        if reference.influential:
            influential.add(target)
        said = _said(reference, merged.reference_sources[index], found)
        entry = cites.setdefault(target, said)
        if entry is not said:
            for key, values in said.items():
                listed = entry.setdefault(key, [])
                listed.extend(value for value in values if value not in listed)
    for target, known in cites.items():
        if "contexts" in known and "intents" not in known and (told := intents(known["contexts"])):
            known |= {"intents": list(told), "intents_by": INTENTS_BY}
        if target in influential:
            known["influential"] = True
        part.own_edges.append(Edge(part.paper, "CITES", target, known))


def _said(reference: Reference, sources: Sequence[str], found: Found | None) -> dict[str, list[str]]:
    """Return the lists a CITES edge holds by one reference."""
    said = {"sources": list(sources)}
    if reference.raw:
        said["raw"] = [reference.raw]
    if reference.contexts:
        said["contexts"] = list(dict.fromkeys(reference.contexts))
    if reference.intents:
        said["intents"] = list(dict.fromkeys(reference.intents))
    if found is not None:
        said["found_by"] = [found.rule]
    return said


def _stub(node_id: str, reference: Reference) -> Node:
    name = reference.title or node_id
    return Node(
        node_id,
        "Paper",
        _known(
            name=name,
            title=name,
            year=reference.year or (arxiv_year(reference.arxiv_id) if reference.arxiv_id else None),
            arxiv_id=reference.arxiv_id,
            doi=reference.doi,
            openalex_id=reference.openalex_id,
            s2_id=reference.s2_id,
            identifiers=list(reference.also),
            stub=True,
        ),
    )
