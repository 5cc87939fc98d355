"""The kit for bounded queues: any class with the methods of `queue.Queue`, held against `Queue.tla`.

A program is some threads that put and get, each in three ways: for as long as it takes, with a timeout, and without
waiting. Every put puts an item that no other put of the program puts, so that what was lost, doubled or overtaken is seen:
items are numbers, given out in the order of the threads and their calls. `put 2` is the put of item 2.

The room of the queue is 1, or what `--parties` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from treadle.conformance.kit import Kit, clients
from treadle.conformance.words import Program, model, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from treadle.conformance.kit import Client
    from treadle.conformance.words import Bounds, Seen


class Queue(Kit):
    """Anything with the methods of `queue.Queue`, for one item or two. Each put puts an item that no other one puts."""

    spec: ClassVar[str] = "Queue"
    calls: ClassVar[tuple[str, ...]] = ("put", "put_timeout", "put_nowait", "get", "get_timeout", "get_nowait")
    known: ClassVar[tuple[str, ...]] = ("qsize", "empty", "full")

    def programs(self, bounds: Bounds) -> Iterator[Program]:
        """All of them; the items are numbered in the order of the threads and their calls."""
        for threads in clients(bounds.calls or self.calls, bounds.threads, bounds.rounds):
            yield Program(tuple(_numbered(threads)), {"capacity": bounds.parties or 1})

    def implied(self, program: Program) -> str | None:
        """Puts alone, or gets alone, are the beginnings of what both together do."""
        kinds = {call[:3] for call in _bare(program)} & {"put", "get"}
        if len(kinds) == 1 and len(program.threads) > 2:  # noqa: PLR2004 - three or more
            return "two threads that only put, or only get, show all that more can"
        return None

    def constants(self, program: Program) -> Mapping[str, Any]:
        """As the names of Queue.tla say."""
        return {
            "Threads": models(program.names),
            "Capacity": program.setup["capacity"],
            "Items": frozenset(range(1, 1 + sum(call.startswith("put") for call in _bare(program)))) or frozenset({1}),
            "Calls": frozenset(_bare(program)),
            "Slow": frozenset(),
            "Nothing": model("Nothing"),
        }

    def make(self, kind: Any, program: Program, client: Client) -> Any:
        """An empty queue."""
        del client
        return kind(maxsize=program.setup["capacity"])

    def perform(self, thing: Any, call: str) -> Any:
        """One method of `queue.Queue`."""
        name, _, item = call.partition(" ")
        return _QUEUE[name](thing, int(item or 0))

    def begins(self, call: str) -> Seen:
        """`put_nowait 2` is `Call(t, "put_nowait", 2)`."""
        name, _, item = call.partition(" ")
        return ("Call", name, int(item) if item else model("Nothing"))

    def returned(self, call: str, result: Any) -> Seen:
        """An item, a number, yes or no, or nothing."""
        if call.startswith("get"):
            return ("Return", ("item", result))
        if call == "qsize":
            return ("Return", ("count", result))
        if call in {"empty", "full"}:
            return ("Return", ("yes",) if result else ("no",))
        return ("Return", ("done",) if result is None else ("returned", repr(result)))

    def raised(self, call: str, error: BaseException) -> Seen:
        """Full or Empty."""
        name = type(error).__name__
        return ("Return", (name.lower(),)) if name in {"Full", "Empty"} else super().raised(call, error)


SECONDS = 1.0
"""A timeout; how long it is makes no difference, since it may end at any moment."""
_QUEUE: dict[str, Callable[[Any, int], Any]] = {
    "put": lambda queue, item: queue.put(item),
    "put_timeout": lambda queue, item: queue.put(item, timeout=SECONDS),
    "put_nowait": lambda queue, item: queue.put_nowait(item),
    "get": lambda queue, _: queue.get(),
    "get_timeout": lambda queue, _: queue.get(timeout=SECONDS),
    "get_nowait": lambda queue, _: queue.get_nowait(),
    "qsize": lambda queue, _: queue.qsize(),
    "empty": lambda queue, _: queue.empty(),
    "full": lambda queue, _: queue.full(),
}


def _numbered(threads: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    item = 0
    for calls in threads:
        told = []
        for call in calls:
            item += call.startswith("put")
            told.append(f"{call} {item}" if call.startswith("put") else call)
        yield tuple(told)


def _bare(program: Program) -> list[str]:
    """The calls without their items."""
    return [call.partition(" ")[0] for calls in program.threads for call in calls]
