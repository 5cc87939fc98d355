"""Writes that change what others mean are found, or make the verdict incomplete; nothing of it is proved."""

from __future__ import annotations

from typing import Literal

import pytest

import treadle
from treadle.model.verdict import Status

MODULE = "tests.quality.races.replaced"
FOUND = ["of_a_module_made_here", "of_a_module_of_the_process"]
SAID = {
    "class_of_an_instance": "__class__ of One is replaced",
    "class_by_a_statement": "__class__ of One is replaced",
    "special_method_of_a_class": "__len__ of class Sized is replaced",
    "class_that_is_registered": "a class is registered with Kind",
    "bases_of_a_class": "__bases__ of type is replaced",
    "dictionary_of_an_instance": "__dict__ of One is replaced",
    "dictionary_of_two": "__dict__ of One is replaced",
    "code_of_a_function": "__code__ of function is replaced",
    "function_of_a_module": "update looks at all of module tests.quality.races.replaced import@?:0 at once",
    "function_of_a_module_by_its_name": "answer of the module tests.quality.races.replaced is replaced",
    "hidden_built_in": "abs of the module tests.quality.races.replaced is replaced",
    "attribute_of_a_function_with_a_cache": "an attribute of a _lru_cache_wrapper is written",
    "items_of_what_several_go_round": "two tasks ask one iterator at once, while what it goes through is changed",
    "contents_of_a_cell": "cell_contents of cell is replaced",
    "slot_by_its_descriptor": "kept is reached by __set__ of its descriptor",
}


@pytest.mark.parametrize("granularity", ["access", "sync"])
@pytest.mark.parametrize("name", FOUND)
def test_attributes_of_any_module_are_shared(name: str, granularity: Literal["access", "sync"]) -> None:
    """Be it made while the program runs, or one that the process shares with it."""
    assert treadle.explore(f"{MODULE}:{name}", granularity=granularity).status is Status.FAILED


@pytest.mark.parametrize("name", SAID)
def test_what_is_not_followed_is_said(name: str) -> None:
    """The verdict is incomplete, or the program fails; it is never proved."""
    verdict = treadle.explore(f"{MODULE}:{name}")
    assert verdict.status is Status.INCOMPLETE
    assert any(SAID[name] in reason for reason in verdict.reasons), verdict.reasons
