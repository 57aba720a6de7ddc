"""The gate: a request that our page did not make writes nothing, cookies and answers are closed, and sessions end."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import people
from grievance.core.errors import Busy, GrievanceError
from grievance.demo import cast
from grievance.web import answering, gate
from grievance.web.answering import HEADERS
from grievance.web.gate import ANYBODY, needs
from tests.makers import Clock, Story, contents, page_token
from tests.web.staff import BASE, Staff

MAIL = "officer@demo.test"
SILENT = ("sessions", "throttle")
"""Tables that a request may touch before it is refused: when a session was seen last."""


ARGUMENTS = {
    "of": "AAAA-BBBB",
    "way": "retire",
    "other": "AAAA-BBBB",
    "move": "acknowledge",
    "no": "1",
    "cluster": "00" * 8,
    "session_id": "00" * 32,
    "token": "00" * 32,
    "step_id": "00" * 16,
    "code": "KH-0412",
    "programme": "kh",
    "programme_id": "kh",
    "body_id": "brand-north",
    "body": "office-kh",
    "person": "rith",
    "function": "panel",
    "what": "close",
    "how": "printed",
    "step": "agreed",
}
"""What stands in the addresses of the routes, beside the reference of a case."""


def post(client: FlaskClient, address: str, data: dict[str, str], **headers: str) -> TestResponse:
    return client.post(address, base_url=BASE, data=data, headers=headers)


def written(desk: Desk) -> dict[str, Any]:
    return {name: rows for name, rows in contents(desk).items() if name not in SILENT}


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk)


def bearer(app: Flask, story: Story) -> tuple[FlaskClient, str]:
    """A browser in which the receipt was shown, and its page token."""
    client = app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)
    assert post(client, "/follow", {"page_token": token, "number": story.receipt}).status_code == 303
    return client, token


# --- Where a request comes from ---------------------------------------------------------------------------------------


def unsafe(app: Flask, story: Story) -> list[tuple[str, str]]:
    """(need, address) of every route that writes and carries no ticket."""
    views: dict[str, Any] = app.view_functions
    arguments = ARGUMENTS | {"ref": story.ref}
    found = []
    for rule in app.url_map.iter_rules():
        view = views[rule.endpoint]
        if "POST" in (rule.methods or set()) and not view.ticket:
            unknown = rule.arguments - set(arguments)
            assert not unknown, f"{rule.rule} takes {unknown}: teach this test to fill it in"
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: arguments[name[1]], rule.rule)
            found.append((view.need, address))
    return found


def forged(app: Flask, story: Story, need: str) -> tuple[FlaskClient, str, list[tuple[dict[str, str], dict[str, str]]]]:
    """A browser that may come in, its true token, and requests that its pages did not make."""
    if need == gate.BEARER:
        client, token = bearer(app, story)
    elif need in (gate.PERSON, gate.ADMINISTRATOR):
        client = Staff(app, "sophea" if need == gate.PERSON else "sarin").client
        token = page_token(client.get("/account", base_url=BASE).text)
    else:
        client = app.test_client()
        token = page_token(client.get("/follow", base_url=BASE).text)
    other = page_token(app.test_client().get("/follow", base_url=BASE).text)
    damaged = token[:-1] + ("0" if token[-1] != "0" else "1")
    whole = {"greeting": "x", "seen": str(story.view("officer").seq), "message": "x", "note": "x", "person": "rith"}
    whole |= {"number": story.receipt, "mail": MAIL, "password": cast.PASSWORD}
    return (
        client,
        token,
        [
            (whole, {}),
            ({**whole, "page_token": ""}, {}),
            ({**whole, "page_token": "zz"}, {}),
            ({**whole, "page_token": "\u17e1" * 128}, {}),
            ({**whole, "page_token": damaged}, {}),
            ({**whole, "page_token": other}, {}),
            ({**whole, "page_token": "00" * 64}, {}),
            ({**whole, "page_token": token}, {"Sec-Fetch-Site": "cross-site"}),
            ({**whole, "page_token": token}, {"Sec-Fetch-Site": "same-site"}),
        ],
    )


def check_forgeries(app: Flask, desk: Desk, story: Story) -> int:
    """Every forged request to every unsafe route is refused and writes nothing; returns how many there were."""
    before, count = written(desk), 0
    for need in (gate.ANYBODY, gate.BEARER, gate.PERSON, gate.ADMINISTRATOR):
        client, _, requests = forged(app, story, need)
        for address in (address for declared, address in unsafe(app, story) if declared == need):
            for data, headers in requests:
                answer = post(client, address, data, **headers)
                assert answer.status_code == 400, (address, headers, data.get("page_token"))
                count += 1
    assert written(desk) == before
    return count


# asvs: 3.5.1
def test_what_our_page_did_not_send_is_refused(app: Flask, desk: Desk, story: Story) -> None:
    assert check_forgeries(app, desk, story) >= 9 * 10


def test_with_the_token_of_the_page_it_is_let_in(app: Flask, story: Story) -> None:
    client, token, requests = forged(app, story, gate.PERSON)
    whole = requests[0][0] | {"page_token": token}
    for site in ("same-origin", "none"):
        address = f"/office/cases/{story.ref}/notes"
        assert post(client, address, whole, **{"Sec-Fetch-Site": site}).status_code == 303
    assert post(client, f"/office/cases/{story.ref}/notes", whole).status_code == 303, "a browser that does not say"


def test_planted_a_gate_that_does_not_look_is_found(
    app: Flask, desk: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_same_page", lambda: None)
    with pytest.raises(AssertionError):
        check_forgeries(app, desk, story)


def test_planted_a_gate_that_forgets_the_browser_is_found(
    app: Flask, desk: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One token for everybody: another browser's fits."""
    monkeypatch.setattr(gate, "_door", lambda: "one")
    fits = type(desk.vault).mac_fits
    monkeypatch.setattr(type(desk.vault), "mac_fits", lambda vault, what, _, mac: fits(vault, what, b"one", mac))
    with pytest.raises(AssertionError):
        check_forgeries(app, desk, story)


