"""How long one synchronisation takes: threads that do nothing but wait for each other.

Each sample starts its threads anew, lets them meet once, and then times a number of rounds in one of them. The number
is found by doubling it until a sample is long enough, per contender and number of threads.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from phalanx.bench.contenders import LIMIT, OTHER, OURS, STANDARD, TIMED, TREE, Meeting, contenders
from phalanx.bench.report import Column, Report, Row
from phalanx.bench.samples import take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARTIES = (2, 4, 8, 16, 64, 256, 1024)
STACK_BYTES = 256 * 1024
"""A stack for each thread that is large enough for these loops, so that 1,024 of them fit everywhere."""
FEWEST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure."""

    parties: tuple[int, ...]
    repeat: int
    """Samples of each contender."""
    seconds: float
    """How long a sample shall last, about."""


def measure(plan: Plan, progress: Callable[[str], None]) -> Report:
    """Microseconds a synchronisation for each number of parties and each contender."""
    present, notes = contenders()
    rows = []
    for parties in plan.parties:
        progress(f"{parties} threads")
        try:
            samplers = {name: _sampler(make, parties, plan.seconds) for name, make in present.items()}
            rows.append(Row(parties, take_turns(samplers, plan.repeat)))
        except TooManyThreadsError as error:
            notes.append(str(error))
            break
    return Report(
        name="overhead",
        title="One synchronisation, in microseconds",
        subject="parties",
        unit="microseconds per synchronisation",
        rows=rows,
        columns=_columns(list(present)),
        notes=notes,
    )


def _columns(present: list[str]) -> list[Column]:
    """Each contender, and the ratios that say what they are worth."""
    ratios = [(STANDARD, OURS), (STANDARD, TREE), (TIMED, OURS), (OTHER, OURS), (OURS, LIMIT)]
    return [*map(Column, present), *(Column(one, other) for one, other in ratios if {one, other} <= set(present))]


def _sampler(make: Callable[[int], Meeting], parties: int, seconds: float) -> Callable[[], float]:
    """A function that takes one sample of about that many seconds, in microseconds a round."""
    rounds = FEWEST_ROUNDS
    while (lasted := time_rounds(make, parties, rounds)) < seconds / 2:
        rounds = max(2 * rounds, int(rounds * seconds / max(lasted, 1e-6) / 4))
    return partial(_microseconds, make, parties, rounds)


def _microseconds(make: Callable[[int], Meeting], parties: int, rounds: int) -> float:
    return time_rounds(make, parties, rounds) / rounds * 1e6


class TooManyThreadsError(Exception):
    """The operating system does not let this process have that many threads."""


def time_rounds(make: Callable[[int], Meeting], parties: int, rounds: int) -> float:
    """The seconds that `parties` threads take to meet `rounds` times, once all of them run."""
    meeting = make(parties)
    clock: list[float] = []
    workers = [partial(_timed, meeting.wait, rounds, clock), *[partial(_untimed, meeting.wait, rounds)] * (parties - 1)]
    # Daemons: an interrupted benchmark must end even if the threads' barrier knows no abort.
    threads = [threading.Thread(target=worker, daemon=True) for worker in workers]
    try:
        with _small_stacks():
            _start(threads)
        for thread in threads:
            thread.join()
    except BaseException:
        meeting.abort()
        raise
    began, ended = clock
    return ended - began


def _start(threads: list[threading.Thread]) -> None:
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            raise TooManyThreadsError(
                f"Only {number} of {len(threads)} threads could be started, so it ends there; "
                "probably a limit on processes or memory (ulimit -u, ulimit -v, a container's)."
            ) from error


def _timed(wait: Callable[[], object], rounds: int, clock: list[float]) -> None:
    try:
        wait()
        clock.append(time.perf_counter())
        for _ in range(rounds):
            wait()
        clock.append(time.perf_counter())
    except threading.BrokenBarrierError:
        return


def _untimed(wait: Callable[[], object], rounds: int) -> None:
    try:
        for _ in range(rounds + 1):
            wait()
    except threading.BrokenBarrierError:
        return


@contextmanager
def _small_stacks() -> Iterator[None]:
    before = threading.stack_size(STACK_BYTES)
    try:
        yield
    finally:
        threading.stack_size(before)
