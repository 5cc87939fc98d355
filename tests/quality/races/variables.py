# ruff: noqa: B007, B020, PLW0603, RUF015 - each way of saying it is wanted as it stands
"""Adding one to a variable that threads share, in every way: of a module, of a function, of a default value.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import functools
import operator
import sys
from typing import TYPE_CHECKING, Any

from tests.quality.races import ways

if TYPE_CHECKING:
    from collections.abc import Iterator

way = ways.bumping(globals())


def first(items: Any) -> int:
    return items[0]  # type: ignore[no-any-return]


total = 0


@way(lambda: None, lambda _: total)
def global_variable(_: Any) -> None:
    global total
    total += 1


@way(lambda: None, lambda _: total)
def globals_function(_: Any) -> None:
    globals()["total"] = globals()["total"] + 1


@way(lambda: None, lambda _: total)
def module_from_sys(_: Any) -> None:
    sys.modules[__name__].total += 1  # type: ignore[attr-defined]


@way(lambda: None, lambda _: total)
def global_unpacked(_: Any) -> None:
    global total
    total, _other = total + 1, 0


@way(lambda: None, lambda _: total)
def global_of_a_loop(_: Any) -> None:
    global total
    for total in (total + 1,):
        pass


def counter() -> dict[str, Any]:
    n = 0

    def bump() -> None:
        nonlocal n
        n += 1

    def walrus() -> int:
        nonlocal n
        return (n := n + 1)

    def loop() -> None:
        nonlocal n
        for n in (n + 1,):
            pass

    def generate() -> Iterator[int]:
        nonlocal n
        n += 1
        yield n

    def comprehend() -> None:
        nonlocal n
        n = [n + 1 for _ in (0,)][0]

    read: Any = lambda: n  # noqa: E731 - a lambda is what is tested
    return {"bump": bump, "walrus": walrus, "loop": loop, "generate": generate, "comprehend": comprehend, "read": read}


def read_counter(functions: Any) -> int:
    return functions["read"]()  # type: ignore[no-any-return]


@way(counter, read_counter)
def nonlocal_variable(functions: Any) -> None:
    functions["bump"]()


@way(counter, read_counter)
def nonlocal_walrus(functions: Any) -> None:
    functions["walrus"]()


@way(counter, read_counter)
def nonlocal_of_a_loop(functions: Any) -> None:
    functions["loop"]()


@way(counter, read_counter)
def nonlocal_in_a_generator(functions: Any) -> None:
    list(functions["generate"]())


@way(counter, read_counter)
def nonlocal_in_a_comprehension(functions: Any) -> None:
    functions["comprehend"]()


def with_default() -> Any:
    def function(sums: list[int] = [0]) -> int:  # noqa: B006 - what everybody shares is what is tested
        sums[0] += 1
        return sums[0]

    return function


@way(with_default, lambda function: function() - 1)
def default_argument(function: Any) -> None:
    function()


@way(lambda: [0], first)
def partial_application(items: Any) -> None:
    functools.partial(operator.setitem, items, 0)(items[0] + 1)


@way(lambda: {"x": 0}, lambda items: items["x"])
def code_from_a_string(items: Any) -> None:
    names: dict[str, Any] = {}
    exec("def bump(items):\n    items['x'] += 1\n", names)  # noqa: S102 - this is what is tested
    names["bump"](items)
