"""The pages of administrators: they alone see them, forms keep what was typed, and what is said to happen happens."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from grievance.casework import delivering
from grievance.casework.desk import Desk
from grievance.casework.house import furnishing, inviting, recording, staffing
from grievance.demo import cast
from grievance.notices import Notice
from grievance.store import bindings
from grievance.web import gate
from grievance.web.gate import ADMINISTRATOR
from tests import makers
from tests.makers import contents, page_token
from tests.web.staff import BASE, Staff, words

ADMIN = makers.viewer("sarin")
PASSWORD = "ricefield lantern ninety"
HUGE = "ក" * 60_000
ARGUMENTS = {
    "programme_id": "kh",
    "body_id": "brand-north",
    "body": "office-kh",
    "code": "KH-0412",
    "person": "sophea",
    "what": "close",
    "function": "panel",
    "way": "retire",
    "session_id": "00",
}


def rules(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of every route of administrators."""
    views: dict[str, Any] = app.view_functions
    found = []
    for rule in app.url_map.iter_rules():
        if views[rule.endpoint].need == ADMINISTRATOR:
            address = re.sub(r"<(\w+)>", lambda m: ARGUMENTS[m[1]], rule.rule)
            address = address.replace("/off/sophea/", "/off/w1/")
            found += [(method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def ask(staff: Staff, method: str, address: str, token: str) -> TestResponse:
    data = {"page_token": token} if method == "POST" else None
    return staff.client.open(address, method=method, base_url=BASE, data=data, headers={"Accept-Language": "en"})


def send(staff: Staff, address: str, **answers: Any) -> TestResponse:
    """A form that may answer with several values, or a file."""
    token = page_token(staff.get(address).text)
    many = MultiDict([("page_token", token)])
    for name, value in answers.items():
        many.setlist(name, value if isinstance(value, list) else [value])
    return staff.client.post(address, base_url=BASE, data=many, headers={"Accept-Language": "en"})


# asvs: 8.2.1
def test_only_administrators_find_these_pages(app: Flask, desk: Desk) -> None:
    asked = rules(app)
    assert len(asked) > 25
    outsiders = ("sophea", "chan", "w1", "n1", "lotus-hr", "north-buyer")
    everybody = {person: Staff(app, person) for person in outsiders}
    tokens = {person: page_token(staff.get("/account/name").text) for person, staff in everybody.items()}
    before = {name: rows for name, rows in contents(desk).items() if name != "sessions"}
    for person, staff in everybody.items():
        missing = ask(staff, "POST", "/account/sessions/00", tokens[person])  # a thing of this door that is not there
        for method, address in asked:
            answer = ask(staff, method, address, tokens[person])
            assert (answer.status_code, answer.data) == (404, missing.data), (person, method, address)
            assert ask(staff, method, address, "").status_code == 404, "nor does a forged form tell that they exist"
        assert "/account/administration" not in staff.get("/account").text
    stranger = app.test_client()
    for method, address in asked:
        answer = stranger.open(address, method=method, base_url=BASE)
        assert answer.status_code in (303, 400), (method, address)
        assert answer.status_code == 400 or answer.location == "/account/sign-in"
    assert {name: rows for name, rows in contents(desk).items() if name != "sessions"} == before


def test_planted_a_route_for_every_person_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.view_functions["account.record"], "need", gate.PERSON)
    staff = Staff(app, "sophea")
    assert staff.get("/account/record").status_code == 404, "the verb looks too"
    monkeypatch.setattr(recording, "only", lambda _: None)
    assert staff.get("/account/record").status_code == 200


def test_an_administrator_sees_every_page(app: Flask, desk: Desk) -> None:
    with desk.store.write() as tx:
        bindings.bind(tx, "https://login.example", "1", ARGUMENTS["person"], ARGUMENTS["body"], desk.now())
    staff = Staff(app, "sarin")
    assert staff.landed == "/account/administration"
    for method, address in rules(app):
        if method == "GET":
            answer = staff.get(address)
            assert answer.status_code in (200, 303), address
            assert answer.status_code == 303 or answer.text.count("<h1") == 1, address
    for address in ("/account/programmes/no", "/account/programmes/kh/fly", "/account/bodies/no/retire",
                    "/account/sites/NO/back",
                    "/account/bodies/no", "/account/sites/NO", "/account/people/no",
                    "/account/people/sophea/fly", "/account/people/sophea/leave/brand-north", "/account/rosters/no",
                    "/account/rosters/kh/off/sophea/panel"):  # fmt: skip
        assert staff.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("address", "empty", "typed"),
    [
        ("/account/programmes/new", ["id", "title", "country", "office", "calendar"], {"title": "X", "country": "K1"}),
        ("/account/programmes/kh", ["title", "country"], {"title": "<b>X</b>", "country": "Cambodia"}),
        ("/account/bodies/new", ["name", "kind"], {"name": "X & Y", "kind": "king"}),
        ("/account/bodies/brand-north", ["name"], {"name": "Bluefield", "side": "workers"}),
        ("/account/sites/new", ["code", "name", "body"], {"code": "a b", "name": "X", "body": "brand-north"}),
        ("/account/sites/KH-0412", ["name"], {"name": "X", "body": "nobody", "buyers": "factory-lotus"}),
        ("/account/people/new", ["mail", "name"], {"mail": "no address", "name": "X", "language": "xx"}),
        ("/account/people/sophea", ["body"], {"body": "brand-north", "post": "coordinator"}),
        ("/account/people/sophea/mail", ["mail"], {"mail": "coordinator@demo.test"}),
        ("/account/rosters/kh", ["person", "function"], {"person": "n1", "function": "panel", "side": "workers"}),
        ("/account/name", ["name"], {"name": HUGE[:101], "language": "xx"}),
        ("/account/password", ["old", "new"], {"old": "wrong", "new": "weak"}),
    ],
)
def test_every_form_keeps_what_was_typed(
    app: Flask, desk: Desk, address: str, empty: list[str], typed: dict[str, str]
) -> None:
    staff = Staff(app, "sarin")
    kept = ("people", "bodies", "sites", "programmes", "members", "roster", "deeds", "buyers", "outbox")
    before = {name: contents(desk)[name] for name in kept}
    nothing = send(staff, address, **dict.fromkeys(empty, ""))
    assert nothing.status_code == 422, address
    assert "Please answer this." in nothing.text
    wrong = send(staff, address, **typed)
    assert wrong.status_code == 422, address
    assert "Some answers need another look" in wrong.text
    if "name" in typed and "password" not in address:
        assert typed["name"][:50].replace("&", "&amp;") in wrong.text
    huge = send(staff, address, **dict.fromkeys(empty or typed, HUGE))
    assert huge.status_code in (422, 413), address
    assert {name: contents(desk)[name] for name in kept} == before


