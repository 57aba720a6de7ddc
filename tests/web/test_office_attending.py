"""An officer files for somebody: with their consent, sealed as their own, and the number is shown until they have it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, following, reading, recalling
from tests.makers import ROLES, Story, contents
from tests.web.staff import Staff, hidden, words

ADDRESS = "/office/attend"
SAID = {
    "came": "telephone",
    "agreed": "word",
    "tongue": "km",
    "read_back": "yes",
    "workplace": "CANARYplace",
    "words": "CANARYtold",
    "name": "CANARYname",
    "anonymity": "confidential",
    "restatement": "yes",
}


@pytest.fixture
def officer(app: Flask) -> Staff:
    return Staff(app, "sophea")


def digits_in(page: str) -> str:
    return "".join(re.findall(r"<span>(\d{4})</span>", page))


def filed(officer: Staff, **changes: str) -> TestResponse:
    ticket = hidden(officer.get(ADDRESS).text, "ticket")
    return officer.send(ADDRESS, **{"ticket": ticket, **SAID, **changes})


def test_it_is_filed_and_the_number_is_theirs(officer: Staff, desk: Desk) -> None:
    ticket = hidden(officer.get(ADDRESS).text, "ticket")
    sent = officer.send(ADDRESS, ticket=ticket, **SAID)
    digits = digits_in(sent.text)
    assert len(digits) == 20
    lost = officer.send(ADDRESS, ticket=ticket, **SAID)  # the answer was lost: the same case, the same number
    assert digits_in(lost.text) == digits
    bearer = following.show_receipt(desk, digits)
    theirs = reading.case(desk, bearer, "", roles=ROLES["complainant"])
    assert theirs.language == "km"
    assert recalling.own_words(desk, bearer).account["words"] == SAID["words"]
    case = officer.read(f"/office/cases/{theirs.ref}")
    assert "They telephoned, Sophea Officer." in case
    assert "Nobody has said that they have their number." in case
    handed = f"/office/cases/{theirs.ref}/handed"
    seen = hidden(sent.text, "seen")
    assert officer.send(handed, ADDRESS, how="", seen=seen).status_code == 422
    for _ in range(2):
        assert officer.send(handed, ADDRESS, how="read", seen=seen).status_code == 303
    after = officer.send(ADDRESS, ticket=ticket, **SAID)
    assert digits_in(after.text) == ""
    assert "the number was handed over" in words(after.text)
    assert digits not in re.sub(r"\s", "", officer.read(f"/office/cases/{theirs.ref}?done=handed"))
    story = Story(desk, digits, theirs.ref, bearer)
    assert [line.what for line in story.view("officer").timeline].count("The number was handed over") == 1
    assert verifying.verify(desk) == (1, [])


def test_nothing_is_filed_without_their_consent(officer: Staff, desk: Desk) -> None:
    before = contents(desk)["cases"]
    for lacks in ("came", "agreed", "tongue", "read_back", "words"):
        response = filed(officer, **{lacks: ""})
        assert response.status_code == 422, lacks
        assert "CANARYplace" in response.text
        assert digits_in(response.text) == ""
    assert filed(officer, agreed="nobody-asked").status_code == 422
    assert filed(officer, ticket="x" * 64).status_code == 422
    assert filed(officer, words="x" * 20_001).status_code == 422
    assert contents(desk)["cases"] == before


def test_another_form_under_the_same_ticket_is_no_second_case(officer: Staff, desk: Desk) -> None:
    ticket = hidden(officer.get(ADDRESS).text, "ticket")
    officer.send(ADDRESS, ticket=ticket, **SAID)
    other = officer.send(ADDRESS, ticket=ticket, **{**SAID, "words": "Something else"})
    assert other.status_code == 422
    assert "Something else" in other.text
    assert hidden(other.text, "ticket") != ticket
    assert len(contents(desk)["cases"]) == 1


def test_only_the_office_files_for_somebody(app: Flask, officer: Staff, desk: Desk) -> None:
    factory = Staff(app, "lotus-hr")
    assert factory.get(ADDRESS).status_code == 404
    assert factory.send(ADDRESS, "/account", **SAID).status_code == 404
    assert filed(officer, programme="mm").status_code in (404, 422)
    story = Story.filed(desk)  # nobody helped here
    handed = f"/office/cases/{story.ref}/handed"
    assert officer.send(handed, ADDRESS, how="read", seen="9").status_code == 404
    assert factory.send(handed, "/account", how="read", seen="9").status_code == 404


def test_who_helped_leaks_to_nobody(officer: Staff, desk: Desk) -> None:
    digits = digits_in(filed(officer).text)
    bearer = following.show_receipt(desk, digits)
    ref = reading.case(desk, bearer, "", roles=ROLES["complainant"]).ref
    story = Story(desk, digits, ref, bearer).taken()
    for role in ("respondent", "brand", "complainant"):
        view, file = repr(story.view(role)), exporting.export(desk, story.who(role), ref).decode()
        for trace in ("telephone", "attended", "ReceiptHanded"):
            assert trace not in file, (role, trace)
        assert "Attended(" not in view
        if role != "complainant":
            assert "CANARY" not in view + file
    rows = repr(contents(desk))
    assert "CANARY" not in rows
    assert digits not in rows


def test_without_that_guard_the_export_would_tell_it(
    officer: Staff, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer = following.show_receipt(desk, digits_in(filed(officer).text))
    monkeypatch.setattr("grievance.casework.showing.exporting.UNTOLD", {})
    assert "telephone" in exporting.export(desk, bearer, "").decode()
