"""Anybody reads the record; a receipt gives a proof that says nothing of what it is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.house import anchoring
from grievance.store import stands
from grievance.vault import Signer
from grievance.witness import checking, roots
from tests.makers import Clock, Story
from tests.web.test_intake import Phone


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


def days(desk: Desk, clock: Clock, keys: Path, count: int) -> None:
    signer = Signer.open(keys)
    assert signer
    for _ in range(count):
        clock.pass_days(1)
        with desk.store.write() as tx:
            stands.look(tx, desk.now())
        assert len(anchoring.anchor(desk, signer)) == 1


def test_the_record_is_open_to_anybody_a_page_at_a_time(phone: Phone, desk: Desk, clock: Clock, keys: Path) -> None:
    assert "Nothing is on record yet" in phone.get("/record").text
    days(desk, clock, keys, 30)
    first, second = phone.get("/record").text, phone.get("/record?page=2").text
    assert "1 to 25 of 30" in first
    assert "26 to 30 of 30" in second
    assert "There are no older days" in phone.get("/record?page=3").text
    for odd in ("0", "-1", "x", "9" * 40, "٣", "1.5", "²"):
        assert phone.get(f"/record?page={odd}").status_code == 200
    said = [phone.get(f"/record.json?page={number}") for number in (1, 2, 3)]
    assert {answer.mimetype for answer in said} == {"application/json"}
    found = [one for answer in said for one in roots.found_in(answer.data)]
    assert len({one.day for one in found}) == 30
    assert all(one.root in first + second and roots.signed(one) for one in found)


def test_a_receipt_gives_a_proof_under_a_name_that_tells_nothing(
    phone: Phone, desk: Desk, clock: Clock, keys: Path, tmp_path: Path
) -> None:
    story = Story.filed(desk)
    phone.open(story.receipt)
    page = phone.get("/case").text
    assert "From Tuesday 3 March on you can save a proof" in " ".join(page.split())
    assert "/case/proof" not in page
    assert phone.get("/case/proof").status_code == 409
    days(desk, clock, keys, 1)
    phone.open(story.receipt)
    assert "/case/proof" in phone.get("/case").text
    answer = phone.get("/case/proof")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbers.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    kept = tmp_path / "roots.jsonl"
    roots.keep(kept, roots.found_in(phone.get("/record.json").data))
    assert checking.check(answer.data, roots.read(kept)).status == checking.HOLDS
    assert set(json.loads(answer.data)) == {
        *("format", "day", "size", "before", "root", "key", "signature", "salt", "head", "index", "path")
    }
    for canary in (story.ref, story.receipt, "grievance", "complaint", "case", "wages", "T03:"):
        assert canary not in answer.text


def test_nobody_without_a_number_gets_one(phone: Phone, desk: Desk, clock: Clock, keys: Path) -> None:
    story = Story.filed(desk)
    days(desk, clock, keys, 1)
    assert "numbers.json" not in str(phone.get("/case/proof").headers)
    assert phone.get(f"/cases/{story.ref}/proof").status_code in (302, 303, 404)


def test_no_proof_is_promised_for_a_day_that_has_begun(phone: Phone, desk: Desk, clock: Clock) -> None:
    """At three in the morning in Phnom Penh the record's day is still yesterday's."""
    clock.at = clock.at.replace(hour=20)
    phone.open(Story.filed(desk).receipt)
    assert "From Wednesday 4 March on you can save a proof" in " ".join(phone.get("/case").text.split())
