"""The locks are the list of all packages: each with its version and hashes, and what is installed is what they say."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


def locked(text: str) -> dict[str, set[str]]:
    """Name → versions of a lock, where Pythons differ more than one. Raises ValueError for a package without a hash."""
    found = list(LINE.finditer(text))
    for one, after in zip(found, [*(each.start() for each in found[1:]), len(text)], strict=True):
        if "--hash=sha256:" not in text[one.end() : after]:
            raise ValueError(one["name"])
    versions: dict[str, set[str]] = {}
    for one in found:
        versions.setdefault(one["name"], set()).add(one["version"])
    return versions


# asvs: 15.1.2
def test_every_package_is_locked_by_hash_and_is_what_is_installed() -> None:
    every: dict[str, set[str]] = {}
    for name in ("requirements.txt", "requirements-test.txt", "requirements-trials.txt"):
        every |= locked((ROOT / name).read_text(encoding="utf-8"))
    installed = {one.metadata["Name"].lower().replace("_", "-"): one.version for one in metadata.distributions()}
    used = {name: versions for name, versions in every.items() if name in installed}
    assert len(used) > 40
    assert {name: installed[name] for name, versions in used.items() if installed[name] not in versions} == {}
    assert set(installed) - set(every) <= {"grievance", "pip", "setuptools", "wheel"}


def test_planted_a_package_without_a_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="evil"):
        locked("flask==3.1.0 \\\n    --hash=sha256:ab\nevil==1.0\n")
