"""One line for each request, and nothing that anybody typed in it, nor in what the house says when something breaks."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from grievance.casework import filing
from grievance.casework.desk import Desk
from grievance.casework.showing import following
from tests.conftest import BASE
from tests.makers import Story, page_token
from tests.web.staff import Staff

CANARY = "CANARY"
KEYS = {"method", "route", "status", "why", "ms", "bytes"}


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out = capsys.readouterr().out
    assert CANARY not in out
    return [json.loads(line) for line in out.splitlines()]


def twice(engine: Engine, words: str) -> None:
    """The same key again: the database refuses, and SQLAlchemy would say with which values."""
    with engine.begin() as tx:
        for _ in range(2):
            tx.execute(text("INSERT INTO meta (key, value) VALUES ('demo', :words)"), {"words": words})


# asvs: 16.1.1, 16.2.3, 16.2.4
def test_a_line_says_what_was_asked_for_by_its_pattern(
    app: Flask, client: FlaskClient, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    story = Story.filed(desk)
    officer = Staff(app, "sophea")
    capsys.readouterr()
    officer.get(f"/office/cases/{story.ref}")
    page = client.get("/s/KH-0412", base_url=BASE, headers={"Accept-Encoding": "gzip"})
    found = lines(capsys)
    assert [set(line) for line in found] == [KEYS, KEYS]
    assert [(line["method"], line["route"], line["status"]) for line in found] == [
        ("GET", "/office/cases/<ref>", 200),
        ("GET", "/s/<code>", page.status_code),
    ]
    assert found[1]["bytes"] == len(page.data), "as it goes over the wire"
    assert all(0 < line["ms"] < 60_000 for line in found)


# asvs: 4.1.3, 16.2.5, 16.4.1
def test_nothing_that_somebody_sends_stands_in_it(
    client: FlaskClient, desk: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    headers = dict.fromkeys(("User-Agent", "Referer", "X-Forwarded-For", "Accept-Language", "Cookie"), CANARY)
    ticket = following.new_ticket(desk)
    form = {"ticket": ticket, "workplace": CANARY, "words": CANARY, "name": CANARY, "phone": CANARY}
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    with caplog.at_level(logging.DEBUG):
        client.get(f"/{CANARY}/{CANARY}?q={CANARY}", base_url=BASE, headers=headers)
        client.get(f"/office/cases/{CANARY}", base_url=BASE, headers=headers)
        client.get(f"/follow?{CANARY}", base_url=f"https://{CANARY.lower()}.example")
        client.open("/file", method=CANARY, base_url=BASE)
        assert client.post("/file", base_url=BASE, data=form).status_code == 200
        sent = {"page_token": token, "mail": f"{CANARY}@example.org", "password": CANARY}
        client.post("/account/sign-in", base_url=BASE, data=sent)
        client.post("/follow", base_url=BASE, data={"page_token": token, "number": CANARY})
    found = lines(capsys)
    assert len(found) == 8
    assert {line["method"] for line in found} == {"GET", "POST", "-"}
    assert CANARY.lower() not in caplog.text.lower()


# asvs: 16.3.1, 16.3.2, 16.3.3
def test_a_refusal_says_its_kind(
    app: Flask, client: FlaskClient, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signing in, right and wrong; a foreign case; a forged form: whoever watches the lines sees that somebody tries."""
    story, officer = Story.filed(desk), Staff(app, "sophea")
    token = page_token(client.get("/account/sign-in", base_url=BASE).text)
    capsys.readouterr()
    for tries in range(7):
        sent = {"page_token": token, "mail": "rith@demo.test", "password": f"{CANARY} {tries}"}
        client.post("/account/sign-in", base_url=BASE, data=sent)
    found = lines(capsys)
    assert [line["why"] for line in found] == ["WrongPassword"] * 5 + ["TooMany"] * 2
    Staff(app, "sophea")
    client.post("/follow", base_url=BASE, data={"number": CANARY})
    officer.get("/office/cases/ZZZZ-ZZZZ")
    Staff(app, "lotus-hr").get(f"/office/cases/{story.ref}")
    last = [(line["route"], line["status"], line["why"]) for line in lines(capsys)]
    assert ("/account/sign-in", 303, "") in last
    assert ("/follow", 400, "Forged") in last
    assert last.count(("/office/cases/<ref>", 404, "Hidden")) == 2


# asvs: 16.3.4
def test_an_error_of_the_database_repeats_no_value(
    client: FlaskClient,
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever breaks while a complaint is filed: the log says where, and of what kind."""
    typed = CANARY  # by another name: the lines of the program itself stand in a traceback

    def breaking(*_: object, **__: object) -> None:
        twice(desk.store.engine, typed)

    monkeypatch.setattr(filing, "file", breaking)
    ticket = following.new_ticket(desk)
    form = {"ticket": ticket, "workplace": CANARY, "words": CANARY}
    with caplog.at_level(logging.DEBUG):
        assert client.post("/file", base_url=BASE, data=form).status_code == 500
    assert "a request broke: IntegrityError" in caplog.text
    assert "in breaking" in caplog.text, "an operator finds the place"
    assert CANARY not in caplog.text
    assert lines(capsys)[-1]["status"] == 500


def test_planted_without_the_guards_the_error_tells(desk: Desk) -> None:
    """Why the engine hides what was sent, and why the message of an error is not logged."""
    desk.store.engine.hide_parameters = False
    with pytest.raises(IntegrityError, match=CANARY):
        twice(desk.store.engine, CANARY)
