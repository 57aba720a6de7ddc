"""The whole path by verbs: filed in Khmer, taken, answered, reviewed, decided with a dissent, put right, confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from grievance.casework import escalating, filing, finding
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, following, reading
from grievance.core import visibility
from grievance.core.errors import Hidden, Refused, Stale
from grievance.core.visibility import sees_name
from tests.makers import ROLES, Clock, Story, complaint, viewer


def test_whole_path_ends_with_a_verified_remedy(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    panel = story.seated("panel")
    assert sorted(panel.values()) == ["brands", "brands", "employers", "employers", "workers", "workers"]
    story.ripe(clock, employers="partly")
    for person, side in panel.items():
        story.position("vote", "partly" if side == "employers" else "upheld", person=person)
    neutral = next(iter(story.seated("neutral")))
    case = story.position("vote", "upheld", person=neutral, role="neutral")
    assert case.stage == "appeal_window"
    assert {issue.outcome for issue in case.issues} == {"upheld"}
    assert len(case.dissent) == 2
    told = story.view("complainant")
    assert {seat.reasons for seat in told.seats} == {"Because upheld.", "Because partly."}, (
        "the parties read the reasons"
    )
    assert not any(seat.name for seat in told.seats), "under the seat, without names"
    clock.pass_days(20)
    escalating.sweep(desk)
    story.planned("1", "2")
    for no in ("1", "2"):
        story.do("respondent", "report_remedy", {"open_remedy": no}, proof="Bank list.")
    assert story.view("officer").stage == "verification"
    for person in panel:
        for no in ("1", "2"):
            story.do("panel", "verify", {"which_remedy": no, "seen": "seen"}, person=person, proof="Asked six people.")
    case = story.do("complainant", "confirm_remedy")
    assert case.stage == "aftercare"
    clock.pass_days(101)
    escalating.sweep(desk)
    assert story.view("officer").final == "ended"
    assert verifying.verify(desk) == (1, [])


def test_silence_never_buries_a_case(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk)
    for _ in range(60):
        clock.pass_days(1)
        escalating.sweep(desk)
    view = story.view("complainant")
    assert view.stage == "unhandled"
    assert [turn for _, turn in view.silent] == ["officer", "officer", "panel"]
    assert view.title == ""
    assert view.restatement == ""
    assert verifying.verify(desk) == (2, []), "and a complaint about us is open"


def test_a_form_sent_twice_is_one_case(desk: Desk) -> None:
    ticket = following.new_ticket(desk)
    first = filing.file(desk, "kh", complaint(), ticket)
    assert filing.file(desk, "kh", complaint(), ticket) == first
    with pytest.raises(filing.SentBefore):
        filing.file(desk, "kh", complaint(about=("hours",)), ticket)
    assert verifying.verify(desk) == (1, [])


# asvs: 2.3.4
def test_the_second_of_two_officers_is_told(desk: Desk) -> None:
    story = Story.filed(desk)
    seen = story.view("officer").seq
    story.do("officer", "acknowledge", greeting="Hello.")
    from grievance.casework import moving

    with pytest.raises(Stale):
        moving.fire(desk, viewer("rith"), story.ref, "acknowledge", moving.Answers(), seen=seen)


# asvs: 8.2.2
def test_a_stranger_finds_nothing_and_a_party_only_its_own_view(desk: Desk) -> None:
    story = Story.filed(desk)
    with pytest.raises(Hidden):
        story.view("respondent")
    with pytest.raises(Refused):
        story.do("officer", "admit", reasons="Too early.")
    story.taken()
    seen = story.view("respondent")
    assert seen.restatement == "Overtime is unpaid."
    assert (seen.own.account, seen.own.identity, seen.own.contact, seen.messages) == ({}, {}, {}, ())
    assert seen.filed_day is None
    assert seen.week == "2026-W10"
    assert "Only what you write here" not in str(seen)
    with pytest.raises(Hidden):
        story.view("respondent", "mekong-hr")


def settled(desk: Desk, clock: Clock) -> tuple[Story, str]:
    """One seat gave its first view; then the parties agreed to a text."""
    story = Story.filed(desk).taken().answered().reviewed()
    first = next(iter(story.seated("panel")))
    story.position("take_view", "not_upheld", person=first)
    for _ in range(40):
        clock.pass_days(1)
        escalating.sweep(desk)
        if story.view("officer").stage == "mediation":
            break
    mediator = next(p for p in ("m1", "m2") if _sits(story, p))
    remedy = {"issue": 1, "kind": "back_pay", "beneficiaries": 4, "due": ""}
    story.do("mediator", "offer_remedy", {"remedy": remedy}, person=mediator)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=mediator, settlement_text="Paid by May.")
    story.do("complainant", "agree_settlement", {"agreement": True})
    case = story.do("respondent", "agree_settlement", {"agreement": True})
    assert (case.stage, case.decided) == ("remedy_plan", "settled")
    return story, first


def test_a_settlement_opens_nothing_of_what_the_panel_thought(desk: Desk, clock: Clock) -> None:
    story, first = settled(desk, clock)
    for role in ("complainant", "respondent", "officer"):
        seats = story.view(role).seats
        assert not any(seat.outcomes or seat.reasons for seat in seats), role
    assert "Because not_upheld." in {seat.reasons for seat in story.view("panel", first).seats}, (
        "the member still sees it"
    )
    other = next(person for person in story.seated("panel") if person != first)
    for who in (story.who("complainant"), story.who("respondent"), story.who("officer"), viewer(other)):
        taken_along = exporting.export(desk, who, story.ref).decode()
        assert "Because not_upheld." not in taken_along
        assert "PositionTaken" not in taken_along
    assert verifying.verify(desk) == (1, [])


def test_planted_a_settlement_that_counts_as_a_decision_opens_the_views(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, _ = settled(desk, clock)
    monkeypatch.setattr(visibility, "SETTLED", "nothing")
    assert {"upheld", "not_upheld"} & {
        said for seat in story.view("respondent").seats for said in seat.outcomes.values()
    }
    assert "PositionTaken" in exporting.export(desk, story.who("respondent"), story.ref).decode()


def _sits(story: Story, person: str) -> bool:
    try:
        story.view("mediator", person)
    except Hidden:
        return False
    return True


ANONYMITIES = [("named", "Sok Mom"), ("confidential", ""), ("anonymous", "")]


def is_named(desk: Desk, anonymity: str, known: str) -> None:
    """At each door, from the filing to the panel, and in what each takes along."""
    story = Story.filed(desk, anonymity=anonymity, identity={"name": "Sok Mom"})
    facts: dict[str, Any] = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412"}
    facts |= {"issues": ["wages"]}
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", facts)
    story.do("officer", "restate", {"could_have_written": 60}, title="Overtime", restatement="Overtime is unpaid.")
    story.do("officer", "release")
    with desk.store.read() as tx:
        case = finding.find(tx, story.who("officer"), story.ref).case
    assert not any(sees_name(role, case) for role in ("respondent", "brand", "panel", "neutral", "mediator"))
    with pytest.raises(Hidden):
        story.view("respondent")
    story.do("officer", "admit", reasons="It can be checked.")
    story.answered().reviewed()
    inside = [("respondent", ""), ("brand", ""), ("panel", next(iter(story.seated("panel"))))]
    for role, person in inside:
        assert story.view(role, person).complainant == known, role
        assert "Sok Mom" not in exporting.export(desk, story.who(role, person), story.ref).decode()
    assert story.view("officer").complainant == known
    if not known:
        return
    story.do("complainant", "take_back_consent", {"consent": "name"})
    assert [story.view(role, person).complainant for role, person in inside] == ["", "", ""]
    story.do("complainant", "give_consent", {"consent": "name"})
    assert story.view("respondent").complainant == known


@pytest.mark.parametrize(("anonymity", "known"), ANONYMITIES)
def test_only_whoever_wants_to_be_known_is_named_and_only_when_the_case_is_taken(
    desk: Desk, anonymity: str, known: str
) -> None:
    is_named(desk, anonymity, known)


@pytest.mark.parametrize(("anonymity", "known"), ANONYMITIES[1:])
def test_planted_without_that_guard_they_would_be_named(
    desk: Desk, anonymity: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grievance.casework.showing.storytelling.sees_name", lambda *_: True)
    with pytest.raises(AssertionError):
        is_named(desk, anonymity, known)


def test_the_consent_to_be_named_is_asked_of_those_who_chose_it_and_of_nobody_else(desk: Desk) -> None:
    for anonymity, known in ANONYMITIES:
        story = Story.filed(desk, anonymity=anonymity)
        asked = reading.form(desk, story.who("complainant"), "", "give_consent", roles=ROLES["complainant"]).asks
        assert ("name" in asked["consent"].choices) == bool(known)
        assert story.view("officer").consents.get("name") == (True if known else None)
