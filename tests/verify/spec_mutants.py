"""Every mechanical mutant of the contracts in spec/ is noticed, or argued to say the same: `python -m tests.verify.spec_mutants`.

A specification is wrong in silence when it says less than was meant: whatever is held against it passes. So it is changed
in every place, and something must notice. The stronger first:

1. *a promise fails*: one of the module's models, as the manifest lists them, violates an invariant or a property, gets
   stuck, or has no value;
2. *a count differs*: a model has other numbers of states, transitions or levels than the manifest says, as it has when an
   action is never taken that was taken before, or may be taken where it was not.

(What the code says of a changed specification, that it does not conform any more, is no further help: a change that no
model notices allows and forbids nothing that the code could do within the same bounds.)

The list is spec_mutants.json beside this file; `noticed_by` says what was found, `equivalent` why nothing can be. Ends with 0
only if the list says what is found.

    python -m tests.verify.spec_mutants [--write] [--new] [--only TEXT]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from tests.verify.listing import Listing
from tests.verify.spec_mutation import SpecMutant, mutants
from treadle.errors import TreadleError
from treadle.tla.exploration import Limits
from treadle.tla.specification import load
from treadle.tla.verification import Verification

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"
MODULES = ("Barrier", "Queue", "ReadWriteLock")
"""The contracts. (The algorithms are held against the first one, which is notice enough.)"""
LIST = Listing(Path(__file__).with_suffix(".json"), "noticed_by")
SMALL = 4_000
"""A model with more states than these is large."""
STATES = 60_000
"""A mutant may have many more states than its original; a count differs long before."""


def every() -> dict[str, tuple[str, SpecMutant]]:
    """The mutants by their full names, each with its module."""
    return {
        f"{module}.{mutant.name}": (module, mutant)
        for module in MODULES
        for mutant in mutants(f"{module}.tla", (SPEC / f"{module}.tla").read_text(encoding="utf-8"))
    }


def models(module: str) -> list[dict[str, Any]]:
    """The models of a module that pass, the quickest first."""
    listed = json.loads((SPEC / "manifest.json").read_text(encoding="utf-8"))["models"]
    mine = [model for model in listed if model["module"] == f"{module}.tla" and model["verdict"] == "passed"]
    return sorted(mine, key=lambda model: int(model["distinct"]))


def noticed(module: str, mutant: SpecMutant) -> str | None:
    """What notices the mutant, in words that begin with the name of a model; None if nothing does.

    A model that is large is asked only if the small ones notice nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = shutil.copytree(SPEC, Path(folder) / "spec")
        (place / f"{module}.tla").write_text(mutant.source, encoding="utf-8")
        differs: str | None = None
        for model in models(module):
            if differs is not None and model["distinct"] > SMALL:
                break
            words, strong = explored(place, model)
            if strong:
                return words
            differs = differs or words
        return differs


def explored(place: Path, model: dict[str, Any]) -> tuple[str | None, bool]:
    """What a model of the changed module says that the manifest does not, and whether it is more than a count."""
    name = model["name"]
    try:
        spec = load(place / model["module"], place / model["config"])
        outcome = Verification(spec, limits=Limits(STATES)).run()
    except TreadleError as error:
        return f"{name}: {str(error).splitlines()[0]}", True
    if outcome.failure is not None:
        asked = outcome.failure.property
        return f"{name}: {f'{asked} fails' if asked else outcome.failure.message.splitlines()[0]}", True
    if outcome.verdict != "proved":
        return f"{name}: more than {STATES} states instead of {model['distinct']}", False
    for what, ours in (("distinct", outcome.distinct), ("transitions", outcome.generated), ("depth", outcome.depth)):
        if ours != model[what]:
            return f"{name}: {ours} {'levels' if what == 'depth' else what} instead of {model[what]}", False
    return None, False


def main() -> int:
    """Try them; 0 if the list says what is found, else 1."""
    parser = argparse.ArgumentParser(description="Notice every mutant of the contracts.")
    parser.add_argument("--write", action="store_true", help="write the list anew")
    parser.add_argument("--only", metavar="TEXT", default="", help="only mutants with this text in their names")
    parser.add_argument("--new", action="store_true", help="only mutants that the list does not have")
    options = parser.parse_args()
    there, known = every(), LIST.read()
    wanted = [name for name in there if options.only in name and not (options.new and name in known)]
    found: dict[str, str | None] = {}
    for name in track(wanted, "mutants", console=Console(stderr=True)):
        found[name] = noticed(*there[name])
        if options.write:
            LIST.note(there, name, found[name])
    return LIST.settle(there, found, anew=options.write)


if __name__ == "__main__":
    sys.exit(main())
