"""Before what is hard to undo somebody shows again who they are, and nothing that was typed is lost on the way."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import entering, people
from grievance.demo import cast
from grievance.web import gate
from grievance.web.account import again
from tests.makers import ADMINISTRATOR, Clock, Story, contents, page_token
from tests.web.staff import BASE, Staff, fields, words
from tests.web.test_second_step import enrol

FRESH = {
    "office.export",
    "account.password",
    "panel.attest",
    "custody.case",
    "custody.ask",
    "custody.answer",
    "custody.read",
    "account.invite",
    "account.belong",
    "account.correct_mail",
    "account.leave",
    "account.decide",
    "account.on_roster",
    "account.off_roster",
    "account.new_programme",
    "account.programme",
    "account.new_site",
    "account.site",
    "account.body",
    "account.end_sign_ins",
    "account.end_sign_in",
    "account.lost",
    "account.steps",
    "account.add_app",
    "account.add_passkey",
    "account.new_codes",
    "account.remove_step",
    "account.unbind",
}
"""Every route that asks again: what leaves the house, what changes who may do what, what ends others' sign-ins, the steps."""


def fresh(app: Flask) -> set[str]:
    views: dict[str, Any] = app.view_functions
    return {name for name, view in views.items() if view.fresh}


# asvs: 7.5.1
def test_these_routes_ask_again_and_no_other(app: Flask) -> None:
    assert fresh(app) == FRESH


def test_planted_a_route_that_forgets_it_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.view_functions["account.decide"], "fresh", False)
    assert fresh(app) != FRESH


def later(app: Flask, clock: Clock, person: str = ADMINISTRATOR) -> tuple[Staff, str]:
    """Somebody who signed in eleven minutes ago, and the token of their page."""
    staff = Staff(app, person)
    clock.at += timedelta(minutes=11)
    return staff, page_token(staff.client.get("/account", base_url=BASE).text)


def send(client: FlaskClient, address: str, **data: Any) -> TestResponse:
    return client.post(address, base_url=BASE, data=data, headers={"Accept-Language": "en"})


def invitation(token: str) -> dict[str, Any]:
    typed = {"mail": "new@example.org", "name": "Chan “Bo” <b>", "language": "km", "body": "", "post": ""}
    return {"page_token": token, **typed, "more": ["one", "two"]}


def test_what_was_typed_goes_on_its_way_by_itself(app: Flask, desk: Desk, clock: Clock) -> None:
    staff, token = later(app, clock)
    client = staff.client
    asked = send(client, "/account/people/new", **invitation(token))
    assert (asked.status_code, asked.location) == (307, "/account/prove?to=%2Faccount%2Fpeople%2Fnew&send=1")
    page = send(client, asked.location, **invitation(token))
    assert page.status_code == 200
    assert "What you wrote is kept" in page.text
    assert page.text.count('name="more"') == 2
    shown = {**fields(page.text), "more": ["one", "two"]}
    wrong = send(client, asked.location, **{**shown, "proof_code": "not the password"})
    assert wrong.status_code == 422
    assert fields(wrong.text)["name"] == "Chan “Bo” <b>"
    right = {**fields(wrong.text), "more": ["one", "two"], "proof_code": staff.proof()}
    on = send(client, asked.location, **right)
    assert (on.status_code, on.location) == (307, "/account/people/new")
    done = send(client, on.location, **right)
    assert done.status_code == 303
    assert "Chan “Bo” <b>" in repr(contents(desk)["people"])
    assert send(client, "/account/people/new", **invitation(token)).status_code == 422, "for ten minutes nobody asks"


def test_a_page_is_shown_after_the_question(app: Flask, clock: Clock) -> None:
    staff, token = later(app, clock)
    client = staff.client
    asked = client.get("/account/people/sophea/close", base_url=BASE)
    assert asked.status_code == 303
    sent = {"page_token": token, "proof": "1", "proof_code": staff.proof()}
    on = send(client, asked.location, **sent)
    assert (on.status_code, on.location) == (303, "/account/people/sophea/close")
    assert client.get(on.location, base_url=BASE).status_code == 200


def check_nothing_leaves(app: Flask, desk: Desk, clock: Clock) -> None:
    """Exports and deeds without a fresh proof give nothing and change nothing."""
    story = Story.filed(desk).taken()
    officer, _ = later(app, clock, "sophea")
    export = officer.client.get(f"/office/cases/{story.ref}/export", base_url=BASE)
    assert (export.status_code, export.mimetype) == (303, "text/html")
    staff, token = later(app, clock)
    admin = staff.client
    before = contents(desk)
    for what in ("close", "promote"):
        assert send(admin, f"/account/people/rith/{what}", page_token=token).status_code == 307
    assert send(admin, "/account/people/sophea/sign-ins", page_token=token).status_code == 307
    after = contents(desk)
    assert {name for name in after if after[name] != before[name]} <= {"sessions"}


