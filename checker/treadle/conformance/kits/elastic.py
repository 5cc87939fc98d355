"""The kit for barriers whose parties come and go: any class with the methods of `phalanx.ElasticBarrier`.

A program is some threads that arrive, wait, join and leave, on a barrier that has some parties at the beginning; it is
held against `Elastic.tla`. Each party is one thread: who arrives or leaves before it has joined is a *founder*; who
joins first is none. Who does neither, but aborts or reads, is one as long as founders are wanted. If there are more
parties than that, the rest of them never come. Only programs are made in which each call may be made when its turn
comes: nobody joins twice, or arrives when it has left, or arrives again before it has asked for the verdict with its
token. One may come too late all the same, when the barrier is finished, and every call may be told that.

`arrive` keeps the token that it gets, and `await` and `await_timeout` are `wait(token)`. A thread that leaves with a
token that it has not used says so, `leave(token)`, since its arrival stays an arrival. Some calls are a `with` block, and
are observed as what it stands for:

    participant          with barrier.participant(): barrier.wait()
    participant_arrives  with barrier.participant(): barrier.arrive()
    participant_fails    with barrier.participant(): and the body raises
    with_fails           with barrier: and the body raises, which is an abort

What must hold whatever others do (P6, P7, P12, E3) is tried with one waiting thread that may stop for ever, where each
thread makes one call. Where faults are asked for, each program with a wait is also explored with so many exceptions
delivered into waits; but whoever is hit in `await` may have its token still, so there that is the last call.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from treadle.conformance.kit import Kit, combined, kinds_of, sequences, takes
from treadle.conformance.words import Program, model, models, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from treadle.conformance.kit import Client
    from treadle.conformance.words import Bounds, Seen

ARRIVALS = frozenset({"wait", "wait_timeout", "arrive"})
AWAITS = frozenset({"await", "await_timeout"})
WAITS = frozenset({"wait", "wait_timeout"}) | AWAITS
JOINS = frozenset({"join", "participant", "participant_arrives", "participant_fails"})
READS = frozenset({"n_waiting", "broken", "parties", "finished"})
SECONDS = 1.0
"""A timeout; how long it is makes no difference, since it may end at any moment."""
FOUNDER, NEWCOMER, BYSTANDER = "founder", "newcomer", "bystander"
"""What a thread is at the beginning: a party, none, or either."""
BODIES: dict[str, str | None] = {
    "participant": "wait",
    "participant_arrives": "arrive",
    "participant_fails": None,
}
"""What is called in the body of a `with barrier.participant()`."""
MEANINGS = {"with_fails": "abort"} | dict.fromkeys(BODIES, "join")
"""What the specification calls the beginning of a `with` block."""


class BodyError(Exception):
    """What the body of a `with` raises that fails."""


class Elastic(Kit):
    """Barriers whose parties join and leave, and what `Elastic.tla` says of them."""

    spec: ClassVar[str] = "Elastic"
    stopping: ClassVar[str] = "Slow"
    observed: ClassVar[frozenset[str]] = frozenset({"Call", "Return", "Interrupt"})
    calls: ClassVar[tuple[str, ...]] = ("wait", "wait_timeout", "arrive", "await", "join", "leave", "abort", "reset")
    known: ClassVar[tuple[str, ...]] = ("await_timeout", *BODIES, "with_fails", *sorted(READS), "misuse")

    def programs(self, bounds: Bounds) -> Iterator[Program]:
        """All in which each call may be made when its turn comes, for so many parties at the beginning (2)."""
        parties = bounds.parties if bounds.parties is not None else 2
        lives = [calls for calls in sequences(bounds.calls or self.calls, bounds.rounds) if role(calls)]
        for threads in combined(lives, bounds.threads):
            if [role(calls) for calls in threads].count(FOUNDER) > parties:
                continue
            yield Program(threads, {"parties": parties})
            waiting = [number for number, calls in enumerate(threads) if WAITS & set(calls)]
            if len(threads) > 1 and all(len(calls) == 1 for calls in threads):
                # Each once up to names.
                alone = [number for number in waiting if threads[number] not in threads[:number]]
                for number in alone:
                    slow = names(len(threads))[number : number + 1]
                    yield Program(threads, {"parties": parties, "slow": slow})
            if bounds.faults and waiting and not any(AWAITS & set(calls[:-1]) for calls in threads):
                yield Program(threads, {"parties": parties, "faults": bounds.faults})

    def implied(self, program: Program) -> str | None:
        """Nobody comes or goes, and more than one call is made."""
        if not program.calls & (ARRIVALS | {"join", "leave", *BODIES}) and program.size[0] > 2:  # noqa: PLR2004 - one and one more
            return "nobody arrives, joins or leaves, so two calls show all that more can"
        return None

    def lacks(self, kind: Any, program: Program) -> str | None:
        """A method, the timeout of `wait`, or a token's place in `wait` and `leave`."""
        missing = sorted({METHOD_OF[call] for call in program.calls} - set(dir(kind)))
        if missing:
            return f"the class has no {missing[0]}"
        if program.calls & {"wait_timeout", "await_timeout", "misuse"} and not takes(kind.wait, None, timeout=SECONDS):
            return "its wait takes no timeout"
        if program.calls & AWAITS and not takes(kind.wait, None, None):
            return "its wait takes no token"
        if any(_leaves_with_a_token(calls) for calls in program.threads) and not takes(kind.leave, None, None):
            return "its leave takes no token"
        return None

    def constants(self, program: Program) -> Mapping[str, Any]:
        """As the names of Elastic.tla say."""
        founders = _founders(program)
        return {
            "Threads": models({*program.names, *founders}),
            "Founders": models(founders),
            "Calls": frozenset(CALLS),  # what nobody does costs nothing, and so there are fewer models
            "Targets": models(program.names) if program.faults else frozenset(),
            "Slow": frozenset(),
            "Nobody": model("Nobody"),
            "Forgetful": False,
        }

    def make(self, kind: Any, program: Program, client: Client) -> Any:
        """A barrier with its first parties."""
        del client
        return kind(program.setup["parties"])

    def perform_for(self, client: Client, thing: Any, call: str) -> Any:
        """One method of `phalanx.ElasticBarrier`, or a `with` block."""
        if call in BODIES:
            return _participate(client, thing, BODIES[call])
        return METHODS[call](thing, client.kept)

    def begins(self, call: str) -> Seen:
        """What `with` does is what it stands for."""
        return ("Call", MEANINGS.get(call, call))

    def interruptible(self, call: str) -> bool:
        """P10 speaks of waits."""
        return call in WAITS

    def returned(self, call: str, result: Any) -> Seen:
        """An index, a number, yes or no, or nothing; a token is anything."""
        return ("Return", _outcome(call, result))

    def raised(self, call: str, error: BaseException) -> Seen:
        """Finished, broken, or refused."""
        kinds = kinds_of(error)
        if "FinishedBarrierError" in kinds:
            return ("Return", ("finished",))
        if "BrokenBarrierError" in kinds:
            return ("Return", ("broken",))
        if kinds & {"ValueError", "TypeError"}:
            return ("Return", ("refused",))
        return super().raised(call, error)


