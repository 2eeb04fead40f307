"""What can go wrong when a service is asked.

EnrichError
├── NoAnswerError         this request got no usable answer, others may
│   ├── RefusedError      it was refused as it is; a smaller one may not be
│   ├── UnreachedError    the service could not be reached
│   └── NotCachedError    it would have to be sent, and only what is cached may be used
└── ServiceDownError      the service gives no answers now; it is left out for this run
    └── BudgetSpentError  what it allows in a day has been used up
"""

from __future__ import annotations

from ...graph.errors import CitegraphError


class EnrichError(CitegraphError):
    """Root of what can go wrong when a service is asked."""

    def __init__(self, service: str, reason: str) -> None:
        self.service = service
        self.reason = reason
        super().__init__(f"{service}: {reason}")


class NoAnswerError(EnrichError):
    """This request got no usable answer, others may."""


class RefusedError(NoAnswerError):
    """The service refuses this request as it is, and would again."""


class UnreachedError(NoAnswerError):
    """The service could not be reached, or broke off before its answer was whole."""


class NotCachedError(NoAnswerError):
    """The request would have to be sent, and only what is cached may be used."""


class ServiceDownError(EnrichError):
    """The service gives no answers now; it is left out for this run."""


class BudgetSpentError(ServiceDownError):
    """What the service allows in a day has been used up; ``seconds`` until it says to come again."""

    def __init__(self, service: str, reason: str, seconds: float) -> None:
        super().__init__(service, reason)
        self.seconds = seconds
