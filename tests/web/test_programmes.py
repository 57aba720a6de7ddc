"""Several programmes in one house: the public door asks for the country, and each form goes to its own office."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from grievance.casework import filing, finding
from grievance.casework.desk import Desk, Lent, calendar_of, law
from grievance.casework.showing import following, reading
from grievance.casework.welcoming import welcome
from grievance.core.errors import Hidden, Invalid, Refused
from grievance.core.procedure import BY_PROGRAMME
from grievance.core.tracks import FILED_BY, TRACKS
from grievance.demo import cast
from grievance.store import people, setup
from tests import makers
from tests.web.test_intake import Phone, hidden

SECOND = replace(cast.PROGRAMME, id="second", title="Second country", office="office-two", calendar="kh-office")


def second_programme(desk: Desk) -> None:
    """Another office, with a site of its own."""
    with desk.store.write() as tx:
        setup.add_body(tx, people.Body("office-two", "office", "", "Second office"))
        setup.add_programme(tx, SECOND)
        setup.add_sites(tx, "second", [people.Site("SC-0001", "Far away", "Coast", "factory-lotus", ())])


def offices(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return sorted(str(row.holder) for row in tx.exec_driver_sql("SELECT holder FROM seats WHERE role = 'officer'"))


def test_with_one_programme_the_form_is_at_once_there(app: Flask) -> None:
    phone = Phone(app)
    page = phone.get("/file").text
    assert 'action="/in/kh/file"' in page
    assert phone.file("/in/kh/file").status_code == 200
    assert phone.file("/file").status_code == 200


def test_with_several_the_country_is_asked(app: Flask, desk: Desk) -> None:
    second_programme(desk)
    phone = Phone(app)
    page = phone.get("/file").text
    assert "/in/kh/file" in page
    assert "/in/second/file" in page
    assert 'name="ticket"' not in page
    assert phone.file("/in/second/file").status_code == 200
    assert offices(desk) == ["office-two"]
    assert phone.post("/file", {"ticket": following.new_ticket(desk)}).status_code == 404
    assert phone.get("/in/nowhere/file").status_code == 404


def test_a_poster_knows_its_programme(app: Flask, desk: Desk) -> None:
    second_programme(desk)
    phone = Phone(app)
    page = phone.get("/s/sc-0001").text
    assert "Far away" in page
    assert phone.file("/s/SC-0001", workplace="").status_code == 200
    assert phone.file("/s/KH-0412", workplace="").status_code == 200
    assert offices(desk) == ["office-kh", "office-two"]
    lost = phone.get("/s/ZZ-9").text
    assert "do not know the number of this poster" in lost
    assert "/in/second/file" in lost


def test_a_form_opened_while_there_was_one_programme_still_arrives(app: Flask, desk: Desk) -> None:
    """Somebody writes for an hour; meanwhile a second programme begins."""
    phone = Phone(app)
    page = phone.get("/file").text
    second_programme(desk)
    assert phone.file(hidden_action(page), ticket=hidden(page, "ticket")).status_code == 200
    assert offices(desk) == ["office-kh"]


def hidden_action(page: str) -> str:
    return page.partition('action="')[2].partition('"')[0]


def test_every_filer_takes_a_track_and_a_programme_without_it_says_so(desk: Desk) -> None:
    assert set(FILED_BY.values()) | {"process"} == set(TRACKS)
    makers.workers_only(desk)
    for filer in ("manufacturer", "association"):
        with pytest.raises(Refused, match="Cambodia takes no complaints of this kind"):
            filing.file(desk, "kh", makers.complaint(filer=filer), following.new_ticket(desk))
    with pytest.raises(Invalid):
        filing.file(desk, "nowhere", makers.complaint(), following.new_ticket(desk))
    with pytest.raises(Hidden):
        welcome(desk, "nowhere")
    with pytest.raises(Refused):
        welcome(desk, "kh", track="employer")


def test_planted_a_procedure_that_counts_by_its_programme_is_lent_the_calendar(desk: Desk) -> None:
    """Without the loan both programmes would count by one calendar."""
    second_programme(desk)
    procedures = {key: replace(procedure, calendar=BY_PROGRAMME) for key, procedure in desk.lawbook.procedures.items()}
    lent = replace(desk, lawbook=replace(desk.lawbook, procedures=procedures))
    found = {}
    for programme in (cast.PROGRAMME, SECOND):
        assert law(lent, programme, "worker")[1].name == programme.calendar
        receipt = filing.file(lent, programme.id, makers.complaint(), following.new_ticket(lent))
        bearer = following.show_receipt(lent, receipt.digits)
        ref = reading.case(lent, bearer, "", roles=makers.ROLES["complainant"]).ref
        with lent.store.read() as tx:
            case = finding.find(tx, bearer, ref).case
            found[programme.id] = calendar_of(lent, Lent(tx), case).name
    assert found == {"kh": "kh-factory", "second": "kh-office"}
    assert lent.lawbook.calendar_of(next(iter(procedures.values()))).name == "kh-office", "it rests most"


def test_whoever_is_in_danger_reads_the_limit_of_the_urgent_stage(desk: Desk) -> None:
    """Such a case begins in another stage: the seven days of the ordinary one would be a wrong promise."""
    spans = welcome(desk, "kh").spans or {}
    assert {lane: dict(spans[lane].values) for lane in ("U1", "U2", "U3")} == {
        "U1": {"n": 4},
        "U2": {"n": 12},
        "U3": {"n": 7},
    }


def test_an_empty_house_says_that_nobody_takes_complaints_yet(app: Flask, desk: Desk) -> None:
    with desk.store.write() as tx:
        for table in ("buyers", "sites", "roster", "programmes"):
            tx.exec_driver_sql(f"DELETE FROM {table}")
    phone = Phone(app)
    assert "Nobody takes complaints here yet" in phone.get("/file").text
    assert phone.get("/").status_code == 200
