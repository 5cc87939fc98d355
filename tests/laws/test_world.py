"""Real code in a world has the traces of the abstract program that says the same.

The two share the operations of `treadle.semantics` and the search, and nothing else: the program is a machine of our
own, the code is Python that runs on greenlets, on private copies of the standard library. So equal counts say that
running adds nothing and loses nothing: no scheduling point of its own, no switch where there was none.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quality.worlds import explored
from treadle.model.verdict import Ending
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from collections.abc import Iterator

Statement = tuple[Any, ...]

HEAD = """
import threading, treadle
def scenario():
    locks = [threading.Lock() for _ in range(3)]
    told = [[] for _ in range({count})]
"""
TAIL = """
    threads = [threading.Thread(target=body) for body in ({names})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
"""


def statements(depth: int) -> st.SearchStrategy[Statement]:
    """A critical section, an attempt at one, a look at a lock, or a choice; sections may hold further statements."""
    inner = st.lists(statements(depth - 1), max_size=2) if depth else st.just([])
    lock = st.integers(0, 2)
    return st.one_of(
        st.tuples(st.just("with"), lock, inner),
        st.tuples(st.just("try"), lock, inner),
        st.tuples(st.just("choose"), st.integers(2, 3)),
    )


def abstract(block: list[Statement], registers: Iterator[int]) -> list[Any]:
    """The statements in the format of programs."""
    operations: list[Any] = []
    for kind, number, *rest in block:
        register = f"r{next(registers)}"
        if kind == "choose":
            operations.append(["choose", number, register])
            continue
        inside = [*abstract(rest[0], registers), ["unlock", f"m{number}"]]
        if kind == "with":
            operations += [["lock", f"m{number}"], *inside]
        else:
            operations += [["trylock", f"m{number}", register], ["if", register, inside]]
    return operations


def concrete(block: list[Statement], thread: int, indent: str) -> str:
    """The same statements in Python."""
    lines = []
    for kind, number, *rest in block:
        if kind == "choose":
            lines.append(f"{indent}told[{thread}].append(treadle.choose(range({number})))")
            continue
        inside = concrete(rest[0], thread, indent + "    ")
        if kind == "with":
            lines += [f"{indent}with locks[{number}]:", inside, f"{indent}    pass"]
        else:
            lines += [
                f"{indent}taken = locks[{number}].acquire(blocking=False)",
                f"{indent}told[{thread}].append(int(taken))",
                f"{indent}if taken:",
                inside,
                f"{indent}    locks[{number}].release()",
            ]
    return "\n".join(line for line in lines if line)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.lists(statements(1), min_size=1, max_size=2), min_size=2, max_size=3))
def test_code_has_the_traces_of_its_program(threads: list[list[Statement]]) -> None:
    """As many traces, and as many of them deadlocked, in code as in the abstract program."""
    data = {"name": "generated", "threads": [abstract(block, iter(range(99))) for block in threads]}
    program = Program(ProgramText.of(data))
    endings: list[Ending | None] = []
    counted = explore(program, Optimal(), stop_at_failure=False, watch=lambda e, _: endings.append(e.ending))
    bodies = "".join(f"    def body_{i}():\n{concrete(block, i, ' ' * 8)}\n" for i, block in enumerate(threads))
    names = "".join(f"body_{i}, " for i in range(len(threads)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "generated.py"
        file.write_text(HEAD.format(count=len(threads)) + bodies + TAIL.format(names=names), encoding="utf-8")
        found = explored("scenario", file=file)
    assert found.reasons == []
    assert found.verdict.executions == counted.executions
    assert found.verdict.deadlocks == endings.count(Ending.DEADLOCK)
    assert found.verdict.redundant == 0
