"""Passkeys: one opens its owner's account by itself, at this house alone, once a challenge, and never a copy of it."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from webauthn.helpers import base64url_to_bytes
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import passkeys
from grievance.store import factors
from grievance.vault import passkeys as keys
from grievance.web.front import KEY
from tests.makers import ADMINISTRATOR, Clock, contents, page_token
from tests.passkeys import Passkey
from tests.trials.sizes import seed
from tests.web.staff import BASE, Staff, words
from tests.web.test_second_step import begin


def options(page: str) -> str:
    """What a page asks the browser."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, words(page)
    return html.unescape(found[1])


def a_passkey(desk: Desk, **more: object) -> Passkey:
    house = keys.House.at(desk.address)
    return replace(Passkey(house.origin, house.host), **more)  # type: ignore[arg-type]


def register(staff: Staff, passkey: Passkey, name: str = "Laptop") -> TestResponse:
    page = staff.get("/account/steps/passkey").text
    sent = {"page_token": page_token(page), "name": name, "proof_passkey": passkey.make(options(page))}
    return staff.client.post("/account/steps/passkey", base_url=BASE, data=sent, headers={"Accept-Language": "en"})


def ask(client: FlaskClient) -> tuple[str, str]:
    """The question of the page where a passkey signs in, and the page token."""
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    page = client.post("/account/passkey", base_url=BASE, data={"page_token": token})
    assert page.status_code == 200
    return options(page.text), token


def answer(client: FlaskClient, token: str, said: str) -> int:
    sent = {"page_token": token, "proof_passkey": said}
    return client.post("/account/passkey", base_url=BASE, data=sent).status_code


def enter(app: Flask, passkey: Passkey) -> int:
    client = app.test_client()
    asked, token = ask(client)
    return answer(client, token, passkey.sign(asked))


@pytest.fixture
def passkey(app: Flask, desk: Desk) -> Passkey:
    """The one of an officer."""
    made = a_passkey(desk)
    done = register(Staff(app, "sophea"), made)
    assert done.status_code == 200, words(done.text)
    assert "Your recovery codes" in done.text
    return made


def test_it_signs_in_by_itself_and_knows_who(app: Flask, passkey: Passkey) -> None:
    client = app.test_client()
    asked, token = ask(client)
    assert json.loads(asked)["userVerification"] == "required"
    assert not json.loads(asked).get("allowCredentials"), "nobody is named before they are there"
    assert answer(client, token, passkey.sign(asked)) == 303
    assert client.get("/office", base_url=BASE).status_code == 200
    page = client.get("/account/steps", base_url=BASE, headers={"Accept-Language": "en"})
    assert "Laptop" in words(page.text), "and is fresh"


def test_it_is_the_second_step(app: Flask, passkey: Passkey) -> None:
    client = begin(app)
    page = client.get("/account/second", base_url=BASE).text
    assert len(json.loads(options(page))["allowCredentials"]) == 1
    sent = {"page_token": page_token(page), "proof": "1", "proof_passkey": passkey.sign(options(page))}
    assert client.post("/account/second", base_url=BASE, data=sent).location == "/office"


def test_it_proves_again_who_somebody_is(app: Flask, passkey: Passkey, clock: Clock) -> None:
    client = app.test_client()
    asked, token = ask(client)
    assert answer(client, token, passkey.sign(asked)) == 303
    clock.at += timedelta(minutes=11)
    to = client.get("/account/steps", base_url=BASE).location
    page = client.get(to, base_url=BASE).text
    sent = {"page_token": page_token(page), "proof": "1", "proof_passkey": passkey.sign(options(page))}
    assert client.post(to, base_url=BASE, data=sent).location == "/account/steps"


FORGERIES: dict[str, Callable[[Passkey], Passkey]] = {
    "another house": lambda true: replace(true, origin="https://evil.example"),
    "another host": lambda true: replace(true, host="evil.example"),
    "nobody verified": lambda true: replace(true, verified=False),
    "another key": lambda true: replace(a_copy(true), id=true.id),
    "unknown": lambda true: replace(true, id=b"nobody knows this one"),
    "somebody else": lambda true: replace(true, handle="cml0aA"),
    "a copy that lags behind": lambda true: replace(true, count=true.count - 1),
}


def a_copy(true: Passkey) -> Passkey:
    """With a key pair of its own."""
    return Passkey(true.origin, true.host, handle=true.handle, count=true.count)


def check_forgeries(app: Flask, passkey: Passkey) -> None:
    assert enter(app, passkey) == 303
    for name, forged in FORGERIES.items():
        assert enter(app, forged(passkey)) == 422, name
    assert enter(app, passkey) == 303, "the true one still opens"


# asvs: 6.3.4
def test_nothing_but_the_passkey_itself_opens(app: Flask, passkey: Passkey) -> None:
    check_forgeries(app, passkey)


