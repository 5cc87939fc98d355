"""One ticket and two buyers."""

from __future__ import annotations

from threading import Lock, Thread


class Office:
    """Wrong: whether there is a ticket is asked under the lock, and so is it sold, but the lock is let go in between."""

    def __init__(self, tickets: int) -> None:
        self.lock = Lock()
        self.tickets = tickets

    def left(self) -> int:
        with self.lock:
            return self.tickets

    def sell(self) -> None:
        with self.lock:
            self.tickets -= 1

    def serve(self) -> None:
        if self.left() > 0:
            self.sell()


def two_buyers() -> None:
    """The mistake is seen at the end, in main."""
    office = Office(tickets=1)
    buyers = [Thread(target=office.serve, name=name) for name in ("ann", "bob")]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    assert office.left() == 0, f"{-office.tickets} sold too many"
