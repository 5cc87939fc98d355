"""The cases of the first proofs: each promise, for each barrier, for so many parties and rounds.

Every case is a function of this module without arguments, named like `together_phalanx_2x1` (P1, `phalanx.Barrier`,
2 parties, 1 round), so that it can be run by hand:

    treadle check tests/verify/cases.py::together_phalanx_2x1 --granularity sync
"""

from __future__ import annotations

import threading
from functools import partial

import phalanx
from tests.verify import promises

BARRIERS = {"phalanx": phalanx.Barrier, "threading": threading.Barrier}
PROMISES = {
    "P1": promises.together,
    "P2": promises.apart,
    "P4": promises.once,
    "P5": promises.indices,
    "P6": promises.aborted,
    "P7": promises.expired,
    "P9": promises.progress,
}
SIZES = ((2, 1), (2, 2), (3, 1), (3, 2))
ONCE = {"P7"}  # promises about one round


def name_of(promise: str, barrier: str, parties: int, rounds: int) -> str:
    """The name of the function for a case."""
    return f"{PROMISES[promise].__name__}_{barrier}_{parties}x{rounds}"


def sizes_of(promise: str) -> list[tuple[int, int]]:
    """For how many parties and rounds the promise is checked."""
    return [
        (parties, rounds)
        for parties, rounds in SIZES
        # An abort at every moment of two rounds of three: conformance has that, a program at a time.
        if rounds == 1 or (promise not in ONCE and (promise, parties) != ("P6", 3))
    ]


for _promise, _scenario in PROMISES.items():
    for _barrier, _class in BARRIERS.items():
        for _parties, _rounds in sizes_of(_promise):
            _name = name_of(_promise, _barrier, _parties, _rounds)
            globals()[_name] = partial(_scenario, _class, _parties, _rounds)

progress_threading_4x1 = partial(promises.progress, threading.Barrier, 4, 1)
one_verdict_phalanx = partial(promises.one_verdict, phalanx.Barrier, 2, 1)
one_verdict_phalanx_3 = partial(promises.one_verdict, phalanx.Barrier, 3, 1)
reentered_phalanx = partial(promises.reentered, phalanx.Barrier, 2, 1)
reentered_phalanx_3 = partial(promises.reentered, phalanx.Barrier, 3, 1)