def test_a_country_from_nothing_to_its_first_complaint(app: Flask, desk: Desk) -> None:
    """Office, programme, factory, brand, site: then its form is there and its officers get the case."""
    staff = Staff(app, "sarin")
    for name, kind in (("Office two", "office"), ("Factory two", "factory"), ("Brand two", "brand")):
        assert send(staff, "/account/bodies/new", name=name, kind=kind, side="").status_code == 303
    ids = {name: id_ for id_, name in furnishing.bodies_of_kind(desk, ADMIN).items()}
    programme = {"id": "two", "title": "Second country", "country": "bd", "office": ids["Office two"],
                 "calendar": "kh-office", "languages": ["en", "km"], "for_worker": "kh/worker-1"}  # fmt: skip
    assert send(staff, "/account/programmes/new", **programme).status_code == 303
    there = furnishing.programme(desk, ADMIN, "two")
    assert (there.country, there.languages, dict(there.tracks)) == ("BD", ("en", "km"), {"worker": "kh/worker-1"})
    site = {"programme": "two", "code": "bd-០០០១", "name": "Plant", "place": "Dhaka", "body": ids["Factory two"],
            "buyers": [ids["Brand two"], "brand-north"]}  # fmt: skip
    assert send(staff, "/account/sites/new", **site).status_code == 303
    assert set(furnishing.site(desk, ADMIN, "BD-0001").buyers) == {ids["Brand two"], "brand-north"}
    public = app.test_client()
    assert "Second country" in public.get("/file", base_url=BASE).text
    assert "Plant" in public.get("/s/bd-0001", base_url=BASE).text
    record = staff.read("/account/record")
    for entry in (
        "Made the programme Second country",
        "Entered the organisation Factory two",
        "Case office: Office two",
        "Entered the site BD-0001",
    ):
        assert entry in record
    assert send(staff, "/account/programmes/new", **programme).status_code == 422


