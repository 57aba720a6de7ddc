"""Signing in through the house of one's own organisation: who it says somebody is, and each way of lying about it."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.errors import SecurityWarning
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import staffing
from grievance.providers import asking, provider
from grievance.store import factors, setup
from grievance.store import people as rows
from grievance.store.tables import people
from tests import makers, providers
from tests.makers import Clock, contents, viewer
from tests.providers import Claims, Provider, rsa, signed
from tests.web.staff import BASE, Staff, words
from tests.web.test_second_step import enrol, second

LOTUS = {"sub": "vuthy-1", "email": "factory@demo.test", "email_verified": True}


PATIENCE = 60.0  # seconds: a busy machine is no lie


@dataclass
class Two:
    """A house, and the providers of two factories and of its case office."""

    app: Flask
    lotus: Provider
    mekong: Provider
    office: Provider


@pytest.fixture
def two(database: str, tmp_path: Path, clock: Clock, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    monkeypatch.setattr(asking, "CONNECT", PATIENCE)
    with (
        providers.running("house-at-lotus", clock) as lotus,
        providers.running("house-at-mekong", clock) as mekong,
        providers.running("house-at-office", clock) as office,
    ):
        told = {"factory-lotus": lotus, "factory-mekong": mekong, "office-kh": office}
        more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_OIDC": providers.write(tmp_path, told)}
        made = makers.house(tmp_path, database, clock, **more)
        lotus.person = dict(LOTUS)
        yield Two(made, lotus, mekong, office)
        makers.desk_of(made).store.engine.dispose()


@pytest.fixture
def desk(two: Two) -> Desk:
    return makers.desk_of(two.app)


def get(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address, base_url=BASE, headers={"Accept-Language": "en"})


def go(client: FlaskClient, body: str = "factory-lotus") -> str:
    """To the provider: the address there."""
    answer = get(client, f"/account/through/{body}")
    assert answer.status_code == 303, answer.text
    return answer.location


def back(address: str) -> str:
    """The path and question of an address of ours."""
    found = re.fullmatch(r"https?://[^/]+(/account/through/.*)", address)
    assert found
    return found[1]


def come(client: FlaskClient, there: Provider, body: str = "factory-lotus") -> TestResponse:
    """All the way: to the provider, in there, and back."""
    return get(client, back(there.authorize(go(client, body))))


def signed_in(client: FlaskClient) -> bool:
    return get(client, "/account").status_code == 200


def refused(desk: Desk, client: FlaskClient, answer: TestResponse, status: int, say: str) -> None:
    """The page says what to do, nobody is signed in, nobody is bound, nobody is new, and the cookie is gone."""
    assert answer.status_code == status, words(answer.text)
    assert say in words(answer.text)
    assert "Try again" in answer.text
    assert "Sign in here" in answer.text
    assert not signed_in(client)
    held = contents(desk)
    assert held["sessions"] == held["bindings"] == held["halves"] == []
    assert client.get_cookie(COOKIE) is None


COOKIE = "__Host-through"


def test_without_the_setting_there_is_nothing(app: Flask) -> None:
    client = app.test_client()
    assert "through" not in get(client, "/account/sign-in").text
    for address in ("/account/through/factory-lotus", "/account/through/factory-lotus/back?code=x&state=y"):
        assert get(client, address).status_code == 404


def test_an_organisation_that_is_not_named_is_not_there(two: Two) -> None:
    client = two.app.test_client()
    page = get(client, "/account/sign-in").text
    assert 'href="/account/through/factory-lotus"' in page
    assert "Sign in through Lotus Stitch Co., Ltd." in words(page)
    assert get(client, "/account/through/factory-angkor").status_code == 404


# asvs: 10.1.1
def test_in_through_ones_own_organisation_and_known_the_next_time(two: Two, desk: Desk) -> None:
    before = contents(desk)["people"]
    client = two.app.test_client()
    answer = come(client, two.lotus)
    assert answer.status_code == 200, words(answer.text)
    assert '<meta http-equiv="refresh" content="0; url=/party' in answer.text
    assert signed_in(client)
    assert "through Lotus Stitch Co., Ltd." in words(get(client, "/account").text)
    (row,) = contents(desk)["bindings"]
    assert row[:4] == (two.lotus.issuer, "vuthy-1", "lotus-hr", "factory-lotus")
    assert contents(desk)["people"] == before, "no account is made, and none is changed"
    # The address is not asked for any more: who it is there counts, and neither the old nor another name of it.
    two.lotus.person = {"sub": "vuthy-1", "email": "somebody.else@elsewhere.test"}
    assert come(two.app.test_client(), two.lotus).status_code == 200
    # Nothing of a token is kept, neither here nor in the browser.
    everything = str(contents(desk)) + str(client._cookies)
    assert "nobody-keeps-this" not in everything


def test_the_cookie_on_the_way_comes_back_from_elsewhere_and_opens_nothing(two: Two) -> None:
    client = two.app.test_client()
    answer = get(client, "/account/through/factory-lotus")
    (sent,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert part in sent
    assert "Domain" not in sent
    assert "state" not in sent
    assert not signed_in(client)
    last = get(client, back(two.lotus.authorize(answer.location)))
    (session,) = [one for one in last.headers.getlist("Set-Cookie") if one.startswith("__Host-session")]
    assert "SameSite=Strict" in session


def test_a_second_step_is_asked_for_as_after_a_password(two: Two, desk: Desk, clock: Clock) -> None:
    phone, _ = enrol(Staff(two.app, "lotus-hr"), clock)
    client = two.app.test_client()
    answer = come(client, two.lotus)
    assert (answer.status_code, "url=/account/second" in answer.text) == (200, True)
    assert not signed_in(client), "half in is not in"
    assert second(client, phone.next()).location == "/party"
    assert {row[-1] for row in contents(desk)["sessions"]} == {"", "factory-lotus"}


# asvs: 7.6.1
def test_what_is_hard_to_undo_still_asks_who_it_is(two: Two) -> None:
    """Their browser may have been signed in at the organisation since the morning: here it counts for nothing."""
    client = two.app.test_client()
    come(client, two.lotus)
    assert get(client, "/account/steps").location.startswith("/account/prove?")


# asvs: 7.6.2
def test_nobody_is_signed_in_by_a_link_on_somebody_elses_page(two: Two) -> None:
    client = two.app.test_client()
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.get("/account/through/factory-lotus", base_url=BASE, headers=headers)
    assert (answer.status_code, answer.location) == (303, "/account/sign-in")
    assert client.get_cookie(COOKIE) is None
    assert two.lotus.asked == []


@dataclass(frozen=True)
class Lie:
    """What a provider says, or whoever stands between it and us; what the page answers."""

    how: Callable[[Two], object]
    status: int = 403
    say: str = "does not show who you are"
    within: float = PATIENCE
    """Seconds that the whole answer may take; short only where that is the lie, for a busy machine lets the honest wait."""


def claims(**otherwise: Any) -> Callable[[Two], object]:
    return lambda two: two.lotus.claims.update(otherwise)


def sign(how: Callable[[Claims], str]) -> Callable[[Two], object]:
    return lambda two: setattr(two.lotus, "sign", how)


def person(**otherwise: Any) -> Callable[[Two], object]:
    return lambda two: two.lotus.person.update(otherwise)


def discovery(**otherwise: Any) -> Callable[[Two], object]:
    return lambda two: two.lotus.said.update(otherwise)


def answering(how: Callable[[BaseHTTPRequestHandler], bool]) -> Callable[[Two], object]:
    return lambda two: setattr(two.lotus, "answer", how)


def in_parts(head: Claims, said: Claims) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in (head, said))
    return ".".join(parts)


def unsigned(said: Claims) -> str:
    return f"{in_parts({'alg': 'none'}, said)}."


def with_the_public_key(said: Claims) -> str:
    """The old confusion: a public key taken for a secret that both sides know."""
    whole = in_parts({"alg": "HS256", "kid": "one"}, said)
    mark = hmac.digest(rsa("one").as_pem(private=False), whole.encode(), "sha256")
    return f"{whole}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def with_its_own_key(said: Claims) -> str:
    other = rsa("stolen")
    return jwt.encode({"alg": "RS256", "kid": "one"}, said, other, algorithms=["RS256"])


def elsewhere(handler: BaseHTTPRequestHandler) -> bool:
    if handler.path != "/token":
        return False
    handler.send_response(302)
    handler.send_header("Location", "/keys")
    handler.end_headers()
    return True


def hugely(handler: BaseHTTPRequestHandler) -> bool:
    if handler.path != "/token":
        return False
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b'{"a": "' + b"x" * (asking.LARGEST + 10) + b'"}')
    return True


LIES = {
    "another nonce": Lie(claims(nonce="of another sign-in")),
    "no nonce": Lie(claims(nonce=None)),
    "for another house": Lie(claims(aud="another-house")),
    "for several, and not said for whom": Lie(claims(aud=["house-at-lotus", "another-house"])),
    "made for another": Lie(claims(aud=["house-at-lotus", "another-house"], azp="another-house")),
    "of another issuer": Lie(claims(iss="https://elsewhere.example")),
    "of nearly the same issuer": Lie(lambda two: two.lotus.claims.update(iss=f"{two.lotus.issuer}/")),
    "expired": Lie(claims(exp=int(makers.START.timestamp()) - 120)),
    "without an end": Lie(claims(exp=None)),
    "made long ago": Lie(claims(iat=int(makers.START.timestamp()) - 3600)),
    "made tomorrow": Lie(claims(iat=int(makers.START.timestamp()) + 86_400)),
    "of nobody": Lie(claims(sub=None)),
    "of an empty name": Lie(claims(sub="")),
    "of a name without end": Lie(claims(sub="x" * 256)),
    "not signed": Lie(sign(unsigned)),
    "signed with the public key": Lie(sign(with_the_public_key)),
    "signed with another key": Lie(sign(with_its_own_key)),
    "signed with a key that nobody published": Lie(sign(lambda said: signed(said, name="three"))),
    "signed in a way that we do not take": Lie(sign(lambda said: signed(said, "RS512"))),
    "no token": Lie(sign(lambda _: "")),
    "a token of noise": Lie(sign(lambda _: "a.b.c")),
    "an address that is not confirmed": Lie(person(email_verified=False), 403, "does not confirm your mail address"),
    "an address that is confirmed in words": Lie(person(email_verified="true"), 403, "does not confirm"),
    "no address": Lie(claims(email=None), 403, "does not confirm"),
    "the address of another organisation's": Lie(person(email="factory2@demo.test"), 403, "No account here can be"),
    "the address of an administrator": Lie(person(email="admin@demo.test"), 403, "No account here can be"),
    "the address of nobody": Lie(person(email="nobody@demo.test"), 403, "ask an administrator of this house to invite"),
    "another issuer in the discovery": Lie(discovery(issuer="https://elsewhere.example"), 503, "does not answer now"),
    "a door in the clear": Lie(discovery(token_endpoint="http://elsewhere.example/token"), 503, "does not answer now"),
    "a door of another kind": Lie(discovery(authorization_endpoint="javascript:alert(1)"), 503, "does not answer now"),
    "another way to show the secret": Lie(
        discovery(token_endpoint_auth_methods_supported=["private_key_jwt"]), 503, "does not answer now"
    ),
    "a redirect": Lie(answering(elsewhere), 503, "does not answer now"),
    "an answer that is huge": Lie(answering(hugely), 503, "does not answer now"),
    "an answer that drips": Lie(answering(providers.slowly), 503, "does not answer now", within=0.5),
}


# asvs: 6.8.2, 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.2, 9.2.3, 10.5.1, 10.5.3, 10.5.4
@pytest.mark.parametrize("name", list(LIES))
def test_no_lie_lets_anybody_in(two: Two, desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lie = LIES[name]
    monkeypatch.setattr(asking, "LONGEST", lie.within)
    before = contents(desk)["people"]
    lie.how(two)
    client = two.app.test_client()
    began = time.monotonic()
    answer = get(client, "/account/through/factory-lotus")
    if answer.status_code == 303:
        answer = get(client, back(two.lotus.authorize(answer.location)))
    assert time.monotonic() - began < providers.DRIPS / 2, "it was cut"
    refused(desk, client, answer, lie.status, lie.say)
    assert contents(desk)["people"] == before


def test_other_ways_to_sign_and_new_keys_are_taken(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    for algorithm, name in (("PS256", "one"), ("ES256", "two"), ("Ed25519", "ed")):
        two.lotus.sign = lambda said, algorithm=algorithm, name=name: signed(said, algorithm, name)  # type: ignore[misc]
        assert come(two.app.test_client(), two.lotus).status_code == 200
    two.lotus.sign = lambda said: signed(said, name="three")
    two.lotus.keys = [rsa("three")]
    two.lotus.asked.clear()
    assert come(two.app.test_client(), two.lotus).status_code == 403, "they were fetched a moment ago"
    monkeypatch.setattr(provider, "ANEW", 0)
    assert come(two.app.test_client(), two.lotus).status_code == 200
    assert two.lotus.asked.count("/keys") == 1, "once more, for a key that was not known"
    assert "/.well-known/openid-configuration" not in two.lotus.asked, "it is kept for a while"


def test_the_older_name_of_the_edwards_curve_is_taken(two: Two) -> None:
    two.lotus.sign = lambda said: signed(said, "EdDSA", "ed")
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        assert come(two.app.test_client(), two.lotus).status_code == 200


# asvs: 10.1.2, 10.2.1
def test_a_state_that_is_not_ours_and_a_browser_that_began_nothing(two: Two, desk: Desk) -> None:
    client = two.app.test_client()
    there = back(two.lotus.authorize(go(client)))
    stranger = two.app.test_client()
    refused(desk, stranger, get(stranger, there), 400, "Begin again")
    wrong = re.sub(r"state=[^&]+", "state=of-somebody-else", there)
    refused(desk, client, get(client, wrong), 400, "Begin again")
    assert get(client, there).status_code == 400, "the cookie was used, and is gone"
    assert two.lotus.asked.count("/token") == 0, "nobody asked the provider for it"


def test_what_came_back_once_does_not_come_back_twice(two: Two) -> None:
    client = two.app.test_client()
    there = back(two.lotus.authorize(go(client)))
    kept = client.get_cookie(COOKIE)
    assert kept
    assert get(client, there).status_code == 200
    again = two.app.test_client()
    again.set_cookie(COOKIE, kept.value, domain="localhost", secure=True)
    two.lotus.codes["again"] = {}
    answer = get(again, there)
    assert (answer.status_code, "Begin again" in answer.text) == (400, True)
    assert two.lotus.asked.count("/token") == 1
    assert not signed_in(again)


def test_after_ten_minutes_it_is_over(two: Two, desk: Desk, clock: Clock) -> None:
    client = two.app.test_client()
    there = back(two.lotus.authorize(go(client)))
    kept = client.get_cookie(COOKIE)
    assert kept
    clock.at += timedelta(minutes=10)
    client.set_cookie(COOKIE, kept.value, domain="localhost", secure=True)
    refused(desk, client, get(client, there), 400, "Begin again")


# asvs: 10.2.2
def test_the_answer_of_one_provider_is_not_taken_for_anothers(two: Two, desk: Desk) -> None:
    two.mekong.person = {"sub": "x", "email": "factory2@demo.test", "email_verified": True}
    client = two.app.test_client()
    # It was begun at the one, and its answer is brought to the door of the other, and the other way round.
    there = back(two.lotus.authorize(go(client)))
    refused(desk, client, get(client, there.replace("factory-lotus", "factory-mekong")), 400, "Begin again")
    # The answer names another issuer than the one that was asked (RFC 9207), or none where it always names itself.
    for otherwise in (two.mekong.issuer, ""):
        there = back(two.lotus.authorize(go(client)))
        mixed = re.sub(r"&iss=[^&]+", f"&iss={otherwise}" if otherwise else "", there)
        refused(desk, client, get(client, mixed), 403, "does not show who you are")
    # One provider speaks in the name of the other.
    two.lotus.claims = {"iss": two.mekong.issuer, "aud": "house-at-mekong", "sub": "x"}
    refused(desk, client, come(client, two.lotus), 403, "does not show who you are")
    # A token of the other provider, signed by it, behind a code of the first.
    two.lotus.claims = {}
    assert two.lotus.asked.count("/token") == 1


def test_a_provider_that_does_not_name_itself_is_taken(two: Two) -> None:
    two.lotus.naming = False
    assert come(two.app.test_client(), two.lotus).status_code == 200


def test_whoever_says_no_there_is_told_so(two: Two, desk: Desk) -> None:
    client = two.app.test_client()
    there = back(two.lotus.authorize(go(client)))
    no = re.sub(r"code=[^&]+", "error=access_denied&error_description=%3Cscript%3E", there)
    answer = get(client, no)
    refused(desk, client, answer, 403, "does not show who you are")
    assert "script>" not in answer.text.replace("</script>", "").replace("defer></script>", ""), (
        "its words are not shown"
    )


def test_a_provider_that_is_down(two: Two, desk: Desk) -> None:
    with providers.running("gone") as gone:
        pass
    desk.providers["factory-lotus"].issuer = gone.issuer
    client = two.app.test_client()
    refused(desk, client, get(client, "/account/through/factory-lotus"), 503, "does not answer now")
    assert get(client, "/account/sign-in").status_code == 200, "the way by the password does not ask it"


def test_a_slow_provider_does_not_hold_every_thread(two: Two, desk: Desk) -> None:
    client = two.app.test_client()
    for _ in range(provider.AT_ONCE):
        assert desk.providers["factory-lotus"]._waiting.acquire(blocking=False)
    refused(desk, client, get(client, "/account/through/factory-lotus"), 503, "does not answer now")


def leaves(desk: Desk) -> None:
    staffing.leave(desk, viewer("sarin"), "lotus-hr", "factory-lotus")


def closed(desk: Desk) -> None:
    staffing.deactivate(desk, viewer("sarin"), "lotus-hr")


def another_too(desk: Desk) -> None:
    staffing.belong(desk, viewer("sarin"), "lotus-hr", "factory-angkor")


@pytest.mark.parametrize("what", [leaves, closed, another_too])
@pytest.mark.parametrize("known", [True, False])
def test_whom_the_organisation_can_no_more_vouch_for(
    two: Two, desk: Desk, what: Callable[[Desk], None], known: bool
) -> None:
    first = two.app.test_client()
    if known:
        assert come(first, two.lotus).status_code == 200
    what(desk)
    client = two.app.test_client()
    answer = come(client, two.lotus)
    assert (answer.status_code, "No account here can be opened" in words(answer.text)) == (403, True)
    assert not signed_in(client)
    assert not signed_in(first), "what was opened through it ends with it"
    assert len(contents(desk)["bindings"]) == known


def test_whoever_is_invited_accepts_the_invitation_first(two: Two, desk: Desk) -> None:
    with desk.store.write() as tx:
        setup.add_person(tx, rows.Person("new", "new@lotus.test", "New", "en", None, False, False))
        setup.add_member(tx, "new", "factory-lotus", "")
    two.lotus.person = {"sub": "new", "email": "new@lotus.test", "email_verified": True}
    client = two.app.test_client()
    refused(desk, client, come(client, two.lotus), 403, "accept it with the link in the letter")


# asvs: 6.8.4
@pytest.mark.parametrize(("who", "body"), [("sophea", "office-kh"), ("sarin", "office-kh"), ("e3", "factory-lotus")])
def test_officers_administrators_and_judges_come_in_only_with_a_second_step(
    two: Two, desk: Desk, clock: Clock, who: str, body: str
) -> None:
    with desk.store.write() as tx:
        factors.remove_all(tx, who, *factors.STEPS)
        setup.remove_member(tx, who, "factory-tonle")
        setup.remove_member(tx, who, body)
        setup.add_member(tx, who, body, "")
        mail = next(row.mail for row in tx.execute(people.select().where(people.c.id == who)))
    there = two.office if body == "office-kh" else two.lotus
    there.person = {"sub": who, "email": mail, "email_verified": True}
    client = two.app.test_client()
    refused(desk, client, come(client, there, body), 403, "needs a second step here")
    phone, _ = enrol(Staff(two.app, who), clock)
    assert "url=/account/second" in come(client, there, body).text
    assert second(client, phone.next()).status_code == 303
    assert signed_in(client)


# asvs: 6.8.1, 10.5.2
def test_nobody_is_two_people_there_and_nobody_there_is_two_people_here(two: Two, desk: Desk) -> None:
    assert come(two.app.test_client(), two.lotus).status_code == 200
    two.lotus.person = {**LOTUS, "sub": "another-1"}  # whoever manages addresses there gives them to somebody else
    client = two.app.test_client()
    answer = come(client, two.lotus)
    assert (answer.status_code, "ask an administrator to unbind it" in words(answer.text)) == (403, True)
    with desk.store.write() as tx:
        setup.remove_member(tx, "mekong-hr", "factory-mekong")
        setup.add_member(tx, "mekong-hr", "factory-lotus", "")
    two.lotus.person = {"sub": "vuthy-1", "email": "factory2@demo.test", "email_verified": True}
    assert come(client, two.lotus).status_code == 200
    assert {row[2] for row in contents(desk)["bindings"]} == {"lotus-hr"}, "still the one that it was"


def test_an_administrator_unbinds_after_a_page_that_says_what_follows(two: Two, desk: Desk) -> None:
    client = two.app.test_client()
    come(client, two.lotus)
    admin = Staff(two.app, "sarin")
    assert "Signs in through Lotus Stitch Co., Ltd. Unbind it" in admin.read("/account/people/lotus-hr")
    assert "through Lotus Stitch Co., Ltd." in admin.read("/account/people/lotus-hr/sign-ins")
    assert "ends at once" in admin.read("/account/people/lotus-hr/through/factory-lotus")
    assert signed_in(client), "a look changes nothing"
    done = admin.send("/account/people/lotus-hr/through/factory-lotus")
    assert done.location == "/account/people/lotus-hr?done=unbound"
    assert contents(desk)["bindings"] == []
    assert not signed_in(client)
    assert admin.get("/account/people/lotus-hr/through/factory-lotus").status_code == 404
    assert {row[3] for row in contents(desk)["deeds"]} >= {"bound", "unbound"}
    assert [row for row in contents(desk)["outbox"] if "through" in str(row)], "they are told"


def test_nothing_of_it_stands_in_a_log(
    two: Two, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = two.app.test_client()
    there = back(two.lotus.authorize(go(client)))
    get(client, there)
    two.mekong.claims = {"nonce": "wrong"}
    there += back(two.mekong.authorize(go(two.app.test_client(), "factory-mekong")))
    come(two.app.test_client(), two.mekong, "factory-mekong")
    said = "".join(capsys.readouterr()) + caplog.text
    assert "/account/through/<body>/back" in said
    assert "signing in through factory-mekong failed" in said
    secret = [*re.findall(r"(?:code|state)=([^&]+)", there), "factory@demo", "vuthy-1", "nobody-", providers.SECRET]
    assert [one for one in secret if one in said] == []
    assert providers.SECRET not in repr(makers.desk_of(two.app).providers)


def test_planted_a_house_that_believes_any_address_is_found(
    two: Two, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rule of the seat, who runs one factory's provider would come in as another factory's."""
    two.lotus.person = {"sub": "x", "email": "factory2@demo.test", "email_verified": True}
    lotus = rows.Body("factory-lotus", "factory", "employers", "Lotus")
    monkeypatch.setattr(rows, "bodies_of", lambda *_: (lotus,))
    client = two.app.test_client()
    assert come(client, two.lotus).status_code == 200
    assert signed_in(client)
