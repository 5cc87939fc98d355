"""The client: runs a program of a kit on an object of the class that is checked, and writes down what it sees.

It takes the place of a scenario in a world. The program changes from exploration to exploration and the world stays,
so that modules are loaded once, and what was learned about their memory is kept.

The client's own code is not rewritten, and none of it is a step: what it keeps belongs to one thread alone. The object
is seen by the kit through a `Handle`, so that an attribute of it that is data is read as code of the program reads it.

Where the frames of an object's own file count as the program: a class of the standard library that is checked is told
by its lines, as anybody's.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.conformance.words import Observation
from treadle.runtime.alikes import Alike, Alikes
from treadle.runtime.endings import is_for_the_host
from treadle.runtime.halting import Halts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.conformance.kit import Kit
    from treadle.conformance.target import Target
    from treadle.conformance.words import Program, Seen
    from treadle.runtime.loading import Library
    from treadle.runtime.world import World

_OWN_FILES = frozenset(str(path) for path in Path(__file__).parent.rglob("*.py"))


class Handle:
    """The object, with every attribute read as code of the program reads it."""

    __slots__ = ("_read", "_thing")

    def __init__(self, thing: Any, read: Callable[[Any, str], Any]) -> None:
        self._thing = thing
        self._read = read

    def __getattr__(self, name: str) -> Any:
        return self._read(self._thing, name)


class Client:
    """The scenario of a world, and what a kit knows as its client.

    `record` is told of each observation: the number of the thread, and what it saw. Threads are
    interchangeable (`treadle.runtime.alikes`) where `merge` says so.
    """

    __slots__ = ("_alike", "_calls", "_halts", "_kept", "_numbers", "_thing", "_world", "kind", "kit", "program",
                 "record", "target")  # fmt: skip

    kit: Kit
    target: Target
    program: Program  # the one that runs
    kind: Any  # the class, in the world
    record: Callable[[int, Observation], None]
    _alike: dict[int, Alike]  # by thread: the same for threads that are interchangeable
    _thing: Any  # the object of this execution, behind its handle
    _world: World  # given once it is made
    _halts: Halts
    _numbers: dict[int, int]  # by task: the number of its thread
    _calls: dict[int, list[str]]  # by thread: the calls that it is in, the innermost last
    _kept: dict[int, dict[str, Any]]  # by thread: what the kit keeps for it from call to call

    def __init__(self, target: Target, kit: Kit, program: Program) -> None:
        self.target = target
        self.kit = kit
        self.program = program
        self._numbers = {}
        self._calls = {}
        self._alike = {}
        self._kept = {}

    @property
    def alikes(self) -> Alikes | None:
        """What watches over the threads that are interchangeable, if any are."""
        twins = self._world.threads.twins
        return twins if isinstance(twins, Alikes) else None

    def merge(self, groups: Iterable[Iterable[int]]) -> None:
        """From now on the threads of each group are interchangeable. No group: none are."""
        self._alike = {thread: alike for group in groups for alike in (Alike(),) for thread in group}
        world = self._world
        world.threads.merge(Alikes(world.threads, world.names) if self._alike else None)

    @property
    def world(self) -> World:
        """The world that it is the scenario of."""
        return self._world

    @world.setter
    def world(self, world: World) -> None:
        self._world = world
        self._halts = Halts(world.turns)
        if world.deliveries is not None:
            world.deliveries.gate = self._may_be_struck
            world.deliveries.told = self._struck

    @property
    def path(self) -> tuple[str, ...]:
        """Where a world looks for modules first."""
        return self.target.path

    def load(self, library: Library) -> Callable[[], Any]:
        """What a world runs. ScenarioError if there is no such class."""
        self.kind = self.target.load(library)
        library.files.discard(str(self.target.file(library, self.kind)))
        library.files.update(_OWN_FILES)
        return self._run

    @property
    def kept(self) -> dict[str, Any]:
        """What the running thread keeps from call to call."""
        return self._kept[self._numbers[self.world.turns.current]]

    def stuck(self) -> list[int]:
        """The threads that are in a call, and have not stopped by themselves."""
        return [thread for thread, calls in self._calls.items() if calls and thread not in self.stopped()]

    def stopped(self) -> list[int]:
        """The threads that have stopped for ever."""
        return sorted(self._numbers[task] for task in self._halts.stopped)

    def stopped_names(self) -> tuple[str, ...]:
        """The names of the threads that have stopped for ever."""
        return tuple(self.program.names[thread] for thread in self.stopped())

    def calls_of(self, thread: int) -> str:
        """The calls that a thread is in, the outermost first: "wait", or "abort in wait"."""
        return " in ".join(reversed(self._calls[thread]))

    def task_of(self, thread: int) -> int:
        """The task that is a thread of the last execution."""
        return next(task for task, number in self._numbers.items() if number == thread)

    def _run(self) -> None:
        """The whole execution: make the object, start the threads."""
        world, program = self.world, self.program
        self._numbers.clear()
        self._calls.clear()
        self._kept.clear()
        self._halts.begin()
        self._thing = Handle(self.kit.make(self.kind, program, self), world.hooks.attribute)
        for thread, calls in enumerate(program.threads):
            life = world.threads.born()
            world.threads.titles[life.number] = program.names[thread]
            self._numbers[life.number] = thread
            self._calls[thread] = []
            self._kept[thread] = {}
            alike = self._alike.get(thread)
            world.threads.start(life, partial(self._live, calls), work=None if alike is None else (alike,))

    def _live(self, calls: tuple[str, ...]) -> None:
        for call in calls:
            self.call(call)

    def call(self, call: str) -> None:
        """Make one call, and observe that it begins and how it ends."""
        turns = self.world.turns
        task = turns.current
        thread = self._numbers[task]
        mine = self._calls[thread]
        self.observe(self.kit.begins(call))
        mine.append(call)
        if self.program.names[thread] in self.program.slow:
            self._halts.allow(task)
        try:
            result = self.kit.perform_for(self, self._thing, call)
        except BaseException as error:
            if not turns.live:
                raise
            if self._is_delivered(error):
                seen = self.kit.unwound(call)
            elif is_for_the_host(error):
                raise
            else:
                seen = self.kit.raised(call, error)
        else:
            seen = self.kit.returned(call, result)
        mine.pop()
        self._halts.forbid(task)
        self.observe(seen)

    def _may_be_struck(self, task: int) -> bool:
        """Whether an exception may be delivered now: into a call of the thread's own, not one that a callback makes."""
        thread = self._numbers.get(task)
        calls = self._calls[thread] if thread is not None else ()
        return len(calls) == 1 and self.kit.interruptible(calls[0])

    def _struck(self) -> None:
        self.observe(self.kit.struck(self._calls[self._numbers[self._world.turns.current]][0]))

    def _is_delivered(self, error: BaseException) -> bool:
        deliveries = self._world.deliveries
        return deliveries is not None and deliveries.is_delivered(error)

    def stop(self) -> None:
        """The running thread stops for ever, as a callback may that never returns."""
        self._halts.stop()

    def observe(self, seen: Seen) -> None:
        """The running thread saw this."""
        turns = self.world.turns
        if turns.live:
            thread = self._numbers[turns.current]
            self.record(thread, Observation(seen[0], (self.program.names[thread], *seen[1:])))
