"""What takes seconds to make is made once, by the process that runs all tests of the group that needs it."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("proofs")
def test_a_group_stays_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist sorts by what stands behind the last `@` of a test's name; where nothing does, every group is scattered."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@proofs")
