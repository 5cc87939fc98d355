"""Two accounts, two transfers, and each transfer locks its own account first."""

from __future__ import annotations

from threading import Lock, Thread

a, b = Lock(), Lock()


def deposit() -> None:
    with a, b:
        pass


def withdraw() -> None:
    with b, a:
        pass


def transfers() -> None:
    one = Thread(target=deposit, name="deposit")
    two = Thread(target=withdraw, name="withdraw")
    one.start()
    two.start()
    one.join()
    two.join()
