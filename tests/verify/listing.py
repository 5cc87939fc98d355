"""A list of mutants: a file of JSON, a line for each, with what finds it, or why nobody can.

The file is data for a test, prose for a reader, and the answer that a run is compared with. A run may write it anew: what
is found is replaced, what is argued is kept, and a mutant that is new and is not found gets an empty argument, which
`unargued` lists. A mutant that has gone leaves the list.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one mutant. Exactly one of `found_by` and `equivalent` is given."""

    name: str
    found_by: str | None = None
    equivalent: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The list in a file."""

    path: Path
    key: str  # what `found_by` is called in the file: "killed_by"

    def read(self) -> dict[str, Entry]:
        """The entries by name; none if there is no file yet."""
        rows = json.loads(self.path.read_text(encoding="utf-8"))["mutants"] if self.path.exists() else []
        return {row["name"]: Entry(row["name"], row.get(self.key), row.get("equivalent")) for row in rows}

    def write(self, entries: Iterable[Entry]) -> None:
        """A line for each."""
        rows = []
        for entry in entries:
            row = {"name": entry.name, self.key: entry.found_by, "equivalent": entry.equivalent}
            rows.append(json.dumps({key: value for key, value in row.items() if value is not None}))
        self.path.write_text('{"mutants": [\n' + ",\n".join(rows) + "\n]}\n", encoding="utf-8")

    def note(self, there: Collection[str], name: str, by: str | None) -> None:
        """Write down what was found of one mutant, at once: a run takes long, and may be stopped."""
        known = self.read()
        known[name] = _entry(name, by, known.get(name))
        self.write(known[each] for each in there if each in known)

    def settle(self, there: Collection[str], found: Mapping[str, str | None], *, anew: bool) -> int:
        """Compare what was found of some mutants with the list, and tell; 0 if they agree, else 1.

        `there` are the names of all mutants, in order. With `anew` the list becomes what was found.
        """
        known = self.read()
        now = {name: _entry(name, by, known.get(name)) for name, by in found.items()}
        wrong = [name for name, entry in now.items() if known.get(name) != entry or entry.equivalent == ""]
        stale = [name for name in known if name not in there]
        for name in wrong:
            print(f"{name}\n    is {_told(now[name])}\n    was {_told(known.get(name))}")
        for name in stale:
            print(f"{name}\n    is in the list, and is no mutant any more")
        if anew:
            entries = known | now
            self.write(entries[name] for name in there if name in entries)
        caught = sum(entry.found_by is not None for entry in now.values())
        print(f"{len(now)} mutants: {caught} {self.key.replace('_', ' ')} something, {len(now) - caught} by nothing")
        return 1 if wrong or stale else 0


def _entry(name: str, by: str | None, known: Entry | None) -> Entry:
    if by is not None:
        return Entry(name, found_by=by)
    return Entry(name, equivalent=(known.equivalent if known else None) or "")


def _told(entry: Entry | None) -> str:
    if entry is None:
        return "not in the list"
    return f"found by {entry.found_by}" if entry.found_by else f"not found: {entry.equivalent or 'no reason is given'}"


def unargued(entries: Iterable[Entry]) -> list[str]:
    """The mutants that are neither found nor argued about."""
    return [entry.name for entry in entries if not entry.found_by and not entry.equivalent]
