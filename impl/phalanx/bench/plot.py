"""A report as a picture, in two panels over the sizes.

On the left each contender is a line, both axes logarithmic, bars from lowest to highest. On the right are the ratios,
with a line at 1, where two contenders are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

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

    figure = Figure(figsize=(13, 5), layout="constrained")
    FigureCanvasAgg(figure)
    medians, ratios = figure.subplots(1, 2)
    _draw_medians(medians, report)
    _draw_ratios(ratios, report)
    figure.suptitle(report.title)
    figure.savefig(path, dpi=150)


def _draw_medians(axes: Axes, report: Report) -> None:
    sizes = _sizes(axes, report)
    for column in report.columns:
        if column.over is None:
            samples = [row.samples[column.name] for row in report.rows]
            medians = [each.median for each in samples]
            below = [each.median - min(each.values) for each in samples]
            above = [max(each.values) - each.median for each in samples]
            axes.errorbar(sizes, medians, yerr=[below, above], marker="o", capsize=3, label=column.name)
    axes.set_yscale("log")
    axes.set_ylabel(report.unit)
    axes.legend()


def _draw_ratios(axes: Axes, report: Report) -> None:
    sizes = _sizes(axes, report)
    for column in report.columns:
        if column.over is not None and column.share is None:
            axes.plot(sizes, [column.value(row) for row in report.rows], marker="o", label=column.heading)
    axes.axhline(1.0, color="grey", linewidth=1)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("ratio of the medians")
    axes.legend()


def _sizes(axes: Axes, report: Report) -> list[int]:
    """Prepare the axis that both panels have, and return what is on it."""
    sizes = [row.size for row in report.rows]
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xlabel(report.subject)
    axes.grid(visible=True, which="both", alpha=0.3)
    return sizes