def test_without_it_nothing_leaves_and_nothing_changes(app: Flask, desk: Desk, clock: Clock) -> None:
    check_nothing_leaves(app, desk, clock)


def test_planted_a_gate_that_never_asks_is_found(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "FRESH", timedelta(days=1))
    with pytest.raises(AssertionError):
        check_nothing_leaves(app, desk, clock)


def check_no_way_out(app: Flask, clock: Clock) -> None:
    """Nothing in the address leads away, nor to a page of ours that does not ask for it."""
    staff, token = later(app, clock)
    away = ("//evil.example/", "https://evil.example/", "/\\evil.example", "/account/sign-out", "/leave", "/office", "")
    for to in away:
        for more in ({}, {"send": "1"}):
            sent = {"page_token": token, "proof": "1", "proof_code": staff.proof()}
            answer = staff.client.post("/account/prove", base_url=BASE, query_string={"to": to, **more}, data=sent)
            assert (answer.status_code, answer.location) == (303, "/account"), to


# asvs: 1.2.2, 3.7.2
def test_it_leads_to_no_other_place(app: Flask, clock: Clock) -> None:
    check_no_way_out(app, clock)


def test_planted_a_page_that_believes_the_address_is_found(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_meant", lambda: request.args.get("to", ""))
    with pytest.raises(AssertionError):
        check_no_way_out(app, clock)


def check_a_link_does_nothing(app: Flask, desk: Desk, clock: Clock) -> None:
    """Somebody follows a link of a letter to our own page and shows who they are there: nothing was done by that."""
    staff, _ = later(app, clock)
    client, before = staff.client, contents(desk)
    for deed in ("people/rith/promote", "people/sophea/close", "people/sophea/sign-ins"):
        link = f"/account/prove?to=/account/{deed}&send=1"
        page = client.get(link, base_url=BASE, headers={"Accept-Language": "en"}).text
        found = re.search(r'<form method="post" action="(/account/prove[^"]*)"', page)
        assert found
        sent = {**fields(page), "proof": "1", "proof_code": staff.proof()}
        on = send(client, html.unescape(found[1]), **sent)
        while on.status_code == 307:  # as a browser does
            on = send(client, on.location, **sent)
    after = contents(desk)
    assert {name for name in after if after[name] != before[name]} <= {"factors", "sessions"}


def test_a_link_in_a_letter_does_nothing_by_somebodys_proof(app: Flask, desk: Desk, clock: Clock) -> None:
    check_a_link_does_nothing(app, desk, clock)


def test_planted_a_page_that_sends_on_what_only_a_link_asks_for_is_found(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_sends", lambda: request.args.get("send") == "1")
    with pytest.raises(AssertionError):
        check_a_link_does_nothing(app, desk, clock)


def test_wrong_passwords_are_counted(app: Flask, clock: Clock) -> None:
    staff, token = later(app, clock, "sophea")
    sent = {"page_token": token, "proof": "1", "proof_code": "wrong"}
    codes = [send(staff.client, "/account/prove", **sent).status_code for _ in range(people.FREE_TRIES + 1)]
    assert codes == [422] * people.FREE_TRIES + [429]
    assert send(staff.client, "/account/prove", page_token="", proof="1").status_code == 400


def test_whoever_has_a_second_step_shows_that_one(app: Flask, clock: Clock) -> None:
    staff = Staff(app, "sophea")
    old = Staff(app, "sophea")
    phone, _ = enrol(staff, clock)
    assert staff.get("/account/steps").status_code == 200, "whoever has just entered it is not asked at once"
    asked = old.client.get("/account/steps", base_url=BASE)
    assert asked.status_code == 303, "a password of before is not enough any more"
    page = old.client.get(asked.location, base_url=BASE, headers={"Accept-Language": "en"})
    assert "Code from your app" in words(page.text)
    sent = {"page_token": page_token(page.text), "proof": "1"}
    assert send(old.client, asked.location, **sent, proof_code=cast.PASSWORD).status_code == 422
    assert send(old.client, asked.location, **sent, proof_code=phone.next()).location == "/account/steps"
    assert old.client.get("/account/steps", base_url=BASE).status_code == 200


def test_the_way_there_is_the_page(app: Flask) -> None:
    with app.test_request_context():
        assert app.url_for("account.prove") == gate.PROVE
