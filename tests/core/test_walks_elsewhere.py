"""The same random walks through every other procedure that we ship: what the proof promises of it comes true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievance.core.proof.reckoning import projected
from grievance.core.proof.silence import ALONE
from tests.core.test_walks import check_a_walk
from tests.core.walking import LAWBOOK, WORKER, Walk
from tests.play import ROSTER

OTHERS = [key for key in LAWBOOK.procedures if key != WORKER.key]
pytestmark = pytest.mark.xdist_group("proofs")
SEEDS = st.integers(min_value=0, max_value=2**32)


def walked(key: str, seed: int, silent: str = "", roster: int = len(ROSTER)) -> Walk:
    procedure = LAWBOOK.procedure(key)
    calendar = projected(LAWBOOK.calendar_of(procedure))
    lane = procedure.lanes[seed % len(procedure.lanes)]
    return Walk(seed, lane, silent=silent, roster=roster, procedure=procedure, calendar=calendar)


@pytest.mark.parametrize("key", OTHERS)
@settings(max_examples=40, deadline=None, print_blob=True)
@given(SEEDS)
def test_every_walk_ends_within_the_proof(key: str, seed: int) -> None:
    check_a_walk(walked(key, seed))


@pytest.mark.parametrize("key", OTHERS)
@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS, st.sampled_from([*ALONE, "panel", "outside", "operator"]), st.integers(0, len(ROSTER) - 1))
def test_every_walk_ends_whoever_is_silent(key: str, seed: int, silent: str, roster: int) -> None:
    check_a_walk(walked(key, seed, silent, roster))


@pytest.mark.parametrize("key", OTHERS)
def test_the_walks_get_somewhere(key: str) -> None:
    visited: set[str] = set()
    for seed in range(60):
        walk = walked(key, seed)
        for _ in walk.steps():
            visited.add(walk.case.stage)
    assert len(visited) > len(LAWBOOK.procedure(key).stages) / 2, visited
