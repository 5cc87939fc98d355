"""Is the model right? Everything that a configuration names, checked in one go.

Assumptions come first, then the exploration with invariants, deadlock, predicates of initial states and action
properties; then, if all that holds, the temporal properties, on the graph that was found. A property such as a whole
specification (a refinement) is taken apart, and each part goes where it is cheapest.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treadle.errors import SpecError
from treadle.tla.behaviour import Formula
from treadle.tla.explanation import explained
from treadle.tla.exploration import Explorer, Graph, Limits, Watch, name_of_step
from treadle.tla.levels import Level, level_of, need_level
from treadle.tla.liveness import Fairness, Truths, violation
from treadle.tla.outcome import Counterexample, Coverage, Moment, Outcome, aliased
from treadle.tla.refinement import Lens
from treadle.tla.scope import Builtin, Environment
from treadle.tla.symmetry import Symmetry
from treadle.tla.syntax import Boxed, Use
from treadle.tla.temporal import Reader, Tree, View
from treadle.tla.uses import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.program import State
    from treadle.tla.specification import Specification


@dataclass(slots=True)
class _Plan:
    """What is checked where."""

    watch: Watch
    invariants: list[Formula] = field(default_factory=list)  # those that see the states as they are
    steps: list[Formula] = field(default_factory=list)
    temporal: list[tuple[str, View]] = field(default_factory=list)


class Verification:
    """One run. After `run`, `outcome` is the answer and `graph` the states that were found."""

    def __init__(
        self,
        spec: Specification,
        *,
        limits: Limits | None = None,
        progress: Callable[[int, int, int], None] | None = None,
        keep_edges: bool = False,
    ) -> None:
        self.spec, self.limits, self.progress = spec, limits, progress
        self.outcome = Outcome(variables=spec.variables)
        self.reader = Reader(spec.modules)
        self.lens = Lens(spec.program)
        self.plan = self._planned()
        self.explorer = Explorer(
            spec.program,
            self.plan.watch,
            self.outcome,
            limits,
            progress,
            keep_edges=keep_edges or bool(self.plan.temporal),
        )

    @property
    def graph(self) -> Graph:
        """The states that were found."""
        return self.explorer.graph

    def run(self) -> Outcome:
        """Check everything; return the outcome."""
        started = time.monotonic()
        if self._assumptions_hold():
            self.explorer.run()
            self._cover()
            if self.outcome.verdict == "proved" and self.plan.temporal:
                self._check_temporal()
            self._conclude()
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    def _planned(self) -> _Plan:
        spec, config, program = self.spec, self.spec.config, self.spec.program
        watch = Watch(deadlock=config.deadlock)
        plan = _Plan(watch)
        for name in config.invariants:
            formula = spec.state_formula(name, "the INVARIANT")
            plan.invariants.append(formula)
            watch.invariants.append((name, program.later(formula, pair=False)))
        for name in config.constraints:
            watch.constraints.append(program.predicate(spec.state_formula(name, "the CONSTRAINT")))
        for name in config.action_constraints:
            formula = spec.formula(name, "the ACTION_CONSTRAINT")
            need_level(formula.node, formula.environment, Level.ACTION, f"the ACTION_CONSTRAINT {name}")
            watch.step_constraints.append(program.pair_predicate(formula))
        if config.view is not None:
            watch.view = program.function(spec.state_formula(config.view, "the VIEW"))
        for name in config.properties:
            for part in self.reader.conjuncts(View(spec.formula(name, "the PROPERTY"), self.lens)):
                self._place(name, part, plan)
        if config.symmetry is not None:
            self._plan_symmetry(plan)
        self.outcome.checked = [*config.invariants, *config.properties]
        self._join(plan)
        return plan

    def _join(self, plan: _Plan) -> None:
        """Let one function ask all invariants, and one all action properties; images are asked apart."""
        watch, program = plan.watch, self.spec.program
        if len(plan.invariants) == len(watch.invariants):
            watch.every_invariant = program.all_of(plan.invariants, pair=False) if plan.invariants else _always
        if plan.steps:
            watch.every_step.append(program.all_of(plan.steps, pair=True))

    def _plan_symmetry(self, plan: _Plan) -> None:
        """Use symmetry, unless there are temporal properties: then all states are visited instead."""
        formula = self.spec.formula(str(self.spec.config.symmetry), "the SYMMETRY")
        need_level(formula.node, formula.environment, Level.CONSTANT, "the SYMMETRY")
        if plan.temporal:
            self.outcome.notes.append("SYMMETRY is not used: temporal properties are not sound under it")
        else:
            plan.watch.symmetry = Symmetry(self.spec.program.function(formula)(()))

    def _place(self, name: str, part: View, plan: _Plan) -> None:
        """Decide where a conjunct of a property is checked."""
        node, env = part.formula.node, part.formula.environment
        level = level_of(node, env)
        if level <= Level.STATE:
            plan.watch.initial.append((name, part.lens.predicate(part.formula)))
            return
        if level == Level.ACTION:
            raise env.source.error(
                node.span, f"the PROPERTY {name} is an action", kind=SpecError, instead="[][A]_vars, or <><<A>>_vars"
            )
        if isinstance(node, Use) and node.name == "[]" and isinstance(resolve(node, env)[0], Builtin):
            inner = self.reader.opened(View(Formula(node.args[0], env), part.lens))
            below = level_of(inner.formula.node, inner.formula.environment)
            if isinstance(inner.formula.node, Boxed):
                if inner.lens is self.lens:
                    plan.steps.append(inner.formula)
                    plan.watch.steps.append((name, self.spec.program.later(inner.formula, pair=True)))
                else:
                    predicate = inner.lens.pair_predicate(inner.formula)
                    plan.watch.steps.append((name, predicate))
                    plan.watch.every_step.append(predicate)
                return
            if below <= Level.STATE:
                if inner.lens is self.lens:
                    plan.invariants.append(inner.formula)
                    plan.watch.invariants.append((name, self.spec.program.later(inner.formula, pair=False)))
                else:
                    plan.watch.invariants.append((name, inner.lens.predicate(inner.formula)))
                return
        plan.temporal.append((name, part))

    def _assumptions_hold(self) -> bool:
        for module, node in self.spec.modules.assumptions(self.spec.module):
            formula = Formula(node, Environment(module.source, {}, self.spec.environment))  # type: ignore[arg-type]
            try:
                holds = self.spec.program.predicate(formula)(())
            except Exception as error:  # noqa: BLE001  (whatever generated code raises is told)
                message = str(explained(self.spec.program, error, None, None))
                self.outcome.fail(Counterexample("evaluation", message, None, []))
                return False
            if not holds:
                text = f"the assumption {module.source.place(formula.node.span)} is false: {formula.text}"
                self.outcome.fail(Counterexample("assumption", text, None, []))
                return False
        return True

    def _conclude(self) -> None:
        """Ask the POSTCONDITION, show the trace through the ALIAS, and own up to what was left to a lot."""
        config, program = self.spec.config, self.spec.program
        if program.translator.registers.drawn:
            self.outcome.cut("members were taken by lot (RandomElement and its like): other choices were not explored")
        if config.postcondition is not None and self.outcome.failure is None:
            self._ask_postcondition(config.postcondition)
        if config.alias is not None and self.outcome.failure is not None:
            formula = self.spec.formula(config.alias, "the ALIAS")
            self.outcome.failure = aliased(self.outcome.failure, program.pair_function(formula))

    def _ask_postcondition(self, name: str) -> None:
        """Ask what is to hold when the exploration is over: a constant, but for what TLCGet says."""
        formula = self.spec.formula(name, "the POSTCONDITION")
        need_level(formula.node, formula.environment, Level.CONSTANT, f"the POSTCONDITION {name}")
        try:
            holds = self.spec.program.predicate(formula)(())
        except Exception as error:  # noqa: BLE001  (whatever generated code raises is told)
            message = str(explained(self.spec.program, error, None, None))
            self.outcome.fail(Counterexample("evaluation", message, None, []))
            return
        if not holds:
            self.outcome.fail(Counterexample("postcondition", f"{name} is false after the exploration", name, []))

    def _cover(self) -> None:
        """Count what each disjunct of each action led to."""
        program = self.spec.program
        for action in program.actions:
            for site in action.sites:
                trail = program.sites[site].trail
                node = trail[-1] if trail else action.formula.node
                source = action.formula.environment.source
                text = source.cut(node.span)
                self.outcome.coverage.append(
                    Coverage(action.name, source.place(node.span), text, self.explorer.count[site])
                )

    def _check_temporal(self) -> None:
        """Look for a fair behaviour that violates a temporal property."""
        try:
            self._search_lassos()
        except KeyboardInterrupt:
            self.outcome.cut("interrupted while temporal properties were checked")
        except SpecError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever generated code raises is told)
            message = str(explained(self.spec.program, error, None, None))
            self.outcome.fail(Counterexample("evaluation", message, None, []))

    def _search_lassos(self) -> None:
        assumed: list[Tree] = []
        fairness: list[Fairness] = []
        for formula in self.spec.behaviour.temporal:
            for part in self.reader.conjuncts(View(formula, self.lens)):
                tree = self.reader.tree(part)
                if tree[0] == "fair":
                    fairness.append(Fairness(*tree[1:]))
                else:
                    assumed.append(tree)
        wanted = [(name, self.reader.tree(view)) for name, view in self.plan.temporal]
        truths = Truths(self.reader.atoms)
        for name, tree in wanted:
            lasso = violation(self.graph, truths, fairness, assumed, tree)
            if lasso is not None:
                trace = [Moment("Initial predicate", lasso.states[0])]
                for before, after in zip(lasso.states, lasso.states[1:], strict=False):
                    trace.append(Moment(name_of_step(self.spec.program, before, after), after))
                self.outcome.fail(
                    Counterexample(
                        "temporal", f"{name} is violated by a behaviour without end", name, trace, lasso.loop
                    )
                )
                return


def _always(state: State) -> bool:
    """Hold of every state: there is nothing to ask."""
    del state
    return True


def verify(spec: Specification, limits: Limits | None = None) -> Outcome:
    """Check a specification under its configuration."""
    return Verification(spec, limits=limits).run()
