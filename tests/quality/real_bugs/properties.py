"""Two sheets that have nothing to do with each other, each with a total and a mean that are computed once."""

from __future__ import annotations

import threading
from functools import cached_property


class Sheet:
    """Figures, some of which are taken from another sheet."""

    def __init__(self, source: Sheet | None = None) -> None:
        self.source = source

    @cached_property
    def total(self) -> int:
        return 6 if self.source is None else self.source.mean * 3

    @cached_property
    def mean(self) -> int:
        return 2 if self.source is None else self.source.total // 3


def reports() -> None:
    """One thread needs the total of one sheet, another the mean of another; both sheets stand on a third."""
    first, second = Sheet(Sheet()), Sheet(Sheet())
    results: dict[str, int] = {}
    threads = [
        threading.Thread(target=lambda: results.update(total=first.total), name="totals"),
        threading.Thread(target=lambda: results.update(mean=second.mean), name="means"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {"total": 6, "mean": 2}
