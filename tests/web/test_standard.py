"""What the OWASP ASVS asks of every page and no other test looks at (docs/asvs.md)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import anchoring, people
from grievance.casework.showing import standing
from grievance.demo import cast
from grievance.store import sessions as sign_ins
from grievance.vault import Signer, token_hash
from grievance.web import gate
from tests import makers
from tests.casework.test_anchoring import look
from tests.makers import Clock, Story, contents, page_token
from tests.web.staff import BASE, Staff, words
from tests.web.test_gate import ARGUMENTS, MAIL, bearer

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}${7*7}"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk)


def some(app: Flask, story: Story) -> list[TestResponse]:
    """An answer of each kind: pages, files, errors, redirects, a page for machines."""
    client, staff = app.test_client(), Staff(app, "sophea")
    addresses = ("/", "/file", "/nothing", "/office", "/record", "/record.json", "/healthz", "/favicon.ico")
    found = [client.get(address, base_url=BASE) for address in addresses]
    found.append(client.get("/nothing", base_url=BASE, headers={"Accept": "application/json"}))
    found += [staff.get(f"/office/cases/{ref}") for ref in (story.ref, "ZZZZ-ZZZZ")]
    return [*found, client.post("/follow", base_url=BASE), client.get("/", base_url="https://evil.example")]


def raw(page: str) -> list[str]:
    """What would run of the hostile text, had it not been encoded."""
    return re.findall(r"<script>alert|<img src=x|onerror=alert\(2\)>(?!\{\{)|>49<", page)


# asvs: 1.1.2, 1.2.1, 3.2.2
def test_what_somebody_writes_is_shown_and_never_run(app: Flask, desk: Desk, story: Story) -> None:
    client, token = bearer(app, story)
    sent = {"page_token": token, "message": HOSTILE, "seen": str(story.view("complainant").seq), "key": "k"}
    assert client.post("/case/message", base_url=BASE, data=sent).status_code == 303
    officer, admin = Staff(app, "sophea"), Staff(app, "sarin")
    officer.send(f"/office/cases/{story.ref}/notes", f"/office/cases/{story.ref}", note=HOSTILE)
    admin.send("/account/bodies/brand-north", name=HOSTILE[:80], side="brands")
    pages = [
        client.get("/case", base_url=BASE).text,
        officer.get(f"/office/cases/{story.ref}").text,
        officer.get(f"/office?q={HOSTILE}").text,
        admin.get("/account/bodies").text,
        admin.get("/account/record").text,
    ]
    assert [raw(page) for page in pages] == [[]] * len(pages)
    assert sum("alert(1)" in words(page) for page in pages) >= 4, "it is read as it was written"


def test_planted_a_text_that_is_not_encoded_is_found() -> None:
    assert raw(f"<p>{HOSTILE}</p>")


# asvs: 3.4.1
def test_a_year_of_https_for_every_name_below(client: FlaskClient) -> None:
    said = client.get("/", base_url=BASE).headers["Strict-Transport-Security"]
    assert int(re.findall(r"max-age=(\d+)", said)[0]) >= timedelta(days=365).total_seconds()
    assert "includeSubDomains" in said


# asvs: 3.4.3, 3.4.4, 3.4.5, 3.4.6
def test_each_answer_says_literally_what_it_must(app: Flask, story: Story) -> None:
    """Written down here once more: a header that is taken out of the list would be missed by nobody else."""
    plain = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    for answer in some(app, story):
        assert {name: answer.headers.get(name) for name in plain} == plain, answer.request.path
        said = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert said == policy, answer.request.path


# asvs: 3.4.2
def test_no_other_origin_is_let_in(app: Flask, client: FlaskClient, story: Story) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = client.open("/file", method=method, base_url=BASE, headers=asked)
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    assert all("Access-Control-Allow-Origin" not in answer.headers for answer in some(app, story))


# asvs: 4.1.1
def test_every_text_says_its_charset(app: Flask, story: Story) -> None:
    for answer in some(app, story):
        said = answer.headers.get("Content-Type", "")
        assert "charset=utf-8" in said or not said.startswith("text/"), answer.request.path
        assert said or not answer.data, answer.request.path


# asvs: 13.4.4
def test_methods_that_are_not_ours_are_refused(app: Flask, client: FlaskClient) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "PUT", "PATCH", "PROPFIND"):
        for address in ("/", "/file", "/account/sign-in", "/office"):
            assert client.open(address, method=method, base_url=BASE).status_code == 404, (method, address)
    assert {method for rule in app.url_map.iter_rules() for method in rule.methods or ()} == {
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
    }


# asvs: 3.5.3
def test_reading_changes_nothing(app: Flask, desk: Desk, story: Story) -> None:
    """Every address by GET, by whoever may read it: no row of a case or an account is another one."""
    client, _ = bearer(app, story)
    browsers = [client, *(Staff(app, person).client for person in ("sophea", "sarin", "w1", "lotus-hr"))]
    kept = ("sessions", "challenges", "halves")
    before = {name: rows for name, rows in contents(desk).items() if name not in kept}
    views: dict[str, Any] = app.view_functions
    for rule in app.url_map.iter_rules():
        address = re.sub(
            r"<(?:\w+:)?(\w+)>", lambda name: (ARGUMENTS | {"ref": story.ref}).get(name[1], "x"), rule.rule
        )
        if "GET" in (rule.methods or ()) and views[rule.endpoint].need != gate.ANYBODY:
            for browser in browsers:
                assert browser.get(address, base_url=BASE).status_code < 500, address
    after = {name: rows for name, rows in contents(desk).items() if name not in kept}
    assert {name for name in after if after[name] != before[name]} == set()


# asvs: 4.1.3
def test_what_a_proxy_sets_is_believed_only_behind_one(
    client: FlaskClient, keys: Path, tmp_path: Path, founded: Path
) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
    assert client.get("/", base_url=BASE, headers=forged).status_code == 200
    behind = makers.house(
        tmp_path / "behind", f"sqlite:///{founded / 'grievance.sqlite'}", None, GRIEVANCE_KEYS=str(keys),
        GRIEVANCE_PROXIES="1", GRIEVANCE_TRUSTED_HOSTS="localhost",
    ).test_client()  # fmt: skip
    assert behind.get("/", base_url=BASE, headers=forged).status_code == 400, "a name that is not ours"
    assert behind.get("/", base_url=BASE, headers={"X-Forwarded-Host": "localhost"}).status_code == 200


# asvs: 5.3.2, 13.2.5, 13.4.1, 13.4.3
def test_no_address_leads_out_of_the_folder_of_static_files(client: FlaskClient) -> None:
    for name in (
        "",
        "..",
        "../wsgi.py",
        "..%2fwsgi.py",
        "%2e%2e/config.py",
        "/etc/passwd",
        "..\\config.py",
        ".git/HEAD",
    ):
        for folder in ("/static/", "/"):
            answer = client.get(f"{folder}{name}", base_url=BASE)
            assert answer.status_code == 404 or (folder, name) in (("/", ""), ("/", "..")), (folder, name)
    for address in ("/.git/config", "/.env", "/wsgi.py", "/templates/layout.html", "/workflows/"):
        assert client.get(address, base_url=BASE).status_code == 404, address


# asvs: 6.2.6, 6.2.7, 6.4.2
def test_fields_of_passwords_are_masked_and_can_be_pasted_into(app: Flask) -> None:
    officer = Staff(app, "sophea")
    stranger = app.test_client()
    pages = {
        "sign-in": stranger.get("/account/sign-in", base_url=BASE).text,
        "password": officer.get("/account/password").text,
    }
    for name, page in pages.items():
        fields = re.findall(r'<input[^>]*name="(?:password|old|new)"[^>]*>', page)
        assert fields, name
        for field in fields:
            assert 'type="password"' in field
            assert "maxlength" not in field or int(re.findall(r'maxlength="(\d+)"', field)[0]) >= 64
            assert "autocomplete=" in field
            assert 'autocomplete="off"' not in field
        assert not re.search(r"onpaste|hint of your password|secret question", page)


# asvs: 6.2.10
def test_a_password_does_not_grow_old(app: Flask, desk: Desk, clock: Clock) -> None:
    clock.pass_days(3000)
    assert people.sign_in(desk, MAIL, cast.PASSWORD).whole


# asvs: 7.2.3
def test_a_session_is_256_random_bits(desk: Desk) -> None:
    tokens = {people.sign_in(desk, MAIL, cast.PASSWORD).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens), "32 bytes, URL-safe"
    with desk.store.read() as tx:
        assert all(sign_ins.session(tx, token_hash(token)) for token in tokens)


# asvs: 7.4.4
def test_every_page_of_staff_has_a_way_out(app: Flask, story: Story) -> None:
    officer, admin = Staff(app, "sophea"), Staff(app, "sarin")
    pages = [officer.get(a) for a in ("/office", f"/office/cases/{story.ref}", "/account", "/office/procedures")]
    pages += [admin.get(a) for a in ("/account/administration", "/account/people")]
    assert all('action="/account/sign-out"' in page.text for page in pages)


# asvs: 15.3.3
def test_a_field_that_was_not_asked_for_changes_nothing(app: Flask, desk: Desk) -> None:
    officer = Staff(app, "sophea")
    page = officer.get("/account/name").text
    more = {"administrator": "1", "mail": "evil@example.org", "active": "0", "id": "sarin", "bodies": "office-kh"}
    sent = {"page_token": page_token(page), "name": "Sophea", "language": "en", **more}
    assert officer.client.post("/account/name", base_url=BASE, data=sent).status_code == 303
    assert Staff(app, "sophea").get("/account/administration").status_code == 404
    assert officer.get("/account").status_code == 200
    assert people.sign_in(desk, MAIL, cast.PASSWORD).whole, "the address is what it was"


# asvs: 15.3.7
def test_a_parameter_in_the_wrong_place_is_none(app: Flask) -> None:
    """What a form must carry counts in no address, and what comes twice counts once."""
    stranger = app.test_client()
    token = page_token(stranger.get("/account/sign-in", base_url=BASE).text)
    address = f"/account/sign-in?page_token={token}&mail={MAIL}&password={cast.PASSWORD}"
    assert stranger.post(address, base_url=BASE).status_code == 400, "a token in the address is none"
    assert stranger.post(address, base_url=BASE, data={"page_token": token}).status_code == 422
    twice = f"page_token={token}&mail=nobody@demo.test&mail={MAIL}&password=x&password={cast.PASSWORD}"
    kind = "application/x-www-form-urlencoded"
    assert stranger.post("/account/sign-in", base_url=BASE, data=twice, content_type=kind).status_code == 422


def test_the_administrator_reads_that_the_record_was_not_signed(
    app: Flask, desk: Desk, clock: Clock, keys: Path
) -> None:
    assert standing.overdue(desk) is None, "a house that no clock has looked at owes none"
    look(desk)
    clock.pass_days(2)
    look(desk)
    assert "The record was not signed." in Staff(app, "sarin").read("/account/administration")
    signer = Signer.open(keys)
    assert signer
    assert anchoring.anchor(desk, signer)
    assert "not signed" not in Staff(app, "sarin").read("/account/administration")
    clock.pass_days(1 / 4)
    assert standing.overdue(desk) is None, "the next one is not due yet"
