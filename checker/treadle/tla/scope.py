"""What a name means at a place.

An `Environment` maps names to meanings and knows whether it stands under a prime. Definitions are closures: the text of
the body with the environment in which it was written, so that instances of one module with different substitutions are
the same trees in different environments, and nothing is ever copied or renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from treadle.tla.kinds import Kind
    from treadle.tla.source import Source
    from treadle.tla.syntax import Definition, Instance, Node, Param
    from treadle.tla.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A variable of the specification."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A constant with the value that the configuration gives it."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Unset:
    """A declared constant that was given no value."""

    name: str
    arity: int


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A name that is bound to a Python expression in generated code."""

    text: str
    kind: Kind
    concrete: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ByName:
    """An expression that stands for the name wherever it is used: an argument, or a substitution of an INSTANCE."""

    node: Node
    environment: Environment


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """A defined operator (or a LAMBDA) with the environment of its body."""

    name: str
    params: tuple[Param, ...]
    body: Node
    environment: Environment
    recursive: bool = False
    definition: Definition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """An operator of TLA+ itself or of a standard module."""

    name: str
    arity: int


@dataclass(frozen=True, slots=True, eq=False)
class Instantiated:
    """A named INSTANCE; `environment` is where its substitutions are to be read."""

    instance: Instance
    environment: Environment


Meaning = Variable | Constant | Unset | Local | ByName | Operator | Builtin | Instantiated


class Environment:
    """Names and their meanings, with an outer environment."""

    __slots__ = ("_primed", "catalogue", "names", "outer", "primed", "source")

    def __init__(
        self, source: Source, names: dict[str, Meaning] | None = None, outer: Environment | None = None
    ) -> None:
        self.source = source
        self.names: dict[str, Meaning] = {} if names is None else names
        self.outer = outer
        self.primed: bool = outer.primed if outer is not None else False
        self.catalogue: Any = outer.catalogue if outer is not None else None  # where INSTANCE finds its modules
        self._primed: Environment | None = None

    def find(self, name: str) -> Meaning | None:
        """Return the meaning of a name, or None."""
        here: Environment | None = self
        while here is not None:
            found = here.names.get(name)
            if found is not None:
                return found
            here = here.outer
        return None

    def known(self) -> set[str]:
        """Return every name that has a meaning here."""
        here: Environment | None = self
        found: set[str] = set()
        while here is not None:
            found.update(here.names)
            here = here.outer
        return found

    def within(self, names: dict[str, Meaning]) -> Environment:
        """Return an inner environment with more names."""
        return Environment(self.source, names, self)

    def under_prime(self) -> Environment:
        """Return this environment under a prime."""
        if self.primed:
            return self
        if self._primed is None:
            self._primed = Environment(self.source, {}, self)
            self._primed.primed = True
        return self._primed

    def like(self, other: Environment) -> Environment:
        """Return this environment, under a prime if the other one is."""
        return self.under_prime() if other.primed else self

    def locals(self) -> dict[str, Local]:
        """Return the names that are bound in generated code."""
        here: Environment | None = self
        found: dict[str, Local] = {}
        while here is not None:
            for name, meaning in here.names.items():
                if isinstance(meaning, Local):
                    found.setdefault(name, meaning)
            here = here.outer
        return found
