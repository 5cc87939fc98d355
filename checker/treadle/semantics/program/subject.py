"""A program as a subject of exploration: it announces what its threads want to do, and moves the one that was chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from treadle.model.verdict import Ending, Failure
from treadle.semantics.execution import Execution, taken
from treadle.semantics.polling import Rounds, parked
from treadle.semantics.program.automaton import Automaton
from treadle.semantics.program.code import Flattener
from treadle.semantics.program.likeness import interchangeable, mentions
from treadle.semantics.program.vocabulary import Vocabulary, thread_name
from treadle.semantics.symmetry import Queue, held_back
from treadle.semantics.threads import end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.semantics.execution import Chooser
    from treadle.semantics.polling import Poll
    from treadle.semantics.program.automaton import Station
    from treadle.semantics.program.likeness import Symmetry
    from treadle.semantics.program.text import ProgramText


class Program:
    """A compiled program; run it as often as you like. ProgramError if an operation is malformed.

    An execution in which an assertion failed has a `failure` of kind "assertion"; it is run to its end all the same,
    and its `ending` says how it ended, so that traces with and without failures are counted alike. Unless `failing`:
    then the program is taken for code that is checked, and the first assertion that fails ends the execution.

    `symmetry` says which threads are explored in one order only; `mark_first` which of their steps have that order (see
    `treadle.semantics.symmetry`). Loops that wait by reading are parked (see `treadle.semantics.polling`).
    """

    __slots__ = (
        "_closely",
        "_deferred",
        "_failing",
        "_first",
        "_initial",
        "_looping",
        "_mark_first",
        "_names",
        "_polls",
        "_spawns",
        "interchangeable",
        "text",
    )

    text: ProgramText
    _first: list[Station]  # where each thread starts
    _deferred: frozenset[int]
    _spawns: bool  # whether any thread spawns another
    _initial: dict[str, Any]
    _polls: dict[Hashable, Poll]  # the operations of parked threads, as far as known
    _looping: frozenset[int]  # the threads that have a loop
    _closely: bool  # whether there is more to watch than where each thread stands
    interchangeable: dict[int, int | None]  # such threads, each with the one before it

    def __init__(
        self, text: ProgramText, *, failing: bool = False, symmetry: Symmetry = "off", mark_first: bool = True
    ) -> None:
        self.text = text
        self._failing = failing
        self._mark_first = mark_first
        self._polls = {}
        self.interchangeable = interchangeable(text, symmetry)
        self._looping = frozenset(number for number, thread in enumerate(text.threads) if _loops(thread))
        self._closely = failing or bool(self.interchangeable or self._looping)
        self._names = [thread_name(number) for number in range(len(text.threads))]
        self._deferred = text.deferred
        self._first = []
        vocabulary = Vocabulary(
            threads=len(text.threads),
            policy=text.policy,
            coarse=text.coarse_trylock,
            by_value=text.same_value_writes_commute,
            idle=lambda number: self._first[number].ended,
        )
        flat = [self._flat(vocabulary, number) for number in range(len(text.threads))]
        mentioned = {(name, number) for thread in text.threads for name, number in mentions(thread)}
        self._spawns = any(name == "spawn" for name, _ in mentioned)
        for number, flattener in enumerate(flat):
            spawned = ("spawn", number) in mentioned
            automaton = Automaton(
                f"program {text.name!r}, thread {number}",
                flattener.code,
                thread=self._names[number],
                spawned=spawned,
                joined=spawned or ("join", number) in mentioned,
                deferred=number in text.deferred,
            )
            self._first.append(automaton.first())
        self._initial = self._states()

    def _flat(self, vocabulary: Vocabulary, number: int) -> Flattener:
        flattener = Flattener(vocabulary.visible)
        flattener.block(self.text.threads[number], f"program {self.text.name!r}, thread {number}", None)
        return flattener

    def _states(self) -> dict[str, Any]:
        """The states in which the objects start, where that is not what an object is by itself."""
        states: dict[str, Any] = {f"variable {name}": value for name, value in self.text.init.items()}
        states.update((f"semaphore {name}", count) for name, count in self.text.semaphores.items())
        for number, first in enumerate(self._first):
            if number not in self._deferred:
                states[start_of(self._names[number])] = True
                if first.ended:
                    states[end_of(self._names[number])] = True
        return states

    def run(self, chooser: Chooser) -> Execution:
        """Run once from the start, as the chooser says."""
        execution = Execution(self._initial)
        stations: list[Station | None] = list(self._first)
        for number in self._deferred:
            stations[number] = None
        execution.names += self._names
        execution.pending += [station.operation if station is not None else None for station in stations]
        if self._closely:
            self._follow_closely(execution, chooser, stations)
        else:
            chooser.begin(execution)
            self._follow(execution, chooser, stations)
        self._end(execution, stations)
        return execution

    def _follow(self, execution: Execution, chooser: Chooser, stations: list[Station | None]) -> None:
        """The loop in which nearly all time is spent: each chosen thread moves to its next station."""
        pending, spawns = execution.pending, self._spawns
        for event in taken(execution, chooser):
            task, result = event.task, event.result
            station = stations[task]
            assert station is not None, event
            following = station.moves.get(result)
            if following is None:
                following = station.after(result)
            stations[task] = following
            pending[task] = following.operation
            if spawns and event.operation.kind == "spawn":
                self._spawned(execution, stations, event.operation.objects()[0])

    def _follow_closely(self, execution: Execution, chooser: Chooser, stations: list[Station | None]) -> None:
        """The same loop, with an eye on loops, on the order of interchangeable threads, and on assertions."""
        rounds, looping = Rounds(self._polls), self._looping
        alike, failing, spawns = self.interchangeable, self._failing, self._spawns
        queue = Queue(alike, self._names, first=self._mark_first)
        pending = execution.pending
        for task in alike:
            pending[task] = queue.placed(task, pending[task])
        chooser.begin(execution)
        if failing and self._failed(execution, stations):
            return
        for event in taken(execution, chooser):
            task, result = event.task, event.result
            station = stations[task]
            assert station is not None, event
            following = station.moves.get(result)
            if following is None:
                following = station.after(result)
            stations[task] = following
            operation = following.operation
            if task in alike:
                queue.passed(event)
                operation = queue.placed(task, operation)
            pending[task] = rounds.after(event, station, following, operation) if task in looping else operation
            if spawns and event.operation.kind == "spawn":
                self._spawned(execution, stations, event.operation.objects()[0], queue)
            if failing and self._failed(execution, stations):
                break

    def _failed(self, execution: Execution, stations: list[Station | None]) -> bool:
        """Whether an assertion has failed. Then the execution is over."""
        if any(station is not None and station.failed is not None for station in stations):
            execution.ending = Ending.FAILED
        return execution.ending is Ending.FAILED

    def _spawned(
        self, execution: Execution, stations: list[Station | None], name: str, queue: Queue | None = None
    ) -> None:
        number = self._names.index(name)
        if stations[number] is None:
            stations[number] = first = self._first[number]
            execution.pending[number] = first.operation if queue is None else queue.placed(number, first.operation)

    def _end(self, execution: Execution, stations: list[Station | None]) -> None:
        """Say how it ended. A thread that nobody spawned does not exist, so nobody waits for it."""
        started = [station for station in stations if station is not None]
        for task, station in enumerate(stations):
            if station is not None and station.failed is not None:
                execution.failure = Failure("assertion", f"an assertion failed: {station.failed}", task)
                break
        if execution.ending is not None:
            return
        if all(station.ended for station in started):
            execution.ending = Ending.COMPLETE
        elif execution.enabled():
            execution.ending = Ending.CUT
        elif self.interchangeable and held_back(execution):
            execution.ending = Ending.ASLEEP
        elif any(station.assumed for station in started):
            execution.ending = Ending.ASSUME
        else:
            execution.ending = Ending.LIVELOCK if parked(execution) else Ending.DEADLOCK


def _loops(operations: Any) -> bool:
    """Whether there is a loop anywhere in the operations."""
    return '["while"' in json.dumps(operations)
