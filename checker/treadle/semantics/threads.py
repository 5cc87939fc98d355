"""Threads as objects: each has a *start* and an *end*, two states that are False until they are True.

Starting writes the start; the first step of the thread reads it, so nothing the thread does can come before. The end
is written by the thread's last step and read by whoever joins. Nothing else about a thread is shared: how the standard
library keeps its books about threads (a registry, a lock and an event inside each) is not the program's concurrency.

- A task that was not yet started has no pending operation at all. `Begin` is nevertheless disabled before the start,
  because the search also asks whether it could have run somewhere earlier, where the thread does not exist.
- A join with a timeout has the outcomes of a question: ended, or not yet. It needs no timer, because the search explores
  it on both sides of the end. A question is also what `is_alive` is.

Law: tests/laws/test_conflicts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look


def start_of(thread: str) -> str:
    """The name of the object that is True once the thread is started."""
    return f"start of {thread}"


def end_of(thread: str) -> str:
    """The name of the object that is True once the thread has ended."""
    return f"end of {thread}"


class ThreadOperation(Operation):
    """An operation on the life of one thread, which it calls by its stable name."""

    __slots__ = ("_access", "_outcome", "thread")

    thread: str
    _outcome: Outcome  # unless a question is answered
    _access: Access  # what it does when it runs, which is always the same

    def __init__(self, thread: str, access: Access, place: str | None) -> None:
        self.thread = thread
        self.place = place
        self._access = access
        self._outcome = Outcome(None, (access,))

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked, unless a subclass says so."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It happens."""
        return self._outcome

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever waits, it waits for the same
        """The access, without its change."""
        name, mode, _ = self._access
        return ((name, mode, None),)

    def objects(self) -> tuple[str, ...]:
        """The thread."""
        return (self.thread,)


class Start(ThreadOperation):
    """Start a thread. The subject makes its task after this step."""

    __slots__ = ()
    kind = "start"

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (start_of(thread), WRITE, (become, True)), place)


class Begin(ThreadOperation):
    """The first step of a started thread, before anything of its own."""

    __slots__ = ()
    kind = "begin"
    reading = True
    shut = True

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (start_of(thread), READ, None), place)

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled once the thread is started."""
        return ONE if look(self._access[0]) else BLOCKED


class End(ThreadOperation):
    """The last step of a thread, after everything of its own."""

    __slots__ = ()
    kind = "end"

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (end_of(thread), WRITE, (become, True)), place)


class Join(ThreadOperation):
    """Wait for a thread to end."""

    __slots__ = ()
    kind = "join"
    reading = True
    shut = True

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (end_of(thread), READ, None), place)

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled once the thread has ended."""
        return ONE if look(self._access[0]) else BLOCKED


class TryJoin(ThreadOperation):
    """Ask whether a thread has ended: `join(timeout)` and `is_alive`. True if it has."""

    __slots__ = ("timed",)
    kind = "try_join"
    reading = True

    def __init__(self, thread: str, place: str | None = None, *, timed: bool = False) -> None:
        super().__init__(thread, (end_of(thread), READ, None), place)
        self.timed = timed

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Whether it has ended, and nothing is changed."""
        return Outcome(bool(look(self._access[0])), (self._access,))


class Started(ThreadOperation):
    """Ask whether a thread was started, where the asker is not the one who starts it."""

    __slots__ = ()
    kind = "started"
    reading = True

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (start_of(thread), READ, None), place)

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Whether it was, and nothing is changed."""
        return Outcome(bool(look(self._access[0])), (self._access,))
