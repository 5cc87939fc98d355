r"""One use of a barrier: who has arrived in it, and its verdict.

A barrier that is used in rounds needs to know which round a thread belongs to. Counters and flags that are reused from
round to round confuse a fast thread of the next round with a slow one of this round. So each round is an object of its
own here, and a waiter holds on to the object that it has arrived in, whatever becomes of the barrier meanwhile.

                    last arrival, no action
        FILLING ------------------------------> TRIPPED
           |  \                                 ^
           |   \ last arrival        its action |
           |    `-----------------> FULL -------'
           |                         |  returned
           |  abort, reset, timeout, |
           `------ interrupt --------`---------> BROKEN

TRIPPED and BROKEN are verdicts. A verdict is one store, made once: nobody can take back from a released thread what it
has been told.

A waiter sleeps on a gate: a lock of its own, made locked, that whoever decides the verdict releases. Nobody else ever
takes that lock, so a waiter that wakes up contends with nobody; and what it reads then was written before the release.
The alternatives lose: a condition makes all that wake up queue for one lock again, and a single gate that is passed
from hand to hand multiplies the interleavings by the orders in which the hands can take it.

Everything here is done while holding the barrier's lock, except for reading a verdict that has been decided.
"""

from __future__ import annotations

import enum
import threading
from typing import Final

from phalanx.errors import BrokenBarrierError


class Phase(enum.Enum):
    """Where a generation is in its life."""

    FILLING = "filling"
    """Fewer than all parties have arrived."""
    FULL = "full"
    """All have arrived; the action runs, or waits for its turn to run."""
    TRIPPED = "tripped"
    """Verdict: everybody met, everybody is released."""
    BROKEN = "broken"
    """Verdict: these parties will not meet."""


# Read thus, a member is one load of a global: in Python 3.11 `Phase.FILLING` calls a function written in Python, which
# costs more than the rest of an arrival, and in which an exception from outside may be raised.
FILLING: Final = Phase.FILLING
FULL: Final = Phase.FULL
TRIPPED: Final = Phase.TRIPPED
BROKEN: Final = Phase.BROKEN


class Reason(enum.Enum):
    """Why a generation is broken, in words that complete "the barrier is broken: ..."."""

    ABORTED = "abort() was called"
    RESET = "reset() was called while this thread waited"
    TIMED_OUT = "a wait for it timed out"
    INTERRUPTED = "an exception interrupted one of its waiters"
    ACTION_FAILED = "the thread that runs its action was stopped by an exception"


class Generation:
    """One use of a barrier."""

    __slots__ = ("arrived", "cause", "gates", "leader", "phase", "reason", "turn")

    def __init__(self) -> None:
        """Start to fill, with nobody there."""
        self.phase: Phase = FILLING
        # How many have arrived and have to wait: the index of the next arrival. Never lowered: who gives up breaks the
        # generation instead. An arrival that trips the generation at once is not counted any more.
        self.arrived = 0
        # The locked gates of those who sleep, in the order of arrival. Empty once the verdict has reached everybody.
        self.gates: list[threading.Lock] = []
        # The thread that arrived last and runs the action; None before there is one, or if there is no action.
        self.leader: int | None = None
        # Whether the leader may run the action: no action of an earlier generation is still running.
        self.turn = False
        # Why it is broken, and the exception behind it if there is one. Written before the phase becomes BROKEN.
        self.reason: Reason | None = None
        self.cause: BaseException | None = None

    @property
    def undecided(self) -> bool:
        """Whether there is no verdict yet."""
        return self.phase is FILLING or self.phase is FULL

    def add_gate(self) -> threading.Lock:
        """A new gate for a thread to sleep on until there is a verdict."""
        gate = threading.Lock()
        gate.acquire()
        self.gates.append(gate)
        return gate

    def open_gates(self) -> None:
        """Wake whoever still sleeps. If an exception interrupts this, calling it again completes it.

        CPython delivers such an exception when a call has returned or when a loop jumps back, so never between the
        `del` and the release: a gate that has left the list has been released.
        """
        gates = self.gates
        while gates:
            gate = gates[-1]
            del gates[-1]
            gate.release()

    def give_turn(self) -> None:
        """Let the leader, who sleeps on the last gate, run the action."""
        self.turn = True
        gate = self.gates[-1]
        del self.gates[-1]
        gate.release()

    def error(self) -> BrokenBarrierError:
        """What to raise in a participant of this broken generation: a new exception for each, with the same cause."""
        reason = "unknown" if self.reason is None else self.reason.value
        error = BrokenBarrierError(f"the barrier is broken: {reason}")
        error.__cause__ = self.cause
        return error
