"""`@treadle.check`: a scenario as a test, by hand and under pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import treadle
from tests.snapshots.scenarios import bank, jobs, mended, passing

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

FILE = "tests/snapshots/scenarios/"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is kept in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


def _check(function: Callable[..., object], **options: Any) -> Callable[[], None]:
    return treadle.check(granularity="sync", **options)(function)


def test_a_scenario_that_holds_returns_nothing() -> None:
    """A test runner sees a test that passes."""
    holding: list[Callable[[], object]] = [treadle.check(passing.chosen), _check(passing.locked)]
    assert [run() for run in holding] == [None, None]


def test_the_lesson_is_true() -> None:
    """What docs/tutorial/first-proof.md says of the mended counter: proved, in two executions."""
    verdict = treadle.explore(mended.test_both_count)
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, 2)


def test_a_failure_is_an_assertion_error_with_the_report() -> None:
    """Its text is the report and the line that replays it."""
    with pytest.raises(AssertionError) as raised:
        _check(bank.transfers)()
    text = str(raised.value)
    assert isinstance(raised.value, treadle.CheckError)
    assert f"{FILE}bank.py::transfers fails: deadlock\n\nann and bob wait for each other.\n\n" in text
    assert text.splitlines()[-1].startswith("  treadle replay .treadle/")
    assert [path.suffix for path in Path(".treadle").iterdir() if path.name != ".gitignore"] == [".json"]


def test_an_incomplete_search_fails_unless_it_is_allowed() -> None:
    """It is no proof; whoever accepts that says so."""
    with pytest.raises(treadle.CheckError) as raised:
        _check(passing.locked, max_executions=1)()
    assert "incomplete: stopped after 1 executions, the bound that was set" in str(raised.value)
    assert "instead:" in str(raised.value)
    _check(passing.locked, max_executions=1, incomplete="allow")()


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"incomplete": "maybe"}, "unknown value of incomplete"),
        ({"granularity": "coarse"}, "unknown granularity"),
        ({"search": "dfs"}, "unknown search"),
    ],
)
def test_unknown_options_are_told(options: dict[str, Any], part: str) -> None:
    """What was given, and what there is."""
    with pytest.raises(treadle.UsageError, match=part):
        treadle.check(**options)(passing.locked)()


def test_what_has_no_target_is_told() -> None:
    """A function with arguments, within another one, in no file, or no function at all."""

    def inner() -> None: ...

    typed: dict[str, Any] = {}
    exec("def typed(): pass", typed)  # noqa: S102 - a function as an interpreter makes it
    for function, part in [
        (passing.needy, "needy needs arguments"),
        (inner, "cannot be loaded by its name"),
        (bank.Account.pay, "Account.pay cannot be loaded by its name"),
        (typed["typed"], "typed has no source file"),
        (passing.NOT_A_FUNCTION, "this is not a scenario"),
    ]:
        with pytest.raises(treadle.ScenarioError, match=part):
            treadle.explore(function, granularity="sync")


def test_explore_returns_the_verdict() -> None:
    """Counts, status, failure with its schedule; `tell` makes the report of it."""
    proved = treadle.explore(passing.locked, granularity="sync")
    assert (proved.status, proved.executions, proved.failure) == (treadle.Status.PROVED, 2, None)
    failed = treadle.explore(jobs.two_workers, granularity="sync")
    assert failed.status is treadle.Status.FAILED
    assert failed.failure is not None
    assert failed.failure.schedule is not None
    assert "IndexError: pop from empty list" in treadle.tell(failed.failure.schedule)


def test_explore_calls_its_watcher_after_each_execution() -> None:
    """With the verdict so far; it begins again when the search does, because of what it has learned."""
    seen: list[int] = []
    treadle.explore(passing.locked, granularity="sync", watch=lambda verdict: seen.append(verdict.executions))
    assert seen[-2:] == [1, 2]


def test_choose_outside_of_a_scenario_is_told() -> None:
    """Nothing would explore the other options."""
    with pytest.raises(treadle.UsageError, match="choose was called outside of a scenario"):
        treadle.choose([1, 2])


def test_a_name_that_is_not_there_is_told() -> None:
    """As of any module; what is there is listed."""
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        treadle.chekc  # type: ignore[attr-defined]  # noqa: B018
    assert set(treadle.__all__) <= set(dir(treadle))
    assert all(getattr(treadle, name) for name in treadle.__all__)


def test_importing_treadle_is_quick() -> None:
    """Nothing is loaded that was not asked for: neither world nor search, neither greenlet nor rich."""
    program = "import sys, treadle; print([name for name in sys.modules if name.startswith(('treadle.', 'greenlet', 'rich'))])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


TEST_FILE = '''
import threading

import pytest
import treadle


@treadle.check(granularity="sync")
def test_passes():
    """Two traces."""
    lock = threading.Lock()
    threads = [threading.Thread(target=lock.acquire, args=[False]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@treadle.check(granularity="sync")
def test_fails():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@treadle.check(granularity="sync")
def test_needs(tmp_path):
    pass


@treadle.check(granularity="sync")
def test_skips():
    pytest.skip("not today")


def test_ordinary():
    assert 1 + 1 == 2
'''


def test_pytest_shows_the_report_alone(pytester: pytest.Pytester) -> None:
    """No frame of treadle's or of the test's stands before it; ordinary tests, and skips, are as they were."""
    pytester.makepyfile(test_them=TEST_FILE)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*__ test_fails __*",
            "test_them.py::test_fails fails: deadlock",
            "main waits for lock, which it holds itself.",
            "test_them.py:* lock.acquire()",
            "*treadle replay .treadle/test_them.test_fails.json",
            "*__ test_needs __*",
            "test_needs needs arguments",
            "*def test_needs(tmp_path)",
        ]
    )
    result.stdout.no_fnmatch_line("*api/testing.py*")
    result.stdout.no_fnmatch_line("*explored by treadle*")


def test_pytest_tells_what_was_explored_if_it_is_verbose(pytester: pytest.Pytester) -> None:
    """A line for each check, and none for other tests."""
    pytester.makepyfile(test_them=TEST_FILE)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")
    result.stdout.fnmatch_lines(
        [
            "*= explored by treadle =*",
            "test_them.py::test_passes: proved (2 executions, *",
            "test_them.py::test_fails: failed: deadlock (1 execution, *",
        ]
    )
    result.stdout.no_fnmatch_line("test_them.py::test_ordinary: *")


PARAMETRIZED = """
import threading

