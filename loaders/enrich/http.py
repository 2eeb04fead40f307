"""One way to ask every service: at its pace, again where that may help, from the cache where that is possible."""

from __future__ import annotations

import os
import random
import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

from ..refusal import printable
from .cache import Cache, default_folder, key_of
from .clock import Clock, SystemClock
from .errors import (
    BudgetSpentError,
    NoAnswerError,
    NotCachedError,
    RefusedError,
    ServiceDownError,
    UnreachedError,
)
from .limits import Turns
from .policy import Policy
from .transport import USER_AGENT, FaultError, HttpTransport, Raw, Transport, WrongPlaceError

_FAILURES = 3
"""Requests in a row without an answer, after which a service is left out."""

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LONGEST_WINDOW = 300.0
_HOURS = 1800.0
"""Seconds; who asks to come again after longer than this speaks of a budget, not of a moment's load."""

_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status 200, or 404 for "there is no such thing"; ``cached`` where it cost no request.

    ``key`` is what the cache knows it by.
    """

    status: int
    body: bytes
    cached: bool = False
    key: str = ""

    @property
    def found(self) -> bool:
        """Whether there is anything."""
        return self.status == 200


@dataclass
class Count:
    """What asking one service has cost so far."""

    requests: int = 0
    cached: int = 0
    repeated: int = 0
    waited: float = 0.0
    remaining: str | None = None


class Client:
    """Asks services.

    Parameters
    ----------
    cache
        Folder of the answers, and of the files by which processes take turns.
    offline
        Use only what is cached.
    refresh
        Ask again although an answer is cached.
    transport, clock, chance
        Send requests, tell the time and draw pauses; tests hand in their own.

    Notes
    -----
    Threads may share it. A pause before a repetition is drawn from zero to a bound that doubles ("full jitter",
    Brooker 2015, Exponential Backoff And Jitter), so that many clients do not come again all at once.
    """

    def __init__(
        self,
        cache: Path,
        *,
        offline: bool = False,
        refresh: bool = False,
        transport: Transport | None = None,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.offline, self.refresh = offline, refresh
        self.counts: dict[str, Count] = {}
        self._cache = Cache(cache, self.clock)
        self._turns = Turns(cache, self.clock)
        self._transport = transport
        self._chance = chance or random.Random()
        self._failures: Counter[str] = Counter()
        self._reached: set[str] = set()
        self._down: dict[str, ServiceDownError] = {}
        self._places: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()

    def count(self, service: str) -> Count:
        """Return what asking a service has cost so far."""
        with self._lock:
            return self.counts.setdefault(service, Count())

    def down(self, service: str) -> ServiceDownError | None:
        """Return why a service is left out, None while it is asked."""
        return self._down.get(service)

    @property
    def folder(self) -> Path:
        """Where answers are kept."""
        return self._cache.folder

    def forget(self, reply: Reply) -> None:
        """Forget an answer that turned out to be none, so that it is asked for again."""
        self._cache.drop(reply.key)

    def close(self) -> None:
        """Close the cache."""
        self._cache.close()

    def ask(
        self, policy: Policy, path: str, parameters: Mapping[str, str] | None = None, json: Any = None
    ) -> Reply:
        """Ask a service.

        Parameters
        ----------
        path
            Relative to the service's base, or an address below it.
        parameters
            Of the address; the key is added here and nowhere kept.
        json
            Sent as the body of a POST.

        Raises
        ------
        NoAnswerError
            This request got no usable answer.
        ServiceDownError
            The service gives none, or allows no more.
        """
        method = "GET" if json is None else "POST"
        body = None if json is None else orjson.dumps(json, option=orjson.OPT_SORT_KEYS)
        below = path.startswith((f"{policy.base}/", f"{policy.base}?"))
        address = path if below else f"{policy.base}/{path.lstrip('/')}"
        if parameters:
            address += ("&" if "?" in address else "?") + urlencode(sorted(parameters.items()))
        key = key_of(method, address, body)
        if not self.refresh and (kept := self._cache.get(key)):
            self.count(policy.service).cached += 1
            return Reply(kept[0], kept[2], cached=True, key=key)
        if self.offline:
            raise NotCachedError(
                policy.service, "the answer is not cached, and nothing is sent when offline."
            )
        if down := self._down.get(policy.service):
            raise down
        try:
            raw = self._sent(policy, method, address, body)
        except RefusedError:
            self._failures[policy.service] = 0  # it answers
            raise
        except NoAnswerError as fault:
            self._failed(policy, fault)
            raise
        except ServiceDownError as error:
            with self._lock:
                self._down.setdefault(policy.service, error)
            raise
        self._failures[policy.service] = 0
        self._reached.add(policy.service)
        kind = raw.headers.get("content-type", "")
        lasts = policy.fresh if raw.status == 200 else policy.absent
        self._cache.put(key, address, (raw.status, kind, raw.body), lasts)
        return Reply(raw.status, raw.body, key=key)

    def _failed(self, policy: Policy, fault: NoAnswerError) -> None:
        with self._lock:
            self._failures[policy.service] += 1
            if isinstance(fault, UnreachedError) and policy.service not in self._reached:
                # It has not been heard of at all: to try for every paper would only take time.
                self._down.setdefault(policy.service, ServiceDownError(policy.service, fault.reason))
            elif self._failures[policy.service] >= _FAILURES:
                reason = (
                    f"{_FAILURES} requests in a row got no answer, so it is asked no more; try again later."
                )
                self._down.setdefault(policy.service, ServiceDownError(policy.service, reason))

    # --- sending -------------------------------------------------------------------------------------------

    def _sent(self, policy: Policy, method: str, address: str, body: bytes | None) -> Raw:
        """Send a request until it has an answer, is refused, or has been tried often and long enough."""
        from tenacity import RetryCallState, Retrying, retry_if_exception_type

        begun = self.clock.now()
        count = self.count(policy.service)
        sent = count.requests

        def enough(state: RetryCallState) -> bool:
            late = self.clock.now() + state.upcoming_sleep - begun > policy.deadline
            return late or state.attempt_number >= policy.attempts

        def pause(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome is not None else None
            bound = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (state.attempt_number - 1))
            asked = error.after if isinstance(error, _AgainError) else None
            return (asked or 0.0) + self._chance.uniform(0.0, bound)

        def before_pause(state: RetryCallState) -> None:
            with self._lock:
                count.repeated += 1
                count.waited += state.upcoming_sleep

        try:
            for attempt in Retrying(
                retry=retry_if_exception_type(_AgainError),
                stop=enough,
                wait=pause,
                sleep=self.clock.sleep,
                before_sleep=before_pause,
                reraise=True,
            ):
                with attempt:
                    return self._once(policy, method, address, body, count)
        except _AgainError as error:
            failed = UnreachedError if error.unreached else NoAnswerError
            tries = count.requests - sent
            raise failed(policy.service, f"{error} in {tries} tries." if tries > 1 else f"{error}.") from None
        raise AssertionError("unreachable")

    def _once(self, policy: Policy, method: str, address: str, body: bytes | None, count: Count) -> Raw:
        from requests import Request
        from requests.exceptions import RequestException

        secret = policy.key()
        headers = {
            "Accept": "application/json, application/atom+xml;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": USER_AGENT,
        }
        parameters = {}
        if secret and policy.key_header:
            headers[policy.key_header] = f"{policy.key_prefix}{secret}"
        elif secret and policy.key_parameter:
            parameters[policy.key_parameter] = secret
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            request = Request(method, address, headers=headers, params=parameters, data=body).prepare()
        except (RequestException, ValueError, UnicodeError) as error:
            raise NoAnswerError(
                policy.service, f"the request cannot be made ({type(error).__name__})."
            ) from None
        with self._place(policy), self._turns.turn(policy):
            with self._lock:
                if self._transport is None:
                    self._transport = HttpTransport(self.clock)
                count.requests += 1
            try:
                raw = self._transport.send(request, policy)
            except FaultError as error:
                raise _AgainError(str(error), unreached=True) from None
            except WrongPlaceError as error:
                raise NoAnswerError(policy.service, f"{error}.") from None
        raw = replace(raw, headers={name.lower(): value for name, value in raw.headers.items()})
        self._heed(policy, raw, count)
        return _judged(policy, address, raw, self.clock, secret)

    def _place(self, policy: Policy) -> threading.Semaphore:
        with self._lock:
            return self._places.setdefault(policy.service, threading.Semaphore(policy.connections))

    def _heed(self, policy: Policy, raw: Raw, count: Count) -> None:
        """Keep the pace an answer tells, and what it says is left of a budget."""
        told = pace(raw.headers)
        self._turns.keep(policy, None if told is None else min(told, _LONGEST_WINDOW))
        left = raw.headers.get("x-ratelimit-remaining-usd") or raw.headers.get("x-ratelimit-remaining")
        if left is not None:
            count.remaining = printable(left)[:40]


def client_for(
    cache: str | os.PathLike[str] | None = None, *, offline: bool = False, refresh: bool = False
) -> Client:
    """Return a client that keeps its answers in a folder, by default one of the user's."""
    return Client(default_folder() if cache is None else Path(cache), offline=offline, refresh=refresh)


