"""Stories are laid out in columns that any terminal of 100 characters can show, however many tasks there are."""

from __future__ import annotations

import pytest

from treadle.report.columns import ROOM, WIDTH, columns, fold

LONG = "bank.py:1234  self.accounts[source].balance = self.accounts[source].balance - amount_of_the_transfer"


def test_three_tasks_have_a_third_each() -> None:
    """Each column begins at a multiple of a third of the width, under its head."""
    lines = columns(["main", "one", "two"], [(0, ["a"]), (2, ["c", "  d"]), (1, ["b"])])
    assert lines == [
        "main" + " " * 29 + "one" + " " * 30 + "two",
        "-" * 100,
        "a",
        " " * 66 + "c",
        " " * 68 + "d",
        " " * 33 + "b",
    ]


def test_one_task_is_one_column() -> None:
    """Without another column there is nothing to leave room for."""
    assert columns(["main"], [(0, ["a"])]) == ["main", "-" * 100, "a"]


def test_no_task_is_a_ruler() -> None:
    """A story in which nothing happens has no columns."""
    assert columns([], []) == ["", "-" * 100]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13, 40, 100])
def test_no_line_is_longer_than_the_width(count: int) -> None:
    """For any number of tasks, whatever is in them."""
    heads = [f"worker number {number}" for number in range(count)]
    lines = columns(heads, [(column, [LONG, f"  {LONG}"]) for column in range(count)])
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13])
def test_every_character_is_there(count: int) -> None:
    """Lines are folded, never cut off, and one word that is too long is broken."""
    lines = columns([""] * count, [(column, [LONG]) for column in range(count)])
    assert "".join("".join(lines[2:]).split()) == "".join(LONG.split()) * count


@pytest.mark.parametrize("count", [4, 5, 8, 13, 40])
def test_the_last_column_keeps_its_room(count: int) -> None:
    """A text of so many characters is never folded, in no column of up to forty."""
    text = "x" * ROOM
    lines = columns([""] * count, [(column, [text]) for column in range(count)])
    assert [line.strip() for line in lines[lines.index("-" * WIDTH) + 1 :]] == [text] * count


def test_heads_that_do_not_fit_are_a_staircase() -> None:
    """Each head stands on a line of its own above its column."""
    heads = [f"worker number {number}" for number in range(9)]
    lines = columns(heads, [])
    assert [line.strip() for line in lines[:-1]] == heads
    assert [line.index("w") for line in lines[:-1]] == [8 * column for column in range(9)]


def test_folded_lines_are_indented_further() -> None:
    """What belongs to the line above is seen to belong to it."""
    assert fold("  one two three", 9) == ["  one two", "    three"]
    assert fold("short", 9) == ["short"]
    assert fold("", 9) == [""]
