"""A list that is looked at without hooks is one that nobody else can have."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import made, settled
from treadle.runtime.instrumentation import scopes
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World

if TYPE_CHECKING:
    from pathlib import Path


# Each makes `other` the list that `items` is, in a way of its own.
WAYS = {
    "alias": "items = [0]; other = items",
    "two targets": "items = other = [0]",
    "a walrus": "other = (items := [0])",
    "an argument": "items = [0]; other = same(items)",
    "a keyword": "items = [0]; other = same(value=items)",
    "an argument of a method": "items = [0]; other = max([items])",
    "a star": "items = [0]; other = first(*[items])",
    "an attribute": "items = [0]; box.x = items; other = box.x",
    "an item": "items = [0]; box.y['k'] = items; other = box.y['k']",
    "a display": "items = [0]; other = (items,)[0]",
    "itself": "items = [0]; items.append(items); other = items.pop()",
    "a method that returns it": "items = [0]; other = items.__iadd__([])",
    "a method that is kept": "items = [0]; other = items.append.__self__",
    "a choice": "items = [0]; other = items if box else None",
    "or": "items = [0]; other = items or None",
    "and": "items = [0]; other = box and items",
    "a comparison": "items = [0]; items == Sly(); other = box.x",
    "membership": "items = [0]; items in [Sly()]; other = box.x",
    "an operator": "items = [0]; other = items + Sly()",
    "in place": "items = [0]; items += Sly(); other = same(items)",
    "a format": "items = [Sly()]; f'{items}'; items.pop(); items.append(0); other = keep(items)",
    "a lambda": "items = [0]; other = (lambda: items)()",
    "a function": "items = [0]\ndef inner(): return items\nother = inner()",
    "a class": "items = [0]\nclass Inner: x = items\nother = Inner.x",
    "a generator expression": "items = [0]; other = [*([items] for _ in range(1))][0][0]",
    "a comprehension": "items = [0]; other = [items for _ in range(1)][0]",
    "a loop over a display": "items = [0]\nfor other in [items]: pass",
    "unpacking": "items = [0]; other, _ = items, 1",
    "locals": "items = [0]; other = locals()['items']",
    "eval": "items = [0]; other = eval('items')",
    "a match": "items = [0]\nmatch items:\n  case other: pass",
    "another binding": "items = same(box.y['l']); items = [*items] if box is None else items; other = box.y['l']",
}
PROGRAM = """
import threading

class Box: pass

class Sly:
    def __eq__(self, other): box.x = other; return True
    def __radd__(self, other): return other
    def __iter__(self): return iter(())
    __hash__ = None

box = Box()

def same(value): return value
def first(value): return value
def keep(value): return value

def scenario():
    box.x, box.y = None, {{"l": [0]}}
{way}
    box.x = other
    thread = threading.Thread(target=box.x.append, args=(1,))
    thread.start()
    found = [item for item in items]
    thread.join()
    return len(found)
"""


def outcomes(file: Path) -> set[str]:
    """What the scenario comes to."""
    world = World(Scenario.parse(f"{file}::scenario"), keep_going=True)
    found: set[str] = set()
    settled(world, anew=found.clear, watch=lambda e, _: found.add(str(e.failure or world.result)))
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_list_that_is_given_away_is_followed(tmp_path: Path, way: str) -> None:
    """One thread changes the list, the other goes through it: both orders are found, however it came by the list."""
    body = "\n".join(part for line in WAYS[way].split("\n") for part in line.split("; "))
    file = tmp_path / "program.py"
    file.write_text(PROGRAM.format(way=textwrap.indent(body, "    ")), encoding="utf-8")
    assert outcomes(file) == {"1", "2"}


def private(source: str) -> set[str]:
    """The private lists of the first function."""
    tree = ast.parse(textwrap.dedent(source))
    return set(scopes.Scopes(tree).of[tree.body[0]].private)


def test_what_is_private() -> None:
    """Lists that are gone through, measured by their truth, filled and emptied in place; bound as often as one likes."""
    assert private("""
        def f(n):
            a = [n]
            b: list[int] = []
            if n:
                a = [x for x in b]
            for x in a:
                b.append(a[0])
            while not b:
                b[0] = 1
            c = [y for x in range(3) for y in a if x]
            return [y for y in c]
    """) == {"a", "b", "c"}


def test_what_is_not_private() -> None:
    """No parameter, no variable of another scope, and nothing of a function that can be resumed."""
    assert private("def f(a):\n a = [1]\n for x in a: pass") == set()
    assert private("def f():\n global a\n a = [1]\n for x in a: pass") == set()
    assert private("def f():\n a = [1]\n for x in a: yield x") == set()
    assert private("async def f():\n a = [1]\n for x in a: await x") == set()
    assert private("def f():\n a = [1]\n for a in a: pass") == set()
    assert private("def f():\n a = [1]\n try: pass\n except E as a: pass\n for x in a: pass") == set()
    assert private("def f():\n a = [1]\n import a\n for x in a: pass") == set()
    assert private("def f():\n a = [1]\n for x in a: pass\n del a") == set()


LAWFUL = """
import threading

def scenario():
    items = []
    seen = [[] for _ in range(2)]
    lock = threading.Lock()
    def work(place):
        mine = [1, 2]
        for item in mine:
            with lock:
                items.append(item)
        place.append(items[0])
        if mine:
            mine.pop()
        place.append(mine[0])
    threads = [threading.Thread(target=work, args=(place,)) for place in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [*seen, items]
"""


def told(folder: Path) -> list[list[tuple[object, ...]]]:
    """The steps of each execution of the last pass."""
    folder.mkdir()
    file = folder / "program.py"
    file.write_text(LAWFUL, encoding="utf-8")
    return made(World(Scenario.parse(f"{file}::scenario"), keep_going=True))


def test_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every execution makes the same steps as where no list is private."""
    without = told(tmp_path / "without")
    monkeypatch.setattr(scopes, "private_lists", lambda *_: frozenset())
    assert without == told(tmp_path / "with")
    assert len(without) > 10
