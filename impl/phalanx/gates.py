"""Gates: how a few locks wake any number of sleepers.

A gate is a lock that is made locked, and a sleeper takes it. Opening it wakes one sleeper, which opens it again behind
itself, and so on: the gate is handed on until all have passed, and stays open. One gate wakes its sleepers strictly one
after the other, and each of them meets the interpreter lock while its predecessor still holds it. A gate for each
sleeper makes whoever opens them do all the work. A few gates in parallel are best: while the sleeper of one chain is
woken by the operating system, that of another one runs. With `CHAINS` of them, a barrier for up to `CHAINS` + 1 threads
has a gate for each sleeper, and nothing is handed on there.

Nobody waits for one who stops in the middle of opening the gates, if each has one of its own: whoever wakes up opens
the next one if it is still closed. So it takes two threads that stop to leave a third one asleep.

Opening is idempotent: a gate that is open already stays open. So an exception that stops an opening, or that strikes
a sleeper between passing its gate and opening it again, is mended by opening everything once more.

Atoms: `acquire`, `release` and `locked` of a lock; releasing an open one raises RuntimeError and does nothing else. Specified
in `spec/Gates.tla`. Handing on is Andrews's "passing the baton" (*Concurrent Programming*, 1991, section 4.4).
"""

from __future__ import annotations

from threading import Lock

CHAINS = 4
"""Measured: two is too few from 16 threads on, eight is no better than four."""


class Gates:
    """What some threads sleep on until it is opened, once for all."""

    __slots__ = ("_gates", "_shared")

    def __init__(self, sleepers: int, chains: int = CHAINS) -> None:
        self._gates = gates = [Lock() for _ in range(min(chains, sleepers))]
        for gate in gates:
            gate.acquire()
        # Whether some sleepers share a gate, so that it has to be handed on.
        self._shared = sleepers > chains

    def sleep(self, index: int, seconds: float, _fate: object = None, /) -> bool:
        """Sleep until they are opened, for at most that many seconds (-1: for ever); whether they are open.

        Sleepers are numbered from 0, so that they spread evenly over the gates.
        """
        gates = self._gates
        gate = gates[index % len(gates)]
        if not gate.acquire(True, seconds):  # noqa: FBT003 - by position, since names cost a tenth of a call
            return False
        if self._shared:
            open_gate(gate)
        elif index < len(gates) - 1 and gates[index + 1].locked():
            open_gate(gates[index + 1])
        return True

    def open(self) -> None:
        """Wake all, now and later."""
        for gate in self._gates:
            open_gate(gate)

    def open_all(self) -> None:
        """Wake all: the same as `open`: opening again mends everything."""
        self.open()


def closed_gate() -> Lock:
    """A new gate."""
    gate = Lock()
    gate.acquire()
    return gate


def open_gate(gate: Lock) -> None:
    """Let one sleeper pass; nothing, if it is open."""
    try:
        gate.release()
    except RuntimeError:
        return
