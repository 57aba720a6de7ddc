"""Nothing dangerous is called: no shell, no evaluation, no unsafe reading, no request outside but letters and the bucket."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CALLS = frozenset(
    {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "hashlib.md5", "hashlib.sha1", "hashlib.new"}
    | {"random.random", "random.choice", "random.randint", "random.randbytes", "uuid.uuid1", "uuid.uuid4"}
    | {"render_template_string", "env.from_string", "jinja_env.from_string", "yaml.load", "importlib.import_module"}
)
"""Calls that run what they are given, or draw what somebody can foresee."""
MODULES = frozenset(
    {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "defusedxml", "requests", "httpx", "aiohttp"}
    | {"urllib.request", "authlib.integrations", "authlib.jose", "ftplib", "telnetlib", "jwt", "jose", "ldap", "ldap3"}
)
"""Modules that read what can run, or fetch from elsewhere."""
OUTSIDE = {
    "smtplib": {"grievance/clock.py"},
    "obstore": {"grievance/store/objects.py"},
    "socket": {"grievance/media/scanning.py", "grievance/providers/asking.py"},
    "http.client": {"grievance/providers/asking.py"},
}
"""What leads out of the house, and the modules that may."""


def _name(node: ast.expr) -> str:
    return (
        f"{_name(node.value)}.{node.attr}".lstrip(".") if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    return []


def dangers(root: Path) -> list[str]:
    """Each dangerous call and import of the program, with its file."""
    found = []
    for path in sorted([*(root / "grievance").rglob("*.py"), *root.glob("*.py")]):
        where = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _imported(node):
                parts = name.split(".")
                heads = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
                found += [f"{where}: {head}" for head in sorted(heads & MODULES)]
                found += [f"{where}: {head}" for head in sorted(heads & set(OUTSIDE)) if where not in OUTSIDE[head]]
            if isinstance(node, ast.Call):
                called = _name(node.func)
                found += [f"{where}: {called}"] if called in CALLS else []
                found += [f"{where}: shell" for word in node.keywords if word.arg == "shell"]
    return sorted(set(found))


# asvs: 1.2.4, 1.2.5, 1.3.2, 1.3.6, 1.3.7, 1.5.1, 1.5.2, 6.5.3, 11.4.1, 13.2.4, 15.3.2
def test_nothing_dangerous_is_called() -> None:
    assert dangers(ROOT) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("eval('1')", "eval"),
        ("import os; os.system('ls')", "os.system"),
        ("import subprocess; subprocess.run('ls', shell=True)", "shell"),
        ("import pickle", "pickle"),
        ("from xml.etree import ElementTree", "xml"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("import hashlib; hashlib.md5(b'')", "hashlib.md5"),
        ("import random; random.choice([1])", "random.choice"),
        ("import smtplib", "smtplib"),
        ("import socket", "socket"),
        ("import http.client", "http.client"),
    ],
)
def test_planted_each_is_found(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "grievance").mkdir()
    (tmp_path / "grievance/planted.py").write_text(f"{line}\n")
    assert dangers(tmp_path) == [f"grievance/planted.py: {fault}"]
