"""What programs ask: a probe learns whether all is well and nothing else, an error is told as RFC 9457 has it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge

from grievance import clock as timetable
from grievance.casework import standstill
from grievance.casework.desk import Desk
from grievance.core.errors import Busy, Down, Gone, Hidden, Invalid, Refused, Said, Stale
from grievance.language import translate
from grievance.notices import Notice
from grievance.web.errors import PROBLEM
from grievance.web.gate import ANYBODY, Forged, needs
from tests import makers
from tests.conftest import BASE
from tests.makers import Clock, page_token
from tests.store.attacks import owned

SAID = {200: "well\n", 503: "not well\n"}


def probe(client: FlaskClient) -> int:
    answer = client.get("/healthz", base_url=BASE)
    assert answer.text == SAID[answer.status_code], "no detail for outsiders"
    return answer.status_code


def tick(desk: Desk) -> None:
    def post(_: str, __: Notice) -> None: ...

    timetable.once(desk, post, timetable.Watch())


# asvs: 13.4.5
def test_it_is_well_while_a_clock_looks(client: FlaskClient, desk: Desk, clock: Clock) -> None:
    assert probe(client) == 503, "no clock has looked yet"
    tick(desk)
    assert probe(client) == 200
    clock.pass_days(1)
    assert probe(client) == 503
    tick(desk)
    assert probe(client) == 200


def test_it_is_not_well_while_the_clock_stands(
    client: FlaskClient, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    tick(desk)
    standstill.freeze(desk, "root", "CANARYreason")
    with caplog.at_level(logging.ERROR):
        assert probe(client) == 503
    assert "frozen" in caplog.text
    assert "CANARY" not in caplog.text
    standstill.resume(desk, "root", "Again.")
    assert probe(client) == 200


def test_it_is_not_well_on_a_database_of_another_form(client: FlaskClient, desk: Desk) -> None:
    tick(desk)
    with owned(desk.store.engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert probe(client) == 503


def test_it_is_not_well_without_a_database(
    app: Flask, client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(desk)

    def gone(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(standstill, "unwell", gone)
    assert probe(client) == 503


@pytest.fixture
def told(tmp_path: Path) -> FlaskClient:
    """A house that says who hears of a weakness."""
    return makers.house(tmp_path, GRIEVANCE_SECURITY="security@example.org").test_client()


def test_whoever_finds_a_weakness_learns_whom_to_tell(told: FlaskClient, client: FlaskClient) -> None:
    answer = told.get("/.well-known/security.txt", base_url=BASE)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Preferred-Languages"] == "en, km"
    assert fields["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=80) < left < timedelta(days=365)
    assert client.get("/.well-known/security.txt", base_url=BASE).status_code == 404, "nobody was named"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("application/json", PROBLEM),
        ("application/problem+json", PROBLEM),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
        ("", "text/html"),
    ],
)
def test_a_program_is_told_as_a_program(client: FlaskClient, accept: str, mimetype: str) -> None:
    answer = client.get("/nothing/here", base_url=BASE, headers={"Accept": accept, "Accept-Language": "km"})
    assert (answer.status_code, answer.mimetype) == (404, mimetype)
    if mimetype == PROBLEM:
        said = json.loads(answer.text)
        assert (said["type"], said["title"], said["status"]) == ("about:blank", "Not Found", 404)
        assert said["detail"] == translate(Hidden().said, "km") != str(Hidden().said)
    else:
        assert "</html>" in answer.text


# asvs: 1.2.3, 16.5.1
def test_every_kind_of_error_is_a_problem_and_says_no_more(app: Flask, client: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise ZeroDivisionError("secret of the broken page")

    app.add_url_rule("/broken", "broken", needs(ANYBODY)(broken))
    headers = {"Accept": PROBLEM}
    answers = {
        400: client.post("/follow", data={"number": "1"}, base_url=BASE, headers=headers),
        404: client.delete("/file", base_url=BASE, headers=headers),
        500: client.get("/broken", base_url=BASE, headers=headers),
    }
    for status, answer in answers.items():
        said = json.loads(answer.text)
        assert (answer.status_code, said["status"], answer.mimetype) == (status, status, PROBLEM)
        assert set(said) == {"type", "title", "status", "detail"}
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("error", "heading"),
    [
        (Down(), "The system cannot be reached just now"),
        (Busy(), "Please try again in a moment"),
        (Gone(), "Please try again in a moment"),
        (Stale(), "Somebody was here before you"),
        (Refused("It is over."), "This is not possible now"),
        (Invalid({"x": Said("Say it.")}), "Some answers need another look"),
        (Forged(), "This page was open for too long"),
        (Hidden(), "There is nothing here"),
        (RequestEntityTooLarge(), "This is too large"),
        (BadRequest(), "This could not be read"),
        (NotFound(), "There is nothing here"),
        (ZeroDivisionError(), "This did not work"),
    ],
)
def test_an_error_is_headed_by_what_it_is(app: Flask, client: FlaskClient, error: Exception, heading: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def wrong() -> str:
        raise error

    app.add_url_rule("/wrong", "wrong", needs(ANYBODY)(wrong))
    page = client.get("/wrong", base_url=BASE).text
    assert f"<h1>{heading}</h1>" in page
    assert f"<title>{heading}" in page


def test_who_only_looks_during_an_outage_is_not_told_that_nothing_was_sent(app: Flask, client: FlaskClient) -> None:
    def away() -> str:
        raise Down

    app.add_url_rule("/away", "away", needs(ANYBODY)(away), methods=["GET", "POST"])
    token = page_token(client.get("/follow", base_url=BASE).text)
    looked = client.get("/away", base_url=BASE)
    assert looked.status_code == 503
    assert "Nothing that you sent before is lost. Please try again in a minute." in looked.text
    assert "nothing was sent" in client.post("/away", base_url=BASE, data={"page_token": token}).text
