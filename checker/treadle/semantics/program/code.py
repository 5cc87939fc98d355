"""The operations of a thread, flattened: a list of instructions in which branches and loops are jumps.

An instruction is *visible* (it makes one operation on shared objects, which the search schedules) or *local* (it
concerns only the thread's registers, and runs as soon as it is reached).

`SHAPES` says what each operation of the format takes; whatever does not fit is a ProgramError that names it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treadle.errors import ProgramError
from treadle.semantics.program.expressions import Expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Operation
    from treadle.semantics.program.expressions import Registers

SHAPES: dict[str, str] = {
    "r": "location [register]",
    "w": "location [expression]",
    "rmw": "location [expression] [register]",
    "cas": "location expression expression [register]",
    "await": "location expression [register]",
    "xchg_await": "location expression expression [register]",
    "lock": "mutex",
    "unlock": "mutex",
    "trylock": "mutex [register]",
    "sem_acq": "semaphore",
    "sem_rel": "semaphore",
    "wait": "condition mutex",
    "timedwait": "condition mutex [register]",
    "notify": "condition",
    "notify_all": "condition",
    "spawn": "thread",
    "join": "thread",
    "choose": "count register",
    "let": "register expression",
    "if": "expression operations [operations]",
    "while": "expression operations",
    "assume": "expression",
    "assert": "expression",
    "break": "",
    "exit": "",
}
"""For each operation its arguments, the optional ones in brackets."""


@dataclass(slots=True)
class Visible:
    """Makes the thread's next operation; its result goes to the register, if there is one."""

    where: str
    build: Callable[[Registers], Operation]
    register: str | None = None


@dataclass(slots=True)
class Let:
    """Sets a register."""

    register: str
    expression: Expression


@dataclass(slots=True)
class Branch:
    """Goes on if the condition holds, else jumps."""

    condition: Expression
    target: int = -1


@dataclass(slots=True)
class Jump:
    """Jumps."""

    target: int = -1


@dataclass(slots=True)
class Assume:
    """Stops here for good unless the condition holds."""

    condition: Expression


@dataclass(slots=True)
class Assert:
    """Notes a failure unless the condition holds, and goes on."""

    condition: Expression


Instruction = Visible | Let | Branch | Jump | Assume | Assert
END = 10**9
"""Where `exit` jumps: behind every instruction."""


@dataclass(slots=True)
class Flattener:
    """Flattens one thread. `visible` makes the instructions of an operation on shared objects."""

    visible: Callable[[str, list[Any], str], list[Visible]]
    code: list[Instruction] = field(default_factory=list)

    def block(self, operations: object, where: str, breaks: list[Jump] | None) -> None:
        """Append the instructions of some operations; `breaks` collects what leaves the innermost loop."""
        if not isinstance(operations, list):
            raise ProgramError(f"{where}: {_brief(operations)} is no list of operations", expected="[[...], ...]")
        separator = " > operation " if "operation" in where else ", operation "
        for number, operation in enumerate(operations):
            self._one(operation, f"{where}{separator}{number}", breaks)

    def _one(self, operation: object, where: str, breaks: list[Jump] | None) -> None:
        name, arguments = checked(operation, where)
        where = f"{where} {_brief(operation)}"
        match name:
            case "if":
                self._if(arguments, where, breaks)
            case "while":
                self._while(arguments, where)
            case "break":
                self._break(where, breaks)
            case "exit":
                self.code.append(Jump(END))
            case "let":
                self.code.append(Let(register(arguments[0], where), Expression(arguments[1], where)))
            case "assume":
                self.code.append(Assume(Expression(arguments[0], where)))
            case "assert":
                self.code.append(Assert(Expression(arguments[0], where)))
            case _:
                self.code += self.visible(name, arguments, where)

    def _if(self, arguments: list[Any], where: str, breaks: list[Jump] | None) -> None:
        branch = Branch(Expression(arguments[0], where))
        self.code.append(branch)
        self.block(arguments[1], f"{where} then", breaks)
        if len(arguments) > 2 and arguments[2]:  # noqa: PLR2004 - the else is the third
            over = Jump()
            self.code.append(over)
            branch.target = len(self.code)
            self.block(arguments[2], f"{where} else", breaks)
            over.target = len(self.code)
        else:
            branch.target = len(self.code)

    def _while(self, arguments: list[Any], where: str) -> None:
        top = len(self.code)
        branch = Branch(Expression(arguments[0], where))
        self.code.append(branch)
        breaks: list[Jump] = []
        self.block(arguments[1], where, breaks)
        self.code.append(Jump(top))
        branch.target = len(self.code)
        for jump in breaks:
            jump.target = len(self.code)

    def _break(self, where: str, breaks: list[Jump] | None) -> None:
        if breaks is None:
            raise ProgramError(f"{where}: there is no loop to leave", expected="a break inside a while")
        jump = Jump()
        breaks.append(jump)
        self.code.append(jump)


def checked(operation: object, where: str) -> tuple[str, list[Any]]:
    """The name and the arguments of an operation; ProgramError if it is unknown or has the wrong number of them."""
    if not isinstance(operation, list) or not operation or not isinstance(operation[0], str):
        raise ProgramError(f"{where}: {_brief(operation)} is no operation", expected='a list such as ["r", "x", "a"]')
    name, *arguments = operation
    if name not in SHAPES:
        raise ProgramError(
            f"{where} {_brief(operation)}: there is no operation {name!r}", expected=f"one of {', '.join(SHAPES)}"
        )
    shape = SHAPES[name].split()
    least = sum(not part.startswith("[") for part in shape)
    if not least <= len(arguments) <= len(shape):
        raise ProgramError(
            f"{where} {_brief(operation)}: the wrong number of arguments",
            expected=" ".join([name, *shape]),
            got=str(len(arguments)),
        )
    return name, arguments


def register(name: object, where: str) -> str:
    """The name of a register; ProgramError if it is none."""
    if not isinstance(name, str) or not name.isidentifier():
        raise ProgramError(f"{where}: {name!r} names no register", expected="a name such as 'a'")
    return name


def _brief(value: object, width: int = 60) -> str:
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= width else f"{text[:width]}..."
