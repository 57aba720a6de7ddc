"""Random walks through invented procedures: what the proof accepts keeps its promises, and what is wrong is refused.

The shipped procedures are few, and the proof grew up with them; these were never seen before.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grievance.core import machine
from grievance.core.errors import Fault, Faulty, Invalid, say
from grievance.core.lawbook import parse_procedure
from grievance.core.matters import Actor
from grievance.core.procedure import ANYWHERE, Move, Procedure
from grievance.core.proof.questions import faults
from grievance.core.proof.reckoning import Reckoner
from grievance.core.proof.silence import ALONE, VOICES, Who, reached
from tests.core.inventing import WRONGS, Draft, invent
from tests.core.test_walks import check_a_walk
from tests.core.walking import CALENDAR, FOREVER, Walk
from tests.trials import sizes

SEEDS = st.integers(min_value=0, max_value=2**32)


def read(draft: Draft) -> tuple[Procedure | None, tuple[Fault, ...]]:
    """The procedure, or None where its grammar is refused; and every fault. Nothing but faults may come of it."""
    try:
        procedure = parse_procedure(draft.text, "invented.toml")
    except Faulty as error:
        return None, error.faults
    return procedure, faults(procedure)


@lru_cache(maxsize=64)
def accepted(seed: int) -> Procedure:
    """A sound procedure of this seed, and what it looks like where something goes wrong with it."""
    draft = invent(seed, wrongs=0)
    print(f"procedure {seed}\n{draft.text}")
    procedure, found = read(draft)
    assert procedure is not None, found
    assert not found
    return procedure


def longest(procedure: Procedure, lane: str, who: Who) -> int:
    """Days of the longest walk that the proof knows of, for filings of 2026."""
    return Reckoner(procedure, CALENDAR).longest(say("all"), who, 2026, lane).most


def walked(procedure: Procedure, seed: int, silent: str = "") -> Walk:
    return Walk(seed, procedure.lanes[seed % len(procedure.lanes)], silent=silent, procedure=procedure)


def check_any_walk(seed: int) -> None:
    """Moves at random: every stage has its clock, nothing is reached that the proof did not name, and it ends in time."""
    procedure, dice = accepted(seed), random.Random(seed)
    walk = walked(procedure, seed, silent=dice.choice(["", "", *ALONE, "panel"]))
    everybody = Who(able=VOICES)
    days = longest(procedure, walk.case.lane, everybody)
    check_a_walk(walk, (days, reached(procedure, everybody) | {"withdrawn"}))


def check_silence(seed: int) -> None:
    """Nobody does anything: the days are those that the proof names, and silence comes nowhere twice."""
    procedure = accepted(seed)
    walk = walked(procedure, seed)
    lane, filed, stages = walk.case.lane, walk.case.filed_at, [walk.case.stage]
    while not walk.case.final:
        found = walk.due(FOREVER)
        assert found, f"{walk.case.stage} waits for nothing"
        walk.pass_time(found[0])
        stages.append(walk.case.stage)
    assert filed
    assert walk.case.ended_at
    days = (CALENDAR.day_of(walk.case.ended_at) - CALENDAR.day_of(filed)).days
    assert days <= longest(procedure, lane, Who())
    entered = [stage for one, stage in pairwise(stages) if one != stage]
    assert len(entered) == len(set(entered))
    assert set(stages) <= reached(procedure, Who())


def check_one_silent(seed: int) -> None:
    """Everybody but one does what the stage waits for: then it is no failure of ours, whoever the one is."""
    procedure, dice = accepted(seed), random.Random(seed)
    walk = walked(procedure, seed, silent=dice.choice(ALONE))
    promised = reached(procedure, Who(VOICES - {walk.silent}, VOICES)) | {"withdrawn"}
    done: set[tuple[int, str, str]] = set()
    while not walk.case.final:
        assert walk.case.stage in promised, (walk.silent, walk.case.stage)
        choices = [one for one in _meant(walk) if (one[0].seat, one[1].name, walk.case.stage) not in done]
        if not choices:
            found = walk.due(FOREVER)
            assert found
            walk.now = max(walk.now, found[0])
            walk.pass_time(walk.now)
            continue
        actor, move = dice.choice(choices)
        done.add((actor.seat, move.name, walk.case.stage))
        walk.now += timedelta(minutes=5)
        walk.pass_time(walk.now)
        if move in procedure.moves_from[walk.case.stage]:
            _try(walk, actor, move)
    assert walk.case.final != "failed", (walk.silent, [entry.event for entry in walk.entries])


def _meant(walk: Walk) -> list[tuple[Actor, Move]]:
    """What the seats that are not silent can do here, withdrawing left out."""
    sitting, found = walk.sitting(walk.now), []
    for seat in walk.case.seats:
        if walk.silent not in (seat.role, seat.side):
            actor = Actor(seat.role, seat.no, seat.holder)
            found += [(actor, move) for move, why in machine.possible(sitting, walk.case, actor) if why is None]
    return [(actor, move) for actor, move in found if ANYWHERE not in move.source]


def _try(walk: Walk, actor: Actor, move: Move) -> None:
    if machine.possible(walk.sitting(walk.now), walk.case, actor):
        try:
            walk.move(walk.now, actor, move.name, walk.given(walk.now, move.asks, walk.answers()))
        except Invalid:
            return


@settings(max_examples=60, deadline=None, print_blob=True)
@given(SEEDS)
@example(212)  # the proof once counted on the word of a panel that nobody had seated
@example(42626)  # what was invented without anything to do had a way back
def test_what_is_sound_is_accepted_and_what_is_wrong_is_refused_with_its_fault(seed: int) -> None:
    draft = invent(seed)
    print(f"procedure {seed} with {sorted(draft.planted) or 'nothing'} wrong")
    _, found = read(draft)
    assert bool(found) == bool(draft.planted), found
    assert all(str(fault) for fault in found)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_every_walk_ends_within_the_proof(seed: int) -> None:
    check_any_walk(seed)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
@example(461)  # rules that once held of nothing at all, while the proof waited for somebody to speak
@example(187)
def test_silence_ends_within_the_proof(seed: int) -> None:
    check_silence(seed)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_nobody_alone_leads_to_our_failure(seed: int) -> None:
    check_one_silent(seed)


def test_the_inventions_are_of_every_kind() -> None:
    """Without this the walks above could be true of one procedure again and again."""
    drafts = [invent(seed) for seed in range(250)]
    wrongs = Counter(wrong for draft in drafts for wrong in draft.planted)
    assert set(wrongs) == set(WRONGS)
    sound = [procedure for draft in drafts if not draft.planted and (procedure := read(draft)[0])]
    assert len(sound) > 80
    stages = [stage for procedure in sound for stage in procedure.stages.values() if not stage.final]
    assert {stage.turn for stage in stages} >= {"officer", "complainant", "respondent", "parties", "panel", "neutral"}
    assert any(stage.extend for stage in stages)
    assert any(stage.at_once for stage in stages)
    assert any(len(stage.late) > 1 for stage in stages)
    assert any("failed" in procedure.stages for procedure in sound)


def test_planted_a_proof_that_forgets_the_grace_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days of a walk are held against the proof's: where these are too few, some walk shows it."""
    seed = next(seed for seed in range(100) if accepted(seed).stages["s0"].grace)
    days = longest(accepted(seed), "U3", Who())
    check_silence(seed)
    monkeypatch.setattr("tests.core.test_walks_invented.longest", lambda *_: 0 if days else -1)
    with pytest.raises(AssertionError):
        check_silence(seed)


@pytest.mark.trial
def test_many_inventions() -> None:
    """Minutes of the same; TRIAL_SCALE sets how many procedures, SEED where they begin."""
    for seed in sizes.seeds(1_000, minutes=10):
        draft = invent(seed)
        assert bool(read(draft)[1]) == bool(draft.planted), seed
        for check in (check_any_walk, check_silence, check_one_silent):
            check(seed)
