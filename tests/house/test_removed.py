"""Defences are taken away, one after another, and the test that the threat model names for each turns red.

Every build looks that the list is true: that each line is still where it says, and that the threat model names the test. Taking
them away takes minutes: `make trials` does it, in a copy of the program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.removals import REMOVALS, Removal
from tests.house.removals_later import LATER
from tests.house.test_threats import TOLD, fails_the_build

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("grievance", "tests", "templates", "static", "translations", "workflows", "docs")
EVERY = (*REMOVALS, *LATER)
MISSED = 1
"""What pytest says when a test failed: not that it found none, nor that it broke."""


def faults(root: Path, removals: tuple[Removal, ...]) -> list[str]:
    """Removals whose line is not once in its file, and those whose test the threat model does not name."""
    told = TOLD.read_text(encoding="utf-8")
    found = []
    for one in removals:
        times = (root / one.file).read_text(encoding="utf-8").count(one.line)
        found += [f"{one.file} holds {one.line!r} {times} times"] if times != 1 else []
        found += [f"{one.test} stands in no row"] if f"`{one.test}`" not in told else []
        found += [fault] if (fault := fails_the_build(one.test)) else []
    return found


def test_what_would_be_taken_away_is_there() -> None:
    assert faults(ROOT, EVERY) == []
    assert len({one.test for one in EVERY}) >= 100


def test_planted_a_line_that_is_gone_is_named() -> None:
    gone = Removal("grievance/web/gate.py", "if nobody:", "", "tests/web/test_gate.py::test_odd_signs_break_nothing")
    assert faults(ROOT, (gone,)) == [
        "grievance/web/gate.py holds 'if nobody:' 0 times",
        "tests/web/test_gate.py::test_odd_signs_break_nothing stands in no row",
    ]


def outcome(folder: Path, test: str) -> int:
    """How a test ends in a copy of the program."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql", test]
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, check=False
    )
    return run.returncode


@pytest.mark.trial
def test_each_defence_that_is_taken_away_is_missed(tmp_path: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    unnoticed = []
    for one in EVERY:
        file = tmp_path / one.file
        whole = file.read_text(encoding="utf-8")
        assert outcome(tmp_path, one.test) == 0, f"{one.test} fails in the copy by itself"
        file.write_text(whole.replace(one.line, one.without), encoding="utf-8")
        if outcome(tmp_path, one.test) != MISSED:
            unnoticed.append(f"{one.file}: {one.line} ({one.test})")
        file.write_text(whole, encoding="utf-8")
    assert unnoticed == []
