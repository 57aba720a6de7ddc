"""Here one signs in and files in order to do something else; and there is a second disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.remembered import hashed_once

__all__ = ["hashed_once"]


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """A second disk."""
    folder = tmp_path / "second"
    folder.mkdir(mode=0o700)
    return folder
