"""The kit for locks for many readers or one writer, held against `ReadWriteLock.tla`.

A class has the methods `acquire_read`, `release_read`, `acquire_write` and `release_write`, none of which takes an argument or
returns anything. A program is some threads that read and write: each call of `--calls`, "read" or "write", is an acquire
and then its release, by the same thread. So nobody stays inside for ever, and whoever is stuck is stuck by the lock's
own fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from treadle.conformance.kit import Kit, clients
from treadle.conformance.words import Program, models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from treadle.conformance.kit import Client
    from treadle.conformance.words import Bounds, Seen


class ReadWriteLock(Kit):
    """Any lock with the methods `acquire_read`, `release_read`, `acquire_write`, `release_write`."""

    spec: ClassVar[str] = "ReadWriteLock"
    calls: ClassVar[tuple[str, ...]] = ("read", "write")

    def programs(self, bounds: Bounds) -> Iterator[Program]:
        """Threads that read and write, one after the other, and always give back what they took."""
        for threads in clients(bounds.calls or self.calls, bounds.threads, bounds.rounds):
            yield Program(tuple(tuple(step for call in calls for step in _section(call)) for calls in threads))

    def constants(self, program: Program) -> Mapping[str, Any]:
        """As the names of ReadWriteLock.tla say."""
        return {"Threads": models(program.names), "Calls": program.calls, "Slow": frozenset()}

    def make(self, kind: Any, program: Program, client: Client) -> Any:
        """A free lock."""
        del program, client
        return kind()

    def perform(self, thing: Any, call: str) -> Any:
        """The method of that name."""
        return getattr(thing, call)()

    def returned(self, call: str, result: Any) -> Seen:
        """Nothing."""
        del call
        return ("Return", ("done",) if result is None else ("returned", repr(result)))


def _section(call: str) -> tuple[str, str]:
    return f"acquire_{call}", f"release_{call}"
