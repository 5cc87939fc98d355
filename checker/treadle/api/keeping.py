"""Where the schedule of a failure is kept, so that one line brings it back.

One file for each target, in the folder `.treadle` of the current directory: the failure of today replaces that of
yesterday. The folder tells git to ignore it.
"""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from treadle.errors import UsageError

if TYPE_CHECKING:
    from treadle.model.schedule import Schedule

FOLDER = ".treadle"


def usual_path(target: str) -> Path:
    """Where the schedule of this target's failure is kept unless it is said otherwise."""
    words = re.sub(r"\.py::|[^\w-]+", ".", target).strip(".")
    return Path(FOLDER) / f"{words}.json"


def keep(schedule: Schedule, path: Path | None = None) -> Path:
    """Write the schedule to a file; the usual one if none is given. UsageError if that is not possible."""
    path = path if path is not None else usual_path(schedule.target)
    try:
        schedule.save(path)
        if path.parent == Path(FOLDER):
            (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the schedule cannot be written to {path}",
            expected="a file that can be written",
            got=error.strerror or str(error),
            instead="name another one: --out FILE",
        ) from error
    return path


def invitation(path: Path) -> str:
    """How to run a kept schedule again: a line of words, and a command to be pasted into a shell."""
    return f"To see it again:\n  treadle replay {quote(str(path))}"
