"""Models: a specification under the constants that a kit gives it for a program, made once for each set of constants.

Where a specification is found: a path to a `.tla` file; or a name, which is looked for in `./spec`, and then among those
that treadle brings.
"""

from __future__ import annotations

import difflib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.conformance.coverage import Coverage
from treadle.conformance.following import Follower
from treadle.conformance.judging import Model
from treadle.conformance.promises import Promises
from treadle.conformance.stillness import Stillness
from treadle.conformance.words import models, value_of
from treadle.errors import SpecError
from treadle.tla.config import Config
from treadle.tla.modules import Modules
from treadle.tla.source import Source
from treadle.tla.specification import Specification

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treadle.conformance.kit import Kit
    from treadle.conformance.words import Program

SHIPPED = "spec"
"""The folder beside the package's modules in which an installed treadle has its specifications."""

_read: dict[Hashable, tuple[Specification, Stillness]] = {}


class Models:
    """The models of one kit and one specification."""

    __slots__ = ("_kit", "_known", "name", "path")

    path: Path
    name: str  # as `find` finds it again
    _known: dict[Hashable, Model]

    def __init__(self, name: str, kit: Kit) -> None:
        """Finds the module. SpecError if there is none."""
        self.path = find(name)
        self.name = name
        self._kit = kit
        self._known = {}

    def of(self, program: Program) -> Model:
        """The model for a program. SpecError if the kit's constants do not fit the module."""
        constants = {name: value_of(value) for name, value in self._kit.constants(program).items()}
        model = self._model(constants)
        model.stillness.duties()  # what cannot be judged is said before anything is run
        return model

    def _model(self, constants: dict[str, object]) -> Model:
        key = tuple(sorted(constants.items()))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(constants)
        return found

    def items(self) -> Iterator[tuple[Hashable, Model]]:
        """Each model with the constants that it is made for."""
        return iter(self._known.items())

    def _made(self, constants: dict[str, object]) -> Model:
        spec, stillness = self._read(constants)
        follower = Follower(spec, self._kit.observed)
        without = partial(self._without, constants)
        return Model(follower, stillness, Coverage(follower), Promises(follower), without)

    def _read(self, constants: dict[str, object]) -> tuple[Specification, Stillness]:
        """The specification, translated once for the life of the process."""
        files = tuple(
            (path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(self.path.parent.glob("*.tla"))
        )
        key = (self.path.resolve(), files, self._kit.formula, tuple(sorted(constants.items())))
        found = _read.get(key)
        if found is None:
            config = Config(Source(f"the constants of {type(self._kit).__name__}", ""), values=constants)
            config.specification = self._kit.formula
            modules = Modules(self.path.parent)
            spec = Specification(modules.root(self.path), modules, config)
            found = _read[key] = spec, Stillness(spec)
        return found

    def _without(self, constants: dict[str, object], stopped: frozenset[str]) -> Model:
        """The model in which some threads have stopped. SpecError if the kit has no constant for them."""
        name = self._kit.stopping
        if name is None:
            raise SpecError(f"{type(self._kit).__name__} does not say which constant has the threads that stop")
        return self._model({**constants, name: models(stopped)})


def find(name: str) -> Path:
    """The file of a specification that was named. SpecError if there is none."""
    if name.endswith(".tla") or "/" in name:
        path = Path(name)
        if not path.is_file():
            raise SpecError(f"there is no specification {name}", expected="a .tla file", got=f"nothing at {path}")
        return path
    folders = [Path("spec"), *shipped()]
    for folder in folders:
        path = folder / f"{name}.tla"
        if path.is_file():
            return path
    there = sorted({path.stem for folder in folders for path in folder.glob("*.tla")})
    close = difflib.get_close_matches(name, there, n=1)
    raise SpecError(
        f"there is no specification {name}",
        expected=f"one of {', '.join(there)}; or a path to a .tla file" if there else "a path to a .tla file",
        got=f"{name}, which is not in ./spec, nor among those that treadle brings",
        instead=f"did you mean {close[0]}?" if close else None,
    )


def shipped() -> list[Path]:
    """Where the specifications are that treadle brings: inside the installed package; beside its sources otherwise."""
    package = Path(__file__).parents[1]
    folders = [package / SHIPPED, package.parents[1] / "spec"]
    return [folder for folder in folders if folder.is_dir()]