def test_a_form_without_its_ticket_files_nothing(app: Flask, desk: Desk) -> None:
    before = written(desk)
    client = app.test_client()
    complaint = {"workplace": "Lotus", "words": "Overtime"}
    for ticket in ({}, {"ticket": ""}, {"ticket": "x" * 64}, {"ticket": "A" * 64}):
        for address in ("/file", "/s/KH-0412"):
            assert post(client, address, {**complaint, **ticket}).status_code == 422
    assert written(desk) == before


# asvs: 7.2.2
def test_the_token_changes_with_the_sign_in(app: Flask) -> None:
    """A token that somebody planted before the sign-in is worth nothing after it."""
    client = app.test_client()
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    signed_in = {"page_token": token, "mail": MAIL, "password": cast.PASSWORD}
    assert post(client, "/account/sign-in", signed_in).status_code == 303
    assert post(client, "/account/sign-out", {"page_token": token}).status_code == 400


# asvs: 15.3.5
def test_odd_signs_break_nothing(app: Flask, story: Story) -> None:
    """PostgreSQL takes no NUL in a text: what carries one is not found, as anything else that nobody wrote."""
    staff, (client, token) = Staff(app, "sophea"), bearer(app, story)
    staffs = page_token(staff.get("/account").text)
    odd = ("%00", "a%00b", "%EF%BF%BE", "%ED%A0%80", "x" * 3000)
    for sign in odd:
        for address in (f"/office/cases/{sign}", f"/office?q={sign}&lane={sign}&who={sign}&page={sign}", f"/s/{sign}"):
            assert staff.get(address).status_code < 500, address
        assert client.get(f"/case/{sign}", base_url=BASE).status_code < 500
    for sign in ("\0", "a\0b", "\ud7ff", "9" * 5000):
        sent = {"page_token": token, "mail": sign, "password": sign, "number": sign, "message": sign, "seen": sign}
        for address in ("/account/sign-in", "/follow", "/case/message", "/case/withdraw"):
            assert post(client, address, sent).status_code < 500, (address, sign)
        sent = {
            "page_token": staffs,
            "greeting": sign,
            "seen": sign,
            "note": f"x{sign}",
            "person": sign,
            "title": f"x{sign}",
        }
        sent |= {"restatement": f"x{sign}", "could_have_written": "60"}
        for address in ("acknowledge", "assign", "notes", "messages", "restate"):
            for seen in (sign, str(story.view("officer").seq)):
                answer = post(staff.client, f"/office/cases/{story.ref}/{address}", {**sent, "seen": seen})
                assert answer.status_code < 500, (address, sign)
        lists = Staff(app, "sarin")
        lists_token = page_token(lists.get("/account/sites-from-list").text)
        sent = {"page_token": lists_token, "programme": sign, "text": f"code,name\n{sign},x", "mark": sign}
        assert post(lists.client, "/account/sites-from-list", sent).status_code < 500, sign
    assert story.view("officer").restatement, "the odd words arrived"


