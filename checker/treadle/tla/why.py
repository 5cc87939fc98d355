"""Why an action is not enabled: the first conjunct that is false.

The conjuncts of the action are tried from left to right, as its enumeration reads them: for each prefix of them it is
asked whether any step satisfies it. The first conjunct that leaves none is the answer. Disjunctions and quantifiers
count as one conjunct, except that a bound which is empty shows as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.actions import Assigned, Writer
from treadle.tla.behaviour import Formula, conjuncts
from treadle.tla.scope import Constant, Environment, Meaning

if TYPE_CHECKING:
    from treadle.tla.program import Program, State
    from treadle.tla.scope import Operator
    from treadle.tla.values import Value


def refusal(program: Program, operator: Operator, arguments: tuple[Value, ...], state: State) -> str | None:
    """Return the text of the first conjunct that no step satisfies, or None if the action is enabled."""
    names: dict[str, Meaning] = {
        param.name: Constant(param.name, value) for param, value in zip(operator.params, arguments, strict=True)
    }
    env = Environment(operator.environment.source, names, operator.environment)
    parts = conjuncts(Formula(operator.body, env))
    for number, part in enumerate(parts):
        if not _possible(program, parts[: number + 1], state):
            return part.text
    return None


def _possible(program: Program, parts: list[Formula], state: State) -> bool:
    translator = program.translator

    def emit(writer: Writer, assigned: Assigned, depth: int) -> None:
        del assigned
        writer.line(depth, "return True")

    writer = Writer(translator, program.variables, "n_", emit)

    def walk(index: int, assigned: Assigned, depth: int) -> None:
        if index == len(parts):
            emit(writer, assigned, depth)
            return
        writer.walk(
            parts[index].node, parts[index].environment, assigned, depth, lambda now, deep: walk(index + 1, now, deep)
        )

    walk(0, {}, 1)
    name = translator.fresh("W")
    unpack = f" {''.join(f'v_{name}, ' for name in program.variables)}= s"
    translator.define(name, ["s"], "\n".join([unpack, *writer.lines, " return False"]))
    translator.flush()
    return bool(translator.namespace[name](state))
