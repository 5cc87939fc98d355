"""The kit for barriers: any class with the methods of `threading.Barrier`, held against `Barrier.tla`.

A program is some threads that wait, wait with a timeout, abort, reset or read, on a barrier for some parties that has
no action or one of several kinds:

    none     there is no action
    works    it returns
    raises   it raises an exception of its own
    aborts   it calls abort
    resets   it calls reset
    waits    it calls wait, which would wait for itself
    stops    it never returns

What must hold whatever others do (P2, P6, P7, P12) is tried with one thread that may stop for ever, inside a wait or in
an action that never returns, in all programs in which each thread makes one call. Where faults are asked for, each
program with a wait is also explored with so many exceptions delivered into waits, at any point of them.

A program can trip if as many threads wait as there are parties; an action never runs where that is not so, so these
programs are explored without one only. Programs in which nobody waits are left out but for the smallest: what is read or
aborted then is the same with fewer calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from treadle.conformance.kit import Kit, clients, kinds_of, takes
from treadle.conformance.words import Program, model, models, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from treadle.conformance.kit import Client
    from treadle.conformance.words import Bounds, Seen

WAITS = frozenset({"wait", "wait_timeout"})
SECONDS = 1.0
"""A timeout; how long it is makes no difference, since it may end at any moment."""
ACTIONS: dict[str, tuple[str, ...]] = {
    "works": (),
    "raises": (),
    "aborts": ("abort",),
    "resets": ("reset",),
    "waits": ("wait",),
}
"""The calls that each kind of action makes."""


class ActionError(Exception):
    """What an action raises that raises."""


class Barrier(Kit):
    """Barriers, and what `Barrier.tla` says of them."""

    spec: ClassVar[str] = "Barrier"
    stopping: ClassVar[str] = "Slow"
    observed: ClassVar[frozenset[str]] = frozenset({"Call", "Return", "ActionBegins", "ActionEnds", "Interrupt"})
    calls: ClassVar[tuple[str, ...]] = ("wait", "wait_timeout", "abort", "reset")
    known: ClassVar[tuple[str, ...]] = ("n_waiting", "broken", "misuse")

    def programs(self, bounds: Bounds) -> Iterator[Program]:
        """All of them, with every kind of action where the barrier can trip."""
        parties = bounds.parties if bounds.parties is not None else 2
        for threads in clients(bounds.calls or self.calls, bounds.threads, bounds.rounds):
            yield Program(threads, {"parties": parties, "action": None})
            if _waiting(threads) >= parties:
                for action in ACTIONS:
                    yield Program(threads, {"parties": parties, "action": action})
            if len(threads) > 1 and all(len(calls) == 1 for calls in threads):
                yield from _with_a_slow_one(threads, parties)
            if bounds.faults and _waiting(threads):
                kinds = [None, *ACTIONS] if _waiting(threads) >= parties else [None]
                yield from (Program(threads, _setup(parties, kind, faults=bounds.faults)) for kind in kinds)

    def implied(self, program: Program) -> str | None:
        """Nobody waits, and more than one call is made."""
        if not program.calls & WAITS and program.size[0] > 2:  # noqa: PLR2004 - one call and one more
            return "nobody waits, so two calls show all that more can"
        return None

    def lacks(self, kind: Any, program: Program) -> str | None:
        """A method, the timeout of `wait`, or the action."""
        needed = {METHOD_OF[call] for call in program.calls | set(ACTIONS.get(program.setup["action"], ()))}
        missing = sorted(name for name in needed if not hasattr(kind, name))
        if missing:
            return f"the class has no {missing[0]}"
        if program.calls & {"wait_timeout", "misuse"} and not takes(kind.wait, None, SECONDS):
            return "its wait takes no timeout"
        if program.setup["action"] is not None and not takes(kind, 1, action=None):
            return "it takes no action"
        return None

    def constants(self, program: Program) -> Mapping[str, Any]:
        """As the names of Barrier.tla say."""
        action = program.setup["action"]
        return {
            "Threads": models(program.names),
            "Parties": program.setup["parties"],
            "Calls": frozenset(METHODS),  # what nobody does costs nothing, and so there are fewer models
            "Outcomes": frozenset() if action is None else {"raises" if action == "raises" else "works"},
            "Targets": models(program.names) if program.faults else frozenset(),
            "Slow": frozenset(),
            "Nobody": model("Nobody"),
        }

    def make(self, kind: Any, program: Program, client: Client) -> Any:
        """The barrier, with an action that tells when it begins and ends."""
        parties, action = program.setup["parties"], program.setup["action"]
        return kind(parties) if action is None else kind(parties, action=lambda: _act(client, action))

    def perform(self, thing: Any, call: str) -> Any:
        """One method of `threading.Barrier`."""
        return METHODS[call](thing)

    def interruptible(self, call: str) -> bool:
        """P10 speaks of waits."""
        return call in WAITS

    def returned(self, call: str, result: Any) -> Seen:
        """An index, a number, yes or no, or nothing."""
        return ("Return", _outcome(call, result))

    def raised(self, call: str, error: BaseException) -> Seen:
        """Broken, failed, or refused."""
        kinds = kinds_of(error)
        if isinstance(error, ActionError):
            return ("Return", ("failed",))
        if "BrokenBarrierError" in kinds:
            return ("Return", ("broken",))
        if kinds & {"ValueError", "TypeError"} or ("RuntimeError" in kinds and call == "wait"):
            return ("Return", ("refused",))
        return super().raised(call, error)


METHODS: dict[str, Callable[[Any], Any]] = {
    "wait": lambda barrier: barrier.wait(),
    "wait_timeout": lambda barrier: barrier.wait(SECONDS),
    "abort": lambda barrier: barrier.abort(),
    "reset": lambda barrier: barrier.reset(),
    "n_waiting": lambda barrier: barrier.n_waiting,
    "broken": lambda barrier: barrier.broken,
    "misuse": lambda barrier: barrier.wait(-SECONDS),
}


METHOD_OF = {call: call for call in METHODS} | {"wait_timeout": "wait", "misuse": "wait"}
"""The name of the method, or property, behind each call."""


def _outcome(call: str, result: Any) -> tuple[Any, ...]:
    if call in WAITS or call == "misuse":
        return ("index", result) if isinstance(result, int) else ("returned", repr(result))
    if call == "n_waiting":
        return ("count", result) if isinstance(result, int) else ("returned", repr(result))
    if call == "broken":
        return ("yes",) if result else ("no",)
    return ("done",) if result is None else ("returned", repr(result))


def _act(client: Client, action: str) -> None:
    """The barrier's action."""
    client.observe(("ActionBegins",))
    for call in ACTIONS.get(action, ()):
        client.call(call)
    if action == "stops":
        client.stop()
    client.observe(("ActionEnds", "raises" if action == "raises" else "works"))
    if action == "raises":
        raise ActionError("the action fails")


def _setup(parties: int, action: str | None, **more: Any) -> dict[str, Any]:
    return {"parties": parties, "action": action, **more}


def _with_a_slow_one(threads: tuple[tuple[str, ...], ...], parties: int) -> Iterator[Program]:
    """The program with one waiting thread that may stop, each once up to names; and with an action that never ends."""
    for number, calls in enumerate(threads):
        if calls[0] in WAITS and calls not in threads[:number]:
            yield Program(
                threads, {"parties": parties, "action": None, "slow": names(len(threads))[number : number + 1]}
            )
    if _waiting(threads) >= parties:
        yield Program(threads, {"parties": parties, "action": "stops"})


def _waiting(threads: tuple[tuple[str, ...], ...]) -> int:
    """How many waits are made."""
    return sum(call in WAITS for calls in threads for call in calls)
