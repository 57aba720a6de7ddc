"""Every route declares its need, and whoever holds no seat learns nothing: a foreign case and a missing one are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from grievance.casework import finding, moving, newest
from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.showing import reading
from grievance.casework.words import custody
from grievance.core.errors import Hidden
from grievance.core.matters import Actor
from grievance.store import tables
from grievance.web.gate import ADMINISTRATOR, ANYBODY, BEARER, PERSON, needs
from tests.files import pdf
from tests.makers import ROLES, Story, contents, desk_of, page_token, viewer
from tests.web.staff import BASE, Staff

NOT_FOUND = 404
MISSING = "ZZZZ-ZZZZ"
CHOICES = {
    "<move>": ("acknowledge", "confirm_release", "submit_answer", "take_view"),
    "<int:no>": ("1",),
    "<other>": ("AAAA-BBBB",),
    "<what>": ("position", "decision"),
    "<step>": ("agreed", "taken_back"),
}
"""What stands beside the reference in an address, and what is tried for it."""
SECRET = ("Overtime unpaid", "Overtime is unpaid.", "Lotus", "KH-0412", "We have read it", "It can be checked")
"""What stands in the case; Lotus is where the site is named."""


def undeclared(app: Flask) -> list[str]:
    """The endpoints that do not say who may come in."""
    views: dict[str, Any] = app.view_functions
    known = (ANYBODY, BEARER, PERSON, ADMINISTRATOR)
    return sorted(name for name, view in views.items() if getattr(view, "need", None) not in known)


def rules(app: Flask, need: str, argument: str = "") -> list[Rule]:
    """The routes with this need, those that take this argument first of all."""
    views: dict[str, Any] = app.view_functions
    return [
        rule
        for rule in app.url_map.iter_rules()
        if views[rule.endpoint].need == need and (not argument or argument in rule.arguments)
    ]


@dataclass(frozen=True)
class Address:
    """One way to ask for a case: its address with the reference, and the method."""

    door: str
    method: str
    before: str
    after: str

    def of(self, ref: str) -> str:
        return f"{self.before}{ref}{self.after}"


def addresses(app: Flask) -> Iterator[Address]:
    """Every address of every route with a reference, with all that is tried beside it, by every method."""
    for rule in rules(app, PERSON, "ref"):
        blanks = [blank for blank in re.findall("<[^>]+>", rule.rule) if blank != "<ref>"]
        assert set(blanks) <= set(CHOICES), f"{rule.rule}: teach this test what to fill in"
        for chosen in product(*(CHOICES[blank] for blank in blanks)):
            filled = rule.rule
            for blank, value in zip(blanks, chosen, strict=True):
                filled = filled.replace(blank, value)
            before, after = filled.split("<ref>")
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield Address(rule.endpoint.partition(".")[0], method, before, after)


@pytest.fixture
def story(desk: Desk) -> Story:
    """A case that the panel sits on, and in which a custodian is asked for the name."""
    story = Story.filed(desk).taken().answered().reviewed()
    custody.ask(desk, viewer("sophea"), story.ref, "danger", "She was locked in.", seen=0)
    sent = [Upload("plan.pdf", pdf())]
    evidence.add(desk, story.who("respondent"), story.ref, sent, "", roles=ROLES["respondent"], once="")
    return story


def ask(client: FlaskClient, method: str, address: str, token: str = "") -> TestResponse:
    data = {"page_token": token, "seen": "999", "greeting": "x", "person": ""} if method == "POST" else None
    return client.open(address, method=method, base_url=BASE, data=data, headers={"Accept-Language": "en"})


def same(one: TestResponse, other: TestResponse) -> bool:
    """Nothing tells two answers apart but the moment."""
    headers = [{k: v for k, v in response.headers if k not in ("Date", "Set-Cookie")} for response in (one, other)]
    return (one.status_code, one.data, headers[0]) == (other.status_code, other.data, headers[1])


def outsiders(story: Story) -> dict[str, set[str]]:
    """Person → the doors at which they may see the case; whoever is on the roster and not seated may at none."""
    panel = set(story.seated("panel"))
    free = sorted({"w1", "w2", "w3", "e1", "e2", "b1", "b2", "b3"} - panel)
    people: dict[str, set[str]] = {person: set() for person in (free[0], "mekong-hr", "n1", "m1", "op", "sarin")}
    people |= {"sophea": {"office", "custody"}, "lotus-hr": {"party"}, "north-buyer": {"party"}, "o3": {"custody"}}
    people[min(panel)] = {"panel"}
    return people


# asvs: 8.2.1
def test_every_route_declares_its_need(app: Flask) -> None:
    assert undeclared(app) == []


# asvs: 16.5.3
def test_planted_a_route_without_a_need_is_named_and_closed(app: Flask) -> None:
    app.add_url_rule("/planted", "planted", lambda: "everything")
    assert undeclared(app) == ["planted"]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/planted", base_url=BASE)
    assert answer.status_code == 500, "closed, though nobody said so"
    assert "everything" not in answer.text


# asvs: 8.2.2
def test_a_foreign_case_and_a_missing_one_are_the_same(app: Flask, desk: Desk, story: Story) -> None:
    asked = list(addresses(app))
    assert {address.door for address in asked} == {"office", "party", "panel", "custody"}
    opened, everybody = set(), outsiders(story)
    for person, doors in everybody.items():
        browser = Staff(app, person)
        token = page_token(browser.get("/account").text)
        before = ledger(desk)
        for address in asked:
            there = ask(browser.client, address.method, address.of(story.ref), token)
            if address.door in doors:
                opened |= {person} if there.status_code != NOT_FOUND else set()
                continue
            missing = ask(browser.client, address.method, address.of(MISSING), token)
            assert missing.status_code == NOT_FOUND, (person, address)
            assert same(there, missing), (person, address, there.status_code)
        assert doors or ledger(desk) == before, person
        for listed in (
            "/office",
            "/party",
            "/panel",
            "/office?view=late",
            f"/office?q={story.ref}",
            "/panel?q=Overtime",
        ):
            if listed.split("?")[0].strip("/") not in doors:
                page = browser.get(listed).text
                assert f"/cases/{story.ref}" not in page, (person, listed)
                assert SECRET[0] not in page, (person, listed)
    assert opened == {person for person, doors in everybody.items() if doors}, "the test never got in"


def ledger(desk: Desk) -> list[tuple[Any, ...]]:
    return contents(desk)["events"]


def test_planted_a_door_that_forgets_the_viewer_is_found(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that is found without asking whose it is shows itself by its answer."""
    from grievance.store import cases

    def anybody(tx: Any, _: Any, ref: str) -> Any:
        found = tx.execute(select(tables.cases.c.id).where(tables.cases.c.ref == ref)).scalar()
        held = cases.by_id(tx, found) if found else None
        if held is None:
            raise Hidden
        return held

    browser = Staff(app, "mekong-hr")
    address = next(one for one in addresses(app) if one.door == "party" and one.method == "GET" and not one.after)
    assert same(*(ask(browser.client, "GET", address.of(ref)) for ref in (story.ref, MISSING)))
    for module, name in ((moving, "find"), (reading, "find_known")):
        monkeypatch.setattr(module, name, anybody)
    for module in (reading, newest):
        monkeypatch.setattr(module, "actors", lambda case, _: tuple(Actor(seat.role, seat.no) for seat in case.seats))
    assert not same(*(ask(browser.client, "GET", address.of(ref)) for ref in (story.ref, MISSING)))


