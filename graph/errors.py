"""Every error citegraph raises on purpose, under one root.

    CitegraphError
    ├── InputError            an input cannot be read at all
    ├── RefusedRecordError    a record was refused under ``strict``
    ├── SchemaError           a node or edge the schema does not allow
    ├── StoreError            the graph file or server cannot do what was asked
    │   ├── LockedError       another process is writing
    │   └── VersionError      written by a newer citegraph
    ├── NotFoundError         no node, source or paper of that name
    └── QueryError            a question that cannot be answered as asked

The message is one sentence that names the thing, the place and the remedy; the command line prints it as it is.
"""

from __future__ import annotations


class CitegraphError(Exception):
    """Root of all errors raised by citegraph."""


class InputError(CitegraphError):
    """An input cannot be read at all: missing, unreadable, or in no known format."""


class RefusedRecordError(CitegraphError):
    """A record was refused while ``strict`` was asked for."""


class SchemaError(CitegraphError):
    """A node, edge or property that the schema does not allow."""


class StoreError(CitegraphError):
    """The store cannot do what was asked of it."""


class LockedError(StoreError):
    """Another process is writing to the graph."""


class VersionError(StoreError):
    """The graph was written by a newer version of citegraph."""


class NotFoundError(CitegraphError):
    """No node, source or paper answers to that name."""


class QueryError(CitegraphError):
    """A question that cannot be answered as asked."""
