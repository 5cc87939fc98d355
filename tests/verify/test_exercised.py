"""What of `spec/Barrier.tla` is exercised by `phalanx.Barrier`: every action, and every disjunct of each.

A disjunct that no execution takes allows what no code does, and may be wrong unnoticed. So those that are not taken are
listed, each with its reason; a list is exact, so a reason that is missing and one that is stale are both seen.
"""

from __future__ import annotations

import re

import pytest

from treadle.api.conforming import conform
from treadle.api.selection import kit_of, selected
from treadle.conformance import Bounds, Program
from treadle.model.verdict import Status

CALLS = ("wait", "wait_timeout", "abort", "reset", "n_waiting", "broken", "misuse")
UNSTRUCK = selected(
    kit_of("Barrier"),
    Bounds(threads=2, rounds=1, parties=2, calls=CALLS),
    {"slow": ["none"], "action": ["none", "raises", "waits"]},
)
"""Two threads with one call each, of every kind; without an action, and with one that raises or calls wait."""
STRUCK = [Program((("wait",), ("wait",)), {"parties": 2, "action": None, "faults": 1})]
"""Two waits, into one of which an exception is delivered, at any point."""

UNSTRUCK_NEVER = {
    "Interrupt": "no exception is delivered into any thread of these programs: Targets is empty",
    r'Unwind: at[t] \in {"called", "waiting", "acted"} /\ BreakOwn(t, Interrupted)': "only after Interrupt",
    r'Unwind: /\ at[t] \in {"called", "waiting", "leaving"} /\ ~(Last(t) /\ broken)': "only after Interrupt",
}
"""What the programs without exceptions leave out, by the beginning of its text, and why."""
NEVER: dict[str, str] = {}
"""What all of them together leave out: nothing."""


def reasons(never: list[str], known: dict[str, str]) -> dict[str, str | None]:
    """The reason for each disjunct that is not taken; None for one that has none."""
    told = [re.sub(r" \([^:]+:\d+\)", "", way) for way in never]
    return {way: next((why for start, why in known.items() if way.startswith(start)), None) for way in told}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("programs", "known", "actions"),
    [(UNSTRUCK, UNSTRUCK_NEVER, {"Interrupt", "Unwind"}), ([*UNSTRUCK, *STRUCK], NEVER, set())],
    ids=["without exceptions", "with one"],
)
def test_every_disjunct_is_taken_or_has_its_reason(
    programs: list[Program], known: dict[str, str], actions: set[str]
) -> None:
    """Every action of Barrier.tla, and every disjunct of each, is taken by some execution of phalanx.Barrier."""
    verdict = conform("phalanx:Barrier", programs=programs)
    assert verdict.status is Status.PROVED
    assert {action for action, taken in verdict.notes["coverage"].items() if not taken} == actions
    found = reasons(verdict.notes["never"], known)
    assert None not in found.values(), f"never taken, and there is no reason why: {found}"
    assert len(found) == len(known), f"a reason is stale: {found.keys()} are never taken, reasons there are for {known}"


def test_a_reason_that_is_missing_and_one_that_is_stale_are_seen() -> None:
    """A disjunct without a reason has none; a reason for what is taken is one too many."""
    never = ["Unwind (Barrier.tla:138): a", "Trip (Barrier.tla:110): b"]
    assert reasons(never, {"Unwind: a": "why"}) == {"Unwind: a": "why", "Trip: b": None}
    assert len(reasons(never[:1], {"Unwind: a": "why", "Trip": "why"})) < 2
