"""Ways of sharing a file: each loses an update, or finds a file gone, if two threads do it at once."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from tests.quality.races.ways import together

Way = Callable[[pathlib.Path], object]
"""What is done to a file that holds a number."""

WAYS: list[str] = []


def twice(work: Way, left: str, guard: Callable[[], Any]) -> None:
    """The work on one file by two threads, each under what guards it; then the file holds `left`, or is gone."""
    lock = guard()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "count"
        path.write_text("0", encoding="utf-8")

        def run() -> None:
            with lock:
                work(path)

        together(run, run)
        assert (path.read_text(encoding="utf-8") if path.exists() else "gone") == left


def leaving(left: str) -> Callable[[Way], Way]:
    """A decorator: two who do this one after the other leave that. NAME becomes `NAME_racing` and `NAME_locked`."""

    def register(work: Any) -> Way:
        name = work.__name__
        WAYS.append(name)
        globals()[f"{name}_racing"] = partial(twice, work, left, nullcontext)
        globals()[f"{name}_locked"] = partial(twice, work, left, threading.Lock)
        return work  # type: ignore[no-any-return]

    return register


@leaving("2")
def opened(path: pathlib.Path) -> None:
    """Reads with `open`, writes with `open`."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as many people do
        count = int(file.read())
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(str(count + 1))


@leaving("2")
def by_path(path: pathlib.Path) -> None:
    """With the methods of a path, which are foreign code."""
    path.write_text(str(int(path.read_text(encoding="utf-8")) + 1), encoding="utf-8")


@leaving("2")
def dumped(path: pathlib.Path) -> None:
    """By foreign code that is handed the open file."""
    with path.open(encoding="utf-8") as file:
        count = json.load(file)
    with path.open("w", encoding="utf-8") as file:
        json.dump(count + 1, file)


@leaving("2")
def in_place(path: pathlib.Path) -> None:
    """Through one open file, whose position goes back to the beginning."""
    with path.open("r+", encoding="utf-8") as file:
        count = int(file.readline())
        file.seek(0)
        file.write(str(count + 1))


@leaving("2")
def replaced(path: pathlib.Path) -> None:
    """By a new file that is put in its place."""
    count = int(path.read_text(encoding="utf-8"))
    new = path.with_name(f"count.{threading.get_ident()}")
    new.write_text(str(count + 1), encoding="utf-8")
    os.replace(new, path)  # noqa: PTH105


@leaving("gone")
def asked_first(path: pathlib.Path) -> None:
    """Looks before it leaps."""
    if os.path.exists(path):  # noqa: PTH110
        os.remove(path)  # noqa: PTH107
