"""Temporal formulas in a form that an automaton can be made of.

A formula becomes a tree of plain tuples over *atoms*, each a Python function of a step (the truth of a state predicate
is its truth at the step's beginning):

    ("atom", n) ("not", f) ("and", fs) ("or", fs) ("always", f) ("ever", f) ("true",) ("false",)
    ("fair", strong, enabled, taken)   with two atoms

Quantifiers over constant sets are written out. `normal` drives negations to the atoms and opens fairness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.errors import SpecError
from treadle.tla import quantifiers
from treadle.tla.actions import BASICS
from treadle.tla.behaviour import Formula
from treadle.tla.checking import arity
from treadle.tla.levels import Level, level_of
from treadle.tla.logic import declared
from treadle.tla.refinement import Lens, lens_of
from treadle.tla.scope import Builtin, ByName, Constant, Environment, Instantiated, Local, Meaning, Operator
from treadle.tla.syntax import Boxed, Fair, If, Junction, Lambda, Let, Node, Quantified, Use
from treadle.tla.uses import bound_names, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from treadle.tla.modules import Modules
    from treadle.tla.program import State
    from treadle.tla.syntax import Bound
    from treadle.tla.values import Value

Tree = tuple[Any, ...]
TRUE: Tree = ("true",)
FALSE: Tree = ("false",)


@dataclass(frozen=True, slots=True)
class Atom:
    """A truth of one step. `stepwise` means that it needs both ends."""

    text: str
    holds: Callable[[State, State], bool]
    stepwise: bool


@dataclass(frozen=True, slots=True)
class View:
    """A formula and the lens that its states are seen through."""

    formula: Formula
    lens: Lens


_UNFOLDED = 100  # uses of RECURSIVE temporal operators; an automaton of more conjuncts would be too large anyway


class Reader:
    """Turns formulas into trees; `atoms` are those met so far."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.atoms: list[Atom] = []
        self.unfolded = 0  # uses of RECURSIVE temporal operators
        self._known: dict[tuple[Any, ...], int] = {}
        self._kept: list[View] = []  # what the keys of `_known` are the ids of

    def opened(self, view: View) -> View:
        """Follow names to what they stand for, through instances to their lenses."""
        node: Node = view.formula.node
        env, lens = view.formula.environment, view.lens
        while True:
            if isinstance(node, Let):
                env = declared(node, env)
                node = node.body
                continue
            if isinstance(node, If) and level_of(node.test, env) == Level.CONSTANT:
                node = node.then if lens.predicate(Formula(node.test, env))(()) else node.other
                continue
            if not isinstance(node, Use):
                break
            inside = self._through(node, env, lens)
            if inside is not None:
                node, env, lens = inside
                continue
            meaning, _ = resolve(node, env)
            if isinstance(meaning, Operator) and (not meaning.recursive or level_of(node, env) == Level.TEMPORAL):
                names = (
                    self._unfolded(node, env, meaning, lens) if meaning.recursive else bound_names(node, env, meaning)
                )
                env = Environment(meaning.environment.source, names, meaning.environment.like(env))
                node = meaning.body
            elif isinstance(meaning, ByName) and not node.args:
                node, env = meaning.node, meaning.environment.like(env)
            else:
                break
        return View(Formula(node, env), lens)

    def _unfolded(self, node: Use, env: Environment, meaning: Operator, lens: Lens) -> dict[str, Meaning]:
        """Bind the parameters of a RECURSIVE temporal operator to values, so that the IFs in it can be decided."""
        self.unfolded += 1
        if self.unfolded > _UNFOLDED or not all(_is_constant(arg, env) for arg in node.args):
            why = "unfolds without end" if self.unfolded > _UNFOLDED else "has an argument that is not a constant"
            raise env.source.error(
                node.span,
                f"the RECURSIVE temporal operator {meaning.name} {why}",
                kind=SpecError,
                expected="IF with a test of constants, around the use of itself",
            )
        values = [lens.program.function(Formula(arg, env))(()) for arg in node.args]
        return {param.name: Constant(param.name, value) for param, value in zip(meaning.params, values, strict=True)}

    def _through(self, node: Use, env: Environment, lens: Lens) -> tuple[Node, Environment, Lens] | None:
        if len(node.path) != 1 or node.path[0][1]:
            return None
        found = env.find(node.path[0][0])
        if not isinstance(found, Instantiated) or not all(_is_constant(arg, env) for arg in node.args):
            return None  # what speaks of the states outside cannot be asked of images: it is put into the formula
        looked = lens_of(found, lens, self.modules)
        if looked is None:
            return None
        names: dict[str, Meaning] = {f"${number}": ByName(arg, env) for number, arg in enumerate(node.args)}
        args = tuple(Use(arg.span, name) for arg, name in zip(node.args, names, strict=True))
        return Use(node.span, node.name, args), looked[1].within(names), looked[0]

    def conjuncts(self, view: View) -> Iterator[View]:
        """Yield the conjuncts of a formula, opened."""
        here = self.opened(view)
        node, env = here.formula.node, here.formula.environment
        if isinstance(node, Junction) and node.op == "/\\":
            for item in node.items:
                yield from self.conjuncts(View(Formula(item, env), here.lens))
        elif isinstance(node, Quantified) and node.kind == "A" and level_of(node, env) == Level.TEMPORAL:
            for inner in self._instances(node, env, here.lens):
                yield from self.conjuncts(View(Formula(node.body, inner), here.lens))
        else:
            yield here

    def tree(self, view: View) -> Tree:
        """Return the tree of a formula."""
        view = self.opened(view)
        node, env, lens = view.formula.node, view.formula.environment, view.lens
        if isinstance(node, Fair):
            return self._fair(node, env, lens)
        level = level_of(node, env)
        if level < Level.TEMPORAL:
            return ("atom", self._atom(view, stepwise=level == Level.ACTION))
        if isinstance(node, Junction):
            word = "and" if node.op == "/\\" else "or"
            return (word, tuple(self.tree(View(Formula(item, env), lens)) for item in node.items))
        if isinstance(node, Quantified):
            word = "and" if node.kind == "A" else "or"
            inners = self._instances(node, env, lens)
            return (word, tuple(self.tree(View(Formula(node.body, inner), lens)) for inner in inners))
        if isinstance(node, If):
            test, then, other = (
                self.tree(View(Formula(part, env), lens)) for part in (node.test, node.then, node.other)
            )
            return ("and", (("or", (("not", test), then)), ("or", (test, other))))
        if isinstance(node, Use):
            return self._use(node, env, lens)
        raise self._outside(node, env)

    def _use(self, node: Use, env: Environment, lens: Lens) -> Tree:
        meaning, _ = resolve(node, env)
        if not isinstance(meaning, Builtin):
            raise self._outside(node, env)
        parts = [self.tree(View(Formula(arg, env), lens)) for arg in node.args]
        if meaning.name == "~":
            return ("not", parts[0])
        if meaning.name == "[]":
            return ("always", parts[0])
        if meaning.name == "<>":
            return ("ever", parts[0])
        if meaning.name == "=>":
            return ("or", (("not", parts[0]), parts[1]))
        if meaning.name == "<=>":
            both = ("and", tuple(parts))
            return ("or", (both, ("and", (("not", parts[0]), ("not", parts[1])))))
        if meaning.name == "~>":
            return ("always", ("or", (("not", parts[0]), ("ever", parts[1]))))
        raise self._outside(node, env)

    def _outside(self, node: Node, env: Environment) -> SpecError:
        return env.source.error(
            node.span, "this temporal formula is outside the subset that is checked", kind=SpecError
        )

    def _instances(self, node: Quantified, env: Environment, lens: Lens) -> list[Environment]:
        """Return the environments for every value of the bound names, whose sets must be constant."""

        def values(bound: Bound) -> Iterable[Value]:
            if bound.domain is not None and level_of(bound.domain, env) == Level.CONSTANT:
                found: Iterable[Value] = lens.program.function(Formula(bound.domain, env))(())
                return found
            raise env.source.error(
                bound.span,
                "a quantifier over a set that changes, around a temporal formula",
                kind=SpecError,
                expected="a constant set",
            )

        return quantifiers.instances(node, env, values)

    def _fair(self, node: Fair, env: Environment, lens: Lens) -> Tree:
        inner = env.within(BASICS | {"ENABLED": Builtin("ENABLED", 1)})
        step = Boxed(node.span, node.action, node.subscript, angle=True)
        taken = self._atom(View(Formula(step, inner), lens), stepwise=True, key=(id(node), id(env)))
        enabled = Use(node.span, "ENABLED", (step,))
        able = self._atom(View(Formula(enabled, inner), lens), stepwise=False, key=(id(node), id(env)))
        return ("fair", node.strong, able, taken)

    def _atom(self, view: View, *, stepwise: bool, key: tuple[int, ...] = ()) -> int:
        formula, lens = view.formula, view.lens
        known = (*(key or (id(formula.node), id(formula.environment))), id(lens), stepwise, len(key))
        if known not in self._known:
            self._known[known] = len(self.atoms)
            self._kept.append(view)
            if stepwise:
                self.atoms.append(Atom(formula.text, lens.pair_predicate(formula), stepwise))
            else:
                self.atoms.append(Atom(formula.text, _of_first(lens.predicate(formula)), stepwise))
        return self._known[known]


