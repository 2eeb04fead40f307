"""From what an endpoint sent to the object it was asked for, however it is wrapped."""

from __future__ import annotations

import json
from typing import Any

import orjson

from .prompt import LISTS

_TRIES = 50
"""Braces at which an object may begin; more of them are no answer but noise."""

_decoder = json.JSONDecoder()


def read_answer(content: str) -> dict[str, Any] | None:
    """Find the answer in the content of a message.

    Endpoints without structured output put the object into prose, into a fenced block or after their thoughts; the
    last object that has a list of the asked-for name is taken.

    Returns
    -------
    dict or None
        None where there is no such object. What it holds is still anything at all.

    Examples
    --------
    >>> read_answer('<think>{"methods": 1}?</think> Here it is: {"methods": []} Enjoy!')
    {'methods': []}
    >>> read_answer("I cannot help with that.") is None
    True
    """
    found: dict[str, Any] | None = None
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    else:
        return whole if _fits(whole) else None
    thought = content.rfind("</think>")
    at = content.find("{", thought + 1)
    for _ in range(_TRIES):
        if at < 0:
            break
        try:
            value, end = _decoder.raw_decode(content, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if _fits(value):
                found = value
        at = content.find("{", end)
    return found


def _fits(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(key), list) for key in LISTS)
