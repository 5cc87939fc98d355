"""How far the exploration of a specification is: one line on a terminal, rewritten in place; nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def counting(title: str) -> Iterator[Callable[[int, int, int], None] | None]:
    """What is to be called with states generated, distinct states and depth; None if nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - takes longer than many an exploration
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:

        def show(generated: int, distinct: int, depth: int) -> None:
            line = f"{title}: {distinct:,} distinct states of {generated:,} generated, depth {depth}"
            live.update(Text(line), refresh=True)

        yield show
