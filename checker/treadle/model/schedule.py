"""A schedule: one execution written down so that it can be run again.

It stores operations (task, kind, objects by name, alternative), never byte offsets or addresses, so that it survives
another Python version and unrelated edits. The file is JSON, with a format name and version in front.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treadle.errors import ScheduleError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "treadle schedule"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One step as stored: the task and its operation by their stable names, and the alternative it took."""

    task: str
    signature: tuple[str, ...]
    alternative: Any = None

    def __str__(self) -> str:
        kind, *objects = self.signature
        return f"{self.task}: {kind}({', '.join(objects)})"


@dataclass(frozen=True, slots=True)
class Schedule:
    """All choices of one execution, and what it is an execution of."""

    target: str  # what to run: "module:function" or "path.py::function"
    choices: tuple[Choice, ...]
    options: dict[str, Any] = field(default_factory=dict)  # granularity, faults: what the run depends on
    failure: str = ""  # the kind of the failure it leads to

    def as_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "target": self.target,
            "options": self.options,
            "failure": self.failure,
            "steps": [[choice.task, list(choice.signature), choice.alternative] for choice in self.choices],
        }

    def save(self, path: Path) -> None:
        """Write the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_json(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Schedule:
        """Read the file; ScheduleError if it is missing, corrupt or something else."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            message = f"cannot read the schedule {path}"
            raise ScheduleError(message, got=error.strerror, expected="a file that treadle saved") from error
        except ValueError as error:
            message = f"{path} is not a schedule"
            instead = "save it again: treadle check TARGET --out FILE"
            raise ScheduleError(message, expected="JSON", got=str(error), instead=instead) from error
        return cls.from_json(data, str(path))

    @classmethod
    def from_json(cls, data: object, source: str = "the schedule") -> Schedule:
        """The schedule that `as_json` wrote; ScheduleError for anything else."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            message = f"{source} is not a schedule"
            raise ScheduleError(message, expected=f'an object with "format": "{FORMAT}"', got=_brief(data))
        if data.get("version") != VERSION:
            message = f"{source} was written by another version of treadle"
            instead = "run the check again to get a new one"
            raise ScheduleError(message, expected=f"version {VERSION}", got=str(data.get("version")), instead=instead)
        try:
            choices = tuple(Choice(str(t), tuple(map(str, s)), _hashable(a)) for t, s, a in data["steps"])
            return cls(str(data["target"]), choices, dict(data["options"]), str(data["failure"]))
        except (KeyError, TypeError, ValueError) as error:
            message = f"{source} is damaged"
            expected = "target, options, failure, and steps of [task, [kind, object...], alternative]"
            raise ScheduleError(message, expected=expected, got=f"{type(error).__name__}: {error}") from error


def _hashable(value: object) -> object:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _brief(data: object, width: int = 60) -> str:
    text = repr(data)
    return text if len(text) <= width else f"{text[:width]}..."
