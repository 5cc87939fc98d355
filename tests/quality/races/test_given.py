"""What reaches two threads in ways that the program's own stores do not show is followed all the same."""

from __future__ import annotations

import pytest

import treadle
from treadle.model.verdict import Status

MODULE = "tests.quality.races.given"
ORDERS = 2
"""Two accesses to one container, which conflict: one before the other."""
COUNTS = {
    **dict.fromkeys(
        (
            "body_of_a_class",
            "body_of_an_inner_class",
            "body_of_a_local_class",
            "local_enumeration",
            "iterator_of_a_list",
            "iterator_of_a_dictionary",
            "backwards",
            "side_by_side",
            "one_after_the_other",
            "generated",
            "method_as_target",
            "method_as_argument",
            "chain_of_displays",
            "dice_of_a_module",
            "foreign_attribute",
            "foreign_object",
        ),
        ORDERS,
    ),
    # One after the other: 2. Both find nothing: 2 orders of the stores, and the load of the one who came first is before
    # the other's store or after it: 4. A store that finds by then that the key is there is two steps, with that load
    # between them: 2 more.
    "metaclass": 8,
    # Each takes two items and finds the end: 6! / (3! 3!).
    "teed": 20,
}


@pytest.mark.parametrize("name", COUNTS)
def test_nothing_reaches_a_task_unseen(name: str) -> None:
    """Proved, in exactly so many executions."""
    verdict = treadle.explore(f"{MODULE}:{name}")
    assert (verdict.status, verdict.executions, verdict.reasons) == (Status.PROVED, COUNTS[name], [])


@pytest.mark.parametrize(
    "name",
    [
        "loop_over_an_object",
        "sum_of_an_object",
        "list_of_an_object",
        "iterator_by_its_method",
        "dict_of_an_object",
        "keywords_of_an_object",
        "display_of_an_object",
        "update_from_an_object",
        "teed_while_it_grows",
        "update_from_a_shared_dictionary",
    ],
)
def test_whoever_iterates_an_object_looks_into_its_container(name: str) -> None:
    """The look may come before the item is there: that is found, whoever makes it."""
    verdict = treadle.explore(f"{MODULE}:{name}")
    assert verdict.failure is not None
    assert verdict.failure.message.startswith("AssertionError")


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="see docs/explanation/limits.md, Generators and patches")
@pytest.mark.parametrize("name", ["generator_entered_twice", "patched_by_foreign_code"])
def test_what_is_changed_out_of_sight_is_found(name: str) -> None:
    """An interleaving fails."""
    assert treadle.explore(f"{MODULE}:{name}").status is Status.FAILED
