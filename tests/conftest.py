"""What every test stands on: deterministic hypothesis.

A random seed that changes from run to run turns a red build into a rumour. The examples are derived from the test's
own text instead; to look further afield, run with `--hypothesis-profile=explore`.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repository", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("repository")
