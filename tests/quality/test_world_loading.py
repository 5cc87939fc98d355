"""What a world loads is its own; what it shares is the process's; nothing real is touched."""

from __future__ import annotations

import builtins
import importlib.machinery
import queue
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import SCENARIOS, First, explored, world
from treadle.errors import ScenarioError
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, **modules: str) -> Path:
    """Modules in files; the path of the first."""
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder / f"{next(iter(modules))}.py"


def test_concurrency_is_copied_and_the_rest_is_shared(tmp_path: Path) -> None:
    """`threading` and the program are private copies; C modules, other modules and test tools are the real ones."""
    file = written(
        tmp_path,
        program="""
            import textwrap, queue, threading, time, sys, json, pytest, numpy, helper
            def scenario():
                return [m for m in (textwrap, queue, threading, time, json, pytest, numpy, helper)]
        """,
        helper="x = 1",
    )
    subject = world("scenario", file=file)
    subject.run(First())
    real = [sys.modules[name] for name in ("textwrap", "json", "pytest", "numpy")]
    assert [module for module in subject.result if module in sys.modules.values()] == real
    assert "helper" not in sys.modules
    assert "program" not in sys.modules


def test_nothing_real_is_touched() -> None:
    """The real modules are the same objects with the same contents after an exploration."""
    watched = (threading, time, queue, sys)
    before = [dict(vars(module)) for module in watched]
    explored("barrier_2")
    after = [dict(vars(module)) for module in watched]
    assert [b.keys() for b in before] == [a.keys() for a in after]
    assert all(b[k] is a[k] for b, a in zip(before, after, strict=True) for k in b)


def test_packages_and_relative_imports(tmp_path: Path) -> None:
    """A package is loaded with its parts, by every form of the import statement."""
    package = tmp_path / "pack"
    package.mkdir()
    written(package, __init__="from .one import a", one="from . import two\na = two.b", two="b = 7", three="c = 8")
    file = written(
        tmp_path,
        program="""
            import pack.three, pack
            from pack import two as second
            from pack.one import *
            import importlib
            def scenario():
                late = importlib.import_module(".three", "pack")
                return pack.a, pack.three.c, second.b, a, late is pack.three
        """,
    )
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result == (7, 8, 7, 7, True)


def test_a_late_import_is_loaded_in_every_execution(tmp_path: Path) -> None:
    """A module that a function imports is a private copy as well, and its state is fresh."""
    file = written(
        tmp_path,
        program="""
            import threading
            def scenario():
                import counting
                counting.n += 1
                return counting.n, counting.threading is threading
        """,
        counting="import threading\nn = 0",
    )
    subject = world("scenario", file=file)
    results = []
    for _ in range(3):
        subject.run(First())
        results.append(subject.result)
    assert results == [(1, True)] * 3


def test_dataclasses_and_modules_by_name(tmp_path: Path) -> None:
    """What looks up its module in `sys.modules` finds the world's."""
    file = written(
        tmp_path,
        program="""
            from __future__ import annotations
            import sys, typing
            from dataclasses import dataclass, field, InitVar
            import threading

            @dataclass
            class Account:
                balance: int = 0
                seed: InitVar[int] = 3
                limit: typing.ClassVar[int] = 9
                lock: threading.Lock = field(default_factory=threading.Lock)

            def scenario():
                account = Account(5)
                with account.lock:
                    account.balance += 1
                return account.balance, sys.modules[__name__].Account is Account, sys.modules["threading"] is threading
        """,
    )
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result == (6, True, True)


def test_what_reaches_outside_makes_the_verdict_incomplete(tmp_path: Path) -> None:
    """A process that is started is named in the reasons, by the module that was used and by what it did."""
    file = written(
        tmp_path,
        program="""
            import subprocess, sys
            def scenario():
                subprocess.run([sys.executable, "-c", ""], check=True)
        """,
    )
    assert explored("scenario", file=file).reasons == [
        "subprocess.run was used, and nothing controls it",
        "a process was started",
    ]


def test_a_shared_module_that_starts_a_thread_is_seen(tmp_path: Path) -> None:
    """Code that a world shares goes around it, and is noted."""
    release = threading.Event()
    shared = threading.Thread(target=release.wait)
    file = written(tmp_path, program="import builtins\ndef scenario():\n    builtins._started_by_a_test()")
    try:
        builtins._started_by_a_test = shared.start  # type: ignore[attr-defined]
        subject = world("scenario", file=file)
        subject.run(First())
    finally:
        del builtins._started_by_a_test  # type: ignore[attr-defined]
        release.set()
        shared.join()
    assert "a real thread was started" in subject.reasons


