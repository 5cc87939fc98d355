"""Modules, found and joined: EXTENDS, INSTANCE, and the environment in which a module's definitions live.

A module is looked for among the standard ones, then beside the module that was asked for, then among the modules inside
it. Each is read once. `environment` gives the meanings of all its names, for given meanings of its constants and
variables; that is how the same module can be the root, be extended, and be instantiated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.errors import SpecError, SpecNameError
from treadle.tla import catalogue
from treadle.tla.instances import instantiated
from treadle.tla.naming import nearest
from treadle.tla.scope import Environment, Instantiated, Meaning, Operator, Unset, Variable
from treadle.tla.source import Source
from treadle.tla.syntax import Definition, Module
from treadle.tla.units import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from treadle.tla.source import Span
    from treadle.tla.syntax import Instance


class Modules:
    """All the modules of one specification. It is the `Library` that instances ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loaded: dict[str, Module] = {}
        self.made: dict[int, tuple[Instantiated, Environment]] = {}
        self.overrides: dict[str, Meaning] = {}  # definitions that the configuration replaces

    def root(self, path: Path) -> Module:
        """Read the root module."""
        return self._read(Source(path.name, read_text(path)))

    def _read(self, source: Source) -> Module:
        module = parse(source)
        self._keep(module)
        return module

    def _keep(self, module: Module) -> None:
        self.loaded[module.name] = module
        for inner in module.inner:
            self._keep(inner)

    def module(self, name: str) -> Module:
        """Return a module by name. Raises SpecError if no file has it."""
        if name not in self.loaded:
            path = self.folder / f"{name}.tla"
            if path.exists():
                self._read(Source(path.name, read_text(path)))
            elif name in catalogue.TEXTS:
                self._read(Source(f"{name}.tla", read_text(catalogue.TEXTS[name])))
            else:
                what = f"there is no module {name}: not a standard module, and no file {path.name} beside the root"
                files = (found.stem for found in self.folder.glob("*.tla"))
                raise SpecError(what, probably=nearest(name, [*files, *catalogue.standard_names()]))
        return self.loaded[name]

    def _meanings(self, name: str, span: Span, asker: Module, given: dict[str, Meaning]) -> dict[str, Meaning]:
        """Return what a module exports."""
        found = catalogue.standard(name)
        if found is not None:
            return {key: self.overrides.get(key, meaning) for key, meaning in found.items()}
        module = self._found(name, span, asker)
        env = self.environment(module, given)
        hidden = {unit.name for unit in module.units if unit.local}
        return {key: meaning for key, meaning in env.names.items() if key not in hidden}

    def _found(self, name: str, span: Span, asker: Module) -> Module:
        """Return a module that another one asks for, or raise an error at the place where it asks."""
        if not self.exists(name):
            files = (found.stem for found in self.folder.glob("*.tla"))
            raise asker.source.error(
                span,
                f"there is no module {name}: it is not a standard module, and there is no file {name}.tla",
                kind=SpecNameError,
                probably=nearest(name, [*files, *catalogue.standard_names()]),
            )
        return self.module(name)

    def exists(self, name: str) -> bool:
        """Tell whether a module can be read."""
        return name in self.loaded or name in catalogue.TEXTS or (self.folder / f"{name}.tla").exists()

    def _extended(self, module: Module) -> Iterator[Module]:
        """Yield the modules that a module extends and that are read from a file."""
        for name, span in module.extends:
            if catalogue.standard(name) is None:
                yield self._found(name, span, module)

    def environment(self, module: Module, given: dict[str, Meaning]) -> Environment:
        """Return the environment of a module; declared names that are not `given` stand for themselves."""
        env = Environment(module.source, catalogue.basics())
        env.catalogue = self
        for name, span in module.extends:
            for key, meaning in self._meanings(name, span, module, given).items():
                env.names[key] = meaning
        for param, _ in module.constants:
            env.names[param.name] = given.get(param.name, Unset(param.name, param.arity))
        for name, _ in module.variables:
            env.names[name] = given.get(name, Variable(name))
        recursive = {param.name for param, _ in module.recursive}
        for unit in module.units:
            self._define(unit, env, recursive)
        return env

    def _define(self, unit: Definition | Instance, env: Environment, recursive: set[str]) -> None:
        if isinstance(unit, Definition):
            repeats = unit.name in recursive and bool(unit.params)
            operator = Operator(unit.name, unit.params, unit.body, env, repeats, unit)
            env.names[unit.name] = self.overrides.get(unit.name, operator)
            return
        if catalogue.standard(unit.module) is not None:
            if not unit.name:
                env.names.update(self.standard_instance(unit))
                return
            from treadle.tla.syntax import Module as Tree  # noqa: PLC0415

            self.loaded.setdefault(unit.module, Tree(unit.module, env.source, [], [], [], [], [], [], []))
            self.loaded[unit.module].extends = [(unit.module, unit.span)]
        found = Instantiated(unit, env)
        if unit.name:
            env.names[unit.name] = found
            return
        inner = instantiated(found, env)
        own = self._exported(self.module(unit.module))
        env.names.update({name: meaning for name, meaning in inner.names.items() if name in own})

    def standard_instance(self, unit: Instance) -> dict[str, Meaning]:
        """Return the names of a standard module that is instantiated without a name."""
        return dict(catalogue.standard(unit.module) or {})

    def _exported(self, module: Module) -> set[str]:
        names = {unit.name for unit in module.units if not unit.local}
        for name, _ in module.extends:
            builtin = catalogue.standard(name)
            names |= set(builtin) if builtin is not None else self._exported(self.module(name))
        return names

    def declared(self, module: Module) -> dict[str, int]:
        """Return the constants and variables of a module and of those it extends, with their arities."""
        found: dict[str, int] = {}
        for extended in self._extended(module):
            found.update(self.declared(extended))
        found.update({param.name: param.arity for param, _ in module.constants})
        found.update({name: 0 for name, _ in module.variables})
        return found

    def variables(self, module: Module) -> list[str]:
        """Return the variables of a module, those of the modules it extends first."""
        found: list[str] = []
        for extended in self._extended(module):
            found += [item for item in self.variables(extended) if item not in found]
        return found + [name for name, _ in module.variables if name not in found]

    def assumptions(self, module: Module) -> list[tuple[Module, object]]:
        """Return the assumptions of a module and of those it extends, each with its module."""
        found: list[tuple[Module, object]] = []
        for extended in self._extended(module):
            found += self.assumptions(extended)
        return found + [(module, node) for _, node in module.assumptions]


def read_text(path: Path) -> str:
    """Return the text of a file. Raises SpecError if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}", instead="give the path of a .tla file") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{path} is not a text in UTF-8") from error
