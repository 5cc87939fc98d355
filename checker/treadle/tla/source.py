"""The text of a module, and places in it.

Every later stage speaks about the text through `Span`: where a token or an expression begins and ends, counted from 1
as editors and SANY count. A `Source` turns a span into an error that shows the line and a mark under the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from treadle.errors import SpecError, SpecSyntaxError


class Span(NamedTuple):
    """From (line, column) to (end_line, end_column), all counted from 1; the end is inclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """Return the span from my beginning to the end of `other`."""
        return Span(self.line, self.column, other.end_line, other.end_column)


NOWHERE = Span(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text under the name that errors show."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """Return the text of a line, without its end; empty if there is no such line."""
        lines = self.text.split("\n")
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""

    def place(self, span: Span) -> str:
        """Return `file:line:column`."""
        return f"{self.name}:{span.line}:{span.column}"

    def cut(self, span: Span) -> str:
        """Return the text of the span with runs of white space made one blank."""
        lines = self.text.split("\n")[span.line - 1 : span.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column - 1 :]
        return " ".join(" ".join(lines).split())

    def mark(self, span: Span) -> str:
        """Return the line of the span with carets under it."""
        line = self.line(span.line)
        end = span.end_column if span.end_line == span.line else len(line)
        width = max(1, end - span.column + 1)
        return f"{line}\n{' ' * (span.column - 1)}{'^' * width}"

    def error(
        self,
        span: Span,
        what: str,
        *,
        kind: type[SpecError] = SpecSyntaxError,
        expected: str | None = None,
        got: str | None = None,
        probably: str | None = None,
        instead: str | None = None,
    ) -> SpecError:
        """Return (not raise) an error at the span: place, sentence, the line itself, and the coaching lines."""
        shown = "\n".join("    " + line for line in self.mark(span).split("\n"))
        return kind(
            f"{self.place(span)}: {what}\n{shown}",
            expected=expected,
            got=got,
            probably=probably,
            instead=instead,
        )
