"""What docs/limits.md says of limits, ways in and lines out is what the code does."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from tests.house.test_dangerous import OUTSIDE

ROOT = Path(__file__).resolve().parents[2]
TOLD = ROOT / "docs/limits.md"
ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<figure>[^|]+) \| (?P<where>`[^|]+`) \|$", re.MULTILINE)


def part(text: str, title: str) -> str:
    """The chapter under this title."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def real(where: str) -> str:
    """The value that a name of the code has, as the table writes it."""
    path, _, name = where.strip("`").partition("::")
    return str(getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name))


def wrong(text: str) -> list[str]:
    """The rows whose figure is not that of the code."""
    rows = list(ROW.finditer(part(text, "Limits")))
    return [one["what"] for one in rows if real(one["where"]) != one["figure"]]


def ways(root: Path) -> set[str]:
    """The verbs that open a session, or lead to one: whoever writes a row of sessions."""
    found = set()
    for path in (root / "grievance/casework").rglob("*.py"):
        function = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            begun = re.match(r"def (\w+)\(", line)
            function = begun[1] if begun else function
            if re.search(r"\.open_(?:session|half)\(", line):
                found.add(f"{path.relative_to(root).as_posix()}::{function}")
    return found


# asvs: 2.1.1, 2.1.3, 5.1.1, 6.1.1, 6.1.2, 7.1.1, 15.1.3
def test_every_limit_is_told_as_it_is() -> None:
    text = TOLD.read_text(encoding="utf-8")
    assert wrong(text) == []
    assert len(ROW.findall(part(text, "Limits"))) > 20


def test_planted_another_figure_is_found() -> None:
    text = TOLD.read_text(encoding="utf-8")
    assert wrong(text.replace("| 0:30:00 |", "| 0:40:00 |")) == ["an idle session ends"]


# asvs: 6.1.3, 6.3.4, 7.1.2
def test_every_way_in_is_told() -> None:
    told = set(re.findall(r"`(grievance/[\w/]+\.py::\w+)`", part(TOLD.read_text(encoding="utf-8"), "Ways in")))
    found = ways(ROOT)
    assert len(found) > 2
    assert found - told == set()


# asvs: 13.1.1, 13.2.4, 15.1.1
def test_every_line_out_is_told() -> None:
    text = TOLD.read_text(encoding="utf-8")
    told = part(text, "Lines out")
    there = [path for paths in OUTSIDE.values() for path in paths if (ROOT / path).exists()]
    assert [path for path in there if f"`{path}::" not in told] == []
    assert "make lock UPGRADE=1" in part(text, "Packages")
