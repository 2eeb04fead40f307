"""One request sent, one answer read whole: within bounds of size, time and place, or not at all."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from ..._version import __version__
from .clock import Clock
from .policy import Policy

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

USER_AGENT = f"citegraph/{__version__}"

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_CHUNK = 1 << 16


class FaultError(Exception):
    """The answer did not come, or not whole; sent again, it may."""


class WrongPlaceError(Exception):
    """A redirect leads where this service has no business."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Status, headers (names in lower case) and body of an answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Transport(Protocol):
    """Sends a request; a test hands in one that answers by itself."""

    def send(self, request: PreparedRequest, policy: Policy) -> Raw:
        """Send a request and read its answer.

        Raises
        ------
        FaultError
            It did not come, or not whole.
        WrongPlaceError
            A redirect leads elsewhere.
        """
        ...


class HttpTransport:
    """Sends requests over the network: TLS verified, redirects within the service only, sizes bounded."""

    def __init__(self, clock: Clock) -> None:
        from requests import Session

        self._clock = clock
        self._session = Session()
        logging.getLogger("urllib3.connectionpool").addFilter(_without_keys)

    def send(self, request: PreparedRequest, policy: Policy) -> Raw:
        """Send a request, follow redirects within the service, and read the answer."""
        from requests import RequestException

        try:
            for _ in range(_MOST_REDIRECTS):
                with self._sent(request, policy) as response:
                    target = response.headers.get("location")
                    if response.status_code not in _REDIRECTS or not target:
                        return Raw(
                            response.status_code,
                            {name.lower(): value for name, value in response.headers.items()},
                            self._body(response, policy),
                        )
                request = _redirected(request, target, policy)
        except RequestException as error:
            raise FaultError(_said(error)) from None
        raise WrongPlaceError(f"it redirects more than {_MOST_REDIRECTS} times")

    @contextmanager
    def _sent(self, request: PreparedRequest, policy: Policy) -> Iterator[Response]:
        settings = self._session.merge_environment_settings(request.url, {}, True, True, None)
        with self._session.send(
            request, timeout=policy.timeout, allow_redirects=False, **settings
        ) as response:
            yield response

    def _body(self, response: Response, policy: Policy) -> bytes:
        """Read the body, which may be neither too large nor too slow."""
        from urllib3.exceptions import HTTPError

        parts, size, until = [], 0, self._clock.now() + policy.deadline
        try:
            # What has come is read at once: to wait for a whole chunk would be to wait for ever where it drips.
            while part := response.raw.read1(_CHUNK, decode_content=True):
                size += len(part)
                if size > policy.largest:
                    raise WrongPlaceError(f"the answer is larger than {policy.largest >> 20} MB")
                if self._clock.now() > until:
                    raise FaultError("the answer came too slowly")
                parts.append(part)
        except (HTTPError, OSError) as error:
            raise FaultError(_said(error)) from None
        return b"".join(parts)


def _redirected(request: PreparedRequest, target: str, policy: Policy) -> PreparedRequest:
    """Return the request that a redirect asks for, if it stays with the service."""
    url = urljoin(request.url or "", target)
    place, home = urlsplit(url), urlsplit(policy.base)
    if place.scheme != home.scheme or place.netloc not in (home.netloc, *policy.hosts):
        raise WrongPlaceError(f"it redirects to another place, {place.scheme}://{place.hostname}")
    again = request.copy()
    again.prepare_url(url, {})
    secret = policy.key()
    if secret and policy.key_parameter and not policy.key_header and f"{policy.key_parameter}=" not in url:
        again.prepare_url(again.url, {policy.key_parameter: secret})
    return again


_KEYS = re.compile(r"([?&](?:api_?key|mailto|token)=)[^&\s\"]+", re.IGNORECASE)


def _without_keys(record: logging.LogRecord) -> bool:
    """Take keys out of what the library below writes into its log."""
    if isinstance(record.args, tuple):
        record.args = tuple(_KEYS.sub(r"\1…", arg) if isinstance(arg, str) else arg for arg in record.args)
    return True


_FAULTS = {
    "ConnectTimeout": "no connection in time",
    "ReadTimeout": "no answer in time",
    "SSLError": "its certificate does not hold",
    "ConnectionError": "the connection failed",
    "ChunkedEncodingError": "the connection broke off",
    "ContentDecodingError": "the answer is damaged",
    "ProxyError": "the proxy failed",
    "ReadTimeoutError": "no answer in time",
    "IncompleteRead": "the connection broke off",
    "ProtocolError": "the connection broke off",
    "DecodeError": "the answer is damaged",
    "TimeoutError": "no answer in time",
}


def _said(error: Exception) -> str:
    """Say what went wrong without the address, which may hold a key."""
    return next(
        (_FAULTS[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _FAULTS),
        f"the connection failed ({type(error).__name__})",
    )
