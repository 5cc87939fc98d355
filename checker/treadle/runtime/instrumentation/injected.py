"""The two names that rewritten code finds among its globals, besides those of the program."""

from __future__ import annotations

HOOKS = "_treadle"
"""The hooks. (Two underscores in front would be mangled in classes.)"""
GLOBALS = "_treadle_globals"
"""The module's globals as a thing; set by the first statement of each rewritten module, so only these modules have it."""
