"""Each execution starts from the state that loading the modules left behind, whatever the last one did to it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

import treadle
from tests.quality.worlds import First, world
from treadle.report.summary import summary

if TYPE_CHECKING:
    from pathlib import Path

# What the module sets up; what the scenario does to it. The scenario returns what it found before.
PLACES: dict[str, tuple[str, str]] = {
    "global": ("x = 1", "found = x; global_x()"),
    "global rebound to an equal list": ("x = []", "found = list(x); x.append(1); rebind()"),
    "new global": ("", "found = 'late' in globals(); globals()['late'] = 1"),
    "deleted global": ("x = 1", "found = 'x' in globals(); globals().pop('x')"),
    "true for one": ("x = [1]", "found = x[0] is True; x[0] = True"),
    "list": ("x = [1]", "found = list(x); x.append(2)"),
    "list in a tuple in a dict": ("x = {'k': ([1],)}", "found = str(x); x['k'][0].append(2)"),
    "dict": ("x = {'k': 1}", "found = str(x); x['k'] = 2"),
    "key of a dict": ("x = {'k': True}", "found = str(x); x['l'] = x.pop('k')"),
    "order of a dict": ("x = {'a': 1, 'b': 2}", "found = str(x); x['a'] = x.pop('a')"),
    "item moved to the next list": ("x = ([1], [])", "found = str(x); x[1].append(x[0].pop())"),
    "set": ("x = {1}", "found = sorted(x); x.add(2)"),
    "deque": ("from collections import deque\nx = deque([1], maxlen=3)", "found = str(x); x.append(2)"),
    "ordered dict": (
        "from collections import OrderedDict\nx = OrderedDict(a=1, b=2)",
        "found = str(x); x.move_to_end('a')",
    ),
    "default dict": ("from collections import defaultdict\nx = defaultdict(list)", "found = str(x); x['k'].append(2)"),
    "counter": ("from collections import Counter\nx = Counter('ab')", "found = str(x); x.update('a')"),
    "bytearray": ("x = bytearray(b'ab')", "found = bytes(x); x[0] = 0"),
    "array": ("from array import array\nx = array('d', [1.5])", "found = x[0]; x[0] = 2.5"),
    "numpy array": ("import numpy\nx = numpy.zeros(2)", "found = x.tolist(); x[0] = 1"),
    "instance": ("class C: pass\nx = C()\nx.a = 1", "found = vars(x).copy(); x.a = 2; x.b = 3"),
    "slots": ("class C:\n  __slots__ = ('a', 'b')\nx = C()\nx.a = 1", "found = x.a, hasattr(x, 'b'); x.a = x.b = 2"),
    "class attribute": ("class C:\n  a = 1", "found = C.a; C.a = 2"),
    "new class attribute": ("class C: pass", "found = hasattr(C, 'a'); C.a = 2"),
    "method": ("class C:\n  def m(self): return 1", "found = C().m(); C.m = lambda self: 2"),
    "default argument": ("def f(seen=[]):\n  seen.append(1)\n  return len(seen)", "found = f()"),
    "attribute of a function": ("def f(): pass\nf.n = 0", "found = f.n; f.n += 1"),
    "closure": (
        "def make():\n  n = 0\n  def f():\n    nonlocal n\n    n += 1\n    return n\n  return f\nf = make()",
        "found = f()",
    ),
    "closure of a decorator": (
        "def memo(f):\n  seen = []\n  def g():\n    seen.append(1)\n    return len(seen)\n  return g\n@memo\ndef f(): pass",
        "found = f()",
    ),
    "lru_cache": ("import functools\n@functools.lru_cache\ndef f(a): return [a]", "found = list(f(1)); f(1).append(2)"),
    "cached_property": (
        "from functools import cached_property\nclass C:\n  @cached_property\n  def p(self): return []\nx = C()",
        "found = list(x.p); x.p.append(2)",
    ),
    "iterator": ("import itertools\nx = itertools.count()", "found = next(x)"),
    "method of an iterator": ("import itertools\nx = itertools.count().__next__", "found = x()"),
    "generator": ("x = (n for n in range(9))", "found = next(x)"),
    "partial": ("import functools\nx = functools.partial(list.append, [])", "found = len(x.args[0]); x('a')"),
    "weak keys": (
        "import weakref\nclass C: pass\nkey = C()\nx = weakref.WeakKeyDictionary()",
        "found = len(x); x[key] = 1",
    ),
    "lock": ("import threading\nx = threading.Lock()", "found = x.locked(); x.acquire()"),
    "re-entrant lock": ("import threading\nx = threading.RLock()", "found = x._is_owned(); x.acquire()"),
    "held lock": ("import threading\nx = threading.Lock()\nx.acquire()", "found = x.locked(); x.release()"),
    "event": ("import threading\nx = threading.Event()", "found = x.is_set(); x.set()"),
    "queue": ("import queue\nx = queue.Queue()", "found = x.qsize(); x.put(1)"),
    "local": ("import threading\nx = threading.local()\nx.a = 1", "found = x.a; x.a = 2"),
    "names of threads": ("import threading", "found = threading.Thread().name"),
    "names of pools": (
        "from concurrent.futures import ThreadPoolExecutor",
        "found = ThreadPoolExecutor()._thread_name_prefix",
    ),
    "the standard library's module": ("import threading", "found = hasattr(threading, 'x'); threading.x = 1"),
    "the standard library's class": (
        "import threading",
        "found = hasattr(threading.Event, 'x'); threading.Event.x = 1",
    ),
    "random": ("import random\nx = random.Random(3)", "found = x.random(), random.random()"),
    "context variable": (
        "import contextvars\nx = contextvars.ContextVar('x', default=0)",
        "found = x.get(); x.set(1)",
    ),
    "enum": ("import enum\nclass E(enum.Enum):\n  A = []", "found = len(E.A.value); E.A.value.append(1)"),
    "clock": ("import time", "found = time.monotonic(), time.time(); time.sleep(5)"),
}
HELPERS = """
def global_x():
    global x
    x = 2