def test_a_nul_is_nowhere_in_what_is_read(app: Flask) -> None:
    """Whichever page reads it, and whether or not it cleans what it reads."""
    parts = {"words": "a\0b", "more": ["\0", "x"]}
    for data in (parts, {**parts, "file": (BytesIO(b"a\0b"), "a.csv")}):
        with app.test_request_context("/?q=a%00b&q=%00", method="POST", data=data):
            assert request.args.getlist("q") == ["ab", ""]
            assert [value for _, value in request.form.items(multi=True)] == ["ab", "", "x"]


# --- Cookies and headers ----------------------------------------------------------------------------------------------


def cookie_faults(response: TestResponse) -> list[str]:
    """What is wrong with the cookies that an answer sets."""
    faults = []
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            right = {"secure": True, "httponly": True, "path": "/", "domain": ""}
            faults += [f"{name}: {key} is {morsel[key]!r}" for key, value in right.items() if morsel[key] != value]
            if not name.startswith("__Host-"):
                faults.append(f"{name}: no __Host- before it")
            if morsel["samesite"] not in ("Strict", "Lax"):
                faults.append(f"{name}: SameSite is {morsel['samesite']!r}")
    return faults


# asvs: 3.3.1, 3.3.2, 3.3.3, 3.3.4, 12.2.1
def test_every_cookie_is_closed(app: Flask, story: Story) -> None:
    client = app.test_client()
    answers = [client.get("/follow?lang=km", base_url=BASE)]
    token = page_token(answers[0].text)
    answers.append(post(client, "/follow", {"page_token": token, "number": story.receipt}))
    answers.append(client.get("/case", base_url=BASE))
    answers.append(post(client, "/case/leave", {"page_token": token}))
    answers.append(post(client, "/account/sign-in", {"page_token": token, "mail": MAIL, "password": cast.PASSWORD}))
    answers.append(client.get("/account", base_url=BASE))
    answers.append(post(client, "/account/sign-out", {"page_token": page_token(answers[-1].text)}))
    answers.append(client.get("/leave", base_url=BASE))
    assert [fault for answer in answers for fault in cookie_faults(answer)] == []
    names = {line.split("=")[0] for answer in answers for line in answer.headers.getlist("Set-Cookie")}
    assert names == {"__Host-door", "__Host-receipt", "__Host-session", "__Host-language"}


def test_planted_an_open_cookie_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_set", lambda response, name, value: response.set_cookie(name.strip("_"), value))
    faults = cookie_faults(app.test_client().get("/follow", base_url=BASE))
    assert len(faults) == 4


def header_faults(answers: dict[str, TestResponse]) -> list[str]:
    """What is missing on each kind of answer."""
    faults = []
    for kind, answer in answers.items():
        faults += [f"{kind}: {name}" for name, value in HEADERS.items() if answer.headers.get(name) != value]
        kept = "immutable" in answer.headers.get("Cache-Control", "")
        if kept != kind.startswith("static") or not (kept or answer.headers.get("Cache-Control") == "no-store"):
            faults.append(f"{kind}: Cache-Control is {answer.headers.get('Cache-Control')}")
    return faults


