"""Threads with the same calls in one of their orders: nothing is lost, and whoever tells them apart is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.laws import desk
from tests.laws.test_conformance import extensions
from tests.quality.worlds import settled
from treadle.api.conforming import conform, made
from treadle.api.learning import Learning
from treadle.conformance import Program, judging
from treadle.conformance.catalogue import load_kit
from treadle.conformance.judging import Looser
from treadle.conformance.modelling import Models
from treadle.conformance.orders import chains
from treadle.conformance.renaming import Renaming, renamings
from treadle.conformance.target import Target
from treadle.model.verdict import Ending, Status
from treadle.runtime.alikes import Alikes
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

SPECIMENS = "tests/quality/specimens.py"
TWO, THREE = (("wait",),) * 2, (("wait",),) * 3
CASES: list[tuple[str, tuple[tuple[str, ...], ...], dict[str, object]]] = [
    ("phalanx:Barrier", THREE, {}),
    ("phalanx:Barrier", THREE, {"parties": 3}),
    ("phalanx:Barrier", (("wait",), ("abort",), ("wait",)), {"action": "works"}),
    ("phalanx:Barrier", (("wait_timeout",), ("wait_timeout",)), {"action": "raises"}),
    ("phalanx:Barrier", (("wait", "wait"), ("wait", "wait")), {}),
    ("phalanx:Barrier", TWO, {"action": "stops"}),
    ("phalanx:Barrier", THREE, {"slow": ("a",)}),
    ("phalanx:Barrier", TWO, {"faults": 1}),
    # Who is to be hit while it waits for a lock that is free makes no step at all.
    ("phalanx:ElasticBarrier", TWO, {"faults": 1}),
    ("threading:Barrier", (("reset",), ("wait",), ("wait",)), {}),
    ("threading:Barrier", (("wait",), ("wait",), ("abort",)), {}),
    ("threading:Barrier", TWO, {"action": "aborts"}),
    ("threading:Barrier", TWO, {"faults": "1%threading.Condition.wait"}),
    (f"{SPECIMENS}:SimpleBarrier", THREE, {}),
    (f"{SPECIMENS}:NotifiesOne", THREE, {"parties": 3}),
    (f"{SPECIMENS}:ActsOutsideLock", THREE, {"action": "works"}),
    (f"{SPECIMENS}:SleepsThroughRelease", (("wait", "wait"), ("wait", "wait")), {}),
    (f"{SPECIMENS}:IndexReadLate", TWO, {}),
]


class Searched:
    """What a search of one program finds, up to which of its threads with the same calls is which."""

    orders: set[tuple[str, ...]]  # in which things were observed
    taken: set[tuple[object, ...]]  # transitions of the specification
    verdict: Verdict

    def __init__(self, target: str, program: Program, *, symmetry: bool) -> None:
        kit = load_kit("Barrier")
        client = made(Target.parse(target), kit, program)
        groups = program.alike if symmetry else ()
        client.merge(groups)
        model = Models("Barrier", kit).of(program)
        self._follower = follower = model.follower
        judge = Looser(client.world, client, model, groups=groups)
        names = program.names
        self._renamings = [Renaming(p, names, follower) for p in renamings(program.alike, len(names))]
        self.orders = set()

        def watch(execution: Execution, _verdict: Verdict) -> None:
            if execution.ending is not Ending.ASLEEP and judge.apart is None:
                found = extensions(chains(judge.sightings, execution.events, len(names)))
                self.orders.update(map(self._canonical, found))

        def anew() -> None:
            judge.begin()
            self.orders.clear()

        world = client.world
        self.verdict = settled(world, lambda: Learning(Optimal(), world), judge=judge, anew=anew, watch=watch)
        assert judge.apart is None
        world.close()
        self.taken = {(follower.states[s], *follower.steps(s)[index][:3]) for s, index in model.coverage.taken}

    def _canonical(self, order: tuple[int, ...]) -> tuple[str, ...]:
        """The first of all renamings of an order."""
        every = [order, *(tuple(map(renaming.observation, order)) for renaming in self._renamings)]
        return min(tuple(self._follower.observations[number].text for number in each) for each in every)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "threads", "setup"), CASES)
def test_symmetry_loses_nothing_but_which_is_which(
    target: str, threads: tuple[tuple[str, ...], ...], setup: dict[str, object]
) -> None:
    """The same orders of observations, the same verdict, and the same transitions, exactly; in no more executions."""
    program = Program(threads, {"parties": 2, "action": None, **setup})
    assert program.alike
    plain, ordered = (Searched(target, program, symmetry=symmetry) for symmetry in (False, True))
    assert ordered.orders == plain.orders
    assert (ordered.verdict.failures > 0) == (plain.verdict.failures > 0)
    # What belongs to an execution that is refused is not counted; without symmetry one may be refused for a renamed one.
    assert ordered.taken >= plain.taken
    if not plain.verdict.failures:
        assert ordered.taken == plain.taken
    assert ordered.verdict.executions <= plain.verdict.executions
    assert plain.verdict.redundant == 0


@pytest.mark.parametrize(("parties", "plain", "ordered"), [(2, 24, 4), (3, 30, 5)])
def test_three_waiters_are_six_times_fewer(parties: int, plain: int, ordered: int) -> None:
    """3! orders of arrival are one."""
    program = Program(THREE, {"parties": parties, "action": None})
    found = [conform("phalanx:Barrier", programs=[program], symmetry=symmetry) for symmetry in (False, True)]
    assert [verdict.status for verdict in found] == [Status.PROVED] * 2
    assert [verdict.executions for verdict in found] == [plain, ordered]
    assert [verdict.notes["symmetric"] for verdict in found] == [0, 1]
    # What was met of the specification is the same to the last state, and the last transition.
    assert [verdict.notes["spec_states"] for verdict in found] == [found[0].notes["spec_states"]] * 2
    assert found[0].notes["coverage"] == found[1].notes["coverage"]


FAIR = "me != self.first"
"""How a desk knows the second one that tells nobody from another."""
UNFAIR = [
    ("get_ident()", "me > self.first"),
    ("get_ident()", "sorted([me, self.first])[0] == self.first"),
    ("get_ident()", "me % 2 != 0 or self.first % 2 == 0"),
    ("get_ident()", "[0, 0, 0, 1][me] or not [0, 0, 0, 1][self.first]"),
    ("get_ident()", "'%d' % me > '%d' % self.first"),
    ("get_ident()", "str(me) > str(self.first)"),
    ("get_ident()", "f'{me}' > f'{self.first}'"),
    ("get_ident()", "me == 3"),
    ("id(Mine())", "me > self.first"),
    ("Mine()", "hash(me) < hash(self.first)"),
    ("Lock()", "hash(me) < hash(self.first)"),
    ("Lock()", "id(me) > id(self.first)"),
    ("Lock()", "repr(me) > repr(self.first)"),
]


@pytest.mark.parametrize(("me", "second"), UNFAIR)
def test_who_tells_threads_apart_is_found_out(tmp_path: Path, me: str, second: str) -> None:
    """By number, address, hash or text: all orders are explored, and the one is found in which 0 is given twice."""
    target, spec, kit = desk.write(tmp_path, me, second)
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert verdict.status is Status.FAILED
    assert verdict.notes["apart"] == {"Desk tells threads apart by what they are called": 1}


@pytest.mark.parametrize(
    ("me", "second"),
    [
        ("get_ident()", FAIR),
        ("get_ident()", "me is not self.first"),
        ("get_ident()", "isinstance(me, int) and me and self.first != me != 0"),
        ("get_ident()", "len({me, self.first}) == 2"),
        ("get_ident()", "{self.first: 0}.get(me, 1)"),
        ("Lock()", FAIR),
        ("Mine()", FAIR),
        ("self.mine.__dict__", "me is not self.first"),
    ],
)
def test_who_asks_only_who_is_the_same_tells_nobody_apart(tmp_path: Path, me: str, second: str) -> None:
    """One order of the two is enough for a class that compares threads, or what they have made, with each other."""
    target, spec, kit = desk.write(tmp_path, me, second)
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert (verdict.status, verdict.notes["symmetric"], verdict.executions) == (Status.PROVED, 1, 1), verdict.failure
    assert "apart" not in verdict.notes


def test_threads_that_a_thread_starts_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    """Who starts a thread is explored in all orders; and so is who orders threads by their hash."""
    target, spec, kit = desk.write(tmp_path, "Thread(target=Mine)", "hash(me) > hash(self.first)")
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert (verdict.status, verdict.notes["symmetric"]) == (Status.FAILED, 0)
    target, spec, kit = desk.write(tmp_path, "Thread(target=Mine)", "me.start() or True")
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert (verdict.status, verdict.notes["symmetric"]) == (Status.PROVED, 0)


def test_a_specification_that_tells_threads_apart_is_found_out(tmp_path: Path) -> None:
    """It wants one thread to come first: the order that was executed is allowed, and the renamed one is not."""
    target, spec, kit = desk.write(tmp_path, "get_ident()", FAIR, first=desk.ONE)
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert verdict.status is Status.FAILED
    assert verdict.notes["apart"] == {"Desk tells threads apart": 1}


def test_a_number_that_tells_nobody_loses_a_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the identity keeps to itself what it is asked; the order is missed in which 0 is given twice."""
    monkeypatch.setattr(Alikes, "apart", False)
    target, spec, kit = desk.write(tmp_path, *UNFAIR[0])
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert verdict.status is Status.PROVED


