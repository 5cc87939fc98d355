"""A watchdog for the programs of this directory: one that hangs ends with 1 and the stacks of all its threads."""

from __future__ import annotations

import faulthandler
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """The body must be over after so many seconds. The dog needs no lock of Python, so nothing that hangs stops it."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
