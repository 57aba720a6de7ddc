"""Random walks through the shipped procedure: whatever people do or leave undone, the proof's promises come true."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievance.core.events import Entry, Moved, Released
from grievance.core.fold import apply, replay
from grievance.core.proof.silence import ALONE
from tests.core import walking
from tests.core.walking import FOREVER, STEPS, WORKER, Walk, Willing, promised
from tests.play import ROSTER
from tests.trials import sizes

pytestmark = pytest.mark.xdist_group("proofs")  # each is reckoned for seconds, and once where one process asks for all


def check_a_walk(walk: Walk, promise: tuple[int, frozenset[str]] | None = None) -> None:
    """Every promise, after every step: the days of the longest walk, and the stages that can be reached."""
    longest, everywhere = promise or promised(walk.procedure.key)
    seen: list[Entry] = list(walk.entries)
    folded = replay("case", seen)
    for entries in walk.steps():
        seen += entries
        case = walk.case
        # As `replay` does, but from where the step before came to: from the start after each step takes five times as long.
        for entry in entries:
            folded = apply(folded, entry)
        assert folded == case
        assert [entry.seq for entry in seen] == list(range(1, len(seen) + 1))
        assert (case.stage_clock is None) == bool(case.final), case.stage
        assert case.stage in everywhere
        for entry in entries:
            if isinstance(entry.event, Moved) and entry.event.final == "withdrawn":
                assert entry.actor.role == "complainant"
            if isinstance(entry.event, Moved) and entry.event.final == "failed":
                assert entry.actor.role == "clock"
            if isinstance(entry.event, Released):
                # In a complaint about us the office releases what it wrote itself, of its own work.
                assert case.consents.get("restatement_to_respondent") or walk.procedure.complainant == "anybody"
    assert replay("case", seen) == walk.case
    assert walk.case.final
    # The end stops every clock, but for the one that it starts to tell of it later; and that one rings and is gone.
    assert all(walk.procedure.clocks[clock.name].after_end for clock in walk.case.clocks)
    walk.pass_time(FOREVER)
    assert not walk.case.clocks
    assert replay("case", walk.entries) == walk.case
    ended = walk.case.ended_at
    filed = walk.case.filed_at
    assert ended
    assert filed
    assert (walk.calendar.day_of(ended) - walk.calendar.day_of(filed)).days <= longest


SEEDS = st.integers(min_value=0, max_value=2**32)
LANES = st.sampled_from(WORKER.lanes)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(SEEDS, LANES)
def test_every_walk_ends_within_the_proof(seed: int, lane: str) -> None:
    check_a_walk(Walk(seed, lane))


@settings(max_examples=60, deadline=None, print_blob=True)
@given(SEEDS, LANES, st.integers(0, len(ROSTER) - 1))
def test_every_walk_ends_with_any_roster(seed: int, lane: str, roster: int) -> None:
    check_a_walk(Walk(seed, lane, roster=roster))


@settings(max_examples=60, deadline=None, print_blob=True)
@given(SEEDS, LANES, st.sampled_from([*ALONE, "panel"]))
def test_every_walk_ends_whoever_is_silent(seed: int, lane: str, silent: str) -> None:
    walk = Walk(seed, lane, silent=silent)
    check_a_walk(walk)


@settings(max_examples=40, deadline=None, print_blob=True)
@given(SEEDS, LANES, st.integers(0, STEPS))
def test_silence_from_any_moment_ends_the_case(seed: int, lane: str, after: int) -> None:
    """The clocks alone, from wherever the walk has come to; each rung rings once, however late the sweep."""
    walk = Walk(seed, lane)
    for _ in zip(walk.steps(), range(after), strict=False):
        pass
    stages = [walk.case.stage]
    while not walk.case.final:
        found = walk.due(FOREVER)
        assert found
        walk.now = max(walk.now, found[0]) + timedelta(hours=walk.dice.randrange(48))
        walk.pass_time(walk.now, late=True)
        stages.append(walk.case.stage)
    assert replay("case", walk.entries) == walk.case
    entered = [stage for one, stage in pairwise(stages) if one != stage]
    assert len(entered) == len(set(entered)), "silence came to one stage twice"


@pytest.mark.trial
def test_many_walks() -> None:
    """Minutes of the same; TRIAL_SCALE sets how many walks, SEED where they begin."""
    for seed in sizes.seeds(3_000, minutes=10):
        dice = random.Random(seed)
        silent = dice.choice(["", "", *ALONE, "panel"])
        check_a_walk(Walk(seed, dice.choice(WORKER.lanes), silent=silent, roster=dice.randrange(len(ROSTER) + 1)))


def test_a_walk_reaches_most_of_the_procedure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the walks above could be true by never getting anywhere."""
    walks = [Walk(seed, WORKER.lanes[seed % 4]) for seed in range(200)]
    for walk in walks:
        for _ in walk.steps():
            pass
    willing = [Willing(seed, "U3", silent="brand") for seed in range(20)]
    for one in willing:
        one.end()
    monkeypatch.setattr(walking, "HELPFUL", (*walking.HELPFUL, "appeal"))  # one of the willing is not content
    discontented = [Willing(seed, "U3", silent="mediator") for seed in range(10)]
    for one in discontented:
        one.end()
    moves = [
        entry.event
        for walk in (*walks, *willing, *discontented)
        for entry in walk.entries
        if isinstance(entry.event, Moved)
    ]
    assert set(WORKER.stages) - {move.to for move in moves} <= {WORKER.start, "not_admitted"}


def test_a_planted_loss_of_a_clock_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(1, "U3")
    monkeypatch.setattr(walk, "act", lambda: None)  # a move could set another clock
    walk.entries = tuple(entry for entry in walk.entries if type(entry.event).__name__ != "ClockSet")
    walk.case = replay("case", walk.entries)
    with pytest.raises(AssertionError):
        check_a_walk(walk)


@settings(max_examples=100, deadline=None, print_blob=True)
@given(SEEDS, st.sampled_from(ALONE))
def test_nobody_alone_leads_to_our_failure(seed: int, silent: str) -> None:
    """What `Rule.wants` says of the rules is what the rules do."""
    assert Willing(seed, "U3", silent=silent).end() != "failed"


def test_a_planted_gap_in_the_relief_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be drawn as relief, and whoever complained does not help themselves, a silent office buries it."""
    others = tuple(name for name in walking.HELPFUL if name not in ("assess_instead", "restate_self"))
    monkeypatch.setattr(walking, "HELPFUL", others)
    walk = Willing(3, "U3", silent="officer")
    walk.roster = tuple(one for one in ROSTER if one.function != "neutral")
    with pytest.raises(AssertionError, match="unhandled"):
        walk.end()
