"""Rungs ring once and in their order, what was missed rings on until somebody acts, and the law's clocks only tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from grievance.core import events as e
from grievance.core import machine
from grievance.core.lawbook import parse_procedure, read_lawbook
from grievance.core.limits import Limit
from grievance.core.procedure import Procedure
from tests.play import Play

WORKFLOWS = Path(__file__).parents[2] / "workflows"
TEXT = (WORKFLOWS / "kh/worker-1.toml").read_text()
LAWBOOK = read_lawbook(WORKFLOWS)
CALENDAR = LAWBOOK.calendars["kh-factory"]


def law(*edits: tuple[str, str]) -> Procedure:
    """The shipped file with small edits."""
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_procedure(text, "worker.toml")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.tz)


def filed(procedure: Procedure, day: str = "2026-03-02T09:00", lane: str = "U3") -> Play:
    play = Play(procedure, CALENDAR)
    play.file(at(day), lane, ("restatement_to_respondent",))
    return play


def rang(play: Play) -> list[tuple[str, str]]:
    """Every named rung that rang: its day and its name."""
    return [
        (str(CALENDAR.day_of(entry.at)), entry.event.name)
        for entry in play.entries
        if isinstance(entry.event, e.Rang) and entry.event.name
    ]


ASKED = "[stages.info_wanted]\n"
RUNGS = """rungs = [
    { name = "one", label = "One", in = "3 working days", tells = ["coordinator"] },
    { name = "two", label = "Two", in = "6 working days", tells = ["coordinator", "chair"] },
]
"""


def wait(play: Play) -> None:
    """The complainant is asked something on 3 March."""
    for name in ("acknowledge", "ask_information"):
        play.move(at("2026-03-03T10:00"), play.actors("officer")[0], name)


def test_rungs_ring_on_their_days_and_tell_their_own() -> None:
    play = filed(law((ASKED, ASKED + RUNGS)))
    wait(play)
    play.pass_time(at("2026-03-07T08:00"))
    assert rang(play) == [("2026-03-06", "one")]
    assert play.told == ("coordinator",)
    play.pass_time(at("2026-03-12T08:00"))
    assert rang(play) == [("2026-03-06", "one"), ("2026-03-10", "two")]
    assert play.case.stage == "info_wanted"


def test_a_clock_that_is_extended_forgets_no_rung_and_rings_none_twice() -> None:
    play = filed(law((ASKED, ASKED + RUNGS)))
    wait(play)
    play.pass_time(at("2026-03-07T08:00"))
    play.move(at("2026-03-11T09:00"), play.actors("complainant")[0], "ask_more_time")  # nothing swept since: two is due
    play.pass_time(at("2026-03-20T08:00"), late=True)
    assert rang(play) == [("2026-03-06", "one"), ("2026-03-20", "two")]


def test_what_was_missed_rings_on_until_the_turn_acts() -> None:
    play = filed(law())
    play.pass_time(at("2026-03-10T08:00"))
    assert play.case.stage == "triage"
    assert play.case.clock("received+") is not None
    play.pass_time(at("2026-03-12T08:00"))
    assert [name for _, name in rang(play)] == ["chairs_told"]
    assert play.told == ("chair",)
    assert play.case.clock("received+") is None


def test_an_officer_who_acts_stops_what_was_missed() -> None:
    play = filed(law())
    play.pass_time(at("2026-03-10T08:00"))
    play.move(at("2026-03-10T09:00"), play.actors("officer")[0], "assess")
    assert play.case.clock("received+") is None
    play.pass_time(at("2026-03-14T08:00"))
    assert rang(play) == []


def test_a_late_sweep_rings_each_rung_once() -> None:
    play = filed(law())
    for day in ("2026-06-30T08:00", "2026-07-31T08:00", "2026-08-31T08:00"):
        play.pass_time(at(day), late=True)
    rungs = [(entry.event.clock, entry.event.rung) for entry in play.entries if isinstance(entry.event, e.Rang)]
    assert len(rungs) == len(set(rungs))
    assert play.case.final == "failed"
    assert play.case.clocks == ()


START = ('U1 = "urgent"', 'U1 = "alarm"')
ALARM = (
    "[stages.triage]\n",
    """[stages.alarm]