def role(calls: Iterable[str]) -> str | None:
    """What a thread is at the beginning that makes these calls; None if nobody may make them in this order."""
    found, inside, token = BYSTANDER, None, False
    for call in calls:
        if call in AWAITS:
            if not token:
                return None
            token = False
        elif call in ARRIVALS or call == "leave":
            if inside is False or (token and call in ARRIVALS):
                return None
            found = FOUNDER if inside is None else found
            inside, token = call in ARRIVALS, token or call == "arrive"
        elif token or (inside and call in JOINS):
            return None
        elif call in JOINS:
            found = NEWCOMER if inside is None else found
            inside, token = call == "join", call == "participant_arrives"
    return found


def _founders(program: Program) -> list[str]:
    """The threads that are parties at the beginning, and names for those that never come."""
    roles = {name: role(calls) for name, calls in zip(program.names, program.threads, strict=True)}
    parties = program.setup["parties"]
    present = [name for wanted in (FOUNDER, BYSTANDER) for name, found in roles.items() if found == wanted][:parties]
    absent = names(len(roles) + parties - len(present))[len(roles) :]
    return [*present, *absent]


def _leaves_with_a_token(calls: tuple[str, ...]) -> bool:
    """Whether somebody leaves by itself who has arrived and not asked for the verdict."""
    return any(pair == ("arrive", "leave") for pair in pairwise(calls))


def _arrive(barrier: Any, kept: dict[str, Any]) -> Any:
    kept["token"] = barrier.arrive()
    return kept["token"]


def _leave(barrier: Any, kept: dict[str, Any]) -> Any:
    token = kept.get("token")
    return barrier.leave() if token is None else barrier.leave(token)


def _participate(client: Client, barrier: Any, call: str | None) -> Any:
    """A `with` block: it joins, makes the call or raises, and leaves. None, unless it swallows what was raised."""
    try:
        with barrier.participant():
            client.observe(("Return", ("done",)))
            if call is not None:
                client.call(call)
            client.observe(("Call", "leave"))
            if call is None:
                _fail()
    except BodyError:
        return None
    return None if call is not None else "nothing was raised"


def _fail() -> None:
    raise BodyError("the body fails")


def _with_fails(barrier: Any, _: dict[str, Any]) -> Any:
    barrier.__enter__()
    return barrier.__exit__(BodyError, BodyError("the body fails"), None)


METHODS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "wait": lambda barrier, _: barrier.wait(),
    "wait_timeout": lambda barrier, _: barrier.wait(timeout=SECONDS),
    "arrive": _arrive,
    "await": lambda barrier, kept: barrier.wait(kept.pop("token", None)),
    "await_timeout": lambda barrier, kept: barrier.wait(kept.pop("token", None), timeout=SECONDS),
    "join": lambda barrier, _: barrier.join(),
    "leave": _leave,
    "abort": lambda barrier, _: barrier.abort(),
    "reset": lambda barrier, _: barrier.reset(),
    "with_fails": _with_fails,
    "n_waiting": lambda barrier, _: barrier.n_waiting,
    "parties": lambda barrier, _: barrier.parties,
    "broken": lambda barrier, _: barrier.broken,
    "finished": lambda barrier, _: barrier.finished,
    "misuse": lambda barrier, _: barrier.wait(timeout=-SECONDS),
}
CALLS = METHODS.keys() - {"with_fails"}
"""The calls as the specification names them."""
METHOD_OF = {call: call for call in METHODS} | {
    "wait_timeout": "wait", "await": "wait", "await_timeout": "wait", "misuse": "wait", "with_fails": "__exit__",
} | dict.fromkeys(BODIES, "participant")  # fmt: skip
"""The name of the method, or property, behind each call."""


def _outcome(call: str, result: Any) -> tuple[Any, ...]:
    if call in {"n_waiting", "parties"} and isinstance(result, int):
        return ("count", result)
    if call in WAITS and isinstance(result, int):
        return ("index", result)
    if call in {"broken", "finished"}:
        return ("yes",) if result else ("no",)
    nothing = result is None or (result is False and call == "with_fails")
    as_expected = nothing != (call == "arrive") and call not in WAITS
    return ("done",) if as_expected else ("returned", repr(result))
