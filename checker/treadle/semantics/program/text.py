"""Programs as text: the JSON format, and what is expected of each program.

A file is an object with a list `programs`, or a bare list of programs, or one program. A program has `threads` (lists of
operations, see `code.SHAPES`) and may have `name`, `init`, `deferred`, `sem`, `cv_policy`, `coarse_trylock`,
`same_value_writes_commute`, `sym` (interchangeable threads: for each its identical predecessor), and the counts that are
expected: `traces`, `complete`, `deadlock`, `assume`, `errors`, and `complete_within_preemptions`. Other
fields (notes, sources) are left alone. Whatever is malformed is a ProgramError that names the program.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.errors import ProgramError
from treadle.semantics.conditions import Policy
from treadle.semantics.program.expressions import normal

if TYPE_CHECKING:
    from pathlib import Path

COUNTS = ("traces", "complete", "deadlock", "assume", "errors")
"""What can be expected of a program: numbers of traces."""


@dataclass(frozen=True, slots=True)
class ProgramText:
    """One program as it was written, checked down to its threads; their operations are for `code` to check."""

    name: str
    threads: list[Any]
    init: dict[str, Any]
    deferred: frozenset[int]
    semaphores: dict[str, int]
    policy: Policy
    coarse_trylock: bool
    same_value_writes_commute: bool
    symmetric: dict[int, int]  # threads that are declared to be interchangeable with a predecessor: that one
    preemptions: list[int] | None  # complete traces within 0, 1, 2, ... preemptions, if that is given
    expected: dict[str, int]  # of `COUNTS`, those that are given

    @classmethod
    def of(cls, data: object, number: int = 0) -> ProgramText:
        """Check one program."""
        if not isinstance(data, dict):
            raise ProgramError(
                f"program {number} is no object", expected='{"name": ..., "threads": ...}', got=str(data)
            )
        name = str(data.get("name", f"program {number}"))
        reader = _Reader(name, data)
        threads = reader.take("threads", list, None)
        return cls(
            name=name,
            threads=threads,
            init={location: _value(value) for location, value in reader.take("init", dict, {}).items()},
            deferred=reader.threads("deferred", len(threads)),
            semaphores={semaphore: reader.count(n, "sem") for semaphore, n in reader.take("sem", dict, {}).items()},
            policy=reader.policy(),
            coarse_trylock=reader.take("coarse_trylock", bool, default=False),
            same_value_writes_commute=reader.take("same_value_writes_commute", bool, default=False),
            symmetric=reader.symmetric(threads),
            preemptions=reader.preemptions(),
            expected={field: reader.count(data[field], field) for field in COUNTS if field in data},
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes the fields of one program, each with a check."""

    name: str
    data: dict[str, Any]

    def take(self, field: str, kind: type, default: Any) -> Any:
        if field not in self.data and default is not None:
            return default
        value = self.data.get(field)
        if not isinstance(value, kind):
            got = "nothing" if field not in self.data else json.dumps(value)[:60]
            raise ProgramError(f"program {self.name!r}: wrong {field!r}", expected=_KINDS[kind], got=got)
        return value

    def threads(self, field: str, count: int) -> frozenset[int]:
        numbers = self.take(field, list, [])
        for number in numbers:
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < count:
                message = f"program {self.name!r}: wrong {field!r}"
                raise ProgramError(message, expected=f"numbers of threads, from 0 to {count - 1}", got=repr(number))
        return frozenset(numbers)

    def count(self, value: object, field: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            message = f"program {self.name!r}: wrong {field!r}"
            raise ProgramError(message, expected="an integer that is not negative", got=repr(value))
        return value

    def symmetric(self, threads: list[Any]) -> dict[int, int]:
        """Each thread and its predecessor, which must have the same operations."""
        pairs: dict[int, int] = {}
        for thread, predecessor in self.take("sym", dict, {}).items():
            number = int(thread) if str(thread).isdecimal() else -1
            fits = isinstance(predecessor, int) and 0 <= predecessor < number < len(threads)
            if not fits or threads[number] != threads[predecessor]:
                raise ProgramError(
                    f"program {self.name!r}: wrong 'sym'",
                    expected='{"later thread": earlier thread, ...}, each two with the same operations',
                    got=f"{thread!r}: {predecessor!r}",
                )
            pairs[number] = predecessor
        return pairs

    def preemptions(self) -> list[int] | None:
        field = "complete_within_preemptions"
        if field not in self.data:
            return None
        return [self.count(value, field) for value in self.take(field, list, None)]

    def policy(self) -> Policy:
        value = self.data.get("cv_policy", "fifo")
        if value not in {"fifo", "any"}:
            message = f"program {self.name!r}: wrong 'cv_policy'"
            raise ProgramError(message, expected='"fifo" or "any"', got=repr(value))
        return Policy(value)


_KINDS: dict[type, str] = {list: "a list", dict: "an object", bool: "true or false"}


def _value(value: object) -> object:
    """A value of a cell, as data that does not change."""
    return tuple(map(_value, value)) if isinstance(value, list) else normal(value)


def read(path: Path) -> list[ProgramText]:
    """The programs of a file; ProgramError if it cannot be read or is not in the format."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProgramError(f"cannot read {path}", got=error.strerror, expected="a file of abstract programs") from error
    except (ValueError, RecursionError) as error:
        raise ProgramError(f"{path} is not JSON", got=str(error)) from error
    return programs(data, str(path))


def programs(data: object, source: str) -> list[ProgramText]:
    """The programs in plain data."""
    if isinstance(data, dict):
        data = data.get("programs", [data])
    if not isinstance(data, list):
        raise ProgramError(f"{source}: wrong 'programs'", expected="a list of programs", got=json.dumps(data)[:60])
    return [ProgramText.of(program, number) for number, program in enumerate(data)]
