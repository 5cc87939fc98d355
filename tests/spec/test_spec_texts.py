"""The texts of spec/ keep the form that its README describes. Nothing is explored here: files are read, no more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

SPEC = Path(__file__).resolve().parents[2] / "spec"
MODULES = sorted(SPEC.glob("*.tla"))
CONFIGS = sorted(SPEC.glob("*.cfg"))
MODELS: list[dict[str, Any]] = json.loads((SPEC / "manifest.json").read_text(encoding="utf-8"))["models"]

# A module is read in one sitting. The contracts of barriers alone are longer: a dozen promises, each under its sentence.
LINES = 150
LINES_OF_A_CONTRACT = 240
# What is promised to callers, and refines nothing.
CONTRACTS = {"Barrier", "Queue", "ReadWriteLock"}

PROMISES = {
    "P1": "together",
    "P2": "apart",
    "P3": "one verdict",
    "P4": "once",
    "P5": "an index each",
    "P6": "abort",
    "P7": "timeout",
    "P8": "reset",
    "P9": "progress",
    "P10": "interrupt",
    "P11": "re-entry",
    "P12": "reading",
    "P13": "misuse",
}
# What TLC 2.15 does not know in a .cfg, or what would hide a deadlock.
TOO_NEW = re.compile(r"\b(CHECK_DEADLOCK|ALIAS|POSTCONDITION)\b")

by_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
by_config = pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model["name"])


def text(path: Path) -> str:
    """A file of spec/, as text."""
    return path.read_text(encoding="utf-8")


def without_comments(config: Path) -> str:
    """The text of a model without its comments."""
    return re.sub(r"\\\*.*", "", text(config))


def owner(config: Path) -> str:
    """The module that a model belongs to, by its name: Barrier_Live.cfg is of Barrier."""
    return config.stem.split("_")[0]


def names(config: Path, keyword: str) -> list[str]:
    """What a model lists after a keyword, which may be in the singular or the plural."""
    singular, plural = (keyword[:-1] + "Y", keyword[:-1] + "IES") if keyword.endswith("Y") else (keyword, keyword + "S")
    return [
        name
        for line in without_comments(config).splitlines()
        if (found := re.match(rf"(?:{singular}|{plural})\s+(.*)", line))
        for name in found[1].split()
    ]


def sentence(number: str, word: str) -> str:
    """The pattern of a promise: comment lines that begin with its number and name, and right below them its formula."""
    return rf"^\(\* {number} {word}: .*\*\)\n(?:\(\*.*\*\)\n)*{number} == "


def test_there_are_modules_and_models() -> None:
    """The directory is where it is thought to be, and holds what is tested below."""
    assert {module.stem for module in MODULES} >= {"Barrier", "Elastic", "Async", "Process", "Tree", "Jacobi"}


def test_nothing_but_mathematics_lies_in_spec() -> None:
    """spec/ holds modules, models, the manifest and the README, and no program."""
    suffixes = {path.suffix for path in SPEC.iterdir() if path.is_file()}
    assert suffixes == {".tla", ".cfg", ".json", ".md"}


@by_module
def test_a_module_opens_with_a_boxed_header(module: Path) -> None:
    """The module line bears the file's name, and a box follows that says what the module is and at which level."""
    first, second, *rest = text(module).splitlines()
    assert re.fullmatch(rf"-+ MODULE {module.stem} -+", first)
    assert re.fullmatch(r"\(\*+\)", second)
    box = "\n".join(rest[: rest.index(second)])
    assert "Level: " in box


@by_module
def test_a_module_is_read_in_one_sitting(module: Path) -> None:
    """A module has at most 150 lines (the contract of a barrier 240), none of them longer than 120 columns."""
    lines = text(module).splitlines()
    assert len(lines) <= (LINES_OF_A_CONTRACT if module.stem in {"Barrier", "Elastic"} else LINES)
    assert max(map(len, lines)) <= 120


@by_module
def test_a_module_says_what_its_constants_and_variables_are(module: Path) -> None:
    """Every line that declares a constant or a variable has a comment."""
    block = re.compile(r"^(?:CONSTANTS|VARIABLES)(.*?)^\s*$|^(?:vars|barrier) *==", re.MULTILINE | re.DOTALL)
    declared = [
        line for found in block.finditer(text(module)) for line in (found[1] or "").splitlines() if line.strip()
    ]
    assert declared
    assert [line for line in declared if "\\*" not in line and not re.match(r"\w+ *==", line)] == []


