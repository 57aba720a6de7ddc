"""From the day that the settings name, nobody gets on without a second step where one is needed; nobody is locked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grievance.casework.desk import Desk
from grievance.casework.house import founding
from grievance.store import factors
from grievance.web import gate
from grievance.web.front import KEY
from tests.makers import ADMINISTRATOR, Clock, desk_of, house, page_token
from tests.web.staff import BASE, Staff
from tests.web.test_second_step import enrol

DAY = date(2026, 3, 10)
NEEDED = {"administration": date(2026, 3, 1), "office": DAY}


@pytest.fixture
def needed(app: Flask) -> Flask:
    """Of administrators at once, of the office from a later day on."""
    app.extensions[KEY] = replace(app.extensions[KEY], second_step=NEEDED)
    return app


@pytest.fixture
def bare(desk: Desk) -> None:
    """Administrators as the first one is: with a password and nothing more."""
    with desk.store.write() as tx:
        factors.remove_all(tx, ADMINISTRATOR, *factors.STEPS)


def to(client: FlaskClient, address: str) -> str | None:
    return client.get(address, base_url=BASE).location


def check(app: Flask, clock: Clock) -> None:
    administrator, officer, party = Staff(app, "sarin"), Staff(app, "sophea"), Staff(app, "lotus-hr")
    token = page_token(administrator.get("/account").text)
    assert to(administrator.client, "/account/administration") == gate.STEPS
    sent = administrator.client.post("/account/people/invite", base_url=BASE, data={"page_token": token})
    assert sent.location == gate.STEPS or sent.status_code == 404
    assert "needs a second step now" in administrator.read(gate.STEPS)
    assert officer.get("/office").status_code == 200, "not yet"
    clock.pass_days(8)
    officer, party = Staff(app, "sophea"), Staff(app, "lotus-hr")
    assert to(officer.client, "/office") == gate.STEPS
    assert officer.get("/account").status_code == 200, "their own account stays open"
    assert party.get("/party").status_code == 200, "nobody demands it there"
    enrol(officer, clock)
    assert officer.get("/office").status_code == 200


@pytest.mark.usefixtures("bare")
def test_where_it_is_needed_nobody_gets_on_without_it(needed: Flask, clock: Clock) -> None:
    check(needed, clock)


@pytest.mark.usefixtures("bare")
def test_planted_a_gate_that_does_not_look_lets_them_in(
    needed: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_owes_step", lambda _: False)
    with pytest.raises(AssertionError):
        check(needed, clock)


def test_without_the_setting_it_is_offered(app: Flask) -> None:
    assert Staff(app, "sarin").get("/account/administration").status_code == 200


@pytest.mark.usefixtures("bare")
def test_administrators_need_one_where_nothing_is_said_but_in_a_demo(app: Flask, desk: Desk) -> None:
    administrator = Staff(app, ADMINISTRATOR)
    assert to(administrator.client, "/account/administration") == gate.STEPS
    assert Staff(app, "sophea").get("/office").status_code == 200
    founding.mark_demo(desk, {})
    assert administrator.get("/account/administration").status_code == 200


@pytest.mark.usefixtures("bare")
def test_whoever_says_none_demands_none(database: str, tmp_path: Path, keys: Path) -> None:
    made = house(tmp_path, database, GRIEVANCE_KEYS=str(keys), GRIEVANCE_SECOND_STEP="none")
    assert Staff(made, ADMINISTRATOR).get("/account/administration").status_code == 200
    desk_of(made).store.engine.dispose()
