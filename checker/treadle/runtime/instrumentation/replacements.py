"""What stands in place of built-in functions that look at one attribute, one size, one item, or run code.

Each has the name of the function that it replaces, with an underscore behind it; `knowledge` says which.
"""

from __future__ import annotations

import functools
import itertools
import os
import sys
from collections import deque
from types import FunctionType, GeneratorType
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.comparing import Comparing
from treadle.runtime.instrumentation.containers import ALL, CHANGE, SIZE, is_container, is_foreign, next_of
from treadle.runtime.instrumentation.lodgings import is_lodging
from treadle.runtime.instrumentation.plain import IMMUTABLE, LEAVES, PLAIN, is_a
from treadle.runtime.instrumentation.rewriting import instrument
from treadle.runtime.instrumentation.walker import Branch, Held, Walker
from treadle.runtime.instrumentation.ways import CONTAINERS, ITERATORS, VIEWS, source_of, under

if TYPE_CHECKING:
    from treadle.runtime.locks import Lock


class Replacements(Comparing):
    """The hooks in place of built-in functions."""

    system: Any  # the world's `sys`

    def len_(self, value: Any) -> int:
        """`len(value)`."""
        kind = type(value)
        if kind is list or kind is dict or kind is deque:
            self.access(value, "len", SIZE)
        elif (kind not in PLAIN or kind in VIEWS) and is_foreign(kind, "__len__"):
            self.look("len", under(value), SIZE, kind.__len__)
        return len(value)

    def iter_(self, *args: Any) -> Any:
        """`iter(...)`."""
        if len(args) == 1:
            source = args[0]
            self.publish(source)
            self._begin(source)
            found = iter(source)
            if is_a(source, IMMUTABLE) or source_of(found) is not None:
                return self._walker(source, found)
            if is_foreign(type(source), "__iter__"):
                return found if is_foreign(type(source), "__next__") else iter(self.iterate(source))
            return found
        if len(args) == 2 and callable(args[0]):  # noqa: PLR2004 - iter(function, sentinel)
            return iter(self.callee(args[0]), args[1])
        return iter(*args)

    def reversed_(self, source: Any) -> Any:
        """`reversed(...)`."""
        self._begin(source)
        return self._walker(source, reversed(source))

    def _begin(self, source: Any) -> None:
        """An iterator begins: one backwards at the end that there is now, any other with the number of keys that there are."""
        owner = under(source)
        if is_container(type(owner)):
            self.access(owner, "iter", SIZE)

    def _walker(self, source: Any, found: Any) -> Any:
        """An iterator that makes its accesses itself, where it goes through a container. See `walker`."""
        if is_a(source, IMMUTABLE) or source_of(found) is None:
            return found
        self.publish(found)
        return Walker(found, self.advance, self._look_at_position)

    def asked_by_several(self, value: Any) -> Any:
        """What `iterate` gives, but no generator where there is an iterator of the interpreter."""
        new = self.iterate(value)
        if new is value or type(new) is not GeneratorType:
            return new
        if type(value) is not list:
            self._begin(value)
        found = iter(value)
        if found is value:
            return Walker(found, self.advance, self._look_at_position)
        if source_of(found) is None:
            return new
        return Held(found, self._advance_held, self._look_at_position, self._held_twice)

    def _advance_held(self, iterator: Any) -> None:
        """Before the next item of an iterator that another one goes through."""
        source = source_of(iterator)
        if source is not None:
            way, key = next_of(iterator, source)
            self.access(source, "next", way, key)

    def _held_twice(self) -> None:
        self.incomplete("two tasks ask one iterator at once, while what it goes through is changed")

    def tee_(self, source: Any, /, *number: int) -> Any:
        """`itertools.tee(...)`. See `walker`."""
        self.publish(source)
        if type(source) is Branch:
            inner, root = source.inner, source.root
        elif type(source) is Walker:
            inner = root = source.inner
        else:
            inner = root = iter(source) if type(source) in CONTAINERS or type(source) in ITERATORS else None
        if root is None:
            return self._call_lazily(itertools.tee, source, *number)
        self.publish(root)
        branches = itertools.tee(inner, *number)
        self.publish(branches)
        return tuple([Branch(branch, root, self._advance_branch, self._look_at_position) for branch in branches])

    def _advance_branch(self, branch: Any, root: Any) -> None:
        """Before the next item of an iterator of `tee`."""
        source = source_of(root)
        touched = [(branch, CHANGE, None), (root, CHANGE, None)]
        self.access_all("next", touched if source is None else [*touched, (source, *next_of(root, source))])

    def _look_at_position(self, iterator: Any) -> None:
        """How far an iterator is, and how much is left."""
        source = source_of(iterator)
        looks = [(iterator, ALL, None)] if source is None else [(iterator, ALL, None), (source, SIZE, None)]
        self.access_all("look", looks)

    def _call_container(self, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        if name == "__iter__" and not args:
            return self.iter_(owner)
        if self.closely and self.crowded and is_lodging(owner, name, args, self.turns.current):
            return self._lodge(owner, name, args[0])
        if name in _SEEKING and args and _may_hold_others(args[0]):
            self._look_for(owner, name, args[0])
        return super()._call_container(owner, name, *args, **kwargs)

    def _look_for(self, owner: Any, name: str, part: Any) -> None:
        """A container is sought in another one: what is in them is compared, which is no part of the step that follows."""
        if is_a(owner, (list, deque)):
            before = len(self.events)
            self.touch_deeply(name, ALL, (part, owner))
            if len(self.events) > before:
                self.incomplete(f"{name} compares what others change")

    def _lodge(self, queue: Any, name: str, lock: Lock) -> None:
        """Put a lock of the running task into a queue of waiters, or take it out. See `lodgings`."""
        lodgings, task = self.lodgings, self.turns.current
        before, last = len(self.events), _last(queue)
        lodgings.blind.add(task)
        try:
            super()._call_container(queue, name, lock)
        finally:
            lodgings.blind.discard(task)
        thing = self.meet(queue)
        if thing is not None:
            self.overlook(thing, name)
            lodging = lodgings.put(thing, lock, last, task) if name == "append" else lodgings.take(thing, lock)
            if lodging is not None:
                if name == "remove" and last is lock:
                    lodging.left = _last(queue)
                lodging.deeds.append(self.turns.deeds)
                lodging.events += self.events[-1:] if len(self.events) > before else []

    def _call_copying(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if function is dict and len(args) == 1:
            args = (self.mapped(args[0]),)
        return super()._call_copying(function, *args, **kwargs)

    def _call_method(self, function: Any, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        if name == "update" and len(args) == 1 and is_a(owner, dict):
            args = (self.mapped(args[0]),)
        return super()._call_method(function, owner, name, *args, **kwargs)

    def mapped(self, value: Any) -> Any:
        """A mapping of the program's own as a dictionary, made as C makes it: the keys, and then each value."""
        if not _is_mapping_of_the_program(type(value)):
            return value
        return {key: value[key] for key in self.iterate(value.keys())}

    def print_(self, *args: Any, **kwargs: Any) -> None:
        """`print(...)`: to `sys.stdout`, unless it is told where to."""
        if kwargs.get("file") is None:
            self.load(self.system, "stdout")
            if self.system.is_redirected("stdout"):
                kwargs["file"] = sys.stdout
        self._call(print, ALL, *args, **kwargs)

    def next_(self, *args: Any) -> Any:
        """`next(...)`."""
        if args and is_foreign(type(args[0]), "__next__"):
            self.advance(args[0])
        return next(*args)

    def getenv_(self, *args: Any, **kwargs: Any) -> Any:
        """`os.getenv(...)`."""
        self.touch_deeply("getenv", ALL, (os.environ,))
        return os.getenv(*args, **kwargs)

    def reduce_(self, function: Any, source: Any, *initial: Any) -> Any:
        """`functools.reduce(...)`."""
        return functools.reduce(self.callee(function), self.iterate(source), *initial)

    def getattr_(self, owner: Any, name: str, *default: Any) -> Any:
        """`getattr(...)`."""
        if not isinstance(name, str):
            return getattr(owner, name, *default)
        if not default:
            return self.attribute(owner, name)
        try:
            return self.attribute(owner, name)
        except AttributeError:
            return default[0]

    def setattr_(self, owner: Any, name: str, value: Any) -> None:
        """`setattr(...)`."""
        if isinstance(name, str):
            self.store(value, owner, name)
        else:
            setattr(owner, name, value)

    def delattr_(self, owner: Any, name: str) -> None:
        """`delattr(...)`."""
        self.delete(owner, name)

    def hasattr_(self, owner: Any, name: str) -> bool:
        """`hasattr(...)`."""
        try:
            self.load_any(owner, name)
        except AttributeError:
            return False
        return True

    def vars_(self, *args: Any) -> Any:
        """`vars(...)` of an object."""
        if args and hasattr(args[0], "__dict__"):
            return self.load_any(args[0], "__dict__")
        return vars(*args)

    def dir_(self, value: Any) -> list[str]:
        """`dir(value)`: which attributes there are."""
        thing = self.meet(value) if self.crowded or not self.is_quiet() else None
        if thing is not None and thing.is_namespace and not is_a(thing.referent, dict):
            self.access(value, "dir", ALL)
        return dir(value)

    def exec_(self, source: Any, *where: Any, **closure: Any) -> None:
        """`exec(...)`; the code is rewritten first."""
        self.turns.deeds += 1
        frame = sys._getframe(1)
        code, where = self._compiled(source, where, frame, "exec")
        exec(code, *where, **closure)  # noqa: S102 - the program's own exec

    def eval_(self, source: Any, *where: Any) -> Any:
        """`eval(...)`; the expression is rewritten first."""
        self.turns.deeds += 1
        frame = sys._getframe(1)
        code, where = self._compiled(source, where, frame, "eval")
        return eval(code, *where)  # noqa: S307 - the program's own eval

    def _compiled(self, source: Any, where: tuple[Any, ...], frame: Any, mode: str) -> tuple[Any, tuple[Any, ...]]:
        if not where or where[0] is None:
            where = (frame.f_globals, frame.f_locals, *where[2:]) if len(where) <= 1 else (frame.f_globals, *where[1:])
        namespace = where[0]
        if "__builtins__" not in namespace:
            namespace["__builtins__"] = frame.f_builtins
        if not is_a(source, (str, bytes)):
            self.unseen(f"{mode} of code that was compiled elsewhere")
            return source, where
        return instrument(source, "<string>", mode=mode, unseen=self.unseen), where


def _last(queue: Any) -> Any:
    return queue[-1] if queue else None


def _may_hold_others(value: Any) -> bool:
    """Whether it is compared with something else by looking into what it holds, which could change."""
    if type(value) is tuple:
        return any(type(part) not in LEAVES for part in value)
    return is_container(type(value))


_SEEKING = frozenset({"index", "count", "remove", "__contains__"})


def _is_mapping_of_the_program(kind: type) -> bool:
    """Whether `dict` asks such an object for its keys, and for the value of each."""
    return (
        not issubclass(kind, dict)
        and type(getattr(kind, "keys", None)) is FunctionType
        and hasattr(kind, "__getitem__")
    )
