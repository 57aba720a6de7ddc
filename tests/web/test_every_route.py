"""Every route of the map of addresses, asked by everybody whom it is not for: it answers as if nothing were there.

Each thing that can stand in an address is named here, with one that there is and one that there is not; a thing that is
not named fails, and so does a need that nobody has. Cases by their reference are asked for in `test_access.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from grievance.casework import bulk
from grievance.web.gate import ADMINISTRATOR, ANYBODY, BEARER, PERSON, needs
from tests import makers
from tests.casework.test_flooding import WORDS, send
from tests.makers import Clock, Story, contents, desk_of, page_token, viewer
from tests.web.staff import BASE, Staff
from tests.web.test_access import CHOICES, MISSING, SECRET, ask, rules

TOKEN = re.compile(rb'(?<=name="page_token" value=")[0-9a-f]+')
NEEDS = (ANYBODY, BEARER, PERSON, ADMINISTRATOR)
PEOPLE = ("chan", "sarin", "lotus-hr", "mekong-hr", "north-buyer", "w3", "e3", "n1", "m1", "o1", "o3", "op")
"""One of every role: the coordinator, the administrator, factories, a brand, a roster's panellists, the neutral, the
mediator, the outside officer, the custodian, the operator."""

FREE = {"/office/procedures/<path:name>"}
"""What everybody with an account may read: the law."""

WORDS_OF_THE_CASE = [one for one in SECRET if one != "Lotus"]
"""Its people read the name of the factory on every page: it is theirs."""

OF_THE_OFFICE = {"chan"}
MOVING = {"sessions", "throttle", "passes", "audit", "sightings"}
"""Tables in which signing in and looking leave something."""

TRIED: dict[str, tuple[str, ...]] = CHOICES | {
    "<move>": ("withdraw", "set_consent"),
    "<way>": ("retire", "bring_back"),
    "<how>": ("settled", "again"),
    "<function>": ("panel",),
    "<step>": ("agreed",),
}


@dataclass
class World:
    """A house with something in every place, and how each thing is named in an address: one there is, one there is not."""

    app: Flask
    story: Story
    things: dict[str, tuple[str, str]]
    marks: tuple[str, ...]
    asked: int = 0
    wrong: list[Any] = field(default_factory=list)

    def addresses(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """Pairs of an address with what there is, and the same with what there is not."""
        blanks = re.findall("<[^>]+>", rule.rule)
        unknown = set(blanks) - set(self.things) - set(TRIED)
        assert not unknown, f"{rule.rule}: teach this test what {unknown} is"
        beside = [blank for blank in blanks if blank not in self.things]
        for chosen in product(*(TRIED[blank] for blank in beside)):
            there = missing = rule.rule
            for blank, value in zip(beside, chosen, strict=True):
                there, missing = there.replace(blank, value), missing.replace(blank, value)
            for blank, (one, none) in self.things.items():
                there, missing = there.replace(blank, one), missing.replace(blank, none)
            yield there, missing

    def alike(self, one: TestResponse, none: TestResponse, there: str, missing: str) -> bool:
        """Whether nothing tells them apart but the token of the page, and the address: links to other languages repeat it."""
        assert len(there) == len(missing), f"{there} and {missing}: of another length, so that the pages are"
        heads = [{k: v for k, v in each.headers if k not in ("Date", "Set-Cookie")} for each in (one, none)]
        bodies = [TOKEN.sub(b"", each.data.replace(missing.encode(), there.encode())) for each in (one, none)]
        return (one.status_code, bodies[0], heads[0]) == (none.status_code, bodies[1], heads[1])

    def compare(self, who: str, client: FlaskClient, token: str, rule: Rule) -> Iterator[TestResponse]:
        """Asks for both by every method; what differs, or shows something, is wrong. Yields the answer for what there is."""
        for there, missing in self.addresses(rule):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                answer = ask(client, method, there, token)
                self.asked += 1
                if there != missing and not self.alike(answer, ask(client, method, missing, token), there, missing):
                    self.wrong.append((who, method, there, answer.status_code, "is not as one that there is not"))
                if any(mark in answer.text for mark in self.marks):
                    self.wrong.append((who, method, there, answer.status_code, "shows what is not for them"))
                if answer.status_code >= 500:
                    self.wrong.append((who, method, there, answer.status_code, "breaks"))
                yield answer


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, keys: Path) -> Iterator[Flask]:
    """A house that gathers what comes in from the third complaint on."""
    more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_FLOOD_ASK": "2", "GRIEVANCE_FLOOD_BULK": "2"}
    made = makers.house(tmp_path, database, clock, **more)
    yield made
    makers.desk_of(made).store.engine.dispose()


@pytest.fixture
def planted() -> str:
    """An address that tests add to the map."""
    return ""


@pytest.fixture
def world(app: Flask, planted: str) -> World:
    if planted:
        app.add_url_rule(planted, "planted", needs(PERSON)(_planted))
    desk = desk_of(app)
    story = Story.filed(desk).taken().answered().reviewed()
    for n in range(3):
        send(desk, WORDS.format(n=n))
    cluster = bulk.lane(desk, viewer("sophea")).clusters[0].id
    Staff(app, "rith")
    held = contents(desk)
    session = next(bytes(row[0]).hex() for row in held["sessions"] if row[1] == "rith")
    programme, body, site = (str(held[name][0][0]) for name in ("programmes", "bodies", "sites"))
    things = {
        "<ref>": (story.ref, MISSING),
        "<of>": (story.ref, MISSING),
        "<cluster>": (cluster, "0" * 16),
        "<session_id>": (session, "00" * 32),
        "<step_id>": ("1", "9"),
        "<person>": ("sophea", "nobody"),
        "<body_id>": (body, "x" * len(body)),
        "<body>": (body, "x" * len(body)),
        "<programme_id>": (programme, "x" * len(programme)),
        "<code>": (site, "KH-9999"),
        "<path:name>": ("kh/worker-1@1", "kh/worker-9@9"),
    }
    return World(app, story, things, (*WORDS_OF_THE_CASE, cluster, session, f"/cases/{story.ref}"))


def written(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that somebody could change whom the change is not for."""
    return {name: rows for name, rows in contents(desk_of(app)).items() if name not in MOVING}


