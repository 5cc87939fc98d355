"""A mailbox for one letter."""

from __future__ import annotations

from threading import Condition, Thread


class Mailbox:
    """Wrong: `get` looks for a letter, lets go of the lock, and then waits without having looked again."""

    def __init__(self) -> None:
        self.arrived = Condition()
        self.letter: str | None = None

    def put(self, letter: str) -> None:
        with self.arrived:
            self.letter = letter
            self.arrived.notify()

    def get(self) -> str | None:
        with self.arrived:
            empty = self.letter is None
        if empty:
            with self.arrived:
                self.arrived.wait()
        return self.letter


def one_letter() -> None:
    mailbox = Mailbox()
    reader = Thread(target=mailbox.get, name="reader")
    reader.start()
    mailbox.put("hello")
    reader.join()
