"""The machine refuses with the reason that a page shows, changes nothing when it refuses, and never goes round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grievance.core import events as e
from grievance.core import machine
from grievance.core.effects import Given
from grievance.core.errors import Faulty, Invalid, Refused
from grievance.core.fold import apply, replay
from grievance.core.lawbook import parse_procedure, read_lawbook
from grievance.core.procedure import SIDES
from grievance.core.seating import Candidate
from tests.play import ROSTER, Play

WORKFLOWS = Path(__file__).parents[2] / "workflows"
LAWBOOK = read_lawbook(WORKFLOWS)
WORKER = LAWBOOK.procedure("kh/worker-1@1")
CALENDAR = LAWBOOK.calendar_of(WORKER)
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.tz)


class Story(Play):
    """A case told move by move, an hour after each other."""

    def __init__(self, *, roster: tuple[Candidate, ...] = ROSTER, consent: bool = True) -> None:
        super().__init__(WORKER, CALENDAR, roster=roster)
        self.now = at("2026-03-02T09:00")
        self.file(self.now, "U3", ("restatement_to_respondent",) if consent else ())

    def does(self, who: str, *names: str, **answers: object) -> Story:
        for name in names:
            for actor in self.actors(who):
                self.now += timedelta(hours=1)
                self.move(self.now, actor, name, self.given(self.now, WORKER.moves[name].asks, answers))
        return self

    def until(self, day: str) -> Story:
        self.now = at(day)
        self.pass_time(self.now)
        return self


def triaged() -> Story:
    return Story().does("officer", "acknowledge", "assess", "restate", "release")


def reviewed() -> Story:
    story = triaged().does("officer", "admit").does("respondent", "submit_answer")
    return story.does("complainant", "submit_reply")


def deliberating() -> Story:
    return reviewed().does("panel", "take_view").does("workers", "propose_remedy")


def mediating() -> Story:
    story = reviewed()
    return story.until(str((story.now + 30 * DAY).date()))


def test_a_filing_seats_the_receipt_and_the_office_and_starts_the_clock() -> None:
    story = Story()
    assert [type(entry.event).__name__ for entry in story.entries] == ["Filed", "SeatTaken", "SeatTaken", "ClockSet"]
    assert (story.case.stage, story.case.turn) == ("received", "officer")


REFUSALS: list[tuple[Callable[[], Story], str, str, str]] = [
    (Story, "officer", "admit", "The case is not at a stage where this can be done."),
    (Story, "complainant", "acknowledge", "This is for somebody else to do."),
    (Story, "officer", "pass_on", "There is no such move here."),
    (Story, "officer", "fly", "There is no such move here."),
    (triaged, "officer", "restate", "The restatement is released; it does not change any more."),
    (reviewed, "panel", "open_views", "There is no such move here."),
    (reviewed, "respondent", "late_answer", "Your answer is in."),
    (deliberating, "panel", "take_view", "The case is not at a stage where this can be done."),
]


# asvs: 2.3.1
@pytest.mark.parametrize(("begin", "who", "move", "reason"), REFUSALS)
def test_a_refusal_says_why_and_changes_nothing(begin: Callable[[], Story], who: str, move: str, reason: str) -> None:
    story = begin()
    before = (story.case, story.entries)
    with pytest.raises(Refused) as caught:
        story.move(story.now, story.actors(who)[0], move)
    assert str(caught.value) == reason
    assert (story.case, story.entries) == before


def test_what_the_page_offers_is_what_the_machine_does() -> None:
    story = triaged()
    offered = machine.possible(story.sitting(story.now), story.case, story.actors("officer")[0])
    assert {move.name for move, _ in offered} >= {"admit", "reject", "refer", "extend"}
    for move, reason in offered:
        story = triaged()
        if reason is None:
            story.does("officer", move.name)
            continue
        with pytest.raises(Refused) as caught:
            story.does("officer", move.name)
        assert caught.value.said == reason


def test_nobody_is_offered_what_happens_by_itself() -> None:
    story = deliberating()
    for actor in (*story.actors("panel"), *story.actors("officer")):
        offered = {move.name for move, _ in machine.possible(story.sitting(story.now), story.case, actor)}
        assert not offered & WORKER.automatic


def test_a_failing_effect_changes_nothing() -> None:
    story = Story().does("officer", "acknowledge")
    before = (story.case, story.entries)
    with pytest.raises(Invalid):
        story.does("officer", "assess", respondent="nowhere")
    assert (story.case, story.entries) == before
    story.does("officer", "assess", "restate", "release", "admit")
    assert story.case.stage == "answer"


# asvs: 2.2.3
def test_a_position_on_half_of_the_issues_is_invalid() -> None:
    story = reviewed()
    with pytest.raises(Invalid):
        story.does("workers", "take_view", outcomes={})
    assert story.case.positions == {}


def test_what_happens_at_once_ends() -> None:
    story = deliberating()
    before = len(story.entries)
    story.does("workers", "change_view").does("employers", "change_view").does("brands", "change_view")
    assert story.case.stage == "appeal_window"
    moved = [entry.event.move for entry in story.entries[before:] if isinstance(entry.event, e.Moved)]
    assert moved == ["change_view", "change_view", "change_view", "decide_together"]


def test_one_agreement_of_both_gives_one_extension() -> None:
    story = mediating()
    assert story.case.stage == "mediation"
    story.does("complainant", "agree_extension").does("respondent", "agree_extension")
    assert story.case.moved["extend_mediation"] == 1
    assert story.case.stage_clock is not None
    assert story.case.stage_clock.extended == 1


def test_the_clock_of_a_stage_stays_with_a_move_that_stays() -> None:
    story = triaged()
    clock = story.case.stage_clock
    story.does("officer", "record_attempt")
    assert story.case.stage_clock == clock


def test_no_word_travels_twice() -> None:
    story = triaged()
    moved = next(x.event for x in story.entries if isinstance(x.event, e.Moved) and x.event.move == "restate")
    restated = next(x.event for x in story.entries if isinstance(x.event, e.Restated))
    assert set(restated.words) == {"title", "restatement"}
    assert moved.words == {}


def test_the_second_neutral_is_another_person_than_the_first() -> None:
    story = reviewed().until("2026-06-20")
    taken = [entry.event.seat for entry in story.entries if isinstance(entry.event, e.SeatTaken)]
    assert len({seat.holder for seat in taken if seat.role == "neutral"}) == 2
    assert len(story.case.seated("neutral")) == 1


def test_whoever_belongs_to_a_party_is_not_drawn() -> None:
    tied = {f"{side}-{no}" for side in SIDES for no in (1, 2, 3, 4)}  # two of each side are left, so no luck is needed
    roster = tuple(replace(one, bodies=frozenset({"factory"})) if one.person in tied else one for one in ROSTER)
    story = Story(roster=roster).does("officer", "acknowledge", "assess", "restate", "release", "admit")
    story.does("respondent", "submit_answer").does("complainant", "submit_reply")
    assert len(story.case.seated("panel")) == 6
    drawn = {entry.event.seat.holder for entry in story.entries if isinstance(entry.event, e.SeatTaken)}
    assert not drawn & tied, "nor for a moment, until somebody notices"


def test_an_empty_roster_delays_and_buries_nothing() -> None:
    story = Story(roster=()).does("officer", "acknowledge", "assess", "restate", "release", "admit")
    story.until("2027-03-01")
    assert (story.case.stage, story.case.moved["release_pack"]) == ("closed", 1)  # the way to the state was shown


def test_a_reopened_case_begins_with_an_empty_bench() -> None:
    story = deliberating().does("complainant", "withdraw").does("complainant", "reopen")
    assert story.case.stage == "triage"
    assert (story.case.positions, story.case.views_open, story.case.answers) == ({}, False, {})


def test_a_dispute_leaves_alone_what_was_never_ordered() -> None:
    story = reviewed().does("panel", "take_view")
    remedy = {"issue": 1, "kind": "apology", "beneficiaries": 1, "due": "2026-04-30"}
    story.does("workers", "propose_remedy", remedy=remedy)
    case = replace(story.case, remedies=(*story.case.remedies, replace(story.case.remedies[0], no=2, status="missed")))
    entry = e.Entry(case.seq + 1, story.now, story.actors("complainant")[0], e.RemedyDisputed("2026-06-01"))
    assert [remedy.status for remedy in apply(case, entry).remedies] == ["proposed", "ordered"]


def test_a_reported_remedy_hands_the_clock_to_the_next_one() -> None:
    story = reviewed().does("panel", "take_view")
    for due in ("2026-05-30", "2026-06-30"):
        remedy = {"issue": 1, "kind": "apology", "beneficiaries": 1, "due": due}
        story.does("workers", "propose_remedy", remedy=remedy)
    for side in ("workers", "employers", "brands"):
        story.does(side, "change_view")
    story.until("2026-05-15").does("respondent", "report_remedy", open_remedy="1")
    assert story.case.stage_clock is not None
    assert story.case.stage_clock.due_at == CALENDAR.midnight_after(at("2026-06-30").date())
    story.until("2026-06-02")
    assert story.case.stage == "remedy"


def test_the_ledger_alone_gives_the_case() -> None:
    for story in (triaged(), reviewed(), deliberating(), mediating()):
        assert replay("case", story.entries) == story.case


def test_where_silence_leads_is_told_before_it_happens() -> None:
    story = triaged()
    found = machine.silence_leads_to(WORKER, CALENDAR, story.case, story.now)
    assert found is not None
    assert found.name == "hand_to_panel"


@pytest.mark.parametrize("guard", ["os.system", "grievance.core.rules.restated", "unheard_of"])
def test_a_guard_is_a_name_of_ours_and_never_imported(guard: str) -> None:
    text = (WORKFLOWS / "kh/worker-1.toml").read_text().replace('"answer_missing"', f'"{guard}"')
    with pytest.raises(Faulty, match="There is no rule"):
        parse_procedure(text, "worker.toml")


def test_nobody_makes_the_clocks_moves_by_calling_themselves_officer() -> None:
    story = triaged()
    for name in sorted(WORKER.automatic):
        with pytest.raises(Refused):
            machine.fire(story.sitting(story.now), story.case, name, story.actors("officer")[0], Given())
