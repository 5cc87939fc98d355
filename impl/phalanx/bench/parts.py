"""What a synchronisation is made of: where the time goes that `phalanx.Barrier` takes and the system's barrier does not.

Measured beside both, in turns with them:

- *its Python code*: one thread runs all calls of `wait` of a round, one after the other, at a barrier on which nobody
  sleeps. So no system call is made and no interpreter lock is handed over; everything else is done.
- *bare pipe* and *bare gates*: threads that meet in as little Python as does it, a ticket popped and a byte read, or
  a lock taken and handed on. There is no verdict, so no timeout, abort, reset, action or exception could be dealt with. What these
  cost is what waking by the kernel and the hand-over of the interpreter lock cost, whatever else a barrier does.
- *a lap of a baton*: the threads stand in a ring, and each wakes the next one by releasing a lock. That is as many
  hand-overs from thread to thread as there are threads, one after the other.

The code and a bare meeting do not add up to the whole: code runs on one processor while the kernel wakes on the other.
"""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING

from phalanx.bench.contenders import LIMIT, OURS, contenders
from phalanx.bench.overhead import Plan, measured, meetings, run
from phalanx.cyclic import CyclicBarrier
from phalanx.gates import closed_gate
from phalanx.generation import VERDICT, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from phalanx.bench.report import Report

CODE = "its Python code"
PIPE = "bare pipe"
GATES = "bare gates"
BATON = "a lap of a baton"


def measure(plan: Plan, progress: Callable[[str], None]) -> Report:
    """Microseconds a round for each number of parties and each part."""
    family, notes = contenders()
    present = meetings({name: family[name] for name in (OURS, LIMIT) if name in family})
    present |= meetings({PIPE: BarePipe, GATES: BareGates}) | {CODE: time_code, BATON: time_baton}
    ratios = [(OURS, LIMIT), (OURS, PIPE), (PIPE, LIMIT), (CODE, OURS)]
    title = "What one synchronisation is made of, in microseconds"
    return measured("parts", title, present, ratios, [note for note in notes if LIMIT in note], plan, progress)


def time_code(parties: int, rounds: int) -> float:
    """The seconds that one thread takes for all the code of so many rounds."""
    barrier = CodeAlone(parties)
    barrier.round()
    began = time.perf_counter()
    for _ in range(rounds):
        barrier.round()
    return time.perf_counter() - began


def time_baton(parties: int, rounds: int) -> float:
    """The seconds in which a baton goes round so often."""
    gates = [closed_gate() for _ in range(parties)]
    clock: list[float] = []

    def first() -> None:
        gates[0].acquire()
        clock.append(time.perf_counter())
        for _ in range(rounds):
            gates[1].release()
            gates[0].acquire()
        clock.append(time.perf_counter())

    def other(number: int) -> None:
        for _ in range(rounds):
            gates[number].acquire()
            gates[(number + 1) % parties].release()

    gates[0].release()
    run([first, *(partial(other, number) for number in range(1, parties))], lambda: None)
    return clock[1] - clock[0]


class Awake:
    """A bell for those who never sleep."""

    def sleep(self, *_: object) -> bool:
        """Return at once."""
        return True

    def open(self) -> None:
        """Wake nobody."""

    def open_all(self) -> None:
        """Wake nobody."""


class CodeAlone(CyclicBarrier):
    """A barrier at which one thread makes all calls of a round."""

    def _bell(self, _last: object, _generations: int) -> Awake:
        return Awake()

    def round(self) -> None:
        """Everything that `parties` threads do in a generation, save to sleep and to wake."""
        fate = self._generation.fate
        # As if it had tripped already, for those who would have to sleep until then.
        fate[VERDICT] = TRIPPED
        for _ in range(self._last):
            self.wait()
        fate.clear()
        self.wait()


TRIPPED = Verdict(None)


class BarePipe:
    """Threads that meet by a pipe, and nothing else. Two pipes in turns: a fast thread may come while others still read."""

    def __init__(self, parties: int) -> None:
        self._some = bytes(parties - 1)
        self._full = list(range(parties))
        self._pipes = [os.pipe(), os.pipe()]
        self._round = (self._full.copy(), *self._pipes[0])

    def wait(self) -> None:
        """Meet."""
        tickets, reader, writer = self._round
        if tickets.pop():
            os.read(reader, 1)
        else:
            self._pipes.reverse()
            self._round = (self._full.copy(), *self._pipes[0])
            os.write(writer, self._some)

    def abort(self) -> None:
        """End every sleep, more or less: whoever comes again sleeps again."""
        for _, writer in self._pipes:
            os.write(writer, self._some)

    def __del__(self) -> None:
        for ends in self._pipes:
            for end in ends:
                os.close(end)


class BareGates:
    """Threads that meet by a lock which is handed from one to the next, and nothing else."""

    def __init__(self, parties: int) -> None:
        self._full = list(range(parties))
        self._round = (self._full.copy(), closed_gate())

    def wait(self) -> None:
        """Meet."""
        tickets, gate = self._round
        if tickets.pop():
            gate.acquire()
        else:
            self._round = (self._full.copy(), closed_gate())
        gate.release()

    def abort(self) -> None:
        """End every sleep, more or less: whoever comes again sleeps again."""
        self._round[1].release()
