"""A report as a picture: each contender a line over the sizes, both axes logarithmic, bars from lowest to highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from phalanx.bench.report import Report


def write(report: Report, path: Path) -> None:
    """Draw the report into a file; its suffix says in which format.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: matplotlib does not know that format.
    """
    # Not pyplot: this needs no screen and leaves no figure behind.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    sizes = [row.size for row in report.rows]
    for column in report.columns:
        if column.over is None:
            samples = [row.samples[column.name] for row in report.rows]
            medians = [each.median for each in samples]
            below = [each.median - min(each.values) for each in samples]
            above = [max(each.values) - each.median for each in samples]
            axes.errorbar(sizes, medians, yerr=[below, above], marker="o", capsize=3, label=column.name)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xlabel(report.subject)
    axes.set_ylabel(report.unit)
    axes.set_title(report.title)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)
