"""Nothing that is broken passes: the lists of mutants are those of the sources, and a sample of each is tried again."""

from __future__ import annotations

import ast
import random
from typing import TYPE_CHECKING

import pytest

from tests.verify import judges, mutants, spec_mutants
from tests.verify.listing import Entry, Listing, unargued
from tests.verify.mutation import mutants as mutants_of
from tests.verify.spec_mutation import mutants as spec_mutants_of

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = '''
class Box:
    def take(self, count=1):
        """Take one."""
        with self.lock:
            if self.items and count < 2:
                return self.items.pop()
            self.misses += 1
        return None
'''
SPEC = r"""---- MODULE M ----
VARIABLES x, y
Init == x = 0 /\ y = 0
Step(t) == x < t /\ x' = x + 1 /\ UNCHANGED y
Next == \E t \in {1, 2} : Step(t) \/ (y' = 1 - y /\ UNCHANGED x)
====="""


def test_every_slip_is_made_once() -> None:
    """A small class has these mutants and no others: what is dropped, swapped, turned, compared, moved."""
    assert [mutant.name for mutant in mutants_of(SOURCE)] == [
        "Box.take: drop `with self.lock:`",
        "Box.take: drop `return None`",
        "Box.take: drop `if self.items and count < 2:`",
        "Box.take: drop `self.misses += 1`",
        "Box.take: swap `if self.items and count < 2:` and `self.misses += 1`",
        "Box.take: drop `return self.items.pop()`",
        "Box.take: move `1` to `2` in a default",
        "Box.take: negate `self.items and count < 2`",
        "Box.take: compare `self.items and count < 2` by Or",
        "Box.take: compare `count < 2` by LtE",
        "Box.take: move `2` to `3` in `if self.items and count < 2:`",
        "Box.take: move `1` to `2` in `self.misses += 1`",
        "Box.take: move `None` to `0` in `return None`",
    ]


def test_every_mutant_is_a_module_that_says_something_else() -> None:
    """Each is a program, and no two are the same, nor the original."""
    sources = [mutant.source for mutant in mutants_of(SOURCE)]
    assert all(ast.parse(source) for source in sources)
    assert len({ast.unparse(ast.parse(SOURCE)), *sources}) == len(sources) + 1


def test_a_specification_is_changed_in_its_actions_alone() -> None:
    """Guards are dropped and disjuncts removed, in Next and what it uses; Init is left alone."""
    assert [mutant.name for mutant in spec_mutants_of("M.tla", SPEC)] == [
        "Step: drop `x < t`",
        "Next: remove `Step(t)`",
        "Next: remove `y' = 1 - y /\\ UNCHANGED x`",
    ]
    assert "Step(t) == TRUE /\\ x' = x + 1" in spec_mutants_of("M.tla", SPEC)[0].source


def test_a_list_keeps_arguments_and_drops_what_has_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is found is replaced, an argument stays with a mutant that survives, and a new survivor lacks one."""
    listing = Listing(tmp_path / "list.json", "killed_by")
    listing.write([Entry("a", "P1"), Entry("b", equivalent="it says the same"), Entry("gone", "P1")])
    assert listing.settle(["a", "b", "c"], {"a": "P2", "b": None, "c": None}, anew=True) == 1
    assert list(listing.read().values()) == [
        Entry("a", "P2"),
        Entry("b", equivalent="it says the same"),
        Entry("c", equivalent=""),
    ]
    assert unargued(listing.read().values()) == ["c"]
    assert "gone\n    is in the list, and is no mutant any more" in capsys.readouterr().out


@pytest.mark.parametrize("module", [mutants, spec_mutants], ids=["code", "specifications"])
def test_the_list_is_that_of_the_sources(module: object) -> None:
    """Every mutant is in the list and nothing else is; each is caught, or there is an argument why it cannot be."""
    listed, there = module.LIST.read(), module.every()  # type: ignore[attr-defined]
    changed = sorted(listed.keys() ^ there.keys())
    assert not changed, f"python -m {module.__name__} --write --new, then argue what survives: {changed}"  # type: ignore[attr-defined]
    assert not unargued(listed.values())
    assert len(listed) >= 40


@pytest.mark.slow
def test_the_barrier_itself_passes_the_first_judges() -> None:
    """No judge refuses everything: without a change the first one lets the barrier pass."""
    assert not judges.refuses(judges.EVERY[0], "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_sample_of_the_barriers_mutants_is_killed_again(seed: int) -> None:
    """The judge that the list names refuses the mutant."""
    caught = [entry for entry in mutants.LIST.read().values() if entry.found_by in judges.CONFORM]
    entry = random.Random(seed).choice(caught)
    assert mutants.killer(*mutants.every()[entry.name], entry.found_by) == entry.found_by


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_sample_of_the_specifications_mutants_is_noticed_again(seed: int) -> None:
    """The model that the list names notices the mutant."""
    caught = [entry for entry in spec_mutants.LIST.read().values() if entry.found_by]
    entry = random.Random(seed).choice(caught)
    assert spec_mutants.noticed(*spec_mutants.every()[entry.name]) == entry.found_by