def every_kind(app: Flask, story: Story) -> dict[str, TestResponse]:
    """One answer of every kind, with the status that it must have."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client, staff = app.test_client(), Staff(app, "sophea")

    def get(address: str, **headers: str) -> TestResponse:
        return client.get(address, base_url=BASE, headers=headers)

    page = get("/")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert sheet
    answers = {
        "page 200": page,
        "form 200": get("/file"),
        "staff 200": staff.get(f"/office/cases/{story.ref}"),
        "zipped 200": get("/file", **{"Accept-Encoding": "gzip"}),
        "missing 404": get("/nothing"),
        "hidden 404": staff.get("/office/cases/ZZZZ-ZZZZ"),
        "method 404": client.delete("/file", base_url=BASE),
        "options 200": client.options("/file", base_url=BASE),
        "head 200": client.head("/file", base_url=BASE),
        "redirect 303": get("/office"),
        "forged 400": post(client, "/follow", {"number": "1"}),
        "host 400": client.get("/", base_url="https://evil.example"),
        "large 413": post(staff.client, f"/office/cases/{story.ref}/notes", {"note": "x" * 300_000}),
        "unfilled 422": post(client, "/file", {}),
        "broken 500": get("/broken"),
        "busy 503": get("/busy"),
        "static 200": get(sheet[1]),
        "static zipped 200": get(sheet[1], **{"Accept-Encoding": "gzip"}),
        "static icon 204": get("/favicon.ico"),
        "no such file 404": get("/static/none.css"),
    }
    for kind, answer in answers.items():
        assert answer.status_code == int(kind[-3:]), kind
        assert "evil.example" not in answer.text if "zipped" not in kind else True
    assert b"</html>" in gzip.decompress(answers["zipped 200"].data)
    return answers


@pytest.fixture
def breaking(app: Flask) -> Flask:
    """The app with two pages that break."""

    def broken() -> str:
        raise ZeroDivisionError("secret of the broken page")

    def busy() -> str:
        raise Busy

    app.add_url_rule("/broken", "broken", needs(ANYBODY)(broken))
    app.add_url_rule("/busy", "busy", needs(ANYBODY)(busy))
    return app


# asvs: 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 14.2.2, 14.3.2
def test_every_kind_of_answer_is_closed(breaking: Flask, story: Story) -> None:
    answers = every_kind(breaking, story)
    assert header_faults(answers) == []
    assert "secret of the broken page" not in answers["broken 500"].text
    for name in ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*", "data:"):
        assert name not in HEADERS["Content-Security-Policy"]


def test_planted_an_undressed_answer_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    for name in HEADERS:
        with monkeypatch.context() as patch:
            patch.setattr(answering, "HEADERS", {n: value for n, value in HEADERS.items() if n != name})
            page = client.get("/", base_url=BASE)
            assert header_faults({"page": page}) == [f"page: {name}"]
    dressed = app.after_request_funcs[None]
    monkeypatch.setitem(app.after_request_funcs, None, [one for one in dressed if one is not answering._dress])
    kinds = {kind: client.get(address, base_url=BASE) for kind, address in (("page", "/"), ("error", "/nothing"))}
    assert len(header_faults(kinds)) == 2 * (len(HEADERS) + 1)


# --- Signing in -------------------------------------------------------------------------------------------------------


def tries(desk: Desk, *passwords: str, mail: str = MAIL) -> list[str]:
    """How each try ended."""
    ended = []
    for password in passwords:
        try:
            people.sign_in(desk, mail, password)
        except GrievanceError as error:
            ended.append(type(error).__name__)
        else:
            ended.append("in")
    return ended


WRONG = ["WrongPassword"] * people.FREE_TRIES


# asvs: 6.3.1
@pytest.mark.parametrize("mail", [MAIL, "nobody@demo.test"])
def test_after_a_few_wrong_passwords_one_must_wait(desk: Desk, clock: Clock, mail: str) -> None:
    """For an address that nobody has it is the same: the answers do not tell who has an account."""
    right = cast.PASSWORD if mail == MAIL else "wrong"
    assert tries(desk, *["wrong"] * 5, right, right, mail=mail) == [*WRONG, "TooMany", "TooMany"]
    assert tries(desk, cast.PASSWORD, mail="officer2@demo.test") == ["in"], "others are not held up"
    clock.at += timedelta(seconds=9)
    assert tries(desk, "wrong", right, mail=f" {mail.upper()} ") == ["WrongPassword", "TooMany"], "the wait grows"
    clock.at += timedelta(seconds=9)
    assert tries(desk, right, mail=mail) == ["TooMany"]
    clock.at += timedelta(seconds=people.LONGEST_WAIT)
    assert tries(desk, right, mail=mail) == ["in" if mail == MAIL else "WrongPassword"]
    if mail == MAIL:
        assert tries(desk, *["wrong"] * 5, right) == [*WRONG, "TooMany"], "who got in begins anew"


def test_the_page_says_how_long_to_wait(app: Flask) -> None:
    client = app.test_client()
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    data = {"page_token": token, "mail": MAIL, "password": "wrong"}
    codes = [post(client, "/account/sign-in", data).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert re.search(r"Wait \d seconds", post(client, "/account/sign-in", data, **{"Accept-Language": "en"}).text)


# asvs: 6.3.1
def test_many_tries_at_once_are_no_more_tries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty requests at the same moment: each is counted before its password is looked at."""
    looked: list[str] = []

    def look(_: str | None, password: str) -> bool:
        looked.append(password)
        return False

    monkeypatch.setattr(people, "password_fits", look)
    with ThreadPoolExecutor(8) as crowd:
        ended = Counter(
            ended for found in crowd.map(lambda no: tries(desk, f"guess {no}"), range(40)) for ended in found
        )
    assert ended == {"WrongPassword": people.FREE_TRIES, "TooMany": 40 - people.FREE_TRIES}
    assert len(looked) == people.FREE_TRIES


