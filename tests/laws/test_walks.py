"""Walks: the seed alone makes the whole walk again; uniform picks; the promise of PCT; never a proof."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.brute_force import traces
from tests.laws.searched import compiled, searched
from treadle.model.verdict import Status
from treadle.search.exploration import explore
from treadle.search.replay import Replay
from treadle.search.walks import Pct, Uniform
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution

ADD = [["r", "x", "a"], ["w", "x", "a+1"]]
WALKS: dict[str, Callable[[int, int], Strategy]] = {"uniform": Uniform, "pct": Pct}


def walked(data: dict[str, Any], strategy: Strategy) -> list[Schedule]:
    """The schedules of a walk, in order."""
    found: list[Schedule] = []

    def watch(execution: Execution, _verdict: Verdict) -> None:
        found.append(execution.schedule("a program"))

    explore(compiled(data), strategy, stop_at_failure=False, watch=watch)
    return found


@pytest.mark.parametrize("name", sorted(WALKS))
def test_the_seed_makes_the_whole_walk_again(name: str) -> None:
    """Equal seeds, equal schedules; another seed, others. Each schedule can be replayed."""
    data = {"threads": [ADD, ADD, [["choose", 3, "a"], ["w", "y", "a"]]]}
    first = walked(data, WALKS[name](7, 20))
    assert len(first) == 20
    assert first == walked(data, WALKS[name](7, 20))
    assert first != walked(data, WALKS[name](8, 20))
    program = compiled(data)
    for schedule in first:
        assert program.run(Replay(schedule)).schedule("a program") == schedule


@pytest.mark.parametrize("name", sorted(WALKS))
def test_a_walk_without_a_violation_is_incomplete(name: str) -> None:
    """However long it was; and its reason says how long, and with which seed."""
    verdict = explore(compiled({"threads": [ADD]}), WALKS[name](7, 20))
    assert verdict.status is Status.INCOMPLETE
    assert verdict.reasons == [f"a {name} walk of 20 executions with seed 7 proves nothing"]
    assert verdict.executions == 20


@pytest.mark.parametrize("name", sorted(WALKS))
def test_a_walk_ends_at_a_violation(name: str) -> None:
    """And tells it."""
    checker = [["await", "n", "old==2"], ["r", "x", "a"], ["assert", "a==2"]]
    data = {"threads": [[*ADD, ["rmw", "n"]], [*ADD, ["rmw", "n"]], checker]}
    verdict = explore(Program(ProgramText.of(data), failing=True), WALKS[name](1, 500))
    assert verdict.status is Status.FAILED
    assert verdict.executions < 500


def test_a_uniform_walk_picks_each_enabled_step_equally_often() -> None:
    """Three threads of one step have six orders: each is taken 1,000 times of 6,000, give or take 100."""
    data = {"threads": [[["rmw", "x"]]] * 3}
    counts = Counter(tuple(choice.task for choice in schedule.choices) for schedule in walked(data, Uniform(1, 6_000)))
    assert len(counts) == 6
    assert all(900 < count < 1_100 for count in counts.values()), counts


def test_alternatives_are_picked_like_steps() -> None:
    """One thread that chooses among three values beside one that writes: each of the four picks starts a quarter."""
    data = {"threads": [[["choose", 3, "a"]], [["w", "x", 1]]]}
    firsts = Counter(str(schedule.choices[0].alternative) for schedule in walked(data, Uniform(1, 4_000)))
    assert set(firsts) == {"0", "1", "2", "None"}
    assert all(900 < count < 1_100 for count in firsts.values()), firsts


def test_a_uniform_walk_finds_every_trace_of_a_small_program() -> None:
    """Since each has a chance."""
    data = {"threads": [ADD, ADD, [["lock", "m"], ["w", "x", 5], ["unlock", "m"]]]}
    found, _ = searched(data, Uniform(3, 2_000))
    assert set(found) == traces(data, merged=True)


@pytest.mark.parametrize("depth", [1, 2])
def test_pct_keeps_its_promise(depth: int) -> None:
    """A failure that needs d orderings is hit in 1 of n * k^(d-1) executions at least, but for a tenth of chance."""
    # Thread 0 sees 1, 2, ... in this order only if thread 1 is stopped after each of its writes but the last.
    reads: list[Any] = [["r", "x", f"r{number}"] for number in range(depth)]
    condition = " and ".join(f"r{number}=={number + 1}" for number in range(depth))
    program = {"threads": [[*reads, ["assert", f"not ({condition})"]], [["w", "x", n + 1] for n in range(depth)]]}
    executions, hits = 2_000, 0

    def watch(execution: Execution, _verdict: Verdict) -> None:
        nonlocal hits
        hits += execution.failure is not None

    explore(compiled(program), Pct(5, executions, depth=2 * depth - 1), stop_at_failure=False, watch=watch)
    tasks, steps, orderings = 2, 2 * depth, 2 * depth - 1
    assert hits >= 0.9 * executions / (tasks * steps ** (orderings - 1))


def test_pct_with_depth_one_never_preempts() -> None:
    """Priorities alone: each thread runs to its end, so six schedules are all there are."""
    data = {"threads": [ADD, ADD, ADD]}
    schedules = walked(data, Pct(1, 300, depth=1))
    orders = {tuple(choice.task for choice in schedule.choices) for schedule in schedules}
    assert len(orders) == 6
    assert all(order[0] == order[1] and order[2] == order[3] for order in orders)
