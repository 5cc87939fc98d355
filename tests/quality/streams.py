"""Scenarios that write to the standard streams, or put files in their place. Each returns what it came to."""

from __future__ import annotations

import io
import sys
import threading
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def run(*works: Callable[[], object]) -> None:
    """Each in a thread, to the end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def captured() -> str:
    """Two threads print while the output is caught."""
    with redirect_stdout(io.StringIO()) as text:
        run(lambda: print("a", end=""), lambda: print("b", end=""))
    return text.getvalue()


def captured_by_one() -> str:
    """One thread catches what it prints, and what another one happens to print meanwhile."""
    text = io.StringIO()

    def catch() -> None:
        with redirect_stdout(text):
            print("a", end="")

    run(catch, lambda: print(end="b"))
    return "".join(sorted(text.getvalue()))


def replaced() -> bool:
    """Who asks finds what another thread has put there."""
    found: list[Any] = []
    mine = io.StringIO()

    def replace() -> None:
        sys.stdout = mine

    run(replace, lambda: found.append(sys.stdout is mine))
    assert sys.stdout is mine
    return bool(found[0])


def written() -> None:
    """Two threads write to the streams of the process, in every way."""

    def write() -> None:
        sys.stdout.write("")
        sys.stderr.flush()
        print(end="", file=sys.stderr, flush=True)
        print(end="")

    run(write, write)
