"""NumPy's arrays: each element is a location, and a view is as many elements of the array whose memory it shows.

So `a[1:3] = b[0:2]` touches two elements of each; two threads that write different rows of one array do not conflict, and
one that writes a row which another one reads does, however they came by it. Which elements those are follows from the address, the
shape and the strides of the view, as NumPy finds them itself.

- A slice, `reshape`, `T` make a view, which reads nothing.
- A universal function (`np.add`) reads its operands and writes `out`; a method reads or changes the elements of its
  array, as the table in `ways` says. The functions in `READING` read what they are handed, and write `out`; any other
  function of NumPy is taken to change all arrays that it is handed.
- Each is one step. NumPy may let other threads run in the middle of it, which is not followed: `a += 1` of two threads loses
  nothing here. That nothing orders them is seen, though: at granularity `sync` it is a data race.

Whole arrays take the place of elements where there are more than `MOST` of them, where the memory does not lie row after row,
where elements overlap (views of another type), and where they are objects. Functions and types of NumPy are constants.

Law: tests/quality/races/arrays.py, tests/verify/test_jacobi.py.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.containers import ALL, CHANGE, GET, SET
from treadle.runtime.instrumentation.deep import Deep
from treadle.runtime.instrumentation.plain import is_array
from treadle.runtime.instrumentation.ways import table_of_arrays, under

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from treadle.runtime.instrumentation.locations import Location, Thing

    Cells = tuple[Hashable, ...]

MOST = 1_024
"""An operation on more elements than these is one on the whole array."""

READING = frozenset(
    {"abs", "all", "allclose", "amax", "amin", "any", "arange", "argmax", "argmin", "argsort", "around", "array",
     "array_equal", "asarray", "ascontiguousarray", "average", "bincount", "clip", "column_stack", "concatenate", "copy",
     "count_nonzero", "cross", "cumsum", "diag", "diff", "digitize", "dot", "einsum", "empty", "empty_like", "eye",
     "flatnonzero", "flip", "full", "full_like", "hstack", "identity", "inner", "interp", "isclose", "linspace", "matmul",
     "max", "mean", "median", "meshgrid", "min", "ndim", "nonzero", "norm", "ones", "ones_like", "outer", "pad",
     "percentile", "prod", "ptp", "ravel", "repeat", "reshape", "roll", "round", "searchsorted", "shape", "size", "sort",
     "split", "squeeze", "stack", "std", "sum", "take", "tensordot", "tile", "trace", "transpose", "unique", "var",
     "vdot", "vstack", "where", "zeros", "zeros_like"}
)  # fmt: skip
"""Functions that change nothing but what they are handed as `out`."""

_CALLABLE = frozenset({"ufunc", "_ArrayFunctionDispatcher"})


class Arrays(Deep):
    """The hooks for arrays."""

    def touch_arrays(self, label: str, reads: Iterable[Any], writes: Iterable[Any]) -> None:
        """One step that reads and writes these arrays; what is among them besides arrays is looked at as it is always."""
        wanted = [*((value, GET) for value in reads), *((value, SET) for value in writes)]
        if not self.crowded:
            for value, _ in wanted:
                self.publish(value)
            return
        others = [value for value, _ in wanted if not is_array(type(value))]
        if others:
            self.touch_deeply(label, ALL, others)
        parts: list[tuple[Thing, str, Cells | None]] = []
        for value, way in wanted:
            if is_array(type(value)):
                thing = self.meet(under(value))
                if thing is not None:
                    parts.append((thing, way, _cells(value)))
        if parts:
            self._touch_cells(label, tuple(parts))

    def _touch_cells(self, label: str, parts: tuple[tuple[Thing, str, Cells | None], ...]) -> None:
        first = parts[0][0]
        key = ("arrays", (label, *((thing.name, way, cells) for thing, way, cells in parts)))
        plan = first.plans.get(key)
        if plan is None:
            things = tuple(dict.fromkeys(thing for thing, _, _ in parts))
            plan = first.plans[key] = self.plan(label, things, self._of_cells(parts))
        if plan.segment < self.base + len(self.events):
            self.touch(plan)

    def _of_cells(self, parts: tuple[tuple[Thing, str, Cells | None], ...]) -> Iterator[tuple[Location, str]]:
        for thing, way, cells in parts:
            if cells is None:
                yield from self.accesses(thing, ALL if way == GET else CHANGE)
            else:
                for cell in cells:
                    yield from self.accesses(thing, way, cell)

    def before_array_item(self, owner: Any, key: Any, label: str, method: str) -> None:
        """An element, or some; nothing where only a view is made."""
        keys = key if type(key) is tuple else (key,)
        simple = all(type(part) in (int, slice, type(...), type(None)) or _is_number(part) for part in keys)
        way = GET if method == "__getitem__" else SET
        if simple and way == GET and any(type(part) in (slice, type(...), type(None)) for part in keys):
            return
        if simple and way == GET and len(keys) < owner.ndim:
            return
        thing = self.meet(under(owner))
        if thing is not None and self.crowded:
            self._touch_cells(label, ((thing, way, _cells(owner, keys if simple else None)),))

    def call_numpy(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function of NumPy."""
        kwargs_read = [value for name, value in kwargs.items() if name != "out"]
        count = getattr(function, "nin", len(args))
        written = [*args[count:], *_outputs(kwargs)]
        handed = [value for value in (*args[:count], *kwargs_read) if type(value) not in _SCALARS]
        reading = hasattr(function, "nin") or function.__name__ in READING
        label = f"numpy.{function.__name__}"
        arrays = [value for value in handed if is_array(type(value))]
        if reading:
            self.touch_arrays(label, handed, [value for value in written if value is not None])
        else:
            self.touch_deeply(label, CHANGE, [value for value in handed if not is_array(type(value))])
            self.touch_arrays(label, (), [*arrays, *(value for value in written if value is not None)])
        return function(*args, **kwargs)

    def call_of_array(self, function: Any, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """A method of an array."""
        way = table_of_arrays.get(name, CHANGE)
        if way == "view":
            way = "nothing" if owner.flags.c_contiguous else ALL
        if way == "nothing":
            return function(*args, **kwargs)
        handed = [v for v in (*args, *(v for n, v in kwargs.items() if n != "out")) if type(v) not in _SCALARS]
        if name in ("__getitem__", "__setitem__"):
            self.before_array_item(owner, args[0], name, name)
            handed, way = [*handed[1:]], "nothing"
        reads = [owner, *handed] if way not in (CHANGE, "nothing") else handed
        self.touch_arrays(name, reads, [*([owner] if way == CHANGE else ()), *_outputs(kwargs)])
        return function(*args, **kwargs)


_SCALARS = frozenset({int, float, complex, bool, str, bytes, type(None), type, slice, type(...)})


def is_of_numpy(function: Any) -> bool:
    """Whether it is a function of NumPy's, of whatever kind; what makes random numbers is not."""
    kind = type(function)
    if kind.__module__.partition(".")[0] == "numpy":
        return kind.__name__ in _CALLABLE
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0] == "numpy" and ".random" not in module


