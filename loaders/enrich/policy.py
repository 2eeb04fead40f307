"""How each service wants to be asked: how often, by how many at once, and what of an answer is believed at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Policy:
    """The manners one service asks for.

    Attributes
    ----------
    service
        Its name, as ``--from`` takes it.
    base
        Address that requests are relative to.
    interval
        Seconds from one request to the next, over all processes of the machine.
    interval_with_key
        The same for those who have a key, where that differs.
    connections
        Requests at a time, over the threads of a run; with ``alone``, one over all processes.
    key_variables, key_header, key_parameter
        Environment variables that may hold a key, and where the key goes; a service that wants an address of e-mail
        takes it like a key.
    attempts
        How often one request is sent at most.
    timeout
        Seconds to wait for a connection, and for the next bytes.
    deadline
        Seconds one request may take, with its repetitions and pauses.
    longest_wait
        Seconds of a ``Retry-After`` that are waited for; a longer one ends the run for this service.
    largest
        Bytes of an answer.
    fresh, absent
        Seconds for which an answer, and the answer that there is nothing, are kept.
    hosts
        Further hosts that a redirect may lead to.
    busy
        Statuses by which this service says that it is busy, beside those that all use.
    doubt
        Tells by the address asked and the body what is wrong with an answer that looks like one.
    """

    service: str
    base: str
    interval: float = 1.0
    interval_with_key: float | None = None
    connections: int = 1
    alone: bool = False
    key_variables: tuple[str, ...] = ()
    key_header: str | None = None
    key_prefix: str = ""
    key_parameter: str | None = None
    attempts: int = 5
    timeout: float = 30.0
    deadline: float = 300.0
    longest_wait: float = 120.0
    largest: int = 64 << 20
    fresh: float = 30 * 86_400.0
    absent: float = 7 * 86_400.0
    hosts: tuple[str, ...] = field(default=())
    busy: tuple[int, ...] = ()
    doubt: Callable[[str, bytes], str | None] | None = field(default=None, compare=False)

    @property
    def pause(self) -> float:
        """Seconds from one request to the next, for who asks."""
        return self.interval if self.interval_with_key is None or not self.key() else self.interval_with_key

    def key(self) -> str | None:
        """Return the key the environment holds, of the first variable that is set."""
        for name in self.key_variables:
            if value := os.environ.get(name, "").strip():
                return value
        return None
