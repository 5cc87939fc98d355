"""Small programs on shared memory, racy and not, for the laws about accesses. Each returns what it came to."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Box:
    """An object with attributes."""

    shared = 0

    def __init__(self) -> None:
        self.x = 0
        self.y = 0


def run(*works: Callable[[], object]) -> None:
    """Each in a thread, to the end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def counter(threads: int) -> int:
    """Load and store, as often as there are threads."""
    box = Box()

    def work() -> None:
        box.x += 1

    run(*[work] * threads)
    return box.x


def counter_2() -> int:
    return counter(2)


def counter_3() -> int:
    return counter(3)


def writers(threads: int) -> int:
    """As many threads write one attribute, each another value."""
    box = Box()

    def work(value: int) -> Callable[[], None]:
        def write() -> None:
            box.x = value

        return write

    run(*[work(value) for value in range(threads)])
    return box.x


def writers_2() -> int:
    return writers(2)


def writers_3() -> int:
    return writers(3)


def writers_4() -> int:
    return writers(4)


def readers_and_writer() -> list[int]:
    """Two threads read what a third one writes; they meet nowhere else."""
    box = Box()
    seen = [0, 0]

    def read(index: int) -> None:
        seen[index] = box.x

    def write() -> None:
        box.x = 1

    run(lambda: read(0), write, lambda: read(1))
    return seen


def message() -> Any:
    """A value is handed over by a flag: the flag is raced for, the value is not."""
    box = Box()
    got: list[int] = []

    def send() -> None:
        box.x = 42
        box.y = 1

    def receive() -> None:
        if box.y:
            got.append(box.x)

    run(send, receive)
    return got


def half_locked() -> int:
    """One thread takes the lock, the other one forgets it."""
    box = Box()
    lock = threading.Lock()

    def careful() -> None:
        with lock:
            box.x += 1

    def careless() -> None:
        box.x += 1

    run(careful, careless)
    return box.x


def check_then_act() -> list[int]:
    """Two threads look whether a list is empty before each appends."""
    items: list[int] = []

    def work(value: int) -> None:
        if not items:
            items.append(value)

    run(lambda: work(1), lambda: work(2))
    return items


def store_buffer() -> list[int]:
    """Each of two threads writes one place and reads the other."""
    box = Box()
    seen = [9, 9]

    def one() -> None:
        box.x = 1
        seen[0] = box.y

    def two() -> None:
        box.y = 1
        seen[1] = box.x

    run(one, two)
    return seen


def keys() -> list[str]:
    """Two keys are inserted, and the order is looked at."""
    items: dict[str, int] = {}
    run(lambda: items.update(a=1), lambda: items.setdefault("b", 2))
    return list(items)


def order_of_keys() -> list[list[str]]:
    """Two keys are inserted while a third thread goes through the keys; the order is looked at again in the end."""
    items: dict[str, int] = {}
    seen: list[str] = []

    def insert(key: str) -> None:
        items[key] = 1

    run(lambda: insert("a"), lambda: insert("b"), lambda: seen.extend([*items]))
    return [seen, [*items]]


def late_default() -> list[int]:
    """Two threads put the same key if it is not there, and look at it: who comes late only reads."""
    items: dict[str, int] = {}
    seen = [0, 0]

    def work(value: int) -> None:
        items.setdefault("a", value)
        seen[value - 1] = items["a"]

    run(lambda: work(1), lambda: work(2))
    return seen


def default_after_all() -> dict[str, int]:
    """One thread puts a key if it is not there; another one empties the dictionary, and does the same."""
    items: dict[str, int] = {}

    def again() -> None:
        items.clear()
        items.setdefault("a", 2)

    run(lambda: items.setdefault("a", 1), again)
    return items


def default_and_removal() -> list[object]:
    """One thread puts a key and takes it out, another one puts it if it is not there."""
    items: dict[str, int] = {}
    seen: list[object] = [None, None, None]

    def put() -> None:
        seen[0] = items.setdefault("a", 1)
        seen[1] = items.pop("a")

    def other() -> None:
        seen[2] = items.setdefault("a", 2)

    run(put, other)
    return [*seen, sorted(items.items())]


