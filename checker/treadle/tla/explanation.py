"""Errors of evaluation, told: which expression, with which values, and after which steps.

A traceback of generated code ends in a line whose place in the module is known. The names that were bound there are
still in the frames. What Python itself raised (a KeyError: a function applied outside its domain) is computed again,
part by part, by the careful operations, until the sentence is found.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from treadle.errors import SpecError, SpecEvaluationError
from treadle.tla.failures import Failure
from treadle.tla.operations import brief
from treadle.tla.syntax import Field, Index, Node, Use
from treadle.tla.translator import WRITTEN

if TYPE_CHECKING:
    from treadle.tla.program import Program, State
    from treadle.tla.translator import Place, Translator


def explained(program: Program, error: Exception, state: State | None, behaviour: str | None) -> SpecError:
    """Return the error that a person can use for an exception of generated code."""
    if isinstance(error, SpecError):
        return error
    translator, place, names = _where(error)
    if translator is None or place is None:
        return SpecEvaluationError(f"an evaluation failed: {str(error) or type(error).__name__}")
    sentence = _sentence(translator, error, place, names)
    shown = _values(program, place, names, state)
    made = place.environment.source.error(
        place.node.span,
        f"{place.environment.source.cut(place.node.span)} has no value: {sentence}",
        kind=SpecEvaluationError,
    )
    text = str(made)
    if shown:
        text += "\n  with\n" + "\n".join(f"    {name} = {value}" for name, value in shown.items())
    if behaviour:
        text += f"\n  after\n{behaviour}"
    return SpecEvaluationError(text)


def _where(error: Exception) -> tuple[Translator | None, Place | None, dict[str, Any]]:
    """Return the innermost known place of a traceback, who wrote it, and the local names of the generated frames."""
    translator, place, names = None, None, {}
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        writer = WRITTEN.get(file)
        if writer is not None:
            names.update(frame.f_locals)
            found = writer.lines.get((file, line))
            if found is not None:
                translator, place = writer, found
    return translator, place, names


def _sentence(translator: Translator, error: Exception, place: Place, names: dict[str, Any]) -> str:
    if isinstance(error, Failure):
        return str(error)
    if isinstance(error, RecursionError):
        return "it is defined by itself without end"
    node = place.node
    try:
        if isinstance(node, Index | Field):
            function = node.function if isinstance(node, Index) else node.record
            key: Any = node.name if isinstance(node, Field) else _evaluate(translator, node.args[0], place, names)
            translator.namespace["apply"](_evaluate(translator, function, place, names), key)
    except Failure as failure:
        return str(failure)
    except Exception:  # noqa: BLE001, S110  (then the sentence below has to do)
        pass
    return f"{type(error).__name__}: {error}"


def _evaluate(translator: Translator, node: Node, place: Place, names: dict[str, Any]) -> Any:
    """Compute an expression with the local names of a frame."""
    code = translator.stored(node, place.environment)
    translator.flush()
    return eval(translator.unmarked(code.text), {**translator.namespace, **names})  # noqa: S307  (text that was written here)


def _values(program: Program, place: Place, names: dict[str, Any], state: State | None) -> dict[str, str]:
    """Return the names that the expression mentions, with their values."""
    mentioned = set(_mentioned(place.node))
    found: dict[str, str] = {}
    for name, meaning in place.environment.locals().items():
        if name in mentioned and meaning.text in names:
            found[name] = brief(names[meaning.text])
    present = dict(zip(program.variables, state, strict=True)) if state else {}
    for name in sorted(mentioned):
        value = names.get("v_" + name, present.get(name))
        if value is not None and name not in found:
            found[name] = brief(value)
    return found


def _mentioned(node: Node) -> list[str]:
    found = [node.name] if isinstance(node, Use) else []
    for child in node.children():
        found += _mentioned(child)
    return found
