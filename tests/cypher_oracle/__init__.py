"""Random queries on random graphs, answered by the engine and by another one: they must agree row by row.

``graphs`` draws small property graphs, ``queries`` draws read queries that mean something, ``compare`` holds two
answers against each other, ``arcade`` asks the other engine (``pip install citegraph[oracle]``), ``run`` does all of
it. ``differences.toml`` lists where the other engine is known to answer otherwise, with the reason.
"""
