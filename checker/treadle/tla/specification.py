"""The front door: a module with its configuration, as an object that can be asked.

    spec = load(Path("Barrier.tla"))
    for state in spec.initial_states():
        for step in spec.successors(state):
            step.action, step.arguments, step.state

A state is a tuple of values in the order of `spec.variables`; equal states are equal tuples, so they may be keys.
`values.show` makes text of a value. A `Specification` is deterministic: the same files give the same states, steps and
choices in the same order, in every process. It is what conformance follows, and what `exploration` explores.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from treadle.errors import SpecConfigError, SpecEvaluationError
from treadle.tla.behaviour import Behaviour, Formula, taken_apart
from treadle.tla.checking import arity, check_module
from treadle.tla.config import Config, read_config
from treadle.tla.explanation import explained
from treadle.tla.levels import Level, need_level
from treadle.tla.modules import Modules, read_text
from treadle.tla.naming import nearest
from treadle.tla.program import Program, State, Step
from treadle.tla.scope import ByName, Constant, Environment, Meaning, Operator
from treadle.tla.source import NOWHERE, Source
from treadle.tla.syntax import Use
from treadle.tla.values import show
from treadle.tla.why import refusal, relaxed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.tla.syntax import Module
    from treadle.tla.values import Value


class Specification:
    """One module under one configuration, ready to be evaluated."""

    def __init__(self, module: Module, modules: Modules, config: Config) -> None:
        self.module, self.modules, self.config = module, modules, config
        self.environment = _environment(module, modules, config)
        check_module(module, self.environment)
        for part in list(modules.loaded.values()):
            if part is not module and part.name in {name for name, _ in module.extends}:
                check_module(part, modules.environment(part, self._meanings(part)))
        self.variables = tuple(modules.variables(module))
        self.behaviour = self._behaviour()
        following = self.behaviour.steps[0][0] if self.behaviour.steps else None
        self.program = Program(list(self.variables), self.behaviour.initial, following)

    def _meanings(self, module: Module) -> dict[str, Meaning]:
        found = {}
        for name in self.modules.declared(module):
            meaning = self.environment.find(name)
            if meaning is not None:
                found[name] = meaning
        return found

    @property
    def name(self) -> str:
        """The module's name."""
        return self.module.name

    def formula(self, name: str, what: str = "the definition") -> Formula:
        """Return a definition without parameters, by name. Raises SpecConfigError if there is none."""
        meaning = self.environment.find(name.split("!", maxsplit=1)[0])
        if meaning is None:
            raise self.config.error(
                name,
                f"{what} {name} is not defined in {self.name}",
                probably=nearest(name, (unit.name for unit in self.module.units)),
            )
        if isinstance(meaning, Operator) and meaning.params:
            raise self.config.error(name, f"{what} {name} takes arguments", expected="a definition without parameters")
        if isinstance(meaning, Operator):
            return Formula(meaning.body, meaning.environment)
        *path, last = name.split("!")
        return Formula(Use(NOWHERE, last, (), tuple((part, ()) for part in path)), self.environment)

    def _behaviour(self) -> Behaviour:
        config = self.config
        if config.specification is not None:
            found = taken_apart(self.formula(config.specification, "the SPECIFICATION"))
            if config.init is not None or config.next is not None:
                raise config.error(
                    config.specification,
                    "the configuration says both SPECIFICATION and INIT or NEXT",
                    instead="one of them",
                )
            if self.variables and not (found.initial and found.steps):
                lack = "[][Next]_vars" if found.initial else "initial predicate"
                raise config.error(
                    config.specification,
                    f"{config.specification} has no {lack} among its conjuncts",
                    expected="a formula like Init /\\ [][Next]_vars",
                )
            if len(found.steps) > 1:
                raise config.error(config.specification, f"{config.specification} has more than one [][Next]_vars")
            return found
        found = Behaviour()
        if config.init is not None:
            found.initial.append(self.formula(config.init, "the INIT"))
        if config.next is not None:
            formula = self.formula(config.next, "the NEXT")
            found.steps.append((formula, formula))
        if not found.steps and self.variables:
            raise config.error(
                "", "the configuration says neither SPECIFICATION nor INIT and NEXT", expected="SPECIFICATION Spec"
            )
        return found

    def state_formula(self, name: str, what: str) -> Formula:
        """Return a definition that must be a state predicate."""
        formula = self.formula(name, what)
        need_level(formula.node, formula.environment, Level.STATE, f"{what} {name}")
        return formula

    def initial_states(self) -> list[State]:
        """Return the initial states, in order, each as often as the predicate makes it."""
        found: list[State] = []
        self._guarded(lambda: self.program.initial_states(found.append))
        return found

    def successors(self, state: State) -> list[Step]:
        """Return every step that the next-state relation allows, in order.

        A step that can be taken in two ways (two disjuncts, or twice the same) is listed twice.
        """
        found: list[Step] = []
        for action in self.program.actions:
            steps: list[tuple[tuple[Value, ...], int, State]] = []
            self._guarded(lambda action=action, steps=steps: action.label(state, steps.append, []), state)  # type: ignore[misc]
            found += [Step(action.name, arguments, following, site) for arguments, site, following in steps]
        return found

    def holds(self, name: str, state: State) -> bool:
        """Tell whether the state predicate of this name is true in a state."""
        predicate = self.program.predicate(self.formula(name))
        return bool(self._guarded(lambda: predicate(state), state))

    def value(self, name: str, state: State) -> Value:
        """Return the value of a definition (or variable) in a state."""
        function = self.program.function(self.formula(name))
        return self._guarded(lambda: function(state), state)

    def why_not(self, action: str, arguments: Iterable[Value], state: State) -> str | None:
        """Return the first conjunct that is false where the action is not enabled; None if it is.

        Raises SpecConfigError if no action has this name.
        """
        meaning = self.environment.find(action)
        if not isinstance(meaning, Operator):
            raise self.config.error(
                action,
                f"{self.name} has no action {action}",
                probably=nearest(action, [found.name for found in self.program.actions]),
            )
        return refusal(self.program, meaning, tuple(arguments), state)

    def relaxed(self, action: str, arguments: Iterable[Value]) -> list[Callable[[State], list[State]]]:
        """The action as it would be without one of its guards, for each of them: functions from a state to next states.

        What such a function is asked of states that no behaviour reaches may raise anything.
        """
        meaning = self.environment.find(action)
        return relaxed(self.program, meaning, tuple(arguments)) if isinstance(meaning, Operator) else []

    def shown(self, state: State) -> dict[str, str]:
        """Return the state as text: variable to value."""
        return {name: show(value) for name, value in zip(self.variables, state, strict=True)}

    def _guarded(self, compute: Callable[[], Value], state: State | None = None) -> Value:
        """Run generated code; turn what it raises into an error that a person can use."""
        try:
            return compute()
        except SpecEvaluationError:
            raise
        except Exception as error:
            raise explained(self.program, error, state, None) from error


