# mypy: ignore-errors
"""Things that say what is done to them, so that the order of evaluation can be seen."""

from __future__ import annotations

from typing import Any

LOG: list[Any] = []


def note(value: Any) -> Any:
    """Say when it was evaluated."""
    LOG.append(value)
    return value


def noted() -> list[Any]:
    """What was said since the last time."""
    said = LOG[:]
    LOG.clear()
    return said


class Loud:
    """Says what is done to it."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "name", name)

    def __getattr__(self, name: str) -> Any:
        return note(f"{self.name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        note((f"{self.name}.{name} =", value))

    def __delattr__(self, name: str) -> None:
        note(f"del {self.name}.{name}")

    def __getitem__(self, key: Any) -> Any:
        return note((self.name, key))

    def __setitem__(self, key: Any, value: Any) -> None:
        note((self.name, key, value))

    def __delitem__(self, key: Any) -> None:
        note(("del", self.name, key))

    def __bool__(self) -> bool:
        return bool(note(True))

    def __len__(self) -> int:
        return note(3)  # type: ignore[no-any-return]

    def __contains__(self, key: Any) -> bool:
        return bool(note(key))

    def __lt__(self, other: Any) -> Any:
        return note(f"{self.name} <")

    def __iadd__(self, other: Any) -> Any:
        note((self.name, "+=", other))
        return self

    def __iter__(self) -> Any:
        return iter([note("first"), note("second")])

    def __enter__(self) -> Any:
        return note("enter")

    def __exit__(self, *exception: object) -> bool:
        note(("exit", exception[0]))
        return True
