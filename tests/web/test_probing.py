"""A probe learns whether all is well, and nothing else."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from grievance import clock as timetable
from grievance.casework import standstill
from grievance.casework.desk import Desk
from grievance.notices import Notice
from tests.conftest import BASE
from tests.makers import Clock

SAID = {200: "well\n", 503: "not well\n"}


def probe(client: FlaskClient) -> int:
    answer = client.get("/healthz", base_url=BASE)
    assert answer.text == SAID[answer.status_code], "no detail for outsiders"
    return answer.status_code


def tick(desk: Desk) -> None:
    def post(_: str, __: Notice) -> None: ...

    timetable.once(desk, post, timetable.Watch())


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
    with desk.store.engine.begin() as tx:
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
