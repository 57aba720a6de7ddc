"""The second step: whoever has one gets in with it and not without it, each code once, and a lost one is no lock-out."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import entering, people, recording, steps
from grievance.core.errors import Refused
from grievance.demo import cast
from grievance.store import factors, sessions
from grievance.vault import authenticator
from tests.makers import ADMINISTRATOR, Clock, contents, page_token, viewer
from tests.web.staff import BASE, Staff, fields, words

MAIL = "officer@demo.test"
CODE = r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}"


class App:
    """An authenticator app on a telephone."""

    def __init__(self, page: str, clock: Clock) -> None:
        found = re.search(r'<p class="gap"><bdi dir="ltr">([A-Z2-7 ]+)</bdi>', page)
        assert found
        self.secret, self.clock = found[1].replace(" ", ""), clock

    def code(self, steps_on: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.at, counter_offset=steps_on)

    def next(self) -> str:
        """A code that was not used yet."""
        self.clock.at += timedelta(seconds=30)
        return self.code()


def enrol(staff: Staff, clock: Clock) -> tuple[App, list[str]]:
    """An app is entered; with its recovery codes."""
    page = staff.get("/account/steps/app").text
    app = App(page, clock)
    done = staff.send("/account/steps/app", **given(page), name="Telephone", code=app.code())
    assert done.status_code == 200, words(done.text)
    return app, re.findall(CODE, done.text)


def given(page: str) -> dict[str, str]:
    return {"offer": fields(page)["offer"]}


def post(client: FlaskClient, address: str, on: str = "", **data: str) -> TestResponse:
    token = page_token(client.get(on or address, base_url=BASE).text)
    return client.post(address, base_url=BASE, data={"page_token": token, **data}, headers={"Accept-Language": "en"})


def begin(app: Flask, mail: str = MAIL) -> FlaskClient:
    """A browser that waits for the second step."""
    client = app.test_client()
    answer = post(client, "/account/sign-in", mail=mail, password=cast.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/account/second")
    return client


def second(client: FlaskClient, code: str) -> TestResponse:
    return post(client, "/account/second", proof="1", proof_code=code)


# asvs: 6.3.4
def test_with_the_code_in_and_without_it_nowhere(app: Flask, desk: Desk, clock: Clock) -> None:
    phone, codes = enrol(Staff(app, "sophea"), clock)
    assert len(codes) == len(set(codes)) == 10
    client = begin(app)
    for address in ("/office", "/account", "/account/steps", "/account/prove"):
        assert client.get(address, base_url=BASE).location == "/account/sign-in", "half in is not in"
    token = phone.next()
    assert second(client, "000000" if token != "000000" else "111111").status_code == 422
    assert second(client, f" {token[:3]} {token[3:]} ").location == "/office"
    assert client.get("/office", base_url=BASE).status_code == 200
    assert contents(desk)["halves"] == []
    assert second(begin(app), phone.code(1).translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))).location == "/office"


def test_planted_a_password_that_opens_by_itself_is_found(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(Staff(app, "sophea"), clock)
    monkeypatch.setattr(factors, "has_step", lambda tx, person: False)
    with pytest.raises(AssertionError):
        begin(app)


def check_replay(app: Flask, phone: App) -> None:
    code = phone.next()
    assert second(begin(app), code).status_code == 303
    assert second(begin(app), code).status_code == 422, "each step once"
    assert second(begin(app), phone.code(-1)).status_code == 422, "nor one before it"
    phone.clock.at += timedelta(seconds=120)
    assert second(begin(app), phone.code(-2)).status_code == 422, "two steps off is too old"
    assert second(begin(app), phone.code(2)).status_code == 422
    assert second(begin(app), phone.code(-1)).status_code == 303, "one step of drift"


# asvs: 6.5.1
def test_each_step_works_once_with_one_step_of_drift(app: Flask, clock: Clock) -> None:
    check_replay(app, enrol(Staff(app, "sophea"), clock)[0])


def test_planted_a_code_that_works_twice_is_found(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, _ = enrol(Staff(app, "sophea"), clock)
    step_of = authenticator.step_of
    monkeypatch.setattr(authenticator, "step_of", lambda secret, typed, at, after: step_of(secret, typed, at, after=0))
    with pytest.raises(AssertionError):
        check_replay(app, phone)


def check_waiting(app: Flask, clock: Clock) -> None:
    phone, codes = enrol(Staff(app, "sophea"), clock)
    answers = [second(begin(app), "no such code").status_code for _ in range(people.FREE_TRIES)]
    assert answers == [422] * people.FREE_TRIES
    waits = second(begin(app), phone.code(1))
    assert waits.status_code == 429
    assert "Wait" in waits.text
    assert second(begin(app), codes[0]).status_code == 429
    clock.at += timedelta(seconds=people.LONGEST_WAIT)
    assert second(begin(app), phone.code()).status_code == 303


def test_a_wrong_code_is_counted_and_a_right_password_does_not_begin_anew(app: Flask, clock: Clock) -> None:
    check_waiting(app, clock)


def test_planted_a_count_that_the_password_begins_anew_is_found(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "_key", lambda desk, person: people.throttle(desk, MAIL))
    with pytest.raises(AssertionError):
        check_waiting(app, clock)


def check_that_it_dies(app: Flask, clock: Clock) -> None:
    phone, _ = enrol(Staff(app, "sophea"), clock)
    client, other = begin(app), begin(app)
    kept = client.get_cookie("__Host-session")
    assert kept
    token = page_token(client.get("/account/second", base_url=BASE).text)
    assert second(client, phone.next()).status_code == 303
    client.set_cookie("__Host-session", kept.value, secure=True)
    door = client.post("/account/second", base_url=BASE, data={"page_token": token, "proof_code": phone.next()})
    assert door.status_code == 400, "the page token changed with the sign-in"
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    used = client.post("/account/second", base_url=BASE, data={"page_token": token, "proof_code": phone.code()})
    assert used.location == "/account/sign-in?done=over"
    clock.at += timedelta(minutes=5)
    assert other.get("/account/second", base_url=BASE).location == "/account/sign-in?done=over"


def test_it_waits_five_minutes_and_dies_when_it_is_used(app: Flask, clock: Clock) -> None:
    check_that_it_dies(app, clock)


@pytest.mark.parametrize("fault", ["stays", "lasts"])
def test_planted_a_half_open_sign_in_that_goes_on_is_found(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "stays":
        monkeypatch.setattr(sessions, "close_half", lambda tx, half_id: True)
    else:
        monkeypatch.setattr(people, "HALF", timedelta(days=1))
    with pytest.raises(AssertionError):
        check_that_it_dies(app, clock)


# asvs: 6.5.1, 6.5.4
def test_a_recovery_code_works_once_and_its_owner_is_told(app: Flask, desk: Desk, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    _, codes = enrol(staff, clock)
    assert second(begin(app), codes[0].lower().replace("-", " ")).status_code == 303
    assert second(begin(app), codes[0]).status_code == 422
    told = [row for row in contents(desk)["outbox"] if "recovery" in row]
    assert [row[1] for row in told] == ["sophea"]
    assert "9 recovery codes are left." in staff.read("/account/steps")
    clock.at += timedelta(minutes=11)
    anew = post(staff.client, "/account/steps/codes", "/account", x="1")
    assert anew.status_code == 307, "old sign-ins prove themselves before"


# asvs: 6.5.3
def test_new_recovery_codes_make_the_old_ones_void(app: Flask, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    _, codes = enrol(staff, clock)
    page = staff.send("/account/steps/codes", "/account/steps").text
    anew = re.findall(CODE, page)
    assert not set(anew) & set(codes)
    assert second(begin(app), codes[0]).status_code == 422
    assert second(begin(app), anew[0]).status_code == 303


def test_neither_a_secret_nor_a_code_stands_in_the_database(app: Flask, desk: Desk, clock: Clock) -> None:
    phone, codes = enrol(Staff(app, "sophea"), clock)
    written = repr(contents(desk))
    assert phone.secret not in written
    assert not any(code in written or code.replace("-", "") in written for code in codes)
    with desk.store.read() as tx:
        row = factors.of(tx, "sophea", "totp")[0]
    assert entering.open_secret(desk, row) == phone.secret
    moved = factors.Factor(row.id, "rith", row.kind, row.name, row.kept, row.made_at, None, 0)
    assert entering.open_secret(desk, moved) is None, "moved to somebody else it opens nothing"


def test_planted_an_open_secret_is_found(app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.vault), "seal_cookie", lambda vault, purpose, payload: payload.decode())
    monkeypatch.setattr(type(desk.vault), "open_cookie", lambda vault, purpose, text: text.encode())
    with pytest.raises(AssertionError):
        test_neither_a_secret_nor_a_code_stands_in_the_database(app, desk, clock)


def test_the_page_lists_them_and_the_last_takes_the_codes_along(app: Flask, desk: Desk, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    assert "Add a second step" in staff.read("/account")
    assert "You have none." in staff.read("/account/steps")
    enrol(staff, clock)
    assert "Add a second step" not in staff.read("/account")
    page = staff.get("/account/steps").text
    assert "Telephone" in page
    address = re.search(r'href="(/account/steps/[0-9a-f]{32}/remove)"', page)
    assert address
    assert "It is the last one" in staff.read(address[1])
    assert Staff(app, "rith").get(address[1]).status_code == 404, "nobody removes somebody else's"
    assert staff.send(address[1]).location == "/account/steps?done=step_gone"
    assert {row[1] for row in contents(desk)["factors"]} == {ADMINISTRATOR}
    assert Staff(app, "sophea").landed == "/office", "the password alone again"
    assert {row[2] for row in contents(desk)["outbox"]} == {"steps"}


def test_what_does_not_fit_is_said_and_the_same_app_is_offered_again(app: Flask, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    page = staff.get("/account/steps/app").text
    phone = App(page, clock)
    empty = staff.send("/account/steps/app", **given(page), name="", code="")
    assert empty.status_code == 422
    wrong = staff.send("/account/steps/app", **given(page), name="Telephone", code="no code")
    assert wrong.status_code == 422
    assert App(wrong.text, clock).secret == phone.secret
    assert 'value="Telephone"' in wrong.text
    assert staff.send("/account/steps/app", **given(page), name="x" * 5000, code=phone.code()).status_code == 422
    assert staff.send("/account/steps/app", offer="x", name="Telephone", code=phone.code()).status_code == 422
    other = Staff(app, "rith")
    assert other.send("/account/steps/app", **given(page), name="Mine", code=phone.code()).status_code == 422
    assert staff.send("/account/steps/app", **given(page), name="Telephone", code=phone.code()).status_code == 200
    again = staff.send("/account/steps/app", **given(page), name="Twice", code=phone.code())
    assert again.status_code == 409


def test_an_administrator_takes_them_away_with_a_reason(app: Flask, desk: Desk, clock: Clock) -> None:
    staff, sarin = Staff(app, "sophea"), Staff(app, "sarin")
    enrol(staff, clock)
    waiting = begin(app)
    assert re.search(r"Second step Yes .*Active", sarin.read("/account/people?q=officer@demo"))
    assert sarin.send("/account/people/sophea/steps", reason="").status_code == 422
    done = sarin.send("/account/people/sophea/steps", reason="Lost the telephone in the bus")
    assert done.location == "/account/people/sophea?done=steps_taken"
    assert staff.get("/office").location == "/account/sign-in"
    assert waiting.get("/account/second", base_url=BASE).location == "/account/sign-in?done=over"
    assert Staff(app, "sophea").landed == "/office"
    line = recording.record(desk, viewer("sarin")).rows[0]
    assert line.said.values["reason"] == "Lost the telephone in the bus"
    assert "Lost the telephone in the bus" in sarin.read("/account/record")
    assert [row[2] for row in contents(desk)["outbox"] if row[1] == "sophea"] == ["steps", "steps"]
    assert "They have no second step." in sarin.read("/account/people/sophea/steps")
    for person in ("sophea", "sarin"):
        assert sarin.send(f"/account/people/{person}/steps", "/account", reason="Again").status_code == 409
    assert staff.get("/account/people/sophea/steps").status_code in (303, 404)


# asvs: 6.4.3
def test_a_new_password_by_mail_ends_what_waits(app: Flask, desk: Desk, clock: Clock) -> None:
    enrol(Staff(app, "sophea"), clock)
    client = begin(app)
    with desk.store.write() as tx:
        sessions.close_sessions(tx, "sophea")
    assert client.get("/account/second", base_url=BASE).location == "/account/sign-in?done=over"


def test_there_is_room_for_ten(app: Flask, desk: Desk, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    enrol(staff, clock)
    with desk.store.write() as tx:
        for no in range(steps.MOST - 1):
            factors.add(tx, factors.Factor(f"{no}", "sophea", "totp", f"No {no}", "", clock.at, None, 0))
    page = staff.get("/account/steps/app").text
    full = staff.send("/account/steps/app", **given(page), name="One more", code=App(page, clock).code())
    assert full.status_code == 409
    assert "There is room for no more." in staff.read("/account/steps")


def test_at_the_host_too_for_the_only_administrator(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")
    with pytest.raises(Refused):
        steps.take_away_at_the_host(desk, "nobody@demo.test", "Lost")
    steps.take_away_at_the_host(desk, " Admin@demo.test", "Lost it in the river")
    assert staff.get("/account").location == "/account/sign-in"
    again = Staff(app, "sarin")
    assert again.landed.startswith("/account")
    line = recording.record(desk, viewer("sarin")).rows[0]
    assert (line.actor, line.said.values["reason"]) == ("host", "Lost it in the river")