class _AgainError(Exception):
    """Sent again, the request may have an answer; ``after`` so many seconds if the service says so."""

    def __init__(self, reason: str, after: float | None = None, *, unreached: bool = False) -> None:
        self.after, self.unreached = after, unreached
        super().__init__(reason)


def _judged(policy: Policy, address: str, raw: Raw, clock: Clock, secret: str | None) -> Raw:
    """Return an answer that is one; raise what another status asks for."""
    if raw.status == 200:
        wrong = fault_of(raw.body, raw.headers.get("content-type", ""))
        if wrong is None and policy.doubt is not None:
            wrong = policy.doubt(address, raw.body)
        if wrong:
            raise _AgainError(wrong)
        return raw
    if raw.status in (404, 410):
        return Raw(404, {}, b"")
    if raw.status in _AGAIN or raw.status in policy.busy:
        after = _asked_to_wait(raw, clock)
        if after is not None and after > policy.longest_wait:
            if raw.status == 429 and after >= _HOURS:
                hours = after / 3600
                reason = f"what it allows a day has been used up; it says to come again in {hours:.1f} hours."
                raise BudgetSpentError(policy.service, reason, after)
            raise ServiceDownError(policy.service, f"it says to come again in {after:.0f} seconds; do so.")
        raise _AgainError(f"it answers {raw.status}", after)
    said = told_reason(raw.body, secret)
    if raw.status in (401, 403):
        names = " or ".join(policy.key_variables)
        remedy = f"check {names}" if names else "try again later"
        raise ServiceDownError(policy.service, f"it refuses to answer ({raw.status}{said}); {remedy}.")
    raise RefusedError(policy.service, f"it refuses the request ({raw.status}{said}).")


