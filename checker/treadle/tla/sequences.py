r"""What the operators of Sequences and TLC do: the second half of `operations`, under the same rules.

A sequence is a function with the domain 1..n, so its items are the tuple without its first place. A string is a
sequence of characters, and a character a string of one, to `Len`, `\o`, `Append`, `Head`, `Tail` and `SubSeq`, as in TLC.
"""

from __future__ import annotations

from itertools import permutations as orders
from typing import TYPE_CHECKING

from treadle.tla.operations import as_function, as_int, as_sequence, as_set, brief, fail, truth
from treadle.tla.values import Value, domain_of, sequence_domain

if TYPE_CHECKING:
    from collections.abc import Callable


def length(value: Value) -> int:
    """Return the length of a sequence."""
    return len(value) if type(value) is str else len(as_sequence(value)) - 1


def append(value: Value, item: Value) -> Value:
    """Return the sequence with one more item."""
    if type(value) is str:
        return (
            value + item if type(item) is str else fail(f"Append({brief(value)}, {brief(item)}): not both are strings")
        )
    value = as_sequence(value)
    return (sequence_domain(len(value)), *value[1:], item)


def concatenated(left: Value, right: Value) -> Value:
    """Return one sequence after the other."""
    if type(left) is str and type(right) is str:
        return left + right
    items = as_sequence(left)[1:] + as_sequence(right)[1:]
    return (sequence_domain(len(items)), *items)


def head(value: Value) -> Value:
    """Return the first item."""
    if type(value) is str:
        return value[0] if value else fail("Head of the empty string")
    if len(as_sequence(value)) == 1:
        fail("Head of the empty sequence")
    return as_sequence(value)[1]


def tail(value: Value) -> Value:
    """Return the sequence without its first item."""
    if type(value) is str:
        return value[1:] if value else fail("Tail of the empty string")
    value = as_sequence(value)
    if len(value) == 1:
        fail("Tail of the empty sequence")
    return (sequence_domain(len(value) - 2), *value[2:])


def subsequence(value: Value, low: Value, high: Value) -> Value:
    """Return the items from low to high, counted from 1; empty if high < low."""
    text = type(value) is str
    if not text:
        value = as_sequence(value)
    count = len(value) - (0 if text else 1)
    if as_int(high) < as_int(low):
        return "" if text else (sequence_domain(0),)
    if low < 1 or high > count:
        fail(f"SubSeq from {low} to {high} of {brief(value)}, which has {count} items")
    return value[low - 1 : high] if text else (sequence_domain(high - low + 1), *value[low : high + 1])


def selected(value: Value, test: Callable[[Value], Value]) -> Value:
    """Return the items that pass the test."""
    items = [item for item in as_sequence(value)[1:] if truth(test(item))]
    return (sequence_domain(len(items)), *items)


def sorted_sequence(value: Value, before: Callable[[Value, Value], Value]) -> Value:
    """Return the items in order: an insertion sort, as TLC's, so that equal items stay as they are."""
    items: list[Value] = []
    for item in as_sequence(value)[1:]:
        place = len(items)
        while place and truth(before(item, items[place - 1])):
            place -= 1
        items.insert(place, item)
    return (sequence_domain(len(items)), *items)


def single(key: Value, value: Value) -> Value:
    """Return key :> value."""
    return (domain_of(frozenset((key,))), value)


def merged(left: Value, right: Value) -> Value:
    """Return left @@ right: where both are defined, the left one counts."""
    left, right = as_function(left), as_function(right)
    pairs = dict(zip(right[0], right[1:], strict=True))
    pairs.update(zip(left[0], left[1:], strict=True))
    found = domain_of(frozenset(pairs))
    return (found, *[pairs[key] for key in found])


def permutations(group: Value) -> Value:
    """Return the functions that permute a finite set."""
    keys = domain_of(frozenset(as_set(group)))
    return frozenset((keys, *order) for order in orders(keys))
