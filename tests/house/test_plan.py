"""Everything lies in the room that the plan gives it, and each rule sees what does not."""

from __future__ import annotations

import pytest

from tests.house import plan
from tests.house.source import files, text

pytestmark = pytest.mark.files


# A house that a primitive does not have yet, and why.
EXCUSED: dict[tuple[str, str], str] = {}


def test_everything_has_a_room() -> None:
    """Nothing lies at the top but five rooms, four files, .ci and dot-files."""
    assert not plan.strays(files())


def test_a_stray_is_seen() -> None:
    """A new file and a new folder at the top are offences; below a room and behind a dot they are not."""
    planted = ["notes.txt", "tools/x.py", "tests/notes.txt", ".ci/run", ".gitignore", "README.md", "docs"]
    assert plan.strays(planted) == [f"{name} has no place at the top" for name in ("docs", "notes.txt", "tools")]


def test_the_specification_is_mathematics() -> None:
    """spec/ holds .tla, .cfg, .json and .md only: no Python."""
    assert not plan.unmathematical(files())


def test_a_program_among_the_mathematics_is_seen() -> None:
    """A Python file in spec/ is an offence, however deep."""
    assert plan.unmathematical(["spec/A.tla", "spec/a/b.py", "impl/b.py"]) == ["spec/a/b.py is no mathematics"]


def test_one_name_opens_four_houses() -> None:
    """Each primitive of phalanx has its spec, its proof and its page under its own name, or a reason why not yet."""
    missing = plan.houseless(plan.primitives(files()), files(), EXCUSED)
    assert not missing


def test_no_excuse_outlives_its_reason() -> None:
    """What is excused as missing is missing."""
    assert not plan.needless(files(), EXCUSED)


def test_a_missing_house_is_seen() -> None:
    """Primitives are the public modules and packages that are not on the list of exceptions; each lacks what it lacks."""
    planted = ["impl/phalanx/tree_barrier.py", "impl/phalanx/errors.py", "impl/phalanx/_x.py", "spec/TreeBarrier.tla"]
    assert plan.primitives([*planted, "impl/phalanx/jacobi/solver.py"]) == ["jacobi", "tree_barrier"]
    lacking = [
        "tree_barrier has no tests/verify/test_tree_barrier.py",
        "tree_barrier has no docs/reference/tree_barrier.md",
    ]
    assert plan.houseless(["tree_barrier"], planted, {}) == lacking
    assert plan.houseless(["tree_barrier"], planted, {("tree_barrier", "verify"): "why"}) == lacking[1:]
    assert plan.needless(planted, [("tree_barrier", "spec")]) == ["spec/TreeBarrier.tla is there: drop its excuse"]


def test_what_is_named_exists() -> None:
    """A test, a page or a module that any of our texts names is in the repository."""
    # What is named in these two is made up: planted offences, and the programs that reports are about.
    made_up = ("tests/house/", "tests/snapshots/")
    ours = [path for path in files() if path.endswith((".py", ".md", ".tla")) and not path.startswith(made_up)]
    found = [f"{path}: {name}" for path in ours for name in plan.dangling(text(path), files())]
    assert not found, "\n".join(found)


def test_a_dangling_name_is_seen() -> None:
    """In a sentence, in a comment and in backquotes; the end of another path and what is there are left alone."""
    planted = "Law: tests/laws/test_a.py. See `docs/b.md`,\n# and spec/C.tla or other/tests/d.py\n"
    assert plan.dangling(planted, ["docs/b.md"]) == [
        "line 1: tests/laws/test_a.py does not exist",
        "line 2: spec/C.tla does not exist",
    ]
