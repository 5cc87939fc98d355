"""Ways of sharing a file: each loses an update, or finds a file gone, if two threads do it at once."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def twice(work: Callable[[pathlib.Path], object], lock: Any) -> str:
    """The work on one file by two threads, each under the lock; what the file holds afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "count"
        path.write_text("0", encoding="utf-8")

        def run() -> None:
            with lock:
                work(path)

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return path.read_text(encoding="utf-8") if path.exists() else "gone"


def opened(path: pathlib.Path) -> None:
    """Reads with `open`, writes with `open`."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as many people do
        count = int(file.read())
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(str(count + 1))


def by_path(path: pathlib.Path) -> None:
    """With the methods of a path, which are foreign code."""
    path.write_text(str(int(path.read_text(encoding="utf-8")) + 1), encoding="utf-8")


def dumped(path: pathlib.Path) -> None:
    """By foreign code that is handed the open file."""
    with path.open(encoding="utf-8") as file:
        count = json.load(file)
    with path.open("w", encoding="utf-8") as file:
        json.dump(count + 1, file)


def in_place(path: pathlib.Path) -> None:
    """Through one open file, whose position goes back to the beginning."""
    with path.open("r+", encoding="utf-8") as file:
        count = int(file.readline())
        file.seek(0)
        file.write(str(count + 1))


def replaced(path: pathlib.Path) -> None:
    """By a new file that is put in its place."""
    count = int(path.read_text(encoding="utf-8"))
    new = path.with_name(f"count.{threading.get_ident()}")
    new.write_text(str(count + 1), encoding="utf-8")
    os.replace(new, path)  # noqa: PTH105


def asked_first(path: pathlib.Path) -> None:
    """Looks before it leaps."""
    if os.path.exists(path):  # noqa: PTH110
        os.remove(path)  # noqa: PTH107


WAYS = {"opened": "2", "by_path": "2", "dumped": "2", "in_place": "2", "replaced": "2", "asked_first": "gone"}
"""Each way, and what is left by two who do it one after the other."""


def opened_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(opened, nullcontext()) == WAYS["opened"]


def opened_locked() -> None:
    """A lock does."""
    assert twice(opened, threading.Lock()) == WAYS["opened"]


def by_path_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(by_path, nullcontext()) == WAYS["by_path"]


def by_path_locked() -> None:
    """A lock does."""
    assert twice(by_path, threading.Lock()) == WAYS["by_path"]


def dumped_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(dumped, nullcontext()) == WAYS["dumped"]


def dumped_locked() -> None:
    """A lock does."""
    assert twice(dumped, threading.Lock()) == WAYS["dumped"]


def in_place_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(in_place, nullcontext()) == WAYS["in_place"]


def in_place_locked() -> None:
    """A lock does."""
    assert twice(in_place, threading.Lock()) == WAYS["in_place"]


def replaced_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(replaced, nullcontext()) == WAYS["replaced"]


def replaced_locked() -> None:
    """A lock does."""
    assert twice(replaced, threading.Lock()) == WAYS["replaced"]


def asked_first_racing() -> None:
    """Nothing keeps the two apart."""
    assert twice(asked_first, nullcontext()) == WAYS["asked_first"]


def asked_first_locked() -> None:
    """A lock does."""
    assert twice(asked_first, threading.Lock()) == WAYS["asked_first"]
