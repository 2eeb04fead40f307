"""The engine passes the openCypher conformance kit, but for the scenarios that ``tck/misses.toml`` explains."""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import shared
from tck.features import feature_files, read_feature, read_kit
from tck.run import details, graphs_of, read_misses, surprises, try_scenario

KIT = shared("tck")
MISSES = read_misses()
FEATURES = feature_files(KIT)


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: str(path.relative_to(KIT / "features")))
def test_scenarios_pass_unless_listed_as_misses(path):
    outcomes = [try_scenario(scenario, graphs_of(KIT)) for scenario in read_feature(path, KIT)]
    failures, passes = surprises(outcomes, MISSES)
    assert not failures, "\n\n".join(map(details, failures))
    assert not passes, f"take off misses.toml, they pass now: {', '.join(found.id for found in passes)}"


def test_every_scenario_has_an_id_of_its_own_and_every_listed_miss_is_one():
    ids = Counter(scenario.id for scenario in read_kit(KIT))
    assert max(ids.values()) == 1
    assert set(MISSES) <= set(ids)


def test_every_listed_miss_has_a_reason():
    assert all(reason.strip() for reason in MISSES.values())
