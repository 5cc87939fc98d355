"""Scenarios that write to the standard streams, or put files in their place. Each returns what it came to."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from typing import Any

from tests.quality.rounds import together


def captured() -> str:
    """Two threads print while the output is caught."""
    with redirect_stdout(io.StringIO()) as text:
        together(lambda: print("a", end=""), lambda: print("b", end=""))
    return text.getvalue()


def captured_by_one() -> str:
    """One thread catches what it prints, and what another one happens to print meanwhile."""
    text = io.StringIO()

    def catch() -> None:
        with redirect_stdout(text):
            print("a", end="")

    together(catch, lambda: print(end="b"))
    return "".join(sorted(text.getvalue()))


def replaced() -> bool:
    """Who asks finds what another thread has put there."""
    found: list[Any] = []
    mine = io.StringIO()

    def replace() -> None:
        sys.stdout = mine

    together(replace, lambda: found.append(sys.stdout is mine))
    assert sys.stdout is mine
    return bool(found[0])


def written() -> None:
    """Two threads write to the streams of the process, in every way."""

    def write() -> None:
        sys.stdout.write("")
        sys.stderr.flush()
        print(end="", file=sys.stderr, flush=True)
        print(end="")

    together(write, write)
