"""How the standard library keeps its books about threads, made silent.

Every `threading.Thread` has a lock that its end releases, an event that its beginning sets, and an entry in a registry
that a lock guards. If those were operations, every scenario would be multiplied by the orders in which its threads
register and leave, and no program could tell the difference. So in a world a thread's start is one step, its end is
one step, `join` waits for the end, and the books are kept in the same steps.

Argument. What the books say is a function of which threads were started and which have ended: an entry is in the
registry from the start to the end; the event is set from the start on. Who asks (`is_alive`, `join`, `enumerate`,
`active_count`) makes an operation that conflicts with just the start or end that it could see. In a real run start
and registration are several steps; but `start()` returns only when the new thread has registered itself, and nobody
else can look at a registry entry in between without `enumerate`, which takes the lock around them.

Only a private copy of `threading` is touched: four methods of `Thread`, two functions, two locks, two names. All other
code of it runs as it is, of Python 3.11, 3.12 and 3.13.

Law: tests/laws/test_bookkeeping.py runs small scenarios with and without this.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from treadle.runtime.alikes import ANYBODY
from treadle.runtime.facades import Count
from treadle.runtime.thread_module import Handle, Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from treadle.runtime.threads import Life, Threads


class Beginning:
    """Stands where a `Thread` has the event `_started`: set by the start, and asked by `join` and `is_alive`."""

    __slots__ = ("_threads", "life", "starter")

    life: Life | None  # None: of a thread that was not made in the world, such as the main thread
    starter: int | None  # the task that started it

    def __init__(self, threads: Threads, life: Life | None) -> None:
        self._threads = threads
        self.starter = None
        self.life = life

    def is_set(self) -> bool:
        """Whether it was started. For the task that did it, and about the main thread, that is no question."""
        if self.life is None or self.life.number == 0 or self.starter == self._threads.turns.current:
            return self.starter is not None
        return bool(self._threads.turns.step(self.life.started))

    def set(self) -> None:
        """It is started now, by the running task."""
        self.starter = self._threads.turns.current

    def told(self) -> None:
        """Somebody is shown the thread's number."""
        self._threads.tell(ANYBODY)

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - as an event
        """It is set in the step that starts the thread."""
        return True

    def _at_fork_reinit(self) -> None:
        pass


class _Nowhere:
    """Stands where the module keeps a set of all threads, for the use of its own tests."""

    def add(self, thread: Any) -> None:
        """Forget it."""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def silence(threading: ModuleType, threads: Threads) -> None:
    """Make the books of this private copy silent."""
    books: Any = threading
    books._active_limbo_lock = Silent()
    if hasattr(books, "_shutdown_locks_lock"):
        books._shutdown_locks_lock = Silent()
    books._dangling = _Nowhere()
    if hasattr(books, "_DeleteDummyThreadOnDel"):
        # From 3.13 on, what `current_thread` gives a thread that `threading` did not start is taken off the books by a
        # finalizer, and when that runs is no step. Before, it stays on the books for good; so it does here.
        del books._DeleteDummyThreadOnDel.__del__
    books._counter = Count(1).__next__
    _with_beginning(books, threads)
    _with_steps(books, threads)
    _with_questions(books, threads)
    main = books._main_thread
    main._started = Beginning(threads, threads.lives[0])
    main._started.set()
    main._handle = Handle(threads, threads.lives[0])


def _with_beginning(books: Any, threads: Threads) -> None:
    """`Thread.__init__` runs as it is, but where it says Event it gets a Beginning."""
    original = books.Thread.__init__
    names = {**vars(books), "Event": lambda: Beginning(threads, threads.born())}
    renamed = FunctionType(original.__code__, names, "__init__", original.__defaults__, original.__closure__)
    renamed.__kwdefaults__ = original.__kwdefaults__
    renamed.__qualname__ = original.__qualname__
    renamed.__doc__ = original.__doc__
    books.Thread.__init__ = renamed


def _with_steps(books: Any, threads: Threads) -> None:
    """A thread's start and end are one step each; the entry in the registry comes and goes with them."""
    default_hook = books.excepthook
    registry: dict[int, Any] = books._active
    with_handles = not hasattr(books.Thread, "_wait_for_tstate_lock")  # as Python 3.13 has them

    def start(self: Any) -> None:
        """Start the thread, once."""
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        beginning: Beginning = self._started
        if beginning.starter is not None or beginning.life is None:
            raise RuntimeError("threads can only be started once")
        life = beginning.life
        beginning.set()
        self._ident = self._native_id = life.number + 1
        threads.titles[life.number] = self._name
        if with_handles:
            self._handle = Handle(threads, life)
        alike = type(self) is books.Thread
        work = (self._target, self._args, self._kwargs) if alike else None
        threads.start(life, self._bootstrap, daemon=self._daemonic, work=work)
        registry[self._ident] = self

    def bootstrap(self: Any) -> None:
        try:
            self.run()
        except BaseException:
            if books.excepthook is default_hook or not threads.turns.live:
                raise
            self._invoke_excepthook(self)

    books.Thread.__hash__ = _stable_hash
    books.Thread.start = start
    books.Thread._bootstrap_inner = bootstrap
    threads.ended_hooks.append(lambda life: life.number and registry.pop(threads.ident_of(life.number), None))


def _stable_hash(thread: Any) -> int:
    """The same in every execution, so that a set of threads, such as a pool has, is in the same order."""
    beginning = getattr(thread, "_started", None)
    if not isinstance(beginning, Beginning) or beginning.life is None:
        return 0
    beginning.told()
    return beginning.life.number


def _with_questions(books: Any, threads: Threads) -> None:
    """`join`, `is_alive`, `enumerate` and `active_count` ask for the ends, and starts, that they depend on."""

    def wait(self: Any, block: bool = True, timeout: float = -1) -> None:
        life = self._started.life
        if self._is_stopped or life is None:
            return
        if not block:
            self._is_stopped = threads.ended(life)
        else:
            self._is_stopped = threads.join(life, timeout if timeout >= 0 else None)
        threads.turns.deeds += self._is_stopped

    if hasattr(books.Thread, "_wait_for_tstate_lock"):
        books.Thread._wait_for_tstate_lock = wait
    for name in ("enumerate", "active_count"):
        setattr(books, name, _asking(getattr(books, name), threads))


def _asking(original: Callable[[], Any], threads: Threads) -> Callable[[], Any]:
    def ask() -> Any:
        threads.survey()
        return original()

    ask.__name__ = ask.__qualname__ = original.__name__
    ask.__doc__ = original.__doc__
    return ask
