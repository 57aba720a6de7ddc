"""The public door: a complaint is filed once and loses nothing, its number opens it and nothing else does."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from grievance.casework.desk import Desk
from grievance.casework.moving import write_message
from grievance.casework.showing import following, reading, worklists
from grievance.casework.words import reaching
from grievance.core.asks import WORKER_CATEGORIES
from grievance.web.forms import fields
from grievance.web.forms import filing as filing_form
from grievance.web.intake import following as follow_pages
from tests import makers

BASE = "https://localhost"
WORDS = "គេមិនបើកប្រាក់ថែមម៉ោង <b>ទេ</b>"
ANSWERS: dict[str, Any] = {
    "workplace": "Lotus Stitch",
    "words": WORDS,
    "about": ["wages", "hours"],
    "urgent": "retaliation",
    "many": "few",
    "anonymity": "confidential",
    "name": "ស្រី ម៉ុម",
    "restatement": "yes",
    "phone": "០១២ ៣៤៥",
    "safe": "evening",
}
BUDGET = 14_000
"""Bytes over the wire for everything that the filing page needs, headers included."""


class Phone:
    """A browser without JavaScript that keeps its cookies."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, base_url=BASE, headers={"Accept-Language": "en", **headers})

    def post(self, address: str, answers: dict[str, Any], *, token: bool = False) -> TestResponse:
        sent = MultiDict(answers)
        if token:
            sent["page_token"] = makers.page_token(self.get("/follow").text)
        answer = self.client.post(
            address,
            base_url=BASE,
            data=sent,
            content_type="multipart/form-data",
            headers={"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"},
        )
        answer.request.environ["wsgi.input"].close()  # a long text was spooled to a file
        return answer

    def file(self, address: str = "/file", **changes: Any) -> TestResponse:
        ticket = changes.pop("ticket", "") or hidden(self.get(address).text, "ticket")
        return self.post(address, {**ANSWERS, "ticket": ticket, **changes})

    def open(self, number: str) -> TestResponse:
        return self.post("/follow", {"number": number}, token=True)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]


def number_on(page: str) -> str:
    found = re.search(r'<bdi class="receipt[^>]*>(.*?)</bdi>', page)
    assert found, "no number on the page"
    digits = re.sub(r"<[^>]+>| ", "", found[1])
    assert re.fullmatch(r"\d{20}", digits)
    return digits


def seen_by_officer(desk: Desk, number: str) -> Any:
    ref = reading.case(desk, following.show_receipt(desk, number), "", roles=makers.ROLES["complainant"]).ref
    return reading.case(desk, makers.viewer("sophea"), ref, roles=makers.ROLES["officer"])


def bites(check: Callable[[], None]) -> None:
    """With the fault planted, the check must fail."""
    with pytest.raises(AssertionError):
        check()


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


# ---- filing


def test_a_form_sent_twice_is_one_case_with_one_number(phone: Phone, desk: Desk) -> None:
    ticket = hidden(phone.get("/file").text, "ticket")
    first, second = phone.file(ticket=ticket), phone.file(ticket=ticket)
    assert (first.status_code, second.status_code) == (200, 200)
    assert number_on(first.text) == number_on(second.text)
    listed = worklists.worklist(desk, makers.viewer("sophea"), {}, roles=makers.ROLES["officer"])
    assert listed.total == 1
    case = seen_by_officer(desk, number_on(first.text))
    assert case.own.account["words"] == WORDS
    assert case.own.account["many"] == "2 to 10 people"
    assert reaching.read(desk, makers.viewer("sophea"), case.ref).said == {"phone": "012 345", "safe": "In the evening"}
    assert (case.anonymity, case.lane) == ("confidential", "U2")
    assert case.consents == {"restatement_to_respondent": True}


def test_the_receipt_is_kept_by_nobody_on_the_way_and_says_what_comes(phone: Phone) -> None:
    answer = phone.file()
    assert answer.headers["Cache-Control"] == "no-store"
    number = number_on(answer.text)
    assert number not in str(answer.headers)
    assert "9 March 2026" in answer.text or "2 March 2026" in answer.text
    assert 'class="code"' in answer.text
    assert "?lang=" not in answer.text, "a change of language would lose the number"


