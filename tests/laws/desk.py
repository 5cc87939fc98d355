"""A desk at which each thread takes a number, in the files that a check of one needs: a module, a kit and a class.

The specification gives 0 to who comes first and 1 to the next. The classes differ in how the second one is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """---- MODULE Desk ----
EXTENDS Naturals
CONSTANTS Threads
VARIABLES next, at, told
vars == <<next, at, told>>
First == {first}
Init == next = 0 /\\ at = [t \\in Threads |-> "out"] /\\ told = [t \\in Threads |-> 0]
Call(t, what) == at[t] = "out" /\\ at' = [at EXCEPT ![t] = "in"] /\\ UNCHANGED <<next, told>>
Take(t) == /\\ at[t] = "in" /\\ (next = 0 => t \\in First)
           /\\ at' = [at EXCEPT ![t] = "has"] /\\ told' = [told EXCEPT ![t] = next] /\\ next' = next + 1
Return(t, result) == /\\ at[t] = "has" /\\ result = told[t]
                     /\\ at' = [at EXCEPT ![t] = "done"] /\\ UNCHANGED <<next, told>>
Next == \\E t \\in Threads : \\/ \\E what \\in {{"take"}} : Call(t, what)
                            \\/ Take(t)
                            \\/ \\E result \\in {{told[t]}} : Return(t, result)
Spec == Init /\\ [][Next]_vars
FairSpec == Spec
===="""
ANYBODY, ONE = "Threads", "{CHOOSE t \\in Threads : TRUE}"
"""Who may come first: anybody, as is fair; or one of them, whom the specification chooses."""
KIT = """
from treadle.conformance import Kit, models

class Desk(Kit):
    spec = "Desk"
    calls = ("take",)

    def constants(self, program):
        return {"Threads": models(program.names)}

    def make(self, kind, program, client):
        return kind()

    def perform(self, thing, call):
        return thing.take()

    def returned(self, call, result):
        return ("Return", result)
"""
CLASS = """
from threading import Lock, Thread, get_ident, local

class Mine:
    pass

class Desk:
    def __init__(self):
        self.lock = Lock()
        self.first = None
        self.mine = local()
        self.seen = set()

    def take(self):
        me = {me}
        with self.lock:
            if self.first is None:
                self.first = me
                return 0
            return 1 if {second} else 0
"""


def write(folder: Path, me: str, second: str, first: str = ANYBODY) -> tuple[str, str, str]:
    """The files; the class, the specification and the kit as they are named."""
    (folder / "Desk.tla").write_text(MODULE.format(first=first), encoding="utf-8")
    (folder / "kit.py").write_text(KIT, encoding="utf-8")
    (folder / "desk.py").write_text(CLASS.format(me=me, second=second), encoding="utf-8")
    return f"{folder}/desk.py:Desk", f"{folder}/Desk.tla", f"{folder}/kit.py:Desk"
