"""How far a search is: one line on a terminal that is rewritten in place; nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treadle.model.verdict import Verdict


class Show(Protocol):
    """What is called after each execution."""

    def __call__(self, verdict: Verdict, *, ahead: str = "") -> None:
        """Show how far it is; `ahead` is told before the counts."""


PAUSE = 0.1
"""Seconds between two updates, at least."""


@contextmanager
def progress(target: str) -> Iterator[Show]:
    """What is to be called after each execution; while it is in use, standard error has one line if it is a terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console  # noqa: PLC0415 - takes longer than many a search
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live(console=Console(file=sys.stderr), auto_refresh=False, transient=True) as live:
        shown = 0.0

        def show(verdict: Verdict, *, ahead: str = "") -> None:
            nonlocal shown
            if verdict.seconds >= shown + PAUSE:
                shown = verdict.seconds
                live.update(Text(sentence(f"{target}: {ahead}" if ahead else target, verdict)), refresh=True)

        yield show


def _silent(verdict: Verdict, *, ahead: str = "") -> None:
    """Nobody looks."""


def sentence(target: str, verdict: Verdict) -> str:
    """The line. The seconds of a verdict that is not over are those before its last execution."""
    rate = verdict.executions / verdict.seconds
    return f"{target}: {verdict.executions:,} executions, {rate:,.0f} a second"


@contextmanager
def progress_of_programs(target: str) -> Iterator[Callable[[int, int, Verdict], None]]:
    """What is to be called with the programs that are done, all programs, and the verdict of all so far."""
    with progress(target) as show:
        # The line of `progress` is made of a verdict; the programs are told before it.
        yield lambda done, programs, verdict: show(verdict, ahead=_estimate(done, programs, verdict.seconds))


def _estimate(done: int, programs: int, seconds: float) -> str:
    """How many programs are done, and how long the rest takes at that rate. Later programs are larger."""
    if not done:
        return f"program 1 of {programs:,}"
    left = seconds / done * (programs - done)
    return f"program {done + 1:,} of {programs:,}, at least {left:,.0f} s left"