@by_module
def test_a_module_keeps_the_order_of_a_specification(module: Path) -> None:
    """TypeOK, Init, Next, Spec, the fair Spec and the rule follow each other, and properties come after the rule."""
    parts = ["CONSTANTS", "ASSUME", "VARIABLES", "TypeOK ==", "Init ==", "Next ==", "Spec ==", "FairSpec =="]
    places = [re.search(rf"^{re.escape(part)}", text(module), re.MULTILINE) for part in parts]
    assert None not in places
    starts = [place.start() for place in places if place]
    assert starts == sorted(starts)
    rule = re.search(r"^-{60,}$", text(module), re.MULTILINE)
    assert rule
    assert rule.start() > starts[-1]


@by_module
def test_a_module_that_is_no_contract_refines_the_contract(module: Path) -> None:
    """Each algorithm translates itself into Barrier, states the theorem, and one of its models checks it."""
    if module.stem in CONTRACTS:
        return
    assert "B == INSTANCE Barrier WITH" in text(module)
    assert re.search(r"^Contract == B!Spec$", text(module), re.MULTILINE)
    assert re.search(r"^THEOREM Spec.* => Contract", text(module), re.MULTILINE)
    mine = [config for config in CONFIGS if owner(config) == module.stem]
    assert any("Contract" in names(config, "PROPERTY") and "Broken" not in config.stem for config in mine)


@by_module
def test_a_module_has_a_model_that_passes_and_one_that_fails(module: Path) -> None:
    """X.tla has X.cfg, which passes, and X_Broken.cfg, which fails, both in the manifest."""
    verdicts = {model["config"]: model["verdict"] for model in MODELS}
    assert verdicts[f"{module.stem}.cfg"] == "passed"
    assert verdicts[f"{module.stem}_Broken.cfg"] == "failed"


@by_config
def test_a_model_says_what_it_shows(config: Path) -> None:
    """A model opens with a comment, and uses nothing that TLC 2.15 does not know."""
    assert text(config).startswith("\\* ")
    assert not TOO_NEW.search(without_comments(config))


@by_config
def test_a_model_names_only_what_its_module_defines(config: Path) -> None:
    """The specification, the invariants and the properties of a model are definitions of its module."""
    listed = names(config, "SPECIFICATION") + names(config, "INVARIANT") + names(config, "PROPERTY")
    defined = set(re.findall(r"^(\w+) ==", text(SPEC / f"{owner(config)}.tla"), re.MULTILINE))
    assert len(names(config, "SPECIFICATION")) == 1
    assert len(listed) >= 2
    assert set(listed) <= defined


@by_config
def test_a_model_of_progress_assumes_fairness(config: Path) -> None:
    """A model that asks for something to happen in the end takes FairSpec; without fairness nothing need happen."""
    module = text(SPEC / f"{owner(config)}.tla")
    contract = text(SPEC / "Barrier.tla")

    def is_progress(name: str) -> bool:
        found = re.search(rf"^{name} == (.*?)(?:\n\n|\n=|\n\w)", module, re.MULTILINE | re.DOTALL)
        assert found
        through = re.fullmatch(r"B!(\w+).*", found[1].strip())
        if through:
            found = re.search(rf"^{through[1]} == (.*?)(?:\n\n|\n=|\n\w)", contract, re.MULTILINE | re.DOTALL)
            assert found
        return "~>" in found[1] or "<>(" in found[1]

    if any(is_progress(name) for name in names(config, "PROPERTY")):
        assert names(config, "SPECIFICATION") == ["FairSpec"]


def test_the_manifest_lists_every_model_once() -> None:
    """Each .cfg is in the manifest under its own name, with its own module."""
    assert sorted(model["config"] for model in MODELS) == [config.name for config in CONFIGS]
    for model in MODELS:
        assert model["name"] == Path(model["config"]).stem
        assert model["module"] == f"{owner(Path(model['config']))}.tla"


