"""`treadle prove`: everything that a manifest lists is run, compared with what it says, and told."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from treadle.api.fingerprints import of_class, of_files, of_specification
from treadle.api.manifest import Manifest, Model, Primitive, read
from treadle.api.proving import hashes, jobs, programs, prove, together, unproved
from treadle.cli import main
from treadle.cli.crew import work
from treadle.errors import UsageError
from treadle.report.proofs import page, spans, tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "proofs.md"
MODULE = """---- MODULE Clock ----
EXTENDS Naturals
VARIABLE hour
Init == hour = 0
Next == hour' = (hour + 1) % 4
Spec == Init /\\ [][Next]_hour
Early == hour < 3
Any == hour < 9
===="""
PASSES = {"name": "Clock", "module": "Clock.tla", "config": "Clock.cfg", "verdict": "passed", "says": "It turns.",
          "property": None, "distinct": 4, "transitions": 5, "depth": 4}  # fmt: skip
FAILS = {"name": "Clock_Broken", "module": "Clock.tla", "config": "Clock_Broken.cfg", "verdict": "failed",
         "says": "It is late.", "property": "Early"}  # fmt: skip
TWO = {"programs": [{"threads": [["wait"], ["wait"]], "setup": {"parties": 2, "action": None}}]}
ABORTS = {"programs": [{"threads": [["wait", "abort"], ["wait"]], "setup": {"parties": 2, "action": None}}]}
KEEPS = {"name": "meet", "target": "threading:Barrier", "spec": "Barrier", "verdict": "proved", "promises": ["P1", "P2"],
         "says": "Two meet.", "quick": TWO}  # fmt: skip
BREAKS = {"name": "abort", "target": "threading:Barrier", "spec": "Barrier", "verdict": "failed", "promises": ["P3"],
          "says": "Abort takes it back.", "quick": ABORTS}  # fmt: skip


def manifest(folder: Path, **lists: list[dict[str, Any]]) -> Path:
    """A manifest in a folder with a small module and its two models, and the contract of a barrier."""
    (folder / "Clock.tla").write_text(MODULE, encoding="utf-8")
    (folder / "Clock.cfg").write_text("SPECIFICATION Spec\nINVARIANT Any\n", encoding="utf-8")
    (folder / "Clock_Broken.cfg").write_text("SPECIFICATION Spec\nINVARIANT Early\n", encoding="utf-8")
    (folder / "Barrier.tla").write_text((ROOT / "spec" / "Barrier.tla").read_text(encoding="utf-8"), encoding="utf-8")
    path = folder / "manifest.json"
    path.write_text(json.dumps(lists), encoding="utf-8")
    return path


def row(path: Path) -> dict[str, Any]:
    """What comes of the only entry of a manifest, in this process."""
    (job,) = jobs(read(path), "quick")
    return prove(*job, lambda _part: None)


def test_a_model_is_held_against_its_numbers(tmp_path: Path) -> None:
    """What passes with the numbers of the manifest is fine; another number is a difference, and no proof."""
    found = row(manifest(tmp_path, models=[PASSES]))
    assert (found["verdict"], found["fine"], found["distinct"], found["checked"]) == ("proved", True, 4, ["Any"])
    found = row(manifest(tmp_path, models=[PASSES | {"distinct": 5}]))
    assert (found["fine"], found["difference"]) == (False, "distinct: 4 instead of 5")
    assert together([found])["verdict"] == "failed"


def test_a_model_that_must_fail_fails_by_its_property(tmp_path: Path) -> None:
    """It is fine if it fails by the property that is named, and not if it fails otherwise or passes."""
    found = row(manifest(tmp_path, models=[FAILS]))
    assert (found["verdict"], found["fine"]) == ("failed", True)
    assert together([found])["verdict"] == "proved"
    found = row(manifest(tmp_path, models=[FAILS | {"property": "Late"}]))
    assert found["difference"] == "Early fails instead of Late"
    found = row(manifest(tmp_path, models=[FAILS | {"config": "Clock.cfg"}]))
    assert found["difference"] == "proved instead of failed"


def test_a_class_is_held_against_its_specification(tmp_path: Path) -> None:
    """One client program of threading.Barrier: two alike wait, in one order of two, and the row says what was explored."""
    found = row(manifest(tmp_path, primitives=[KEEPS]))
    assert (found["verdict"], found["fine"], found["programs"], found["executions"]) == ("proved", True, 1, 1)
    assert found["promises"] == ["P1", "P2"]


def test_a_class_that_must_be_refuted_is_refuted_on_its_promise(tmp_path: Path) -> None:
    """An abort after the trip breaks P3; if another promise is named in the manifest, that is told."""
    found = row(manifest(tmp_path, primitives=[BREAKS]))
    assert (found["verdict"], found["fine"], found["broken"]) == ("failed", True, ["P3"])
    found = row(manifest(tmp_path, primitives=[BREAKS | {"promises": ["P5"]}]))
    assert (found["fine"], found["difference"]) == (False, "P3 is broken instead of P5")


def test_a_blind_checker_is_a_failure(tmp_path: Path) -> None:
    """What must be refuted and is proved makes the whole fail: the exit code is 1."""
    found = row(manifest(tmp_path, primitives=[KEEPS | {"verdict": "failed"}]))
    assert found["difference"] == "proved instead of failed"
    assert together([found])["verdict"] == "failed"


def test_what_was_not_run_is_never_proved() -> None:
    """A row without a result makes the whole incomplete, and names itself in the reasons."""
    entry = Model("Clock", "Clock.tla", "Clock.cfg", "proved", "It turns.")
    found = together([unproved(entry, reason="interrupted before it began")])
    assert (found["verdict"], found["complete"]) == ("incomplete", False)
    assert found["reasons"] == ["Clock: interrupted before it began"]


def test_a_job_that_is_told_to_end_ends_with_what_it_has(tmp_path: Path) -> None:
    """KeyboardInterrupt from the report makes a class incomplete, with the executions so far."""
    (job,) = jobs(read(manifest(tmp_path, primitives=[KEEPS])), "quick")
    told = []

    def report(part: float) -> None:
        told.append(part)
        if len(told) > 1:
            raise KeyboardInterrupt

    found = prove(*job, report)
    assert (found["verdict"], found["executions"]) == ("incomplete", 1)


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"models": [{"name": "Clock"}]}, "wrong entry among its models"),
        ({"models": [PASSES | {"verdict": "fine"}]}, "wrong verdict"),
        ({"primitives": [KEEPS | {"speed": 3}]}, "wrong entry among its primitives"),
        ({"proofs": []}, "is no manifest"),
    ],
)
def test_a_wrong_manifest_is_told(tmp_path: Path, lists: dict[str, Any], said: str) -> None:
    """A field too few or too many, an unknown verdict, another object: a UsageError that says which."""
    with pytest.raises(UsageError, match=said):
        read(manifest(tmp_path, **lists))


def test_an_unknown_bound_is_told(tmp_path: Path) -> None:
    """A bound that no client program knows is named, with those that exist."""
    found = row(manifest(tmp_path, primitives=[KEEPS | {"quick": {"partys": 2}}]))
    assert "unknown bound 'partys'" in found["error"]


def test_where_chooses_among_the_programs() -> None:
    """`where` keeps the programs whose object is made so."""
    entry = Primitive("x", "threading:Barrier", "Barrier", "proved", (), "x")
    bounds = {"threads": 2, "rounds": 1, "calls": ["wait"], "parties": 2}
    actions = {each.setup["action"] for each in programs(entry, bounds)}
    assert {None, "works", "raises", "aborts", "resets", "waits"} <= actions
    chosen = programs(entry, bounds | {"where": {"action": ["works"]}})
    assert [each.setup["action"] for each in chosen] == ["works"]


def test_together_bounds_the_calls_of_all_threads() -> None:
    """`together` keeps the programs that make at most so many calls."""
    entry = Primitive("x", "threading:Barrier", "Barrier", "proved", (), "x")
    bounds = {"threads": 3, "rounds": 2, "calls": ["wait"], "parties": 2, "where": {"action": [None], "slow": [None]}}
    threads = [each.threads for each in programs(entry, bounds | {"together": 3})]
    one, two = ("wait",), ("wait", "wait")
    assert threads == [(one,), (two,), (one, one), (one, two), (one, one, one)]


@pytest.mark.slow
def test_the_command_proves_a_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, one JSON object with the fields of every exploration, rows in the manifest's order, and a page."""
    path = manifest(tmp_path, models=[PASSES, FAILS], primitives=[KEEPS])
    assert main(["prove", str(path), "--json", "--page", str(tmp_path / "proofs.md")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"verdict", "executions", "complete", "blocked", "redundant", "steps", "seconds", "reasons", "failure"} <= (
        found.keys()
    )
    assert [each["name"] for each in found["specs"]] == ["Clock", "Clock_Broken"]
    assert [each["name"] for each in found["primitives"]] == ["meet"]
    assert found["executions"] == 1
    assert page(found) == (tmp_path / "proofs.md").read_text(encoding="utf-8")
    assert main(["prove", str(path), "--json", "--only", "Clock"]) == 0
    assert len(json.loads(capsys.readouterr().out)["specs"]) == 1


def test_a_stored_proof_is_told_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--from proves nothing: it prints the table of a JSON object, and ends with the code that it had."""
    stored = tmp_path / "proofs.json"
    first = row(manifest(tmp_path, models=[PASSES | {"depth": 5}]))
    document = {**together([first]), "mode": "quick", "processes": 2, "seconds": 1.0, "specs": [first], "primitives": [],
                "versions": {"phalanx": "1", "python": "CPython 3"}, "hashes": {}}  # fmt: skip
    stored.write_text(json.dumps(document), encoding="utf-8")
    assert main(["prove", "--from", str(stored)]) == 1
    assert "depth: 4 instead of 5" in " ".join(capsys.readouterr().out.split())
    stored.write_text("{}", encoding="utf-8")
    assert main(["prove", "--from", str(stored)]) == 2


def test_an_unknown_entry_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--only with a name that the manifest lacks ends with 2 and lists the names."""
    assert main(["prove", str(manifest(tmp_path, models=[PASSES])), "--only", "Watch"]) == 2
    assert "Clock" in capsys.readouterr().err


def _answer(number: int, report: Any) -> int:
    """A job of a crew: it reports once; job 2 takes its process with it."""
    report(0.5)
    if number == 2:
        os._exit(3)
    return number * 10


@pytest.mark.slow
def test_a_crew_tells_what_becomes_of_each_job() -> None:
    """Each job reports and ends once; one whose process dies is told as such, and the others go on."""
    news = list(work(_answer, [(0,), (1,), (2,), (3,)], 2))
    assert {each.job: each.result for each in news if each.result is not None} == {0: 0, 1: 10, 3: 30}
    assert [each.job for each in news if each.died is not None] == [2]
    assert sorted(each.job for each in news if each.over) == [0, 1, 2, 3]


def test_the_files_of_a_class_are_those_that_it_needs() -> None:
    """phalanx.Barrier is its module and what that imports; the solver that uses it is not among them."""
    names = {path.name for path in of_class("phalanx:Barrier")}
    assert {"barrier.py", "generation.py", "errors.py", "arguments.py"} <= names
    assert not names & {"jacobi.py", "__init__.py"}
    assert [path.name for path in of_class("queue:Queue")] == ["queue.py"]


def test_the_files_of_a_specification_are_those_that_it_names() -> None:
    """Jacobi.tla is built upon Barrier.tla; Queue.tla stands alone, though it speaks of Barrier."""
    spec = ROOT / "spec"
    assert {path.name for path in of_specification(spec / "Jacobi.tla")} == {"Jacobi.tla", "Barrier.tla"}
    assert {path.name for path in of_specification(spec / "Queue.tla", spec / "Queue.cfg")} == {
        "Queue.tla",
        "Queue.cfg",
    }


def test_a_changed_file_has_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is that of the bytes, and the name is relative to the current directory."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    before = of_files([file])
    file.write_text("x = 2\n", encoding="utf-8")
    assert list(before) == ["a.py"]
    assert of_files([file]) != before


def test_spans_of_promises() -> None:
    """Numbers that follow each other are a span."""
    assert spans(["P1", "P2", "P3", "P9", "P11", "P12"]) == "P1-P3, P9, P11-P12"


def test_the_tables_show_every_row(tmp_path: Path) -> None:
    """One table of specifications and one of classes, a row for each entry."""
    specs = [row(manifest(tmp_path, models=[PASSES]))]
    classes = [row(manifest(tmp_path, primitives=[BREAKS]))]
    found = list(tables({"specs": specs, "primitives": classes}))
    assert [table.row_count for table in found] == [1, 1]


def _listed() -> Manifest:
    return read(ROOT / "spec" / "manifest.json")


def test_every_promise_of_a_primitive_is_one_of_its_specification() -> None:
    """The manifest names promises that the specification states."""
    for entry in _listed().primitives:
        text = (ROOT / "spec" / f"{entry.spec}.tla").read_text(encoding="utf-8")
        assert [name for name in entry.promises if not re.search(rf"^{name} ==", text, re.MULTILINE)] == []


@pytest.mark.files
def test_the_page_of_proofs_is_of_these_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of the repository that a proof is about has the hash that docs/reference/proofs.md gives."""
    monkeypatch.chdir(ROOT)
    listed = _listed()
    mode = re.search(r"treadle prove --(quick|full)", PAGE.read_text(encoding="utf-8"))
    assert mode
    shown = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    now = hashes(listed, [job[2] for job in jobs(listed, "full" if mode[1] == "full" else "quick")])
    ours = {name: digest for name, digest in now.items() if not name.startswith("python")}
    stale = [name for name in ours if shown.get(name) != ours[name]]
    gone = [name for name in shown if name not in now and not name.startswith("python")]
    assert not stale + gone, f"prove them again, and make the page anew, as it says itself: {stale + gone}"
