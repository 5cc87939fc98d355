"""Generated modules mean to treadle what they mean to TLC.

Starting Java costs more than all the rest, so many expressions share one run of TLC, and many machines too: the
variable m says which of them runs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.tla_text import VALUES, machine, machines
from tests.spec.dumps import ours, theirs, value_of
from tests.spec.test_against_tlc import printed
from tests.spec.written import written
from treadle.tla import tlc
from treadle.tla.operations import listed
from treadle.tla.specification import load
from treadle.tla.verification import Verification

pytestmark = [
    pytest.mark.slow,
    pytest.mark.java,
    pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}"),
]

expressions = st.lists(
    st.one_of(VALUES.integer, VALUES.truth, VALUES.group, VALUES.row, VALUES.map), min_size=120, max_size=120
)
few = settings(max_examples=3, suppress_health_check=list(HealthCheck))


@few
@given(expressions)
def test_a_generated_expression_has_the_value_that_tlc_gives_it(found: list[str]) -> None:
    """Integers, truth values, sets, sequences and functions, two levels deep, 120 in a run."""
    with tempfile.TemporaryDirectory() as folder:
        lines = ["EXTENDS Integers, Sequences, FiniteSets, TLC"]
        lines += [f"E{number} == {text}" for number, text in enumerate(found)]
        lines += [f'ASSUME PrintT(<<"@@", {number}, E{number}>>)' for number in range(len(found))]
        path = written(Path(folder), "\n".join([*lines, "VARIABLE v", "Init == v = 0", "Next == v' = v"]))
        said = printed(tlc.run(path, path.with_suffix(".cfg")))
        assert len(said) == len(found)
        spec = load(path)
        for number, text in enumerate(found):
            assert listed(spec.value(f"E{number}", (0,))) == value_of(said[number]), text


@few
@given(st.lists(machine, min_size=12, max_size=12))
def test_generated_machines_make_the_steps_that_tlc_makes(found: list[list[str]]) -> None:
    """Twelve machines of one to three actions: the same states, labelled steps, and states generated."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), machines(found))
        verification = Verification(load(path))
        verification.plan.watch.deadlock = False
        outcome = verification.run()
        report = tlc.run(path, path.with_suffix(".cfg"), edges=True, deadlock=False)
        assert (report.generated, report.distinct) == (outcome.generated, outcome.distinct), report.text[-800:]
        assert theirs(verification.spec, report.edges) == ours(verification.spec, verification.graph)
