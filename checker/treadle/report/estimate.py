"""How far many jobs are, and about how long the rest will take: one line on a terminal; nothing elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@contextmanager
def estimate(weights: Sequence[tuple[str, float]], *, visible: bool) -> Iterator[Callable[[int, float], None]]:
    """What is to be called with the number of a job and the part of it that is done.

    `weights` are the names of the jobs, each with about how many seconds it takes: only their proportions matter.
    """
    if not visible:
        yield lambda _job, _part: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("left:"),
               TimeRemainingColumn())  # fmt: skip
    done = [0.0] * len(weights)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("proving", total=sum(weight for _, weight in weights))

        def show(job: int, part: float) -> None:
            name, weight = weights[job]
            done[job] = weight * part
            bar.update(line, completed=sum(done), description=f"proving {name}")

        yield show
