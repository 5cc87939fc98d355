"""Every model in the manifest is explored, and found as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from treadle.tla import tlc
from treadle.tla.specification import load
from treadle.tla.verification import Verification

SPEC = Path(__file__).parents[2] / "spec"
MODELS: list[dict[str, Any]] = json.loads((SPEC / "manifest.json").read_text(encoding="utf-8"))["models"]
VERDICTS = {"proved": "passed", "failed": "failed"}


def explored(model: dict[str, Any]) -> Verification:
    """Explore a model."""
    verification = Verification(load(SPEC / model["module"], SPEC / model["config"]))
    verification.run()
    return verification


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["name"])
def test_the_manifest_says_what_is_found(model: dict[str, Any]) -> None:
    """Verdict, failing property, distinct states, transitions and depth are exactly those of the manifest."""
    outcome = explored(model).outcome
    assert VERDICTS.get(outcome.verdict) == model["verdict"], outcome.failure or outcome.reasons
    if model["verdict"] == "passed":
        found = (outcome.distinct, outcome.generated, outcome.depth)
        assert found == (model["distinct"], model["transitions"], model["depth"])
    else:
        assert outcome.failure is not None
        assert outcome.failure.kind != "evaluation"
        if model["property"] is not None:
            assert outcome.failure.property == model["property"]


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.java
@pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}")
@pytest.mark.parametrize("name", ["Monitor_Action", "SenseReversing_Live", "Jacobi"])
def test_tlc_finds_the_same_steps(name: str) -> None:
    """TLC's dump of the smaller models has the same states, and the same steps under the same action names."""
    from tests.spec.dumps import ours, theirs  # noqa: PLC0415  (only where Java is)

    model = next(model for model in MODELS if model["name"] == name)
    verification = explored(model)
    report = tlc.run(SPEC / model["module"], SPEC / model["config"], edges=True)
    assert report.verdict == "proved"
    assert theirs(verification.spec, report.edges) == ours(verification.spec, verification.graph)
