"""The executable form of a specification: Python functions for its parts.

Kinds are inferred here: every variable starts as `never`, the initial predicate and the actions are translated, what
they assign is joined to the kinds, and so on until nothing changes. The last round is the program. A round translates
everything anew, so the kinds that one text relies on are those that hold of all texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.tla import containers, standard, temporal_forms  # noqa: F401  (they register translations)
from treadle.tla.actions import Assigned, Site, Writer
from treadle.tla.behaviour import Formula
from treadle.tla.binding import loops
from treadle.tla.kinds import ANY, NEVER, Kind, join
from treadle.tla.logic import declared
from treadle.tla.primes import has_primes
from treadle.tla.scope import ByName, Environment, Operator
from treadle.tla.syntax import Junction, Let, Node, Quantified, Use
from treadle.tla.translator import Translator, free_names
from treadle.tla.uses import bound_arguments, resolve
from treadle.tla.values import Value, show

if TYPE_CHECKING:
    from collections.abc import Callable

    Label = Callable[["State", Callable[[tuple[Any, ...]], None], list[int]], None]

State = tuple[Any, ...]
_ROUNDS = 8


class Step(NamedTuple):
    """A step that a state allows: the action's name, its arguments, the next state, and the site (for coverage)."""

    action: str
    arguments: tuple[Value, ...]
    state: State
    site: int

    @property
    def text(self) -> str:
        """The action as a person writes it: `Return(p1, 0)`."""
        if not self.arguments:
            return self.action
        return f"{self.action}({', '.join(map(show, self.arguments))})"


@dataclass(slots=True)
class Action:
    """One disjunct of Next under the name of its operator.

    `enumerate` appends the next states of a state to a list; `label` appends (arguments, site, next state).
    """

    name: str
    formula: Formula
    parameters: tuple[str, ...]
    enumerate: Callable[[State, Callable[[State], None], list[int]], None]
    sites: tuple[int, ...]
    make_label: Callable[[], Label]
    made: Label | None = None

    @property
    def label(self) -> Label:
        """The labelling function, translated when it is first asked for: a proof never does."""
        if self.made is None:
            self.made = self.make_label()
        return self.made


@dataclass(slots=True)
class _Leaf:
    name: str
    heads: list[str]  # loops over the bound names, and assignments of arguments
    args: list[tuple[Node, Environment]]
    parameters: tuple[str, ...]
    formula: Formula


