"""The inside of an INSTANCE: the definitions of a module, with expressions in place of its constants and variables.

What is not substituted is substituted by the same name outside, as TLA+ has it. The environment of an instance without
parameters is made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from treadle.errors import SpecNameError
from treadle.tla.scope import ByName, Environment, Instantiated, Meaning
from treadle.tla.syntax import Node, Use

if TYPE_CHECKING:
    from treadle.tla.syntax import Module


class Library(Protocol):
    """Where modules come from: what `instance_environment` asks of the loader."""

    made: dict[int, tuple[Instantiated, Environment]]

    def module(self, name: str) -> Module:
        """Return the module of this name. Raises SpecError if there is none."""

    def environment(self, module: Module, given: dict[str, Meaning]) -> Environment:
        """Return the environment of a module whose constants and variables have these meanings."""

    def declared(self, module: Module) -> dict[str, int]:
        """Return the constants and variables of a module and of those it extends, with their arities."""


def instance_environment(found: Instantiated, args: tuple[Node, ...], env: Environment) -> Environment:
    """Return the environment inside the instance, its parameters bound to `args` as read in `env`."""
    known = _library(found.environment).made
    if not args and id(found) in known:
        return known[id(found)][1].like(env)
    params: dict[str, Meaning] = {
        param.name: ByName(arg, env) for param, arg in zip(found.instance.params, args, strict=True)
    }
    outer = found.environment.within(params) if params else found.environment
    made = instantiated(found, outer)
    if not args:
        known[id(found)] = (found, made)
    return made.like(env)


def _library(env: Environment) -> Library:
    library: Library = env.catalogue
    return library


def instantiated(found: Instantiated, outer: Environment) -> Environment:
    """Make the environment inside an instance whose substitutions are read in `outer`."""
    library = _library(outer)
    instance = found.instance
    module = library.module(instance.module)
    given = dict(instance.substitutions)
    declared = library.declared(module)
    for name in given:
        if name not in declared:
            raise outer.source.error(
                instance.span,
                f"{instance.module} has no constant or variable {name} to substitute",
                kind=SpecNameError,
                expected=", ".join(sorted(declared)) or "none: it declares nothing",
            )
    meanings: dict[str, Meaning] = {}
    for name in declared:
        node = given.get(name)
        if node is None and outer.find(name) is None:
            raise outer.source.error(
                instance.span,
                f"the instance of {instance.module} gives no meaning to {name}",
                kind=SpecNameError,
                instead=f"WITH {name} <- expression, or declare {name} here",
            )
        meanings[name] = ByName(node if node is not None else Use(instance.span, name), outer)
    return library.environment(module, meanings)
