"""Who complained is read by nobody but whom two others let, one of them a custodian, for a day; and the complainant sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from grievance.casework import finding, moving, standstill
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, recalling
from grievance.casework.words import custody, lapsing, reaching
from grievance.core import visibility
from grievance.core.errors import Hidden, Refused
from grievance.store import setup
from grievance.store.tables import items, outbox
from grievance.vault import DOOR_COMPARTMENTS, DOOR_SECRETS, Vault
from tests.makers import Clock, Story, page_token, viewer
from tests.web.staff import BASE, Staff, hidden, words

NAME = "ស្រី ម៉ុម"
WHY = "Her brother says that she was locked in. The police need to know whom to look for."
CUSTODIAN, OTHER_CUSTODIAN = "o3", "o2"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk)


def address(story: Story) -> str:
    return f"/custody/cases/{story.ref}"


def sent(staff: Staff, story: Story, to: str, **more: str) -> int:
    page = staff.get(address(story)).text
    form = {"seen": hidden(page, "seen") if 'name="seen"' in page else "0", **more}
    return staff.send(f"{address(story)}/{to}", on="/account", **form).status_code


def asked(app: Flask, story: Story, person: str = "sophea") -> Staff:
    staff = Staff(app, person)
    assert sent(staff, story, "ask", why="danger", reason=WHY) == 303
    return staff


def opened(app: Flask, story: Story) -> Staff:
    officer = asked(app, story)
    assert sent(Staff(app, "rith"), story, "1/agreed") == 303
    assert sent(Staff(app, CUSTODIAN), story, "1/agreed") == 303
    return officer


def followed(app: Flask, story: Story) -> str:
    client: FlaskClient = app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)
    client.post("/follow", base_url=BASE, data={"page_token": token, "number": story.receipt})
    return words(client.get("/case", base_url=BASE, headers={"Accept-Language": "en"}).text)


def name_of(staff: Staff, story: Story, no: int = 1) -> Any:
    return staff.send(f"{address(story)}/{no}/name", on="/account")


def test_the_office_works_without_the_name(app: Flask, desk: Desk, story: Story) -> None:
    page = Staff(app, "sophea").get(f"/office/cases/{story.ref}").text
    assert NAME not in page
    assert "012345678" not in page, "nor does a look at the page show how to reach them"
    assert "Who may read the name, and why" in words(page)
    assert story.view("officer").own.identity == {}
    assert NAME.encode() not in exporting.export(desk, viewer("sophea"), story.ref)
    assert story.bearer
    assert recalling.own_words(desk, story.bearer).identity == {"name": NAME}


def test_how_to_reach_them_is_read_with_an_entry_once_a_day_and_person(
    app: Flask, desk: Desk, clock: Clock, story: Story
) -> None:
    case, reads = f"/office/cases/{story.ref}", "The contact details were read"

    def entered() -> int:
        return sum(line.what == reads for line in story.view("complainant").timeline)

    sophea, rith = Staff(app, "sophea"), Staff(app, "rith")
    for staff, entries in ((sophea, 1), (sophea, 1), (rith, 2)):
        shown = staff.send(f"{case}/contact", on=case)
        assert "never say first what it is about" in shown.text, "as the form of the complaint promises"
        assert shown.status_code == 200, "calling back is daily work"
        assert "012345678" in shown.text
        assert "no-store" in shown.headers["Cache-Control"]
        assert entered() == entries
    in_khmer = sophea.send(f"{case}/contact?lang=km", on=case)
    assert 'lang="km"' in in_khmer.text.split(">")[1]
    assert f'formaction="{case}/contact?lang=en"' in in_khmer.text
    assert "012345678" in in_khmer.text
    assert entered() == 2, "reading it in another language is the same look"
    sophea.get(f"{case}?lang=en")
    assert reads in followed(app, story)
    assert "Sophea" not in followed(app, story)
    assert "Sophea" in sophea.read(case)
    clock.pass_days(1)
    Staff(app, "sophea").send(f"{case}/contact", on=case)
    assert entered() == 3
    for person in ("lotus-hr", "w1", "sarin", CUSTODIAN):
        assert Staff(app, person).send(f"{case}/contact", on="/account").status_code == 404
    assert b"012345678" not in exporting.export(desk, viewer("sophea"), story.ref)
    assert story.bearer
    assert b"012345678" in exporting.export(desk, story.bearer, story.ref), "their own"
    story.taken()
    assert b"ContactRead" not in exporting.export(desk, story.who("respondent"), story.ref)
    assert verifying.verify(desk)[1] == []


def test_planted_without_the_entry_nobody_would_know(app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "_entered", lambda *_: True)
    case = f"/office/cases/{story.ref}"
    assert "012345678" in Staff(app, "sophea").send(f"{case}/contact", on=case).text
    assert "The contact details were read" not in followed(app, story)


def test_who_left_no_way_to_be_reached_has_nothing_to_read(app: Flask, desk: Desk) -> None:
    story, staff = Story.filed(desk, contact={}), Staff(app, "sophea")
    case = f"/office/cases/{story.ref}"
    assert "Show it" not in staff.read(case)
    answer = staff.send(f"{case}/contact", on=case)
    assert answer.status_code == 409
    assert "They left no way to reach them" in words(answer.text)


def test_planted_a_rule_that_lets_the_office_read_it_would_show_it(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grievance.casework.showing.storytelling.sees_name", lambda *_: True)
    assert NAME in Staff(app, "sophea").get(f"/office/cases/{story.ref}").text


def test_two_others_open_it_to_the_one_who_asked_and_the_complainant_reads_each_step(
    app: Flask, desk: Desk, clock: Clock, story: Story
) -> None:
    assert "Who asked for your name" not in followed(app, story)
    officer = asked(app, story)
    assert "It is still closed" in followed(app, story)
    assert "Somebody is in danger" in followed(app, story)
    assert WHY not in followed(app, story)
    assert name_of(officer, story).status_code == 409
    custodian = Staff(app, CUSTODIAN)
    assert story.ref in custodian.read("/custody")
    assert WHY in custodian.read(address(story))
    assert sent(officer, story, "1/agreed") == 409, "not whoever asks"
    assert sent(custodian, story, "1/agreed") == 303
    assert sent(custodian, story, "1/agreed") == 409, "not one for two"
    assert name_of(officer, story).status_code == 409, "one is not enough"
    other = Staff(app, "rith")
    assert sent(other, story, "1/agreed") == 303
    told = followed(app, story)
    assert "Two people agreed: one officer may read your name." in told
    assert "It was not read." in told
    found = name_of(officer, story)
    assert found.status_code == 200
    assert NAME in found.text
    assert "no-store" in found.headers["Cache-Control"]
    assert "It was read once." in followed(app, story)
    assert name_of(other, story).status_code == 404, "to whoever asked alone"
    assert name_of(Staff(app, "chan"), story).status_code == 404
    assert custodian.get(address(story)).status_code == 404, "and the custodian is asked no more"
    assert "Nobody asks to read a name." in custodian.read("/custody")
    assert NAME not in officer.get(f"/office/cases/{story.ref}").text
    clock.pass_days(1)
    officer = Staff(app, "sophea")
    assert name_of(officer, story).status_code == 409, "closed again"
    assert "It is closed again." in followed(app, story)
    assert not verifying.verify(desk)[1]


def test_two_officers_without_a_custodian_do_not_open_it(app: Flask, story: Story) -> None:
    officer = asked(app, story)
    for person in ("rith", "chan"):
        assert sent(Staff(app, person), story, "1/agreed") == 303
    assert name_of(officer, story).status_code == 409
    assert sent(Staff(app, CUSTODIAN), story, "1/agreed") == 303
    assert name_of(officer, story).status_code == 200


def test_planted_without_the_custodian_two_officers_would(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = custody._step
    monkeypatch.setattr(
        custody, "_step", lambda desk, request, *rest: plain(desk, replace(request, custodian=True), *rest)
    )
    officer = asked(app, story)
    for person in ("rith", "chan"):
        sent(Staff(app, person), story, "1/agreed")
    assert name_of(officer, story).status_code == 200


def test_one_no_keeps_it_closed_and_says_why(app: Flask, story: Story) -> None:
    officer, custodian = asked(app, story), Staff(app, CUSTODIAN)
    assert sent(custodian, story, "1/refused", reason="  ") == 422
    assert sent(custodian, story, "1/refused", reason="The police have another way.") == 303
    assert "The police have another way." in officer.read(address(story))
    assert name_of(officer, story).status_code == 409
    assert "was told no. Nobody read it." in followed(app, story)
    assert sent(officer, story, "ask", why="law", reason="A court asks.") == 303, "and it can be asked anew"
    assert sent(officer, story, "2/taken_back") == 303
    assert "but no longer needs it" in followed(app, story)


def told(desk: Desk, person: str) -> list[str]:
    with desk.store.read() as tx:
        return list(tx.execute(select(outbox.c.kind).where(outbox.c.person == person)).scalars())


def test_what_nobody_answers_lapses_and_whoever_asked_is_told(
    app: Flask, desk: Desk, clock: Clock, story: Story
) -> None:
    asked(app, story)
    assert sent(Staff(app, "rith"), story, "1/agreed") == 303
    clock.at += custody.LAPSES - timedelta(minutes=1)
    assert lapsing.lapse(desk) == 0, "there is still a minute"
    custodian = Staff(app, CUSTODIAN)
    clock.at += timedelta(minutes=1)
    assert sent(custodian, story, "1/agreed") == 409, "too late, whether anybody has entered it or not"
    assert "so the name stays closed" in custodian.read(address(story))
    before = told(desk, "sophea")
    assert lapsing.lapse(desk) == 1
    assert lapsing.lapse(desk) == 0
    assert sorted(told(desk, "sophea")) == sorted([*before, "news"])
    assert custodian.get(address(story)).status_code == 404, "and the custodian is asked no more"
    assert "Too few answered in time, so it stays closed. Nobody read it." in followed(app, story)
    officer = Staff(app, "sophea")
    assert name_of(officer, story).status_code == 409
    assert "so the name stays closed" in officer.read(address(story))
    assert sent(officer, story, "ask", why="danger", reason=WHY) == 303, "and it can be asked anew"
    assert story.ref in Staff(app, CUSTODIAN).read("/custody")
    assert verifying.verify(desk)[1] == []


def test_nothing_lapses_while_the_clock_stands_and_nothing_that_was_settled(
    app: Flask, desk: Desk, clock: Clock, story: Story
) -> None:
    opened(app, story)
    asked(app, other := Story.filed(desk))
    clock.at += custody.LAPSES
    standstill.freeze(desk, "root", "The date cannot be trusted.")
    assert lapsing.lapse(desk) == 0
    standstill.resume(desk, "root", "It can again.")
    assert lapsing.lapse(desk) == 1
    assert [one.step for one in story.view("officer").namings] == ["closed"]
    assert [one.step for one in other.view("officer").namings] == ["lapsed"]


def test_planted_without_an_end_a_late_yes_would_open_it(
    app: Flask, desk: Desk, clock: Clock, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "LAPSES", timedelta(days=900))
    asked(app, story)
    clock.pass_days(30)
    assert sent(Staff(app, CUSTODIAN), story, "1/agreed") == 303


def test_what_is_not_asked_whole_says_so_and_loses_nothing(app: Flask, story: Story) -> None:
    officer = Staff(app, "sophea")
    page = officer.get(address(story)).text
    seen = hidden(page, "seen")
    for answers, status in (
        ({"why": "", "reason": WHY}, 422),
        ({"why": "curious", "reason": WHY}, 422),
        ({"why": "danger", "reason": ""}, 422),
        ({"why": "danger", "reason": WHY, "seen": "1"}, 409),
    ):
        back = officer.send(f"{address(story)}/ask", on=address(story), **{"seen": seen, **answers})
        assert back.status_code == status, answers
        assert answers["reason"] in back.text
    huge = officer.send(f"{address(story)}/ask", on=address(story), seen=seen, why="danger", reason="x" * 90_000)
    assert huge.status_code == 303
    assert sent(officer, story, "ask", why="danger", reason=WHY) == 409, "one request at a time"
    assert sent(officer, story, "1/anything") == 404
    assert sent(officer, story, "9/taken_back") == 404


def test_a_name_that_was_erased_meanwhile_is_said_to_be(app: Flask, desk: Desk, story: Story) -> None:
    officer = opened(app, story)
    with desk.store.whole(write=True) as tx:
        tx.execute(delete(items).where(items.c.name == "identity"))
    answer = name_of(officer, story)
    assert answer.status_code == 409
    assert "The name is erased" in words(answer.text)


def test_a_custodian_is_not_told_when_somebody_writes(app: Flask, desk: Desk, story: Story) -> None:
    asked(app, story)
    custodian = Staff(app, CUSTODIAN)
    before = hidden(custodian.get(address(story)).text, "seen")
    moving.write_message(desk, story.who("complainant"), "", "Not now.")
    assert hidden(custodian.get(address(story)).text, "seen") == before
    assert custodian.send(f"{address(story)}/1/agreed", on="/account", seen=before).status_code == 303
    assert Staff(app, "rith").send(f"{address(story)}/1/agreed", on="/account", seen=before).status_code == 409


def test_who_has_nothing_to_do_with_it_finds_nothing(app: Flask, desk: Desk, story: Story) -> None:
    asked(app, story)
    for person in ("lotus-hr", "w1", "n1", "sarin", OTHER_CUSTODIAN):
        assert Staff(app, person).get(address(story)).status_code == 404, person
        with pytest.raises(Hidden):
            custody.look(desk, viewer(person), story.ref)
    custodian = Staff(app, CUSTODIAN)
    for door in ("office", "party", "panel"):
        assert custodian.get(f"/{door}/cases/{story.ref}").status_code == 404, door


def test_an_anonymous_case_has_none_and_whoever_wants_to_be_known_needs_none(app: Flask, desk: Desk) -> None:
    nobody = Story.filed(desk, anonymity="anonymous", identity={})
    assert sent(Staff(app, "sophea"), nobody, "ask", why="danger", reason=WHY) == 409
    assert "No name was given" in Staff(app, "sophea").read(address(nobody))
    known = Story.filed(desk, anonymity="named")
    assert sent(Staff(app, "sophea"), known, "ask", why="danger", reason=WHY) == 409
    assert NAME in Staff(app, "sophea").get(f"/office/cases/{known.ref}").text


def test_without_a_custodian_beside_whoever_asks_nothing_is_asked(app: Flask, desk: Desk, story: Story) -> None:
    with desk.store.write() as tx:
        setup.remove_from_roster(tx, "kh", CUSTODIAN, "custodian")
    officer = Staff(app, "sophea")
    assert sent(officer, story, "ask", why="danger", reason=WHY) == 409
    assert "no custodian beside you" in officer.read(address(story))


def test_a_custodian_who_left_the_roster_opens_nothing(app: Flask, desk: Desk, story: Story) -> None:
    asked(app, story)
    with desk.store.write() as tx:
        setup.remove_from_roster(tx, "kh", CUSTODIAN, "custodian")
    assert sent(Staff(app, CUSTODIAN), story, "1/agreed") == 409


def test_who_was_asked_is_told_to_no_party(app: Flask, desk: Desk, story: Story) -> None:
    opened(app, story)
    story.taken().answered().reviewed()
    for role, person in (("respondent", "lotus-hr"), ("panel", next(iter(story.seated("panel"))))):
        assert not story.view(role, person).left
        assert not story.view(role, person).namings
        with pytest.raises(Hidden):  # a seat in the case is none at this door
            custody.look(desk, viewer(person), story.ref)
        told = exporting.export(desk, story.who(role, person), story.ref)
        assert b"NameOpening" not in told
        assert b"custodian" not in told
    with desk.store.read() as tx:
        case = finding.find(tx, viewer("sophea"), story.ref).case
    assert not visibility.sees_restatement("custodian", case)
    assert not visibility.sees_moment("custodian", desk.now(), case)


def test_the_key_lies_with_the_door_of_custody_alone(app: Flask, desk: Desk, story: Story, keys: Path) -> None:
    opened(app, story)
    holders = {door for door, names in DOOR_COMPARTMENTS.items() if "identity" in names}
    assert holders == {"custody"}
    assert "identity.key" not in {f"{name}.key" for name in (*DOOR_COMPARTMENTS["office"], *DOOR_SECRETS["office"])}
    without = replace(desk, vault=Vault.open(keys, frozenset({"office"})))
    with pytest.raises(Refused, match="no key for names"):
        custody.read(without, viewer("sophea"), story.ref, 1)
    assert custody.read(desk, viewer("sophea"), story.ref, 1) == {"name": NAME}


def test_pages_and_khmer(app: Flask, story: Story) -> None:
    asked(app, story)
    for person in ("sophea", CUSTODIAN):
        client = Staff(app, person).client
        page = client.get(address(story), base_url=BASE, headers={"Accept-Language": "km"})
        assert page.status_code == 200
    assert "Nobody asks to read a name." in Staff(app, OTHER_CUSTODIAN).read("/custody")


def numbers_of_seats(app: Flask, desk: Desk, *, ask: bool) -> list[str]:
    """As the form says them by which a factory points at somebody of the panel."""
    story = Story.filed(desk).taken()
    if ask:
        for no in (1, 2):
            officer = asked(app, story)
            assert sent(officer, story, f"{no}/taken_back") == 303
    story.answered().reviewed()
    page = Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}/challenge_seat").text
    return re.findall(r'name="which_seat"[^>]*value="(\d+)"', page) or re.findall(r'<option value="(\d+)"', page)


def test_the_numbers_of_seats_tell_no_party_that_a_custodian_was_asked(app: Flask, desk: Desk) -> None:
    quiet = numbers_of_seats(app, desk, ask=False)
    assert len(quiet) == 6
    assert numbers_of_seats(app, desk, ask=True) == quiet
    assert verifying.verify(desk) == (2, [])


def test_planted_custodians_in_one_row_with_the_others_leave_a_gap(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "_next_beside", lambda case: case.next_seat)
    assert numbers_of_seats(app, desk, ask=True) != numbers_of_seats(app, desk, ask=False)
