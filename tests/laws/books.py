"""Scenarios in which threads make, ask and name each other."""

from __future__ import annotations

import threading


def family() -> list[int]:
    """A thread starts another one, and both are joined by whoever started them."""
    found = []

    def child(number: int) -> None:
        found.append(number)

    def parent() -> None:
        thread = threading.Thread(target=child, args=(1,), kwargs={})
        thread.start()
        found.append(2)
        thread.join()

    thread = threading.Thread(target=parent)
    thread.start()
    thread.join()
    return found


class Counted(threading.Thread):
    """A thread that keeps what it found."""

    def __init__(self, total: list[int]) -> None:
        super().__init__()
        self.total = total
        self.seen = -1

    def run(self) -> None:
        """Look, and add."""
        self.seen = len(self.total)
        self.total.append(self.seen)


def subclass() -> tuple[int, ...]:
    """Two threads of a class of its own, with attributes of its own."""
    total: list[int] = []
    threads = Counted(total), Counted(total)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(thread.seen for thread in threads)


def asking() -> list[object]:
    """Whoever runs asks who it is, and whether the other one is alive."""
    names: list[object] = []

    def ask() -> None:
        me = threading.current_thread()
        names.append((me.name, me.daemon, me.is_alive()))

    threads = [threading.Thread(target=ask, name=f"worker {number}", daemon=bool(number)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    names.append(threads[0].is_alive())
    for thread in threads:
        thread.join()
    return names


def renamed() -> str:
    """A thread's name is set by one task and read by another: two orders."""
    seen = []

    def look(thread: threading.Thread) -> None:
        seen.append(thread.name)

    named = threading.Thread(target=int, name="old")
    other = threading.Thread(target=look, args=(named,))
    other.start()
    named.name = "new"
    other.join()
    return seen[0]


def handed() -> list[int]:
    """Two threads change a list that only the arguments of their constructor hand over."""
    shared: list[int] = []
    threads = [threading.Thread(target=list.append, args=(shared, number)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shared


def leaked() -> str:
    """A constructor gives its thread away before the thread's own constructor has run."""
    places: list[threading.Thread] = []
    seen = []

    class Early(threading.Thread):
        def __init__(self) -> None:
            places.append(self)
            super().__init__(name="early")

    def look() -> None:
        if places:
            seen.append(getattr(places[0], "_name", None))

    other = threading.Thread(target=look)
    other.start()
    Early()
    other.join()
    return str(seen)


def asked_in_words() -> None:
    """Three threads look at one key of a dictionary, each in words of its own, while a fourth writes it."""
    table = {"key": 1}
    bodies = [
        lambda: table.get("key"),
        lambda: table["key"],
        lambda: table.setdefault("key", 2),
        lambda: table.update(key=3),
    ]
    for body in bodies:
        threading.Thread(target=body).start()
