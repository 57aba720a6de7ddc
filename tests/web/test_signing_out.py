"""An administrator ends somebody's sign-ins: they are out at the next click, the account stays open, the record tells it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.house import recording, signing_out
from grievance.core.errors import Hidden, Refused
from grievance.store import sessions
from tests import makers
from tests.web.staff import Staff

ADMIN = makers.viewer("sarin")
PAGE = "/account/people/sophea/sign-ins"


def is_in(staff: Staff) -> bool:
    return staff.get("/office").status_code == 200


def ends(page: str) -> list[str]:
    """The addresses that end one sign-in each, in the order of the list."""
    return re.findall(rf'action="({PAGE}/[0-9a-f]+)"', page)


# asvs: 7.4.5
def test_one_ends_and_the_other_stays(app: Flask, desk: Desk, clock: makers.Clock) -> None:
    first = Staff(app, "sophea")
    clock.at = clock.at.replace(minute=5)
    second, admin = Staff(app, "sophea"), Staff(app, "sarin")
    page = admin.get(PAGE)
    assert "Sign-ins of Sophea Officer" in page.text
    assert PAGE in admin.get("/account/people/sophea").text
    _, oldest = ends(page.text)
    assert admin.send(oldest, PAGE).location == f"{PAGE}?done=signed_out"
    assert (is_in(first), is_in(second)) == (False, True)
    assert first.get("/office").location == "/account/sign-in"
    again = admin.send(oldest, PAGE)
    assert again.status_code == 409
    assert "This sign-in has ended already." in again.text
    assert [str(line.said) for line in recording.record(desk, ADMIN).rows][:1] == [
        "Ended sign-ins of Sophea Officer: 1"
    ]
    assert is_in(Staff(app, "sophea")), "the account stays open"


# asvs: 7.4.5
def test_all_of_them_end(app: Flask, desk: Desk) -> None:
    theirs, admin = [Staff(app, "sophea") for _ in range(3)], Staff(app, "sarin")
    assert admin.send(PAGE).location == f"{PAGE}?done=signed_out"
    assert not any(is_in(staff) for staff in theirs)
    assert "They are signed in nowhere." in admin.read(PAGE)
    assert admin.send(PAGE, "/account/name").status_code == 409
    assert str(recording.record(desk, ADMIN).rows[0].said) == "Ended sign-ins of Sophea Officer: 3"
    assert recording.verify(desk) == []


def test_it_is_for_administrators_and_for_nobody_else_s_sign_in(app: Flask, desk: Desk) -> None:
    rith, admin = Staff(app, "rith"), Staff(app, "sarin")
    theirs = signing_out.sign_ins(desk, ADMIN, "rith")[0].id.hex()
    with pytest.raises(Hidden):
        signing_out.end(desk, makers.viewer("sophea"), "rith", theirs)
    with pytest.raises(Refused):  # named under another person
        signing_out.end(desk, ADMIN, "sophea", theirs)
    for wrong in ("zz", "00" * 40, "%00"):
        assert admin.send(f"{PAGE}/{wrong}", "/account/name").status_code in (404, 409), wrong
    for person in ("nobody", ""):
        with pytest.raises(Hidden):
            signing_out.sign_ins(desk, ADMIN, person)
    assert is_in(rith)


def test_planted_an_end_that_ends_nothing_is_noticed(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "close_sessions", lambda *_: 1)
    with pytest.raises(AssertionError):
        test_all_of_them_end(app, desk)