def _environment(module: Module, modules: Modules, config: Config) -> Environment:
    """Return the environment of the root module under the values of the configuration."""
    declared = modules.declared(module)
    late = Environment(module.source, {})
    late.catalogue = modules
    given: dict[str, Meaning] = {}
    meanings: dict[str, Meaning] = {name: Constant(name, value) for name, value in config.values.items()}
    meanings |= {name: ByName(Use(NOWHERE, target), late) for name, target in config.replacements.items()}
    meanings |= {name: ByName(Use(NOWHERE, target), late) for (_, name), target in config.scoped.items()}
    for name, meaning in meanings.items():
        (given if name in declared else modules.overrides)[name] = meaning
    env = modules.environment(module, given)
    late.outer = env
    _check_constants(module, modules, config, env)
    return env


def _check_constants(module: Module, modules: Modules, config: Config, env: Environment) -> None:
    known = {*env.known(), *modules.declared(module)}
    for name in [*config.values, *config.replacements]:
        if name not in known and name not in {str(value) for value in config.values.values()}:
            raise config.error(name, f"{module.name} has no constant {name}", probably=nearest(name, known))
    for name, target in config.replacements.items():
        found = env.find(target)
        if found is None:
            raise config.error(target, f"{name} <- {target}: {target} is not defined", probably=nearest(target, known))
        _check_arity(modules.declared(module), config, name, found)
    variables = set(modules.variables(module))
    for name in modules.declared(module):
        if name not in config.values and name not in config.replacements and name not in variables:
            raise config.error(
                name, f"the constant {name} of {module.name} is given no value", instead=f"CONSTANT {name} = ..."
            )


def _check_arity(declared: dict[str, int], config: Config, name: str, found: Meaning) -> None:
    """Raise SpecConfigError if a declared operator is replaced by one that takes another number of arguments."""
    wanted, got = declared.get(name), arity(found)
    if wanted is not None and got is not None and wanted != got:
        raise config.error(
            name, f"the constant {name} is replaced by an operator", expected=f"{wanted} parameters", got=f"{got}"
        )


def load(path: Path, config: Path | None = None) -> Specification:
    """Read a module and its configuration (by default the `.cfg` of the same name).

    Raises SpecError: SpecSyntaxError, SpecNameError, SpecLevelError or SpecConfigError, each with file:line:column.
    """
    path = Path(path)
    modules = Modules(path.parent)
    module = modules.root(path)
    if module.name != path.stem:
        raise SpecConfigError(
            f"{path.name} holds the module {module.name}", expected=f"MODULE {path.stem}, the name of the file"
        )
    chosen = config if config is not None else path.with_suffix(".cfg")
    if not chosen.exists():
        raise SpecConfigError(
            f"there is no configuration {chosen}", expected="a .cfg file", instead="--config FILE.cfg"
        )
    return Specification(module, modules, read_config(Source(chosen.name, read_text(chosen))))
