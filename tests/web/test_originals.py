"""Pages that take files say what becomes of what is sent, as it is in this house, and no page hands an original out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.files import evidence, originals
from grievance.casework.files.keeping import Upload
from grievance.vault import make_pair
from tests import makers
from tests.files import HIDDEN, jpeg
from tests.makers import ROLES, Clock, Story
from tests.web import test_intake as intake
from tests.web.staff import Staff
from tests.web.test_intake import Phone

KEPT = "as you send it is kept too, locked"
ONLY = "Of a PDF only what is drawn on its pages is kept"


@pytest.fixture
def folder(keys: Path, tmp_path: Path) -> Path:
    own = Path(shutil.copytree(keys, tmp_path / "own-keys"))
    shutil.copy(make_pair(tmp_path / "offline"), own)
    return own


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, folder: Path) -> Iterator[Flask]:
    made = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(folder))
    yield made
    makers.desk_of(made).store.engine.dispose()


def pages(app: Flask, story: Story) -> dict[str, str]:
    """Every page on which somebody chooses files."""
    phone = Phone(app)
    phone.open(story.receipt)
    told = {address: phone.get(address).text for address in ("/file", "/employer", "/case/evidence")}
    for person, door in (("sophea", "office"), ("lotus-hr", "party")):
        told[door] = Staff(app, person).read(f"/{door}/cases/{story.ref}/evidence")
    return told


def test_each_page_says_what_is_kept_of_a_file(app: Flask, desk: Desk, folder: Path, clock: Clock) -> None:
    story = Story.filed(desk).taken()
    with_key = pages(app, story)
    assert {name: (KEPT in page, ONLY in page) for name, page in with_key.items()} == dict.fromkeys(
        with_key, (True, False)
    )
    (folder / "originals.pub").unlink()
    desk.vault._looks_at = 0.0  # a second passes, and a minute for the pages that are the same for everybody
    clock.pass_days(0.001)
    without = pages(app, story)
    assert not any(KEPT in page for page in without.values())
    assert {name for name, page in without.items() if ONLY in page} == {"/case/evidence", "office", "party"}


def test_the_form_is_small_with_that_sentence_too(app: Flask) -> None:
    intake.test_a_page_is_three_requests_and_fourteen_thousand_bytes(Phone(app), "/file")


def test_nobody_gets_it_from_a_page_and_who_took_it_stands_in_the_case(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    sent = [Upload("a.jpg", jpeg())]
    evidence.add(desk, story.who("complainant"), "", sent, "My slip", roles=ROLES["complainant"], once="")
    phone, officer = Phone(app), Staff(app, "sophea")
    phone.open(story.receipt)
    at = f"/office/cases/{story.ref}/evidence/1"
    for page in (phone.get("/case/evidence/1"), officer.get(at)):
        assert page.status_code == 200
        assert HIDDEN not in page.data
    for tail in ("-original", "/original", "?original=1"):
        for page in (phone.get(f"/case/evidence/1{tail}"), officer.get(at + tail)):
            assert HIDDEN not in page.data
            assert page.status_code == (200 if tail.startswith("?") else 404)
    originals.take(desk, story.ref, 1, "The court asks for the day.")
    for told in (phone.get("/case").text, officer.read(f"/office/cases/{story.ref}")):
        assert "A file as it was sent was taken out" in told
        assert "The court asks for the day." in told
    assert "as it was sent" not in Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}")
