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

from phalanx.bench.contenders import ELASTIC, LIMIT, LONG, OTHER, OURS, STANDARD, TIMED, TREE, Meeting, contenders
from phalanx.bench.report import Column, Report, Row
from phalanx.bench.samples import take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Timing = Callable[[int, int], float]

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
    ours = (OURS, TIMED, TREE, ELASTIC)
    ratios = [(STANDARD, name) for name in ours] + [(TIMED, OURS), (OTHER, OURS)] + [(name, LIMIT) for name in ours]
    title = "One synchronisation, in microseconds"
    return measured("overhead", title, meetings(present), ratios, notes, plan, progress)


def meetings(present: Mapping[str, Callable[[int], Meeting]]) -> dict[str, Timing]:
    """How the rounds of each kind of barrier are timed."""
    return {name: partial(time_rounds, make, timeout=LONG if name == TIMED else None) for name, make in present.items()}


def measured(  # noqa: PLR0917 - a table and its legend
    name: str,
    title: str,
    present: Mapping[str, Timing],
    ratios: list[tuple[str, str]],
    notes: list[str],
    plan: Plan,
    progress: Callable[[str], None],
) -> Report:
    """A report with a row for each number of parties; of the ratios those whose contenders are there."""
    rows = []
    for parties in plan.parties:
        progress(f"{parties} threads")
        try:
            samplers = {name: _sampler(partial(timing, parties), plan.seconds) for name, timing in present.items()}
            rows.append(Row(parties, take_turns(samplers, plan.repeat)))
        except TooManyThreadsError as error:
            notes = [*notes, str(error)]
            break
    columns = [*map(Column, present), *(Column(one, other) for one, other in ratios if {one, other} <= set(present))]
    return Report(name, title, "parties", "microseconds per synchronisation", rows, columns, notes)


def _sampler(timing: Callable[[int], float], seconds: float) -> Callable[[], float]:
    """A function that takes one sample of about that many seconds, in microseconds a round."""
    rounds = FEWEST_ROUNDS
    while (lasted := timing(rounds)) < seconds / 2:
        rounds = max(2 * rounds, int(rounds * seconds / max(lasted, 1e-6) / 4))
    return partial(_microseconds, timing, rounds)


def _microseconds(timing: Callable[[int], float], rounds: int) -> float:
    return timing(rounds) / rounds * 1e6


class TooManyThreadsError(Exception):
    """The operating system does not let this process have that many threads."""


def time_rounds(make: Callable[[int], Meeting], parties: int, rounds: int, timeout: float | None = None) -> float:
    """The seconds that `parties` threads take to meet `rounds` times, once all of them run; with a timeout, if it is given."""
    meeting = make(parties)
    clock: list[float] = []
    meet = partial(_meet, meeting.wait, timeout)
    workers = [partial(_timed, meet, rounds, clock), *[partial(_untimed, meet, rounds)] * (parties - 1)]
    run(workers, meeting.abort)
    began, ended = clock
    return ended - began


def _meet(wait: Callable[..., object], timeout: float | None, rounds: int) -> None:
    """Wait so often. Each kind of call stands in its loop as a program would write it: anything between costs a tenth of it."""
    if timeout is None:
        for _ in range(rounds):
            wait()
    else:
        for _ in range(rounds):
            wait(timeout)


def run(workers: Sequence[Callable[[], object]], abort: Callable[[], object]) -> None:
    """Run each in a thread of its own, until all are done; if that is interrupted, `abort` lets them go."""
    # Daemons: an interrupted benchmark must end even if the threads' barrier knows no abort.
    threads = [threading.Thread(target=worker, daemon=True) for worker in workers]
    try:
        with _small_stacks():
            _start(threads)
        for thread in threads:
            thread.join()
    except BaseException:
        abort()
        raise


def _start(threads: list[threading.Thread]) -> None:
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            raise TooManyThreadsError(
                f"Only {number} of {len(threads)} threads could be started, so it ends there; "
                "probably a limit on processes or memory (ulimit -u, ulimit -v, a container's)."
            ) from error


def _timed(meet: Callable[[int], object], rounds: int, clock: list[float]) -> None:
    try:
        meet(1)
        clock.append(time.perf_counter())
        meet(rounds)
        clock.append(time.perf_counter())
    except threading.BrokenBarrierError:
        return


def _untimed(meet: Callable[[int], object], rounds: int) -> None:
    try:
        meet(rounds + 1)
    except threading.BrokenBarrierError:
        return


@contextmanager
def _small_stacks() -> Iterator[None]:
    before = threading.stack_size(STACK_BYTES)
    try:
        yield
    finally:
        threading.stack_size(before)
