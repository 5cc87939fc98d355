"""Generated scenarios with loops that wait: the code as people write it, and the same code with its loops bounded.

Each scenario has two or three threads, made of fragments. The bounded form of a loop gives up after so many turns: its
thread then ends, and leaves behind the question whether it would still wait. An execution of the bounded code in which
nobody gave up is one of the code itself; one in which some gave up, and all of them would still wait at the end, shows
that the code can go round for ever. So the bounded code says what the code may come to, without any rule about loops.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.laws.generated import RandomDice
from tests.quality.worlds import settled
from treadle.api.learning import Learning
from treadle.model.verdict import Ending
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exploration import Limits
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.laws.generated import Dice
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

TURNS = 4
HEAD = """
import queue, threading, time
class Box:
    x = y = 0
def scenario():
    box, m, gave = Box(), threading.Lock(), {}
    e, c, q, s = threading.Event(), threading.Condition(), queue.Queue(), queue.SimpleQueue()
    box.x, box.y = 0, 0
"""
TAIL = """
    threads = [threading.Thread(target=body) for body in ({names})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if gave:
        return "stuck" if all(waits() for waits in gave.values()) else "gave up"
    return [{told}, box.x, box.y]
"""


class Waiting(NamedTuple):
    """A loop: what stands before it, a turn that ends with a `break` if there is nothing to wait for, and afterwards."""

    before: str
    turn: str
    after: str
    waits: str  # whether it still would, as an expression
    left: str = ""  # what a loop that gives up does first

    def text(self, me: int, turns: int, *, bounded: bool) -> str:
        head = f"for _ in range({turns}):" if bounded else "while True:"
        left = f"{self.left}\n    " if self.left else ""
        gives_up = f"else:\n    {left}gave[{me}] = lambda: {self.waits}\n    return" if bounded else ""
        parts = [self.before, head, indented(self.turn), gives_up, self.after]
        return "\n".join(part for part in parts if part).replace("ME", str(me))


def indented(text: str, by: int = 4) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


def waiting(dice: Dice) -> Waiting:
    """A loop that waits for a value."""
    x, y = dice.pick([("x", "y"), ("y", "x")])
    met = f"box.{x} {dice.pick(['!= 0', '== 1', '== 2'])}"
    stop = f"if {met}:\n    break"
    told = f"told_ME.append(box.{y})"
    waits = f"not ({met})"
    return dice.pick(
        [
            Waiting("", stop, told, waits),
            Waiting("", f"{stop}\ntime.sleep(0)", told, waits),
            Waiting("", f"seen = box.{x}\nif seen:\n    break", "told_ME.append(seen)", f"not box.{x}"),
            Waiting("", f"with m:\n    {stop.replace(chr(10), chr(10) + '    ')}", told, waits),
            Waiting("", f"with m:\n    seen = box.{x}\nif seen:\n    break", "told_ME.append(seen)", f"not box.{x}"),
            Waiting(f"def ready():\n    return {met}", "if ready():\n    break", told, waits),
            Waiting("", f"if any({met} for _ in (0, 0)):\n    break", told, waits),
            Waiting(
                "",
                f"for seen in (box.{x} for _ in '1'):\n    pass\nif seen:\n    break",
                "told_ME.append(seen)",
                f"not box.{x}",
            ),
            Waiting("last = 9", f"{stop}\nlast = box.{y}", "told_ME.append(last)", waits),
            Waiting(
                "tries = 0",
                f"if {met} or tries == 2:\n    break\ntries += 1",
                "told_ME.append(tries)",
                f"not ({met})",
            ),
            Waiting("", "if m.acquire(blocking=False):\n    break", f"box.{y} += 1\nm.release()", "m.locked()"),
            Waiting("", f"{stop}\nif box.{y}:\n    box.{y} = 0\n    told_ME.append('took')", "", waits),
        ]
    )


def working(dice: Dice) -> str:
    """Something that a loop may wait for, or not."""
    x, value = dice.pick(["x", "y"]), dice.pick([1, 1, 2])
    return dice.pick(
        [
            f"box.{x} = {value}",
            f"box.{x} = 1\nbox.{x} = {dice.pick([0, 2])}",
            f"with m:\n    box.{x} = {value}",
            f"if m.acquire(blocking=False):\n    box.{x} = {value}\n    m.release()\nelse:\n    told_ME.append('no')",
            f"told_ME.append(box.{x})",
        ]
    )


class Threads(NamedTuple):
    """What each thread does, one fragment after the other."""

    bodies: list[list[Waiting | str]]
    turns: int = TURNS  # of bounded loops

    @property
    def bounded(self) -> str:
        return self.text(bounded=True)

    @property
    def endless(self) -> str:
        return self.text(bounded=False)

    def text(self, *, bounded: bool) -> str:
        bodies = [
            "\n".join(f if isinstance(f, str) else f.text(me, self.turns, bounded=bounded) for f in fragments)
            for me, fragments in enumerate(self.bodies)
        ]
        return scenario(*bodies)


def scenario(*bodies: str) -> str:
    """The code of a scenario with these threads, each of which may note what it sees in a list `told_`, by number."""
    code = HEAD
    for me, body in enumerate(bodies):
        code += f"    told_{me} = []\n    def body_{me}():\n{indented(body.replace('ME', str(me)), 8)}\n"
    names = "".join(f"body_{me}, " for me in range(len(bodies)))
    return code + TAIL.format(names=names, told=", ".join(f"told_{me}" for me in range(len(bodies))))


def author(dice: Dice) -> Threads:
    """Two or three threads, the first of which waits."""
    bodies: list[list[Waiting | str]] = [[waiting(dice)]]
    for _ in range(dice.pick([1, 1, 2])):
        first = waiting(dice) if dice.pick([False, False, True]) else working(dice)
        bodies.append([first, working(dice)] if dice.pick([False, True]) else [first])
    return Threads(bodies)


def with_others(dice: Dice, bodies: list[list[Waiting | str]], working: Callable[[Dice], str], turns: int) -> Threads:
    """These two threads; perhaps the second one does something more, or there is a third."""
    if dice.pick([False, True]):
        bodies[1].append(working(dice))
    elif dice.pick([False, False, True]):
        bodies.append([working(dice)])
    return Threads(bodies, turns)


class Found(NamedTuple):
    """What the executions of one scenario came to."""

    outcomes: set[str]
    verdict: Verdict
    reasons: list[str]


def found(folder: Path, code: str, strategy: type[Any] = Optimal, steps: int = 500) -> Found:
    """Explore the code until nothing new is learned."""
    file = folder / "spins.py"
    file.write_text(code, encoding="utf-8")
    world = World(Scenario.parse(f"{file}::scenario"), keep_going=True)
    outcomes: set[str] = set()

    def watch(execution: Execution, _verdict: Verdict) -> None:
        told = {Ending.COMPLETE: str(world.result), Ending.LIVELOCK: "stuck"}
        if execution.ending is not Ending.CUT:
            outcomes.add(told.get(execution.ending, str(execution.ending)))  # type: ignore[arg-type]

    limits = Limits(3_000, steps=steps)
    verdict = settled(world, lambda: Learning(strategy(), world), anew=outcomes.clear, watch=watch, limits=limits)
    world.close()
    return Found(outcomes - {"gave up"}, verdict, [*verdict.reasons, *world.reasons])


def breach(threads: Threads, folder: Path, counts: Counter[str]) -> str:
    """How the code and its bounded form differ; nothing if they do not."""
    naive = found(folder, threads.bounded)
    if naive.reasons:
        counts["too large"] += 1
        return ""
    parked = found(folder, threads.endless)
    counts["scenarios"] += 1
    counts["endless scenarios"] += "stuck" in naive.outcomes
    counts["executions"] += parked.verdict.executions
    if parked.outcomes != naive.outcomes or parked.verdict.redundant:
        missed, invented = naive.outcomes - parked.outcomes, parked.outcomes - naive.outcomes
        return f"missed: {sorted(missed)}; invented: {sorted(invented)}; {parked.verdict.redundant} asleep"
    return "; ".join(parked.reasons)


def breaches(author: Callable[[Dice], Threads], seed: str, scenarios: int, folder: Path) -> Iterator[str]:
    """How each of so many scenarios differs from its bounded form, and its code; nothing for those that do not."""
    dice = RandomDice(random.Random(seed))
    for _ in range(scenarios):
        threads = author(dice)
        wrong = breach(threads, folder, Counter())
        if wrong:
            yield f"{wrong}\n{threads.endless}"


def main(author: Callable[[Dice], Threads]) -> int:
    """Compare so many scenarios of this author's, as the command line asks; 0 if none differs from its bounded form."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dice = RandomDice(random.Random(arguments.seed))
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        while counts["scenarios"] < arguments.scenarios:
            threads = author(dice)
            wrong = breach(threads, Path(folder), counts)
            if wrong:
                print(f"{wrong}\n{threads.endless}")
                return 1
    print(", ".join(f"{number:,} {name}" for name, number in sorted(counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(author))
