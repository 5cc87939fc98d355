"""python -m phalanx.bench: its numbers are what was measured, and it says what it cannot do before it starts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from phalanx import Barrier, BarrierStatistics
from phalanx.bench import overhead, parts, pthread, relaxation, table, trees
from phalanx.bench.__main__ import main
from phalanx.bench.page import page
from phalanx.bench.report import Column, Report, Row, Where
from phalanx.bench.samples import Samples, take_turns
from tests.real.crew import together, until

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "measured"
MEASURED = ("overhead", "parts", "tree", "jacobi")


def test_contenders_take_turns() -> None:
    """Each round calls every contender once and begins with the next one."""
    calls: list[str] = []

    def contender(name: str) -> float:
        calls.append(name)
        return float(len(calls))

    taken = take_turns({name: lambda name=name: contender(name) for name in "abc"}, 3)  # type: ignore[misc]
    assert "".join(calls) == "abcbcacab"
    assert taken["a"].values == (1.0, 6.0, 8.0)


def test_medians_and_spreads() -> None:
    """The spread is the distance between the quartiles as a share of the median; of one sample it is 0."""
    assert (Samples((4.0, 1.0, 2.0, 3.0, 5.0)).median, Samples((4.0, 1.0, 2.0, 3.0, 5.0)).spread) == (3.0, 2 / 3)
    assert (Samples((7.0,)).median, Samples((7.0,)).spread) == (7.0, 0.0)


def some_report() -> Report:
    """Two contenders, two sizes."""
    rows = [
        Row(2, {"slow": Samples((20.0, 10.0, 30.0)), "fast": Samples((5.0, 5.0, 5.0))}),
        Row(1_024, {"slow": Samples((123_456.0,)), "fast": Samples((1_000.0,))}),
    ]
    columns = [Column("slow"), Column("fast"), Column("slow", "fast")]
    return Report("test", "A title", "parties", "microseconds", rows, columns, ["A note."])


def test_a_table_in_plain_text() -> None:
    """Headings are broken so that the table stays narrow; the ratios are a table of their own."""
    lines = table.plain(some_report()).splitlines()
    assert lines[:12] == [
        "A title",
        "",
        "parties         slow       fast",
        "-------  -----------  ---------",
        "      2    20.0 ±25%   5.00 ±0%",
        "  1,024  123,456 ±0%  1,000 ±0%",
        "",
        "         slow /",
        "parties    fast",
        "-------  ------",
        "      2    4.00",
        "  1,024  123.46",
    ]
    assert lines[13].startswith("medians of 1 to 3, ± half the distance between the quartiles; CPython 3.")
    assert lines[14:] == ["A note."]


def test_a_report_can_be_read_back() -> None:
    """JSON has everything: the same tables come of it, and the same JSON, on whatever it was measured."""
    document = json.loads(json.dumps(some_report().as_json() | {"python": "3.99.0", "cpus": 77}))
    again = Report.from_json(document)
    assert again.as_json() == document
    assert "CPython 3.99.0, 77 CPUs" in table.plain(again)
    assert table.tables(again) == table.tables(some_report())


def test_a_page() -> None:
    """It says how it was made, shows the tables and the picture, and has the notes."""
    where = Where("3.99.0", False, "abacus", "Linux", 2, "2026-01-01", "test --quick")
    python, spread = (
        "CPython 3.99.0 without the interpreter lock",
        "medians of 1 to 3, ± half the distance between the quartiles",
    )
    assert page(replace(some_report(), where=where), "test.json", "test.svg").splitlines() == [
        "# Measured: test",
        "",
        "A title. This page is generated, in the folder where it is; nobody edits it:",
        "",
        "    python -m phalanx.bench test --quick --json test.json",
        "    python -m phalanx.bench test --from test.json --page test.md --plot test.svg",
        "",
        f"Measured on 2026-01-01, on Linux abacus with 2 CPUs and {python}: {spread}.",
        "",
        "<!-- the tables -->",
        "",
        "| parties | slow | fast |",
        "| --: | --: | --: |",
        "| 2 | 20.0 ±25% | 5.00 ±0% |",
        "| 1,024 | 123,456 ±0% | 1,000 ±0% |",
        "",
        "| parties | slow / fast |",
        "| --: | --: |",
        "| 2 | 4.00 |",
        "| 1,024 | 123.46 |",
        "",
        "<!-- end of the tables -->",
        "",
        "![A title](test.svg)",
        "",
        "A note.",
    ]


def test_several_runs_are_shown_together(tmp_path: Path) -> None:
    """Rows of the same size have the samples of both, others are added; the page says how each was measured."""
    first = replace(some_report(), where=Where(options="test --parties 2,1024"))
    other = [Row(2, {"slow": Samples((30.0,)), "fast": Samples((6.0,))}), Row(16, first.rows[0].samples)]
    second = replace(first, rows=other, where=replace(first.where, options="test --parties 2,16"))
    both = first.together_with(second)
    assert [row.size for row in both.rows] == [2, 16, 1024]
    assert both.rows[0].samples["slow"].values == (*first.rows[0].samples["slow"].values, 30.0)
    assert "medians of 1 to 4," in both.caption()
    assert page(both, "test.json").splitlines()[4:8] == [
        "    python -m phalanx.bench test --parties 2,1024 --json 1.json",
        "    python -m phalanx.bench test --parties 2,16 --json 2.json",
        "    python -m phalanx.bench test --from 1.json 2.json --json test.json",
        "    python -m phalanx.bench test --from test.json --page test.md",
    ]
    with pytest.raises(ValueError, match="different benchmarks, contenders or machines"):
        first.together_with(replace(second, where=replace(second.where, machine="abacus")))
    both.write_json(tmp_path / "test.json")
    assert Report.from_json(json.loads((tmp_path / "test.json").read_text(encoding="utf-8"))) == both


@pytest.mark.parametrize("name", MEASURED)
def test_the_pages_of_the_documentation_are_what_was_measured(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is what the command that it names makes of the JSON beside it."""
    monkeypatch.chdir(PAGES)
    report = Report.from_json(json.loads(Path(f"{name}.json").read_text(encoding="utf-8")))
    assert page(report, f"{name}.json", f"{name}.svg") == Path(f"{name}.md").read_text(encoding="utf-8")
    assert main([name, "--from", f"{name}.json", "--page", str(tmp_path / "again.md")]) == 0
    assert (tmp_path / "again.md").read_text(encoding="utf-8").startswith(f"# Measured: {name}\n")
    assert Path(f"{name}.svg").is_file()


