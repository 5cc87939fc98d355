# ruff: noqa: C400, C901, E731, F821, F841, PERF401, PLC3002, PLR0912, PLR0124, PLW0603, PT018, RET503, RUF059, S102, S307, SIM223
# mypy: ignore-errors
# Python is wanted here in every form that it has.
"""Python in many forms, each a function that returns what it came to: the rewrite must not change any of it.

Each function is run as it is, and rewritten in a world. They are about the order of evaluation, scoping, errors and the
lines in their tracebacks; nothing here is about threads.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from typing import Any

FORMS: list[Any] = []
LOG: list[Any] = []


def form(function: Any) -> Any:
    """One of the forms."""
    FORMS.append(function)
    return function


def note(value: Any) -> Any:
    """Say when it was evaluated."""
    LOG.append(value)
    return value


def noted() -> list[Any]:
    """What was said since the last time."""
    said = LOG[:]
    LOG.clear()
    return said


class Loud:
    """Says what is done to it."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "name", name)

    def __getattr__(self, name: str) -> Any:
        return note(f"{self.name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        note((f"{self.name}.{name} =", value))

    def __delattr__(self, name: str) -> None:
        note(f"del {self.name}.{name}")

    def __getitem__(self, key: Any) -> Any:
        return note((self.name, key))

    def __setitem__(self, key: Any, value: Any) -> None:
        note((self.name, key, value))

    def __delitem__(self, key: Any) -> None:
        note(("del", self.name, key))

    def __bool__(self) -> bool:
        return bool(note(True))

    def __len__(self) -> int:
        return note(3)  # type: ignore[no-any-return]

    def __contains__(self, key: Any) -> bool:
        return bool(note(key))

    def __lt__(self, other: Any) -> Any:
        return note(f"{self.name} <")

    def __iadd__(self, other: Any) -> Any:
        note((self.name, "+=", other))
        return self

    def __iter__(self) -> Any:
        return iter([note("first"), note("second")])

    def __enter__(self) -> Any:
        return note("enter")

    def __exit__(self, *exception: object) -> bool:
        note(("exit", exception[0]))
        return True


@form
def order_of_an_assignment() -> Any:
    a, b = Loud("a"), Loud("b")
    note("target")
    (note(a)).x = note("value")
    note(a)[note("key")] = note("value")
    note(a).x, note(b)[note("key")] = note((1, 2))
    note(a).x = note(b)[note("key")] = note("value")
    return [str(type(said).__name__) if isinstance(said, Loud) else said for said in noted()]


@form
def order_in_place() -> Any:
    a = Loud("a")
    a.x += note("attribute")
    a[note("key")] += (note("item"),)
    a += note("name")
    return noted()


@form
def order_of_a_call() -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        return note((args, kwargs))

    note(function)(note(1), *note((2, 3)), k=note(4), **note({"m": 5}))
    return [said for said in noted() if said is not function]


@form
def order_of_comparisons() -> Any:
    a, b = Loud("a"), Loud("b")
    result = [a < b < note(3), note(1) < note(2) < note(0) < note(9), note(0) in a, note(1) not in a]
    return result, noted()


@form
def short_circuits() -> Any:
    a = Loud("a")
    return [(note(0) and note(1)), (note(0) or note(2)), not a, (a and note(3)), note(1) if a else note(2)], noted()


@form
def deletion() -> Any:
    a = Loud("a")
    items = [1, 2, 3, 4]
    del a.x, a["k"], (items[0], items[1:])
    return noted(), items


@form
def loops() -> Any:
    found = []
    for _ in Loud("a"):
        found.append(noted())
    for a, (b, *c) in [(1, (2, 3, 4)), (5, [6])]:
        found.append([a, b, c])
    items = [1, 2, 3]
    for item in items:
        if item < 3:
            items.append(item * 10)
    found.append(items)
    while items:
        items.pop()
    found.append("else")
    return found


@form
def targets_of_loops() -> Any:
    class Place:
        x: Any = None

    place, items = Place(), [0, 0]
    for place.x, items[1] in [(1, 2), (3, 4)]:
        pass
    return place.x, items, [place.x for place.x in (7, 8)], place.x


@form
def dictionary_changed_while_iterated() -> Any:
    items = {1: 1}
    try:
        for key in items:
            items[key + 1] = 2
    except RuntimeError as error:
        return str(error)


@form
def unpacking() -> Any:
    first, *middle, last = [1, 2, 3, 4]
    [(a, b), c] = {"x": 0, "y": 1}, 1
    return first, middle, last, a, b, c, [*range(2), *{"k": 1}], {"a": 1, "b": 2}


@form
def wrong_unpacking() -> Any:
    found = []
    for source in ([1], [1, 2, 3], 5, {"a": 1}):
        try:
            a, b = source  # type: ignore[misc]
        except (TypeError, ValueError) as error:
            found.append(str(error))
    return found


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
def generators() -> Any:
    def count(n: int) -> Any:
        try:
            while n:
                got = yield n
                note(got)
                n -= 1
        finally:
            note("closed")
        return "done"

    def delegate() -> Any:
        result = yield from count(2)
        yield result
        yield from [7, 8]

    one = delegate()
    found = [next(one), one.send("sent"), *one]
    other = count(5)
    next(other)
    other.close()
    try:
        other.throw(KeyError("k"))
    except KeyError as error:
        found.append(str(error))
    return found, noted(), list(x * y for x in range(3) for y in range(x) if x + y)


@form
def coroutines() -> Any:
    class Ready:
        def __await__(self) -> Any:
            yield "waiting"
            return 5

    async def numbers() -> Any:
        for i in range(2):
            yield i

    class Guard:
        async def __aenter__(self) -> str:
            return "in"

        async def __aexit__(self, *exception: object) -> None:
            note("out")

    async def main() -> Any:
        async with Guard() as place:
            found = [place, await Ready()]
        async for number in numbers():
            found.append(number)
        found.append([n async for n in numbers()])
        return found

    task = main()
    said = [task.send(None)]
    try:
        task.send(None)
    except StopIteration as stop:
        said.append(stop.value)
    return said, noted()


@form
def with_statements() -> Any:
    @contextmanager
    def manager() -> Any:
        note("before")
        try:
            yield {"k": 1}
        finally:
            note("after")

    box: dict[str, Any] = {}
    with manager() as box["a"], manager() as (key):
        note(key)
    with Loud("a"):
        raise ValueError("swallowed")
    return box, noted()


@form
def matches() -> Any:
    class Point:
        __match_args__ = ("x", "y")

        def __init__(self, x: Any, y: Any) -> None:
            self.x = x
            self.y = y

    def kind(value: Any) -> Any:
        match value:
            case [1, *rest] if rest:
                return "list", rest
            case {"a": a, **others}:
                return "mapping", a, others
            case Point(0, y=y) if y > 5:
                return "far", y
            case Point(x, y):
                return "point", x, y
            case str() | bytes() as text:
                return "text", text
            case None | True:
                return "constant"
            case _:
                return "other"

    values = ([1], [1, 2], {"a": 1, "b": 2}, Point(0, 9), Point(0, 1), "s", b"b", None, True, 3)
    return [kind(value) for value in values]


@form
def formatted() -> Any:
    x, width, items = 3.14159, 8, [1, "a"]
    return f"{x:.2f}|{x:>{width}.1f}|{items!r}|{items}|{x=}|{'n' + str(len(items))}", "%s %r" % (items, "q"), f"{{}}"  # noqa: F541, UP031


@form
def walrus() -> Any:
    found = [y := 5, y**2, [last := n for n in range(3)], last]
    if (n := len(found)) > 3:
        found.append(n)
    return found


@form
def slices() -> Any:
    class Slicer:
        def __getitem__(self, key: Any) -> Any:
            return key

    items = list(range(10))
    items[2:4] = ["a"]
    items[::3] = [0] * len(items[::3])
    del items[-2:]
    return Slicer()[1:2, ..., ::3, None], Slicer()[1:], items


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
def errors_and_their_lines() -> Any:
    def fail(how: int) -> Any:
        box: Any = Loud("a") if how > 4 else object()
        if how == 0:
            return box.missing
        if how == 1:
            box.missing = 1
        # fmt: off
        if how == 2:
            return [][
                how
            ]
        if how == 11:
            return (
                box
                .name
                .upper()
                .missing
                .more()
            )
        # fmt: on
        if how == 3:
            return {}["key"]
        if how == 4:
            return 1 + "a"  # type: ignore[operator]
        if how == 5:
            return len(5)  # type: ignore[arg-type]
        if how == 6:
            (lambda: 1 / 0)()
        if how == 7:
            return undefined  # type: ignore[name-defined]
        if how == 8:
            assert [] and how, f"wrong {how}"
        if how == 9:
            return [].pop()
        if how == 10:
            return how()  # type: ignore[operator]
        for _ in 5:  # type: ignore[attr-defined]
            pass

    found = []
    for how in range(13):
        try:
            fail(how)
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == __file__]
            found.append((type(error).__name__, str(error), [(f.name, f.lineno) for f in frames]))
    return found


@form
def iterators_are_what_they_were() -> Any:
    kinds = [type(iter(x)).__name__ for x in ([], {}, set(), (), "", range(1))]  # type: ignore[arg-type]
    counted = iter([1, 2, 3])
    return kinds, next(counted), counted.__length_hint__(), list(counted), next(counted, "end"), list(reversed([1, 2]))


@form
def sharing_is_identity() -> Any:
    a: list[Any] = []
    b = a
    b += [1]
    c = d = {}
    c["k"] = a
    return a is b, a, d["k"] is a, (a := [2]) is not b


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