def default_and_store() -> list[object]:
    """One thread stores a key, which leaves no mark of having put it; another one puts it if it is not there."""
    items: dict[str, int] = {}
    seen: list[object] = []

    def store() -> None:
        items["a"] = 0

    run(store, lambda: seen.append(items.setdefault("a", 1)))
    return [*seen, items["a"]]


def default_of_old() -> list[object]:
    """A key that was there before any thread was; one thread takes it away, another one puts it if it is not there."""
    items = {"a": 0}
    seen: list[object] = []
    run(lambda: items.pop("a", None), lambda: seen.append(items.setdefault("a", 1)))
    return [*seen, items.get("a")]


def late_removal() -> list[object]:
    """Two threads take away what one of them finds."""
    items = {"a": 1}
    seen: list[object] = [None, None]

    def work(number: int) -> None:
        seen[number] = items.pop("a", 0)

    run(lambda: work(0), lambda: work(1))
    return seen


def made_by_reading() -> list[int]:
    """Reading a key makes it; one thread reads twice, another one takes it away in between."""
    items: defaultdict[str, int] = defaultdict(int)
    seen: list[int] = []

    def read() -> None:
        seen.extend([items["a"], items["a"], len(items)])

    run(read, lambda: items.pop("a", None))
    return [*seen, len(items)]


def late_member() -> list[int]:
    """Three threads add the same member to a set, and ask how many there are."""
    members: set[str] = set()
    seen = [0, 0, 0]

    def work(number: int) -> None:
        members.add("a")
        seen[number] = len(members)

    run(lambda: work(0), lambda: work(1), lambda: work(2))
    return seen


def default_under_a_lock() -> list[int]:
    """A lock orders the emptying of a dictionary; nobody races for the whole of it, and the key comes and goes."""
    items: dict[str, int] = {}
    lock = threading.Lock()
    seen = [0, 0]

    def empty() -> None:
        with lock:
            items.setdefault("a", 1)
            items.clear()

    def put() -> None:
        with lock:
            seen[0] = items.setdefault("a", 2)

    def look() -> None:
        seen[1] = items.get("a", 9)

    run(empty, put, look)
    return seen


def independent_keys() -> int:
    """Two keys are inserted, and nobody looks at the order."""
    items: dict[str, int] = {}

    def insert(key: str) -> None:
        items[key] = 1

    run(lambda: insert("a"), lambda: insert("b"))
    return items["a"] + items["b"]


def insert_and_measure() -> int:
    """One thread inserts two keys, another one asks for the length."""
    items: dict[str, int] = {}
    seen = []

    def insert() -> None:
        items["a"] = 1
        items["b"] = 2

    run(insert, lambda: seen.append(len(items)))
    return seen[0]


def class_attribute() -> int:
    """An attribute of a class is written by one thread and read through an instance by another."""
    box = Box()
    seen = []

    def write() -> None:
        Box.shared = 1

    run(write, lambda: seen.append(box.shared))
    return seen[0]


def own_attribute_hides_the_class() -> int:
    """A function of a class is hidden by an attribute of the instance while another thread calls it."""

    class Machine:
        def answer(self) -> int:
            return 1

    machine = Machine()
    seen = []

    def patch() -> None:
        machine.answer = lambda: 2  # type: ignore[method-assign]

    run(patch, lambda: seen.append(machine.answer()))
    return seen[0]


def queue_of_a_deque() -> list[Any]:
    """Two producers and a consumer that takes what is there."""
    items: deque[int] = deque()
    got: list[Any] = []

    def consume() -> None:
        while items:
            got.append(items.popleft())

    run(lambda: items.append(1), lambda: items.append(2), consume)
    return got


def variables() -> int:
    """A variable of the function that two inner functions bind."""
    total = 0

    def add(value: int) -> None:
        nonlocal total
        total = total + value

    run(lambda: add(1), lambda: add(10))
    return total


def forked() -> int:
    """What was written before the start, and what is read after the join, is ordered."""
    box = Box()

    def inner() -> None:
        box.x += 1

    def outer() -> None:
        box.x += 1
        thread = threading.Thread(target=inner)
        thread.start()
        thread.join()
        box.x += 1

    run(outer)
    return box.x


def whole_object() -> Any:
    """All attributes are looked at at once while another thread writes two."""
    box = Box()
    seen: list[Any] = []

    def write() -> None:
        box.x = 1
        box.y = 1

    run(write, lambda: seen.append(sorted(vars(box).items())))
    return seen[0]
