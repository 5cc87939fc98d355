"""The process in which a scenario runs on real threads. `treadle.api.stressing` starts it, and reads its report.

The scenario runs in the main thread. A watchdog, in a thread that `threading` knows nothing of, so that no scenario can
count it, waits for the end of each run; if that does not come in time it writes down where every thread stands, and
ends the process. Should it never get to run, because some C code keeps the interpreter to itself, faulthandler ends
the process a little later.

The report is rewritten before each run, so that it is there whatever happens.
"""

from __future__ import annotations

import _thread
import faulthandler
import importlib
import inspect
import json
import os
import sys
import threading
import time
import traceback
from dataclasses import replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.api import testing
from treadle.model.verdict import Failure
from treadle.runtime.cases import arguments
from treadle.runtime.endings import uncaught
from treadle.runtime.scenario import Scenario
from treadle.search.walks import dice

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVALS = (1e-6, 1e-5, 1e-4, 1e-3, 5e-3)
"""Seconds after which the interpreter lets another thread run; the last one is its default."""
_OWN = frozenset(str(path) for path in Path(__file__).parents[1].rglob("*.py"))


def main(given: dict[str, Any]) -> None:
    """Make the runs that were asked for."""
    report = Report(Path(given["report"]))
    try:
        function = _loaded(Scenario.parse(given["target"]))
    except Exception as error:  # noqa: BLE001 - whatever the module does, it is told
        report.end(unloadable=f"{type(error).__name__}: {error}")
        return
    watchdog = Watchdog(given["timeout"], report)
    for number in range(given["repeat"]):
        report.write(runs=number + 1)
        throw = dice(f"{given['seed']}/{number}")
        sys.setswitchinterval(INTERVALS[throw(len(INTERVALS))])
        testing.draw_with(throw)
        with watchdog:
            failure = _once(function)
        if failure is not None:
            report.end(failure=failure)
            os._exit(0)  # threads that still run have nothing to say
    report.end()


class Report:
    """What is told, in a file. `over`: all that there is to tell is told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._started = time.monotonic()
        self._told: dict[str, Any] = {"runs": 0, "failure": None, "over": False}
        self.write()

    def write(self, **more: Any) -> None:
        """Tell more."""
        self._told |= {**more, "seconds": time.monotonic() - self._started}
        self._path.write_text(json.dumps(self._told), encoding="utf-8")

    def end(self, failure: Failure | None = None, **more: Any) -> None:
        """Tell the last."""
        if failure is not None:
            more["failure"] = {"kind": failure.kind, "message": failure.message, "details": failure.details}
        self.write(**more, over=True)


class Watchdog:
    """Ends the process if what is done under it takes too long.

    Each lock is held but for the moment in which it hands a word over: it has begun, it is over, that was heard. Without
    the last one a run could begin before the watching thread has woken up for the run before.
    """

    def __init__(self, seconds: float, report: Report) -> None:
        self._seconds = seconds
        self._report = report
        self._begun = _thread.allocate_lock()
        self._over = _thread.allocate_lock()
        self._heard = _thread.allocate_lock()
        self._begun.acquire()
        self._over.acquire()
        self._heard.acquire()
        _thread.start_new_thread(self._watch, ())

    def __enter__(self) -> None:
        faulthandler.dump_traceback_later(2 * self._seconds + 5, exit=True)
        self._begun.release()

    def __exit__(self, *exception: object) -> None:
        self._over.release()
        self._heard.acquire()
        faulthandler.cancel_dump_traceback_later()

    def _watch(self) -> None:
        while True:
            self._begun.acquire()
            if not self._over.acquire(timeout=self._seconds):
                self._report.end(failure=_hang(self._seconds))
                os._exit(0)
            self._heard.release()


def _hang(seconds: float) -> Failure:
    """Where everybody stands."""
    stacks = {ident: text for ident, frame in sys._current_frames().items() if (text := _stack(frame))}  # noqa: SLF001 - documented
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    told = [f"{names.get(ident, 'a thread')}:\n{text}" for ident, text in sorted(stacks.items())]
    count = f"{len(told)} threads still run" if len(told) != 1 else "one thread still runs"
    return Failure("hang", f"not over after {seconds:g} s: {count}", None, "\n".join(told))


def _stack(frame: Any) -> str:
    """The scenario's part of a stack; the innermost call comes last."""
    frames = [summary for summary in traceback.extract_stack(frame) if summary.filename not in {*_OWN, "<string>"}]
    return "".join(traceback.format_list(frames))


def _once(function: Callable[[], object]) -> Failure | None:
    """One run, and all that it started."""
    failures: list[Failure] = []
    before = set(threading.enumerate())

    def failed(error: BaseException) -> None:
        if not isinstance(error, SystemExit):
            failures.append(replace(uncaught(error, 0, _OWN), task=None))

    def ended(ending: threading.ExceptHookArgs) -> None:
        if ending.exc_value is not None:
            failed(ending.exc_value)

    threading.excepthook = ended
    try:
        function()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        failed(error)
    for thread in threading.enumerate():
        if thread not in before and not thread.daemon and not _is_idle(thread) and not failures:
            thread.join()
    return failures[0] if failures else None


def _is_idle(thread: threading.Thread) -> bool:
    """Whether it is a worker of a pool that nobody shut down: the end of the process ends it."""
    pools: Any = sys.modules.get("concurrent.futures.thread")
    return pools is not None and thread in pools._threads_queues  # noqa: SLF001 - there is no other way to know


def _loaded(scenario: Scenario) -> Callable[[], object]:
    """The function, of the real module."""
    sys.path[:0] = scenario.path
    if scenario.file is None:
        module = importlib.import_module(scenario.module)
    else:
        parent = scenario.module.rpartition(".")[0]
        if parent:
            importlib.import_module(parent)
        spec = spec_from_file_location(scenario.module, scenario.file)
        if spec is None or spec.loader is None:
            message = f"{scenario.file} is not a module"
            raise ImportError(message)
        module = sys.modules[scenario.module] = module_from_spec(spec)
        spec.loader.exec_module(module)
    marked = getattr(module, scenario.function)
    function: Callable[..., object] = inspect.unwrap(marked)
    return partial(function, **arguments(marked, module, scenario.case, scenario.target)) if scenario.case else function
