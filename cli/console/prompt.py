"""The console before a person: reads queries with highlighting, completion and history, and runs them."""

from __future__ import annotations

import sys

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import completion_is_selected
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from ...graph.errors import CitegraphError
from ...queries.cypher.errors import LimitError
from ..render import plain
from . import display
from .commands import Leave
from .completion import CypherCompleter
from .highlighting import STYLE, CypherHighlighter
from .history import open_history
from .scan import is_finished, statements
from .session import ScriptError, Session
from .vocabulary import Vocabulary, vocabulary_of


def converse(session: Session) -> None:
    """Read and run queries until the person leaves."""
    print(_welcome(session))
    completer = CypherCompleter(vocabulary_of(session.graph), session.parameters)
    name = "citegraph (write)> " if session.write else "citegraph> "
    prompt: PromptSession[str] = PromptSession(
        [("class:prompt", name)],
        multiline=True,
        prompt_continuation=_continuation,
        lexer=CypherHighlighter(),
        style=STYLE,
        completer=completer,
        complete_while_typing=True,
        # A server may take its time to tell names; typing goes on meanwhile.
        complete_in_thread=not isinstance(completer.vocabulary, Vocabulary),
        history=open_history(),
        auto_suggest=AutoSuggestFromHistory(),
        key_bindings=_keys(),
        enable_open_in_editor=True,
        include_default_pygments_style=False,
    )
    while True:
        changes = session.changes
        try:
            typed = prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            run(session, typed)
        except Leave:
            return
        if session.changes != changes:
            completer.vocabulary = vocabulary_of(session.graph)


def run(session: Session, typed: str) -> None:
    """Run what was typed, and tell what is wrong with it instead of failing."""
    for statement in statements(typed):
        try:
            session.run(statement)
        except ScriptError as error:
            display.complain(str(error))
            return
        except CitegraphError as error:
            if isinstance(error, LimitError) and error.limit == "stopped":
                print(file=sys.stderr)  # the terminal has just shown ^C
            # A typed line is before the eyes; only one of several needs its number.
            display.complain(display.complaint(error, statement if "\n" in typed else None))
            return
        except KeyboardInterrupt as stop:
            print(file=sys.stderr)
            display.complain(f"Stopped; {stop}" if str(stop) else "Stopped.")
            return
        finally:
            sys.stdout.flush()


def _welcome(session: Session) -> str:
    counts = session.graph.counts()
    nodes, edges = sum(counts.nodes.values()), sum(counts.edges.values())
    where = plain(session.graph.store.uri)
    return f"{where}: {nodes:,} nodes, {edges:,} edges. End a query with ; or an empty line; :help, :quit."


def _continuation(width: int, line: int, wrapped: int) -> StyleAndTextTuples:
    return [("class:continuation", " " * width if wrapped else "… ".rjust(width))]


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if completion_is_selected():
            buffer.complete_state = None
        elif is_finished(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    return keys
