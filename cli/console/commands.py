"""Commands of the console, which begin with a colon: ``:help``, ``:schema``, ``:param`` and so on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.errors import InputError, QueryError
from ..render import plain
from . import display
from .output import FORMATS
from .scan import Statement, statements
from .values import short
from .words import functions

if TYPE_CHECKING:
    from .session import Session


class Leave(Exception):  # noqa: N818 - no error, a wish
    """Asks the console to end."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its argument as the help shows it, what it does, and the function that does it."""

    argument: str
    summary: str
    run: Callable[[Session, str], None]


def run(session: Session, line: str) -> None:
    """Run a command line such as ``:param year 2024``.

    Raises
    ------
    QueryError
        There is no such command, or its argument will not do.
    """
    word, _, argument = line.rstrip("; \t").partition(" ")
    name = word.removeprefix(":").lower()
    command = COMMANDS.get(_SHORTER.get(name, name))
    if command is None:
        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"Did you mean :{near[0]}?" if near else ":help lists those there are."
        raise QueryError(f"There is no command :{name}. {hint}")
    command.run(session, argument.strip())


def _help(session: Session, argument: str) -> None:
    if argument:
        _explain_word(argument)
        return
    print("A query ends with ; or an empty line.\n")
    for name, command in COMMANDS.items():
        print(f"  {f':{name} {command.argument}'.rstrip():28}{command.summary}")
    print(_KEYS)
    if not session.write:
        print("\nQueries cannot change the graph; start the console with --write to let them.")


_KEYS = """
  Tab                         complete labels, types, properties, names, keywords
  Alt-Enter                   run what was typed, finished or not
  Up, Ctrl-R                  earlier queries, search among them
  Ctrl-C                      stop a query; clear what was typed
  Ctrl-D                      leave"""


def _explain_word(word: str) -> None:
    from ...queries.cypher.functions import AGGREGATIONS, FUNCTIONS
    from ...queries.cypher.procedures import BUILT_IN

    sought = word.removeprefix(":").rstrip("()").lower()
    procedures = {name.lower(): procedure for name, procedure in BUILT_IN.items()}
    if sought in COMMANDS:
        print(f":{sought} {COMMANDS[sought].argument}\n  {COMMANDS[sought].summary}")
    elif sought in FUNCTIONS:
        print(f"{FUNCTIONS[sought].signature}\n  {FUNCTIONS[sought].summary}")
    elif sought in procedures:
        print(f"{procedures[sought].signature}\n  {procedures[sought].summary}")
    elif sought in AGGREGATIONS:
        print(f"{sought}(…)\n  An aggregation: one value for all rows of a group.")
    else:
        known = [*COMMANDS, *map(str.lower, functions()), *procedures]
        near = get_close_matches(sought, known, n=1)
        raise QueryError(f"No help on {word!r}." + (f" Did you mean {near[0]!r}?" if near else ""))


def _schema(session: Session, _: str) -> None:
    from ...queries.cypher.result import Result, Summary
    from .vocabulary import vocabulary_of

    vocabulary = vocabulary_of(session.graph)
    nodes, relationships = vocabulary.schema()
    labels = [[n["name"], n["count"], ", ".join(vocabulary.properties_of(n["name"]))] for n in nodes]
    types = [
        [name, count, pairs, ", ".join(vocabulary.properties_of_type(name))]
        for name, count, pairs in _by_type(relationships)
    ]
    display.result(Result(["label", "nodes", "properties"], labels, Summary()))
    print()
    display.result(Result(["type", "relationships", "from → to", "properties"], types, Summary()))


def _by_type(relationships: list[dict[str, Any]]) -> Iterator[tuple[str, int, str]]:
    """Gather what each type connects: ``Paper → Method, Model``, a line for each label it leads from."""
    of_type: dict[str, list[dict[str, Any]]] = {}
    for pair in relationships:
        of_type.setdefault(pair["name"], []).append(pair)
    for name, pairs in sorted(of_type.items()):
        ends: dict[str, list[str]] = {}
        for pair in pairs:
            ends.setdefault(pair["start"], []).append(pair["end"])
        lines = (f"{start} → {', '.join(found)}" for start, found in ends.items())
        yield name, sum(pair["count"] for pair in pairs), "\n".join(lines)


_ASSIGNMENT = re.compile(r"\$?(\w+|`[^`]+`)\s*(=>|=|:|\s|$)\s*(.*)", re.DOTALL)


def _param(session: Session, argument: str) -> None:
    if not argument:
        _params(session, "")
        return
    match = _ASSIGNMENT.fullmatch(argument)
    if match is None:
        raise QueryError(
            "Write :param name value, such as :param year 2024 or :param since => date('2024-01-01')."
        )
    name, sign, text = match.group(1).strip("`"), match.group(2), match.group(3).strip()
    if text:
        session.parameters[name] = _evaluated(session, text) if sign == "=>" else value(text)
    if name not in session.parameters:
        raise QueryError(f"There is no parameter ${name}; set it with :param {name} VALUE.")
    _confirm(session, text, f"${plain(name)} = {_shown(session.parameters[name])}")


