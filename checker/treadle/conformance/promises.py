r"""Promises: which property of the specification does a violation break?

A specification refuses an observation because no action allows it; a reader wants to know which of its promises that
protects. The promises are the properties that the module states below a comment which begins with their name,
`(* P3 one verdict: ... *)`. Which of them is broken is found by asking what the code may have done:

- *An observation is refused.* Assume that the code made one false step, and no more, such that what was observed could
  be: an internal step of the specification that ignored one of its guards, or forgot to change one of its variables;
  else one in which the thread was told what it now returns instead of what it should have been; else a step that did
  only this. Each behaviour with one such step that agrees with all that was observed breaks some promises in that step
  or afterwards. Told is the smallest set of promises, of the first of these kinds by which any is broken.
- *Somebody is stuck.* Each behaviour that agrees with all that was observed ends in a state where some `F ~> G` has
  begun and will not be fulfilled. What is told is what all of these behaviours leave unfulfilled; if there is no such
  thing, the smallest set. Where a thread has stopped by itself, what is promised to that thread too cannot be kept, and
  is asked for by nobody; what is left are the promises to those who go on (`\A t \in Threads \ Slow`).

The variable in which the specification keeps what a thread will be told is found in the text of the action that
observes it, as in `fate[t] = result`. Where there is no such conjunct, only the first kind of false step is tried. If
no promise is broken, none is named, and the report says which conjunct of the action is false.

It is an explanation, not a proof: the promise that is named is one that the observations break, if no more than one thing
went wrong. That the observations are not allowed is proved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treadle.conformance.debts import Debts, Property
from treadle.model.account import Promise
from treadle.tla.behaviour import Formula, conjuncts
from treadle.tla.refinement import Lens
from treadle.tla.scope import Constant, Operator
from treadle.tla.syntax import Index, Use
from treadle.tla.temporal import Reader, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from treadle.conformance.following import Follower
    from treadle.tla.program import State, Step
    from treadle.tla.specification import Specification

_COMMENT = re.compile(r"^\(\*(?P<text>.*)\*\)\s*$")
_HEAD = re.compile(r"(?P<name>\w+)\s+(?P<sentence>[^:]*:\s.*)")


CARELESS, TOLD_WRONG, CHANGED = 1, 2, 3
"""The kinds of false steps: a guard ignored or a change forgotten; a result settled wrongly; one changed by itself."""

Broken = frozenset[int]
Node = tuple["State", Broken]


class Promises:
    """The promises of one specification under one configuration."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._spec = follower.spec
        self._debts: dict[frozenset[str], Debts] = {}  # by the threads that have stopped
        self._careless: list[Callable[[State], list[State]]] = []  # actions that ignore one of their guards
        self._reader = Reader(follower.spec.modules)
        self._known: list[Property] | None = None

    @property
    def _properties(self) -> list[Property]:
        """Translated when they are first asked for: most checks never do."""
        if self._known is None:
            self._known = [found for promise, name in stated(self._spec) for found in self._read(promise, name)]
        return self._known

    def _read(self, promise: Promise, name: str) -> Iterator[Property]:
        """The conjuncts of a property; those of another form are passed over."""
        atoms = self._reader.atoms
        for part in self._reader.conjuncts(View(self._spec.formula(name), Lens(self._spec.program))):
            tree = self._reader.tree(part)
            bound = part.formula.environment.names.values()
            to = frozenset(str(meaning.value) for meaning in bound if isinstance(meaning, Constant))
            if tree[0] == "always":
                tree = tree[1]
            if tree[0] == "atom":
                yield Property(promise, name, to, step=atoms[tree[1]].holds)
            elif tree[0] == "or" and tree[1][0][0] == "not" and tree[1][1][0] == "ever":
                (_, begun), (_, fulfilled) = tree[1][0][1], tree[1][1][1]
                yield Property(promise, name, to, begun=atoms[begun].holds, fulfilled=atoms[fulfilled].holds)

    def broken_by(self, order: tuple[int, ...]) -> tuple[Promise, ...]:
        """What is broken where the last of these observations is not allowed after the others."""
        refused = self._follower.observations[order[-1]]
        variable = self._told_in(refused.action)
        told = None
        if variable is not None:
            told = _Told(self._spec.variables.index(variable), refused.values[0], refused.values[-1])
        threads = dict.fromkeys(self._follower.observations[number].values[0] for number in order)
        self._careless = [
            function
            for action in self._spec.program.actions
            if action.name not in self._follower.observed and len(action.parameters) == 1
            for thread in threads
            for function in self._spec.relaxed(action.name, [thread])
        ]
        layer: dict[Node, int] = {(state, frozenset()): 0 for state in self._spec.initial_states()}
        for number in order:
            layer = self._observe(self._closed(layer, told), number)
        ends = [(made, len(broken), sorted(broken)) for (_, broken), made in layer.items() if made and broken]
        return self._told(min(ends)[2]) if ends else ()

    def _closed(self, layer: dict[Node, int], told: _Told | None) -> dict[Node, int]:
        """Add what internal steps lead to, one of which may be false."""
        found: dict[Node, int] = {}
        todo = list(layer.items())
        while todo:
            (state, broken), made = todo.pop()
            if found.get((state, broken), CHANGED + 1) <= made:
                continue
            found[state, broken] = made
            todo += [((s.state, self._after(state, s.state, broken, made)), made) for s in self._internal(state)]
            if not made:
                wrong = self._wrong(state, told)
                todo += [((after, self._after(state, after, broken, kind)), kind) for after, kind in wrong]
        return found

    def _wrong(self, state: State, told: _Told | None) -> Iterator[tuple[State, int]]:
        """The states that one false step leads to, with its kind."""
        for careless in self._careless:
            yield from ((after, CARELESS) for after in _asked(careless, state))
        for step in self._internal(state):
            for place, (before, after) in enumerate(zip(state, step.state, strict=True)):
                if before != after:
                    yield (*step.state[:place], before, *step.state[place + 1 :]), CARELESS
            if told is not None and (after := told.otherwise(step.state)) is not None:
                yield after, TOLD_WRONG
        if told is not None and (after := told.otherwise(state)) is not None:
            yield after, CHANGED

    def _internal(self, state: State) -> list[Step]:
        follower = self._follower
        return [step for step in follower.steps(follower.number(state)) if step.action not in follower.observed]

    def _observe(self, nodes: dict[Node, int], number: int) -> dict[Node, int]:
        follower = self._follower
        wanted = follower.observations[number]
        found: dict[Node, int] = {}
        for (state, broken), made in nodes.items():
            for step in follower.steps(follower.number(state)):
                if step.action == wanted.action and step.arguments == wanted.values:
                    node = (step.state, self._after(state, step.state, broken, made))
                    found[node] = min(made, found.get(node, CHANGED))
        return found

    def _after(self, before: State, after: State, broken: Broken, made: int) -> Broken:
        """What is broken after a step. The specification's own steps break nothing while nothing false was done."""
        if not made:
            return broken
        return broken | {
            number
            for number, each in enumerate(self._properties)
            if each.step is not None and not _holds(each.step, before, after)
        }

    def _told_in(self, action: str) -> str | None:
        """The variable in which the specification keeps what a thread will be told."""
        operator = self._spec.environment.find(action)
        if not isinstance(operator, Operator) or not operator.params:
            return None
        last = operator.params[-1].name
        for part in conjuncts(Formula(operator.body, operator.environment)):
            node = part.node
            if isinstance(node, Use) and node.name == "=" and isinstance(node.args[0], Index):
                kept, told = node.args[0].function, node.args[1]
                if isinstance(kept, Use) and isinstance(told, Use) and told.name == last:
                    return kept.name if kept.name in self._spec.variables else None
        return None

    def debts(self, stopped: Iterable[str] = ()) -> Debts:
        """What is owed to those who go on, where these have stopped."""
        asleep = frozenset(stopped)
        found = self._debts.get(asleep)
        if found is None:
            found = self._debts[asleep] = Debts(self._follower, self._properties, asleep)
        return found

    def left_by(self, order: Sequence[int], stopped: Iterable[str]) -> tuple[Promise, ...]:
        """What is never fulfilled where nothing happens after these observations, and some threads have stopped.

        Where some have stopped: empty if some behaviour that agrees with the observations leaves nothing unfulfilled.
        """
        debts = self.debts(stopped)
        nodes = debts.start
        for number in order:
            nodes = debts.after(nodes, number)
        return self._told(sorted(debts.owed(nodes)))

    def _told(self, numbers: Iterable[int]) -> tuple[Promise, ...]:
        return tuple(dict.fromkeys(self._properties[number].promise for number in numbers))


