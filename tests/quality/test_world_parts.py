"""Modules of which a world has some names of its own, and shares the others with the process."""

from __future__ import annotations

import collections
import collections.abc
import heapq
from typing import TYPE_CHECKING

from tests.quality.test_world_loading import written
from tests.quality.worlds import First, explored, world

if TYPE_CHECKING:
    from pathlib import Path


def test_locals_in_python_are_those_in_c(tmp_path: Path) -> None:
    """`_threading_local.local` is `threading.local`, as it is meant to be told apart by nobody."""
    file = written(
        tmp_path,
        program="""
            import _threading_local, threading
            def scenario():
                return _threading_local.local is threading.local
        """,
    )
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result is True


def test_loggers_are_nobodys_data(tmp_path: Path) -> None:
    """Two threads may get one, and say what it is to do."""
    file = written(
        tmp_path,
        program="""
            import logging, threading
            def quiet():
                logging.getLogger("treadle.tests").propagate = False
            def scenario():
                threads = [threading.Thread(target=quiet) for _ in range(2)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        """,
    )
    found = explored("scenario", file=file, granularity="access", recorded=True)
    assert (found.verdict.executions, found.reasons) == (1, [])


def test_who_reads_the_environment_meets_nobody(tmp_path: Path) -> None:
    """To ask for variables costs no execution, and to set one is ordered with all who ask."""
    file = written(
        tmp_path,
        program="""
            import os, threading
            found = []
            def look():
                found[:] = [os.environ.get("TREADLE_X"), "TREADLE_X" in os.environ, os.getenv("TREADLE_X"), os.environ["PATH"]]
            def put():
                os.environ["TREADLE_X"] = "1"
            def both(*works):
                os.environ.pop("TREADLE_X", None)
                threads = [threading.Thread(target=work) for work in works]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                return found[0]
            def reading():
                return both(look, lambda: os.environ.get("PATH"))
            def writing():
                return both(look, put)
        """,
    )
    reading, writing = (
        explored(name, file=file, granularity="access", recorded=True) for name in ("reading", "writing")
    )
    assert (reading.verdict.executions, reading.reasons) == (1, [])
    # Before, between and after the four questions.
    assert (writing.verdict.executions, writing.outcomes, writing.reasons) == (5, {"None", "1"}, [])


def test_of_some_modules_only_some_names_are_copied(tmp_path: Path) -> None:
    """Of `collections` what is in C is the process's, and what is in Python the world's own, loaded when it is asked for."""
    file = written(
        tmp_path,
        program="""
            import collections, collections.abc, heapq
            from collections import deque
            def scenario():
                return collections.OrderedDict, deque, collections.abc.Mapping, collections.namedtuple, heapq.heappush
            def late():
                from collections import Counter
                return Counter, collections.Counter, heapq.merge
            def all():
                from collections import __all__
                return [getattr(collections, name) for name in __all__]
        """,
    )
    shared, late, everything = (world(name, file=file) for name in ("scenario", "late", "all"))
    for subject in (shared, late, late, everything):
        subject.run(First())
    assert shared.result == (
        *(collections.OrderedDict, collections.deque, collections.abc.Mapping),
        *(collections.namedtuple, heapq.heappush),  # noqa: PYI024 - the function itself
    )
    assert "collections" not in shared.copies.modules
    counter, again, merge = late.result
    assert counter is again
    assert counter is not collections.Counter
    assert merge is not heapq.merge
    assert counter.__module__ == "collections"
    theirs = {cls.__name__ for cls in everything.result if cls is not getattr(collections, cls.__name__)}
    assert theirs == {"ChainMap", "Counter", "UserDict", "UserList", "UserString"}
