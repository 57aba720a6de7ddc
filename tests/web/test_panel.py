"""Three sides beside each other: equal seats, one file, views sealed until all are in, and the neutral below."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.showing import benches
from grievance.store.tables import people
from tests.makers import Clock, Story
from tests.web.staff import Staff, dates, hidden
from tests.web.test_party import taken_later


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk).taken().answered().reviewed()


def side_of(story: Story, side: str) -> list[str]:
    return [person for person, where in story.seated("panel").items() if where == side]


def test_whoever_sits_nowhere_is_told_how_seats_are_drawn(app: Flask) -> None:
    assert "Seats are drawn by lot" in Staff(app, "w1").read("/panel")


def test_the_three_sides_stand_in_three_columns_of_equal_seats(app: Flask, story: Story) -> None:
    person = side_of(story, "employers")[0]
    page = Staff(app, person).get(f"/panel/cases/{story.ref}").text
    table = page[page.index('<table class="sides">') : page.index("</table>")]
    assert re.findall(r'<th scope="col">(\w+)</th>', table) == ["Workers", "Employers", "Brands"]
    body = [row for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL) if "<td" in row]
    assert {row.count("<td") for row in body} == {3}
    assert len(body) == 2 + 2 * 2  # the names, then each of two issues
    assert table.count('class="me"') == 2
    assert "you" in table


def test_what_is_waited_for_from_a_panellist_stands_before_all_that_can_be_read(app: Flask, story: Story) -> None:
    first, address = next(iter(story.seated("panel"))), f"/panel/cases/{story.ref}"

    def told() -> str:
        return Staff(app, first).read(address).partition("Positions")[0]

    assert "It is your turn: Give my first view" in told()
    story.position("take_view", "upheld", person=first)
    assert "It is your turn" not in told()
    assert "You have spoken. You can still do this: Give my first view" in told()


def test_of_several_things_that_can_be_done_none_is_pushed(app: Flask, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    for person in story.seated("panel"):
        story.position("take_view", "upheld", person=person)
    page = Staff(app, first).get(f"/panel/cases/{story.ref}").text
    able = page[page.index("It is your turn:") :].partition("</p>")[0]
    assert re.findall(r'class="([^"]+)" href="[^"]+/(\w+)"', able) == [
        ("btn", "change_view"),
        ("btn", "propose_remedy"),
    ]


def test_of_a_long_timeline_what_is_old_is_folded(app: Flask, story: Story) -> None:
    for person in story.seated("panel"):
        story.position("take_view", "upheld", person=person)
    page = Staff(app, "sophea").get(f"/office/cases/{story.ref}").text
    lines = page[page.index('id="timeline"') : page.index('id="notes"')]
    newest, folded, older = lines.partition("What happened before")
    assert folded
    assert newest.count("<li>") == 10
    assert newest.count("<li>") + older.count("<li>") == len(story.view("officer").timeline)
    assert "The complaint arrived" in older


def test_a_view_is_sealed_until_every_seat_has_spoken(app: Flask, story: Story) -> None:
    sitting = list(story.seated("panel"))
    first, second, rest = sitting[0], sitting[1], sitting[2:]
    mine = Staff(app, first)
    address = f"/panel/cases/{story.ref}/take_view"
    page = mine.get(address).text
    assert "Only you see this until every seat has spoken" in page
    answers = {"outcomes-1": "upheld", "outcomes-2": "partly", "position_reasons": "The slips are plain."}
    assert mine.send(address, seen=hidden(page, "seen"), **answers).status_code == 303
    case = f"/panel/cases/{story.ref}"
    assert "The slips are plain." in mine.read(case)
    assert "You have spoken" in mine.read("/panel")
    other = Staff(app, second)
    assert "Sealed" in other.read(case)
    assert "The slips are plain." not in other.read(case)
    assert "1 of 6 seats have spoken." in other.read(case)
    for outcome in ("Upheld", "Partly upheld"):
        assert f"<b>{outcome}</b>" not in other.get(case).text
    for person in (second, *rest):
        story.position("take_view", "upheld", person=person)
    opened = other.read(case)
    assert "The slips are plain." in opened
    assert "Partly upheld" in opened


def test_without_that_rule_the_others_would_read_it(app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = list(story.seated("panel"))[:2]
    story.position("take_view", "upheld", person=first)
    monkeypatch.setattr(benches, "sees_position", lambda *_: True)
    page = Staff(app, second).get(f"/panel/cases/{story.ref}").text
    assert "<b>Upheld</b>" in page


def test_the_panel_reads_the_statements_and_not_the_complainant(app: Flask, story: Story) -> None:
    page = Staff(app, next(iter(story.seated("panel")))).read(f"/panel/cases/{story.ref}")
    assert "We paid." in page
    assert "They did not." in page
    for secret in ("ស្រី ម៉ុម", "012345678", "គេមិនបើក"):
        assert secret not in page


def test_the_panel_reads_no_day_before_the_release(app: Flask, desk: Desk, clock: Clock) -> None:
    story = taken_later(desk, clock).answered().reviewed()
    person = next(iter(story.seated("panel")))
    page = Staff(app, person).read(f"/panel/cases/{story.ref}")
    assert "12 March 2026" in dates(page)
    assert not {"2 March 2026", "3 March 2026"} & dates(page)
    assert "Confirm receipt" not in page


def test_without_that_rule_the_timeline_would_tell_it(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = taken_later(desk, clock).answered().reviewed()
    person = next(iter(story.seated("panel")))
    monkeypatch.setattr("grievance.core.visibility.sees_moment", lambda *_: True)
    assert "Confirm receipt" in Staff(app, person).read(f"/panel/cases/{story.ref}")


def test_whoever_does_not_sit_sees_nothing(app: Flask, story: Story) -> None:
    sitting = story.seated("panel")
    for person in [p for p in ("w1", "w2", "w3", "e1", "e2", "e3", "b1", "b2", "b3", "n1", "m1") if p not in sitting]:
        staff = Staff(app, person)
        assert staff.get(f"/panel/cases/{story.ref}").data == staff.get("/panel/cases/AAAA-BBBB").data
    inside = Staff(app, next(iter(sitting)))
    assert inside.get(f"/panel/cases/{story.ref}/vote").status_code == 409
    assert inside.get(f"/panel/cases/{story.ref}/admit").status_code == 409
    assert inside.get(f"/panel/cases/{story.ref}/restate").status_code == 404
    assert inside.get(f"/office/cases/{story.ref}").status_code == 404


def test_the_neutral_stands_below_and_votes(app: Flask, desk: Desk, clock: Clock, story: Story) -> None:
    while story.view("officer").stage != "decision":
        clock.pass_days(5)
        sweep(desk)
    neutral = next(iter(story.seated("neutral")))
    staff = Staff(app, neutral)
    page = staff.get(f"/panel/cases/{story.ref}").text
    assert '<td colspan="3" class="me"><small>Neutral person, you</small>' in page
    assert "<b>You</b>" in staff.get("/panel").text
    address = f"/panel/cases/{story.ref}/vote"
    answers = {"outcomes-1": "upheld", "outcomes-2": "upheld", "position_reasons": "Plain."}
    assert staff.send(address, seen=hidden(staff.get(address).text, "seen"), **answers).status_code == 303
    assert "1 of 7 seats have spoken." in staff.read(f"/panel/cases/{story.ref}")


def test_an_empty_seat_and_whoever_sat_before_are_said_to_everybody_inside(
    app: Flask, desk: Desk, story: Story
) -> None:
    person, *others = side_of(story, "brands")
    with desk.store.write() as tx:
        free = [one for one in ("b1", "b2", "b3") if one not in (person, *others)]
        tx.execute(update(people).where(people.c.id.in_(free)).values(active=False))
    story.do("panel", "declare_conflict", {"conflict": "owner"}, person=person, conflict_reasons="My brother owns it.")
    address = f"/panel/cases/{story.ref}"
    page = Staff(app, others[0]).read(address)
    assert "A seat stands empty: Brands" in page
    assert "An administrator has to add people to the roster" in page
    assert "declared a conflict of interest (Owner of a party, or family)" in page
    assert "My brother owns it." not in page
    assert "Seat empty" in Staff(app, "sophea").read("/office")
    assert Staff(app, person).get(address).status_code == 404
