"""The repository keeps the rules of its house, and each rule sees the offence that is planted for it."""

from __future__ import annotations

import ast

import pytest

from tests.house import rules
from tests.house.source import PACKAGES, PYTHON, files, python_files, text, tree

pytestmark = pytest.mark.files


OURS = python_files(*PACKAGES)
ALL = python_files(*PYTHON)
TESTS = python_files("tests/")


def _found(offences: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {offence}" for path, found in offences.items() for offence in found)


def test_modules_are_read_in_one_sitting() -> None:
    """No module is longer than 400 lines."""
    assert not _found({path: rules.long_module(text(path)) for path in ALL})


def test_a_long_module_is_seen() -> None:
    """400 lines pass, 401 do not."""
    assert not rules.long_module("pass\n" * 400)
    assert rules.long_module("pass\n" * 401) == ["401 lines; at most 400: find the second idea in it"]


def test_bodies_fit_on_a_screen() -> None:
    """No function's body is longer than 40 lines."""
    assert not _found({path: rules.long_bodies(tree(path)) for path in ALL})


@pytest.mark.parametrize("head", ["def f():", "async def f():"])
def test_a_long_body_is_seen(head: str) -> None:
    """40 lines under a docstring pass, 41 do not, blank lines counted."""
    passing = f'{head}\n    """Two\n\n    parts."""\n' + "    pass\n\n" * 19 + "    pass\n    pass\n"
    assert not rules.long_bodies(ast.parse(passing))
    assert rules.long_bodies(ast.parse(passing + "    pass\n")) == ["line 1: f has a body of 41 lines; at most 40"]


def test_a_long_body_is_seen_in_a_method_and_in_a_nested_function() -> None:
    """A long nested function is an offence of its own and of the function around it."""
    nested = "class C:\n    def m(self):\n        def inner():\n" + "            pass\n" * 41
    assert len(rules.long_bodies(ast.parse(nested))) == 2


def test_every_door_has_a_plate() -> None:
    """Every module of ours, and every public function, class and method of the two packages, has a docstring."""
    found = {path: rules.undocumented(tree(path)) for path in OURS}
    found |= {path: rules.undocumented(tree(path))[:1] for path in ALL if not ast.get_docstring(tree(path))}
    assert not _found(found)


def test_a_missing_docstring_is_seen() -> None:
    """Modules, functions, classes and methods are looked at; private names, overrides and visitors are not."""
    planted = "class A:\n    def b(self): ...\n    def _c(self): ...\n    @override\n    def d(self): ...\ndef visit_X(): ...\ndef e(): ...\n"
    assert rules.undocumented(ast.parse(planted)) == [
        "line 1: the module has no docstring",
        "line 1: A has no docstring",
        "line 2: b has no docstring",
        "line 7: e has no docstring",
    ]
    assert not rules.undocumented(ast.parse('"""M."""\ndef f():\n    """F."""\n'))


def test_names_are_nouns_of_the_field() -> None:
    """No module and no package is called utils, common, helpers, base, manager or core."""
    assert not _found({path: rules.vague_name(path) for path in ALL})


def test_a_vague_name_is_seen() -> None:
    """As a module and as a package; within a longer name it means something."""
    assert rules.vague_name("checker/treadle/utils.py") == ["the name 'utils' says nothing"]
    assert rules.vague_name("checker/treadle/core/clock.py") == ["the name 'core' says nothing"]
    assert not rules.vague_name("checker/treadle/search/database.py")


def test_errors_carry_a_message() -> None:
    """Neither package raises an exception without a message."""
    assert not _found({path: rules.bare_raises(tree(path)) for path in OURS})


def test_a_bare_raise_is_seen() -> None:
    """With and without parentheses, through a module; re-raising, a message, a variable, unwinding pass."""
    planted = "raise A\nraise m.B()\nraise C from e\nraise\nraise D('why')\nraise error\nraise greenlet.GreenletExit\n"
    assert rules.bare_raises(ast.parse(planted)) == [
        "line 1: raise A without a message",
        "line 2: raise B without a message",
        "line 3: raise C without a message",
    ]


def test_an_exception_that_never_leaves_its_module_may_be_silent() -> None:
    """It is made and caught where it is raised; made or caught there alone is not enough."""
    made, caught = "class Done(Exception): ...\n", "try: f()\nexcept Done: ...\n"
    assert not rules.bare_raises(ast.parse(f"{made}{caught}raise Done\n"))
    assert rules.bare_raises(ast.parse(f"{made}raise Done\n"))
    assert rules.bare_raises(ast.parse(f"{caught}raise Done\n"))


def test_the_repository_knows_no_machine() -> None:
    """No committed file names a path or a tool of the machine that it was written on."""
    readable = [path for path in files() if not path.endswith((".png", ".ico")) and path != ".gitignore"]
    assert not _found({path: rules.machine_paths(text(path)) for path in readable})


@pytest.mark.parametrize("house", ["work", "farm", "root", "home", "Users", "opt/.pyenv"])
def test_a_machine_path_is_seen(house: str) -> None:
    """Home directories and workplaces are found within a line; a URL that contains the same word is not."""
    assert rules.machine_paths(f"first\ncd /{house}/ann && ls")[0].startswith("line 2: names a path or tool of one")
    assert not rules.machine_paths("https://example.org/" + "work/ann")


def test_every_test_makes_a_claim() -> None:
    """Every test function has a docstring."""
    assert not _found({path: rules.unclaimed_tests(tree(path)) for path in TESTS})


def test_a_test_without_a_claim_is_seen() -> None:
    """In a module and in a class; what is no test need make no claim."""
    planted = "def test_a(): ...\nclass TestB:\n    def test_c(self): ...\ndef worker(): ...\n"
    assert rules.unclaimed_tests(ast.parse(planted)) == [
        "line 1: test_a makes no claim: it has no docstring",
        "line 3: test_c makes no claim: it has no docstring",
    ]


def test_tests_do_not_sleep() -> None:
    """Only tests/real, where time is what is tested, waits for the wall clock."""
    assert not _found({path: rules.sleeps(text(path)) for path in TESTS if not path.startswith("tests/real/")})


def test_a_sleep_is_seen() -> None:
    """By either import and under another name, unless it is marked as a scenario's."""
    planted = "import time\nfrom time import sleep as nap\ntime.sleep(1)\nnap(1)\ntime.sleep(1)  # virtual\nlast()\n"
    assert rules.sleeps(planted) == ["line 3: sleeps", "line 4: sleeps"]
