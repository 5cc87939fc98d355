"""What patterns of `match` ask: whether a value is of a kind, and for its parts. See `patterns`, which calls these.

Each answer is the one that the instruction of CPython gives which it stands for (MATCH_SEQUENCE, UNPACK_EX, MATCH_KEYS, MATCH_CLASS), with
the same errors. What is not in a table of types is asked of the interpreter itself, by a small `match`.
"""

from __future__ import annotations

from typing import Any

from treadle.runtime.instrumentation.addresses import Addresses

_SELVES = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
"""Classes of which a pattern's only argument stands for the value itself: docs.python.org/3/reference/compound_stmts.html, Class
Patterns."""


class Matching(Addresses):
    """The hooks for `match`."""

    def whole(self, value: Any) -> Any:
        """Before all of a value is looked at. Returns it."""
        raise NotImplementedError

    def unpack(self, value: Any) -> Any:
        """Before a value is unpacked. Returns it, or an iterator of ours."""
        raise NotImplementedError

    def is_sequence(self, value: Any) -> bool:
        """Whether a pattern in brackets may fit it."""
        match value:
            case [*_]:
                return True
        return False

    def is_mapping(self, value: Any) -> bool:
        """Whether a pattern in braces may fit it."""
        match value:
            case {}:
                return True
        return False

    def unpacked(self, value: Any, before: int, after: int | None) -> list[Any]:
        """So many first parts; unless `after` is None, also a list of what is between, and so many last parts.

        ValueError if others have made it too short, or too long, since it was asked for its length.
        """
        parts: list[Any]
        (*parts,) = self.unpack(value)  # which asks nobody for a length
        least = before + (after or 0)
        if len(parts) < least:
            how = "" if after is None else "at least "
            raise ValueError(f"not enough values to unpack (expected {how}{least}, got {len(parts)})")
        if after is None:
            if len(parts) > before:
                raise ValueError(f"too many values to unpack (expected {before})")
            return parts
        end = len(parts) - after
        return [*parts[:before], parts[before:end], *parts[end:]]

    def matched_mapping(self, value: Any, keys: tuple[Any, ...], rest: bool) -> list[Any] | None:
        """What is there under these keys, and if wanted a dictionary of all the rest; None if one of the keys is not."""
        if len(keys) != len({*keys}):
            again = next(key for index, key in enumerate(keys) if key in keys[:index])
            raise ValueError(f"mapping pattern checks duplicate key ({again!r})")
        nothing = object()
        found = []
        for key in keys:
            found.append(self.method(value, "get")(key, nothing))
            if found[-1] is nothing:
                return None
        if rest:
            left = {**self.mapped(self.whole(value))}
            for key in keys:
                del left[key]
            found.append(left)
        return found

    def matched_class(self, value: Any, cls: Any, number: int, names: tuple[str, ...]) -> list[Any] | None:
        """So many positional parts and the attributes with these names; None if it is no such object, or has not all of them."""
        match value:
            case cls():  # which says in its own words what is no class
                pass
            case _:
                return None
        found = []
        try:
            positional = self._positional(cls, number) if number else ()
            if positional is None:
                found.append(value)
            else:
                names = (*positional, *names)
            for index, name in enumerate(names):
                if name in names[:index]:
                    raise TypeError(f"{cls.__name__}() got multiple sub-patterns for attribute {name!r}")
                found.append(self.attribute(value, name))
        except AttributeError:
            return None
        return found

    def _positional(self, cls: type, number: int) -> tuple[str, ...] | None:
        """The names of so many first attributes; None: it is the object itself."""
        missing = object()
        names = self.getattr_(cls, "__match_args__", missing)
        itself = names is missing and issubclass(cls, _SELVES)
        if names is missing:
            names = ()
        if type(names) is not tuple:
            raise TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got {type(names).__name__})")
        allowed = 1 if itself else len(names)
        if number > allowed:
            many = "" if allowed == 1 else "s"
            raise TypeError(f"{cls.__name__}() accepts {allowed} positional sub-pattern{many} ({number} given)")
        if itself:
            return None
        for name in names[:number]:
            if type(name) is not str:
                raise TypeError(f"__match_args__ elements must be strings (got {type(name).__name__})")
        return names[:number]
