"""A world: the subject that the search runs, made of real Python code.

Each call of `run` is one execution, from fresh state to its end.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from treadle.model.verdict import Ending, Failure
from treadle.runtime.bookkeeping import silence
from treadle.runtime.clock import Clock
from treadle.runtime.loading import Library
from treadle.runtime.locks import Locks
from treadle.runtime.names import Names
from treadle.runtime.thread_module import controlled_thread
from treadle.runtime.threads import Threads
from treadle.runtime.time_module import controlled_time
from treadle.runtime.turns import Turns
from treadle.semantics.execution import Execution

if TYPE_CHECKING:
    from treadle.runtime.scenario import Scenario
    from treadle.semantics.execution import Chooser


class World:
    """Real code as a subject."""

    def __init__(self, scenario: Scenario, *, granularity: str = "access", detailed: bool = False) -> None:
        self.scenario = scenario
        self.granularity = granularity
        self.reasons: list[str] = []
        self.turns = Turns()
        self.names = Names(self.turns)
        self.clock = Clock(self.turns)
        self.locks = Locks(self.turns, self.names, self.clock)
        self.threads = Threads(self.turns, self.clock, self._failed)
        self.result: Any = None
        if detailed:
            self.turns.places = self.names.place
        self._load()

    def _load(self) -> None:
        controlled = {"_thread": controlled_thread(self.threads, self.locks), "time": controlled_time(self.clock)}
        self.library = Library(controlled, [], lambda s, f: compile(s, f, "exec", dont_inherit=True))
        self.library.prepare["threading"] = lambda module: silence(module, self.threads)
        self._function = self.turns.directly(lambda: self.scenario.load(self.library))
        self.names.hidden |= self.library.files
        self.names.loaded()

    def run(self, chooser: Chooser) -> Execution:
        """One execution."""
        self.names.begin()
        self.clock.begin()
        execution = Execution(self.turns.initial)
        self.threads.begin(execution)
        collecting = gc.isenabled()
        gc.disable()
        try:
            self.turns.run(execution, chooser, self._main)
            self._conclude(execution)
            self.turns.unwind()
        finally:
            if collecting:
                gc.enable()
        return execution

    def _main(self) -> None:
        self.result = None
        self.threads.live(self.threads.lives[0], self._call)

    def _call(self) -> None:
        self.result = self._function()

    def _failed(self, error: BaseException) -> None:
        turns = self.turns
        if not turns.live:
            return
        if isinstance(error, KeyboardInterrupt):
            raise error
        execution = turns.execution
        execution.ending = Ending.FAILED
        execution.failure = Failure("exception", f"{type(error).__name__}: {error}", turns.current)
        turns.leave()

    def _conclude(self, execution: Execution) -> None:
        if execution.ending is not None:
            return
        undone = {t for t, operation in enumerate(execution.pending) if operation is not None}
        if not undone - self.threads.daemons:
            execution.ending = Ending.COMPLETE
        elif execution.enabled():
            execution.ending = Ending.CUT
        else:
            execution.ending = Ending.DEADLOCK
            execution.failure = Failure("deadlock", "deadlock")
