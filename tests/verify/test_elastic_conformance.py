"""Barriers whose parties come and go against spec/Elastic.tla: ours, another right one, and some that are known to be wrong."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from treadle.api.conforming import conform
from treadle.api.proving import broken_by
from treadle.conformance import Bounds, Program
from treadle.conformance.kits.elastic import BYSTANDER, FOUNDER, NEWCOMER, Elastic, role
from treadle.model.verdict import Status

if TYPE_CHECKING:
    from treadle.model.verdict import Verdict

OURS = "phalanx:ElasticBarrier"
MONITOR = "tests.verify.elastic_monitor:ElasticMonitor"
BROKEN = "tests.quality.broken_elastic"
READS = ("n_waiting", "parties", "broken", "finished")


def elastic(*threads: str, parties: int = 2, faults: str = "") -> Program:
    """A program: for each thread its calls, in one text."""
    return Program(tuple(tuple(calls.split()) for calls in threads), {"parties": parties, "faults": faults or None})


def ways_never_taken(verdict: Verdict) -> set[str]:
    """The actions of the specification some way of which was never taken."""
    return {way.partition(" ")[0] for way in verdict.notes["never"]}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ("wait", FOUNDER),
        ("wait leave join wait", FOUNDER),
        ("abort leave", FOUNDER),
        ("arrive leave await join", FOUNDER),
        ("join wait", NEWCOMER),
        ("participant participant", NEWCOMER),
        ("participant_arrives await", NEWCOMER),
        ("abort n_waiting", BYSTANDER),
        ("leave wait", None),
        ("join join", None),
        ("wait join", None),
        ("participant leave", None),
        ("arrive arrive", None),
        ("arrive abort", None),
        ("arrive leave join", None),
        ("await", None),
    ],
)
def test_a_thread_makes_only_calls_whose_turn_it_is(calls: str, found: str | None) -> None:
    """Who arrives or leaves was a party or has joined, and who has a token waits with it or leaves."""
    assert role(calls.split()) == found


def test_programs_are_all_within_the_bounds_and_none_twice() -> None:
    """Two threads, two calls of three kinds, two parties: 32 programs, smallest first, counted by the roles of threads."""
    calls = ("wait", "join", "leave")
    programs = list(Elastic().programs(Bounds(threads=2, rounds=2, calls=calls)))
    told = [program.text for program in programs if not program.slow]
    lives = [life for length in (1, 2) for life in product(calls, repeat=length) if role(life)]
    # wait; leave; join; wait wait; wait leave; leave join; join wait; join leave.
    assert len(lives) == 8
    assert len(told) == len(set(told)) == 8 + 8 * 9 // 2
    assert [program.size for program in programs] == sorted(program.size for program in programs)
    # Of two single calls one of which waits: wait with wait, join and leave.
    assert len(programs) - len(told) == 3


def test_parties_that_no_thread_is_never_come() -> None:
    """Founders are those who must be, then bystanders, then threads that make no call."""
    constants = Elastic().constants(elastic("join", "abort", "wait", parties=3))
    assert sorted(map(str, constants["Founders"])) == ["b", "c", "d"]
    assert sorted(map(str, constants["Threads"])) == ["a", "b", "c", "d"]


@pytest.mark.slow
@pytest.mark.parametrize("target", [OURS, MONITOR])
def test_what_is_right_conforms(target: str) -> None:
    """Two threads with a call each of all kinds, 2 parties: 49 programs, whoever wrote the class."""
    verdict = conform(target, "Elastic", bounds=Bounds(threads=2, rounds=1))
    assert verdict.status is Status.PROVED, verdict.failure
    assert verdict.notes["programs"] == 49
    assert {"Interrupt", "Unwind", "Answer"} <= ways_never_taken(verdict)


@pytest.mark.slow
def test_every_way_of_the_specification_is_taken() -> None:
    """A few programs of two threads, one of which is hit by an exception, take every disjunct of every action."""
    programs = [
        elastic("wait_timeout", "wait n_waiting misuse"),
        elastic("arrive leave await", "wait abort"),
        elastic("leave", "join arrive await", parties=1),
        elastic("leave", "join wait leave", parties=1),
        elastic("wait", "wait", faults="1"),
        elastic("arrive await", "wait", faults="1"),
    ]
    verdict = conform(OURS, "Elastic", programs=programs)
    assert verdict.status is Status.PROVED, verdict.failure
    assert verdict.notes["never"] == []


@pytest.mark.slow
def test_the_with_forms_conform() -> None:
    """A participant that waits, arrives or fails, and a body that fails, beside every other call: 102 programs."""
    calls = ("wait", "participant", "participant_arrives", "participant_fails", "with_fails", "join", "leave")
    verdict = conform(OURS, "Elastic", bounds=Bounds(threads=2, rounds=1, calls=(*calls, *READS, "misuse")))
    assert verdict.status is Status.PROVED, verdict.failure
    assert verdict.notes["programs"] == 102


@pytest.mark.slow
@pytest.mark.parametrize("parties", [2, 3])
def test_one_joins_or_leaves_at_every_moment(parties: int) -> None:
    """Of the members one leaves, or another thread joins, while all wait, in every interleaving."""
    waits = ["wait"] * parties
    programs = [
        elastic(*waits[1:], "leave", parties=parties),
        elastic(*waits[1:], "arrive leave", parties=parties),
        elastic(*waits, "join wait", parties=parties),
        elastic(*waits[1:], "wait leave", "join leave", parties=parties),
    ]
    verdict = conform(OURS, "Elastic", programs=programs)
    assert verdict.status is Status.PROVED, verdict.failure
    assert verdict.notes["programs"] == 4


@pytest.mark.slow
def test_an_exception_in_a_wait_breaks_the_round_or_leaves_it() -> None:
    """P10: with one exception delivered at any point of a wait, also with a token, ours conforms."""
    programs = [
        elastic("wait", "wait", faults="1"),
        elastic("wait", "leave", faults="1"),
        elastic("arrive await", "wait", faults="1"),
    ]
    verdict = conform(OURS, "Elastic", programs=programs)
    assert verdict.status is Status.PROVED, verdict.failure
    assert verdict.notes["coverage"]["Unwind"]


@pytest.mark.parametrize(
    ("name", "calls", "promises", "program"),
    [
        ("ForgetfulLeave", "wait join leave", ["P9"], "parties=2 | a: wait | b: leave"),
        ("CountsLeaversTwice", "wait arrive leave", ["P1"], "parties=3 | a: wait | b: arrive, leave"),
        ("JoinsLate", "wait arrive join", ["P1"], "parties=2 | a: wait | b: join, wait"),
        ("WaitsForTheNext", "arrive await leave", ["P9"], "parties=2 | a: arrive | b: arrive, await"),
        ("LosesItsPlace", "wait wait_timeout", ["P6"], "parties=2 | a: wait_timeout, wait"),
    ],
)
def test_a_mistake_is_found_in_a_small_program(name: str, calls: str, promises: list[str], program: str) -> None:
    """Each barrier that is known to be wrong is refuted, on its promise, by the smallest program that shows it."""
    bounds = Bounds(threads=2, rounds=2, calls=tuple(calls.split()), parties=int(program[8]))
    verdict = conform(f"{BROKEN}:{name}", "Elastic", bounds=bounds)
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    found = Program.from_json(verdict.failure.schedule.options["conformance"]["program"])
    assert (broken_by(verdict.failure.schedule), found.text) == (promises, program)


def test_what_a_class_lacks_is_left_out_with_a_reason() -> None:
    """A barrier of the standard library has wait, abort and reset; programs with other calls are counted."""
    verdict = conform(
        "threading:Barrier", "Elastic", bounds=Bounds(threads=2, rounds=1, calls=("wait", "join", "leave"))
    )
    assert verdict.status is Status.PROVED
    assert verdict.notes["skipped"] == {"the class has no join": 5, "the class has no leave": 4}
