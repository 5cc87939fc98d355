"""Flags that threads wait for by looking."""

from __future__ import annotations

from threading import Lock, Thread
from time import sleep


class Signal:
    """Wrong: `reset` may take back what nobody has seen."""

    def __init__(self) -> None:
        self.up = False
        self.guard = Lock()

    def wait(self) -> None:
        while True:
            with self.guard:
                if self.up:
                    return
            sleep(0.01)  # virtual

    def wave(self) -> None:
        with self.guard:
            self.up = True
        with self.guard:
            self.up = False


def one_wave() -> None:
    signal = Signal()
    watcher = Thread(target=signal.wait, name="watcher")
    watcher.start()
    signal.wave()
    watcher.join()


def after_you() -> None:
    gone: list[str] = []

    def wait_for(other: str, me: str) -> None:
        while other not in gone:
            pass
        gone.append(me)

    pair = [Thread(target=wait_for, args=names, name=names[1]) for names in (("b", "a"), ("a", "b"))]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