import pytest
import treadle


class Box:
    pass


@pytest.mark.parametrize("safe", [True, pytest.param(False, id="racy")])
@treadle.check
@pytest.mark.parametrize(("first", "second"), [(1, 2), pytest.param(2, 3, marks=pytest.mark.skip)])
def test_box(safe, first, second):
    lock, box = threading.Lock(), Box()
    box.n = 0

    def add(n):
        if safe:
            with lock:
                box.n += n
        else:
            box.n += n

    threads = [threading.Thread(target=add, args=[n]) for n in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.n == 3


@pytest.mark.parametrize("kept", [[], [1]], ids=len)
@treadle.check
def test_every_execution_has_what_was_written(kept):
    n = len(kept)
    thread = threading.Thread(target=kept.append, args=[2])
    thread.start()
    kept.append(3)
    thread.join()
    assert n <= 1 and len(kept) == n + 2


@pytest.mark.parametrize("kind", [Box])
@treadle.check
def test_classes_are_those_of_the_world(kind):
    assert kind is Box
"""


def test_pytest_gives_parameters(pytester: pytest.Pytester) -> None:
    """Each case is a test, under pytest's own ids and marks; a failure is replayed, checked and stressed by its target."""
    path = pytester.makepyfile(test_them=PARAMETRIZED)
    pytester.chdir()
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")
    result.assert_outcomes(passed=4, failed=1, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "test_them.py::test_box[[]1-2-racy[]] FAILED*",
            "test_them.py::test_box[[]first#0,safe#1[]] fails: exception in main",
            "*treadle replay .treadle/test_them.test_box.first.0.safe.1.json",
            "test_them.py::test_every_execution_has_what_was_written[[]1[]]: proved (2 executions, *",
        ]
    )
    safe = treadle.explore(f"{path.name}::test_box[first#0,safe#0]")
    assert (safe.status, safe.executions) == (treadle.Status.PROVED, 2)
    assert treadle.stress(f"{path.name}::test_box[first#0,safe#0]", repeat=2).passed
    for case, part in [
        ("", r"instead: +name one of its cases: test_them.py::test_box\[first#0,safe#0\]"),
        ("[first#2,safe#0]", "a number below 2 for first"),
        ("[size#0]", "a number for each of: first, safe"),
    ]:
        with pytest.raises(treadle.ScenarioError, match=part):
            treadle.explore(f"{path.name}::test_box{case}")


UNKNOWN = """
import pytest
import treadle


@pytest.fixture
def made(request):
    return request.param


@pytest.mark.parametrize("made", [1], indirect=True)
@treadle.check
def test_of_a_fixture(made):
    pass


@pytest.mark.parametrize("given", (number for number in [1, 2]))
@treadle.check
def test_of_an_iterator(given):
    pass


@pytest.mark.parametrize("given", [1])
@treadle.check
def test_of_both(given, tmp_path):
    pass
"""


@pytest.mark.filterwarnings("ignore:Passing a non-Collection iterable")
def test_pytest_is_told_which_parameters_cannot_be_given(pytester: pytest.Pytester) -> None:
    """Those that fixtures make, or that came from an iterator; with what to do instead, and without a traceback."""
    pytester.makepyfile(test_them=UNKNOWN)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "test_them.py::test_of_a_fixture[[]made#0[]] takes its arguments from fixtures",
            "*instead: *make in the test what the fixture makes, of plain parameters",
            "it is not known which values of parametrize('given', ...) these are",
            "*instead: *give parametrize a list",
            "test_of_both needs arguments",
            "*instead: *make what it needs inside of it: tmp_path*",
        ]
    )
    result.stdout.no_fnmatch_line("*cases.py*")


def test_ctrl_c_ends_pytest_and_not_only_the_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted search is no failed test."""
    pytester.makepyfile(test_them=TEST_FILE)

    def interrupted(*_: object, **__: object) -> treadle.Verdict:
        return treadle.Verdict(reasons=["interrupted after 1 executions"], notes={"target": "t"})

    monkeypatch.setattr("treadle.api.testing.explore", interrupted)
    result = pytester.inline_run("-p", "no:cacheprovider", no_reraise_ctrlc=True)
    assert result.ret == pytest.ExitCode.INTERRUPTED
