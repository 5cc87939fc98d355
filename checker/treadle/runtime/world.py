"""A world: the subject that the search runs, made of real Python code.

Each call of `run` is one execution: the modules are as they were when they were loaded, nobody has started a thread,
the clocks stand at the beginning. The parts, each read alone:

- `turns`: who runs, and the scheduling point. `names`, `clock`: stable names, controlled time.
- `locks`, `threads`, `thread_module`, `thread_locals`, `bookkeeping`, `time_module`,
  `queue_module`, `caches`, `iterators`, `descriptors`, `select_module`, `facades`: controlled modules.
- `loading`: private copies of modules. `freshness`, `reach`: their state, put back before each execution.
- `twins`: threads of which only one order is explored, where the scenario asks for it.
- `instrumentation`: shared accesses as steps.
- `outside`: what goes around all this is seen, and makes the verdict incomplete.
- `faults`, `interruptible`, `wakeups`: exceptions that are delivered into threads, and waits that end for no reason,
  where the scenario asks for it.
- `endings`: deadlocks and exceptions, in words.

What a world learns while it runs. Threads that are asked for (`enumerate`, `active_count`) make each start and end an
operation on the registry as well; most programs never ask, so this is done only once one has asked. Then the world is
`outgrown`: what was explored so far is not complete, which `reasons` says. Explore again, with a new strategy, after
`renew`; nothing will be outgrown a second time for the same reason.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import treadle
from treadle.model.verdict import Ending
from treadle.runtime import facades, outside
from treadle.runtime.bookkeeping import silence
from treadle.runtime.caches import Caches, controlled_functools
from treadle.runtime.clock import Clock
from treadle.runtime.descriptors import Descriptors
from treadle.runtime.endings import data_race, deadlock, is_for_the_host, livelock, uncaught
from treadle.runtime.faults import Deliveries
from treadle.runtime.freshness import Snapshot
from treadle.runtime.instrumentation import (
    HOOKS,
    Hooks,
    Instrument,
    InstrumentWithPoints,
    PointedHooks,
    Sharing,
    only_turns,
)
from treadle.runtime.interruptible import InterruptibleLocks
from treadle.runtime.iterators import countable_itertools
from treadle.runtime.loading import Library
from treadle.runtime.locks import Locks
from treadle.runtime.names import Names
from treadle.runtime.ownership import known
from treadle.runtime.queue_module import Queues, controlled_queue
from treadle.runtime.select_module import controlled_select
from treadle.runtime.streams import streams_of_the_process
from treadle.runtime.thread_module import controlled_thread
from treadle.runtime.threads import Threads
from treadle.runtime.time_module import controlled_time
from treadle.runtime.turns import LOADING, Turns
from treadle.runtime.twins import Twins, bare, undressed
from treadle.runtime.wakeups import wakeful
from treadle.semantics.execution import Execution
from treadle.semantics.faults import STRIKES
from treadle.semantics.polling import spinning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType, ModuleType

    from treadle.model.faults import Faults
    from treadle.model.verdict import Failure
    from treadle.runtime.scenario import Loadable
    from treadle.semantics.execution import Chooser

_OWN_FILES = frozenset(str(path) for path in Path(__file__).parent.rglob("*.py"))


class World:
    """Real code as a subject.

    `detailed`: operations carry their place, which costs time. `keep_going`: the other tasks go on after one has
    failed, so that the exploration of a scenario that fails is complete too; else a failure ends the execution.
    `symmetry`: threads that are started alike are interchangeable (see `twins`).
    `spurious`: so many waits for conditions may end for no reason in one execution; see `wakeups`.
    `faults`: exceptions are delivered into threads, which end by them without a failure; see `faults`.
    `recorded=False`: accesses are not even looked at, which is several times quicker, and never a proof.
    """

    __slots__ = (
        "_failure",
        "_function",
        "_known",
        "_recorded",
        "_snapshot",
        "_spurious",
        "_stale",
        "clock",
        "copies",
        "deliveries",
        "descriptors",
        "granularity",
        "hooks",
        "keep_going",
        "locks",
        "names",
        "reasons",
        "result",
        "scenario",
        "sharing",
        "threads",
        "turns",
    )

    deliveries: Deliveries | None  # of the faults, if there are any
    reasons: list[str]  # why no verdict about this world can be complete
    result: Any  # what the scenario returned in the last execution; None if it did not return
    _recorded: bool  # accesses are looked at
    _function: Callable[[], Any]
    _known: list[str]  # modules that some execution has imported, perhaps only on its way
    _snapshot: Snapshot
    _spurious: int  # waits that may end for no reason, in each execution
    _stale: bool  # the modules are to be loaded anew before the next execution
    _failure: Failure | None  # the first of this execution

    def __init__(  # noqa: PLR0913 - each is an option of its own, by name
        self,
        scenario: Loadable,
        *,
        granularity: str = "access",
        detailed: bool = False,
        keep_going: bool = False,
        recorded: bool = True,
        learned: Mapping[str, Iterable[str]] | None = None,
        symmetry: bool = False,
        faults: Faults | None = None,
        spurious: int = 0,
    ) -> None:
        """Loads the scenario: ScenarioError if that cannot be done.

        `learned` is what another world's `learned` gave: a schedule fits only a world that knows as much.
        """
        self.scenario = scenario
        self.granularity = granularity
        self._spurious = spurious
        self.keep_going = keep_going
        self.reasons = []
        self.result = None
        self.turns = Turns()
        self.names = Names(self.turns)
        self.clock = Clock(self.turns, self._note)
        self.descriptors = Descriptors(self.turns, self.names, self._note)
        self.sharing = Sharing(learned)
        self.threads = Threads(self.turns, self.clock, self.sharing, self._failed, self._note)
        if symmetry:
            self.threads.twins = Twins(self.turns, self._note)
        self.locks = Locks(self.turns, self.names, self.clock, self.sharing)
        kind = PointedHooks if faults is not None and faults.number else Hooks
        self.hooks = kind(self.turns, self.names, self.clock, self.sharing, stepping=granularity == "access")
        self.turns.joining, self.turns.joined = self.hooks.expect_company, self.hooks.crowd
        self._failure = None
        self._known = []
        if detailed:
            self.turns.places = self.names.place
            self.hooks.detailed = True
        self._recorded = recorded
        self.deliveries = None
        if isinstance(self.hooks, PointedHooks) and faults is not None:
            self._interruptible(faults, self.hooks)
        if not recorded:
            self._note("shared accesses were not recorded, so races were not seen")
        self._load()

    @property
    def outgrown(self) -> bool:
        """Whether what was explored so far was explored on an assumption that turned out to be wrong."""
        return self.threads.outgrown or self.sharing.grew

    @property
    def reloaded(self) -> list[str]:
        """Why its modules are loaded anew before each execution, which is slow: what cannot be put back, and where it is."""
        return list(self._snapshot.unrestorable)

    @property
    def learned(self) -> dict[str, list[str]]:
        """What the steps of this world's executions depend on, as plain data."""
        return self.sharing.as_json()

    def renew(self) -> None:
        """Begin again, knowing better."""
        self.threads.renew()
        self.sharing.renew()
        self.hooks.renew()
        self.reasons = [reason for reason in self.reasons if reason not in self.hooks.reasons]
        self.hooks.reasons.clear()
        self._stale = True

    def _interruptible(self, faults: Faults, hooks: PointedHooks) -> None:
        """Deliver exceptions into threads."""
        self.deliveries = hooks.deliveries = deliveries = Deliveries(faults, self.turns, self.threads)
        self.threads.interruptible = self.descriptors.interruptible = deliveries.wait
        self.clock.interruptible = deliveries.point
        self.locks = InterruptibleLocks(self.turns, self.names, self.clock, self.sharing, deliveries)

    def run(self, chooser: Chooser) -> Execution:
        """One execution. See `treadle.semantics.execution.Subject`."""
        if self._stale:
            self._known = [*self.copies.modules]
            self._load()
        self._snapshot.restore()
        self.names.begin()
        self.clock.begin()
        self._failure = self.result = None
        execution = Execution(self.turns.initial)
        self.threads.begin(execution)
        self.locks.begin()
        if self.deliveries is not None:
            self.deliveries.begin()
        chooser.begin(execution)
        self.hooks.begin(execution)
        collecting = gc.isenabled()
        # Finalizers run where the last reference goes, which is the same in each execution; a collection is not.
        gc.disable()
        outside.watch(self._note, self.hooks.announced if self._recorded else None)
        self.copies.begin()
        try:
            self.turns.run(execution, chooser, self._main)
            if not self.turns.crashed:
                self.hooks.reckon()
                self._conclude(execution)
            self.turns.unwind()
        finally:
            outside.look_away()
            self.hooks.end()
            self.copies.end()
            if collecting:
                gc.enable()
        for reason in (*self.hooks.reasons, *self.copies.doubts):
            self._note(reason)
        if self.turns.abandoned:
            self._note("a task caught whatever was to end it, so it was left where it was")
        return execution

    def close(self) -> None:
        """Let go of what only executions need. The world can still be run."""
        self.turns.close()

    def _load(self) -> None:
        """Load the modules, and remember their state."""
        self.turns.initial = {}
        self.threads.forget()
        self.locks.forget()
        self.names.forget()
        self.names.hidden = {"<string>", *_OWN_FILES}
        self.hooks.forget()
        self.copies = library = self._library()
        library.begin()
        try:
            self._function = self._alone(lambda: self.scenario.load(library))
            for name in self._known:
                library.expect(name)
            if self.deliveries is not None:
                self.deliveries.find(library.load)
        finally:
            library.end(loaded=True)
        self.names.hidden = library.files | {"<string>", *_OWN_FILES}
        self.hooks.introduce(library.modules.values())
        self.names.loaded()
        self._snapshot = Snapshot(library.modules.values())
        self._stale = bool(self._snapshot.unrestorable)

    def _library(self) -> Library:
        controlled: dict[str, ModuleType] = {
            "_thread": controlled_thread(self.threads, self.locks),
            "time": controlled_time(self.clock),
            "_queue": controlled_queue(self._queues()),
            "_functools": controlled_functools(Caches(self.turns, self.names, self.hooks.publish)),
            "itertools": countable_itertools(),
            "select": controlled_select(self.descriptors, self.clock),
        }
        library = Library(controlled, self._prepare(), self.scenario.path, self._compiling, self._alone, self._guard)
        library.offer(HOOKS, self.hooks)
        library.offer("id", self.hooks.id_)
        controlled.update(facades.faces(library, treadle, self.turns, self.descriptors.functions()))
        self.hooks.furnish(controlled["sys"].modules, library.modules, *streams_of_the_process())
        self.hooks.system = controlled["sys"]
        return library

    def _queues(self) -> Queues:
        queues = Queues(self.turns, self.names, self.clock, self.hooks.publish)
        queues.interruptible = self.threads.interruptible
        return queues

    def _compiling(self, module: str) -> Callable[[bytes, str], CodeType]:
        """How a module is compiled: with points, if exceptions may be delivered while its code runs."""
        if self.deliveries is not None and self.deliveries.faults.reach(module):
            return InstrumentWithPoints(self.sharing.loads())
        return Instrument(self.sharing.loads()) if self._recorded else only_turns

    def _prepare(self) -> dict[str, Callable[[ModuleType], None]]:
        """What is done to a copied module once it was run."""
        return {"threading": self._prepare_threading, **facades.PREPARED}

    def _prepare_threading(self, module: ModuleType) -> None:
        silence(module, self.threads)
        if self.deliveries is None:
            known(module, self.locks)
        if self._spurious:
            wakeful(module, self.turns, self._spurious, lambda file: file in self.copies.files)

    def _guard(self, real: ModuleType) -> ModuleType:
        return facades.guarded(real, self.turns, self._note)

    def _alone(self, load: Callable[[], Any]) -> Any:
        """Load something as one piece. In an execution it comes too late: the next one is to find it loaded."""
        if self.turns.current == LOADING:
            return self.turns.directly(load)
        self._stale = self.turns.live
        self.turns.deeds += 1
        # What is made on the way is named as it will be when the module is loaded in time.
        self.names.hidden = {"<string>", *_OWN_FILES}
        try:
            return self.turns.directly(load)
        finally:
            self.names.hidden |= self.copies.files

    def _note(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)

    def _main(self) -> None:
        self.threads.live(self.threads.lives[0], self._call)

    def _call(self) -> None:
        try:
            self.result = self._function()
        except BaseException as error:
            if not self._is_delivered(error):
                raise
        threading: Any = self.copies.modules.get("threading")
        # The interpreter does this at its end: pools that nobody shut down stop their threads.
        for at_exit in reversed(threading._threading_atexits if threading is not None else ()):
            at_exit()

    def _failed(self, error: BaseException) -> None:
        """A task has ended by an exception that nobody caught."""
        turns = self.turns
        if not turns.live or self._is_delivered(error):
            return  # a thread may well end by what was delivered; what the others make of it is another matter
        if is_for_the_host(error):
            raise error
        if self._failure is None:
            self._failure = uncaught(error, turns.current, self.names.hidden)
        if not self.keep_going:
            turns.leave()

    def _is_delivered(self, error: BaseException) -> bool:
        return self.deliveries is not None and self.deliveries.is_delivered(error)

    def _conclude(self, execution: Execution) -> None:
        """Say how the execution ended, while the tasks still stand where they stood."""
        if self._failure is not None:
            execution.ending, execution.failure = Ending.FAILED, self._failure
        elif self.hooks.races:
            execution.ending, execution.failure = Ending.FAILED, data_race(self.hooks.races.values(), execution.names)
        if execution.ending is not None:
            return
        twins = self.threads.twins
        held = twins is not None and twins.conclude(execution)
        undone = [task for task, operation in enumerate(execution.pending) if operation is not None]
        if not set(undone) - self.threads.daemons:
            execution.ending = Ending.COMPLETE
        elif execution.enabled():
            execution.ending = Ending.CUT
        elif held:
            execution.ending = Ending.ASLEEP
        elif any(isinstance(bare(execution.pending[task]), STRIKES) for task in undone):
            execution.ending = Ending.ASSUME
        else:
            self._stuck(execution, undone)

    def _stuck(self, execution: Execution, undone: list[int]) -> None:
        """Nobody can move, and some are not done."""
        with undressed(execution):
            livelocked = bool(spinning(execution) - self.threads.daemons)
            if livelocked and (self.outgrown or self.hooks.reasons):
                execution.ending = Ending.CUT  # it may have looked at what nobody has followed
                return
            execution.ending = Ending.LIVELOCK if livelocked else Ending.DEADLOCK
            tell = livelock if livelocked else deadlock
            execution.failure = tell(execution, undone, self._standing())

    def _standing(self) -> Callable[[int], str]:
        frames = self.turns.frames()
        return lambda task: self.names.place_of(frames.get(task))
