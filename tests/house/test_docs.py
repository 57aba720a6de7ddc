"""What the documents name is there: files, functions, tests, links, commands, examples, and every key of a procedure."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grievance.cli import commands
from grievance.core.lawbook.parsing import MOVE, PROCEDURE, RETENTION, STAGE
from grievance.core.lawbook.timing import CLOCK, EXTENSION, RUNG
from grievance.core.proof import report
from tests.scenarios import EXPECTED, SCENARIO, STEP
from tests.workflows.proofs import LAWBOOK, proof_of

ROOT = Path(__file__).resolve().parents[2]
TOP = frozenset(
    (
        ".ci",
        "benchmarks",
        "docs",
        "grievance",
        "operations",
        "static",
        "templates",
        "tests",
        "translations",
        "workflows",
    )
)
"""The folders of the repository: a name that begins with one of them is a path."""
SUFFIXES = frozenset({".css", ".html", ".js", ".md", ".po", ".pot", ".py", ".sh", ".svg", ".toml", ".txt"})
NOT_OURS = frozenset({"bangladesh.py", "grievance/wrap/1", "pylock.toml"})
"""Files of others, files that we do not have, and the label of a key."""

TICKED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MADE = re.compile(r"(?:^|[ (])make ([a-z]+)")
TYPED = re.compile(r"(?:^|[ /])grievance ([a-z][a-z-]*)")


def documents(root: Path) -> list[Path]:
    found = [root / "README.md", root / "CONTRIBUTING.md", root / "CHANGELOG.md", *(root / "docs").rglob("*.md")]
    return sorted(path for path in found if path.exists())


def plain(path: Path) -> str:
    """The document without what no reader sees."""
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def ticked(path: Path) -> Iterator[str]:
    yield from TICKED.findall(FENCED.sub("", plain(path)))


def looks_like_a_file(name: str) -> bool:
    name = name.partition("::")[0]
    if " " in name or name in NOT_OURS:
        return False
    first, slash, _ = name.partition("/")
    if slash:
        return first in TOP
    return Path(name).suffix in SUFFIXES and not name.startswith((".", "*"))  # an ending names no file


def is_there(root: Path, name: str) -> bool:
    """A path from the root, where `<…>` and `*` stand for any name; `::` is followed by what the file defines."""
    path, _, wanted = name.partition("::")
    found = list(root.glob(re.sub(r"<[^>]*>", "*", path.rstrip("/"))))
    if not wanted:
        return bool(found)
    return any(wanted in defined(one) for one in found if one.suffix == ".py")


@cache
def defined(path: Path) -> frozenset[str]:
    """What a module defines: functions and classes, `Class.method`, and names that are given a value."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
            names |= {
                f"{node.name}.{one.name}" for one in getattr(node, "body", ()) if isinstance(one, ast.FunctionDef)
            }
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


def faults(root: Path) -> list[str]:
    """Everything that a document names and that is not there, with the document."""
    found: list[str] = []
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    made = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    known = commands()
    for path in documents(root):
        name = path.relative_to(root).as_posix()
        words = list(ticked(path))
        found += [f"{name}: {word}" for word in words if looks_like_a_file(word) and not is_there(root, word)]
        links = [link for link in LINK.findall(plain(path)) if "://" not in link]
        found += [f"{name}: {link}" for link in links if not (path.parent / link).exists()]
        lines = words + [line for line in plain(path).splitlines() if line.startswith("    ")]
        for line in lines:
            found += [f"{name}: make {target}" for target in MADE.findall(line) if target not in made]
            found += [f"{name}: grievance {command}" for command in TYPED.findall(line) if command not in known]
    return found


def invented(root: Path) -> list[str]:
    """Lines of TOML examples that stand in no file of the law."""
    law = {line.strip() for path in (root / "workflows").rglob("*.toml") for line in path.read_text().splitlines()}
    return [
        f"{path.relative_to(root).as_posix()}: {line.strip()}"
        for path in documents(root)
        for language, body in FENCED.findall(plain(path))
        for line in body.splitlines()
        if language == "toml" and line.strip() and line.strip() not in law
    ]


