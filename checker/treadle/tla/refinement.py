"""Refinement: the states of one specification seen as states of another.

`B == INSTANCE Barrier WITH pc <- f(x)` lets every state of this module be read as a state of Barrier: the substituted
expressions, computed, are its *image*. A property of B is then asked of images, and of pairs of images, each once: many
states share an image, so a refinement costs far less than computing the property on every step. It also gives
`ENABLED` of an abstract action its meaning: enabled in the image, as TLA+ defines it, which is not what putting the
substitutions into the action would compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.tla.behaviour import Formula
from treadle.tla.kinds import ANY
from treadle.tla.levels import Level, level_of
from treadle.tla.program import Program, State
from treadle.tla.scope import ByName, Environment, Instantiated, Meaning, Variable
from treadle.tla.syntax import Tuple, Use

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.modules import Modules


class Lens:
    """How the formulas of a property look at the states of the specification. This one sees them as they are."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def predicate(self, formula: Formula) -> Callable[[State], bool]:
        """Return a function of a state for a state predicate."""
        return self.program.predicate(formula)

    def pair_predicate(self, formula: Formula) -> Callable[[State, State], bool]:
        """Return a function of a step for an action."""
        return self.program.pair_predicate(formula)


class Image(Lens):
    """A lens through which a state is seen as its image in the module of an INSTANCE."""

    def __init__(self, program: Program, variables: list[str], image: Callable[[State], Any]) -> None:
        super().__init__(Program(variables, [], None))
        self.program.assume(dict.fromkeys(variables, ANY))
        self._image = image
        self._images: dict[State, State] = {}
        self._concrete = program

    def seen(self, state: State) -> State:
        """Return the image of a state."""
        found = self._images.get(state)
        if found is None:
            found = self._images[state] = self._image(state)[1:]
        return found

    def predicate(self, formula: Formula) -> Callable[[State], bool]:
        """Return a function of a state that asks its image, once for each image."""
        asked, seen = self.program.predicate(formula), self.seen
        known: dict[State, bool] = {}

        def ask(state: State) -> bool:
            image = seen(state)
            found = known.get(image)
            if found is None:
                found = known[image] = bool(asked(image))
            return found

        return ask

    def pair_predicate(self, formula: Formula) -> Callable[[State, State], bool]:
        """Return a function of a step that asks the images of its ends, once for each pair."""
        asked, seen = self.program.pair_predicate(formula), self.seen
        known: dict[tuple[State, State], bool] = {}

        def ask(before: State, after: State) -> bool:
            pair = (seen(before), seen(after))
            found = known.get(pair)
            if found is None:
                found = known[pair] = bool(asked(*pair))
            return found

        return ask


def lens_of(found: Instantiated, lens: Lens, modules: Modules) -> tuple[Lens, Environment] | None:
    """Return the lens of an INSTANCE, and the environment of its module seen through it.

    None if there is nothing to look through: it has parameters, no variables, or its constants are given values that
    differ from state to state.
    """
    module = modules.module(found.instance.module)
    variables = modules.variables(module)
    if found.instance.params or not variables:
        return None
    given = dict(found.instance.substitutions)
    outer = found.environment
    nodes = {name: given.get(name, Use(found.instance.span, name)) for name in modules.declared(module)}
    meanings: dict[str, Meaning] = {}
    for name, node in nodes.items():
        if name in variables:
            meanings[name] = Variable(name)
            continue
        if level_of(node, outer) > Level.CONSTANT:
            return None
        meanings[name] = ByName(node, outer)
    values = Tuple(found.instance.span, tuple(nodes[name] for name in variables))
    image = lens.program.function(Formula(values, outer))
    if isinstance(lens, Image):
        before = lens.seen
        return Image(lens.program, variables, lambda state: image(before(state))), modules.environment(module, meanings)
    return Image(lens.program, variables, image), modules.environment(module, meanings)
