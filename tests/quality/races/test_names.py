"""An attribute that is only looked at is seen, however its name is written: Python makes another of some.

What is compiled with hooks depends on which names a module speaks of, and its text need not have them as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import treadle
from treadle.model.verdict import Status

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """# -*- coding: {encoding} -*-
import threading

class Box:
    def __init__(self): self.{name} = False
    def put(self): self.{name} = True
    def get(self): return self.{name}

def scenario():
    box = Box()
    putting = threading.Thread(target=box.put)
    putting.start()
    got = box.get()
    putting.join()
    assert not got
"""


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("ready", "utf-8"), ("__ready", "utf-8"), ("\N{LATIN SMALL LIGATURE FI}nished", "utf-8"), ("ma\xdf", "latin-1")],
    ids=["plain", "private", "normalised", "in_another_encoding"],
)
def test_a_name_that_is_not_in_the_text_is_watched(tmp_path: Path, name: str, encoding: str) -> None:
    """`_Box__ready` is written `__ready`, `finished` with a ligature, and a text in Latin 1 is not one in UTF-8."""
    file = tmp_path / "boxes.py"
    file.write_text(TEXT.format(name=name, encoding=encoding), encoding=encoding)
    verdict = treadle.explore(f"{file}::scenario")
    assert (verdict.status, verdict.failure is not None and verdict.failure.kind) == (Status.FAILED, "exception")
    verdict = treadle.explore(f"{file}::scenario", granularity="sync")
    assert (verdict.status, verdict.failure is not None and verdict.failure.kind) == (Status.FAILED, "race")
