"""Accounts with a lock each. A transfer takes the lock of the account that pays first, whichever that is."""

from __future__ import annotations

from threading import Lock, Thread


class Account:
    """Wrong: two transfers in opposite directions take the same two locks in opposite orders."""

    def __init__(self, balance: int) -> None:
        self.lock = Lock()
        self.balance = balance

    def pay(self, other: Account, amount: int) -> None:
        with self.lock:
            self.balance -= amount
            with other.lock:
                other.balance += amount


def transfers() -> None:
    ann = Account(10)
    bob = Account(10)
    one = Thread(target=ann.pay, args=[bob, 1], name="ann")
    two = Thread(target=bob.pay, args=[ann, 2], name="bob")
    one.start()
    two.start()
    one.join()
    two.join()
    assert (ann.balance, bob.balance) == (11, 9)
