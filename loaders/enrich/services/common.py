"""What services have in common: papers asked for one by one or together, answers that become records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import orjson

from ....graph.partition import keys_of
from ....graph.records import Paper, Reference
from ...reading.catalogue import Names
from ...reading.fields import FieldError
from ...refusal import quoted
from ..errors import NoAnswerError
from ..http import Reply
from ..matching import believed, best, identifiers_of
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted

T = TypeVar("T")

SHOWN = 5
"""Works of a search for a title that are looked at."""

_WORDS = re.compile(r"[^\w\s]+|_")


@dataclass(frozen=True, slots=True)
class Asked(Ask):
    """A request that remembers what it is for.

    Attributes
    ----------
    kind
        ``id``, ``title`` or ``citing``.
    tried
        How many identifiers of the paper were asked for before, or pages.
    citing
        Whether to ask for the works that cite it once it is found.
    """

    kind: str = "id"
    tried: int = 0
    citing: bool = False


class Common:
    """A service as far as it is like the others."""

    name: str
    format: str
    policy: Policy

    def __init__(self, base: str | None = None) -> None:
        if base is not None:
            self.policy = replace(self.policy, base=base.rstrip("/"))

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield the requests by which to ask about papers."""
        raise NotImplementedError

    def smaller(self, ask: Ask) -> Iterator[Ask]:
        """Yield requests for less, in place of one that was refused as it was; none where it asks for one paper."""
        middle = len(ask.papers) // 2
        if middle and not ask.more:
            citing = isinstance(ask, Asked) and ask.citing
            for half in (ask.papers[:middle], ask.papers[middle:]):
                yield from self.asks(half, citing=citing)

    def parsed(self, reply: Reply) -> Any:
        """Return the JSON of an answer.

        Raises
        ------
        NoAnswerError
            It is none.
        """
        try:
            return orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            raise NoAnswerError(self.name, "its answer is not JSON.") from None

    def strange(self, error: FieldError) -> NoAnswerError:
        """Return the error of an answer that is not as this service answers."""
        return NoAnswerError(self.name, f"its answer is not as expected: {error}.")


def own_id(wanted: Wanted, kind: str) -> list[str]:
    """Return all identifiers of a kind that a paper has, its own first."""
    own = {"arxiv": wanted.arxiv_id, "doi": wanted.doi, "openalex": wanted.openalex_id, "s2": wanted.s2_id}
    found = dict.fromkeys([own.get(kind) or ""])
    for key in (wanted.id, *wanted.also):
        if key.startswith(f"{kind}:") and "#" not in wanted.id:
            found[key.removeprefix(f"{kind}:")] = None
    return [value for value in found if value]


def words(title: str) -> str:
    """Return the words of a title, without signs that a search would take for commands.

    Examples
    --------
    >>> words('Attention: is it "all" (you) need?')
    'Attention is it all you need'
    """
    return " ".join(_WORDS.sub(" ", title).split())[:300]


def batches(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """Split into tuples of a size."""
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])


# --- records -----------------------------------------------------------------------------------------------


def joined(wanted: Wanted, record: Paper) -> Paper:
    """Return a record that has a key of the paper it is about, so that it becomes part of it.

    The id of a paper that was told apart from others of its title is no key.
    """
    if "#" in wanted.id and wanted.id.startswith("title:"):
        return record
    keys = keys_of(record)
    own = {wanted.anchor or wanted.id}
    if not identifiers_of(wanted) & {*keys, *own}:
        own.add(wanted.id)
    return replace(record, also=(*record.also, *sorted(own - set(keys))))


def citation(kind: str, identifier: str) -> Reference:
    """Return a reference to a paper by what a service knows it by.

    It has nothing else, so that it is the same whatever has come to be known of the paper since.
    """
    names = Names()
    names.add(kind, identifier)
    return Reference(**names.own, also=names.also)


def citing(paper: Paper, cited: Reference) -> Paper:
    """Return a paper that cites the one asked for, whatever it says itself of its references."""
    keys = set(keys_of(cited))
    others = tuple(reference for reference in paper.references if not keys & set(keys_of(reference)))
    return replace(paper, references=(cited, *others))


def answer(wanted: Wanted, make: Callable[[], Paper | None], *, vouched: bool = True) -> Answer:
    """Return what a service says of a paper it was asked for by an identifier."""
    try:
        record = make()
    except FieldError as error:
        return Answer(wanted.id, None, f"its record cannot be read: {error}")
    if record is None:
        return Answer(wanted.id, None)
    reason = believed(wanted, record, vouched=vouched)
    return Answer(wanted.id, None, reason) if reason else Answer(wanted.id, joined(wanted, record))


def chosen(wanted: Wanted, found: Iterable[Callable[[], Paper | None]]) -> Answer:
    """Return which of the works that a search found is the paper, if any."""
    records, faults = [], []
    for make in found:
        try:
            record = make()
        except FieldError as error:
            faults.append(f"its record cannot be read: {error}")
        else:
            if record is not None:
                records.append(record)
    record, reason = best(wanted, records)
    if record is not None:
        return Answer(wanted.id, joined(wanted, record))
    return Answer(wanted.id, None, reason or next(iter(faults), ""))


def itself(record: Paper | None) -> Paper | None:
    """Return a record that has been made already."""
    return record


def wrong_page(what: str, value: Any) -> FieldError:
    """Return the error of a page that has not the list it should have."""
    return FieldError(f"{what} is {quoted(type(value).__name__)}, not a list")
