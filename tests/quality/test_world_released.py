"""What released packages do that few programs do otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import treadle

if TYPE_CHECKING:
    from pathlib import Path


def test_a_circle_of_parts_is_loaded_as_python_does(tmp_path: Path) -> None:
    """`from . import part` finds a part of the package that is still being loaded."""
    package = tmp_path / "around"
    package.mkdir()
    (package / "__init__.py").write_text("from . import one\n", encoding="utf-8")
    (package / "one.py").write_text("from . import two\nnumber = 1\n", encoding="utf-8")
    (package / "two.py").write_text("from . import one as first\nnumber = lambda: first.number\n", encoding="utf-8")
    file = tmp_path / "circle.py"
    file.write_text("import around.two\ndef scenario():\n    assert around.two.number() == 1\n", encoding="utf-8")
    assert treadle.explore(f"{file}::scenario").complete


def test_an_object_that_stands_for_nothing_yet_is_let_alone(tmp_path: Path) -> None:
    """A proxy whose attributes, its dictionary and its class among them, raise: nobody asks for them."""
    file = tmp_path / "proxies.py"
    file.write_text(
        "class Absent:\n    def __get__(self, proxy, kind=None):\n"
        "        if proxy is None:\n            return kind\n        raise RuntimeError('nothing yet')\n"
        "class Proxy:\n    __slots__ = ()\n    __dict__ = Absent()\n    __class__ = Absent()\n"
        "proxy = Proxy()\ndef scenario():\n    pass\n",
        encoding="utf-8",
    )
    assert treadle.explore(f"{file}::scenario").complete
