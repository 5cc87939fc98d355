"""Scenarios that hold, and some that cannot be run."""

from __future__ import annotations

import os
from threading import Lock, Thread

import treadle

NOT_A_FUNCTION = 3


def locked() -> None:
    """Two threads take one lock: two traces."""
    lock = Lock()

    def work() -> None:
        with lock:
            pass

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def chosen() -> None:
    """One trace for each option."""
    assert treadle.choose(["a", "b", "c"]) in "abc"


def chosen_badly() -> None:
    """The second of three options is a bad one."""
    assert treadle.choose([1, 2, 3]) != 2


def needy(tmp_path: object) -> None:
    """Needs what nobody gives it."""


def dicey() -> None:
    """Takes another lock each time, because it counts its runs where no world looks: in the environment."""
    runs = int(os.environ.get("RUNS", "0"))
    os.environ["RUNS"] = str(runs + 1)
    even, odd = Lock(), Lock()
    (odd if runs % 2 else even).acquire()
    treadle.choose([1, 2])


def once() -> None:
    """Fails the first time only."""
    runs = os.environ["RUNS"]
    os.environ["RUNS"] = "many"
    assert runs == "many"


def talkative() -> None:
    """Prints, and fails."""
    print("hello")
    assert treadle.choose([1, 2]) == 1
