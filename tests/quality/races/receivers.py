"""Adding one to an attribute of an object that is reached in every way: the receivers that other tools overlook.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

from typing import Any

from tests.quality.races import ways
from tests.quality.races.boxes import Box, get_x

way = ways.bumping(globals())


def nested() -> Box:
    outer = Box()
    outer.inner = Box()
    outer.inner.boxes.append(Box())
    return outer


@way(nested, lambda box: box.inner.x)
def chained_receiver(box: Any) -> None:
    box.inner.x += 1


@way(nested, lambda box: box.inner.boxes[0].x)
def receiver_in_a_list(box: Any) -> None:
    box.inner.boxes[0].x += 1


@way(nested, lambda box: box.inner.boxes[0].x)
def receiver_by_a_negative_index(box: Any) -> None:
    box.inner.boxes[-1].x += 1


def same(box: Any) -> Any:
    return box


@way(Box, get_x)
def receiver_from_a_call(box: Any) -> None:
    same(box).x += 1


@way(Box, get_x)
def receiver_from_a_lambda(box: Any) -> None:
    (lambda: box)().x += 1  # noqa: PLC3002 - the receiver is what is tested


@way(Box, get_x)
def receiver_from_a_condition(box: Any) -> None:
    (box or None).x += 1  # type: ignore[union-attr]


@way(Box, get_x)
def receiver_from_a_walrus(box: Any) -> None:
    (other := box).x += 1
    assert other is box


@way(lambda: {"a": Box()}, lambda boxes: boxes["a"].x)
def receiver_in_a_dictionary(boxes: Any) -> None:
    boxes["a"].x += 1


@way(lambda: (Box(), 1), lambda pair: pair[0].x)
def receiver_in_a_tuple(pair: Any) -> None:
    pair[0].x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_from_a_loop(boxes: Any) -> None:
    for box in boxes:
        box.x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_unpacked(boxes: Any) -> None:
    (box,) = boxes
    box.x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_from_next(boxes: Any) -> None:
    next(iter(boxes)).x += 1
