"""Why an action is not enabled: the first conjunct that is false.

The conjuncts of the action are tried from left to right, as its enumeration reads them: for each prefix of them it is
asked whether any step satisfies it. The first conjunct that leaves none is the answer. Disjunctions and quantifiers
count as one conjunct, except that a bound which is empty shows as such.

And what would happen if a conjunct were left out (`Relaxed`): the steps of an action that ignores one of its guards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.actions import Assigned, Writer
from treadle.tla.behaviour import Formula, conjuncts
from treadle.tla.primes import has_primes
from treadle.tla.scope import Constant, Environment, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.program import Program, State
    from treadle.tla.scope import Operator
    from treadle.tla.values import Value


def refusal(program: Program, operator: Operator, arguments: tuple[Value, ...], state: State) -> str | None:
    """Return the text of the first conjunct that no step satisfies, or None if the action is enabled."""
    parts = _parts(operator, arguments)
    for number, part in enumerate(parts):
        if not _possible(program, parts[: number + 1], state):
            return part.text
    return None


def _parts(operator: Operator, arguments: tuple[Value, ...]) -> list[Formula]:
    """The conjuncts of an action with these arguments."""
    names: dict[str, Meaning] = {
        param.name: Constant(param.name, value) for param, value in zip(operator.params, arguments, strict=True)
    }
    return conjuncts(Formula(operator.body, Environment(operator.environment.source, names, operator.environment)))


def relaxed(program: Program, operator: Operator, arguments: tuple[Value, ...]) -> list[Callable[[State], list[State]]]:
    """The action without one of its guards, for each of them: the next states that it would lead to.

    A guard is a conjunct without primes. States in which a variable has no value are left out.
    """
    parts = _parts(operator, arguments)
    guards = [index for index, part in enumerate(parts) if not has_primes(part.node, part.environment)]
    return [_compiled(program, [part for index, part in enumerate(parts) if index != guard]) for guard in guards]


def _compiled(program: Program, parts: list[Formula]) -> Callable[[State], list[State]]:
    translator, variables = program.translator, program.variables

    def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
        complete = all(name in assigned for name in variables)
        state = "".join(f"{assigned[name]}, " for name in variables) if complete else ""
        writer.line(depth, f"out.append(({state}))" if complete else "pass")

    writer = Writer(translator, variables, "n_", emit)
    name = translator.fresh("R")
    _walk(writer, parts, emit)
    unpack = f" {''.join(f'v_{name}, ' for name in variables)}= s"
    translator.define(name, ["s"], "\n".join([unpack, " out = []", *writer.lines, " return out"]))
    translator.flush()
    found: Callable[[State], list[State]] = translator.namespace[name]
    return found


def _walk(writer: Writer, parts: list[Formula], emit: Callable[[Writer, Assigned, int], None]) -> None:
    """Write the conjunction."""

    def walk(index: int, assigned: Assigned, depth: int) -> None:
        if index == len(parts):
            emit(writer, assigned, depth)
            return
        writer.walk(
            parts[index].node, parts[index].environment, assigned, depth, lambda now, deep: walk(index + 1, now, deep)
        )

    walk(0, {}, 1)


def _possible(program: Program, parts: list[Formula], state: State) -> bool:
    translator = program.translator

    def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
        del assigned
        writer.line(depth, "return True")

    writer = Writer(translator, program.variables, "n_", emit)

    _walk(writer, parts, emit)
    name = translator.fresh("W")
    unpack = f" {''.join(f'v_{name}, ' for name in program.variables)}= s"
    translator.define(name, ["s"], "\n".join([unpack, *writer.lines, " return False"]))
    translator.flush()
    return bool(translator.namespace[name](state))
