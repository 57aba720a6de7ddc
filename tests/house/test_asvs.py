"""Every requirement of levels 1 and 2 of the OWASP ASVS 5.0.0 is held by a test, or says why not (docs/asvs.md)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.test_threats import fails_the_build

ROOT = Path(__file__).resolve().parents[2]
TOLD = ROOT / "docs/asvs.md"

FIRST = (
    "1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 "
    "6.2.1-8 6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1 "
    "12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1"
)
"""Level 1 of version 5.0.0, section by section."""
SECOND = (
    "1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 "
    "4.2.1 4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 "
    "7.3.1-2 7.4.3-5 7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 "
    "10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 "
    "13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 "
    "17.1.1 17.2.1-4 17.3.1-2"
)
"""Level 2 of version 5.0.0."""
STATES = ("test", "deviation", "does not apply")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
TAG = re.compile(r"^# asvs: ([\d., ]+)\n(?:(?!def |# asvs).*\n)*?def (test_\w+)\(", re.MULTILINE)
SHORTEST = 12
"""Letters of a reason: less says nothing."""


def spread(text: str) -> list[str]:
    """Each number of "6.2.1-8 6.3.1"."""
    found = []
    for word in text.split():
        section, _, numbers = word.rpartition(".")
        first, _, last = numbers.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def tagged(root: Path) -> set[tuple[str, str]]:
    """(number, test) of every tag in the tests."""
    return {
        (number.strip(), f"{path.relative_to(root).as_posix()}::{name}")
        for path in (root / "tests").rglob("test_*.py")
        for numbers, name in TAG.findall(path.read_text(encoding="utf-8"))
        for number in numbers.split(",")
    }


def faults(text: str, tags: set[tuple[str, str]]) -> list[str]:
    """Whatever is missing, twice, of another level, without a test that fails the build, or without a reason."""
    levels = dict.fromkeys(spread(FIRST), "1") | dict.fromkeys(spread(SECOND), "2")
    rows = ROW.findall(text)
    counted = Counter(number for number, *_ in rows)
    found = [f"{number} is missing" for number in levels if number not in counted]
    found += [f"{number} stands there {times} times" for number, times in counted.items() if times > 1]
    told = set()
    for number, level, _, state, rest in rows:
        if levels.get(number) != level:
            found.append(f"{number} is not of level {level}")
        tests = re.findall(r"`(tests/[\w/]+\.py::\w+)`", rest)
        if state not in STATES:
            found.append(f"{number} is {state}")
        elif state == "test":
            found += [f"{number}: {fault}" for test in tests if (fault := fails_the_build(test))]
            found += [] if tests else [f"{number} names no test"]
            told |= {(number, test) for test in tests}
        elif len(rest) < SHORTEST:
            found.append(f"{number} says no reason")
    found += [f"{test} does not carry {number}" for number, test in sorted(told - tags)]
    return found + [f"{test} carries {number}, which the table does not say" for number, test in sorted(tags - told)]


def test_every_requirement_is_held_or_says_why_not() -> None:
    assert faults(TOLD.read_text(encoding="utf-8"), tagged(ROOT)) == []


def test_the_standard_has_so_many() -> None:
    """70 and 183 requirements of the 345 of version 5.0.0; each once."""
    first, second = spread(FIRST), spread(SECOND)
    assert (len(first), len(second)) == (70, 183)
    assert len({*first, *second}) == 253


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| 6.2.1 | 1 |", "| 6.2.99 | 1 |", "6.2.1 is missing"),
        ("| 6.2.1 | 1 |", "| 6.2.2 | 1 |", "6.2.2 stands there 2 times"),
        ("| 6.2.1 | 1 |", "| 6.2.1 | 2 |", "6.2.1 is not of level 2"),
        ("::test_too_short`", "::test_too_tall`", "6.2.1: tests/vault/test_passwords.py::test_too_tall is not there"),
        ("| test | `tests/vault/test_passwords.py::test_too_short` |", "| test | We do. |", "6.2.1 names no test"),
        ("| test | `tests/vault/test_passwords.py::test_too_short` |", "| deviation | No. |", "6.2.1 says no reason"),
        ("| test | `tests/vault/test_passwords.py::test_too_short` |", "| fine | Yes, we think so. |", "6.2.1 is fine"),
        (
            "`tests/vault/test_passwords.py::test_too_short`",
            "`tests/trials/test_timing.py::test_ten_thousand_pairs`",
            "6.2.1: tests/trials/test_timing.py::test_ten_thousand_pairs is a trial, which fails no build",
        ),
    ],
)
def test_planted_each_fault_is_found(old: str, new: str, fault: str) -> None:
    text = TOLD.read_text(encoding="utf-8")
    assert old in text
    assert fault in faults(text.replace(old, new), tagged(ROOT))


def test_planted_a_tag_of_its_own_is_found() -> None:
    tags = {*tagged(ROOT), ("6.2.1", "tests/vault/test_passwords.py::test_good_ones")}
    found = faults(TOLD.read_text(encoding="utf-8"), tags)
    assert found == ["tests/vault/test_passwords.py::test_good_ones carries 6.2.1, which the table does not say"]
