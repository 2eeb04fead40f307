"""Making many objects of which none is garbage, without the garbage collector looking for any among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collecting() -> Iterator[None]:
    """Keep the garbage collector off what is made in a block; it goes through all of it again and again otherwise.

    What was made counts as old afterwards: it is looked at when all is, not with the next few objects.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        gc.enable()
