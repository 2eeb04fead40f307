"""Train the model that weighs how a paper stands to a thing: ``train_relations.py GOLD.jsonl... -o relations.json``.

GOLD holds annotated papers, one a line, in the form that ``benchmarks/extraction.py`` reads. The extractor reads
each paper; what it found and the annotators found too is an example: the features of :mod:`citegraph.loaders.extract.
stance` and the annotated relation. ``--check`` says how right rules and model are on papers the model has not seen.
Needs scikit-learn (``pip install citegraph[train]``); what it writes does not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from citegraph.loaders.extract import Extractor, engine
from citegraph.loaders.extract.linear import DATA, LinearModel
from citegraph.loaders.extract.relating.stance import Row, Surroundings, decide, fold, group
from citegraph.loaders.extract.things import Entity

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from scoring import RELATIONS as ORDER
from scoring import Thing, annotated, match

RELATIONS = tuple(name for name in ORDER if name not in ("PROPOSES", "EVALUATED_ON", "RUNS_ON"))
"""What the model chooses from, for methods and models the paper does not propose."""

STRENGTH = 0.1
"""Inverse of the regularisation: the best of 0.05, 0.1, 0.2 and 0.4 in cross-validation."""

RARE = 3
"""Features of fewer examples are left out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A thing of a paper: its group and features, what the rules say and what the annotators say."""

    paper: str
    where: str
    features: tuple[str, ...]
    ruled: str
    relation: str

    def named(self) -> dict[str, int]:
        """Name the features thrice: for every thing, for things of the kind, for those in papers of the kind."""
        kind = self.where.partition("|")[0]
        places = (f"{kind}|", f"{self.where}|")
        return dict.fromkeys(
            [*self.features, *(place + feature for place in places for feature in (*self.features, ""))], 1
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+", type=Path, help="annotated papers, as JSON Lines")
    parser.add_argument("-o", "--out", type=Path, default=DATA / "relations.json")
    parser.add_argument("--strength", type=float, default=STRENGTH, help="inverse of the regularisation")
    parser.add_argument("--check", type=int, metavar="FOLDS", help="say how right it is, write nothing")
    parser.add_argument("--on", nargs="+", type=Path, help="with --check: train on GOLD, judge these papers")
    asked = parser.parse_args(arguments)
    found = [example for path in asked.gold for example in examples(papers(path))]
    if asked.on:
        judged = [example for path in asked.on for example in examples(papers(path))]
        report(judged, [decided(learn(found, asked.strength), example) for example in judged])
    elif asked.check:
        report(*unseen(found, asked.check, asked.strength))
    else:
        model = learn(found, asked.strength)
        asked.out.write_text(dumps(model), encoding="utf-8")
        print(f"{len(found)} examples, {len(model.weights)} features, {asked.out}")


# --- examples ----------------------------------------------------------------------------------------------


def papers(path: Path) -> list[Mapping[str, Any]]:
    """Read annotated papers."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def examples(annotations: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Read papers, and pair what the model would have to decide with what annotators decided."""
    seen: dict[str, tuple[str, tuple[str, ...], str]] = {}

    class Recorder(Surroundings):
        def weigh(self, entity: Entity, features: set[str], ruled: str) -> tuple[str, float]:
            seen[entity.id] = group(entity, self.makes), tuple(sorted(features)), ruled
            return ruled, 1.0

    found = []
    before, engine.Surroundings = engine.Surroundings, Recorder  # type: ignore[misc]
    try:
        extractor = Extractor()
        for paper in annotations:
            seen.clear()
            mentions = extractor.extract(paper["title"], paper["abstract"]).mentions
            mine = [
                Thing(m.label, m.name, [span.text for span in m.spans], m.relation, node=m.id).close()
                for m in mentions
            ]
            theirs = [annotated(entity) for entity in paper["entities"]]
            for i, j in sorted(match(mine, theirs).items()):
                if mine[i].node in seen and theirs[j].relation in RELATIONS:
                    name = str(paper.get("id", paper["title"]))
                    found.append(Example(name, *seen[mine[i].node], theirs[j].relation))
    finally:
        engine.Surroundings = before  # type: ignore[misc]
    return found


