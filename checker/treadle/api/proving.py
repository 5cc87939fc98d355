"""One proof after the other: what each job of `treadle prove` is, and what comes of it.

A *job* is one entry of a manifest: a model that is explored, or a class that is held against a specification within
the bounds of a mode. It gives a *row*: plain data, so that it can come from another process and go into JSON.

A row says what was found, what was expected, and `fine`: whether that is the same. For a model that passes this includes
the numbers of states, transitions and levels; for a class, that nothing was left out. Whoever is expected to fail and does
is fine; whoever is expected to fail and is proved shows that the checker is blind, which is worse than a failure.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from treadle.api.fingerprints import of_class, of_files, of_specification
from treadle.api.manifest import Manifest, Mode, Model, Primitive
from treadle.errors import TreadleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from treadle.api.tally import Progress
    from treadle.conformance.words import Program
    from treadle.model.schedule import Schedule

Row = dict[str, Any]
Job = tuple[Manifest, Mode, Model | Primitive]

EVERY = 64
"""Executions between two reports."""
STATES_A_SECOND = 15_000
"""About as many transitions are explored; only for the estimate of how long all takes."""
BEGIN = 0.05
"""Seconds that every job takes."""
ESTIMATE = "estimate"
"""Among the bounds: about how many seconds it takes."""


def jobs(manifest: Manifest, mode: Mode) -> list[Job]:
    """Everything that the manifest lists for a mode, what takes longest first: so nobody waits for it at the end."""
    primitives = [each for each in manifest.primitives if each.bounds(mode) is not None]
    entries: list[Model | Primitive] = [*manifest.models, *primitives]
    return sorted(((manifest, mode, entry) for entry in entries), key=weight, reverse=True)


def weight(job: Job) -> float:
    """About how many seconds a job takes."""
    _, mode, entry = job
    if isinstance(entry, Model):
        return BEGIN + (entry.transitions or STATES_A_SECOND) / STATES_A_SECOND
    return BEGIN + float((entry.bounds(mode) or {}).get(ESTIMATE, 1))


def prove(manifest: Manifest, mode: Mode, entry: Model | Primitive, report: Callable[[float], object]) -> Row:
    """Do one job. What cannot be run is in the row's `error`.

    `report` is told now and then which part of the job is done. If it raises KeyboardInterrupt the job ends with what
    it has.
    """
    try:
        if isinstance(entry, Model):
            return explored(manifest, entry, report)
        return conforming(manifest, mode, entry, report)
    except TreadleError as error:
        return unproved(entry, error=str(error))


def unproved(entry: Model | Primitive, *, reason: str | None = None, error: str | None = None) -> Row:
    """The row of a job that has no result."""
    row = _named(entry) | {
        "verdict": "incomplete",
        "fine": False,
        "seconds": 0.0,
        "reasons": [reason] if reason else [],
    }
    return row | ({"error": error} if error is not None else {})


def _named(entry: Model | Primitive) -> Row:
    """What a row says before anything is found out."""
    row = {"name": entry.name, "expected": entry.verdict, "says": entry.says}
    if isinstance(entry, Model):
        return row | {"kind": "model", "module": entry.module, "config": entry.config}
    return row | {"kind": "primitive", "class": entry.target, "spec": entry.spec, "promises": list(entry.promises)}


def explored(manifest: Manifest, model: Model, report: Callable[[float], object]) -> Row:
    """A specification under a configuration: its verdict, and whether the numbers are those of the manifest."""
    from treadle.tla.specification import load  # noqa: PLC0415 - what a job needs is loaded in its process
    from treadle.tla.verification import Verification  # noqa: PLC0415

    wanted = model.transitions or 10 * STATES_A_SECOND

    def progress(generated: int, _distinct: int, _depth: int) -> None:
        report(min(generated / wanted, 1.0))

    spec = load(manifest.beside(model.module), manifest.beside(model.config))
    report(0.0)
    outcome = Verification(spec, progress=progress).run()
    row = _named(model) | {
        "checked": outcome.checked,
        "verdict": outcome.verdict,
        "distinct": outcome.distinct,
        "transitions": outcome.generated,
        "depth": outcome.depth,
        "seconds": round(outcome.seconds, 3),
        "reasons": list(outcome.reasons),
        "failure": outcome.failure.message if outcome.failure is not None else None,
    }
    broken = outcome.failure.property if outcome.failure is not None else None
    difference = _difference(model, row, broken)
    return row | {"difference": difference, "fine": difference is None}


def _difference(model: Model, row: Row, broken: str | None) -> str | None:
    """How the row differs from the manifest, in words; None if it does not."""
    if row["verdict"] != model.verdict:
        return f"{row['verdict']} instead of {model.verdict}"
    if model.verdict == "failed":
        return None if broken == model.property else f"{broken} fails instead of {model.property}"
    for name in ("distinct", "transitions", "depth"):
        expected = getattr(model, name)
        if expected is not None and row[name] != expected:
            return f"{name}: {row[name]:,} instead of {expected:,}"
    return None


def conforming(manifest: Manifest, mode: Mode, primitive: Primitive, report: Callable[[float], object]) -> Row:
    """A class against a specification: every interleaving of every client program within the bounds."""
    from treadle.api.conforming import conform  # noqa: PLC0415 - as above

    limits = {name: value for name, value in (primitive.bounds(mode) or {}).items() if name != ESTIMATE}
    reported = 0

    def watch(progress: Progress) -> None:
        nonlocal reported
        if progress.verdict.executions >= reported:
            reported = progress.verdict.executions + EVERY
            report(progress.done / max(progress.programs, 1))

    spec = manifest.beside(f"{primitive.spec}.tla")
    chosen = programs(primitive, limits)
    report(0.0)
    verdict = conform(primitive.target, spec, kit=primitive.kit, programs=chosen, watch=watch)
    broken = [] if verdict.failure is None else broken_by(verdict.failure.schedule)
    found = verdict.as_json()
    row = _named(primitive) | {name: found[name] for name in KEPT} | {"bounds": limits, "broken": broken}
    row["failure"] = found["failure"] and found["failure"]["message"]
    difference = _unexpected(primitive, row["verdict"], broken)
    return row | {"difference": difference, "fine": difference is None}


KEPT = ("programs", "skipped", "spec_states", "coverage", "verdict", "executions", "blocked", "redundant", "steps",
        "seconds", "reasons")  # fmt: skip
"""What a row keeps of a verdict."""


def _unexpected(primitive: Primitive, verdict: str, broken: list[str]) -> str | None:
    """How it came otherwise than the manifest says, in words; None if it did not."""
    if verdict != primitive.verdict:
        told = f", which breaks {', '.join(broken)}" if broken else ""
        return f"{verdict} instead of {primitive.verdict}{told}"
    if broken and not set(broken) & set(primitive.promises):
        return f"{', '.join(broken)} is broken instead of {', '.join(primitive.promises)}"
    return None


def programs(primitive: Primitive, limits: dict[str, Any]) -> list[Program]:
    """The client programs of a primitive: those that are listed, or those of the kit within the bounds.

    `where` chooses among the kit's by how the object is made: `{"action": [null, "works"]}`; `together` keeps those whose
    threads make at most so many calls together. UsageError for a bound that does not exist.
    """
    from treadle.conformance.catalogue import load_kit  # noqa: PLC0415 - as above
    from treadle.conformance.words import Bounds, Program  # noqa: PLC0415

    known = {*Bounds.__dataclass_fields__, "where", "together", "programs"}
    for name in sorted(limits.keys() - known):
        message = f"the manifest has an unknown bound {name!r} for {primitive.name}"
        raise UsageError(message, expected=f"some of {', '.join(sorted(known))}")
    if "programs" in limits:
        return [Program.from_json(program) for program in limits["programs"]]
    where = limits.get("where", {})
    made: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in limits.items()}
    made.pop("where", None)
    most = made.pop("together", math.inf)
    found = [
        each for each in load_kit(primitive.kit or primitive.spec).programs(Bounds(**made)) if each.size[0] <= most
    ]
    return [each for each in found if all(each.setup.get(name) in allowed for name, allowed in where.items())]


def broken_by(schedule: Schedule | None) -> list[str]:
    """The names of the promises that a violation breaks, if the specification has a word for it."""
    from treadle.api.conforming import strict  # noqa: PLC0415 - as above
    from treadle.conformance.accounts import account  # noqa: PLC0415
    from treadle.conformance.catalogue import load_kit  # noqa: PLC0415
    from treadle.conformance.modelling import Models  # noqa: PLC0415
    from treadle.conformance.target import Target  # noqa: PLC0415
    from treadle.search.exploration import explore  # noqa: PLC0415
    from treadle.search.replay import Replay  # noqa: PLC0415

    if schedule is None:
        return []
    about = schedule.options["conformance"]
    kit = load_kit(about["kit"])
    subject = strict(Target.parse(schedule.target), kit, Models(about["spec"], kit), schedule)
    explore(subject, Replay(schedule))
    if subject.violation is None:
        return []
    return [promise.name for promise in account(subject.violation, subject.client, subject.model).promises]


def hashes(manifest: Manifest, entries: Iterable[Model | Primitive]) -> dict[str, str]:
    """The SHA-256 of every file that the proofs are about."""
    files: list[Path] = []
    for entry in entries:
        if isinstance(entry, Model):
            files += of_specification(manifest.beside(entry.module), manifest.beside(entry.config))
        else:
            files += [*of_specification(manifest.beside(f"{entry.spec}.tla")), *of_class(entry.target)]
    return of_files(files)


def together(rows: list[Row]) -> Row:
    """The fields that every exploration carries, of all rows."""
    wrong = [row for row in rows if row["verdict"] != "incomplete" and not row["fine"]]
    cut = [row for row in rows if row["verdict"] == "incomplete"]
    reasons = [f"{row['name']}: {reason}" for row in cut for reason in row["reasons"] or [row.get("error", "")]]
    sums = {name: sum(row.get(name, 0) for row in rows) for name in ("executions", "blocked", "redundant", "steps")}
    failure = None
    if wrong:
        message = f"{wrong[0]['name']}: {wrong[0]['difference']}"
        failure = {"kind": wrong[0]["kind"], "message": message, "schedule": None}
    return {
        "verdict": "failed" if wrong else "incomplete" if cut else "proved",
        "complete": not wrong and not cut,
        **sums,
        "reasons": reasons,
        "failure": failure,
    }
