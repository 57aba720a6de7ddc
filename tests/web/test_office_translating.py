"""What an officer translates stands beside the original, for those who read the original and for nobody else."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework import moving
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting
from tests.makers import Story, contents
from tests.web.staff import Staff, hidden, words


@pytest.fixture
def officer(app: Flask) -> Staff:
    return Staff(app, "sophea")


def test_the_original_stays_and_both_are_read(app: Flask, officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    moving.write_message(desk, story.who("complainant"), "", "សួស្តី")
    seq = story.view("officer").messages[0].seq
    for of, said in ((1, "CANARYaccount"), (seq, "CANARYmessage")):
        address = f"/office/cases/{story.ref}/translate/{of}"
        page = officer.get(address).text
        once = hidden(page, "once")
        assert officer.send(address, tongue="en", translation=" ", once=once).status_code == 422
        long = officer.send(address, tongue="en", translation="x" * 20_001, once=once)
        assert long.status_code == 422
        assert "x" * 20_001 in long.text
        for _ in range(2):
            assert officer.send(address, tongue="en", translation=said, once=once).status_code == 303
    read = officer.read(f"/office/cases/{story.ref}")
    assert read.count("CANARYaccount") == read.count("CANARYmessage") == 1
    assert "សួស្តី" in read
    assert "Translated by the office, English" in read
    theirs = story.view("complainant")
    assert [made.body for made in theirs.translations[seq]] == ["CANARYmessage"]
    assert theirs.translations[seq][0].name == ""
    for role in ("respondent", "brand"):
        shown = repr(story.view(role)) + exporting.export(desk, story.who(role), story.ref).decode()
        assert "CANARY" not in shown
        assert "Translated" not in shown
    assert "CANARY" not in repr(contents(desk))
    assert verifying.verify(desk) == (1, [])
    factory = Staff(app, "lotus-hr")
    foreign, missing = (factory.get(f"/office/cases/{ref}/translate/1") for ref in (story.ref, "AAAA-BBBB"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    assert officer.get(f"/office/cases/{story.ref}/translate/2").status_code == 404
    assert "Translate" in words(officer.get(f"/office/cases/{story.ref}/translate/1").text)
