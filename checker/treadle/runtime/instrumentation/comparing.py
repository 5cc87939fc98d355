"""`sorted`, `min` and `max`: they take the items, ask `key` about each, and compare what it says.

In C that is one call, in which code of the program may run: the `key`, which may be `table.get` or look at an attribute that others
write, and the comparisons. So the parts are told apart here: the items are copied, or taken one by one; each is shown to
`key`, which makes its own accesses; and then keys are compared that nobody else has in a container.

Without a `key`, or where nothing is gone through, the call is one step, as any that only reads.
Source: `min_max` in CPython's Python/bltinmodule.c, `list_sort_impl` in Objects/listobject.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.containers import ALL
from treadle.runtime.instrumentation.defaults import Defaults

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING = object()


class Comparing(Defaults):
    """The hooks for functions that compare."""

    def sorted_(self, *args: Any, **kwargs: Any) -> list[Any]:
        """`sorted(...)`."""
        key = kwargs.pop("key", None)
        if key is None or len(args) != 1 or kwargs.keys() - {"reverse"}:
            return self._call(sorted, ALL, *args, **kwargs, **({} if key is None else {"key": key}))  # type: ignore[no-any-return]
        items = self._call_copying(list, *args)
        ask = self.attribute_callable(key)
        keys = [ask(item) for item in items]
        kwargs["key"] = keys.__getitem__
        order = self._guarded("sorted", ALL, tuple(keys), sorted, (range(len(keys)),), kwargs)
        return [items[place] for place in order]

    def min_(self, *args: Any, **kwargs: Any) -> Any:
        """`min(...)`."""
        return self._extreme(min, "<", args, kwargs)

    def max_(self, *args: Any, **kwargs: Any) -> Any:
        """`max(...)`."""
        return self._extreme(max, ">", args, kwargs)

    def _extreme(self, function: Callable[..., Any], symbol: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        key = kwargs.get("key")
        if key is None or len(args) != 1 or kwargs.keys() - {"key", "default"}:
            return self._call(function, ALL, *args, **kwargs)
        ask = self.attribute_callable(key)
        best = known = _NOTHING
        for item in self.iterate(*args):
            said = ask(item)
            if best is _NOTHING or self.truth(self.binary(symbol, said, known)):
                best, known = item, said
        if best is _NOTHING:
            return function((), **kwargs)
        return best

    def binary(self, symbol: str, left: Any, right: Any) -> Any:
        """`left < right`."""
        raise NotImplementedError
