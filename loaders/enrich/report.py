"""What an enrichment did: counted by service, with what went wrong and what contradicts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...graph.provenance import Contradiction
from .wanted import Answer


@dataclass(slots=True)
class ServiceReport:
    """What one service was asked and what it said.

    Attributes
    ----------
    asked, found, absent, refused, unanswered
        Papers: asked about; of which it has a record that was believed; has none; has another's; gave no answer.
    changed
        Records that are new or other than those the graph had of the service.
    planned
        Requests that it would take, where nothing was asked.
    requests, cached, repeated
        Requests sent, answers that cost none, requests sent again.
    waited
        Seconds of pauses before repetitions.
    remaining
        What the service says is left of a budget.
    stopped
        Why it was asked no more, where it was.
    faults
        What went wrong, once each; ``refusals`` why answers were not believed, by paper.
    """

    asked: int = 0
    found: int = 0
    absent: int = 0
    refused: int = 0
    unanswered: int = 0
    changed: int = 0
    planned: int = 0
    requests: int = 0
    cached: int = 0
    repeated: int = 0
    waited: float = 0.0
    remaining: str | None = None
    stopped: str = ""
    faults: list[str] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def count(self, answers: dict[str, Answer]) -> None:
        """Count papers by the last answer about each."""
        self.asked = len(answers)
        self.found = sum(answer.record is not None for answer in answers.values())
        self.unanswered = sum(answer.unanswered for answer in answers.values())
        self.refusals = [
            (paper, answer.reason) for paper, answer in sorted(answers.items()) if _not_believed(answer)
        ]
        self.refused = len(self.refusals)
        self.absent = self.asked - self.found - self.unanswered - self.refused
        self.faults = sorted({a.reason for a in answers.values() if a.unanswered and a.reason})


def _not_believed(answer: Answer) -> bool:
    return answer.record is None and bool(answer.reason) and not answer.unanswered


@dataclass(slots=True)
class EnrichReport:
    """What enrichment did, by service, and where sources contradict one another.

    ``known`` counts papers that were not asked about because the graph has the service's record.
    """

    services: dict[str, ServiceReport] = field(default_factory=dict)
    papers: int = 0
    known: dict[str, int] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    dry_run: bool = False

    @property
    def changed(self) -> int:
        """How many records came or changed."""
        return sum(report.changed for report in self.services.values())
