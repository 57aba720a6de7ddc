"""Grace is for a reason: whoever acts after the due day says why, in every stage that has a grace and in no other."""

from __future__ import annotations

from datetime import datetime

import pytest

from grievance.core.errors import Invalid
from grievance.core.events import Moved
from grievance.core.grace import REASON, asks_of, must_say_why, waits_for
from grievance.core.lawbook import parse_procedure
from grievance.core.proof import faults
from tests.play import COMMITMENT, Play
from tests.workflows.proofs import LAWBOOK, WORKFLOWS

WORKER = LAWBOOK.procedure("kh/worker-1@1")
CALENDAR = LAWBOOK.calendar_of(WORKER)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.tz)


def answering() -> Play:
    """Served on 9 April: due on the 24th, grace until the 28th."""
    play = Play(WORKER, CALENDAR)
    play.file(at("2026-03-30T09:00"), "U3", ("restatement_to_respondent",))
    for day, name in (("31T09", "acknowledge"), ("09T08", "assess"), ("09T08", "restate"), ("09T09", "release")):
        month = "03" if day.startswith("31") else "04"
        play.move(at(f"2026-{month}-{day}:00"), play.actors("officer")[0], name)
    play.move(at("2026-04-09T10:00"), play.actors("officer")[0], "admit")
    return play


def test_the_reason_is_asked_from_the_due_instant_on_and_of_whose_turn_it_is() -> None:
    play = answering()
    clock, move = play.case.stage_clock, WORKER.moves["submit_answer"]
    assert clock is not None
    before, after = at("2026-04-24T23:59"), clock.due_at
    assert asks_of(WORKER, play.case, move, "respondent", before) == move.asks
    assert asks_of(WORKER, play.case, move, "respondent", after) == (*move.asks, REASON)
    assert asks_of(WORKER, play.case, move, "officer", after) == move.asks
    for name in ("withdraw", "report_retaliation", "ask_time"):  # open everywhere, or no way on
        asks = WORKER.moves[name].asks
        assert asks_of(WORKER, play.case, WORKER.moves[name], "complainant", after) == asks


def test_without_a_reason_nothing_happens_and_with_one_it_stands_in_the_ledger() -> None:
    play = answering()
    late, actor = at("2026-04-27T10:00"), play.actors("respondent")[0]
    play.pass_time(late)
    before = play.case
    with pytest.raises(Invalid) as caught:
        play.move(late, actor, "submit_answer", play.given(late, WORKER.moves["submit_answer"].asks))
    assert set(caught.value.fields) == {REASON}
    assert play.case == before
    play.move(late, actor, "submit_answer")
    moved = [entry.event for entry in play.entries if isinstance(entry.event, Moved)]
    assert [one.words[REASON] for one in moved if one.move == "submit_answer"] == [COMMITMENT]
    assert "complainant" in play.told


def test_the_consequence_still_waits_for_the_grace() -> None:
    play = answering()
    play.pass_time(at("2026-04-28T23:59"))
    assert play.case.stage == "answer"
    play.pass_time(at("2026-04-29T00:01"))
    assert (play.case.stage, play.case.presumed) == ("joint_review", True)


def test_it_bites_in_every_procedure_that_grants_grace() -> None:
    found = {
        (key, move.name)
        for key, procedure in LAWBOOK.procedures.items()
        for stage in procedure.stages.values()
        for move in procedure.moves.values()
        if waits_for(stage, move)
    }
    parties = {"submit_answer", "accept_claim", "submit_reply"}
    assert {move for key, move in found if key == "default/process-1@1"} == {"give_account", "submit_comment"}
    for key in ("kh/worker-1@1", "bd/worker-1@1", "kh/employer-1@1"):
        assert {move for one, move in found if one == key} == parties


def test_the_guard_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: where nobody looks, a late answer goes through without a word."""
    monkeypatch.setattr("grievance.core.machine.must_say_why", lambda asks, words: None)
    play = answering()
    late = at("2026-04-27T10:00")
    play.move(late, play.actors("respondent")[0], "submit_answer", play.given(late, WORKER.moves["submit_answer"].asks))
    assert play.case.stage == "reply"
    monkeypatch.undo()
    with pytest.raises(Invalid):
        must_say_why((REASON,), {})


def test_the_other_side_is_told_of_what_the_late_one_writes() -> None:
    """A move that asks no text asks one in the grace: the proof wants the other party told of it."""
    text = (WORKFLOWS / "kh/worker-1.toml").read_text()
    start = text.index('name  = "submit_reply"')
    sound = text[start : text.index("[[moves]]", start)]
    silent = sound.replace('asks  = ["comment"]\n', "").replace('"respondent", ', "")
    told = [str(fault) for fault in faults(parse_procedure(text.replace(sound, silent), "planted.toml"))]
    assert any("respondent is not told of what complainant writes with submit_reply" in one for one in told), told
    without = text.replace(sound, silent).replace('grace   = "3 working days"\n', "")
    told = [str(fault) for fault in faults(parse_procedure(without, "planted.toml"))]
    assert not any("with submit_reply" in one for one in told), told
