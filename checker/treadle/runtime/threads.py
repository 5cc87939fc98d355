"""Who is there: the tasks as threads, with their stable numbers and names.

A thread is numbered by who made it and as how many-th: the same thread has the same number in every execution, also
where two tasks start threads in either order, because the numbers given once are kept for all executions. A task that
an execution has not started has no pending operation there.

Three operations in the life of a thread are steps: its start, its begin, its end. Everything else that a thread's
object keeps about itself is silent (`treadle.runtime.bookkeeping`).

The main thread has no start and no begin, and its end is a step only if somebody waits for that, or asks for it. As long as nobody does, it
conflicts with nothing and enables nothing, so without it the traces are the same. In an execution in which somebody does for the first
time all goes on as it really would, since an end that is no step is an end; and then the exploration begins again, with that step.
Law: tests/laws/test_bookkeeping.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.errors import ScenarioError
from treadle.runtime.turns import LOADING
from treadle.semantics.faults import StrikeJoin
from treadle.semantics.registry import RegisteredEnd, RegisteredStart, Survey
from treadle.semantics.threads import Begin, End, Join, Start, Started, TryJoin, end_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Operation
    from treadle.runtime.clock import Clock
    from treadle.runtime.learned import Learned
    from treadle.runtime.turns import Turns
    from treadle.runtime.twins import Twins, Work
    from treadle.semantics.execution import Execution


class Life:
    """The operations on one thread. `registered`: somebody asks who is alive."""

    __slots__ = ("ask", "begin", "end", "join", "name", "number", "start", "started", "strike", "timed")

    def __init__(self, number: int, name: str, *, registered: bool) -> None:
        self.number = number
        self.name = name
        self.start = RegisteredStart(name) if registered else Start(name)
        self.begin = Begin(name)
        self.end = RegisteredEnd(name) if registered else End(name)
        self.join = Join(name)
        self.ask = TryJoin(name)
        self.timed = TryJoin(name, timed=True)
        self.started = Started(name)
        self.strike = StrikeJoin(name)


class Threads:
    """What the controlled `_thread` stands on: turns, names and clock, and the operations made so far."""

    __slots__ = (
        "_all",
        "_born",
        "_family",
        "_learned",
        "_registered",
        "clock",
        "daemons",
        "ended_hooks",
        "epoch",
        "failed",
        "interruptible",
        "last_words",
        "lives",
        "note",
        "outgrown",
        "tell",
        "titles",
        "turns",
        "twins",
    )

    lives: list[Life]  # by task, of every task that any execution had
    daemons: set[int]  # tasks whose being blocked is no deadlock, in this execution
    interruptible: Callable[[Operation], None] | None  # told of a wait, with what an interruption of it is
    twins: Twins | None  # if threads that are started alike are interchangeable
    titles: dict[int, str]  # what the program calls its threads, in this execution
    tell: Callable[[int], object]  # told of a task that somebody can tell from others: see `alikes`
    ended_hooks: list[Callable[[Life], object]]  # called in the step of an end
    last_words: dict[int, Callable[[], object]]  # by task: called after its end, in this execution
    epoch: object  # is another one in each execution
    outgrown: bool  # somebody asked who is alive, and starts and ends did not count on it
    failed: Callable[[BaseException], None]  # told of an exception that ends a task uncaught
    _registered: bool  # starts and ends are operations on the registry
    note: Callable[[str], None]  # told of what makes the verdict incomplete
    _all: list[str]  # the names of these lives
    _family: dict[tuple[int, int], Life]  # by creator and count
    _born: dict[int, int]  # by creator: so many threads so far, in this execution

    def __init__(
        self,
        turns: Turns,
        clock: Clock,
        learned: Learned,
        failed: Callable[[BaseException], None],
        note: Callable[[str], None],
    ) -> None:
        self.turns = turns
        self.clock = clock
        self.failed = failed
        self.note = note
        self.epoch = object()
        self.interruptible = None
        self.twins = None
        self.ended_hooks = []
        self.last_words = {}
        self._registered = self.outgrown = False
        self.lives = [Life(0, "main", registered=False)]
        self.daemons = set()
        self.titles = {}
        self.tell = _nobody_asks
        self._all = [life.name for life in self.lives]
        self._family = {}
        self._born = {}
        self._learned = learned

    def begin(self, execution: Execution) -> None:
        """An execution starts: announce every task that any execution had."""
        self.epoch = object()
        self._born.clear()
        self.daemons.clear()
        self.last_words.clear()
        self.titles.clear()
        if self.twins is not None:
            self.twins.begin()
        execution.add_tasks(self._all)

    def forget(self) -> None:
        """The modules are loaded anew."""
        self.ended_hooks.clear()
        self._born.clear()

    def renew(self) -> None:
        """From now on each start and end is seen by whoever asks who is alive."""
        self._registered, self.outgrown = self._registered or self.outgrown, False
        for life in self.lives:
            life.__init__(life.number, life.name, registered=self._registered)  # type: ignore[misc]

    def born(self) -> Life:
        """A new thread of the running task, not started yet.

        What a task makes while it dies is never started, so it is not remembered: tasks that no execution has would be
        looked at in each step of every later one.
        """
        self.turns.deeds += 1
        creator = self.turns.current
        if not self.turns.live and creator != LOADING:
            return Life(len(self.lives), "a thread of a dying task", registered=self._registered)
        count = self._born[creator] = self._born.get(creator, 0) + 1
        life = self._family.get((creator, count))
        if life is None:
            name = f"{self.lives[creator].name if creator >= 0 else 'import'}.{count}"
            life = self._family[creator, count] = Life(len(self.lives), name, registered=self._registered)
            self.lives.append(life)
            self._all.append(name)
            if self.turns.live:
                self.turns.execution.add_task(name)
        return life

    def start(self, life: Life, run: Callable[[], object], *, daemon: bool = False, work: Work | None = None) -> None:
        """Start the thread; it runs when its turn comes. `run` may raise: that is a failure.

        `work` is what it does, as far as that can be compared with what other threads do.
        """
        turns = self.turns
        if turns.current == LOADING:
            message = "a module starts a thread while it is imported"
            raise ScenarioError(message, instead="start it in the scenario; see docs/explanation/limits.md")
        if self.twins is not None:
            self.twins.started(life.number, work)
        turns.joining()
        turns.step(life.start)
        if daemon:
            self.daemons.add(life.number)
        turns.admit(life.number, life.begin, lambda: self.live(life, run))

    def live(self, life: Life, run: Callable[[], object]) -> None:
        """The whole of a thread, in its own task."""
        try:
            run()
        except SystemExit:
            pass
        except BaseException as error:
            self.failed(error)
        if life.number or self._is_awaited(life):
            self.turns.step(life.end)
        elif self.turns.live:
            self.turns.execution.bear(end_of(life.name), True)  # noqa: FBT003
        for hook in self.ended_hooks:
            hook(life)
        if self.last_words:
            self.last_words.pop(life.number, _silence)()

    def _is_awaited(self, life: Life) -> bool:
        return self._registered or life.name in self._learned.awaited

    def _awaits(self, life: Life) -> None:
        """Somebody asks for the end of a thread."""
        if not life.number and not self._is_awaited(life):
            self._learned.learn("awaited", life.name)

    def join(self, life: Life, timeout: float | None = None) -> bool:
        """Wait for the thread's end; whether it has ended."""
        self._awaits(life)
        if self.interruptible is not None and timeout != 0:
            self.interruptible(life.strike)
        if timeout is None:
            self.turns.step(life.join)
            return True
        if self.turns.step(life.timed):
            return True
        self.clock.expire(timeout)
        return False

    def ended(self, life: Life) -> bool:
        """Ask whether the thread has ended."""
        self._awaits(life)
        return bool(self.turns.step(life.ask))

    def survey(self) -> None:
        """Ask who is alive."""
        if self.turns.live and not self._registered:
            self.outgrown = True
        self.turns.step(Survey())

    def ident(self) -> Any:
        """What `get_ident` returns: a number that is never zero, or what stands for it."""
        task = self.turns.current
        return task + 1 if self.twins is None and task >= 0 else self.ident_of(task)

    def ident_of(self, task: int) -> Any:
        """What it returns in this task."""
        if self.twins is not None:
            return self.twins.ident(task)
        return task + 1 if task >= 0 else 1

    def merge(self, twins: Twins | None) -> None:
        """From the next execution on these say which threads are interchangeable; none are, without."""
        self.twins = twins
        self.turns.placed = None


def _nobody_asks(_task: int) -> None:
    """Nobody wants to know."""


def _silence() -> None:
    """No last words."""
