"""The pytest entry point: what pytest loads when treadle is installed.

A test that `@treadle.check` made is an ordinary test function. This plugin only improves how it reads:

- a failure is the report, without the frames of treadle between the test and the checker;
- with `-v`, a section at the end says for each such test what was explored;
- a test that is parametrized is told in which case it is called: the world makes the values itself (`runtime.cases`).

Nothing of treadle is imported until a test needs it: in a test run without any, this costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from treadle.api.testing import Check

_EXPLORED = pytest.StashKey[list[str]]()
"""One line for each test that was explored, in the order in which they ran."""


def _check_of(function: object) -> Check | None:
    check: Check | None = getattr(function, "treadle", None)
    return check if type(check).__module__ == "treadle.api.testing" else None


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what will be said at the end."""
    config.stash[_EXPLORED] = []


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Run the test; a failure of the check is shown as its report alone."""
    check = _check_of(pyfuncitem.obj)
    if check is None:
        return (yield)
    from treadle.errors import TreadleError  # noqa: PLC0415 - only for tests that need it
    from treadle.report.summary import summary  # noqa: PLC0415
    from treadle.runtime.cases import case_of, names_of  # noqa: PLC0415

    failure: str | None = None
    result = None
    check.verdict = None
    try:
        marks = [*pyfuncitem.iter_markers("parametrize")]
        check.parameters = frozenset(name for mark in marks for name in names_of(mark))
        check.case = case_of(marks, pyfuncitem.callspec.params) if marks else ()
        result = yield
    except TreadleError as error:
        failure = str(error)
    finally:
        if check.verdict is not None:
            pyfuncitem.config.stash[_EXPLORED].append(f"{pyfuncitem.nodeid}: {summary(check.verdict)}")
        check.case = ()
    if failure is not None:  # not within the except, where it would be shown twice
        pytest.fail(failure, pytrace=False)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """With -v: what was explored."""
    if config.get_verbosity() > 0 and config.stash[_EXPLORED]:
        terminalreporter.write_sep("=", "explored by treadle")
        for line in config.stash[_EXPLORED]:
            terminalreporter.write_line(line)
