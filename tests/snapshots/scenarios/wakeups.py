"""A mailbox whose reader looks, and then waits without having looked again."""

from __future__ import annotations

from threading import Condition, Thread


class Mailbox:
    """Holds one letter. Wrong: `get` looks before it takes the lock."""

    def __init__(self) -> None:
        self.letter: str | None = None
        self.arrived = Condition()

    def put(self, letter: str) -> None:
        with self.arrived:
            self.letter = letter
            self.arrived.notify()

    def get(self) -> str:
        if self.letter is None:
            with self.arrived:
                self.arrived.wait()
        assert self.letter is not None
        return self.letter


def letter() -> None:
    mailbox = Mailbox()
    reader = Thread(target=mailbox.get, name="reader")
    reader.start()
    mailbox.put("hello")
    reader.join()
