"""Every mechanical mutant of `phalanx.Barrier` is killed, or argued to be equivalent: `python -m tests.verify.mutants`.

A proof says that the code does what is promised. Whether the promises and the programs that were explored say anything
is seen by breaking the code: a checker that does not notice a dropped line has not checked that line. The list is
mutants.json beside this file, one mutant a line: `killed_by` names the first judge that refuses it, `equivalent`
says why nobody could. This command makes every mutant, tries it, and compares with the list. It ends with 0 only if
both say the same.

    python -m tests.verify.mutants [--write] [--new] [--only TEXT] [--processes N]

`--write` writes the list anew. The arguments for what is equivalent are kept; a mutant that is new and survives gets an
empty one, which tests/verify/test_mutants.py does not let pass. So after a change of the sources: write, then argue. With
`--new` only what the list does not have is tried, which is quick.

Each mutant has a process of its own, in which the changed package hides the real one: an endless loop is stopped there by a
limit on the time of the processor, and nobody else is harmed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from tests.verify import judges
from tests.verify.listing import Listing
from tests.verify.mutation import mutants
from treadle.api.fingerprints import of_class

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from tests.verify.mutation import Mutant

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "impl" / "phalanx"
APART = {"arguments", "errors"}
"""What a constructor refuses, and what is raised: of every primitive, and tested on its own."""
HEART = re.compile(
    r"cyclic\.CyclicBarrier\.(__init__|wait|abort|reset|parties|n_waiting|broken|statistics|__enter__|__exit__|__repr__"
    r"|_replacement|_current|_tripped|_pass_over|_trip)|generation\.Generation\.(open|settle)|gates\..*"
)
"""The functions whose mutants the list has: the methods that callers know, the way past a generation, the verdict, the gates."""
LIST = Listing(Path(__file__).with_suffix(".json"), "killed_by")
PROCESSES = multiprocessing.get_context("fork")


def modules() -> list[str]:
    """What phalanx.Barrier is made of: the module that it is defined in, and what that imports of the package."""
    return sorted({path.stem for path in of_class("phalanx:Barrier")} - APART)


def every() -> dict[str, tuple[str, Mutant]]:
    """The mutants by their full names, each with its module."""
    return {
        f"{module}.{mutant.name}": (module, mutant)
        for module in modules()
        for mutant in mutants((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
        if HEART.fullmatch(f"{module}.{mutant.name.partition(':')[0]}")
    }


def killer(module: str, mutant: Mutant, first: str | None = None, folder: str | None = None) -> str | None:
    """The judge that refuses the mutant; None if all let it pass. The judge named `first` is asked first.

    `folder` has the package as it is, and has it again afterwards; without one it is made.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            return killer(module, mutant, first, _copied(made))
    path = Path(folder) / PACKAGE.name / f"{module}.py"
    original = path.read_bytes()
    path.write_text(mutant.source, encoding="utf-8")
    try:
        return _tried(folder, judges.names(module, first))
    finally:
        path.write_bytes(original)


def _copied(folder: str) -> str:
    """The folder, with a copy of the package in it."""
    shutil.copytree(PACKAGE, Path(folder) / PACKAGE.name, ignore=shutil.ignore_patterns("bench", "__pycache__"))
    return folder


def _tried(folder: str, names: list[str]) -> str | None:
    """Ask the judges in a process of their own, one after the other."""
    while names:
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=_ask, args=(folder, names, theirs))
        process.start()
        theirs.close()
        said: list[tuple[str, bool]] = []
        try:
            while True:
                said.append(ours.recv())
        except EOFError:
            process.join()
        if said and said[-1][1]:
            return said[-1][0]
        if len(said) == len(names):
            return None
        return names[len(said)]  # the process was stopped while this one was asked: it did not come to an end
    return None


def _ask(folder: str, names: list[str], answers: Connection) -> None:
    """In the process: a pair of each judge's name and whether it refuses, until one does."""
    judges.enter(folder)
    for name in names:
        refused = judges.refuses(name, folder)
        answers.send((name, refused))
        if refused:
            return


def tried(names: list[str], processes: int) -> Iterator[tuple[str, str | None]]:
    """What kills each of these mutants, or None, as soon as it is known."""
    there, known = every(), LIST.read()
    with tempfile.TemporaryDirectory() as place:
        free: SimpleQueue[str] = SimpleQueue()
        for number in range(processes):
            free.put(_warmed(_copied(str(Path(place) / str(number)))))

        def one(name: str) -> tuple[str, str | None]:
            entry, folder = known.get(name), free.get()
            try:
                return name, killer(*there[name], entry.found_by if entry else None, folder)
            finally:
                free.put(folder)

        with ThreadPoolExecutor(processes) as pool:
            yield from track(pool.map(one, names), "mutants", len(names), console=Console(stderr=True))


def _warmed(folder: str) -> str:
    """The folder: what is compiled of it here, the processes of all its mutants have. Code is kept by its path."""
    sys.path.insert(0, folder)
    for name in (*judges.CONFORM, *judges.PIPES):
        judges.refuses(name, "", shortly=True)
    sys.path.remove(folder)
    return folder


def main() -> int:
    """Try them; 0 if the list says what is found, else 1."""
    parser = argparse.ArgumentParser(description="Kill every mutant of phalanx.Barrier.")
    parser.add_argument("--write", action="store_true", help="write the list anew")
    parser.add_argument("--only", metavar="TEXT", default="", help="only mutants with this text in their names")
    parser.add_argument("--new", action="store_true", help="only mutants that the list does not have")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    there, known = every(), LIST.read()
    wanted = [name for name in there if options.only in name and not (options.new and name in known)]
    found: dict[str, str | None] = {}
    for name, by in tried(wanted, options.processes):
        found[name] = by
        if options.write:
            LIST.note(there, name, by)
    return LIST.settle(there, found, anew=options.write)


if __name__ == "__main__":
    sys.exit(main())
