"""The manifest: what is to be proved, as data. `treadle prove` runs all of it.

One JSON object with two lists. `models`: specifications with a configuration, and what exploring each must give.
`primitives`: classes, the specification that each is held against, and within which bounds, for a quick proof and for a
full one. A class that is known not to keep a promise stands there too, with the verdict `"failed"`: if it were proved,
the checker would be blind.

`docs/reference/json.md` says what each field means.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from treadle.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

Mode = Literal["quick", "full"]
"""How large the bounds are."""
Expected = Literal["proved", "failed"]
_EXPECTED = {"passed": "proved", **{verdict: verdict for verdict in get_args(Expected)}}

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Model:
    """A specification under a configuration, and what is expected."""

    name: str
    module: str  # a file beside the manifest
    config: str  # and another
    verdict: str  # "proved", or "failed" for one that must fail
    says: str  # what it shows, in a sentence
    property: str | None = None  # that must fail; None: a deadlock
    distinct: int | None = None  # states
    transitions: int | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Primitive:
    """A class, what it is held against, and within which bounds."""

    name: str  # of this row; a class may have several
    target: str  # package.module:Class
    spec: str  # the name of a module beside the manifest
    verdict: str  # "proved", or "failed" for one that must be refuted
    promises: tuple[str, ...]  # those that these programs can break, or the one that is broken
    says: str
    quick: dict[str, Any] | None = None  # bounds by name; None: not in this mode
    full: dict[str, Any] | None = None
    kit: str | None = None  # how such an object is used; None: the kit of the specification

    def bounds(self, mode: Mode) -> dict[str, Any] | None:
        """The bounds of a mode."""
        return self.quick if mode == "quick" else self.full


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is to be proved."""

    path: Path
    models: tuple[Model, ...] = ()
    primitives: tuple[Primitive, ...] = field(default=())

    def beside(self, name: str) -> Path:
        """A file in the manifest's folder."""
        return self.path.parent / name


def read(path: Path) -> Manifest:
    """Read a manifest. UsageError if there is none, or something in it cannot be understood."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"the manifest {path} cannot be read",
            expected="a JSON file that lists models and primitives",
            got=error.strerror or str(error),
            instead="run it from the root of the repository, or name the file: treadle prove FILE",
        ) from error
    except ValueError as error:
        raise UsageError(f"{path} is not JSON", got=str(error)) from error
    if not isinstance(data, dict) or not data.keys() <= {"models", "primitives"}:
        raise UsageError(f"{path} is no manifest", expected='an object with "models" and "primitives"')
    models = tuple(_entry(Model, row, path) for row in data.get("models", ()))
    primitives = tuple(_entry(Primitive, row, path) for row in data.get("primitives", ()))
    return Manifest(path, models, primitives)


def _entry(kind: type[Entry], row: object, path: Path) -> Entry:
    """One entry of a list, checked."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    needed = {name for name, item in known.items() if item.default is MISSING}
    if not isinstance(row, dict) or not needed <= row.keys() <= known.keys():
        got = sorted(row) if isinstance(row, dict) else row
        raise UsageError(
            f"{path} has a wrong entry among its {kind.__name__.lower()}s",
            expected=f"the fields {', '.join(sorted(needed))}; perhaps {', '.join(sorted(known.keys() - needed))}",
            got=str(got),
        )
    if row["verdict"] not in _EXPECTED:
        raise UsageError(
            f"{path}: {row['name']} has a wrong verdict",
            expected=" or ".join(map(repr, _EXPECTED)),
            got=repr(row["verdict"]),
        )
    values = {name: tuple(value) if name == "promises" else value for name, value in row.items()}
    return kind(**values | {"verdict": _EXPECTED[row["verdict"]]})
