"""Taking turns: every task is a greenlet of one OS thread, and the one that runs asks who is next.

`step` is the scheduling point. The running task announces its operation there and calls the chooser itself; only a
change of task costs a switch, and no thread, lock or futex of the operating system is involved. Nothing else in treadle
switches stacks.

            step(operation)                      the task that the event names
    task ------------------> chooser.step ------------------------------------> goes on with the event's result
                                  |
                                  `--> None: everything goes back to the *hub*, the stack that called `run`

The greenlets are those of `workers`, which outlive their tasks.

While the *script* of an execution lasts (the steps of an earlier one that it begins with) nobody is asked who is next, as
long as everybody wants to do the very same again; where somebody does not, the chooser knows what that means. Nor is
anybody asked where the chooser has said that whoever moved last goes on, as long as it can.

Endings. When the chooser returns None, when a task fails, or when the chooser itself raises, control leaves to the
hub, and every unfinished task is unwound by GreenletExit at the place where it stands. What it does while it dies (its
`finally` blocks, its `except BaseException`, finalizers of what it drops) changes nothing: operations do nothing, and
seem to succeed. After `PATIENCE` of them each raises GreenletExit again; a task that catches that for ever is left where
it is after as many more, and kept in `abandoned`.

`step` is an attribute, not a method, because it means several things, and asking each time which one would cost each
time: `_repeated` while the script of an execution lasts, then `_live`; `_watched` in one where a clock has moved or
operations carry their place, `_direct` while modules are loaded (nothing to choose), `_dead` otherwise.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from greenlet import GreenletExit, getcurrent, greenlet

from treadle.errors import ScenarioError
from treadle.model.verdict import Ending
from treadle.runtime.workers import Resting, Worker
from treadle.semantics.locks import TryAcquire
from treadle.semantics.polling import Poll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.runtime.workers import Following
    from treadle.semantics.execution import Chooser, Execution
    from treadle.semantics.polling import Idle

PATIENCE = 100
"""So many operations of a dying task do nothing, and so many more raise, before it is left alone."""
LOADING = -1
"""Who is current while modules are loaded."""


def _nobody_asks() -> None:
    """Nobody wants to know."""


class Turns:
    """The tasks of one execution after another, and whose turn it is.

    `step(operation)` returns the operation's result when it was taken; called outside of an execution it does nothing.
    """

    __slots__ = (
        "_before",
        "_choose",
        "_crash",
        "_patience",
        "_resting",
        "_script",
        "_unparked",
        "_vain",
        "_workers",
        "abandoned",
        "current",
        "deeds",
        "execution",
        "hub",
        "initial",
        "joined",
        "joining",
        "live",
        "made",
        "placed",
        "places",
        "step",
        "watchers",
    )

    step: Callable[[Operation], Any]
    current: int  # the task that runs; LOADING while modules are loaded
    execution: Execution
    live: bool  # an execution goes on, and nobody dies
    hub: greenlet
    initial: dict[str, Any]  # states of objects when an execution starts: what loading the modules left behind
    joining: Callable[[], object]  # told that a task will be started; `joined`, that it was
    joined: Callable[[], object]
    abandoned: list[greenlet]  # dying tasks that would not die
    places: Callable[[], str] | None  # where the caller stands, if operations are to carry that
    placed: Callable[[int, Operation], Operation | None] | None  # gives operations their place in an order of tasks
    made: dict[str, tuple[int, int]]  # the locks of this execution: by name, so many were there before, and who made it
    deeds: int  # so often the running task wrote something, or called what may write; each task counts for itself
    watchers: list[Callable[[Event], None]]  # told of each event as it is taken
    _before: Callable[[int, Operation], None] | None  # asked before each step, in this execution
    _choose: Callable[[Execution], Event | None]
    _script: Iterator[Event]  # what is left of it in this execution, as long as only `_repeated` and `_next` make steps
    _crash: BaseException | None  # what the chooser raised
    _workers: dict[int, Worker]  # of the unfinished tasks
    _resting: Resting
    _vain: tuple[tuple[Idle, ...], frozenset[str]]  # the iteration of the running task, which is to be parked
    _unparked: Callable[[Operation], Any]  # what `step` means otherwise
    _patience: int

    def __init__(self) -> None:
        self.step = self._dead
        self.current = LOADING
        self.live = False
        self.hub = getcurrent()
        self.initial = {}
        self.deeds = 0
        self.made = {}
        self.abandoned = []
        self.joining = self.joined = _nobody_asks
        self.placed = None
        self.places = None
        self.watchers = []
        self._before = None
        self._crash = None
        self._workers = {}
        self._resting = Resting()
        self._patience = 0

    def run(self, execution: Execution, chooser: Chooser, main: Callable[[], None]) -> None:
        """One execution, which the chooser has begun: `main` is task 0. Returns when it is over."""
        if getcurrent() is not self.hub:
            self.close()
            self.hub = getcurrent()
        self.execution = execution
        self._choose = chooser.step
        self._crash = None
        self.watchers.clear()
        self.made.clear()
        self._before = None
        self._script = iter(execution.script if self.places is None else ())
        worker = self._employ(0, main)
        self.current, self.live = 0, True
        self.step = self._watched if self.places is not None else self._repeated
        worker.greenlet.switch()
        self.step = self._dead
        self.live = False

    @property
    def crashed(self) -> bool:
        """Whether the chooser raised, so that this was no execution."""
        return self._crash is not None

    @property
    def dying(self) -> bool:
        """Whether operations do nothing and only seem to succeed, because the execution is over."""
        return self.step == self._dead

    def unwind(self) -> None:
        """Let every unfinished task die; then raise what the chooser raised, if it did."""
        while self._workers:
            _, worker = self._workers.popitem()
            if worker.box:
                worker.box.clear()
                self._resting.append(worker)
            else:
                self._patience = 2 * PATIENCE
                worker.greenlet.throw(GreenletExit)
        self.current = LOADING
        if self._crash is not None:
            crash, self._crash = self._crash, None
            raise crash

    def admit(self, task: int, begin: Operation, life: Callable[[], None]) -> None:
        """A task that was just started: `begin` is its first operation, `life` what it does after it."""
        if self.live:
            self._employ(task, life)
            self.execution.pending[task] = begin
            self.joined()

    def park(self, iteration: tuple[Idle, ...], fresh: frozenset[str]) -> None:
        """The running task went round in vain, and made `fresh` locks: it goes on when that would come to something else."""
        self._vain, self._unparked, self.step = (iteration, fresh), self.step, self._parking

    def _parking(self, operation: Operation) -> Any:
        self.step, vain = self._unparked, self._vain
        if operation.rare:  # a point on the way, which was no part of the iteration
            if not (result := self.step(operation)):
                self.park(*vain)
            return result
        same = operation.kind == vain[0][0].operation.kind  # else it is another iteration, whatever that comes from
        return self.step(Poll(operation, *vain) if same else operation)

    def cut(self) -> NoReturn:
        """End the execution, from within a task that could go on."""
        self.execution.ending = Ending.CUT
        self.leave()

    def leave(self) -> NoReturn:
        """End the execution, from within a task."""
        self.live = False
        self.step = self._dead
        self.hub.switch()
        raise GreenletExit

    def watch(self, watcher: Callable[[Event], None]) -> None:
        """From now on until the end of this execution, tell `watcher` of each event."""
        self.watchers.append(watcher)
        if self.live:
            self._ask(self._watched)

    def before(self, asked: Callable[[int, Operation], None]) -> None:
        """From now on until the end of this execution, call `asked` before each step; it may make steps of its own."""
        self._before = asked
        if self.live:
            self._ask(self._watched)

    def frames(self) -> dict[int, Any]:
        """The frames in which the unfinished tasks stand, between `run` and `unwind`."""
        return {task: worker.greenlet.gr_frame for task, worker in self._workers.items() if not worker.box}

    def close(self) -> None:
        """Let the idle workers go."""
        self._resting.close()

    def directly(self, load: Callable[[], Any]) -> Any:
        """Call `load` as one piece: its operations happen at once, on the states as they are."""
        step, current = self.step, self.current
        self.step, self.current = self._direct, LOADING
        try:
            return load()
        finally:
            self.step, self.current = step, current

    def in_one_piece(self, call: Callable[[], Any], refused: Callable[[], object]) -> Any:
        """Call what must not be left in the middle. The execution ends where it wants to make a step: `refused` is told."""

        def refuse(_operation: Operation) -> NoReturn:
            refused()
            self.cut()

        if not self.live:
            return call()
        step, self.step = self.step, refuse
        try:
            return call()
        finally:
            if self.step is refuse:
                self.step = step

    # What `step` means.

    def _ask(self, step: Callable[[Operation], Any]) -> None:
        """From now on the chooser is asked for each step."""
        self.step = step
        self._script = iter(())

    def _repeated(self, operation: Operation) -> Any:
        pending, task = self.execution.pending, self.current
        pending[task] = operation
        event = next(self._script, None)
        if event is None or pending[event.task] is not event.operation:
            self._ask(self._live)
            return self._live(operation)
        self.execution.retake(event)
        if event.task == task:
            return event.result
        self.current = event.task
        deeds = self.deeds
        result = self._workers[event.task].greenlet.switch(event.result)
        self.deeds = deeds
        return result

    def _live(self, operation: Operation) -> Any:
        execution, task = self.execution, self.current
        pending = execution.pending
        pending[task] = operation
        try:
            if len(execution.events) < execution.free and (possible := operation.alternatives(task, execution.look)):
                execution.stands.append([*pending])
                return execution.take(task, possible[0], possible).result
            event = self._choose(execution)
        except BaseException as error:
            self._stop(error)
        if event is None:
            self.leave()
        if event.task == task:
            return event.result
        self.current = event.task
        deeds = self.deeds
        result = self._workers[event.task].greenlet.switch(event.result)
        self.deeds = deeds
        return result

    def _watched(self, operation: Operation) -> Any:
        if self._before is not None:
            self._before(self.current, operation)
        if self.places is not None:
            operation = copy(operation)
            operation.place = self.places()
        execution, task = self.execution, self.current
        execution.pending[task] = operation if self.placed is None else self.placed(task, operation)
        try:
            event = self._choose(execution)
        except BaseException as error:
            self._stop(error)
        if event is None:
            self.leave()
        for watcher in self.watchers:
            watcher(event)
        if event.task == task:
            return event.result
        self.current = event.task
        deeds = self.deeds
        result = self._workers[event.task].greenlet.switch(event.result)
        self.deeds = deeds
        return result

    def _direct(self, operation: Operation) -> Any:
        state = self.execution.state if self.live else self.initial
        alternatives = operation.alternatives(LOADING, state.get)
        if not alternatives:
            message = f"a module blocks for ever while it is imported: {operation!r}"
            raise ScenarioError(message, expected="an import that ends by itself")
        result, accesses = operation.outcome(LOADING, alternatives[0], state.get)
        for name, _, change in accesses:
            if change is not None:
                state[name] = change[0](state.get(name), change[1])
        return result

    def _dead(self, operation: Operation) -> Any:
        # An attempt fails, as that of a `Condition` does that wants to know whether its lock is held.
        seeming = not isinstance(operation, TryAcquire)
        if getcurrent() is self.hub:
            return seeming  # a finalizer, run by whoever dropped the last reference
        self._patience -= 1
        if self._patience > PATIENCE:
            return seeming
        if self._patience <= 0:
            self.abandoned.append(getcurrent())
            self.hub.switch()
        raise GreenletExit

    def _again(self) -> Event | None:
        """Make the next step of the script; None if there is none, or its task wants something else."""
        event = next(self._script, None)
        if event is None or self.execution.pending[event.task] is not event.operation:
            self._script = iter(())
            return None
        self.execution.retake(event)
        return event

    # The life of a task.

    def _employ(self, task: int, life: Callable[[], None]) -> Worker:
        worker = self._resting.pop() if self._resting else Worker(self.hub)
        worker.greenlet.gr_context = None  # context variables have their defaults in every new thread
        worker.box.append(partial(self._perform, task, worker, life))
        self._workers[task] = worker
        return worker

    def _perform(self, task: int, worker: Worker, life: Callable[[], None]) -> Following:
        try:
            life()
        except BaseException as error:
            if self.live:
                self._crash = error
                self.live = False
        self._workers.pop(task, None)
        self._resting.append(worker)
        if not self.live:
            return self.hub, None
        return self._next()

    def _next(self) -> Following:
        """Who goes on when a task has ended."""
        try:
            event = self._again() or self._choose(self.execution)
        except BaseException as error:
            self._crash = error
            return self.hub, None
        if event is None:
            return self.hub, None
        for watcher in self.watchers:
            watcher(event)
        self.current = event.task
        return self._workers[event.task].greenlet, event.result

    def _stop(self, error: BaseException) -> NoReturn:
        """End the exploration: the chooser raised, and no code of the scenario may catch that."""
        self._crash = error
        self.leave()
