"""An object with attributes, to be shared."""

from __future__ import annotations

from typing import Any


class Box:
    """An object with attributes."""

    count = 0

    def __init__(self, x: int = 0) -> None:
        self.x = x
        self.inner: Any = None
        self.boxes: list[Any] = []
        self.__hidden = 0

    def bump(self) -> None:
        self.x += 1

    def bump_hidden(self) -> int:
        self.__hidden += 1
        return self.__hidden


def get_x(box: Any) -> int:
    return box.x  # type: ignore[no-any-return]
