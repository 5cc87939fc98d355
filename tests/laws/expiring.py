"""Generated scenarios with loops that wait with a timeout: the code as people write it, and the same with its loops bounded.

As `spins`, of which this has the form. A turn of such a loop makes a lock, puts it into a queue, lets go what it holds, and
takes everything back when the timeout expires; so more happens in a turn, and the bounded loops make fewer of them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.laws.spins import Threads, Waiting, main, with_others

if TYPE_CHECKING:
    from tests.laws.generated import Dice

TURNS = 2


def waiting(dice: Dice) -> Waiting:
    """A loop that waits with a timeout."""
    stop = "if e.wait(0.1):\n    break"
    told = "told_ME.append(box.y)"
    got = "try:\n    told_ME.append({})\nexcept queue.Empty:\n    pass\nelse:\n    break"
    return dice.pick(
        [
            Waiting("", stop, told, "not e.is_set()"),
            Waiting("", stop, "told_ME.append(e.is_set())", "not e.is_set()"),
            Waiting("tries = 0", f"{stop}\nif tries == 1:\n    break\ntries += 1", "told_ME.append(tries)", "False"),
            Waiting("", f"{stop}\nif box.y:\n    box.y = 0\n    told_ME.append('took')", "", "not e.is_set()"),
            Waiting("", got.format("q.get(timeout=1)"), told, "q.empty()"),
            Waiting("", got.format("s.get(timeout=1)"), told, "s.empty()"),
            Waiting("", "with c:\n    if c.wait(0.1):\n        break", told, "True"),
            Waiting("", "if c.acquire(timeout=0.1):\n    break", "box.y += 1\nc.release()", "False"),
        ]
    )


def working(dice: Dice) -> str:
    """Something that a loop may wait for, or not."""
    return dice.pick(
        [
            "e.set()",
            "box.y = 1\ne.set()",
            "e.set()\ne.clear()",
            "q.put(box.y)",
            "s.put(box.y)",
            "with c:\n    c.notify()",
            "with c:\n    box.y = 1",
            "told_ME.append(len(c._waiters))",
        ]
    )


def author(dice: Dice) -> Threads:
    """Two threads, or three, the first of which waits."""
    bodies: list[list[Waiting | str]] = [[waiting(dice)]]
    bodies.append([waiting(dice) if dice.pick([False, False, True]) else working(dice)])
    return with_others(dice, bodies, working, TURNS)


if __name__ == "__main__":
    sys.exit(main(author))
