"""A pipe that a module opens when it is loaded, with a byte in it."""

from __future__ import annotations

import os

import treadle

READING, WRITING = os.pipe()
os.write(WRITING, b"a")


def made_while_loading() -> bytes:
    """Reads everything, so that a second execution would find nothing if nothing was put back."""
    os.write(WRITING, treadle.choose([b"1", b"2"]))
    return os.read(READING, 10)