class _Told:
    """What a thread is told, in the variable that keeps it: a function's value at the thread."""

    __slots__ = ("_place", "_thread", "_told")

    def __init__(self, place: int, thread: object, told: object) -> None:
        self._place = place
        self._thread = thread
        self._told = told

    def otherwise(self, state: State) -> State | None:
        """The state with the thread told so; None if it is so already."""
        kept = state[self._place]
        index = kept[0][self._thread]
        if kept[index] == self._told:
            return None
        changed = (*kept[:index], self._told, *kept[index + 1 :])
        return (*state[: self._place], changed, *state[self._place + 1 :])


def _asked(careless: Callable[[State], list[State]], state: State) -> list[State]:
    """The states that an action without a guard leads to; none where what the guard kept away has no value."""
    try:
        return careless(state)
    except Exception:  # noqa: BLE001 - as in `_holds`
        return []


def _holds(asked: Callable[[State, State], bool], before: State, after: State) -> bool:
    """Whether a property holds of a step; after a false one it may have no value, which breaks nothing."""
    try:
        return asked(before, after)
    except Exception:  # noqa: BLE001 - generated code raises what it likes
        return True


def stated(spec: Specification) -> Iterator[tuple[Promise, str]]:
    """The promises of a module: each with the name of a definition that states it, or a part of it."""
    lines = spec.module.source.text.split("\n")
    file = spec.module.source.name
    promise: Promise | None = None
    starts = {unit.span.line: unit.name for unit in spec.module.units}
    block: list[str] = []
    for number, line in enumerate(lines, 1):
        comment = _COMMENT.match(line)
        if comment is not None:
            block.append(comment["text"].strip())
            continue
        if block:
            head = _HEAD.match(" ".join(" ".join(block).split()))
            promise = Promise(head["name"], head["sentence"], f"{file}:{number - len(block)}") if head else None
            block = []
        name = starts.get(number)
        if promise is not None and name is not None and name.startswith(promise.name):
            yield promise, name