def test_planted_without_the_throttle_every_try_is_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "FREE_TRIES", 10**6)
    assert tries(desk, *["wrong"] * 8) == ["WrongPassword"] * 8


# --- Sessions ---------------------------------------------------------------------------------------------------------


def is_in(browser: Staff) -> bool:
    answer = browser.get("/account")
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


def check_idle(browser: Staff, clock: Clock) -> None:
    clock.at += people.IDLE - timedelta(minutes=1)
    assert is_in(browser)
    clock.at += people.IDLE + timedelta(minutes=1)
    assert not is_in(browser)


def check_age(browser: Staff, clock: Clock) -> None:
    end = clock.at + people.LONGEST
    while clock.at < end:
        clock.at += timedelta(minutes=20)
        if clock.at < end:
            assert is_in(browser), "somebody at work is not thrown out"
    clock.at += timedelta(minutes=1)
    assert not is_in(browser)


# asvs: 7.3.1
def test_a_session_ends_when_nobody_uses_it(app: Flask, clock: Clock) -> None:
    check_idle(Staff(app, "sophea"), clock)


# asvs: 7.3.2
def test_a_session_ends_after_half_a_day_of_work(app: Flask, clock: Clock) -> None:
    check_age(Staff(app, "sophea"), clock)


@pytest.mark.parametrize("guard", ["IDLE", "LONGEST"])
def test_planted_a_session_without_end_is_found(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    browser, check = Staff(app, "sophea"), {"IDLE": check_idle, "LONGEST": check_age}[guard]
    known = getattr(people, guard)
    whois = people.whois

    def endless(desk: Desk, token: str) -> object:
        monkeypatch.setattr(people, guard, timedelta(days=1000))
        try:
            return whois(desk, token)
        finally:
            monkeypatch.setattr(people, guard, known)

    monkeypatch.setattr(people, "whois", endless)
    with pytest.raises(AssertionError):
        check(browser, clock)


# asvs: 7.4.1
def test_a_session_that_is_ended_elsewhere_ends_at_once(app: Flask, desk: Desk) -> None:
    here, lost = Staff(app, "sophea"), Staff(app, "sophea")
    ours = here.client.get_cookie("__Host-session")
    assert ours
    both = re.findall(r"/account/sessions/([0-9a-f]{64})", here.get("/account").text)
    token = page_token(here.get("/account").text)
    for session in both:
        with desk.store.read() as tx:
            kept = tx.execute(text("SELECT count(*) FROM sessions")).scalar_one()
        if kept == 1:
            break
        post(here.client, f"/account/sessions/{session}", {"page_token": token})
    assert [is_in(here), is_in(lost)].count(True) == 1


def test_signing_out_ends_the_session_in_the_database(app: Flask) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    browser = Staff(app, "sophea")
    cookie = browser.client.get_cookie("__Host-session")
    assert cookie
    browser.send("/account/sign-out", on="/account")
    thief = app.test_client()
    thief.set_cookie("__Host-session", cookie.value, domain="localhost", secure=True)
    assert thief.get("/account", base_url=BASE).status_code == 303


def test_whoever_loses_the_account_is_out_at_once(app: Flask, desk: Desk) -> None:
    browser = Staff(app, "sophea")
    assert is_in(browser)
    with desk.store.write() as tx:
        tx.execute(text("UPDATE people SET active = false WHERE id = 'sophea'"))
    assert not is_in(browser)
    assert tries(desk, cast.PASSWORD) == ["WrongPassword"]


# asvs: 7.2.1
def test_a_forged_session_cookie_is_nobody(app: Flask) -> None:
    browser = Staff(app, "sophea")
    cookie = browser.client.get_cookie("__Host-session")
    assert cookie
    for value in (cookie.value[:-3] + "abc", "x", "", cookie.value.swapcase()):
        browser.client.set_cookie("__Host-session", value, domain="localhost", secure=True)
        assert not is_in(browser)


# --- The session of a receipt -----------------------------------------------------------------------------------------


# asvs: 9.2.1
def test_a_receipt_opens_for_a_quarter_of_an_hour(app: Flask, story: Story, clock: Clock) -> None:
    client, _ = bearer(app, story)
    clock.at += timedelta(minutes=14)
    assert client.get("/case", base_url=BASE).status_code == 200
    clock.at += timedelta(minutes=14)
    assert client.get("/case", base_url=BASE).status_code == 200, "each page gives another quarter of an hour"
    clock.at += timedelta(minutes=16)
    assert client.get("/case", base_url=BASE).status_code == 303


def test_planted_a_receipt_session_without_end_is_found(
    app: Flask, story: Story, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "RECEIPT_MINUTES", 10**6)
    client, _ = bearer(app, story)
    clock.at += timedelta(minutes=46)
    assert client.get("/case", base_url=BASE).status_code == 200


def test_a_damaged_receipt_cookie_opens_nothing(app: Flask, desk: Desk, story: Story) -> None:
    client, _ = bearer(app, story)
    cookie = client.get_cookie("__Host-receipt")
    assert cookie
    other = desk.vault.seal_cookie("other", (2**62).to_bytes(8, "big") + b"x" * 64)
    for value in (cookie.value[:-4] + "AAAA", "x", cookie.value[: len(cookie.value) // 2], other):
        client.set_cookie("__Host-receipt", value, domain="localhost", secure=True)
        assert client.get("/case", base_url=BASE).status_code == 303


LONG = "A restatement that took forty minutes.\nIts <b>second</b> line."


def lost(app: Flask, story: Story, cookies: tuple[str, ...], **headers: str) -> TestResponse:
    """What an officer reads who sends a note after these cookies have gone."""
    staff = Staff(app, "sophea")
    case = f"/office/cases/{story.ref}"
    sent = {"page_token": page_token(staff.get(case).text), "note": LONG, "once": "x"}
    for name in cookies:
        staff.client.delete_cookie(name, domain="localhost")
    return post(staff.client, f"{case}/notes", sent, **{"Accept-Language": "en", **headers})


@pytest.mark.parametrize(
    ("cookies", "status", "heading"),
    [
        (("__Host-session",), 403, "You are signed out"),
        (("__Host-session", "__Host-door"), 400, "This page was open for too long"),
    ],
)
def test_what_was_written_is_on_the_page_that_does_not_take_it(
    app: Flask, desk: Desk, story: Story, cookies: tuple[str, ...], status: int, heading: str
) -> None:
    before = written(desk)
    answer = lost(app, story, cookies, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in answer.text
    assert answer.text.count(heading) == len(["title", "h1"]), "it is said once"
    assert "A restatement that took forty minutes.\nIts &lt;b&gt;second&lt;/b&gt; line." in answer.text
    assert ("Sign in on another page" in answer.text) == (status == 403)
    assert written(desk) == before


def test_a_page_that_was_open_for_too_long_is_one_press_away(client: FlaskClient) -> None:
    """Beside what was typed, where there is any; whatever has no page of its own offers none."""
    same = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    reopened = '<a class="btn go" href="/follow">Open the page again</a>'
    assert reopened in post(client, "/follow", {"number": "1"}, **same).text
    assert "Open the page again</a>" not in post(client, "/case/message", {"message": "One line."}, **same).text
    kept = post(client, "/case/withdraw", {"own_words": "One line."}, **same).text
    assert 'href="/case/withdraw" target="_blank"' in kept
    assert "One line." in kept


def test_no_other_site_puts_words_on_our_page(app: Flask, story: Story) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        answer = lost(app, story, ("__Host-session",), **headers)
        assert answer.status_code in (303, 400)
        assert "forty minutes" not in answer.text
