"""Logging: handlers of the program's own, and the locks that they hold while code of the program runs.

`logging` is shared with the process, and taken to be what it documents, safe for threads: a call into it is one step (see
`knowledge.SAFE_MODULES`). But a handler of the program runs code of the program, which makes steps, under a lock that `logging` makes
for each handler; and a real lock keeps no task out, as all tasks are one thread. So a class of handlers that is made in
the world makes its locks in the world: a `logging.Handler` gets its lock from its method `createLock`. A call that comes to
such handlers is no single step then: it lets others run where the lock is taken, and where the handler's code does.

That is left to be one step, and refused if it is none, where another lock of `logging` may be held while code of the program
runs: where a handler in the way is not of the program but has a filter or a formatter that is, or has a lock of its own making.

What is logged is read when the call begins. It is looked at again when the call is over, since the handlers may have come to it
later; if it is raced for, the verdict is incomplete.

Law: tests/quality/test_world_library.py, and tests/quality/races/test_logs.py.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.plain import is_a
from treadle.runtime.locks import Lock, RLock

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator


TELLING = frozenset({"critical", "debug", "error", "exception", "fatal", "handle", "info", "log", "warn", "warning"})
"""Functions of `logging`, and methods of its loggers, that come to handlers."""


def lend_lock(cls: type, make: Callable[[], Any]) -> None:
    """If it is a class of handlers, let its objects have a lock of the world, which `make` makes; None: there is none yet."""
    if issubclass(cls, logging.Handler) and cls.createLock is logging.Handler.createLock:

        def createLock(self: Any) -> None:
            lock = make()
            if lock is None:
                logging.Handler.createLock(self)
            else:
                self.lock = lock

        type.__setattr__(cls, "createLock", createLock)


def comes_to_the_program(function: Any, modules: Container[str]) -> bool:
    """Whether a call of `logging` comes to handlers of the program, of these modules, and holds no real lock meanwhile."""
    if getattr(function, "__name__", "") not in TELLING:
        return False
    owner = getattr(function, "__self__", None)
    logger = owner if is_a(owner, logging.Logger) else getattr(owner, "logger", logging.root)
    found = False
    for handler in _handlers(logger):
        if _is_of(handler, modules):
            found = True
            if handler.lock is not None and not is_a(handler.lock, (Lock, RLock)):
                return False
        elif any(_is_of(part, modules) for part in (handler.formatter, *handler.filters)):
            return False
    return found


def _handlers(logger: Any) -> Iterator[Any]:
    """Those that a logger hands its messages to."""
    while is_a(logger, logging.Logger):
        yield from logger.handlers
        logger = logger.parent if logger.propagate else None


def _is_of(value: Any, modules: Container[str]) -> bool:
    return any(base.__module__ in modules for base in type(value).__mro__)
