"""Files at the doors: chosen with a plain form, refused one by one, handed out so that nothing in them runs."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select

from grievance.casework.desk import Desk
from grievance.casework.files import evidence, tray
from grievance.casework.files.keeping import Upload
from grievance.casework.showing import exhibits, exporting
from grievance.core import evidence as rules
from grievance.core.evidence import AT_ONCE, KINDS, LARGEST
from grievance.core.procedure import ROLES as ROLES_TOLD
from grievance.store.schema import micros
from grievance.store.tables import files as files_table
from grievance.web import receiving
from grievance.web.evidence import TYPES
from tests.files import HIDDEN, jpeg, pdf, png
from tests.makers import ROLES, Clock, Story, page_token, viewer
from tests.papers import locked
from tests.web.staff import BASE, Staff, dates
from tests.web.test_intake import ANSWERS, WORDS, Phone, bites, hidden, number_on, seen_by_officer


def files(*sent: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(body), name) for name, body in sent]


def choose(page: Phone, *sent: tuple[str, bytes], **answers: str) -> Any:
    return page.post("/case/evidence", {"files": files(*sent), **answers}, token=True)


def send(staff: Staff, address: str, *sent: tuple[str, bytes], **answers: str) -> Any:
    data = {"page_token": page_token(staff.get(address).text), "files": files(*sent), **answers}
    return staff.client.post(
        address, base_url=BASE, data=data, content_type="multipart/form-data", headers={"Accept-Language": "en"}
    )


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


# ---- with the filing form


def test_files_are_filed_with_the_words(phone: Phone, desk: Desk) -> None:
    answer = phone.file(files=files(("me.jpg", jpeg()), ("slip.pdf", pdf())))
    assert answer.status_code == 200
    case = seen_by_officer(desk, number_on(answer.text))
    assert [(piece.kind, piece.who) for piece in case.evidence] == [
        ("jpeg", ROLES_TOLD["complainant"]),
        ("pdf", ROLES_TOLD["complainant"]),
    ]


def nothing_is_lost(phone: Phone, desk: Desk) -> None:
    """One file does not fit: the words are there, the page names the file, the other file need not be sent again."""
    ticket = hidden(phone.get("/file").text, "ticket")
    sent = files(("good.jpg", jpeg()), ("<b>bad.exe", b"MZ\x90"), ("huge.pdf", b"%PDF-1.4" + bytes(LARGEST)))
    answer = phone.file(ticket=ticket, files=sent)
    assert answer.status_code == 422
    assert "គេមិនបើកប្រាក់ថែមម៉ោង" in answer.text
    assert re.search(r"&lt;b&gt;bad\.exe</bdi>: We take photos", answer.text)
    assert re.search(r"huge\.pdf</bdi>: This file is too large", answer.text)
    kept = re.findall(r'name="kept" value="([^"]+)" checked><span><bdi>([^<]+)', answer.text)
    assert [name for _, name in kept] == ["good.jpg"]
    done = phone.file(ticket=ticket, kept=[kept[0][0]])
    assert done.status_code == 200
    assert [piece.kind for piece in seen_by_officer(desk, number_on(done.text)).evidence] == ["jpeg"]


def test_a_locked_paper_loses_nothing_that_was_typed(phone: Phone, desk: Desk) -> None:
    ticket = hidden(phone.get("/file").text, "ticket")
    answer = phone.file(ticket=ticket, files=files(("me.jpg", jpeg()), ("slip.pdf", locked(pdf(), "secret"))))
    assert answer.status_code == 422
    assert "slip.pdf</bdi>: This PDF is locked with a password." in answer.text
    assert "គេមិនបើកប្រាក់ថែមម៉ោង" in answer.text
    kept = re.findall(r'name="kept" value="([^"]+)" checked><span><bdi>([^<]+)', answer.text)
    assert [name for _, name in kept] == ["me.jpg"]


def test_a_file_that_does_not_fit_costs_nothing_else(phone: Phone, desk: Desk) -> None:
    nothing_is_lost(phone, desk)


def test_planted_without_cutting_off_the_words_would_be_lost(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "FILES", LARGEST)
    bites(lambda: nothing_is_lost(phone, desk))


def test_an_error_elsewhere_keeps_the_files(phone: Phone, desk: Desk) -> None:
    ticket = hidden(phone.get("/file").text, "ticket")
    asked = phone.file(ticket=ticket, workplace="", files=files(("a.jpg", jpeg())))
    assert asked.status_code == 422
    token = hidden(asked.text, "kept")
    switched = phone.post("/file?lang=km&again=1", {**ANSWERS, "ticket": ticket, "kept": [token]})
    assert hidden(switched.text, "kept")
    assert phone.file(ticket=ticket, kept=[token], files=files(("b.png", png()))).status_code == 200
    again = phone.file(ticket=ticket, kept=[token], files=files(("b.png", png())))
    case = seen_by_officer(desk, number_on(again.text))
    assert [piece.kind for piece in case.evidence] == ["jpeg", "png"]


def no_more_than_five(phone: Phone, desk: Desk) -> None:
    """Somebody keeps the tokens of files that were taken before, and sends them all with one form."""
    ticket = hidden(phone.get("/file").text, "ticket")
    kept: list[str] = []
    for at in range(2):
        sent = files(*((f"{at}{n}.jpg", jpeg(width=10 + at, height=10 + n)) for n in range(4)))
        asked = phone.file(ticket=ticket, workplace="", kept=kept[:1], files=sent)
        kept += [token for token in re.findall(r'name="kept" value="([^"]+)"', asked.text) if token not in kept]
    done = phone.file(ticket=ticket, kept=kept)
    assert done.status_code == 422
    assert "At most 5 files at once" in done.text
    assert len(re.findall(r'name="kept" value="([^"]+)"', done.text)) == AT_ONCE
    with desk.store.whole() as tx:
        assert not tx.execute(select(files_table)).all()
    fewer = re.findall(r'name="kept" value="([^"]+)"', done.text)
    assert len(seen_by_officer(desk, number_on(phone.file(ticket=ticket, kept=fewer).text)).evidence) == AT_ONCE


def test_no_more_than_five_files_are_filed_however_often_a_form_comes_back(phone: Phone, desk: Desk) -> None:
    no_more_than_five(phone, desk)


def test_planted_tokens_that_nobody_counts_file_any_number(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray, "AT_ONCE", 100)
    bites(lambda: no_more_than_five(phone, desk))


def test_a_form_that_is_not_ours_says_that_files_must_be_chosen_again(phone: Phone) -> None:
    answer = phone.file(ticket="nonsense", files=files(("a.jpg", jpeg())))
    assert answer.status_code == 422
    assert "Choose them again" in answer.text


# asvs: 5.2.1
def test_files_stay_in_memory_and_within_bounds(app: Flask) -> None:
    """Seven files of 12 MB: five are kept up to the bound, none touches the disk."""
    sent = {"files": files(*((f"{no}.pdf", b"%PDF-1.4" + bytes(12 * 1024 * 1024)) for no in range(7)))}
    with app.test_request_context("/file", method="POST", data=sent):
        receiving.make_room()
        came = receiving.uploads()
        assert [len(upload.body) for upload in came] == [LARGEST + 1] * 5 + [0] * 2
        request.environ["wsgi.input"].close()  # the test's own spool


# ---- on the follow page


# asvs: 1.2.1, 3.2.1, 5.3.1, 5.4.1, 5.4.2
def test_files_are_added_to_the_case_and_fetched_from_it(phone: Phone, desk: Desk) -> None:
    story = Story.filed(desk)
    phone.open(story.receipt)
    page = phone.get("/case/evidence").text
    once = hidden(page, "once")
    for _ in range(2):  # a double tap
        added = choose(phone, ("me.jpg", jpeg()), caption="គ្រឿងម៉ាស៊ីន", once=once)
        assert (added.status_code, added.headers["Location"]) == (303, "/case?done=evidence#evidence")
    page = phone.get("/case?done=evidence").text
    assert "Your files are with the case officer." in page
    assert page.count("/case/evidence/1") == 1
    assert "/case/evidence/2" not in page
    got = phone.get("/case/evidence/1")
    assert got.status_code == 200
    assert HIDDEN not in got.data
    assert got.headers["Content-Disposition"] == 'attachment; filename="file-1.jpg"'
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    assert story.ref not in str(got.headers)
    assert phone.get("/case/evidence/2").status_code == 404
    assert phone.get("/case/evidence/99999999999999999999").status_code == 404


def test_what_does_not_fit_is_told_and_the_caption_stays(phone: Phone, desk: Desk) -> None:
    phone.open(Story.filed(desk).receipt)
    for sent, sentence in (((), "Choose a file first"), ((("x.txt", b"hello"),), "x.txt")):
        answer = choose(phone, *sent, caption="What I saw")
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="What I saw"' in answer.text
    some = choose(phone, ("a.jpg", jpeg()), ("x.txt", b"hello"), caption="What I saw")
    assert "The others were" in some.text
    assert len(re.findall(r"/case/evidence/\d", phone.get("/case").text)) == 1


# asvs: 5.2.1
def test_the_large_limit_is_only_where_files_come(phone: Phone, desk: Desk) -> None:
    phone.open(Story.filed(desk).receipt)
    heavy = files(("a.pdf", pdf(weight=2 * 1024 * 1024)))
    assert phone.post("/case/message", {"message": "x", "files": heavy}, token=True).status_code == 413
    assert choose(phone, ("a.pdf", pdf(weight=2 * 1024 * 1024))).status_code == 303


# ---- the other doors


def test_an_officer_shows_one_file_to_the_parties(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    sent = [Upload("a.jpg", jpeg())]
    evidence.add(desk, story.who("complainant"), "", sent, "My line", roles=ROLES["complainant"], once="")
    officer, factory = Staff(app, "sophea"), Staff(app, "lotus-hr")
    at, shown = f"/office/cases/{story.ref}/evidence/1", f"/party/cases/{story.ref}/evidence/1"
    assert officer.get(at).status_code == 200
    assert factory.get(shown).status_code == 404
    assert "has not agreed" in officer.read(f"/office/cases/{story.ref}")
    refused = officer.send(f"{at}/release", on=f"/office/cases/{story.ref}", reason="x")
    assert refused.status_code == 409
    story.do("complainant", "give_consent", {"consent": "evidence_share"})
    assert officer.send(f"{at}/release", reason=" ").status_code == 422
    done = officer.send(f"{at}/release", reason="It shows the machine", shown_as="A machine")
    assert done.status_code == 303
    assert factory.get(shown).status_code == 200
    page = factory.read(f"/party/cases/{story.ref}")
    assert "A machine" in page
    assert "My line" not in page
    assert "It shows the machine" not in page


def files_tell_no_day_of_filing(app: Flask, desk: Desk, clock: Clock) -> None:
    """A photo that came with the complaint is shown to the others days later: they read when it was shown, not when it came."""
    story, came = Story.filed(desk), clock.at
    sent = [Upload("a.jpg", jpeg())]
    evidence.add(desk, story.who("complainant"), "", sent, "", roles=ROLES["complainant"], once="")
    clock.pass_days(3)
    story.taken().do("complainant", "give_consent", {"consent": "evidence_share"})
    clock.pass_days(2)
    evidence.release(desk, viewer("sophea"), story.ref, 1, "It shows the machine", "A machine", roles=ROLES["officer"])
    for role, person in (("respondent", "lotus-hr"), ("brand", "north-buyer")):
        page = Staff(app, person).read(f"/party/cases/{story.ref}")
        assert "A machine" in page, role
        assert f"{came:%-d %B %Y}" not in dates(page), role
        assert story.view(role, person).evidence[0].at == clock.at
        exported = exporting.export(desk, story.who(role, person), story.ref).decode()
        assert "EvidenceAdded" in exported, role
        assert came.date().isoformat() not in exported, role
    assert story.view("officer").evidence[0].at == came


def test_a_file_that_is_shown_tells_no_day_of_filing(app: Flask, desk: Desk, clock: Clock) -> None:
    files_tell_no_day_of_filing(app, desk, clock)


def exported(desk: Desk, story: Story) -> list[dict[str, Any]]:
    """The entries that the factory takes along."""
    found: list[dict[str, Any]] = json.loads(exporting.export(desk, story.who("respondent"), story.ref))["entries"]
    return found


def files_in_export(desk: Desk, story: Story) -> list[tuple[int, int]]:
    """(number, moment) of each file of the factory's exported case, in the order in which they stand there."""
    return [
        (json.loads(one["data"])["no"], one["at"]) for one in exported(desk, story) if one["kind"] == "EvidenceAdded"
    ]


