"""What is retired takes nothing new and loses nothing that runs: posters answer kindly, cases go on, and it can come back."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework import attending
from grievance.casework.desk import Desk
from grievance.casework.house import furnishing, importing, recording, retiring
from grievance.casework.showing import reading
from grievance.casework.welcoming import Welcome
from grievance.core.errors import Hidden, Invalid, Refused
from grievance.store import people as rows
from grievance.web.intake import filing as intake
from tests import makers
from tests.makers import Clock, Story
from tests.web.staff import Staff, words
from tests.web.test_intake import Phone
from tests.web.test_intake import hidden as field
from tests.web.test_programmes import second_programme

ADMIN = makers.viewer("sarin")
LIST = 'number,name,place,factory,brands\n{number},New plant,Takeo,"{factory}",{brand}'


def told(desk: Desk) -> list[str]:
    return [str(line.said) for line in recording.record(desk, ADMIN).rows]


def offered(story: Story) -> set[str]:
    form = reading.form(story.desk, story.who("officer"), story.ref, "assess", roles=makers.ROLES["officer"])
    return set(form.choices["respondent"])


def test_a_retired_site_takes_no_new_case_and_its_own_go_on(app: Flask, desk: Desk, clock: Clock) -> None:
    running, fresh = Story.filed(desk).taken(), Story.filed(desk)
    admin, phone = Staff(app, "sarin"), Phone(app)
    page = admin.read("/account/sites/KH-0412/retire")
    assert "Retire KH-0412 Lotus Stitch, main plant" in page
    assert "Open cases of it: 1." in page
    sent = admin.send("/account/sites/KH-0412/retire")
    assert sent.location == "/account/sites?done=retired"
    assert "KH-0412" not in admin.read(sent.location)
    assert "KH-0412" in admin.read("/account/sites?retired=1")
    assert "KH-0412" not in admin.read("/account/sites?q=KH-0412")
    assert told(desk)[0] == "Retired the site KH-0412"

    poster = phone.get("/s/kh-0412")
    assert "takes no part here any more. You can complain all the same" in words(poster.text)
    assert 'action="/in/kh/file"' in poster.text
    assert phone.file("/s/KH-0412", workplace="Lotus").status_code == 200

    fresh.do("officer", "acknowledge", greeting="We have read it.")
    assert "KH-0412" not in offered(fresh)
    facts = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
    with pytest.raises(Invalid):
        fresh.do("officer", "assess", facts)
    running.answered()
    assert "KH-0412" in running.view("officer").site, "it stays the site of its own case"

    assert admin.send("/account/sites/KH-0412/back").location == "/account/sites?done=back"
    assert told(desk)[0] == "Brought the site KH-0412 back"
    clock.at = clock.at.replace(minute=clock.at.minute + 2)  # an empty form is kept for a minute
    assert "Lotus Stitch, main plant" in words(phone.get("/s/KH-0412").text)
    fresh.do("officer", "assess", facts)


def test_a_form_opened_before_keeps_what_was_typed(app: Flask, desk: Desk) -> None:
    """Somebody writes for an hour; meanwhile the workplace, then the programme is retired."""
    phone = Phone(app)
    poster, plain = (field(phone.get(address).text, "ticket") for address in ("/s/KH-0412", "/file"))
    retiring.retire(desk, ADMIN, "sites", "KH-0412")
    asked = phone.file("/s/KH-0412", ticket=poster, workplace="", words="Typed for an hour")
    assert asked.status_code == 422, "the workplace is asked now"
    assert "Typed for an hour" in asked.text
    assert phone.file("/in/kh/file", ticket=poster, workplace="Lotus", words="Typed for an hour").status_code == 200
    retiring.retire(desk, ADMIN, "programmes", "kh")
    kept = phone.file("/in/kh/file", ticket=plain, words="Typed for an hour")
    assert kept.status_code == 409
    assert "Typed for an hour" in kept.text
    assert "Cambodia takes no new complaints any more." in words(kept.text)
    assert field(kept.text, "ticket") == plain, "brought back, the same form can be sent"
    retiring.bring_back(desk, ADMIN, "programmes", "kh")
    assert phone.file("/in/kh/file", ticket=plain, words="Typed for an hour").status_code == 200


def test_a_retired_programme_takes_nothing_and_its_cases_go_on(app: Flask, desk: Desk) -> None:
    story, phone, admin = Story.filed(desk).taken(), Phone(app), Staff(app, "sarin")
    assert "Open cases of it: 1." in admin.read("/account/programmes/kh/retire")
    assert admin.send("/account/programmes/kh/retire").location == "/account/programmes?done=retired"
    assert "Cambodia" not in words(admin.get("/account/programmes").text)
    assert "Cambodia" in words(admin.get("/account/programmes?retired=1").text)
    for address in ("/in/kh/file", "/in/kh/employer", "/s/KH-0077"):
        page = phone.get(address)
        assert page.status_code == 200, address
        assert "takes no new complaints any more" in words(page.text), address
        assert 'href="/follow"' in page.text
    assert "Nobody takes complaints here" in words(phone.get("/file").text)
    with pytest.raises(Hidden):
        attending.programmes(desk, makers.viewer("sophea"))
    with pytest.raises(Invalid):
        furnishing.make_site(desk, ADMIN, rows.Site("KH-0900", "New", "Takeo", "factory-tonle", (), "kh"))
    with pytest.raises(Hidden):
        importing.dry_run(desk, ADMIN, "kh", b"number")
    story.answered()
    assert phone.open(story.receipt).status_code == 303


def test_with_another_programme_its_country_is_offered(app: Flask, desk: Desk) -> None:
    second_programme(desk)
    retiring.retire(desk, ADMIN, "programmes", "kh")
    phone = Phone(app)
    page = phone.get("/in/kh/file").text
    assert "takes no new complaints any more" in words(page)
    assert 'href="/in/second/file"' in page
    assert 'action="/in/second/file"' in phone.get("/file").text, "the only one left"


def test_an_organisation_in_use_is_not_retired(app: Flask, desk: Desk) -> None:
    admin = Staff(app, "sarin")
    for body, reason in (
        ("factory-lotus", "It runs sites in use: KH-0412."),
        ("office-kh", "It is the case office of a programme in use: Cambodia."),
    ):
        page = admin.get(f"/account/bodies/{body}/retire").text
        assert reason in words(page)
        assert "Retire it</button>" not in page
        assert admin.send(f"/account/bodies/{body}/retire", "/account/name").status_code == 409
    story = Story.filed(desk).taken()
    retiring.retire(desk, ADMIN, "sites", "KH-0412")
    assert "Open cases of it: 1." in admin.read("/account/bodies/factory-lotus/retire")
    assert admin.send("/account/bodies/factory-lotus/retire").location == "/account/bodies?done=retired"
    story.answered()
    assert "Lotus Stitch Co., Ltd." in words(admin.get("/account/sites/KH-0412/back").text), "what it stands on first"
    with pytest.raises(Refused):
        retiring.bring_back(desk, ADMIN, "sites", "KH-0412")
    retiring.bring_back(desk, ADMIN, "bodies", "factory-lotus")
    retiring.bring_back(desk, ADMIN, "sites", "KH-0412")
    assert told(desk)[:2] == ["Brought the site KH-0412 back", "Brought the organisation Lotus Stitch Co., Ltd. back"]


def test_a_retired_brand_is_not_seated_any_more(desk: Desk) -> None:
    before = Story.filed(desk).taken()
    retiring.retire(desk, ADMIN, "bodies", "brand-north")
    after = Story.filed(desk).taken()
    assert "Northcoat" in before.view("officer").buyers
    assert after.view("officer").buyers == ("Bluefield",)
    assert "brand-north" not in furnishing.bodies_of_kind(desk, ADMIN, "brand")
    kept = furnishing.site(desk, ADMIN, "KH-0412")
    furnishing.change_site(desk, ADMIN, kept)  # it stays named there
    with pytest.raises(Invalid):
        furnishing.make_site(desk, ADMIN, rows.Site("KH-0900", "New", "Takeo", "factory-tonle", ("brand-north",), "kh"))


def test_a_list_does_not_bring_back_what_is_retired(desk: Desk) -> None:
    retiring.retire(desk, ADMIN, "sites", "KH-0412")
    retiring.retire(desk, ADMIN, "bodies", "brand-north")
    lotus = "Lotus Stitch Co., Ltd."
    wrong = LIST.format(number="KH-0412", factory=lotus, brand="Bluefield")
    faults = importing.dry_run(desk, ADMIN, "kh", wrong.encode()).faults
    assert [str(fault.said) for fault in faults] == [
        "The site KH-0412 is retired. Bring it back first, or take the line out."
    ]
    wrong = LIST.format(number="KH-0900", factory=lotus, brand="Northcoat")
    faults = importing.dry_run(desk, ADMIN, "kh", wrong.encode()).faults
    assert [str(fault.said) for fault in faults] == [
        "“Northcoat” is retired. Bring it back first, or name another one."
    ]


def test_it_happens_once_and_has_one_entry(desk: Desk) -> None:
    retiring.retire(desk, ADMIN, "sites", "KH-0412")
    with pytest.raises(Refused):
        retiring.retire(desk, ADMIN, "sites", "KH-0412")
    assert told(desk).count("Retired the site KH-0412") == 1
    assert recording.verify(desk) == []
    for kind, key in (("sites", "NO"), ("bodies", "no"), ("people", "sophea"), ("programmes", "")):
        with pytest.raises(Hidden):
            retiring.outlook(desk, ADMIN, kind, key)
    with pytest.raises(Hidden):
        retiring.retire(desk, makers.viewer("sophea"), "sites", "KH-0077")


# asvs: 2.2.2
def test_what_is_sent_past_the_page_is_refused_too(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(app)
    ticket = field(phone.get("/file").text, "ticket")
    retiring.retire(desk, ADMIN, "programmes", "kh")
    monkeypatch.setattr(intake, "_taker", lambda *_: (Welcome(programme="kh", title="Cambodia"), None))
    assert phone.file("/in/kh/file", ticket=ticket).status_code == 409
    with desk.store.write() as tx:  # planted: nobody looks at the mark
        tx.exec_driver_sql("UPDATE programmes SET retired = FALSE")
    assert phone.file("/in/kh/file", ticket=ticket).status_code == 200
