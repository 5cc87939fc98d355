"""A story has the steps that can have mattered to another task, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.snapshots.executions import execution_of
from treadle.model.verdict import Ending, Failure
from treadle.report.columns import Row
from treadle.report.failure import tell
from treadle.report.names import Names
from treadle.report.race import Race, sentence
from treadle.report.story import story
from treadle.semantics.choices import Choose
from treadle.semantics.locks import Acquire, Locked, Release, TryAcquire
from treadle.semantics.memory import Load, Store, Touch
from treadle.semantics.threads import Begin, End, Join, Start, TryJoin
from treadle.semantics.timers import Sleep

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.model.operations import Operation
    from treadle.semantics.execution import Execution

    Steps = list[tuple[int, Operation]]

NAMES = ["main", "one", "two"]
STARTED: Steps = [(0, Start("one")), (0, Start("two")), (1, Begin("one")), (2, Begin("two"))]


def _told(execution: Execution) -> list[str]:
    """Each beat in a line: task, deeds."""
    names = Names(execution, {}, {})
    rows = [beat.row(beat.task, names) for beat in story(execution, names)]
    return [f"{names.task(row.column)}: {row.source + ' / ' if row.source else ''}{row.deeds}" for row in rows]


def _story(steps: Steps) -> list[str]:
    """The same of an execution with two threads that were started before, without that start."""
    return _told(execution_of(NAMES, STARTED + steps))[1:]


def test_a_race_is_told() -> None:
    """Each access that nothing but itself orders with another task's."""
    steps: Steps = [(1, Load("x")), (2, Load("x")), (2, Store("x")), (1, Store("x"))]
    assert _story(steps) == ["one: reads x", "two: reads and writes x", "one: writes x"]


def test_reads_alone_are_no_race() -> None:
    """Two reads commute."""
    assert _story([(1, Load("x")), (2, Load("x"))]) == []


def test_what_a_lock_protects_is_told_by_the_lock() -> None:
    """The accesses under it are ordered by it."""
    first: Steps = [(1, Acquire("l")), (1, Load("x")), (1, Store("x")), (1, Release("l"))]
    second: Steps = [(2, Acquire("l")), (2, Load("x")), (2, Store("x")), (2, Release("l"))]
    assert _story(first + second) == ["one: takes and releases l", "two: takes and releases l"]


def test_a_race_that_is_over_is_not_a_race_of_others() -> None:
    """Main's late read races with the write; the read under the lock does not, and a write tells itself again."""
    steps: Steps = [(1, Store("x")), (1, Acquire("l")), (1, Release("l"))]
    steps += [(2, Acquire("l")), (2, Load("x")), (2, Store("x")), (2, Release("l"))]
    assert _story(steps) == ["one: takes and releases l", "two: takes and releases l"]
    assert _story([*steps, (0, Load("x"))]) == [
        "one: writes x, takes and releases l",
        "two: takes l, writes x, releases l",
        "main: reads x",
    ]


def test_what_one_task_alone_touches_is_not_told() -> None:
    """Neither its locks nor its memory."""
    assert _story([(1, Acquire("l")), (1, Store("x")), (1, Release("l"))]) == []


def test_before_the_first_start_only_what_still_holds_is_told() -> None:
    """A lock that was taken and given back before is no part of the story; one that is still held is."""
    before: Steps = [(0, Acquire("l")), (0, Release("l")), (0, Store("x")), (0, Acquire("m")), (0, Start("one"))]
    after: Steps = [(1, Begin("one")), (1, Acquire("l")), (1, Load("x"))]
    execution = execution_of(NAMES, before + after, {1: Acquire("m")})
    execution.ending = Ending.DEADLOCK
    assert _told(execution) == ["main: takes m, starts one", "one: takes l, waits for m"]


def test_neighbours_at_one_place_are_one_beat() -> None:
    """Steps of one task at one place, until another task or another place comes."""
    steps: Steps = [
        (1, Acquire("l", "a.py:1")),
        (1, Release("l", "a.py:1")),
        (1, Acquire("l", "a.py:2")),
        (2, Locked("l", "a.py:9")),
        (1, Release("l", "a.py:2")),
    ]
    assert _story(steps) == [
        "one: a.py:1 / takes and releases l",
        "one: a.py:2 / takes l",
        "two: a.py:9 / finds taken: l",
        "one: a.py:2 / releases l",
    ]


def test_neighbours_with_one_verb_share_it() -> None:
    """Each verb is said once; that a thread begins, ends and is joined is not said at all."""
    steps: Steps = [(0, Start("one")), (0, Start("two")), (1, Begin("one")), (1, End("one"))]
    steps += [(2, Begin("two")), (2, End("two")), (0, Join("one")), (0, Join("two"))]
    assert _told(execution_of(NAMES, steps)) == ["main: starts one, two"]


def test_a_deadlock_ends_with_what_everybody_waits_for() -> None:
    """Who moved last comes first, so that its wait is told with its last step."""
    execution = execution_of(
        NAMES,
        [(1, Acquire("a", "a.py:1")), (2, Acquire("b", "a.py:2"))],
        {0: Join("one", "a.py:3"), 1: Acquire("b", "a.py:1"), 2: Acquire("a", "a.py:2")},
    )
    execution.ending = Ending.DEADLOCK
    assert _told(execution) == [
        "one: a.py:1 / takes a",
        "two: a.py:2 / takes b, waits for a",
        "one: a.py:1 / waits for b",
        "main: a.py:3 / waits for the end of one",
    ]


