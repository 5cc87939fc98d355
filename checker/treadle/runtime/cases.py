"""Cases of a parametrized test: which of the values that pytest was told of a scenario is given.

`@pytest.mark.parametrize("size", [1, 2])` leaves a mark on the function. pytest calls the function with values of the module
that *it* has imported. A world has a module of its own, with classes of its own, and cannot be given objects of another one:
these would not be seen. But in the world's module the same decorators have left the same marks, with values that were made
there. So it is enough to say which. A case is written behind the function, with one number for each mark, under the first
name that the mark gives values for: `test_queue.py::test_many[size#0,kind#2]`. (Not pytest's own ids: these are made of
the values, by functions that a test file may bring along.)

Marks may be on the function, or on its module (`pytestmark`). With `indirect`, what a mark has is no value yet, but what
a fixture makes one of; fixtures belong to pytest, so that is refused.

The values are kept among the globals of the world's module, so that they are as they were when it was loaded whenever an
execution begins, whatever the scenario does to them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from treadle.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

Case = tuple[tuple[str, int], ...]
"""By the first name of each mark: which of its values."""

_FORM = re.compile(r"(?P<function>\w+)(\[(?P<case>\w+#\d+(,\w+#\d+)*)\])?")


def parsed(text: str) -> tuple[str, Case] | None:
    """A function's name, and its case if it has one; None for text of another form."""
    found = _FORM.fullmatch(text)
    if found is None or not found["function"].isidentifier():
        return None
    parts = (part.partition("#") for part in (found["case"] or "").split(",") if part)
    return found["function"], tuple((name, int(number)) for name, _, number in parts)


def suffix(case: Iterable[tuple[str, int]]) -> str:
    """What is written behind the function's name; nothing for no case."""
    told = ",".join(f"{name}#{number}" for name, number in case)
    return f"[{told}]" if told else ""


def names_of(mark: Any) -> list[str]:
    """The arguments that a mark of pytest's gives values for."""
    said = _said(mark)
    return [name.strip() for name in said.split(",") if name.strip()] if isinstance(said, str) else [*said]


def _said(mark: Any) -> Any:
    """The names as they were written: in one text, or in a list."""
    return mark.args[0] if mark.args else mark.kwargs["argnames"]


def first_case(function: Any, module: ModuleType) -> Case:
    """The first one of a function; empty if it has none."""
    return tuple((names_of(mark)[0], 0) for mark in _marks(function, module))


def arguments(function: Any, module: ModuleType, case: Case, target: str) -> dict[str, Any]:
    """What the function is given in this case. ScenarioError if there is no such one."""
    left = dict(case)
    given: dict[str, Any] = {}
    for mark in _marks(function, module):
        names = names_of(mark)
        if names[0] in left:
            given.update(_values(mark, names, left.pop(names[0]), target))
    if left:
        known = [names_of(mark)[0] for mark in _marks(function, module)]
        raise ScenarioError(
            f"{target} is not a case",
            expected=f"a number for each of: {', '.join(known)}" if known else "a function that is parametrized",
            got=suffix(left.items()),
        )
    return given


def case_of(marks: Iterable[Any], params: Mapping[str, Any]) -> Case:
    """Which one it is that gives these very objects to the function. ScenarioError if none of the marks' does."""
    case = []
    for mark in marks:
        names, sets = names_of(mark), _sets(mark)
        for number, values in enumerate(sets):
            if all(values[name] is params.get(name) for name in names):
                case.append((names[0], number))
                break
        else:
            raise ScenarioError(
                f"it is not known which values of parametrize({', '.join(names)!r}, ...) these are",
                expected="one of a list",
                got=", ".join(f"{name} = {params.get(name)!r:.60}" for name in names),
                probably="they come from an iterator, which has gone through them",
                instead="give parametrize a list",
            )
    return tuple(case)


def _values(mark: Any, names: list[str], number: int, target: str) -> Mapping[str, Any]:
    if mark.kwargs.get("indirect"):
        raise ScenarioError(
            f"{target} takes its arguments from fixtures",
            expected="values that can be given to the function as they are",
            got=f"parametrize({', '.join(names)!r}, indirect={mark.kwargs['indirect']!r})",
            instead="make in the test what the fixture makes, of plain parameters",
        )
    sets = _sets(mark)
    if number >= len(sets):
        raise ScenarioError(
            f"{target} is not a case",
            expected=f"a number below {len(sets)} for {names[0]}",
            got=str(number),
            probably="the parameters are made anew in each copy of the module, and come out in another number",
        )
    return sets[number]


def _sets(mark: Any) -> list[Mapping[str, Any]]:
    """What the arguments are in each case."""
    names = names_of(mark)
    alone = isinstance(_said(mark), str) and len(names) == 1
    sets: list[Mapping[str, Any]] = []
    for value in mark.args[1] if len(mark.args) > 1 else mark.kwargs["argvalues"]:
        if type(value).__name__ == "ParameterSet":  # what pytest.param makes
            sets.append(dict(zip(names, value.values, strict=True)))
        else:
            sets.append({names[0]: value} if alone else dict(zip(names, value, strict=True)))
    return sets


def _marks(function: Any, module: ModuleType) -> list[Any]:
    """Those that parametrize it, the nearest first."""
    found: list[Any] = [*getattr(function, "pytestmark", ())]
    more = getattr(module, "pytestmark", ())
    found += more if isinstance(more, list) else [more] if more else []
    marks = [getattr(mark, "mark", mark) for mark in found]
    return [mark for mark in marks if getattr(mark, "name", None) == "parametrize"]
