"""Where a graph on a server lives: ``neo4j://host:port/database?prefix=…``, with who asks from the environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ..errors import StoreError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

PREFIX = re.compile(r"[A-Za-z]\w{0,30}")
"""What may stand before our labels."""


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j server, a database in it, and the prefix of our labels where others live there too.

    The password is no part of what is shown, compared or printed.
    """

    uri: str
    user: str
    database: str | None
    prefix: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address.

        ``$NEO4J_USERNAME`` and ``$NEO4J_DATABASE`` fill in what it leaves out; ``$NEO4J_PASSWORD`` alone holds the
        password.

        Raises
        ------
        StoreError
            The address cannot be read, or holds a password.
        """
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise StoreError(f"{_shown(text)} is no address of a server: {error}.") from error
        if parts.scheme not in SCHEMES:
            raise StoreError(f"{_shown(text)} is no address of a Neo4j server; write neo4j://HOST:7687.")
        if parts.password is not None:
            raise StoreError(
                f"Leave the password out of {_shown(text)}, where others can see it; set NEO4J_PASSWORD instead."
            )
        if not parts.hostname:
            raise StoreError(f"{_shown(text)} names no host; write neo4j://HOST:7687.")
        asked = parse_qs(parts.query)
        unknown = sorted(set(asked) - {"prefix"})
        if unknown:
            raise StoreError(f"{_shown(text)}: the option {unknown[0]!r} is unknown; there is ?prefix=….")
        prefix = asked.get("prefix", [""])[0]
        if prefix and not PREFIX.fullmatch(prefix):
            raise StoreError(f"{_shown(text)}: a prefix is letters, digits and _, not {prefix!r}.")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        database = parts.path.strip("/") or os.environ.get("NEO4J_DATABASE") or None
        user = parts.username or os.environ.get("NEO4J_USERNAME") or "neo4j"
        return cls(f"{parts.scheme}://{host}:{port or 7687}", user, database, prefix)

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password as the driver wants them; None where the environment holds no password."""
        password = os.environ.get("NEO4J_PASSWORD")
        return (self.user, password) if password is not None else None

    def __str__(self) -> str:
        database = f"/{self.database}" if self.database else ""
        return f"{self.uri}{database}{f'?prefix={self.prefix}' if self.prefix else ''}"


def _shown(text: str) -> str:
    """Return an address without a password."""
    return re.sub(r"//([^/@:]*):[^/@]*@", r"//\1:…@", text)
