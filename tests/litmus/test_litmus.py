"""Exact numbers of traces: small programs that were counted by hand or by brute force, and families with closed forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.laws.brute_force import traces
from tests.litmus.families import FAMILIES, lastzero
from treadle.search.audit import audit
from treadle.search.exploration import Limits
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import COUNTS, ProgramText

PROGRAMS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "programs.json").read_text())["programs"]


def compiled(data: dict[str, Any]) -> Program:
    return Program(ProgramText.of(data))


@pytest.mark.parametrize("data", PROGRAMS, ids=lambda data: data["name"])
def test_the_counts_are_exact(data: dict[str, Any]) -> None:
    """Traces in all and by ending are as expected, and no execution was redundant."""
    audited = audit(compiled(data))
    counts = audited.counts()
    assert {name: counts[name] for name in COUNTS if name in data} == {n: data[n] for n in COUNTS if n in data}
    assert audited.verdict.executions == counts["traces"]
    assert audited.verdict.redundant == 0


@pytest.mark.parametrize("data", PROGRAMS, ids=lambda data: data["name"])
def test_the_expected_counts_are_those_of_brute_force(data: dict[str, Any]) -> None:
    """What the file says was counted a second way."""
    found = traces(data, merged=True)
    by_ending = {
        ending: sum(trace.ending == ending for trace in found) for ending in ("complete", "deadlock", "assume")
    }
    counted = {"traces": len(found), "errors": sum(trace.failed for trace in found), **by_ending}
    assert {name: counted[name] for name in COUNTS if name in data} == {n: data[n] for n in COUNTS if n in data}


SIZES = [(name, size) for name, (_, sizes) in FAMILIES.items() for size in sizes]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), SIZES, ids=lambda value: str(value))
def test_a_family_has_its_closed_form(name: str, size: int) -> None:
    """Executions, distinct traces and the formula are one number."""
    data = FAMILIES[name][0](size)
    audited = audit(compiled(data))
    counts = audited.counts()
    assert {count: counts[count] for count in COUNTS if count in data} == {c: data[c] for c in COUNTS if c in data}
    assert audited.verdict.executions == counts["traces"]
    assert audited.verdict.redundant == 0


def test_an_execution_limit_makes_the_count_incomplete() -> None:
    """Fifty executions of 64 are fifty traces, and a reason."""
    audited = audit(compiled(lastzero(5)), limits=Limits(executions=50))
    assert audited.counts()["traces"] == 50
    assert audited.verdict.reasons == ["stopped after 50 executions, the bound that was set"]
    assert not audited.verdict.complete


def test_a_time_limit_is_told_as_it_was_asked_for() -> None:
    """Also where some of it had gone before; what is left decides."""
    audited = audit(compiled(lastzero(5)), limits=Limits(seconds=60.0, spent=60.0))
    assert audited.verdict.reasons == ["stopped after 1 executions at the limit of 60 s"]
    assert audit(compiled(lastzero(5)), limits=Limits(seconds=60.0, spent=1.0)).verdict.complete