def test_other_words_under_a_ticket_that_was_used_are_kept_and_offered_a_fresh_one(phone: Phone, desk: Desk) -> None:
    ticket = hidden(phone.get("/file").text, "ticket")
    first = number_on(phone.file(ticket=ticket).text)
    again = phone.file(ticket=ticket, words="Something else")
    assert again.status_code == 422
    assert "Something else" in again.text
    assert "a second complaint" in again.text
    fresh = hidden(again.text, "ticket")
    assert fresh != ticket
    second = phone.file(ticket=fresh, words="Something else")
    assert number_on(second.text) != first
    assert seen_by_officer(desk, first).own.account["words"] == WORDS


@pytest.mark.parametrize("ticket", ["nonsense", "A" * 64])
def test_a_form_that_is_not_ours_is_not_filed_and_nothing_is_lost(phone: Phone, desk: Desk, ticket: str) -> None:
    answer = phone.file(ticket=ticket)
    assert answer.status_code == 422
    assert "គេមិនបើកប្រាក់ថែមម៉ោង &lt;b&gt;" in answer.text
    assert worklists.worklist(desk, makers.viewer("sophea"), {}, roles=makers.ROLES["officer"]).total == 0
    assert phone.file(ticket=hidden(answer.text, "ticket")).status_code == 200


def test_only_the_place_and_the_words_are_needed(phone: Phone, desk: Desk) -> None:
    empty = phone.post("/file", {"ticket": hidden(phone.get("/file").text, "ticket"), "words": " \u200b \n"})
    assert empty.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', empty.text) == ["workplace", "words"]
    for name in ("workplace", "words"):
        assert re.search(
            rf'id="{name}" name="{name}"[^>]*aria-describedby="[^"]*{name}-e"[^>]*aria-invalid', empty.text
        )
    filled = {"ticket": hidden(empty.text, "ticket"), "workplace": "Lotus", "words": "Help"}
    case = seen_by_officer(desk, number_on(phone.post("/file", filled).text))
    assert (case.filer, case.anonymity, case.lane) == ("worker", "anonymous", "U3")


def silence_means_no(phone: Phone, desk: Desk) -> None:
    page = phone.get("/file").text
    assert " checked" not in page, "something was chosen beforehand"
    assert " selected" not in page, "something was chosen beforehand"
    case = seen_by_officer(desk, number_on(phone.file(restatement="", referral="unsure").text))
    assert case.consents == {}, "silence was taken for an answer"
    assert seen_by_officer(desk, number_on(phone.file(restatement="no").text)).consents == {
        "restatement_to_respondent": False
    }


