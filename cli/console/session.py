"""What a console remembers between statements, and how it runs one: from the keyboard, a pipe or a file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...graph.errors import CitegraphError
from . import display
from .output import print_result
from .scan import Statement, statements

if TYPE_CHECKING:
    from ...api import Graph
    from ...queries.cypher import Result


@dataclass
class Session:
    """A graph under question, with the parameters and settings that queries are run by.

    Attributes
    ----------
    graph
        The graph.
    write
        Whether queries may change it.
    timeout, max_rows
        Limits of a query; None for none.
    format
        How results are printed: table, json or csv.
    shown
        How many rows of a table are printed; None for all.
    parameters
        Values of ``$name``.
    interactive
        Whether a person sits before it: then results come with their timing.
    changes
        How many queries have changed the graph.
    printed
        Whether a table has been printed.
    """

    graph: Graph
    write: bool = False
    timeout: float | None = None
    max_rows: int | None = None
    format: str = "table"
    shown: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    interactive: bool = False
    changes: int = 0
    printed: bool = False

    def query(self, text: str, stopped: Callable[[], bool] | None = None) -> Result:
        """Run a query with this session's parameters and limits."""
        found = self.graph.cypher(
            text,
            self.parameters,
            write=self.write,
            timeout=self.timeout,
            max_rows=self.max_rows,
            stopped=stopped,
        )
        self.changes += bool(found.summary.counters)
        return found

    def run(self, statement: Statement) -> None:
        """Run a query, or a command of the console, and print what it gives.

        Raises
        ------
        CitegraphError
            What is wrong with it.
        """
        if statement.is_command:
            from .commands import run

            run(self, statement.text)
            return
        if self.interactive:
            with interruptible() as stopped:
                found = self.query(statement.text, stopped)
        else:
            found = self.query(statement.text)
        self.show(found)

    def show(self, found: Result) -> None:
        """Print a result, the warnings, and for a person the count of rows and the time."""
        display.warnings(found)
        if not self.interactive and self.format == "table" and found.columns:
            if self.printed:
                print()  # keeps the tables of a script apart
            self.printed = True
        print_result(found, self.format, self.shown)
        if self.interactive:
            display.talk(display.summary(found, self.shown if self.format == "table" else None))

    def run_script(self, script: str) -> None:
        """Run the statements of a script in order, up to the first that fails.

        Raises
        ------
        CitegraphError
            Of the statement that failed; the message names its line in the script.
        """
        for statement in statements(script):
            try:
                self.run(statement)
            except CitegraphError as error:
                raise ScriptError(error, statement) from error


class ScriptError(CitegraphError):
    """A statement of a script failed; the message gives the place in the script."""

    def __init__(self, error: CitegraphError, statement: Statement) -> None:
        super().__init__(display.complaint(error, statement))


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C stop what runs inside: the first asks it to stop, the second breaks it off.

    Yields a function that tells whether to stop.
    """
    asked = threading.Event()

    def stop(number: int, frame: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
