"""The staircase holds, and each of its contracts bites: a forbidden import planted in a copy of the tree is refused."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}

# contract, room in which the import is planted, the import
PLANTS = [
    ("staircase", "grievance.core", "import grievance.language"),
    ("staircase", "grievance.core", "import grievance.casework"),
    ("staircase", "grievance.language", "import grievance.store"),
    ("staircase", "grievance.store", "import grievance.casework"),
    ("staircase", "grievance.store", "import grievance.vault"),
    ("staircase", "grievance.vault", "import grievance.store"),
    ("staircase", "grievance.notices", "import grievance.store"),
    ("staircase", "grievance.casework", "import grievance.web"),
    ("staircase", "grievance.casework", "import grievance.clock"),
    ("staircase", "grievance.casework", "def late() -> None:\n    import grievance.cli"),
    ("staircase", "grievance.web", "import grievance.clock"),
    ("staircase", "grievance.clock", "import grievance.web"),
    ("staircase", "grievance.demo", "import grievance.cli"),
    ("staircase", "grievance.cli", "import grievance.app"),
    ("no-cycles", "grievance.casework.desk", "from grievance.casework.showing import reading"),
    ("no-cycles", "grievance.casework.linking", "from grievance.casework.showing import following"),
    ("doors", "grievance.web.intake", "import grievance.web.office"),
    ("doors", "grievance.web.office", "from grievance.web import panel"),
    ("doors", "grievance.web.panel", "import grievance.web.party"),
    ("doors", "grievance.web.party", "import grievance.web.account"),
    ("doors", "grievance.web.account", "import grievance.web.intake"),
    ("cli-opens-no-door", "grievance.cli", "import grievance.web"),
    ("core", "grievance.core", "import flask"),
    ("core", "grievance.core", "import sqlalchemy.orm"),
    ("core", "grievance.core", "import transitions"),
    ("machine", "grievance.casework", "from transitions import Machine"),
    ("machine", "grievance.core", "import transitions.extensions"),
    ("web-holds-no-database", "grievance.web", "import sqlalchemy"),
    ("web-holds-no-database", "grievance.web.office", "import sqlite3"),
    ("store", "grievance.web", "import grievance.store"),
    ("store", "grievance.clock", "import grievance.store"),
    ("store", "grievance.demo", "import grievance.store"),
    ("vault", "grievance.web.intake", "import grievance.vault"),
    ("vault", "grievance.clock", "import grievance.vault"),
    ("verbs-know-no-pages", "grievance.casework", "from flask import g"),
    ("verbs-know-no-pages", "grievance.notices", "import jinja2"),
    ("witness", "grievance.witness", "import grievance.store"),
    ("witness", "grievance.witness", "from grievance.casework.house import anchoring"),
    ("witness", "grievance.witness.command", "import sqlalchemy"),
    ("gate", "grievance.web.office", "from flask_login import current_user"),
    ("gate", "grievance.casework", "import flask_login"),
    ("settings", "grievance.app", "from config import Settings"),
    ("settings", "grievance.cli", "import wsgi"),
    ("settings", "grievance.demo", "import tests.makers"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package and of its contracts that a test may spoil."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "grievance", tmp_path / "grievance", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict about this tree and no other: it looks for packages in its working folder first."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)


def plant(tree: Path, room: str, line: str) -> None:
    place = tree.joinpath(*room.split("."))
    if place.is_dir():
        (place / "planted.py").write_text(f"{line}\n")
    else:
        with place.with_suffix(".py").open("a") as module:
            module.write(f"\n{line}\n")


def leaned_on(tree: Path) -> set[str]:
    """What the witness imports beside itself and the standard library."""
    found: set[str] = set()
    for module in (tree / "grievance" / "witness").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                packages = base in ("grievance", "grievance.core", "grievance.witness")
                found |= {f"{base}.{alias.name}" for alias in node.names} if packages else {base}
    return {
        name
        for name in found
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("grievance.witness")
    }


def strangers(tree: Path) -> list[str]:
    """What core imports from outside the standard library: contracts can only name what is forbidden, not all else."""
    found = []
    for module in sorted((tree / "grievance" / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"grievance"}
            found += [
                f"{module.name}: {top}" for top in sorted(tops) if (module.name, top) != ("machine.py", "transitions")
            ]
    return found


def test_the_staircase_holds(tree: Path) -> None:
    verdict = lint(tree)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in verdict.stdout


def test_every_contract_is_tried() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(NAMES)


@pytest.mark.parametrize(("contract", "room", "line"), PLANTS, ids=[f"{room} {line}" for _, room, line in PLANTS])
def test_a_forbidden_import_is_refused(tree: Path, contract: str, room: str, line: str) -> None:
    plant(tree, room, line)
    verdict = lint(tree)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"{NAMES[contract]} BROKEN" in verdict.stdout, verdict.stdout


def test_core_knows_the_standard_library_alone(tree: Path) -> None:
    assert strangers(tree) == []
    plant(tree, "grievance.core", "def late() -> None:\n    from numpy.linalg import norm")
    plant(tree, "grievance.core.machine", "import pydantic")
    assert strangers(tree) == ["machine.py: pydantic", "planted.py: numpy"]


def test_the_witness_leans_on_three_small_modules(tree: Path) -> None:
    """Whoever wants to know what it does reads them and nothing else of the house."""
    assert {name for name in leaned_on(tree) if name.startswith("grievance")} == {
        "grievance.core.exported",
        "grievance.core.record",
    }
    assert {name.partition(".")[0] for name in leaned_on(tree)} == {"grievance", "cryptography"}
    plant(tree, "grievance.witness", "from grievance.core import case")
    assert "grievance.core.case" in leaned_on(tree)


def test_no_contract_allows_the_root(tree: Path) -> None:
    """With the root package among the allowed importers everybody is allowed, in silence."""
    assert not any("grievance" in contract.get("allowed_importers", ()) for contract in CONTRACTS)
    settings = tree / "pyproject.toml"
    settings.write_text(settings.read_text().replace('allowed_importers = ["', 'allowed_importers = ["grievance", "'))
    plant(tree, "grievance.web", "import grievance.store")
    assert f"{NAMES['store']} KEPT" in lint(tree).stdout
