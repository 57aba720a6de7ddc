"""Three ways in: a worker or a group, somebody who speaks for workers, and an employer against a brand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.showing import following, recalling, worklists
from grievance.casework.words import reaching
from grievance.core.categories import ALLEGATIONS, COMMITMENTS, KINDS, LABELS
from tests import makers
from tests.files import pdf
from tests.web.test_evidence import files
from tests.web.test_intake import Phone, hidden, number_on, seen_by_officer

CLAIM: dict[str, Any] = {
    "filer": "manufacturer",
    "organisation": "Mekong Garment",
    "brand": "Northwind",
    "about": ["c2_payment"],
    "more": ["c2_payment.late", "c5_exit.goods"],
    "words": "Invoices of ២០២៥ are open.",
    "orders": "PO 4711, style A, 12,000 USD",
    "tried": "Three letters",
    "pressed": "threat",
    "restatement": "yes",
}


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


def claim(phone: Phone, address: str = "/in/kh/employer", **changes: Any) -> Any:
    ticket = changes.pop("ticket", "") or hidden(phone.get("/employer").text, "ticket")
    return phone.post(address, {**CLAIM, "ticket": ticket, **changes})


# ---- workers


def test_every_kind_stands_under_its_category(phone: Phone) -> None:
    page = phone.get("/file").text
    for main, kinds in KINDS.items():
        assert all(code.startswith(f"{main}.") for code in kinds)
        for code in kinds:
            assert f'name="more" value="{code}"' in page
    assert set(LABELS) >= {code for kinds in (*KINDS.values(), *ALLEGATIONS.values()) for code in kinds}


def test_what_it_is_about_is_kept_to_the_second_level(phone: Phone, desk: Desk) -> None:
    case = seen_by_officer(desk, number_on(phone.file(about=["wages"], more=["wages.late", "osh.fire"]).text))
    assert case.about == ("wages", "wages.late", "osh", "osh.fire")
    assert phone.file(more=["wages.invented"]).status_code == 422


def test_a_group_says_how_many_it_is(phone: Phone, desk: Desk) -> None:
    case = seen_by_officer(desk, number_on(phone.file(filer="group", count="១៦០០").text))
    assert case.filer == "worker"
    assert case.own.account["count"] == "1600"
    assert "they chose me" in case.own.account["group"]
    wrong = phone.file(filer="group", count="many")
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text, "what was typed is gone"


def test_a_union_tells_of_its_mandate(phone: Phone, desk: Desk) -> None:
    said = {"filer": "union", "organisation": "Free Union", "mandate": "word", "mandate_words": "At the gate, in May"}
    number = number_on(phone.file(**said).text)
    case = seen_by_officer(desk, number)
    assert (case.filer, case.own.identity) == ("union", {}), "who it was the office reads where two others agreed"
    assert recalling.own_words(desk, following.show_receipt(desk, number)).identity["organisation"] == "Free Union"
    assert case.own.account["mandate"] == "Yes, by word of mouth"
    assert case.own.account["mandate_words"] == "At the gate, in May"


def test_how_to_reach_them_safely_is_kept_for_the_office(phone: Phone, desk: Desk) -> None:
    safe = {"channel": "message", "safe_words": "The clinic calls"}
    number = number_on(phone.file(**safe).text)
    contact = reaching.read(desk, makers.viewer("sophea"), seen_by_officer(desk, number).ref).said
    assert (contact["channel"], contact["safe_words"]) == ("Write me a short message", "The clinic calls")
    phone.open(number)
    assert "The clinic calls" in phone.get("/case/words").text


def test_the_code_on_the_receipt_is_not_the_number(phone: Phone) -> None:
    """A phone that reads digits offers to search for them."""
    codes = {re.search(r'class="code"><path[^>]* d="([^"]+)"', phone.file().text)[1] for _ in range(2)}  # type: ignore[index]
    assert len(codes) == 1, "two numbers, two codes"


# ---- employers


def test_a_programme_without_the_track_says_so(phone: Phone, desk: Desk) -> None:
    makers.workers_only(desk)
    page = phone.get("/employer")
    assert page.status_code == 200
    assert "takes no complaints of this kind" in page.text
    assert 'name="organisation"' not in page.text
    ticket = hidden(phone.get("/file").text, "ticket")
    assert phone.post("/in/kh/employer", {**CLAIM, "ticket": ticket}).status_code == 409
    assert worklists.worklist(desk, makers.viewer("sophea"), {}, roles=makers.ROLES["officer"]).total == 0


def test_an_employer_complains_about_a_brand(phone: Phone, desk: Desk) -> None:
    page = phone.get("/employer").text
    assert " checked" not in page
    assert re.findall(r'name="about" value="(\w+)"', page) == list(COMMITMENTS)
    answer = claim(phone, files=files(("invoice.pdf", pdf())))
    assert answer.status_code == 200
    number = number_on(answer.text)
    case = seen_by_officer(desk, number)
    assert (case.filer, case.anonymity, case.lane) == ("manufacturer", "confidential", "U2")
    assert case.about == ("c2_payment", "c2_payment.late", "c5_exit", "c5_exit.goods")
    assert case.own.account["brand"] == "Northwind"
    assert case.own.account["orders"] == CLAIM["orders"]
    assert recalling.own_words(desk, following.show_receipt(desk, number)).identity["organisation"] == "Mekong Garment"
    assert case.consents == {"restatement_to_respondent": True}
    assert [piece.kind for piece in case.evidence] == ["pdf"]


# asvs: 2.2.1
def test_what_is_needed_is_asked_for_and_nothing_is_lost(phone: Phone) -> None:
    ticket = hidden(phone.get("/employer").text, "ticket")
    answer = claim(phone, ticket=ticket, filer="", organisation="", brand="", about=[], more=[])
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["filer", "organisation", "brand", "about"]
    assert CLAIM["words"] in answer.text
    switched = phone.post("/in/kh/employer?lang=km&again=1", {**CLAIM, "ticket": ticket})
    assert CLAIM["orders"] in switched.text
    numbers = {number_on(claim(phone, ticket=ticket).text) for _ in range(2)}
    assert len(numbers) == 1