# asvs: 8.3.1
def test_without_an_account_every_page_leads_to_the_sign_in(app: Flask, story: Story) -> None:
    client = app.test_client()
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    for rule in rules(app, PERSON):
        address = (
            rule.rule.replace("<move>", "admit")
            .replace("<int:no>", "1")
            .replace("<session_id>", "00")
            .replace("<path:name>", "kh/worker-1@1")
        )
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            answers = [ask(client, method, address.replace("<ref>", ref), token) for ref in (story.ref, MISSING)]
            assert same(*answers), address
            for answer in answers:
                assert (answer.status_code, answer.location) == (303, "/account/sign-in"), (method, address)
                assert not any(secret in answer.text for secret in SECRET)


def test_without_a_receipt_every_page_of_a_case_asks_for_the_number(app: Flask, story: Story) -> None:
    """Also for an officer: an account is no receipt."""
    assert story.ref
    strangers = [app.test_client(), Staff(app, "sophea").client]
    for client in strangers:
        token = page_token(client.get("/follow", base_url=BASE).text)
        for rule in rules(app, BEARER):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                answer = ask(client, method, rule.rule.replace("<move>", "withdraw").replace("<int:no>", "1"), token)
                assert answer.status_code == (307 if method == "POST" else 303), (method, rule.rule)
                assert answer.location.startswith("/follow?again=1")
                assert not any(secret in answer.text for secret in SECRET)


def test_a_receipt_opens_its_own_case_and_no_door(app: Flask, desk: Desk, story: Story) -> None:
    other = Story.filed(desk, account={"workplace": "Elsewhere", "words": "Quite another matter"})
    client = app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)
    opened = client.post("/follow", base_url=BASE, data={"page_token": token, "number": other.receipt})
    assert opened.location == "/case"
    for rule in rules(app, BEARER):
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            before = contents(desk)
            asked = rule.rule.replace("<move>", "withdraw").replace("<int:no>", "1").replace("<of>", story.ref)
            answer = ask(client, method, asked, token)
            assert not any(secret in answer.text for secret in SECRET), (method, rule.rule)
            changed = [row for row in contents(desk)["events"] if row not in before["events"]]
            with desk.store.read() as tx:
                theirs = finding.find(tx, story.who("complainant"), "").case
            assert not [row for row in changed if theirs.id in row], "the other case was written to"
    for address in addresses(app):
        answer = ask(client, address.method, address.of(story.ref), token)
        assert answer.location == "/account/sign-in"


def test_somebody_elses_session_and_a_missing_one_are_the_same(app: Flask) -> None:
    rith, sophea = Staff(app, "rith"), Staff(app, "sophea")
    (session,) = {row[0] for row in contents(desk_of(app))["sessions"] if row[1] == "rith"}
    token = page_token(sophea.get("/account").text)
    theirs = ask(sophea.client, "POST", f"/account/sessions/{bytes(session).hex()}", token)
    missing = ask(sophea.client, "POST", f"/account/sessions/{'00' * 32}", token)
    assert theirs.status_code == 404
    assert same(theirs, missing)
    assert rith.get("/account").status_code == 200


def test_planted_a_need_of_anybody_would_be_seen(app: Flask, story: Story) -> None:
    """The routes of a case are looked at because of their reference: one that anybody may enter fails the list."""
    app.add_url_rule("/open/<ref>", "planted", needs(ANYBODY)(lambda ref: f"case {ref}"))
    assert open_to_anybody(app) == ["planted"]
    assert story.ref


def open_to_anybody(app: Flask) -> list[str]:
    return [rule.endpoint for rule in rules(app, ANYBODY, "ref")]


def test_no_route_with_a_reference_is_open_to_anybody(app: Flask) -> None:
    assert open_to_anybody(app) == []
