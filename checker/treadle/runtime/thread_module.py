"""The controlled `_thread`: what the standard library's own `threading.py` stands on inside a world.

It has the names that the real module of the running Python version has; `threading.py` of 3.11, 3.12 and 3.13 import
different ones. What would reach real threads is refused.
"""

from __future__ import annotations

import _thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from treadle.errors import ScenarioError
from treadle.runtime.locks import TIMEOUT_MAX, Lock, Locks
from treadle.runtime.thread_locals import Local

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.runtime.threads import Life, Threads


class Handle:
    """A thread as `_thread.start_joinable_thread` of Python 3.13 gives it."""

    __slots__ = ("__weakref__", "_threads", "ident", "life")

    life: Life | None  # None: it is not started
    ident: int | None

    def __init__(self, threads: Threads, life: Life | None = None) -> None:
        self._threads = threads
        self.bind(life)

    def bind(self, life: Life | None) -> None:
        """It is this thread."""
        self.life = life
        self.ident = life.number + 1 if life is not None else None

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        if self.life is None:
            raise RuntimeError("thread not started")
        self._threads.join(self.life, timeout if timeout is None or timeout >= 0 else None)

    def is_done(self) -> bool:
        """Whether it has ended."""
        return self.life is not None and self._threads.ended(self.life)

    def _set_done(self) -> None:
        """Only the shutdown of the interpreter does that, which no world sees."""


def controlled_thread(threads: Threads, locks: Locks) -> ModuleType:
    """The module `_thread` of one world."""
    module = ModuleType("_thread", _thread.__doc__)
    plain, reentrant = locks.kinds
    lock = type("lock", (plain,), {"__slots__": (), "__module__": "_thread", "_locks": locks})
    rlock = type("RLock", (reentrant,), {"__slots__": (), "__module__": "_thread", "_locks": locks})
    local = type("_local", (Local,), {"__slots__": (), "__module__": "_thread", "_threads": threads})
    offered = {
        "TIMEOUT_MAX": TIMEOUT_MAX,
        "LockType": lock,
        "RLock": rlock,
        "_local": local,
        "allocate": lock,
        "allocate_lock": lock,
        "error": RuntimeError,
        "exit": _exit,
        "exit_thread": _exit,
        "get_ident": threads.ident,
        "get_native_id": threads.ident,
        "interrupt_main": _refused(threads, "_thread.interrupt_main"),
        "lock": lock,
        "stack_size": _stack_size,
        **_starting(threads),
        "_set_sentinel": lambda: _sentinel(threads, lock()),
        **_process(),
    }
    for name, value in offered.items():
        if hasattr(_thread, name):
            setattr(module, name, value)
    for name in ("_ExceptHookArgs", "_excepthook"):
        setattr(module, name, getattr(_thread, name))
    return module


def _starting(threads: Threads) -> dict[str, Any]:
    """What starts threads without a `Thread`."""

    def start(life: Life, function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not callable(function):
            raise TypeError("first arg must be callable")
        threads.start(life, lambda: function(*args, **kwargs) and None, daemon=True, work=(function, args, kwargs))

    def start_new_thread(
        function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
    ) -> int:
        life = threads.born()
        start(life, function, args, kwargs or {})
        return life.number + 1

    def start_joinable_thread(
        function: Callable[[], object], handle: Handle | None = None, daemon: bool = True
    ) -> Handle:
        life = threads.born()
        handle = handle if handle is not None else Handle(threads)
        start(life, function, (), {})
        if not daemon:
            threads.daemons.discard(life.number)
        handle.bind(life)
        return handle

    def make_thread_handle(ident: int) -> Handle:
        return Handle(threads, threads.lives[ident - 1])

    return {
        "_ThreadHandle": lambda: Handle(threads),
        "_make_thread_handle": make_thread_handle,
        "start_joinable_thread": start_joinable_thread,
        "start_new": start_new_thread,
        "start_new_thread": start_new_thread,
    }


def _sentinel(threads: Threads, lock: Lock) -> Lock:
    """The lock that is released when the running thread has ended, as Python 3.12 and older have it."""
    threads.last_words[threads.turns.current] = lambda: lock.release() if lock.locked() else None
    return lock


def _process() -> dict[str, Any]:
    """What is true of the process, and needs no control."""
    return {
        "_count": lambda: 0,
        "_get_main_thread_ident": lambda: 1,
        "_is_main_interpreter": lambda: True,
        "_shutdown": lambda: None,
        "daemon_threads_allowed": lambda: True,
    }


class Silent:
    """A lock around what is no concurrency of the program: taking it is no operation."""

    __slots__ = ("__weakref__",)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: ARG002 - as the real one
        """Always succeeds."""
        return True

    def release(self) -> None:
        """Nothing to do."""

    def locked(self) -> bool:
        """Never."""
        return False

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *exception: object) -> None:
        pass

    def _at_fork_reinit(self) -> None:
        pass


def _exit() -> NoReturn:
    raise SystemExit("the thread exits")


def _stack_size(size: int = 0) -> int:  # noqa: ARG001 - as the real one
    return 0


def _refused(threads: Threads, name: str) -> Callable[..., NoReturn]:
    def refuse(*args: object, **kwargs: object) -> NoReturn:  # noqa: ARG001 - as the real one
        message = f"{name} cannot be controlled"
        threads.note(message)
        raise ScenarioError(message, instead="let the threads of the scenario tell each other")

    return refuse