@pytest.mark.parametrize(
    ("imported", "used", "reason"),
    [
        ("import multiprocessing", "multiprocessing.Lock()", "multiprocessing.Lock was used, and nothing controls it"),
        ("from multiprocessing import Lock", "Lock()", "multiprocessing.Lock was used, and nothing controls it"),
        ("import asyncio", "asyncio.Lock()", "asyncio.Lock was used, and nothing controls it"),
        ("import socket", "socket.getfqdn", None),
        ("import signal", "signal.SIGINT", None),
        ("import asyncio", "asyncio.CancelledError", None),
        ("import _thread", "_thread.interrupt_main", None),
    ],
)
def test_what_cannot_be_controlled_is_noted_when_it_is_used(
    tmp_path: Path, imported: str, used: str, reason: str | None
) -> None:
    """Importing a module that nothing controls is no harm; using it makes the verdict incomplete."""
    file = written(tmp_path, program=f"{imported}\ndef scenario():\n    {used}")
    assert explored("scenario", file=file).reasons == ([reason] if reason else [])


def test_an_exception_from_outside_is_refused(tmp_path: Path) -> None:
    """`_thread.interrupt_main` raises, and leaves a reason even if that is caught."""
    text = """
        import _thread
        def scenario():
            try:
                _thread.interrupt_main()
            except Exception:
                return "refused"
    """
    found = explored("scenario", file=written(tmp_path, program=text))
    assert (found.outcomes, found.reasons) == ({"refused"}, ["_thread.interrupt_main cannot be controlled"])


def test_a_package_with_parts_in_c_and_threads_is_doubted(tmp_path: Path) -> None:
    """It is shared, since its C parts know its Python parts; what it does with threads is not seen, and that is said."""
    suffix = importlib.machinery.EXTENSION_SUFFIXES[-1]
    for name, text in (("threaded_in_c", "import threading"), ("quiet_in_c", "import json")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"speedups{suffix}").touch()
        (tmp_path / name / "__init__.py").write_text(text, encoding="utf-8")
    reasons = []
    sys.path.insert(0, str(tmp_path))
    try:
        for name in ("threaded_in_c", "quiet_in_c"):
            file = written(tmp_path, program=f"import {name}\ndef scenario(): ...")
            reasons.append(explored("scenario", file=file).reasons)
            del sys.modules[name]
    finally:
        sys.path.remove(str(tmp_path))
    assert reasons == [["threaded_in_c has parts in C, so it is shared; what it does with threads is not seen"], []]


def test_random_numbers_are_the_same_in_each_execution(tmp_path: Path) -> None:
    """A generator without a seed has a fixed one."""
    file = written(
        tmp_path, program="import random\ndef scenario():\n    return random.random(), random.Random().random()"
    )
    subject = world("scenario", file=file)
    results = set()
    for _ in range(3):
        subject.run(First())
        results.add(subject.result)
    assert len(results) == 1


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("nonsense", "module:function, or path/to/file.py::function"),
        (f"{SCENARIOS}::a.b", "a scenario is a function of a module, not a method"),
        ("nowhere.py::scenario", "there is no file nowhere.py"),
        (f"{SCENARIOS.parent}/scenario.py::increments", "did you mean"),
        (f"{SCENARIOS}::increment", "did you mean increments?"),
        (f"{SCENARIOS}::SOMETHING", "one of its functions: increments, philosophers"),
        (f"{SCENARIOS.with_name('rounds.py')}::rounds", "def rounds(parties: 'int', number: 'int')"),
        (f"{SCENARIOS}::threading", "is not a function"),
        (f"{SCENARIOS}::ThreadPoolExecutor", "a class"),
        ("no_such_module:scenario", "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_what_cannot_be_loaded_is_told(target: str, expected: str) -> None:
    """One message: what was given, what was expected, what to do."""
    with pytest.raises(ScenarioError) as raised:
        World(Scenario.parse(target))
    assert expected in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def scenario(:", "SyntaxError"),
        ("raise ValueError('broken')\ndef scenario(): ...", "ValueError: broken"),
        ("import sys\nsys.exit(3)\ndef scenario(): ...", "SystemExit: 3"),
        ("async def scenario(): ...", "an async function"),
        ("def scenario(): yield", "a generator"),
        (
            "import threading\nthreading.Thread(target=print).start()\ndef scenario(): ...",
            "starts a thread while it is imported",
        ),
        ("import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()\ndef scenario(): ...", "blocks for ever"),
    ],
)
def test_what_a_module_does_wrong_is_told(tmp_path: Path, text: str, expected: str) -> None:
    """A module that cannot be imported, and a function that is none, are wrong usage."""
    with pytest.raises(ScenarioError) as raised:
        world("scenario", file=written(tmp_path, program=text))
    assert expected in str(raised.value)


