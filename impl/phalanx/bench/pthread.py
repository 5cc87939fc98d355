"""The operating system's own barrier, called through ctypes: about the limit of what Python can reach.

POSIX has `pthread_barrier_wait`, in which threads meet without any Python code. ctypes gives up the interpreter lock
around the call, as every barrier must that blocks. It has no timeout, no abort, no reset and no action, so it is no
replacement for anything; it shows what is left to gain. Linux and the BSDs have it; macOS and Windows have not.

Source: IEEE Std 1003.1-2017, `pthread_barrier_init` and `pthread_barrier_wait`.
"""

from __future__ import annotations

import ctypes
import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# `pthread_barrier_t` has 32 bytes in glibc and musl on 64-bit machines. Room to spare, and aligned for any of them.
Room = ctypes.c_uint64 * 32


class PthreadBarrier:
    """A barrier of the operating system for that many threads.

    Raises:
        OSError: the platform has none, or it could not be made.
    """

    def __init__(self, parties: int) -> None:
        library = load()
        if library is None:
            raise OSError("this platform's C library has no pthread_barrier_wait")
        self._room = Room()
        failed = library.pthread_barrier_init(ctypes.byref(self._room), None, parties)
        if failed:
            raise OSError(failed, f"pthread_barrier_init for {parties} threads failed")
        self.wait: Callable[[], object] = functools.partial(library.pthread_barrier_wait, ctypes.byref(self._room))

    def abort(self) -> None:
        """Does nothing: threads that wait at such a barrier can not be called back."""


@functools.cache
def load() -> ctypes.CDLL | None:
    """The C library, if it has barriers."""
    try:
        library = ctypes.CDLL(None)
        library.pthread_barrier_init.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint]
        library.pthread_barrier_wait.argtypes = [ctypes.c_void_p]
    except (AttributeError, OSError, TypeError):
        return None
    return library
