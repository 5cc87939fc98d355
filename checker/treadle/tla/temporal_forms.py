"""Translation of boxed actions where a truth of one step is wanted: `[A]_v` and `<<A>>_v` as conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.syntax import Boxed, Fair
from treadle.tla.translator import Code, Translator, boolean, translates

if TYPE_CHECKING:
    from treadle.tla.scope import Environment


@translates(Boxed)
def _boxed(translator: Translator, node: Boxed, env: Environment) -> Code:
    action = translator.truth(node.action, env)
    before = translator.value(node.subscript, env).text
    after = translator.value(node.subscript, env.under_prime()).text
    if node.angle:
        return boolean(f"({before} != {after} and {action})")
    return boolean(f"({before} == {after} or {action})")


@translates(Fair)
def _fair(translator: Translator, node: Fair, env: Environment) -> Code:
    del translator
    raise env.source.error(node.span, "a fairness formula where a value or a truth of one state is wanted")
