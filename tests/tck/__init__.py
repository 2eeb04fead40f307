"""The openCypher conformance kit, run against the Cypher engine.

The kit itself is not part of the project; ``make tck TCK=path`` runs a copy of it. ``features`` reads the scenarios,
``expected`` the values in their tables, ``canonical`` makes both sides comparable, ``effects`` says what a query
changed, ``scenario`` runs one scenario, ``run`` all of them. ``misses.toml`` lists the scenarios that are known to
fail, each with its reason.
"""