def _of_first(predicate: Callable[[State], bool]) -> Callable[[State, State], bool]:
    def holds(before: State, after: State) -> bool:
        del after
        return predicate(before)

    return holds


def normal(tree: Tree, *, negated: bool = False) -> Tree:
    """Return the tree with negations at the atoms only, ("lit", atom, truth), and fairness opened."""
    kind = tree[0]
    if kind == "atom":
        return ("lit", tree[1], not negated)
    if kind in {"true", "false"}:
        return TRUE if (kind == "true") != negated else FALSE
    if kind == "not":
        return normal(tree[1], negated=not negated)
    if kind in {"and", "or"}:
        word = kind if not negated else {"and": "or", "or": "and"}[kind]
        return (word, tuple(normal(part, negated=negated) for part in tree[1]))
    if kind in {"always", "ever"}:
        word = kind if not negated else {"always": "ever", "ever": "always"}[kind]
        return (word, normal(tree[1], negated=negated))
    return normal(opened_fairness(tree), negated=negated)


def _is_constant(node: Node, env: Environment) -> bool:
    """Tell whether an argument is a value that is the same in every state, and not an operator."""
    if isinstance(node, Lambda):
        return False
    if isinstance(node, Use) and not node.args:
        meaning = resolve(node, env)[0]
        if not isinstance(meaning, Constant | Local | ByName) and arity(meaning) != 0:
            return False
    return level_of(node, env) == Level.CONSTANT


def opened_fairness(tree: Tree) -> Tree:
    """Return ("fair", ...) as a formula of always and ever."""
    _, strong, enabled, taken = tree
    often = ("always", ("ever", ("atom", taken)))
    if strong:
        return ("or", (often, ("ever", ("always", ("not", ("atom", enabled))))))
    return ("always", ("ever", ("or", (("not", ("atom", enabled)), ("atom", taken)))))