def test_what_the_pages_must_have() -> None:
    """The runs that the documentation shows are whole: all numbers of threads, all sizes, and no quick ones."""
    runs = {name: json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8")) for name in MEASURED}
    whole = {"overhead": overhead.PARTIES, "parts": overhead.PARTIES, "tree": trees.PARTIES, "jacobi": relaxation.SIZES}
    for name, run in runs.items():
        assert tuple(row[run["subject"]] for row in run["rows"]) == whole[name]
        assert "--quick" not in run["options"]
        assert all(len(one["samples"]) >= 7 for row in run["rows"] for one in row["contenders"].values())


def test_a_table_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal rich draws it where it is installed, with the same cells; without it, it is plain text."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    table.show(some_report())
    drawn = capsys.readouterr().out
    assert "123,456 ±0%" in drawn
    assert "│" in drawn
    monkeypatch.setitem(sys.modules, "rich.console", None)
    table.show(some_report())
    assert capsys.readouterr().out == table.plain(some_report()) + "\n"


def test_ctrl_c_while_it_measures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The threads that wait are let go, and nothing is written."""
    before = threading.active_count()

    def interrupt(thread: threading.Thread, timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "join", interrupt)
        assert main(["overhead", "--parties", "3", "--json", "never.json"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted: nothing was written"
    until(lambda: threading.active_count() == before)


@pytest.mark.slow
def test_overhead_measures_every_contender(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0, prints a table, and writes the same medians as JSON, and a picture."""
    written, drawn = tmp_path / "overhead.json", tmp_path / "overhead.png"
    options = ["--quick", "--parties", "2,3", "--repeat", "2", "--json", str(written), "--plot", str(drawn)]
    assert main(["overhead", *options]) == 0
    said = capsys.readouterr().out
    result = json.loads(written.read_text(encoding="utf-8"))
    assert result["benchmark"] == "overhead"
    assert [row["parties"] for row in result["rows"]] == [2, 3]
    for row in result["rows"]:
        contenders = row["contenders"]
        assert {"threading.Barrier", "phalanx.Barrier"} <= set(contenders)
        assert all(len(contender["samples"]) == 2 and contender["median"] > 0 for contender in contenders.values())
        ratio = contenders["threading.Barrier"]["median"] / contenders["phalanx.Barrier"]["median"]
        assert row["ratios"]["threading.Barrier / phalanx.Barrier"] == ratio
        assert f"{ratio:.2f}" in said
    assert drawn.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_jacobi_measures_every_contender(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """NumPy in two ways, and ours on each number of threads."""
    written, drawn = tmp_path / "jacobi.json", tmp_path / "jacobi.png"
    options = ["--quick", "--sizes", "20,30", "--repeat", "1", "--json", str(written), "--plot", str(drawn)]
    assert main(["jacobi", *options]) == 0
    rows = json.loads(written.read_text(encoding="utf-8"))["rows"]
    assert [row["rows"] for row in rows] == [20, 30]
    assert list(rows[0]["contenders"]) == [
        "NumPy expression",
        "NumPy out=",
        "phalanx.jacobi, 1 thread",
        "phalanx.jacobi, 2 threads",
        "meeting only",
    ]
    contenders = rows[0]["contenders"]
    share = contenders["phalanx.jacobi, 2 threads"]["median"] / contenders["meeting only"]["median"]
    assert rows[0]["ratios"]["share of the meeting, 2 threads"] == share
    said = capsys.readouterr().out
    assert "iterations per second" in said
    assert f"{share:.2%}" in said
    assert drawn.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "contenders"),
    [
        ("parts", {"phalanx.Barrier", "bare pipe", "bare gates", "its Python code", "a lap of a baton"}),
        ("tree", {"threading.Barrier", "phalanx.Barrier", *(f"phalanx.TreeBarrier, arity {n}" for n in (4, 8, 32))}),
    ],
)
def test_other_benchmarks_measure_every_contender(name: str, contenders: set[str], tmp_path: Path) -> None:
    """The parts of a synchronisation, and trees of some arities; the system's barrier where there is one."""
    written = tmp_path / "written.json"
    assert main([name, "--quick", "--parties", "2,5", "--repeat", "1", "--json", str(written)]) == 0
    for row in json.loads(written.read_text(encoding="utf-8"))["rows"]:
        assert row["contenders"].keys() - {"pthread_barrier_wait"} == contenders
        assert all(contender["median"] > 0 for contender in row["contenders"].values())