def rebind():
    global x
    x = []
    x.append(5)
    x.pop()
"""


@pytest.mark.parametrize("place", PLACES)
def test_state_is_fresh_in_each_execution(tmp_path: Path, place: str) -> None:
    """What the first execution finds, the second and the third find too."""
    setting, change = PLACES[place]
    body = f"{setting}\n{HELPERS}\ndef scenario():\n" + textwrap.indent(
        change.replace("; ", "\n") + "\nreturn found", "    "
    )
    file = tmp_path / "program.py"
    file.write_text(body, encoding="utf-8")
    subject = world("scenario", file=file)
    found = []
    for _ in range(3):
        execution = subject.run(First())
        assert execution.failure is None, execution.failure
        found.append(repr(subject.result))
    assert found == [found[0]] * 3


def test_state_that_cannot_be_put_back_is_told() -> None:
    """The modules are loaded anew for each execution, so the verdict stands; it says so, and because of what.

    Two take a letter, in either order, and keep it, in either order.
    """
    verdict = treadle.explore("tests.quality.lasting_state:takes_a_letter")
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, 4), verdict.reasons
    kept = type(iter("abc")).__name__
    assert verdict.notes["reloaded"] == [f"{kept} in tests.quality.lasting_state"]
    assert summary(verdict).endswith(
        f"; its modules were loaded anew for each, which is slow, because of what cannot be put back: {kept} in "
        "tests.quality.lasting_state)"
    )


@pytest.mark.parametrize(
    "constant",
    ["from itertools import repeat\nx = repeat([1])", "from datetime import datetime_CAPI as x"],
    ids=["repeat", "capsule"],
)
def test_what_does_not_change_is_no_reason_to_load_anew(tmp_path: Path, constant: str) -> None:
    """An endless repetition and a pointer in C have no state of their own; what is repeated is put back."""
    file = tmp_path / "program.py"
    change = "assert next(x) == [1]; next(x).append(2)" if "repeat" in constant else "assert x"
    threads = "t = threading.Thread(target=int); u = threading.Thread(target=int); t.start(); u.start()"
    file.write_text(f"import threading\n{constant}\ndef scenario():\n    {change}; {threads}\n", encoding="utf-8")
    verdict = treadle.explore(f"{file}::scenario")
    assert verdict.failure is None, verdict.failure
    assert "reloaded" not in verdict.notes