def test_an_execution_that_is_judged_once_hides_a_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: nothing is judged as renamed; the specification that tells threads apart is not found out."""
    monkeypatch.setattr(judging, "renamings", lambda _groups, _threads: [])
    target, spec, kit = desk.write(tmp_path, "get_ident()", FAIR, first=desk.ONE)
    verdict = conform(target, spec, kit=kit, programs=[Program((("take",), ("take",)), {})])
    assert verdict.status is Status.PROVED


def test_threads_that_the_setup_names_are_not_alike() -> None:
    """Nor are those with other calls; and none are where exceptions are delivered into certain threads."""
    threads = (("wait",), ("wait",), ("abort",), ("wait",), ("abort",))
    assert Program(threads, {}).alike == ((0, 1, 3), (2, 4))
    assert Program(threads, {"slow": ("b",)}).alike == ((0, 3), (2, 4))
    assert Program(threads, {"chosen": "a"}).alike == ((1, 3), (2, 4))
    assert Program(threads, {"faults": "1@a"}).alike == ()
    assert Program(threads, {"faults": "1:KeyError"}).alike == ((0, 1, 3), (2, 4))
    assert Program((("wait",), ("wait", "wait")), {}).alike == ()


def test_the_ways_to_change_places() -> None:
    """Those of each group, in all combinations, but for the one in which nobody moves."""
    assert renamings([], 2) == []
    assert renamings([(0, 2)], 3) == [(2, 1, 0)]
    assert len(renamings([(0, 1, 3), (2, 4)], 5)) == 3 * 2 * 2 - 1