def _confirm(session: Session, changed: str, sentence: str) -> None:
    """Tell a setting; not amid the results of a script, unless it asked without changing anything."""
    if session.interactive or not changed:
        print(sentence)


def value(text: str) -> Any:
    """Return the value of a parameter as it is typed: JSON where it is JSON, else text, with or without quotes.

    Examples
    --------
    >>> value("2024"), value("LLaMA 2"), value("'2024'"), value('["7B", "70B"]')
    (2024, 'LLaMA 2', '2024', ['7B', '70B'])
    """
    try:
        return json.loads(text)
    except ValueError:
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
    except RecursionError as error:
        raise QueryError("The value of a parameter is nested too deeply.") from error


def _evaluated(session: Session, text: str) -> Any:
    """Return the value of a Cypher expression, which no clause may follow."""
    found = session.graph.cypher(f"RETURN ({text}\n) AS value", session.parameters, timeout=session.timeout)
    if found.columns != ["value"] or len(found.rows) != 1:
        raise QueryError("A parameter is one expression, such as :param since => date('2024-01-01').")
    return found.rows[0][0]


def _params(session: Session, argument: str) -> None:
    if argument == "clear":
        session.parameters.clear()
        _confirm(session, argument, "No parameters are left.")
        return
    if argument:
        raise QueryError("Write :params to see all parameters, or :params clear to drop them.")
    if not session.parameters:
        print("No parameters; set one with :param NAME VALUE.")
    for name, known in session.parameters.items():
        print(f"${plain(name)} = {_shown(known)}")


def _shown(known: Any) -> str:
    from ...queries.cypher.render import quoted

    return plain(quoted(known) if isinstance(known, str) else short(known))


def _prefixed(keyword: str) -> Callable[[Session, str], None]:
    def with_prefix(session: Session, argument: str) -> None:
        if not argument:
            raise QueryError(
                f"Write :{keyword.lower()} and a query, such as :{keyword.lower()} MATCH (n) RETURN n."
            )
        session.run(Statement(f"{keyword} {argument}", 1, 1))

    return with_prefix


def _format(session: Session, argument: str) -> None:
    if argument and argument not in FORMATS:
        raise QueryError(f"There is no format {argument!r}; choose among {', '.join(FORMATS)}.")
    session.format = argument or session.format
    _confirm(session, argument, f"Results are printed as {session.format}.")


def _rows(session: Session, argument: str) -> None:
    if argument == "all":
        session.shown = None
    elif argument:
        session.shown = int(_number(argument, ":rows 100, or :rows all"))
    most = "all" if session.shown is None else f"the first {session.shown:,}"
    _confirm(session, argument, f"Tables show {most} rows.")


def _timeout(session: Session, argument: str) -> None:
    if argument:
        session.timeout = _number(argument, ":timeout 60, in seconds, 0 for no limit") or None
    limit = "as long as they like" if session.timeout is None else f"at most {session.timeout:g} s"
    _confirm(session, argument, f"Queries may take {limit}.")


def _number(text: str, example: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e9:
        raise QueryError(f"{text!r} will not do; write {example}.")
    return number


def _source(session: Session, argument: str) -> None:
    if not argument:
        raise QueryError("Name the script: :source FILE.")
    path = Path(argument).expanduser()
    try:
        script = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{argument}: not a text in UTF-8.") from error
    except OSError as error:
        raise InputError(f"{argument}: cannot be read: {error.strerror or error}.") from error
    # A script runs what it holds and opens no others: nobody is led in a circle.
    for statement in statements(script):
        if statement.is_command and statement.text[1:].lower().startswith("source"):
            raise QueryError(f"{argument}, line {statement.line}: a script cannot read another with :source.")
    session.run_script(script)


def _clear(session: Session, _: str) -> None:
    if session.interactive:
        from prompt_toolkit.shortcuts import clear

        clear()


def _quit(_: Session, __: str) -> None:
    raise Leave


COMMANDS = {
    "help": Command("[WORD]", "This list, or what a command, function or procedure does.", _help),
    "schema": Command("", "Labels, their properties, and what connects them.", _schema),
    "param": Command("NAME VALUE", "Set $NAME: JSON or text, or => and an expression.", _param),
    "params": Command("[clear]", "All parameters; or drop them.", _params),
    "explain": Command("QUERY", "How a query would be run.", _prefixed("EXPLAIN")),
    "profile": Command("QUERY", "Run a query and tell what each step took.", _prefixed("PROFILE")),
    "format": Command("[FORMAT]", f"Print results as {', '.join(FORMATS)}.", _format),
    "rows": Command("[N|all]", "How many rows of a table are shown.", _rows),
    "timeout": Command("[SECONDS]", "How long a query may take; 0 for no limit.", _timeout),
    "source": Command("FILE", "Run a script of statements separated by ;.", _source),
    "clear": Command("", "Clear the screen.", _clear),
    "quit": Command("", "Leave.", _quit),
}
_SHORTER = {"exit": "quit", "q": "quit", "h": "help", "?": "help"}
