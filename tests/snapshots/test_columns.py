"""Stories are laid out in columns that any terminal of 100 characters can show, however many tasks there are."""

from __future__ import annotations

import pytest

from treadle.report.columns import ROOM, WIDTH, Row, columns, fold

LONG = "bank.py:1234  self.accounts[source].balance = self.accounts[source].balance - amount_of_the_transfer"


def test_three_tasks_share_the_width() -> None:
    """Each column begins where the last one keeps its room; what was done stands below its source."""
    rows = [Row(0, "a.py:1  a()", "takes a"), Row(2, "c.py:3  c()", "takes c"), Row(1, "", "takes b")]
    assert columns(["main", "one", "two"], rows) == [
        "main" + " " * 27 + "one" + " " * 28 + "two",
        "-" * 100,
        "a.py:1  a()",
        "  - takes a",
        " " * 62 + "c.py:3  c()",
        " " * 64 + "- takes c",
        " " * 33 + "- takes b",
    ]


def test_one_task_is_one_column() -> None:
    """Without another column there is nothing to leave room for."""
    assert columns(["main"], [Row(0, "", "takes a")]) == ["main", "-" * 100, "  - takes a"]


def test_no_task_is_a_ruler() -> None:
    """A story in which nothing happens has no columns."""
    assert columns([], []) == ["", "-" * 100]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13, 40, 100])
def test_no_line_is_longer_than_the_width(count: int) -> None:
    """For any number of tasks, whatever is in them."""
    heads = [f"worker number {number}" for number in range(count)]
    lines = columns(heads, [Row(column, LONG, LONG) for column in range(count)])
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13])
def test_every_deed_is_there(count: int) -> None:
    """What was done is folded, never cut off, and one word that is too long is broken."""
    lines = columns([""] * count, [Row(column, "", LONG) for column in range(count)])
    assert "".join("".join(_below(lines)).split()) == ("-" + "".join(LONG.split())) * count


@pytest.mark.parametrize("count", [3, 4, 5, 8, 13, 40])
def test_every_column_has_room(count: int) -> None:
    """A source line of so many characters is never folded, in no column of up to forty."""
    text = "x" * ROOM
    lines = columns([""] * count, [Row(column, text, "is") for column in range(count)])
    assert [line.strip() for line in _below(lines)] == [text, "- is"] * count


def test_source_has_two_lines_at_most() -> None:
    """One line is folded once; of two lines, each is cut off."""
    lines = columns(["", "", ""], [Row(1, LONG, "is"), Row(1, f"with lock:\n    {LONG}", "is")])
    assert [line.strip() for line in _below(lines)] == [
        "bank.py:1234",
        "self.accounts[source].balance =...",
        "- is",
        "with lock:",
        "bank.py:1234...",
        "- is",
    ]


def _below(lines: list[str]) -> list[str]:
    """What stands below the ruler."""
    return lines[lines.index("-" * WIDTH) + 1 :]


def test_heads_that_do_not_fit_are_a_staircase() -> None:
    """Each head stands on a line of its own above its column."""
    heads = [f"worker number {number}" for number in range(9)]
    lines = columns(heads, [])
    assert [line.strip() for line in lines[:-1]] == heads
    assert [line.index("w") for line in lines[:-1]] == [7 * column for column in range(9)]


def test_folded_lines_are_indented_further() -> None:
    """What belongs to the line above is seen to belong to it."""
    assert fold("  one two three", 11) == ["  one two", "      three"]
    assert fold("short", 9) == ["short"]
    assert fold("", 9) == []
