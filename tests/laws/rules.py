"""Programs under the rules by which the world saves executions, and under the rules without one of them.

A law about such a rule compares the two. What a rule decides when code is compiled stays in that code, so each set of rules
has the code that was compiled under it to itself, from one program to the next.
"""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.quality.worlds import Found, explored
from treadle.runtime import loading
from treadle.runtime.instrumentation import rewriting
from treadle.search.exhaustive import Exhaustive
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from treadle.search.exploration import Strategy


class Rules:
    """The world's own rules, but for one that is replaced, if one is named: where it is, its name, and what takes its place."""

    def __init__(self, *replaced: Any) -> None:
        self._replaced = replaced
        self._codes: dict[Any, Any] = {}
        self._kept = lru_cache(maxsize=512)(rewriting._kept.__wrapped__)

    def found(self, path: Path, name: str = "program", strategy: Callable[[], Strategy] = Optimal) -> Found:
        """What is found in a scenario of the file when these rules hold, all accesses recorded."""
        with self._hold():
            return explored(name, strategy, file=path, granularity="access", recorded=True)

    @contextmanager
    def _hold(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loading, "_codes", self._codes)
            patch.setattr(rewriting, "_kept", self._kept)
            if self._replaced:
                patch.setattr(*self._replaced)
            yield


def assembled(head: str, bodies: list[list[str]], parameters: str, start: str) -> str:
    """A program's text: after the head, `program`, in which each body is a function of these statements.

    It returns what `start`, a call of the head's that is not closed yet, comes to when the bodies are added to it.
    """
    names = [f"body_{number}" for number in range(len(bodies))]
    functions = [
        f"def {name}({parameters}):\n" + textwrap.indent("\n".join(body), "    ")
        for name, body in zip(names, bodies, strict=True)
    ]
    inner = "\n".join([*functions, f"return {start}, {', '.join(names)})"])
    return f"{head}\ndef program():\n" + textwrap.indent(inner, "    ")


ALL = Rules()
"""Nothing is replaced."""


def all_is_found(path: Path) -> None:
    """The outcomes that the reduced search finds are those of all interleavings; else AssertionError, with the program."""
    every = ALL.found(path, strategy=Exhaustive)
    assert ALL.found(path).outcomes == every.outcomes, path.read_text(encoding="utf-8")
