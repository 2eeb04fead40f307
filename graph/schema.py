"""The closed vocabulary of the graph: labels, edge types, their domain and range, and what each may hold.

``docs/schema.md`` is generated from this module (``python -m citegraph.graph.schema``); every insert is checked
against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import SchemaError

VERSION = 2
"""Version of the graph's schema and of the file that holds it."""

Kind = type | tuple[type, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property: the ``kind`` of its value (``list`` means a list of strings) and what it means."""

    kind: type
    meaning: str


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node label: how its id is made and what its nodes may hold beside ``name``."""

    prefix: tuple[str, ...]
    meaning: str
    properties: Mapping[str, Property]


@dataclass(frozen=True, slots=True)
class EdgeType:
    """An edge type: the label pairs it may connect and what its edges may hold."""

    pairs: frozenset[tuple[str, str]]
    meaning: str
    properties: Mapping[str, Property]


def _text(meaning: str) -> Property:
    return Property(str, meaning)


def _number(meaning: str) -> Property:
    return Property(int, meaning)


def _real(meaning: str) -> Property:
    return Property(float, meaning)


def _flag(meaning: str) -> Property:
    return Property(bool, meaning)


def _list(meaning: str) -> Property:
    return Property(list, meaning)


_NAME = {"name": _text("what a person calls it")}
_ALIASES = {"aliases": _list("other surface forms met or curated")}

NODES: Mapping[str, NodeType] = {
    "Paper": NodeType(
        ("arxiv", "doi", "openalex", "s2", "acl", "openreview", "dblp", "pmid", "pmcid", "title"),
        "a scholarly work; known only as a cited work where `stub` is true",
        _NAME
        | {
            "title": _text("the title as stored; evidence offsets count its characters"),
            "abstract": _text("the abstract as stored; evidence offsets count its characters"),
            "year": _number("year of publication; where no source gives it, that of the arXiv identifier"),
            "date": _text("day of publication, ISO 8601"),
            "arxiv_id": _text("arXiv identifier without version"),
            "doi": _text("DOI in lower case without resolver"),
            "openalex_id": _text("OpenAlex work id, W…"),
            "s2_id": _text("Semantic Scholar paper id"),
            "identifiers": _list("further identifiers: of other versions, in other catalogues"),
            "url": _text("address of the paper"),
            "upvotes": _number("votes on the Daily Papers page"),
            "keywords": _list("topics the source itself offers"),
            "organizations": _list("institutions the source credits"),
            "kind": _text(
                "article, conference paper, preprint, review, book, chapter, thesis, report, dataset, software, …"
            ),
            "retracted": _flag("true: a source says that it was retracted"),
            "body": _text(
                "the text of the sections that a source gives; evidence offsets count its characters"
            ),
            "sections": _list("where each section of the body begins, in characters, and its heading"),
            "statements": _text("what sources state of it beside its texts, a line each"),
            "unidentified": _number("references of which no source tells what work they mean"),
            "stub": _flag("true: known only as a cited work"),
            "former_ids": _list("ids this paper had before it was identified better"),
        },
    ),
    "Author": NodeType(("author",), "a person who wrote a paper", _NAME | {"orcid": _text("ORCID iD")}),
    "Method": NodeType(
        ("method",),
        "an algorithm, technique, architecture, framework, system or library",
        _NAME | _ALIASES | {"generic": _flag("true: a technique class such as quantization")},
    ),
    "Model": NodeType(
        ("model",),
        "a trained model or model family version, never one size of it",
        _NAME
        | _ALIASES
        | {
            "family": _text("name of the family"),
            "version": _text("version within the family"),
            "variant": _text("variant of the version: Instruct, Chat, Math, Coder"),
        },
    ),
    "ModelFamily": NodeType(("family",), "a line of models under one name", _NAME | _ALIASES),
    "Benchmark": NodeType(
        ("benchmark",),
        "a dataset, corpus, benchmark, leaderboard or evaluation suite",
        _NAME | _ALIASES | {"kind": _text("benchmark, dataset, corpus, leaderboard or suite")},
    ),
    "Hardware": NodeType(
        ("hardware",),
        "a device, accelerator, processor, board or supercomputer, or a class of them",
        _NAME
        | _ALIASES
        | {"kind": _text("GPU, CPU, TPU, FPGA, NPU, edge device, smartphone, microcontroller, …")},
    ),
    "Task": NodeType(("task",), "what a benchmark measures or a paper addresses", _NAME | _ALIASES),
    "Organization": NodeType(("organization",), "a company, university or laboratory", _NAME | _ALIASES),
    "Venue": NodeType(("venue",), "a journal, conference or archive", _NAME | _ALIASES),
    "Repository": NodeType(
        ("repository",), "code, data or a project page", _NAME | {"url": _text("its address")}
    ),
    "Result": NodeType(
        ("result",),
        "one number a paper claims for itself",
        _NAME
        | {
            "metric": _text("what was measured, in the paper's words"),
            "value": _text("the value as printed"),
            "unit": _text("unit of the value: %, x, points, ms, …"),
            "quote": _text("the words of the paper that hold the value"),
            "baseline": _text("the value or thing compared with, as printed"),
            "higher_is_better": _flag("direction of the metric, where known"),
        },
    ),
    "Source": NodeType(
        ("source",),
        "an input that asserted something",
        _NAME
        | {
            "uri": _text("where it was read from"),
            "sha256": _text("hash of its bytes"),
            "format": _text("the loader that read it"),
            "loaded_at": _text("when it was read, ISO 8601 UTC"),
        },
    ),
}

ENTITIES = ("Method", "Model", "Benchmark", "Hardware")
"""The labels of what papers are about."""

_EVIDENCE = {
    "evidence": _list("quotations that assert the edge, each a JSON object: see `graph.records.Evidence`"),
    "confidence": _real("how sure the extractor is, 0 to 1"),
}
_INFERRED = {
    "inferred": _flag("true: derived from papers, not asserted by one"),
    "papers": _list("ids of the papers it is derived from"),
}
_MADE = ("Method", "Model")


def _pairs(sources: tuple[str, ...], targets: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((source, target) for source in sources for target in targets)


def _mention(meaning: str, between: tuple[str, ...] = ()) -> EdgeType:
    pairs = _pairs(("Paper",), ENTITIES) | (_pairs(_MADE, between) if between else frozenset())
    return EdgeType(
        pairs,
        meaning,
        _EVIDENCE
        | {"sizes": _list("parameter sizes of the Model the paper states: 7B, 70B")}
        | (_INFERRED if between else {}),
    )


EDGES: Mapping[str, EdgeType] = {
    "PROPOSES": _mention("introduces it"),
    "EVALUATED_ON": EdgeType(
        _pairs(("Paper", *_MADE), ("Benchmark",)), "reports experiments on it", _EVIDENCE | _INFERRED
    ),
    "RUNS_ON": EdgeType(
        _pairs(("Paper", *_MADE, "Result"), ("Hardware",)),
        "ran, was measured or is meant to be deployed on it",
        _EVIDENCE | _INFERRED | {"count": _number("how many devices the paper states")},
    ),
    "COMPARED_WITH": _mention("measures itself against it", (*_MADE, "Benchmark", "Hardware")),
    "BUILDS_ON": _mention("extends, modifies, accelerates or is implemented on it", ENTITIES),
    "USES": _mention("uses it as component, subject, tool or data"),
    "MENTIONS": _mention("names it in passing"),
    "APPLIED_TO": EdgeType(_pairs(_MADE, ("Model",)), "was tried on that model", _INFERRED),
    "CITES": EdgeType(
        _pairs(("Paper",), ("Paper",)),
        "lists it among its references",
        {
            "sources": _list("the sources that say so"),
            "raw": _list("the reference as printed"),
            "contexts": _list("sentences that cite it"),
            "intents": _list("what it is cited for, as CiTO terms"),
            "intents_by": _text("the rules that told it by the contexts; absent where a source says so"),
            "influential": _flag("true: a source counts it among those the paper rests on"),
            "found_by": _list(
                "how it was known which paper is meant: arxiv, doi, …, title, likeness and how much, or link"
            ),
        },
    ),
    "REPORTS": EdgeType(_pairs(("Paper",), ("Result",)), "claims this number", _EVIDENCE),
    "OF": EdgeType(_pairs(("Result",), _MADE), "the number is a property of it", {}),
    "ON": EdgeType(_pairs(("Result",), ("Benchmark", "Model")), "the number was measured on it", {}),
    "AGAINST": EdgeType(_pairs(("Result",), _MADE), "the number compares with it", {}),
    "AUTHORED_BY": EdgeType(
        _pairs(("Paper",), ("Author",)),
        "was written by",
        {"position": _number("place among the authors, from 1")},
    ),
    "PUBLISHED_IN": EdgeType(_pairs(("Paper",), ("Venue",)), "appeared in", {}),
    "HAS_CODE": EdgeType(_pairs(("Paper",), ("Repository",)), "links to", _EVIDENCE),
    "ADDRESSES": EdgeType(_pairs(("Paper",), ("Task",)), "works on", _EVIDENCE),
    "IN_FAMILY": EdgeType(_pairs(("Model",), ("ModelFamily",)), "belongs to", {}),
    "DEVELOPED_BY": EdgeType(_pairs(("Model",), ("Organization",)), "was made by", {}),
    "KIND_OF": EdgeType(
        _pairs(("Method",), ("Method",)) | _pairs(("Hardware",), ("Hardware",)), "is a kind of", {}
    ),
    "MADE_BY": EdgeType(_pairs(("Hardware",), ("Organization",)), "was made by", {}),
    "MEASURES": EdgeType(_pairs(("Benchmark",), ("Task",)), "measures", {}),
    "FROM": EdgeType(_pairs(("Paper",), ("Source",)), "was read from", {}),
}

RELATIONS = ("PROPOSES", "EVALUATED_ON", "RUNS_ON", "COMPARED_WITH", "BUILDS_ON", "USES", "MENTIONS")
"""A paper's relations to an entity, in precedence: one paper has one edge to one entity, the first that fits."""

CURATED = ("IN_FAMILY", "DEVELOPED_BY", "KIND_OF", "MADE_BY", "MEASURES")
"""Edges that a lexicon states of entities, whatever a paper says."""


def check_node(node_id: str, label: str, properties: Mapping[str, Any]) -> None:
    """Refuse a node the schema does not allow.

    Raises
    ------
    SchemaError
        With the reason: unknown label, id without one of the label's prefixes, unknown or ill-typed property.
    """
    node_type = NODES.get(label)
    if node_type is None:
        raise SchemaError(f"Node {node_id!r} has the label {label!r}; the schema knows {', '.join(NODES)}.")
    prefix, separator, rest = node_id.partition(":")
    if not separator or not rest or prefix not in node_type.prefix:
        wanted = " or ".join(f"{p}:…" for p in node_type.prefix)
        raise SchemaError(f"{label} has the id {node_id!r}; it must read {wanted}.")
    _check_properties(f"{label} {node_id!r}", node_type.properties, properties)
    if not isinstance(properties.get("name"), str):
        raise SchemaError(f"{label} {node_id!r} has no name.")


def check_edge(source_label: str, edge_type: str, target_label: str, properties: Mapping[str, Any]) -> None:
    """Refuse an edge the schema does not allow.

    Raises
    ------
    SchemaError
        With the reason: unknown type, wrong domain or range, unknown or ill-typed property, no evidence.
    """
    known = EDGES.get(edge_type)
    if known is None:
        raise SchemaError(f"Edge type {edge_type!r} is not in the schema, which knows {', '.join(EDGES)}.")
    if (source_label, target_label) not in known.pairs:
        raise SchemaError(f"{edge_type} cannot lead from {source_label} to {target_label}.")
    _check_properties(f"{source_label}-{edge_type}->{target_label}", known.properties, properties)
    asserted = source_label == "Paper" and target_label in ENTITIES
    if asserted and not properties.get("evidence"):
        raise SchemaError(
            f"{source_label}-{edge_type}->{target_label} has no evidence; no evidence, no edge."
        )


def _check_properties(what: str, allowed: Mapping[str, Property], properties: Mapping[str, Any]) -> None:
    for key, value in properties.items():
        known = allowed.get(key)
        if known is None:
            raise SchemaError(f"{what} has the property {key!r}; it may hold {', '.join(allowed) or 'none'}.")
        if type(value) is not known.kind or known.kind is list:
            _check_kind(what, key, known.kind, value)


def _check_kind(what: str, key: str, kind: type, value: object) -> None:
    if kind is list and isinstance(value, (list, tuple)):
        fits = set(map(type, value)) <= {str}
    else:
        fits = kind is float and type(value) is int
    if not fits:
        raise SchemaError(f"{what}: {key} must be {_KIND_NAMES[kind]}, not {value!r:.60}.")


_KIND_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list of text",
}


def markdown() -> str:
    """Render the schema as the page ``docs/schema.md``."""
    lines = [
        "# Schema",
        "",
        f"Version {VERSION}. Generated from `graph/schema.py` by `make docs`; do not edit by hand.",
        "",
        "Ids are strings, the same on every machine and in every run. Every value is text, a number, true or false,",
        "or a list of text. An edge from a Paper to a Method, Model, Benchmark or Hardware is refused without",
        "evidence. Between two nodes there is at most one edge of a type.",
        "",
        "## Nodes",
        "",
    ]
    for label, node_type in NODES.items():
        ids = ", ".join(f"`{prefix}:…`" for prefix in node_type.prefix)
        lines += [
            f"### {label}",
            "",
            f"{node_type.meaning[0].upper()}{node_type.meaning[1:]}. Id: {ids}.",
            "",
        ]
        lines += _table(node_type.properties)
    lines += ["## Edges", ""]
    for name, edge_type in EDGES.items():
        lines += [f"### {name}", "", f"{edge_type.meaning[0].upper()}{edge_type.meaning[1:]}.", ""]
        ranges: dict[str, list[str]] = {}
        for source, target in sorted(edge_type.pairs):
            ranges.setdefault(source, []).append(target)
        lines += [f"- {source} → {', '.join(targets)}" for source, targets in ranges.items()]
        lines += [""]
        lines += _table(edge_type.properties)
    return "\n".join(lines).rstrip() + "\n"


def _table(properties: Mapping[str, Property]) -> list[str]:
    if not properties:
        return []
    rows = [f"| `{name}` | {_KIND_NAMES[p.kind]} | {p.meaning} |" for name, p in properties.items()]
    return ["| property | value | meaning |", "|---|---|---|", *rows, ""]


if __name__ == "__main__":
    print(markdown(), end="")
