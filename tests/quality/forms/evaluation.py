# ruff: noqa: PERF401, RUF059
# mypy: ignore-errors
# Python is wanted here in every form that it has.
"""The order of evaluation, assignments, loops, operators, strings: each form is a function that returns what it came to."""

from __future__ import annotations

from typing import Any

from tests.quality.forms.loud import Loud, note, noted

FORMS: list[Any] = []


def form(function: Any) -> Any:
    """One of the forms."""
    FORMS.append(function)
    return function


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
def unpacking_within() -> Any:
    found: Any = []
    (a, (b, *c)), [d, [e, *_, f]], *g = [[1, "two"], iter([{3: 4}, [5, 6, 7]]), 8, 9]
    found.append((a, b, c, d, e, f, g))
    for i, ((j, k), *m) in zip(range(2), [["ab", 1, 2], [(3, 4)]], strict=True):
        found.append((i, j, k, m))
    found.append([(n, o, p) for n, (o, p) in enumerate([{1: 1, 2: 2}, range(2)])])
    for wrong in ([[1], 2], [[1, 2, 3], 4], [5, 6], [[1, 2]], [iter([]), 7], [[8, 9], 10, 11]):
        try:
            (q, r), s = wrong
        except (TypeError, ValueError) as error:
            found.append(str(error).partition(",")[0])
    return found


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
def formatted() -> Any:
    x, width, items = 3.14159, 8, [1, "a"]
    return f"{x:.2f}|{x:>{width}.1f}|{items!r}|{items}|{x=}|{'n' + str(len(items))}", "%s %r" % (items, "q"), f"{{}}"  # noqa: F541, UP031


@form
def iterators_are_what_they_were() -> Any:
    # (What `type` says is another matter: docs/explanation/accesses.md, What is different in rewritten code.)
    kinds = [iter(x).__class__.__name__ for x in ([], {}, set(), (), "", range(1))]  # type: ignore[arg-type]
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