def entered(world: World, need: str) -> Iterator[tuple[str, FlaskClient, str, Rule]]:
    """Everybody at every route of this need whom it is not for."""
    seated = {
        "lotus-hr": {"party"},
        "north-buyer": {"party"},
        **{one: {"panel"} for one in world.story.seated("panel")},
    }
    for person in PEOPLE:
        browser = Staff(world.app, person)
        token = page_token(browser.get("/account").text)
        for rule in rules(world.app, need):
            own = rule.rule.startswith("/account") and need == PERSON and "<" not in rule.rule
            theirs = rule.rule.startswith("/office") and person in OF_THE_OFFICE
            if (
                own
                or theirs
                or "<ref>" in rule.rule
                or rule.rule in FREE
                or (need == ADMINISTRATOR and person == "sarin")
            ):
                continue
            if rule.rule.split("/")[1] in seated.get(person, ()):
                continue
            yield person, browser.client, token, rule


def test_every_need_is_known_and_every_thing_in_an_address_is_named(world: World) -> None:
    views: dict[str, Any] = world.app.view_functions
    assert {getattr(view, "need", "") for view in views.values()} <= set(NEEDS)
    for need in (BEARER, PERSON, ADMINISTRATOR):
        for rule in rules(world.app, need):
            assert list(world.addresses(rule)), rule.rule


def test_what_is_of_the_office_or_of_somebody_else_is_not_there(world: World) -> None:
    before = written(world.app)
    for person, client, token, rule in entered(world, PERSON):
        for answer in world.compare(person, client, token, rule):
            if "<" in rule.rule and rule.rule not in FREE and answer.status_code == 200 and answer.data:
                world.wrong.append((person, rule.rule, "opens"))
    print(f"{world.asked} answers, {len(world.wrong)} wrong")
    assert world.wrong == []
    assert [name for name, rows in written(world.app).items() if rows != before[name]] == []


def test_to_others_there_is_no_administration(world: World) -> None:
    before = written(world.app)
    for person, client, token, rule in entered(world, ADMINISTRATOR):
        for answer in world.compare(person, client, token, rule):
            if answer.status_code != 404:
                world.wrong.append((person, rule.rule, answer.status_code, "is there"))
    print(f"{world.asked} answers, {len(world.wrong)} wrong")
    assert world.wrong == []
    assert [name for name, rows in written(world.app).items() if rows != before[name]] == []


def test_a_receipt_opens_no_other_case(world: World) -> None:
    """By its reference neither, at any address of a complainant."""
    desk = desk_of(world.app)
    other = Story.filed(desk, account={"workplace": "Elsewhere", "words": "Quite another matter"})
    client = world.app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)
    client.post("/follow", base_url=BASE, data={"page_token": token, "number": other.receipt})
    before = written(world.app)
    for rule in rules(world.app, BEARER, "of"):
        if "<of>" in rule.rule:
            for answer in world.compare("a receipt", client, token, rule):
                assert answer.status_code in (303, 404), (rule.rule, answer.status_code)
    print(f"{world.asked} answers, {len(world.wrong)} wrong")
    assert world.wrong == []
    assert written(world.app) == before


def _planted(person: str = "", thing: str = "") -> tuple[str, int]:
    return (person, 200) if person == "sophea" else (thing, 404)


@pytest.mark.parametrize("planted", ["/account/people/<person>/planted"])
def test_planted_an_administrators_page_for_everybody_is_found(world: World) -> None:
    for person, client, token, rule in entered(world, PERSON):
        if rule.endpoint == "planted":
            assert list(world.compare(person, client, token, rule))
    assert {one[-1] for one in world.wrong} == {"is not as one that there is not"}


@pytest.mark.parametrize("planted", ["/office/<thing>/planted"])
def test_planted_a_thing_in_an_address_that_nobody_named_is_seen(world: World) -> None:
    with pytest.raises(AssertionError, match="teach this test what"):
        test_every_need_is_known_and_every_thing_in_an_address_is_named(world)
