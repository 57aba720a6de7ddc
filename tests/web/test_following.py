"""With the number one reads, writes, allows and refuses; what is tapped twice happens once, and the case can be taken along."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from grievance.casework import moving
from grievance.casework.desk import Desk
from grievance.casework.showing import exporting
from grievance.core.calendar import due_day
from grievance.store import cases
from tests.makers import Clock, Story, contents
from tests.web.staff import Staff, words
from tests.web.test_intake import Phone, bites, hidden


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk, consents={})


@pytest.fixture
def phone(app: Flask, story: Story) -> Phone:
    made = Phone(app)
    made.open(story.receipt)
    return made


def a_tap_too_many_is_one_message(phone: Phone, story: Story) -> None:
    once = hidden(phone.get("/case").text, "once")
    for _ in range(2):
        answer = phone.post("/case/message", {"message": "When will you come?", "once": once}, token=True)
        assert answer.status_code == 303
    assert [said.body for said in story.view("officer").messages] == ["When will you come?"]


def test_a_timeline_says_who_did_what(app: Flask, desk: Desk) -> None:
    """What stands on a button is an order, so it is quoted; what happened by itself says so in its own words."""
    story = Story.filed(desk).taken().answered()
    story.do("complainant", "submit_reply", comment="They did not.")
    phone = Phone(app)
    phone.open(story.receipt)
    own = words(phone.get("/case").text.partition('id="story"')[2])
    theirs = Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}")
    for read, you, others in (
        (own, "Comment on the answer", "The one complained about chose “Answer”"),
        (theirs, "Answer", "The person who complained chose “Comment on the answer”"),
    ):
        assert f"You chose “{you}”" in read
        assert others in read
        assert "Case officer chose “Take the case”" in read
        assert "The case went on to “Each side reads, first view”." in read
        assert re.search("Everybody complained about has answered [^·]* The case went on to “You may comment”.", read)
    for role in ("complainant", "respondent", "officer"):
        labels = [line.what for line in story.view(role).timeline if not line.chosen]
        assert not {"Take the case", "Answer", "Write the restatement"} & set(labels)


def test_of_many_messages_the_newest_stand_open(phone: Phone) -> None:
    for no in range(5):
        phone.post("/case/message", {"message": f"Message {no}."}, token=True)
    read = words(phone.get("/case").text)
    folded, _, open_ = read.partition("Earlier messages 2")[2].partition("Message 2.")
    assert [f"Message {no}." in folded for no in range(5)] == [True, True, False, False, False]
    assert [f"Message {no}." in open_ for no in range(3, 5)] == [True, True]


def test_a_message_tapped_twice_is_one(phone: Phone, story: Story) -> None:
    a_tap_too_many_is_one_message(phone, story)
    again = hidden(phone.get("/case").text, "once")
    for text in ("When will you come?", "Please answer."):  # said again on purpose, and another under an old mark
        phone.post("/case/message", {"message": text, "once": again}, token=True)
    assert len(story.view("officer").messages) == 3


def test_an_officer_who_taps_twice_writes_once(app: Flask, story: Story) -> None:
    staff, address = Staff(app, "sophea"), f"/office/cases/{story.ref}"
    once = hidden(staff.get(address).text, "once")
    for _ in range(2):
        staff.send(f"{address}/messages", on=address, message="On Monday.", once=once)
        staff.send(f"{address}/notes", on=address, note="Called.", once=once)
    move = f"{address}/acknowledge"
    page = staff.get(move).text
    sent = {"seen": hidden(page, "seen"), "once": hidden(page, "once"), "greeting": "We have read it."}
    assert sent["once"], "the form carries its mark"
    for _ in range(2):
        answer = staff.send(move, **sent)
        assert (answer.status_code, answer.location) == (303, f"{address}?done=acknowledge")
    view = story.view("officer")
    assert [said.body for said in view.messages] == ["On Monday."]
    assert sum("Called." in str(line) for line in view.timeline) == 1
    assert sum(line.what == "Confirm receipt" for line in view.timeline) == 1


def test_planted_a_mark_that_nobody_remembers_is_noticed(
    phone: Phone, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "remember_ticket", lambda *_: None)
    bites(lambda: a_tap_too_many_is_one_message(phone, story))


def test_a_move_tapped_twice_is_done_once_and_says_so_both_times(phone: Phone, story: Story, desk: Desk) -> None:
    page = phone.get("/case/withdraw").text
    sent = {"seen": hidden(page, "seen"), "once": hidden(page, "once"), "why_withdrawn": "free"}
    first = phone.post("/case/withdraw", sent, token=True)
    before = contents(desk)["events"]
    second = phone.post("/case/withdraw", sent, token=True)
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/case?done=withdraw")
    done = words(phone.get(first.location).text)
    assert "Done: Withdraw the complaint. Only the case office knows it now." in done
    assert "has been told" not in done
    assert contents(desk)["events"] == before
    assert phone.post("/case/withdraw", sent | {"once": "another"}, token=True).status_code == 409


def test_two_taps_at_one_instant(story: Story, desk: Desk) -> None:
    """Both were read at the same entry; the second comes to the database when the first is done."""
    seen, given = story.view("complainant").seq, moving.Answers({"why_withdrawn": "free"}, {})
    for _ in range(2):
        moving.fire(desk, story.who("complainant"), "", "withdraw", given, seen=seen, once="mark")
    assert story.view("complainant").final == "withdrawn"


def test_each_disclosure_is_asked_on_its_own(phone: Phone, story: Story) -> None:
    scopes = re.findall(r'name="consent" value="(\w+)"', phone.get("/case").text)
    assert scopes == ["restatement_to_respondent", "evidence_share", "mediation", "referral"]
    for scope in scopes:
        page = phone.get("/case").text
        part = next(one for one in page.split('<details class="consent"') if f'value="{scope}"' in one)
        assert "You have not said. That means no." in part
        sent = {"seen": hidden(page, "seen"), "once": scope, "consent": scope}
        assert phone.post("/case/give_consent", sent, token=True).status_code == 303
        assert story.view("complainant").consents[scope]
    page = phone.get("/case").text
    assert page.count("You said yes.") >= 4
    sent = {"seen": hidden(page, "seen"), "once": "no", "consent": "referral"}
    assert phone.post("/case/take_back_consent", sent, token=True).status_code == 303
    consents = story.view("complainant").consents
    assert [scope for scope, given in consents.items() if not given] == ["referral"]


def test_what_six_seats_say_alike_is_read_once(app: Flask, phone: Phone, story: Story) -> None:
    """Reasons in the same words stand once, under the sides that gave them; so does how somebody stands by them."""
    story.do("complainant", "give_consent", {"consent": "restatement_to_respondent"})
    story.taken().answered().reviewed()
    seats = story.seated("panel")
    for move in ("take_view", "change_view"):
        for person in list(seats):
            if not story.view("officer").decided:
                story.position(move, "not_upheld", person=person)
    assert len(story.view("complainant").voices) == 1
    read = words(phone.get("/case").text.partition('id="decision"')[2].partition('id="path"')[0])
    assert read.count("Because not_upheld.") == 1
    sides = "Workers (2); Employers (2); Brands (2)"
    # Of the reasons and of the decision, and nothing of it seat by seat.
    assert read.count(f"Not signed. Only our own record shows it: {sides}") == read.count("Not signed") == 2
    table = words(Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}").text)
    assert table.count("Not signed. Only our own record shows it:") == table.count("Not signed") == 1


def test_the_case_is_taken_along(phone: Phone, story: Story) -> None:
    phone.post("/case/message", {"message": "Mine"}, token=True)
    answer = phone.get("/case/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="case.json"'
    assert exporting.check_file(answer.data).faults == ()
    assert "Mine" in answer.text


def test_the_language_can_be_changed_on_a_form_half_filled_without_javascript(phone: Phone) -> None:
    page = phone.get("/file").text
    assert "?lang=km&amp;again=1" in page
    switch = re.search(r'<button class="link" form="complaint" formaction="([^"]+)"', page)
    assert switch
    first = re.search(r"<button[^>]*>", page)
    assert first
    assert "disabled" in first[0], "the Enter key would press a language"
    typed = {"ticket": hidden(page, "ticket"), "words": "Half a story"}
    answer = phone.post(switch[1].replace("&amp;", "&"), typed)
    assert answer.status_code == 200
    assert "Half a story" in answer.text
    assert '<html lang="km"' in answer.text


TELLS = re.compile(r"complain|case|factory|brand|wrong|withdraw|punish|grievance", re.IGNORECASE)
"""What the history of a phone, or its list of open pages, must not say of whoever holds it."""


def titles(phone: Phone) -> list[str]:
    moves = ("withdraw", "report_retaliation", "raise_urgent", "give_consent")
    addresses = ["/", "/file", "/employer", "/follow", "/case", "/case/words", "/case/evidence", "/record"]
    pages = [phone.file().text, *(phone.get(one).text for one in [*addresses, *(f"/case/{move}" for move in moves)])]
    return [re.findall(r"<title>(.*?) – ", page)[0] for page in pages]


def test_no_title_tells_what_the_page_is_about(phone: Phone) -> None:
    found = titles(phone)
    assert len(found) == 13
    assert [title for title in found if TELLS.search(title)] == []


def test_planted_a_stage_in_the_title_would_be_found(phone: Phone) -> None:
    stage = re.findall(r"<h1>(.*?)</h1>", phone.get("/case").text)[0]
    assert TELLS.search(stage)


def test_before_a_withdrawal_one_reads_who_learns_of_it_and_until_when_it_can_be_undone(
    app: Flask, desk: Desk, clock: Clock
) -> None:
    story = Story.filed(desk).taken()
    phone = Phone(app)
    phone.open(story.receipt)
    page = words(phone.get("/case/withdraw").text)
    days = r"(\w+ \d+ \w+)"
    told = re.search(
        rf"told that you did this: the case officer ?\. Only after {days}, these are told too, .*: the factory, ", page
    )
    undo = re.search(r"You can open it again with your number, until (\d+ \w+ \d+)\.", page)
    assert told
    assert undo
    ended = story.do("complainant", "withdraw", {"why_withdrawn": "pressed"})
    (later,) = [clock for clock in ended.clocks if clock.name == "withdrawal_told"]
    assert told[1].split()[1] == str(due_day(later.due_at, desk.lawbook.calendars["kh-factory"]).day)
    clock.pass_days(365)
    phone.open(story.receipt)
    story.do("complainant", "reopen", {"new_ground": "pressed"}, own_words="They came to my room.")
    assert story.view("complainant").stage == "triage"
    assert "open it again" not in words(phone.get("/case/report_retaliation").text)


def test_only_what_is_waited_for_stands_out_and_no_yes_does(phone: Phone, story: Story) -> None:
    plain, out = r'<a class="btn" href="/case/{}">', r'<a class="btn go" href="/case/{}">'
    assert re.search(plain.format("raise_urgent"), phone.get("/case").text), "the office has the turn"
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "ask_information", questions="Which line?")
    assert re.search(out.format("answer_information"), phone.get("/case").text)


READ = "These people read it word for word: the factory, the panel. Write nothing that shows who you are."


def test_whoever_writes_what_others_read_word_for_word_is_told_so(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    phone = Phone(app)
    phone.open(story.receipt)
    assert READ in words(phone.get("/case/ask_time").text)
    assert READ not in words(phone.get("/case/report_retaliation").text), "only the officer reads that"
    named = Story.filed(desk, anonymity="named").taken()
    phone.open(named.receipt)
    assert READ not in words(phone.get("/case/ask_time").text), "they want to be known"
