"""The result of a benchmark, and its voices: a table for the terminal, a page, JSON for programs, a plot for people.

A report has a row for each size of the problem. Its columns are computed from a row: a contender's median, or the
ratio of two of them. All voices show the same columns. The JSON has everything, so that a report can be read back
from it, and be shown in another voice without measuring again.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from phalanx.bench.samples import Samples

if TYPE_CHECKING:
    from pathlib import Path


AND = " & "


@dataclass(frozen=True, slots=True)
class Row:
    """One size of the problem."""

    size: int
    samples: dict[str, Samples]
    """By contender."""


@dataclass(frozen=True, slots=True)
class Column:
    """A contender's median, or that divided by another's."""

    name: str
    over: str | None = None
    share: str | None = None
    """What the ratio is, where it is a part of a whole, to be shown as a percentage."""

    @property
    def heading(self) -> str:
        """What stands above it."""
        if self.share is not None:
            return self.share
        return self.name if self.over is None else f"{self.name} / {self.over}"

    def value(self, row: Row) -> float:
        """The number for a row."""
        own = row.samples[self.name].median
        return own if self.over is None else own / row.samples[self.over].median

    def cell(self, row: Row) -> str:
        """The number as text, with its spread if it is a median."""
        if self.share is not None:
            return f"{self.value(row):.2%}"
        if self.over is not None:
            return f"{self.value(row):.2f}"
        return f"{digits(self.value(row))} ±{row.samples[self.name].spread * 50:.0f}%"


def digits(value: float) -> str:
    """A number with three digits that count, or all of those before the point."""
    if value >= 100:  # noqa: PLR2004 - three digits
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004 - two digits


@dataclass(frozen=True, slots=True)
class Where:
    """On what, when and how something was measured."""

    python: str = field(default_factory=platform.python_version)
    gil: bool = field(default_factory=lambda: getattr(sys, "_is_gil_enabled", lambda: True)())
    machine: str = field(default_factory=platform.machine)
    system: str = field(default_factory=platform.system)
    cpus: int = field(default_factory=lambda: os.cpu_count() or 1)
    date: str = field(default_factory=lambda: time.strftime("%Y-%m-%d", time.gmtime()))
    options: str = ""
    """Behind `python -m phalanx.bench`, what does not only say where the result goes; of several runs, with `AND` between."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one benchmark."""

    name: str
    title: str
    subject: str
    """What a row's size counts."""
    unit: str
    rows: list[Row]
    columns: list[Column]
    notes: list[str]
    """What a reader must know: who is missing, and why."""
    where: Where = field(default_factory=Where)

    def as_json(self) -> dict[str, object]:
        """Everything that was measured, and where."""
        return {
            "benchmark": self.name,
            "title": self.title,
            "subject": self.subject,
            "unit": self.unit,
            **asdict(self.where),
            "rows": [
                {
                    self.subject: row.size,
                    "contenders": {name: samples.as_json() for name, samples in row.samples.items()},
                    "ratios": {column.heading: column.value(row) for column in self.columns if column.over is not None},
                }
                for row in self.rows
            ],
            "columns": [asdict(column) for column in self.columns],
            "notes": self.notes,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Report:
        """The report that `as_json` made this of.

        Raises:
            KeyError, TypeError: it is something else.
        """
        rows = [
            Row(
                row[document["subject"]],
                {name: Samples(tuple(samples["samples"])) for name, samples in row["contenders"].items()},
            )
            for row in document["rows"]
        ]
        return cls(
            document["benchmark"],
            document["title"],
            document["subject"],
            document["unit"],
            rows,
            [Column(**column) for column in document["columns"]],
            document["notes"],
            Where(**{name: document[name] for name in Where.__slots__}),
        )

    def together_with(self, other: Report) -> Report:
        """Both runs as one: the rows of both, and of the same size the samples of both.

        Raises:
            ValueError: the two did not measure the same things, or not in the same place.
        """
        mine, theirs = (replace(run, rows=[], where=replace(run.where, options="", date="")) for run in (self, other))
        if mine != theirs:
            raise ValueError(f"they are of different benchmarks, contenders or machines: {mine} and {theirs}")
        rows: dict[int, dict[str, Samples]] = {}
        for row in (*self.rows, *other.rows):
            samples = rows.setdefault(row.size, {})
            for name, more in row.samples.items():
                samples[name] = Samples((*(samples[name].values if name in samples else ()), *more.values))
        options = f"{self.where.options}{AND}{other.where.options}"
        return replace(
            self,
            rows=[Row(size, samples) for size, samples in sorted(rows.items())],
            where=replace(self.where, options=options, date=max(self.where.date, other.where.date)),
        )

    def write_json(self, path: Path) -> None:
        """Write it, with a newline at the end."""
        path.write_text(json.dumps(self.as_json(), indent=1) + "\n", encoding="utf-8")

    def caption(self) -> str:
        """Where and how it was measured, in a line."""
        counts = sorted({len(samples.values) for row in self.rows for samples in row.samples.values()})
        repeat = " to ".join(map(str, dict.fromkeys((*counts[:1], *counts[-1:]))))
        return (
            f"medians of {repeat}, ± half the distance between the quartiles; "
            f"CPython {self.where.python}, {self.where.cpus} CPUs"
        )
