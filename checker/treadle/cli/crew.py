"""Several jobs at a time, each in a process of its own: what makes use of more than one processor.

A job is a function of a module, with arguments that can be pickled. It is called with `report` as its last argument, which
it calls now and then with how far it is; that raises KeyboardInterrupt when the job shall end with what it has.
Processes are spawned, so that they share nothing with this one, and each does one job after the other.

Ctrl-C in a terminal reaches every process of a command. Here the first one only asks, as in `interruption`: jobs that run
are told to end, and those that have not begun are not begun.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from treadle.cli.interruption import Interruption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

PAUSE = 0.2
"""Seconds between two looks at whether Ctrl-C was pressed."""
_SPAWN = multiprocessing.get_context("spawn")


class News(NamedTuple):
    """From a job: how far it is, or its result, or that its process has died."""

    job: int
    progress: Any = None
    result: Any = None
    died: str | None = None
    over: bool = False


class _Worker(NamedTuple):
    process: BaseProcess
    line: Connection


def work(
    function: Callable[..., Any],
    jobs: Iterable[tuple[Any, ...]],
    processes: int,
    wanted: Callable[[int], bool] = lambda _number: True,
) -> Iterator[News]:
    """Do all jobs, so many at a time, and tell what happens. After Ctrl-C, jobs that never began are not heard of.

    `wanted` is asked now and then whether a job is still wanted; once it says no of one, it does so of those after it, too.
    Such jobs are told to end, or never begin.
    """
    todo = deque(enumerate(jobs))
    workers = [_hired(function) for _ in range(min(processes, len(todo)))]
    busy: dict[Connection, int] = {}
    told: set[int] = set()
    try:
        with Interruption() as interruption:
            for worker in workers:
                _next(worker.line, todo, busy)
            while busy:
                keep = wanted if not interruption.asked else _nothing
                while todo and not keep(todo[-1][0]):
                    todo.pop()
                for line, number in busy.items():
                    if number not in told and not keep(number):
                        told.add(number)
                        line.send(None)
                for line in cast("list[Connection]", wait(list(busy), PAUSE)):
                    yield _heard(line, todo, busy)
    finally:
        for worker in workers:
            worker.line.close()
            worker.process.terminate()
            worker.process.join()


def _nothing(_number: int) -> bool:
    """No job is wanted any more."""
    return False


def _hired(function: Callable[..., Any]) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(function, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _next(line: Connection, todo: deque[tuple[int, tuple[Any, ...]]], busy: dict[Connection, int]) -> None:
    """Give the next job to whoever has none."""
    if todo:
        number, job = todo.popleft()
        line.send(job)
        busy[line] = number


def _heard(line: Connection, todo: deque[tuple[int, tuple[Any, ...]]], busy: dict[Connection, int]) -> News:
    """What came through a line."""
    job = busy[line]
    try:
        over, value = line.recv()
    except EOFError:
        del busy[line]
        return News(job, died="the process that did it ended before it was done", over=True)
    if not over:
        return News(job, progress=value)
    del busy[line]
    _next(line, todo, busy)
    return News(job, result=value, over=True)


def _serve(function: Callable[..., Any], line: Connection) -> None:
    """In a process: do jobs until the line is closed."""
    with Interruption():  # what Ctrl-C means, the other end of the line decides
        while True:
            try:
                job = line.recv()
            except EOFError:
                return
            if job is not None:  # None: told to stop after it was done
                line.send((True, function(*job, _reporter(line))))


def _reporter(line: Connection) -> Callable[[Any], None]:
    def report(progress: Any) -> None:
        line.send((False, progress))
        if line.poll():
            line.recv()
            raise KeyboardInterrupt("told to stop")

    return report
