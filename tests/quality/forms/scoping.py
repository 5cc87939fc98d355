# ruff: noqa: E731, F821, F841, PERF401, PLC3002, PLR0124, PLW0603, S102, S307
# mypy: ignore-errors
# Python is wanted here in every form that it has.
"""Names: closures, globals, classes, code from strings: each form is a function that returns what it came to."""

from __future__ import annotations

import sys
from typing import Any

from tests.quality.forms.loud import Loud, note, noted

FORMS: list[Any] = []


def form(function: Any) -> Any:
    """One of the forms."""
    FORMS.append(function)
    return function


@form
def closures() -> Any:
    n = 0
    functions = []

    def outer(m: int) -> Any:
        nonlocal n

        def inner() -> Any:
            nonlocal m, n
            m += 1
            n += 10
            return m, n

        n += 1
        return inner

    inner = outer(5)
    for i in range(2):
        functions.append(lambda: i)  # noqa: B023 - the late binding is what is wanted
    return inner(), inner(), n, [f() for f in functions], [f() for f in [lambda: k for k in range(2)]]  # noqa: B023


@form
def unbound_variables() -> Any:
    found = []

    def late() -> Any:
        return value

    def deleted() -> Any:
        x = 1
        read = lambda: x
        del x
        return read()

    for function in (late, deleted):
        try:
            function()
        except NameError as error:
            found.append(f"{type(error).__name__}: {error}")
    value = 1
    return found, late()


@form
def exception_variable() -> Any:
    found = []

    def read() -> Any:
        return problem

    try:
        raise ValueError("x")
    except ValueError as problem:
        found.append(str(read()))
    try:
        read()
    except NameError as other:
        found.append(str(other))
    return found


class Base:
    """Has what its subclasses reach by super()."""

    registry: list[str] = []  # noqa: RUF012

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__()
        cls.registry.append(f"{cls.__name__}{options}")

    def hello(self) -> str:
        return "base"

    @classmethod
    def made(cls) -> Any:
        return cls.__name__

    @property
    def value(self) -> int:
        return 1


@form
def classes() -> Any:
    class Derived(Base, color="red"):
        __private = 1
        table = {name: len(name) for name in ("a", "bb")}  # noqa: RUF012
        total = sum(table.values())

        def hello(self) -> str:
            return super().hello() + __class__.__name__  # type: ignore[name-defined]

        @property
        def value(self) -> int:
            return super().value + self.__private

        @staticmethod
        def nothing() -> int:
            return 0

        @classmethod
        def made(cls) -> Any:
            return [super().made() for _ in range(1)] if sys.version_info >= (3, 12) else [super().made()]

    one = Derived()
    one.extra = 1  # type: ignore[attr-defined]
    names = [name for name in vars(Derived) if not name.startswith("__")]
    return one.hello(), one.value, Derived.made(), one.nothing(), vars(one), names, Base.registry[-1], Derived.total


@form
def locals_and_globals() -> Any:
    a = 1

    def inner(b: int) -> Any:
        c = a + b
        return dict(locals())

    def rebound() -> Any:
        d = 1
        d += (lambda: d)()
        return locals().keys() - {"inner"}, sorted(vars()), dir()

    return inner(2), rebound()[1:], "FORMS" in globals(), sorted(name for name in vars() if not name.startswith("_"))


@form
def code_from_strings() -> Any:
    names: dict[str, Any] = {"x": 1}
    exec("y = x + 1\ndef f():\n    global x\n    x += 1\n    return x\n", names)
    a = 5
    return names["y"], names["f"](), names["x"], eval("x * 2", names), eval("a + 1"), eval("[x for x in (1,)]")


@form
def mangled() -> Any:
    class _Box:
        def __init__(self) -> None:
            self.__x = 1
            self.__dict__["y"] = self.__x

        def bump(self) -> Any:
            self.__x += 1
            self.__x, self.__z = self.__x + 1, 0
            del self.__z
            return hasattr(self, "_Box__z"), getattr(self, "_Box__x")  # noqa: B009

    box = _Box()
    return box.bump(), vars(box)


@form
def decorators() -> Any:
    def twice(argument: Any) -> Any:
        def decorate(function: Any) -> Any:
            return lambda *args: function(*args) * argument

        return decorate

    @twice(2)
    @twice(3)
    def six(x: int = 1, /, *, y: int = 0) -> int:
        """Documented."""
        return x + y

    return six(), six(5), twice.__name__, twice.__code__.co_firstlineno > 0


total = 0


@form
def globals_of_the_module() -> Any:
    global total

    def bump() -> int:
        global total
        total += 1
        return total

    total = 10
    return bump(), total, [total for _ in range(2)], (lambda: total)()


class Proxy:
    """Pretends to be another object."""

    def __init__(self, target: Any) -> None:
        self.__target = target

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_Proxy__"):
            return object.__getattribute__(self, name)
        return getattr(note(self.__target), name)


@form
def pretence() -> Any:
    one: Any = Proxy([1, 2])
    one.append(3)
    return isinstance(one, list), type(one) is Proxy, one.__class__, [*one.__iter__()], len(noted())


@form
def attributes_that_are_listed() -> Any:
    box = Loud("a")
    pop = [1, 2].pop
    return dir(box)[-1], "name" in dir(box), vars(box), pop.__name__, pop(), pop == pop
