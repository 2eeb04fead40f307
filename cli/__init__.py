"""The command line: thin over the library. Results go to stdout, talk to stderr; 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from .._version import __version__

_COMMANDS = {
    "build": "build",
    "enrich": "enrich",
    "fetch": "enrich",
    "stats": "ask",
    "show": "ask",
    "explain": "ask",
    "duplicates": "suggest",
    "link": "correct",
    "unlink": "correct",
    "corrections": "correct",
    "tried": "ask",
    "lineage": "ask",
    "rank": "rank",
    "query": "query",
    "console": "console",
    "view": "hand_on",
    "export": "hand_on",
    "copy": "copy",
    "remove-source": "build",
    "completion": "completion",
}
"""Command and the module it lives in, in the order of ``--help``."""


class _Lazy(click.Group):
    """Imports a command when it is run, so that ``--help`` and completion answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(f".{module}", __name__), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="citegraph")
def cli() -> None:
    """Turn a pile of machine-learning papers into a citation knowledge graph that quotes its evidence.

    \b
    citegraph build papers.txt      read papers into citegraph.db
    citegraph show "LLaMA 2"        a node, its neighbours, the sentences that say so
    citegraph view                  the graph as one interactive page, graph.html

    GRAPH is a local file, by default $CITEGRAPH_GRAPH or citegraph.db; or the address of a Neo4j server,
    neo4j://HOST:7687, with NEO4J_USERNAME and NEO4J_PASSWORD set.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    from ..graph.errors import CitegraphError
    from .render import plain

    _make_streams_forgiving()
    try:
        code = cli.main(arguments, prog_name="citegraph", standalone_mode=False)
        sys.stdout.flush()  # here, where an error can still be told
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt) as stop:
        left = str(stop.__cause__ or stop) or "nothing half-written was left behind."
        print(f"citegraph: stopped; {plain(left)}", file=sys.stderr)
        code = 130
    except CitegraphError as error:
        print(f"citegraph: {plain(error)}", file=sys.stderr)
        code = 1
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; say nothing more to it.
        _write_no_more()
        code = 0
    except OSError as error:
        print(f"citegraph: The output cannot be written: {error.strerror or error}.", file=sys.stderr)
        _write_no_more()
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _make_streams_forgiving() -> None:
    """Let no letter that a terminal lacks, and no stream that was closed before we began, end us."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _write_no_more() -> None:
    """Send what is still buffered nowhere, lest the interpreter stumble over it on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