@pytest.mark.parametrize("fault", ["origin", "count", "verified", "key"])
def test_planted_a_check_that_is_left_out_is_found(
    app: Flask, passkey: Passkey, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    import webauthn

    verify = webauthn.verify_authentication_response

    def careless(**asked: object) -> object:
        said = json.loads(str(json.dumps(asked["credential"])))
        client = json.loads(base64url_to_bytes(said["response"]["clientDataJSON"]))
        loose = {
            "origin": {"expected_origin": client["origin"]},
            "count": {"credential_current_sign_count": 0},
            "verified": {"require_user_verification": False},
            "key": {},
        }[fault]
        return verify(**{**asked, **loose})

    monkeypatch.setattr(webauthn, "verify_authentication_response", careless)
    if fault == "key":
        monkeypatch.setattr("webauthn.authentication.verify_authentication_response.verify_signature", lambda **_: None)
    with pytest.raises(AssertionError):
        check_forgeries(app, passkey)


def check_challenges(app: Flask, passkey: Passkey, clock: Clock) -> None:
    client, other = app.test_client(), app.test_client()
    asked, token = ask(client)
    said = passkey.sign(asked)
    _, others = ask(other)
    assert answer(other, others, said) == 422, "given to another browser"
    assert answer(client, token, said) == 303
    client = app.test_client()
    asked, token = ask(client)
    said = passkey.sign(asked)
    wrong = json.loads(said)
    wrong["response"]["signature"] = "AAAA"
    assert answer(client, token, json.dumps(wrong)) == 422
    assert answer(client, token, said) == 422, "a challenge is used up, however the try ends"
    asked, token = ask(client)
    clock.at += passkeys.LASTS
    assert answer(client, token, passkey.sign(asked)) == 422, "five minutes"


def test_a_challenge_is_of_one_browser_and_good_once(app: Flask, passkey: Passkey, clock: Clock) -> None:
    check_challenges(app, passkey, clock)


def test_planted_a_challenge_that_stays_is_found(
    app: Flask, passkey: Passkey, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    last: list[bytes] = []
    put = factors.set_challenge

    def keep(tx: object, holder: bytes, challenge: bytes, *more: object) -> None:
        last.append(challenge)
        put(tx, holder, challenge, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(factors, "set_challenge", keep)
    monkeypatch.setattr(factors, "take_challenge", lambda *_: last[-1])
    with pytest.raises(AssertionError):
        check_challenges(app, passkey, clock)


def test_what_is_no_new_passkey_is_refused_and_the_name_stays(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sophea")
    for forged in (a_passkey(desk, origin="https://evil.example"), a_passkey(desk, verified=False)):
        refused = register(staff, forged, "My laptop")
        assert refused.status_code == 422
        assert 'value="My laptop"' in refused.text
        assert "The passkey did not fit" in refused.text
    assert register(staff, a_passkey(desk), "").status_code == 422
    assert {row[1] for row in contents(desk)["factors"]} == {ADMINISTRATOR}
    assert register(staff, a_passkey(desk)).status_code == 200
    assert register(Staff(app, "rith"), a_passkey(desk)).status_code == 409, "it is somebody else's already"


def test_a_closed_account_and_a_removed_passkey_open_nothing(app: Flask, passkey: Passkey) -> None:
    sarin = Staff(app, "sarin")
    assert sarin.send("/account/people/sophea/close").status_code == 303
    assert enter(app, passkey) == 422
    assert sarin.send("/account/people/sophea/open").status_code == 303
    assert enter(app, passkey) == 303
    assert sarin.send("/account/people/sophea/steps", reason="Lost").status_code == 303
    assert enter(app, passkey) == 422


def test_whatever_is_sent_breaks_nothing(app: Flask, passkey: Passkey) -> None:
    begun = seed()
    print("seed", begun)
    dice = random.Random(begun)
    client = app.test_client()
    asked, token = ask(client)
    true = passkey.sign(asked)
    odd = [
        "",
        "null",
        "[]",
        "{}",
        "x" * 30_000,
        "[" * 15_000,
        '{"id": 1, "response": {}}',
        '{"id": "\\ud800", "response": {}}',
    ]
    for _ in range(40):
        at = dice.randrange(len(true))
        odd.append(true[:at] + dice.choice('{}":,A0\x00é') + true[at + dice.randrange(3) :])
    for said in odd:
        _, token = ask(client)
        assert answer(client, token, said) == 422, said[:100]


def test_a_house_without_a_name_offers_none(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = Staff(app, "sophea")
    numbered = replace(app.extensions[KEY], desk=replace(desk, address="http://127.0.0.1:8000"))
    monkeypatch.setitem(app.extensions, KEY, numbered)
    assert "passkey" not in app.test_client().get("/account/sign-in", base_url=BASE).text
    assert "browsers keep no passkeys for it" in staff.read("/account/steps")
    assert staff.get("/account/steps/passkey").status_code == 404
    assert staff.send("/account/passkey", "/account").status_code == 404
