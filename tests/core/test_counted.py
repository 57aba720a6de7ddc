"""A limit counts from a named move, from the last one that was made, and never so that somebody is late before their turn."""

from __future__ import annotations

from datetime import datetime

import pytest

from grievance.core import clocks
from grievance.core.calendar import due_day
from grievance.core.fold import replay
from grievance.core.lawbook import parse_procedure
from grievance.core.procedure import Procedure
from grievance.core.proof import report
from grievance.core.proof.reckoning import Reckoner
from grievance.core.proof.reporting import Proof
from grievance.core.proof.silence import VOICES
from tests.play import Play
from tests.workflows.proofs import LAWBOOK, WORKFLOWS

TEXT = (WORKFLOWS / "kh/worker-1.toml").read_text()
CALENDAR = LAWBOOK.calendars["kh-factory"]


def law(limit: str, counts: str) -> Procedure:
    """The shipped file, but the choice of a mediator has this limit and counts from these moves."""
    start = TEXT.index("[stages.mediator_choice]")
    sound = 'within  = "3 working days"\n'
    at = TEXT.index(sound, start)
    return parse_procedure(
        f'{TEXT[:at]}within  = "{limit}"\ncounts  = [{counts}]\n{TEXT[at + len(sound) :]}', "counted.toml"
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.tz)


def choosing(procedure: Procedure) -> Play:
    """Answered on 24 March, commented on 1 April; the panel stays silent, and the parties choose from 14 April on."""
    play = Play(procedure, CALENDAR)
    play.file(at("2026-03-02T09:00"), "U3", ("restatement_to_respondent",))
    for day, name in (("03", "acknowledge"), ("12", "assess"), ("12", "restate"), ("12", "release"), ("12", "admit")):
        play.move(at(f"2026-03-{day}T10:00"), play.actors("officer")[0], name)
    play.move(at("2026-03-24T10:00"), play.actors("respondent")[0], "submit_answer")
    play.move(at("2026-04-01T10:00"), play.actors("complainant")[0], "submit_reply")
    play.pass_time(at("2026-04-17T08:00"))
    while play.case.stage != "mediator_choice":
        found = play.due(at("2026-06-01T08:00"))
        assert found
        play.pass_time(found[0])
    return play


def due(play: Play) -> str:
    clock = play.case.stage_clock
    assert clock is not None
    return str(due_day(clock.due_at, CALENDAR))


@pytest.mark.parametrize(
    ("limit", "counts", "day"),
    [
        ("30 days", '"submit_answer"', "2026-04-23"),
        ("30 days", '"submit_answer", "submit_reply"', "2026-05-01"),  # the last of them
        ("30 days", '"submit_reply", "submit_answer"', "2026-05-01"),
        ("30 days", '"take_back", "submit_reply"', "2026-05-01"),  # what was never made does not count
        ("30 days", '"take_back"', "2026-05-14"),  # and if none was made: from entering
        ("10 days", '"submit_answer"', "2026-04-24"),  # over before the stage began: from entering, too
        ("30 days", '"start_mediation"', "2026-05-14"),  # what leads there is entering
    ],
)
def test_it_counts_from_the_last_of_the_moves(limit: str, counts: str, day: str) -> None:
    play = choosing(law(limit, counts))
    assert play.case.entered_at is not None
    assert str(CALENDAR.day_of(play.case.entered_at)) == "2026-04-14"
    assert due(play) == day


def test_the_ledger_alone_gives_the_same_case_and_notes_only_what_counts() -> None:
    play = choosing(law("30 days", '"submit_answer"'))
    assert set(play.case.made) == {"submit_answer"}
    assert replay("case", play.entries) == play.case
    assert choosing(LAWBOOK.procedure("kh/worker-1@1")).case.made == {}


def test_an_extension_and_a_changed_calendar_count_on_from_the_same_event() -> None:
    procedure = law("30 days", '"submit_answer"')
    play = choosing(procedure)
    clock = play.case.stage_clock
    assert clock is not None
    assert clock.start == at("2026-03-24T10:00")
    assert clocks.recounted(play.case, clock, procedure, CALENDAR, at("2026-04-15T08:00")) is None


def test_where_the_last_moves_lead_in_nothing_changes() -> None:
    """Mediation counts from the appointment of the mediator, which is what opens it."""
    shipped = LAWBOOK.procedure("kh/worker-1@1")
    for key, stage in (
        ("kh/worker-1@1", "mediation"),
        ("bd/worker-1@1", "mediation"),
        ("bd/worker-1@1", "negotiation"),
    ):
        procedure = LAWBOOK.procedure(key)
        assert procedure.stages[stage].since
        assert procedure.counts_from_entering(procedure.stages[stage])
    play = choosing(shipped)
    play.pass_time(at("2026-04-25T08:00"))
    clock = play.case.stage_clock
    assert play.case.stage == "mediation"
    assert clock is not None
    assert clock.start == play.case.entered_at


def test_the_reckoning_is_never_less_than_what_happens() -> None:
    """It counts from entering, the latest from which such a limit can count: at most stays at most."""
    procedure = law("30 days", '"submit_answer"')
    stage = procedure.stages["mediator_choice"]
    assert not procedure.counts_from_entering(stage)
    play = choosing(procedure)
    clock, entered = play.case.stage_clock, play.case.entered_at
    assert clock is not None
    assert entered is not None
    reckoned = Reckoner(procedure, CALENDAR).last_moment(stage, "U3", None, entered, VOICES)
    assert clock.rings[-1] < reckoned
    whole = choosing(law("30 days", '"take_back"')).case.stage_clock
    assert whole is not None
    assert whole.rings[-1] == reckoned


def test_the_report_says_from_what_it_counts() -> None:
    lines = [str(said) for said in report(Proof(LAWBOOK.procedure("kh/worker-1@1"), ()))]
    assert any(
        line.startswith("mediation: 15 days+, counted from agree_mediator / appoint_by_lot. Source") for line in lines
    )


def test_without_the_guard_somebody_would_be_late_before_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: from the event alone, ten days from the answer are over on the day of entering."""
    play = choosing(law("30 days", '"submit_answer"'))
    stage, entered = law("10 days", '"submit_answer"').stages["mediator_choice"], play.case.entered_at
    assert entered is not None
    assert clocks.stage_clock(play.case, stage, entered, CALENDAR).due_at > entered
    monkeypatch.setattr(clocks, "_counted_from", lambda case, _, start, __: max(case.made.values(), default=start))
    assert clocks.stage_clock(play.case, stage, entered, CALENDAR).due_at < entered