# --- learning ----------------------------------------------------------------------------------------------


def learn(found: Sequence[Example], strength: float) -> LinearModel:
    """Train on examples; the scores of the model are such that their softmax is how often it is right."""
    named = [example.named() for example in found]
    counts = Counter(name for names in named for name in names)
    kept = [{name: 1 for name in sorted(names) if counts[name] >= RARE} for names in named]
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(kept)
    learner = LogisticRegression(C=strength, max_iter=5000, tol=1e-6, random_state=0)
    learner.fit(matrix, [example.relation for example in found])
    order = [learner.classes_.tolist().index(name) for name in RELATIONS]
    weights: dict[str, Row] = {}
    for column, name in enumerate(vectorizer.get_feature_names_out()):
        row = tuple(round(float(learner.coef_[at, column]), 2) for at in order)
        if any(abs(value) >= 0.02 for value in row):
            weights[str(name)] = row
    bias = tuple(round(float(learner.intercept_[at]), 2) for at in order)
    return LinearModel(RELATIONS, bias, dict(sorted(weights.items())))


def dumps(model: LinearModel) -> str:
    """Write a model, a feature a line."""
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(row)}" for name, row in model.weights.items())
    head = f'{{"labels": {json.dumps(model.labels)}, "bias": {json.dumps(model.bias)}'
    return f'{head}, "weights": {{\n{rows}\n}}}}\n'


# --- how right it is ---------------------------------------------------------------------------------------


def decided(model: LinearModel, example: Example) -> tuple[str, float]:
    """Let a model decide about an example."""
    return decide(*fold(model), example.where, example.features)


def unseen(
    found: Sequence[Example], folds: int, strength: float
) -> tuple[list[Example], list[tuple[str, float]]]:
    """Decide every example by a model that was trained without its fold of papers."""
    judged: list[Example] = []
    said: list[tuple[str, float]] = []
    cut = GroupKFold(folds, shuffle=True, random_state=0)
    for train, test in cut.split(found, groups=[example.paper for example in found]):
        model = learn([found[i] for i in train], strength)
        judged += (found[i] for i in test)
        said += (decided(model, found[i]) for i in test)
    return judged, said


def report(judged: Sequence[Example], said: Sequence[tuple[str, float]]) -> None:
    """Print how right rules and model are, what is taken for what, and what confidence is worth."""
    relations = [example.relation for example in judged]
    ruled = [example.ruled for example in judged]
    chosen = [relation for relation, _ in said]
    print(f"{len(judged)} examples: rules {_share(ruled, relations)}, model {_share(chosen, relations)}")
    for kind in sorted({example.where for example in judged}):
        rows = [i for i, example in enumerate(judged) if example.where == kind]
        there = [relations[i] for i in rows]
        rules, model = _share([ruled[i] for i in rows], there), _share([chosen[i] for i in rows], there)
        print(f"  {kind:18} {len(rows):4}  rules {rules}  model {model}")
    print("annotated \\ model".ljust(18), *(name.rjust(14) for name in RELATIONS))
    pairs = Counter(zip(relations, chosen, strict=True))
    for name in RELATIONS:
        print(name.ljust(18), *(str(pairs[name, other]).rjust(14) for other in RELATIONS))
    print("confidence    entities  mean confidence  right")
    sure = np.array([confidence for _, confidence in said])
    right = np.array(chosen) == np.array(relations)
    edges = (0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
    for low, high in pairwise(edges):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            means = f"{sure[inside].mean():15.3f}  {right[inside].mean():.3f}"
            print(f"{low:.1f} to {min(high, 1):.1f}    {inside.sum():8}  {means}")


def _share(said: Sequence[str], meant: Sequence[str]) -> str:
    return f"{sum(map(str.__eq__, said, meant)) / max(1, len(meant)):.3f}"


if __name__ == "__main__":
    main()
