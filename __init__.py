"""citegraph: a pile of machine-learning papers as a citation knowledge graph that quotes its evidence."""

from ._version import __version__

__all__ = ["__version__"]
