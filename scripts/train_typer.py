"""Train the model that tells methods, models and benchmarks apart: ``train_typer.py ABSTRACTS.jsonl...``.

It learns from papers that say what their thing is ("NAME, a benchmark for ..."), and so needs no annotation: each
such name counts twice, once with everything known about it and once without the words that say it. Each line of the
input holds ``title`` and ``abstract`` (or ``summary``). Needs scikit-learn; what it writes does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from citegraph.loaders.extract import Extractor, engine
from citegraph.loaders.extract.linear import DATA
from citegraph.loaders.extract.naming.entities import Gatherer
from citegraph.loaders.extract.naming.kinds import kind_of_head
from citegraph.loaders.extract.naming.typer import LABELS, concept
from citegraph.loaders.extract.things import Candidate, Place

SAYING = ("head", "score=", "clear=", "rules=")


def main() -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("abstracts", nargs="+", type=Path)
    parser.add_argument(
        "--without", nargs="*", type=Path, default=[], help="leave out papers with these titles"
    )
    parser.add_argument("--out", type=Path, default=DATA / "typer.json")
    parser.add_argument("--strength", type=float, default=0.3, help="the inverse of the regularisation")
    arguments = parser.parse_args()
    left_out = {plain(title) for path in arguments.without for title, _ in papers(path)}
    examples = []
    for path in arguments.abstracts:
        examples += labelled((t, a) for t, a in papers(path) if plain(t) not in left_out)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(features, 1) for features, _ in examples])
    learner = LogisticRegression(C=arguments.strength, max_iter=5000).fit(
        matrix, [kind for _, kind in examples]
    )
    weights = {
        str(feature): [round(float(value), 3) for value in learner.coef_[:, column]]
        for column, feature in enumerate(vectorizer.get_feature_names_out())
        if abs(learner.coef_[:, column]).max() >= 0.02
    }
    bias = [round(float(value), 3) for value in learner.intercept_]
    rows = ",\n".join(
        f" {json.dumps(feature)}: {json.dumps(row)}" for feature, row in sorted(weights.items())
    )
    labels = json.dumps(learner.classes_.tolist())
    text = f'{{"labels": {labels}, "bias": {json.dumps(bias)}, "weights": {{\n{rows}\n}}}}\n'
    arguments.out.write_text(text, encoding="utf-8")
    print(f"{len(examples)} examples, {len(weights)} features, {arguments.out}")


def plain(title: str) -> str:
    """Return a title without everything its spellings differ in."""
    return "".join(c for c in title.lower() if c.isalnum())


def papers(path: Path) -> Iterator[tuple[str, str]]:
    """Read titles and abstracts."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["title"], row.get("abstract") or row.get("summary") or ""


def labelled(rows: Iterator[tuple[str, str]]) -> list[tuple[list[str], str]]:
    """Find own things whose kind the paper says, and what else is known about them."""
    found: list[tuple[list[str], str]] = []

    class Recorder(Gatherer):
        def _own_label(self, candidate: Candidate, label: str, places: list[Place]) -> str:
            known = self._evidence(candidate, label, places)
            kinds = {kind_of_head(head) for head in candidate.heads}
            kinds |= {feature[7:-1] for feature in known if feature[:7] == "beside=" and feature[-1] == "4"}
            kinds.discard(None)
            if len(kinds) == 1 and (kind := str(next(iter(kinds)))) in LABELS:
                said = {concept(head) for head in candidate.heads}
                found.append((known, kind))
                found.append(([feature for feature in known if not _says(feature, kind, said)], kind))
            return label if label in LABELS else "Method"

    before, engine.Gatherer = engine.Gatherer, Recorder  # type: ignore[misc]
    try:
        extractor = Extractor()
        for title, abstract in rows:
            extractor.extract(title, abstract)
    finally:
        engine.Gatherer = before  # type: ignore[misc]
    return found


def _says(feature: str, kind: str, said: set[str]) -> bool:
    """Whether the feature comes from the words that say the kind."""
    if feature.startswith(SAYING) or (feature[:7] == "beside=" and feature[7:] in (kind, f"{kind}4")):
        return True
    return feature[:6] in ("first~", "after~") and feature[6:] in said


if __name__ == "__main__":
    main()