def _outputs(kwargs: dict[str, Any]) -> tuple[Any, ...]:
    out = kwargs.get("out")
    return tuple(part for part in (out if type(out) is tuple else (out,)) if part is not None)


def _is_number(part: Any) -> bool:
    return hasattr(type(part), "__index__") and not hasattr(type(part), "__len__") and type(part) is not bool


def _cells(array: Any, key: Any = ()) -> Cells | None:
    """The elements of an array, or those that the key takes of it, by their indices in the array whose memory it is.

    None: as many as there are, or nobody knows which. A key of None stands for all.
    """
    root = under(array)
    if array.size > MOST or not root.flags.c_contiguous or array.itemsize != root.itemsize or root.dtype.hasobject:
        return None
    start = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    places = _places(root.shape, root.itemsize, start, array.shape, array.strides)
    if places is None:
        return None
    try:
        chosen = places if key is None or key == () else places[key]
    except IndexError:
        return ()  # NumPy is about to say so
    return _unravelled(root.shape, tuple(sys.modules["numpy"].unique(chosen).tolist()))


@functools.lru_cache(maxsize=1_024)
def _places(
    root: tuple[int, ...], size: int, start: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> Any | None:
    """For each element of a view its number in the memory of the whole; None where they do not fall on elements."""
    numpy = sys.modules["numpy"]
    places = numpy.full(shape, start)
    for axis, (length, stride) in enumerate(zip(shape, strides, strict=True)):
        steps = numpy.arange(length) * stride
        places = places + steps.reshape([-1 if other == axis else 1 for other in range(len(shape))])
    if (places % size).any() or start < 0:
        return None
    places //= size
    return places if not places.size or places.max() < numpy.prod(root, dtype=int) else None


@functools.lru_cache(maxsize=1_024)
def _unravelled(root: tuple[int, ...], places: tuple[int, ...]) -> Cells:
    numpy = sys.modules["numpy"]
    return tuple(tuple(map(int, numpy.unravel_index(place, root))) for place in places)
