"""Workers: the greenlets that tasks run in, and that outlive them.

Making a greenlet costs 15 us (its stack of frames is mapped and unmapped), a switch to one that is there 0.4 us. So a
worker that has done its job waits for the next one. It has a *box*, in which it finds that; when the job is done it switches
to whoever is next, and waits there. Its frame refers to nothing of the world, so that a forgotten world can go.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet
from greenlet import error as GreenletError  # noqa: N812 - it is a class

Following = tuple[greenlet, Any]
"""Who goes on, and what it is given."""
Job = Callable[[], Following]
"""What a worker does; it returns who goes on afterwards."""


class Worker:
    """One greenlet, and the box in which it finds what to do next."""

    __slots__ = ("box", "greenlet")

    box: list[Job]  # empty, or one job
    greenlet: greenlet

    def __init__(self, hub: greenlet) -> None:
        self.box = []
        self.greenlet = greenlet(_work, hub)
        self.greenlet.switch(self.box, getcurrent())


def _work(box: list[Job], maker: greenlet) -> None:
    """A worker's life; it ends by GreenletExit."""
    following: Any = maker
    del maker
    given: Any = None
    while True:
        following.switch(given)
        following = given = None
        following, given = box.pop()()


class Resting(list[Worker]):
    """Workers that have nothing to do."""

    def close(self) -> None:
        """Let them go."""
        while self:
            worker = self.pop().greenlet
            worker.parent = getcurrent()  # where control goes when it ends
            worker.throw(GreenletExit)

    def __del__(self) -> None:
        with suppress(GreenletError, RuntimeError):  # they are on stacks that no collector sees
            self.close()
