"""Asking an endpoint that speaks OpenAI's chat completions; one failed paper is not yet a failed endpoint.

Endpoints differ in what they take. Structured output is asked for first; one that refuses it is asked for a JSON
object, and one that refuses that too for plain text. A refused ``temperature`` is left out. What was refused once is
not tried again.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from ...graph.errors import CitegraphError
from ..refusal import quoted
from .loop import CalledOffError, Loop

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
_MOST_BYTES = 2_000_000
"""Beyond this an answer is none; those to real abstracts have a few thousand."""

_REFUSED_FORM = re.compile(
    r"response_format|json_schema|json_object|schema|grammar|structured", re.IGNORECASE
)


class EndpointError(CitegraphError):
    """The endpoint cannot be used as asked: no answer is to be had from it for any paper."""


class NoAnswerError(EndpointError):
    """The endpoint gave no usable answer for one paper."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The content of the message, and how many tokens the endpoint counted."""

    content: str
    tokens_in: int = 0
    tokens_out: int = 0


def require(module: str) -> None:
    """Say how to get a module of the extra, where it is not installed."""
    if find_spec(module) is None:
        raise EndpointError(
            'The LLM extractor needs its extra, which is not installed; run: pip install "citegraph[llm]".'
        )


class Endpoint:
    """One model at one address.

    Parameters
    ----------
    model
        As the endpoint calls it; by default ``$CITEGRAPH_LLM_MODEL``.
    url
        Its address up to ``/v1``; by default ``$CITEGRAPH_LLM_URL``, ``$OPENAI_BASE_URL`` or OpenAI's own.
    key
        By default ``$OPENAI_API_KEY``; a local server needs none.
    timeout
        Seconds to wait for an answer to begin, and again for it to end.
    retries
        How often the client asks again after 408, 409, 429, 5xx, a lost connection or a timeout; it waits as long as
        ``Retry-After`` says.

    Raises
    ------
    EndpointError
        The client is not installed, no model is named, or the address is none.

    Notes
    -----
    Threads may share it. The key goes to the endpoint and nowhere else: messages are cleared of it.
    """

    def __init__(
        self,
        model: str | None = None,
        url: str | None = None,
        *,
        key: str | None = None,
        timeout: float = 180.0,
        retries: int = 2,
    ) -> None:
        require("openai")
        self.model = model or os.environ.get("CITEGRAPH_LLM_MODEL") or ""
        if not self.model.strip():
            raise EndpointError(
                "No language model is named; set --llm-model or CITEGRAPH_LLM_MODEL to its name at the endpoint."
            )
        if not self.model.isprintable():
            raise EndpointError(
                f"{quoted(self.model)} is no name of a model; set --llm-model to the one it has there."
            )
        given = url or os.environ.get("CITEGRAPH_LLM_URL") or os.environ.get("OPENAI_BASE_URL") or OPENAI
        self._url = given.strip()
        self.place = _shown(self._url)
        self._key = (key or os.environ.get("OPENAI_API_KEY") or "").strip()
        if not self._key.isascii() or not self._key.isprintable() or " " in self._key:
            raise EndpointError("OPENAI_API_KEY holds characters that no key has; copy the key anew.")
        self._secrets = [secret for secret in (self._key, *_secrets_of(self._url)) if secret]
        self._timeout, self._retries = timeout, retries
        self._client: AsyncOpenAI | None = None
        self._loop: Loop | None = None
        self._lock = threading.Lock()
        self._heard = False
        self._form = 0
        self._temperature = True

    def ask(self, system: str, user: str, schema: Mapping[str, Any]) -> Answer:
        """Ask one question.

        Raises
        ------
        NoAnswerError
            This question got none: the endpoint was too slow, too busy, refused it, or sent something else.
        EndpointError
            No question will get one: a wrong key, address or model.
        """
        with self._lock:
            if self._loop is None:
                self._loop = Loop()
        try:
            return self._loop.run(self._ask(system, user, schema))
        except CalledOffError:
            raise NoAnswerError(f"the request to {self.place} was called off") from None

    def cancel(self) -> None:
        """Call off the requests that are under way."""
        if self._loop is not None:
            self._loop.cancel()

    def close(self) -> None:
        """End the thread that waits on the network; asking begins another."""
        with self._lock:
            loop, client = self._loop, self._client
            self._loop = self._client = None
        if loop is not None:
            if client is not None:
                loop.run(client.close())
            loop.close()

    async def _ask(self, system: str, user: str, schema: Mapping[str, Any]) -> Answer:
        import openai

        forms = _forms(schema)
        first = last = self._form
        while True:
            try:
                body = await self._post(system, user, forms[last])
            except openai.APIStatusError as error:
                self._heard = True
                reason = self._clean(_reason(error))
                if self._temperature and error.status_code in (400, 422) and "temperature" in reason.lower():
                    self._temperature = False
                    continue
                said = error.status_code in (400, 415, 422) or _REFUSED_FORM.search(reason) is not None
                if said and error.status_code not in (401, 403, 429) and last + 1 < len(forms):
                    last += 1
                    continue
                raise self._failure(error.status_code, reason) from None
            except openai.APITimeoutError:
                raise NoAnswerError(f"{self.place} gave no answer within {self._timeout:g} seconds") from None
            except openai.OpenAIError as error:
                raise self._unreachable(error) from None
            except EndpointError:
                raise
            except Exception as error:  # of the transport; which ones is not part of the client's interface
                raise self._broken(error) from None
            answer = self._read(body)
            if last > first:
                self._form = max(self._form, last)
            return answer

    async def _post(self, system: str, user: str, form: Mapping[str, Any]) -> bytes:
        """Send one request and return the body of its answer, within bounds of time and size."""
        optional: dict[str, Any] = dict(form)
        if self._temperature:
            optional["temperature"] = 0
        body = bytearray()
        async with self._open().chat.completions.with_streaming_response.create(
            model=self.model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            **optional,
        ) as response:
            self._heard = True
            try:
                async with asyncio.timeout(self._timeout):
                    async for part in response.iter_bytes(65536):
                        body += part
                        if len(body) > _MOST_BYTES:
                            raise NoAnswerError(
                                f"{self.place} sent an answer of more than {_MOST_BYTES:,} bytes"
                            )
            except TimeoutError:
                raise NoAnswerError(
                    f"{self.place} did not come to an end within {self._timeout:g} seconds"
                ) from None
        return bytes(body)

    def _read(self, body: bytes) -> Answer:
        try:
            sent = orjson.loads(body)
        except orjson.JSONDecodeError:
            begin = self._clean(body[:400].decode("utf-8", "replace"))
            raise NoAnswerError(
                f"{self.place} sent no JSON but {quoted(begin)}; an address usually ends in /v1"
            ) from None
        try:
            choice = sent["choices"][0]
            message = choice["message"]
            content, refusal = message.get("content"), message.get("refusal")
            end = choice.get("finish_reason")
            usage = sent.get("usage")
        except (KeyError, IndexError, TypeError, AttributeError):
            raise NoAnswerError(f"{self.place} sent JSON that is no chat completion") from None
        if isinstance(content, list):  # some send the parts of a message
            content = "".join(
                part["text"]
                for part in content
                if isinstance(part, dict) and isinstance(part.get("text"), str)
            )
        if isinstance(refusal, str) and refusal:
            raise NoAnswerError(f"{self.model} refused: {quoted(self._clean(refusal))}")
        if end == "length":
            raise NoAnswerError(f"the answer of {self.model} was cut off before its end")
        if end == "content_filter":
            raise NoAnswerError(f"the answer of {self.model} was held back by a content filter")
        if not isinstance(content, str) or not content.strip():
            raise NoAnswerError(f"{self.model} sent an empty answer")
        counted = usage if isinstance(usage, dict) else {}
        return Answer(content, _count(counted, "prompt_tokens"), _count(counted, "completion_tokens"))

    def _open(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            if not self._key and self._url == OPENAI:
                raise EndpointError(
                    "No key for OpenAI; set OPENAI_API_KEY, or name another endpoint with --llm-url."
                )
            self._client = AsyncOpenAI(
                base_url=self._url,
                api_key=self._key or "none",  # the client insists on one, a local server does not look at it
                timeout=self._timeout,
                max_retries=self._retries,
            )
        return self._client

    # --- what went wrong -----------------------------------------------------------------------------------

    def _failure(self, status: int, reason: str) -> EndpointError:
        what = f"{status}: {quoted(reason, 120)}"
        if status in (401, 403):
            return EndpointError(
                f"{self.place} refused the key ({what}); set OPENAI_API_KEY to one that is valid there."
            )
        if status in (404, 405):
            return EndpointError(
                f"{self.place} knows no model {self.model!r} or no chat completions ({what}); "
                "--llm-model must be a name it lists, and --llm-url usually ends in /v1."
            )
        return NoAnswerError(f"{self.place} failed ({what})")

    def _unreachable(self, error: Exception) -> EndpointError:
        cause = error.__cause__ or error
        what = quoted(self._clean(str(cause) or type(cause).__name__), 120)
        if self._heard:
            return NoAnswerError(f"the connection to {self.place} was lost ({what})")
        return EndpointError(
            f"{self.place} cannot be reached ({what}); is the address right, and the server running?"
        )

    def _broken(self, error: Exception) -> NoAnswerError:
        what = quoted(self._clean(str(error) or type(error).__name__), 120)
        return NoAnswerError(f"the answer of {self.place} broke off or cannot be decoded ({what})")

    def _clean(self, text: str) -> str:
        """Clear a text of the key, should an endpoint or the transport have quoted it."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def _forms(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Ways to ask for JSON, the strictest first."""
    strict = {"name": "paper", "strict": True, "schema": schema}
    return [
        {"response_format": {"type": "json_schema", "json_schema": strict}},
        {"response_format": {"type": "json_object"}},
        {},
    ]


def _reason(error: Any) -> str:
    """Return what an endpoint said of a failure, in whichever of the usual places it said it."""
    body = error.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict):
            inner = inner.get("message") or inner.get("detail") or inner
        return str(inner)
    return str(body or error.message)


def _count(usage: Mapping[str, Any], name: str) -> int:
    value = usage.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _shown(url: str) -> str:
    """Return an address as messages may show it: without credentials and query, which may hold a key."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not url.isprintable():
        raise EndpointError(
            f"{quoted(url)} is no address of an endpoint; --llm-url takes one such as http://localhost:8080/v1."
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{parts.path}"


def _secrets_of(url: str) -> tuple[str, ...]:
    """Return the parts of an address that may be a key."""
    parts = urlsplit(url)
    return parts.password or "", parts.query
