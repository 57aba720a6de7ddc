"""Keys that are made once a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grievance.vault import make_keys


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("vault") / "keys"
    make_keys(place)
    return place
