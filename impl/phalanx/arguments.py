"""The arguments that this package takes, checked once and in one voice.

A mistake is reported at the call that makes it, naming the argument and the value, because a barrier that was made
with a wrong number shows it much later, as a program that hangs.
"""

from __future__ import annotations

import math
import operator
import threading
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Callback = TypeVar("Callback")

FOREVER = -1.0
"""How `lock.acquire` spells a wait without a time limit."""
LONGEST = threading.TIMEOUT_MAX
"""The longest time limit, in seconds, that `lock.acquire` takes."""


def checked_count(name: str, value: SupportsIndex, *, least: int) -> int:
    """An argument that counts something, as an int.

    Raises:
        TypeError: it is not an integer (a bool is not one here).
        ValueError: it is less than `least`.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{name} must be an int; got {value!r}")
    number = operator.index(value)
    if number < least:
        raise ValueError(f"{name} must be at least {least}; got {value!r}")
    return number


def checked_positive(name: str, value: SupportsFloat) -> float:
    """An argument that measures something, as a float.

    Raises:
        TypeError: it is not a number (a bool is not one here).
        ValueError: it is not finite, or not greater than 0.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        raise TypeError(f"{name} must be a number; got {value!r}")
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be finite and greater than 0; got {value!r}")
    return number


def checked_action(action: Callable[[], object] | None) -> Callable[[], object] | None:
    """The action itself.

    Raises:
        TypeError: it can not be called.
    """
    if action is not None and not callable(action):
        raise TypeError(f"action must be callable without arguments, or None; got {action!r}")
    return action


def checked_callback(name: str, callback: Callback) -> Callback:
    """The callback itself.

    Raises:
        TypeError: it can not be called, and is not None.
    """
    if callback is not None and not callable(callback):
        raise TypeError(f"{name} must be callable, or None; got {callback!r}")
    return callback


def checked_seconds(timeout: SupportsFloat | None) -> float:
    """A timeout in seconds as `lock.acquire` takes it: `FOREVER` for None, and never more than it accepts.

    Raises:
        TypeError: it is not a number (a bool is not one here).
        ValueError: it is negative or not a number (NaN).
    """
    if timeout is None:
        return FOREVER
    # What nearly all are. Whatever is not a number, NaN too, is not between two.
    if type(timeout) is float and 0.0 <= timeout <= threading.TIMEOUT_MAX:
        return timeout
    # Asking for the protocol takes longer than a whole wait, so that is asked of unusual numbers only.
    if type(timeout) is not int and (isinstance(timeout, bool) or not isinstance(timeout, SupportsFloat)):
        raise TypeError(f"timeout must be a number of seconds, or None to wait for ever; got {timeout!r}")
    seconds = float(timeout)
    if math.isnan(seconds) or seconds < 0:
        raise ValueError(f"timeout must be 0 or more seconds, or None to wait for ever; got {timeout!r}")
    return min(seconds, threading.TIMEOUT_MAX)
