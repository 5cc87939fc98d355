"""Generated scenarios with loops that hold a lock and let it go to wait with a timeout, and the same with their loops bounded.

As `expiring`. Such a loop is parked in the middle of its wait, with a lock of its own in a queue, where others may look for it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.laws.spins import Threads, Waiting, main, with_others

if TYPE_CHECKING:
    from tests.laws.generated import Dice

TURNS = 3


def holding(lock: str, turn: str, after: str, waits: str, before: str = "") -> Waiting:
    """A loop with this lock around it."""
    begin = f"{lock}.acquire()\n{before}".strip()
    return Waiting(begin, turn, f"{after}\n{lock}.release()".strip(), waits, f"{lock}.release()")


def waiting(dice: Dice) -> Waiting:
    """A loop that waits with a timeout."""
    stop, told, waits = "if box.x:\n    break\n", "told_ME.append(box.y)", "not box.x"
    return dice.pick(
        [
            holding("c", f"{stop}c.wait(0.1)", told, waits),
            holding("c", "if c.wait(0.1):\n    break", told, "True"),
            holding("c", f"{stop}last = box.y\nc.wait(0.1)", "told_ME.append(last)", waits, "last = 9"),
            holding("c", f"{stop}if c.wait(0.1):\n    told_ME.append('told')", "", waits),
            holding("c", f"{stop}if box.y:\n    box.y = 0\nc.wait(0.1)", told, waits),
            holding("c", "if c.wait(0.1) or box.x:\n    break", told, waits),
            holding("e._cond", "if e._flag:\n    break\ne._cond.wait(0.1)", told, "not e._flag"),
            holding(
                "q.not_empty",
                "if q._qsize():\n    break\nq.not_empty.wait(0.1)",
                "told_ME.append(q._get())",
                "not q._qsize()",
            ),
        ]
    )


def working(dice: Dice) -> str:
    """Something that such a loop may wait for, or not."""
    return dice.pick(
        [
            "with c:\n    box.x = 1\n    c.notify()",
            "with c:\n    box.x = 1",
            "box.x = 1",
            "with c:\n    box.y = 1\n    c.notify_all()",
            "with c:\n    c.notify()",
            "with c:\n    told_ME.append(c.wait(1))",
            "with c:\n    told_ME.append(len(c._waiters))",
            "told_ME.append(len(c._waiters))",
            "if c.acquire(blocking=False):\n    box.y = 2\n    c.release()\nelse:\n    told_ME.append('no')",
            "e.set()",
            "q.put(5)",
        ]
    )


def author(dice: Dice) -> Threads:
    """Two threads, or three, the first of which waits."""
    bodies: list[list[Waiting | str]] = [[waiting(dice)], [working(dice)]]
    return with_others(dice, bodies, working, TURNS)


if __name__ == "__main__":
    sys.exit(main(author))
