"""The extractor itself: ask, verify, remember; and let the rules read what got no answer."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ...graph.records import Coinage, Extraction
from ..extract import Extractor, Lexicon
from ..extract.text import Document
from ..refusal import quoted
from .answer import read_answer
from .cache import Cache, default_path, question_hash
from .client import Answer, Endpoint, EndpointError, NoAnswerError
from .identity import Context, Names
from .prompt import SCHEMA, SYSTEM, VERSION, question
from .verify import verify

Fallback = Literal["rules", "stop"]

_MEMORY = ":memory:"

_MOST_CHARACTERS = 20_000
"""Longer texts are no abstracts, and would be paid for."""

_GIVE_UP = 10
"""Failures in a row after which the endpoint is taken to be down, and asked no more."""


@dataclass(slots=True)
class Reading:
    """How papers were read, so far.

    Attributes
    ----------
    model, endpoint
        Who was asked, and where.
    asked, cached, by_rules
        Papers that the model read now, whose answers were remembered, and that the rules read instead.
    failures
        Why the rules had to, each reason with the number of papers.
    dropped
        What was not believed, by reason.
    tokens_in, tokens_out
        As the endpoint counted them.
    """

    model: str
    endpoint: str
    asked: int = 0
    cached: int = 0
    by_rules: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


def _plain(value: Any) -> Any:
    return dict(value.most_common()) if isinstance(value, Counter) else value


class Asked(Protocol):
    """Who is asked: an :class:`Endpoint`, or what stands in for one.

    Attributes
    ----------
    model, place
        The name of the model, and the address as messages show it.
    """

    @property
    def model(self) -> str: ...
    @property
    def place(self) -> str: ...

    def ask(self, system: str, user: str, schema: Mapping[str, Any]) -> Answer:
        """Ask one question; see :meth:`Endpoint.ask`."""
        ...

    def cancel(self) -> None:
        """Call off the requests that are under way."""

    def close(self) -> None:
        """Let go of the network."""


class Silence:
    """An endpoint that answers nothing, for who goes by what is remembered."""

    def __init__(self, model: str) -> None:
        self.model, self.place = model, "nowhere"

    def ask(self, system: str, user: str, schema: Mapping[str, Any]) -> Answer:
        """Give no answer."""
        raise NoAnswerError(f"{self.model} has not been asked")

    def cancel(self) -> None:
        """Call off nothing."""

    def close(self) -> None:
        """Let go of nothing."""


class LLMExtractor:
    """Reads papers by a language model, and believes it as far as the text bears it out.

    Parameters
    ----------
    model, url
        As for :class:`Endpoint`.
    cache
        File that keeps the answers; None is one in the user's cache folder, ``":memory:"`` none at all.
    fallback
        What happens to a paper that gets no answer: the ``rules`` read it, or all ``stop``.
    lexicon
        What is known beforehand; by default the lexicon that comes with citegraph.
    timeout
        Seconds one answer may take.
    endpoint
        Whom to ask, instead of ``model`` and ``url``.

    Attributes
    ----------
    reading : Reading
        What became of the papers so far.

    Raises
    ------
    EndpointError
        The extra is not installed, or no model is named.
    StoreError
        The cache cannot be opened.

    Notes
    -----
    Threads may share it. The same answer to the same text always gives the same extraction.
    """

    def __init__(
        self,
        model: str | None = None,
        url: str | None = None,
        *,
        cache: str | os.PathLike[str] | None = None,
        fallback: Fallback = "rules",
        lexicon: Lexicon | None = None,
        timeout: float = 180.0,
        endpoint: Asked | None = None,
    ) -> None:
        self._endpoint: Asked = endpoint if endpoint is not None else Endpoint(model, url, timeout=timeout)
        self._fallback = fallback
        path = default_path() if cache is None else cache
        self._cache = Cache(None if path == _MEMORY else path)
        self._lexicon = lexicon
        self._known: tuple[Extractor, Names] | None = None
        self.reading = Reading(self._endpoint.model, self._endpoint.place)
        self._lock = threading.Lock()
        self._read: set[bytes] = set()
        self._failed: dict[bytes, str] = {}
        self._in_a_row = 0

    @classmethod
    def remembering(cls, model: str, cache: str | os.PathLike[str] | None) -> LLMExtractor:
        """Return one that gives a model's answers again as far as a cache holds them, and asks nobody."""
        return cls(cache=cache or _MEMORY, endpoint=Silence(model))

    @property
    def name(self) -> str:
        """What its spans say they were found by."""
        return f"llm:{self._endpoint.model}@{VERSION}"

    @property
    def complete(self) -> bool:
        """Whether every paper so far got an answer."""
        return not self._failed

    @property
    def recipe(self) -> dict[str, Any]:
        """What :meth:`remembering` needs: the model and the cache."""
        path = self._cache.path
        return {"model": self._endpoint.model, "cache": None if path is None else str(path.resolve())}

    def learn(self, lexicon: Lexicon) -> None:
        """Know beforehand what a lexicon says, from the next paper on."""
        self._lexicon, self._known = lexicon, None
        self._knowledge()

    def _knowledge(self) -> tuple[Extractor, Names]:
        with self._lock:
            if self._known is None:
                lexicon = self._lexicon if self._lexicon is not None else Lexicon.load()
                self._known = Extractor(lexicon), Names(lexicon)
            return self._known

    def extract(self, title: str, abstract: str, names: tuple[Coinage, ...] = ()) -> Extraction:
        """Read one paper.

        Parameters
        ----------
        title, abstract
            The texts exactly as they are stored: every span quotes them character by character.
        names
            Names in it that other papers coined.

        Returns
        -------
        Extraction
            As from the rules; the spans say which of both found them.

        Raises
        ------
        EndpointError
            The endpoint cannot be used at all; or, under ``fallback="stop"``, gave no answer for this paper.
        StoreError
            The cache is damaged.
        """
        asked = question_hash(self._endpoint.model, VERSION, SYSTEM, SCHEMA, title, abstract)
        rules, known = self._knowledge()
        ruled = rules.extract(title, abstract, names)
        try:
            answer, remembered = self._answer(asked, title, abstract)
        except NoAnswerError as error:
            if self._fallback == "stop":
                raise EndpointError(
                    f"{_begun(str(error))}, when asked about {quoted(title)}; nothing was changed."
                ) from None
            self._fail(asked, str(error))
            return ruled
        document = Document(title, abstract)
        context = Context(document, ruled, known.hits(document))
        verified = verify(answer, context, ruled, known, self.name)
        with self._lock:
            if asked not in self._read:  # a paper may be read twice, but is reported once
                self._read.add(asked)
                self.reading.asked += not remembered
                self.reading.cached += remembered
                self.reading.dropped.update(+verified.dropped)
        return verified.extraction

    def cancel(self) -> None:
        """Call off the requests that are under way; who waits for them is told that there is no answer."""
        self._endpoint.cancel()

    def _answer(self, asked: bytes, title: str, abstract: str) -> tuple[dict[str, Any], bool]:
        """Return the answer to a question, and whether it was remembered."""
        kept = self._cache.get(asked)
        known = None if kept is None else read_answer(kept)
        if known is not None:
            return known, True
        if asked in self._failed:
            raise NoAnswerError(self._failed[asked])
        if len(title) + len(abstract) > _MOST_CHARACTERS:
            raise NoAnswerError(f"the text has more than {_MOST_CHARACTERS:,} characters")
        if self._in_a_row >= _GIVE_UP:
            raise NoAnswerError(
                f"{self._endpoint.place} was asked no more after {_GIVE_UP} failures in a row"
            )
        try:
            sent = self._endpoint.ask(SYSTEM, question(title, abstract), SCHEMA)
            new = read_answer(sent.content)
            if new is None:
                raise NoAnswerError(
                    f"the answer of {self._endpoint.model} holds no JSON object of the asked-for form"
                )
        except NoAnswerError:
            with self._lock:
                self._in_a_row += 1
            raise
        self._cache.put(asked, self._endpoint.model, sent.content)
        with self._lock:
            self._in_a_row = 0
            self.reading.tokens_in += sent.tokens_in
            self.reading.tokens_out += sent.tokens_out
        return new, False

    def _fail(self, asked: bytes, reason: str) -> None:
        with self._lock:
            if asked not in self._failed:
                self._failed[asked] = reason
                self.reading.by_rules += 1
                self.reading.failures[reason] += 1

    def close(self) -> None:
        """Close the cache and the connection; the extractor cannot be used afterwards."""
        self._endpoint.close()
        self._cache.close()

    def __enter__(self) -> LLMExtractor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _begun(sentence: str) -> str:
    """Begin a sentence with a capital, unless it begins with an address."""
    return sentence if sentence.startswith("http") else sentence[:1].upper() + sentence[1:]
