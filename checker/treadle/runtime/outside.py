"""What reaches out of a world is seen, and makes the verdict incomplete.

A world controls threads, locks, time and the modules that stand on them. Code can still go around it: a shared module
that starts a real thread, a subprocess, a socket. Python announces such things to *audit hooks*. One hook of ours is
installed with the first world of the process, where it stays (hooks cannot be taken away); it does nothing unless an
execution runs, in the very thread that runs it.

Python 3.11 does not announce that a thread is started; so they are counted too, before and after.

What does not announce itself is not seen here: a shared module's own locks (harmless, as long as nobody switches while
holding one: all tasks are one real thread), the wall clock of `datetime`, real random numbers. The last two are found
when an execution that is repeated departs from itself.

Source: PEP 578 and the table of audit events in Python's documentation.
"""

from __future__ import annotations

import _thread
import sys
from collections.abc import Callable, Sequence
from typing import Any

from treadle.runtime.instrumentation.files import ANNOUNCED

OUTSIDE = {
    "_thread.start_new_thread": "a real thread was started",
    "_thread.start_joinable_thread": "a real thread was started",
    "time.sleep": "real time was slept",
    "os.exec": "the process was replaced",
    "os.fork": "the process was forked",
    "os.forkpty": "the process was forked",
    "os.posix_spawn": "a process was started",
    "os.system": "a process was started",
    "signal.pthread_kill": "a real signal was sent",
    "socket.__new__": "a real socket was made",
    "sqlite3.connect": "a database was connected to, and nothing controls it",
    "subprocess.Popen": "a process was started",
}
"""What an execution cannot control, by its audit event."""

_HEARD = frozenset(OUTSIDE) | ANNOUNCED
Announced = Callable[[str, Sequence[Any]], None]

_watching: dict[int, tuple[Callable[[str], None], int, Announced | None]] = {}
"""By real thread: who is told; how many real threads there were at the start; who is told of files."""
_installed: list[bool] = []


def _hook(event: str, arguments: Sequence[Any]) -> None:
    if not _watching or event not in _HEARD:
        return
    watcher = _watching.get(_thread.get_ident())
    if watcher is None:
        return
    tell, _, announced = watcher
    if event not in OUTSIDE:
        if announced is not None:
            announced(event, arguments)
    elif event != "sqlite3.connect" or arguments[0] != ":memory:":
        tell(OUTSIDE[event])


def watch(tell: Callable[[str], None], announced: Announced | None = None) -> None:
    """Until `look_away`, tell of what this real thread does outside; `announced` is told what it will do to files, before."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_hook)
    _watching[_thread.get_ident()] = tell, _thread._count(), announced


def look_away() -> None:
    """No execution runs in this real thread any more."""
    watcher = _watching.pop(_thread.get_ident(), None)
    if watcher is not None and _thread._count() > watcher[1]:
        watcher[0](OUTSIDE["_thread.start_new_thread"])
