"""Symmetry loses nothing but which is which: against brute force, up to renaming of interchangeable threads."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import DrawnDice, RandomDice, author
from tests.laws.searched import canonical
from treadle.errors import ProgramError
from treadle.model.verdict import Ending
from treadle.search.audit import audit
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.semantics.program import subject
from treadle.semantics.program.likeness import interchangeable
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from tests.laws.brute_force import Trace
    from tests.laws.generated import Dice
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

THEMES = ["cells", "flow", "indexed", "waiting", "locks", "semaphores", "conditions", "choices"]
"""All but threads, which are told apart by their numbers."""

State = tuple[Any, ...]


def with_twins(dice: Dice, theme: str) -> dict[str, Any]:
    """A program in which the first thread is there two or three times."""
    program = author(dice, theme)
    first, *others = program["threads"]
    program["threads"] = [first] * dice.pick([2, 2, 3]) + others[: dice.pick([0, 1, 1])]
    return program


def final(trace: Trace, twins: int) -> State:
    """What is left of a trace when it does not matter which of the first threads is which."""
    told = [tuple(result for _, result, _ in events) for events in trace.events]
    same = sorted(told[:twins], key=repr)
    return (trace.ending, trace.failed, trace.cells, tuple(same), tuple(told[twins:]))


def finals(program: dict[str, Any], *, mark_first: bool, limit: int | None = None) -> tuple[set[State], Verdict]:
    """The final states that the search finds with symmetry, and what it counted."""
    compiled = Program(ProgramText.of(program), symmetry="auto", mark_first=mark_first)
    twins = twin_count(program)
    found: set[State] = set()

    def watch(execution: Execution, _verdict: Verdict) -> None:
        if execution.ending is not Ending.ASLEEP:
            found.add(final(canonical(execution, len(program["threads"])), twins))

    limits = Limits(executions=limit)
    return found, explore(compiled, Optimal(), stop_at_failure=False, watch=watch, limits=limits)


def twin_count(program: dict[str, Any]) -> int:
    threads = program["threads"]
    return next((n for n, thread in enumerate(threads) if thread != threads[0]), len(threads))


def breach(program: dict[str, Any], limit: int, counts: Counter[str]) -> str:
    """What is wrong with the search under either kind of mark; nothing if nothing is."""
    plain = traces(program, merged=True, limit=limit)
    expected = {final(trace, twin_count(program)) for trace in plain}
    for mark_first in (True, False):
        found, verdict = finals(program, mark_first=mark_first, limit=4 * len(plain) + 10)
        counts[f"executions, mark_first={mark_first}"] += verdict.executions
        if found != expected:
            return f"mark_first={mark_first}: {len(expected - found)} missed, {len(found - expected)} invented"
        if mark_first and verdict.redundant:
            return f"{verdict.redundant} redundant"
        if verdict.executions > len(plain):
            return f"mark_first={mark_first}: {verdict.executions} executions for {len(plain)} traces"
    counts.update(programs=1, traces=len(plain))
    return ""


@st.composite
def twin_programs(draw: Any) -> dict[str, Any]:
    return with_twins(DrawnDice(draw), draw(st.sampled_from(THEMES)))


@pytest.mark.pure
@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(twin_programs())
def test_symmetry_keeps_every_final_state_up_to_renaming(program: dict[str, Any]) -> None:
    """The same endings, cells and results; with no more executions than there are traces."""
    try:
        assert breach(program, 800, Counter()) == ""
    except TooLargeError:
        assume(False)


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_symmetry_keeps_them_on_many_programs(theme: str) -> None:
    """The same law on 10 programs of each theme; and they are fewer executions than traces in all."""
    dice = RandomDice(random.Random(f"twins {theme}"))
    counts: Counter[str] = Counter()
    while counts["programs"] < 10:
        program = with_twins(dice, theme)
        try:
            assert breach(program, 800, counts) == "", program
        except TooLargeError:
            continue
    assert counts["executions, mark_first=True"] < counts["traces"]
    assert counts["executions, mark_first=False"] < counts["traces"]


ADD = [["r", "x", "a"], ["w", "x", "a+1"]]
WAIT = [["lock", "k"], ["wait", "c", "k"], ["unlock", "k"]]
WAKE = [["lock", "k"], ["notify_all", "c"], ["unlock", "k"]]
COUNTED: dict[str, tuple[list[Any], tuple[int, int, int]]] = {
    # threads: traces, with the first step as the mark, with the first step that does more than read
    "five atomic increments": ([[["rmw", "x"]]] * 5, (120, 1, 1)),
    "three increments in two steps": ([ADD] * 3, (36, 15, 6)),
    "four increments in two steps": ([ADD] * 4, (576, 105, 24)),
    "four increments under a lock": ([[["lock", "m"], ["rmw", "x"], ["unlock", "m"]]] * 4, (24, 1, 1)),
    "three waiters and one that wakes all": ([*[WAIT] * 3, WAKE], (96, 16, 16)),
}


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(COUNTED))
def test_so_many_traces_are_left_of_so_many(name: str) -> None:
    """Exact numbers; those of the first step are the reference's."""
    threads, expected = COUNTED[name]
    text = ProgramText.of({"threads": threads})
    audits = [
        audit(Program(text)),
        audit(Program(text, symmetry="auto")),
        audit(Program(text, symmetry="auto", mark_first=False)),
    ]
    assert tuple(len(audited.digests) for audited in audits) == expected
    assert [audited.verdict.redundant for audited in audits] == [0, 0, 0]


