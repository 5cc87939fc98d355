"""The report of a violation of a specification.

First the promise that is broken, in the specification's words. Then what the clients observed, one column for each
thread, and beside it the states of the specification: what changed in them, as far as the observations tell. The
observation that is not allowed comes last, with the conjunct that is false; or who is stuck, and what the specification
demands. Then the story of the code that led there, as every failure is told. It is made of the account and the one
execution that was run again, so whoever runs the same schedule gets the same text.
"""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from treadle.report.columns import WIDTH
from treadle.report.failure import told
from treadle.report.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from treadle.model.account import Account, Moment, Promise
    from treadle.semantics.execution import Execution

BESIDE = 44
"""So wide is the column of the specification's states, which is the last one."""
GAP = 2


def tell(
    account: Account, execution: Execution, *, files: Mapping[str, str] | None = None, titles: Mapping[int, str]
) -> str:
    """The report, without a line break at its end. `files` and `titles` as for `report.failure.tell`."""
    parts = [
        [f"{account.target} does not conform to {account.spec}"],
        [line for promise in account.promises for line in wrap(_promise(promise), WIDTH, subsequent_indent="  ")],
        wrap(f"The clients: {account.program}", WIDTH, subsequent_indent="  "),
        list(_observed(account)),
        list(_verdict(account)),
        ["How the code came there:"],
        # Task 0 makes the object and starts the threads, and does nothing else.
        told(execution, Names(execution, files or {}, titles), without=[0]),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _promise(promise: Promise) -> str:
    return f"It breaks {promise.name} {promise.sentence} ({promise.place})"


def _observed(account: Account) -> Iterator[str]:
    """The table of observations."""
    count = len(account.names)
    width = (WIDTH - BESIDE) // count
    last = count * width
    yield "".join(name.ljust(width) for name in account.names) + f"{account.spec}, as far as this tells"
    yield "-" * WIDTH
    for moment in account.moments:
        beside = [*moment.changed] if moment.changed else ["(nothing that this tells)"]
        yield from _row(moment, width, last, ", ".join(beside) + _ways(moment))
    if account.refused is not None:
        yield from _row(account.refused, width, last, "<- not allowed")


def _ways(moment: Moment) -> str:
    return f" (one of {moment.states} states)" if moment.states > 1 else ""


def _row(moment: Moment, width: int, last: int, beside: str) -> Iterator[str]:
    start = moment.thread * width
    left = wrap(moment.text, max(last - start - GAP, width - GAP), subsequent_indent="  ", break_on_hyphens=False)
    right = wrap(beside, WIDTH - last, break_on_hyphens=False)
    for one, other in zip_longest(left, right, fillvalue=""):
        yield (" " * start + one).ljust(last) + other if other else " " * start + one


def _verdict(account: Account) -> Iterator[str]:
    """Why it ends there."""
    if account.refused is None:
        for name in account.stopped:
            yield f"{name} has stopped for ever, with no lock in its hands, which is no fault of the code."
        for name, call in account.stuck:
            yield f"{name} is in {call} for ever."
        if not account.stuck:
            yield "Nobody is left to do anything."
        for demand in account.demands:
            yield from wrap(f"The specification demands more: {demand}", WIDTH, subsequent_indent="  ")
        return
    for action, conjunct in account.nearest:
        yield from wrap(f"{action} is not allowed, because this is false: {conjunct}", WIDTH, subsequent_indent="  ")
    if not account.promises:
        yield "No promise that the specification states by name speaks of this; no action of it does it."
