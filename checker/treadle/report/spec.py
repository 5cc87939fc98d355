"""What was found out about a specification, in sentences.

The verdict in one line, the numbers in the next. A counterexample names each action with its arguments and shows only
what it changed, down to the key of a function; the first state is shown whole. A behaviour without end says where it
returns to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.tlc import trouble
from treadle.tla.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.tla.outcome import Counterexample, Moment, Outcome
    from treadle.tla.tlc import Report
    from treadle.tla.values import Value

_VERDICTS = {"proved": "proved", "failed": "FAILED", "incomplete": "incomplete"}


def headline(title: str, outcome: Outcome) -> str:
    """Return the verdict in one line."""
    line = f"{title}: {_VERDICTS[outcome.verdict]}"
    if outcome.failure is not None and outcome.failure.kind != "evaluation":
        line += f": {outcome.failure.message}"
    return line


def numbers(outcome: Outcome) -> str:
    """Return the counts in one line."""
    return (
        f"{outcome.distinct:,} distinct states, {outcome.generated:,} generated, depth {outcome.depth}, "
        f"{outcome.seconds:.2f} s"
    )


def report(title: str, outcome: Outcome, *, coverage: bool = False) -> str:
    """Return everything that is worth saying, as text."""
    lines = [headline(title, outcome), f"  {numbers(outcome)}"]
    if outcome.checked:
        lines.append(f"  checked: {', '.join(outcome.checked)}")
    lines += [f"  not complete: {reason}" for reason in outcome.reasons]
    lines += [f"  note: {note}" for note in outcome.notes]
    if outcome.failure is not None:
        lines += ["", *story(outcome.failure, outcome.variables)]
    never = sorted({part.action for part in outcome.coverage} - {c.action for c in outcome.coverage if c.generated})
    if never and outcome.verdict == "proved":
        lines.append(f"  note: never taken: {', '.join(never)}")
    if coverage:
        lines += ["", *covered(outcome)]
    return "\n".join(lines)


def covered(outcome: Outcome) -> Iterator[str]:
    """Yield a line for each disjunct: how often it led to a state."""
    yield "  steps  action and disjunct"
    for part in outcome.coverage:
        text = part.text if len(part.text) <= 70 else part.text[:67] + "..."  # noqa: PLR2004  (the width of a line)
        yield f"{part.generated:7,}  {part.action} ({part.place}): {text}"


def story(failure: Counterexample, variables: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a counterexample."""
    if failure.kind == "evaluation":
        yield from ("  " + line for line in failure.message.split("\n"))
        if failure.trace:
            yield "  after"
    before: tuple[Value, ...] | None = None
    known: tuple[str, ...] = ()
    for number, moment in enumerate(failure.trace):
        yield f"  {number:3}  {moment.action}"
        names, values = _seen(moment, variables)
        if before is None or names != known:
            yield from (f"         {name} = {show(value)}" for name, value in zip(names, values, strict=True))
        else:
            yield from (f"         {line}" for line in changes(names, before, values))
        before, known = values, names
    if failure.loop is not None:
        last = len(failure.trace) - 1
        yield "  and nothing happens any more" if failure.loop == last else f"  and then again from {failure.loop}"


def _seen(moment: Moment, variables: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Value, ...]]:
    """Return the names and values that a moment shows: those of its alias, if that is a record, else its variables."""
    alias = moment.alias
    if alias is None:
        return variables, moment.state
    if type(alias) is tuple and len(alias) > 1 and all(type(key) is str for key in alias[0]):
        return tuple(alias[0]), alias[1:]
    return ("ALIAS",), (alias,)


def changes(variables: tuple[str, ...], before: tuple[Value, ...], after: tuple[Value, ...]) -> Iterator[str]:
    """Yield what a step changed, `name[key]: old -> new`."""
    unchanged = True
    for name, old, new in zip(variables, before, after, strict=True):
        if old != new:
            unchanged = False
            yield from _change(name, old, new)
    if unchanged:
        yield "(nothing changes)"


def _change(name: str, old: Value, new: Value) -> Iterator[str]:
    """Yield the parts of a value that differ: a function over the same keys key by key, anything else as a whole."""
    if type(old) is tuple and type(new) is tuple and old[0] is new[0] and len(old) > 1:
        for key, was, becomes in zip(old[0], old[1:], new[1:], strict=True):
            if was != becomes:
                record = type(key) is str and key.isidentifier()
                yield from _change(f"{name}.{key}" if record else f"{name}[{show(key)}]", was, becomes)
    else:
        yield f"{name}: {show(old)} -> {show(new)}"


def comparison(outcome: Outcome, other: Report) -> list[str]:
    """Return how TLC's answer differs from ours, line by line; nothing if it does not."""
    found = []
    lack = trouble(other)
    if lack is not None:
        found.append(f"TLC has no answer: {lack}")
    elif other.verdict != outcome.verdict:
        found.append(f"verdict: treadle says {outcome.verdict}, TLC says {other.verdict}")
    elif outcome.verdict == "proved":
        pairs = {
            "distinct states": (outcome.distinct, other.distinct),
            "states generated": (outcome.generated, other.generated),
            "depth": (outcome.depth, other.depth if outcome.distinct else 0),  # TLC counts one without any state
        }
        found += [
            f"{what}: treadle has {ours}, TLC has {theirs}" for what, (ours, theirs) in pairs.items() if ours != theirs
        ]
    elif outcome.failure is not None and other.kind is not None and other.kind != outcome.failure.kind:
        found.append(f"failure: treadle finds {outcome.failure.kind}, TLC finds {other.kind}")
    return found
