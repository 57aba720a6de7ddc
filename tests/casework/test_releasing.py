"""A restatement goes out: with four eyes where few could have written it, and at a moment that was drawn by lot."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, worklists
from grievance.core.case import Case
from grievance.core.effects import EFFECTS, Given, taking
from grievance.core.errors import Hidden, Refused
from grievance.core.events import Released
from grievance.core.matters import Actor
from grievance.core.rules.taking import MANY
from grievance.core.seating import Sitting
from tests import makers
from tests.files import png
from tests.makers import ROLES, START, Clock, Story, viewer

FACTS = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
REASON = "It is about the whole line."
NEXT_WEEK = datetime(2026, 3, 9, tzinfo=UTC)
"""When the week is over in which the cases here are filed: the lot begins then (by UTC, as the week does)."""


def restated(desk: Desk, people: int) -> Story:
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", FACTS)
    story.do("officer", "restate", {"could_have_written": people}, title="Unpaid", restatement="It is unpaid.")
    return story


def why_not(story: Story, move: str, person: str = "sophea") -> str:
    """The reason that the page shows beside the move; empty where it can be made."""
    found = next(one for one in story.view("officer", person).moves if one.name == move)
    return str(found.why_not or "")


# --- Four eyes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "alone"), [(MANY - 1, False), (MANY, True)])
def test_one_officer_alone_releases_what_ten_could_have_written(desk: Desk, people: int, alone: bool) -> None:
    story = restated(desk, people)
    if alone:
        story.do("officer", "release")
        assert story.view("officer").released_at
        return
    with pytest.raises(Refused, match="a second officer has to confirm"):
        story.do("officer", "release")
    assert story.view("officer").released_at is None


def test_another_confirms_and_never_the_same(desk: Desk) -> None:
    story = restated(desk, 3)
    story.do("officer", "ask_second", office_reasons=REASON)
    with pytest.raises(Refused, match="somebody else answers"):
        story.do("officer", "confirm_release", office_reasons=REASON)
    assert "If you are the only one, ask an administrator" in why_not(story, "confirm_release")
    story.do("officer", "confirm_release", person="rith", office_reasons="Nothing in it points at one of them.")
    assert story.view("officer").released_at
    assert verifying.verify(desk) == (1, [])


def test_the_others_see_it_in_their_list(desk: Desk) -> None:
    story = restated(desk, 3)

    def wanted(person: str) -> list[str]:
        rows = worklists.worklist(desk, viewer(person), {}, roles=ROLES["officer"]).rows
        return [row.ref for row in rows if row.second]

    assert wanted("rith") == []
    story.do("officer", "ask_second", office_reasons=REASON)
    assert (wanted("sophea"), wanted("rith")) == ([], [story.ref])
    story.do("officer", "confirm_release", person="rith", office_reasons=REASON)
    assert wanted("rith") == []


def test_it_can_be_declined_and_taken_back(desk: Desk) -> None:
    story = restated(desk, 3)
    story.do("officer", "ask_second", office_reasons=REASON)
    with pytest.raises(Refused, match="Somebody else asked"):
        story.do("officer", "take_back_second", person="rith")
    story.do("officer", "take_back_second")
    assert "Nobody asked" in why_not(story, "confirm_release", "rith")
    story.do("officer", "ask_second", office_reasons=REASON)
    story.do("officer", "decline_release", person="rith", office_reasons="The day in it names her.")
    assert story.view("officer").released_at is None
    story.do("officer", "restate", {"could_have_written": 4}, title="Unpaid", restatement="Unpaid for months.")
    story.do("officer", "ask_second", person="rith", office_reasons=REASON)
    story.do("officer", "confirm_release", office_reasons=REASON)
    assert story.view("officer").released_at


def test_another_text_is_asked_about_anew(desk: Desk) -> None:
    story = restated(desk, 3)
    story.do("officer", "ask_second", office_reasons=REASON)
    story.do("officer", "restate", {"could_have_written": 2}, title="Unpaid", restatement="The two of line 4.")
    with pytest.raises(Refused, match="Nobody asked"):
        story.do("officer", "confirm_release", person="rith", office_reasons=REASON)


def test_silence_of_the_second_officer_buries_nothing(desk: Desk, clock: Clock) -> None:
    """The time of the stage runs on: the three sides take over, and the complainant can release their own words."""
    story = restated(desk, 3)
    story.do("officer", "ask_second", office_reasons=REASON)
    clock.pass_days(15)
    sweep(desk)
    assert story.view("officer").stage == "panel_triage"
    words = {"title": "Unpaid", "restatement": "I was not paid."}
    story.do("complainant", "restate_self", {"could_have_written": 1}, **words)
    assert story.view("complainant").released_at


def test_the_complainant_and_the_parties_hear_nothing_of_the_asking(desk: Desk) -> None:
    story = restated(desk, 3)
    story.do("officer", "ask_second", office_reasons="CANARYreason")
    assert "CANARYreason" not in str(story.view("complainant"))
    assert story.view("complainant").second is None
    story.do("officer", "confirm_release", person="rith", office_reasons="CANARYreason")
    story.do("officer", "admit", reasons="It can be checked.")
    assert "CANARYreason" in str(story.view("officer"))
    for role in ("complainant", "respondent"):
        assert "CANARYreason" not in str(story.view(role)), "it speaks of who could have written it"
        assert b"CANARYreason" not in exporting.export(desk, story.who(role), story.ref)


# --- The moment ----------------------------------------------------------------------------------------------------------


class Late(random.Random):
    """A lot that always draws this part of the whole."""

    def __init__(self, part: float) -> None:
        super().__init__(1)
        self.part = part

    def uniform(self, a: float, b: float) -> float:
        return a + (b - a) * self.part


def test_the_case_is_taken_after_the_drawn_moment_and_never_before(desk: Desk, clock: Clock) -> None:
    late = replace(desk, random=Late(0.5))
    story = restated(late, 60)
    story.do("officer", "release")
    arrives = NEXT_WEEK + timedelta(hours=24)
    assert story.view("officer").released_at == arrives
    clock.at = arrives - timedelta(seconds=1)
    with pytest.raises(Refused, match="on its way"):
        story.do("officer", "admit", reasons="It can be checked.")
    with pytest.raises(Hidden):
        story.view("respondent")
    assert story.view("complainant").on_its_way
    clock.at = arrives
    assert not story.view("complainant").on_its_way
    story.do("officer", "admit", reasons="It can be checked.")
    due = story.view("respondent").due
    assert due
    assert due.at > arrives + timedelta(days=7), "their clock starts when it arrives"


@pytest.mark.parametrize("lane", ["U1", "U2"])
def test_where_somebody_is_in_danger_nothing_waits(lane: str) -> None:
    law = makers.law().procedure("kh/worker-1@1")
    longest = Sitting(law, makers.law().calendar_of(law), START, lambda pool: pool[0], wait=lambda _, most: most)
    release = EFFECTS["release"].causes
    week = "2026-W10"
    assert list(release(longest, Case(lane=lane, week=week), Actor("officer"), Given())) == [Released()]
    arrives = NEXT_WEEK + timedelta(hours=48)
    assert list(release(longest, Case(lane="U3", week=week), Actor("officer"), Given())) == [Released(arrives)]


def test_after_the_week_of_the_filing_the_lot_begins_at_once() -> None:
    law = makers.law().procedure("kh/worker-1@1")
    late = NEXT_WEEK + timedelta(days=2)
    sitting = Sitting(law, makers.law().calendar_of(law), late, lambda pool: pool[0], wait=lambda soonest, _: soonest)
    release = EFFECTS["release"].causes(sitting, Case(lane="U3", week="2026-W10"), Actor("officer"), Given())
    assert list(release) == [Released(late)]


def test_the_other_side_is_told_neither_the_act_nor_the_draw(desk: Desk, clock: Clock) -> None:
    """The act of the officer lies before the arrival, and nothing from before it is shown or exported."""
    story = restated(replace(desk, random=Late(0.5)), 60)
    story.do("officer", "release")
    clock.pass_days(9)
    story.do("officer", "admit", reasons="It can be checked.")
    sent = exporting.export(desk, story.who("respondent"), story.ref)
    text = sent.decode()
    assert "Released" not in text
    assert "arrives" not in text
    assert f"{START:%Y-%m-%d}" not in text


def test_the_production_lot_draws_within_the_bound(desk: Desk) -> None:
    drawn = set()
    real = replace(desk, random=random.SystemRandom())
    for _ in range(5):
        story = restated(real, 60)
        story.do("officer", "release")
        arrives = story.view("officer").released_at
        assert arrives
        assert NEXT_WEEK <= arrives <= NEXT_WEEK + timedelta(hours=48)
        drawn.add(arrives)
    assert len(drawn) == 5


# --- Taken back before anybody outside could read it ---------------------------------------------------------------------

RELEASE, SHARE = "restatement_to_respondent", "evidence_share"


def taken_back_in_time(desk: Desk, clock: Clock) -> None:
    """The page says: what somebody has read stays read. Nobody has; so what is on its way does not go out."""
    story = restated(desk, 60)
    evidence.add(desk, story.who("complainant"), "", [Upload("a.png", png())], "", roles=ROLES["complainant"], once="")
    story.do("complainant", "give_consent", {"consent": SHARE})
    story.do("officer", "release")
    clock.at = NEXT_WEEK + timedelta(days=4)
    with pytest.raises(Refused, match="Take the case first"):  # what is shown is shown for good
        evidence.release(desk, viewer("sophea"), story.ref, 1, REASON, "A machine", roles=ROLES["officer"])
    story.do("complainant", "take_back_consent", {"consent": RELEASE})
    with pytest.raises(Refused, match="has not been released"):
        story.do("officer", "admit", reasons="It can be checked.")
    assert "has not agreed" in why_not(story, "release")
    assert verifying.verify(desk) == (1, [])
    story.do("complainant", "give_consent", {"consent": RELEASE})
    story.do("officer", "release")
    clock.pass_days(5)
    story.do("officer", "admit", reasons="It can be checked.")
    story.do("complainant", "take_back_consent", {"consent": RELEASE})
    assert story.view("respondent").restatement == "It is unpaid.", "what they have read already"
    evidence.release(desk, viewer("sophea"), story.ref, 1, REASON, "A machine", roles=ROLES["officer"])


def test_what_nobody_outside_has_read_does_not_go_out_once_the_consent_is_taken_back(desk: Desk, clock: Clock) -> None:
    taken_back_in_time(desk, clock)


def test_planted_a_consent_that_is_taken_back_for_later_alone_lets_it_out(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "read_outside", lambda _: True)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        taken_back_in_time(desk, clock)


def test_of_a_case_that_was_opened_again_neither(desk: Desk, clock: Clock) -> None:
    """They sit in it, and have read the old text: the new one they have not."""
    story = Story.filed(desk).taken()
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(9)
    sweep(desk)
    story.do("complainant", "reopen", own_words="It goes on.")
    story.do("officer", "assess", FACTS)
    story.do("officer", "restate", {"could_have_written": 60}, title="Beaten", restatement="Beaten.")
    story.do("officer", "release")
    story.do("complainant", "take_back_consent", {"consent": RELEASE})
    with pytest.raises(Refused, match="has not been released"):
        story.do("officer", "admit", reasons="It can be checked.")
    assert story.view("respondent").restatement == "Overtime is unpaid."