def _asked_to_wait(raw: Raw, clock: Clock) -> float | None:
    """Return for how long an answer asks to wait; where it does not, but a budget is spent, until that is renewed."""
    after = seconds_of(raw.headers.get("retry-after"), clock)
    left = raw.headers.get("x-ratelimit-remaining-usd") or raw.headers.get("x-ratelimit-remaining")
    if after is None and raw.status == 429 and left is not None and re.fullmatch(r"\s*0+(?:\.0*)?\s*", left):
        return seconds_of(raw.headers.get("x-ratelimit-reset"), clock)
    return after


_HTML = re.compile(rb"<(?:\?xml[^>]*>\s*<)?(?:!doctype\s+html|html)", re.IGNORECASE)


def fault_of(body: bytes, kind: str = "") -> str | None:
    """Return what makes a body neither JSON nor XML, whatever it says it is; None where it is one of them.

    Examples
    --------
    >>> fault_of(b'{"results": [{"id": "W1"')
    'its answer is cut off, or no JSON'
    >>> fault_of(b"<!DOCTYPE html><title>Busy</title>", "text/html")
    'it answers with text/html that is neither JSON nor XML'
    """
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") and not _HTML.match(start):
        return None
    try:
        orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        if start.startswith((b"{", b"[")):
            return "its answer is cut off, or no JSON"
        return f"it answers with {printable(kind)[:60] or 'something'} that is neither JSON nor XML"
    return None


def told_reason(body: bytes, secret: str | None) -> str:
    """Return what an error body says, after a colon; empty where it says nothing readable."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    for field in ("message", "error", "detail"):
        value = told.get(field) if isinstance(told, dict) else None
        if isinstance(value, str):
            text = value.replace(secret, "…") if secret else value
            return f": {printable(' '.join(text.split()))[:200]}"
    return ""


def seconds_of(header: str | None, clock: Clock) -> float | None:
    """Return for how long a ``Retry-After`` asks to wait, given in seconds or as a date (RFC 9110, 10.2.3)."""
    if not header:
        return None
    text = header.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - clock.now())
    except (ValueError, TypeError, OverflowError):
        return None


_LEFT = re.compile(r"\br=(\d{1,9})\b.*?\bt=(\d{1,9})\b")


def pace(headers: Mapping[str, str]) -> float | None:
    """Return the seconds between requests that headers ask for, None where they ask for none.

    Crossref tells a number and an interval (``X-Rate-Limit-Limit: 50``, ``X-Rate-Limit-Interval: 1s``); Hugging Face
    what is left and until when (``RateLimit: "api";r=489;t=42``, an IETF draft).

    Examples
    --------
    >>> pace({"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"})
    0.02
    >>> pace({"ratelimit": '"api";r=0;t=42'})
    42.0
    """
    limit, interval = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-interval", "")
    if re.fullmatch(r"\d{1,9}", limit) and (span := re.fullmatch(r"(\d{1,6})s", interval)) and int(limit):
        return int(span[1]) / int(limit)
    if left := _LEFT.search(headers.get("ratelimit", "")):
        remaining, seconds = int(left[1]), int(left[2])
        if remaining * 0.5 < seconds:  # plenty left asks for no pause
            return float(seconds) / max(remaining, 1)
    return None
