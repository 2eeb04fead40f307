"""Who reads the texts: the options of the LLM extractor, and what it says of its work afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import click

from . import render

if TYPE_CHECKING:
    from ..loaders.llm import LLMExtractor, Reading

_SHOWN = 5

_OPTIONS = (
    click.option(
        "--extractor",
        type=click.Choice(["rules", "llm"]),
        help="Who reads the texts; llm needs the extra citegraph[llm].  [default: rules]",
    ),
    click.option(
        "--llm-model", metavar="MODEL", help="Its name at the endpoint.  [default: $CITEGRAPH_LLM_MODEL]"
    ),
    click.option(
        "--llm-url",
        metavar="URL",
        help="An OpenAI-compatible endpoint.  [default: $CITEGRAPH_LLM_URL or $OPENAI_BASE_URL, else OpenAI]",
    ),
    click.option(
        "--llm-cache",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        help="Keeps the answers.  [default: llm.sqlite in your cache folder]",
    ),
    click.option(
        "--llm-fallback",
        type=click.Choice(["rules", "stop"]),
        help="What if a paper gets no answer: the rules read it, or the build stops.  [default: rules]",
    ),
    click.option(
        "--llm-timeout",
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        help="How long to wait for an answer.  [default: 180]",
    ),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options; they reach it as keywords that :func:`extractor` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def extractor(
    extractor: str | None,
    llm_model: str | None,
    llm_url: str | None,
    llm_cache: str | None,
    llm_fallback: Literal["rules", "stop"] | None,
    llm_timeout: float | None,
) -> LLMExtractor | Literal["rules"] | None:
    """Make what the options ask for; None where they ask for nothing."""
    given = {
        "--llm-model": llm_model, "--llm-url": llm_url, "--llm-cache": llm_cache,
        "--llm-fallback": llm_fallback, "--llm-timeout": llm_timeout,
    }  # fmt: skip
    if extractor != "llm":
        for name, value in given.items():
            if value is not None:
                raise click.UsageError(f"{name} means something only with --extractor llm.")
        return "rules" if extractor == "rules" else None
    from ..loaders.llm import LLMExtractor

    return LLMExtractor(
        llm_model, llm_url, cache=llm_cache, fallback=llm_fallback or "rules", timeout=llm_timeout or 180.0
    )


def summarise(reading: Reading) -> None:
    """Say what became of the papers, and on standard error why the rules had to read some."""
    dropped = sum(reading.dropped.values())
    print(
        f"{render.plain(reading.model)} read {reading.asked + reading.cached} papers ({reading.cached} from the "
        f"cache), the rules {reading.by_rules}; {dropped} claims were dropped that the text does not bear out."
    )
    if reading.tokens_in or reading.tokens_out:
        print(f"Tokens: {reading.tokens_in:,} in, {reading.tokens_out:,} out.")
    talk = render.console(stderr=True)
    for reason, count in reading.failures.most_common(_SHOWN):
        talk.print(f"read by the rules, {count} papers: {render.plain(reason)}.")
    if len(reading.failures) > _SHOWN:
        talk.print(f"… and {len(reading.failures) - _SHOWN} more reasons; --json lists all")
