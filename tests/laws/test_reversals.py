"""Whether a reversal is covered is read off the causal order; it is what the definition says about the whole sequence."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import THEMES, RandomDice, author
from tests.laws.searched import compiled
from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become
from treadle.search import races as searched_races
from treadle.search.audit import audit
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.search.races import Races
from treadle.search.reversals import FOR_GOOD, FOR_NOW, NO, Covers, Reversal
from treadle.search.wakeup import initial
from treadle.semantics.causality import Causality
from treadle.semantics.cells import Read, Write
from treadle.semantics.execution import Execution
from treadle.semantics.locks import Acquire

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Look
    from treadle.model.trace import Step
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Chooser


def defined(reversal: Reversal, step: Step) -> Covers:
    """The answer by the definition of a weak initial."""
    sequence = reversal.sequence()
    index = initial(step, sequence)
    if index < 0:
        return NO
    between = reversal._causality.events[reversal.older.position + 1 : reversal.last]
    fixed = sum(not event.past & reversal.left_out for event in between)
    changed = [a[:2] for a in reversal.step[2]] != [a[:2] for a in reversal._moved.accesses]
    return FOR_GOOD if index < fixed + (not changed) else FOR_NOW


class Compared(Optimal):
    """An optimal search that compares every answer with the definition."""

    __slots__ = ("answers", "late")

    def __init__(self) -> None:
        super().__init__()
        self.answers = {NO: 0, FOR_NOW: 0, FOR_GOOD: 0}
        self.late = 0

    def _plan(self, reversal: Reversal) -> bool:
        node = self._nodes[reversal.older.position]
        self.late += reversal._late is not None
        for step in (*node.explored, reversal.older.step, *node.sleep.values(), *[branch.step for branch in node.tree]):
            answer = reversal.covered_by(step)
            self.answers[answer] += 1
            assert answer is defined(reversal, step), (reversal.sequence(), step)
        assert reversal.changed or reversal.covered_by(reversal.older.step) is NO, "the older step is not asked for"
        return super()._plan(reversal)


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_covered_is_what_the_definition_says(theme: str) -> None:
    """Each answer, for each step that was taken, sleeps or is planned, at each reversal of 40 programs of each theme."""
    dice = RandomDice(random.Random(theme))
    asked = 0
    for _ in range(40):
        program = author(dice, theme)
        try:
            traces(program, merged=True, limit=2_000)
        except TooLargeError:
            continue
        strategy = Compared()
        explore(compiled(program), strategy, stop_at_failure=False, limits=Limits(executions=500))
        asked += sum(strategy.answers.values())
    assert asked > 100


def test_all_three_answers_are_given() -> None:
    """In one small program: two readers and two writers of two variables."""
    strategy = Compared()
    threads = [[["w", "x", 1]], [["r", "x"], ["w", "y", 1]], [["r", "x"], ["r", "y"]], [["w", "x", 2]]]
    explore(compiled({"threads": threads}), strategy, stop_at_failure=False)
    assert all(strategy.answers.values())


class WriteOneOfTwo(Operation):
    """Writes `y` while `x` is unset, and `z` once it is set: what it touches depends on where it stands."""

    __slots__ = ()
    kind = "write_one_of_two"
    place = None

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        target = "z" if look("x") else "y"
        return Outcome(None, (("x", READ, None), (target, WRITE, (become, task))))

    def objects(self) -> tuple[str, ...]:
        return ("x",)


class Straight:
    """Tasks that make one operation after another, whatever these give back."""

    def __init__(self, *tasks: list[Operation]) -> None:
        self.tasks = tasks

    def run(self, chooser: Chooser) -> Execution:
        execution = Execution()
        left = [iter(operations) for operations in self.tasks]
        for number, operations in enumerate(left):
            execution.add_task(f"task {number}")
            execution.pending[number] = next(operations, None)
        chooser.begin(execution)
        while (event := chooser.step(execution)) is not None:
            execution.pending[event.task] = next(left[event.task], None)
        return execution


CHANGING = [
    # Before the first write the second step conflicts with what follows it: three traces.
    Straight([Write("x", 1)], [WriteOneOfTwo()], [Write("y", 1)]),
    # The same with a reader of each, which may sleep while all that is found out.
    Straight([Write("x", 1)], [WriteOneOfTwo()], [Write("y", 1), Read("z")], [Read("y")]),
    Straight([Read("y")], [Write("x", 1)], [WriteOneOfTwo()], [Write("y", 1)], [Read("z")]),
]


def traced(subject: Straight) -> set[int]:
    """The traces of all interleavings, by their digests."""
    names = set()

    def watch(execution: Execution, _verdict: Verdict) -> None:
        order = Causality()
        order.begin({})
        for event in execution.events:
            order.add(event)
        names.add(order.digest())

    explore(subject, Exhaustive(), stop_at_failure=False, watch=watch)
    return names


@pytest.mark.parametrize(("subject", "count"), list(zip(CHANGING, (3, 10, 10), strict=True)))
def test_what_follows_may_conflict_with_the_step_in_its_new_place(subject: Straight, count: int) -> None:
    """Then the step comes after it in the reversal: every trace is found, each once."""
    names = traced(subject)
    audited = audit(subject)
    assert audited.digests == names
    assert audited.verdict.executions == len(names) == count
    strategy = Compared()
    explore(subject, strategy, stop_at_failure=False)
    assert strategy.late > 0


class ZeroOrSet(Operation):
    """Waits until `x` is zero or `y` is set. It looks at `y` only if `x` is not zero, and touches what it has looked at."""

    __slots__ = ()
    kind = "zero_or_set"
    place = None

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        return ONE if look("x") == 0 or look("y") else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        return Outcome(None, self.attempt(0)[: 1 if look("x") == 0 else 2])

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        return ("x", READ, None), ("y", READ, None)

    def objects(self) -> tuple[str, ...]:
        return ("x",)


def test_what_is_disabled_is_remembered_if_one_object_decides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where the operation has looked at another object, which may be in another state the next time."""
    races = Races(Causality(), lambda _: True)
    acquire, other = Acquire("m"), Acquire("n")
    races._remember(ZeroOrSet(), 0, "x", 2)
    assert races._disabled == set()
    races._remember(acquire, 0, "m", 1)
    assert races._disabled == {(acquire, 0, 1)}
    monkeypatch.setattr(searched_races, "REMEMBERED", 1)
    races._remember(other, 0, "n", 1)
    assert races._disabled == {(other, 0, 1)}
