"""A kit: what has to be said about one kind of object, so that any class of that kind can be held against a spec.

See the package's docstring for how one is written. The methods are called by `client`, which runs the programs, and by
`treadle.api.conforming`, which explores them.
"""

from __future__ import annotations

import inspect
from collections import Counter
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from treadle.conformance.words import Bounds, Program, Seen


class Client(Protocol):
    """What a kit is given while a program runs: the means to see, and to be seen."""

    @property
    def program(self) -> Program:
        """The program that runs."""

    @property
    def kept(self) -> dict[str, Any]:
        """What the running thread keeps from call to call; empty when it begins."""

    def observe(self, seen: Seen) -> None:
        """The running thread observes something. A callback tells thus that it begins, and how it ends."""

    def call(self, call: str) -> None:
        """Make a call on the object and observe it, from inside a callback: a whole step of the program."""

    def stop(self) -> None:
        """The running thread stops for ever: a callback that never returns. See `Program.slow`."""


class Kit:
    """What one kind of object is. Subclass it, and write what raises NotImplementedError.

    A kit has no state that changes: one kit serves all programs and all executions.
    """

    spec: ClassVar[str] = ""
    """The name of the module that says what such an object promises."""
    stopping: ClassVar[str | None] = None
    """The constant that is the set of threads that have stopped for ever, of which nothing is demanded."""
    formula: ClassVar[str] = "FairSpec"
    """The definition in it with initial states, steps and fairness."""
    observed: ClassVar[frozenset[str]] = frozenset({"Call", "Return"})
    """The actions of the specification that a client can see; all others are internal."""
    calls: ClassVar[tuple[str, ...]] = ()
    """The calls that programs make unless others are asked for."""
    known: ClassVar[tuple[str, ...]] = ()
    """Further calls that may be asked for."""

    def programs(self, bounds: Bounds) -> Iterator[Program]:
        """Every program within the bounds, smallest first, one of each set that differ by the threads' names only."""
        raise NotImplementedError

    def implied(self, program: Program) -> str | None:
        """Why the program need not be explored, in words; None if it must."""
        del program
        return None

    def lacks(self, kind: Any, program: Program) -> str | None:
        """What the class does not have that the program needs, in words; None if it has all of it."""
        del kind, program
        return None

    def constants(self, program: Program) -> Mapping[str, Any]:
        """The constants of the specification for a program. See `words.value_of` for the values, and `words.model`."""
        raise NotImplementedError

    def make(self, kind: Any, program: Program, client: Client) -> Any:
        """Make the object, of the class that is checked; called before the threads start, in each execution."""
        raise NotImplementedError

    def perform(self, thing: Any, call: str) -> Any:
        """Make the call on the object; return what it returns, let pass what it raises."""
        raise NotImplementedError

    def perform_for(self, client: Client, thing: Any, call: str) -> Any:
        """The same, for calls that need what an earlier one of the same thread returned, or that make calls inside.

        Override this one then, and not `perform`. `client.kept` has the first, `client.call` makes the others.
        """
        del client
        return self.perform(thing, call)

    def begins(self, call: str) -> Seen:
        """What is observed when the call begins."""
        return ("Call", call)

    def returned(self, call: str, result: Any) -> Seen:
        """What is observed when the call returns."""
        raise NotImplementedError

    def raised(self, call: str, error: BaseException) -> Seen:
        """What is observed when the call raises. What the specification has no word for, it does not allow."""
        del call
        return ("Return", ("raised", type(error).__name__))

    def interruptible(self, call: str) -> bool:
        """Whether an exception may be delivered into the call from outside, if the program's setup has `faults`."""
        del call
        return False

    def struck(self, call: str) -> Seen:
        """What is observed when that happens."""
        del call
        return ("Interrupt",)

    def unwound(self, call: str) -> Seen:
        """What is observed when the call raises what was delivered into it."""
        del call
        return ("Return", ("interrupted",))


def kinds_of(error: BaseException) -> frozenset[str]:
    """The names of the classes that the exception is of.

    Names, since a world has its own copies of the modules: its `BrokenBarrierError` is not the kit's.
    """
    return frozenset(kind.__name__ for kind in type(error).__mro__)


def takes(function: Any, *args: Any, **kwargs: Any) -> bool:
    """Whether a function can be called so; true if nobody can tell."""
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    except ValueError:  # a function in C that does not say
        return True
    return True


def sequences(calls: Iterable[str], longest: int) -> list[tuple[str, ...]]:
    """Every sequence of 1 to `longest` calls, the shortest first."""
    listed = tuple(calls)
    return [sequence for length in range(1, longest + 1) for sequence in product(listed, repeat=length)]


def clients(calls: Iterable[str], threads: int, longest: int) -> list[tuple[tuple[str, ...], ...]]:
    """What 1 to `threads` threads may do, each with a sequence of calls, smallest first, up to the threads' names."""
    return combined(sequences(calls, longest), threads)


def combined(one: Sequence[tuple[str, ...]], threads: int) -> list[tuple[tuple[str, ...], ...]]:
    """What 1 to `threads` threads may do, each with one of these sequences, smallest first, up to the threads' names."""
    found = [chosen for count in range(1, threads + 1) for chosen in combinations_with_replacement(one, count)]
    return sorted(found, key=lambda chosen: (sum(map(len, chosen)), len(chosen)))


def occurring(threads: Iterable[Iterable[str]]) -> Counter[str]:
    """How often each call occurs in a program."""
    return Counter(call for calls in threads for call in calls)
