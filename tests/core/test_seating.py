"""Who may sit: each kind of conflict is found, the alternate sits at once and once, and an empty roster is said."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.core import machine
from grievance.core.case import Case
from grievance.core.conflicts import tie
from grievance.core.effects import EFFECTS, Given
from grievance.core.errors import Invalid, Refused
from grievance.core.events import Entry, Event, NeutralStruck, Recused, SeatLeft, SeatTaken
from grievance.core.fold import apply
from grievance.core.lawbook import read_lawbook
from grievance.core.matters import Actor, Left, Respondent, Seat
from grievance.core.procedure import SIDES
from grievance.core.seating import Candidate, Sitting, empty_seats, free, must_leave, relieved, seats_for

LAWBOOK = read_lawbook(Path(__file__).parents[2] / "workflows")
WORKER = max((one for one in LAWBOOK.procedures.values() if one.name == "kh/worker-1"), key=lambda one: one.version)
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
PARTIES = (Seat(1, "complainant", "receipt", "receipt"), Seat(2, "officer", "body", "office"))
NAMED = (Seat(3, "respondent", "body", "factory", "employers"), Seat(4, "brand", "body", "buyer", "brands"))
CASE = Case(
    id="case",
    procedure=WORKER.key,
    stage="joint_review",
    lane="U3",
    respondents=(Respondent("factory", "site", ("buyer", "second-buyer")),),
    seats=(*PARTIES, *NAMED),
    next_seat=5,
    tied={"local": "union", "mother": "owner"},
)


def roster(a_side: int = 4, neutrals: int = 7) -> tuple[Candidate, ...]:
    return (
        *(Candidate(f"{side}-{no}", "panel", side) for side in SIDES for no in range(a_side)),
        *(Candidate(f"neutral-{no}", "neutral") for no in range(neutrals)),
        *(Candidate(f"mediator-{no}", "mediator") for no in range(2)),
    )


def sitting(people: tuple[Candidate, ...] = roster(), **more: object) -> Sitting:
    lot = random.Random(7).choice
    return replace(Sitting(WORKER, LAWBOOK.calendar_of(WORKER), NOON, lot, lambda: people), **more)  # type: ignore[arg-type]


def after(case: Case, events: object, role: str = "clock", seat: int = 0) -> Case:
    for event in events:  # type: ignore[attr-defined]
        case = apply(case, Entry(case.seq + 1, NOON, Actor(role, seat), event))
    return case


def seated(wanted: str = "panel", people: tuple[Candidate, ...] = roster(), case: Case = CASE) -> Case:
    return after(case, seats_for(sitting(people), case, wanted))


@pytest.mark.parametrize(
    ("bodies", "kind"),
    [
        ((), ""),
        (("elsewhere",), ""),
        (("factory",), "organisation"),
        (("office",), "organisation"),
        (("buyer",), "buyer"),
        (("second-buyer",), "buyer"),
        (("local",), "union"),
        (("mother",), "owner"),
        (("sister",), "owner"),
    ],
)
def test_each_tie_to_a_party_is_found(bodies: tuple[str, ...], kind: str) -> None:
    assert tie(CASE, "somebody", bodies, owners={"factory": "group", "sister": "group", "elsewhere": "else"}) == kind


def test_an_earlier_role_is_found() -> None:
    had = replace(CASE, left=(Left(Seat(9, "mediator", "person", "before"), "gone"),), assignee="officer-1")
    now = replace(had, seats=(*had.seats, Seat(10, "panel", "person", "now", "workers")))
    assert [tie(now, who, ()) for who in ("before", "officer-1", "now", "new")] == ["role", "role", "role", ""]
    assert tie(now, "now", (), seat=10) == "", "the seat that they hold is no earlier one"
    assert tie(now, "new", (), linked=["new"]) == "role"


def test_nobody_with_a_tie_is_drawn() -> None:
    tied = tuple(replace(one, bodies=frozenset({"buyer"})) for one in roster() if one.side == "brands")
    people = (*(one for one in roster() if one.side != "brands"), *tied)
    case = seated(people=people)
    assert {seat.side for seat in case.seated("panel")} == {"workers", "employers"}
    assert empty_seats(WORKER, case) == (("panel", "brands"),)
    assert free(sitting(people), case, "panel", "brands") == []


def test_two_seats_a_side_and_nobody_twice() -> None:
    case = seated()
    assert sorted(seat.side for seat in case.seated("panel")) == sorted([*SIDES] * 2)
    assert len({seat.holder for seat in case.seated("panel")}) == 6
    assert list(seats_for(sitting(), case, "panel")) == []
    assert empty_seats(WORKER, case) == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda one: replace(one, bodies=frozenset({"factory"})), "organisation"),
        (lambda one: replace(one, bodies=frozenset({"buyer"})), "buyer"),
        (lambda one: replace(one, bodies=frozenset({"local"})), "union"),
        (lambda one: replace(one, bodies=frozenset({"mother"})), "owner"),
        (lambda _: None, "gone"),
        (lambda one: replace(one, side="employers" if one.side == "workers" else "workers"), "gone"),
    ],
)
def test_whoever_may_not_sit_any_more_makes_room_for_one_alternate(change: object, why: str) -> None:
    case = seated()
    seat = case.seated("panel")[0]
    case = replace(case, positions={seat.no: {1: "upheld"}})
    changed = tuple(change(one) if one.person == seat.holder else one for one in roster())  # type: ignore[operator]
    world = sitting(tuple(one for one in changed if one))
    assert must_leave(world, case, seat) == why
    events = list(relieved(world, case))
    assert [type(event) for event in events] == [SeatLeft if why == "gone" else Recused, SeatTaken]
    done = after(case, events)
    new = done.seated("panel")[-1]
    assert (new.side, new.no) == (seat.side, case.next_seat)
    assert new.holder not in {one.holder for one in case.seats}
    assert done.seat(seat.no) is None
    assert (why == "gone") or seat.no not in done.positions, "what they said does not count"
    assert list(relieved(world, done)) == [], "once"


def test_where_the_roster_is_empty_the_seat_is_empty_and_said() -> None:
    people = roster(a_side=2)
    case = seated(people=people)
    gone = case.seated("panel")[0]
    left = after(case, relieved(sitting(tuple(one for one in people if one.person != gone.holder)), case))
    assert len(left.seated("panel")) == 5
    assert empty_seats(WORKER, left) == (("panel", gone.side),)
    assert empty_seats(WORKER, replace(left, final="ended")) == ()


def test_a_move_by_somebody_who_may_not_sit_is_refused_and_the_page_says_so() -> None:
    case = replace(seated(), stage="deliberation")
    seat = case.seated("panel")[0]
    actor = Actor("panel", seat.no, seat.holder)
    world = sitting(tuple(one for one in roster() if one.person != seat.holder))
    with pytest.raises(Refused, match="may not sit"):
        machine.fire(world, case, "change_view", actor, Given({"outcomes": {}}))
    assert {str(why) for _, why in machine.possible(world, case, actor)} == {str(machine.TIED)}
    assert [type(entry.event) for entry in machine.relieve(world, case).entries] == [SeatLeft, SeatTaken]
    assert {entry.actor.role for entry in machine.relieve(world, case).entries} == {"clock"}


def causes(name: str, case: Case, actor: Actor, **answers: object) -> list[Event]:
    return list(EFFECTS[name].causes(sitting(), case, actor, Given(answers)))


def test_whoever_declares_a_conflict_is_out_at_once() -> None:
    case = seated()
    seat = case.seated("panel")[2]
    actor = Actor("panel", seat.no, seat.holder)
    events = causes("declare_conflict", case, actor, conflict="owner")
    assert events[0] == Recused(seat.no, "declared", "owner")
    done = after(case, events)
    assert len(done.seated("panel")) == 6
    assert seat.holder not in {one.holder for one in done.seats}
    assert seat.holder not in {one.person for one in free(sitting(), done, "panel", seat.side)}


def test_a_challenge_moves_nobody_until_the_office_found_it_right() -> None:
    case = seated()
    seat = case.seated("panel")[0]
    pointed = after(
        case, causes("challenge_seat", case, Actor("respondent", 3), which_seat=str(seat.no), conflict="union")
    )
    assert pointed.challenged == {seat.no: "union"}
    assert pointed.seats == case.seats
    with pytest.raises(Invalid):
        causes("challenge_seat", pointed, Actor("respondent", 3), which_seat=str(seat.no), conflict="union")
    officer = Actor("officer", 2, "officer-1")
    kept = after(pointed, causes("dismiss_challenge", pointed, officer, challenged_seat=str(seat.no)))
    assert (kept.challenged, kept.seats) == ({}, case.seats)
    events = causes("uphold_challenge", pointed, officer, challenged_seat=str(seat.no))
    assert events[0] == Recused(seat.no, "challenged", "union")
    out = after(pointed, events)
    assert (out.challenged, out.seat(seat.no)) == ({}, None)
    with pytest.raises(Invalid):
        causes("uphold_challenge", case, officer, challenged_seat=str(seat.no))


def test_nobody_points_at_their_own_seat_or_at_a_party() -> None:
    case = seated()
    seat = case.seated("panel")[0]
    for no in (seat.no, 1, 2, 99):
        with pytest.raises(Invalid):
            causes("challenge_seat", case, Actor("panel", seat.no), which_seat=str(no), conflict="union")


def test_a_side_strikes_one_neutral_and_the_roster_is_never_struck_empty() -> None:
    case = seated("neutral", case=seated())
    first = case.seated("neutral")[0]
    actor = Actor("panel", case.seated("panel")[0].no)
    events = causes("strike_neutral", case, actor)
    assert [type(event) for event in events] == [NeutralStruck, SeatLeft, SeatTaken]
    done = after(case, events)
    assert done.seated("neutral")[0].holder != first.holder
    assert done.struck == (case.seated("panel")[0].side,)
    alone = sitting(roster(neutrals=1))
    with pytest.raises(Invalid):
        list(EFFECTS["strike_neutral"].causes(alone, seated("neutral", roster(neutrals=1), seated()), actor, Given()))


def test_a_fresh_panel_has_nobody_who_sat_before() -> None:
    case = seated("neutral", case=seated())
    fresh = seated("fresh_neutral", case=seated("fresh_panel", case=case))
    before, now = ({seat.holder for seat in one.seated("panel", "neutral")} for one in (case, fresh))
    assert len(now) == 7
    assert not before & now


@given(st.sets(st.sampled_from(range(5, 11))), st.integers(2, 6))
def test_halfway_each_wholly_silent_side_gets_its_alternates_once(acted: set[int], a_side: int) -> None:
    people = roster(a_side)
    case = replace(seated(people=people), acted=tuple(acted))
    done = after(case, EFFECTS["seat_alternates"].causes(sitting(people), case, Actor("clock"), Given()))
    for side in SIDES:
        before = [seat for seat in case.seated("panel") if seat.side == side]
        now = [seat for seat in done.seated("panel") if seat.side == side]
        assert len(now) == 2
        silent = not any(seat.no in acted for seat in before)
        changed = len({seat.holder for seat in before} - {seat.holder for seat in now})
        assert changed == (min(2, a_side - 2) if silent else 0)
    assert len({seat.holder for seat in done.seated("panel")}) == 6


def test_a_side_whose_view_lies_there_is_not_silent() -> None:
    case = seated()
    spoke = case.seated("panel")[0]
    case = replace(case, stage="deliberation", positions={spoke.no: {1: "upheld"}})
    done = after(case, EFFECTS["seat_alternates"].causes(sitting(), case, Actor("clock"), Given()))
    assert {gone.seat.side for gone in done.left} == set(SIDES) - {spoke.side}