class Program:
    """The functions of one specification, made from its initial predicate and next-state relation."""

    def __init__(self, variables: list[str], initial: list[Formula], following: Formula | None) -> None:
        self.variables = tuple(variables)
        self._initial, self._following = initial, following
        self._sites: list[Site] = []
        self.kinds: dict[str, Kind] = dict.fromkeys(variables, NEVER)
        self._infer()
        self._predicates: dict[tuple[int, int, str], tuple[Callable[..., Any], Formula]] = {}

    def _infer(self) -> None:
        for number in range(_ROUNDS):
            self.translator = Translator(self.kinds)
            self._sites = []
            self._found: dict[str, Kind] = {}
            self._write_initial()
            self.actions = self._write_actions()
            changed = {
                name: join(self.kinds[name], self._found.get(name, NEVER)) if number < _ROUNDS // 2 else ANY
                for name in self.variables
                if join(self.kinds[name], self._found.get(name, NEVER)) != self.kinds[name]
            }
            if not changed:
                break
            self.kinds = {**self.kinds, **changed}
        self.translator.flush()
        space = self.translator.namespace
        self.initial_states: Callable[[Callable[[State], None]], None] = space["initial_states"]
        for action, name in zip(self.actions, self._names, strict=True):
            action.enumerate = space[name]

    def assume(self, kinds: dict[str, Kind]) -> None:
        """Take these kinds for the variables of a program that has no states of its own."""
        self.kinds = kinds
        self.translator = Translator(kinds)

    @property
    def sites(self) -> list[Site]:
        """The places where next states are completed; coverage counts them."""
        return self._sites

    def _note(self, writer: Writer) -> None:
        for name, kind in writer.kinds.items():
            self._found[name] = join(self._found.get(name, NEVER), kind)

    def _write_initial(self) -> None:
        if not self._initial:
            self.translator.define("initial_states", ["out"], " pass")
            return

        def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
            writer.line(depth, f"out({self._state(writer, assigned, 'the initial predicate', self._initial[0])})")

        writer = Writer(self.translator, self.variables, "v_", emit)
        formulas = list(self._initial)

        def walk(index: int, assigned: Assigned, depth: int) -> None:
            if index == len(formulas):
                emit(writer, assigned, depth)
                return
            part = formulas[index]
            writer.walk(part.node, part.environment, assigned, depth, lambda now, deep: walk(index + 1, now, deep))

        walk(0, {}, 1)
        self._note(writer)
        self.translator.define("initial_states", ["out"], "\n".join(writer.lines))

    def _state(self, writer: Writer, assigned: Assigned, what: str, formula: Formula) -> str:
        """Return the text of the state that was assigned; a failure if a variable has no value."""
        missing = [name for name in self.variables if name not in assigned]
        if missing:
            names = " and ".join(missing)
            why = f"fail({f'{what} gives no value to {names}'!r})"
            return writer.translator.mark(formula.node, formula.environment, why)
        return "(" + "".join(f"{assigned[name]}, " for name in self.variables) + ")"

    def _write_actions(self) -> list[Action]:
        actions: list[Action] = []
        self._names: list[str] = []
        leaves: list[_Leaf] = []
        if self._following is not None:
            self._split(self._following, "Next", [], [], (), leaves)
        for leaf in leaves:
            first = len(self._sites)
            self._names.append(self._write(leaf, labelled=False))
            sites = tuple(range(first, len(self._sites)))
            make = partial(self._labelling, leaf, first)
            actions.append(Action(leaf.name, leaf.formula, leaf.parameters, _nothing, sites, make))
        return actions

    def _labelling(self, leaf: _Leaf, first: int) -> Label:
        """Translate an action once more, so that it tells its arguments."""
        before = len(self._sites)
        name = self._write(leaf, labelled=True, first=first)
        del self._sites[before:]
        self.translator.flush()
        found: Label = self.translator.namespace[name]
        return found

    def _split(
        self,
        formula: Formula,
        name: str,
        heads: list[str],
        args: list[tuple[Node, Environment]],
        parameters: tuple[str, ...],
        leaves: list[_Leaf],
    ) -> None:
        r"""Find the actions in a disjunction: through \/, \E, LET and the names of disjunctions."""
        node, env = formula.node, formula.environment
        if isinstance(node, Junction) and node.op == "\\/":
            for item in node.items:
                self._split(Formula(item, env), name, heads, args, parameters, leaves)
        elif isinstance(node, Quantified) and node.kind == "E":
            more, inner = loops(self.translator, node.bounds, env)
            self._split(Formula(node.body, inner), name, [*heads, *more], args, parameters, leaves)
        elif isinstance(node, Let):
            self._split(Formula(node.body, declared(node, env)), name, heads, args, parameters, leaves)
        else:
            self._split_use(formula, name, heads, args, parameters, leaves)

    def _split_use(
        self,
        formula: Formula,
        name: str,
        heads: list[str],
        args: list[tuple[Node, Environment]],
        parameters: tuple[str, ...],
        leaves: list[_Leaf],
    ) -> None:
        node, env = formula.node, formula.environment
        meaning = resolve(node, env)[0] if isinstance(node, Use) else None
        if isinstance(node, Use) and isinstance(meaning, Operator) and not meaning.recursive:
            names, lines = bound_arguments(self.translator, node, env, meaning)
            inner = Environment(meaning.environment.source, names, meaning.environment.like(env))
            body = Formula(meaning.body, inner)
            given = [(arg, env) for arg, param in zip(node.args, meaning.params, strict=True) if not param.arity]
            taken = tuple(param.name for param in meaning.params if not param.arity)
            before = [*heads, *lines]
            if _divides(body):
                self._split(body, meaning.name, before, given, taken, leaves)
            else:
                leaves.append(_Leaf(node.shown(), before, given, taken, body))
            return
        if isinstance(node, Use) and isinstance(meaning, ByName) and not node.args:
            self._split(Formula(meaning.node, meaning.environment.like(env)), name, heads, args, parameters, leaves)
            return
        leaves.append(_Leaf(name, heads, args, parameters, formula))

    def _write(self, leaf: _Leaf, *, labelled: bool, first: int = 0) -> str:
        """Write the function of one action; return its name."""

        def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
            self._sites.append(Site(tuple(writer.trail)))
            state = self._state(writer, assigned, f"the action {leaf.name}", leaf.formula)
            number = len(self._sites) - 1 - offset
            if labelled:
                texts = [self.translator.stored(arg, env).text for arg, env in leaf.args]
                arguments = (
                    "("
                    + "".join(
                        f"{writer.read(text, assigned, leaf.formula.node, leaf.formula.environment)}, "
                        for text in texts
                    )
                    + ")"
                )
                writer.line(depth, f"out(({arguments}, {number}, {state}))")
            else:
                writer.line(depth, f"out({state}); count[{number}] += 1")

        offset = len(self._sites) - first if labelled else 0  # the same sites are met again
        writer = Writer(self.translator, self.variables, "n_", emit)
        depth = 1
        for head in leaf.heads:
            loop = head.startswith("for ")
            writer.line(depth, head + ":" if loop else head)
            depth += loop
        formula = leaf.formula
        writer.walk(formula.node, formula.environment, {}, depth, lambda now, deep: emit(writer, now, deep))
        self._note(writer)
        name = self.translator.fresh("A")
        unpack = f" {''.join(f'v_{name}, ' for name in self.variables)}= s"
        self.translator.define(name, ["s", "out", "count"], "\n".join([unpack, *writer.lines]))
        return name

    def predicate(self, formula: Formula) -> Callable[[State], bool]:
        """Return a Python function of a state for a state predicate."""
        return self._compiled(formula, "truth", pair=False)

    def pair_predicate(self, formula: Formula) -> Callable[[State, State], bool]:
        """Return a Python function of a state and its successor for an action."""
        return self._compiled(formula, "truth", pair=True)

    def later(self, formula: Formula, *, pair: bool) -> Callable[..., bool]:
        """Return a predicate that is translated when it is first asked: one that only tells which of many is false."""

        def ask(*states: State) -> bool:
            return (self.pair_predicate if pair else self.predicate)(formula)(*states)

        return ask

    def all_of(self, formulas: list[Formula], *, pair: bool) -> Callable[..., bool]:
        """Return one Python function for the conjunction of several predicates."""
        text = " and ".join(self.translator.truth(one.node, one.environment) for one in formulas)
        name = self.translator.fresh("P")
        self.translator.define(name, ["s", "t"] if pair else ["s"], self._unpacked(text) + f" return {text}")
        self.translator.flush()
        found: Callable[..., bool] = self.translator.namespace[name]
        return found

    def function(self, formula: Formula) -> Callable[[State], Value]:
        """Return a Python function of a state for a state function."""
        return self._compiled(formula, "stored", pair=False)

    def pair_function(self, formula: Formula) -> Callable[[State, State], Value]:
        """Return a Python function of a state and its successor for an expression."""
        return self._compiled(formula, "stored", pair=True)

    def _compiled(self, formula: Formula, how: str, *, pair: bool) -> Callable[..., Any]:
        key = (id(formula.node), id(formula.environment), how + str(pair))
        if key not in self._predicates:
            translator = self.translator
            if how == "truth":
                text = translator.truth(formula.node, formula.environment)
            else:
                text = translator.stored(formula.node, formula.environment).text
            name = translator.fresh("P")
            translator.define(name, ["s", "t"] if pair else ["s"], self._unpacked(text) + f" return {text}")
            translator.flush()
            self._predicates[key] = translator.namespace[name], formula  # kept, since the key is made of ids
        return self._predicates[key][0]

    def _unpacked(self, text: str) -> str:
        """Return lines that take the variables that a text needs out of `s` and `t`."""
        needed = free_names(text)
        lines = []
        for prefix, state in (("v_", "s"), ("n_", "t")):
            places = [(place, name) for place, name in enumerate(self.variables) if prefix + name in needed]
            if 2 * len(places) > len(self.variables):
                lines.append(f" {''.join(f'{prefix}{name}, ' for name in self.variables)}= {state}\n")
            else:
                lines += [f" {prefix}{name} = {state}[{place}]\n" for place, name in places]
        return "".join(lines)


def _nothing(*args: object) -> None:
    del args


def _divides(formula: Formula) -> bool:
    """Tell whether a formula is a disjunction of actions that have names of their own."""
    node, env = formula.node, formula.environment
    if isinstance(node, Junction) and node.op == "\\/":
        return any(_divides(Formula(item, env)) or _named(Formula(item, env)) for item in node.items)
    if isinstance(node, Quantified) and node.kind == "E":
        return _divides(Formula(node.body, env)) or _named(Formula(node.body, env))
    if isinstance(node, Let):
        inner = declared(node, env)
        return _divides(Formula(node.body, inner)) or _named(Formula(node.body, inner))
    return False


def _named(formula: Formula) -> bool:
    """Tell whether a formula is the use of a defined action."""
    node, env = formula.node, formula.environment
    if not isinstance(node, Use) or env.find(node.path[0][0] if node.path else node.name) is None:
        return False
    meaning, _ = resolve(node, env)
    return isinstance(meaning, Operator) and has_primes(meaning.body, meaning.environment)
