"""Faults: exceptions that the search may throw into threads, as many as were asked for.

As text: `N[:EXCEPTION][@THREAD,...][%CODE,...]`. `1` is one KeyboardInterrupt, in any thread, anywhere in code that runs
in the world; `2:myapp.Stop@main,reader%myapp` are at most two of the class `Stop` of the module `myapp`, in the main
thread or the one called "reader", while code of `myapp` or of a module inside it runs; `1%threading.Barrier` is one while
a method of that class runs (and not what it calls).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from treadle.errors import UsageError

_FORM = re.compile(r"(?P<number>\d+)(:(?P<exception>[\w.]+))?(@(?P<threads>[^%]+))?(%(?P<code>[\w.,<>]+))?")
_SAID = "N[:EXCEPTION][@THREAD,...][%CODE,...], such as 1, 1:TimeoutError, 1@main or 2%myapp"


@dataclass(frozen=True, slots=True)
class Faults:
    """How many exceptions may be delivered in one execution, which, into whom, and where."""

    number: int = 0  # at most so many in one execution, over all threads
    exception: str = "KeyboardInterrupt"  # a built-in class, or "module.Class"; it is made without arguments
    threads: tuple[str, ...] = ()  # "main", "main.1", or what the program calls it; empty: any
    code: tuple[str, ...] = ()  # while that of these modules, classes or functions runs; empty: any

    @classmethod
    def of(cls, given: Faults | int | str) -> Faults:
        """Understand what was given: a number, the text, or what it stands for. UsageError for anything else."""
        if isinstance(given, Faults):
            return given
        found = _FORM.fullmatch(str(given))
        if found is None:
            raise UsageError("faults cannot be understood", expected=_SAID, got=repr(given))
        return cls(
            int(found["number"]),
            found["exception"] or cls().exception,
            _list(found["threads"]),
            _list(found["code"]),
        )

    def __str__(self) -> str:
        exception = f":{self.exception}" if self.exception != Faults().exception else ""
        threads = f"@{','.join(self.threads)}" if self.threads else ""
        code = f"%{','.join(self.code)}" if self.code else ""
        return f"{self.number}{exception}{threads}{code}"

    def reach(self, module: str) -> bool:
        """Whether an exception may be delivered anywhere in this module."""
        return self.cover(module) or any(name.startswith(f"{module}.") for name in self.code)

    def cover(self, code: str) -> bool:
        """Whether an exception may be delivered while this runs: a module's name, or a function's with its module."""
        return not self.code or any(code == name or code.startswith(f"{name}.") for name in self.code)


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
