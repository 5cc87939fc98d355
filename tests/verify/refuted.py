"""What must be refuted: barriers that are known to be wrong, each on a promise that it breaks.

`threading.Barrier` is among them. A checker that finds nothing proves nothing; these are the planted faults that stand
beside the proofs of `cases`, on the same scenarios.
"""

from __future__ import annotations

import threading
from functools import partial

from tests.quality import specimens
from tests.verify import promises

ALL = (
    "index_given_twice",
    "arrival_stays_counted",
    "sleeps_through_release",
    "passes_twice",
    "wakes_one",
    "releases_before_action",
    "abort_wakes_nobody",
    "index_read_late",
    "abort_after_the_trip",
    "abort_in_the_action",
)

index_given_twice = partial(promises.indices, specimens.SimpleBarrier, 2, 1)
arrival_stays_counted = partial(promises.expired, specimens.SimpleBarrier, 2, 1)
sleeps_through_release = partial(promises.progress, specimens.SleepsThroughRelease, 2, 2)
passes_twice = partial(promises.together, specimens.PassesAgain, 2, 2)
wakes_one = partial(promises.progress, specimens.NotifiesOne, 3, 1)
releases_before_action = partial(promises.once, specimens.ReleasesBeforeAction, 2, 1)
abort_wakes_nobody = partial(promises.aborted, specimens.AbortForgetsNotify, 2, 1)
index_read_late = partial(promises.indices, specimens.IndexReadLate, 2, 1)
abort_after_the_trip = partial(promises.one_verdict, threading.Barrier, 2, 1)
abort_in_the_action = partial(promises.reentered, threading.Barrier, 2, 1)