def unproved(root: Path) -> list[str]:
    """Lines that a document gives as the report of the proof, and that the proof does not say."""
    said = {str(line) for key in LAWBOOK.procedures for line in report(proof_of(key))}
    found = FENCED.findall(plain(root / "docs/procedures.md"))
    return [line for language, body in found if language == "text" for line in body.splitlines() if line not in said]


def untold(root: Path) -> list[str]:
    """Keys of procedures and scenarios that the document about them does not name."""
    told = set(ticked(root / "docs/procedures.md"))
    keys = {*PROCEDURE, *RETENTION, *CLOCK, *STAGE, *EXTENSION, *RUNG, *MOVE, *SCENARIO, *STEP, *EXPECTED, "refused"}
    return sorted(keys - told)


# asvs: 8.1.1, 8.1.2, 14.1.2
def test_what_the_documents_name_is_there() -> None:
    assert faults(ROOT) == []


def test_every_example_of_the_law_is_the_law() -> None:
    assert invented(ROOT) == []


@pytest.mark.xdist_group("proofs")
def test_the_report_of_the_proof_is_quoted_as_it_is() -> None:
    assert unproved(ROOT) == []


# asvs: 2.1.2, 8.1.1
def test_every_key_is_explained() -> None:
    assert untold(ROOT) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what documents are checked against, that a test may spoil."""
    for name in TOP:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("see `grievance/core/cases.py`", "README.md: grievance/core/cases.py"),
        ("see `grievance/casework/*ness/`", "README.md: grievance/casework/*ness/"),
        ("see `translations/<language>/messages.po`", "README.md: translations/<language>/messages.po"),
        ("see `Makefile` and `settings.toml`", "README.md: settings.toml"),
        ("see `grievance/core/machine.py::shoot`", "README.md: grievance/core/machine.py::shoot"),
        ("see `grievance/store/store.py::Store.erase`", "README.md: grievance/store/store.py::Store.erase"),
        ("see [the tour](docs/houses.md#rooms)", "README.md: docs/houses.md"),
        ("run `make coffee`", "README.md: make coffee"),
        ("\n    grievance brew now\n", "README.md: grievance brew"),
    ],
)
def test_a_planted_name_is_found(tree: Path, planted: str, fault: str) -> None:
    assert faults(tree) == []
    readme = tree / "README.md"
    readme.write_text(f"{readme.read_text()}\n{planted}\n")
    assert faults(tree) == [fault]


def test_what_nobody_reads_and_what_is_not_a_path_is_left_alone(tree: Path) -> None:
    readme = tree / "README.md"
    sound = (
        "`grievance/core/machine.py::fire` `grievance/store/store.py::Store.read` `workflows/calendars/*.toml` `a/b.py`"
    )
    readme.write_text(f"{readme.read_text()}\n{sound} <!-- `docs/none.md` -->\n```python\nx = '`docs/none.md`'\n```\n")
    assert faults(tree) == []


def test_a_file_that_moves_away_is_missed(tree: Path) -> None:
    (tree / "grievance/core/machine.py").rename(tree / "grievance/core/engine.py")
    assert any("grievance/core/machine.py" in fault for fault in faults(tree))


def test_a_planted_example_is_found(tree: Path) -> None:
    document = tree / "docs/procedures.md"
    document.write_text(f'{document.read_text()}\n```toml\nwithin  = "11 working days"\n```\n')
    assert invented(tree) == ['docs/procedures.md: within  = "11 working days"']


@pytest.mark.xdist_group("proofs")
def test_a_planted_report_is_found(tree: Path) -> None:
    document = tree / "docs/procedures.md"
    document.write_text(document.read_text().replace("at most 40 days", "at most 30 days"))
    assert [line[:45] for line in unproved(tree)] == ["All are silent from the filing (U3): at most "]


def test_a_key_that_nobody_explains_is_missed(tree: Path) -> None:
    document = tree / "docs/procedures.md"
    document.write_text(document.read_text().replace("`grace`", "grace"))
    assert untold(tree) == ["grace"]