def test_code_alone_is_a_whole_round() -> None:
    """What is timed as the code of a round trips one generation for all parties, in one thread."""
    barrier = parts.CodeAlone(5)
    barrier.round()
    barrier.round()
    assert barrier.statistics() == BarrierStatistics(tripped=2, broken=0, waiting=0)


@pytest.mark.parametrize("bare", [parts.BarePipe, parts.BareGates])
def test_bare_meetings_are_meetings(bare: type[parts.BarePipe | parts.BareGates]) -> None:
    """Nobody gets on before all have come, round after round."""
    meeting, counts = bare(3), [0, 0, 0]

    def count(own: int) -> None:
        for turn in range(200):
            counts[own] += 1
            meeting.wait()
            assert min(counts) > turn

    together(*(partial(count, own) for own in range(3)))
    assert counts == [200] * 3


def test_rounds_are_counted() -> None:
    """A sample of 5 rounds meets 6 times: once before its clock runs."""
    made: list[Barrier] = []

    def make(parties: int) -> Barrier:
        made.append(Barrier(parties))
        return made[-1]

    assert overhead.time_rounds(make, 3, 5) > 0
    assert made[0].statistics().tripped == 6


@pytest.mark.skipif(pthread.load() is None, reason="this platform's C library has no barriers")
def test_the_systems_barrier_is_one() -> None:
    """Threads that call pthread_barrier_wait wait for each other."""
    barrier = pthread.PthreadBarrier(2)
    passed: list[int] = []
    threads = [threading.Thread(target=lambda: passed.append(int(barrier.wait() is not None)), daemon=True)]
    threads[0].start()
    assert passed == []
    barrier.wait()
    threads[0].join(10)
    assert passed == [1]


