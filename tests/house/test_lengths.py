"""No module is too long to be read in one sitting; the test names the file at fault."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
BESIDE = ("config.py", "environment.py", "admission.py", "wsgi.py")


def too_long(root: Path) -> list[str]:
    """The modules with more lines than allowed; a migration is written once and never read again."""
    beside = [root / name for name in BESIDE]
    modules = [*beside, *(root / "grievance").rglob("*.py")]
    counted = {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in modules
    }
    return sorted(
        f"{name} has {lines} lines" for name, lines in counted.items() if lines > LONGEST and "/migrations/" not in name
    )


def test_no_module_is_too_long() -> None:
    assert too_long(ROOT) == []


def test_planted_a_long_module_is_named(tmp_path: Path) -> None:
    (tmp_path / "grievance/core").mkdir(parents=True)
    (tmp_path / "grievance/store/migrations/versions").mkdir(parents=True)
    for name in BESIDE:
        (tmp_path / name).write_text("")
    (tmp_path / "grievance/core/case.py").write_text("x = 1\n" * (LONGEST + 1))
    (tmp_path / "grievance/core/rules.py").write_text("x = 1\n" * LONGEST)
    (tmp_path / "grievance/store/migrations/versions/0001.py").write_text("x = 1\n" * 400)
    assert too_long(tmp_path) == ["grievance/core/case.py has 301 lines"]
