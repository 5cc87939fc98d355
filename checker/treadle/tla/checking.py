"""What is checked of every definition, used or not, before anything is evaluated.

Names: each must be defined before it is used, once; an operator gets as many arguments as it takes; a bound name may
not hide another. Levels: a prime may not stand on what already has primes. SANY checks the same, so a module that is
accepted here is accepted there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from treadle.errors import SpecError, SpecNameError
from treadle.tla import catalogue
from treadle.tla.instances import instance_environment
from treadle.tla.levels import level_of
from treadle.tla.naming import unknown
from treadle.tla.scope import Builtin, ByName, Constant, Environment, Instantiated, Local, Meaning, Operator, Unset
from treadle.tla.syntax import (
    Bound,
    Choose,
    Definition,
    Function,
    Instance,
    Lambda,
    Let,
    Node,
    Param,
    Quantified,
    SetFilter,
    SetMap,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.tla.source import Span
    from treadle.tla.syntax import Module

_SOMETHING = Local("", ("any",))


def check_module(module: Module, env: Environment) -> None:
    """Raise SpecNameError or SpecLevelError for the first mistake in the definitions of a module."""
    _Units(module, env).run()


class _Units:
    """The definitions of a module, checked in order: what comes later is not known yet."""

    def __init__(self, module: Module, env: Environment) -> None:
        self.module, self.full = module, env
        self.seen: dict[str, Span] = {}
        declared = {param.name for param, _ in module.constants} | {name for name, _ in module.variables}
        later = {unit.name for unit in module.units} - {param.name for param, _ in module.recursive} | declared
        names = {name: meaning for name, meaning in env.names.items() if name not in later}
        self.env = Environment(env.source, names)
        self.env.catalogue = env.catalogue

    def run(self) -> None:
        """Check each declaration, definition and assumption where it stands: what comes later has no meaning yet."""
        parts: list[tuple[Span, Callable[[], None]]] = [
            *((span, partial(self._declared, param.name, span)) for param, span in self.module.constants),
            *((span, partial(self._declared, name, span)) for name, span in self.module.variables),
            *((unit.span, partial(self._unit, unit)) for unit in self.module.units),
            *((node.span, partial(self._assumption, node)) for _, node in self.module.assumptions),
        ]
        for _, check in sorted(parts, key=lambda part: part[0][:2]):
            check()

    def _declared(self, name: str, span: Span) -> None:
        self._declare(name, span)
        self.env.names[name] = self.full.names[name]

    def _assumption(self, node: Node) -> None:
        _Names(self.env).check(node)

    def _unit(self, unit: Definition | Instance) -> None:
        if unit.name:
            self._declare(unit.name, unit.span)
        if isinstance(unit, Definition):
            self._definition(unit)
        else:
            self._instance(unit)
        if unit.name in self.full.names:
            self.env.names[unit.name] = self.full.names[unit.name]

    def _declare(self, name: str, span: Span) -> None:
        before = self.seen.get(name)
        if before is not None:
            raise self.full.source.error(
                span, f"{name} is defined twice", kind=SpecNameError, probably=f"first in line {before.line}"
            )
        self.seen[name] = span

    def _definition(self, unit: Definition) -> None:
        names: dict[str, Meaning] = {}
        for param in unit.params:
            if param.name in self.env.names and not isinstance(self.env.names[param.name], Builtin):
                raise _hidden(self.full, param.name, unit.span)
            names[param.name] = _parameter(param)
        if isinstance(unit.body, Function) and unit.body.name:
            names[unit.body.name] = _SOMETHING
        _Names(self.env.within(names)).check(unit.body)
        level_of(unit.body, self.full.within(dict.fromkeys(names, _SOMETHING)))

    def _instance(self, unit: Instance) -> None:
        names: dict[str, Meaning] = {param.name: _parameter(param) for param in unit.params}
        checker = _Names(self.env.within(names))
        for _, value in unit.substitutions:
            checker.argument(value)
        if catalogue.standard(unit.module) is None and not self.env.catalogue.exists(unit.module):
            raise self.full.source.error(unit.span, f"there is no module {unit.module}", kind=SpecNameError)


def _parameter(param: Param) -> Meaning:
    return _SOMETHING if param.arity == 0 else Unset(param.name, param.arity)


def _hidden(env: Environment, name: str, span: Span) -> SpecError:
    return env.source.error(
        span,
        f"{name} already has a meaning here",
        kind=SpecNameError,
        probably="a bound name or a parameter may not have the name of a constant, variable or definition",
        instead="another name",
    )


class _Names:
    """The names in one expression."""

    def __init__(self, env: Environment) -> None:
        self.env = env

    def check(self, node: Node) -> None:
        """Raise SpecNameError for the first name that is unknown, hidden, or given too few or too many arguments."""
        if isinstance(node, Use):
            self._use(node)
        elif isinstance(node, Let):
            self._let(node)
        elif isinstance(node, Lambda):
            _Names(self.bound([param.name for param in node.params], node.span)).check(node.body)
        elif isinstance(node, Quantified | SetMap | Function):
            self._binder(node.bounds, node.body)
        elif isinstance(node, Choose | SetFilter):
            self._binder((node.bound,), node.body)
        else:
            for child in node.children():
                self.check(child)

    def bound(self, names: Iterable[str], span: Span) -> Environment:
        """Return the environment in which the names are bound."""
        found: dict[str, Meaning] = {}
        for name in names:
            known = self.env.find(name)
            if name in found or (known is not None and not isinstance(known, Builtin)):
                raise _hidden(self.env, name, span)
            found[name] = _SOMETHING
        return self.env.within(found)

    def _binder(self, bounds: tuple[Bound, ...], body: Node) -> None:
        for bound in bounds:
            if bound.domain is not None:
                self.check(bound.domain)
        names = [name for bound in bounds for name in bound.names()]
        _Names(self.bound(names, bounds[0].span)).check(body)

    def _let(self, node: Let) -> None:
        inner = self.env.within({})
        for unit in node.definitions:
            if isinstance(unit, Definition) and unit.recursive:
                inner.names[unit.name] = Unset(unit.name, len(unit.params))
        for unit in node.definitions:
            self._local(unit, inner)
        _Names(inner).check(node.body)

    def _local(self, unit: Definition | Instance, inner: Environment) -> None:
        known = inner.find(unit.name)
        if known is not None and not isinstance(known, Builtin) and not getattr(unit, "recursive", False):
            raise _hidden(inner, unit.name, unit.span)
        if isinstance(unit, Instance):
            for _, value in unit.substitutions:
                _Names(inner).argument(value)
            inner.names[unit.name] = Instantiated(unit, inner)
            return
        names: dict[str, Meaning] = {param.name: _parameter(param) for param in unit.params}
        if isinstance(unit.body, Function) and unit.body.name:
            names[unit.body.name] = _SOMETHING
        for param in unit.params:
            found = inner.find(param.name)
            if found is not None and not isinstance(found, Builtin):
                raise _hidden(inner, param.name, unit.span)
        _Names(inner.within(names)).check(unit.body)
        inner.names[unit.name] = Operator(unit.name, unit.params, unit.body, inner, recursive=True)

    def _use(self, node: Use) -> None:
        meaning = self._meaning(node)
        count = arity(meaning)
        if count is not None and count != len(node.args):
            raise self._count(node, count)
        params = meaning.params if isinstance(meaning, Operator) else ()
        for number, arg in enumerate(node.args):
            if number < len(params) and params[number].arity:
                self.argument(arg, params[number].arity)
            elif isinstance(meaning, Builtin) and (meaning.name, number) in _OPERATOR_ARGUMENTS:
                self.argument(arg, _OPERATOR_ARGUMENTS[meaning.name, number])
            elif isinstance(meaning, Operator | Builtin):
                self.check(arg)
            else:
                self.argument(arg)
        for _, args in node.path:
            for arg in args:
                self.argument(arg)

    def _meaning(self, node: Use) -> Meaning:
        place = self.env
        for name, args in node.path:
            found = place.find(name)
            if not isinstance(found, Instantiated):
                raise unknown(node, name, place, "no INSTANCE has this name")
            if len(args) != len(found.instance.params):
                raise self._count(node, len(found.instance.params))
            place = instance_environment(found, args, self.env)
        meaning = place.find(node.name)
        if meaning is None:
            raise unknown(node, node.name, place)
        return meaning

    def _count(self, node: Use, arity: int) -> SpecError:
        return self.env.source.error(
            node.span,
            f"{node.shown()} is given {len(node.args)} arguments",
            kind=SpecNameError,
            expected=f"{arity}" if arity else "none",
        )

    def argument(self, node: Node, wanted: int | None = None) -> None:
        """Check an argument that may be the name of an operator."""
        if isinstance(node, Use) and not node.args:
            found = arity(self._meaning(node))
            if wanted is not None and found is not None and found != wanted:
                raise self._count(node, found)
            return
        if isinstance(node, Lambda) and wanted is not None and len(node.params) != wanted:
            raise self.env.source.error(
                node.span, f"a LAMBDA of {len(node.params)} parameters", kind=SpecNameError, expected=f"{wanted}"
            )
        self.check(node)


_OPERATOR_ARGUMENTS = {("SelectSeq", 1): 1, ("SortSeq", 1): 2}


def arity(meaning: Meaning) -> int | None:
    """Return how many arguments a name takes; None if that is not known."""
    if isinstance(meaning, Builtin | Unset):
        return meaning.arity
    if isinstance(meaning, Operator):
        return len(meaning.params)
    if isinstance(meaning, ByName):
        return None
    return 0 if isinstance(meaning, Constant | Local) or not isinstance(meaning, Instantiated) else None