def test_a_form_that_is_opened_and_saved_changes_nothing(app: Flask, desk: Desk) -> None:
    """Boxes too: a site must not lose its buyers because somebody looked at it."""
    staff = Staff(app, "sarin")
    for address in ("/account/sites/KH-0412", "/account/programmes/kh", "/account/bodies/brand-north"):
        page = staff.get(address).text
        answers: dict[str, list[str]] = {}
        for tag in re.findall(r"<input[^>]*>", page):
            name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and value and ("checked" in tag or 'type="text"' in tag):
                answers.setdefault(name[1], []).append(value[1])
        for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            answers[name] = re.findall(r'value="([^"]*)" selected', body)
        before = {name: contents(desk)[name] for name in ("sites", "buyers", "programmes", "bodies")}
        assert send(staff, address, **answers).status_code == 303, address
        assert {name: contents(desk)[name] for name in before} == before, address


def test_an_invitation_from_letter_to_first_page(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")
    invited = {"mail": "New@Example.org", "name": "New One", "language": "en", "body": "brand-north", "post": "buying"}
    assert send(staff, "/account/people/new", **invited).status_code == 303
    sent: list[tuple[str, Notice]] = []
    delivering.deliver(desk, lambda mail, notice: sent.append((mail, notice)))
    ((mail, notice),) = [one for one in sent if one[0] != "admin@demo.test"]
    assert mail == "new@example.org"
    assert "New One" not in notice.body
    link = next(line for line in notice.body.splitlines() if line.startswith("http"))
    assert link.startswith(f"{desk.address}/account/join/")
    address = link.removeprefix(desk.address)
    guest = app.test_client()
    page = guest.get(address, base_url=BASE)
    assert page.status_code == 200
    assert "new@example.org" in page.text
    weak = {"page_token": page_token(page.text), "name": "Ines Two", "language": "km", "password": "weak"}
    refused = guest.post(address, base_url=BASE, data=weak, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "Use at least 15 characters" in refused.text
    assert 'value="Ines Two"' in refused.text
    assert 'weak"' not in refused.text
    joined = guest.post(address, base_url=BASE, data={**weak, "password": PASSWORD})
    assert (joined.status_code, joined.location) == (303, "/account/sign-in?done=joined")
    for method in ("GET", "POST"):
        gone = guest.open(
            address, method=method, base_url=BASE, data={**weak, "password": PASSWORD} if method == "POST" else None
        )
        assert gone.status_code == 410
    data = {"page_token": weak["page_token"], "mail": "new@example.org", "password": PASSWORD}
    assert guest.post("/account/sign-in", base_url=BASE, data=data).location.startswith("/party")
    assert "Ines Two accepted the invitation" in staff.read("/account/record")


def test_a_forgotten_password_reads_the_same_for_everybody(app: Flask, desk: Desk) -> None:
    client = app.test_client()
    pages = []
    for mail in ("officer@demo.test", "nobody@demo.test", "\x00'; DROP"):
        token = page_token(client.get("/account/forgot", base_url=BASE).text)
        answer = client.post("/account/forgot", base_url=BASE, data={"page_token": token, "mail": mail})
        assert answer.status_code == 303
        pages.append(words(client.get(answer.location, base_url=BASE).text))
    assert pages[0] == pages[1] == pages[2]
    sent: list[str] = []
    assert inviting.answer_askings(desk) == 1
    delivering.deliver(desk, lambda _, notice: sent.append(notice.body))
    address = next(line for line in sent[0].splitlines() if line.startswith("http")).removeprefix(desk.address)
    here = Staff(app, "sophea")
    page = client.get(address, base_url=BASE)
    answer = client.post(address, base_url=BASE, data={"page_token": page_token(page.text), "password": PASSWORD})
    assert answer.location == "/account/sign-in?done=reset"
    assert here.get("/office").location == "/account/sign-in", "every sign-in ended"
    assert client.get(address, base_url=BASE).status_code == 410
    assert client.get("/account/reset/" + "x" * 43, base_url=BASE).status_code == 410


def test_the_letter_forms_must_be_ours(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/account/forgot", base_url=BASE, data={"mail": "officer@demo.test"}).status_code == 400


def test_what_was_done_is_said_in_our_words_alone(app: Flask) -> None:
    """The word in the address says what was done, and nothing that somebody else wrote there."""
    staff = Staff(app, "sarin")
    assert "It is entered." in staff.read("/account/bodies?done=made")
    assert "alert(1)" not in staff.get("/account/bodies?done=<script>alert(1)</script>").text


# asvs: 7.4.2
def test_a_closed_account_is_out_at_the_next_click(app: Flask, desk: Desk) -> None:
    staff, other = Staff(app, "sarin"), Staff(app, "rith")
    page = staff.read("/account/people/rith/close")
    assert "Every sign-in of theirs ends at once" in page
    assert other.get("/office").status_code == 200, "looking at the page does nothing"
    assert staff.send("/account/people/rith/close").status_code == 303
    assert other.get("/office").location == "/account/sign-in"
    assert staffing.one(desk, ADMIN, "rith").state == "inactive"
    assert staff.send("/account/people/rith/invite", "/account/people/rith/close").status_code == 409
    assert staff.send("/account/people/rith/open").status_code == 303
    assert staffing.one(desk, ADMIN, "rith").state == "active"
    assert staff.send("/account/people/sarin/close").status_code == 409
    assert staff.send("/account/people/sarin/demote").status_code == 409
    assert Staff(app, "rith").get("/office").status_code == 200


def test_whom_somebody_belongs_to_counts_at_once(app: Flask) -> None:
    staff, factory = Staff(app, "sarin"), Staff(app, "lotus-hr")
    assert 'href="/office"' not in factory.get("/account").text
    assert send(staff, "/account/people/lotus-hr", body="office-kh", post="").status_code == 303
    assert 'href="/office"' in factory.get("/account").text
    assert staff.send("/account/people/lotus-hr/leave/office-kh").status_code == 303
    assert 'href="/office"' not in factory.get("/account").text


def test_rosters_keep_their_sides(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")

    def put(person: str, function: str, side: str) -> int:
        return send(staff, "/account/rosters/kh", person=person, function=function, side=side).status_code

    assert put("n1", "panel", "workers") == 422, "a neutral is on no side"
    assert put("w1", "neutral", "") == 422, "nor is a panel member neutral"
    assert put("w2", "panel", "employers") == 422
    assert put("w2", "panel", "workers") == 422, "there already"
    assert put("w2", "chair", "") == 422, "a chair has a side"
    assert put("m1", "neutral", "brands") == 422
    assert put("lotus-hr", "neutral", "") == 422, "a factory's contact is not neutral"
    assert put("lotus-hr", "panel", "workers") == 422
    assert put("m1", "neutral", "") == 303
    assert put("w2", "chair", "workers") == 303
    assert send(staff, "/account/people/n1", body="brand-north", post="").status_code == 422
    assert send(staff, "/account/people/w2", body="brand-north", post="").status_code == 422
    assert staff.send("/account/rosters/kh/off/w2/chair").status_code == 303
    assert staff.get("/account/rosters/kh/off/w2/chair").status_code == 404
    record = staff.read("/account/record")
    assert "Put Bora on the roster of Cambodia" in record
    assert "Took Bora off the roster of Cambodia" in record


def test_a_list_is_looked_at_before_it_is_taken(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")
    address = "/account/sites-from-list"
    good = b'\xef\xbb\xbfnumber,name,place,factory,brands\nKH-0900,Plant <b>,Takeo,"Lotus Stitch Co., Ltd.",Northcoat\n'
    token = page_token(staff.get(address).text)

    def upload(data: bytes, **more: str) -> TestResponse:
        fields: dict[str, Any] = {
            "page_token": token,
            "programme": "kh",
            "file": (io.BytesIO(data), "list.csv"),
            **more,
        }
        answer = staff.client.post(address, base_url=BASE, data=fields, headers={"Accept-Language": "en"})
        answer.request.environ["wsgi.input"].close()  # what is large was spooled to a file
        return answer

    assert upload(b"").status_code == 422
    wrong = upload(good.replace(b"Lotus", b"Lotos"))
    assert wrong.status_code == 422
    assert "did you mean “Lotus Stitch Co., Ltd.”" in wrong.text.replace("&#34;", '"')
    look = upload(good)
    assert look.status_code == 200
    assert "1 new, 0 changed, 0 as they are" in words(look.text)
    assert furnishing.sites(desk, ADMIN, "KH-0900").total == 0
    found = re.search(r'name="mark" value="(\w+)"', look.text)
    assert found
    text = good.decode("utf-8-sig").replace("\n", "\r\n")
    assert "Plant &lt;b&gt;" in look.text
    forged = send(staff, address, programme="kh", mark="0" * 64, text=text)
    assert forged.status_code == 409
    taken = send(staff, address, programme="kh", mark=found[1], text=text)
    assert (taken.status_code, taken.location) == (303, "/account/sites?done=taken&programme=kh")
    assert furnishing.site(desk, ADMIN, "KH-0900").name == "Plant <b>"
    assert upload(b"x" * (9 * 1024 * 1024)).status_code == 413


def test_lists_have_pages_search_and_say_when_there_is_nothing(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")
    for no in range(30):
        furnishing.make_body(desk, ADMIN, "union", "", f"Local {no:02}")
    total = len(cast.BODIES) + 30
    assert f"1 to 25 of {total}" in staff.read("/account/bodies")
    assert f"26 to {total} of {total}" in staff.read("/account/bodies?page=99")
    assert "1 to 1 of 1" in staff.read("/account/bodies?q=local 07")
    for address in ("bodies", "sites", "people", "record"):
        page = staff.read(f"/account/{address}?q=%25%00nothing-like-it")
        assert "fits" in page or "has this in its name" in page
    assert "Invited 0" in staff.read("/account/people?state=invited")
    assert staff.get("/account/people?state=king&page=-1").status_code == 200


# asvs: 6.2.2, 7.4.3
def test_ones_own_name_language_and_password(app: Flask) -> None:
    staff, elsewhere = Staff(app, "sophea"), Staff(app, "sophea")
    assert send(staff, "/account/name", name="Sophea O.", language="km").location == "/account?done=saved&lang=km"
    assert "Sophea O." in staff.get("/account").text
    answer = send(staff, "/account/password", old=cast.PASSWORD, new=PASSWORD)
    assert answer.location == "/account?done=password"
    assert staff.get("/account").status_code == 200
    assert elsewhere.get("/account").location == "/account/sign-in"
