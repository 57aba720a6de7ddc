"""Each row of the threat model names a defence that is there and a test that fails the build when it is removed."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOLD = ROOT / "docs/threat-model.md"
COLUMNS = ("attacker", "promise", "defence", "test")
TRIAL = "(trial)"
"""What marks a test that fails no build, because it runs too long for one; another one must stand beside it."""
NAMED = re.compile(r"`(tests/[\w/]+\.py::\w+)`( \(trial\))?")


@cache
def _tests(path: Path) -> dict[str, bool]:
    """Every test of a file, and whether it is a trial."""
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marks = [ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Assign)
             and any(getattr(target, "id", "") == "pytestmark" for target in node.targets)]  # fmt: skip
    every = any("mark.trial" in mark for mark in marks)
    return {
        node.name: every or any("mark.trial" in ast.unparse(one) for one in node.decorator_list)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def fails_the_build(test: str) -> str:
    """What is wrong with a test that should fail the build, or nothing: it is not there, or it is a trial."""
    path, _, name = test.partition("::")
    known = _tests(ROOT / path)
    if name not in known:
        return f"{test} is not there"
    return f"{test} is a trial, which fails no build" if known[name] else ""


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of the tables of threats: attacker, promise, defence, test."""
    found, inside = [], False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|")) if line.startswith("|") else ()
        if cells == COLUMNS:
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= {"-"}:
            found.append(cells)
    return found


def faults(text: str) -> list[str]:
    """Every row that lacks something, by its promise."""
    found = []
    for cells in rows(text):
        if len(cells) != len(COLUMNS) or not all(cells):
            found.append(f"{cells}: not four cells")
            continue
        _, promise, defence, tests = cells
        named = NAMED.findall(tests)
        places = re.findall(r"`([\w./]+(?:::[\w.]+)?)`", defence)
        found += [f"{promise}: names no place of the code"] if not places else []
        building = [test for test, trial in named if not trial]
        found += [f"{promise}: no test of it fails the build"] if not building else []
        found += [f"{promise}: {fault}" for test in building if (fault := fails_the_build(test))]
        for test, trial in named:
            if trial and not fails_the_build(test).endswith("fails no build"):
                found.append(f"{promise}: {test} is no trial")
    return found


def test_every_row_names_a_test_that_fails_the_build() -> None:
    text = TOLD.read_text(encoding="utf-8")
    assert faults(text) == []
    assert len(rows(text)) > 60


GOOD = "| thief | It is sealed | `grievance/vault/envelopes.py` | `tests/house/test_lengths.py::test_no_module_is_too_long` |"
RACE = "`tests/trials/test_races.py::test_a_thousand_races`"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD, ""),
        (GOOD.replace("_long`", "_short`"), "is not there"),
        (re.sub(r"`tests[^`]*`", "by hand", GOOD), "no test of it fails the build"),
        (re.sub(r"`tests[^`]*`", RACE, GOOD), "is a trial, which fails no build"),
        (re.sub(r"`tests[^`]*`", f"{RACE} (trial)", GOOD), "no test of it fails the build"),
        (GOOD.replace("_long` |", f"_long`, {RACE} (trial) |"), ""),
        (GOOD.replace("_long` |", "_long` (trial) |"), "is no trial"),
        (GOOD.replace("`grievance/vault/envelopes.py`", "the vault"), "names no place of the code"),
        (GOOD.replace("| It is sealed |", "| |"), "not four cells"),
    ],
)
def test_planted_each_fault_is_found(row: str, fault: str) -> None:
    found = faults(f"| attacker | promise | defence | test |\n|---|---|---|---|\n{row}\n")
    assert any(fault in line for line in found) == bool(fault), found
