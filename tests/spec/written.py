"""Modules that a test writes: text in, an outcome out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.specification import Specification, load
from treadle.tla.verification import Verification

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.tla.outcome import Outcome


def written(folder: Path, text: str, config: str = "INIT Init\nNEXT Next\n", name: str = "M", **others: str) -> Path:
    """Write a module of the given body, a configuration, and other modules beside it; return the module's path."""
    path = folder / f"{name}.tla"
    for module, body in {name: text, **others}.items():
        whole = body if "---- MODULE" in body else f"---- MODULE {module} ----\n{body}\n====\n"
        (folder / f"{module}.tla").write_text(whole, encoding="utf-8")
    path.with_suffix(".cfg").write_text(config, encoding="utf-8")
    return path


def spec_of(folder: Path, text: str, config: str = "INIT Init\nNEXT Next\n", **others: str) -> Specification:
    """Write a module and load it."""
    return load(written(folder, text, config, **others))


def outcome_of(folder: Path, text: str, config: str = "INIT Init\nNEXT Next\n", **others: str) -> Outcome:
    """Write a module and verify it."""
    return Verification(spec_of(folder, text, config, **others)).run()


def counts(outcome: Outcome) -> tuple[str, int, int, int]:
    """Return the verdict, the states generated, the distinct ones, and the depth."""
    return outcome.verdict, outcome.generated, outcome.distinct, outcome.depth
