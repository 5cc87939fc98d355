"""One use of a barrier: its tickets, its verdict, and what its participants sleep on.

A barrier that is used in rounds needs to know which round a thread belongs to. Counters and flags that are reused from
round to round confuse a fast thread of the next round with a slow one of this round. So each round is an object of its
own here, and a thread holds on to the object that it has arrived in, whatever becomes of the barrier meanwhile.

                  takes a ticket             the last one, or whoever comes next, settles it
        FILLING ------------------> FULL ----------------------------------------------------> TRIPPED
           |                         |
           |  abort, reset, timeout, |
           `------ interrupt --------`-------------------------------------------------------> BROKEN

Nothing of that is a field. Filling is that there are tickets; full, that there are none and no verdict; and the verdict
is the first value that was put under `VERDICT` into the dictionary `fate`: `setdefault` decides who is first, and tells
everybody else what it was, in one step. A verdict that lets newcomers go on names the generation where they go, so that
trip and successor are one step too. One that breaks the barrier names none; there the reset that mends it puts a
successor under `MENDED`, in the same way.

Tickets are numbers from 0, taken in order: the ticket is the index. One who gives up does not put it back, since the
numbers after it are given out already; it breaks the generation instead. Whoever breaks it throws away the tickets that
are left, after the verdict. So *no tickets and no verdict* can only mean that all parties are there.

Atoms: `list.pop`, `list.clear`, `len` of a list, `dict.setdefault`, `dict.get`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final, Protocol

from phalanx.errors import BrokenBarrierError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phalanx.stage import Stage

VERDICT: Final = "verdict"
MENDED: Final = "mended"


class Reason(enum.Enum):
    """Why a generation is broken, in words that complete "the barrier is broken: ..."."""

    ABORTED = "abort() was called"
    RESET = "reset() was called while this thread waited"
    TIMED_OUT = "a wait for it timed out"
    INTERRUPTED = "an exception interrupted one of its waiters"
    ACTION_FAILED = "the thread that runs its action was stopped by an exception"


# Read thus, a member is one load of a global: in Python 3.11 `Reason.RESET` calls a function written in Python.
ABORTED: Final = Reason.ABORTED
RESET: Final = Reason.RESET
TIMED_OUT: Final = Reason.TIMED_OUT
INTERRUPTED: Final = Reason.INTERRUPTED
ACTION_FAILED: Final = Reason.ACTION_FAILED


class Verdict:
    """Tripped, or broken. Never changed once it is made."""

    __slots__ = ("cause", "following", "reason")

    def __init__(
        self, reason: Reason | None, cause: BaseException | None = None, following: Generation | None = None
    ) -> None:
        # Why it is broken; None if it has tripped.
        self.reason = reason
        # The exception behind it, if there is one.
        self.cause = cause
        # The generation where newcomers go: after a trip and after a reset. None: the barrier is broken.
        self.following = following

    def error(self) -> BrokenBarrierError:
        """What to raise in a participant of a broken generation: a new exception for each, with the same cause."""
        reason = "unknown" if self.reason is None else self.reason.value
        error = BrokenBarrierError(f"the barrier is broken: {reason}")
        error.__cause__ = self.cause
        return error


class Bell(Protocol):
    """What the participants of one generation sleep on."""

    def sleep(self, index: int, seconds: float, fate: Mapping[str, object], /) -> bool:
        """Sleep until it rings, for at most that many seconds (-1: for ever); whether it has rung.

        `index` is the caller's ticket; no two callers have the same, and the last arriver never sleeps. `fate` is that
        of the generation: it is empty until there is a verdict, and the bell rings after that.
        """
        ...

    def open(self) -> None:
        """Ring: all who sleep and will sleep wake up, if each does what it does after it was woken."""
        ...

    def open_all(self) -> None:
        """Wake them all, even if some were stopped on the way, or this was. May be called again, and by anybody."""
        ...


class Generation:
    """One use of a barrier."""

    __slots__ = ("bell", "broken", "fate", "stage", "tickets", "tripped")

    # Whoever makes one fills it in (`cyclic`): all wait for it, and a constructor would take as long again.

    # The indices that nobody has, the lowest last.
    tickets: list[int]
    # The verdict, and what mended it, as soon as there are any.
    fate: dict[str, Any]
    # What those with a ticket sleep on, save the last.
    bell: Bell
    # What the action needs, if there is one.
    stage: Stage | None
    # How many generations tripped, and how many broke, before this one.
    tripped: int
    broken: int

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, as soon as there is one."""
        verdict: Verdict | None = self.fate.get(VERDICT)
        return verdict

    @property
    def following(self) -> Generation | None:
        """The generation after this one, as soon as there is one."""
        verdict = self.verdict
        if verdict is None:
            return None
        return verdict.following or self.mended

    @property
    def mended(self) -> Generation | None:
        """The generation with which a reset replaced this one, after the barrier was broken."""
        mended: Generation | None = self.fate.get(MENDED)
        return mended

    def settle(self, verdict: Verdict) -> Verdict:
        """The verdict: this one, unless there was one before."""
        settled: Verdict = self.fate.setdefault(VERDICT, verdict)
        return settled

    def open(self) -> None:
        """Wake everybody who waits for the verdict."""
        self.bell.open()
        if self.stage is not None:
            self.stage.open()

    def end(self) -> None:
        """Send newcomers on, and wake everybody: there is a verdict. Calling it again completes what was stopped."""
        self.tickets.clear()
        self.bell.open_all()
        if self.stage is not None:
            self.stage.open()
