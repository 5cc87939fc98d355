"""A verdict in a line: what was found, in how many executions, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.verdict import Status

if TYPE_CHECKING:
    from treadle.model.verdict import Verdict


def summary(verdict: Verdict) -> str:
    """The verdict, its cost, and its reasons where it is incomplete."""
    cost = f"{_many(verdict.executions, 'execution')}, {_many(verdict.steps, 'step')}, {verdict.seconds:.2f} s"
    if verdict.looked:
        cost += f"; a quick look beside it: {verdict.looked:,}"
    if reloaded := verdict.notes.get("reloaded"):
        cost += f"; its modules were loaded anew for each, which is slow, because of {_listed(reloaded)}"
    if verdict.status is Status.PROVED:
        return f"proved{' up to symmetry' * bool(verdict.notes.get('symmetry'))}{_chances(verdict)} ({cost})"
    if verdict.failure is not None:
        return f"failed: {verdict.failure.kind} ({cost})"
    return f"incomplete: {'; '.join(verdict.reasons)} ({cost})"


def _chances(verdict: Verdict) -> str:
    """What was allowed to come from outside."""
    faults, spurious = verdict.notes.get("faults"), verdict.notes.get("spurious")
    told = [f"faults {faults}"] if faults else []
    if spurious:
        told.append(_many(spurious, "spurious wakeup"))
    return f", with {' and '.join(told)}" if told else ""


def _listed(kept: list[str]) -> str:
    """The first of what could not be put back, and how many there are besides."""
    more = len(kept) - 1
    return f"what cannot be put back: {kept[0]}" + (f" and {more} more" if more else "")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def conformance(verdict: Verdict) -> str:
    """The verdict on a class and a specification, what was explored, and what of the specification was not."""
    notes = verdict.notes
    skipped = sum(notes["skipped"].values())
    programs = _many(notes["programs"], "client program") + (f", {skipped:,} left out" if skipped else "")
    conforms = f"conforms to {notes['spec']}"
    lines = [f"{notes['target']}: {summary(verdict).replace('proved', conforms, 1)}", f"  {programs}"]
    if symmetric := notes["symmetric"]:
        lines.append(f"  symmetry: in {_many(symmetric, 'program')} threads with the same calls came in one order")
    lines += [f"  in all orders, {count:,}: {reason}" for reason, count in notes.get("apart", {}).items()]
    lines += [f"  left out, {count:,}: {reason}" for reason, count in notes["skipped"].items()]
    never = [action for action, taken in notes["coverage"].items() if not taken]
    lines.append(f"  {_many(notes['spec_states'], 'state')} of the specification met")
    if verdict.complete:
        # Of an action that was taken, the ways in which it was not.
        lines += [f"  never taken: {way}" for way in notes["never"] if way.partition(" ")[0] not in never]
    if never and verdict.complete:
        lines.append(f"  never taken: {', '.join(never)}")
    return "\n".join(lines)
