"""What every test stands on: deterministic hypothesis, and a heap that is looked at no more than it must be.

A random seed that changes from run to run turns a red build into a rumour. The examples are derived from the test's
own text instead; to look further afield, run with `--hypothesis-profile=explore`.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile("repository", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("repository")

# To look for garbage as often as Python does takes a twentieth of the time, and finds little: executions switch the
# collector off anyway, and a search makes hardly any circles. (A world is one, which is why it is looked for at all.)
gc.set_threshold(20_000, 10, 10)

# The specifications that TLC is asked about here are small: most of its time would go into compiling itself better.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="module", autouse=True)
def settled() -> None:
    """What earlier modules of tests leave behind (compiled code, tests, caches) is not looked at by the collector again.

    Some tests collect dozens of times, CPython's own above all, and each time would take as long as the heap is large.
    """
    gc.collect()
    gc.freeze()
