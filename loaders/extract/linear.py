"""Linear models over named features: the small learned judgements beside the rules.

A model is a JSON file ``{"labels": [...], "bias": [...], "weights": {feature: [...]}}`` with one number per label,
written by the scripts that train it. Features are names of a closed vocabulary; unknown ones count nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Labels, and what each feature speaks for each of them."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    @classmethod
    def read(cls, path: Path) -> LinearModel:
        """Read a model from its file."""
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = {feature: tuple(values) for feature, values in data["weights"].items()}
        return cls(tuple(data["labels"]), tuple(data["bias"]), weights)

    def scores(self, features: Iterable[str]) -> list[float]:
        """Return one score per label; of a model with one label, positive means yes."""
        weights = self.weights
        rows = [weights[feature] for feature in features if feature in weights]
        return list(map(sum, zip(self.bias, *rows, strict=True)))

    def best(self, features: Iterable[str]) -> str:
        """Return the label of the highest score."""
        totals = self.scores(features)
        return self.labels[totals.index(max(totals))]


@cache
def shipped(name: str) -> LinearModel:
    """Return the model ``name`` that comes with citegraph."""
    return LinearModel.read(DATA / f"{name}.json")