def test_a_platform_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The column is left out, and a note says so."""
    monkeypatch.setattr(pthread, "load", lambda: None)
    report = overhead.measure(overhead.Plan((1,), 1, 1e-5), lambda _: None)
    assert report.notes[-1] == "pthread_barrier_wait is left out: this platform's C library has no barriers."
    headings = [column.heading for column in report.columns]
    assert headings[:2] == ["threading.Barrier", "phalanx.Barrier"]
    assert "threading.Barrier / phalanx.Barrier" in headings
    assert not any("pthread" in heading for heading in headings)
    with pytest.raises(OSError, match="has no pthread_barrier_wait"):
        pthread.PthreadBarrier(2)


def test_too_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses them the table ends, and a note says what the limit may be."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    report = overhead.measure(overhead.Plan((4,), 1, 1e-5), lambda _: None)
    assert report.rows == []
    assert report.notes[-1].startswith("Only 0 of 4 threads could be started, so it ends there; probably a limit")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["overhead", "--parties", "2,x"], "expected a whole number of at least 2; got 'x'"),
        (["overhead", "--parties", "1"], "expected a whole number of at least 2; got '1'"),
        (["jacobi", "--sizes", "2"], "expected a whole number of at least 3; got '2'"),
        (["jacobi", "--repeat", "0"], "expected a whole number of at least 1; got '0'"),
        (["overhead", "--json", "nowhere/x.json"], "nowhere to write x.json into"),
        (["overhead", "--plot", "x.txt"], "--plot wants a file that ends in .png, .pdf or .svg; got x.txt"),
        ([], "the following arguments are required"),
        (["overhead", "--from", "nowhere.json"], "--from wants a file that --json has written; nowhere.json is none"),
        (["parts", "--from", str(PAGES / "overhead.json")], "that is a run of overhead, not of parts"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says what was expected, before anything is measured."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("missing", "arguments", "message"),
    [
        ("numpy", ["jacobi"], "jacobi needs NumPy, which is not installed"),
        ("matplotlib", ["overhead", "--plot", "x.png"], "--plot needs matplotlib, which is not installed"),
    ],
)
def test_what_is_missing(
    missing: str,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It ends with 2 and says what to install, before anything is measured."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert f"{message}; instead: pip install 'phalanx[bench]'" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_ends_it() -> None:
    """It ends with 130 and one line, though the barrier that is being measured still has waiters."""
    command = [sys.executable, "-u", "-m", "phalanx.bench", "overhead", "--parties", "8", "--repeat", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        with pytest.raises(subprocess.TimeoutExpired):
            running.communicate(timeout=1)
        running.send_signal(signal.SIGINT)
        said, complaint = running.communicate(timeout=20)
    assert running.returncode == 130
    assert (said, complaint.strip()) == ("", "interrupted: nothing was written")
