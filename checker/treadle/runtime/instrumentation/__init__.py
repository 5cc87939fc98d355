"""Shared accesses become steps: the rewriting of modules, and the hooks that the rewritten code calls.

The loader of a world compiles each module through an `Instrument`, puts the world's `Hooks` into the module's globals under
the name `HOOKS`, and tells the hooks when an execution begins and ends. Everything else happens when the code runs.

What belongs together: `rewriting` (with `scopes`, `expressions`, `statements`) says which expressions become calls of
hooks. `hooks` are these calls; they stand on `files`, `callees` and `foreign` (calls), `containers` (items, iteration), `attributes`, and
`ledger`, which decides what is a step. `sharing` is what is learned from one execution for the next, with the argument
why a location that nobody races for need be no step. `points` is the rewrite of a world with faults.
"""

from __future__ import annotations

from treadle.runtime.instrumentation.hooks import Hooks
from treadle.runtime.instrumentation.injected import HOOKS
from treadle.runtime.instrumentation.points import InstrumentWithPoints, PointedHooks
from treadle.runtime.instrumentation.rewriting import Instrument, only_turns
from treadle.runtime.instrumentation.sharing import Sharing

__all__ = ["HOOKS", "Hooks", "Instrument", "InstrumentWithPoints", "PointedHooks", "Sharing", "only_turns"]
