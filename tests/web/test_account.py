"""Signing in leads to one's own door, says little when it fails, and ends when somebody ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grievance.casework.house import people
from grievance.demo import cast
from grievance.web import gate
from grievance.web.front import KEY
from tests.makers import page_token
from tests.web.staff import BASE, Staff, words

PRIVATE = [
    "/office",
    "/office/cases/AAAA-BBBB",
    "/office/procedures",
    "/party",
    "/panel",
    "/panel/cases/AAAA-BBBB",
    "/account",
]


@pytest.mark.parametrize(
    ("person", "door", "shown", "not_shown"),
    [
        ("sophea", "/office", {"/office", "/office/procedures"}, {"/panel", "/party"}),
        ("w1", "/panel", {"/panel"}, {"/office", "/party"}),
        ("b2", "/panel", {"/panel"}, {"/office", "/party"}),
        ("lotus-hr", "/party", {"/party"}, {"/office", "/panel"}),
        ("e3", "/panel", {"/panel", "/party"}, {"/office"}),
    ],
)
def test_everybody_lands_at_their_own_door(
    app: Flask, person: str, door: str, shown: set[str], not_shown: set[str]
) -> None:
    staff = Staff(app, person)
    assert staff.landed.split("?")[0] == door
    page = staff.get("/account").text
    assert all(f'href="{address}"' in page for address in shown)
    assert not any(f'href="{address}"' in page for address in not_shown)


def test_the_language_of_the_account_is_spoken_until_the_browser_chooses(app: Flask) -> None:
    assert Staff(app, "w1").landed == "/panel?lang=km"
    assert Staff(app, "sophea").landed == "/office"


@pytest.mark.parametrize("address", PRIVATE)
def test_nobody_comes_in_without_signing_in(client: FlaskClient, address: str) -> None:
    response = client.get(address, base_url=BASE)
    assert (response.status_code, response.location) == (303, "/account/sign-in")


def test_a_door_that_declares_no_need_would_let_them_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.view_functions["office.procedures"], "need", gate.ANYBODY)
    assert client.get("/office/procedures", base_url=BASE).status_code == 200


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient) -> None:
    pages = []
    for mail in ("officer@demo.test", "nobody@demo.test"):
        token = page_token(client.get("/account/sign-in", base_url=BASE).text)
        data = {"page_token": token, "mail": mail, "password": "wrong but long"}
        response = client.post("/account/sign-in", base_url=BASE, data=data)
        assert response.status_code == 422
        assert f'value="{mail}"' in response.text
        assert "wrong but long" not in response.text
        pages.append(words(response.text.replace(mail, "")))
    assert pages[0] == pages[1]


def test_too_many_tries_have_to_wait(client: FlaskClient) -> None:
    answers = []
    for _ in range(people.FREE_TRIES + 1):
        token = page_token(client.get("/account/sign-in", base_url=BASE).text)
        data = {"page_token": token, "mail": "officer@demo.test", "password": "wrong"}
        answers.append(client.post("/account/sign-in", base_url=BASE, data=data))
    assert [answer.status_code for answer in answers] == [422] * people.FREE_TRIES + [429]
    assert 'value="officer@demo.test"' in answers[-1].text
    assert "Wait" in answers[-1].text


# asvs: 1.3.11
def test_a_mail_address_that_no_database_takes_is_unknown(client: FlaskClient) -> None:
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    data = {"page_token": token, "mail": "officer\x00@demo.test\x00", "password": "\x00"}
    assert client.post("/account/sign-in", base_url=BASE, data=data).status_code == 422


def test_what_is_left_empty_is_asked_for(client: FlaskClient) -> None:
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    response = client.post("/account/sign-in", base_url=BASE, data={"page_token": token, "mail": "", "password": ""})
    assert response.status_code == 422
    assert response.text.count("Please answer this.") == 2


# asvs: 7.6.2
def test_the_sign_in_form_must_be_ours(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"mail": "officer@demo.test", "password": cast.PASSWORD}
    assert client.post("/account/sign-in", base_url=BASE, data=data).status_code == 400
    monkeypatch.setattr(gate, "_same_page", lambda: None)  # the fault: nobody looks where a form comes from
    assert client.post("/account/sign-in", base_url=BASE, data=data).status_code == 303


def test_a_sign_in_can_be_ended_from_another_browser(app: Flask) -> None:
    here, there = Staff(app, "sophea"), Staff(app, "sophea")
    page = here.get("/account").text
    assert page.count("this browser") == 1
    other = next(line for line in page.split("/account/sessions/")[1:] if "End it" in line)[:64]
    assert here.send(f"/account/sessions/{other}", "/account").status_code == 303
    assert there.get("/office").location == "/account/sign-in"
    assert here.get("/office").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(app: Flask) -> None:
    sophea, factory = Staff(app, "sophea"), Staff(app, "lotus-hr")
    theirs = sophea.get("/account").text.split("/account/sessions/")[1][:64]
    assert factory.send(f"/account/sessions/{theirs}", "/account").status_code == 404
    assert factory.send("/account/sessions/not-hex", "/account").status_code == 404
    assert sophea.get("/office").status_code == 200


# asvs: 7.4.1
def test_a_sign_out_ends_the_session_wherever_its_cookie_is_kept(app: Flask) -> None:
    staff = Staff(app, "sophea")
    kept = staff.client.get_cookie("__Host-session")
    assert kept
    assert staff.send("/account/sign-out", "/account").location == "/account/sign-in"
    staff.client.set_cookie("__Host-session", kept.value, secure=True)
    assert staff.get("/office").location == "/account/sign-in"


def test_ending_the_session_of_this_browser_is_a_sign_out(app: Flask) -> None:
    staff = Staff(app, "sophea")
    mine = staff.get("/account").text.split("/account/sessions/")[1][:64]
    assert staff.send(f"/account/sessions/{mine}", "/account").location == "/account/sign-in"


def test_whoever_is_signed_in_needs_no_form(app: Flask) -> None:
    assert Staff(app, "sophea").get("/account/sign-in").location == "/office"


def test_a_closed_door_is_not_shown(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = Staff(app, "e3")
    monkeypatch.setitem(app.extensions, KEY, replace(app.extensions[KEY], doors=frozenset({"party", "account"})))
    page = staff.get("/account").text
    assert 'href="/party"' in page
    assert 'href="/panel"' not in page
