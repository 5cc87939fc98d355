"""A report as a table on the terminal: by rich where it is installed, else in plain text with the same content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phalanx.bench.report import Report


def show(report: Report) -> None:
    """Print the report."""
    try:
        from rich.console import Console
    except ImportError:
        print(plain(report))
        return
    if Console().is_terminal:
        _show_rich(report)
    else:
        print(plain(report))


def cells(report: Report) -> tuple[list[str], list[list[str]]]:
    """The headings, and the text of each row under them."""
    headings = [report.subject, *(column.heading for column in report.columns)]
    return headings, [[f"{row.size:,}", *(column.cell(row) for column in report.columns)] for row in report.rows]


def plain(report: Report) -> str:
    """The report as lines of text, headings broken at blanks and ratios so that it stays narrow."""
    headings, rows = cells(report)
    broken = [heading.replace(" / ", " /\n").replace(", ", ",\n").split("\n") for heading in headings]
    height = max(map(len, broken))
    lines = [[""] * (height - len(heading)) + heading for heading in broken]
    stacked = [[heading[level] for heading in lines] for level in range(height)]
    widths = [max(map(len, column)) for column in zip(*stacked, *rows, strict=True)]
    texts = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in stacked + rows]
    rule = "  ".join("-" * width for width in widths)
    table = [*texts[:height], rule, *texts[height:]]
    return "\n".join([report.title, "", *table, "", report.caption(), *report.notes])


def _show_rich(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=report.title, caption="\n".join([report.caption(), *report.notes]))
    headings, rows = cells(report)
    for heading in headings:
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
