r"""Actions as Python statements that enumerate the next states.

A conjunction is read from left to right, as TLC reads it: `x' = e` gives x' its value if it has none yet and is a test
if it has; `x' \in S` is a loop; a disjunction is one piece of code after the other, each followed by the rest of the
conjunction; `\A` is the number of ways in which it holds (`ways`); everything else is a test, and so is all that comes
after the last variable has its value. Which variables have a value is known when the text is written, so nothing is
looked up when it runs. A next state is made once for each way of making it: TLC counts in the same way.

An initial predicate is read in the same manner, with `x` in the place of `x'`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from treadle.tla.binding import loops
from treadle.tla.kinds import ANY, NEVER, Kind, element_of, join
from treadle.tla.logic import declared
from treadle.tla.primes import has_primes, may_be_primed
from treadle.tla.scope import Builtin, ByName, Environment, Local, Meaning, Operator, Variable
from treadle.tla.syntax import Boxed, Case, Definition, If, Junction, Let, Node, Quantified, Use
from treadle.tla.translator import Translator, free_names
from treadle.tla.uses import bound_arguments, resolve, resolved_operator, unchanged_parts
from treadle.tla.ways import branches, counted, instances, is_implication

if TYPE_CHECKING:
    from collections.abc import Callable

Assigned = dict[str, str]  # variable to the text of its new value
_PRIMED = re.compile(r"\bn_(\w+)")


class Site(NamedTuple):
    """One place where a next state is completed: the disjuncts that lead there."""

    trail: tuple[Node, ...]


class Writer:
    """Lines of one function that enumerates states.

    `prefix` is `n_` for actions and `v_` for initial predicates. `emit` writes what is done with a complete state.
    """

    def __init__(
        self,
        translator: Translator,
        variables: tuple[str, ...],
        prefix: str,
        emit: Callable[[Writer, Assigned, int], None],
    ) -> None:
        self.translator = translator
        self.variables = variables
        self.prefix = prefix
        self.emit = emit
        self.lines: list[str] = []
        self.kinds: dict[str, Kind] = {}  # what is assigned to each variable
        self.trail: list[Node] = []  # the disjuncts that were entered
        self._sealed = 0  # conditions before this line are not extended

    def line(self, depth: int, text: str) -> None:
        """Write a line."""
        self.lines.append(" " * depth + text)

    def seal(self) -> None:
        """Keep the conditions written so far as they are."""
        self._sealed = len(self.lines)

    def test(self, condition: str, assigned: Assigned, depth: int, then: Callable[[Assigned, int], None]) -> None:
        """Go on only if the condition holds."""
        if condition == "True":
            then(assigned, depth)
            return
        if condition == "False":
            self.line(depth, "pass")
            return
        head = " " * (depth - 1) + "if "
        if len(self.lines) > self._sealed and self.lines[-1].startswith(head) and self.lines[-1].endswith(":"):
            self.lines[-1] = f"{self.lines[-1][:-1]} and {condition}:"
            then(assigned, depth)
            return
        self.line(depth, f"if {condition}:")
        then(assigned, depth + 1)

    def read(self, text: str, assigned: Assigned, node: Node, env: Environment) -> str:
        """Put the new values that are known into a text; reading one that is not known yet fails when it is run."""
        missing: list[str] = []

        def known(match: re.Match[str]) -> str:
            found = assigned.get(match.group(1))
            if found is None:
                missing.append(match.group(1))
                return match.group()
            return found

        if self.prefix == "n_":
            bound = set(_PRIMED.findall(text)) - {name[2:] for name in free_names(text) if name[:2] == "n_"}
            text = _PRIMED.sub(lambda match: match.group() if match.group(1) in bound else known(match), text)
        else:
            missing = [name[2:] for name in free_names(text) if name[:2] == "v_" and name[2:] not in assigned]
        if missing:
            sign = "'" if self.prefix == "n_" else ""
            why = f"{missing[0]}{sign} is used before it has a value"
            return self.translator.mark(node, env, f"fail({why!r})")
        return text

    def assign(self, name: str, text: str, kind: Kind, assigned: Assigned, depth: int) -> Assigned:
        """Give a variable its new value."""
        self.kinds[name] = join(self.kinds.get(name, NEVER), kind)
        target = self.prefix + name
        if text in {"v_" + name, target} and self.prefix == "n_":
            return {**assigned, name: text}
        self.line(depth, f"{target} = {text}")
        return {**assigned, name: target}

    def walk(
        self, node: Node, env: Environment, assigned: Assigned, depth: int, then: Callable[[Assigned, int], None]
    ) -> None:
        """Write the statements for a formula; `then` writes what follows each way of satisfying it."""
        if self.variables and len(assigned) == len(self.variables):
            self._plain(node, env, assigned, depth, then)
            return
        if isinstance(node, Junction):
            self._junction(node, env, assigned, depth, then)
        elif isinstance(node, Quantified):
            self._quantified(node, env, assigned, depth, then)
        elif isinstance(node, If):
            self._if(node, env, assigned, depth, then)
        elif isinstance(node, Case):
            self._case(node, env, assigned, depth, then)
        elif isinstance(node, Let):
            self._let(node, env, assigned, depth, then)
        elif isinstance(node, Boxed):
            self._boxed(node, env, assigned, depth, then)
        elif isinstance(node, Use):
            self._use(node, env, assigned, depth, then)
        else:
            self._plain(node, env, assigned, depth, then)

    def _junction(
        self, node: Junction, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        walk = self._all if node.op == "/\\" else self._branches
        walk(node.items, env, assigned, depth, then)

    def _quantified(
        self, node: Quantified, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        walk = self._exists if node.kind == "E" else self._forall
        walk(node, env, assigned, depth, then)

    def _all(
        self, items: tuple[Node, ...], env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        self._each([(item, env) for item in items], assigned, depth, then)

    def _branches(
        self, items: tuple[Node, ...], env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        for item in items:
            self.seal()
            self.trail.append(item)
            before = len(self.lines)
            self.walk(item, env, assigned, depth, then)
            if len(self.lines) == before:
                self.line(depth, "pass")
            self.trail.pop()
        self.seal()

    def _exists(
        self, node: Quantified, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        heads, inner = loops(self.translator, node.bounds, env)
        for head in heads:
            self.line(depth, self.read(head, assigned, node, env) + ":")
            depth += 1
        self.walk(node.body, inner, assigned, depth, then)
        self.seal()

    def _forall(
        self, node: Quantified, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        ways = counted(self.translator, node, env)
        if ways is None and self._gives(node, env, assigned):
            self._each([(node.body, inner) for inner in instances(self.translator, node, env)], assigned, depth, then)
            return
        if ways is None:
            self._plain(node, env, assigned, depth, then)
            return
        self.line(depth, f"for {self.translator.local('way')} in range({self.read(ways, assigned, node, env)}):")
        then(assigned, depth + 1)
        self.seal()

    def _gives(self, node: Node, env: Environment, assigned: Assigned) -> bool:
        """Tell whether a formula speaks of variables that have no new value yet, so that it must give them one."""
        if self.prefix != "n_" or not has_primes(node, env):
            return False
        names = free_names(self.translator.truth(node, env))
        return any(name[:2] == "n_" and name[2:] not in assigned for name in names)

    def _each(
        self, parts: list[tuple[Node, Environment]], assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        """Write the conjunction of formulas, each in its environment."""
        if not parts:
            then(assigned, depth)
            return
        (node, env), rest = parts[0], parts[1:]
        self.walk(node, env, assigned, depth, lambda now, deep: self._each(rest, now, deep, then))

    def _if(self, node: If, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        test = self.translator.truth(node.test, env)
        if test in {"True", "False"}:
            self.walk(node.then if test == "True" else node.other, env, assigned, depth, then)
            return
        self.line(depth, f"if {self.read(test, assigned, node.test, env)}:")
        self._block(node.then, env, assigned, depth + 1, then)
        self.line(depth, "else:")
        self._block(node.other, env, assigned, depth + 1, then)
        self.seal()

    def _block(self, node: Node, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        self.seal()
        before = len(self.lines)
        self.walk(node, env, assigned, depth, then)
        if len(self.lines) == before:
            self.line(depth, "pass")

    def _case(self, node: Case, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        word = "if"
        for guard, value in zip(node.guards, node.values, strict=True):
            test = self.read(self.translator.truth(guard, env), assigned, guard, env)
            self.line(depth, f"{word} {test}:")
            self._block(value, env, assigned, depth + 1, then)
            word = "elif"
        self.line(depth, "else:")
        if node.other is not None:
            self._block(node.other, env, assigned, depth + 1, then)
        else:
            why = "fail('no guard of the CASE is true, and it has no OTHER')"
            self.line(depth + 1, self.translator.mark(node, env, why))
        self.seal()

    def _let(self, node: Let, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        inner = declared(node, env)
        for unit in node.definitions:
            if isinstance(unit, Definition) and not unit.params:
                self._bind(unit, node, inner, depth)
        self.walk(node.body, inner, assigned, depth, then)

    def _bind(self, unit: Definition, node: Let, inner: Environment, depth: int) -> None:
        """Compute a LET definition once, where it is first used, if it is a value of the present state."""
        if has_primes(unit.body, inner) or may_be_primed({unit.name}, node, inner):
            return
        code = self.translator.value(unit.body, inner)
        names = free_names(code.text)
        if code.atom or any(name.startswith("n_") or (self.prefix == "v_" and name[:2] == "v_") for name in names):
            return
        text = self.translator.local(unit.name)
        if code.total:
            self.line(depth, f"{text} = {code.text}")
            inner.names[unit.name] = Local(text, code.kind, code.concrete)
        else:
            self.line(depth, f"{text} = thunk(lambda: {code.text})")
            inner.names[unit.name] = Local(f"{text}()", code.kind, code.concrete)

    def _boxed(self, node: Boxed, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        still = Use(node.subscript.span, "UNCHANGED", (node.subscript,))
        if node.angle:
            changes = Use(node.span, "~", (still,))
            self._all((node.action, changes), env.within(BASICS), assigned, depth, then)
        else:
            self._branches((node.action, still), env.within(BASICS), assigned, depth, then)

    def _use(self, node: Use, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        meaning, _ = resolve(node, env)
        if isinstance(meaning, Builtin):
            if meaning.name in {"=", "\\in"} and self._assignment(node, env, assigned, depth, then):
                return
            if is_implication(node, meaning) and branches(node.args[1], env):
                branch = If(node.span, node.args[0], node.args[1], Use(node.span, "TRUE"))
                self._if(branch, env, assigned, depth, then)
                return
            if meaning.name == "UNCHANGED" and self.prefix == "n_":
                self._unchanged(node.args[0], env, assigned, depth, then)
                return
        elif isinstance(meaning, ByName) and not node.args:
            self.walk(meaning.node, meaning.environment.like(env), assigned, depth, then)
            return
        elif isinstance(meaning, ByName):
            found, place = resolved_operator(Use(node.span, node.name, (), node.path), env)
            if isinstance(found, Operator) and not found.recursive:
                del place
                self._call(node, env, found, assigned, depth, then)
                return
        elif isinstance(meaning, Operator) and not meaning.recursive:
            self._call(node, env, meaning, assigned, depth, then)
            return
        self._plain(node, env, assigned, depth, then)

    def _call(
        self,
        node: Use,
        env: Environment,
        operator: Operator,
        assigned: Assigned,
        depth: int,
        then: Callable[..., None],
    ) -> None:
        names, lines = bound_arguments(self.translator, node, env, operator)
        for line in lines:
            self.line(depth, self.read(line, assigned, node, env))
        inner = Environment(operator.environment.source, names, operator.environment.like(env))
        self.walk(operator.body, inner, assigned, depth, then)

    def _target(self, node: Node, env: Environment) -> str | None:
        """Return the variable that an expression gives a value to: `x'`, or `x` in an initial predicate."""
        while isinstance(node, Use) and not node.args:
            meaning, _ = resolve(node, env)
            if isinstance(meaning, Variable):
                return meaning.name if env.primed == (self.prefix == "n_") else None
            if isinstance(meaning, ByName):
                node, env = meaning.node, meaning.environment.like(env)
            elif isinstance(meaning, Operator) and not meaning.params:
                node, env = meaning.body, meaning.environment.like(env)
            else:
                return None
        if isinstance(node, Use) and node.name == "'" and self.prefix == "n_":
            return self._target(node.args[0], env.under_prime())
        return None

    def _assignment(
        self, node: Use, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> bool:
        r"""Write `x' = e` or `x' \in S`, if x' has no value yet; tell whether it was that."""
        name = self._target(node.args[0], env)
        if name is None or name in assigned:
            return False
        if node.name == "=":
            code = self.translator.stored(node.args[1], env)
            text = self.read(code.text, assigned, node, env)
            then(self.assign(name, text, code.kind, assigned, depth), depth)
            return True
        heads, kind = self._choices(node.args[1], env)
        target = self.prefix + name
        self.kinds[name] = join(self.kinds.get(name, NEVER), kind)
        self.line(depth, f"for {target} in {self.read(heads, assigned, node, env)}:")
        then({**assigned, name: target}, depth + 1)
        self.seal()
        return True

    def _choices(self, group: Node, env: Environment) -> tuple[str, Kind]:
        from treadle.tla.binding import iterated  # noqa: PLC0415

        text, code = iterated(self.translator, group, env)
        return text, element_of(code.kind)

    def _unchanged(
        self, node: Node, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]
    ) -> None:
        parts = unchanged_parts(node, env)
        now = assigned
        rest = []
        for part, place in parts:
            name = self._target(part, place.under_prime())
            if name is not None and name not in now:
                now = self.assign(name, "v_" + name, self.translator.kinds.get(name, ANY), now, depth)
            else:
                rest.append((part, place))
        conditions = []
        for part, place in rest:
            still = Use(part.span, "UNCHANGED", (part,))
            text = self.translator.truth(still, place.within(BASICS))
            conditions.append(self.read(text, now, part, place))
        self.test(" and ".join(conditions) or "True", now, depth, then)

    def _plain(self, node: Node, env: Environment, assigned: Assigned, depth: int, then: Callable[..., None]) -> None:
        condition = self.translator.truth(node, env)
        self.test(self.read(condition, assigned, node, env), assigned, depth, then)


BASICS: dict[str, Meaning] = {"UNCHANGED": Builtin("UNCHANGED", 1), "~": Builtin("~", 1)}


def enabled_text(translator: Translator, action: Node, env: Environment) -> str:
    """Return the text of a Python condition: some step of the action is possible in the present state."""
    if env.primed:
        raise env.source.error(action.span, "ENABLED under a prime is outside the subset that is evaluated")

    def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
        del assigned
        writer.line(depth, "return True")

    writer = Writer(translator, (), "n_", emit)
    writer.walk(action, env, {}, 1, lambda assigned, depth: writer.emit(writer, assigned, depth))
    return translator.lift("\n".join([*writer.lines, " return False"]))