def test_an_execution_that_is_stuck_by_the_order_alone_is_redundant_and_no_deadlock() -> None:
    """One twin finds that there is nothing to do and ends without a mark; the other one would write before it."""
    once = [["r", "x", "a"], ["if", "a==0", [["w", "x", 1]]]]
    counted = audit(
        Program(ProgramText.of({"threads": [once, once, [["w", "x", 2]]]}), symmetry="auto", mark_first=False)
    )
    assert counted.counts() == {"traces": 8, "complete": 8, "deadlock": 0, "assume": 0, "errors": 0}
    assert counted.verdict.redundant == 1


def test_threads_that_somebody_names_are_not_interchangeable() -> None:
    """Nor are those with other operations, those that are spawned, and those that do nothing."""
    text = ProgramText.of({"threads": [ADD, ADD, [["w", "x", 1]], [["join", 1]], [], []]})
    assert interchangeable(text, "auto") == {}
    text = ProgramText.of({"threads": [ADD, ADD, ADD, [["join", 1]]]})
    assert interchangeable(text, "auto") == {0: None, 2: 0}
    text = ProgramText.of({"threads": [ADD, ADD], "deferred": [1]})
    assert interchangeable(text, "auto") == {}


def test_declared_threads_are_taken_at_their_word() -> None:
    """Where symmetry is on; else nothing is interchangeable."""
    text = ProgramText.of({"threads": [ADD, ADD, ADD], "sym": {"1": 0}})
    assert interchangeable(text, "off") == {}
    assert interchangeable(text, "on") == {0: None, 1: 0}
    assert interchangeable(text, "auto") == {0: None, 1: 0, 2: 1}


@pytest.mark.parametrize("declared", [{"1": 1}, {"0": 1}, {"9": 0}, {"x": 0}, {"1": "0"}, {"2": 0}])
def test_a_declaration_that_cannot_hold_is_refused(declared: dict[str, Any]) -> None:
    """A predecessor is an earlier thread with the same operations."""
    with pytest.raises(ProgramError, match="wrong 'sym'"):
        ProgramText.of({"threads": [ADD, ADD, [["w", "x", 1]]], "sym": declared})


def test_a_thread_that_is_wrongly_merged_is_caught_by_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: threads that write different values are taken for twins; the final state of one order is lost."""
    program = {"threads": [[["w", "x", 1]], [["w", "x", 2]]]}
    assert breach(program, 100, Counter()) == ""
    monkeypatch.setattr(subject, "interchangeable", lambda _text, _symmetry: {0: None, 1: 0})
    assert breach(program, 100, Counter()) == "mark_first=True: 1 missed, 0 invented"