def test_a_backport_stands_in_for_the_standard_library(tmp_path: Path) -> None:
    """A package on the path with a name of the standard library is that package, with all its parts."""
    package = tmp_path / "concurrent" / "futures"
    package.mkdir(parents=True)
    written(tmp_path / "concurrent", __init__="")
    written(package, __init__="from concurrent.futures._old import wait", _old="def wait(): return 'old'")
    file = written(tmp_path, program="from concurrent import futures\ndef scenario():\n    return futures.wait()")
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result == "old"


def test_a_program_may_find_modules_by_itself(tmp_path: Path) -> None:
    """What a finder of the program's own offers is another name for a module, or one that it makes; nobody else sees it."""
    file = written(
        tmp_path,
        program="""
            import finding
            import moved.lines, moved.web, moved.made
            from moved.own import value
            def scenario():
                import queue, helper, http.client
                assert moved.lines is queue and moved.web is http.client and moved.own is helper
                return moved.made.name, value
        """,
        finding="""
            import importlib, importlib.util, sys, types
            NAMES = {"moved.lines": "queue", "moved.web": "http.client", "moved.own": "helper"}

            class Finder:
                def find_spec(self, name, path, target=None):
                    known = name == "moved" or name.startswith("moved.")
                    return importlib.util.spec_from_loader(name, self, is_package=name == "moved") if known else None
                def create_module(self, spec):
                    if spec.name not in NAMES:
                        return None
                    __import__(NAMES[spec.name])
                    sys.modules[spec.name] = sys.modules[NAMES[spec.name]]
                    return sys.modules[spec.name]
                def exec_module(self, module):
                    module.name = module.__name__

            sys.meta_path.append(Finder())
        """,
        helper="value = 5",
    )
    finders = [*sys.meta_path]
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result == ("moved.made", 5)
    assert sys.meta_path == finders
    assert not any(name.partition(".")[0] in ("moved", "finding") for name in sys.modules)


def test_what_a_part_of_a_package_lacks_is_told(tmp_path: Path) -> None:
    """A part that cannot be loaded is an error; it is not taken for a part that is not there."""
    package = tmp_path / "pack"
    package.mkdir()
    written(package, __init__="", one="import nowhere_to_be_found")
    file = written(tmp_path, program="from pack import one\ndef scenario(): pass")
    with pytest.raises(ScenarioError, match="nowhere_to_be_found"):
        world("scenario", file=file)


def test_looking_at_an_object_runs_nothing_of_it(tmp_path: Path) -> None:
    """An object of a module that answers every name, as those that import on demand, is not asked for one."""
    file = written(
        tmp_path,
        program="""
            class Lazy:
                def __getattr__(self, name):
                    raise RuntimeError(name)
            lazy = Lazy()
            def scenario():
                return True
        """,
    )
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result is True


def test_what_contextlib_decorates_is_seen_inside(tmp_path: Path) -> None:
    """A function under `contextmanager` is run as code of the world: two users of it with a lock have two orders."""
    file = written(
        tmp_path,
        program="""
            import contextlib, threading
            lock, box = threading.Lock(), []
            @contextlib.contextmanager
            def held(box):
                with lock:
                    yield box
            def use():
                with held(box):
                    pass
            def scenario():
                other = threading.Thread(target=use)
                other.start()
                use()
                other.join()
        """,
    )
    found = explored("scenario", file=file, granularity="access", recorded=True)
    assert found.verdict.executions == 2
    assert found.reasons == []


def test_a_program_takes_no_module_from_the_process(tmp_path: Path) -> None:
    """Taking a name out of `sys.modules` succeeds and leaves the real table as it was."""
    file = written(tmp_path, program="import sys\ndef scenario():\n    del sys.modules['json']\n    return True")
    real = sys.modules["json"]
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject.result is True
    assert sys.modules["json"] is real
