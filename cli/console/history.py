"""What was typed before, kept on disk for its owner only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory


def history_path() -> Path:
    """Return where the history is kept: below ``$XDG_STATE_HOME``, by default ``~/.local/state``."""
    given = os.environ.get("XDG_STATE_HOME", "")
    # The specification has a path that is not absolute ignored.
    state = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    return state / "citegraph" / "console_history"


def open_history() -> History:
    """Return the history on disk, or one in memory where the disk will not have it."""
    try:
        path = history_path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        return _Forgiving(path)
    except (OSError, RuntimeError):  # a folder that cannot be written, no home
        return InMemoryHistory()


class _Forgiving(FileHistory):
    """A full disk does not keep anyone from asking on."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)
