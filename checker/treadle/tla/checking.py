"""What is checked of every definition, used or not, before anything is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treadle.tla.scope import Environment
    from treadle.tla.syntax import Module


def check_module(module: Module, env: Environment) -> None:
    """Check names."""
    del module, env