def numbers_tell_nothing_of_others(app: Flask, desk: Desk, clock: Clock) -> None:
    """A factory sends a picture each minute: its next number is the same whether somebody else sent one meanwhile or not."""
    story = Story.filed(desk).taken()
    story.do("complainant", "give_consent", {"consent": "evidence_share"})

    def send(role: str, name: str, person: str = "") -> None:
        clock.at += timedelta(minutes=1)
        sent = [Upload(name, jpeg())]
        evidence.add(desk, story.who(role, person), story.ref, sent, name, roles=ROLES[role], once=name)

    for role, name in (("respondent", "ours"), ("complainant", "hers"), ("officer", "theirs"), ("respondent", "next")):
        send(role, name)
    assert [no for no, _ in files_in_export(desk, story)] == [1, 2]
    address = f"/party/cases/{story.ref}"
    seen = re.findall(rf"{address}/evidence/(\d+)", Staff(app, "lotus-hr").get(address).text)
    assert seen == ["1", "2"]
    assert [piece.no for piece in story.view("officer").evidence] == [1, 2, 3, 4]
    factory = Staff(app, "lotus-hr")
    ours = [factory.get(f"{address}/evidence/{no}").data for no in (1, 2)]
    assert factory.get(f"{address}/evidence/3").status_code == 404
    evidence.release(desk, viewer("sophea"), story.ref, 2, "It shows it", "A machine", roles=ROLES["officer"])
    assert [factory.get(f"{address}/evidence/{no}").data for no in (1, 2)] == ours, "what was shown later stands behind"
    came = files_in_export(desk, story)
    assert [no for no, _ in came] == [1, 2, 3]
    assert came[2][1] == micros(clock.at), "in the exported file too it stands where it was shown, at that moment"
    clocks = [one for one in exported(desk, story) if one["kind"] == "ClockSet"]
    assert not any("no" in json.loads(one["data"]) for one in clocks), (
        "nor a gap that tells of clocks that are not theirs"
    )
    told = story.view("respondent").evidence
    assert [(piece.no, piece.mine, piece.shown_as) for piece in told] == [
        (1, True, ""), (2, True, ""), (3, False, "A machine")
    ]  # fmt: skip
    assert factory.get(f"{address}/evidence/3").headers["Content-Disposition"].endswith('"file-3.jpg"')
    assert story.view("complainant").evidence[1].shown_as == "A machine"