def test_silence_means_no(phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    silence_means_no(phone, desk)
    monkeypatch.setattr("grievance.web.intake.filing.complaint", _eager(filing_form.complaint))
    bites(lambda: silence_means_no(phone, desk))


def _eager(complaint: Callable[..., Any]) -> Callable[..., Any]:
    def fault(form: Any, *rest: Any) -> Any:
        form["restatement"].data = form["restatement"].data or "yes"
        return complaint(form, *rest)

    return fault


def a_name_beside_nobody_is_asked_about(phone: Phone) -> None:
    answer = phone.file(anonymity="anonymous")
    assert answer.status_code == 422, "a name was taken from somebody who wanted nobody to know"
    assert 'href="#name"' in answer.text
    assert "ស្រី ម៉ុម" in answer.text
    assert phone.file(anonymity="anonymous", name="").status_code == 200


# asvs: 2.2.3
def test_a_name_beside_nobody_is_asked_about(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    a_name_beside_nobody_is_asked_about(phone)
    monkeypatch.setattr(filing_form.FilingPage, "validate", fields.Page.validate)
    bites(lambda: a_name_beside_nobody_is_asked_about(phone))


def test_a_name_without_a_choice_is_for_the_officer_alone(phone: Phone, desk: Desk) -> None:
    assert seen_by_officer(desk, number_on(phone.file(anonymity="").text)).anonymity == "confidential"


@pytest.mark.parametrize(
    ("urgent", "lane"),
    [
        (["danger"], "U1"),
        (["violence"], "U1"),
        (["retaliation", "captive"], "U1"),
        (["retaliation"], "U2"),
        (["none"], "U3"),
        ([], "U3"),
    ],
)
def test_danger_is_opened_first(phone: Phone, desk: Desk, urgent: list[str], lane: str) -> None:
    assert seen_by_officer(desk, number_on(phone.file(urgent=urgent).text)).lane == lane


def test_the_poster_names_the_workplace(phone: Phone, desk: Desk) -> None:
    page = phone.get("/s/kh-០៤១២").text
    assert "Lotus Stitch, main plant" in page
    at_site = seen_by_officer(desk, number_on(phone.file("/s/KH-0412", workplace="").text))
    assert (at_site.site, at_site.own.account["workplace"]) == ("KH-0412", "Lotus Stitch, main plant")
    elsewhere = seen_by_officer(desk, number_on(phone.file("/s/KH-0412", workplace="The other one").text))
    assert (elsewhere.site, elsewhere.own.account["workplace"]) == ("", "The other one")


def test_an_unknown_poster_gives_the_plain_form(phone: Phone) -> None:
    assert phone.get("/s/%00").status_code == 404, "no address holds a NUL"
    for code in ("KH-9999", "x" * 500, "<script>"):
        answer = phone.get(f"/s/{code}")
        assert answer.status_code == 200
        assert "write the name of the place" in answer.text
        assert "<script>" not in answer.text
    assert phone.file("/s/KH-9999").status_code == 200
    assert phone.file("/s/KH-9999", workplace="").status_code == 422


# asvs: 2.2.1
@pytest.mark.parametrize("letters", [20_001, 250_000])
def test_a_text_that_is_too_long_is_refused_and_kept_whole(phone: Phone, letters: int) -> None:
    text = "ខ" * letters
    answer = phone.file(words=text)
    assert answer.status_code == 422
    assert "at most 20000 characters" in answer.text
    assert text in answer.text
    assert phone.file(words="ខ" * 20_000).status_code == 200


def test_another_language_takes_along_what_was_typed(phone: Phone) -> None:
    ticket = hidden(phone.get("/file").text, "ticket")
    answer = phone.post("/file?lang=km&again=1", {"ticket": ticket, "words": WORDS, "about": ["wages"]})
    assert answer.status_code == 200
    assert '<html lang="km"' in answer.text
    assert "គេមិនបើកប្រាក់ថែមម៉ោង" in answer.text
    assert re.search(r'value="wages" checked', answer.text)
    assert hidden(answer.text, "ticket") == ticket
    assert 'class="error"' not in answer.text


def test_every_category_but_the_procedure_has_its_sign(phone: Phone) -> None:
    page = phone.get("/file").text
    assert re.findall(r'name="about" value="(\w+)"', page) == [
        name for name in WORKER_CATEGORIES if name != "procedure"
    ]


# ---- following


def test_the_number_opens_the_case_in_any_script(phone: Phone) -> None:
    digits = number_on(phone.file().text)
    khmer = digits.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    for typed in (digits, following.group(digits), f" {khmer[:10]}-{khmer[10:]}\u200b"):
        answer = phone.open(typed)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/case")
        assert phone.get("/case").status_code == 200


def test_a_wrong_number_says_what_is_wrong_and_stays(phone: Phone) -> None:
    digits = number_on(phone.file().text)
    swapped = (
        digits[:4] + digits[5] + digits[4] + digits[6:] if digits[4] != digits[5] else str(int(digits) + 1).zfill(20)
    )
    unknown = following.group("00000000000000000098")
    for typed, sentence in (
        ("1234", "4 of 20"),
        (swapped, "not right"),
        ("12a4", "Check this sign"),
        (unknown, "No case"),
    ):
        answer = phone.open(typed)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{typed}"' in answer.text
    assert phone.get("/case").status_code == 303


def test_the_follow_page_answers_four_questions_in_order(phone: Phone) -> None:
    phone.open(number_on(phone.file().text))
    page = phone.get("/case").text
    questions = ("Where is my case?", "What happens next, and by when?", "Whose turn is it?", "What can I do now?")
    places = [page.index(question) for question in questions]
    assert places == sorted(places)
    assert "The case office" in page
    assert "You do not have to do anything today." in page


def test_what_they_wrote_stands_on_a_page_of_its_own(phone: Phone) -> None:
    """The page of a case is read over shoulders; their own words are shown to whoever asks for them, with the number."""
    phone.open(number_on(phone.file().text))
    mine = WORDS.split("<", 1)[0]
    page = phone.get("/case").text
    assert mine not in page
    assert 'href="/case/words"' in page
    page = phone.get("/case/words").text
    assert mine in page
    assert "012 345" in page
    assert "<b>ទេ" not in page, "what was typed is markup now"
    phone.post("/case/leave", {}, token=True)
    assert phone.get("/case/words").status_code == 303


def test_the_follow_page_shows_what_the_others_read_once_it_is_released(phone: Phone, desk: Desk) -> None:
    story = makers.Story.filed(desk)
    phone.open(story.receipt)
    assert "What the others read" not in phone.get("/case").text
    story.taken()
    page = phone.get("/case").text
    assert "What the others read" in page
    assert "Overtime is unpaid." in page
    story.answered()
    page = phone.get("/case").text
    assert "The factory contests this." in page
    assert "You have until" in page
    assert "We paid." in phone.get("/case/submit_reply").text, "they comment on an answer that they do not see"


def test_the_follow_page_shows_the_views_and_what_is_owed_by_which_day(phone: Phone, desk: Desk) -> None:
    story = makers.Story.filed(desk).taken().answered().reviewed()
    phone.open(story.receipt)
    seated = story.seated("panel")
    for person, side in seated.items():
        story.position("take_view", "partly" if side == "employers" else "upheld", person=person)
        assert "Because" not in phone.get("/case").text, "a view was shown before the decision"
    remedy = {"kind": "back_pay", "beneficiaries": 64, "amount": "5120.00", "currency": "USD", "due": "2026-06-30"}
    for issue in (1, 2):
        story.do("panel", "propose_remedy", {"remedy": remedy | {"issue": issue}}, person=next(iter(seated)))
    page = phone.get("/case").text
    assert "5120.00 USD" in page
    assert re.search(r'<time datetime="2026-06-30">30 June 2026</time>', page)
    for person in seated:
        if story.view("officer").stage == "deliberation":
            story.position("change_view", "upheld", person=person)
    page = phone.get("/case").text
    assert "All sides decided together." in page
    assert "Because upheld." in page
    assert "Rachana" not in page, "a panellist was named to a party"


def test_messages_go_both_ways_and_none_is_lost(phone: Phone, desk: Desk) -> None:
    story = makers.Story.filed(desk)
    phone.open(story.receipt)
    for typed in ("  ", "y" * 20_001):
        answer = phone.post("/case/message", {"message": typed}, token=True)
        assert answer.status_code == 422
        assert typed.strip() in answer.text
    assert phone.post("/case/message", {"message": "When\nwill you come?"}, token=True).status_code == 303
    write_message(desk, makers.viewer("sophea"), story.ref, "On Monday.")
    page = phone.get("/case?done=message").text
    assert "Your message is with the case officer." in page
    assert page.index("When\nwill you come?") < page.index("On Monday.")
    assert "Done:" not in phone.get("/case?done=nonsense").text


def test_a_move_is_made_from_the_case_and_said_to_be_done(phone: Phone, desk: Desk) -> None:
    story = makers.Story.filed(desk)
    phone.open(story.receipt)
    page = phone.get("/case/give_consent").text
    sent = {"seen": hidden(page, "seen"), "consent": "referral"}
    write_message(desk, makers.viewer("sophea"), story.ref, "Meanwhile")
    stale = phone.post("/case/give_consent", sent, token=True)
    assert stale.status_code == 409
    assert 'value="referral" checked' in stale.text
    done = phone.post("/case/give_consent", sent | {"seen": hidden(stale.text, "seen")}, token=True)
    assert (done.status_code, done.headers["Location"]) == (303, "/case?done=give_consent")
    assert "Done: Agree to something." in phone.get(done.headers["Location"]).text
    assert phone.post("/case/give_consent", {"seen": "3"}, token=True).status_code == 422
    for not_theirs in ("admit", "nonsense", "close_verified"):
        assert phone.get(f"/case/{not_theirs}").status_code == 404


def nothing_without_a_number(phone: Phone) -> None:
    for address in ("/case", "/case/withdraw"):
        answer = phone.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["Location"].startswith("/follow"), address


def test_nothing_is_shown_without_a_number(phone: Phone, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_without_a_number(phone)
    monkeypatch.setattr(app.view_functions["intake.case"], "need", "anybody")
    bites(lambda: nothing_without_a_number(phone))


def test_the_session_closes_itself_unless_pages_are_read(phone: Phone, clock: makers.Clock) -> None:
    phone.open(number_on(phone.file().text))
    for _ in range(3):
        clock.at += timedelta(minutes=14)
        assert phone.get("/case").status_code == 200
    clock.at += timedelta(minutes=16)
    nothing_without_a_number(phone)


def test_what_was_being_written_when_the_session_closed_is_sent_after_all(
    phone: Phone, desk: Desk, clock: makers.Clock
) -> None:
    number = number_on(phone.file().text)
    phone.open(number)
    typed = {"message": "A long\n\nstory"}
    clock.at += timedelta(minutes=20)
    away = phone.post("/case/message", typed, token=True)
    assert away.status_code == 307
    asked = phone.post(away.headers["Location"], typed, token=True)
    assert asked.status_code == 422
    assert "A long\n\nstory" in asked.text
    to = re.search(r'action="([^"]*)"', asked.text)
    assert to
    address = to[1].replace("&amp;", "&")
    wrong = phone.post(address, {**typed, "number": "1"}, token=True)
    assert wrong.status_code == 422
    assert "A long\n\nstory" in wrong.text
    shown = phone.post(address, {**typed, "number": number}, token=True)
    assert (shown.status_code, shown.headers["Location"]) == (307, "/case/message")
    assert phone.post("/case/message", {**typed, "number": number}, token=True).status_code == 303
    assert [message.body.replace("\r", "") for message in seen_by_officer(desk, number).messages] == ["A long\n\nstory"]


def only_back_to_the_case(phone: Phone, number: str) -> None:
    for to in ("https://evil.test/", "//evil.test/case/x", "/case/../leave", "/s/KH-0412", "/case/x?y", "/case/x\n"):
        answer = phone.client.post(
            "/follow",
            base_url=BASE,
            query_string={"to": to},
            data={"number": number, "page_token": makers.page_token(phone.get("/follow").text)},
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "/case"), to


# asvs: 3.7.2
def test_the_number_leads_only_back_to_the_case(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    number = number_on(phone.file().text)
    only_back_to_the_case(phone, number)
    monkeypatch.setattr(follow_pages, "_ON_THE_CASE", re.compile(r".*"))
    bites(lambda: only_back_to_the_case(phone, number))


# asvs: 14.3.1
def test_closing_and_leaving_keep_nothing_in_the_browser(phone: Phone) -> None:
    number = number_on(phone.file().text)
    phone.open(number)
    assert phone.post("/case/leave", {}, token=True).status_code == 303
    nothing_without_a_number(phone)
    phone.open(number)
    phone.get("/file?lang=km")
    away = phone.get("/leave")
    assert (away.status_code, away.headers["Location"]) == (303, "https://www.wikipedia.org/")
    assert away.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert phone.client.get_cookie("__Host-receipt", domain="localhost") is None
    assert phone.client.get_cookie("__Host-door", domain="localhost") is None
    assert phone.client.get_cookie("__Host-language", domain="localhost") is None
    nothing_without_a_number(phone)


# ---- every page of the door


def pages_of(phone: Phone, number: str) -> list[str]:
    phone.open(number)
    addresses = ("/", "/file", "/s/KH-0412", "/s/KH-9999", "/follow", "/case", "/case/withdraw", "/case/give_consent")
    return [phone.get(address).text for address in addresses]


# asvs: 3.2.2, 3.4.3, 14.2.3
def test_every_page_is_whole_and_keeps_to_the_policy(phone: Phone, desk: Desk) -> None:
    receipt = phone.file().text
    story = makers.Story.filed(desk).taken().answered()
    broken = phone.get("/nothing").text
    for page in (receipt, broken, *pages_of(phone, story.receipt)):
        assert page.count("<h1") == 1
        assert re.search(r'<html lang="en" dir="ltr">', page)
        assert re.search(r"<title>\S.* – ", page)
        assert 'id="leave"' in page
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src)", page), "the content policy forbids it"
        for reference in re.findall(r'href="#([^"]+)"', page):
            assert f'id="{reference}"' in page, reference
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_the_door_stands_alone_on_the_public_host(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    app = makers.house(tmp_path, GRIEVANCE_DOORS="intake")
    phone = Phone(app)
    number = number_on(phone.file().text)
    for page in pages_of(phone, number):
        assert "<h1" in page
        assert "sign in" not in page
    assert phone.get("/nothing").status_code == 404
    makers.desk_of(app).store.engine.dispose()


@pytest.mark.parametrize("address", ["/", "/file"])
def test_a_page_is_three_requests_and_fourteen_thousand_bytes(phone: Phone, address: str) -> None:
    def fetch(path: str) -> tuple[int, str]:
        answer = phone.get(path, **{"Accept-Encoding": "gzip"})
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        return head + len(answer.data), gzip.decompress(answer.data).decode()

    size, page = fetch(f"{address}?lang=km")
    needed = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(needed) == 2
    assert size + sum(fetch(path)[0] for path in needed) <= BUDGET
