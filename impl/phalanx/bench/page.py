"""A report as a page of the documentation, in Markdown.

The page is made of the report's JSON and nothing else, so whoever has that can make it again: numbers in the
documentation are then those of one run, and nobody has typed them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phalanx.bench.report import AND
from phalanx.bench.table import tables

if TYPE_CHECKING:
    from phalanx.bench.report import Report
    from phalanx.bench.table import Table

BEGIN = "<!-- the tables -->"
END = "<!-- end of the tables -->"
"""Between these other pages find the tables, to include them."""


def page(report: Report, source: str | None = None, picture: str | None = None) -> str:
    """The page; `source` is the name of the JSON that it is made of, and `picture` that of the plot beside it."""
    where = report.where
    command, runs = "    python -m phalanx.bench", where.options.split(AND)
    made = [f"{command} {run}" + (f" --json {source}" if source else "") for run in runs]
    if source and len(runs) > 1:
        files = [f"{number}.json" for number in range(1, len(runs) + 1)]
        made = [f"{command} {run} --json {file}" for run, file in zip(runs, files, strict=True)]
        made.append(f"{command} {report.name} --from {' '.join(files)} --json {source}")
    if source:
        voices = f" --plot {picture}" if picture else ""
        made.append(f"{command} {report.name} --from {source} --page {report.name}.md{voices}")
    machine = f"{where.system} {where.machine} with {where.cpus} CPUs"
    python = f"CPython {where.python}{'' if where.gil else ' without the interpreter lock'}"
    parts = [
        f"# Measured: {report.name}",
        f"{report.title}. This page is generated, in the folder where it is; nobody edits it:",
        "\n".join(made),
        f"Measured on {where.date}, on {machine} and {python}: {report.caption().partition(';')[0]}.",
        BEGIN,
        *map(_markdown, tables(report)),
        END,
        *([f"![{report.title}]({picture})"] if picture else []),
        *report.notes,
    ]
    return "\n\n".join(parts) + "\n"


def _markdown(table: Table) -> str:
    headings, rows = table
    lines = [headings, ["--:"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