def test_numbers_of_files_tell_a_party_nothing_of_the_files_of_others(app: Flask, desk: Desk, clock: Clock) -> None:
    numbers_tell_nothing_of_others(app, desk, clock)


def test_planted_the_numbers_of_the_case_have_gaps(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "OWN_WORDS", frozenset({"complainant", "officer", "respondent", "brand"}))
    bites(lambda: numbers_tell_nothing_of_others(app, desk, clock))


def test_planted_an_export_in_the_order_of_the_ledger_tells_when_she_sent_it(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "in_order", lambda _, told: [(entry, entry) for entry in told])
    bites(lambda: numbers_tell_nothing_of_others(app, desk, clock))


def test_planted_the_moment_at_which_it_came_is_found(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibits.Exhibits, "_shown_then", lambda _self, shown, _released: shown)
    bites(lambda: files_tell_no_day_of_filing(app, desk, clock))


def test_parties_and_officers_add_files(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    for person, door in (("sophea", "office"), ("lotus-hr", "party"), ("north-buyer", "party")):
        staff = Staff(app, person)
        address = f"/{door}/cases/{story.ref}/evidence"
        answer = send(staff, address, ("a.pdf", pdf()), caption="The list")
        assert answer.status_code == 303, person
        assert "The list" in staff.read(f"/{door}/cases/{story.ref}")
    assert [piece.shared for piece in story.view("officer").evidence] == [False, True, True]


# asvs: 3.2.1
def test_every_kind_has_a_type(app: Flask) -> None:
    assert set(TYPES) == set(KINDS)


def test_what_is_typed_stays_beside_a_refused_file(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    answer = send(Staff(app, "lotus-hr"), f"/party/cases/{story.ref}/evidence", ("a.txt", b"x"), caption=WORDS[:20])
    assert answer.status_code == 422
    assert WORDS[:20] in answer.text