@pytest.mark.parametrize(
    ("traceback", "place"),
    [
        ('  File "/far/away/a.py", line 1, in f\n  File "/b.py", line 2, in g\nKeyError: 1', "one: b.py:2 / "),
        ("", "one: takes a, "),
    ],
)
def test_an_exception_is_the_last_beat(traceback: str, place: str) -> None:
    """At the place of the last frame of its traceback; who is blocked meanwhile is not told."""
    execution = execution_of(NAMES, [(1, Acquire("a"))], {0: Join("one"), 2: Acquire("a")})
    execution.ending = Ending.FAILED
    execution.failure = Failure("exception", "KeyError: 1", 1, traceback)
    assert _told(execution)[-1] == f"{place}raises KeyError"


def test_an_attempt_at_an_own_lock_is_not_told() -> None:
    """Nobody else can notice it; an attempt that expires is told all the same."""
    steps: Steps = [(1, Acquire("l")), (1, TryAcquire("l")), (1, Release("l")), (2, Acquire("l"))]
    assert _story(steps) == ["one: takes and releases l", "two: takes l"]
    assert _story([*steps, (2, TryAcquire("l", timed=True))])[-1] == "two: takes and gives up waiting for l"


def test_a_sleep_is_told_where_it_begins(tmp_path: Path) -> None:
    """Others come between a task's last step and the one with which it is awake; or none comes any more."""
    path = tmp_path / "mail.py"
    path.write_text("arrived.wait()\n", encoding="utf-8")
    wakeup = "lock one@mail.py:1"
    steps: Steps = [
        (1, Acquire(wakeup, "mail.py:1")),
        (2, Release(wakeup, "mail.py:9")),
        (1, Acquire(wakeup, "mail.py:1")),
        (2, End("two")),
    ]
    execution = execution_of(NAMES, [*STARTED, *steps], {1: Acquire(wakeup, "mail.py:1")})
    execution.ending = Ending.DEADLOCK
    names = Names(execution, {"mail.py": str(path)}, {})
    rows = [beat.row(beat.task, names) for beat in story(execution, names)][1:]
    assert rows == [
        Row(1, "mail.py:1  arrived.wait()", "waits to be woken"),
        Row(2, "mail.py:9", "wakes one"),
        Row(1, "mail.py:1  arrived.wait()", "is awake, waits to be woken"),
    ]


def test_of_a_long_story_the_end_is_told() -> None:
    """The last forty places, and how many came before."""
    steps: Steps = [(task, Acquire("l", f"a.py:{n}")) for n in range(25) for task in (1, 2)]
    turns: Steps = [step for acquire in steps for step in (acquire, (acquire[0], Release("l", "a.py:99")))]
    lines = tell(execution_of(NAMES, turns), "a.py::f").splitlines()
    assert lines[:6] == [
        "a.py::f does not fail",
        "",
        "Nothing went wrong.",
        "",
        "(60 earlier places are left out)",
        "",
    ]
    assert sum("- takes l" in line for line in lines) == sum("- releases l" in line for line in lines) == 20


def test_to_take_an_own_lock_is_to_sleep() -> None:
    """Until somebody else releases it, as a gate does; it is told where the sleep begins, once."""
    steps: Steps = [
        (1, Acquire("gate")),
        (2, Acquire("l")),
        (2, Release("gate")),
        (1, Acquire("gate")),
        (2, End("two")),
    ]
    assert _story(steps) == [
        "one: takes and waits for gate",
        "two: releases gate",
        "one: takes gate",
    ]
    execution = execution_of(NAMES, STARTED + steps[:2], {1: Acquire("gate"), 2: Acquire("gate")})
    execution.ending = Ending.DEADLOCK
    assert _told(execution)[1:] == ["one: takes and waits for gate", "two: waits for gate"]


def test_a_data_race_ends_with_its_two_accesses() -> None:
    """They are no steps of the execution; each stands in the column of its task."""
    execution = execution_of(NAMES, STARTED)
    race = Race("C m@a.py:1.x", (1, "write", "a.py:2"), (2, "update", ""))
    names = Names(execution, {}, {}, [race.location])
    rows = [beat.row(beat.task, names) for beat in story(execution, names, [race])]
    assert rows[1:] == [Row(1, "a.py:2", "writes C.x"), Row(2, "", "changes C.x")]
    assert sentence([race, race, race], names) == "Nothing orders what one and two do to C.x. 2 more like it."


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (TryAcquire("l"), "does not get l"),
        (TryAcquire("l", timed=True), "gives up waiting for l"),
        (TryAcquire("m"), "takes m"),
        (Release("m"), "releases, though nobody holds it, m"),
        (Locked("l"), "finds taken: l"),
        (Locked("m"), "finds free: m"),
        (TryJoin("two"), "finds still running: two"),
        (TryJoin("two", timed=True), "gives up waiting for the end of two"),
        (Sleep(0.5), "sleeps 0.5 s"),
        (Choose(3), "chooses option 1 of 3"),
        (Touch("append", (("l main@a.py:1 (whole)", "write"),)), "changes the l of a.py:1 (append)"),
        (Touch("get", (("d m@a.py:1", "read"), ("d m@a.py:1[0]", "read"))), "reads the d of a.py:1[0] (get)"),
    ],
)
def test_every_kind_of_step_has_its_words(operation: Operation, told: str) -> None:
    """Also for what does not succeed."""
    others: Steps = [(2, Acquire("l")), (2, Locked("m")), (2, Store("l main@a.py:1 (whole)")), (2, Store("d m@a.py:1"))]
    assert f"one: {told}" in _story([*others, (1, operation), (2, End("two"))])
