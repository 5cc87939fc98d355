"""A module whose global another module writes."""

from __future__ import annotations

total = 0