label = "Alarm"
turn = "chairs"
seats = ["chairs"]
within = "12 hours"
within_lane = { U1 = "4 hours" }
late = "alarm_missed"
source = "Proposal"
checked = 2026-11-22

[[moves]]
name = "alarm_missed"
label = "Missed"
from = ["alarm"]
to = "triage"
by = ["clock"]
opens = "process"

[stages.triage]
""",
)


def test_an_urgent_case_begins_elsewhere_and_what_a_move_opens_is_told() -> None:
    procedure = law(START, ALARM)
    play = filed(procedure, "2026-04-13T23:00", "U1")
    assert (play.case.stage, play.case.turn) == ("alarm", "chairs")
    clock = play.case.stage_clock
    assert clock
    assert clock.due_at == at("2026-04-14T03:00")
    fired = machine.ring(play.sitting(clock.due_at), play.case, clock)
    assert (fired.case.stage, fired.opens) == ("triage", ("process",))
    assert filed(procedure).case.stage == "received"


def test_the_chairs_are_seated_when_it_is_their_turn() -> None:
    procedure = law(
        ALARM,
        (
            'to    = "triage"\nby    = ["officer"]\nasks  = ["greeting"]',
            'to = "alarm"\nby = ["officer"]\nasks = ["greeting"]',
        ),
    )
    play = filed(procedure)
    play.move(at("2026-03-03T09:00"), play.actors("officer")[0], "acknowledge")
    assert {seat.side for seat in play.case.seated("chair")} == {"workers", "employers", "brands"}
    assert procedure.seated["alarm"] >= {"chair"}


def test_a_coming_back_has_the_time_of_the_pause() -> None:
    procedure = law()
    assert procedure.limit_after(procedure.moves["continue_on_file"], "info_wanted") == Limit(5, "working days")
    assert procedure.limit_after(procedure.moves["take_back"], "referral") is None


def test_a_limit_counts_from_the_event_that_it_names() -> None:
    procedure = law(("[stages.reply]\n", '[stages.reply]\ncounts = "release"\n'))
    play = filed(procedure)
    officer = play.actors("officer")[0]
    for name in ("acknowledge", "assess", "restate", "release"):
        play.move(at("2026-03-03T10:00"), officer, name)
    play.move(at("2026-03-06T10:00"), officer, "admit")
    play.move(at("2026-03-09T10:00"), play.actors("respondent")[0], "submit_answer")
    clock = play.case.stage_clock
    assert clock
    assert clock.due_at == CALENDAR.midnight_after(at("2026-03-14T00:00").date())  # ten working days from 3 March


@pytest.mark.parametrize(
    ("one", "other", "within"),
    [
        ("5 working days", "10 working days", True),
        ("10 working days", "5 working days", False),
        ("4 hours", "7 days", True),
        ("16 hours", "10 working days", True),
        ("30 days", "3 months", True),
        ("3 months", "90 days", False),
        ("5 working days", "30 days", False),
        ("30 days+", "30 days", False),
        ("30 days", "30 days+", True),
        ("1 day", "24 hours", False),
    ],
)
def test_a_limit_is_within_another_whatever_the_calendar(one: str, other: str, within: bool) -> None:
    assert Limit.parse(one).surely_within(Limit.parse(other)) is within


def test_a_void_text_leaves_nothing_on_the_table() -> None:
    play = filed(law())
    officer = play.actors("officer")[0]
    for name in ("acknowledge", "assess", "restate", "release", "admit"):
        play.move(at("2026-03-03T10:00"), officer, name)
    play.move(at("2026-03-04T10:00"), play.actors("respondent")[0], "accept_claim")
    play.move(at("2026-03-04T11:00"), play.actors("respondent")[0], "offer_remedy")
    assert play.case.remedies
    play.pass_time(at("2026-03-15T08:00"))
    assert (play.case.stage, play.case.remedies) == ("joint_review", ())


def test_planted_a_clock_without_names_forgets_its_rungs() -> None:
    """What the names on a clock are for: without them a rung is a reminder to whoever has the turn."""
    play = filed(law((ASKED, ASKED + RUNGS)))
    wait(play)
    nameless = tuple(replace(clock, rungs=()) for clock in play.case.clocks)
    play.case = replace(play.case, clocks=nameless)
    play.pass_time(at("2026-03-07T08:00"))
    assert rang(play) == []
