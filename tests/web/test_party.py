"""The factory and the brands read the restatement, the week and their own clock, and nothing that shows who complained."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from grievance.casework import moving, newest, timing
from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.showing import reading
from grievance.casework.words import reaching
from grievance.core.errors import Stale
from tests.files import pdf
from tests.makers import ROLES, Clock, Story, viewer
from tests.web.staff import Staff, dates, hidden, words

SECRETS = ("ស្រី ម៉ុម", "012345678", "គេមិនបើកប្រាក់", "known to the office")


def taken_later(desk: Desk, clock: Clock) -> Story:
    """Filed on 2 March, passed to triage by the office on the 3rd, released and taken on the 12th."""
    story = Story.filed(desk)
    clock.pass_days(1)
    story.do("officer", "acknowledge")
    clock.pass_days(9)
    facts = {
        "category": "wages",
        "severity": "serious",
        "lane": "U3",
        "respondent": "KH-0412",
        "issues": ["wages", "hours"],
    }
    story.do("officer", "assess", facts)
    story.do(
        "officer", "restate", {"could_have_written": 60}, title="Overtime unpaid", restatement="Overtime is unpaid."
    )
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    return story


# asvs: 8.2.3, 15.3.1
@pytest.mark.parametrize("person", ["lotus-hr", "north-buyer"])
def test_they_read_what_happened_and_never_who(app: Flask, desk: Desk, clock: Clock, person: str) -> None:
    story = taken_later(desk, clock)
    staff = Staff(app, person)
    assert "Overtime unpaid" in staff.read("/party")
    page = staff.read(f"/party/cases/{story.ref}")
    assert "Overtime is unpaid." in page
    assert "Filed in week 10 of 2026" in page
    assert "12 March 2026" in dates(page)
    assert not {"2 March 2026", "3 March 2026"} & dates(page)
    assert not [secret for secret in SECRETS if secret in page]
    assert "The complainant hears what was found" not in page  # three months from the receipt: it would tell the day


def test_without_the_rule_about_days_the_page_would_tell(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = taken_later(desk, clock)
    monkeypatch.setattr(timing, "sees_moment", lambda *_: True)
    assert "2 March 2026" in dates(Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}"))


def test_without_the_rule_about_clocks_the_page_would_tell(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = taken_later(desk, clock)
    monkeypatch.setattr(timing, "sees_side_clock", lambda *_: True)
    assert "3 June 2026" in dates(Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}"))


def test_before_it_is_taken_there_is_nothing(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk)
    staff = Staff(app, "lotus-hr")
    assert "A case about one of your sites" in staff.read("/party")
    assert staff.get(f"/party/cases/{story.ref}").data == staff.get("/party/cases/AAAA-BBBB").data


# asvs: 8.3.1
def test_other_factories_and_other_doors_show_nothing(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    for person in ("mekong-hr", "tonle-hr", "w1", "sophea"):
        assert Staff(app, person).get(f"/party/cases/{story.ref}").status_code == 404
    assert Staff(app, "lotus-hr").get(f"/panel/cases/{story.ref}").status_code == 404


def test_a_door_that_forgot_its_roles_would_show_it(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk).taken()
    real = reading.case
    monkeypatch.setattr(reading, "case", lambda d, v, ref, *, roles: real(d, v, ref, roles=roles | {"officer"}))
    assert Staff(app, "sophea").get(f"/party/cases/{story.ref}").status_code == 200


def test_the_factory_answers_issue_by_issue(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    staff = Staff(app, "lotus-hr")
    address = f"/party/cases/{story.ref}/submit_answer"
    page = staff.get(address).text
    answers = {"seen": hidden(page, "seen"), "issue_answers-1": "contest", "statement": "We paid on the tenth."}
    wrong = staff.send(address, **answers)
    assert wrong.status_code == 422
    assert "We paid on the tenth." in wrong.text
    assert 'value="contest" checked' in wrong.text
    sent = staff.send(address, **{**answers, "issue_answers-2": "accept"})
    assert sent.status_code == 303
    done = staff.read(sent.location)
    assert "Done: Answer." in done
    assert "We paid on the tenth." in done
    assert "We contest this" in done
    assert story.view("officer").stage == "reply"


def test_a_brand_reads_and_has_no_move_of_the_factory(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    brand = Staff(app, "north-buyer")
    assert "There is nothing for you to do here now." in brand.read(f"/party/cases/{story.ref}")
    assert brand.get(f"/party/cases/{story.ref}/submit_answer").status_code == 404
    assert Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}/admit").status_code == 404


def test_the_search_of_a_party(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    staff = Staff(app, "lotus-hr")
    assert story.ref in staff.read("/party?q=overtime")
    assert "No case fits." in staff.read("/party?q=bonus")
    assert "No case has ended yet." in staff.read("/party?view=ended")


def test_the_decision_is_read_by_side_without_names(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    sitting = story.seated("panel")
    for person in sitting:
        story.position("take_view", "upheld", person=person)
    staff = Staff(app, "lotus-hr")
    assert "Because upheld." not in staff.read(f"/party/cases/{story.ref}")
    chair = next(iter(sitting))
    for issue in ("1", "2"):
        remedy = {
            "issue": int(issue),
            "kind": "back_pay",
            "beneficiaries": 3,
            "amount": "90",
            "currency": "USD",
            "due": "2026-06-01",
        }
        story.do("panel", "propose_remedy", {"remedy": remedy}, person=chair)
    for person in sitting:
        if story.view("officer").stage == "deliberation":
            story.position("change_view", "upheld", person=person)
    assert story.view("officer").decided
    page = words(staff.get(f"/party/cases/{story.ref}").text)
    assert "All three sides decided together." in page
    assert "Because upheld." in page
    names = [seat.name for seat in story.view("officer").seats]
    assert names
    assert not [name for name in names if name in page]


def test_the_page_answers_what_by_when_what_else_and_who_reads_it(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    page = Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}")
    assert "What is it about? Wages and benefits, Working hours and leave. Somebody says" in page
    assert re.search(r"What must we do, and by when\? The factory answers .{0,40}You have until", page)
    assert "What if we do nothing? On" in page
    assert "What is claimed counts as true, until somebody decides." in page
    assert "Who sees what we write?" in page
    assert "You buy from this site" in Staff(app, "north-buyer").read(f"/party/cases/{story.ref}")


def test_what_a_party_must_do_can_be_pressed_where_it_is_said(app: Flask, desk: Desk) -> None:
    """On a phone the moves stand screens below."""
    story = Story.filed(desk).taken()
    staff, address = Staff(app, "lotus-hr"), f"/party/cases/{story.ref}"

    def asked() -> str:
        page = staff.get(address).text
        return page[page.index("What must we do, and by when?") : page.index("What if we do nothing?")]

    assert f'<a class="btn" href="{address}/submit_answer">' in asked()
    story.answered()
    assert "It is not your turn" in asked()
    assert "submit_answer" not in asked()


def test_what_is_presumed_is_said_with_the_way_out_until_the_views_open(app: Flask, desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken()
    staff, address = Staff(app, "lotus-hr"), f"/party/cases/{story.ref}"
    assert "No answer came in time." not in staff.read(address)
    leads = re.findall(r'<a class="btn go" href="([^"]*)"', staff.get(address).text)
    assert leads == [f"{address}/submit_answer"], "what is waited for leads, not the wish for more time"
    while story.view("officer").stage == "answer":
        clock.pass_days(1)
        sweep(desk)
    staff = Staff(app, "lotus-hr")
    assert "You can still answer until the panel opens its views." in staff.read(address)
    facts = {"issue_answers": {"1": "contest", "2": "contest"}}
    story.do("respondent", "late_answer", facts, statement="We paid.", late_reason="Flood.")
    assert "No answer came in time." not in staff.read(address)


def test_more_time_is_asked_for_before_the_date(desk: Desk) -> None:
    story = Story.filed(desk).taken()
    before = story.view("respondent").due
    story.do("respondent", "ask_time", reasons="The payroll is in another town.")
    assert "The payroll is in another town." in str(story.view("officer"))
    assert story.view("respondent").due == before, "asking moves nothing"
    story.do("officer", "give_time", reasons="Agreed.")
    after = story.view("respondent").due
    assert before
    assert after
    assert after.at > before.at


def test_a_form_that_was_read_in_time_and_sent_late_asks_why_and_keeps_what_was_typed(
    app: Flask, desk: Desk, clock: Clock
) -> None:
    story = Story.filed(desk).taken()
    staff = Staff(app, "lotus-hr")
    address = f"/party/cases/{story.ref}/submit_answer"
    early = staff.get(address).text
    assert "Why does it come late?" not in early
    due = story.view("respondent").due
    assert due is not None
    clock.at = due.at
    staff = Staff(app, "lotus-hr")
    assert "If something held you up, you can still act until" in staff.read(f"/party/cases/{story.ref}")
    sent = {"seen": hidden(early, "seen"), "once": hidden(early, "once"), "statement": "We paid all of it."}
    sent |= {"issue_answers-1": "contest", "issue_answers-2": "contest"}
    again = staff.send(address, **sent)
    assert again.status_code == 422
    assert "Why does it come late?" in again.text
    assert "We paid all of it." in again.text
    assert staff.send(address, **sent, late_reason="The flood took the archive.").status_code == 303
    assert story.view("officer").stage == "reply"


def nothing_tells_that_somebody_writes(app: Flask, desk: Desk, clock: Clock) -> None:
    """Whoever asks for the page again each minute sees nothing of it move while the complainant and the office write."""
    story = Story.filed(desk).taken()
    watched = {"lotus-hr": "/submit_answer", "north-buyer": ""}

    def signs() -> list[tuple[str, list[str]]]:
        found = []
        for person, move in watched.items():
            page = Staff(app, person).get(f"/party/cases/{story.ref}{move}").text
            found.append((words(page), re.findall(r'name="seen" value="([^"]*)"', page)))
        return found

    before = signs()
    moving.write_message(desk, story.who("complainant"), "", "He looks at who holds a phone.")
    moving.write_message(desk, story.who("officer"), story.ref, "Then write in the evening.")
    moving.write_note(desk, viewer("sophea"), story.ref, "Careful.")
    reaching.read(desk, viewer("sophea"), story.ref)
    assert signs() == before
    assert signs()[0][1], "the form says what was read"
    story.answered()


def test_nothing_tells_the_factory_that_somebody_writes_to_the_office(app: Flask, desk: Desk, clock: Clock) -> None:
    nothing_tells_that_somebody_writes(app, desk, clock)


def test_planted_the_number_of_the_newest_entry_would(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "OWN_WORDS", frozenset({"complainant", "officer", "respondent", "brand"}))
    with pytest.raises(AssertionError):
        nothing_tells_that_somebody_writes(app, desk, clock)


def test_what_was_read_is_old_when_something_came_that_they_may_read(desk: Desk) -> None:
    """The office asks for more time while the factory writes its answer: it is told, as everybody is."""
    story = Story.filed(desk).taken()
    seen, answer = story.view("respondent").seq, {"issue_answers": {"1": "contest", "2": "contest"}}
    given = moving.Answers(answer, {"statement": "We paid."})
    evidence.add(
        desk, story.who("brand"), story.ref, [Upload("a.pdf", pdf())], "The orders", roles=ROLES["brand"], once="a"
    )
    with pytest.raises(Stale):
        moving.fire(desk, story.who("respondent"), story.ref, "submit_answer", given, seen=seen)
    seen = story.view("respondent").seq
    moving.write_message(desk, story.who("complainant"), "", "I add something.")
    moving.fire(desk, story.who("respondent"), story.ref, "submit_answer", given, seen=seen)