@by_model
def test_an_entry_of_the_manifest_says_what_is_expected(model: dict[str, Any]) -> None:
    """A model that passes has its three counts; one that fails has none, and names a property of the model or null."""
    assert model["says"].endswith(".")
    counts = [model["distinct"], model["transitions"], model["depth"]]
    if model["verdict"] == "passed":
        assert model["property"] is None
        assert all(isinstance(count, int) and count > 0 for count in counts)
        assert model["distinct"] <= min(model["transitions"], 50_000)
    else:
        assert model["verdict"] == "failed"
        assert counts == [None, None, None]
        assert model["name"].endswith("_Broken")
        config = SPEC / model["config"]
        asked = names(config, "INVARIANT") + names(config, "PROPERTY")
        assert model["property"] in (asked if model["property"] else [None])


@pytest.mark.parametrize(("number", "word"), PROMISES.items(), ids=PROMISES.keys())
def test_the_contract_states_each_promise_under_its_sentence(number: str, word: str) -> None:
    """P1 to P13 are formulas of Barrier.tla, each right under an English sentence that bears its number and name."""
    assert re.search(sentence(number, word), text(SPEC / "Barrier.tla"), re.MULTILINE)


@pytest.mark.parametrize("number", PROMISES)
def test_each_promise_is_checked_by_a_model_of_the_contract(number: str) -> None:
    """P1 to P13 each occur in a model of Barrier that passes."""
    mine = [
        SPEC / model["config"] for model in MODELS if model["module"] == "Barrier.tla" and model["property"] is None
    ]
    assert any(number in names(config, "INVARIANT") + names(config, "PROPERTY") for config in mine)


def test_the_elastic_contract_states_its_promises_under_their_sentences() -> None:
    """Elastic.tla has each promise of a barrier but those of the action, and E1 to E4, and a model that passes checks it."""
    module = text(SPEC / "Elastic.tla")
    numbers = re.findall(r"^([PE]\d+) ==", module, re.MULTILINE)
    assert numbers == [number for number in PROMISES if number not in {"P4", "P11"}] + ["E1", "E2", "E3", "E4"]
    for number in numbers:
        assert re.search(sentence(number, PROMISES.get(number, r"[\w, ]+")), module, re.MULTILINE), number
    passing = [SPEC / model["config"] for model in MODELS if model["module"] == "Elastic.tla" and not model["property"]]
    checked = {found for config in passing for found in names(config, "INVARIANT") + names(config, "PROPERTY")}
    assert set(re.findall(r"^([PE]\d+\w*) ==", module, re.MULTILINE)) <= checked


def test_death_is_promised_to_processes() -> None:
    """P14 stands in Process.tla under its sentence, and is checked."""
    assert re.search(sentence("P14", "death"), text(SPEC / "Process.tla"), re.MULTILINE)
    assert "P14" in names(SPEC / "Process_Live.cfg", "PROPERTY")


@pytest.mark.parametrize("name", sorted(CONTRACTS - {"Barrier"}))
def test_a_contract_numbers_its_promises_and_checks_each(name: str) -> None:
    """Q1, Q2, ... and R1, R2, ... stand under their sentences, without a gap, and each occurs in a model that passes."""
    letter = name[0]
    numbers = re.findall(rf"^({letter}\d+) ==", text(SPEC / f"{name}.tla"), re.MULTILINE)
    assert numbers == [f"{letter}{index}" for index in range(1, len(numbers) + 1)]
    assert len(numbers) >= 6
    passing = [SPEC / model["config"] for model in MODELS if model["module"] == f"{name}.tla" and not model["property"]]
    checked = {found for config in passing for found in names(config, "INVARIANT") + names(config, "PROPERTY")}
    assert set(numbers) <= checked
    for number in numbers:
        assert re.search(sentence(number, r"[\w, ]+"), text(SPEC / f"{name}.tla"), re.MULTILINE), number


def test_the_readme_knows_every_module_step_and_result() -> None:
    """README.md names each module, each observable step, each internal one, and each result of the contract."""
    readme = text(SPEC / "README.md")
    contract = text(SPEC / "Barrier.tla")
    assert [module.stem for module in MODULES if f"`{module.stem}`" not in readme] == []
    for step in re.findall(r"^(\w+)\(t[^)]*\) ==", contract[contract.index("Call(t, what)") :], re.MULTILINE):
        if step not in {"Leave", "BreakOwn", "Reads", "Effect", "Freed"}:
            assert f"`{step}`" in readme, step
    for result in re.findall(r'<<("\w+").*?>>', contract[contract.index("None ") : contract.index("Indices ")]):
        assert f"<<{result}" in readme, result
