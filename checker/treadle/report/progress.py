"""How far a search is: one line on a terminal that is rewritten in place; nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treadle.model.verdict import Verdict

PAUSE = 0.1
"""Seconds between two updates, at least."""


@contextmanager
def progress(target: str) -> Iterator[Callable[[Verdict], None]]:
    """What is to be called after each execution; while it is in use, standard error has one line if it is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _verdict: None
        return
    from rich.console import Console  # noqa: PLC0415 - takes longer than many a search
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        shown = 0.0

        def show(verdict: Verdict) -> None:
            nonlocal shown
            if verdict.seconds >= shown + PAUSE:
                shown = verdict.seconds
                live.update(Text(sentence(target, verdict)), refresh=True)

        yield show


def sentence(target: str, verdict: Verdict) -> str:
    """The line. The seconds of a verdict that is not over are those before its last execution."""
    rate = verdict.executions / verdict.seconds
    return f"{target}: {verdict.executions:,} executions, {rate:,.0f} a second"
