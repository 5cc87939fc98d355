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


Table = tuple[list[str], list[list[str]]]
"""Headings, and the text of each row under them."""


def tables(report: Report) -> list[Table]:
    """The medians, and the ratios if there are any: side by side they would be too wide."""
    medians = [column for column in report.columns if column.over is None]
    ratios = [column for column in report.columns if column.over is not None]
    return [
        (
            [report.subject, *(column.heading for column in columns)],
            [[f"{row.size:,}", *(column.cell(row) for column in columns)] for row in report.rows],
        )
        for columns in (medians, ratios)
        if columns
    ]


def plain(report: Report) -> str:
    """The report as lines of text, headings broken at blanks and ratios so that it stays narrow."""
    drawn = [line for table in tables(report) for line in [*_plain(table), ""]]
    return "\n".join([report.title, "", *drawn, report.caption(), *report.notes])


def _plain(table: Table) -> list[str]:
    headings, rows = table
    broken = [heading.replace(" / ", " /\n").replace(", ", ",\n").split("\n") for heading in headings]
    height = max(map(len, broken))
    lines = [[""] * (height - len(heading)) + heading for heading in broken]
    stacked = [[heading[level] for heading in lines] for level in range(height)]
    widths = [max(map(len, column)) for column in zip(*stacked, *rows, strict=True)]
    texts = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in stacked + rows]
    rule = "  ".join("-" * width for width in widths)
    return [*texts[:height], rule, *texts[height:]]


def _show_rich(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table as Drawn

    console = Console()
    caption = "\n".join([report.caption(), *report.notes])
    found = tables(report)
    for number, (headings, rows) in enumerate(found, start=1):
        table = Drawn(title=report.title if number == 1 else None, caption=caption if number == len(found) else None)
        for heading in headings:
            table.add_column(heading, justify="right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
