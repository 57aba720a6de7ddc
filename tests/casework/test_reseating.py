"""Conflicts of interest in a house with people: found, declared, pointed at; the alternate sits once, on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, insert, select, update

from grievance.casework import finding, linking
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.reseating import reseat
from grievance.core.errors import Hidden, Refused
from grievance.core.events import Recused, SeatLeft, SeatTaken
from grievance.store import cases
from grievance.store.tables import members, people, roster, seats
from tests.makers import Story, viewer

REASON = "CANARYconflict: her sister runs the line"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk).taken().answered().reviewed()


def events(story: Story, *kinds: type) -> list[object]:
    with story.desk.store.read() as tx:
        held = finding.find(tx, story.who("officer"), story.ref)
        return [entry.event for entry, _ in cases.ledger_of(tx, held.case.id) if isinstance(entry.event, kinds)]


def bench(story: Story) -> dict[str, str]:
    return story.seated("panel")


def change_the_world(desk: Desk, how: str, person: str) -> None:
    with desk.store.write() as tx:
        if how == "account closed":
            tx.execute(update(people).where(people.c.id == person).values(active=False))
        elif how == "off the roster":
            tx.execute(delete(roster).where(roster.c.person == person))
        else:
            tx.execute(insert(members).values(person=person, body=how, post=""))


@pytest.mark.parametrize("how", ["account closed", "off the roster", "factory-lotus", "brand-north", "office-kh"])
def test_the_clock_replaces_whoever_may_not_sit_any_more_exactly_once(desk: Desk, story: Story, how: str) -> None:
    person, side = next((person, side) for person, side in bench(story).items() if side == "workers")
    before = len(events(story, SeatTaken))
    assert reseat(desk) == 0, "nobody is replaced without a reason"
    change_the_world(desk, how, person)
    assert reseat(desk) == 1
    assert reseat(desk) == 0
    now = bench(story)
    assert person not in now
    assert sorted(now.values()) == sorted([side, side, "employers", "employers", "brands", "brands"])
    assert len(events(story, SeatTaken)) == before + 1
    assert verifying.verify(desk) == (1, [])


def test_two_clocks_at_once_seat_one_alternate(desk: Desk, story: Story) -> None:
    before = len(events(story, SeatTaken))
    change_the_world(desk, "account closed", next(iter(bench(story))))
    together = threading.Barrier(2)

    def tick() -> None:
        together.wait()
        reseat(desk)

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events(story, SeatTaken)) == before + 1


def test_the_next_move_of_anybody_does_it_too_and_the_tied_one_is_refused(desk: Desk, story: Story) -> None:
    sitting = list(bench(story))
    change_the_world(desk, "factory-lotus", sitting[0])
    with pytest.raises(Refused, match="may not sit"):
        story.position("take_view", "upheld", person=sitting[0])
    story.position("take_view", "upheld", person=sitting[1])
    assert sitting[0] not in bench(story)
    assert [event.kind for event in events(story, Recused)] == ["organisation"]  # type: ignore[attr-defined]
    with pytest.raises(Hidden):
        story.view("panel", sitting[0])


def test_a_declared_conflict_is_out_at_once_and_its_position_does_not_count(desk: Desk, story: Story) -> None:
    person, *others = bench(story)
    story.position("take_view", "not_upheld", person=person)
    story.do("panel", "declare_conflict", {"conflict": "owner"}, person=person, conflict_reasons=REASON)
    assert person not in bench(story)
    with pytest.raises(Hidden):
        story.view("panel", person)
    for other in [other for other in bench(story) if other != person]:
        assert story.view("officer").stage == "joint_review"
        story.position("take_view", "upheld", person=other)
    view = story.view("officer")
    assert view.stage == "deliberation"
    assert {outcome for seat in view.seats for outcome in seat.outcomes.values()} <= {"upheld"}
    assert others


def test_the_reasons_of_a_conflict_are_the_offices_alone(desk: Desk, story: Story) -> None:
    seat = story.view("officer").seats[0]
    facts = {"which_seat": str(seat.no), "conflict": "union"}
    story.do("respondent", "challenge_seat", facts, conflict_reasons=REASON)
    assert REASON in str(story.view("officer"))
    assert [one.challenged for one in story.view("officer").seats if one.no == seat.no] == ["union"]
    for role, person in [
        ("respondent", ""),
        ("complainant", ""),
        ("brand", ""),
        *(("panel", one) for one in bench(story)),
    ]:
        assert REASON not in str(story.view(role, person)), role
    assert "union" not in {one.challenged for one in story.view("respondent").seats}
    story.do("officer", "uphold_challenge", {"challenged_seat": str(seat.no)}, conflict_reasons="It is so.")
    assert seat.no not in {one.no for one in story.view("officer").seats}
    assert [(gone.why, gone.kind, gone.name) for gone in story.view("respondent").left] == [("challenged", "union", "")]


def test_a_tied_organisation_is_named_by_the_office_and_read_by_the_office(desk: Desk, story: Story) -> None:
    person = next(iter(person for person, side in bench(story).items() if side == "employers"))
    with desk.store.read() as tx:
        body = tx.execute(select(members.c.body).where(members.c.person == person)).scalars().first()
    story.do("officer", "tie_body", {"tied_body": body, "conflict": "owner"}, conflict_reasons=REASON)
    assert person not in bench(story)
    for other in bench(story):
        assert str(body) not in str(story.view("panel", other))
        assert REASON not in str(story.view("panel", other))


def test_an_empty_roster_is_said_on_the_page_and_in_the_work_list(desk: Desk, story: Story) -> None:
    with desk.store.write() as tx:
        tx.execute(update(people).where(people.c.id.in_(["b1", "b2", "b3"])).values(active=False))
    assert reseat(desk) == 1
    for role, person in [("officer", ""), ("respondent", ""), ("panel", next(iter(bench(story))))]:
        assert story.view(role, person).empty == (("panel", "brands"),)
    assert len(events(story, SeatLeft)) == 2


def test_a_case_that_ended_keeps_who_sat(desk: Desk, story: Story) -> None:
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    change_the_world(desk, "account closed", next(iter(bench(story))))
    assert reseat(desk) == 0
    with desk.store.read() as tx:
        assert tx.execute(select(seats.c.no).where(seats.c.role == "panel", seats.c.until_at.is_(None))).all()


@pytest.mark.parametrize(("kind", "kept_out"), [("duplicate", True), ("same_site", False)])
def test_whoever_sat_in_a_linked_case_is_not_drawn(desk: Desk, story: Story, kind: str, kept_out: bool) -> None:
    other = Story.filed(desk).taken().answered()
    seen = other.view("officer").seq
    linking.link(desk, viewer("sophea"), other.ref, story.ref, kind, "The same line.", seen=seen)
    other.reviewed()
    assert (len(bench(other)) == 3) is kept_out, "one of three on each side did not sit in the first"
    assert bool(set(bench(other)) & set(bench(story))) is not kept_out
